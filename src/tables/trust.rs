//! `trust.csv`, and what the counties and the ranking say of it: how far the inputs of a county can be trusted, part by part.

use crate::files::schema::{Column, Kind, Value};
use crate::rank::trust::PARTS;
use crate::rank::trust::Trust;
use crate::read::county::County;
use crate::results::Outcome;

const NOT_JUDGED: &str = "it cannot be judged: there is nothing of the kind; its weight went to the other parts";

/// Columns of `trust.csv`: a row a county and part.
pub fn columns() -> Vec<Column> {
    use Kind::{Real, Text};
    vec![
        Column::new("county_code", "county", Text, "", "County code as text", "县代码（文本）"),
        Column::new("county_name", "cty_name", Text, "", "County name", "县名").or_null("not known"),
        Column::new("part", "part", Text, "", "Part of the score", "评分项"),
        Column::new(
            "value",
            "value",
            Real,
            "share 0-1",
            "Share by the rule of the part, 1 = nothing to doubt",
            "按规则计算的比例（1 为无疑问）",
        )
        .or_null(NOT_JUDGED),
        Column::new("weight", "weight", Real, "", "Weight; those of a county add up to 1", "权重（每县合计为 1）"),
        Column::new(
            "points",
            "points",
            Real,
            "points",
            "weight × value × 100; those of a county add up to trust_score",
            "分值（每县合计为 trust_score）",
        ),
        Column::new("rule", "rule", Text, "", "The rule", "英文规则"),
        Column::new("rule_zh", "rule_zh", Text, "", "The rule, in Chinese", "中文规则"),
    ]
}

/// Rows of `trust.csv`, by county and in the order of the parts.
pub fn rows(o: &Outcome) -> impl Iterator<Item = Vec<Value>> + '_ {
    o.trust.iter().zip(&o.counties).flat_map(|(t, c)| rows_of(t, c))
}

/// Rows of one county.
pub fn rows_of<'a>(t: &'a Trust, c: &'a County) -> impl Iterator<Item = Vec<Value>> + 'a {
    t.parts.iter().zip(PARTS).map(|(p, rule)| {
        vec![
            Value::Text(c.code.clone()),
            Value::text_or_null(&c.name),
            Value::Text(p.key.to_owned()),
            Value::opt(p.value, Value::Real),
            Value::Real(p.weight),
            Value::Real(p.points),
            Value::Text(rule.en.to_owned()),
            Value::Text(rule.zh.to_owned()),
        ]
    })
}

/// Columns of the counties and of the ranking.
pub fn county_columns() -> [Column; 2] {
    let en = "Trust in the inputs of the county, 0 to 100; not a part of the ranking (trust.csv)";
    let why = "Part of it that costs the most points, as in trust.csv";
    [
        Column::new("trust_score", "trust", Kind::Real, "points", en, "输入数据可信度（0–100，不参与排名，见 trust.csv）")
            .or_null("nothing can be judged"),
        Column::new("trust_reason", "trust_why", Kind::Text, "", why, "失分最多的评分项（见 trust.csv）")
            .or_null("no part costs points"),
    ]
}

/// Values of a county for [`county_columns`].
pub fn county_values(t: &Trust) -> [Value; 2] {
    [Value::opt(t.score, Value::Real), Value::opt(t.doubts.first(), |key| Value::Text((*key).to_owned()))]
}
