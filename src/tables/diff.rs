//! `diff.csv`: every county of two folders, side by side.

use crate::files::lang::Both;
use crate::files::schema::Value;
use crate::files::table::{Field, Table, integer, real, text};
use crate::results::comparison::{Comparison, CountyChange};
use crate::results::money::{Funding, MoneyChange, number};

/// Its file.
pub const FILE: &str = "diff.csv";

const NOT_OLD: &str = "not ranked in OLD";
const NOT_NEW: &str = "not ranked in NEW";
const NOT_BOTH: &str = "not ranked in both";
const NO_POINTS: &str = "no points changed";

/// A row: a county.
type Row<'a> = &'a CountyChange;

/// The table.
pub fn table<'a>() -> Table<'a, &'a CountyChange> {
    let words = "moved, stayed (place and money), other_funding (the place is the same), joined (several counties of OLD, by the crosswalk of NEW), newly_ranked, no_longer_ranked, only_in_old or only_in_new";
    Table::new(vec![
        text("county_code", "county", "County code as text", "县代码（文本）").of(|c: &Row<'_>| Value::Text(c.code.clone())),
        text("old_code", "old_code", "Its code in OLD, where that is another", "原代码")
            .or_null("it is the same")
            .of(|c: &Row<'_>| Value::opt(c.old_code.clone(), Value::Text)),
        text("name", "name", "Name", "名称").or_null("not known").of(|c: &Row<'_>| Value::Text(c.name.clone())),
        text("name_zh", "name_zh", "Chinese name", "中文名称")
            .or_null("not known")
            .of(|c: &Row<'_>| Value::text_or_null(&c.name_zh)),
    ])
    .with(money_fields(|c: &Row<'_>| c.money))
    .with([text("status", "status", words, "变化情况").of(|c: &Row<'_>| Value::Word(c.status.as_str()))])
    .with(rank_fields())
    .with(score_fields())
    .with(why_fields())
    .with(though_fields(|c: &Row<'_>| &c.funded_though))
}

const NO_ROUNDS: &str = "OLD or NEW is no round";
const NO_SUM: &str = "a round has no budget, or OLD or NEW is no round";
const NO_CHANGE: &str = "a sum is not known, or the rounds count in different money";

/// Money of a county in two rounds, over rows that know it.
pub(super) fn money_fields<'a, R: 'a>(of: impl Fn(&R) -> Option<MoneyChange> + Copy + Send + Sync + 'a) -> [Field<'a, R>; 4] {
    let lead = "Money of the round; nothing where it is not funded. Of a joint application the sum stands with its lead";
    let sum = |m: Option<u64>| Value::opt(m, |m| Value::Real(number(m as i64)));
    let amount = move |r: &R, side: usize| sum(of(r).and_then(|m| m.amounts()[side]));
    [
        text("funding", "funding", Funding::WORDS, Funding::WORDS_ZH)
            .or_null(NO_ROUNDS)
            .of(move |r: &R| Value::opt(of(r), |m| Value::Word(m.funding().as_str()))),
        real("funding_old", "fund_old", "money of the round", format!("What it gets in the old round. {lead}"), "原资金")
            .or_null(NO_SUM)
            .of(move |r: &R| amount(r, 0)),
        real("funding_new", "fund_new", "money of the round", format!("What it gets in the new round. {lead}"), "新资金")
            .or_null(NO_SUM)
            .of(move |r: &R| amount(r, 1)),
        real("funding_change", "fund_chg", "money of the round", "New less old sum", "资金变化")
            .or_null(NO_CHANGE)
            .of(move |r: &R| Value::opt(of(r).and_then(MoneyChange::change), |m| Value::Real(number(m)))),
    ]
}

fn rank_fields<'a>() -> [Field<'a, Row<'a>>; 3] {
    let rank = |n: Option<u64>| Value::opt(n, |n| Value::Integer(n as i64));
    let change = "New less old place: below 0 is up";
    [
        integer("rank_old", "rank_old", "", "Place in OLD", "原名次").or_null(NOT_OLD).of(move |c: &Row<'_>| rank(c.rank[0])),
        integer("rank_new", "rank_new", "", "Place in NEW", "新名次").or_null(NOT_NEW).of(move |c: &Row<'_>| rank(c.rank[1])),
        integer("rank_change", "rank_chg", "places", change, "名次变化（负为上升）")
            .or_null(NOT_BOTH)
            .of(|c: &Row<'_>| Value::opt(c.rank_change(), Value::Integer)),
    ]
}

fn score_fields<'a>() -> [Field<'a, Row<'a>>; 3] {
    let score = |s: Option<f64>| Value::opt(s, Value::Real);
    [
        real("score_old", "score_old", "points", "Score in OLD", "原得分")
            .or_null(NOT_OLD)
            .of(move |c: &Row<'_>| score(c.score[0])),
        real("score_new", "score_new", "points", "Score in NEW", "新得分")
            .or_null(NOT_NEW)
            .of(move |c: &Row<'_>| score(c.score[1])),
        real("score_change", "score_chg", "points", "New less old score", "得分变化").or_null(NOT_BOTH).of(move |c: &Row<'_>| {
            let [old, new] = c.score;
            score(old.zip(new).map(|(old, new)| new - old))
        }),
    ]
}

fn why_fields<'a>() -> [Field<'a, Row<'a>>; 4] {
    [
        text("indicator", "indicator", "Indicator whose points changed most", "分值变化最大的指标")
            .or_null(NO_POINTS)
            .of(|c: &Row<'_>| Value::opt(c.most.as_ref(), |(key, _)| Value::Text(key.clone()))),
        real("indicator_points_change", "ind_chg", "points", "By how much", "该指标分值变化")
            .or_null(NO_POINTS)
            .of(|c: &Row<'_>| Value::opt(c.most.as_ref(), |(_, by)| Value::Real(*by))),
        text("band_changes", "bands", "Funding lines at which its band differs, line: old > new", "入围线档位变化")
            .or_null("none differs")
            .of(|c: &Row<'_>| Value::text_or_null(&bands(c))),
        text(
            "accepted_faults",
            "accepted",
            "Faults of a round that bear on it and that somebody accepted, of one of the rounds alone",
            "与该县有关、仅一轮有且已被接受的问题",
        )
        .or_null("none")
        .of(|c: &Row<'_>| Value::text_or_null(&c.accepted_words)),
    ]
}

/// What stands against a county that is funded by hand, over rows that know it.
pub(super) fn though_fields<'a, R: 'a>(of: impl Fn(&R) -> &Both + Copy + Send + Sync + 'a) -> [Field<'a, R>; 2] {
    let what =
        "What stands against it where a round funds it by hand: a gate, an application that has fallen, no place; with the round";
    let none = "no round funds it by hand, or nothing stands against it";
    [
        text("funded_though", "though", what, "人工决定入选而不符合条件、申报失效或未参与排名的说明（英文）")
            .or_null(none)
            .of(move |r: &R| Value::text_or_null(&of(r).en)),
        text("funded_though_zh", "though_zh", "The same in Chinese", "人工决定入选而不符合条件、申报失效或未参与排名的说明")
            .or_null(none)
            .of(move |r: &R| Value::text_or_null(&of(r).zh)),
    ]
}

fn bands(c: &CountyChange) -> String {
    c.bands.iter().map(|(line, old, new)| format!("{line}: {old} > {new}")).collect::<Vec<_>>().join("; ")
}

/// Its rows, in the order of the comparison.
pub fn rows(c: &Comparison) -> impl Iterator<Item = &CountyChange> {
    c.counties.iter()
}
