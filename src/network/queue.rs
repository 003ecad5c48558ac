//! A monotone queue of nodes in buckets of cost: what a search from stations needs, and no more.
//!
//! Entries come out in the order of buckets and in any order inside one, so the search that uses it must accept that a
//! node is settled again at a lower cost (label-correcting). In return, pushing and popping touch one cache line each.

/// Most buckets in the ring; the width grows instead.
const MOST_BUCKETS: u64 = 1 << 15;

/// Nodes in buckets of equal width, in a ring.
pub struct BucketQueue {
    ring: Vec<Vec<(u32, u32)>>,
    shift: u32,
    mask: usize,
    current: usize,
    left: usize,
}

impl BucketQueue {
    /// A queue for arcs of this mean and largest weight. No entry may lie more than `largest` beyond the last popped one.
    pub fn new(mean: u32, largest: u32) -> Self {
        let mut shift = (mean / 2).max(1).ilog2();
        while (u64::from(largest) >> shift) + 2 > MOST_BUCKETS {
            shift += 1;
        }
        let buckets = ((u64::from(largest) >> shift) + 2).next_power_of_two() as usize;
        Self { ring: vec![Vec::new(); buckets], shift, mask: buckets - 1, current: 0, left: 0 }
    }

    /// Adds a node at a cost.
    pub fn push(&mut self, cost: u32, node: u32) {
        let bucket = (cost >> self.shift) as usize & self.mask;
        self.ring[bucket].push((cost, node));
        self.left += 1;
    }

    /// Takes a node from the lowest bucket.
    pub fn pop(&mut self) -> Option<(u32, u32)> {
        if self.left == 0 {
            return None;
        }
        loop {
            if let Some(entry) = self.ring[self.current].pop() {
                self.left -= 1;
                return Some(entry);
            }
            self.current = (self.current + 1) & self.mask;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_come_in_order_and_nothing_is_lost() {
        let mut queue = BucketQueue::new(100, 10_000);
        let (mut seed, mut last, mut out) = (1u32, 0, 0);
        queue.push(0, 0);
        let mut pushed = 1;
        while let Some((cost, _)) = queue.pop() {
            out += 1;
            assert!(cost >> queue.shift >= last >> queue.shift);
            last = cost;
            for _ in 0..2 {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                if pushed < 5_000 {
                    queue.push(cost + (seed >> 8) % 10_001, pushed);
                    pushed += 1;
                }
            }
        }
        assert_eq!(out, pushed);
    }

    #[test]
    fn arcs_of_four_thousand_kilometres_fit() {
        let mut queue = BucketQueue::new(1, u32::MAX - 1);
        queue.push(0, 1);
        assert_eq!(queue.pop(), Some((0, 1)));
        queue.push(u32::MAX - 1, 2);
        assert_eq!(queue.pop(), Some((u32::MAX - 1, 2)));
        assert_eq!(queue.pop(), None);
    }
}
