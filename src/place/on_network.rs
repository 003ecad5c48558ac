//! The network with every station as a node of it: what counties are computed on.

use super::onto_road::{place_settlements, place_stations};
use super::{SettlementOut, Site, StationOut, doubts, offers};
use crate::config::Serving;
use crate::issue::Issues;
use crate::network::{self, Draft, Placed, RoadNetwork};
use crate::read::settlement::Settlement;
use crate::read::station::Station;

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

/// Judges and snaps stations and settlements, each given with its county, flags what is doubtful, makes every station that is used a
/// node, and freezes the network. `most_have_figures` says whether most stations of the whole layer have guns or power; where it is
/// not given, these are the whole layer.
pub fn put_on_network(
    mut draft: Draft,
    stations: Vec<(Station, u32)>,
    settlements: Vec<(Settlement, u32)>,
    (serving, most_have_figures): (&Serving, Option<bool>),
    issues: &mut Issues,
) -> OnNetwork {
    let (stations, of_stations): (Vec<_>, Vec<_>) = stations.into_iter().unzip();
    let (settlements, of_settlements): (Vec<_>, Vec<_>) = settlements.into_iter().unzip();
    let (mut stations, site_snaps) = place_stations(stations, &of_stations, &draft, serving, issues);
    let (settlements, settlement_snaps) = place_settlements(settlements, &of_settlements, &draft, serving, issues);
    doubts::tell_double_settlements(&settlements, issues);
    doubts::flag_duplicates(&mut stations, issues);
    let judged = most_have_figures.unwrap_or_else(|| doubts::most_have_figures(stations.iter().map(|s| &s.station)));
    doubts::flag_ghosts(&mut stations, judged, issues);
    let (snap_list, at_station): (Vec<_>, Vec<usize>) = site_snaps.into_iter().unzip();
    let (mut nodes, mut placed) = network::split_at(&mut draft, &snap_list, &settlement_snaps);
    let network = draft.freeze(&mut nodes, &mut placed);
    let site = |(&i, &node): (&usize, &u32)| Site { station: i as u32, node, offers: offers(serving, &stations[i].station) };
    let sites = at_station.iter().zip(&nodes).map(site).collect();
    OnNetwork { network, sites, stations, settlements, placed }
}
