//! Min–max, weighted sum, total order, reasons.
//!
//! # References
//! OECD/JRC, *Handbook on Constructing Composite Indicators*, 2008, §5 (min–max) and §6 (linear aggregation).

use super::composite::Direction;
use super::figures::CountyFigures;
use super::indicator::INDICATORS;
use crate::config::RankTable;
use crate::config::RoadClass;
use crate::config::region_file::nearest;
use crate::error::{Error, Location, Result};
use crate::issue::{IssueCode, Issues, Layer};

/// How ties are broken; printed beside every ranking.
pub const TIE_RULE: &str = "higher score, then longer gap at the headline distance, then lower county code";

/// Weights as the user gave them over the defaults.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    /// One an indicator, not yet made to add up to 1.
    pub indicators: Vec<f64>,
    /// One a road class.
    pub classes: [f64; RoadClass::ALL.len()],
}

impl Weights {
    /// Checks `[rank]`.
    ///
    /// # Errors
    /// Usage, for an unknown indicator or a weight that is negative, not finite, or all zero.
    pub fn from_table(table: &RankTable) -> Result<Self> {
        let bad = |key: String, what: String, next: String| Error::usage(what, next).at(Location::default().field(key));
        let mut indicators: Vec<f64> = INDICATORS.iter().map(|i| i.weight).collect();
        for (key, weight) in &table.weights {
            let Some(i) = INDICATORS.iter().position(|d| d.key == key) else {
                let near = nearest(key, INDICATORS.iter().map(|d| d.key));
                let known: Vec<&str> = INDICATORS.iter().map(|d| d.key).collect();
                let next = near.map_or_else(|| format!("known: {}", known.join(", ")), |n| format!("did you mean \"{n}\"?"));
                return Err(bad(format!("rank.weights.{key}"), format!("\"{key}\" is not an indicator"), next));
            };
            if !(weight.is_finite() && *weight >= 0.0) {
                return Err(bad(format!("rank.weights.{key}"), format!("{weight} is not a weight"), "give 0 or more".to_owned()));
            }
            indicators[i] = *weight;
        }
        if indicators.iter().all(|w| *w == 0.0) {
            return Err(bad("rank.weights".to_owned(), "all weights are 0".to_owned(), "give at least one above 0".to_owned()));
        }
        let mut classes = RoadClass::ALL.map(RoadClass::default_weight);
        for (class, weight) in &table.class_weights {
            if !(weight.is_finite() && *weight >= 0.0) {
                let key = format!("rank.class_weights.{}", class.as_str());
                return Err(bad(key, format!("{weight} is not a weight"), "give 0 or more".to_owned()));
            }
            classes[class.index()] = *weight;
        }
        Ok(Self { indicators, classes })
    }
}

/// An indicator as used in a ranking.
#[derive(Clone, Debug, PartialEq)]
pub struct Used {
    /// Index in [`INDICATORS`].
    pub indicator: usize,
    /// Weight; those of all used indicators add up to 1. 0 where it was left out.
    pub weight: f64,
    /// Lowest value.
    pub min: Option<f64>,
    /// Highest value.
    pub max: Option<f64>,
}

/// What moves a county most against the mean of all: an indicator and its points of score above (+) or below (−).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reason {
    /// Index in [`INDICATORS`].
    pub indicator: usize,
    /// Points of score.
    pub points: f64,
}

/// One county in the ranking.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// County index.
    pub county: usize,
    /// Place, from 1 (the greatest shortfall); none where it cannot be ranked.
    pub rank: Option<u32>,
    /// Score, 0 to 100, six decimals.
    pub score: Option<f64>,
    /// Another county has the same score, and the tie rule decided.
    pub tied: bool,
    /// Value of each indicator.
    pub values: Vec<Option<f64>>,
    /// Points of score from each indicator; they add up to the score.
    pub points: Vec<f64>,
    /// The two that put it where it is.
    pub reasons: Vec<Reason>,
    /// Why it cannot be ranked.
    pub not_rankable: Option<String>,
}

/// The ranking, first place first; counties that cannot be ranked last, by code.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Ranking {
    /// All indicators.
    pub indicators: Vec<Used>,
    /// Rows.
    pub rows: Vec<Row>,
}

/// Ranks counties; rank 1 is the greatest shortfall.
pub fn rank(figures: &[CountyFigures], weights: &Weights, issues: &mut Issues) -> Ranking {
    let mut rows: Vec<Row> = figures
        .iter()
        .enumerate()
        .map(|(county, f)| Row {
            county,
            rank: None,
            score: None,
            tied: false,
            values: INDICATORS.iter().map(|i| (i.value)(f, &weights.classes).filter(|v| v.is_finite())).collect(),
            points: vec![0.0; INDICATORS.len()],
            reasons: Vec::new(),
            not_rankable: (f.road_total_mm() == 0).then(|| "it has no road".to_owned()),
        })
        .collect();
    for row in rows.iter().filter(|r| r.not_rankable.is_some()) {
        let at = Location::default().id(figures[row.county].code.as_str());
        issues.push(Layer::Ranking, IssueCode::NotRankable, at, "the county is not ranked: it has no road");
    }
    let indicators = choose(&rows, figures, weights, issues);
    for row in rows.iter_mut().filter(|r| r.not_rankable.is_none()) {
        score(row, &indicators);
    }
    explain(&mut rows, &indicators);
    order(&mut rows, figures);
    Ranking { indicators, rows }
}

