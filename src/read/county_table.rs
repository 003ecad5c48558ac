//! A table with the counties' attributes, joined to their polygons by code, over a crosswalk of codes that have changed.
//!
//! What joins is joined; every polygon without a row and every row without a polygon is listed. Nothing is split: where
//! one old county became several, its people are nobody's.

use super::county::County;
use super::fields::{FieldMap, MOST_PEOPLE, whole};
use super::formats::{How, Origin, SourceFile, sheet};
use super::record::Columns;
use crate::config::region_file::CountyTable;
use crate::error::{Error, Location, Result};
use crate::issue::{IssueCode, Issues, Layer};
use std::collections::{BTreeMap, BTreeSet};

const FIELDS: &[(&str, &[&str])] = &[
    ("code", &["code", "adcode", "GEOID", "区划代码", "行政区划代码", "代码"]),
    ("name", &["name", "NAME", "区县", "名称"]),
    ("population", &["population", "pop", "人口数_合计", "常住人口", "总人口", "人口"]),
];

const CROSSWALK: &[(&str, &[&str])] =
    &[("old", &["old_code", "old"]), ("new", &["new_code", "new"]), ("note", &["note", "name"])];

/// A row of the table.
#[derive(Clone, Debug, Default)]
struct Row {
    name: String,
    population: Option<u64>,
    at: Location,
}

/// Joins the table to the counties and fills their population.
///
/// # Errors
/// Input, when a file cannot be read, has no code column, or not one row joins.
pub fn join(
    spec: &CountyTable,
    files: (&SourceFile, Option<&SourceFile>),
    counties: &mut [County],
    issues: &mut Issues,
) -> Result<Vec<Origin>> {
    let (rows, origin) = read_rows(spec, files.0, counties, issues)?;
    let mut origins = vec![origin];
    let mut recoded = BTreeMap::new();
    if let Some(file) = files.1 {
        let (pairs, origin) = read_crosswalk(file, issues)?;
        recoded = pairs;
        origins.push(origin);
    }
    // A county's rows: its own, and those of the counties that went into it.
    let codes: BTreeSet<&str> = counties.iter().map(|c| c.code.as_str()).collect();
    let mut of_county: BTreeMap<String, Vec<(&String, &Row)>> = BTreeMap::new();
    let mut left = Vec::new();
    for (code, row) in &rows {
        if codes.contains(code.as_str()) {
            of_county.entry(code.clone()).or_default().push((code, row));
        } else if let Some(new) = recoded.get(code).filter(|new| codes.contains(new.as_str())) {
            of_county.entry(new.clone()).or_default().push((code, row));
            let what = format!("the row \"{}\" ({code}) was joined to {new}, as the crosswalk says", row.name);
            issues.push(Layer::Counties, IssueCode::Recoded, row.at.clone().id(code.as_str()), what);
        } else {
            left.push((code, row));
        }
    }
    if of_county.is_empty() {
        let next = "map code under [county_table] fields, and check that both use the same codes";
        let shown = files.0.shown.as_str();
        return Err(Error::input("not one row of the table joins a county", next).at(Location::file(shown)));
    }
    for (code, row) in left {
        let what = format!("no county has the code {code} (\"{}\")", row.name);
        issues.push(Layer::Counties, IssueCode::RowWithoutCounty, row.at.clone().id(code.as_str()), what);
    }
    for county in counties {
        match of_county.get(&county.code) {
            Some(rows) => {
                let known: Option<Vec<u64>> = rows.iter().map(|(_, r)| r.population).collect();
                county.population = known.map(|list| list.iter().sum());
            }
            None => {
                let what = format!("the table has no row for {} \"{}\"", county.code, county.name);
                issues.push(Layer::Counties, IssueCode::CountyWithoutRow, county.source.clone(), what);
            }
        }
    }
    Ok(origins)
}

fn read_rows(
    spec: &CountyTable,
    file: &SourceFile,
    counties: &[County],
    issues: &mut Issues,
) -> Result<(BTreeMap<String, Row>, Origin)> {
    let map = FieldMap::new("county_table", FIELDS, &spec.fields)?;
    let codes: BTreeSet<&str> = counties.iter().map(|c| c.code.as_str()).collect();
    let how = How { encoding: spec.encoding.as_deref(), delimiter: spec.delimiter.as_deref(), ..How::default() };
    let mut rows: BTreeMap<String, Row> = BTreeMap::new();
    let mut read = 0u64;
    let format = sheet::each_row(file, &how, spec.sheet.as_deref(), &mut |place, row| {
        read += 1;
        let at = Location::file(file.shown.as_str()).feature(place.number).line(place.line, 0);
        let row = match row {
            Ok(row) => row,
            Err(why) => return issues.push(Layer::Counties, IssueCode::RowWithoutCounty, at, why),
        };
        map.observe(&row);
        let name = map.get(&row, "name").unwrap_or_default().into_owned();
        let code = map.get(&row, "code").filter(|c| c.chars().any(|d| d.is_ascii_digit()));
        let Some(code) = code else {
            let what = format!("the row \"{name}\" has no code");
            return issues.push(Layer::Counties, IssueCode::RowWithoutCounty, at, what);
        };
        let code = with_its_zero(&code, &codes);
        let population = population(&row, &map, &at, issues);
        if rows.contains_key(&code) {
            let what = format!("the code {code} stands twice in the table; the first row was taken");
            return issues.push(Layer::Counties, IssueCode::RowWithoutCounty, at, what);
        }
        rows.insert(code, Row { name, population, at });
    })?;
    map.require_seen("county_table", read)?;
    if rows.is_empty() {
        let next = format!("map code under [county_table] fields (looked for: {})", map.columns("code"));
        return Err(Error::input("the table has no row with a code", next).at(Location::file(file.shown.as_str())));
    }
    Ok((rows, Origin { format, crs: String::new() }))
}

