//! The dialects that stations come in: records with a field mapping, AFDC's table, Open Charge Map, OCPI.
//!
//! # References
//! Open Charge Map API v3, reference data (`StatusType`, `UsageType`), which does not know trucks; OCPI 2.2.1 and 2.3.0,
//! module Locations (2.3.0 names the vehicles of a parking place).

use super::afdc::afdc_station;
use super::fields::{Attributes, FieldMap, MOST_KW, MOST_POINTS, signed};
use super::power;
use super::power_words::Unit;
use super::record::{Columns, Record};
use super::station::{Station, station_of, word_set};
use crate::config::station_words::{Access, Status};
use crate::error::{Location, Result};
use crate::issue::{IssueCode, Issues, Layer};
use crate::space::LonLat;
use serde_json::Value;

/// How a record of a station is to be understood.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dialect {
    /// By the field mapping.
    Fields,
    /// The US Alternative Fuels Data Center's columns; only when the region file says so.
    Afdc,
    /// Open Charge Map's JSON.
    OpenChargeMap,
    /// A location of the Open Charge Point Interface.
    Ocpi,
}

impl Dialect {
    /// The dialect that `format = "…"` fixes for the whole layer.
    pub fn from_format(format: Option<&str>) -> Option<Self> {
        match format? {
            "afdc" => Some(Self::Afdc),
            "ocm" => Some(Self::OpenChargeMap),
            "ocpi" => Some(Self::Ocpi),
            _ => None,
        }
    }

    /// The dialect of a record by what it holds.
    pub fn of(columns: &Columns) -> Self {
        if columns.get("AddressInfo").is_some_and(Value::is_object) {
            Self::OpenChargeMap
        } else if columns.get("coordinates").is_some_and(Value::is_object) {
            Self::Ocpi
        } else {
            Self::Fields
        }
    }

    /// Where AFDC's table has its positions.
    ///
    /// # Errors
    /// None in practice: the mapping is fixed.
    pub fn afdc_map() -> Result<FieldMap> {
        FieldMap::new("stations", &[("lon", &["Longitude"]), ("lat", &["Latitude"])], &Default::default())
    }

    /// The station of a record; `None` for a record of another kind.
    pub fn station(self, record: &Record, at: LonLat, map: &FieldMap, here: Location, issues: &mut Issues) -> Option<Station> {
        let columns = &record.columns;
        match self {
            Self::Fields => {
                let here = map.get(columns, "id").map_or(here.clone(), |id| here.id(id.into_owned()));
                Some(station_of(columns, at, map, here, issues))
            }
            Self::Afdc => {
                let here = columns.text("ID").map_or(here.clone(), |id| here.id(id.into_owned()));
                afdc_station(columns, at, here, issues)
            }
            Self::OpenChargeMap => Some(open_charge_map(columns, at, here, issues)),
            Self::Ocpi => Some(ocpi(columns, at, here, issues)),
        }
    }
}

fn text(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(s)) => s.trim().to_owned(),
        Some(Value::Number(n)) => n.to_string(),
        _ => String::new(),
    }
}

fn whole(value: Option<&Value>) -> Option<u32> {
    value?.as_u64().and_then(|v| u32::try_from(v).ok()).filter(|v| *v <= MOST_POINTS)
}

fn kilowatts(value: f64) -> Option<f64> {
    (value.is_finite() && value > 0.0 && value <= MOST_KW).then_some(value)
}

/// A power as a number in `bare`, or as text with or without its unit.
fn power_of(value: &Value, bare: Unit) -> Option<f64> {
    let kw = match value {
        Value::String(text) => power::read_in(text, bare, signed).ok()?.kw,
        number => number.as_f64()? * bare.kw(),
    };
    kilowatts(kw)
}

fn largest(list: impl Iterator<Item = f64>) -> Option<f64> {
    list.reduce(f64::max)
}

