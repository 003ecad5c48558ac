//! The network as petgraph sees it, so that its algorithms run on ours without a copy.

use super::csr::RoadNetwork;
use crate::config::criteria::Metric;
use petgraph::Direction;
use petgraph::algo::kosaraju_scc;
use petgraph::unionfind::UnionFind;
use petgraph::visit::{
    Data, EdgeRef, GraphBase, GraphRef, IntoEdgeReferences, IntoEdges, IntoNeighbors, IntoNeighborsDirected, IntoNodeIdentifiers,
    NodeCount, NodeIndexable, VisitMap, Visitable,
};

/// A road network in one metric, as a directed petgraph graph of arcs.
///
/// ```
/// # use chargegap::internals::network::{ArcView, Draft};
/// use chargegap::internals::config::criteria::Metric;
/// let network = Draft::default().freeze(&mut [], &mut []);
/// assert!(petgraph::algo::kosaraju_scc(ArcView::new(&network, Metric::Time)).is_empty());
/// ```
#[derive(Clone, Copy)]
pub struct ArcView<'a> {
    network: &'a RoadNetwork,
    metric: Metric,
}

impl<'a> ArcView<'a> {
    /// The arcs of a network, weighted by a metric.
    pub fn new(network: &'a RoadNetwork, metric: Metric) -> Self {
        Self { network, metric }
    }
}

/// One arc: from, to, weight, number.
#[derive(Clone, Copy, Debug)]
pub struct ArcRef<'a> {
    from: u32,
    to: u32,
    weight: &'a u32,
    id: usize,
}

impl EdgeRef for ArcRef<'_> {
    type NodeId = u32;
    type EdgeId = usize;
    type Weight = u32;
    fn source(&self) -> u32 {
        self.from
    }
    fn target(&self) -> u32 {
        self.to
    }
    fn weight(&self) -> &u32 {
        self.weight
    }
    fn id(&self) -> usize {
        self.id
    }
}

impl GraphBase for ArcView<'_> {
    type NodeId = u32;
    type EdgeId = usize;
}
impl GraphRef for ArcView<'_> {}
impl Data for ArcView<'_> {
    type NodeWeight = ();
    type EdgeWeight = u32;
}
impl NodeCount for ArcView<'_> {
    fn node_count(&self) -> usize {
        self.network.node_count()
    }
}
impl NodeIndexable for ArcView<'_> {
    fn node_bound(&self) -> usize {
        self.network.node_count()
    }
    fn to_index(&self, v: u32) -> usize {
        v as usize
    }
    fn from_index(&self, i: usize) -> u32 {
        i as u32
    }
}
impl IntoNodeIdentifiers for ArcView<'_> {
    type NodeIdentifiers = std::ops::Range<u32>;
    fn node_identifiers(self) -> Self::NodeIdentifiers {
        0..self.network.node_count() as u32
    }
}
impl Visitable for ArcView<'_> {
    type Map = Visited;
    fn visit_map(&self) -> Visited {
        Visited(vec![false; self.network.node_count()])
    }
    fn reset_map(&self, map: &mut Visited) {
        *map = self.visit_map();
    }
}

/// Which nodes were visited.
#[derive(Clone, Debug)]
pub struct Visited(Vec<bool>);

impl VisitMap<u32> for Visited {
    fn visit(&mut self, v: u32) -> bool {
        !std::mem::replace(&mut self.0[v as usize], true)
    }
    fn is_visited(&self, v: &u32) -> bool {
        self.0[*v as usize]
    }
    fn unvisit(&mut self, v: u32) -> bool {
        std::mem::replace(&mut self.0[v as usize], false)
    }
}

type Heads<'a> = std::iter::Map<std::slice::Iter<'a, (u32, u32)>, fn(&(u32, u32)) -> u32>;

impl<'a> IntoNeighbors for ArcView<'a> {
    type Neighbors = Heads<'a>;
    fn neighbors(self, v: u32) -> Heads<'a> {
        self.network.arcs_out(v, self.metric).iter().map(|a| a.0)
    }
}
impl<'a> IntoNeighborsDirected for ArcView<'a> {
    type NeighborsDirected = Heads<'a>;
    fn neighbors_directed(self, v: u32, direction: Direction) -> Heads<'a> {
        match direction {
            Direction::Outgoing => self.network.arcs_out(v, self.metric).iter().map(|a| a.0),
            Direction::Incoming => self.network.arcs_into(v, self.metric).iter().map(|a| a.0),
        }
    }
}
impl<'a> IntoEdgeReferences for ArcView<'a> {
    type EdgeRef = ArcRef<'a>;
    type EdgeReferences = Box<dyn Iterator<Item = ArcRef<'a>> + 'a>;
    fn edge_references(self) -> Self::EdgeReferences {
        Box::new(self.node_identifiers().flat_map(move |v| self.edges(v)))
    }
}
impl<'a> IntoEdges for ArcView<'a> {
    type Edges = Box<dyn Iterator<Item = ArcRef<'a>> + 'a>;
    fn edges(self, v: u32) -> Self::Edges {
        let base = self.network.forward().first[v as usize] as usize;
        let arcs = self.network.arcs_out(v, self.metric).iter().enumerate();
        Box::new(arcs.map(move |(i, (to, weight))| ArcRef { from: v, to: *to, weight, id: base + i }))
    }
}

/// Length of road, in millimetres, that one-way rules cut off from the largest strongly connected part of its piece of
/// network: it can be entered and not left, or left and not entered. It stays in the network; a station may be out of reach.
///
/// Kosaraju's algorithm, because petgraph's Tarjan is recursive and overflows the stack on a million nodes.
pub fn one_way_traps(network: &RoadNetwork) -> u64 {
    if !network.edges().iter().any(|e| e.oneway) {
        return 0; // every way in is a way out
    }
    let mut pieces = UnionFind::<u32>::new(network.node_count());
    for e in network.edges() {
        pieces.union(e.tail, e.head);
    }
    let piece_of = pieces.into_labeling();
    let parts = kosaraju_scc(ArcView::new(network, Metric::Distance));
    let mut largest: Vec<(usize, u32)> = vec![(0, 0); network.node_count()]; // by piece: size and number of its main part
    let mut part_of = vec![0u32; network.node_count()];
    for (number, part) in (0u32..).zip(&parts) {
        let piece = piece_of[part[0] as usize] as usize;
        if part.len() > largest[piece].0 {
            largest[piece] = (part.len(), number);
        }
        for v in part {
            part_of[*v as usize] = number;
        }
    }
    let in_main = |v: u32| part_of[v as usize] == largest[piece_of[v as usize] as usize].1;
    let cut_off = network.edges().iter().filter(|e| !(in_main(e.tail) && in_main(e.head)));
    cut_off.map(|e| u64::from(e.length_mm)).sum()
}
