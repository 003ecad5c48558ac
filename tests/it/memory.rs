//! R12 in small: under any limit on memory a run ends whole, or with a sentence, exit code 3 and nothing written.

use crate::toy::{Toy, collection, road};
use std::process::Command;

#[test]
fn out_of_memory_is_a_sentence_and_leaves_nothing() {
    let toy = Toy::new();
    let long: Vec<f64> = (0..=60_000).map(|i| f64::from(i) * 0.0001).collect();
    let parts: Vec<String> = (0..8).map(|i| road(&format!("r{i}"), "trunk", &"T".repeat(i + 1), &long)).collect();
    toy.put("roads.geojson", &collection(&parts));
    let program = assert_cmd::cargo::cargo_bin("chargegap");
    // what the system maps before a line of ours runs
    let image_mib = std::fs::metadata(&program).unwrap().len() >> 20;
    let mut codes = Vec::new();
    for mib in [16, 20, 22, 24, 26, 28, 30, 32, 40, 48, 64, 96, 128, 256, 4096] {
        let line = format!("ulimit -v {}; exec \"$0\" run . -q -o out --overwrite", mib * 1024);
        let done = Command::new("sh").arg("-c").arg(line).arg(&program).current_dir(toy.dir.path()).output().unwrap();
        let said = String::from_utf8_lossy(&done.stderr);
        let Some(code) = done.status.code() else {
            // A signal only where the system could not even load the program, or not start it (a stack for main).
            assert!(codes.iter().all(|c| *c == 127) && mib < image_mib, "{mib} MiB: {:?}, {said}", done.status);
            continue;
        };
        // 127: below what the system needs to load the program at all.
        assert!([0, 3, 127].contains(&code), "{mib} MiB: exit {code}, {said}");
        assert_eq!(toy.path("out").exists(), codes.contains(&0) || code == 0, "{mib} MiB: exit {code}, {said}");
        assert!(code != 3 || said.contains("memory"), "{mib} MiB: {said}");
        codes.push(code);
    }
    assert!(codes.contains(&3) && codes.last() == Some(&0), "{codes:?}");
}
