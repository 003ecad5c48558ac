//! What `[programme]` says of counties and roads, held against those that there are: what fits none of them would bear on money, or not, without
//! a word.

use crate::config::programme_table::ProgrammeTable;
use crate::error::{Error, Location, Result};
use crate::issue::{IssueCode, Issues, Layer};
use std::collections::BTreeMap;

/// Tells roads of `[programme] roads` that no road of the network has as its number or name.
pub fn tell_unmet_roads(unmet: &[String], issues: &mut Issues) {
    for road in unmet {
        let at = Location::default().field("programme.roads");
        let what = format!("no road of the network has the number or name \"{road}\", so that no rule is held against it");
        issues.push(Layer::Roads, IssueCode::ProgrammeRoadUnknown, at, what);
    }
}

/// In strict mode nothing of `[programme]` may fit no county and no road.
///
/// # Errors
/// Input, with the first that does.
pub fn strict_fit<'a>(issues: impl IntoIterator<Item = &'a crate::issue::Issue>) -> Result<()> {
    let unfit = [IssueCode::ProgrammeCodeUnknown, IssueCode::ProgrammeRoadUnknown];
    match issues.into_iter().find(|i| unfit.contains(&i.code)) {
        Some(i) => Err(Error::input(format!("{}; --strict allows none", i.message), i.code.next()).at(i.at.clone())),
        None => Ok(()),
    }
}

/// Brings codes under `[programme]` up to date, old to new, as those of lists are.
///
/// # Errors
/// Usage, where two codes of one county say two things.
pub fn recode(table: &mut ProgrammeTable, pairs: &BTreeMap<String, String>, shown: &str) -> Result<()> {
    of_list(&mut table.figures, ("figures", shown), pairs)?;
    of_list(&mut table.facts, ("facts", shown), pairs)
}

type ByCode<T> = BTreeMap<String, BTreeMap<String, T>>;

fn of_list<T: Copy + PartialEq + std::fmt::Display>(
    all: &mut ByCode<T>,
    (list, shown): (&str, &str),
    pairs: &BTreeMap<String, String>,
) -> Result<()> {
    let mut now: BTreeMap<String, BTreeMap<String, (String, T)>> = BTreeMap::new();
    for (code, values) in std::mem::take(all) {
        let own = now.entry(pairs.get(&code).unwrap_or(&code).clone()).or_default();
        for (name, value) in values {
            match own.get(&name) {
                Some((other, said)) if *said != value => {
                    let new = pairs.get(&code).unwrap_or(&code);
                    let what = format!(
                        "{name} is {said} under {other} and {value} under {code}, and both are county {new} by the crosswalk"
                    );
                    let at = Location::file(shown).field(format!("programme.{list}.\"{code}\".{name}"));
                    return Err(Error::usage(what, "leave one of the two, for the code of today").at(at));
                }
                Some(_) => {}
                None => drop(own.insert(name, (code.clone(), value))),
            }
        }
    }
    *all = now.into_iter().map(|(code, own)| (code, own.into_iter().map(|(name, (_, v))| (name, v)).collect())).collect();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::RegionFile;

    fn table(text: &str) -> ProgrammeTable {
        RegionFile::parse(text, "r").unwrap().programme
    }

    #[test]
    fn strict_allows_nothing_that_fits_nothing() {
        let mut issues = Issues::default();
        tell_unmet_roads(&["G999".to_owned()], &mut issues);
        let e = strict_fit(issues.sorted()).unwrap_err();
        assert!(e.exit_code() == 1 && e.what().ends_with("--strict allows none"), "{e}");
        assert!(strict_fit([]).is_ok());
    }

    #[test]
    fn old_codes_become_new_ones_and_two_values_of_one_county_are_refused() {
        let pairs: BTreeMap<String, String> = [("01", "09"), ("02", "09")].map(|(a, b)| (a.to_owned(), b.to_owned())).into();
        let recoded = |text: &str| {
            let mut t = table(text);
            recode(&mut t, &pairs, "r").map(|()| t)
        };
        let t = recoded("[programme.figures.01]\nx = 1\n[programme.figures.09]\nx = 1\ny = 2\n[programme.facts.02]\nz = true\n")
            .unwrap();
        assert_eq!((t.figure("09", "x"), t.figure("09", "y"), t.fact("09", "z")), (Some(1.0), Some(2.0), Some(true)));
        assert_eq!(t.figures.len() + t.facts.len(), 2);
        for (text, key) in [
            ("[programme.figures.01]\nx = 1\n[programme.figures.09]\nx = 2\n", "programme.figures.\"09\".x"),
            ("[programme.figures.01]\nx = 1\n[programme.figures.02]\nx = 2\n", "programme.figures.\"02\".x"),
            ("[programme.facts.01]\nz = true\n[programme.facts.02]\nz = false\n", "programme.facts.\"02\".z"),
        ] {
            let e = recoded(text).unwrap_err();
            assert_eq!((e.exit_code(), e.location().field.as_deref()), (2, Some(key)), "{e}");
            assert!(e.what().contains("county 09 by the crosswalk"), "{e}");
        }
    }
}
