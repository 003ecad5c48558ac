//! What must hold in `trust.csv`: the parts of a county add up to its score in the ranking, their weights to 1.

use super::opened::Opened;
use super::{Findings, ROUNDED};
use crate::error::Result;
use crate::tables::{ranking, trust};
use std::collections::BTreeMap;

/// Checks the table, where the folder holds it.
pub(super) fn check(o: &Opened, findings: &mut Findings) -> Result<()> {
    let (Some(table), Some(ranking)) = (o.tables.table(trust::FILE), o.tables.table(ranking::FILE)) else { return Ok(()) };
    let mut sums: BTreeMap<String, [f64; 2]> = BTreeMap::new();
    for row in table.rows() {
        let sum = sums.entry(row.text("county_code")?).or_default();
        let [weight, points] = ["weight", "points"].map(|c| row.number(c));
        *sum = [sum[0] + weight?.unwrap_or(f64::NAN), sum[1] + points?.unwrap_or(f64::NAN)];
    }
    for row in ranking.rows() {
        let (code, score) = (row.text("county_code")?, row.number("trust_score")?);
        let [weight, points] = sums.get(&code).copied().unwrap_or_default();
        let adds_up = match score {
            Some(score) => (weight - 1.0).abs() <= 4.0 * ROUNDED && (points - score).abs() <= ROUNDED,
            // nothing of it can be judged: no part has any weight
            None => weight == 0.0 && points == 0.0,
        };
        if !adds_up {
            let score = score.map_or_else(|| "empty".to_owned(), |s| s.to_string());
            let what = format!("the points of county {code} add up to {points}, its trust_score is {score}");
            findings.faults.push(format!("trust.csv: {what}"));
        }
    }
    findings.checked.push(format!("trust of {} counties from its parts", ranking.rows().count()));
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::verify::opened::tests::{changed, faults_of};
    use serde_json::json;

    const TRUST: &str = "county_code,weight,points\n0101,0.4,40.0\n0101,0.6,12.5\n0102,1.0,90.0\n0103,0.0,0.0\n";
    const RANKING: &str = "code,trust_score\n0101,52.5\n0102,90.0\n0103,\n";

    #[test]
    fn each_rule_finds_its_breach() {
        let files = [("trust.csv", TRUST), ("ranking.csv", RANKING)];
        let faults = |change| faults_of(&changed(&files, change), json!({}), super::check);
        assert_eq!(faults(("", "", "")), [""; 0]);
        for (file, from, to, want) in [
            ("trust.csv", "12.5", "12.4", "the points of county 0101 add up to 52.4"),
            ("trust.csv", "0.6", "0.5", "the points of county 0101"),
            ("trust.csv", "0103,0.0", "0103,0.1", "the points of county 0103 add up to 0, its trust_score is empty"),
            ("ranking.csv", "90.0", "", "the points of county 0102 add up to 90, its trust_score is empty"),
        ] {
            let found = faults((file, from, to));
            assert!(found.len() == 1 && found[0].contains(want), "{file} {to}: {found:?}");
        }
    }
}
