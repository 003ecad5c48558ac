//! The pieces of one number as a graph of their own, with short ways of the network between pieces that do not touch.

use super::stops::Surroundings;
use crate::config::criteria::Metric;
use crate::coverage::StretchPart;
use crate::network::RoadNetwork;
use crate::space::{LocalFrame, LonLat};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// What a line is driven along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Along {
    /// A piece of road of the number.
    Road(StretchPart),
    /// A way in the network between two pieces, from node to node.
    Join {
        /// Where it begins.
        from: u32,
        /// Where it ends.
        to: u32,
        /// Its length, millimetres.
        mm: u32,
    },
}

impl Along {
    /// Its length, millimetres.
    pub fn length_mm(&self) -> u64 {
        match self {
            Self::Road(p) => u64::from(p.from_mm.abs_diff(p.to_mm)),
            Self::Join { mm, .. } => u64::from(*mm),
        }
    }

    /// The piece of road.
    pub fn part(&self) -> Option<StretchPart> {
        match self {
            Self::Road(p) => Some(*p),
            Self::Join { .. } => None,
        }
    }

    /// What lies between two places on it.
    pub(super) fn between(&self, from: u32, to: u32) -> Self {
        match *self {
            Self::Road(p) if p.from_mm <= p.to_mm => {
                Self::Road(StretchPart { from_mm: p.from_mm + from, to_mm: p.from_mm + to, ..p })
            }
            Self::Road(p) => Self::Road(StretchPart { from_mm: p.from_mm - from, to_mm: p.from_mm - to, ..p }),
            join => join,
        }
    }
}

/// One direction of a piece, or a way between pieces.
#[derive(Clone, Copy, Debug)]
pub(super) struct CorridorArc {
    pub from: u32,
    pub to: u32,
    pub along: Along,
    /// Direction at the beginning and at the end, of length 1; of length 0 where it is not known.
    leaves: [f64; 2],
    arrives: [f64; 2],
}

impl CorridorArc {
    pub fn mm(&self) -> u64 {
        self.along.length_mm()
    }

    pub fn edge(&self) -> Option<u32> {
        self.along.part().map(|p| p.edge)
    }

    /// Whether a driver goes on from this one into `next`: not back on the same edge, and not round by more than 120°.
    pub fn goes_on(&self, next: &Self) -> bool {
        let back = self.edge().is_some() && self.edge() == next.edge() && self.from == next.to;
        !back && dot(self.arrives, next.leaves) >= -0.5
    }
}

fn dot(a: [f64; 2], b: [f64; 2]) -> f64 {
    a[0] * b[0] + a[1] * b[1]
}

/// The graph. Nodes are numbered by themselves, in the order of the network's.
#[derive(Debug, Default)]
pub(super) struct CorridorGraph {
    /// Nodes of the network.
    pub nodes: Vec<u32>,
    pub arcs: Vec<CorridorArc>,
    /// Arcs out of each node.
    pub out: Vec<Vec<u32>>,
}

/// Where lines may begin and end: each node with an arc that does.
#[derive(Debug, Default)]
pub(super) struct LooseEnds {
    pub begins: BTreeMap<u32, u32>,
    pub ends: BTreeMap<u32, u32>,
}

impl CorridorGraph {
    /// The graph of some edges, and of ways of at most `join_mm` between their loose ends.
    pub fn of(network: &RoadNetwork, edges: &[u32], join_mm: u32, room: &mut Surroundings) -> Self {
        let all = network.edges();
        let mut nodes: Vec<u32> = edges.iter().flat_map(|e| [all[*e as usize].tail, all[*e as usize].head]).collect();
        nodes.sort_unstable();
        nodes.dedup();
        let local: FxHashMap<u32, u32> = nodes.iter().copied().zip(0..).collect();
        let mut graph = Self { out: vec![Vec::new(); nodes.len()], nodes, arcs: Vec::new() };
        for &edge in edges {
            let e = &all[edge as usize];
            if e.tail == e.head {
                continue; // a loop leads nowhere; its length is left over
            }
            let (tail, head) = (local[&e.tail], local[&e.head]);
            let line = if e.vertices() > 1 { network.line(e).to_vec() } else { vec![network.node(e.tail), network.node(e.head)] };
            let (first, last) = (direction(line.iter()), direction(line.iter().rev()).map(|v| -v));
            let part = |from_mm, to_mm| Along::Road(StretchPart { edge, from_mm, to_mm });
            graph.push(CorridorArc { from: tail, to: head, along: part(0, e.length_mm), leaves: first, arrives: last });
            if !e.oneway {
                let (leaves, arrives) = (last.map(|v| -v), first.map(|v| -v));
                graph.push(CorridorArc { from: head, to: tail, along: part(e.length_mm, 0), leaves, arrives });
            }
        }
        graph.join(network, join_mm, room);
        graph
    }

