//! `chargegap rank OUT`.

use super::{rank_summary, say, say_json};
use crate::config::{RankTable, RegionFile};
use crate::error::{Error, Location, Result, path_text};
use crate::files::atomic::AtomicFolder;
use crate::files::kind::Kind;
use crate::files::lang::Lang;
use crate::finished::{Finished, Stored};
use crate::folder::ranking::{Again, write_again};
use crate::issue::Issues;
use crate::rank::{RankSettings, assess};
use crate::tables::rank_tables::RankView;
use clap::Args;
use std::path::{Path, PathBuf};

/// Arguments of `rank`.
#[derive(Debug, Args)]
#[command(
    after_help = "Nothing but [rank] of the region file is used: service distances, stations and roads are those of the run or round;\nnobody is selected again.\nWithout -o it only prints. OUT2 holds the tables of the ranking and what it was made from; `verify`, `diff` and `rank` take it too.\n\nExamples:\n  chargegap rank out/isle-of-man\n  chargegap rank out/isle-of-man --with heavier.toml -o out/heavier\n  chargegap diff out/isle-of-man out/heavier"
)]
pub struct RankArgs {
    /// A finished run, round or ranking folder.
    pub folder: PathBuf,
    /// Region file whose [rank] is used [default: the [rank] that the folder was made with].
    #[arg(long, value_name = "REGION.TOML")]
    pub with: Option<PathBuf>,
    /// Ranking folder to write; it appears whole or not at all.
    #[arg(short, long, value_name = "OUT2")]
    pub out: Option<PathBuf>,
    /// Replace OUT2 if it is a ranking folder of chargegap.
    #[arg(long, requires = "out")]
    pub overwrite: bool,
    /// Threads to use; the result is the same for any number [default: all cores].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// Print nothing but errors.
    #[arg(short, long)]
    pub quiet: bool,
    /// Print the ranking as one JSON object.
    #[arg(long, conflicts_with = "quiet")]
    pub json: bool,
    /// Language of what is printed, and in which the page opens.
    #[arg(long, value_enum, default_value_t)]
    pub lang: Lang,
}

/// Runs it.
///
/// # Errors
/// A folder that was changed, a `[rank]` that cannot be done with it, a disk in the way.
pub fn rank(args: &RankArgs) -> Result<u8> {
    super::use_threads(args.threads)?;
    let source = Finished::open(&args.folder)?;
    let table = asked(args, &source)?;
    let place = args.out.as_deref().map(|out| lock(out, args.overwrite)).transpose()?;
    let evidence = Stored::read(&source)?.evidence_for(&table)?;
    let settings = RankSettings::from_table(&table)?;
    let mut issues = Issues::default();
    let assessment = assess(&evidence, &settings, &mut issues)?;
    let with = args.with.as_deref().and_then(Path::file_name).map(|n| n.to_string_lossy().into_owned());
    let view = RankView { evidence: &evidence, assessment: &assessment, settings: &settings };
    let again = Again { source: &source, with: with.as_deref(), view, issues: &issues, lang: args.lang };
    if let Some(folder) = place {
        write_again(&again, folder)?;
    }
    if args.json {
        say_json(&rank_summary::json(&again, args.out.as_deref()))?;
    } else if !args.quiet {
        say(&rank_summary::text(&again, args.out.as_deref(), args.lang))?;
    }
    Ok(0)
}

fn asked(args: &RankArgs, source: &Finished) -> Result<RankTable> {
    let Some(with) = &args.with else { return source.rank_table() };
    let file = if with.is_dir() { with.join("region.toml") } else { with.clone() };
    Ok(RegionFile::read(&file)?.rank)
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
