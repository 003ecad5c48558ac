//! Budgets: what asks for more than it is worth is refused, with the limit named.

use super::{case, says};
use crate::toy::{REGION, Toy};
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use std::time::{Duration, Instant};
use zip::write::SimpleFileOptions;

#[test]
fn geopackages_are_read_whatever_the_case_of_their_names() {
    let Some(folder) = case("17-gpkg-odd") else { return };
    // the case's stations: those of the table, and those of the view with more than two points
    for (region, kept) in [("case-table.toml", 3), ("layer-case.toml", 3), ("view.toml", 2)] {
        let found = super::checked(&folder, region);
        let layer = found["layers"].as_array().unwrap().iter().find(|l| l["layer"] == "stations").unwrap().clone();
        assert_eq!(layer["kept"], kept, "{region}: {layer}");
        assert!(found["error"].is_null(), "{region}: {}", found["error"]);
    }
    says(&folder, &["check", "spatialite.toml"]).with(1, &["SpatiaLite", "ogr2ogr"]);
}

#[test]
fn a_view_that_makes_something_of_nothing_is_refused() {
    let Some(folder) = case("55-view-bomb") else { return };
    let since = Instant::now();
    says(&folder, &["check", "region.toml"]).with(1, &["roads.gpkg", "view", "save its result as a table"]);
    assert!(since.elapsed() < Duration::from_secs(10), "{:?}", since.elapsed());
}

