//! What a plan of sites is weighed by: `plan_counties.csv` (without and with it), `plan_curve.csv` (what less and more would cover),
//! `plan_quality.csv` (questions with their bounds), `plan_candidates.csv` and `plan_rows.csv` (from which anybody computes the bound again).

use super::parts::Heads;
use crate::config::plan::PlanAsked;
use crate::files::schema::Value;
use crate::files::table::{Field, Table, integer, real, text};
use crate::plan::{CandidateSite, CurvePoint, PlanAlternative, PlanCounty, PlanRow, PlanStage, SitePlan};
use crate::results::{Member, Results};

/// Counties without and with the plan.
pub const COUNTIES: &str = "plan_counties.csv";
/// What less and more would cover.
pub const CURVE: &str = "plan_curve.csv";
/// Questions with their bounds.
pub const QUALITY: &str = "plan_quality.csv";
/// All candidates.
pub const CANDIDATES: &str = "plan_candidates.csv";
/// Plans that cover nearly as much.
pub const OTHERS: &str = "plan_others.csv";
/// Rows with their multipliers.
pub const ROWS: &str = "plan_rows.csv";

/// What the page of a county shows of the first.
pub const HEADS: Heads = &[
    ("sites", ["Sites", "站点数"]),
    ("cost", ["Cost", "造价"]),
    ("gap_km_before", ["Gap before", "规划前空白里程"]),
    ("gap_km_after", ["after", "规划后"]),
    ("beyond_candidates_km", ["Beyond candidates", "候选点不可达"]),
    ("people_in_gap_before", ["People in the gap before", "规划前空白区人口"]),
    ("people_in_gap_after", ["after", "规划后"]),
    ("short_kw_before", ["Short before", "规划前功率缺口"]),
    ("short_kw_after", ["after", "规划后"]),
    ("ways_before", ["Ways before", "规划前路程合计"]),
    ("ways_after", ["after", "规划后"]),
    ("thin_before", ["Too few within reach before", "规划前可达站点不足量"]),
    ("thin_after", ["after", "规划后"]),
];

/// A county of the plan.
pub type CountyRow<'a> = (&'a Member, &'a PlanCounty, Option<&'a PlanAsked>);
/// A point of the curve, with what the plan is asked for, and what its limit is of.
pub type CurveRow<'a> = (&'a PlanAsked, &'a SitePlan, &'a CurvePoint, &'static str);
/// A question, with its number from 1 and the county that it was about.
pub type QualityRow<'a> = (usize, Option<&'a Member>, &'a PlanAsked, &'a SitePlan, &'a PlanStage);
/// A candidate, with its number, its county, its place in the plan, and whether it is built for a road.
pub type CandidateRow<'a> = (usize, Option<&'a Member>, &'a CandidateSite, Option<usize>, bool);

/// Rows of all five.
pub fn county_rows(r: &Results) -> Vec<CountyRow<'_>> {
    let all = r.plan.iter().flat_map(|p| &p.counties);
    all.filter_map(|c| Some((r.members.get(c.county as usize)?, c, r.criteria.plan.as_ref()))).collect()
}

/// Points of the curve.
pub fn curve_rows(r: &Results) -> Vec<CurveRow<'_>> {
    let (Some(plan), Some(asked)) = (&r.plan, &r.criteria.plan) else { return Vec::new() };
    let own = plan.curve.iter().map(|p| (asked, plan, p, asked.extent.unit()));
    own.chain(plan.money.iter().map(|p| (asked, plan, p, "money"))).collect()
}

/// Questions.
pub fn quality_rows(r: &Results) -> Vec<QualityRow<'_>> {
    let (Some(plan), Some(asked)) = (&r.plan, &r.criteria.plan) else { return Vec::new() };
    let county = |s: &PlanStage| r.members.get(s.county? as usize);
    plan.stages.iter().enumerate().map(|(i, s)| (i + 1, county(s), asked, plan, s)).collect()
}

