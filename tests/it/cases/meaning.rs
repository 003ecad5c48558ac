//! Meaning by default: formats and words known by content.

use super::{case, checked, says, written};
use crate::toy::Toy;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// Columns of the stations that a region writes, in the order of their ids.
fn stations<const N: usize>(folder: &Path, region: &str, columns: [&str; N]) -> Vec<[Value; N]> {
    let mut all = written(folder, region, "stations");
    all.sort_by_key(|p| p["id"].to_string());
    all.iter().map(|p| columns.map(|c| p[c].clone())).collect()
}

/// The toy with stations of this text and these lines under `[stations]`.
fn toy(text: &str, keys: &str) -> Toy {
    let toy = Toy::new();
    toy.put("stations.csv", text);
    let region = fs::read_to_string(toy.path("region.toml")).unwrap();
    toy.put("region.toml", &region.replace("path = \"stations.csv\"", &format!("path = \"stations.csv\"\n{keys}")));
    toy
}

/// What `check` says of the toy with stations of this text.
fn said(text: &str, keys: &str) -> super::Said {
    let toy = toy(text, keys);
    let folder = toy.path("region.toml").parent().unwrap().to_path_buf();
    says(&folder, &["check", "region.toml"])
}

/// Columns of the toy's stations with stations of this text.
fn read<const N: usize>(text: &str, keys: &str, columns: [&str; N]) -> Vec<[Value; N]> {
    let toy = toy(text, keys);
    stations(toy.path("region.toml").parent().unwrap(), "region.toml", columns)
}

/// The toy with roads of this text.
fn roads(text: &str, keys: &str) -> super::Said {
    let toy = Toy::new();
    toy.put("roads.csv", text);
    let region = fs::read_to_string(toy.path("region.toml")).unwrap();
    toy.put("region.toml", &region.replace("path = \"roads.geojson\"", &format!("path = \"roads.csv\"\n{keys}")));
    says(toy.path("region.toml").parent().unwrap(), &["check", "region.toml"])
}

#[test]
fn rows_of_irve_are_points_of_their_stations() {
    let Some(folder) = case("02-irve") else { return };
    let all = stations(&folder, "region.toml", ["id", "points", "gun_power_kw", "rated_power_kw", "sockets", "access"]);
    // 4 × 22 + 2 × 150 = 388 kW
    assert_eq!(all[0], [json!("FRAAAP1"), json!(6), json!(150.0), json!(388.0), json!("combo_ccs;type_2"), json!("public")]);
    assert_eq!(all.len(), 4);
    assert_eq!(all.iter().map(|s| s[1].as_u64().unwrap()).sum::<u64>(), 9);
    says(&folder, &["check", "region.toml"])
        .with(0, &["6 rows are points of one station (by id_station_itinerance; nbre_pdc is the station's count", "IRVE"]);
}

#[test]
fn irve_needs_no_mapping_and_can_be_named() {
    let rows = "nom_station,id_station_itinerance,id_pdc_itinerance,coordonneesXY,nbre_pdc,puissance_nominale,condition_acces,\
                station_deux_roues,date_maj\n\
                Gare,P1,E1,\"[0.05,0.0001]\",2,22,Accès libre,false,2024-01-01\nGare,P1,E2,\"[0.05,0.0001]\",2,50,Accès libre,false,2024-01-01\n\
                Gare,P1,E2,\"[0.05,0.0001]\",2,7,Accès libre,false,2023-01-01\nVelo,P2,E3,\"[0.1,0.0001]\",1,3,Accès libre,true,\n\
                Dépôt,P3,E4,\"[0.15,0.0001]\",1,22,Accès réservé,false,\n";
    let want = [[json!("P1"), json!(2), json!(50.0), json!("public")], [json!("P3"), json!(1), json!(22.0), json!("private")]];
    for keys in ["", "format = \"irve\""] {
        assert_eq!(read(rows, keys, ["id", "points", "gun_power_kw", "access"]), want, "{keys}");
    }
    said(rows, "").with(0, &["1 × superseded", "1 × \"station_deux_roues\"", "2 × grouped"]);
    said("id,lon,lat\n1,0.05,0.0001\n", "format = \"irve\"")
        .with(1, &["format says IRVE", "no column \"id_station_itinerance\"", "leave format out"]);
    // by the columns alone, every row is a station; positions are still found
    assert_eq!(read(rows, "format = \"fields\"", ["id"]).len(), 5);
}

