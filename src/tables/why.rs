//! `why.csv`: what each ranked county has of each indicator, what that is worth, and how it differs from its neighbours.

use super::rank_view::RankView;
use crate::files::schema::Value;
use crate::files::table::{Field, Table, integer, real, text};
use crate::rank::{RankRow, Unit, Used};

/// Its file.
pub const FILE: &str = "why.csv";

/// A row: a ranked county and a used indicator.
#[derive(Clone, Copy, Debug)]
pub struct WhyRow<'v> {
    /// The county.
    pub unit: &'v Unit,
    /// Its row in the ranking.
    pub row: &'v RankRow,
    /// The county one place above.
    pub above: Option<&'v RankRow>,
    /// The county one place below.
    pub below: Option<&'v RankRow>,
    /// The indicator as it was used.
    pub used: &'v Used,
    /// Its number.
    pub indicator: usize,
}

impl WhyRow<'_> {
    fn points(&self) -> f64 {
        self.row.points[self.indicator]
    }

    /// Points less those of another county.
    fn against(&self, other: Option<&RankRow>) -> Value {
        Value::opt(other.map(|o| self.points() - o.points[self.indicator]), Value::Real)
    }
}

/// The table.
pub fn table<'a>() -> Table<'a, WhyRow<'a>> {
    Table::new(value_fields()).with(point_fields())
}

/// Its rows, by place and in the order of the indicators.
pub fn rows<'v>(view: RankView<'v>) -> impl Iterator<Item = WhyRow<'v>> + 'v {
    let (ranked, used) = (view.ranked(), view.used());
    let row = move |n: usize, indicator: usize| WhyRow {
        unit: view.unit(ranked[n].county),
        row: &ranked[n],
        above: n.checked_sub(1).map(|a| &ranked[a]),
        below: ranked.get(n + 1),
        used: &view.assessment.ranking.indicators[indicator],
        indicator,
    };
    (0..ranked.len()).flat_map(move |n| used.clone().into_iter().map(move |i| row(n, i)))
}

fn value_fields<'a>() -> Vec<Field<'a, WhyRow<'a>>> {
    vec![
        text("county_code", "county", "County code as text", "县代码（文本）")
            .of(|r: &WhyRow<'_>| Value::Text(r.unit.code.clone())),
        integer("rank", "rank", "", "Its place", "名次")
            .of(|r: &WhyRow<'_>| Value::opt(r.row.rank, |n| Value::Integer(n.into()))),
        text("indicator", "indicator", "Indicator, by name", "指标").of(|r: &WhyRow<'_>| Value::Text(r.used.def.key.clone())),
        text("pillar", "pillar", "Pillar of the indicator", "所属维度")
            .of(|r: &WhyRow<'_>| Value::Text(r.used.def.pillar.clone())),
        text("unit", "unit", "Unit of the value", "单位")
            .or_null("none")
            .of(|r: &WhyRow<'_>| Value::text_or_null(&r.used.def.unit)),
        real("value", "value", "", "Value as it is ranked, in the unit", "参与排名的数值")
            .or_null("there is none; missing.csv says what stands in for it")
            .of(|r: &WhyRow<'_>| Value::opt(r.row.values[r.indicator], Value::Real)),
        real("scaled_0_100", "scaled", "", "The same on the scale of scores", "标准化后的数值（0–100）")
            .or_null("there is no value")
            .of(|r: &WhyRow<'_>| Value::opt(r.row.scaled[r.indicator], Value::Real)),
        real("weight", "weight", "", "Weight in the score; those of all indicators add up to 1", "权重（合计为 1）")
            .of(|r: &WhyRow<'_>| Value::Real(r.used.weight)),
    ]
}

fn point_fields<'a>() -> Vec<Field<'a, WhyRow<'a>>> {
    let lacks = "Points of score from it; they add up to the score where manifest.json says so (points_add_up), else what the \
                 score would lack without the value";
    let more = "Points of score that one unit of the value more would bring while the ends of the scale stay";
    vec![
        real("points", "points", "points", lacks, "分值（可加时合计为得分，否则为缺少该项时得分的减少量）")
            .of(|r: &WhyRow<'_>| Value::Real(r.points())),
        real("points_against_mean", "pts_mean", "points", "Points less the mean of all counties", "与各县平均分值之差")
            .of(|r: &WhyRow<'_>| Value::Real(against_mean(r.row, r.indicator))),
        real(
            "points_against_above",
            "pts_above",
            "points",
            "Points less those of the county one place above",
            "与上一名分值之差",
        )
        .or_null("it is the first")
        .of(|r: &WhyRow<'_>| r.against(r.above)),
        real(
            "points_against_below",
            "pts_below",
            "points",
            "Points less those of the county one place below",
            "与下一名分值之差",
        )
        .or_null("it is the last")
        .of(|r: &WhyRow<'_>| r.against(r.below)),
        real("points_per_unit", "pts_unit", "points", more, "数值每增加一个单位的分值变化（标准化两端不变时）")
            .or_null("it is not the same along the scale, or points do not add up")
            .of(|r: &WhyRow<'_>| Value::opt(r.row.per_unit[r.indicator], Value::Real)),
    ]
}

/// Points of an indicator against the mean of all counties.
pub(crate) fn against_mean(row: &RankRow, indicator: usize) -> f64 {
    row.reasons.iter().find(|r| r.indicator == indicator).map_or(0.0, |r| r.points)
}
