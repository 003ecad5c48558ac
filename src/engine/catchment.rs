//! Catchments: which settlements lie within reach of each candidate site, as sparse pairs that are streamed.

use super::arcs::Arcs;
use super::buckets::Buckets;
use super::pool::Pool;
use rayon::prelude::*;

/// Sites that one thread searches in a row: neighbours, so that what one search read is still at hand for the next.
const IN_A_ROW: usize = 16;
/// Sites whose pairs are held at once when they are streamed.
const HELD: usize = 1024;

const NOTHING: u32 = u32::MAX;

/// What may lie in a catchment, by node.
#[derive(Clone, Debug, Default)]
pub struct Targets {
    /// Place in the list of a node's first target.
    start: Vec<u32>,
    /// Node and number of each target, sorted.
    list: Vec<(u32, u32)>,
}

impl Targets {
    /// Target `i` stands on node `on[i]`.
    pub fn new(nodes: usize, on: &[u32]) -> Self {
        let mut list: Vec<(u32, u32)> = on.iter().copied().zip(0..).collect();
        list.sort_unstable();
        let mut start = vec![NOTHING; nodes];
        for (i, (node, _)) in list.iter().enumerate().rev() {
            start[*node as usize] = i as u32; // no more targets than nodes are numbered
        }
        Self { start, list }
    }

    #[inline]
    fn on(&self, v: u32) -> impl Iterator<Item = u32> {
        let from = self.list.get(self.start[v as usize] as usize..).unwrap_or_default();
        from.iter().take_while(move |t| t.0 == v).map(|t| t.1)
    }
}

/// Working space of one thread.
#[derive(Debug, Default)]
struct CatchmentDesk {
    /// Cost of each node plus the floor of the search that wrote it. Every search has a lower floor than the one before,
    /// so that what older ones left counts as infinite and nothing needs to be cleared.
    state: Vec<u32>,
    floor: u32,
    seen: Vec<u32>,
    pairs: Vec<(u32, u32)>,
    queue: Buckets<(u32, u32)>,
    batch: Vec<(u32, u32)>,
}

impl CatchmentDesk {
    fn new(arcs: Arcs<'_>) -> Self {
        let mut desk = Self { state: vec![u32::MAX; arcs.nodes()], floor: u32::MAX, ..Self::default() };
        desk.queue.fit(arcs.weights());
        desk
    }

    /// Finds what is within `limit` of a node.
    fn search(&mut self, arcs: Arcs<'_>, from: u32, targets: &Targets, limit: u32) {
        let limit = limit.min(u32::MAX - 2);
        if self.floor <= limit {
            self.state.fill(u32::MAX);
            self.floor = u32::MAX;
        }
        self.floor -= limit + 1;
        let (floor, top) = (self.floor, self.floor + limit);
        let Self { state, seen, queue, batch, .. } = self;
        seen.clear();
        seen.push(from);
        state[from as usize] = floor;
        queue.restart();
        queue.go_to(floor);
        queue.push(floor, (from, floor));
        let part = arcs.part(0, arcs.nodes());
        while queue.take(batch) {
            for &(v, cost) in batch.iter() {
                if state[v as usize] != cost {
                    continue; // settled lower since
                }
                for &(u, weight) in part.of(v) {
                    let next = cost.saturating_add(weight);
                    let known = &mut state[u as usize];
                    if next > top || next >= *known {
                        continue;
                    }
                    if *known > top {
                        seen.push(u);
                    }
                    *known = next;
                    queue.push(next, (u, next));
                }
            }
        }
        self.pairs.clear();
        for v in &self.seen {
            let cost = self.state[*v as usize] - floor;
            self.pairs.extend(targets.on(*v).map(|t| (t, cost)));
        }
    }
}

/// The searches; they keep their memory, one working space a thread of 4 bytes a node.
#[derive(Debug)]
pub struct Catchments<'a> {
    arcs: Arcs<'a>,
    targets: &'a Targets,
    limit: u32,
    desks: Pool<CatchmentDesk>,
}

impl<'a> Catchments<'a> {
    /// Catchments of `targets` within `limit` along `arcs`.
    pub fn new(arcs: Arcs<'a>, targets: &'a Targets, limit: u32) -> Self {
        Self { arcs, targets, limit, desks: Pool::default() }
    }

    /// Does something with the catchment of every site, in parallel, and gives the results in the order of `sites`.
    ///
    /// A catchment is a list of (target, cost) in an order that only depends on the network and the site.
    pub fn map<T: Send>(&self, sites: &[u32], work: impl Fn(usize, &[(u32, u32)]) -> T + Sync) -> Vec<T> {
        let mut order: Vec<u32> = (0..sites.len() as u32).collect();
        order.sort_by_key(|i| sites[*i as usize]);
        let rows: Vec<Vec<(u32, T)>> = order
            .par_chunks(IN_A_ROW)
            .map(|row| {
                self.desks.with(
                    || CatchmentDesk::new(self.arcs),
                    |desk| {
                        let one = |i: &u32| {
                            desk.search(self.arcs, sites[*i as usize], self.targets, self.limit);
                            (*i, work(*i as usize, &desk.pairs))
                        };
                        row.iter().map(one).collect()
                    },
                )
            })
            .collect();
        let mut all: Vec<(u32, T)> = rows.into_iter().flatten().collect();
        all.sort_by_key(|r| r.0);
        all.into_iter().map(|r| r.1).collect()
    }

    /// Hands the catchment of every site to `take`, in the order of their nodes, holding only some at a time.
    pub fn stream(&self, sites: &[u32], mut take: impl FnMut(usize, &[(u32, u32)])) {
        let mut order: Vec<u32> = (0..sites.len() as u32).collect();
        order.sort_by_key(|i| sites[*i as usize]);
        for held in order.chunks(HELD) {
            let nodes: Vec<u32> = held.iter().map(|i| sites[*i as usize]).collect();
            let lists = self.map(&nodes, |_, pairs| pairs.to_vec());
            for (i, pairs) in held.iter().zip(&lists) {
                take(*i as usize, pairs);
            }
        }
    }
}
