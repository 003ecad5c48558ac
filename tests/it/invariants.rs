//! R06 and R28: relations that hold whatever the network, on random ones.

use crate::oracles::{Dice, random_roads};
use crate::scene::at;
use chargegap::internals::config::criteria::{Criterion, Metric};
use chargegap::internals::config::{Criteria, RegionFile, RoadClass};
use chargegap::internals::config::{Service, Services};
use chargegap::internals::coverage::{Coverage, Ledger, dead_stretches, longest_stretch_mm};
use chargegap::internals::error::Location;
use chargegap::internals::issue::Issues;
use chargegap::internals::network::{CountyIndex, Draft, RoadNetwork, Snap, SnapIndex, cut_at_borders, split_at};
use chargegap::internals::place::Site;
use chargegap::internals::read::county::{County, ring, shape};
use chargegap::internals::read::road::{OneWay, RawRoad, Roads};
use chargegap::internals::space::LonLat;

const CASES: u64 = 200;

fn limits() -> Vec<Criterion> {
    vec![
        Criterion::Distance(60_000),
        Criterion::Distance(200_000),
        Criterion::Distance(900_000),
        Criterion::Time(9_000),
        Criterion::Time(60_000),
    ]
}

/// Three counties that leave a part of the grid outside and meet in slanted borders.
fn counties() -> Vec<County> {
    let corners: [&[(f64, f64)]; 3] = [
        &[(-1.0, -1.0), (2.3, -1.0), (1.6, 9.0), (-1.0, 9.0)],
        &[(2.3, -1.0), (9.0, -1.0), (9.0, 2.7), (2.04, 2.7)],
        &[(2.04, 2.7), (9.0, 2.7), (6.0, 9.0), (1.6, 9.0)],
    ];
    let county = |(i, c): (usize, &&[(f64, f64)])| {
        let here = Location::default();
        let mut issues = Issues::default();
        let points: Vec<LonLat> = c.iter().chain(c.first()).map(|(x, y)| at(*x, *y)).collect();
        let drawn = shape(vec![vec![ring(&points, &here, &mut issues).unwrap()]], &here, &mut issues).unwrap();
        County::drawn([i.to_string(), String::new(), String::new()], drawn, here)
    };
    corners.iter().enumerate().map(county).collect()
}

struct Solved {
    network: RoadNetwork,
    coverage: Coverage,
    ledger: Ledger,
}

fn solve(roads: &Roads, stations: &[LonLat]) -> Solved {
    let counties = counties();
    let mut draft = Draft::from_roads(roads).unwrap();
    cut_at_borders(&mut draft, &CountyIndex::new(&counties));
    let index = SnapIndex::new(&draft);
    let snaps: Vec<Snap> = stations.iter().map(|p| index.nearest(*p, 5000.0).unwrap()).collect();
    let (mut nodes, _) = split_at(&mut draft, &snaps, &[]);
    let network = draft.freeze(&mut nodes, &mut []);
    let sites: Vec<Site> = (0u32..).zip(nodes).map(|(station, node)| Site { station, node, offers: some_of(station) }).collect();
    let coverage = Coverage::compute_for(&network, &sites, Service::ALL.into_iter().collect());
    let ledger = Ledger::compute(&network, &coverage, &limits(), vec![0; counties.len()]);
    ledger.check(&network, &["0", "1", "2"]).unwrap();
    Solved { network, coverage, ledger }
}

/// Every station charges; every other one also swaps, every third is fast, every fifth for trucks.
fn some_of(station: u32) -> Services {
    Service::ALL.into_iter().zip([1, 2, 3, 5]).filter(|(_, nth)| station.is_multiple_of(*nth)).map(|(s, _)| s).collect()
}

impl Solved {
    fn gaps(&self) -> Vec<u64> {
        let keys = (0..3).flat_map(|c| Service::ALL.into_iter().flat_map(move |s| (0..limits().len()).map(move |l| (c, s, l))));
        keys.map(|(c, s, l)| self.ledger.total(c, s, l).gap_mm).collect()
    }

    fn roads(&self) -> Vec<u64> {
        (0..3).map(|c| self.ledger.road_mm(c)).collect()
    }
}

fn stations(seed: u64) -> Vec<LonLat> {
    let mut dice = Dice::new(seed + 77);
    (0..1 + dice.roll(4)).map(|_| at(dice.roll(600) as f64 / 100.0, dice.roll(600) as f64 / 100.0)).collect()
}

/// The same roads through another hand: every line as `each` makes it, in the order of `order`.
fn rebuilt(roads: &Roads, order: impl Fn(usize) -> usize, each: impl Fn(usize, &mut Vec<LonLat>, &mut OneWay)) -> Roads {
    let criteria = Criteria::from_region(&RegionFile::default()).unwrap();
    let (mut out, mut issues) = (Roads::default(), Issues::default());
    for k in 0..roads.list().len() {
        let i = order(k);
        let road = &roads.list()[i];
        let (mut line, mut oneway) = (roads.points(road).to_vec(), road.oneway);
        each(i, &mut line, &mut oneway);
        if line.is_empty() {
            continue;
        }
        let raw = RawRoad {
            class: Some(road.class),
            class_text: "x",
            oneway,
            speed_kmh: Some(road.speed_kmh.into()),
            ..RawRoad::default()
        };
        out.push(&raw, &line, &criteria.reading, &Location::default(), &mut issues);
    }
    out
}