/// Candidates.
pub fn candidate_rows(r: &Results) -> Vec<CandidateRow<'_>> {
    let Some(plan) = &r.plan else { return Vec::new() };
    let mut order = vec![None; plan.candidates.len()];
    plan.steps.iter().enumerate().for_each(|(i, s)| order[s.site as usize] = Some(i + 1));
    let county = |c: &CandidateSite| r.members.get(c.county? as usize);
    let roads = plan.corridors.as_ref().map(|c| c.sites()).unwrap_or_default();
    let road = |i: usize| roads.binary_search(&(i as u32)).is_ok();
    plan.candidates.iter().enumerate().map(|(i, c)| (i, county(c), c, order[i], road(i))).collect()
}

/// The table of counties.
pub fn counties<'a>() -> Table<'a, CountyRow<'a>> {
    Table::new(county_fields())
        .with(super::plan_ways::of_county())
        .with(thin_fields())
        .rule("sites are said to sink a reward only where less is expected with the plan", |row, _| {
            let after = row.number("reward_yuan_after")?.or(row.number("reward_yuan_if_open")?);
            let sunk = row.number("reward_yuan_before")?.zip(after).is_some_and(|(before, after)| after < before);
            Ok(sunk || row.get("sunk_by").is_empty())
        })
        .rule("the plan adds to no gap, and what is beyond the candidates stays", |row, _| {
            let km = |name: &str| row.number(name).map(|v| v.unwrap_or(0.0));
            let [before, after, beyond] = [km("gap_km_before")?, km("gap_km_after")?, km("beyond_candidates_km")?];
            Ok(after <= before + 1e-6 && beyond <= before + 1e-6)
        })
        .rule("settlements and people in the gap do not grow", |row, _| {
            let n = |name: &str| row.number(name).map(|v| v.unwrap_or(0.0));
            let less =
                |what: &str| Ok::<bool, crate::error::Error>(n(&format!("{what}_after"))? <= n(&format!("{what}_before"))?);
            Ok(less("settlements_in_gap")? && less("people_in_gap")?)
        })
}

