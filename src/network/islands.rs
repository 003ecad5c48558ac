//! Pieces of network that are cut off from the rest, found with petgraph's union–find.

use super::Draft;
use crate::space::LonLat;
use petgraph::unionfind::UnionFind;
use std::collections::BTreeMap;

/// A cut-off piece that was taken out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Island {
    /// A position on it.
    pub at: LonLat,
    /// Number of edges.
    pub edges: u64,
    /// Length by county index ([`super::NO_COUNTY`] for none), millimetres.
    pub length_mm: BTreeMap<u32, u64>,
}

impl Island {
    /// Length in all, millimetres.
    pub fn total_mm(&self) -> u64 {
        self.length_mm.values().sum()
    }
}

/// Takes out every piece shorter than `min_mm`, except the longest, and returns them in the order of their first edge.
///
/// Pieces are weakly connected: one-way rules do not cut.
pub fn remove_islands(draft: &mut Draft, min_mm: u64) -> Vec<Island> {
    let mut sets = UnionFind::<u32>::new(draft.nodes.len());
    for e in &draft.edges {
        sets.union(e.tail, e.head);
    }
    let label = sets.into_labeling();
    let mut total = vec![0u64; draft.nodes.len()];
    for e in &draft.edges {
        total[label[e.tail as usize] as usize] += u64::from(e.length_mm);
    }
    let longest = total.iter().copied().max().unwrap_or(0);
    let goes = |set: u32| total[set as usize] < min_mm && total[set as usize] < longest;

    let mut number: BTreeMap<u32, usize> = BTreeMap::new();
    let mut islands: Vec<Island> = Vec::new();
    let edges = std::mem::take(&mut draft.edges);
    for e in edges {
        let set = label[e.tail as usize];
        if !goes(set) {
            draft.edges.push(e);
            continue;
        }
        let i = *number.entry(set).or_insert_with(|| {
            islands.push(Island { at: draft.nodes[e.tail as usize], edges: 0, length_mm: BTreeMap::new() });
            islands.len() - 1
        });
        islands[i].edges += 1;
        *islands[i].length_mm.entry(e.county).or_default() += u64::from(e.length_mm);
    }
    islands
}
