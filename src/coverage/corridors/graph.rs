//! The pieces of one number as a graph of their own, with short ways of the network between pieces that do not touch.

use super::stops::Surroundings;
use crate::config::criteria::Metric;
use crate::coverage::StretchPart;
use crate::network::RoadNetwork;
use crate::space::{LocalFrame, LonLat};
use rustc_hash::FxHashMap;

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
    /// connected run are joined only where that is a gap in a one-way road.
    fn join(&mut self, network: &RoadNetwork, join_mm: u32, room: &mut Surroundings) {
        let (ends, run) = (self.loose(), self.runs());
        if join_mm == 0 || ends.len() < 2 {
            return;
        }
        let mut into = vec![Vec::new(); self.nodes.len()];
        for (i, arc) in (0u32..).zip(&self.arcs) {
            into[arc.to as usize].push(i);
        }
        let mut found = Vec::new();
        for &u in ends.iter().filter(|u| !into[**u as usize].is_empty()) {
            room.search(network.arcs_from(Metric::Distance), [(self.nodes[u as usize], 0)].into_iter(), join_mm);
            for &w in ends.iter().filter(|w| **w != u && !self.out[**w as usize].is_empty()) {
                let Some((mm, _)) = room.found(self.nodes[w as usize]) else { continue };
                let gap = self.out[u as usize].is_empty() && into[w as usize].is_empty();
                let arrives = self.arcs[into[u as usize][0] as usize].arrives;
                let leaves = self.arcs[self.out[w as usize][0] as usize].leaves;
                if (run[u as usize] != run[w as usize] || gap) && dot(arrives, leaves) >= 0.0 {
                    let along = Along::Join { from: self.nodes[u as usize], to: self.nodes[w as usize], mm };
                    found.push(CorridorArc { from: u, to: w, along, leaves: arrives, arrives: leaves });
                }
            }
        }
        found.into_iter().for_each(|arc| self.push(arc));
    }

    /// Nodes at which one edge ends, or that can only be arrived at or only be left.
    fn loose(&self) -> Vec<u32> {
        let all: Vec<u32> = (0..self.arcs.len() as u32).collect();
        self.ends_of(&all)
    }

    /// The same among some of the arcs.
    pub fn ends_of(&self, arcs: &[u32]) -> Vec<u32> {
        #[derive(Default)]
        struct At {
            edges: Vec<u32>,
            out: bool,
            into: bool,
        }
        let mut at: FxHashMap<u32, At> = FxHashMap::default();
        for arc in arcs.iter().map(|a| &self.arcs[*a as usize]) {
            let Some(edge) = arc.edge() else { continue };
            let mut meet = |node: u32, out: bool| {
                let here = at.entry(node).or_default();
                if !here.edges.contains(&edge) {
                    here.edges.push(edge);
                }
                (here.out, here.into) = (here.out || out, here.into || !out);
            };
            meet(arc.from, true);
            meet(arc.to, false);
        }
        let loose = at.iter().filter(|(_, here)| here.edges.len() < 2 || !here.out || !here.into);
        let mut ends: Vec<u32> = loose.map(|(node, _)| *node).collect();
        ends.sort_unstable();
        ends
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
