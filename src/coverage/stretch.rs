//! Dead stretches: gap pieces joined along roads, within one county.
//!
//! Pieces are joined at a node into strokes, the way a driver would carry on: first along the same road name,
//! then straight ahead on the same class. All pieces that touch belong to one *zone*.
//!
//! # References
//! R. C. Thomson, D. E. Richardson, *The 'good continuation' principle of perceptual organization applied to the
//! generalization of road networks*, 1999.

use super::interval::{Gap, worst_cost};
use super::{Service, gap_on};
use crate::config::RoadClass;
use crate::config::criteria::Criterion;
use crate::engine::Reach;
use crate::network::RoadNetwork;
use crate::network::slice_into;
use crate::space::LonLat;
use petgraph::unionfind::UnionFind;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// A dead stretch: an unbroken line of uncovered road.
#[derive(Clone, Debug, PartialEq)]
pub struct Stretch {
    /// County index.
    pub county: u32,
    /// Service that is missing.
    pub service: Service,
    /// Index of the criterion.
    pub criterion: usize,
    /// Length, millimetres.
    pub length_mm: u64,
    /// Name number of the road with the largest share of it.
    pub name: u32,
    /// Class with the largest share of it.
    pub class: RoadClass,
    /// Highest cost of any of its points to the nearest station, in the criterion's unit; none when there is no way.
    pub worst: Option<u32>,
    /// Number of its zone within county, service and criterion, from 1.
    pub zone: u32,
    /// Length of the zone, millimetres.
    pub zone_mm: u64,
    /// The least position at which a stretch of the zone begins or ends, and how many zones before it have the same: tells the zone apart
    /// whatever becomes of others.
    pub zone_at: (LonLat, u32),
    /// The pieces of road it is made of, from one end to the other; [`Stretch::line`] draws them.
    pub parts: Box<[StretchPart]>,
}

/// A piece of an edge, driven from one offset to the other, millimetres from its tail: against the edge where `from_mm` is greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StretchPart {
    /// Edge.
    pub edge: u32,
    /// Where it begins.
    pub from_mm: u32,
    /// Where it ends.
    pub to_mm: u32,
}

impl Stretch {
    /// Its geometry. Drawn when it is asked for: the lines of a country would not fit where their pieces do.
    pub fn line(&self, network: &RoadNetwork) -> Vec<LonLat> {
        line_of(network, &self.parts)
    }

    /// West, south, east, north of its line, in 1e-7 degree; nothing is copied for it where whole edges are in the gap.
    pub fn bounds_e7(&self, network: &RoadNetwork) -> [i32; 4] {
        let start = [i32::MAX, i32::MAX, i32::MIN, i32::MIN];
        let around = |b: [i32; 4], p: &LonLat| {
            let (x, y) = p.e7();
            [b[0].min(x), b[1].min(y), b[2].max(x), b[3].max(y)]
        };
        self.parts.iter().fold(start, |bounds, part| {
            let e = &network.edges()[part.edge as usize];
            if part.from_mm.abs_diff(part.to_mm) == e.length_mm {
                return network.line(e).iter().fold(bounds, around);
            }
            line_of(network, std::slice::from_ref(part)).iter().fold(bounds, around)
        })
    }

    /// First and last position.
    fn ends(&self, network: &RoadNetwork) -> Option<(LonLat, LonLat)> {
        Some((end_of(network, self.parts.first()?, true)?, end_of(network, self.parts.last()?, false)?))
    }

    /// Turns it round where its line, read backwards, comes before itself: one way round, whichever end was found first.
    fn turn(&mut self, network: &RoadNetwork) {
        let Some((first, last)) = self.ends(network) else { return };
        let backwards = first > last
            || (first == last && {
                let line = self.line(network);
                line.iter().gt(line.iter().rev())
            });
        if backwards {
            self.parts.reverse();
            for p in &mut self.parts {
                (p.from_mm, p.to_mm) = (p.to_mm, p.from_mm);
            }
        }
    }
}

/// The middle of pieces that follow each other: the piece there, and how far from the tail of its edge, millimetres.
pub fn middle_of(parts: &[StretchPart]) -> Option<(StretchPart, u32)> {
    let length = |p: &StretchPart| u64::from(p.from_mm.abs_diff(p.to_mm));
    let mut left = parts.iter().map(length).sum::<u64>() / 2;
    for p in parts {
        if left <= length(p) {
            let along = left as u32; // no more than the piece is long
            return Some((*p, if p.from_mm <= p.to_mm { p.from_mm + along } else { p.from_mm - along }));
        }
        left -= length(p);
    }
    None
}

