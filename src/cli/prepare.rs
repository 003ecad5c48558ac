//! `chargegap prepare INPUT -o FILE`.

use super::common::{CommonFlags, Making, RegionFlags, Session};
use super::input;
use super::speech::shown;
use crate::error::{Error, Location, Result, path_text, printable};
use crate::files::lang::Lang;
use crate::files::whole_file::{refuse_existing, write_output};
use crate::issue::Severity;
use crate::measure::Timings;
use crate::prepared::ground::Options;
use crate::prepared::ground::{Ground, build};
use crate::prepared::{self, PreparedFrom};
use clap::Args;
use serde_json::json;
use std::path::{Path, PathBuf};

/// Arguments of `prepare`.
#[derive(Debug, Args)]
#[command(
    after_help = "The file is refused when it is damaged, of another version, or when an input beside it has changed since.\nExample:\n  chargegap prepare datasets/isle-of-man -o isle-of-man.cgap\n  chargegap run isle-of-man.cgap -o out/isle-of-man"
)]
pub struct PrepareArgs {
    #[command(flatten)]
    source: RegionFlags,
    /// File to write; it appears whole or not at all.
    #[arg(short, long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    making: Making,
    #[command(flatten)]
    common: CommonFlags,
}

/// Runs it.
///
/// # Errors
/// Those of reading and building; usage, when something else stands at FILE; environment, when it cannot be written.
pub fn prepare(args: &PrepareArgs) -> Result<u8> {
    let session = Session::start(&args.common)?;
    let (source, making) = (&args.source, &args.making);
    refuse_clobber(&args.out, making.overwrite)?;
    let (region, input) = input::region(&source.input, source.admin_level)?;
    let options = Options { strict: making.strict, on_stage: &|s| session.progress.stage(s) };
    crate::rank::RankSettings::from_table(&region.rank)?.check_demand(region.demand.is_some())?;
    crate::programme::of_region(&region)?;
    let mut timings = Timings::default();
    let (ground, _) = build(&region, &options, &mut timings)?;
    timings.start("write");
    let origin = PreparedFrom { input, admin_level: source.admin_level };
    let folder = args.out.parent().unwrap_or(Path::new("."));
    write_output(&args.out, "prepared region", making.overwrite, |out| prepared::write(&ground, &origin, folder, out))?;
    timings.stop();
    if making.timings {
        session.say_timings(&timings);
    }
    let bytes = std::fs::metadata(&args.out).map_or(0, |m| m.len());
    session.answer(|| facts(&ground, &args.out, bytes), || text(&ground, &args.out, bytes, session.lang()))?;
    Ok(0)
}

fn refuse_clobber(out: &Path, overwrite: bool) -> Result<()> {
    let at = || Location::file(path_text(out));
    if out.file_name().is_none() {
        return Err(Error::usage("the output is not the name of a file", "give -o a file name").at(at()));
    }
    refuse_existing(out, overwrite)?;
    match std::fs::symlink_metadata(out) {
        Err(_) => Ok(()),
        Ok(_) if input::is_prepared(out) => Ok(()),
        Ok(_) => Err(Error::usage("the output is no prepared region, so it is not replaced", "give another name").at(at())),
    }
}

fn facts(g: &Ground, out: &Path, bytes: u64) -> serde_json::Value {
    json!({
        "file": path_text(out),
        "bytes": bytes,
        "region": g.region.region.name,
        "counties": g.counties.len(),
        "nodes": g.draft.nodes.len(),
        "edges": g.draft.edges.len(),
        "road_km": crate::space::units::km(g.draft.length_mm()),
        "stations": g.stations.len(),
        "settlements": g.settlements.len(),
        "candidates": g.candidates.len(),
        "inputs": g.files.len(),
        "refused": g.issues.of_severity(Severity::Refused),
        "warnings": g.issues.of_severity(Severity::Warning),
    })
}

fn text(g: &Ground, out: &Path, bytes: u64, lang: Lang) -> String {
    let what = format!(
        "{}: {} counties, {:.1} km of road in {} edges, {} stations, {} settlements",
        g.region.region.name,
        g.counties.len(),
        g.draft.length_mm() as f64 / 1e6,
        g.draft.edges.len(),
        g.stations.len(),
        g.settlements.len(),
    );
    let [refused, warnings] = [Severity::Refused, Severity::Warning].map(|v| g.issues.of_severity(v));
    let issues = format!("issues: {refused} records refused, {warnings} warnings (`chargegap check` lists them)");
    let size = if bytes < 1_000_000 { format!("{:.1} kB", bytes as f64 / 1e3) } else { format!("{:.1} MB", bytes as f64 / 1e6) };
    let written = if lang == Lang::Zh { "已写入：" } else { "written: " };
    format!("{}\n{}\n{written}{} ({size})\n", shown(&what, lang), shown(&issues, lang), printable(&path_text(out)))
}
