//! The German register of charging facilities (Ladesäulenregister of the Bundesnetzagentur): one row a facility of some points.
//!
//! Facilities of one operator at one position are one station; their points and rated power add up. All of them are public.

use super::{Group, Outcome, Row, Rule};
use crate::config::station_words::{Access, Status};
use crate::error::Location;
use crate::issue::Issues;
use crate::read::fields::FieldMap;
use crate::read::headers::Fields;
use crate::read::record::Columns;
use crate::read::station::{Words, power_of, station_by, word_set};
use crate::space::LonLat;

/// Our fields in its columns, of several editions; those that begin with `_` are its own.
pub const FIELDS: Fields = &[
    ("id", &["Ladeeinrichtungs-ID"]),
    ("name", &["Anzeigename (Karte)", "Standortbezeichnung", "Straße", "Strasse", "Adresse"]),
    ("lon", &["Längengrad", "Laengengrad"]),
    ("lat", &["Breitengrad"]),
    ("kind", &[]),
    ("points", &["Anzahl Ladepunkte"]),
    ("power_kw", &[]),
    ("total_kw", &["Nennleistung Ladeeinrichtung", "InstallierteLadeleistungNLL", "Anschlussleistung"]),
    ("sockets", &[]),
    ("swap_bays", &[]),
    ("swap_batteries", &[]),
    ("trucks", &[]),
    ("operator", &["Betreiber"]),
    ("access", &[]),
    ("status", &["Status"]),
    ("opened", &["Inbetriebnahmedatum"]),
    ("wkt", &["wkt", "geometry", "geom", "the_geom"]),
    ("_kind", &["Art der Ladeeinrichtung", "Art der Ladeeinrichung"]),
    ("_kw1", &["P1", "Nennleistung Stecker1"]),
    ("_kw2", &["P2", "Nennleistung Stecker2"]),
    ("_kw3", &["P3", "Nennleistung Stecker3"]),
    ("_kw4", &["P4", "Nennleistung Stecker4"]),
    ("_kw5", &["P5", "Nennleistung Stecker5"]),
    ("_kw6", &["P6", "Nennleistung Stecker6"]),
    ("_s1", &["Steckertypen1"]),
    ("_s2", &["Steckertypen2"]),
    ("_s3", &["Steckertypen3"]),
    ("_s4", &["Steckertypen4"]),
    ("_s5", &["Steckertypen5"]),
    ("_s6", &["Steckertypen6"]),
];

/// The columns without which a table is not its.
pub const MUST: &[(&str, &str)] = &[("points", "Anzahl Ladepunkte"), ("operator", "Betreiber")];

/// What becomes of a row.
pub fn read(columns: &Columns, at: LonLat, map: &FieldMap, here: Location, issues: &mut Issues) -> Outcome {
    let text = |ours: &str| map.get(columns, ours).map(|t| t.into_owned());
    let mut station = station_by(columns, at, map, &Words::default(), here.clone(), issues);
    if !map.has_column("access") {
        station.access = Access::Public; // the register lists what is open to everyone
    }
    if !map.has_column("power_kw") {
        let powers = ["_kw1", "_kw2", "_kw3", "_kw4", "_kw5", "_kw6"].map(|ours| power_of(columns, map, ours, &here, issues));
        station.power_kw = powers.into_iter().flatten().map(|p| p.kw).filter(|kw| *kw > 0.0).reduce(f64::max);
    }
    if !map.has_column("sockets") {
        let all: Vec<String> = ["_s1", "_s2", "_s3", "_s4", "_s5", "_s6"].iter().filter_map(|ours| text(ours)).collect();
        station.sockets = word_set(&all.join(";")).join(";");
    }
    let against = match station.status {
        Status::Closed | Status::Planned => text("status").map(|word| format!("Status {word}")).into_iter().collect(),
        Status::Open | Status::Unknown => Vec::new(),
    };
    let key = format!("{} {:.5} {:.5}", station.operator, at.lon(), at.lat());
    let group = (!station.operator.is_empty()).then_some(Group { key, rule: Rule::Bnetza });
    Outcome::Row(Box::new(Row { station, group, against, ..Row::default() }))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{outcomes, told};
    use super::*;
    use serde_json::json;

    #[test]
    fn facilities_of_one_operator_at_one_place_are_one_station() {
        let row = |id: u32, operator: &str, kw: &str, status: &str| {
            json!({"Ladeeinrichtungs-ID": id, "Betreiber": operator, "Art der Ladeeinrichtung": "Normalladeeinrichtung",
                "Anzahl Ladepunkte": 2, "Nennleistung Ladeeinrichtung [kW]": kw, "P1 [kW]": kw, "Steckertypen1": "AC Steckdose Typ 2",
                "Status": status})
        };
        let (all, issues) =
            outcomes(&[row(1, "A", "44", "In Betrieb"), row(2, "A", "300", "In Betrieb"), row(3, "B", "22", "In Wartung")]);
        let seen: Vec<_> = all.iter().map(|s| (s.id.as_str(), s.points, s.power_kw, s.total_kw, s.status, s.access)).collect();
        assert_eq!(
            seen,
            [
                ("1", Some(4), Some(300.0), Some(344.0), Status::Open, Access::Public),
                ("3", Some(2), Some(22.0), Some(22.0), Status::Closed, Access::Public)
            ]
        );
        assert_eq!(told(&issues), ["1 × marked_void", "2 × grouped"]);
    }
}
