//! `init`: a folder of any files becomes a region file that says what it found.

use crate::cases::{Said, case, checked, says};
use crate::messages_zh::english_left;
use crate::toy::{Toy, contents, counties, county, road, roads};
use crate::workbook::{ods, xlsx};
use serde_json::Value;
use std::fs;
use std::path::Path;

/// Copies a case into a folder that may be written to.
fn copied(name: &str) -> Option<tempfile::TempDir> {
    let folder = case(name)?;
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("data")).unwrap();
    for file in fs::read_dir(&folder).unwrap() {
        let file = file.unwrap();
        if file.path().is_file() {
            fs::write(dir.path().join("data").join(file.file_name()), fs::read(file.path()).unwrap()).unwrap();
        }
    }
    Some(dir)
}

/// The layers of the toy region in a folder `data`, without a region file.
fn toy() -> Toy {
    let toy = Toy::new();
    fs::create_dir(toy.path("data")).unwrap();
    for name in ["roads.geojson", "counties.geojson", "stations.csv", "settlements.csv"] {
        fs::rename(toy.path(name), toy.path("data").join(name)).unwrap();
    }
    fs::remove_file(toy.path("region.toml")).unwrap();
    toy
}

fn proposed(folder: &Path) -> String {
    fs::read_to_string(folder.join("region.toml")).unwrap()
}

/// `init data`, which has to succeed, and the text of the file.
fn init(folder: &Path) -> (Said, String) {
    let said = says(folder, &["init", "data"]);
    said.with(0, &["Written: region.toml"]);
    (said, proposed(folder))
}

#[track_caller]
fn holds(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "\"{part}\" is missing in:\n{text}");
    }
}

#[test]
fn the_bureaus_folder_runs_at_the_second_attempt() {
    let Some(dir) = copied("40-bureau") else { return };
    let (said, text) = init(dir.path());
    holds(
        &text,
        &[
            "#:schema ./region.schema.json\n",
            "path = \"data/roads.shp\"\n",
            "coordinates: CGCS2000 3 Degree GK CM 108E (file)",
            "class = \"技术等级\"",
            "\"村道\" = \"local\"   # 4325 lines\n",
            "\"高速公路\" = \"motorway\"   # 158 lines\n",
            "path = \"data/县界.geojson\"\n",
            "code = \"区划代码\"",
            "path = \"data/stations.xlsx\"\n",
            "Not taken: data/stations.csv (the same 112 places",
            "Not taken: data/stations.xls, sheet 台账 (the same 112 places",
            "total_kw = \"总功率(kW)\"",
            // 113 stations: every word with its count, those without a position too.
            "充电站 105 -> charging; 换电站 6 -> swap; 充换电站 2 -> charging and swap",
            "公共 107 -> public; 专用 6 -> private",
            "运营 110 -> open; 规划 3 -> planned",
            "# datum = \"gcj02\"\n",
            "# max_refused_share = 0.02\n",
            "path = \"data/townships.xlsx\"\n",
        ],
    );
    said.with(0, &["1. the stations look shifted", "2. 2 of 113 records of stations are refused"]);
    // First attempt: all that is open, in one list.
    let first = says(dir.path(), &["check", "region.toml"]);
    first.with(
        1,
        &["  1. a run stops at this: the stations look shifted", "  2. a run stops at this: 2 of 113 records of stations"],
    );
    // Both decided: the second attempt is right. 113 less one without and one with a swapped position, 3 planned and 6 private are 102.
    let decided = text.replace("# datum =", "datum =").replace("# max_refused_share =", "max_refused_share =");
    fs::write(dir.path().join("region.toml"), decided).unwrap();
    let run = says(dir.path(), &["run", "region.toml", "-o", "out"]);
    run.with(0, &["12 counties, 102 stations used of 111 read, 387 settlements"]);
}