#[test]
fn the_german_register_is_read_behind_its_preamble() {
    let Some(folder) = case("01-bnetza") else { return };
    for (region, line) in [("full", Some("full.csv:5")), ("nopre", None), ("dot", None), ("utf8", Some("utf8.csv:2"))] {
        let region = format!("{region}.toml");
        let all = stations(&folder, &region, ["points", "rated_power_kw", "access", "status"]);
        let row = |kw: f64| [json!(2), json!(kw), json!("public"), json!("open")];
        assert_eq!(all, [row(44.0), row(300.0), row(22.08)], "{region}");
        let said = says(&folder, &["check", &region]);
        said.with(0, &["Ladesäulenregister of the Bundesnetzagentur", "nothing used the column \"Ort\""]);
        assert_eq!(said.out.contains("title_rows"), line.is_some(), "{region}");
        said.with(0, line.as_slice());
    }
}

#[test]
fn the_german_register_says_what_is_in_maintenance() {
    let rows = "Ladeeinrichtungs-ID;Betreiber;Anzahl Ladepunkte;Nennleistung Ladeeinrichtung [kW];Breitengrad;Längengrad;Status\n\
                1;A;2;44,5;0,0001;0,05;In Betrieb\n2;A;2;22,5;0,0001;0,05;In Wartung\n3;B;1;11,5;0,0001;0,15;In Wartung\n";
    // 2 stands where 1 does and is in maintenance: 1 alone counts; 3 is closed
    let want = [[json!("1"), json!(2), json!(44.5), json!("open")], [json!("3"), json!(1), json!(11.5), json!("closed")]];
    assert_eq!(read(rows, "", ["id", "points", "rated_power_kw", "status"]), want);
    said(rows, "").with(0, &["2 × \"Status In Wartung\": not open", "2 rows are points of one station"]);
}

#[test]
fn afdc_is_known_in_every_form_and_counts_open_charging_only() {
    let Some(folder) = case("18-afdc-ocm") else { return };
    let state = |folder: &Path, region: &str| stations(folder, region, ["id", "access", "status", "used"]);
    let row = |id: &str, access: &str, status: &str, used: bool| [json!(id), json!(access), json!(status), json!(used)];
    let four = [
        row("0", "public", "open", true),
        row("1", "private", "planned", false),
        row("2", "public", "closed", false),
        row("3", "public", "open", true),
        row("4", "public", "open", true),
    ];
    // of the table, row 3 has no access code, and "Public" in the long wording; the API's has neither
    for region in ["afdc-plain.toml", "lower.toml", "afdc.toml"] {
        assert_eq!(state(&folder, region), four, "{region}");
    }
    let mut of_api = four.clone();
    of_api[3][1] = json!("unknown");
    assert_eq!(state(&folder, "apigeo.toml"), of_api);
    for region in ["api.toml", "api-afdc.toml"] {
        assert_eq!(state(&folder, region), of_api[..4], "{region}");
    }
    // lists are lists
    assert_eq!(stations(&folder, "apigeo.toml", ["sockets"])[0], [json!("chademo;j1772")]);
    assert_eq!(stations(&folder, "lower.toml", ["sockets", "points"])[1], [json!("chademo;j1772"), json!(1002)]);
    says(&folder, &["check", "afdc-plain.toml"])
        .with(0, &["AFDC's table", "1 × \"LPG\": another kind of station", "1 × \"Status Code P: planned\": not open"]);
}

