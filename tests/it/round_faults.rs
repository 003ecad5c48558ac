//! Rounds that are killed, started twice, or refused by the machine: old or new but whole, and the same command goes on.

use crate::round_scene::{Laid, Scene, assert_same, draw, said};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

type Tree = BTreeMap<String, Vec<u8>>;

/// Finished shards of a work folder: those that are not hidden, by name.
fn shards(laid: &Laid, work: &str) -> Tree {
    if !laid.path(work).join("shards").is_dir() {
        return Tree::new();
    }
    let all = laid.tree(&format!("{work}/shards"));
    all.into_iter().filter(|(name, _)| !name.starts_with('.')).collect()
}

/// Two states of one country: another budget, and another station in the first county.
struct Two {
    laid: Laid,
    scenes: [Scene; 2],
    outs: [Tree; 2],
    /// Shards of each.
    shards: [Tree; 2],
    /// How long an unbroken round takes.
    takes: Duration,
}

impl Two {
    fn new() -> Self {
        let first = Scene::new(70, 12);
        let mut second = first.clone();
        second.select = "places = 6\n".to_owned();
        second.regions[0].stations[0].rest = "charging,9,240,yes,Z,public,open,2025-01".to_owned();
        let laid = first.laid_on_disk();
        let since = Instant::now();
        let mut both = Vec::new();
        for scene in [&first, &second] {
            scene.write(laid.dir.path());
            let _ = fs::remove_dir_all(laid.path("unbroken-work"));
            both.push((laid.unbroken(), shards(&laid, "unbroken-work")));
        }
        let takes = since.elapsed() / 2;
        let (outs, shards): (Vec<_>, Vec<_>) = both.into_iter().unzip();
        assert!(outs[0] != outs[1]);
        Self { laid, scenes: [first, second], outs: outs.try_into().unwrap(), shards: shards.try_into().unwrap(), takes }
    }
}

const ROUND: &str = "round round.toml -o out --overwrite";

#[test]
fn killed_at_a_hundred_instants_no_finished_county_is_lost() {
    let two = Two::new();
    let laid = &two.laid;
    two.scenes[0].write(laid.dir.path());
    laid.json(ROUND);
    let (mut kills, mut lives, mut resumed) = (0, 0, 0);
    while kills < 100 {
        // A life: the other state of the country, every other time with nothing kept, tried until it comes to its end.
        lives += 1;
        let now = lives % 2;
        two.scenes[now].write(laid.dir.path());
        if lives % 4 < 2 {
            let _ = fs::remove_dir_all(laid.path("out-work"));
        }
        let old = laid.tree("out");
        let mut before = BTreeSet::new();
        for attempt in 0.. {
            let mut child = laid.command(&format!("{ROUND} -q")).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            std::thread::sleep(two.takes.mul_f64(draw(7, 1000 * lives + attempt) * 1.1));
            let _ = child.kill();
            let ended = child.wait().unwrap();
            assert!(ended.success() || ended.signal() == Some(9), "{ended}");
            let out = laid.tree("out");
            assert!(out == old || out == two.outs[now], "kill {kills}: a mixed folder");
            assert!(!ended.success() || out == two.outs[now]);
            // what is there under its name is whole, and what was there is there
            let kept = shards(laid, "out-work");
            assert!(kept.iter().all(|(n, b)| two.shards.iter().any(|s| s.get(n) == Some(b))), "kill {kills}: a broken shard");
            let names: BTreeSet<String> = kept.into_keys().collect();
            assert!(before.is_subset(&names), "kill {kills}: a finished county is gone");
            resumed += usize::from(!before.is_empty() && before != names);
            before = names;
            if ended.success() {
                break;
            }
            kills += 1;
            if attempt == 12 {
                break; // the next state begins over what this one left
            }
        }
    }
    // What is left is mended by the next run, which redoes what is not there and nothing else.
    let whole = two.shards[1].keys().filter(|n| shards(laid, "out-work").contains_key(*n)).count();
    two.scenes[1].write(laid.dir.path());
    let done = laid.json(ROUND);
    assert_eq!(done["kept"], whole, "{done}");
    assert_same(&two.outs[1], &laid.tree("out"), "after the kills");
    let left: Vec<String> = laid.leftovers();
    assert!(left.is_empty(), "{left:?}");
    println!("{kills} kills, {lives} states, {resumed} attempts went on where one was killed in the middle of its counties");
}

