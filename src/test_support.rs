//! What tests share: data that a machine may lack, and the seed of property tests. The tests in `tests/it` take this file in as a
//! module of theirs, so that there is one rule.
//!
//! A test whose data or tool is missing says `skipped: <test>: <why>` and ends. The same line goes to the file that `CHARGEGAP_SKIPS`
//! names, if it names one, so that skips can be counted. Where `CI` is set the test fails instead, unless `CHARGEGAP_ALLOW_SKIPS` is
//! set too: what nobody has run is not passed.

use std::io::Write;
use std::path::{Path, PathBuf};

/// Says that the test which runs is skipped.
pub fn skipped(why: &str) {
    let test = std::thread::current().name().unwrap_or("a test").to_owned();
    let line = format!("skipped: {test}: {why}\n");
    // not by print!, which is kept back while a test passes
    let _ = std::io::stderr().write_all(line.as_bytes());
    if let Some(path) = std::env::var_os("CHARGEGAP_SKIPS") {
        // one write a line, at the end of the file: tests run beside each other
        let mut file = std::fs::OpenOptions::new().create(true).append(true).open(path).unwrap();
        file.write_all(line.as_bytes()).unwrap();
    }
    let set = |name: &str| std::env::var_os(name).is_some_and(|v| !v.is_empty());
    assert!(!set("CI") || set("CHARGEGAP_ALLOW_SKIPS"), "{line}CHARGEGAP_ALLOW_SKIPS=1 allows that");
}

/// A file or folder of the collection of data that lies beside the project, by its path below `data`; where it is missing the test
/// is [`skipped`].
pub fn shared(path: &str) -> Option<PathBuf> {
    let found = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data").join(path);
    if !found.exists() {
        skipped(&format!("../shared/data/{path} is not here"));
        return None;
    }
    Some(found)
}

/// A property test of so many cases, the same ones in every run. `PROPTEST_CASES` and `PROPTEST_RNG_SEED` ask for others, once.
pub fn cases(number: u32) -> proptest::test_runner::Config {
    use proptest::test_runner::{Config, RngSeed};
    let asked = Config::default(); // what the environment says
    let seed = if asked.rng_seed == RngSeed::Random { RngSeed::Fixed(20_260_331) } else { asked.rng_seed };
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { asked.cases } else { number };
    Config { cases, rng_seed: seed, failure_persistence: None, ..asked }
}
