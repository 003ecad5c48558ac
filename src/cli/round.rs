//! `chargegap round ROUND.toml -o OUT` and `chargegap merge ROUND.toml -o OUT`.

use super::common::{CommonFlags, Making, Session};
#[cfg(feature = "archive")]
use super::round_archive::{self, ArchiveFlags};
use super::{round_faults, round_summary, speech};
use crate::config::RoundFile;
use crate::error::{Error, Location, Result};
use crate::files::atomic::{AtomicFolder, hold};
use crate::files::whole_file::write_whole;
use crate::folder::{Asked, write_results};
use crate::input;
use crate::measure::Timings;
use crate::round::run::{Done, RoundOptions, run};
use crate::round::work::Work;
use crate::system::whole_path;
use clap::Args;
use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

/// What asks for the round as a whole.
#[cfg(feature = "archive")]
const NOT_OF_A_PART: [&str; 3] = ["out", "overwrite", "archive"];
#[cfg(not(feature = "archive"))]
const NOT_OF_A_PART: [&str; 2] = ["out", "overwrite"];

/// Arguments of `round`.
#[derive(Debug, Args)]
#[command(
    after_help = "A round that was stopped goes on where it was: finished counties are kept in the work folder, and a changed input redoes\nonly the counties that it touches. A round with a fault that nobody has accepted (a region that cannot be read, an applicant that no\nregion has, a county that fails) is not finished: exit code 1, no folder; --check lists them beforehand.\nMachines share a round over one work folder: --shard 1/2 on one and --shard 2/2 on the\nother, then `chargegap merge`.\n\nExamples:\n  chargegap round round.toml -o out/round-2026\n  chargegap round round.toml --work /shared/round-2026 --shard 1/2\n  chargegap merge round.toml --work /shared/round-2026 -o out/round-2026\n  chargegap round round.toml -o out/round-2026 --archive round-2026.zip"
)]
pub struct RoundArgs {
    /// The round file.
    round: PathBuf,
    /// Folder to write; it appears whole or not at all.
    #[arg(short, long, value_name = "OUT", required_unless_present_any = ["shard", "check"])]
    out: Option<PathBuf>,
    /// Folder that keeps the network and finished counties [default: OUT-work].
    #[arg(long, value_name = "DIR")]
    work: Option<PathBuf>,
    /// Compute the k-th of n parts of the counties only, and put nothing together; needs --work.
    #[arg(long, value_name = "K/N", value_parser = part, requires = "work", conflicts_with_all = NOT_OF_A_PART)]
    shard: Option<(usize, usize)>,
    /// List the faults that the round would not be finished with, and compute nothing; exit code 1 where nobody has accepted one.
    #[arg(long, conflicts_with_all = ["shard", "overwrite"])]
    check: bool,
    /// Most memory to use, about; with a unit: 4GB, 800MB.
    #[arg(long, value_name = "SIZE", value_parser = size)]
    max_memory: Option<u64>,
    #[command(flatten)]
    both: SharedFlags,
}

/// Arguments of `merge`.
#[derive(Debug, Args)]
#[command(
    after_help = "The folder has the same bytes as one that `chargegap round` writes on one machine. Rows that are missing or damaged are named.\n\nExample:\n  chargegap merge round.toml --work /shared/round-2026 -o out/round-2026"
)]
pub struct MergeArgs {
    /// The round file.
    round: PathBuf,
    /// Folder to write; it appears whole or not at all.
    #[arg(short, long, value_name = "OUT")]
    out: PathBuf,
    /// Folder with the finished counties.
    #[arg(long, value_name = "DIR")]
    work: PathBuf,
    #[command(flatten)]
    both: SharedFlags,
}

/// What both take.
#[derive(Debug, Args)]
struct SharedFlags {
    #[command(flatten)]
    making: Making,
    #[cfg(feature = "archive")]
    #[command(flatten)]
    archive: ArchiveFlags,
    #[command(flatten)]
    common: CommonFlags,
}

fn part(text: &str) -> std::result::Result<(usize, usize), String> {
    let numbers = text.split_once('/').and_then(|(k, n)| Some((k.parse().ok()?, n.parse().ok()?)));
    numbers
        .filter(|(k, n)| 1 <= *k && k <= n && *n <= 10_000)
        .ok_or_else(|| "write it as 1/4: the first of four parts".to_owned())
}

fn size(text: &str) -> std::result::Result<u64, String> {
    let split = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let unit = match text[split..].trim().to_ascii_uppercase().as_str() {
        "" | "B" => 1.0,
        "MB" | "M" => 1e6,
        "GB" | "G" => 1e9,
        "MIB" => 1_048_576.0,
        "GIB" => 1_073_741_824.0,
        _ => return Err("give it as 800MB or 4GB".to_owned()),
    };
    let bytes = text[..split].parse::<f64>().map(|n| n * unit);
    bytes.ok().filter(|b| (1e6..1e15).contains(b)).map(|b| b as u64).ok_or_else(|| "give it as 800MB or 4GB".to_owned())
}

