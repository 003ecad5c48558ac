//! Codes of county records of which some are numbers: `9001` and `9001.0` beside `09001`. They are one code, which is told; what
//! could be two codes is refused where records of one code are put together.

use super::codes::Known;
use super::county::County;
use crate::error::{Error, Result};
use crate::issue::{IssueCode, Issues, Layer};
use std::collections::{BTreeMap, BTreeSet};

/// A shorter code with a point and a nought behind it may be one (`1.0`).
const SHORTEST: usize = 4;

/// Whether a code is among those that are asked for, zeros in front of it apart.
pub(super) fn is_asked(code: &str, only: &[String]) -> bool {
    let digits = bare(whole(code));
    only.iter().any(|asked| asked == code || (digits.is_some() && bare(asked) == digits))
}

/// The digits of a code that has nothing else, without zeros in front.
fn bare(code: &str) -> Option<&str> {
    (!code.is_empty() && code.bytes().all(|b| b.is_ascii_digit())).then(|| code.trim_start_matches('0'))
}

/// A code without the point and nought of a number.
fn whole(code: &str) -> &str {
    let digits = code.trim_end_matches('0').strip_suffix('.');
    digits.filter(|d| d.len() >= SHORTEST && bare(d).is_some()).unwrap_or(code)
}

/// Gives back the zeros that some codes of a layer have lost; `only` are the codes that are asked for.
///
/// # Errors
/// Input, with `merge`: for codes that could be one or two, and for two records of a code whose last digits are lost.
pub(super) fn restore(counties: &mut [County], only: Option<&[String]>, merge: bool, issues: &mut Issues) -> Result<()> {
    if merge {
        refuse_rounded(counties)?;
    }
    for county in counties.iter_mut() {
        let plain = whole(&county.code).to_owned();
        rename(county, &plain, "numbers have no point in a code", issues);
    }
    let of_layer = counties.iter().map(|c| c.code.as_str());
    let known: BTreeSet<String> = of_layer
        .chain(only.unwrap_or_default().iter().map(String::as_str))
        .filter(|c| bare(c).is_some())
        .map(str::to_owned)
        .collect();
    let width = known.iter().filter(|c| c.starts_with('0')).map(String::len).max().unwrap_or(0);
    // Codes that begin with 0 have a fixed width; where all others have it too, or have lost one zero, there is no doubt.
    let sure = known.iter().all(|c| c.len() == width || c.len() + 1 == width);
    let mut by_code: BTreeMap<String, (String, String)> =
        counties.iter().map(|c| (c.code.clone(), (c.name.clone(), c.source.to_string()))).collect();
    for county in counties.iter_mut().filter(|c| bare(&c.code).is_some() && c.code.len() < width) {
        let long = format!("{:0>width$}", county.code);
        let other = by_code.get(&long);
        let one = sure && other.is_none_or(|(name, _)| alike(&county.name, name, &county.code, &long));
        if one {
            by_code.entry(long.clone()).or_insert_with(|| (county.name.clone(), county.source.to_string()));
            rename(county, &long, &format!("codes of the layer that begin with 0 have {width} digits"), issues);
        } else if let (true, Some((name, at))) = (merge, other) {
            let what =
                format!("the codes {} (\"{}\") and {long} (\"{name}\", {at}) may be one county or two", county.code, county.name);
            let next = "write both codes with all their digits: merge puts records of one code together";
            return Err(Error::input(what, next).at(county.source.clone().field("code")));
        } else if other.is_some() {
            let what = format!("the codes {} and {long} differ in a zero only; they were taken for two counties", county.code);
            issues.push(Layer::Counties, IssueCode::CodeMadeNumber, county.source.clone(), what);
        }
    }
    Ok(())
}

/// Whether two names may be of one county; a county without a name is called by its code.
fn alike(a: &str, b: &str, short: &str, long: &str) -> bool {
    let none = |name: &str| name.is_empty() || name == short || name == long || whole(name) == short;
    none(a) || none(b) || a.trim().to_lowercase() == b.trim().to_lowercase()
}

