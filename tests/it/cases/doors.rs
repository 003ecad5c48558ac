//! Doors and budgets: what is opened, what is replaced, what is refused for its size.

use super::says;
use crate::small_round::SmallRound;
use crate::toy::{REGION, Toy, contents, root};
use serde_json::Value;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Longer than any of these commands takes, and short enough to see that one hangs.
const SOON: Duration = Duration::from_secs(60);

fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// Every place where a region names a file, with what stands above it and below it.
const PLACES: [(&str, &str); 9] = [
    ("roads", "[roads]\npath = \"X\"\n[counties]\npath = \"counties.geojson\"\n[stations]\npath = \"stations.csv\"\n"),
    ("counties", "[roads]\npath = \"roads.geojson\"\n[counties]\npath = \"X\"\n[stations]\npath = \"stations.csv\"\n"),
    ("stations", "[roads]\npath = \"roads.geojson\"\n[counties]\npath = \"counties.geojson\"\n[stations]\npath = \"X\"\n"),
    (
        "second",
        "[roads]\npath = \"roads.geojson\"\n[counties]\npath = \"counties.geojson\"\n[stations]\npath = [\"stations.csv\", \"X\"]\n",
    ),
    ("settlements", "[settlements]\npath = \"X\"\n"),
    ("population", "[population]\npath = \"X\"\n"),
    ("county_table", "[county_table]\npath = \"X\"\n"),
    ("crosswalk", "[county_table]\npath = \"table.csv\"\ncrosswalk = \"X\"\n"),
    ("osm", "[osm]\npath = \"X\"\n"),
];

#[test]
fn no_input_of_a_region_keeps_us_waiting() {
    let toy = Toy::new();
    toy.put("table.csv", "code,gdp\n0101,1\n0102,2\n");
    pipe(&toy.path("pipe"));
    symlink("pipe", toy.path("link")).unwrap();
    let basis =
        "[roads]\npath = \"roads.geojson\"\n[counties]\npath = \"counties.geojson\"\n[stations]\npath = \"stations.csv\"\n";
    for (place, tables) in PLACES {
        for (input, what) in [("pipe", "a pipe"), ("link", "a pipe"), ("/dev/zero", "a device"), (".", "a folder")] {
            let whole = tables.contains("[roads]") || place == "osm";
            let above = if whole { "" } else { basis };
            toy.put("x.toml", &format!("{above}{}", tables.replace('X', input)));
            let done = toy.chargegap(&["check", "x.toml"]).timeout(SOON).assert().code(1);
            let said = String::from_utf8_lossy(&done.get_output().stderr).into_owned();
            assert!(said.contains(&format!("this is {what}, not a regular file")), "{place} {input}: {said}");
        }
    }
}

#[test]
fn no_settings_list_or_prepared_region_keeps_us_waiting() {
    let toy = Toy::new();
    for name in ["pipe", "pipe.toml", "pipe.cgap", "pipe.csv"] {
        pipe(&toy.path(name));
    }
    let round = "[round]\nid = \"r\"\n[regions]\nfiles = [\"region.toml\"]\n[criteria]\ndistances_km = [2]\nheadline_km = 2\n";
    toy.put("list.toml", &round.replace("files", "county_list = \"pipe.csv\"\nfiles"));
    toy.put("walk.toml", &round.replace("files", "crosswalk = \"pipe.csv\"\nfiles"));
    toy.put("of-pipe.toml", &round.replace("region.toml", "pipe.toml"));
    toy.chargegap(&["run", ".", "-q", "-o", "out"]).assert().success();
    for args in [
        &["check", "pipe"][..],
        &["check", "pipe.toml"],
        &["check", "/dev/zero"],
        &["run", "pipe.cgap", "-o", "x"],
        &["prepare", "pipe.toml", "-o", "x.cgap"],
        &["round", "pipe.toml", "-o", "x"],
        &["round", "of-pipe.toml", "-o", "x"],
        &["round", "list.toml", "-o", "x"],
        &["round", "walk.toml", "-o", "x"],
        &["rank", "out", "--with", "pipe.toml"],
        &["verify", "out", "--recompute", "1", "--round", "pipe.toml"],
    ] {
        let done = toy.chargegap(args).timeout(SOON).assert();
        let (code, said) = (done.get_output().status.code(), String::from_utf8_lossy(&done.get_output().stderr).into_owned());
        assert!(matches!(code, Some(1 | 2)), "{args:?}: {code:?} {said}");
        let known = ["not a regular file", "meets no region file"];
        assert!(known.iter().any(|k| said.contains(k)) || args[0] == "verify", "{args:?}: {said}");
    }
}

