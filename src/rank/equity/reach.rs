//! How evenly the way to the nearest station is shared among the people of settlements, in the whole region and in each county.

use super::{Distribution, Holding, Theil, theil_of_groups};
use crate::config::method_words::Direction;
use crate::error::Result;
use serde::{Deserialize, Serialize};

/// Most points of the Lorenz curve that are kept.
const LORENZ_POINTS: usize = 101;

/// The people of one county, or of all, and how the way to the nearest station is shared among them.
///
/// People are those of settlements whose population is known. One with a way to a station has a distance and is *counted*; one on
/// a road that leads to no station has none, and is beyond every line; one without a road near is *left out*.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReachRow {
    /// Settlements whose people are counted.
    pub settlements: u64,
    /// Settlements of unknown population, which are left out.
    pub settlements_unknown: u64,
    /// People with a way to a station.
    pub people: u64,
    /// People on a road that leads to no station; only in `beyond`, where they fall short by all.
    pub people_no_way: u64,
    /// People without a road near; left out.
    pub people_left_out: u64,
    /// Mean distance, millimetres; people counted.
    pub mean_mm: Option<f64>,
    /// Gini coefficient of the distance; people counted.
    pub gini: Option<f64>,
    /// Theil's T of the distance; people counted.
    pub theil: Option<f64>,
    /// Poverty of order 0, 1 and 2 of being beyond the line; people counted and those without a way.
    pub beyond: [Option<f64>; 3],
}

/// Equity of reach of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReachEquity {
    /// Everyone.
    pub all: ReachRow,
    /// County by county.
    pub counties: Vec<ReachRow>,
    /// Theil's T split by counties.
    pub theil: Option<Theil>,
    /// Lorenz curve of everyone: share of people, share of distance; those with the shortest way first. At most 101 points.
    pub lorenz: Vec<[f64; 2]>,
}

/// The people of a county's settlements, and their ways to the nearest station.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CountyWays {
    /// Settlements of unknown population.
    pub settlements_unknown: u64,
    /// People on a road that leads to no station.
    pub people_no_way: u64,
    /// People without a road near.
    pub people_left_out: u64,
    /// The others: a settlement each, with its way in millimetres.
    pub ways: Vec<Holding>,
}

/// Computes it from the ways of each county and a line in millimetres, above 0.
///
/// # Errors
/// As [`Distribution::new`].
pub fn reach<'w>(ways: impl Iterator<Item = &'w CountyWays>, line_mm: u32) -> Result<ReachEquity> {
    let ways: Vec<&CountyWays> = ways.collect();
    let row = |w: &&CountyWays| ReachRow {
        settlements: w.ways.len() as u64,
        settlements_unknown: w.settlements_unknown,
        people_no_way: w.people_no_way,
        people_left_out: w.people_left_out,
        ..ReachRow::default()
    };
    let mut rows: Vec<ReachRow> = ways.iter().map(row).collect();
    let line = f64::from(line_mm);
    let everyone = Distribution::new(ways.iter().flat_map(|w| w.ways.iter().copied()))?;
    let own: Vec<Distribution> = ways.iter().map(|w| Distribution::new(w.ways.iter().copied())).collect::<Result<_>>()?;
    let mut all = sum(&rows);
    measure(&mut all, &everyone, line);
    rows.iter_mut().zip(&own).for_each(|(row, d)| measure(row, d, line));
    Ok(ReachEquity { all, counties: rows, theil: theil_of_groups(&own)?, lorenz: everyone.lorenz(LORENZ_POINTS) })
}

fn sum(rows: &[ReachRow]) -> ReachRow {
    let add = |of: fn(&ReachRow) -> u64| rows.iter().map(of).sum();
    ReachRow {
        settlements: add(|r| r.settlements),
        settlements_unknown: add(|r| r.settlements_unknown),
        people_no_way: add(|r| r.people_no_way),
        people_left_out: add(|r| r.people_left_out),
        ..ReachRow::default()
    }
}

fn measure(row: &mut ReachRow, d: &Distribution, line: f64) {
    row.people = d.people();
    row.mean_mm = d.mean();
    row.gini = d.gini();
    row.theil = d.theil();
    let everyone = (d.people() + row.people_no_way) as f64;
    row.beyond = [0, 1, 2].map(|order| {
        let counted = d.poverty(Direction::HigherIsWorse, line, order).unwrap_or(0.0) * d.people() as f64;
        (everyone > 0.0).then(|| (counted + row.people_no_way as f64) / everyone)
    });
}
