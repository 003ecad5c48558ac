//! An archive of a round with accepted faults, checks of its regions, a register and goalposts of a named round: all of it is made again
//! from the file alone, and its words say who accepted what.

use crate::accepting;
use crate::archive::{contents, forge, put, says, sha256};
use crate::resealed::Forged;
use crate::small_round::SmallRound;
use serde_json::Value;
use std::fs;
use std::path::Path;

/// 990101 applies and is nowhere; the stations of province 12 changed since their check. Both are accepted.
fn archived() -> SmallRound {
    let r = SmallRound::made();
    r.chargegap(&["rank", "out", "-q", "--goalposts-out", "posts.toml"]).assert().success();
    for p in ["11", "12"] {
        let checked = r.chargegap(&["check", p, "--json"]).output().unwrap().stdout;
        fs::write(r.path(&format!("{p}/check.json")), checked).unwrap();
    }
    r.edit("12/stations.csv", |t| t.replacen(",4,60,", ",4,61,", 1));
    let codes = ["110101", "110102", "110103", "120101", "120102", "120103", "990101"];
    let rows: String = codes.iter().map(|c| format!("{c},County {c}\n")).collect();
    fs::write(r.path("applicants.csv"), format!("code,name\n{rows}")).unwrap();
    r.edit("round.toml", |t| {
        t.replace("year = 2026\n", "year = 2026\nsigned_by = \"Li Na\"\n")
            .replacen("[regions]\n", "[regions]\nchecks = [\"*/check.json\"]\n", 1)
            .replacen("[criteria]\n", "[applicants]\npath = \"applicants.csv\"\n[criteria]\n", 1)
            + "[rank.goalposts]\nfile = \"posts.toml\"\n"
    });
    accepting::round(r.dir.path(), "round.toml", "out", &["--overwrite", "--archive", "round.zip", "-q"]);
    r
}

/// Everything that the round was made from and came to, but the archive, goes out of its place.
fn moved_away(r: &SmallRound) -> tempfile::TempDir {
    let away = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(r.dir.path()).unwrap().map(|e| e.unwrap()).filter(|e| e.file_name() != "round.zip") {
        if entry.file_type().unwrap().is_dir() {
            fs::remove_dir_all(entry.path()).unwrap();
        } else {
            fs::copy(entry.path(), away.path().join(entry.file_name())).unwrap();
            fs::remove_file(entry.path()).unwrap();
        }
    }
    away
}

#[test]
fn a_round_with_accepted_faults_checks_and_goalposts_is_made_again_from_the_archive_alone() {
    let r = archived();
    let _away = moved_away(&r);
    let files = contents(&r.path("round.zip"));
    let of = |name: &str| files.iter().find(|(n, _)| n == name).unwrap_or_else(|| panic!("{name} is not packed")).1.clone();
    for name in ["inputs/11/check.json", "inputs/12/check.json", "inputs/posts.toml", "inputs/applicants.csv"] {
        of(name);
    }
    let manifest: Value = serde_json::from_slice(&of("results/manifest.json")).unwrap();
    let accepted: Vec<(&str, &str)> = manifest["faults"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| (f["code"].as_str().unwrap(), f["subject"].as_str().unwrap()))
        .collect();
    assert_eq!(accepted, [("applicant_unknown", "990101"), ("changed_since_check", "12/stations.csv")]);
    let (exit, text) = says(&r, &["round.zip"]);
    assert!(exit == 0 && text.contains("the same, byte for byte") && text.contains("\nverified and recomputed: "), "{text}");
    for want in [
        "accepted by Auditor on 2026-03-31 (made up): applicant_unknown ",
        "no county of the regions has the code 990101 (County 990101), which applicants.csv names",
        "accepted by Auditor on 2026-03-31 (made up): changed_since_check ",
        "the input 12/stations.csv has changed since its check (12/check.json)",
        "the round file: its SHA-256, 2 acceptances, 0 overrides, 0 appeals, the rules of selection and who applies",
    ] {
        assert!(text.contains(want), "{want}: {text}");
    }
    let (exit, zh) = says(&r, &["round.zip", "--lang", "zh"]);
    assert!(exit == 0 && zh.contains("由 Auditor 于 2026-03-31 接受（made up）：applicant_unknown "), "{zh}");
    assert!(zh.contains("各地区中没有 applicants.csv 所列代码为 990101 (County 990101) 的县"), "{zh}");
    assert!(zh.contains("输入 12/stations.csv 自检查（12/check.json）以来有改动"), "{zh}");
    let readme = String::from_utf8(of("README.txt")).unwrap();
    for want in [
        "faults accepted: 2. [[accept]] of the round file",
        "overrides: 0.",
        "7 applications: the register inputs/applicants.csv, and what became of each in results/applicants.csv",
        "已接受的缺陷共 2 项",
        "申报共 7 份：登记表 inputs/applicants.csv",
    ] {
        assert!(readme.contains(want), "{want}: {readme}");
    }
}

