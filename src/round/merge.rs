//! Puts the rows of all shards together: evidence, ranking, selection. It looks at rows by county, so that it makes no difference
//! who made them, when, or in which order.

use super::compute::Failed;
use super::inputs::Together;
use super::list::Found;
use super::plan::Plan;
use super::rows::{CountyRow, Set};
use super::select::{Choice, select};
use super::work::Done;
use crate::config::region_file::RegionTable;
use crate::config::{Criteria, RankTable, RoundFile};
use crate::county::compute::LATEST_MONTH;
use crate::county::trust::newest_month;
use crate::error::{Error, Result};
use crate::issue::{IssueCode, Issues, Layer};
use crate::network::NO_COUNTY;
use crate::prepared::ground::Ground;
use crate::rank::trust;
use crate::rank::trust::Trust;
use crate::rank::{Assessment, CountyFigures, Evidence, RankSettings, StationSet, Unit, assess};
use crate::read::InputFile;
use crate::read::county::County;
use crate::results::PARTS;

/// A county of the round.
#[derive(Clone, Debug)]
pub struct Member {
    /// The county.
    pub county: County,
    /// Fingerprint of what its rows are made from.
    pub shard: String,
    /// Fingerprints of its parts.
    pub parts: [String; PARTS.len()],
    /// Its rows; none where it could not be computed.
    pub done: Option<Done>,
    /// Its row; empty where it could not be computed.
    pub row: CountyRow,
    /// Trust in its inputs.
    pub trust: Trust,
}

/// A round put together. Counties by their number in `members`.
#[derive(Debug)]
pub struct Round {
    /// As asked for.
    pub file: RoundFile,
    /// Name and notices.
    pub region: RegionTable,
    /// Criteria.
    pub criteria: Criteria,
    /// How counties are ranked.
    pub settings: RankSettings,
    /// Counties by code.
    pub members: Vec<Member>,
    /// What the ranking is made from.
    pub evidence: Evidence,
    /// The ranking.
    pub assessment: Assessment,
    /// What became of each county.
    pub choices: Vec<Choice>,
    /// Input files.
    pub files: Vec<InputFile>,
    /// All issues.
    pub issues: Issues,
    /// Facts for the manifest.
    pub facts: Facts,
}

/// Counts of the round.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// Regions read.
    pub regions: Vec<String>,
    /// Stations read, outside every county, and in counties that do not take part.
    pub stations: [usize; 3],
    /// The same of settlements.
    pub settlements: [usize; 3],
    /// Nodes and edges of the network.
    pub network: [usize; 2],
    /// Road length read, left out, drawn twice, cut off, outside every county, and in counties without rows (they take no part, or
    /// failed), millimetres. What is left of the first is in the ledgers.
    pub road_mm: [u64; 6],
    /// How far surroundings reach, metres.
    pub reach_m: f64,
    /// What the network was made from.
    pub network_key: String,
}

/// What is put together.
pub struct Given<'a> {
    /// As asked for, with codes brought up to date.
    pub file: &'a RoundFile,
    /// The layers.
    pub all: &'a Together,
    /// The network.
    pub ground: &'a Ground,
    /// The shards.
    pub plan: &'a Plan,
    /// Counties that could not be computed.
    pub failed: &'a [Failed],
    /// The network's files, and what it was made from.
    pub network: &'a super::ground::Source,
}

