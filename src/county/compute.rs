//! The one pure function of a run and of a round: a piece of network with what stands on it in, a result for each of its counties out.
//! It reads no file and knows nothing of other pieces; checks of whole layers come before it, the ranking after it.
//!
//! A shard's piece reaches far enough beyond its counties that nothing left out could change a figure: no way of a length that is
//! asked for leads out of it and back. What has no bound, such as the way to the nearest station wherever that is, is cut off
//! at the longest service distance there.

use super::gaps::stretches;
use super::piece::{LayerFacts, Piece, longest};
use super::result::{CountyResult, FiguresAt, ServiceBooks};
use super::scene::{Scene, edges_by_county, people_of};
use super::{doubtful_of, most_speak, trust, ways_of_counties};
use crate::access;
use crate::config::criteria::Metric;
use crate::config::{RoadClass, Service, Services, Serving};
use crate::coverage::{Coverage, Ledger};
use crate::engine::UNREACHABLE;
use crate::error::Result;
use crate::issue::{Issue, Issues};
use crate::place::{OnNetwork, SettlementOut, offers, put_on_network};
use crate::redundancy;
use std::collections::BTreeMap;

/// What comes out.
pub struct Computed {
    /// One a county, in the order of the piece.
    pub results: Vec<CountyResult>,
    /// What rows of layers are made from, and new stations are tried on.
    pub scene: Scene,
    /// What was found about stations and settlements, those outside every county among them.
    pub issues: Issues,
}

/// Month that the age of stations is measured against in a piece: later than any; who knows the whole layer knows the newest.
pub const LATEST_MONTH: u32 = 2100 * 12 + 11;

/// Stages that `[output] without` can leave out. What a shard yields depends on them, so its fingerprint covers them.
pub const OPTIONAL: [&str; 1] = [redundancy::NAME];

/// Computes the counties of a piece; `stage` is told the name of each stage when it begins.
///
/// # Errors
/// Internal, when books do not close.
pub fn compute(piece: Piece<'_>, stage: &dyn Fn(&'static str)) -> Result<Computed> {
    let Piece { criteria, layer, codes, others, excluded_mm, draft, names, stations, settlements, raster, bounded, wanted } =
        piece;
    let counties = codes.len();
    let mut issues = Issues::default();
    stage("snap");
    let judged = (&criteria.serving, layer.map(|l| l.most_have_figures));
    let OnNetwork { network, sites, stations, mut settlements, placed } =
        put_on_network(draft, stations, settlements, judged, &mut issues);

    stage("cover");
    let coverage = Coverage::compute_within(&network, &sites, criteria.serving.services, bounds(&criteria.serving, bounded));
    let ledger = Ledger::compute(&network, &coverage, &criteria.serving.all, excluded_mm);
    let all_codes: Vec<String> = codes.iter().cloned().chain(others.then(String::new)).collect();
    let shown: Vec<&str> = all_codes.iter().map(String::as_str).collect();
    ledger.check(&network, &shown)?;

    stage("gaps");
    let mut by_county = edges_by_county(&network, all_codes.len());
    by_county.iter_mut().skip(counties).for_each(Vec::clear);
    let asked: Vec<usize> = (0..counties).collect();
    let offered = layer.map_or_else(|| sites.iter().fold(Services::NONE, |all, s| all.or(s.offers)), |l| l.offered);
    let (stretches, longest_mm) = stretches(&network, &coverage, (criteria, offered), (&shown, &asked), &ledger, &by_county)?;

    stage("access");
    access::to_settlements(&network, &coverage, &mut settlements, &placed);
    if bounded {
        bound(&mut settlements, &criteria.serving);
    }
    if raster.is_some() {
        stage("people");
    }
    let people = people_of(raster.as_ref(), &criteria.serving, &network, &coverage)?;

    let asked = wanted.stages.contains(&redundancy::NAME);
    let backup = asked.then(|| {
        stage("redundancy");
        redundancy::compute(&redundancy::RedundancyGround {
            limit: criteria.serving.headline_criterion(),
            most_mm: if bounded { longest(&criteria.serving).0 } else { UNREACHABLE },
            network: &network,
            sites: &sites,
            stations: &stations,
            settlements: &settlements,
            placed: &placed,
            by_county: &by_county,
        })
    });

    stage("evidence");
    let given = trust::CountedFrom { stations: &stations, settlements: &settlements, network: &network, names, ledger: &ledger };
    let trust = trust::evidence(given, counties);
    let criteria = criteria.clone();
    let scene = Scene {
        criteria,
        codes: all_codes,
        network,
        sites,
        stations,
        settlements,
        placed,
        coverage,
        ledger,
        stretches,
        longest_mm,
        by_county,
        raster,
        people,
        backup: backup.unwrap_or_default(),
    };
    let results = results(&scene, counties, layer, &wanted, trust, &issues)?;
    Ok(Computed { results, scene, issues })
}

/// How far ways are looked for, millimetres and milliseconds.
fn bounds(criteria: &Serving, bounded: bool) -> [u32; 2] {
    let (far_mm, long_ms) = longest(criteria);
    if bounded { [far_mm.saturating_add(1), long_ms.saturating_add(1)] } else { [UNREACHABLE; 2] }
}

