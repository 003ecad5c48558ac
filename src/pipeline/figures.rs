//! Gathers the figures of each county from the ledger, the stations and the settlements.

use crate::config::Criteria;
use crate::config::RoadClass;
use crate::config::criteria::{ByService, Service};
use crate::coverage::Ledger;
use crate::outcome::{SettlementOut, StationOut};
use crate::rank::CountyFigures;
use crate::read::county::County;

/// Figures of every county, at the headline distance.
pub fn of_counties(
    counties: &[County],
    ledger: &Ledger,
    criteria: &Criteria,
    stations: &[StationOut],
    settlements: &[SettlementOut],
    longest_mm: &[ByService<u64>],
) -> Vec<CountyFigures> {
    let mut all: Vec<CountyFigures> = counties
        .iter()
        .enumerate()
        .map(|(i, county)| CountyFigures {
            code: county.code.clone(),
            residents: county.population,
            road_mm: RoadClass::ALL.map(|c| ledger.class_mm(i, c)),
            gap_mm: RoadClass::ALL.map(|c| ledger.cell(i, Service::Charging, criteria.headline, c).gap_mm),
            longest_stretch_mm: longest_mm[i][Service::Charging as usize],
            ..CountyFigures::default()
        })
        .collect();
    for s in stations.iter().filter(|s| s.used) {
        let Some(f) = s.county.map(|c| &mut all[c as usize]) else { continue };
        f.charging_stations += u64::from(s.station.charging);
        f.swap_stations += u64::from(s.station.swap);
        f.points += s.station.points.map_or(0, u64::from);
        f.power_kw += s.station.total_kw.unwrap_or(0.0);
    }
    let limit = criteria.headline_criterion().limit();
    for s in settlements.iter().filter(|s| s.snapped.is_some()) {
        let f = &mut all[s.county as usize];
        let distance = s.nearest[Service::Charging as usize].map(|n| n.distance_mm);
        let beyond = |mm: u32| distance.is_none_or(|d| d > mm);
        f.settlements += 1;
        f.settlements_in_gap += u64::from(beyond(limit));
        f.settlements_without_station += u64::from(beyond(criteria.settlement_radius_mm));
        let people = s.settlement.population.unwrap_or(0);
        f.people += people;
        f.people_in_gap += if beyond(limit) { people } else { 0 };
    }
    for f in &mut all {
        (f.settlement_people, f.settlement_people_in_gap) = (f.people, f.people_in_gap);
    }
    all
}
