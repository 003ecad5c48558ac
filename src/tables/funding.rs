//! Which counties to fund with plans of their own: `funding.csv` (a row a county and budget), `funding_budgets.csv` (what each budget covers, with
//! the bound and the price of never dropping a county), `funding_sites.csv` (the sites of every county, in order).

use super::parts::Heads;
use crate::config::plan::PlanAsked;
use crate::error::Result;
use crate::files::csv_table::{CsvRow, CsvTable};
use crate::files::rules::Others;
use crate::files::schema::Value;
use crate::files::table::{Field, Table, boolean, integer, real, text};
use crate::plan::{CountyOffer, Funding, FundingRung, OfferSite};
use crate::results::{Member, Results};

/// A row a county and budget.
pub const FILE: &str = "funding.csv";
/// A row a budget.
pub const BUDGETS: &str = "funding_budgets.csv";
/// A row a site.
pub const SITES: &str = "funding_sites.csv";

/// What the page of a county shows of the first.
pub const HEADS: Heads = &[
    ("budget", ["Budget", "资金总额"]),
    ("funded", ["Funded (ladder)", "是否安排（递进方案）"]),
    ("sites", ["Sites", "站点数"]),
    ("cost", ["Cost", "造价"]),
    ("covered", ["Covered", "覆盖量"]),
    ("best_sites", ["Sites in the best for this budget alone", "该资金下最优方案站点数"]),
    ("unit", ["Unit", "单位"]),
];

/// What the page of a county shows of its sites.
pub const SITE_HEADS: Heads = &[
    ("order", ["Order", "次序"]),
    ("name", ["At", "位置"]),
    ("origin", ["Candidate", "候选类型"]),
    ("cost_up_to", ["Cost up to it", "累计造价"]),
    ("gain", ["Adds", "新增覆盖"]),
    ("covered", ["Covered in all", "累计覆盖"]),
    ("unit", ["Unit", "单位"]),
];

/// A county at a budget.
pub struct FundedRow<'a> {
    member: &'a Member,
    asked: &'a PlanAsked,
    offer: &'a CountyOffer,
    rung: &'a FundingRung,
    /// Sites on the ladder and in the best.
    sites: [u32; 2],
    /// Its joint application; may be empty.
    joint: &'a str,
    lost: [Option<u64>; 2],
}

/// A budget, with what is asked for and what is proven.
pub type BudgetRow<'a> = (&'a PlanAsked, &'a Funding, &'a FundingRung);
/// A site of a county, with its number from 1.
pub type OfferRow<'a> = (&'a Member, &'a PlanAsked, usize, &'a OfferSite);

impl FundedRow<'_> {
    /// Number of the county.
    pub fn county(&self) -> usize {
        self.offer.county as usize
    }

    /// The budget.
    pub fn budget(&self) -> u64 {
        self.rung.budget
    }

    /// Sites on the ladder and in the best.
    pub fn sites(&self) -> [u32; 2] {
        self.sites
    }

    /// The last of its sites that is funded, on the ladder (0) or in the best (1).
    fn up_to(&self, k: usize) -> Option<&OfferSite> {
        self.offer.sites.get(self.sites[k].checked_sub(1)? as usize)
    }

    /// What they cost, on the ladder (0) or in the best (1).
    pub fn cost(&self, k: usize) -> u64 {
        self.up_to(k).map_or(0, |s| s.cost_up_to)
    }

    /// What they cover, in whole units of the objective.
    pub fn covered(&self, k: usize) -> u64 {
        self.up_to(k).map_or(0, |s| s.covered)
    }

    /// What is lost without it, at least and at most.
    pub fn lost(&self) -> [Option<u64>; 2] {
        self.lost
    }

    /// Its joint application; empty where it has none.
    pub fn joint(&self) -> &str {
        self.joint
    }
}

fn found(r: &Results) -> Option<(&Funding, &PlanAsked)> {
    Some((r.funding.as_ref()?, r.criteria.plan.as_ref()?))
}

/// Counties by budget.
pub fn rows(r: &Results) -> Vec<FundedRow<'_>> {
    let Some((funding, asked)) = found(r) else { return Vec::new() };
    let mut all = Vec::new();
    for rung in &funding.rungs {
        for (i, offer) in (0u32..).zip(&funding.offers) {
            let Some(member) = r.members.get(offer.county as usize) else { continue };
            let of = |list: &[(u32, u32)]| list.iter().find(|(c, _)| *c == i).map_or(0, |(_, sites)| *sites);
            let lost = rung.lost.iter().find(|(c, _)| *c == i).map_or([None; 2], |(_, lost)| *lost);
            let joint = funding.rules.unit_of(i).map_or("", |u| u.name.as_str());
            all.push(FundedRow { member, asked, offer, rung, sites: [of(&rung.ladder), of(&rung.best)], joint, lost });
        }
    }
    all
}

