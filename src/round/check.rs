//! `round --check`: the faults of a round before anything of it is computed. Where the work folder has every county already, those of
//! the ranking too.

use super::begin::{Begun, begin};
use super::borders::RoadByCounty;
use super::prints::Prints;
use super::run::{RoundOptions, run};
use super::work::Work;
use super::{found, ground, inputs, refused};
use crate::config::RoundFile;
use crate::error::{Error, Result};
use crate::files::lang::Both;
use crate::issue::Issues;
use crate::measure::Timings;
use crate::programme::{GateAnswer, ProgrammeTold};
use crate::results::eligible::{Eligible, not_held};
use crate::results::faults::{FaultCode, Faults, Stage};
use crate::results::hand_funded::{HandFunded, hand_funded, left_out_by_rules};

/// What is known.
#[derive(Debug)]
pub struct Checked {
    /// The faults.
    pub faults: Faults,
    /// Counties that take part.
    pub counties: usize,
    /// What it cannot be put together with, beside faults that are open.
    pub stopped: Option<Error>,
    /// Who may apply, and who is funded by hand all the same.
    pub gates: Vec<GateAnswer>,
    /// That the gates of a programme are held against nobody.
    pub gates_not_held: Option<Both>,
    /// Counties that are funded by hand although they do not meet a gate, that cannot be told, or they are not ranked.
    pub funded_though: Vec<HandFunded>,
    /// What is asked of programmes.
    pub programme: Option<ProgrammeTold>,
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
    let prints = work.map_or_else(Prints::default, Prints::of_work);
    let begun = begin(round, (&prints, options.strict), &mut stage, &mut |all, source, stage| {
        if let Some(ground) = work.and_then(|w| ground::open(w.path(), source, all)) {
            return Ok((true, RoadByCounty::of(&ground), ground.issues));
        }
        stage("roads");
        let mut issues = Issues::default();
        let roads = inputs::roads(&all.regions, &mut issues)?;
        let by_county = RoadByCounty::before_network(&roads, all).map_err(|e| (String::new(), e))?;
        Ok((false, by_county, issues))
    })?;
    let Begun { file, mut all, network: (built, by_county, of_roads), asked, slip, files, .. } = begun;
    all.faults.extend(by_county.faults(&all, &asked));
    all.faults.extend(refused::faults(&of_roads, &files));
    timings.stop();
    let gates = std::mem::take(&mut all.gates);
    let gates_not_held = not_held(&all.issues);
    let rules = (file.rank.overrides.as_slice(), file.rank.joint.as_slice());
    let funded_though = hand_funded(Eligible::of(&gates).as_ref(), rules, &|code| left_out_by_rules(&file.rank, code));
    let programme = ProgrammeTold::of(&file.whole())?;
    let checked = |faults: Faults, complete: bool, stopped: Option<Error>| {
        Ok(Checked { faults, counties: asked.len(), stopped, gates, gates_not_held, funded_though, programme, complete })
    };
    let faults = found::judged(&file, all.faults.clone(), if built { Stage::Network } else { Stage::Inputs });
    if let Some(slip) = slip {
        if faults.open().next().is_none() {
            return Err(slip);
        }
        if let Some(work) = work {
            found::keep(&faults, work, None)?;
        }
        return checked(faults, false, Some(slip));
    }
    if let Some(work) = work {
        if built && let Some(faults) = ranked(round, work, options, timings)? {
            return checked(faults, true, None);
        }
        found::keep(&faults, work, None)?;
    }
    checked(faults, false, None)
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
