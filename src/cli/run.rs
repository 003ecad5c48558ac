//! `chargegap run INPUT -o OUT`.

use super::common::{CommonFlags, Making, RegionFlags, Session};
use super::input::{self, Input};
use super::summary;
use crate::config::RegionFile;
use crate::error::Result;
use crate::files::atomic::AtomicFolder;
use crate::files::lang::Lang;
use crate::folder::{Asked, write_results};
use crate::measure::Timings;
use crate::prepared::PreparedFrom;
use crate::prepared::ground::Options;
use crate::results::Results;
use crate::run::{analyse, analyse_prepared};
use clap::Args;
use std::path::{Path, PathBuf};

/// Arguments of `run`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  chargegap run datasets/isle-of-man -o out/isle-of-man\n  chargegap run county.osm.pbf -o out/county --admin-level 6\n  chargegap run region.toml -o out/region --strict --json"
)]
pub struct RunArgs {
    #[command(flatten)]
    source: RegionFlags,
    /// Folder to write; it appears whole or not at all.
    #[arg(short, long, value_name = "OUT")]
    out: PathBuf,
    #[command(flatten)]
    making: Making,
    #[command(flatten)]
    common: CommonFlags,
}

/// Runs it.
///
/// # Errors
/// Those of reading, analysing and writing.
pub fn run(args: &RunArgs) -> Result<u8> {
    let session = Session::start(&args.common)?;
    let job = Job {
        command: "run",
        source: &args.source,
        out: &args.out,
        making: &args.making,
        lang: args.common.lang,
        change: &|_| {},
        check: &|_| Ok(()),
    };
    run_region(&session, &job)
}

/// A region that is run, by whatever command.
pub(super) struct Job<'a> {
    /// The command, for the manifest.
    pub command: &'static str,
    /// The region.
    pub source: &'a RegionFlags,
    /// Folder to write.
    pub out: &'a Path,
    /// How it is made.
    pub making: &'a Making,
    /// Language of the files.
    pub lang: Option<Lang>,
    /// What the command changes in the region file.
    pub change: &'a dyn Fn(&mut RegionFile),
    /// What the command asks of the results before they are written.
    pub check: &'a dyn Fn(&Results) -> Result<()>,
}

/// Reads, analyses and writes.
///
/// # Errors
/// Those of all three.
pub(super) fn run_region(session: &Session<'_>, job: &Job<'_>) -> Result<u8> {
    let (source, making) = (job.source, job.making);
    let mut timings = Timings::default();
    timings.start("open");
    let opened = input::open(&source.input, source.admin_level)?;
    let folder = AtomicFolder::create(job.out, making.overwrite)?;
    let options = Options { strict: making.strict, on_stage: &|s| session.progress.stage(s) };
    let set = |region: &mut RegionFile| {
        region.region.language = job.lang.or(region.region.language);
        (job.change)(region);
    };
    let (results, origin) = match opened {
        Input::Region(mut region, input) => {
            set(&mut region);
            let origin = PreparedFrom { input, admin_level: source.admin_level };
            (analyse(&region, &options, &mut timings)?, origin)
        }
        Input::Prepared(mut ground, origin) => {
            set(&mut ground.region);
            (analyse_prepared(*ground, &options, &mut timings)?, origin)
        }
    };
    (job.check)(&results)?;
    timings.start("write");
    session.progress.stage("write");
    let asked = Asked { command: job.command, input: origin.input, strict: making.strict, admin_level: origin.admin_level };
    let written = write_results(&results, &asked, folder)?;
    timings.stop();
    if making.timings {
        session.say_timings(&timings);
    }
    session.answer(|| summary::json(&results, job.out, &written), || summary::text(&results, job.out, session.lang()))?;
    Ok(0)
}
