//! Files are read back by our own reader, and by SQLite itself.

use super::*;
use crate::config::How;
use crate::error::ErrorClass;
use crate::files::schema::ColumnType;
use crate::read::formats::{SourceFile, geopackage};
use crate::read::record::{Fault, FileCrs, Place, Record, Sink};
use crate::space::LonLat;
use geo::{LineString, MultiPolygon, Polygon};
use geojson::GeometryValue;
use std::path::PathBuf;

const DATE: &str = "2026-01-01T00:00:00.000Z";

fn at(lon: f64, lat: f64) -> LonLat {
    LonLat::new(lon, lat).unwrap()
}

fn column(name: &str, kind: ColumnType) -> Column {
    Column::new(name, name, kind, "", format!("{name} in English"), "中文")
}

fn point(id: &str, p: LonLat) -> Feature<'static> {
    Feature { id: id.to_owned(), shape: Shape::Point(p), values: vec![Value::Null] }
}

/// One layer of features into a new file.
fn one_layer(
    path: &Path,
    name: &str,
    columns: &[Column],
    kind: GeometryKind,
    features: Vec<Result<Feature<'_>>>,
) -> Result<String> {
    let mut rows = features.into_iter();
    let rows = PackageRows::Features(kind, &mut rows);
    write_geopackage(path, DATE, vec![PackageLayer { name, title: name, description: "", columns, rows, style: None }])
}

/// A file with all that there can be.
fn everything(path: &Path) {
    let square = |x: f64, s: f64| LineString::from(vec![(x, 30.0), (x + s, 30.0), (x + s, 30.0 + s), (x, 30.0 + s), (x, 30.0)]);
    let area = MultiPolygon(vec![
        Polygon::new(
            square(100.0, 2.0),
            vec![LineString::from(vec![(100.5, 30.5), (100.5, 31.0), (101.0, 31.0), (100.5, 30.5)])],
        ),
        Polygon::new(square(110.0, 1.0), vec![]),
    ]);
    let (id, score) = (column("id", ColumnType::Text), column("score_0_100", ColumnType::Real).or_null("not ranked"));
    let county_columns = [id.clone(), score, column("selected", ColumnType::Boolean), column("n", ColumnType::Integer)];
    let values = |score, selected| vec![Value::Null, score, selected, Value::Integer(7)];
    let nothing = MultiPolygon(vec![]);
    let counties = [
        Feature {
            id: "500101".into(),
            shape: Shape::Area(&area),
            values: values(Value::Real(12.345_678_9), Value::Boolean(true)),
        },
        Feature { id: "500102".into(), shape: Shape::Area(&nothing), values: values(Value::Null, Value::Null) },
    ];
    let gaps = [
        Feature {
            id: "g1".into(),
            shape: Shape::Line(vec![at(1.0, 2.0), at(-3.0, 5.0), at(0.5, 2.5)]),
            values: vec![Value::Null],
        },
        Feature { id: "g1".into(), shape: Shape::Line(vec![at(1.0, 2.0), at(1.0, 2.0)]), values: vec![Value::Null] },
    ];
    let table = [column("word", ColumnType::Text), column("big", ColumnType::Real)];
    let lines = [vec![Value::Word("swap"), Value::Exact(1e300)], vec![Value::shared("say \"奉节\""), Value::Real(f64::NAN)]];
    let (mut counties, mut gaps, mut lines) = (counties.into_iter().map(Ok), gaps.into_iter().map(Ok), lines.into_iter().map(Ok));
    let layer =
        |name, columns, rows, style| PackageLayer { name, title: name, description: "what; 何物", columns, rows, style };
    let layers = vec![
        layer(
            "counties",
            &county_columns[..],
            PackageRows::Features(GeometryKind::Area, &mut counties),
            Some(Style::counties_by_score("score_0_100")),
        ),
        layer(
            "gaps \"x\"",
            std::slice::from_ref(&id),
            PackageRows::Features(GeometryKind::Line, &mut gaps),
            Some(Style::gaps("id")),
        ),
        layer("facts", &table[..], PackageRows::Table(&mut lines), None),
    ];
    write_geopackage(path, DATE, layers).unwrap();
}

