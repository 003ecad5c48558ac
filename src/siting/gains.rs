//! What a row counts, by how many chosen sites cover it: once for all, only when two do, or by how likely one of them works.

use super::cover::Cover;
use super::limit::Limit;
use super::relax::Relaxed;

/// What the first, the second, … site that covers a row adds, for each unit of the row's weight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gains {
    each: Vec<u64>,
    /// By number of sites, from none: the sum.
    sums: Vec<u64>,
}

impl Gains {
    /// One whole unit of [`Gains::uptime`] and [`Gains::parted`].
    pub const WHOLE: u64 = 1_000_000;

    /// Any gains; sites beyond the last add nothing.
    ///
    /// ```
    /// use chargegap::internals::siting::Gains;
    /// let gains = Gains::of(vec![3, 1]);
    /// assert_eq!([0, 1, 2, 3].map(|sites| gains.sum(sites)), [0, 3, 4, 4]);
    /// ```
    pub fn of(mut each: Vec<u64>) -> Self {
        while each.last() == Some(&0) {
            each.pop();
        }
        let add = |sum: &mut u64, gain: &u64| {
            *sum += gain;
            Some(*sum)
        };
        let sums = std::iter::once(0).chain(each.iter().scan(0, add)).collect();
        Self { each, sums }
    }

    /// One site is enough.
    pub fn once() -> Self {
        Self::of(vec![1])
    }

    /// A row counts only when two sites cover it.
    pub fn backup() -> Self {
        Self::of(vec![0, 1])
    }

    /// The first site counts so many millionths, the second the rest.
    pub fn parted(first: u64) -> Self {
        let first = first.min(Self::WHOLE);
        Self::of(vec![first, Self::WHOLE - first])
    }

    /// How likely one of the sites works, when each does so in so many millionths of the time whatever the others do: 1 − (1 − a)ᵏ, millionths.
    ///
    /// ```
    /// use chargegap::internals::siting::Gains;
    /// let gains = Gains::uptime(900_000);
    /// assert_eq!([1, 2, 3].map(|sites| gains.sum(sites)), [900_000, 990_000, 999_000]);
    /// ```
    pub fn uptime(millionths: u64) -> Self {
        Self::uptime_in(millionths, Self::WHOLE)
    }

    /// The same in parts of which so many are one.
    ///
    /// ```
    /// use chargegap::internals::siting::Gains;
    /// let gains = Gains::uptime_in(970_000, 1000);
    /// assert_eq!([1, 2, 3, 4].map(|sites| gains.sum(sites)), [970, 999, 1000, 1000]); // 0.97, 0.9991, 0.999973
    /// ```
    pub fn uptime_in(millionths: u64, whole: u64) -> Self {
        let works = millionths.min(Self::WHOLE) as f64 / Self::WHOLE as f64;
        let sum = |k: i32| ((1.0 - (1.0 - works).powi(k)) * whole as f64).round() as u64;
        // each gain is no more than the one before, whatever rounding says
        let mut each: Vec<u64> = Vec::new();
        for gain in (1..=64).map(|k| sum(k) - sum(k - 1)).take_while(|gain| *gain > 0) {
            each.push(gain.min(each.last().copied().unwrap_or(u64::MAX)));
        }
        Self::of(each)
    }

    /// What so many sites make of a unit.
    pub fn sum(&self, sites: usize) -> u64 {
        self.sums[sites.min(self.each.len())]
    }

    /// What one more than so many adds.
    pub fn next(&self, sites: usize) -> u64 {
        self.each.get(sites).copied().unwrap_or(0)
    }

    /// How many sites can count.
    pub fn levels(&self) -> usize {
        self.each.len()
    }

    /// What some sites make of all rows.
    pub fn value(&self, cover: &Cover, sites: &[u32]) -> u64 {
        counts(cover, sites).iter().zip(cover.weights()).map(|(k, w)| self.sum(*k as usize) * w).sum()
    }

    /// What all sites make of all rows.
    pub fn total(&self, cover: &Cover) -> u64 {
        (0..cover.rows()).map(|r| self.sum(cover.of_row(r).len()) * cover.weights()[r]).sum()
    }

