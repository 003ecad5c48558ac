//! Files in, checked layers out: counties, roads, stations, settlements, and what was wrong with them.
//!
//! Nothing here knows the network. Positions are checked once and trusted from here on.

pub mod applicants;
pub mod beside;
pub mod candidate;
mod candidate_headers;
pub mod codes;
pub mod columns;
pub mod contradict;
pub mod county;
pub mod county_checks;
mod county_codes;
pub mod county_list;
mod county_outlines;
pub mod county_table;
pub mod crs;
pub mod date;
pub mod decimals;
pub mod equipment;
pub mod fields;
pub mod flows;
pub mod formats;
pub mod geometry;
pub mod guard;
pub mod headers;
pub mod ids;
pub mod layers;
pub mod left_out;
pub mod lists;
mod meridian;
pub mod money;
#[cfg(feature = "osm")]
pub mod osm;
pub mod plausible;
pub mod power;
pub mod power_words;
pub mod raster;
pub mod record;
mod register_cells;
pub mod registers;
pub mod road;
pub mod road_class;
pub mod road_reference;
pub mod settlement;
pub mod simple_shape;
pub mod speed;
pub mod station;
mod station_headers;
pub mod status_column;
pub mod traffic;
mod unit_rows;
pub mod units;
pub mod withdrawal;

use self::candidate::{Candidate, keep_one_of_a_place, read_candidates};
use self::county::County;
use self::flows::{Flow, read_flows};
use self::formats::{Origin, SourceFile};
use self::layers::files_of;
use self::registers::Counting;
use self::road::Roads;
use self::settlement::Settlement;
use self::station::Station;
use self::traffic::Count;
use crate::config::candidate_kinds::CandidateKinds;
use crate::config::{Reading, RegionFile};
use crate::error::{Error, Location, Result, path_text};
use crate::input;
use crate::issue::{IssueCode, Issues, Layer};
use crate::space::LonLat;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

/// A file that was read, for the manifest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputFile {
    /// As written in the region file.
    pub path: String,
    /// What it supplied.
    pub role: String,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256, lower-case hexadecimal.
    pub sha256: String,
    /// Format as found by content (`GeoJSON`, `OSM PBF`, `CSV, GBK`); empty for the region file.
    pub format: String,
    /// Coordinate system and datum, and whether declared or assumed; empty where a file has no positions.
    pub crs: String,
    /// Where it lies on this machine: for whoever reads it again, and never written.
    #[serde(skip)]
    pub place: PathBuf,
}

/// All layers of a region.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// Counties by code.
    pub counties: Vec<County>,
    /// Roads.
    pub roads: Roads,
    /// Stations in reading order.
    pub stations: Vec<Station>,
    /// Settlements in reading order.
    pub settlements: Vec<Settlement>,
    /// Candidate sites in reading order: those of files, then those of the extract.
    pub candidates: Vec<Candidate>,
    /// Files read.
    pub files: Vec<InputFile>,
    /// Vehicles counted on roads.
    pub counts: Vec<Count>,
    /// Vehicles from place to place that a plan is asked about.
    pub flows: Vec<Flow>,
    /// Rows of the county table that no county has.
    pub rows_left: Vec<county_table::RowLeft>,
}

/// Which layers an OSM extract has to supply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WantedLayers {
    /// County-like boundaries.
    pub counties: bool,
    /// Roads.
    pub roads: bool,
    /// Stations.
    pub stations: bool,
    /// Settlements.
    pub settlements: bool,
    /// Kinds of places that are candidate sites.
    pub candidates: CandidateKinds,
}

impl WantedLayers {
    /// Whether any is.
    fn any(self) -> bool {
        self.counties || self.roads || self.stations || self.settlements || !self.candidates.is_empty()
    }
}

