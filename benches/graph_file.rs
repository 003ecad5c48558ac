//! A graph.bin, as `bench`, `load` and `access` read it, and how they answer; `bench.rs` says what lies where.

use chargegap::internals::engine::Graph;
use chargegap::internals::error::{Error, Result};
use chargegap::internals::network::hilbert_rank;
use chargegap::internals::space::LonLat;
use rayon::prelude::*;
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// A graph.bin, read a part at a time: the arrays of the file are more than a search needs.
pub struct GraphFile {
    path: PathBuf,
    /// Nodes, edges, stations, settlements, sites.
    pub count: [usize; 5],
}

/// What lies on nodes.
const KINDS: [&str; 3] = ["station", "settlement", "site"];

impl GraphFile {
    /// Opens one, looking at its head.
    pub fn open(path: &Path) -> Result<Self> {
        let mut head = [0; 48];
        let mut file = File::open(path).map_err(|e| Error::io("open the network", path, &e))?;
        file.read_exact(&mut head).map_err(|e| Error::io("read the network", path, &e))?;
        let number = |i: usize| head[8 + 8 * i..].first_chunk().map_or(0, |b| u64::from_le_bytes(*b)) as usize;
        let count = std::array::from_fn(number);
        let path = path.to_path_buf();
        let bytes = file.metadata().map_err(|e| Error::io("read the network", &path, &e))?.len();
        let [n, e, stations, settlements, sites] = count.map(|c| c as u128);
        if head[..8] == *b"EVGRAPH1" && n.max(2 * e) > u128::from(u32::MAX) {
            let what = format!("{n} nodes and {} arcs are more than the 4,294,967,295 that can be searched", 2 * e);
            return Err(Error::input(what, "split the region"));
        }
        if head[..8] != *b"EVGRAPH1" || u128::from(bytes) < 48 + 16 * (n + e) + 4 * (stations + settlements + sites) {
            return Err(Error::input(format!("{} is no graph.bin, or cut short", path.display()), "make it again"));
        }
        Ok(Self { path, count })
    }

    fn part(&self, at: usize) -> Result<BufReader<File>> {
        let mut file = File::open(&self.path).map_err(|e| Error::io("open the network", &self.path, &e))?;
        file.seek(SeekFrom::Start(at as u64)).map_err(|e| Error::io("read the network", &self.path, &e))?;
        Ok(BufReader::with_capacity(1 << 20, file))
    }

    /// Array `i` of the edges.
    fn of_edges(&self, i: usize) -> Result<impl Iterator<Item = u32>> {
        Ok(numbers(self.part(48 + 4 * i * self.count[1])?, self.count[1]))
    }

    /// New number of every node, along the Hilbert curve.
    pub fn rank(&self) -> Result<Vec<u32>> {
        let [n, e, ..] = self.count;
        let (lon, lat) = (self.part(48 + 16 * e)?, self.part(48 + 16 * e + 8 * n)?);
        let place = |(lon, lat)| LonLat::new(lon, lat).unwrap_or_default();
        let nodes: Vec<LonLat> = degrees(lon, n).zip(degrees(lat, n)).map(place).collect();
        Ok(hilbert_rank(&nodes))
    }

    /// Arcs both ways, with the weights of an array of the edges.
    pub fn graph(&self, rank: &[u32], weight: usize) -> Result<Graph> {
        let of = |v: u32| rank.get(v as usize).copied().unwrap_or(u32::MAX);
        let readers = || -> Result<_> { Ok(self.of_edges(0)?.zip(self.of_edges(1)?).zip(self.of_edges(weight)?)) };
        drop(readers()?); // a fault in opening shows here
        Graph::new(self.count[0], || {
            let edges = readers().into_iter().flatten();
            edges.flat_map(move |((u, v), w)| [(of(u), of(v), w), (of(v), of(u), w)])
        })
    }

    /// Nodes of the stations (0), settlements (1) or sites (2).
    pub fn nodes(&self, which: usize, rank: &[u32]) -> Result<Vec<u32>> {
        let [n, e, ..] = self.count;
        let before: usize = self.count[2..2 + which].iter().sum();
        let list: Vec<u32> = numbers(self.part(48 + 16 * (n + e) + 4 * before)?, self.count[2 + which]).collect();
        let ranked = list.par_iter().map(|v| rank.get(*v as usize).copied());
        let off = || list.iter().position(|v| *v as usize >= rank.len()).unwrap_or(0);
        ranked.collect::<Option<_>>().ok_or_else(|| {
            let what = format!("{} {} lies on node {}, and the network has {n} nodes", KINDS[which], off(), list[off()]);
            Error::input(what, "make graph.bin again")
        })
    }

    /// People of the settlements.
    #[allow(dead_code)] // of `load` and `siting` only
    pub fn people(&self) -> Result<Vec<u32>> {
        let [n, e, stations, settlements, sites] = self.count;
        let before = stations + settlements + sites;
        Ok(numbers(self.part(48 + 16 * (n + e) + 4 * before)?, settlements).collect())
    }
}

/// Prints the line of a benchmark, or why there is none.
#[allow(dead_code)] // `siting` prints its own
pub fn answered(line: Result<String>) -> ExitCode {
    match &line {
        Ok(line) => println!("{line}"),
        Err(e) => eprintln!("error: {e}"),
    }
    line.map_or_else(|e| e.exit_code(), |_| 0).into()
}

fn numbers(mut from: impl Read, count: usize) -> impl Iterator<Item = u32> {
    let mut bytes = [0; 4];
    (0..count).map_while(move |_| from.read_exact(&mut bytes).ok().map(|()| u32::from_le_bytes(bytes)))
}

fn degrees(mut from: impl Read, count: usize) -> impl Iterator<Item = f64> {
    let mut bytes = [0; 8];
    (0..count).map_while(move |_| from.read_exact(&mut bytes).ok().map(|()| f64::from_le_bytes(bytes)))
}
