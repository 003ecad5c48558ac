//! Pieces of network that are cut off from the rest, found with petgraph's union–find.

use super::draft::Edge;
use super::snap::nearest_of_edges;
use super::{Draft, SnapIndex};
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

/// A cut-off piece that stays, because somebody lives on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inhabited {
    /// A position on it.
    pub at: LonLat,
    /// Its length, millimetres.
    pub total_mm: u64,
    /// A settlement on it, by its number; the first of all.
    pub settlement: usize,
}

/// Takes out every piece shorter than `min_mm`, except the longest, and returns them in the order of their first edge.
///
/// Pieces are weakly connected: one-way rules do not cut.
pub fn remove_islands(draft: &mut Draft, min_mm: u64) -> Vec<Island> {
    remove_uninhabited(draft, min_mm, &[], 0.0).0
}

/// The same, but a piece stays where one of the `settlements` meets it within `reach_m` metres and no road of the rest: its people are
/// there, and have no way to a station unless one stands on their piece.
pub fn remove_uninhabited(draft: &mut Draft, min_mm: u64, settlements: &[LonLat], reach_m: f64) -> (Vec<Island>, Vec<Inhabited>) {
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
    let set_of = |e: &Edge| label[e.tail as usize];
    let goes = |e: &Edge| {
        let sum = total[set_of(e) as usize];
        sum < min_mm && sum < longest
    };
    let gone: Vec<Edge> = draft.edges.iter().filter(|e| goes(e)).copied().collect();
    let lived_on = lived_on(draft, &gone, (settlements, reach_m), &set_of, &goes);
    let mut first: BTreeMap<u32, LonLat> = BTreeMap::new();
    for e in gone.iter().filter(|e| lived_on.contains_key(&set_of(e))) {
        first.entry(set_of(e)).or_insert(draft.nodes[e.tail as usize]);
    }
    let inhabited = lived_on.iter().map(|(set, settlement)| {
        let at = first.get(set).copied().unwrap_or_default();
        Inhabited { at, total_mm: total[*set as usize], settlement: *settlement }
    });
    let inhabited: Vec<Inhabited> = inhabited.collect();

    let mut number: BTreeMap<u32, usize> = BTreeMap::new();
    let mut islands: Vec<Island> = Vec::new();
    for e in gone.iter().filter(|e| !lived_on.contains_key(&set_of(e))) {
        let n = *number.entry(set_of(e)).or_insert_with(|| {
            islands.push(Island { at: draft.nodes[e.tail as usize], edges: 0, length_mm: BTreeMap::new() });
            islands.len() - 1
        });
        islands[n].edges += 1;
        *islands[n].length_mm.entry(e.county).or_default() += u64::from(e.length_mm);
    }
    draft.edges.retain(|e| !goes(e) || lived_on.contains_key(&set_of(e)));
    (islands, inhabited)
}

/// The pieces that settlements meet, and no road of the rest, each with its first settlement.
fn lived_on(
    draft: &Draft,
    gone: &[Edge],
    (settlements, reach_m): (&[LonLat], f64),
    set_of: &impl Fn(&Edge) -> u32,
    goes: &impl Fn(&Edge) -> bool,
) -> BTreeMap<u32, usize> {
    let mut found = BTreeMap::new();
    if gone.is_empty() {
        return found;
    }
    let hits = nearest_of_edges((gone, &draft.points), settlements, reach_m);
    let hits = hits.iter().enumerate().filter_map(|(i, hit)| Some((i, set_of(&gone[hit.as_ref()?.edge as usize]))));
    let hits: Vec<(usize, u32)> = hits.collect();
    if hits.is_empty() {
        return found;
    }
    let at: Vec<LonLat> = hits.iter().map(|(i, _)| settlements[*i]).collect();
    let around = SnapIndex::near(draft, &at, reach_m);
    let stays = |edge: u32| !goes(&draft.edges[edge as usize]);
    for ((settlement, set), at) in hits.into_iter().zip(at) {
        if !found.contains_key(&set) && around.nearest_where(at, reach_m, &stays).is_none() {
            found.insert(set, settlement);
        }
    }
    found
}
