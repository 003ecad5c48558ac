//! What must hold in the tables of the ranking: ranks follow from scores, scores from points, ranges are in order, and each line
//! has the places that were asked for.

use super::Findings;
use super::books::BooksTable;
use crate::files::schema::one_line;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// What rounding to six decimals may add up to over the indicators of a score.
const ROUNDED: f64 = 1e-6;

/// Checks the tables that the manifest names; folders of earlier versions have `ranking.csv` only.
pub fn check(folder: &Path, manifest: &Value, findings: &mut Findings) {
    let written = |name: &str| manifest["outputs"].as_array().is_some_and(|all| all.iter().any(|f| f["name"] == name));
    let Some(ranking) = BooksTable::read(&folder.join("ranking.csv"), findings) else { return };
    let why = if written("why.csv") { BooksTable::read(&folder.join("why.csv"), findings) } else { None };
    let points = match &why {
        _ if manifest["ranking"]["points_add_up"] == false => None,
        Some(why) => Some(sums(why)),
        None => Some(sums_across(&ranking)),
    };
    check_places(&ranking, findings);
    if let Some(points) = points {
        check_points(&ranking, &points, findings);
    }
    check_ranges(&ranking, findings);
    if written("lines.csv")
        && let Some(lines) = BooksTable::read(&folder.join("lines.csv"), findings)
    {
        check_lines(&lines, manifest, findings);
    }
}

fn ranked(t: &BooksTable) -> impl Iterator<Item = &csv::StringRecord> {
    t.rows.iter().filter(|r| !t.cell(r, "rank").is_empty())
}

/// Points of each county, by code, from the long table.
fn sums(why: &BooksTable) -> BTreeMap<String, f64> {
    let mut sums = BTreeMap::new();
    for row in &why.rows {
        let points = why.cell(row, "points").parse().unwrap_or(f64::NAN);
        *sums.entry(why.text(row, "county_code").to_owned()).or_insert(0.0) += points;
    }
    sums
}

/// The same from the columns of the ranking, where there was no other table.
fn sums_across(ranking: &BooksTable) -> BTreeMap<String, f64> {
    let columns = || ranking.header.iter().enumerate().filter(|(_, h)| h.starts_with("points_"));
    let sum = |row: &csv::StringRecord| columns().filter_map(|(k, _)| row.get(k)?.parse::<f64>().ok()).sum();
    ranking.rows.iter().map(|row| (ranking.text(row, "code").to_owned(), sum(row))).collect()
}

fn check_places(t: &BooksTable, findings: &mut Findings) {
    let mut before = f64::INFINITY;
    for (i, row) in ranked(t).enumerate() {
        let score: f64 = t.cell(row, "score_0_100").parse().unwrap_or(f64::NAN);
        if t.cell(row, "rank") != (i + 1).to_string() || score > before || score.is_nan() {
            let code = t.text(row, "code");
            findings.faults.push(format!("ranking.csv: county {code} is not in the place that its score gives it"));
        }
        before = score;
    }
    findings.checked.push(format!("{} ranks follow from their scores", ranked(t).count()));
}

fn check_points(t: &BooksTable, points: &BTreeMap<String, f64>, findings: &mut Findings) {
    for row in ranked(t) {
        let (code, score): (_, f64) = (t.text(row, "code"), t.cell(row, "score_0_100").parse().unwrap_or(f64::NAN));
        // a score without a single used indicator is nought, and there is no row of points
        let sum = points.get(code).copied().unwrap_or(0.0);
        let off = (sum - score).abs();
        if off > ROUNDED || off.is_nan() {
            findings.faults.push(format!("ranking.csv: the points of county {code} add up to {sum}, its score is {score}"));
        }
    }
    findings.checked.push(format!("{} scores follow from their points", ranked(t).count()));
}

/// 5 % rank ≤ median ≤ 95 % rank, all of them places that there are.
fn check_ranges(t: &BooksTable, findings: &mut Findings) {
    let places = ranked(t).count();
    let (mut with_range, whole) = (0, |row: &csv::StringRecord, c: &str| t.cell(row, c).parse::<usize>().unwrap_or(0));
    for row in ranked(t).filter(|r| !t.cell(r, "rank_median").is_empty()) {
        let [low, median, high] = ["rank_low_5", "rank_median", "rank_high_95"].map(|c| whole(row, c));
        if !(1 <= low && low <= median && median <= high && high <= places) {
            let code = t.text(row, "code");
            findings.faults.push(format!("ranking.csv: {low}, {median}, {high} is no range of ranks of county {code}"));
        }
        with_range += 1;
    }
    if with_range > 0 {
        findings.checked.push(format!("{with_range} ranges of ranks are in order"));
    }
}