fn open_charge_map(columns: &Columns, at: LonLat, here: Location, issues: &mut Issues) -> Station {
    let id = text(columns.get("ID"));
    let here = here.id(id.as_str());
    let connections = columns.get("Connections").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let power = |c: &Value| c.get("PowerKW").and_then(|v| power_of(v, Unit::Kilowatt));
    let quantity = |c: &Value| whole(c.get("Quantity")).unwrap_or(1);
    let counted: u32 = connections.iter().map(quantity).fold(0, u32::saturating_add);
    let title = |c: &Value| text(c.pointer("/ConnectionType/Title"));
    let sockets: Vec<String> = connections.iter().map(title).filter(|t| !t.is_empty()).collect();
    let swap = sockets.iter().any(|s| s.to_lowercase().contains("swap"));
    let known = !connections.is_empty() && connections.iter().all(|c| power(c).is_some());
    let total = connections.iter().filter_map(|c| Some(power(c)? * f64::from(quantity(c)))).sum();
    let number = |key: &str, inside: &str| {
        columns.get(key).or_else(|| columns.get(inside).and_then(|o| o.get("ID"))).and_then(Value::as_i64)
    };
    let status = match number("StatusTypeID", "StatusType") {
        Some(10 | 20 | 50 | 75) => Status::Open,
        Some(30 | 100 | 200 | 210) => Status::Closed,
        Some(150) => Status::Planned,
        Some(0) | None => Status::Unknown,
        Some(other) => unknown("StatusTypeID", other, &here, issues),
    };
    let access = match number("UsageTypeID", "UsageType") {
        Some(1 | 4 | 5 | 7) => Access::Public,
        Some(2 | 3 | 6) => Access::Private,
        Some(0) | None => Access::Unknown,
        Some(other) => unknown("UsageTypeID", other, &here, issues),
    };
    Station {
        id,
        name: text(columns.get("AddressInfo").and_then(|a| a.get("Title"))),
        at,
        charging: !swap || sockets.len() > 1,
        swap,
        points: whole(columns.get("NumberOfPoints")).or((counted > 0).then_some(counted)),
        power_kw: largest(connections.iter().filter_map(power)),
        total_kw: if known { kilowatts(total) } else { None },
        sockets: word_set(&sockets.join(";")).join(";"),
        operator: text(columns.get("OperatorInfo").and_then(|o| o.get("Title"))),
        access,
        status,
        opened: text(columns.get("DateCreated")).chars().take(10).collect(),
        source: here,
        ..Station::default()
    }
}

fn ocpi(columns: &Columns, at: LonLat, here: Location, issues: &mut Issues) -> Station {
    let id = text(columns.get("id"));
    let here = here.id(id.as_str());
    let evses = columns.get("evses").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let state = |e: &Value| text(e.get("status")).to_ascii_uppercase();
    let there: Vec<&Value> = evses.iter().filter(|e| state(e) != "REMOVED").collect();
    let connectors = |e: &Value| e.get("connectors").and_then(Value::as_array).cloned().unwrap_or_default();
    let best = |e: &Value| largest(connectors(e).iter().filter_map(connector_kw));
    let powers: Vec<f64> = there.iter().filter_map(|e| best(e)).collect();
    let sockets: Vec<String> =
        there.iter().flat_map(|e| connectors(e)).map(|c| text(c.get("standard"))).filter(|s| !s.is_empty()).collect();
    let states: Vec<String> = evses.iter().map(state).collect();
    for odd in states.iter().filter(|s| !EVSE_STATES.contains(&s.as_str())) {
        let _: Status = unknown("evses.status", odd, &here, issues);
    }
    let all = |of: &[&str]| !states.is_empty() && states.iter().all(|s| of.contains(&s.as_str()));
    let status = match () {
        () if all(&["PLANNED", "REMOVED"]) && states.iter().any(|s| s == "PLANNED") => Status::Planned,
        () if all(&["REMOVED", "INOPERATIVE", "OUTOFORDER"]) => Status::Closed,
        () if states.iter().any(|s| ["AVAILABLE", "BLOCKED", "CHARGING", "RESERVED"].contains(&s.as_str())) => Status::Open,
        () => Status::Unknown,
    };
    let hidden = columns.get("publish").and_then(Value::as_bool) == Some(false);
    Station {
        id,
        name: text(columns.get("name")),
        at,
        charging: true,
        points: u32::try_from(there.len()).ok().filter(|n| *n > 0),
        power_kw: largest(powers.iter().copied()),
        total_kw: if !powers.is_empty() && powers.len() == there.len() { kilowatts(powers.iter().sum()) } else { None },
        sockets: word_set(&sockets.join(";")).join(";"),
        trucks: trucks_may_park(columns),
        operator: text(columns.get("operator").and_then(|o| o.get("name"))),
        access: if hidden { Access::Private } else { Access::Public },
        status,
        source: here,
        ..Station::default()
    }
}

/// Whether some parking place is for trucks (OCPI 2.3.0, `vehicle_types`); none where no place says for whom it is.
fn trucks_may_park(columns: &Columns) -> Option<bool> {
    let places = columns.get("parking_places")?.as_array()?;
    let types: Vec<&Value> = places.iter().filter_map(|p| p.get("vehicle_types")?.as_array()).flatten().collect();
    let truck = |t: &&Value| t.as_str().is_some_and(|t| ["SEMI_TRACTOR", "RIGID", "TRUCK_WITH_TRAILER"].contains(&t));
    (!types.is_empty()).then(|| types.iter().any(truck))
}

/// `status` of an EVSE in OCPI 2.2.1, 8.4.26.
const EVSE_STATES: &[&str] =
    &["AVAILABLE", "BLOCKED", "CHARGING", "INOPERATIVE", "OUTOFORDER", "PLANNED", "REMOVED", "RESERVED", "UNKNOWN", ""];