/// Where a piece begins or ends.
fn end_of(network: &RoadNetwork, part: &StretchPart, begins: bool) -> Option<LonLat> {
    let e = &network.edges()[part.edge as usize];
    let line = network.line(e);
    match if begins { part.from_mm } else { part.to_mm } {
        0 => line.first().copied(),
        mm if mm == e.length_mm => line.last().copied(),
        _ => {
            let line = line_of(network, std::slice::from_ref(part));
            if begins { line.first().copied() } else { line.last().copied() }
        }
    }
}

/// The line along pieces that follow each other.
pub(super) fn line_of(network: &RoadNetwork, parts: &[StretchPart]) -> Vec<LonLat> {
    let vertices = parts.iter().map(|p| network.edges()[p.edge as usize].vertices() + 1).sum();
    let (mut line, mut part) = (Vec::with_capacity(vertices), Vec::new());
    for p in parts {
        let e = &network.edges()[p.edge as usize];
        part.clear();
        let (low, high) = (p.from_mm.min(p.to_mm), p.from_mm.max(p.to_mm));
        slice_into(network.line(e), e.length_mm, low, high, None, None, &mut part);
        if p.from_mm > p.to_mm {
            part.reverse();
        }
        let skip = usize::from(line.last() == part.first());
        line.extend_from_slice(&part[skip..]);
    }
    line
}

/// Many lists of stretches as one; a country's are not copied into one list.
#[derive(Clone, Debug, Default)]
pub struct Stretches {
    lists: Vec<Vec<Stretch>>,
    /// Number of the first stretch of each list.
    first: Vec<usize>,
    count: usize,
}

impl Stretches {
    /// The lists, one behind the other.
    pub fn new(lists: Vec<Vec<Stretch>>) -> Self {
        let mut all = Self { lists, ..Self::default() };
        all.lists.retain(|l| !l.is_empty());
        for list in &all.lists {
            all.first.push(all.count);
            all.count += list.len();
        }
        all
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Stretch> {
        self.lists.iter().flatten()
    }

    /// All of them, by all threads.
    pub fn par_iter(&self) -> impl ParallelIterator<Item = &Stretch> {
        self.lists.par_iter().flatten_iter()
    }
}

impl std::ops::Index<usize> for Stretches {
    type Output = Stretch;

    fn index(&self, i: usize) -> &Stretch {
        let list = self.first.partition_point(|first| *first <= i) - 1;
        &self.lists[list][i - self.first[list]]
    }
}

/// Ends of pieces that meet at one node and are more than this are not paired (only put in one zone).
const MOST_ENDS: usize = 16;

struct GapPiece {
    edge: u32,
    gap: Gap,
}

/// The far end of a chain: piece and which of its ends (`false` tail, `true` head).
type End = (usize, bool);

/// Joins the gaps on `edges` (all of one county) into dead stretches, longest first; `reach` is that of the service by the
/// criterion's metric.
pub fn dead_stretches(
    network: &RoadNetwork,
    reach: &Reach,
    service: Service,
    (index, criterion): (usize, Criterion),
    county: u32,
    edges: &[u32],
) -> Vec<Stretch> {
    let pieces = pieces_of(network, reach, criterion, edges);
    let joints = PieceJoints::find(network, &pieces);
    let (zone_of, zone_mm) = zones(&pieces, &joints);
    let mut all: Vec<Stretch> = chains(&pieces, &joints.partner)
        .into_iter()
        .map(|chain| {
            let zone = zone_of[chain[0].0];
            let mut stretch = describe(network, reach, service, criterion, &pieces, &chain);
            stretch.county = county;
            stretch.criterion = index;
            stretch.zone = zone;
            stretch.zone_mm = zone_mm[zone as usize - 1];
            stretch
        })
        .collect();
    all.sort_by(|a, b| b.length_mm.cmp(&a.length_mm).then_with(|| a.line(network).cmp(&b.line(network))));
    number_zones(&mut all);
    place_zones(&mut all, network);
    all
}

/// Length of the longest dead stretch of [`dead_stretches`], millimetres, without the others' lines, zones and order: for those
/// who ask often.
pub fn longest_stretch_mm(network: &RoadNetwork, reach: &Reach, criterion: Criterion, edges: &[u32]) -> u64 {
    let pieces = pieces_of(network, reach, criterion, edges);
    let length = |chain: &Vec<(usize, bool)>| chain.iter().map(|(i, _)| u64::from(pieces[*i].gap.length_mm())).sum();
    chains(&pieces, &PieceJoints::find(network, &pieces).partner).iter().map(length).max().unwrap_or(0)
}

fn pieces_of(network: &RoadNetwork, reach: &Reach, criterion: Criterion, edges: &[u32]) -> Vec<GapPiece> {
    let piece = |edge: &u32| {
        let gap = gap_on(&network.edges()[*edge as usize], reach, criterion);
        gap.map(|gap| GapPiece { edge: *edge, gap })
    };
    edges.iter().filter_map(piece).collect()
}

/// Numbers the zones anew, in the order in which the stretches first name them.
fn number_zones(all: &mut [Stretch]) {
    let mut new = vec![0; all.iter().map(|s| s.zone).max().unwrap_or(0) as usize + 1];
    let mut last = 0;
    for s in all {
        let zone = &mut new[s.zone as usize];
        if *zone == 0 {
            last += 1;
            *zone = last;
        }
        s.zone = *zone;
    }
}

/// Says where each zone begins.
fn place_zones(all: &mut [Stretch], network: &RoadNetwork) {
    let mut least: BTreeMap<u32, LonLat> = BTreeMap::new();
    for s in all.iter() {
        // a stretch is turned so that it begins at the lesser of its ends
        let Some((first, _)) = s.ends(network) else { continue };
        least.entry(s.zone).and_modify(|at| *at = first.min(*at)).or_insert(first);
    }
    let mut times: BTreeMap<LonLat, u32> = BTreeMap::new();
    let mut zone_at = BTreeMap::new();
    for (zone, at) in least {
        let before = times.entry(at).or_default();
        zone_at.insert(zone, (at, *before));
        *before += 1;
    }
    all.iter_mut().for_each(|s| s.zone_at = zone_at.get(&s.zone).copied().unwrap_or_default());
}

/// Which piece ends meet, and which of them carry on into each other.
struct PieceJoints {
    /// Partner of each end, by piece: of its tail and of its head.
    partner: Vec<[Option<End>; 2]>,
    /// Pieces that touch.
    touching: Vec<(usize, usize)>,
}

impl PieceJoints {
    fn find(network: &RoadNetwork, pieces: &[GapPiece]) -> Self {
        let mut ends: Vec<(u32, usize, bool)> = Vec::new();
        for (i, p) in pieces.iter().enumerate() {
            let e = &network.edges()[p.edge as usize];
            if p.gap.from_mm == 0 {
                ends.push((e.tail, i, false));
            }
            if p.gap.to_mm == e.length_mm {
                ends.push((e.head, i, true));
            }
        }
        ends.sort_unstable();
        let mut joints = Self { partner: vec![[None; 2]; pieces.len()], touching: Vec::new() };
        for group in ends.chunk_by(|a, b| a.0 == b.0).filter(|g| g.len() > 1) {
            joints.touching.extend(group.windows(2).map(|w| (w[0].1, w[1].1)));
            if group.len() <= MOST_ENDS {
                joints.pair(network, pieces, group);
            }
        }
        joints
    }

