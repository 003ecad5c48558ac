//! Columns of a table that mean one field and say two things of a record: which of them counts is told, with how often and in which rows.
//! Names, ids and other words that nothing is counted by are not compared.

use super::candidate::Fixed;
use super::date::day;
use super::fields::{Attributes, FieldMap, number, signed};
use super::road_reference::reference;
use super::station::{kind_of_words, yes_or_no};
use crate::config::station_words::{Access, Status, half_width};
use crate::error::Location;
use crate::issue::{IssueCode, Issues, Layer};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// Fields whose columns may say two things: by design, or because nothing is counted by them.
const APART: [&str; 14] = [
    "id", "name", "name_zh", "operator", "sockets", "wkt", "number", "class", "land", "note", "reason", "files", "applied",
    "layer",
];
/// Rows that are named.
const NAMED: usize = 3;
/// A cell is shown so far, in characters.
const LONGEST: usize = 40;
/// Two positions are one within so many degrees.
const SAME_DEG: f64 = 1e-5;

/// What two columns say of records: how many, and the first.
#[derive(Debug, Default)]
struct Told {
    records: u64,
    first: Vec<String>,
}

/// Contradictions of a layer, record by record.
#[derive(Debug, Default)]
pub struct Contradictions(RefCell<BTreeMap<Columns, Told>>);

/// A file, a field of ours, and two of its columns there.
type Columns = (String, &'static str, String, String);

impl Contradictions {
    /// Looks at a record whose columns the map has observed.
    pub fn see(&self, map: &FieldMap, record: &impl Attributes, here: &Location) {
        for ours in map.of_several_columns().into_iter().filter(|ours| !APART.contains(ours)) {
            let cells = map.filled(record, ours);
            let Some((first, others)) = cells.split_first() else { continue };
            for other in others.iter().filter(|other| contradict(ours, first, other)) {
                let mut all = self.0.borrow_mut();
                let file = here.file.clone().unwrap_or_default();
                let told = all.entry((file, ours, first.column.clone(), other.column.clone())).or_default();
                told.records += 1;
                if told.first.len() < NAMED {
                    let row = here.line.or(here.feature).unwrap_or_default();
                    told.first.push(format!("{row} ({} / {})", short(&first.text), short(&other.text)));
                }
            }
        }
    }

    /// Tells them: once for two columns of a file.
    pub fn tell(&self, layer: Layer, issues: &mut Issues) {
        for ((file, ours, first, other), Told { records, first: rows }) in std::mem::take(&mut *self.0.borrow_mut()) {
            let [first, shown] = [&first, &other].map(|column| short(column));
            let what = format!(
                "the columns \"{first}\" and \"{shown}\" both mean {ours} and contradict each other in {records} rows: the first of them counts; row and what each says: {}",
                rows.join(", ")
            );
            issues.push_many(layer, IssueCode::ColumnsContradict, Location::file(file).field(shown), what, records, 0);
        }
    }
}

/// A cell of a field: its column, what it says, and our units in one of the column's.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldCell {
    /// The column.
    pub column: String,
    /// The text, trimmed.
    pub text: String,
    /// Our units in one of the column's.
    pub factor: f64,
}

fn short(text: &str) -> String {
    text.chars().take(LONGEST).map(|c| if c.is_control() || c == '"' { ' ' } else { c }).collect()
}

/// Whether two cells say two things of a field. Of words, both have to be understood.
fn contradict(ours: &str, a: &FieldCell, b: &FieldCell) -> bool {
    if plain(&a.text) == plain(&b.text) && a.factor == b.factor {
        return false;
    }
    match ours {
        "kind" => both(&a.text, &b.text, kind_of_words),
        "access" => both(&a.text, &b.text, |t| Access::from_word(t).filter(|x| *x != Access::default())),
        "status" => both(&a.text, &b.text, |t| Status::from_word(t).filter(|x| *x != Status::default())),
        "opened" => both(&a.text, &b.text, day),
        "fixed" => both(&a.text, &b.text, Fixed::from_word),
        "road" => both(&a.text, &b.text, reference),
        "code" => {
            let [a, b] = [a, b].map(|cell| plain_code(&cell.text));
            // a number of the row, or the code of something else, is another thing
            a != b && a.len().min(b.len()) >= 4 && a.len().abs_diff(b.len()) <= 1
        }
        "lon" | "lat" => both_numbers(a, b, signed).is_some_and(|[a, b]| {
            a.abs().max(b.abs()) <= 180.0 && (a - b).abs() > SAME_DEG // metres of a grid are another thing
        }),
        "trucks" | "certified" | "trailers" if yes_or_no(&a.text).is_some() => both(&a.text, &b.text, |t| yes_or_no(t).flatten()),
        _ => both_numbers(a, b, number).is_none_or(|[a, b]| (a - b).abs() > 1e-9 * a.abs().max(b.abs())),
    }
}

/// Whether both are understood, as two things.
fn both<T: PartialEq>(a: &str, b: &str, read: impl Fn(&str) -> Option<T>) -> bool {
    read(a).zip(read(b)).is_some_and(|(a, b)| a != b)
}