/// Runs `round`.
///
/// # Errors
/// Those of reading, computing, ranking and writing.
pub fn round(args: &RoundArgs) -> Result<u8> {
    if args.check {
        return check(args);
    }
    let work = match (&args.work, &args.out) {
        (Some(work), _) => work.clone(),
        (None, Some(out)) => beside(out)?,
        (None, None) => return Err(Error::usage("a part of a round needs a work folder", "give --work")),
    };
    go(&args.round, (args.out.as_deref(), &work), &args.both, (args.shard, args.max_memory, false))
}

/// Runs `round --check`.
fn check(args: &RoundArgs) -> Result<u8> {
    let session = Session::start(&args.both.common)?;
    let round = RoundFile::read(&args.round)?;
    let place = match (&args.work, &args.out) {
        (Some(work), _) => Some(work.clone()),
        (None, Some(out)) => Some(beside(out)?).filter(|w| w.is_dir()),
        (None, None) => None,
    };
    let work = place.as_deref().map(Work::open).transpose()?;
    let _held = place.as_deref().map(|place| hold(&place.join(".round.lock"), place)).transpose()?;
    let on_stage = |s| session.progress.stage(s);
    let options = RoundOptions { strict: args.both.making.strict, max_memory: args.max_memory, ..RoundOptions::whole(&on_stage) };
    let mut timings = Timings::default();
    let checked = crate::round::check::check(&round, work.as_ref(), &options, &mut timings)?;
    if args.both.making.timings {
        session.say_timings(&timings);
    }
    session.answer(|| round_faults::checked_json(&checked), || round_faults::checked(&checked, session.lang()))?;
    if let Some(e) = &checked.stopped {
        speech::complain(e, session.lang());
    }
    Ok(u8::from(checked.faults.open().next().is_some()))
}

/// Runs `merge`.
///
/// # Errors
/// As [`round`]; input, when rows are missing.
pub fn merge(args: &MergeArgs) -> Result<u8> {
    go(&args.round, (Some(&args.out), &args.work), &args.both, (None, None, true))
}

/// `OUT-work` beside `OUT`.
pub fn beside(out: &Path) -> Result<PathBuf> {
    let name = out.file_name().ok_or_else(|| Error::usage("the output is not the name of a folder", "give -o a folder name"))?;
    let mut name = name.to_owned();
    name.push("-work");
    Ok(out.with_file_name(name))
}

/// The folder of results is written whole and put in the place of an older one: nothing that is kept lies in it.
///
/// # Errors
/// Usage, where the work folder is that folder, or in it.
fn apart(out: &Path, work: &Path) -> Result<()> {
    let [out, work] = [out, work].map(plain);
    if !work.starts_with(&out) {
        return Ok(());
    }
    let next = "give --work a folder of its own, or leave it out: it is OUT-work then";
    Err(Error::usage("the work folder lies in the folder of the results, which is written as a whole", next)
        .at(Location::default().field("--work")))
}

/// A path from the root, without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in whole_path(path).components() {
        match part {
            Component::ParentDir => drop(plain.pop()),
            Component::CurDir => {}
            other => plain.push(other),
        }
    }
    plain
}

type WhichShards = (Option<(usize, usize)>, Option<u64>, bool);

