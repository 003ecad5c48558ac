//! Everything a finished analysis knows; what the writers write.

use crate::config::Criteria;
use crate::config::criteria::ByService;
use crate::config::region_file::RegionTable;
use crate::coverage::{Coverage, Ledger, Site, Stretches};
use crate::issue::Issues;
use crate::network::RoadNetwork;
use crate::rank::equity::Reach;
use crate::rank::trust::Trust;
use crate::rank::{Assessment, CountyFigures, Evidence, RankSettings};
use crate::read::InputFile;
use crate::read::county::County;
use crate::read::road::Names;
use crate::read::settlement::Settlement;
use crate::read::station::Station;
use crate::space::LonLat;

use crate::access::Nearest;
use crate::access::people::People;

/// Where a point met the network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Snapped {
    /// The foot on the road.
    pub at: LonLat,
    /// From the point to the foot, millimetres.
    pub distance_mm: u32,
}

/// A station as used, or why it was not.
#[derive(Clone, Debug)]
pub struct StationOut {
    /// As read.
    pub station: Station,
    /// County index.
    pub county: Option<u32>,
    /// Where it met the network.
    pub snapped: Option<Snapped>,
    /// Counts in coverage and figures.
    pub used: bool,
    /// Why it does not: `access`, `status`, `power`, `too_far_from_road`, `outside`.
    pub reason: &'static str,
    /// Id of an earlier station that looks like the same.
    pub duplicate_of: Option<String>,
    /// Has no guns or no power, so may not exist.
    pub ghost: bool,
}

/// A settlement with its way to the nearest stations.
#[derive(Clone, Debug)]
pub struct SettlementOut {
    /// As read.
    pub settlement: Settlement,
    /// County index.
    pub county: u32,
    /// Where it met the network.
    pub snapped: Option<Snapped>,
    /// Nearest station by service; none for services that are not searched.
    pub nearest: ByService<Option<Nearest>>,
}

/// Where every millimetre of road that was read went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Balance {
    /// Read.
    pub read_mm: u64,
    /// Left out by class or access.
    pub left_out_mm: u64,
    /// Cut-off pieces taken out.
    pub islands_mm: u64,
    /// Drawn twice on the same line, and counted once elsewhere.
    pub repeated_mm: u64,
    /// In the network, outside every county.
    pub outside_mm: u64,
    /// In the ledger of a county.
    pub ledger_mm: u64,
    /// Of the network, cut off by one-way rules (kept).
    pub one_way_trap_mm: u64,
}

impl Balance {
    /// Whether it adds up.
    pub fn closes(&self) -> bool {
        self.read_mm == self.left_out_mm + self.repeated_mm + self.islands_mm + self.outside_mm + self.ledger_mm
    }
}

/// Where a county, or a joint application under its lead, stands, and what it is short of for charging at the headline distance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// Place in the ranking.
    pub rank: u32,
    /// Score.
    pub score: f64,
    /// Road in the gap, millimetres.
    pub gap_mm: u64,
    /// People in the gap; those of the raster are not counted anew.
    pub people_in_gap: u64,
}

/// One more new station, and where the county stands with it and those before it.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Node that it stands on.
    pub node: u32,
    /// Where that is.
    pub at: LonLat,
    /// Name of the road; empty where it has none.
    pub road: String,
    /// Place that the county then has.
    pub rank: u32,
    /// Its score.
    pub score: f64,
    /// Its road in the gap, millimetres.
    pub gap_mm: u64,
    /// Its people in the gap; those of a raster are not counted anew.
    pub people_in_gap: u64,
    /// The change by this and the steps before, in English.
    pub sentence_en: String,
    /// The same in Chinese.
    pub sentence_zh: String,
}

/// What new charging stations would change for a county.
#[derive(Clone, Debug, PartialEq)]
pub struct Counterfactual {
    /// County index; of a joint application its lead.
    pub county: usize,
    /// As things are.
    pub before: Place,
    /// The new stations in the order in which they help; at least one.
    pub steps: Vec<Step>,
    /// What all of them change, in English.
    pub sentence_en: String,
    /// The same in Chinese.
    pub sentence_zh: String,
}

/// A finished analysis.
#[derive(Debug)]
pub struct Outcome {
    /// Name and notices.
    pub region: RegionTable,
    /// Criteria.
    pub criteria: Criteria,
    /// How the counties are ranked.
    pub settings: RankSettings,
    /// Files read.
    pub inputs: Vec<InputFile>,
    /// Counties by code.
    pub counties: Vec<County>,
    /// Figures of each county.
    pub figures: Vec<CountyFigures>,
    /// The ledger.
    pub ledger: Ledger,
    /// Dead stretches by service, criterion, county, longest first.
    pub stretches: Stretches,
    /// Longest dead stretch of each county at the headline distance by service; millimetres.
    pub longest_mm: Vec<ByService<u64>>,
    /// Stations in reading order.
    pub stations: Vec<StationOut>,
    /// Where the used stations stand in the network.
    pub sites: Vec<Site>,
    /// Settlements inside a county, in reading order.
    pub settlements: Vec<SettlementOut>,
    /// People of the raster, where one is given.
    pub people: Option<People>,
    /// What the ranking is made from.
    pub evidence: Evidence,
    /// The ranking, how sure it is, and what it rests on.
    pub assessment: Assessment,
    /// What new stations would change, in the order of the ranking or as asked for.
    pub counterfactuals: Vec<Counterfactual>,
    /// How evenly the way to the nearest charging station is shared.
    pub equity: Reach,
    /// Trust in the inputs of each county.
    pub trust: Vec<Trust>,
    /// The network.
    pub network: RoadNetwork,
    /// The coverage.
    pub coverage: Coverage,
    /// Road names.
    pub names: Names,
    /// The balance of lengths.
    pub balance: Balance,
    /// All issues.
    pub issues: Issues,
}
