//! What a round differs in from an earlier one, and what each difference did to each county: both rounds are computed again with one
//! cause changed at a time, in a stated order, so that the changes of a county's place add up to the whole.
//!
//! Who comes first matters where causes meet: a new station on a new road counts under the road that makes it reachable or under
//! the station, by the order of [`Cause::ALL`]. It is fixed, and printed beside the result.

use super::compute::{Manner, Source, compute};
use super::ground;
use super::inputs::{self, Together};
use super::list::{self, FoundShard};
use super::merge;
use super::mix::{differs, mixed, new_code, of};
use super::needs::{self, NeedsFrom, RoundNeeds};
use super::plan::{Plan, plan};
use super::prints::Prints;
use super::work::Work;
use crate::config::{Criteria, RoundFile};
use crate::county::Wanted;
use crate::error::{Error, Location, Result, path_text};
use crate::prepared::ground::Ground;
use crate::rank::RankSettings;
use crate::results::Results;
use crate::results::accepted::AcceptedFaults;
use crate::results::applied::ListChange;
use crate::results::causes::{Cause, Causes, CountyCauses, CountyStand, ProgrammeSide};
use crate::results::faults::FaultCode;
use crate::results::money::{Grant, MoneyTotals};
use crate::results::split::{self, Parts};
use crate::tables::CHOICES;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// One of the two rounds.
#[derive(Debug)]
pub struct Side {
    /// As asked for.
    pub file: RoundFile,
    /// Its layers.
    pub all: Together,
    /// Patterns of the codes that take part, as they are by its own crosswalk; none where all do.
    pub listed: Option<Vec<String>>,
    /// Its work folder, if it is still there.
    pub work: Option<Work>,
}

/// Reads the layers of a side, and checks that they are those that its folder was made from.
///
/// # Errors
/// Input, when an input has changed since; as the readers.
pub fn side(file: RoundFile, work: Option<Work>, manifest: &serde_json::Value) -> Result<Side> {
    let mut file = only_regions_of(file, manifest)?;
    let mut all = inputs::read(&file, false)?;
    if let Some(lost) = all.faults.iter().find(|f| f.code == FaultCode::RegionLeftOut) {
        let what = format!("the round was made with {}, which cannot be read any more", lost.subject);
        let next = "bring back the region as it was; without --report, diff compares the two results";
        return Err(Error::input(what, next).at(Location::file(path_text(&file.folder.join(&lost.subject)))));
    }
    let listed = list::patterns(&mut file, &mut all)?;
    let prints = work.as_ref().map_or_else(Prints::default, Prints::of_work);
    let source = ground::source(&file.network, &all, (&all.regions, &all.regions), &prints)?;
    let now: BTreeMap<&str, &str> = all.files.iter().chain(&source.files).map(|f| (f.path.as_str(), f.sha256.as_str())).collect();
    for then in manifest["inputs"].as_array().into_iter().flatten() {
        let (path, sha) = (then["path"].as_str().unwrap_or_default(), then["sha256"].as_str().unwrap_or_default());
        if now.get(path).is_some_and(|n| *n != sha) {
            let what = "the input has changed since the round was made, so what it did then cannot be told";
            let next =
                "bring back the file as it was, or run the round again; without the round files diff compares the two results";
            return Err(Error::input(what, next).at(Location::file(path)));
        }
    }
    Ok(Side { file, all, listed, work })
}

/// The round of the regions that it was made with. Others were left out, for somebody accepted it, and stay out: their files may be missing,
/// damaged, or mended by now.
fn only_regions_of(mut file: RoundFile, manifest: &serde_json::Value) -> Result<RoundFile> {
    let Some(regions) = manifest["regions"].as_array() else { return Ok(file) };
    let regions: Vec<&str> = regions.iter().filter_map(|r| r.as_str()).collect();
    if let Some(gone) = regions.iter().find(|r| !file.folder.join(r).is_file()) {
        let what = format!("the round was made with {gone}, which is not there any more");
        let next = "bring back the region as it was; without --report, diff compares the two results";
        return Err(Error::input(what, next).at(Location::file(path_text(&file.folder.join(gone)))));
    }
    file.regions.files = regions.into_iter().map(glob::Pattern::escape).collect();
    file.regions.expect = None;
    Ok(file)
}

/// A state computed.
struct ComputedState {
    round: Arc<Results>,
    plan: Plan,
    all: Together,
    criteria: Criteria,
}

