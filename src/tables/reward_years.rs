//! The figures of a year in `reward.csv`: of the facilities that count, and of those in doubt with them; as the county is, and with the station
//! that was tried.

use super::rewards::{RewardRow, figures, paid};
use crate::county::Expected;
use crate::files::schema::{Column, Value};
use crate::files::table::{Field, integer, real, text};
use crate::programme::{Forecast, Tier};

const NOTHING: &str =
    "no class, no load, no facility that counts in operation, nobody knows what is asked for, or another county leads";
const NOTHING_IF: &str =
    "no class, no load, no facility that may count in operation, nobody knows what is asked for, or another county leads";
const NO_TRIAL: &str =
    "no class, no station was tried, it would not count, nobody knows what is asked for, or another county leads";
const OPEN: &str = "it hangs on more than which of them count (because, missing), or another county leads";

/// One of the four ways in which a year is told.
#[derive(Clone, Copy)]
struct RewardWay {
    /// Facilities in doubt count.
    in_doubt: bool,
    /// The station that was tried is there.
    tried: bool,
}

const ALL: [RewardWay; 4] = [
    RewardWay { in_doubt: false, tried: false },
    RewardWay { in_doubt: true, tried: false },
    RewardWay { in_doubt: false, tried: true },
    RewardWay { in_doubt: true, tried: true },
];

impl RewardWay {
    fn forecast<'r>(self, r: &'r RewardRow<'_>) -> Option<&'r Forecast> {
        let expected: &Expected = figures(r).map(|f| if self.in_doubt { &f.expected.with } else { &f.expected.without })?;
        if self.tried { expected.with_trial.as_ref().map(|(_, f)| f) } else { expected.forecast.as_ref() }
    }

    fn tier<'r>(self, r: &'r RewardRow<'_>) -> Option<&'r Tier> {
        self.forecast(r)?.years.iter().find(|y| Some(y.year) == r.2)?.tier.as_ref()
    }

    /// A column's name or alias with what tells the way.
    fn name(self, name: &str, [with, if_so]: [&str; 2]) -> String {
        format!("{}{name}{}", if self.tried { with } else { "" }, if self.in_doubt { if_so } else { "" })
    }

    fn words(self, [en, zh]: [&str; 2]) -> [String; 2] {
        let [mut own, mut own_zh] = [en.to_owned(), zh.to_owned()];
        if self.tried {
            own += "; with the station tried, what it takes from other new stations taken off";
            own_zh += "；计入试建站点，并扣除其从其他新建站转移的电量";
        }
        if self.in_doubt {
            own += "; if the facilities in doubt count too";
            own_zh += "；条件不详者也计入时";
        }
        [own, own_zh]
    }

    fn null(self) -> &'static str {
        match (self.tried, self.in_doubt) {
            (true, _) => NO_TRIAL,
            (false, true) => NOTHING_IF,
            (false, false) => NOTHING,
        }
    }
}

