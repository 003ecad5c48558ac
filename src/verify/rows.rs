//! The rules that tables have for their rows: those of every table and layer that the folder holds. What they are stands with the columns,
//! in `tables`.

use super::opened::Opened;
use super::{Findings, first_few, in_one_line};
use crate::error::Result;
use crate::files::csv_table::{CsvRow, CsvTable};
use crate::files::rules::{Others, Rule};
use crate::files::schema::guard;
use crate::read::record::Record;
use crate::tables;
use serde_json::Value;

/// Runs the rules of every table and layer.
pub(super) fn check(o: &Opened, findings: &mut Findings) -> Result<()> {
    for known in tables::known()?.iter().filter(|k| !k.rules.is_empty()) {
        let (mut held, mut faults) = (0u64, Vec::new());
        if let Some(table) = o.tables.table(&known.file) {
            for row in table.rows() {
                held += 1;
                faults.extend(breaches(&known.file, &row, &known.rules, &o.tables));
            }
        } else if let (true, Some(layer)) = (o.holds(&known.file), known.file.strip_suffix(".geojson")) {
            o.features(layer, findings, &mut |f| {
                held += 1;
                faults.extend(of_feature(&known.file, (f, held), &known.rules, &o.tables));
            })?;
        }
        first_few(faults, findings);
        let says: Vec<&str> = known.rules.iter().map(|r| r.says).collect();
        if held > 0 {
            findings.checked.push(format!("{held} rows of {}: {}", known.file, says.join("; ")));
        }
    }
    Ok(())
}

/// Rules that a row breaks, each named with the row's first cells.
fn breaches(file: &str, row: &CsvRow<'_>, rules: &[Rule], others: &Others) -> Vec<String> {
    let named = || row.cells().take(4).collect::<Vec<_>>().join(", ");
    let broken = |rule: &Rule| match (rule.holds)(row, others) {
        Ok(true) => None,
        Ok(false) => Some(format!("{file}: row {} ({}) breaks the rule: {}", row.place(), named(), rule.says)),
        Err(e) => Some(in_one_line(&e)),
    };
    rules.iter().filter_map(broken).collect()
}

/// The same of a feature: its properties as cells of a table.
fn of_feature(file: &str, (f, number): (&Record, u64), rules: &[Rule], others: &Others) -> Vec<String> {
    let table = CsvTable::headed(f.columns.keys().cloned().collect(), file);
    let cell = |value: &Value| match value {
        Value::Null => String::new(),
        Value::String(text) => guard(text),
        other => other.to_string(),
    };
    let record = f.columns.values().map(cell).collect();
    breaches(file, &table.row_of(&record, number), rules, others)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verify::opened::tests::{changed, faults_of};
    use serde_json::json;

    const COUNTERFACTUALS: &str = "county_code,stations,rank_before,rank_after,score_before,score_after,gap_km_before,gap_km_after,people_in_gap_before,people_in_gap_after\n\
        '=2,1,1,1,100.0,61.111111,11.0,9.0,3000,0\n'=2,2,1,2,100.0,11.764706,11.0,5.0,3000,0\n0101,1,2,2,0.0,0.0,7.0,6.5,1000,1000\n";
    const RANKING: &str = "rank,code,score_0_100\n1,'=2,100.0\n2,0101,0.0\n";
    const LEDGER: &str =
        "county_code,service,criterion,road_class,road_km,covered_km,gap_km\n0101,charging,2km,all,9.0,4.0,5.0\n";
    const LINES: &str = "line,county_code,rank,share_of_draws\na,'=2,1,0.9\na,0101,2,0.1\n";
    const EQUITY: &str = "code,theil,theil_between,theil_within,beyond_share,beyond_gap,beyond_gap_squared\n\
        all,0.130812,0.130812,0.0,0.6,0.3,0.25\n0102,0.5,,,1.0,0.25,0.0625\n";

    #[test]
    fn each_rule_of_a_row_finds_its_breach() {
        let files = [
            ("counterfactuals.csv", COUNTERFACTUALS),
            ("ranking.csv", RANKING),
            ("ledger.csv", LEDGER),
            ("lines.csv", LINES),
            ("equity.csv", EQUITY),
        ];
        let faults = |change| faults_of(&changed(&files, change), json!({}), check);
        assert_eq!(faults(("", "", "")), [""; 0]);
        for (file, from, to, want) in [
            ("counterfactuals.csv", "'=2,1,1,1", "'=2,1,2,1", "row 1 ('=2, 1, 2, 1) breaks the rule: it begins where"),
            ("counterfactuals.csv", "0101,1,2,2,0.0", "0101,1,2,2,0.1", "row 3 (0101, 1, 2, 2) breaks the rule: it begins where"),
            ("counterfactuals.csv", "'=2,2,", "'=2,3,", "the stations of a county are counted from 1"),
            ("counterfactuals.csv", "'=2,2,", "'=2,1,", "row 1 is not the only one of =2, 1"),
            ("counterfactuals.csv", "11.0,5.0", "11.0,9.5", "row 2 ('=2, 2, 1, 2) breaks the rule: no station adds"),
            ("counterfactuals.csv", "1000,1000", "1000,1001", "row 3 (0101, 1, 2, 2) breaks the rule: no station adds"),
            ("ledger.csv", "4.0,5.0", "4.0,5.000001", "row 1 (0101, charging, 2km, all) breaks the rule: covered_km + gap_km"),
            ("ledger.csv", "4.0,5.0", "4.0,x", "\"x\" is not a number"),
            ("lines.csv", "0.1", "1.1", "row 2 (a, 0101, 2, 1.1) breaks the rule: share_of_draws"),
            ("lines.csv", "'=2,1,", "'=2,2,", "row 1 (a, '=2, 2, 0.9) breaks the rule: rank is that"),
            ("equity.csv", "0.130812,0.0,", "0.120812,0.0,", "row 1 (all, 0.130812, 0.120812, 0.0) breaks the rule: theil"),
            ("equity.csv", "1.0,0.25,0.0625", "1.0,0.05,0.0625", "row 2 (0102, 0.5, , ) breaks the rule: beyond_share"),
        ] {
            let found = faults((file, from, to));
            assert!(!found.is_empty() && found.iter().any(|f| f.contains(want)), "{file} {to}: {found:?}");
            assert!(found.iter().all(|f| f.starts_with(file) || f.contains(file)), "{found:?}");
        }
    }

    #[test]
    fn properties_of_a_feature_are_read_like_the_cells_of_a_row() {
        let rules = [Rule {
            says: "km is 2 and the name is one",
            holds: |row, _| Ok(row.mm("km")? == 2_000_000 && row.text("name")? == "=a"),
        }];
        let feature = |km: f64| Record {
            columns: json!({ "name": "=a\n", "km": km, "no": null }).as_object().unwrap().clone(),
            ..Record::default()
        };
        assert_eq!(of_feature("l.geojson", (&feature(2.0), 7), &rules, &Others::default()), [""; 0]);
        let found = of_feature("l.geojson", (&feature(3.0), 7), &rules, &Others::default());
        assert_eq!(found, ["l.geojson: row 7 (3.0, '=a, ) breaks the rule: km is 2 and the name is one"]);
    }

    #[test]
    fn every_rule_of_a_table_is_told_in_chinese() {
        let rules = || tables::known().unwrap().into_iter().flat_map(|k| k.rules);
        let english: Vec<&str> = rules()
            .map(|r| r.says)
            .filter(|says| crate::files::messages::word(says, crate::files::lang::Lang::Zh) == **says)
            .collect();
        assert!(rules().count() > 40 && english.is_empty(), "{english:#?}");
    }
}
