//! `map.html` says what the folder says: its kilometres are the ledger's, its layers those of the layers' files value by value, its roads
//! those of the layer of coverage; around them stands the page of this version, to the byte.

use super::opened::{COUNTY_CODE, Opened, county_code, headline_slug};
use super::selection::same_words;
use super::{Findings, first_few};
use crate::config::region_file::RegionTable;
use crate::config::toml_text::from_values;
use crate::error::Result;
use crate::files::kind::Kind;
use crate::files::lang::Lang;
use crate::files::once::called;
use crate::files::schema::unguard;
use crate::input;
use crate::page::i18n::shown;
use crate::page::live::{BLOCKS, blocks, layers, printed};
use crate::page::live_link::{FILE, NAME};
use crate::read::record::{Columns, Record};
use crate::space::units::mm_of_km;
use crate::tables::{counties, gaps};
use ::geojson::GeometryValue;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Checks the page, where the folder holds it or should.
pub(super) fn check(o: &Opened, findings: &mut Findings) -> Result<()> {
    let m = &o.folder.manifest;
    let left_out = m["output"]["without"].as_array().is_some_and(|list| list.iter().any(|w| w == NAME));
    let due = matches!(o.folder.kind, Kind::Run | Kind::Round) && same_words(&o.folder) && !m["output"].is_null() && !left_out;
    if !o.holds(FILE) {
        findings.faults.extend(due.then(|| format!("{FILE} is missing: the folder was asked for it")));
        return Ok(());
    }
    let bytes = input::whole(&o.folder.path.join(FILE), "read the file", input::MOST_WHOLE)?;
    let page = String::from_utf8_lossy(&bytes);
    let packed = BLOCKS.map(|id| blocks::packed(&page, id));
    let [Some(tables), Some(roads)] = packed else {
        findings.faults.push(format!("{FILE}: it lacks a block of data"));
        return Ok(());
    };
    if same_words(&o.folder) && frame(o, [tables, roads])? != page {
        findings.faults.push(format!("{FILE}: around its data it is not the page that this version writes"));
    }
    let unpacked = blocks::unpack(tables).and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
    let Some(data) = unpacked else {
        findings.faults.push(format!("{FILE}: its tables cannot be unpacked"));
        return Ok(());
    };
    let mut faults = kilometres(o, &data);
    let mut rows = 0;
    for layer in data["layers"].as_array().into_iter().flatten() {
        rows += layer["rows"].as_array().map_or(0, Vec::len);
        faults.extend(of_layer(o, layer, findings)?);
    }
    faults.extend(super::live_roads::check(o, &data, roads, findings)?);
    first_few(faults, findings);
    findings
        .checked
        .push(format!("{rows} rows of the tables in {FILE} against the layers, and its kilometres against the ledger"));
    Ok(())
}

