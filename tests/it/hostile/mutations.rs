//! Every prefix and thousands of seeded changes of the fuzz seeds, straight into the readers: an error with a file or a
//! layer, never a panic.

use chargegap::internals::config::candidate_kinds::{CandidateKinds, KINDS};
use chargegap::internals::config::region_file::{LayerTable, RoadsTable};
use chargegap::internals::config::{Criteria, RegionFile};
use chargegap::internals::error::{Error, Result};
use chargegap::internals::issue::Issues;
use chargegap::internals::read::formats::SourceFile;
use chargegap::internals::read::osm::{ClassMap, read_osm};
use chargegap::internals::read::{WantedLayers, guard, layers};
use rayon::prelude::*;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Changes of each seed, beside its prefixes.
const CHANGES: u64 = 1_000;
/// Prefixes of a longer seed are taken in steps.
const MOST_PREFIXES: usize = 2_000;

/// Steele and others, "Fast splittable pseudorandom number generators" (2014): SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }
}

/// Words that mean something to one of the formats.
const TOKENS: &[&[u8]] = &[
    b"null",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b"\"",
    b"\n",
    b"\r",
    b"\0",
    b"1e999",
    b"-1",
    b"NaN",
    b"EMPTY",
    b"MULTIPOLYGON",
    b"(",
    b")",
    b"\"type\":\"Feature\"",
    b"\"features\":",
    b"\"crs\":",
    b"\xff\xff\xff\xff",
    b"\xff\xff\xff\x7f",
    b"\x80\x00\x00\x00",
    b"\0\0\0\0",
    b"\xff\xff\xff\xff\xff\xff\xff\xff",
    b"\0\0\0\0\0\0\xf8\x7f",
    b"\xef\xbb\xbf",
    b"\x1e",
    b"\xed\xa0\x80",
];

/// One to four changes: bits, bytes, cuts, copies and words.
fn changed(seed: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len() + 1);
        let end = (at + 1 + random.below(16)).min(bytes.len());
        match random.below(7) {
            0 | 1 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
            2 if at < bytes.len() => bytes[at] = random.next() as u8,
            3 => bytes.insert(at, random.next() as u8),
            4 if at < end => drop(bytes.drain(at..end)),
            5 if at < end => {
                let part = bytes[at..end].to_vec();
                let to = random.below(bytes.len());
                bytes.splice(to..to, part);
            }
            _ => {
                let token = TOKENS[random.below(TOKENS.len())];
                let end = if random.below(2) == 0 { (at + token.len()).min(bytes.len()) } else { at };
                bytes.splice(at..end, token.iter().copied());
            }
        }
    }
    bytes
}

fn layer(which: u64, path: &Path) -> Result<()> {
    let criteria = Criteria::from_region(&RegionFile::default())?;
    let files = [SourceFile { path: path.to_path_buf(), shown: "case".to_owned() }];
    let (table, mut issues) = (LayerTable::default(), Issues::default());
    match which % 4 {
        0 => layers::read_roads(&files, &RoadsTable::default(), &criteria.reading, &mut issues).map(drop),
        1 => layers::read_counties(&files, &table, &mut issues).map(drop),
        2 => layers::read_stations(&files, &table, &mut issues).map(drop),
        _ => layers::read_settlements(&files, &table, &mut issues).map(drop),
    }
}

/// A seed's bytes into the reader of its format.
fn read(format: &str, which: u64, bytes: &[u8], folder: &Path) -> Result<()> {
    let path = folder.join("case.shp");
    match format {
        "osm_pbf" => {
            fs::write(&path, bytes).unwrap();
            let words = KINDS.iter().map(|(word, _)| (*word).to_owned()).collect::<Vec<_>>();
            let candidates = CandidateKinds::of_words(&words).unwrap();
            let all = WantedLayers { counties: true, roads: true, stations: true, settlements: true, candidates };
            let criteria = Criteria::from_region(&RegionFile::default())?;
            read_osm(&path, "case", all, None, &ClassMap::new(), &criteria.reading, &mut Issues::default()).map(drop)
        }
        "region_toml" => match RegionFile::parse(&String::from_utf8_lossy(bytes), "case") {
            Ok(region) => Criteria::from_region(&RegionFile { source: Some("case".into()), ..region }).map(drop),
            Err(e) => Err(e),
        },
        "shapefile" => {
            // The first byte says which of the two files is the changed one.
            let (which_file, rest) = bytes.split_first().unwrap_or((&0, &[]));
            let known = |name: &str| fs::read(seeds().join("shapefile").join(name)).unwrap();
            let (shp, dbf) =
                if which_file & 1 == 0 { (rest.to_vec(), known("roads.dbf")) } else { (known("roads.shp"), rest.to_vec()) };
            fs::write(&path, shp).unwrap();
            fs::write(path.with_extension("dbf"), dbf).unwrap();
            layer(which, &path)
        }
        _ => {
            fs::write(&path, bytes).unwrap();
            layer(which, &path)
        }
    }
}

