//! What must hold of `[[override]]` and `[[appeal]]` in themselves, before any county is known.

use super::accept::is_real_day;
use super::override_table::{AppealTable, Outcome, OverrideTable, SetByHand};
use super::people::{is_signer, says_something};
use crate::error::{Error, Location, Result};
use crate::space::units::is_hundredths;
use std::collections::{BTreeMap, BTreeSet};

/// Checks the records of a round file; `shown` names it, `date` is the round's own day.
///
/// # Errors
/// Usage, with the key: who, when or why is missing, nothing or several things are set, two set the same, a county is excluded and
/// funded, a document without its SHA-256, an appeal whose outcome does not stand, days that cannot follow each other.
pub fn check(overrides: &[OverrideTable], appeals: &[AppealTable], (shown, date): (&str, Option<&str>)) -> Result<()> {
    let mut ids = BTreeMap::new();
    for (i, o) in overrides.iter().enumerate() {
        let at = |key: &str| Location::file(shown).field(format!("override[{i}].{key}"));
        signed([("county", &o.county), ("by", &o.by), ("reason", &o.reason)], &o.on, ("on", "override"), &at)?;
        not_after(("override", &o.county), ("on", &o.on), date, &at)?;
        document(o.document.as_deref(), o.sha256.as_deref(), &at)?;
        let Some(set) = o.sets() else {
            let what = format!("the override of county {} sets nothing, or more than one thing", o.county);
            let next = "give one of: indicator with value, cost, funded, or excluded = true; and one [[override]] for each";
            return Err(Error::usage(what, next).at(at("county")));
        };
        number(set, &o.county, &at)?;
        if let Some(id) = &o.id
            && ids.insert(id.as_str(), o).is_some()
        {
            return Err(Error::usage(format!("two overrides have the id \"{id}\""), "give each its own").at(at("id")));
        }
    }
    one_of_each(overrides, shown)?;
    let mut numbers = BTreeSet::new();
    for (i, a) in appeals.iter().enumerate() {
        let at = |key: &str| Location::file(shown).field(format!("appeal[{i}].{key}"));
        appeal(a, &ids, &at)?;
        not_after(("appeal", &a.county), ("decided_on", &a.decided_on), date, &at)?;
        if let Some(id) = a.id.as_deref().filter(|id| !numbers.insert(*id)) {
            return Err(Error::usage(format!("two appeals have the id \"{id}\""), "give each its own").at(at("id")));
        }
    }
    Ok(())
}

/// One thing of one county is set once, and a county that is funded is not excluded; asked again once codes are brought up to date.
///
/// # Errors
/// Usage, naming the later of the two, with who set each and when.
pub fn one_of_each(overrides: &[OverrideTable], shown: &str) -> Result<()> {
    let mut sets: BTreeMap<String, &OverrideTable> = BTreeMap::new();
    for (i, o) in overrides.iter().enumerate() {
        if let Some(first) = sets.insert(o.key(), o) {
            let what = format!(
                "county {} has two overrides of the same: {} ({}, {}; and {}, {})",
                o.county,
                o.key(),
                first.by,
                first.on,
                o.by,
                o.on
            );
            let at = Location::file(shown).field(format!("override[{i}].county"));
            return Err(Error::usage(what, "leave the one that holds").at(at));
        }
    }
    for (i, o) in overrides.iter().enumerate().filter(|(_, o)| o.funded == Some(true)) {
        if overrides.iter().any(|x| x.county == o.county && x.excluded == Some(true)) {
            let what = format!("county {} is funded by one override and excluded by another", o.county);
            let at = Location::file(shown).field(format!("override[{i}].funded"));
            return Err(Error::usage(what, "leave the one that holds").at(at));
        }
    }
    Ok(())
}

