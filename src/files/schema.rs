//! Columns and values of the layers and tables: one description serves writing and the dictionary.

use std::sync::Arc;

/// Type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnType {
    /// Text.
    Text,
    /// Whole number.
    Integer,
    /// Number, six decimals at most.
    Real,
    /// True or false.
    Boolean,
}

impl ColumnType {
    /// The kind of a word in the dictionary.
    pub fn of(word: &str) -> Option<Self> {
        [Self::Text, Self::Integer, Self::Real, Self::Boolean].into_iter().find(|k| k.as_str() == word)
    }

    /// Whether a cell of CSV that is not empty holds a value of this kind.
    pub fn fits_cell(self, cell: &str) -> bool {
        match self {
            Self::Text => true,
            Self::Integer => cell.parse::<i64>().is_ok(),
            Self::Real => cell.parse::<f64>().is_ok_and(f64::is_finite),
            Self::Boolean => matches!(cell, "true" | "false"),
        }
    }

    /// Whether a value of JSON that is not null is of this kind.
    pub fn fits_json(self, value: &serde_json::Value) -> bool {
        match self {
            Self::Text => value.is_string(),
            Self::Integer => value.is_i64() || value.is_u64(),
            Self::Real => value.is_f64(),
            Self::Boolean => value.is_boolean(),
        }
    }

    /// The word in the dictionary.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Integer => "integer",
            Self::Real => "real",
            Self::Boolean => "boolean",
        }
    }
}

/// A column: name, type, unit and meaning.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Lower snake case ASCII with the unit as suffix.
    pub name: String,
    /// At most ten bytes, for shapefiles; unique in its file.
    pub alias: String,
    /// Type.
    pub kind: ColumnType,
    /// Unit, empty for none.
    pub unit: &'static str,
    /// Meaning in English, with the denominator of a share.
    pub en: String,
    /// Meaning in Chinese.
    pub zh: String,
    /// What an empty value means; empty where there is always one.
    pub null_means: &'static str,
    /// Every word that it can hold; none where it is not one of a list.
    pub words: Vec<&'static str>,
}

impl Column {
    /// A column that always has a value.
    pub fn new(
        name: &str,
        alias: &str,
        kind: ColumnType,
        unit: &'static str,
        en: impl Into<String>,
        zh: impl Into<String>,
    ) -> Self {
        Self {
            name: name.to_owned(),
            alias: alias.to_owned(),
            kind,
            unit,
            en: en.into(),
            zh: zh.into(),
            null_means: "",
            words: Vec::new(),
        }
    }

    /// The same, may be empty.
    #[must_use]
    pub fn or_null(mut self, means: &'static str) -> Self {
        self.null_means = means;
        self
    }

    /// The same, holds one of these words.
    #[must_use]
    pub fn words(mut self, words: impl IntoIterator<Item = &'static str>) -> Self {
        self.words = words.into_iter().collect();
        self
    }
}

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Text; empty text stays text.
    Text(String),
    /// Text that many rows share, as JSON already.
    Shared(Arc<str>),
    /// One of our own words: lower snake case, nothing to escape.
    Word(&'static str),
    /// Whole number.
    Integer(i64),
    /// Number; written with at most six decimals.
    Real(f64),
    /// Number, written with as many digits as it takes to read the same number back.
    Exact(f64),
    /// True or false.
    Boolean(bool),
    /// No value.
    Null,
}

impl Value {
    /// Kilometres of a length in millimetres, exact.
    pub fn km(mm: u64) -> Self {
        Self::Real(crate::space::units::km(mm))
    }

    /// Text that many rows share.
    pub fn shared(text: &str) -> Self {
        Self::Shared(serde_json::to_string(text).unwrap_or_default().into())
    }

    /// Text, or no value where it is empty.
    pub fn text_or_null(text: &str) -> Self {
        if text.is_empty() { Self::Null } else { Self::Text(text.to_owned()) }
    }

    /// A value or none.
    pub fn opt<T>(value: Option<T>, wrap: impl Fn(T) -> Self) -> Self {
        value.map_or(Self::Null, wrap)
    }

    /// As JSON.
    pub fn json(&self, out: &mut String) {
        match self {
            // Serialising text or a finite number to a String cannot fail.
            Self::Text(t) => out.push_str(&serde_json::to_string(t).unwrap_or_default()),
            Self::Shared(json) => out.push_str(json),
            Self::Word(w) => {
                out.push('"');
                out.push_str(w);
                out.push('"');
            }
            Self::Integer(i) => out.push_str(itoa::Buffer::new().format(*i)),
            Self::Real(v) if !push_short(out, *v) => out.push_str(&real(*v).unwrap_or_else(|| "null".to_owned())),
            Self::Real(_) => {}
            Self::Exact(v) if v.is_finite() => out.push_str(&format!("{v:?}")),
            Self::Exact(_) => out.push_str("null"),
            Self::Boolean(b) => out.push_str(if *b { "true" } else { "false" }),
            Self::Null => out.push_str("null"),
        }
    }

    /// As a CSV cell; text that a spreadsheet would run as a formula gets a leading apostrophe.
    pub fn cell(&self) -> String {
        match self {
            Self::Text(t) => guard(t),
            Self::Shared(json) => guard(&serde_json::from_str::<String>(json).unwrap_or_default()),
            Self::Word(w) => (*w).to_owned(),
            Self::Integer(i) => i.to_string(),
            Self::Real(v) => real(*v).unwrap_or_default(),
            Self::Exact(v) if v.is_finite() => format!("{v:?}"),
            Self::Exact(_) => String::new(),
            Self::Boolean(b) => b.to_string(),
            Self::Null => String::new(),
        }
    }
}