#[test]
fn open_charge_map_alone_in_lines_and_in_a_list() {
    let Some(folder) = case("18-afdc-ocm") else { return };
    let columns = ["id", "points", "gun_power_kw", "status"];
    let list = stations(&folder, "ocm.json.toml", columns);
    assert_eq!(list, stations(&folder, "ocm.ndjson.toml", columns));
    assert_eq!(list[0], [json!("0"), json!(2), json!(50.0), json!("open")]);
    assert_eq!(list[..1], stations(&folder, "ocm-one.json.toml", columns));
    let of = |id: &str| list.iter().find(|s| s[0] == id).unwrap().clone();
    assert_eq!(of("2")[1..3], [json!(3), json!(22.0)]); // one and "2"
    assert_eq!(of("6")[1..3], [json!(2), json!(50.0)]); // 2.0 points, "50"
    assert_eq!((of("5")[1].clone(), of("8")[3].clone(), of("10")[3].clone()), (json!(2), json!("closed"), json!("closed")));
    says(&folder, &["check", "ocm.json.toml"])
        .with(0, &["1 × \"Removed (Decommissioned)\": not open", "the station has no coordinates", "NumberOfPoints is 0"]);
}

#[test]
fn ocpi_in_every_wrapper_says_the_same() {
    let Some(folder) = case("08-ocpi") else { return };
    let columns = ["id", "points", "gun_power_kw", "status"];
    let list = stations(&folder, "list.toml", columns);
    for region in ["lines", "data-first", "locations", "wrapped"] {
        assert_eq!(stations(&folder, &format!("{region}.toml"), columns), list, "{region}");
    }
    let of = |id: &str| list.iter().find(|s| s[0] == id).unwrap_or_else(|| panic!("{id}")).clone();
    // 3 × 230 V × 32 A = 22,080 W; √3 × 400 V × 32 A = 22,170 W
    let kw = |id: &str| of(id)[2].as_f64().map(|kw| (kw * 100.0).round() / 100.0);
    assert_eq!(
        ["w-number", "w-string", "v-phase", "strings", "v-zero-power"].map(kw),
        [22.0, 22.0, 22.08, 22.08, 22.08].map(Some)
    );
    assert_eq!((kw("v-line-to-line"), kw("coord-comma"), kw("37")), (Some(22.17), Some(11.0), Some(11.0)));
    assert_eq!(["kw-by-mistake", "kw-by-mistake-dc", "no-evses"].map(kw), [None; 3]);
    assert_eq!(of("lower-case")[3], json!("open"));
    says(&folder, &["check", "list.toml"])
        .with(0, &["max_electric_power is 22 W, less than any car takes", "the station has no coordinates"])
        .without(&["the record has no geometry"]);
    let one = stations(&folder, "one.toml", columns);
    assert_eq!(one, [[json!("w-number"), json!(2), json!(22.0), json!("open")]]);
    assert_eq!(one, stations(&folder, "one-wrapped.toml", columns));
    assert_eq!(stations(&folder, "ndw.toml", columns).len(), 3);
}

#[test]
fn flattened_lists_are_refused_by_name() {
    said("ID,UUID,LocationTitle,AddressInfo.Latitude,AddressInfo.Longitude\n1,u,T,0.0001,0.05\n", "")
        .with(1, &["a flattened table of Open Charge Map", "give its JSON"]);
    let with_positions = "ID,UUID,LocationTitle,Latitude,Longitude,StatusType\n1,u,T,0.0001,0.05,Removed (Decommissioned)\n";
    said(with_positions, "").with(1, &["a flattened table of Open Charge Map, which does not say what is void"]);
    assert_eq!(read(with_positions, "format = \"fields\"", ["id"]), [[json!("1")]]);
    said("id,party_id,coordinates.latitude,coordinates.longitude\n1,A,0.0001,0.05\n", "").with(1, &["a flattened table of OCPI"]);
}

#[test]
fn osmnx_lists_have_their_highest_class_and_miles() {
    let Some(folder) = case("11-osmnx") else { return };
    let km = |region: &str| -> Vec<Value> { written(&folder, region, "counties").iter().map(|c| c["road_km"].clone()).collect() };
    assert_eq!(km("graph.toml"), km("truth.toml"));
    says(&folder, &["check", "graph.toml"])
        .with(0, &["22 classes are lists, of which the highest was taken: ['primary', 'residential'] as primary"])
        .without(&["bad_number", "unknown_class"]);
    // miles, kilometres, rules and lists of speeds are read as in OpenStreetMap
    says(&folder, &["check", "plain.toml"]).with(0, &["reversible_road"]).without(&["bad_number", "unknown_value"]);
}

