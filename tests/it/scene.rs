//! Networks drawn in text, for predictions worked out on paper.
//!
//! One character is a cell of 0.001° near the equator, every cell a vertex. `+` joins in four directions, `-` and `|` are
//! road, `>` `<` `^` `v` one-way road, `C` `W` `B` a junction with a charging, swap, or charging and swap station, `F` `T` with
//! a charging station of 120 kW or for trucks, `c` a charging station on a horizontal road between vertices' ends. Horizontal cells are [`U`] long, vertical ones [`V`].

use chargegap::internals::config::criteria::Criterion;
use chargegap::internals::config::{Criteria, RegionFile, RoadClass};
use chargegap::internals::config::{Service, Services};
use chargegap::internals::coverage::{Coverage, Ledger, Stretch, dead_stretches};
use chargegap::internals::error::Location;
use chargegap::internals::issue::Issues;
use chargegap::internals::network::{
    CountyIndex, Draft, Island, NO_COUNTY, Placed, RoadNetwork, Snap, SnapIndex, cut_at_borders, remove_islands, split_at,
};
use chargegap::internals::place::Site;
use chargegap::internals::read::county::{County, ring, shape};
use chargegap::internals::read::road::{OneWay, RawRoad, Roads};
use chargegap::internals::read::station::Station;
use chargegap::internals::space::{LonLat, segment_mm};
use std::collections::BTreeMap;

/// Length of a horizontal cell, millimetres: 0.001° of the equator.
pub const U: u64 = 111_319;
/// Length of a vertical cell, millimetres: 0.001° of the meridian at the equator.
pub const V: u64 = 110_574;

pub fn at(col: f64, row: f64) -> LonLat {
    LonLat::new(col * 0.001, -row * 0.001).unwrap()
}

fn is_joint(c: char) -> bool {
    matches!(c, '+' | 'C' | 'W' | 'B' | 'F' | 'T')
}

/// What the station of a character is: `C` has guns of 119.9 kW, `T` of unknown power.
pub fn station(c: char) -> Station {
    let power_kw = match c {
        'F' => Some(120.0),
        'T' => None,
        _ => Some(119.9),
    };
    let (charging, swap, trucks) = (c != 'W', matches!(c, 'W' | 'B'), (c == 'T').then_some(true));
    Station { charging, swap, power_kw, trucks, ..Station::default() }
}

/// A drawing with what cannot be drawn.
pub struct Scene {
    grid: Vec<Vec<char>>,
    pub roads: Roads,
    pub stations: Vec<(LonLat, Station)>,
    services: Services,
    borders: Vec<f64>,
    min_island_mm: u64,
    looks: BTreeMap<(char, usize), (RoadClass, &'static str)>,
    pub criteria: Criteria,
    others: Vec<LonLat>,
}

/// What came of it.
pub struct Solved {
    pub network: RoadNetwork,
    pub coverage: Coverage,
    pub sites: Vec<Site>,
    pub islands: Vec<Island>,
    pub others: Vec<Placed>,
    pub counties: usize,
    pub names: chargegap::internals::read::road::Names,
}

impl Scene {
    pub fn draw(text: &str) -> Self {
        let grid: Vec<Vec<char>> = text.trim_start_matches('\n').lines().map(|l| l.chars().collect()).collect();
        let base = RegionFile::parse("[criteria]\ndistances_km = [1]\ntimes_min = []\nheadline_km = 1\n", "scene").unwrap();
        Self {
            grid,
            roads: Roads::default(),
            stations: Vec::new(),
            services: Services::default(),
            borders: vec![-10.0, 1000.0],
            min_island_mm: 0,
            looks: BTreeMap::new(),
            criteria: Criteria::from_region(&base).unwrap(),
            others: Vec::new(),
        }
    }

    /// Class and name of the horizontal roads of a row.
    pub fn row(mut self, row: usize, class: RoadClass, name: &'static str) -> Self {
        self.looks.insert(('h', row), (class, name));
        self
    }

    /// Class and name of the vertical roads of a column.
    pub fn column(mut self, col: usize, class: RoadClass, name: &'static str) -> Self {
        self.looks.insert(('v', col), (class, name));
        self
    }

    /// Counties as strips between these columns.
    pub fn strips(mut self, columns: &[f64]) -> Self {
        self.borders = columns.to_vec();
        self
    }

    /// The services to search; charging and swap where none are said.
    pub fn services(mut self, list: &[Service]) -> Self {
        self.services = Services::of(list);
        self
    }

    pub fn min_island(mut self, mm: u64) -> Self {
        self.min_island_mm = mm;
        self
    }

    /// A further point to place on the network.
    pub fn point(mut self, col: f64, row: f64) -> Self {
        self.others.push(at(col, row));
        self
    }

    fn cell(&self, col: usize, row: usize) -> char {
        self.grid.get(row).and_then(|r| r.get(col)).copied().unwrap_or(' ')
    }

    fn trace(&mut self) {
        for row in 0..self.grid.len() {
            for col in 0..self.grid[row].len() {
                let here = self.cell(col, row);
                if matches!(here, 'C' | 'W' | 'B' | 'F' | 'T' | 'c') {
                    self.stations.push((at(col as f64, row as f64), station(here)));
                }
                if is_joint(here) {
                    self.follow(col, row, 1, 0, &['-', '>', '<', 'c'], ('>', '<'));
                    self.follow(col, row, 0, 1, &['|', 'v', '^'], ('v', '^'));
                }
            }
        }
    }

