//! `chargegap verify OUT`.

use super::progress::Progress;
use super::{say, say_json};
use crate::error::{Error, Location, Result, path_text, printable};
use crate::verify::Findings;
use crate::verify::recompute::{Asked, recompute};
use clap::Args;
use serde_json::json;
use std::path::PathBuf;

/// Arguments of `verify`.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit code 0 when the folder is as it was written and its books close, 1 when not.\n\n--recompute makes counties of a round again from its inputs, believing nothing of its work folder, and compares fingerprints.\nWhich counties is decided by the seed and printed; the network is built anew in the folder for temporary files (TMPDIR).\n\nExamples:\n  chargegap verify out/isle-of-man\n  chargegap verify out/round-2026 --recompute 20 --round round.toml"
)]
pub struct VerifyArgs {
    /// A run, ranking or round folder.
    pub out: PathBuf,
    /// Make so many counties of a round again from its inputs.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub recompute: Option<u32>,
    /// The round file that the folder was made from.
    #[arg(long, value_name = "ROUND.TOML", requires = "recompute")]
    pub round: Option<PathBuf>,
    /// Decides which counties are made again [default: the seed of the ranking].
    #[arg(long, value_name = "S", requires = "recompute")]
    pub seed: Option<u64>,
    /// Threads to use; the result is the same for any number [default: all cores].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// Print one JSON object.
    #[arg(long)]
    pub json: bool,
}

fn found(args: &VerifyArgs) -> Result<Findings> {
    let Some(counties) = args.recompute else { return crate::verify::verify(&args.out) };
    let Some(round) = &args.round else {
        let what = "counties are made again from the inputs that the round file names, and no round file is given";
        let next = "give --round with the file that the folder was made from";
        return Err(Error::usage(what, next).at(Location::file(path_text(&args.out))));
    };
    let progress = Progress::new(args.json);
    let asked = Asked { round, counties: counties as usize, seed: args.seed };
    recompute(&args.out, &asked, &|s| progress.stage(s))
}

/// Runs it.
///
/// # Errors
/// When it is no folder of ours; of a recomputation, what keeps the round from being read.
pub fn verify(args: &VerifyArgs) -> Result<u8> {
    super::use_threads(args.threads)?;
    let found = found(args)?;
    let good = found.faults.is_empty();
    if args.json {
        say_json(
            &json!({ "ok": good, "checked": found.checked, "faults": found.faults, "notes": found.notes, "foreign": found.foreign }),
        )?;
        return Ok(u8::from(!good));
    }
    for line in &found.checked {
        say(&format!("checked  {}\n", printable(line)))?;
    }
    for line in &found.notes {
        say(&format!("note     {}\n", printable(line)))?;
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