#[test]
fn no_file_of_a_finished_folder_keeps_us_waiting() {
    let toy = Toy::new();
    toy.chargegap(&["run", ".", "-q", "-o", "out"]).assert().success();
    toy.chargegap(&["run", ".", "-q", "-o", "other"]).assert().success();
    for name in ["manifest.json", "ranking.csv", "counties.geojson", "rank_data.csv", "gaps.geojson"] {
        if !toy.path("out").join(name).exists() {
            continue;
        }
        fs::rename(toy.path("out").join(name), toy.path("kept")).unwrap();
        for stand_in in ["pipe", "/dev/zero"] {
            match stand_in {
                "pipe" => pipe(&toy.path("out").join(name)),
                device => symlink(device, toy.path("out").join(name)).unwrap(),
            }
            for args in [&["verify", "out"][..], &["diff", "out", "other"], &["diff", "other", "out"], &["rank", "out"]] {
                let done = toy.chargegap(args).timeout(SOON).assert();
                let code = done.get_output().status.code();
                // `rank` and `diff` need not look at every file; `verify` finds each.
                assert!(
                    matches!((args[0], code), ("verify", Some(1)) | ("rank" | "diff", Some(0 | 1))),
                    "{name} {args:?} {code:?}"
                );
            }
            fs::remove_file(toy.path("out").join(name)).unwrap();
        }
        fs::rename(toy.path("kept"), toy.path("out").join(name)).unwrap();
    }
    toy.chargegap(&["verify", "out"]).assert().success();
}

#[test]
fn standard_input_is_read_where_a_dash_stands() {
    let toy = Toy::new();
    let stations = fs::read(toy.path("stations.csv")).unwrap();
    toy.chargegap(&["run", "region.toml", "-q", "-o", "by-name"]).assert().success();
    // the region file itself
    toy.chargegap(&["run", "-", "-q", "-o", "by-dash"]).write_stdin(REGION).assert().success();
    // one of its layers, which is looked at several times
    toy.put("dash.toml", &REGION.replace("stations.csv", "-"));
    toy.chargegap(&["run", "dash.toml", "-q", "-o", "of-layer"]).write_stdin(stations).assert().success();
    for other in ["by-dash", "of-layer"] {
        for file in ["ledger.csv", "ranking.csv", "counties.geojson"] {
            let of = |folder: &str| fs::read(toy.path(folder).join(file)).unwrap();
            assert!(of("by-name") == of(other), "{other} {file}");
        }
        toy.chargegap(&["verify", other]).assert().success();
    }
    let manifest: Value = serde_json::from_slice(&fs::read(toy.path("of-layer/manifest.json")).unwrap()).unwrap();
    let dash = manifest["inputs"].as_array().unwrap().iter().find(|i| i["path"] == "-").unwrap();
    assert_eq!(
        (&dash["role"], dash["bytes"].as_u64()),
        (&"stations".into(), Some(fs::metadata(toy.path("stations.csv")).unwrap().len()))
    );
    // an extract
    let pbf = fs::read(root().join("tests/fuzz/seeds/osm_pbf/good.osm.pbf")).unwrap();
    let done = toy.chargegap(&["check", "-", "--json"]).write_stdin(pbf).assert();
    let found: Value = serde_json::from_slice(&done.get_output().stdout).unwrap();
    assert!(found["inputs"].as_array().unwrap().iter().any(|i| i["path"] == "-"), "{found}");
    // nothing is a file of nothing
    let said = toy.chargegap(&["check", "-"]).write_stdin("").assert().code(1).get_output().stderr.clone();
    assert!(String::from_utf8_lossy(&said).contains("the file is empty"));
    // what was taken from standard input is not kept
    let ours = |e: fs::DirEntry| e.file_name().to_string_lossy().starts_with("chargegap-stdin-");
    let temp = tempfile::tempdir().unwrap();
    toy.chargegap(&["check", "-"]).env("TMPDIR", temp.path()).write_stdin(REGION).assert().success();
    assert!(!fs::read_dir(temp.path()).unwrap().any(|e| ours(e.unwrap())));
}

