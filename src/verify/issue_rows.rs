//! What `issues.csv` and the rules of a round tell of what is wrong is among the faults of the manifest: a fault that somebody took out of
//! there still stands here.

use super::Findings;
use super::faults::{Told, differ, of};
use super::opened::Opened;
use super::selection::asked;
use crate::config::rank_table::LineTable;
use crate::error::Result;
use crate::files::csv_table::{CsvRow, CsvTable};
use crate::files::lang::Lang;
use crate::files::messages::said;
use crate::files::schema::one_line;
use crate::issue::{IssueCode, Layer, Severity};
use crate::results::faults::{FaultCode, LOST_LAYERS, NOT_LOST, UNREAD_COSTS};
use crate::tables::issues;
use std::collections::{BTreeMap, BTreeSet};

/// Checks a round that tells its faults.
pub(super) fn check(o: &Opened, findings: &mut Findings) -> Result<()> {
    let Some(faults) = of(o) else { return Ok(()) };
    if let Some(standing) = &o.standing {
        let unused = standing.ranking.indicators.iter().filter(|i| i.left_out.is_some()).map(|i| i.def.key.clone());
        differ(&faults, FaultCode::IndicatorDropped, unused.collect(), "the ranking, made again,", findings);
    }
    quotas(o, &faults, findings);
    let Some(table) = o.tables.table(issues::FILE) else { return Ok(()) };
    let of_code = |code: IssueCode| table.rows().filter(move |r| r.get("issue") == code.as_str());
    let regions = of_code(IssueCode::RegionLeftOut).map(|r| r.text("file")).collect::<Result<BTreeSet<_>>>()?;
    differ(&faults, FaultCode::RegionLeftOut, regions.into_iter().collect(), issues::FILE, findings);
    let failed = of_code(IssueCode::CountyFailed).count();
    let told = faults.iter().filter(|f| f.code == FaultCode::CountyFailed.as_str()).count();
    if failed != told {
        let what = format!("issues.csv: {failed} counties could not be computed, and the manifest tells {told} such faults");
        findings.faults.push(what);
    }
    refused(o, table, &faults, findings)?;
    unknown(o, table, &faults, findings)?;
    contradictions(table, &faults, findings)?;
    of_files(table, &faults, findings)?;
    records(table, &faults, findings)?;
    costs(o, table, &faults, findings)?;
    by_hand(o, table, findings)?;
    findings.checked.push(format!("the issues of the round against its {} faults", faults.len()));
    Ok(())
}

/// Paths of the inputs of a role.
fn of_role<'o>(o: &'o Opened, role: &str) -> BTreeSet<&'o str> {
    let has = |f: &&serde_json::Value| f["role"].as_str().is_some_and(|r| r.split('+').any(|r| r == role));
    let inputs = o.folder.manifest["inputs"].as_array().map(Vec::as_slice).unwrap_or_default();
    inputs.iter().filter(has).filter_map(|f| f["path"].as_str()).collect()
}

/// Records of the county layers that were refused.
fn refused(o: &Opened, table: &CsvTable, faults: &[Told], findings: &mut Findings) -> Result<()> {
    let layers = of_role(o, "counties");
    let own = [IssueCode::RegionLeftOut, IssueCode::CountyFailed].map(IssueCode::as_str);
    for row in table.rows().filter(|r| r.get("layer") == Layer::Counties.as_str() && !own.contains(&r.get("issue"))) {
        let (code, file, id) = (row.text("issue")?, row.text("file")?, row.text("record_id")?);
        if row.get("severity") != Severity::Refused.as_str() || !layers.contains(file.as_str()) {
            continue;
        }
        let subject = if id.is_empty() { &file } else { &id };
        let tells = |f: &Told| {
            let same = f.facts.first() == Some(&code) && one_line(&f.subject) == *subject;
            f.code == FaultCode::CountyRefused.as_str() && same
        };
        if !faults.iter().any(tells) {
            let what =
                format!("issues.csv: a record of {file} was refused ({code}, {subject}), and no fault of the round tells it");
            findings.faults.push(what);
        }
    }
    Ok(())
}

