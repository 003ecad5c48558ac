//! Fields of a record by our names, whatever the file calls them.

use super::contradict::FieldCell;
use super::decimals::Judge;
use super::headers::{self, Header};
use crate::error::{Error, Location, Result};
use rustc_hash::FxHashSet;
use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::rc::Rc;

/// The attributes of one record, by the file's own column names.
pub trait Attributes {
    /// The value as trimmed text; `None` when missing, null or empty.
    fn text(&self, column: &str) -> Option<Cow<'_, str>>;

    /// Told the name of every column that the record has, empty or not.
    fn each_column(&self, each: &mut dyn FnMut(&str));

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
            Value::Array(list) if list.iter().all(Value::is_null) => return None,
            value @ Value::Array(list) => Cow::Owned(super::lists::joined(list).unwrap_or_else(|| value.to_string())),
            value @ Value::Object(_) => Cow::Owned(value.to_string()),
        };
        (!text.is_empty()).then_some(text)
    }

    fn each_column(&self, each: &mut dyn FnMut(&str)) {
        self.keys().for_each(|column| each(column));
    }

    fn held(&self, column: &str) -> Option<f64> {
        self.get(column)?.as_f64()
    }
}

/// What makes a value of a text; it is given what reads the digits in it.
pub type Parse<'p, T> = &'p dyn Fn(&str, &dyn Fn(&str) -> Option<f64>) -> Option<T>;

