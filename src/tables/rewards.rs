//! `reward.csv`: a row a programme, county and year: who may apply, what was built in standard piles, and what is expected to be paid, as
//! the county is and with the station that was tried.

use super::judged::{county, missing};
use super::parts::Heads;
use super::reward_years::{self, MONEY};
pub use super::reward_years::{TOTALS, WAYS};
use crate::county::{CountyReward, JointOf, RewardFigures};
use crate::error::Result;
use crate::files::csv_table::CsvRow;
use crate::files::rules::Others;
use crate::files::schema::Value;
use crate::files::table::{Field, Table, integer, real, text};
use crate::programme::{ClassOf, Eligibility, Forecast, PileCount};
use crate::results::Member;

/// A row a year.
pub const FILE: &str = "reward.csv";

/// What the page of a county shows of it.
pub const HEADS: Heads = &[
    ("programme", ["Programme", "项目"]),
    ("joint", ["Joint application", "联合申报"]),
    ("lead_code", ["Lead county", "牵头县"]),
    ("eligible", ["May apply", "可申报"]),
    ("because", ["Because", "原因"]),
    ("class", ["Class", "档次"]),
    ("facilities", ["New stations", "新建站"]),
    ("planned", ["Of them planned", "其中规划"]),
    ("in_doubt", ["Of them in doubt", "其中条件不详"]),
    ("missing", ["Missing", "缺少"]),
    ("standard_piles", ["Standard piles", "标准桩"]),
    ("standard_piles_if", ["if those in doubt count", "不详者计入时标准桩"]),
    ("swap_equivalent_piles", ["New swap stations, in standard piles for comparison", "新建换电站相当标准桩（仅供比较）"]),
    ("year", ["Year", "年度"]),
    ("told", ["Can the reward be told", "奖励能否判断"]),
    ("utilisation", ["Expected utilisation", "预期利用率"]),
    ("possible_kwh", ["of kW rated × hours in operation", "÷额定功率×投运小时"]),
    ("reward_yuan", ["Reward if it may apply", "奖励（以符合条件为前提）"]),
    ("utilisation_if", ["Utilisation if those in doubt count", "不详者计入时利用率"]),
    ("possible_kwh_if", ["of kW rated × hours, if so", "不详者计入时÷额定功率×投运小时"]),
    ("reward_yuan_if", ["Reward if so", "不详者计入时奖励"]),
    ("next_short_kwh", ["Lacks for the next tier", "距下一档"]),
    ("with_utilisation", ["Utilisation with the station tried", "试建后利用率"]),
    ("with_possible_kwh", ["of kW rated × hours, with it", "试建后÷额定功率×投运小时"]),
    ("with_reward_yuan", ["Reward with it, if it may apply", "试建后奖励（以符合条件为前提）"]),
    ("with_utilisation_if", ["Utilisation with it, if those in doubt count", "试建后利用率（不详者计入）"]),
    ("with_possible_kwh_if", ["of kW rated × hours, with it, if so", "试建后÷额定功率×投运小时（不详者计入）"]),
    ("with_reward_yuan_if", ["Reward with it, if so", "试建后奖励（不详者计入）"]),
];

/// A year of a county; none where nothing is expected.
pub type RewardRow<'a> = (&'a Member, &'a CountyReward, Option<u16>);

const NOTHING: &str = "no class, no load, no facility in operation, nobody knows what is asked for, or another county leads";
const LED: &str = "another county leads";
const NO_PILES: &str = "the programme knows none, or another county leads";

/// The rows of a county, one a year that something is expected of.
pub fn rows<'a>(member: &'a Member, of: &'a CountyReward) -> Vec<RewardRow<'a>> {
    let both = of.figures.iter().flat_map(|f| [&f.expected.without, &f.expected.with]);
    let forecasts = both.flat_map(|e| e.forecast.iter().chain(e.with_trial.as_ref().map(|(_, f): &(String, Forecast)| f)));
    let mut years: Vec<Option<u16>> = forecasts.flat_map(|f| &f.years).map(|y| Some(y.year)).collect();
    years.sort_unstable();
    years.dedup();
    if years.is_empty() {
        years.push(None);
    }
    years.into_iter().map(|year| (member, of, year)).collect()
}

