//! The table of the US Alternative Fuels Data Center, and its API's JSON and GeoJSON, which spell the columns in lower case.
//!
//! Electric and hydrogen rows only; ports by level; power is not in the table, so it stays unknown.

use super::{Outcome, Row};
use crate::config::station_words::{Access, Status};
use crate::error::Location;
use crate::issue::{IssueCode, Issues, Layer};
use crate::read::fields::{FieldMap, MOST_POINTS};
use crate::read::headers::Fields;
use crate::read::record::Columns;
use crate::read::station::{Words, station_by, word_set};
use crate::space::LonLat;

/// Our fields in its columns; those that begin with `_` are its own.
pub const FIELDS: Fields = &[
    ("id", &["ID"]),
    ("name", &["Station Name"]),
    ("lon", &["Longitude"]),
    ("lat", &["Latitude"]),
    ("kind", &[]),
    ("points", &[]),
    ("power_kw", &[]),
    ("total_kw", &[]),
    ("sockets", &["EV Connector Types"]),
    ("swap_bays", &[]),
    ("swap_batteries", &[]),
    ("trucks", &[]),
    ("operator", &["EV Network"]),
    ("access", &["Access Code", "Groups With Access Code"]),
    ("status", &["Status Code"]),
    ("opened", &["Open Date"]),
    ("wkt", &["wkt", "geometry", "geom", "the_geom"]),
    ("_fuel", &["Fuel Type Code"]),
    ("_level1", &["EV Level1 EVSE Num"]),
    ("_level2", &["EV Level2 EVSE Num"]),
    ("_fast", &["EV DC Fast Count", "EV DC Fast Num"]),
    ("_vehicles", &["Maximum Vehicle Class"]),
    ("_updated", &["Updated At"]),
];

/// The columns without which a table is not its.
pub const MUST: &[(&str, &str)] = &[("_fuel", "Fuel Type Code"), ("status", "Status Code"), ("_level2", "EV Level2 EVSE Num")];

/// # References
/// AFDC, "Data Fields for Alternative Fuel Stations": Status Code E available, P planned, T temporarily unavailable;
/// Access Code public or private; Maximum Vehicle Class LD, MD or HD (light, medium and heavy duty).
const WORDS: Words = Words {
    access: |word| {
        let word = word.to_lowercase();
        // Older tables have only the long wording ("Private - Fleet customers only").
        match () {
            () if word.starts_with("public") => Some(Access::Public),
            () if word.starts_with("private") => Some(Access::Private),
            () => Access::from_word(&word),
        }
    },
    status: |word| match word.trim().to_ascii_uppercase().as_str() {
        "E" => Some(Status::Open),
        "P" => Some(Status::Planned),
        "T" => Some(Status::Closed),
        _ => Status::from_word(word),
    },
    sockets: |text| if text.contains(['[', ';', ',']) { word_set(text) } else { word_set(&text.replace(' ', ";")) },
};

/// What becomes of a row.
pub fn read(columns: &Columns, at: LonLat, map: &FieldMap, here: Location, issues: &mut Issues) -> Outcome {
    let text = |ours: &str| map.get(columns, ours).map(|t| t.into_owned()).unwrap_or_default();
    let fuel = text("_fuel");
    let hydrogen = fuel.eq_ignore_ascii_case("HY");
    if !hydrogen && !fuel.eq_ignore_ascii_case("ELEC") {
        return Outcome::Other(if fuel.is_empty() { "no fuel".to_owned() } else { fuel });
    }
    let mut station = station_by(columns, at, map, &WORDS, here.clone(), issues);
    if hydrogen {
        (station.charging, station.hydrogen) = (false, true);
    } else if !map.has_column("points") {
        let mut ports = |ours: &str| {
            let told = |raw: String| {
                let what = format!("\"{raw}\" is not a number");
                issues.push(Layer::Stations, IssueCode::BadNumber, here.clone().field(map.met(ours).join(", ")), what);
            };
            map.whole(columns, ours, MOST_POINTS, &here)?.map_err(told).ok()
        };
        let levels = ["_level1", "_level2", "_fast"].map(&mut ports);
        station.points = levels.iter().any(Option::is_some).then(|| levels.iter().flatten().sum());
        let [level1, level2, fast] = levels;
        station.equipment.ac_points = [level1, level2].into_iter().flatten().reduce(|a, b| a + b);
        station.equipment.dc_points = fast;
    }
    if !map.has_column("trucks") {
        station.trucks = match text("_vehicles").as_str() {
            "HD" => Some(true),
            "LD" | "MD" => Some(false),
            _ => None,
        };
    }
    let against = match station.status {
        Status::Planned => vec![format!("Status Code {}: planned", text("status"))],
        Status::Closed => vec![format!("Status Code {}: not available", text("status"))],
        Status::Open | Status::Unknown => Vec::new(),
    };
    Outcome::Row(Box::new(Row { station, against, ..Row::default() }))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{outcomes, told};
    use super::*;
    use serde_json::json;

    #[test]
    fn both_spellings_and_lists_are_read() {
        let (all, issues) = outcomes(&[
            json!({"Fuel Type Code": "ELEC", "Station Name": "A", "Status Code": "E", "EV Level2 EVSE Num": "2.0",
                "EV DC Fast Count": "1,000", "Access Code": "", "Groups With Access Code": "Private - Fleet", "ID": "7",
                "EV Connector Types": "J1772 CHADEMO"}),
            json!({"fuel_type_code": "ELEC", "station_name": "B", "status_code": "P", "ev_level2_evse_num": 2, "ev_dc_fast_num": null,
                "access_code": "public", "id": 8, "ev_connector_types": ["J1772", "CHADEMO"]}),
            json!({"fuel_type_code": "HY", "station_name": "H", "status_code": "E", "id": 10, "access_code": "public"}),
            json!({"fuel_type_code": "LPG", "station_name": "Gas", "status_code": "E", "id": 9}),
        ]);
        let seen: Vec<_> = all.iter().map(|s| (s.id.as_str(), s.points, s.sockets.as_str(), s.access, s.status)).collect();
        assert_eq!(
            seen,
            [
                ("7", Some(1002), "chademo;j1772", Access::Private, Status::Open),
                ("8", Some(2), "chademo;j1772", Access::Public, Status::Planned),
                ("10", None, "", Access::Public, Status::Open)
            ]
        );
        assert_eq!((all[0].equipment.ac_points, all[0].equipment.dc_points), (Some(2), Some(1000)));
        assert_eq!(
            all.iter().map(|s| (s.charging, s.hydrogen)).collect::<Vec<_>>(),
            [(true, false), (true, false), (false, true)]
        );
        assert_eq!(told(&issues), ["1 × marked_void", "1 × other_kind"]);
    }
}
