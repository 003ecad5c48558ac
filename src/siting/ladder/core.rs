//! The search around prices: what differs from the best at the prices loses something, and only what loses less than the bound is above the best
//! known can be better. Counties whose second choice loses least come first; choices that cost no less and are worth no more go.

use super::pick::{PARTS, PickBound};
use super::{Field, Quota};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// What is best at prices.
pub(super) struct Start {
    pub prices: PickBound,
    /// By county: which of its choices.
    pub chosen: Vec<usize>,
    pub cost: u128,
}

/// County and plan, cost and value.
pub(super) type Found = (Vec<(u32, u32)>, u64, u64);

pub(super) struct Core<'a> {
    pub field: &'a Field<'a>,
    pub budget: u64,
    pub prices: &'a PickBound,
    /// By province, and then of all: how many counties are funded at the start.
    pub funded: Vec<i64>,
}

/// Some counties are done otherwise than at the start.
#[derive(Clone)]
struct State {
    /// Counties more or fewer in provinces with a quota, and of all where there is one.
    places: Vec<(u32, i32)>,
    cost: i128,
    value: i128,
    loss: i128,
    /// Where in the history it stands.
    made: usize,
}

/// Who came before, county, choice.
type History = Vec<(usize, usize, usize)>;

impl<'a> Core<'a> {
    pub fn new(field: &'a Field<'a>, budget: u64, start: &'a Start) -> Self {
        let all = field.offers.provinces();
        let mut funded = vec![0; all + 1];
        for (c, _) in start.chosen.iter().enumerate().filter(|(c, i)| field.choices[*c][**i].plan.is_some()) {
            funded[field.offers.counties[c].province as usize] += 1;
            funded[all] += 1;
        }
        Self { field, budget, prices: &start.prices, funded }
    }

    /// The best choice, and whether it is proven that none is better.
    pub fn search(&self, start: &Start, most: i128, states: usize) -> (Option<Found>, bool) {
        let loss = self.losses();
        let mut order: Vec<(i128, usize)> =
            (0..loss.len()).filter_map(|c| Some((self.second(&loss[c], start.chosen[c])?, c))).collect();
        order.sort_unstable();
        let base = self.base(start, &loss);
        let mut history: History = vec![(usize::MAX, 0, 0)];
        let (mut best, mut exact) = (None::<(i128, usize)>, true);
        let first = self.filled(&order, &loss, (start, &mut history), &base);
        self.offer(&first, &mut best);
        self.offer(&base, &mut best);
        let mut all = vec![base];
        let better = |loss: i128, best: &Option<(i128, usize)>| best.is_none_or(|b| most - loss >= (b.0 + 1) * PARTS);
        for (least, c) in order {
            if !better(least, &best) {
                break;
            }
            let mut new = Vec::new();
            for state in all.iter().filter(|s| better(s.loss, &best)) {
                for i in (0..loss[c].len()).filter(|i| *i != start.chosen[c]) {
                    if better(state.loss - loss[c][start.chosen[c]] + loss[c][i], &best) {
                        history.push((state.made, c, i));
                        new.push(self.otherwise(state, c, (start.chosen[c], i), &loss, history.len() - 1));
                    }
                }
            }
            new.iter().for_each(|s| self.offer(s, &mut best));
            all.extend(new);
            all.retain(|s| better(s.loss, &best));
            undominated(&mut all);
            if all.len() > states {
                all.sort_unstable_by_key(|s| (s.loss, s.made));
                all.truncate(states.max(1));
                exact = false;
            }
        }
        (best.map(|(_, made)| self.found(start, made, &history)), exact && best.is_some())
    }

    /// By county and choice: what it loses against the best of the county at the prices.
    fn losses(&self) -> Vec<Vec<i128>> {
        let of = |(c, choices): (usize, &Vec<super::Choice>)| {
            let worth: Vec<i128> = choices.iter().map(|o| self.prices.worth(o, self.field.offers.counties[c].province)).collect();
            let best = worth.iter().max().copied().unwrap_or(0);
            worth.into_iter().map(|w| best - w).collect()
        };
        self.field.choices.iter().enumerate().map(of).collect()
    }

    fn second(&self, loss: &[i128], chosen: usize) -> Option<i128> {
        (0..loss.len()).filter(|i| *i != chosen).map(|i| loss[i] - loss[chosen]).min()
    }

