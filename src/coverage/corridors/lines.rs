//! Lines out of a graph of pieces: the longest of all shortest ways from end to end, and the one back; then the same of what is left.

use super::graph::CorridorGraph;
use super::{CorridorLine, CorridorPart};
use crate::network::RoadNetwork;
use crate::space::metres_between;
use petgraph::unionfind::UnionFind;
use rustc_hash::{FxHashMap, FxHashSet};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// More ends than this are not tried: those farthest from the middle are.
const MOST_ENDS: usize = 64;
/// The beginning of one direction may lie so far from the end of the other, metres, or a fifth of the way along.
const ENDS_APART_M: f64 = 1000.0;

/// A line as the arcs it is made of.
type Arcs = Vec<u32>;

/// Lengths to the end of each arc, and the arc before it.
struct Ways {
    mm: FxHashMap<u32, (u64, u32)>,
}

/// No arc before.
const NONE: u32 = u32::MAX;

/// The parts of a corridor, the longest first.
pub(super) fn parts(network: &RoadNetwork, graph: &CorridorGraph, shortest_mm: u64) -> Vec<CorridorPart> {
    let (mut waiting, mut found) = (runs(graph, (0..graph.arcs.len() as u32).collect()), Vec::new());
    while let Some(run) = waiting.pop() {
        if road_mm(graph, &run) < shortest_mm {
            continue;
        }
        let Some(pair) = line_and_back(network, graph, &run) else { continue };
        let used: FxHashSet<u32> =
            pair.iter().flat_map(|(arcs, _)| arcs).filter_map(|a| graph.arcs[*a as usize].edge()).collect();
        let left: Vec<u32> =
            run.iter().copied().filter(|a| graph.arcs[*a as usize].edge().is_none_or(|e| !used.contains(&e))).collect();
        found.push(pair);
        waiting.extend(runs(graph, left));
    }
    found.retain(|pair| pair.iter().any(|(arcs, _)| mm(graph, arcs) >= shortest_mm));
    pair_up(network, graph, &mut found);
    let mut parts: Vec<CorridorPart> = found.iter().map(|pair| part(graph, pair)).collect();
    parts.sort_by_key(|p| (Reverse(p.lines[0].length_mm), p.lines[0].nodes.first().copied()));
    parts
}

fn part(graph: &CorridorGraph, pair: &[(Arcs, bool)]) -> CorridorPart {
    let mut lines: Vec<CorridorLine> = pair.iter().map(|(arcs, closed)| line(graph, arcs, *closed)).collect();
    lines.sort_by_key(|l| l.nodes.first().copied());
    CorridorPart { lines }
}

fn line(graph: &CorridorGraph, arcs: &[u32], closed: bool) -> CorridorLine {
    let mut line = CorridorLine {
        along: Vec::with_capacity(arcs.len()),
        nodes: Vec::with_capacity(arcs.len() + 1),
        length_mm: 0,
        joined_mm: 0,
        closed,
        open: [false; 2],
        stops: Vec::new(),
    };
    for arc in arcs.iter().map(|a| &graph.arcs[*a as usize]) {
        if line.nodes.is_empty() {
            line.nodes.push((graph.nodes[arc.from as usize], 0));
        }
        line.length_mm += arc.mm();
        line.joined_mm += if arc.edge().is_none() { arc.mm() } else { 0 };
        line.along.push(arc.along);
        line.nodes.push((graph.nodes[arc.to as usize], line.length_mm));
    }
    line
}

fn mm(graph: &CorridorGraph, arcs: &[u32]) -> u64 {
    arcs.iter().map(|a| graph.arcs[*a as usize].mm()).sum()
}

/// Length of the road of some arcs, each edge once.
fn road_mm(graph: &CorridorGraph, arcs: &[u32]) -> u64 {
    let mut seen = FxHashSet::default();
    let road = arcs.iter().map(|a| &graph.arcs[*a as usize]).filter(|a| a.edge().is_some_and(|e| seen.insert(e)));
    road.map(|a| a.mm()).sum()
}

