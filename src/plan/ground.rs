//! The network that a plan is made on: stations that are used and candidates are nodes of it, so that all of them cover whole pieces of road
//! to the millimetre.

use super::candidates::CandidateSite;
use crate::config::criteria::Criterion;
use crate::config::{Service, Services, Serving};
use crate::coverage::Coverage;
use crate::network::{Draft, Placed, RoadNetwork, Snap, nearest_of_all, split_at};
use crate::place::{SettlementOut, Site, StationOut, offers};
use crate::space::LonLat;

/// See the head of the module.
pub(super) struct PlanNet {
    /// The network.
    pub network: RoadNetwork,
    /// Coverage of the service by the stations that are used.
    pub coverage: Coverage,
    /// Stations that are used, with their nodes.
    pub sites: Vec<Site>,
    /// Candidates that met a road, as places in the list that was given, with their nodes.
    pub candidates: Vec<(usize, u32)>,
    /// Nodes of the stations that offer the service.
    pub standing: Vec<u32>,
    /// Nodes of settlements that were asked for, in order, those that met a road.
    pub places: Vec<u32>,
    /// Settlements that met a road, as places in the list, with where.
    pub settlements: Vec<(usize, Placed)>,
}

impl PlanNet {
    /// Puts stations, settlements and candidates on the bare network.
    pub fn new(
        mut draft: Draft,
        (stations, settlements): (&[StationOut], &[SettlementOut]),
        candidates: &[CandidateSite],
        (serving, service, criterion): (&Serving, Service, Criterion),
        places: &[usize],
    ) -> Self {
        let used: Vec<(u32, &StationOut)> = (0u32..).zip(stations).filter(|(_, s)| s.used).collect();
        let at: Vec<LonLat> = used.iter().map(|(_, s)| s.station.at).chain(candidates.iter().map(|c| c.at)).collect();
        let found = nearest_of_all(&draft, &at, serving.max_snap_m);
        let (mut on, mut of): (Vec<Snap>, Vec<usize>) = found.iter().enumerate().filter_map(|(i, s)| Some(((*s)?, i))).unzip();
        let at: Vec<LonLat> = places.iter().map(|i| settlements[*i].settlement.at).collect();
        let beside = nearest_of_all(&draft, &at, serving.settlement_max_snap_m);
        beside.into_iter().flatten().for_each(|snap| {
            on.push(snap);
            of.push(usize::MAX);
        });
        let living: Vec<usize> = (0..settlements.len()).filter(|i| settlements[*i].snapped.is_some()).collect();
        let at: Vec<LonLat> = living.iter().map(|i| settlements[*i].settlement.at).collect();
        let snaps: Vec<Option<Snap>> = nearest_of_all(&draft, &at, serving.settlement_max_snap_m);
        let (others, whose): (Vec<Snap>, Vec<usize>) = snaps.iter().zip(living).filter_map(|(s, i)| Some(((*s)?, i))).unzip();
        let (mut nodes, mut placed) = split_at(&mut draft, &on, &others);
        let network = draft.freeze(&mut nodes, &mut placed);
        let mut sites = Vec::new();
        let (mut open, mut places) = (Vec::new(), Vec::new());
        for (i, node) in of.into_iter().zip(nodes) {
            match used.get(i) {
                Some((station, s)) => sites.push(Site { station: *station, node, offers: offers(serving, &s.station) }),
                None if i == usize::MAX => places.push(node),
                None => open.push((i - used.len(), node)),
            }
        }
        let standing = sites.iter().filter(|s| s.offers(service)).map(|s| s.node).collect();
        let coverage = Coverage::compute_within(&network, &sites, Services::of(&[service]), most(criterion));
        let settlements = whose.into_iter().zip(placed).collect();
        Self { network, coverage, sites, candidates: open, standing, places, settlements }
    }
}

/// No way farther than the reach matters to a plan.
pub(super) fn most(criterion: Criterion) -> [u32; 2] {
    let far = |limit: u32| limit.saturating_add(1);
    match criterion {
        Criterion::Distance(mm) => [far(mm), 0],
        Criterion::Time(ms) => [0, far(ms)],
    }
}