/// A line of so many places has so many counties above it.
fn check_lines(t: &BooksTable, manifest: &Value, findings: &mut Findings) {
    let lines = manifest["ranking"]["lines"].as_array().map(Vec::as_slice).unwrap_or_default();
    for line in lines.iter().filter(|_| !t.rows.is_empty()) {
        let name = line["name"].as_str().unwrap_or_default();
        let rows = || t.rows.iter().filter(|r| t.text(r, "line") == one_line(name));
        let above = rows().filter(|r| t.cell(r, "above") == "true").count() as u64;
        let alone = line["quota"].is_null() && line["budget"].is_null();
        if line["places"].as_u64().is_some_and(|places| if alone { places != above } else { above > places }) {
            findings
                .faults
                .push(format!("lines.csv: {above} counties are above \"{name}\", which has {} places", line["places"]));
        }
        if let Some(row) = rows().find(|r| !t.cell(r, "share_of_draws").parse().is_ok_and(|s: f64| (0.0..=1.0).contains(&s))) {
            let code = t.text(row, "county_code");
            findings.faults.push(format!("lines.csv: the share of county {code} at \"{name}\" is not from 0 to 1"));
        }
    }
    if !t.rows.is_empty() {
        findings.checked.push(format!("counties above {} funding lines", lines.len()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::fs;

    const RANKING: &str = "rank,code,score_0_100,points_a,rank_median,rank_low_5,rank_high_95\n\
1,0101,60.0,60.0,1,1,2\n2,0102,40.5,40.0,2,1,2\n,0103,,,,,\n";
    const WHY: &str = "county_code,points\n0101,45.0\n0101,15.0\n0102,40.0\n0102,0.5\n";
    const LINES: &str = "line,county_code,above,share_of_draws\n'=first,0101,true,0.9\n'=first,0102,false,0.1\n";

    /// Faults of a folder whose files are sound but for one change.
    fn faults(file: &str, from: &str, to: &str, adds_up: bool, names: &[&str]) -> Vec<String> {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in [("ranking.csv", RANKING), ("why.csv", WHY), ("lines.csv", LINES)] {
            let text = if name == file { text.replacen(from, to, 1) } else { text.to_owned() };
            fs::write(dir.path().join(name), text).unwrap();
        }
        let names: Vec<Value> = names.iter().map(|name| json!({ "name": name })).collect();
        let ranking = json!({ "points_add_up": adds_up, "lines": [{ "name": "=first", "places": 1 }] });
        let mut findings = Findings::default();
        check(dir.path(), &json!({ "outputs": names, "ranking": ranking }), &mut findings);
        findings.faults
    }

    #[test]
    fn each_rule_finds_its_breach() {
        let all = ["why.csv", "lines.csv"];
        assert_eq!(faults("", "", "", true, &all), Vec::<String>::new());
        for (file, from, to, want) in [
            ("ranking.csv", "2,0102", "3,0102", "county 0102 is not in the place"),
            ("ranking.csv", "1,1,2\n2", "1,2,2\n2", "2, 1, 2 is no range of ranks of county 0101"),
            ("ranking.csv", "2,1,2\n,", "2,1,3\n,", "1, 2, 3 is no range of ranks of county 0102"), // of two ranked counties
            ("why.csv", "15.0", "14.0", "the points of county 0101 add up to 59, its score is 60"),
            ("lines.csv", "false", "true", "2 counties are above \"=first\", which has 1 places"),
            ("lines.csv", "0.1", "1.1", "the share of county 0102 at \"=first\" is not from 0 to 1"),
        ] {
            let found = faults(file, from, to, true, &all);
            assert!(found.len() == 1 && found[0].contains(want), "{file} {to}: {found:?}");
        }
    }

    #[test]
    fn folders_without_the_tables_and_scores_that_are_no_sums_are_accepted() {
        // without why.csv the points_ columns count, and those of 0102 lack half a point
        let found = faults("", "", "", true, &[]);
        assert!(found.len() == 1 && found[0].contains("county 0102 add up to 40, its score is 40.5"), "{found:?}");
        assert_eq!(faults("", "", "", false, &["why.csv"]), Vec::<String>::new());
        assert_eq!(faults("why.csv", "15.0", "1.0", false, &["why.csv"]), Vec::<String>::new());
    }
}
