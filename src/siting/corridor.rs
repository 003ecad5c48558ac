//! Along a corridor: which sites keep the greatest gap between stations small. Exact, by dynamic programming along the route.

use super::limit::Limit;

/// A route with the stations that are there and places where one could be, in millimetres from its beginning.
#[derive(Clone, Debug)]
pub struct Corridor {
    length: u64,
    existing: Vec<u64>,
    candidates: Vec<u64>,
    /// Stretches from an end of the route to the nearest station are gaps too. Where they are not, there is no gap with less than two stations.
    pub ends: bool,
    /// Any one station may be out of service: the stretch from the one before it to the one after it is a gap.
    pub one_out: bool,
}

/// Sites that were chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spacing {
    /// Numbers of candidates, sorted.
    pub sites: Vec<u32>,
    /// What they take of the limit.
    pub cost: u64,
    /// The greatest gap with them.
    pub gap: u64,
}

/// No choice keeps all gaps within what was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unclosed {
    /// Stretches, from and to, that stay longer even with every candidate.
    pub stretches: Vec<(u64, u64)>,
    /// The least greatest gap that there can be.
    pub least: u64,
}

/// A place on the route; those that are no candidates cannot be passed over.
#[derive(Clone, Copy)]
struct Post {
    at: u64,
    candidate: Option<u32>,
}

/// Cost, and how many.
type Sum = (u64, u32);

/// The best way to have one post after another: by the one before, what it costs, and the one before that.
type Known = (usize, Sum, usize);

impl Corridor {
    /// None where a place is beyond the length.
    pub fn new(length: u64, existing: &[u64], candidates: &[u64], (ends, one_out): (bool, bool)) -> Option<Self> {
        let within = existing.iter().chain(candidates).all(|at| *at <= length);
        within.then(|| Self { length, existing: existing.to_vec(), candidates: candidates.to_vec(), ends, one_out })
    }

    /// The greatest gap with some candidates chosen.
    pub fn gap(&self, chosen: &[u32]) -> u64 {
        let mut all: Vec<u64> =
            chosen.iter().map(|s| self.candidates[*s as usize]).chain(self.existing.iter().copied()).collect();
        all.extend([0, self.length].iter().filter(|_| self.ends));
        all.sort_unstable();
        self.stretches(&all).map(|(a, b)| b - a).max().unwrap_or(0)
    }

    /// Gaps of places in order: between neighbours, and past each that may be out.
    fn stretches<'a>(&self, all: &'a [u64]) -> impl Iterator<Item = (u64, u64)> + use<'a> {
        let past = if self.one_out && all.len() > 2 { 3 } else { 2 };
        all.windows(past).map(|w| (w[0], w[w.len() - 1]))
    }

    /// Where gaps can be: from the first post to the last, both of them there. Sites beyond the first and the last station close no gap.
    fn posts(&self) -> Vec<Post> {
        let sure = |at: u64| Post { at, candidate: None };
        let mut all: Vec<Post> = self.existing.iter().copied().map(sure).collect();
        all.extend([0, self.length].map(sure).iter().filter(|_| self.ends));
        let (first, last) = (all.iter().map(|p| p.at).min(), all.iter().map(|p| p.at).max());
        let (Some(first), Some(last)) = (first, last) else { return all };
        let within = (0u32..).zip(&self.candidates).filter(|(_, at)| first < last && (first..=last).contains(*at));
        all.extend(within.map(|(s, at)| Post { at: *at, candidate: Some(s) }));
        // what cannot be passed over first and last, where several are at one place
        all.sort_by_key(|p| (p.at, if p.at == first { p.candidate.is_some() } else { p.candidate.is_none() }, p.candidate));
        all
    }

    /// The cheapest candidates (all as dear where `costs` says nothing; of equals the fewest) with which no gap is longer than `most`.
    pub fn fewest(&self, most: u64, costs: Option<&[u64]>) -> Result<Spacing, Unclosed> {
        let posts = self.posts();
        let cost = |p: &Post| p.candidate.map_or(0, |s| costs.map_or(1, |c| c[s as usize]));
        let Some(sites) = chain(&posts, most, self.one_out, &cost) else {
            let all: Vec<u64> = posts.iter().map(|p| p.at).collect();
            let longer = self.stretches(&all).filter(|(a, b)| b - a > most).collect();
            return Err(Unclosed { stretches: longer, least: self.stretches(&all).map(|(a, b)| b - a).max().unwrap_or(0) });
        };
        let cost = sites.iter().map(|s| costs.map_or(1, |c| c[*s as usize])).sum();
        Ok(Spacing { gap: self.gap(&sites), sites, cost })
    }

    /// The least greatest gap within a limit. Stations that are there take nothing of it.
    pub fn least_gap(&self, limit: &Limit) -> Spacing {
        let costs: Vec<u64> = (0..self.candidates.len()).map(|s| limit.cost(s)).collect();
        let fits = |most: u64| self.fewest(most, Some(&costs)).ok().filter(|s| s.cost <= limit.most());
        let nothing = Spacing { sites: Vec::new(), cost: 0, gap: self.gap(&[]) };
        let (mut best, mut least) = (nothing, 0);
        while least < best.gap {
            let middle = least + (best.gap - least) / 2;
            match fits(middle) {
                Some(found) => best = found,
                None => least = middle + 1,
            }
        }
        best
    }
}

