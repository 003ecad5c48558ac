//! Positions as text, short enough for millions of lines: differences of whole 1e-7 degrees, five bits a letter.
//!
//! The scheme is that of Google's encoded polylines with seven places and longitude first; its letters are those of base64url, which
//! need no escape in JSON.
//!
//! # References
//! Google, *Encoded Polyline Algorithm Format*. RFC 4648, section 5 (the letters).

use super::LonLat;

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Writes positions behind a text.
pub fn push(points: &[LonLat], out: &mut String) {
    let mut last = [0i64; 2];
    for p in points {
        let (x, y) = p.e7();
        for (new, old) in [i64::from(x), i64::from(y)].into_iter().zip(&mut last) {
            number(new - *old, out);
            *old = new;
        }
    }
}

/// The sign goes to the lowest bit, so that small numbers either way are short.
fn number(n: i64, out: &mut String) {
    let mut left = (n << 1 ^ n >> 63) as u64;
    while left >= 32 {
        out.push(LETTERS[(left & 31 | 32) as usize] as char);
        left >>= 5;
    }
    out.push(LETTERS[left as usize] as char);
}

/// The positions of a text; none where it is not whole, or one is no position.
///
/// ```
/// use chargegap::internals::space::line::{positions, push};
/// use chargegap::internals::space::LonLat;
/// let line = [LonLat::new(108.4, 30.8)?, LonLat::new(108.5, 30.7)?];
/// let mut text = String::new();
/// push(&line, &mut text);
/// assert_eq!(positions(&text).as_deref(), Some(&line[..]));
/// # Ok::<(), chargegap::internals::space::CoordError>(())
/// ```
pub fn positions(text: &str) -> Option<Vec<LonLat>> {
    let mut points = Vec::with_capacity(text.len() / 8 + 1);
    let (mut last, mut which) = ([0i64; 2], 0);
    let (mut left, mut shift) = (0u64, 0);
    for letter in text.bytes() {
        let bits = value(letter)?;
        if shift > 55 {
            return None;
        }
        left |= u64::from(bits & 31) << shift;
        shift += 5;
        if bits & 32 != 0 {
            continue;
        }
        last[which] = last[which].checked_add((left >> 1) as i64 ^ -((left & 1) as i64))?;
        (left, shift) = (0, 0);
        which = 1 - which;
        if which == 0 {
            points.push(LonLat::from_e7(i32::try_from(last[0]).ok()?, i32::try_from(last[1]).ok()?)?);
        }
    }
    (which == 0 && shift == 0).then_some(points)
}

/// A line as one text, for serde.
pub mod as_text {
    use super::{LonLat, positions, push};
    use serde::{Deserialize, Deserializer, Serializer, de::Error};
    use std::borrow::Cow;

    /// Writes it.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn serialize<S: Serializer>(line: &[LonLat], to: S) -> Result<S::Ok, S::Error> {
        let mut text = String::with_capacity(line.len() * 8);
        push(line, &mut text);
        to.serialize_str(&text)
    }

    /// Reads it.
    ///
    /// # Errors
    /// Where it is no line.
    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<LonLat>, D::Error> {
        let text = Cow::<str>::deserialize(from)?;
        positions(&text).filter(|line| line.len() > 1).ok_or_else(|| D::Error::custom("this is no line"))
    }
}

fn value(letter: u8) -> Option<u8> {
    Some(match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'-' => 62,
        b'_' => 63,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(crate::test_support::cases(256))]
        #[test]
        fn what_was_written_is_read(e7 in prop::collection::vec((-1_800_000_000..=1_800_000_000i32, -900_000_000..=900_000_000i32), 0..20)) {
            let line: Vec<LonLat> = e7.iter().map(|(x, y)| LonLat::from_e7(*x, *y).unwrap()).collect();
            let mut text = String::new();
            push(&line, &mut text);
            prop_assert_eq!(positions(&text), Some(line));
        }

        #[test]
        fn no_text_is_a_fault(text in "[A-Za-z0-9_ -]{0,40}") {
            let _ = positions(&text);
        }
    }

    #[test]
    fn a_number_by_hand() {
        // (1, -1) in 1e-7 degree: 1 becomes 2, which is C; -1 becomes 1, which is B
        let mut text = String::new();
        push(&[LonLat::from_e7(1, -1).unwrap()], &mut text);
        assert_eq!(text, "CB");
        // 32 becomes 64: two groups of five bits, 0 with the mark (32 is g) and 2 (C)
        text.clear();
        push(&[LonLat::from_e7(32, 0).unwrap()], &mut text);
        assert_eq!(text, "gCA");
        assert_eq!(positions("C"), None);
    }
}
