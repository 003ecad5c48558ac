//! Rows to stations: of versions of one record the newest counts, points of one station are put together, and what the source
//! marks as void is counted by its word.

use super::{Group, Outcome, Row, Rule};
use crate::config::region_file::{CountsOf, LayerTable};
use crate::config::station_words::{Access, Status};
use crate::error::{Error, Location, Result};
use crate::issue::{IssueCode, Issues, Layer};
use crate::read::date::day;
use crate::read::station::{Station, word_set};
use crate::space::metres_between;
use std::collections::{BTreeMap, HashMap};

/// Rows of one station are not farther apart, metres.
const FARTHEST_M: f64 = 500.0;

/// What the records of a layer became so far.
#[derive(Debug, Default)]
pub struct Gathered {
    rows: Vec<Row>,
    versions: HashMap<String, usize>,
    superseded: u64,
    others: BTreeMap<(String, String), u64>,
    void: BTreeMap<(String, String), u64>,
    group_by: Option<String>,
    counts_of: Option<CountsOf>,
}

impl Gathered {
    /// None, to be put together as `[stations]` says.
    pub fn of(spec: &LayerTable) -> Self {
        Self { group_by: spec.group_by.clone(), counts_of: spec.counts_of, ..Self::default() }
    }

    /// Takes what became of a record of a file.
    pub fn take(&mut self, outcome: Outcome, file: &str) {
        let row = match outcome {
            Outcome::Row(row) => *row,
            Outcome::Other(word) => return *self.others.entry((file.to_owned(), word)).or_default() += 1,
            Outcome::Void(word) => return *self.void.entry((file.to_owned(), word)).or_default() += 1,
        };
        let Some((record, date)) = &row.version else { return self.rows.push(row) };
        match self.versions.get(record).and_then(|i| self.rows.get_mut(*i)) {
            Some(before) => {
                self.superseded += 1;
                // Of equally new ones the first stays.
                if before.version.as_ref().is_some_and(|(_, d)| newer(date, d)) {
                    *before = row;
                }
            }
            None => {
                self.versions.insert(record.clone(), self.rows.len());
                self.rows.push(row);
            }
        }
    }

    /// The stations, in the order of their first rows.
    ///
    /// # Errors
    /// Input, where it is not clear whether counts are of the row or of its station.
    pub fn finish(mut self, issues: &mut Issues) -> Result<Vec<Station>> {
        self.tell(issues);
        let mut order: Vec<Vec<Row>> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        for row in std::mem::take(&mut self.rows) {
            let place =
                row.group.as_ref().map(|g| (g.key.clone(), order.len())).map(|(key, next)| *places.entry(key).or_insert(next));
            match place.and_then(|i| order.get_mut(i)) {
                Some(rows) => rows.push(row),
                None => order.push(vec![row]),
            }
        }
        let of = self.counts_of_rows(&order)?;
        let mut books = Books::default();
        let stations = order.into_iter().map(|rows| merged(rows, of, &mut books, issues)).collect();
        self.tell_groups(&books, of, issues);
        Ok(stations)
    }

    fn tell(&self, issues: &mut Issues) {
        for ((file, word), n) in &self.others {
            let what = format!("{n} × \"{word}\": another kind of station, passed over");
            issues.push_many(Layer::Stations, IssueCode::OtherKind, Location::file(file.as_str()), what, *n, 0);
        }
        let mut words: BTreeMap<(String, String, &str), u64> = BTreeMap::new();
        for ((file, word), n) in &self.void {
            words.insert((file.clone(), word.clone(), "no station"), *n);
        }
        for row in &self.rows {
            for word in &row.against {
                let file = row.station.source.file.clone().unwrap_or_default();
                *words.entry((file, word.clone(), "not open")).or_default() += 1;
            }
        }
        for ((file, word, what), n) in words {
            let what = format!("{n} × \"{word}\": {what}");
            issues.push_many(Layer::Stations, IssueCode::MarkedVoid, Location::file(file), what, n, 0);
        }
        if self.superseded > 0 {
            let what = format!("{} records came again with the id of another; the newest of each was taken", self.superseded);
            issues.push_many(Layer::Stations, IssueCode::Superseded, Location::default(), what, self.superseded, 0);
        }
    }