#[test]
fn a_clean_folder_runs_at_once_and_the_proposal_is_the_same_every_time() {
    let toy = toy();
    let (said, text) = init(toy.dir.path());
    said.without(&["To decide"]);
    holds(
        &text,
        &["path = \"data/roads.geojson\"", "\"trunk\" = \"trunk\"   # 1 lines", "charging 1 -> charging; swap 1 -> swap"],
    );
    says(toy.dir.path(), &["check", "region.toml"]).with(0, &["no issues"]);
    says(toy.dir.path(), &["run", "region.toml", "-o", "out", "-q"]).with(0, &[]);
    says(toy.dir.path(), &["init", "data", "-o", "again.toml", "-q"]).with(0, &[]);
    assert_eq!(fs::read_to_string(toy.path("again.toml")).unwrap(), text.replace("region.toml", "again.toml"));
}

#[test]
fn nothing_is_replaced() {
    let toy = toy();
    init(toy.dir.path());
    toy.put("region.schema.json", "mine");
    let before = contents(toy.dir.path());
    says(toy.dir.path(), &["init", "data"]).with(2, &["there is such a file, and init replaces none", "region.toml"]);
    assert_eq!(contents(toy.dir.path()), before);
    says(toy.dir.path(), &["init", "data", "-o", "other.toml"]).with(0, &["Written: other.toml"]);
    assert_eq!(fs::read_to_string(toy.path("region.schema.json")).unwrap(), "mine");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("nowhere", toy.path("link.toml")).unwrap();
        says(toy.dir.path(), &["init", "data", "-o", "link.toml"]).with(2, &["init replaces none"]);
    }
}

#[test]
fn paths_are_seen_from_the_region_file() {
    let toy = toy();
    fs::create_dir(toy.path("regions")).unwrap();
    says(toy.dir.path(), &["init", "data", "-o", "regions/a.toml"]).with(0, &["chargegap check regions/a.toml"]);
    holds(&fs::read_to_string(toy.path("regions/a.toml")).unwrap(), &["path = \"../data/roads.geojson\""]);
    says(toy.dir.path(), &["check", "regions/a.toml"]).with(0, &["no issues"]);
    let printed = says(toy.dir.path(), &["init", "data/roads.geojson", "data/counties.geojson", "data/stations.csv", "-o", "-"]);
    printed.with(0, &["[roads]", "No settlements and no raster of people were found"]);
    assert!(!toy.path("region.toml").exists());
}

#[test]
fn words_that_nobody_knows_are_left_to_decide() {
    let toy = toy();
    fs::write(
        toy.path("data/roads.geojson"),
        roads(&[road("r1", "trunk", "T1", &[0.0, 0.05, 0.1, 0.15, 0.2]), road("r2", "Feld\\\"weg", "F", &[0.0, 0.001])]),
    )
    .unwrap();
    fs::write(
        toy.path("data/stations.csv"),
        "id,lon,lat,kind,points,access,status\ns1,0.05,0.0001,charging,4,public,mothballed\ns2,0.15,0.0001,petrol,1,public,open\n",
    )
    .unwrap();
    let (said, text) = init(toy.dir.path());
    holds(
        &text,
        &["# \"Feld\\\"weg\" = \"exclude\"   # 1 lines: not known", "petrol 1 -> NOT KNOWN", "mothballed 1 -> NOT KNOWN"],
    );
    said.with(
        0,
        &["[roads] class has words that are not known: Feld\"weg (1)", "[stations] status has words that are not known"],
    );
    says(toy.dir.path(), &["check", "region.toml"]).with(0, &["unknown_class"]);
}