#[test]
fn chinese_classes_are_known_as_words_letters_and_route_numbers() {
    let of = |classes: &[&str]| {
        let line = |(i, class): (usize, &&str)| format!("{class},\"LINESTRING(0 {lat},0.2 {lat})\"\n", lat = 0.001 * i as f64);
        let rows: String = classes.iter().enumerate().map(line).collect();
        let toy = Toy::new();
        toy.put("roads.csv", &format!("道路等级,wkt\n{rows}"));
        let region = fs::read_to_string(toy.path("region.toml")).unwrap();
        toy.put("region.toml", &region.replace("roads.geojson", "roads.csv"));
        let json = checked(toy.path("region.toml").parent().unwrap(), "region.toml");
        let records = json["records"].as_array().unwrap();
        records.iter().map(|r| r["message"].as_str().unwrap().to_owned()).collect::<Vec<_>>().join("\n")
    };
    let taken = |class: &str, ours: &str| format!("\"{class}\" (1 road) were taken as {ours}");
    for (class, ours) in [
        ("高速公路", "motorway"),
        ("国道", "trunk"),
        ("快速路", "trunk"),
        ("省道", "primary"),
        ("主干路", "primary"),
        ("县道", "secondary"),
        ("次干路", "secondary"),
        ("乡道", "tertiary"),
        ("支路", "tertiary"),
        ("村道", "local"),
        ("城市道路", "local"),
        ("G", "trunk"),
        ("S", "primary"),
        ("X", "secondary"),
        ("Y", "tertiary"),
        ("C", "local"),
        ("S1100", "motorway"),
        ("S1400", "local"),
        ("G5012", "motorway"),
        ("S103", "primary"),
        ("S1820", "no road for cars"),
    ] {
        let said = of(&["国道", class]);
        assert!(
            said.contains(&taken(class, ours)) || said.contains(&format!("\"国道\" (2 roads) were taken as {ours}")),
            "{class}: {said}"
        );
    }
    assert!(
        of(&["G42", "G5012", "G318"])
            .contains("classes such as \"G42\" (2 roads) were taken as motorway, by China's route numbers")
    );
    assert!(of(&["国道", "专用公路"]).contains("class \"专用公路\" is not mapped to a road class"));
}

#[test]
fn a_layer_without_a_class_column_says_so_and_takes_one_for_all() {
    let rows = "LABEL,wkt\nA,\"LINESTRING(0 0,0.1 0,0.2 0)\"\n";
    roads(rows, "").with(1, &["the roads have no column with their class", "it has: LABEL", "[roads] class = \"tertiary\""]);
    roads(rows, "class = \"tertiary\"").with(0, &["nothing used the column \"LABEL\""]);
    roads(rows, "class = \"byway\"").with(2, &["class"]);
    // with a column, it is that of the roads that have none of their own
    roads("class,wkt\n,\"LINESTRING(0 0,0.2 0)\"\ntrunk,\"LINESTRING(0 0.001,0.2 0.001)\"\n", "class = \"local\"")
        .without(&["unknown_class"]);
}

#[test]
fn speeds_in_tables_are_read_as_in_openstreetmap() {
    let of = |header: &str, speed: &str| roads(&format!("class;{header};wkt\ntrunk;\"{speed}\";LINESTRING(0 0,0.2 0)\n"), "");
    for speed in ["30 mph", "50;30", "['30 mph', '40 mph']", "CN:rural", "none", "0", "walk", "60 km/h"] {
        of("maxspeed", speed).with(0, &[]).without(&["bad_number"]);
    }
    of("maxspeed", "fast").with(0, &["\"fast\" is no speed in km/h"]);
    of("限速（公里/小时）", "60").with(0, &[]).without(&["unused_column", "unit_of_column"]);
    of("maxspeed (mph)", "30").with(0, &["× 1.609344 as speed_kmh"]);
}

