//! Through traffic: what vehicles that were counted on roads use on these roads, at places along them.
//!
//! A count holds for the pieces of its road in its county. Both carriageways of a road carry half of it each. Where roads run together the
//! larger count holds: they are the same vehicles. Pieces within one cell of 0.05° make one place, at the middle of the longest of them.

use crate::config::demand::Demand;
use crate::config::traffic::Traffic;
use crate::config::vehicle_class::{ByClass, VehicleClass};
use crate::demand::PlaceDemand;
use crate::issue::{IssueCode, Issues, Layer};
use crate::network::{Placed, RoadNetwork};
use crate::read::road::Names;
use crate::read::road_reference::references;
use crate::read::traffic::Count;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Side of a cell, degrees.
const CELL_DEG: f64 = 0.05;

/// What passes through at one place of a road.
#[derive(Clone, Debug, PartialEq)]
pub struct RoadPlace {
    /// County.
    pub county: u32,
    /// Number of the road.
    pub road: String,
    /// The middle of its longest piece.
    pub placed: Placed,
    /// Length of its pieces, millimetres.
    pub length_mm: u64,
    /// Electric vehicle-kilometres a day, by class.
    pub km: ByClass<f64>,
}

impl RoadPlace {
    /// What is asked for here on a day of so many times the energy of an ordinary one.
    pub fn asked(&self, demand: &Demand, factor: f64) -> PlaceDemand {
        let mut out = PlaceDemand::default();
        let charged = demand.traffic.as_ref().map_or(0.0, |t| t.charged_share);
        for (i, km) in self.km.iter().enumerate() {
            let class = &demand.classes[i];
            let kwh = km * class.per_km * charged * factor;
            (out.plug_kwh[i], out.swap_kwh[i]) = (kwh * (1.0 - class.swap_share), kwh * class.swap_share);
        }
        out
    }
}

/// Places of the counted roads, by county, road and cell. A count whose road is not there is told.
pub fn road_places(
    (network, names): (&RoadNetwork, &Names),
    (counts, codes): (&[Count], &[String]),
    traffic: &Traffic,
    issues: &mut Issues,
) -> Vec<RoadPlace> {
    let by_road = by_road(counts, codes);
    if by_road.is_empty() {
        return Vec::new();
    }
    let mut used = vec![false; counts.len()];
    let mut of_names: FxHashMap<(u32, u32), Vec<String>> = FxHashMap::default();
    let mut cells: BTreeMap<(u32, &str, i32, i32), (RoadPlace, u32)> = BTreeMap::new();
    let counted = |number: &String| by_road.keys().any(|(road, _)| road == number);
    for (i, e) in (0u32..).zip(network.edges()).filter(|(_, e)| (e.county as usize) < codes.len()) {
        let numbers = of_names.entry((e.name, e.reference)).or_insert_with(|| {
            [e.name, e.reference].into_iter().flat_map(|n| references(names.get(n))).filter(|n| counted(n)).collect()
        });
        let of = |road: &String| {
            by_road.get(&(road.as_str(), Some(e.county))).or_else(|| by_road.get(&(road.as_str(), None))).copied()
        };
        let all: Vec<usize> = numbers.iter().filter_map(of).collect();
        all.iter().for_each(|c| used[*c] = true);
        let larger =
            |a: usize, b: usize| if counts[b].cars + counts[b].trucks > counts[a].cars + counts[a].trucks { b } else { a };
        let Some(count) = all.into_iter().reduce(larger).map(|c| &counts[c]) else { continue };
        let at = network.node(e.tail);
        let cell = [at.lon(), at.lat()].map(|deg| (deg / CELL_DEG).floor() as i32);
        let empty = || RoadPlace {
            county: e.county,
            road: count.road.clone(),
            placed: Placed { edge: i, offset_mm: e.length_mm / 2 },
            length_mm: 0,
            km: ByClass::default(),
        };
        let (place, longest) = cells.entry((e.county, &count.road, cell[0], cell[1])).or_insert_with(|| (empty(), e.length_mm));
        if e.length_mm > *longest {
            (place.placed, *longest) = (Placed { edge: i, offset_mm: e.length_mm / 2 }, e.length_mm);
        }
        place.length_mm += u64::from(e.length_mm);
        let km = f64::from(e.length_mm) / 1e6 * traffic.through_share * if e.oneway { 0.5 } else { 1.0 };
        place.km[VehicleClass::PrivateCar as usize] += km * count.cars * traffic.electric_share;
        place.km[VehicleClass::HeavyTruck as usize] += km * count.trucks * traffic.electric_truck_share.unwrap_or(0.0);
    }
    tell_unused(counts, &used, issues);
    cells.into_values().map(|(place, _)| place).collect()
}

/// Counts by road and number of their county; none for all of the region.
fn by_road<'a>(counts: &'a [Count], codes: &[String]) -> BTreeMap<(&'a str, Option<u32>), usize> {
    let number = |code: &String| codes.iter().position(|c| c == code).map(|i| i as u32);
    let one = |(i, c): (usize, &'a Count)| match &c.county {
        None => Some(((c.road.as_str(), None), i)),
        Some(code) => Some(((c.road.as_str(), Some(number(code)?)), i)),
    };
    counts.iter().enumerate().filter_map(one).collect()
}

