//! Locations of the Open Charge Point Interface, 2.2.1 and 2.3.0 (which names the vehicles of a parking place).
//!
//! # References
//! OCPI 2.2.1, module Locations: 8.3.3 (`max_voltage` is line to neutral for AC_3_PHASE; `max_electric_power` in watts),
//! 8.4.26 (status of an EVSE).

use super::{Outcome, Row, kilowatts, number_of, power_of, text_of, unknown};
use crate::config::station_words::{Access, Status};
use crate::error::Location;
use crate::issue::{IssueCode, Issues, Layer};
use crate::read::power_words::Unit;
use crate::read::record::Columns;
use crate::read::station::{Station, word_set};
use crate::space::LonLat;
use serde_json::Value;
use std::collections::BTreeMap;

/// `status` of an EVSE.
const EVSE_STATES: &[&str] =
    &["AVAILABLE", "BLOCKED", "CHARGING", "INOPERATIVE", "OUTOFORDER", "PLANNED", "REMOVED", "RESERVED", "UNKNOWN", ""];
/// Those that say that a car may charge there, now or in a while.
const IN_SERVICE: &[&str] = &["AVAILABLE", "BLOCKED", "CHARGING", "RESERVED"];
/// Those that say that none may.
const NOT_IN_SERVICE: &[&str] = &["REMOVED", "PLANNED", "INOPERATIVE", "OUTOFORDER"];
/// No car charges at less: kilowatts were meant, or nothing.
const LEAST_KW: f64 = 1.0;
/// No grid has more between line and neutral: 277 V in North America.
const MOST_TO_NEUTRAL_V: f64 = 300.0;

/// What becomes of a location.
pub fn read(columns: &Columns, at: LonLat, here: Location, issues: &mut Issues) -> Outcome {
    let id = text_of(columns.get("id"));
    let here = if id.is_empty() { here } else { here.id(id.as_str()) };
    let evses = columns.get("evses").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let states: Vec<String> = evses.iter().map(|e| text_of(e.get("status")).to_ascii_uppercase()).collect();
    for odd in states.iter().filter(|s| !EVSE_STATES.contains(&s.as_str())) {
        unknown("evses.status", odd, &here, issues);
    }
    let (status, gone) = status(&states);
    let there: Vec<&Value> =
        evses.iter().zip(&states).filter(|(_, state)| !gone.contains(&state.as_str())).map(|(evse, _)| evse).collect();
    let connectors = |e: &Value| e.get("connectors").and_then(Value::as_array).cloned().unwrap_or_default();
    let mut powers = Vec::new();
    for evse in &there {
        let all = connectors(evse);
        powers.extend(all.iter().filter_map(|c| connector_kw(c, &here, issues)).reduce(f64::max));
    }
    let sockets: Vec<String> =
        there.iter().flat_map(|e| connectors(e)).map(|c| text_of(c.get("standard"))).filter(|s| !s.is_empty()).collect();
    let hidden = columns.get("publish").is_some_and(|p| p.as_bool() == Some(false) || p.as_str() == Some("false"));
    let station = Station {
        id: id.clone(),
        name: text_of(columns.get("name")),
        at,
        charging: true,
        points: u32::try_from(there.len()).ok().filter(|n| *n > 0),
        power_kw: powers.iter().copied().reduce(f64::max),
        total_kw: if !powers.is_empty() && powers.len() == there.len() { kilowatts(powers.iter().sum()) } else { None },
        sockets: word_set(&sockets.join(";")).join(";"),
        trucks: trucks_may_park(columns),
        operator: text_of(columns.get("operator").and_then(|o| o.get("name"))),
        access: if hidden { Access::Private } else { Access::Public },
        status,
        source: here,
        ..Station::default()
    };
    let owner = |key: &str| text_of(columns.get(key));
    let version = (!id.is_empty())
        .then(|| (format!("{} {} {id}", owner("country_code"), owner("party_id")), text_of(columns.get("last_updated"))));
    let mut against = Vec::new();
    if hidden {
        against.push("publish: false".to_owned());
    }
    if matches!(status, Status::Planned | Status::Closed) {
        let mut words: Vec<&str> = states.iter().map(String::as_str).collect();
        words.sort_unstable();
        words.dedup();
        against.push(format!("all EVSEs {}", words.join(" or ")));
    }
    let mut parts: BTreeMap<String, u64> = BTreeMap::new();
    if !there.is_empty() {
        states.iter().filter(|s| gone.contains(&s.as_str())).for_each(|s| *parts.entry(format!("EVSE {s}")).or_default() += 1);
    }
    Outcome::Row(Box::new(Row { station, version, against, parts: parts.into_iter().collect(), ..Row::default() }))
}

