//! Open Charge Map's JSON.
//!
//! # References
//! Open Charge Map API v3, reference data (`StatusType`, `UsageType`, `SubmissionStatusType`), which does not know trucks.

use super::{Outcome, Row, kilowatts, number_of, power_of, text_of, unknown};
use crate::config::station_words::{Access, Status};
use crate::error::Location;
use crate::issue::{IssueCode, Issues, Layer};
use crate::read::fields::MOST_POINTS;
use crate::read::power_words::Unit;
use crate::read::record::Columns;
use crate::read::station::{Station, word_set};
use crate::space::LonLat;
use serde_json::Value;
use std::collections::BTreeMap;

/// Status of a place by its number.
const STATUS: &[(i64, Status, &str)] = &[
    (0, Status::Unknown, "Unknown"),
    (10, Status::Open, "Currently Available"),
    (20, Status::Open, "Currently In Use"),
    (30, Status::Closed, "Temporarily Unavailable"),
    (50, Status::Open, "Operational"),
    (75, Status::Open, "Partly Operational"),
    (100, Status::Closed, "Not Operational"),
    (150, Status::Planned, "Planned For Future Date"),
    (200, Status::Closed, "Removed (Decommissioned)"),
    (210, Status::Closed, "Removed (Duplicate Listing)"),
];

/// What became of a submission; those that are not live are no places.
const SUBMISSIONS: &[(i64, bool, &str)] = &[
    (1, false, "Submission Under Review"),
    (50, false, "Imported: Under Review"),
    (100, true, "Imported and Published"),
    (200, true, "Submission Published"),
    (250, false, "Submission Rejected"),
    (1000, false, "Delisted"),
    (1001, false, "Delisted: Duplicate"),
    (1002, false, "Delisted: No Longer Active"),
    (1005, false, "Delisted: Superseded By Update"),
    (1010, false, "Delisted: Not Public Information"),
    (1020, false, "Delisted: Removed By Data Provider"),
];

/// Connections by number, where their titles are not given.
const CONNECTIONS: &[(i64, &str)] = &[
    (1, "Type 1 (J1772)"),
    (2, "CHAdeMO"),
    (8, "Tesla (Roadster)"),
    (25, "Type 2 (Socket Only)"),
    (27, "NACS / Tesla Supercharger"),
    (28, "CEE 7/4 - Schuko - Type F"),
    (30, "Tesla (Model S/X)"),
    (32, "CCS (Type 1)"),
    (33, "CCS (Type 2)"),
    (1036, "Type 2 (Tethered Connector)"),
    (1038, "GB-T AC - GB/T 20234.2 (Socket)"),
    (1039, "GB-T AC - GB/T 20234.2 (Tethered Cable)"),
    (1040, "GB-T DC - GB/T 20234.3"),
];

/// The number of a member, or that of the object that the API writes in its long form. Of two that differ, both.
fn numbers(columns: &Columns, key: &str, object: &str) -> Vec<i64> {
    let whole = |v: Option<&Value>| number_of(v).filter(|v| v.fract() == 0.0).map(|v| v as i64);
    let mut both: Vec<i64> =
        [whole(columns.get(key)), whole(columns.get(object).and_then(|o| o.get("ID")))].into_iter().flatten().collect();
    both.dedup();
    both
}

fn count(value: Option<&Value>) -> Option<u32> {
    number_of(value).filter(|v| v.fract() == 0.0 && (0.0..=f64::from(MOST_POINTS)).contains(v)).map(|v| v as u32)
}

fn title(connection: &Value) -> String {
    let told = text_of(connection.pointer("/ConnectionType/Title"));
    let id = || number_of(connection.get("ConnectionTypeID")).map(|v| v as i64);
    let known = |id: i64| CONNECTIONS.iter().find(|c| c.0 == id).map(|c| c.1.to_owned());
    if told.is_empty() { id().and_then(known).unwrap_or_default() } else { told }
}

