//! Where the header of a sheet stands: below titles and blank rows, perhaps over two rows with merged cells.

use super::cells::{is_blank, text_of};
use super::open::Sheet;
use super::{Wants, quoted};
use crate::error::{Error, Location};
use crate::read::formats::SourceFile;
use crate::read::units;
use calamine::Data;
use std::collections::BTreeMap;

/// A header is looked for in so many rows that are not blank.
const LOOKED_AT: usize = 30;
/// A header is at most so many rows high.
const HIGHEST: usize = 4;
/// Rows shown where none is a header, and characters of each.
const SHOWN: (usize, usize) = (3, 80);
/// What stands between the name above and the name below.
const BETWEEN: &str = " / ";

/// The header of a sheet.
#[derive(Debug)]
pub(super) struct Header {
    /// Name of each column; none is empty where the column holds anything.
    pub names: Vec<String>,
    /// Units that a header of several rows has below names, by column.
    pub units: Vec<Option<String>>,
    /// The first row of the header.
    pub row: usize,
    /// The first row of the cells below it.
    pub first_data: usize,
}

/// Why a sheet has no header that will do.
#[derive(Debug)]
pub(super) struct Refused {
    what: String,
    next: String,
    line: u64,
}

impl Refused {
    pub fn in_file(self, file: &SourceFile) -> Error {
        Error::input(self.what, self.next).at(Location::file(file.shown.as_str()).line(self.line, 0))
    }
}

impl Header {
    /// The first row, or rows, whose names are what is needed.
    pub fn find(sheet: &Sheet, wants: &Wants<'_>) -> Result<Self, Refused> {
        let rows: Vec<&[Data]> = sheet.cells.rows().take(LOOKED_AT * 4).collect();
        let filled = (0..rows.len()).filter(|r| !rows[*r].iter().all(is_blank)).take(LOOKED_AT);
        let mut missing = String::new();
        for r in filled {
            let depth = depth(sheet, &rows, r);
            for depth in if depth > 1 { vec![depth, 1] } else { vec![1] } {
                let (names, units) = names(sheet, &rows, r, depth);
                let names = if depth == 1 { as_asked(names, rows[r], wants) } else { names };
                match (wants.needs)(&names) {
                    Ok(()) => {
                        all_there(&names, wants.wanted).map_err(|e| Refused { line: sheet.line(r), ..e })?;
                        return Ok(Self { names, units, row: r, first_data: r + depth });
                    }
                    Err(names) => missing = names,
                }
            }
        }
        Err(none(sheet, &rows, &missing))
    }

    /// Every name once. Columns of one name get their letters behind it, and one that we would have taken is refused where they differ.
    pub fn without_repeats(mut self, sheet: &Sheet, wants: &Wants<'_>) -> Result<Self, Refused> {
        let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (i, name) in self.names.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
            by_name.entry(name.clone()).or_default().push(i);
        }
        for (name, list) in by_name.into_iter().filter(|(_, list)| list.len() > 1) {
            let differing = self.differing(sheet, &list);
            if let (Some(row), true) = (differing, wants.asks(&name)) {
                let own: Vec<String> = list.iter().map(|i| format!("{name} ({})", sheet.letters(*i))).collect();
                let cell = |i: &usize| sheet.cells.get((row, *i)).map(text_of).unwrap_or_default();
                let values: Vec<String> = list.iter().map(cell).collect();
                return Err(Refused {
                    what: format!("{} columns are called \"{name}\", and they differ: {}", list.len(), values.join(" and ")),
                    next: format!("delete or rename one of them; the columns are {}", quoted(&own)),
                    line: sheet.line(row),
                });
            }
            // Where they say the same the first has the name; else none has it alone.
            let kept = usize::from(differing.is_none());
            for i in list.into_iter().skip(kept) {
                self.names[i] = format!("{name} ({})", sheet.letters(i));
            }
        }
        for (i, name) in self.names.iter_mut().enumerate().filter(|(_, name)| name.is_empty()) {
            *name = format!("column {}", sheet.letters(i));
        }
        Ok(self)
    }

    /// The first row in which the columns of a list do not all hold the same.
    fn differing(&self, sheet: &Sheet, list: &[usize]) -> Option<usize> {
        let height = sheet.cells.height();
        let text = |row: usize, i: usize| sheet.cells.get((row, i)).map(text_of).unwrap_or_default();
        (self.first_data..height).find(|row| list.windows(2).any(|w| text(*row, w[0]) != text(*row, w[1])))
    }
}

/// Whether every column that is named is there; one that stands over several is told with them.
fn all_there(names: &[String], wanted: &[String]) -> Result<(), Refused> {
    let Some(column) = wanted.iter().find(|w| !names.contains(w)) else { return Ok(()) };
    let below: Vec<String> = names.iter().filter(|n| n.starts_with(&format!("{column}{BETWEEN}"))).cloned().collect();
    if !below.is_empty() {
        return Err(Refused {
            what: format!("\"{column}\" stands over {} columns: {}", below.len(), quoted(&below)),
            next: "name the one that is meant; for their sum add a column to the sheet".to_owned(),
            line: 0,
        });
    }
    let near = crate::config::toml_text::nearest(column, names.iter().map(String::as_str));
    let all = || format!("the table has: {}", names.iter().filter(|n| !n.is_empty()).cloned().collect::<Vec<_>>().join(", "));
    let next = near.map_or_else(all, |n| format!("did you mean \"{n}\"?"));
    Err(Refused { what: format!("the table has no column \"{column}\""), next, line: 0 })
}

