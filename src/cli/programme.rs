//! `chargegap programme [NAME]`.

use super::common::{CommonFlags, Session};
use super::say;
use crate::config::programme_table::read_profile;
use crate::error::Result;
use crate::programme::{Programmes, list_text, text};
use clap::Args;
use serde_json::{Value, json};
use std::path::PathBuf;

/// Arguments of `programme`.
#[derive(Debug, Args)]
#[command(
    after_help = "Without a name it lists the programmes. Values marked K, L or N come without a value: set them under [programme.values.NAME] of the\nregion file. To change a programme, or to write one of your own, begin with --toml, edit the file, and name it in [programme] files.\n\nExamples:\n  chargegap programme\n  chargegap programme cn-county-pilot-2024 --lang zh\n  chargegap programme us-nevi-2025 --toml > own.toml\n  chargegap programme own --file own.toml"
)]
pub struct ProgrammeArgs {
    /// The programme to show; all are listed when not given.
    name: Option<String>,
    /// A file with a programme of your own, checked as it is read; several may be given.
    #[arg(long, value_name = "OWN.TOML")]
    file: Vec<PathBuf>,
    /// Print the programme as the file that it is read from, comments and all.
    #[arg(long, requires = "name", conflicts_with_all = ["json", "quiet"])]
    toml: bool,
    #[command(flatten)]
    common: CommonFlags,
}

/// Runs it.
///
/// # Errors
/// A programme that is not known; a file that cannot be read or is no programme.
pub fn programme(args: &ProgrammeArgs) -> Result<u8> {
    let session = Session::start(&args.common)?;
    let files: Vec<(PathBuf, String)> =
        args.file.iter().map(|path| Ok((path.clone(), read_profile(path)?))).collect::<Result<_>>()?;
    let programmes = Programmes::with_files(&files)?;
    let Some(name) = &args.name else {
        let (list, shown) = (listed(&programmes)?, list_text(&programmes, session.lang())?);
        session.answer(|| json!({ "programmes": list }), || shown)?;
        return Ok(0);
    };
    let profile = programmes.get(name)?;
    if args.toml {
        say(&profile.toml)?;
        return Ok(0);
    }
    session.answer(|| serde_json::to_value(&profile).unwrap_or_default(), || text(&profile, session.lang()))?;
    Ok(0)
}

fn listed(programmes: &Programmes) -> Result<Vec<Value>> {
    let one = |name: &str| {
        let p = programmes.get(name)?;
        let unset: Vec<&str> = p.unset().map(|f| f.key.as_str()).collect();
        let own = programmes.is_own(name);
        Ok(
            json!({ "name": name, "title": p.title, "title_zh": p.title_zh, "version": p.version, "own": own, "to_be_set": unset }),
        )
    };
    programmes.names().into_iter().map(one).collect()
}
