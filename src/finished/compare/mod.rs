//! What changed between two finished folders: settings, inputs, and of every county its money and its place. It reads tables and computes nothing anew.

mod counties;
mod settings;
#[cfg(test)]
mod tests;
mod though;

use super::Finished;
use crate::error::Result;
use crate::results::accepted::AcceptedFaults;
use crate::results::comparison::Comparison;
use crate::results::hand_funded::said_of;
use crate::results::money::MoneyTotals;
use crate::tables::selection;

/// Compares two folders.
///
/// # Errors
/// Input, for a table that was changed after it was written, or that lacks a column.
pub fn compare(old: &Finished, new: &Finished) -> Result<Comparison> {
    let accepted = AcceptedFaults::of([&old.manifest, &new.manifest]);
    let (mut counties, joined) = counties::counties(old, new, &accepted)?;
    let rounds = old.holds(selection::FILE) && new.holds(selection::FILE);
    let funded_though = if rounds { though::told([old, new])? } else { Vec::new() };
    counties.iter_mut().for_each(|c| c.funded_though = said_of(&funded_though, &c.code));
    let mut settings = settings::settings(&old.manifest, &new.manifest);
    if rounds {
        settings.extend(though::applied_for([old, new])?);
        settings.sort_by(|a, b| a.key.cmp(&b.key));
    }
    let money = || counties.iter().map(|c| c.money.unwrap_or_default());
    let list = if rounds { settings::list(&old.manifest, &new.manifest) } else { None };
    Ok(Comparison {
        list,
        accepted,
        joined,
        funded_though,
        settings,
        inputs: settings::inputs(&old.manifest, &new.manifest),
        money: rounds.then(|| MoneyTotals::of([old, new].map(counties::currency), money())),
        counties,
    })
}