#[test]
fn killed_while_counties_are_finished_the_next_run_redoes_those_in_hand_only() {
    // Kills as soon as some shards are there; the run after each goes on, until one comes to the end.
    let laid = Scene::new(71, 24).laid();
    let want = laid.unbroken();
    for wait_for in [1, 5, 10] {
        let _ = fs::remove_dir_all(laid.path("out-work"));
        let mut child = laid.command(&format!("{ROUND} -q --threads 1")).spawn().unwrap();
        while child.try_wait().unwrap().is_none() && shards(&laid, "out-work").len() < wait_for {
            std::thread::sleep(Duration::from_micros(200));
        }
        let _ = child.kill();
        child.wait().unwrap();
        let there = shards(&laid, "out-work").len();
        assert!(there >= wait_for);
        let done = laid.json(ROUND);
        assert_eq!(done["kept"], there);
        assert_eq!(done["computed"].as_array().unwrap().len(), 20 - there);
        assert_same(&want, &laid.tree("out"), "resumed");
    }
    assert!(laid.leftovers().is_empty(), "{:?}", laid.leftovers());
}

#[test]
fn of_two_at_once_one_wins_or_both_in_turn() {
    let laid = Scene::new(72, 8).laid();
    let want = laid.unbroken();
    let mut refused = 0;
    for pair in 0..20 {
        if pair % 2 == 0 {
            let _ = fs::remove_dir_all(laid.path("out-work"));
        }
        let start = || {
            let mut command = laid.command(&format!("{ROUND} -q"));
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        };
        let first = start();
        std::thread::sleep(Duration::from_micros(500 * pair));
        let second = start();
        let ids = [first.id(), second.id()];
        let ends = [first, second].map(|child| said(&child.wait_with_output().unwrap()));
        assert!(ends.iter().any(|(exit, ..)| *exit == 0), "{ends:?}");
        for (i, (exit, _, err)) in ends.iter().enumerate().filter(|(_, e)| e.0 != 0) {
            // a holder that has the lock and has not yet written its number is "just started"
            let holder = format!("another run (process {}) is writing this folder", ids[1 - i]);
            assert!(*exit == 3 && (err.contains(&holder) || err.contains("(just started)")), "{exit} {err}");
            refused += 1;
        }
        assert_same(&want, &laid.tree("out"), "a pair");
        assert!(laid.leftovers().is_empty(), "{:?}", laid.leftovers());
    }
    assert!(refused > 0, "no two met");
    println!("20 pairs: {refused} met");
    // two outputs over one work folder: the lock of the work folder
    let two = ["one", "two"].map(|o| laid.command(&format!("round round.toml -o {o} --work out-work -q")).output().unwrap());
    assert!(two.iter().all(|o| o.status.success()));
}

/// A small file system in memory; gone with the value.
struct Small {
    at: std::path::PathBuf,
}

impl Small {
    fn new(laid: &Laid, size: &str) -> Option<Self> {
        let at = laid.path("small");
        fs::create_dir_all(&at).unwrap();
        let done = Command::new("mount").args(["-t", "tmpfs", "-o", size, "tmpfs"]).arg(&at).output();
        let there = done.is_ok_and(|o| o.status.success());
        if !there {
            crate::test_support::skipped("no file system can be mounted here");
        }
        there.then_some(Self { at })
    }

    fn again(&self, how: &str) {
        let how = format!("remount,{how}");
        assert!(Command::new("mount").args(["-o", &how]).arg(&self.at).status().unwrap().success());
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.at).status();
    }
}

