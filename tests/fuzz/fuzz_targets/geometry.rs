//! Well-known text, well-known binary and GeoPackage's binary, from one geometry.
#![no_main]

mod common;
use libfuzzer_sys::fuzz_target;

use chargegap::internals::read::geometry::{from_gpkg, from_wkb, from_wkt};

fuzz_target!(init: common::quiet(), |bytes: &[u8]| {
    let _ = from_wkb(bytes);
    let _ = from_gpkg(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = from_wkt(text);
    }
});
