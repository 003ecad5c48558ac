//! A monotone queue in buckets of cost: what a search from stations needs, and no more.
//!
//! Entries come out a bucket at a time, in no order inside it, and a bucket may be filled again while it is worked on. The
//! search must accept that a node is settled again at a lower cost (label-correcting). In return a push touches one cache
//! line, and a batch is read in order.

/// Most buckets in the ring; they grow wider instead.
const MOST_BUCKETS: u64 = 1 << 15;

/// Entries in buckets of equal width, in a ring.
#[derive(Debug, Default)]
pub(super) struct Buckets<T> {
    ring: Vec<Vec<T>>,
    shift: u32,
    /// The bucket that is worked on, counted from cost 0.
    current: u32,
    left: usize,
}

impl<T> Buckets<T> {
    /// Makes the queue fit arcs of this mean and largest weight, and empties it. No entry may lie more than `largest`
    /// beyond the bucket that is worked on.
    pub fn fit(&mut self, (mean, largest): (u32, u32)) {
        // A width of a quarter to half of a mean arc: narrower buckets are walked empty, wider ones settle nodes twice.
        self.shift = (mean / 4).max(1).ilog2();
        while (u64::from(largest) >> self.shift) + 2 > MOST_BUCKETS {
            self.shift += 1;
        }
        let buckets = ((u64::from(largest) >> self.shift) + 2).next_power_of_two() as usize;
        self.ring.iter_mut().for_each(Vec::clear);
        self.ring.resize_with(buckets, Vec::new);
        (self.current, self.left) = (0, 0);
    }

    /// Adds an entry at a cost, not below the bucket that is worked on.
    #[inline]
    pub fn push(&mut self, cost: u32, entry: T) {
        let slot = (cost >> self.shift) as usize & (self.ring.len() - 1);
        self.ring[slot].push(entry);
        self.left += 1;
    }

    /// Swaps the lowest bucket that holds anything for `batch`, which is emptied. False when nothing is left.
    pub fn take(&mut self, batch: &mut Vec<T>) -> bool {
        self.take_up_to(batch, u32::MAX)
    }

    /// As [`Buckets::take`], but goes no further than the bucket of `cost`: false when that is reached and empty.
    pub fn take_up_to(&mut self, batch: &mut Vec<T>, cost: u32) -> bool {
        batch.clear();
        if self.left == 0 {
            return false;
        }
        loop {
            let slot = self.current as usize & (self.ring.len() - 1);
            if !self.ring[slot].is_empty() {
                std::mem::swap(&mut self.ring[slot], batch);
                self.left -= batch.len();
                return true;
            }
            if self.current >= cost >> self.shift {
                return false;
            }
            self.current += 1;
        }
    }

    /// Goes on to the bucket of a cost, where everything below it has been taken.
    pub fn go_to(&mut self, cost: u32) {
        self.current = self.current.max(cost >> self.shift);
    }

    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.left == 0
    }

    /// Whether a cost falls into the bucket that is worked on, or below.
    pub fn is_due(&self, cost: u32) -> bool {
        cost >> self.shift <= self.current
    }

    /// Begins again at cost 0; nothing may be left.
    pub fn restart(&mut self) {
        self.current = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_come_in_order_and_nothing_is_lost() {
        let mut queue = Buckets::default();
        queue.fit((100, 10_000));
        let (mut seed, mut last, mut out, mut batch) = (1u32, 0, 0, Vec::new());
        queue.push(0, 0u32);
        let mut pushed = 1;
        while queue.take(&mut batch) {
            for cost in &batch {
                out += 1;
                assert!(cost >> queue.shift >= last >> queue.shift);
                last = *cost;
                for _ in 0..2 {
                    seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    if pushed < 5_000 {
                        let next = cost + (seed >> 8) % 10_001;
                        queue.push(next, next);
                        pushed += 1;
                    }
                }
            }
        }
        assert_eq!(out, pushed);
    }

    #[test]
    fn arcs_of_four_thousand_kilometres_fit() {
        let (mut queue, mut batch) = (Buckets::default(), Vec::new());
        queue.fit((1, u32::MAX - 1));
        queue.push(0, 1);
        assert!(queue.take(&mut batch) && batch == [1]);
        queue.push(u32::MAX - 1, 2);
        assert!(queue.take(&mut batch) && batch == [2]);
        assert!(!queue.take(&mut batch));
    }
}
