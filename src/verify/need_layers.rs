//! The layers of townships, station loads and corridors say what the tables say, value by value; their points are those of the layers of
//! settlements and stations, and their lines are drawn as long as they tell.

use super::gap_lines::lines_mm;
use super::opened::Opened;
use super::{Findings, first_few};
use crate::config::demand::Day;
use crate::error::Result;
use crate::files::csv_table::{CsvRow, CsvTable};
use crate::files::kind::Kind;
use crate::files::schema::{guard, one_line};
use crate::read::record::{Columns, Record};
use crate::space::units::mm_of_km;
use ::geojson::GeometryValue;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Checks those that the folder holds.
pub(super) fn check(o: &Opened, findings: &mut Findings) -> Result<()> {
    towns(o, findings)?;
    loads(o, findings)?;
    corridors(o, findings)
}

/// Whether the folder holds a layer: as a file of its own or, as rounds do that were not asked for the file, in its GeoPackage alone. There it has
/// no lines and points here.
fn holds(o: &Opened, layer: &str) -> bool {
    if o.holds(&format!("{layer}.geojson")) {
        return true;
    }
    #[cfg(feature = "gpkg")]
    let there = super::package::holds_layer(o, layer);
    #[cfg(not(feature = "gpkg"))]
    let there = false;
    there
}

/// Hands on the features of such a layer; whether they have their geometry.
fn features(o: &Opened, layer: &str, findings: &mut Findings, each: &mut dyn FnMut(&Record)) -> Result<bool> {
    if o.holds(&format!("{layer}.geojson")) {
        return o.features(layer, findings, each).map(|()| true);
    }
    #[cfg(feature = "gpkg")]
    super::package::features(o, layer, each)?;
    Ok(false)
}

/// Whether a property is what a cell of CSV says; a database has true and false as 1 and 0.
fn is_cell(value: &Value, cell: &str) -> bool {
    match value {
        Value::Null => cell.is_empty(),
        Value::Bool(b) => (if *b { "true" } else { "false" }) == cell,
        Value::Number(n) => {
            cell.parse::<f64>().ok() == n.as_f64() || matches!((n.as_i64(), cell), (Some(0), "false") | (Some(1), "true"))
        }
        Value::String(text) => guard(text) == cell,
        _ => false,
    }
}

fn text(columns: &Columns, name: &str) -> String {
    one_line(columns.get(name).and_then(Value::as_str).unwrap_or_default())
}

/// Length of a property in kilometres, millimetres.
fn mm(columns: &Columns, name: &str) -> Option<u64> {
    columns.get(name).and_then(Value::as_f64).and_then(mm_of_km)
}

/// A layer that says of each of its features what some rows of a table say: the columns of the table by their own names, or behind the word
/// of the row's day.
pub(super) struct Beside<'a> {
    layer: &'a str,
    file: &'a str,
    table: &'a CsvTable,
    faults: Vec<String>,
    values: u64,
}

impl<'a> Beside<'a> {
    /// Nothing of it read yet.
    pub(super) fn new(layer: &'a str, file: &'a str, table: &'a CsvTable) -> Self {
        Self { layer, file, table, faults: Vec::new(), values: 0 }
    }

    /// A feature, by its number from 1, against its row.
    pub(super) fn row(&mut self, number: u64, f: &Columns, row: &CsvRow<'_>) {
        let day = row.get("day");
        for (column, cell) in self.table.columns().iter().zip(row.cells()) {
            let of_day = || f.get(&format!("{day}_{column}"));
            let told = match (f.get(column), column == "day") {
                (None, true) => continue, // it stands in the names
                (Some(value), _) => Some(value),
                (None, false) => of_day(),
            };
            self.values += 1;
            if told.is_none_or(|value| !is_cell(value, cell)) {
                let (layer, file) = (self.layer, self.file);
                let what = format!("{layer}.geojson: feature {number}: {column} is not what {file} says in row {}", row.place());
                self.faults.push(what);
            }
        }
    }