/// Arcs apart by the connected runs that they are in; ways between pieces that lead nowhere any more fall away.
fn runs(graph: &CorridorGraph, arcs: Vec<u32>) -> Vec<Vec<u32>> {
    let mut number: FxHashMap<u32, u32> = FxHashMap::default();
    let of = |node: u32, number: &mut FxHashMap<u32, u32>| {
        let next = number.len() as u32;
        *number.entry(node).or_insert(next)
    };
    for a in &arcs {
        let arc = &graph.arcs[*a as usize];
        if arc.edge().is_some() {
            of(arc.from, &mut number);
            of(arc.to, &mut number);
        }
    }
    let mut sets = UnionFind::<u32>::new(number.len());
    let ends = |a: u32| {
        let arc = &graph.arcs[a as usize];
        Some((*number.get(&arc.from)?, *number.get(&arc.to)?))
    };
    let arcs: Vec<(u32, (u32, u32))> = arcs.into_iter().filter_map(|a| Some((a, ends(a)?))).collect();
    for (_, (from, to)) in &arcs {
        sets.union(*from, *to);
    }
    let label = sets.into_labeling();
    let mut by_label: std::collections::BTreeMap<u32, Vec<u32>> = std::collections::BTreeMap::new();
    for (a, (from, _)) in arcs {
        by_label.entry(label[from as usize]).or_default().push(a);
    }
    by_label.into_values().collect()
}

/// The longest line of a run, and the one back, where there is one; with whether they are closed.
fn line_and_back(network: &RoadNetwork, graph: &CorridorGraph, run: &[u32]) -> Option<Vec<(Arcs, bool)>> {
    if let Some(rings) = ring(graph, run) {
        return Some(rings);
    }
    let alive: FxHashSet<u32> = run.iter().copied().collect();
    let loose = graph.loose(run);
    let begins = most_apart(network, graph, loose.begins.into_keys().collect());
    let ends = most_apart(network, graph, loose.ends.into_keys().collect());
    let ways: Vec<(u32, Ways)> = begins.iter().map(|s| (*s, Ways::from(graph, &alive, *s))).collect();
    let there = longest(graph, &ways, &ends).or_else(|| swept(graph, &alive, run))?;
    let back = back(network, graph, &alive, (&ways, &ends), &there);
    Some([Some(there), back].into_iter().flatten().map(|arcs| (arcs, false)).collect())
}

/// The ends that are farthest from the middle of all, in order.
fn most_apart(network: &RoadNetwork, graph: &CorridorGraph, mut ends: Vec<u32>) -> Vec<u32> {
    if ends.len() > MOST_ENDS {
        let at = |n: &u32| graph.at(network, *n);
        let n = ends.len() as i64;
        let sum = ends.iter().map(at).fold((0i64, 0i64), |s, p| (s.0 + i64::from(p.e7().0), s.1 + i64::from(p.e7().1)));
        let middle = ((sum.0 / n) as i32, (sum.1 / n) as i32);
        let far = |p: &u32| {
            let (x, y) = at(p).e7();
            Reverse(x.abs_diff(middle.0).max(y.abs_diff(middle.1)))
        };
        ends.sort_by_key(|p| (far(p), *p));
        ends.truncate(MOST_ENDS);
        ends.sort_unstable();
    }
    ends
}

impl Ways {
    /// Shortest ways from a node over arcs that are alive; nobody turns back.
    fn from(graph: &CorridorGraph, alive: &FxHashSet<u32>, start: u32) -> Self {
        let mut ways = Self { mm: FxHashMap::default() };
        let mut queue = BinaryHeap::new();
        for &a in &graph.out[start as usize] {
            let arc = &graph.arcs[a as usize];
            if alive.contains(&a) && arc.edge().is_some() {
                queue.push(Reverse((arc.mm(), a, NONE)));
            }
        }
        while let Some(Reverse((mm, a, before))) = queue.pop() {
            if ways.mm.contains_key(&a) {
                continue;
            }
            ways.mm.insert(a, (mm, before));
            let arc = &graph.arcs[a as usize];
            for &b in &graph.out[arc.to as usize] {
                let next = &graph.arcs[b as usize];
                if alive.contains(&b) && !ways.mm.contains_key(&b) && arc.goes_on(next) {
                    queue.push(Reverse((mm + next.mm(), b, a)));
                }
            }
        }
        ways
    }