    /// Pairs the ends at one node, best continuation first.
    fn pair(&mut self, network: &RoadNetwork, pieces: &[GapPiece], group: &[(u32, usize, bool)]) {
        let mut pairs: Vec<(u8, u32, End, End)> = Vec::new();
        for (k, a) in group.iter().enumerate() {
            for b in &group[k + 1..] {
                if let Some((rank, bend)) = continuation(network, pieces, (a.1, a.2), (b.1, b.2)) {
                    pairs.push((rank, bend, (a.1, a.2), (b.1, b.2)));
                }
            }
        }
        pairs.sort_unstable();
        for (_, _, a, b) in pairs {
            let free = |j: &Self, e: End| j.partner[e.0][usize::from(e.1)].is_none();
            if free(self, a) && free(self, b) {
                self.partner[a.0][usize::from(a.1)] = Some(b);
                self.partner[b.0][usize::from(b.1)] = Some(a);
            }
        }
    }
}

/// How well one end carries on into another: kind (0 same name, 1 same class) and bend in tenths of a degree.
fn continuation(network: &RoadNetwork, pieces: &[GapPiece], a: End, b: End) -> Option<(u8, u32)> {
    if a.0 == b.0 {
        return None; // a loop does not carry on into itself
    }
    let (ea, eb) = (&network.edges()[pieces[a.0].edge as usize], &network.edges()[pieces[b.0].edge as usize]);
    let bend = bend_tenths(leaving(network.line(ea), a.1), leaving(network.line(eb), b.1));
    if ea.name != 0 && ea.name == eb.name {
        return (bend <= 1000).then_some((0, bend));
    }
    let most = if ea.name == 0 && eb.name == 0 { 600 } else { 450 };
    (ea.class == eb.class && bend <= most).then_some((1, bend))
}

/// The direction in which a line leaves its tail (or its head), east and north in degrees of equal length.
fn leaving(line: &[LonLat], from_head: bool) -> (f64, f64) {
    let n = line.len();
    let (p, q) = if from_head { (line[n - 1], line[n - 2]) } else { (line[0], line[1]) };
    ((q.lon() - p.lon()) * p.lat().to_radians().cos(), q.lat() - p.lat())
}

/// By how much a driver turns from one line into the other: 0 straight on, 1800 back again.
fn bend_tenths(u: (f64, f64), v: (f64, f64)) -> u32 {
    let cross = u.0 * v.1 - u.1 * v.0;
    let dot = u.0 * v.0 + u.1 * v.1;
    let between = cross.atan2(dot).to_degrees().abs();
    ((180.0 - between) * 10.0).round() as u32
}

/// Zone number of each piece (from 1, in the order of pieces) and length of each zone.
fn zones(pieces: &[GapPiece], joints: &PieceJoints) -> (Vec<u32>, Vec<u64>) {
    let mut sets = UnionFind::<usize>::new(pieces.len());
    for (a, b) in &joints.touching {
        sets.union(*a, *b);
    }
    let mut number = vec![0; pieces.len()];
    let (mut zone_of, mut zone_mm) = (Vec::with_capacity(pieces.len()), Vec::new());
    for (i, p) in pieces.iter().enumerate() {
        let zone = &mut number[sets.find_mut(i)];
        if *zone == 0 {
            zone_mm.push(0);
            *zone = zone_mm.len() as u32;
        }
        zone_mm[*zone as usize - 1] += u64::from(p.gap.length_mm());
        zone_of.push(*zone);
    }
    (zone_of, zone_mm)
}

/// Walks the partners: each chain is a list of pieces with whether each is driven backwards (head to tail).
fn chains(pieces: &[GapPiece], partner: &[[Option<End>; 2]]) -> Vec<Vec<(usize, bool)>> {
    let mut used = vec![false; pieces.len()];
    let mut all = Vec::new();
    // Chains with a loose end first; what is left afterwards are rings.
    for rings in [false, true] {
        for start in 0..pieces.len() {
            let loose = partner[start].iter().position(Option::is_none);
            let backwards = match (loose, rings) {
                (Some(end), false) => end == 1,
                (None, true) => false,
                _ => continue,
            };
            if used[start] {
                continue;
            }
            all.push(walk(start, backwards, partner, &mut used));
        }
    }
    all.sort_by_cached_key(|chain| chain.iter().map(|c| c.0).min());
    all
}

fn walk(start: usize, backwards: bool, partner: &[[Option<End>; 2]], used: &mut [bool]) -> Vec<(usize, bool)> {
    let (mut at, mut back, mut chain) = (start, backwards, Vec::new());
    loop {
        used[at] = true;
        chain.push((at, back));
        let exit = usize::from(!back);
        match partner[at][exit] {
            Some((next, end)) if !used[next] => (at, back) = (next, end),
            _ => return chain,
        }
    }
}

fn describe(
    network: &RoadNetwork,
    reach: &Reach,
    service: Service,
    criterion: Criterion,
    pieces: &[GapPiece],
    chain: &[(usize, bool)],
) -> Stretch {
    let (mut by_name, mut by_class) = (Vec::new(), Vec::new());
    let (mut length_mm, mut worst) = (0, Some(0));
    let mut parts = Vec::with_capacity(chain.len());
    for &(i, back) in chain {
        let GapPiece { edge, gap } = &pieces[i];
        let e = &network.edges()[*edge as usize];
        let (from_mm, to_mm) = if back { (gap.to_mm, gap.from_mm) } else { (gap.from_mm, gap.to_mm) };
        parts.push(StretchPart { edge: *edge, from_mm, to_mm });
        let mm = u64::from(gap.length_mm());
        length_mm += mm;
        add(&mut by_name, e.name, mm);
        add(&mut by_class, e.class, mm);
        let here = worst_cost(e, *gap, reach.cost(e.tail), reach.cost(e.head), criterion.metric());
        worst = worst.zip(here).map(|(a, b): (u32, u32)| a.max(b));
    }
    let mut stretch = Stretch {
        county: 0,
        service,
        criterion: 0,
        length_mm,
        name: longest(&by_name).unwrap_or(0),
        class: longest(&by_class).unwrap_or(RoadClass::Local),
        worst,
        zone: 0,
        zone_mm: 0,
        zone_at: Default::default(),
        parts: parts.into_boxed_slice(),
    };
    stretch.turn(network);
    stretch
}

/// The key with the largest length; the lowest key where two are equal.
fn longest<K: Ord + Copy>(by: &[(K, u64)]) -> Option<K> {
    by.iter().max_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(&a.0))).map(|(k, _)| *k)
}

/// Adds a length to that of its key; a stretch has few names, and a list of few is the quickest table.
fn add<K: PartialEq>(by: &mut Vec<(K, u64)>, key: K, mm: u64) {
    match by.iter_mut().rev().find(|(k, _)| *k == key) {
        Some((_, sum)) => *sum += mm,
        None => by.push((key, mm)),
    }
}
