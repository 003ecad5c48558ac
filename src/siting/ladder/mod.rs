//! What to fund within a budget: counties, each with one or several plans, quotas of provinces, and a ladder of budgets on which a larger one
//! never drops a county.
//!
//! # References
//! D. Pisinger, "A minimal algorithm for the multiple-choice knapsack problem", EJOR 83(2), 1995.

mod core;
mod exact;
mod nest;
mod pick;
#[cfg(test)]
mod tests;

pub use nest::{Keep, Ladder, LadderEffort, Rung, ladder};
pub use pick::{Lost, PickBound, Picked, best_within, without_each_county};

/// A county with what could be built there.
#[derive(Clone, Debug, Default)]
pub struct County {
    /// Number of its province.
    pub province: u32,
    /// Plans, of which one at most is chosen: cost and value.
    pub plans: Vec<(u64, u64)>,
}

/// How many counties of a province are funded, at least and at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// At least.
    pub least: u32,
    /// At most.
    pub most: u32,
}

impl Quota {
    /// As many as there are, or none.
    pub const FREE: Self = Self { least: 0, most: u32::MAX };
}

/// What there is to choose from.
#[derive(Clone, Debug, Default)]
pub struct Offers {
    /// Counties.
    pub counties: Vec<County>,
    /// By province; of one that is not listed there is no quota.
    pub quotas: Vec<Quota>,
    /// How many of all provinces together are funded at most; as many as there are where nothing is said.
    pub most: Option<u32>,
}

/// What can be done with a county: nothing, or a plan.
#[derive(Clone, Copy, Debug)]
struct Choice {
    plan: Option<u32>,
    cost: u64,
    value: u64,
}

/// A question at one budget: of each county what may be done.
struct Field<'a> {
    offers: &'a Offers,
    choices: Vec<Vec<Choice>>,
}

impl Offers {
    fn quota(&self, province: u32) -> Quota {
        if province == self.everywhere() {
            return self.most.map_or(Quota::FREE, |most| Quota { least: 0, most });
        }
        self.quotas.get(province as usize).copied().unwrap_or(Quota::FREE)
    }

    /// A number behind those of all provinces, for all of them together.
    fn everywhere(&self) -> u32 {
        self.provinces() as u32
    }

    /// What is allowed of everything that there is.
    fn field(&self, allowed: impl Fn(usize, Option<u32>) -> bool) -> Field<'_> {
        let of = |(c, county): (usize, &County)| {
            let plans =
                (0u32..).zip(&county.plans).map(|(p, (cost, value))| Choice { plan: Some(p), cost: *cost, value: *value });
            let none = Choice { plan: None, cost: 0, value: 0 };
            std::iter::once(none).chain(plans).filter(|o| allowed(c, o.plan)).collect()
        };
        Field { offers: self, choices: self.counties.iter().enumerate().map(of).collect() }
    }

    /// How many provinces there are.
    fn provinces(&self) -> usize {
        self.counties.iter().map(|c| c.province as usize + 1).max().unwrap_or(0).max(self.quotas.len())
    }
}
