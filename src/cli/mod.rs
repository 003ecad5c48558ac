//! What was typed: one file a subcommand. Nothing here computes.

mod bench;
mod check;
mod diff;
mod input;
#[cfg(target_os = "linux")]
mod memory_limit;
mod prepare;
mod progress;
mod rank;
mod rank_summary;
mod round;
mod round_diff;
mod round_summary;
mod run;
mod summary;
mod verify;

use crate::error::{Error, Result};
use clap::{Parser, Subcommand};
use comfy_table::{LineStyle, TableStyle};
use std::io::Write;

/// Finds what no charger or battery-swap station serves by road, ranks counties by the shortfall, and writes layers, tables and a report.
#[derive(Debug, Parser)]
#[command(
    name = "chargegap",
    version,
    about,
    after_help = "Exit codes: 0 done, 1 input refused (or verify found a fault), 2 usage, 3 disk or another run in the way, 4 a check of chargegap's own failed."
)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Analyse a region and write a run folder.
    Run(run::RunArgs),
    /// Read and validate a region, print what is wrong with it, analyse nothing.
    Check(check::CheckArgs),
    /// Read a region and build its network once, into one file that `run` opens in milliseconds.
    Prepare(prepare::PrepareArgs),
    /// Rank the counties of a finished run again with another [rank], without reading its inputs.
    Rank(rank::RankArgs),
    /// Rank the counties of many regions for a funding round: resumable, shared between machines, and proved by its folder.
    Round(round::RoundArgs),
    /// Put together a round whose parts were computed on several machines.
    Merge(round::MergeArgs),
    /// Say what changed between two finished runs or rankings, and why each county moved.
    Diff(diff::DiffArgs),
    /// Re-check a finished run or ranking folder: fingerprints, the ledger, the ranking.
    Verify(verify::VerifyArgs),
    /// Time the searches on a network of numbers.
    #[command(hide = true)]
    Bench(bench::BenchArgs),
}

impl Cli {
    /// Does what was typed and returns the exit code; messages have been printed.
    pub fn execute(self) -> u8 {
        #[cfg(target_os = "linux")]
        if let Some(code) = memory_limit::in_child() {
            return code;
        }
        let outcome = match self.command {
            Command::Run(args) => run::run(&args),
            Command::Check(args) => check::check(&args),
            Command::Prepare(args) => prepare::prepare(&args),
            Command::Rank(args) => rank::rank(&args),
            Command::Round(args) => round::round(&args),
            Command::Merge(args) => round::merge(&args),
            Command::Diff(args) => diff::diff(&args),
            Command::Verify(args) => verify::verify(&args),
            Command::Bench(args) => bench::bench(&args),
        };
        outcome.unwrap_or_else(|e| {
            complain(&e);
            e.exit_code()
        })
    }
}

/// Prints an error; a closed stderr leaves nobody to tell.
fn complain(e: &Error) {
    let _ = writeln!(std::io::stderr(), "error: {e}");
}

/// Prints how long each stage took, on standard error.
fn say_timings(timings: &crate::measure::Timings) {
    for s in &timings.stages {
        let (wall, processor) = (s.wall.as_secs_f64(), s.processor.as_secs_f64());
        let _ =
            writeln!(std::io::stderr(), "{:>8}  {wall:.3} s, processor {processor:.3} s, peak so far {} MB", s.name, s.peak_mb);
    }
}

/// Sets the number of threads; all cores when not given.
fn use_threads(threads: Option<u16>) -> Result<()> {
    // 0 is rayon's word for all cores. Started here, since a pool that starts by itself panics where it cannot.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.unwrap_or(0).into()).build_global();
    pool.map_err(|e| Error::environment(format!("cannot start threads: {e}"), "give fewer --threads, or more memory"))
}

/// A plain table: lines above, below, and under the header.
const TABLE: TableStyle = TableStyle::new()
    .top_border(LineStyle::none().fill('─').junction('─'))
    .header_separator(LineStyle::none().fill('─').junction('─'))
    .bottom_border(LineStyle::none().fill('─').junction('─'));

/// Prints to standard output; a closed pipe (`| head`) is not an error.
///
/// # Errors
/// Environment, for example when the disk is full.
fn say(text: &str) -> Result<()> {
    let mut out = std::io::stdout();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => {
            let next = "the files of the run are not touched by this; free some space, or print elsewhere";
            Err(Error::environment(format!("cannot print the answer: {e}"), next))
        }
        _ => Ok(()),
    }
}

/// Prints one JSON object; what a terminal would obey is escaped in it.
fn say_json(object: &serde_json::Value) -> Result<()> {
    let obeyed = |c: char| (c.is_control() && c != '\n') || crate::error::turns_text(c);
    let text = object.to_string();
    if !text.contains(obeyed) {
        return say(&(text + "\n"));
    }
    let safe: String = text.chars().map(|c| if obeyed(c) { format!("\\u{:04x}", u32::from(c)) } else { c.to_string() }).collect();
    say(&(safe + "\n"))
}
