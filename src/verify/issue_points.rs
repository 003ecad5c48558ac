//! `issue_points.geojson` has the issues of `issues.csv` whose place is known, in their order, with the same cells.

use super::opened::Opened;
use super::{Findings, first_few};
use crate::error::Result;
use crate::files::csv_table::CsvRow;
use crate::files::schema::one_line;
use crate::read::record::Record;
use crate::tables::issues;
use ::geojson::GeometryValue;
use serde_json::Value;

/// Checks the layer, where the folder holds it as a file of its own.
pub(super) fn check(o: &Opened, findings: &mut Findings) -> Result<()> {
    let file = format!("{}.geojson", issues::POINTS);
    let (Some(table), true) = (o.tables.table(issues::FILE), o.holds(&file)) else { return Ok(()) };
    let mut rows = table.rows().filter(|r| !r.get("lon").is_empty());
    let (mut faults, mut points) = (Vec::new(), 0u64);
    o.features(issues::POINTS, findings, &mut |f| {
        points += 1;
        match rows.next() {
            None => faults.push(format!("{file}: feature {points} is in no row of {} with a place", issues::FILE)),
            Some(row) => {
                let other = table.columns().iter().filter(|c| !is_same(&row, c, f)).map(String::as_str);
                let moved = (!stands(&row, f)).then_some("lon");
                let (place, table) = (row.place(), issues::FILE);
                let tell = |what| format!("{file}: feature {points}, row {place} of {table}: {what} is not the same");
                faults.extend(other.chain(moved).map(tell));
            }
        }
    })?;
    let left = rows.count();
    if left > 0 {
        faults.push(format!("{file}: {left} issues of {} whose place is known are not in it", issues::FILE));
    }
    first_few(faults, findings);
    findings.checked.push(format!("{points} issues of the layer against {}", issues::FILE));
    Ok(())
}

fn is_same(row: &CsvRow<'_>, column: &str, f: &Record) -> bool {
    let cell = row.text(column).unwrap_or_default();
    match f.columns.get(column) {
        Some(Value::Null) => cell.is_empty(),
        Some(Value::String(text)) => one_line(text) == cell,
        Some(Value::Number(n)) => n.as_f64() == cell.parse().ok(),
        _ => false,
    }
}

/// Whether it stands where its columns say, to the last of six decimals.
fn stands(row: &CsvRow<'_>, f: &Record) -> bool {
    let Some(GeometryValue::Point { coordinates }) = &f.geometry else { return false };
    let near = |column: &str, i: usize| {
        let told = row.number(column).ok().flatten().zip(coordinates.as_slice().get(i));
        told.is_some_and(|(a, b)| (a - b).abs() < 2e-6)
    };
    near("lon", 0) && near("lat", 1)
}

#[cfg(test)]
mod tests {
    use crate::verify::opened::tests::{changed, faults_of};
    use serde_json::json;

    const ISSUES: &str =
        "layer,issue,count,message,lon,lat\nroads,near_end,1,a,1.5,2.5\nroads,no_station,1,b,,\nroads,near_end,2,'=c,3.5,4.5\n";

    #[test]
    fn what_the_layer_says_is_what_the_table_says() {
        let point = |message: &str, count: u64, lon: f64| {
            let properties = json!({ "id": message, "layer": "roads", "issue": "near_end", "count": count, "message": message, "lon": lon, "lat": lon + 1.0 });
            json!({ "type": "Feature", "geometry": { "type": "Point", "coordinates": [lon, lon + 1.0] }, "properties": properties })
        };
        let layer = json!({ "type": "FeatureCollection", "features": [point("a", 1, 1.5), point("=c", 2, 3.5)] }).to_string();
        let files = [("issues.csv", ISSUES), ("issue_points.geojson", layer.as_str())];
        let faults = |change| faults_of(&changed(&files, change), json!({}), super::check);
        assert_eq!(faults(("", "", "")), [""; 0]);
        for (file, from, to, want) in [
            ("issues.csv", "2,'=c", "3,'=c", "feature 2, row 3 of issues.csv: count is not the same"),
            ("issues.csv", "1,a", "1,d", "feature 1, row 1 of issues.csv: message is not the same"),
            ("issues.csv", "roads,near_end,2,'=c,3.5,4.5\n", "", "feature 2 is in no row of issues.csv with a place"),
            ("issues.csv", "1,b,,", "1,b,9.0,9.0", "feature 2, row 2 of issues.csv: issue is not the same"),
            ("issue_points.geojson", "[1.5,2.5]", "[1.5,2.6]", "feature 1, row 1 of issues.csv: lon is not the same"),
        ] {
            let found = faults((file, from, to));
            assert!(found.first().is_some_and(|f| f.contains(want)), "{file} {to}: {found:?}");
        }
    }
}