/// Puts a round together.
///
/// # Errors
/// Input, when rows are missing or damaged; as the ranking.
pub fn merge(given: &Given<'_>, found: Vec<Option<Found>>) -> Result<Round> {
    let Given { file, all, ground, plan, failed, .. } = given;
    let whole = file.whole();
    let criteria = Criteria::from_region(&whole)?;
    let mut issues = all.issues.clone();
    issues.absorb(ground.issues.clone());
    let found = all_rows(given, found)?;
    found.iter().for_each(|(_, row)| issues.extend(row.issues.iter().cloned()));
    let layer = layer_of(given, &issues);
    let members: Vec<Member> = plan.shards.iter().zip(found).map(|(s, (done, row))| member(all, s, done, row, layer)).collect();
    let mut table = file.rank.clone();
    for f in *failed {
        let member = &members[f.shard];
        let reason = format!("it could not be computed: {}", f.why);
        issues.push(Layer::Counties, IssueCode::CountyFailed, member.county.source.clone(), reason.clone());
        table.eligibility.except.insert(member.county.code.clone(), reason);
    }
    let evidence = evidence(&members, &criteria)?.varied(&table.uncertainty)?;
    super::limits::fit(&mut table, &evidence, &file.name, &mut issues)?;
    let settings = RankSettings::from_table(&table)?;
    let assessment = assess(&evidence, &settings, &mut issues)?;
    let choices = select(&file.select, &assessment.ranking, &evidence, &settings);
    let files = files(all, given.network);
    let region = RegionTable {
        synthetic: all.synthetic,
        attribution: all.attribution.clone(),
        map_review_number: all.map_review_number.clone(),
        ..whole.region
    };
    let facts = facts(given);
    let file = (*file).clone();
    Ok(Round { file, region, criteria, settings, members, evidence, assessment, choices, files, issues, facts })
}

/// All files that a round was made from, by path.
pub fn files(all: &Together, network: &super::ground::Source) -> Vec<InputFile> {
    let mut files = all.files.clone();
    files.extend(network.files.iter().filter(|f| !all.files.iter().any(|g| g.path == f.path)).cloned());
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files.dedup_by(|a, b| a.path == b.path);
    files
}

/// The rows of every shard; nothing in their place where one could not be computed.
fn all_rows(given: &Given<'_>, found: Vec<Option<Found>>) -> Result<Vec<(Option<Done>, CountyRow)>> {
    let Given { all, plan, failed, .. } = given;
    let code = |i: usize| all.counties[plan.shards[i].county as usize].code.clone();
    let gone = |i: &usize| found[*i].is_none() && !failed.iter().any(|f| f.shard == *i);
    let missing: Vec<usize> = (0..plan.shards.len()).filter(gone).collect();
    if !missing.is_empty() {
        let (n, of) = (missing.len(), plan.shards.len());
        let some: Vec<String> = missing.iter().take(5).map(|i| code(*i)).collect();
        let more = if n > some.len() { ", …" } else { "" };
        let what = format!("the rows of {n} of {of} counties are missing or damaged: {}{more}", some.join(", "));
        return Err(Error::input(
            what,
            "run `chargegap round` with each --shard again, on the same inputs; what is whole is kept",
        ));
    }
    let nothing = |i| (None, CountyRow { code: code(i), ..CountyRow::default() });
    Ok(found.into_iter().enumerate().map(|(i, f)| f.map_or_else(|| nothing(i), |(done, row)| (Some(done), row))).collect())
}

/// What is known of the whole layers and bears on the trust in a county.
#[derive(Clone, Copy)]
struct WholeLayers {
    read_mm: u64,
    unclassed_mm: u64,
    near_ends: u64,
    newest: Option<u32>,
}

fn layer_of(given: &Given<'_>, issues: &Issues) -> WholeLayers {
    let by_code = issues.by_code();
    let of = |code| by_code.get(&(Layer::Roads, code)).copied().unwrap_or_default();
    WholeLayers {
        read_mm: given.ground.books.read_mm,
        unclassed_mm: of(IssueCode::UnknownClass).1,
        near_ends: of(IssueCode::NearEnd).0,
        newest: newest_month(given.all.stations.iter()),
    }
}

fn member(all: &Together, shard: &super::plan::Shard, done: Option<Done>, mut row: CountyRow, layer: WholeLayers) -> Member {
    let county = all.counties[shard.county as usize].clone();
    for set in &mut row.figures {
        set.all.residents = county.population;
        set.trusted.iter_mut().for_each(|t| t.residents = county.population);
    }
    let older = layer.newest.map_or(0, |n| LATEST_MONTH - n);
    let evidence = trust::Evidence {
        all_road_mm: layer.read_mm,
        all_unclassed_mm: layer.unclassed_mm,
        all_near_ends: layer.near_ends,
        people_by_area: county.population.is_some(),
        median_age_months: row.trust.median_age_months.map(|m| m - f64::from(older)),
        ..row.trust.clone()
    };
    Member { county, shard: shard.print.clone(), parts: shard.parts.clone(), done, row, trust: trust::trust(&evidence) }
}

