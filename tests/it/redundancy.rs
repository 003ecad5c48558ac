//! N−1 against the slow way: the whole coverage again without each station in turn.

use crate::oracles::{Dice, random_roads};
use crate::scene::at;
use chargegap::internals::access::nearest_from;
use chargegap::internals::config::criteria::Criterion;
use chargegap::internals::config::{Service, Services};
use chargegap::internals::coverage::{Coverage, Gap};
use chargegap::internals::engine::UNREACHABLE;
use chargegap::internals::network::{Draft, Placed, RoadNetwork, Snap, SnapIndex, split_at};
use chargegap::internals::place::{SettlementOut, Site, Snapped, StationOut};
use chargegap::internals::read::settlement::Settlement;
use chargegap::internals::read::station::Station;
use chargegap::internals::redundancy::{RedundancyGround, compute};
use chargegap::internals::space::LonLat;
use std::cmp::Reverse;
use std::collections::BTreeSet;

struct Case {
    network: RoadNetwork,
    sites: Vec<Site>,
    stations: Vec<StationOut>,
    settlements: Vec<SettlementOut>,
    placed: Vec<Placed>,
    by_county: Vec<Vec<u32>>,
    /// For every station the first of those that are one with it.
    group: Vec<u32>,
}

/// Random roads with stations, some of them doubles of the one before, and settlements in two counties.
fn case(seed: u64) -> Option<Case> {
    let roads = random_roads(seed);
    if roads.list().is_empty() {
        return None;
    }
    let mut dice = Dice::new(seed + 4_711);
    let mut draft = Draft::from_roads(&roads).unwrap();
    let index = SnapIndex::new(&draft);
    let place = |dice: &mut Dice| at(dice.roll(600) as f64 / 100.0, dice.roll(600) as f64 / 100.0);
    let mut positions: Vec<LonLat> = (0..1 + dice.roll(6)).map(|_| place(&mut dice)).collect();
    let settled: Vec<LonLat> = (0..1 + dice.roll(9)).map(|_| place(&mut dice)).collect();
    // some doubles 11 m beside the one before, and two stations on one node
    let double: Vec<bool> = (0..=positions.len()).map(|i| i > 0 && i < positions.len() && dice.roll(4) == 0).collect();
    for i in (0..positions.len()).filter(|i| double[*i]) {
        positions[i] = LonLat::new(positions[i - 1].lon() + 1e-4, positions[i - 1].lat()).unwrap();
    }
    positions.push(positions[0]);
    let snaps = |of: &[LonLat]| of.iter().map(|p| index.nearest(*p, 5000.0).unwrap()).collect::<Vec<Snap>>();
    let (of_stations, of_settlements) = (snaps(&positions), snaps(&settled));
    let (mut nodes, mut placed) = split_at(&mut draft, &of_stations, &of_settlements);
    let network = draft.freeze(&mut nodes, &mut placed);
    let charging = Services::of(&[Service::Charging]);
    let sites = (0u32..).zip(nodes).map(|(station, node)| Site { station, node, offers: charging }).collect();
    let run = |i: usize| (0..=i).rev().find(|k| !double[*k]).unwrap();
    let station = |i: usize| StationOut {
        station: Station {
            id: i.to_string(),
            charging: true,
            at: positions[i],
            operator: format!("of {}", run(i)),
            ..Station::default()
        },
        county: Some(0),
        snapped: None,
        used: true,
        reason: "".into(),
        duplicate_of: None,
        ghost: false,
    };
    let stations = (0..positions.len()).map(station).collect();
    let group = (0..positions.len()).map(|i| run(i) as u32).collect();
    let settlements = settled
        .iter()
        .map(|p| SettlementOut {
            settlement: Settlement { at: *p, population: Some(dice.roll(4)), ..Settlement::default() },
            county: dice.roll(2) as u32,
            snapped: Some(Snapped { at: *p, distance_mm: 0 }),
            nearest: Default::default(),
        })
        .collect();
    let (even, odd) = (0..network.edges().len() as u32).partition(|e| e % 2 == 0);
    Some(Case { network, sites, stations, settlements, placed, by_county: vec![even, odd], group })
}

impl Case {
    fn group(&self, station: u32) -> u32 {
        self.group[station as usize]
    }

    fn coverage(&self, without: Option<u32>) -> Coverage {
        let left = |s: &&Site| Some(self.group(s.station)) != without;
        let sites: Vec<Site> = self.sites.iter().filter(left).copied().collect();
        Coverage::compute_for(&self.network, &sites, Services::of(&[Service::Charging]))
    }

    fn gap(&self, coverage: &Coverage, edge: u32, limit: Criterion) -> Gap {
        coverage.gap(&self.network, edge, Service::Charging, limit).unwrap_or(Gap { from_mm: 0, to_mm: 0 })
    }

    fn served_mm(&self, coverage: &Coverage, county: usize, limit: Criterion) -> u64 {
        let one = |e: &u32| self.network.edges()[*e as usize].length_mm - self.gap(coverage, *e, limit).length_mm();
        self.by_county[county].iter().map(|e| u64::from(one(e))).sum()
    }