/// Names of a column's kind and unit.
type MakeColumn = fn(&str, &str, &'static str, String, String) -> Column;

/// What is told of a tier: name, alias, unit, meaning, how it is had.
type YearFigure = (MakeColumn, [&'static str; 3], [&'static str; 2], fn(&RewardRow<'_>, &Tier) -> Value);

const FIGURES: [YearFigure; 4] = [
    (
        |n, a, u, en, zh| real(n, a, u, en, zh),
        ["utilisation", "util", "share 0-1"],
        [
            "Expected power utilisation of the facilities that count: energy ÷ (rated power × hours in operation)",
            "计入的设施的预期功率利用率＝电量÷（额定功率×投运小时）",
        ],
        |_, t| Value::Real(t.utilisation.percent() / 100.0),
    ),
    (
        |n, a, u, en, zh| real(n, a, u, en, zh),
        ["energy_kwh", "kwh", "kWh"],
        ["Its energy in the year", "年电量"],
        |_, t| Value::Real(t.utilisation.energy_kwh),
    ),
    (
        |n, a, u, en, zh| real(n, a, u, en, zh),
        ["possible_kwh", "poss", "kWh"],
        ["What it was divided by: rated power × hours in operation", "额定功率×投运小时"],
        |_, t| Value::Real(t.utilisation.possible_kwh),
    ),
    (
        |n, a, u, en, zh| integer(n, a, u, en, zh),
        ["reward_yuan", "yuan", "yuan"],
        [
            "Expected reward of the year: 0 where eligible is no; if it may apply, where that cannot be told",
            "预期年度奖励（不符合申报条件时为 0；无法判断时以符合为前提）",
        ],
        |r, t| paid(r, t.amount_yuan),
    ),
];

fn of_way<'a>(way: RewardWay) -> Vec<Field<'a, RewardRow<'a>>> {
    let column = |(kind, [name, alias, unit], meaning, get): YearFigure| {
        let [en, zh] = way.words(meaning);
        let (name, alias) = (way.name(name, ["with_", "_if"]), way.name(alias, ["w_", "_if"]));
        kind(&name, &alias, unit, en, zh)
            .or_null(way.null())
            .of(move |r: &RewardRow<'_>| way.tier(r).map_or(Value::Null, |t| get(r, t)))
    };
    let [en, zh] = way.words([
        "Expected reward of all years, no more than the cap: 0 where eligible is no; if it may apply, where that cannot be told",
        "各年合计（不超过上限；不符合申报条件时为 0；无法判断时以符合为前提）",
    ]);
    let (name, alias) = (way.name("total_yuan", ["with_", "_if"]), way.name("total", ["w_", "_if"]));
    let total = integer(&name, &alias, "yuan", en, zh)
        .or_null(way.null())
        .of(move |r: &RewardRow<'_>| Value::opt(way.forecast(r), |f| paid(r, f.total_yuan)));
    let mut all: Vec<Field<'a, RewardRow<'a>>> = FIGURES.into_iter().map(column).collect();
    if !way.tried {
        all.extend(next(way));
    }
    all.push(total);
    all
}

/// What lifts a county to the next tier.
fn next<'a>(way: RewardWay) -> [Field<'a, RewardRow<'a>>; 2] {
    let null = "the highest tier, or nothing expected";
    let of = |name: &str, alias: &str, unit: &'static str, meaning: [&str; 2], get: fn(&crate::programme::NextTier) -> Value| {
        let [en, zh] = way.words(meaning);
        real(&way.name(name, ["", "_if"]), &way.name(alias, ["", "_if"]), unit, en, zh)
            .or_null(null)
            .of(move |r: &RewardRow<'_>| Value::opt(way.tier(r).and_then(|t| t.next), |n| get(&n)))
    };
    [
        of(
            "next_utilisation",
            "next",
            "share 0-1",
            ["Utilisation that lifts it to the next tier", "下一档所需利用率"],
            |n| Value::Real(n.percent / 100.0),
        ),
        of("next_short_kwh", "nxkwh", "kWh", ["Energy that lacks for that in the year", "距下一档缺少的电量"], |n| {
            Value::Real(n.short_kwh)
        }),
    ]
}

/// Whether the reward can be told, and between what it lies.
fn told<'a>(tried: bool) -> Field<'a, RewardRow<'a>> {
    let [name, alias] = if tried { ["with_told", "w_told"] } else { ["told", "told"] };
    let [en, zh] = if tried {
        ["The same with the station tried", "试建后是否可判断"]
    } else {
        [
            "yes or cannot_be_told: whether the reward of the year is one amount, whichever of the facilities in doubt count",
            "年度奖励能否判断：无论条件不详者是否计入均为同一金额则可判断",
        ]
    };
    text(name, alias, en, zh)
        .or_null(if tried { NO_TRIAL } else { "the programme has no table of rewards, or another county leads" })
        .of(move |r: &RewardRow<'_>| {
            let asked = figures(r).filter(|f| if tried { !f.ranges[1].is_empty() } else { f.is_asked });
            Value::opt(asked, |f| {
                Value::Word(if r.1.may_not_apply() || f.is_told(r.2, tried) { "yes" } else { "cannot_be_told" })
            })
        })
}

fn between<'a>() -> [Field<'a, RewardRow<'a>>; 2] {
    let of = |r: &RewardRow<'_>| figures(r).and_then(|f| f.range(r.2, false));
    [
        integer(
            "least_yuan",
            "least_yuan",
            "yuan",
            "The least that the year is paid, by which of the facilities in doubt count; another choice than all or none of them can pay least",
            "视条件不详者中哪些计入，年度奖励的最小值（未必是全部计入或全部不计入）",
        )
        .or_null(OPEN)
        .of(move |r: &RewardRow<'_>| Value::opt(of(r), |y| paid(r, y.least_yuan))),
        integer("most_yuan", "most_yuan", "yuan", "The most, in the same way", "同上，最大值")
            .or_null(OPEN)
            .of(move |r: &RewardRow<'_>| Value::opt(of(r), |y| paid(r, y.most_yuan))),
    ]
}

/// The columns of a year.
pub(super) fn fields<'a>() -> Vec<Field<'a, RewardRow<'a>>> {
    let [plain, plain_if, tried, tried_if] = ALL;
    let code = text(
        "trial_code",
        "trial_code",
        "Code of the county where the station of trial.csv is added, in operation from the first day of the period",
        "加入试建站点（trial.csv）的县，假定自示范期首日投运",
    )
    .or_null(NO_TRIAL)
    .of(|r: &RewardRow<'_>| {
        let both = figures(r).map(|f| [&f.expected.without, &f.expected.with]);
        let tried = both.into_iter().flatten().find_map(|e| e.with_trial.as_ref());
        Value::opt(tried, |(code, _)| Value::Text(code.clone()))
    });
    let mut all = vec![told(false)];
    all.extend(of_way(plain).into_iter().chain(of_way(plain_if)).chain(between()));
    all.extend([code, told(true)]);
    all.extend(of_way(tried).into_iter().chain(of_way(tried_if)));
    all
}

/// Columns of money.
pub(super) const MONEY: [&str; 10] = [
    "reward_yuan",
    "total_yuan",
    "reward_yuan_if",
    "total_yuan_if",
    "least_yuan",
    "most_yuan",
    "with_reward_yuan",
    "with_total_yuan",
    "with_reward_yuan_if",
    "with_total_yuan_if",
];

/// The four ways of a year: the columns of utilisation, each with its energy, what it was divided by, and its reward.
pub const WAYS: [[&str; 4]; 4] = [
    ["utilisation", "energy_kwh", "possible_kwh", "reward_yuan"],
    ["utilisation_if", "energy_kwh_if", "possible_kwh_if", "reward_yuan_if"],
    ["with_utilisation", "with_energy_kwh", "with_possible_kwh", "with_reward_yuan"],
    ["with_utilisation_if", "with_energy_kwh_if", "with_possible_kwh_if", "with_reward_yuan_if"],
];

/// All years together, in the order of [`WAYS`].
pub const TOTALS: [&str; 4] = ["total_yuan", "total_yuan_if", "with_total_yuan", "with_total_yuan_if"];
