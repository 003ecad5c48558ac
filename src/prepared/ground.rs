//! The stages before stations meet roads: read, and build the bare network. What comes out can be prepared once and run often.

use crate::config::programme_codes::tell_unfit_codes;
use crate::config::{Criteria, Reading, RegionFile};
use crate::error::{Error, Location, Result, path_text};
use crate::issue::{IssueCode, Issues, Layer};
use crate::measure::Timings;
use crate::network::{self, CountyIndex, Draft, NO_COUNTY, Overlap};
use crate::read::candidate::Candidate;
use crate::read::county::County;
use crate::read::flows::Flow;
use crate::read::formats::SourceFile;
use crate::read::read_inputs;
use crate::read::road::{Names, Roads};
use crate::read::settlement::Settlement;
use crate::read::station::Station;
use crate::read::traffic::Count;
use crate::read::{InputFile, Inputs, fingerprint};
use crate::space::LonLat;
use serde::{Deserialize, Serialize};

/// A region that has been read, with its bare network: cut at county borders, without islands, without stations.
#[derive(Clone, Debug)]
pub struct Ground {
    /// What was asked for.
    pub region: RegionFile,
    /// Counties by code.
    pub counties: Vec<County>,
    /// Stations in reading order.
    pub stations: Vec<Station>,
    /// Settlements in reading order.
    pub settlements: Vec<Settlement>,
    /// Candidate sites in reading order.
    pub candidates: Vec<Candidate>,
    /// Vehicles counted on roads.
    pub counts: Vec<Count>,
    /// Vehicles from place to place that a plan is asked about.
    pub flows: Vec<Flow>,
    /// Files read.
    pub files: Vec<InputFile>,
    /// What was found so far.
    pub issues: Issues,
    /// The network.
    pub draft: Draft,
    /// Names of its roads.
    pub names: Names,
    /// Road length that two counties claim.
    pub overlap: Overlap,
    /// Road length that is not in the network any more.
    pub books: RoadBooks,
}

/// Where the length went that was read and is not in the network, millimetres.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoadBooks {
    /// All that was read.
    pub read_mm: u64,
    /// Left out by class or access.
    pub left_out_mm: u64,
    /// Drawn twice.
    pub repeated_mm: u64,
    /// Cut off from the network, by county.
    pub islands_mm: Vec<u64>,
    /// Cut off, outside every county.
    pub islands_outside_mm: u64,
}

/// Reads a region and builds its bare network; its counties are indexed on the way.
///
/// # Errors
/// Input and usage from the readers; input, when no road lies in any county.
pub fn build(region: &RegionFile, options: &Options<'_>, timings: &mut Timings) -> Result<(Ground, CountyIndex)> {
    let mut stage = |name| {
        timings.start(name);
        (options.on_stage)(name);
    };
    stage("read");
    let mut issues = Issues::default();
    let (inputs, criteria) = read(region, &mut issues)?;
    issues.check_refused_share(criteria.reading.max_refused_share, options.strict)?;
    stage("network");
    let built = network_of(region.clone(), inputs, &criteria.reading, issues);
    timings.stop();
    built
}

/// Builds the bare network of what was read.
///
/// # Errors
/// Input, when no road lies in any county.
pub fn network_of(region: RegionFile, inputs: Inputs, criteria: &Reading, mut issues: Issues) -> Result<(Ground, CountyIndex)> {
    let Inputs { counties, mut roads, stations, settlements, candidates, counts, flows, files, rows_left: _ } = inputs;
    let mut books = RoadBooks {
        read_mm: roads.read_mm,
        left_out_mm: roads.left_out_mm,
        islands_mm: vec![0; counties.len()],
        ..RoadBooks::default()
    };
    let mut draft = Draft::from_roads(&roads)?;
    books.repeated_mm = merge_repeats(&mut draft, &mut roads, &mut issues);
    let joining = network::Joining { tolerance_m: criteria.join_tolerance_m, crossings: criteria.join_crossings };
    tell_joints(&network::join(&mut draft, |road| roads.list()[road as usize].level, joining), &roads, &mut issues);
    network::end_at(&mut draft, roads.ends());
    let index = CountyIndex::new(&counties);
    let overlap = network::cut_at_borders(&mut draft, &index);
    take_out_islands(&mut draft, criteria, &settlements, &mut books, &mut issues);
    draft.tidy();
    if draft.edges.iter().all(|e| e.county == NO_COUNTY) {
        return Err(Error::input("no road lies in any county", "check that roads and counties cover the same ground, in WGS 84"));
    }
    let names = roads.names;
    let ground = Ground {
        region,
        counties,
        stations,
        settlements,
        candidates,
        counts,
        flows,
        files,
        issues,
        draft,
        names,
        overlap,
        books,
    };
    Ok((ground, index))
}

/// Merges roads drawn twice and books them, one issue a pair of names. Returns their length, millimetres.
fn merge_repeats(draft: &mut Draft, roads: &mut Roads, issues: &mut Issues) -> u64 {
    let repeats = network::merge_repeats(draft, roads);
    for ((kept, gone), (count, mm)) in &repeats {
        let say = |name: &str| if name.is_empty() { "without a name".to_owned() } else { format!("\"{name}\"") };
        let what = format!("the road {} is drawn again as the road {} on the same line", say(kept), say(gone));
        issues.push_many(Layer::Roads, IssueCode::RepeatedRoad, Default::default(), what, *count, *mm);
    }
    repeats.values().map(|r| r.1).sum()
}