    /// The shortest way to each of some nodes, by its last arc, which is a piece of road.
    fn to(&self, graph: &CorridorGraph, ends: &FxHashSet<u32>) -> FxHashMap<u32, (u64, u32)> {
        let mut best: FxHashMap<u32, (u64, u32)> = FxHashMap::default();
        for (a, (mm, _)) in &self.mm {
            let arc = &graph.arcs[*a as usize];
            if arc.edge().is_some() && ends.contains(&arc.to) {
                let known = best.entry(arc.to).or_insert((*mm, *a));
                *known = (*known).min((*mm, *a));
            }
        }
        best
    }

    /// The way that ends with an arc; none where it meets a node twice.
    fn way(&self, graph: &CorridorGraph, last: u32) -> Option<Arcs> {
        let (mut arcs, mut a) = (Vec::new(), last);
        while a != NONE {
            arcs.push(a);
            a = self.mm.get(&a)?.1;
        }
        arcs.reverse();
        let first = graph.arcs[*arcs.first()? as usize].from;
        let mut seen = FxHashSet::from_iter([first]);
        arcs.iter().all(|a| seen.insert(graph.arcs[*a as usize].to)).then_some(arcs)
    }
}

/// The longest of the shortest ways from end to end; of equal ones that between the lower nodes.
fn longest(graph: &CorridorGraph, ways: &[(u32, Ways)], ends: &[u32]) -> Option<Arcs> {
    let set: FxHashSet<u32> = ends.iter().copied().collect();
    let mut pairs: Vec<(Reverse<u64>, u32, u32, usize, u32)> = Vec::new();
    for (i, (start, from)) in ways.iter().enumerate() {
        let to = from.to(graph, &set).into_iter().filter(|(end, _)| end != start);
        pairs.extend(to.map(|(end, (mm, last))| (Reverse(mm), *start, end, i, last)));
    }
    pairs.sort_unstable();
    pairs.into_iter().find_map(|(.., i, last)| ways[i].1.way(graph, last))
}

/// Where no end leads to another: the farthest node from the farthest node from the lowest.
fn swept(graph: &CorridorGraph, alive: &FxHashSet<u32>, run: &[u32]) -> Option<Arcs> {
    let all: FxHashSet<u32> = run.iter().map(|a| graph.arcs[*a as usize].to).collect();
    let farthest = |start: u32| {
        let ways = Ways::from(graph, alive, start);
        let mut to: Vec<(Reverse<u64>, u32, u32)> = ways
            .to(graph, &all)
            .into_iter()
            .filter(|(end, _)| *end != start)
            .map(|(end, (mm, a))| (Reverse(mm), end, a))
            .collect();
        to.sort_unstable();
        to.into_iter().find_map(|(_, end, last)| Some((ways.way(graph, last)?, end)))
    };
    let starts = run.iter().filter(|a| graph.arcs[**a as usize].edge().is_some()).map(|a| graph.arcs[*a as usize].from);
    let (first, end) = farthest(starts.min()?)?;
    let second = farthest(end).map(|(way, _)| way);
    Some(second.filter(|s| mm(graph, s) > mm(graph, &first)).unwrap_or(first))
}

/// The line back: from near the end of the one there to near its beginning, over no arc of it.
fn back(
    network: &RoadNetwork,
    graph: &CorridorGraph,
    alive: &FxHashSet<u32>,
    (ways, ends): (&[(u32, Ways)], &[u32]),
    there: &[u32],
) -> Option<Arcs> {
    let begin = graph.arcs[*there.first()? as usize].from;
    let end = graph.arcs[*there.last()? as usize].to;
    let turned = (!ways.iter().any(|w| w.0 == end)).then(|| (end, Ways::from(graph, alive, end)));
    let goals: FxHashSet<u32> = ends.iter().copied().chain([begin]).collect();
    let apart = |a: u32, b: u32| metres_between(graph.at(network, a), graph.at(network, b));
    let most = ENDS_APART_M.max(mm(graph, there) as f64 / 5e3);
    let mut pairs = Vec::new();
    for (start, from) in ways.iter().chain(&turned) {
        for (goal, (way_mm, last)) in from.to(graph, &goals) {
            let off = apart(*start, end) + apart(goal, begin);
            if goal != *start && off <= most {
                let exact = *start == end && goal == begin;
                pairs.push(((!exact, (off * 1e3) as u64, Reverse(way_mm), *start, goal), from, last));
            }
        }
    }
    pairs.sort_by_key(|p| p.0);
    let used: FxHashSet<u32> = there.iter().copied().collect();
    let own = |way: &Arcs| way.iter().all(|a| graph.arcs[*a as usize].edge().is_none() || !used.contains(a));
    pairs.into_iter().find_map(|(_, from, last)| from.way(graph, last).filter(own))
}

