//! `round --check`: the faults of a round before anything of it is computed. Where the work folder has every county already, those of
//! the ranking too.

use super::inputs::{self, Together};
use super::prints::Prints;
use super::run::{RoundOptions, run};
use super::work::Work;
use super::{checks, found, ground, list, merge};
use crate::config::{Criteria, RoundFile};
use crate::error::{ErrorClass, Result};
use crate::issue::Issues;
use crate::measure::Timings;
use crate::rank::RankSettings;
use crate::results::faults::{FaultCode, Faults, Stage};
use crate::tables::CHOICES;

/// What is known.
#[derive(Debug)]
pub struct Checked {
    /// The faults.
    pub faults: Faults,
    /// Counties that take part.
    pub counties: usize,
    /// Whether that is all: faults of counties and of the ranking are known too.
    pub complete: bool,
}

/// Finds the faults that are known before counties are computed.
///
/// # Errors
/// As the round itself.
pub fn check(round: &RoundFile, work: Option<&Work>, options: &RoundOptions<'_>, timings: &mut Timings) -> Result<Checked> {
    let mut stage = |name| {
        timings.start(name);
        (options.on_stage)(name);
    };
    stage("layers");
    let mut file = round.clone();
    Criteria::from_region(&round.whole())?;
    RankSettings::from_table(&round.rank)?;
    round.output(CHOICES)?;
    let prints = work.map_or_else(Prints::default, Prints::of_work);
    let mut all = inputs::read(round, options.strict)?;
    let (source, built) = loop {
        let source = match ground::source(&round.network, &all, (&all.regions, &all.regions), &prints) {
            Ok(source) => source,
            Err(e) => {
                all = all.without_lost(round, e, options.strict)?;
                continue;
            }
        };
        if work.is_some_and(|w| ground::path_of(w.path(), &source).is_file()) {
            break (source, true);
        }
        stage("roads");
        match inputs::roads(&all.regions, &mut Issues::default()) {
            Ok(_) => break (source, false),
            Err((region, e)) if region.is_empty() || options.strict || e.class() == ErrorClass::Environment => return Err(e),
            Err((region, e)) => all = all.without(round, &region, &e, options.strict)?,
        }
    };
    let asked = list::counties(&mut file, &mut all)?;
    let files = merge::files(&all, &source);
    checks::hold(round, &mut all, &files)?;
    all.faults.extend(found::of_quotas(&file, &all));
    timings.stop();
    if let Some(work) = work {
        prints.keep();
        if built && let Some(faults) = ranked(round, work, options, timings)? {
            return Ok(Checked { faults, counties: asked.len(), complete: true });
        }
    }
    let Together { faults, .. } = all;
    let faults = found::judged(&file, faults, Stage::Inputs);
    if let Some(work) = work {
        found::keep(&faults, work, None)?;
    }
    Ok(Checked { faults, counties: asked.len(), complete: false })
}

/// All faults, where no county is left to compute.
fn ranked(round: &RoundFile, work: &Work, options: &RoundOptions<'_>, timings: &mut Timings) -> Result<Option<Faults>> {
    let mut quick = round.clone();
    quick.rank.counterfactuals.stations = 0;
    quick.rank.uncertainty.draws = 0;
    quick.rank.uncertainty.samples = 0;
    let options = RoundOptions { merge_only: true, part: None, ..*options };
    let done = run(&quick, work, &options, timings)?;
    let all_there = done.faults.0.iter().all(|f| f.code != FaultCode::RowsMissing);
    Ok(all_there.then_some(done.faults))
}
