//! The straight path: read → network → coverage → access → rank. Each stage is a plain function; this calls them in turn.

use crate::access::{Nearest, nearest_from};
use crate::config::criteria::{ByService, Service, Services};
use crate::config::region_file::GapOutput;
use crate::config::{Criteria, RegionFile};
use crate::coverage::{Coverage, Ledger, Site, Stretch, Stretches, dead_stretches};
use crate::error::{Error, Result};
use crate::issue::{IssueCode, Issues, Layer};
use crate::network::{self, CountyIndex, Draft, Placed, RoadNetwork};
use crate::outcome::{Balance, Outcome, SettlementOut, StationOut};
use crate::rank::{CountyFigures, RankSettings, assess, equity, trust};
use crate::read::settlement::Settlement;
use crate::read::station::Station;
use crate::read::{Inputs, read_inputs};
use rayon::prelude::*;

mod counterfactual;
mod doubts;
mod evidence;
mod figures;
mod ground;
mod joint;
mod people;
mod place;
mod shard;
mod shift;
mod timings;
pub use doubts::most_have_figures;
use evidence::Scene;
pub use ground::{Ground, RoadBooks, build, network_of};
pub use place::not_qualifying;
use place::{place_settlements, place_stations};
pub use shard::{Computed, FiguresAt, Given, LATEST_MONTH, LayerFacts, compute, longest, reach_m};
pub use timings::{Timings, peak_mb, processor_time, resident_bytes};

/// How a run is done, beside what it is about.
pub struct Options<'a> {
    /// Any refused record stops the run.
    pub strict: bool,
    /// Told the name of each stage when it begins.
    pub on_stage: &'a dyn Fn(&'static str),
}

/// Reads and checks a region without analysing it.
///
/// # Errors
/// As the readers; too many refusals are left to the caller. `issues` holds what was found up to the error.
pub fn read(region: &RegionFile, issues: &mut Issues) -> Result<(Inputs, Criteria)> {
    let criteria = Criteria::from_region(region)?;
    RankSettings::from_table(&region.rank)?;
    let inputs = read_inputs(region, &criteria, issues)?;
    Ok((inputs, criteria))
}

/// Runs every stage up to the ranking.
///
/// # Errors
/// Input and usage from the readers; internal when the books do not close, and then nothing may be written.
pub fn analyse(region: &RegionFile, options: &Options<'_>, timings: &mut Timings) -> Result<Outcome> {
    let (ground, index) = build(region, options, timings)?;
    analyse_ground(ground, &index, options, timings)
}

/// Runs the stages that are left when a region was prepared.
///
/// # Errors
/// As [`analyse`].
pub fn analyse_prepared(ground: Ground, options: &Options<'_>, timings: &mut Timings) -> Result<Outcome> {
    timings.start("index");
    (options.on_stage)("index");
    let index = CountyIndex::new(&ground.counties);
    analyse_ground(ground, &index, options, timings)
}

fn analyse_ground(ground: Ground, index: &CountyIndex, options: &Options<'_>, timings: &mut Timings) -> Result<Outcome> {
    let mut stage = |name| {
        timings.start(name);
        (options.on_stage)(name);
    };
    let Ground { region, counties, stations, settlements, files, mut issues, draft, names, overlap, books } = ground;
    let region = &region;
    let (criteria, settings) = (Criteria::from_region(region)?, RankSettings::from_table(&region.rank)?);
    issues.check_refused_share(criteria.max_refused_share, options.strict)?;

    stage("snap");
    let declared = region.stations.as_ref().is_some_and(|s| s.datum.is_some());
    let on = put_on_network(draft, stations, settlements, index, (&criteria, declared), &mut issues)?;
    let OnNetwork { network, sites, stations, mut settlements, placed } = on;

    stage("cover");
    let coverage = Coverage::compute_for(&network, &sites, criteria.services);
    let ledger = Ledger::compute(&network, &coverage, &criteria.all, books.islands_mm.clone());
    let codes: Vec<&str> = counties.iter().map(|c| c.code.as_str()).collect();
    ledger.check(&network, &codes)?;
    let balance = balance(&books, &network, &ledger)?;

    stage("gaps");
    let by_county = evidence::edges_by_county(&network, counties.len());
    let asked = (0..codes.len()).collect::<Vec<_>>();
    let offered = sites.iter().fold(Services::NONE, |all, s| all.or(s.offers));
    let (stretches, longest_mm) = stretches(&network, &coverage, (&criteria, offered), (&codes, &asked), &ledger, &by_county)?;

    stage("access");
    access(&network, &coverage, &mut settlements, &placed);

    if region.population.is_some() {
        stage("people");
    }
    let people = people::count(region, &criteria, (index, counties.len()), &network, &coverage)?;

    stage("rank");
    let trust = trust::trust_of_counties(trust::Given {
        counties: &counties,
        stations: &stations,
        settlements: &settlements,
        network: &network,
        names: &names,
        ledger: &ledger,
        read_mm: books.read_mm,
        people: people.as_ref(),
        issues: &issues,
        newest: None,
    });
    let scene = Scene {
        region,
        criteria: &criteria,
        counties: (&counties, index),
        network: &network,
        sites: &sites,
        stations: &stations,
        settlements: &settlements,
        placed: &placed,
        coverage: &coverage,
        ledger: &ledger,
        people: people.as_ref(),
        longest_mm: &longest_mm.iter().map(|l| l[Service::Charging as usize]).collect::<Vec<_>>(),
        by_county: &by_county,
    };
    let evidence = scene.evidence(&settings, &trust)?;
    joint::tell_apart(&settings.table.joint, &counties, &mut issues);
    let assessment = assess(&evidence, &settings, &mut issues)?;
    if settings.table.counterfactuals.stations > 0 {
        stage("what if");
    }
    let ranked = counterfactual::Ranked { evidence: &evidence, settings: &settings, assessment: &assessment };
    let counterfactuals = counterfactual::find(&scene, ranked, &names, &mut issues)?;
    let figures = evidence.nominal().to_vec();
    let equity = equity::reach(&settlements, counties.len(), Service::Charging, criteria.headline_criterion().limit())?;
    note_findings(&mut issues, &overlap, &codes, &figures, &ledger, (&sites, criteria.services));
    timings.stop();
    Ok(Outcome {
        region: notices(region),
        criteria,
        settings,
        inputs: files,
        counties,
        figures,
        ledger,
        stretches,
        longest_mm,
        stations,
        sites,
        settlements,
        people,
        evidence,
        assessment,
        counterfactuals,
        equity,
        trust,
        network,
        coverage,
        names,
        balance,
        issues,
    })
}

