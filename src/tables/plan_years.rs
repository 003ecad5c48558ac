//! A plan of several years: `plan_years.csv` (what is built in each, what it covers then, and the bound), `plan_year_counties.csv` (what holds at
//! the end of each in every county, with the tier of its programmes) and `plan_year_rows.csv` (from which anybody computes the bounds again).

use super::parts::Heads;
use crate::config::plan::PlanAsked;
use crate::config::plan_years::PlanYearAsked;
use crate::files::schema::Value;
use crate::files::table::{Field, Table, integer, real, text};
use crate::plan::{PlanRow, PlanYear, PlanYearCounty, SitePlan};
use crate::results::{Member, Results};

/// A row a year.
pub const FILE: &str = "plan_years.csv";
/// A row a year and county.
pub const COUNTIES: &str = "plan_year_counties.csv";
/// Rows with their multipliers.
pub const ROWS: &str = "plan_year_rows.csv";

/// What the page of a county shows of the second.
pub const HEADS: Heads = &[
    ("year", ["Year", "年份"]),
    ("sites", ["Sites by its end", "年末站点数"]),
    ("cost", ["Cost", "造价"]),
    ("gap_km", ["Gap", "空白里程"]),
    ("people_in_gap", ["People in the gap", "空白区人口"]),
    ("short_kw", ["Power short", "功率缺口"]),
    ("tier_yuan", ["Reward of the year", "当年奖励"]),
];

/// A year with what was asked of it, and sums up to it.
pub struct YearRow<'a> {
    asked: &'a PlanAsked,
    year: &'a PlanYear,
    of: PlanYearAsked,
    /// Sites that stand by its end.
    sites: u64,
    /// What is built in it and what all up to it cost; none where a cost is not known.
    costs: [Option<u64>; 2],
    /// What is covered in all years up to it, and the bounds of these.
    sums: [u64; 2],
}

/// A county at the end of a year.
pub type YearCountyRow<'a> = (&'a Member, u32, &'a PlanYearCounty);
/// A row of a year.
pub type YearProofRow<'a> = (u32, &'a PlanRow);

fn of(r: &Results) -> Option<(&PlanAsked, &SitePlan)> {
    Some((r.criteria.plan.as_ref()?, r.plan.as_ref()?))
}

/// The years.
pub fn rows(r: &Results) -> Vec<YearRow<'_>> {
    let Some((asked, plan)) = of(r) else { return Vec::new() };
    let cost = |site: &u32| plan.steps.iter().position(|s| s.site == *site).and_then(|k| plan.costs[k]);
    let (mut sites, mut total, mut sums) = (0, Some(0u64), [0, 0]);
    let row = |(year, of): (_, &PlanYearAsked)| {
        let year: &PlanYear = year;
        let own = year.built.iter().map(cost).sum::<Option<u64>>();
        sites += year.built.len() as u64;
        total = total.zip(own).map(|(a, b)| a.saturating_add(b));
        sums = [sums[0] + year.value, sums[1] + year.bound];
        YearRow { asked, year, of: *of, sites, costs: [own, total], sums }
    };
    plan.years.iter().zip(&asked.years).map(row).collect()
}

/// Counties at the end of each year.
pub fn county_rows(r: &Results) -> Vec<YearCountyRow<'_>> {
    let Some((_, plan)) = of(r) else { return Vec::new() };
    let all = plan.years.iter().flat_map(|y| y.counties.iter().map(|c| (y.year, c)));
    all.filter_map(|(year, c)| Some((r.members.get(c.county as usize)?, year, c))).collect()
}

/// Rows of all years.
pub fn proof_rows(r: &Results) -> Vec<YearProofRow<'_>> {
    let years = of(r).map(|(_, plan)| plan.years.as_slice()).unwrap_or_default();
    years.iter().flat_map(|y| y.rows.iter().map(|row| (y.year, row))).collect()
}

fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { (whole - part.min(whole)) as f64 / whole as f64 * 100.0 }
}

