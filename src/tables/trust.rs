//! `trust.csv`, and what the counties and the ranking say of it: how far the inputs of a county can be trusted, part by part.

use crate::files::schema::{Column, Value};
use crate::files::table::{Field, Table, real, text};
use crate::rank::trust::{PARTS, PartScore, Trust, TrustPart};
use crate::read::county::County;
use crate::results::Results;

/// Its file.
pub const FILE: &str = "trust.csv";

const NOT_JUDGED: &str = "it cannot be judged: there is nothing of the kind; its weight went to the other parts";

/// A row: a county and a part.
#[derive(Clone, Copy)]
pub struct TrustRow<'a> {
    /// The county.
    pub county: &'a County,
    /// The part, as it is used there.
    pub score: &'a PartScore,
    /// Its rule.
    pub part: &'static TrustPart,
}

/// The table.
pub fn table<'a>() -> Table<'a, TrustRow<'a>> {
    Table::new(vec![
        text("county_code", "county", "County code as text", "县代码（文本）")
            .of(|r: &TrustRow<'_>| Value::Text(r.county.code.clone())),
        text("county_name", "cty_name", "County name", "县名")
            .or_null("not known")
            .of(|r: &TrustRow<'_>| Value::text_or_null(&r.county.name)),
        text("part", "part", "Part of the score", "评分项").of(|r: &TrustRow<'_>| Value::Word(r.score.key)),
    ])
    .with(score_fields())
    .with([
        text("rule", "rule", "The rule", "英文规则").of(|r: &TrustRow<'_>| Value::Text(r.part.en.to_owned())),
        text("rule_zh", "rule_zh", "The rule, in Chinese", "中文规则").of(|r: &TrustRow<'_>| Value::Text(r.part.zh.to_owned())),
    ])
}

fn score_fields<'a>() -> [Field<'a, TrustRow<'a>>; 3] {
    let value = "Share by the rule of the part, 1 = nothing to doubt";
    let weight = "Weight; those of a county add up to 1";
    let points = "weight × value × 100; those of a county add up to trust_score";
    [
        real("value", "value", "share 0-1", value, "按规则计算的比例（1 为无疑问）")
            .or_null(NOT_JUDGED)
            .of(|r: &TrustRow<'_>| Value::opt(r.score.value, Value::Real)),
        real("weight", "weight", "", weight, "权重（每县合计为 1）").of(|r: &TrustRow<'_>| Value::Real(r.score.weight)),
        real("points", "points", "points", points, "分值（每县合计为 trust_score）")
            .of(|r: &TrustRow<'_>| Value::Real(r.score.points)),
    ]
}

/// Its rows, by county and in the order of the parts.
pub fn rows(r: &Results) -> impl Iterator<Item = TrustRow<'_>> {
    r.members
        .iter()
        .flat_map(|m| m.trust.parts.iter().zip(PARTS).map(|(score, part)| TrustRow { county: &m.county, score, part }))
}

/// Columns of the counties and of the ranking.
pub fn county_columns() -> [Column; 2] {
    let en = "Trust in the inputs of the county, 0 to 100; not a part of the ranking (trust.csv)";
    let why = "Part of it that costs the most points, as in trust.csv";
    [
        real("trust_score", "trust", "points", en, "输入数据可信度（0–100，不参与排名，见 trust.csv）")
            .or_null("nothing can be judged"),
        text("trust_reason", "trust_why", why, "失分最多的评分项（见 trust.csv）").or_null("no part costs points"),
    ]
}

/// [`county_columns`] over rows that know the trust in a county.
pub fn county_fields<'a, R: 'a>(trust: fn(&R) -> &Trust) -> Vec<Field<'a, R>> {
    let [score, reason] = county_columns();
    vec![
        score.of(move |r: &R| Value::opt(trust(r).score, Value::Real)),
        reason.of(move |r: &R| Value::opt(trust(r).doubts.first(), |key| Value::Word(key))),
    ]
}