/// The frozen network with everything that stands on it.
struct OnNetwork {
    network: RoadNetwork,
    sites: Vec<Site>,
    stations: Vec<StationOut>,
    settlements: Vec<SettlementOut>,
    /// Where the settlements that met a road lie, in order.
    placed: Vec<Placed>,
}

/// Snaps stations and settlements, makes every station a node, and freezes the network.
fn put_on_network(
    draft: Draft,
    stations: Vec<Station>,
    settlements: Vec<Settlement>,
    counties: &CountyIndex,
    (criteria, datum_declared): (&Criteria, bool),
    issues: &mut Issues,
) -> Result<OnNetwork> {
    place::refuse_swapped(&stations, counties)?;
    shift::refuse_shifted(&stations, &draft, datum_declared, issues)?;
    let near_m = f64::from(criteria.headline_criterion().limit()) / 1000.0;
    let near = |at| counties.border_within(at, near_m);
    let of_stations = place::locate(stations.par_iter().map(|s| s.at), counties);
    let of_settlements = place::locate(settlements.par_iter().map(|s| s.at), counties);
    let (mut stations, site_snaps) = place_stations(stations, &of_stations, &draft, &near, criteria, issues);
    let (settlements, settlement_snaps) = place_settlements(settlements, &of_settlements, &draft, criteria, issues);
    doubts::flag_duplicates(&mut stations, issues);
    let judged = doubts::most_have_figures(stations.iter().map(|s| &s.station));
    doubts::flag_ghosts(&mut stations, judged, issues);
    Ok(on_network(draft, stations, site_snaps, (settlements, settlement_snaps), criteria))
}

/// Freezes the network with every station as a node of it.
fn on_network(
    mut draft: Draft,
    stations: Vec<StationOut>,
    site_snaps: Vec<(network::Snap, usize)>,
    (settlements, settlement_snaps): (Vec<SettlementOut>, Vec<network::Snap>),
    criteria: &Criteria,
) -> OnNetwork {
    let (snap_list, at_station): (Vec<_>, Vec<usize>) = site_snaps.into_iter().unzip();
    let (mut nodes, mut placed) = network::split_at(&mut draft, &snap_list, &settlement_snaps);
    let network = draft.freeze(&mut nodes, &mut placed);
    let site = |(&i, &node): (&usize, &u32)| Site { station: i as u32, node, offers: criteria.offers(&stations[i].station) };
    let sites = at_station.iter().zip(&nodes).map(site).collect();
    OnNetwork { network, sites, stations, settlements, placed }
}

fn balance(books: &RoadBooks, network: &RoadNetwork, ledger: &Ledger) -> Result<Balance> {
    let balance = Balance {
        read_mm: books.read_mm,
        left_out_mm: books.left_out_mm,
        repeated_mm: books.repeated_mm,
        islands_mm: books.islands_mm.iter().sum::<u64>() + books.islands_outside_mm,
        outside_mm: ledger.outside_mm,
        ledger_mm: (0..ledger.counties()).map(|c| ledger.road_mm(c)).sum(),
        one_way_trap_mm: network::one_way_traps(network),
    };
    if balance.closes() {
        return Ok(balance);
    }
    Err(Error::internal(format!("the balance of road length does not close: {balance:?}")))
}

