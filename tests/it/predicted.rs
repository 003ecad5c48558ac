//! R04: scenes whose results are worked out on paper first. Exact to the millimetre, by time to 1 mm an arc.

use crate::scene::{Scene, U, V};
use chargegap::internals::access::nearest_from;
use chargegap::internals::config::RoadClass;
use chargegap::internals::config::Service;
use chargegap::internals::config::criteria::{Criterion, Metric};
use chargegap::internals::coverage::dead_stretches;

#[test]
fn gap_in_the_middle() {
    let s = Scene::draw("C--------C").solve();
    // 9 cells between two stations, service 2.5 cells from each ⇒ gap 9 − 5 = 4 cells
    assert_eq!(s.gap(5 * U / 2), 9 * U - 2 * (5 * U / 2));
    // service 4.5 cells from each end meets in the middle ⇒ no gap
    assert_eq!(s.gap(9 * U / 2 + 1), 0);
}

#[test]
fn no_station_no_cover() {
    let s = Scene::draw("+----+").solve();
    // nothing reaches anything ⇒ all 5 cells are gap, and no way out is a value, not a number
    assert_eq!(s.gap(1000 * U), 5 * U);
    assert_eq!(s.stretches(1000 * U)[0].worst, None);
}

#[test]
fn a_station_in_the_middle_of_an_edge() {
    let s = Scene::draw("+---c---+").solve();
    // the station splits 8 cells; 3 cells each way ⇒ one cell left at each end
    assert_eq!(s.gap(3 * U), 2 * U);
    assert_eq!(s.network.edges().len(), 2);
}

#[test]
fn one_way_can_only_be_left_by_its_head() {
    let s = Scene::draw("+-->--C--->--+").solve();
    // towards C the last 4 of 6 cells are served; behind it no road leads back ⇒ 2 + 7 cells
    assert_eq!(s.gap(4 * U), 2 * U + 7 * U);
}

#[test]
fn a_one_way_ring_is_walked_all_the_way_round() {
    let s = Scene::draw(
        "
C-->--+
^     v
|     |
+--<--+",
    )
    .solve();
    // Clockwise: 6U right, 3V down, 6U left, 3V up. To C one drives on round the ring, so the farthest is just past C.
    // Service 3V + 2U covers the left side and the last 2 cells of the bottom ⇒ gap 6U + 3V + 4U.
    assert_eq!(s.gap(3 * V + 2 * U), 10 * U + 3 * V);
}

#[test]
fn dead_ends_are_served_from_their_mouth() {
    let s = Scene::draw(
        "
C----+
     |
     |
     |
     +",
    )
    .solve();
    // service 5U + 1V: the street whole, and 1 of 4 cells of the dead end ⇒ gap 3V
    assert_eq!(s.gap(5 * U + V), 3 * V);
}

#[test]
fn a_block_is_served_both_ways_round() {
    let s = Scene::draw(
        "
C------+
|      |
+------+",
    )
    .solve();
    // Ring of 14U + 4V. Service 7U each way round ⇒ gap 14U + 4V − 14U = 4V
    assert_eq!(s.gap(7 * U), 4 * V);
    // the farthest point is half the ring away
    assert_eq!(u64::from(s.stretches(7 * U)[0].worst.unwrap()), 7 * U + 2 * V);
}

#[test]
fn overlapping_stations_do_not_count_twice() {
    let s = Scene::draw("+--C-C--+").solve();
    // 8 cells; stations at 3 and 5, service 2 ⇒ 1..7 covered, gap 1 at each end
    assert_eq!(s.gap(2 * U), 2 * U);
}

#[test]
fn a_limit_exactly_at_a_node_leaves_the_rest_whole() {
    let s = Scene::draw("C---+---+").solve();
    // 4 cells to the node, service 4 ⇒ the node is served, the 4 cells behind it are gap
    assert_eq!(s.gap(4 * U), 4 * U);
    // one millimetre more moves the cut by one millimetre
    assert_eq!(s.gap(4 * U + 1), 4 * U - 1);
}

