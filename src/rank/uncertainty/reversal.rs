//! Rank reversal: whether the order of two units depends on a third that is there or not.
//!
//! Columns that are already normalised cannot show it, so the caller gives the whole way from the kept units to their scores.
//!
//! # References
//! Belton and Gear, *On a short-coming of Saaty's method of analytic hierarchies*, Omega 11(3), 1983; Wang and Luo, *On rank reversal in decision analysis*, Math. Comput. Model. 49, 2009.

use super::place::millionths;
use crate::error::{Error, Result};
use rayon::prelude::*;

/// What taking out each unit in turn did.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Reversal {
    /// Units taken out, one at a time.
    pub removed: usize,
    /// How many of them changed the order of the others.
    pub changing: usize,
    /// Pairs whose order changed, over all removals.
    pub pairs: u64,
    /// Some of them, by removed unit and then by new place: neighbours in the new order that stood the other way round. Every
    /// change of order has at least one.
    pub examples: Vec<Reversed>,
}

/// Two units that change places when a third is taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reversed {
    /// The unit taken out.
    pub removed: usize,
    /// The one now above.
    pub above: usize,
    /// The one now below, which was above.
    pub below: usize,
}

/// Takes out each of `units` units in turn; `scores` gives the scores of the kept units, in their order, and at most `limit` examples
/// are kept. Equal scores (in millionths) fall to the order `ties`, all units, winners first.
///
/// # Errors
/// Those of `scores`; usage, for `ties` that do not name every unit once; internal, for scores of the wrong number or NaN.
///
/// # Complexity
/// `units` + 1 calls of `scores`, in parallel, and as many sorts.
pub fn rank_reversal<F>(units: usize, ties: &[usize], limit: usize, scores: F) -> Result<Reversal>
where
    F: Fn(&[usize]) -> Result<Vec<f64>> + Sync,
{
    let mut tie_place = vec![usize::MAX; units];
    ties.iter().enumerate().filter(|(_, u)| **u < units).for_each(|(i, u)| tie_place[*u] = i);
    if ties.len() != units || tie_place.contains(&usize::MAX) {
        return Err(Error::usage("the order for ties does not name every unit once", "give all units, winners of ties first"));
    }
    let everyone: Vec<usize> = (0..units).collect();
    let full = ordered(&everyone, &tie_place, &scores)?;
    let mut place = vec![0; units];
    full.iter().enumerate().for_each(|(i, u)| place[*u] = i);
    let without = |removed: usize| {
        let kept: Vec<usize> = everyone.iter().copied().filter(|u| *u != removed).collect();
        let order = ordered(&kept, &tie_place, &scores)?;
        let swapped = |pair: &[usize]| {
            let reversed = Reversed { removed, above: pair[0], below: pair[1] };
            (place[pair[0]] > place[pair[1]]).then_some(reversed)
        };
        let examples: Vec<Reversed> = order.windows(2).filter_map(swapped).take(limit).collect();
        let mut places: Vec<usize> = order.iter().map(|u| place[*u]).collect();
        Ok((inversions(&mut places), examples))
    };
    let all = (0..units).into_par_iter().map(without).collect::<Result<Vec<(u64, Vec<Reversed>)>>>()?;
    let changing = all.iter().filter(|(pairs, _)| *pairs > 0).count();
    let pairs = all.iter().map(|(pairs, _)| pairs).sum();
    Ok(Reversal { removed: units, changing, pairs, examples: all.into_iter().flat_map(|(_, e)| e).take(limit).collect() })
}

fn ordered(kept: &[usize], tie_place: &[usize], scores: &impl Fn(&[usize]) -> Result<Vec<f64>>) -> Result<Vec<usize>> {
    let scores = scores(kept)?;
    let keys: Option<Vec<i64>> = scores.iter().map(|s| millionths(*s)).collect();
    let Some(keys) = keys.filter(|k| k.len() == kept.len()) else {
        return Err(Error::internal(format!("{} units got {} scores, or one that is not a number", kept.len(), scores.len())));
    };
    let mut order: Vec<usize> = (0..kept.len()).collect();
    order.sort_unstable_by_key(|i| (std::cmp::Reverse(keys[*i]), tie_place[kept[*i]]));
    Ok(order.into_iter().map(|i| kept[i]).collect())
}

