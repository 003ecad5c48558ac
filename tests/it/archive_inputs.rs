//! What an archive packs: inputs wherever they lie about the round file, data that may not be passed on, rounds of other versions,
//! signatures, and what is left when somebody stops `verify`.

use crate::archive::{archived, contents, forge, says};
use crate::small_round::SmallRound;
use crate::test_support::skipped;
use std::fs;
use std::process::Command;
use std::time::Duration;

#[test]
fn data_that_may_not_be_passed_on_is_named_and_asked_for() {
    let round = archived(&["--name-only", "*/roads.geojson"]);
    let names: Vec<String> = contents(&round.path("round.zip")).into_iter().map(|(n, _)| n).collect();
    assert!(!names.iter().any(|n| n.ends_with("roads.geojson")), "{names:?}");
    // Not made again is exit 1, unless somebody says that it is not asked, or brings the data.
    let (exit, text) = says(&round, &["round.zip"]);
    assert!(
        exit == 1
            && text
                .contains("2 of 11 inputs are named by their SHA-256 and not in the archive: 11/roads.geojson, 12/roads.geojson"),
        "{text}"
    );
    let (exit, text) = says(&round, &["round.zip", "--no-recompute"]);
    assert!(exit == 0 && text.contains("\nverified, but NOT RECOMPUTED: round.zip"), "{text}");
    let (exit, text) = says(&round, &["round.zip", "--inputs", "."]);
    assert!(exit == 0 && text.contains("\nverified and recomputed: round.zip"), "{text}");
    // Data of the same name that is other data.
    round.edit("11/roads.geojson", |t| t.replacen("trunk", "local", 1));
    let (exit, text) = says(&round, &["round.zip", "--inputs", "."]);
    assert!(exit == 1 && text.contains("input 11/roads.geojson is not the one of the round"), "{text}");
    fs::remove_file(round.path("12/roads.geojson")).unwrap();
    assert!(says(&round, &["round.zip", "--inputs", "."]).1.contains("input 12/roads.geojson is not in the folder"));
    // A pattern that meets nothing would leave in what was to be left out.
    let refused =
        round.chargegap(&["round", "round.toml", "-o", "new", "--archive", "a.zip", "--name-only", "road.geojson"]).output();
    let refused = refused.unwrap();
    let text = String::from_utf8(refused.stderr).unwrap();
    assert!(refused.status.code() == Some(2) && text.contains("--name-only \"road.geojson\" meets no input"), "{text}");
    assert!(!round.path("new").exists() && !round.path("a.zip").exists());
}

#[test]
fn inputs_above_the_round_file_lie_above_it_in_the_archive() {
    let round = SmallRound::made();
    fs::create_dir_all(round.path("offices/2026")).unwrap();
    fs::create_dir(round.path("round")).unwrap();
    for (from, to) in [("11", "round/11"), ("12", "offices/2026/12")] {
        fs::rename(round.path(from), round.path(to)).unwrap();
    }
    fs::create_dir(round.path("data")).unwrap();
    fs::rename(round.path("round/11/stations.csv"), round.path("data/stations.csv")).unwrap();
    // Two ways of writing one folder, a step down and up again, and a folder that is called as the archive would call that of the round.
    round.edit("round/11/region.toml", |t| t.replace("\"stations.csv\"", "\"../../offices/../data/stations.csv\""));
    round.edit("round.toml", |t| t.replace("\"*/region.toml\"", "\"12/region.toml\", \"../../round/11\""));
    fs::write(round.path("codes.csv"), "old_code,new_code\n119999,110101\n").unwrap();
    fs::write(round.path("list.csv"), "code\n110101\n110102\n110103\n120101\n120102\n120103\n").unwrap();
    round.edit("round.toml", |t| {
        t.replace("[criteria]", "crosswalk = \"../../codes.csv\"\ncounty_list = \"list.csv\"\n[criteria]")
    });
    for name in ["round.toml", "list.csv"] {
        fs::rename(round.path(name), round.path("offices/2026").join(name)).unwrap();
    }
    round.chargegap(&["round", "offices/2026/round.toml", "-o", "o", "--archive", "round.zip", "-q"]).assert().success();
    let names: Vec<String> = contents(&round.path("round.zip")).into_iter().map(|(n, _)| n).collect();
    // Two steps up at most, so two folders down; `round` is taken at the top.
    for name in ["inputs/round-2/round/round.toml", "inputs/round/11/region.toml", "inputs/data/stations.csv", "inputs/codes.csv"]
    {
        assert!(names.iter().any(|n| n == name), "{name}: {names:?}");
    }
    for gone in ["offices", "round", "data", "codes.csv", "o", "o-work"] {
        let place = round.path(gone);
        if place.is_dir() { fs::remove_dir_all(place).unwrap() } else { fs::remove_file(place).unwrap() }
    }
    let (exit, text) = says(&round, &["round.zip"]);
    assert!(exit == 0, "{text}");
    // A path of this machine only.
    let other = SmallRound::made();
    let whole = other.path("11/stations.csv").to_string_lossy().into_owned();
    other.edit("11/region.toml", |t| t.replace("\"stations.csv\"", &format!("\"{whole}\"")));
    let refused = other.chargegap(&["round", "round.toml", "-o", "new", "--archive", "a.zip"]).output().unwrap();
    let text = String::from_utf8(refused.stderr).unwrap();
    assert!(
        refused.status.code() == Some(2) && text.contains("is a path of this machine, and an archive is opened on others"),
        "{text}"
    );
    assert!(!other.path("new").exists());
}

