//! `--archive` of `round` and `merge`.

use super::common::{CommonFlags, Making};
use crate::archive::{ArchiveAsked, ArchivedCommand, Packed, Packing};
use crate::config::RoundFile;
use crate::error::{Error, Location, Result, path_text, printable};
use crate::files::lang::Lang;
use crate::system::whole_path;
use clap::Args;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// What may be asked of an archive.
#[derive(Debug, Args)]
pub struct ArchiveFlags {
    /// Also pack inputs, results and round file into one ZIP file that `chargegap verify` can make the round again from.
    #[arg(long, value_name = "FILE")]
    archive: Option<PathBuf>,
    /// Pack this program too.
    #[arg(long, requires = "archive")]
    with_program: bool,
    /// Name inputs that match by their SHA-256 and do not pack them, for data that may not be passed on; may be given more than once.
    #[arg(long, value_name = "PATTERN", requires = "archive")]
    name_only: Vec<String>,
}

impl ArchiveFlags {
    /// Looks whether the archive can be written, before anything is computed; nothing where none is asked for.
    ///
    /// # Errors
    /// As [`Packing::begin`].
    pub fn begin(
        &self,
        (round, file): (&RoundFile, &Path),
        out: Option<&Path>,
        making: &Making,
        common: &CommonFlags,
    ) -> Result<Option<Packing>> {
        let Some(archive) = &self.archive else { return Ok(None) };
        if out.is_some_and(|out| whole_path(archive).starts_with(whole_path(out))) {
            let what = "the archive would stand in the folder that it is an archive of";
            return Err(Error::usage(what, "choose a place outside it").at(Location::file(path_text(archive))));
        }
        let asked = ArchiveAsked {
            archive: archive.clone(),
            with_program: self.with_program,
            name_only: self.name_only.clone(),
            overwrite: making.overwrite,
        };
        Packing::begin(round, file, asked, ArchivedCommand { strict: making.strict, lang: common.lang }).map(Some)
    }
}

/// What is said of the archive of a round.
pub fn text(packed: &Packed, lang: Lang) -> String {
    let (name, sha256) = (printable(&path_text(&packed.archive)), &packed.sha256);
    let mib = packed.bytes as f64 / f64::from(1 << 20);
    let (n, named) = (packed.packed, packed.named);
    match (lang, named) {
        (Lang::En, 0) => format!("archived: {name}, {mib:.1} MiB, {n} inputs\n  SHA-256 {sha256}\n"),
        (Lang::Zh, 0) => format!("已归档：{name}，{mib:.1} MiB，输入 {n} 个\n  SHA-256 {sha256}\n"),
        (Lang::En, _) => {
            format!("archived: {name}, {mib:.1} MiB, {n} inputs, {named} more by SHA-256 only\n  SHA-256 {sha256}\n")
        }
        (Lang::Zh, _) => {
            format!("已归档：{name}，{mib:.1} MiB，输入 {n} 个，另有 {named} 个仅载明 SHA-256\n  SHA-256 {sha256}\n")
        }
    }
}

/// What a program is told of a round, with its archive, where one was written.
pub fn json(mut object: Value, packed: Option<&Packed>) -> Value {
    if let Some(packed) = packed {
        object["archive"] = json!({
            "file": path_text(&packed.archive), "bytes": packed.bytes, "sha256": packed.sha256,
            "inputs_packed": packed.packed, "inputs_named": packed.named,
        });
    }
    object
}