/// What becomes of a place.
pub fn read(columns: &Columns, at: LonLat, here: Location, issues: &mut Issues) -> Outcome {
    let id = text_of(columns.get("ID"));
    let here = if id.is_empty() { here } else { here.id(id.as_str()) };
    for number in numbers(columns, "SubmissionStatusTypeID", "SubmissionStatus") {
        match SUBMISSIONS.iter().find(|s| s.0 == number) {
            Some((_, false, word)) => return Outcome::Void((*word).to_owned()),
            Some(_) => {}
            None if number >= 1000 => return Outcome::Void(format!("Delisted ({number})")),
            None => unknown("SubmissionStatusTypeID", number, &here, issues),
        }
    }
    let (mut status, mut against) = status_of(columns, &here, issues);
    if against.as_deref() == Some("Removed (Duplicate Listing)") {
        return Outcome::Void("Removed (Duplicate Listing)".to_owned());
    }
    let access = match numbers(columns, "UsageTypeID", "UsageType").first() {
        Some(1 | 4 | 5 | 7) => Access::Public,
        Some(2 | 3 | 6) => Access::Private,
        Some(0) | None => Access::Unknown,
        Some(other) => {
            unknown("UsageTypeID", other, &here, issues);
            Access::Unknown
        }
    };
    let all = columns.get("Connections").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let in_service = |c: &&Value| connection_state(c).is_none_or(|(s, _)| matches!(s, Status::Open | Status::Unknown));
    let working: Vec<&Value> = all.iter().filter(in_service).collect();
    // of a place that works in part, that part; of one that does not at all, what is there
    let in_part = !working.is_empty() && matches!(status, Status::Open | Status::Unknown);
    let connections = if in_part { working } else { all.iter().collect() };
    if !in_part
        && status == Status::Unknown
        && let Some((state, word)) = all.iter().filter_map(connection_state).next()
    {
        (status, against) = (state, Some(format!("all connections {word}")));
    }
    let parts = not_counted(all, connections.len());
    let power = |c: &&Value| power_of(c.get("PowerKW"), Unit::Kilowatt);
    let counted: u32 = connections.iter().map(|c| quantity(c)).fold(0, u32::saturating_add);
    let sockets: Vec<String> = connections.iter().map(|c| title(c)).filter(|t| !t.is_empty()).collect();
    let swap = sockets.iter().any(|s| s.to_lowercase().contains("swap"));
    let known = !connections.is_empty() && connections.iter().all(|c| power(c).is_some());
    let total = connections.iter().filter_map(|c| Some(power(c)? * f64::from(quantity(c)))).sum();
    let gone: u64 = parts.iter().map(|(_, n)| n).sum();
    let told = count(columns.get("NumberOfPoints")).map(|n| n.saturating_sub(u32::try_from(gone).unwrap_or(u32::MAX)));
    if told == Some(0) && counted > 0 {
        let what = format!("NumberOfPoints is 0 beside {counted} connections; these were taken");
        issues.push(Layer::Stations, IssueCode::Contradiction, here.clone().field("NumberOfPoints"), what);
    }
    let station = Station {
        id: id.clone(),
        name: text_of(columns.get("AddressInfo").and_then(|a| a.get("Title"))),
        at,
        charging: !swap || sockets.len() > 1,
        swap,
        points: told.filter(|n| *n > 0 || counted == 0).or((counted > 0).then_some(counted)),
        power_kw: connections.iter().filter_map(power).reduce(f64::max),
        total_kw: if known { kilowatts(total) } else { None },
        sockets: word_set(&sockets.join(";")).join(";"),
        operator: text_of(columns.get("OperatorInfo").and_then(|o| o.get("Title"))),
        access,
        status,
        opened: text_of(columns.get("DateCreated")).chars().take(10).collect(),
        source: here,
        ..Station::default()
    };
    let newest = ["DateLastStatusUpdate", "DateLastVerified", "DateCreated"].map(|k| text_of(columns.get(k)));
    let version = (!id.is_empty()).then(|| (id, newest.into_iter().max().unwrap_or_default()));
    Outcome::Row(Box::new(Row { station, group: None, version, against: against.into_iter().collect(), parts }))
}

