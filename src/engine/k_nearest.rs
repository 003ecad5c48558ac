//! The k nearest stations of every node, each with its cost: for choice, and for what is left when a station fails.
//!
//! A node keeps the k lowest pairs of cost and label, labels distinct. If a station is among the k of a node, it is among
//! the k of the next node on its way, so nothing else needs to be kept. Cells as in [`super::NearestSearch`].

use super::arcs::Arcs;
use super::buckets::Buckets;
use super::nearest::{Seed, cell_size};
use super::pool::Pool;
use super::{UNREACHABLE, cost_of, label_of, pack, states_below};
use rayon::prelude::*;

/// Nodes in a cell, half of [`super::NearestSearch`]'s: there is more to a node. Measured from 2^12 to 2^24.
const CELL: usize = 1 << 16;

type KMessage = (u64, u32);

#[derive(Debug, Default)]
struct KDesk {
    queue: Buckets<(u64, u32)>,
    batch: Vec<(u64, u32)>,
}

/// The search; it keeps its memory from one run to the next.
#[derive(Debug, Default)]
pub struct KNearest {
    k: usize,
    rows: Vec<u64>,
    inbox: Vec<Vec<KMessage>>,
    desks: Pool<KDesk>,
}

impl KNearest {
    /// Finds the `k` nearest seeds of every node, not further than `limit`. Memory: 8 `k` bytes a node beside the arcs.
    ///
    /// ```
    /// use chargegap::internals::engine::{Graph, KNearest, Seed};
    /// let graph = Graph::new(3, || [(0, 1, 5), (1, 0, 5), (1, 2, 7), (2, 1, 7)].into_iter())?;
    /// let mut search = KNearest::default();
    /// search.run(graph.arcs(), &[Seed::at(0, 40), Seed::at(2, 41)], 2, u32::MAX);
    /// let of_0: Vec<_> = search.of(0).collect();
    /// assert_eq!(of_0, [(0, 40), (12, 41)]);
    /// # Ok::<(), chargegap::internals::error::Error>(())
    /// ```
    pub fn run(&mut self, arcs: Arcs<'_>, seeds: &[Seed], k: usize, limit: u32) {
        self.run_in_cells(arcs, seeds, k, limit, cell_size(arcs.nodes(), seeds.len(), CELL));
    }

    pub(super) fn run_in_cells(&mut self, arcs: Arcs<'_>, seeds: &[Seed], k: usize, limit: u32, cell: usize) {
        self.k = k.max(1);
        self.desks.each(|desk| desk.queue.fit(arcs.weights()));
        self.rows.resize(arcs.nodes() * self.k, 0);
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

    fn round(&mut self, arcs: Arcs<'_>, below: u64, cell: usize, first: bool) {
        let Self { k, rows, inbox, desks } = self;
        let k = *k;
        let parts = rows.par_chunks_mut(cell * k).zip(inbox.par_iter_mut()).enumerate().with_max_len(1);
        let handed: Vec<Vec<KMessage>> = parts
            .map(|(i, (rows, messages))| {
                if first {
                    rows.fill(u64::MAX);
                }
                let mut out = Vec::new();
                if !messages.is_empty() {
                    let desk = || {
                        let mut desk = KDesk::default();
                        desk.queue.fit(arcs.weights());
                        desk
                    };
                    messages.sort_unstable();
                    desks.with(desk, |desk| settle_rows(arcs, i * cell, k, rows, messages, below, desk, &mut out));
                    messages.clear();
                }
                out
            })
            .collect();
        for message in handed.into_iter().flatten() {
            inbox[message.1 as usize / cell].push(message);
        }
    }

    /// The seeds nearest to a node, nearest first, as (cost, label); fewer than k where no more can be reached.
    pub fn of(&self, v: u32) -> impl Iterator<Item = (u32, u32)> {
        let row = &self.rows[v as usize * self.k..(v as usize + 1) * self.k];
        row.iter().take_while(|s| **s != u64::MAX).map(|s| (cost_of(*s), label_of(*s)))
    }
}

/// Rows of packed states, each row sorted: `K` in a row, or `k` where `K` is 0. A number that is known when this is compiled lets
/// the loops over a row be laid out flat.
struct PackedRows<'a, const K: usize> {
    k: usize,
    rows: &'a mut [u64],
}