#[test]
fn tables_are_told_apart_by_what_they_hold() {
    let toy = toy();
    let people: &[&[&str]] =
        &[&["People"], &["区划代码", "县名", "常住人口", "GDP"], &["0101", "甲", "#1000", "#5"], &["0102", "乙", "#2000", "#6"]];
    fs::write(toy.path("data/people.xlsx"), xlsx(&[("Notes", &[&["by the bureau"]]), ("2020", people)], &[])).unwrap();
    let walk: &[&[&str]] = &[&["old_code", "new_code"], &["0100", "0101"]];
    fs::write(toy.path("data/walk.ods"), ods(&[("w", walk)])).unwrap();
    fs::write(toy.path("data/apply.csv"), "code,name\n0101,West\n").unwrap();
    fs::write(toy.path("data/pop.tif"), b"II*\0\x08\0\0\0").unwrap();
    let said = says(toy.dir.path(), &["init", "data", "--json"]);
    assert_eq!(said.exit, 0, "{}", said.all());
    let facts: Value = serde_json::from_str(&said.out).unwrap();
    let of = |role: &str| -> Vec<String> {
        let all = facts["layers"].as_array().unwrap();
        let files = all.iter().filter(|l| l["role"] == role).flat_map(|l| l["files"].as_array().unwrap().clone());
        files.map(|f| f.as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(of("county_table"), ["data/people.xlsx, sheet 2020", "data/walk.ods, sheet w"]);
    assert_eq!(of("regions"), ["data/apply.csv"]);
    assert_eq!(of("population"), ["data/pop.tif"]);
    let text = proposed(toy.dir.path());
    holds(
        &text,
        &[
            "sheet = \"2020\"\n",
            "crosswalk = \"data/walk.ods\"\n",
            "may name: GDP",
            "data/apply.csv (1 rows) is a list of counties",
            "[population]\npath = \"data/pop.tif\"",
        ],
    );
    // The sheet of notes and the broken raster are told of, the one as not used, the other as what stops a run.
    holds(&text, &["data/people.xlsx, sheet Notes:"]);
    assert!(!facts["to_decide"].as_array().unwrap().is_empty(), "{facts}");
}

#[test]
fn files_of_one_layer_are_put_together_and_others_are_named() {
    let toy = toy();
    fs::write(toy.path("data/roads2.geojson"), roads(&[road("r2", "primary", "P", &[0.0, 0.01])])).unwrap();
    fs::write(
        toy.path("data/lines.geojson"),
        r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"volt":110},"geometry":{"type":"LineString","coordinates":[[0,0],[0.1,0]]}}]}"#,
    )
    .unwrap();
    fs::write(toy.path("data/provinces.geojson"), counties(&[county("01", "All", 0.0, 0.2)]).replace("\"name\"", "\"title\""))
        .unwrap();
    let (_, text) = init(toy.dir.path());
    holds(
        &text,
        &[
            "path = [\"data/roads.geojson\", \"data/roads2.geojson\"]",
            "Not taken: data/lines.geojson (1 records with other columns",
            "Not taken: data/provinces.geojson",
        ],
    );
    says(toy.dir.path(), &["check", "region.toml"]).with(0, &["no issues"]);
}

#[test]
fn copies_and_parts_of_a_layer_are_taken_once() {
    let toy = toy();
    // The roads as CSV with well-known text, the counties under another name, and the first of two stations alone.
    fs::write(toy.path("data/roads.csv"), "id,class,wkt\nr1,trunk,\"LINESTRING(0 0,0.05 0,0.1 0,0.15 0,0.2 0)\"\n").unwrap();
    fs::copy(toy.path("data/counties.geojson"), toy.path("data/borders.json")).unwrap();
    fs::write(toy.path("data/some.csv"), "id,name,lon,lat,kind,points\ns1,One,0.05,0.0001,charging,4\n").unwrap();
    let (_, text) = init(toy.dir.path());
    holds(
        &text,
        &[
            "Not taken: data/roads.csv (the same 1 places as in data/roads.geojson)",
            "Not taken: data/counties.geojson (the same 2 places as in data/borders.json)",
            "Not taken: data/some.csv (its 1 places are among the 2 of data/stations.csv)",
        ],
    );
    says(toy.dir.path(), &["check", "region.toml"]).with(0, &["no issues"]);
}

