//! Computes the shards that are not finished: batches of neighbours by as many workers as cores and memory allow, each batch kept
//! as soon as it is done.

use super::inputs::Together;
use super::plan::{Plan, batches};
use super::work::Work;
use crate::access::people::CountyCell;
use crate::config::Criteria;
use crate::county::{Computed, PeopleRaster, Piece, compute as compute_counties};
use crate::error::{Error, Result};
use crate::network::{NO_COUNTY, PieceScratch};
use crate::prepared::ground::Ground;
use crate::results::shard_file;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// Everything that batches are cut from.
pub struct Source<'a> {
    /// The network.
    pub ground: &'a Ground,
    /// The layers.
    pub all: &'a Together,
    /// What is asked for.
    pub criteria: &'a Criteria,
    /// The shards.
    pub plan: &'a Plan,
}

/// A county that could not be computed, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// Number of the shard.
    pub shard: usize,
    /// Why.
    pub why: String,
}

/// How it is done.
pub struct Manner<'a> {
    /// Workers.
    pub workers: usize,
    /// A county that fails ends the work.
    pub strict: bool,
    /// Told how many shards are done, of how many.
    pub on_done: &'a (dyn Fn(usize, usize) + Sync),
}

/// Computes these shards, by number, and keeps their rows. Those that fail are listed by number; the others are all finished then.
///
/// # Errors
/// Environment, when rows cannot be kept; in strict mode what a county fails of.
pub fn compute(source: &Source<'_>, missing: &[usize], work: &Work, how: &Manner<'_>) -> Result<Vec<Failed>> {
    let shards: Vec<_> = missing.iter().map(|i| source.plan.shards[*i].clone()).collect();
    let lists: Vec<Vec<usize>> =
        batches(&shards, source.all).into_iter().map(|b| b.into_iter().map(|k| missing[k]).collect()).collect();
    let (next, done, stop) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicBool::new(false));
    let failed = Mutex::new(Vec::new());
    let error = Mutex::new(None);
    let worker = || {
        let mut scratch = PieceScratch::default();
        while !stop.load(Ordering::Relaxed) {
            let Some(batch) = lists.get(next.fetch_add(1, Ordering::Relaxed)) else { return };
            match one(source, batch, work, how.strict, &mut scratch) {
                Ok(list) => lock(&failed).extend(list),
                Err(e) => {
                    stop.store(true, Ordering::Relaxed);
                    lock(&error).get_or_insert(e);
                    return;
                }
            }
            let so_far = done.fetch_add(batch.len(), Ordering::Relaxed) + batch.len();
            (how.on_done)(so_far, missing.len());
        }
    };
    // Each worker has a pool of one thread: what is parallel inside a batch must not begin another batch on the same stack.
    std::thread::scope(|scope| {
        for _ in 0..how.workers.clamp(1, lists.len().max(1)) {
            scope.spawn(|| match rayon::ThreadPoolBuilder::new().num_threads(1).build() {
                Ok(pool) => pool.install(worker),
                Err(_) => worker(),
            });
        }
    });
    if let Some(e) = error.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner) {
        return Err(e);
    }
    let mut failed = failed.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    failed.sort_by_key(|f: &Failed| f.shard);
    Ok(failed)
}

