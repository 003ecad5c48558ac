//! What `figures.csv` says of demand is what `balance.csv` and `supply.csv` say.

use super::opened::Opened;
use super::{Findings, first_few};
use crate::balance::{COUNTIES, SUPPLY};
use crate::config::demand::Day;
use crate::config::vehicle_class::VehicleClass;
use crate::error::Result;
use crate::files::rules::Others;
use crate::rank::DemandFigures;
use crate::tables::figures::FILE as FIGURES;
use serde_json::Value;

/// Checks a folder that has figures of demand and the tables that they are of; a ranking folder has no such tables.
pub(super) fn check(o: &Opened, findings: &mut Findings) -> Result<()> {
    let Some(standing) = &o.standing else { return Ok(()) };
    if o.tables.table(COUNTIES).is_none() || o.tables.table(SUPPLY).is_none() {
        return Ok(());
    }
    let evidence = &standing.stored.evidence;
    let mut faults = Vec::new();
    for f in evidence.figures.iter().flatten() {
        let here = |what: &str| format!("{FIGURES}: {what} of county {} is not what {SUPPLY} and {COUNTIES} say", f.code);
        let told = told(&o.tables, &f.code, &o.folder.manifest["criteria"]["demand"])?;
        match (&f.demand, told) {
            (Some(now), Some(told)) => faults.extend(differ(now, &told).map(here)),
            (None, None) => {}
            _ => faults.push(here("demand")),
        }
    }
    first_few(faults, findings);
    findings.checked.push(format!("figures of demand of {} counties against {SUPPLY} and {COUNTIES}", evidence.units.len()));
    Ok(())
}

/// What was to give the vehicles of a class of a county first, by the manifest: a column that is named for it.
fn first(asked: &Value, class: VehicleClass) -> Option<&'static str> {
    let share = &asked["figures"][format!("demand.public_fleet_shares.{}", class.as_str())]["value"];
    let fleet = asked["public_fleet"].is_string() && share.as_f64().is_some_and(|v| v > 0.0);
    let households = asked["households"].is_string() && class == VehicleClass::PrivateCar;
    let own = asked["vehicles"][class.as_str()].is_string();
    [(own, "county"), (households, "households"), (fleet, "public_fleet")].into_iter().find(|(named, _)| *named).map(|(_, w)| w)
}

/// The figures as the two tables have them; none of a county that they do not have, and of townships only where a cell that was to give its
/// vehicles is blank.
fn told(tables: &Others, code: &str, asked: &Value) -> Result<Option<DemandFigures>> {
    let (Some(supply), Some(ordinary), Some(holiday)) = (
        tables.row(SUPPLY, &[("county_code", code)])?,
        tables.row(COUNTIES, &[("county_code", code), ("day", Day::Ordinary.as_str())])?,
        tables.row(COUNTIES, &[("county_code", code), ("day", Day::Holiday.as_str())])?,
    ) else {
        return Ok(None);
    };
    // nobody knows what it asks for
    let Some(vehicles) = supply.number("plug_vehicles")? else {
        let (townships, with) = (supply.count("townships")?, supply.count("townships_with")?);
        return Ok(Some(DemandFigures::of_townships(townships, townships.saturating_sub(with))));
    };
    let mut filled = false;
    for class in [false, true].into_iter().flat_map(VehicleClass::by_plug) {
        let words = supply.get(&format!("basis_{}", class.as_str()));
        let last = words.rsplit('+').next().unwrap_or(words);
        filled |= last != "settlements" && first(asked, class).is_some_and(|word| word != last);
    }
    let access_kw = vehicles * supply.number("access_kw_per_vehicle")?.unwrap_or(0.0);
    let (townships, with) = (supply.count("townships")?, supply.count("townships_with")?);
    if filled {
        return Ok(Some(DemandFigures::of_townships(townships, townships.saturating_sub(with))));
    }
    Ok(Some(DemandFigures {
        vehicles,
        short_kw: [ordinary.number("short_kw")?.unwrap_or(0.0), holiday.number("short_kw")?.unwrap_or(0.0)],
        access_kw,
        townships,
        townships_without: townships.saturating_sub(with),
        // the table has the mean: one session that waits so long
        peak_sessions_h: holiday.number("wait_min")?.map_or(0.0, |_| 1.0),
        peak_wait_min: holiday.number("wait_min")?.unwrap_or(0.0),
        filled,
    }))
}

/// What differs, by more than rounding to six decimals may do.
fn differ(now: &DemandFigures, told: &DemandFigures) -> impl Iterator<Item = &'static str> {
    let close = |a: f64, b: f64| (a - b).abs() <= 1e-5 + 1e-5 * a.abs().max(b.abs());
    // a mean of six decimals over so many
    let access = |f: &DemandFigures| if f.vehicles > 0.0 { f.access_kw / f.vehicles } else { 0.0 };
    let wait = |f: &DemandFigures| if f.peak_sessions_h > 0.0 { f.peak_wait_min / f.peak_sessions_h } else { 0.0 };
    let same = [
        ("plug_vehicles", now.filled == told.filled && close(now.vehicles, told.vehicles)),
        ("short_kw", close(now.short_kw[0], told.short_kw[0])),
        ("short_kw_holiday", close(now.short_kw[1], told.short_kw[1])),
        ("access_kw_all", close(access(now), access(told))),
        ("peak_wait_all_min", (now.peak_sessions_h > 0.0) == (told.peak_sessions_h > 0.0) && close(wait(now), wait(told))),
        ("townships", now.townships == told.townships && now.townships_without == told.townships_without),
    ];
    same.into_iter().filter(|(_, same)| !same).map(|(what, _)| what)
}
