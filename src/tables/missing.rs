//! `missing.csv`, `scales.csv`, `open_places.csv`: what some counties do not say, what stands in for it and at which ends, and whose places
//! hang on it. Each is there only where there is something to tell.

use super::rank_view::RankView;
use super::ranking;
use crate::files::schema::Value;
use crate::files::table::{Table, boolean, integer, real, text};
use crate::rank::{OpenPlace, RankRow, ScaleEnds, ScoreEnds, Unit};

/// File of the values that are missing.
pub const FILE: &str = "missing.csv";
/// File of the scales.
pub const SCALES: &str = "scales.csv";
/// File of the places that hang on what is missing.
pub const OPEN: &str = "open_places.csv";

const NO_ENDS: &str = "the county does not stand by its own bounds";

/// A row: a county and a used indicator that it lacks.
#[derive(Clone, Copy, Debug)]
pub struct MissingRow<'v> {
    view: RankView<'v>,
    unit: &'v Unit,
    row: &'v RankRow,
    indicator: usize,
}

impl MissingRow<'_> {
    fn ends(&self, of: fn(ScoreEnds) -> Value) -> Value {
        self.row.ends.map_or(Value::Null, of)
    }
}

/// The table of values that are missing.
pub fn table<'a>() -> Table<'a, MissingRow<'a>> {
    let used = "Score that its place and the selection go by; on a relative scale less than that of the low end, since the value that is not \
                known may lie beyond the others, which would then all stand higher";
    Table::new(vec![
        text("county_code", "county", "County code as text", "县代码（文本）")
            .of(|r: &MissingRow<'_>| Value::Text(r.unit.code.clone())),
        integer("rank", "rank", "", "Its place", "名次")
            .or_null("the county is not ranked")
            .of(|r: &MissingRow<'_>| Value::opt(r.row.rank, |n| Value::Integer(n.into()))),
        text("indicator", "indicator", "Indicator that it lacks, by name", "缺少的指标")
            .of(|r: &MissingRow<'_>| Value::Text(r.view.assessment.ranking.indicators[r.indicator].def.key.clone())),
        real("weight", "weight", "", "Weight of the indicator in the score", "指标权重")
            .of(|r: &MissingRow<'_>| Value::Real(r.view.assessment.ranking.indicators[r.indicator].weight)),
        text("policy", "policy", "What is done about missing values (rank.method.missing)", "缺值处理规则")
            .of(|r: &MissingRow<'_>| Value::Word(r.view.settings.table.method.missing.as_str())),
        boolean("can_help", "can_help", "Whether a county may stand higher for want of a value", "是否可能因缺值而受益")
            .of(|r: &MissingRow<'_>| Value::Boolean(r.view.settings.table.method.missing.can_help())),
        real("points", "points", "points", "Points of score that the indicator counts with", "该指标计入的分值")
            .or_null("the county is not ranked")
            .of(|r: &MissingRow<'_>| Value::opt(r.row.rank, |_| Value::Real(r.row.points[r.indicator]))),
        real(
            "score",
            "score",
            "points",
            used,
            "据以排名与入选的得分（相对标准化时低于最低端得分：未知数值可能超出其他县的范围）",
        )
        .or_null("the county is not ranked")
        .of(|r: &MissingRow<'_>| Value::opt(r.row.score, Value::Real)),
        real(
            "score_low_end",
            "score_low",
            "points",
            "Score with all values that it lacks at the end of the scale with the fewest points",
            "所缺数值均取得分最低端时的得分",
        )
        .or_null(NO_ENDS)
        .of(|r: &MissingRow<'_>| r.ends(|e| Value::Real(e.low))),
        real(
            "score_high_end",
            "score_high",
            "points",
            "Score with all of them at the end with the most points",
            "所缺数值均取得分最高端时的得分",
        )
        .or_null(NO_ENDS)
        .of(|r: &MissingRow<'_>| r.ends(|e| Value::Real(e.high))),
        integer("rank_high_end", "rank_high", "", "Place that the high end would give it", "取得分最高端时的名次")
            .or_null(NO_ENDS)
            .of(|r: &MissingRow<'_>| r.ends(|e| Value::Integer(e.rank_high.into()))),
    ])
    .rule("rank is that of ranking.csv", ranking::has_its_rank)
}

/// Its rows, by place and in the order of the indicators.
pub fn rows<'v>(view: RankView<'v>) -> impl Iterator<Item = MissingRow<'v>> + 'v {
    let of = move |row: &'v RankRow| {
        row.lacks.iter().map(move |indicator| MissingRow { view, unit: view.unit(row.county), row, indicator: *indicator })
    };
    view.assessment.ranking.rows.iter().flat_map(of)
}

/// A row: a used indicator.
#[derive(Clone, Copy, Debug)]
pub struct ScaleRow<'v> {
    view: RankView<'v>,
    scale: &'v ScaleEnds,
}

impl ScaleRow<'_> {
    fn key(&self) -> &str {
        &self.view.assessment.ranking.indicators[self.scale.indicator].def.key
    }

    fn end(&self, of: fn((usize, usize)) -> usize) -> Value {
        self.scale.counties.map_or(Value::Null, |c| Value::Text(self.view.unit(of(c)).code.clone()))
    }
}

/// The table of scales.
pub fn scales<'a>() -> Table<'a, ScaleRow<'a>> {
    let count = |n: usize| Value::Integer(n as i64);
    let no_value = "no county has a value";
    let goalpost = "the ends are goalposts, or no county has a value";
    Table::new(vec![
        text("indicator", "indicator", "Indicator, by name", "指标").of(|r: &ScaleRow<'_>| Value::Text(r.key().to_owned())),
        boolean(
            "fixed",
            "fixed",
            "Whether the ends are goalposts; else they are those of the counties of this ranking",
            "是否为固定目标值",
        )
        .of(|r: &ScaleRow<'_>| Value::Boolean(r.view.settings.is_fixed())),
        real("low", "low", "", "Lower end, in the unit of the indicator after any denominator", "下端（除以分母后，指标单位）")
            .or_null(no_value)
            .of(|r: &ScaleRow<'_>| Value::opt(r.scale.low, Value::Exact)),
        real("high", "high", "", "Upper end", "上端")
            .or_null(no_value)
            .of(|r: &ScaleRow<'_>| Value::opt(r.scale.high, Value::Exact)),
        text("low_of", "low_of", "County that the lower end is of", "下端所属县")
            .or_null(goalpost)
            .of(|r: &ScaleRow<'_>| r.end(|c| c.0)),
        text("high_of", "high_of", "County that the upper end is of", "上端所属县")
            .or_null(goalpost)
            .of(|r: &ScaleRow<'_>| r.end(|c| c.1)),
        text("source", "source", "Where the goalposts come from", "目标值来源")
            .or_null("nobody says, or there are none")
            .of(|r: &ScaleRow<'_>| Value::text_or_null(r.view.settings.goalpost_source(r.key()))),
        text(
            "source_sha256",
            "src_sha256",
            "SHA-256 of the finished round, or the file, that they come from",
            "目标值所据已完成轮次或文件的 SHA-256",
        )
        .or_null("they are a target, as stated, or there are none")
        .of(|r: &ScaleRow<'_>| Value::opt(r.view.settings.goalpost_sha256(r.key()), |sha| Value::Text(sha.to_owned()))),
        integer(
            "below",
            "below",
            "counties",
            "Ranked counties below the lower goalpost; they have its score",
            "低于下端的县数（按下端计）",
        )
        .of(move |r: &ScaleRow<'_>| count(r.scale.below)),
        integer(
            "above",
            "above",
            "counties",
            "Ranked counties above the upper goalpost; they have its score",
            "高于上端的县数（按上端计）",
        )
        .of(move |r: &ScaleRow<'_>| count(r.scale.above)),
        integer("lacking", "lacking", "counties", "Counties that may be ranked and have no value", "缺值的县数")
            .of(move |r: &ScaleRow<'_>| count(r.scale.lacking)),
    ])
}

/// Its rows, in the order of the indicators.
pub fn scale_rows<'v>(view: RankView<'v>) -> impl Iterator<Item = ScaleRow<'v>> + 'v {
    view.assessment.ranking.scales.iter().map(move |scale| ScaleRow { view, scale })
}

/// A row: a county whose place hangs on what others, or itself, do not say.
#[derive(Clone, Copy, Debug)]
pub struct OpenRow<'v> {
    unit: &'v Unit,
    row: &'v RankRow,
    open: &'v OpenPlace,
}

/// The table of open places.
pub fn open<'a>() -> Table<'a, OpenRow<'a>> {
    let unknown = "the method does not tell: every place may be another";
    let place = |n: u32| Value::Integer(n.into());
    Table::new(vec![
        text("county_code", "county", "County code as text", "县代码（文本）")
            .of(|r: &OpenRow<'_>| Value::Text(r.unit.code.clone())),
        integer("rank", "rank", "", "Its place", "名次").of(move |r: &OpenRow<'_>| Value::opt(r.row.rank, place)),
        integer(
            "best_rank",
            "best",
            "",
            "Best place that it can have, whatever the missing values are",
            "无论所缺数值为何，可能的最好名次",
        )
        .or_null(unknown)
        .of(move |r: &OpenRow<'_>| Value::opt(r.open.places.map(|p| p.0), place)),
        integer("worst_rank", "worst", "", "Worst place that it can have", "可能的最差名次")
            .or_null(unknown)
            .of(move |r: &OpenRow<'_>| Value::opt(r.open.places.map(|p| p.1), place)),
    ])
    .rule("rank is that of ranking.csv", ranking::has_its_rank)
}

/// Its rows, by place.
pub fn open_rows<'v>(view: RankView<'v>) -> impl Iterator<Item = OpenRow<'v>> + 'v {
    let ranking = &view.assessment.ranking;
    ranking
        .open
        .iter()
        .filter_map(move |open| Some(OpenRow { unit: view.unit(open.county), row: ranking.of(open.county)?, open }))
}
