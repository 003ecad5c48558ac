//! What of a station counts, where some of it does not: rows, points, connections; and what was told of it.

use super::{says, written};
use crate::toy::Toy;
use serde_json::{Value, json};
use std::fs;

/// The toy with stations of this text, these lines under `[stations]` and these under `[criteria]`.
fn toy(text: &str, keys: &str, criteria: &str) -> Toy {
    let toy = Toy::new();
    toy.put("stations.csv", text);
    let region = fs::read_to_string(toy.path("region.toml")).unwrap();
    let region = region.replace("path = \"stations.csv\"", &format!("path = \"stations.csv\"\n{keys}"));
    toy.put("region.toml", &region.replace("[criteria]\n", &format!("[criteria]\n{criteria}\n")));
    toy
}

const COLUMNS: [&str; 7] = ["id", "charging", "swap", "points", "gun_power_kw", "status", "access"];

/// Columns of the stations, in the order of their ids.
fn stations(rows: &str, keys: &str, criteria: &str) -> Vec<Value> {
    let toy = toy(rows, keys, criteria);
    let mut all = written(toy.path("region.toml").parent().unwrap(), "region.toml", "stations");
    all.sort_by_key(|p| p["id"].to_string());
    all.iter().map(|p| json!(COLUMNS.map(|c| p[c].clone()))).collect()
}

fn said(rows: &str, keys: &str, criteria: &str) -> super::Said {
    let toy = toy(rows, keys, criteria);
    says(toy.path("region.toml").parent().unwrap(), &["check", "region.toml"])
}

const HEAD: &str = "site,lon,lat,kind,guns,power_kw,status,access\n";
const BY_SITE: &str = "group_by = \"site\"\ncounts_of = \"row\"";

#[test]
fn of_the_rows_of_a_station_those_count_that_are_open_and_public() {
    // A: the public row is closed and the open ones private, so that nobody may charge there: private. B: two guns of 60 kW count,
    // not the closed one of 350 kW and not the private one of 240 kW. C: the planned swap is not there yet.
    let rows = format!(
        "{HEAD}A,0.05,0.0001,charging,1,350,closed,public\nA,0.05,0.0001,charging,1,60,open,private\nA,0.05,0.0001,charging,1,60,open,private\n\
         B,0.10,0.0001,charging,1,60,open,public\nB,0.10,0.0001,charging,1,60,open,public\nB,0.10,0.0001,charging,1,350,closed,public\n\
         B,0.10,0.0001,charging,1,240,open,private\nC,0.15,0.0001,charging,1,120,open,public\nC,0.15,0.0001,swap,,,planned,public\n"
    );
    let want = [
        json!(["A", true, false, 2, 60.0, "open", "private"]),
        json!(["B", true, false, 2, 60.0, "open", "public"]),
        json!(["C", true, false, 1, 120.0, "open", "public"]),
    ];
    assert_eq!(stations(&rows, BY_SITE, ""), want);
    said(&rows, BY_SITE, "").with(
        0,
        &[
            "4 rows are not counted (2 closed, 1 planned, 1 private), beside rows of the same station that count, e.g. of \"A\"",
            "1 stations offer no swap here: none of their rows that count has it, e.g. \"C\"",
        ],
    );
}

#[test]
fn what_is_left_out_is_told_in_chinese_and_at_the_row_that_counts() {
    let rows = "site,lon,lat,status,access,opened\nA,0.05,0.0001,closed,public,\nA,0.05,0.0001,open,private,\nA,0.05,0.0001,open,public,21-03-05\n";
    let toy = toy(rows, BY_SITE, "");
    let said = says(toy.path("region.toml").parent().unwrap(), &["check", "region.toml", "--lang", "zh"]);
    said.with(0, &["2 行不计入（停运 1 行、专用 1 行）", "例如站点“A”", "“21-03-05”：年份应为四位", "[stations.csv:4"]);
}

