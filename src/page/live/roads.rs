//! The roads of the map: every piece of a run with its class, its length, the ways to the nearest stations from both ends and its line,
//! packed small. Lengths and ways are metres here, since they are drawn; kilometres that are told come from [`super::limits`].
//!
//! The bytes: the lengths of all streams as `u32`, then the streams, numbers as LEB128, signed ones by zigzag:
//! how they are driven and their class · length · number of the name and one, 0 for none · positions of the line · the line, in 0.00001°
//! from the last position of the piece before · for each service the way from the tail and then from the head, as metres and one, 0
//! where there is none. Pieces are in the order of their counties.

use crate::config::criteria::Metric;
use crate::config::{RoadClass, Service};
use crate::engine::UNREACHABLE;
use crate::network::Edge;
use crate::results::Run;
use crate::space::{LonLat, simplify};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Streams that every piece has; those of services follow.
const OWN: usize = 5;
/// Streams at most: two a service.
pub const STREAMS: usize = OWN + 2 * Service::ALL.len();
/// Added to the class of a piece that may only be driven from its tail to its head.
pub const ONEWAY: u8 = 16;

/// Roads as the page has them.
pub struct Roads {
    /// See the head of the module.
    pub bytes: Vec<u8>,
    /// Pieces of each county.
    pub counts: Vec<usize>,
    /// Names, by their number.
    pub names: Vec<String>,
    /// No vertex is farther than this from what is drawn, metres.
    pub tolerance_m: f64,
    /// The least important class that is drawn.
    pub last: RoadClass,
}

/// How much is drawn of a network with so many positions: no farther off than so many metres.
fn tolerance_m(positions: usize) -> f64 {
    match positions {
        0..=400_000 => 3.0,
        400_001..=1_500_000 => 8.0,
        1_500_001..=5_000_000 => 25.0,
        _ => 60.0,
    }
}

/// Roads down to a class.
pub fn of(run: &Run<'_>, last: RoadClass) -> Roads {
    let scene = &run.whole.scene;
    let drawn = |edge: &&u32| scene.network.edges()[**edge as usize].class <= last;
    let by_county: Vec<Vec<u32>> = scene.by_county.iter().map(|edges| edges.iter().filter(drawn).copied().collect()).collect();
    let edges: Vec<&Edge> = by_county.iter().flatten().map(|e| &scene.network.edges()[*e as usize]).collect();
    let tolerance_m = tolerance_m(edges.iter().map(|e| scene.network.line(e).len()).sum());
    let lines: Vec<Vec<LonLat>> = edges.par_iter().map(|e| simplify(scene.network.line(e), tolerance_m)).collect();
    let (mut streams, mut names, mut at) = (Streams::default(), Names::default(), [0i32; 2]);
    for (e, line) in edges.iter().zip(&lines) {
        streams.0[0].push(e.class.index() as u8 + if e.oneway { ONEWAY } else { 0 });
        streams.put(1, metres(e.length_mm));
        streams.put(2, names.number(run.whole.names.get(e.name)));
        streams.put(3, line.len() as u32);
        for p in line {
            let here = hundred_thousandths(*p);
            streams.put_signed(4, here[0] - at[0]);
            streams.put_signed(4, here[1] - at[1]);
            at = here;
        }
    }
    for (i, service) in run.criteria.serving.services.iter().enumerate() {
        let reach = scene.coverage.reach(service, Metric::Distance);
        let way = |node: u32| Some(reach.cost(node)).filter(|mm| *mm < UNREACHABLE).map_or(0, |mm| metres(mm) + 1);
        for e in &edges {
            streams.put(OWN + 2 * i, way(e.tail));
            streams.put(OWN + 2 * i + 1, way(e.head));
        }
    }
    Roads { bytes: streams.bytes(), counts: by_county.iter().map(Vec::len).collect(), names: names.list, tolerance_m, last }
}

/// Whole metres, halves up.
pub fn metres(mm: u32) -> u32 {
    ((u64::from(mm) + 500) / 1000) as u32
}

/// A position in 0.00001°, halves away from nought.
pub fn hundred_thousandths(p: LonLat) -> [i32; 2] {
    let (lon, lat) = p.e7();
    [lon, lat].map(|e7| (f64::from(e7) / 100.0).round() as i32)
}

#[derive(Default)]
struct Streams([Vec<u8>; STREAMS]);

impl Streams {
    fn put(&mut self, stream: usize, mut n: u32) {
        while n >= 128 {
            self.0[stream].push(n as u8 | 128);
            n >>= 7;
        }
        self.0[stream].push(n as u8);
    }

    fn put_signed(&mut self, stream: usize, n: i32) {
        self.put(stream, ((n << 1) ^ (n >> 31)) as u32);
    }

    fn bytes(self) -> Vec<u8> {
        let lengths = self.0.iter().flat_map(|s| (s.len() as u32).to_le_bytes());
        lengths.chain(self.0.iter().flatten().copied()).collect()
    }
}

/// Names in the order in which they come first.
#[derive(Default)]
struct Names<'a> {
    numbers: BTreeMap<&'a str, u32>,
    list: Vec<String>,
}

impl<'a> Names<'a> {
    fn number(&mut self, name: &'a str) -> u32 {
        if name.is_empty() {
            return 0;
        }
        let next = self.list.len() as u32 + 1;
        *self.numbers.entry(name).or_insert_with(|| {
            self.list.push(crate::page::i18n::shown(name));
            next
        })
    }
}

/// A piece as the page has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PieceRead {
    /// Its class, and whether it is driven one way only.
    pub how: u8,
    /// Length, metres.
    pub length_m: u32,
    /// Number of its name and one.
    pub name: u32,
    /// First and last position.
    pub ends: [[i32; 2]; 2],
    /// By service, from tail and head: metres and one, or 0.
    pub ways: Vec<[u32; 2]>,
}

/// Reads the pieces back; none where the bytes are not what [`of`] writes for so many services.
pub fn read(bytes: &[u8], services: usize) -> Option<Vec<PieceRead>> {
    let (head, mut rest) = bytes.split_at_checked(4 * STREAMS)?;
    let mut streams = Vec::new();
    for length in head.chunks_exact(4) {
        let (stream, after) = rest.split_at_checked(u32::from_le_bytes(length.try_into().ok()?) as usize)?;
        streams.push(Numbers(stream));
        rest = after;
    }
    let (mut at, mut pieces) = ([0i32; 2], Vec::new());
    for how in streams[0].0 {
        let [length_m, name, positions] = [streams[1].next()?, streams[2].next()?, streams[3].next()?];
        let mut ends = [[0; 2]; 2];
        for i in 0..positions {
            for x in &mut at {
                let n = streams[4].next()?;
                *x = x.checked_add((n >> 1) as i32 ^ -((n & 1) as i32))?;
            }
            ends[usize::from(i > 0)] = at;
        }
        let mut ways = Vec::with_capacity(services);
        for i in 0..services {
            ways.push([streams[OWN + 2 * i].next()?, streams[OWN + 2 * i + 1].next()?]);
        }
        pieces.push(PieceRead { how: *how, length_m, name, ends, ways });
    }
    (rest.is_empty() && streams[1..].iter().all(|s| s.0.is_empty())).then_some(pieces)
}

/// Numbers as LEB128.
struct Numbers<'b>(&'b [u8]);

impl Numbers<'_> {
    fn next(&mut self) -> Option<u32> {
        let mut n = 0u32;
        for shift in (0..35).step_by(7) {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            n |= u32::from(byte & 127).checked_shl(shift)?;
            if *byte < 128 {
                return Some(n);
            }
        }
        None
    }
}
