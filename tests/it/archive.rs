//! A round in one file: it answers alone, it is the same file every time, and what is wrong with it is found.

use crate::resealed::Forged;
use crate::small_round::{SmallRound, all_files};
use crate::test_support::skipped;
use crate::toy::chargegap;
use chargegap::internals::archive::{LISTING, SUMS};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use zip::write::{SimpleFileOptions, ZipWriter};

/// The small round with its archive; everything else of it may go.
pub fn archived(more: &[&str]) -> SmallRound {
    let round = SmallRound::made();
    pack(&round, more);
    round
}

pub fn pack(round: &SmallRound, more: &[&str]) {
    let args = ["round", "round.toml", "-o", "out", "--overwrite", "--archive", "round.zip", "-q"];
    round.chargegap(&[&args, more].concat()).assert().success();
}

/// What `verify` says of an archive, on both streams, and its exit code; temporary files go to `tmp`, where nothing may be left.
pub fn says(round: &SmallRound, args: &[&str]) -> (i32, String) {
    let tmp = round.path("tmp");
    fs::create_dir_all(&tmp).unwrap();
    let output = round.chargegap(&[&["verify"], args].concat()).env("TMPDIR", &tmp).output().unwrap();
    assert_eq!(fs::read_dir(&tmp).unwrap().count(), 0, "temporary files are left");
    let text = [output.stdout, output.stderr].map(|b| String::from_utf8(b).unwrap()).concat();
    (output.status.code().unwrap(), text)
}

/// The files of an archive, in its order.
pub fn contents(archive: &Path) -> Vec<(String, Vec<u8>)> {
    let mut zip = zip::ZipArchive::new(File::open(archive).unwrap()).unwrap();
    let n = zip.len();
    let mut one = |i: usize| {
        let mut file = zip.by_index(i).unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        (file.name().unwrap().into_owned(), bytes)
    };
    (0..n).map(&mut one).collect()
}

/// Writes an archive of these files.
pub fn put(archive: &Path, files: &[(String, Vec<u8>)]) {
    let mut zip = ZipWriter::new(File::create(archive).unwrap());
    for (name, bytes) in files {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap();
}

pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect()
}

/// The table of inputs that goes with a list.
fn inputs_table(list: &Value) -> Vec<u8> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(["path", "role", "bytes", "sha256", "packed"]).unwrap();
    for i in list["inputs"].as_array().unwrap() {
        let of = |key: &str| i[key].as_str().map_or_else(|| i[key].to_string(), str::to_owned).replace("null", "");
        csv.write_record(["path", "role", "bytes", "sha256", "packed"].map(of)).unwrap();
    }
    csv.into_inner().unwrap()
}

/// A forger's archive: files are changed, and every list in it made to match.
pub fn forge(from: &Path, to: &Path, edit: &dyn Fn(&Path), listing: &dyn Fn(&mut Value)) {
    let dir = tempfile::tempdir().unwrap();
    let files = contents(from);
    for (name, bytes) in &files {
        let place = dir.path().join(name);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, bytes).unwrap();
    }
    edit(dir.path());
    let of = |name: &str| fs::read(dir.path().join(name)).unwrap();
    let mut list: Value = serde_json::from_slice(&of(LISTING)).unwrap();
    let mut changed = false;
    for i in list["inputs"].as_array_mut().unwrap() {
        let Some(bytes) = i["packed"].as_str().map(&of) else { continue };
        let now = (bytes.len().into(), sha256(&bytes).into());
        changed |= now.1 != i["sha256"];
        (i["bytes"], i["sha256"]) = now;
    }
    if changed {
        fs::write(dir.path().join("inputs.csv"), inputs_table(&list)).unwrap();
    }
    for f in list["files"].as_array_mut().unwrap() {
        let bytes = of(f["name"].as_str().unwrap());
        (f["bytes"], f["sha256"]) = (bytes.len().into(), sha256(&bytes).into());
    }
    listing(&mut list);
    let text = serde_json::to_string_pretty(&list).unwrap() + "\n";
    let mut sums: Vec<(String, String)> = list["files"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| (f["name"].as_str().unwrap().to_owned(), f["sha256"].as_str().unwrap().to_owned()))
        .collect();
    sums.push((LISTING.to_owned(), sha256(text.as_bytes())));
    sums.sort();
    let sums: String = sums.iter().map(|(name, sha256)| format!("{sha256}  {name}\n")).collect();
    let all = files.into_iter().map(|(name, _)| {
        let bytes = match name.as_str() {
            LISTING => text.clone().into_bytes(),
            SUMS => sums.clone().into_bytes(),
            _ => of(&name),
        };
        (name, bytes)
    });
    put(to, &all.collect::<Vec<_>>());
}