fn same(_: usize, _: &mut Vec<LonLat>, _: &mut OneWay) {}

fn cases() -> impl Iterator<Item = (u64, Roads, Vec<LonLat>)> {
    (0..CASES).map(|seed| (seed, random_roads(seed), stations(seed))).filter(|(_, r, _)| !r.list().is_empty())
}

#[test]
fn books_close_and_dead_stretches_add_up() {
    for (seed, roads, stations) in cases() {
        let s = solve(&roads, &stations); // `solve` checks the books
        assert_eq!(roads.read_mm, s.roads().iter().sum::<u64>() + s.ledger.outside_mm, "seed {seed}");
        for county in 0..3u32 {
            let edges: Vec<u32> = (0u32..).zip(s.network.edges()).filter(|(_, e)| e.county == county).map(|(i, _)| i).collect();
            for service in Service::ALL {
                for (l, limit) in limits().into_iter().enumerate() {
                    let list = dead_stretches(
                        &s.network,
                        s.coverage.reach(service, limit.metric()),
                        service,
                        (l, limit),
                        county,
                        &edges,
                    );
                    let longest = longest_stretch_mm(&s.network, s.coverage.reach(service, limit.metric()), limit, &edges);
                    assert_eq!(longest, list.first().map_or(0, |x| x.length_mm), "seed {seed}");
                    let sum: u64 = list.iter().map(|x| x.length_mm).sum();
                    assert_eq!(sum, s.ledger.total(county as usize, service, l).gap_mm, "seed {seed}");
                    for x in &list {
                        // the drawn line is as long as it says, to a step of 1e-7 degree at each piece
                        let line = x.line(&s.network);
                        let drawn = chargegap::internals::space::line_mm(&line);
                        assert!(drawn.abs_diff(x.length_mm) <= 40 * line.len() as u64, "seed {seed}: {drawn} {}", x.length_mm);
                        assert!(x.zone_mm >= x.length_mm);
                    }
                }
            }
        }
    }
}

#[test]
fn a_new_station_never_adds_gap() {
    for (seed, roads, mut stations) in cases() {
        let before = solve(&roads, &stations).gaps();
        stations.push(at((seed % 6) as f64 + 0.3, (seed % 5) as f64 + 0.4));
        // a new station splits an edge: by time each piece is rounded down to the millimetre on its own
        for (a, b) in before.iter().zip(solve(&roads, &stations).gaps()) {
            assert!(b <= a + 40, "seed {seed}: {a} became {b}");
        }
    }
}

#[test]
fn a_longer_limit_never_has_more_gap() {
    for (seed, roads, stations) in cases() {
        let s = solve(&roads, &stations);
        for county in 0..3 {
            for pair in [(0, 1), (1, 2), (3, 4)] {
                let gap = |l| s.ledger.total(county, Service::Charging, l).gap_mm;
                assert!(gap(pair.1) <= gap(pair.0), "seed {seed}");
            }
        }
    }
}

#[test]
fn order_of_roads_changes_nothing_at_all() {
    for (seed, roads, stations) in cases() {
        let n = roads.list().len();
        let turned = rebuilt(&roads, |k| n - 1 - k, same);
        let (a, b) = (solve(&roads, &stations), solve(&turned, &stations));
        assert_eq!(a.roads(), b.roads(), "seed {seed}");
        assert_eq!(a.gaps(), b.gaps(), "seed {seed}");
    }
}

#[test]
fn the_way_a_two_way_road_is_drawn_does_not_matter() {
    for (seed, roads, stations) in cases() {
        let drawn = rebuilt(
            &roads,
            |k| k,
            |i, line, oneway| {
                if i % 2 == 0 {
                    line.reverse();
                    *oneway = match *oneway {
                        OneWay::No => OneWay::No,
                        OneWay::Forward => OneWay::Backward,
                        OneWay::Backward => OneWay::Forward,
                    };
                }
            },
        );
        let (a, b) = (solve(&roads, &stations), solve(&drawn, &stations));
        assert_eq!(a.roads(), b.roads(), "seed {seed}");
        assert_eq!(a.gaps(), b.gaps(), "seed {seed}");
    }
}

