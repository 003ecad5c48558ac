//! `rand()` of the GNU C library (TYPE_3, additive feedback): each word is the sum of those 3 and 31 draws ago.

/// Words that the next ones are made of.
const WORDS: usize = 31;

/// The generator.
#[derive(Clone)]
pub struct Rand {
    ring: [u32; WORDS],
    at: usize,
}

impl Rand {
    pub fn new(seed: u32) -> Self {
        let mut ring = [0u32; WORDS];
        let mut last = i64::from(seed);
        for word in &mut ring {
            *word = last as u32; // below 2^31
            last = 16_807 * last % 0x7fff_ffff;
        }
        ring.rotate_left(3); // the first three go round as they are
        Self { ring, at: WORDS }.skipped(310)
    }

    /// The next number, below 2^31.
    pub fn draw(&mut self) -> u32 {
        if self.at == WORDS {
            (0..3).for_each(|i| self.ring[i] = self.ring[i].wrapping_add(self.ring[i + 28]));
            (3..WORDS).for_each(|i| self.ring[i] = self.ring[i].wrapping_add(self.ring[i - 3]));
            self.at = 0;
        }
        self.at += 1;
        self.ring[self.at - 1] >> 1
    }

    /// As after so many draws. Word n is a sum of the first 31, each so often as xⁿ modulo x³¹ = x²⁸ + 1 says.
    pub fn skipped(mut self, draws: usize) -> Self {
        let mut times = [0u32; WORDS];
        times[0] = 1;
        let power = self.at + draws;
        for bit in (0..usize::BITS - power.leading_zeros()).rev() {
            times = product(&times, &times);
            if power >> bit & 1 == 1 {
                let mut x = [0u32; WORDS];
                x[1] = 1;
                times = product(&times, &x);
            }
        }
        let mut words = self.ring.to_vec();
        (WORDS..2 * WORDS).for_each(|i| words.push(words[i - 3].wrapping_add(words[i - WORDS])));
        let word = |k: usize| (0..WORDS).fold(0u32, |sum, i| sum.wrapping_add(times[i].wrapping_mul(words[k + i])));
        self.ring = std::array::from_fn(word);
        Self { at: 0, ..self }
    }
}

/// The product of two such sums, modulo x³¹ = x²⁸ + 1.
fn product(a: &[u32; WORDS], b: &[u32; WORDS]) -> [u32; WORDS] {
    let mut all = [0u32; 2 * WORDS - 1];
    for (i, j) in (0..WORDS).flat_map(|i| (0..WORDS).map(move |j| (i, j))) {
        all[i + j] = all[i + j].wrapping_add(a[i].wrapping_mul(b[j]));
    }
    for i in (WORDS..all.len()).rev() {
        all[i - 3] = all[i - 3].wrapping_add(all[i]);
        all[i - WORDS] = all[i - WORDS].wrapping_add(all[i]);
    }
    std::array::from_fn(|i| all[i])
}