/// Budgets.
pub fn budget_rows(r: &Results) -> Vec<BudgetRow<'_>> {
    found(r).map(|(funding, asked)| funding.rungs.iter().map(|rung| (asked, funding, rung)).collect()).unwrap_or_default()
}

/// Sites of all counties.
pub fn site_rows(r: &Results) -> Vec<OfferRow<'_>> {
    let Some((funding, asked)) = found(r) else { return Vec::new() };
    let of = |o: &'_ CountyOffer| r.members.get(o.county as usize);
    let all = funding.offers.iter().filter_map(|o| Some((of(o)?, o)));
    all.flat_map(|(m, o)| o.sites.iter().enumerate().map(move |(k, s)| (m, asked, k + 1, s))).collect()
}

fn units(asked: &PlanAsked, whole: u64) -> Value {
    Value::Real(asked.objective.shown(whole))
}

/// The table of counties.
pub fn table<'a>() -> Table<'a, FundedRow<'a>> {
    let lost = |k: usize| move |r: &FundedRow<'_>| Value::opt(r.lost[k], |w| units(r.asked, w));
    Table::new(vec![
        text("county_code", "county", "County code as text", "县代码（文本）")
            .of(|r: &FundedRow<'_>| Value::Text(r.member.county.code.clone())),
        text("name", "name", "Name", "名称")
            .or_null("not known")
            .of(|r: &FundedRow<'_>| Value::text_or_null(&r.member.county.name)),
        integer("budget", "budget", "currency", "The budget", "资金总额")
            .of(|r: &FundedRow<'_>| Value::Integer(r.rung.budget as i64)),
        boolean(
            "funded",
            "funded",
            "Funded on the ladder, which never drops a county when the budget grows",
            "递进方案中是否安排",
        )
        .of(|r: &FundedRow<'_>| Value::Boolean(r.sites[0] > 0)),
        integer("sites", "sites", "count", "Sites of its plan that are funded on the ladder", "递进方案站点数")
            .of(|r: &FundedRow<'_>| Value::Integer(r.sites[0].into())),
        integer("cost", "cost", "currency", "What they cost", "递进方案造价")
            .of(|r: &FundedRow<'_>| Value::Integer(r.cost(0) as i64)),
        real("covered", "covered", "unit of the objective", "What they cover of its gap", "递进方案覆盖量")
            .of(|r: &FundedRow<'_>| units(r.asked, r.covered(0))),
        integer("best_sites", "b_sites", "count", "Sites that are funded in the best for this budget alone", "最优方案站点数")
            .of(|r: &FundedRow<'_>| Value::Integer(r.sites[1].into())),
        integer("best_cost", "b_cost", "currency", "What they cost", "最优方案造价")
            .of(|r: &FundedRow<'_>| Value::Integer(r.cost(1) as i64)),
        real("best_covered", "b_cover", "unit of the objective", "What they cover", "最优方案覆盖量")
            .of(|r: &FundedRow<'_>| units(r.asked, r.covered(1))),
        real(
            "lost_at_least",
            "lost0",
            "unit of the objective",
            "Without it the best for this budget covers less by so much at least, all chosen again",
            "去掉该县后最优覆盖量至少减少",
        )
        .or_null("it is not in the best")
        .of(lost(0)),
        real("lost_at_most", "lost1", "unit of the objective", "And by so much at most", "去掉该县后最优覆盖量至多减少")
            .or_null("it is not in the best")
            .of(lost(1)),
        text("unit", "unit", "Unit of the objective", "目标单位").of(|r: &FundedRow<'_>| Value::Word(r.asked.objective.unit().0)),
    ])
    .with([text(
        "joint",
        "joint",
        "Joint application that it belongs to, which is funded whole or not at all",
        "联合申报名称（整体安排或不安排）",
    )
    .or_null("it stands for itself")
    .of(|r: &FundedRow<'_>| Value::text_or_null(r.joint))])
    .with(gap_fields())
    .rule("who is funded has sites, and no county loses its place when the budget grows", keeps)
}

fn gap_fields<'a>() -> Vec<Field<'a, FundedRow<'a>>> {
    vec![
        real("in_gap", "in_gap", "unit of the objective", "All that is in its gap", "缺口总量")
            .of(|r: &FundedRow<'_>| units(r.asked, r.offer.in_gap[0])),
        real(
            "reachable",
            "reachable",
            "unit of the objective",
            "What candidates on its ground can cover of it",
            "本县候选点可覆盖量",
        )
        .of(|r: &FundedRow<'_>| units(r.asked, r.offer.in_gap[1])),
        real("plan_covered", "plan_cov", "unit of the objective", "What its whole plan covers", "本县规划覆盖量")
            .of(|r: &FundedRow<'_>| units(r.asked, r.offer.sites.last().map_or(0, |s| s.covered))),
        real(
            "plan_bound",
            "plan_bnd",
            "unit of the objective",
            "No choice of so many sites covers more of it",
            "同等站点数的上界",
        )
        .of(|r: &FundedRow<'_>| units(r.asked, r.offer.bound)),
    ]
}

fn keeps(row: &CsvRow<'_>, others: &Others) -> Result<bool> {
    let (sites, funded, budget) = (row.count("sites")?, row.get("funded") == "true", row.count("budget")?);
    let code = row.text("county_code")?;
    if funded != (sites > 0) || (sites == 0 && row.count("cost")? != 0) {
        return Ok(false);
    }
    // the next larger budget
    let mut next: Option<u64> = None;
    for other in others.table(BUDGETS).into_iter().flat_map(CsvTable::rows) {
        let larger = other.count("budget")?;
        if larger > budget && next.is_none_or(|n| larger < n) {
            next = Some(larger);
        }
    }
    let Some(next) = next.filter(|_| funded) else { return Ok(true) };
    let later = others.row(FILE, &[("county_code", &code), ("budget", &next.to_string())])?;
    Ok(later.is_some_and(|r| r.get("funded") == "true"))
}

/// The table of budgets.
pub fn budgets<'a>() -> Table<'a, BudgetRow<'a>> {
    let of = |get: fn(&FundingRung) -> u64| move |r: &BudgetRow<'_>| units(r.0, get(r.2));
    Table::new(vec![
        integer("budget", "budget", "currency", "The budget", "资金总额")
            .of(|r: &BudgetRow<'_>| Value::Integer(r.2.budget as i64)),
        integer("counties", "counties", "count", "Counties on the ladder", "递进方案县数")
            .of(|r: &BudgetRow<'_>| Value::Integer(r.2.ladder.len() as i64)),
        integer("cost", "cost", "currency", "What they cost", "递进方案造价")
            .of(|r: &BudgetRow<'_>| Value::Integer(r.2.ladder_of[0] as i64)),
        real("covered", "covered", "unit of the objective", "What they cover", "递进方案覆盖量").of(of(|r| r.ladder_of[1])),
        integer("best_counties", "b_count", "count", "Counties in the best for this budget alone", "最优方案县数")
            .of(|r: &BudgetRow<'_>| Value::Integer(r.2.best.len() as i64)),
        integer("best_cost", "b_cost", "currency", "What they cost", "最优方案造价")
            .of(|r: &BudgetRow<'_>| Value::Integer(r.2.best_of[0] as i64)),
        real("best_covered", "b_cover", "unit of the objective", "What they cover", "最优方案覆盖量").of(of(|r| r.best_of[1])),
        real("bound", "bound", "unit of the objective", "Nothing of these plans within the budget covers more", "上界")
            .of(of(|r| r.bound)),
        real(
            "gap_percent",
            "gap_pct",
            "percent",
            "The best is at most so far below the best possible: (bound - best) / bound",
            "最优方案与上界的最大差距",
        )
        .of(|r: &BudgetRow<'_>| Value::Real(below(r.2.best_of[1], r.2.bound))),
        real(
            "price_percent",
            "price_pct",
            "percent",
            "What never dropping a county costs: 1 - ladder / bound",
            "递进方案的代价（1－递进÷上界）",
        )
        .of(|r: &BudgetRow<'_>| Value::Real(r.2.price() * 100.0)),
        boolean("proven", "proven", "No nested sequence has a better worst ratio", "递进方案是否已证明最优")
            .of(|r: &BudgetRow<'_>| Value::Boolean(r.1.proven)),
        text("unit", "unit", "Unit of the objective", "目标单位").of(|r: &BudgetRow<'_>| Value::Word(r.0.objective.unit().0)),
    ])
    .with(price_fields())
    .rule("neither ladder nor best is above the bound or the budget", |row, _| {
        let n = |name: &str| row.number(name).map(|v| v.unwrap_or(0.0));
        let [cost, best_cost, budget] = [n("cost")?, n("best_cost")?, n("budget")?];
        let [covered, best, bound] = [n("covered")?, n("best_covered")?, n("bound")?];
        let price = if bound > 0.0 { (1.0 - covered / bound) * 100.0 } else { 0.0 };
        let fits = cost <= budget && best_cost <= budget && covered <= bound + 1e-6 && best <= bound + 1e-6;
        let gap = if bound > 0.0 { (1.0 - best / bound) * 100.0 } else { 0.0 };
        Ok(fits && (price - n("price_percent")?).abs() < 1e-3 && (gap - n("gap_percent")?).abs() < 1e-3)
    })
    .rule("cost and what is covered are the sums of funding.csv", sums)
}

/// So far below its bound, percent.
fn below(value: u64, bound: u64) -> f64 {
    if bound == 0 { 0.0 } else { bound.saturating_sub(value) as f64 / bound as f64 * 100.0 }
}

/// From what the bound is computed again.
fn price_fields<'a>() -> Vec<Field<'a, BudgetRow<'a>>> {
    let parts = "1/4294967296 of a mm, a person, a settlement or a Wh";
    let listed = |r: &BudgetRow<'_>| {
        let all: Vec<String> = r.2.prices.province.iter().map(|(name, price)| format!("{name}:{price}")).collect();
        Value::text_or_null(&all.join("; "))
    };
    vec![
        text(
            "proof",
            "proof",
            "prices: the bound is computed again from the plans and the prices beside; search: proven by a search around them",
            "证明方式：prices 价格、search 搜索",
        )
        .of(|r: &BudgetRow<'_>| Value::Word(if r.2.searched { "search" } else { "prices" })),
        text("money_price", "m_price", format!("Price of a unit of money, {parts}"), "单位资金的影子价格（1/4294967296）")
            .of(|r: &BudgetRow<'_>| Value::Text(r.2.prices.money.to_string())),
        text("place_price", "p_price", format!("Price of a place among all, {parts}"), "名额的影子价格（1/4294967296）")
            .of(|r: &BudgetRow<'_>| Value::Text(r.2.prices.all.to_string())),
        text(
            "province_prices",
            "q_price",
            format!("Prices of places of provinces, as province:price, {parts}"),
            "各省名额的影子价格（1/4294967296）",
        )
        .or_null("no province is short of places")
        .of(listed),
    ]
}

fn sums(row: &CsvRow<'_>, others: &Others) -> Result<bool> {
    let budget = row.count("budget")?;
    let mut sum = [0.0f64; 6];
    let names = ["cost", "covered", "best_cost", "best_covered"];
    for other in others.table(FILE).into_iter().flat_map(CsvTable::rows) {
        if other.count("budget")? == budget {
            for (sum, name) in sum.iter_mut().zip(names) {
                *sum += other.number(name)?.unwrap_or(0.0);
            }
            sum[4] += f64::from(u8::from(other.count("sites")? > 0));
            sum[5] += f64::from(u8::from(other.count("best_sites")? > 0));
        }
    }
    let told = ["cost", "covered", "best_cost", "best_covered", "counties", "best_counties"];
    for (sum, name) in sum.iter().zip(told) {
        let here = row.number(name)?.unwrap_or(-1.0);
        if (here - sum).abs() > 1e-6 * sum.abs().max(1.0) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The table of sites.
pub fn sites<'a>() -> Table<'a, OfferRow<'a>> {
    Table::new(vec![
        text("county_code", "county", "County code as text", "县代码（文本）")
            .of(|r: &OfferRow<'_>| Value::Text(r.0.county.code.clone())),
        integer("order", "order", "count", "Order of building in the county, from 1", "县内建设次序")
            .of(|r: &OfferRow<'_>| Value::Integer(r.2 as i64)),
        text("id", "id", "Id of the candidate", "候选点编号").of(|r: &OfferRow<'_>| Value::Text(r.3.site.id.clone())),
        text("name", "name", "Its name, or that of the settlement or road", "名称（候选点、居民点或道路）")
            .or_null("none is known")
            .of(|r: &OfferRow<'_>| Value::text_or_null(&r.3.site.names[0])),
        text(
            "origin",
            "origin",
            "Where the candidate comes from: given, settlement, gap_middle, along_gap or junction",
            "候选点来源",
        )
        .of(|r: &OfferRow<'_>| Value::Word(r.3.site.kind.as_str())),
        real("lon", "lon", "degree", "Longitude", "经度").of(|r: &OfferRow<'_>| Value::Real(r.3.site.at.lon())),
        real("lat", "lat", "degree", "Latitude", "纬度").of(|r: &OfferRow<'_>| Value::Real(r.3.site.at.lat())),
        integer("cost_up_to", "cost_sum", "currency", "What all sites up to it cost", "累计造价")
            .of(|r: &OfferRow<'_>| Value::Integer(r.3.cost_up_to as i64)),
        text("unit", "unit", "Unit of the objective", "目标单位").of(|r: &OfferRow<'_>| Value::Word(r.1.objective.unit().0)),
        real("gain", "gain", "unit of the objective", "What it covers of the county's gap beyond those before it", "新增覆盖量")
            .of(|r: &OfferRow<'_>| units(r.1, r.3.gain)),
        real("covered", "covered", "unit of the objective", "What all up to it cover of it", "累计覆盖量")
            .of(|r: &OfferRow<'_>| units(r.1, r.3.covered)),
    ])
}
