//! `ranking.csv`: every county, first place first, with its score, what puts it there, and how far its place moves.

use super::rank_view::{NO_RANGE, RankView, range_en, range_fields, range_zh};
use super::{headline, trust};
use crate::error::Result;
use crate::files::csv_table::CsvRow;
use crate::files::rules::Others;
use crate::files::schema::Value;
use crate::files::table::{Field, Table, boolean, integer, real, text};
use crate::rank::uncertainty::UnitRange;
use crate::rank::{INDICATORS, Indicator, RankRow, Reason, Unit};

/// Its file.
pub const FILE: &str = "ranking.csv";

/// A rule of tables with rows of counties: a row's place is that of its county in the ranking.
pub(super) fn has_its_rank(row: &CsvRow<'_>, others: &Others) -> Result<bool> {
    let ranked = others.row(FILE, &[("county_code", &row.text("county_code")?)])?;
    Ok(ranked.is_some_and(|r| r.get("rank") == row.get("rank")))
}

const UNRANKED: &str = "the county is not ranked";

/// A row: a county.
#[derive(Clone, Copy, Debug)]
pub struct RankingRow<'v> {
    /// The ranking.
    pub view: RankView<'v>,
    /// The county's row in it.
    pub row: &'v RankRow,
    /// The county.
    pub unit: &'v Unit,
    /// The range of its rank.
    pub range: Option<&'v UnitRange>,
}

impl<'v> RankingRow<'v> {
    fn reason(&self, k: usize) -> Option<&'v Reason> {
        self.row.reasons.get(k)
    }
}

