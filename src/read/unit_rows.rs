//! Units that stand in a row of their own: above the header (`单位：万人`), or right below it, one under each name (`(万人)`).
//!
//! What such a row says is applied to the columns that it is plainly of, and told; where it could be of several things, or its size is
//! not known, the table is refused with the text: people by the ten thousand are money. It is never passed over in silence.

use super::fields::FieldMap;
use super::headers::Header;
use super::record::Note;
use super::units::{self, Measure, Word};
use crate::error::{Error, Location};
use crate::issue::IssueCode;
use std::collections::BTreeMap;

/// Titles quoted, and characters of each.
const SHOWN: (usize, usize) = (3, 80);
/// A longer cell holds no unit.
const LONGEST: usize = 200;

/// A row of cells beside the records of a table.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    /// Line, or row of the sheet, from 1.
    pub line: u64,
    /// Its cells as text.
    pub cells: Vec<String>,
}

impl Row {
    /// Whether any cell holds something.
    pub fn is_filled(&self) -> bool {
        self.filled().next().is_some()
    }

    fn filled(&self) -> impl Iterator<Item = (usize, &str)> {
        self.cells.iter().map(|c| c.trim()).enumerate().filter(|(_, c)| !c.is_empty())
    }
}

/// What is known of a table once its header is found.
pub(super) struct Table<'a> {
    /// What a line is called: `line`, or `row` of a sheet.
    pub word: &'static str,
    pub file: &'a str,
    /// Lines that are not blank above the header.
    pub above: Vec<Row>,
    pub header_line: u64,
    /// Names of the columns.
    pub names: &'a [String],
    /// What a header of several rows says of the unit of each column.
    pub own: Vec<Option<String>>,
    pub columns: &'a FieldMap,
    /// Columns whose figures are taken as they stand.
    pub also: &'a [String],
}

/// What a unit is of, and where it stands.
#[derive(Clone, Debug)]
struct Said {
    /// The cell.
    text: String,
    /// The unit in it.
    unit: String,
    word: Word,
    line: u64,
}

/// Factors by column, and what is told.
pub(super) type Units = (BTreeMap<String, f64>, Vec<Note>);

