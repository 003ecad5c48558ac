//! What must hold between the tables of a run folder: the ledger closes, gap lines add up.
//! Lengths of gap lines are those that they tell; where lines were simplified, none may be drawn longer than it tells.

use super::Findings;
use crate::files::schema::{one_line, unguard};
use crate::read::formats::geojson;
use crate::read::record::{Fault, FileCrs, Place, Record, Sink};
use crate::space::units::mm_of_km;
use crate::space::{LonLat, line_mm};
use ::geojson::GeometryValue;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// County, service, criterion.
pub(super) type Key = (String, String, String);

/// Checks everything; faults name the county.
pub fn check(folder: &Path, manifest: &Value, findings: &mut Findings) {
    let Some(ledger) = BooksTable::read(&folder.join("ledger.csv"), findings) else { return };
    let (total, gaps) = check_ledger(&ledger, findings);
    check_balance(manifest, &total, findings);
    check_counties(folder, &gaps, findings);
    check_gap_lines(folder, manifest, &gaps, findings);
}

/// A CSV file in memory.
pub(super) struct BooksTable {
    name: String,
    pub(super) header: Vec<String>,
    pub(super) rows: Vec<csv::StringRecord>,
}

impl BooksTable {
    pub(super) fn read(path: &Path, findings: &mut Findings) -> Option<Self> {
        let name = path.file_name()?.to_string_lossy().into_owned();
        let read = || -> csv::Result<Self> {
            let mut csv = csv::Reader::from_path(path)?;
            let header = csv.headers()?.iter().map(str::to_owned).collect();
            Ok(Self { name: name.clone(), header, rows: csv.records().collect::<csv::Result<_>>()? })
        };
        read().map_err(|e| findings.faults.push(format!("{name} cannot be read: {e}"))).ok()
    }

    pub(super) fn cell<'a>(&self, row: &'a csv::StringRecord, column: &str) -> &'a str {
        self.header.iter().position(|h| h == column).and_then(|i| row.get(i)).unwrap_or_default()
    }

    /// Text of a cell, without the apostrophe that spreadsheets need: what layers are compared with.
    pub(super) fn text<'a>(&self, row: &'a csv::StringRecord, column: &str) -> &'a str {
        unguard(self.cell(row, column))
    }

    fn mm(&self, row: &csv::StringRecord, column: &str) -> Option<u64> {
        self.cell(row, column).parse().ok().and_then(mm_of_km)
    }
}

/// Covered + gap = road in every row, classes add up to `all`. Returns road length by county and gaps by key.
pub(super) fn check_ledger(t: &BooksTable, findings: &mut Findings) -> (BTreeMap<String, u64>, BTreeMap<Key, u64>) {
    let (mut roads, mut gaps) = (BTreeMap::new(), BTreeMap::new());
    let mut parts: BTreeMap<Key, [u64; 3]> = BTreeMap::new();
    let mut all: BTreeMap<Key, [u64; 3]> = BTreeMap::new();
    for row in &t.rows {
        let key: Key =
            (t.text(row, "county_code").to_owned(), t.cell(row, "service").to_owned(), t.cell(row, "criterion").to_owned());
        let (Some(road), Some(covered), Some(gap)) = (t.mm(row, "road_km"), t.mm(row, "covered_km"), t.mm(row, "gap_km")) else {
            findings.faults.push(format!("{}: county {} has a length that is no number", t.name, key.0));
            continue;
        };
        if covered + gap != road {
            findings.faults.push(format!(
                "{}: county {} does not close for {} {}: {covered} + {gap} mm is not {road} mm",
                t.name, key.0, key.1, key.2
            ));
        }
        if t.cell(row, "road_class") == "all" {
            roads.insert(key.0.clone(), road);
            gaps.insert(key.clone(), gap);
            all.insert(key, [road, covered, gap]);
        } else {
            let sum = parts.entry(key).or_default();
            *sum = [sum[0] + road, sum[1] + covered, sum[2] + gap];
        }
    }
    for (key, want) in &all {
        if parts.get(key).copied().unwrap_or_default() != *want {
            findings.faults.push(format!("{}: the classes of county {} do not add up for {} {}", t.name, key.0, key.1, key.2));
        }
    }
    findings.checked.push(format!("covered + gap = road in {} rows of the ledger, to the millimetre", t.rows.len()));
    (roads, gaps)
}

pub(super) fn check_balance(manifest: &Value, roads: &BTreeMap<String, u64>, findings: &mut Findings) {
    let mm = |key: &str| manifest["balance_km"][key].as_f64().and_then(mm_of_km).unwrap_or(u64::MAX / 8);
    let ledgers: u64 = roads.values().sum();
    if ledgers != mm("in_ledgers") {
        findings.faults.push(format!("the ledgers hold {ledgers} mm of road and the manifest says {} mm", mm("in_ledgers")));
    }
    // counties of a round that take no part in it, or could not be computed
    let without_rows = manifest["balance_km"].get("in_counties_without_rows").map_or(0, |_| mm("in_counties_without_rows"));
    let left_out = mm("left_out_by_class_or_access") + mm("drawn_twice") + mm("cut_off_pieces") + mm("outside_counties");
    let parts = left_out + without_rows + mm("in_ledgers");
    if parts != mm("read") {
        findings.faults.push(format!("{} mm of road were read and {parts} mm are accounted for", mm("read")));
    }
    findings.checked.push("every millimetre of road that was read is in a ledger or named as left out".to_owned());
}