fn lock<T>(m: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    m.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Computes a batch and keeps it. Where it fails, its counties are tried one by one, so that one does not take the others with it.
fn one(source: &Source<'_>, batch: &[usize], work: &Work, strict: bool, scratch: &mut PieceScratch) -> Result<Vec<Failed>> {
    let why = match tried(source, batch, scratch) {
        Ok(rows) => {
            for (shard, bytes) in rows {
                work.keep(&source.plan.shards[shard].print, &bytes)?;
            }
            return Ok(Vec::new());
        }
        Err(why) => why,
    };
    if let [shard] = *batch {
        let code = &source.all.counties[source.plan.shards[shard].county as usize].code;
        if strict {
            return Err(Error::internal(format!("county {code} cannot be computed: {why}")));
        }
        return Ok(vec![Failed { shard, why }]);
    }
    let mut failed = Vec::new();
    for shard in batch {
        failed.extend(one(source, &[*shard], work, strict, scratch)?);
    }
    Ok(failed)
}

fn tried(source: &Source<'_>, batch: &[usize], scratch: &mut PieceScratch) -> std::result::Result<Vec<(usize, Vec<u8>)>, String> {
    let work = AssertUnwindSafe(|| of_batch(source, batch, scratch));
    match catch_unwind(work) {
        Ok(done) => done.map_err(|e| e.what().to_owned()),
        Err(panic) => {
            *scratch = PieceScratch::default();
            let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
            Err(format!("the program failed in it ({})", text.unwrap_or("no message")))
        }
    }
}

/// The files of a batch, with the number of each shard.
///
/// # Errors
/// Internal, when books do not close.
pub fn of_batch(source: &Source<'_>, batch: &[usize], scratch: &mut PieceScratch) -> Result<Vec<(usize, Vec<u8>)>> {
    let mut batch = batch.to_vec();
    batch.sort_unstable_by_key(|i| source.plan.shards[*i].county);
    let computed = computed(source, &batch, scratch)?;
    let prints: Vec<String> = batch.iter().map(|i| source.plan.shards[*i].print.clone()).collect();
    let asked = (source.plan.layer, source.plan.wanted.roads);
    Ok(batch.into_iter().zip(shard_file::of_piece(&computed, asked, &source.ground.names, &prints)).collect())
}

/// Computes the counties of some shards, by number in the order of their counties, on the piece that they make up together. No shape,
/// no name of a county, no people of the table are in it: what the fingerprint of a shard does not cover must not reach its rows.
///
/// # Errors
/// Internal, when books do not close.
pub fn computed(source: &Source<'_>, batch: &[usize], scratch: &mut PieceScratch) -> Result<Computed> {
    let Source { ground, all, criteria, plan } = source;
    let counties: Vec<u32> = batch.iter().map(|i| plan.shards[*i].county).collect();
    let others = counties.len() as u32;
    let number = |county: u32| match counties.binary_search(&county) {
        Ok(i) => i as u32,
        Err(_) if county == NO_COUNTY => NO_COUNTY,
        Err(_) => others,
    };
    let cells = batch.iter().map(|i| plan.shards[*i].cells.clone()).reduce(|a, b| a.with(&b)).unwrap_or_default();
    let edges = plan.edges(&ground.draft).within(&cells);
    let stations = plan.stations.within(&cells).into_iter();
    let settlements = counties.iter().flat_map(|c| &plan.settlements[*c as usize]);
    let raster = |c: &u32| all.raster.has(*c);
    let cells_of = |(i, c): (usize, &u32)| all.raster.of(*c).iter().map(move |cell| CountyCell { county: i as u32, ..*cell });
    let piece = Piece {
        criteria,
        layer: Some(plan.layer),
        codes: counties.iter().map(|c| all.counties[*c as usize].code.clone()).collect(),
        others: true,
        excluded_mm: counties.iter().map(|c| ground.books.islands_mm[*c as usize]).chain([0]).collect(),
        draft: ground.draft.piece(&edges, number, scratch),
        names: &ground.names,
        stations: stations.map(|i| (all.stations[i as usize].clone(), number(plan.county_of_station[i as usize]))).collect(),
        settlements: settlements
            .map(|i| (all.settlements[*i as usize].clone(), number(plan.county_of_settlement[*i as usize])))
            .collect(),
        raster: counties.iter().any(raster).then(|| PeopleRaster {
            cells: counties.iter().enumerate().flat_map(cells_of).collect(),
            counties: counties.iter().map(raster).chain([false]).collect(),
        }),
        bounded: true,
        wanted: plan.wanted.clone(),
    };
    compute_counties(piece, &|_| {})
}
