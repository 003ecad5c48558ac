//! `chargegap run INPUT -o OUT`.

use super::input::{self, Input};
use super::progress::Progress;
use super::{say, say_json, summary};
use crate::error::Result;
use crate::files::atomic::AtomicFolder;
use crate::files::lang::Lang;
use crate::folder::manifest::Asked;
use crate::folder::run::write_run;
use crate::measure::Timings;
use crate::prepared::Origin;
use crate::prepared::ground::Options;
use crate::run::{analyse, analyse_prepared};
use clap::Args;
use std::path::PathBuf;

/// Arguments of `run`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  chargegap run datasets/isle-of-man -o out/isle-of-man\n  chargegap run county.osm.pbf -o out/county --admin-level 6\n  chargegap run region.toml -o out/region --strict --json"
)]
pub struct RunArgs {
    /// A region.toml, a folder with one, one OSM extract, or a prepared region.
    pub input: PathBuf,
    /// Folder to write; it appears whole or not at all.
    #[arg(short, long, value_name = "OUT")]
    pub out: PathBuf,
    /// Replace OUT if it is a run folder of chargegap.
    #[arg(long)]
    pub overwrite: bool,
    /// Any refused record stops the run.
    #[arg(long)]
    pub strict: bool,
    /// admin_level of the county-like boundaries in an OSM extract [default: the finest that tiles it].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(2..=11))]
    pub admin_level: Option<u8>,
    /// Threads to use; the result is the same for any number [default: all cores].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// Print nothing but errors.
    #[arg(short, long)]
    pub quiet: bool,
    /// Print the summary as one JSON object.
    #[arg(long, conflicts_with = "quiet")]
    pub json: bool,
    /// Language of the printed summary, and in which the pages open.
    #[arg(long, value_enum, default_value_t)]
    pub lang: Lang,
    /// Print how long each stage took, on standard error.
    #[arg(long)]
    pub timings: bool,
}

/// Runs it.
///
/// # Errors
/// Those of reading, analysing and writing.
pub fn run(args: &RunArgs) -> Result<u8> {
    super::use_threads(args.threads)?;
    let mut timings = Timings::default();
    timings.start("open");
    let opened = input::open(&args.input, args.admin_level)?;
    let folder = AtomicFolder::create(&args.out, args.overwrite)?;
    let progress = Progress::new(args.quiet);
    let options = Options { strict: args.strict, on_stage: &|s| progress.stage(s) };
    let (outcome, origin) = match opened {
        Input::Region(region, input) => {
            let origin = Origin { input, admin_level: args.admin_level };
            (analyse(&region, &options, &mut timings)?, origin)
        }
        Input::Prepared(ground, origin) => (analyse_prepared(*ground, &options, &mut timings)?, origin),
    };
    timings.start("write");
    progress.stage("write");
    let asked = Asked { input: origin.input, strict: args.strict, admin_level: origin.admin_level, lang: args.lang };
    let written = write_run(&outcome, &asked, folder)?;
    timings.stop();
    drop(progress);
    if args.timings {
        super::say_timings(&timings);
    }
    if args.json {
        say_json(&summary::json(&outcome, &args.out, &written))?;
    } else if !args.quiet {
        say(&summary::text(&outcome, &args.out, args.lang))?;
    }
    Ok(0)
}
