//! Counties that lack values: the scores at both ends, the scales with whose ends they are, and whose places hang on what is missing.
//!
//! # References
//! OECD/JRC, *Handbook on Constructing Composite Indicators*, 2008, §3: a missing value is told, never only filled in.

use super::composite::{Composite, Lacking, Points, Step, Tree, UnitTable, build, six};
use super::evidence::Evidence;
use super::figures::CountyFigures;
use super::ranking::{OpenPlace, RankRow, ScaleEnds, ScoreEnds};
use super::settings::RankSettings;
use super::stand::Standing;
use crate::config::method_words::{Aggregation, Normalisation};
use crate::config::rank_table::Missing;
use crate::error::Result;
use std::cmp::Ordering;

/// Of more ranked counties than these it is not looked at pair by pair whose place is open.
const MOST_PAIRED: usize = 5000;
/// Points of score that rounding to six decimals may add up to.
const ROUNDED: f64 = 1e-5;

/// Why a county that lacks values is not ranked: where it was to stand by its bounds, why it does not.
pub(super) fn reason(why: &str, row: &RankRow, settings: &RankSettings) -> String {
    let by_bounds = settings.table.method.missing == Missing::OwnBounds && settings.method.lacking == Lacking::NotRanked;
    if by_bounds && !row.lacks.is_empty() && why.starts_with("it has no value of ") {
        return format!("{why}, and under this method it has no bounds to stand by");
    }
    why.to_owned()
}

/// Score of a unit, as it is written.
fn score(c: &Composite, unit: usize) -> Option<f64> {
    let given = c.contributions(unit);
    Some(match given.kind {
        Points::AddUp => six(given.points.iter().map(|p| six(p.unwrap_or(0.0))).sum()),
        Points::WithoutValue => six(c.index()[unit]?),
    })
}

/// Scores and places at both ends, of the counties that stand by their own bounds. Rows are in the order of the ranking.
pub(super) fn set_ends(
    rows: &mut [RankRow],
    (table, tree): (&UnitTable, &Tree),
    c: &Composite,
    units: &[usize],
    figures: &[CountyFigures],
) -> Result<()> {
    let by_bounds = matches!(c.method.lacking, Lacking::Lowest | Lacking::BelowLowest);
    if !by_bounds || !rows.iter().any(|r| r.rank.is_some() && !r.lacks.is_empty()) {
        return Ok(());
    }
    let at = |lacking| build(table, tree, &super::composite::Method { lacking, ..c.method.clone() });
    let (lowest, highest) = (at(Lacking::Lowest)?, at(Lacking::Highest)?);
    let ranked: Vec<(usize, f64)> = rows.iter().filter(|r| r.rank.is_some()).filter_map(|r| Some((r.county, r.score?))).collect();
    let gap = |county: usize| figures[county].gap_total_mm();
    for row in rows.iter_mut().filter(|r| r.rank.is_some() && !r.lacks.is_empty()) {
        let Ok(unit) = units.binary_search(&row.county) else { continue }; // they stand in order
        let Some((low, high)) = score(&lowest, unit).zip(score(&highest, unit)) else { continue };
        let ahead = |(other, theirs): &&(usize, f64)| {
            let tie = || gap(*other).cmp(&gap(row.county)).then_with(|| figures[row.county].code.cmp(&figures[*other].code));
            *other != row.county && theirs.total_cmp(&high).then_with(tie) == Ordering::Greater
        };
        let rank_high = ranked.iter().filter(ahead).count() as u32 + 1;
        row.ends = Some(ScoreEnds { low, high, rank_high, relative: c.method.lacking == Lacking::BelowLowest });
    }
    Ok(())
}

/// The scales of the used indicators.
pub(super) fn scales(
    rows: &[RankRow],
    units: &[usize],
    leaves: &[usize],
    settings: &RankSettings,
    evidence: &Evidence,
) -> Vec<ScaleEnds> {
    let eligible: Vec<&RankRow> = rows.iter().filter(|r| units.binary_search(&r.county).is_ok()).collect();
    let code = |county: usize| evidence.units[county].code.as_str();
    let one = |&i: &usize| {
        let mut with: Vec<(f64, usize)> = eligible.iter().filter_map(|r| Some((r.values[i]?, r.county))).collect();
        let posts = settings.indicators[i].goalposts.filter(|_| settings.is_fixed());
        let beyond =
            |test: &dyn Fn(f64) -> bool| eligible.iter().filter(|r| r.rank.is_some() && r.values[i].is_some_and(test)).count();
        let lacking = eligible.len() - with.len();
        if let Some((low, high)) = posts {
            let (below, above) = (beyond(&|v| v < low), beyond(&|v| v > high));
            return ScaleEnds { indicator: i, low: Some(low), high: Some(high), counties: None, below, above, lacking };
        }
        // of counties that have the same value the one with the lower code
        with.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| code(a.1).cmp(code(b.1))));
        let high = with.last().map(|(high, _)| *high).and_then(|high| with.iter().find(|(v, _)| *v == high));
        let counties = with.first().zip(high).map(|(low, high)| (low.1, high.1));
        let (low, high) = (with.first().map(|(v, _)| *v), high.map(|(v, _)| *v));
        ScaleEnds { indicator: i, low, high, counties, below: 0, above: 0, lacking }
    };
    leaves.iter().map(one).collect()
}