/// The page around packed blocks, as this version prints it.
fn frame(o: &Opened, packed: [&str; 2]) -> Result<String> {
    let m = &o.folder.manifest;
    let region: RegionTable = from_values(m["region"].clone()).unwrap_or_default();
    let lang = if m["command"]["lang"] == Lang::Zh.as_str() { Lang::Zh } else { Lang::En };
    printed(&region, (lang, o.folder.kind == Kind::Round), packed)
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// The rows of a layer by the names of its columns.
fn rows(layer: &Value) -> impl Iterator<Item = BTreeMap<&str, &Value>> {
    let columns: Vec<&str> = list(&layer["columns"]).iter().filter_map(Value::as_str).collect();
    list(&layer["rows"]).iter().map(move |row| columns.iter().copied().zip(list(row)).collect())
}

/// Codes of the counties of the page, in their order.
pub(super) fn county_codes(data: &Value) -> Vec<&str> {
    let county = list(&data["layers"]).iter().find(|l| l["name"] == counties::NAME);
    county.into_iter().flat_map(rows).filter_map(|r| r.get(called(COUNTY_CODE, |c| r.contains_key(c)))?.as_str()).collect()
}

/// Road and gap of every county: those of the ledger at the limits that were asked; between them no less than at the next.
fn kilometres(o: &Opened, data: &Value) -> Vec<String> {
    let (Some(ledger), head) = (&o.ledger, &data["head"]) else { return Vec::new() };
    let codes = county_codes(data);
    let mut faults = Vec::new();
    if codes.iter().copied().collect::<BTreeSet<_>>() != ledger.roads.keys().map(String::as_str).collect() {
        return vec![format!("{FILE}: its counties are not those of ledger.csv")];
    }
    let steps: Vec<u64> = list(&head["steps_mm"]).iter().filter_map(Value::as_u64).collect();
    for (i, code) in codes.iter().enumerate() {
        let road = head["counties"]["road_mm"][i].as_u64();
        if road != ledger.roads.get(*code).copied() {
            faults.push(format!("{FILE}: the road of county {code} is not that of ledger.csv"));
        }
        for (s, service) in list(&head["services"]).iter().filter_map(Value::as_str).enumerate() {
            let told = list(&head["counties"]["gap_mm"][s][i]);
            let gaps: Vec<u64> = told.iter().filter_map(Value::as_u64).collect();
            if gaps.len() != steps.len() || !gaps.is_sorted_by(|a, b| a >= b) || gaps.first().copied() > road {
                faults.push(format!("{FILE}: the kilometres of county {code} for {service} are not those of a slider"));
            }
        }
    }
    faults.extend(asked(o, head, &codes, &steps));
    faults
}

/// What the ledger says at its distances stands on the page, and no other distance is called asked.
fn asked(o: &Opened, head: &Value, codes: &[&str], steps: &[u64]) -> Vec<String> {
    let Some(table) = o.tables.table(crate::tables::ledger::FILE) else { return Vec::new() };
    let (mut faults, mut limits) = (Vec::new(), BTreeSet::new());
    for row in table.rows().filter(|r| r.get("road_class") == "all") {
        let Some(limit) = row.number("limit_km").ok().flatten().and_then(mm_of_km) else { continue };
        limits.insert(limit);
        let (code, service) = (unguard(row.get("county_code")), row.get("service"));
        let at = (
            codes.iter().position(|c| *c == code),
            list(&head["services"]).iter().position(|s| s == service),
            steps.iter().position(|s| *s == limit),
        );
        let told = match at {
            (Some(i), Some(s), Some(step)) => head["counties"]["gap_mm"][s][i][step].as_u64(),
            _ => None,
        };
        if told != row.mm("gap_km").ok() {
            faults.push(format!("{FILE}: the gap of county {code} for {service} is not that of ledger.csv"));
        }
    }
    let on_page: BTreeSet<u64> = list(&head["asked_mm"]).iter().filter_map(Value::as_u64).collect();
    if on_page != limits {
        faults.push(format!("{FILE}: the distances that it calls asked are not those of ledger.csv"));
    }
    faults
}

/// The rows of a layer are the features of its file; of gaps the longest of each service.
fn of_layer(o: &Opened, layer: &Value, findings: &mut Findings) -> Result<Vec<String>> {
    let name = layer["name"].as_str().unwrap_or_default();
    let Some(known) = layers::SHOWN.iter().find(|l| l.name == name) else {
        return Ok(vec![format!("{FILE}: it has a layer that this version does not write")]);
    };
    if !o.holds(&format!("{name}.geojson")) {
        return Ok(Vec::new());
    }
    let of_counties = name == counties::NAME;
    let mut features = BTreeMap::new();
    o.features(name, findings, &mut |f| {
        let id =
            if of_counties { county_code(&f.columns) } else { f.columns.get("id").and_then(Value::as_str).unwrap_or_default() };
        features.insert(id.to_owned(), kept(f, known.columns));
    })?;
    let mut faults = Vec::new();
    let mut lengths = Vec::new();
    for (row, shape) in rows(layer).zip(list(&layer["shapes"])) {
        let id = if of_counties { called(COUNTY_CODE, |c| row.contains_key(c)) } else { "id" };
        let key = row.get(id).and_then(|v| v.as_str()).unwrap_or_default();
        let Some((columns, point)) = features.get(key) else {
            faults.push(format!("{FILE}: {name}.geojson has no feature {key}"));
            continue;
        };
        let same = |(column, value): (&&str, &&Value)| columns.get(*column).is_some_and(|want| is_value(column, value, want));
        if !row.iter().all(same) || row.len() != columns.len() || point.is_some_and(|p| !is_near(shape, p)) {
            faults.push(format!("{FILE}: {key} is not what {name}.geojson says of it"));
        }
        lengths.extend(row.get("length_km").filter(|_| name == gaps::NAME).and_then(|v| v.as_f64()));
    }
    let n = list(&layer["rows"]).len();
    let complete =
        if name == gaps::NAME { longest(&features, &o.folder.manifest) == sorted(lengths) } else { n == features.len() };
    if !complete || n != list(&layer["shapes"]).len() {
        faults.push(format!("{FILE}: of {name}.geojson it does not have the rows that it should"));
    }
    Ok(faults)
}

/// What the page may have of a feature, and where it is, of a point.
fn kept(f: &Record, columns: &[&str]) -> (Columns, Option<[f64; 2]>) {
    let named = columns.iter().map(|c| called(c, |c| f.columns.contains_key(c)));
    let kept = named.filter_map(|c| Some((c.to_owned(), f.columns.get(c)?.clone()))).collect();
    let point = match &f.geometry {
        Some(GeometryValue::Point { coordinates }) => Some([coordinates[0], coordinates[1]]),
        _ => None,
    };
    (kept, point)
}

fn is_value(column: &str, told: &Value, want: &Value) -> bool {
    match want {
        Value::String(text) if !layers::is_key(column) => told.as_str() == Some(&shown(text)),
        Value::Number(n) => told.as_f64() == n.as_f64(),
        _ => told == want,
    }
}

/// Whether a point of the page, in 0.00001°, is the one of the layer.
fn is_near(shape: &Value, [lon, lat]: [f64; 2]) -> bool {
    let at = |i: usize| shape[i].as_f64().map(|n| n / 1e5);
    at(0).zip(at(1)).is_some_and(|(x, y)| (x - lon).abs() < 6e-6 && (y - lat).abs() < 6e-6)
}

/// Lengths of the longest stretches of each service at the headline limit, descending over all services.
fn longest(features: &BTreeMap<String, (Columns, Option<[f64; 2]>)>, manifest: &Value) -> Vec<f64> {
    let headline = headline_slug(manifest).map(Value::from);
    let mut by_service: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
    let of_headline = features.values().filter(|(c, _)| headline.is_none() || c.get("criterion") == headline.as_ref());
    for (columns, _) in of_headline {
        let service = columns.get("service").and_then(Value::as_str).unwrap_or_default();
        by_service.entry(service).or_default().extend(columns.get("length_km").and_then(Value::as_f64));
    }
    sorted(by_service.into_values().flat_map(|all| sorted(all).into_iter().take(layers::MOST_GAPS)).collect())
}

fn sorted(mut all: Vec<f64>) -> Vec<f64> {
    all.sort_by(|a, b| b.total_cmp(a));
    all
}
