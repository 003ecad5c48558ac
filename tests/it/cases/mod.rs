//! Inputs as people have them: the cases of `../shared/cases` and their brothers, each with what is right. A module a theme.

mod budgets;
mod chargers;
mod codes;
mod counted;
mod doors;
mod doubted;
mod driving;
mod meaning;
mod numbers;
mod osm;
mod setup;
mod shapes;
mod tables;

use crate::test_support::skipped;
use crate::toy::chargegap;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// A folder of `../shared/cases`; where it is missing the test is [`skipped`].
pub fn case(name: &str) -> Option<PathBuf> {
    let found = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/cases").join(name);
    if !found.exists() {
        skipped(&format!("../shared/cases/{name} is not here"));
        return None;
    }
    Some(found)
}

/// What a command said: exit code, standard output, standard error.
pub struct Said {
    pub exit: i32,
    pub out: String,
    pub err: String,
}

impl Said {
    /// Both streams, for searching.
    pub fn all(&self) -> String {
        format!("{}\n{}", self.out, self.err)
    }

    /// Fails unless the command ended with this code and said all of these.
    #[track_caller]
    pub fn with(&self, exit: i32, words: &[&str]) -> &Self {
        assert_eq!(self.exit, exit, "{}", self.all());
        for word in words {
            assert!(self.all().contains(word), "\"{word}\" is missing in:\n{}", self.all());
        }
        self
    }

    /// Fails if it said any of these.
    #[track_caller]
    pub fn without(&self, words: &[&str]) -> &Self {
        for word in words {
            assert!(!self.all().contains(word), "\"{word}\" stands in:\n{}", self.all());
        }
        self
    }
}

/// Runs chargegap in a folder.
pub fn says(folder: &Path, args: &[&str]) -> Said {
    let done = chargegap().current_dir(folder).args(args).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Said { exit: done.status.code().unwrap_or(-1), out: text(&done.stdout), err: text(&done.stderr) }
}

/// `check --json` of a region file.
pub fn checked(folder: &Path, region: &str) -> Value {
    let said = says(folder, &["check", region, "--json"]);
    serde_json::from_str(&said.out).unwrap_or_else(|e| panic!("{e}: {}", said.all()))
}

/// The properties of a layer that `run` writes, feature by feature in its order.
pub fn written(folder: &Path, region: &str, layer: &str) -> Vec<Value> {
    let out = tempfile::tempdir().unwrap();
    let to = out.path().join("out");
    let said = says(folder, &["run", region, "-q", "-o", &to.to_string_lossy()]);
    assert_eq!(said.exit, 0, "{}", said.all());
    let text = std::fs::read_to_string(to.join(format!("{layer}.geojson"))).unwrap();
    let mut all: Value = serde_json::from_str(&text).unwrap();
    let features = all["features"].as_array_mut().unwrap();
    features.iter_mut().map(|f| f["properties"].take()).collect()
}
