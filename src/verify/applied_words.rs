//! The reasons in `applicants.csv`: of a county they are those of `selection.csv`, of an applicant that no region has they follow from the
//! register and from who accepted that.

use super::faults::of;
use super::opened::Opened;
use super::selection::same_words;
use super::{Findings, first_few};
use crate::config::accept::AcceptTable;
use crate::error::Result;
use crate::files::schema::one_line;
use crate::results::faults::FaultCode;
use crate::tables::{applicants, selection};

/// Checks a round with a register.
pub(super) fn check(o: &Opened, findings: &mut Findings) -> Result<()> {
    let (Some(table), Some(faults)) = (o.tables.table(applicants::FILE), of(o)) else { return Ok(()) };
    let acceptances: Vec<AcceptTable> = serde_json::from_value(o.folder.manifest["acceptances"].clone()).unwrap_or_default();
    let accepted = |written: &str| {
        let f = faults.iter().find(|f| f.code == FaultCode::ApplicantUnknown.as_str() && f.subject == written)?;
        let by = acceptances.iter().find(|a| a.code.trim() == f.code && a.fault.trim().eq_ignore_ascii_case(&f.print))?;
        Some((f.what.as_str(), by))
    };
    let own = same_words(&o.folder);
    let mut wrong = Vec::new();
    for row in table.rows() {
        let (code, written) = (row.text("county_code")?, row.text("code_written")?);
        let there = [row.text("reason")?, row.text("reason_zh")?];
        let chosen = o.tables.row(selection::FILE, &[("county_code", &code)])?;
        let (due, place) = match chosen {
            Some(chosen) => ([Some(chosen.text("why")?), Some(chosen.text("why_zh")?)], selection::FILE),
            None if own => {
                let by = accepted(&written);
                let withdrawn = Some(row.text("withdrawn")?).filter(|w| !w.is_empty());
                let [en, zh] = applicants::without_county(withdrawn.as_deref(), by.map(|(what, a)| (what, "", a)));
                // what is accepted is told in the manifest in English alone
                let zh = Some(one_line(&zh)).filter(|_| by.is_none() || withdrawn.is_some());
                ([Some(one_line(&en)), zh], "the register and the acceptances")
            }
            None => continue,
        };
        for ((column, there), due) in ["reason", "reason_zh"].into_iter().zip(there).zip(due) {
            if due.is_some_and(|due| due != there) {
                wrong.push(format!("applicants.csv: {column} of {written} is not what {place} say"));
            }
        }
    }
    first_few(wrong, findings);
    Ok(())
}