#[test]
fn lists_of_classes_mean_the_highest() {
    let toy = toy();
    let list = road("r2", "['residential', 'primary']", "P", &[0.0, 0.01]);
    fs::write(toy.path("data/roads.geojson"), roads(&[road("r1", "trunk", "T1", &[0.0, 0.05, 0.1, 0.15, 0.2]), list])).unwrap();
    let (said, text) = init(toy.dir.path());
    holds(&text, &["\"['residential', 'primary']\" = \"primary\"   # 1 lines"]);
    said.without(&["To decide"]);
    says(toy.dir.path(), &["check", "region.toml"]).with(0, &["no issues"]);
}

#[test]
fn registers_are_read_by_their_rules() {
    let toy = toy();
    fs::write(
        toy.path("data/stations.csv"),
        "id_station_itinerance,id_pdc_itinerance,nom_station,nbre_pdc,puissance_nominale,consolidated_longitude,consolidated_latitude,condition_acces\n\
         FRS1,FRE1,Gare,1,22,0.05,0.0001,Accès libre\nFRS2,FRE2,Lac,1,22,0.15,0.0001,Accès libre\n",
    )
    .unwrap();
    let (_, text) = init(toy.dir.path());
    holds(&text, &["Its columns are those of IRVE", "# condition_acces: Accès libre 2"]);
    assert!(!text.contains("[stations.fields]"), "{text}");
    says(toy.dir.path(), &["check", "region.toml"]).with(0, &["format_by_content"]);
}

#[test]
fn what_is_missing_is_the_first_thing_to_decide() {
    let toy = toy();
    fs::remove_file(toy.path("data/stations.csv")).unwrap();
    fs::remove_file(toy.path("data/counties.geojson")).unwrap();
    let (said, text) = init(toy.dir.path());
    said.with(0, &["1. no file of county borders", "2. no file of stations"]);
    holds(&text, &["# 1. no file of county borders", "[settlements]"]);
}

#[test]
fn a_folder_without_layers_is_refused_with_the_reasons() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("data")).unwrap();
    says(dir.path(), &["init", "data"]).with(1, &["there is no data file to look at"]);
    fs::write(dir.path().join("data/a.csv"), "x,y2\n1,2\n").unwrap();
    fs::write(dir.path().join("data/b.bin"), b"\0\x01\x02").unwrap();
    fs::write(dir.path().join("data/c.csv"), "").unwrap();
    says(dir.path(), &["init", "data"])
        .with(1, &["nothing here could be a layer of a region", "data/b.bin: the file is a binary"]);
    says(dir.path(), &["init", "nowhere"]).with(1, &["nowhere"]);
    assert!(!dir.path().join("region.toml").exists());
}

#[test]
fn names_and_values_cannot_break_out_of_the_file() {
    let toy = toy();
    let odd = "da\"ta]\nx = 1 # \u{202e}.csv";
    if cfg!(unix) {
        fs::rename(toy.path("data/stations.csv"), toy.path("data").join(odd)).unwrap();
    }
    fs::write(toy.path("data/settlements.csv"), "name,lon,lat,population,\"a\n[osm]\"\n\"]\n[osm]\npath = 1\",0.01,0.0001,5,z\n")
        .unwrap();
    let (_, text) = init(toy.dir.path());
    assert!(!text.lines().any(|l| l.starts_with("[osm]") || l.starts_with("x = 1")), "{text}");
    let report = checked(toy.dir.path(), "region.toml");
    assert_ne!(report["error"]["exit_code"], 2, "{report}");
}

