//! `chargegap verify OUT`, of a folder or an archive.

use super::common::{CommonFlags, Session};
use super::speech::shown;
#[cfg(feature = "archive")]
use super::verify_archive::ArchiveQuestions;
use crate::error::{Error, Location, Result, path_text, printable};
use crate::files::lang::Lang;
use crate::verify::Findings;
use crate::verify::recompute::{Recomputation, against_round_file, recompute};
use clap::Args;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Arguments of `verify`.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit code 0 when the folder is as it was written and its books close, 1 when not.\n\n--recompute makes counties of a round again from its inputs, believing nothing of its work folder, and compares fingerprints.\nWhich counties is decided by the seed and printed; the network is built anew in the folder for temporary files (TMPDIR).\n--round alone holds what the folder tells of acceptances, overrides, appeals, rules and the list of who applies against the round file.\n\nAn archive (`round --archive`) is unpacked there, the whole round is made again from the inputs in it, and every file is compared\n(values, where another version made it). It needs no network. Where inputs are only named, that is exit code 1 unless --inputs has\nthem or --no-recompute says that it is not asked.\n\nExamples:\n  chargegap verify out/isle-of-man\n  chargegap verify out/round-2026 --round round.toml\n  chargegap verify out/round-2026 --recompute 20 --round round.toml\n  chargegap verify round-2026.zip --key allowed_signers"
)]
pub struct VerifyArgs {
    /// A run, ranking or round folder, or the archive of a round.
    out: PathBuf,
    /// Make so many counties of a round again from its inputs.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    recompute: Option<u32>,
    /// The round file that the folder was made from: its acceptances, overrides, appeals, rules and list are held against the folder.
    #[arg(long, value_name = "ROUND.TOML")]
    round: Option<PathBuf>,
    /// Decides which counties are made again [default: the seed of the ranking].
    #[arg(long, value_name = "S", requires = "recompute")]
    seed: Option<u64>,
    #[cfg(feature = "archive")]
    #[command(flatten)]
    archive: ArchiveQuestions,
    #[command(flatten)]
    common: CommonFlags,
}

/// What was found, and of an archive the word for how it was held against its inputs.
fn found(args: &VerifyArgs, session: &Session<'_>) -> Result<(Findings, Option<&'static str>)> {
    #[cfg(feature = "archive")]
    if let Some((found, made)) = args.archive.answer(&args.out, (args.recompute.is_some(), args.round.is_some()), session)? {
        return Ok((found, Some(made.as_str())));
    }
    found_in_folder(args, session).map(|found| (found, None))
}

fn found_in_folder(args: &VerifyArgs, session: &Session<'_>) -> Result<Findings> {
    let counties = match (args.recompute, &args.round) {
        (Some(counties), _) => counties,
        (None, Some(round)) => return against_round_file(&args.out, round),
        (None, None) => return crate::verify::verify(&args.out),
    };
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
    let (found, made) = found(args, &session)?;
    session.answer(|| as_json(&found, made), || text((&found, made), &args.out, session.lang()))?;
    Ok(u8::from(!found.faults.is_empty()))
}

fn as_json(found: &Findings, made: Option<&str>) -> Value {
    let good = found.faults.is_empty();
    let mut json =
        json!({ "ok": good, "checked": found.checked, "faults": found.faults, "notes": found.notes, "foreign": found.foreign });
    if let Some(made) = made {
        json["made_again"] = made.into();
        json["not_compared"] = found.not_compared.as_slice().into();
    }
    json
}

/// What follows a line break is set in: nobody's reason may look like a line of ours.
fn own_line(line: &str, found: &Findings, lang: Lang) -> String {
    let pair = found.in_chinese.iter().find(|[en, _]| lang == Lang::Zh && line.ends_with(en.as_str()));
    let line = pair.map_or_else(|| line.to_owned(), |[en, zh]| line[..line.len() - en.len()].to_owned() + zh);
    shown(&line, lang).replace('\n', "\n         ")
}

fn text((found, made): (&Findings, Option<&str>), out: &Path, lang: Lang) -> String {
    let pick = |en: &'static str, zh: &'static str| if lang == Lang::Zh { zh } else { en };
    let mut s = String::new();
    for line in &found.checked {
        s += &format!("{}{}\n", pick("checked  ", "已核对  "), own_line(line, found, lang));
    }
    for line in &found.notes {
        s += &format!("{}{}\n", pick("note     ", "备注    "), own_line(line, found, lang));
    }
    for name in &found.foreign {
        s += &match lang {
            Lang::En => format!("foreign  {} was not written by the run\n", printable(name)),
            Lang::Zh => format!("其他    {} 并非本次运行生成\n", printable(name)),
        };
    }
    for line in &found.faults {
        s += &format!("{}{}\n", pick("FAULT    ", "错误    "), own_line(line, found, lang));
    }
    if found.faults.is_empty() && made == Some("values") && !found.not_compared.is_empty() {
        // never "verified" alone: nothing was held against these
        let (n, out) = (found.not_compared.len(), printable(&path_text(out)));
        return s + &match lang {
            Lang::En => format!("values recomputed by another version; {n} pages and columns of words NOT COMPARED: {out}\n"),
            Lang::Zh => format!("数值由另一版本重新计算；{n} 项页面和文字列未比较：{out}\n"),
        };
    }
    let verdict = match (found.faults.is_empty(), made) {
        (false, _) => pick("NOT VERIFIED: ", "核验未通过："),
        (true, Some("no")) => pick("verified, but NOT RECOMPUTED: ", "核验通过，但未重新计算："),
        (true, Some("values")) => pick("verified, values recomputed by another version: ", "核验通过，数值由另一版本重新计算："),
        (true, Some(_)) => pick("verified and recomputed: ", "核验通过，并已重新计算："),
        (true, None) => pick("verified: ", "核验通过："),
    };
    s + &format!("{verdict}{}\n", printable(&path_text(out)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_writes_no_lines_of_ours() {
        let found = Findings { checked: vec!["accepted (x\nFAULT    y)".to_owned()], ..Findings::default() };
        let said = text((&found, None), Path::new("out"), Lang::En);
        assert_eq!(said, "checked  accepted (x\n         FAULT    y)\nverified: out\n");
    }
}
