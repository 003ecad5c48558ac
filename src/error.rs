//! The one error type: what is wrong, where, and what to do.
//!
//! Errors stop a run. Records that are refused one by one are [issues](crate::issue), which do not.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::{Path, PathBuf};

/// Result of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// Who has to act; decides the exit code of the command line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ErrorClass {
    /// The input is wrong: exit code 1.
    Input,
    /// The command line or the region file is wrong: exit code 2.
    Usage,
    /// The machine is in the way (disk, permissions, another run): exit code 3.
    Environment,
    /// A check of our own failed; nothing was written: exit code 4.
    Internal,
}

/// A place in the input.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Serialize, Deserialize)]
pub struct Location {
    /// The file, as given in the region file or on the command line.
    pub file: Option<String>,
    /// Number of the feature or row, from 1.
    pub feature: Option<u64>,
    /// The record's own id.
    pub id: Option<String>,
    /// The field or key.
    pub field: Option<String>,
    /// Line, from 1.
    pub line: Option<u64>,
    /// Column, from 1.
    pub column: Option<u64>,
    /// Where it stands on the ground, longitude and latitude in units of 1e-7 degree: a position, or the first of a line or area.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ground_e7: Option<[i32; 2]>,
}

impl Location {
    /// A place that is a whole file.
    pub fn file(file: impl Into<String>) -> Self {
        Self { file: Some(file.into()), ..Self::default() }
    }

    /// The same place, at a feature (from 1).
    pub fn feature(mut self, feature: u64) -> Self {
        self.feature = Some(feature);
        self
    }

    /// The same place, at a record id.
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// The same place, at a field.
    pub fn field(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// The same place, at a line and column (from 1; 0 is left out).
    pub fn line(mut self, line: u64, column: u64) -> Self {
        self.line = (line > 0).then_some(line);
        self.column = (column > 0).then_some(column);
        self
    }

    /// The same place, with where it stands on the ground.
    pub fn on_ground(mut self, at: impl Into<[i32; 2]>) -> Self {
        self.ground_e7 = Some(at.into());
        self
    }

    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        match (&self.file, self.line, self.column) {
            (Some(file), Some(l), Some(c)) => parts.push(format!("{file}:{l}:{c}")),
            (Some(file), Some(l), None) => parts.push(format!("{file}:{l}")),
            (Some(file), None, _) => parts.push(file.clone()),
            (None, Some(l), _) => parts.push(format!("line {l}")),
            (None, None, _) => {}
        }
        if let Some(n) = self.feature {
            parts.push(format!("feature {n}"));
        }
        if let Some(id) = &self.id {
            parts.push(format!("id \"{id}\""));
        }
        if let Some(field) = &self.field {
            parts.push(format!("field \"{field}\""));
        }
        f.write_str(&printable(&parts.join(", ")))
    }
}

/// What is wrong, where, and what to do next.
#[derive(Debug, thiserror::Error)]
pub struct Error(Box<Parts>);

#[derive(Debug)]
struct Parts {
    class: ErrorClass,
    what: String,
    at: Location,
    next: String,
}

impl Error {
    fn new(class: ErrorClass, what: impl Into<String>, next: impl Into<String>) -> Self {
        Self(Box::new(Parts { class, what: what.into(), at: Location::default(), next: next.into() }))
    }

    /// The input is wrong.
    pub fn input(what: impl Into<String>, next: impl Into<String>) -> Self {
        Self::new(ErrorClass::Input, what, next)
    }

    /// The command line or the region file is wrong.
    pub fn usage(what: impl Into<String>, next: impl Into<String>) -> Self {
        Self::new(ErrorClass::Usage, what, next)
    }

    /// The machine is in the way.
    pub fn environment(what: impl Into<String>, next: impl Into<String>) -> Self {
        Self::new(ErrorClass::Environment, what, next)
    }

    /// A check of our own failed.
    pub fn internal(what: impl Into<String>) -> Self {
        Self::new(ErrorClass::Internal, what, "nothing was written; please report this with the input")
    }

    /// A failed operation on a file or folder; a missing input is the user's to mend, the rest the machine's.
    pub fn io(doing: &str, path: &Path, err: &std::io::Error) -> Self {
        use std::io::ErrorKind as K;
        let (class, next) = match err.kind() {
            K::NotFound => (ErrorClass::Input, "check the path"),
            K::PermissionDenied => (ErrorClass::Environment, "check the permissions"),
            K::StorageFull | K::QuotaExceeded => (ErrorClass::Environment, "free some space and run again"),
            K::IsADirectory => (ErrorClass::Input, "name a file, not a folder"),
            K::InvalidData => (ErrorClass::Input, "the file is damaged or not of this kind"),
            _ => (ErrorClass::Environment, "see the system's message"),
        };
        Self::new(class, format!("cannot {doing}: {err}"), next).at(Location::file(path_text(path)))
    }

    /// The same error at a place.
    #[must_use]
    pub fn at(mut self, at: Location) -> Self {
        self.0.at = at;
        self
    }

    /// Who has to act.
    pub fn class(&self) -> ErrorClass {
        self.0.class
    }

    /// What is wrong, one sentence.
    pub fn what(&self) -> &str {
        &self.0.what
    }

    /// What to do next; empty where nothing is known.
    pub fn next(&self) -> &str {
        &self.0.next
    }

    /// Where it is wrong.
    pub fn location(&self) -> &Location {
        &self.0.at
    }

    /// Exit code of the command line.
    pub fn exit_code(&self) -> u8 {
        match self.0.class {
            ErrorClass::Input => 1,
            ErrorClass::Usage => 2,
            ErrorClass::Environment => 3,
            ErrorClass::Internal => 4,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Parts { what, at, next, .. } = &*self.0;
        f.write_str(&printable(what))?;
        if !at.is_empty() {
            write!(f, "\n  where: {at}")?;
        }
        if !next.is_empty() {
            write!(f, "\n  next:  {}", printable(next))?;
        }
        Ok(())
    }
}

/// A path as text, with `/` between folders on every system.
pub fn path_text(path: &Path) -> String {
    let text: PathBuf = path.components().collect();
    text.to_string_lossy().replace('\\', "/")
}

/// Whether a character changes the direction of the text around it.
pub fn turns_text(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Text from data made safe for a terminal: control characters and bidi controls are escaped.
///
/// ```
/// assert_eq!(chargegap::internals::error::printable("a\u{1b}[31m"), "a\\u{1b}[31m");
/// ```
pub fn printable(text: &str) -> String {
    let risky = |c: char| (c.is_control() && c != '\n') || turns_text(c);
    if !text.contains(risky) {
        return text.to_owned();
    }
    text.chars().map(|c| if risky(c) { c.escape_unicode().to_string() } else { c.to_string() }).collect()
}

/// The same in one line: breaks are blanks, so that a text cannot write a line of its own.
///
/// ```
/// assert_eq!(chargegap::internals::error::printable_line("a\r\nb"), "a b");
/// ```
pub fn printable_line(text: &str) -> String {
    let breaks = |c: char| c == '\n' || c == '\r';
    if !text.contains(breaks) {
        return printable(text);
    }
    printable(&text.split(breaks).map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" "))
}
