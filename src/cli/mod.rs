//! What was typed: one file a subcommand. Nothing here computes.

mod check;
mod common;
mod diff;
mod funding_summary;
mod init;
mod input;
mod memory_limit;
mod money;
mod plan;
mod prepare;
mod programme;
mod progress;
mod rank;
mod rank_summary;
mod report;
mod round;
#[cfg(feature = "archive")]
mod round_archive;
mod round_diff;
mod round_faults;
mod round_summary;
mod run;
pub mod speech;
mod summary;
mod summary_plan;
mod verify;
#[cfg(feature = "archive")]
mod verify_archive;

use crate::error::{Error, Result};
use crate::files::lang::Lang;
use clap::{Parser, Subcommand};
use comfy_table::{ContentArrangement, LineStyle, Table, TableStyle};
use console::Term;
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
    /// Plan where to build: the sites that close the gaps best within a number or a budget, with a bound, in a run folder.
    Plan(plan::PlanArgs),
    /// Look at files or a folder, tell the layers apart, and propose a commented region file.
    Init(init::InitArgs),
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
    /// Make a workbook, a draft, a PDF or a picture of a finished folder, for Excel, Word or WPS.
    Report(report::ReportArgs),
    /// Re-check a finished folder: fingerprints, the ledger, the ranking; or the archive of a round, which is made again from its inputs.
    Verify(verify::VerifyArgs),
    /// Show the rules of funding programmes that the program knows, every figure with its source and how sure it is.
    Programme(programme::ProgrammeArgs),
}

impl Cli {
    /// What was typed; where it is not understood, the program says so and ends.
    pub fn typed() -> Self {
        Self::try_parse().unwrap_or_else(|e| {
            if speech::terminal_of_words() == Lang::En {
                e.exit();
            }
            let text = speech::of_parser(&e.render().to_string());
            // A closed pipe leaves nobody to tell.
            let _ = if e.use_stderr() { write!(std::io::stderr(), "{text}") } else { write!(std::io::stdout(), "{text}") };
            std::process::exit(e.exit_code());
        })
    }

    /// Does what was typed and returns the exit code; messages have been printed.
    pub fn execute(self) -> u8 {
        if let Some(code) = memory_limit::in_child() {
            return code;
        }
        let lang = speech::terminal_of_words();
        let outcome = match self.command {
            Command::Run(args) => run::run(&args),
            Command::Plan(args) => plan::plan(&args),
            Command::Init(args) => init::init(&args),
            Command::Check(args) => check::check(&args),
            Command::Prepare(args) => prepare::prepare(&args),
            Command::Rank(args) => rank::rank(&args),
            Command::Round(args) => round::round(&args),
            Command::Merge(args) => round::merge(&args),
            Command::Diff(args) => diff::diff(&args),
            Command::Report(args) => report::report(&args),
            Command::Verify(args) => verify::verify(&args),
            Command::Programme(args) => programme::programme(&args),
        };
        if !matches!(outcome, Ok(0)) {
            crate::system::stop::ends_here(); // who printed nothing has one reason too
        }
        outcome.unwrap_or_else(|e| {
            speech::complain(&e, lang);
            e.exit_code()
        })
    }
}

/// A plain table: lines above, below, and under the header.
const TABLE: TableStyle = TableStyle::new()
    .top_border(LineStyle::none().fill('─').junction('─'))
    .header_separator(LineStyle::none().fill('─').junction('─'))
    .bottom_border(LineStyle::none().fill('─').junction('─'));

/// A table as text; on a terminal that is narrower than the table, cells are broken into lines.
fn fitted(mut table: Table) -> String {
    let terminal = Term::stdout();
    if let Some((_, columns)) = terminal.is_term().then(|| terminal.size_checked()).flatten() {
        table.set_content_arrangement(ContentArrangement::Dynamic).set_width(columns);
    }
    table.to_string()
}

/// Prints to standard output; a closed pipe (`| head`) is not an error.
///
/// # Errors
/// Environment, for example when the disk is full.
fn say(text: &str) -> Result<()> {
    crate::system::stop::ends_here(); // what is found while files are removed is no answer
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

#[cfg(test)]
mod tests {
    use super::Cli;
    use clap::CommandFactory;

    #[test]
    fn every_command_takes_the_common_flags() {
        let mut cli = Cli::command();
        cli.build();
        cli.clone().debug_assert();
        for command in cli.get_subcommands().filter(|c| c.get_name() != "help") {
            for flag in ["threads", "quiet", "json", "lang"] {
                assert!(command.get_arguments().any(|a| a.get_id() == flag), "{} --{flag}", command.get_name());
            }
        }
        for (line, good) in [
            ("run a -o b --json -q", false),
            ("round a --work w --shard 1/2 --overwrite", false),
            ("round a --work w --shard 1/2 --strict --timings", true),
            ("merge a --work w -o b --overwrite --lang zh -q", true),
            ("prepare a -o b --timings --threads 2", true),
            ("rank a --overwrite", false),
            ("check a --strict --admin-level 6 -q", true),
            ("diff a b --json --threads 1", true),
            ("verify a -q", true),
            ("verify a --signature b", false),
            ("verify a --inputs b --no-recompute", false),
            ("verify a --inputs b --key c --signature d", true),
            ("round a -o b --archive c --name-only x --name-only y", true),
            ("round a -o b --with-program", false),
            ("round a --work w --shard 1/2 --archive c", false),
            ("merge a --work w -o b --archive c --with-program", true),
            ("programme --json", true),
            ("programme uk-msa --toml", true),
            ("programme uk-msa --toml --json", false),
            ("programme --toml", false),
            ("plan a -o b --sites 3 --first 53019 --first 53065", true),
            ("plan a -o b --sites 3 --budget 5", false),
            ("bench --data a --task a", false),
        ] {
            let words = std::iter::once("chargegap").chain(line.split(' '));
            assert_eq!(Cli::command().try_get_matches_from(words).is_ok(), good, "{line}");
        }
    }
}
