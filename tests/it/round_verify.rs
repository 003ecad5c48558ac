//! `verify` on round folders: a changed byte anywhere is found (R29), each rule finds its breach even where fingerprints match,
//! counties made again are the same or named, and formats are told apart.

use crate::oracles::Dice;
use crate::resealed::Forged;
use crate::small_round::{SmallRound, all_files};
use crate::toy::root;
use chargegap::internals::files::kind::{FORMAT_VERSION, OLDEST_FORMAT};
use chargegap::internals::finished::{Finished, Stored};
use chargegap::internals::verify::recompute::{Recomputation, recompute};
use chargegap::internals::verify::{Findings, verify};
use serde_json::Value;
use std::fs;
use std::path::Path;

/// Flips over the whole folder, and at least so many in each file.
const FLIPS: usize = 1_000;
const LEAST: usize = 20;

#[test]
fn a_flipped_bit_anywhere_in_a_round_is_found() {
    let round = SmallRound::made();
    let out = round.out();
    assert_eq!(verify(&out).unwrap().faults, [""; 0]);
    let names = all_files(&out);
    let size = |name: &String| fs::metadata(out.join(name)).unwrap().len() as usize;
    let total: usize = names.iter().map(size).sum();
    let (mut dice, mut flips, mut missed) = (Dice::new(29), 0, Vec::new());
    for name in &names {
        let bytes = fs::read(out.join(name)).unwrap();
        for _ in 0..LEAST.max((FLIPS * bytes.len()).div_ceil(total)) {
            let (at, bit) = (dice.roll(bytes.len() as u64) as usize, dice.roll(8));
            let mut changed = bytes.clone();
            changed[at] ^= 1 << bit;
            fs::write(out.join(name), &changed).unwrap();
            // an error of the whole folder is a find too: a manifest that names another format; of a GeoPackage it may be the note
            // that only bytes are others: there are bytes in it that say nothing
            let noted = |found: &Findings| name.ends_with(".gpkg") && found.notes.len() == 1;
            if verify(&out).is_ok_and(|found| found.faults.is_empty() && !noted(&found)) {
                missed.push(format!("{name}, byte {at}, bit {bit}"));
            }
            flips += 1;
        }
        fs::write(out.join(name), &bytes).unwrap();
    }
    assert_eq!(missed, [""; 0]);
    assert!(flips >= FLIPS && names.len() >= 16, "{flips} flips in {} files", names.len());
    assert_eq!(verify(&out).unwrap().faults, [""; 0]);
}

/// Statements that change the content of a GeoPackage, each a little.
#[cfg(feature = "gpkg")]
const OTHER_CONTENT: [&str; 9] = [
    "UPDATE selection SET score_0_100 = score_0_100 + 1e-9 WHERE fid = 1",
    "DELETE FROM selection WHERE fid = 6",
    "UPDATE layer_styles SET styleQML = replace(styleQML, '84,39,143', '39,84,143') WHERE f_table_name = 'counties'",
    "UPDATE gpkg_contents SET description = 'Others' WHERE table_name = 'gaps'",
    "UPDATE gpkg_data_columns SET description = 'Another' WHERE column_name = 'points_short'",
    "CREATE VIEW more AS SELECT * FROM selection",
    "DROP TRIGGER rtree_gaps_geom_delete",
    "UPDATE rtree_stations_geom_node SET data = zeroblob(length(data)) WHERE nodeno = 1",
    "PRAGMA user_version = 10200",
];

