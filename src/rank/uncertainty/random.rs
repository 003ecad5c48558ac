//! Numbers in [0, 1) from a seed, a purpose and a number, so that no draw depends on another or on the thread that makes it.
//!
//! ChaCha with 8 rounds, used by name: its key stream is fixed by its definition, so that the same seed gives the same numbers
//! with any version of the crate. Nothing of a library's distributions is used; the way from bits to numbers is below.
//!
//! # References
//! Bernstein, *ChaCha, a variant of Salsa20*, 2008.

use chacha20::ChaCha8Rng;
use chacha20::rand_core::{Rng, SeedableRng};

/// What numbers are for; different purposes share no numbers.
#[derive(Clone, Copy, Debug)]
pub(super) enum Purpose {
    /// Draws of an uncertainty run.
    Draws = 0,
    /// Sets of weights and goalposts drawn before.
    Replicates = 1,
    /// The design of a sensitivity run.
    Design = 2,
}

/// Fills `out` with numbers in [0, 1), multiples of 2⁻⁵³.
pub(super) fn fill(seed: u64, purpose: Purpose, number: u64, out: &mut [f64]) {
    let mut key = [0_u8; 32];
    key[..8].copy_from_slice(&seed.to_le_bytes());
    key[8] = purpose as u8;
    let mut rng = ChaCha8Rng::from_seed(key);
    rng.set_stream(number);
    for x in out {
        *x = (rng.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_the_published_one() {
        // ChaCha8, key and nonce of zeros (Strombergson, test vectors for ChaCha, TC1): the stream begins
        // 3e00ef2f895f40d6 7f5bb8e81f09a5a1; read as little-endian words, top 53 bits.
        let mut got = [0.0; 2];
        fill(0, Purpose::Draws, 0, &mut got);
        let expected = [[0x3e, 0x00, 0xef, 0x2f, 0x89, 0x5f, 0x40, 0xd6], [0x7f, 0x5b, 0xb8, 0xe8, 0x1f, 0x09, 0xa5, 0xa1]]
            .map(|bytes| (u64::from_le_bytes(bytes) >> 11) as f64 / 9_007_199_254_740_992.0);
        assert_eq!(got, expected);
    }

    #[test]
    fn seeds_purposes_and_numbers_share_nothing() {
        let one = |seed, purpose, number| {
            let mut out = [0.0];
            fill(seed, purpose, number, &mut out);
            out[0]
        };
        let first = one(1, Purpose::Draws, 1);
        assert!((0.0..1.0).contains(&first));
        assert_eq!(first, one(1, Purpose::Draws, 1));
        assert_ne!(first, one(2, Purpose::Draws, 1));
        assert_ne!(first, one(1, Purpose::Design, 1));
        assert_ne!(first, one(1, Purpose::Draws, 2));
    }
}
