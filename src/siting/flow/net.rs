//! Roads as flows see them: nodes and directed arcs with lengths in millimetres.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Farther than anything.
pub(super) const FAR: u64 = u64::MAX;

/// A network of directed arcs.
#[derive(Clone, Debug)]
pub struct FlowNet {
    ways: [Ways; 2],
}

/// Arcs by the node at one end.
#[derive(Clone, Debug)]
struct Ways {
    first: Vec<u32>,
    arcs: Vec<(u32, u64)>,
}

impl FlowNet {
    /// A network of so many nodes; arcs are (from, to, millimetres) and lead one way. None where an arc has a node that there is not.
    pub fn new(nodes: usize, arcs: &[(u32, u32, u64)]) -> Option<Self> {
        let there = |n: u32| (n as usize) < nodes;
        if !arcs.iter().all(|(a, b, _)| there(*a) && there(*b)) {
            return None;
        }
        let ways = |list: Vec<(u32, u32, u64)>| {
            let (first, arcs) = by_first(nodes, list);
            Ways { first, arcs }
        };
        Some(Self { ways: [ways(arcs.to_vec()), ways(arcs.iter().map(|(a, b, l)| (*b, *a, *l)).collect())] })
    }

    /// How many nodes there are.
    pub fn nodes(&self) -> usize {
        self.ways[0].first.len() - 1
    }

    /// Distances from a node (`back` false) or to it, as far as `most`; beyond it [`FAR`].
    pub(super) fn distances(&self, node: u32, back: bool, most: u64) -> Vec<u64> {
        let ways = &self.ways[usize::from(back)];
        let mut all = vec![FAR; self.nodes()];
        let mut heap = BinaryHeap::from([Reverse((0u64, node))]);
        all[node as usize] = 0;
        while let Some(Reverse((d, n))) = heap.pop() {
            if d > all[n as usize] {
                continue;
            }
            for (to, length) in &ways.arcs[ways.first[n as usize] as usize..ways.first[n as usize + 1] as usize] {
                let far = d.saturating_add(*length);
                if far <= most && far < all[*to as usize] {
                    all[*to as usize] = far;
                    heap.push(Reverse((far, *to)));
                }
            }
        }
        all
    }
}

/// Lists one behind the other, by their first member: where each begins, and (second, third).
pub(super) fn by_first(many: usize, mut list: Vec<(u32, u32, u64)>) -> (Vec<u32>, Vec<(u32, u64)>) {
    list.sort_unstable();
    let mut first = vec![0u32; many + 1];
    list.iter().for_each(|(a, ..)| first[*a as usize + 1] += 1);
    (0..many).for_each(|i| first[i + 1] += first[i]);
    (first, list.into_iter().map(|(_, b, l)| (b, l)).collect())
}
