//! What `reward.csv` says is paid is what the table of its programme pays for the utilisation beside it: every way, every year, and all years
//! together. Programmes of a user's file are not in the folder: of them the rows are held against each other only.

use super::opened::Opened;
use super::{Findings, first_few};
use crate::error::Result;
use crate::files::csv_table::CsvRow;
use crate::programme::{ClassOf, EMBEDDED, Profile, Utilisation, class_of, embedded, tier};
use crate::read::hex;
use crate::tables::rewards::{FILE, TOTALS, WAYS};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// What six decimals of energy and of what was divided by may do.
const ROUNDED_KWH: f64 = 1e-5;

/// Checks a folder that holds the table, as this version writes it.
pub(super) fn check(o: &Opened, findings: &mut Findings) -> Result<()> {
    let Some(table) = o.tables.table(FILE).filter(|t| t.has("reward_yuan_if")) else { return Ok(()) };
    let told = &o.folder.manifest["programme"];
    let known: BTreeMap<&str, Profile> =
        EMBEDDED.iter().filter_map(|(name, text)| Some((*name, as_used(told, name, text)?))).collect();
    let (mut faults, mut rows) = (Vec::new(), 0u64);
    // a planned station in doubt may bear on others beyond its county, so that both ways are the same only where nothing is in doubt at all
    let mut doubt: BTreeMap<String, bool> = BTreeMap::new();
    for row in table.rows() {
        *doubt.entry(row.text("programme")?).or_default() |= row.number("in_doubt")?.is_some_and(|n| n > 0.0);
    }
    // by programme, county and way: what the years pay together, and what the rows say of it
    let mut totals: BTreeMap<(String, String, usize), (f64, f64)> = BTreeMap::new();
    for row in table.rows() {
        let (programme, code) = (row.text("programme")?, row.text("county_code")?);
        let Some(profile) = known.get(programme.as_str()).filter(|p| p.reward.is_some()) else { continue };
        rows += 1;
        let here = |what: &str| format!("{FILE}: {what} of county {code} in {} is not what {programme} says", row.get("year"));
        let lead = if row.get("lead_code").is_empty() { code.clone() } else { row.text("lead_code")? };
        let leads = lead == code;
        if leads && row.get("class") != class(profile, told, &lead)? {
            faults.push(here("class"));
        }
        if !doubt.values().any(|d| *d) {
            let pairs = WAYS.chunks(2).flat_map(|two| two[0].iter().zip(two[1]));
            faults.extend(pairs.filter(|(a, b)| row.get(a) != row.get(b)).map(|(_, b)| here(b)));
        }
        for (way, names) in WAYS.iter().enumerate() {
            faults.extend(paid(profile, &row, names)?.map(&here));
            if let Some(total) = row.number(TOTALS[way])? {
                let sum = totals.entry((programme.clone(), code.clone(), way)).or_insert((0.0, total));
                sum.0 += row.number(names[3])?.unwrap_or(0.0);
                if sum.1 != total {
                    faults.push(here(TOTALS[way]));
                }
            }
        }
    }
    for ((programme, code, way), (sum, total)) in totals {
        let cap = known.get(programme.as_str()).and_then(|p| p.number(&p.reward.as_ref()?.cap));
        if total != cap.map_or(sum, |cap| cap.min(sum)) {
            faults
                .push(format!("{FILE}: {} of county {code} is not what its years make together under {programme}", TOTALS[way]));
        }
    }
    first_few(faults, findings);
    findings.checked.push(format!("rewards of {rows} rows against the tables of their programmes"));
    Ok(())
}

/// A programme as the folder used it; none of a text that this program does not have.
fn as_used(told: &Value, name: &str, text: &str) -> Option<Profile> {
    let used = told["sha256"][name].as_str()? == hex(&Sha256::digest(text.as_bytes()));
    let values = told["values"][name].as_object();
    let values = values.into_iter().flatten().filter_map(|(key, v)| Some((key.clone(), v.as_f64()?))).collect();
    used.then(|| embedded(name).ok()?.with_values(&values, FILE).ok()).flatten()
}

/// The class of the province of a county by the figures that were given, as the table writes it.
fn class(profile: &Profile, told: &Value, code: &str) -> Result<String> {
    let figures = told["figures"].as_object();
    let given = figures.into_iter().flatten().filter(|(prefix, _)| code.starts_with(prefix.as_str()));
    let given = given.filter_map(|(prefix, all)| Some((prefix.len(), all["nev_penetration"].as_f64()?)));
    let penetration = given.max_by_key(|(length, _)| *length).map(|(_, p)| p);
    Ok(match (penetration, &profile.reward) {
        (Some(p), Some(reward)) => match class_of(reward, p)? {
            ClassOf::Class(name) => name,
            ClassOf::NoTier => "no_tier".to_owned(),
        },
        _ => String::new(),
    })
}

/// What is wrong in a way of a row: its reward, or what lacks for the next tier.
fn paid(profile: &Profile, row: &CsvRow<'_>, [_, energy, possible, yuan]: &[&'static str; 4]) -> Result<Option<&'static str>> {
    let (Some(energy_kwh), Some(possible_kwh)) = (row.number(energy)?, row.number(possible)?) else { return Ok(None) };
    let (Some(reward), Some(year)) = (&profile.reward, row.number("year")?) else { return Ok(None) };
    // written with six decimals: what is at a threshold may be on either side of it
    let at = |energy_kwh: f64| {
        let u = Utilisation { facilities: 1, energy_kwh, rated_kw: possible_kwh, possible_kwh };
        tier(reward, row.get("class"), year as u16, u)
    };
    let either = [at(energy_kwh - ROUNDED_KWH)?, at(energy_kwh + ROUNDED_KWH)?];
    let no = row.get("eligible") == "no";
    let said = row.number(yuan)?;
    if !either.iter().any(|t| said == Some(if no { 0.0 } else { t.amount_yuan as f64 })) {
        return Ok(Some(yuan));
    }
    let next = match *yuan {
        "reward_yuan" => "next_short_kwh",
        "reward_yuan_if" => "next_short_kwh_if",
        _ => return Ok(None),
    };
    let said = row.number(next)?;
    let lacks = |t: &crate::programme::Tier| match (t.next, said) {
        (Some(n), Some(said)) => (n.short_kwh - said).abs() <= 1e-5 * possible_kwh.max(1.0),
        (None, None) => true,
        _ => false,
    };
    Ok((!either.iter().any(lacks)).then_some(next))
}