    fn base(&self, start: &Start, loss: &[Vec<i128>]) -> State {
        let chosen = || start.chosen.iter().zip(&self.field.choices).map(|(i, all)| all[*i]);
        State {
            places: Vec::new(),
            cost: chosen().map(|o| i128::from(o.cost)).sum(),
            value: chosen().map(|o| i128::from(o.value)).sum(),
            loss: start.chosen.iter().zip(loss).map(|(i, l)| l[*i]).sum(),
            made: 0,
        }
    }

    fn otherwise(&self, state: &State, c: usize, (from, to): (usize, usize), loss: &[Vec<i128>], made: usize) -> State {
        let (a, b) = (self.field.choices[c][from], self.field.choices[c][to]);
        let mut places = state.places.clone();
        let more = i32::from(b.plan.is_some()) - i32::from(a.plan.is_some());
        let offers = self.field.offers;
        for province in [offers.counties[c].province, offers.everywhere()] {
            if more == 0 || offers.quota(province) == Quota::FREE {
                continue;
            }
            match places.binary_search_by_key(&province, |p| p.0) {
                Ok(i) if places[i].1 == -more => drop(places.remove(i)),
                Ok(i) => places[i].1 += more,
                Err(i) => places.insert(i, (province, more)),
            }
        }
        State {
            places,
            cost: state.cost + i128::from(b.cost) - i128::from(a.cost),
            value: state.value + i128::from(b.value) - i128::from(a.value),
            loss: state.loss + loss[c][to] - loss[c][from],
            made,
        }
    }

    /// The start, with what else fits: whoever loses least first.
    fn filled(
        &self,
        order: &[(i128, usize)],
        loss: &[Vec<i128>],
        (start, history): (&Start, &mut History),
        base: &State,
    ) -> State {
        let mut state = base.clone();
        for (_, c) in order {
            let now = start.chosen[*c];
            let tries = (0..loss[*c].len()).filter(|i| *i != now);
            let then = tries.map(|i| (i, self.otherwise(&state, *c, (now, i), loss, history.len())));
            let good = then.filter(|(_, s)| s.value > state.value && self.fits(s));
            if let Some((i, s)) = good.max_by_key(|(i, s)| (s.value, Reverse(*i))) {
                history.push((state.made, *c, i));
                state = s;
            }
        }
        state
    }

    /// Within the budget and the quotas.
    fn fits(&self, state: &State) -> bool {
        let quota = |(p, more): &(u32, i32)| {
            let (q, n) = (self.field.offers.quota(*p), self.funded[*p as usize] + i64::from(*more));
            n >= i64::from(q.least) && n <= i64::from(q.most)
        };
        state.cost <= i128::from(self.budget) && state.places.iter().all(quota)
    }

    fn offer(&self, state: &State, best: &mut Option<(i128, usize)>) {
        if best.is_none_or(|b| state.value > b.0) && self.fits(state) {
            *best = Some((state.value, state.made));
        }
    }

    fn found(&self, start: &Start, made: usize, history: &History) -> Found {
        let (mut at, mut chosen) = (made, start.chosen.clone());
        while at != 0 {
            let (before, c, i) = history[at];
            chosen[c] = i;
            at = before;
        }
        let all = || chosen.iter().zip(&self.field.choices).map(|(i, choices)| choices[*i]);
        let plans = (0u32..).zip(all()).filter_map(|(c, o)| Some((c, o.plan?))).collect();
        (plans, all().map(|o| o.cost).sum(), all().map(|o| o.value).sum())
    }
}

/// Of choices with the same places, those that cost no less and are worth no more go.
fn undominated(all: &mut Vec<State>) {
    type Sorted = Vec<(i128, Reverse<i128>, usize)>;
    let mut by: BTreeMap<&[(u32, i32)], Sorted> = BTreeMap::new();
    for (i, s) in all.iter().enumerate() {
        by.entry(&s.places).or_default().push((s.cost, Reverse(s.value), i));
    }
    let mut keep = vec![false; all.len()];
    for list in by.values_mut() {
        list.sort_unstable();
        let mut most = None;
        for (_, Reverse(value), i) in list {
            if most.is_none_or(|m| *value > m) {
                (most, keep[*i]) = (Some(*value), true);
            }
        }
    }
    let mut i = 0;
    all.retain(|_| {
        i += 1;
        keep[i - 1]
    });
}