impl<const K: usize> PackedRows<'_, K> {
    #[inline(always)]
    fn of(&mut self, v: u32) -> Option<&mut [u64]> {
        let k = if K > 0 { K } else { self.k };
        let start = v as usize * k;
        self.rows.get_mut(start..start + k)
    }
}

/// Puts a state into a row; false when the row is no better for it.
#[inline(always)]
fn insert(row: &mut [u64], next: u64) -> bool {
    let last = row.len() - 1;
    if next >= row[last] {
        return false;
    }
    // What gives way: the same label at a higher cost, else the last.
    let mut at = last;
    for (i, known) in row.iter().enumerate() {
        if label_of(*known) == label_of(next) {
            if *known <= next {
                return false;
            }
            at = i;
            break;
        }
    }
    while at > 0 && row[at - 1] > next {
        row[at] = row[at - 1];
        at -= 1;
    }
    row[at] = next;
    true
}

/// Settles a cell, by the code for its k.
#[expect(clippy::too_many_arguments, reason = "they are those of settle, which has one less")]
fn settle_rows(
    arcs: Arcs<'_>,
    base: usize,
    k: usize,
    rows: &mut [u64],
    messages: &[KMessage],
    below: u64,
    desk: &mut KDesk,
    out: &mut Vec<KMessage>,
) {
    match k {
        2 => settle(arcs, base, PackedRows::<2> { k, rows }, messages, below, desk, out),
        3 => settle(arcs, base, PackedRows::<3> { k, rows }, messages, below, desk, out),
        5 => settle(arcs, base, PackedRows::<5> { k, rows }, messages, below, desk, out),
        _ => settle(arcs, base, PackedRows::<0> { k, rows }, messages, below, desk, out),
    }
}

fn settle<const K: usize>(
    arcs: Arcs<'_>,
    base: usize,
    mut rows: PackedRows<'_, K>,
    messages: &[KMessage],
    below: u64,
    desk: &mut KDesk,
    out: &mut Vec<KMessage>,
) {
    let KDesk { queue, batch } = desk;
    let part = arcs.part(base, rows.rows.len() / if K > 0 { K } else { rows.k });
    let base = base as u32; // nodes are numbered in 32 bits
    let mut waiting = messages.iter().peekable();
    queue.restart();
    loop {
        if queue.is_empty() {
            let Some((next, _)) = waiting.peek() else { return };
            queue.go_to(cost_of(*next));
        }
        while let Some(&(next, node)) = waiting.next_if(|m| queue.is_due(cost_of(m.0))) {
            if next < below && rows.of(node - base).is_some_and(|row| insert(row, next)) {
                queue.push(cost_of(next), (next, node - base));
            }
        }
        let stop = waiting.peek().map_or(UNREACHABLE, |m| cost_of(m.0));
        if !queue.take_up_to(batch, stop) {
            continue;
        }
        for &(known, v) in batch.iter() {
            if !rows.of(v).is_some_and(|row| row.contains(&known)) {
                continue; // pushed out, or bettered, since
            }
            for &(to, weight) in part.of(v) {
                let next = known.saturating_add(u64::from(weight) << 32);
                if next >= below {
                    continue;
                }
                let u = to.wrapping_sub(base);
                match rows.of(u) {
                    Some(row) => {
                        if insert(row, next) {
                            queue.push(cost_of(next), (next, u));
                        }
                    }
                    None => out.push((next, to)),
                }
            }
        }
    }
}