    /// Tells what was found.
    pub(super) fn end(self, more: bool, findings: &mut Findings) {
        let (layer, file) = (self.layer, self.file);
        let mut faults = self.faults;
        if more {
            faults.push(format!("{layer}.geojson: it has fewer features than {file} has rows for"));
        }
        first_few(faults, findings);
        findings.checked.push(format!("{} values of {layer}.geojson against {file}", self.values));
    }
}

/// Where the points of a layer lie, by id; what makes an id unique is left off where `known` does not have it.
fn points(o: &Opened, layer: &str, known: &BTreeSet<String>, findings: &mut Findings) -> Result<BTreeMap<String, Vec<Vec<f64>>>> {
    let mut all: BTreeMap<String, Vec<Vec<f64>>> = BTreeMap::new();
    o.features(layer, findings, &mut |f| {
        let Some(GeometryValue::Point { coordinates }) = &f.geometry else { return };
        let id = text(&f.columns, "id");
        let own = id.rsplit_once('#').map(|(own, _)| own.to_owned()).filter(|own| !known.contains(&id) && known.contains(own));
        all.entry(own.unwrap_or(id)).or_default().push(coordinates.as_slice().to_vec());
    })?;
    Ok(all)
}

/// Points by id against those of the layer that they come from.
fn same_places(o: &Opened, [layer, of]: [&str; 2], here: &[(String, Vec<f64>)], findings: &mut Findings) -> Result<()> {
    if !o.holds(&format!("{of}.geojson")) {
        return Ok(());
    }
    let known: BTreeSet<String> = here.iter().map(|h| h.0.clone()).collect();
    let there = points(o, of, &known, findings)?;
    // a round has stations of its counties only
    let may_lack = o.folder.kind == Kind::Round;
    let elsewhere = |(id, at): &&(String, Vec<f64>)| there.get(id).map_or(!may_lack, |all| !all.contains(at));
    let told = |(id, _): &(String, Vec<f64>)| format!("{layer}.geojson: {id} does not lie where {of}.geojson has it");
    first_few(here.iter().filter(elsewhere).map(told).collect(), findings);
    findings.checked.push(format!("{} points of {layer}.geojson against those of {of}.geojson", here.len()));
    Ok(())
}

fn point(f: &Record) -> Vec<f64> {
    match &f.geometry {
        Some(GeometryValue::Point { coordinates }) => coordinates.as_slice().to_vec(),
        _ => Vec::new(),
    }
}

fn towns(o: &Opened, findings: &mut Findings) -> Result<()> {
    let (Some(table), true) = (o.tables.table("townships.csv"), holds(o, "townships")) else { return Ok(()) };
    let mut beside = Beside { layer: "townships", file: "townships.csv", table, faults: Vec::new(), values: 0 };
    let (mut rows, mut here, mut number) = (table.rows(), Vec::new(), 0);
    let placed = features(o, "townships", findings, &mut |f| {
        number += 1;
        here.push((text(&f.columns, "settlement_id"), point(f)));
        match rows.next() {
            Some(row) => beside.row(number, &f.columns, &row),
            None => beside.faults.push(format!("townships.geojson: feature {number} is in no row of townships.csv")),
        }
    })?;
    let more = rows.next().is_some();
    beside.end(more, findings);
    if placed { same_places(o, ["townships", "settlements"], &here, findings) } else { Ok(()) }
}

