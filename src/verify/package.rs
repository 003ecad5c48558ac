//! `region.gpkg` and `round.gpkg` say what the tables and the layer of counties say, value by value, and hold each of them; their content
//! is what the manifest seals.

use super::opened::{COUNTY_CODE, Opened, county_code};
use super::{Findings, first_few};
use crate::error::Result;
use crate::files::csv_table::CsvTable;
use crate::files::geopackage::{Held, Package, PackageTable, content_sha256, unique_names};
use crate::files::kind::Kind;
use crate::files::once::called;
use crate::files::schema::guard;
use crate::read::guard::guarded;
use crate::read::record::{Columns, Record};
use crate::tables::{coverage, issues, packaged};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// Layers that every one has.
const LAYERS: [&str; 4] = ["counties", "gaps", "settlements", "stations"];
/// Layers whose features are held against their GeoJSON one after the other.
const IN_ORDER: [&str; 5] = ["townships", "station_loads", "corridors", "corridor_gaps", issues::POINTS];
/// The first format that seals what it says.
const SEALED: u64 = 3;

/// Checks the GeoPackage of a folder that has one.
pub(super) fn check(o: &Opened, findings: &mut Findings) -> Result<()> {
    let outputs = o.folder.manifest["outputs"].as_array().map(Vec::as_slice).unwrap_or_default();
    let files: Vec<&Value> = outputs.iter().filter(|f| f["name"].as_str().is_some_and(|n| n.ends_with(".gpkg"))).collect();
    let young = o.folder.manifest["format_version"].as_u64().is_some_and(|v| v >= SEALED);
    if young && files.is_empty() && is_due(o) {
        let name = if o.folder.kind == Kind::Round { "round.gpkg" } else { "region.gpkg" };
        findings.faults.push(format!("{name} is missing: [output] does not leave it out"));
    }
    for entry in files {
        let name = entry["name"].as_str().unwrap_or_default();
        let path = o.folder.path.join(name);
        let read = guarded(|| -> Result<()> {
            let seal = entry["content_sha256"].as_str();
            if seal.is_some() && seal != Some(content_sha256(&path)?.as_str()) {
                findings.faults.push(format!("{name}: what it says is not what content_sha256 of the manifest seals"));
            }
            against_tables(o, name, &Package::open(&path)?, young, findings)
        });
        match read {
            Some(read) => read?,
            None => findings.faults.push(format!("{name}: the GeoPackage cannot be read")),
        }
    }
    Ok(())
}

/// The GeoPackage of a folder.
fn path_of(o: &Opened) -> Option<std::path::PathBuf> {
    let outputs = o.folder.manifest["outputs"].as_array()?;
    let name = outputs.iter().filter_map(|f| f["name"].as_str()).find(|n| n.ends_with(".gpkg"))?;
    Some(o.folder.path.join(name))
}

/// Whether the GeoPackage of a folder has a layer; one that cannot be read is told of elsewhere.
pub(super) fn holds_layer(o: &Opened, layer: &str) -> bool {
    let tables = || path_of(o).map(|path| -> Result<Vec<PackageTable>> { Package::open(&path)?.tables() });
    let there = |all: &Vec<PackageTable>| all.iter().any(|t| t.is_layer && t.name == layer);
    guarded(tables).flatten().and_then(Result::ok).as_ref().is_some_and(there)
}

/// Hands on the rows of a layer of it as features without geometry.
///
/// # Errors
/// Input, when it cannot be read.
pub(super) fn features(o: &Opened, layer: &str, each: &mut dyn FnMut(&Record)) -> Result<()> {
    let Some(path) = path_of(o) else { return Ok(()) };
    let mut rows: Vec<Vec<Held>> = Vec::new();
    let columns = Package::open(&path)?.rows(layer, &mut |row| rows.push(row))?;
    for row in rows {
        let columns: Columns = columns.iter().cloned().zip(row.into_iter().map(as_json)).collect();
        each(&Record { id: None, geometry: None, columns });
    }
    Ok(())
}

fn as_json(value: Held) -> Value {
    match value {
        Held::Integer(i) => i.into(),
        Held::Real(v) => v.into(),
        Held::Text(t) => t.into(),
        Held::Null | Held::Bytes => Value::Null,
    }
}

