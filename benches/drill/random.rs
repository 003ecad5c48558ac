//! Random numbers by place: each is a hash of what it is for, so that none depends on the order in which they are drawn.

/// What a number is for; each purpose has its own numbers.
#[derive(Clone, Copy)]
pub enum Purpose {
    /// Where the corner of a drawn county lies.
    Corner,
    /// How far a node lies off its place in the lattice.
    Jitter,
    /// Whether an edge of the lattice is a road.
    Edge,
    /// Which of two ways out a node takes.
    Lot,
    /// Where a line is cut.
    Cut,
    /// The class of a minor road.
    Class,
    /// How many stations a county attracts.
    Attraction,
    /// A station.
    Station,
    /// A settlement.
    Settlement,
}

/// All numbers of one purpose.
#[derive(Clone, Copy)]
pub struct Dice(u64);

impl Dice {
    /// The numbers of a purpose under a seed.
    pub fn new(seed: u64, purpose: Purpose) -> Self {
        Self(mix(mix(seed) ^ purpose as u64))
    }

    /// The draws of one thing: a node, an edge, a station.
    pub fn of(self, thing: u64) -> Draws {
        Draws(mix(self.0 ^ mix(thing)))
    }
}

/// Draws in a row (SplitMix64).
///
/// # References
/// Steele, Lea and Flood, *Fast splittable pseudorandom number generators*, 2014.
pub struct Draws(u64);

const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

impl Draws {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        mix(self.0)
    }

    /// From 0 up to, and without, 1.
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// From `low` up to, and without, `high`.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// One of `n` numbers from 0; 0 when `n` is 0. (The bias is under `n` in 2⁶⁴.)
    pub fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.next()) * n as u128) >> 64) as usize
    }

    /// One of the words.
    pub fn word<'w>(&mut self, words: &[&'w str]) -> &'w str {
        words.get(self.below(words.len())).copied().unwrap_or_default()
    }

    /// A standard normal number (Box and Muller 1958).
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.unit()).cos()
    }
}

/// The finalizer of SplitMix64: each bit of the result hangs on every bit of `x`.
pub fn mix(x: u64) -> u64 {
    let x = (x ^ x >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ x >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ x >> 31
}

/// Shares `total` in proportion to weights, whole numbers, by largest remainders; the first of equals gets more.
pub fn apportion(total: u64, weights: &[u64]) -> Vec<u64> {
    let sum = u128::from(weights.iter().sum::<u64>().max(1));
    let exact = |w: u64| u128::from(total) * u128::from(w);
    let mut shares: Vec<u64> = weights.iter().map(|w| (exact(*w) / sum) as u64).collect();
    let mut order: Vec<usize> = (0..weights.len()).filter(|i| weights[*i] > 0).collect();
    order.sort_by_key(|i| (std::cmp::Reverse(exact(weights[*i]) % sum), *i));
    let left = total - shares.iter().sum::<u64>().min(total);
    order.into_iter().take(left as usize).for_each(|i| shares[i] += 1);
    shares
}