/// A road with two charging stations, as OpenStreetMap has them.
fn osm() -> String {
    let node = |id: u32, x: u32, more: &str| {
        format!("<node id=\"{id}\" lat=\"0.05\" lon=\"{:.2}\" version=\"1\">{more}</node>", f64::from(x) / 100.0)
    };
    let tag = "<tag k=\"amenity\" v=\"charging_station\"/><tag k=\"capacity\" v=\"4\"/>";
    let nodes: String = (0..30).map(|i| node(i + 1, 60 + 2 * i, "")).collect();
    let stations = node(100, 65, tag) + &node(101, 105, tag);
    let refs: String = (1..=30).map(|i| format!("<nd ref=\"{i}\"/>")).collect();
    format!(
        "<osm version=\"0.6\">{nodes}{stations}<way id=\"7\" version=\"1\">{refs}<tag k=\"highway\" v=\"trunk\"/></way></osm>"
    )
}

/// Files of every kind: a shapefile with its parts, a GeoPackage, a workbook, a raster, people and a crosswalk, OpenStreetMap, a list.
fn of_every_kind() -> Option<SmallRound> {
    let round = SmallRound::made();
    let gdal = |tool: &str, args: &[&str]| {
        let done = Command::new(tool).current_dir(round.dir.path()).args(args).output();
        done.is_ok_and(|o| o.status.success())
    };
    let made = gdal("ogr2ogr", &["11/roads.shp", "11/roads.geojson"])
        && gdal("ogr2ogr", &["-nln", "counties", "12/counties.gpkg", "12/counties.geojson"])
        && gdal("ogr2ogr", &["-nln", "places", "12/places.xlsx", "12/settlements.csv"])
        && gdal(
            "gdal_create",
            &[
                "-ot",
                "Float32",
                "-outsize",
                "60",
                "10",
                "-bands",
                "1",
                "-burn",
                "3",
                "-a_srs",
                "EPSG:4326",
                "-a_ullr",
                "0",
                "0.2",
                "0.6",
                "0.1",
                "12/people.tif",
            ],
        );
    if !made {
        skipped("GDAL is missing");
        return None;
    }
    for gone in ["11/roads.geojson", "12/counties.geojson", "12/settlements.csv"] {
        fs::remove_file(round.path(gone)).unwrap();
    }
    round.edit("11/region.toml", |t| {
        t.replace("roads.geojson", "roads.shp") + "[county_table]\npath = \"census.csv\"\ncrosswalk = \"old.csv\"\n"
    });
    fs::write(round.path("11/census.csv"), "code,population\n119901,5000\n110102,7000\n110103,9000\n").unwrap();
    fs::write(round.path("11/old.csv"), "old_code,new_code\n119901,110101\n").unwrap();
    round.edit("12/region.toml", |t| {
        t.replace("counties.geojson", "counties.gpkg").replace("settlements.csv", "places.xlsx")
            + "[population]\npath = \"people.tif\"\n"
    });
    // somebody lives in the county of 13 too
    round.edit("11/settlements.csv", |t| t + "v13,V13,0.7,0.05,100,town\n");
    fs::create_dir(round.path("13")).unwrap();
    fs::write(round.path("13/roads.osm"), osm()).unwrap();
    let ring = "[[[0.6,0],[1.2,0],[1.2,0.1],[0.6,0.1],[0.6,0]]]";
    let county = format!(
        r#"{{"type":"Feature","properties":{{"code":"130101","name":"C"}},"geometry":{{"type":"Polygon","coordinates":{ring}}}}}"#
    );
    fs::write(round.path("13/counties.geojson"), crate::toy::collection(&[county])).unwrap();
    fs::write(
        round.path("13/region.toml"),
        "[region]\nname = \"O\"\n[osm]\npath = \"roads.osm\"\n[counties]\npath = \"counties.geojson\"\n",
    )
    .unwrap();
    fs::write(round.path("apply.csv"), "code\n110101\n110102\n120101\n120103\n130101\n").unwrap();
    round.edit("round.toml", |t| t.replace("[criteria]", "county_list = \"apply.csv\"\n[criteria]"));
    Some(round)
}