fn loads(o: &Opened, findings: &mut Findings) -> Result<()> {
    let (Some(table), true) = (o.tables.table("station_loads.csv"), holds(o, "station_loads")) else { return Ok(()) };
    let mut beside = Beside { layer: "station_loads", file: "station_loads.csv", table, faults: Vec::new(), values: 0 };
    let (mut rows, mut here, mut number) = (table.rows().peekable(), Vec::new(), 0);
    let placed = features(o, "station_loads", findings, &mut |f| {
        number += 1;
        here.push((text(&f.columns, "station_id"), point(f)));
        let days = [Day::Ordinary, Day::Holiday, Day::Target].map(Day::as_str);
        let told: Vec<&str> = days.into_iter().filter(|day| f.columns.contains_key(&format!("{day}_delivered_kwh"))).collect();
        for day in told {
            match rows.next() {
                Some(row) if row.get("day") == day => beside.row(number, &f.columns, &row),
                _ => {
                    let what =
                        format!("station_loads.geojson: feature {number} is in no row of station_loads.csv on the day {day}");
                    beside.faults.push(what);
                }
            }
        }
    })?;
    let more = rows.next().is_some();
    beside.end(more, findings);
    if placed { same_places(o, ["station_loads", "stations"], &here, findings) } else { Ok(()) }
}

/// A direction of a road, as its layer tells it.
struct Direction {
    limit: Option<u64>,
    longest: [Option<u64>; 2],
    one_out: Option<u64>,
    driven: Option<u64>,
    verdict: String,
    missing: String,
    stations: String,
    /// Ways without a station in the other layer: whether it told them without and with stations that cannot be told.
    ways: [bool; 2],
}

/// Programme, rule, road.
type RoadKey = [String; 3];

fn key(columns: &Columns) -> RoadKey {
    ["programme", "rule", "road"].map(|name| text(columns, name))
}

fn corridors(o: &Opened, findings: &mut Findings) -> Result<()> {
    if !holds(o, "corridors") {
        return Ok(());
    }
    let simplify_m = o.folder.manifest["gap_lines_simplify_m"].as_f64().unwrap_or(0.0);
    let (mut all, mut faults): (BTreeMap<RoadKey, BTreeMap<String, Direction>>, _) = (BTreeMap::new(), Vec::new());
    let (mut lines, drawn_too) = (0u64, o.holds("corridors.geojson"));
    features(o, "corridors", findings, &mut |f| {
        lines += 1;
        let (c, id) = (&f.columns, text(&f.columns, "id"));
        if drawn_too {
            faults.extend(drawn(f, ("corridors", &id), simplify_m));
        }
        let direction = Direction {
            limit: mm(c, "limit_km"),
            longest: [mm(c, "longest_km"), mm(c, "longest_if_km")],
            one_out: mm(c, "one_out_km"),
            driven: mm(c, "driven_if_km"),
            verdict: text(c, "verdict"),
            missing: text(c, "missing"),
            stations: text(c, "stations"),
            ways: [false; 2],
        };
        all.entry(key(c)).or_default().insert(id, direction);
    })?;
    if holds(o, "corridor_gaps") {
        ways(o, (&mut all, simplify_m), &mut faults, findings)?;
    }
    if let Some(table) = o.tables.table("corridors.csv") {
        for row in table.rows() {
            let key = [row.text("programme")?, row.text("rule")?, row.text("road")?];
            match all.remove(&key) {
                Some(here) => against_row(&key.join("/"), &here, &row, &mut faults)?,
                None => faults.push(format!("corridors.geojson: no direction of {} is in it", key.join("/"))),
            }
        }
        faults.extend(all.keys().map(|key| format!("corridors.geojson: {} is in no row of corridors.csv", key.join("/"))));
        findings.checked.push(format!("{lines} directions of corridors.geojson against corridors.csv and as they are drawn"));
    }
    first_few(faults, findings);
    Ok(())
}