/// One byte of a file inside.
fn one_byte(bytes: &mut [u8], from: &[u8], to: u8) {
    let at = bytes.windows(from.len()).position(|w| w == from).unwrap();
    bytes[at + from.len() - 1] = to;
}

#[test]
fn a_changed_byte_in_a_check_or_in_the_goalposts_is_found_however_well_it_is_sealed() {
    let r = archived();
    let (from, to) = (r.path("round.zip"), r.path("forged.zip"));
    // an end of a scale; and the SHA-256 of an input in a check, of which the first digit is another
    let posts = |bytes: &mut Vec<u8>| {
        let text = String::from_utf8(bytes.clone()).unwrap();
        let high = text.find("high = ").unwrap() + "high = ".len();
        bytes[high] = if bytes[high] == b'9' { b'8' } else { b'9' };
    };
    let check = |bytes: &mut Vec<u8>| {
        let text = String::from_utf8(bytes.clone()).unwrap();
        let at = text.find("\"sha256\"").unwrap() + "\"sha256\"".len();
        let digit = at + text[at..].find('"').unwrap() + 1;
        let other = if bytes[digit] == b'0' { b'1' } else { b'0' };
        let head = bytes[..=digit].to_vec();
        one_byte(bytes, &head, other);
    };
    type Edit<'e> = &'e dyn Fn(&mut Vec<u8>);
    // the same end without the seal of the program: by hand, which the results do not say
    let by_hand = |bytes: &mut Vec<u8>| {
        posts(bytes);
        let text = String::from_utf8(bytes.clone()).unwrap();
        *bytes =
            text.lines().filter(|l| !l.starts_with("values_sha256")).map(|l| format!("{l}\n")).collect::<String>().into_bytes();
    };
    let sealed = "the goalposts are not as chargegap wrote them";
    let all_edits = [
        ("posts.toml", &posts as Edit, sealed),
        ("posts.toml", &by_hand as Edit, "in the manifest are not those of the round file"),
        ("11/check.json", &check as Edit, "changed_since_check"),
    ];
    for (name, edit, want_last) in all_edits {
        let inside = format!("inputs/{name}");
        // the list is as it was
        let mut files = contents(&from);
        edit(&mut files.iter_mut().find(|(n, _)| *n == inside).unwrap().1);
        put(&to, &files);
        let (exit, text) = says(&r, &["forged.zip"]);
        assert!(exit == 1 && text.contains(&inside), "{name}: {text}");
        // the list is made to match, and the manifest of the results tells
        let change = |root: &Path| {
            let mut bytes = fs::read(root.join(&inside)).unwrap();
            edit(&mut bytes);
            fs::write(root.join(&inside), bytes).unwrap();
        };
        forge(&from, &to, &change, &|_| {});
        let (exit, text) = says(&r, &["forged.zip"]);
        let want = format!("input {name} of the round is not in the archive's list, or with another SHA-256");
        assert!(exit == 1 && text.contains(&want), "{name}: {text}");
        // the manifest is made to match too: only making it again tells
        let all = |root: &Path| {
            change(root);
            let print = sha256(&fs::read(root.join(&inside)).unwrap());
            let f = Forged(root.join("results"));
            f.json("manifest.json", &|m| {
                let mut inputs = m["inputs"].as_array_mut().unwrap().iter_mut();
                inputs.find(|i| i["path"] == name).unwrap()["sha256"] = print.clone().into();
            });
            f.seal();
        };
        forge(&from, &to, &all, &|_| {});
        let (exit, text) = says(&r, &["forged.zip"]);
        assert!(exit == 1 && text.contains("\nNOT VERIFIED: "), "{name}: {text}");
        assert!(text.contains(want_last), "{name}: {text}");
    }
}
