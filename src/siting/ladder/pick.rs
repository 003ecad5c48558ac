//! The counties and plans of most value within one budget, with a bound in whole numbers.

use super::core::{Core, Start};
use super::{Choice, Field, Offers, Quota};
use serde::{Deserialize, Serialize};

/// Prices are kept in this part of the unit of values.
pub(super) const PARTS: i128 = 1 << 32;

/// Costs and values below this keep all sums within their type.
const LARGE: u64 = 1 << 40;

/// What is chosen at a budget.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picked {
    /// County and plan, in order.
    pub plans: Vec<(u32, u32)>,
    /// What they cost.
    pub cost: u64,
    /// What they are worth.
    pub value: u64,
    /// Nothing within the budget and the quotas is worth more.
    pub bound: u64,
    /// Prices that give a bound in whole numbers; by themselves perhaps above `bound`, where that was proven by search.
    pub prices: PickBound,
}

/// Prices of money and of places.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PickBound {
    /// Of a unit of money, in parts (1 in 4,294,967,296) of the unit of value.
    pub money: i128,
    /// Of a place in each province, in the same parts; below nothing where a quota asks for more.
    pub place: Vec<i128>,
    /// Of a place among all, in the same parts.
    #[serde(default)]
    pub all: i128,
}

impl PickBound {
    /// The bound: whatever is chosen is worth no more than the budget and the places at their prices, and of each county what its best
    /// plan is worth beyond them. None where the price of money, or of a place among all, is below nothing.
    pub fn value(&self, offers: &Offers, budget: u64) -> Option<u64> {
        let field = offers.field(|_, _| true);
        (self.money >= 0 && self.all >= 0)
            .then(|| self.of(&field, budget))
            .and_then(|all| u64::try_from(all.div_euclid(PARTS)).ok())
    }

    fn place(&self, province: u32) -> i128 {
        self.place.get(province as usize).copied().unwrap_or(0)
    }

    /// What a choice is worth at these prices.
    pub(super) fn worth(&self, choice: &Choice, province: u32) -> i128 {
        let place = if choice.plan.is_some() { self.place(province) + self.all } else { 0 };
        i128::from(choice.value) * PARTS - self.money * i128::from(choice.cost) - place
    }

    pub(super) fn of(&self, field: &Field<'_>, budget: u64) -> i128 {
        let best = |(c, choices): (usize, &Vec<Choice>)| {
            choices.iter().map(|o| self.worth(o, field.offers.counties[c].province)).max().unwrap_or(0)
        };
        let counties: i128 = field.choices.iter().enumerate().map(best).sum();
        let of_place = |(p, price): (u32, &i128)| {
            let Quota { least, most } = field.offers.quota(p);
            price * i128::from(if *price > 0 { most } else { least })
        };
        let all = self.all * i128::from(field.offers.most.unwrap_or(field.choices.len() as u32));
        self.money * i128::from(budget) + all + (0u32..).zip(&self.place).map(of_place).sum::<i128>() + counties
    }
}

/// The plans of most value within a budget and the quotas; `states` is how many choices are kept at a time, at most, in the search for the last
/// unit. None where the quotas cannot be met within the budget.
///
/// ```
/// use chargegap::internals::siting::{County, Offers, best_within};
/// let county = |cost, value| County { province: 0, plans: vec![(cost, value)] };
/// let offers = Offers { counties: vec![county(6, 7), county(5, 5), county(5, 5)], quotas: vec![], most: None };
/// let best = best_within(&offers, 10, 1000).unwrap();
/// assert_eq!((best.plans, best.value, best.bound), (vec![(1, 0), (2, 0)], 10, 10));
/// ```
pub fn best_within(offers: &Offers, budget: u64, states: usize) -> Option<Picked> {
    pick(&offers.field(|_, _| true), budget, states, None)
}

/// `near` is a price of money that the price here is looked for near.
pub(super) fn pick(field: &Field<'_>, budget: u64, states: usize, near: Option<i128>) -> Option<Picked> {
    let start = prices(field, budget, near)?;
    let core = Core::new(field, budget, &start);
    let most = start.prices.of(field, budget);
    let (found, exact) = core.search(&start, most, states);
    let (plans, cost, value) = found?;
    let by_prices = u64::try_from(most.div_euclid(PARTS)).unwrap_or(u64::MAX);
    Some(Picked { plans, cost, value, bound: if exact { value } else { by_prices }, prices: start.prices })
}

/// Prices at which what is best costs about the budget. None where the quotas cannot be met.
fn prices(field: &Field<'_>, budget: u64, near: Option<i128>) -> Option<Start> {
    // at this price no exchange of one plan for another is worth a unit of money
    let all = || field.choices.iter().flatten();
    let (mut low, mut high) = (0, all().map(|o| i128::from(o.value)).max().unwrap_or(0) * PARTS + 1);
    let large = all().any(|o| o.value.max(o.cost) >= LARGE);
    let within = |start: &Start| start.cost <= u128::from(budget);
    let mut dear = at(field, high).filter(|start| !large && within(start))?;
    // a bracket around what is near, ever wider
    let mut wide = near.unwrap_or(0) / 256 + 1;
    while let Some(near) = near.filter(|_| wide < high) {
        for price in [(near - wide).max(0), near + wide] {
            if !(low..high).contains(&price) {
                continue;
            }
            let now = at(field, price)?;
            if within(&now) {
                (high, dear) = (price, now);
            } else {
                low = price + 1;
            }
        }
        if low > near - wide && high <= near + wide {
            break;
        }
        wide *= 8;
    }
    while high - low > high >> 26 {
        let middle = low + (high - low) / 2;
        let now = at(field, middle)?;
        if within(&now) {
            (high, dear) = (middle, now);
        } else {
            low = middle + 1;
        }
    }
    Some(dear)
}