#[test]
fn files_of_every_kind_are_packed_with_what_lies_beside_them() {
    let Some(round) = of_every_kind() else { return };
    round.chargegap(&["round", "round.toml", "-o", "new", "--archive", "round.zip", "-q"]).assert().success();
    let names: Vec<String> = contents(&round.path("round.zip")).into_iter().map(|(n, _)| n).collect();
    for name in [
        "11/roads.shp",
        "11/roads.dbf",
        "11/roads.shx",
        "11/roads.prj",
        "11/census.csv",
        "11/old.csv",
        "12/counties.gpkg",
        "12/places.xlsx",
        "12/people.tif",
        "13/roads.osm",
        "apply.csv",
    ] {
        assert!(names.contains(&format!("inputs/{name}")), "{name}: {names:?}");
    }
    // Where its roads may not be passed on, the parts of the shapefile stay at home too.
    let shape = ["round", "round.toml", "-o", "newer", "--archive", "named.zip", "--name-only", "*.shp", "-q"];
    round.chargegap(&shape).assert().success();
    let named: Vec<String> = contents(&round.path("named.zip")).into_iter().map(|(n, _)| n).collect();
    assert!(!named.iter().any(|n| n.starts_with("inputs/11/roads.")), "{named:?}");
    assert_eq!(says(&round, &["named.zip", "--inputs", "."]).0, 0);
    for gone in ["11", "12", "13", "apply.csv", "round.toml", "new", "new-work"] {
        let place = round.path(gone);
        if place.is_dir() { fs::remove_dir_all(place).unwrap() } else { fs::remove_file(place).unwrap() }
    }
    let (exit, text) = says(&round, &["round.zip"]);
    assert!(exit == 0 && text.contains("verified and recomputed"), "{text}");
}

/// A stored archive of each format: its lists and its results are read, and the round is made again from it, by value.
#[test]
fn a_stored_archive_is_read_and_made_again() {
    let archive = crate::toy::root().join("tests/golden/round-archive-1.zip");
    let said = |args: &[&str]| {
        let out = crate::toy::chargegap().arg("verify").arg(&archive).args(args).output().unwrap();
        (out.status.code().unwrap(), String::from_utf8([out.stdout, out.stderr].concat()).unwrap())
    };
    let (exit, text) = said(&["--no-recompute"]);
    assert!(exit == 0 && text.contains("\nverified, but NOT RECOMPUTED: "), "{text}");
    // It was made by another version (so it says), which may have counted otherwise: what differs is named by table and row.
    let (exit, text) = said(&[]);
    assert!(text.contains("made by chargegap 0.0.9 and made again by chargegap"), "{text}");
    assert!(text.contains("written in format 2: these checks are not possible: its faults and who accepted them"), "{text}");
    assert!(text.contains("not compared, as another version made them") && !text.contains("\nverified"), "{text}");
    let differs = |line: &&str| line.starts_with("FAULT") && !line.contains(", row ") && !line.contains(" rows, and ");
    assert!(exit == 0 || !text.lines().any(|l| differs(&l)), "{text}");
}

