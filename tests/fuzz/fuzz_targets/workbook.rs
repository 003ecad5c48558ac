//! Workbooks (XLSX, XLS, XLSB, ODS), from a whole file, as stations and settlements.
//!
//! A packed workbook of random bytes is hardly ever one, so the first byte may ask to put the rest into a good one: as its sheet, its
//! list of texts or its styles, or as the content of an ODS.
#![no_main]

mod common;
use libfuzzer_sys::fuzz_target;
use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

const XLSX: &[u8] = include_bytes!("../seeds/workbook/stations.xlsx");
const ODS: &[u8] = include_bytes!("../seeds/workbook/stations.ods");

/// A workbook with one of its parts replaced.
fn with_part(book: &[u8], part: &str, bytes: &[u8]) -> Vec<u8> {
    let mut from = ZipArchive::new(Cursor::new(book)).expect("a seed");
    let mut to = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for i in 0..from.len() {
        let mut one = from.by_index(i).expect("a seed");
        let (name, mut old) = (one.name().expect("a seed").into_owned(), Vec::new());
        one.read_to_end(&mut old).expect("a seed");
        to.start_file(name.as_str(), stored).expect("memory");
        to.write_all(if name == part { bytes } else { &old }).expect("memory");
    }
    to.finish().expect("memory").into_inner()
}

fuzz_target!(init: common::quiet(), |bytes: &[u8]| {
    let Some((which, rest)) = bytes.split_first() else { return };
    let book = match which {
        b'1' => with_part(XLSX, "xl/worksheets/sheet1.xml", rest),
        b'2' => with_part(XLSX, "xl/sharedStrings.xml", rest),
        b'3' => with_part(XLSX, "xl/styles.xml", rest),
        b'4' => with_part(XLSX, "xl/workbook.xml", rest),
        b'5' => with_part(ODS, "content.xml", rest),
        _ => rest.to_vec(),
    };
    let path = common::file("xlsx");
    common::put(&path, &book);
    common::points(&path);
});
