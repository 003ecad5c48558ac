//! Gates of a funding programme, held against who applies: who does not meet one is not ranked, with the reason; what cannot be told is said and
//! excludes nobody.

use super::inputs::Together;
use crate::config::RoundFile;
use crate::error::{Error, Location, Result};
use crate::issue::{IssueCode, Issues, Layer};
use crate::programme::{Applicant, GateAnswer, Met, Profile, gate_answers, of_region};
use std::collections::{BTreeMap, BTreeSet};

/// Holds every application of the register against the gates of the programme that it is for. Joint applications are known by now.
///
/// # Errors
/// Usage, where it is not known which programme is applied for; input, where the application cannot be.
pub(super) fn take(file: &mut RoundFile, all: &mut Together) -> Result<()> {
    let Some(profile) = applied_for(file)? else { return Ok(()) };
    // nobody has applied for the counties of an application that has fallen
    let is_there = |code: &str| !all.fallen.contains(code);
    let all_stand = all.applicants.iter().filter(|a| a.withdrawn.is_none()).map(|a| a.code.as_str());
    let stands: BTreeSet<&str> = all_stand.filter(|code| is_there(code)).collect();
    let mut together: BTreeMap<&str, (Option<&str>, Vec<&str>)> = BTreeMap::new();
    for joint in file.rank.joint.iter().filter(|joint| stands.contains(joint.lead.as_str())) {
        let members: BTreeSet<&str> = joint.members.iter().chain([&joint.lead]).map(String::as_str).collect();
        together.insert(&joint.lead, (Some(&joint.lead), members.into_iter().collect()));
    }
    let in_one: BTreeSet<&str> = together.values().flat_map(|(_, members)| members.iter().copied()).collect();
    for code in stands.into_iter().filter(|code| !in_one.contains(code)) {
        together.insert(code, (None, vec![code]));
    }
    let mut answers: Vec<GateAnswer> = Vec::new();
    for (lead, codes) in together.values() {
        answers.extend(gate_answers(&profile, &Applicant::of(&profile, &file.programme, codes, *lead))?);
    }
    answers.sort_by(|a, b| a.code.cmp(&b.code)); // the gates of a county stay in their order
    let known: BTreeSet<String> = all.counties.iter().map(|c| c.code.clone()).collect();
    for answer in answers.iter().filter(|a| a.met == Met::NotMet && known.contains(&a.code)) {
        let why = answer.because.as_ref().map(|[en, _]| en.as_str()).unwrap_or_default();
        let except = file.rank.eligibility.except.entry(answer.code.clone());
        except.or_insert_with(|| format!("it is not eligible by {}: {why}", profile.name));
    }
    all.gates = answers;
    Ok(())
}

/// Refuses a list of counties in place of the register of applicants where a programme says who may apply: its gates are held against the
/// register, and would be held against nobody.
///
/// # Errors
/// Usage, naming the list; as [`of_region`].
pub(super) fn need_a_register(file: &RoundFile) -> Result<()> {
    let gated = gated(file)?;
    let listed = match &file.regions {
        r if r.county_list.is_some() => "county_list",
        r if r.counties.as_ref().is_some_and(|list| !list.is_empty()) => "counties",
        _ => return Ok(()),
    };
    if gated.is_empty() {
        return Ok(());
    }
    let what = format!(
        "{} says who may apply, and who takes part is said by [regions] {listed}: nobody would be held against its gates",
        named(&gated)
    );
    let next = "give [applicants] path, a register of who applies, in place of the list, or leave the programme out of [programme] profiles";
    Err(Error::usage(what, next).at(Location::file(file.name.as_str()).field(format!("regions.{listed}"))))
}

/// Tells that gates are held against nobody where all counties take part and money is given.
pub(super) fn tell_not_held(file: &RoundFile, issues: &mut Issues) -> Result<()> {
    let money = file.select.is_asked() || !file.rank.lines.is_empty();
    let gated = if money { gated(file)? } else { Vec::new() };
    if !gated.is_empty() {
        let what = format!(
            "{} says who may apply, and no register says who does: counties are selected whether or not they may",
            named(&gated)
        );
        issues.push(Layer::Counties, IssueCode::GatesNotHeld, Location::file(file.name.as_str()).field("applicants"), what);
    }
    Ok(())
}

fn gated(file: &RoundFile) -> Result<Vec<Profile>> {
    let mut all = of_region(&file.whole())?;
    all.retain(|p| p.gates.is_some());
    Ok(all)
}

fn named(profiles: &[Profile]) -> String {
    profiles.iter().map(|p| format!("\"{}\"", p.name)).collect::<Vec<_>>().join(", ")
}

/// The programme whose gates hold: the one that `[applicants] programme` names, or the only one of `[programme]` that has any.
fn applied_for(file: &RoundFile) -> Result<Option<Profile>> {
    let Some(register) = &file.applicants else { return Ok(None) };
    let mut gated = gated(file)?;
    let names = named(&gated);
    let bad = |what: String, next: String| Err(Error::usage(what, next).at(Location::default().field("applicants.programme")));
    match &register.programme {
        Some(name) => match gated.iter().position(|p| p.name == *name) {
            Some(i) => Ok(Some(gated.swap_remove(i))),
            None => {
                let what = format!("\"{name}\" is none of the programmes with gates that the round names");
                let next =
                    if names.is_empty() { "add it to [programme] profiles".to_owned() } else { format!("there are {names}") };
                bad(what, next)
            }
        },
        None if gated.len() > 1 => {
            let what = format!("the round names {} programmes that say who may apply", gated.len());
            bad(what, format!("say which one is applied for, [applicants] programme = one of {names}"))
        }
        None => Ok(gated.pop()),
    }
}