/// At most six decimals and always a point, so that readers see one type in a column.
fn real(v: f64) -> Option<String> {
    let rounded = (v * 1e6).round() / 1e6;
    rounded.is_finite().then(|| format!("{:?}", if rounded == 0.0 { 0.0 } else { rounded }))
}

/// The quick way to what [`real`] writes, for numbers of ordinary size; false for others. A decimal of at most 15 digits is the
/// shortest that reads back as its number, so it is what the slow way finds.
fn push_short(out: &mut String, v: f64) -> bool {
    let millionths = (v * 1e6).round();
    if !(1e2..1e15).contains(&millionths.abs()) {
        return false;
    }
    if millionths < 0.0 {
        out.push('-');
    }
    push_millionths(out, millionths.abs() as u64);
    while out.ends_with('0') && !out.ends_with(".0") {
        out.pop();
    }
    true
}

/// A number of millionths as a decimal with six places.
fn push_millionths(out: &mut String, millionths: u64) {
    let mut digits = itoa::Buffer::new();
    out.push_str(digits.format(millionths / 1_000_000));
    out.push('.');
    out.push_str(&digits.format(1_000_000 + millionths % 1_000_000)[1..]); // the leading 1 keeps the noughts behind it
}

/// What a spreadsheet may take for the beginning of a formula; the wide forms too, which East Asian editions narrow.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// Text as a cell of CSV holds it: one line, without control characters. What is compared with a cell is brought to this first.
pub fn one_line(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}

/// Whether a text gets an apostrophe: it would be run as a formula, or is such a text behind apostrophes of its own, which could
/// not be told from ours.
fn is_risky(text: &str) -> bool {
    text.trim_start_matches('\'').trim_start_matches([' ', '\u{a0}']).starts_with(FORMULA)
}

/// Formula guard (OWASP ASVS 1.2.10, CWE-1236), on one line of text.
pub fn guard(text: &str) -> String {
    let text = one_line(text);
    if is_risky(&text) { format!("'{text}") } else { text }
}

/// The one line of text that [`guard`] made the cell of.
pub fn unguard(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if is_risky(rest) => rest,
        _ => cell,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_disarmed_and_numbers_are_not() {
        assert_eq!(Value::Text("=1+1".into()).cell(), "'=1+1");
        assert_eq!(Value::Text(" @x".into()).cell(), "' @x");
        assert_eq!(Value::Real(-1.5).cell(), "-1.5");
        assert_eq!(Value::Text("a-b".into()).cell(), "a-b");
        assert_eq!(["'=1+1", "' @x", "'a", "a-b"].map(unguard), ["=1+1", " @x", "'a", "a-b"]);
        assert_eq!(Value::Exact(-0.1 - 0.2).cell(), "-0.30000000000000004"); // as it reads back, and no apostrophe
        assert_eq!(Value::Text("\t=1\u{1b}[31m\r\n".into()).cell(), "'=1[31m");
        // Excel of East Asian editions narrows wide forms before it looks
        assert_eq!(["＝1+1", "＋1", "－1", "\u{a0}＠x"].map(guard), ["'＝1+1", "'＋1", "'－1", "'\u{a0}＠x"]);
    }

    #[test]
    fn a_cell_reads_back_as_the_one_line_that_it_was_made_of() {
        let parts = ["", "'", "''", " ", "\u{a0}", "=", "－", "＠", "a", "\n", "\t", "\u{7f}", "\"", ","];
        let mut cells = std::collections::BTreeMap::new();
        let n = parts.len();
        for text in (0..n * n * n).map(|i| format!("{}{}{}x", parts[i / n / n], parts[i / n % n], parts[i % n])) {
            let cell = guard(&text);
            assert!(!cell.trim_start_matches([' ', '\u{a0}']).starts_with(FORMULA), "{text:?}");
            assert_eq!(unguard(&cell), one_line(&text), "{text:?}");
            // two texts have one cell only where they are one line
            assert_eq!(*cells.entry(cell).or_insert_with(|| one_line(&text)), one_line(&text));
        }
    }

    #[test]
    fn the_quick_way_writes_what_the_slow_way_writes() {
        let mut v = 1.234_567e-7_f64;
        while v < 1e12 {
            for x in [v, -v, v.round(), (v * 1e3).round() / 1e3] {
                let mut quick = String::new();
                Value::Real(x).json(&mut quick);
                assert_eq!(Some(quick), real(x), "{x}");
            }
            v *= 1.000_37;
        }
    }

    #[test]
    fn reals_keep_millimetres_and_their_type() {
        let json = |v: Value| {
            let mut s = String::new();
            v.json(&mut s);
            s
        };
        assert_eq!(json(Value::km(90_000_000)), "90.0");
        assert_eq!(json(Value::km(1)), "1e-6"); // a JSON number all the same
        assert_eq!(json(Value::km(38_095_690_904)), "38095.690904");
        assert_eq!(json(Value::Real(f64::NAN)), "null");
        assert_eq!(json(Value::Real(-0.0)), "0.0");
    }
}
