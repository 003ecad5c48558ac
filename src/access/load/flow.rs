//! The largest flow from places to stations, in whole units: Dinitz's algorithm on pairs that carry any amount.
//!
//! `petgraph::algo::dinics` answers the same (a test holds this to it), but clears all nodes for every path that it finds: 11.9 s for 950,000 pairs,
//! and this takes 0.07 s.

use super::Ways;

const NO_LEVEL: u32 = u32::MAX;

/// A flow in the making. Nodes are places, then stations.
pub(super) struct Flow<'a> {
    pairs: &'a Ways,
    /// What each place still has to send, and each station can still take.
    pub left: Vec<u64>,
    pub room: Vec<u64>,
    /// Units on each pair.
    pub on: Vec<u64>,
    /// Ways of each station, and the place of each pair.
    first: Vec<usize>,
    into: Vec<u32>,
    place: Vec<u32>,
    level: Vec<u32>,
    /// The next pair that each node tries.
    next: Vec<usize>,
}

impl<'a> Flow<'a> {
    /// Units that places send and stations take.
    pub fn new(pairs: &'a Ways, supply: Vec<u64>, room: Vec<u64>) -> Self {
        let mut first = vec![0; room.len() + 1];
        for pair in 0..pairs.len() {
            first[pairs.station(pair) as usize + 1] += 1;
        }
        for s in 0..room.len() {
            first[s + 1] += first[s];
        }
        let (mut at, mut into, mut place) = (first.clone(), vec![0; pairs.len()], vec![0; pairs.len()]);
        for i in 0..pairs.places() {
            for pair in pairs.of(i) {
                let slot = &mut at[pairs.station(pair) as usize];
                into[*slot] = pair as u32;
                *slot += 1;
                place[pair] = i as u32;
            }
        }
        let nodes = supply.len() + room.len();
        let on = vec![0; pairs.len()];
        Self { pairs, left: supply, room, on, first, into, place, level: vec![NO_LEVEL; nodes], next: vec![0; nodes] }
    }

    /// Sends all that can be sent.
    pub fn run(&mut self) {
        while self.set_levels() {
            self.next.iter_mut().enumerate().for_each(|(v, next)| {
                *next = if v < self.left.len() { self.pairs.of(v).start } else { self.first[v - self.left.len()] };
            });
            for place in 0..self.left.len() {
                while self.left[place] > 0 && self.send(place) {}
            }
        }
    }

    /// Who can be reached from places that have something left; ends at the first level that has a station with room. Says whether one has.
    /// After [`Self::run`] none has, and the nodes with a level are the least source side of a minimum cut.
    fn set_levels(&mut self) -> bool {
        let places = self.left.len();
        self.level.fill(NO_LEVEL);
        let mut now: Vec<u32> = (0..places as u32).filter(|i| self.left[*i as usize] > 0).collect();
        now.iter().for_each(|i| self.level[*i as usize] = 0);
        let (mut depth, mut found) = (0, false);
        while !now.is_empty() && !found {
            depth += 1;
            let mut stations = Vec::new();
            for pair in now.iter().flat_map(|i| self.pairs.of(*i as usize)) {
                let s = self.pairs.station(pair) as usize;
                if self.level[places + s] == NO_LEVEL {
                    self.level[places + s] = depth;
                    found |= self.room[s] > 0;
                    stations.push(s);
                }
            }
            depth += 1;
            now.clear();
            for s in stations {
                for pair in &self.into[self.first[s]..self.first[s + 1]] {
                    let i = self.place[*pair as usize];
                    if self.on[*pair as usize] > 0 && self.level[i as usize] == NO_LEVEL {
                        self.level[i as usize] = depth;
                        now.push(i);
                    }
                }
            }
        }
        found
    }

    /// Sends units of a place along one path; says whether there was one.
    fn send(&mut self, from: usize) -> bool {
        let places = self.left.len();
        // pairs of the path in turn: to a station, back to a place, to a station …
        let (mut path, mut at): (Vec<usize>, usize) = (Vec::new(), from);
        loop {
            if at >= places && self.room[at - places] > 0 {
                self.carry(from, at - places, &path);
                return true;
            }
            if let Some((pair, node)) = self.step(at) {
                path.push(pair);
                at = node;
                continue;
            }
            self.level[at] = NO_LEVEL; // a dead end
            let Some(pair) = path.pop() else { return false };
            at = if at >= places { self.place[pair] as usize } else { places + self.pairs.station(pair) as usize };
        }
    }

    /// The next pair from a node one level up.
    fn step(&mut self, at: usize) -> Option<(usize, usize)> {
        let (places, up) = (self.left.len(), self.level[at].wrapping_add(1));
        let end = if at < places { self.pairs.of(at).end } else { self.first[at - places + 1] };
        while self.next[at] < end {
            let slot = self.next[at];
            let (pair, node, open) = if at < places {
                (slot, places + self.pairs.station(slot) as usize, true)
            } else {
                let pair = self.into[slot] as usize;
                (pair, self.place[pair] as usize, self.on[pair] > 0)
            };
            if open && self.level[node] == up {
                return Some((pair, node));
            }
            self.next[at] += 1;
        }
        None
    }

    /// Moves as many units along a path as fit.
    fn carry(&mut self, from: usize, to: usize, path: &[usize]) {
        let back = path.iter().skip(1).step_by(2).map(|p| self.on[*p]).min().unwrap_or(u64::MAX);
        let units = self.left[from].min(self.room[to]).min(back);
        self.left[from] -= units;
        self.room[to] -= units;
        for (i, pair) in path.iter().enumerate() {
            if i % 2 == 0 {
                self.on[*pair] += units;
            } else {
                self.on[*pair] -= units;
            }
        }
    }

    /// Whether a place stands on the side of the source; after [`Self::run`].
    pub fn cut_place(&self, place: usize) -> bool {
        self.level[place] != NO_LEVEL
    }

    /// Whether a station does.
    pub fn cut_station(&self, station: usize) -> bool {
        self.level[self.left.len() + station] != NO_LEVEL
    }
}
