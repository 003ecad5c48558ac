//! Moments and ranks of a list of numbers; plain functions, no missing values.
//!
//! # References
//! Joanes and Gill, *Comparing measures of sample skewness and kurtosis*, The Statistician 47(1), 1998 (G1 and G2, which
//! e1071 calls type 2).

/// Mean; none of an empty list.
pub fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// Median, the mean of the middle two where there is no middle one; none of an empty list.
pub fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let half = sorted.len() / 2;
    let high = *sorted.get(half)?;
    Some(if sorted.len() % 2 == 1 { high } else { (sorted[half - 1] + high) / 2.0 })
}

/// Lowest and highest; none of an empty list.
pub fn range(values: &[f64]) -> Option<(f64, f64)> {
    values.iter().fold(None, |seen, v| match seen {
        None => Some((*v, *v)),
        Some((low, high)) => Some((v.min(low), v.max(high))),
    })
}

/// Whether all values are the same (or there are none).
pub fn is_constant(values: &[f64]) -> bool {
    range(values).is_none_or(|(low, high)| low == high)
}

/// Standard deviation of a sample; none below two values.
pub fn sample_deviation(values: &[f64]) -> Option<f64> {
    let mean = mean(values)?;
    let squares: f64 = values.iter().map(|v| (v - mean) * (v - mean)).sum();
    (values.len() > 1).then(|| (squares / (values.len() - 1) as f64).sqrt())
}

/// Sums of the second, third and fourth powers of the deviations from the mean.
fn powers(values: &[f64]) -> Option<(f64, f64, f64)> {
    let mean = mean(values)?;
    Some(values.iter().map(|v| v - mean).fold((0.0, 0.0, 0.0), |(a, b, c), d| (a + d * d, b + d * d * d, c + d * d * d * d)))
}

/// Sample skew G1; none below three values or where all are the same.
pub fn skew(values: &[f64]) -> Option<f64> {
    let n = values.len() as f64;
    let (second, third, _) = powers(values).filter(|_| values.len() > 2 && !is_constant(values))?;
    Some(n.sqrt() * third / second.powf(1.5) * (n * (n - 1.0)).sqrt() / (n - 2.0))
}

/// Sample excess kurtosis G2; none below four values or where all are the same.
pub fn kurtosis(values: &[f64]) -> Option<f64> {
    let n = values.len() as f64;
    let (second, _, fourth) = powers(values).filter(|_| values.len() > 3 && !is_constant(values))?;
    let ratio = n * fourth / (second * second);
    Some(((n + 1.0) * (ratio - 3.0) + 6.0) * (n - 1.0) / ((n - 2.0) * (n - 3.0)))
}

/// Place of each value from 1, lowest first; equal values share the mean of their places.
pub fn mean_ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let (mut ranks, mut before) = (vec![0.0; values.len()], 0);
    for same in order.chunk_by(|a, b| values[*a] == values[*b]) {
        for i in same {
            ranks[*i] = before as f64 + (same.len() + 1) as f64 / 2.0;
        }
        before += same.len();
    }
    ranks
}

/// Correlation (Pearson) of two lists of equal length; none where one of them is constant.
pub fn correlation(a: &[f64], b: &[f64]) -> Option<f64> {
    let (mean_a, mean_b) = (mean(a)?, mean(b)?);
    let sums = a.iter().zip(b).fold((0.0, 0.0, 0.0), |(ab, aa, bb), (x, y)| {
        let (x, y) = (x - mean_a, y - mean_b);
        (ab + x * y, aa + x * x, bb + y * y)
    });
    (!is_constant(a) && !is_constant(b)).then(|| sums.0 / (sums.1 * sums.2).sqrt()).filter(|r| r.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn skew_and_kurtosis_of_four_numbers() {
        // 0, 0, 0, 4: mean 1, deviations −1 −1 −1 3 ⇒ Σ² 12, Σ³ 24, Σ⁴ 84.
        // g1 = √4·24 / 12^1.5 = 48/41.569 = 1.154701; G1 = g1·√12/2 = 2 exactly.
        // 4·84/144 = 7/3 ⇒ G2 = (5·(7/3 − 3) + 6)·3 / (2·1) = (−10/3 + 6)·1.5 = 4.
        let values = [0.0, 0.0, 0.0, 4.0];
        assert!((skew(&values).unwrap() - 2.0).abs() < 1e-12);
        assert!((kurtosis(&values).unwrap() - 4.0).abs() < 1e-12);
        assert_eq!((skew(&[1.0, 2.0]), kurtosis(&[1.0, 2.0, 4.0]), skew(&[3.0; 9])), (None, None, None));
    }

    #[test]
    fn middle_spread_and_ranks() {
        assert_eq!((median(&[3.0, 1.0, 2.0]), median(&[4.0, 1.0, 3.0, 2.0]), median(&[])), (Some(2.0), Some(2.5), None));
        // 2, 4, 6: deviations −2 0 2 ⇒ 8/2 ⇒ 2
        assert_eq!(sample_deviation(&[2.0, 4.0, 6.0]), Some(2.0));
        // 5 5 share places 2 and 3
        assert_eq!(mean_ranks(&[5.0, 9.0, 5.0, 1.0]), [2.5, 4.0, 2.5, 1.0]);
    }

    #[test]
    fn correlation_by_hand() {
        // (1,2,3) and (1,3,2): Σab 1, Σaa 2, Σbb 2 ⇒ 0.5
        assert!((correlation(&[1.0, 2.0, 3.0], &[1.0, 3.0, 2.0]).unwrap() - 0.5).abs() < 1e-12);
        assert_eq!(correlation(&[1.0, 1.0], &[1.0, 3.0]), None);
    }
}