/// What is best at a price of money, with the prices of places that go with it.
fn at(field: &Field<'_>, money: i128) -> Option<Start> {
    let mut by_province: Vec<Vec<(i128, usize)>> = vec![Vec::new(); field.offers.provinces()];
    let mut sure = vec![0u32; by_province.len()];
    let mut bare = PickBound { money, place: vec![0; by_province.len()], all: 0 };
    for (c, choices) in field.choices.iter().enumerate() {
        let province = field.offers.counties[c].province as usize;
        let funded = choices.iter().filter(|o| o.plan.is_some()).map(|o| bare.worth(o, 0)).max();
        match (funded, choices.iter().any(|o| o.plan.is_none())) {
            (Some(worth), true) => by_province[province].push((worth, c)),
            (Some(_), false) => sure[province] += 1,
            (None, true) => {}
            (None, false) => return None,
        }
    }
    let mut place = vec![0; by_province.len()];
    for (p, list) in by_province.iter_mut().enumerate() {
        let quota = field.offers.quota(p as u32);
        let most = quota.most.checked_sub(sure[p])? as usize;
        let least = quota.least.saturating_sub(sure[p]) as usize;
        if least > list.len() || quota.least > quota.most {
            return None;
        }
        let good = list.iter().filter(|(worth, _)| *worth > 0).count();
        if (least..=most).contains(&good) {
            list.retain(|(worth, _)| *worth > 0);
            continue;
        }
        list.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        if list.get(most).is_some_and(|next| next.0 > 0) {
            place[p] = list[most].0;
        } else if least > 0 && list[least - 1].0 < 0 {
            place[p] = list[least - 1].0;
        }
        list.truncate(good.clamp(least, most));
    }
    bare.all = of_all(field.offers, &mut by_province, &sure)?;
    place.iter_mut().filter(|p| **p > 0).for_each(|p| *p = (*p - bare.all).max(0));
    let mut fund = vec![false; field.choices.len()];
    by_province.iter().flatten().for_each(|(_, c)| fund[*c] = true);
    let best = |(c, choices): (usize, &Vec<Choice>)| {
        let may = |o: &&Choice| o.plan.is_some() == (fund[c] || choices.iter().all(|o| o.plan.is_some()));
        let all = choices.iter().enumerate().filter(|(_, o)| may(o));
        all.max_by_key(|(i, o)| (bare.worth(o, 0), std::cmp::Reverse((o.cost, *i)))).map(|(i, _)| i)
    };
    let chosen: Vec<usize> = field.choices.iter().enumerate().map(best).collect::<Option<_>>()?;
    let cost = chosen.iter().zip(&field.choices).map(|(i, choices)| u128::from(choices[*i].cost)).sum();
    bare.place = place;
    Some(Start { prices: bare, chosen, cost })
}

/// Takes away those of least worth where more are funded than all provinces together may have, and says what a place among all is worth then. None
/// where so few cannot meet the quotas.
fn of_all(offers: &Offers, by_province: &mut [Vec<(i128, usize)>], sure: &[u32]) -> Option<i128> {
    let funded = by_province.iter().map(Vec::len).sum::<usize>() + sure.iter().map(|n| *n as usize).sum::<usize>();
    let over = funded.saturating_sub(offers.most.map_or(usize::MAX, |m| m as usize));
    if over == 0 {
        return Some(0);
    }
    let mut may_go: Vec<(i128, usize, usize)> = Vec::new();
    for (p, list) in by_province.iter_mut().enumerate() {
        list.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        let least = offers.quota(p as u32).least.saturating_sub(sure[p]) as usize;
        may_go.extend(list.iter().skip(least).map(|(worth, c)| (*worth, *c, p)));
    }
    // of equals the later goes
    may_go.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)));
    let gone = may_go.get(..over)?;
    for (_, c, p) in gone {
        by_province[*p].retain(|(_, of)| of != c);
    }
    Some(gone.last().map_or(0, |g| g.0).max(0))
}

/// What is lost without a county.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lost {
    /// The county.
    pub county: u32,
    /// Without it the best possible is worth less by so much at least; all of `None` where the quotas cannot be met without it.
    pub least: Option<u64>,
    /// And by so much at most.
    pub most: Option<u64>,
}

/// For each county that was picked: what is lost when it is left out and all is picked again.
pub fn without_each_county(offers: &Offers, budget: u64, picked: &Picked, states: usize) -> Vec<Lost> {
    let one = |county: u32| {
        let again =
            pick(&offers.field(|c, plan| c != county as usize || plan.is_none()), budget, states, Some(picked.prices.money));
        Lost {
            county,
            least: again.as_ref().map(|a| picked.value.saturating_sub(a.bound)),
            most: again.as_ref().map(|a| picked.bound.saturating_sub(a.value)),
        }
    };
    picked.plans.iter().map(|(c, _)| one(*c)).collect()
}
