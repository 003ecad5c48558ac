//! How far rows are from sites: only sites near enough stand in a row's list, and what a row costs without one of them is stated.

/// Takes rows one by one.
#[derive(Debug)]
pub struct DistanceRows {
    beyond: u64,
    rows: Vec<(Vec<(u64, u32)>, u64)>,
    /// Rows that were added.
    pub added: u64,
    /// Rows of them that no site is near to, and their weight.
    pub unreached: (u64, u64),
}

impl DistanceRows {
    /// A row counts as this far where no chosen site of its list is nearer.
    ///
    /// ```
    /// use chargegap::internals::siting::DistanceRows;
    /// let mut rows = DistanceRows::new(10);
    /// rows.add(&[(0, 3), (1, 9), (2, 10)], 5);
    /// rows.add(&[(0, 3), (1, 9)], 2);
    /// rows.add(&[(2, 11)], 1);
    /// assert_eq!((rows.added, rows.unreached), (3, (1, 1)));
    /// let near = rows.freeze(3).unwrap();
    /// // one row is left, of weight 7: 3 from site 0, and 10 without 0 and 1
    /// assert_eq!((near.rows(), near.value(&[0]), near.value(&[1]), near.value(&[2])), (1, 21, 63, 70));
    /// ```
    pub fn new(beyond: u64) -> Self {
        Self { beyond, rows: Vec::new(), added: 0, unreached: (0, 0) }
    }

    /// Adds a row: sites, each once, with how far they are, and its weight. A row of no weight is only counted.
    pub fn add(&mut self, near: &[(u32, u64)], weight: u64) {
        self.added += 1;
        let mut list: Vec<(u64, u32)> = near.iter().filter(|n| n.1 < self.beyond).map(|n| (n.1, n.0)).collect();
        list.sort_unstable();
        if list.is_empty() {
            self.unreached = (self.unreached.0 + 1, self.unreached.1 + weight);
        } else if weight > 0 {
            self.rows.push((list, weight));
        }
    }

    /// The problem; rows of the same list are one, in the order of their lists. None where weights times distances are too large to add up.
    pub fn freeze(mut self, sites: usize) -> Option<Distances> {
        self.rows.sort_unstable();
        self.rows.dedup_by(|b, a| {
            let same = a.0 == b.0;
            a.1 = if same { a.1.saturating_add(b.1) } else { a.1 };
            same
        });
        let all = self.rows.iter().try_fold(0u64, |sum, r| r.1.checked_mul(self.beyond)?.checked_add(sum))?;
        all.checked_mul(2)?; // room for one more in sums
        if self.rows.iter().any(|r| r.1.checked_mul(self.beyond).and_then(|c| c.checked_mul(super::bound::PARTS)).is_none()) {
            return None;
        }
        let (mut row_first, mut row_near, mut weight) = (vec![0], Vec::new(), Vec::new());
        for (list, w) in self.rows {
            row_near.extend(list);
            row_first.push(row_near.len());
            weight.push(w);
        }
        let mut site_first = vec![0; sites + 1];
        row_near.iter().for_each(|(_, s)| site_first[*s as usize + 1] += 1);
        (0..sites).for_each(|i| site_first[i + 1] += site_first[i]);
        let (mut at, mut site_near) = (site_first.clone(), vec![(0, 0); row_near.len()]);
        for r in 0..weight.len() {
            for (d, s) in &row_near[row_first[r]..row_first[r + 1]] {
                site_near[at[*s as usize]] = (*d, r as u32);
                at[*s as usize] += 1;
            }
        }
        Some(Distances { beyond: self.beyond, row_first, row_near, weight, site_first, site_near })
    }
}

/// Rows and sites with distances, both ways.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Distances {
    beyond: u64,
    row_first: Vec<usize>,
    row_near: Vec<(u64, u32)>,
    weight: Vec<u64>,
    site_first: Vec<usize>,
    site_near: Vec<(u64, u32)>,
}

impl Distances {
    /// How far a row counts where no chosen site of its list is nearer.
    pub fn beyond(&self) -> u64 {
        self.beyond
    }

    /// How many sites there are.
    pub fn sites(&self) -> usize {
        self.site_first.len() - 1
    }

    /// How many rows.
    pub fn rows(&self) -> usize {
        self.weight.len()
    }

    /// How many pairs of row and site.
    pub fn pairs(&self) -> usize {
        self.row_near.len()
    }

    /// Weight of each row.
    pub fn weights(&self) -> &[u64] {
        &self.weight
    }

    /// Distances and sites of a row, the nearest first, of equals the lower number.
    pub fn of_row(&self, row: usize) -> &[(u64, u32)] {
        &self.row_near[self.row_first[row]..self.row_first[row + 1]]
    }

    /// Distances and rows of a site, rows in order.
    pub fn of_site(&self, site: usize) -> &[(u64, u32)] {
        &self.site_near[self.site_first[site]..self.site_first[site + 1]]
    }

    /// How far each row is from the nearest of some sites.
    pub fn nearest(&self, sites: &[u32]) -> Vec<u64> {
        let mut far = vec![self.beyond; self.rows()];
        let near = sites.iter().flat_map(|s| self.of_site(*s as usize));
        near.for_each(|(d, r)| far[*r as usize] = far[*r as usize].min(*d));
        far
    }

    /// Weight times distance to the nearest of some sites, of all rows.
    pub fn value(&self, sites: &[u32]) -> u64 {
        self.nearest(sites).iter().zip(&self.weight).map(|(d, w)| d * w).sum()
    }

    /// What nothing costs: every row as far as it can be.
    pub(super) fn most(&self) -> u64 {
        self.weight.iter().map(|w| w * self.beyond).sum()
    }
}