impl Table<'_> {
    /// Whether a row right below the header holds units and no record.
    fn is_of_units(&self, row: &Row) -> bool {
        let mut any = false;
        for (i, cell) in row.filled() {
            let unit = of_cell(cell);
            let of_number = |name: &String| self.fields(name).next().is_some() || self.also.contains(name);
            let matters = unit.is_some() && self.names.get(i).is_some_and(of_number);
            let labelled = units::labelled(cell).is_some_and(|words| words.iter().any(|w| units::word(w).is_some()));
            any |= labelled || matters;
            if unit.is_none() && !labelled && has_digit(cell) {
                return false;
            }
        }
        any
    }

    /// Whether a row may stand between the header and the units: it has no digit, and so no position and no code.
    fn is_before_units(row: &Row) -> bool {
        !row.filled().any(|(_, cell)| has_digit(cell))
    }

    /// What becomes of the units around the header; `below` is the row of units below it.
    ///
    /// # Errors
    /// Input, with the cell's text, where it is not clear what a unit is of.
    fn settle(&self, below: Option<&Row>) -> Result<Units, Error> {
        let (mut factors, mut notes) = (BTreeMap::new(), Vec::new());
        notes.extend(self.titles());
        if let Some(row) = below {
            let what = format!("{} {} holds units and is no record", self.word, row.line);
            notes.push(Note { line: row.line, ..Note::of_file(IssueCode::TitleRows, what) });
        }
        let of_columns = self.of_columns(below);
        let of_table = self.of_table(below);
        if of_columns.is_empty() && of_table.is_empty() {
            return Ok((factors, notes)); // most tables
        }
        for (i, name) in self.names.iter().enumerate() {
            let said = of_columns.get(&i);
            if let Some(said) =
                said.or(of_table.iter().find(|s| matches!(s.word, Word::Known(Measure::Other | Measure::Money, _))))
                && self.also.contains(name)
            {
                let what = format!(
                    "\"{}\" in {} {} may be the unit of \"{name}\"; its numbers were taken as they stand",
                    said.text, self.word, said.line
                );
                notes.push(Note { line: said.line, field: name.clone(), ..Note::of_file(IssueCode::UnitOfColumn, what) });
            }
            for ours in self.fields(name) {
                let found = match said {
                    Some(said) => self.near(said, name, ours)?.map(|factor| (said, factor)),
                    None => self.far(&of_table, name, ours)?,
                };
                let Some((said, factor)) = found.filter(|(_, factor)| (factor - 1.0).abs() > f64::EPSILON) else { continue };
                let what = format!(
                    "\"{}\" in {} {} says the unit of \"{name}\": its numbers were taken × {factor} as {ours}",
                    said.text, self.word, said.line
                );
                notes.push(Note { line: said.line, field: ours.to_owned(), ..Note::of_file(IssueCode::UnitOfColumn, what) });
                factors.insert(name.clone(), factor);
            }
        }
        Ok((factors, notes))
    }

    /// Refuses a unit below the last record, where it comes too late and says something new.
    ///
    /// # Errors
    /// Input, with the cell's text.
    fn refuse_late(&self, row: &Row) -> Result<(), Error> {
        let words = row.filled().filter_map(|(_, cell)| labelled_units(cell, row.line)).flatten().collect::<Vec<_>>();
        for name in self.names.iter().filter(|_| !words.is_empty()) {
            for ours in self.fields(name) {
                if let Some((said, _)) = self.far(&words, name, ours)?.filter(|(_, factor)| *factor != 1.0) {
                    return Err(self.refusal(said, "it stands below the numbers that it is of".to_owned()));
                }
            }
        }
        Ok(())
    }

    /// Our fields that are numbers and come from a column.
    fn fields(&self, name: &str) -> impl Iterator<Item = &'static str> {
        self.columns.takes(name).into_iter().filter(|ours| units::is_number(ours))
    }

    /// Units that stand over or under one column, or in a header of several rows.
    fn of_columns(&self, below: Option<&Row>) -> BTreeMap<usize, Said> {
        let mut all = BTreeMap::new();
        let mut take = |i: usize, text: &str, line: u64| {
            all.extend(of_cell(text).and_then(|unit| Some((i, said(&unit, text, line)?))));
        };
        // Right above the header and several of them: each is of its column. One alone is a title.
        if let Some(row) = self.above.last().filter(|row| row.line + 1 == self.header_line) {
            let units: Vec<(usize, &str)> = row.filled().filter(|(_, c)| of_cell(c).is_some()).collect();
            if units.len() > 1 || (row.filled().count() > 1 && units.iter().all(|(_, c)| units::labelled(c).is_none())) {
                units.iter().for_each(|(i, text)| take(*i, text, row.line));
            }
        }
        for (i, text) in self.own.iter().enumerate() {
            text.iter().for_each(|text| take(i, text, self.header_line));
        }
        for (i, text) in below.iter().flat_map(|row| row.filled()) {
            take(i, text, below.map_or(0, |row| row.line));
        }
        all
    }

    /// Units that are said of the whole table: in its titles, in a name (`单位：万人`), in a cell below a column of other things.
    fn of_table(&self, below: Option<&Row>) -> Vec<Said> {
        let mut all = Vec::new();
        for row in &self.above {
            for (_, cell) in row.filled() {
                let ending = || units::ending(cell).and_then(|text| Some(vec![said(&text, cell, row.line)?]));
                all.extend(labelled_units(cell, row.line).or_else(ending).into_iter().flatten());
            }
        }
        all.extend(self.names.iter().filter_map(|name| labelled_units(name, self.header_line)).flatten());
        for (i, cell) in below.iter().flat_map(|row| row.filled()) {
            let alone = self.names.get(i).is_none_or(|name| self.fields(name).next().is_none());
            let of_row = below.filter(|_| alone).and_then(|row| labelled_units(cell, row.line));
            all.extend(of_row.into_iter().flatten());
        }
        all
    }

    /// The factor of a unit that is said of this column.
    fn near(&self, said: &Said, name: &str, ours: &str) -> Result<Option<f64>, Error> {
        let (measure, factor) = match said.word {
            Word::Known(measure, factor) => (measure, factor),
            Word::Odd(_) => return Err(self.refusal(said, UNKNOWN.to_owned())),
        };
        if measure == Measure::Plain {
            return Ok(None);
        }
        if measure != units::measure(ours) {
            return Err(self.refusal(said, format!("it is none of \"{name}\", which is taken as {ours}")));
        }
        match Header::of(name).unit() {
            Some((_, own)) if (own - factor).abs() > f64::EPSILON => {
                Err(self.refusal(said, format!("the header \"{name}\" says another")))
            }
            Some(_) => Ok(None),
            None => Ok(Some(factor)),
        }
    }

    /// The factor of a column by the units that are said of the whole table.
    fn far<'s>(&self, said: &'s [Said], name: &str, ours: &str) -> Result<Option<(&'s Said, f64)>, Error> {
        if Header::of(name).unit().is_some() {
            return Ok(None); // what stands nearer counts
        }
        let mut found: Option<(&Said, f64)> = None;
        for one in said {
            match one.word {
                Word::Odd(measure) if measure == units::measure(ours) => return Err(self.refusal(one, UNKNOWN.to_owned())),
                Word::Known(measure, factor) if measure == units::measure(ours) && measure != Measure::Plain => {
                    let differs = found.is_some_and(|(_, before)| (before - factor).abs() > f64::EPSILON);
                    if differs || (units::is_bare_size(&one.unit) && self.counts_more_than_people()) {
                        return Err(self.refusal(one, "which of the columns it is of is not clear".to_owned()));
                    }
                    found = found.or(Some((one, factor)));
                }
                // thousands of what, in a table of powers and guns?
                Word::Known(..) if units::is_bare_size(&one.unit) && ours != "population" => {
                    return Err(self.refusal(one, "which of the columns it is of is not clear".to_owned()));
                }
                Word::Known(..) | Word::Odd(_) => {}
            }
        }
        Ok(found)
    }

    /// Whether a size alone, such as `thousands`, can be meant of other figures than people.
    fn counts_more_than_people(&self) -> bool {
        let others = |name: &String| self.fields(name).any(|ours| ours != "population") || self.also.contains(name);
        self.names.iter().any(others)
    }

    fn refusal(&self, said: &Said, why: String) -> Error {
        let what = format!("\"{}\" in {} {} is a unit, and {why}", said.text, self.word, said.line);
        let next = "write the unit into the header of its column, such as \"population (万人)\" or \"total_kw (MW)\", and take that row out";
        Error::input(what, next).at(Location::file(self.file).line(said.line, 0))
    }

    /// What was passed over before the header.
    fn titles(&self) -> Option<Note> {
        if self.above.is_empty() {
            return None;
        }
        let text = |row: &Row| {
            let whole = row.filled().map(|(_, cell)| cell).collect::<Vec<_>>().join(" | ");
            let cut: String = whole.chars().take(SHOWN.1).collect();
            if cut.len() < whole.len() { format!("\"{cut}…\"") } else { format!("\"{cut}\"") }
        };
        let mut shown: Vec<String> = self.above.iter().take(SHOWN.0).map(text).collect();
        if self.above.len() > SHOWN.0 {
            shown.push(format!("{} more", self.above.len() - SHOWN.0));
        }
        let what = format!("the header is {} {}; passed over before it: {}", self.word, self.header_line, shown.join(", "));
        Some(Note { line: self.header_line, ..Note::of_file(IssueCode::TitleRows, what) })
    }
}