    /// Gains that are never more than those before them, with sums no smaller than these: what greedy may go by where a first site counts
    /// nothing. In parts that make them whole.
    pub(super) fn falling(&self) -> Self {
        let (mut each, mut k, whole) = (Vec::new(), 0, (1..=self.levels() as u64).product::<u64>().min(720_720));
        while k < self.levels() {
            let slope = |to: usize| (self.sums[to] - self.sums[k]) * whole / (to - k) as u64;
            let Some(to) = (k + 1..=self.levels()).max_by_key(|to| (slope(*to), *to)) else { break };
            each.extend(std::iter::repeat_n(slope(to), to - k));
            k = to;
        }
        Self::of(each)
    }

    fn falls(&self) -> bool {
        self.each.is_sorted_by(|a, b| a >= b)
    }

    /// These, or what greedy may go by instead where a second site counts more than the first.
    pub fn greedy(&self) -> Self {
        if self.falls() { self.clone() } else { self.falling() }
    }
}

/// How many of some sites cover each row.
pub(super) fn counts(cover: &Cover, sites: &[u32]) -> Vec<u32> {
    let mut count = vec![0; cover.rows()];
    sites.iter().flat_map(|s| cover.of_site(*s as usize)).for_each(|r| count[*r as usize] += 1);
    count
}

/// Which sites make most of all rows, within a limit.
pub(super) struct Covering<'a> {
    pub cover: &'a Cover,
    pub gains: &'a Gains,
    pub limit: &'a Limit,
}

impl Covering<'_> {
    /// The best number of further sites for a row that has `k`, when each costs so much: what it leaves, and how many; of equals the larger.
    fn best(&self, row: usize, k: u32, lambda: f64) -> (f64, usize) {
        let (w, k) = (self.cover.weights()[row] as f64, k as usize);
        let mut best = (0.0, 0);
        for more in 1..=self.gains.levels().saturating_sub(k) {
            let left = w * (self.gains.sums[k + more] - self.gains.sum(k)) as f64 - lambda * more as f64;
            if left >= best.0 {
                best = (left, more);
            }
        }
        best
    }
}

/// Rows that have enough, and what those chosen make.
pub(super) struct Given {
    count: Vec<u32>,
    value: f64,
}

impl Relaxed for Covering<'_> {
    type Base = Given;

    fn sites(&self) -> usize {
        self.cover.sites()
    }

    fn limit(&self) -> &Limit {
        self.limit
    }

    fn pairs(&self) -> usize {
        self.cover.pairs()
    }

    fn first(&self) -> Vec<f64> {
        let most = (1..=self.gains.levels()).map(|k| self.gains.sum(k) as f64 / k as f64).fold(0.0, f64::max);
        let share = |r: usize| self.cover.weights()[r] as f64 * most / self.cover.of_row(r).len().max(1) as f64;
        (0..self.cover.rows()).map(share).collect()
    }

    fn base(&self, inside: &[bool]) -> (Given, Vec<[f64; 2]>) {
        let there: Vec<u32> = (0..inside.len() as u32).filter(|s| inside[*s as usize]).collect();
        let count = counts(self.cover, &there);
        let highest = |(k, w): (&u32, &u64)| {
            let slope = |to: usize| (self.gains.sums[to] - self.gains.sum(*k as usize)) as f64 / (to - *k as usize) as f64;
            [0.0, *w as f64 * (*k as usize + 1..=self.gains.levels()).map(slope).fold(0.0, f64::max)]
        };
        let ranges = count.iter().zip(self.cover.weights()).map(highest).collect();
        let value = count.iter().zip(self.cover.weights()).map(|(k, w)| (self.gains.sum(*k as usize) * w) as f64).sum();
        (Given { count, value }, ranges)
    }

    fn look(&self, base: &Given, lambda: &[f64], open: &[u32], score: &mut [f64]) -> f64 {
        for s in open {
            score[*s as usize] = self.cover.of_site(*s as usize).iter().map(|r| lambda[*r as usize]).sum();
        }
        base.value + (0..lambda.len()).map(|r| self.best(r, base.count[r], lambda[r]).0).sum::<f64>()
    }

    fn slopes(&self, base: &Given, lambda: &[f64], taken: &[u32], slope: &mut [f64]) {
        slope.iter_mut().for_each(|h| *h = 0.0);
        taken.iter().flat_map(|s| self.cover.of_site(*s as usize)).for_each(|r| slope[*r as usize] += 1.0);
        slope.iter_mut().enumerate().for_each(|(r, h)| *h -= self.best(r, base.count[r], lambda[r]).1 as f64);
    }

    fn value(&self, sites: &[u32]) -> u64 {
        self.gains.value(self.cover, sites)
    }
}
