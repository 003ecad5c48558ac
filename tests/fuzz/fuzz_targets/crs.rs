//! Coordinate systems by name, PROJ string or well-known text, and a few positions in them.
#![no_main]

mod common;
use chargegap::internals::read::crs::System;
use libfuzzer_sys::fuzz_target;

fuzz_target!(init: common::quiet(), |bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(system) = System::from_word(text) {
        for (x, y) in [(0.0, 0.0), (500_000.0, 3_400_000.0), (-1e300, f64::NAN), (109.5, 31.0)] {
            let _ = system.to_degrees(x, y);
        }
    }
});