fn county_fields<'a>() -> Vec<Field<'a, CountyRow<'a>>> {
    let km = |get: fn(&PlanCounty) -> u64| move |r: &CountyRow<'_>| Value::km(get(r.1));
    let count = |get: fn(&PlanCounty) -> u64| move |r: &CountyRow<'_>| Value::Integer(get(r.1) as i64);
    let short = |k: usize| move |r: &CountyRow<'_>| Value::opt(r.1.short_kw, |s| Value::Real(s[k]));
    let reward = |k: usize| move |r: &CountyRow<'_>| Value::opt(r.1.reward_yuan[k], |y| Value::Integer(y as i64));
    let (no_demand, no_reward) = ("no [demand], or nobody knows what is asked for", "it cannot be told");
    vec![
        text("county_code", "county", "County code as text", "县代码（文本）")
            .of(|r: &CountyRow<'_>| Value::Text(r.0.county.code.clone())),
        text("name", "name", "Name", "名称").or_null("not known").of(|r: &CountyRow<'_>| Value::text_or_null(&r.0.county.name)),
        integer("sites", "sites", "count", "Sites of the plan in it", "规划站点数").of(count(|c| c.sites.into())),
        integer("cost", "cost", "currency", "What they cost", "造价")
            .or_null("a cost is not known")
            .of(|r: &CountyRow<'_>| Value::opt(r.1.cost, |c| Value::Integer(c as i64))),
        real("road_km", "road_km", "km", "Road in the county", "道路总里程").of(km(|c| c.road_mm)),
        real("gap_km_before", "gap0_km", "km", "Road in the gap without the plan", "规划前空白里程").of(km(|c| c.gap_mm[0])),
        real(
            "gap_km_after",
            "gap1_km",
            "km",
            "Road in the gap with it, as a run finds that has the sites among its stations",
            "规划后空白里程",
        )
        .of(km(|c| c.gap_mm[1])),
        real(
            "beyond_candidates_km",
            "beyond_km",
            "km",
            "Road in the gap that no candidate reaches; of roads only",
            "候选点无法到达的空白里程",
        )
        .of(km(|c| c.beyond_mm)),
        integer("settlements_in_gap_before", "sett0", "count", "Settlements in the gap without it", "规划前空白区居民点数")
            .of(count(|c| c.settlements_in_gap[0])),
        integer("settlements_in_gap_after", "sett1", "count", "The same with it", "规划后空白区居民点数")
            .of(count(|c| c.settlements_in_gap[1])),
        integer("people_in_gap_before", "people0", "people", "People of them, as far as known, without it", "规划前空白区人口")
            .of(count(|c| c.people_in_gap[0])),
        integer("people_in_gap_after", "people1", "people", "The same with it", "规划后空白区人口")
            .of(count(|c| c.people_in_gap[1])),
        real(
            "short_kw_before",
            "short0_kw",
            "kW",
            "Power short in the worst hour of an ordinary day without it",
            "规划前平日功率缺口",
        )
        .or_null(no_demand)
        .of(short(0)),
        real("short_kw_after", "short1_kw", "kW", "The same with it", "规划后平日功率缺口").or_null(no_demand).of(short(1)),
        integer("reward_yuan_before", "reward0", "yuan", "Reward expected of its programmes without it", "规划前预期奖励")
            .or_null(no_reward)
            .of(reward(0)),
        integer("reward_yuan_after", "reward1", "yuan", "The same with it", "规划后预期奖励").or_null(no_reward).of(reward(1)),
        integer(
            "reward_yuan_if_open",
            "reward_if",
            "yuan",
            "The same if all sites of the plan were in operation in the whole period of the programmes",
            "若规划站点在项目全期运营，规划后预期奖励",
        )
        .or_null("the plan has years, or it cannot be told")
        .of(|r: &CountyRow<'_>| Value::opt(r.1.reward_if_yuan, |y| Value::Integer(y as i64))),
        text(
            "sunk_by",
            "sunk_by",
            "Where less reward is expected with the plan than without: sites by their order, without one of which that would not be so",
            "预期奖励因规划而降低时，去掉其中任一站点（次序）即不降低",
        )
        .or_null("no less is expected, or no single site does it")
        .of(|r: &CountyRow<'_>| {
            let all: Vec<String> = r.1.sunk_by.iter().map(|k| (k + 1).to_string()).collect();
            Value::text_or_null(&all.join(" "))
        }),
    ]
}

/// The curve.
pub fn curve<'a>() -> Table<'a, CurveRow<'a>> {
    let units = |r: &CurveRow<'_>, whole: u64| Value::Real(r.0.objective.shown(whole));
    Table::new(vec![
        integer("limit", "limit", "sites or currency", "Sites, or money, that may be used", "限额（站点数或资金）")
            .of(|r: &CurveRow<'_>| Value::Integer(r.2.limit as i64)),
        text("limit_of", "limit_of", "sites or money", "限额类型").of(|r: &CurveRow<'_>| Value::Word(r.3)),
        text("unit", "unit", "Unit of the objective", "目标单位").of(|r: &CurveRow<'_>| Value::Word(r.0.objective.unit().0)),
        real("covered", "covered", "unit of the objective", "The most that was found within it", "限额内已找到的最大覆盖量")
            .of(move |r: &CurveRow<'_>| units(r, r.2.value)),
        real("bound", "bound", "unit of the objective", "No choice within it covers more", "上界")
            .of(move |r: &CurveRow<'_>| units(r, r.2.bound)),
        real(
            "plan",
            "plan",
            "unit of the objective",
            "What the plan covers that far, in its order",
            "按规划次序建设至此的覆盖量",
        )
        .of(move |r: &CurveRow<'_>| units(r, r.2.plan)),
        real("in_gap", "in_gap", "unit of the objective", "All that is in the gap", "缺口总量")
            .of(move |r: &CurveRow<'_>| units(r, r.1.in_gap[0])),
    ])
    .rule("neither the plan nor what was found is above the bound", |row, _| {
        let [plan, covered, bound] = ["plan", "covered", "bound"].map(|name| row.number(name));
        let (plan, covered, bound) = (plan?.unwrap_or(0.0), covered?.unwrap_or(0.0), bound?.unwrap_or(0.0));
        Ok(plan <= covered + 1e-6 && covered <= bound + 1e-6)
    })
}

/// The questions.
pub fn quality<'a>() -> Table<'a, QualityRow<'a>> {
    let units = |r: &QualityRow<'_>, whole: u64| Value::Real(r.2.objective.shown(whole));
    Table::new(vec![
        integer("question", "question", "count", "Number of the question, from 1; the last is about all counties", "问题序号")
            .of(|r: &QualityRow<'_>| Value::Integer(r.0 as i64)),
        text("county_code", "county", "County that it was about", "县代码")
            .or_null("all counties that count")
            .of(|r: &QualityRow<'_>| Value::opt(r.1, |m| Value::Text(m.county.code.clone()))),
        text("unit", "unit", "Unit of the objective", "目标单位").of(|r: &QualityRow<'_>| Value::Word(r.2.objective.unit().0)),
        real("reachable", "reachable", "unit of the objective", "What all candidates together can cover", "全部候选点可覆盖量")
            .of(move |r: &QualityRow<'_>| units(r, r.4.reachable)),
        integer(
            "reachable_thousandths",
            "reach_1000",
            "1/1000 of mm, people, settlements or Wh",
            "The same exactly, in the thousandths that uptime counts in",
            "同上（精确值，千分之一单位）",
        )
        .or_null("no uptime is asked for")
        .of(|r: &QualityRow<'_>| Value::opt(r.4.parts, |n| Value::Integer(n as i64))),
        real("covered", "covered", "unit of the objective", "What the sites chosen up to here cover", "已选站点覆盖量")
            .of(move |r: &QualityRow<'_>| units(r, r.4.value)),
        real(
            "bound",
            "bound",
            "unit of the objective",
            "No choice within the limit, with the sites that stood before, covers more",
            "上界",
        )
        .of(move |r: &QualityRow<'_>| units(r, r.4.bound)),
        real(
            "gap_percent",
            "gap_pct",
            "percent",
            "At most so far from the best possible: (bound - covered) / bound; of ways (bound - covered) / what is left of them",
            "与最优的最大差距",
        )
        .of(|r: &QualityRow<'_>| {
            let of = if r.3.ways.is_some() { r.3.in_gap[0] - r.4.value } else { r.4.bound };
            Value::Real(if of == 0 { 0.0 } else { (r.4.bound - r.4.value) as f64 / of as f64 * 100.0 })
        }),
        text(
            "proof",
            "proof",
            "multipliers: the bound is computed again from plan_rows.csv; search: proven by a search over parts",
            "证明方式：multipliers 乘子、search 搜索",
        )
        .of(|r: &QualityRow<'_>| Value::Word(if r.4.searched.is_some() { "search" } else { "multipliers" })),
        integer("taken", "taken", "sites or currency", "Sites, or money, that were taken up to here", "已用限额")
            .of(|r: &QualityRow<'_>| Value::Integer(r.4.taken as i64)),
        integer("limit", "limit", "sites or currency", "The limit", "限额")
            .of(|r: &QualityRow<'_>| Value::Integer(r.3.limit as i64)),
        integer("rows_added", "rows0", "count", "Rows before merging, of all counties", "合并前行数")
            .of(|r: &QualityRow<'_>| Value::Integer(r.3.reduction[0] as i64)),
        integer("rows_merged", "rows1", "count", "Rows after merging those that the same candidates cover", "合并后行数")
            .of(|r: &QualityRow<'_>| Value::Integer(r.3.reduction[1] as i64)),
        integer(
            "least_sites",
            "least",
            "count",
            "No fewer sites can cover the share, or close the roads, that was asked for",
            "达到目标比例或路线要求的最少站点数下界",
        )
        .or_null("a number of sites or a budget was given")
        .of(|r: &QualityRow<'_>| Value::opt(r.3.least_sites, |n| Value::Integer(n as i64))),
    ])
    .with(super::plan_ways::of_question())
    .rule("nothing that is covered is above its bound, and no bound above what can be covered", |row, _| {
        let [covered, bound, most] = ["covered", "bound", "reachable"].map(|name| row.number(name));
        let (covered, bound, most) = (covered?.unwrap_or(0.0), bound?.unwrap_or(0.0), most?.unwrap_or(0.0));
        Ok(covered <= bound + 1e-6 && bound <= most + 1e-6)
    })
}

/// The candidates.
pub fn candidates<'a>() -> Table<'a, CandidateRow<'a>> {
    Table::new(vec![
        integer("candidate", "candidate", "count", "Its number, from 0, in plan_rows.csv", "序号")
            .of(|r: &CandidateRow<'_>| Value::Integer(r.0 as i64)),
        text("id", "id", "Id", "编号").of(|r: &CandidateRow<'_>| Value::Text(r.2.id.clone())),
        text("name", "name", "Its name, or that of the settlement or road", "名称")
            .or_null("none is known")
            .of(|r: &CandidateRow<'_>| Value::text_or_null(&r.2.names[0])),
        text("origin", "origin", "Where it comes from", "来源").of(|r: &CandidateRow<'_>| Value::Word(r.2.kind.as_str())),
        text("what", "what", "What it is, as the source says", "类别")
            .or_null("not given")
            .of(|r: &CandidateRow<'_>| Value::text_or_null(&r.2.what)),
        text("county_code", "county", "County", "县代码")
            .or_null("outside every county")
            .of(|r: &CandidateRow<'_>| Value::opt(r.1, |m| Value::Text(m.county.code.clone()))),
        real("lon", "lon", "degree", "Longitude", "经度").of(|r: &CandidateRow<'_>| Value::Real(r.2.at.lon())),
        real("lat", "lat", "degree", "Latitude", "纬度").of(|r: &CandidateRow<'_>| Value::Real(r.2.at.lat())),
        integer("cost", "cost", "currency", "What a site there costs, with the grid that it needs", "造价（含接网）")
            .or_null("not known")
            .of(|r: &CandidateRow<'_>| Value::opt(r.2.cost, |c| Value::Integer(c as i64))),
        text(
            "locked",
            "locked",
            "in: part of the plan anyhow; out: not to be built; road: built along a road before all else",
            "锁定：in 必建、out 不建、road 路线沿线优先建设",
        )
        .or_null("open")
        .of(|r: &CandidateRow<'_>| match r.2.locked {
            _ if r.4 => Value::Word("road"),
            locked => Value::opt(locked, |inside| Value::Word(if inside { "in" } else { "out" })),
        }),
        real("capacity_kwh", "capacity", "kWh/day", "Energy that a site there serves at most", "每日最大服务电量")
            .or_null("no capacity is asked for")
            .of(|r: &CandidateRow<'_>| Value::opt(r.2.capacity_wh, |wh| Value::Real(wh as f64 / 1e3))),
        integer("order", "order", "count", "Its order in the plan", "规划次序")
            .or_null("not chosen")
            .of(|r: &CandidateRow<'_>| Value::opt(r.3, |n| Value::Integer(n as i64))),
    ])
}

/// What lacks the stations that are asked for within reach.
fn thin_fields<'a>() -> Vec<Field<'a, CountyRow<'a>>> {
    let thin = |k: usize| {
        move |r: &CountyRow<'_>| Value::opt(r.2.zip(r.1.thin), |(asked, thin)| Value::Real(asked.objective.shown(thin[k])))
    };
    let none = "one station within reach is enough";
    vec![
        real(
            "thin_before",
            "thin0",
            "unit of the objective",
            "What has fewer stations within reach than [plan] backup asks for; with uptime what is lacking of it to be expected, without the plan",
            "规划前可达站点数不足（或期望未覆盖）的量",
        )
        .or_null(none)
        .of(thin(0)),
        real("thin_after", "thin1", "unit of the objective", "The same with it", "规划后").or_null(none).of(thin(1)),
    ]
}

/// A plan that covers nearly as much, with its number from 1 and all of the plan.
pub type OtherRow<'a> = (usize, &'a PlanAsked, &'a SitePlan, &'a PlanAlternative);

/// Plans that cover nearly as much.
pub fn other_rows(r: &Results) -> Vec<OtherRow<'_>> {
    let (Some(plan), Some(asked)) = (&r.plan, &r.criteria.plan) else { return Vec::new() };
    plan.alternatives.iter().enumerate().map(|(i, a)| (i + 1, asked, plan, a)).collect()
}

/// The table of those plans.
pub fn others<'a>() -> Table<'a, OtherRow<'a>> {
    let units = |r: &OtherRow<'_>, whole: u64| Value::Real(r.1.objective.shown(whole));
    Table::new(vec![
        integer("other", "other", "count", "Number, from 1", "序号").of(|r: &OtherRow<'_>| Value::Integer(r.0 as i64)),
        text("unit", "unit", "Unit of the objective", "目标单位").of(|r: &OtherRow<'_>| Value::Word(r.1.objective.unit().0)),
        real("covered", "covered", "unit of the objective", "What it covers", "覆盖量")
            .of(move |r: &OtherRow<'_>| units(r, r.3.value)),
        real("less_percent", "less_pct", "percent", "So much less than the plan", "较规划减少")
            .of(|r: &OtherRow<'_>| Value::Real(less(r.2.quality().0, r.3.value))),
        integer("sites", "sites", "count", "Its sites", "站点数")
            .of(|r: &OtherRow<'_>| Value::Integer(r.3.candidates.len() as i64)),
        integer("elsewhere", "elsewhere", "count", "Of them, those that the plan has not", "其中与规划不同者")
            .of(|r: &OtherRow<'_>| Value::Integer(r.3.others as i64)),
        text("ids", "ids", "Ids of its candidates, with semicolons between", "候选点编号").of(|r: &OtherRow<'_>| {
            let ids: Vec<&str> = r.3.candidates.iter().map(|c| r.2.candidates[*c as usize].id.as_str()).collect();
            Value::Text(ids.join("; "))
        }),
    ])
    .rule("it covers at most one in a hundred less, and some of its sites are elsewhere", |row, _| {
        let less = row.number("less_percent")?.unwrap_or(100.0);
        Ok(less <= 1.0 + 1e-6 && row.count("elsewhere")? > 0 && row.count("elsewhere")? <= row.count("sites")?)
    })
}

fn less(best: u64, value: u64) -> f64 {
    if best == 0 { 0.0 } else { (best as f64 - value as f64) / best as f64 * 100.0 }
}

/// The rows; `counted` where several stations within reach are asked for.
pub fn proof<'a>(counted: bool) -> Table<'a, &'a PlanRow> {
    Table::new(vec![
        integer(
            "question",
            "question",
            "count",
            "Number of the question in plan_quality.csv that it is of",
            "问题序号（plan_quality.csv）",
        )
        .of(|r: &&PlanRow| Value::Integer(r.question.into())),
        integer(
            "weight",
            "weight",
            "mm, people, settlements or Wh",
            "Weight of the row, in whole units of the objective",
            "权重",
        )
        .of(|r: &&PlanRow| Value::Integer(r.weight as i64)),
        integer(
            "multiplier",
            "multiplier",
            "1/1024 of the unit of weights",
            "Its multiplier, from which the bound is computed; with uptime of a thousandth of the unit, with capacities in 1/4294967296 of the row",
            "乘子（1/1024；设可用率时为千分之一单位的 1/1024，设容量时为该行的 1/4294967296）",
        )
        .of(|r: &&PlanRow| Value::Integer(r.multiplier as i64)),
        text(
            "candidates",
            "candidates",
            "Numbers of the candidates that cover it, with blanks between",
            "可覆盖该行的候选点序号",
        )
        .of(|r: &&PlanRow| {
            let numbers: Vec<String> = r.candidates.iter().map(u32::to_string).collect();
            Value::Text(numbers.join(" "))
        }),
        integer("standing", "standing", "count", "Stations that stand within reach of it", "已有可达站点数")
            .or_null("one station within reach is enough")
            .of(move |r: &&PlanRow| if counted { Value::Integer(r.standing.into()) } else { Value::Null }),
    ])
    .rule("no multiplier is above its weight", |row, _| {
        // what counts by how likely a station works is counted in thousandths
        let parts = if row.get("standing").is_empty() { 1024 } else { 1_024_000 };
        // with capacities it is a share of the row
        Ok(row.count("multiplier")? <= row.count("weight")?.saturating_mul(parts).max(1 << 32))
    })
}
