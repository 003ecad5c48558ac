//! Rows that some sites cover, as one after the other comes.

use super::cover::Cover;
use super::gains::{Gains, counts};

/// What some sites make of all rows.
pub struct Covered<'a> {
    cover: &'a Cover,
    gains: Gains,
    /// By row: how many of them cover it.
    count: Vec<u32>,
}

impl<'a> Covered<'a> {
    /// Rows that these sites cover, once for all.
    pub fn of(cover: &'a Cover, sites: &[u32]) -> Self {
        Self::counted((cover, &Gains::once()), sites)
    }

    /// Rows that count by how many sites cover them.
    ///
    /// ```
    /// use chargegap::internals::siting::{CoverRows, Covered, Gains};
    /// let mut rows = CoverRows::default();
    /// [(&[0][..], 6), (&[0, 1], 4), (&[1], 5)].iter().for_each(|(sites, w)| rows.add(sites, *w));
    /// let cover = rows.freeze(2);
    /// let mut two = Covered::counted((&cover, &Gains::backup()), &[0]);
    /// assert_eq!((two.gain(0), two.gain(1), two.add(1)), (10, 4, 4)); // a second one like the first would be its backup
    /// ```
    pub fn counted((cover, gains): (&'a Cover, &Gains), sites: &[u32]) -> Self {
        Self { cover, gains: gains.clone(), count: counts(cover, sites) }
    }

    /// Weight that a site would add.
    pub fn gain(&self, site: u32) -> u64 {
        let one = |r: &u32| self.cover.weights()[*r as usize] * self.gains.next(self.count[*r as usize] as usize);
        self.cover.of_site(site as usize).iter().map(one).sum()
    }

    /// Adds a site; the weight that it adds.
    pub fn add(&mut self, site: u32) -> u64 {
        let gain = self.gain(site);
        self.cover.of_site(site as usize).iter().for_each(|r| self.count[*r as usize] += 1);
        gain
    }
}
