//! How much may be asked for: numbers that multiply the work or the memory of a run, each with the most that it may be.

use super::RankTable;
use crate::error::{Error, Location, Result};

/// Service distances, and as many service times.
pub const MOST_LIMITS: usize = 32;
/// Draws of the uncertainty: the share of a county has a standard error of 0.0005 then.
pub const MOST_DRAWS: u32 = 1_000_000;
/// Samples of the sensitivity indices; each is computed once more for every factor.
pub const MOST_SAMPLES: u32 = 65_536;
/// Indicators of an index.
pub const MOST_INDICATORS: usize = 200;
/// Funding lines.
pub const MOST_LINES: usize = 100;
/// Groups of counties that apply together.
pub const MOST_JOINT: usize = 10_000;
/// New stations that are tried in a county, and the counties.
pub const MOST_STATIONS: usize = 100;
/// Counties in which new stations are tried.
pub const MOST_TRIED: usize = 10_000;
/// Region files, or patterns of them, of a round.
pub const MOST_REGIONS: usize = 10_000;

/// Refuses more of something than is computed, and says how much is.
///
/// # Errors
/// Usage, naming the key.
pub fn check(key: &str, asked: u64, most: u64, shown: Option<&str>) -> Result<()> {
    if asked <= most {
        return Ok(());
    }
    let at = shown.map(Location::file).unwrap_or_default().field(key);
    Err(Error::usage(format!("{asked} is more than {most}, the most of {key}"), format!("give {most} or fewer")).at(at))
}

/// Refuses a `[rank]` that asks for more than is computed.
///
/// # Errors
/// Usage, naming the key.
pub fn check_rank(table: &RankTable) -> Result<()> {
    let u = &table.uncertainty;
    let asked = [
        ("rank.uncertainty.draws", u64::from(u.draws), u64::from(MOST_DRAWS)),
        ("rank.uncertainty.samples", u64::from(u.samples), u64::from(MOST_SAMPLES)),
        ("rank.uncertainty.distances_km", count(u.distances_km.as_ref().map_or(0, Vec::len)), count(MOST_LIMITS)),
        ("rank.uncertainty.normalise", count(u.normalise.len()), count(MOST_LIMITS)),
        ("rank.uncertainty.aggregate", count(u.aggregate.len()), count(MOST_LIMITS)),
        ("rank.indicators", count(table.indicators.len()), count(MOST_INDICATORS)),
        ("rank.lines", count(table.lines.len()), count(MOST_LINES)),
        ("rank.joint", count(table.joint.len()), count(MOST_JOINT)),
        ("rank.counterfactuals.stations", count(table.counterfactuals.stations), count(MOST_STATIONS)),
        ("rank.counterfactuals.most", count(table.counterfactuals.most), count(MOST_TRIED)),
    ];
    asked.into_iter().try_for_each(|(key, asked, most)| check(key, asked, most, None))
}

fn count(n: usize) -> u64 {
    n as u64
}
