//! What if: a finished search of nearest seeds, changed by one seed or one arc, touching only what becomes different.
//!
//! What gets nearer spreads from where it changed. What gets farther is first forgotten, as far as anything rested on what
//! is gone, and then found anew from the rim. Both end at the fixed point that a full search has, bit for bit.
//!
//! # References
//! G. Ramalingam, T. Reps, *An incremental algorithm for a generalization of the shortest-path problem*, 1996.

use super::arcs::Arcs;
use super::nearest::{Desk, Message, NearestSearch, Seed, settle};
use super::{Reach, UNREACHABLE, cost_of, pack, states_below};
use rustc_hash::FxHashMap;

/// Arcs that are not as the network has them: all arcs of some nodes.
type Changed = FxHashMap<u32, Vec<(u32, u32)>>;

/// A search that can be changed. It is given the same arcs with every call: `to` as the search walks them (turned round,
/// when costs are to a station) and `from` the other way.
#[derive(Debug)]
pub struct Live {
    reach: Reach,
    seeds: FxHashMap<u32, Vec<u64>>,
    to: Changed,
    from: Changed,
    weights: (u32, u32),
    desk: Desk,
    /// What the states were that the last change touched.
    before: FxHashMap<u32, u64>,
}

impl Live {
    /// Searches once, in full.
    pub fn new(to: Arcs<'_>, seeds: &[Seed]) -> Self {
        let mut search = NearestSearch::default();
        search.run(to, seeds, UNREACHABLE);
        let mut by_node: FxHashMap<u32, Vec<u64>> = FxHashMap::default();
        for s in seeds {
            by_node.entry(s.node).or_default().push(pack(s.cost, s.label));
        }
        Self {
            reach: search.into_reach(),
            seeds: by_node,
            to: Changed::default(),
            from: Changed::default(),
            weights: to.weights(),
            desk: Desk::new(to.weights()),
            before: FxHashMap::default(),
        }
    }

    /// How things are now.
    pub fn reach(&self) -> &Reach {
        &self.reach
    }

    /// The cost of a node before the last change.
    pub fn cost_before(&self, v: u32) -> u32 {
        self.before.get(&v).map_or_else(|| self.reach.cost(v), |state| cost_of(*state))
    }

    /// Nodes whose cost or label the last change made different, in ascending order.
    pub fn changed(&self) -> Vec<u32> {
        let differs = |(v, old): (&u32, &u64)| (self.reach.state[*v as usize] != *old).then_some(*v);
        let mut list: Vec<u32> = self.before.iter().filter_map(differs).collect();
        list.sort_unstable();
        list
    }

    /// Puts a seed on the network.
    pub fn add(&mut self, to: Arcs<'_>, seed: Seed) {
        self.before.clear();
        let state = pack(seed.cost, seed.label);
        self.seeds.entry(seed.node).or_default().push(state);
        self.spread(to, &[(state, seed.node)]);
    }

    /// Takes one seed away; nothing happens when it is not there.
    pub fn remove(&mut self, to: Arcs<'_>, from: Arcs<'_>, seed: Seed) {
        self.before.clear();
        let state = pack(seed.cost, seed.label);
        let here = self.seeds.entry(seed.node).or_default();
        let Some(at) = here.iter().position(|s| *s == state) else { return };
        here.swap_remove(at);
        if self.reach.state[seed.node as usize] == state {
            self.forget(to, from, seed.node);
        }
    }

    /// Opens an arc, in the direction of travel: from `tail` to `head`.
    pub fn open(&mut self, to: Arcs<'_>, from: Arcs<'_>, (tail, head, weight): (u32, u32, u32)) {
        self.before.clear();
        list(&mut self.to, to, head).push((tail, weight));
        list(&mut self.from, from, tail).push((head, weight));
        if weight > self.weights.1 {
            self.weights.1 = weight;
            self.desk = Desk::new(self.weights);
        }
        let next = self.reach.state[head as usize].saturating_add(u64::from(weight) << 32);
        self.spread(to, &[(next, tail)]);
    }

    /// Closes one arc of that weight between two nodes; nothing happens when there is none.
    pub fn close(&mut self, to: Arcs<'_>, from: Arcs<'_>, (tail, head, weight): (u32, u32, u32)) {
        self.before.clear();
        let into = list(&mut self.to, to, head);
        let Some(at) = into.iter().position(|a| *a == (tail, weight)) else { return };
        into.swap_remove(at);
        let out = list(&mut self.from, from, tail);
        if let Some(at) = out.iter().position(|a| *a == (head, weight)) {
            out.swap_remove(at);
        }
        let rested = self.reach.state[head as usize].saturating_add(u64::from(weight) << 32);
        if self.reach.state[tail as usize] == rested && rested != u64::MAX {
            self.forget(to, from, tail);
        }
    }

    /// Lets lower states spread.
    fn spread(&mut self, to: Arcs<'_>, messages: &[Message]) {
        let Self { reach, to: changed, desk, before, .. } = self;
        let was = |v: u32, old: u64| {
            before.entry(v).or_insert(old);
        };
        settle(
            |v| arcs_of(changed, to, v),
            (0, &mut reach.state),
            messages,
            states_below(UNREACHABLE),
            desk,
            was,
            &mut Vec::new(),
        );
    }

