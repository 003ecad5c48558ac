//! What is left when a charging station fails (N−1): the two nearest different stations of every settlement, and what a county loses
//! without its busiest one. It knows roads, stations and settlements of a piece; ranking does not use it.
//!
//! The busiest station of a county is the nearest within the headline distance for most people of the county's settlements; ties go
//! to the one with more settlements, then to the lower id. Stations that look like one count as one: they fail together, and none of them
//! stands in for the other; the lowest of their ids names them.
//!
//! One search gives the two nearest stations of every node, [`KNearest`]. What they cost from a point on an edge follows from its two
//! ends, so without any one station the gap of an edge is exact: at each end the first that is another one counts. The two nearest of
//! a point are among the two nearest of both ends: a third one of an end is farther than two others on the same way.

mod columns;
mod county;
mod groups;
#[cfg(test)]
mod tests;
mod twice;

pub use columns::{FILE, NAME, layer, table};
pub use county::{Busiest, CountyRedundancy};

use groups::Groups;

use crate::config::Service;
use crate::config::criteria::{Criterion, Metric};
use crate::engine::{KNearest, Seed};
use crate::network::{Placed, RoadNetwork};
use crate::place::{SettlementOut, Site, StationOut};
use crate::space::LonLat;
use serde::{Deserialize, Serialize};

/// A way to a station by road.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Way {
    distance_mm: u32,
    /// Label of the station, or of those that look like one.
    station: u32,
}

/// The nearest station of a point, and the nearest that is another one.
type TwoWays = [Option<Way>; 2];

/// What is computed from.
pub struct RedundancyGround<'a> {
    /// The headline distance.
    pub limit: Criterion,
    /// No way farther than this is told, millimetres.
    pub most_mm: u32,
    /// The network.
    pub network: &'a RoadNetwork,
    /// Where stations stand.
    pub sites: &'a [Site],
    /// All stations, in reading order.
    pub stations: &'a [StationOut],
    /// All settlements, in reading order.
    pub settlements: &'a [SettlementOut],
    /// Where those on the network lie, in order.
    pub placed: &'a [Placed],
    /// Edges of each county.
    pub by_county: &'a [Vec<u32>],
}

/// A way to a station, as a row tells it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StationDistance {
    /// Distance by road, millimetres.
    pub distance_mm: u32,
    /// Id of the station; of several that look like one, the lowest.
    pub station: String,
}

/// A row of the layer: a settlement with its two nearest stations.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BackupRow {
    /// Id of the settlement as the source has it.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Where it lies.
    pub at: LonLat,
    /// County index; who keeps a row by county knows it.
    #[serde(skip)]
    pub county: u32,
    /// People.
    pub population: Option<u64>,
    /// The nearest station and the nearest other one.
    pub ways: [Option<StationDistance>; 2],
    /// Whether it has no station within the headline distance once the county's busiest is out, and has one before.
    pub loses: bool,
}

/// What comes out; nothing by default, for who does not ask.
#[derive(Debug, Default)]
pub struct Redundancy {
    /// One a county.
    pub counties: Vec<CountyRedundancy>,
    /// One a settlement, in reading order.
    ways: Vec<TwoWays>,
    /// Whether it loses its only station with the busiest of its county.
    loses: Vec<bool>,
}

/// Computes it for all counties of the ground.
pub fn compute(ground: &RedundancyGround<'_>) -> Redundancy {
    let groups = Groups::new(ground.stations, ground.sites);
    let charging = ground.sites.iter().filter(|s| s.offers(Service::Charging));
    let seeds: Vec<Seed> = charging.map(|s| Seed::at(s.node, groups.label(s.station))).collect();
    let mut search = KNearest::default();
    search.run(ground.network.arcs_to(Metric::Distance), &seeds, 2, ground.most_mm);
    let mut placed = ground.placed.iter();
    let ways: Vec<TwoWays> = ground
        .settlements
        .iter()
        .map(|s| s.snapped.and_then(|_| placed.next()).map_or([None; 2], |place| ways_from(ground, &search, *place)))
        .collect();
    let (counties, loses) = county::of_counties(ground, (&search, &groups), &ways);
    let named = |w: Way| Way { station: groups.named(w.station), ..w };
    let ways = ways.into_iter().map(|w| w.map(|w| w.map(named))).collect();
    Redundancy { counties, ways, loses }
}

impl Redundancy {
    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.ways.len()
    }

    /// The row of a settlement, by number.
    pub fn row(&self, i: usize, settlement: &SettlementOut, stations: &[StationOut]) -> BackupRow {
        let told =
            |w: Way| StationDistance { distance_mm: w.distance_mm, station: stations[w.station as usize].station.id.clone() };
        let s = &settlement.settlement;
        BackupRow {
            id: s.id.clone(),
            name: s.name.clone(),
            at: s.at,
            county: settlement.county,
            population: s.population,
            ways: self.ways[i].map(|w| w.map(told)),
            loses: self.loses[i],
        }
    }
}

/// The two nearest different stations of a point on an edge; of equally near ones first those ahead, as everywhere.
fn ways_from(ground: &RedundancyGround<'_>, search: &KNearest, place: Placed) -> TwoWays {
    let e = &ground.network.edges()[place.edge as usize];
    let ahead = search.of(e.head).map(|(cost, s)| (cost.checked_add(e.length_mm.saturating_sub(place.offset_mm)), 0u8, s));
    let back = search.of(e.tail).map(|(cost, s)| (cost.checked_add(place.offset_mm), 1, s)).filter(|_| !e.oneway);
    let mut all: Vec<(u32, u8, u32)> =
        ahead.chain(back).filter_map(|(cost, side, s)| Some((cost.filter(|mm| *mm <= ground.most_mm)?, side, s))).collect();
    all.sort_unstable();
    let mut ways = all.into_iter().map(|(distance_mm, _, station)| Way { distance_mm, station });
    let nearest = ways.next();
    [nearest, nearest.and_then(|n| ways.find(|w| w.station != n.station))]
}
