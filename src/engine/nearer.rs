//! Nodes that are nearer to a site than to whatever stands already: the part of a network in which one more site matters. A search goes no
//! farther than that, so that it stays small where much stands.

use super::arcs::Arcs;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The search; it keeps its memory from one site to the next.
#[derive(Debug, Default)]
pub struct NearerSearch {
    /// Cost by node, of those that were met.
    cost: Vec<u32>,
    met: Vec<u32>,
    heap: BinaryHeap<Reverse<(u32, u32)>>,
}

impl NearerSearch {
    /// Nodes whose cost along `arcs` from a site is below `than` of them, each with its cost, by node.
    ///
    /// A way to such a node leads only over such nodes, if `than` is the cost from a set of nodes along the same arcs: who passes a node that
    /// is as near to the set goes on as near to it. So nothing is missed.
    ///
    /// ```
    /// use chargegap::internals::engine::{Graph, NearerSearch};
    /// // 0 ──5── 1 ──7── 2 ──3── 3, both ways; something stands on 3
    /// let graph = Graph::new(4, || {
    ///     [(0, 1, 5), (1, 2, 7), (2, 3, 3)].into_iter().flat_map(|(a, b, w)| [(a, b, w), (b, a, w)])
    /// })?;
    /// let standing = [15, 10, 3, 0];
    /// let near = NearerSearch::default().run(graph.arcs(), 1, |v| standing[v as usize]);
    /// assert_eq!(near, [(0, 5), (1, 0)]); // 2 is 7 from node 1 and 3 from what stands
    /// # Ok::<(), chargegap::internals::error::Error>(())
    /// ```
    pub fn run(&mut self, arcs: Arcs<'_>, from: u32, than: impl Fn(u32) -> u32) -> Vec<(u32, u32)> {
        self.cost.resize(arcs.nodes(), u32::MAX);
        self.reach(from, 0, &than);
        while let Some(Reverse((cost, v))) = self.heap.pop() {
            if self.cost[v as usize] != cost {
                continue; // settled lower since
            }
            for &(u, weight) in arcs.of(v) {
                self.reach(u, cost.saturating_add(weight), &than);
            }
        }
        self.met.sort_unstable();
        let all = self.met.iter().map(|v| (*v, self.cost[*v as usize])).collect();
        self.met.drain(..).for_each(|v| self.cost[v as usize] = u32::MAX);
        all
    }

    fn reach(&mut self, v: u32, cost: u32, than: &impl Fn(u32) -> u32) {
        let known = &mut self.cost[v as usize];
        if cost >= *known || cost >= than(v) {
            return;
        }
        if *known == u32::MAX {
            self.met.push(v);
        }
        *known = cost;
        self.heap.push(Reverse((cost, v)));
    }
}
