//! Names on the map: counties first, then the biggest settlements, each where it meets no other; what finds no place is left out.

use super::RegionMap;
use super::sites::planned;
use crate::files::text::{clean, names};
use crate::page::svg::board::{Board, HALO};
use crate::page::svg::ground::inner_point;
use crate::page::svg::sheet::Sheet;
use crate::page::svg::{text, text_width};
use crate::place::SettlementOut;
use crate::results::Results;
use geo::Area;
use std::cmp::Reverse;

/// Settlements that get a name.
const NAMED: usize = 12;
/// Longest name drawn, characters.
const LONGEST: usize = 36;
/// The same where names of counties stand beside what the map is about.
const LONGEST_BESIDE: usize = 24;

/// All names.
pub fn labels(m: &RegionMap<'_>) -> String {
    let used = || m.o.whole.scene.stations.iter().filter(|s| s.used);
    // Beyond some thousands every place hides stations, and looking costs names × stations. All or none: the first so many
    // would depend on the order of the file.
    let mut dots: Vec<_> = if used().count() <= 2000 { used().map(|s| m.sheet.at(s.station.at)).collect() } else { Vec::new() };
    dots.extend(planned(m));
    let mut board = Board::new(m.sheet.panel, dots);
    let mut s = format!("<g text-anchor=\"middle\" {HALO}>\n");
    s += &county_names(m, &mut board);
    s += &format!("</g>\n<g font-size=\"10.5\" stroke-width=\"2.6\" {HALO}>\n");
    s += &settlement_names(m, &mut board);
    s + "</g>\n"
}

fn county_names(m: &RegionMap<'_>, board: &mut Board) -> String {
    let mut order: Vec<usize> = (0..m.o.members.len()).collect();
    let area = |i: &usize| m.o.county(*i).shape.unsigned_area();
    order.sort_by(|a, b| area(b).total_cmp(&area(a)).then(a.cmp(b)));
    let size = if m.o.members.len() > 60 { 10.0 } else { 14.0 };
    let mut s = String::new();
    for i in order {
        let c = &m.o.county(i);
        let (name, second) = names(&c.name, &c.name_zh, &c.code);
        let (name, second) = (clean(name, LONGEST), clean(second, LONGEST));
        let Some(middle) = inner_point(&c.shape).map(|p| m.sheet.at(p)) else { continue };
        let w = text_width(&name, size * 1.06).max(text_width(&second, size)) + 6.0;
        let h = if second.is_empty() { size * 1.2 } else { size * 2.4 };
        let near =
            [[0.0, 0.0], [0.0, -0.7], [0.0, 0.7], [-0.4, 0.0], [0.4, 0.0], [0.0, -1.3], [0.0, 1.3], [-0.6, 0.8], [0.6, 0.8]];
        let tries = near.map(|d| [middle[0] + (d[0] - 0.5) * w, middle[1] + (d[1] - 0.5) * h]);
        let Some(place) = board.take(&tries, w, h) else { continue };
        let x = place.x + w / 2.0;
        s += &text(
            x,
            place.y + size * 0.95,
            &format!("font-size=\"{size}\" font-weight=\"700\" stroke-width=\"3.6\" letter-spacing=\".3\""),
            &name,
        );
        if !second.is_empty() {
            let look = format!("font-size=\"{}\" stroke-width=\"3.2\" lang=\"zh-Hans\"", size - 1.0);
            s += &text(x, place.y + size * 2.05, &look, &second);
        }
    }
    s
}

fn settlement_names(m: &RegionMap<'_>, board: &mut Board) -> String {
    let mut order: Vec<&SettlementOut> =
        m.o.whole.scene.settlements.iter().filter(|s| s.settlement.population.is_some()).collect();
    order.sort_by_key(|s| (Reverse(s.settlement.population), s.settlement.name.as_str(), s.settlement.at));
    let mut s = String::new();
    let mut named = 0;
    for place in order.into_iter().take(NAMED * 4) {
        let (name, _) = names(&place.settlement.name, &place.settlement.name_zh, "");
        let name = clean(name, LONGEST);
        let at = m.sheet.at(place.settlement.at);
        if name.is_empty() || !m.sheet.panel.has(at) {
            continue;
        }
        let (w, h) = (text_width(&name, 10.5) + 3.0, 12.5);
        let tries = [[5.0, -h / 2.0], [-5.0 - w, -h / 2.0], [-w / 2.0, -h - 4.0], [-w / 2.0, 4.0]];
        if let Some(b) = board.take(&tries.map(|d| [at[0] + d[0], at[1] + d[1]]), w, h) {
            s += &text(b.x + 1.0, b.y + 9.8, "", &name);
            named += 1;
        }
        if named == NAMED {
            break;
        }
    }
    s
}

/// Names of the counties in one line and in grey, where there is room beside what the map is about.
pub(super) fn counties_beside(r: &Results, sheet: &Sheet, board: &mut Board) -> String {
    let mut s = format!("<g text-anchor=\"middle\" font-size=\"13\" fill=\"#5b6771\" stroke-width=\"3.4\" {HALO}>\n");
    for m in &r.members {
        let (name, second) = names(&m.county.name, &m.county.name_zh, &m.county.code);
        let joined = [clean(name, LONGEST_BESIDE), clean(second, LONGEST_BESIDE)].join(" ");
        let name = joined.trim();
        let (w, h) = (text_width(name, 13.0) + 6.0, 16.0);
        let Some([x, y]) = inner_point(&m.county.shape).map(|p| sheet.at(p)) else { continue };
        let tries = [0.0, -24.0, 24.0, -60.0, 60.0].map(|down| [x - w / 2.0, y - h / 2.0 + down]);
        if let Some(b) = board.take(&tries, w, h) {
            s += &text(b.x + w / 2.0, b.y + 12.5, "", name);
        }
    }
    s + "</g>\n"
}