/// Pairs that stand in descending order, counted while sorting by merging.
fn inversions(places: &mut [usize]) -> u64 {
    if places.len() < 2 {
        return 0;
    }
    let (left, right) = places.split_at_mut(places.len() / 2);
    let mut count = inversions(left) + inversions(right);
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let (mut l, mut r) = (left.iter().peekable(), right.iter().peekable());
    while let Some(a) = l.peek() {
        match r.next_if(|b| b < a) {
            Some(b) => {
                count += l.len() as u64;
                merged.push(*b);
            }
            None => merged.extend(l.next()),
        }
    }
    merged.extend(r);
    places.copy_from_slice(&merged);
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inversions_are_pairs_the_wrong_way_round() {
        // 3 before 1, 2 and 0; 1 before 0; 2 before 0
        assert_eq!(inversions(&mut [3, 1, 2, 0]), 5);
        assert_eq!(inversions(&mut [0, 1, 2]), 0);
        // n (n − 1) / 2 of 7 in reverse
        assert_eq!(inversions(&mut [6, 5, 4, 3, 2, 1, 0]), 21);
    }

    /// Two columns, each min–max normalised among the kept units; the mean of both, 0–100.
    fn min_max(columns: [&[f64]; 2]) -> impl Fn(&[usize]) -> Result<Vec<f64>> + '_ {
        move |kept: &[usize]| {
            let normal = |column: &[f64], u: usize| {
                let (low, high) = kept.iter().fold((f64::MAX, f64::MIN), |(l, h), u| (l.min(column[*u]), h.max(column[*u])));
                if high > low { (column[u] - low) / (high - low) * 100.0 } else { 0.0 }
            };
            Ok(kept.iter().map(|u| columns.iter().map(|c| normal(c, *u)).sum::<f64>() / 2.0).collect())
        }
    }

    #[test]
    fn min_max_can_turn_two_round_when_an_extreme_leaves() {
        // all: unit 0 (10, 0): 100·10/10 and 0 → 50; unit 1 (0, 4): 0 and 40 → 20; unit 2 (0, 10): 0 and 100 → 50.
        // order 0, 2 (tie), 1. Without 2: unit 1 has 4 of 4 → (0 + 100)/2 = 50 = unit 0: tie, to 0: no change.
        // Without 0: columns one is flat: 1 → 20, 2 → 50: no change. Without 1: no change.
        let even = min_max([&[10.0, 0.0, 0.0], &[0.0, 4.0, 10.0]]);
        assert_eq!(rank_reversal(3, &[0, 1, 2], 9, &even).unwrap().changing, 0);
        // with 1 winning ties, taking out 2 puts 1 above 0, which was above it
        let got = rank_reversal(3, &[1, 0, 2], 9, &even).unwrap();
        let expected = Reversed { removed: 2, above: 1, below: 0 };
        assert_eq!(got, Reversal { removed: 3, changing: 1, pairs: 1, examples: vec![expected] });
        assert!(rank_reversal(3, &[1, 0, 2], 0, &even).unwrap().examples.is_empty());
    }

    #[test]
    fn scores_that_look_at_one_unit_alone_never_turn_round_and_bad_ones_are_named() {
        let alone = |kept: &[usize]| Ok(kept.iter().map(|u| [3.0, 1.0, 2.0, 9.0][*u]).collect());
        assert_eq!(rank_reversal(4, &[0, 1, 2, 3], 9, alone).unwrap(), Reversal { removed: 4, ..Reversal::default() });
        assert!(rank_reversal(4, &[0, 1, 2, 3], 9, |_| Ok(vec![1.0])).unwrap_err().what().contains("4 units got 1 scores"));
        assert!(rank_reversal(2, &[0, 0], 9, alone).unwrap_err().what().contains("every unit once"));
    }
}
