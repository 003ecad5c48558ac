//! The rows of one station put together. Only rows that count for the criteria are in it, those that are in service for the public
//! by default; guns, power, charging and swap are those of these rows, and what was left out is counted by its word.

use super::{Group, Row, Rule};
use crate::config::region_file::{CountsOf, CriteriaTable, LayerTable};
use crate::config::station_words::{Access, Status};
use crate::error::Location;
use crate::issue::{IssueCode, Issues, Layer};
use crate::read::date::{Day, day};
use crate::read::equipment::Equipment;
use crate::read::station::{Station, word_set};
use crate::space::metres_between;
use std::collections::{BTreeMap, BTreeSet};

/// Rows of one station are not farther apart, metres.
const FARTHEST_M: f64 = 500.0;

/// Which rows of a station count.
#[derive(Clone, Debug)]
pub struct Counting {
    access: BTreeSet<Access>,
    status: BTreeSet<Status>,
    /// Those that opened later do not.
    opened_by: Option<Day>,
}

impl Default for Counting {
    fn default() -> Self {
        let (access, status) = ([Access::Public, Access::Unknown], [Status::Open, Status::Unknown]);
        Self { access: access.into(), status: status.into(), opened_by: None }
    }
}

impl Counting {
    /// As `[criteria] access` and `status` say; words that are none were refused before.
    pub fn of(criteria: &CriteriaTable) -> Self {
        let mut new = Self::default();
        if let Some(words) = &criteria.access {
            new.access = words.iter().filter_map(|w| Access::from_word(w)).collect();
        }
        if let Some(words) = &criteria.status {
            new.status = words.iter().filter_map(|w| Status::from_word(w)).collect();
        }
        new
    }

    /// The same for a layer: with its `opened_by`.
    #[must_use]
    pub fn with_day_of(&self, spec: &LayerTable) -> Self {
        Self { opened_by: spec.opened_by.as_deref().and_then(day), ..self.clone() }
    }

    /// How far a row is from counting; the least is nearest.
    fn standing(&self, s: &Station) -> (bool, u8, bool) {
        let late = self.opened_by.is_some_and(|by| day(&s.opened).is_some_and(|d| d > by));
        let status = match s.status {
            known if self.status.contains(&known) => 0,
            Status::Open | Status::Unknown => 1,
            Status::Planned => 2,
            Status::Closed => 3,
        };
        (late, status, !self.access.contains(&s.access))
    }

    /// Why a row does not count beside rows of a better standing.
    fn reason(&self, s: &Station, best: (bool, u8, bool)) -> &'static str {
        let (late, status, _) = self.standing(s);
        match () {
            () if late != best.0 => "opened later",
            () if status != best.1 => s.status.as_str(),
            () => s.access.as_str(),
        }
    }
}

/// What was put together.
#[derive(Debug, Default)]
pub struct Books {
    /// Rows and stations of groups, by the rule.
    pub groups: BTreeMap<Rule, (u64, u64)>,
    /// IRVE stations whose count is not the number of their rows, with an example.
    pub other_counts: (u64, String),
    /// Rows that do not count, by the word that says why.
    left: BTreeMap<&'static str, u64>,
    /// The first of their stations.
    left_of: String,
    /// Stations whose charging or swap went with such rows, and the first of them.
    kinds: BTreeMap<&'static str, (u64, String)>,
    /// Stations whose counts are not known without such rows, and the first of them.
    unknown: (u64, String),
}

/// Adds one to a count with an example.
fn book(entry: &mut (u64, String), key: &str) {
    entry.0 += 1;
    if entry.1.is_empty() {
        key.clone_into(&mut entry.1);
    }
}

impl Books {
    /// One more station, of so many rows.
    fn group(&mut self, rule: Rule, rows: u64) {
        let (all, stations) = self.groups.entry(rule).or_default();
        (*all, *stations) = (*all + rows, *stations + 1);
    }

