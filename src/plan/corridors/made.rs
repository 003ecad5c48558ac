//! Candidates along roads: where as few as can be would stand, as far from what is there as a way may be long, and evenly between.

use super::Resolved;
use crate::coverage::corridors::{CorridorLine, CorridorPart};
use crate::network::{NO_COUNTY, RoadNetwork, slice_into};
use crate::plan::candidates::{CandidateKind, CandidateSite, as_written, is_built_on};
use crate::plan::site_plan::PlanGround;
use crate::space::LonLat;
use rustc_hash::FxHashSet;

/// Steps fall short of the longest way by so much, millimetres: a position is written with six decimals.
const SHORT_MM: u64 = 1000;
/// Candidates along a road do not stand closer than this, millimetres.
const APART_MM: u64 = 200_000;

/// The candidates, no more than `most`: those evenly between stand farther apart where there would be more.
pub fn along_roads(g: &PlanGround<'_>, asked: &Resolved<'_>, most: usize) -> Vec<CandidateSite> {
    if !asked.asked.made {
        return Vec::new();
    }
    let scene = g.scene;
    let sites = asked.counting(&scene.sites, &scene.stations);
    let found = asked.found(&scene.network, g.names, &sites, &|_| false);
    let mut spacing_mm = asked.asked.spacing_mm(asked.gap_mm);
    loop {
        let mut made: Vec<(LonLat, u32)> = Vec::new();
        for line in found.iter().flat_map(|c| &c.parts).flat_map(own_lines) {
            let places = places(line, asked, spacing_mm);
            made.extend(places.into_iter().filter_map(|at| on_line(&scene.network, line, at)));
        }
        let mut seen = FxHashSet::default();
        made.retain(|(at, _)| seen.insert(at.e7()));
        if made.len() <= most || spacing_mm > asked.gap_mm * 100 {
            made.truncate(most);
            return made.into_iter().zip(1..).map(|((at, name), n)| site(g, at, name, n)).collect();
        }
        spacing_mm += spacing_mm / 4;
    }
}

fn site(g: &PlanGround<'_>, at: LonLat, name: u32, number: u32) -> CandidateSite {
    let kind = CandidateKind::Corridor;
    let county = (g.locate)(at);
    CandidateSite {
        id: format!("{}-{number}", kind.as_str()),
        names: [g.names.get(name).to_owned(), String::new()],
        kind,
        at,
        county: (county != NO_COUNTY).then_some(county),
        ..CandidateSite::default()
    }
}

/// Lines of a part that have road of their own: the way back on the same road has none.
fn own_lines(part: &CorridorPart) -> impl Iterator<Item = &CorridorLine> {
    let mut seen: FxHashSet<u32> = FxHashSet::default();
    part.lines.iter().filter(move |line| {
        let own: Vec<u32> = line.along.iter().filter_map(|a| Some(a.part()?.edge)).collect();
        let new = own.iter().any(|e| !seen.contains(e));
        seen.extend(own);
        new
    })
}

/// Places on a line, rising: whole steps from each end and station, there and back, as far as the next, then evenly.
fn places(line: &CorridorLine, asked: &Resolved<'_>, spacing_mm: u64) -> Vec<u64> {
    let step = (if asked.asked.one_out { asked.gap_mm / 2 } else { asked.gap_mm }).saturating_sub(SHORT_MM).max(APART_MM);
    let mut fixed: Vec<u64> = asked.near(line).map(|s| s.0).chain([0, line.length_mm]).collect();
    fixed.sort_unstable();
    fixed.dedup();
    let mut wanted = Vec::new();
    for pair in fixed.windows(2) {
        let steps = (pair[1] - pair[0]) / step;
        wanted.extend((1..=steps).map(|k| pair[0] + k * step));
        wanted.extend((1..=steps).map(|k| pair[1] - k * step));
    }
    wanted.extend((0..=line.length_mm / spacing_mm).map(|k| k * spacing_mm));
    let mut kept: Vec<u64> = Vec::new();
    for at in wanted {
        if kept.iter().all(|k| k.abs_diff(at) >= APART_MM) {
            kept.push(at);
        }
    }
    kept.sort_unstable();
    kept
}

/// The position of a place on a line, with the name of its road, where something may be built there.
fn on_line(network: &RoadNetwork, line: &CorridorLine, at_mm: u64) -> Option<(LonLat, u32)> {
    let mut begin = 0;
    let piece = line.along.iter().find(|a| {
        begin += a.length_mm();
        begin >= at_mm
    })?;
    let part = piece.part()?;
    let into = (at_mm - (begin - piece.length_mm())) as u32;
    let mm = if part.from_mm <= part.to_mm { part.from_mm + into } else { part.from_mm - into };
    let e = &network.edges()[part.edge as usize];
    if !is_built_on(e.class) {
        return None;
    }
    let (own, mut cut) = (network.line(e), Vec::new());
    slice_into(own, e.length_mm, 0, mm.min(e.length_mm), None, None, &mut cut);
    let at = cut.last().copied().unwrap_or(own[0]);
    Some((as_written(at), if e.reference == 0 { e.name } else { e.reference }))
}
