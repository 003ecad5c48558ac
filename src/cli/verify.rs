//! `chargegap verify OUT`.

use super::common::{CommonFlags, Session};
use super::speech::shown;
use crate::error::{Error, Location, Result, path_text, printable};
use crate::files::lang::Lang;
use crate::verify::Findings;
use crate::verify::recompute::{Recomputation, recompute};
use clap::Args;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Arguments of `verify`.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit code 0 when the folder is as it was written and its books close, 1 when not.\n\n--recompute makes counties of a round again from its inputs, believing nothing of its work folder, and compares fingerprints.\nWhich counties is decided by the seed and printed; the network is built anew in the folder for temporary files (TMPDIR).\n\nExamples:\n  chargegap verify out/isle-of-man\n  chargegap verify out/round-2026 --recompute 20 --round round.toml"
)]
pub struct VerifyArgs {
    /// A run, ranking or round folder.
    out: PathBuf,
    /// Make so many counties of a round again from its inputs.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    recompute: Option<u32>,
    /// The round file that the folder was made from.
    #[arg(long, value_name = "ROUND.TOML", requires = "recompute")]
    round: Option<PathBuf>,
    /// Decides which counties are made again [default: the seed of the ranking].
    #[arg(long, value_name = "S", requires = "recompute")]
    seed: Option<u64>,
    #[command(flatten)]
    common: CommonFlags,
}

fn found(args: &VerifyArgs, session: &Session<'_>) -> Result<Findings> {
    let Some(counties) = args.recompute else { return crate::verify::verify(&args.out) };
    let Some(round) = &args.round else {
        let what = "counties are made again from the inputs that the round file names, and no round file is given";
        let next = "give --round with the file that the folder was made from";
        return Err(Error::usage(what, next).at(Location::file(path_text(&args.out))));
    };
    let asked = Recomputation { round, counties: counties as usize, seed: args.seed };
    recompute(&args.out, &asked, &|s| session.progress.stage(s))
}

/// Runs it.
///
/// # Errors
/// When it is no folder of ours; of a recomputation, what keeps the round from being read.
pub fn verify(args: &VerifyArgs) -> Result<u8> {
    let session = Session::start(&args.common)?;
    let found = found(args, &session)?;
    session.answer(|| as_json(&found), || text(&found, &args.out, session.lang()))?;
    Ok(u8::from(!found.faults.is_empty()))
}

fn as_json(found: &Findings) -> Value {
    let good = found.faults.is_empty();
    json!({ "ok": good, "checked": found.checked, "faults": found.faults, "notes": found.notes, "foreign": found.foreign })
}

fn text(found: &Findings, out: &Path, lang: Lang) -> String {
    let pick = |en: &'static str, zh: &'static str| if lang == Lang::Zh { zh } else { en };
    let mut s = String::new();
    for line in &found.checked {
        s += &format!("{}{}\n", pick("checked  ", "已核对  "), shown(line, lang));
    }
    for line in &found.notes {
        s += &format!("{}{}\n", pick("note     ", "备注    "), shown(line, lang));
    }
    for name in &found.foreign {
        s += &match lang {
            Lang::En => format!("foreign  {} was not written by the run\n", printable(name)),
            Lang::Zh => format!("其他    {} 并非本次运行生成\n", printable(name)),
        };
    }
    for line in &found.faults {
        s += &format!("{}{}\n", pick("FAULT    ", "错误    "), shown(line, lang));
    }
    let verdict = if found.faults.is_empty() {
        pick("verified: ", "核验通过：")
    } else {
        pick("NOT VERIFIED: ", "核验未通过：")
    };
    s + &format!("{verdict}{}\n", printable(&path_text(out)))
}