fn quantity(connection: &Value) -> u32 {
    count(connection.get("Quantity")).unwrap_or(1)
}

/// The state of a connection, where it has one of its own.
fn connection_state(connection: &Value) -> Option<(Status, &'static str)> {
    let number = number_of(connection.get("StatusTypeID")).or_else(|| number_of(connection.pointer("/StatusType/ID")))?;
    STATUS.iter().find(|s| s.0 as f64 == number).map(|s| (s.1, s.2))
}

/// Guns by the word that keeps them out, where only some of the connections are counted.
fn not_counted(all: &[Value], counted: usize) -> Vec<(String, u64)> {
    let mut parts: BTreeMap<String, u64> = BTreeMap::new();
    if counted < all.len() {
        let gone = all.iter().filter_map(|c| Some((connection_state(c)?, quantity(c))));
        for ((_, word), n) in gone.filter(|((s, _), _)| matches!(s, Status::Planned | Status::Closed)) {
            *parts.entry(format!("connection {word}")).or_default() += u64::from(n);
        }
    }
    parts.into_iter().collect()
}

/// The status, and the word for one that is not open. Where number and object differ, the worse counts and is told.
fn status_of(columns: &Columns, here: &Location, issues: &mut Issues) -> (Status, Option<String>) {
    let all = numbers(columns, "StatusTypeID", "StatusType");
    let known: Vec<&(i64, Status, &str)> = all.iter().filter_map(|n| STATUS.iter().find(|s| s.0 == *n)).collect();
    for odd in all.iter().filter(|n| !STATUS.iter().any(|s| s.0 == **n)) {
        unknown("StatusTypeID", odd, here, issues);
    }
    if let [a, b] = known.as_slice()
        && a.1 != b.1
    {
        let what = format!("StatusTypeID is {} and StatusType {}; the worse was taken", a.0, b.0);
        issues.push(Layer::Stations, IssueCode::Contradiction, here.clone().field("StatusTypeID"), what);
    }
    let rank = |s: Status| match s {
        Status::Unknown => 0,
        Status::Open => 1,
        Status::Planned => 2,
        Status::Closed => 3,
    };
    let worst = known.into_iter().max_by_key(|s| rank(s.1));
    let against = worst.filter(|s| rank(s.1) > 1).map(|s| s.2.to_owned());
    (worst.map_or(Status::Unknown, |s| s.1), against)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{outcomes, told};
    use super::*;
    use serde_json::json;

    #[test]
    fn both_forms_are_read() {
        let (all, issues) = outcomes(&[json!({
            "ID": 7, "UsageTypeID": 4, "StatusType": {"ID": 50, "IsOperational": true}, "NumberOfPoints": 3,
            "OperatorInfo": {"Title": "State Grid"}, "DateCreated": "2024-03-05T10:00:00Z",
            "AddressInfo": {"Title": "Kuimen", "Latitude": 31.0, "Longitude": 109.5},
            "Connections": [
                {"ConnectionType": {"Title": "GB-T DC"}, "PowerKW": 120, "Quantity": 2},
                {"ConnectionType": {"Title": "GB-T AC"}, "PowerKW": 7, "Quantity": 1}
            ]
        })]);
        let s = &all[0];
        assert_eq!((s.id.as_str(), s.name.as_str(), s.points), ("7", "Kuimen", Some(3)));
        assert_eq!((s.power_kw, s.total_kw), (Some(120.0), Some(247.0)));
        assert_eq!((s.access, s.status, s.opened.as_str()), (Access::Public, Status::Open, "2024-03-05"));
        assert_eq!(s.sockets, "gb-t ac;gb-t dc");
        assert!(issues.sorted().is_empty());
        let (all, issues) = outcomes(&[json!({"ID": 8, "StatusTypeID": 999, "AddressInfo": {}})]);
        assert_eq!((all[0].status, all[0].points, issues.sorted().len()), (Status::Unknown, None, 1));
    }

    #[test]
    fn connections_that_do_not_work_are_not_counted_in_a_place_that_does() {
        let place = |status: Value, states: [Value; 2]| {
            let connection = |kw: u32, n: u32, state: &Value| json!({"PowerKW": kw, "Quantity": n, "StatusTypeID": state});
            outcomes(&[json!({"ID": 1, "AddressInfo": {}, "NumberOfPoints": 3, "StatusTypeID": status,
                "Connections": [connection(22, 2, &states[0]), connection(150, 1, &states[1])]})])
        };
        let of = |all: &[Station]| (all[0].points, all[0].power_kw, all[0].total_kw, all[0].status);
        // the one of 150 kW does not work: 3 - 1 points, 2 × 22 kW
        let (all, issues) = place(json!(75), [json!(50), json!(100)]);
        assert_eq!(of(&all), (Some(2), Some(22.0), Some(44.0), Status::Open));
        assert_eq!(issues.sorted()[0].message, "1 × \"connection Not Operational\": not counted in its station");
        // none says anything, or the whole place is closed: all of it is there
        let whole = |status| (Some(3), Some(150.0), Some(194.0), status);
        assert_eq!(of(&place(json!(50), [Value::Null, Value::Null]).0), whole(Status::Open));
        assert_eq!(of(&place(json!(100), [json!(50), json!(100)]).0), whole(Status::Closed));
        // the place says nothing and no connection works
        let (all, issues) = place(Value::Null, [json!(100), json!(100)]);
        assert_eq!(of(&all), whole(Status::Closed));
        assert_eq!(issues.sorted()[0].message, "1 × \"all connections Not Operational\": not open");
    }

    #[test]
    fn what_is_not_live_is_no_place_and_is_counted_by_its_word() {
        let place = |id: u32, submission: u32, status: u32| json!({"ID": id, "AddressInfo": {}, "SubmissionStatus": {"ID": submission}, "StatusTypeID": status});
        let (all, issues) = outcomes(&[
            place(1, 200, 50),
            place(2, 1000, 50),
            place(3, 1000, 50),
            place(4, 50, 50),
            place(5, 200, 210),
            place(6, 200, 150),
        ]);
        let seen: Vec<_> = all.iter().map(|s| (s.id.as_str(), s.status)).collect();
        assert_eq!(seen, [("1", Status::Open), ("6", Status::Planned)]);
        let words: Vec<String> = issues.sorted().iter().map(|i| i.message.clone()).collect();
        assert_eq!(
            words,
            [
                "1 × \"Imported: Under Review\": no station",
                "1 × \"Planned For Future Date\": not open",
                "1 × \"Removed (Duplicate Listing)\": no station",
                "2 × \"Delisted\": no station"
            ]
        );
    }

    #[test]
    fn numbers_may_be_text_and_two_states_are_told() {
        let (all, issues) = outcomes(&[json!({"ID": 1, "AddressInfo": {}, "NumberOfPoints": 2.0, "StatusTypeID": 50,
            "StatusType": {"ID": 100}, "Connections": [{"PowerKW": "50", "Quantity": "2", "ConnectionTypeID": 33}]})]);
        let s = &all[0];
        assert_eq!((s.points, s.power_kw, s.total_kw, s.status), (Some(2), Some(50.0), Some(100.0), Status::Closed));
        assert_eq!(s.sockets, "ccs (type 2)");
        assert_eq!(told(&issues), ["1 × marked_void", "1 × contradiction"]);
    }
}