#[test]
fn private_charging_beside_public_swap_is_swap_alone() {
    let rows = format!("{HEAD}A,0.05,0.0001,charging,4,60,open,private\nA,0.05,0.0001,swap,,,open,public\n");
    assert_eq!(stations(&rows, BY_SITE, ""), [json!(["A", false, true, null, null, "open", "public"])]);
    said(&rows, BY_SITE, "").with(0, &["1 stations offer no charging here", "kind_not_counted"]);
    // what the criteria count, counts: with private stations it is both
    let both = "access = [\"public\", \"private\", \"unknown\"]";
    assert_eq!(stations(&rows, BY_SITE, both), [json!(["A", true, true, 4, 60.0, "open", "public"])]);
    said(&rows, BY_SITE, both).with(0, &[]).without(&["not counted"]);
}

#[test]
fn counts_of_the_whole_station_without_some_of_its_rows() {
    let rows = |guns: [u32; 3]| {
        let [a, b, c] = guns;
        format!(
            "{HEAD}A,0.05,0.0001,charging,{a},60,open,public\nA,0.05,0.0001,charging,{b},60,closed,public\nA,0.05,0.0001,charging,{c},60,open,private\n"
        )
    };
    let keys = "group_by = \"site\"";
    // each row says three, and there are three rows: a row is a gun, and one of them counts
    assert_eq!(stations(&rows([3; 3]), keys, ""), [json!(["A", true, false, 1, 60.0, "open", "public"])]);
    // four guns in three rows: how many the open row has is not said
    let of_station = "group_by = \"site\"\ncounts_of = \"station\"";
    assert_eq!(stations(&rows([4; 3]), of_station, ""), [json!(["A", true, false, null, 60.0, "open", "public"])]);
    said(&rows([4; 3]), of_station, "").with(0, &["1 stations have counts of the whole station and rows that do not count"]);
    // a swap that does not count takes no guns away
    let rows = format!("{HEAD}A,0.05,0.0001,charging,4,60,open,public\nA,0.05,0.0001,swap,4,,closed,public\n");
    assert_eq!(stations(&rows, of_station, ""), [json!(["A", true, false, 4, 60.0, "open", "public"])]);
}

#[test]
fn rows_that_opened_later_do_not_count() {
    let rows = "site,lon,lat,guns,power_kw,opened\nA,0.05,0.0001,2,60,2020-05-01\nA,0.05,0.0001,4,120,2023-05-01\nB,0.15,0.0001,2,60,2023-05-01\n\
                B,0.15,0.0001,3,60,2024-05-01\n";
    let keys = format!("{BY_SITE}\nopened_by = \"2021-12-31\"");
    // B is not there on that day; of A its first two guns
    assert_eq!(stations(rows, &keys, ""), [json!(["A", true, false, 2, 60.0, "unknown", "unknown"])]);
    said(rows, &keys, "").with(0, &["1 rows are not counted (1 opened later)", "1 stations opened after 2021-12-31"]);
    assert_eq!(stations(rows, BY_SITE, "")[0], json!(["A", true, false, 6, 120.0, "unknown", "unknown"]));
}

#[test]
fn rows_that_say_of_no_station_are_told() {
    let rows = "site,lon,lat,guns\nA,0.05,0.0001,1\nA,0.05,0.0001,1\n,0.15,0.0001,1\n";
    said(rows, BY_SITE, "").with(0, &["1 rows have nothing in site", "rows_alone"]);
    assert_eq!(stations(rows, BY_SITE, "").len(), 2);
}

