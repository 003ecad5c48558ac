//! Fields of a record by our names, whatever the file calls them.

use super::decimals::Judge;
use crate::error::{Error, Location, Result};
use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

/// The attributes of one record, by the file's own column names.
pub trait Attributes {
    /// The value as trimmed text; `None` when missing, null or empty.
    fn text(&self, column: &str) -> Option<Cow<'_, str>>;

    /// Whether the record has the column at all, empty or not.
    fn has(&self, column: &str) -> bool;

    /// The value, where the file holds it as a number and not as text.
    fn held(&self, column: &str) -> Option<f64>;
}

impl Attributes for serde_json::Map<String, serde_json::Value> {
    fn text(&self, column: &str) -> Option<Cow<'_, str>> {
        use serde_json::Value;
        let text = match self.get(column)? {
            Value::String(s) => Cow::Borrowed(s.trim()),
            Value::Number(n) => Cow::Owned(n.to_string().trim_end_matches(".0").to_owned()),
            Value::Bool(b) => Cow::Borrowed(if *b { "true" } else { "false" }),
            Value::Null => return None,
            other => Cow::Owned(other.to_string()),
        };
        (!text.is_empty()).then_some(text)
    }

    fn has(&self, column: &str) -> bool {
        self.contains_key(column)
    }

    fn held(&self, column: &str) -> Option<f64> {
        self.get(column)?.as_f64()
    }
}

/// Our field names, each with the columns it may come from, in order of trust.
#[derive(Clone, Debug)]
pub struct FieldMap {
    columns: BTreeMap<&'static str, Vec<String>>,
    /// Columns that the user named and no record has had yet.
    unseen: RefCell<Vec<String>>,
    /// Whether any record was looked at for them.
    observed: Cell<bool>,
    /// Our fields that the user mapped.
    mapped: Vec<&'static str>,
    /// What reads the numbers of text columns.
    judge: Rc<Judge>,
}

impl FieldMap {
    /// The usual columns of each field with the user's own mapping over them.
    ///
    /// # Errors
    /// Usage, when the mapping names a field that this layer does not have.
    pub fn new(table: &str, usual: &[(&'static str, &[&str])], own: &BTreeMap<String, String>) -> Result<Self> {
        let mut columns: BTreeMap<&'static str, Vec<String>> =
            usual.iter().map(|(ours, theirs)| (*ours, theirs.iter().map(|t| (*t).to_owned()).collect())).collect();
        let mut mapped = Vec::new();
        for (ours, theirs) in own {
            let known = usual.iter().map(|(k, _)| *k).find(|k| k == ours);
            let Some(key) = known else {
                let near = crate::config::toml_text::nearest(ours, usual.iter().map(|(k, _)| *k));
                let all: Vec<&str> = usual.iter().map(|(k, _)| *k).collect();
                let next = near.map_or_else(|| format!("known here: {}", all.join(", ")), |n| format!("did you mean \"{n}\"?"));
                return Err(Error::usage(format!("[{table}] fields has no \"{ours}\""), next)
                    .at(Location::default().field(format!("{table}.fields.{ours}"))));
            };
            columns.insert(key, vec![theirs.clone()]);
            mapped.push(key);
        }
        Ok(Self {
            columns,
            unseen: RefCell::new(own.values().cloned().collect()),
            observed: Cell::new(false),
            mapped,
            judge: Rc::default(),
        })
    }

    /// The same, with numbers read by `judge`.
    #[must_use]
    pub fn with_judge(mut self, judge: Rc<Judge>) -> Self {
        self.judge = judge;
        self
    }

    /// What reads the numbers of text columns.
    pub fn judge(&self) -> &Judge {
        &self.judge
    }

    /// The number of our field by `parse`, which is given the text and what reads digits; `Err` with the text that is no number.
    /// `whole` fields hold no fractions.
    pub fn number<T>(
        &self,
        record: &impl Attributes,
        (ours, whole): (&str, bool),
        here: &Location,
        parse: &dyn Fn(&str, &dyn Fn(&str) -> Option<f64>) -> Option<T>,
    ) -> Option<std::result::Result<T, String>> {
        let column = self.columns.get(ours)?.iter().find(|c| record.text(c).is_some())?;
        let text = record.text(column)?;
        let digits = |digits: &str| match record.held(column) {
            Some(_) => digits.parse().ok().filter(|v: &f64| v.is_finite()),
            None => self.judge.read(here, column, digits, whole),
        };
        Some(parse(&text, &digits).ok_or_else(|| text.into_owned()))
    }

    /// A whole number of things in our field, from 0 to `most`.
    pub fn whole(
        &self,
        record: &impl Attributes,
        ours: &str,
        most: u32,
        here: &Location,
    ) -> Option<std::result::Result<u32, String>> {
        let sound = |v: &f64| v.fract() == 0.0 && (0.0..=f64::from(most)).contains(v);
        self.number(record, (ours, true), here, &|text, digits| digits(text).filter(sound).map(|v| v as u32)) // exact
    }

    /// Whether the user said which column our field is.
    pub fn is_mapped(&self, ours: &str) -> bool {
        self.mapped.contains(&ours)
    }

    /// Notes which of the columns that the user named a record has.
    pub fn observe(&self, record: &impl Attributes) {
        self.observed.set(true);
        let mut unseen = self.unseen.borrow_mut();
        if !unseen.is_empty() {
            unseen.retain(|column| !record.has(column));
        }
    }

    /// Refuses a mapping to a column that no record of the layer has: nothing the user asked for is left out silently.
    ///
    /// # Errors
    /// Input, naming the column.
    pub fn require_seen(&self, table: &str, read: u64) -> Result<()> {
        match self.unseen.borrow().first() {
            Some(column) if read > 0 && self.observed.get() => Err(Error::input(
                format!("[{table}] fields names \"{column}\", and no record of the layer has such a field"),
                "check its spelling in the file, or leave the mapping out",
            )
            .at(Location::default().field(format!("{table}.fields")))),
            _ => Ok(()),
        }
    }

    /// The value of our field, from the first of its columns that has one.
    pub fn get<'a>(&self, record: &'a impl Attributes, ours: &str) -> Option<Cow<'a, str>> {
        self.columns.get(ours)?.iter().find_map(|column| record.text(column))
    }

