//! What cannot be run is counted, and what is drawn is drawn again: the rules of `src/test_support.rs`.

use crate::test_support::{cases, shared, skipped};
use crate::toy::root;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Whether a program can be started with this argument, which should make it say its version; where not the test is [`skipped`].
pub fn tool(name: &str, version: &str) -> bool {
    let there = Command::new(name).arg(version).stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok();
    if !there {
        skipped(&format!("{name} is not installed"));
    }
    there
}

/// What a test does whose data are missing; run by [`a_test_without_its_data_is_counted_and_fails_where_ci_is_set`] only.
#[test]
#[ignore = "it is there to be skipped"]
fn without_data() {
    let Some(_) = shared("no-such-data") else { return };
}

#[test]
fn a_test_without_its_data_is_counted_and_fails_where_ci_is_set() {
    let dir = tempfile::tempdir().unwrap();
    let list = dir.path().join("skips");
    let run = |set: &[(&str, &str)]| {
        let mut test = Command::new(std::env::current_exe().unwrap());
        test.args(["--ignored", "--exact", "skips::without_data", "--test-threads=2"]);
        test.env_remove("CI").env_remove("CHARGEGAP_ALLOW_SKIPS");
        let out = test.env("CHARGEGAP_SKIPS", &list).envs(set.iter().copied()).output().unwrap();
        (out.status.success(), String::from_utf8_lossy(&out.stderr).into_owned())
    };
    let line = "skipped: skips::without_data: ../shared/data/no-such-data is not here\n";
    // on a user's machine it passes and can be seen; the output of a test that passes is kept back, and this is not
    let (passed, said) = run(&[]);
    assert!(passed && said == line, "{said}");
    assert!(!run(&[("CI", "true")]).0);
    assert!(run(&[("CI", "true"), ("CHARGEGAP_ALLOW_SKIPS", "1")]).0);
    assert_eq!(std::fs::read_to_string(&list).unwrap(), line.repeat(3));
}

fn sources(folder: &Path, all: &mut Vec<PathBuf>) {
    for path in std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()) {
        if path.is_dir() {
            sources(&path, all);
        } else if path.extension().is_some_and(|e| e == "rs") {
            all.push(path);
        }
    }
}

/// A property test says so in one place, a skip in one other.
#[test]
fn every_property_test_has_its_seed_and_every_skip_its_line() {
    let mut all = Vec::new();
    ["src", "tests/it"].iter().for_each(|f| sources(&root().join(f), &mut all));
    let mut properties = 0;
    for path in &all {
        let text = std::fs::read_to_string(path).unwrap();
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        for (i, _) in lines.iter().enumerate().filter(|(_, l)| **l == "proptest! {") {
            properties += 1;
            assert!(lines[i + 1].starts_with("#![proptest_config(crate::test_support::cases("), "{}:{}", path.display(), i + 2);
        }
        let own = [concat!("println!(\"", "SKIPPED"), concat!("println!(\"", "skipped")];
        assert!(!own.iter().any(|o| text.contains(o)), "{} says by itself that it is skipped", path.display());
    }
    assert!(properties >= 14, "{properties}");
    assert!(std::env::var_os("PROPTEST_RNG_SEED").is_some() || cases(1).rng_seed == cases(2).rng_seed);
    assert_ne!(cases(1).rng_seed, proptest::test_runner::RngSeed::Random);
}