#[test]
fn an_irve_table_without_ids_is_put_together_by_place_and_says_so() {
    let rows = "nom_station,nom_operateur,id_station_itinerance,id_pdc_itinerance,coordonneesXY,nbre_pdc,puissance_nominale,condition_acces\n\
                Gare,Net,,E1,\"[0.05,0.0001]\",3,22,Accès libre\nGare,Net,,E2,\"[0.05,0.0001]\",3,22,Accès libre\n\
                Gare,Net,Non concerné,E3,\"[0.05,0.0001]\",3,150,Accès libre\nMairie,Net,,E4,\"[0.05,0.0001]\",2,7,Accès libre\n\
                Poste,Net,,E5,\"[0.15,0.0001]\",1,7,Accès libre\n";
    // the town hall has two guns, and only one of them is in the table; the post office says that it has one
    let want = [
        json!(["E1", true, false, 3, 150.0, "unknown", "public"]),
        json!(["E4", true, false, 2, 7.0, "unknown", "public"]),
        json!(["E5", true, false, 1, 7.0, "unknown", "public"]),
    ];
    assert_eq!(stations(rows, "", ""), want);
    said(rows, "", "").with(0, &["4 rows are points of 2 stations (without a station id: by nom_station, operator and position"]);
    let toy = toy(rows, "", "");
    let totals: Vec<Value> = written(toy.path("region.toml").parent().unwrap(), "region.toml", "stations")
        .iter()
        .map(|s| s["rated_power_kw"].clone())
        .collect();
    // 22 + 22 + 150; not known; its one gun's
    assert_eq!(totals, [json!(194.0), Value::Null, json!(7.0)]);
}

#[test]
fn states_with_scores_and_hyphens_are_known_in_tables_too() {
    let rows =
        format!("{HEAD}A,0.05,0.0001,charging,1,60,out_of_order,public\nB,0.15,0.0001,charging,1,60,Temporarily-closed,public\n");
    let all = stations(&rows, "", "");
    assert_eq!(all.iter().map(|s| s[5].clone()).collect::<Vec<_>>(), ["closed", "closed"]);
    said(&rows, "", "").with(0, &[]).without(&["unknown_value"]);
}

/// Stations of a GeoJSON collection of these features, by the id field and the points.
fn of_features(features: &str) -> Vec<Value> {
    let toy = Toy::new();
    toy.put("stations.geojson", &format!("{{\"type\":\"FeatureCollection\",\"features\":[{features}]}}"));
    let region = fs::read_to_string(toy.path("region.toml")).unwrap();
    toy.put("region.toml", &region.replace("path = \"stations.csv\"", "path = \"stations.geojson\""));
    let all = written(toy.path("region.toml").parent().unwrap(), "region.toml", "stations");
    all.iter().map(|p| json!([p["id"], p["points"]])).collect()
}

#[test]
fn the_id_of_a_feature_stands_in_for_a_column() {
    let feature = |id: &str, properties: &str, lon: f64| {
        format!(
            "{{\"type\":\"Feature\",{id}\"properties\":{{{properties}}},\"geometry\":{{\"type\":\"Point\",\"coordinates\":[{lon},0.0001]}}}}"
        )
    };
    let features = [
        feature("\"id\":\"stations.7\",", "\"name\":\"A\"", 0.02),
        feature("\"id\":8,", "\"name\":\"B\"", 0.05),
        feature("\"id\":\"stations.7\",", "\"name\":\"C\"", 0.08),
        feature("", "\"name\":\"D\"", 0.11),
        feature("\"id\":\"stations.9\",", "\"id\":\"own\"", 0.14),
    ];
    // the third has the id of the first, and the fourth none; a column goes before
    let ids: Vec<Value> = of_features(&features.join(",")).iter().map(|s| s[0].clone()).collect();
    assert_eq!(ids, ["stations.7", "8", "row-3", "row-4", "own"]);
}