#[cfg(feature = "gpkg")]
#[test]
fn a_geopackage_that_was_only_opened_verifies_with_a_note_and_other_content_is_a_fault() {
    let round = SmallRound::made();
    let (out, path) = (round.out(), round.out().join("round.gpkg"));
    let sound = fs::read(&path).unwrap();
    let found = |what: &str| {
        let found = verify(&out).unwrap();
        assert_eq!(found.faults.len() + found.notes.len(), 1, "{what}: {found:?}");
        assert!([&found.faults, &found.notes].iter().any(|l| l.iter().any(|f| f.starts_with("round.gpkg"))), "{what}: {found:?}");
        found
    };
    let done = |sql: &str| rusqlite::Connection::open(&path).unwrap().execute_batch(sql).unwrap();
    let restore = || fs::write(&path, &sound).unwrap();
    // What QGIS leaves of a filter: two bytes of the header that say how the file is locked.
    let mut header = sound.clone();
    header[18..20].copy_from_slice(&[2, 2]);
    assert_eq!(&sound[18..20], [1, 1]);
    fs::write(&path, header).unwrap();
    assert_eq!(found("header").notes.len(), 1);
    let out_of = |args: &[&str]| String::from_utf8(round.chargegap(args).assert().success().get_output().stdout.clone()).unwrap();
    let text = out_of(&["verify", "out"]);
    assert!(
        text.contains("note     round.gpkg has other bytes and the same content") && text.contains("\nverified: out"),
        "{text}"
    );
    let json: Value = serde_json::from_str(&out_of(&["verify", "out", "--json"])).unwrap();
    assert!(json["ok"] == true && json["notes"].as_array().unwrap().len() == 1, "{json}");
    restore();
    // The same by SQLite itself, then everything moved to other pages; a trigger taken away and put back as it was.
    let trigger = "SELECT sql FROM sqlite_schema WHERE name = 'rtree_gaps_geom_delete'";
    let trigger: String = rusqlite::Connection::open(&path).unwrap().query_row(trigger, [], |r| r.get(0)).unwrap();
    for sql in ["PRAGMA journal_mode = WAL", "VACUUM", &format!("DROP TRIGGER rtree_gaps_geom_delete; {trigger}")] {
        done(sql);
        assert_ne!(fs::read(&path).unwrap(), sound);
        assert_eq!(found(sql).notes.len(), 1, "{sql}");
    }
    for sql in OTHER_CONTENT {
        restore();
        done(sql);
        assert_eq!(found(sql).faults, ["round.gpkg was changed: its fingerprint does not match"], "{sql}");
    }
    // Changes that are not in the file yet: its bytes are sound or nearly so, and who opens it sees other rows.
    restore();
    let open = rusqlite::Connection::open(&path).unwrap();
    open.execute_batch(&format!("PRAGMA journal_mode = WAL; {}", OTHER_CONTENT[0])).unwrap();
    let faults = verify(&out).unwrap().faults;
    assert_eq!(faults, ["round.gpkg-wal holds changes of round.gpkg: close it in the program that has it open"]);
    drop(open);
    restore();
    // A folder of an earlier version has no seal of the content, so its bytes decide.
    let forged = Forged(out.clone());
    forged.json("manifest.json", &|m| {
        let of = |f: &&mut Value| f["name"] == "round.gpkg";
        let entry = m["outputs"].as_array_mut().unwrap().iter_mut().find(of).unwrap();
        assert_eq!(entry.as_object_mut().unwrap().remove("content_sha256").unwrap().as_str().unwrap().len(), 64);
    });
    forged.seal();
    assert_eq!(verify(&out).unwrap().faults, [""; 0]);
    done("PRAGMA journal_mode = WAL");
    assert_eq!(found("no seal").faults, ["round.gpkg was changed: its fingerprint does not match"]);
}

/// Number in a cell, moved.
fn moved(by: f64) -> impl Fn(&str) -> String {
    move |cell| format!("{:.6}", cell.parse::<f64>().unwrap() + by)
}

/// What is done to a folder, and a fault that it must bring.
type Breach<'a> = (&'a dyn Fn(&Forged), &'a str);

