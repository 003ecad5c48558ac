//! Driving rules of OpenStreetMap, each as a scene whose figures are worked out first.
//!
//! ```text
//!   S ══ first ══ 2 ══ middle ══ 3 ══ last ══ 4      three roads of one step; the station S at the left end
//! ```
//!
//! A step is a twentieth of a degree on the equator. Whoever stands on a road counts as served where a car gets from there to S.

use crate::toy::{STEP_MM, Toy};
use chargegap::internals::config::{Criteria, RegionFile};
use chargegap::internals::issue::Issues;
use chargegap::internals::network::{self, Draft};
use chargegap::internals::read::WantedLayers;
use chargegap::internals::read::osm::{ClassMap, read_osm};
use chargegap::internals::read::road::Roads;

/// Tags of an element.
type Tags<'a> = &'a [(&'a str, &'a str)];

fn tags(list: Tags<'_>) -> String {
    list.iter().map(|(k, v)| format!("<tag k='{k}' v='{v}'/>")).collect()
}

/// The extract, with tags on the middle road and on node 2.
fn extract(middle: Tags<'_>, node: Tags<'_>) -> String {
    let nodes: String = (1..5)
        .map(|i| {
            format!(
                "<node id='{i}' lat='0' lon='{}'>{}</node>",
                f64::from(i - 1) * 0.05,
                if i == 2 { tags(node) } else { String::new() }
            )
        })
        .collect();
    let way = |id: u32, more: Tags<'_>| {
        let highway = if more.iter().any(|t| t.0 == "highway") { "" } else { "<tag k='highway' v='primary'/>" };
        format!("<way id='{id}'><nd ref='{id}'/><nd ref='{}'/>{highway}{}</way>", id + 1, tags(more))
    };
    format!("<osm version='0.6'>{nodes}{}{}{}</osm>", way(1, &[]), way(2, middle), way(3, &[]))
}

fn read(text: &str) -> (Roads, Issues) {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), text).unwrap();
    let reading = Criteria::from_region(&RegionFile::default()).unwrap().reading;
    let wanted =
        WantedLayers { counties: false, roads: true, stations: false, settlements: false, candidates: Default::default() };
    let mut issues = Issues::default();
    let inputs = read_osm(file.path(), "x.osm", wanted, None, &ClassMap::new(), &reading, &mut issues).unwrap();
    (inputs.roads, issues)
}

/// Steps of road in the network and steps that are served, by trying every road again and again.
fn steps(roads: &Roads) -> (u64, u64) {
    let mut draft = Draft::from_roads(roads).unwrap();
    network::end_at(&mut draft, roads.ends());
    let mut home: Vec<bool> = draft.nodes.iter().map(|at| at.e7() == (0, 0)).collect();
    for _ in 0..draft.edges.len() {
        for e in &draft.edges {
            home[e.tail as usize] |= home[e.head as usize];
            home[e.head as usize] |= !e.oneway && home[e.tail as usize];
        }
    }
    let sum = |keep: &dyn Fn(u32, u32, bool) -> bool| -> u64 {
        draft.edges.iter().filter(|e| keep(e.tail, e.head, e.oneway)).map(|e| u64::from(e.length_mm)).sum()
    };
    let served = sum(&|tail, head, oneway| home[head as usize] || (!oneway && home[tail as usize]));
    let steps = |mm: u64| (mm + STEP_MM / 2) / STEP_MM; // a road of two steps is rounded once
    (steps(sum(&|_, _, _| true)), steps(served))
}

/// All three roads, all served.
const OPEN: (u64, u64) = (3, 3);
/// The middle road leads away from the station: it and the last one are roads without a way back.
const AWAY: (u64, u64) = (3, 1);
/// The middle road is not in the network: the last one is cut off.
const SHUT: (u64, u64) = (2, 1);