/// How states are computed.
pub struct CauseOptions<'a> {
    /// Threads.
    pub threads: usize,
    /// Folder for networks and shards between the two.
    pub work: &'a Work,
    /// Told what is done.
    pub on_stage: &'a dyn Fn(&'static str),
    /// Told how many counties are computed, of how many.
    pub on_done: &'a (dyn Fn(usize, usize) + Sync),
}

/// Tells what each cause did.
///
/// # Errors
/// As the round itself.
pub fn causes(sides: &[Side; 2], recoded: &BTreeMap<String, String>, options: &CauseOptions<'_>) -> Result<Causes> {
    let prints = Prints::of_work(options.work);
    let roads = |s: &Side| Ok(ground::source(&s.file.network, &s.all, (&s.all.regions, &[]), &prints)?.key);
    let network: [String; 2] = [roads(&sides[0])?, roads(&sides[1])?];
    let differ: Vec<Cause> = Cause::ALL.into_iter().filter(|c| differs(sides, *c, &network, recoded)).collect();
    let mut held: Option<(String, Ground)> = None;
    let mut stands: BTreeMap<String, CountyCauses> = BTreeMap::new();
    let (mut stations, mut touched) = ((Vec::new(), 0), BTreeSet::new());
    let mut last = compute_state((sides, recoded), 0, &mut held, &prints, options)?;
    let first = Arc::clone(&last.round);
    enter(&mut stands, &first, 0, (recoded, false));
    for (state, cause) in (1..).zip(Cause::ALL) {
        let mut parts = None;
        if differ.contains(&cause) {
            let now = compute_state((sides, recoded), state, &mut held, &prints, options)?;
            let both = [&*last.round, &*now.round];
            if cause == Cause::Stations {
                let Some((_, ground)) = held.as_ref() else { return Err(Error::internal("the network is gone")) };
                let source = Source { ground, all: &now.all, criteria: &now.criteria, plan: &now.plan };
                touched = super::stations::figures_differ(both);
                stations = super::stations::changes(sides, both, &source)?;
            }
            // the borders' state is the first that has the new codes
            let as_new = |code: &str| if state == 1 { new_code(recoded, code) } else { code.to_owned() };
            parts = Some(split::parts(both, &as_new));
            last = now;
        }
        enter(&mut stands, &last.round, state, (recoded, true));
        for (code, county) in &mut stands {
            county.parts.push(parts.as_ref().map_or(Some(Parts::default()), |parts| parts.get(code).copied()));
        }
    }
    prints.keep();
    let currencies = [0, 1].map(|i: usize| sides[i].file.select.currency.clone().unwrap_or_default());
    let mut counties: Vec<CountyCauses> = stands.into_values().collect();
    counties.iter_mut().for_each(|c| c.same_money = currencies[0] == currencies[1]);
    // stable: ties stay by code
    counties.sort_by_key(|c| (c.money().order(), std::cmp::Reverse(c.moved().abs())));
    let money = MoneyTotals::of(currencies, counties.iter().map(CountyCauses::money));
    let (stations, stations_elsewhere) = stations;
    let list = ListChange::of([0, 1].map(|i: usize| sides[i].all.list.as_ref()), &|code| new_code(recoded, code));
    let accepted = AcceptedFaults::default(); // the folders tell it
    Ok(Causes {
        differ,
        list,
        accepted,
        joined: Vec::new(), // as the faults
        funded_though: Vec::new(),
        programmes: [programme_of(&sides[0]), programme_of(&sides[1])],
        counties,
        money,
        stations,
        stations_elsewhere,
        touched,
        ends: [first, last.round],
    })
}

fn programme_of(side: &Side) -> ProgrammeSide {
    let gates = &side.all.gates;
    ProgrammeSide {
        table: side.file.programme.clone(),
        applied_for: gates.first().map(|g| g.programme.clone()),
        applicants: gates.iter().map(|g| g.code.clone()).collect(),
    }
}

