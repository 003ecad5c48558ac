//! Which shards a round has: one a county, with the fingerprint of everything that its rows are made from, and in which batches
//! of neighbours they are computed.
//!
//! A shard is a county with all that lies within the longest service distance of its roads and settlements, taken by cells of a
//! grid. Its fingerprint changes when any of that does, and with nothing else: not with the order of files, not with what other
//! regions hold, not with the rest of the batch.

use super::content::{Content, RoadPrints};
use super::inputs::Together;
use crate::config::{Criteria, Reading, Services, Serving, Writing};
use crate::county::{LayerFacts, Wanted, most_speak, reach_m};
use crate::network::{CountyIndex, Draft, NO_COUNTY};
use crate::place::doubts::most_have_figures;
use crate::place::onto_road::not_qualifying;
use crate::prepared::ground::Ground;
use crate::read::hex;
use crate::read::station::Station;
use crate::results::PARTS;
use crate::results::shard_file::ROWS_VERSION;
use crate::space::cells;
use crate::space::cells::Cells;
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::sync::OnceLock;

/// The shard of a county.
#[derive(Clone, Debug)]
pub struct Shard {
    /// County, by number.
    pub county: u32,
    /// Fingerprint of everything that its rows are made from, lower-case hexadecimal.
    pub print: String,
    /// Fingerprints of its parts, in the order of [`PARTS`]; the whole is that of these.
    pub parts: [String; PARTS.len()],
    /// Cells that the county itself has roads, settlements or people in.
    pub own: Cells,
    /// Cells of it and its surroundings.
    pub cells: Cells,
    /// Edges of the county itself: what it weighs.
    pub edges: usize,
}

/// Things by cell, in the order of the cells.
#[derive(Debug, Default)]
pub struct ByCell {
    /// Cells, rising.
    pub cells: Vec<u32>,
    /// What lies in each.
    pub items: Vec<u32>,
}

impl ByCell {
    fn new(mut pairs: Vec<(u32, u32)>) -> Self {
        pairs.par_sort_unstable();
        let (cells, items) = pairs.into_iter().unzip();
        Self { cells, items }
    }