    /// Whether counts of rows that `group_by` puts together are of the row: what all groups say together, else refused.
    fn counts_of_rows(&self, groups: &[Vec<Row>]) -> Result<CountsOf> {
        if let Some(said) = self.counts_of {
            return Ok(said);
        }
        let asked = |rows: &&Vec<Row>| rows.len() > 1 && rows[0].group.as_ref().is_some_and(|g| g.rule == Rule::Asked);
        let groups: Vec<&Vec<Row>> = groups.iter().filter(asked).collect();
        let figures = |r: &Row| {
            let s = &r.station;
            let of = |n: Option<u32>| n.map(f64::from);
            [of(s.points), s.total_kw, of(s.swap_bays), of(s.swap_batteries)]
        };
        let differ = |rows: &Vec<Row>, i: usize| {
            let mut known = rows.iter().filter_map(|r| figures(r)[i]);
            let first = known.next();
            known.any(|v| Some(v) != first)
        };
        if groups.iter().any(|rows| (0..4).any(|i| differ(rows, i))) {
            return Ok(CountsOf::Row);
        }
        let counts = |rows: &Vec<Row>| rows[0].station.points;
        let of_rows = |rows: &&Vec<Row>| counts(rows).is_some_and(|n| n as usize == rows.len());
        let without = groups.iter().all(|rows| rows.iter().all(|r| figures(r).iter().all(Option::is_none)));
        if without || groups.iter().all(|rows| counts(rows) == Some(1)) {
            return Ok(CountsOf::Row);
        }
        if groups.iter().all(of_rows) {
            return Ok(CountsOf::Station);
        }
        let doubtful = groups.iter().find(|rows| counts(rows) != Some(1) && !of_rows(rows)).or(groups.first());
        let Some(rows) = doubtful else { return Ok(CountsOf::Row) };
        let (key, s) = (rows[0].group.as_ref().map(|g| g.key.as_str()).unwrap_or_default(), &rows[0].station);
        let each = match (s.points, s.total_kw) {
            (Some(n), _) => format!("{n} points"),
            (None, Some(kw)) => format!("{kw} kW in all"),
            _ => "the same count".to_owned(),
        };
        let what =
            format!("each of the {} rows of station \"{key}\" says {each}: the row's, or the whole station's?", rows.len());
        let next = "say [stations] counts_of = \"row\" (they add up) or \"station\"";
        Err(Error::input(what, next).at(s.source.clone()))
    }

    fn tell_groups(&self, books: &Books, of: CountsOf, issues: &mut Issues) {
        for (rule, (rows, stations)) in &books.groups {
            let column = self.group_by.as_deref().unwrap_or("its station");
            let how = match (rule, of) {
                (Rule::Irve, _) if self.group_by.is_some() => {
                    format!("by {column}; nbre_pdc is the station's count, power adds up")
                }
                (Rule::Irve, _) => "by id_station_itinerance; nbre_pdc is the station's count, power adds up".to_owned(),
                (Rule::Bnetza, _) => "one operator at one position; points and rated power add up".to_owned(),
                (Rule::Asked, CountsOf::Row) => format!("by {column}; points and power add up"),
                (Rule::Asked, CountsOf::Station) => format!("by {column}; every row has the counts of the whole station"),
            };
            let stations = if *stations == 1 { "one station".to_owned() } else { format!("{stations} stations") };
            let what = format!("{rows} rows are points of {stations} ({how})");
            issues.push_many(Layer::Stations, IssueCode::Grouped, Location::default(), what, *rows, 0);
        }
        if books.other_counts > 0 {
            let what = format!(
                "{} stations have another number of rows than nbre_pdc says; the greater was taken, e.g. {}",
                books.other_counts, books.example
            );
            issues.push_many(Layer::Stations, IssueCode::GroupCount, Location::default(), what, books.other_counts, 0);
        }
    }
}

/// Whether a date is newer; as days where both are dates, else as text (as ISO dates sort).
fn newer(date: &str, than: &str) -> bool {
    match (day(date), day(than)) {
        (Some(a), Some(b)) if a != b => a > b,
        (Some(_), None) => true,
        (None, Some(_)) => false,
        _ => date > than,
    }
}

