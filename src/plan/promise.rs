//! What holds with the sites of a plan: computed as a run computes it that reads them among its stations, so that such a run keeps the plan's
//! promise to the millimetre.

use super::candidates::CandidateSite;
use crate::access;
use crate::config::plan::NewStation;
use crate::config::station_words::Access;
use crate::config::{Criteria, Service, Services};
use crate::county::{Needs, NeedsAsked, Scene, Standing, needs};
use crate::coverage::{Coverage, Ledger, Stretches};
use crate::engine::UNREACHABLE;
use crate::error::Result;
use crate::issue::Issues;
use crate::network::{Draft, NO_COUNTY};
use crate::place::{OnNetwork, SettlementOut, put_on_network};
use crate::programme::MOST_AC_KW;
use crate::read::equipment::Equipment;
use crate::read::road::Names;
use crate::read::settlement::Settlement;
use crate::read::station::Station;

/// Share of the time in which a new station is planned to work.
pub const AVAILABILITY: f64 = 1.0;

/// The station that a site becomes: what is written of it, and what a run reads back.
pub fn new_station(site: &CandidateSite, service: Service, station: NewStation) -> Station {
    let plug = !matches!(service, Service::Swap | Service::Hydrogen);
    Station {
        id: site.id.clone(),
        name: site.names[0].clone(),
        at: site.at,
        charging: plug,
        swap: service == Service::Swap,
        hydrogen: service == Service::Hydrogen,
        points: plug.then_some(station.guns),
        power_kw: plug.then_some(station.gun_kw),
        total_kw: plug.then_some(station.rated_kw()),
        swap_bays: (service == Service::Swap).then_some(station.bays),
        swap_batteries: (service == Service::Swap).then_some(station.packs),
        trucks: (service == Service::TruckCharging).then_some(true),
        // it is planned for everybody, certified, and to work all the time, as the station that is tried; the files of a plan say so
        access: Access::Public,
        equipment: Equipment {
            headroom_kw: site.headroom_kw,
            availability: Some(AVAILABILITY),
            dc_points: dc_points(service, station),
            certified: Some(true),
            ..Equipment::default()
        },
        ..Station::default()
    }
}

/// Guns of it that are direct current: all of those that are stronger than alternating current can be; none where that cannot be told.
pub fn dc_points(service: Service, station: NewStation) -> Option<u32> {
    let plug = !matches!(service, Service::Swap | Service::Hydrogen);
    (plug && station.gun_kw > MOST_AC_KW).then_some(station.guns)
}

/// The same station, opened on the first day of a year.
pub(super) fn opened_in(station: Station, year: u32) -> Station {
    Station { opened: format!("{year}-01-01"), ..station }
}

/// What holds with the new stations.
pub(super) struct Promise {
    pub ledger: Ledger,
    pub settlements: Vec<SettlementOut>,
    pub needs: Needs,
}

/// What it is computed from.
pub(super) struct PromiseGround<'a> {
    pub scene: &'a Scene,
    pub names: &'a Names,
    /// What is asked beside coverage; none where the loads are not wanted.
    pub asked: Option<&'a NeedsAsked<'a>>,
    /// Vehicles of settlements over today's.
    pub vehicles: f64,
}

/// Puts the new stations, each with its county, among those that stand, and computes coverage of the services, ledger, ways and loads.
pub(super) fn promise(g: &PromiseGround<'_>, draft: Draft, new: Vec<(Station, Option<u32>)>) -> Result<Promise> {
    let Scene { criteria, codes, stations, settlements, ledger, .. } = g.scene;
    let county = |c: Option<u32>| c.unwrap_or(NO_COUNTY);
    let stood = stations.iter().map(|s| (s.station.clone(), county(s.county)));
    let all = stood.chain(new.into_iter().map(|(s, c)| (s, county(c)))).collect();
    let lived = settlements.iter().map(|s| (with_vehicles(&s.settlement, g.vehicles), s.county)).collect();
    let OnNetwork { network, sites, stations, mut settlements, placed } =
        put_on_network(draft, all, lived, (&criteria.serving, None), &mut Issues::default());
    let services: Services = criteria.serving.services;
    let coverage = Coverage::compute_within(&network, &sites, services, [UNREACHABLE; 2]);
    let ledger = Ledger::compute(&network, &coverage, &criteria.serving.all, ledger.excluded_mm.clone());
    access::to_settlements(&network, &coverage, &mut settlements, &placed);
    let found = match g.asked {
        None => Needs::default(),
        Some(asked) => {
            let criteria = without_trial(criteria);
            let (codes, names, stretches) = (codes.as_slice(), g.names, &Stretches::default());
            let standing = Standing {
                criteria: &criteria,
                codes,
                network: &network,
                names,
                sites: &sites,
                stations: &stations,
                settlements: &settlements,
                placed: &placed,
                stretches,
            };
            needs(&standing, asked, &|_| {})?
        }
    };
    Ok(Promise { ledger, settlements, needs: found })
}

/// A settlement with so many times its vehicles.
fn with_vehicles(settlement: &Settlement, times: f64) -> Settlement {
    let vehicles = settlement.vehicles.map(|v| v.map(|n| n * times));
    Settlement { vehicles, ..settlement.clone() }
}

/// No station is tried beside those of the plan.
fn without_trial(criteria: &Criteria) -> Criteria {
    let mut criteria = criteria.clone();
    if let Some(demand) = &mut criteria.demand {
        demand.trial = None;
    }
    criteria
}
