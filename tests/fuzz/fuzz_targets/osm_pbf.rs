//! The OSM extract reader, from a whole file.
#![no_main]

mod common;
use libfuzzer_sys::fuzz_target;

use chargegap::internals::config::{Criteria, RegionFile};
use chargegap::internals::issue::Issues;
use chargegap::internals::read::WantedLayers;
use chargegap::internals::read::osm::{ClassMap, read_osm};

fuzz_target!(init: common::quiet(), |bytes: &[u8]| {
    let path = common::file("osm.pbf");
    common::put(&path, bytes);
    let criteria = Criteria::from_region(&RegionFile::default()).expect("the defaults make sense");
    let all = WantedLayers { counties: true, roads: true, stations: true, settlements: true, candidates: Default::default() };
    let mut issues = Issues::default();
    common::says_where(read_osm(&path, "fuzzed", all, None, &ClassMap::new(), &criteria.reading, &mut issues));
});
