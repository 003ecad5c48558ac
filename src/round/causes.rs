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
use super::plan::{Plan, plan};
use super::prints::Prints;
use super::work::Work;
use crate::config::round_file::RoundOutput;
use crate::config::{Criteria, RoundFile};
use crate::county::Wanted;
use crate::error::{Error, Location, Result};
use crate::prepared::ground::Ground;
use crate::read::county::County;
use crate::results::Results;
use crate::results::causes::{Cause, Causes, CountyCauses, CountyStand};
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
    /// Its work folder, if it is still there.
    pub work: Option<Work>,
}

/// Reads the layers of a side, and checks that they are those that its folder was made from.
///
/// # Errors
/// Input, when an input has changed since; as the readers.
pub fn side(file: RoundFile, work: Option<Work>, manifest: &serde_json::Value) -> Result<Side> {
    let all = inputs::read(&file, false)?;
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
    Ok(Side { file, all, work })
}

/// Which side each cause is taken from: those before the number from the new, the others from the old.
fn of(sides: &[Side; 2], state: usize, cause: Cause) -> &Side {
    &sides[usize::from((cause as usize) < state)]
}

/// A round between the two: its file and its layers.
fn mixed(sides: &[Side; 2], state: usize, recoded: &BTreeMap<String, String>) -> (RoundFile, Together) {
    let from = |cause| of(sides, state, cause);
    let (borders, demand, method) = (from(Cause::Boundaries), from(Cause::Demand), from(Cause::Method));
    let file = RoundFile {
        regions: borders.file.regions.clone(),
        folder: borders.file.folder.clone(),
        network: from(Cause::Roads).file.network.clone(),
        criteria: from(Cause::Criteria).file.criteria.clone(),
        output: from(Cause::Criteria).file.output.clone(),
        ..method.file.clone()
    };
    // people of a county that has another code by now are still its people
    let codes = |c: &'_ County| [Some(c.code.clone()), recoded.get(&c.code).cloned()].into_iter().flatten();
    let people: BTreeMap<String, &County> =
        demand.all.counties.iter().flat_map(|c| codes(c).map(move |code| (code, c))).collect();
    let county = |c: &County| {
        let with = people.get(&c.code);
        County {
            population: with.and_then(|p| p.population),
            columns: with.map(|p| p.columns.clone()).unwrap_or_default(),
            ..c.clone()
        }
    };
    let all = Together {
        regions: from(Cause::Roads).all.regions.clone(),
        counties: borders.all.counties.iter().map(county).collect(),
        stations: from(Cause::Stations).all.stations.clone(),
        settlements: demand.all.settlements.clone(),
        raster: demand.all.raster.moved(&demand.all.counties, &borders.all.counties, &|code| new_code(recoded, code)),
        attribution: sides[1].all.attribution.clone(),
        synthetic: sides.iter().any(|s| s.all.synthetic),
        ..Together::default()
    };
    (file, all)
}

/// Whether a cause differs between the sides.
fn differs(sides: &[Side; 2], cause: Cause, network: &[String; 2], recoded: &BTreeMap<String, String>) -> bool {
    let [old, new_side] = sides;
    let same = match cause {
        Cause::Boundaries => {
            let borders =
                |s: &Side| s.all.counties.iter().map(|c| (c.code.clone(), c.name.clone(), c.shape.clone())).collect::<Vec<_>>();
            let listed = |s: &Side| (s.file.regions.counties.clone(), s.file.regions.county_list.clone());
            borders(old) == borders(new_side) && listed(old) == listed(new_side)
        }
        Cause::Roads => network[0] == network[1],
        Cause::Stations => old.all.stations == new_side.all.stations || bare(&old.all) == bare(&new_side.all),
        Cause::Demand => {
            // by the new code, so that a county that was recoded and nothing else is the same
            let new = |code: &str| new_code(recoded, code);
            let people = |s: &Side| {
                let of = s.all.counties.iter().map(|c| (new(&c.code), (c.population, c.columns.clone())));
                of.collect::<BTreeMap<_, _>>()
            };
            let settled = |s: &Side| {
                s.all.settlements.iter().map(|x| (x.id.clone(), x.at, x.population, x.name.clone())).collect::<Vec<_>>()
            };
            let cells = |s: &Side| s.all.raster.by_code(&s.all.counties, &new);
            settled(old) == settled(new_side) && people(old) == people(new_side) && cells(old) == cells(new_side)
        }
        Cause::Criteria => {
            let asked = |s: &Side| {
                // which files are written is no criterion
                let RoundOutput { gaps, simplify_m, shortest_gap_km, without: _, layers: _ } = &s.file.output;
                format!("{:?} {gaps:?} {simplify_m:?} {shortest_gap_km:?}", s.file.criteria)
            };
            asked(old) == asked(new_side)
        }
        Cause::Method => old.file.rank == new_side.file.rank && old.file.select == new_side.file.select,
    };
    !same
}

/// A code as it is by now.
fn new_code(recoded: &BTreeMap<String, String>, code: &str) -> String {
    recoded.get(code).map_or(code, String::as_str).to_owned()
}

/// Stations without the place in the file that they come from.
fn bare(all: &Together) -> Vec<crate::read::station::Station> {
    all.stations.iter().map(|s| crate::read::station::Station { source: Location::default(), ..s.clone() }).collect()
}

/// A state computed.
struct ComputedState {
    round: Arc<Results>,
    plan: Plan,
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
    let (mut stations, mut touched) = (Vec::new(), BTreeSet::new());
    let mut last = compute_state((sides, recoded), 0, &mut held, &prints, options)?;
    let first = Arc::clone(&last.round);
    enter(&mut stands, &first, 0, (recoded, false));
    for (state, cause) in (1..).zip(Cause::ALL) {
        if differ.contains(&cause) {
            let now = compute_state((sides, recoded), state, &mut held, &prints, options)?;
            if cause == Cause::Stations {
                let both = [&*last.round, &*now.round];
                touched = super::stations::figures_differ(both);
                stations = super::stations::changes(sides, both, (&now.plan, &mixed(sides, state, recoded).1.counties));
            }
            last = now;
        }
        enter(&mut stands, &last.round, state, (recoded, true));
    }
    prints.keep();
    Ok(Causes { differ, counties: stands.into_values().collect(), stations, touched, ends: [first, last.round] })
}

/// Books where every county stands in a state.
fn enter(
    all: &mut BTreeMap<String, CountyCauses>,
    r: &Results,
    state: usize,
    (recoded, new_codes): (&BTreeMap<String, String>, bool),
) {
    let Some(part) = &r.round else { return };
    for row in &r.assessment.ranking.rows {
        let county = &r.members[row.county].county;
        let new = recoded.get(&county.code).filter(|_| !new_codes);
        let code = new.unwrap_or(&county.code).clone();
        let c = all.entry(code.clone()).or_default();
        c.old_code = c.old_code.take().or_else(|| new.map(|_| county.code.clone()));
        (c.code, c.name, c.name_zh) = (code, county.name.clone(), county.name_zh.clone());
        c.stands.resize(state, None);
        c.stands.push(Some(CountyStand {
            rank: row.rank,
            score: row.score,
            selected: part.choices[row.county].why.is_selected(),
        }));
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
    let round = merge::merge(&given, found)?;
    Ok(ComputedState { round: Arc::new(round), plan })
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
