//! The reader of GeoParquet, from a whole file, as every layer.
#![no_main]

mod common;
use libfuzzer_sys::fuzz_target;

fuzz_target!(init: common::quiet(), |bytes: &[u8]| {
    let path = common::file("parquet");
    common::put(&path, bytes);
    common::every_layer(&path);
});
