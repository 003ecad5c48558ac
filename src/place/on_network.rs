//! The network with every station as a node of it: what a run and a piece of a round are computed on.

use super::onto_road::{self, place_settlements, place_stations};
use super::{SettlementOut, Site, StationOut, doubts, shift};
use crate::config::Criteria;
use crate::error::Result;
use crate::issue::Issues;
use crate::network::{self, CountyIndex, Draft, Placed, RoadNetwork};
use crate::read::settlement::Settlement;
use crate::read::station::Station;
use rayon::prelude::*;

/// The frozen network with everything that stands on it.
pub struct OnNetwork {
    /// The network.
    pub network: RoadNetwork,
    /// Where the used stations stand.
    pub sites: Vec<Site>,
    /// All stations.
    pub stations: Vec<StationOut>,
    /// Settlements inside a county.
    pub settlements: Vec<SettlementOut>,
    /// Where the settlements that met a road lie, in order.
    pub placed: Vec<Placed>,
}

/// Snaps stations and settlements, makes every station a node, and freezes the network.
pub fn put_on_network(
    draft: Draft,
    stations: Vec<Station>,
    settlements: Vec<Settlement>,
    counties: &CountyIndex,
    (criteria, datum_declared): (&Criteria, bool),
    issues: &mut Issues,
) -> Result<OnNetwork> {
    onto_road::refuse_swapped(&stations, counties)?;
    shift::refuse_shifted(&stations, &draft, datum_declared, issues)?;
    let near_m = f64::from(criteria.headline_criterion().limit()) / 1000.0;
    let near = |at| counties.border_within(at, near_m);
    let of_stations = onto_road::locate(stations.par_iter().map(|s| s.at), counties);
    let of_settlements = onto_road::locate(settlements.par_iter().map(|s| s.at), counties);
    let (mut stations, site_snaps) = place_stations(stations, &of_stations, &draft, &near, criteria, issues);
    let (settlements, settlement_snaps) = place_settlements(settlements, &of_settlements, &draft, criteria, issues);
    doubts::flag_duplicates(&mut stations, issues);
    let judged = doubts::most_have_figures(stations.iter().map(|s| &s.station));
    doubts::flag_ghosts(&mut stations, judged, issues);
    Ok(on_network(draft, stations, site_snaps, (settlements, settlement_snaps), criteria))
}

/// Freezes the network with every station as a node of it.
pub fn on_network(
    mut draft: Draft,
    stations: Vec<StationOut>,
    site_snaps: Vec<(network::Snap, usize)>,
    (settlements, settlement_snaps): (Vec<SettlementOut>, Vec<network::Snap>),
    criteria: &Criteria,
) -> OnNetwork {
    let (snap_list, at_station): (Vec<_>, Vec<usize>) = site_snaps.into_iter().unzip();
    let (mut nodes, mut placed) = network::split_at(&mut draft, &snap_list, &settlement_snaps);
    let network = draft.freeze(&mut nodes, &mut placed);
    let site = |(&i, &node): (&usize, &u32)| Site {
        station: i as u32,
        node,
        offers: crate::place::offers(&criteria, &stations[i].station),
    };
    let sites = at_station.iter().zip(&nodes).map(site).collect();
    OnNetwork { network, sites, stations, settlements, placed }
}
