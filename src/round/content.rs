//! Fingerprints of what lies in each cell, by county, and of the parts of a shard that they make up. Those of a network's roads are
//! kept with it: they are most of the work.

use super::inputs::Together;
use super::plan::{ByCell, by_cell};
use crate::access::people::CountyCell;
use crate::files::whole_file::write_whole;
use crate::network::{Draft, Edge, NO_COUNTY};
use crate::prepared::container::{Reader, Writer};
use crate::prepared::ground::Ground;
use crate::read::county::County;
use crate::read::hex;
use crate::read::road::Names;
use crate::results::PARTS;
use crate::space::LonLat;
use crate::space::cells;
use crate::space::cells::Cells;
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Cell and county.
pub type CellKey = (u32, u32);
/// A fingerprint.
pub type Print = [u8; 32];

/// Fingerprints of what lies in each cell, by county.
pub struct Content<'a> {
    /// Roads.
    pub roads: &'a BTreeMap<CellKey, Print>,
    stations: BTreeMap<CellKey, Print>,
    /// Settlements.
    pub settlements: BTreeMap<CellKey, Print>,
    /// Cells of rasters.
    pub people: BTreeMap<CellKey, Print>,
    /// Counties that have a raster.
    rastered: BTreeSet<u32>,
}

/// Fingerprints of the roads in each cell, by county.
#[derive(Debug, Default, PartialEq)]
pub struct RoadPrints(BTreeMap<CellKey, Print>);

const NETWORK: u32 = 1;
const KEYS: u32 = 2;
/// 3 in files of before roads told where they meet: those are made anew.
const PRINTS: u32 = 4;

impl RoadPrints {
    /// Those of a network.
    pub fn of(g: &Ground) -> Self {
        let edges = by_cell(&g.draft, |_| true);
        let meeting = meeting(&g.draft);
        let county = |e: u32| g.draft.edges[e as usize].county;
        let mut pairs: Vec<(CellKey, u32)> =
            edges.cells.into_par_iter().zip(edges.items).map(|(c, e)| ((c, county(e)), e)).collect();
        pairs.par_sort_unstable();
        Self(prints(&pairs, |hash, e| road(hash, (&g.draft, &meeting), &g.names, e)))
    }

    /// Those kept for the network of this fingerprint; none where they are not there or damaged.
    pub fn open(path: &Path, network: &str) -> Option<Self> {
        let mut file = path.is_file().then(|| Reader::open(path).ok())??;
        let whose = file.read::<u8>(NETWORK).ok()?;
        let (keys, prints) = (file.read::<[u32; 2]>(KEYS).ok()?, file.read::<Print>(PRINTS).ok()?);
        let fits = whose == network.as_bytes() && keys.len() == prints.len();
        fits.then(|| Self(keys.into_iter().map(|k| (k[0], k[1])).zip(prints).collect()))
    }

    /// Keeps them; that they cannot be kept costs time and nothing else.
    pub fn keep(&self, path: &Path, network: &str) {
        let keys: Vec<[u32; 2]> = self.0.keys().map(|k| [k.0, k.1]).collect();
        let prints: Vec<Print> = self.0.values().copied().collect();
        let mut file = Writer::default();
        file.add(NETWORK, network.as_bytes());
        file.add(KEYS, &keys);
        file.add(PRINTS, &prints);
        let _ = write_whole(path, "fingerprints of the roads", |out| file.write(out));
    }
}

impl<'a> Content<'a> {
    /// That of all layers.
    pub fn of(roads: &'a RoadPrints, all: &Together, stations: &ByCell, of: (&[u32], &[u32])) -> Self {
        let mut pairs: Vec<(CellKey, u32)> =
            stations.cells.iter().zip(&stations.items).map(|(c, s)| ((*c, of.0[*s as usize]), *s)).collect();
        pairs.par_sort_unstable();
        let stations = prints(&pairs, |hash, s| record(hash, &all.stations[s as usize]));
        let settled = (0u32..).zip(&all.settlements).filter(|(i, _)| of.1[*i as usize] != NO_COUNTY);
        let mut pairs: Vec<(CellKey, u32)> =
            settled.map(|(i, s)| ((cells::number(cells::cell(s.at)), of.1[i as usize]), i)).collect();
        pairs.par_sort_unstable();
        let settlements = prints(&pairs, |hash, s| record(hash, &all.settlements[s as usize]));
        let cells: Vec<&CountyCell> = all.raster.counties().flat_map(|c| all.raster.of(c)).collect();
        let owner = all.raster.counties().flat_map(|c| std::iter::repeat_n(c, all.raster.of(c).len()));
        let mut pairs: Vec<(CellKey, u32)> =
            (0u32..).zip(owner).map(|(i, c)| ((cells::number(cells::cell(cells_at(&cells, i))), c), i)).collect();
        pairs.par_sort_unstable();
        let people = prints(&pairs, |hash, i| raster_cell(hash, cells[i as usize]));
        Self { roads: &roads.0, stations, settlements, people, rastered: all.raster.counties().collect() }
    }