#[test]
fn a_column_that_comes_late_decides_for_the_whole_layer() {
    let feature = |properties: &str, lon: f64| {
        format!(
            "{{\"type\":\"Feature\",\"properties\":{{{properties}}},\"geometry\":{{\"type\":\"Point\",\"coordinates\":[{lon},0.0001]}}}}"
        )
    };
    // the first has three piles and no number of guns, which the second has: piles are not guns in this layer
    let features = [feature("\"id\":\"a\",\"充电桩数\":3", 0.02), feature("\"id\":\"b\",\"枪数\":4,\"充电桩数\":2", 0.05)];
    assert_eq!(of_features(&features.join(",")), [json!(["a", null]), json!(["b", 4])]);
    assert_eq!(of_features(&features[0]), [json!(["a", 3])]);
}

#[test]
fn a_file_that_is_not_whole_is_told_first_by_check_and_run() {
    let toy = Toy::new();
    let roads = fs::read_to_string(toy.path("roads.geojson")).unwrap();
    toy.put("roads.geojson", &roads.replacen("\"features\"", "\"numberMatched\":12000,\"numberReturned\":1,\"features\"", 1));
    let folder = toy.path("region.toml").parent().unwrap().to_path_buf();
    let what = "warning: the file holds 1 of 12000 features: its server had more than it gave  [roads.geojson]";
    says(&folder, &["check", "region.toml"]).with(0, &[what, "fetch the rest, page by page"]);
    says(&folder, &["run", "region.toml", "-o", "out"]).with(0, &[what]);
    says(&folder, &["check", "region.toml", "--lang", "zh"]).with(0, &["文件只有 12000 个要素中的 1 个"]);
}

#[test]
fn a_table_that_ends_where_a_spreadsheet_does_is_told() {
    use chargegap::internals::config::region_file::LayerTable;
    use chargegap::internals::issue::{IssueCode, Issues};
    use chargegap::internals::read::formats::SourceFile;
    use chargegap::internals::read::layers::read_settlements;
    let cut = |rows: usize| {
        let file = tempfile::NamedTempFile::new().unwrap();
        let text: String = (0..rows).map(|i| format!("v{i},0.1,0.{:05}\n", i + 1)).collect();
        fs::write(file.path(), format!("id,lon,lat\n{text}")).unwrap();
        let source = SourceFile { path: file.path().to_path_buf(), shown: "v.csv".to_owned() };
        let mut issues = Issues::default();
        assert_eq!(read_settlements(&[source], &LayerTable::default(), &mut issues).unwrap().0.len(), rows);
        issues.sorted().iter().filter(|i| i.code == IssueCode::CutShort).map(|i| i.message.clone()).collect::<Vec<_>>()
    };
    // the header is the first row of 65,536
    assert_eq!(cut(65_535), ["the table ends at row 65536, the last that a spreadsheet can have: what came behind it is lost"]);
    assert_eq!((cut(65_534).len(), cut(65_536).len()), (0, 0));
}

#[test]
fn tags_of_openstreetmap_are_known_in_geojson_too() {
    let feature = |id: &str, state: &str, lon: f64| {
        format!(
            "{{\"type\":\"Feature\",\"id\":\"{id}\",\"properties\":{{\"amenity\":\"charging_station\",\"operational_status\":\"{state}\"}},\
             \"geometry\":{{\"type\":\"Point\",\"coordinates\":[{lon},0.0001]}}}}"
        )
    };
    let toy = Toy::new();
    let features = [feature("node/1", "out_of_order", 0.02), feature("node/2", "operational", 0.05)].join(",");
    toy.put("stations.geojson", &format!("{{\"type\":\"FeatureCollection\",\"features\":[{features}]}}"));
    let region = fs::read_to_string(toy.path("region.toml")).unwrap();
    toy.put("region.toml", &region.replace("path = \"stations.csv\"", "path = \"stations.geojson\""));
    let all = written(toy.path("region.toml").parent().unwrap(), "region.toml", "stations");
    let seen: Vec<Value> = all.iter().map(|p| json!([p["id"], p["status"]])).collect();
    assert_eq!(seen, [json!(["node/1", "closed"]), json!(["node/2", "open"])]);
}