/// Figures of all counties under every service distance and station set, the headline first.
fn evidence(members: &[Member], criteria: &Criteria) -> Result<Evidence> {
    let distances_mm: Vec<u32> = members
        .iter()
        .find(|m| !m.row.figures.is_empty())
        .map_or_else(|| vec![criteria.headline_criterion().limit()], |m| m.row.figures.iter().map(|s| s.distance_mm).collect());
    let doubtful = members.iter().any(|m| m.row.doubtful || m.row.figures.iter().any(|s| s.trusted.is_some()));
    let stations = if doubtful { vec![StationSet::All, StationSet::Trusted] } else { vec![StationSet::All] };
    let mut figures = Vec::new();
    for mm in &distances_mm {
        for set in &stations {
            figures.push(members.iter().map(|m| figures_of(m, *mm, *set)).collect());
        }
    }
    let unit = |m: &Member| Unit {
        code: m.county.code.clone(),
        name: m.county.name.clone(),
        name_zh: m.county.name_zh.clone(),
        columns: m.county.columns.clone(),
        trust: m.trust.score,
        doubt: m.trust.doubts.first().copied().unwrap_or_default().to_owned(),
    };
    Ok(Evidence { units: members.iter().map(unit).collect(), distances_mm, stations, figures })
}

fn figures_of(m: &Member, distance_mm: u32, set: StationSet) -> CountyFigures {
    let nothing = || CountyFigures { code: m.county.code.clone(), residents: m.county.population, ..CountyFigures::default() };
    let of = |s: &Set| match set {
        StationSet::Trusted => s.trusted.clone().unwrap_or_else(|| s.all.clone()),
        StationSet::All => s.all.clone(),
    };
    m.row.figures.iter().find(|s| s.distance_mm == distance_mm).map_or_else(nothing, of)
}

fn facts(given: &Given<'_>) -> Facts {
    let Given { all, ground, plan, network, .. } = given;
    let counts = |of: &[u32]| {
        let outside = of.iter().filter(|c| **c == NO_COUNTY).count();
        let part = |c: &&u32| **c != NO_COUNTY && plan.shards.binary_search_by_key(*c, |s| s.county).is_err();
        [of.len(), outside, of.iter().filter(part).count()]
    };
    let shard_of = |c: u32| plan.shards.binary_search_by_key(&c, |s| s.county);
    let has_rows = |c: u32| shard_of(c).is_ok_and(|i| given.failed.iter().all(|f| f.shard != i));
    let (mut outside_mm, mut without_rows_mm) = (0, 0);
    for e in &ground.draft.edges {
        match e.county {
            NO_COUNTY => outside_mm += u64::from(e.length_mm),
            c if has_rows(c) => {}
            _ => without_rows_mm += u64::from(e.length_mm),
        }
    }
    let b = &ground.books;
    Facts {
        regions: all.regions.iter().map(|r| r.path.clone()).collect(),
        stations: counts(&plan.county_of_station),
        settlements: counts(&plan.county_of_settlement),
        network: [ground.draft.nodes.len(), ground.draft.edges.len()],
        road_mm: [
            b.read_mm,
            b.left_out_mm,
            b.repeated_mm,
            b.islands_mm.iter().sum::<u64>() + b.islands_outside_mm,
            outside_mm,
            without_rows_mm,
        ],
        reach_m: plan.reach_m,
        network_key: network.key.clone(),
    }
}

/// Brings the codes that a ranking names up to date.
pub fn recode(table: &mut RankTable, new: &dyn Fn(&str) -> String) {
    if let Some(only) = &mut table.eligibility.only {
        only.iter_mut().for_each(|c| *c = new(c));
    }
    table.eligibility.except = std::mem::take(&mut table.eligibility.except).into_iter().map(|(c, why)| (new(&c), why)).collect();
    for joint in &mut table.joint {
        joint.lead = new(&joint.lead);
        joint.members.iter_mut().for_each(|c| *c = new(c));
    }
}
