//! Everything a finished analysis knows; what the writers write.

use crate::config::ByService;
use crate::config::Criteria;
use crate::config::region_file::RegionTable;
use crate::coverage::{Coverage, Ledger, Stretches};
use crate::issue::Issues;
use crate::network::RoadNetwork;
use crate::place::Site;
use crate::place::{SettlementOut, StationOut};
use crate::prepared::ground::Balance;
use crate::rank::equity::Reach;
use crate::rank::trust::Trust;
use crate::rank::{Assessment, CountyFigures, Evidence, RankSettings};
use crate::read::InputFile;
use crate::read::county::County;
use crate::read::road::Names;
use crate::whatif::counterfactual::Counterfactual;

use crate::access::people::People;

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

/// What a shard is made of.
pub const PARTS: [&str; 4] = ["criteria", "roads", "stations", "settlements"];