fn rename(county: &mut County, code: &str, why: &str, issues: &mut Issues) {
    if county.code == code {
        return;
    }
    let what = format!("the code {} was taken as {code}: {why}", county.code);
    if county.name == county.code {
        code.clone_into(&mut county.name);
    }
    code.clone_into(&mut county.code);
    county.source.id = Some(code.to_owned());
    issues.push(Layer::Counties, IssueCode::CodeMadeNumber, county.source.clone(), what);
}

/// Two counties can have been rounded to one code: nobody puts them together.
fn refuse_rounded(counties: &[County]) -> Result<()> {
    let none = BTreeSet::new();
    let Some(odd) = counties.iter().find(|c| Known::of(&c.code, &none) == Known::Lost) else { return Ok(()) };
    let what = format!("the code {} is a rounded number: its last digits are lost, and merge cannot go by it", odd.code);
    Err(Error::input(what, "write the codes with all their digits, as text").at(odd.source.clone().field("code")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Location;

    fn county(code: &str, name: &str) -> County {
        let shape = geo::MultiPolygon::new(vec![]);
        County::drawn([code.to_owned(), name.to_owned(), String::new()], (shape, true), Location::default().id(code))
    }

    /// The codes that become of some, and how many are told; or what is said.
    fn restored(list: &[(&str, &str)], only: Option<&[&str]>, merge: bool) -> std::result::Result<(Vec<String>, usize), String> {
        let mut counties: Vec<County> = list.iter().map(|(code, name)| county(code, name)).collect();
        let only: Option<Vec<String>> = only.map(|list| list.iter().map(|c| (*c).to_owned()).collect());
        let mut issues = Issues::default();
        restore(&mut counties, only.as_deref(), merge, &mut issues).map_err(|e| e.to_string())?;
        Ok((counties.into_iter().map(|c| c.code).collect(), issues.sorted().len()))
    }

    fn codes(list: &[&str]) -> Vec<String> {
        list.iter().map(|c| (*c).to_owned()).collect()
    }

    #[test]
    fn zeros_that_some_codes_lost_come_back() {
        for merge in [false, true] {
            let of = |list: &[(&str, &str)]| restored(list, None, merge).unwrap();
            assert_eq!(of(&[("09001", "A"), ("9001", "A"), ("53019", "B")]), (codes(&["09001", "09001", "53019"]), 1));
            // one alone, and a number with its point; without names
            assert_eq!(of(&[("09001", "09001"), ("9003.0", "9003.0")]), (codes(&["09001", "09003"]), 2));
            assert_eq!(of(&[("09001", "A"), ("9001", "9001")]).0, codes(&["09001", "09001"]));
            // nothing says that any lost a zero
            assert_eq!(of(&[("9001", "A"), ("53019", "B")]), (codes(&["9001", "53019"]), 0));
            assert_eq!(of(&[("A1", "A"), ("0B", "B"), ("1.0", "C")]), (codes(&["A1", "0B", "1.0"]), 0));
        }
    }

    #[test]
    fn what_may_be_two_counties_is_never_one() {
        // other names, or codes of several widths
        let two = [("09001", "Fairfield"), ("9001", "Elsewhere"), ("09003", "C")];
        let widths = [("09001", "A"), ("9001", "A"), ("110101", "B")];
        for list in [&two[..], &widths] {
            let said = restored(list, None, true).unwrap_err();
            assert!(said.contains("9001") && said.contains("may be one county or two"), "{said}");
            // apart they stay apart, and that is told
            assert_eq!(restored(list, None, false).unwrap(), (list.iter().map(|(c, _)| (*c).to_owned()).collect(), 1));
        }
        assert!(restored(&[("5.3E+04", "A"), ("5.3E+04", "B")], None, true).unwrap_err().contains("rounded number"));
    }

    #[test]
    fn codes_that_are_asked_for_may_have_their_zeros() {
        let only = codes(&["09001"]);
        assert!(is_asked("09001", &only) && is_asked("9001", &only) && is_asked("9001.0", &only) && !is_asked("19001", &only));
        assert!(!is_asked("", &only) && is_asked("A", &codes(&["A"])) && !is_asked("B", &codes(&["A"])));
        assert_eq!(restored(&[("9001", "A")], Some(&["09001"]), false).unwrap(), (codes(&["09001"]), 1));
    }
}