/// Nothing is decided after the day that the round bears.
fn not_after(
    (record, county): (&str, &str),
    (key, on): (&str, &str),
    date: Option<&str>,
    at: &dyn Fn(&str) -> Location,
) -> Result<()> {
    let Some(date) = date.filter(|date| on > *date) else { return Ok(()) };
    let what = format!("the {record} of county {county} is of {on}, and the round of {date}");
    let next = "correct the day, or give [round] date the day on which the round was made again";
    Err(Error::usage(what, next).at(at(key)))
}

fn appeal(a: &AppealTable, ids: &BTreeMap<&str, &OverrideTable>, at: &dyn Fn(&str) -> Location) -> Result<()> {
    signed([("county", &a.county), ("by", &a.by), ("reason", &a.reason)], &a.on, ("on", "appeal"), at)?;
    signed(
        [("county", &a.county), ("decided_by", &a.decided_by), ("decided_by", &a.decided_by)],
        &a.decided_on,
        ("decided_on", "appeal"),
        at,
    )?;
    if is_signer(&a.by, &a.decided_by) {
        let what =
            format!("the appeal of county {} is by {}, and was decided by {}: by who appeals", a.county, a.by, a.decided_by);
        return Err(Error::usage(what, "have it decided by somebody else").at(at("decided_by")));
    }
    if a.decided_on < a.on {
        let what = format!(
            "the appeal of county {} by {} is of {}, and was decided by {} on {}, before it was made",
            a.county, a.by, a.on, a.decided_by, a.decided_on
        );
        return Err(Error::usage(what, "correct one of the two days").at(at("decided_on")));
    }
    document(a.document.as_deref(), a.sha256.as_deref(), at)?;
    let why = a.outcome_reason.as_deref().is_some_and(says_something);
    match (a.outcome, &a.led_to) {
        (Outcome::Granted, Some(id)) => match ids.get(id.as_str()) {
            Some(o) => in_time(a, o, at),
            None => {
                let what =
                    format!("the appeal of county {} led to the override \"{id}\", and there is none with that id", a.county);
                Err(Error::usage(what, "give the override its id, or correct it here").at(at("override")))
            }
        },
        (Outcome::Granted, None) => {
            let what = format!("the appeal of county {} was granted, and it is not said which override it led to", a.county);
            Err(Error::usage(what, "give the id of an [[override]] as `override`").at(at("override")))
        }
        (Outcome::Rejected, None) if why => Ok(()),
        (Outcome::Rejected, _) => {
            let what = format!("the appeal of county {} was rejected, and it is not said why", a.county);
            Err(Error::usage(what, "give `outcome_reason`, and no `override`").at(at("outcome_reason")))
        }
    }
}

/// An override that an appeal led to was made when the appeal was there, and was there when the appeal was decided.
fn in_time(a: &AppealTable, o: &OverrideTable, at: &dyn Fn(&str) -> Location) -> Result<()> {
    let id = o.id.as_deref().unwrap_or_default();
    if is_signer(&a.by, &o.by) {
        let what = format!(
            "the appeal of county {} is by {}, and led to the override \"{id}\" of {}: of who appeals",
            a.county, a.by, o.by
        );
        return Err(Error::usage(what, "have it set by somebody else").at(at("override")));
    }
    let next = "correct the day; an override bears the day on which it was decided, so that of the appeal or one before";
    if a.decided_on < o.on {
        let what = format!(
            "the appeal of county {} was decided by {} on {}, before {} made the override \"{id}\" on {}, which it is said to have led to",
            a.county, a.decided_by, a.decided_on, o.by, o.on
        );
        return Err(Error::usage(what, next).at(at("decided_on")));
    }
    if o.on < a.on {
        let what = format!(
            "the appeal of county {} by {} is of {}, and {} had made the override \"{id}\" on {}, which it is said to have led to",
            a.county, a.by, a.on, o.by, o.on
        );
        return Err(Error::usage(what, next).at(at("override")));
    }
    Ok(())
}

