//! `[[accept]]` of a round file: who answers for a fault of the round that is not mended, one fault each. There are no patterns: a
//! fault is named by its code and its fingerprint, so that nothing is accepted that nobody has looked at.

use super::people::says_something;
use crate::error::{Error, Location, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `[[accept]]`
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AcceptTable {
    /// The fault's code, as `round` prints it.
    pub code: String,
    /// The fault's fingerprint, as `round` prints it: another fault of the same kind has another.
    pub fault: String,
    /// Who accepts it; not who signs the round.
    pub by: String,
    /// The day on which it was accepted (`2026-03-31`).
    pub on: String,
    /// Why the round may go on with it.
    pub reason: String,
}

impl AcceptTable {
    /// Its keys with their values, in the order in which they are printed.
    pub fn keys(&self) -> [(&'static str, &str); 5] {
        [("code", &self.code), ("fault", &self.fault), ("by", &self.by), ("on", &self.on), ("reason", &self.reason)]
    }

    /// The lines of a round file.
    pub fn lines(&self) -> String {
        let quoted = |text: &str| serde_json::to_string(text).unwrap_or_default(); // a basic string of TOML escapes as JSON does
        self.keys().iter().fold("[[accept]]\n".to_owned(), |all, (key, value)| all + &format!("{key} = {}\n", quoted(value)))
    }
}

/// Checks that every acceptance says all that it has to, and is not later than the round's own day, where it has one.
///
/// # Errors
/// Usage, naming the key.
pub(super) fn check(list: &[AcceptTable], shown: &str, date: Option<&str>) -> Result<()> {
    for (i, accept) in list.iter().enumerate() {
        let at = |key: &str| Location::file(shown).field(format!("accept[{i}].{key}"));
        if let Some((key, _)) = accept.keys().into_iter().find(|(_, value)| value.trim().is_empty()) {
            let next = "every [[accept]] has code, fault, by, on and reason; `chargegap round --check` prints the first two";
            return Err(Error::usage(format!("the acceptance does not say its {key}"), next).at(at(key)));
        }
        if let Some((key, value)) = [("by", &accept.by), ("reason", &accept.reason)].into_iter().find(|(_, v)| !says_something(v))
        {
            let what = format!("the acceptance says \"{value}\" as its {key}, which names nobody and nothing");
            return Err(Error::usage(what, "write who accepts the fault, by name, and why").at(at(key)));
        }
        if !is_real_day(&accept.on) {
            return Err(Error::usage("this is no day", "write it as 2026-03-31").at(at("on")));
        }
        if let Some(date) = date.filter(|date| accept.on.as_str() > *date) {
            let what = format!(
                "{} {} is accepted by {} on {}, and the round is of {date}",
                accept.code, accept.fault, accept.by, accept.on
            );
            let next = "correct the day, or give [round] date the day on which the round was made again: its faults then have other fingerprints, and are accepted anew";
            return Err(Error::usage(what, next).at(at("on")));
        }
    }
    Ok(())
}

/// Whether a text is a day of the calendar, written as 2026-03-31.
pub fn is_real_day(text: &str) -> bool {
    let digits = |(i, b): (usize, u8)| if matches!(i, 4 | 7) { b == b'-' } else { b.is_ascii_digit() };
    if text.len() != 10 || !text.bytes().enumerate().all(digits) {
        return false;
    }
    let number = |part: Option<&str>| part.and_then(|p| p.parse::<u32>().ok()).unwrap_or(0);
    let (year, month, day) = (number(text.get(..4)), number(text.get(5..7)), number(text.get(8..)));
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=last).contains(&day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        for good in ["2026-03-31", "2024-02-29", "2000-02-29", "2026-12-01"] {
            assert!(is_real_day(good), "{good}");
        }
        for bad in
            ["2026-02-29", "1900-02-29", "2026-04-31", "2026-13-01", "2026-00-10", "2026-1-1", "31.03.2026", "", "2026/03/31"]
        {
            assert!(!is_real_day(bad), "{bad}");
        }
    }

    #[test]
    fn every_key_has_to_be_there() {
        let whole = AcceptTable {
            code: "c".to_owned(),
            fault: "f".to_owned(),
            by: "b".to_owned(),
            on: "2026-03-31".to_owned(),
            reason: "say \"why\"".to_owned(),
        };
        assert!(check(std::slice::from_ref(&whole), "r", Some("2026-03-31")).is_ok());
        type Change = fn(&mut AcceptTable);
        let without: [(&str, Change); 10] = [
            ("code", |a| a.code.clear()),
            ("fault", |a| a.fault = " ".to_owned()),
            ("by", |a| a.by.clear()),
            ("on", |a| a.on.clear()),
            ("on", |a| a.on = "2026-02-30".to_owned()),
            ("reason", |a| a.reason = "\t".to_owned()),
            ("by", |a| a.by = "\u{200b}".to_owned()),
            ("by", |a| a.by = "TBD".to_owned()),
            ("reason", |a| a.reason = "…".to_owned()),
            ("reason", |a| a.reason = "123".to_owned()),
        ];
        for (key, change) in without {
            let mut one = whole.clone();
            change(&mut one);
            let e = check(&[whole.clone(), one], "r", None).unwrap_err();
            assert_eq!((e.exit_code(), e.location().field.clone()), (2, Some(format!("accept[1].{key}"))), "{e}");
        }
        // one day after the round's own
        let e = check(std::slice::from_ref(&whole), "r", Some("2026-03-30")).unwrap_err();
        assert_eq!((e.exit_code(), e.location().field.as_deref()), (2, Some("accept[0].on")), "{e}");
        // what is printed can be read
        let back: toml::Table = toml::from_str(&whole.lines()).unwrap();
        assert_eq!(back["accept"][0]["reason"].as_str(), Some("say \"why\""));
    }
}
