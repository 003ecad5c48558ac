//! The national drill: made-up roads, stations and settlements over many counties, as input for a funding round.
//!
//! `cargo run --release --example drill -- DIR` draws its own counties; with `--counties` it takes those of a file, and a
//! province is what shares the first two digits of the codes. The same arguments give the same bytes.

mod drill {
    pub mod ground;
    pub mod lattice;
    pub mod points;
    pub mod random;
    pub mod road_file;
    pub mod roads;
    pub mod texts;
}

use chargegap::internals::error::{Error, Result};
use chargegap::internals::read::county::County;
use clap::Parser;
use drill::ground::{self, Province};
use drill::lattice::{Lattice, Way};
use drill::random::apportion;
use drill::road_file::RoadFile;
use drill::roads::{Road, Roads};
use drill::{points, texts};
use rayon::prelude::*;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Makes up the input of a funding round: a folder a province, and round.toml.
#[derive(Debug, Parser)]
#[command(name = "drill")]
struct Args {
    /// The folder to fill; new or empty.
    dir: PathBuf,
    /// County polygons with codes of six digits; without it, counties are drawn.
    #[arg(long)]
    counties: Option<PathBuf>,
    /// Field of the codes; the usual ones are tried otherwise.
    #[arg(long, requires = "counties")]
    code_field: Option<String>,
    /// Field of the names.
    #[arg(long, requires = "counties")]
    name_field: Option<String>,
    /// Nodes of the road lattice, about.
    #[arg(long, default_value_t = 10_000_000, value_parser = clap::value_parser!(u64).range(1..=1_000_000_000))]
    nodes: u64,
    /// Stations.
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(..=100_000_000))]
    stations: u64,
    /// Settlements.
    #[arg(long, default_value_t = 600_000, value_parser = clap::value_parser!(u64).range(..=100_000_000))]
    settlements: u64,
    /// Provinces to draw, of 20 counties each.
    #[arg(long, default_value_t = 8, conflicts_with = "counties")]
    provinces: usize,
    /// Another seed makes up another drill.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

fn main() -> ExitCode {
    chargegap::internals::read::guard::quiet_hook();
    match run(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("{e}");
            ExitCode::from(e.exit_code())
        }
    }
}

fn run(args: &Args) -> Result<()> {
    empty_folder(&args.dir)?;
    let counties = match &args.counties {
        Some(path) => ground::read(path, args.code_field.as_deref(), args.name_field.as_deref())?,
        None => ground::draw(args.provinces, args.nodes, args.seed)?,
    };
    let lattice = Lattice::over(&counties, args.nodes, args.seed)?;
    let roads = Roads::new(&lattice, args.seed);
    // A province without a line could not be read; its counties stay without settlements.
    let has_lines =
        |p: &Province| lattice.nodes(p.counties.clone()).iter().any(|cell| lines_from(&roads, *cell).next().is_some());
    let (provinces, without): (Vec<_>, Vec<_>) = ground::provinces(&counties).into_iter().partition(has_lines);
    if provinces.is_empty() {
        return Err(Error::usage("no province is large enough for a road", "ask for more --nodes"));
    }
    without.iter().for_each(|p| eprintln!("province {} is too small for a road and is left out", p.code));
    let written = Drill::new(args, &counties, &lattice, &provinces, roads).write()?;
    let facts = [
        ("Provinces", provinces.len().to_string()),
        ("Counties", counties.len().to_string()),
        ("Nodes of the lattice", lattice.nodes(0..counties.len()).len().to_string()),
        ("Metres between them", format!("{:.1}", lattice.spacing_m())),
        ("Lines", written.lines.to_string()),
        ("Edges", written.edges.to_string()),
        ("Stations", args.stations.to_string()),
        ("Settlements", args.settlements.to_string()),
    ];
    facts.iter().for_each(|(what, figure)| println!("{what}: {figure}"));
    texts::write(&args.dir.join("round.toml"), &texts::round(&provinces))?;
    texts::write(&args.dir.join("README.md"), &texts::readme(&args.borders(), &args.typed(), &facts))
}

fn empty_folder(dir: &Path) -> Result<()> {
    let io = |e: std::io::Error| Error::io("make the folder", dir, &e);
    fs::create_dir_all(dir).map_err(io)?;
    match fs::read_dir(dir).map_err(io)?.next() {
        None => Ok(()),
        Some(_) => Err(Error::usage("the folder is not empty", "name a new one, or remove what is in it")),
    }
}