/// Who, when and why must be said.
fn signed(words: [(&str, &String); 3], day: &str, (key, record): (&str, &str), at: &dyn Fn(&str) -> Location) -> Result<()> {
    let county = words[0].1;
    if let Some((key, _)) = words.iter().find(|(_, text)| text.trim().is_empty()) {
        let what = format!("the {record} of county \"{county}\" does not say `{key}`");
        return Err(Error::usage(what, "say who decided, on which day, and why").at(at(key)));
    }
    if let Some((key, text)) = words[1..].iter().find(|(_, text)| !says_something(text)) {
        let what = format!("the {record} of county \"{county}\" says \"{text}\" as `{key}`, which names nobody and nothing");
        return Err(Error::usage(what, "say who decided, on which day, and why").at(at(key)));
    }
    if !is_real_day(day) {
        let what = format!("the {record} of county \"{county}\" does not say on which day: \"{day}\"");
        return Err(Error::usage(what, "write it as 2026-04-02").at(at(key)));
    }
    Ok(())
}

fn document(name: Option<&str>, sha256: Option<&str>, at: &dyn Fn(&str) -> Location) -> Result<()> {
    let next = "give document with sha256 (64 hexadecimal digits, as `sha256sum` prints them), or neither";
    match (name, sha256) {
        (None, None) => Ok(()),
        (Some(name), Some(sha)) if !name.trim().is_empty() && is_sha256(sha) => Ok(()),
        (Some(_), Some(_)) => Err(Error::usage("this is no name of a document with its SHA-256", next).at(at("sha256"))),
        _ => {
            Err(Error::usage("a document is known by its name and its SHA-256, and one of them is missing", next)
                .at(at("document")))
        }
    }
}

/// Whether a text is a SHA-256 in lower-case hexadecimal.
pub(crate) fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// What is said of a sum of money that is none of whole hundredths.
pub fn too_fine(key: &str, sum: f64) -> String {
    format!("{key} is {sum}, and money is counted in whole hundredths: a part of it would be lost")
}

/// What to do with it.
pub const SMALLER_UNIT: &str =
    "write budget and costs in a smaller unit (in place of 亿元 万元, or yuan), or round the sum to two decimals";