/// Each change by itself, the folder sound again before the next.
fn breaches(changes: &[Breach<'_>]) {
    let round = SmallRound::made();
    let sound: Vec<(String, Vec<u8>)> =
        all_files(&round.out()).into_iter().map(|n| (n.clone(), fs::read(round.out().join(n)).unwrap())).collect();
    let forged = Forged(round.out());
    assert_eq!(forged.verified().faults, [""; 0], "sealed again, the sound folder is sound");
    for (change, want) in changes {
        change(&forged);
        let faults = forged.verified().faults;
        assert!(faults.iter().any(|f| f.contains(want)), "{want}: {faults:?}");
        sound.iter().for_each(|(name, bytes)| fs::write(round.out().join(name), bytes).unwrap());
    }
}

/// A change of one cell.
macro_rules! cell {
    ($file:literal, $by:literal = $value:literal, $column:literal, $edit:expr, $want:literal) => {
        (&|f: &Forged| f.cell($file, ($by, $value), $column, &$edit), $want)
    };
}

/// A change of one value of the manifest.
macro_rules! told {
    ($($key:literal).+ = $value:expr, $want:literal) => {
        (&|f: &Forged| f.json("manifest.json", &|m| { let v = &mut *m; $(let v = &mut v[$key];)+ *v = $value.into(); }), $want)
    };
}

#[test]
fn books_that_do_not_close_are_found() {
    let mm = 1e-6;
    // One millimetre in a row breaks that row; one moved from covered to gap keeps the row and breaks the sum of its classes.
    let shifted = |f: &Forged| {
        f.cell("ledger.csv", ("road_class", "trunk"), "gap_km", &moved(mm));
        f.cell("ledger.csv", ("road_class", "trunk"), "covered_km", &moved(-mm));
    };
    breaches(&[
        cell!(
            "ledger.csv",
            "county_code" = "120101",
            "road_km",
            moved(mm),
            "(120101, County 120101, charging, 2km) breaks the rule"
        ),
        (&shifted, "ledger.csv: the classes of county 110101 do not add up for charging"),
        cell!(
            "ledger.csv",
            "county_code" = "110102",
            "county_code",
            |_| "110109".to_owned(),
            "county 110109 is not in the ranking"
        ),
        cell!("figures.csv", "county_code" = "110103", "road_km_trunk", moved(mm), "road or gap of county 110103 at 2 km is not"),
        told!("balance_km"."read" = 1.0, "mm of road were read and"),
        told!("balance_km"."in_ledgers" = 1.0, "the ledgers hold"),
        told!("balance_km"."in_counties_without_rows" = 1.0, "mm are accounted for"),
    ]);
}

#[test]
fn a_layer_of_counties_that_says_otherwise_is_found() {
    let set = |f: &Forged, column: &'static str, value: Value| {
        f.json("counties.geojson", &|layer| {
            let of = |f: &&mut Value| f["properties"]["county_code"] == "120102";
            let feature = layer["features"].as_array_mut().unwrap().iter_mut().find(of).unwrap();
            assert!(feature["properties"].get(column).is_some(), "{column}");
            feature["properties"][column] = value.clone();
        });
    };
    breaches(&[
        (&|f| set(f, "rank", 77.into()), "rank of county 120102 is not what ranking.csv says"),
        (&|f| set(f, "score_0_100", 12.3.into()), "score_0_100 of county 120102 is not what ranking.csv says"),
        (&|f| set(f, "name", "Elsewhere".into()), "name of county 120102 is not what ranking.csv says"),
        (&|f| set(f, "road_km", 1.0.into()), "road_km of county 120102 is not what the ledger says"),
        (&|f| set(f, "charging_gap_km_beyond_2km", 999.0.into()), "charging_gap_km_beyond_2km of county 120102 is not"),
        (&|f| set(f, "selection", "none".into()), "selection of county 120102 is not what selection.csv says"),
        (&|f| set(f, "selected", Value::Null), "selected of county 120102 is not what selection.csv says"),
        (&|f| set(f, "county_code", "120109".into()), "county 120109 is not in ranking.csv"),
        (&|f| set(f, "county_code", "120101".into()), "county 120102 is not there once"),
    ]);
}

