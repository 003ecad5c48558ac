//! The command line: parse, run, exit code.

use chargegap::internals::cli::Cli;
use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    chargegap::internals::read::guard::quiet_hook();
    chargegap::internals::system::stop::watch();
    let code = Cli::parse().execute();
    chargegap::internals::input::forget_stdin();
    ExitCode::from(code)
}