/// Takes away ways that are longer than is asked for: a larger piece of network might know a shorter one.
fn bound(settlements: &mut [SettlementOut], criteria: &Serving) {
    let (far_mm, long_ms) = longest(criteria);
    for nearest in settlements.iter_mut().flat_map(|s| s.nearest.iter_mut()) {
        *nearest = nearest.filter(|n| n.distance_mm <= far_mm);
        if let Some(n) = nearest.as_mut().filter(|n| n.time_ms > long_ms) {
            n.time_ms = u32::MAX;
        }
    }
}

fn results(
    scene: &Scene,
    counties: usize,
    layer: Option<LayerFacts>,
    wanted: &super::Wanted,
    trust: Vec<crate::rank::trust::InputCounts>,
    issues: &Issues,
) -> Result<Vec<CountyResult>> {
    let speak = || most_speak(scene.stations.iter().filter(|s| s.used).map(|s| &s.station));
    let doubtful = doubtful_of(&scene.stations, layer.map_or_else(speak, |l| l.most_speak));
    let figures = scene.figures(&wanted.distances, if wanted.trusted { &doubtful } else { &[] })?;
    let mut stations = vec![[0u64; Service::ALL.len()]; counties];
    for s in scene.stations.iter().filter(|s| s.used) {
        let Some(here) = s.county.and_then(|c| stations.get_mut(c as usize)) else { continue };
        offers(&scene.criteria.serving, &s.station).iter().for_each(|service| here[service as usize] += 1);
    }
    let mut in_doubt = vec![false; counties];
    let of_doubtful = doubtful.iter().filter_map(|s| scene.stations[*s].county).filter(|c| (*c as usize) < counties);
    of_doubtful.for_each(|c| in_doubt[c as usize] = true);
    let ways = ways_of_counties(&scene.settlements, counties, Service::Charging);
    let issues = issues_by_county(scene, counties, issues);
    let set = |i: usize, f: &super::scene::Figures| FiguresAt {
        distance_mm: f.distance_mm,
        all: f.all[i].clone(),
        trusted: f.trusted.as_ref().map(|t| t[i].clone()).filter(|t| *t != f.all[i]),
    };
    let found = trust.into_iter().zip(ways).zip(issues).enumerate();
    let one = |(i, ((trust, ways), issues)): (usize, ((crate::rank::trust::InputCounts, _), _))| CountyResult {
        code: scene.codes[i].clone(),
        figures: figures.iter().map(|f| set(i, f)).collect(),
        doubtful: in_doubt[i] && wanted.trusted,
        road_mm: RoadClass::ALL.map(|class| scene.ledger.class_mm(i, class)),
        excluded_mm: scene.ledger.excluded_mm[i],
        books: scene.criteria.serving.services.iter().map(|s| books(scene, i, s, stations[i][s as usize])).collect(),
        trust,
        ways,
        people: scene.people.get(i).cloned().flatten(),
        redundancy: scene.backup.counties.get(i).cloned(),
        balance: None,
        issues,
    };
    Ok(found.map(one).collect())
}

fn books(scene: &Scene, county: usize, service: Service, stations: u64) -> ServiceBooks {
    let cell = |k: usize, class: RoadClass| {
        let cell = scene.ledger.cell(county, service, k, class);
        [cell.covered_mm, cell.gap_mm]
    };
    ServiceBooks {
        service: service.as_str().to_owned(),
        cells: (0..scene.criteria.serving.all.len()).map(|k| RoadClass::ALL.map(|class| cell(k, class))).collect(),
        longest_mm: scene.longest_mm[county][service as usize],
        stations,
        no_way_mm: (scene.coverage.most() == [UNREACHABLE; 2]).then(|| no_way_mm(scene, county, service)),
    }
}

/// Road of a county from which no station of a service can be driven to, millimetres: roads that end at the edge of the data, behind
/// one-way streets, or on islands. No limit would take it out of the gap.
fn no_way_mm(scene: &Scene, county: usize, service: Service) -> u64 {
    let reach = scene.coverage.reach(service, Metric::Distance);
    let lost = |node: u32| reach.cost(node) == UNREACHABLE;
    let edges = scene.by_county[county].iter().map(|e| &scene.network.edges()[*e as usize]);
    // on a piece of road that may be driven both ways one end that leads out is enough
    edges.filter(|e| lost(e.head) && (e.oneway || lost(e.tail))).map(|e| u64::from(e.length_mm)).sum()
}

/// Issues of records that belong to a county of the piece; the others are told by the piece of theirs.
fn issues_by_county(scene: &Scene, counties: usize, issues: &Issues) -> Vec<Vec<Issue>> {
    let mut of_record = BTreeMap::new();
    let stations = scene.stations.iter().filter_map(|s| Some((&s.station.source, s.county?)));
    let settlements = scene.settlements.iter().map(|s| (&s.settlement.source, s.county));
    of_record.extend(stations.chain(settlements));
    let mut by_county = vec![Vec::new(); counties];
    for issue in issues.sorted() {
        if let Some(list) = of_record.get(&issue.at).and_then(|i| by_county.get_mut(*i as usize)) {
            list.push(issue.clone());
        }
    }
    by_county
}
