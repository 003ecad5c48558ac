//! How what a plan reaches counts: once for all, when several stations are within reach, or by how likely one of them works. Stations that
//! stand are sites that are there anyhow; of several that reach a row only their number matters.

use crate::config::plan_counting::Counting;
use crate::siting::{Cover, Gains, Limit};

/// Parts of one in which likelihoods count.
const WHOLE: u64 = 1000;

/// See the head of the module.
#[derive(Clone, Debug)]
pub struct Count {
    /// What the first, the second, … station within reach adds.
    pub gains: Gains,
    /// So many of the gains make one.
    pub scale: u64,
    /// Sites that stand for stations, behind all candidates: the first of them reaches what one station reaches at least, the second what two
    /// do, and so on. They take nothing of the limit.
    pub standing: Vec<u32>,
}

impl Default for Count {
    fn default() -> Self {
        Self { gains: Gains::once(), scale: 1, standing: Vec::new() }
    }
}

impl Count {
    /// For so many candidates.
    pub fn of(counting: Counting, candidates: usize) -> Self {
        let (gains, scale) = match counting {
            Counting::Once | Counting::Capacity(_) | Counting::Hours(_) => return Self::default(),
            Counting::Backup(n) => (Gains::of((1..=n).map(|k| u64::from(k == n)).collect()), 1),
            Counting::Uptime(thousandths) => (Gains::uptime_in(u64::from(thousandths) * 1000, WHOLE), WHOLE),
        };
        let more = gains.levels().saturating_sub(1);
        Self { gains, scale, standing: (candidates..candidates + more).map(|s| s as u32).collect() }
    }

    /// What a unit of weight lacks where so many stations stand, in parts of [`Count::scale`]: all of it where it does not count yet.
    pub fn lacks(&self, standing: usize) -> u64 {
        self.scale.saturating_sub(self.gains.sum(standing))
    }

    /// What some candidates make of all rows with what stands, in gains.
    pub fn made(&self, cover: &Cover, sites: &[u32]) -> u64 {
        self.gains.value(cover, &[sites, &self.standing].concat())
    }

    /// What is made beyond what stands makes, in whole units of weight, rounded down.
    pub fn whole(&self, cover: &Cover, made: u64) -> u64 {
        made.saturating_sub(self.made(cover, &[])) / self.scale
    }

    /// What all candidates together can make, exactly, in the parts of a unit that are counted; none where whole units are.
    pub fn parts(&self, cover: &Cover) -> Option<u64> {
        (self.scale > 1).then(|| self.gains.total(cover) - self.made(cover, &[]))
    }

    /// A limit in which what stands costs nothing.
    pub fn with_standing(&self, limit: Limit) -> Limit {
        let Some(first) = self.standing.first() else { return limit };
        let costs = (0..*first as usize).map(|s| limit.cost(s)).chain(self.standing.iter().map(|_| 0)).collect();
        Limit::Budget(limit.most(), costs)
    }

    /// Takes what stands out of a list.
    pub(super) fn take_out(&self, sites: &mut Vec<u32>) {
        if let Some(first) = self.standing.first() {
            sites.retain(|s| s < first);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::siting::CoverRows;

    #[test]
    fn what_stands_counts_and_what_is_made_beyond_it_is_whole() {
        // candidates 0 and 1; site 2 stands. 10 that a station and 0 reach, 6 that 0 and 1 reach
        let mut rows = CoverRows::default();
        [(&[0, 2][..], 10), (&[0, 1], 6)].iter().for_each(|(sites, w)| rows.add(sites, *w));
        let cover = rows.freeze(3);
        let two = Count::of(Counting::Backup(2), 2);
        assert_eq!((two.standing.clone(), two.scale, [0, 1, 2].map(|k| two.lacks(k))), (vec![2], 1, [1, 1, 0]));
        assert_eq!([&[0][..], &[1], &[0, 1]].map(|sites| two.whole(&cover, two.made(&cover, sites))), [10, 0, 16]);
        let limit = two.with_standing(Limit::Number(1));
        assert_eq!((limit.most(), [0, 1, 2].map(|s| limit.cost(s))), (1, [1, 1, 0]));
        // each works 9 of 10 hours: 10 × (0.99 − 0.9) + 6 × 0.9 = 6.3
        let works = Count::of(Counting::Uptime(900), 2);
        assert_eq!((works.standing.clone(), [0, 1, 2].map(|k| works.lacks(k))), (vec![2, 3, 4], [1000, 100, 10]));
        let mut rows = CoverRows::default();
        [(&[0, 2][..], 10), (&[0, 1], 6)].iter().for_each(|(sites, w)| rows.add(sites, *w));
        let cover = rows.freeze(5);
        assert_eq!(works.whole(&cover, works.made(&cover, &[0])), 6);
        assert_eq!(works.made(&cover, &[0]) - works.made(&cover, &[]), 6300);
        // with both, six count for 0.99 and ten for 0.09 more
        assert_eq!((works.parts(&cover), two.parts(&cover)), (Some(6840), None));
    }
}
