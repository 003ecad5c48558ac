//! `chargegap verify ARCHIVE`: what may be asked of an archive, and what is said of it.

use super::common::Session;
use crate::archive::Archive;
use crate::error::{Error, Location, Result, path_text};
use crate::verify::Findings;
use crate::verify::archive::{ArchiveCheck, MadeAgain, verify_archive};
use clap::Args;
use std::path::{Path, PathBuf};

/// What may be asked of an archive.
#[derive(Debug, Args)]
pub struct ArchiveQuestions {
    /// Of an archive: check fingerprints and books only, and do not make the round again.
    #[arg(long)]
    no_recompute: bool,
    /// Of an archive: folder with the inputs that it only names; the one that the round file stood in.
    #[arg(long, value_name = "DIR", conflicts_with = "no_recompute")]
    inputs: Option<PathBuf>,
    /// Of an archive: check its signature against these allowed signers (see ssh-keygen), by ssh-keygen.
    #[arg(long, value_name = "ALLOWED_SIGNERS")]
    key: Option<PathBuf>,
    /// The signature [default: ARCHIVE.sig].
    #[arg(long, value_name = "FILE", requires = "key")]
    signature: Option<PathBuf>,
}

impl ArchiveQuestions {
    /// Checks an archive; nothing where `out` is a folder.
    ///
    /// # Errors
    /// Usage, for questions that go with archives only, or with folders only; as [`verify_archive`].
    pub fn answer(
        &self,
        out: &Path,
        (of_folder, with_round): (bool, bool),
        session: &Session<'_>,
    ) -> Result<Option<(Findings, MadeAgain)>> {
        let at = || Location::file(path_text(out));
        if !out.is_file() || !Archive::is_one(out) {
            if out.is_file() && Archive::begins_late(out) {
                let next = "fetch it again from its source: it was damaged on its way, and a signature of it does not hold";
                return Err(
                    Error::input("the file is a zip archive with bytes before it that do not belong there", next).at(at())
                );
            }
            if self.no_recompute || self.inputs.is_some() || self.key.is_some() {
                let what = "--no-recompute, --inputs and --key are asked of an archive, and this is none";
                return Err(Error::usage(what, "name a file that `chargegap round --archive` wrote").at(at()));
            }
            if out.is_file() {
                let next = "name a folder that chargegap wrote, or a file that `chargegap round --archive` wrote";
                return Err(Error::input("this is no folder and no archive of a round", next).at(at()));
            }
            return Ok(None);
        }
        if of_folder {
            let what = "--recompute is asked of a folder: of an archive the whole round is made again";
            return Err(Error::usage(what, "leave --recompute out").at(at()));
        }
        if with_round {
            let what = "--round is asked of a folder: an archive holds its round file";
            return Err(Error::usage(what, "leave --round out").at(at()));
        }
        let asked = ArchiveCheck {
            inputs: self.inputs.as_deref(),
            recompute: !self.no_recompute,
            signers: self.key.as_deref(),
            signature: self.signature.as_deref(),
        };
        verify_archive(out, &asked, &|s| session.progress.stage(s)).map(Some)
    }
}
