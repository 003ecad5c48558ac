//! All ladders, county by county: at which budget it comes in, and with which plan. A part is given up when some budget cannot do better any more
//! than the best worst ratio that is known, with the last county that it could add taken in part.

use super::nest::{Keep, Nest, Ratio, Steps, less};

/// The best nested sequence that is better than the one known, and whether all were looked at.
pub(super) fn search(nest: &Nest<'_>, known: Option<&Steps>, parts: u64) -> (Option<Steps>, bool) {
    let worst = |steps: &Steps| {
        let ratios = steps.iter().enumerate().map(|(i, s)| nest.ratio(i, nest.sum(s).1));
        ratios.reduce(|a, b| if less(b, a) { b } else { a }).unwrap_or((1, 1))
    };
    let mut order: Vec<usize> = (0..nest.offers.counties.len()).collect();
    let ratio = |c: usize| {
        let one = |(cost, value): &(u64, u64)| *value as f64 / (*cost).max(1) as f64;
        nest.offers.counties[c].plans.iter().map(one).fold(0.0, f64::max)
    };
    order.sort_by(|a, b| ratio(*b).total_cmp(&ratio(*a)).then(a.cmp(b)));
    let rungs = nest.budgets.len();
    let mut search = Search {
        nest,
        order: &order,
        rest: parts_of(nest, &order),
        best: known.map(worst),
        found: None,
        left: parts,
        now: vec![Vec::new(); rungs],
        sums: vec![(0, 0); rungs],
        places: vec![vec![0; nest.offers.provinces() + 1]; rungs],
    };
    let done = search.part(0);
    (search.found, done)
}

struct Search<'a> {
    nest: &'a Nest<'a>,
    order: &'a [usize],
    /// What money could do, the best first: cost, value, and which county of the order it is of.
    rest: Vec<(u64, u64, usize)>,
    best: Option<Ratio>,
    found: Option<Steps>,
    left: u64,
    now: Steps,
    sums: Vec<(u64, u64)>,
    places: Vec<Vec<u32>>,
}

fn parts_of(nest: &Nest<'_>, order: &[usize]) -> Vec<(u64, u64, usize)> {
    let of = |(at, c): (usize, &usize)| {
        let parts = steps_of(nest.offers.counties[*c].plans.clone());
        parts.into_iter().map(move |(cost, value)| (cost, value, at))
    };
    let mut all: Vec<(u64, u64, usize)> = order.iter().enumerate().flat_map(of).collect();
    all.sort_by(|(c, v, _), (d, w, _)| (u128::from(*w) * u128::from(*c)).cmp(&(u128::from(*v) * u128::from(*d))));
    all
}

/// Plans of one county as parts of which each costs more a unit than the one before: no plan is worth more than the parts that its money buys.
fn steps_of(mut plans: Vec<(u64, u64)>) -> Vec<(u64, u64)> {
    plans.sort_unstable_by_key(|(cost, value)| (*cost, std::cmp::Reverse(*value)));
    let mut hull: Vec<(u64, u64)> = vec![(0, 0)];
    for (cost, value) in plans {
        while let Some((c, v)) = hull.last().copied() {
            let before = hull.len().checked_sub(2).map(|i| hull[i]);
            if value <= v {
                break;
            }
            let slope = |(a, b): (u64, u64), (c, d): (u64, u64)| (u128::from(d - b), u128::from(c - a));
            let under = cost == c
                || before.is_some_and(|p| {
                    let (x, y) = (slope(p, (c, v)), slope((c, v), (cost, value)));
                    y.0 * x.1 >= x.0 * y.1
                });
            if !under {
                break;
            }
            hull.pop();
        }
        if hull.last().is_none_or(|l| value > l.1) {
            hull.push((cost, value));
        }
    }
    if hull.first() != Some(&(0, 0)) {
        // a plan for nothing is there in any case
        hull.insert(0, (0, 0));
    }
    hull.windows(2).map(|w| (w[1].0 - w[0].0, w[1].1 - w[0].1)).collect()
}

impl Search<'_> {
    /// Whether all that goes on from here was looked at.
    fn part(&mut self, at: usize) -> bool {
        if self.left == 0 {
            return false;
        }
        self.left -= 1;
        if !self.could_be_better(at) {
            return true;
        }
        let Some(c) = self.order.get(at).copied() else {
            if self.meets_quotas() {
                let ratios = self.sums.iter().enumerate().map(|(i, s)| self.nest.ratio(i, s.1));
                self.best = ratios.reduce(|a, b| if less(b, a) { b } else { a }).or(Some((1, 1)));
                let mut found = self.now.clone();
                found.iter_mut().for_each(|s| s.sort_unstable());
                self.found = Some(found);
            }
            return true;
        };
        // from which budget on, and with which plans
        let rungs = self.sums.len();
        (0..=rungs).all(|from| self.enter(at, c, from, from))
    }

    /// Gives the county a plan at this budget and on, then goes on.
    fn enter(&mut self, at: usize, c: usize, first: usize, rung: usize) -> bool {
        if rung == self.sums.len() {
            return self.part(at + 1);
        }
        let county = &self.nest.offers.counties[c];
        let province = county.province as usize;
        let all = self.nest.offers.everywhere();
        let most = [county.province, all].map(|p| self.nest.offers.quota(p).most);
        let all = all as usize;
        let kept = |p: &u32| {
            let before = rung > first && self.nest.keep == Keep::Plans;
            !before || self.now[rung - 1].last() == Some(&(c as u32, *p))
        };
        let plans: Vec<u32> = (0..county.plans.len() as u32).filter(kept).collect();
        for p in plans {
            let (cost, value) = self.nest.offers.counties[c].plans[p as usize];
            let full = self.places[rung][province] >= most[0] || self.places[rung][all] >= most[1];
            if full || self.sums[rung].0 + cost > self.nest.budgets[rung] {
                continue;
            }
            self.now[rung].push((c as u32, p));
            (self.sums[rung].0, self.sums[rung].1) = (self.sums[rung].0 + cost, self.sums[rung].1 + value);
            [province, all].into_iter().for_each(|p| self.places[rung][p] += 1);
            let done = self.enter(at, c, first, rung + 1);
            self.now[rung].pop();
            (self.sums[rung].0, self.sums[rung].1) = (self.sums[rung].0 - cost, self.sums[rung].1 - value);
            [province, all].into_iter().for_each(|p| self.places[rung][p] -= 1);
            if !done {
                return false;
            }
        }
        true
    }

    fn meets_quotas(&self) -> bool {
        let met = |list: &Vec<u32>| (0u32..).zip(list).all(|(p, n)| self.nest.offers.quota(p).least <= *n);
        self.places.iter().all(met)
    }

    fn could_be_better(&self, at: usize) -> bool {
        let Some(best) = self.best else { return true };
        let could = |(i, (cost, value)): (usize, &(u64, u64))| {
            let (mut left, mut sum) = (self.nest.budgets[i] - cost, *value);
            for (c, v, _) in self.rest.iter().filter(|p| p.2 >= at) {
                if *c > left {
                    sum += (u128::from(*v) * u128::from(left)).div_ceil(u128::from(*c)) as u64;
                    break;
                }
                (left, sum) = (left - c, sum + v);
            }
            less(best, self.nest.ratio(i, sum))
        };
        self.sums.iter().enumerate().all(could)
    }
}