#[test]
fn parts_beside_a_file_are_in_the_manifest_or_refused() {
    let toy = Toy::new();
    let seeds = root().join("tests/fuzz/seeds");
    for part in ["shp", "dbf"] {
        fs::copy(seeds.join("shapefile/roads").with_extension(part), toy.path("roads").with_extension(part)).unwrap();
    }
    toy.put("roads.cpg", "UTF-8");
    toy.put("region.toml", &REGION.replace("roads.geojson", "roads.shp"));
    let listed = || -> Vec<(String, String)> {
        let done = toy.chargegap(&["check", ".", "--json"]).assert();
        let found: Value = serde_json::from_slice(&done.get_output().stdout).unwrap();
        let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
        let all = found["inputs"].as_array().unwrap().iter();
        all.filter(|i| text(&i["path"]).starts_with("roads.")).map(|i| (text(&i["path"]), text(&i["sha256"]))).collect()
    };
    let before = listed();
    assert_eq!(before.iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>(), ["roads.cpg", "roads.dbf", "roads.shp"]);
    toy.put("roads.cpg", "utf-8");
    let changed: Vec<bool> = listed().iter().zip(&before).map(|(new, old)| new != old).collect();
    assert_eq!(changed, [true, false, false]);

    // a prepared region is stale when a part has changed
    let toy = Toy::new();
    fs::copy(seeds.join("geopackage/roads.gpkg"), toy.path("roads.gpkg")).unwrap();
    toy.put("region.toml", &REGION.replace("roads.geojson", "roads.gpkg"));
    let told = |exit: i32| {
        let done = toy.chargegap(&["check", "."]).assert().code(exit);
        String::from_utf8_lossy(&done.get_output().stderr).into_owned()
    };
    told(0);
    // A program has the database open, in the mode that writes rows to a file beside it: of the 2 rows it put in, none is in the file.
    let db = rusqlite::Connection::open(toy.path("roads.gpkg")).unwrap();
    let mode: String = db.query_row("PRAGMA journal_mode = WAL", [], |r| r.get(0)).unwrap();
    assert_eq!(mode, "wal");
    db.execute_batch("CREATE TABLE other(a); INSERT INTO other VALUES (1), (2);").unwrap();
    let said = told(1);
    assert!(said.contains("roads.gpkg-wal") && said.contains("wal_checkpoint"), "{said}");
    // by a link as well: the log lies where the link leads
    symlink("roads.gpkg", toy.path("linked.gpkg")).unwrap();
    toy.put("region.toml", &REGION.replace("roads.geojson", "linked.gpkg"));
    told(1);
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    told(0);
    drop(db);
    told(0);
    fs::write(toy.path("roads.gpkg-journal"), [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7]).unwrap();
    assert!(told(1).contains("roads.gpkg-journal"));
    fs::write(toy.path("roads.gpkg-journal"), [0; 512]).unwrap();
    told(0);
}

#[test]
fn what_stands_there_is_replaced_when_asked_and_if_it_is_a_file() {
    let toy = Toy::new();
    for folder in ["a", "b"] {
        toy.chargegap(&["run", ".", "-q", "-o", folder]).assert().success();
    }
    toy.chargegap(&["prepare", ".", "-q", "-o", "kept.cgap"]).assert().success();
    toy.put("precious.txt", "precious");
    let writers: [&[&str]; 5] = [
        &["check", ".", "-q", "--html"],
        &["check", ".", "-q", "--issues"],
        &["diff", "a", "b", "-q", "-o"],
        &["prepare", ".", "-q", "-o"],
        &["run", ".", "-q", "-o"],
    ];
    let fresh = |name: &str| {
        let path = toy.path(name);
        let _ = fs::remove_dir_all(&path);
        let _ = fs::remove_file(&path);
        path
    };
    for writer in writers {
        let with = |out: &str, overwrite: bool| {
            let mut args = writer.to_vec();
            args.push(out);
            args.extend(overwrite.then_some("--overwrite"));
            let done = toy.chargegap(&args).timeout(SOON).assert();
            let out = done.get_output();
            (out.status.code().unwrap_or(-1), String::from_utf8_lossy(&out.stderr).into_owned())
        };
        // nothing there: written
        fresh("new");
        assert_eq!(with("new", false).0, 0, "{writer:?}");
        // what it wrote itself: only when asked
        let before = if toy.path("new").is_dir() { Vec::new() } else { fs::read(toy.path("new")).unwrap() };
        assert_eq!(with("new", false).0, 2, "{writer:?}");
        assert_eq!(with("new", true).0, 0, "{writer:?}");
        assert!(toy.path("new").is_dir() || fs::read(toy.path("new")).unwrap() == before, "{writer:?}");
        // links, pipes, devices, folders: never, and what they lead to stays
        for (name, make) in [
            ("link", Box::new(|at: &Path| symlink("precious.txt", at).unwrap()) as Box<dyn Fn(&Path)>),
            ("broken", Box::new(|at: &Path| symlink("nowhere.txt", at).unwrap())),
            ("pipe", Box::new(|at: &Path| pipe(at))),
            ("full", Box::new(|at: &Path| symlink("/dev/full", at).unwrap())),
            ("folder", Box::new(|at: &Path| fs::create_dir_all(at.join("inside")).unwrap())),
        ] {
            let path = fresh(name);
            make(&path);
            let kind = path.symlink_metadata().unwrap().file_type();
            for overwrite in [false, true] {
                let (code, said) = with(name, overwrite);
                assert_eq!(code, 2, "{writer:?} {name} {overwrite}: {said}");
                assert_eq!(path.symlink_metadata().unwrap().file_type(), kind, "{writer:?} {name}");
            }
        }
        let (code, said) = with("/dev/null", true);
        assert!(code == 2 && !Path::new("/dev/null").is_file(), "{writer:?}: {said}");
    }
    assert_eq!(fs::read_to_string(toy.path("precious.txt")).unwrap(), "precious");
    assert!(!toy.path("nowhere.txt").exists());
    // a prepared region takes the place of no other file
    let said = says(toy.dir.path(), &["prepare", ".", "-o", "precious.txt", "--overwrite"]);
    said.with(2, &["no prepared region"]);
    // a lock that is a link is not written through
    symlink("precious.txt", toy.path(".locked.lock")).unwrap();
    says(toy.dir.path(), &["run", ".", "-o", "locked"]).with(3, &[".locked.lock"]);
    assert_eq!(fs::read_to_string(toy.path("precious.txt")).unwrap(), "precious");
}