#[derive(Default)]
struct Kept(Vec<Record>, Vec<FileCrs>);

impl Sink for Kept {
    fn crs(&mut self, crs: &FileCrs) -> Result<()> {
        self.1.push(crs.clone());
        Ok(())
    }
    fn record(&mut self, _: Place, record: std::result::Result<Record, Fault>) {
        self.0.push(record.unwrap_or_else(|_| panic!("refused")));
    }
}

fn read_back(path: &Path, layer: &str) -> Kept {
    let mut kept = Kept::default();
    let file = SourceFile { path: path.to_path_buf(), shown: "x.gpkg".into() };
    geopackage::read(&file, &How { inside: Some(layer), ..How::default() }, &mut kept).unwrap();
    kept
}

fn open(path: &Path) -> Connection {
    Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap()
}

fn text(db: &Connection, sql: &str) -> String {
    db.query_row(sql, [], |r| r.get(0)).unwrap()
}

fn number(db: &Connection, sql: &str) -> i64 {
    db.query_row(sql, [], |r| r.get(0)).unwrap()
}

#[test]
fn our_own_reader_reads_what_was_written() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.gpkg");
    everything(&path);
    let counties = read_back(&path, "counties");
    assert!(matches!(counties.1[..], [FileCrs::Epsg(4326)]));
    let first = &counties.0[0];
    assert_eq!(first.columns["id"], "500101");
    assert_eq!(first.columns["score_0_100"], 12.345_679); // six decimals
    assert_eq!((&first.columns["selected"], &first.columns["n"]), (&1.into(), &7.into()));
    let Some(GeometryValue::MultiPolygon { coordinates }) = &first.geometry else { panic!("no multipolygon") };
    // a square with a hole of three corners, and one without
    assert_eq!(coordinates.iter().map(|p| p.iter().map(Vec::len).collect::<Vec<_>>()).collect::<Vec<_>>(), [vec![5, 4], vec![5]]);
    assert_eq!(coordinates[0][0][2].as_slice(), [102.0, 32.0]);
    let second = &counties.0[1];
    assert!(second.geometry.is_none() && second.columns["score_0_100"].is_null() && second.columns["selected"].is_null());
    let gaps = read_back(&path, "gaps \"x\"");
    assert_eq!(gaps.0.iter().map(|r| r.columns["id"].as_str().unwrap()).collect::<Vec<_>>(), ["g1", "g1"]);
    let Some(GeometryValue::LineString { coordinates }) = &gaps.0[1].geometry else { panic!("no line") };
    // a line in one place ends one millionth of a degree to the east, as in GeoJSON
    assert_eq!(coordinates[1].as_slice(), [1.000_001, 2.0]);
}

