//! Chargers of OpenStreetMap however they are mapped, in XML drawn here.

use chargegap::internals::config::station_words::Status;
use chargegap::internals::config::{Criteria, RegionFile};
use chargegap::internals::issue::{Issues, Layer};
use chargegap::internals::read::WantedLayers;
use chargegap::internals::read::osm::{ClassMap, read_osm};
use chargegap::internals::read::station::Station;

/// A metre on the equator, degrees.
const M: f64 = 1.0 / 111_319.49;

fn read(elements: &str) -> (Vec<Station>, Issues) {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), format!("<osm version='0.6'>{elements}</osm>")).unwrap();
    let reading = Criteria::from_region(&RegionFile::default()).unwrap().reading;
    let wanted =
        WantedLayers { counties: false, roads: false, stations: true, settlements: false, candidates: Default::default() };
    let mut issues = Issues::default();
    let inputs = read_osm(file.path(), "x.osm", wanted, None, &ClassMap::new(), &reading, &mut issues).unwrap();
    (inputs.stations, issues)
}

/// A node so many metres east and north of 10° E on the equator.
fn node(id: u32, (x, y): (f64, f64), tags: &str) -> String {
    format!("<node id='{id}' lon='{:.7}' lat='{:.7}'>{tags}</node>", 10.0 + x * M, y * M)
}

fn tag(text: &str) -> String {
    text.split_whitespace().map(|t| t.split_once('=').unwrap()).map(|(k, v)| format!("<tag k='{k}' v='{v}'/>")).collect()
}

const STATION: &str = "amenity=charging_station";
const POINT: &str = "man_made=charge_point";

fn told(issues: &Issues) -> Vec<(String, u64)> {
    issues.by_code().into_iter().map(|((_, code), (n, _))| (code.to_string(), n)).collect()
}

fn ids(stations: &[Station]) -> Vec<&str> {
    stations.iter().map(|s| s.id.as_str()).collect()
}

#[test]
fn a_charge_point_beside_a_station_is_one_of_its_points() {
    let near = node(2, (20.0, 0.0), &tag(&format!("{POINT} socket:type2=1 socket:type2:output=22000W")));
    let also = node(3, (0.0, -24.0), &tag(&format!("{POINT} socket:chademo=2 socket:chademo:output=50kW")));
    let far = node(4, (60.0, 0.0), &tag(POINT));
    let (stations, issues) = read(&[node(1, (0.0, 0.0), &tag(STATION)), near, also, far].concat());
    assert_eq!(ids(&stations), ["node/1", "node/4"]);
    // the station says nothing of its own, so it has what its points have: 1 + 2 guns, the higher power, both sockets
    let s = &stations[0];
    assert_eq!((s.points, s.power_kw, s.sockets.as_str()), (Some(3), Some(50.0), "chademo;type2"));
    assert_eq!(stations[1].points, Some(1));
    assert_eq!(told(&issues), [("part_of_station".to_owned(), 2), ("charge_points_alone".to_owned(), 1)]);
    // what it says of itself stays
    let (stations, _) =
        read(&[node(1, (0.0, 0.0), &tag(&format!("{STATION} capacity=8"))), node(2, (3.0, 0.0), &tag(POINT))].concat());
    assert_eq!(stations[0].points, Some(8));
}

#[test]
fn charge_points_that_stand_together_are_one_station() {
    // four in a row, 20 m apart, the last 60 m off: one of three and one of one
    let row: String = [0.0, 20.0, 40.0, 100.0].iter().zip(7..).map(|(x, id)| node(id, (*x, 0.0), &tag(POINT))).collect();
    let (stations, issues) = read(&row);
    assert_eq!(ids(&stations), ["node/7", "node/10"]);
    assert_eq!((stations[0].points, stations[1].points), (Some(3), Some(1)));
    assert_eq!(told(&issues), [("charge_points_alone".to_owned(), 2)]); // two were counted with another
    assert_eq!((issues.count(Layer::Stations).read, issues.count(Layer::Stations).used), (4, 2));
    // one that is gone does not make its neighbour go
    let (stations, _) =
        read(&[node(1, (0.0, 0.0), &tag(POINT)), node(2, (5.0, 0.0), &tag("disused:man_made=charge_point"))].concat());
    assert_eq!(
        stations.iter().map(|s| (s.status, s.points)).collect::<Vec<_>>(),
        [(Status::Open, Some(1)), (Status::Closed, Some(1))]
    );
}

/// A ring of nodes and the way around them.
fn ring(way: u32, first: u32, corners: &[(f64, f64)], tags: &str) -> String {
    let nodes: String = corners.iter().zip(first..).map(|(c, id)| node(id, *c, "")).collect();
    let refs: String = (first..first + corners.len() as u32).chain([first]).map(|r| format!("<nd ref='{r}'/>")).collect();
    format!("{nodes}<way id='{way}'>{refs}{tags}</way>")
}

