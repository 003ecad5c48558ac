//! Variance-based sensitivity indices of any function of numbers in [0, 1).
//!
//! From two samples A and B of N draws and, for each factor i, A with the numbers of i taken from B (A_B^i), N (d + 2) evaluations:
//!
//! first order  S_i  = mean( (f(B) − m) (f(A_B^i) − f(A)) ) / V
//! total order  ST_i = mean( (f(A) − f(A_B^i))² ) / (2 V)
//!
//! with m and V the mean and the variance (divisor 2 N) of f over A and B together. Taking m off changes no expectation and makes
//! the first smaller in error. Where a factor does nothing, f(A_B^i) = f(A) to the last bit and both are exactly 0. Estimates
//! are given as they come: a first order below 0, or a total below the first, says that N is too small.
//!
//! # References
//! Saltelli et al., *Variance based sensitivity analysis of model output*, Comput. Phys. Commun. 181, 2010, table 2 (b) and (f);
//! Jansen, *Analysis of variance designs for model output*, Comput. Phys. Commun. 117, 1999.

use super::random::{Purpose, fill};
use crate::error::{Error, Result};
use rayon::prelude::*;

/// Most numbers kept at once.
const MOST_NUMBERS: usize = 1 << 29;

/// Indices of one output.
#[derive(Clone, Debug, PartialEq)]
pub struct Indices {
    /// Mean of the output over A and B.
    pub mean: f64,
    /// Its variance.
    pub variance: f64,
    /// One a factor; both are missing where the output does not vary.
    pub factors: Vec<Index>,
}

/// Indices of one factor for one output.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Index {
    /// Share of the variance that goes with this factor alone.
    pub first: Option<f64>,
    /// Share that goes with it alone or together with others.
    pub total: Option<f64>,
}

/// Indices of each output of `f` (scratch, draw, outputs) for each factor; outputs must be finite.
///
/// # Errors
/// Usage, for no samples or too many numbers to keep; internal, for an output that is not finite.
///
/// ```
/// // y = x₁ + 10 x₂: 1/101 and 100/101 of the variance; x₃ does nothing
/// use chargegap::internals::rank::uncertainty::sobol;
/// let y = |(): &mut (), x: &[f64], y: &mut [f64]| y[0] = x[0] + 10.0 * x[1];
/// let indices = &sobol(3, 4096, 1, 1, || (), y)?[0];
/// assert!((indices.factors[1].total.unwrap() - 100.0 / 101.0).abs() < 0.05);
/// assert_eq!(indices.factors[2].first, Some(0.0));
/// # Ok::<(), chargegap::internals::error::Error>(())
/// ```
pub fn sobol<S>(
    factors: usize,
    samples: u32,
    outputs: usize,
    seed: u64,
    scratch: impl Fn() -> S + Sync,
    f: impl Fn(&mut S, &[f64], &mut [f64]) + Sync,
) -> Result<Vec<Indices>> {
    let width = (factors + 2) * outputs;
    if samples == 0 || factors == 0 || outputs == 0 {
        return Err(Error::usage("a sensitivity run without samples, factors or outputs", "ask for some, e.g. 100 samples"));
    }
    if (samples as usize).checked_mul(width).is_none_or(|n| n > MOST_NUMBERS) {
        let what = format!("the outputs of {samples} samples of {} evaluations cannot be kept", factors + 2);
        return Err(Error::usage(what, format!("ask for at most {}", MOST_NUMBERS / width)));
    }
    let mut y = vec![0.0; samples as usize * width];
    y.par_chunks_mut(width).enumerate().for_each_init(
        || (scratch(), vec![0.0; 2 * factors], vec![0.0; factors]),
        |(scratch, ab, draw), (j, y)| {
            fill(seed, Purpose::Design, j as u64, ab);
            for (row, y) in y.chunks_exact_mut(outputs).enumerate() {
                take_row(ab, row, draw);
                f(scratch, draw, y);
            }
        },
    );
    if y.iter().any(|v| !v.is_finite()) {
        return Err(Error::internal("an output of a sensitivity run is not a number"));
    }
    Ok((0..outputs).map(|o| indices(&y, factors, outputs, o)).collect())
}

/// Row 0 is A, row 1 is B, row 2 + i is A with factor i from B.
fn take_row(ab: &[f64], row: usize, draw: &mut [f64]) {
    let (a, b) = ab.split_at(draw.len());
    draw.copy_from_slice(if row == 1 { b } else { a });
    if let Some(i) = row.checked_sub(2) {
        draw[i] = b[i];
    }
}

