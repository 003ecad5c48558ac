//! `chargegap rank OUT`.

use super::common::{CommonFlags, Session};
use super::rank_summary;
use crate::config::{RankTable, RegionFile};
use crate::error::{Error, Location, Result, path_text};
use crate::files::atomic::AtomicFolder;
use crate::files::kind::Kind;
use crate::files::lang::Lang;
use crate::files::whole_file::{refuse_existing, write_output};
use crate::finished::{Finished, Stored};
use crate::folder::{Again, goalposts_text, write_again};
use crate::issue::Issues;
use crate::rank::{RankSettings, assess};
use crate::tables::RankView;
use crate::tables::{county_columns, figures};
use clap::{ArgGroup, Args};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Arguments of `rank`.
#[derive(Debug, Args)]
#[command(
    group = ArgGroup::new("written").args(["out", "goalposts_out"]).multiple(true),
    after_help = "Nothing but [rank] of the region file is used: service distances, stations and roads are those of the run or round;\nnobody is selected again.\nWithout -o it only prints. OUT2 holds the tables of the ranking and what it was made from; `verify`, `diff` and `rank` take it too.\n\nExamples:\n  chargegap rank out/isle-of-man\n  chargegap rank out/isle-of-man --with heavier.toml -o out/heavier\n  chargegap diff out/isle-of-man out/heavier\n  chargegap rank out/2026-1 --goalposts-out goalposts.toml"
)]
pub struct RankArgs {
    /// A finished run, round or ranking folder.
    folder: PathBuf,
    /// Region file whose [rank] is used [default: the [rank] that the folder was made with].
    #[arg(long, value_name = "REGION.TOML")]
    with: Option<PathBuf>,
    /// Ranking folder to write; it appears whole or not at all.
    #[arg(short, long, value_name = "OUT2")]
    out: Option<PathBuf>,
    /// File to write with the ends of every scale, as [rank.goalposts] of the next round: scores then hold from round to round.
    #[arg(long, value_name = "FILE")]
    goalposts_out: Option<PathBuf>,
    /// Replace OUT2 if it is a ranking folder of chargegap, and FILE.
    #[arg(long, requires = "written")]
    overwrite: bool,
    #[command(flatten)]
    common: CommonFlags,
}

/// Runs it.
///
/// # Errors
/// A folder that was changed, a `[rank]` that cannot be done with it, a disk in the way.
pub fn rank(args: &RankArgs) -> Result<u8> {
    let session = Session::start(&args.common)?;
    session.progress.stage("rank");
    let source = Finished::open(&args.folder)?;
    source.unchanged()?;
    let (table, language) = asked(args, &source)?;
    if let Some(file) = &args.goalposts_out {
        refuse_existing(file, args.overwrite)?;
    }
    let place = args.out.as_deref().map(|out| lock(out, args.overwrite)).transpose()?;
    let evidence = Stored::read(&source)?.evidence_for(&table)?;
    let settings = RankSettings::from_table(&table)?;
    let mut issues = Issues::default();
    let assessment = assess(&evidence, &settings, &mut issues)?;
    let with = args.with.as_deref().and_then(Path::file_name).map(|n| n.to_string_lossy().into_owned());
    let view = RankView { evidence: &evidence, assessment: &assessment, settings: &settings };
    let mut copies = Vec::new();
    if place.is_some() {
        for name in [figures::FILE, county_columns::FILE] {
            copies.push((name, source.file(name)?));
        }
    }
    let name = source.name();
    let again = Again {
        source: &name,
        manifest: &source.manifest,
        copies: &copies,
        with: with.as_deref(),
        view,
        issues: &issues,
        lang: args.common.lang.or(language).unwrap_or_default(),
    };
    if let Some(folder) = place {
        write_again(&again, folder)?;
    }
    if let Some(file) = &args.goalposts_out {
        let text = goalposts_text(&again);
        write_output(file, "goalposts", args.overwrite, |out| out.write_all(text.as_bytes()))?;
    }
    let out = args.out.as_deref();
    session.answer(|| rank_summary::json(&again, out), || rank_summary::text(&again, out, session.lang()))?;
    Ok(0)
}

/// The `[rank]` to go by, and the language of the files: of the region file that is named, or of the folder.
fn asked(args: &RankArgs, source: &Finished) -> Result<(RankTable, Option<Lang>)> {
    let Some(with) = &args.with else { return Ok((source.rank_table()?, source.lang())) };
    let file = if with.is_dir() { with.join("region.toml") } else { with.clone() };
    let region = RegionFile::read(&file)?;
    // what was set by hand in the round stays, and is told among the issues
    let rank = RankTable { overrides: source.rank_table()?.overrides, ..region.rank };
    Ok((rank, region.region.language.or_else(|| source.lang())))
}

/// A run or round folder holds more than a ranking, so it is never replaced by one.
fn lock(out: &Path, overwrite: bool) -> Result<AtomicFolder> {
    if let Ok(there) = Finished::open(out)
        && there.kind != Kind::Ranking
    {
        let what = format!("the output is a {}, and a ranking in its place would lose the layers", there.kind.as_str());
        return Err(Error::usage(what, "choose another name").at(Location::file(path_text(out))));
    }
    AtomicFolder::create(out, overwrite)
}
