//! Which counties to fund with plans of their own, for the report and for the page of a round: each budget in a sentence, in a table and as a
//! curve, and the counties that are funded with what is lost without each.

use super::i18n::shown;
use super::report::MOST_ROWS;
use super::report::plan::{amount, unit, what};
use super::report::plan_chart::{CurveOf, PlanCurve, chart};
use crate::config::plan::{Objective, PlanAsked};
use crate::files::lang::Both;
use crate::files::text::{NONE, at_most_percent, grouped, percent};
use crate::plan::{CurvePoint, Funding, FundingRung};
use crate::results::Results;
use crate::tables::funding::{FundedRow, rows};
use minijinja::{Value, context};

/// What is funded at a budget, as a sentence and as cells.
#[derive(Clone, Debug, Default)]
pub(crate) struct BudgetTold {
    /// The budget.
    pub budget: u64,
    /// On the ladder and in the best for this budget alone: counties, their sites, what they cost and cover.
    pub of: [[u64; 4]; 2],
    /// Nothing within the budget covers more.
    pub bound: u64,
    /// All that is in the gaps of the counties.
    pub in_gap: u64,
}

/// What is asked for, as far as amounts are told in it.
#[derive(Clone, Copy)]
pub(crate) struct Amounts<'a> {
    /// What is counted.
    pub objective: Objective,
    /// The currency; may be empty.
    pub currency: &'a str,
}

impl Amounts<'_> {
    fn money(&self, sum: u64) -> String {
        format!("{} {}", grouped(sum), shown(self.currency)).trim_end().to_owned()
    }
}

impl BudgetTold {
    /// Of what was found.
    pub fn of(funding: &Funding, rung: &FundingRung) -> Self {
        let of = |list: &[(u32, u32)], [cost, covered]: [u64; 2]| {
            [list.len() as u64, list.iter().map(|(_, n)| u64::from(*n)).sum(), cost, covered]
        };
        Self {
            budget: rung.budget,
            of: [of(&rung.ladder, rung.ladder_of), of(&rung.best, rung.best_of)],
            bound: rung.bound,
            in_gap: funding.offers.iter().map(|o| o.in_gap[0]).sum(),
        }
    }

    /// How far the best is from the best possible.
    fn quality(&self) -> Both {
        let [_, _, _, covered] = self.of[1];
        if covered == self.bound {
            return Both::new("no other choice of these plans covers more", "这些规划的任何其他组合都不会覆盖更多");
        }
        let gap = at_most_percent(self.bound - covered.min(self.bound), self.bound);
        Both::new(format!("at most {gap} below the best possible"), format!("距最优至多 {gap}"))
    }

    /// What the best for the budget is.
    pub fn sentence(&self, a: &Amounts<'_>) -> Both {
        let [counties, sites, cost, covered] = self.of[1];
        let (budget, what, quality) = (a.money(self.budget), what(a.objective), self.quality());
        let (money, covered, all) = (a.money(cost), amount(a.objective, covered), amount(a.objective, self.in_gap));
        let of = |n: u64, one: &str, more: &str| if n == 1 { format!("1 {one}") } else { format!("{} {more}", grouped(n)) };
        let (c, s) = (of(counties, "county", "counties"), of(sites, "site", "sites"));
        let en = format!(
            "Within {budget}: {c} with {s} for {money} cover {covered} of {all} {} in the gaps; {}.",
            what.en, quality.en
        );
        let (c, s) = (grouped(counties), grouped(sites));
        let zh = format!(
            "资金 {budget} 以内：安排 {c} 个县、{s} 座站点，造价 {money}，覆盖缺口 {all} {}中的 {covered}；{}。",
            what.zh, quality.zh
        );
        Both::new(en, zh)
    }

    /// The cells of its row: budget, the best (counties, sites, cost, covered), the bound, the ladder (the same four), and its price.
    pub fn cells(&self, objective: Objective) -> [String; 11] {
        let four = |[counties, sites, cost, covered]: [u64; 4]| {
            [grouped(counties), grouped(sites), grouped(cost), amount(objective, covered)]
        };
        let [[a, b, c, d], [e, f, g, h]] = [four(self.of[1]), four(self.of[0])];
        let price = percent(self.bound - self.of[0][3].min(self.bound), self.bound);
        [grouped(self.budget), a, b, c, d, amount(objective, self.bound), e, f, g, h, price]
    }
}

/// A county at a budget.
pub(crate) struct FundedTold {
    /// The budget.
    pub budget: u64,
    /// On the ladder and in the best: sites, what they cost and cover.
    pub of: [[u64; 3]; 2],
    /// What is lost without it, at least and at most.
    pub lost: [Option<u64>; 2],
}

