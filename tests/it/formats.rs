//! The same region from every format and coordinate system gives the same ledger, to the byte.
//!
//! GDAL writes the files, so nothing here tests our reader against our own idea of a format. Skipped where GDAL is missing.

use crate::test_support::skipped;
use crate::toy::chargegap;
use chargegap::internals::space::Datum;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const DATASETS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/datasets");

fn ogr2ogr(args: &[&str], out: &Path, input: &Path, rest: &[&str]) -> bool {
    let Ok(done) = Command::new("ogr2ogr").args(args).arg(out).arg(input).args(rest).output() else {
        skipped("GDAL is not installed");
        return false;
    };
    assert!(done.status.success(), "ogr2ogr {args:?} {rest:?}: {}", String::from_utf8_lossy(&done.stderr));
    true
}

/// A format as GDAL calls it, with its extension and options.
struct Format(&'static str, &'static str, &'static str, &'static [&'static str]);

const FORMATS: &[Format] = &[
    Format("geojsonl", "GeoJSONSeq", "geojsonl", &[]),
    Format("rfc8142", "GeoJSONSeq", "json", &["-lco", "RS=YES"]),
    Format("fgb", "FlatGeobuf", "fgb", &[]),
    Format("fgb-no-index", "FlatGeobuf", "fgb", &["-lco", "SPATIAL_INDEX=NO"]),
    Format("gpkg", "GPKG", "gpkg", &[]),
    Format("shp-utf8", "ESRI Shapefile", "shp", &["-lco", "ENCODING=UTF-8"]),
    Format("shp-gbk", "ESRI Shapefile", "shp", &["-lco", "ENCODING=GBK"]),
    Format("csv-wkt", "CSV", "csv", &["-lco", "GEOMETRY=AS_WKT"]),
];

/// Four layers of the Isle of Man as GDAL's own OSM driver reads them.
fn isle_of_man(folder: &Path) -> bool {
    let pbf = PathBuf::from(DATASETS).join("isle-of-man/isle-of-man.osm.pbf");
    let layer = |name: &str, sql: &str| {
        let precise = ["-f", "GeoJSON", "-lco", "COORDINATE_PRECISION=9", "-lco", "RFC7946=NO"];
        ogr2ogr(&precise, &folder.join(format!("{name}.geojson")), &pbf, &["-sql", sql])
    };
    layer("roads", "SELECT osm_id AS id, name, highway AS class FROM lines WHERE highway IS NOT NULL")
        && layer(
            "counties",
            "SELECT osm_id AS code, name FROM multipolygons WHERE boundary = 'administrative' AND admin_level = '8'",
        )
        && layer("stations", "SELECT osm_id AS id, name FROM points WHERE other_tags LIKE '%charging_station%'")
        && layer(
            "places",
            "SELECT osm_id AS id, name, place AS kind FROM points WHERE place IN ('town', 'village', 'hamlet', 'city')",
        )
}

fn region(folder: &Path, extension: &str, more: &str) {
    let text = format!(
        "[region]\nname = \"x\"\n[roads]\npath = \"roads.{extension}\"\n{more}\n[counties]\npath = \"counties.{extension}\"\n{more}\n\
         [stations]\npath = \"stations.{extension}\"\n{more}\n[settlements]\npath = \"places.{extension}\"\n{more}\n\
         [criteria]\ndistances_km = [2, 5, 10]\nheadline_km = 5\n[read]\nmax_refused_share = 0.05\n"
    );
    fs::write(folder.join("region.toml"), text).unwrap();
}

/// Ledger, ranking and settlements of a run; the last without anything that only says where it was read.
fn figures(folder: &Path) -> [String; 3] {
    let out = folder.join("out");
    let done = chargegap().args(["run", "-q", "--overwrite", "-o"]).arg(&out).arg(folder).output().unwrap();
    assert!(done.status.success(), "{}: {}", folder.display(), String::from_utf8_lossy(&done.stderr));
    let mut places: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(out.join("settlements.geojson")).unwrap()).unwrap();
    let list = places["features"].as_array_mut().unwrap();
    list.sort_by_key(|f| f["properties"]["id"].as_str().unwrap().to_owned());
    [
        fs::read_to_string(out.join("ledger.csv")).unwrap(),
        fs::read_to_string(out.join("ranking.csv")).unwrap(),
        serde_json::to_string(&list).unwrap(),
    ]
}

#[test]
fn isle_of_man_from_every_format_gives_the_same_ledger() {
    let dir = tempfile::tempdir().unwrap();
    let base = dir.path().join("geojson");
    fs::create_dir(&base).unwrap();
    if !isle_of_man(&base) {
        return;
    }
    region(&base, "geojson", "");
    let want = figures(&base);
    assert!(want[0].lines().count() > 24 * 6, "the ledger has a row a county and criterion");
    for Format(name, driver, extension, options) in FORMATS {
        let folder = dir.path().join(name);
        fs::create_dir(&folder).unwrap();
        for layer in ["roads", "counties", "stations", "places"] {
            let args: Vec<&str> = ["-f", driver].into_iter().chain(options.iter().copied()).collect();
            let kind: &[&str] = if layer == "counties" { &["-nlt", "PROMOTE_TO_MULTI"] } else { &[] };
            ogr2ogr(&args, &folder.join(format!("{layer}.{extension}")), &base.join(format!("{layer}.geojson")), kind);
        }
        region(&folder, extension, "");
        assert_same(name, &figures(&folder), &want);
    }
}

#[cfg(feature = "parquet")]
#[test]
fn isle_of_man_from_parquet_of_every_codec_gives_the_same_ledger() {
    use crate::geoparquet::{codecs, geo, write};
    let dir = tempfile::tempdir().unwrap();
    let base = dir.path().join("geojson");
    fs::create_dir(&base).unwrap();
    if !isle_of_man(&base) {
        return;
    }
    region(&base, "geojson", "");
    let want = figures(&base);
    for (name, how) in codecs() {
        let folder = dir.path().join(name);
        fs::create_dir(&folder).unwrap();
        for layer in ["roads", "counties", "stations", "places"] {
            let from = base.join(format!("{layer}.geojson"));
            // A row group a row would be a large file for a small test.
            let how = if layer == "roads" { crate::geoparquet::How { rows: how.rows.max(500), ..how } } else { how };
            write(&from, &folder.join(format!("{layer}.parquet")), how, Some(&geo("")));
        }
        region(&folder, "parquet", "");
        assert_same(name, &figures(&folder), &want);
    }
}

#[test]
fn isle_of_man_from_other_coordinate_systems_gives_the_same_ledger() {
    let dir = tempfile::tempdir().unwrap();
    let base = dir.path().join("geojson");
    fs::create_dir(&base).unwrap();
    if !isle_of_man(&base) {
        return;
    }
    region(&base, "geojson", "");
    let want = figures(&base);
    // UTM by the file's own word, British National Grid's ellipsoid left out (its datum differs), Web Mercator, and a
    // shapefile whose .prj is ESRI's text.
    for (name, driver, extension, srs, more) in [
        ("utm", "FlatGeobuf", "fgb", "EPSG:32630", ""),
        ("mercator", "GPKG", "gpkg", "EPSG:3857", ""),
        ("prj", "ESRI Shapefile", "shp", "EPSG:32630", ""),
        ("cgcs2000", "FlatGeobuf", "fgb", "EPSG:4490", ""),
        ("declared", "CSV", "csv", "EPSG:32630", "crs = \"EPSG:32630\""),
    ] {
        let folder = dir.path().join(name);
        fs::create_dir(&folder).unwrap();
        for layer in ["roads", "counties", "stations", "places"] {
            let csv: &[&str] = if driver == "CSV" { &["-lco", "GEOMETRY=AS_WKT"] } else { &[] };
            let args: Vec<&str> = ["-f", driver, "-t_srs", srs].into_iter().chain(csv.iter().copied()).collect();
            let kind: &[&str] = if layer == "counties" { &["-nlt", "PROMOTE_TO_MULTI"] } else { &[] };
            ogr2ogr(&args, &folder.join(format!("{layer}.{extension}")), &base.join(format!("{layer}.geojson")), kind);
        }
        region(&folder, extension, more);
        assert_same(name, &figures(&folder), &want);
        let manifest = fs::read_to_string(folder.join("out/manifest.json")).unwrap();
        assert!(manifest.contains(srs) || name == "prj" && manifest.contains("WGS 1984 UTM Zone 30N"), "{name}: {manifest}");
    }
}

fn assert_same(name: &str, got: &[String; 3], want: &[String; 3]) {
    for (what, (got, want)) in ["ledger", "ranking", "settlements"].iter().zip(got.iter().zip(want)) {
        let differ = got.lines().zip(want.lines()).find(|(a, b)| a != b);
        assert!(got == want, "{name}: the {what} differs: {differ:?}");
    }
}

/// The synthetic region with its stations written in another datum; text of [stations] after the path.
fn shifted(datum: Datum, stations: &str) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let from = PathBuf::from(DATASETS).join("chongqing-northeast-synthetic");
    for name in ["roads-synthetic.geojson", "counties.geojson", "township-seats.csv"] {
        fs::copy(from.join(name), dir.path().join(name)).unwrap();
    }
    let mut table = csv::Reader::from_path(from.join("stations-synthetic.csv")).unwrap();
    let mut out = csv::Writer::from_path(dir.path().join("stations-synthetic.csv")).unwrap();
    out.write_record(table.headers().unwrap()).unwrap();
    for row in table.records() {
        let mut row: Vec<String> = row.unwrap().iter().map(str::to_owned).collect();
        let (lon, lat) = datum.from_wgs84(row[2].parse().unwrap(), row[3].parse().unwrap()).unwrap();
        (row[2], row[3]) = (format!("{lon:.7}"), format!("{lat:.7}"));
        out.write_record(&row).unwrap();
    }
    out.flush().unwrap();
    let toml = fs::read_to_string(from.join("region.toml")).unwrap();
    let line = "path = \"stations-synthetic.csv\"\n";
    assert!(toml.contains(line));
    fs::write(dir.path().join("region.toml"), toml.replace(line, &format!("{line}{stations}"))).unwrap();
    dir
}