#[test]
fn access_and_direction_are_followed_as_a_car_meets_them() {
    let scenes: &[(Tags<'_>, (u64, u64))] = &[
        (&[], OPEN),
        // access, the most specific first
        (&[("access", "no")], SHUT),
        (&[("access", "private")], SHUT),
        (&[("vehicle", "no")], SHUT),
        (&[("access", "yes"), ("vehicle", "no")], SHUT),
        (&[("vehicle", "yes"), ("access", "no")], OPEN),
        (&[("motor_vehicle", "no"), ("vehicle", "yes")], SHUT),
        (&[("motorcar", "yes"), ("motor_vehicle", "no")], OPEN),
        (&[("motorcar", "no"), ("motor_vehicle", "yes"), ("access", "yes")], SHUT),
        (&[("access", "no"), ("motor_vehicle", "designated")], OPEN),
        (&[("access", "psv")], SHUT),
        (&[("motor_vehicle", "bus")], SHUT),
        (&[("access", "taxi")], SHUT),
        (&[("access", "psv"), ("motorcar", "destination")], OPEN),
        (&[("access", "agricultural;destination")], OPEN),
        // by direction: the road is drawn away from the station, so "forward" leads away from it
        (&[("access:backward", "no")], AWAY),
        (&[("vehicle:backward", "no")], AWAY),
        (&[("motor_vehicle:backward", "no")], AWAY),
        (&[("motorcar:backward", "no")], AWAY),
        (&[("motor_vehicle:forward", "no")], OPEN), // one may drive back
        (&[("motor_vehicle:backward", "no"), ("motorcar", "yes")], OPEN),
        (&[("motorcar:backward", "yes"), ("motor_vehicle", "no")], OPEN),
        (&[("access", "no"), ("motorcar:forward", "yes")], AWAY),
        (&[("access:forward", "no"), ("access:backward", "no")], SHUT),
        // direction, that for cars first
        (&[("oneway", "yes")], AWAY),
        (&[("oneway", "-1")], OPEN),
        (&[("oneway", "yes"), ("oneway:motorcar", "no")], OPEN),
        (&[("oneway", "yes"), ("oneway:motor_vehicle", "no")], OPEN),
        (&[("oneway", "yes"), ("oneway:vehicle", "-1")], OPEN),
        (&[("oneway:vehicle", "yes")], AWAY),
        (&[("oneway", "-1"), ("oneway:motor_vehicle", "yes")], AWAY),
        (&[("oneway:motorcar", "no"), ("oneway:motor_vehicle", "yes")], OPEN),
        (&[("oneway", "yes"), ("oneway:bus", "no")], AWAY),
        (&[("oneway", "yes"), ("motor_vehicle:forward", "no")], SHUT),
        (&[("oneway", "reversible")], SHUT),
        (&[("oneway", "reversible"), ("oneway:motorcar", "no")], OPEN),
        (&[("oneway", "alternating")], OPEN),
        (&[("junction", "roundabout")], AWAY),
        (&[("junction", "roundabout"), ("oneway", "no")], OPEN),
        // kinds of way that are roads only if they say so
        (&[("highway", "busway")], SHUT),
        (&[("highway", "busway"), ("motor_vehicle", "designated")], OPEN),
        (&[("highway", "pedestrian"), ("motorcar", "permissive")], OPEN),
        (&[("highway", "pedestrian"), ("access", "yes")], SHUT),
        (&[("highway", "path"), ("motor_vehicle", "yes"), ("oneway", "yes")], AWAY),
        (&[("highway", "cycleway"), ("motor_vehicle", "private")], SHUT),
        // not roads of ours by default
        (&[("highway", "service")], SHUT),
        (&[("highway", "service"), ("service", "driveway"), ("access", "private")], SHUT),
    ];
    for (middle, want) in scenes {
        let (roads, _) = read(&extract(middle, &[]));
        assert_eq!(steps(&roads), *want, "{middle:?}");
    }
}

#[test]
fn a_road_ends_at_a_node_that_no_car_passes() {
    /// The road is there and is cut between the first and the middle.
    const CUT: (u64, u64) = (3, 1);
    let scenes: &[(Tags<'_>, (u64, u64))] = &[
        (&[], OPEN),
        (&[("barrier", "bollard")], CUT),
        (&[("barrier", "block")], CUT),
        (&[("barrier", "wall")], CUT),
        (&[("barrier", "jersey_barrier")], CUT),
        (&[("barrier", "something_new")], CUT),
        (&[("barrier", "bollard"), ("motor_vehicle", "yes")], OPEN),
        (&[("barrier", "bollard"), ("bollard", "rising")], OPEN),
        (&[("barrier", "gate")], OPEN),
        (&[("barrier", "lift_gate")], OPEN),
        (&[("barrier", "toll_booth")], OPEN),
        (&[("barrier", "cattle_grid")], OPEN),
        (&[("barrier", "gate"), ("access", "no")], CUT),
        (&[("barrier", "lift_gate"), ("access", "private")], CUT),
        (&[("barrier", "gate"), ("access", "no"), ("motorcar", "yes")], OPEN),
        (&[("barrier", "gate"), ("motor_vehicle", "private")], CUT),
        (&[("barrier", "gate"), ("access", "destination")], OPEN),
        (&[("barrier", "gate"), ("locked", "yes")], CUT),
        (&[("barrier", "kerb"), ("kerb", "raised")], CUT),
        (&[("barrier", "kerb"), ("kerb", "flush")], OPEN),
        (&[("access", "no")], CUT),
        (&[("motor_vehicle", "no"), ("highway", "crossing")], CUT),
        (&[("amenity", "charging_station"), ("access", "private")], OPEN),
        (&[("highway", "traffic_signals")], OPEN),
    ];
    for (node, want) in scenes {
        let (roads, issues) = read(&extract(&[], node));
        assert_eq!(steps(&roads), *want, "{node:?}");
        let told = issues.sorted().iter().any(|i| i.code.as_str() == "road_ends_at_barrier");
        assert_eq!(told, *want == CUT, "{node:?}");
    }
}

#[test]
fn a_barrier_inside_a_way_cuts_it_there_and_one_on_a_road_left_out_cuts_nothing() {
    // one way over all four nodes, the barrier on its second: the first step is served, nothing behind
    let nodes = |barrier: &str| -> String {
        (1..5)
            .map(|i| {
                format!("<node id='{i}' lat='0' lon='{}'>{}</node>", f64::from(i - 1) * 0.05, if i == 2 { barrier } else { "" })
            })
            .collect()
    };
    let way = |id: u32, refs: &[u32], highway: &str| {
        let refs: String = refs.iter().map(|r| format!("<nd ref='{r}'/>")).collect();
        format!("<way id='{id}'>{refs}<tag k='highway' v='{highway}'/></way>")
    };
    let bollard = nodes("<tag k='barrier' v='bollard'/>");
    let (roads, _) = read(&format!("<osm>{bollard}{}</osm>", way(1, &[1, 2, 3, 4], "primary")));
    assert_eq!((roads.list().len(), steps(&roads)), (1, (3, 1)));
    // the footway's bollard stands where no road has a node
    let (roads, issues) = read(&format!("<osm>{bollard}{}{}</osm>", way(1, &[1, 3, 4], "primary"), way(2, &[2, 3], "footway")));
    assert_eq!(steps(&roads), (3, 3));
    assert!(issues.sorted().is_empty());
    // a barrier of a service road that is left out, at its far end
    let (roads, issues) = read(&format!("<osm>{bollard}{}{}</osm>", way(1, &[1, 3, 4], "primary"), way(2, &[3, 2], "service")));
    assert_eq!((roads.ends().len(), issues.by_code().len()), (0, 1));
}

#[test]
fn what_is_followed_is_counted() {
    let counted = |middle: Tags<'_>, code: &str| {
        let (_, issues) = read(&extract(middle, &[]));
        issues.by_code().iter().filter(|((_, c), _)| c.as_str() == code).map(|(_, n)| n.0).sum::<u64>()
    };
    assert_eq!(counted(&[("motor_vehicle:backward", "no")], "direction_for_cars"), 1);
    assert_eq!(counted(&[("oneway", "yes"), ("oneway:motorcar", "no")], "direction_for_cars"), 1);
    assert_eq!(counted(&[("oneway", "yes"), ("oneway:motorcar", "yes")], "direction_for_cars"), 0);
    assert_eq!(counted(&[("oneway", "reversible")], "reversible_road"), 1);
    assert_eq!(counted(&[("maxspeed:forward", "70"), ("maxspeed:backward", "50")], "two_speed_limits"), 1);
    assert_eq!(counted(&[("maxspeed:forward", "70"), ("oneway", "yes")], "two_speed_limits"), 0);
    assert_eq!(counted(&[("highway", "busway"), ("motor_vehicle", "yes")], "opened_to_cars"), 1);
    assert_eq!(counted(&[("access", "psv")], "no_motor_vehicles"), 1);
    assert_eq!(counted(&[("maxspeed", "brisk")], "unknown_value"), 1);
}

#[test]
fn speeds_are_those_of_the_limits_as_they_are_written() {
    // a primary road without a limit is driven at 65 km/h, a motorway at its own
    let of = |middle: Tags<'_>| f64::from(read(&extract(middle, &[])).0.list()[1].speed_kmh);
    let plain = of(&[]);
    assert_eq!(plain, 65.0);
    for (text, kmh) in [
        ("50", 50.0),
        ("50 kmh", 50.0),
        ("50 kph", 50.0),
        ("30 MPH", 48.280_32),
        ("30 knots", 55.56),
        ("DE:zone:30", 30.0),
        ("DE:zone30", 30.0),
        ("UK:motorway", 112.654_08),
        ("none", plain),
        ("walk", 6.0),
        ("70;50", 50.0),
    ] {
        assert!((of(&[("maxspeed", text)]) - kmh).abs() < 1e-4, "{text}");
    }
    let motorway = of(&[("highway", "motorway")]);
    assert_eq!(of(&[("highway", "motorway"), ("maxspeed", "none")]), motorway);
    // one speed a road: the lower of the two directions, of which one that sets none is driven at the speed of the class
    assert_eq!(of(&[("maxspeed:forward", "70"), ("maxspeed:backward", "50")]), 50.0);
    assert_eq!(of(&[("maxspeed", "80"), ("maxspeed:backward", "60")]), 60.0);
    assert_eq!(of(&[("maxspeed:forward", "100")]), plain);
    assert_eq!(of(&[("maxspeed:forward", "40")]), 40.0);
    assert_eq!(of(&[("maxspeed:forward", "100"), ("maxspeed:backward", "50"), ("oneway", "yes")]), 100.0);
}

/// The whole path: the ledger of a run, with a bollard and without.
#[test]
fn the_ledger_of_a_run_ends_at_the_bollard() {
    let covered = |node: Tags<'_>| {
        let toy = Toy::new();
        let region = std::fs::read_to_string(toy.path("region.toml")).unwrap();
        let region = region.replace("[roads]\npath = \"roads.geojson\"", "[roads]\nmin_island_km = 0\n[osm]\npath = \"x.osm\"");
        toy.put("region.toml", &region.replace("distances_km = [2, 10]", "distances_km = [2, 100]"));
        toy.put("x.osm", &extract(&[], node));
        toy.put("stations.csv", "id,lon,lat,kind\ns,0.00001,0.0,charging\n");
        toy.chargegap(&["run", ".", "-q", "-o", "out"]).assert().success();
        toy.chargegap(&["verify", "out"]).assert().success();
        let ledger = std::fs::read_to_string(toy.path("out/ledger.csv")).unwrap();
        let rows = ledger.lines().filter(|l| l.contains("charging,100km") && l.contains(",all,"));
        let mm = |l: &str, i: usize| (l.split(',').nth(i).unwrap().parse::<f64>().unwrap() * 1e6).round() as u64;
        rows.fold((0, 0), |s, l| (s.0 + mm(l, 7), s.1 + mm(l, 8)))
    };
    // three steps; behind the bollard at the end of the first there is no way to the station
    assert_eq!(covered(&[]), (3 * STEP_MM, 3 * STEP_MM));
    assert_eq!(covered(&[("barrier", "bollard")]), (3 * STEP_MM, STEP_MM));
}

