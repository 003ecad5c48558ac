//! Rounds over a work folder that is damaged, and clocks that step: what cannot be believed is done again, and nothing else.

use crate::round_scene::{Laid, Scene, assert_same, codes, computed, draw};
use std::collections::BTreeMap;
use std::fs::{self, File, FileTimes};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

const ROUND: &str = "round round.toml -o out --overwrite";

type Tree = BTreeMap<String, Vec<u8>>;

/// A finished round, and the file of each county's rows.
fn finished(seed: u64, lines: usize) -> (Laid, Tree, Vec<(String, PathBuf)>) {
    let laid = Scene::new(seed, lines).laid();
    assert_eq!(computed(&laid.json(ROUND)), codes());
    let mut of = BTreeMap::new();
    for entry in fs::read_dir(laid.path("out-work/shards")).unwrap().map(|e| e.unwrap().path()) {
        let text = fs::read_to_string(&entry).unwrap();
        let head: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
        of.insert(head["county"].as_str().unwrap().to_owned(), entry);
    }
    assert!(of.keys().cloned().eq(codes()));
    let want = laid.tree("out");
    (laid, want, of.into_iter().collect())
}

#[test]
fn damaged_rows_are_found_and_done_again() {
    let (laid, want, files) = finished(80, 6);
    let pick = |what: u64, i: usize, of: usize| ((draw(what, i) * of as f64) as usize).min(of - 1);
    let mut damages: Vec<(usize, Vec<u8>)> = Vec::new();
    let whole: Vec<Vec<u8>> = files.iter().map(|(_, path)| fs::read(path).unwrap()).collect();
    for i in 0..50 {
        let file = pick(1, i, files.len());
        let mut bytes = whole[file].clone();
        let at = pick(2, i, bytes.len());
        bytes[at] ^= 1 << pick(3, i, 8);
        damages.push((file, bytes));
    }
    for i in 0..20 {
        let file = pick(4, i, files.len());
        let cut = if i == 0 { 0 } else { pick(5, i, whole[file].len()) };
        damages.push((file, whole[file][..cut].to_vec()));
    }
    for i in 0..3 {
        damages.push((i, whole[i + 1].clone())); // sound rows of another county
        damages.push((i, [&whole[i][..], b"\n"].concat()));
        damages.push((i, vec![0; whole[i].len()])); // what a file system makes of a file that it lost
    }
    for (i, (file, bytes)) in damages.iter().enumerate() {
        let (code, path) = &files[*file];
        fs::write(path, bytes).unwrap();
        // a merge of such rows names the county, and a round mends them
        if i % 16 == 0 {
            let (exit, _, err) = laid.says("merge round.toml --work out-work -o merged");
            assert!(exit == 1 && err.contains(&format!("missing or damaged: {code}")), "{exit} {err}");
        }
        let done = laid.json(ROUND);
        assert_eq!((computed(&done), &done["kept"]), (vec![code.clone()], &19.into()), "damage {i}");
        assert!(fs::read(path).unwrap() == whole[*file], "damage {i}");
        assert_same(&want, &laid.tree("out"), &format!("damage {i}"));
    }
    // two counties in each other's place
    fs::write(&files[3].1, &whole[12]).unwrap();
    fs::write(&files[12].1, &whole[3]).unwrap();
    assert_eq!(computed(&laid.json(ROUND)), [files[3].0.clone(), files[12].0.clone()]);
    assert_same(&want, &laid.tree("out"), "swapped");
}

fn network(laid: &Laid) -> PathBuf {
    let all = fs::read_dir(laid.path("out-work")).unwrap().map(|e| e.unwrap().path());
    let found: Vec<PathBuf> = all.filter(|p| p.extension().is_some_and(|e| e == "cgap")).collect();
    let [one] = &found[..] else { panic!("{found:?}") };
    one.clone()
}

#[test]
fn a_damaged_network_is_built_again() {
    let (laid, want, _) = finished(81, 6);
    let path = network(&laid);
    let whole = fs::read(&path).unwrap();
    let mut damages: Vec<(Option<usize>, Vec<u8>)> = Vec::new();
    for i in 0..25 {
        let at = ((draw(6, i) * whole.len() as f64) as usize).min(whole.len() - 1);
        let mut bytes = whole.clone();
        bytes[at] ^= 0x10;
        damages.push((Some(at), bytes));
    }
    damages.extend((0..8).map(|k| (None, whole[..whole.len() * k / 8].to_vec())));
    damages.push((None, [&whole[..], b"more"].concat()));
    for (at, bytes) in damages {
        fs::write(&path, &bytes).unwrap();
        let done = laid.json(ROUND);
        assert_eq!(done["kept"], 20, "rows do not depend on when the network was built");
        assert_same(&want, &laid.tree("out"), "another network");
        // only the filling between sections is nobody's: it is 0 and may be anything
        assert!(fs::read(&path).unwrap() == whole || at.is_some_and(|i| whole[i] == 0), "{at:?}");
    }
    fs::remove_file(&path).unwrap();
    assert_eq!(laid.json(ROUND)["kept"], 20);
    assert!(fs::read(network(&laid)).unwrap() == whole);
}

