//! The region file and what it means.
#![no_main]

mod common;
use libfuzzer_sys::fuzz_target;

use chargegap::config::{Criteria, RegionFile};
use chargegap::rank::RankSettings;

fuzz_target!(init: common::quiet(), |bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match RegionFile::parse(text, "region.toml") {
        Err(e) => common::says_where::<()>(Err(e)),
        Ok(region) => {
            common::says_where(Criteria::from_region(&region));
            common::says_where(RankSettings::from_table(&region.rank));
        }
    }
});
