//! Codes under `[programme]`, held against the counties that there are: what fits none of them would bear on money, or not, without a word.

use super::programme_table::ProgrammeTable;
use crate::error::Location;
use crate::issue::{IssueCode, Issues, Layer};
use std::collections::BTreeSet;

/// Codes under `[programme.figures]` and `[programme.facts]` that no code of these begins with, each with its key.
pub fn unfit_codes<'a>(table: &'a ProgrammeTable, codes: &BTreeSet<&str>) -> Vec<(String, &'a str)> {
    let fits = |begin: &str| codes.range(begin..).next().is_some_and(|code| code.starts_with(begin));
    let own = table.figures.keys().map(|c| ("figures", c)).chain(table.facts.keys().map(|c| ("facts", c)));
    own.filter(|(_, code)| !fits(code)).map(|(list, code)| (format!("programme.{list}.\"{code}\""), code.as_str())).collect()
}

/// What is said of a code that fits no county.
pub fn unfit_words(code: &str) -> String {
    format!("no county has a code that begins with {code}, so that nobody has what stands under it")
}

/// Tells codes that fit no county.
pub fn tell_unfit_codes(table: &ProgrammeTable, codes: &BTreeSet<&str>, shown: &str, issues: &mut Issues) {
    for (key, code) in unfit_codes(table, codes) {
        let at = Location::file(shown).field(key);
        issues.push(Layer::Counties, IssueCode::ProgrammeCodeUnknown, at, unfit_words(code));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::RegionFile;

    fn table(text: &str) -> ProgrammeTable {
        RegionFile::parse(text, "r").unwrap().programme
    }

    #[test]
    fn codes_and_beginnings_fit_or_do_not() {
        let t = table(
            "[programme.figures.50]\nx = 1\n[programme.figures.500231]\nx = 1\n[programme.figures.5002311]\nx = 1\n\
                       [programme.facts.51]\ny = true\n[programme.facts.6]\ny = true\n",
        );
        // 5002311 is longer than any code; 6 begins none, though 610101 would
        let codes = BTreeSet::from(["500231", "500232", "519000"]);
        let keys: Vec<String> = unfit_codes(&t, &codes).into_iter().map(|(key, _)| key).collect();
        assert_eq!(keys, ["programme.figures.\"5002311\"", "programme.facts.\"6\""]);
    }
}