#[test]
fn sqlite_finds_a_whole_file_with_the_marks_and_lists_of_the_standard() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.gpkg");
    everything(&path);
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1); // no journal beside it
    let db = open(&path);
    assert_eq!(text(&db, "PRAGMA integrity_check"), "ok");
    assert!(!db.prepare("PRAGMA foreign_key_check").unwrap().exists([]).unwrap());
    assert_eq!((number(&db, "PRAGMA application_id"), number(&db, "PRAGMA user_version")), (0x4750_4b47, 10_300));
    let list = "SELECT group_concat(table_name || ' ' || data_type || ' ' || ifnull(min_x || ',' || min_y || ',' || max_x || ',' || \
                max_y, '-') || ' ' || ifnull(srs_id, '-'), char(10)) FROM gpkg_contents WHERE last_change = '2026-01-01T00:00:00.000Z'";
    // squares from 100 to 102 and from 110 to 111, from 30 to 32 north; the line's corners; the rest has no place
    let expected = "counties features 100.0,30.0,111.0,32.0 4326\n\
                    gaps \"x\" features -3.0,2.0,1.000001,5.0 4326\nfacts attributes - -\nlayer_styles attributes - -";
    assert_eq!(text(&db, list), expected);
    assert_eq!(text(&db, "SELECT group_concat(geometry_type_name) FROM gpkg_geometry_columns"), "MULTIPOLYGON,LINESTRING");
    assert_eq!(number(&db, "SELECT count(*) FROM gpkg_extensions WHERE extension_name = 'gpkg_rtree_index'"), 2);
    assert_eq!(number(&db, "SELECT count(*) FROM rtree_counties_geom"), 1); // the empty one is not in it
    assert_eq!(number(&db, "SELECT count(*) FROM facts WHERE big IS NULL"), 1); // what is no number
    assert_eq!(text(&db, "SELECT word FROM facts WHERE fid = 2"), "say \"奉节\"");
    let meaning = "SELECT description FROM gpkg_data_columns WHERE table_name = 'counties' AND column_name = 'score_0_100'";
    assert_eq!(text(&db, meaning), "score_0_100 in English; empty: not ranked; 中文");
    let style = "SELECT group_concat(f_table_name || ':' || f_geometry_column || ':' || useAsDefault) FROM layer_styles";
    assert_eq!(text(&db, style), "counties:geom:1,gaps \"x\":geom:1");
    // "GP", version 0, little-endian with a box; 4326; the box as x, x, y, y
    let head = "SELECT hex(substr(geom, 1, 24)) FROM \"gaps \"\"x\"\"\" WHERE fid = 1";
    assert_eq!(text(&db, head), format!("47500003E6100000{}{}", "00000000000008C0", "000000000000F03F"));
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let dir = tempfile::tempdir().unwrap();
    let [a, b] = ["a.gpkg", "b.gpkg"].map(|n| dir.path().join(n));
    everything(&a);
    everything(&b);
    assert!(std::fs::read(a).unwrap() == std::fs::read(b).unwrap());
}

/// Numbers without a pattern, the same each time.
fn scattered(n: u64) -> impl Iterator<Item = u64> {
    (0..n).scan(88_172_645_463_325_252_u64, |x, _| {
        *x ^= *x << 13;
        *x ^= *x >> 7;
        *x ^= *x << 17;
        Some(*x)
    })
}

#[test]
fn the_index_finds_what_a_look_at_every_box_finds() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.gpkg");
    // Short lines between points of a grid of 1/64°, which four bytes hold exactly; so both must find the same, to the edge.
    let on_grid = |x: u64| at((x % 1024) as f64 / 64.0 - 8.0, (x / 1024 % 1024) as f64 / 64.0 - 8.0);
    let lines: Vec<[LonLat; 2]> = scattered(6000).map(|x| [on_grid(x), on_grid(x + x % 7 + 2048 * (x % 5))]).collect();
    let features =
        lines.iter().map(|l| Ok(Feature { id: String::new(), shape: Shape::Line(l.to_vec()), values: vec![Value::Null] }));
    one_layer(&path, "gaps", &[column("id", ColumnType::Text)], GeometryKind::Line, features.collect()).unwrap();
    let db = open(&path);
    let sql = "SELECT id FROM rtree_gaps_geom WHERE maxx >= ? AND minx <= ? AND maxy >= ? AND miny <= ? ORDER BY id";
    let mut query = db.prepare(sql).unwrap();
    let mut found = 0;
    for x in scattered(200) {
        let from = on_grid(x >> 20);
        let [w, s, e, n] = [from.lon(), from.lat(), from.lon() + (x % 64) as f64 / 64.0, from.lat() + (x % 32) as f64 / 64.0];
        let got: Vec<i64> = query.query_map([w, e, s, n], |r| r.get(0)).unwrap().map(|r| r.unwrap()).collect();
        let meets = |l: &[LonLat; 2]| {
            let [x1, x2] = [l[0].lon().min(l[1].lon()), l[0].lon().max(l[1].lon())];
            let [y1, y2] = [l[0].lat().min(l[1].lat()), l[0].lat().max(l[1].lat())];
            x2 >= w && x1 <= e && y2 >= s && y1 <= n
        };
        let expected: Vec<i64> = (1..).zip(&lines).filter(|(_, l)| meets(l)).map(|(id, _)| id).collect();
        assert_eq!(got, expected);
        found += got.len();
    }
    assert!(found > 1000, "{found}"); // the boxes are not empty: 200 of 1/4 square degree, 23 lines a square degree, and the edges
}