/// Seals the results of an archive that was unpacked again, and tells the list of inputs what changed.
fn sealed(root: &Path) {
    Forged(root.join("results")).seal();
}

#[test]
fn an_archive_answers_when_everything_else_is_gone() {
    let round = archived(&[]);
    let away = tempfile::tempdir().unwrap();
    let archive = away.path().join("round 2026 档案.zip");
    fs::rename(round.path("round.zip"), &archive).unwrap();
    let results = all_files(&round.out()).len();
    drop(round);
    let mut verify = chargegap();
    let said = verify.current_dir(away.path()).arg("verify").arg(&archive).output().unwrap();
    let text = String::from_utf8(said.stdout).unwrap();
    assert_eq!(said.status.code(), Some(0), "{text}");
    assert!(text.contains(&format!("all {results} files are the same, byte for byte")), "{text}");
    assert!(text.ends_with("verified and recomputed: ") || text.contains("\nverified and recomputed: "), "{text}");
    // In Chinese, and for programs.
    let zh = chargegap().args(["verify", "--lang", "zh"]).arg(&archive).output().unwrap();
    let text = String::from_utf8(zh.stdout).unwrap();
    assert!(text.contains("核验通过，并已重新计算：") && text.contains("逐字节"), "{text}");
    assert_eq!(crate::messages_zh::english_left(&text.replace(&archive.to_string_lossy().into_owned(), "")), None);
    let json = chargegap().args(["verify", "--json"]).arg(&archive).output().unwrap();
    let json: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert!(json["ok"] == true && json["made_again"] == "bytes", "{json}");
}

#[test]
fn the_archive_has_the_same_bytes_on_any_day_machine_and_number_of_threads() {
    let round = archived(&["--threads", "1"]);
    let first = fs::read(round.path("round.zip")).unwrap();
    // Another place, other rights, other times, other threads, and rows that several machines made.
    let other = tempfile::tempdir().unwrap();
    let program = assert_cmd::cargo::cargo_bin("chargegap");
    let copy = format!("cp -r round.toml 11 12 '{}'", other.path().display());
    assert!(Command::new("sh").current_dir(round.dir.path()).args(["-c", &copy]).status().unwrap().success());
    let line = format!(
        "umask 077; P='{}'; $P round round.toml --work w --shard 1/2 -q && $P round round.toml --work w --shard 2/2 -q && \
         $P merge round.toml --work w -o elsewhere --archive b.zip --threads 3 -q",
        program.display()
    );
    assert!(Command::new("sh").current_dir(other.path()).args(["-c", &line]).status().unwrap().success());
    assert!(fs::read(other.path().join("b.zip")).unwrap() == first);
    // Nothing of the work folder, names in order, times fixed.
    let names: Vec<String> = contents(&round.path("round.zip")).into_iter().map(|(n, _)| n).collect();
    let mut sorted = names.clone();
    sorted.sort();
    assert_eq!(names, sorted);
    assert!(!names.iter().any(|n| n.contains("work") || n.ends_with(".cgap") || n.ends_with(".ndjson")), "{names:?}");
    for name in [
        "README.txt",
        "inputs/round.toml",
        "inputs/12/roads.geojson",
        "program/Cargo.lock",
        "program/licences.csv",
        "results/manifest.json",
    ] {
        assert!(names.iter().any(|n| n == name), "{name}");
    }
    let mut zip = zip::ZipArchive::new(File::open(round.path("round.zip")).unwrap()).unwrap();
    for i in 0..zip.len() {
        let file = zip.by_index(i).unwrap();
        assert_eq!((file.last_modified(), file.unix_mode()), (Some(zip::DateTime::default()), Some(0o100_644)));
    }
}

#[test]
fn a_content_that_two_paths_have_is_packed_once() {
    let round = SmallRound::made();
    // Both region files of the small round are the same text.
    pack(&round, &[]);
    let files = contents(&round.path("round.zip"));
    assert_eq!(files.iter().filter(|(n, _)| n.ends_with("region.toml")).count(), 1);
    let table = String::from_utf8(files.iter().find(|(n, _)| n == "inputs.csv").unwrap().1.clone()).unwrap();
    let told: Vec<&str> = table.lines().filter(|l| l.contains("region.toml,region")).collect();
    assert!(told.len() == 2 && told.iter().all(|l| l.ends_with(",inputs/11/region.toml")), "{table}");
    assert_eq!(says(&round, &["round.zip"]).0, 0);
}

