//! `chargegap verify OUT`.

use super::{say, say_json};
use crate::error::{Result, path_text, printable};
use clap::Args;
use serde_json::json;
use std::path::PathBuf;

/// Arguments of `verify`.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit code 0 when the folder is as it was written and its books close, 1 when not.\nExample:\n  chargegap verify out/isle-of-man"
)]
pub struct VerifyArgs {
    /// A run folder or a ranking folder.
    pub out: PathBuf,
    /// Print one JSON object.
    #[arg(long)]
    pub json: bool,
}

/// Runs it.
///
/// # Errors
/// When it is no run folder.
pub fn verify(args: &VerifyArgs) -> Result<u8> {
    super::use_threads(None)?;
    let found = crate::verify::verify(&args.out)?;
    let good = found.faults.is_empty();
    if args.json {
        say_json(&json!({ "ok": good, "checked": found.checked, "faults": found.faults, "foreign": found.foreign }))?;
        return Ok(u8::from(!good));
    }
    for line in &found.checked {
        say(&format!("checked  {}\n", printable(line)))?;
    }
    for name in &found.foreign {
        say(&format!("foreign  {} was not written by the run\n", printable(name)))?;
    }
    for line in &found.faults {
        say(&format!("FAULT    {}\n", printable(line)))?;
    }
    let verdict = if good { "verified" } else { "NOT VERIFIED" };
    say(&format!("{verdict}: {}\n", printable(&path_text(&args.out))))?;
    Ok(u8::from(!good))
}
