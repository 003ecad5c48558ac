//! How far the surroundings of a county reach.

use super::print_scene::{Road, Scene, at, county, scene, settlement, station};
use crate::config::criteria::Service;
use crate::county::SettlementRow;
use crate::read::settlement::Settlement;
use crate::read::station::Station;
use crate::results::shard_file;

#[test]
fn surroundings_reach_as_far_as_anything_that_is_asked_for() {
    let reach = |file: &str, kmh: Option<f64>| {
        let mut s = Scene { file: format!("[criteria]\n{file}"), ..scene() };
        s.roads[0].kmh = kmh;
        s.laid().plan().reach_m
    };
    // the distance, a settlement's 2 km to its road twice, and 200 m for what neighbouring stations say
    assert_eq!(reach("distances_km = [5, 20]\ntimes_min = []\n", None), 20_000.0 + 4_000.0 + 200.0);
    // 30 minutes at 120 km/h, as no road is faster
    assert_eq!(reach("distances_km = [5, 20]\ntimes_min = [15, 30]\n", None), 60_000.0 + 4_200.0);
    // a road of 130 km/h: at the next 20, 140 km/h
    assert_eq!(reach("distances_km = [5, 20]\ntimes_min = [15, 30]\n", Some(130.0)), 70_000.0 + 4_200.0);
    // a settlement's own station, where that is the longest
    assert_eq!(reach("distances_km = [5]\ntimes_min = []\nsettlement_radius_km = 30\n", None), 30_000.0 + 4_200.0);
    // stations farther from roads than settlements
    assert_eq!(reach("distances_km = [20]\ntimes_min = []\nmax_snap_m = 3000\n", None), 20_000.0 + 6_000.0 + 200.0);
}

/// A road to the north from `start` (latitude), so many metres long, with a station so far beyond its end; county A ends at 30.05°, just
/// where a row of cells does.
fn northward(file: &str, start: f64, (road_m, beyond_m): (f64, f64), kmh: f64) -> Scene {
    // a degree of latitude has 110,852 m at 30°, and a little more to the north
    let north = |from: f64, metres: f64| from + metres / 110_852.0;
    let end = north(start, road_m);
    let road = |name, line| Road { name, line, oneway: false, kmh: Some(kmh) };
    Scene {
        file: file.to_owned(),
        counties: vec![county("0101", [99.9, 29.8, 100.1, 30.05]), county("0102", [99.9, 30.05, 100.1, 31.0])],
        roads: vec![road("North", vec![(100.0, start), (100.0, end)]), road("South", vec![(99.95, 29.9), (100.05, 29.9)])],
        stations: vec![Station { at: at(100.0, north(end, beyond_m)), ..station("FAR", 100.0) }],
        settlements: Vec::new(),
    }
}

#[test]
fn a_station_at_the_end_of_the_reach_counts_for_a_settlement() {
    // A village 10 m inside A whose road begins 1.95 km to the north, 19.84 km of road, and a station 450 m beyond: 22.25 km in all, in
    // the fifth row of cells to the north (4 rows are 22.17 km). The way counts, as 19.84 km are less than 19.85.
    let criteria = "[criteria]\ndistances_km = [19.85]\ntimes_min = []\n";
    let with_station = |name: &str| {
        let mut s = northward(criteria, 30.0499 + 1950.0 / 110_852.0, (19_840.0, 450.0), 60.0);
        s.settlements = vec![Settlement { at: at(100.0, 30.0499), ..settlement("V1", 100.0) }];
        s.stations[0].name = name.to_owned();
        s.laid()
    };
    let laid = with_station("One");
    let village = shard_file::rows_of::<SettlementRow>(&laid.rows(), 0).next().unwrap().unwrap();
    let nearest = village.nearest[Service::Charging as usize].as_ref().map(|n| n.station.as_str());
    assert_eq!(nearest, Some("FAR"), "the shard of A lacks the station: {village:?}");
    // what bears on its rows is in its fingerprint
    assert_ne!(with_station("Two").prints()[0], laid.prints()[0]);
}

#[test]
fn a_station_at_the_end_of_the_reach_counts_for_a_road() {
    // The road leaves A, and 29.9 km from its border and 450 m beyond the road's end stands the only station: in the sixth row of cells
    // to the north (5 rows are 27.7 km). Within 30 km, and within 10 minutes at 180 km/h, are the last 100 m of A's road.
    let inside_m = 3000.0;
    for criteria in ["distances_km = [30]\ntimes_min = []\n", "distances_km = [1]\ntimes_min = [10]\nheadline_km = 1\n"] {
        let start = 30.05 - inside_m / 110_852.0;
        let laid = northward(&format!("[criteria]\n{criteria}"), start, (inside_m + 29_900.0, 450.0), 180.0).laid();
        let row = shard_file::county_of(&laid.rows()).unwrap();
        let covered_mm = row.total(Service::Charging, laid.criteria.serving.all.len() - 1).covered_mm;
        assert!((90_000..110_000).contains(&covered_mm), "{criteria}: {covered_mm} mm");
    }
}
