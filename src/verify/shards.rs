//! `shards.csv`: one row a county, whole fingerprints that follow from those of their parts, and the manifest's fingerprint of all.

use super::Findings;
use super::opened::Opened;
use crate::config::overrides::is_sha256;
use crate::error::Result;
use crate::files::csv_table::{CsvRow, CsvTable};
use crate::read::hex;
use crate::tables::{ranking, shards};
use sha2::{Digest, Sha256};

/// What a round says of a county's shard.
pub(super) struct NamedShard {
    /// County.
    pub code: String,
    /// The whole.
    pub print: String,
    /// Its parts with their fingerprints, in the order of the columns: earlier formats have fewer.
    pub parts: Vec<(String, String)>,
    /// Fingerprint of its rows; none where they could not be computed.
    pub rows: Option<String>,
}

/// The rows of `shards.csv`, by code.
///
/// # Errors
/// Input, when the table lacks a column.
pub(super) fn read(table: &CsvTable) -> Result<Vec<NamedShard>> {
    let parts = table.columns().iter().filter_map(|c| c.strip_suffix("_sha256"));
    let parts: Vec<&str> = parts.filter(|part| !["shard", "rows"].contains(part)).collect();
    let one = |row: CsvRow<'_>| {
        let part = |part: &&str| Ok(((*part).to_owned(), row.text(&format!("{part}_sha256"))?));
        let parts = parts.iter().map(part).collect::<Result<_>>()?;
        let rows = Some(row.text("rows_sha256")?).filter(|r| !r.is_empty());
        Ok(NamedShard { code: row.code("county_code")?, print: row.text("shard_sha256")?, parts, rows })
    };
    table.rows().map(one).collect()
}

/// Checks the table, where the folder holds it.
pub(super) fn check(o: &Opened, findings: &mut Findings) -> Result<()> {
    let (Some(table), Some(ranking)) = (o.tables.table(shards::FILE), o.tables.table(ranking::FILE)) else { return Ok(()) };
    let mut codes: Vec<String> = ranking.rows().map(|r| r.code("county_code")).collect::<Result<_>>()?;
    codes.sort();
    let shards = read(table)?;
    let found: Vec<&str> = shards.iter().map(|s| s.code.as_str()).collect();
    if found != codes {
        let other =
            codes.iter().zip(found.iter().map(Some).chain(std::iter::repeat(None))).find(|(a, b)| Some(a.as_str()) != b.copied());
        let named = other.map(|(code, _)| code.as_str()).or(found.get(codes.len()).copied()).unwrap_or_default();
        findings.faults.push(format!("shards.csv: it does not have one row a county, by code; see county {named}"));
    }
    let mut all = Sha256::new();
    for s in &shards {
        let rows = s.rows.as_deref();
        all.update(&s.print);
        all.update(rows.unwrap_or_default());
        if let Some(bad) =
            s.parts.iter().map(|(_, print)| print.as_str()).chain([s.print.as_str()]).chain(rows).find(|p| !is_sha256(p))
        {
            findings.faults.push(format!("shards.csv: \"{bad}\" of county {} is no fingerprint", s.code));
        }
        let parts: Vec<&str> = s.parts.iter().map(|(_, print)| print.as_str()).collect();
        if hex(&Sha256::digest(parts.join("\n"))) != s.print {
            findings.faults.push(format!("shards.csv: the fingerprint of county {} is not that of its parts", s.code));
        }
    }
    let told = &o.folder.manifest["shards"];
    if told["all_sha256"] != hex(&all.finalize()) {
        findings.faults.push("shards.csv: its fingerprints do not make all_sha256 of the manifest".to_owned());
    }
    let failed = shards.iter().filter(|s| s.rows.is_none()).count();
    for (key, n) in [("counties", shards.len()), ("failed", failed)] {
        if told[key].as_u64() != Some(n as u64) {
            findings.faults.push(format!("shards.csv: there are {n} {key}, and the manifest says {}", told[key]));
        }
    }
    findings
        .checked
        .push(format!("fingerprints of {} shards follow from their parts, and that of all from theirs", shards.len()));
    Ok(())
}
