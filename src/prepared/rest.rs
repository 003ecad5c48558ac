//! What of a prepared region is not a long table: the question, counties' names, stations, settlements, issues, books.

use super::PreparedFrom;
use super::ground::{Ground, RoadBooks};
use crate::config::goalposts::Goalpost;
use crate::config::{Criteria, RegionFile};
use crate::error::{Result, path_text};
use crate::issue::Issues;
use crate::network::Draft;
use crate::read::InputFile;
use crate::read::candidate::Candidate;
use crate::read::county::County;
use crate::read::flows::Flow;
use crate::read::road::Names;
use crate::read::settlement::Settlement;
use crate::read::station::Station;
use crate::read::traffic::Count;
use geo::{MultiPolygon, Polygon};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Read first, and understood by every version.
#[derive(Serialize, Deserialize)]
pub struct PreparedHead {
    pub chargegap_version: String,
    pub input: String,
    pub admin_level: Option<u8>,
    /// From the folder of the prepared file to that of the region's inputs.
    pub folder: PathBuf,
    /// File name and text of the region file; none for a bare extract.
    region_file: Option<(PathBuf, String)>,
    /// `[rank.goalposts]` with those of the file that it names; a prepared region may travel without it.
    #[serde(default)]
    goalposts: BTreeMap<String, Goalpost>,
}

impl PreparedHead {
    pub fn of(ground: &Ground, origin: &PreparedFrom, folder: &Path) -> Self {
        let region = &ground.region;
        let name = region.source.as_deref().and_then(Path::file_name).map(PathBuf::from);
        Self {
            chargegap_version: env!("CARGO_PKG_VERSION").to_owned(),
            input: origin.input.clone(),
            admin_level: origin.admin_level,
            folder: from_to(folder, &region.folder),
            region_file: name.map(|n| (n, region.text.clone())),
            goalposts: region.rank.goalposts.clone(),
        }
    }

    /// The region as it was when it was prepared; its inputs are in `folder`.
    pub fn region(&self, folder: PathBuf) -> Result<RegionFile> {
        let mut region = match &self.region_file {
            Some((name, text)) => RegionFile::from_text(text, &folder.join(name))?,
            None => RegionFile::from_osm(&folder.join(&self.input)),
        };
        region.rank.goalposts.extend(self.goalposts.clone());
        if let Some(osm) = &mut region.osm {
            osm.admin_level = self.admin_level.or(osm.admin_level);
        }
        Criteria::from_region(&region)?;
        Ok(region)
    }
}

/// A relative path where there is one, so that file and inputs can move together.
fn from_to(from: &Path, to: &Path) -> PathBuf {
    let whole = |p: &Path| std::fs::canonicalize(if p.as_os_str().is_empty() { Path::new(".") } else { p });
    match (whole(from), whole(to)) {
        (Ok(from), Ok(to)) => PathBuf::from(path_text(&pathdiff::diff_paths(&to, from).unwrap_or(to))),
        _ => to.to_path_buf(),
    }
}

#[derive(Serialize, Deserialize)]
pub struct StoredCounty {
    code: String,
    name: String,
    name_zh: String,
    valid: bool,
    population: Option<u64>,
    #[serde(default)]
    population_asked: bool,
    #[serde(default)]
    columns: BTreeMap<String, f64>,
    source: crate::error::Location,
    /// Holes of each polygon.
    pub rings: Vec<u32>,
}

impl StoredCounty {
    fn of(c: &County) -> Self {
        Self {
            code: c.code.clone(),
            name: c.name.clone(),
            name_zh: c.name_zh.clone(),
            valid: c.valid,
            population: c.population,
            population_asked: c.population_asked,
            columns: c.columns.clone(),
            source: c.source.clone(),
            rings: c.shape.0.iter().map(|p: &Polygon<f64>| p.interiors().len() as u32).collect(),
        }
    }

    pub fn county(&self, shape: MultiPolygon<f64>) -> County {
        County {
            code: self.code.clone(),
            name: self.name.clone(),
            name_zh: self.name_zh.clone(),
            shape,
            valid: self.valid,
            population: self.population,
            population_asked: self.population_asked,
            columns: self.columns.clone(),
            source: self.source.clone(),
        }
    }
}

#[derive(Serialize, Deserialize)]
pub struct Rest {
    pub counties: Vec<StoredCounty>,
    stations: Vec<Station>,
    settlements: Vec<Settlement>,
    #[serde(default)]
    candidates: Vec<Candidate>,
    counts: Vec<Count>,
    #[serde(default)]
    flows: Vec<Flow>,
    pub files: Vec<InputFile>,
    issues: Issues,
    /// Two counties and the length that both claim, millimetres.
    overlap: Vec<(u32, u32, u64)>,
    books: RoadBooks,
}

impl Rest {
    pub fn of(g: &Ground) -> Self {
        Self {
            counties: g.counties.iter().map(StoredCounty::of).collect(),
            stations: g.stations.clone(),
            settlements: g.settlements.clone(),
            candidates: g.candidates.clone(),
            counts: g.counts.clone(),
            flows: g.flows.clone(),
            files: g.files.clone(),
            issues: g.issues.clone(),
            overlap: g.overlap.iter().map(|((a, b), mm)| (*a, *b, *mm)).collect(),
            books: g.books.clone(),
        }
    }

    pub fn ground(
        self,
        region: RegionFile,
        counties: Vec<County>,
        names: Names,
        draft: Draft,
    ) -> std::result::Result<Ground, &'static str> {
        let n = counties.len();
        let codes = counties.iter().map(|c| c.code.as_str());
        if !codes.is_sorted_by(|a, b| a < b) || self.books.islands_mm.len() != n {
            return Err("its counties are not in order");
        }
        if self.overlap.iter().any(|(a, b, _)| *a as usize >= n || *b as usize >= n) {
            return Err("an overlap names a county that is not there");
        }
        let overlap = self.overlap.into_iter().map(|(a, b, mm)| ((a, b), mm)).collect();
        let Self { stations, settlements, candidates, counts, flows, files, issues, books, .. } = self;
        Ok(Ground {
            region,
            counties,
            stations,
            settlements,
            candidates,
            counts,
            flows,
            files,
            issues,
            draft,
            names,
            overlap,
            books,
        })
    }
}
