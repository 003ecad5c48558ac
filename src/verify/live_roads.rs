//! The roads of `map.html` are the pieces of the layer of coverage: each piece that is drawn is one of it, with its class, length and ways.

use super::Findings;
use super::live_map::county_codes;
use super::opened::Opened;
use crate::config::RoadClass;
use crate::error::Result;
use crate::page::live::blocks;
use crate::page::live::roads::{ONEWAY, PieceRead, metres, read};
use crate::page::live_link::FILE;
use crate::read::record::Record;
use crate::space::units::mm_of_km;
use crate::tables::coverage;
use ::geojson::GeometryValue;
use serde_json::Value;
use std::collections::BTreeMap;

/// A piece: county, how it is driven and its class, length, ways by service; metres and one, or 0.
type Key = (usize, u8, u32, Vec<[u32; 2]>);
/// How many pieces there are of a kind, and the sums of the positions of their ends, so that none is moved.
type Tally = (i64, [i64; 2]);

/// Whether positions of as many pieces may differ by so much: each of the two is rounded by itself.
const APART: i64 = 2;

/// Checks the roads, where there are any and the folder holds the layer.
pub(super) fn check(o: &Opened, data: &Value, packed: &str, findings: &mut Findings) -> Result<Vec<String>> {
    let head = &data["head"];
    let roads = &head["roads"];
    if roads.is_null() {
        let empty = packed.is_empty();
        return Ok(if empty { Vec::new() } else { vec![format!("{FILE}: it has roads that its tables do not tell of")] });
    }
    let services: Vec<String> = strings(&head["services"]);
    let counts: Vec<usize> = numbers(&roads["counts"]);
    let pieces = blocks::unpack(packed).and_then(|bytes| read(&bytes, services.len()));
    let Some(pieces) = pieces.filter(|p| p.len() == counts.iter().sum::<usize>()) else {
        return Ok(vec![format!("{FILE}: its roads cannot be unpacked")]);
    };
    if !o.holds(coverage::FILE) {
        return Ok(Vec::new());
    }
    let counties: BTreeMap<String, usize> = county_codes(data).into_iter().map(str::to_owned).zip(0..).collect();
    let last = roads["last_class"].as_u64().unwrap_or(0);
    let names = strings(&roads["names"]);
    let (mut all, mut named) = (BTreeMap::<Key, Tally>::new(), BTreeMap::<String, i64>::new());
    let mut county = counts.iter().enumerate().flat_map(|(i, n)| std::iter::repeat_n(i, *n));
    for piece in &pieces {
        add(&mut all, key(county.next().unwrap_or(0), piece), piece.ends, 1);
        *named
            .entry((piece.name as usize).checked_sub(1).and_then(|n| names.get(n).cloned()).unwrap_or_default())
            .or_default() += 1;
    }
    let mut broken = 0;
    o.features_of(coverage::FILE, findings, &mut |f| match of_feature(f, &services, &counties) {
        Some((key, _, _)) if u64::from(key.1 & (ONEWAY - 1)) > last => {}
        Some((key, ends, name)) => {
            add(&mut all, key, ends, -1);
            *named.entry(name).or_default() -= 1;
        }
        None => broken += 1,
    })?;
    let off = |t: &Tally| t.0 != 0 || t.1.iter().any(|x| x.abs() > APART * pieces.len() as i64);
    let wrong = all.values().filter(|t| off(t)).count() + named.values().filter(|n| **n != 0).count() + broken;
    findings.checked.push(format!("{} pieces of road in {FILE} against {}", pieces.len(), coverage::FILE));
    Ok(if wrong == 0 {
        Vec::new()
    } else {
        vec![format!("{FILE}: {wrong} kinds of its pieces of road are not in {}", coverage::FILE)]
    })
}

fn key(county: usize, p: &PieceRead) -> Key {
    (county, p.how, p.length_m, p.ways.clone())
}

fn add(all: &mut BTreeMap<Key, Tally>, key: Key, ends: [[i32; 2]; 2], sign: i64) {
    let tally = all.entry(key).or_default();
    tally.0 += sign;
    for ((sum, first), last) in tally.1.iter_mut().zip(ends[0]).zip(ends[1]) {
        *sum += sign * (i64::from(first) + 3 * i64::from(last));
    }
}

/// A feature of the layer as the page would have it: key, ends, name.
fn of_feature(f: &Record, services: &[String], counties: &BTreeMap<String, usize>) -> Option<(Key, [[i32; 2]; 2], String)> {
    let text = |name: &str| f.columns.get(name).and_then(Value::as_str);
    let mm = |name: &str| f.columns.get(name).and_then(Value::as_f64).and_then(mm_of_km).and_then(|mm| u32::try_from(mm).ok());
    let class = RoadClass::from_name(text("road_class")?)?.index() as u8;
    let oneway = f.columns.get("oneway")?.as_bool()?;
    let way = |s: &str, end: &str| mm(&format!("{s}_{end}_km")).map_or(0, |mm| metres(mm) + 1);
    let ways = services.iter().map(|s| [way(s, "tail"), way(s, "head")]).collect();
    let Some(GeometryValue::LineString { coordinates }) = &f.geometry else { return None };
    let at = |i: usize| [0, 1].map(|axis| (coordinates[i][axis] * 1e5).round() as i32);
    let ends = [at(0), at(coordinates.len().checked_sub(1)?)];
    let how = class + if oneway { ONEWAY } else { 0 };
    let name = text("road_name").map_or(String::new(), crate::page::i18n::shown);
    Some(((*counties.get(text("county_code")?)?, how, metres(mm("length_km")?), ways), ends, name))
}

fn strings(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(|v| v.as_str().map(str::to_owned)).collect()
}

fn numbers(value: &Value) -> Vec<usize> {
    value.as_array().into_iter().flatten().filter_map(|v| usize::try_from(v.as_u64()?).ok()).collect()
}