#[test]
fn ordinary_tools_open_it_and_check_it() {
    let round = archived(&[]);
    let line = "unzip -q round.zip -d u && cd u && sha256sum --quiet -c SHA256SUMS";
    let has = |tool: &str| Command::new(tool).arg("--help").output().is_ok();
    if !has("unzip") || !has("sha256sum") {
        return skipped("unzip or sha256sum is missing");
    }
    assert!(Command::new("sh").current_dir(round.dir.path()).args(["-c", line]).status().unwrap().success());
    // What README.txt says: the inputs that share a content are put to their paths, and the round is made by hand.
    fs::copy(round.path("u/inputs/11/region.toml"), round.path("u/inputs/12/region.toml")).unwrap();
    round.chargegap(&["round", "u/inputs/round.toml", "-o", "again", "-q"]).assert().success();
    for name in all_files(&round.path("u/results")) {
        let of = |folder: &str| fs::read(round.path(folder).join(&name)).unwrap();
        assert!(of("u/results") == of("again"), "{name}");
    }
    let readme = fs::read_to_string(round.path("u/README.txt")).unwrap();
    assert!(readme.starts_with("Small round\n") && readme.contains("chargegap verify ARCHIVE") && readme.contains("如何核验"));
}

#[test]
fn an_archive_appears_whole_and_replaces_nothing_unasked() {
    let round = SmallRound::made();
    let refused = |args: &[&str], says: &str| {
        let out = round.chargegap(args).output().unwrap();
        let text = String::from_utf8(out.stderr).unwrap();
        assert!(out.status.code() == Some(2) && text.contains(says), "{args:?}: {text}");
    };
    fs::write(round.path("precious.zip"), "x").unwrap();
    // Refused before anything is computed: no folder appears.
    refused(&["round", "round.toml", "-o", "new", "--archive", "precious.zip"], "the output exists");
    fs::create_dir(round.path("folder.zip")).unwrap();
    refused(&["round", "round.toml", "-o", "new", "--archive", "folder.zip", "--overwrite"], "only files are replaced");
    assert!(!round.path("new").exists());
    // Only an archive makes way: no input, not the round file, and nothing is put into the folder itself.
    for taken in ["precious.zip", "round.toml"] {
        refused(&["round", "round.toml", "-o", "new", "--archive", taken, "--overwrite"], "is no archive of a round");
    }
    refused(&["round", "round.toml", "-o", "new", "--archive", "./new/a.zip"], "would stand in the folder");
    assert!(fs::read(round.path("precious.zip")).unwrap() == b"x" && !round.path("new").exists());
    for _ in 0..2 {
        round.chargegap(&["round", "round.toml", "-o", "new", "--archive", "a.zip", "--overwrite", "-q"]).assert().success();
    }
    assert_eq!(says(&round, &["a.zip"]).0, 0);
    // Where it cannot be written the folder stands, and nothing half-written beside it.
    let out = round.chargegap(&["round", "round.toml", "-o", "newer", "--archive", "none/a.zip"]).output().unwrap();
    assert_eq!(out.status.code(), Some(3));
    assert!(String::from_utf8(out.stderr).unwrap().contains("cannot write the archive"));
    let hidden = fs::read_dir(round.dir.path()).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned());
    assert_eq!(hidden.filter(|n| n.contains("partial") || n.contains("lock")).count(), 0);
}

#[test]
fn the_program_goes_in_when_asked_and_runs() {
    let round = archived(&["--with-program"]);
    let files = contents(&round.path("round.zip"));
    let (_, bytes) = files.iter().find(|(n, _)| n == "program/chargegap").unwrap();
    assert!(*bytes == fs::read(assert_cmd::cargo::cargo_bin("chargegap")).unwrap());
    let mut zip = zip::ZipArchive::new(File::open(round.path("round.zip")).unwrap()).unwrap();
    assert_eq!(zip.by_name("program/chargegap").unwrap().unix_mode(), Some(0o100_755));
}