#[test]
fn the_index_is_sound_at_every_depth_and_sqlite_can_change_it() {
    let dir = tempfile::tempdir().unwrap();
    // 51 entries a node: a root alone, a root over leaves, and nodes between them; one less and one more than fits each.
    for (n, depth) in [(0, 0), (1, 0), (51, 0), (52, 1), (2601, 1), (2602, 2)] {
        let path = dir.path().join(format!("{n}.gpkg"));
        let somewhere = |x: u64| at((x % 3600) as f64 / 10.1 - 178.0, (x / 3600 % 1700) as f64 / 10.1 - 84.0);
        let features: Vec<_> = scattered(n).map(|x| Ok(point("p", somewhere(x)))).collect();
        one_layer(&path, "places", &[column("id", ColumnType::Text)], GeometryKind::Point, features).unwrap();
        let db = Connection::open(&path).unwrap();
        assert_eq!(text(&db, "SELECT rtreecheck('rtree_places_geom')"), "ok", "{n}");
        assert_eq!(number(&db, "SELECT count(*) FROM rtree_places_geom"), n as i64);
        let root = text(&db, "SELECT hex(substr(data, 1, 2)) FROM rtree_places_geom_node WHERE nodeno = 1");
        assert_eq!(root, format!("{depth:04X}"), "{n}");
        // boxes are rounded outwards: the very point is in its box
        let missed = "SELECT count(*) FROM rtree_places_geom WHERE minx > maxx OR miny > maxy OR maxx - minx > 0.0001";
        assert_eq!(number(&db, missed), 0);
        // the trigger takes deleted rows out, and SQLite puts its nodes together anew
        db.execute_batch("DELETE FROM places WHERE fid % 3 > 0").unwrap();
        assert_eq!(number(&db, "SELECT count(*) FROM rtree_places_geom"), n as i64 / 3);
        assert_eq!(text(&db, "SELECT rtreecheck('rtree_places_geom')"), "ok", "{n}");
    }
}

#[test]
fn a_point_that_four_bytes_do_not_hold_is_found_where_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.gpkg");
    let places = [at(109.463_612_3, 31.018_2), at(-109.463_612_3, -31.018_2), at(180.0, 90.0)];
    let features = places.iter().map(|p| Ok(point("p", *p))).collect();
    one_layer(&path, "places", &[column("id", ColumnType::Text)], GeometryKind::Point, features).unwrap();
    let db = open(&path);
    let mut query =
        db.prepare("SELECT id FROM rtree_places_geom WHERE minx <= ?1 AND maxx >= ?1 AND miny <= ?2 AND maxy >= ?2").unwrap();
    for (id, p) in (1..).zip(places) {
        assert_eq!(query.query_row([p.lon(), p.lat()], |r| r.get::<_, i64>(0)).unwrap(), id);
    }
}

#[test]
fn columns_of_any_name_are_each_there_once() {
    let columns: Vec<Column> = ["fid", "geom", "Name", "name", "name_2", "a\"; DROP TABLE t; --", "", "x\ny"]
        .map(|n| column(n, ColumnType::Text))
        .into();
    // SQLite tells no capitals, so the second name is name_2, and the third, which is called that, goes on
    let expected = ["fid_2", "geom_2", "Name", "name_2", "name_2_2", "a\"; DROP TABLE t; --", "", "x_y"];
    assert_eq!(standard::column_names(&columns), expected);
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.gpkg");
    let mut values: Vec<Value> = (0..8).map(|i: u8| Value::Text(i.to_string())).collect();
    values[0] = Value::Text("=1+1".into());
    let feature = Feature { id: "1".into(), shape: Shape::Point(at(1.0, 2.0)), values };
    one_layer(&path, "t", &columns, GeometryKind::Point, vec![Ok(feature)]).unwrap();
    let record = &read_back(&path, "t").0[0];
    assert_eq!((&record.columns["fid_2"], &record.columns[expected[5]]), (&"=1+1".into(), &"5".into()));
}

