//! What must hold in `equity.csv` and `lorenz.csv`: counties add up, the layer counts the same people, the curve is that of its Gini
//! coefficient.

use super::opened::{Opened, county_code};
use super::{Findings, ROUNDED};
use crate::error::Result;
use crate::files::csv_table::CsvTable;
use crate::files::schema::one_line;
use crate::tables::{equity, lorenz};
use serde_json::Value;
use std::collections::BTreeMap;

/// Checks both tables, where the folder holds them.
pub(super) fn check(o: &Opened, findings: &mut Findings) -> Result<()> {
    let (Some(table), Some(curve)) = (o.tables.table(equity::FILE), o.tables.table(lorenz::FILE)) else { return Ok(()) };
    let Some(all) = table.rows().next() else {
        findings.faults.push("equity.csv has no row for `all`".to_owned());
        return Ok(());
    };
    let parts = ["settlements_counted", "settlements_unknown", "people_counted", "people_no_way", "people_left_out"];
    for part in parts {
        let sum = table.rows().skip(1).map(|row| row.count(part)).sum::<Result<u64>>()?;
        if all.count(part)? != sum {
            findings.faults.push(format!("equity.csv: {part} of the counties is {sum} together, and `all` says another"));
        }
    }
    check_people(o, table, findings)?;
    check_curve(curve, all.number("gini")?, findings)?;
    let counties = table.rows().count() - 1;
    findings.checked.push(format!("people of {counties} counties against the layer; the Lorenz curve"));
    Ok(())
}

/// The layer counts the same people, and the same beyond.
fn check_people(o: &Opened, table: &CsvTable, findings: &mut Findings) -> Result<()> {
    let mut people: BTreeMap<String, [f64; 2]> = BTreeMap::new();
    for row in table.rows().skip(1) {
        let everyone = (row.count("people_counted")? + row.count("people_no_way")?) as f64;
        people.insert(row.text("county_code")?, [everyone, row.number("beyond_share")?.unwrap_or(0.0) * everyone]);
    }
    let mut faults = Vec::new();
    o.features("counties", findings, &mut |f| {
        let code = one_line(county_code(&f.columns));
        let number = |column: &str| f.columns.get(column).and_then(Value::as_f64).unwrap_or(f64::NAN);
        let (known, beyond) = (number("people_known"), number("people_in_gap"));
        let same = people.get(&code).is_some_and(|[all, far]| *all == known && (far - beyond).abs() <= ROUNDED * known.max(1.0));
        if !same {
            faults.push(format!("equity.csv: the people of county {code} are not those of counties.geojson"));
        }
    })?;
    findings.faults.append(&mut faults);
    Ok(())
}

/// From (0, 0) to (1, 1), never falling; its area is the Gini coefficient (less a little where it was read off at even steps).
fn check_curve(curve: &CsvTable, gini: Option<f64>, findings: &mut Findings) -> Result<()> {
    let mut points = Vec::new();
    for row in curve.rows() {
        points.push([row.number("people_share")?.unwrap_or(f64::NAN), row.number("distance_share")?.unwrap_or(f64::NAN)]);
    }
    let (Some(gini), Some(first), Some(last)) = (gini, points.first(), points.last()) else {
        if gini.is_some() || !points.is_empty() {
            findings.faults.push("lorenz.csv: there is a curve without a Gini coefficient, or the other way round".to_owned());
        }
        return Ok(());
    };
    let rising = points.windows(2).all(|w| w[0][0] <= w[1][0] && w[0][1] <= w[1][1]);
    let area: f64 = points.windows(2).map(|w| (w[1][0] - w[0][0]) * (w[0][1] + w[1][1])).sum();
    let least = if points.len() > 100 { gini - 1.0 / 100.0 } else { gini };
    let fits = 1.0 - area >= least - 100.0 * ROUNDED && 1.0 - area <= gini + 100.0 * ROUNDED;
    if !(rising && fits && *first == [0.0, 0.0] && *last == [1.0, 1.0]) {
        findings.faults.push(format!("lorenz.csv is not the curve of a Gini coefficient of {gini}"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::verify::opened::tests::{changed, faults_of};
    use serde_json::json;

    const EQUITY: &str = "code,settlements_counted,settlements_unknown,people_counted,people_no_way,people_left_out,gini,beyond_share\n\
all,2,1,40,10,0,0.25,0.6\n0101,1,0,20,10,0,0.0,0.333333\n0102,1,1,20,0,0,0.0,1.0\n";
    const LORENZ: &str = "people_share,distance_share\n0.0,0.0\n0.5,0.25\n1.0,1.0\n";

    #[test]
    fn each_rule_finds_its_breach() {
        let county = |code: &str, known: u64, gap: u64| json!({ "type": "Feature", "geometry": null, "properties": { "county_code": code, "people_known": known, "people_in_gap": gap } });
        let counties = json!({ "type": "FeatureCollection", "features": [county("0101", 30, 10), county("0102", 20, 20)] });
        let counties = counties.to_string();
        let files = [("equity.csv", EQUITY), ("lorenz.csv", LORENZ), ("counties.geojson", counties.as_str())];
        let faults = |change| faults_of(&changed(&files, change), json!({}), super::check);
        assert_eq!(faults(("", "", "")), [""; 0]);
        for (file, from, to, want) in [
            ("equity.csv", "all,2,1,40", "all,2,1,41", "people_counted of the counties is 40 together"),
            ("equity.csv", "0.0,1.0", "0.0,0.9", "the people of county 0102 are not those"),
            ("lorenz.csv", "0.5,0.25", "0.5,0.2", "not the curve of a Gini coefficient of 0.25"),
            ("lorenz.csv", "1.0,1.0\n", "", "not the curve of a Gini coefficient of 0.25"),
            ("lorenz.csv", "0.0,0.0\n0.5,0.25\n1.0,1.0\n", "", "a curve without a Gini coefficient"),
        ] {
            let found = faults((file, from, to));
            assert!(found.len() == 1 && found[0].contains(want), "{file} {to}: {found:?}");
        }
    }
}
