//! The French scheme of charge points (IRVE): one row a point, several rows a station.
//!
//! The station is `id_station_itinerance`; `nbre_pdc` is the station's count, `puissance_nominale` the power of the point.

use super::{Group, Outcome, Row, Rule};
use crate::error::Location;
use crate::issue::Issues;
use crate::read::fields::FieldMap;
use crate::read::headers::Fields;
use crate::read::record::Columns;
use crate::read::station::{Station, Words, station_by};
use crate::space::LonLat;

/// Our fields in its columns; those that begin with `_` are its own.
pub const FIELDS: Fields = &[
    ("id", &["id_station_itinerance", "id_station_local"]),
    ("name", &["nom_station", "nom_enseigne"]),
    ("lon", &["consolidated_longitude", "longitude", "Xlongitude", "lon"]),
    ("lat", &["consolidated_latitude", "latitude", "Ylatitude", "lat"]),
    ("kind", &[]),
    ("points", &["nbre_pdc"]),
    ("power_kw", &["puissance_nominale", "puiss_max"]),
    ("total_kw", &[]),
    ("sockets", &[]),
    ("swap_bays", &[]),
    ("swap_batteries", &[]),
    ("trucks", &[]),
    ("operator", &["nom_operateur", "nom_enseigne", "nom_amenageur"]),
    ("access", &["condition_acces"]),
    ("status", &[]),
    ("opened", &["date_mise_en_service"]),
    ("wkt", &["coordonneesXY", "wkt", "geometry", "geom", "the_geom"]),
    ("_station", &["id_station_itinerance"]),
    ("_local", &["id_station_local"]),
    ("_point", &["id_pdc_itinerance"]),
    ("_date", &["date_maj"]),
    ("_two_wheels", &["station_deux_roues"]),
    ("_ef", &["prise_type_ef"]),
    ("_2", &["prise_type_2"]),
    ("_ccs", &["prise_type_combo_ccs"]),
    ("_chademo", &["prise_type_chademo"]),
    ("_other", &["prise_type_autre"]),
];

/// The columns without which a table is not its.
pub const MUST: &[(&str, &str)] = &[("_station", "id_station_itinerance"), ("power_kw", "puissance_nominale")];

const SOCKETS: [(&str, &str); 5] =
    [("_ef", "type_ef"), ("_2", "type_2"), ("_ccs", "combo_ccs"), ("_chademo", "chademo"), ("_other", "other")];

/// What becomes of a row.
pub fn read(columns: &Columns, at: LonLat, map: &FieldMap, here: Location, issues: &mut Issues) -> Outcome {
    let text = |ours: &str| map.get(columns, ours).filter(|id| !is_none(id)).map(|t| t.into_owned());
    let yes =
        |ours: &str| map.get(columns, ours).is_some_and(|v| matches!(v.to_lowercase().as_str(), "true" | "1" | "oui" | "vrai"));
    if yes("_two_wheels") {
        return Outcome::Other("station_deux_roues".to_owned());
    }
    let mut station = station_by(columns, at, map, &Words::default(), here.clone(), issues);
    if !map.has_column("sockets") {
        let mut kinds: Vec<&str> = SOCKETS.iter().filter(|(ours, _)| yes(ours)).map(|(_, kind)| *kind).collect();
        kinds.sort_unstable();
        station.sockets = kinds.join(";");
    }
    station.total_kw = station.power_kw; // of the point: those of a station add up
    let key = text("_station").or_else(|| text("_local").map(|local| format!("{} {local}", station.operator)));
    let point = text("_point");
    if let Some(id) = text("_station").or_else(|| text("_local")).or_else(|| point.clone()) {
        station.id = id;
    }
    let version = point.map(|point| (point, text("_date").unwrap_or_default()));
    // A row that says to be its station's only point needs no other.
    let several = station.points != Some(1);
    let place = || several.then(|| Group { key: place_of(&station), rule: Rule::IrvePlace });
    let group = key.map(|key| Group { key, rule: Rule::Irve }).or_else(place);
    Outcome::Row(Box::new(Row { station, group, version, ..Row::default() }))
}

/// What the rows of one station have in common without an id: the scheme gives position, name and operator of the station.
fn place_of(station: &Station) -> String {
    format!("{} {} {:.5} {:.5}", station.name, station.operator, station.at.lon(), station.at.lat())
}

/// How the scheme writes that a station has no identifier of its own.
fn is_none(id: &str) -> bool {
    let id = id.trim().to_lowercase();
    id.is_empty() || id.starts_with("non concern") || matches!(id.as_str(), "null" | "none" | "nan" | "na" | "-")
}

#[cfg(test)]
mod tests {
    use super::super::tests::{outcomes, told};
    use serde_json::{Value, json};

