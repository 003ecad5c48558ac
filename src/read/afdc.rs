//! Stations from the table of the US Alternative Fuels Data Center (`format = "afdc"`).
//!
//! Electric rows only; ports by level; power is not in the table, so it stays unknown.

use super::fields::{Attributes, MOST_POINTS, whole};
use super::station::{Station, word_set};
use crate::config::station_words::{Access, Status};
use crate::error::Location;
use crate::issue::{IssueCode, Issues, Layer};
use crate::space::LonLat;

/// The columns without which the table is no AFDC table.
pub const AFDC_COLUMNS: &[&str] =
    &["Fuel Type Code", "Station Name", "Status Code", "EV Level2 EVSE Num", "EV DC Fast Count", "Latitude", "Longitude", "ID"];

/// A station from one row, or `None` for another fuel.
///
/// # References
/// AFDC, "Data Fields for Alternative Fuel Stations": Status Code E available, P planned, T temporarily unavailable;
/// Access Code public or private; Maximum Vehicle Class LD, MD or HD (light, medium and heavy duty).
pub fn afdc_station(row: &impl Attributes, at: LonLat, here: Location, issues: &mut Issues) -> Option<Station> {
    let text = |column: &str| row.text(column).map(|t| t.into_owned()).unwrap_or_default();
    if text("Fuel Type Code") != "ELEC" {
        return None;
    }
    let mut ports = |column: &str| -> Option<u32> {
        let raw = row.text(column)?;
        let value = whole(&raw, MOST_POINTS);
        if value.is_none() {
            issues.push(Layer::Stations, IssueCode::BadNumber, here.clone().field(column), format!("\"{raw}\" is not a number"));
        }
        value
    };
    let levels = [ports("EV Level1 EVSE Num"), ports("EV Level2 EVSE Num"), ports("EV DC Fast Count")];
    let points = levels.iter().any(Option::is_some).then(|| levels.iter().flatten().sum());
    let status = match text("Status Code").as_str() {
        "E" => Status::Open,
        "P" => Status::Planned,
        "T" => Status::Closed,
        other => {
            issues.push(
                Layer::Stations,
                IssueCode::UnknownValue,
                here.clone().field("Status Code"),
                format!("\"{other}\" is not a known status"),
            );
            Status::Unknown
        }
    };
    // Older tables have only the long wording ("Private - Fleet customers only").
    let access = row.text("Access Code").or_else(|| row.text("Groups With Access Code")).unwrap_or_default().to_lowercase();
    let access = match () {
        () if access.starts_with("public") => Access::Public,
        () if access.starts_with("private") => Access::Private,
        () => Access::Unknown,
    };
    let connectors = text("EV Connector Types").replace(' ', ";");
    Some(Station {
        id: text("ID"),
        name: text("Station Name"),
        at,
        charging: true,
        swap: false,
        points,
        sockets: word_set(&connectors).join(";"),
        trucks: match text("Maximum Vehicle Class").as_str() {
            "HD" => Some(true),
            "LD" | "MD" => Some(false),
            _ => None,
        },
        operator: text("EV Network"),
        access,
        status,
        opened: text("Open Date"),
        source: here,
        ..Station::default()
    })
}
