//! A round from its file to its result: read, plan, compute what is missing, put together. Every step can be stopped and done again.

use super::begin::{Begun, begin};
use super::borders::RoadByCounty;
use super::compute::{Failed, Manner, Source, compute};
use super::found;
use super::inputs::Together;
use super::merge::{self, merge};
use super::needs::{self, NeedsFrom, NeedsOrigin};
use super::new_stations::try_stations;
use super::plan::{Plan, plan};
use super::prints::Prints;
use super::work::Work;
use super::{ground, list, overrides, refused};
use crate::config::{Criteria, RoundFile};
use crate::county::Wanted;
use crate::error::{Error, Result};
use crate::input;
use crate::measure::Timings;
use crate::prepared::ground::Ground;
use crate::programme;
use crate::results::faults::{Faults, Stage};
use crate::results::{PARTS, Results};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How a round is done.
pub struct RoundOptions<'a> {
    /// A refused record, or a region or county that fails, ends it.
    pub strict: bool,
    /// The k-th of n parts of the counties (from 1); nothing is put together then.
    pub part: Option<(usize, usize)>,
    /// Nothing is computed: what is missing is an error.
    pub merge_only: bool,
    /// Threads.
    pub threads: usize,
    /// Bytes that may be in memory, about.
    pub max_memory: Option<u64>,
    /// Told the name of each stage when it begins.
    pub on_stage: &'a dyn Fn(&'static str),
    /// Told how many counties are computed, of how many.
    pub on_done: &'a (dyn Fn(usize, usize) + Sync),
}

impl<'a> RoundOptions<'a> {
    /// The whole round on all threads, whatever memory it takes; nobody is told how many counties are done.
    pub fn whole(on_stage: &'a dyn Fn(&'static str)) -> Self {
        let threads = rayon::current_num_threads();
        Self { strict: false, part: None, merge_only: false, threads, max_memory: None, on_stage, on_done: &|_, _| {} }
    }
}