/// Starts the program in a folder, with SIGINT as it is on a terminal: who runs the tests in the background has it ignored.
fn started(folder: &Path, args: &[&str]) -> Child {
    let program = assert_cmd::cargo::cargo_bin("chargegap");
    let resets = Command::new("env").args(["--default-signal=INT", "true"]).status().is_ok_and(|s| s.success());
    let mut command = Command::new(if resets { "env".into() } else { program.clone() });
    if resets {
        command.arg("--default-signal=INT").arg(&program);
    }
    command.current_dir(folder).args(args).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
}

fn send(signal: &str, child: &Child) {
    let _ = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
}

/// Names that begin with a dot: what is half-written, and locks.
fn hidden(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned());
    names.filter(|n| n.starts_with('.')).collect()
}

/// A toy with enough road that each command takes a while.
fn busy() -> Toy {
    let toy = Toy::new();
    let mut parts = vec![crate::toy::road("r1", "trunk", "T1", &(0..=400).map(|i| f64::from(i) * 0.0005).collect::<Vec<_>>())];
    parts.extend((0..4000).map(|i| {
        let (x, y) = (f64::from(i % 400) * 0.0005, 0.0005 + f64::from(i / 400) * 0.0004);
        format!(r#"{{"type":"Feature","properties":{{"id":"b{i}","class":"local"}},"geometry":{{"type":"LineString","coordinates":[[{x},0],[{x},{y}]]}}}}"#)
    }));
    toy.put("roads.geojson", &crate::toy::collection(&parts));
    toy
}

/// Stops a command at many instants with a signal; every time nothing half-written may be left, and the code is that of the signal
/// unless the command had come to its end.
fn stopped_at_many_instants(folder: &Path, args: &[&str], out: &str) {
    let since = Instant::now();
    assert!(started(folder, args).wait().unwrap().success(), "{args:?}");
    let whole = since.elapsed();
    let remove = || {
        let _ = fs::remove_dir_all(folder.join(out));
        let _ = fs::remove_file(folder.join(out));
    };
    let mut met = [0, 0];
    for i in 0..16u32 {
        remove();
        let (signal, code, name) = [("-INT", 130, "SIGINT"), ("-TERM", 143, "SIGTERM")][i as usize % 2];
        let child = started(folder, args);
        // from a tenth of the whole, when the program listens, to its end
        std::thread::sleep(whole / 10 + whole * i / 18);
        send(signal, &child);
        let done = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert_eq!(hidden(folder), [""; 0], "{args:?} {i}");
        if done.status.code().is_none() && i < 4 {
            continue; // on a busy machine it did not listen yet, and had begun nothing
        }
        assert!(matches!(done.status.code(), Some(c) if c == code || c == 0), "{args:?} {i}: {:?} {said}", done.status);
        if done.status.code() == Some(code) {
            met[i as usize % 2] += 1;
            assert!(said.contains(&format!("stopped by {name}")) && said.contains("next:"), "{said}");
        } else {
            assert!(folder.join(out).exists(), "{args:?} {i}");
        }
    }
    assert!(met[0] > 0 && met[1] > 0, "{args:?}: {met:?} signals came in time, of a whole of {whole:?}");
    remove();
    assert!(started(folder, args).wait().unwrap().success(), "{args:?}"); // and the next one does its work
}

#[test]
fn a_run_that_is_stopped_leaves_nothing_and_says_so() {
    let toy = busy();
    stopped_at_many_instants(toy.dir.path(), &["run", ".", "-q", "-o", "out"], "out");
}

#[test]
fn prepare_and_check_that_are_stopped_leave_nothing_and_say_so() {
    let toy = busy();
    stopped_at_many_instants(toy.dir.path(), &["prepare", ".", "-q", "-o", "a.cgap"], "a.cgap");
    stopped_at_many_instants(toy.dir.path(), &["check", ".", "-q", "--html", "c.html"], "c.html");
}

#[test]
fn a_round_that_is_stopped_keeps_its_counties_and_leaves_nothing_else() {
    let round = SmallRound::made();
    let before = contents(&round.out());
    fs::remove_dir_all(round.out()).unwrap();
    fs::remove_dir_all(round.path("out-work")).unwrap();
    stopped_at_many_instants(round.dir.path(), &["round", "round.toml", "-q", "-o", "out"], "out");
    assert_eq!(hidden(&round.path("out-work")), [""; 0]);
    assert_eq!(hidden(&round.path("out-work/shards")), [""; 0]);
    assert!(contents(&round.out()).keys().eq(before.keys()));
}

#[test]
fn who_is_told_to_ignore_a_signal_does() {
    let toy = busy();
    let program = assert_cmd::cargo::cargo_bin("chargegap");
    // a shell's background commands ignore Ctrl-C, and so must what they start
    let text = format!("trap '' INT; exec '{}' run . -q -o out", program.display());
    let child = Command::new("sh").current_dir(toy.dir.path()).args(["-c", &text]).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(150));
    send("-INT", &child);
    assert!(child.wait_with_output().unwrap().status.success());
    assert!(toy.path("out/manifest.json").exists());
}

