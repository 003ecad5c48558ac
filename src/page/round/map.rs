//! The map of a round: every county by its score, the selected ones outlined. A picture, not a layer to measure on: borders are
//! thinned to a quarter of a pixel. Presentation attributes only, no styles, no ids.

use super::book::{Book, below};
use super::score_classes::{CLASSES, ScoreClasses};
use crate::files::text::{clean, fixed, grouped, names, xml};
use crate::page::map::labels::{Board, inner_point};
use crate::page::map::legend::{Column, notices, scale_bar, title};
use crate::page::map::{FONTS, HEADER, LEGEND, MARGIN, WIDTH};
use crate::page::scale::{Extent, NO_ROAD_FILL, Rect, View};
use crate::page::svg::{PathData, TENTHS, px, text, text_width};
use crate::read::county::County;
use crate::space::LonLat;
use rayon::prelude::*;

/// Fills of the classes of score, the highest first: one hue, told apart by lightness.
const FILLS: [&str; CLASSES] = ["#2f5f91", "#5f8dbb", "#94b6d6", "#c3d7e8", "#eaf1f6"];
/// Outline of what is selected.
const CHOSEN: &str = "#c2410c";
/// Up to so many counties all are named; beyond, the selected ones.
const NAMED: usize = 60;

/// The map; `linked` counties lead to their pages. The same bytes for the same round.
pub fn map_svg(b: &Book<'_>, linked: bool) -> String {
    let corners = || b.r.members.iter().flat_map(|m| corners(&m.county));
    let extent = Extent::around(corners()).unwrap_or_else(Extent::nowhere);
    let w = WIDTH - 3.0 * MARGIN - LEGEND;
    let panel = Rect { x: MARGIN, y: HEADER, w, h: (w * extent.aspect()).clamp(520.0, 1100.0) };
    let inner = Rect { x: panel.x + 14.0, y: panel.y + 14.0, w: panel.w - 28.0, h: panel.h - 28.0 };
    let view = View::fit(extent, inner);
    let outlines: Vec<PathData> = b.r.members.par_iter().map(|m| outline(&m.county, &view)).collect();
    let classes = ScoreClasses::of(b.view.ranked().iter().filter_map(|r| r.score));
    let (foot, foot_height) = notices(&b.r.region, panel.y + panel.h);
    let mut s = opening(b, panel.y + panel.h + foot_height);
    s += &title(&b.r.region, below_title(b).each_ref().map(String::as_str));
    let frame = format!("x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"", px(panel.x), px(panel.y), px(panel.w), px(panel.h));
    s += &format!("<rect {frame} fill=\"#f6f6f2\"/>\n");
    s += &counties(b, &outlines, &classes, linked);
    s += &chosen(b, &outlines, &view);
    s += &labels(b, &view, panel);
    s += &format!("<rect {frame} fill=\"none\" stroke=\"#8b959e\"/>\n");
    s += &legend(b, &view, &classes);
    s + &foot + "</svg>\n"
}

/// Positions of the outer borders of a county.
pub(crate) fn corners(county: &County) -> impl Iterator<Item = LonLat> + Clone + '_ {
    let rings = county.shape.0.iter().flat_map(|p| p.exterior().0.iter());
    rings.filter_map(|c| LonLat::new(c.x, c.y).ok())
}

/// The rings of a county as one path.
pub(crate) fn outline(county: &County, view: &View) -> PathData {
    let mut path = PathData::default();
    add_outline(&mut path, county, view);
    path
}

/// Adds the rings of a county to a path.
pub(crate) fn add_outline(path: &mut PathData, county: &County, view: &View) {
    for polygon in &county.shape.0 {
        for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
            let at = |c: &geo::Coord<f64>| LonLat::new(c.x, c.y).ok().map(|p| view.at(p));
            path.ring(&ring.0.iter().filter_map(at).collect::<Vec<_>>());
        }
    }
}

