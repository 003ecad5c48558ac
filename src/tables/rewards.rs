//! `reward.csv`: a row a programme, county and year: who may apply, what was built in standard piles, and what is expected to be paid, as
//! the county is and with the station that was tried.

use super::judged::county;
use super::parts::Heads;
use crate::county::{CountyReward, JointOf, RewardFigures};
use crate::error::Result;
use crate::files::csv_table::CsvRow;
use crate::files::schema::{Column, Value};
use crate::files::table::{Field, Table, integer, real, text};
use crate::programme::{ClassOf, Eligibility, Forecast, PileCount, Tier};
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
    ("standard_piles", ["Standard piles", "标准桩"]),
    ("year", ["Year", "年度"]),
    ("utilisation", ["Expected utilisation", "预期利用率"]),
    ("possible_kwh", ["of kW rated × hours in operation", "÷额定功率×投运小时"]),
    ("reward_yuan", ["Reward if it may apply", "奖励（以符合条件为前提）"]),
    ("next_short_kwh", ["Lacks for the next tier", "距下一档"]),
    ("with_utilisation", ["Utilisation with the station tried", "试建后利用率"]),
    ("with_possible_kwh", ["of kW rated × hours, with it", "试建后÷额定功率×投运小时"]),
    ("with_reward_yuan", ["Reward with it, if it may apply", "试建后奖励（以符合条件为前提）"]),
];

/// A year of a county; none where nothing is expected.
pub type RewardRow<'a> = (&'a Member, &'a CountyReward, Option<u16>);

/// Columns of money.
const MONEY: [&str; 4] = ["reward_yuan", "total_yuan", "with_reward_yuan", "with_total_yuan"];

const NOTHING: &str = "no class, no load, no facility in operation, nobody knows what is asked for, or another county leads";
const LED: &str = "another county leads";
const NO_TRIAL: &str =
    "no class, no station was tried, it would not count, nobody knows what is asked for, or another county leads";
const NO_PILES: &str = "the programme knows none, or another county leads";

/// The rows of a county, one a year that something is expected of.
pub fn rows<'a>(member: &'a Member, of: &'a CountyReward) -> Vec<RewardRow<'a>> {
    let with = of.figures.as_ref().and_then(|f| f.with_trial.as_ref()).map(|(_, f)| f);
    let forecasts = of.figures.as_ref().and_then(|f| f.forecast.as_ref()).into_iter().chain(with);
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
        .with(year_fields())
        .with(with_fields())
        .rule("no more are in doubt than there are", |row, _| {
            Ok(row.number("in_doubt")?.unwrap_or(0.0) <= row.number("facilities")?.unwrap_or(0.0))
        })
        .rule("no more are planned than there are", |row, _| {
            Ok(row.number("planned")?.unwrap_or(0.0) <= row.number("facilities")?.unwrap_or(0.0))
        })
        .rule("utilisation is energy by what could have been given", |row, _| {
            Ok(divides(row, ["utilisation", "energy_kwh", "possible_kwh"])?
                && divides(row, ["with_utilisation", "with_energy_kwh", "with_possible_kwh"])?)
        })
        .rule("what is paid has a utilisation", |row, _| {
            let paid = |[yuan, share]: [&str; 2]| row.get(yuan).is_empty() || !row.get(share).is_empty();
            Ok(paid(["reward_yuan", "utilisation"]) && paid(["with_reward_yuan", "with_utilisation"]))
        })
        .rule("who may not apply is paid nothing", |row, _| {
            let paid = |column: &&str| Ok(row.number(column)?.is_some_and(|yuan| yuan != 0.0));
            let any: Result<Vec<bool>> = MONEY.iter().map(paid).collect();
            Ok(row.get("eligible") != "no" || !any?.contains(&true))
        })
        .rule("of the counties that apply together the lead alone has figures", |row, _| {
            let led = !row.get("lead_code").is_empty() && row.get("lead_code") != row.get("code");
            Ok(!led || (row.get("facilities").is_empty() && row.get("year").is_empty()))
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

fn figures<'a>(r: &'a RewardRow<'_>) -> Option<&'a RewardFigures> {
    r.1.figures.as_ref()
}

fn facility_fields<'a>() -> [Field<'a, RewardRow<'a>>; 5] {
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
            "planned",
            "planned",
            "count",
            "Of them, those that are planned: in operation from the day that is planned, from which they take load from others",
            "其中规划中的站点数（自计划投运日起计，并自该日起分担其他站点的负荷）",
        )
        .or_null(LED)
        .of(count(|f| f.planned)),
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
            "Stations whose opening is not dated: they are not among them",
            "投运日期不详的站点数（未计入）",
        )
        .or_null(LED)
        .of(count(|f| f.undated)),
    ]
}