/// The table; `demand` says whether indicators of demand are offered.
pub fn table<'a>(demand: bool) -> Table<'a, RankingRow<'a>> {
    Table::new(place_fields())
        .with((0..2).flat_map(reason_fields))
        .with([text("not_rankable", "not_rank", "Why the county is not ranked", "不参与排名的原因")
            .or_null("it is ranked")
            .of(|r: &RankingRow<'_>| Value::opt(r.row.not_rankable.clone(), Value::Text))])
        .with(headline::of_ranking())
        .with(indicator_fields(demand))
        .with(trust_fields())
        .with(province_fields())
        .with(spread_fields())
        .rule("headline_charging_gap_km is the gap of all classes in figures.csv", headline::is_of_the_figures)
}

/// Its rows, first place first.
pub fn rows<'v>(view: RankView<'v>) -> impl Iterator<Item = RankingRow<'v>> + 'v {
    let row = move |row: &'v RankRow| RankingRow { view, row, unit: view.unit(row.county), range: view.range(row.county) };
    view.assessment.ranking.rows.iter().map(row)
}

fn place_fields<'a>() -> Vec<Field<'a, RankingRow<'a>>> {
    vec![
        integer("rank", "rank", "", "Place, 1 = greatest shortfall", "名次，1 为缺口最大")
            .or_null(UNRANKED)
            .of(|r: &RankingRow<'_>| Value::opt(r.row.rank, |v| Value::Integer(v.into()))),
        text("county_code", "county", "County code as text", "县代码（文本）")
            .of(|r: &RankingRow<'_>| Value::Text(r.unit.code.clone())),
        text("name", "name", "Name", "名称").or_null("not known").of(|r: &RankingRow<'_>| Value::Text(r.unit.name.clone())),
        text("name_zh", "name_zh", "Chinese name", "中文名称")
            .or_null("not known")
            .of(|r: &RankingRow<'_>| Value::text_or_null(&r.unit.name_zh)),
        real(
            "score_0_100",
            "score",
            "points",
            "Score; the sum of the points in why.csv where points add up",
            "得分（分值可加时为 why.csv 各指标分值之和）",
        )
        .or_null(UNRANKED)
        .of(|r: &RankingRow<'_>| Value::opt(r.row.score, Value::Real)),
        boolean("tied", "tied", "Another county has the same score; the tie rule decided", "同分，按规则排序")
            .of(|r: &RankingRow<'_>| Value::Boolean(r.row.tied)),
    ]
}

/// What puts it there, `k` from 0.
fn reason_fields<'a>(k: usize) -> [Field<'a, RankingRow<'a>>; 2] {
    let (name, none) = (format!("reason_{}", k + 1), "no further indicator");
    let key = |r: &RankingRow<'_>, x: &Reason| r.view.assessment.ranking.indicators[x.indicator].def.key.clone();
    [
        text(&name, &name, "Indicator that puts it here", "主要原因")
            .or_null(none)
            .of(move |r: &RankingRow<'_>| Value::opt(r.reason(k), |x| Value::Text(key(r, x)))),
        real(
            &format!("{name}_points"),
            &format!("r{}_points", k + 1),
            "points",
            "Its points above (+) or below (-) the mean",
            "相对平均分值",
        )
        .or_null(none)
        .of(move |r: &RankingRow<'_>| Value::opt(r.reason(k), |x| Value::Real(x.points))),
    ]
}

/// Our indicators that are offered, each with its number.
pub(super) fn offered(demand: bool) -> impl Iterator<Item = (usize, &'static Indicator)> {
    INDICATORS.iter().enumerate().filter(move |(_, d)| demand || !d.of_demand)
}

/// Our indicators, then the points from each.
fn indicator_fields<'a>(demand: bool) -> impl Iterator<Item = Field<'a, RankingRow<'a>>> {
    let values = offered(demand).map(|(i, d)| {
        real(d.key, &format!("ind_{i}"), d.unit, d.en, d.zh)
            .or_null("cannot be computed")
            .of(move |r: &RankingRow<'_>| Value::opt(r.row.values[i], Value::Real))
    });
    let points = offered(demand).map(|(i, d)| {
        let (en, zh) = (format!("Points of score from {}", d.key), format!("分值：{}", d.zh));
        real(&format!("points_{}", d.key), &format!("pts_{i}"), "points", en, zh)
            .of(move |r: &RankingRow<'_>| Value::Real(r.row.points[i]))
    });
    values.chain(points)
}

fn trust_fields<'a>() -> [Field<'a, RankingRow<'a>>; 2] {
    let [score, reason] = trust::county_columns();
    [
        score.of(|r: &RankingRow<'_>| Value::opt(r.unit.trust, Value::Real)),
        reason.of(|r: &RankingRow<'_>| Value::text_or_null(&r.unit.doubt)),
    ]
}

fn province_fields<'a>() -> [Field<'a, RankingRow<'a>>; 3] {
    [
        text("province", "province", "Province, by the first digits of the code", "省级代码（取自县代码）")
            .or_null("codes name none")
            .of(|r: &RankingRow<'_>| Value::text_or_null(r.view.settings.province(&r.unit.code))),
        integer("rank_in_province", "rank_prov", "", "Place among the counties of the province", "省内名次")
            .or_null(UNRANKED)
            .of(|r: &RankingRow<'_>| Value::opt(r.row.rank_in_province, |n| Value::Integer(n.into()))),
        text("joint", "joint", "Joint application it leads or belongs to", "联合申报名称")
            .or_null("none")
            .of(|r: &RankingRow<'_>| Value::opt(r.row.joint.clone(), Value::Text)),
    ]
}

/// How far its rank moves over the draws.
fn spread_fields<'a>() -> impl Iterator<Item = Field<'a, RankingRow<'a>>> {
    let median = integer("rank_median", "rank_med", "", range_en("Median"), range_zh("中位数"))
        .or_null(NO_RANGE)
        .of(|r: &RankingRow<'_>| Value::opt(r.range, |u| Value::Integer(u.median.into())));
    let change = real(
        "rank_mean_change",
        "rank_chg",
        "places",
        "Mean over the draws of the absolute difference from rank",
        "各次抽样名次与所列名次之差的平均绝对值",
    )
    .or_null(NO_RANGE)
    .of(|r: &RankingRow<'_>| Value::opt(r.range, |u| Value::Real(u.mean_change)));
    [median].into_iter().chain(range_fields(|r: &RankingRow<'_>| r.range)).chain([change])
}
