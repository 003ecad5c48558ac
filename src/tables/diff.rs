//! `diff.csv`: every county of two folders, side by side.

use crate::files::schema::{Column, Kind, Value};
use crate::finished::compare::{Comparison, CountyChange};

/// Columns of `diff.csv`.
pub fn columns() -> Vec<Column> {
    use Kind::{Integer, Real, Text};
    let (not_old, not_new, not_both) = ("not ranked in OLD", "not ranked in NEW", "not ranked in both");
    let mut columns = vec![
        Column::new("code", "code", Text, "", "County code as text", "县代码（文本）"),
        Column::new("name", "name", Text, "", "Name", "名称"),
        Column::new("name_zh", "name_zh", Text, "", "Chinese name", "中文名称").or_null("not known"),
    ];
    let words = "moved, stayed, newly_ranked, no_longer_ranked, only_in_old or only_in_new";
    columns.push(Column::new("status", "status", Text, "", words, "变化情况"));
    columns.extend([
        Column::new("rank_old", "rank_old", Integer, "", "Place in OLD", "原名次").or_null(not_old),
        Column::new("rank_new", "rank_new", Integer, "", "Place in NEW", "新名次").or_null(not_new),
        Column::new("rank_change", "rank_chg", Integer, "places", "New less old place: below 0 is up", "名次变化（负为上升）")
            .or_null(not_both),
        Column::new("score_old", "score_old", Real, "points", "Score in OLD", "原得分").or_null(not_old),
        Column::new("score_new", "score_new", Real, "points", "Score in NEW", "新得分").or_null(not_new),
        Column::new("score_change", "score_chg", Real, "points", "New less old score", "得分变化").or_null(not_both),
        Column::new("indicator", "indicator", Text, "", "Indicator whose points changed most", "分值变化最大的指标")
            .or_null("no points changed"),
        Column::new("indicator_points_change", "ind_chg", Real, "points", "By how much", "该指标分值变化")
            .or_null("no points changed"),
        Column::new(
            "band_changes",
            "bands",
            Text,
            "",
            "Funding lines at which its band differs, line: old > new",
            "入围线档位变化",
        )
        .or_null("none differs"),
    ]);
    columns
}

/// Rows of `diff.csv`.
pub fn rows(c: &Comparison) -> impl Iterator<Item = Vec<Value>> + '_ {
    c.counties.iter().map(row)
}

fn row(c: &CountyChange) -> Vec<Value> {
    let whole = |n: Option<u64>| Value::opt(n, |v| Value::Integer(v as i64));
    let [old, new] = c.score;
    let bands: Vec<String> = c.bands.iter().map(|(line, old, new)| format!("{line}: {old} > {new}")).collect();
    vec![
        Value::Text(c.code.clone()),
        Value::Text(c.name.clone()),
        Value::text_or_null(&c.name_zh),
        Value::Word(c.status.as_str()),
        whole(c.rank[0]),
        whole(c.rank[1]),
        Value::opt(c.rank_change(), Value::Integer),
        Value::opt(old, Value::Real),
        Value::opt(new, Value::Real),
        Value::opt(old.zip(new), |(old, new)| Value::Real(new - old)),
        Value::opt(c.most.as_ref(), |(key, _)| Value::Text(key.clone())),
        Value::opt(c.most.as_ref(), |(_, by)| Value::Real(*by)),
        Value::text_or_null(&bands.join("; ")),
    ]
}