/// Hands features on, and counts those that are broken.
struct Properties<'a> {
    each: &'a mut dyn FnMut(&Record),
    broken: &'a mut u64,
}

impl Sink for Properties<'_> {
    fn crs(&mut self, _: &FileCrs) -> crate::error::Result<()> {
        Ok(())
    }

    fn record(&mut self, _: Place, record: std::result::Result<Record, Fault>) {
        match record {
            Ok(r) => (self.each)(&r),
            Err(_) => *self.broken += 1,
        }
    }
}

/// Hands the attributes of every feature of a layer on; what is broken is a fault.
pub(super) fn features(folder: &Path, layer: &str, findings: &mut Findings, each: &mut dyn FnMut(&Record)) {
    let path = folder.join(format!("{layer}.geojson"));
    let shown = format!("{layer}.geojson");
    let mut broken = 0u64;
    let outcome = std::fs::File::open(&path)
        .map_err(|e| crate::error::Error::io("open the file", &path, &e))
        .and_then(|f| geojson::read(std::io::BufReader::new(f), &shown, &mut Properties { each, broken: &mut broken }));
    if let Err(e) = outcome {
        findings.faults.push(e.to_string().replace('\n', " "));
    }
    if broken > 0 {
        findings.faults.push(format!("{shown}: {broken} features are broken"));
    }
}

fn check_counties(folder: &Path, gaps: &BTreeMap<Key, u64>, findings: &mut Findings) {
    let mut faults = Vec::new();
    let mut seen = 0;
    features(folder, "counties", findings, &mut |f| {
        let p = &f.columns;
        seen += 1;
        let code = one_line(p.get("code").and_then(Value::as_str).unwrap_or_default());
        faults.extend(other_gaps(&code, p, gaps));
    });
    findings.faults.append(&mut faults);
    findings.checked.push(format!("{seen} counties of the layer against the ledger"));
}

/// Gaps of a county of the layer that are not those of the ledger.
pub(super) fn other_gaps(code: &str, p: &crate::read::record::Columns, gaps: &BTreeMap<Key, u64>) -> Vec<String> {
    let of_county = gaps.range((code.to_owned(), String::new(), String::new())..).take_while(|(k, _)| k.0 == code);
    let columns = of_county.map(|((_, service, criterion), want)| (format!("{service}_gap_km_beyond_{criterion}"), want));
    let other = columns.filter(|(column, want)| p.get(column).and_then(Value::as_f64).and_then(mm_of_km) != Some(**want));
    other.map(|(column, _)| format!("counties.geojson: {column} of county {code} is not what the ledger says")).collect()
}

fn check_gap_lines(folder: &Path, manifest: &Value, gaps: &BTreeMap<Key, u64>, findings: &mut Findings) {
    let mut sums: BTreeMap<Key, u64> = BTreeMap::new();
    let (mut lines, mut too_long) = (0u64, Vec::new());
    let simplify_m = manifest["gap_lines_simplify_m"].as_f64().unwrap_or(0.0);
    features(folder, "gaps", findings, &mut |f| {
        let p = &f.columns;
        let text = |k: &str| one_line(p.get(k).and_then(Value::as_str).unwrap_or_default());
        let told_mm = p.get("length_km").and_then(Value::as_f64).and_then(mm_of_km).unwrap_or(0);
        *sums.entry((text("county_code"), text("service"), text("criterion"))).or_default() += told_mm;
        lines += 1;
        if simplify_m > 0.0 && drawn_mm(f).is_none_or(|(mm, slack)| mm > told_mm + slack) {
            too_long.push(text("id"));
        }
    });
    findings.faults.extend(too_long.iter().map(|id| format!("gaps.geojson: the line of {id} is longer than its length_km")));
    let written: Vec<(String, String)> = manifest["gap_lines_written"]
        .as_array()
        .map(|a| {
            a.iter()
                .map(|x| {
                    (x["service"].as_str().unwrap_or_default().to_owned(), x["criterion"].as_str().unwrap_or_default().to_owned())
                })
                .collect()
        })
        .unwrap_or_default();
    for (key, want) in gaps.iter().filter(|(k, _)| written.contains(&(k.1.clone(), k.2.clone()))) {
        let got = sums.get(key).copied().unwrap_or(0);
        if got != *want {
            findings.faults.push(format!(
                "gaps.geojson: the lines of county {} for {} {} add up to {got} mm, the ledger says {want} mm",
                key.0, key.1, key.2
            ));
        }
    }
    findings.checked.push(format!("{lines} gap lines add up to the gaps of the ledger, to the millimetre"));
    if simplify_m > 0.0 {
        findings.checked.push(format!("none of them, simplified to {simplify_m} m, is drawn longer than it tells"));
    }
}

/// Length of a line as it is drawn, and by how much that may be too long: six decimals move an end of a segment by up to
/// 80 mm, and lengths of short segments are right to 2 parts in a million. None for what is no line.
fn drawn_mm(f: &Record) -> Option<(u64, u64)> {
    let Some(GeometryValue::LineString { coordinates }) = &f.geometry else { return None };
    let points: Vec<LonLat> =
        coordinates.iter().map(|c| c.as_slice()).map(|c| LonLat::new(*c.first()?, *c.get(1)?).ok()).collect::<Option<_>>()?;
    let mm = line_mm(&points);
    (points.len() > 1).then_some((mm, 200 * points.len() as u64 + mm / 100_000))
}
