//! The pure function of a batch of neighbouring counties: a piece of network with what stands on it in, every figure that the
//! round needs of those counties out. It reads no file and knows nothing of other batches.
//!
//! The piece reaches far enough beyond the counties that nothing left out could change a figure: no way of a length that is asked
//! for leads out of it and back. What has no bound, such as the way to the nearest station wherever that is, is cut off at the
//! longest service distance.

use super::gaps::stretches;
use super::scene::{Scene, edges_by_county};
use crate::access::to_settlements as access;
use crate::config::criteria::{Criterion, Metric};
use crate::config::{ByService, Service};
use crate::config::{Criteria, RegionFile, Services};
use crate::coverage::{Coverage, Ledger, Stretches};
use crate::error::Result;
use crate::issue::Issues;
use crate::network::{CountyIndex, Draft, RoadNetwork};
use crate::place::doubts;
use crate::place::onto_road::{place_settlements, place_stations};
use crate::place::{OnNetwork, on_network};
use crate::place::{SettlementOut, StationOut};
use crate::rank::trust::{self, Trust};
use crate::rank::{CountyFigures, RankSettings, StationSet};
use crate::read::county::County;
use crate::read::road::Names;
use crate::read::settlement::Settlement;
use crate::read::station::Station;

/// What is known of the whole station layer and bears on single stations, and what the round asks for beside the criteria.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LayerFacts {
    /// Services that some station offers.
    pub offered: Services,
    /// Most stations have guns or power, so that one without is odd.
    pub most_have_figures: bool,
    /// Gap lines shorter than this are not written, millimetres.
    pub shortest_gap_mm: u64,
    /// Most stations say who may use them, so that a silent one is odd.
    pub most_speak: bool,
}

/// Month that the age of stations is measured against in a batch: later than any; the merge knows the newest.
pub const LATEST_MONTH: u32 = 2100 * 12 + 11;

/// A batch.
pub struct Given<'a> {
    /// What is asked for.
    pub criteria: &'a Criteria,
    /// What the whole layer says.
    pub layer: LayerFacts,
    /// The counties of the batch by code, and one behind them that stands for all others; shapes are not looked at.
    pub counties: Vec<County>,
    /// Length of islands taken out of each, millimetres; 0 for the last.
    pub excluded_mm: Vec<u64>,
    /// The piece of network; counties by their number in `counties`.
    pub draft: Draft,
    /// Names of all roads.
    pub names: &'a Names,
    /// Stations of the piece in reading order, each with its county.
    pub stations: Vec<(Station, u32)>,
    /// Settlements of the batch's counties in reading order, each with its county.
    pub settlements: Vec<(Settlement, u32)>,
}

/// Figures of one service distance.
#[derive(Clone, Debug, PartialEq)]
pub struct FiguresAt {
    /// The distance, millimetres.
    pub distance_mm: u32,
    /// With all stations, by county.
    pub all: Vec<CountyFigures>,
    /// Without those that may not exist; none where there are none of them in the piece.
    pub trusted: Option<Vec<CountyFigures>>,
}

/// What comes out. Counties by their number in [`Given::counties`]; of the last nothing is to be used.
pub struct Computed {
    /// Counties, as given.
    pub counties: Vec<County>,
    /// The piece of network, with its stations.
    pub network: RoadNetwork,
    /// The ledger.
    pub ledger: Ledger,
    /// Gap lines.
    pub stretches: Stretches,
    /// Longest dead stretch at the headline distance by service, millimetres.
    pub longest_mm: Vec<ByService<u64>>,
    /// Stations.
    pub stations: Vec<StationOut>,
    /// Numbers of the stations that may not exist, in order.
    pub doubtful: Vec<usize>,
    /// Settlements, with ways up to the longest service distance and time.
    pub settlements: Vec<SettlementOut>,
    /// Figures by service distance, the headline first.
    pub figures: Vec<FiguresAt>,
    /// What the inputs show; that of whole layers is left to the merge.
    pub evidence: Vec<trust::Evidence>,
    /// What was found about stations and settlements.
    pub issues: Issues,
}