/// Power of a connector in kW: what it says in watts, else voltage (line to neutral for AC) × current × phases.
fn connector_kw(c: &Value) -> Option<f64> {
    let number = |key: &str| c.get(key).and_then(Value::as_f64);
    if let Some(kw) = c.get("max_electric_power").and_then(|v| power_of(v, Unit::Watt)) {
        return Some(kw);
    }
    let phases = match c.get("power_type").and_then(Value::as_str) {
        Some("AC_3_PHASE") => 3.0,
        Some("AC_2_PHASE" | "AC_2_PHASE_SPLIT") => 2.0,
        _ => 1.0,
    };
    let (volts, amperes) = (number("max_voltage").or(number("voltage"))?, number("max_amperage").or(number("amperage"))?);
    kilowatts(volts * amperes * phases / 1000.0)
}

fn unknown<T: Default>(field: &str, value: impl std::fmt::Display, here: &Location, issues: &mut Issues) -> T {
    let what = format!("\"{value}\" is not a known {field}");
    issues.push(Layer::Stations, IssueCode::UnknownValue, here.clone().field(field), what);
    T::default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn station(value: Value) -> (Station, Issues) {
        let Value::Object(columns) = value else { panic!("an object") };
        let mut issues = Issues::default();
        let record = Record { id: None, geometry: None, columns };
        let map = FieldMap::new("stations", &[], &Default::default()).unwrap();
        let at = LonLat::new(109.5, 31.0).unwrap();
        let s = Dialect::of(&record.columns).station(&record, at, &map, Location::default(), &mut issues).unwrap();
        (s, issues)
    }

    #[test]
    fn open_charge_map_in_both_of_its_forms() {
        let (s, issues) = station(json!({
            "ID": 7, "UsageTypeID": 4, "StatusType": {"ID": 50, "IsOperational": true}, "NumberOfPoints": 3,
            "OperatorInfo": {"Title": "State Grid"}, "DateCreated": "2024-03-05T10:00:00Z",
            "AddressInfo": {"Title": "Kuimen", "Latitude": 31.0, "Longitude": 109.5},
            "Connections": [
                {"ConnectionType": {"Title": "GB-T DC"}, "PowerKW": 120, "Quantity": 2},
                {"ConnectionType": {"Title": "GB-T AC"}, "PowerKW": 7, "Quantity": 1}
            ]
        }));
        assert_eq!((s.id.as_str(), s.name.as_str(), s.points), ("7", "Kuimen", Some(3)));
        assert_eq!((s.power_kw, s.total_kw), (Some(120.0), Some(247.0)));
        assert_eq!((s.access, s.status, s.opened.as_str()), (Access::Public, Status::Open, "2024-03-05"));
        assert_eq!(s.sockets, "gb-t ac;gb-t dc");
        assert!(issues.sorted().is_empty());
        let (s, issues) = station(json!({"ID": 8, "StatusTypeID": 999, "AddressInfo": {}}));
        assert_eq!((s.status, s.points, issues.sorted().len()), (Status::Unknown, None, 1));
    }

    #[test]
    fn ocpi_counts_evses_and_computes_power() {
        let (s, _) = station(json!({
            "id": "LOC1", "publish": true, "name": "G42 service", "operator": {"name": "TELD"},
            "coordinates": {"latitude": "31.0", "longitude": "109.5"},
            "evses": [
                {"status": "CHARGING", "connectors": [{"standard": "GBT_DC", "max_electric_power": 60000}]},
                {"status": "AVAILABLE", "connectors": [
                    {"standard": "IEC_62196_T2", "power_type": "AC_3_PHASE", "max_voltage": 230, "max_amperage": 32}]},
                {"status": "REMOVED", "connectors": []}
            ]
        }));
        assert_eq!((s.points, s.power_kw, s.status, s.access), (Some(2), Some(60.0), Status::Open, Access::Public));
        assert!((s.total_kw.unwrap() - 82.08).abs() < 1e-9); // 60 + 3 × 230 V × 32 A
        assert_eq!(s.trucks, None);
        let places = |types: Value| {
            station(json!({"id": "3", "coordinates": {}, "parking_places": [{"id": "1"}, {"id": "2", "vehicle_types": types}]})).0
        };
        assert_eq!(places(json!(["PERSONAL_VEHICLE", "RIGID"])).trucks, Some(true));
        assert_eq!((places(json!(["VAN"])).trucks, places(json!([])).trucks), (Some(false), None));
        let (s, _) = station(json!({"id": "2", "publish": false, "coordinates": {}, "evses": [{"status": "PLANNED"}]}));
        assert_eq!((s.status, s.access, s.power_kw), (Status::Planned, Access::Private, None));
    }
}