/// The status of a location, and the states of EVSEs that are not counted in it.
fn status(states: &[String]) -> (Status, &'static [&'static str]) {
    let all = |of: &[&str]| !states.is_empty() && states.iter().all(|s| of.contains(&s.as_str()));
    let any = |of: &[&str]| states.iter().any(|s| of.contains(&s.as_str()));
    match () {
        () if all(&["PLANNED", "REMOVED"]) && any(&["PLANNED"]) => (Status::Planned, &["REMOVED"]),
        () if all(&["REMOVED", "INOPERATIVE", "OUTOFORDER", "PLANNED"]) => (Status::Closed, &["REMOVED", "PLANNED"]),
        () if any(IN_SERVICE) => (Status::Open, NOT_IN_SERVICE),
        () => (Status::Unknown, NOT_IN_SERVICE),
    }
}

/// Whether some parking place is for trucks (OCPI 2.3.0, `vehicle_types`); none where no place says for whom it is.
fn trucks_may_park(columns: &Columns) -> Option<bool> {
    let places = columns.get("parking_places")?.as_array()?;
    let types: Vec<&Value> = places.iter().filter_map(|p| p.get("vehicle_types")?.as_array()).flatten().collect();
    let truck = |t: &&Value| t.as_str().is_some_and(|t| ["SEMI_TRACTOR", "RIGID", "TRUCK_WITH_TRAILER"].contains(&t));
    (!types.is_empty()).then(|| types.iter().any(truck))
}

/// Power of a connector in kW: what it says in watts, else by voltage and current. Fewer watts than any car takes are doubted.
fn connector_kw(c: &Value, here: &Location, issues: &mut Issues) -> Option<f64> {
    let value = c.get("max_electric_power").filter(|v| !v.is_null());
    let told = power_of(value, Unit::Watt);
    if told.is_some_and(|kw| kw >= LEAST_KW) {
        return told;
    }
    let computed = volts_times_amperes(c);
    let instead =
        computed.map_or("it was taken as unknown".to_owned(), |kw| format!("{kw:.1} kW by voltage and current was taken"));
    let what = match (told, value) {
        (Some(kw), _) => format!("max_electric_power is {} W, less than any car takes (were kW meant?); {instead}", kw * 1000.0),
        (None, Some(value)) if number_of(Some(value)) != Some(0.0) => format!("{value} is not a number of watts; {instead}"),
        _ => return computed,
    };
    issues.push(Layer::Stations, IssueCode::BadNumber, here.clone().field("max_electric_power"), what);
    computed
}

