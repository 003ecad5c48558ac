//! Outliers: a test of skew and kurtosis, Winsorising from the side of the skew, and the log where that is not enough.
//!
//! # References
//! OECD/JRC 2008, §4; Becker et al. 2022 (COINr, `Treat`, `winsorise`, `log_CT`), whose results this reproduces. Two things
//! differ: a negative skew is met by the mirrored log, where COINr's makes it worse, and Winsorising never makes a column constant.

use super::log::{Change, Treatment};
use super::stats::{is_constant, kurtosis, range, skew};

/// When to treat, and how far.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub skew: f64,
    pub kurtosis: f64,
    pub winsorise: usize,
}

impl Limits {
    /// Both |skew| and kurtosis reach their limits. Where they cannot be computed the values pass.
    fn failed_by(&self, values: &[f64]) -> bool {
        skew(values).zip(kurtosis(values)).is_some_and(|(s, k)| s.abs() >= self.skew && k >= self.kurtosis)
    }
}

/// The values treated, and what was done.
pub(super) fn treat(values: &[f64], limits: Limits) -> (Vec<f64>, Treatment) {
    if !limits.failed_by(values) {
        return (values.to_vec(), Treatment::Kept);
    }
    if distinct(values) < 3 {
        return (values.to_vec(), Treatment::TooFewValues);
    }
    let (winsorised, low, high) = winsorise(values, limits);
    if !limits.failed_by(&winsorised) {
        return (winsorised, Treatment::Winsorised { low, high });
    }
    let mirrored = skew(values).is_some_and(|s| s < 0.0);
    let logged = log(values, mirrored);
    let still_fails = limits.failed_by(&logged);
    (logged, Treatment::Log { mirrored, still_fails })
}

/// What a treatment is in the log.
pub(super) fn told(indicator: &str, before: &[f64], after: &[f64], treatment: Treatment) -> Change {
    Change::Treated {
        indicator: indicator.to_owned(),
        treatment,
        skew: (skew(before), skew(after)),
        kurtosis: (kurtosis(before), kurtosis(after)),
    }
}

fn distinct(values: &[f64]) -> usize {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.chunk_by(|a, b| a == b).count()
}

type MovedEnd = Option<(usize, f64)>;

/// Sets the values at the end of the skew to the next one, and again, until the test passes or enough are moved. As in COINr,
/// equal values move together, so that a tie may carry the count past the limit.
fn winsorise(values: &[f64], limits: Limits) -> (Vec<f64>, MovedEnd, MovedEnd) {
    let mut now = values.to_vec();
    let (mut low, mut high): (MovedEnd, MovedEnd) = (None, None);
    let moved = |end: MovedEnd| end.map_or(0, |(n, _)| n);
    while limits.failed_by(&now) && moved(low) + moved(high) < limits.winsorise {
        let Some((least, most)) = range(&now) else { break };
        let up = skew(&now).is_some_and(|s| s >= 0.0);
        let edge = if up { most } else { least };
        let rest: Vec<f64> = now.iter().copied().filter(|v| *v != edge).collect();
        if is_constant(&rest) {
            break; // one more would leave a single value
        }
        let Some((next_low, next_high)) = range(&rest) else { break };
        let next = if up { next_high } else { next_low };
        let mut count = 0;
        for v in now.iter_mut().filter(|v| **v == edge) {
            *v = next;
            count += 1;
        }
        *(if up { &mut high } else { &mut low }) = Some((count, next));
    }
    (now, low, high)
}

/// Logs that keep the order of values.
fn log(values: &[f64], mirrored: bool) -> Vec<f64> {
    let Some((min, max)) = range(values) else { return Vec::new() };
    let shift = 0.01 * (max - min);
    values.iter().map(|v| if mirrored { -(max - v + shift).ln() } else { (v - min + shift).ln() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits { skew: 2.0, kurtosis: 3.5, winsorise: 5 };

    #[test]
    fn the_example_of_coinr_winsorises_one_of_two_outliers_or_both() {
        // 1..10, 30, 100: 100 → 30 leaves 1..10, 30, 30. Of these mean 115/12 = 9.583; the test then passes (skew by
        // hand: Σd² = 2185 − 1102.08 = 1082.92; Σd³ = Σx³ − 3mΣx² + 2nm³ = 57025 − 62818.75 + 21123.26 = 15329.5;
        // g1 = √12·15329.5/1082.92^1.5 = 1.490; G1 = 1.490·√132/10 = 1.712 < 2), so one value is moved.
        let values: Vec<f64> = (1..=10).chain([30, 100]).map(f64::from).collect();
        let (after, what) = treat(&values, LIMITS);
        assert_eq!(what, Treatment::Winsorised { low: None, high: Some((1, 30.0)) });
        assert_eq!(after[10..], [30.0, 30.0]);
        assert_eq!(after[..10], values[..10]);
        assert!((skew(&after).unwrap() - 1.712).abs() < 0.001);
    }

    #[test]
    fn a_low_outlier_is_treated_as_its_mirror_image_is() {
        let values: Vec<f64> = (1..=10).chain([30, 100]).map(|v| -f64::from(v)).collect();
        let (_, what) = treat(&values, LIMITS);
        assert_eq!(what, Treatment::Winsorised { low: Some((1, -30.0)), high: None });
    }

    #[test]
    fn where_winsorising_is_not_enough_the_log_of_the_original_is_taken() {
        // 2^0 … 2^19, one value may be moved: 2^19 → 2^18 still has a skew far above 2
        let values: Vec<f64> = (0..20).map(|i| 2.0_f64.powi(i)).collect();
        let one = Limits { winsorise: 1, ..LIMITS };
        let (after, what) = treat(&values, one);
        assert_eq!(what, Treatment::Log { mirrored: false, still_fails: false });
        // min 1, range 524287: the lowest becomes ln(5242.87), the highest ln(524287·1.01)
        assert!((after[0] - 5242.87_f64.ln()).abs() < 1e-12 && (after[19] - (524287.0 * 1.01_f64).ln()).abs() < 1e-12);
        let mirror: Vec<f64> = values.iter().map(|v| -v).collect();
        let (mirrored, what) = treat(&mirror, one);
        assert_eq!(what, Treatment::Log { mirrored: true, still_fails: false });
        // mirrored in every value, and order kept
        assert!(mirrored.iter().zip(&after).all(|(a, b)| (a + b).abs() < 1e-9));
        assert!(after.is_sorted() && mirrored.iter().rev().is_sorted());
    }

    #[test]
    fn two_values_and_none_are_kept() {
        let mut yes_no = vec![0.0; 20];
        yes_no[3] = 1.0;
        assert_eq!(treat(&yes_no, LIMITS), (yes_no.clone(), Treatment::TooFewValues));
        assert_eq!(treat(&[], LIMITS).1, Treatment::Kept);
        assert_eq!(treat(&[7.0; 9], LIMITS).1, Treatment::Kept);
    }

    #[test]
    fn winsorising_never_makes_a_column_constant() {
        // 18 noughts, 1, 2: moving 2 → 1 is allowed, moving both to 0 would leave nothing to tell units apart
        let mut values = vec![0.0; 20];
        (values[4], values[9]) = (1.0, 2.0);
        let (after, what) = treat(&values, LIMITS);
        assert!(!is_constant(&after));
        assert!(matches!(what, Treatment::Log { .. }), "{what:?}");
    }
}
