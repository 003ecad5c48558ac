//! The books of every county: road length, covered length and gap, by class, service and criterion.
//!
//! Sums are integers, so they are the same in any order; the books are checked before anything is written.

use super::{Coverage, Gap, gap_on};
use crate::config::RoadClass;
use crate::config::criteria::{Criterion, Metric};
use crate::config::{ByService, Service, Services};
use crate::engine::Reach;
use crate::error::{Error, Result};
use crate::network::{Edge, NO_COUNTY, RoadNetwork};
use rayon::prelude::*;

/// Classes in a row of the ledger.
const CLASSES: usize = RoadClass::ALL.len();

/// Covered and uncovered length, millimetres.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LedgerCell {
    /// Served.
    pub covered_mm: u64,
    /// Not served.
    pub gap_mm: u64,
}

/// The ledger of all counties.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ledger {
    services: Services,
    criteria: usize,
    road_mm: Vec<[u64; CLASSES]>,
    /// By service, county and criterion; empty for services that are not in the ledger.
    cells: ByService<Vec<[LedgerCell; CLASSES]>>,
    /// Length taken out as islands, by county, millimetres.
    pub excluded_mm: Vec<u64>,
    /// Network length outside every county, millimetres.
    pub outside_mm: u64,
}

impl Ledger {
    /// Adds up every edge. `excluded_mm` is the length of islands in each county.
    pub fn compute(network: &RoadNetwork, coverage: &Coverage, criteria: &[Criterion], excluded_mm: Vec<u64>) -> Self {
        let reach = |service, metric| coverage.reach(service, metric);
        Self::compute_from(network, coverage.services(), &reach, criteria, excluded_mm)
    }

    /// As [`Ledger::compute`], from wherever the searches are kept.
    pub(crate) fn compute_from<'r>(
        network: &RoadNetwork,
        services: Services,
        reach: &(dyn Fn(Service, Metric) -> &'r Reach + Sync),
        criteria: &[Criterion],
        excluded_mm: Vec<u64>,
    ) -> Self {
        let counties = excluded_mm.len();
        let empty = || Self {
            services,
            criteria: criteria.len(),
            road_mm: vec![[0; CLASSES]; counties],
            cells: services.table(|_| vec![[LedgerCell::default(); CLASSES]; counties * criteria.len()]),
            excluded_mm: Vec::new(),
            outside_mm: 0,
        };
        let edges = network.edges();
        let chunk = edges.len().div_ceil(rayon::current_num_threads() * 4).max(4096);
        let mut ledger = edges
            .par_chunks(chunk)
            .map(|part| {
                let mut books = empty();
                for e in part {
                    books.enter(e, |service, c| gap_on(e, reach(service, criteria[c].metric()), criteria[c]));
                }
                books
            })
            .reduce(empty, Self::merge);
        ledger.excluded_mm = excluded_mm;
        ledger
    }

    /// Books what is covered of an edge and what is not.
    fn book_gap(&mut self, e: &Edge, service: Service, criterion: usize, gap: Option<Gap>) {
        let (covered, uncovered) = parts(e, gap);
        let i = self.index(e.county as usize, criterion);
        let cell = &mut self.cells[service as usize][i][e.class.index()];
        cell.covered_mm += covered;
        cell.gap_mm += uncovered;
    }

    /// Books the gap of an edge that is in the ledger already anew, for one service and criterion.
    pub(crate) fn rebook(&mut self, e: &Edge, service: Service, criterion: usize, (old, new): (Option<Gap>, Option<Gap>)) {
        if e.county != NO_COUNTY {
            self.unbook_gap(e, service, criterion, old);
            self.book_gap(e, service, criterion, new);
        }
    }

    fn unbook_gap(&mut self, e: &Edge, service: Service, criterion: usize, gap: Option<Gap>) {
        let (covered, uncovered) = parts(e, gap);
        let i = self.index(e.county as usize, criterion);
        let cell = &mut self.cells[service as usize][i][e.class.index()];
        cell.covered_mm -= covered;
        cell.gap_mm -= uncovered;
    }

    /// Takes an edge into the ledger; `gap` tells its gap for a service and the index of a criterion.
    pub(crate) fn enter(&mut self, e: &Edge, gap: impl Fn(Service, usize) -> Option<Gap>) {
        let Some(road) = self.road_mm.get_mut(e.county as usize) else {
            self.outside_mm += u64::from(e.length_mm);
            return;
        };
        road[e.class.index()] += u64::from(e.length_mm);
        for (service, c) in self.columns() {
            self.book_gap(e, service, c, gap(service, c));
        }
    }