#[test]
fn a_flipped_bit_anywhere_in_an_archive_is_found() {
    let round = archived(&[]);
    let sound = fs::read(round.path("round.zip")).unwrap();
    let mut dice = crate::oracles::Dice::new(31);
    for _ in 0..60 {
        let (at, bit) = (dice.roll(sound.len() as u64) as usize, dice.roll(8));
        let mut bytes = sound.clone();
        bytes[at] ^= 1 << bit;
        fs::write(round.path("round.zip"), &bytes).unwrap();
        // Fingerprints alone must find it, where it bears on a file or a name; what it does not bear on changes nothing that is read.
        let (exit, text) = says(&round, &["round.zip", "--no-recompute"]);
        let same = exit == 0 && {
            let now: Vec<_> = contents(&round.path("round.zip"));
            fs::write(round.path("round.zip"), &sound).unwrap();
            now == contents(&round.path("round.zip"))
        };
        assert!(exit == 1 || same, "byte {at}, bit {bit}: {text}");
    }
    // Nothing may follow its end, were it only a byte.
    for n in [1, 22, 30_000] {
        fs::write(round.path("round.zip"), [&sound[..], &vec![b'x'; n]].concat()).unwrap();
        let (exit, text) = says(&round, &["round.zip", "--no-recompute"]);
        assert!(exit == 1 && text.contains("before its files or behind them"), "{n}: {text}");
    }
    // Cut off anywhere.
    for n in [0, 3, 100, sound.len() / 2, sound.len() - 1] {
        fs::write(round.path("round.zip"), &sound[..n]).unwrap();
        assert_eq!(says(&round, &["round.zip"]).0, 1, "{n} bytes");
    }
}

#[test]
fn what_a_forger_made_to_match_does_not_follow_from_the_inputs() {
    let round = archived(&[]);
    let (from, to) = (round.path("round.zip"), round.path("forged.zip"));
    let found = |edit: &dyn Fn(&Path), listing: &dyn Fn(&mut Value)| {
        forge(&from, &to, edit, listing);
        let (exit, text) = says(&round, &["forged.zip"]);
        assert!(exit == 1 && text.contains("\nNOT VERIFIED: "), "{text}");
        text
    };
    // Nothing changed: the forger's own way of packing is no fault.
    forge(&from, &to, &|_| {}, &|_| {});
    assert_eq!(says(&round, &["forged.zip"]).0, 0);
    // A sentence on a page: no rule of a folder sees it.
    let text = found(
        &|root| {
            Forged(root.join("results")).text("round.html", &|t| t.replacen("Small round", "Smart round", 1));
            sealed(root);
        },
        &|_| {},
    );
    assert!(text.contains("FAULT    results/round.html, made again, is another"), "{text}");
    assert!(text.contains("results/manifest.json, made again, is another"), "{text}");
    // An input that was put in place of another after the round: the manifest tells.
    let doubled = |root: &Path| {
        let place = root.join("inputs/11/settlements.csv");
        let text = fs::read_to_string(&place).unwrap();
        fs::write(&place, text.replacen(",100,", ",900,", 1)).unwrap();
    };
    let text = found(&doubled, &|_| {});
    assert!(
        text.contains("input 11/settlements.csv of the round is not in the archive's list, or with another SHA-256"),
        "{text}"
    );
    // The same with the manifest made to match: only making it again tells.
    let text = found(
        &|root| {
            doubled(root);
            let print = sha256(&fs::read(root.join("inputs/11/settlements.csv")).unwrap());
            Forged(root.join("results")).json("manifest.json", &|m| {
                let of = |f: &&mut Value| f["path"] == "11/settlements.csv";
                let entry = m["inputs"].as_array_mut().unwrap().iter_mut().find(of).unwrap();
                entry["sha256"] = print.clone().into();
            });
            sealed(root);
        },
        &|_| {},
    );
    assert!(text.contains("results/figures.csv, made again, is another: row 1101"), "{text}");
    // Another round file.
    let text = found(
        &|root| {
            let place = root.join("inputs/round.toml");
            let text = fs::read_to_string(&place).unwrap();
            fs::write(&place, text.replace("budget = 9000", "budget = 4500")).unwrap();
        },
        &|_| {},
    );
    assert!(text.contains("the round file of the archive is not that of the results"), "{text}");
}