#[test]
fn headers_are_compared_by_what_they_say() {
    let rows = "站点编号*,站点名称（必填）,经度(°),纬度（度）,站点类型,充电枪数(个),单枪功率【ｋＷ】,总功率(W),运营商,开放属性,运营状态,投运日期,备注\n\
                S1,甲,0.05,0.0001,充换电站,4,120,480000,国网,对外开放,运营,2020/3/5,x\n\
                S2,乙,0.15,0.0001,换电站,,,,国网,内部使用,在建,,y\n";
    let columns = ["id", "name", "charging", "swap", "points", "gun_power_kw", "rated_power_kw", "access", "status"];
    let all = read(rows, "", columns);
    let want = json!(["S1", "甲", true, true, 4, 120.0, 480.0, "public", "open"]);
    assert_eq!(json!(all[0]), want);
    assert_eq!(json!(all[1][2..]), json!([false, true, null, null, null, "private", "planned"]));
    said(rows, "")
        .with(0, &["nothing used the column \"备注\"", "\"总功率(W)\" says another unit: its numbers were taken × 0.001"]);
}

#[test]
fn people_in_thousands_are_taken_to_single_ones() {
    let toy = Toy::new();
    toy.put("settlements.csv", "编号,乡镇名称,经度,纬度,常住人口（万人）\n1,甲镇,0.01,0.0001,1.25\n2,乙镇,0.11,0.0001,0.3\n");
    let folder = toy.path("region.toml").parent().unwrap().to_path_buf();
    let mut people: Vec<Value> = written(&folder, "region.toml", "settlements").iter().map(|p| p["population"].clone()).collect();
    people.sort_by_key(|p| p.as_u64());
    assert_eq!(people, [json!(3000), json!(12500)]);
    says(&folder, &["check", "region.toml"]).with(0, &["× 10000 as population"]);
}

#[test]
fn unused_columns_and_those_that_look_like_ours_are_named() {
    let text = "id,lon,lat,statuss,Operating status,max power,remark\ns1,0.05,0.0001,open,open,50,x\n";
    said(text, "")
        .with(0, &["the column \"statuss\" looks like status", "fields = { status = \"statuss\" }", "column \"remark\""]);
    // what was taken leaves nothing open
    said(text, "fields = { status = \"statuss\" }")
        .with(0, &["column \"Operating status\" of [stations]"])
        .without(&["looks_like"]);
    let toy = toy(text, "");
    let json = checked(toy.path("region.toml").parent().unwrap(), "region.toml");
    let unused: Vec<&str> = json["unused_columns"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|u| u["layer"] == "stations")
        .map(|u| u["column"].as_str().unwrap())
        .collect();
    assert_eq!(unused, ["Operating status", "max power", "remark", "statuss"]);
}

#[test]
fn rows_are_grouped_by_any_column_that_is_named() {
    let rows = |counts: [u32; 3]| {
        let [a, b, c] = counts;
        format!("evse,site,lon,lat,guns\ne1,A,0.05,0.0001,{a}\ne2,A,0.05,0.0001,{b}\ne3,B,0.15,0.0001,{c}\n")
    };
    let keys = "group_by = \"site\"";
    let columns = ["id", "points"];
    let of = |a: u32, b: u32| [[json!("A"), json!(a)], [json!("B"), json!(b)]];
    assert_eq!(read(&rows([1, 1, 1]), keys, columns), of(2, 1));
    assert_eq!(read(&rows([2, 2, 1]), keys, columns), of(2, 1)); // the number of rows: the station's
    assert_eq!(read(&rows([2, 4, 1]), keys, columns), of(6, 1));
    said(&rows([4, 4, 1]), keys).with(1, &["each of the 2 rows of station \"A\" says 4 points", "counts_of"]);
    assert_eq!(read(&rows([4, 4, 1]), &format!("{keys}\ncounts_of = \"row\""), columns), of(8, 1));
    assert_eq!(read(&rows([4, 4, 1]), &format!("{keys}\ncounts_of = \"station\""), columns), of(4, 1));
    said(&rows([1, 1, 1]), "group_by = \"sites\"").with(1, &["no column \"sites\"", "did you mean \"site\"?"]);
    // without the key they are three stations of which two have one id
    said("site,lon,lat\nA,0.05,0.0001\nA,0.05,0.0001\n", "fields = { id = \"site\" }").with(0, &["duplicate_id", "group_by"]);
    // rows of one station that lie far apart are told
    said("site,lon,lat\nA,0.05,0.0001\nA,0.15,0.0001\n", keys).with(0, &["group_apart", "the rows of station \"A\" lie 11"]);
}