/// The table of years.
pub fn table<'a>() -> Table<'a, YearRow<'a>> {
    Table::new(what_is_built()).with(what_it_covers()).rule(
        "nothing that is covered in a year is above its bound, and no more is used than the limit",
        |row, _| {
            let number = |name: &str| row.number(name).map(|v| v.unwrap_or(0.0));
            let covered = number("covered")? <= number("bound")? + 1e-6 && number("bound")? <= number("in_gap")? + 1e-6;
            Ok(covered && number("covered_up_to")? <= number("bound_up_to")? + 1e-6 && number("taken")? <= number("limit")?)
        },
    )
}

fn what_is_built<'a>() -> Vec<Field<'a, YearRow<'a>>> {
    let cost = |k: usize| move |r: &YearRow<'_>| Value::opt(r.costs[k], |c| Value::Integer(c as i64));
    vec![
        integer("year", "year", "", "Year", "年份").of(|r: &YearRow<'_>| Value::Integer(r.year.year.into())),
        integer("sites", "sites", "count", "Sites that are built in it", "当年新建站点数")
            .of(|r: &YearRow<'_>| Value::Integer(r.year.built.len() as i64)),
        integer("sites_up_to", "sites_sum", "count", "Sites of the plan that stand by its end", "年末站点数")
            .of(|r: &YearRow<'_>| Value::Integer(r.sites as i64)),
        integer("cost", "cost", "currency", "What is built in it costs", "当年造价").or_null("a cost is not known").of(cost(0)),
        integer("cost_up_to", "cost_sum", "currency", "What all up to it cost", "累计造价")
            .or_null("a cost is not known")
            .of(cost(1)),
        integer("taken", "taken", "sites or currency", "Sites, or money, used by its end", "年末已用限额")
            .of(|r: &YearRow<'_>| Value::Integer(r.year.taken as i64)),
        integer("limit", "limit", "sites or currency", "What may be used by its end, earlier years included", "年末累计限额")
            .of(|r: &YearRow<'_>| Value::Integer(r.year.limit as i64)),
        real("vehicles", "vehicles", "times", "Its vehicles over those of today", "车辆数为今日的倍数")
            .of(|r: &YearRow<'_>| Value::Real(r.of.vehicles())),
    ]
}

fn what_it_covers<'a>() -> Vec<Field<'a, YearRow<'a>>> {
    let units = |r: &YearRow<'_>, whole: u64| Value::Real(r.asked.objective.shown(whole));
    vec![
        text("unit", "unit", "Unit of the objective", "目标单位").of(|r: &YearRow<'_>| Value::Word(r.asked.objective.unit().0)),
        real("in_gap", "in_gap", "unit of the objective", "All that is in the gap, with the weights of the year", "当年缺口总量")
            .of(move |r: &YearRow<'_>| units(r, r.year.in_gap)),
        real("covered", "covered", "unit of the objective", "What all that stands in it covers", "当年覆盖量")
            .of(move |r: &YearRow<'_>| units(r, r.year.value)),
        real("bound", "bound", "unit of the objective", "Nothing within its limit covers more in it", "当年上界")
            .of(move |r: &YearRow<'_>| units(r, r.year.bound)),
        real(
            "covered_up_to",
            "cov_sum",
            "unit of the objective",
            "What is covered in all years up to it, added up",
            "历年覆盖量之和",
        )
        .of(move |r: &YearRow<'_>| units(r, r.sums[0])),
        real("bound_up_to", "bound_sum", "unit of the objective", "The bounds of these years, added up", "历年上界之和")
            .of(move |r: &YearRow<'_>| units(r, r.sums[1])),
        real(
            "gap_percent",
            "gap_pct",
            "percent",
            "Up to it, at most so far below the best possible: (bound_up_to - covered_up_to) / bound_up_to",
            "至该年与最优的最大差距",
        )
        .of(|r: &YearRow<'_>| Value::Real(share(r.sums[0], r.sums[1]))),
        text(
            "proof",
            "proof",
            "multipliers: the bound is computed again from plan_year_rows.csv; search: proven by a search over parts",
            "证明方式：multipliers 乘子、search 搜索",
        )
        .of(|r: &YearRow<'_>| Value::Word(if r.year.searched.is_some() { "search" } else { "multipliers" })),
    ]
}

/// The table of counties.
pub fn counties<'a>() -> Table<'a, YearCountyRow<'a>> {
    let count = |get: fn(&PlanYearCounty) -> u64| move |r: &YearCountyRow<'_>| Value::Integer(get(r.2) as i64);
    let tiers = |r: &YearCountyRow<'_>| r.2.tiers.iter().map(|(_, t)| t.amount_yuan).reduce(|a, b| a + b);
    let told = |r: &YearCountyRow<'_>| {
        let one = |(name, t): &(String, crate::programme::Tier)| {
            let reached = t.reached.map_or("below the lowest".to_owned(), |p| format!("{p} %"));
            format!("{name}: {:.2} %, tier {reached}", t.utilisation.percent())
        };
        r.2.tiers.iter().map(one).collect::<Vec<_>>().join("; ")
    };
    Table::new(vec![
        text("county_code", "county", "County code as text", "县代码（文本）")
            .of(|r: &YearCountyRow<'_>| Value::Text(r.0.county.code.clone())),
        integer("year", "year", "", "Year; all holds at its end", "年份（年末）")
            .of(|r: &YearCountyRow<'_>| Value::Integer(r.1.into())),
        integer("sites", "sites", "count", "Sites of the plan that stand in it", "站点数").of(count(|c| c.sites.into())),
        integer("cost", "cost", "currency", "What they cost", "造价")
            .or_null("a cost is not known")
            .of(|r: &YearCountyRow<'_>| Value::opt(r.2.cost, |c| Value::Integer(c as i64))),
        real("gap_km", "gap_km", "km", "Road in the gap", "空白里程").of(|r: &YearCountyRow<'_>| Value::km(r.2.gap_mm)),
        integer("settlements_in_gap", "sett", "count", "Settlements in the gap", "空白区居民点数")
            .of(count(|c| c.settlements_in_gap)),
        integer("people_in_gap", "people", "people", "People of them, as far as known", "空白区人口")
            .of(count(|c| c.people_in_gap)),
        real(
            "short_kw",
            "short_kw",
            "kW",
            "Power short in the worst hour of an ordinary day with the vehicles of the year; it has no bound",
            "平日功率缺口（按当年车辆数，无上界）",
        )
        .or_null("no [demand], or nobody knows what is asked for")
        .of(|r: &YearCountyRow<'_>| Value::opt(r.2.short_kw, Value::Real)),
        integer(
            "tier_yuan",
            "tier_yuan",
            "yuan",
            "Reward of its programmes for the year, sites of the plan in operation from the first day of theirs; it has no bound",
            "项目当年奖励（规划站点自建设年首日投运，无上界）",
        )
        .or_null("it cannot be told")
        .of(move |r: &YearCountyRow<'_>| Value::opt(tiers(r), |y| Value::Integer(y as i64))),
        text(
            "tier",
            "tier",
            "Utilisation by which the reward is paid and the tier that it reaches, by programme",
            "计奖利用率及所达档次（按项目）",
        )
        .or_null("it cannot be told")
        .of(move |r: &YearCountyRow<'_>| Value::text_or_null(&told(r))),
    ])
}

/// The rows.
pub fn proof<'a>() -> Table<'a, YearProofRow<'a>> {
    Table::new(vec![
        integer("year", "year", "", "Year", "年份").of(|r: &YearProofRow<'_>| Value::Integer(r.0.into())),
        integer("weight", "weight", "mm, people, settlements or Wh", "Weight of the row in the year", "当年权重")
            .of(|r: &YearProofRow<'_>| Value::Integer(r.1.weight as i64)),
        integer(
            "multiplier",
            "multiplier",
            "1/1024 of the unit of weights",
            "Its multiplier, from which the bound of the year is computed",
            "乘子（1/1024）",
        )
        .of(|r: &YearProofRow<'_>| Value::Integer(r.1.multiplier as i64)),
        text(
            "candidates",
            "candidates",
            "Numbers of the candidates that cover it, with blanks between",
            "可覆盖该行的候选点序号",
        )
        .of(|r: &YearProofRow<'_>| {
            let numbers: Vec<String> = r.1.candidates.iter().map(u32::to_string).collect();
            Value::Text(numbers.join(" "))
        }),
    ])
    .rule("no multiplier is above its weight", |row, _| Ok(row.count("multiplier")? <= row.count("weight")?.saturating_mul(1024)))
}
