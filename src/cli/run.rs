//! `chargegap run INPUT -o OUT`.

use super::common::{CommonFlags, Making, RegionFlags, Session};
use super::input::{self, Input};
use super::summary;
use crate::error::Result;
use crate::files::atomic::AtomicFolder;
use crate::folder::{Asked, write_results};
use crate::measure::Timings;
use crate::prepared::PreparedFrom;
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
    let (source, making) = (&args.source, &args.making);
    let mut timings = Timings::default();
    timings.start("open");
    let opened = input::open(&source.input, source.admin_level)?;
    let folder = AtomicFolder::create(&args.out, making.overwrite)?;
    let options = Options { strict: making.strict, on_stage: &|s| session.progress.stage(s) };
    let (results, origin) = match opened {
        Input::Region(mut region, input) => {
            region.region.language = args.common.lang.or(region.region.language);
            let origin = PreparedFrom { input, admin_level: source.admin_level };
            (analyse(&region, &options, &mut timings)?, origin)
        }
        Input::Prepared(mut ground, origin) => {
            let language = &mut ground.region.region.language;
            *language = args.common.lang.or(*language);
            (analyse_prepared(*ground, &options, &mut timings)?, origin)
        }
    };
    timings.start("write");
    session.progress.stage("write");
    let asked = Asked { command: "run", input: origin.input, strict: making.strict, admin_level: origin.admin_level };
    let written = write_results(&results, &asked, folder)?;
    timings.stop();
    if making.timings {
        session.say_timings(&timings);
    }
    session.answer(|| summary::json(&results, &args.out, &written), || summary::text(&results, &args.out, session.lang()))?;
    Ok(0)
}