/// Settles which indicators are used: those with a weight, a value in every ranked county, and a spread.
fn choose(rows: &[Row], figures: &[CountyFigures], weights: &Weights, issues: &mut Issues) -> Vec<Used> {
    let ranked: Vec<&Row> = rows.iter().filter(|r| r.not_rankable.is_none()).collect();
    let missing =
        |i: usize| ranked.iter().filter(|r| r.values[i].is_none()).map(|r| figures[r.county].code.as_str()).collect::<Vec<_>>();
    let mut weight = weights.indicators.clone();
    for (i, def) in INDICATORS.iter().enumerate() {
        let stand_in = def.instead_of.and_then(|key| INDICATORS.iter().position(|d| d.key == key));
        if let Some(other) =
            stand_in.filter(|o| weight[i] == 0.0 && weight[*o] > 0.0 && !missing(*o).is_empty() && missing(i).is_empty())
        {
            let why = format!("{} stands in for {}, which {} lack", def.key, INDICATORS[other].key, some_of(&missing(other)));
            issues.push(Layer::Ranking, IssueCode::IndicatorLeftOut, Location::default().field(INDICATORS[other].key), why);
            weight[i] = std::mem::take(&mut weight[other]);
        }
    }
    let mut used: Vec<Used> = (0..INDICATORS.len())
        .map(|i| {
            let values: Vec<f64> = ranked.iter().filter_map(|r| r.values[i]).collect();
            let min = values.iter().copied().reduce(f64::min);
            let max = values.iter().copied().reduce(f64::max);
            Used { indicator: i, weight: weight[i], min, max }
        })
        .collect();
    for u in used.iter_mut().filter(|u| u.weight > 0.0) {
        let lacking = missing(u.indicator);
        let why = if !lacking.is_empty() {
            format!("{} cannot be computed for {}", INDICATORS[u.indicator].key, some_of(&lacking))
        } else if u.min == u.max {
            format!("{} is the same in every county and cannot tell them apart", INDICATORS[u.indicator].key)
        } else {
            continue;
        };
        u.weight = 0.0;
        issues.push(Layer::Ranking, IssueCode::IndicatorLeftOut, Location::default().field(INDICATORS[u.indicator].key), why);
    }
    let sum: f64 = used.iter().map(|u| u.weight).sum();
    for u in used.iter_mut().filter(|_| sum > 0.0) {
        u.weight /= sum;
    }
    used
}

fn some_of(codes: &[&str]) -> String {
    match codes {
        [] => "no county".to_owned(),
        [one] => format!("county {one}"),
        [one, two] => format!("counties {one} and {two}"),
        [one, two, rest @ ..] => format!("counties {one}, {two} and {} more", rest.len()),
    }
}

fn score(row: &mut Row, indicators: &[Used]) {
    for u in indicators.iter().filter(|u| u.weight > 0.0) {
        let (Some(v), Some(min), Some(max)) = (row.values[u.indicator], u.min, u.max) else { continue };
        let share = (v - min) / (max - min);
        let worse = match INDICATORS[u.indicator].direction {
            Direction::HigherIsWorse => share,
            Direction::LowerIsWorse => 1.0 - share,
        };
        row.points[u.indicator] = six(u.weight * worse * 100.0);
    }
    row.score = Some(six(row.points.iter().sum()));
}

fn explain(rows: &mut [Row], indicators: &[Used]) {
    let ranked = rows.iter().filter(|r| r.score.is_some()).count().max(1) as f64;
    let mean: Vec<f64> = (0..INDICATORS.len())
        .map(|i| rows.iter().filter(|r| r.score.is_some()).map(|r| r.points[i]).sum::<f64>() / ranked)
        .collect();
    for row in rows.iter_mut().filter(|r| r.score.is_some()) {
        let mut reasons: Vec<Reason> = indicators
            .iter()
            .filter(|u| u.weight > 0.0)
            .map(|u| Reason { indicator: u.indicator, points: six(row.points[u.indicator] - mean[u.indicator]) })
            .collect();
        reasons.sort_by(|a, b| b.points.abs().total_cmp(&a.points.abs()).then(a.indicator.cmp(&b.indicator)));
        reasons.truncate(2);
        row.reasons = reasons;
    }
}