type Longest = Vec<ByService<u64>>;

/// Dead stretches of the counties `asked` for, of every service and criterion, checked against the ledger; those that are not to be
/// written are dropped again.
fn stretches(
    network: &RoadNetwork,
    coverage: &Coverage,
    (criteria, offered): (&Criteria, Services),
    (codes, asked): (&[&str], &[usize]),
    ledger: &Ledger,
    by_county: &[Vec<u32>],
) -> Result<(Stretches, Longest)> {
    // With no station at all the gap is the whole network; the ledger says so, and lines would only repeat the roads.
    let wanted =
        |service: Service, c: usize| c == criteria.headline || (criteria.gap_output == GapOutput::All && offered.has(service));
    let tasks: Vec<(Service, usize, usize)> = criteria
        .services
        .iter()
        .flat_map(|s| (0..criteria.all.len()).filter(move |c| wanted(s, *c)).map(move |c| (s, c)))
        .flat_map(|(s, c)| asked.iter().map(move |county| (s, c, *county)))
        .collect();
    // Sum, longest, and the stretches themselves where they are asked for.
    let lists: Vec<(u64, u64, Vec<Stretch>)> = tasks
        .par_iter()
        .map(|&(service, c, county)| {
            let reach = coverage.reach(service, criteria.all[c].metric());
            let list = dead_stretches(network, reach, service, (c, criteria.all[c]), county as u32, &by_county[county]);
            let sum = list.iter().map(|s| s.length_mm).sum();
            let longest = list.first().map_or(0, |s| s.length_mm);
            (sum, longest, if offered.has(service) { list } else { Vec::new() })
        })
        .collect();
    let mut longest = vec![ByService::default(); codes.len()];
    for (&(service, c, county), (sum, first_mm, _)) in tasks.iter().zip(&lists) {
        let want = ledger.total(county, service, c).gap_mm;
        if *sum != want {
            return Err(Error::internal(format!(
                "the dead stretches of county {} add up to {sum} mm and its ledger to {want} mm ({}, {})",
                codes[county],
                service.as_str(),
                criteria.all[c].label()
            )));
        }
        if c == criteria.headline {
            longest[county][service as usize] = *first_mm;
        }
    }
    Ok((Stretches::new(lists.into_iter().map(|l| l.2).collect()), longest))
}

fn access(network: &RoadNetwork, coverage: &Coverage, settlements: &mut [SettlementOut], placed: &[Placed]) {
    let mut on_network: Vec<&mut SettlementOut> = settlements.iter_mut().filter(|s| s.snapped.is_some()).collect();
    on_network.par_iter_mut().zip(placed.par_iter()).for_each(|(s, place)| {
        s.nearest = coverage.services().table(|service| -> Option<Nearest> { nearest_from(network, coverage, service, *place) });
    });
}

fn note_findings(
    issues: &mut Issues,
    overlap: &network::Overlap,
    codes: &[&str],
    figures: &[CountyFigures],
    ledger: &Ledger,
    (sites, services): (&[Site], Services),
) {
    for ((a, b), mm) in overlap {
        let (a, b) = (codes[*a as usize], codes[*b as usize]);
        let what = format!("counties {a} and {b} both cover {:.3} km of road; it was booked in {a}", *mm as f64 / 1e6);
        issues.push_many(Layer::Counties, IssueCode::CountyOverlap, crate::error::Location::default().id(a), what, 1, *mm);
    }
    for f in figures.iter().filter(|f| f.road_total_mm() == 0) {
        let at = crate::error::Location::default().id(f.code.as_str());
        issues.push(Layer::Counties, IssueCode::CountyWithoutRoad, at, "no road was read in this county");
    }
    if ledger.outside_mm > 0 {
        let what = format!(
            "{:.3} km of road lie outside every county; they serve the network and are in no ledger",
            ledger.outside_mm as f64 / 1e6
        );
        issues.push_many(Layer::Roads, IssueCode::OutsideCounties, Default::default(), what, 1, ledger.outside_mm);
    }
    for service in services.iter().filter(|s| !sites.iter().any(|x| x.offers(*s))) {
        let what = format!("no usable station offers {}", service.names()[0]);
        issues.push(Layer::Stations, IssueCode::NoStation, Default::default(), what);
    }
}

/// Names and notices with what the sources require.
pub fn notices(region: &RegionFile) -> crate::config::region_file::RegionTable {
    let mut table = region.region.clone();
    let osm = "© OpenStreetMap contributors, ODbL 1.0";
    if region.osm.is_some() && !table.attribution.iter().any(|a| a.contains("OpenStreetMap")) {
        table.attribution.push(osm.to_owned());
    }
    table
}

/// All stations that are used.
pub fn used(stations: &[StationOut]) -> impl Iterator<Item = &StationOut> {
    stations.iter().filter(|s| s.used)
}
