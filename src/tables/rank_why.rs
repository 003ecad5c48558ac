//! `why.csv`: what each ranked county has of each indicator, what that is worth, and how it differs from its neighbours.

use super::rank_tables::RankView;
use crate::files::schema::{Column, Kind, Value};
use crate::rank::Row;

/// Columns of `why.csv`: a row a ranked county and used indicator.
pub fn why_columns() -> Vec<Column> {
    use Kind::{Integer, Real, Text};
    let mut columns = vec![
        Column::new("county_code", "county", Text, "", "County code as text", "县代码（文本）"),
        Column::new("rank", "rank", Integer, "", "Its place", "名次"),
        Column::new("indicator", "indicator", Text, "", "Indicator, by name", "指标"),
        Column::new("pillar", "pillar", Text, "", "Pillar of the indicator", "所属维度"),
        Column::new("unit", "unit", Text, "", "Unit of the value", "单位").or_null("none"),
        Column::new("value", "value", Real, "", "Value as it is ranked, in the unit", "参与排名的数值")
            .or_null("cannot be computed; other indicators carry its weight"),
        Column::new("scaled_0_100", "scaled", Real, "", "The same on the scale of scores", "标准化后的数值（0–100）")
            .or_null("there is no value"),
        Column::new("weight", "weight", Real, "", "Weight in the score; those of all indicators add up to 1", "权重（合计为 1）"),
    ];
    let lacks = "Points of score from it; they add up to the score where manifest.json says so (points_add_up), else what the \
                 score would lack without the value";
    columns.extend([
        Column::new("points", "points", Real, "points", lacks, "分值（可加时合计为得分，否则为缺少该项时得分的减少量）"),
        Column::new(
            "points_against_mean",
            "pts_mean",
            Real,
            "points",
            "Points less the mean of all counties",
            "与各县平均分值之差",
        ),
        Column::new(
            "points_against_above",
            "pts_above",
            Real,
            "points",
            "Points less those of the county one place above",
            "与上一名分值之差",
        )
        .or_null("it is the first"),
        Column::new(
            "points_against_below",
            "pts_below",
            Real,
            "points",
            "Points less those of the county one place below",
            "与下一名分值之差",
        )
        .or_null("it is the last"),
        Column::new(
            "points_per_unit",
            "pts_unit",
            Real,
            "points",
            "Points of score that one unit of the value more would bring while the ends of the scale stay",
            "数值每增加一个单位的分值变化（标准化两端不变时）",
        )
        .or_null("it is not the same along the scale, or points do not add up"),
    ]);
    columns
}

/// Rows of `why.csv`, by place and in the order of the indicators.
pub fn why_rows<'v>(v: &'v RankView<'_>) -> impl Iterator<Item = Vec<Value>> + 'v {
    let (rows, used) = (v.ranked(), v.used());
    (0..rows.len()).flat_map(move |n| {
        let used = used.clone();
        used.into_iter().map(move |i| why_row(v, rows, n, i))
    })
}

fn why_row(v: &RankView<'_>, rows: &[Row], n: usize, i: usize) -> Vec<Value> {
    let (row, indicator) = (&rows[n], &v.assessment.ranking.indicators[i]);
    let def = &indicator.def;
    vec![
        Value::Text(v.unit(row.county).code.clone()),
        Value::opt(row.rank, |r| Value::Integer(r.into())),
        Value::Text(def.key.clone()),
        Value::Text(def.pillar.clone()),
        Value::text_or_null(&def.unit),
        Value::opt(row.values[i], Value::Real),
        Value::opt(row.scaled[i], Value::Real),
        Value::Real(indicator.weight),
        Value::Real(row.points[i]),
        Value::Real(against_mean(row, i)),
        Value::opt(n.checked_sub(1).map(|a| row.points[i] - rows[a].points[i]), Value::Real),
        Value::opt(rows.get(n + 1).map(|b| row.points[i] - b.points[i]), Value::Real),
        Value::opt(row.per_unit[i], Value::Real),
    ]
}

/// Points of an indicator against the mean of all counties.
pub(crate) fn against_mean(row: &Row, indicator: usize) -> f64 {
    row.reasons.iter().find(|r| r.indicator == indicator).map_or(0.0, |r| r.points)
}