/// Columns of tables that contradict each other.
fn contradictions(table: &CsvTable, faults: &[Told], findings: &mut Findings) -> Result<()> {
    for row in table.rows().filter(|r| r.get("issue") == IssueCode::ColumnsContradict.as_str()) {
        let (file, column) = (row.text("file")?, row.text("field")?);
        let tells = |f: &Told| {
            let same = f.facts.first().is_some_and(|first| one_line(first) == column) && one_line(&f.subject) == file;
            f.code == FaultCode::ColumnsContradict.as_str() && same
        };
        if !faults.iter().any(tells) {
            findings.faults.push(format!(
                "issues.csv: the column {column} of {file} contradicts another, and no fault of the round tells it"
            ));
        }
    }
    Ok(())
}

/// Sheets that were not read, and settlements that stand twice, by the file that they are of. A register with another sheet is refused.
fn of_files(table: &CsvTable, faults: &[Told], findings: &mut Findings) -> Result<()> {
    let kinds = [
        (IssueCode::SheetNotRead, FaultCode::SheetNotRead, "another sheet of it was not read"),
        (IssueCode::DuplicateSettlement, FaultCode::SettlementTwice, "settlements stand there twice"),
    ];
    for (code, fault, what) in kinds {
        let rows = table.rows().filter(|r| r.get("issue") == code.as_str());
        let files = rows.map(|r| r.text("file")).collect::<Result<BTreeSet<_>>>()?;
        for file in files {
            if !faults.iter().any(|f| f.code == fault.as_str() && one_line(&f.subject) == file) {
                findings.faults.push(format!("issues.csv: {file}: {what}, and no fault of the round tells it"));
            }
        }
    }
    Ok(())
}

/// Records of other layers that were refused, by the file that they are of.
fn records(table: &CsvTable, faults: &[Told], findings: &mut Findings) -> Result<()> {
    let is_lost = |r: &CsvRow<'_>| {
        let layer = LOST_LAYERS.iter().any(|l| l.as_str() == r.get("layer"));
        layer && r.get("severity") == Severity::Refused.as_str() && !NOT_LOST.iter().any(|c| c.as_str() == r.get("issue"))
    };
    let mut by_file: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in table.rows().filter(is_lost) {
        let which =
            ["layer", "issue", "feature", "record_id", "field", "line", "message"].map(|column| row.get(column)).join("\u{1f}");
        by_file.entry(row.text("file")?).or_default().insert(which);
    }
    for (file, list) in by_file {
        let n = list.len();
        let tells = |f: &Told| {
            let same = f.facts.first() == Some(&n.to_string()) && one_line(&f.subject) == file;
            f.code == FaultCode::RecordsRefused.as_str() && same
        };
        if !faults.iter().any(tells) {
            findings
                .faults
                .push(format!("issues.csv: {n} records of {file} were refused, and no fault of the round tells so many"));
        }
    }
    Ok(())
}

/// Cells that say what a county costs and cannot be read, in the columns that the selection and the lines name.
fn costs(o: &Opened, table: &CsvTable, faults: &[Told], findings: &mut Findings) -> Result<()> {
    let m = &o.folder.manifest;
    let lines = serde_json::from_value::<Vec<LineTable>>(m["selection"]["lines"].clone()).unwrap_or_default();
    let own = m["selection"]["asked"]["cost_column"].as_str().map(|c| c.trim().to_owned());
    let columns: BTreeSet<String> =
        lines.iter().filter_map(|l| l.cost_header().map(str::to_owned)).chain(own).map(|c| one_line(&c)).collect();
    let unread = UNREAD_COSTS.map(IssueCode::as_str);
    for row in table.rows().filter(|r| r.get("layer") == Layer::Counties.as_str() && unread.contains(&r.get("issue"))) {
        let (file, column) = (row.text("file")?, row.text("field")?);
        let tells = |f: &Told| {
            f.code == FaultCode::CostNotRead.as_str() && f.facts.first().is_some_and(|first| one_line(first) == column)
        };
        if columns.contains(&column) && !faults.iter().any(tells) {
            findings.faults.push(format!(
                "issues.csv: a cost of {file} (column {column}) cannot be read, and no fault of the round tells it"
            ));
        }
    }
    Ok(())
}