#[test]
fn what_a_run_has_is_checked_in_a_round_too() {
    let of_all = |by: f64| move |cell: &str| format!("{}", cell.parse::<f64>().unwrap() + by);
    let gone = |f: &Forged| {
        f.json("manifest.json", &|m| m["outputs"].as_array_mut().unwrap().retain(|o| o["name"] != "selection.csv"));
    };
    let no_lines = |f: &Forged| {
        f.json("gaps.geojson", &|layer| drop(layer["features"].as_array_mut().unwrap().remove(0)));
    };
    breaches(&[
        cell!("equity.csv", "county_code" = "all", "people_counted", of_all(1.0), "people_counted of the counties is"),
        cell!("equity.csv", "county_code" = "120101", "beyond_share", |_| "1.5".to_owned(), "breaks the rule: beyond_share"),
        cell!("trust.csv", "county_code" = "120101", "points", moved(1.0), "the points of county 120101 add up to"),
        cell!("lines.csv", "county_code" = "120101", "share_of_draws", |_| "-0.1".to_owned(), "breaks the rule: share_of_draws"),
        (&no_lines, "gaps.geojson: the lines of county"),
        // A value of another type, and an empty one, wherever it stands.
        cell!("provinces.csv", "province" = "11", "counties", |_| "3.0".to_owned(), "provinces.csv: row 1: counties is \"3.0\""),
        cell!("issues.csv", "issue" = "station_not_snapped", "layer", |_| String::new(), "issues.csv: row 1: layer is empty"),
        (&|f| f.text("why.csv", &|t| t.replacen("weight", "wight", 1)), "why.csv: its columns are not those of the dictionary"),
        (
            &|f| f.text("dictionary.csv", &|t| t.replacen("selection.csv,cost,cost,real", "selection.csv,cost,cost,text", 1)),
            "dictionary.csv: its columns of selection.csv are not those of the table",
        ),
        (&gone, "selection.csv is missing: every round folder has it"),
    ]);
}

#[test]
fn gap_lines_of_a_round_are_complete_or_not_called_so() {
    let round = SmallRound::made();
    let of = |key: &str| -> Value {
        let manifest: Value = serde_json::from_slice(&fs::read(round.out().join("manifest.json")).unwrap()).unwrap();
        manifest[key].clone()
    };
    let told = || of("gap_lines_written");
    let pair = |criterion: &str| serde_json::json!({ "service": "charging", "criterion": criterion });
    // Charging stations stand on the roads, and there is none for swap: lines of its gaps are not drawn.
    assert_eq!((told(), of("gaps_all_written")), (serde_json::json!([pair("2km")]), Value::Null));
    for (output, want) in [
        ("layers = [\"gaps\", \"gaps_all\"]\ngaps = \"all\"", serde_json::json!([pair("2km")])),
        ("layers = [\"gaps\"]\nshortest_gap_km = 3", Value::Null),
        ("layers = []", Value::Null),
    ] {
        fs::write(round.path("round.toml"), crate::small_round::ROUND.replace("layers = [\"gaps\"]", output)).unwrap();
        round.chargegap(&["round", "round.toml", "-o", "out", "-q", "--overwrite"]).assert().success();
        assert_eq!(verify(&round.out()).unwrap().faults, [""; 0], "{output}");
        assert_eq!(told(), want, "{output}");
        let all = if output.contains("gaps_all") { serde_json::json!([pair("2km"), pair("5km")]) } else { Value::Null };
        assert_eq!(of("gaps_all_written"), all, "{output}");
    }
}

#[test]
fn a_selection_that_does_not_follow_is_found() {
    let no = |_: &str| "false".to_owned();
    let yes = |_: &str| "true".to_owned();
    let other = |_: &str| "no_place_left".to_owned();
    // Sold: a county below is selected in the place of one above it, both in the table and in its words.
    let swapped = |f: &Forged| {
        f.cell("selection.csv", ("selected", "true"), "selected", &no);
        f.cell("selection.csv", ("rank", "6"), "selected", &yes);
    };
    breaches(&[
        cell!(
            "selection.csv",
            "rank" = "1",
            "county_code",
            |_| "999999".to_owned(),
            "county 999999 stands where the ranking has"
        ),
        cell!("selection.csv", "rank" = "2", "rank", |_| "3".to_owned(), "selection.csv: rank of county"),
        cell!("selection.csv", "rank" = "1", "selected", no, "1 counties are selected, and the manifest says 2"),
        cell!("selection.csv", "rank" = "6", "selection", other, "does not follow from the ranking by selection.asked"),
        cell!("selection.csv", "rank" = "1", "cost", moved(0.01), "the selected cost 9000.01, and the budget is 9000"),
        cell!("selection.csv", "rank" = "6", "budget_left_before", moved(1.0), "selection.csv: budget_left_before of county"),
        cell!("selection.csv", "rank" = "6", "points_short", moved(0.1), "selection.csv: points_short of county"),
        cell!("selection.csv", "rank" = "1", "rank_in_province", moved(1.0), "rank_in_province"),
        cell!(
            "selection.csv",
            "rank" = "1",
            "province",
            |_| "13".to_owned(),
            "1 of province 13 are selected, and its quota is 0"
        ),
        cell!("selection.csv", "rank" = "1", "why_zh", |_| String::new(), "selection.csv: why_zh of county"),
        (&swapped, "selection.csv: selected of county"),
        told!("selection"."selected" = 3, "2 counties are selected, and the manifest says 3"),
        told!("selection"."spent" = 4500.0, "the selected cost 9000, and the manifest says 4500"),
        told!("selection"."asked"."budget" = 4500.0, "the selected cost 9000, and the budget is 4500"),
        told!("selection"."asked"."places" = 1, "2 are selected for 1 places"),
        told!("selection"."asked" = "anything", "the folder does not say how counties were selected"),
    ]);
}

