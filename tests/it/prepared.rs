//! Prepared regions: the same run from them, and every reason to refuse one.

use crate::toy::{Toy, contents, root};
use chargegap::internals::config::RegionFile;
use chargegap::internals::measure::Timings;
use chargegap::internals::prepared::container::Writer;
use chargegap::internals::prepared::ground::Options;
use chargegap::internals::prepared::ground::{Ground, build};
use chargegap::internals::prepared::{PreparedFrom, open, write};
use std::fs;
use std::path::Path;

fn ok(toy: &Toy, args: &[&str]) -> String {
    String::from_utf8(toy.chargegap(args).assert().success().get_output().stdout.clone()).unwrap()
}

/// Exit code and message of a refusal.
fn refusal(toy: &Toy, args: &[&str]) -> (i32, String) {
    let out = toy.chargegap(args).output().unwrap();
    assert!(!toy.path("refused").exists(), "something was written");
    (out.status.code().unwrap(), String::from_utf8(out.stderr).unwrap())
}

const RUN: &[&str] = &["run", "toy.cgap", "-o", "refused"];

fn prepared() -> Toy {
    let toy = Toy::new();
    ok(&toy, &["prepare", ".", "-o", "toy.cgap", "-q"]);
    toy
}

fn ground(folder: &Path) -> Ground {
    let region = RegionFile::read(&folder.join("region.toml")).unwrap();
    build(&region, &Options { strict: false, on_stage: &|_| {} }, &mut Timings::default()).unwrap().0
}

#[test]
fn a_run_of_it_writes_the_same_bytes_as_a_run_of_its_input() {
    let toy = prepared();
    ok(&toy, &["run", ".", "-o", "from-input", "-q"]);
    ok(&toy, &["run", "toy.cgap", "-o", "from-prepared", "-q"]);
    assert_eq!(contents(&toy.path("from-input")), contents(&toy.path("from-prepared")));

    let iom = root().join("datasets/isle-of-man");
    let iom = iom.to_str().unwrap();
    ok(&toy, &["prepare", iom, "-o", "iom.cgap", "-q"]);
    ok(&toy, &["run", iom, "-o", "iom-input", "-q"]);
    ok(&toy, &["run", "iom.cgap", "-o", "iom-prepared", "-q"]);
    assert_eq!(contents(&toy.path("iom-input")), contents(&toy.path("iom-prepared")));
}

#[test]
fn columns_for_the_ranking_come_back_to_the_last_bit() {
    let toy = Toy::new();
    // 0.1 + 0.2 has seventeen digits; the second county's figure is not known.
    toy.put("table.csv", "code,population,cost\n0101,5,0.30000000000000004\n0102,6,NA\n");
    let more = "[county_table]\npath = \"table.csv\"\n[[rank.lines]]\nname = \"a\"\nbudget = 1\ncost_column = \"cost\"\n";
    toy.put("region.toml", &format!("{}{more}", crate::toy::REGION));
    ok(&toy, &["prepare", ".", "-o", "toy.cgap", "-q"]);
    let counties = open(&toy.path("toy.cgap")).unwrap().0.counties;
    let costs: Vec<Option<f64>> = counties.iter().map(|c| c.columns.get("cost").copied()).collect();
    assert_eq!(costs, [Some(0.1 + 0.2), None]);
    ok(&toy, &["run", ".", "-o", "from-input", "-q"]);
    ok(&toy, &["run", "toy.cgap", "-o", "from-prepared", "-q"]);
    assert_eq!(contents(&toy.path("from-input")), contents(&toy.path("from-prepared")));
}

#[test]
#[cfg(feature = "osm")]
fn an_extract_with_its_admin_level_is_prepared_as_it_is_run() {
    let toy = Toy::new();
    let pbf = fs::read_dir(root().join("datasets/isle-of-man")).unwrap().map(|e| e.unwrap().path());
    let pbf = pbf.into_iter().find(|p| p.extension().is_some_and(|e| e == "pbf")).unwrap();
    fs::copy(&pbf, toy.path("iom.osm.pbf")).unwrap();
    ok(&toy, &["prepare", "iom.osm.pbf", "--admin-level", "6", "-o", "iom.cgap", "-q"]);
    ok(&toy, &["run", "iom.osm.pbf", "--admin-level", "6", "-o", "a", "-q"]);
    ok(&toy, &["run", "iom.cgap", "-o", "b", "-q"]);
    assert_eq!(contents(&toy.path("a")), contents(&toy.path("b")));
    let (code, err) = refusal(&toy, &["run", "iom.cgap", "-o", "refused", "--admin-level", "8"]);
    assert!(code == 2 && err.contains("prepared region are chosen"), "{err}");
}

#[test]
fn the_same_file_for_any_number_of_threads() {
    let toy = prepared();
    ok(&toy, &["prepare", ".", "-o", "one.cgap", "-q", "--threads", "1"]);
    assert_eq!(fs::read(toy.path("toy.cgap")).unwrap(), fs::read(toy.path("one.cgap")).unwrap());
}

#[test]
fn a_stale_one_is_refused_and_a_lonely_or_touched_one_is_not() {
    let toy = prepared();
    let roads = fs::read_to_string(toy.path("roads.geojson")).unwrap();
    toy.put("roads.geojson", &roads); // touched: newer, and the same
    ok(&toy, RUN);
    fs::remove_dir_all(toy.path("refused")).unwrap();

    toy.put("roads.geojson", &roads.replace("T1", "T2"));
    let (code, err) = refusal(&toy, RUN);
    assert!(code == 1 && err.contains("stale: roads.geojson (roads) has changed") && err.contains("prepare INPUT"), "{err}");
    toy.put("roads.geojson", &roads);
    toy.put("stations.csv", "id,lon,lat\n");
    assert!(refusal(&toy, RUN).1.contains("stale: stations.csv"));

    // Alone in another folder, with no input to hold it against.
    let alone = Toy::new();
    for name in ["region.toml", "roads.geojson", "counties.geojson", "stations.csv", "settlements.csv"] {
        fs::remove_file(alone.path(name)).unwrap();
    }
    fs::copy(toy.path("toy.cgap"), alone.path("toy.cgap")).unwrap();
    ok(&alone, RUN);
}

