//! The tables of a ranking: they need the evidence and the assessment, and no roads, so that `rank` writes the same as `run`.

use super::folder::AtomicFolder;
use super::schema::{Column, Kind, Value};
use super::tables::write_csv;
use super::trust;
use crate::error::Result;
use crate::rank::{Assessment, Evidence, INDICATORS, RankSettings};

/// A ranking as it is written.
#[derive(Clone, Copy, Debug)]
pub struct RankView<'a> {
    /// What it is made from.
    pub evidence: &'a Evidence,
    /// The ranking and what surrounds it.
    pub assessment: &'a Assessment,
    /// How it was asked for.
    pub settings: &'a RankSettings,
}

/// Writes the tables of a ranking.
///
/// # Errors
/// Environment, when the disk refuses.
pub fn write_ranking(v: &RankView<'_>, folder: &mut AtomicFolder) -> Result<()> {
    folder.write("ranking.csv", |w| write_csv(w, &ranking_columns(), &mut ranking_rows(v)))
}

/// The tables that [`write_ranking`] writes, with their columns; for the dictionary.
pub fn files() -> Vec<(&'static str, Vec<Column>)> {
    vec![("ranking.csv", ranking_columns())]
}

/// Columns of `ranking.csv`.
pub fn ranking_columns() -> Vec<Column> {
    use Kind::{Boolean, Integer, Real, Text};
    let unranked = "the county is not ranked";
    let mut columns = vec![
        Column::new("rank", "rank", Integer, "", "Place, 1 = greatest shortfall", "名次，1 为缺口最大").or_null(unranked),
        Column::new("code", "code", Text, "", "County code as text", "县代码（文本）"),
        Column::new("name", "name", Text, "", "Name", "名称"),
        Column::new("name_zh", "name_zh", Text, "", "Chinese name", "中文名称").or_null("not known"),
        Column::new("score_0_100", "score", Real, "points", "Score; the sum of the points_ columns", "得分（各指标分值之和）")
            .or_null(unranked),
        Column::new("tied", "tied", Boolean, "", "Another county has the same score; the tie rule decided", "同分，按规则排序"),
    ];
    for k in 1..=2 {
        columns.push(
            Column::new(&format!("reason_{k}"), &format!("reason_{k}"), Text, "", "Indicator that puts it here", "主要原因")
                .or_null("no further indicator"),
        );
        columns.push(
            Column::new(
                &format!("reason_{k}_points"),
                &format!("r{k}_points"),
                Real,
                "points",
                "Its points above (+) or below (-) the mean",
                "相对平均分值",
            )
            .or_null("no further indicator"),
        );
    }
    columns.push(
        Column::new("not_rankable", "not_rank", Text, "", "Why the county is not ranked", "不参与排名的原因")
            .or_null("it is ranked"),
    );
    for (i, d) in INDICATORS.iter().enumerate() {
        columns.push(Column::new(d.key, &format!("ind_{i}"), Kind::Real, d.unit, d.en, d.zh).or_null("cannot be computed"));
    }
    for (i, d) in INDICATORS.iter().enumerate() {
        let (en, zh) = (format!("Points of score from {}", d.key), format!("分值：{}", d.zh));
        columns.push(Column::new(&format!("points_{}", d.key), &format!("pts_{i}"), Kind::Real, "points", en, zh));
    }
    columns.extend(trust::county_columns());
    columns
}

/// Rows of `ranking.csv`, first place first.
pub fn ranking_rows<'v>(v: &'v RankView<'_>) -> impl Iterator<Item = Vec<Value>> + 'v {
    v.assessment.ranking.rows.iter().map(|r| {
        let county = &v.evidence.units[r.county];
        let mut row = vec![
            Value::opt(r.rank, |v| Value::Integer(v.into())),
            Value::Text(county.code.clone()),
            Value::Text(county.name.clone()),
            Value::text_or_null(&county.name_zh),
            Value::opt(r.score, Value::Real),
            Value::Boolean(r.tied),
        ];
        for k in 0..2 {
            row.push(Value::opt(r.reasons.get(k), |x| Value::Text(v.assessment.ranking.indicators[x.indicator].def.key.clone())));
            row.push(Value::opt(r.reasons.get(k), |x| Value::Real(x.points)));
        }
        row.push(Value::opt(r.not_rankable.clone(), Value::Text));
        row.extend(r.values.iter().take(INDICATORS.len()).map(|v| Value::opt(*v, Value::Real)));
        row.extend(r.points.iter().take(INDICATORS.len()).map(|p| Value::Real(*p)));
        row.push(Value::opt(county.trust, Value::Real));
        row.push(Value::text_or_null(&county.doubt));
        row
    })
}
