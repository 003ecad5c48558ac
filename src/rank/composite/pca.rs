//! Weights from the first principal component of the children of a group: its loadings, squared, which add up to 1.
//!
//! # References
//! OECD/JRC 2008, §6.1 (weights based on principal components); Nicoletti, Scarpetta and Boylaud, OECD ECO/WKP 226, 1999.

use super::check::wrong;
use super::jacobi::eigen;
use super::stats::{correlation, is_constant};
use crate::error::Result;

/// Weights of the children of `group`: one list of values a child, over the units that have all of them.
///
/// # Errors
/// Usage, where fewer than three units have all, a child is constant, or two components are equally strong.
pub(super) fn weights(group: &str, names: &[&str], columns: &[Vec<f64>]) -> Result<Vec<f64>> {
    let next = "weigh this index equally or by hand";
    if columns.len() < 2 {
        return Ok(vec![1.0; columns.len()]);
    }
    if columns[0].len() < 3 {
        let what = format!("{} units have a value of each child of \"{group}\"; a principal component needs 3", columns[0].len());
        return Err(wrong(group, what, next));
    }
    if let Some(i) = columns.iter().position(|c| is_constant(c)) {
        return Err(wrong(names[i], format!("\"{}\" is the same in every unit and has no principal component", names[i]), next));
    }
    let matrix = columns.iter().map(|a| columns.iter().map(|b| correlation(a, b).unwrap_or(0.0)).collect()).collect();
    let pairs = eigen(matrix);
    if pairs[0].0 - pairs[1].0 < 1e-9 {
        return Err(wrong(group, format!("the children of \"{group}\" have no one first principal component"), next));
    }
    let squares: Vec<f64> = pairs[0].1.iter().map(|v| v * v).collect();
    let sum: f64 = squares.iter().sum();
    Ok(squares.into_iter().map(|s| s / sum).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_children_by_hand() {
        // a and b are the same; c has correlation 0.5 with both: [[1,1,½],[1,1,½],[½,½,1]].
        // Vector (x, x, y): 2x + y/2 = λx and x + y = λy ⇒ (λ − 2)(λ − 1) = ½ ⇒ λ = (3 + √3)/2; y = x/(λ − 1) = x·2/(1 + √3).
        // y² = x²·4/(4 + 2√3) ⇒ weights x²: 1/(2 + 2/(2 + √3)) = 1/(2 + 2(2 − √3)) = 1/(6 − 2√3)
        let a = vec![1.0, 2.0, 3.0];
        let c = vec![1.0, 3.0, 2.0];
        let got = weights("g", &["a", "b", "c"], &[a.clone(), a, c]).unwrap();
        let x = 1.0 / (6.0 - 2.0 * 3.0_f64.sqrt());
        assert!(got.iter().zip([x, x, 1.0 - 2.0 * x]).all(|(g, w)| (g - w).abs() < 1e-12), "{got:?}");
    }

    #[test]
    fn where_there_is_none_an_error_says_so() {
        let told = |columns: &[Vec<f64>]| weights("g", &["a", "b"], columns).unwrap_err().to_string();
        assert!(told(&[vec![1.0, 2.0], vec![1.0, 2.0]]).contains("2 units have a value"));
        assert!(told(&[vec![1.0, 2.0, 3.0], vec![5.0; 3]]).contains("\"b\" is the same in every unit"));
        // (−1, 0, 1) and (1, −2, 1) are uncorrelated
        assert!(told(&[vec![-1.0, 0.0, 1.0], vec![1.0, -2.0, 1.0]]).contains("no one first principal component"));
        assert_eq!(weights("g", &["a"], &[vec![1.0]]).unwrap(), [1.0]);
    }
}
