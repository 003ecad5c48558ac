//! The command line: parse, run, exit code.

use chargegap::cli::Cli;
use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(Cli::parse().execute())
}