    /// Road that is served whichever station is out: no millimetre of it is in the gap without one.
    fn twice_mm(&self, without: &[Coverage], county: usize, limit: Criterion) -> u64 {
        let one = |e: &u32| {
            let mut gaps: Vec<Gap> = without.iter().map(|c| self.gap(c, *e, limit)).collect();
            gaps.sort_by_key(|g| g.from_mm);
            let (mut in_some, mut end) = (0, 0);
            for g in gaps {
                in_some += g.to_mm.max(end) - g.from_mm.max(end).min(g.to_mm.max(end));
                end = end.max(g.to_mm);
            }
            u64::from(self.network.edges()[*e as usize].length_mm - in_some)
        };
        self.by_county[county].iter().map(one).sum()
    }

    fn way(&self, coverage: &Coverage, i: usize) -> Option<(u32, u32)> {
        nearest_from(&self.network, coverage, Service::Charging, self.placed[i]).map(|n| (n.distance_mm, self.group(n.station)))
    }

    fn check(&self, seed: u64, limit: Criterion) -> (u64, u64) {
        let ground = RedundancyGround {
            limit,
            most_mm: UNREACHABLE,
            network: &self.network,
            sites: &self.sites,
            stations: &self.stations,
            settlements: &self.settlements,
            placed: &self.placed,
            by_county: &self.by_county,
        };
        let found = compute(&ground);
        let groups: BTreeSet<u32> = self.sites.iter().map(|s| self.group(s.station)).collect();
        let without: Vec<Coverage> = groups.iter().map(|g| self.coverage(Some(*g))).collect();
        let without_of = |g: u32| &without[groups.iter().position(|x| *x == g).unwrap()];
        let all = self.coverage(None);
        let near = |w: Option<(u32, u32)>| w.filter(|w| w.0 <= limit.limit());
        let (mut lost_mm, mut losing) = (0, 0);
        for county in 0..2 {
            let (told, here) = (&found.counties[county], format!("seed {seed}, county {county}, {limit:?}"));
            assert_eq!(told.road_served_mm, self.served_mm(&all, county, limit), "{here}");
            assert_eq!(told.road_twice_mm, self.twice_mm(&without, county, limit), "{here}");
            let of_county: Vec<usize> =
                (0..self.settlements.len()).filter(|i| self.settlements[*i].county as usize == county).collect();
            let people = |i: usize| self.settlements[i].settlement.population.unwrap();
            // the busiest one, found by asking for each station in turn
            let load = |g: u32| {
                let its: Vec<usize> =
                    of_county.iter().copied().filter(|i| near(self.way(&all, *i)).is_some_and(|w| w.1 == g)).collect();
                (its.iter().map(|i| people(*i)).sum::<u64>(), its.len() as u64, Reverse(g))
            };
            let busiest = groups.iter().map(|g| load(*g)).max().filter(|b| b.1 > 0).map(|b| (b.0, b.1, b.2.0));
            let id = |g: u32| self.stations[g as usize].station.id.clone();
            assert_eq!(
                told.busiest.as_ref().map(|b| (b.people, b.settlements, b.id.clone())),
                busiest.map(|b| (b.0, b.1, id(b.2))),
                "{here}"
            );
            for i in &of_county {
                let nearest = self.way(&all, *i);
                let second = nearest.and_then(|n| self.way(without_of(n.1), *i));
                let row = found.row(*i, &self.settlements[*i], &self.stations);
                let told = row.ways.map(|w| w.map(|w| (w.distance_mm, w.station)));
                assert_eq!(told, [nearest, second].map(|w| w.map(|(mm, g)| (mm, id(g)))), "{here}, settlement {i}");
                let loses = near(nearest).zip(busiest).is_some_and(|(n, b)| n.1 == b.2) && near(second).is_none();
                assert_eq!(row.loses, loses, "{here}, settlement {i}");
            }
            let Some((b, busiest)) = told.busiest.as_ref().zip(busiest) else { continue };
            let out = without_of(busiest.2);
            let loses = |i: &&usize| near(self.way(&all, **i)).is_some() && near(self.way(out, **i)).is_none();
            let losers: Vec<usize> = of_county.iter().filter(loses).copied().collect();
            assert_eq!(b.lost_settlements, losers.len() as u64, "{here}");
            assert_eq!(b.lost_people, losers.iter().map(|i| people(*i)).sum::<u64>(), "{here}");
            assert_eq!(b.lost_road_mm, told.road_served_mm - self.served_mm(out, county, limit), "{here}");
            lost_mm += b.lost_road_mm;
            losing += b.lost_settlements;
        }
        (lost_mm, losing)
    }
}

#[test]
fn what_fails_with_a_station_is_what_a_coverage_without_it_says() {
    let (mut lost_mm, mut losing) = (0, 0);
    for seed in 0..300 {
        let Some(case) = case(seed) else { continue };
        for limit in [60_000, 200_000, 900_000] {
            let (mm, settlements) = case.check(seed, Criterion::Distance(limit));
            lost_mm += mm;
            losing += settlements;
        }
    }
    // the cases are not empty ones
    assert!(lost_mm > 10_000_000 && losing > 100, "{lost_mm} mm, {losing} settlements");
}