fn both_numbers(a: &FieldCell, b: &FieldCell, read: fn(&str) -> Option<f64>) -> Option<[f64; 2]> {
    Some([read(&a.text)? * a.factor, read(&b.text)? * b.factor])
}

fn plain(text: &str) -> String {
    text.chars().map(half_width).filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// A code without what a spreadsheet takes from it or puts to it, and without the townships of a county.
fn plain_code(text: &str) -> String {
    let text = plain(text);
    let text = text.trim_end_matches(".0").trim_start_matches('0');
    if text.len() == 12 && text.ends_with("000000") { text[..6].to_owned() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::headers::{self, Fields};
    use serde_json::{Value, json};

    fn told(fields: Fields, rows: &[Value]) -> Vec<(String, u64, String)> {
        let map = FieldMap::new("stations", fields, &Default::default()).unwrap();
        let all = Contradictions::default();
        for (line, row) in (2..).zip(rows) {
            let row = row.as_object().unwrap();
            map.observe(row);
            all.see(&map, row, &Location::file("s.csv").line(line, 0));
        }
        let mut issues = Issues::default();
        all.tell(Layer::Stations, &mut issues);
        issues.sorted().iter().map(|i| (i.at.field.clone().unwrap_or_default(), i.count, i.message.clone())).collect()
    }

    #[test]
    fn what_two_columns_say_is_counted_and_the_first_rows_are_named() {
        let row = |a: &str, b: &str| json!({"guns": a, "枪数": b});
        let rows = [row("4", "4"), row("4", "6"), row("", "9"), row("2", ""), row("1", "2"), row("3", "4"), row("5", "7")];
        let want = "the columns \"guns\" and \"枪数\" both mean points and contradict each other in 4 rows: the first of them counts; row and what each says: 3 (4 / 6), 6 (1 / 2), 7 (3 / 4)";
        assert_eq!(told(headers::STATIONS, &rows), [("枪数".to_owned(), 4, want.to_owned())]);
        assert_eq!(told(headers::STATIONS, &rows[..1]), []);
    }

    #[test]
    fn what_is_the_same_in_other_words_or_units_is_none() {
        for (fields, row) in [
            (headers::STATIONS, json!({"total_kw": "120", "总功率(W)": "120000"})),
            (headers::STATIONS, json!({"total_kw": "120.0", "总功率": "120 kW"})),
            (headers::STATIONS, json!({"status": "open", "运营状态": "运营中"})),
            (headers::STATIONS, json!({"status": "open", "状态": "A-17"})), // another thing than a status
            (headers::STATIONS, json!({"opened": "2021-03-05", "投运日期": "2021年3月5日"})),
            (headers::STATIONS, json!({"id": "1", "station_id": "S1", "name": "a", "站名": "b"})),
            (headers::STATIONS, json!({"lon": "109.5", "x": "364412.5"})),
            (headers::STATIONS, json!({"trucks": "yes", "货车": "是"})),
            (headers::COUNTY_TABLE, json!({"code": "10101", "adcode": "010101"})),
            (headers::COUNTIES, json!({"adcode": "510101", "gb": "156510101", "id": "7"})),
            (headers::COUNTY_TABLE, json!({"常住人口（万人）": "1.2", "总人口": "12000"})),
            (headers::TRAFFIC, json!({"road": "G318", "路线编号": "318国道"})),
        ] {
            assert_eq!(told(fields, std::slice::from_ref(&row)), [], "{row}");
        }
        for (fields, row) in [
            (headers::STATIONS, json!({"total_kw": "120", "总功率(W)": "120"})),
            (headers::STATIONS, json!({"power_kw": "60", "单枪功率": "120"})),
            (headers::STATIONS, json!({"status": "open", "运营状态": "关闭"})),
            (headers::STATIONS, json!({"access": "public", "是否对外开放": "否"})),
            (headers::STATIONS, json!({"kind": "charging", "类型": "换电站"})),
            (headers::STATIONS, json!({"opened": "2021-03-05", "投运日期": "2022-03-05"})),
            (headers::STATIONS, json!({"lon": "109.5", "经度": "109.506"})),
            (headers::STATIONS, json!({"trucks": "yes", "货车": "否"})),
            (headers::SETTLEMENTS, json!({"population": 100, "人口": 120})),
            (headers::COUNTY_TABLE, json!({"code": "510101", "adcode": "520101"})),
            (headers::COUNTY_TABLE, json!({"常住人口": "100", "总人口": "many"})),
            (headers::CANDIDATES, json!({"cost": 5, "造价": 6})),
            (headers::CANDIDATES, json!({"fixed": "in", "锁定": "out"})),
            (headers::TRAFFIC, json!({"aadt": 100, "交通量": 200})),
            (headers::TRAFFIC, json!({"trucks": 10, "货车": 20})),
            (headers::TRAFFIC, json!({"road": "G318", "路线编号": "G42"})),
        ] {
            assert_eq!(told(fields, std::slice::from_ref(&row)).len(), 1, "{row}");
        }
    }
}