/// What was done.
#[derive(Debug)]
pub struct Done {
    /// The round put together; none where a part was asked for, or faults are open.
    pub round: Option<Box<Results>>,
    /// What is wrong, and who answers for it.
    pub faults: Faults,
    /// Why it could not be put together, where faults are open beside that.
    pub stopped: Option<Error>,
    /// Counties that take part.
    pub counties: usize,
    /// Of them, those of the part.
    pub asked: usize,
    /// Codes of the counties that were computed, in order.
    pub computed: Vec<String>,
    /// Of those that the last run of the round had, how many changed by each of [`PARTS`].
    pub changed: Vec<(&'static str, usize)>,
    /// Counties that could not be computed.
    pub failed: Vec<(String, String)>,
    /// Whether the whole network was asked for demand and programmes, or that was kept.
    pub needs: NeedsOrigin,
}

/// The layers, the network and the shards of a round.
pub struct Laid {
    /// The round, with codes brought up to date.
    pub file: RoundFile,
    /// Layers.
    pub all: Together,
    /// Network.
    pub ground: Ground,
    /// What it was made from.
    pub source: ground::NetworkSource,
    /// Criteria.
    pub criteria: Criteria,
    /// Shards.
    pub plan: Plan,
}

/// Does a round.
///
/// # Errors
/// Input and usage from the readers; environment, when the disk refuses or memory is too small.
pub fn run(round: &RoundFile, work: &Work, options: &RoundOptions<'_>, timings: &mut Timings) -> Result<Done> {
    let (mut laid, slip) = lay_all(round, work, options, timings)?;
    if let Some(slip) = slip {
        let faults = found::judged(&laid.file, laid.all.faults.clone(), Stage::Network);
        // as like as not it follows from an open fault, and a part ranks nothing
        let is_open = faults.open().next().is_some();
        match (is_open, options.part) {
            (false, _) => return Err(slip),
            (true, None) => return stopped((&laid, work), faults, slip, timings),
            (true, Some(_)) => {}
        }
    }
    let mut stage = |name| {
        timings.start(name);
        (options.on_stage)(name);
    };
    stage("kept");
    let Laid { file, all, ground, source, criteria, plan } = &laid;
    let wanted = list::part(&plan.shards, all, options.part);
    let mut found = vec![None; plan.shards.len()];
    list::look(plan, all, work, (&wanted, false), &mut found)?;
    let missing: Vec<usize> = wanted.iter().copied().filter(|i| found[*i].is_none()).collect();
    let codes = |list: &[usize]| -> Vec<String> { list.iter().map(|i| code(all, plan, *i).to_owned()).collect() };
    let changed = Last::open(work).changed(plan, all);
    let mut failed: Vec<Failed> = Vec::new();
    if !options.merge_only && !missing.is_empty() {
        stage("compute");
        plan.only_for(&ground.draft, &missing);
        let from = Source { ground, all, criteria, plan };
        let workers = memory(options, plan, &missing, ground)?;
        let how = Manner { workers, strict: options.strict, on_done: options.on_done };
        failed = compute(&from, &missing, work, &how)?;
        list::look(plan, all, work, (&missing, true), &mut found)?;
        failed.iter().for_each(|f| work.keep_failed(&plan.shards[f.shard].print, &f.why));
    }
    if options.merge_only {
        let tried = |i: &usize| Some(Failed { shard: *i, why: work.failed(&plan.shards[*i].print)? });
        failed.extend(missing.iter().filter_map(tried));
    }
    let gone: Vec<usize> =
        wanted.iter().copied().filter(|i| found[*i].is_none() && !failed.iter().any(|f| f.shard == *i)).collect();
    let mut known = all.faults.clone();
    known.extend(found::of_failed(&failed, plan, all));
    known.extend(found::of_missing(&gone, plan, all));
    let computed = if options.merge_only { Vec::new() } else { codes(&missing) };
    let mut done = Done {
        round: None,
        faults: found::judged(file, known.clone(), Stage::Network),
        stopped: None,
        counties: plan.shards.len(),
        asked: wanted.len(),
        computed,
        changed,
        failed: failed.iter().map(|f| (code(all, plan, f.shard).to_owned(), f.why.clone())).collect(),
        needs: NeedsOrigin::default(),
    };
    if options.part.is_none() && gone.is_empty() {
        let from = NeedsFrom { file, criteria, all, ground, plan, network: source, max_memory: options.max_memory };
        let needs = {
            let stage = std::cell::RefCell::new(&mut stage);
            needs::of_round(&from, &[work], &|name| (stage.borrow_mut())(name))?
        };
        done.needs = needs.origin;
        if options.strict {
            programme::strict_fit(&needs.issues)?;
        }
        stage("rank");
        let given = merge::MergeInputs { file, criteria, all, ground, plan, failed: &failed, network: source };
        let results = match merge(&given, found, needs) {
            Err(e) if done.faults.open().next().is_some() => {
                done.stopped = Some(e); // as like as not it follows from them
                None
            }
            other => Some(other?),
        };
        if let Some(mut results) = results {
            overrides::check_after(file, &results)?;
            known.extend(found::of_ranking(&results));
            done.faults = found::judged(file, known, Stage::Ranked);
            if done.faults.open().next().is_none() {
                Last::of(plan, all).keep(work);
                if results.settings.table.counterfactuals.stations > 0 && results.output.wants("counterfactuals") {
                    stage("what if");
                    try_stations(&mut laid, &mut results)?;
                }
                if let Some(part) = &mut results.round {
                    part.faults = done.faults.clone();
                }
                done.round = Some(Box::new(results));
            }
        }
    }
    timings.stop();
    found::keep(&done.faults, work, options.part)?;
    Ok(done)
}

/// A round that is not computed: its faults, and what it cannot be put together with.
fn stopped((laid, work): (&Laid, &Work), faults: Faults, slip: Error, timings: &mut Timings) -> Result<Done> {
    timings.stop();
    found::keep(&faults, work, None)?;
    let counties = laid.plan.shards.len();
    Ok(Done {
        round: None,
        faults,
        stopped: Some(slip),
        counties,
        asked: counties,
        computed: Vec::new(),
        changed: Vec::new(),
        failed: Vec::new(),
        needs: NeedsOrigin::default(),
    })
}

fn code<'a>(all: &'a Together, plan: &Plan, shard: usize) -> &'a str {
    &all.counties[plan.shards[shard].county as usize].code
}

/// Reads the layers, opens or builds the network, and works out the shards.
///
/// # Errors
/// As [`run`].
pub fn lay(round: &RoundFile, work: &Work, options: &RoundOptions<'_>, timings: &mut Timings) -> Result<Laid> {
    match lay_all(round, work, options, timings)? {
        (_, Some(slip)) => Err(slip),
        (laid, None) => Ok(laid),
    }
}