#[test]
fn a_removed_road_never_brings_anyone_nearer() {
    for (seed, roads, stations) in cases() {
        if roads.list().len() < 3 {
            continue;
        }
        // off every crossing: a station exactly on one may change from one road to the other on the same spot
        let stations: Vec<LonLat> = stations.iter().map(|p| LonLat::new(p.lon() + 3.37e-5, p.lat() + 4.19e-5).unwrap()).collect();
        // the stations stand where they stood: only roads that no station snapped to are taken away
        let whole = solve(&roads, &stations);
        let gone = (seed as usize) % roads.list().len();
        let less = rebuilt(
            &roads,
            |k| k,
            |i, line, _| {
                if i == gone {
                    line.clear();
                }
            },
        );
        let part = solve(&less, &stations);
        // junctions by position; where cuts of two roads lie on one spot there are several nodes, and those say nothing
        let places = |s: &Solved| -> std::collections::BTreeMap<LonLat, u32> {
            let cost: Vec<u32> = s.coverage.reach(Service::Charging, Metric::Distance).costs().collect();
            let mut all: std::collections::BTreeMap<LonLat, Vec<u32>> = Default::default();
            for v in 0..s.network.node_count() as u32 {
                all.entry(s.network.node(v)).or_default().push(cost[v as usize]);
            }
            all.into_iter().filter(|(_, c)| c.len() == 1).map(|(p, c)| (p, c[0])).collect()
        };
        let (a, b) = (places(&whole), places(&part));
        // a station that stood on the road (or on one drawn over it) may now stand on another
        let cost: Vec<u32> = whole.coverage.reach(Service::Charging, Metric::Distance).costs().collect();
        let on_it = |e: &chargegap::internals::network::Edge| cost[e.tail as usize] == 0 || cost[e.head as usize] == 0;
        let moved = whole.network.edges().iter().any(|e| e.road as usize == gone && on_it(e));
        if moved {
            continue; // a station had stood on the road
        }
        // vertices of roads only: a cut at a border may be another road's in the two networks
        for (p, cost) in b.iter().filter(|(p, _)| less.all_points().contains(p)) {
            // splitting rounds lengths inside a segment, so a few millimetres either way
            assert!(a.get(p).is_none_or(|before| *before <= cost.saturating_add(20)), "seed {seed} at {p}");
        }
    }
}

#[test]
fn a_vertex_more_on_a_straight_line_changes_next_to_nothing() {
    for (seed, roads, stations) in cases() {
        let finer = rebuilt(
            &roads,
            |k| k,
            |_, line, _| {
                *line = line.windows(2).flat_map(|w| [w[0], w[0].lerp(w[1], 0.37)]).chain(line.last().copied()).collect();
            },
        );
        let (a, b) = (solve(&roads, &stations), solve(&finer, &stations));
        let vertices = finer.all_points().len() as u64;
        for (x, y) in a.roads().iter().zip(b.roads()) {
            assert!(x.abs_diff(y) <= 30 * vertices, "seed {seed}: {x} {y}"); // a vertex moves by up to 8 mm
        }
    }
}

#[test]
fn twice_the_speed_halves_every_time() {
    for (seed, roads, _) in cases() {
        let criteria = Criteria::from_region(&RegionFile::default()).unwrap();
        let (mut fast, mut issues) = (Roads::default(), Issues::default());
        for road in roads.list() {
            let raw = RawRoad {
                class: Some(road.class),
                class_text: "x",
                oneway: road.oneway,
                speed_kmh: Some(f64::from(road.speed_kmh) * 2.0),
                ..RawRoad::default()
            };
            fast.push(&raw, roads.points(road), &criteria.reading, &Location::default(), &mut issues);
        }
        let time = |r: &Roads| -> Vec<u32> { Draft::from_roads(r).unwrap().edges.iter().map(|e| e.time_ms).collect() };
        for (slow, fast) in time(&roads).into_iter().zip(time(&fast)) {
            assert!(slow.abs_diff(2 * fast) <= 2, "seed {seed}: {slow} {fast}");
        }
    }
}

#[test]
fn the_mirror_image_has_the_same_books() {
    for (seed, roads, _) in cases() {
        let mirrored = rebuilt(
            &roads,
            |k| k,
            |_, line, _| {
                for p in line.iter_mut() {
                    *p = LonLat::new(-p.lon(), p.lat()).unwrap();
                }
            },
        );
        let (a, b) = (Draft::from_roads(&roads).unwrap(), Draft::from_roads(&mirrored).unwrap());
        assert_eq!(a.length_mm(), b.length_mm(), "seed {seed}");
        let lengths = |d: &Draft| {
            let mut l: Vec<u32> = d.edges.iter().map(|e| e.length_mm).collect();
            l.sort_unstable();
            l
        };
        assert_eq!(lengths(&a), lengths(&b), "seed {seed}");
    }
}

#[test]
fn one_thread_or_four_give_the_same() {
    let pool = |n| rayon::ThreadPoolBuilder::new().num_threads(n).build().unwrap();
    let (one, four) = (pool(1), pool(4));
    for (seed, roads, stations) in cases().take(60) {
        let a = one.install(|| solve(&roads, &stations));
        let b = four.install(|| solve(&roads, &stations));
        assert!(a.ledger == b.ledger, "seed {seed}");
        assert_eq!(a.coverage.reach(Service::Charging, Metric::Time), b.coverage.reach(Service::Charging, Metric::Time));
    }
}

#[test]
fn classes_add_up() {
    for (seed, roads, stations) in cases() {
        let s = solve(&roads, &stations);
        for county in 0..3 {
            let sum: u64 = RoadClass::ALL.into_iter().map(|c| s.ledger.class_mm(county, c)).sum();
            assert_eq!(sum, s.ledger.road_mm(county), "seed {seed}");
        }
    }
}
