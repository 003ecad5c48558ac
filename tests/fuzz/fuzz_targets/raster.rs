//! The reader of population rasters, from a whole file.
#![no_main]

mod common;
use libfuzzer_sys::fuzz_target;

use chargegap::internals::read::formats::SourceFile;
use chargegap::internals::read::raster::Raster;

fuzz_target!(init: common::quiet(), |bytes: &[u8]| {
    let path = common::file("tif");
    common::put(&path, bytes);
    let file = SourceFile { path, shown: "fuzzed".to_owned() };
    let mut people = 0u64;
    let read = Raster::open(&file, None).and_then(|raster| {
        raster.read(&mut |cells| {
            people = cells.iter().fold(people, |sum, c| sum.saturating_add(c.milli));
            Ok(())
        })
    });
    // What is read adds up.
    match read {
        Ok(tally) => assert_eq!(tally.milli, people),
        Err(e) => common::says_where::<()>(Err(e)),
    }
});
