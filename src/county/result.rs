//! What is known of one county, whoever computed it: a run, or a round for one of its shards. A shard's file keeps it as it stands here.

use crate::access::people::CountyPeople;
use crate::balance::CountyBalance;
use crate::config::{RoadClass, Service};
use crate::coverage::LedgerCell;
use crate::issue::Issue;
use crate::rank::equity::CountyWays;
use crate::rank::{CountyFigures, trust};
use crate::redundancy::CountyRedundancy;
use serde::{Deserialize, Serialize};

/// Figures at one service distance.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FiguresAt {
    /// The distance, millimetres.
    pub distance_mm: u32,
    /// With all stations.
    pub all: CountyFigures,
    /// Without those that may not exist, where that makes a difference.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub trusted: Option<CountyFigures>,
}

/// Books of one service.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ServiceBooks {
    /// The service's word.
    pub service: String,
    /// Covered and gap by criterion and class, millimetres.
    pub cells: Vec<[[u64; 2]; RoadClass::ALL.len()]>,
    /// Longest dead stretch at the headline distance, millimetres.
    pub longest_mm: u64,
    /// Stations used in the county that offer it.
    pub stations: u64,
    /// Road from which no station of it can be driven to however far, millimetres; a piece with a bound does not know it.
    #[serde(skip)]
    pub no_way_mm: Option<u64>,
}

/// A county's result.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CountyResult {
    /// Code.
    pub code: String,
    /// Figures by service distance, the headline first.
    pub figures: Vec<FiguresAt>,
    /// Whether a station that bears on it may not exist.
    pub doubtful: bool,
    /// Road by class, millimetres.
    pub road_mm: [u64; RoadClass::ALL.len()],
    /// Road cut off from the network, millimetres.
    pub excluded_mm: u64,
    /// Books by service.
    pub books: Vec<ServiceBooks>,
    /// What its inputs show; what concerns whole layers is not in it.
    pub trust: trust::InputCounts,
    /// People of its settlements and their ways to the nearest charging station.
    pub ways: CountyWays,
    /// People of the raster, where one is given.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub people: Option<CountyPeople>,
    /// What it has left when a station fails, where that is asked for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub redundancy: Option<CountyRedundancy>,
    /// What it asks for, has and lacks, where demand is asked for; only a whole network can say it, so no shard's file has it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub balance: Option<CountyBalance>,
    /// What was found about its stations and settlements.
    pub issues: Vec<Issue>,
}

impl CountyResult {
    /// Books of a service; none where it is not searched, or the county could not be computed.
    pub fn books(&self, service: Service) -> Option<&ServiceBooks> {
        self.books.iter().find(|b| b.service == service.as_str())
    }

    /// Covered and gap of a service, criterion and class.
    pub fn cell(&self, service: Service, criterion: usize, class: RoadClass) -> LedgerCell {
        let cells = self.books(service).and_then(|b| b.cells.get(criterion));
        let [covered_mm, gap_mm] = cells.map_or([0; 2], |cells| cells[class.index()]);
        LedgerCell { covered_mm, gap_mm }
    }

    /// The same over all classes.
    pub fn total(&self, service: Service, criterion: usize) -> LedgerCell {
        let add =
            |a: LedgerCell, b: LedgerCell| LedgerCell { covered_mm: a.covered_mm + b.covered_mm, gap_mm: a.gap_mm + b.gap_mm };
        RoadClass::ALL.iter().map(|class| self.cell(service, criterion, *class)).fold(LedgerCell::default(), add)
    }

    /// Road, millimetres.
    pub fn road_total_mm(&self) -> u64 {
        self.road_mm.iter().sum()
    }

    /// Longest dead stretch of a service at the headline distance, millimetres.
    pub fn longest_mm(&self, service: Service) -> u64 {
        self.books(service).map_or(0, |b| b.longest_mm)
    }

    /// Road without any way to a station of a service, millimetres; none in a round, which does not look so far.
    pub fn no_way_mm(&self, service: Service) -> Option<u64> {
        self.books(service).and_then(|b| b.no_way_mm)
    }

    /// Stations used in the county that offer a service.
    pub fn stations(&self, service: Service) -> u64 {
        self.books(service).map_or(0, |b| b.stations)
    }
}