    /// Forgets a node and all that rested on it, and finds them anew.
    fn forget(&mut self, to: Arcs<'_>, from: Arcs<'_>, start: u32) {
        let mut stale = vec![start];
        let mut next = 0;
        self.before.insert(start, std::mem::replace(&mut self.reach.state[start as usize], u64::MAX));
        while let Some(&v) = stale.get(next) {
            next += 1;
            let old = self.before[&v];
            for &(u, weight) in arcs_of(&self.to, to, v) {
                let state = &mut self.reach.state[u as usize];
                if *state != u64::MAX && *state == old.saturating_add(u64::from(weight) << 32) {
                    self.before.insert(u, std::mem::replace(state, u64::MAX));
                    stale.push(u);
                }
            }
        }
        let best = |v: &u32| {
            let by_road = arcs_of(&self.from, from, *v)
                .iter()
                .map(|(u, w)| self.reach.state[*u as usize].saturating_add(u64::from(*w) << 32));
            let by_seed = self.seeds.get(v).into_iter().flatten().copied();
            by_road.chain(by_seed).min().filter(|s| *s != u64::MAX).map(|s| (s, *v))
        };
        let mut messages: Vec<Message> = stale.iter().filter_map(best).collect();
        messages.sort_unstable();
        self.spread(to, &messages);
    }
}

/// The arcs of a node, as changed.
fn arcs_of<'a>(changed: &'a Changed, arcs: Arcs<'a>, v: u32) -> &'a [(u32, u32)] {
    if changed.is_empty() {
        return arcs.of(v);
    }
    changed.get(&v).map_or_else(|| arcs.of(v), Vec::as_slice)
}

/// The list of a node's arcs, to be changed.
fn list<'a>(changed: &'a mut Changed, arcs: Arcs<'_>, v: u32) -> &'a mut Vec<(u32, u32)> {
    changed.entry(v).or_insert_with(|| arcs.of(v).to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Graph;
    use crate::engine::tests::Draws;

    fn both(nodes: usize, arcs: &[(u32, u32, u32)]) -> (Graph, Graph) {
        let to = Graph::new(nodes, || arcs.iter().map(|(a, b, w)| (*b, *a, *w))).unwrap();
        (to, Graph::new(nodes, || arcs.iter().copied()).unwrap())
    }

    /// Loops, repeated arcs, weights of zero, islands, one-way arcs, several seeds on one node, seeds with a cost.
    #[test]
    fn ten_thousand_edits_equal_a_full_search_each() {
        let mut draw = Draws(7);
        let mut edits = 0;
        for _ in 0..100 {
            let n = 2 + draw.below(60);
            let mut arcs: Vec<(u32, u32, u32)> =
                (0..draw.below(n * 3)).map(|_| (draw.below(n), draw.below(n), draw.below(40))).collect();
            let mut seeds: Vec<Seed> =
                (0..draw.below(4)).map(|i| Seed { node: draw.below(n), cost: draw.below(3) * 10, label: i }).collect();
            let (to, from) = both(n as usize, &arcs);
            let mut live = Live::new(to.arcs(), &seeds);
            for label in 10..110 {
                edits += 1;
                let before: Vec<u64> = live.reach.state.clone();
                match draw.below(4) {
                    0 => {
                        let seed = Seed { node: draw.below(n), cost: draw.below(2) * 7, label };
                        seeds.push(seed);
                        live.add(to.arcs(), seed);
                    }
                    1 if !seeds.is_empty() => {
                        let seed = seeds.swap_remove(draw.below(seeds.len() as u32) as usize);
                        live.remove(to.arcs(), from.arcs(), seed);
                    }
                    2 => {
                        let arc = (draw.below(n), draw.below(n), draw.below(60));
                        arcs.push(arc);
                        live.open(to.arcs(), from.arcs(), arc);
                    }
                    _ if !arcs.is_empty() => {
                        let arc = arcs.swap_remove(draw.below(arcs.len() as u32) as usize);
                        live.close(to.arcs(), from.arcs(), arc);
                    }
                    _ => continue,
                }
                let (now, _) = both(n as usize, &arcs);
                let mut full = NearestSearch::default();
                full.run(now.arcs(), &seeds, UNREACHABLE);
                assert_eq!(live.reach, full.into_reach(), "edit {edits}");
                let differ: Vec<u32> = (0..n).filter(|v| before[*v as usize] != live.reach.state[*v as usize]).collect();
                assert_eq!(live.changed(), differ);
                assert!((0..n).all(|v| live.cost_before(v) == cost_of(before[v as usize])));
            }
        }
        assert!(edits > 9_000, "{edits}");
    }

    #[test]
    fn what_is_not_there_changes_nothing() {
        let (to, from) = both(2, &[(0, 1, 5)]);
        let mut live = Live::new(to.arcs(), &[Seed::at(1, 3)]);
        live.remove(to.arcs(), from.arcs(), Seed::at(0, 3));
        live.close(to.arcs(), from.arcs(), (0, 1, 6));
        assert_eq!((live.reach().cost(0), live.reach().label(0), live.changed()), (5, 3, vec![]));
    }
}
