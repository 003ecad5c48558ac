//! The map of a round: every county by its score, the selected ones outlined. A picture, not a layer to measure on: borders are
//! thinned to a quarter of a pixel. Presentation attributes only, no styles.

use super::RoundBook;
use super::score_classes::{CLASSES, ScoreClasses};
use crate::files::lang::Both;
use crate::files::palette::SCORES;
use crate::files::text::{clean, fixed, grouped, names};
use crate::page::county::below;
use crate::page::svg::board::{Board, HALO};
use crate::page::svg::ground::{corners, inner_point, outline, span};
use crate::page::svg::legend::{LegendColumn, swatch};
use crate::page::svg::scale::{NO_ROAD_FILL, View};
use crate::page::svg::sheet::{Sheet, Told};
use crate::page::svg::{PathData, TENTHS, text, text_width};
use rayon::prelude::*;

/// Fills of the classes of score, the highest first.
const FILLS: [&str; CLASSES] = {
    let [e, d, c, b, a] = SCORES;
    [a, b, c, d, e]
};
/// Outline of what is selected.
const CHOSEN: &str = "#c2410c";
/// Up to so many counties all are named; beyond, the selected ones.
const NAMED: usize = 60;

/// The map; `linked` counties lead to their pages. The same bytes for the same round.
pub fn map_svg(b: &RoundBook<'_>, linked: bool) -> String {
    let sheet = Sheet::around(b.r.members.iter().flat_map(|m| corners(&m.county)), [520.0, 1100.0]);
    let outlines: Vec<PathData> = b.r.members.par_iter().map(|m| outline(&m.county, &sheet.view)).collect();
    let classes = ScoreClasses::of(b.view.ranked().iter().filter_map(|r| r.score));
    let inside = counties(b, &outlines, &classes, linked) + &chosen(b, &outlines, &sheet.view) + &labels(b, &sheet);
    let subtitle = below_title(b);
    let told = Told { region: &b.r.region, name: subtitle.clone(), subtitle, description: description(&classes) };
    sheet.draw(&told, &inside, &legend(b, &sheet, &classes))
}

fn description(classes: &ScoreClasses) -> Both {
    let ends = classes.ends();
    let (low, high) =
        (ends.iter().flatten().map(|e| e[0]).reduce(f64::min), ends.iter().flatten().map(|e| e[1]).reduce(f64::max));
    let Some((low, high)) = low.zip(high) else { return Both::new("No county is ranked.", "没有有名次的县。") };
    let (low, high) = (fixed(low, 1), fixed(high, 1));
    Both::new(
        format!(
            "Counties are shaded by score, from {low} to {high}, the greatest shortfall darkest; the selected ones are outlined."
        ),
        format!("各县按得分（{low} 至 {high}）着色，缺口越大颜色越深；入选县以粗线标出。"),
    )
}

fn counts(b: &RoundBook<'_>) -> [String; 2] {
    let selected = b.r.part.choices.iter().filter(|c| c.why.is_selected()).count() as u64;
    [grouped(selected), grouped(b.r.members.len() as u64)]
}

fn below_title(b: &RoundBook<'_>) -> Both {
    let [selected, all] = counts(b);
    let year = b.r.part.file.round.year.map_or(String::new(), |y| format!(" ({y})"));
    let id = clean(&b.r.part.file.round.id, 60);
    Both::new(
        format!("Round {id}{year}: {selected} of {all} counties selected"),
        format!("轮次 {id}{year}：{all} 个县中入选 {selected} 个"),
    )
}