/// Added up sample after sample, so that the order of the sums is fixed.
fn indices(y: &[f64], factors: usize, outputs: usize, o: usize) -> Indices {
    let samples: Vec<&[f64]> = y.chunks_exact((factors + 2) * outputs).collect();
    let at = |sample: &[f64], row: usize| sample[row * outputs + o];
    let n = samples.len() as f64;
    let mean = samples.iter().map(|s| at(s, 0) + at(s, 1)).sum::<f64>() / (2.0 * n);
    let squares = |s: &&[f64]| (at(s, 0) - mean).powi(2) + (at(s, 1) - mean).powi(2);
    let variance = samples.iter().map(squares).sum::<f64>() / (2.0 * n);
    let of = |i: usize| {
        let first = samples.iter().map(|s| (at(s, 1) - mean) * (at(s, 2 + i) - at(s, 0))).sum::<f64>() / n;
        let total = samples.iter().map(|s| (at(s, 0) - at(s, 2 + i)).powi(2)).sum::<f64>() / (2.0 * n);
        // adding 0 turns a negative zero into a plain one
        let share = |part: f64| (variance > 0.0).then(|| part / variance + 0.0);
        Index { first: share(first), total: share(total) }
    };
    Indices { mean, variance, factors: (0..factors).map(of).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_is_split_by_variance_and_what_does_nothing_has_exactly_none() {
        // V = (1 + 100)/12; no interaction, so first = total: 1/101, 100/101, 0
        let y = |(): &mut (), x: &[f64], y: &mut [f64]| y[0] = x[0] + 10.0 * x[1];
        let got = &sobol(3, 20_000, 1, 7, || (), y).unwrap()[0];
        assert!((got.variance - 101.0 / 12.0).abs() < 0.1 && (got.mean - 5.5).abs() < 0.05, "{got:?}");
        for (index, expected) in got.factors.iter().zip([1.0 / 101.0, 100.0 / 101.0]) {
            assert!((index.first.unwrap() - expected).abs() < 0.03, "{got:?}");
            assert!((index.total.unwrap() - expected).abs() < 0.03, "{got:?}");
        }
        assert_eq!(got.factors[2], Index { first: Some(0.0), total: Some(0.0) });
    }

    #[test]
    fn a_product_is_all_interaction() {
        // y = (x₁ − ½)(x₂ − ½): means given either are 0 ⇒ first 0; all variance goes with both ⇒ total 1
        let y = |(): &mut (), x: &[f64], y: &mut [f64]| y[0] = (x[0] - 0.5) * (x[1] - 0.5);
        let got = &sobol(2, 20_000, 1, 7, || (), y).unwrap()[0];
        for index in &got.factors {
            assert!(index.first.unwrap().abs() < 0.05 && (index.total.unwrap() - 1.0).abs() < 0.05, "{got:?}");
        }
    }

    #[test]
    fn estimates_are_the_formulas_on_the_numbers_at_hand() {
        // one factor, two samples of (A, B, A_B): (0, 2, 2) and (4, 2, 2): m = 2, V = (4+0+4+0)/4 = 2;
        // first = mean(0·2, 0·(−2))/2 = 0; total = mean(4, 4)/(2·2) = 1
        let got = indices(&[0.0, 2.0, 2.0, 4.0, 2.0, 2.0], 1, 1, 0);
        assert_eq!((got.mean, got.variance), (2.0, 2.0));
        assert_eq!(got.factors, [Index { first: Some(0.0), total: Some(1.0) }]);
        // (0, 4, 2) and (4, 0, 6): m = 2, V = 4; first = mean(2·2, −2·2)/4 = 0, total = mean(4, 4)/8 = 0.5
        // (0, 4, −2) alone: m = 2, V = 4; first = 2·(−2)/4 = −1: below 0 and given so
        assert_eq!(indices(&[0.0, 4.0, 2.0, 4.0, 0.0, 6.0], 1, 1, 0).factors, [Index { first: Some(0.0), total: Some(0.5) }]);
        assert_eq!(indices(&[0.0, 4.0, -2.0], 1, 1, 0).factors[0].first, Some(-1.0));
    }

    #[test]
    fn where_nothing_varies_there_are_no_shares() {
        let got = &sobol(2, 10, 1, 7, || (), |(): &mut (), _, y: &mut [f64]| y[0] = 3.0).unwrap()[0];
        assert_eq!(got.factors, [Index { first: None, total: None }; 2]);
        assert!(sobol(2, 0, 1, 7, || (), |(): &mut (), _, _: &mut [f64]| ()).is_err());
    }
}
