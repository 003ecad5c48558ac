//! The geopackage reader, from a whole file.
#![no_main]

mod common;
use libfuzzer_sys::fuzz_target;

fuzz_target!(init: common::quiet(), |bytes: &[u8]| {
    let path = common::file("gpkg");
    common::put(&path, bytes);
    common::roads_and_counties(&path);
});