#[test]
fn under_a_memory_limit_the_child_is_told() {
    let toy = busy();
    let program = assert_cmd::cargo::cargo_bin("chargegap");
    let text = format!("ulimit -v 8000000; exec '{}' run . -q -o out --threads 2", program.display());
    let start = || Command::new("sh").current_dir(toy.dir.path()).args(["-c", &text]).stderr(Stdio::piped()).spawn().unwrap();
    let since = Instant::now();
    assert!(start().wait().unwrap().success());
    let whole = since.elapsed();
    let mut told = 0;
    for i in 0..8u32 {
        let _ = fs::remove_dir_all(toy.path("out"));
        let child = start();
        std::thread::sleep(whole / 4 + whole * i / 12);
        send("-TERM", &child);
        let done = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert_eq!(hidden(toy.dir.path()), [""; 0], "{i}: {said}");
        match done.status.code() {
            Some(143) => told += 1,
            code => assert!(code == Some(0) && toy.path("out").exists(), "{i}: {:?} {said}", done.status),
        }
    }
    assert!(told > 0, "no signal came in time, of a whole of {whole:?}");
}

#[test]
fn what_a_killed_command_left_is_swept_by_the_next() {
    let toy = Toy::new();
    // The number of a program that has ended, of this machine; and one of another machine, which is left alone.
    let gone = {
        let mut child = Command::new("true").spawn().unwrap();
        child.wait().unwrap();
        child.id()
    };
    let host = chargegap::internals::system::host();
    for name in ["c.html", "i.csv", "a.cgap"] {
        toy.put(&format!(".{name}.{gone}-{host}.partial"), "half");
        toy.put(&format!(".{name}.{gone}-elsewhere.partial"), "half");
    }
    fs::create_dir(toy.path(&format!(".out.partial-{gone}"))).unwrap();
    toy.chargegap(&["check", ".", "-q", "--html", "c.html", "--issues", "i.csv"]).assert().success();
    toy.chargegap(&["prepare", ".", "-q", "-o", "a.cgap"]).assert().success();
    toy.chargegap(&["run", ".", "-q", "-o", "out"]).assert().success();
    let mut left = hidden(toy.dir.path());
    left.sort();
    assert_eq!(left, ["a.cgap", "c.html", "i.csv"].map(|n| format!(".{n}.{gone}-elsewhere.partial")));
}