#[test]
fn every_damage_is_refused() {
    let toy = prepared();
    let whole = fs::read(toy.path("toy.cgap")).unwrap();
    let sound = open(&toy.path("toy.cgap")).unwrap().0;
    let mut refused = 0;
    for i in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[i] ^= 0x20;
        toy.put_bytes("broken.cgap", &bytes);
        match open(&toy.path("broken.cgap")) {
            Err(e) => {
                assert_eq!(e.exit_code(), 1, "byte {i}: {e}");
                refused += 1;
            }
            // Only the filling between sections is nobody's.
            Ok((g, _)) => {
                assert!(g.draft.edges == sound.draft.edges && g.stations == sound.stations && whole[i] == 0, "byte {i}")
            }
        }
    }
    assert!(refused > whole.len() / 2, "{refused} of {}", whole.len());
    for n in [0, 7, 8, 31, 32, 100, whole.len() / 2, whole.len() - 1] {
        toy.put_bytes("broken.cgap", &whole[..n]);
        assert_eq!(open(&toy.path("broken.cgap")).err().map(|e| e.exit_code()), Some(1), "cut at {n}");
    }
    toy.put_bytes("toy.cgap", &[&whole[..], b"more"].concat());
    assert!(refusal(&toy, RUN).1.contains("damaged"));
}

#[test]
fn another_version_is_refused_by_name() {
    let toy = prepared();
    let mut bytes = fs::read(toy.path("toy.cgap")).unwrap();
    bytes[8] = 99;
    toy.put_bytes("toy.cgap", &bytes);
    assert!(refusal(&toy, RUN).1.contains("has format 99, and this program reads format 1"));

    let head = br#"{"chargegap_version":"9.9.9","input":".","admin_level":null,"folder":".","region_file":null}"#;
    let (mut file, mut out) = (Writer::default(), Vec::new());
    file.add(1, head);
    file.write(&mut out).unwrap();
    toy.put_bytes("toy.cgap", &out);
    assert!(refusal(&toy, RUN).1.contains("is of chargegap 9.9.9, and this is"));
}

#[test]
fn whole_checksums_over_numbers_that_point_to_nothing_do_not_help() {
    let toy = Toy::new();
    type Change = fn(&mut Ground);
    let break_it: [(&str, Change); 5] = [
        ("nodes or positions", |g| g.draft.edges[0].tail = 4_000_000_000),
        ("a county that is not there", |g| g.draft.edges[0].county = 7),
        ("a county that is not there", |g| g.draft.edges[0].name = 7),
        ("not in order", |g| g.counties.reverse()),
        ("an overlap names", |g| g.overlap.extend([((0, 9), 1)])),
    ];
    for (what, change) in break_it {
        let mut g = ground(toy.dir.path());
        change(&mut g);
        let mut out = Vec::new();
        write(&g, &PreparedFrom::default(), toy.dir.path(), &mut out).unwrap();
        toy.put_bytes("toy.cgap", &out);
        let (code, err) = refusal(&toy, RUN);
        assert!(code == 1 && err.contains(what), "{err}");
    }
}

#[test]
fn nothing_foreign_is_overwritten_and_nothing_half_is_left() {
    let toy = prepared();
    let again = &["prepare", ".", "-o", "toy.cgap"];
    assert!(refusal(&toy, again).1.contains("the output exists"));
    ok(&toy, &["prepare", ".", "-o", "toy.cgap", "--overwrite"]);
    let (code, err) = refusal(&toy, &["prepare", ".", "-o", "roads.geojson", "--overwrite"]);
    assert!(code == 2 && err.contains("no prepared region"), "{err}");
    toy.put("roads.geojson", "{");
    let before: Vec<String> = contents(toy.dir.path()).into_keys().collect();
    assert_eq!(refusal(&toy, &["prepare", ".", "-o", "new.cgap"]).0, 1);
    assert_eq!(before, contents(toy.dir.path()).into_keys().collect::<Vec<_>>());
    for command in ["check", "prepare"] {
        let args: &[&str] = if command == "check" { &["check", "toy.cgap"] } else { &["prepare", "toy.cgap", "-o", "x.cgap"] };
        let (code, err) = refusal(&toy, args);
        assert!(code == 2 && err.contains("has been read already"), "{err}");
    }
}

#[test]
fn what_it_prints() {
    let toy = Toy::new();
    // The size depends on the length of the temporary folder's path.
    let said = ok(&toy, &["prepare", ".", "-o", "toy.cgap"]);
    insta::assert_snapshot!(said.rsplit_once(" (").map(|(before, _)| before).unwrap_or(&said));
    let json: serde_json::Value = serde_json::from_str(&ok(&toy, &["prepare", ".", "-o", "b.cgap", "--json"])).unwrap();
    assert_eq!((json["counties"].as_u64(), json["stations"].as_u64(), json["edges"].as_u64()), (Some(2), Some(2), Some(2)));
    assert_eq!(json["bytes"].as_u64(), Some(fs::metadata(toy.path("b.cgap")).unwrap().len()));
}
