//! Rounds in memory, for tests of what their shards are made of.

use super::compute::{Source, of_batch};
use super::content::RoadPrints;
use super::inputs::Together;
use super::plan::{Plan, plan};
use crate::config::station_words::{Access, Status};
use crate::config::{Criteria, RegionFile, RoadClass, RoundFile};
use crate::county::Wanted;
use crate::error::Location;
use crate::issue::Issues;
use crate::network::PieceScratch;
use crate::prepared::ground::{Ground, network_of};
use crate::read::Inputs;
use crate::read::county::County;
use crate::read::equipment::Equipment;
use crate::read::road::{OneWay, RawRoad, Roads};
use crate::read::settlement::Settlement;
use crate::read::station::Station;
use crate::space::LonLat;

pub(super) fn at(lon: f64, lat: f64) -> LonLat {
    LonLat::new(lon, lat).unwrap()
}

pub(super) struct Road {
    pub(super) name: &'static str,
    pub(super) line: Vec<(f64, f64)>,
    pub(super) oneway: bool,
    pub(super) kmh: Option<f64>,
}

/// A round in memory.
pub(super) struct Scene {
    /// What its file says beside what it must.
    pub(super) file: String,
    pub(super) counties: Vec<County>,
    pub(super) roads: Vec<Road>,
    pub(super) stations: Vec<Station>,
    pub(super) settlements: Vec<Settlement>,
}

/// Counties A, B beside it, and C a thousand kilometres away, with a road, a station and a settlement each.
///
/// ```text
///            Far │            (its end stands 3 m from that of Side)
///                │
///        ─ Over ─┼─           (crosses Side without a common vertex)
///           Side │      ╶╴ Cut off
///   A ───────────┴──────── Main ──────────── B                      C ──────
/// ```
pub(super) fn scene() -> Scene {
    let road = |name, line: &[(f64, f64)]| Road { name, line: line.to_vec(), oneway: false, kmh: None };
    Scene {
        file: String::new(),
        counties: vec![
            county("0101", [100.0, 30.0, 100.2, 30.2]),
            county("0102", [100.2, 30.0, 100.4, 30.2]),
            county("0901", [110.0, 30.0, 110.2, 30.2]),
        ],
        roads: vec![
            road("Main", &[(100.02, 30.1), (100.1, 30.1), (100.2, 30.1), (100.38, 30.1)]),
            road("Side", &[(100.1, 30.1), (100.1, 30.15)]),
            road("Far", &[(100.1, 30.15003), (100.1, 30.199)]),
            road("Over", &[(100.07, 30.12), (100.13, 30.12)]),
            road("Cut off", &[(100.15, 30.13), (100.17, 30.13)]),
            road("Away", &[(110.02, 30.1), (110.18, 30.1)]),
        ],
        stations: vec![
            station("S1", 100.05),
            station("S2", 100.3),
            // that of C offers all there is, so that no change of another adds a service to the layer
            Station { swap: true, power_kw: Some(150.0), trucks: Some(true), ..station("S9", 110.1) },
        ],
        settlements: vec![settlement("V1", 100.15), settlement("V2", 100.35), settlement("V9", 110.05)],
    }
}

pub(super) fn county(code: &str, [west, south, east, north]: [f64; 4]) -> County {
    let ring = vec![(west, south), (east, south), (east, north), (west, north), (west, south)];
    County {
        code: code.to_owned(),
        name: format!("County {code}"),
        name_zh: "县".to_owned(),
        shape: geo::MultiPolygon::new(vec![geo::Polygon::new(ring.into(), vec![])]),
        valid: true,
        population: Some(1000),
        population_asked: true,
        columns: [("gdp".to_owned(), 1.0)].into(),
        source: Location::file("counties.csv").id(code),
    }
}

/// Every field says something.
pub(super) fn place(id: &str) -> Location {
    Location::file("x.csv").feature(3).id(id).field("f").line(1, 2)
}

