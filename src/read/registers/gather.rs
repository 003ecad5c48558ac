//! Rows to stations: of versions of one record the newest counts, points of one station are put together, and what the source
//! marks as void is counted by its word.

use super::together::{Books, Counting, merged};
use super::{Group, Outcome, Row, Rule};
use crate::config::region_file::{CountsOf, LayerTable};
use crate::error::{Error, Location, Result};
use crate::issue::{IssueCode, Issues, Layer};
use crate::read::date::day;
use crate::read::station::Station;
use std::collections::{BTreeMap, HashMap};

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
    counting: Counting,
}

impl Gathered {
    /// None, to be put together as `[stations]` says, of rows that count.
    pub fn of(spec: &LayerTable, counting: &Counting) -> Self {
        let counting = counting.with_day_of(spec);
        Self { group_by: spec.group_by.clone(), counts_of: spec.counts_of, counting, ..Self::default() }
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
        self.tell_ungrouped(issues);
        let mut order: Vec<Vec<Row>> = Vec::new();
        let mut places: HashMap<Group, usize> = HashMap::new();
        for row in std::mem::take(&mut self.rows) {
            let place = row.group.as_ref().map(|g| *places.entry(g.clone()).or_insert(order.len()));
            match place.and_then(|i| order.get_mut(i)) {
                Some(rows) => rows.push(row),
                None => order.push(vec![row]),
            }
        }
        let of = self.counts_of_rows(&order)?;
        let mut books = Books::default();
        let stations = order.into_iter().map(|rows| merged(rows, of, &self.counting, &mut books, issues)).collect();
        self.tell_groups(&books, of, issues);
        books.tell(issues);
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
            let file = || row.station.source.file.clone().unwrap_or_default();
            for word in &row.against {
                *words.entry((file(), word.clone(), "not open")).or_default() += 1;
            }
            for (word, n) in &row.parts {
                *words.entry((file(), word.clone(), "not counted in its station")).or_default() += n;
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

    /// Rows of which `group_by` says no station.
    fn tell_ungrouped(&self, issues: &mut Issues) {
        let Some(column) = &self.group_by else { return };
        let none: Vec<&Row> = self.rows.iter().filter(|r| r.group.is_none()).collect();
        if let Some(first) = none.first().filter(|_| none.len() < self.rows.len()) {
            let what =
                format!("{} rows have nothing in {column}, which says of which station they are; each stands alone", none.len());
            issues.push_many(Layer::Stations, IssueCode::RowsAlone, first.station.source.clone(), what, none.len() as u64, 0);
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
                (Rule::IrvePlace, _) => {
                    "without a station id: by nom_station, operator and position; nbre_pdc is the station's count, power adds up"
                        .to_owned()
                }
                (Rule::Bnetza, _) => "one operator at one position; points and rated power add up".to_owned(),
                (Rule::Asked, CountsOf::Row) => format!("by {column}; points and power add up"),
                (Rule::Asked, CountsOf::Station) => format!("by {column}; every row has the counts of the whole station"),
            };
            let stations = if *stations == 1 { "one station".to_owned() } else { format!("{stations} stations") };
            let what = format!("{rows} rows are points of {stations} ({how})");
            issues.push_many(Layer::Stations, IssueCode::Grouped, Location::default(), what, *rows, 0);
        }
        let (n, example) = &books.other_counts;
        if *n > 0 {
            let what =
                format!("{n} stations have another number of rows than nbre_pdc says; the greater was taken, e.g. {example}");
            issues.push_many(Layer::Stations, IssueCode::GroupCount, Location::default(), what, *n, 0);
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