#[test]
fn provinces_and_shards_that_do_not_add_up_are_found() {
    let cut = |f: &Forged| f.text("shards.csv", &|t| t.lines().take(6).map(|l| format!("{l}\n")).collect());
    let turned = |cell: &str| if cell.starts_with('0') { cell.replacen('0', "1", 1) } else { format!("0{}", &cell[1..]) };
    breaches(&[
        cell!("provinces.csv", "province" = "11", "counties", |_| "4".to_owned(), "counties of province 11 is not what"),
        cell!("provinces.csv", "province" = "11", "ranked", |_| "2".to_owned(), "ranked of province 11 is not what"),
        cell!("provinces.csv", "province" = "12", "quota", |_| "9".to_owned(), "quota of province 12 is not what"),
        cell!("provinces.csv", "province" = "12", "funded", |_| "9".to_owned(), "funded of province 12 is not what"),
        cell!("provinces.csv", "province" = "12", "places_used", |_| "9".to_owned(), "places_used of province 12 is not what"),
        cell!("provinces.csv", "province" = "12", "cost", moved(1.0), "cost of province 12 is not what"),
        cell!("provinces.csv", "province" = "12", "best_rank", |_| "6".to_owned(), "best_rank of province 12 is not what"),
        cell!(
            "provinces.csv",
            "province" = "12",
            "last_selected_score",
            |_| "1".to_owned(),
            "last_selected_score of province 12"
        ),
        cell!("provinces.csv", "province" = "12", "road_km", moved(1e-6), "road_km of province 12 is not what"),
        cell!("provinces.csv", "province" = "11", "charging_gap_km", moved(1e-6), "charging_gap_km of province 11 is not what"),
        cell!("provinces.csv", "province" = "11", "province", |_| "13".to_owned(), "province 11 is missing"),
        cell!("shards.csv", "county_code" = "120103", "roads_sha256", turned, "county 120103 is not that of its parts"),
        cell!("shards.csv", "county_code" = "120103", "rows_sha256", turned, "do not make all_sha256"),
        cell!(
            "shards.csv",
            "county_code" = "110101",
            "rows_sha256",
            |_| "F00".to_owned(),
            "\"F00\" of county 110101 is no fingerprint"
        ),
        cell!("shards.csv", "county_code" = "110101", "county_code", |_| "110100".to_owned(), "one row a county"),
        (&cut, "one row a county, by code; see county 120103"),
        told!("shards"."failed" = 1, "there are 0 failed, and the manifest says 1"),
    ]);
}

/// Makes counties of the round again, with a seed of the tests'.
fn again(round: &SmallRound, counties: usize) -> chargegap::internals::error::Result<Findings> {
    let file = round.path("round.toml");
    recompute(&round.out(), &Recomputation { round: &file, counties, seed: Some(3) }, &|_| {})
}

