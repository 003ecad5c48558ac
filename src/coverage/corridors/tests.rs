//! Scenes worked out by hand, and a slow way that tries every way and every choice.

use super::*;
use crate::config::Services;
use crate::network::{Draft, Edge, NO_COUNTY};
use crate::read::road::Roads;
use proptest::prelude::*;

const KM: u32 = 1_000_000;

/// A network drawn as edges: from, to, km, name, one-way. Nodes by number, at (10 km × column, 10 km × row) given for each.
struct Drawn {
    at: Vec<(f64, f64)>,
    edges: Vec<(u32, u32, u32, &'static str, bool)>,
    /// Stations by node.
    stations: Vec<u32>,
}

impl Drawn {
    fn new(at: &[(f64, f64)], edges: &[(u32, u32, u32, &'static str, bool)], stations: &[u32]) -> Self {
        Self { at: at.to_vec(), edges: edges.to_vec(), stations: stations.to_vec() }
    }

    fn network(&self) -> (RoadNetwork, Names, Vec<Site>, Vec<u32>) {
        let mut names = Names::default();
        let mut draft = Draft::from_roads(&Roads::default()).unwrap();
        draft.nodes = self.at.iter().map(|(x, y)| LonLat::new(x * 0.09, y * 0.09).unwrap()).collect();
        for &(tail, head, mm, name, oneway) in &self.edges {
            let edge = Edge::between((tail, head), (mm, mm / 20), RoadClass::Primary, oneway, NO_COUNTY);
            draft.edges.push(Edge { name: names.intern(name), ..edge });
        }
        let mut marked: Vec<u32> = (0..self.at.len() as u32).collect();
        let network = draft.freeze(&mut marked, &mut []);
        let offers = Services::default();
        let site = |(i, node): (u32, &u32)| Site { station: i, node: marked[*node as usize], offers };
        let sites = (0u32..).zip(&self.stations).map(site).collect();
        (network, names, sites, marked)
    }

    fn corridors(&self, asked: &CorridorsAsked) -> Vec<Corridor> {
        let (network, names, sites, _) = self.network();
        corridors(&network, &names, &sites, asked, &|_| false)
    }

    fn only(&self) -> Corridor {
        let mut all = self.corridors(&CorridorsAsked::default());
        assert_eq!(all.len(), 1);
        all.remove(0)
    }
}

fn all(_: &Stop) -> bool {
    true
}

/// `km` of each interval of a line.
fn km(line: &CorridorLine) -> Vec<u64> {
    line.intervals(all).iter().map(|i| i.length_mm() / u64::from(KM)).collect()
}

#[test]
fn a_road_is_cut_at_its_stations_and_each_loss_is_tried() {
    // 0 ──10── 1 ──20── 2 ──30── 3 ──15── 4, stations at 1, 2 and 3: intervals 10, 20, 30, 15.
    // without the one at 2: 20 + 30 = 50; at 3: 30 + 15 = 45; at 1: 30
    let scene = Drawn::new(
        &[(0.0, 0.0), (1.0, 0.0), (3.0, 0.0), (6.0, 0.0), (7.5, 0.0)],
        &[
            (0, 1, 10 * KM, "G318", false),
            (1, 2, 20 * KM, "G318", false),
            (2, 3, 30 * KM, "G318国道", false),
            (3, 4, 15 * KM, "318国道", false),
        ],
        &[1, 2, 3],
    );
    let c = scene.only();
    assert_eq!((c.reference.as_str(), c.road_mm, c.left_mm, c.parts.len()), ("G318", 75 * u64::from(KM), 0, 1));
    let [there, back] = &c.parts[0].lines[..] else { panic!("{c:?}") };
    let (mut one, mut other) = (km(there), km(back));
    other.reverse();
    assert_eq!(one, other);
    one.sort_unstable();
    assert_eq!(one, [10, 15, 20, 30]);
    for line in [there, back] {
        let longest = line.longest(all).unwrap();
        assert_eq!(longest.length_mm(), 30 * u64::from(KM));
        let mut ends = [longest.from.unwrap(), longest.to.unwrap()];
        ends.sort_unstable();
        assert_eq!(ends, [1, 2]);
        let (worst, out) = line.longest_without_one(all).unwrap();
        assert_eq!((worst.length_mm(), out), (50 * u64::from(KM), Some(1)));
        // on the road, range is the longest interval; without the station at 3 it is 45, without any 75
        assert_eq!(line.range_needed(all).mm, 30 * u64::from(KM));
        assert_eq!(line.longest(|s| s.station != 2).unwrap().length_mm(), 45 * u64::from(KM));
        assert_eq!(
            line.longest(|_| false).unwrap(),
            StopInterval { from_mm: 0, to_mm: 75 * u64::from(KM), from: None, to: None }
        );
        assert_eq!(line.longest_without_one(|_| false).unwrap().1, None);
    }
    // two stations at one place: the loss of one changes nothing there
    let twice = Drawn { stations: vec![1, 2, 3, 2], ..scene };
    let (worst, out) = twice.only().parts[0].lines[0].longest_without_one(all).unwrap();
    assert_eq!((worst.length_mm(), out), (45 * u64::from(KM), Some(2)));
}

#[test]
fn a_station_off_the_road_counts_at_the_nearest_point_and_its_way_is_driven() {
    //            5 (station)
    //            │ 2 km
    // 0 ──40── 1 ──40── 2        along the road: 40 and 40. As driven: 40 + 2 to it, 2 + 40 from it: 42
    //   side road 5 → 1 is one-way back in the second drawing: no way back but over 5 ──7── 2
    let at = [(0.0, 0.0), (4.0, 0.0), (8.0, 0.0), (4.0, 0.2)];
    let two_way = Drawn::new(
        &at,
        &[(0, 1, 40 * KM, "US 395", false), (1, 2, 40 * KM, "US Hwy 395", false), (1, 3, 2 * KM, "Station Rd", false)],
        &[3],
    );
    let c = two_way.only();
    for line in &c.parts[0].lines {
        assert_eq!(km(line), [40, 40]);
        let stop = line.stops[0];
        assert_eq!((stop.to_mm, stop.back), (2 * KM, Some((40 * u64::from(KM), 2 * KM))));
        assert_eq!(line.range_needed(all).mm, 42 * u64::from(KM));
        // within 1 km of the road it does not count
        assert_eq!(line.longest(|s| s.to_mm <= KM).unwrap().length_mm(), 80 * u64::from(KM));
        assert_eq!(line.longest(|s| s.to_mm <= 2 * KM).unwrap().length_mm(), 40 * u64::from(KM));
    }
    // left one-way to it at 1, back by 9 km to the end 2: towards 2 the leg to it is 42 km and from it 9; towards 0 it is met again
    // behind, at the beginning of the line, and is no place to go on from there: 9 + 80 is longer than doing without, 80
    let one_way = Drawn::new(
        &at,
        &[(0, 1, 40 * KM, "US 395", false), (1, 2, 40 * KM, "US 395", false), (1, 3, 2 * KM, "", true), (3, 2, 9 * KM, "", true)],
        &[3],
    );
    let c = one_way.only();
    let mut ranges: Vec<u64> = c.parts[0].lines.iter().map(|l| l.range_needed(all).mm / u64::from(KM)).collect();
    ranges.sort_unstable();
    assert_eq!(ranges, [42, 80]);
    // too far to be looked for
    let near = CorridorsAsked { off_road_mm: KM, ..CorridorsAsked::default() };
    assert!(two_way.corridors(&near)[0].parts[0].lines.iter().all(|l| l.stops.is_empty()));
}

#[test]
fn carriageways_are_one_corridor_of_two_directions() {
    //        1 ──────20──▶─────── 2
    // 0 ─10─<                      >─10─ 5     eastbound 0 1 2 5, westbound 5 3 4 0, apart from 1/4 to 2/3
    //        4 ──────22──◀─────── 3
    let at = [(0.0, 0.0), (1.0, 0.05), (3.0, 0.05), (3.0, -0.05), (1.0, -0.05), (4.0, 0.0)];
    let edges = [
        (0, 1, 10 * KM, "G42", true),
        (1, 2, 20 * KM, "G42", true),
        (2, 5, 10 * KM, "G42", true),
        (5, 3, 10 * KM, "G42", true),
        (3, 4, 22 * KM, "G42", true),
        (4, 0, 10 * KM, "G42", true),
    ];
    // a station on the eastbound carriageway only, at 2
    let joined = Drawn::new(&at, &edges, &[2]);
    // two carriageways that meet at both ends are driven round as a ring is: closed, each node on two edges
    let c = joined.only();
    assert_eq!((c.parts.len(), c.left_mm), (1, 0));
    // with a road of both ways before each end they are one corridor: 5 + 40 + 5 there and 5 + 42 + 5 back
    let mut long = Drawn { at: at.iter().copied().chain([(-0.5, 0.0), (4.5, 0.0)]).collect(), ..Drawn::new(&[], &edges, &[2]) };
    long.edges.extend([(6, 0, 5 * KM, "G42", false), (5, 7, 5 * KM, "G42", false)]);
    let c = long.only();
    assert_eq!((c.parts.len(), c.left_mm, c.parts[0].lines.len()), (1, 0, 2));
    let mut both: Vec<Vec<u64>> = c.parts[0].lines.iter().map(km).collect();
    both.sort();
    // eastbound 35 km to it and 15 on; westbound nobody passes it
    assert_eq!(both, [vec![35, 15], vec![52]]);
    // the same two carriageways that touch nowhere, 200 m apart: still one corridor
    let apart = Drawn::new(
        &[(0.0, 0.02), (3.0, 0.02), (3.0, 0.0), (0.0, 0.0)],
        &[(0, 1, 30 * KM, "I- 90", true), (2, 3, 31 * KM, "I-90", true)],
        &[1],
    );
    let c = apart.only();
    assert_eq!((c.reference.as_str(), c.parts.len(), c.parts[0].lines.len()), ("I 90", 1, 2));
}

#[test]
fn a_roundabout_is_driven_round_the_right_way() {
    // 0 ──10── 1 ( 1 → 2 → 3 → 4 → 1, each 1 km, one-way ) 3 ──10── 5; with the number on the circle
    let at = [(0.0, 0.0), (1.0, 0.0), (1.05, -0.05), (1.1, 0.0), (1.05, 0.05), (2.1, 0.0)];
    let edges = [
        (0, 1, 10 * KM, "A1", false),
        (1, 2, KM, "A1", true),
        (2, 3, KM, "A1", true),
        (3, 4, KM, "A1", true),
        (4, 1, KM, "A1", true),
        (3, 5, 10 * KM, "A1", false),
    ];
    let c = Drawn::new(&at, &edges, &[]).only();
    assert_eq!((c.parts.len(), c.left_mm), (1, 0));
    assert_eq!(c.parts[0].lines.iter().map(|l| l.length_mm).collect::<Vec<_>>(), [22 * u64::from(KM); 2]);
    // without the number on the circle the pieces are joined round it, 2 km each way, and the joins are said
    let unnamed: Vec<_> = edges.iter().map(|e| if e.4 { (e.0, e.1, e.2, "", e.4) } else { *e }).collect();
    let c = Drawn::new(&at, &unnamed, &[]).only();
    assert_eq!((c.parts.len(), c.left_mm), (1, 0));
    for line in &c.parts[0].lines {
        assert_eq!((line.length_mm, line.joined_mm), (22 * u64::from(KM), 2 * u64::from(KM)));
    }
    // not so far
    let strict = CorridorsAsked { join_mm: 2 * KM - 1, ..CorridorsAsked::default() };
    assert_eq!(Drawn::new(&at, &unnamed, &[]).corridors(&strict)[0].parts.len(), 2);
}

#[test]
fn spurs_are_lines_of_their_own_or_left_over_and_shared_pieces_belong_to_both() {
    // 0 ──30── 1 ──30── 2, with a spur 1 ──5── 3 of the same number, and one of 0.5 km at 0
    let at = [(0.0, 0.0), (3.0, 0.0), (6.0, 0.0), (3.0, 0.5), (0.0, 0.05)];
    let edges = [
        (0, 1, 30 * KM, "US 2;US 395", false),
        (1, 2, 30 * KM, "US 2", false),
        (1, 3, 5 * KM, "US 2", false),
        (0, 4, KM / 2, "US 2", false),
    ];
    let found = Drawn::new(&at, &edges, &[1]).corridors(&CorridorsAsked::default());
    let names: Vec<&str> = found.iter().map(|c| c.reference.as_str()).collect();
    assert_eq!(names, ["US 2", "US 395"]);
    // the end is that of the short spur: 0.5 + 30 + 30
    let two = &found[0];
    let lengths: Vec<u64> = two.parts.iter().map(|p| p.lines[0].length_mm).collect();
    assert_eq!((lengths, two.left_mm), (vec![60_500_000, 5_000_000], 0));
    // the spur from the junction, where the station stands, to its end
    assert_eq!(km(&two.parts[1].lines[0]), [5]);
    assert_eq!((found[1].parts.len(), found[1].parts[0].lines[0].length_mm), (1, 30_000_000));
    let strict = CorridorsAsked { shortest_mm: 6_000_000, ..CorridorsAsked::default() };
    let two = &Drawn::new(&at, &edges, &[1]).corridors(&strict)[0];
    assert_eq!((two.parts.len(), two.left_mm), (1, 5_000_000));
}

#[test]
fn a_street_that_is_one_way_in_a_town_leaves_both_directions() {
    // 0 ──20── 1 ──1──▶ 2 ──20── 3, one-way from 1 to 2; westbound it is 2 → 4 → 1 over streets without the number, 1 + 0.5 km
    let at = [(0.0, 0.0), (2.0, 0.0), (2.1, 0.0), (4.1, 0.0), (2.05, 0.05)];
    let edges = vec![
        (0, 1, 20 * KM, "A20", false),
        (1, 2, KM, "A20", true),
        (2, 3, 20 * KM, "A20", false),
        (2, 4, KM, "Back Street", true),
        (4, 1, KM / 2, "", true),
    ];
    let of = |at: &[(f64, f64)], edges: &[(u32, u32, u32, &'static str, bool)]| {
        let c = Drawn::new(at, edges, &[]).only();
        assert_eq!((c.parts.len(), c.left_mm), (1, 0));
        let mut lengths: Vec<(u64, u64)> = c.parts[0].lines.iter().map(|l| (l.length_mm, l.joined_mm)).collect();
        lengths.sort_unstable();
        lengths
    };
    assert_eq!(of(&at, &edges), [(41_000_000, 0), (41_500_000, 1_500_000)]);
    // one-way at its very end: the way back begins 1 km before it
    let at = [(0.0, 0.0), (2.0, 0.0), (4.0, 0.0), (4.1, 0.0)];
    let edges = [(0, 1, 20 * KM, "A20", false), (1, 2, 20 * KM, "A20", false), (2, 3, KM, "A20", true)];
    assert_eq!(of(&at, &edges), [(40_000_000, 0), (41_000_000, 0)]);
}

#[test]
fn a_ring_has_no_end() {
    // 0 ─10─ 1 ─20─ 2 ─30─ 3 ─40─ 0, stations at 1 and 3: 50 and 50; without either, 100 round
    let at = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)];
    let edges = [
        (0, 1, 10 * KM, "G4501", false),
        (1, 2, 20 * KM, "G4501", false),
        (2, 3, 30 * KM, "G4501", false),
        (3, 0, 40 * KM, "G4501", false),
    ];
    let c = Drawn::new(&at, &edges, &[1, 3]).only();
    assert_eq!((c.parts.len(), c.parts[0].lines.len()), (1, 2));
    for line in &c.parts[0].lines {
        assert!(line.closed);
        assert_eq!(km(line), [50, 50]);
        assert_eq!(line.longest_without_one(all).unwrap().0.length_mm(), 100 * u64::from(KM));
        assert_eq!(line.range_needed(all).mm, 50 * u64::from(KM));
        assert_eq!(line.longest(|_| false).unwrap().length_mm(), 100 * u64::from(KM));
        assert_eq!(line.longest(|s| s.station == 0).unwrap().length_mm(), 100 * u64::from(KM));
    }
    // three: 1, 2, 3 are 20, 30 and 50 apart; without the one at 1 it is 70, at 2 50, at 3 80
    let c = Drawn::new(&at, &edges, &[1, 2, 3]).only();
    let (worst, out) = c.parts[0].lines[0].longest_without_one(all).unwrap();
    assert_eq!((worst.length_mm(), out), (80_000_000, Some(2)));
}

#[test]
fn which_roads_are_corridors() {
    let at = [(0.0, 0.0), (1.0, 0.0), (2.0, 0.0), (3.0, 0.0)];
    let edges = [(0, 1, 10 * KM, "G318", false), (1, 2, 20 * KM, "State Rte 20", false), (2, 3, 20 * KM, "Main Street", false)];
    let of = |roads: &[&str]| {
        let asked = CorridorsAsked { roads: Some(roads.iter().map(|r| (*r).to_owned()).collect()), ..CorridorsAsked::default() };
        Drawn::new(&at, &edges, &[]).corridors(&asked).into_iter().map(|c| c.reference).collect::<Vec<_>>()
    };
    assert_eq!(of(&["G318"]), ["G318"]);
    assert_eq!(of(&["G*", "SR 20"]), ["G318", "SR 20"]);
    assert_eq!(of(&["State Route 20"]), ["SR 20"]);
    assert_eq!(of(&["Main Street"]), ["Main Street"]);
    assert_eq!(of(&["US *"]), [""; 0]);
    let named: Vec<String> =
        Drawn::new(&at, &edges, &[]).corridors(&CorridorsAsked::default()).into_iter().map(|c| c.reference).collect();
    assert_eq!(named, ["G318", "SR 20"]);
    let high = CorridorsAsked { least_class: RoadClass::Trunk, ..CorridorsAsked::default() };
    assert!(Drawn::new(&at, &edges, &[]).corridors(&high).is_empty());
}

#[test]
fn where_a_piece_of_network_ends_is_told() {
    let scene = Drawn::new(&[(0.0, 0.0), (1.0, 0.0)], &[(0, 1, 10 * KM, "G318", false)], &[]);
    let (network, names, sites, marked) = scene.network();
    let found = corridors(&network, &names, &sites, &CorridorsAsked::default(), &|v| v == marked[1]);
    for line in &found[0].parts[0].lines {
        let first = line.nodes[0].0;
        assert_eq!(line.open, [first == marked[1], first != marked[1]]);
    }
}

/// The slow way: the longest interval by walking from place to place, and range by trying every set of stations.
fn slow(line: &CorridorLine) -> (u64, u64) {
    let mut places: Vec<u64> = line.stops.iter().map(|s| s.at_mm).chain([0, line.length_mm]).collect();
    places.sort_unstable();
    let longest = places.windows(2).map(|w| w[1] - w[0]).max().unwrap_or(0);
    let usable: Vec<&Stop> = line.stops.iter().filter(|s| s.back.is_some()).collect();
    let mut range = line.length_mm;
    for set in 0u32..1 << usable.len() {
        let chosen: Vec<&&Stop> = usable.iter().enumerate().filter(|(i, _)| set & 1 << i != 0).map(|(_, s)| s).collect();
        let (mut at, mut off, mut most, mut fits) = (0u64, 0u64, 0u64, true);
        for s in &chosen {
            fits &= s.at_mm >= at;
            most = most.max(off + s.at_mm.saturating_sub(at) + u64::from(s.to_mm));
            let (met, back) = s.back.unwrap();
            (at, off) = (met, u64::from(back));
        }
        fits &= line.length_mm >= at;
        most = most.max(off + line.length_mm.saturating_sub(at));
        if fits {
            range = range.min(most);
        }
    }
    (longest, range)
}

/// Ways between all nodes (Floyd and Warshall).
fn all_ways(scene: &Drawn) -> Vec<Vec<u64>> {
    let n = scene.at.len();
    let mut way = vec![vec![u64::MAX / 4; n]; n];
    (0..n).for_each(|v| way[v][v] = 0);
    for &(a, b, mm, _, oneway) in &scene.edges {
        let (a, b) = (a as usize, b as usize);
        way[a][b] = way[a][b].min(u64::from(mm));
        if !oneway {
            way[b][a] = way[b][a].min(u64::from(mm));
        }
    }
    for k in 0..n {
        for i in 0..n {
            for j in 0..n {
                way[i][j] = way[i][j].min(way[i][k] + way[k][j]);
            }
        }
    }
    way
}

proptest! {
    #![proptest_config(crate::test_support::cases(200))]
    /// A road of some pieces with side roads, some one-way, and stations at their ends and on it.
    #[test]
    fn agrees_with_the_slow_way(
        pieces in proptest::collection::vec(1u32..40, 1..7),
        sides in proptest::collection::vec((0usize..7, 1u32..15, 0u8..4), 0..8),
        on_road in proptest::collection::vec(0usize..7, 0..3),
    ) {
        let n = pieces.len() + 1;
        let mut at: Vec<(f64, f64)> = (0..n).map(|i| (i as f64, 0.0)).collect();
        let mut edges: Vec<(u32, u32, u32, &'static str, bool)> =
            pieces.iter().zip(0u32..).map(|(km, i)| (i, i + 1, km * KM, "G318", false)).collect();
        let mut stations: Vec<u32> = on_road.iter().map(|i| (i % n) as u32).collect();
        for (k, (from, km, kind)) in sides.iter().enumerate() {
            let node = (n + k) as u32;
            let from = (from % n) as u32;
            at.push((f64::from(from), 1.0 + k as f64));
            match kind {
                0 => edges.push((from, node, km * KM, "", true)), // no way back
                1 => {
                    // there by one way, back by another, to the next node
                    edges.push((from, node, km * KM, "", true));
                    edges.push((node, (from + 1) % n as u32, (km + 3) * KM, "", true));
                }
                _ => edges.push((from, node, km * KM, "", false)),
            }
            stations.push(node);
        }
        let scene = Drawn::new(&at, &edges, &stations);
        let (network, names, sites, marked) = scene.network();
        let asked = CorridorsAsked { off_road_mm: 12 * KM, ..CorridorsAsked::default() };
        let found = corridors(&network, &names, &sites, &asked, &|_| false);
        let way = all_ways(&scene);
        let back_to = |v: u32| marked.iter().position(|m| *m == v).unwrap();
        for line in found.iter().flat_map(|c| &c.parts).flat_map(|p| &p.lines) {
            prop_assert_eq!(line.length_mm, pieces.iter().map(|km| u64::from(km * KM)).sum::<u64>());
            // every station at its nearest point, the first of equally near ones
            for (i, node) in stations.iter().enumerate() {
                let to = line.nodes.iter().map(|(v, at)| (way[back_to(*v)][*node as usize], *at)).min().unwrap();
                let back = line.nodes.iter().map(|(v, at)| (way[*node as usize][back_to(*v)], *at)).min().unwrap();
                let near = |mm: u64| mm <= u64::from(asked.off_road_mm);
                let stop = line.stops.iter().find(|s| s.station == i as u32);
                prop_assert_eq!(stop.map(|s| (u64::from(s.to_mm), s.at_mm)), Some(to).filter(|t| near(t.0)));
                if let Some(stop) = stop {
                    prop_assert_eq!(stop.back.map(|(at, mm)| (u64::from(mm), at)), Some(back).filter(|b| near(b.0)));
                }
            }
            let (longest, range) = slow(line);
            prop_assert_eq!(line.longest(all).map(|i| i.length_mm()), Some(longest));
            prop_assert_eq!(line.range_needed(all).mm, range);
            // any one out, tried one by one
            let out = line.stops.iter().map(|gone| line.longest(|s| s.station != gone.station).unwrap().length_mm());
            prop_assert_eq!(line.longest_without_one(all).unwrap().0.length_mm(), out.chain([longest]).max().unwrap());
            // another station never makes it worse
            for gone in &line.stops {
                prop_assert!(line.range_needed(|s| s.station != gone.station).mm >= range);
            }
            let sum: u64 = line.intervals(all).iter().map(|i| i.length_mm()).sum();
            prop_assert_eq!(sum, line.length_mm);
        }
    }
}
