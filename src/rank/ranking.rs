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
    /// Used indicators that it has no value of, by number.
    pub lacks: Vec<usize>,
    /// Where it stands by its own bounds: its score and place at the ends.
    pub ends: Option<ScoreEnds>,
}

impl RankRow {
    /// Whether it stands by bounds that its own value might lie beyond.
    pub fn is_relative(&self) -> bool {
        self.ends.is_some_and(|e| e.relative)
    }
}

/// The score of a county that lacks values, with those at either end of their scales.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScoreEnds {
    /// Score with all of them at the end with the fewest points.
    pub low: f64,
    /// Score with all of them at the end with the most points.
    pub high: f64,
    /// Place with that, all others standing as they do.
    pub rank_high: u32,
    /// Whether the ends of a scale are those of the other counties, which the value that is not known might lie beyond: the county's
    /// own score is then less than `low`, and so is its claim to money.
    pub relative: bool,
}

/// The scale of a used indicator.
#[derive(Clone, Debug, PartialEq)]
pub struct ScaleEnds {
    /// Number of the indicator.
    pub indicator: usize,
    /// Lower end, in its unit; none where no county has a value.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
    /// Counties that the ends are of, the lower and the upper; none of goalposts.
    pub counties: Option<(usize, usize)>,
    /// Ranked counties below the lower goalpost, which have the score of the goalpost.
    pub below: usize,
    /// Ranked counties above the upper one.
    pub above: usize,
    /// Counties that may be ranked and have no value.
    pub lacking: usize,
}

/// A ranked county whose place hangs on what other counties do not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenPlace {
    /// County index.
    pub county: usize,
    /// Best and worst place that it can have, whatever the values that are missing are; none where the method does not tell.
    pub places: Option<(u32, u32)>,
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
    /// Scales of the used indicators, in their order.
    pub scales: Vec<ScaleEnds>,
    /// Counties whose places would be others if a value that is missing were an end of its scale, by place.
    pub open: Vec<OpenPlace>,
}

impl Ranking {
    /// Whether a used indicator is missing in a county that may be ranked.
    pub fn is_missing(&self) -> bool {
        self.scales.iter().any(|s| s.lacking > 0)
    }

    /// The row of a county.
    pub fn of(&self, county: usize) -> Option<&RankRow> {
        self.rows.iter().find(|r| r.county == county)
    }
}