/// What was put together.
#[derive(Default)]
struct Books {
    /// Rows and stations of groups of several rows, by the rule.
    groups: BTreeMap<Rule, (u64, u64)>,
    /// IRVE stations whose count is not the number of their rows.
    other_counts: u64,
    example: String,
}

/// The station of some rows. Where any row is in service only those are counted.
fn merged(mut rows: Vec<Row>, of: CountsOf, books: &mut Books, issues: &mut Issues) -> Station {
    if rows.len() == 1 {
        let row = rows.remove(0);
        return match row.group {
            Some(Group { key, rule: Rule::Asked }) => Station { id: key, ..row.station },
            // The power of one point is not that of the whole station.
            Some(Group { rule: Rule::Irve, .. }) if row.station.points.is_some_and(|n| n > 1) => {
                Station { total_kw: None, ..row.station }
            }
            _ => row.station,
        };
    }
    let Some(Group { key, rule }) = rows[0].group.clone() else { return std::mem::take(&mut rows[0].station) };
    let book = books.groups.entry(rule).or_default();
    *book = (book.0 + rows.len() as u64, book.1 + 1);
    let all: Vec<Station> = rows.into_iter().map(|r| r.station).collect();
    let spread = all.iter().map(|s| metres_between(all[0].at, s.at)).fold(0.0, f64::max);
    if spread > FARTHEST_M {
        let what = format!("the rows of station \"{key}\" lie {spread:.0} m apart");
        issues.push(Layer::Stations, IssueCode::GroupApart, all[0].source.clone(), what);
    }
    let in_service = |s: &&Station| matches!(s.status, Status::Open | Status::Unknown);
    let some = all.iter().any(|s| in_service(&s));
    let counted: Vec<&Station> = all.iter().filter(|s| !some || in_service(s)).collect();
    let text = |get: fn(&Station) -> &String| all.iter().map(get).find(|t| !t.is_empty()).cloned().unwrap_or_default();
    let sockets: Vec<&str> = counted.iter().map(|s| s.sockets.as_str()).collect();
    let told = counted.iter().filter_map(|s| s.points).max();
    let points = match (rule, of) {
        (Rule::Irve, _) => told.unwrap_or(0).max(counted.len() as u32),
        (Rule::Bnetza, _) | (Rule::Asked, CountsOf::Row) => {
            counted.iter().map(|s| s.points.unwrap_or(1)).fold(0, u32::saturating_add)
        }
        (Rule::Asked, CountsOf::Station) => told.unwrap_or(counted.len() as u32),
    };
    if rule == Rule::Irve && told.is_some_and(|n| n as usize != all.len()) {
        books.other_counts += 1;
        if books.example.is_empty() {
            books.example = format!("\"{key}\" with {} rows and nbre_pdc {}", all.len(), told.unwrap_or(0));
        }
    }
    let of_station = rule == Rule::Asked && of == CountsOf::Station;
    let complete = rule != Rule::Irve || points as usize == counted.len();
    let sum = |get: fn(&Station) -> Option<u32>| {
        let known = counted.iter().filter_map(|s| get(s));
        if of_station { known.max() } else { known.reduce(u32::saturating_add) }
    };
    let total_kw = if of_station {
        counted.iter().filter_map(|s| s.total_kw).reduce(f64::max)
    } else {
        counted.iter().map(|s| s.total_kw).sum::<Option<f64>>().filter(|kw| complete && *kw > 0.0)
    };
    Station {
        id: if rule == Rule::Asked { key } else { all[0].id.clone() },
        name: text(|s| &s.name),
        at: all[0].at,
        charging: all.iter().any(|s| s.charging),
        swap: all.iter().any(|s| s.swap),
        points: Some(points),
        power_kw: counted.iter().filter_map(|s| s.power_kw).reduce(f64::max),
        total_kw,
        sockets: word_set(&sockets.join(";")).join(";"),
        swap_bays: sum(|s| s.swap_bays),
        swap_batteries: sum(|s| s.swap_batteries),
        trucks: all.iter().filter_map(|s| s.trucks).reduce(|a, b| a || b),
        operator: text(|s| &s.operator),
        access: best(all.iter().map(|s| s.access), &[Access::Public, Access::Unknown, Access::Private]),
        status: best(all.iter().map(|s| s.status), &[Status::Open, Status::Unknown, Status::Planned, Status::Closed]),
        opened: first_opened(&all),
        source: all[0].source.clone(),
    }
}

