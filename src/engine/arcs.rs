//! Weighted arcs by the node they start from: what a search walks on.

use crate::error::{Error, Result};

/// The arcs of one direction in one metric, borrowed. A search from stations is given the arcs turned round, so that
/// its costs are those *to* a station.
#[derive(Clone, Copy, Debug)]
pub struct Arcs<'a> {
    first: &'a [u32],
    arcs: &'a [(u32, u32)],
    weights: (u32, u32),
}

impl<'a> Arcs<'a> {
    /// The arcs of node `v` are `arcs[first[v]..first[v + 1]]`, each with the node it leads to and its weight;
    /// `weights` are their mean and largest.
    pub(crate) fn new(first: &'a [u32], arcs: &'a [(u32, u32)], weights: (u32, u32)) -> Self {
        Self { first, arcs, weights }
    }

    /// Number of nodes.
    pub fn nodes(self) -> usize {
        self.first.len().saturating_sub(1)
    }

    /// The arcs of a node: where they lead and their weights.
    pub fn of(self, v: u32) -> &'a [(u32, u32)] {
        &self.arcs[self.first[v as usize] as usize..self.first[v as usize + 1] as usize]
    }

    /// The arcs of a run of nodes, to be asked by their place in it.
    pub(super) fn part(self, base: usize, len: usize) -> ArcsPart<'a> {
        ArcsPart { first: &self.first[base..=base + len], arcs: self.arcs }
    }

    /// Mean and largest weight.
    pub(crate) fn weights(self) -> (u32, u32) {
        self.weights
    }
}

/// The arcs of a run of nodes.
#[derive(Clone, Copy)]
pub(super) struct ArcsPart<'a> {
    first: &'a [u32],
    arcs: &'a [(u32, u32)],
}

impl<'a> ArcsPart<'a> {
    /// The arcs of the `v`th node of the run.
    #[inline]
    pub fn of(self, v: u32) -> &'a [(u32, u32)] {
        &self.arcs[self.first[v as usize] as usize..self.first[v as usize + 1] as usize]
    }
}

/// Mean and largest of the weights; 0 without any.
pub(crate) fn weights(arcs: &[(u32, u32)]) -> (u32, u32) {
    let sum: u64 = arcs.iter().map(|a| u64::from(a.1)).sum();
    let mean = sum / (arcs.len() as u64).max(1); // of u32 values, so it fits
    (mean as u32, arcs.iter().map(|a| a.1).max().unwrap_or(0))
}

/// Arcs in one direction, owned.
///
/// ```
/// use chargegap::internals::engine::{Graph, NearestSearch, Seed};
/// // 0 ──5── 1 ──7── 2, both ways
/// let graph = Graph::new(3, || [(0, 1, 5), (1, 0, 5), (1, 2, 7), (2, 1, 7)].into_iter())?;
/// let mut search = NearestSearch::default();
/// search.run(graph.arcs(), &[Seed::at(2, 40)], u32::MAX);
/// assert_eq!((search.reach().cost(0), search.reach().label(0)), (12, 40));
/// # Ok::<(), chargegap::internals::error::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Graph {
    first: Vec<u32>,
    arcs: Vec<(u32, u32)>,
    weights: (u32, u32),
}

impl Graph {
    /// From a list of arcs (from, to, weight) that can be walked twice. Loops and repeated arcs are fine.
    ///
    /// # Errors
    /// Input, naming the limit: 2^32 − 1 nodes or arcs; an arc to a node that is not there.
    pub fn new<I: Iterator<Item = (u32, u32, u32)>>(nodes: usize, list: impl Fn() -> I) -> Result<Self> {
        let too_many = |what: &str| Error::input(format!("there are more than 4,294,967,295 {what}"), "split the region");
        let count = u32::try_from(nodes).map_err(|_| too_many("nodes"))?;
        let mut first = vec![0u32; nodes + 1];
        let mut total = 0u32;
        for (from, to, _) in list() {
            if from.max(to) >= count {
                let what = format!("an arc from {from} to {to} leaves the {count} nodes");
                return Err(Error::input(what, "number the nodes from 0"));
            }
            first[from as usize] += 1;
            total = total.checked_add(1).ok_or_else(|| too_many("arcs"))?;
        }
        let mut end = 0;
        for f in &mut first {
            end += *f;
            *f = end;
        }
        // Filled from the back, which leaves each number at the first arc of its node.
        let mut arcs = vec![(0, 0); total as usize];
        for (from, to, weight) in list() {
            let slot = &mut first[from as usize];
            *slot -= 1;
            arcs[*slot as usize] = (to, weight);
        }
        let weights = weights(&arcs);
        Ok(Self { first, arcs, weights })
    }

    /// What a search walks on.
    pub fn arcs(&self) -> Arcs<'_> {
        Arcs::new(&self.first, &self.arcs, self.weights)
    }
}