#[test]
fn islands_are_taken_out_and_counted_and_larger_pieces_stay() {
    let text = "
C--+

+--+

+-----+";
    let s = Scene::draw(text).min_island(4 * U).solve();
    // pieces of 3, 3 and 6 cells; the longest stays, the others are under 4 cells and go, the station's own with them
    assert_eq!(s.islands.len(), 2);
    assert_eq!(s.islands.iter().map(|i| i.total_mm()).sum::<u64>(), 6 * U);
    let s = Scene::draw(text).solve();
    // nothing is taken out: 3 cells served, 3 + 6 without any way to a station
    assert_eq!(s.gap(100 * U), 9 * U);
}

#[test]
fn a_station_across_the_border_serves_this_side() {
    //   county 0      |  county 1
    let s = Scene::draw("C---------+").strips(&[-1.0, 4.5, 20.0]).solve();
    let ledger = s.ledger(&[Criterion::Distance(7 * U as u32)]);
    // 10 cells: 4.5 in county 0, all served; 5.5 in county 1, of which 7 − 4.5 = 2.5 are served ⇒ gap 3
    let half = |n: u64| n * U / 2; // the border cuts a cell in two; the odd millimetre falls to one side
    assert!(ledger.road_mm(0).abs_diff(half(9)) <= 1);
    assert_eq!(ledger.road_mm(0) + ledger.road_mm(1), 10 * U);
    assert_eq!(ledger.total(0, Service::Charging, 0).gap_mm, 0);
    assert_eq!(ledger.total(1, Service::Charging, 0).gap_mm, 3 * U);
}

#[test]
fn a_road_along_a_border_belongs_to_the_lower_code() {
    let s = Scene::draw(
        "
   C
   |
   |
   +",
    )
    .strips(&[-1.0, 3.0, 20.0])
    .solve();
    // the road runs on column 3, which is the border ⇒ county 0 has all of it, in one piece
    let ledger = s.ledger(&[Criterion::Distance(1)]);
    assert_eq!((ledger.road_mm(0), ledger.road_mm(1)), (3 * V, 0));
    assert_eq!(s.network.edges().len(), 1);
}

#[test]
fn a_road_that_only_touches_a_border_is_not_cut() {
    let s = Scene::draw("C--+").strips(&[-1.0, 3.0, 20.0]).solve();
    // it ends on the border ⇒ one edge, all in county 0
    assert_eq!(s.network.edges().len(), 1);
    assert_eq!(s.ledger(&[Criterion::Distance(1)]).road_mm(1), 0);
}

#[test]
fn the_fast_detour_wins_by_time_and_loses_by_distance() {
    // Straight: 6 cells of local road (35 km/h). Round: 6 cells + 2 down and up of trunk (80 km/h).
    let s = Scene::draw(
        "
C-----+
|     |
+-----+",
    )
    .row(2, RoadClass::Trunk, "")
    .column(0, RoadClass::Trunk, "")
    .column(6, RoadClass::Trunk, "")
    .solve();
    // By distance the far corner (6, 0) is 6U away; by time 6U at 35 is 68.70 s and (6U + 4V) at 80 is 49.96 s.
    // So with 50 s the trunk roads are all served, and the straight road from C for 50 s × 35 km/h = 486.1 m, and from its
    // far end with what the detour leaves.
    let round_s = (6.0 * U as f64 + 4.0 * V as f64) / 1e3 * 3.6 / 80.0;
    assert!(round_s < 50.0 && 6.0 * U as f64 / 1e3 * 3.6 / 35.0 > 68.0);
    let served_m = (50.0 + (50.0 - round_s)) * 35.0 / 3.6;
    let predicted = 6.0 * U as f64 - served_m * 1e3;
    let gap = s.gap_of(Service::Charging, Criterion::Time(50_000));
    // times are whole milliseconds: three edges of the detour are rounded by half of one each, 10 mm at 35 km/h
    assert!((gap as f64 - predicted).abs() < 25.0, "{gap} {predicted}");
    // By distance 6U from C serve the straight road, and 6U of the 6U + 4V round; from the far corner nothing is left.
    assert_eq!(s.gap(6 * U), 4 * V);
}