#[test]
fn an_area_has_a_position_on_its_ground_and_the_points_inside() {
    let square = [(0.0, 0.0), (200.0, 0.0), (200.0, 200.0), (0.0, 200.0)];
    let inside = node(90, (60.0, 60.0), &tag(POINT)); // 60 m from any corner's side, inside
    let (stations, _) = read(&[ring(5, 1, &square, &tag(STATION)), inside].concat());
    assert_eq!((ids(&stations), stations[0].points), (vec!["way/5"], Some(1)));
    // the middle of an L is beside it: a point on the L is taken
    let l = [(0.0, 0.0), (400.0, 0.0), (400.0, 10.0), (10.0, 10.0), (10.0, 400.0), (0.0, 400.0)];
    let (stations, _) = read(&ring(5, 1, &l, &tag(STATION)));
    let (x, y) = ((stations[0].at.lon() - 10.0) / M, stations[0].at.lat() / M);
    assert!((0.0..=400.0).contains(&x) && (0.0..=400.0).contains(&y) && (x <= 10.1 || y <= 10.1), "{x} {y}");
}

fn relation(id: u32, members: &[(&str, u32, &str)], tags: &str) -> String {
    let members: String = members.iter().map(|(t, r, role)| format!("<member type='{t}' ref='{r}' role='{role}'/>")).collect();
    format!("<relation id='{id}'>{members}{tags}</relation>")
}

#[test]
fn relations_are_stations_unless_they_stand_around_one() {
    // an area of two ways: the corners of a square
    let corners: String =
        [(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0)].iter().zip(1..).map(|(c, id)| node(id, *c, "")).collect();
    let ways =
        "<way id='1'><nd ref='1'/><nd ref='2'/><nd ref='3'/></way><way id='2'><nd ref='3'/><nd ref='4'/><nd ref='1'/></way>";
    let area = relation(9, &[("way", 1, "outer"), ("way", 2, "outer")], &tag(&format!("type=multipolygon {STATION} capacity=6")));
    let (stations, _) = read(&format!("{corners}{ways}{area}"));
    assert_eq!((ids(&stations), stations[0].points), (vec!["relation/9"], Some(6)));
    assert!(((stations[0].at.lon() - 10.0) / M - 50.0).abs() < 0.1); // the middle of the square
    // a site of charge points far from each other: one station of three
    let points: String = [0.0, 100.0, 300.0].iter().zip(1..).map(|(x, id)| node(id, (*x, 0.0), &tag(POINT))).collect();
    let members = [("node", 1, ""), ("node", 2, ""), ("node", 3, "")];
    let (stations, issues) = read(&format!("{points}{}", relation(9, &members, &tag(&format!("type=site {STATION}")))));
    assert_eq!((ids(&stations), stations[0].points), (vec!["relation/9"], Some(3)));
    assert_eq!(told(&issues), [("part_of_station".to_owned(), 3)]);
    // a site around a station and a point: the station stays, the point is its own
    let both = [node(1, (0.0, 0.0), &tag(STATION)), node(2, (100.0, 0.0), &tag(POINT))].concat();
    let (stations, issues) = read(&format!("{both}{}", relation(9, &members[..2], &tag(&format!("type=site {STATION}")))));
    assert_eq!((ids(&stations), stations[0].points), (vec!["node/1"], Some(1)));
    assert_eq!(told(&issues), [("part_of_station".to_owned(), 2)]);
}

#[test]
fn what_has_no_position_is_refused_with_what_to_do() {
    let way = format!("<way id='5'><nd ref='1'/><nd ref='2'/>{}</way>", tag(STATION));
    let (stations, issues) = read(&format!("{way}{}", relation(9, &[("way", 77, "outer")], &tag(STATION))));
    assert!(stations.is_empty());
    assert_eq!(told(&issues), [("position_missing".to_owned(), 2)]);
    let first = issues.sorted()[0].clone();
    assert!(first.message.contains("missing from the extract") && first.code.next().contains("out center"), "{first:?}");
    // half of its nodes are there: the middle of those
    let (stations, issues) = read(&format!("{}{way}", node(1, (0.0, 0.0), "")));
    assert_eq!((ids(&stations), issues.by_code().len()), (vec!["way/5"], 0));
}