/// Whether the folder was to have one; a build without it writes none, and says so nowhere but in its dictionary.
fn is_due(o: &Opened) -> bool {
    let out = o.folder.manifest["output"]["without"].as_array();
    let left_out = out.is_some_and(|list| list.iter().any(|w| w == "gpkg"));
    let told = o.tables.table("dictionary.csv").is_some_and(|t| t.rows().any(|r| r.get("file").contains(".gpkg/")));
    matches!(o.folder.kind, Kind::Run | Kind::Round) && !left_out && told
}

/// The table of the folder that says the same as one of the GeoPackage.
fn file_of(table: &str) -> String {
    packaged().find(|(_, name)| *name == table).map_or_else(|| format!("{table}.csv"), |(file, _)| file.to_owned())
}

fn against_tables(o: &Opened, name: &str, package: &Package, young: bool, findings: &mut Findings) -> Result<()> {
    let there = package.tables()?;
    let mut wrong = Vec::new();
    let holds = |table: &str, layer: bool| there.iter().any(|t| t.name == table && t.is_layer == layer);
    if young {
        let told = o.tables.table("dictionary.csv").map(|t| layers_told(t, name)).unwrap_or_default();
        let always = LAYERS.iter().filter(|l| !told.contains(**l)).map(|l| (*l).to_owned());
        let layers: Vec<String> = always.chain(told.iter().cloned()).filter(|l| !holds(l, true)).collect();
        let tables = packaged().filter(|(file, name)| o.holds(file) && !holds(name, false)).map(|(_, name)| name.to_owned());
        wrong.extend(layers.into_iter().chain(tables).map(|t| format!("{name}: its table {t} is missing")));
    }
    let (mut values, mut compared) = (0, 0);
    for table in &there {
        if table.is_layer {
            if table.name == "counties" && o.holds("counties.geojson") {
                values += counties(o, (name, package, table), young, &mut wrong, findings)?;
                compared += 1;
            } else if IN_ORDER.contains(&table.name.as_str()) && o.holds(&format!("{}.geojson", table.name)) {
                values += in_order(o, (name, package, table), &mut wrong, findings)?;
                compared += 1;
            } else if table.name == coverage::NAME && o.holds(coverage::FILE) {
                values += in_any_order(o, (name, package, table), &mut wrong, findings)?;
                compared += 1;
            }
            continue;
        }
        match o.tables.table(&file_of(&table.name)) {
            Some(csv) => {
                values += rows((name, package, table), csv, young, &mut wrong)?;
                compared += 1;
            }
            None if young => wrong.push(format!("{name}: its table {} is in no table of the folder", table.name)),
            None => {}
        }
    }
    first_few(wrong, findings);
    findings.checked.push(format!("the GeoPackage holds the {values} values of {compared} tables of the folder"));
    Ok(())
}

type Named<'a> = (&'a str, &'a Package, &'a PackageTable);

/// The rows of a table, one after the other as in its CSV; gives how many values it has.
fn rows((name, package, table): Named<'_>, csv: &CsvTable, young: bool, wrong: &mut Vec<String>) -> Result<usize> {
    let mut all: Vec<Vec<Held>> = Vec::new();
    let columns = package.rows(&table.name, &mut |row| all.push(row))?;
    let (own, file) = (&table.name, file_of(&table.name));
    let here = unique_names(csv.columns().iter().map(String::as_str));
    if young && columns != here {
        wrong.push(format!("{name}: the columns of its table {own} are not those of {file}"));
        return Ok(0);
    }
    let due = csv.rows().count();
    if all.len() != due {
        wrong.push(format!("{name}: its table {own} has {} rows, and {file} has {due}", all.len()));
        return Ok(0);
    }
    let mut values = 0;
    for (row, told) in all.iter().zip(csv.rows()) {
        for (name_here, value) in columns.iter().zip(row) {
            let Some(column) = here.iter().position(|c| c == name_here).map(|i| &csv.columns()[i]) else { continue };
            values += 1;
            if !is_cell(value, told.get(column)) {
                let row = told.cells().take(3).collect::<Vec<_>>().join(" ");
                wrong.push(format!("{name}: {column} of its table {own} is not what {file} says, row {row}"));
            }
        }
    }
    Ok(values)
}

