//! Vehicles counted on roads: a row a road, or a road and county. A row that cannot be used is told and counts for nothing; none is guessed.

use super::codes::Known;
use super::columns;
use super::contradict::Contradictions;
use super::county::County;
use super::fields::FieldMap;
use super::formats::sheet::{self, Needed};
use super::formats::{Origin, SourceFile};
use super::headers;
use super::record::Columns;
use super::road_reference::reference;
use crate::config::How;
use crate::config::traffic::TrafficTable;
use crate::error::{Error, Location, Result};
use crate::issue::{IssueCode, Issues, Layer};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// More vehicles a day than the widest road of the world carries.
const MOST_A_DAY: f64 = 500_000.0;

/// Vehicles counted on a road.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Count {
    /// Number of the road in its one spelling.
    pub road: String,
    /// Code of the county that it holds for; none for all of the region.
    pub county: Option<String>,
    /// Vehicles a day in both directions, heavy trucks apart.
    pub cars: f64,
    /// Heavy trucks.
    pub trucks: f64,
    /// Where it stands.
    pub at: Location,
}

/// Reads the counts; of one road and county only the first row counts.
///
/// # Errors
/// Input, when it is no table, has no column of roads or vehicles, or has trucks of which nothing says how many are electric.
pub fn read_counts(
    file: &SourceFile,
    spec: &TrafficTable,
    counties: &[County],
    issues: &mut Issues,
) -> Result<(Vec<Count>, Origin)> {
    let map = FieldMap::new("demand.traffic", headers::TRAFFIC, &spec.fields)?;
    let own: Vec<String> = spec.fields.values().cloned().collect();
    let codes: BTreeSet<&str> = counties.iter().map(|c| c.code.as_str()).collect();
    let needed = Needed { columns: &map, code: "road", wanted: &own, also: &[] };
    let how = How { sheet: spec.sheet.as_deref(), ..How::default() };
    let mut found: BTreeMap<(String, Option<String>), Count> = BTreeMap::new();
    let (mut read, twofold) = (0u64, Contradictions::default());
    let (format, notes) = sheet::each_row(file, &how, needed, &mut |place, row| {
        read += 1;
        let at = Location::file(file.shown.as_str()).feature(place.number).line(place.line, 0);
        let mut unused = |what: String| issues.push(Layer::Roads, IssueCode::CountNotUsed, at.clone(), what);
        let row = match row {
            Ok(row) => row,
            Err(why) => return unused(why),
        };
        map.observe(&row);
        twofold.see(&map, &row, &at);
        match count_of(&row, &map, &codes, &at) {
            Err(what) => unused(what),
            Ok(count) => {
                if map.has_column("trucks") && map.get(&row, "trucks").is_none() {
                    let what = format!(
                        "the cell of trucks is blank for {}: its {} vehicles were taken for cars",
                        count.road, count.cars
                    );
                    issues.push(Layer::Roads, IssueCode::CountWithoutTrucks, at.clone().field("trucks"), what);
                }
                let mut unused = |what: String| issues.push(Layer::Roads, IssueCode::CountNotUsed, at.clone(), what);
                let key = (count.road.clone(), count.county.clone());
                match found.get(&key) {
                    Some(first) => unused(format!("{} was counted at {} too; the first row was taken", count.road, first.at)),
                    None => drop(found.insert(key, count)),
                }
            }
        }
    })?;
    notes.into_iter().for_each(|note| note.push(&file.shown, Layer::Roads, issues));
    if read == 0 {
        let what = "the counts of traffic have no row: there is no through traffic".to_owned();
        issues.push(Layer::Roads, IssueCode::CountNotUsed, Location::file(file.shown.as_str()), what);
    }
    map.require_seen("demand.traffic", read)?;
    columns::tell(&map, headers::TRAFFIC, (Layer::Roads, "demand.traffic"), &file.shown, &|_| false, issues);
    twofold.tell(Layer::Roads, issues);
    if let Some(field) = ["road", "aadt"].into_iter().find(|field| read > 0 && !map.has_column(field)) {
        let what = format!("the counts of traffic have no column of {field} (looked for: {})", map.columns(field));
        return Err(
            Error::input(what, "name it under [demand.traffic] fields").at(Location::file(file.shown.as_str()).field(field))
        );
    }
    let counts: Vec<Count> = found.into_values().collect();
    if let Some(c) = counts.iter().find(|c| c.trucks > 0.0 && spec.electric_truck_share.is_none()) {
        let what = format!("{} trucks were counted on {}, and nothing says how many are electric", c.trucks, c.road);
        let next = "give demand.traffic.electric_truck_share; 0 leaves them out";
        return Err(Error::input(what, next).at(c.at.clone()));
    }
    Ok((counts, Origin { format, crs: String::new() }))
}

