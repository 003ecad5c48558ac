//! The straight path: read → network → coverage → access → rank. Each stage is a plain function; this calls them in turn.

use crate::access;
use crate::config::{Criteria, RegionFile};
use crate::config::{Service, Services};
use crate::county::trust as evidence_of;
use crate::county::{gaps, people};
use crate::coverage::{Coverage, Ledger};
use crate::error::{Error, Result};
use crate::issue::{IssueCode, Issues, Layer};
use crate::network::{self, CountyIndex, RoadNetwork};
use crate::place::Site;
use crate::place::{OnNetwork, put_on_network};
use crate::prepared::ground::Balance;
use crate::prepared::ground::Options;
use crate::rank::{CountyFigures, RankSettings, assess, equity};
use crate::results::Outcome;
use crate::whatif::counterfactual;

pub use crate::county::compute::{Computed, FiguresAt, Given, LATEST_MONTH, LayerFacts, compute, longest, reach_m};
use crate::county::scene::Scene;
pub use crate::measure::Timings;
pub use crate::place::doubts::most_have_figures;
pub use crate::place::onto_road::not_qualifying;
pub use crate::prepared::ground::{Ground, RoadBooks, build, network_of};

/// Runs every stage up to the ranking.
///
/// # Errors
/// Input and usage from the readers; internal when the books do not close, and then nothing may be written.
pub fn analyse(region: &RegionFile, options: &Options<'_>, timings: &mut Timings) -> Result<Outcome> {
    RankSettings::from_table(&region.rank)?; // before hours of reading
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
    let by_county = crate::county::scene::edges_by_county(&network, counties.len());
    let asked = (0..codes.len()).collect::<Vec<_>>();
    let offered = sites.iter().fold(Services::NONE, |all, s| all.or(s.offers));
    let (stretches, longest_mm) =
        gaps::stretches(&network, &coverage, (&criteria, offered), (&codes, &asked), &ledger, &by_county)?;

    stage("access");
    access::to_settlements(&network, &coverage, &mut settlements, &placed);

    if region.population.is_some() {
        stage("people");
    }
    let people = people::count(region, &criteria, (index, counties.len()), &network, &coverage)?;

    stage("rank");
    let trust = evidence_of::trust_of_counties(evidence_of::Given {
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
    crate::place::neighbours::tell_apart(&settings.table.joint, &counties, &mut issues);
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
        region: crate::config::region_file::notices(region),
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