#[test]
fn finished_folders_and_sidecars_are_not_looked_at() {
    let toy = toy();
    init(toy.dir.path());
    says(toy.dir.path(), &["run", "region.toml", "-o", "data/out", "-q"]).with(0, &[]);
    fs::write(toy.path("data/notes.md"), "x").unwrap();
    fs::write(toy.path("data/.hidden.csv"), "x").unwrap();
    let said = says(toy.dir.path(), &["init", "data", "-o", "again.toml"]);
    said.with(0, &["Written: again.toml"]).without(&["data/out", "notes.md", ".hidden"]);
}

#[test]
fn what_is_not_opened_is_named_and_parts_of_shapefiles_are_no_files() {
    let Some(dir) = copied("40-bureau") else { return };
    let data = dir.path().join("data");
    fs::write(data.join("more.zip"), b"PK\x03\x04").unwrap();
    fs::write(data.join("report.pdf"), b"%PDF-1.7").unwrap();
    let words = ["data/more.zip: an archive: unpack it", "data/report.pdf: a document"];
    says(dir.path(), &["init", "data"]).with(0, &words).without(&["roads.dbf", "roads.prj", "roads.cpg", "roads.shx"]);
    // As the shell gives `data/*`.
    let mut files: Vec<String> =
        fs::read_dir(&data).unwrap().map(|f| format!("data/{}", f.unwrap().file_name().to_string_lossy())).collect();
    files.sort();
    let args: Vec<&str> = ["init", "-o", "two.toml"].into_iter().chain(files.iter().map(String::as_str)).collect();
    says(dir.path(), &args).with(0, &words).without(&["roads.dbf", "roads.prj"]);
    let text = |name: &str| fs::read_to_string(dir.path().join(name)).unwrap();
    assert_eq!(text("two.toml"), text("region.toml").replace("region.toml", "two.toml"));
}

#[test]
fn an_extract_of_openstreetmap_is_a_region() {
    let toy = toy();
    let osm = "<?xml version='1.0'?><osm version=\"0.6\"><node id=\"1\" lat=\"0\" lon=\"0\"/></osm>";
    fs::remove_dir_all(toy.path("data")).unwrap();
    fs::create_dir(toy.path("data")).unwrap();
    fs::write(toy.path("data/x.osm"), osm).unwrap();
    let (said, text) = init(toy.dir.path());
    holds(&text, &["[osm]\npath = \"data/x.osm\"   # OSM XML", "# admin_level = 6"]);
    said.with(0, &["To decide"]); // it holds no boundary
}

#[test]
fn summary_and_comments_come_in_chinese_too() {
    let toy = toy();
    says(toy.dir.path(), &["init", "data", "--lang", "zh"]).with(0, &["条记录", "已写入 region.toml"]);
    holds(&proposed(toy.dir.path()), &["language = \"zh\"", "# 由 `chargegap init`", "# 格式：", "条中有"]);
    says(toy.dir.path(), &["check", "region.toml"]).with(0, &["no issues"]);
    // The bureau's folder has most kinds of comment; the machine's own language changes none of them.
    let Some(dir) = copied("40-bureau") else { return };
    fs::write(dir.path().join("data/more.zip"), b"PK\x03\x04").unwrap();
    says(dir.path(), &["init", "data", "--lang", "zh"]).with(0, &[]);
    let text = proposed(dir.path());
    for line in text.lines().filter(|l| l.starts_with("# ")) {
        assert_eq!(english_left(line), None, "{line}");
    }
    holds(&text, &["# 需要确认（按顺序）：", "压缩包：请先解压", "未采用：data/stations.csv（", "请去掉下一行的 #"]);
    let plain = |text: &str| {
        text.lines()
            .filter(|l| !l.starts_with('#') && !l.contains("   #") && !l.starts_with("language"))
            .collect::<Vec<_>>()
            .join("\n")
    };
    let (_, english) = {
        fs::remove_file(dir.path().join("region.toml")).unwrap();
        init(dir.path())
    };
    assert_eq!(plain(&text), plain(&english));
}

