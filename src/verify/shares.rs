//! What must hold in the tables beside the ledger: `equity.csv`, `lorenz.csv` and `trust.csv`.

use super::Findings;
use super::books::{BooksTable, features};
use crate::files::schema::one_line;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// A figure of six decimals, and one that is computed from a few of them.
const ROUNDED: f64 = 5e-6;

/// Checks the tables that the manifest names; folders of earlier versions have none.
pub fn check(folder: &Path, manifest: &Value, findings: &mut Findings) {
    let written = |name: &str| manifest["outputs"].as_array().is_some_and(|all| all.iter().any(|f| f["name"] == name));
    if written("equity.csv") && written("lorenz.csv") {
        check_equity(folder, findings);
    }
    if written("trust.csv") {
        check_trust(folder, findings);
    }
}

fn check_equity(folder: &Path, findings: &mut Findings) {
    let (Some(t), Some(curve)) =
        (BooksTable::read(&folder.join("equity.csv"), findings), BooksTable::read(&folder.join("lorenz.csv"), findings))
    else {
        return;
    };
    let number = |row: &csv::StringRecord, column: &str| t.cell(row, column).parse::<f64>().ok();
    let mut sums = [0.0; 5];
    let parts = ["settlements_counted", "settlements_unknown", "people_counted", "people_no_way", "people_left_out"];
    let mut people: BTreeMap<String, [f64; 2]> = BTreeMap::new();
    let Some((all, counties)) = t.rows.split_first() else {
        findings.faults.push("equity.csv has no row for `all`".to_owned());
        return;
    };
    for row in counties {
        parts.iter().zip(&mut sums).for_each(|(p, sum)| *sum += number(row, p).unwrap_or(f64::NAN));
        let everyone = number(row, "people_counted").unwrap_or(0.0) + number(row, "people_no_way").unwrap_or(0.0);
        people.insert(t.text(row, "code").to_owned(), [everyone, number(row, "beyond_share").unwrap_or(0.0) * everyone]);
    }
    for (part, sum) in parts.iter().zip(sums).filter(|(p, sum)| number(all, p) != Some(*sum)) {
        findings.faults.push(format!("equity.csv: {part} of the counties is {sum} together, and `all` says another"));
    }
    for row in &t.rows {
        let beyond = ["beyond_share", "beyond_gap", "beyond_gap_squared"].map(|c| number(row, c).unwrap_or(0.0));
        if !(beyond[0] <= 1.0 && beyond[0] >= beyond[1] && beyond[1] >= beyond[2] && beyond[2] >= 0.0) {
            findings
                .faults
                .push(format!("equity.csv: the beyond columns of {} do not fall from share to square", t.text(row, "code")));
        }
    }
    let theil = ["theil", "theil_between", "theil_within"].map(|c| number(all, c).unwrap_or(0.0));
    if (theil[1] + theil[2] - theil[0]).abs() > ROUNDED {
        findings.faults.push(format!("equity.csv: Theil's parts {} and {} are not {}", theil[1], theil[2], theil[0]));
    }
    check_people(folder, &people, findings);
    check_curve(&curve, number(all, "gini"), findings);
    findings.checked.push(format!("people of {} counties against the layer; Theil's parts and the Lorenz curve", counties.len()));
}

/// The layer counts the same people, and the same beyond.
fn check_people(folder: &Path, people: &BTreeMap<String, [f64; 2]>, findings: &mut Findings) {
    let mut faults = Vec::new();
    features(folder, "counties", findings, &mut |p| {
        let code = p.columns.get("code").and_then(Value::as_str).unwrap_or_default();
        let [known, beyond] =
            ["people_known", "people_in_gap"].map(|c| p.columns.get(c).and_then(Value::as_f64).unwrap_or(f64::NAN));
        let same = people
            .get(&one_line(code))
            .is_some_and(|[all, far]| *all == known && (far - beyond).abs() <= ROUNDED * known.max(1.0));
        if !same {
            faults.push(format!("equity.csv: the people of county {code} are not those of counties.geojson"));
        }
    });
    findings.faults.append(&mut faults);
}

/// From (0, 0) to (1, 1), never falling; its area is the Gini coefficient (less a little where it was read off at even steps).
fn check_curve(curve: &BooksTable, gini: Option<f64>, findings: &mut Findings) {
    let number = |row: &csv::StringRecord, column: &str| curve.cell(row, column).parse::<f64>().unwrap_or(f64::NAN);
    let points: Vec<[f64; 2]> = curve.rows.iter().map(|r| [number(r, "people_share"), number(r, "distance_share")]).collect();
    let (Some(gini), Some(first), Some(last)) = (gini, points.first(), points.last()) else {
        if gini.is_some() || !points.is_empty() {
            findings.faults.push("lorenz.csv: there is a curve without a Gini coefficient, or the other way round".to_owned());
        }
        return;
    };
    let rising = points.windows(2).all(|w| w[0][0] <= w[1][0] && w[0][1] <= w[1][1]);
    let area: f64 = points.windows(2).map(|w| (w[1][0] - w[0][0]) * (w[0][1] + w[1][1])).sum();
    let least = if points.len() > 100 { gini - 1.0 / 100.0 } else { gini };
    let fits = 1.0 - area >= least - 100.0 * ROUNDED && 1.0 - area <= gini + 100.0 * ROUNDED;
    if !(rising && fits && *first == [0.0, 0.0] && *last == [1.0, 1.0]) {
        findings.faults.push(format!("lorenz.csv is not the curve of a Gini coefficient of {gini}"));
    }
}