/// The directions of a road against its row.
fn against_row(road: &str, here: &BTreeMap<String, Direction>, row: &CsvRow<'_>, faults: &mut Vec<String>) -> Result<()> {
    let mut differs = |column: &str| faults.push(format!("corridors.geojson: {column} of {road} is not what corridors.csv says"));
    let most = |of: &dyn Fn(&Direction) -> Option<u64>| here.values().filter_map(of).max();
    let figures: [(&str, Option<u64>); 5] = [
        ("limit_km", most(&|d| d.limit)),
        ("longest_km", most(&|d| d.longest[0])),
        ("longest_if_km", most(&|d| d.longest[1])),
        ("one_out_km", most(&|d| d.one_out)),
        ("driven_if_km", most(&|d| d.driven)),
    ];
    for (column, found) in figures {
        if row.number(column)?.and_then(mm_of_km) != found {
            differs(column);
        }
    }
    let any = |word: &str| here.values().any(|d| d.verdict == word);
    let verdict = ["not_met", "cannot_be_told", "met"].into_iter().find(|word| any(word)).unwrap_or_default();
    if row.get("verdict") != verdict {
        differs("verdict");
    }
    let parts = |text: &str| -> BTreeSet<String> { text.split("; ").filter(|t| !t.is_empty()).map(str::to_owned).collect() };
    let missing: BTreeSet<String> = here.values().flat_map(|d| parts(&d.missing)).collect();
    if parts(row.get("missing")) != missing {
        differs("missing");
    }
    if !here.values().any(|d| guard(&d.stations) == row.get("stations")) {
        differs("stations");
    }
    Ok(())
}

type Directions<'a> = (&'a mut BTreeMap<RoadKey, BTreeMap<String, Direction>>, f64);

/// The longest ways against the directions that they lie on.
fn ways(o: &Opened, (all, simplify_m): Directions<'_>, faults: &mut Vec<String>, findings: &mut Findings) -> Result<()> {
    let mut n = 0u64;
    features(o, "corridor_gaps", findings, &mut |f| {
        n += 1;
        let c = &f.columns;
        let id = text(c, "id");
        let with = usize::from(c.get("unknown_count").is_some_and(|v| v.as_bool().unwrap_or(v.as_i64() == Some(1))));
        let on = if with == 1 { id.strip_suffix('?').unwrap_or(&id) } else { &id };
        let (length, ends) = (mm(c, "length_km"), mm(c, "from_km").zip(mm(c, "to_km")));
        let direction = all.get_mut(&key(c)).and_then(|road| road.get_mut(on));
        let fits = direction.is_some_and(|d| {
            let new = !std::mem::replace(&mut d.ways[with], true);
            new && d.longest[with] == length && ends.and_then(|(from, to)| to.checked_sub(from)) == length
        });
        if !fits {
            faults.push(format!("corridor_gaps.geojson: {id} is not the longest way of its direction in corridors.geojson"));
        }
        if o.holds("corridor_gaps.geojson") {
            faults.extend(drawn(f, ("corridor_gaps", &id), simplify_m));
        }
    })?;
    for (id, d) in all.values().flatten() {
        // what is the same with stations that cannot be told is told once
        let other = d.ways[1] || d.longest[0] == d.longest[1];
        if d.longest[0].is_some() && !(d.ways[0] && other) {
            faults.push(format!("corridor_gaps.geojson: the longest way of {id} is missing"));
        }
    }
    findings.checked.push(format!("{n} ways of corridor_gaps.geojson against corridors.geojson and as they are drawn"));
    Ok(())
}

/// What is wrong with how long a line is drawn; one that was simplified may be shorter.
fn drawn(f: &Record, (layer, id): (&str, &str), simplify_m: f64) -> Option<String> {
    let told = mm(&f.columns, "length_km").zip(mm(&f.columns, "joined_km"));
    let told = told.and_then(|(length, joined)| length.checked_sub(joined));
    let Some((told, (drawn, slack))) = told.zip(lines_mm(f)) else {
        return Some(format!("{layer}.geojson: {id} has no length or no line"));
    };
    if drawn > told + slack {
        return Some(format!("{layer}.geojson: {id} is drawn longer than it tells"));
    }
    (simplify_m <= 0.0 && drawn + slack < told).then(|| format!("{layer}.geojson: {id} is drawn shorter than it tells"))
}

#[cfg(test)]
mod tests {
    use crate::verify::opened::tests::{changed, faults_of};
    use serde_json::json;

