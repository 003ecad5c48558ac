//! `archive.json`: what an archive holds, with the fingerprint of every file of it; and the same for people, in `SHA256SUMS` and
//! `inputs.csv`.

use super::{ARCHIVE, ARCHIVE_VERSION, LISTING};
use crate::config::round_file::RoundTable;
use crate::error::{Error, Location, Result, path_text};
use crate::files::lang::Lang;
use crate::read::hex;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::path::Path;

/// A file of an archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchivedFile {
    /// Its name in the archive.
    pub name: String,
    /// Size, bytes.
    pub bytes: u64,
    /// SHA-256, lower-case hexadecimal.
    pub sha256: String,
}

/// A file that the round was made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchivedInput {
    /// As it is seen from the folder of the round file.
    pub path: String,
    /// What it supplied.
    pub role: String,
    /// Size, bytes.
    pub bytes: u64,
    /// SHA-256, lower-case hexadecimal.
    pub sha256: String,
    /// The name in the archive of a file with this content; none where it is only named.
    pub packed: Option<String>,
}

/// How the round was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchivedCommand {
    /// `--strict`.
    pub strict: bool,
    /// `--lang`.
    pub lang: Option<Lang>,
}

/// The whole list.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Listing {
    /// Says what it is.
    pub format: String,
    /// Version of it.
    pub format_version: u32,
    /// Who wrote it.
    pub chargegap_version: String,
    /// Name of the round file in the archive.
    pub round_file: String,
    /// `[round]`, as it stands in the round file.
    pub round: Value,
    /// How it was asked for.
    pub command: ArchivedCommand,
    /// All that the round was made from, the round file and region files too, by path.
    pub inputs: Vec<ArchivedInput>,
    /// All files of the archive but this one and `SHA256SUMS`, by name.
    pub files: Vec<ArchivedFile>,
}

impl Listing {
    /// A list of this version.
    pub fn new(round_file: String, round: &RoundTable, command: ArchivedCommand) -> Self {
        Self {
            format: ARCHIVE.to_owned(),
            format_version: ARCHIVE_VERSION,
            chargegap_version: env!("CARGO_PKG_VERSION").to_owned(),
            round_file,
            round: serde_json::to_value(round).unwrap_or_default(),
            command,
            inputs: Vec::new(),
            files: Vec::new(),
        }
    }

    /// Reads the list of an archive.
    ///
    /// # Errors
    /// Input, when it is none, or of a later format.
    pub fn parse(bytes: &[u8], archive: &Path) -> Result<Self> {
        let at = || Location::file(format!("{}/{LISTING}", path_text(archive)));
        let none =
            || Error::input("this is no archive of a round", "name a file that `chargegap round --archive` wrote").at(at());
        let value: Value = serde_json::from_slice(bytes).map_err(|_| none())?;
        if value["format"] != ARCHIVE {
            return Err(none());
        }
        let version = value["format_version"].as_u64().unwrap_or_default();
        if !(1..=u64::from(ARCHIVE_VERSION)).contains(&version) {
            let by = value["chargegap_version"].as_str().unwrap_or("of an unknown version");
            let own = env!("CARGO_PKG_VERSION");
            let what =
                format!("the archive has format {version}, and chargegap {own} reads format {ARCHIVE_VERSION} and earlier ones");
            return Err(Error::input(what, format!("use chargegap {by}, which wrote it")).at(at()));
        }
        serde_json::from_value(value).map_err(|e| {
            let what = format!("the list of the archive is not as it was written: {e}");
            Error::input(what, "get the archive again from whoever keeps it").at(at())
        })
    }

    /// The text of `archive.json`.
    pub fn text(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// The text of `SHA256SUMS`, for `sha256sum -c`; `listing` is the text of `archive.json`.
    pub fn sums(&self, listing: &str) -> String {
        let own = (hex(&Sha256::digest(listing.as_bytes())), LISTING);
        let mut all: Vec<(String, &str)> = self.files.iter().map(|f| (f.sha256.clone(), f.name.as_str())).collect();
        all.push(own);
        all.sort_by(|a, b| a.1.cmp(b.1));
        all.iter().map(|(sha256, name)| format!("{sha256}  {name}\n")).collect()
    }

    /// The text of `inputs.csv`.
    ///
    /// # Errors
    /// None that can arise in memory.
    pub fn table(&self) -> std::io::Result<Vec<u8>> {
        let mut out = csv::Writer::from_writer(Vec::new());
        out.write_record(["path", "role", "bytes", "sha256", "packed"])?;
        for i in &self.inputs {
            let packed = i.packed.as_deref().unwrap_or_default();
            out.write_record([&i.path, &i.role, &i.bytes.to_string(), &i.sha256, packed])?;
        }
        out.into_inner().map_err(|e| e.into_error())
    }

    /// Inputs that are only named.
    pub fn named_only(&self) -> impl Iterator<Item = &ArchivedInput> {
        self.inputs.iter().filter(|i| i.packed.is_none())
    }
}