    /// Tells what does not count.
    pub fn tell(&self, issues: &mut Issues) {
        let n: u64 = self.left.values().sum();
        if n > 0 {
            let words: Vec<String> = self.left.iter().map(|(word, n)| format!("{n} {word}")).collect();
            let what = format!(
                "{n} rows are not counted ({}), beside rows of the same station that count, e.g. of \"{}\"",
                words.join(", "),
                self.left_of
            );
            issues.push_many(Layer::Stations, IssueCode::RowsNotCounted, Location::default(), what, n, 0);
        }
        for (kind, (n, key)) in &self.kinds {
            let what = format!("{n} stations offer no {kind} here: none of their rows that count has it, e.g. \"{key}\"");
            issues.push_many(Layer::Stations, IssueCode::KindNotCounted, Location::default(), what, *n, 0);
        }
        let (n, key) = &self.unknown;
        if *n > 0 {
            let what = format!(
                "{n} stations have counts of the whole station and rows that do not count; what is left is not known, e.g. \"{key}\""
            );
            issues.push_many(Layer::Stations, IssueCode::BadNumber, Location::default(), what, *n, 0);
        }
    }
}

/// The station of some rows.
pub fn merged(mut rows: Vec<Row>, of: CountsOf, counting: &Counting, books: &mut Books, issues: &mut Issues) -> Station {
    if rows.len() == 1 {
        return alone(rows.remove(0), books);
    }
    let Some(Group { key, rule }) = rows[0].group.clone() else { return std::mem::take(&mut rows[0].station) };
    books.group(rule, rows.len() as u64);
    let all: Vec<Station> = rows.into_iter().map(|r| r.station).collect();
    let best = all.iter().map(|s| counting.standing(s)).min().unwrap_or_default();
    let (counted, left): (Vec<&Station>, Vec<&Station>) = all.iter().partition(|s| counting.standing(s) == best);
    let spread = counted.iter().map(|s| metres_between(counted[0].at, s.at)).fold(0.0, f64::max);
    if spread > FARTHEST_M {
        let what = format!("the rows of station \"{key}\" lie {spread:.0} m apart");
        issues.push(Layer::Stations, IssueCode::GroupApart, counted[0].source.clone(), what);
    }
    for s in &left {
        *books.left.entry(counting.reason(s, best)).or_default() += 1;
        if books.left_of.is_empty() {
            books.left_of.clone_from(&key);
        }
    }
    let rows = Rows { counted, left };
    for (kind, has) in
        [("charging", (|s| s.charging) as fn(&Station) -> bool), ("swap", |s| s.swap), ("hydrogen", |s| s.hydrogen)]
    {
        if !rows.counted.iter().any(|s| has(s)) && rows.left.iter().any(|s| has(s)) {
            book(books.kinds.entry(kind).or_default(), &key);
        }
    }
    let id = if rule == Rule::Asked { key.clone() } else { all[0].id.clone() };
    rows.station(id, (&key, rule, of), books)
}

/// The station of one row.
fn alone(row: Row, books: &mut Books) -> Station {
    let Some(Group { key, rule }) = row.group else { return row.station };
    if rule == Rule::IrvePlace {
        books.group(rule, 1);
    }
    match rule {
        Rule::Asked => Station { id: key, ..row.station },
        // The power of one point is not that of the whole station.
        Rule::Irve | Rule::IrvePlace if row.station.points.is_some_and(|n| n > 1) => Station { total_kw: None, ..row.station },
        _ => row.station,
    }
}

/// The rows of a station.
struct Rows<'s> {
    counted: Vec<&'s Station>,
    left: Vec<&'s Station>,
}

