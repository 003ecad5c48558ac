//! Under a memory limit (`ulimit -v`): the work is done by a child process, so that running out of memory ends in a
//! sentence and exit code 3. It is not a limit of our own, and without one set nothing happens here.
//!
//! Rust ends a process by SIGABRT when an allocation fails; safe code cannot stop that from inside.

use crate::error::Error;
use crate::system::stop::child_works;
use crate::system::{address_limit, end_with_parent, ended_by_signal};
use std::process::Command;

/// Set for the child, so that it does not start one of its own.
const CHILD: &str = "CHARGEGAP_LIMITED_CHILD";

/// Does the work in a child where the address space is limited; its exit code, or `None` when the caller shall work itself.
pub fn in_child() -> Option<u8> {
    if std::env::var_os(CHILD).is_some() {
        end_with_parent(); // who stops the parent means the work
        return None;
    }
    let limit = address_limit()?;
    let program = std::env::current_exe().ok()?;
    let mut child = Command::new(program).args(std::env::args_os().skip(1)).env(CHILD, "1").spawn().ok()?;
    child_works(child.id());
    let status = child.wait().ok()?;
    if let Some(code) = status.code() {
        return u8::try_from(code).ok();
    }
    let what = match ended_by_signal(status) {
        Some(6) => format!("out of memory: the limit is {} MiB of address space (`ulimit -v`)", limit >> 20),
        signal => format!("stopped by signal {}", signal.unwrap_or_default()),
    };
    let e = Error::environment(what, "raise the limit, or split the region; nothing was written");
    super::speech::complain(&e, super::speech::terminal_of_words());
    Some(e.exit_code())
}