/// How many rows a header that begins in this row takes: as the merged cells say or, where a file does not tell of them, as the names
/// lie, each column named in the upper row or in the lower one.
fn depth(sheet: &Sheet, rows: &[&[Data]], r: usize) -> usize {
    let row = sheet.start().0 + r as u32;
    let here: Vec<_> = sheet.merged.iter().filter(|m| m.start.0 == row).collect();
    let filled = rows[r].iter().filter(|c| !is_blank(c)).count();
    if !here.is_empty() {
        let high = here.iter().map(|m| (m.end.0 - m.start.0) as usize + 1).max().unwrap_or(1);
        // One cell across the whole sheet is a title.
        let across = filled > 1 && here.iter().any(|m| m.end.1 > m.start.1);
        return high.max(1 + usize::from(across)).min(HIGHEST).min(rows.len() - r);
    }
    let Some(below) = rows.get(r + 1).filter(|_| filled > 1) else { return 1 };
    let is_text = |c: &Data| matches!(c, Data::String(_)) && !is_blank(c);
    let mut under_a_name = false;
    let (mut parent, mut open) = (false, true);
    for (i, (upper, lower)) in rows[r].iter().zip(*below).enumerate() {
        let next_is_open = rows[r].get(i + 1).is_some_and(is_blank) && below.get(i + 1).is_some_and(is_text);
        match (is_blank(upper), is_blank(lower)) {
            (false, true) => parent = false,
            (false, false) => {
                parent = true;
                open &= is_text(lower) && next_is_open;
            }
            (true, false) => {
                open &= is_text(lower) && parent;
                under_a_name = true;
            }
            (true, true) => parent = false,
        }
    }
    if open && under_a_name { 2 } else { 1 }
}

/// The name of each column from the cells of its header, the upper first, and the unit that stands below it.
fn names(sheet: &Sheet, rows: &[&[Data]], r: usize, depth: usize) -> (Vec<String>, Vec<Option<String>>) {
    let start = sheet.start();
    let text = |row: usize, column: usize| rows.get(row).and_then(|c| c.get(column)).map(text_of).unwrap_or_default();
    // The cell above may be one with that of a column before.
    let at = |row: usize, column: usize| {
        let place = (start.0 + row as u32, start.1 + column as u32);
        let covers = |m: &&super::merged::Merged| m.start.0 == place.0 && (m.start.1..=m.end.1).contains(&place.1);
        match sheet.merged.iter().find(covers) {
            Some(m) => text(row, m.start.1.saturating_sub(start.1) as usize),
            None if sheet.merged.is_empty() && row + 1 < r + depth && is_under(&text, row, column) => {
                (0..column).rev().map(|c| text(row, c)).find(|t| !t.is_empty()).unwrap_or_default()
            }
            None => text(row, column),
        }
    };
    let one = |column: usize| {
        let mut levels: Vec<String> = (r..r + depth).map(|row| at(row, column)).filter(|t| !t.is_empty()).collect();
        levels.dedup();
        let unit = levels.pop_if(|last| units::alone(last).is_some());
        if levels.is_empty() {
            return (unit.unwrap_or_default(), None); // it is all the name that there is
        }
        (levels.join(BETWEEN), unit)
    };
    (0..sheet.cells.width()).map(one).unzip()
}

/// Names that are asked for with the breaks that their cells have keep them.
fn as_asked(mut names: Vec<String>, row: &[Data], wants: &Wants<'_>) -> Vec<String> {
    for (name, cell) in names.iter_mut().zip(row) {
        if let Data::String(text) = cell
            && wants.asks(text.trim())
        {
            text.trim().clone_into(name);
        }
    }
    names
}

/// Whether a blank cell of an upper row has a name below it.
fn is_under(text: &dyn Fn(usize, usize) -> String, row: usize, column: usize) -> bool {
    text(row, column).is_empty() && !text(row + 1, column).is_empty()
}

fn none(sheet: &Sheet, rows: &[&[Data]], missing: &str) -> Refused {
    let of_row = |row: &&[Data]| {
        let cells: Vec<String> = row.iter().map(text_of).filter(|t| !t.is_empty()).collect();
        let text = cells.join(" | ");
        let cut: String = text.chars().take(SHOWN.1).collect();
        if cut.len() < text.len() { format!("{cut}…") } else { cut }
    };
    let first: Vec<String> = rows.iter().filter(|r| !r.iter().all(is_blank)).take(SHOWN.0).map(of_row).collect();
    let name = &sheet.name;
    if first.is_empty() {
        let next = "name another with sheet = \"…\", or give a table with content".to_owned();
        return Refused { what: format!("the sheet \"{name}\" is empty"), next, line: 0 };
    }
    Refused {
        what: format!("no row of the sheet \"{name}\" is a header with {missing}; its first rows are {}", quoted(&first)),
        next: "map the columns under fields by their names in the header row, or name another sheet".to_owned(),
        line: sheet.line(0),
    }
}
