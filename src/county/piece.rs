//! What counties are computed from: a piece of network with what stands on it, and what is known of whole layers.

use super::road_rows::RoadRow;
use super::rows::ResultRow;
use super::scene::PeopleRaster;
use crate::config::Services;
use crate::config::Serving;
use crate::config::criteria::{Criteria, Criterion, Metric};
use crate::config::output::Output;
use crate::network::Draft;
use crate::read::road::Names;
use crate::read::settlement::Settlement;
use crate::read::station::Station;

/// What is known of the whole station layer and bears on single stations, and what is asked for beside the criteria. A shard's
/// fingerprint covers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LayerFacts {
    /// Services that some station offers.
    pub offered: Services,
    /// Most stations have guns or power, so that one without is odd.
    pub most_have_figures: bool,
    /// Gap lines shorter than this are not written, millimetres.
    pub shortest_gap_mm: u64,
    /// Most stations say who may use them, so that a silent one is odd.
    pub most_speak: bool,
}

/// Which figures are wanted beside those at the headline distance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Service distances by index, the headline first.
    pub distances: Vec<usize>,
    /// Also without the stations that may not exist.
    pub trusted: bool,
    /// Stages of [`super::OPTIONAL`] that are asked for.
    pub stages: Vec<&'static str>,
    /// Every piece of road as a row, for the layer of coverage.
    pub roads: bool,
}

impl Wanted {
    /// All that a ranking may ask for, and the stages that `[output]` does not leave out.
    pub fn all(criteria: &Serving, output: &Output) -> Self {
        let stages = super::OPTIONAL.iter().copied().filter(|stage| output.wants(stage)).collect();
        let roads = output.wants(RoadRow::LAYER) && output.wants_layer(RoadRow::LAYER);
        let others = (0..criteria.all.len()).filter(|c| *c != criteria.headline && criteria.all[*c].metric() == Metric::Distance);
        Self { distances: [criteria.headline].into_iter().chain(others).collect(), trusted: true, stages, roads }
    }
}

/// A piece: the whole network of a region without a bound, or the counties of a shard with all that lies within the longest service
/// distance of them.
pub struct Piece<'a> {
    /// What is asked for.
    pub criteria: &'a Criteria,
    /// What the whole layer says; where the piece has the whole layer, it says so itself.
    pub layer: Option<LayerFacts>,
    /// Codes of the counties that are asked for, in order.
    pub codes: Vec<String>,
    /// Whether a number behind those of the counties stands for all others.
    pub others: bool,
    /// Length of islands taken out of each county, millimetres.
    pub excluded_mm: Vec<u64>,
    /// The network; counties by their number in `codes`.
    pub draft: Draft,
    /// Names of its roads.
    pub names: &'a Names,
    /// Stations in reading order, each with its county.
    pub stations: Vec<(Station, u32)>,
    /// Settlements in reading order, each with its county.
    pub settlements: Vec<(Settlement, u32)>,
    /// Cells of population rasters, where any are given.
    pub raster: Option<PeopleRaster>,
    /// Ways are looked for up to the longest service distance and time only: the piece ends there.
    pub bounded: bool,
    /// Which figures are wanted.
    pub wanted: Wanted,
}

/// Longest service distance and time, millimetres and milliseconds; a time of 0 where none is asked for.
pub fn longest(criteria: &Serving) -> (u32, u32) {
    let of = |metric: Metric| criteria.all.iter().filter(|c| c.metric() == metric).map(|c| c.limit()).max().unwrap_or(0);
    (of(Metric::Distance).max(criteria.settlement_radius_mm), of(Metric::Time))
}

/// The longest service distance of all criteria as a distance on the ground, metres: no way that counts is longer, at `fastest_kmh`
/// by time.
pub fn reach_m(criteria: &Serving, fastest_kmh: f64) -> f64 {
    let of = |c: &Criterion| match c {
        Criterion::Distance(mm) => f64::from(*mm) / 1e3,
        Criterion::Time(ms) => f64::from(*ms) / 3.6e6 * fastest_kmh * 1e3,
    };
    criteria.all.iter().map(of).fold(f64::from(criteria.settlement_radius_mm) / 1e3, f64::max)
}