/// Books where every county stands in a state.
fn enter(
    all: &mut BTreeMap<String, CountyCauses>,
    r: &Results,
    state: usize,
    (recoded, new_codes): (&BTreeMap<String, String>, bool),
) {
    let Some(part) = &r.round else { return };
    let has_budget = part.file.select.budget.is_some();
    for row in &r.assessment.ranking.rows {
        let county = &r.members[row.county].county;
        let new = recoded.get(&county.code).filter(|_| !new_codes);
        let code = new.unwrap_or(&county.code).clone();
        let c = all.entry(code.clone()).or_default();
        c.old_code = c.old_code.take().or_else(|| new.map(|_| county.code.clone()));
        (c.code, c.name, c.name_zh) = (code, county.name.clone(), county.name_zh.clone());
        let grant = Grant::of(&part.choices[row.county], has_budget);
        let stand = CountyStand { rank: row.rank, score: row.score, selected: grant.funded, grant };
        c.stands.resize(c.stands.len().max(state), None);
        match c.stands.get_mut(state) {
            None => c.stands.push(Some(stand)),
            // of several that became one the first stands for all, with the money of all
            Some(first) => {
                c.joined = true;
                let stand = first.take().unwrap_or(stand);
                let grant = stand.grant.with(grant);
                *first = Some(CountyStand { grant, selected: grant.funded, ..stand });
            }
        }
    }
    all.values_mut().for_each(|c| c.stands.resize(state + 1, None));
}

fn compute_state(
    (sides, recoded): (&[Side; 2], &BTreeMap<String, String>),
    state: usize,
    held: &mut Option<(String, Ground)>,
    prints: &Prints,
    options: &CauseOptions<'_>,
) -> Result<ComputedState> {
    (options.on_stage)("layers");
    let (mut file, mut all) = mixed(sides, state, recoded);
    file.rank.uncertainty.draws = 0;
    file.rank.counterfactuals.stations = 0;
    let criteria = all.criteria(&file)?;
    let borders = &of(sides, state, Cause::Boundaries).all.regions;
    let source = ground::source(&file.network, &all, (&all.regions, borders), prints)?;
    let works: Vec<&Work> = [Some(options.work), sides[0].work.as_ref(), sides[1].work.as_ref()].into_iter().flatten().collect();
    if held.as_ref().is_none_or(|(key, _)| *key != source.key) {
        let kept = works.iter().find_map(|w| ground::open(w.path(), &source, &all));
        let ground = match kept {
            Some(ground) => ground,
            None => ground::build(&file, &all, (options.work.path(), &source), None, &mut |s| (options.on_stage)(s))
                .map_err(|(_, e)| e)?,
        };
        *held = Some((source.key.clone(), ground));
    }
    let Some((_, ground)) = held.as_ref() else { return Err(Error::internal("the network is gone")) };
    (options.on_stage)("plan");
    let asked = list::counties(&mut file, &mut all)?;
    let roads = ground::road_prints(options.work.path(), &source, ground);
    let wanted = Wanted::all(&criteria.serving, &file.output(CHOICES)?);
    let plan = plan((ground, &roads), &all, (&criteria, wanted, file.shortest_gap_mm()), &asked);
    let found = find((&plan, &all, ground, &criteria), &works, options)?;
    let failed: Vec<_> = Vec::new();
    let given = merge::MergeInputs {
        file: &file,
        criteria: &criteria,
        all: &all,
        ground,
        plan: &plan,
        failed: &failed,
        network: &source,
    };
    let from = NeedsFrom { file: &file, criteria: &criteria, all: &all, ground, plan: &plan, network: &source, max_memory: None };
    // where no indicator is of demand it moves nobody, and the network need not be asked for every state
    let ranked_by = RankSettings::from_table(&file.rank)?.is_of_demand();
    let needs = if ranked_by { needs::of_round(&from, &works, options.on_stage)? } else { RoundNeeds::default() };
    let round = merge::merge(&given, found, needs)?;
    Ok(ComputedState { round: Arc::new(round), all, criteria, plan })
}

type Cut<'a> = (&'a Plan, &'a Together, &'a Ground, &'a Criteria);

/// Rows of all shards: from any work folder that has them, else computed.
fn find((plan, all, ground, criteria): Cut<'_>, works: &[&Work], options: &CauseOptions<'_>) -> Result<Vec<Option<FoundShard>>> {
    let mut found = vec![None; plan.shards.len()];
    let missing = |found: &[Option<FoundShard>]| (0..found.len()).filter(|i| found[*i].is_none()).collect::<Vec<_>>();
    for work in works {
        let wanted = missing(&found);
        list::look(plan, all, work, (&wanted, false), &mut found)?;
    }
    let wanted = missing(&found);
    if !wanted.is_empty() {
        (options.on_stage)("compute");
        let source = Source { ground, all, criteria, plan };
        let how = Manner { workers: options.threads, strict: true, on_done: options.on_done };
        compute(&source, &wanted, options.work, &how)?;
        list::look(plan, all, options.work, (&wanted, true), &mut found)?;
    }
    Ok(found)
}