#[test]
fn titles_and_a_separator_line_come_before_a_header() {
    for before in
        ["sep=,\n", "\u{feff}sep=,\r\n", "Stations of the province\n\n", "Stations,,,\nas of 2025,,,\n,,,\n", "a,b\n1,2\n"]
    {
        let all = read(&format!("{before}id,lon,lat,name\ns1,0.05,0.0001,One\ns2,0.15,0.0001,Two\n"), "", ["id", "name"]);
        assert_eq!(all, [[json!("s1"), json!("One")], [json!("s2"), json!("Two")]], "{before}");
    }
    said("Title\nid;lon;lat\ns1;x;0.0001\n", "").with(1, &["stations.csv:3"]);
}

#[test]
fn registers_are_known_in_every_format() {
    // IRVE's columns as properties of GeoJSON, as lines of it and as a list of objects with `longitude` and `latitude`
    let point = |n: u32, kw: &str| {
        format!(
            r#"{{"id_station_itinerance":"P1","id_pdc_itinerance":"E{n}","nbre_pdc":2,"puissance_nominale":"{kw}","prise_type_2":true,"consolidated_longitude":0.05,"consolidated_latitude":0.0001}}"#
        )
    };
    let feature = |n: u32, kw: &str| {
        format!(r#"{{"type":"Feature","properties":{},"geometry":{{"type":"Point","coordinates":[0.05,0.0001]}}}}"#, point(n, kw))
    };
    let want = [[json!("P1"), json!(2), json!(50.0), json!(72.0), json!("type_2")]];
    let columns = ["id", "points", "gun_power_kw", "rated_power_kw", "sockets"];
    let (a, b) = (feature(1, "22"), feature(2, "50"));
    for text in [
        format!(r#"{{"type":"FeatureCollection","features":[{a},{b}]}}"#),
        format!("{a}\n{b}\n"),
        format!("[{},{}]", point(1, "22"), point(2, "50")),
        format!("{}\n{}\n", point(1, "22"), point(2, "50")),
        format!(r#"{{"meta":{{"n":2}},"data":[{},{}]}}"#, point(1, "22"), point(2, "50")),
    ] {
        assert_eq!(read(&text, "", columns), want, "{text}");
    }
}

#[test]
fn mapped_fields_stand_above_those_of_a_register() {
    let rows = "Fuel Type Code,Station Name,Status Code,EV Level2 EVSE Num,EV Network,Latitude,Longitude,ID,My name,Guns,Power\n\
                ELEC,A,E,2,Net,0.0001,0.05,1,Alpha,7,50 kW\n";
    let columns = ["name", "points", "gun_power_kw", "operator", "status"];
    assert_eq!(read(rows, "", columns), [[json!("A"), json!(2), Value::Null, json!("Net"), json!("open")]]);
    let keys = "fields = { name = \"My name\", points = \"Guns\", power_kw = \"Power\" }";
    assert_eq!(read(rows, keys, columns), [[json!("Alpha"), json!(7), json!(50.0), json!("Net"), json!("open")]]);
    said(rows, "format = \"csv\"").with(0, &["format_by_content"]);
}

#[test]
fn headers_that_a_shapefile_has_cut_are_known_where_they_mean_one_thing() {
    let afdc = "fuel_type_,station_na,status_cod,ev_level1_,ev_level2_,lon,lat,id\nELEC,A,E,1,2,0.05,0.0001,1\nLPG,B,E,,,0.15,0.0001,2\n";
    assert_eq!(read(afdc, "", ["id", "name", "points", "status"]), [[json!("1"), json!("A"), json!(3), json!("open")]]);
    // id_station is the beginning of two: points are not put together by a guess
    let irve = "id_station,id_pdc_iti,nbre_pdc,puissance_,lon,lat\nP,E1,2,22,0.05,0.0001\nP,E2,2,50,0.05,0.0001\n";
    said(irve, "").with(1, &["the rows are points of IRVE, and no column id_station_itinerance", "group_by"]);
    let want = [[json!("P"), json!(2), json!(50.0)]];
    assert_eq!(read(irve, "group_by = \"id_station\"", ["id", "points", "gun_power_kw"]), want);
}

#[test]
fn words_of_a_bureau_are_known() {
    let rows = "编号,经度,纬度,站点类型,运营状态,开放属性\n1,0.02,0.0001,公共充电站,正常运营,对外开放\n2,0.05,0.0001,重卡换电站,建设中,内部使用\n\
                3,0.1,0.0001,充换电站,停运,专用\n4,0.15,0.0001,直流快充站,已投运,社会公用\n";
    let want = [
        json!([true, false, "open", "public"]),
        json!([false, true, "planned", "private"]),
        json!([true, true, "closed", "private"]),
        json!([true, false, "open", "public"]),
    ];
    let all: Vec<Value> = read(rows, "", ["charging", "swap", "status", "access"]).into_iter().map(|r| json!(r)).collect();
    assert_eq!(all, want);
    said(rows, "").with(0, &[]).without(&["unknown_value"]);
    let asked = "编号,经度,纬度,是否对外开放\n1,0.05,0.0001,是\n2,0.15,0.0001,否\n";
    assert_eq!(read(asked, "", ["access"]), [[json!("public")], [json!("private")]]);
}

#[test]
fn a_bureaus_folder_needs_no_mapping() {
    let Some(folder) = case("40-bureau") else { return };
    let dir = tempfile::tempdir().unwrap();
    for file in fs::read_dir(&folder).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), dir.path().join(file.file_name())).unwrap();
    }
    for stations in ["stations.csv", "stations.xlsx", "stations.xls"] {
        let region = format!(
            "[region]\nname = \"b\"\n[roads]\npath = \"roads.shp\"\n[counties]\npath = \"县界.geojson\"\n[stations]\npath = \"{stations}\"\n\
             datum = \"gcj02\"\n[settlements]\npath = \"townships.xlsx\"\n[read]\nmax_refused_share = 0.05\n"
        );
        fs::write(dir.path().join("region.toml"), region).unwrap();
        let json = checked(dir.path(), "region.toml");
        let kept = |layer: &str| json["layers"].as_array().unwrap().iter().find(|l| l["layer"] == layer).unwrap()["kept"].clone();
        // one without a position, one swapped
        assert_eq!(
            [kept("counties"), kept("roads"), kept("stations"), kept("settlements")],
            [12, 6572, 111, 387].map(Value::from),
            "{stations}"
        );
        let field = |name: &str| {
            let all = json["fields"].as_array().unwrap();
            all.iter().find(|f| f["layer"] == "stations" && f["field"] == name).unwrap()["values"].clone()
        };
        let count = |of: &Value, word: &str| {
            of.as_array().unwrap().iter().find(|v| v["value"] == word).map_or(0, |v| v["count"].as_u64().unwrap())
        };
        let (kind, status, access) = (field("kind"), field("status"), field("access"));
        // 105, 6 and 2 of 113, less a swap station without a position and a charging station that is swapped
        assert_eq!([count(&kind, "charging"), count(&kind, "swap"), count(&kind, "both")], [104, 5, 2], "{stations}");
        assert_eq!((count(&status, "planned"), count(&access, "private")), (3, 6), "{stations}");
        let codes: Vec<&str> = json["issues"].as_array().unwrap().iter().map(|i| i["code"].as_str().unwrap()).collect();
        assert!(
            !codes.contains(&"unknown_class") && !codes.contains(&"unknown_value") && !codes.contains(&"looks_like_a_field"),
            "{codes:?}"
        );
    }
}