/// Whether a value is what a cell of CSV says.
fn is_cell(value: &Held, cell: &str) -> bool {
    match value {
        Held::Null => cell.is_empty(),
        Held::Integer(i) => i.to_string() == cell || matches!((i, cell), (0, "false") | (1, "true")),
        Held::Real(v) => format!("{v:?}") == cell,
        Held::Text(t) => guard(t) == cell,
        Held::Bytes => false,
    }
}

/// The layer of counties against its GeoJSON.
fn counties(
    o: &Opened,
    (name, package, table): Named<'_>,
    young: bool,
    wrong: &mut Vec<String>,
    findings: &mut Findings,
) -> Result<usize> {
    let mut all: Vec<Vec<Held>> = Vec::new();
    let columns = package.rows(&table.name, &mut |row| all.push(row))?;
    // one that is called like the number or the place of a row has a 2 behind its name
    let at = |column: &str| columns.iter().position(|c| c == column || c.strip_suffix("_2") == Some(column));
    let Some(code_at) = at(called(COUNTY_CODE, |c| at(c).is_some())) else {
        wrong.push(format!("{name}: the columns of its table counties are not those of counties.geojson"));
        return Ok(0);
    };
    let code = |row: &[Held]| if let Held::Text(t) = &row[code_at] { t.clone() } else { String::new() };
    let mut by_code: BTreeMap<String, Vec<Held>> = all.into_iter().map(|row| (code(&row), row)).collect();
    let mut values = 0;
    o.features("counties", findings, &mut |f| {
        let told: &Columns = &f.columns;
        let code = county_code(told);
        let Some(row) = by_code.remove(code) else {
            wrong.push(format!("{name}: county {code} is not in its table counties"));
            return;
        };
        for (column, told) in told.iter() {
            let Some(i) = at(column) else {
                if young {
                    wrong.push(format!("{name}: its table counties has no {column}"));
                }
                continue;
            };
            values += 1;
            if !is_json(&row[i], told) {
                wrong.push(format!("{name}: {column} of county {code} is not what counties.geojson says"));
            }
        }
    })?;
    wrong.extend(by_code.keys().map(|code| format!("{name}: county {code} of its table counties is not in counties.geojson")));
    Ok(values)
}

/// The layers that a dictionary describes of a package.
fn layers_told(dictionary: &CsvTable, name: &str) -> BTreeSet<String> {
    let of_package = |file: &str| Some(file.strip_prefix(name)?.strip_prefix('/')?.to_owned());
    dictionary.rows().filter_map(|row| of_package(row.get("file"))).collect()
}

/// A layer against its GeoJSON, feature by feature.
fn in_order(o: &Opened, (name, package, table): Named<'_>, wrong: &mut Vec<String>, findings: &mut Findings) -> Result<usize> {
    let (own, mut all) = (&table.name, Vec::<Vec<Held>>::new());
    let columns = package.rows(own, &mut |row| all.push(row))?;
    let (mut rows, mut values, mut n) = (all.iter(), 0, 0u64);
    o.features(own, findings, &mut |f| {
        n += 1;
        let Some(row) = rows.next() else { return };
        let told = |column: &String| f.columns.get(column).or_else(|| f.columns.get(column.strip_suffix("_2")?));
        values += row.len();
        let differs = columns.iter().zip(row).find(|(column, value)| !told(column).is_some_and(|told| is_json(value, told)));
        if let Some((column, _)) = differs {
            wrong.push(format!("{name}: {column} of its table {own} is not what {own}.geojson says, feature {n}"));
        }
    })?;
    if n != all.len() as u64 {
        wrong.push(format!("{name}: its table {own} has {} rows, and {own}.geojson has {n}", all.len()));
    }
    Ok(values)
}

