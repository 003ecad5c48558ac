//! Corridors of Washington north-east: US and state routes out of TIGER's pieces, with the verdicts of programmes.

use crate::toy::{Toy, road, roads, root};
use chargegap::internals::config::RegionFile;
use chargegap::internals::config::Service;
use chargegap::internals::config::criteria::Metric;
use chargegap::internals::coverage::corridors::{Along, Corridor, CorridorsAsked, corridors};
use chargegap::internals::measure::Timings;
use chargegap::internals::network::RoadNetwork;
use chargegap::internals::prepared::ground::Options;
use chargegap::internals::programme::{Answer, Met, Missing, Offer, along, embedded, qualifies};
use chargegap::internals::run::analyse;
use chargegap::internals::space::{LonLat, segment_mm};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

/// Every line is one way through the network, node after node, none twice; all road is on a line or left over.
fn holds_together(network: &RoadNetwork, c: &Corridor) {
    let mut on_lines = BTreeSet::new();
    for line in c.parts.iter().flat_map(|p| &p.lines) {
        assert_eq!(line.nodes.len(), line.along.len() + 1);
        let mut at = 0;
        for (piece, pair) in line.along.iter().zip(line.nodes.windows(2)) {
            at += piece.length_mm();
            assert_eq!(pair[1].1, at);
            if let Along::Road(p) = piece {
                let e = &network.edges()[p.edge as usize];
                let (from, to) = if p.from_mm < p.to_mm { (e.tail, e.head) } else { (e.head, e.tail) };
                assert_eq!((from, to), (pair[0].0, pair[1].0));
                assert!(!e.oneway || p.from_mm < p.to_mm, "{} is driven against its direction", c.reference);
                assert_eq!(p.from_mm.abs_diff(p.to_mm), e.length_mm);
                on_lines.insert(p.edge);
            }
        }
        assert_eq!(at, line.length_mm);
        let distinct: BTreeSet<u32> = line.nodes.iter().map(|n| n.0).collect();
        assert_eq!(distinct.len(), line.nodes.len() - usize::from(line.closed), "{}", c.reference);
        let drawn: usize = line.drawn(network).iter().map(Vec::len).sum();
        assert!(drawn > line.along.len() / 2);
        let sum: u64 = line.intervals(|_| true).iter().map(|i| i.length_mm()).sum();
        assert_eq!(sum, line.length_mm);
    }
    let on: u64 = on_lines.iter().map(|e| u64::from(network.edges()[*e as usize].length_mm)).sum();
    assert_eq!(on + c.left_mm, c.road_mm, "{}", c.reference);
}

#[test]
fn us_and_state_routes_of_washington_are_corridors_with_verdicts() {
    let Some(_) = crate::test_support::shared("washington-northeast") else { return };
    let region = RegionFile::read(&root().join("tests/regions/washington-northeast.toml")).unwrap();
    let results = analyse(&region, &Options { strict: false, on_stage: &|_| {} }, &mut Timings::default()).unwrap();
    let whole = results.whole.as_ref().unwrap();
    let scene = &whole.scene;
    let charging: Vec<_> = scene.sites.iter().filter(|s| s.offers(Service::Charging)).copied().collect();
    let begin = Instant::now();
    let asked = CorridorsAsked { roads: Some(vec!["US *".to_owned(), "SR *".to_owned()]), ..CorridorsAsked::default() };
    let found = corridors(&scene.network, &whole.names, &charging, &asked, &|_| false);
    eprintln!("{} corridors in {:.2?}", found.len(), begin.elapsed());
    let reach = scene.coverage.reach(Service::Charging, Metric::Distance);
    for c in &found {
        holds_together(&scene.network, c);
        for line in c.parts.iter().flat_map(|p| &p.lines) {
            for s in &line.stops {
                let node = line.nodes.iter().find(|n| n.1 == s.at_mm).unwrap().0;
                assert!(reach.cost(node) <= s.to_mm, "{}: nearer than the nearest station", c.reference);
            }
        }
        let lengths: Vec<String> =
            c.parts.iter().map(|p| format!("{}×{:.1}", p.lines.len(), p.lines[0].length_mm as f64 / 1e6)).collect();
        eprintln!(
            "{}: {:.1} km, left {:.1}, parts {}",
            c.reference,
            c.road_mm as f64 / 1e6,
            c.left_mm as f64 / 1e6,
            lengths.join(" ")
        );
    }
    let names: BTreeSet<&str> = found.iter().map(|c| c.reference.as_str()).collect();
    for road in ["US 2", "US 97", "US 395", "SR 20", "SR 25", "SR 28", "SR 153", "SR 155", "SR 172"] {
        assert!(names.contains(road), "{road} of {names:?}");
    }
    for name in ["us-nevi-2023", "eu-afir-cars-2025"] {
        let p = embedded(name).unwrap();
        let rule = p.rules.iter().find(|r| r.off_road.is_some()).unwrap();
        let answers: BTreeMap<u32, Answer> = charging
            .iter()
            .map(|s| (s.station, qualifies(&p, &rule.filter, &Offer::of(&scene.stations[s.station as usize].station))))
            .collect();
        let verdicts: Vec<_> = found.iter().map(|c| along(&p, rule, c, &answers)).collect();
        for v in &verdicts {
            let km = |mm: Option<u64>| mm.map_or("-".to_owned(), |mm| format!("{:.1}", mm as f64 / 1e6));
            let worst = |with: bool| {
                v.lines.iter().filter_map(|l| if with { l.longest.with } else { l.longest.without }).map(|i| i.length_mm()).max()
            };
            let driven = v.lines.iter().map(|l| l.driven.with.mm).max();
            eprintln!(
                "{name} {}: {} longest {} / {}, driven {}",
                v.reference,
                v.met.as_str(),
                km(worst(false)),
                km(worst(true)),
                km(driven)
            );
            for l in &v.lines {
                // AFDC says nothing of power: no station is known to count, and nothing is met that is longer than the limit
                assert!(l.stations.iter().all(|(_, a)| *a != Answer::Yes));
                let length = l.longest.without.unwrap().length_mm();
                let limit = p.length_mm(rule.limit.as_ref().unwrap()).unwrap();
                assert_eq!(l.verdict.both.without == Met::Met, length <= limit);
                assert!(l.longest.with.unwrap().length_mm() <= length);
                assert!(l.one_out.with.unwrap().0.length_mm() >= l.longest.with.unwrap().length_mm());
            }
            if v.met == Met::CannotBeTold {
                assert!(v.missing.iter().any(|m| matches!(m, Missing::Field(_) | Missing::Value(_))), "{v:?}");
            }
        }
        let count = [Met::Met, Met::NotMet, Met::CannotBeTold].map(|met| verdicts.iter().filter(|v| v.met == met).count());
        eprintln!("{name}: met, not met, cannot be told: {count:?}");
        assert_eq!(verdicts.len(), found.len());
    }
}