/// A workbook of one sheet with these rows of XML.
fn xlsx(sheet: &str, strings: &str) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let open = r#"<?xml version="1.0" encoding="UTF-8"?>"#;
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    let parts = [
        ("[Content_Types].xml", r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#.to_owned()),
        (
            "_rels/.rels",
            format!(
                r#"<Relationships xmlns="{package}"><Relationship Id="r1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                r#"<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>"#
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                r#"<Relationships xmlns="{package}"><Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{office}/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#
            ),
        ),
        ("xl/sharedStrings.xml", format!(r#"<sst xmlns="{main}">{strings}</sst>"#)),
        ("xl/worksheets/sheet1.xml", format!(r#"<worksheet xmlns="{main}"><sheetData>{sheet}</sheetData></worksheet>"#)),
    ];
    for (name, content) in parts {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(open.as_bytes()).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A cell of text, and one of the text `n` of the list.
fn cell(name: &str, text: &str) -> String {
    format!(r#"<c r="{name}" t="inlineStr"><is><t>{text}</t></is></c>"#)
}

fn shared(name: &str, n: usize) -> String {
    format!(r#"<c r="{name}" t="s"><v>{n}</v></c>"#)
}

/// What `check` says of a county table in a workbook, and how long it took.
fn told_of(table: &[u8], name: &str) -> (super::Said, Duration) {
    let toy = Toy::new();
    toy.put("region.toml", &format!("{REGION}[county_table]\npath = \"{name}\"\n"));
    toy.put_bytes(name, table);
    let since = Instant::now();
    let said = says(toy.dir.path(), &["check", "."]);
    (said, since.elapsed())
}

#[test]
fn a_sheet_that_spans_more_than_it_holds_is_refused() {
    if let Some(folder) = case("53-sheet-bomb") {
        let since = Instant::now();
        says(&folder, &["check", "region.toml"]).with(1, &["table.xlsx", "to row 30000 and column 16384"]);
        assert!(since.elapsed() < Duration::from_secs(10), "{:?}", since.elapsed());
    }
    let head = format!("<row r=\"1\">{}{}</row>", cell("A1", "code"), cell("B1", "gdp"));
    let row =
        |n: u32| format!("<row r=\"{n}\">{}<c r=\"B{n}\"><v>5</v></c></row>", cell(&format!("A{n}"), &format!("010{}", n - 1)));
    // a table is read, and one with a note 2,000 rows further down as well
    told_of(&xlsx(&(head.clone() + &row(2) + &row(3)), ""), "t.xlsx").0.with(0, &[]);
    let note = format!("<row r=\"2003\">{}</row>", cell("H2003", "source"));
    told_of(&xlsx(&(head.clone() + &row(2) + &row(3) + &note), ""), "t.xlsx").0.without(&["spans"]);
    // what it says of its size is not believed, and a formula far away counts
    let near = "<row r=\"2\"><c r=\"B2\"><f>1+1</f><v>2</v></c></row>";
    let far = "<row r=\"1048576\"><c r=\"XFD1048576\"><f>A1</f></c></row>";
    let (said, took) = told_of(&xlsx(&(head.clone() + near + far), ""), "t.xlsx");
    said.with(1, &["to row 1048576 and column 16384", "delete what stands far from the table"]);
    assert!(took < Duration::from_secs(10), "{took:?}");
    // one text of 1 MiB in a thousand cells
    let text = format!("<si><t>{}</t></si>", "x".repeat(1 << 20));
    let rows = (2..1002).fold(head.clone(), |mut all, n| {
        write!(all, "<row r=\"{n}\">{}</row>", shared(&format!("A{n}"), 0)).unwrap();
        all
    });
    told_of(&xlsx(&rows, &text), "t.xlsx").0.with(1, &["512 MiB of text"]);
    // a text of 200 MiB that is packed into 200 kB
    let (said, took) = told_of(&xlsx(&head, &format!("<si><t>{}</t></si>", "x".repeat(200 << 20))), "t.xlsx");
    said.with(1, &["it unpacks to 200 MiB, over 100 times its size"]);
    assert!(took < Duration::from_secs(10), "{took:?}");
}

#[test]
fn an_ods_sheet_that_repeats_without_measure_is_refused() {
    let ods = |rows: &str| {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let kind = "application/vnd.oasis.opendocument.spreadsheet";
        zip.start_file("mimetype", SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored)).unwrap();
        zip.write_all(kind.as_bytes()).unwrap();
        zip.start_file("META-INF/manifest.xml", SimpleFileOptions::default()).unwrap();
        zip.write_all(br#"<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>"#).unwrap();
        zip.start_file("content.xml", SimpleFileOptions::default()).unwrap();
        let text = format!(
            r#"<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:body><office:spreadsheet><table:table table:name="a">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"#
        );
        zip.write_all(text.as_bytes()).unwrap();
        zip.finish().unwrap().into_inner()
    };
    let text = |times: u32, text: &str| {
        format!(
            r#"<table:table-cell office:value-type="string" table:number-columns-repeated="{times}"><text:p>{text}</text:p></table:table-cell>"#
        )
    };
    let row =
        |times: u32, cells: &str| format!(r#"<table:table-row table:number-rows-repeated="{times}">{cells}</table:table-row>"#);
    let empty = r#"<table:table-cell table:number-columns-repeated="16384"/>"#;
    let table = row(1, &(text(1, "code") + &text(1, "gdp")))
        + &row(1, &(text(1, "0101") + &text(1, "5")))
        + &row(1, &(text(1, "0102") + &text(1, "6")));
    // as LibreOffice ends a sheet: read
    told_of(&ods(&(table.clone() + &row(1_048_573, empty))), "t.ods").0.with(0, &[]);
    told_of(&ods(&(table.clone() + &row(90_000, &text(1000, "x")))), "t.ods").0.with(1, &["48000000 cells"]);
    // a value that was drawn down to the end of the sheet
    let words = ["row 4 stands 1048573 times in it with the same content"];
    told_of(&ods(&(table.clone() + &row(1_048_573, &text(1, "x")))), "t.ods").0.with(1, &words);
    let far = row(40_000, "<table:table-cell/>")
        + &row(1, &(r#"<table:table-cell table:number-columns-repeated="16000"/>"#.to_owned() + &text(1, "x")));
    told_of(&ods(&(table + &far)), "t.ods").0.with(1, &["delete what stands far from the table"]);
}

#[test]
fn settings_that_multiply_the_work_have_a_most() {
    if let Some(folder) = case("56-draws") {
        says(&folder, &["check", "region.toml"])
            .with(2, &["4000000000 is more than 1000000", "rank.uncertainty.draws", "give 1000000 or fewer"]);
    }
    let list = |n: usize| (1..=n).map(|i| i.to_string()).collect::<Vec<_>>().join(", ");
    let lines = |n: usize| (0..n).map(|i| format!("[[rank.lines]]\nname = \"l{i}\"\nplaces = 1\n")).collect::<String>();
    let indicators = |n: usize| {
        (0..n).map(|i| format!("[[rank.indicators]]\nkey = \"i{i}\"\ncolumn = \"c\"\ndirection = \"higher_is_worse\"\npillar = \"p\"\nweight = 1\n")).collect::<String>()
    };
    let criteria = |keys: &str| REGION.replace("distances_km = [2, 10]\ntimes_min = [5]\nheadline_km = 2\n", keys);
    let rank = |keys: &str| format!("{REGION}{keys}");
    let toy = Toy::new();
    for (region, words) in [
        (rank("[rank.uncertainty]\ndraws = 1000001\n"), "1000001 is more than 1000000"),
        (rank("[rank.uncertainty]\nsamples = 65537\n"), "rank.uncertainty.samples"),
        (rank(&format!("[rank.uncertainty]\ndistances_km = [{}]\n", list(33))), "rank.uncertainty.distances_km"),
        (rank("[rank.counterfactuals]\nstations = 101\n"), "rank.counterfactuals.stations"),
        (rank("[rank.counterfactuals]\nmost = 10001\n"), "rank.counterfactuals.most"),
        (rank(&lines(101)), "rank.lines"),
        (rank(&indicators(201)), "rank.indicators"),
        (criteria(&format!("distances_km = [{}]\n", list(33))), "these are 33 limits, and at most 32 are searched"),
        (criteria(&format!("distances_km = [2]\ntimes_min = [{}]\nheadline_km = 2\n", list(33))), "criteria.times_min"),
    ] {
        toy.put("region.toml", &region);
        for command in [&["check", "."][..], &["run", ".", "-o", "out"]] {
            says(toy.dir.path(), command).with(2, &[words]);
        }
        assert!(!toy.path("out").exists());
    }
    // the most itself is done
    toy.put("region.toml", &criteria(&format!("distances_km = [{}]\ntimes_min = [{}]\nheadline_km = 2\n", list(32), list(32))));
    says(toy.dir.path(), &["check", "."]).with(0, &[]);
    let regions = (0..10_001).map(|i| format!("\"{i}.toml\"")).collect::<Vec<_>>().join(", ");
    toy.put("round.toml", &format!("[round]\nid = \"r\"\n[regions]\nfiles = [{regions}]\n"));
    says(toy.dir.path(), &["round", "round.toml", "-o", "out"]).with(2, &["10001 is more than 10000, the most of regions.files"]);
    // a settings file that does not end, and one that nests without end
    toy.put("region.toml", &"# nothing\n".repeat(1_700_000));
    says(toy.dir.path(), &["check", "."]).with(1, &["at most 16 MiB are read here"]);
    toy.put("region.toml", &format!("a = {}", "[".repeat(1_000_000)));
    says(toy.dir.path(), &["check", "."]).with(2, &["region.toml:1"]);
}

#[test]
fn text_that_unpacks_or_nests_without_measure_is_refused() {
    let toy = Toy::new();
    toy.put("region.toml", "[osm]\npath = \"x.osm\"\n");
    // 200 MiB of blanks are 200 kB of gzip; a real extract shrinks fifteen times
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(b"<osm version=\"0.6\">").unwrap();
    let blanks = "\n".repeat(1 << 20);
    for i in 0..200 {
        packed.write_all(format!("<note>{i}</note>").as_bytes()).unwrap();
        packed.write_all(blanks.as_bytes()).unwrap();
    }
    toy.put_bytes("x.osm", &packed.finish().unwrap());
    says(toy.dir.path(), &["check", "."]).with(1, &["128 MiB and a hundred times its size"]);
    toy.put("x.osm", &format!("<osm>{}", "<a>".repeat(1_000_000)));
    says(toy.dir.path(), &["check", "."]).with(1, &["its tags nest too deeply"]);
    // JSON: in a geometry, in a property, in what nobody asks for
    for deep in [
        format!(
            r#"{{"type":"Feature","properties":{{}},"geometry":{{"type":"GeometryCollection","geometries":{}"#,
            "[".repeat(1_000_000)
        ),
        format!(r#"{{"type":"Feature","geometry":null,"properties":{{"a":{}"#, "[".repeat(1_000_000)),
        format!(r#"{{"type":"Feature","geometry":null,"properties":{{}},"more":{}"#, r#"{"a":"#.repeat(1_000_000)),
    ] {
        toy.put("region.toml", REGION);
        toy.put("roads.geojson", &format!(r#"{{"type":"FeatureCollection","features":[{deep}"#));
        says(toy.dir.path(), &["check", "."]).with(1, &["roads.geojson"]);
    }
}