/// Rows below a header are looked at for units until one holds a digit, and no further than these.
const LOOKED_AT: u32 = 3;
/// What stands below a table has fewer cells than a record.
const FEW: usize = 2;

/// The units of a table while its rows go by.
pub(super) struct UnitRows<'a> {
    table: Table<'a>,
    left: u32,
    notes: Vec<Note>,
}

impl<'a> UnitRows<'a> {
    /// Before the first row.
    pub fn new(table: Table<'a>) -> Self {
        Self { table, left: LOOKED_AT, notes: Vec::new() }
    }

    /// Whether a row, which is not blank, is one of units and no record. The units are settled before the first record.
    ///
    /// # Errors
    /// Input, with the cell's text, where it is not clear what a unit is of.
    pub fn takes(&mut self, cells: &mut dyn Iterator<Item = &str>, line: u64) -> Result<bool, Error> {
        if self.left == 0 {
            // Most rows: a look at the first cells.
            let mut first: [&str; FEW] = [""; FEW];
            let mut filled = 0;
            for cell in cells.filter(|c| !c.is_empty()) {
                if filled == FEW {
                    return Ok(false);
                }
                first[filled] = cell;
                filled += 1;
            }
            let marked = |cell: &&str| cell.len() <= LONGEST && cell.contains([':', '：', '为', '=']);
            if !first[..filled].iter().any(marked) {
                return Ok(false);
            }
            let row = Row { line, cells: first[..filled].iter().map(|c| (*c).to_owned()).collect() };
            return self.table.refuse_late(&row).map(|()| false);
        }
        let row = Row { line, cells: cells.map(str::to_owned).collect() };
        let of_units = self.table.is_of_units(&row);
        self.left -= 1;
        if of_units || self.left == 0 || !Table::is_before_units(&row) {
            self.settle(of_units.then_some(&row))?;
        }
        Ok(of_units)
    }

    /// What is told, after the last row.
    ///
    /// # Errors
    /// As [`Self::takes`].
    pub fn close(mut self) -> Result<Vec<Note>, Error> {
        if self.left > 0 {
            self.settle(None)?;
        }
        Ok(self.notes)
    }

    fn settle(&mut self, below: Option<&Row>) -> Result<(), Error> {
        self.left = 0;
        let (factors, notes) = self.table.settle(below)?;
        self.table.columns.set_units(factors);
        self.notes = notes;
        Ok(())
    }
}

const UNKNOWN: &str = "it is not known how many of ours one of it is";

fn has_digit(cell: &str) -> bool {
    cell.contains(|c: char| c.is_numeric())
}

/// The unit that a cell of a single column says.
fn of_cell(cell: &str) -> Option<String> {
    if cell.len() > LONGEST {
        return None;
    }
    match units::labelled(cell).as_deref() {
        Some([one]) => Some(one.clone()).filter(|unit| units::word(unit).is_some()),
        Some(_) => None,
        None => units::alone(cell).or_else(|| units::ending(cell)),
    }
}

fn said(unit: &str, cell: &str, line: u64) -> Option<Said> {
    let text = cell.trim().chars().take(SHOWN.1).collect();
    Some(Said { text, unit: unit.to_owned(), word: units::word(unit)?, line })
}

/// The units behind a label; none where there is no label. What is no unit there is the name of an office.
fn labelled_units(cell: &str, line: u64) -> Option<Vec<Said>> {
    if cell.len() > LONGEST {
        return None;
    }
    Some(units::labelled(cell)?.iter().filter_map(|unit| said(unit, cell, line)).collect())
}