fn count_of(row: &Columns, map: &FieldMap, codes: &BTreeSet<&str>, at: &Location) -> std::result::Result<Count, String> {
    let text = map.get(row, "road").ok_or("the row names no road")?;
    let road = reference(&text).ok_or_else(|| format!("\"{text}\" is not the number of a road, such as G318 or US 395"))?;
    let number = |field: &str| {
        map.number(row, (field, false), at, &|text, digits| digits(text).filter(|v| (0.0..=MOST_A_DAY).contains(v)))
    };
    let bad = |text: String| format!("\"{text}\" is not a number of vehicles a day on {road}");
    let all = number("aadt").ok_or_else(|| format!("no vehicles are given for {road}"))?.map_err(bad)?;
    let trucks = number("trucks").transpose().map_err(bad)?.unwrap_or(0.0);
    if trucks > all {
        return Err(format!("{trucks} trucks of {all} vehicles were counted on {road}"));
    }
    let county = match map.get(row, "code") {
        None => None,
        Some(code) => {
            let found = Known::of(&code, codes).code().filter(|c| codes.contains(c.as_str()));
            Some(found.ok_or_else(|| format!("no county has the code {code} of a count on {road}"))?)
        }
    };
    Ok(Count { road, county, cars: all - trucks, trucks, at: at.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::MultiPolygon;

    fn read(text: &str, truck_share: Option<f64>) -> Result<(Vec<Count>, Vec<String>)> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("counts.csv");
        std::fs::write(&path, text).unwrap();
        let spec = TrafficTable { electric_truck_share: truck_share, ..TrafficTable::default() };
        let county = |code: &str| {
            County::drawn([code, "Name", ""].map(str::to_owned), (MultiPolygon::new(Vec::new()), true), Location::default())
        };
        let mut issues = Issues::default();
        let file = SourceFile { path, shown: "counts.csv".to_owned() };
        let (counts, _) = read_counts(&file, &spec, &[county("053019"), county("053065")], &mut issues)?;
        Ok((counts, issues.sorted().iter().map(|i| format!("{} {}", i.code.as_str(), i.message)).collect()))
    }

    #[test]
    fn counts_are_by_road_or_by_road_and_county() {
        let (counts, told) =
            read("路线编号,区划代码,AADT,货车交通量\n318国道,,12000,3000\nUS Hwy 395,53019,8000,\n", Some(0.02)).unwrap();
        let of = |c: &Count| (c.road.clone(), c.county.clone(), c.cars, c.trucks);
        assert_eq!(
            counts.iter().map(of).collect::<Vec<_>>(),
            [
                ("G318".to_owned(), None, 9000.0, 3000.0),
                // a spreadsheet has taken the zero of the code
                ("US 395".to_owned(), Some("053019".to_owned()), 8000.0, 0.0),
            ]
        );
        // the table has a column of trucks, and the cell of the second row is blank
        let blank = "count_without_trucks the cell of trucks is blank for US 395: its 8000 vehicles were taken for cars";
        assert_eq!(told, [blank]);
        assert!(read("road,aadt\nG318,100\n", None).unwrap().1.is_empty());
        assert!(read("road,aadt,trucks\nG318,100,0\n", None).unwrap().1.is_empty());
        let (counts, told) = read("road,aadt,trucks\n", None).unwrap();
        assert!(
            counts.is_empty() && told == ["count_not_used the counts of traffic have no row: there is no through traffic"],
            "{told:?}"
        );
    }

    #[test]
    fn what_cannot_be_used_is_told_and_counts_for_nothing() {
        let text = "road,code,aadt,trucks\nMain Street,,100,\nG318,,many,\nG318,,,\nG318,,-5,\nG318,,100,200\nG318,999,100,\nG42,,100,0\ng 42,,200,0\n";
        let (counts, told) = read(text, Some(0.0)).unwrap();
        assert_eq!(counts.len(), 1);
        assert_eq!((counts[0].road.as_str(), counts[0].cars), ("G42", 100.0));
        let said = |part: &str| told.iter().filter(|t| t.starts_with("count_not_used") && t.contains(part)).count();
        for part in
            ["\"Main Street\"", "\"many\"", "no vehicles are given", "\"-5\"", "200 trucks of 100", "code 999", "was counted at"]
        {
            assert_eq!(said(part), 1, "{part}: {told:?}");
        }
        assert_eq!(told.len(), 7);
    }

    #[test]
    fn trucks_need_a_share_and_a_table_needs_its_columns() {
        assert!(
            read("road,aadt,trucks\nG318,100,20\n", None).unwrap_err().to_string().contains("nothing says how many are electric")
        );
        assert!(read("road,people\nG318,100\n", None).unwrap_err().to_string().contains("aadt"));
    }
}