    /// One road from a junction to the next, to the right or downwards.
    fn follow(&mut self, col: usize, row: usize, dx: usize, dy: usize, body: &[char], (along, against): (char, char)) {
        let (mut x, mut y, mut line, mut oneway) = (col, row, vec![at(col as f64, row as f64)], OneWay::No);
        loop {
            (x, y) = (x + dx, y + dy);
            let c = self.cell(x, y);
            let joint = is_joint(c);
            if !joint && !body.contains(&c) {
                return;
            }
            line.push(at(x as f64, y as f64));
            if c == along {
                oneway = OneWay::Forward;
            } else if c == against {
                oneway = OneWay::Backward;
            }
            if joint {
                let key = if dx == 1 { ('h', row) } else { ('v', col) };
                let (class, name) = self.looks.get(&key).copied().unwrap_or((RoadClass::Local, ""));
                return self.road(class, name, oneway, &line);
            }
        }
    }

    pub fn road(&mut self, class: RoadClass, name: &str, oneway: OneWay, line: &[LonLat]) {
        let raw = RawRoad { name, class: Some(class), class_text: class.as_str(), oneway, ..RawRoad::default() };
        let mut issues = Issues::default();
        self.roads.push(&raw, line, &self.criteria.reading, &Location::default(), &mut issues);
        assert!(issues.sorted().is_empty());
    }

    fn counties(&self) -> Vec<County> {
        let strips = self.borders.windows(2).enumerate();
        strips
            .map(|(i, w)| {
                let corners = [at(w[0], 1000.0), at(w[1], 1000.0), at(w[1], -10.0), at(w[0], -10.0), at(w[0], 1000.0)];
                let here = Location::default();
                let mut issues = Issues::default();
                let ring = ring(&corners, &here, &mut issues).unwrap();
                let drawn = shape(vec![vec![ring]], &here, &mut issues).unwrap();
                County::drawn([i.to_string(), i.to_string(), String::new()], drawn, here)
            })
            .collect()
    }

    pub fn solve(mut self) -> Solved {
        self.trace();
        assert_eq!(u64::from(segment_mm(at(3.0, 5.0), at(4.0, 5.0))), U);
        assert_eq!(u64::from(segment_mm(at(3.0, 5.0), at(3.0, 6.0))), V);
        let counties = self.counties();
        let mut draft = Draft::from_roads(&self.roads).unwrap();
        let read_mm = draft.length_mm();
        assert_eq!(read_mm, self.roads.read_mm);
        cut_at_borders(&mut draft, &CountyIndex::new(&counties));
        let islands = remove_islands(&mut draft, self.min_island_mm);
        assert_eq!(read_mm, draft.length_mm() + islands.iter().map(Island::total_mm).sum::<u64>());
        let snaps = SnapIndex::new(&draft);
        let snap = |p: LonLat| -> Snap { snaps.nearest(p, 500.0).expect("a road is near") };
        let site_snaps: Vec<Snap> = self.stations.iter().map(|s| snap(s.0)).collect();
        let other_snaps: Vec<Snap> = self.others.iter().map(|p| snap(*p)).collect();
        let (mut nodes, mut others) = split_at(&mut draft, &site_snaps, &other_snaps);
        let network = draft.freeze(&mut nodes, &mut others);
        let sites: Vec<Site> = (0u32..)
            .zip(&self.stations)
            .zip(nodes)
            .map(|((i, s), node)| Site {
                station: i,
                node,
                offers: chargegap::internals::place::offers(&self.criteria.serving, &s.1),
            })
            .collect();
        let coverage = Coverage::compute_for(&network, &sites, self.services);
        Solved { network, coverage, sites, islands, others, counties: counties.len(), names: self.roads.names }
    }
}

impl Solved {
    /// The ledger for some limits, checked.
    pub fn ledger(&self, criteria: &[Criterion]) -> Ledger {
        let mut excluded = vec![0; self.counties];
        for island in &self.islands {
            for (c, mm) in &island.length_mm {
                if *c != NO_COUNTY {
                    excluded[*c as usize] += mm;
                }
            }
        }
        let ledger = Ledger::compute(&self.network, &self.coverage, criteria, excluded);
        let codes: Vec<String> = (0..self.counties).map(|i| i.to_string()).collect();
        ledger.check(&self.network, &codes.iter().map(String::as_str).collect::<Vec<_>>()).unwrap();
        ledger
    }

    /// Gap of all counties for charging beyond a distance, millimetres.
    pub fn gap(&self, limit_mm: u64) -> u64 {
        self.gap_of(Service::Charging, Criterion::Distance(limit_mm as u32))
    }

    pub fn gap_of(&self, service: Service, criterion: Criterion) -> u64 {
        let ledger = self.ledger(&[criterion]);
        let gap = (0..self.counties).map(|c| ledger.total(c, service, 0).gap_mm).sum();
        let lines: u64 =
            (0..self.counties).flat_map(|c| self.stretches_of(service, criterion, c as u32)).map(|s| s.length_mm).sum();
        assert_eq!(gap, lines, "dead stretches add up to the gap");
        gap
    }

    pub fn stretches(&self, limit_mm: u64) -> Vec<Stretch> {
        (0..self.counties)
            .flat_map(|c| self.stretches_of(Service::Charging, Criterion::Distance(limit_mm as u32), c as u32))
            .collect()
    }

    fn stretches_of(&self, service: Service, criterion: Criterion, county: u32) -> Vec<Stretch> {
        let edges: Vec<u32> = (0u32..).zip(self.network.edges()).filter(|(_, e)| e.county == county).map(|(i, _)| i).collect();
        dead_stretches(&self.network, self.coverage.reach(service, criterion.metric()), service, (0, criterion), county, &edges)
    }
}