/// The first of the order that is among the values.
fn best<T: Copy + PartialEq + Default>(values: impl Iterator<Item = T> + Clone, order: &[T]) -> T {
    order.iter().copied().find(|o| values.clone().any(|v| v == *o)).unwrap_or_default()
}

/// The earliest opening date; the first text where none is understood.
fn first_opened(all: &[Station]) -> String {
    let dated = all.iter().filter_map(|s| Some((day(&s.opened)?, &s.opened))).min();
    let any = || all.iter().map(|s| &s.opened).find(|o| !o.is_empty());
    dated.map(|(_, text)| text).or_else(any).cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{outcomes_by, told};
    use super::*;
    use serde_json::{Value, json};

    /// Ids and points of the stations, and what was told.
    type Grouped = (Vec<(String, Option<u32>)>, Vec<String>);

    fn grouped(counts_of: Option<CountsOf>, rows: &[(&str, Option<u32>, &str)]) -> Result<Grouped> {
        let spec = LayerTable { group_by: Some("site".to_owned()), counts_of, ..LayerTable::default() };
        let row = |(site, points, status): &(&str, Option<u32>, &str)| json!({"id": "e", "site": site, "points": points, "status": status});
        let records: Vec<Value> = rows.iter().map(row).collect();
        let (all, issues) = outcomes_by(&spec, &records)?;
        Ok((all.into_iter().map(|s| (s.id, s.points)).collect(), told(&issues)))
    }

    fn site(id: &str, points: u32) -> (String, Option<u32>) {
        (id.to_owned(), Some(points))
    }

    #[test]
    fn rows_without_a_count_are_one_point_each() {
        let (all, told) = grouped(None, &[("A", None, ""), ("B", None, ""), ("A", None, "")]).unwrap();
        assert_eq!(all, [site("A", 2), ("B".to_owned(), None)]);
        assert_eq!(told, ["2 × grouped"]);
    }

    #[test]
    fn what_counts_are_of_is_told_by_the_whole_layer() {
        let of = |rows: &[(&str, Option<u32>, &str)]| grouped(None, rows).map(|g| g.0);
        // each says the number of rows: the station's
        assert_eq!(of(&[("A", Some(2), ""), ("A", Some(2), "")]).unwrap(), [site("A", 2)]);
        // one point a row, and rows that differ: the row's
        assert_eq!(of(&[("A", Some(1), ""), ("A", Some(1), "")]).unwrap(), [site("A", 2)]);
        assert_eq!(
            of(&[("A", Some(2), ""), ("A", Some(4), ""), ("B", Some(3), ""), ("B", Some(3), "")]).unwrap(),
            [site("A", 6), site("B", 6)]
        );
        // 4 and 4 may be 4 or 8
        let err = of(&[("A", Some(4), ""), ("A", Some(4), "")]).unwrap_err();
        assert!(err.to_string().contains("2 rows of station \"A\" says 4 points") && err.next().contains("counts_of"), "{err}");
        let said = |of| grouped(Some(of), &[("A", Some(4), ""), ("A", Some(4), "")]).unwrap().0;
        assert_eq!((said(CountsOf::Row), said(CountsOf::Station)), (vec![site("A", 8)], vec![site("A", 4)]));
    }

    #[test]
    fn rows_out_of_service_are_not_counted_in_an_open_station() {
        let (all, _) = grouped(None, &[("A", Some(1), "open"), ("A", Some(1), "closed"), ("A", Some(1), "planned")]).unwrap();
        assert_eq!(all, [site("A", 1)]);
    }

    #[test]
    fn dates_tell_the_newer() {
        assert!(newer("2024-01-02", "2024-01-01") && !newer("2024-01-01", "2024-01-01") && newer("2024-01-01", ""));
        assert!(newer("2024-01-01T10:00:00Z", "2024-01-01T09:00:00Z") && !newer("", "2024-01-01"));
    }
}