/// kW of voltage × current: three phases by the voltage to neutral count three times; between two lines √3 times.
fn volts_times_amperes(c: &Value) -> Option<f64> {
    let number = |new: &str, old: &str| number_of(c.get(new)).or_else(|| number_of(c.get(old))).filter(|v| *v > 0.0);
    let (volts, amperes) = (number("max_voltage", "voltage")?, number("max_amperage", "amperage")?);
    let kind = text_of(c.get("power_type")).to_ascii_uppercase();
    let phases = match kind.as_str() {
        "AC_3_PHASE" if volts > MOST_TO_NEUTRAL_V => 3f64.sqrt(),
        "AC_3_PHASE" => 3.0,
        "AC_2_PHASE" if volts > MOST_TO_NEUTRAL_V => 1.0,
        "AC_2_PHASE_SPLIT" if volts > 150.0 => 1.0,
        "AC_2_PHASE" | "AC_2_PHASE_SPLIT" => 2.0,
        _ => 1.0,
    };
    kilowatts(volts * amperes * phases / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{outcomes, told};
    use super::*;
    use serde_json::json;

    #[test]
    fn evses_are_counted_and_power_is_computed() {
        let (all, issues) = outcomes(&[json!({
            "id": "LOC1", "publish": true, "name": "G42 service", "operator": {"name": "TELD"},
            "coordinates": {"latitude": "31.0", "longitude": "109.5"},
            "evses": [
                {"status": "CHARGING", "connectors": [{"standard": "GBT_DC", "max_electric_power": 60000}]},
                {"status": "AVAILABLE", "connectors": [
                    {"standard": "IEC_62196_T2", "power_type": "AC_3_PHASE", "max_voltage": 230, "max_amperage": 32}]},
                {"status": "REMOVED", "connectors": []},
                {"status": "PLANNED", "connectors": []}
            ]
        })]);
        let s = &all[0];
        assert_eq!((s.points, s.power_kw, s.status, s.access), (Some(2), Some(60.0), Status::Open, Access::Public));
        assert!((s.total_kw.unwrap() - 82.08).abs() < 1e-9); // 60 + 3 × 230 V × 32 A
        let broken = json!({"id": "4", "coordinates": {}, "evses": [{"status": "AVAILABLE"}, {"status": "OUTOFORDER"}]});
        let (some, told_of) = outcomes(&[broken]);
        assert_eq!((some[0].points, some[0].status, told(&told_of)), (Some(1), Status::Open, vec!["1 × marked_void".to_owned()]));
        assert_eq!(s.trucks, None);
        let said: Vec<&str> = issues.sorted().iter().map(|i| i.message.as_str()).collect();
        let gone = ["1 × \"EVSE PLANNED\": not counted in its station", "1 × \"EVSE REMOVED\": not counted in its station"];
        assert_eq!(said, gone);
        let places = |types: Value| {
            let places = json!([{"id": "1"}, {"id": "2", "vehicle_types": types}]);
            outcomes(&[json!({"id": "3", "coordinates": {}, "parking_places": places})]).0[0].trucks
        };
        assert_eq!(places(json!(["PERSONAL_VEHICLE", "RIGID"])), Some(true));
        assert_eq!((places(json!(["VAN"])), places(json!([]))), (Some(false), None));
        let (all, issues) =
            outcomes(&[json!({"id": "2", "publish": false, "coordinates": {}, "evses": [{"status": "PLANNED"}]})]);
        assert_eq!((all[0].status, all[0].access, all[0].power_kw), (Status::Planned, Access::Private, None));
        assert_eq!(told(&issues), ["2 × marked_void"]);
    }

    #[test]
    fn power_by_voltage_and_current_and_what_is_doubted() {
        let of = |connector: Value| {
            let (all, issues) =
                outcomes(&[json!({"id": "1", "coordinates": {}, "evses": [{"status": "AVAILABLE", "connectors": [connector]}]})]);
            (all[0].power_kw.map(|kw| (kw * 100.0).round() / 100.0), told(&issues))
        };
        let doubted = || vec!["1 × bad_number".to_owned()];
        // 3 × 230 × 32 = 22,080 W; √3 × 400 × 32 = 22,170 W; 400 V × 125 A = 50 kW
        assert_eq!(of(json!({"power_type": "AC_3_PHASE", "max_voltage": "230", "max_amperage": "32"})), (Some(22.08), vec![]));
        assert_eq!(of(json!({"power_type": "AC_3_PHASE", "max_voltage": 400, "max_amperage": 32})), (Some(22.17), vec![]));
        assert_eq!(of(json!({"power_type": "DC", "voltage": 400, "amperage": 125})), (Some(50.0), vec![]));
        assert_eq!(of(json!({"max_electric_power": "22000"})), (Some(22.0), vec![]));
        let zero = json!({"power_type": "AC_3_PHASE", "max_voltage": 230, "max_amperage": 32, "max_electric_power": 0});
        assert_eq!(of(zero), (Some(22.08), vec![]));
        assert_eq!(of(json!({"power_type": "DC", "max_electric_power": 300})), (None, doubted()));
        let beside = json!({"power_type": "DC", "max_electric_power": 300, "max_voltage": 400, "max_amperage": 125});
        assert_eq!(of(beside), (Some(50.0), doubted()));
        assert_eq!(of(json!({"max_electric_power": "much"})), (None, doubted()));
        // 240 V of a split phase are between its lines: 240 × 32 = 7.68 kW
        assert_eq!(of(json!({"power_type": "AC_2_PHASE_SPLIT", "max_voltage": 240, "max_amperage": 32})), (Some(7.68), vec![]));
    }

    #[test]
    fn the_newest_version_of_a_location_counts() {
        let version = |date: &str, state: &str| json!({"country_code": "DE", "party_id": "A", "id": "1", "coordinates": {}, "last_updated": date, "evses": [{"status": state}]});
        let (all, issues) = outcomes(&[
            version("2025-01-01T00:00:00Z", "AVAILABLE"),
            version("2025-03-01T00:00:00Z", "REMOVED"),
            version("2024-01-01T00:00:00Z", "AVAILABLE"),
        ]);
        assert_eq!(all.iter().map(|s| s.status).collect::<Vec<_>>(), [Status::Closed]);
        assert_eq!(told(&issues), ["1 × marked_void", "2 × superseded"]);
    }
}
