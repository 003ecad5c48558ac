//! From scores to places: a total order, the same on every machine.

use super::evaluate::Scratch;
use super::model::{Model, Setting};

/// Scores are compared in millionths of a point, as they are written; beyond that, differences are rounding.
const MILLIONTHS: f64 = 1e6;

/// Millionths of a point that no score reaches (values are within ±10⁶ points).
const HIGHEST: i64 = 1 << 46;

/// A score in whole millionths; none where there is no score.
pub(super) fn millionths(score: f64) -> Option<i64> {
    (!score.is_nan()).then(|| (score * MILLIONTHS).round_ties_even() as i64)
}

/// One number whose ascending order is the ranking: higher score first, then the order for ties; without a score, last.
fn key(score: f64, tie_place: u16) -> u64 {
    let from_top = millionths(score).map_or(2 * HIGHEST, |m| HIGHEST - m);
    (from_top as u64) << 16 | u64::from(tie_place)
}

impl Model {
    /// Units in the order of the ranking under a setting, first place first, by place in [`Model::units`].
    pub(super) fn order_into(&self, setting: &Setting<'_>, scratch: &mut Scratch, order: &mut Vec<u16>) {
        let mut keys = std::mem::take(&mut scratch.keys);
        keys.clear();
        keys.extend(self.evaluate_setting(setting, scratch).iter().zip(&self.tie_place).map(|(s, t)| key(*s, *t)));
        keys.sort_unstable();
        order.clear();
        order.extend(keys.iter().map(|k| self.tie_order[usize::from(*k as u16)]));
        scratch.keys = keys;
    }

    /// Ranks under a draw, from 1, in the order of [`Model::units`]: higher score first, compared in millionths of a point, then
    /// the order for ties. No two units share a rank.
    pub fn ranks(&self, draw: &[f64], scratch: &mut Scratch) -> Vec<u16> {
        self.ranks_of(&self.setting(draw), scratch)
    }

    /// Ranks where nothing is moved.
    pub fn nominal_ranks(&self) -> Vec<u16> {
        self.ranks_of(&self.nominal(), &mut Scratch::new(self))
    }

    pub(super) fn ranks_of(&self, setting: &Setting<'_>, scratch: &mut Scratch) -> Vec<u16> {
        let mut order = Vec::with_capacity(self.units.len());
        self.order_into(setting, scratch, &mut order);
        let mut ranks = vec![0; order.len()];
        number(&order, &mut ranks);
        ranks
    }
}

/// Writes the rank of each unit, from its place in the order.
pub(super) fn number(order: &[u16], ranks: &mut [u16]) {
    order.iter().zip(1_u32..).for_each(|(unit, rank)| ranks[usize::from(*unit)] = rank as u16);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_sort_by_score_then_tie_then_the_unscored() {
        // 100 > 50 = 50.0000000001 (same millionth; tie 1 before 2) > 0 > −3 > none
        let keys = [key(100.0, 9), key(50.000_000_000_1, 1), key(50.0, 2), key(0.0, 0), key(-3.0, 0), key(f64::NAN, 0)];
        assert!(keys.is_sorted());
        assert_eq!(key(-0.0, 3), key(0.0, 3));
    }
}
