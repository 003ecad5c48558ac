//! A finished ranking: rows in order, the indicators as they were used, and why each county stands where it does.

use super::settings::IndicatorDef;

/// How ties are broken; printed beside every ranking.
pub const TIE_RULE: &str = "higher score, then longer gap at the headline distance, then lower county code";

/// An indicator as used in a ranking.
#[derive(Clone, Debug, PartialEq)]
pub struct Used {
    /// What it is.
    pub def: IndicatorDef,
    /// Effective weight; those of all used indicators add up to 1. 0 where it was left out.
    pub weight: f64,
    /// Lowest value of the ranked counties.
    pub min: Option<f64>,
    /// Highest value.
    pub max: Option<f64>,
    /// Why it was left out, where it has a weight and was.
    pub left_out: Option<String>,
}

/// What moves a county most against the mean of all: an indicator and its points of score above (+) or below (−).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reason {
    /// Index in [`Ranking::indicators`].
    pub indicator: usize,
    /// Points of score.
    pub points: f64,
}

/// One county in the ranking.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct RankRow {
    /// County index.
    pub county: usize,
    /// Place, from 1 (the greatest shortfall); none where it cannot be ranked.
    pub rank: Option<u32>,
    /// Place among the counties of its province.
    pub rank_in_province: Option<u32>,
    /// Score, 0 to 100, six decimals.
    pub score: Option<f64>,
    /// Another county has the same score, and the tie rule decided.
    pub tied: bool,
    /// Value of each indicator, the county's own: before anything is filled in or treated.
    pub values: Vec<Option<f64>>,
    /// What is ranked, on the scale of scores, 0 to 100: after filling in and treatment, where the method has any.
    pub scaled: Vec<Option<f64>>,
    /// Points of score from each indicator; they add up to the score where [`Ranking::adds_up`].
    pub points: Vec<f64>,
    /// Points of score that one unit of the indicator more would bring, where it can be said.
    pub per_unit: Vec<Option<f64>>,
    /// All used indicators, those first that put it where it is.
    pub reasons: Vec<Reason>,
    /// Why it cannot be ranked.
    pub not_rankable: Option<String>,
    /// Name of the joint application it leads or belongs to.
    pub joint: Option<String>,
}

/// The ranking, first place first; counties that cannot be ranked last, by code.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Ranking {
    /// All indicators: ours first, in the order of [`super::INDICATORS`], then the user's.
    pub indicators: Vec<Used>,
    /// Weight of each pillar that is used, by name; they add up to 1.
    pub pillars: Vec<(String, f64)>,
    /// Whether points add up to scores: all means are arithmetic. Else a point is what the county's score would lack without
    /// the value.
    pub adds_up: bool,
    /// Rows.
    pub rows: Vec<RankRow>,
}

impl Ranking {
    /// The row of a county.
    pub fn of(&self, county: usize) -> Option<&RankRow> {
        self.rows.iter().find(|r| r.county == county)
    }
}
