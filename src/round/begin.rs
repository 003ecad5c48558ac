//! How a round begins, whether it is made or only checked: layers are read, codes brought up to date, and all that the round file names is
//! held against who takes part. There is one such beginning, so that `--check` names what the round would stop at.

use super::ground::{self, NetworkSource};
use super::inputs::{self, Together};
use super::prints::Prints;
use super::{checks, days, found, gates, list, merge, refused, slips, supplied};
use crate::config::output::Output;
use crate::config::{Criteria, RoundFile};
use crate::error::{Error, ErrorClass, Result};
use crate::rank::RankSettings;
use crate::read::InputFile;
use crate::tables::CHOICES;

/// A round before its counties are computed.
pub struct Begun<N> {
    /// The round, with codes brought up to date.
    pub file: RoundFile,
    /// Layers, with the faults that are known.
    pub all: Together,
    /// What the network is made from.
    pub source: NetworkSource,
    /// Every input, those of the network too.
    pub files: Vec<InputFile>,
    /// What was made of that.
    pub network: N,
    /// Criteria.
    pub criteria: Criteria,
    /// What is written.
    pub output: Output,
    /// Numbers of the counties that take part.
    pub asked: Vec<u32>,
    /// The first thing that the round file names and that is not there, or cannot be: the round cannot be put together with it.
    pub slip: Option<Error>,
}

/// What is wanted of the roads: given the layers, where the network comes from, and who is told of stages; else the region at fault and why.
type Roads<'n, N> =
    dyn FnMut(&Together, &NetworkSource, &mut dyn FnMut(&'static str)) -> std::result::Result<N, (String, Error)> + 'n;

/// Begins a round. `network` makes what is wanted of the roads; where it names a region that it fails of, that region is left out.
///
/// # Errors
/// Input and usage from the readers; environment, where the machine is in the way.
pub fn begin<N>(
    round: &RoundFile,
    (prints, strict): (&Prints, bool),
    on_stage: &mut dyn FnMut(&'static str),
    network: &mut Roads<'_, N>,
) -> Result<Begun<N>> {
    on_stage("layers");
    let mut file = round.clone();
    let demand = Criteria::from_region(&round.whole())?.demand.is_some(); // before anything is read
    RankSettings::from_table(&round.rank)?.check_demand(demand)?;
    gates::need_a_register(round)?;
    let output = round.output(CHOICES)?;
    let mut all = inputs::read(round, strict)?;
    let (network, source) = loop {
        let source = match ground::source(&round.network, &all, (&all.regions, &all.regions), prints) {
            Ok(source) => source,
            Err(e) => {
                all = all.without_lost(round, e, strict)?;
                continue;
            }
        };
        match network(&all, &source, on_stage) {
            Ok(network) => break (network, source),
            Err((region, e)) if region.is_empty() || strict || e.class() == ErrorClass::Environment => return Err(e),
            Err((region, e)) => all = all.without(round, &region, &e, strict)?,
        }
    };
    prints.keep();
    let criteria = all.criteria(round)?;
    on_stage("plan");
    let asked = list::counties(&mut file, &mut all)?;
    slips::tell_codes_of_programme(&file, &mut all);
    let slip = match slips::documents(&file, &all, &asked, (&criteria, &output)) {
        Ok(documents) => {
            all.files.extend(documents);
            None
        }
        Err(slip) => Some(slip),
    };
    let files = merge::files(&all, &source);
    checks::hold(round, &mut all, &files)?;
    all.faults.extend(found::of_quotas(&file, &all));
    all.faults.extend(supplied::faults(&all, &asked));
    all.faults.extend(refused::faults(&all.issues, &files));
    all.faults.extend(days::faults(&file, &all, &criteria));
    Ok(Begun { file, all, source, files, network, criteria, output, asked, slip })
}
