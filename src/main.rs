//! The command line: parse, run, exit code.

use chargegap::internals::cli::Cli;
use std::process::ExitCode;

fn main() -> ExitCode {
    chargegap::internals::read::guard::quiet_hook();
    chargegap::internals::system::stop::watch(chargegap::internals::cli::speech::stopped);
    let code = Cli::typed().execute();
    chargegap::internals::input::forget_stdin();
    ExitCode::from(code)
}
