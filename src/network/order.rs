//! Order along a Hilbert curve, so that neighbours on the ground are neighbours in memory.
//!
//! It is made twice: when a network is built, and when stations have become nodes of it. The second time almost everything is in
//! order already, and a sort that knows that takes little more than a look.

use super::{Draft, Edge, Placed};
use crate::space::LonLat;
use rayon::prelude::*;

impl Draft {
    /// Renumbers the nodes along the curve, turns and sorts the edges by them so that neither the order of roads in a file nor the
    /// way in which a two-way road was drawn shows in any result. `marked` nodes and points `placed` on edges move with them.
    pub(super) fn order_along_curve(&mut self, marked: &mut [u32], placed: &mut [Placed]) {
        let order = along_curve(&self.nodes);
        let rank = places(&order);
        for m in marked {
            *m = rank[*m as usize];
        }
        self.turn_by(&rank, placed);
        self.nodes = in_order(&self.nodes, &order);
        let order = by_nodes(&self.edges);
        self.edges = in_order(&self.edges, &order);
        if placed.is_empty() {
            return;
        }
        let new_number = places(&order);
        for p in placed {
            p.edge = new_number[p.edge as usize];
        }
    }

    /// Gives edges the new numbers of their nodes and turns those that may be driven both ways from the lower to the higher.
    fn turn_by(&mut self, rank: &[u32], placed: &mut [Placed]) {
        let mut turned = vec![false; self.edges.len()];
        for (e, turned) in self.edges.iter_mut().zip(&mut turned) {
            (e.tail, e.head) = (rank[e.tail as usize], rank[e.head as usize]);
            let line = &mut self.points[e.first as usize..(e.first + e.len) as usize];
            let backwards = e.tail > e.head || (e.tail == e.head && line.iter().gt(line.iter().rev()));
            if !e.oneway && backwards {
                std::mem::swap(&mut e.tail, &mut e.head);
                line.reverse();
                *turned = true;
            }
        }
        for p in placed.iter_mut().filter(|p| turned[p.edge as usize]) {
            p.offset_mm = self.edges[p.edge as usize].length_mm - p.offset_mm;
        }
    }
}

/// The numbers of the edges by their nodes, then by what else tells them apart, then as they stood.
fn by_nodes(edges: &[Edge]) -> Vec<u32> {
    let nodes = |e: &Edge| u64::from(e.tail) << 32 | u64::from(e.head);
    let keyed: Vec<(u64, u32)> = edges.par_iter().zip(0..edges.len() as u32).map(|(e, i)| (nodes(e), i)).collect();
    let mut order: Vec<(u64, u32)> = sorted(keyed);
    for same in order.chunk_by_mut(|a, b| a.0 == b.0).filter(|g| g.len() > 1) {
        same.sort_by_key(|(_, i)| {
            let e = &edges[*i as usize];
            (e.length_mm, e.time_ms, e.class, e.oneway, *i)
        });
    }
    order.into_iter().map(|(_, i)| i).collect()
}

/// Puts `list[order[i]]` in place `i`, along the cycles of the order, so that no second list is needed.
pub(super) fn rearrange<T: Copy>(list: &mut [T], mut order: Vec<u32>) {
    for start in 0..list.len() {
        let (mut i, first) = (start, list[start]);
        loop {
            let from = std::mem::replace(&mut order[i], i as u32) as usize;
            if from == start {
                list[i] = first;
                break;
            }
            list[i] = list[from];
            i = from;
        }
    }
}

/// A list in another order; a second list for a moment, but read almost from front to back, which following the cycles of the
/// order in place is not.
fn in_order<T: Copy>(list: &[T], order: &[u32]) -> Vec<T> {
    order.iter().map(|i| list[*i as usize]).collect()
}

/// The place of each, from what stands in each place.
fn places(order: &[u32]) -> Vec<u32> {
    let mut place = vec![0; order.len()];
    for (new, old) in (0u32..).zip(order) {
        place[*old as usize] = new;
    }
    place
}

/// Sorted; quick where little is out of order. What is smaller than something before it is taken out, sorted, and merged in.
fn sorted(list: Vec<(u64, u32)>) -> Vec<(u64, u32)> {
    let strays = list.windows(2).filter(|w| w[1] < w[0]).count();
    let mut list = list;
    if strays * 16 < list.len() {
        dmsort::sort_copy(&mut list);
    } else {
        list.par_sort_unstable();
    }
    list
}

/// The new number of each node, along the curve; also for programs that search a network of their own.
pub fn hilbert_rank(nodes: &[LonLat]) -> Vec<u32> {
    places(&along_curve(nodes))
}

/// The numbers of positions in the order in which the curve comes by them.
pub(super) fn along_curve(nodes: &[LonLat]) -> Vec<u32> {
    let key = |(i, p): (usize, &LonLat)| {
        let (x, y) = p.e7();
        // Shifted to unsigned; the order of the curve needs all 32 bits of each.
        (fast_hilbert::xy2h(x.wrapping_sub(i32::MIN) as u32, y.wrapping_sub(i32::MIN) as u32, 32), i as u32)
    };
    let keyed: Vec<(u64, u32)> = nodes.par_iter().enumerate().map(key).collect();
    sorted(keyed).into_iter().map(|(_, i)| i).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rearranging_follows_the_order() {
        let mut list = ['a', 'b', 'c', 'd', 'e', 'f'];
        rearrange(&mut list, vec![2, 0, 1, 3, 5, 4]);
        assert_eq!(list, ['c', 'a', 'b', 'd', 'f', 'e']);
    }

    #[test]
    fn strays_are_merged_in() {
        // 0, 10, 20 … with every hundredth number moved to the end: few strays. And all backwards: many.
        let (kept, moved): (Vec<_>, Vec<_>) = (0..10_000u32).map(|i| (u64::from(i) * 10, i)).partition(|(_, i)| i % 100 != 7);
        let nearly: Vec<_> = kept.into_iter().chain(moved.into_iter().rev()).collect();
        let whole: Vec<_> = (0..10_000u32).map(|i| (u64::from(i) * 10, i)).collect();
        assert_eq!(sorted(nearly), whole);
        assert_eq!(sorted(whole.iter().rev().copied().collect()), whole);
    }
}
