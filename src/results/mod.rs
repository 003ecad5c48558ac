//! What a finished analysis knows: a run's and a round's alike. A row a county is in memory; rows of layers come county by county, from
//! the network of a run or from the files of a round's shards, never all at once.

pub mod accepted;
pub mod applied;
pub mod by_hand;
pub mod causes;
pub mod comparison;
pub mod eligible;
pub mod faults;
pub mod hand_funded;
mod layers;
pub mod money;
pub mod shard_file;
pub mod split;
mod together;
mod why;

pub use layers::{LayerRows, Whole};
pub use together::{Given, LayerTotals, put_together};
pub use why::LastScores;

use crate::config::language::Lang;
use crate::config::region_file::RegionTable;
use crate::config::{Criteria, Output, RoadClass, RoundFile, Service};
use crate::county::people::RasterCells;
use crate::county::{CountyResult, Needs, Scene};
use crate::coverage::LedgerCell;
use crate::issue::Issues;
use crate::plan::{Funding, SitePlan};
use crate::prepared::ground::Balance;
use crate::programme::{GateAnswer, ProgrammeTold};
use crate::rank::equity::ReachEquity;
use crate::rank::select::Choice;
use crate::rank::trust::Trust;
use crate::rank::{Assessment, CountyFigures, Evidence, RankSettings};
use crate::read::InputFile;
use crate::read::applicants::Applicant;
use crate::read::county::County;
use crate::whatif::counterfactual::Counterfactual;
use std::path::PathBuf;

/// What a shard is made of.
pub const PARTS: [&str; 5] = ["criteria", "roads", "stations", "settlements", "people"];

/// A county that takes part.
#[derive(Clone, Debug)]
pub struct Member {
    /// The county.
    pub county: County,
    /// Its result; empty where it could not be computed.
    pub result: CountyResult,
    /// Trust in its inputs.
    pub trust: Trust,
    /// The shard that it was computed as, in a round.
    pub shard: Option<ShardRecord>,
}

/// A shard of a round: what it was made from, and where its rows are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShardRecord {
    /// Fingerprint of what its rows are made from.
    pub print: String,
    /// Fingerprints of its parts, in the order of [`PARTS`].
    pub parts: [String; PARTS.len()],
    /// Its file; none where it could not be computed.
    pub done: Option<FinishedShard>,
}

/// The file of a finished shard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FinishedShard {
    /// Where it lies.
    pub path: PathBuf,
    /// Fingerprint of its bytes.
    pub sha256: String,
    /// What its foot vouches for.
    pub foot: String,
}

/// Counts of layers and of the network, for the manifest.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// Stations read, outside every county, and in counties that do not take part.
    pub stations: [usize; 3],
    /// The same of settlements.
    pub settlements: [usize; 3],
    /// Candidate sites, and those outside every county.
    pub candidates: [usize; 2],
    /// Stations that count.
    pub stations_used: usize,
    /// Settlements that met a road.
    pub settlements_placed: usize,
    /// Nodes and edges of the network.
    pub network: [usize; 2],
}

impl Facts {
    /// Those of a run.
    pub fn of_run(scene: &Scene) -> Self {
        let outside = scene.stations.iter().filter(|s| s.county.is_none()).count();
        Self {
            stations: [scene.stations.len(), outside, 0],
            settlements: [scene.settlements.len(), 0, 0],
            candidates: [0, 0], // no part of the scene
            stations_used: scene.stations.iter().filter(|s| s.used).count(),
            settlements_placed: scene.settlements.iter().filter(|s| s.snapped.is_some()).count(),
            network: [scene.network.node_count(), scene.network.edges().len()],
        }
    }
}

/// What a round adds to its results.
#[derive(Clone, Debug)]
pub struct RoundPart {
    /// As asked for.
    pub file: RoundFile,
    /// What became of each county.
    pub choices: Vec<Choice>,
    /// The ranking and the selection as if nothing had been set by hand; none where nothing was.
    pub before: Option<by_hand::BeforeHand>,
    /// Codes that its crosswalk brought up to date, old to new.
    pub recoded: std::collections::BTreeMap<String, String>,
    /// Regions read.
    pub regions: Vec<String>,
    /// Rows of the register of applicants.
    pub applicants: Vec<Applicant>,
    /// Gates of the programme that they apply for, held against each of them.
    pub gates: Vec<GateAnswer>,
    /// The list of who applies, as it was given; none where all counties take part.
    pub list: Option<applied::AppliedList>,
    /// What is wrong with it, and who answers for it.
    pub faults: faults::Faults,
    /// How far the surroundings of a shard reach, metres.
    pub reach_m: f64,
    /// Fingerprint of what the network was made from.
    pub network_key: String,
}

