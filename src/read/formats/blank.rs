//! Rows of a table in which every cell is blank: no records, counted and told once.

use crate::issue::IssueCode;
use crate::read::record::Note;

/// How many there were, and the line of the first.
#[derive(Debug, Default)]
pub(super) struct Blank {
    count: u64,
    first: u64,
}

impl Blank {
    /// Takes one into account.
    pub fn take(&mut self, line: u64) {
        self.count += 1;
        if self.count == 1 {
            self.first = line;
        }
    }

    /// What is told of them.
    pub fn note(&self) -> Option<Note> {
        let what = match self.count {
            0 => return None,
            1 => "one row is blank; it was passed over".to_owned(),
            n => format!("{n} rows are blank; they were passed over"),
        };
        Some(Note { line: self.first, count: self.count, ..Note::of_file(IssueCode::BlankRows, what) })
    }
}