#[test]
fn charging_and_swap_are_searched_apart() {
    let s = Scene::draw("C----W----B").solve();
    // charging at 0 and 10, service 3 ⇒ gap 4; swap at 5 and 10, service 3 ⇒ the first 2 cells
    assert_eq!(s.gap_of(Service::Charging, Criterion::Distance(3 * U as u32)), 4 * U);
    assert_eq!(s.gap_of(Service::Swap, Criterion::Distance(3 * U as u32)), 2 * U);
}

#[test]
fn fast_and_truck_charging_have_gaps_of_their_own() {
    let all = Service::ALL;
    let s = Scene::draw("C----F----W----T----B").services(&all).solve();
    // 20 cells; service 3.
    let gap = |service| s.gap_of(service, Criterion::Distance(3 * U as u32));
    // charging at 0, 5, 15 and 20: 10 cells lie between 5 and 15, of which 3 + 3 are served ⇒ gap 4
    assert_eq!(gap(Service::Charging), 4 * U);
    // swap at 10 and 20 ⇒ 0..7 and 13..17
    assert_eq!(gap(Service::Swap), 11 * U);
    // 120 kW only at 5; 119.9 kW at 0 and 20 is not enough, and what stands at 15 is not known ⇒ 0..2 and 8..20
    assert_eq!(gap(Service::FastCharging), 14 * U);
    // trucks only at 15 ⇒ 0..12 and 18..20
    assert_eq!(gap(Service::TruckCharging), 14 * U);
    let lengths = |service| {
        let edges: Vec<u32> = (0..s.network.edges().len() as u32).collect();
        let criterion = Criterion::Distance(3 * U as u32);
        let reach = s.coverage.reach(service, criterion.metric());
        let list = dead_stretches(&s.network, reach, service, (0, criterion), 0, &edges);
        list.iter().map(|x| x.length_mm / U).collect::<Vec<_>>()
    };
    assert_eq!((lengths(Service::FastCharging), lengths(Service::TruckCharging)), (vec![12, 2], vec![12, 2]));
}

#[test]
fn what_is_not_asked_for_is_not_searched() {
    let s = Scene::draw("C----F").services(&[Service::Charging, Service::FastCharging]).solve();
    let nodes = |service| s.coverage.reach(service, Metric::Distance).costs().count();
    // one road, two nodes; nothing is kept of the services that nobody asked for
    let want = [2, 0, 2, 0, 0];
    assert_eq!(Service::ALL.map(nodes), want);
}

#[test]
fn dead_stretches_run_on_along_the_road_name() {
    // A side road meets "A" in a T; both halves of "A" are one stretch, the side road another, all one zone.
    let s = Scene::draw(
        "
C----+----+
     |
     |
     +",
    )
    .row(0, RoadClass::Primary, "A")
    .column(5, RoadClass::Primary, "B")
    .solve();
    // service 2 ⇒ "A" from cell 2 to 10, "B" all 3 cells
    let list = s.stretches(2 * U);
    let got: Vec<(u64, &str, u32)> = list.iter().map(|x| (x.length_mm, s.names.get(x.name), x.zone)).collect();
    assert_eq!(got, [(8 * U, "A", 1), (3 * V, "B", 1)]);
    assert_eq!(list[0].zone_mm, 8 * U + 3 * V);
    // farthest: the end of "A", 10 cells from C
    assert_eq!(u64::from(list[0].worst.unwrap()), 10 * U);
}

#[test]
fn dead_stretches_turn_neither_back_nor_off_without_a_name() {
    // Four unnamed local roads in a crossing: straight on is joined, the turn is not ⇒ two stretches of 8 and 4 cells.
    let s = Scene::draw(
        "
    +
    |
    |
+---+---+
    |
    |
    +",
    )
    .solve();
    let lengths: Vec<u64> = s.stretches(U).iter().map(|x| x.length_mm).collect();
    assert_eq!(lengths, [8 * U, 6 * V]);
}