    fn point(station: &str, point: &str, kw: u32, count: u32, date: &str) -> Value {
        json!({"id_station_itinerance": station, "id_pdc_itinerance": point, "nom_station": "Gare", "puissance_nominale": kw,
            "nbre_pdc": count, "prise_type_2": "true", "prise_type_combo_ccs": if kw > 100 { "TRUE" } else { "false" },
            "condition_acces": "Accès libre", "station_deux_roues": "false", "date_maj": date})
    }

    #[test]
    fn rows_are_points_of_stations() {
        let (all, issues) = outcomes(&[
            point("P1", "E1", 22, 3, ""),
            point("P1", "E2", 22, 3, ""),
            point("P1", "E3", 150, 3, ""),
            point("P2", "E4", 50, 1, ""),
        ]);
        let seen: Vec<_> = all.iter().map(|s| (s.id.as_str(), s.points, s.power_kw, s.total_kw, s.sockets.as_str())).collect();
        // 22 + 22 + 150 kW are the first station's
        let want =
            [("P1", Some(3), Some(150.0), Some(194.0), "combo_ccs;type_2"), ("P2", Some(1), Some(50.0), Some(50.0), "type_2")];
        assert_eq!(seen, want);
        assert_eq!(told(&issues), ["3 × grouped"]);
    }

    #[test]
    fn the_newest_of_a_repeated_point_counts() {
        let (all, issues) = outcomes(&[
            point("P1", "E1", 22, 1, "2023-01-01"),
            point("P1", "E1", 50, 1, "2024-01-01"),
            point("P1", "E1", 7, 1, ""),
        ]);
        assert_eq!(all.iter().map(|s| (s.points, s.power_kw)).collect::<Vec<_>>(), [(Some(1), Some(50.0))]);
        assert_eq!(told(&issues), ["2 × superseded"]);
    }

    #[test]
    fn stations_without_an_identifier_stand_alone() {
        let (all, _) = outcomes(&[point("Non concerné", "E1", 22, 1, ""), point("Non concerné", "E2", 22, 1, "")]);
        assert_eq!(all.iter().map(|s| s.id.as_str()).collect::<Vec<_>>(), ["E1", "E2"]);
    }

    #[test]
    fn points_without_an_identifier_are_put_together_by_their_place() {
        let (all, issues) = outcomes(&[
            point("Non concerné", "E1", 22, 3, ""),
            point("", "E2", 22, 3, ""),
            point("Non concerné", "E3", 150, 3, ""),
        ]);
        // one station of three guns with 22 + 22 + 150 kW, and not three of three guns each
        let seen: Vec<_> = all.iter().map(|s| (s.id.as_str(), s.points, s.power_kw, s.total_kw)).collect();
        assert_eq!(seen, [("E1", Some(3), Some(150.0), Some(194.0))]);
        assert_eq!(told(&issues), ["3 × grouped"]);
        assert!(issues.sorted()[0].message.contains("without a station id: by nom_station, operator and position"));
        // one row of a station of four: the power of the others is not known, and that the row has no id is told
        let (all, issues) = outcomes(&[point("Non concerné", "E1", 22, 4, "")]);
        assert_eq!((all[0].points, all[0].power_kw, all[0].total_kw), (Some(4), Some(22.0), None));
        assert_eq!(told(&issues), ["1 × grouped"]);
        // another name is another station
        let mut other = point("", "E2", 22, 2, "");
        other["nom_station"] = json!("Mairie");
        assert_eq!(outcomes(&[point("", "E1", 22, 2, ""), other]).0.len(), 2);
        // no count at all: the rows are counted
        let mut rows = [point("", "E1", 22, 2, ""), point("", "E2", 50, 2, "")];
        rows.iter_mut().for_each(|r| r["nbre_pdc"] = Value::Null);
        let all = outcomes(&rows).0;
        assert_eq!(all.iter().map(|s| (s.points, s.total_kw)).collect::<Vec<_>>(), [(Some(2), Some(72.0))]);
    }

    #[test]
    fn reserved_points_are_not_counted_in_a_public_station() {
        let mut rows = [point("P1", "E1", 22, 3, ""), point("P1", "E2", 150, 3, ""), point("P1", "E3", 50, 3, "")];
        rows[1]["condition_acces"] = json!("Accès réservé");
        let (all, issues) = outcomes(&rows);
        // 22 + 50 kW; the gun of 150 kW is nobody's but its owner's
        let seen: Vec<_> = all.iter().map(|s| (s.points, s.power_kw, s.total_kw, s.sockets.as_str())).collect();
        assert_eq!(seen, [(Some(2), Some(50.0), Some(72.0), "type_2")]);
        assert_eq!(told(&issues), ["3 × grouped", "1 × rows_not_counted"]);
    }

    #[test]
    fn two_wheelers_are_of_another_kind() {
        let mut row = point("P1", "E1", 3, 1, "");
        row["station_deux_roues"] = json!("True");
        let (all, issues) = outcomes(&[row]);
        assert_eq!((all.len(), told(&issues)), (0, vec!["1 × other_kind".to_owned()]));
    }
}
