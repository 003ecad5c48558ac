//! People on a raster: a toy whose figures are worked out on paper, formats against GDAL, damaged files.

use crate::toy::{Toy, contents};
use chargegap::internals::read::formats::SourceFile;
use chargegap::internals::read::raster::{Raster, RasterCell, Tally};
use std::io::Cursor;
use std::path::Path;
use std::process::Command;
use tiff::encoder::{TiffEncoder, colortype};
use tiff::tags::Tag;

const NODATA: f32 = -99999.0;

/// A GeoTIFF of single precision: west and north edge, size of a cell in degrees, columns, values by rows.
pub fn geotiff(west: f64, north: f64, step: f64, columns: u32, values: &[f32], epsg: Option<u16>) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    let mut encoder = TiffEncoder::new(&mut file).unwrap();
    let mut image = encoder.new_image::<colortype::Gray32Float>(columns, values.len() as u32 / columns).unwrap();
    let tags = image.encoder();
    tags.write_tag(Tag::ModelPixelScaleTag, &[step, step, 0.0][..]).unwrap();
    tags.write_tag(Tag::ModelTiepointTag, &[0.0, 0.0, 0.0, west, north, 0.0][..]).unwrap();
    if let Some(epsg) = epsg {
        tags.write_tag(Tag::GeoKeyDirectoryTag, &[1u16, 1, 0, 3, 1024, 0, 1, 2, 1025, 0, 1, 1, 2048, 0, 1, epsg][..]).unwrap();
    }
    tags.write_tag(Tag::GdalNodata, "-99999").unwrap();
    image.write_data(values).unwrap();
    file.into_inner()
}

/// People over the toy, cells of 0.02°, about 2.226 km; centres at −0.01°, 0.01° … 0.21° east.
///
/// The charging station s1 stands at 0.05°, the swap station s2 at 0.15°, the border at 0.10°, the road on the equator.
#[rustfmt::skip]
fn toy_people() -> Vec<f32> {
    let (o, n) = (0.0, NODATA);
    vec![
    //  -.01   .01    .03  .05    .07       .09   .11   .13 .15   .17 .19     .21
        o,     o,     o,   11.0,  o,        o,    o,    o,  o,    o,  o,      o,   //  0.08° north, 8.8 km: no road
        o,     o,     o,   o,     o,        o,    o,    o,  13.0, o,  o,      o,   //  0.06° north, 6.6 km: no road
        o,     o,     o,   17.0,  o,        o,    o,    o,  o,    o,  o,      o,   //  0.04° north, 4.4 km: the road
        o,     -5.0,  o,   o,     o,        o,    o,    n,  o,    o,  o,      o,
        7.0,   100.5, 20.25, 3.0, f32::NAN, 40.0, 50.0, n,  60.0, o,  70.125, 8.0, //  on the road
        o,     o,     o,   0.0006, 0.0004,  o,    o,    o,  o,    o,  o,      o,   //  rounds to 0.001 and to nothing
    ]
}

fn toy() -> Toy {
    let toy = Toy::new();
    toy.put("region.toml", &format!("{}\n[population]\npath = \"pop.tif\"\n", crate::toy::REGION));
    toy.put_bytes("pop.tif", &geotiff(-0.02, 0.09, 0.02, 12, &toy_people(), Some(4326)));
    toy
}