/// The parts of a county add up to its score in the ranking, their weights to 1.
fn check_trust(folder: &Path, findings: &mut Findings) {
    let (Some(t), Some(ranking)) =
        (BooksTable::read(&folder.join("trust.csv"), findings), BooksTable::read(&folder.join("ranking.csv"), findings))
    else {
        return;
    };
    let mut sums: BTreeMap<&str, [f64; 2]> = BTreeMap::new();
    for row in &t.rows {
        let number = |column: &str| t.cell(row, column).parse::<f64>().unwrap_or(f64::NAN);
        let sum = sums.entry(t.text(row, "county_code")).or_default();
        *sum = [sum[0] + number("weight"), sum[1] + number("points")];
    }
    for row in &ranking.rows {
        let code = ranking.text(row, "code");
        let score = ranking.cell(row, "trust_score").parse::<f64>().unwrap_or(f64::NAN);
        let [weight, points] = sums.get(code).copied().unwrap_or([f64::NAN; 2]);
        let adds_up = (weight - 1.0).abs() <= 4.0 * ROUNDED && (points - score).abs() <= ROUNDED;
        if !adds_up {
            findings
                .faults
                .push(format!("trust.csv: the points of county {code} add up to {points}, its trust_score is {score}"));
        }
    }
    findings.checked.push(format!("trust of {} counties from its parts", ranking.rows.len()));
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::fs;

    const EQUITY: &str = "code,settlements_counted,settlements_unknown,people_counted,people_no_way,people_left_out,gini,theil,\
theil_between,theil_within,beyond_share,beyond_gap,beyond_gap_squared\n\
all,2,1,40,10,0,0.25,0.130812,0.130812,0.0,0.6,0.3,0.25\n\
0101,1,0,20,10,0,0.0,0.0,,,0.333333,0.333333,0.333333\n\
0102,1,1,20,0,0,0.0,0.0,,,1.0,0.25,0.0625\n";
    const LORENZ: &str = "people_share,distance_share\n0.0,0.0\n0.5,0.25\n1.0,1.0\n";
    const TRUST: &str = "county_code,weight,points\n0101,0.4,40.0\n0101,0.6,12.5\n0102,1.0,90.0\n";
    const RANKING: &str = "code,trust_score\n0101,52.5\n0102,90.0\n";

    /// Faults of a folder whose files are sound but for one change.
    fn faults(file: &str, from: &str, to: &str) -> Vec<String> {
        let dir = tempfile::tempdir().unwrap();
        let county = |code: &str, known: u64, gap: u64| {
            json!({ "type": "Feature", "geometry": { "type": "Point", "coordinates": [0, 0] },
                "properties": { "code": code, "people_known": known, "people_in_gap": gap } })
        };
        let counties = json!({ "type": "FeatureCollection", "features": [county("0101", 30, 10), county("0102", 20, 20)] });
        for (name, text) in [("equity.csv", EQUITY), ("lorenz.csv", LORENZ), ("trust.csv", TRUST), ("ranking.csv", RANKING)] {
            let text = if name == file { text.replacen(from, to, 1) } else { text.to_owned() };
            fs::write(dir.path().join(name), text).unwrap();
        }
        fs::write(dir.path().join("counties.geojson"), counties.to_string()).unwrap();
        let names = ["equity.csv", "lorenz.csv", "trust.csv"].map(|name| json!({ "name": name }));
        let mut findings = Findings::default();
        check(dir.path(), &json!({ "outputs": names }), &mut findings);
        findings.faults
    }

    #[test]
    fn each_rule_finds_its_breach() {
        assert_eq!(faults("", "", ""), Vec::<String>::new());
        for (file, from, to, want) in [
            ("equity.csv", "all,2,1,40", "all,2,1,41", "people_counted of the counties is 40 together"),
            ("equity.csv", "0.130812,0.0,", "0.120812,0.0,", "Theil's parts 0.120812 and 0 are not 0.130812"),
            ("equity.csv", "1.0,0.25,0.0625", "0.9,0.25,0.0625", "the people of county 0102 are not those"),
            ("equity.csv", "1.0,0.25,0.0625", "1.0,0.05,0.0625", "the beyond columns of 0102"),
            ("lorenz.csv", "0.5,0.25", "0.5,0.2", "not the curve of a Gini coefficient of 0.25"),
            ("lorenz.csv", "1.0,1.0\n", "", "not the curve of a Gini coefficient of 0.25"),
            ("lorenz.csv", "0.0,0.0\n0.5,0.25\n1.0,1.0\n", "", "a curve without a Gini coefficient"),
            ("trust.csv", "12.5", "12.4", "the points of county 0101 add up to 52.4"),
            ("trust.csv", "0.6", "0.5", "the points of county 0101"),
        ] {
            let found = faults(file, from, to);
            assert!(found.len() == 1 && found[0].contains(want), "{file} {to}: {found:?}");
        }
    }
}