fn counts(b: &Book<'_>) -> [String; 2] {
    let selected = b.r.part.choices.iter().filter(|c| c.why.is_selected()).count() as u64;
    [grouped(selected), grouped(b.r.members.len() as u64)]
}

fn below_title(b: &Book<'_>) -> [String; 2] {
    let [selected, all] = counts(b);
    let year = b.r.part.file.round.year.map_or(String::new(), |y| format!(" ({y})"));
    let id = clean(&b.r.part.file.round.id, 60);
    [
        format!("Round {id}{year}: {selected} of {all} counties selected"),
        format!("轮次 {id}{year}：{all} 个县中入选 {selected} 个"),
    ]
}

fn opening(b: &Book<'_>, height: f64) -> String {
    let [label, _] = below_title(b);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w} {h}\" role=\"img\" aria-label=\"{}\" font-family=\"{FONTS}\" \
         font-size=\"12\" fill=\"#22303c\">\n<rect width=\"{w}\" height=\"{h}\" fill=\"#fff\"/>\n",
        xml(&label, 200),
        w = px(WIDTH),
        h = px(height),
    )
}

/// County polygons, by class of score; what is not ranked comes last.
fn counties(b: &Book<'_>, outlines: &[PathData], classes: &ScoreClasses, linked: bool) -> String {
    let mut groups: Vec<String> = vec![String::new(); CLASSES + 1];
    for (i, path) in outlines.iter().enumerate().filter(|(_, p)| !p.is_empty()) {
        let (c, row) = (&b.r.members[i].county, b.rows[i]);
        let name = names(&c.name, &c.name_zh, "").0;
        let told = row.rank.zip(row.score).map_or(" –".to_owned(), |(rank, score)| format!(" #{rank} {}", fixed(score, 1)));
        let title = xml(&format!("{} {}{told}", clean(&c.code, 40), clean(name, 60)), 160);
        let element = format!("<path d=\"{}\"><title>{title}</title></path>", path.data());
        let group = &mut groups[row.score.map_or(CLASSES, |s| classes.class(s))];
        *group += &if linked { format!("<a href=\"{}{}\">{element}</a>\n", below(), b.pages[i]) } else { element + "\n" };
    }
    let width = if outlines.len() > 400 { 3 } else { 6 };
    let mut s =
        format!("{TENTHS} fill-rule=\"evenodd\" stroke=\"#6b7882\" stroke-width=\"{width}\" stroke-linejoin=\"round\">\n");
    for (group, fill) in groups.iter().zip(FILLS.iter().chain([&NO_ROAD_FILL])).filter(|(g, _)| !g.is_empty()) {
        s += &format!("<g fill=\"{fill}\">\n{group}</g>\n");
    }
    s + "</g>\n"
}

/// Width or height of a county on the map, px.
pub(crate) fn span(county: &County, view: &View) -> f64 {
    Extent::around(corners(county)).map_or(0.0, |e| e.longest_m() / 1000.0 * view.px_per_km())
}

/// Outlines of the selected counties, and a dot in those that are too small for one.
fn chosen(b: &Book<'_>, outlines: &[PathData], view: &View) -> String {
    let width = if outlines.len() > 400 { 14 } else { 26 };
    let mut s = format!(
        "{TENTHS} fill=\"none\" pointer-events=\"none\" stroke=\"{CHOSEN}\" stroke-width=\"{width}\" stroke-linejoin=\"round\">\n"
    );
    let mut dots = PathData::default();
    for i in (0..outlines.len()).filter(|i| b.r.part.choices[*i].why.is_selected()) {
        s += &outlines[i].element("");
        let county = &b.r.members[i].county;
        if let Some(p) = inner_point(&county.shape).filter(|_| span(county, view) < 9.0) {
            dots.dot(view.at(p));
        }
    }
    s + &dots.element("stroke-linecap=\"round\" stroke-width=\"44\"") + "</g>\n"
}

