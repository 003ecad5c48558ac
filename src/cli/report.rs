//! `chargegap report OUT`: what offices work on, made from a finished folder.

use super::common::{CommonFlags, Session};
use crate::error::{Result, path_text, printable};
use crate::files::whole_file::{refuse_existing, write_output};
use crate::finished::Finished;
use crate::office::workbook;
use clap::Args;
use serde_json::json;
use std::io::Write;
use std::path::PathBuf;

/// Arguments of `report`.
#[derive(Debug, Args)]
#[command(
    after_help = "The folder is checked against its manifest first, and is not changed. --lang chooses the language of heads and notes.\n\nExamples:\n  chargegap report out/isle-of-man --xlsx isle-of-man.xlsx\n  chargegap report out/2026-1 --xlsx 2026-1.xlsx --lang zh"
)]
pub struct ReportArgs {
    /// A finished run, round, ranking or difference folder.
    folder: PathBuf,
    /// Workbook to write: every table a sheet, codes as text, numbers as numbers, and what each column means.
    #[arg(long, value_name = "FILE.xlsx", required = true)]
    xlsx: PathBuf,
    /// Replace the file.
    #[arg(long)]
    overwrite: bool,
    #[command(flatten)]
    common: CommonFlags,
}

/// Runs it.
///
/// # Errors
/// A folder that was changed, a disk in the way.
pub fn report(args: &ReportArgs) -> Result<u8> {
    let session = Session::start(&args.common)?;
    session.progress.stage("write");
    let folder = Finished::open(&args.folder)?;
    folder.unchanged()?;
    refuse_existing(&args.xlsx, args.overwrite)?;
    let lang = args.common.lang.or(folder.lang()).unwrap_or(session.lang());
    let filled = workbook(&folder, lang)?;
    write_output(&args.xlsx, "workbook", args.overwrite, |w| w.write_all(&filled.bytes))?;
    let (place, sheets) = (path_text(&args.xlsx), filled.sheets);
    let shown = printable(&place);
    let left = printable(&filled.too_long.join(", "));
    let text = match (session.lang() == crate::files::lang::Lang::Zh, left.is_empty()) {
        (false, true) => format!("written: {shown} ({sheets} tables)\n"),
        (false, false) => format!("written: {shown} ({sheets} tables; too long for a sheet, and not in it: {left})\n"),
        (true, true) => format!("已写入：{shown}（{sheets} 个表）\n"),
        (true, false) => format!("已写入：{shown}（{sheets} 个表；行数超出上限而未写入：{left}）\n"),
    };
    session.answer(|| json!({ "xlsx": place, "sheets": sheets, "too_long": filled.too_long }), || text)?;
    Ok(0)
}