fn go(
    file: &Path,
    (out, place): (Option<&Path>, &Path),
    args: &SharedFlags,
    (part, max_memory, merge_only): WhichShards,
) -> Result<u8> {
    let session = Session::start(&args.common)?;
    out.map_or(Ok(()), |out| apart(out, place))?;
    let mut round = RoundFile::read(file)?;
    round.round.language = args.common.lang.or(round.round.language);
    #[cfg(feature = "archive")]
    let packing = args.archive.begin((&round, file), out, &args.making, &args.common)?;
    let folder = out.map(|out| AtomicFolder::create(out, args.making.overwrite)).transpose()?;
    let work = Work::open(place)?;
    let name = part.map_or("round".to_owned(), |(k, n)| format!("part-{k}-of-{n}"));
    let _held = hold(&place.join(format!(".{name}.lock")), place)?;
    if let Some(out) = out {
        remember(place, out, file);
    }
    let on_stage = |s| session.progress.stage(s);
    let options = RoundOptions {
        strict: args.making.strict,
        part,
        merge_only,
        max_memory,
        on_done: &|done, all| session.progress.counties(done, all),
        ..RoundOptions::whole(&on_stage)
    };
    let mut timings = Timings::default();
    let done = run(&round, &work, &options, &mut timings)?;
    #[cfg(feature = "archive")]
    let mut archive = None;
    if let (Some(round), Some(folder)) = (&done.round, folder) {
        timings.start("write");
        session.progress.stage("write");
        let asked = Asked {
            command: "round",
            input: round.round.as_ref().map(|r| r.file.name.clone()).unwrap_or_default(),
            strict: args.making.strict,
            admin_level: None,
        };
        let written = write_results(round, &asked, folder)?;
        #[cfg(not(feature = "archive"))]
        drop(written);
        #[cfg(feature = "archive")]
        if let (Some(packing), Some(out)) = (packing, out) {
            timings.start("archive");
            session.progress.stage("archive");
            archive = Some(packing.write(round, (out, place), &written)?);
        }
        timings.stop();
    }
    if args.making.timings {
        session.say_timings(&timings);
    }
    if done.round.is_none() && part.is_none() {
        return refuse(&done, out, &session);
    }
    let json = || round_summary::json(&done, out);
    let text = || round_summary::text(&done, out, session.lang());
    #[cfg(feature = "archive")]
    let (json, text) = (
        || round_archive::json(json(), archive.as_ref()),
        || text() + &archive.as_ref().map_or_else(String::new, |packed| round_archive::text(packed, session.lang())),
    );
    session.answer(json, text)?;
    Ok(0)
}

/// Says why the round is not finished.
fn refuse(done: &Done, out: Option<&Path>, session: &Session<'_>) -> Result<u8> {
    let lang = session.lang();
    if session.as_json() {
        session.answer(|| round_summary::json(done, out), String::new)?;
    }
    session.progress.clear();
    speech::complain_of(&round_faults::headline(&done.faults, lang), lang);
    if !session.as_json() {
        speech::tell(&round_faults::open(&done.faults, done.counties, lang));
    }
    if let Some(e) = &done.stopped {
        speech::complain(e, lang);
    }
    Ok(1)
}

/// Remembers which round file a folder was made with, for `diff`; that it cannot is no fault.
fn remember(work: &Path, out: &Path, file: &Path) {
    let mut all = memories(work);
    all.insert(whole(out), in_its_folder(file));
    let text = serde_json::json!(all).to_string();
    let _ = write_whole(&work.join("round.json"), "name of the round file", |out| out.write_all(text.as_bytes()));
}

fn memories(work: &Path) -> BTreeMap<String, String> {
    let text = input::whole(&work.join("round.json"), "read the name of the round file", input::MOST_SETTINGS);
    text.ok().and_then(|t| serde_json::from_slice(&t).ok()).unwrap_or_default()
}

/// One spelling of where a folder is, with `..` and links followed.
fn whole(path: &Path) -> String {
    let real = std::fs::canonicalize(path);
    real.map_or_else(|_| in_its_folder(path), |real| real.to_string_lossy().into_owned())
}

/// The same of a file, or of a folder that is not there: its name stays, and only the folder around it is followed.
fn in_its_folder(path: &Path) -> String {
    let path = whole_path(path);
    let around = path.parent().zip(path.file_name());
    let real = around.and_then(|(above, name)| Some(std::fs::canonicalize(above).ok()?.join(name)));
    real.unwrap_or(path).to_string_lossy().into_owned()
}

/// The round file that a folder was made with, if the work folder beside it, or a work folder beside another in the same place, knows.
pub fn remembered(out: &Path) -> Option<PathBuf> {
    let place = Path::new(&whole(out)).parent()?.to_path_buf();
    let beside = std::fs::read_dir(place).ok()?.flatten().map(|e| e.path());
    let mut works: Vec<PathBuf> = beside.filter(|p| p.join("round.json").is_file()).collect();
    works.sort();
    // a round of before remembers paths as they were spelled
    let spelled = whole_path(out).to_string_lossy().into_owned();
    let known = |w: &PathBuf| {
        let mut all = memories(w);
        all.remove(&whole(out)).or_else(|| all.remove(&spelled))
    };
    works.iter().find_map(known).map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_and_sizes_are_read_or_refused() {
        assert_eq!(part("2/4"), Ok((2, 4)));
        for bad in ["0/4", "5/4", "2", "a/b", "1/0"] {
            assert!(part(bad).is_err(), "{bad}");
        }
        assert_eq!(size("4GB"), Ok(4_000_000_000));
        assert_eq!(size("1.5 gb"), Ok(1_500_000_000));
        for bad in ["4 XB", "", "GB", "12"] {
            assert!(size(bad).is_err(), "{bad}"); // 12 bytes are no memory
        }
    }
}