#[test]
fn a_full_or_read_only_disk_is_named_and_the_same_command_goes_on_afterwards() {
    let two = Two::new();
    let laid = &two.laid;
    let Some(small) = Small::new(laid, "size=64m") else { return };
    let command = "round round.toml -o small/out --overwrite";
    two.scenes[0].write(laid.dir.path());
    laid.json(command);
    let old = laid.tree("small/out");
    let used: usize = laid.tree("small").values().map(|b| b.len().div_ceil(4096) * 4096).sum();
    two.scenes[1].write(laid.dir.path());
    // pages of room for the work: from nothing to nearly all that is needed
    let mut refused = 0;
    for room in [0, 4, 16, 64, 128, 192, 256, 320] {
        small.again(&format!("size={}", used + room * 4096));
        let (exit, _, err) = laid.says(command);
        assert!(exit == 3 || exit == 0, "{room} pages: {exit} {err}");
        if exit == 3 {
            refused += 1;
            assert!(err.contains("small/"), "the path is named: {err}");
            assert_same(&old, &laid.tree("small/out"), "the old folder");
        } else {
            break;
        }
        let left: Vec<String> = laid.leftovers();
        assert!(left.is_empty(), "{room} pages: {left:?}");
    }
    assert!(refused > 2, "{refused}");
    println!("{refused} sizes of a disk refused");
    small.again("size=64m");
    laid.json(command);
    assert_same(&two.outs[1], &laid.tree("small/out"), "after the disk was full");

    small.again("ro");
    two.scenes[0].write(laid.dir.path());
    let (exit, _, err) = laid.says(command);
    assert!(exit == 3 && err.contains("small"), "read-only: {exit} {err}");
    let (exit, _, err) = laid.says("round round.toml -o elsewhere --work small/out-work");
    assert!(exit == 3 && err.contains("small/out-work"), "read-only: {exit} {err}");
    assert!(!laid.path("elsewhere").exists());
    assert_same(&two.outs[1], &laid.tree("small/out"), "read-only");
    small.again("rw");
    laid.json(command);
    assert_same(&two.outs[0], &laid.tree("small/out"), "writable again");
}

#[test]
fn a_file_in_place_of_a_folder_is_named() {
    let laid = Scene::new(73, 6).laid();
    fs::write(laid.path("taken"), "mine").unwrap();
    for (words, path) in [
        ("round round.toml -o taken/out", "taken"),
        ("round round.toml -o out --work taken", "taken"),
        ("round round.toml -o out --work taken/work", "taken"),
    ] {
        let (exit, _, err) = laid.says(words);
        assert!(exit == 3 && err.contains(path), "{words}: {exit} {err}");
    }
    let (exit, _, err) = laid.says("round round.toml -o taken --overwrite");
    assert!(exit == 2 && err.contains("is not a folder"), "{exit} {err}");
    // a folder of the user's in the place of a shard's row file
    laid.json("round round.toml -o out");
    let name = shards(&laid, "out-work").into_keys().next().unwrap();
    let place = laid.path("out-work/shards").join(name);
    fs::remove_file(&place).unwrap();
    fs::create_dir(&place).unwrap();
    let (exit, _, err) = laid.says("round round.toml -o out --overwrite");
    assert!(exit == 3 && err.contains("out-work/shards"), "{exit} {err}");
    assert_eq!(fs::read_to_string(laid.path("taken")).unwrap(), "mine");
    fs::remove_dir(&place).unwrap();
    laid.json("round round.toml -o out --overwrite");
    assert!(laid.leftovers().is_empty(), "{:?}", laid.leftovers());
}

#[test]
fn few_file_handles_and_small_files_end_in_a_message_and_never_in_a_smaller_round() {
    let two = Two::new();
    let laid = &two.laid;
    two.scenes[0].write(laid.dir.path());
    laid.json(ROUND);
    let program = assert_cmd::cargo::cargo_bin("chargegap");
    let limits = (4..=28).map(|n| format!("-n {n}")).chain([1, 16, 64, 300].map(|blocks| format!("-f {blocks}")));
    let (mut refused, mut whole) = (0, 0);
    for limit in limits {
        two.scenes[1].write(laid.dir.path());
        let _ = fs::remove_dir_all(laid.path("out-work"));
        let line = format!("ulimit {limit}; exec \"$0\" {ROUND} -q --threads 2");
        let out = Command::new("sh").args(["-c", &line]).arg(&program).current_dir(laid.dir.path()).output().unwrap();
        let (exit, _, err) = said(&out);
        match (exit, out.status.signal()) {
            (0, None) => {
                whole += 1;
                assert_same(&two.outs[1], &laid.tree("out"), &limit);
                two.scenes[0].write(laid.dir.path());
                laid.json(ROUND);
            }
            // 127: the system could not load the program's libraries. 25 is SIGXFSZ: the file is larger than the limit.
            (3, None) | (127, None) | (-1, Some(25)) => {
                refused += 1;
                assert!(exit != 3 || err.contains("where:"), "{limit}: {err}");
                assert!(laid.tree("out") == two.outs[0], "{limit}: the old folder stands");
            }
            other => panic!("{limit}: {other:?} {err}"),
        }
    }
    assert!(refused > 4 && whole > 0, "{refused} refused, {whole} whole");
    println!("{refused} limits refused, {whole} enough");
    two.scenes[1].write(laid.dir.path());
    laid.json(ROUND);
    assert_same(&two.outs[1], &laid.tree("out"), "without a limit");
    assert!(laid.leftovers().is_empty(), "{:?}", laid.leftovers());
}