#[test]
fn people_of_the_toy_are_those_worked_out_on_paper() {
    let toy = toy();
    toy.chargegap(&["run", ".", "-o", "out", "-q"]).assert().success();
    let read = |name: &str| -> serde_json::Value {
        serde_json::from_slice(&std::fs::read(toy.path("out").join(name)).unwrap()).unwrap()
    };
    let counties = read("counties.geojson");
    let of =
        |county: usize, key: &str| counties["features"][county]["properties"][key].as_f64().unwrap_or_else(|| panic!("{key}"));
    // West: 100.5 + 20.25 + 3 + 40 on the road, 11 far from it, 17 near it, 0.001. East: 50 + 60 + 70.125, 13 far from it.
    assert_eq!((of(0, "people_raster"), of(1, "people_raster")), (191.751, 193.125));
    for (column, west, east) in [
        // 2 km from s1 reach its own column alone (3 + 17 + 0.001): the next cells are 2.226 km away.
        ("charging_people_raster_in_gap_2km", 171.75, 193.125),
        // 10 km from s1 reach all on the road up to 0.13°; 0.15° is 11.1 km away. Without a road is in every gap.
        ("charging_people_raster_in_gap_10km", 11.0, 143.125),
        // 5 min at 80 km/h are 6.667 km: up to 0.09°, and not the 6.679 km to 0.11°.
        ("charging_people_raster_in_gap_5min", 11.0, 193.125),
        ("swap_people_raster_in_gap_2km", 191.751, 133.125),
        // 10 km from s2 reach back to 0.07°: the 40 at 0.09°.
        ("swap_people_raster_in_gap_10km", 151.751, 13.0),
        ("swap_people_raster_in_gap_5min", 191.751, 13.0),
        // The ranking has whole persons of the raster; settlements keep their own columns.
        ("ind_people_in_gap_share", 0.895833, 1.0), // 172 of 192
        ("people_known", 1000.0, 3000.0),
    ] {
        assert_eq!((of(0, column), of(1, column)), (west, east), "{column}");
    }
    let p = &read("manifest.json")["population"];
    for (key, want) in [
        ("cells", 72.0),
        ("cells_with_people", 13.0),
        ("cells_in_counties", 11.0),
        ("cells_outside_counties", 2.0),
        ("cells_without_road", 2.0),
        ("people", 399.876),
        ("people_in_counties", 384.876),
        ("people_outside_counties", 15.0),
        ("people_without_road", 24.0),
    ] {
        assert_eq!(p[key].as_f64(), Some(want), "{key}");
    }
    let manifest = read("manifest.json");
    let input = manifest["inputs"].as_array().unwrap().iter().find(|f| f["role"] == "population").unwrap();
    assert_eq!(input["format"], "GeoTIFF, 12 x 6 cells");
    assert_eq!(input["sha256"].as_str().unwrap().len(), 64);
    let dictionary = std::fs::read_to_string(toy.path("out/dictionary.csv")).unwrap();
    assert!(dictionary.contains("counties.geojson,charging_people_raster_in_gap_2km,cn_2km,real,people"));
    let report = std::fs::read_to_string(toy.path("out/report.html")).unwrap();
    assert!(report.contains("of 385 on the population raster"));
    toy.chargegap(&["verify", "out"]).assert().success();
    toy.chargegap(&["run", ".", "-o", "again", "-q"]).env("RAYON_NUM_THREADS", "1").assert().success();
    assert_eq!(contents(&toy.path("out")), contents(&toy.path("again")));
}

#[test]
fn without_a_raster_nothing_of_it_is_written() {
    let toy = Toy::new();
    toy.chargegap(&["run", ".", "-o", "out", "-q"]).assert().success();
    for (name, bytes) in contents(&toy.path("out")) {
        assert!(!String::from_utf8_lossy(&bytes).contains("people_raster"), "{name}");
    }
}