    /// Takes an edge out of the ledger; `gap` tells what was booked.
    pub(crate) fn leave(&mut self, e: &Edge, gap: impl Fn(Service, usize) -> Option<Gap>) {
        let Some(road) = self.road_mm.get_mut(e.county as usize) else {
            self.outside_mm -= u64::from(e.length_mm);
            return;
        };
        road[e.class.index()] -= u64::from(e.length_mm);
        for (service, c) in self.columns() {
            self.unbook_gap(e, service, c, gap(service, c));
        }
    }

    /// Every service with every criterion.
    fn columns(&self) -> impl Iterator<Item = (Service, usize)> + use<> {
        let criteria = self.criteria;
        self.services.iter().flat_map(move |s| (0..criteria).map(move |c| (s, c)))
    }

    fn merge(mut self, other: Self) -> Self {
        self.outside_mm += other.outside_mm;
        for (a, b) in self.road_mm.iter_mut().flatten().zip(other.road_mm.iter().flatten()) {
            *a += b;
        }
        for (a, b) in self.cells.iter_mut().flatten().flatten().zip(other.cells.iter().flatten().flatten()) {
            a.covered_mm += b.covered_mm;
            a.gap_mm += b.gap_mm;
        }
        self
    }

    fn index(&self, county: usize, criterion: usize) -> usize {
        county * self.criteria + criterion
    }

    /// The services that are in the ledger; asking for another one is a fault in the program and panics.
    pub fn services(&self) -> Services {
        self.services
    }

    /// Number of counties.
    pub fn counties(&self) -> usize {
        self.road_mm.len()
    }

    /// Road length of a county, millimetres.
    pub fn road_mm(&self, county: usize) -> u64 {
        self.road_mm[county].iter().sum()
    }

    /// Road length of a county and class, millimetres.
    pub fn class_mm(&self, county: usize, class: RoadClass) -> u64 {
        self.road_mm[county][class.index()]
    }

    /// The cell of a county, service, criterion (by index) and class.
    pub fn cell(&self, county: usize, service: Service, criterion: usize, class: RoadClass) -> LedgerCell {
        self.cells[service as usize][self.index(county, criterion)][class.index()]
    }

    /// The same over all classes.
    pub fn total(&self, county: usize, service: Service, criterion: usize) -> LedgerCell {
        self.cells[service as usize][self.index(county, criterion)].iter().fold(LedgerCell::default(), |sum, c| LedgerCell {
            covered_mm: sum.covered_mm + c.covered_mm,
            gap_mm: sum.gap_mm + c.gap_mm,
        })
    }

    /// Checks that covered + gap = length in every county, class, service and criterion, and that the network's
    /// length, added up on its own, is all there.
    ///
    /// # Errors
    /// Internal, naming the county: nothing may be written then.
    pub fn check(&self, network: &RoadNetwork, codes: &[&str]) -> Result<()> {
        for county in 0..self.counties() {
            for service in self.services.iter() {
                for criterion in 0..self.criteria {
                    for class in RoadClass::ALL {
                        let cell = self.cell(county, service, criterion, class);
                        if cell.covered_mm + cell.gap_mm != self.class_mm(county, class) {
                            return Err(Error::internal(format!(
                                "the ledger of county {} does not close: {} covered {} mm + gap {} mm is not the {} mm of {} road",
                                codes.get(county).unwrap_or(&"?"),
                                service.as_str(),
                                cell.covered_mm,
                                cell.gap_mm,
                                self.class_mm(county, class),
                                class.as_str()
                            )));
                        }
                    }
                }
            }
        }
        let network_mm: u64 = network.edges().iter().map(|e| u64::from(e.length_mm)).sum();
        let books_mm = (0..self.counties()).map(|c| self.road_mm(c)).sum::<u64>() + self.outside_mm;
        if network_mm != books_mm {
            return Err(Error::internal(format!("the network has {network_mm} mm of road and the ledger {books_mm} mm")));
        }
        Ok(())
    }
}

/// Covered and uncovered length of an edge. The covered length is added from its own two ends, not as a difference, so that
/// the check of the ledger means something.
fn parts(e: &Edge, gap: Option<Gap>) -> (u64, u64) {
    match gap {
        None => (u64::from(e.length_mm), 0),
        Some(g) => (u64::from(g.from_mm) + u64::from(e.length_mm - g.to_mm), u64::from(g.length_mm())),
    }
}
