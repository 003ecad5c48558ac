//! Stations on lines, and the intervals between them.

use super::CorridorLine;
use crate::config::criteria::Metric;
use crate::engine::{Arcs, UNREACHABLE};
use crate::network::RoadNetwork;
use crate::place::Site;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A station near a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop {
    /// Its number.
    pub station: u32,
    /// Where the line is left for it, from the beginning, millimetres: the point nearest to it, driving there.
    pub at_mm: u64,
    /// The way from there to it, millimetres; 0 on the line.
    pub to_mm: u32,
    /// Where the line is met again driving back, and the way there; none where it is not met within what was looked for.
    pub back: Option<(u64, u32)>,
}

/// A way along a line without a station.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StopInterval {
    /// Where it begins.
    pub from_mm: u64,
    /// Where it ends; on a closed line beyond its length where it goes over the beginning.
    pub to_mm: u64,
    /// The station where it begins; none at the end of a line.
    pub from: Option<u32>,
    /// The station where it ends.
    pub to: Option<u32>,
}

impl StopInterval {
    /// Its length, millimetres.
    pub fn length_mm(&self) -> u64 {
        self.to_mm - self.from_mm
    }

    /// The longest of some, the first of equal ones.
    pub fn longest_of(intervals: Vec<Self>) -> Option<Self> {
        intervals.into_iter().reduce(|longest, next| if next.length_mm() > longest.length_mm() { next } else { longest })
    }
}

/// The range that a vehicle needs to drive a line from end to end, charging where it likes, with the ways to stations and back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RangeNeeded {
    /// The longest leg that it cannot do without, millimetres.
    pub mm: u64,
    /// Where that leg begins and ends; none at an end of the line.
    pub leg: [Option<u32>; 2],
}

impl CorridorLine {
    /// The intervals between the stations that count, in order; all of the line where there is none. Of stations at one place the
    /// lowest number is named.
    pub fn intervals(&self, counts: impl Fn(&Stop) -> bool) -> Vec<StopInterval> {
        let mut places: Vec<(u64, u32)> = self.stops.iter().filter(|s| counts(s)).map(|s| (s.at_mm, s.station)).collect();
        places.dedup_by_key(|p| p.0);
        between(&places, self.length_mm, self.closed)
    }

    /// The longest of them, the first of equal ones; none for a line without length.
    pub fn longest(&self, counts: impl Fn(&Stop) -> bool) -> Option<StopInterval> {
        StopInterval::longest_of(self.intervals(counts))
    }

    /// The longest interval with the one station out of service whose loss makes it longest, and that station; no station where no
    /// loss makes it longer.
    pub fn longest_without_one(&self, counts: impl Fn(&Stop) -> bool) -> Option<(StopInterval, Option<u32>)> {
        self.longest_without_one_of(counts, |_| true)
    }

    /// The same among the intervals that are asked for, such as those that touch a county.
    pub fn longest_without_one_of(
        &self,
        counts: impl Fn(&Stop) -> bool,
        asked: impl Fn(&StopInterval) -> bool,
    ) -> Option<(StopInterval, Option<u32>)> {
        let mut places: Vec<(u64, u32, u32)> = Vec::new();
        for s in self.stops.iter().filter(|s| counts(s)) {
            match places.last_mut() {
                Some(last) if last.0 == s.at_mm => last.2 += 1,
                _ => places.push((s.at_mm, s.station, 1)),
            }
        }
        let all: Vec<(u64, u32)> = places.iter().map(|p| (p.0, p.1)).collect();
        let whole = between(&all, self.length_mm, self.closed).into_iter().filter(&asked).collect();
        let mut worst = (StopInterval::longest_of(whole)?, None);
        for (i, place) in places.iter().enumerate().filter(|(_, p)| p.2 == 1) {
            // only the two intervals that meet there change
            let n = all.len();
            let (before, after) = if self.closed && n > 1 {
                (Some(all[(i + n - 1) % n]), Some(all[(i + 1) % n]))
            } else {
                (i.checked_sub(1).map(|k| all[k]), all.get(i + 1).copied())
            };
            let from_mm = before.map_or(0, |b| b.0);
            let end = after.map_or(self.length_mm, |a| a.0);
            let to_mm = if self.closed && n > 1 && end <= from_mm { end + self.length_mm } else { end };
            let merged = StopInterval { from_mm, to_mm, from: before.map(|b| b.1), to: after.map(|a| a.1) };
            if asked(&merged) && merged.length_mm() > worst.0.length_mm() {
                worst = (merged, Some(place.1));
            }
        }
        Some(worst)
    }

