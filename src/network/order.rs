//! Node order along a Hilbert curve, so that neighbours on the ground are neighbours in memory.

use crate::space::LonLat;
use rayon::prelude::*;

/// The new number of each node.
pub fn hilbert_rank(nodes: &[LonLat]) -> Vec<u32> {
    let mut keyed: Vec<(u64, u32)> = nodes
        .par_iter()
        .enumerate()
        .map(|(i, p)| {
            let (x, y) = p.e7();
            // Shifted to unsigned; the order of the curve needs all 32 bits of each.
            let key = fast_hilbert::xy2h(x.wrapping_sub(i32::MIN) as u32, y.wrapping_sub(i32::MIN) as u32, 32);
            (key, i as u32)
        })
        .collect();
    keyed.par_sort_unstable();
    let mut rank = vec![0; nodes.len()];
    for (new, (_, old)) in keyed.into_iter().enumerate() {
        rank[old as usize] = new as u32;
    }
    rank
}
