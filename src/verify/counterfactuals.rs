//! What must hold in `counterfactuals.csv`: it begins where the ranking and the ledger stand, its stations are counted from 1, and a
//! new station makes no gap longer. Whether the places after it are right needs the roads; the run computes them anew.

use super::Findings;
use super::books::BooksTable;
use serde_json::Value;
use std::path::Path;

/// Checks the table where the manifest names it; folders of earlier versions have none.
pub fn check(folder: &Path, manifest: &Value, findings: &mut Findings) {
    let written = manifest["outputs"].as_array().is_some_and(|all| all.iter().any(|f| f["name"] == "counterfactuals.csv"));
    if !written {
        return;
    }
    let (Some(t), Some(ranking)) = (
        BooksTable::read(&folder.join("counterfactuals.csv"), findings),
        BooksTable::read(&folder.join("ranking.csv"), findings),
    ) else {
        return;
    };
    let mut before: Option<&csv::StringRecord> = None;
    for row in &t.rows {
        let code = t.text(row, "county_code");
        let ranked = ranking.rows.iter().find(|r| ranking.text(r, "code") == code);
        let stands = |here: &str, there: &str| ranked.is_some_and(|r| t.cell(row, here) == ranking.cell(r, there));
        if !stands("rank_before", "rank") || !stands("score_before", "score_0_100") {
            findings.faults.push(format!("counterfactuals.csv: county {code} does not begin where ranking.csv has it"));
        }
        let number = |r: &csv::StringRecord, column: &str| t.cell(r, column).parse::<f64>().unwrap_or(f64::NAN);
        let last = before.filter(|b| t.text(b, "county_code") == code);
        if number(row, "stations") != last.map_or(1.0, |b| number(b, "stations") + 1.0) {
            findings.faults.push(format!("counterfactuals.csv: the stations of county {code} are not counted from 1"));
        }
        for what in ["gap_km", "people_in_gap"] {
            let (was, is) = (number(row, &format!("{what}_before")), number(row, &format!("{what}_after")));
            let was = last.map_or(was, |b| number(b, &format!("{what}_after")));
            if is > was || is.is_nan() || was.is_nan() {
                findings.faults.push(format!("counterfactuals.csv: {what} of county {code} grows by a station"));
            }
        }
        before = Some(row);
    }
    findings
        .checked
        .push(format!("{} counterfactuals begin where the ranking stands, and no station adds to a gap", t.rows.len()));
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const TABLE: &str = "county_code,stations,rank_before,rank_after,score_before,score_after,gap_km_before,gap_km_after,people_in_gap_before,people_in_gap_after\n\
        0102,1,1,1,100.0,61.111111,11.0,9.0,3000,0\n0102,2,1,2,100.0,11.764706,11.0,5.0,3000,0\n0101,1,2,2,0.0,0.0,7.0,6.5,1000,1000\n";
    const RANKING: &str = "rank,code,score_0_100\n1,0102,100.0\n2,0101,0.0\n";

    fn faults(from: &str, to: &str) -> Vec<String> {
        let dir = tempfile::tempdir().unwrap();
        assert!(TABLE.contains(from));
        std::fs::write(dir.path().join("counterfactuals.csv"), TABLE.replacen(from, to, 1)).unwrap();
        std::fs::write(dir.path().join("ranking.csv"), RANKING).unwrap();
        let mut findings = Findings::default();
        check(dir.path(), &json!({ "outputs": [{ "name": "counterfactuals.csv" }] }), &mut findings);
        findings.faults
    }

    #[test]
    fn a_table_that_contradicts_the_ranking_or_itself_is_found() {
        assert_eq!(faults("0102", "0102"), Vec::<String>::new());
        for (from, to, want) in [
            ("0102,1,1,1", "0102,1,2,1", "county 0102 does not begin"),
            ("0101,1,2,2,0.0", "0101,1,2,2,0.1", "county 0101 does not begin"),
            ("0102,2,", "0102,3,", "stations of county 0102 are not counted"),
            ("11.0,5.0", "11.0,9.5", "gap_km of county 0102 grows"),
            ("1000,1000", "1000,1001", "people_in_gap of county 0101 grows"),
        ] {
            let found = faults(from, to);
            assert!(found.len() == 1 && found[0].contains(want), "{to}: {found:?}");
        }
    }
}
