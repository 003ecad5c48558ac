//! Writes a ranking folder: the tables of a ranking that was made again from a finished folder, and what it was made from.

use super::companions::write_companions;
use super::manifest::{outputs, said_if_not_english};
use crate::config::region_file::RegionTable;
use crate::config::toml_text::from_values;
use crate::error::Result;
use crate::files::atomic::{AtomicFolder, Written};
use crate::files::data_package::About;
use crate::files::kind::{FORMAT_VERSION, RANKING_FOLDER};
use crate::files::lang::Lang;
use crate::files::seal::{SELF_BLANK, sealed};
use crate::issue::{Issues, Severity};
use crate::page::line_page::line_html;
use crate::tables::{self, RankView, issues};
use serde_json::{Value, json};

/// A ranking that was made again.
#[derive(Clone, Copy, Debug)]
pub struct Again<'a> {
    /// The name of the folder it was made from.
    pub source: &'a str,
    /// Its manifest.
    pub manifest: &'a Value,
    /// Its files of what the ranking is made from, by name; they are copied, so that the folder can be ranked again.
    pub copies: &'a [(&'static str, Vec<u8>)],
    /// File name of the region file with `[rank]`; none where the folder's own was used.
    pub with: Option<&'a str>,
    /// The ranking.
    pub view: RankView<'a>,
    /// What was left out, and who is not ranked.
    pub issues: &'a Issues,
    /// Language of messages, and in which the page opens.
    pub lang: Lang,
}

/// Writes it to a folder that appears whole or not at all, and returns its files.
///
/// # Errors
/// Environment when the disk refuses.
pub fn write_again(again: &Again<'_>, mut folder: AtomicFolder) -> Result<Vec<Written>> {
    for table in tables::tables_of_ranking(again.view) {
        folder.write(table.file, |w| table.csv(w))?;
    }
    for (name, bytes) in again.copies {
        folder.write(name, |w| w.write_all(bytes))?;
    }
    folder.write(issues::FILE, |w| tables::table_of_issues(again.issues, again.lang).csv(w))?;
    let region: RegionTable = from_values(again.manifest["region"].clone()).unwrap_or_default();
    let (title, attribution) = (&region.name, &region.attribution);
    let about = About { name: "chargegap-ranking", title, attribution, has_bom: false };
    write_companions(&mut folder, &tables::files_of_ranking(again.view), about)?;
    if let Some(pages) = line_html(&again.view, &region, again.lang)? {
        folder.write("line.html", |w| w.write_all(pages.as_bytes()))?;
    }
    let manifest = text(again, &folder.written);
    folder.write("manifest.json", |w| w.write_all(manifest.as_bytes()))?;
    folder.finish()
}

fn text(again: &Again<'_>, written: &[Written]) -> String {
    let source = again.manifest;
    let of = |severity| again.issues.of_severity(severity);
    sealed(&json!({
        "format": RANKING_FOLDER,
        "format_version": FORMAT_VERSION,
        "chargegap_version": env!("CARGO_PKG_VERSION"),
        "manifest_sha256": SELF_BLANK,
        "command": said_if_not_english(json!({ "name": "rank", "with": again.with }), again.lang),
        "source": { "name": again.source, "format": source["format"], "manifest_sha256": source["manifest_sha256"] },
        "region": source["region"],
        "criteria": source["criteria"],
        "inputs": source["inputs"],
        "ranking": super::manifest_rank::ranking(&again.view),
        "counts": { "issues": { "refused": of(Severity::Refused), "warnings": of(Severity::Warning), "notes": of(Severity::Note) } },
        "outputs": outputs(written),
    }))
}
