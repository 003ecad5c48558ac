//! `diff.csv`: every county of two folders, side by side.

use crate::files::schema::Value;
use crate::files::table::{Field, Table, integer, real, text};
use crate::results::comparison::{Comparison, CountyChange};

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
    let words = "moved, stayed, newly_ranked, no_longer_ranked, only_in_old or only_in_new";
    Table::new(vec![
        text("code", "code", "County code as text", "县代码（文本）").of(|c: &Row<'_>| Value::Text(c.code.clone())),
        text("name", "name", "Name", "名称").or_null("not known").of(|c: &Row<'_>| Value::Text(c.name.clone())),
        text("name_zh", "name_zh", "Chinese name", "中文名称")
            .or_null("not known")
            .of(|c: &Row<'_>| Value::text_or_null(&c.name_zh)),
        text("status", "status", words, "变化情况").of(|c: &Row<'_>| Value::Word(c.status.as_str())),
    ])
    .with(rank_fields())
    .with(score_fields())
    .with(why_fields())
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

fn why_fields<'a>() -> [Field<'a, Row<'a>>; 3] {
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
    ]
}

fn bands(c: &CountyChange) -> String {
    c.bands.iter().map(|(line, old, new)| format!("{line}: {old} > {new}")).collect::<Vec<_>>().join("; ")
}

/// Its rows, in the order of the comparison.
pub fn rows(c: &Comparison) -> impl Iterator<Item = &CountyChange> {
    c.counties.iter()
}