/// Computes a batch.
///
/// # Errors
/// Internal, when books do not close.
pub fn compute(given: Given<'_>) -> Result<Computed> {
    let Given { criteria, layer, counties, excluded_mm, draft, names, stations, settlements } = given;
    let cores = counties.len() - 1;
    let mut issues = Issues::default();
    let on = put_on_network(draft, stations, settlements, (criteria, layer), &mut issues);
    let OnNetwork { network, sites, stations, mut settlements, placed } = on;
    let (far_mm, long_ms) = longest(criteria);
    let coverage =
        Coverage::compute_within(&network, &sites, criteria.services, [far_mm.saturating_add(1), long_ms.saturating_add(1)]);
    let ledger = Ledger::compute(&network, &coverage, &criteria.all, excluded_mm);
    let codes: Vec<&str> = counties.iter().map(|c| c.code.as_str()).collect();
    ledger.check(&network, &codes)?;
    let mut by_county = edges_by_county(&network, counties.len());
    by_county[cores].clear();
    let asked: Vec<usize> = (0..cores).collect();
    let (stretches, longest_mm) =
        stretches(&network, &coverage, (criteria, layer.offered), (&codes, &asked), &ledger, &by_county)?;
    access(&network, &coverage, &mut settlements, &placed);
    bound(&mut settlements, criteria);
    let evidence = super::trust::evidence(super::trust::Given {
        counties: &counties,
        stations: &stations,
        settlements: &settlements,
        network: &network,
        names,
        ledger: &ledger,
        read_mm: 0,
        people: None,
        issues: &Issues::default(),
        newest: Some(LATEST_MONTH),
    });
    let index = CountyIndex::new(&[]);
    let scene = Scene {
        region: &RegionFile::default(),
        criteria,
        counties: (&counties, &index),
        network: &network,
        sites: &sites,
        stations: &stations,
        settlements: &settlements,
        placed: &placed,
        coverage: &coverage,
        ledger: &ledger,
        people: None,
        longest_mm: &longest_mm.iter().map(|l| l[Service::Charging as usize]).collect::<Vec<_>>(),
        by_county: &by_county,
    };
    let doubtful = super::doubtful_of(&stations, layer.most_speak);
    let figures = figures(&scene, &doubtful)?;
    Ok(Computed { counties, network, ledger, stretches, longest_mm, stations, doubtful, settlements, figures, evidence, issues })
}

fn put_on_network(
    draft: Draft,
    stations: Vec<(Station, u32)>,
    settlements: Vec<(Settlement, u32)>,
    (criteria, layer): (&Criteria, LayerFacts),
    issues: &mut Issues,
) -> OnNetwork {
    let (stations, of_stations): (Vec<_>, Vec<_>) = stations.into_iter().unzip();
    let (settlements, of_settlements): (Vec<_>, Vec<_>) = settlements.into_iter().unzip();
    let (mut stations, site_snaps) = place_stations(stations, &of_stations, &draft, &|_| false, criteria, issues);
    let settlements = place_settlements(settlements, &of_settlements, &draft, criteria, issues);
    doubts::flag_duplicates(&mut stations, issues);
    doubts::flag_ghosts(&mut stations, layer.most_have_figures, issues);
    on_network(draft, stations, site_snaps, settlements, criteria)
}

/// Longest service distance and time; a time of 0 where none is asked for.
pub fn longest(criteria: &Criteria) -> (u32, u32) {
    let of = |metric: Metric| criteria.all.iter().filter(|c| c.metric() == metric).map(|c| c.limit()).max().unwrap_or(0);
    (of(Metric::Distance).max(criteria.settlement_radius_mm), of(Metric::Time))
}

/// Takes away ways that are longer than is asked for: a larger piece of network might know a shorter one.
fn bound(settlements: &mut [SettlementOut], criteria: &Criteria) {
    let (far_mm, long_ms) = longest(criteria);
    for nearest in settlements.iter_mut().flat_map(|s| s.nearest.iter_mut()) {
        *nearest = nearest.filter(|n| n.distance_mm <= far_mm);
        if let Some(n) = nearest.as_mut().filter(|n| n.time_ms > long_ms) {
            n.time_ms = u32::MAX;
        }
    }
}

/// Figures of every service distance.
fn figures(scene: &Scene<'_>, doubtful: &[usize]) -> Result<Vec<FiguresAt>> {
    let mut settings = RankSettings::from_table(&Default::default())?;
    settings.table.uncertainty.doubtful_stations = !doubtful.is_empty();
    let trust = vec![Trust::default(); scene.counties.0.len()];
    let evidence = scene.evidence_of(&settings, &trust, doubtful)?;
    let sets = evidence.stations.len();
    let mut lists = evidence.figures.into_iter();
    let mut figures = Vec::with_capacity(evidence.distances_mm.len());
    for distance_mm in evidence.distances_mm {
        let all = lists.next().unwrap_or_default();
        let trusted = if sets > 1 { lists.next() } else { None };
        figures.push(FiguresAt { distance_mm, all, trusted });
    }
    debug_assert!(sets == 1 || evidence.stations.contains(&StationSet::Trusted));
    Ok(figures)
}

/// The longest service distance of all criteria as a distance on the ground, metres: no way that counts is longer, at `fastest_kmh`
/// by time.
pub fn reach_m(criteria: &Criteria, fastest_kmh: f64) -> f64 {
    let of = |c: &Criterion| match c {
        Criterion::Distance(mm) => f64::from(*mm) / 1e3,
        Criterion::Time(ms) => f64::from(*ms) / 3.6e6 * fastest_kmh * 1e3,
    };
    criteria.all.iter().map(of).fold(f64::from(criteria.settlement_radius_mm) / 1e3, f64::max)
}