#[test]
fn reals_are_those_of_the_other_writers() {
    for v in [0.0, -0.0, 1.0, 12.345_678_9, -0.000_000_4, 1e-6, 123_456_789.123_456_7, 1e15, 1e300, f64::NAN, f64::INFINITY] {
        let mut json = String::new();
        Value::Real(v).json(&mut json);
        assert_eq!(rounded(v), json.parse().ok(), "{v}");
    }
}

#[test]
fn what_cannot_be_written_is_said_and_nothing_stays() {
    let dir = tempfile::tempdir().unwrap();
    let id = [column("id", ColumnType::Text)];
    let write = |path: &PathBuf, name, features| one_layer(path, name, &id, GeometryKind::Point, features).unwrap_err();
    let one = || vec![Ok(point("p", at(1.0, 2.0)))];
    let nowhere = dir.path().join("no/a.gpkg");
    let err = write(&nowhere, "t", one());
    assert_eq!((err.class(), err.location().file.as_deref()), (ErrorClass::Environment, Some(path_text(&nowhere).as_str())));
    let path = dir.path().join("a.gpkg");
    for name in ["", "gpkg_x", "Layer_Styles", "rtree_x", "a\0b"] {
        assert_eq!(write(&path, name, one()).class(), ErrorClass::Internal, "{name}");
    }
    let row_fault = || vec![Ok(point("p", at(1.0, 2.0))), Err(Error::input("the shard is damaged", ""))];
    assert_eq!(write(&path, "t", row_fault()).class(), ErrorClass::Input);
    let too_many = Feature { id: String::new(), shape: Shape::Point(at(1.0, 2.0)), values: vec![Value::Null; 2] };
    assert_eq!(write(&path, "t", vec![Ok(too_many)]).class(), ErrorClass::Internal);
    let number = Feature { id: String::new(), shape: Shape::Point(at(1.0, 2.0)), values: vec![Value::Integer(1)] };
    assert_eq!(write(&path, "t", vec![Ok(number)]).class(), ErrorClass::Internal); // SQLite would take it, and make a text of it
    let line = Feature { id: String::new(), shape: Shape::Line(vec![at(1.0, 2.0)]), values: vec![Value::Null] };
    assert_eq!(write(&path, "t", vec![Ok(line)]).class(), ErrorClass::Internal);
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    std::fs::write(&path, "mine").unwrap();
    assert_eq!(write(&path, "t", one()).class(), ErrorClass::Environment); // a file that is there is neither written nor removed
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "mine");
    let full = rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_FULL), None);
    assert_eq!(failed(&path, full).next(), "free some space and run again");
}