#[test]
fn what_is_wrong_with_a_raster_is_said() {
    let refused = |bytes: &[u8], more: &str, code: i32, words: &[&str]| {
        let toy = toy();
        toy.put("region.toml", &format!("{}\n[population]\npath = \"pop.tif\"\n{more}\n", crate::toy::REGION));
        toy.put_bytes("pop.tif", bytes);
        let out = toy.chargegap(&["run", ".", "-o", "out", "-q"]).assert().code(code);
        let err = String::from_utf8_lossy(&out.get_output().stderr).into_owned();
        for word in words.iter().chain(&["next:"]) {
            assert!(err.contains(word), "no \"{word}\" in: {err}");
        }
        assert!(!toy.path("out").exists());
    };
    let good = geotiff(-0.02, 0.09, 0.02, 12, &toy_people(), Some(4326));
    refused(b"id,lon,lat\n", "", 1, &["no TIFF", "pop.tif"]);
    refused(&good, "crs = \"moon\"", 2, &["moon", "population.crs"]);
    refused(&good, "max_snap_m = -1", 2, &["-1", "population.max_snap_m"]);
    refused(&good, "max_snap = 1", 2, &["did you mean \"max_snap_m\"?"]);
    refused(&geotiff(-0.02, 0.09, 0.02, 12, &toy_people(), None), "", 1, &["does not name its coordinate system", "crs ="]);
    refused(&geotiff(-0.02, 0.09, 0.0, 12, &toy_people(), Some(4326)), "", 1, &["no size"]);
    refused(&geotiff(50.0, 0.09, 0.02, 12, &toy_people(), Some(4326)), "", 1, &["none of the 13 cells"]);
    let huge = geotiff(-0.02, 0.09, 0.02, 2, &[f32::MAX, 1.0], Some(4326));
    refused(&huge, "", 1, &["column 0, row 0", "-a_nodata"]);
    let mut rgb = Cursor::new(Vec::new());
    TiffEncoder::new(&mut rgb).unwrap().write_image::<colortype::RGB8>(2, 1, &[0; 6]).unwrap();
    refused(rgb.get_ref(), "", 1, &["not one band", "gdal_translate"]);
}

/// All cells with people, sorted, and the reader's count.
fn cells(path: &Path, crs: Option<&str>) -> chargegap::internals::error::Result<(Vec<RasterCell>, Tally)> {
    let file = SourceFile { path: path.to_path_buf(), shown: "pop.tif".to_owned() };
    let mut all = Vec::new();
    let tally = Raster::open(&file, crs)?.read(&mut |batch| {
        all.extend_from_slice(batch);
        Ok(())
    })?;
    all.sort_by_key(|c| (c.at, c.milli));
    Ok((all, tally))
}

#[test]
fn every_prefix_and_every_changed_byte_is_survived() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("pop.tif");
    let good = geotiff(-0.02, 0.09, 0.02, 12, &toy_people(), Some(4326));
    std::fs::write(&path, &good).unwrap();
    assert_eq!(cells(&path, None).unwrap().1.cells, 72);
    for end in 0..good.len() {
        std::fs::write(&path, &good[..end]).unwrap();
        assert!(cells(&path, None).is_err(), "the first {end} of {} bytes", good.len());
    }
    let mut refused = 0;
    for at in 0..good.len() {
        for byte in [0, 0x7f, 0xff, good[at] ^ 1] {
            let mut bad = good.clone();
            bad[at] = byte;
            std::fs::write(&path, &bad).unwrap();
            refused += u32::from(cells(&path, None).is_err()); // or other people in other places; never a panic
        }
    }
    assert!(refused > 100, "{refused}");
}

/// Little-endian classic TIFF: the entry of a tag gets another value, with type LONG.
fn set_tag(bytes: &mut [u8], tag: u16, value: u32) {
    let word = |at: usize| u16::from_le_bytes([bytes[at], bytes[at + 1]]);
    let ifd = u32::from_le_bytes([bytes[4], bytes[5], bytes[6], bytes[7]]) as usize;
    let entry = (0..word(ifd) as usize).map(|i| ifd + 2 + 12 * i).find(|e| word(*e) == tag).unwrap();
    bytes[entry + 2..entry + 4].copy_from_slice(&4u16.to_le_bytes());
    bytes[entry + 4..entry + 8].copy_from_slice(&1u32.to_le_bytes());
    bytes[entry + 8..entry + 12].copy_from_slice(&value.to_le_bytes());
}