/// The table of rewards.
pub fn table<'a>() -> Table<'a, RewardRow<'a>> {
    Table::new(county(|r: &RewardRow<'_>| r.0).into())
        .with(who_fields())
        .with(facility_fields())
        .with(pile_fields())
        .with([integer("year", "year", "", "Year", "年度")
            .or_null(NOTHING)
            .of(|r: &RewardRow<'_>| Value::opt(r.2, |y| Value::Integer(y.into())))])
        .with(reward_years::fields())
        .rule("no more are in doubt than there are", |row, _| {
            Ok(row.number("in_doubt")?.unwrap_or(0.0) <= row.number("facilities")?.unwrap_or(0.0))
        })
        .rule("no more are planned than there are", |row, _| {
            Ok(row.number("planned")?.unwrap_or(0.0) <= row.number("facilities")?.unwrap_or(0.0))
        })
        .rule("utilisation is energy by what could have been given", |row, _| {
            let all: Result<Vec<bool>> =
                WAYS.iter().map(|[share, energy, possible, _]| divides(row, [share, energy, possible])).collect();
            Ok(!all?.contains(&false))
        })
        .rule("what is paid has a utilisation", |row, _| {
            Ok(WAYS.iter().all(|[share, .., yuan]| row.get(yuan).is_empty() || !row.get(share).is_empty()))
        })
        .rule("what is paid lies between the least and the most", between)
        .rule("what can be told is one amount and lacks nothing", told)
        .rule("who may not apply is paid nothing", |row, _| {
            let paid = |column: &&str| Ok(row.number(column)?.is_some_and(|yuan| yuan != 0.0));
            let any: Result<Vec<bool>> = MONEY.iter().map(paid).collect();
            Ok(row.get("eligible") != "no" || !any?.contains(&true))
        })
        .rule("of the counties that apply together the lead alone has figures", |row, _| {
            let led = !row.get("lead_code").is_empty() && row.get("lead_code") != row.get("county_code");
            Ok(!led || (row.get("facilities").is_empty() && row.get("year").is_empty()))
        })
}

/// Both ways lie between; where nobody counts nothing is paid.
fn between(row: &CsvRow<'_>, _: &Others) -> Result<bool> {
    let (Some(least), Some(most)) = (row.number("least_yuan")?, row.number("most_yuan")?) else { return Ok(true) };
    let [a, b] = [row.number("reward_yuan")?.unwrap_or(0.0), row.number("reward_yuan_if")?.unwrap_or(0.0)];
    Ok(least <= a.min(b) && a.max(b) <= most)
}

/// `told` against what it says.
fn told(row: &CsvRow<'_>, _: &Others) -> Result<bool> {
    let lacks = row.number("undated")?.unwrap_or(0.0) > 0.0 || row.number("unloaded")?.unwrap_or(0.0) > 0.0;
    let one = row.get("least_yuan") == row.get("most_yuan");
    Ok(match row.get("told") {
        "yes" => row.get("eligible") == "no" || (one && !lacks),
        "cannot_be_told" => !(one && !lacks && row.get("missing").is_empty() && row.get("because").is_empty()),
        _ => true,
    })
}

fn divides(row: &CsvRow<'_>, [share, energy, possible]: [&str; 3]) -> Result<bool> {
    let (Some(share), Some(energy), Some(possible)) = (row.number(share)?, row.number(energy)?, row.number(possible)?) else {
        return Ok(row.get(share).is_empty() == row.get(energy).is_empty());
    };
    Ok(possible > 0.0 && (share - energy / possible).abs() <= 2e-6)
}

fn who_fields<'a>() -> [Field<'a, RewardRow<'a>>; 6] {
    let joint = |get: fn(&JointOf) -> String| move |r: &RewardRow<'_>| Value::opt(r.1.joint.as_ref(), |j| Value::Text(get(j)));
    let alone = "the county applies by itself";
    [
        text("programme", "programme", "Name of the programme", "项目")
            .of(|r: &RewardRow<'_>| Value::Text(r.1.programme.clone())),
        text("joint", "joint", "The joint application that it belongs to", "所属联合申报")
            .or_null(alone)
            .of(joint(|j| j.name.clone())),
        text(
            "lead_code",
            "lead",
            "Code of the county that leads it: its rows have the figures of all",
            "牵头县代码（合计数据在其行）",
        )
        .or_null(alone)
        .of(joint(|j| j.lead.clone())),
        text("members", "members", "Codes of the counties that are judged as one", "整体考核的县")
            .or_null(alone)
            .of(joint(|j| j.members.join("; "))),
        text("eligible", "eligible", "yes, no or cannot_be_told", "是否符合申报条件")
            .of(|r: &RewardRow<'_>| Value::Word(eligible(&r.1.eligibility))),
        text(
            "because",
            "because",
            "Why not, or which figures of [programme.figures] and [programme.facts] are not given, or which people and vehicles are not known",
            "原因或缺少的数据（含未知的人口与车辆数）",
        )
        .or_null("every gate is met, and nothing is missing")
        .of(|r: &RewardRow<'_>| because(r.1)),
    ]
}

pub(super) fn figures<'a>(r: &'a RewardRow<'_>) -> Option<&'a RewardFigures> {
    r.1.figures.as_ref()
}

fn facility_fields<'a>() -> [Field<'a, RewardRow<'a>>; 9] {
    let count =
        |get: fn(&RewardFigures) -> u64| move |r: &RewardRow<'_>| Value::opt(figures(r), |f| Value::Integer(get(f) as i64));
    [
        text("class", "class", "Class of the province, no_tier where the table has none for it", "省份档次")
            .or_null("nev_penetration is not given in [programme.figures], the programme publishes no classes, or another county leads")
            .of(|r: &RewardRow<'_>| class(figures(r).and_then(|f| f.class.as_ref()))),
        integer(
            "facilities",
            "facilities",
            "count",
            "Stations commissioned in the period, or planned to be, that count or may count",
            "示范期内投运或计划投运且计入（或可能计入）的站点数",
        )
        .or_null(LED)
        .of(count(|f| f.facilities)),
        integer(
            "swap_stations",
            "swap_stns",
            "count",
            "Of them, swap stations: they count with the energy swapped and the rated power of their chargers",
            "其中换电站数（按换电量与充电机额定功率计）",
        )
        .or_null(LED)
        .of(count(|f| f.swap_stations)),
        integer(
            "planned",
            "planned",
            "count",
            "Of them, those that are planned: in operation from the day that is planned, from which they take load from others",
            "其中规划中的站点数（自计划投运日起计，并自该日起分担其他站点的负荷）",
        )
        .or_null(LED)
        .of(count(|f| f.planned)),
        integer(
            "planned_past",
            "plan_past",
            "count",
            "Of these, those planned for a day after which other stations have opened that are used: they should be open by now, and count as in operation from their day all the same",
            "其中计划投运日早于已投运站点最近投运日者（应已投运，仍自计划日起计为运营，请核实）",
        )
        .or_null(LED)
        .of(count(|f| f.planned_past)),
        integer(
            "in_doubt",
            "in_doubt",
            "count",
            "Of them, those of which something that is asked for is not known",
            "其中条件不详者",
        )
        .or_null(LED)
        .of(count(|f| f.in_doubt)),
        integer(
            "undated",
            "undated",
            "count",
            "Stations that count or may count whose opening is not dated: they are not among them",
            "计入或可能计入、但投运日期不详的站点数（未计入）",
        )
        .or_null(LED)
        .of(count(|f| f.undated)),
        integer(
            "unloaded",
            "unloaded",
            "count",
            "Of the facilities, those whose load is not known: they are in no utilisation",
            "设施中负荷不详者（不计入利用率）",
        )
        .or_null(LED)
        .of(count(|f| f.unloaded)),
        text(
            "missing",
            "missing",
            "What would have to be known of stations to tell which of them count and what they give, with the stations",
            "判断站点是否计入及其电量所缺的数据与站点",
        )
        .or_null("all that is asked for is known, or another county leads")
        .of(|r: &RewardRow<'_>| figures(r).map_or(Value::Null, |f| missing(&f.missing))),
    ]
}

fn pile_fields<'a>() -> [Field<'a, RewardRow<'a>>; 9] {
    fn piles<'r>(r: &'r RewardRow<'_>) -> Option<&'r PileCount> {
        figures(r)?.piles.as_ref().map(|p| &p.with)
    }
    let new = |get: fn(&PileCount) -> Value| move |r: &RewardRow<'_>| piles(r).map_or(Value::Null, get);
    [
        real("standard_piles", "std_piles", "piles", "Standard piles of the facilities that count, as far as they can be counted", "计入的设施折算标准桩数（可折算部分）")
            .or_null(NO_PILES)
            .of(|r: &RewardRow<'_>| Value::opt(figures(r).and_then(|f| f.piles.as_ref()), |p| Value::Real(p.without.known()))),
        real("standard_piles_if", "std_if", "piles", "The same if the facilities in doubt count too", "条件不详者也计入时的标准桩数")
            .or_null(NO_PILES)
            .of(new(|p| Value::Real(p.known()))),
        real(
            "swap_equivalent_piles",
            "swap_piles",
            "piles",
            "Of the new swap stations, rated power of their chargers ÷ that of a standard pile: for comparison, as the programme publishes no conversion; in no other column",
            "新建换电站充电机额定功率÷标准桩功率：仅供比较（项目未公布折算办法），不计入其他列",
        )
        .or_null("the power of the chargers of one is not known, the programme knows no standard piles, or another county leads")
        .of(|r: &RewardRow<'_>| Value::opt(figures(r).and_then(|f| f.swap_equivalent), Value::Real)),
        integer(
            "piles_not_published",
            "piles_nop",
            "count",
            "Of all these facilities, those in doubt too, piles and swap stations for which the programme publishes no conversion: not counted",
            "其中无公布折算办法的桩与换电站数（未计入）",
        )
        .or_null(NO_PILES)
        .of(new(|p| Value::Integer(p.not_published.into()))),
        real("not_published_kw", "nop_kw", "kW", "Their rated power", "其额定功率")
            .or_null(NO_PILES)
            .of(new(|p| Value::Real(p.not_published_kw))),
        integer(
            "piles_untold",
            "piles_unt",
            "count",
            "Piles of which too little is known to convert them: not counted",
            "资料不足、无法折算的桩数（未计入）",
        )
        .or_null(NO_PILES)
        .of(new(|p| Value::Integer(p.cannot_be_told.into()))),
        real("untold_at_most", "unt_most", "piles", "Standard piles that these would be at most", "其至多折算标准桩数")
            .or_null("even that is not known, or there are no standard piles")
            .of(new(|p| Value::opt(p.at_most_more, Value::Real))),
        integer(
            "v2g_piles",
            "v2g_piles",
            "piles",
            "Standard piles of vehicle to grid, from v2g_kw and v2g_kwh of [programme.figures]",
            "车网互动折算标准桩数",
        )
        .or_null("v2g_kw or v2g_kwh is not given for the county, or the programme knows none")
        .of(|r: &RewardRow<'_>| Value::opt(figures(r).and_then(|f| f.v2g_piles), |n| Value::Integer(n as i64))),
        real(
            "standing_standard_piles",
            "std_stand",
            "piles",
            "Standard piles of all stations that stand, whenever they were opened and whoever may use them, as far as they can be counted",
            "现有全部站点折算标准桩数（可折算部分）",
        )
        .or_null(NO_PILES)
        .of(|r: &RewardRow<'_>| Value::opt(figures(r).and_then(|f| f.standing_piles.as_ref()), |p| Value::Real(p.known()))),
    ]
}

/// Of an amount what is paid to a row's county.
pub(super) fn paid(r: &RewardRow<'_>, yuan: u64) -> Value {
    Value::Integer(r.1.paid(yuan) as i64)
}

fn eligible(e: &Eligibility) -> &'static str {
    match e {
        Eligibility::Eligible => "yes",
        Eligibility::NotEligible(_) => "no",
        Eligibility::CannotBeTold(_) => "cannot_be_told",
    }
}

/// Why not, or what is not known; of several counties with the code of each.
fn because(of: &CountyReward) -> Value {
    let text = match &of.eligibility {
        Eligibility::Eligible => String::new(),
        Eligibility::NotEligible(list) => {
            list.iter().map(|r| format!("{}: {}", r.code, r.because)).collect::<Vec<_>>().join("; ")
        }
        Eligibility::CannotBeTold(list) => {
            list.iter().map(|(gate, code)| format!("{code}: {gate}")).collect::<Vec<_>>().join("; ")
        }
    };
    let untold = of.figures.iter().flat_map(|f| &f.untold).map(|u| u.names()[0].clone());
    let all: Vec<String> = Some(text).filter(|t| !t.is_empty()).into_iter().chain(untold).collect();
    Value::text_or_null(&all.join("; "))
}

fn class(class: Option<&ClassOf>) -> Value {
    Value::opt(class, |c| {
        Value::Text(match c {
            ClassOf::Class(name) => name.clone(),
            ClassOf::NoTier => "no_tier".to_owned(),
        })
    })
}