/// Reads every layer of a region.
///
/// # Errors
/// Usage when a layer has no source, or `[rank]` names columns of no table; input as the readers of the formats.
pub fn read_inputs(region: &RegionFile, reading: &Reading, issues: &mut Issues) -> Result<Inputs> {
    let inputs = read_layers(region, reading, WhichLayers::All, issues)?;
    if inputs.roads.list().is_empty() {
        let all = issues
            .by_code()
            .into_iter()
            .filter(|((layer, code), _)| *layer == Layer::Roads && *code != IssueCode::EncodingGuessed);
        let why: Vec<String> = all.map(|((_, code), (n, _))| format!("{n} × {code}")).collect();
        let why = if why.is_empty() { "the layer is empty".to_owned() } else { why.join(", ") };
        let missing = issues.by_code().contains_key(&(Layer::Roads, IssueCode::MissingNodes));
        let next = if missing { IssueCode::MissingNodes.next() } else { "`chargegap check` lists each with what to do" };
        let why = if missing { format!("{why}; nodes are missing from the extract") } else { why };
        return Err(Error::input(format!("no road is left to analyse: {why}"), next));
    }
    Ok(inputs)
}

/// Which layers are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhichLayers {
    /// All.
    All,
    /// Roads alone, without fingerprints.
    Roads,
    /// All but roads; fingerprints are those of the files that were read.
    Others,
}

/// Reads some layers of a region; there may be no roads among them.
///
/// # Errors
/// As [`read_inputs`].
pub fn read_layers(region: &RegionFile, reading: &Reading, part: WhichLayers, issues: &mut Issues) -> Result<Inputs> {
    county_table::require(region)?;
    let (roads, others) = (part != WhichLayers::Others, part != WhichLayers::Roads);
    let road_paths = region.roads.as_ref().and_then(|r| r.path.as_ref());
    let path_of = |t: &Option<crate::config::region_file::LayerTable>| t.as_ref().and_then(|l| l.path.clone());
    let (counties, stations, settlements) = (path_of(&region.counties), path_of(&region.stations), path_of(&region.settlements));
    let wanted = WantedLayers {
        counties: others && counties.is_none(),
        roads: roads && road_paths.is_none(),
        stations: others && stations.is_none(),
        settlements: others && settlements.is_none(),
        candidates: if others { region.candidate_kinds() } else { CandidateKinds::default() },
    };
    let mut files = Files::default();
    // Roads of an extract that are left out are looked at beside stations and not kept, so stations come first there.
    let first = others && wanted.roads && region.osm.is_some();
    let given = if first { stations_of_files(region, &mut files, issues)? } else { None };
    // before those of the extract: of two at one place the one of a file stays
    let candidates = if others { candidates_of_files(region, &mut files, issues)? } else { Vec::new() };
    let mut inputs = match &region.osm {
        Some(osm) if wanted.any() => {
            let file = SourceFile { path: region.resolve(&osm.path), shown: path_text(&osm.path) };
            {
                let classes = region.roads.as_ref().map(|r| r.classes.clone()).unwrap_or_default();
                let near: Vec<LonLat> = given.iter().flatten().map(|s| s.at).collect();
                read_osm(&file, (wanted, &near), osm.admin_level, &classes, reading, issues)?
            }
        }
        Some(_) => Inputs::default(),
        None => {
            require(region, road_paths.is_some(), "roads")?;
            require(region, counties.is_some(), "counties")?;
            require(region, stations.is_some(), "stations")?;
            Inputs::default()
        }
    };
    if let (Some(table), Some(paths)) = (&region.roads, road_paths.filter(|_| roads)) {
        let list = files_of(region, paths);
        let (layer, origins) = layers::read_roads(&list, table, reading, issues)?;
        inputs.roads = layer;
        files.note(&list, "roads", origins);
    }
    if !others {
        return Ok(inputs);
    }
    if let (Some(table), Some(paths)) = (&region.counties, &counties) {
        let list = files_of(region, paths);
        let (layer, origins) = layers::read_counties(&list, table, issues)?;
        inputs.counties = layer;
        files.note(&list, "counties", origins);
    }
    if let Some(table) = &region.county_table {
        let file = |path: &Path| SourceFile { path: region.resolve(path), shown: path_text(path) };
        let (rows, crosswalk) = (file(&table.path), table.crosswalk.as_deref().map(file));
        let joined =
            county_table::join(table, &region.named_columns(), (&rows, crosswalk.as_ref()), &mut inputs.counties, issues)?;
        inputs.rows_left = joined.left;
        let mut origins = joined.origins.into_iter();
        files.note(&[rows], "county_table", origins.next().into_iter().collect());
        files.note(&crosswalk.into_iter().collect::<Vec<_>>(), "crosswalk", origins.collect());
    }
    match given {
        Some(given) => inputs.stations = given,
        None => inputs.stations.extend(stations_of_files(region, &mut files, issues)?.unwrap_or_default()),
    }
    if let (Some(table), Some(paths)) = (&region.settlements, &settlements) {
        let list = files_of(region, paths);
        let (layer, origins) = layers::read_settlements(&list, table, issues)?;
        inputs.settlements = layer;
        files.note(&list, "settlements", origins);
    }
    inputs.candidates.splice(0..0, candidates);
    keep_one_of_a_place(&mut inputs.candidates, issues);
    if let Some(osm) = &region.osm {
        let file = SourceFile { path: region.resolve(&osm.path), shown: path_text(&osm.path) };
        let format = formats::sniff::kind_of(&file.path, &file.shown)?.label().to_owned();
        let origin = Origin { format, crs: "WGS 84 (OSM)".to_owned() };
        files.note(&[file], "osm", vec![origin]);
    }
    let counts = region.demand.as_ref().and_then(|d| d.traffic.as_ref()).and_then(|t| Some((t, t.path.as_ref()?)));
    if let Some((table, path)) = counts {
        let file = SourceFile { path: region.resolve(path), shown: path_text(path) };
        let (counts, origin) = traffic::read_counts(&file, table, &inputs.counties, issues)?;
        inputs.counts = counts;
        files.note(&[file], "traffic", vec![origin]);
    }
    let flows = region.plan.as_ref().and_then(|p| p.flows.as_ref()).and_then(|t| Some((t, t.path.as_ref()?)));
    if let Some((table, path)) = flows {
        let file = SourceFile { path: region.resolve(path), shown: path_text(path) };
        let (flows, origin) = read_flows(&file, table, issues)?;
        inputs.flows = flows;
        files.note(&[file], "flows", vec![origin]);
    }
    if let Some((file, raster)) = raster::of_region(region)? {
        files.note(&[file], "population", vec![raster.origin()]);
    }
    if let Some(source) = &region.source {
        let shown = source.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        files.note(&[SourceFile { path: source.clone(), shown }], "region", vec![Origin::default()]);
    }
    inputs.files = files.fingerprints()?;
    flag_duplicate_ids(&inputs, issues);
    plausible::look(&inputs, issues);
    Ok(inputs)
}