/// Most places that are listed of a kind; the rest are counted.
const LISTED: usize = 1000;

/// Lists what looks disconnected in the road layer.
fn tell_joints(found: &network::Joints, roads: &Roads, issues: &mut Issues) {
    let name = |road: u32| match roads.names.get(roads.list()[road as usize].name) {
        "" => "a road without a name".to_owned(),
        name => format!("\"{name}\""),
    };
    let end = |e: &network::NearEnd| {
        let metres = f64::from(e.on.distance_mm) / 1000.0;
        let what = if e.joined { "was joined to" } else { "stops short of" };
        (e.on.at, format!("a road ends at {} and {what} {}, {metres:.1} m away", e.on.at, name(e.road)))
    };
    let crossing = |c: &network::Crossing| {
        let at = c.on[0].at;
        (at, format!("{} and {} cross at {at} without a common vertex", name(c.roads[0]), name(c.roads[1])))
    };
    let mut list = |code, all: Vec<(LonLat, String)>| {
        let more = all.len().saturating_sub(LISTED);
        for (at, what) in all.into_iter().take(LISTED) {
            issues.push(Layer::Roads, code, Location::default().on_ground(at), what);
        }
        if more > 0 {
            issues.push_many(Layer::Roads, code, Default::default(), format!("and {more} more like these"), more as u64, 0);
        }
    };
    let (joined, near): (Vec<_>, Vec<_>) = found.ends.iter().partition(|e| e.joined);
    list(IssueCode::JoinedEnd, joined.into_iter().map(end).collect());
    list(IssueCode::NearEnd, near.into_iter().map(end).collect());
    list(IssueCode::CrossingWithoutNode, found.crossings.iter().map(crossing).collect());
}

/// Takes out what is cut off from the network and books it.
fn take_out_islands(
    draft: &mut Draft,
    criteria: &Reading,
    settlements: &[Settlement],
    books: &mut RoadBooks,
    issues: &mut Issues,
) {
    let at: Vec<LonLat> = settlements.iter().map(|s| s.at).collect();
    let (islands, inhabited) = network::remove_uninhabited(draft, criteria.min_island_mm, &at, criteria.lived_on_within_m);
    for piece in inhabited {
        let who = &settlements[piece.settlement];
        let what = format!(
            "a piece of {:.3} km at {} is cut off from the network and stays: \"{}\" lies on it. Who lives there has a way only to stations on it",
            piece.total_mm as f64 / 1e6,
            piece.at,
            who.name
        );
        let (at, mm) = (who.source.clone().on_ground(piece.at), piece.total_mm);
        issues.push_many(Layer::Roads, IssueCode::IslandInhabited, at, what, 1, mm);
    }
    for island in islands {
        for (county, mm) in &island.length_mm {
            match books.islands_mm.get_mut(*county as usize) {
                Some(sum) => *sum += mm,
                None => books.islands_outside_mm += mm,
            }
        }
        let what = format!("a piece of {:.3} km at {} is cut off from the network", island.total_mm() as f64 / 1e6, island.at);
        issues.push_many(Layer::Roads, IssueCode::IslandExcluded, Default::default(), what, island.edges, island.total_mm());
    }
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
    /// In counties without a result: they take no part in the round, or could not be computed.
    pub without_result_mm: u64,
    /// Of the network, cut off by one-way rules (kept); a round does not look.
    pub one_way_trap_mm: Option<u64>,
}

impl Balance {
    /// What is known of it before counties are computed: what left the network, and what lies outside every county.
    pub fn of_roads(books: &RoadBooks, outside_mm: u64) -> Self {
        Self {
            read_mm: books.read_mm,
            left_out_mm: books.left_out_mm,
            repeated_mm: books.repeated_mm,
            islands_mm: books.islands_mm.iter().sum::<u64>() + books.islands_outside_mm,
            outside_mm,
            ..Self::default()
        }
    }

    /// Checks that it adds up.
    ///
    /// # Errors
    /// Internal, where it does not; nothing may be written then.
    pub fn check(&self) -> Result<()> {
        let away = self.left_out_mm + self.repeated_mm + self.islands_mm + self.outside_mm + self.without_result_mm;
        if self.read_mm == away + self.ledger_mm {
            return Ok(());
        }
        Err(Error::internal(format!("the balance of road length does not close: {self:?}")))
    }
}

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
    let mut inputs = read_inputs(region, &criteria.reading, issues)?;
    if let Some(file) = region.rank.goalposts_file() {
        let source = SourceFile { path: region.folder.join(file), shown: file.to_owned() };
        inputs.files.push(fingerprint(&source, "goalposts")?);
    }
    for path in &region.programme.files {
        let source = SourceFile { path: region.folder.join(path), shown: path_text(path) };
        inputs.files.push(fingerprint(&source, "programme")?);
    }
    let codes = inputs.counties.iter().map(|c| c.code.as_str()).collect();
    let shown = region.source.as_deref().map(path_text).unwrap_or_default();
    tell_unfit_codes(&region.programme, &codes, &shown, issues);
    for (shown, path) in region.rank.goalposts_sources(&region.folder) {
        inputs.files.push(fingerprint(&SourceFile { path, shown }, "goalposts_source")?);
    }
    Ok((inputs, criteria))
}