/// The layer of coverage against its FlatGeobuf, whose features have an order of their own: that both hold the same rows, however often
/// each, is told from sums of fingerprints.
fn in_any_order(
    o: &Opened,
    (name, package, table): Named<'_>,
    wrong: &mut Vec<String>,
    findings: &mut Findings,
) -> Result<usize> {
    let (own, mut here, mut there, mut values) = (&table.name, Rows::default(), Rows::default(), 0);
    let mut by_name: Vec<(String, usize)> = package.columns(own)?.into_iter().zip(0..).collect();
    by_name.sort();
    package.rows(own, &mut |row| {
        values += row.len();
        here.add(by_name.iter().map(|(column, i)| (column.as_str(), told_of(&row[*i]))));
    })?;
    o.features_of(coverage::FILE, findings, &mut |f| {
        there.add(f.columns.iter().map(|(column, value)| (column.as_str(), told_of_json(value))));
    })?;
    if here != there {
        wrong.push(format!("{name}: the rows of its table {own} are not those of {}", coverage::FILE));
    }
    Ok(values)
}

/// Rows of a table without their order: how many, and the sum of their fingerprints.
#[derive(Default, PartialEq)]
struct Rows {
    count: usize,
    sum: u128,
}

impl Rows {
    /// Adds a row: its columns by name, each with what it says. An id that was made unique counts as what it was.
    fn add<'c>(&mut self, cells: impl Iterator<Item = (&'c str, Told)>) {
        let mut hash = Sha256::new();
        for (column, (kind, cell)) in cells {
            hash.update([kind]);
            let cell = match (column, cell.rsplit_once('#')) {
                ("id", Some((id, n))) if n.parse::<u32>().is_ok() => id.to_owned(),
                _ => cell,
            };
            for text in [column, &cell] {
                hash.update((text.len() as u64).to_le_bytes());
                hash.update(text);
            }
        }
        let print = hash.finalize().first_chunk().map_or(0, |b| u128::from_le_bytes(*b));
        self.count += 1;
        self.sum = self.sum.wrapping_add(print);
    }
}

/// What a value is, and what it says: nothing, a number, text. True is 1 in a GeoPackage.
type Told = (u8, String);

fn told_of(value: &Held) -> Told {
    match value {
        Held::Null | Held::Bytes => (0, String::new()),
        Held::Integer(i) => (1, i.to_string()),
        Held::Real(v) => (1, format!("{v:?}")),
        Held::Text(t) => (2, t.clone()),
    }
}

fn told_of_json(value: &Value) -> Told {
    match value {
        Value::Bool(b) => (1, u8::from(*b).to_string()),
        Value::String(t) => (2, t.clone()),
        Value::Number(n) if n.is_f64() => (1, format!("{:?}", n.as_f64().unwrap_or_default())),
        Value::Number(n) => (1, n.to_string()),
        _ => (0, String::new()),
    }
}

/// Whether a value is one of JSON.
fn is_json(value: &Held, told: &Value) -> bool {
    match value {
        Held::Null => told.is_null(),
        Held::Integer(i) => told.as_i64() == Some(*i) || told.as_bool().map(i64::from) == Some(*i),
        Held::Real(v) => told.as_f64() == Some(*v),
        Held::Text(t) => told.as_str() == Some(t.as_str()),
        Held::Bytes => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_that_of_a_cell_or_of_json() {
        for (value, cell, same) in [
            (Held::Null, "", true),
            (Held::Null, "0", false),
            (Held::Integer(1), "true", true),
            (Held::Integer(0), "true", false),
            (Held::Integer(7), "7", true),
            (Held::Real(100.0), "100.0", true),
            (Held::Real(1e-6), "1e-6", true),
            (Held::Real(0.5), "0.500001", false),
            (Held::Text("=1".to_owned()), "'=1", true),  // a database runs no formula
            (Held::Text("a\nb".to_owned()), "ab", true), // a cell is one line
            (Held::Text("a".to_owned()), "b", false),
            (Held::Bytes, "", false),
        ] {
            assert_eq!(is_cell(&value, cell), same, "{value:?} {cell}");
        }
        for (value, told, same) in [
            (Held::Null, Value::Null, true),
            (Held::Integer(1), true.into(), true),
            (Held::Integer(1), false.into(), false),
            (Held::Integer(3), 3.into(), true),
            (Held::Real(2.5), 2.5.into(), true),
            (Held::Text("a".to_owned()), "a".into(), true),
            (Held::Text("a".to_owned()), Value::Null, false),
        ] {
            assert_eq!(is_json(&value, &told), same, "{value:?} {told}");
        }
    }
}