/// Our field names, each with the columns it may come from, in order of trust.
///
/// Columns become known by [`FieldMap::observe`]: before a record is observed, nothing of it is found.
#[derive(Clone, Debug)]
pub struct FieldMap {
    /// Our fields and the usual names of their columns, as they are told to people.
    columns: BTreeMap<&'static str, Vec<String>>,
    /// Fields by the plain form of the headers that they take, with the place in the order of trust.
    usual: HashMap<String, Vec<(&'static str, usize)>>,
    /// Fields whose column the user named.
    own: BTreeMap<String, Vec<&'static str>>,
    /// Plain headers that another reading of the same records asks for.
    others: HashSet<String>,
    /// Whether any record was looked at for its columns.
    observed: Cell<bool>,
    met: RefCell<Met>,
    /// What reads the numbers of text columns.
    judge: Rc<Judge>,
    /// Units that the file which is being read says beside its header: how many of ours one of a column's is.
    units: RefCell<BTreeMap<String, f64>>,
}

/// What the records had so far.
#[derive(Clone, Debug, Default)]
struct Met {
    /// Columns in the order in which they came.
    order: Vec<String>,
    known: FxHashSet<String>,
    /// Columns of each of our fields, the most trusted first; all of one meaning.
    of: BTreeMap<&'static str, Vec<Source>>,
    /// Columns that mean another thing than those that their field comes from.
    other: Vec<(&'static str, String)>,
    /// Fields that records were read from columns of a lesser meaning.
    lesser: Vec<&'static str>,
}

impl Met {
    /// The first column of our field that has a value in a record, and the value.
    fn source<'r>(&self, record: &'r impl Attributes, ours: &str) -> Option<(&Source, Cow<'r, str>)> {
        self.of.get(ours)?.iter().find_map(|source| Some((source, record.text(&source.column)?)))
    }
}

/// A column that a field comes from.
#[derive(Clone, Debug, PartialEq)]
struct Source {
    rank: usize,
    column: String,
    /// Our units in one of the column's.
    factor: f64,
    /// Which lesser meaning of the field it has; 0 for none.
    meaning: usize,
    /// It is in kVA or the like.
    apparent: bool,
}

/// Records of more different columns than this do not come from people.
const MOST_COLUMNS: usize = 100_000;

impl FieldMap {
    /// The usual columns of each field with the user's own mapping over them.
    ///
    /// # Errors
    /// Usage, when the mapping names a field that this layer does not have.
    pub fn new(table: &str, usual: &[(&'static str, &[&str])], own: &BTreeMap<String, String>) -> Result<Self> {
        let mut map = Self {
            columns: usual.iter().map(|(ours, theirs)| (*ours, theirs.iter().map(|t| (*t).to_owned()).collect())).collect(),
            usual: HashMap::new(),
            own: BTreeMap::new(),
            others: HashSet::new(),
            observed: Cell::new(false),
            met: RefCell::default(),
            judge: Rc::default(),
            units: RefCell::default(),
        };
        for (ours, theirs) in own {
            let known = usual.iter().map(|(k, _)| *k).find(|k| k == ours);
            let Some(key) = known else {
                let near = crate::config::toml_text::nearest(ours, usual.iter().map(|(k, _)| *k));
                let all: Vec<&str> = usual.iter().map(|(k, _)| *k).collect();
                let next = near.map_or_else(|| format!("known here: {}", all.join(", ")), |n| format!("did you mean \"{n}\"?"));
                return Err(Error::usage(format!("[{table}] fields has no \"{ours}\""), next)
                    .at(Location::default().field(format!("{table}.fields.{ours}"))));
            };
            map.columns.insert(key, vec![theirs.clone()]);
            map.own.entry(theirs.clone()).or_default().push(key);
        }
        for (ours, theirs) in usual.iter().filter(|(ours, _)| !own.contains_key(*ours)) {
            for (rank, column) in theirs.iter().enumerate() {
                map.usual.entry(Header::of(column).plain).or_default().push((ours, rank));
            }
        }
        Ok(map)
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
        parse: Parse<'_, T>,
    ) -> Option<std::result::Result<T, String>> {
        let met = self.met.borrow();
        let (source, text) = met.source(record, ours)?;
        let digits = |digits: &str| match record.held(&source.column) {
            Some(_) => digits.parse().ok().filter(|v: &f64| v.is_finite()),
            None => self.judge.read(here, &source.column, digits, whole),
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
        self.own.values().flatten().any(|field| *field == ours)
    }

    /// A number of people; in a column of thousands or ten thousands to the nearest whole one.
    pub fn people(
        &self,
        record: &impl Attributes,
        ours: &str,
        most: u32,
        here: &Location,
    ) -> Option<std::result::Result<u32, String>> {
        let factor = self.factor(record, ours);
        if factor == 1.0 {
            return self.whole(record, ours, most, here);
        }
        let sound = |v: &f64| (0.0..=f64::from(most)).contains(v);
        self.number(record, (ours, false), here, &|text, digits| {
            digits(text).map(|v| (v * factor).round()).filter(sound).map(|v| v as u32) // exact
        })
    }

    /// Also asks for columns with these headers, for another reading of the same records.
    #[must_use]
    pub fn asking_also<'a>(mut self, headers: impl IntoIterator<Item = &'a str>) -> Self {
        self.others.extend(headers.into_iter().map(|h| Header::of(h).plain));
        self
    }

    /// Takes note of the columns of a record.
    pub fn observe(&self, record: &impl Attributes) {
        self.observed.set(true);
        let met = self.met.borrow();
        let (mut same, mut n) = (true, 0);
        record.each_column(&mut |column| {
            same = same && (met.order.get(n).is_some_and(|known| known == column) || met.known.contains(column));
            n += 1;
        });
        drop(met);
        if !same {
            record.each_column(&mut |column| self.learn(column));
            let mut met = self.met.borrow_mut();
            let lesser = met.of.iter().filter(|(_, list)| list.first().is_some_and(|s| s.meaning > 0)).map(|(ours, _)| *ours);
            met.lesser = lesser.collect();
        }
    }

    /// Takes note of a column.
    pub fn learn(&self, column: &str) {
        let mut met = self.met.borrow_mut();
        if met.known.len() >= MOST_COLUMNS || met.known.contains(column) {
            return;
        }
        met.order.push(column.to_owned());
        met.known.insert(column.to_owned());
        let apparent = Header::of(column).apparent;
        for (ours, rank, factor) in self.takers(column) {
            // of spellings of one name the very one that is looked for goes before
            let exact = self.columns.get(ours).is_some_and(|names| names.iter().any(|name| name == column));
            let rank = 2 * rank + usize::from(!exact);
            let mapped = self.own.contains_key(column);
            let meaning = if mapped { 0 } else { self.meaning(ours, column) };
            self.add(&mut met, ours, Source { rank, column: column.to_owned(), factor, meaning, apparent });
        }
    }

    /// Which lesser meaning of a field a column has.
    fn meaning(&self, ours: &str, column: &str) -> usize {
        let plain = Header::of(column).plain;
        let names = self.columns.get(ours).into_iter().flatten();
        let known = names.filter(|name| Header::of(name).plain == plain).find_map(|name| headers::lesser(ours, name));
        known.map_or(0, |(meaning, _)| meaning)
    }

    /// Takes a column for a field, unless those that it has say more of it; those that say less are let go.
    fn add(&self, met: &mut Met, ours: &'static str, source: Source) {
        let list = met.of.entry(ours).or_default();
        let least = list.first().map(|s| s.meaning).or_else(|| self.judge.least_meaning(ours));
        if least.is_some_and(|least| source.meaning > least) {
            met.other.push((ours, source.column));
            return;
        }
        if least.is_some_and(|least| source.meaning < least) {
            met.other.extend(list.drain(..).map(|s| (ours, s.column)));
            if met.lesser.contains(&ours) {
                self.judge.read_again(ours, source.meaning);
            }
        }
        list.push(source);
        list.sort_by(|a, b| a.rank.cmp(&b.rank).then_with(|| a.column.cmp(&b.column)));
    }

    /// Columns that were let go, with their field and a column that it comes from.
    pub fn of_other_meaning(&self) -> Vec<(&'static str, String, String)> {
        let met = self.met.borrow();
        let from = |ours: &str| met.of.get(ours).and_then(|list| list.first()).map(|s| s.column.clone()).unwrap_or_default();
        met.other.iter().map(|(ours, column)| (*ours, column.clone(), from(ours))).collect()
    }

    /// Columns of a lesser meaning that a field comes from, and what they mean.
    pub fn of_lesser_meaning(&self) -> Vec<(&'static str, String, &'static str)> {
        let met = self.met.borrow();
        let all = met.of.iter().flat_map(|(ours, list)| list.iter().filter(|s| s.meaning > 0).map(|s| (*ours, s.column.clone())));
        let what = |ours: &str, column: &str| {
            let plain = Header::of(column).plain;
            let names = self.columns.get(ours).into_iter().flatten();
            names.filter(|name| Header::of(name).plain == plain).find_map(|name| headers::lesser(ours, name)).map(|l| l.1)
        };
        all.filter_map(|(ours, column)| what(ours, &column).map(|what| (ours, column, what))).collect()
    }

    /// Columns in kVA and the like, with their field.
    pub fn apparent(&self) -> Vec<(&'static str, String)> {
        let met = self.met.borrow();
        let all = met.of.iter().flat_map(|(ours, list)| list.iter().filter(|s| s.apparent).map(|s| (*ours, s.column.clone())));
        all.collect()
    }

    /// Our fields that take a column, with its place in the order of trust and the factor of its unit.
    fn takers(&self, column: &str) -> Vec<(&'static str, usize, f64)> {
        let header = Header::of(column);
        let own = self.own.get(column).into_iter().flatten().map(|ours| (*ours, 0, header.factor(ours).unwrap_or(1.0)));
        let fields = self.usual.get(&header.plain).into_iter().flatten();
        let usual = fields.filter_map(|(ours, rank)| Some((*ours, *rank, header.factor(ours)?)));
        let mut all: Vec<(&'static str, usize, f64)> = own.chain(usual).collect();
        if all.is_empty() {
            all.extend(self.taker_of_cut(column, &header));
        }
        all
    }

    /// The field of a header that a shapefile has cut to ten bytes, where it is the beginning of those of one field alone.
    fn taker_of_cut(&self, column: &str, header: &Header) -> Option<(&'static str, usize, f64)> {
        if !headers::may_be_cut(column) {
            return None;
        }
        let begins = self.usual.iter().filter(|(plain, _)| plain.starts_with(&header.plain));
        let fields: BTreeSet<(&'static str, usize)> = begins.flat_map(|(_, fields)| fields.iter().copied()).collect();
        let (ours, rank) = *fields.first()?;
        let one = fields.iter().all(|(field, _)| *field == ours) && !matches!(ours, "lon" | "lat" | "wkt");
        one.then_some((ours, rank, 1.0))
    }

    /// Refuses a mapping to a column that no record of the layer has: nothing the user asked for is left out silently.
    ///
    /// # Errors
    /// Input, naming the column.
    pub fn require_seen(&self, table: &str, read: u64) -> Result<()> {
        let met = self.met.borrow();
        match self.own.keys().find(|column| !met.known.contains(*column)) {
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
        self.met.borrow().source(record, ours).map(|(_, text)| text)
    }

    /// The columns of our field that have a value in a record, the most trusted first, each with the value.
    pub fn filled(&self, record: &impl Attributes, ours: &str) -> Vec<FieldCell> {
        let (met, units) = (self.met.borrow(), self.units.borrow());
        let one = |s: &Source| {
            let factor = s.factor * units.get(&s.column).copied().unwrap_or(1.0);
            Some(FieldCell { column: s.column.clone(), text: record.text(&s.column)?.trim().to_owned(), factor })
        };
        met.of.get(ours).into_iter().flatten().filter_map(one).collect()
    }

    /// Our fields that come from more than one column, so far.
    pub fn of_several_columns(&self) -> Vec<&'static str> {
        self.met.borrow().of.iter().filter(|(_, list)| list.len() > 1).map(|(ours, _)| *ours).collect()
    }

    /// How many of our units one of the column is that our field comes from in a record (`0.001` for a column in watts).
    pub fn factor(&self, record: &impl Attributes, ours: &str) -> f64 {
        let (met, units) = (self.met.borrow(), self.units.borrow());
        let beside = |source: &Source| units.get(&source.column).copied().unwrap_or(1.0);
        met.source(record, ours).map_or(1.0, |(source, _)| source.factor * beside(source))
    }

    /// Sets the units that a file says beside its header, for its records.
    pub fn set_units(&self, units: BTreeMap<String, f64>) {
        *self.units.borrow_mut() = units;
    }

    /// Our fields that a column is taken as.
    pub fn takes(&self, column: &str) -> Vec<&'static str> {
        self.takers(column).into_iter().map(|(ours, ..)| ours).collect()
    }

    /// Whether a header has a column for our field.
    pub fn finds(&self, header: &[String], ours: &str) -> bool {
        header.iter().any(|column| self.is_of(column, ours))
    }

    /// Whether our field may come from a column.
    pub fn is_of(&self, column: &str, ours: &str) -> bool {
        self.takers(column).iter().any(|(field, ..)| *field == ours)
    }

    /// Whether any of our fields may come from a column, or another reading asks for it.
    pub fn asks(&self, column: &str) -> bool {
        !self.takers(column).is_empty() || self.others.contains(&Header::of(column).plain)
    }

    /// The columns of our field, for messages.
    pub fn columns(&self, ours: &str) -> String {
        self.columns.get(ours).map(|c| c.join(" or ")).unwrap_or_default()
    }

    /// The field to name in a message: its own column where there is one, else our name for it.
    pub fn meant(&self, ours: &str) -> String {
        let own = self.own.iter().find(|(_, fields)| fields.contains(&ours)).map(|(column, _)| column.clone());
        own.or_else(|| self.met(ours).into_iter().next()).unwrap_or_else(|| ours.to_owned())
    }

    /// Columns that were met and that no field takes, in the order in which they came.
    pub fn unused(&self) -> Vec<String> {
        self.met.borrow().order.iter().filter(|column| self.takers(column).is_empty()).cloned().collect()
    }

    /// The columns that our field came from so far, the most trusted first.
    pub fn met(&self, ours: &str) -> Vec<String> {
        self.met.borrow().of.get(ours).map(|list| list.iter().map(|s| s.column.clone()).collect()).unwrap_or_default()
    }

    /// Whether some record had a column.
    pub fn knows(&self, column: &str) -> bool {
        self.met.borrow().known.contains(column)
    }

    /// Whether the layer has a field of ours at all.
    pub fn knows_field(&self, ours: &str) -> bool {
        self.columns.contains_key(ours)
    }

    /// Whether a field has met a column of its own.
    pub fn has_column(&self, ours: &str) -> bool {
        self.met.borrow().of.get(ours).is_some_and(|list| !list.is_empty())
    }

    /// Columns in another unit than ours that were taken: field, column and factor.
    pub fn converted(&self) -> Vec<(&'static str, String, f64)> {
        let met = self.met.borrow();
        let all = met.of.iter().flat_map(|(ours, list)| list.iter().map(|s| (*ours, s.column.clone(), s.factor)));
        all.filter(|(.., factor)| (factor - 1.0).abs() > f64::EPSILON).collect()
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