    const TOWNS: &str = "county_code,settlement_id,people,short_kw\n01,a,7,1.5\n01,b,,0.0\n";
    const TOWN_LAYER: &str = r#"{"type":"FeatureCollection","features":[
{"type":"Feature","geometry":{"type":"Point","coordinates":[1.5,2.5]},"properties":{"county_code":"01","settlement_id":"a","people":7,"short_kw":1.5}},
{"type":"Feature","geometry":{"type":"Point","coordinates":[3.0,4.0]},"properties":{"county_code":"01","settlement_id":"b","people":null,"short_kw":0.0}}]}"#;
    const SETTLEMENTS: &str = r#"{"type":"FeatureCollection","features":[
{"type":"Feature","geometry":{"type":"Point","coordinates":[3.0,4.0]},"properties":{"id":"b"}},
{"type":"Feature","geometry":{"type":"Point","coordinates":[1.5,2.5]},"properties":{"id":"a"}}]}"#;

    #[test]
    fn townships_say_what_the_table_says_and_lie_where_settlements_do() {
        let files = [("townships.csv", TOWNS), ("townships.geojson", TOWN_LAYER), ("settlements.geojson", SETTLEMENTS)];
        let faults = |change| faults_of(&changed(&files, change), json!({}), super::check);
        assert_eq!(faults(("", "", "")), [""; 0]);
        for (file, from, to, want) in [
            ("townships.geojson", "\"people\":7", "\"people\":8", "feature 1: people is not what townships.csv says in row 1"),
            ("townships.geojson", "\"people\":null", "\"people\":0", "feature 2: people is not"),
            ("townships.csv", "0.0", "0.5", "feature 2: short_kw is not"),
            ("townships.csv", "01,b,,0.0\n", "", "feature 2 is in no row of townships.csv"),
            ("townships.csv", "01,b,,0.0\n", "01,b,,0.0\n01,c,,0.0\n", "it has fewer features than townships.csv has rows for"),
            ("townships.geojson", "[1.5,2.5]", "[1.6,2.5]", "a does not lie where settlements.geojson has it"),
        ] {
            let found = faults((file, from, to));
            assert!(found.len() == 1 && found[0].contains(want), "{file} {to}: {found:?}");
        }
    }

    const LOADS: &str = "station_id,day,guns,delivered_kwh\ns,ordinary,4,1.5\ns,holiday,4,3.0\n";
    const LOAD_LAYER: &str = r#"{"type":"FeatureCollection","features":[
{"type":"Feature","geometry":{"type":"Point","coordinates":[1.5,2.5]},"properties":{"station_id":"s","guns":4,"ordinary_delivered_kwh":1.5,"holiday_delivered_kwh":3.0}}]}"#;

    #[test]
    fn a_station_says_what_its_rows_of_all_days_say() {
        let files = [("station_loads.csv", LOADS), ("station_loads.geojson", LOAD_LAYER)];
        let faults = |change| faults_of(&changed(&files, change), json!({}), super::check);
        assert_eq!(faults(("", "", "")), [""; 0]);
        for (file, from, to, want) in [
            (
                "station_loads.geojson",
                "kwh\":3.0",
                "kwh\":3.5",
                "feature 1: delivered_kwh is not what station_loads.csv says in row 2",
            ),
            ("station_loads.geojson", ",\"holiday_delivered_kwh\":3.0", "", "fewer features than station_loads.csv has rows for"),
            ("station_loads.csv", "s,holiday", "s,target", "is in no row of station_loads.csv on the day holiday"),
            ("station_loads.csv", "day,guns", "day,piles", "feature 1: piles is not what"),
        ] {
            let found = faults((file, from, to));
            assert!(found.first().is_some_and(|f| f.contains(want)), "{file} {to}: {found:?}");
        }
    }

    const ROADS: &str = "programme,rule,road,verdict,limit_km,longest_km,longest_if_km,one_out_km,driven_if_km,missing,stations\n\
        p,r,G1,not_met,0.1,0.111319,0.05566,0.111319,0.05566,access,s@0.056?\n";
    // a thousandth of a degree along the equator: 111.319 m
    const LINES: &str = r#"{"type":"FeatureCollection","features":[
{"type":"Feature","geometry":{"type":"MultiLineString","coordinates":[[[0.0,0.0],[0.001,0.0]]]},"properties":{"id":"p/r/G1/1.1","programme":"p","rule":"r","road":"G1","verdict":"not_met","length_km":0.111319,"joined_km":0.0,"limit_km":0.1,"longest_km":0.111319,"longest_if_km":0.05566,"one_out_km":0.111319,"driven_if_km":0.05566,"missing":"access","stations":"s@0.056?"}}]}"#;
    const WAYS: &str = r#"{"type":"FeatureCollection","features":[
{"type":"Feature","geometry":{"type":"MultiLineString","coordinates":[[[0.0,0.0],[0.001,0.0]]]},"properties":{"id":"p/r/G1/1.1","programme":"p","rule":"r","road":"G1","unknown_count":false,"length_km":0.111319,"joined_km":0.0,"from_km":0.0,"to_km":0.111319}},
{"type":"Feature","geometry":{"type":"MultiLineString","coordinates":[[[0.0,0.0],[0.0005,0.0]]]},"properties":{"id":"p/r/G1/1.1?","programme":"p","rule":"r","road":"G1","unknown_count":true,"length_km":0.05566,"joined_km":0.0,"from_km":0.0,"to_km":0.05566}}]}"#;

    #[test]
    fn roads_are_as_their_directions_and_lines_as_long_as_they_tell() {
        let files = [("corridors.csv", ROADS), ("corridors.geojson", LINES), ("corridor_gaps.geojson", WAYS)];
        let faults = |change| faults_of(&changed(&files, change), json!({}), super::check);
        assert_eq!(faults(("", "", "")), [""; 0]);
        for (file, from, to, want) in [
            ("corridors.csv", "not_met", "met", "verdict of p/r/G1 is not what corridors.csv says"),
            ("corridors.csv", "0.1,0.11", "0.2,0.11", "limit_km of p/r/G1 is not"),
            ("corridors.csv", "access", "power", "missing of p/r/G1 is not"),
            ("corridors.csv", "s@0.056?", "s@0.056", "stations of p/r/G1 is not"),
            ("corridors.csv", "r,G1", "r,G2", "no direction of p/r/G2 is in it"),
            ("corridors.geojson", "[0.001,0.0]", "[0.002,0.0]", "p/r/G1/1.1 is drawn longer than it tells"),
            ("corridors.geojson", "[0.001,0.0]", "[0.0009,0.0]", "p/r/G1/1.1 is drawn shorter than it tells"),
            ("corridors.geojson", "[[[0.0,0.0],[0.001,0.0]]]", "[[[0.0,0.0]]]", "has no length or no line"),
            ("corridor_gaps.geojson", "[0.0005,0.0]", "[0.001,0.0]", "p/r/G1/1.1? is drawn longer than it tells"),
            ("corridor_gaps.geojson", "\"to_km\":0.05566", "\"to_km\":0.06", "p/r/G1/1.1? is not the longest way"),
            ("corridor_gaps.geojson", "\"unknown_count\":true", "\"unknown_count\":false", "is not the longest way"),
        ] {
            let found = faults((file, from, to));
            assert!(found.first().is_some_and(|f| f.contains(want)), "{file} {to}: {found:?}");
        }
        // without the way beside stations that cannot be told, which is another one
        let cut = WAYS.split_once(",\n{").map(|(first, _)| format!("{first}]}}")).unwrap();
        let found = faults_of(
            &[("corridors.csv", ROADS.to_owned()), ("corridors.geojson", LINES.to_owned()), ("corridor_gaps.geojson", cut)],
            json!({}),
            super::check,
        );
        assert_eq!(found, ["corridor_gaps.geojson: the longest way of p/r/G1/1.1 is missing"]);
    }
}