/// The same with what the round file names and is not there.
fn lay_all(round: &RoundFile, work: &Work, options: &RoundOptions<'_>, timings: &mut Timings) -> Result<(Laid, Option<Error>)> {
    let mut stage = |name| {
        timings.start(name);
        (options.on_stage)(name);
    };
    let prints = Prints::of_work(work);
    let begun = begin(round, (&prints, options.strict), &mut stage, &mut |all, source, stage| match ground::open(
        work.path(),
        source,
        all,
    ) {
        Some(ground) => Ok(ground),
        None => ground::build(round, all, (work.path(), source), options.max_memory, stage),
    })?;
    let Begun { file, mut all, source, files, network: ground, criteria, output, asked, slip } = begun;
    all.faults.extend(RoadByCounty::of(&ground).faults(&all, &asked));
    all.faults.extend(refused::faults(&ground.issues, &files));
    let roads = ground::road_prints(work.path(), &source, &ground);
    let wanted = Wanted::all(&criteria.serving, &output);
    let plan = plan((&ground, &roads), &all, (&criteria, wanted, file.shortest_gap_mm()), &asked);
    Ok((Laid { file, all, ground, source, criteria, plan }, slip))
}

/// Bytes that an edge of a batch takes while it is computed, about, measured on rounds of a country.
const BYTES_PER_EDGE: u64 = 600;

/// Workers that cores and memory allow.
fn memory(options: &RoundOptions<'_>, plan: &Plan, missing: &[usize], ground: &Ground) -> Result<usize> {
    let Some(limit) = options.max_memory else { return Ok(options.threads) };
    let now = crate::system::resident_bytes();
    let largest = missing.iter().map(|i| plan.shards[*i].edges).max().unwrap_or(0).max(super::plan::MOST_EDGES) as u64;
    // a batch with surroundings of its own size on every side at the worst, and room to number its nodes
    let each = largest * 3 * BYTES_PER_EDGE + 4 * ground.draft.nodes.len() as u64;
    let room = limit.saturating_sub(now) / each.max(1);
    if room == 0 {
        return Err(too_little(now + each, limit));
    }
    Ok(options.threads.min(room as usize))
}

/// Refuses what takes another network of so many edges where that will not fit, before it is tried.
pub(super) fn room_for(edges: usize, max_memory: Option<u64>) -> Result<()> {
    let needed = crate::system::resident_bytes() + edges as u64 * BYTES_PER_EDGE;
    max_memory.filter(|limit| needed > *limit).map_or(Ok(()), |limit| Err(too_little(needed, limit)))
}

fn too_little(needed: u64, limit: u64) -> Error {
    let mb = |b: u64| b.div_ceil(1_000_000);
    let what = format!("the round needs about {} MB, and --max-memory allows {} MB", mb(needed), mb(limit));
    Error::environment(what, "raise it, or give the round fewer regions")
}

/// Fingerprints of the shards of the last run that was put together, to tell what changed.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Last(BTreeMap<String, [String; PARTS.len()]>);

impl Last {
    fn open(work: &Work) -> Self {
        let bytes = input::whole(&work.path().join("last.json"), "read the last round", input::MOST_WHOLE);
        bytes.ok().and_then(|b| serde_json::from_slice(&b).ok()).unwrap_or_default()
    }

    fn of(plan: &Plan, all: &Together) -> Self {
        let parts = plan.shards.iter().map(|s| (all.counties[s.county as usize].code.clone(), s.parts.clone()));
        Self(parts.collect())
    }

    /// That it cannot be kept is no fault: the next run then does not say what changed.
    fn keep(&self, work: &Work) {
        let path = work.path().join("last.json");
        let write = |out: &mut dyn std::io::Write| serde_json::to_writer(out, self).map_err(std::io::Error::other);
        let _ = crate::files::whole_file::write_whole(&path, "list of shards", write);
    }

    fn changed(&self, plan: &Plan, all: &Together) -> Vec<(&'static str, usize)> {
        let before = |s: &super::plan::Shard| self.0.get(&all.counties[s.county as usize].code);
        let differs = |k: usize| plan.shards.iter().filter(|s| before(s).is_some_and(|p| p[k] != s.parts[k])).count();
        PARTS.iter().enumerate().map(|(k, part)| (*part, differs(k))).filter(|(_, n)| *n > 0).collect()
    }
}
