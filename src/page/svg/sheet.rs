//! The sheet of a map: title, frame, legend beside it, sources and notices below. One for a region, which draws its roads, and
//! for a round, which draws its counties. Ids begin with `cgmap-`, so that the map can be put into a page.

use super::legend::{LegendColumn, ZH};
use super::scale::{Extent, Rect, View};
use super::{SOFT, open, open_with_links, px, text, text_width, wrap};
use crate::config::region_file::RegionTable;
use crate::files::lang::Both;
use crate::files::text::{clean, xml};
use crate::space::LonLat;

/// Width of the page, px.
const WIDTH: f64 = 1200.0;
/// Left and right margin, px.
const MARGIN: f64 = 20.0;
/// Width of the legend, px.
const LEGEND: f64 = 236.0;
/// Height of title and subtitles, px.
const HEADER: f64 = 104.0;
/// Between the frame and the ground, px.
const INSET: f64 = 14.0;

/// Where the map proper is, and where positions fall.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sheet {
    /// From positions to the page.
    pub(crate) view: View,
    /// The box of the map proper.
    pub(crate) panel: Rect,
    /// Its number on its page, from 0: ids must differ there.
    number: usize,
}

/// What a sheet says around its map.
pub(crate) struct Told<'a> {
    /// Name of the region, and its notices.
    pub(crate) region: &'a RegionTable,
    /// The line below the name.
    pub(crate) subtitle: Both,
    /// The drawing in a phrase.
    pub(crate) name: Both,
    /// The drawing in some sentences.
    pub(crate) description: Both,
}

impl Sheet {
    /// A sheet around some positions; the height of its map, px, stays within `heights`.
    pub(crate) fn around(points: impl Iterator<Item = LonLat> + Clone, heights: [f64; 2]) -> Self {
        let extent = Extent::around(points).unwrap_or_else(Extent::nowhere);
        let w = WIDTH - 3.0 * MARGIN - LEGEND;
        let panel = Rect { x: MARGIN, y: HEADER, w, h: (w * extent.aspect()).clamp(heights[0], heights[1]) };
        Self { view: View::fit(extent, panel.within(INSET)), panel, number: 0 }
    }

    /// The same as the map of a number on a page that has more.
    pub(crate) fn numbered(self, number: usize) -> Self {
        Self { number, ..self }
    }

    /// Room for the ground, px².
    pub(crate) fn room(&self) -> f64 {
        let inner = self.panel.within(INSET);
        inner.w * inner.h
    }

    /// A position on the page.
    pub(crate) fn at(&self, p: LonLat) -> [f64; 2] {
        self.view.at(p)
    }

    /// A line on the page.
    pub(crate) fn line(&self, points: &[LonLat]) -> Vec<[f64; 2]> {
        points.iter().map(|p| self.at(*p)).collect()
    }

    /// An empty legend, where it belongs.
    pub(crate) fn legend(&self) -> LegendColumn {
        LegendColumn { x: WIDTH - MARGIN - LEGEND, y: self.panel.y - 6.0, right: WIDTH - MARGIN, s: String::new() }
    }