#[test]
fn counties_made_again_are_the_same_until_an_input_changes() {
    let round = SmallRound::made();
    // The work folder is not needed, and what it holds is not believed.
    fs::remove_dir_all(round.path("out-work")).unwrap();
    let found = again(&round, 6).unwrap();
    assert_eq!(found.faults, [""; 0]);
    assert!(found.checked.iter().any(|c| c == "seed 3 takes 6 of 6 counties: 110101, 110102, 110103, 120101, 120102, 120103"));
    // A station of 12 moves in the far corner: its county is named with stations and rows, and the county at the other end, 40 km
    // off, is not named; neither are roads.
    let file = "12/stations.csv";
    let before = fs::read_to_string(round.path(file)).unwrap();
    round.edit(file, |t| t + "new,0.585,0.185,charging,8,120,public,open\n");
    let faults = again(&round, 6).unwrap().faults;
    let has = |want: &str| faults.iter().any(|f| f == want);
    assert!(has("input 12/stations.csv was changed after the round: its SHA-256 is another"), "{faults:?}");
    assert!(has("county 120103, made again, differs from the round in stations, rows"), "{faults:?}");
    assert!(!faults.iter().any(|f| f.contains("110101") || f.contains("roads")), "{faults:?}");
    // One county of six, by the seed: the other five are not looked at.
    let one = again(&round, 1).unwrap();
    assert!(one.checked.iter().any(|c| c.starts_with("seed 3 takes 1 of 6 counties")));
    assert!(one.faults.iter().filter(|f| f.starts_with("county ")).count() <= 1);
    fs::write(round.path(file), before).unwrap();
    // A settlement concerns its own county only; a road that has another name, all that reach it.
    round.edit("11/settlements.csv", |t| t + "new,New,0.5,0.05,10,town\n");
    let faults = again(&round, 6).unwrap().faults;
    assert_eq!(
        faults.iter().filter(|f| f.starts_with("county ")).collect::<Vec<_>>(),
        ["county 110103, made again, differs from the round in settlements, rows"]
    );
    round.edit("11/roads.geojson", |t| t.replacen("trunk", "primary", 1));
    let faults = again(&round, 6).unwrap().faults;
    assert!(faults.iter().any(|f| f.starts_with("county 110101,") && f.ends_with(" roads, rows")), "{faults:?}");
    round.edit("12/counties.geojson", |t| t.replace("120103", "120104"));
    let faults = again(&round, 1).unwrap().faults;
    assert!(faults.iter().any(|f| f == "county 120104 takes part now, and did not in the round"), "{faults:?}");
    assert!(faults.iter().any(|f| f == "county 120103 took part in the round, and does not now"), "{faults:?}");
}

#[test]
fn what_cannot_be_made_again_is_said() {
    let round = SmallRound::made();
    let ok = ["verify", "out", "--recompute", "2", "--round", "round.toml", "--seed", "4", "--threads", "2"];
    let said = |args: &[&str], code: i32| {
        let out = round.chargegap(args).assert().code(code).get_output().clone();
        String::from_utf8(out.stdout).unwrap() + &String::from_utf8(out.stderr).unwrap()
    };
    let text = said(&ok, 0);
    assert!(text.contains("seed 4 takes 2 of 6 counties") && text.contains("verified: out"), "{text}");
    assert!(said(&["verify", "out", "--recompute", "2"], 2).contains("--round"));
    // Another round file, if only by a comment, is another round.
    round.edit("round.toml", |t| t + "# later\n");
    let text = said(&ok, 1);
    assert!(text.contains("not the round file of the folder") && text.contains("give --round round.toml"), "{text}");
    round.edit("round.toml", |t| t.replace("# later\n", ""));
    // A ranking made from the round is no round, and is never put in the place of one.
    said(&["rank", "out", "-q", "-o", "ranked"], 0);
    said(&["verify", "ranked"], 0);
    assert!(said(&["diff", "out", "ranked"], 0).contains("nothing differs"));
    let no_round = ["verify", "ranked", "--recompute", "2", "--round", "round.toml"];
    assert!(said(&no_round, 2).contains("this is a ranking folder, and only rounds can be recomputed"));
    assert!(said(&["rank", "ranked", "-q", "-o", "out", "--overwrite"], 2).contains("the output is a round folder"));
    // Of another version the fingerprints are others throughout: it is named.
    let forged = Forged(round.out());
    forged.json("manifest.json", &|m| m["chargegap_version"] = "0.2.0".into());
    assert_eq!(forged.verified().faults, [""; 0]);
    assert!(said(&ok, 1).contains("use chargegap 0.2.0"));
    // A folder that is not sound is not worth the work.
    forged.cell("selection.csv", ("rank", "1"), "cost", &moved(1.0));
    forged.seal();
    assert!(said(&ok, 1).contains("no county was made again"));
}

