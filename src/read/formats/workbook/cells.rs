//! Cells as values: numbers as numbers, days as days, and what a cell only shows told of.

use super::Wants;
use super::open::Sheet;
use crate::issue::IssueCode;
use crate::read::record::{Columns, Note};
use calamine::{Data, ExcelDateTime};
use serde_json::{Number, Value};
use std::collections::BTreeMap;

/// The most characters that Excel holds in a cell; longer text is cut when it is pasted.
const MOST_CHARACTERS: usize = 32_767;
/// Whole numbers below this are exact in a workbook.
const EXACT: f64 = 9e15;

/// What is told of the cells of a column: how many, and the first.
#[derive(Default)]
pub(super) struct Told(BTreeMap<(What, usize), (u64, usize, String)>);

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    NoValue,
    Failed,
    Cut,
}

impl Told {
    fn note(&mut self, what: What, column: usize, row: usize, example: String) {
        self.0.entry((what, column)).or_insert((0, row, example)).0 += 1;
    }

    /// The sentences, a column each; of columns that nobody asks for none.
    pub fn notes(self, sheet: &Sheet, names: &[String], wants: &Wants<'_>) -> Vec<Note> {
        let asked = |i: usize| names.get(i).filter(|name| wants.asks(name));
        let mut notes = Vec::new();
        for ((what, column), (count, row, example)) in self.0 {
            let Some(field) = asked(column).cloned() else { continue };
            let cell = sheet.cell_name(row, column);
            let (code, what) = match what {
                What::NoValue => {
                    let what = format!("{} no value stored, the first in {cell}; taken as empty", formulas(count, "has", "have"));
                    (IssueCode::FormulaWithoutValue, what)
                }
                What::Failed => {
                    let what =
                        format!("{} failed, the first in {cell} ({example}); taken as empty", formulas(count, "has", "have"));
                    (IssueCode::FormulaWithoutValue, what)
                }
                What::Cut => {
                    let what =
                        format!("the text of {cell} is as long as a cell can be ({MOST_CHARACTERS} characters): its end is lost");
                    (IssueCode::CellCut, what)
                }
            };
            notes.push(Note { code, feature: 0, line: sheet.line(row), field, what, count });
        }
        for column in sheet.percent.iter().map(|c| c.saturating_sub(sheet.start().1) as usize) {
            let Some(field) = asked(column).cloned() else { continue };
            let what = "the cells are shown in percent; their numbers were taken as they are stored, 0.45 for 45 %".to_owned();
            notes.push(Note { code: IssueCode::PercentCells, feature: 0, line: 0, field, what, count: 1 });
        }
        notes
    }
}

fn formulas(count: u64, one: &str, more: &str) -> String {
    if count == 1 { format!("1 formula {one}") } else { format!("{count} formulas {more}") }
}

/// Whether a cell holds nothing.
pub(super) fn is_blank(cell: &Data) -> bool {
    match cell {
        Data::Empty => true,
        Data::String(text) => text.trim().is_empty(),
        _ => false,
    }
}

/// A cell as text, as names of columns and messages show it.
pub(super) fn text_of(cell: &Data) -> String {
    match value_of(cell) {
        Value::String(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// The cells of a row by the names of their columns.
pub(super) fn columns_of(sheet: &Sheet, names: &[String], row_number: usize, row: &[Data], told: &mut Told) -> Columns {
    let mut columns = Columns::new();
    for (i, (name, cell)) in names.iter().zip(row).enumerate() {
        match cell {
            Data::Error(e) => told.note(What::Failed, i, row_number, e.to_string()),
            Data::String(text) if text.len() >= MOST_CHARACTERS && text.chars().count() == MOST_CHARACTERS => {
                told.note(What::Cut, i, row_number, String::new());
            }
            cell if is_blank(cell) && sheet.is_formula(row_number, i) => told.note(What::NoValue, i, row_number, String::new()),
            _ => {}
        }
        columns.insert(name.clone(), value_of(cell));
    }
    columns
}

/// A cell as a value. Codes and counts are real numbers in a workbook; they must not get a ".0".
fn value_of(cell: &Data) -> Value {
    match cell {
        Data::Empty | Data::Error(_) => Value::Null,
        Data::Int(n) => Value::Number((*n).into()),
        Data::Float(v) if v.fract() == 0.0 && v.abs() < EXACT => Value::Number((*v as i64).into()),
        Data::Float(v) => Number::from_f64(*v).map_or(Value::Null, Value::Number),
        Data::Bool(yes) => Value::Bool(*yes),
        Data::DateTime(at) if at.is_datetime() => Value::String(day(at)),
        Data::DateTime(span) => Number::from_f64(span.as_f64()).map_or(Value::Null, Value::Number),
        Data::DateTimeIso(text) => Value::String(text.trim().trim_end_matches("T00:00:00").to_owned()),
        other => Value::String(other.to_string().trim().to_owned()),
    }
}

/// A day as people sort it, with the time where there is one.
fn day(at: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    match (hour, minute, second) {
        (0, 0, 0) => date,
        _ => format!("{date}T{hour:02}:{minute:02}:{second:02}"),
    }
}