#[test]
fn a_part_that_was_killed_is_done_by_whoever_is_asked() {
    let laid = Scene::new(74, 10).laid();
    let want = laid.unbroken();
    let mut child = laid.command("round round.toml --work shared --shard 1/2 -q").spawn().unwrap();
    std::thread::sleep(Duration::from_millis(30));
    let _ = child.kill();
    child.wait().unwrap();
    laid.json("round round.toml --work shared --shard 2/2");
    let (exit, _, err) = laid.says("merge round.toml --work shared -o out");
    assert!(exit == 0 || exit == 1 && err.contains("of 20 counties are missing or damaged: 5"), "{exit} {err}");
    laid.json("round round.toml --work shared --shard 1/2");
    laid.json("merge round.toml --work shared -o out --overwrite");
    assert_same(&want, &laid.tree("out"), "merged");
    assert!(laid.leftovers().is_empty(), "{:?}", laid.leftovers());
}

#[test]
fn a_system_call_that_fails_ends_the_round_or_changes_nothing() {
    if !crate::skips::tool("strace", "-V") {
        return;
    }
    let laid = Scene::new(75, 4).laid();
    let want = laid.unbroken();
    let faults = [
        "write:error=ENOSPC:when={n}+",
        "read:error=EIO:when={n}",
        "fsync:error=EIO:when={n}+",
        "fdatasync:error=EIO:when={n}+",
        "rename:error=EXDEV:when={n}+",
        "mkdir:error=EROFS:when={n}+",
        "openat:error=EMFILE:when={n}+",
        "openat:error=EACCES:when={n}", // one only
    ];
    for fault in faults {
        let (mut n, mut failed, mut passed) = (1, 0, 0);
        while n < 400 {
            let inject = format!("inject={}", fault.replace("{n}", &n.to_string()));
            let _ = fs::remove_dir_all(laid.path("out"));
            // a single fault: every other time over what the former one left
            if fault.ends_with('+') || n % 2 == 1 {
                let _ = fs::remove_dir_all(laid.path("out-work"));
            }
            let out = Command::new("strace")
                .args(["-f", "-qq", "-o", "/dev/null", "-e", &inject])
                .arg(assert_cmd::cargo::cargo_bin("chargegap"))
                .args(["round", "round.toml", "-o", "out", "-q", "--threads", "2"])
                .current_dir(laid.dir.path())
                .output()
                .unwrap();
            let (exit, _, err) = said(&out);
            assert!(laid.leftovers().is_empty(), "{fault} {n}: {:?}", laid.leftovers());
            if exit == 0 {
                assert_same(&want, &laid.tree("out"), &format!("{fault} {n}"));
                passed += 1;
                if fault.ends_with('+') {
                    break; // there is no nth call any more
                }
            } else {
                // 127: the system could not load the program's libraries
                assert!(
                    exit == 3 || exit == 127 && (fault.starts_with("openat") || fault.starts_with("read")),
                    "{fault} {n}: {exit} {err}"
                );
                assert!(!laid.path("out").exists(), "{fault} {n}");
                failed += 1;
            }
            n += 1 + n / 5;
        }
        assert!(failed > 0, "{fault} was never met");
        println!("{fault}: {failed} places refused, {passed} passed with the same bytes");
    }
    laid.json("round round.toml -o out --overwrite");
    assert_same(&want, &laid.tree("out"), "after all of it");
}
