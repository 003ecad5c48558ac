//! The first page of a folder as a PDF, printed by a Chromium that is installed, with the style that the page has for paper. Nothing is drawn here, and
//! Chromium gets a folder of its own, one file, and no network. What it writes bears its version and the time, and is no part of "the same bytes".

use crate::error::{Error, Location, Result, path_text};
use crate::files::lang::Lang;
use crate::files::scratch::ScratchFolder;
use crate::finished::Finished;
use crate::input;
use std::ffi::OsString;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The first pages of folders.
const PAGES: [&str; 3] = ["report.html", "round.html", "diff.html"];
/// Names under which Chromium and its kin are installed, the plainest first.
const NAMES: [&str; 7] =
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge"];
/// How long it may take.
const PATIENCE: Duration = Duration::from_secs(300);
/// It prints this where it must not run as it was asked to.
const ROOT: &str = "no-sandbox";

/// Prints the first page of a folder in a language; `chromium` names the program, else it is looked for in `PATH`.
///
/// # Errors
/// Input, for a folder without a page; environment, where no Chromium is found, or it fails.
pub fn pdf(folder: &Finished, lang: Lang, chromium: Option<&Path>) -> Result<Vec<u8>> {
    let Some(page) = PAGES.into_iter().find(|p| folder.holds(p)) else {
        let next = "name the folder of a run, a round or a difference";
        return Err(Error::input("the folder has no page to print", next).at(Location::file(path_text(&folder.path))));
    };
    let html = String::from_utf8_lossy(&folder.file(page)?).into_owned();
    let program = find(chromium)?;
    let scratch = ScratchFolder::new("chargegap-pdf-")?;
    let [from, to] = ["page.html", "page.pdf"].map(|name| scratch.path().join(name));
    std::fs::write(&from, in_language(&html, lang)).map_err(|e| no_scratch(&e))?;
    let mut said = print(&program, scratch.path(), [&from, &to], &[])?;
    if !to.is_file() && said.contains(ROOT) {
        // it refuses the super-user, whose containers build reports; the page is ours and runs no script
        said = print(&program, scratch.path(), [&from, &to], &["--no-sandbox"])?;
    }
    let bytes = if to.is_file() { input::whole(&to, "read the document", input::MOST_WHOLE)? } else { Vec::new() };
    if bytes.starts_with(b"%PDF") {
        return Ok(bytes);
    }
    let last = said.lines().rev().find(|l| !l.trim().is_empty()).unwrap_or("it gives no reason").to_owned();
    Err(Error::environment(format!("Chromium printed nothing: {last}"), BY_HAND).at(Location::file(path_text(&program))))
}

const BY_HAND: &str =
    "give another by --chromium, or open the page in any browser and print it to a file (it has a style for paper)";

/// The page as it opens in a language: the button of that language is the one that is checked.
fn in_language(html: &str, lang: Lang) -> String {
    let button = |id: &str, name: &str, checked: &str| {
        format!("<input class=\"lang\" type=\"radio\" name=\"lang\" id=\"{id}\" aria-label=\"{name}\"{checked}>")
    };
    let mut page = html.to_owned();
    for (id, name, own) in [("lang-en", "English", lang == Lang::En), ("lang-zh", "中文", lang == Lang::Zh)] {
        let (on, off) = (button(id, name, " checked"), button(id, name, ""));
        page = if own { page.replacen(&off, &on, 1) } else { page.replacen(&on, &off, 1) };
    }
    page
}

fn find(named: Option<&Path>) -> Result<PathBuf> {
    if let Some(named) = named {
        let there = named.is_file() || in_path(&named.as_os_str().to_os_string()).is_some();
        let what = "there is no such program";
        return if there {
            Ok(named.to_path_buf())
        } else {
            Err(Error::usage(what, BY_HAND).at(Location::file(path_text(named))))
        };
    }
    let found = NAMES.iter().find_map(|name| in_path(&OsString::from(format!("{name}{}", std::env::consts::EXE_SUFFIX))));
    found.ok_or_else(|| {
        let what = format!("no Chromium is in PATH (looked for {})", NAMES.join(", "));
        Error::environment(what, format!("install one (Debian: chromium); {BY_HAND}"))
    })
}

fn in_path(name: &OsString) -> Option<PathBuf> {
    std::env::split_paths(&std::env::var_os("PATH")?).map(|folder| folder.join(name)).find(|p| p.is_file())
}

/// Runs it; what it said on its errors.
fn print(program: &Path, scratch: &Path, [from, to]: [&Path; 2], more: &[&str]) -> Result<String> {
    let mut command = Command::new(program);
    command
        .args(["--headless=new", "--disable-gpu", "--no-first-run", "--disable-extensions", "--disable-sync"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage"])
        // no name is looked up, so that nothing is fetched
        .args(["--host-resolver-rules=MAP * ~NOTFOUND", "--no-pdf-header-footer"])
        .arg(option("--user-data-dir=", &scratch.join("profile")))
        .arg(option("--print-to-pdf=", to))
        .args(more)
        .arg(option("file://", from))
        .current_dir(scratch)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let failed = |e: std::io::Error| {
        Error::environment(format!("Chromium does not run: {e}"), BY_HAND).at(Location::file(path_text(program)))
    };
    let mut child = command.spawn().map_err(failed)?;
    let reader = child.stderr.take().map(|mut err| {
        std::thread::spawn(move || {
            let mut text = Vec::new();
            let _ = err.read_to_end(&mut text); // what was said until then
            text
        })
    });
    let in_time = wait(&mut child).map_err(failed)?;
    let text = reader.and_then(|r| r.join().ok()).unwrap_or_default();
    if !in_time {
        let what = format!("Chromium did not come to an end within {} seconds", PATIENCE.as_secs());
        return Err(Error::environment(what, BY_HAND).at(Location::file(path_text(program))));
    }
    Ok(String::from_utf8_lossy(&text).into_owned())
}

/// Waits for it; whether it ended by itself.
fn wait(child: &mut Child) -> std::io::Result<bool> {
    let begun = Instant::now();
    loop {
        if child.try_wait()?.is_some() {
            return Ok(true);
        }
        if begun.elapsed() > PATIENCE {
            child.kill()?;
            child.wait()?;
            return Ok(false);
        }
        std::thread::sleep(Duration::from_millis(40));
    }
}

fn option(name: &str, path: &Path) -> OsString {
    let mut whole = OsString::from(name);
    whole.push(path.as_os_str());
    whole
}

fn no_scratch(e: &std::io::Error) -> Error {
    Error::environment(format!("cannot write a temporary file: {e}"), "set TMPDIR to a folder with room")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_opens_in_the_language_that_is_asked_for() {
        let buttons = |en: &str, zh: &str| {
            format!(
                "<input class=\"lang\" type=\"radio\" name=\"lang\" id=\"lang-en\" aria-label=\"English\"{en}>\n\
                 <input class=\"lang\" type=\"radio\" name=\"lang\" id=\"lang-zh\" aria-label=\"中文\"{zh}>"
            )
        };
        let (english, chinese) = (buttons(" checked", ""), buttons("", " checked"));
        for page in [&english, &chinese] {
            assert_eq!(in_language(page, Lang::Zh), chinese);
            assert_eq!(in_language(page, Lang::En), english);
        }
    }

    #[test]
    fn a_program_that_is_not_there_is_told_with_what_to_do() {
        let e = find(Some(Path::new("/no/such/chromium"))).unwrap_err();
        assert!(e.to_string().contains("there is no such program"), "{e}");
    }
}
