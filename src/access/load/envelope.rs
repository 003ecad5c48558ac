//! Symmetric systems of stations that share places: an order in which neighbours stand close, and Cholesky's factor inside the envelope.

/// A symmetric positive definite matrix by the lower part of its rows, from the first column that can be other than 0.
#[derive(Clone, Debug)]
pub(super) struct Envelope {
    /// First column of each row.
    first: Vec<usize>,
    /// Where column 0 of each row would lie.
    base: Vec<isize>,
    values: Vec<f64>,
}

impl Envelope {
    /// Nothing but zeros inside these rows.
    pub fn new(first: Vec<usize>) -> Self {
        let (mut base, mut end) = (Vec::with_capacity(first.len()), 0);
        for (row, first) in first.iter().enumerate() {
            base.push(end as isize - *first as isize);
            end += row - first + 1;
        }
        Self { first, base, values: vec![0.0; end] }
    }

    /// Zeros again.
    pub fn clear(&mut self) {
        self.values.fill(0.0);
    }

    fn at(&self, row: usize, column: usize) -> usize {
        (self.base[row] + column as isize) as usize
    }

    /// A row, from its first column to the diagonal, and what has to be taken from a column to find its place.
    pub fn row_mut(&mut self, row: usize) -> (&mut [f64], usize) {
        let from = self.first[row];
        let (a, b) = (self.at(row, from), self.at(row, row));
        (&mut self.values[a..=b], from)
    }

    /// The diagonal of a row.
    pub fn diagonal_mut(&mut self, row: usize) -> &mut f64 {
        let at = self.at(row, row);
        &mut self.values[at]
    }

    /// Replaces the matrix by its factor L, L·Lᵀ.
    pub fn factor(&mut self) {
        for i in 0..self.first.len() {
            let from = self.first[i];
            let start = self.at(i, from);
            let (before, rest) = self.values.split_at_mut(start);
            let row = &mut rest[..i - from + 1];
            for j in from..i {
                let low = from.max(self.first[j]);
                let other = &before[(self.base[j] + low as isize) as usize..=(self.base[j] + j as isize) as usize];
                let sum = dot(&row[low - from..j - from], &other[..j - low]);
                row[j - from] = (row[j - from] - sum) / other[j - low];
            }
            let own = dot(&row[..i - from], &row[..i - from]);
            row[i - from] = (row[i - from] - own).max(f64::MIN_POSITIVE).sqrt();
        }
    }

    /// Solves with the factor, in place.
    pub fn solve(&self, x: &mut [f64]) {
        for i in 0..self.first.len() {
            let from = self.first[i];
            let row = &self.values[self.at(i, from)..=self.at(i, i)];
            x[i] = (x[i] - dot(&row[..i - from], &x[from..i])) / row[i - from];
        }
        for i in (0..self.first.len()).rev() {
            let from = self.first[i];
            let row = &self.values[self.at(i, from)..=self.at(i, i)];
            x[i] /= row[i - from];
            let xi = x[i];
            for (x, l) in x[from..i].iter_mut().zip(row) {
                *x -= l * xi;
            }
        }
    }
}

/// A sum of products, in eight running sums: the same order on every machine.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; 8];
    let (a8, b8) = (a.chunks_exact(8), b.chunks_exact(8));
    let tail: f64 = a8.remainder().iter().zip(b8.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in a8.zip(b8) {
        for k in 0..8 {
            sums[k] += a[k] * b[k];
        }
    }
    ((sums[0] + sums[4]) + (sums[1] + sums[5])) + ((sums[2] + sums[6]) + (sums[3] + sums[7])) + tail
}