/// Counties whose places would be others if a value that is missing lay beyond the ends of its scale. Then every other value of that
/// indicator moves towards one end, and what parts two counties in it shrinks, at most to nothing: two of them can change places only
/// where the rest of the index says the opposite of that indicator.
///
/// # Complexity
/// O(counties² × indicators) where a value is missing, and the ends of scales are those of the counties.
pub fn open_places(standing: &Standing, settings: &RankSettings) -> Vec<OpenPlace> {
    let (rows, units, leaves) = (&standing.ranking.rows, &standing.units, &standing.leaves);
    let Some(c) = &standing.composite else { return Vec::new() };
    let open: Vec<bool> = leaves.iter().map(|i| rows.iter().any(|r| r.lacks.contains(i))).collect();
    if settings.is_fixed() || settings.table.method.missing == Missing::LeaveOut || !open.contains(&true) {
        return Vec::new();
    }
    let ranked: Vec<&RankRow> = rows.iter().filter(|r| r.rank.is_some()).collect();
    let Some(transform) = transform(c).filter(|_| ranked.len() <= MOST_PAIRED) else {
        return ranked.iter().map(|r| OpenPlace { county: r.county, places: None }).collect();
    };
    let (low, high) = (transform(c.method.scale.0), transform(c.method.scale.1));
    let part = |row: &RankRow| -> Vec<(f64, bool)> {
        let unit = units.binary_search(&row.county).unwrap_or_default();
        let of = |(leaf, i): (usize, &usize)| (c.normalised[leaf][unit].map_or(low, transform), row.values[*i].is_none());
        leaves.iter().enumerate().map(of).collect()
    };
    let parts: Vec<Vec<(f64, bool)>> = ranked.iter().map(|r| part(r)).collect();
    // least and most that the first may stand above the second
    let lead = |a: &[(f64, bool)], b: &[(f64, bool)]| {
        let (mut least, mut most) = (0.0, 0.0);
        for (leaf, ((x, x_lacks), (y, y_lacks))) in a.iter().zip(b).enumerate() {
            let w = c.effective[leaf];
            let d = w * (x - y);
            let (from, to) = match (open[leaf], x_lacks, y_lacks) {
                (false, ..) | (true, true, true) => (d, d),
                (true, true, false) => (w * (x - high), w * (x - low)),
                (true, false, true) => (w * (low - y), w * (high - y)),
                (true, false, false) => (d.min(0.0), d.max(0.0)),
            };
            (least, most) = (least + from, most + to);
        }
        (least, most)
    };
    let (mut best, mut worst) = (vec![1_u32; ranked.len()], vec![1_u32; ranked.len()]);
    // rows are in the order of the ranking: `a` stands above `b`
    for a in 0..ranked.len() {
        for b in a + 1..ranked.len() {
            let (least, most) = lead(&parts[a], &parts[b]);
            worst[b] += 1;
            let may_swap = most - least > f64::EPSILON && least <= ROUNDED;
            if may_swap {
                worst[a] += 1;
            } else {
                best[b] += 1;
            }
        }
    }
    let places = ranked.iter().zip(best.into_iter().zip(worst));
    let moves = places.filter(|(row, (best, worst))| row.rank != Some(*best) || row.rank != Some(*worst));
    moves.map(|(row, places)| OpenPlace { county: row.county, places: Some(places) }).collect()
}

/// What the means of a method add up, where values that move towards an end of the scale part less and less in it.
fn transform(c: &Composite) -> Option<fn(f64) -> f64> {
    let mut how = Aggregation::Arithmetic;
    for step in &c.method.steps {
        match step {
            Step::Treat { .. } | Step::Normalise(Normalisation::Rank | Normalisation::ZScore) => return None,
            Step::Aggregate(way) => how = *way,
            _ => {}
        }
    }
    match how {
        _ if c.method.weighting == super::composite::Weighting::Pca => None,
        Aggregation::Arithmetic => Some(|v| v),
        Aggregation::Geometric => Some(f64::ln),
        Aggregation::Harmonic | Aggregation::Copeland => None,
    }
}
