//! What the round file names, held against who takes part, before hours are spent: every code, indicator, distance and document must be
//! there, and what is funded by hand must fit into places, quotas and the budget. The ranking asks most of it again; here it is asked first.

use super::applicants::none_paid_that_withdrew;
use super::found::lines_of;
use super::inputs::Together;
use super::overrides;
use crate::config::output::Output;
use crate::config::overrides::{SMALLER_UNIT, too_fine};
use crate::config::programme_codes::{tell_unfit_codes, unfit_codes, unfit_words};
use crate::config::{Criteria, RoundFile};
use crate::county::Wanted;
use crate::error::{Error, Location, Result};
use crate::rank::{Evidence, RankSettings, StationSet, Unit, check_codes, limits};
use crate::read::InputFile;
use crate::results::faults::FaultCode;
use crate::space::units::is_hundredths;
use crate::whatif::counterfactual;
use std::collections::BTreeSet;

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
    whole_hundredths(file, &evidence)?;
    evidence.joined(&file.rank)?;
    if settings.table.counterfactuals.stations > 0 && output.wants("counterfactuals") {
        let codes = settings.table.counterfactuals.counties.iter().flatten();
        counterfactual::check_codes(codes, &evidence.units)?;
    }
    limits::check_provinces(&lines_of(file), &evidence, &settings, &file.name)?;
    evidence.varied(&settings.table.uncertainty)?;
    codes_of_programme(file, all)?;
    overrides::fits(file, &settings, &evidence)?;
    Ok(documents)
}

/// Money is counted in hundredths: no county costs a part of one.
fn whole_hundredths(file: &RoundFile, evidence: &Evidence) -> Result<()> {
    let lines = lines_of(file);
    for column in lines.iter().filter_map(|l| l.cost_header()) {
        for unit in &evidence.units {
            let Some(cost) = unit.columns.get(column).filter(|cost| !is_hundredths(**cost)) else { continue };
            let what = too_fine(&format!("\"{column}\" of {}", unit.code), *cost);
            return Err(Error::input(what, SMALLER_UNIT).at(Location::file(file.name.as_str()).field(column)));
        }
    }
    Ok(())
}

/// Every code under `[programme]` is that of a county of the regions or of the register, or the beginning of one; codes are up to date by now.
/// Where a region is left out it may have been of that, and is told.
fn codes_of_programme(file: &RoundFile, all: &Together) -> Result<()> {
    if region_is_out(all) {
        return Ok(());
    }
    match unfit_codes(&file.programme, &codes(all)).into_iter().next() {
        Some((key, code)) => {
            let next = "write the code of a county, or the beginning of one; codes that changed belong into [regions] crosswalk";
            Err(Error::usage(unfit_words(code), next).at(Location::file(file.name.as_str()).field(key)))
        }
        None => Ok(()),
    }
}

fn region_is_out(all: &Together) -> bool {
    all.faults.iter().any(|f| f.code == FaultCode::RegionLeftOut)
}

fn codes(all: &Together) -> BTreeSet<&str> {
    let counties = all.counties.iter().map(|c| c.code.as_str());
    counties.chain(all.applicants.iter().map(|a| a.code.as_str())).collect()
}

/// Tells codes under `[programme]` that may be of counties of a region that is left out.
pub fn tell_codes_of_programme(file: &RoundFile, all: &mut Together) {
    if region_is_out(all) {
        let mut issues = std::mem::take(&mut all.issues);
        tell_unfit_codes(&file.programme, &codes(all), &file.name, &mut issues);
        all.issues = issues;
    }
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