impl Args {
    /// Where the counties are from, by the name of the file: the rest of its path is nobody's business.
    fn borders(&self) -> String {
        let file = self.counties.as_ref().and_then(|p| p.file_name()).map(|n| n.to_string_lossy().into_owned());
        file.map_or_else(|| "SYNTHETIC, drawn".to_owned(), |f| format!("{f}, under its own terms"))
    }

    /// The arguments that make a difference.
    fn typed(&self) -> String {
        let ground = match &self.counties {
            Some(_) => "--counties …".to_owned(),
            None => format!("--provinces {}", self.provinces),
        };
        let Self { nodes, stations, settlements, seed, .. } = self;
        format!("drill DIR {ground} --nodes {nodes} --stations {stations} --settlements {settlements} --seed {seed}")
    }
}

/// What was written.
#[derive(Clone, Copy, Default)]
struct Written {
    lines: u64,
    edges: u64,
}

/// All that a province's folder is filled from.
struct Drill<'d> {
    args: &'d Args,
    counties: &'d [County],
    lattice: &'d Lattice,
    provinces: &'d [Province],
    roads: Roads<'d>,
    /// Settlements of each county.
    settlements: Vec<u64>,
    /// Number of each province's first station, and how many there are.
    stations: Vec<u64>,
}

impl<'d> Drill<'d> {
    fn new(args: &'d Args, counties: &'d [County], lattice: &'d Lattice, provinces: &'d [Province], roads: Roads<'d>) -> Self {
        let nodes: Vec<u64> = provinces.iter().map(|p| lattice.nodes(p.counties.clone()).len() as u64).collect();
        let mut stations = vec![0];
        for share in apportion(args.stations, &nodes) {
            stations.push(stations.last().copied().unwrap_or_default() + share);
        }
        let mut own = vec![0; counties.len()];
        provinces.iter().flat_map(|p| p.counties.clone()).for_each(|c| own[c] = lattice.nodes(c..c + 1).len() as u64);
        let settlements = points::settlements_by_county(&own, args.settlements);
        Self { args, counties, lattice, provinces, roads, settlements, stations }
    }

    fn write(&self) -> Result<Written> {
        let written: Vec<Written> = (0..self.provinces.len()).into_par_iter().map(|i| self.province(i)).collect::<Result<_>>()?;
        Ok(written.iter().fold(Written::default(), |sum, w| Written { lines: sum.lines + w.lines, edges: sum.edges + w.edges }))
    }

    fn province(&self, i: usize) -> Result<Written> {
        let (args, province) = (self.args, &self.provinces[i]);
        let own = province.counties.clone();
        let dir = args.dir.join(&province.code);
        fs::create_dir(&dir).map_err(|e| Error::io("make the folder", &dir, &e))?;
        texts::write(&dir.join("region.toml"), &texts::region(province, &args.borders()))?;
        texts::write(&dir.join("counties.geojson"), &texts::counties(&self.counties[own.clone()]))?;
        let numbers = self.stations[i]..self.stations[i + 1];
        points::write_stations(&dir.join("stations.csv"), self.lattice, own.clone(), numbers, args.seed)?;
        let first = self.settlements[..own.start].iter().sum();
        let path = dir.join("settlements.csv");
        points::write_settlements(&path, self.lattice, own.clone(), &self.settlements, first, args.seed)?;
        self.write_roads(&dir.join("roads.fgb"), self.lattice.nodes(own))
    }

    /// Writes the lines that begin at nodes.
    fn write_roads(&self, path: &Path, nodes: &[u32]) -> Result<Written> {
        let (mut file, mut written) = (RoadFile::new()?, Written::default());
        for cell in nodes {
            for road in lines_from(&self.roads, *cell) {
                file.push(&road)?;
                written = Written { lines: written.lines + 1, edges: written.edges + road.points.len() as u64 - 1 };
            }
        }
        file.finish(path)?;
        Ok(written)
    }
}

/// The lines that begin at a node.
fn lines_from<'r>(roads: &'r Roads<'_>, cell: u32) -> impl Iterator<Item = Road> + 'r {
    [Way::East, Way::North].into_iter().filter_map(move |way| roads.from(cell, way))
}