#[test]
fn signatures_of_ssh_keygen_are_checked() {
    let round = archived(&[]);
    let run = |line: &str| Command::new("sh").current_dir(round.dir.path()).args(["-c", line]).output();
    let made = run("ssh-keygen -q -t ed25519 -N '' -C office -f key && ssh-keygen -q -t ed25519 -N '' -C other -f other && \
                    printf 'office@example.org %s\\n' \"$(cat key.pub)\" > allowed && printf 'other@example.org %s\\n' \"$(cat other.pub)\" > others && \
                    ssh-keygen -Y sign -f key -n chargegap-round round.zip && ssh-keygen -Y sign -f key -n file - < round.zip > file.sig");
    if !made.is_ok_and(|o| o.status.success()) {
        return skipped("ssh-keygen is missing or cannot sign");
    }
    let quick = ["round.zip", "--no-recompute", "--key"];
    let said = |more: &[&str]| says(&round, &[&quick[..], more].concat());
    let (exit, text) = said(&["allowed"]);
    assert!(exit == 0 && text.contains("signed by office@example.org: Good \"chargegap-round\" signature"), "{text}");
    // By somebody else, for something else, and where there is none.
    let (exit, text) = said(&["others"]);
    assert!(exit == 1 && text.contains("the signature is not by a key of "), "{text}");
    let (exit, text) = said(&["allowed", "--signature", "file.sig"]);
    assert!(exit == 1 && text.contains("the signature does not hold for this archive"), "{text}");
    let (exit, text) = said(&["allowed", "--signature", "none.sig"]);
    assert!(exit == 1 && text.contains("cannot read the signature"), "{text}");
    // An archive that is sound and is not the one that was signed.
    forge(&round.path("round.zip"), &round.path("forged.zip"), &|_| {}, &|_| {});
    let (exit, text) = says(&round, &["forged.zip", "--no-recompute", "--key", "allowed", "--signature", "round.zip.sig"]);
    assert!(exit == 1 && text.contains("the signature does not hold for this archive"), "{text}");
    // Without the tool nobody can tell, and that is said.
    let without = round.chargegap(&[&["verify"], &quick[..], &["allowed"]].concat()).env("PATH", "").output().unwrap();
    let text = String::from_utf8(without.stderr).unwrap();
    assert!(without.status.code() == Some(3) && text.contains("install OpenSSH"), "{text}");
}

#[cfg(unix)]
#[test]
fn stopped_at_any_moment_verify_leaves_nothing() {
    let round = archived(&[]);
    let tmp = round.path("tmp");
    fs::create_dir(&tmp).unwrap();
    let left = || fs::read_dir(&tmp).unwrap().count();
    let start = || {
        let mut verify = Command::new(assert_cmd::cargo::cargo_bin("chargegap"));
        verify.current_dir(round.dir.path()).args(["verify", "round.zip", "-q"]).env("TMPDIR", &tmp).spawn().unwrap()
    };
    let mut caught = 0;
    for i in 0..12u64 {
        let mut child = start();
        std::thread::sleep(Duration::from_millis(10 + 25 * i));
        let asked = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
        let code = child.wait().unwrap().code();
        assert!(code == Some(143) || code == Some(0) || !asked.success() || code.is_none(), "{code:?}");
        // before the program watches for signals it has made nothing
        assert_eq!(left(), 0, "after {i}");
        caught += usize::from(code == Some(143));
    }
    println!("{caught} of 12 came while it worked");
    // Killed outright it removes nothing; the next one does.
    let mut child = start();
    while left() == 0 && child.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(1));
    }
    let _ = child.kill();
    child.wait().unwrap();
    assert!(start().wait().unwrap().success());
    assert_eq!(left(), 0);
}
