//! The region file and the round file, and what they mean; rows of shards and lines in them.
#![no_main]

mod common;
use libfuzzer_sys::fuzz_target;

use chargegap::internals::config::{Criteria, RegionFile, RoundFile};
use chargegap::internals::rank::RankSettings;
use chargegap::internals::county::GapRow;
use chargegap::internals::results::shard_file;
use chargegap::internals::space::line;

fuzz_target!(init: common::quiet(), |bytes: &[u8]| {
    let _ = shard_file::check(bytes, "990101", "0");
    shard_file::rows_of::<GapRow>(bytes, 0).for_each(drop);
    let _ = shard_file::county_of(bytes);
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let _ = line::positions(text);
    if let Ok(round) = RoundFile::parse(text, "round.toml") {
        common::says_where(Criteria::from_region(&round.whole()));
        let _ = RankSettings::from_table(&round.rank);
    }
    match RegionFile::parse(text, "region.toml") {
        Err(e) => common::says_where::<()>(Err(e)),
        Ok(region) => {
            common::says_where(Criteria::from_region(&region));
            common::says_where(RankSettings::from_table(&region.rank));
        }
    }
});