fn population(row: &Columns, map: &FieldMap, at: &Location, issues: &mut Issues) -> Option<u64> {
    let text = map.get(row, "population")?;
    let value = whole(&text, MOST_PEOPLE.saturating_mul(20));
    if value.is_none() && !matches!(text.as_ref(), "NA" | "-" | "—") {
        let what = format!("\"{text}\" is not a number of people");
        issues.push(Layer::Counties, IssueCode::BadNumber, at.clone().field(map.columns("population")), what);
    }
    value.map(u64::from)
}

/// A code that lost its leading zeros in a spreadsheet gets them back, if a county has exactly that code.
fn with_its_zero(code: &str, known: &BTreeSet<&str>) -> String {
    let code = code.trim().trim_end_matches(".0");
    if !known.contains(code)
        && let Some(width) = known.first().map(|c| c.len()).filter(|w| *w > code.len())
    {
        let padded = format!("{code:0>width$}");
        if known.contains(padded.as_str()) {
            return padded;
        }
    }
    code.to_owned()
}

fn read_crosswalk(file: &SourceFile, issues: &mut Issues) -> Result<(BTreeMap<String, String>, Origin)> {
    let map = FieldMap::new("county_table", CROSSWALK, &BTreeMap::new())?;
    let mut pairs: BTreeMap<String, String> = BTreeMap::new();
    let mut split = BTreeSet::new();
    let format = sheet::each_row(file, &How::default(), None, &mut |place, row| {
        let at = Location::file(file.shown.as_str()).feature(place.number).line(place.line, 0);
        let pair = row.ok().and_then(|r| Some((map.get(&r, "old")?.into_owned(), map.get(&r, "new")?.into_owned())));
        let Some((old, new)) = pair else {
            let what = "the row of the crosswalk has no old_code and new_code";
            return issues.push(Layer::Counties, IssueCode::RowWithoutCounty, at, what);
        };
        if pairs.get(&old).is_some_and(|before| *before != new) {
            let what = format!("{old} became several counties; its row is not split and joins none");
            issues.push(Layer::Counties, IssueCode::Recoded, at.id(old.as_str()), what);
            split.insert(old);
        } else {
            pairs.insert(old, new);
        }
    })?;
    pairs.retain(|old, _| !split.contains(old));
    if pairs.is_empty() {
        let next = "give a table with the columns old_code, new_code";
        return Err(Error::input("the crosswalk has no pair of codes", next).at(Location::file(file.shown.as_str())));
    }
    Ok((pairs, Origin { format, crs: String::new() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn county(code: &str) -> County {
        let shape = geo::MultiPolygon::new(vec![]);
        let (name, name_zh) = (code.to_owned(), String::new());
        County { code: code.to_owned(), name, name_zh, shape, valid: true, population: None, source: Location::default() }
    }

    fn joined(table: &str, crosswalk: Option<&str>, codes: &[&str]) -> (Vec<Option<u64>>, Vec<(String, u64)>) {
        let dir = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| {
            std::fs::write(dir.path().join(name), text).unwrap();
            SourceFile { path: dir.path().join(name), shown: name.to_owned() }
        };
        let table = file("t.csv", table);
        let crosswalk = crosswalk.map(|text| file("c.csv", text));
        let mut counties: Vec<County> = codes.iter().map(|c| county(c)).collect();
        let mut issues = Issues::default();
        join(&CountyTable::default(), (&table, crosswalk.as_ref()), &mut counties, &mut issues).unwrap();
        let found = issues.by_code().into_iter().map(|((_, code), (n, _))| (code.as_str().to_owned(), n)).collect();
        (counties.iter().map(|c| c.population).collect(), found)
    }

    #[test]
    fn rows_without_polygon_and_polygons_without_row_are_listed() {
        let (people, issues) = joined("code,name,population\n500238,a,100\n500271,zone,5\nNA,x,1\n", None, &["500238", "500229"]);
        assert_eq!(people, [Some(100), None]);
        assert_eq!(issues, [("county_without_row".to_owned(), 1), ("row_without_county".to_owned(), 2)]);
    }

    #[test]
    fn old_codes_go_where_the_crosswalk_says_and_split_ones_nowhere() {
        // Two counties merged into 3; 4 was split into 5 and 6.
        let table = "code,name,population\n1,a,10\n2,b,20\n3,c,30\n4,d,40\n";
        let (people, issues) = joined(table, Some("old_code,new_code\n1,3\n2,3\n4,5\n4,6\n"), &["3", "5", "6"]);
        assert_eq!(people, [Some(60), None, None]);
        assert!(issues.contains(&("recoded".to_owned(), 3)), "{issues:?}");
        assert!(issues.contains(&("row_without_county".to_owned(), 1)), "{issues:?}");
    }

    #[test]
    fn leading_zeros_that_a_spreadsheet_took_come_back() {
        let (people, _) = joined("code,population\n1001,7\n53019.0,8\n", None, &["01001", "53019"]);
        assert_eq!(people, [Some(7), Some(8)]);
    }
}