fn number(set: SetByHand<'_>, county: &str, at: &dyn Fn(&str) -> Location) -> Result<()> {
    match set {
        SetByHand::Indicator(_, value) if !value.is_finite() => {
            Err(Error::usage(format!("the value set for county {county} is no number"), "give a sum, a share or a count")
                .at(at("value")))
        }
        SetByHand::Cost(cost) if !cost.is_finite() || cost < 0.0 => {
            Err(Error::usage(format!("the cost set for county {county} is less than nothing"), "give a sum from 0")
                .at(at("cost")))
        }
        SetByHand::Cost(cost) if !is_hundredths(cost) => Err(Error::usage(too_fine("cost", cost), SMALLER_UNIT).at(at("cost"))),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use crate::config::RoundFile;

    const LEAST: &str = "[round]\nid = \"r\"\n[regions]\nfiles = [\"*\"]\n";
    const SIGNED: &str = "by = \"Li\"\non = \"2026-04-02\"\nreason = \"a survey\"\n";

    fn field(more: &str) -> String {
        let err = RoundFile::parse(&format!("{LEAST}{more}"), "r.toml").unwrap_err();
        assert_eq!(err.exit_code(), 2, "{err}");
        err.location().field.clone().unwrap_or_default()
    }

    #[test]
    fn who_when_and_why_must_be_said_and_one_thing_be_set() {
        let with = |what: &str| format!("[[override]]\ncounty = \"01\"\n{what}\n{SIGNED}");
        for (more, key) in [
            ("[[override]]\ncounty = \"01\"\nfunded = true\n".to_owned(), "override[0].by"),
            (with("funded = true").replace("2026-04-02", "2 April"), "override[0].on"),
            (with("funded = true").replace("a survey", " "), "override[0].reason"),
            (with("funded = true").replace("a survey", "..."), "override[0].reason"),
            (with("funded = true").replace("\"Li\"", "\"\u{200b}\""), "override[0].by"),
            (with("funded = true").replace("\"Li\"", "\"TBD\""), "override[0].by"),
            (with("funded = true").replace("\"01\"", "\"\""), "override[0].county"),
            (with(""), "override[0].county"),
            (with("funded = true\ncost = 5"), "override[0].county"),
            (with("indicator = \"x\""), "override[0].county"),
            (with("value = 1"), "override[0].county"),
            (with("excluded = false"), "override[0].county"),
            (with("cost = -1"), "override[0].cost"),
            (with("funded = true\ndocument = \"a.pdf\""), "override[0].document"),
            (with("funded = true\ndocument = \"a.pdf\"\nsha256 = \"ab\""), "override[0].sha256"),
            (with("funded = true") + &with("funded = false"), "override[1].county"),
            (with("indicator = \"x\"\nvalue = 1") + &with("indicator = \"x\"\nvalue = 2"), "override[1].county"),
            (with("funded = true") + &with("excluded = true"), "override[0].funded"),
            (with("id = \"1\"\nfunded = true") + &with("id = \"1\"\ncost = 3"), "override[1].id"),
            (format!("[[rank.overrides]]\ncounty = \"01\"\nfunded = true\n{SIGNED}"), "rank.overrides"),
        ] {
            assert_eq!(field(&more), key, "{more}");
        }
        let all = with("id = \"1\"\nfunded = true") + &with("cost = 3") + &with("indicator = \"x\"\nvalue = 1");
        assert_eq!(RoundFile::parse(&format!("{LEAST}{all}"), "r").unwrap().rank.overrides.len(), 3);
    }

    #[test]
    fn an_appeal_has_an_outcome_that_stands() {
        let decided = "decided_by = \"Wang\"\ndecided_on = \"2026-04-20\"\n";
        let with = |what: &str| format!("[[appeal]]\ncounty = \"01\"\n{what}\n{SIGNED}{decided}");
        let granted = format!("[[override]]\nid = \"7\"\ncounty = \"01\"\nfunded = true\n{}", SIGNED.replace("\"Li\"", "\"Wu\""));
        for (more, key) in [
            (with("outcome = \"granted\""), "appeal[0].override"),
            (with("outcome = \"granted\"\noverride = \"8\"") + &granted, "appeal[0].override"),
            (with("outcome = \"rejected\""), "appeal[0].outcome_reason"),
            (with("outcome = \"rejected\"\noutcome_reason = \"late\"\noverride = \"7\"") + &granted, "appeal[0].outcome_reason"),
            (with("outcome = \"rejected\"\noutcome_reason = \"?\""), "appeal[0].outcome_reason"),
            (with("outcome = \"rejected\"\noutcome_reason = \"late\"").replace("Wang", "-"), "appeal[0].decided_by"),
            (with("outcome = \"rejected\"\noutcome_reason = \"late\"").replace("Wang", ""), "appeal[0].decided_by"),
            // nobody decides his own appeal, however he writes his name, or sets by hand what it asks for
            (with("outcome = \"rejected\"\noutcome_reason = \"late\"").replace("Wang", "LI"), "appeal[0].decided_by"),
            (with("outcome = \"granted\"\noverride = \"7\"") + &granted.replace("\"Wu\"", "\"Li\""), "appeal[0].override"),
            (with("outcome = \"rejected\"\noutcome_reason = \"late\"").replace("2026-04-20", ""), "appeal[0].decided_on"),
        ] {
            assert_eq!(field(&more), key, "{more}");
        }
        let both = with("outcome = \"granted\"\noverride = \"7\"")
            + &with("outcome = \"rejected\"\noutcome_reason = \"late\"")
            + &granted;
        assert_eq!(RoundFile::parse(&format!("{LEAST}{both}"), "r").unwrap().appeals.len(), 2);
        assert!(RoundFile::parse(&format!("{LEAST}{}", with("outcome = \"lost\"")), "r").is_err());
    }
}