/// The results of a round with what the round adds.
#[derive(Clone, Copy, Debug)]
pub struct Round<'a> {
    /// The results.
    pub results: &'a Results,
    /// What the round adds.
    pub part: &'a RoundPart,
}

impl<'a> Round<'a> {
    /// Who may apply; none where no programme with gates is applied for.
    pub fn eligible(self) -> Option<eligible::Eligible<'a>> {
        eligible::Eligible::of(&self.part.gates)
    }

    /// Counties that are funded by hand although they do not meet a gate, that cannot be told, or they are not ranked.
    pub fn funded_though(self) -> Vec<hand_funded::HandFunded> {
        let results = self.results;
        let table = &results.settings.table;
        let why = |code: &str| {
            let county = results.members.binary_search_by(|m| m.county.code.as_str().cmp(code)).ok()?;
            results.assessment.ranking.of(county)?.not_rankable.clone()
        };
        hand_funded::hand_funded(self.eligible().as_ref(), (&table.overrides, &table.joint), &why)
    }
}

impl std::ops::Deref for Round<'_> {
    type Target = Results;

    fn deref(&self) -> &Results {
        self.results
    }
}

/// The results of a run with its network.
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    /// The results.
    pub results: &'a Results,
    /// The network with what stands on it.
    pub whole: &'a Whole,
}

impl std::ops::Deref for Run<'_> {
    type Target = Results;

    fn deref(&self) -> &Results {
        self.results
    }
}

impl Results {
    /// A county.
    pub fn county(&self, i: usize) -> &County {
        &self.members[i].county
    }

    /// All counties, in order.
    pub fn counties(&self) -> impl Iterator<Item = &County> {
        self.members.iter().map(|m| &m.county)
    }

    /// Figures of all counties as things are.
    pub fn figures(&self) -> &[CountyFigures] {
        self.evidence.nominal()
    }

    /// Road of a county, millimetres.
    pub fn road_mm(&self, i: usize) -> u64 {
        self.members[i].result.road_total_mm()
    }

    /// Road of a county and class, millimetres.
    pub fn class_mm(&self, i: usize, class: RoadClass) -> u64 {
        self.members[i].result.road_mm[class.index()]
    }

    /// Covered and gap of a county for a service and criterion.
    pub fn total(&self, i: usize, service: Service, criterion: usize) -> LedgerCell {
        self.members[i].result.total(service, criterion)
    }

    /// The same for one road class.
    pub fn cell(&self, i: usize, service: Service, criterion: usize, class: RoadClass) -> LedgerCell {
        self.members[i].result.cell(service, criterion, class)
    }

    /// The language of messages in its files, and in which its pages open.
    pub fn language(&self) -> Lang {
        self.region.language.unwrap_or_default()
    }

    /// The same with its network; none of a round.
    pub fn as_run(&self) -> Option<Run<'_>> {
        Some(Run { results: self, whole: self.whole.as_deref()? })
    }

    /// The same with what the round adds; none of a run.
    pub fn as_round(&self) -> Option<Round<'_>> {
        Some(Round { results: self, part: self.round.as_deref()? })
    }
}

/// A finished analysis. Counties by their number in `members`.
#[derive(Debug)]
pub struct Results {
    /// Name and notices.
    pub region: RegionTable,
    /// Criteria.
    pub criteria: Criteria,
    /// Which files are written.
    pub output: Output,
    /// How the counties are ranked.
    pub settings: RankSettings,
    /// Files read.
    pub inputs: Vec<InputFile>,
    /// Counties by code.
    pub members: Vec<Member>,
    /// What the ranking is made from.
    pub evidence: Evidence,
    /// The ranking, how sure it is, and what it rests on.
    pub assessment: Assessment,
    /// What new stations would change, in the order of the ranking or as asked for.
    pub counterfactuals: Vec<Counterfactual>,
    /// How evenly the way to the nearest charging station is shared.
    pub equity: ReachEquity,
    /// What was read of population rasters, where one is given; its cells are let go.
    pub raster: Option<RasterCells>,
    /// Where every millimetre of road went.
    pub balance: Balance,
    /// Counts for the manifest.
    pub facts: Facts,
    /// All issues.
    pub issues: Issues,
    /// What only a whole network can say of its counties.
    pub needs: Needs,
    /// What was asked of programmes; none where none is named.
    pub programme: Option<ProgrammeTold>,
    /// The plan of sites; none where none is asked for.
    pub plan: Option<SitePlan>,
    /// Counties with plans of their own, and which to fund; none where no budget is named.
    pub funding: Option<Funding>,
    /// The network of a run, which rows of layers come from; of a round they come from the files of its shards.
    pub whole: Option<Box<Whole>>,
    /// What a round adds.
    pub round: Option<Box<RoundPart>>,
}