impl Rows<'_> {
    fn station(&self, id: String, (key, rule, of): (&str, Rule, CountsOf), books: &mut Books) -> Station {
        let counted = &self.counted;
        let text =
            |get: fn(&Station) -> &String| counted.iter().map(|s| get(s)).find(|t| !t.is_empty()).cloned().unwrap_or_default();
        let sockets: Vec<&str> = counted.iter().map(|s| s.sockets.as_str()).collect();
        let whole = rule == Rule::Asked && of == CountsOf::Station;
        let (points, total_kw) = match rule {
            Rule::Irve | Rule::IrvePlace => self.of_irve(key, books),
            Rule::Asked if whole => self.of_whole(key, books),
            Rule::Bnetza | Rule::Asked => (self.points_added(), self.power_added()),
        };
        let swaps_left = self.left.iter().any(|s| s.swap);
        let sum = |get: fn(&Station) -> Option<u32>| {
            let known = counted.iter().filter_map(|s| get(s));
            if whole { known.max().filter(|_| !swaps_left) } else { known.reduce(u32::saturating_add) }
        };
        Station {
            id,
            name: text(|s| &s.name),
            at: counted[0].at,
            charging: counted.iter().any(|s| s.charging),
            swap: counted.iter().any(|s| s.swap),
            hydrogen: counted.iter().any(|s| s.hydrogen),
            points,
            power_kw: counted.iter().filter_map(|s| s.power_kw).reduce(f64::max),
            total_kw,
            sockets: word_set(&sockets.join(";")).join(";"),
            swap_bays: sum(|s| s.swap_bays),
            swap_batteries: sum(|s| s.swap_batteries),
            trucks: counted.iter().filter_map(|s| s.trucks).reduce(|a, b| a || b),
            operator: text(|s| &s.operator),
            access: best(counted.iter().map(|s| s.access), &[Access::Public, Access::Unknown, Access::Private]),
            status: best(counted.iter().map(|s| s.status), &[Status::Open, Status::Unknown, Status::Planned, Status::Closed]),
            opened: first_opened(counted),
            equipment: Equipment::together(counted.iter().map(|s| &s.equipment)),
            source: counted[0].source.clone(),
        }
    }

    /// Points and power of an IRVE station, where every row is a point and says how many the station has.
    fn of_irve(&self, key: &str, books: &mut Books) -> (Option<u32>, Option<f64>) {
        let (rows, gone) = ((self.counted.len() + self.left.len()) as u32, self.left.len() as u32);
        let told = self.counted.iter().filter_map(|s| s.points).max();
        if let Some(told) = told.filter(|n| *n != rows) {
            book(&mut books.other_counts, &format!("\"{key}\" with {rows} rows and nbre_pdc {told}"));
        }
        let points = told.unwrap_or(0).max(rows) - gone;
        let complete = points as usize == self.counted.len();
        (Some(points), self.power_added().filter(|_| complete))
    }

    /// Points and power where every row has those of the whole station: without some of its guns they are not known, but where each
    /// row is a gun.
    fn of_whole(&self, key: &str, books: &mut Books) -> (Option<u32>, Option<f64>) {
        let told = self.counted.iter().filter_map(|s| s.points).max();
        let guns = self.counted.iter().filter(|s| s.charging).count() as u32;
        if !self.left.iter().any(|s| s.charging) {
            let total = self.counted.iter().filter_map(|s| s.total_kw).reduce(f64::max);
            return (told.or((guns > 0).then_some(guns)), total);
        }
        let rows = (self.counted.len() + self.left.len()) as u32;
        if told.is_none_or(|n| n == rows) {
            return ((guns > 0).then_some(guns), None);
        }
        book(&mut books.unknown, key);
        (None, None)
    }

    /// The points of the rows together. A row that charges and says nothing is one; one that only swaps is none.
    fn points_added(&self) -> Option<u32> {
        let of = |s: &&Station| s.points.or(s.charging.then_some(1));
        self.counted.iter().filter_map(of).reduce(u32::saturating_add)
    }

    /// The power of the rows that charge together, where each says it.
    fn power_added(&self) -> Option<f64> {
        let charge = self.counted.iter().filter(|s| s.charging || s.total_kw.is_some());
        charge.map(|s| s.total_kw).sum::<Option<f64>>().filter(|kw| *kw > 0.0)
    }
}

/// The first of the order that is among the values.
fn best<T: Copy + PartialEq + Default>(values: impl Iterator<Item = T> + Clone, order: &[T]) -> T {
    order.iter().copied().find(|o| values.clone().any(|v| v == *o)).unwrap_or_default()
}

/// The earliest opening date; the first text where none is understood.
fn first_opened(all: &[&Station]) -> String {
    let dated = all.iter().filter_map(|s| Some((day(&s.opened)?, &s.opened))).min();
    let any = || all.iter().map(|s| &s.opened).find(|o| !o.is_empty());
    dated.map(|(_, text)| text).or_else(any).cloned().unwrap_or_default()
}
