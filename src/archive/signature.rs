//! Detached signatures of archives, checked by the tool that many offices have: `ssh-keygen`, of OpenSSH 8.2 and later.
//!
//! Nothing here knows a key or an algorithm. Who may sign stands in a file of allowed signers (see `man ssh-keygen`), which comes from
//! the office that signs and never from the archive.

use crate::error::{Error, Location, Result, path_text};
use crate::input;
use crate::system::whole_path;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// What a signature is for: `ssh-keygen -Y sign -n chargegap-round`. One that was made for something else does not count.
pub const NAMESPACE: &str = "chargegap-round";

/// Largest file of keys, and largest signature.
const MOST: u64 = 1 << 20;

/// The usual place of a signature.
pub fn beside(archive: &Path) -> PathBuf {
    let mut name = archive.as_os_str().to_owned();
    name.push(".sig");
    PathBuf::from(name)
}

/// Checks the signature of an archive: who signed it with which key, or why it does not count.
///
/// # Errors
/// Input, when there is no such file; environment, when there is no `ssh-keygen`.
pub fn check(archive: &Path, signers: &Path, signature: &Path) -> Result<std::result::Result<String, String>> {
    for (path, doing) in [(signers, "read the allowed signers"), (signature, "read the signature")] {
        input::whole(path, doing, MOST)?;
    }
    let (signers, signature) = (whole_path(signers), whole_path(signature));
    let asked = |args: &[&str], stdin: Stdio| -> Result<Output> {
        let mut command = Command::new("ssh-keygen");
        command.args(args).arg("-f").arg(&signers).arg("-s").arg(&signature).env("LC_ALL", "C").stdin(stdin);
        command.output().map_err(|e| no_tool(&e))
    };
    let found = asked(&["-Y", "find-principals"], Stdio::null())?;
    let names = String::from_utf8_lossy(&found.stdout).into_owned();
    if !found.status.success() || names.trim().is_empty() {
        return Ok(Err(format!("the signature is not by a key of {}: {}", path_text(&signers), last_line(&found))));
    }
    let mut why = String::new();
    for name in names.lines().map(str::trim).filter(|n| !n.is_empty()) {
        let stdin = input::open(archive, "open the archive")?;
        let checked = asked(&["-Y", "verify", "-n", NAMESPACE, "-I", name], stdin.into())?;
        if checked.status.success() {
            return Ok(Ok(format!("signed by {name}: {}", first_line(&checked))));
        }
        why = last_line(&checked);
    }
    Ok(Err(format!("the signature does not hold for this archive: {why}")))
}

fn no_tool(e: &io::Error) -> Error {
    let what = format!("the signature cannot be checked: ssh-keygen does not run ({e})");
    let next = "install OpenSSH 8.2 or later (Debian: openssh-client), or check the signature by hand on a machine that has it";
    Error::environment(what, next).at(Location::file("ssh-keygen"))
}

fn first_line(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().next().unwrap_or_default().trim().to_owned()
}

/// What the tool says of a failure, its last line.
fn last_line(output: &Output) -> String {
    let said = [&output.stderr, &output.stdout].map(|b| String::from_utf8_lossy(b).into_owned());
    let line = said.iter().find_map(|text| text.lines().rev().map(str::trim).find(|l| !l.is_empty()).map(str::to_owned));
    line.unwrap_or_else(|| "ssh-keygen gives no reason".to_owned())
}
