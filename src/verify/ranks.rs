//! What must hold in the tables of the ranking: ranks follow from scores, scores from points, ranges are in order, and each line
//! has the places that were asked for.

use super::Findings;
use super::opened::Opened;
use crate::error::Result;
use crate::files::csv_table::{CsvRow, CsvTable};
use crate::files::schema::one_line;
use crate::tables::{lines, ranking, why};
use serde_json::Value;
use std::collections::BTreeMap;

/// What rounding to six decimals may add up to over the indicators of a score.
const ROUNDED: f64 = 1e-6;

/// Checks the tables that the folder holds; folders of earlier versions have `ranking.csv` only.
pub(super) fn check(o: &Opened, findings: &mut Findings) -> Result<()> {
    let Some(ranking) = o.tables.table(ranking::FILE) else { return Ok(()) };
    let told = &o.folder.manifest["ranking"];
    let points = match o.tables.table(why::FILE) {
        _ if told["points_add_up"] == false => None,
        Some(why) => Some(sums(why)?),
        None => Some(sums_across(ranking)?),
    };
    check_places(ranking, findings)?;
    if let Some(points) = points {
        check_points(ranking, &points, findings)?;
    }
    check_ranges(ranking, findings)?;
    o.tables.table(lines::FILE).map_or(Ok(()), |lines| check_lines(lines, told, findings))
}

fn ranked(t: &CsvTable) -> impl Iterator<Item = CsvRow<'_>> {
    t.rows().filter(|r| !r.get("rank").is_empty())
}

/// Points of each county, by code, from the long table.
fn sums(why: &CsvTable) -> Result<BTreeMap<String, f64>> {
    let mut sums = BTreeMap::new();
    for row in why.rows() {
        *sums.entry(row.text("county_code")?).or_insert(0.0) += row.number("points")?.unwrap_or(f64::NAN);
    }
    Ok(sums)
}

/// The same from the columns of the ranking, where there was no other table.
fn sums_across(ranking: &CsvTable) -> Result<BTreeMap<String, f64>> {
    let columns: Vec<&String> = ranking.columns().iter().filter(|c| c.starts_with("points_")).collect();
    let mut sums = BTreeMap::new();
    for row in ranking.rows() {
        let points: Vec<Option<f64>> = columns.iter().map(|c| row.number(c)).collect::<Result<_>>()?;
        sums.insert(row.text("county_code")?, points.into_iter().flatten().sum());
    }
    Ok(sums)
}

fn check_places(t: &CsvTable, findings: &mut Findings) -> Result<()> {
    let mut before = f64::INFINITY;
    for (i, row) in ranked(t).enumerate() {
        let score = row.number("score_0_100")?.unwrap_or(f64::NAN);
        if row.get("rank") != (i + 1).to_string() || score > before || score.is_nan() {
            let code = row.text("county_code")?;
            findings.faults.push(format!("ranking.csv: county {code} is not in the place that its score gives it"));
        }
        before = score;
    }
    findings.checked.push(format!("{} ranks follow from their scores", ranked(t).count()));
    Ok(())
}

fn check_points(t: &CsvTable, points: &BTreeMap<String, f64>, findings: &mut Findings) -> Result<()> {
    for row in ranked(t) {
        let (code, score) = (row.text("county_code")?, row.number("score_0_100")?.unwrap_or(f64::NAN));
        // a score without a single used indicator is nought, and there is no row of points
        let sum = points.get(&code).copied().unwrap_or(0.0);
        let off = (sum - score).abs();
        if off > ROUNDED || off.is_nan() {
            findings.faults.push(format!("ranking.csv: the points of county {code} add up to {sum}, its score is {score}"));
        }
    }
    findings.checked.push(format!("{} scores follow from their points", ranked(t).count()));
    Ok(())
}

