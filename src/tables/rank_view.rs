//! A ranking as its tables show it. It needs the evidence and the assessment, and no roads, so that `rank` writes the same as `run`.

use crate::files::schema::Value;
use crate::files::table::{Field, integer, text};
use crate::rank::uncertainty::{Band, RANGE_LABEL, UnitRange};
use crate::rank::{Assessment, Evidence, IndicatorDef, RankRow, RankSettings, Sureness, Unit};
use crate::results::Results;

/// What an empty range means.
pub(super) const NO_RANGE: &str = "the county is not ranked, or nothing was varied";

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
    pub fn of(r: &'a Results) -> Self {
        Self { evidence: &r.evidence, assessment: &r.assessment, settings: &r.settings }
    }

    /// Rows of the counties that are ranked, first place first; a row's place is its number in the list and one.
    pub fn ranked(&self) -> &'a [RankRow] {
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

    /// Whether an indicator can be asked for: those of demand only where there is demand.
    pub fn is_offered(&self, def: &IndicatorDef) -> bool {
        !def.is_of_demand() || self.evidence.has_demand()
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

    /// Where a county stands against the first funding line.
    pub fn band(&self, county: usize) -> Option<Band> {
        let units = &self.sureness()?.ranges.lines.first()?.units;
        units.binary_search_by_key(&county, |u| u.unit).ok().map(|i| units[i].band)
    }
}

/// 5 % and 95 % rank of a county, over whatever rows know its range: of the ranking, and of the layer of counties.
pub fn range_fields<'a, R: 'a>(range: fn(&R) -> Option<&UnitRange>) -> Vec<Field<'a, R>> {
    vec![
        integer("rank_low_5", "rank_low", "", range_en("5 %"), range_zh("5% 分位"))
            .or_null(NO_RANGE)
            .of(move |r: &R| Value::opt(range(r), |u| Value::Integer(u.low.into()))),
        integer("rank_high_95", "rank_high", "", range_en("95 %"), range_zh("95% 分位"))
            .or_null(NO_RANGE)
            .of(move |r: &R| Value::opt(range(r), |u| Value::Integer(u.high.into()))),
    ]
}

/// Where a county stands against the first line, for the layer of counties.
pub fn band_field<'a, R: 'a>(band: fn(&R) -> Option<Band>) -> Field<'a, R> {
    let en = "Where it stands against the first funding line: certain, contested or out (lines.csv)";
    text("line_band", "line_band", en, "相对第一条入围线：稳入、待定或不入（见 lines.csv）")
        .or_null("there is no line, or the county is not ranked")
        .of(move |r: &R| Value::opt(band(r), |b| Value::Word(b.as_str())))
}

/// Meaning of a rank over the draws.
pub(super) fn range_en(what: &str) -> String {
    format!("{what} rank over the draws; {RANGE_LABEL}")
}

/// The same in Chinese.
pub(super) fn range_zh(what: &str) -> String {
    format!("各次抽样中名次的{what}（敏感性区间，非置信区间）")
}
