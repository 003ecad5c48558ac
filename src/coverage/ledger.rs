//! The books of every county: road length, covered length and gap, by class, service and criterion.
//!
//! Sums are integers, so they are the same in any order; the books are checked before anything is written.

use super::Coverage;
use crate::config::RoadClass;
use crate::config::criteria::{Criterion, Service};
use crate::error::{Error, Result};
use crate::network::{NO_COUNTY, RoadNetwork};
use rayon::prelude::*;

/// Classes in a row of the ledger.
const CLASSES: usize = RoadClass::ALL.len();

/// Covered and uncovered length, millimetres.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// Served.
    pub covered_mm: u64,
    /// Not served.
    pub gap_mm: u64,
}

/// The ledger of all counties.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ledger {
    criteria: usize,
    road_mm: Vec<[u64; CLASSES]>,
    cells: Vec<[Cell; CLASSES]>,
    /// Length taken out as islands, by county, millimetres.
    pub excluded_mm: Vec<u64>,
    /// Network length outside every county, millimetres.
    pub outside_mm: u64,
}

impl Ledger {
    /// Adds up every edge. `excluded_mm` is the length of islands in each county.
    pub fn compute(network: &RoadNetwork, coverage: &Coverage, criteria: &[Criterion], excluded_mm: Vec<u64>) -> Self {
        let counties = excluded_mm.len();
        let empty = || Self {
            criteria: criteria.len(),
            road_mm: vec![[0; CLASSES]; counties],
            cells: vec![[Cell::default(); CLASSES]; counties * 2 * criteria.len()],
            excluded_mm: Vec::new(),
            outside_mm: 0,
        };
        let edges = network.edges();
        let chunk = edges.len().div_ceil(rayon::current_num_threads() * 4).max(4096);
        let mut ledger = edges
            .par_chunks(chunk)
            .enumerate()
            .map(|(i, part)| {
                let mut books = empty();
                for k in 0..part.len() {
                    books.add(network, coverage, criteria, (i * chunk + k) as u32);
                }
                books
            })
            .reduce(empty, Self::merge);
        ledger.excluded_mm = excluded_mm;
        ledger
    }

    fn add(&mut self, network: &RoadNetwork, coverage: &Coverage, criteria: &[Criterion], edge: u32) {
        let e = &network.edges()[edge as usize];
        let length = u64::from(e.length_mm);
        if e.county == NO_COUNTY {
            self.outside_mm += length;
            return;
        }
        self.road_mm[e.county as usize][e.class.index()] += length;
        for service in Service::ALL {
            for (c, criterion) in criteria.iter().enumerate() {
                // The covered length is added from its own two ends, not as a difference, so that the check means something.
                let (before, gap, after) = match coverage.gap(network, edge, service, *criterion) {
                    None => (length, 0, 0),
                    Some(g) => (u64::from(g.from_mm), u64::from(g.length_mm()), u64::from(e.length_mm - g.to_mm)),
                };
                let i = self.index(e.county as usize, service, c);
                let cell = &mut self.cells[i][e.class.index()];
                cell.covered_mm += before + after;
                cell.gap_mm += gap;
            }
        }
    }

    fn merge(mut self, other: Self) -> Self {
        self.outside_mm += other.outside_mm;
        for (a, b) in self.road_mm.iter_mut().flatten().zip(other.road_mm.iter().flatten()) {
            *a += b;
        }
        for (a, b) in self.cells.iter_mut().flatten().zip(other.cells.iter().flatten()) {
            a.covered_mm += b.covered_mm;
            a.gap_mm += b.gap_mm;
        }
        self
    }

    fn index(&self, county: usize, service: Service, criterion: usize) -> usize {
        (county * 2 + service as usize) * self.criteria + criterion
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
    pub fn cell(&self, county: usize, service: Service, criterion: usize, class: RoadClass) -> Cell {
        self.cells[self.index(county, service, criterion)][class.index()]
    }

    /// The same over all classes.
    pub fn total(&self, county: usize, service: Service, criterion: usize) -> Cell {
        self.cells[self.index(county, service, criterion)]
            .iter()
            .fold(Cell::default(), |sum, c| Cell { covered_mm: sum.covered_mm + c.covered_mm, gap_mm: sum.gap_mm + c.gap_mm })
    }

    /// Checks that covered + gap = length in every county, class, service and criterion, and that the network's
    /// length, added up on its own, is all there.
    ///
    /// # Errors
    /// Internal, naming the county: nothing may be written then.
    pub fn check(&self, network: &RoadNetwork, codes: &[&str]) -> Result<()> {
        for county in 0..self.counties() {
            for service in Service::ALL {
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