/// For looking at by hand: `GPKG_OUT=folder cargo test --release --lib write::geopackage -- --ignored --nocapture`.
#[test]
#[ignore = "measures, and leaves files for other programs to look at"]
fn a_country_of_settlements() {
    let dir = tempfile::tempdir().unwrap();
    let out = std::env::var_os("GPKG_OUT").map_or_else(|| dir.path().to_path_buf(), PathBuf::from);
    everything(&out.join("small.gpkg"));
    let columns = [
        column("id", ColumnType::Text),
        column("name", ColumnType::Text),
        column("km", ColumnType::Real),
        column("in_gap", ColumnType::Boolean),
    ];
    let settlement = |(i, x): (usize, u64)| {
        let p = at(75.0 + (x % 600_000) as f64 / 1e4, 20.0 + (x / 600_000 % 300_000) as f64 / 1e4);
        let km = if x % 50 == 0 { Value::Null } else { Value::Real((x % 90_001) as f64 / 1e3) };
        let values = vec![Value::Null, Value::Text(format!("村 {i}")), km, Value::Boolean(x % 3 == 0)];
        Ok(Feature { id: format!("s{i}"), shape: Shape::Point(p), values })
    };
    let mut rows = scattered(600_000).enumerate().map(settlement);
    let rows = PackageRows::Features(GeometryKind::Point, &mut rows);
    let style = Some(Style::settlements("in_gap"));
    let settlements =
        PackageLayer { name: "settlements", title: "Settlements 居民点", description: "", columns: &columns, rows, style };
    let walk = |x: u64| {
        (0..20).map(move |k| at(80.0 + (x % 40_000) as f64 / 1e3 + f64::from(k) / 1e3, 25.0 + (x >> 20) as f64 % 2e4 / 1e3))
    };
    let line = |x: u64| Ok(Feature { id: format!("g{x}"), shape: Shape::Line(walk(x).collect()), values: vec![Value::Null] });
    let mut rows = scattered(400_000).map(line);
    let rows = PackageRows::Features(GeometryKind::Line, &mut rows);
    let gaps = PackageLayer {
        name: "gaps",
        title: "Gaps 缺口",
        description: "",
        columns: &columns[..1],
        rows,
        style: Some(Style::gaps("id")),
    };
    let path = out.join("large.gpkg");
    let start = std::time::Instant::now();
    write_geopackage(&path, DATE, vec![settlements, gaps]).unwrap();
    println!(
        "600,000 settlements and 400,000 lines of 20 positions: {:.2?}, {} bytes",
        start.elapsed(),
        std::fs::metadata(&path).unwrap().len()
    );
    let start = std::time::Instant::now();
    let seal = content_sha256(&path).unwrap();
    println!("its content sealed: {:.2?}", start.elapsed());
    let start = std::time::Instant::now();
    assert!(has_content(&path, &seal).unwrap());
    println!("checked: {:.2?}", start.elapsed());
    let db = open(&path);
    assert_eq!(text(&db, "SELECT rtreecheck('rtree_settlements_geom')"), "ok");
}

#[test]
fn the_seal_of_what_was_put_in_is_that_of_what_is_read() {
    let dir = tempfile::tempdir().unwrap();
    let columns = [ColumnType::Integer, ColumnType::Real, ColumnType::Boolean, ColumnType::Text].map(|t| column("c", t));
    let rows = [
        [Value::Integer(7), Value::Real(5.0), Value::Boolean(true), Value::Text("é 1".to_owned())],
        [Value::Null, Value::Real(-0.0), Value::Boolean(false), Value::Text(String::new())],
        [Value::Integer(i64::MIN), Value::Real(f64::NAN), Value::Null, Value::Null],
        [Value::Integer(0), Value::Exact(1e300), Value::Null, Value::Text("12".to_owned())],
    ];
    let features = |n: usize| {
        let feature = |(i, values): (usize, &[Value; 4])| {
            let (id, shape) = (i.to_string(), Shape::Point(at(1.0 + i as f64, 2.0)));
            Ok(Feature { id, shape, values: values.to_vec() })
        };
        rows.iter().take(n).enumerate().map(feature).collect()
    };
    let seals: Vec<String> = (0..=rows.len())
        .map(|n| {
            let path = dir.path().join(format!("{n}.gpkg"));
            let seal = one_layer(&path, "x", &columns, GeometryKind::Point, features(n)).unwrap();
            assert_eq!(content_sha256(&path).unwrap(), seal, "{n} rows");
            seal
        })
        .collect();
    assert!(seals.windows(2).all(|w| w[0] != w[1]));
}

#[test]
fn the_id_goes_into_the_column_of_that_name_wherever_it_stands() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("x.gpkg");
    let columns = [column("n", ColumnType::Integer), column("id", ColumnType::Text)];
    let feature = Feature { id: "a".to_owned(), shape: Shape::Point(at(1.0, 2.0)), values: vec![Value::Integer(7), Value::Null] };
    one_layer(&path, "x", &columns, GeometryKind::Point, vec![Ok(feature)]).unwrap();
    assert_eq!(text(&open(&path), "SELECT n || id FROM x"), "7a");
    // and no column gets it where none is called so
    let path = dir.path().join("y.gpkg");
    let feature = Feature { id: "a".to_owned(), shape: Shape::Point(at(1.0, 2.0)), values: vec![Value::Integer(7)] };
    one_layer(&path, "y", &columns[..1], GeometryKind::Point, vec![Ok(feature)]).unwrap();
    assert_eq!(text(&open(&path), "SELECT CAST(n AS TEXT) FROM y"), "7");
}
