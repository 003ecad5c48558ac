//! Region and round files as people write them on their machines.

use crate::cases::{case, says};
use crate::toy::{REGION, Toy};

#[test]
fn every_file_of_case_13_is_read_or_told_what_is_wrong_with_it() {
    let Some(folder) = case("13-config") else { return };
    for (name, exit, words) in [
        ("bom", 0, &["5 files read"][..]),
        ("crlf", 0, &["5 files read"]),
        ("utf16", 0, &["5 files read"]),
        ("gbk", 1, &["not in UTF-8; as GBK this line is: name = \"", "gbk.toml:2", "save it as UTF-8"]),
        ("latin1", 1, &["as Windows-1252 (Latin-1) this line is: name = \"Prüfung\"", "latin1.toml:2"]),
        ("backslash", 2, &["a \\ in double quotes begins a special sign", "backslash.toml:8:13", "write the path with /"]),
        (
            "backslash2",
            2,
            &[
                "\"data\\stations.csv\" is written with \\",
                "backslash2.toml:8:8, field \"stations.path\"",
                "write it with /: \"data/stations.csv\"",
            ],
        ),
        ("literal", 2, &["is written with \\", "write it with /: \"data/stations.csv\""]),
        ("smart", 2, &["“ means nothing in this file", "smart.toml:8:8"]),
        ("tilde", 2, &["~ is a word of the shell", "tilde.toml:8:8"]),
        ("drive", 2, &["is a path of Windows"]),
        ("url", 2, &["\"https://example.org/stations.csv\" is a web address", "download it"]),
        ("case", 2, &["there is no file \"Data/Stations.CSV\"", "write \"data/stations.csv\""]),
    ] {
        let said = says(&folder, &["check", &format!("{name}.toml")]);
        said.with(exit, words);
    }
    let out = tempfile::tempdir().unwrap();
    let (to, work) = (out.path().join("out"), out.path().join("work"));
    for (name, exit, words) in [
        // read with its mark; of one county nothing can be ranked apart, which an indicator's fault says
        ("round-bom", 1, &["the round is not finished", "indicator_dropped"][..]),
        (
            "round-backslash",
            2,
            &["is written with \\", "round-backslash.toml:6:10, field \"regions.files[0]\"", "write it with /: \"./crlf.toml\""],
        ),
        ("round-glob", 2, &["write it with /: \"sub/*/region.toml\""]),
        ("round-none", 2, &["\"nothing/*/region.toml\" meets no region file"]),
    ] {
        let (to, work) = (to.to_string_lossy(), work.to_string_lossy());
        says(&folder, &["round", &format!("{name}.toml"), "-o", &to, "--work", &work, "--overwrite", "-q"]).with(exit, words);
    }
}

/// The toy region with one line written otherwise.
fn toy(from: &str, to: &str) -> Toy {
    let toy = Toy::new();
    assert!(REGION.contains(from));
    toy.put("region.toml", &REGION.replace(from, to));
    toy
}

#[test]
fn signs_that_look_like_those_of_toml_are_named() {
    for (from, to, sign) in [
        ("path = \"roads.geojson\"", "path = ”roads.geojson”", "”"),
        ("path = \"roads.geojson\"", "path = «roads.geojson»", "«"),
        ("path = \"roads.geojson\"", "path ＝ \"roads.geojson\"", "＝"),
        ("[roads]", "【roads】", "【"),
        ("distances_km = [2, 10]", "distances_km = [2，10]", "，"),
        ("distances_km = [2, 10]", "distances_km = [2、10]", "、"),
    ] {
        let words = format!("{sign} means nothing in this file");
        says(toy(from, to).dir.path(), &["check", "region.toml"]).with(2, &[&words]);
    }
    // In quotes and comments they may stand, and another fault is told as what it is.
    let said = says(toy("name = \"Toy\"", "name = \"玩，具\" x # “”").dir.path(), &["check", "region.toml"]);
    said.with(2, &["region.toml:2"]).without(&["means nothing"]);
}

#[test]
fn every_path_of_a_region_is_looked_at() {
    for (from, to, key) in [
        ("path = \"roads.geojson\"", "path = ['roads.geojson', 'data\\more.geojson']", "roads.path[1]"),
        ("path = \"counties.geojson\"", "path = 'data\\counties.geojson'", "counties.path"),
        ("path = \"settlements.csv\"", "path = '~/settlements.csv'", "settlements.path"),
        ("[criteria]", "[population]\npath = 'C:\\pop.tif'\n[criteria]", "population.path"),
        ("[criteria]", "[county_table]\npath = 'sub\\people.xlsx'\n[criteria]", "county_table.path"),
        (
            "[criteria]",
            "[county_table]\npath = 'roads.geojson'\ncrosswalk = 'http://x/y.csv'\n[criteria]",
            "county_table.crosswalk",
        ),
    ] {
        let words = format!("field \"{key}\"");
        says(toy(from, to).dir.path(), &["check", "region.toml"]).with(2, &[&words, "region.toml:"]);
    }
    // A tab by mistake: "data\table.csv" is good TOML and no path.
    let said = says(toy("path = \"roads.geojson\"", "path = \"data\\table.csv\"").dir.path(), &["check", "region.toml"]);
    said.with(2, &["in double quotes \\t is one sign"]);
}

#[cfg(unix)]
#[test]
fn a_file_whose_name_holds_a_backslash_is_read() {
    let toy = toy("path = \"roads.geojson\"", "path = 'data\\roads.geojson'");
    std::fs::rename(toy.path("roads.geojson"), toy.path("data\\roads.geojson")).unwrap();
    says(toy.dir.path(), &["check", "region.toml"]).with(0, &["no issues"]);
}