    /// Things in any of the cells, each once, in rising order.
    pub fn within(&self, cells: &Cells) -> Vec<u32> {
        let mut found = Vec::new();
        for (first, last) in cells.ranges() {
            let (from, to) = (self.cells.partition_point(|c| *c < first), self.cells.partition_point(|c| *c <= last));
            found.extend_from_slice(&self.items[from..to]);
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// The shards of a round, and where everything lies.
#[derive(Debug)]
pub struct Plan {
    /// Shards of the counties that take part, by county.
    pub shards: Vec<Shard>,
    /// Edges by cell, made when they are first asked for.
    edges: OnceLock<ByCell>,
    /// Stations by cell.
    pub stations: ByCell,
    /// County of each station, or [`NO_COUNTY`].
    pub county_of_station: Vec<u32>,
    /// County of each settlement, or [`NO_COUNTY`].
    pub county_of_settlement: Vec<u32>,
    /// Settlements of each county.
    pub settlements: Vec<Vec<u32>>,
    /// What the whole station layer says.
    pub layer: LayerFacts,
    /// What is asked for beside the criteria.
    pub wanted: Wanted,
    /// How far surroundings reach, metres.
    pub reach_m: f64,
}

impl Plan {
    /// Edges by cell.
    pub fn edges(&self, draft: &Draft) -> &ByCell {
        self.edges.get_or_init(|| by_cell(draft, |_| true))
    }

    /// Forgets which shards it was made ready for.
    pub fn ready_for_none(&mut self) {
        self.edges = OnceLock::new();
    }

    /// Makes ready for these shards, by number, and no others: of a country of which little changed, little is put in order.
    pub fn only_for(&self, draft: &Draft, shards: &[usize]) {
        if self.edges.get().is_some() {
            return; // all of them are ready
        }
        let ranges: Vec<(u32, u32)> = shards.iter().flat_map(|i| self.shards[*i].cells.ranges()).collect();
        let mut wanted = vec![0u64; ((cells::COLUMNS * cells::ROWS) as usize).div_ceil(64)];
        for n in ranges.into_iter().flat_map(|(a, b)| a..=b) {
            wanted[n as usize / 64] |= 1 << (n % 64);
        }
        let made = by_cell(draft, |n| wanted[n as usize / 64] >> (n % 64) & 1 == 1);
        let _ = self.edges.set(made);
    }
}

/// Works out the shards of the counties `asked` for, by number. `roads` are the fingerprints of the network's cells.
pub fn plan(
    (ground, roads): (&Ground, &RoadPrints),
    all: &Together,
    (criteria, wanted, shortest_gap_mm): (&Criteria, Wanted, u64),
    asked: &[u32],
) -> Plan {
    let index = CountyIndex::new(&all.counties);
    let county_of_station: Vec<u32> = all.stations.par_iter().map(|s| index.locate(s.at)).collect();
    let county_of_settlement: Vec<u32> = all.settlements.par_iter().map(|s| index.locate(s.at)).collect();
    let mut settlements = vec![Vec::new(); all.counties.len()];
    for (i, county) in (0u32..).zip(&county_of_settlement).filter(|(_, c)| **c != NO_COUNTY) {
        settlements[*county as usize].push(i);
    }
    let reach_m = surroundings_m(&criteria.serving, &ground.draft);
    let stations = ByCell::new((0..).zip(&all.stations).map(|(i, s)| (cells::number(cells::cell(s.at)), i)).collect());
    let layer = layer_facts(&all.stations, &criteria.serving, shortest_gap_mm);
    let content = Content::of(roads, all, &stations, (&county_of_station, &county_of_settlement));
    let mut own = vec![Vec::new(); all.counties.len()];
    content.roads.keys().filter(|k| k.1 != NO_COUNTY).for_each(|k| own[k.1 as usize].push(k.0));
    content.settlements.keys().chain(content.people.keys()).for_each(|k| own[k.1 as usize].push(k.0));
    let mut weight = vec![0; all.counties.len()];
    ground.draft.edges.iter().filter(|e| e.county != NO_COUNTY).for_each(|e| weight[e.county as usize] += 1);
    let question = question(criteria, layer, &wanted);
    let shard = |county: &u32| {
        let mut cells = own[*county as usize].clone();
        cells.sort_unstable();
        cells.dedup();
        let own = Cells::of(&cells);
        let cells = own.around(reach_m);
        let parts = content.parts(&question, (*county, &all.counties[*county as usize]), &cells, ground);
        let print = hex(&Sha256::digest(parts.join("\n")));
        Shard { county: *county, print, parts, own, cells, edges: weight[*county as usize] }
    };
    let shards = asked.par_iter().map(shard).collect();
    Plan {
        shards,
        edges: OnceLock::new(),
        stations,
        county_of_station,
        county_of_settlement,
        settlements,
        layer,
        wanted,
        reach_m,
    }
}

/// How far surroundings reach beyond roads and settlements, metres: the longest way that counts, and what may lie between a road
/// and a station or a settlement on either end, with some room for the flags of neighbouring stations.
fn surroundings_m(serving: &Serving, draft: &Draft) -> f64 {
    let kmh = |e: &crate::network::Edge| if e.time_ms > 0 { f64::from(e.length_mm) / f64::from(e.time_ms) * 3.6 } else { 0.0 };
    let fastest = draft.edges.par_iter().filter(|e| e.length_mm > 100_000).map(kmh).reduce(|| 120.0, f64::max);
    // in steps of 20 km/h, so that one faster road somewhere is no change everywhere
    let fastest = (fastest / 20.0).ceil() * 20.0;
    let snap_m = serving.max_snap_m.max(serving.settlement_max_snap_m).max(serving.people_max_snap_m.unwrap_or(0.0));
    reach_m(serving, fastest) + 2.0 * snap_m + 200.0
}

pub(super) fn by_cell(draft: &Draft, wanted: impl Fn(u32) -> bool + Sync) -> ByCell {
    let of = |(i, e): (usize, &crate::network::Edge)| {
        let here = cells::of_line(draft.line(e)).filter(|c| wanted(*c));
        here.map(move |c| (c, i as u32)).collect::<Vec<_>>()
    };
    ByCell::new(draft.edges.par_iter().enumerate().flat_map_iter(of).collect())
}

fn layer_facts(stations: &[Station], serving: &Serving, shortest_gap_mm: u64) -> LayerFacts {
    let used = || stations.iter().filter(|s| not_qualifying(s, serving).is_none());
    LayerFacts {
        offered: used().fold(Services::NONE, |all, s| all.or(crate::place::offers(serving, s))),
        shortest_gap_mm,
        most_have_figures: most_have_figures(stations.iter()),
        most_speak: most_speak(used()),
    }
}

/// What is asked of every shard, as text: a shard of another question has other rows. How counties are ranked concerns the merge.
/// Taken apart in full, so that a new field is either in the text or beside the reason why not.
pub(super) fn question(criteria: &Criteria, layer: LayerFacts, wanted: &Wanted) -> String {
    // what stations carry hangs on demand beyond every shard: the whole network is asked for it, see `needs`
    let Criteria { serving, reading, writing, demand: _, plan: _ } = criteria;
    let Serving {
        all,
        services,
        fast_min_power_kw,
        headline,
        max_snap_m,
        settlement_max_snap_m,
        people_max_snap_m,
        settlement_radius_mm,
        access,
        status,
        min_power_kw,
    } = serving;
    let Writing { gap_output, simplify_m } = writing;
    let Reading {
        // what they make of the roads is in the fingerprints of the roads: times, which there are, where they meet, what was cut off
        speeds: _,
        classes: _,
        min_island_mm: _,
        lived_on_within_m: _,
        join_tolerance_m: _,
        join_crossings: _,
        // how many records may be refused before nothing is computed at all
        max_refused_share: _,
    } = reading;
    let LayerFacts { offered, most_have_figures, shortest_gap_mm, most_speak } = layer;
    // a round asks for the figures at all distances, and these follow from the criteria
    let Wanted { distances: _, trusted: _, stages, roads } = wanted;
    let version = env!("CARGO_PKG_VERSION");
    let words = |services: Services| services.iter().map(|s| s.as_str()).collect::<Vec<_>>();
    [
        format!("chargegap {version} rows {ROWS_VERSION}"),
        format!("{all:?} {headline} {:?} {fast_min_power_kw}", words(*services)),
        format!("{max_snap_m} {settlement_max_snap_m} {people_max_snap_m:?} {settlement_radius_mm}"),
        format!("{access:?} {status:?} {min_power_kw}"),
        format!("{gap_output:?} {simplify_m}"),
        format!(
            "{:?} {most_have_figures} {shortest_gap_mm} {most_speak} {stages:?}{}",
            words(offered),
            if *roads { " roads" } else { "" }
        ),
    ]
    .join("\n")
}

/// Edges of a batch, at least, where there are enough.
const LEAST_EDGES: usize = 4_000;
/// Edges of a batch, about, in a large round.
pub const MOST_EDGES: usize = 320_000;
/// Batches of a round, about, as long as they are not too small or too large.
const BATCHES: usize = 48;

/// Numbers of the shards in batches of neighbours, along a curve through the counties. A batch holds what its shards have in common
/// once; what they yield does not depend on it.
pub fn batches(shards: &[Shard], all: &Together) -> Vec<Vec<usize>> {
    let middle = |s: &Shard| {
        use geo::BoundingRect;
        let r = all.counties[s.county as usize].shape.bounding_rect();
        r.map_or((0.0, 0.0), |r| (r.center().x, r.center().y))
    };
    let key = |s: &Shard| {
        let (x, y) = middle(s);
        let unit = |v: f64, of: f64| ((v + of) / (2.0 * of) * f64::from(u16::MAX)).round() as u32;
        fast_hilbert::xy2h(unit(x, 180.0), unit(y, 90.0), 16)
    };
    let mut order: Vec<usize> = (0..shards.len()).collect();
    order.sort_by_cached_key(|i| (key(&shards[*i]), *i));
    let total: usize = shards.iter().map(|s| s.edges).sum();
    let target = (total / BATCHES).clamp(LEAST_EDGES, MOST_EDGES);
    let mut batches: Vec<Vec<usize>> = Vec::new();
    let mut edges = usize::MAX;
    for i in order {
        if edges >= target {
            batches.push(Vec::new());
            edges = 0;
        }
        edges += shards[i].edges;
        if let Some(batch) = batches.last_mut() {
            batch.push(i);
        }
    }
    batches
}
