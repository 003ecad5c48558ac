//! What the round file names, held against who takes part, before hours are spent: every code, indicator, distance and document must be
//! there, and what is funded by hand must fit into places, quotas and the budget. The ranking asks most of it again; here it is asked first.

use super::applicants::none_paid_that_withdrew;
use super::inputs::Together;
use super::overrides;
use crate::config::output::Output;
use crate::config::{Criteria, RoundFile};
use crate::county::Wanted;
use crate::error::Result;
use crate::rank::{Evidence, RankSettings, StationSet, Unit, check_codes, limits};
use crate::read::InputFile;
use crate::whatif::counterfactual;

/// Looks for the first thing that does not hold. Gives the documents of overrides and appeals that lie beside the round file: they are
/// inputs of it.
///
/// # Errors
/// That thing: usage, and input for a document that is another one or a cost that is not known.
pub fn documents(
    file: &RoundFile,
    all: &Together,
    asked: &[u32],
    (criteria, output): (&Criteria, &Output),
) -> Result<Vec<InputFile>> {
    let settings = RankSettings::from_table(&file.rank)?; // joint applications of a register are known by now
    let evidence = units(all, asked, criteria, output);
    let takes_part = |code: &str| evidence.units.iter().any(|u| u.code == code);
    let documents = overrides::check(file, &settings, &takes_part)?;
    none_paid_that_withdrew(file, &all.applicants)?;
    check_codes(&evidence, &settings)?;
    evidence.joined(&file.rank)?;
    if settings.table.counterfactuals.stations > 0 && output.wants("counterfactuals") {
        let codes = settings.table.counterfactuals.counties.iter().flatten();
        counterfactual::check_codes(codes, &evidence.units)?;
    }
    limits::check_provinces(&file.rank, &evidence, &settings, &file.name)?;
    evidence.varied(&settings.table.uncertainty)?;
    overrides::fits(file, &settings, &evidence)?;
    Ok(documents)
}

/// The counties that take part with their columns, and no figures yet.
fn units(all: &Together, asked: &[u32], criteria: &Criteria, output: &Output) -> Evidence {
    let county = |i: &u32| all.counties.get(*i as usize);
    let unit = |c: &crate::read::county::County| Unit { code: c.code.clone(), columns: c.columns.clone(), ..Unit::default() };
    let distances = Wanted::all(&criteria.serving, output).distances;
    Evidence {
        units: asked.iter().filter_map(county).map(unit).collect(),
        distances_mm: distances.into_iter().map(|c| criteria.serving.all[c].limit()).collect(),
        stations: vec![StationSet::All],
        ..Evidence::default()
    }
}