/// Names: of the selected first, in the order of the ranking; where there are few counties, of all.
fn labels(b: &Book<'_>, view: &View, panel: Rect) -> String {
    let all = b.r.members.len() <= NAMED;
    let size = if all { 12.0 } else { 9.5 };
    // a name had better not hide a small county that is selected
    let small =
        b.r.members.iter().enumerate().filter(|(i, m)| b.r.part.choices[*i].why.is_selected() && span(&m.county, view) < 40.0);
    let dots = small.filter_map(|(_, m)| inner_point(&m.county.shape)).map(|p| view.at(p)).collect();
    let mut board = Board { panel, taken: Vec::new(), dots };
    let mut s = format!(
        "<g text-anchor=\"middle\" font-size=\"{size}\" pointer-events=\"none\" paint-order=\"stroke\" stroke=\"#fff\" stroke-opacity=\".85\" \
         stroke-width=\"2.6\" stroke-linejoin=\"round\">\n"
    );
    let rows = &b.r.assessment.ranking.rows;
    let is_selected = |county: usize| b.r.part.choices[county].why.is_selected();
    let others = rows.iter().filter(|r| all && !is_selected(r.county));
    for row in rows.iter().filter(|r| is_selected(r.county)).chain(others) {
        let c = &b.r.members[row.county].county;
        let name = clean(names(&c.name, &c.name_zh, &c.code).0, 24);
        let Some(middle) = inner_point(&c.shape).map(|p| view.at(p)) else { continue };
        let (w, h) = (text_width(&name, size) + 4.0, size * 1.25);
        let near = [[0.0, 0.0], [0.0, -0.8], [0.0, 0.8], [0.0, -1.4], [0.0, 1.4], [0.6, 0.0], [-0.6, 0.0]];
        let tries = near.map(|d| [middle[0] + (d[0] - 0.5) * w, middle[1] + (d[1] - 0.5) * h]);
        if let Some(place) = board.take(&tries, w, h) {
            let look = if is_selected(row.county) { "font-weight=\"700\"" } else { "" };
            s += &text(place.x + w / 2.0, place.y + size, look, &name);
        }
    }
    s + "</g>\n"
}

fn legend(b: &Book<'_>, view: &View, classes: &ScoreClasses) -> String {
    let mut c = Column { x: WIDTH - MARGIN - LEGEND, y: HEADER - 6.0, s: String::new() };
    let square = |look: &str| format!("<rect x=\"0\" y=\"-8\" width=\"28\" height=\"13\" {look}/>");
    let thin = "stroke=\"#6b7882\" stroke-width=\".6\"";
    c.heading("Score, 100 = greatest shortfall", "得分（100 表示缺口最大）");
    for (fill, ends) in FILLS.iter().zip(classes.ends()) {
        if let Some([low, high]) = ends {
            let label = format!("{} – {}", fixed(low, 1), fixed(high, 1));
            c.entry(&square(&format!("fill=\"{fill}\" {thin}")), &label, "");
        }
    }
    c.gap(4.0);
    if b.rows.iter().any(|r| r.score.is_none()) {
        c.entry(&square(&format!("fill=\"{NO_ROAD_FILL}\" {thin}")), "not ranked", "无名次");
    }
    let [selected, _] = counts(b);
    if selected != "0" {
        c.entry(
            &square(&format!("fill=\"none\" stroke=\"{CHOSEN}\" stroke-width=\"2\"")),
            "selected",
            &format!("入选  {selected}"),
        );
    }
    c.gap(12.0);
    c.s += &text(c.x, c.y + 8.0, "font-size=\"10.5\" fill=\"#5b6771\"", "Each class: a fifth of the ranked counties");
    c.s += &text(c.x, c.y + 23.0, "font-size=\"10.5\" fill=\"#5b6771\" lang=\"zh-Hans\"", "每级约含有名次县的五分之一");
    c.gap(44.0);
    scale_bar(view, &mut c);
    c.s
}