/// 5 % rank ≤ median ≤ 95 % rank, all of them places that there are.
fn check_ranges(t: &CsvTable, findings: &mut Findings) -> Result<()> {
    let (places, mut with_range) = (ranked(t).count() as u64, 0);
    for row in ranked(t).filter(|r| !r.get("rank_median").is_empty()) {
        let [low, median, high] = ["rank_low_5", "rank_median", "rank_high_95"].map(|c| row.count(c));
        let (low, median, high) = (low?, median?, high?);
        if !(1 <= low && low <= median && median <= high && high <= places) {
            let code = row.text("county_code")?;
            findings.faults.push(format!("ranking.csv: {low}, {median}, {high} is no range of ranks of county {code}"));
        }
        with_range += 1;
    }
    if with_range > 0 {
        findings.checked.push(format!("{with_range} ranges of ranks are in order"));
    }
    Ok(())
}

/// A line of so many places has so many counties above it.
fn check_lines(t: &CsvTable, told: &Value, findings: &mut Findings) -> Result<()> {
    let mut above = BTreeMap::<String, u64>::new();
    for row in t.rows() {
        *above.entry(row.text("line")?).or_default() += u64::from(row.cell("above")? == "true");
    }
    let lines = told["lines"].as_array().map(Vec::as_slice).unwrap_or_default();
    for line in lines.iter().filter(|_| !above.is_empty()) {
        let name = line["name"].as_str().unwrap_or_default();
        let above = above.get(&one_line(name)).copied().unwrap_or_default();
        let alone = line["quota"].is_null() && line["budget"].is_null();
        if line["places"].as_u64().is_some_and(|places| if alone { places != above } else { above > places }) {
            let what = format!("{above} counties are above \"{name}\", which has {} places", line["places"]);
            findings.faults.push(format!("lines.csv: {what}"));
        }
    }
    if !above.is_empty() {
        findings.checked.push(format!("counties above {} funding lines", lines.len()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::verify::opened::tests::{changed, faults_of};
    use serde_json::json;

    const RANKING: &str = "rank,code,score_0_100,points_a,rank_median,rank_low_5,rank_high_95\n\
1,0101,60.0,60.0,1,1,2\n2,0102,40.5,40.0,2,1,2\n,0103,,,,,\n";
    const WHY: &str = "county_code,points\n0101,45.0\n0101,15.0\n0102,40.0\n0102,0.5\n";
    const LINES: &str = "line,county_code,above\n'=first,0101,true\n'=first,0102,false\n";

    /// Faults of a folder whose files are sound but for one change.
    fn faults(change: (&str, &str, &str), adds_up: bool, files: &[(&str, &str)]) -> Vec<String> {
        let ranking = json!({ "points_add_up": adds_up, "lines": [{ "name": "=first", "places": 1 }] });
        faults_of(&changed(files, change), json!({ "ranking": ranking }), super::check)
    }

    #[test]
    fn each_rule_finds_its_breach() {
        let all = [("ranking.csv", RANKING), ("why.csv", WHY), ("lines.csv", LINES)];
        assert_eq!(faults(("", "", ""), true, &all), [""; 0]);
        for (file, from, to, want) in [
            ("ranking.csv", "2,0102", "3,0102", "county 0102 is not in the place"),
            ("ranking.csv", "1,1,2\n2", "1,2,2\n2", "2, 1, 2 is no range of ranks of county 0101"),
            ("ranking.csv", "2,1,2\n,", "2,1,3\n,", "1, 2, 3 is no range of ranks of county 0102"), // of two ranked counties
            ("why.csv", "15.0", "14.0", "the points of county 0101 add up to 59, its score is 60"),
            ("lines.csv", "false", "true", "2 counties are above \"=first\", which has 1 places"),
        ] {
            let found = faults((file, from, to), true, &all);
            assert!(found.len() == 1 && found[0].contains(want), "{file} {to}: {found:?}");
        }
    }

    #[test]
    fn folders_without_the_tables_and_scores_that_are_no_sums_are_accepted() {
        // without why.csv the points_ columns count, and those of 0102 lack half a point
        let found = faults(("", "", ""), true, &[("ranking.csv", RANKING)]);
        assert!(found.len() == 1 && found[0].contains("county 0102 add up to 40, its score is 40.5"), "{found:?}");
        let both = [("ranking.csv", RANKING), ("why.csv", WHY)];
        assert_eq!(faults(("", "", ""), false, &both), [""; 0]);
        assert_eq!(faults(("why.csv", "15.0", "1.0"), false, &both), [""; 0]);
    }
}
