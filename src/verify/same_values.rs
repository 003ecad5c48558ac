//! Tables of two folders that two versions wrote from the same inputs: whether values are the same, whatever was added or said otherwise.

use crate::error::Result;
use crate::files::once::called_now;
use crate::finished::CsvTable;
use crate::input;
use std::collections::BTreeMap;
use std::path::Path;

/// Two folders.
pub(super) struct Tables<'a> {
    /// As it was.
    pub then: &'a Path,
    /// As it is now.
    pub now: &'a Path,
}

/// What a comparison found.
#[derive(Debug, Default)]
pub(super) struct Compared {
    /// Values that are the same.
    pub cells: usize,
    /// Tables that were compared.
    pub tables: usize,
    /// Values that are not, one line each.
    pub faults: Vec<String>,
    /// Cells of text, and of fingerprints, that differ: how many, by table and column.
    pub texts: BTreeMap<String, usize>,
}

/// Tables that speak of the program and not of the counties.
const NOT_VALUES: [&str; 2] = ["dictionary.csv", "issues.csv"];
/// Six decimals, and what is computed from a few of them.
const ROUNDED: f64 = 2e-6;

/// Whether a file is a table whose values are compared.
pub(super) fn is_compared(name: &str) -> bool {
    name.ends_with(".csv") && !NOT_VALUES.contains(&name)
}

/// Compares tables of these names: columns that both have, row by row.
pub(super) fn compare(tables: &Tables<'_>, names: &[&str]) -> Result<Compared> {
    let mut found = Compared::default();
    for name in names.iter().filter(|n| is_compared(n)) {
        let (then, now) = (open(tables.then, name)?, open(tables.now, name)?);
        found.tables += 1;
        table(name, &then, &now, &mut found);
    }
    Ok(found)
}

fn open(folder: &Path, name: &str) -> Result<CsvTable> {
    CsvTable::parse(&input::whole(&folder.join(name), "read the file", input::MOST_WHOLE)?, name)
}

/// Compares two forms of one table, columns that both have, row by row.
pub(super) fn table(name: &str, then: &CsvTable, now: &CsvTable, found: &mut Compared) {
    let (before, after) = (then.rows().count(), now.rows().count());
    if before != after {
        found.faults.push(format!("{name} has {before} rows, and {after} made again"));
        return;
    }
    // by its name of then, and of now
    let named = |c| (c, called_now(c, |n| now.has(n)));
    let both: Vec<(&str, &str)> = then.columns().iter().map(|c| named(c.as_str())).filter(|(_, n)| now.has(n)).collect();
    for (a, b) in then.rows().zip(now.rows()) {
        for (column, today) in &both {
            let (old, new) = (a.get(column), b.get(today));
            match verdict(column, old, new) {
                Verdict::Same => found.cells += 1,
                Verdict::Said => *found.texts.entry(format!("{name}: {column}")).or_default() += 1,
                Verdict::Differs => {
                    let row = a.cells().take(3).collect::<Vec<_>>().join(" ");
                    found.faults.push(format!("{name}, row {row}: {column} is {old}, and {new} made again"));
                }
            }
        }
    }
}

/// What becomes of two cells.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Same,
    /// Words and fingerprints may be others in another version.
    Said,
    Differs,
}

fn verdict(column: &str, old: &str, new: &str) -> Verdict {
    if old == new {
        return Verdict::Same;
    }
    let word = |t: &str| t.is_empty() || t == "true" || t == "false" || t.parse::<f64>().is_ok();
    match (old.parse::<f64>(), new.parse::<f64>()) {
        (Ok(a), Ok(b)) if (a - b).abs() < ROUNDED => Verdict::Same,
        _ if column.ends_with("_sha256") => Verdict::Said,
        // a name, a sentence: what an outcome is stands in numbers, codes, and words without blanks beside it
        _ if !word(old) && !word(new) && (old.contains(' ') || new.contains(' ') || !old.is_ascii()) => Verdict::Said,
        _ => Verdict::Differs,
    }
}

impl Tables<'_> {
    /// Where a table differs first, for people; nothing of what is no table.
    pub(super) fn where_they_differ(&self, name: &str) -> String {
        if !name.ends_with(".csv") {
            return String::new();
        }
        let both = open(self.then, name).and_then(|then| Ok((then, open(self.now, name)?)));
        let Ok((then, now)) = both else { return String::new() };
        for (a, b) in then.rows().zip(now.rows()) {
            if let Some(column) = then.columns().iter().find(|c| a.get(c) != b.get(c)) {
                let row = a.cells().take(3).collect::<Vec<_>>().join(" ");
                return format!(": row {row} says {column} {}, and {} made again", a.get(column), b.get(column));
            }
        }
        let (before, after) = (then.rows().count(), now.rows().count());
        if before == after { String::new() } else { format!(": it has {before} rows, and {after} made again") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_must_be_the_same_and_words_may_not_be() {
        for (column, old, new, want) in [
            ("score", "66.666666", "66.666667", Verdict::Same), // the last of six decimals
            ("score", "66.666666", "66.666669", Verdict::Differs),
            ("rank", "1", "2", Verdict::Differs),
            ("rank", "1", "", Verdict::Differs),
            ("selected", "true", "false", Verdict::Differs),
            ("selection", "selected", "no_quota", Verdict::Differs),
            ("county_code", "110101", "110102", Verdict::Differs),
            ("why", "within places, quota and budget", "within quota", Verdict::Said),
            ("why_zh", "在名额之内", "在资金之内", Verdict::Said),
            ("rows_sha256", "ab12", "cd34", Verdict::Said),
            ("why", "", "no place is left", Verdict::Differs), // something where nothing was
        ] {
            assert_eq!(verdict(column, old, new), want, "{column} {old} {new}");
        }
    }

    #[test]
    fn columns_that_only_one_has_are_passed_over_and_rows_are_counted() {
        let parse = |t: &str| CsvTable::parse(t.as_bytes(), "a.csv").unwrap();
        let mut found = Compared::default();
        let then = parse("code,rank,old\n1,2,x\n3,4,y\n");
        table("a.csv", &then, &parse("code,new,rank\n1,z,2\n3,z,5\n"), &mut found);
        // code twice and the first rank are the same; the second is not
        assert_eq!((found.cells, found.texts.len()), (3, 0));
        assert_eq!(found.faults, ["a.csv, row 3 4 y: rank is 4, and 5 made again"]);
        table("a.csv", &then, &parse("code,rank\n1,2\n"), &mut found);
        // a column under its name of then is that of now
        let mut renamed = Compared::default();
        table("a.csv", &then, &parse("county_code,rank\n1,2\n4,4\n"), &mut renamed);
        assert_eq!((renamed.cells, renamed.faults.len()), (3, 1));
        assert_eq!(found.faults[1], "a.csv has 2 rows, and 1 made again");
    }
}
