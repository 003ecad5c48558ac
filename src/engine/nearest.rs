//! The nearest station of every node and its label: one search from all stations at once.
//!
//! A large network with many stations is searched cell by cell: a cell is a run of nodes along the Hilbert curve whose
//! working set fits into a core's cache. Each cell is settled by itself, what crosses its border is handed over, and the
//! cells that were handed something lower are settled again, until nothing changes. Cells are settled in parallel.

use super::arcs::Arcs;
use super::buckets::Buckets;
use super::pool::Pool;
use super::{Reach, UNREACHABLE, cost_of, pack, states_below};
use rayon::prelude::*;

/// Nodes in a cell: 2^17 have 1 MB of states and 3 MB of arcs. Measured from 2^13 to 2^24; see `guide::engine`.
const CELL: usize = 1 << 17;

/// The size of the cells for so many nodes and seeds. With fewer seeds than half the cells, one wave over everything is
/// less work than settling cells again and again.
pub(super) fn cell_size(nodes: usize, seeds: usize, cell: usize) -> usize {
    if seeds * 2 >= nodes.div_ceil(cell) { cell } else { nodes.max(1) }
}

/// Where a search starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seed {
    /// Node.
    pub node: u32,
    /// Cost from there, in the unit of the weights.
    pub cost: u32,
    /// Label, for instance the number of a station; of equal costs the lowest label counts.
    pub label: u32,
}

impl Seed {
    /// A station on a node.
    pub fn at(node: u32, label: u32) -> Self {
        Self { node, cost: 0, label }
    }
}

/// A packed state for a node.
pub(super) type Message = (u64, u32);

/// What a thread settles a cell with.
#[derive(Debug, Default)]
pub(super) struct Desk {
    queue: Buckets<(u32, u32)>,
    batch: Vec<(u32, u32)>,
}

impl Desk {
    /// For arcs of these weights (mean and largest).
    pub fn new(weights: (u32, u32)) -> Self {
        let mut desk = Self::default();
        desk.queue.fit(weights);
        desk
    }
}

/// The search; it keeps its memory from one run to the next.
#[derive(Debug, Default)]
pub struct NearestSearch {
    reach: Reach,
    inbox: Vec<Vec<Message>>,
    desks: Pool<Desk>,
}

impl NearestSearch {
    /// Finds the nearest seed of every node, not further than `limit`. Seeds must lie on nodes.
    ///
    /// Costs that do not fit below [`UNREACHABLE`] count as unreachable. Of equally near seeds the lowest label counts.
    ///
    /// # Complexity
    /// About O(n + m) for dense seeds; memory 8 bytes a node beside the arcs.
    ///
    /// # References
    /// E. W. Dijkstra 1959; R. B. Dial, *Algorithm 360: shortest-path forest with topological ordering*, 1969 (buckets);
    /// U. Meyer, P. Sanders, *Δ-stepping*, 2003 (buckets wider than the shortest arc).
    pub fn run(&mut self, arcs: Arcs<'_>, seeds: &[Seed], limit: u32) {
        self.run_in_cells(arcs, seeds, limit, cell_size(arcs.nodes(), seeds.len(), CELL));
    }

    /// As [`NearestSearch::run`], with cells of so many nodes.
    pub(super) fn run_in_cells(&mut self, arcs: Arcs<'_>, seeds: &[Seed], limit: u32, cell: usize) {
        self.desks.each(|desk| desk.queue.fit(arcs.weights()));
        self.reach.state.resize(arcs.nodes(), 0);
        self.inbox.resize_with(arcs.nodes().div_ceil(cell), Vec::new);
        for s in seeds {
            self.inbox[s.node as usize / cell].push((pack(s.cost, s.label), s.node));
        }
        let below = states_below(limit);
        let mut first = true;
        while first || self.inbox.iter().any(|messages| !messages.is_empty()) {
            self.round(arcs, below, cell, first);
            first = false;
        }
    }

    /// Settles every cell that was handed something, and hands on what crosses the borders.
    fn round(&mut self, arcs: Arcs<'_>, below: u64, cell: usize, first: bool) {
        let Self { reach, inbox, desks } = self;
        let parts = reach.state.par_chunks_mut(cell).zip(inbox.par_iter_mut()).enumerate().with_max_len(1);
        let handed: Vec<Vec<Message>> = parts
            .map(|(i, (part, messages))| {
                if first {
                    part.fill(u64::MAX);
                }
                let mut out = Vec::new();
                if !messages.is_empty() {
                    let desk = || Desk::new(arcs.weights());
                    messages.sort_unstable();
                    let these = arcs.part(i * cell, part.len());
                    let settle = |desk: &mut Desk| {
                        settle(|v| these.of(v), (i * cell, part), messages, below, desk, |_, _| {}, &mut out);
                    };
                    desks.with(desk, settle);
                    messages.clear();
                }
                out
            })
            .collect();
        for message in handed.into_iter().flatten() {
            inbox[message.1 as usize / cell].push(message);
        }
    }

    /// What was found.
    pub fn reach(&self) -> &Reach {
        &self.reach
    }

    /// What was found; the search is used up.
    pub fn into_reach(self) -> Reach {
        self.reach
    }
}

/// Settles the nodes of one cell, which begins at node `base`, from messages in the order of their costs. What would
/// lower a node of another cell goes `out`; `was` is told what every state was before it is lowered.
pub(super) fn settle<'a>(
    arcs_of: impl Fn(u32) -> &'a [(u32, u32)],
    (base, state): (usize, &mut [u64]),
    messages: &[Message],
    below: u64,
    desk: &mut Desk,
    mut was: impl FnMut(u32, u64),
    out: &mut Vec<Message>,
) {
    let Desk { queue, batch } = desk;
    let base = base as u32; // nodes are numbered in 32 bits
    let mut waiting = messages.iter().peekable();
    queue.restart();
    loop {
        if queue.is_empty() {
            let Some((next, _)) = waiting.peek() else { return };
            queue.go_to(cost_of(*next));
        }
        while let Some(&(next, node)) = waiting.next_if(|m| queue.is_due(cost_of(m.0))) {
            let v = node - base;
            if next < state[v as usize] && next < below {
                was(v, state[v as usize]);
                state[v as usize] = next;
                queue.push(cost_of(next), (v, cost_of(next)));
            }
        }
        let stop = waiting.peek().map_or(UNREACHABLE, |m| cost_of(m.0));
        if !queue.take_up_to(batch, stop) {
            continue;
        }
        for &(v, cost) in batch.iter() {
            let known = state[v as usize];
            if cost_of(known) != cost {
                continue; // settled lower since
            }
            for &(to, weight) in arcs_of(v) {
                let next = known.saturating_add(u64::from(weight) << 32);
                if next >= below {
                    continue;
                }
                let u = to.wrapping_sub(base);
                match state.get_mut(u as usize) {
                    Some(state) if next < *state => {
                        was(u, *state);
                        *state = next;
                        queue.push(cost_of(next), (u, cost_of(next)));
                    }
                    Some(_) => {}
                    None => out.push((next, to)),
                }
            }
        }
    }
}
