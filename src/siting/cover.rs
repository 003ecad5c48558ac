//! What covers what: rows (places, pieces of road) with a weight and the sites that cover each; the rows of each site.

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;
use std::hash::BuildHasher;

/// Takes rows one by one and merges those that the same sites cover: to any choice of sites they are one. No row is kept by itself.
#[derive(Debug, Default)]
pub struct CoverRows {
    sites: Vec<u32>,
    ends: Vec<u32>,
    weight: Vec<u64>,
    index: HashTable<u32>,
    /// Rows that were added.
    pub added: u64,
    /// Rows of them that no site covers, and their weight.
    pub unreached: (u64, u64),
}

impl CoverRows {
    /// Adds a row: the sites that cover it, sorted, each once, and its weight. A row of no weight is only counted.
    ///
    /// ```
    /// use chargegap::internals::siting::CoverRows;
    /// let mut rows = CoverRows::default();
    /// rows.add(&[0, 2], 5);
    /// rows.add(&[0, 2], 7);
    /// rows.add(&[], 1);
    /// let cover = rows.freeze(3);
    /// assert_eq!((cover.rows(), cover.total()), (1, 12));
    /// ```
    pub fn add(&mut self, sites: &[u32], weight: u64) {
        self.add_many(sites, weight, 1);
    }

    /// Adds so many rows that the same sites cover, with the weight of all of them.
    pub fn add_many(&mut self, sites: &[u32], weight: u64, number: u64) {
        debug_assert!(sites.is_sorted_by(|a, b| a < b));
        self.added += number;
        if sites.is_empty() {
            self.unreached = (self.unreached.0 + number, self.unreached.1 + weight);
        }
        if sites.is_empty() || weight == 0 {
            return;
        }
        let hash = FxBuildHasher.hash_one(sites);
        if let Some(i) = self.index.find(hash, |i| part(&self.sites, &self.ends, *i) == sites) {
            self.weight[*i as usize] += weight;
            return;
        }
        self.sites.extend_from_slice(sites);
        self.ends.push(self.sites.len() as u32);
        self.weight.push(weight);
        let (list, ends) = (&self.sites, &self.ends);
        self.index.insert_unique(hash, ends.len() as u32 - 1, |i| FxBuildHasher.hash_one(part(list, ends, *i)));
    }

    /// Adds a row by how far it is from sites: `near` are sites and distances, sorted by site.
    ///
    /// ```
    /// use chargegap::internals::siting::{CoverRows, Within};
    /// let near = [(0, 4_999), (1, 5_000), (2, 5_001)];
    /// for (within, covers) in [(Within::AtMost(5_000), 2), (Within::Below(5_000), 1)] {
    ///     let mut rows = CoverRows::default();
    ///     rows.add_within(&near, within, 1);
    ///     assert_eq!(rows.freeze(3).pairs(), covers);
    /// }
    /// ```
    pub fn add_within(&mut self, near: &[(u32, u64)], within: Within, weight: u64) {
        let sites: Vec<u32> = near.iter().filter(|n| within.has(n.1)).map(|n| n.0).collect();
        self.add(&sites, weight);
    }

    /// Weight of all rows that some site covers.
    pub fn weight(&self) -> u64 {
        self.weight.iter().sum()
    }

    /// The problem; rows in the order of their sites, so that the order in which they came shows nowhere.
    pub fn freeze(self, sites: usize) -> Cover {
        let of = |i: u32| part(&self.sites, &self.ends, i);
        let mut order: Vec<u32> = (0..self.weight.len() as u32).collect();
        order.sort_unstable_by(|a, b| of(*a).cmp(of(*b)));
        Cover::new(sites, order.iter().map(|i| (of(*i), self.weight[*i as usize])))
    }
}

/// How far a site reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Within {
    /// To this distance and no farther (≤).
    AtMost(u64),
    /// Nearer than this (<), as some of the literature has it.
    Below(u64),
}