fn pile_fields<'a>() -> [Field<'a, RewardRow<'a>>; 7] {
    fn piles<'r>(r: &'r RewardRow<'_>, k: usize) -> Option<&'r PileCount> {
        figures(r)?.piles.as_ref().map(|p| &p[k])
    }
    let new = |get: fn(&PileCount) -> Value| move |r: &RewardRow<'_>| piles(r, 0).map_or(Value::Null, get);
    [
        real("standard_piles", "std_piles", "piles", "Standard piles of these facilities, as far as they can be counted", "上述设施折算标准桩数（可折算部分）")
            .or_null(NO_PILES)
            .of(new(|p| Value::Real(p.known()))),
        integer(
            "piles_not_published",
            "piles_nop",
            "count",
            "Of them, piles and swap stations for which the programme publishes no conversion: not counted",
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
        .of(|r: &RewardRow<'_>| piles(r, 1).map_or(Value::Null, |p| Value::Real(p.known()))),
    ]
}

/// The figures of a row's year in a forecast.
fn tier(forecast: Option<&Forecast>, year: Option<u16>) -> Option<&Tier> {
    forecast?.years.iter().find(|y| Some(y.year) == year)?.tier.as_ref()
}

fn as_is<'r>(r: &'r RewardRow<'_>) -> Option<&'r Tier> {
    tier(figures(r)?.forecast.as_ref(), r.2)
}

fn with<'r>(r: &'r RewardRow<'_>) -> Option<&'r Tier> {
    tier(figures(r)?.with_trial.as_ref().map(|(_, f)| f), r.2)
}

/// How the tier of a row is found.
type TierOf = for<'r> fn(&'r RewardRow<'_>) -> Option<&'r Tier>;

fn of_tier<'a>(column: Column, null: &'static str, of: TierOf, get: fn(&Tier) -> Value) -> Field<'a, RewardRow<'a>> {
    column.or_null(null).of(move |r: &RewardRow<'_>| of(r).map_or(Value::Null, get))
}

fn year_fields<'a>() -> [Field<'a, RewardRow<'a>>; 7] {
    let of = |column: Column, get: fn(&Tier) -> Value| of_tier(column, NOTHING, as_is, get);
    let next = |column: Column, get: fn(&Tier) -> Value| of_tier(column, "the highest tier, or nothing expected", as_is, get);
    [
        of(
            real(
                "utilisation",
                "utilisat",
                "share 0-1",
                "Expected power utilisation: energy ÷ (rated power × hours in operation) of these facilities",
                "预期功率利用率＝电量÷（额定功率×投运小时）",
            ),
            |t| Value::Real(t.utilisation.percent() / 100.0),
        ),
        of(real("energy_kwh", "energy_kwh", "kWh", "Its energy in the year", "年电量"), |t| {
            Value::Real(t.utilisation.energy_kwh)
        }),
        of(
            real(
                "possible_kwh",
                "poss_kwh",
                "kWh",
                "What it was divided by: rated power × hours in operation",
                "额定功率×投运小时",
            ),
            |t| Value::Real(t.utilisation.possible_kwh),
        ),
        integer(
            "reward_yuan",
            "yuan",
            "yuan",
            "Expected reward of the year: 0 where eligible is no; if it may apply, where that cannot be told",
            "预期年度奖励（不符合申报条件时为 0；无法判断时以符合为前提）",
        )
        .or_null(NOTHING)
        .of(|r: &RewardRow<'_>| Value::opt(as_is(r), |t| paid(r, t.amount_yuan))),
        next(
            real("next_utilisation", "next_util", "share 0-1", "Utilisation that lifts it to the next tier", "下一档所需利用率"),
            |t| Value::opt(t.next, |n| Value::Real(n.percent / 100.0)),
        ),
        next(
            real("next_short_kwh", "next_kwh", "kWh", "Energy that lacks for that in the year", "距下一档缺少的电量"),
            |t| Value::opt(t.next, |n| Value::Real(n.short_kwh)),
        ),
        integer(
            "total_yuan",
            "total_yuan",
            "yuan",
            "Expected reward of all years, no more than the cap: 0 where eligible is no; if it may apply, where that cannot be told",
            "各年合计（不超过上限；不符合申报条件时为 0；无法判断时以符合为前提）",
        )
        .or_null(NOTHING)
        .of(|r: &RewardRow<'_>| {
            Value::opt(figures(r).and_then(|f| f.forecast.as_ref()), |f| paid(r, f.total_yuan))
        }),
    ]
}

