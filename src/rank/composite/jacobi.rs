//! Eigenvalues of a small symmetric matrix by Jacobi's rotations, for the first principal component.
//!
//! A group has a handful of children, so this is exact enough and fast enough; it is not for large matrices.
//!
//! # References
//! Golub and Van Loan, *Matrix Computations*, 4th ed., 2013, §8.5 (cyclic Jacobi).

/// Turns after which it has long converged (it does so quadratically; ten is ample for a hundred rows).
const SWEEPS: usize = 60;

/// Eigenvalues and eigenvectors of a symmetric matrix, largest value first; equal ones keep the order of rows.
///
/// `matrix` is a list of rows. Each vector has length 1 and its largest part (the first of those) above 0.
pub fn eigen(mut matrix: Vec<Vec<f64>>) -> Vec<(f64, Vec<f64>)> {
    let n = matrix.len();
    let mut vectors: Vec<Vec<f64>> = (0..n).map(|i| (0..n).map(|j| f64::from(u8::from(i == j))).collect()).collect();
    for _ in 0..SWEEPS {
        let off: f64 = (0..n).flat_map(|i| (0..i).map(move |j| (i, j))).map(|(i, j)| matrix[i][j] * matrix[i][j]).sum();
        if off < 1e-30 {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                rotate(&mut matrix, &mut vectors, p, q);
            }
        }
    }
    let mut pairs: Vec<(f64, Vec<f64>)> =
        (0..n).map(|i| (matrix[i][i], upright(vectors.iter().map(|row| row[i]).collect()))).collect();
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0));
    pairs
}

/// One rotation that makes the entry (p, q) nought.
fn rotate(matrix: &mut [Vec<f64>], vectors: &mut [Vec<f64>], p: usize, q: usize) {
    if matrix[p][q] == 0.0 {
        return;
    }
    let theta = (matrix[q][q] - matrix[p][p]) / (2.0 * matrix[p][q]);
    let sign = if theta >= 0.0 { 1.0 } else { -1.0 };
    let t = sign / (theta.abs() + (theta * theta + 1.0).sqrt());
    let c = 1.0 / (t * t + 1.0).sqrt();
    let s = t * c;
    for row in matrix.iter_mut().chain(vectors) {
        let (a, b) = (row[p], row[q]);
        (row[p], row[q]) = (c * a - s * b, s * a + c * b);
    }
    let (above, below) = matrix.split_at_mut(q);
    for (x, y) in above[p].iter_mut().zip(&mut below[0]) {
        let (a, b) = (*x, *y);
        (*x, *y) = (c * a - s * b, s * a + c * b);
    }
}

/// The vector or its opposite, so that its largest part is above 0.
fn upright(vector: Vec<f64>) -> Vec<f64> {
    let largest = vector.iter().copied().fold(0.0, |best: f64, v| if v.abs() > best.abs() + 1e-12 { v } else { best });
    if largest < 0.0 { vector.into_iter().map(|v| -v).collect() } else { vector }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_by_two() {
        // [[2, 1], [1, 2]]: values 3 and 1, first vector (1, 1)/√2
        let pairs = eigen(vec![vec![2.0, 1.0], vec![1.0, 2.0]]);
        assert!((pairs[0].0 - 3.0).abs() < 1e-14 && (pairs[1].0 - 1.0).abs() < 1e-14);
        assert!(pairs[0].1.iter().all(|v| (v - 0.5_f64.sqrt()).abs() < 1e-14));
    }

    #[test]
    fn three_by_three() {
        // [[2,−1,0],[−1,2,−1],[0,−1,2]]: values 2 + √2, 2, 2 − √2; first vector (1, −√2, 1)/2, turned so that −√2 is above 0
        let pairs = eigen(vec![vec![2.0, -1.0, 0.0], vec![-1.0, 2.0, -1.0], vec![0.0, -1.0, 2.0]]);
        let r = 2.0_f64.sqrt();
        for (got, want) in pairs.iter().zip([2.0 + r, 2.0, 2.0 - r]) {
            assert!((got.0 - want).abs() < 1e-14);
        }
        for (got, want) in pairs[0].1.iter().zip([-0.5, r / 2.0, -0.5]) {
            assert!((got - want).abs() < 1e-14);
        }
    }

    #[test]
    fn the_first_of_a_large_one_is_what_the_power_method_finds() {
        let n = 9;
        let matrix: Vec<Vec<f64>> = (0..n).map(|i| (0..n).map(|j| 1.0 / (1 + i + j) as f64).collect()).collect();
        let mut v = vec![1.0; n];
        for _ in 0..2000 {
            let w: Vec<f64> = matrix.iter().map(|row| row.iter().zip(&v).map(|(a, b)| a * b).sum()).collect();
            let length = w.iter().map(|x: &f64| x * x).sum::<f64>().sqrt();
            v = w.into_iter().map(|x| x / length).collect();
        }
        let got = eigen(matrix);
        assert!(got[0].1.iter().zip(&v).all(|(a, b)| (a - b).abs() < 1e-12));
    }
}