#[test]
fn archives_that_would_write_elsewhere_twice_or_too_much_are_not_unpacked() {
    let round = archived(&[]);
    let files = contents(&round.path("round.zip"));
    let with = |more: &[(&str, &[u8])]| {
        let mut all = files.clone();
        all.extend(more.iter().map(|(n, b)| ((*n).to_owned(), b.to_vec())));
        put(&round.path("bad.zip"), &all);
    };
    let refused = |says_what: &str| {
        let (exit, text) = says(&round, &["bad.zip"]);
        assert!(exit == 1 && text.contains(says_what), "{says_what}: {text}");
    };
    for name in ["../evil", "/etc/evil", "results/../../evil", "inputs\\..\\evil"] {
        with(&[(name, b"x")]);
        refused("leads out of the folder");
    }
    assert!(!round.path("evil").exists());
    with(&[("results/more.csv", b"x")]);
    refused("the archive holds results/more.csv, which its list does not name");
    // One that is missing, and one of another size.
    put(&round.path("bad.zip"), &files.iter().filter(|(n, _)| n != "results/why.csv").cloned().collect::<Vec<_>>());
    refused("results/why.csv is missing from the archive");
    let cut = |(n, b): &(String, Vec<u8>)| (n.clone(), if n == "results/why.csv" { b[1..].to_vec() } else { b.clone() });
    put(&round.path("bad.zip"), &files.iter().map(cut).collect::<Vec<_>>());
    refused("and the list says");
    // The same name twice: the second is called another name of the same length first, then renamed in the bytes.
    with(&[("results/wha.csv", b"x")]);
    let bytes = fs::read(round.path("bad.zip")).unwrap();
    let renamed = replaced(&bytes, b"results/wha.csv", b"results/why.csv");
    fs::write(round.path("bad.zip"), renamed).unwrap();
    refused("two files of it have the same name");
    // Something before, behind and between.
    let sound = fs::read(round.path("round.zip")).unwrap();
    fs::write(round.path("bad.zip"), [b"PK\x03\x04before", &sound[..]].concat()).unwrap();
    assert_eq!(says(&round, &["bad.zip"]).0, 1);
    let mut zip =
        ZipWriter::new_append(File::options().read(true).write(true).open(copy_of(&round, "round.zip")).unwrap()).unwrap();
    zip.set_comment("a note").unwrap();
    zip.finish().unwrap();
    refused("something stands before its files or behind them");
    // A link, and a folder.
    let mut zip =
        ZipWriter::new_append(File::options().read(true).write(true).open(copy_of(&round, "round.zip")).unwrap()).unwrap();
    zip.add_symlink("results/link", "/etc/hosts", SimpleFileOptions::default()).unwrap();
    zip.finish().unwrap();
    refused("is no plain file");
    // 5 GiB of noughts in 5 MB.
    let mut zip = ZipWriter::new(File::create(round.path("bad.zip")).unwrap());
    zip.start_file("inputs/big", SimpleFileOptions::default().large_file(true)).unwrap();
    let noughts = vec![0; 1 << 20];
    (0..5 << 10).for_each(|_| zip.write_all(&noughts).unwrap());
    zip.finish().unwrap();
    refused("and would unpack to 5120 MiB");
}

fn copy_of(round: &SmallRound, name: &str) -> PathBuf {
    let place = round.path("bad.zip");
    fs::copy(round.path(name), &place).unwrap();
    place
}

/// The bytes with every occurrence of some put in place of others.
fn replaced(bytes: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for i in 0..=bytes.len() - old.len() {
        if bytes[i..].starts_with(old) {
            out[i..i + new.len()].copy_from_slice(new);
        }
    }
    out
}

#[test]
fn what_is_no_archive_is_named() {
    let round = SmallRound::made();
    put(&round.path("other.zip"), &[("a.txt".to_owned(), b"x".to_vec())]);
    fs::write(round.path("a.csv"), "a,b\n").unwrap();
    put(&round.path("list.zip"), &[(LISTING.to_owned(), b"{}".to_vec())]);
    let later = br#"{"format":"chargegap round archive","format_version":2,"chargegap_version":"7.8.9"}"#.to_vec();
    put(&round.path("later.zip"), &[(LISTING.to_owned(), later)]);
    for (args, exit, what) in [
        (&["other.zip"][..], 1, "this is no archive of a round: it holds no archive.json"),
        (&["a.csv"], 1, "this is no folder and no archive of a round"),
        (&["list.zip"], 1, "this is no archive of a round"),
        (&["later.zip"], 1, "use chargegap 7.8.9"),
        (&["nowhere.zip"], 1, "there is no such folder"),
        (&["out", "--no-recompute"], 2, "are asked of an archive, and this is none"),
        (&["out", "--key", "a.csv"], 2, "are asked of an archive, and this is none"),
        (&["other.zip", "--recompute", "2", "--round", "round.toml"], 2, "the whole round is made again"),
    ] {
        let (code, text) = says(&round, args);
        assert!(code == exit && text.contains(what), "{args:?}: {code} {text}");
    }
}