    /// The columns that our field may come from.
    pub fn candidates(&self, ours: &str) -> &[String] {
        self.columns.get(ours).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether any of our fields may come from a column.
    pub fn asks(&self, column: &str) -> bool {
        self.columns.values().flatten().any(|c| c == column)
    }

    /// The columns of our field, for messages.
    pub fn columns(&self, ours: &str) -> String {
        self.columns.get(ours).map(|c| c.join(" or ")).unwrap_or_default()
    }
}

/// A number as people write it in tables: `1,234`, `22 kW`, `150kW`, `3.5 MW` (in kW), `12 600`.
///
/// ```
/// use chargegap::internals::read::fields::number;
/// assert_eq!(number("1,234"), Some(1234.0));
/// assert_eq!(number("22 kW"), Some(22.0));
/// assert_eq!(number("many"), None);
/// ```
pub fn number(text: &str) -> Option<f64> {
    with_unit(text, &signed)
}

/// The same with another reader of the digits.
pub fn with_unit(text: &str, read: &dyn Fn(&str) -> Option<f64>) -> Option<f64> {
    let lower = text.trim().to_ascii_lowercase();
    let (digits, scale) = if let Some(d) = lower.strip_suffix("mw") {
        (d, 1000.0)
    } else if let Some(d) = lower.strip_suffix("kw") {
        (d, 1.0)
    } else if let Some(d) = lower.strip_suffix('w') {
        (d, 0.001)
    } else {
        (lower.as_str(), 1.0)
    };
    let value = read(digits)? * scale;
    (value.is_finite() && value >= 0.0).then_some(value)
}

/// A number of any sign without a unit, thousands set apart as in [`number`].
///
/// ```
/// use chargegap::internals::read::fields::signed;
/// assert_eq!(signed("-1,234.5"), Some(-1234.5));
/// assert_eq!(signed("22 kW"), None);
/// assert_eq!(signed("inf"), None);
/// ```
pub fn signed(text: &str) -> Option<f64> {
    let compact: String = text.chars().filter(|c| !c.is_whitespace() && *c != '\u{a0}').collect();
    let groups = compact.split(',').skip(1).all(|g| g.split('.').next().is_some_and(|h| h.len() == 3));
    let compact = if groups { compact.replace(',', "") } else { compact };
    compact.parse().ok().filter(|value: &f64| value.is_finite())
}

/// A whole number of things, at most `most`: people, guns, bays.
///
/// ```
/// use chargegap::internals::read::fields::whole;
/// assert_eq!(whole("1,234", 10_000), Some(1234));
/// assert_eq!(whole("12.7", 10_000), None);
/// assert_eq!(whole("1e30", 10_000), None);
/// ```
pub fn whole(text: &str, most: u32) -> Option<u32> {
    let value = number(text).filter(|v| v.fract() == 0.0 && *v <= f64::from(most))?;
    Some(value as u32) // exact: whole and within u32
}

/// More people than live in any settlement.
pub const MOST_PEOPLE: u32 = 100_000_000;
/// More guns or bays than any station has.
pub const MOST_POINTS: u32 = 100_000;
/// More power than any station has, kW.
pub const MOST_KW: f64 = 1e6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_with_units_and_groups() {
        assert_eq!(number("3.6 MW"), Some(3600.0));
        assert_eq!(number("22000 W"), Some(22.0));
        assert_eq!(number("12 600"), Some(12600.0));
        assert_eq!(number("1,5"), None); // a decimal comma is not guessed at
        assert_eq!(number("-3"), None);
        assert_eq!(number("inf"), None);
    }

    #[test]
    fn unknown_field_is_refused_with_a_suggestion() {
        let own = BTreeMap::from([("nmae".to_owned(), "NAME".to_owned())]);
        let err = FieldMap::new("counties", &[("name", &["name"])], &own).unwrap_err();
        assert!(err.to_string().contains("did you mean \"name\""), "{err}");
    }
}