#[test]
fn a_header_that_lies_reserves_nothing() {
    let toy = toy();
    let good = geotiff(-0.02, 0.09, 0.02, 12, &toy_people(), Some(4326));
    let (width, length, rows) = (256, 257, 278);
    for (name, lies) in [
        ("wide", &[(width, 4_000_000_000)][..]),
        ("long", &[(length, 4_000_000_000), (rows, 4_000_000_000)]),
        ("both", &[(width, 4_000_000_000), (length, 4_000_000_000), (rows, u32::MAX)]),
        ("large", &[(width, 8000), (length, 8000), (rows, 8000)]),
    ] {
        let mut bad = good.clone();
        lies.iter().for_each(|(tag, value)| set_tag(&mut bad, *tag, *value));
        toy.put_bytes("pop.tif", &bad);
        assert!(cells(&toy.path("pop.tif"), None).is_err(), "{name}");
        // In 1 GB of address space, most of it the threads' own: what the header asks for would not fit.
        let chargegap = assert_cmd::cargo::cargo_bin("chargegap");
        let out = Command::new("sh")
            .args(["-c", "ulimit -v 1000000; exec \"$0\" run . -o out -q"])
            .arg(chargegap)
            .env("RAYON_NUM_THREADS", "2")
            .current_dir(toy.dir.path())
            .output()
            .unwrap();
        let err = String::from_utf8_lossy(&out.stderr).into_owned();
        assert_eq!(out.status.code(), Some(1), "{name}: {err}");
        assert!(err.contains("next:"), "{name}: {err}");
    }
}

fn gdal(tool: &str, args: &[&str], from: &Path, to: &Path) -> bool {
    let Ok(out) = Command::new(tool).arg("-q").args(args).arg(from).arg(to).output() else {
        crate::test_support::skipped(&format!("{tool} is not installed"));
        return false;
    };
    assert!(out.status.success(), "{tool} {args:?}: {}", String::from_utf8_lossy(&out.stderr));
    true
}