/// A ring, one way or both: every node on two edges, and the way round comes back to where it began.
fn ring(graph: &CorridorGraph, run: &[u32]) -> Option<Vec<(Arcs, bool)>> {
    let mut at: FxHashMap<u32, Vec<u32>> = FxHashMap::default();
    let roads: Vec<u32> = run.iter().copied().filter(|a| graph.arcs[*a as usize].edge().is_some()).collect();
    for arc in roads.iter().map(|a| &graph.arcs[*a as usize]) {
        for node in [arc.from, arc.to] {
            let edges = at.entry(node).or_default();
            let edge = arc.edge()?;
            if !edges.contains(&edge) {
                edges.push(edge);
            }
        }
    }
    if at.values().any(|edges| edges.len() != 2) {
        return None;
    }
    let alive: FxHashSet<u32> = roads.iter().copied().collect();
    let start = *at.keys().min()?;
    let edges: usize = roads.iter().filter_map(|a| graph.arcs[*a as usize].edge()).collect::<FxHashSet<_>>().len();
    let round = |first: u32| {
        let mut arcs = vec![first];
        loop {
            let last = &graph.arcs[*arcs.last()? as usize];
            if last.to == start {
                return (arcs.len() == edges).then_some(arcs);
            }
            let on = |b: &&u32| alive.contains(b) && graph.arcs[**b as usize].edge() != last.edge();
            arcs.push(*graph.out[last.to as usize].iter().find(on)?);
        }
    };
    let starts = graph.out[start as usize].iter().copied().filter(|a| alive.contains(a));
    let rings: Vec<(Arcs, bool)> = starts.filter_map(round).map(|arcs| (arcs, true)).collect();
    (!rings.is_empty()).then_some(rings)
}

/// Puts two lines of one direction each together, where each begins near the end of the other: carriageways that touch nowhere.
fn pair_up(network: &RoadNetwork, graph: &CorridorGraph, found: &mut Vec<Vec<(Arcs, bool)>>) {
    let single = |pair: &[(Arcs, bool)]| match pair {
        [(arcs, closed)] => {
            let (first, last) = (graph.arcs[*arcs.first()? as usize].from, graph.arcs[*arcs.last()? as usize].to);
            Some((graph.at(network, first), graph.at(network, last), mm(graph, arcs), *closed))
        }
        _ => None,
    };
    let singles: Vec<(usize, _)> = found.iter().enumerate().filter_map(|(i, pair)| Some((i, single(pair)?))).collect();
    let mut pairs = Vec::new();
    for (k, (i, a)) in singles.iter().enumerate() {
        for (j, b) in &singles[k + 1..] {
            let off = metres_between(a.0, b.1) + metres_between(a.1, b.0);
            let near = off <= ENDS_APART_M.max(a.2.min(b.2) as f64 / 5e3);
            if near && a.3 == b.3 && a.2.min(b.2) * 2 >= a.2.max(b.2) {
                pairs.push(((off * 1e3) as u64, *i, *j));
            }
        }
    }
    pairs.sort_unstable();
    let mut gone = FxHashSet::default();
    for (_, i, j) in pairs {
        if !gone.contains(&i) && !gone.contains(&j) && found[i].len() == 1 {
            let other = std::mem::take(&mut found[j]);
            found[i].extend(other);
            gone.insert(j);
        }
    }
    found.retain(|pair| !pair.is_empty());
}