/// The cheapest chain from the first post to the last that passes over no post that is there and has no gap longer than `most`: its candidates.
fn chain(posts: &[Post], most: u64, one_out: bool, cost: &dyn Fn(&Post) -> u64) -> Option<Vec<u32>> {
    let Some(last) = posts.len().checked_sub(1).filter(|l| *l > 0) else { return Some(Vec::new()) };
    let mut known: Vec<Vec<Known>> = vec![Vec::new(); posts.len()];
    known[0].push((0, (0, 0), 0));
    for j in 0..last {
        if known[j].is_empty() {
            continue;
        }
        known[j].sort_unstable_by_key(|k| std::cmp::Reverse(k.0)); // the nearest before it first
        let stop = (j + 1..last).find(|k| posts[*k].candidate.is_none()).unwrap_or(last);
        let end = j + 1 + posts[j + 1..=stop].partition_point(|p| p.at - posts[j].at <= most);
        // the farther the next one, the nearer the one before j must be
        let (mut before, mut best) = (0, None::<(Sum, usize)>);
        for k in (j + 1..end).rev() {
            while let Some((i, sum, _)) = known[j].get(before) {
                if one_out && posts[k].at - posts[*i].at > most {
                    break;
                }
                if best.is_none_or(|b| *sum < b.0) {
                    best = Some((*sum, *i));
                }
                before += 1;
            }
            let Some((sum, i)) = best else { continue };
            let one = u32::from(posts[k].candidate.is_some());
            let sum = (sum.0.saturating_add(cost(&posts[k])), sum.1 + one);
            if one_out {
                known[k].push((j, sum, i));
            } else if known[k].first().is_none_or(|b| sum < b.1) {
                known[k] = vec![(j, sum, i)];
            }
        }
    }
    let mut at = known[last].iter().min_by_key(|k| (k.1, std::cmp::Reverse(k.0))).copied()?;
    let (mut list, mut post) = (Vec::new(), last);
    loop {
        list.extend(posts[post].candidate);
        if at.0 == 0 {
            break;
        }
        let (now, before) = (at.0, at.2);
        let found = known[now].iter().find(|k| k.0 == before || !one_out)?;
        (post, at) = (now, *found);
    }
    list.sort_unstable();
    Some(list)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn gaps_of_a_route_are_closed_by_fewest_sites_or_named() {
        // 0 … 100 with a station at 50, candidates at 20, 30, 70, 80
        let ask = |ends, one_out| Corridor::new(100, &[50], &[20, 30, 70, 80], (ends, one_out)).unwrap();
        let open = ask(true, false);
        assert_eq!((open.gap(&[]), open.gap(&[0, 3])), (50, 30));
        // within 50 nothing is needed, within 30 one each side, within 20 it takes all and 80 to 100, 30 to 50 are 20
        let sites = |c: &Corridor, most| c.fewest(most, None).map(|s| (s.sites, s.gap));
        assert_eq!(sites(&open, 50), Ok((vec![], 50)));
        assert_eq!(sites(&open, 30).map(|s| (s.0.len(), s.1)), Ok((2, 30)));
        assert_eq!(sites(&open, 20), Ok((vec![0, 1, 2, 3], 20)));
        let stretches = vec![(0, 20), (30, 50), (50, 70), (80, 100)];
        assert_eq!(sites(&open, 19), Err(Unclosed { stretches, least: 20 }));
        // the cheaper one of each side
        let cheap = open.fewest(30, Some(&[5, 4, 3, 9])).unwrap();
        assert_eq!((cheap.sites, cheap.cost), (vec![1, 2], 7));
        // one site more: 50 on one side stays; two: 30
        assert_eq!((open.least_gap(&Limit::Number(1)).gap, open.least_gap(&Limit::Number(2)).gap), (50, 30));
        // the station at 50 may be out: 30 to 70 is 40, and past 30 it is 50 from 0
        let one_out = ask(true, true);
        assert_eq!((one_out.gap(&[]), one_out.gap(&[1, 2]), one_out.gap(&[0, 1, 2, 3])), (100, 50, 40));
        assert_eq!(sites(&one_out, 39), Err(Unclosed { stretches: vec![(30, 70)], least: 40 }));
        // without the ends one station has no gap, and nothing is needed
        let free = ask(false, false);
        assert_eq!((free.gap(&[]), sites(&free, 0)), (0, Ok((vec![], 0))));
        assert!(Corridor::new(100, &[101], &[], (true, true)).is_none());
        // no station, no candidate: the whole route is a gap that cannot be closed
        let bare = Corridor::new(100, &[], &[], (true, false)).unwrap();
        assert_eq!(sites(&bare, 99), Err(Unclosed { stretches: vec![(0, 100)], least: 100 }));
    }

    /// The greatest gap by the words of the question.
    fn slow_gap(c: &Corridor, chosen: &[u32]) -> u64 {
        let stations: Vec<u64> = c.existing.iter().copied().chain(chosen.iter().map(|s| c.candidates[*s as usize])).collect();
        let gap = |stations: &[u64]| {
            let mut all = stations.to_vec();
            if c.ends {
                all.extend([0, c.length]);
            }
            all.sort_unstable();
            all.windows(2).map(|w| w[1] - w[0]).max().unwrap_or(0)
        };
        let without = (0..stations.len()).filter(|_| c.one_out).map(|i| [&stations[..i], &stations[i + 1..]].concat());
        without.map(|s| gap(&s)).chain([gap(&stations)]).max().unwrap()
    }

    proptest! {
        #![proptest_config(crate::test_support::cases(400))]

        #[test]
        fn it_is_the_best_of_all_choices(
            existing in prop::collection::vec(0u64..40, 0..5),
            candidates in prop::collection::vec((0u64..40, 0u64..5), 0..8),
            (ends, one_out, most, limit) in (any::<bool>(), any::<bool>(), 0u64..30, 0u64..9),
        ) {
            let (at, costs): (Vec<u64>, Vec<u64>) = candidates.iter().copied().unzip();
            let c = Corridor::new(39, &existing, &at, (ends, one_out)).unwrap();
            let lists: Vec<Vec<u32>> =
                (0..1u32 << at.len()).map(|m| (0..at.len() as u32).filter(|s| m >> s & 1 == 1).collect()).collect();
            let cost = |l: &[u32]| l.iter().map(|s| costs[*s as usize]).sum::<u64>();
            lists.iter().for_each(|l| assert_eq!(c.gap(l), slow_gap(&c, l), "{l:?}"));
            let want = lists.iter().filter(|l| slow_gap(&c, l) <= most).map(|l| (cost(l), l.len())).min();
            let found = c.fewest(most, Some(&costs));
            prop_assert_eq!(found.as_ref().ok().map(|s| (s.cost, s.sites.len())), want);
            match found {
                Ok(s) => prop_assert!(slow_gap(&c, &s.sites) == s.gap && s.gap <= most && cost(&s.sites) == s.cost),
                Err(no) => {
                    prop_assert_eq!(Some(no.least), lists.iter().map(|l| slow_gap(&c, l)).min());
                    prop_assert!(!no.stretches.is_empty() && no.stretches.iter().all(|(a, b)| b - a > most));
                }
            }
            let few = c.fewest(most, None).ok().map(|s| s.sites.len());
            prop_assert_eq!(few, lists.iter().filter(|l| slow_gap(&c, l) <= most).map(Vec::len).min());
            for limit in [Limit::Number(limit / 2), Limit::Budget(limit, costs.clone())] {
                let least = c.least_gap(&limit);
                let within = |l: &&Vec<u32>| limit.taken(l.iter().copied()) <= limit.most();
                prop_assert_eq!(Some(least.gap), lists.iter().filter(within).map(|l| slow_gap(&c, l)).min());
                prop_assert!(slow_gap(&c, &least.sites) == least.gap && limit.taken(least.sites.iter().copied()) <= limit.most());
            }
        }
    }
}