fn found_in(region: &std::path::Path, asked: &CorridorsAsked) -> Vec<Corridor> {
    let region = RegionFile::read(region).unwrap();
    let results = analyse(&region, &Options { strict: false, on_stage: &|_| {} }, &mut Timings::default()).unwrap();
    let whole = results.whole.as_ref().unwrap();
    let charging: Vec<_> = whole.scene.sites.iter().filter(|s| s.offers(Service::Charging)).copied().collect();
    let found = corridors(&whole.scene.network, &whole.names, &charging, asked, &|_| false);
    found.iter().for_each(|c| holds_together(&whole.scene.network, c));
    found
}

#[test]
fn numbers_come_from_columns_of_their_own_and_from_roads_drawn_again() {
    // the toy's road, 0 to 0.2° of the equator with vertices every 0.05°, a charger at 0.05°: a quarter and three quarters
    let toy = Toy::new();
    let named = road("r1", "trunk", "沪聂线", &[0.0, 0.05, 0.1, 0.15, 0.2]).replace("\"id\":", "\"路线编号\":\"G318\",\"id\":");
    let again = road("r2", "trunk", "US Hwy 395", &[0.0, 0.05, 0.1, 0.15, 0.2]);
    toy.put("roads.geojson", &roads(&[named.clone(), again]));
    let quarter = u64::from(segment_mm(LonLat::new(0.0, 0.0).unwrap(), LonLat::new(0.05, 0.0).unwrap()));
    let found = found_in(&toy.path("region.toml"), &CorridorsAsked::default());
    assert_eq!(found.iter().map(|c| c.reference.as_str()).collect::<Vec<_>>(), ["G318", "US 395"]);
    for line in found.iter().flat_map(|c| &c.parts[0].lines) {
        let mut lengths: Vec<u64> = line.intervals(|_| true).iter().map(|i| i.length_mm()).collect();
        lengths.sort_unstable();
        assert_eq!((lengths, line.range_needed(|_| true).mm), (vec![quarter, 3 * quarter], 3 * quarter));
    }
    // a prepared region keeps them, and a road without a number is a corridor by its name where that is asked for
    toy.put("roads.geojson", &roads(&[named]));
    let by_name = CorridorsAsked { roads: Some(vec!["G*".to_owned(), "沪聂线".to_owned()]), ..CorridorsAsked::default() };
    assert_eq!(found_in(&toy.path("region.toml"), &by_name).iter().map(|c| c.reference.as_str()).collect::<Vec<_>>(), ["G318"]);
    toy.put("roads.geojson", &roads(&[road("r1", "trunk", "沪聂线", &[0.0, 0.05, 0.1, 0.15, 0.2])]));
    assert_eq!(found_in(&toy.path("region.toml"), &by_name).iter().map(|c| c.reference.as_str()).collect::<Vec<_>>(), ["沪聂线"]);
}

#[test]
fn the_isle_of_man_has_its_a_roads_by_ref() {
    let found = found_in(&root().join("datasets/isle-of-man/region.toml"), &CorridorsAsked::default());
    let names: BTreeSet<&str> = found.iter().map(|c| c.reference.as_str()).collect();
    // nearly every A road has a name of its own in OpenStreetMap, and its number in `ref`
    for road in ["A1", "A2", "A3", "A5", "A7", "A10", "A18"] {
        assert!(names.contains(road), "{road} of {names:?}");
    }
    for c in &found {
        let lengths: Vec<String> =
            c.parts.iter().map(|p| format!("{}×{:.1}", p.lines.len(), p.lines[0].length_mm as f64 / 1e6)).collect();
        eprintln!(
            "{}: {:.1} km, left {:.1}, parts {}",
            c.reference,
            c.road_mm as f64 / 1e6,
            c.left_mm as f64 / 1e6,
            lengths.join(" ")
        );
    }
    // the A18 over the mountain from Douglas to Ramsey is 22 to 25 km in one part
    let mountain = found.iter().find(|c| c.reference == "A18").unwrap();
    assert!((20_000_000..26_000_000).contains(&mountain.parts[0].lines[0].length_mm), "{}", mountain.parts[0].lines[0].length_mm);
}