#[test]
fn stations_at_service_and_private_roads_are_told_at_the_top() {
    // the middle road is a service road; stations beside the first road, beside the middle one and beside its middle
    let told = |middle: Tags<'_>, toml: &str, osm: &str| {
        let toy = Toy::new();
        let region = std::fs::read_to_string(toy.path("region.toml")).unwrap();
        let region = region.replace("[roads]\npath = \"roads.geojson\"", &format!("[roads]\n{toml}\n[osm]\npath = \"x.osm\""));
        let region = if osm.is_empty() { region } else { region.replace("[stations]\npath = \"stations.csv\"\n", "") };
        toy.put("region.toml", &region);
        toy.put("x.osm", &extract(middle, &[]).replace("<way id='1'>", &format!("{osm}<way id='1'>")));
        toy.put("stations.csv", "id,lon,lat,kind\na,0.02,0.0001,charging\nb,0.07,0.0001,charging\nc,0.08,-0.0001,charging\n");
        let done = toy.chargegap(&["check", "."]).output().unwrap();
        String::from_utf8(done.stdout).unwrap()
    };
    let service: Tags<'_> = &[("highway", "service")];
    let want = "warning: 2 of 3 stations (66.7 %) stand at a road that is left out (service 2)";
    let text = told(service, "", "");
    assert!(text.contains(want) && text.find(want) < text.find("share of records"), "{text}");
    assert!(
        told(&[("access", "private")], "", "")
            .contains("2 of 3 stations (66.7 %) stand at a road that is left out (closed to cars 2)")
    );
    assert!(!told(&[], "", "").contains("left out ("));
    let all = "use = [\"motorway\", \"trunk\", \"primary\", \"secondary\", \"tertiary\", \"local\", \"service\"]";
    assert!(!told(service, all, "").contains("stand at a road"));
    // stations of the extract itself
    let own = "<node id='77' lat='0.0001' lon='0.07'><tag k='amenity' v='charging_station'/></node>";
    assert!(told(service, "", own).contains("1 of 1 stations (100.0 %) stand at a road that is left out (service 1)"));
}
