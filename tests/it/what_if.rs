//! A change by `WhatIf` against everything computed anew, on ten thousand changes of a hundred random networks.

use crate::oracles::{Dice, random_roads};
use chargegap::internals::config::RoadClass;
use chargegap::internals::config::criteria::{Criterion, Metric};
use chargegap::internals::config::{ByService, Service, Services};
use chargegap::internals::coverage::{Coverage, Ledger, Stretch, dead_stretches};
use chargegap::internals::network::{Draft, Edge, NO_COUNTY, RoadNetwork};
use chargegap::internals::place::Site;
use chargegap::internals::space::LonLat;
use chargegap::internals::whatif::WhatIf;
use std::collections::BTreeMap;

const COUNTIES: usize = 3;
const CRITERIA: [Criterion; 4] =
    [Criterion::Distance(90_000), Criterion::Distance(250_000), Criterion::Time(9_000), Criterion::Time(0)];

type Lists = BTreeMap<(u32, Service, usize), Vec<(Stretch, Vec<LonLat>)>>;

/// With their lines instead of the numbers of their edges, which another network numbers otherwise.
fn drawn(network: &RoadNetwork, list: Vec<Stretch>) -> Vec<(Stretch, Vec<LonLat>)> {
    let one = |s: Stretch| {
        let line = s.line(network);
        (Stretch { parts: Box::default(), ..s }, line)
    };
    list.into_iter().map(one).collect()
}

fn every_service() -> Services {
    Service::ALL.into_iter().collect()
}

fn some_services(dice: &mut Dice) -> Services {
    Service::ALL.into_iter().filter(|_| dice.roll(2) == 0).collect()
}

fn all_keys() -> impl Iterator<Item = (u32, Service, usize)> {
    (0..COUNTIES as u32).flat_map(|k| Service::ALL.into_iter().flat_map(move |s| (0..CRITERIA.len()).map(move |c| (k, s, c))))
}

/// Everything, from nothing but the roads that are open and the stations that stand.
fn anew(now: &WhatIf, closed: &[u32]) -> (Ledger, Lists, ByService<[Vec<u32>; 2]>) {
    let network = now.network().with_edges(|e| !closed.contains(&e));
    let coverage = Coverage::compute_for(&network, now.sites(), every_service());
    let ledger = Ledger::compute(&network, &coverage, &CRITERIA, vec![0; COUNTIES]);
    ledger.check(&network, &["a", "b", "c"]).unwrap();
    let edges = |k: u32| -> Vec<u32> { (0u32..).zip(network.edges()).filter(|(_, e)| e.county == k).map(|(i, _)| i).collect() };
    let list = |(k, s, c): (u32, Service, usize)| {
        let reach = coverage.reach(s, CRITERIA[c].metric());
        ((k, s, c), drawn(&network, dead_stretches(&network, reach, s, (c, CRITERIA[c]), k, &edges(k))))
    };
    let costs = Service::ALL.map(|s| [Metric::Distance, Metric::Time].map(|m| coverage.reach(s, m).costs().collect()));
    (ledger, all_keys().map(list).collect(), costs)
}

#[test]
fn ten_thousand_changes_equal_full_runs() {
    let (mut changes, mut refused) = (0, 0);
    for seed in 0..100 {
        let mut dice = Dice::new(seed + 77);
        let mut draft = Draft::from_roads(&random_roads(seed)).unwrap();
        for e in &mut draft.edges {
            e.county = [0, 1, 2, NO_COUNTY][dice.roll(4) as usize];
        }
        let network = draft.freeze(&mut [], &mut []);
        let nodes = network.node_count() as u64;
        let mut now = WhatIf::new_for(network, Vec::new(), every_service(), CRITERIA.to_vec(), vec![0; COUNTIES]);
        let mut closed: Vec<u32> = Vec::new();
        let mut lists: Lists = all_keys().map(|(k, s, c)| ((k, s, c), drawn(now.network(), now.stretches(k, s, c)))).collect();
        for change in 0..100u32 {
            let edges = now.network().edges().len() as u64;
            let some_station = |dice: &mut Dice, now: &WhatIf| {
                let n = now.sites().len() as u64;
                if n == 0 { 9_999 } else { now.sites()[dice.roll(n) as usize].station }
            };
            let done = match dice.roll(6) {
                0 | 1 => {
                    let offers = some_services(&mut dice);
                    now.add_station(Site { station: change, node: dice.roll(nodes) as u32, offers })
                }
                2 => {
                    let station = some_station(&mut dice, &now);
                    now.remove_station(station)
                }
                3 => {
                    let station = some_station(&mut dice, &now);
                    now.rerate_station(station, some_services(&mut dice))
                }
                4 => {
                    let edge = dice.roll(edges) as u32;
                    if closed.contains(&edge) {
                        closed.retain(|e| *e != edge);
                        now.reopen_road(edge)
                    } else {
                        closed.push(edge);
                        now.close_road(edge)
                    }
                }
                _ => {
                    let (tail, head) = (dice.roll(nodes) as u32, dice.roll(nodes) as u32);
                    let line = [now.network().node(tail), now.network().node(head)];
                    let (length_mm, time_ms) = (dice.roll(200_000) as u32, dice.roll(9_000) as u32);
                    let (class, county) = (RoadClass::ALL[dice.roll(6) as usize], dice.roll(COUNTIES as u64) as u32);
                    let edge = Edge::between((tail, head), (length_mm, time_ms), class, dice.roll(3) == 0, county);
                    now.add_road(edge, &line).map(|_| ())
                }
            };
            refused += usize::from(done.is_err());
            changes += usize::from(done.is_ok());
            if done.is_ok() {
                for key in now.touched().collect::<Vec<_>>() {
                    lists.insert(key, drawn(now.network(), now.stretches(key.0, key.1, key.2)));
                }
            }
            let (ledger, full, costs) = anew(&now, &closed);
            assert_eq!(*now.ledger(), ledger, "network {seed}, change {change}");
            for s in Service::ALL {
                for m in [Metric::Distance, Metric::Time] {
                    let mine: Vec<u32> = now.reach(s, m).costs().collect();
                    assert_eq!(mine, costs[s as usize][m as usize], "network {seed}, change {change}");
                }
            }
            assert_eq!(lists, full, "network {seed}, change {change}");
        }
    }
    assert!(changes > 8_500, "{changes}");
    println!("{changes} changes equal full runs in every cost, ledger and stretch; {refused} were refused");
}