fn with_fields<'a>() -> [Field<'a, RewardRow<'a>>; 6] {
    let of = |column: Column, get: fn(&Tier) -> Value| of_tier(column, NO_TRIAL, with, get);
    let trial = |get: fn(&(String, Forecast)) -> Value| {
        move |r: &RewardRow<'_>| figures(r).and_then(|f| f.with_trial.as_ref()).map_or(Value::Null, get)
    };
    [
        text(
            "trial_code",
            "trial_code",
            "Code of the county where the station of trial.csv is added, in operation from the first day of the period",
            "加入试建站点（trial.csv）的县，假定自示范期首日投运",
        )
        .or_null(NO_TRIAL)
        .of(trial(|(code, _)| Value::Text(code.clone()))),
        of(
            real(
                "with_utilisation",
                "with_util",
                "share 0-1",
                "Expected power utilisation with it: energy ÷ (rated power × hours in operation); what it takes from other new stations is taken off",
                "试建后预期功率利用率＝电量÷（额定功率×投运小时），已扣除从其他新建站转移的电量",
            ),
            |t| Value::Real(t.utilisation.percent() / 100.0),
        ),
        of(real("with_energy_kwh", "with_kwh", "kWh", "Energy in the year with it", "试建后年电量"), |t| {
            Value::Real(t.utilisation.energy_kwh)
        }),
        of(
            real(
                "with_possible_kwh",
                "with_poss",
                "kWh",
                "What it was divided by: rated power × hours in operation, with it",
                "试建后额定功率×投运小时",
            ),
            |t| Value::Real(t.utilisation.possible_kwh),
        ),
        integer(
            "with_reward_yuan",
            "with_yuan",
            "yuan",
            "Expected reward of the year with it: as reward_yuan",
            "试建后预期年度奖励（口径同 reward_yuan）",
        )
        .or_null(NO_TRIAL)
        .of(|r: &RewardRow<'_>| Value::opt(with(r), |t| paid(r, t.amount_yuan))),
        integer(
            "with_total_yuan",
            "with_total",
            "yuan",
            "Expected reward of all years with it, no more than the cap: as total_yuan",
            "试建后各年合计（不超过上限；口径同 total_yuan）",
        )
        .or_null(NO_TRIAL)
        .of(|r: &RewardRow<'_>| Value::opt(figures(r).and_then(|f| f.with_trial.as_ref()), |(_, f)| paid(r, f.total_yuan))),
    ]
}

/// Of an amount what is paid to a row's county.
fn paid(r: &RewardRow<'_>, yuan: u64) -> Value {
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