fn tell_unused(counts: &[Count], used: &[bool], issues: &mut Issues) {
    for (count, _) in counts.iter().zip(used).filter(|(_, used)| !**used) {
        let road = &count.road;
        let what = match &count.county {
            None => format!("no road of the region has the number {road}: its count is not used"),
            Some(code) => format!("no road of county {code} has the number {road}: its count is not used"),
        };
        issues.push(Layer::Roads, IssueCode::CountNotUsed, count.at.clone(), what);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{RegionFile, RoadClass};
    use crate::error::Location;
    use crate::network::{Draft, Edge};
    use crate::read::road::Roads;
    use crate::space::LonLat;

    const KM: u32 = 1_000_000;

    fn count(road: &str, county: Option<&str>, cars: f64, trucks: f64) -> Count {
        Count { road: road.into(), county: county.map(str::to_owned), cars, trucks, at: Location::default() }
    }

    /// Edges: the column of the tail (10 km each), km, name, county, one-way. Counties 01 and 02.
    fn placed(edges: &[(u32, u32, &str, u32, bool)], counts: &[Count]) -> (Vec<RoadPlace>, Demand, Vec<String>) {
        let mut names = Names::default();
        let mut draft = Draft::from_roads(&Roads::default()).unwrap();
        draft.nodes = (0..20).map(|x| LonLat::new(0.02 + f64::from(x) * 0.09, 0.0).unwrap()).collect();
        for &(tail, km, name, county, oneway) in edges {
            let edge = Edge::between((tail, tail + 1), (km * KM, km * KM / 20), RoadClass::Primary, oneway, county);
            draft.edges.push(Edge { name: names.intern(name), ..edge });
        }
        let network = draft.freeze(&mut [], &mut []);
        let text = "[demand.traffic]\npath = \"c\"\nthrough_share = 0.5\nelectric_share = 0.1\nelectric_truck_share = 0.02\ncharged_share = 0.8\n\
                    [demand.classes.private_car]\nper_km = 0.2\nswap_share = 0.25\n";
        let demand = Demand::of(&RegionFile::parse(text, "r").unwrap(), 10_000_000, 50_000_000).unwrap().unwrap();
        let mut issues = Issues::default();
        let codes = ["01", "02"].map(str::to_owned);
        let traffic = demand.traffic.clone().unwrap();
        let places = road_places((&network, &names), (counts, &codes), &traffic, &mut issues);
        (places, demand, issues.sorted().iter().map(|i| i.message.to_string()).collect())
    }

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-9
    }

    #[test]
    fn a_count_is_vehicle_kilometres_of_its_road_in_its_county() {
        //  0 ══10══ 1 ──20→ 2     G318; the first piece in county 01, the one-way one in 02
        let (places, demand, told) =
            placed(&[(0, 10, "G318", 0, false), (1, 20, "318国道", 1, true)], &[count("G318", None, 9000.0, 1000.0)]);
        assert!(told.is_empty() && places.len() == 2, "{told:?}");
        // 9,000 cars × 0.5 through × 0.1 electric × 10 km = 4,500; 1,000 trucks × 0.5 × 0.02 × 10 = 100; one carriageway carries half
        assert!(near(places[0].km[0], 4500.0) && near(places[0].km[VehicleClass::HeavyTruck as usize], 100.0));
        assert!(near(places[1].km[0], 4500.0) && places[1].county == 1);
        assert_eq!((places[0].placed.offset_mm, places[0].length_mm), (5 * KM, 10_000_000));
        // × 0.2 kWh/km × 0.8 charged there × 2 on the holiday = 1,440 kWh, a quarter of it swapped
        let asked = places[0].asked(&demand, 2.0);
        assert!(near(asked.plug_kwh[0], 1080.0) && near(asked.swap_kwh[0], 360.0));
    }

    #[test]
    fn the_county_s_own_count_goes_first_and_of_roads_together_the_larger() {
        let counts = [
            count("G318", None, 9000.0, 0.0),
            count("G318", Some("02"), 2000.0, 0.0),
            count("G42", None, 5000.0, 0.0),
            count("G5", None, 1.0, 0.0),
        ];
        let (places, _, told) = placed(
            &[
                (0, 10, "G318", 0, false),
                (3, 10, "G318;G42", 1, false),
                (6, 10, "G42", 1, false),
                (9, 10, "Main Street", 1, false),
            ],
            &counts,
        );
        let km: Vec<(u32, &str, f64)> = places.iter().map(|p| (p.county, p.road.as_str(), p.km[0])).collect();
        // 9,000, then 5,000 of G42 beside 2,000 of G318 in county 02, then 5,000: × 0.05 × 10 km
        assert_eq!(km, [(0, "G318", 4500.0), (1, "G42", 2500.0), (1, "G42", 2500.0)]);
        assert_eq!(told, ["no road of the region has the number G5: its count is not used"]);
    }

    #[test]
    fn pieces_of_one_cell_are_one_place_at_the_longest() {
        let mut edges = vec![(0, 1, "G318", 0, false); 3];
        edges[1].1 = 3;
        let (places, ..) = placed(&edges, &[count("G318", None, 1000.0, 0.0)]);
        assert_eq!((places.len(), places[0].length_mm, places[0].placed.offset_mm), (1, 5_000_000, 1_500_000));
        assert!(near(places[0].km[0], 1000.0 * 0.05 * 5.0));
    }
}