/// Applicants that no region has.
fn unknown(o: &Opened, table: &CsvTable, faults: &[Told], findings: &mut Findings) -> Result<()> {
    let registers = of_role(o, "applicants");
    let about = |r: &CsvRow<'_>| -> Result<bool> {
        let here = r.get("issue") == IssueCode::NotFoundInRegions.as_str() && r.get("layer") == Layer::Counties.as_str();
        let field = r.text("field")?;
        Ok(here && (field == "regions.counties" || (field.is_empty() && registers.contains(r.text("file")?.as_str()))))
    };
    let mut told: BTreeSet<String> = BTreeSet::new();
    for f in faults.iter().filter(|f| f.code == FaultCode::ApplicantUnknown.as_str()) {
        let words = format!("no county has the code {}", f.subject);
        told.extend([Lang::En, Lang::Zh].map(|lang| one_line(&said(&words, lang))));
    }
    for row in table.rows() {
        let words = row.text("message")?;
        if about(&row)? && !told.contains(&one_line(&words)) {
            findings.faults.push(format!("issues.csv: row {}: {words}, and no fault of the round tells it", row.place()));
        }
    }
    Ok(())
}

/// Records that were set by hand, by county.
fn by_hand(o: &Opened, table: &CsvTable, findings: &mut Findings) -> Result<()> {
    let rows = table.rows().filter(|r| r.get("issue") == IssueCode::SetByHand.as_str());
    let mut there: Vec<String> = rows.map(|r| r.text("record_id")).collect::<Result<_>>()?;
    let overrides = o.folder.manifest["set_by_hand"]["overrides"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut told: Vec<String> = overrides.iter().map(|x| one_line(x["county"].as_str().unwrap_or_default())).collect();
    there.sort();
    told.sort();
    if there != told {
        let named = |list: &[String]| if list.is_empty() { "none".to_owned() } else { list.join(", ") };
        let (there, told) = (named(&there), named(&told));
        findings.faults.push(format!("issues.csv: set by hand is something of {there}, and in the manifest of {told}"));
    }
    Ok(())
}

/// Quotas of provinces that no region has: in a round of all counties that can be told from the folder.
fn quotas(o: &Opened, faults: &[Told], findings: &mut Findings) {
    let m = &o.folder.manifest;
    let lines = serde_json::from_value::<Vec<LineTable>>(m["selection"]["lines"].clone());
    let (Some(standing), Ok(mut lines), Some(list)) = (&o.standing, lines, m.get("list")) else { return };
    let of_selection = asked(&o.folder).ok().and_then(|select| select.line());
    lines.extend(of_selection.filter(|own| lines.iter().all(|l| l.name != own.name)));
    let left_out = faults.iter().any(|f| f.code == FaultCode::RegionLeftOut.as_str());
    let here: BTreeSet<&str> = standing.evidence.units.iter().map(|u| standing.settings.province(&u.code)).collect();
    if !list.is_null() || left_out || here.iter().all(|p| p.is_empty()) {
        return;
    }
    let mut unused = Vec::new();
    for quota in lines.iter().filter_map(|l| l.quota.as_ref()) {
        let of_nobody: Vec<&String> = quota.keys().filter(|p| !here.contains(p.as_str())).collect();
        if of_nobody.len() < quota.len() {
            unused.extend(of_nobody.into_iter().cloned());
        }
    }
    differ(faults, FaultCode::QuotaUnused, unused, "selection.lines", findings);
}

#[cfg(test)]
mod tests {
    use crate::results::faults::print_of;
    use crate::verify::opened::tests::{changed, faults_of};
    use serde_json::{Value, json};

    const HEAD: &str = "layer,code,severity,file,record_id,field,line,message";

    fn fault(code: &str, subject: &str, facts: &[&str]) -> Value {
        let facts: Vec<String> = facts.iter().map(|f| (*f).to_owned()).collect();
        json!({ "code": code, "fault": print_of(None, code, subject, &facts), "subject": subject, "facts": facts, "what": "w" })
    }

    #[test]
    fn each_fault_that_was_taken_out_still_stands_among_the_issues() {
        let rows = "counties,region_left_out,refused,12/region.toml,,,,left out\n\
                    counties,county_failed,refused,11/c.geojson,,,,it could not be computed: why\n\
                    counties,not_found_in_regions,warning,applicants.csv,,,7,no county has the code 990101\n\
                    counties,not_found_in_regions,warning,round.toml,,regions.counties,,没有代码为 99* 的县\n\
                    counties,not_found_in_regions,warning,round.toml,,select.quotas.13,,no county of province 13 takes part\n\
                    counties,bad_geometry,refused,11/c.geojson,110101,,,cannot be closed\n\
                    counties,bad_row,refused,codes.csv,,,3,no code\n\
                    ranking,set_by_hand,note,,110102,,,it is excluded by hand\n";
        let text = format!("{HEAD}\n{rows}");
        let said = crate::files::messages::said("no county has the code 99*", crate::files::lang::Lang::Zh).into_owned();
        let text = text.replace("没有代码为 99* 的县", &said);
        let all = [
            fault("region_left_out", "12/region.toml", &[]),
            fault("county_failed", "110103", &["why", "x"]),
            fault("applicant_unknown", "990101", &[]),
            fault("applicant_unknown", "99*", &[]),
            fault("county_refused", "110101", &["bad_geometry", "cannot be closed", "there"]),
        ];
        let manifest = |faults: &[Value], by_hand: Value| {
            json!({
                "format_version": 3, "signed_by": "x", "faults": faults, "acceptances": [], "set_by_hand": { "overrides": by_hand },
                "inputs": [{ "path": "11/c.geojson", "role": "counties+settlements" }, { "path": "applicants.csv", "role": "applicants" }, { "path": "codes.csv", "role": "crosswalk" }],
            })
        };
        let one = json!([{ "county": "110102" }]);
        let found = |faults: &[Value], by_hand: &Value| {
            faults_of(&[("issues.csv", text.clone())], manifest(faults, by_hand.clone()), super::check)
        };
        assert_eq!(found(&all, &one), [""; 0]);
        let wants = [
            "the faults region_left_out are not what issues.csv tells: 12/region.toml",
            "issues.csv: 1 counties could not be computed, and the manifest tells 0 such faults",
            "row 3: no county has the code 990101, and no fault of the round tells it",
            "and no fault of the round tells it",
            "a record of 11/c.geojson was refused (bad_geometry, 110101), and no fault of the round tells it",
        ];
        for (i, want) in wants.into_iter().enumerate() {
            let mut less = all.to_vec();
            less.remove(i);
            let faults = found(&less, &one);
            assert!(faults.len() == 1 && faults[0].contains(want), "{want}: {faults:?}");
        }
        let faults = found(&all, &json!([]));
        assert_eq!(faults, ["issues.csv: set by hand is something of 110102, and in the manifest of none"]);
        // costs, sheets and doubles; a number that is no cost is none
        let more = "counties,bad_number,warning,t.csv,110101,price,,\"4000万 is no number\"\n\
                    counties,bad_number,warning,t.csv,110101,lorries,,x\n\
                    stations,sheet_not_read,warning,s.xlsx,,,,also\n\
                    settlements,duplicate_settlement,warning,v.csv,v2,,3,near\n";
        let own = [
            fault("cost_not_read", "110101", &["price", "m", "p"]),
            fault("sheet_not_read", "s.xlsx", &["m", "sha"]),
            fault("settlement_twice", "v.csv", &["110101", "v2", "v1"]),
        ];
        let with = |own: &[Value]| {
            let mut m = manifest(&[&all[..], own].concat(), one.clone());
            m["selection"]["asked"]["cost_column"] = "price".into();
            faults_of(&[("issues.csv", format!("{text}{more}"))], m, super::check)
        };
        assert_eq!(with(&own), [""; 0]);
        for i in 0..own.len() {
            let mut less = own.to_vec();
            less.remove(i);
            let faults = with(&less);
            assert!(faults.len() == 1 && faults[0].ends_with("and no fault of the round tells it"), "{faults:?}");
        }
        // a fault that no issue tells any more
        let files = [("issues.csv", text.as_str())];
        let gone = changed(&files, ("issues.csv", "counties,region_left_out,refused,12/region.toml,,,,left out\n", ""));
        let faults = faults_of(&gone, manifest(&all, one), super::check);
        assert_eq!(faults, ["the faults region_left_out are not what issues.csv tells: none"]);
    }
}