#[test]
fn stations_of_a_map_service_are_found_refused_and_converted_when_asked() {
    for datum in [Datum::Gcj02, Datum::Bd09] {
        let dir = shifted(datum, "");
        let out = dir.path().join("out");
        let refused = chargegap().args(["run", "-q", "-o"]).arg(&out).arg(dir.path()).output().unwrap();
        let text = String::from_utf8_lossy(&refused.stderr);
        assert_eq!(refused.status.code(), Some(1), "{text}");
        assert!(text.contains(&format!("as {} data are", datum.label())), "{text}");
        assert!(text.contains(&format!("datum = \"{}\"", datum.as_str())), "{text}");
        assert!(!out.exists());

        let dir = shifted(datum, &format!("datum = \"{}\"\n", datum.as_str()));
        let out = dir.path().join("out");
        chargegap().args(["run", "-q", "-o"]).arg(&out).arg(dir.path()).assert().success();
        let issues = fs::read_to_string(out.join("issues.csv")).unwrap();
        assert!(issues.contains("datum_converted") && !issues.contains("looks_shifted"), "{issues}");
        let manifest = fs::read_to_string(out.join("manifest.json")).unwrap();
        assert!(manifest.contains(&format!("datum {}", datum.label())));
        assert!(worst_shift_m(&out) < 0.2, "{}", worst_shift_m(&out));

        // Kept as they are, when the file says so: told, not refused.
        let dir = shifted(datum, "datum = \"wgs84\"\n");
        let out = dir.path().join("out");
        chargegap().args(["run", "-q", "-o"]).arg(&out).arg(dir.path()).assert().success();
        assert!(fs::read_to_string(out.join("issues.csv")).unwrap().contains("looks_shifted"));
    }
}

/// The largest distance of a station of a run to where the data set has it, metres.
fn worst_shift_m(out: &Path) -> f64 {
    use chargegap::internals::space::{LonLat, metres_between};
    let path = PathBuf::from(DATASETS).join("chongqing-northeast-synthetic/stations-synthetic.csv");
    let truth: std::collections::BTreeMap<String, LonLat> = csv::Reader::from_path(path)
        .unwrap()
        .records()
        .map(|r| r.unwrap())
        .map(|r| (r[0].to_owned(), LonLat::new(r[2].parse().unwrap(), r[3].parse().unwrap()).unwrap()))
        .collect();
    let stations: serde_json::Value = serde_json::from_str(&fs::read_to_string(out.join("stations.geojson")).unwrap()).unwrap();
    let list = stations["features"].as_array().unwrap();
    assert_eq!(list.len(), truth.len());
    let off = |f: &serde_json::Value| {
        let c = &f["geometry"]["coordinates"];
        let at = LonLat::new(c[0].as_f64().unwrap(), c[1].as_f64().unwrap()).unwrap();
        metres_between(at, truth[f["properties"]["id"].as_str().unwrap()])
    };
    list.iter().map(off).fold(0.0, f64::max)
}
