//! Cuts edges at county borders, so that every edge lies in one county or in none.

use super::draft::ends_mm;
use super::{CountyIndex, Draft, Edge};
use crate::space::LonLat;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Border pieces shorter than this join their neighbour: a road drawn along a border would fall to crumbs.
const CRUMB_MM: u32 = 1_000;
/// Two counties that both hold a position farther than this from any border overlap (about 5 m).
const ON_BORDER_DEG: f64 = 5e-5;

/// Road length on ground that two counties claim, millimetres, by the pair of their indices.
pub type Overlap = BTreeMap<(u32, u32), u64>;

/// Cuts every edge where a border crosses it and sets the county of each piece.
///
/// The county of a piece is that of its middle; see [`CountyIndex::locate`] for borders and overlaps.
pub fn cut_at_borders(draft: &mut Draft, counties: &CountyIndex) -> Overlap {
    let parts: Vec<Vec<EdgePart>> = draft.edges.par_iter().map(|e| parts_of(draft, e, counties)).collect();
    let of_edge = |(i, p): (u32, &Vec<EdgePart>)| -> Vec<(u32, u32, LonLat)> {
        p.iter().skip(1).filter_map(|x| x.from).map(|(mm, at)| (i, mm, at)).collect()
    };
    let cuts: Vec<(u32, u32, LonLat)> = (0..).zip(&parts).flat_map(of_edge).collect();
    let first = draft.split(&cuts);
    let mut overlap = Overlap::new();
    for (i, parts) in parts.iter().enumerate() {
        for (k, part) in parts.iter().enumerate() {
            let edge = &mut draft.edges[first[i] as usize + k];
            edge.county = part.county;
            for other in &part.also {
                *overlap.entry((part.county, *other)).or_default() += u64::from(edge.length_mm);
            }
        }
    }
    overlap
}

/// One piece of an edge: where it starts (none for the first), and whose it is.
struct EdgePart {
    from: Option<(u32, LonLat)>,
    county: u32,
    also: Vec<u32>,
}

fn parts_of(draft: &Draft, edge: &Edge, counties: &CountyIndex) -> Vec<EdgePart> {
    let line = draft.line(edge);
    let mut cuts = Vec::new();
    let along = ends_mm(line);
    let (mut shares, mut run) = (Vec::new(), 0u64);
    for (w, end) in line.windows(2).zip(&along) {
        shares.clear();
        counties.crossings(w[0], w[1], &mut shares);
        let cut = |t: &f64| (run as u32 + ((end - run) as f64 * t).round() as u32, w[0].lerp(w[1], *t)); // an edge's length fits
        cuts.extend(shares.iter().map(cut));
        run = *end;
    }
    cuts.sort_unstable();
    let mut parts: Vec<EdgePart> = Vec::new();
    let mut from: Option<(u32, LonLat)> = None;
    let ends = cuts.into_iter().map(Some).chain([None]);
    for end in ends {
        let (a, b) = (from.map_or(0, |c| c.0), end.map_or(edge.length_mm, |c| c.0));
        let last = end.is_none();
        if !last && (b < a + CRUMB_MM || b + CRUMB_MM > edge.length_mm) {
            continue;
        }
        let middle = position_at(line, &along, a + (b - a) / 2);
        let here = counties.all_at(middle);
        let county = here.first().copied().unwrap_or(super::NO_COUNTY);
        let others = here.get(1..).filter(|o| !o.is_empty() && !counties.border_near(middle, ON_BORDER_DEG));
        let also = others.map(<[u32]>::to_vec).unwrap_or_default();
        // A road that only touches a border stays whole.
        if parts.last().is_none_or(|p| (p.county, &p.also) != (county, &also)) {
            parts.push(EdgePart { from, county, also });
        }
        from = end;
    }
    parts
}

/// The position at an offset in millimetres along a line whose segments end at these.
fn position_at(line: &[LonLat], ends: &[u64], offset_mm: u32) -> LonLat {
    let offset = u64::from(offset_mm);
    let i = ends.partition_point(|end| *end < offset);
    let Some(end) = ends.get(i) else { return line[line.len() - 1] };
    let begin = i.checked_sub(1).map_or(0, |before| ends[before]);
    let t = if *end == begin { 0.0 } else { (offset - begin) as f64 / (end - begin) as f64 };
    line[i].lerp(line[i + 1], t)
}