#[test]
fn stored_folders_of_every_format_are_read_and_later_formats_name_their_version() {
    let dir = tempfile::tempdir().unwrap();
    let stored = [
        ("round-format-1", 6),
        ("run-format-1", 2),
        ("round-format-2", 6),
        ("run-format-2", 3),
        ("ranking-format-2", 3),
        ("round-format-3", 6),
        ("run-format-3", 3),
        ("ranking-format-3", 3),
    ];
    // Who raises the format keeps a folder of the one before: see CONTRIBUTING.md.
    for format in OLDEST_FORMAT..FORMAT_VERSION {
        assert!(stored.iter().any(|(name, _)| *name == format!("round-format-{format}")), "format {format}");
    }
    for (name, counties) in stored {
        let stored = root().join("tests/golden").join(name);
        let found = verify(&stored).unwrap();
        assert!(found.faults.is_empty() && found.foreign.is_empty(), "{name}: {found:?}");
        // each rule has something to look at
        assert!(found.checked.iter().any(|c| c.starts_with("every value of ")), "{found:?}");
        let folder = Finished::open(&stored).unwrap();
        assert_eq!(Stored::read(&folder).unwrap().evidence.units.len(), counties);
        let again = dir.path().join(name);
        crate::toy::chargegap().args(["rank", "-q"]).arg(&stored).arg("-o").arg(&again).assert().success();
        crate::toy::chargegap().arg("verify").arg(&again).assert().success();
        let compared =
            crate::toy::chargegap().arg("diff").arg(&stored).arg(&again).assert().success().get_output().stdout.clone();
        // a ranking selects nobody, so of a round the rules of selection are told as gone
        let says = String::from_utf8(compared).unwrap();
        assert!(says.contains("nothing differs") || says.contains("no county differs"), "{name}: {says}");
    }
    // What changed between two rounds has no ranking of its own; it is read and checked.
    for (name, checks) in [("diff-format-2", 3), ("diff-format-3", 4)] {
        let found = verify(&root().join("tests/golden").join(name)).unwrap();
        assert!(found.faults.is_empty() && found.foreign.is_empty() && found.checked.len() == checks, "{found:?}");
    }
    // Formats are compared with each other too.
    let [first, second, third] = [1, 2, 3].map(|n| root().join(format!("tests/golden/round-format-{n}")));
    for both in [[first, second.clone()], [second, third]] {
        crate::toy::chargegap().arg("diff").args(both).assert().success();
    }
    let stored = root().join("tests/golden/round-format-1");
    let copy = dir.path().join("later");
    fs::create_dir(&copy).unwrap();
    for name in all_files(&stored) {
        fs::copy(stored.join(&name), copy.join(&name)).unwrap();
    }
    let forged = Forged(copy.clone());
    for (version, says) in [(FORMAT_VERSION + 1, format!("format {},", FORMAT_VERSION + 1)), (0, "format 0,".to_owned())] {
        forged.json("manifest.json", &|m| (m["format_version"], m["chargegap_version"]) = (version.into(), "9.8.7".into()));
        forged.seal();
        for err in [verify(&copy).unwrap_err(), Finished::open(&copy).unwrap_err()] {
            let text = err.to_string();
            assert!(err.exit_code() == 1 && text.contains(&says) && text.contains("use chargegap 9.8.7"), "{text}");
        }
        let refused = recompute(&copy, &Recomputation { round: Path::new("none.toml"), counties: 1, seed: None }, &|_| {});
        assert!(refused.unwrap_err().to_string().contains("9.8.7"));
    }
}