impl FundedTold {
    /// The cells of its row behind its name: budget, the best (sites, cost, covered), what is lost without it, the ladder (the same three).
    pub fn cells(&self, objective: Objective) -> [String; 8] {
        let three = |[sites, cost, covered]: [u64; 3]| [grouped(sites), grouped(cost), amount(objective, covered)];
        let [[a, b, c], [d, e, f]] = [three(self.of[1]), three(self.of[0])];
        [grouped(self.budget), a, b, c, range(objective, self.lost), d, e, f]
    }

    /// Whether it has anything at the budget.
    pub fn is_funded(&self) -> bool {
        self.of.iter().any(|of| of[0] > 0)
    }
}

/// At least and at most so much.
pub(crate) fn range(objective: Objective, [least, most]: [Option<u64>; 2]) -> String {
    let Some((least, most)) = least.zip(most).map(|(a, b)| (amount(objective, a), amount(objective, b))) else {
        return NONE.to_owned();
    };
    if least == most { least } else { format!("{least} – {most}") }
}

/// The section; nothing where no counties are funded. `county` gives the place of a county among the members its name and page.
pub(crate) fn funding(r: &Results, county: &dyn Fn(usize) -> Value) -> Value {
    let (Some(found), Some(asked)) = (&r.funding, &r.criteria.plan) else { return Value::from(()) };
    let amounts = Amounts { objective: asked.objective, currency: &asked.currency };
    let told: Vec<BudgetTold> = found.rungs.iter().map(|rung| BudgetTold::of(found, rung)).collect();
    let all: Vec<(FundedTold, FundedRow<'_>)> =
        rows(r).into_iter().map(|row| (told_of(&row), row)).filter(|(t, _)| t.is_funded()).collect();
    let shown_rows = all.iter().take(MOST_ROWS).map(|(t, row)| {
        context! { county => county(row.county()), joint => shown(row.joint()), cells => t.cells(asked.objective).to_vec() }
    });
    context! {
        said => told.iter().map(|t| t.sentence(&amounts)).collect::<Vec<Both>>(),
        budgets => told.iter().map(|t| t.cells(asked.objective).to_vec()).collect::<Vec<_>>(),
        largest => told.last().map(|t| context! { counties => grouped(t.of[1][0]), budget => amounts.money(t.budget) }),
        currency => shown(&asked.currency),
        unit => unit(asked.objective),
        proven => found.proven,
        nested => told.len() > 1,
        rules => rules(found),
        chart => chart(&curve(&told, asked)),
        rows => shown_rows.collect::<Vec<_>>(),
        any_joint => found.rules.any_joint(),
        capped => all.len() > MOST_ROWS,
        shown => grouped(all.len().min(MOST_ROWS) as u64),
        n => grouped(all.len() as u64),
    }
}

fn told_of(row: &FundedRow<'_>) -> FundedTold {
    let of = |k: usize| [u64::from(row.sites()[k]), row.cost(k), row.covered(k)];
    FundedTold { budget: row.budget(), of: [of(0), of(1)], lost: row.lost() }
}

/// What binds beside money.
fn rules(found: &Funding) -> Vec<Both> {
    let mut all = Vec::new();
    if let Some(n) = found.rules.places {
        let (n, of) = (grouped(n.into()), if n == 1 { "county or joint application" } else { "counties or joint applications" });
        all.push(Both::new(
            format!("No more than {n} {of} ([select] places)."),
            format!("县或联合申报不超过 {n} 个（[select] places）。"),
        ));
    }
    if let Some(quotas) = &found.rules.quotas {
        let list: Vec<String> = quotas.iter().map(|(name, n)| format!("{}: {n}", shown(name))).collect();
        let list = list.join(", ");
        all.push(Both::new(
            format!("No more than so many of a province ([select] quotas): {list}; none of another."),
            format!("各省名额（[select] quotas）：{list}；其余各省没有名额。"),
        ));
    }
    if found.rules.any_joint() {
        all.push(Both::from([
            "A joint application is funded whole or not at all: its money is that of all its counties, and it takes one place.",
            "联合申报整体安排或不安排：资金为其各县之和，占一个名额。",
        ]));
    }
    all
}

/// What the chart draws: the best and its bound at each budget, and the ladder.
pub(crate) fn curve(told: &[BudgetTold], asked: &PlanAsked) -> PlanCurve {
    drawn(told, asked.objective, &asked.currency)
}

/// The same from what tables tell.
pub(crate) fn drawn(told: &[BudgetTold], objective: Objective, currency: &str) -> PlanCurve {
    let point = |t: &BudgetTold| CurvePoint { limit: t.budget, value: t.of[1][3], bound: t.bound, plan: t.of[0][3] };
    PlanCurve {
        points: told.iter().map(point).collect(),
        steps: told.iter().map(|t| [t.of[0][2], t.of[0][3]]).collect(),
        objective,
        money: Some(currency.to_owned()),
        of: CurveOf::Funding,
    }
}
