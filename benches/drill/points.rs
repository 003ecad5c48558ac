//! Stations and settlements: where they are put, and their tables.

use super::lattice::Lattice;
use super::random::{Dice, Draws, Purpose, apportion};
use chargegap::internals::error::{Error, Result};
use chargegap::internals::space::{LocalFrame, LonLat};
use std::ops::Range;
use std::path::Path;

/// A station lies at most so far from its node, metres.
const STATION_OFF_M: f64 = 30.0;
/// The same for a settlement.
const SETTLEMENT_OFF_M: f64 = 200.0;
/// Share of the stations that counties attract; the rest lies anywhere.
const CLUSTERED: f64 = 0.7;
/// Every county with roads has so many settlements, where there are enough.
const LEAST_SETTLEMENTS: u64 = 3;

const OPERATORS: [&str; 5] = ["Synthetic Grid", "Synthetic Charge", "Synthetic Green", "Synthetic Swap", "Synthetic Rural"];

/// Writes the stations of a province: those with the numbers `numbers` of all.
///
/// # Errors
/// Environment, when the table cannot be written.
pub fn write_stations(path: &Path, lattice: &Lattice, counties: Range<usize>, numbers: Range<u64>, seed: u64) -> Result<()> {
    let attraction = Dice::new(seed, Purpose::Attraction);
    let mut sum = 0.0;
    let pull: Vec<f64> = counties
        .clone()
        .map(|c| {
            sum += lattice.nodes(c..c + 1).len() as f64 * attraction.of(c as u64).normal().exp();
            sum
        })
        .collect();
    let dice = Dice::new(seed, Purpose::Station);
    let columns = ["id", "name", "lon", "lat", "kind", "points", "power_kw", "operator", "access", "status", "opened"];
    table(path, &columns, numbers, |number| {
        let mut draws = dice.of(number);
        let clustered = draws.unit() < CLUSTERED;
        let drawn = draws.between(0.0, sum);
        let county = counties.start + pull.partition_point(|p| *p <= drawn).min(pull.len().saturating_sub(1));
        let own = if clustered { lattice.nodes(county..county + 1) } else { lattice.nodes(counties.clone()) };
        let at = near(lattice, own, STATION_OFF_M, &mut draws);
        station(number, at, &mut draws)
    })
}

fn station(number: u64, at: LonLat, draws: &mut Draws) -> Vec<String> {
    // 97 % charge and 4 % swap: one in a hundred does both.
    let kind = match draws.unit() {
        u if u < 0.96 => "charging",
        u if u < 0.97 => "both",
        _ => "swap",
    };
    let points = 2 + draws.below(11);
    let power = draws.word(&["60", "120", "120", "180", "240", ""]);
    let opened = format!("{}-{:02}", 2016 + draws.below(10), 1 + draws.below(12));
    vec![
        format!("S{:07}", number + 1),
        format!("Synthetic station {}", number + 1),
        at.lon().to_string(),
        at.lat().to_string(),
        kind.to_owned(),
        points.to_string(),
        power.to_owned(),
        draws.word(&OPERATORS).to_owned(),
        "public".to_owned(),
        "open".to_owned(),
        opened,
    ]
}

/// How many settlements each county has, by its number of nodes.
pub fn settlements_by_county(nodes: &[u64], settlements: u64) -> Vec<u64> {
    let with_roads = nodes.iter().filter(|n| **n > 0).count() as u64;
    let least = LEAST_SETTLEMENTS.min(settlements / with_roads.max(1));
    let mut shares = apportion(settlements - least * with_roads, nodes);
    shares.iter_mut().zip(nodes).filter(|(_, n)| **n > 0).for_each(|(share, _)| *share += least);
    shares
}

/// Writes the settlements of a province; `first` is the number of its first county's first, `shares` those of all.
///
/// # Errors
/// Environment, when the table cannot be written.
pub fn write_settlements(
    path: &Path,
    lattice: &Lattice,
    counties: Range<usize>,
    shares: &[u64],
    first: u64,
    seed: u64,
) -> Result<()> {
    let dice = Dice::new(seed, Purpose::Settlement);
    let owners: Vec<usize> = counties.flat_map(|c| std::iter::repeat_n(c, shares[c] as usize)).collect();
    let numbers = first..first + owners.len() as u64;
    table(path, &["id", "name", "lon", "lat", "population", "kind"], numbers, |number| {
        let county = owners[(number - first) as usize];
        let mut draws = dice.of(number);
        let at = near(lattice, lattice.nodes(county..county + 1), SETTLEMENT_OFF_M, &mut draws);
        let people = (300.0 * (0.8 * draws.normal()).exp()).round().max(1.0) as u64;
        vec![
            format!("V{:07}", number + 1),
            format!("Synthetic village {}", number + 1),
            at.lon().to_string(),
            at.lat().to_string(),
            people.to_string(),
            if people < 100 { "hamlet" } else { "village" }.to_owned(),
        ]
    })
}

/// Somewhere within `metres` of one of the nodes.
fn near(lattice: &Lattice, nodes: &[u32], metres: f64, draws: &mut Draws) -> LonLat {
    let node = nodes.get(draws.below(nodes.len())).map_or_else(LonLat::default, |cell| lattice.at(*cell));
    // The root makes the whole disc alike likely.
    let away = metres * draws.unit().sqrt();
    let (north, east) = (std::f64::consts::TAU * draws.unit()).sin_cos();
    let frame = LocalFrame::at(node);
    let [lon, lat] = [frame.degrees_of(away)[0] * east, frame.degrees_of(away)[1] * north];
    LonLat::new(node.lon() + lon, node.lat() + lat).unwrap_or(node)
}

fn table(path: &Path, columns: &[&str], numbers: Range<u64>, row: impl Fn(u64) -> Vec<String>) -> Result<()> {
    let failed = |e: csv::Error| Error::io("write the table", path, &e.into());
    let mut out = csv::Writer::from_path(path).map_err(failed)?;
    out.write_record(columns).map_err(failed)?;
    for number in numbers {
        out.write_record(row(number)).map_err(failed)?;
    }
    out.flush().map_err(|e| Error::io("write the table", path, &e))
}