fn settle() {
    // files that changed within the last three seconds are not remembered
    std::thread::sleep(Duration::from_millis(4100));
}

#[test]
fn damaged_memories_are_forgotten() {
    let (laid, want, _) = finished(82, 6);
    settle();
    laid.json(ROUND);
    for name in ["fingerprints.json", "last.json"] {
        let path = laid.path("out-work").join(name);
        let whole = fs::read_to_string(&path).unwrap();
        assert!(whole.len() > 100, "{name} is remembered");
        let hex = whole.rfind("sha256").map_or(whole.len() / 2, |at| at + 12); // one digit of a fingerprint, well-formed
        let digit = if whole.as_bytes()[hex] == b'a' { "b" } else { "a" };
        let wrong = format!("{}{digit}{}", &whole[..hex], &whole[hex + 1..]);
        for text in ["", "{", "[1,2]", "{\"a\":{}}", "null", "\u{0}\u{0}", &whole[..whole.len() / 2], &wrong] {
            fs::write(&path, text).unwrap();
            assert_eq!(laid.json(ROUND)["kept"], 20, "{name} {text}");
            assert_same(&want, &laid.tree("out"), &format!("{name}: {text}"));
        }
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap(); // a folder in its place: nothing can be remembered, and nothing needs to be
        assert_eq!(laid.json(ROUND)["kept"], 20, "{name} a folder");
        assert_same(&want, &laid.tree("out"), name);
        fs::remove_dir(&path).unwrap();
    }
    assert!(laid.leftovers().is_empty(), "{:?}", laid.leftovers());
}

fn every_file(folder: &Path, with: &mut dyn FnMut(&Path)) {
    for path in fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()) {
        with(&path);
        if path.is_dir() {
            every_file(&path, with);
        }
    }
}

fn set_time(path: &Path, time: SystemTime) {
    File::open(path).unwrap().set_times(FileTimes::new().set_modified(time).set_accessed(time)).unwrap();
}

#[test]
fn a_clock_that_steps_changes_nothing() {
    let (laid, want, _) = finished(83, 6);
    let day = Duration::from_secs(86_400);
    for time in [SystemTime::UNIX_EPOCH + 400 * day, SystemTime::now() + 4000 * day, SystemTime::now() - day] {
        every_file(laid.dir.path(), &mut |path| set_time(path, time));
        let done = laid.json(ROUND);
        assert_eq!(done["kept"], 20);
        assert_same(&want, &laid.tree("out"), "another time");
        let _ = fs::remove_dir_all(laid.path("fresh-work"));
        laid.json("round round.toml -o out --overwrite --work fresh-work");
        assert_same(&want, &laid.tree("out"), "another time, all over");
    }
}

#[test]
fn a_change_that_keeps_size_and_time_is_noticed() {
    let (laid, before, _) = finished(84, 6);
    settle();
    laid.json(ROUND);
    let roads = laid.path("p2/roads.geojson");
    let known = fs::read_to_string(laid.path("out-work/fingerprints.json")).unwrap();
    assert!(known.contains("p2/roads.geojson"), "it is remembered");
    // a trunk road becomes a local one: five letters for five, in place, and the time put back
    let time = fs::metadata(&roads).unwrap().modified().unwrap();
    let text = fs::read_to_string(&roads).unwrap();
    let changed = text.replacen("\"class\":\"trunk\"", "\"class\":\"local\"", 1);
    assert!(changed != text && changed.len() == text.len());
    fs::write(&roads, &changed).unwrap();
    set_time(&roads, time);
    assert_eq!(fs::metadata(&roads).unwrap().modified().unwrap(), time);
    let done = laid.json(ROUND);
    assert!(!computed(&done).is_empty() && computed(&done).len() < 20, "{done}");
    let after = laid.tree("out");
    assert!(after != before);
    assert_same(&laid.unbroken(), &after, "a fresh round");
}