/// County polygons, by class of score; what is not ranked comes last.
fn counties(b: &RoundBook<'_>, outlines: &[PathData], classes: &ScoreClasses, linked: bool) -> String {
    let mut groups: Vec<String> = vec![String::new(); CLASSES + 1];
    for (i, path) in outlines.iter().enumerate().filter(|(_, p)| !p.is_empty()) {
        let (c, row) = (&b.r.members[i].county, b.rows[i]);
        let name = names(&c.name, &c.name_zh, "").0;
        let told = row.rank.zip(row.score).map_or(" –".to_owned(), |(rank, score)| format!(" #{rank} {}", fixed(score, 1)));
        let element = path.titled("", &format!("{} {}{told}", clean(&c.code, 40), clean(name, 60)));
        let group = &mut groups[row.score.map_or(CLASSES, |s| classes.class(s))];
        let href = b.pages.href(i, &below()).filter(|_| linked);
        *group += &href.map_or_else(|| element.clone(), |href| format!("<a href=\"{href}\">{element}</a>\n"));
    }
    let width = if outlines.len() > 400 { 3 } else { 6 };
    let mut s =
        format!("{TENTHS} fill-rule=\"evenodd\" stroke=\"#6b7882\" stroke-width=\"{width}\" stroke-linejoin=\"round\">\n");
    for (group, fill) in groups.iter().zip(FILLS.iter().chain([&NO_ROAD_FILL])).filter(|(g, _)| !g.is_empty()) {
        s += &format!("<g fill=\"{fill}\">\n{group}</g>\n");
    }
    s + "</g>\n"
}

/// Outlines of the selected counties, and a dot in those that are too small for one.
fn chosen(b: &RoundBook<'_>, outlines: &[PathData], view: &View) -> String {
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
fn labels(b: &RoundBook<'_>, sheet: &Sheet) -> String {
    let all = b.r.members.len() <= NAMED;
    let size = if all { 12.0 } else { 9.5 };
    // a name had better not hide a small county that is selected
    let small =
        b.r.members
            .iter()
            .enumerate()
            .filter(|(i, m)| b.r.part.choices[*i].why.is_selected() && span(&m.county, &sheet.view) < 40.0);
    let dots = small.filter_map(|(_, m)| inner_point(&m.county.shape)).map(|p| sheet.at(p)).collect();
    let mut board = Board::new(sheet.panel, dots);
    let mut s = format!("<g text-anchor=\"middle\" font-size=\"{size}\" pointer-events=\"none\" stroke-width=\"2.6\" {HALO}>\n");
    let rows = &b.r.assessment.ranking.rows;
    let is_selected = |county: usize| b.r.part.choices[county].why.is_selected();
    let others = rows.iter().filter(|r| all && !is_selected(r.county));
    for row in rows.iter().filter(|r| is_selected(r.county)).chain(others) {
        let c = &b.r.members[row.county].county;
        let name = clean(names(&c.name, &c.name_zh, &c.code).0, 24);
        let Some(middle) = inner_point(&c.shape).map(|p| sheet.at(p)) else { continue };
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

fn legend(b: &RoundBook<'_>, sheet: &Sheet, classes: &ScoreClasses) -> LegendColumn {
    let mut c = sheet.legend();
    let thin = "stroke=\"#6b7882\" stroke-width=\".6\"";
    c.heading("Score, 100 = greatest shortfall", "得分（100 表示缺口最大）");
    for (fill, ends) in FILLS.iter().zip(classes.ends()) {
        if let Some([low, high]) = ends {
            let [low, high] = [low, high].map(|v| fixed(v, 1));
            let label = if low == high { low } else { format!("{low} – {high}") };
            c.entry(&swatch(&format!("fill=\"{fill}\" {thin}")), &label, "");
        }
    }
    c.gap(4.0);
    if b.rows.iter().any(|r| r.score.is_none()) {
        c.entry(&swatch(&format!("fill=\"{NO_ROAD_FILL}\" {thin}")), "not ranked", "无名次");
    }
    let [selected, _] = counts(b);
    if selected != "0" {
        c.entry(
            &swatch(&format!("fill=\"none\" stroke=\"{CHOSEN}\" stroke-width=\"2\"")),
            "selected",
            &format!("入选  {selected}"),
        );
    }
    c.gap(20.0);
    c.remark("Classes of about as many ranked counties each", "各级所含有名次县数大致相同");
    c.gap(21.0);
    c.scale(&sheet.view);
    c
}
