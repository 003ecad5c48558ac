//! `lines.csv` and `sensitivity.csv`: who is above a funding line in how many draws, and which choice moves the ranks.

use super::rank_tables::RankView;
use crate::files::schema::{Column, Kind, Value};
use crate::rank::uncertainty::{Element, LeftOut, LineOut, RANGE_LABEL};
use crate::rank::{Row, Sureness};

/// Columns of `lines.csv`: a row a line and ranked county.
pub fn line_columns() -> Vec<Column> {
    use Kind::{Boolean, Integer, Real, Text};
    vec![
        Column::new("line", "line", Text, "", "Funding line, by name", "入围线名称"),
        Column::new("county_code", "county", Text, "", "County code as text", "县代码（文本）"),
        Column::new("rank", "rank", Integer, "", "Its place", "名次"),
        Column::new("above", "above", Boolean, "", "Above the line as things are", "按所列名次是否入围"),
        Column::new(
            "share_of_draws",
            "share",
            Real,
            "share 0-1",
            format!("Share of the draws in which it is above; {RANGE_LABEL}"),
            "入围的抽样占比（敏感性结果，非置信概率）",
        ),
        Column::new(
            "band",
            "band",
            Text,
            "",
            "certain, contested or out, by that share and the limits in manifest.json",
            "稳入（certain）、待定（contested）或不入（out）",
        ),
    ]
}

/// Rows of `lines.csv`, by line as given and by place.
pub fn line_rows<'v>(v: &'v RankView<'_>) -> impl Iterator<Item = Vec<Value>> + 'v {
    let lines = v.sureness().map_or(&[][..], |s| s.ranges.lines.as_slice());
    lines.iter().flat_map(move |line| v.ranked().iter().filter_map(move |row| line_row(v, line, row)))
}

fn line_row(v: &RankView<'_>, line: &LineOut, row: &Row) -> Option<Vec<Value>> {
    let chance = &line.units[line.units.binary_search_by_key(&row.county, |u| u.unit).ok()?];
    Some(vec![
        Value::Text(line.key.clone()),
        Value::Text(v.unit(row.county).code.clone()),
        Value::opt(row.rank, |r| Value::Integer(r.into())),
        Value::Boolean(chance.nominal),
        Value::Real(chance.share),
        Value::Word(chance.band.as_str()),
    ])
}

/// Columns of `sensitivity.csv`: a row a factor, an indicator or pillar left out, and one for rank reversal.
pub fn sensitivity_columns() -> Vec<Column> {
    use Kind::{Integer, Real, Text};
    let (factor, left, reversal) = ("not a factor, or ranks do not vary", "nothing was left out", "not the row of rank reversal");
    vec![
        Column::new(
            "kind",
            "kind",
            Text,
            "",
            "factor, left_out_indicator, left_out_pillar or reversal",
            "类型：因素、去除指标、去除维度或逆序",
        ),
        Column::new("key", "key", Text, "", "Name of the factor, indicator or pillar", "名称"),
        Column::new("levels", "levels", Text, "", "What it was varied over, joined by ;", "变动范围").or_null("not a factor"),
        Column::new(
            "first_order",
            "first",
            Real,
            "share 0-1",
            "Share of the variance of the mean rank change that goes with this factor alone (an estimate; it may lie a little outside of 0 to 1)",
            "一阶敏感性指数（估计值）",
        )
        .or_null(factor),
        Column::new(
            "total_order",
            "total",
            Real,
            "share 0-1",
            "Share that goes with it alone or together with others (an estimate, as above)",
            "总敏感性指数（估计值）",
        )
        .or_null(factor),
        Column::new("mean_rank_change", "mean_chg", Real, "places", "Mean absolute rank change without it", "去除后名次平均变化")
            .or_null(left),
        Column::new(
            "max_rank_change",
            "max_chg",
            Integer,
            "places",
            "Largest absolute rank change without it",
            "去除后名次最大变化",
        )
        .or_null(left),
        Column::new(
            "enters",
            "enters",
            Text,
            "",
            "Codes that come above the first line without it, joined by ;",
            "去除后新入围的县",
        )
        .or_null("none"),
        Column::new(
            "leaves",
            "leaves",
            Text,
            "",
            "Codes that fall below the first line without it, joined by ;",
            "去除后落选的县",
        )
        .or_null("none"),
        Column::new("removed", "removed", Integer, "count", "Counties taken out, one at a time", "逐一去除的县数")
            .or_null(reversal),
        Column::new(
            "changing",
            "changing",
            Integer,
            "count",
            "Of them, those that change the order of others",
            "其中改变他县次序的县数",
        )
        .or_null(reversal),
        Column::new("pairs", "pairs", Integer, "count", "Pairs whose order changed, over all of them", "次序改变的县对数")
            .or_null(reversal),
    ]
}

/// Rows of `sensitivity.csv`.
pub fn sensitivity_rows(v: &RankView<'_>) -> Vec<Vec<Value>> {
    let Some(s) = v.sureness() else { return Vec::new() };
    let mut rows: Vec<Vec<Value>> = (0..s.factors.len()).map(|i| factor_row(s, i)).collect();
    rows.extend(s.left_out.iter().map(|l| left_out_row(v, l)));
    rows.extend(s.reversal.as_ref().map(|r| {
        let mut row = vec![Value::Word("reversal"), Value::Word("one_county_less")];
        row.extend([const { Value::Null }; 7]);
        row.extend([r.removed as i64, r.changing as i64, r.pairs as i64].map(Value::Integer));
        row
    }));
    rows
}

fn factor_row(s: &Sureness, i: usize) -> Vec<Value> {
    let (key, levels) = &s.factors[i];
    let index = s.sensitivity.as_ref().and_then(|x| x.mean_change.factors.get(i));
    let mut row = vec![Value::Word("factor"), Value::Text(key.clone()), Value::Text(levels.join(";"))];
    row.extend([index.and_then(|x| x.first), index.and_then(|x| x.total)].map(|v| Value::opt(v, Value::Real)));
    row.extend([const { Value::Null }; 7]);
    row
}

fn left_out_row(v: &RankView<'_>, l: &LeftOut) -> Vec<Value> {
    let kind = match l.element {
        Element::Leaf(_) => "left_out_indicator",
        Element::Group(_) => "left_out_pillar",
    };
    let codes = |units: &[usize]| units.iter().map(|u| v.unit(*u).code.as_str()).collect::<Vec<_>>().join(";");
    let (enters, leaves) = l.crossings.first().map(|c| (codes(&c.enter), codes(&c.leave))).unwrap_or_default();
    let mut row = vec![Value::Word(kind), Value::Text(l.key.clone()), Value::Null, Value::Null, Value::Null];
    row.extend([Value::Real(l.mean_change), Value::Integer(l.max_change.into())]);
    row.extend([Value::text_or_null(&enters), Value::text_or_null(&leaves)]);
    row.extend([const { Value::Null }; 3]);
    row
}
