//! Every millimetre of road that was read is in a ledger, or named in the manifest as left out.

use super::Findings;
use super::opened::Opened;
use crate::error::Result;
use crate::space::units::mm_of_km;

/// Checks the balance of a folder with a ledger.
pub(super) fn check(o: &Opened, findings: &mut Findings) -> Result<()> {
    let Some(ledger) = &o.ledger else { return Ok(()) };
    let told = &o.folder.manifest["balance_km"];
    let mm = |key: &str| told[key].as_f64().and_then(mm_of_km).unwrap_or(u64::MAX / 8);
    let ledgers: u64 = ledger.roads.values().sum();
    if ledgers != mm("in_ledgers") {
        findings.faults.push(format!("the ledgers hold {ledgers} mm of road and the manifest says {} mm", mm("in_ledgers")));
    }
    // counties of a round that take no part in it, or could not be computed
    let without_rows = told.get("in_counties_without_rows").map_or(0, |_| mm("in_counties_without_rows"));
    let left_out = mm("left_out_by_class_or_access") + mm("drawn_twice") + mm("cut_off_pieces") + mm("outside_counties");
    let parts = left_out + without_rows + mm("in_ledgers");
    if parts != mm("read") {
        findings.faults.push(format!("{} mm of road were read and {parts} mm are accounted for", mm("read")));
    }
    findings.checked.push("every millimetre of road that was read is in a ledger or named as left out".to_owned());
    Ok(())
}