    fn push(&mut self, arc: CorridorArc) {
        self.out[arc.from as usize].push(self.arcs.len() as u32);
        self.arcs.push(arc);
    }

    /// Adds ways between loose ends: from one at which the number ends for who arrives, to one at which it begins again. Ends of one
    /// connected run are joined only where that is a gap in one direction.
    fn join(&mut self, network: &RoadNetwork, join_mm: u32, room: &mut Surroundings) {
        let all: Vec<u32> = (0..self.arcs.len() as u32).collect();
        let (LooseEnds { begins, ends }, run) = (self.loose(&all), self.runs());
        if join_mm == 0 || begins.is_empty() {
            return;
        }
        let mut edges: Vec<Vec<u32>> = vec![Vec::new(); self.nodes.len()];
        for arc in &self.arcs {
            for node in [arc.from, arc.to] {
                let here = &mut edges[node as usize];
                here.extend(arc.edge().filter(|e| !here.contains(e)));
            }
        }
        // a road of both ways that ends there is no gap in one of them
        let turns = |node: u32, back: bool| edges[node as usize].len() == 1 && back;
        let mut found = Vec::new();
        for (&u, &last) in &ends {
            room.search(network.arcs_from(Metric::Distance), [(self.nodes[u as usize], 0)].into_iter(), join_mm);
            for (&w, &first) in begins.iter().filter(|(w, _)| **w != u) {
                let Some((mm, _)) = room.found(self.nodes[w as usize]) else { continue };
                let (arrives, leaves) = (self.arcs[last as usize].arrives, self.arcs[first as usize].leaves);
                let gap = !turns(u, begins.contains_key(&u)) && !turns(w, ends.contains_key(&w));
                if (run[u as usize] != run[w as usize] || gap) && dot(arrives, leaves) >= 0.0 {
                    let along = Along::Join { from: self.nodes[u as usize], to: self.nodes[w as usize], mm };
                    found.push(CorridorArc { from: u, to: w, along, leaves: arrives, arrives: leaves });
                }
            }
        }
        found.into_iter().for_each(|arc| self.push(arc));
    }

    /// Nodes at which some of the arcs begin for want of one that leads on into them, and at which some end.
    pub fn loose(&self, arcs: &[u32]) -> LooseEnds {
        let roads = || arcs.iter().copied().filter(|a| self.arcs[*a as usize].edge().is_some());
        let (mut out, mut into): (FxHashMap<u32, Vec<u32>>, FxHashMap<u32, Vec<u32>>) = Default::default();
        for a in roads() {
            out.entry(self.arcs[a as usize].from).or_default().push(a);
            into.entry(self.arcs[a as usize].to).or_default().push(a);
        }
        let none = |list: Option<&Vec<u32>>, fits: &dyn Fn(u32) -> bool| !list.into_iter().flatten().any(|a| fits(*a));
        let mut loose = LooseEnds::default();
        for a in roads() {
            let arc = &self.arcs[a as usize];
            if none(into.get(&arc.from), &|b| self.arcs[b as usize].goes_on(arc)) {
                loose.begins.entry(arc.from).or_insert(a);
            }
            if none(out.get(&arc.to), &|b| arc.goes_on(&self.arcs[b as usize])) {
                loose.ends.entry(arc.to).or_insert(a);
            }
        }
        loose
    }

    /// The connected run that each node is in, by its lowest node.
    fn runs(&self) -> Vec<u32> {
        let mut sets = petgraph::unionfind::UnionFind::<u32>::new(self.nodes.len());
        for arc in &self.arcs {
            sets.union(arc.from, arc.to);
        }
        sets.into_labeling()
    }

    /// Position of a node.
    pub fn at(&self, network: &RoadNetwork, node: u32) -> LonLat {
        network.node(self.nodes[node as usize])
    }
}

/// The direction in which a line begins: to its first point at least 30 m away, or its last.
fn direction<'a>(mut line: impl Iterator<Item = &'a LonLat>) -> [f64; 2] {
    let Some(first) = line.next() else { return [0.0; 2] };
    let frame = LocalFrame::at(*first);
    let mut v = [0.0f64; 2];
    for p in line {
        v = frame.to_metres(*p);
        if v[0].hypot(v[1]) >= 30.0 {
            break;
        }
    }
    let length = v[0].hypot(v[1]);
    if length > 0.0 { [v[0] / length, v[1] / length] } else { [0.0; 2] }
}