    /// The whole drawing: what is drawn inside the frame, and the legend beside it.
    pub(crate) fn draw(&self, told: &Told<'_>, inside: &str, legend: &LegendColumn) -> String {
        let p = self.panel;
        let (foot, foot_height) = notices(told.region, p.y + p.h);
        let height = p.y + p.h + foot_height;
        let opened = if inside.contains("<a href=") { open_with_links } else { open };
        let mut s = opened([WIDTH, height], &told.name);
        let joined = |b: &Both| format!("{} · {}", xml(&b.en, 400), xml(&b.zh, 400));
        s += &format!("<title>{}</title>\n<desc>{}</desc>\n", joined(&told.name), joined(&told.description));
        s += &format!("<rect width=\"{}\" height=\"{}\" fill=\"#fff\"/>\n", px(WIDTH), px(height));
        s += &title(told.region, &told.subtitle);
        let frame = format!("x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"", px(p.x), px(p.y), px(p.w), px(p.h));
        let clip = match self.number {
            0 => "cgmap-panel".to_owned(),
            n => format!("cgmap-panel-{n}"),
        };
        s += &format!("<clipPath id=\"{clip}\"><rect {frame}/></clipPath>\n<rect {frame} fill=\"#f6f6f2\"/>\n");
        s += &format!("<g clip-path=\"url(#{clip})\">\n{inside}</g>\n<rect {frame} fill=\"none\" stroke=\"#8b959e\"/>\n");
        s + &legend.s + &foot + "</svg>\n"
    }
}

/// The name, a line below it in both languages, and what must not be overlooked.
fn title(region: &RegionTable, below: &Both) -> String {
    let room = WIDTH - 2.0 * MARGIN - if region.synthetic { LEGEND + 10.0 } else { 0.0 };
    let name = clean(&region.name, 80);
    let zh = clean(region.name_zh.as_deref().unwrap_or(""), 60);
    let wanted = text_width(&name, 27.0) + text_width(&zh, 21.0) + 16.0;
    let shrink = (room / wanted).min(1.0);
    let (size, size_zh) = (26.0 * shrink, 20.0 * shrink);
    let mut s = format!(
        "<text x=\"{}\" y=\"38\" font-size=\"{}\" font-weight=\"700\">{}<tspan dx=\"12\" font-size=\"{}\" font-weight=\"400\" {ZH}>{}\
         </tspan></text>\n",
        px(MARGIN),
        px(size),
        xml(&name, 80),
        px(size_zh),
        xml(&zh, 60),
    );
    s += &text(MARGIN, 63.0, "font-size=\"15\" fill=\"#3d4a56\"", &below.en);
    s += &text(MARGIN, 85.0, &format!("font-size=\"14\" fill=\"#3d4a56\" {ZH}"), &below.zh);
    if region.synthetic {
        s += &synthetic();
    }
    s
}

fn synthetic() -> String {
    let (w, x) = (LEGEND, WIDTH - MARGIN - LEGEND);
    let mut s = format!(
        "<rect x=\"{}\" y=\"20\" width=\"{}\" height=\"66\" rx=\"4\" fill=\"#b45309\"/>\n<g fill=\"#fff\" text-anchor=\"middle\" \
         font-weight=\"700\">\n",
        px(x),
        px(w)
    );
    s += &text(x + w / 2.0, 46.0, "font-size=\"18\" letter-spacing=\".6\"", "SYNTHETIC DATA");
    s += &text(x + w / 2.0, 71.0, &format!("font-size=\"17\" {ZH}"), "合成数据，并非实际情况");
    s + "</g>\n"
}

/// Longest review number: a round has those of all its regions, and none may be cut.
pub(crate) const LONGEST_NUMBER: usize = 4000;

/// Sources and notices below a map that ends at `bottom`, and their height.
fn notices(region: &RegionTable, bottom: f64) -> (String, f64) {
    let fit = |line: &String| wrap(line, 10.8, WIDTH - 2.0 * MARGIN);
    let number = |n: &String| format!("审图号 Map review number: {}", clean(n, LONGEST_NUMBER));
    let first: Vec<String> = region.map_review_number.iter().map(number).flat_map(|l| fit(&l)).collect();
    let mut lines: Vec<String> = Vec::new();
    let sources: Vec<String> = region.attribution.iter().map(|a| clean(a, 200)).filter(|a| !a.is_empty()).collect();
    if !sources.is_empty() {
        lines.push(format!("Sources 数据来源: {}", sources.join(" · ")));
    }
    lines.push(format!(
        "chargegap {} · Lines are simplified for drawing; the exact figures are in the run's tables. 线条经制图简化，准确数值见成果表。",
        env!("CARGO_PKG_VERSION")
    ));
    let mut s = format!("<g font-size=\"10.5\" fill=\"{SOFT}\">\n");
    let mut y = bottom + 4.0;
    for line in first.into_iter().chain(lines.iter().flat_map(fit).take(24)) {
        y += 15.0;
        s += &text(MARGIN, y, "", &line);
    }
    (s + "</g>\n", y + 14.0 - bottom)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_review_number_is_cut_however_many_a_round_has() {
        let number = |i: usize| format!("GS（{}）{i:04}号", 2000 + i);
        let all: Vec<String> = (1..=60).map(number).collect();
        let region = RegionTable { map_review_number: Some(all.join("; ")), ..RegionTable::default() };
        let (foot, height) = notices(&region, 0.0);
        assert!(all.iter().all(|n| foot.contains(n.as_str())), "{foot}");
        assert!(!foot.contains('…') && height > 60.0);
        let one = RegionTable { map_review_number: Some(all[0].clone()), ..RegionTable::default() };
        assert!(notices(&one, 0.0).1 < height);
    }
}