fn seeds() -> PathBuf {
    crate::toy::root().join("tests/fuzz/seeds")
}

/// What became of one change.
enum Results {
    Read,
    Refused,
    Wrong(String),
}

fn outcome(format: &str, which: u64, bytes: &[u8], folder: &Path) -> Results {
    let since = Instant::now();
    let done = guard::guarded(|| read(format, which, bytes, folder));
    if since.elapsed() > Duration::from_secs(5) {
        return Results::Wrong("it took longer than 5 s".to_owned());
    }
    match done {
        None => Results::Wrong("a panic escapes".to_owned()),
        Some(Ok(())) => Results::Read,
        Some(Err(e)) => match no_place(&e) {
            true => Results::Wrong(format!("no file in: {e}")),
            false => Results::Refused,
        },
    }
}

fn no_place(e: &Error) -> bool {
    e.location().file.is_none()
}

/// All changes of one seed; how many were read, how many refused, and what went wrong.
fn all_of(format: &str, seed: &Path) -> (u64, u64, Vec<String>) {
    let bytes = fs::read(seed).unwrap();
    let shm = Path::new("/dev/shm");
    let folder = tempfile::tempdir_in(if shm.is_dir() { shm.to_path_buf() } else { std::env::temp_dir() }).unwrap();
    let (mut read, mut refused, mut wrong) = (0, 0, Vec::new());
    let mut take = |what: String, outcome: Results| match outcome {
        Results::Read => read += 1,
        Results::Refused => refused += 1,
        Results::Wrong(why) => wrong.push(format!("{} {what}: {why}", seed.display())),
    };
    for n in (0..bytes.len()).step_by(1 + bytes.len() / MOST_PREFIXES) {
        take(format!("cut to {n}"), outcome(format, n as u64, &bytes[..n], folder.path()));
    }
    for n in 0..CHANGES {
        let new = changed(&bytes, &mut Random(n));
        take(format!("change {n}"), outcome(format, n, &new, folder.path()));
    }
    (read, refused, wrong)
}

#[test]
fn every_prefix_and_thousands_of_changes_of_every_format_end_in_an_error_with_a_place() {
    guard::quiet_hook(); // what a decoder throws is expected here, and kept from the output as in the program
    let folders = ["json", "csv", "flatgeobuf", "shapefile", "geopackage", "osm_pbf", "region_toml"];
    let folders = folders.into_iter().chain(cfg!(feature = "parquet").then_some("parquet"));
    let files = |format: &str| {
        let list = fs::read_dir(seeds().join(format)).unwrap().map(|e| e.unwrap().path());
        let mut list: Vec<PathBuf> = list.filter(|p| p.extension().is_none_or(|e| e != "shp" && e != "dbf")).collect();
        list.sort();
        list
    };
    let all: Vec<(&str, PathBuf)> = folders.flat_map(|f| files(f).into_iter().map(move |p| (f, p))).collect();
    let since = Instant::now();
    let done: Vec<_> = all.par_iter().map(|(format, path)| all_of(format, path)).collect();
    let (read, refused) = done.iter().fold((0, 0), |sum, d| (sum.0 + d.0, sum.1 + d.1));
    println!("{} seeds, {read} changes read, {refused} refused, {:.1} s", all.len(), since.elapsed().as_secs_f64());
    let wrong: Vec<&String> = done.iter().flat_map(|d| &d.2).collect();
    assert!(wrong.is_empty(), "{} wrong, such as {:#?}", wrong.len(), &wrong[..wrong.len().min(20)]);
    assert!(read + refused >= 20_000 && read > 1_000 && refused > 1_000);
}