/// The stations of the files that `[stations]` names; none where it names none.
fn stations_of_files(region: &RegionFile, files: &mut Files, issues: &mut Issues) -> Result<Option<Vec<Station>>> {
    let Some(table) = &region.stations else { return Ok(None) };
    let Some(paths) = &table.path else { return Ok(None) };
    let list = files_of(region, paths);
    let (mut layer, origins) = layers::read_stations_for(&list, table, &Counting::of(&region.criteria), issues)?;
    station::leave_out_later(&mut layer, table, issues)?;
    files.note(&list, "stations", origins);
    Ok(Some(layer))
}

/// The candidate sites of the files that `[candidates]` names.
fn candidates_of_files(region: &RegionFile, files: &mut Files, issues: &mut Issues) -> Result<Vec<Candidate>> {
    let Some((table, paths)) = region.candidates.as_ref().and_then(|t| Some((t, t.path.as_ref()?))) else {
        return Ok(Vec::new());
    };
    let list = files_of(region, paths);
    let (layer, origins) = read_candidates(&list, table, issues)?;
    files.note(&list, "candidates", origins);
    Ok(layer)
}

/// The files of a region with what they supplied and what they turned out to be.
#[derive(Default)]
struct Files(BTreeMap<String, (SourceFile, Vec<&'static str>, Origin)>);

impl Files {
    fn note(&mut self, list: &[SourceFile], role: &'static str, origins: Vec<Origin>) {
        for (f, origin) in list.iter().zip(origins) {
            let whole = f.shown.clone();
            self.0.entry(f.shown.clone()).or_insert_with(|| (f.clone(), Vec::new(), origin)).1.push(role);
            for part in beside::parts(f) {
                let origin = Origin { format: format!("part of {whole}"), ..Origin::default() };
                self.0.entry(part.shown.clone()).or_insert_with(|| (part, Vec::new(), origin)).1.push(role);
            }
        }
    }

    fn fingerprints(self) -> Result<Vec<InputFile>> {
        let one = |(file, roles, origin): (SourceFile, Vec<&str>, Origin)| {
            let print = fingerprint(&file, &roles.join("+"))?;
            Ok(InputFile { format: origin.format, crs: origin.crs, ..print })
        };
        self.0.into_values().map(one).collect()
    }
}

#[cfg(feature = "osm")]
fn read_osm(
    file: &SourceFile,
    asked: (WantedLayers, &[LonLat]),
    admin_level: Option<u8>,
    classes: &BTreeMap<String, String>,
    reading: &Reading,
    issues: &mut Issues,
) -> Result<Inputs> {
    use self::formats::sniff;
    if !matches!(sniff::kind_of(&file.path, &file.shown)?, sniff::FileKind::OsmPbf | sniff::FileKind::OsmXml) {
        return Err(Error::input("the file is not OpenStreetMap", "give an .osm.pbf, .osm or .osm.gz extract")
            .at(Location::file(file.shown.as_str())));
    }
    layers::check_classes(classes)?;
    osm::read_osm_beside(&file.path, &file.shown, asked, admin_level, classes, reading, issues)
}

#[cfg(not(feature = "osm"))]
fn read_osm(
    file: &SourceFile,
    _: (WantedLayers, &[LonLat]),
    _: Option<u8>,
    _: &BTreeMap<String, String>,
    _: &Reading,
    _: &mut Issues,
) -> Result<Inputs> {
    Err(Error::usage("this build cannot read OSM extracts", "build with the feature `osm` (it is on by default)")
        .at(Location::file(file.shown.as_str())))
}

fn require(region: &RegionFile, given: bool, table: &str) -> Result<()> {
    if given {
        return Ok(());
    }
    let at = region.source.as_deref().map(|s| Location::file(path_text(s))).unwrap_or_default();
    Err(Error::usage(format!("the region has no {table}"), format!("give [{table}] path, or [osm] path")).at(at))
}

/// Size and SHA-256 of a file.
///
/// # Errors
/// When it cannot be read.
pub fn fingerprint(file: &SourceFile, role: &str) -> Result<InputFile> {
    let mut reader = input::open(&file.path, "open the file")?;
    let (mut hash, mut bytes, mut buf) = (Sha256::new(), 0, vec![0u8; 1 << 18]);
    loop {
        let n = reader.read(&mut buf).map_err(|e| Error::io("read the file", &file.path, &e))?;
        if n == 0 {
            break;
        }
        hash.update(&buf[..n]);
        bytes += n as u64;
    }
    Ok(InputFile {
        path: file.shown.clone(),
        role: role.to_owned(),
        bytes,
        sha256: hex(&hash.finalize()),
        place: file.path.clone(),
        ..InputFile::default()
    })
}

/// Bytes as lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    let digit = |d: u8| char::from(if d < 10 { b'0' + d } else { b'a' + d - 10 });
    bytes.iter().flat_map(|b| [digit(b >> 4), digit(b & 15)]).collect()
}

fn flag_duplicate_ids(inputs: &Inputs, issues: &mut Issues) {
    fn flag<'a>(layer: Layer, all: impl Iterator<Item = (&'a String, &'a Location)>, issues: &mut Issues) {
        let mut seen: BTreeMap<&str, &Location> = BTreeMap::new();
        for (id, at) in all {
            match seen.get(id.as_str()) {
                Some(first) => {
                    let what = format!("the id \"{id}\" stands at {first} too");
                    issues.push(layer, IssueCode::DuplicateId, at.clone(), what);
                }
                None => drop(seen.insert(id, at)),
            }
        }
    }
    flag(Layer::Stations, inputs.stations.iter().map(|s| (&s.id, &s.source)), issues);
    flag(Layer::Settlements, inputs.settlements.iter().map(|s| (&s.id, &s.source)), issues);
    flag(Layer::Candidates, inputs.candidates.iter().map(|c| (&c.id, &c.source)), issues);
}