#[test]
fn an_original_goes_before_its_copies_and_they_are_named() {
    let toy = toy();
    let data = |name: &str| toy.path("data").join(name);
    // More records than the original, the same columns with other places, and the lock of an open workbook.
    let more = roads(&[road("r1", "trunk", "T1", &[0.0, 0.05, 0.1, 0.15, 0.2]), road("r0", "primary", "P", &[0.0, 0.01])]);
    fs::write(data("a roads_backup.geojson"), more).unwrap();
    let csv = fs::read_to_string(data("stations.csv")).unwrap();
    fs::write(data("stations (1).csv"), csv.replace("0.05", "0.06").replace("0.15", "0.16")).unwrap();
    fs::copy(data("settlements.csv"), data("settlements - 副本.csv")).unwrap();
    fs::write(data("~$stations.xlsx"), b"x").unwrap();
    let (said, text) = init(toy.dir.path());
    holds(
        &text,
        &[
            "path = \"data/roads.geojson\"\n",
            "path = \"data/stations.csv\"\n",
            "path = \"data/settlements.csv\"\n",
            "Not taken: data/a roads_backup.geojson (a copy of another file by its name",
            "Not taken: data/stations (1).csv (a copy of another file by its name",
            "Not taken: data/settlements - 副本.csv (the same 2 places as in data/settlements.csv)",
        ],
    );
    said.with(0, &["~$stations.xlsx: the lock of a workbook"]);
    says(toy.dir.path(), &["check", "region.toml"]).with(0, &["no issues"]);
    // one that is alone is taken
    fs::remove_file(data("roads.geojson")).unwrap();
    fs::remove_file(toy.path("region.toml")).unwrap();
    holds(&init(toy.dir.path()).1, &["path = \"data/a roads_backup.geojson\"\n"]);
}

#[cfg(unix)]
#[test]
fn links_in_circles_end_and_each_folder_is_looked_at_once() {
    use std::os::unix::fs::symlink;
    let toy = toy();
    let data = |name: &str| toy.path("data").join(name);
    fs::create_dir(data("z")).unwrap();
    fs::rename(data("settlements.csv"), data("z/settlements.csv")).unwrap();
    symlink(".", data("a-circle")).unwrap();
    symlink("../..", data("z/up")).unwrap();
    symlink("z", data("b")).unwrap();
    symlink("stations.csv", data("a-stations.csv")).unwrap();
    symlink("nowhere", data("broken")).unwrap();
    let (said, text) = init(toy.dir.path());
    holds(&text, &["path = \"data/z/settlements.csv\"\n", "path = \"data/stations.csv\"\n", "path = \"data/roads.geojson\"\n"]);
    assert!(!text.contains("Not taken"), "{text}");
    let links = ["data/a-circle: a link to what", "data/b: a link to what", "data/a-stations.csv: a link to what"];
    said.with(0, &links);
    // files that are linked in from elsewhere are files
    fs::remove_file(data("z/up")).unwrap();
    fs::rename(data("stations.csv"), toy.path("far.csv")).unwrap();
    fs::remove_file(data("a-stations.csv")).unwrap();
    symlink("../far.csv", data("stations.csv")).unwrap();
    fs::remove_file(toy.path("region.toml")).unwrap();
    holds(&init(toy.dir.path()).1, &["path = \"data/stations.csv\"\n"]);
}

#[test]
fn the_schema_is_printed_for_both_files() {
    let dir = tempfile::tempdir().unwrap();
    for (args, key) in [
        (&["init", "--schema"][..], "county_table"),
        (&["init", "--schema", "region"], "roads"),
        (&["init", "--schema", "round"], "select"),
    ] {
        let said = says(dir.path(), args);
        let schema: Value = serde_json::from_str(&said.out).unwrap();
        assert!(schema["properties"][key].is_object(), "{args:?}");
        assert_eq!(schema["additionalProperties"], false);
    }
    says(dir.path(), &["init"]).with(2, &["FILES"]);
}