    /// Fingerprints of the parts of a county's shard. Of its own things and others' they say which are which, and not whose: a
    /// neighbour that changes its code is no change.
    pub fn parts(&self, question: &str, (county, of): (u32, &County), cells: &Cells, ground: &Ground) -> [String; PARTS.len()] {
        let islands = ground.books.islands_mm.get(county as usize).copied().unwrap_or(0);
        let mut asked = Sha256::new();
        record(&mut asked, &(question, named(of)));
        let part = |layer: &BTreeMap<CellKey, Print>, others: bool, begins: &[u8]| {
            let mut hash = Sha256::new();
            hash.update(begins);
            for (first, last) in cells.ranges() {
                let here = layer.range((first, 0)..=(last, u32::MAX));
                let of = here.filter(|((_, whose), _)| others || *whose == county);
                let mut prints: Vec<(u32, bool, &Print)> =
                    of.map(|((cell, whose), print)| (*cell, *whose == county, print)).collect();
                // by content and not by code: the numbers of counties go by codes
                prints.sort_unstable();
                for (cell, own, print) in prints {
                    hash.update([u8::from(own)]);
                    hash.update(cell.to_le_bytes());
                    hash.update(print);
                }
            }
            hex(&hash.finalize())
        };
        [
            hex(&asked.finalize()),
            part(self.roads, true, &islands.to_le_bytes()),
            part(&self.stations, true, &[]),
            part(&self.settlements, false, &[]),
            part(&self.people, false, &[u8::from(self.rastered.contains(&county))]),
        ]
    }
}

/// One fingerprint a key of things that are sorted by it, in the order in which they stand.
fn prints(pairs: &[(CellKey, u32)], add: impl Fn(&mut Sha256, u32) + Sync) -> BTreeMap<CellKey, Print> {
    let groups: Vec<&[(CellKey, u32)]> = pairs.chunk_by(|a, b| a.0 == b.0).collect();
    let print = |group: &&[(CellKey, u32)]| {
        let mut hash = Sha256::new();
        group.iter().for_each(|(_, item)| add(&mut hash, *item));
        (group[0].0, hash.finalize().into())
    };
    groups.par_iter().with_min_len(64).map(print).collect::<Vec<_>>().into_iter().collect()
}

/// Code and name of a county, which stand in its rows. Taken apart in full: a batch is given no more of a county than this.
fn named(county: &County) -> (&str, &str) {
    let County {
        code,
        name,
        // what lies in it shows in the county of its roads, stations and settlements
        shape: _,
        // of the pages, the ranking and the books, which are made when all is merged
        name_zh: _,
        valid: _,
        population: _,
        population_asked: _,
        columns: _,
        source: _,
    } = county;
    (code, name)
}

/// How many edges meet at each node.
fn meeting(draft: &Draft) -> Vec<u32> {
    let mut meeting = vec![0; draft.nodes.len()];
    draft.edges.iter().flat_map(|e| [e.tail, e.head]).for_each(|v| meeting[v as usize] += 1);
    meeting
}

/// Taken apart in full, so that a new field is either in the fingerprint or beside the reason why not.
fn road(hash: &mut Sha256, (draft, meeting): (&Draft, &[u32]), names: &Names, edge: u32) {
    let e = &draft.edges[edge as usize];
    let Edge {
        tail,
        head,
        length_mm,
        time_ms,
        name,
        reference,
        class,
        oneway,
        len,
        // where its positions, which follow, stand among all
        first: _,
        // decides, before this, where roads meet and what is drawn twice
        road: _,
        // in the key of the fingerprint, as one's own or another's
        county: _,
    } = *e;
    let (name, numbered) = (names.get(name), names.get(reference));
    let kind = class.index() as u32 | u32::from(oneway) << 8;
    let meet = [tail, head].map(|v| meeting[v as usize]);
    let numbers = [length_mm, time_ms, kind, len, meet[0], meet[1], name.len() as u32];
    let mut bytes = Vec::with_capacity(44 + name.len() + 8 * e.vertices());
    numbers.iter().for_each(|n| bytes.extend_from_slice(&n.to_le_bytes()));
    bytes.extend_from_slice(name.as_bytes());
    // Roads that are joined keep their lines, and one of them ends at a node that stands elsewhere.
    let nodes = [tail, head].map(|v| draft.nodes[v as usize]);
    for p in nodes.iter().chain(draft.line(e)) {
        let (x, y) = p.e7();
        bytes.extend_from_slice(&x.to_le_bytes());
        bytes.extend_from_slice(&y.to_le_bytes());
    }
    bytes.extend_from_slice(numbered.as_bytes()); // behind what has a length of its own
    hash.update(&bytes);
}

fn cells_at(cells: &[&CountyCell], i: u32) -> LonLat {
    cells[i as usize].at
}

/// A cell of a raster; whose it is the key says.
fn raster_cell(hash: &mut Sha256, cell: &CountyCell) {
    let CountyCell { at, milli, county: _ } = cell;
    let (x, y) = at.e7();
    hash.update(x.to_le_bytes());
    hash.update(y.to_le_bytes());
    hash.update(milli.to_le_bytes());
}

/// A record with all its fields.
fn record(hash: &mut Sha256, record: &impl serde::Serialize) {
    let text = serde_json::to_vec(record).unwrap_or_default();
    hash.update((text.len() as u64).to_le_bytes());
    hash.update(&text);
}
