//! The frozen network: edges with geometry, and compact tables of arcs for searching.

use super::draft::{Draft, Edge};
use super::sites::Placed;
use crate::config::criteria::Metric;
use crate::engine::{Arcs, arcs};
use crate::space::LonLat;
use std::sync::OnceLock;

/// Adjacency in one direction: the arcs of node `v` are `first[v]..first[v + 1]`.
#[derive(Clone, Debug, Default)]
pub(super) struct Adjacency {
    pub first: Vec<u32>,
    /// Other end and length in millimetres.
    pub by_distance: Vec<(u32, u32)>,
    /// Other end and travel time in milliseconds.
    pub by_time: Vec<(u32, u32)>,
    /// Mean and largest weight, by distance and by time.
    weights: [(u32, u32); 2],
}

/// A road network that no longer changes; `Send + Sync`.
///
/// Arcs are stored reversed (from head to tail), because searches start at stations and ask how far it is *to* them.
#[derive(Clone, Debug, Default)]
pub struct RoadNetwork {
    nodes: Vec<LonLat>,
    edges: Vec<Edge>,
    points: Vec<LonLat>,
    pub(super) reversed: Adjacency,
    /// Made when it is first asked for; where no road is one-way it is the same as `reversed`.
    forward: OnceLock<Option<Adjacency>>,
}

impl RoadNetwork {
    pub(super) fn freeze(mut draft: Draft, marked: &mut [u32], placed: &mut [Placed]) -> Self {
        draft.order_along_curve(marked, placed);
        let Draft { nodes, edges, points } = draft;
        let reversed = adjacency(nodes.len(), &edges, |e| (e.head, e.tail));
        Self { nodes, edges, points, reversed, forward: OnceLock::new() }
    }

    /// The arcs in the direction of travel.
    pub(super) fn forward(&self) -> &Adjacency {
        let make = || {
            let any = self.edges.iter().any(|e| e.oneway);
            any.then(|| adjacency(self.nodes.len(), &self.edges, |e| (e.tail, e.head)))
        };
        self.forward.get_or_init(make).as_ref().unwrap_or(&self.reversed)
    }

    /// Number of nodes.
    pub fn node_count(&self) -> usize {
        self.nodes.len()
    }

    /// Number of arcs (a road open both ways has two).
    pub fn arc_count(&self) -> usize {
        self.reversed.by_distance.len()
    }

    /// Position of a node.
    pub fn node(&self, v: u32) -> LonLat {
        self.nodes[v as usize]
    }

    /// Puts an edge behind the others; the arcs are the caller's to keep.
    pub(crate) fn push_edge(&mut self, edge: Edge, line: &[LonLat]) -> u32 {
        self.forward(); // of the edges so far
        let (first, len) = (self.points.len() as u32, line.len() as u32);
        self.points.extend_from_slice(line);
        self.edges.push(Edge { first, len, ..edge });
        self.edges.len() as u32 - 1
    }

    /// The network of the edges that are kept, with arcs to match; nodes stay as they are.
    pub fn with_edges(&self, keep: impl Fn(u32) -> bool) -> Self {
        let kept = (0u32..).zip(&self.edges).filter(|(i, _)| keep(*i));
        let edges: Vec<Edge> = kept.map(|(_, e)| *e).collect();
        let reversed = adjacency(self.nodes.len(), &edges, |e| (e.head, e.tail));
        Self { nodes: self.nodes.clone(), edges, points: self.points.clone(), reversed, forward: OnceLock::new() }
    }

    /// All edges.
    pub fn edges(&self) -> &[Edge] {
        &self.edges
    }

    /// Geometry of all edges, one after the other.
    pub(super) fn all_points(&self) -> &[LonLat] {
        &self.points
    }

    /// Geometry of an edge from tail to head.
    pub fn line(&self, edge: &Edge) -> &[LonLat] {
        &self.points[edge.first as usize..(edge.first + edge.len) as usize]
    }

    /// The arcs turned round, for searches that ask how far it is *to* their seeds.
    pub fn arcs_to(&self, metric: Metric) -> Arcs<'_> {
        self.reversed.arcs(metric)
    }

    /// The arcs in the direction of travel.
    pub fn arcs_from(&self, metric: Metric) -> Arcs<'_> {
        self.forward().arcs(metric)
    }

    /// Arcs into a node, as (node they come from, weight).
    pub(super) fn arcs_into(&self, v: u32, metric: Metric) -> &[(u32, u32)] {
        self.reversed.of(v, metric)
    }

    /// Arcs out of a node, as (node they lead to, weight).
    pub fn arcs_out(&self, v: u32, metric: Metric) -> &[(u32, u32)] {
        self.forward().of(v, metric)
    }
}

impl Adjacency {
    fn arcs(&self, metric: Metric) -> Arcs<'_> {
        match metric {
            Metric::Distance => Arcs::new(&self.first, &self.by_distance, self.weights[0]),
            Metric::Time => Arcs::new(&self.first, &self.by_time, self.weights[1]),
        }
    }

    fn of(&self, v: u32, metric: Metric) -> &[(u32, u32)] {
        let range = self.first[v as usize] as usize..self.first[v as usize + 1] as usize;
        match metric {
            Metric::Distance => &self.by_distance[range],
            Metric::Time => &self.by_time[range],
        }
    }
}

/// Counting sort of arcs by their first node; edges open both ways give an arc each way.
fn adjacency(nodes: usize, edges: &[Edge], ends: impl Fn(&Edge) -> (u32, u32)) -> Adjacency {
    let arcs = |e: &Edge| {
        let (a, b) = ends(e);
        [Some((a, b)), (!e.oneway).then_some((b, a))].into_iter().flatten()
    };
    let mut first = vec![0u32; nodes + 1];
    for (a, _) in edges.iter().flat_map(arcs) {
        first[a as usize + 1] += 1;
    }
    for v in 0..nodes {
        first[v + 1] += first[v];
    }
    let mut next = first.clone();
    let count = first[nodes] as usize;
    let (mut by_distance, mut by_time) = (vec![(0, 0); count], vec![(0, 0); count]);
    for e in edges {
        for (a, b) in arcs(e) {
            let slot = next[a as usize] as usize;
            next[a as usize] += 1;
            by_distance[slot] = (b, e.length_mm);
            by_time[slot] = (b, e.time_ms);
        }
    }
    let weights = [arcs::weights(&by_distance), arcs::weights(&by_time)];
    Adjacency { first, by_distance, by_time, weights }
}
