//! The shapefile reader: the first byte says whether the rest is the shapes or the table beside known ones.
#![no_main]

mod common;
use libfuzzer_sys::fuzz_target;

const SHP: &[u8] = include_bytes!("../seeds/shapefile/roads.shp");
const DBF: &[u8] = include_bytes!("../seeds/shapefile/roads.dbf");

fuzz_target!(init: common::quiet(), |bytes: &[u8]| {
    let Some((which, rest)) = bytes.split_first() else { return };
    let path = common::file("shp");
    let shapes = which & 1 == 0;
    common::put(&path, if shapes { rest } else { SHP });
    common::put(&path.with_extension("dbf"), if shapes { DBF } else { rest });
    common::roads_and_counties(&path);
});
