//! The one network of a round: read and built from all regions once, and kept in the work folder under the fingerprint of what it was
//! made from. Stations and settlements are not part of it, so that a correction of theirs leaves it as it is.

use super::content::RoadPrints;
use super::inputs::{Region, Together, network_files, roads};
use super::prints::Prints;
use crate::config::round_file::NetworkTable;
use crate::config::{Criteria, RoundFile};
use crate::error::{Error, Result};
use crate::files::whole_file::write_whole;
use crate::issue::Issues;
use crate::prepared::ground::{Ground, network_of};
use crate::prepared::{self, PreparedFrom};
use crate::read::{InputFile, Inputs, hex};
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// What the network is made from: its fingerprint, and the files with theirs.
#[derive(Clone, Debug)]
pub struct NetworkSource {
    /// Fingerprint of all that bears on the network.
    pub key: String,
    /// The files that supply it.
    pub files: Vec<InputFile>,
}

/// Finds out what the network is made from: the roads of some regions and the borders of some, as a rule the same.
///
/// # Errors
/// When a file cannot be read.
pub fn source(
    network: &NetworkTable,
    all: &Together,
    (roads, borders): (&[Region], &[Region]),
    prints: &Prints,
) -> Result<NetworkSource> {
    let mut hash = Sha256::new();
    let mut add = |text: &str| {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text);
    };
    add(env!("CARGO_PKG_VERSION"));
    add(&format!("{network:?}"));
    let mut files: Vec<InputFile> = Vec::new();
    let both = roads.iter().map(|r| (r, true)).chain(borders.iter().map(|r| (r, false)));
    for (region, of_roads) in both {
        let file = &region.file;
        // both tables in full: what they say of layer, format or separator decides which lines are read
        add(&if of_roads { format!("{:?} {:?}", file.osm, file.roads) } else { format!("{:?} {:?}", file.osm, file.counties) });
        for (role, source) in
            network_files(region).into_iter().filter(|(role, _)| (role != "counties") == of_roads || role == "osm")
        {
            let sha256 = prints.of(&source)?;
            add(&sha256);
            let bytes = std::fs::metadata(&source.path).map_or(0, |m| m.len());
            files.push(InputFile { path: source.shown, role, bytes, sha256, place: source.path, ..InputFile::default() });
        }
    }
    files.dedup();
    // which counties there are, so that their numbers in the network mean the same
    all.counties.iter().for_each(|c| add(&c.code));
    Ok(NetworkSource { key: hex(&hash.finalize()), files })
}

/// The file of a network in the work folder.
pub fn path_of(work: &Path, source: &NetworkSource) -> PathBuf {
    work.join(format!("network-{}.cgap", &source.key[..16]))
}

/// Fingerprints of the network's roads: those kept with it, else made and kept.
pub fn road_prints(work: &Path, source: &NetworkSource, ground: &Ground) -> RoadPrints {
    let path = work.join(format!("roads-{}.prints", &source.key[..16]));
    RoadPrints::open(&path, &source.key).unwrap_or_else(|| {
        let made = RoadPrints::of(ground);
        made.keep(&path, &source.key);
        made
    })
}

/// Opens the network, or none where it is not there or cannot be believed.
pub fn open(work: &Path, source: &NetworkSource, all: &Together) -> Option<Ground> {
    let path = path_of(work, source);
    let (ground, origin) = path.is_file().then(|| prepared::open(&path).ok())??;
    let same = ground.counties.len() == all.counties.len() && origin.input == source.key;
    same.then_some(ground)
}

/// Reads the roads, builds the network and keeps it.
///
/// # Errors
/// The region at fault (empty for none in particular), and why.
pub fn build(
    round: &RoundFile,
    all: &Together,
    (work, source): (&Path, &NetworkSource),
    max_memory: Option<u64>,
    on_stage: &mut dyn FnMut(&'static str),
) -> std::result::Result<Ground, (String, Error)> {
    let nobody = |e| (String::new(), e);
    let mut issues = Issues::default();
    on_stage("read");
    let roads = roads(&all.regions, &mut issues)?;
    enough(roads.all_points().len(), max_memory).map_err(nobody)?;
    on_stage("network");
    let whole = round.whole();
    let criteria = Criteria::from_region(&whole).map_err(nobody)?;
    let inputs = Inputs { counties: all.counties.clone(), roads, ..Inputs::default() };
    let (ground, _) = network_of(whole, inputs, &criteria.reading, issues).map_err(nobody)?;
    on_stage("keep");
    let origin = PreparedFrom { input: source.key.clone(), admin_level: None };
    write_whole(&path_of(work, source), "network of the round", |out| prepared::write(&ground, &origin, work, out))
        .map_err(nobody)?;
    sweep(work, source);
    Ok(ground)
}

/// Bytes that a vertex takes while the network is built, about, measured on a country.
const BYTES_PER_VERTEX: u64 = 180;

/// Refuses to build what will not fit, before it is tried.
fn enough(vertices: usize, max_memory: Option<u64>) -> Result<()> {
    let needed = crate::system::resident_bytes() + vertices as u64 * BYTES_PER_VERTEX;
    match max_memory {
        Some(limit) if needed > limit => {
            let mb = |b: u64| b.div_ceil(1_000_000);
            let what = format!(
                "building the network of {vertices} vertices needs about {} MB, and --max-memory allows {} MB",
                mb(needed),
                mb(limit)
            );
            let next =
                "raise it, give the round fewer regions, or build the network on a larger machine and copy the work folder";
            Err(Error::environment(what, next))
        }
        _ => Ok(()),
    }
}

/// Networks of earlier inputs are not needed any more; that one cannot be removed is no fault.
fn sweep(work: &Path, source: &NetworkSource) {
    let keep = &source.key[..16];
    for entry in std::fs::read_dir(work).into_iter().flatten().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let ours =
            name.starts_with("network-") && name.ends_with(".cgap") || name.starts_with("roads-") && name.ends_with(".prints");
        if ours && !name.contains(keep) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}
