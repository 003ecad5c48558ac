//! The most that could be spent on some counties in whatever order they stand, within places and quotas.

use std::collections::BTreeMap;

/// Costs of counties by group (province), as many as its quota and the places leave, the dearest first.
#[derive(Clone, Debug)]
pub struct MostSpent<K> {
    places: usize,
    /// Quota of each group, and its costs.
    groups: BTreeMap<K, (usize, Vec<u64>)>,
    /// All of it, where neither quotas nor places limit anything.
    unlimited: Option<u64>,
}

impl<K: Ord> MostSpent<K> {
    /// Of no county yet, for so many places in all, where there is such a limit.
    pub fn new(places: Option<usize>) -> Self {
        Self { places: places.unwrap_or(usize::MAX), groups: BTreeMap::new(), unlimited: places.is_none().then_some(0) }
    }

    /// One more county of a group, which costs something; so many of the group can be paid, if that is limited.
    pub fn add(&mut self, group: K, quota: Option<usize>, cost: u64) {
        self.unlimited = self.unlimited.filter(|_| quota.is_none()).map(|sum| sum.saturating_add(cost));
        if self.unlimited.is_some() {
            return;
        }
        let quota = quota.unwrap_or(usize::MAX);
        let (_, costs) = self.groups.entry(group).or_insert_with(|| (quota, Vec::new()));
        costs.insert(costs.partition_point(|c| *c > cost), cost);
        costs.truncate(quota.min(self.places));
    }

    /// The most that those could cost, alone or together with a county of a group that is paid too. As long as a budget pays for that, it
    /// decides about none of them, in whatever order they stand.
    pub fn with(&self, group: &K, cost: u64) -> u64 {
        if let Some(sum) = self.unlimited {
            return sum.saturating_add(cost);
        }
        self.most(None).max(self.most(Some(group)).saturating_add(cost))
    }

    /// The most that those could cost; beside one more of a group, where that is given.
    fn most(&self, beside: Option<&K>) -> u64 {
        let one = |is: bool| usize::from(is);
        let costs = self
            .groups
            .iter()
            .flat_map(|(name, (quota, costs))| costs.iter().copied().take(quota.saturating_sub(one(Some(name) == beside))));
        if self.places == usize::MAX {
            return costs.fold(0, u64::saturating_add); // no place decides, so neither does their order
        }
        let mut all: Vec<u64> = costs.collect();
        all.sort_unstable_by(|a, b| b.cmp(a));
        all.truncate(self.places.saturating_sub(one(beside.is_some())));
        all.into_iter().fold(0, u64::saturating_add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotas_and_places_bound_what_can_be_spent() {
        let quotas = BTreeMap::from([("11", 2), ("12", 1)]);
        let filled = |quotas: Option<&BTreeMap<&str, usize>>, places| {
            let mut all = MostSpent::new(places);
            for (province, cost) in [("11", 4), ("11", 9), ("11", 6), ("12", 5), ("12", 8), ("13", 100)] {
                all.add(province, quotas.map(|q| q.get(province).copied().unwrap_or(0)), cost);
            }
            all
        };
        // beside one of 11 that costs 30: one more of 11 (9), one of 12 (8), none of 13
        assert_eq!(filled(Some(&quotas), None).with(&"11", 30), 30 + 9 + 8);
        // one that costs less than who has its place without it: two of 11 (9, 6) and one of 12 (8) are more
        assert_eq!(filled(Some(&quotas), None).with(&"11", 3), 9 + 6 + 8);
        // of 12: two of 11 (9, 6) and no other of 12
        assert_eq!(filled(Some(&quotas), None).with(&"12", 30), 30 + 9 + 6);
        // two places in all: one beside it, the dearest
        assert_eq!(filled(Some(&quotas), Some(2)).with(&"12", 30), 30 + 9);
        // no limit: all of them
        assert_eq!(filled(None, None).with(&"12", 3), 3 + 132);
    }
}