    /// The range that is needed to drive it: over all choices of stations to charge at, in order, the least longest leg. A leg goes back
    /// from a station to the line, along it, and off it to the next. A station that the line is not met again from is no place to go on from.
    pub fn range_needed(&self, counts: impl Fn(&Stop) -> bool) -> RangeNeeded {
        let stops: Vec<&Stop> = self.stops.iter().filter(|s| counts(s) && s.back.is_some()).collect();
        if !self.closed {
            return self.range_from(&stops, None);
        }
        // round from each station to itself; whoever drives on and on meets all
        let rounds = stops.iter().map(|s| self.range_from(&stops, Some(s)));
        rounds.min_by_key(|r| r.mm).unwrap_or(RangeNeeded { mm: self.length_mm, leg: [None; 2] })
    }

    fn range_from(&self, stops: &[&Stop], start: Option<&Stop>) -> RangeNeeded {
        // places on the way: where it is left, the way off, where it is met again, the way back, the station
        type Place = (u64, u64, u64, u64, Option<u32>);
        let turn = |at: u64, from: u64| if at < from { at + self.length_mm } else { at };
        let begin = start.map_or(0, |s| s.at_mm);
        let mut places: Vec<Place> = Vec::with_capacity(stops.len() + 2);
        let first = start.and_then(|s| Some((s.at_mm, s.back?, s.station)));
        places.push(first.map_or((0, 0, 0, 0, None), |(at, (met, back), station)| {
            (at, 0, if self.closed { turn(met, begin) } else { met }, u64::from(back), Some(station))
        }));
        for s in stops.iter().filter(|s| start.is_none_or(|first| first.station != s.station)) {
            let Some((met, back)) = s.back else { continue };
            let (at, met) = if self.closed { (turn(s.at_mm, begin), turn(met, begin)) } else { (s.at_mm, met) };
            places.push((at, u64::from(s.to_mm), met, u64::from(back), Some(s.station)));
        }
        places[1..].sort_unstable();
        let end = start.map_or((self.length_mm, 0), |s| (begin + self.length_mm, u64::from(s.to_mm)));
        places.push((end.0, end.1, end.0, 0, start.map(|s| s.station)));
        let mut best: Vec<Option<(u64, [Option<u32>; 2])>> = vec![None; places.len()];
        best[0] = Some((0, [None; 2]));
        for b in 1..places.len() {
            for a in 0..b {
                let Some((so_far, leg)) = best[a] else { continue };
                let (from, to) = (&places[a], &places[b]);
                let Some(along) = to.0.checked_sub(from.2) else { continue };
                let mm = from.3 + along + to.1;
                let whole = if mm > so_far { (mm, [from.4, to.4]) } else { (so_far, leg) };
                if best[b].is_none_or(|known| whole.0 < known.0) {
                    best[b] = Some(whole);
                }
            }
        }
        let (mm, leg) = best.pop().flatten().unwrap_or((self.length_mm, [None; 2]));
        RangeNeeded { mm, leg }
    }
}