fn order(rows: &mut [Row], figures: &[CountyFigures]) {
    let key = |r: &Row| r.score.unwrap_or(-1.0);
    rows.sort_by(|a, b| {
        let (fa, fb) = (&figures[a.county], &figures[b.county]);
        key(b).total_cmp(&key(a)).then_with(|| fb.gap_total_mm().cmp(&fa.gap_total_mm())).then_with(|| fa.code.cmp(&fb.code))
    });
    let scores: Vec<Option<f64>> = rows.iter().map(|r| r.score).collect();
    for (i, row) in rows.iter_mut().enumerate().filter(|(_, r)| r.score.is_some()) {
        row.rank = Some(i as u32 + 1);
        let same = |j: usize| scores.get(j).is_some_and(|s| *s == row.score);
        row.tied = same(i + 1) || (i > 0 && same(i - 1));
    }
}

/// Six decimals, so that what is compared is what is written.
fn six(v: f64) -> f64 {
    let r = (v * 1e6).round() / 1e6;
    if r == 0.0 { 0.0 } else { r } // no negative zero
}

#[cfg(test)]
mod tests {
    use super::*;

    fn county(code: &str, road_km: u64, gap_km: u64) -> CountyFigures {
        let mut f = CountyFigures { code: code.to_owned(), ..CountyFigures::default() };
        f.road_mm[RoadClass::Local.index()] = road_km * 1_000_000;
        f.gap_mm[RoadClass::Local.index()] = gap_km * 1_000_000;
        f
    }

    fn only(key: &str) -> Weights {
        let mut w = Weights::from_table(&RankTable::default()).unwrap();
        for (i, d) in INDICATORS.iter().enumerate() {
            w.indicators[i] = if d.key == key { 1.0 } else { 0.0 };
        }
        w
    }

    #[test]
    fn min_max_runs_from_nought_to_a_hundred() {
        // gap shares 0.2, 0.6, 1.0 ⇒ scores 0, 50, 100
        let figures = [county("a", 10, 2), county("b", 10, 6), county("c", 10, 10)];
        let r = rank(&figures, &only("gap_share_class_weighted"), &mut Issues::default());
        let got: Vec<_> = r.rows.iter().map(|r| (r.county, r.rank, r.score)).collect();
        assert_eq!(got, [(2, Some(1), Some(100.0)), (1, Some(2), Some(50.0)), (0, Some(3), Some(0.0))]);
    }

    #[test]
    fn ties_go_to_the_longer_gap_then_the_lower_code() {
        let figures = [county("d", 10, 5), county("b", 10, 5), county("a", 20, 10), county("c", 10, 0)];
        let r = rank(&figures, &only("gap_share_class_weighted"), &mut Issues::default());
        let codes: Vec<_> = r.rows.iter().map(|r| figures[r.county].code.as_str()).collect();
        assert_eq!(codes, ["a", "b", "d", "c"]);
        assert_eq!(r.rows.iter().map(|r| r.tied).collect::<Vec<_>>(), [true, true, true, false]);
    }

    #[test]
    fn default_weights_add_up_to_one_and_points_to_the_score() {
        let sum: f64 = INDICATORS.iter().map(|i| i.weight).sum();
        assert!((sum - 1.0).abs() < 1e-12);
        let mut a = county("a", 10, 2);
        a.longest_stretch_mm = 5_000_000;
        a.charging_stations = 3;
        let b = county("b", 30, 20);
        let mut issues = Issues::default();
        let r = rank(&[a, b], &Weights::from_table(&RankTable::default()).unwrap(), &mut issues);
        for row in &r.rows {
            assert_eq!(Some(six(row.points.iter().sum())), row.score);
            assert_eq!(row.reasons.len(), 2);
        }
        // no people, no settlements: those indicators are named as left out and the others take their weight
        assert!(issues.sorted().iter().any(|i| i.message.starts_with("people_in_gap_share cannot be computed")));
        assert!((r.indicators.iter().map(|u| u.weight).sum::<f64>() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn settlements_stand_in_for_unknown_people() {
        let mut a = county("a", 10, 2);
        (a.settlements, a.settlements_in_gap) = (4, 1);
        let mut b = county("b", 10, 2);
        (b.settlements, b.settlements_in_gap, b.people) = (4, 3, 100);
        let r = rank(&[a, b], &Weights::from_table(&RankTable::default()).unwrap(), &mut Issues::default());
        assert_eq!(
            r.indicators.iter().filter(|u| u.weight > 0.0).map(|u| INDICATORS[u.indicator].key).collect::<Vec<_>>(),
            ["settlements_in_gap_share"]
        );
    }

    #[test]
    fn a_county_without_road_is_not_ranked() {
        let mut issues = Issues::default();
        let r = rank(&[county("a", 0, 0), county("b", 1, 1)], &only("gap_share_class_weighted"), &mut issues);
        assert_eq!(r.rows[0].rank, Some(1));
        assert_eq!(r.rows[1].rank, None);
        assert!(r.rows[1].not_rankable.is_some());
    }

    #[test]
    fn an_unknown_indicator_is_refused_with_a_suggestion() {
        let table = RankTable { weights: [("longest_dead_strech_km".to_owned(), 1.0)].into(), ..RankTable::default() };
        assert!(Weights::from_table(&table).unwrap_err().to_string().contains("did you mean \"longest_dead_stretch_km\""));
    }
}
