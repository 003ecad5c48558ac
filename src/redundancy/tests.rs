//! By hand: what has two different stations within reach on one edge, and which station is the busiest.

use super::twice::twice_mm;
use super::*;
use crate::config::RoadClass;
use crate::network::{Edge, NO_COUNTY};
use crate::read::settlement::Settlement;
use crate::read::station::Station;

const LIMIT: Criterion = Criterion::Distance(5_000);

fn edge(oneway: bool) -> Edge {
    Edge::between((0, 1), (10_000, 0), RoadClass::Local, oneway, NO_COUNTY)
}

fn end(first: (u32, u32), second: (u32, u32)) -> TwoWays {
    [first, second].map(|(distance_mm, station)| Some(Way { distance_mm, station }))
}

#[test]
fn two_within_reach_from_either_end_or_one_from_both() {
    // 10 m of road, reach 5 m. From the tail 7 at 0 m and 8 at 3 m: both within the first 2 m. From the head 8 at 1 m and 9 at 4 m:
    // both within the last 1 m. 7 reaches 0..5 m from the tail and 8 reaches 6..10 m from the head: they do not meet.
    let (tail, head) = (end((0, 7), (3_000, 8)), end((1_000, 8), (4_000, 9)));
    assert_eq!(twice_mm(&edge(false), [tail, head], LIMIT), 3_000);
    // one way: only what is ahead counts
    assert_eq!(twice_mm(&edge(true), [tail, head], LIMIT), 1_000);
    // with 8 m of reach they meet from 1 m (8 from the head: 10 − 7) to 8 m; the seconds reach 0..5 m and 6..10 m: all of it
    assert_eq!(twice_mm(&edge(false), [tail, head], Criterion::Distance(8_000)), 10_000);
    // the same station from both ends is one, however near: the seconds decide, 2 m and 1 m
    let head = end((1_000, 7), (4_000, 9));
    assert_eq!(twice_mm(&edge(false), [tail, head], LIMIT), 3_000);
    assert_eq!(twice_mm(&edge(false), [end((0, 7), (9_000, 8)), [None; 2]], LIMIT), 0);
}

fn station(id: &str) -> StationOut {
    StationOut {
        station: Station { id: id.to_owned(), charging: true, ..Station::default() },
        county: Some(0),
        snapped: None,
        used: true,
        reason: "".into(),
        duplicate_of: None,
        ghost: false,
    }
}

fn sites(stations: &[StationOut], nodes: std::ops::Range<u32>) -> Vec<Site> {
    let offers = crate::config::Services::of(&[Service::Charging]);
    nodes.filter(|i| stations[*i as usize].used).map(|i| Site { station: i, node: i, offers }).collect()
}

/// So many metres east of a place on the equator.
fn east(m: f64) -> LonLat {
    LonLat::new(m / 111_319.5, 0.0).unwrap()
}

#[test]
fn who_stands_close_to_one_of_a_group_is_of_it_whatever_the_order_and_ids_that_come_again_are_no_bond() {
    let at = |id: &str, m: f64| {
        let mut s = station(id);
        s.station.at = east(m);
        s
    };
    // a chain of 40 m steps read from its ends, and far away one that has the id of another, with a double 20 m off
    let list = [at("c", 80.0), at("a", 0.0), at("b", 40.0), at("a", 9_000.0), at("x", 9_020.0)];
    for order in [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [2, 4, 0, 3, 1]] {
        let list: Vec<StationOut> = order.iter().map(|k| list[*k].clone()).collect();
        let groups = Groups::new(&list, &sites(&list, 0..5));
        let name = |k: usize| {
            let here = order.iter().position(|o| *o == k).unwrap() as u32;
            let named = &list[groups.named(groups.label(here)) as usize].station;
            (named.id.clone(), named.at)
        };
        assert_eq!([name(0), name(1), name(2)], [(); 3].map(|()| ("a".to_owned(), east(0.0))));
        assert_eq!([name(3), name(4)], [(); 2].map(|()| ("a".to_owned(), east(9_000.0))));
    }
    // one that is not used names nobody
    let mut list = [at("a", 0.0), at("b", 10.0)];
    list[0].used = false;
    let groups = Groups::new(&list, &sites(&list, 0..2));
    assert_eq!(groups.named(groups.label(1)), 1);
}

#[test]
fn most_people_then_most_settlements_then_the_lower_id() {
    let settlement = |population| SettlementOut {
        settlement: Settlement { population, ..Settlement::default() },
        county: 0,
        snapped: None,
        nearest: Default::default(),
    };
    let busiest = |list: &[(Option<u64>, u32, Option<u32>)]| {
        let settlements: Vec<SettlementOut> = list.iter().map(|s| settlement(s.0)).collect();
        let mut stations = ["z", "y", "x"].map(station);
        (0..3).for_each(|k| stations[k].station.at = east(1_000.0 * k as f64));
        let groups = Groups::new(&stations, &sites(&stations, 0..3));
        let way = |s: u32| Way { distance_mm: 1, station: groups.label(s) };
        let ways: Vec<TwoWays> = list.iter().map(|s| [Some(way(s.1)), s.2.map(way)]).collect();
        let ground = RedundancyGround {
            limit: LIMIT,
            most_mm: 5_000,
            network: &RoadNetwork::default(),
            sites: &[],
            stations: &stations,
            settlements: &settlements,
            placed: &[],
            by_county: &[Vec::new()],
        };
        let (counties, loses) = county::of_counties(&ground, (&KNearest::default(), &groups), &ways);
        let b = counties[0].busiest.clone().unwrap();
        (b.id, b.people, b.settlements, b.lost_people, b.lost_settlements, loses)
    };
    // 300 people at z in two villages, of which the one of 100 has x as well; 299 at y in three
    let list = [(Some(200), 0, None), (Some(100), 0, Some(2)), (Some(299), 1, None), (Some(0), 1, None), (None, 1, None)];
    assert_eq!(busiest(&list), ("z".to_owned(), 300, 2, 200, 1, vec![true, false, false, false, false]));
    // the same people: more settlements
    assert_eq!(busiest(&[(Some(5), 0, None), (Some(5), 1, None), (None, 1, None)]).0, "y");
    // the same of both: the lower id
    assert_eq!(busiest(&[(Some(5), 0, None), (Some(5), 2, None), (Some(5), 1, None)]).0, "x");
}