impl Within {
    /// Whether a distance is within reach.
    pub fn has(self, distance: u64) -> bool {
        match self {
            Self::AtMost(reach) => distance <= reach,
            Self::Below(reach) => distance < reach,
        }
    }
}

/// The sites of a row, of lists that stand one behind the other.
fn part<'a>(list: &'a [u32], ends: &[u32], row: u32) -> &'a [u32] {
    let start = row.checked_sub(1).map_or(0, |before| ends[before as usize]);
    &list[start as usize..ends[row as usize] as usize]
}

/// Rows and sites, both ways.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cover {
    row_first: Vec<u32>,
    row_sites: Vec<u32>,
    weight: Vec<u64>,
    site_first: Vec<u32>,
    site_rows: Vec<u32>,
}

impl Cover {
    pub(super) fn new<'a>(sites: usize, rows: impl Iterator<Item = (&'a [u32], u64)>) -> Self {
        let (mut row_first, mut row_sites, mut weight) = (vec![0u32], Vec::new(), Vec::new());
        for (of, w) in rows {
            row_sites.extend_from_slice(of);
            row_first.push(row_sites.len() as u32);
            weight.push(w);
        }
        let mut site_first = vec![0u32; sites + 1];
        row_sites.iter().for_each(|s| site_first[*s as usize + 1] += 1);
        (0..sites).for_each(|i| site_first[i + 1] += site_first[i]);
        let (mut at, mut site_rows) = (site_first.clone(), vec![0; row_sites.len()]);
        for r in 0..weight.len() {
            for s in &row_sites[row_first[r] as usize..row_first[r + 1] as usize] {
                site_rows[at[*s as usize] as usize] = r as u32;
                at[*s as usize] += 1;
            }
        }
        Self { row_first, row_sites, weight, site_first, site_rows }
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
        self.row_sites.len()
    }

    /// Weight of each row.
    pub fn weights(&self) -> &[u64] {
        &self.weight
    }

    /// Weight of all rows.
    pub fn total(&self) -> u64 {
        self.weight.iter().sum()
    }

    /// The sites that cover a row, sorted.
    pub fn of_row(&self, row: usize) -> &[u32] {
        &self.row_sites[self.row_first[row] as usize..self.row_first[row + 1] as usize]
    }

    /// The rows that a site covers, sorted.
    pub fn of_site(&self, site: usize) -> &[u32] {
        &self.site_rows[self.site_first[site] as usize..self.site_first[site + 1] as usize]
    }

    /// Weight of the rows that some of these sites cover.
    pub fn value(&self, sites: &[u32]) -> u64 {
        let mut covered = vec![false; self.rows()];
        sites.iter().flat_map(|s| self.of_site(*s as usize)).for_each(|r| covered[*r as usize] = true);
        covered.iter().zip(&self.weight).filter(|(c, _)| **c).map(|(_, w)| w).sum()
    }

    /// Sites that another one covers all rows of at no more cost; of equals the lower number stays.
    pub fn dominated(&self, cost: &[u64]) -> Vec<bool> {
        let mut out = vec![false; self.sites()];
        for s in 0..self.sites() {
            let rows = self.of_site(s);
            // who covers all rows of s covers the one that fewest sites cover
            let Some(rarest) = rows.iter().min_by_key(|r| self.of_row(**r as usize).len()) else {
                out[s] = true;
                continue;
            };
            out[s] = self.of_row(*rarest as usize).iter().map(|t| *t as usize).any(|t| {
                let larger = (self.of_site(t).len(), std::cmp::Reverse(t)) > (rows.len(), std::cmp::Reverse(s));
                let cheaper = cost[t] < cost[s] || (cost[t] == cost[s] && larger);
                t != s && !out[t] && cheaper && self.of_site(t).len() >= rows.len() && is_part(rows, self.of_site(t))
            });
        }
        out
    }
}

/// Whether all of one sorted list stand in another.
fn is_part(small: &[u32], large: &[u32]) -> bool {
    let mut rest = large.iter();
    small.iter().all(|r| rest.by_ref().any(|l| l == r))
}