#[test]
fn what_is_not_in_service_is_counted_by_its_word() {
    let words = ["disused:", "disused:", "razed:", "planned:", "construction:"];
    let all: String =
        words.iter().zip(1..).map(|(w, id)| node(id, (f64::from(id) * 500.0, 0.0), &tag(&format!("{w}{STATION}")))).collect();
    let (stations, issues) = read(&all);
    let count = |status| stations.iter().filter(|s| s.status == status).count();
    assert_eq!((count(Status::Closed), count(Status::Planned), count(Status::Open)), (3, 2, 0));
    let said: Vec<String> = issues.sorted().iter().map(|i| i.message.clone()).collect();
    for want in
        ["2 chargers are marked \"disused:\" and count as closed", "1 chargers are marked \"planned:\" and count as planned"]
    {
        assert!(said.iter().any(|s| s == want), "{want}: {said:?}");
    }
}

#[test]
fn car_parks_that_say_that_cars_can_charge_there_are_counted() {
    let parks = [
        node(1, (0.0, 0.0), &tag("amenity=parking capacity:charging=4")),
        node(2, (9.0, 0.0), &tag("amenity=fuel fuel:electricity=yes")),
    ];
    let (stations, issues) = read(&parks.concat());
    assert!(stations.is_empty() && issues.sorted()[0].message.starts_with("2 car parks"));
    let (_, issues) = read(&node(1, (0.0, 0.0), &tag("amenity=parking capacity:charging=0")));
    assert!(issues.sorted().is_empty());
}

#[test]
fn what_does_not_work_or_is_not_there_yet_is_counted_by_its_word() {
    let with = |id: u32, tags: &str| node(id, (f64::from(id) * 500.0, 0.0), &tag(tags));
    let all = [
        with(1, &format!("{STATION} operational_status=broken")),
        with(2, &format!("{STATION} operational_status=out_of_order")),
        with(3, &format!("{STATION} opening_hours=closed")),
        with(4, &format!("{STATION} end_date=2019-04")),
        with(5, &format!("{STATION} opening_date=2031-01-01")),
        with(6, "amenity=construction construction=charging_station"),
        with(7, &format!("{STATION} operational_status=operational opening_hours=24/7 start_date=2019")),
        with(8, &format!("{POINT} operational_status=closed")),
        with(9, "amenity=construction construction=school"),
    ];
    let (stations, issues) = read(&all.concat());
    let count = |status| stations.iter().filter(|s| s.status == status).count();
    assert_eq!((count(Status::Closed), count(Status::Planned), count(Status::Open), stations.len()), (5, 2, 1, 8));
    let said: Vec<String> = issues.sorted().iter().map(|i| i.message.clone()).collect();
    for (n, word, state) in [
        (3, "operational_status", "closed"),
        (1, "opening_hours=off", "closed"),
        (1, "end_date in the past", "closed"),
        (1, "opening_date to come", "planned"),
        (1, "amenity=construction", "planned"),
    ] {
        let want = format!("{n} chargers are marked \"{word}\" and count as {state}");
        assert!(said.contains(&want), "{want}: {said:?}");
    }
}

#[test]
fn days_are_held_against_the_day_of_the_extract() {
    // 2025-06-15 by Overpass: the first has ended and the second has not; the third is to come
    let base = "<meta osm_base='2025-06-15T00:00:00Z'/>";
    let with = |id: u32, tags: &str| node(id, (f64::from(id) * 500.0, 0.0), &tag(&format!("{STATION} {tags}")));
    let all = [
        with(1, "end_date=2025-05"),
        with(2, "end_date=2025-08"),
        with(3, "start_date=2025-07-01"),
        with(4, "start_date=2025-06-01"),
    ]
    .concat();
    let of = |text: &str| read(text).0.iter().map(|s| s.status).collect::<Vec<_>>();
    assert_eq!(of(&format!("{base}{all}")), [Status::Closed, Status::Open, Status::Planned, Status::Open]);
    // without a day of its own 2025 is over, and what began in it has begun
    assert_eq!(of(&all), [Status::Closed, Status::Closed, Status::Open, Status::Open]);
}

#[test]
fn private_charge_points_are_no_guns_of_a_public_station() {
    let point = |id: u32, x: f64, tags: &str| node(id, (x, 0.0), &tag(&format!("{POINT} {tags}")));
    let (stations, _) = read(
        &[
            node(1, (0.0, 0.0), &tag(&format!("{STATION} access=yes"))),
            point(2, 5.0, "socket:type2:output=22kW"),
            point(3, 10.0, "access=private socket:type2:output=150kW"),
        ]
        .concat(),
    );
    assert_eq!(stations.iter().map(|s| (s.points, s.power_kw)).collect::<Vec<_>>(), [(Some(1), Some(22.0))]);
    // nor are they one with public points beside them
    let (stations, _) = read(&[point(2, 5.0, ""), point(3, 10.0, "access=private"), point(4, 15.0, "")].concat());
    assert_eq!(stations.iter().map(|s| s.points).collect::<Vec<_>>(), [Some(2), Some(1)]);
}
