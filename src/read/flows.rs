//! Vehicles from place to place: a row a flow. A row that cannot be used is told and counts for nothing; none is guessed.

use super::columns;
use super::contradict::Contradictions;
use super::fields::FieldMap;
use super::formats::sheet::{self, Needed};
use super::formats::{Origin, SourceFile};
use super::headers;
use super::record::Columns;
use crate::config::How;
use crate::config::plan_flows::FlowsTable;
use crate::error::{Error, Location, Result};
use crate::issue::{IssueCode, Issues, Layer};
use serde::{Deserialize, Serialize};

/// More vehicles a day than the widest road of the world carries.
const MOST_A_DAY: f64 = 500_000.0;

/// Vehicles that go from one place to another.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Flow {
    /// Id or name of the settlement where they start.
    pub origin: String,
    /// Id or name of that where they go.
    pub destination: String,
    /// Vehicles a day.
    pub vehicles: f64,
    /// Where it stands.
    pub at: Location,
}

/// Reads the flows, in the order of the table; the same pair may stand in several rows.
///
/// # Errors
/// Input, when it is no table, or has no column of origins, destinations or vehicles.
pub fn read_flows(file: &SourceFile, spec: &FlowsTable, issues: &mut Issues) -> Result<(Vec<Flow>, Origin)> {
    let map = FieldMap::new("plan.flows", headers::FLOWS, &spec.fields)?;
    let own: Vec<String> = spec.fields.values().cloned().collect();
    let needed = Needed { columns: &map, code: "origin", wanted: &own, also: &["destination".to_owned()] };
    let how = How { sheet: spec.sheet.as_deref(), ..How::default() };
    let (mut flows, mut read, twofold) = (Vec::new(), 0u64, Contradictions::default());
    let (format, notes) = sheet::each_row(file, &how, needed, &mut |place, row| {
        read += 1;
        let at = Location::file(file.shown.as_str()).feature(place.number).line(place.line, 0);
        let flow = row.and_then(|row| {
            map.observe(&row);
            twofold.see(&map, &row, &at);
            flow_of(&row, &map, &at)
        });
        match flow {
            Ok(flow) => flows.push(flow),
            Err(what) => issues.push(Layer::Plan, IssueCode::FlowNotUsed, at, what),
        }
    })?;
    notes.into_iter().for_each(|note| note.push(&file.shown, Layer::Plan, issues));
    map.require_seen("plan.flows", read)?;
    columns::tell(&map, headers::FLOWS, (Layer::Plan, "plan.flows"), &file.shown, &|_| false, issues);
    twofold.tell(Layer::Plan, issues);
    if let Some(field) = ["origin", "destination", "vehicles"].into_iter().find(|field| !map.has_column(field)) {
        let what = format!("the table of flows has no column of {field} (looked for: {})", map.columns(field));
        let at = Location::file(file.shown.as_str()).field(field);
        return Err(Error::input(what, "name it under [plan.flows] fields").at(at));
    }
    Ok((flows, Origin { format, crs: String::new() }))
}

fn flow_of(row: &Columns, map: &FieldMap, at: &Location) -> std::result::Result<Flow, String> {
    let place = |field: &str| map.get(row, field).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let origin = place("origin").ok_or("the row does not say where its vehicles start")?;
    let destination = place("destination").ok_or("the row does not say where its vehicles go")?;
    let number =
        map.number(row, ("vehicles", false), at, &|text, digits| digits(text).filter(|v| (0.0..=MOST_A_DAY).contains(v)));
    let number = number.ok_or_else(|| format!("no vehicles are given from {origin} to {destination}"))?;
    let vehicles =
        number.map_err(|text| format!("\"{text}\" is not a number of vehicles a day from {origin} to {destination}"))?;
    Ok(Flow { origin, destination, vehicles, at: at.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<(Vec<Flow>, Vec<String>)> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("flows.csv");
        std::fs::write(&path, text).unwrap();
        let mut issues = Issues::default();
        let file = SourceFile { path, shown: "flows.csv".to_owned() };
        let (flows, _) = read_flows(&file, &FlowsTable::default(), &mut issues)?;
        Ok((flows, issues.sorted().iter().map(|i| format!("{} {}", i.code.as_str(), i.message)).collect()))
    }

    #[test]
    fn rows_are_flows_and_what_cannot_be_used_is_told() {
        let (flows, told) = read("起点,终点,车辆数\n1,2,10\n1,2,2.5\n,2,1\n1,,1\n1,3,many\n1,3,-1\n1,3,\n").unwrap();
        let of = |f: &Flow| (f.origin.clone(), f.destination.clone(), f.vehicles);
        assert_eq!(
            flows.iter().map(of).collect::<Vec<_>>(),
            [("1".to_owned(), "2".to_owned(), 10.0), ("1".to_owned(), "2".to_owned(), 2.5)]
        );
        for part in ["vehicles start", "vehicles go", "\"many\"", "\"-1\"", "no vehicles are given from 1 to 3"] {
            assert_eq!(told.iter().filter(|t| t.starts_with("flow_not_used") && t.contains(part)).count(), 1, "{part}: {told:?}");
        }
        assert!(read("origin,vehicles\n1,100\n").unwrap_err().to_string().contains("destination"));
    }
}