pub(super) fn station(id: &str, lon: f64) -> Station {
    Station {
        id: id.to_owned(),
        name: format!("Station {id}"),
        at: at(lon, 30.1012),
        charging: true,
        swap: false,
        hydrogen: true,
        points: Some(4),
        power_kw: Some(60.0),
        total_kw: Some(240.0),
        sockets: "gb".to_owned(),
        swap_bays: Some(1),
        swap_batteries: Some(5),
        trucks: Some(false),
        operator: "Grid".to_owned(),
        access: Access::Public,
        status: Status::Open,
        opened: "2021-12-31".to_owned(),
        equipment: Equipment {
            ac_points: Some(1),
            dc_points: Some(4),
            swap_min: Some(5.5),
            swap_chargers: Some(8),
            pack_kwh: Some(60.5),
            recharge_min: Some(61.5),
            hydrogen_kg_day: Some(500.5),
            availability: Some(0.99),
            certified: Some(true),
            trailers: Some(false),
            headroom_kw: Some(400.5),
            simultaneity: Some(0.9),
        },
        source: place(id),
    }
}

pub(super) fn settlement(id: &str, lon: f64) -> Settlement {
    Settlement {
        id: id.to_owned(),
        name: format!("Village {id}"),
        name_zh: "村".to_owned(),
        at: at(lon, 30.1013),
        population: Some(700),
        vehicles: [Some(1.5); 6],
        kind: "village".to_owned(),
        source: place(id),
    }
}

/// The same with its network.
pub(super) struct Laid {
    pub(super) ground: Ground,
    pub(super) all: Together,
    pub(super) criteria: Criteria,
    pub(super) wanted: Wanted,
    pub(super) shortest_gap_mm: u64,
}

impl Scene {
    pub(super) fn laid(self) -> Laid {
        let text = format!("[round]\nid = \"r\"\n[regions]\nfiles = [\"*\"]\n{}", self.file);
        let file = RoundFile::parse(&text, "round.toml").unwrap();
        let criteria = Criteria::from_region(&file.whole()).unwrap();
        let (mut roads, mut issues) = (Roads::default(), Issues::default());
        for r in &self.roads {
            let line: Vec<LonLat> = r.line.iter().map(|p| at(p.0, p.1)).collect();
            let oneway = if r.oneway { OneWay::Forward } else { OneWay::No };
            let class = Some(RoadClass::Primary);
            let raw = RawRoad { name: r.name, class, class_text: "primary", oneway, speed_kmh: r.kmh, ..RawRoad::default() };
            roads.push(&raw, &line, &criteria.reading, &Location::default(), &mut issues);
        }
        let inputs = Inputs { counties: self.counties.clone(), roads, ..Inputs::default() };
        let (ground, _) = network_of(RegionFile::default(), inputs, &criteria.reading, issues).unwrap();
        let Self { counties, stations, settlements, .. } = self;
        let all = Together { counties, stations, settlements, ..Together::default() };
        let wanted = Wanted::all(&criteria.serving, &file.output(crate::tables::CHOICES).unwrap());
        Laid { wanted, ground, all, criteria, shortest_gap_mm: file.shortest_gap_mm() }
    }

    pub(super) fn prints(self) -> Vec<String> {
        self.laid().prints()
    }
}

impl Laid {
    pub(super) fn plan(&self) -> Plan {
        let roads = RoadPrints::of(&self.ground);
        let counties: Vec<u32> = (0..self.all.counties.len() as u32).collect();
        plan((&self.ground, &roads), &self.all, (&self.criteria, self.wanted.clone(), self.shortest_gap_mm), &counties)
    }

    pub(super) fn prints(&self) -> Vec<String> {
        self.plan().shards.into_iter().map(|s| s.print).collect()
    }

    /// The rows of the first county.
    pub(super) fn rows(&self) -> Vec<u8> {
        let Self { ground, all, criteria, .. } = self;
        let source = Source { ground, all, criteria, plan: &self.plan() };
        of_batch(&source, &[0], &mut PieceScratch::default()).unwrap().remove(0).1
    }
}