#[test]
fn a_dead_stretch_ends_at_the_border() {
    let s = Scene::draw("+---+---+").strips(&[-1.0, 4.0, 20.0]).solve();
    // no station: 4 cells in each county, one stretch each, though the road runs on
    let lengths: Vec<(u32, u64)> = s.stretches(U).iter().map(|x| (x.county, x.length_mm)).collect();
    assert_eq!(lengths, [(0, 4 * U), (1, 4 * U)]);
}

#[test]
fn a_ring_of_gap_has_no_end_and_is_found_all_the_same() {
    let s = Scene::draw(
        "
+---+
|   |
+---+",
    )
    .row(0, RoadClass::Local, "R")
    .row(2, RoadClass::Local, "R")
    .column(0, RoadClass::Local, "R")
    .column(4, RoadClass::Local, "R")
    .solve();
    // one name all round ⇒ one stretch of 8U + 4V that begins and ends on one spot
    let list = s.stretches(U);
    assert_eq!(list.iter().map(|x| x.length_mm).collect::<Vec<_>>(), [8 * U + 4 * V]);
    let line = list[0].line(&s.network);
    assert_eq!(line.first(), line.last());
}

#[test]
fn two_roads_between_the_same_places_are_two() {
    let mut scene = Scene::draw("C----+");
    // a second road between the same ends: one down, along, one up
    use crate::scene::at;
    use chargegap::internals::read::road::OneWay;
    scene.road(RoadClass::Local, "", OneWay::No, &[at(0.0, 0.0), at(0.0, 1.0), at(5.0, 1.0), at(5.0, 0.0)]);
    let s = scene.solve();
    let bottom = u64::from(chargegap::internals::space::segment_mm(at(0.0, 1.0), at(5.0, 1.0)));
    // service 5U: the straight road whole, the other from C for 5U; from its far end nothing is left ⇒ 2V + bottom − 5U
    assert_eq!(s.gap(5 * U), 2 * V + bottom - 5 * U);
}

#[test]
fn of_two_stations_on_one_spot_the_first_is_the_label() {
    let mut scene = Scene::draw("C----+");
    scene.stations.push((crate::scene::at(0.0, 0.0), crate::scene::station('C')));
    // `draw` adds its own station behind the pushed one
    let s = scene.solve();
    assert_eq!(s.sites[0].node, s.sites[1].node);
    let reach = s.coverage.reach(Service::Charging, chargegap::internals::config::criteria::Metric::Distance);
    assert!(reach.labels().all(|site| site == 0));
}

#[test]
fn settlements_are_measured_from_the_middle_of_an_edge() {
    let s = Scene::draw("C--------+").point(3.0, 0.0).point(7.0, 0.3).solve();
    let distance = |i: usize| nearest_from(&s.network, &s.coverage, Service::Charging, s.others[i]).unwrap().distance_mm;
    // 3 cells and 7 cells along the road; the way to the road is not counted
    assert!(u64::from(distance(0)).abs_diff(3 * U) <= 6); // positions are steps of 11 mm
    assert!(u64::from(distance(1)).abs_diff(7 * U) <= 6);
}

#[test]
fn settlements_on_a_one_way_road_drive_on() {
    let s = Scene::draw("C---->----C").point(2.0, 0.0).solve();
    let nearest = nearest_from(&s.network, &s.coverage, Service::Charging, s.others[0]).unwrap();
    // 2 cells behind is C no. 0, but one may only go on: 8 cells to C no. 1
    assert!(u64::from(nearest.distance_mm).abs_diff(8 * U) <= 6);
    assert_eq!(nearest.station, 1);
}

#[test]
fn a_larger_distance_cuts_inside_a_smaller_one() {
    let s = Scene::draw("C------------------+").solve();
    // 19 cells: beyond 3, 7 and 15 are 16, 12 and 4
    for (limit, gap) in [(3, 16), (7, 12), (15, 4), (19, 0)] {
        assert_eq!(s.gap(limit * U), gap * U);
    }
}