/// The intervals between places, in order.
fn between(places: &[(u64, u32)], length_mm: u64, closed: bool) -> Vec<StopInterval> {
    let pairs = places.windows(2).map(|w| StopInterval { from_mm: w[0].0, to_mm: w[1].0, from: Some(w[0].1), to: Some(w[1].1) });
    match (places.first(), places.last()) {
        (Some(first), Some(last)) if closed => {
            let round = StopInterval { from_mm: last.0, to_mm: first.0 + length_mm, from: Some(last.1), to: Some(first.1) };
            pairs.chain([round]).collect()
        }
        (Some(first), Some(last)) => {
            let begin = StopInterval { from_mm: 0, to_mm: first.0, from: None, to: Some(first.1) };
            let end = StopInterval { from_mm: last.0, to_mm: length_mm, from: Some(last.1), to: None };
            [begin].into_iter().chain(pairs).chain([end]).filter(|i| i.from_mm < i.to_mm).collect()
        }
        _ => vec![StopInterval { from_mm: 0, to_mm: length_mm, from: None, to: None }],
    }
}

/// Room for searches that stay near where they begin.
pub(super) struct Surroundings {
    /// Cost above label, by node.
    best: Vec<u64>,
    touched: Vec<u32>,
    queue: BinaryHeap<Reverse<(u64, u32)>>,
}

impl Surroundings {
    pub fn of(network: &RoadNetwork) -> Self {
        Self { best: vec![u64::MAX; network.node_count()], touched: Vec::new(), queue: BinaryHeap::new() }
    }

    /// Searches from nodes, each with its label, no farther than `most`; of equal costs the lowest label counts.
    pub fn search(&mut self, arcs: Arcs<'_>, from: impl Iterator<Item = (u32, u32)>, most: u32) {
        self.touched.drain(..).for_each(|v| self.best[v as usize] = u64::MAX);
        let most = most.min(UNREACHABLE - 1);
        for (node, label) in from {
            self.reach(node, u64::from(label));
        }
        while let Some(Reverse((state, v))) = self.queue.pop() {
            if state > self.best[v as usize] {
                continue;
            }
            for (to, weight) in arcs.of(v) {
                let cost = (state >> 32) + u64::from(*weight);
                if cost <= u64::from(most) {
                    self.reach(*to, cost << 32 | state & 0xffff_ffff);
                }
            }
        }
    }

    fn reach(&mut self, node: u32, state: u64) {
        let known = &mut self.best[node as usize];
        if state < *known {
            if *known == u64::MAX {
                self.touched.push(node);
            }
            *known = state;
            self.queue.push(Reverse((state, node)));
        }
    }

    /// Cost and label of a node.
    pub fn found(&self, node: u32) -> Option<(u32, u32)> {
        let state = self.best[node as usize];
        (state != u64::MAX).then_some(((state >> 32) as u32, state as u32))
    }
}

/// The stations near a line, by their place on it, then by number.
pub(super) fn stops(network: &RoadNetwork, line: &CorridorLine, sites: &[Site], most: u32, room: &mut Surroundings) -> Vec<Stop> {
    let labelled = || line.nodes.iter().map(|n| n.0).zip(0u32..);
    let place = |label: u32| line.nodes[label as usize].1;
    room.search(network.arcs_from(Metric::Distance), labelled(), most);
    let mut stops: Vec<(Stop, u32)> = Vec::new();
    for site in sites {
        if let Some((to_mm, label)) = room.found(site.node) {
            stops.push((Stop { station: site.station, at_mm: place(label), to_mm, back: None }, site.node));
        }
    }
    if !stops.is_empty() {
        room.search(network.arcs_to(Metric::Distance), labelled(), most);
        for (stop, node) in &mut stops {
            stop.back = room.found(*node).map(|(mm, label)| (place(label), mm));
        }
    }
    let mut stops: Vec<Stop> = stops.into_iter().map(|(stop, _)| stop).collect();
    stops.sort_unstable_by_key(|s| (s.at_mm, s.station));
    stops
}