/// Degrees and thousandths of every cell with people as GDAL reads the file, sorted.
fn cells_by_gdal(tif: &Path, srs: &str) -> Vec<(f64, f64, u64)> {
    use std::io::Write;
    let xyz = tif.with_extension("xyz");
    gdal("gdal_translate", &["-of", "XYZ"], tif, &xyz);
    let numbers = |line: &str| -> Vec<f64> { line.split_whitespace().map(|v| v.parse().unwrap()).collect() };
    let text = std::fs::read_to_string(&xyz).unwrap();
    let people: Vec<Vec<f64>> = text.lines().map(numbers).filter(|v| v[2] > 0.0).collect();
    let mut child = Command::new("gdaltransform")
        .args(["-s_srs", srs, "-t_srs", "EPSG:4326", "-output_xy"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let lines: String = people.iter().map(|v| format!("{} {}\n", v[0], v[1])).collect();
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || stdin.write_all(lines.as_bytes()).unwrap());
    let places = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    writer.join().unwrap();
    let both = places.lines().map(numbers).zip(people);
    let mut all: Vec<_> = both.map(|(at, v)| (at[0], at[1], (v[2] * 1000.0).round() as u64)).filter(|c| c.2 > 0).collect();
    all.sort_by(|a, b| {
        chargegap::internals::space::LonLat::new(a.0, a.1)
            .unwrap()
            .cmp(&chargegap::internals::space::LonLat::new(b.0, b.1).unwrap())
    });
    all
}

#[test]
fn every_format_gives_the_cells_and_the_sum_that_gdal_reads() {
    let dir = tempfile::tempdir().unwrap();
    let base = dir.path().join("base.tif");
    // 70 × 45 cells of 0.01° near Fengjie: whole and broken numbers, some empty, some without data.
    let (mut seed, mut values) = (7u32, Vec::new());
    for _ in 0..70 * 45 {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let v = (seed >> 16) as f32 % 1000.0 / 8.0;
        values.push(if seed & 0x7000 == 0 {
            NODATA
        } else if seed & 0x3000 == 0 {
            0.0
        } else {
            v
        });
    }
    std::fs::write(&base, geotiff(109.2, 31.4, 0.01, 70, &values, Some(4326))).unwrap();
    let tiled = ["-co", "TILED=YES", "-co", "BLOCKXSIZE=32", "-co", "BLOCKYSIZE=16"];
    let co = |options: &[&'static str]| -> Vec<&'static str> { options.iter().flat_map(|o| ["-co", *o]).collect() };
    let ot = |kind: &'static str| vec!["-ot", kind, "-a_nodata", "0"];
    let all: Vec<(&str, u32, Vec<&str>)> = vec![
        ("f32-plain", 4326, vec![]),
        ("f32-tiled-deflate-3", 4326, [&tiled[..], &co(&["COMPRESS=DEFLATE", "PREDICTOR=3"])].concat()),
        ("f32-strips-lzw-2", 4326, co(&["COMPRESS=LZW", "PREDICTOR=2", "BLOCKYSIZE=7"])),
        ("f32-big-endian", 4326, [&tiled[..], &co(&["ENDIANNESS=BIG", "COMPRESS=LZW"])].concat()),
        ("f32-sparse", 4326, [&tiled[..], &co(&["SPARSE_OK=TRUE"])].concat()),
        ("f64-big", 4326, [vec!["-ot", "Float64"], co(&["BIGTIFF=YES", "COMPRESS=DEFLATE"])].concat()),
        ("u8-tiled", 4326, [ot("Byte"), tiled.to_vec()].concat()),
        ("u16-lzw", 4326, [ot("UInt16"), tiled.to_vec(), co(&["COMPRESS=LZW", "PREDICTOR=2"])].concat()),
        ("u32", 4326, [ot("UInt32"), co(&["COMPRESS=PACKBITS"])].concat()),
        ("i16", 4326, [ot("Int16"), co(&["COMPRESS=DEFLATE", "PREDICTOR=2"])].concat()),
        ("i32-big", 4326, [ot("Int32"), tiled.to_vec(), co(&["BIGTIFF=YES", "ENDIANNESS=BIG", "COMPRESS=LZW"])].concat()),
        ("point", 4326, vec!["-mo", "AREA_OR_POINT=Point"]),
        ("mollweide", 54009, co(&["COMPRESS=LZW"])), // as GHSL: without an EPSG code
        ("utm", 32649, co(&["COMPRESS=DEFLATE"])),
        ("mercator", 3857, [&tiled[..], &co(&["COMPRESS=LZW"])].concat()),
    ];
    for (name, epsg, options) in all {
        let tif = dir.path().join(format!("{name}.tif"));
        let srs = format!("{}:{epsg}", if epsg == 54009 { "ESRI" } else { "EPSG" });
        let (tool, mut args) = if epsg == 4326 { ("gdal_translate", vec![]) } else { ("gdalwarp", vec!["-t_srs", srs.as_str()]) };
        args.extend(options);
        if !gdal(tool, &args, &base, &tif) {
            return;
        }
        let want = cells_by_gdal(&tif, &srs);
        let (got, tally) = cells(&tif, None).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert!(want.len() > 1000, "{name}: {}", want.len());
        assert_eq!(got.len(), want.len(), "{name}");
        let (sum, of_gdal) = (got.iter().map(|c| c.milli).sum::<u64>(), want.iter().map(|c| c.2).sum::<u64>());
        assert_eq!((sum, sum), (tally.milli, of_gdal), "{name}");
        for (g, w) in got.iter().zip(&want) {
            assert!((g.at.lon() - w.0).abs() < 3e-7 && (g.at.lat() - w.1).abs() < 3e-7, "{name}: {g:?} and {w:?}");
        }
        println!("{name}: {} cells, {} people, as GDAL", got.len(), sum as f64 / 1000.0);
    }
    // A projection without a code and without a known name: refused with advice, and read when the region file says so.
    let tif = dir.path().join("albers.tif");
    gdal("gdalwarp", &["-t_srs", "+proj=aea +lat_1=25 +lat_2=47 +lon_0=105 +datum=WGS84"], &base, &tif);
    let err = cells(&tif, None).unwrap_err().to_string();
    assert!(err.contains("spells its coordinate system out") && err.contains("PROJ string"), "{err}");
    let (got, _) = cells(&tif, Some("+proj=aea +lat_1=25 +lat_2=47 +lon_0=105 +datum=WGS84")).unwrap();
    assert!(got.iter().all(|c| (109.1..110.0).contains(&c.at.lon()) && (30.9..31.5).contains(&c.at.lat())));
}
