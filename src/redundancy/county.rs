//! What a county has within reach of one station and of two, and what it loses without its busiest one.

use super::groups::Groups;
use super::twice::twice_mm;
use super::{RedundancyGround, TwoWays, Way};
use crate::config::criteria::Criterion;
use crate::coverage::gap_on_edge;
use crate::engine::{KNearest, UNREACHABLE};
use crate::network::Edge;
use crate::place::SettlementOut;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// The busiest station of a county, and what fails with it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Busiest {
    /// Id of the station.
    pub id: String,
    /// Settlements of the county that it is the nearest of, within the headline distance.
    pub settlements: u64,
    /// People in them.
    pub people: u64,
    /// Of the settlements, those that have no other station within the headline distance.
    pub lost_settlements: u64,
    /// People in them.
    pub lost_people: u64,
    /// Road of the county that is served and would not be without it, millimetres.
    pub lost_road_mm: u64,
}

/// Road, settlements and people of a county within the headline distance of a charging station, and of two different ones.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CountyRedundancy {
    /// Road with a station within reach, millimetres.
    pub road_served_mm: u64,
    /// Of it, with two, millimetres.
    pub road_twice_mm: u64,
    /// Settlements with a station within reach.
    pub settlements_served: u64,
    /// Of them, with two.
    pub settlements_twice: u64,
    /// People in settlements with a station within reach.
    pub people_served: u64,
    /// Of them, with two.
    pub people_twice: u64,
    /// Its busiest station; none where no settlement has one within reach.
    pub busiest: Option<Busiest>,
}

/// What a station is the nearest of.
#[derive(Clone, Copy, Default)]
struct Load {
    people: u64,
    settlements: u64,
    lost_people: u64,
    lost_settlements: u64,
}

/// Every county, and of every settlement whether it loses its only station with the busiest one of its county.
pub(super) fn of_counties(
    ground: &RedundancyGround<'_>,
    (search, groups): (&KNearest, &Groups),
    ways: &[TwoWays],
) -> (Vec<CountyRedundancy>, Vec<bool>) {
    let (mut counties, loads) = settlements(ground, ways);
    let busiest: Vec<Option<(u32, Load)>> = loads.iter().map(busiest_of).collect();
    counties.par_iter_mut().zip(ground.by_county).zip(&busiest).for_each(|((county, edges), busiest)| {
        let lost_road_mm = roads(ground, search, edges, busiest.map(|b| b.0), county);
        county.busiest = busiest.map(|(station, load)| Busiest {
            id: ground.stations[groups.named(station) as usize].station.id.clone(),
            settlements: load.settlements,
            people: load.people,
            lost_settlements: load.lost_settlements,
            lost_people: load.lost_people,
            lost_road_mm,
        });
    });
    let loses = |(s, ways): (&SettlementOut, &TwoWays)| {
        let [nearest, second] = ways.map(|w| within(ground.limit, w));
        second.is_none() && nearest.is_some_and(|n| busiest[s.county as usize].is_some_and(|b| b.0 == n.station))
    };
    let loses = ground.settlements.iter().zip(ways).map(loses).collect();
    (counties, loses)
}

/// Settlements and people of every county, and what each station is the nearest of there.
fn settlements(ground: &RedundancyGround<'_>, ways: &[TwoWays]) -> (Vec<CountyRedundancy>, Vec<BTreeMap<u32, Load>>) {
    let mut counties = vec![CountyRedundancy::default(); ground.by_county.len()];
    let mut loads: Vec<BTreeMap<u32, Load>> = vec![BTreeMap::new(); counties.len()];
    for (s, ways) in ground.settlements.iter().zip(ways) {
        let [nearest, second] = ways.map(|w| within(ground.limit, w));
        let Some(nearest) = nearest else { continue };
        let (people, twice) = (s.settlement.population.unwrap_or(0), u64::from(second.is_some()));
        let here = &mut counties[s.county as usize];
        here.settlements_served += 1;
        here.settlements_twice += twice;
        here.people_served += people;
        here.people_twice += twice * people;
        let load = loads[s.county as usize].entry(nearest.station).or_default();
        load.settlements += 1;
        load.people += people;
        load.lost_settlements += 1 - twice;
        load.lost_people += (1 - twice) * people;
    }
    (counties, loads)
}

fn within(limit: Criterion, way: Option<Way>) -> Option<Way> {
    way.filter(|w| w.distance_mm <= limit.limit())
}

/// The nearest one for most people; then for most settlements; then the one with the lower id, as labels go by ids.
fn busiest_of(loads: &BTreeMap<u32, Load>) -> Option<(u32, Load)> {
    let key = |(station, load): &(u32, Load)| (load.people, load.settlements, Reverse(*station));
    loads.iter().map(|(station, load)| (*station, *load)).max_by_key(key)
}

/// Adds up the roads of a county; what is lost without the busiest station, millimetres.
fn roads(
    ground: &RedundancyGround<'_>,
    search: &KNearest,
    edges: &[u32],
    busiest: Option<u32>,
    county: &mut CountyRedundancy,
) -> u64 {
    let mut lost_mm = 0;
    for e in edges.iter().map(|e| &ground.network.edges()[*e as usize]) {
        let ends = [e.tail, e.head].map(|node| two(search, node));
        let served_mm = served(e, ends, ground.limit, None);
        county.road_served_mm += served_mm;
        county.road_twice_mm += twice_mm(e, ends, ground.limit);
        if busiest.is_some() {
            lost_mm += served_mm - served(e, ends, ground.limit, busiest);
        }
    }
    lost_mm
}

/// The two nearest different stations of a node, nearest first.
fn two(search: &KNearest, node: u32) -> TwoWays {
    let mut of = search.of(node).map(|(distance_mm, station)| Way { distance_mm, station });
    [of.next(), of.next()]
}

/// Road of an edge that is served with the two nearest stations at its tail and its head, leaving one station out, millimetres.
fn served(e: &Edge, ends: [TwoWays; 2], limit: Criterion, without: Option<u32>) -> u64 {
    let cost = |ways: TwoWays| {
        let mut left = ways.into_iter().flatten().filter(|w| Some(w.station) != without);
        left.next().map_or(UNREACHABLE, |w| w.distance_mm)
    };
    let gap = gap_on_edge(e, cost(ends[0]), cost(ends[1]), limit);
    u64::from(e.length_mm - gap.map_or(0, |g| g.length_mm()))
}
