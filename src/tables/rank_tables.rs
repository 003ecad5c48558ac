//! The tables of a ranking: they need the evidence and the assessment, and no roads, so that `rank` writes the same as `run`.

use super::common::write_csv;
use super::rank_sure::{line_columns, line_rows, sensitivity_columns, sensitivity_rows};
use super::rank_why::{why_columns, why_rows};
use super::trust;
use crate::error::Result;
use crate::files::atomic::AtomicFolder;
use crate::files::schema::{Column, Kind, Value};
use crate::rank::uncertainty::{RANGE_LABEL, UnitRange};
use crate::rank::{Assessment, Evidence, INDICATORS, RankSettings, Row, Sureness, Unit};
use crate::results::Outcome;

/// What an empty range means.
const NO_RANGE: &str = "the county is not ranked, or nothing was varied";

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

impl<'a> RankView<'a> {
    /// That of an analysis.
    pub fn of(o: &'a Outcome) -> Self {
        Self { evidence: &o.evidence, assessment: &o.assessment, settings: &o.settings }
    }

    /// Rows of the counties that are ranked, first place first; a row's place is its number in the list and one.
    pub fn ranked(&self) -> &'a [Row] {
        let rows = &self.assessment.ranking.rows;
        &rows[..rows.iter().take_while(|r| r.rank.is_some()).count()]
    }

    /// The county of a row.
    pub fn unit(&self, county: usize) -> &'a Unit {
        &self.evidence.units[county]
    }

    /// Numbers of the indicators that are used, in their order.
    pub fn used(&self) -> Vec<usize> {
        let all = &self.assessment.ranking.indicators;
        (0..all.len()).filter(|i| all[*i].weight > 0.0).collect()
    }

    /// How sure it is, where that was asked for.
    pub fn sureness(&self) -> Option<&'a Sureness> {
        self.assessment.sureness.as_ref()
    }

    /// The range of a county's rank.
    pub fn range(&self, county: usize) -> Option<&'a UnitRange> {
        let units = &self.sureness()?.ranges.units;
        units.binary_search_by_key(&county, |u| u.unit).ok().map(|i| &units[i])
    }
}

/// Writes the tables of a ranking.
///
/// # Errors
/// Environment, when the disk refuses.
pub fn write_ranking(v: &RankView<'_>, folder: &mut AtomicFolder) -> Result<()> {
    folder.write("ranking.csv", |w| write_csv(w, &ranking_columns(), &mut ranking_rows(v)))?;
    folder.write("why.csv", |w| write_csv(w, &why_columns(), &mut why_rows(v)))?;
    folder.write("lines.csv", |w| write_csv(w, &line_columns(), &mut line_rows(v)))?;
    folder.write("sensitivity.csv", |w| write_csv(w, &sensitivity_columns(), &mut sensitivity_rows(v).into_iter()))
}

/// The tables that [`write_ranking`] writes, with their columns; for the dictionary.
pub fn files() -> Vec<(&'static str, Vec<Column>)> {
    vec![
        ("ranking.csv", ranking_columns()),
        ("why.csv", why_columns()),
        ("lines.csv", line_columns()),
        ("sensitivity.csv", sensitivity_columns()),
    ]
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
        Column::new(
            "score_0_100",
            "score",
            Real,
            "points",
            "Score; the sum of the points in why.csv where points add up",
            "得分（分值可加时为 why.csv 各指标分值之和）",
        )
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
    columns.extend([
        Column::new("province", "province", Text, "", "Province, by the first digits of the code", "省级代码（取自县代码）")
            .or_null("codes name none"),
        Column::new("rank_in_province", "rank_prov", Integer, "", "Place among the counties of the province", "省内名次")
            .or_null(unranked),
        Column::new("joint", "joint", Text, "", "Joint application it leads or belongs to", "联合申报名称").or_null("none"),
    ]);
    columns.extend(range_columns());
    columns
}

/// Columns of the range of a county's rank.
fn range_columns() -> [Column; 4] {
    use Kind::{Integer, Real};
    let of = |what: &str| format!("{what} rank over the draws; {RANGE_LABEL}");
    let zh = |what: &str| format!("各次抽样中名次的{what}（敏感性区间，非置信区间）");
    [
        Column::new("rank_median", "rank_med", Integer, "", of("Median"), zh("中位数")).or_null(NO_RANGE),
        Column::new("rank_low_5", "rank_low", Integer, "", of("5 %"), zh("5% 分位")).or_null(NO_RANGE),
        Column::new("rank_high_95", "rank_high", Integer, "", of("95 %"), zh("95% 分位")).or_null(NO_RANGE),
        Column::new(
            "rank_mean_change",
            "rank_chg",
            Real,
            "places",
            "Mean over the draws of the absolute difference from rank",
            "各次抽样名次与所列名次之差的平均绝对值",
        )
        .or_null(NO_RANGE),
    ]
}

fn range_values(range: Option<&UnitRange>) -> [Value; 4] {
    let whole = |of: fn(&UnitRange) -> u16| Value::opt(range.map(of), |v| Value::Integer(v.into()));
    [whole(|r| r.median), whole(|r| r.low), whole(|r| r.high), Value::opt(range.map(|r| r.mean_change), Value::Real)]
}

/// 5 % and 95 % rank of a county, for the layer.
pub(crate) fn layer_columns() -> [Column; 3] {
    let [_, low, high, _] = range_columns();
    let en = "Where it stands against the first funding line: certain, contested or out (lines.csv)";
    [
        low,
        high,
        Column::new("line_band", "line_band", Kind::Text, "", en, "相对第一条入围线：稳入、待定或不入（见 lines.csv）")
            .or_null("there is no line, or the county is not ranked"),
    ]
}

/// Values for [`layer_columns`].
pub(crate) fn layer_values(sureness: Option<&Sureness>, county: usize) -> [Value; 3] {
    let ranges = sureness.map(|s| &s.ranges);
    let at = ranges.and_then(|r| r.units.binary_search_by_key(&county, |u| u.unit).ok());
    let range = ranges.zip(at).map(|(r, i)| &r.units[i]);
    let band = ranges.zip(at).and_then(|(r, i)| Some(r.lines.first()?.units.get(i)?.band));
    let whole = |v: u16| Value::Integer(v.into());
    [
        Value::opt(range.map(|r| r.low), whole),
        Value::opt(range.map(|r| r.high), whole),
        Value::opt(band, |b| Value::Word(b.as_str())),
    ]
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
        row.push(Value::text_or_null(v.settings.province(&county.code)));
        row.push(Value::opt(r.rank_in_province, |n| Value::Integer(n.into())));
        row.push(Value::opt(r.joint.clone(), Value::Text));
        row.extend(range_values(v.range(r.county)));
        row
    })
}
