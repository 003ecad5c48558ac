//! The layers of all regions of a round, put together: counties by code, stations, settlements and candidates by id.
//!
//! Roads are read apart, and only when the network is not there from last time. A region that cannot be read is left out and told;
//! neighbours' extracts overlap, so a record that two regions have is taken once.

use super::rasters::Rasters;
use super::supplied::Supplied;
use super::twice::{RasterSays, Twice};
use crate::config::{Criteria, RegionFile, RoundFile};
use crate::county::people::{self, RasterCells};
use crate::error::{Error, ErrorClass, Location, Result, path_text};
use crate::issue::{Issue, IssueCode, Issues, Layer, Severity};
use crate::network::CountyIndex;
use crate::programme::GateAnswer;
use crate::read::applicants::Applicant;
use crate::read::beside;
use crate::read::candidate::{Candidate, keep_one_of_a_place};
use crate::read::county::County;
use crate::read::county_table::RowLeft;
use crate::read::formats::SourceFile;
use crate::read::ids::natural;
use crate::read::road::Roads;
use crate::read::settlement::Settlement;
use crate::read::station::Station;
use crate::read::traffic::{Count, read_counts};
use crate::read::{InputFile, Inputs, WhichLayers, read_layers};
use crate::results::applied::AppliedList;
use crate::results::faults::{Fault, FaultCode, UNREAD_COSTS};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A region of the round.
#[derive(Clone, Debug)]
pub struct Region {
    /// The file, from the folder of the round file.
    pub path: String,
    /// As the round asks.
    pub file: RegionFile,
}

impl Region {
    /// The folder that its paths are seen from, empty for that of the round.
    pub fn under(&self) -> &str {
        self.path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// A path of the region as seen from the round.
    pub fn shown(&self, path: &str) -> String {
        if self.under().is_empty() { path.to_owned() } else { format!("{}/{path}", self.under()) }
    }
}

/// All layers but roads.
#[derive(Debug, Default)]
pub struct Together {
    /// Regions that could be read, by path.
    pub regions: Vec<Region>,
    /// Counties by code.
    pub counties: Vec<County>,
    /// Stations.
    pub stations: Vec<Station>,
    /// Settlements.
    pub settlements: Vec<Settlement>,
    /// Candidate sites.
    pub candidates: Vec<Candidate>,
    /// Vehicles counted on roads, from the table that the round names.
    pub counts: Vec<Count>,
    /// Files read, by path; roads are not among them.
    pub files: Vec<InputFile>,
    /// Cells of population rasters.
    pub raster: Rasters,
    /// Codes that the crosswalk of the round brought up to date, old to new; of counties that are here.
    pub recoded: BTreeMap<String, String>,
    /// What was found.
    pub issues: Issues,
    /// Rows of the register of applicants.
    pub applicants: Vec<Applicant>,
    /// Codes of applicants whose joint application is there no more, or whose lead does not take part: nobody has applied for them.
    pub fallen: BTreeSet<String>,
    /// Gates of the programme that they apply for, held against each of them.
    pub gates: Vec<GateAnswer>,
    /// The list of who applies, as it was given; none where all counties take part.
    pub list: Option<AppliedList>,
    /// What keeps the round from being finished, of the inputs.
    pub faults: Vec<Fault>,
    /// Rows of county tables that no county of their region has, by place; the table's path is seen from the round.
    pub rows_left: Vec<RowLeft>,
    /// What each region supplies, in the order of the regions.
    pub(super) supplied: Vec<Supplied>,
    /// What two regions have, while they are read.
    pub(super) twice: Twice,
    /// Lines of attribution, each once.
    pub attribution: Vec<String>,
    /// Whether any region is made up.
    pub synthetic: bool,
    /// Review numbers of the boundaries (审图号), joined.
    pub map_review_number: Option<String>,
}

/// A region that was read.
struct RegionRead {
    region: Region,
    inputs: Inputs,
    issues: Issues,
    /// Cells of its raster, and how far those may be from a road, metres.
    raster: Option<(RasterCells, Option<f64>)>,
}

/// The region files of a round, by path.
///
/// # Errors
/// Usage, for a pattern that is none or meets no file; input, when there are not as many as the round expects.
pub fn files_of(round: &RoundFile) -> Result<Vec<(String, PathBuf)>> {
    let mut found = BTreeMap::new();
    for pattern in &round.regions.files {
        let at = || Location::file(round.name.as_str()).field("regions.files");
        let whole = round.folder.join(pattern);
        let paths = glob::glob(&whole.to_string_lossy())
            .map_err(|e| Error::usage(format!("\"{pattern}\" is no pattern: {e}"), "use *, ?, [a-z] and **").at(at()))?;
        let before = found.len();
        for path in paths {
            // a folder that cannot be looked into may hold a region
            let path = path.map_err(|e| Error::io("look for region files", e.path(), e.error()))?;
            let path = if path.is_dir() { path.join("region.toml") } else { path };
            if path.is_file() {
                let shown = path_text(path.strip_prefix(&round.folder).unwrap_or(&path));
                found.insert(shown, path);
            }
        }
        if found.len() == before {
            let what = format!("\"{pattern}\" meets no region file (that another pattern does not)");
            return Err(Error::usage(what, "check the path; it is seen from the folder of the round file").at(at()));
        }
    }
    if let Some(expect) = round.regions.expect.filter(|n| *n != found.len()) {
        let what = format!("the round expects {expect} region files, and its patterns meet {}", found.len());
        let next = "look for what is missing or too many; `expect` under [regions] says how many there are";
        return Err(Error::input(what, next).at(Location::file(round.name.as_str()).field("regions.expect")));
    }
    Ok(found.into_iter().collect())
}

fn open(round: &RoundFile, (shown, path): &(String, PathBuf), issues: &mut Issues) -> Result<Region> {
    let is = |ends: &[&str]| ends.iter().any(|e| shown.to_ascii_lowercase().ends_with(e));
    let file = match () {
        () if is(&[".toml"]) => RegionFile::read(path)?,
        () if is(&[".pbf", ".osm", ".osm.gz"]) => RegionFile::from_osm(path),
        () => {
            let next =
                "name region.toml files, folders with one, or OSM extracts; of a prepared region, what it was prepared from";
            return Err(Error::usage("this is no region", next).at(Location::file(shown.as_str())));
        }
    };
    not_its_own(round, &file, shown, issues);
    Ok(Region { path: shown.clone(), file: round.region(file) })
}

/// Tells tables of a region in whose place those of the round hold, where they say something else.
fn not_its_own(round: &RoundFile, region: &RegionFile, shown: &str, issues: &mut Issues) {
    let differ = [
        ("demand", region.demand.is_some() && region.demand != round.demand),
        ("supply", region.supply.is_some() && region.supply != round.supply),
        ("programme", !region.programme.profiles.is_empty() && region.programme != round.programme),
    ];
    for (table, _) in differ.iter().filter(|(_, differs)| *differs) {
        let at = Location::file(shown.rsplit('/').next().unwrap_or(shown)).field(*table);
        let what = format!("[{table}] of the region is not used: in a round that of the round file holds for all regions");
        issues.push(Layer::Counties, IssueCode::NotInRounds, at, what);
    }
}

/// Reads all layers but roads.
///
/// # Errors
/// Usage, for patterns that meet nothing; input, when no region can be read, and in `strict` mode when any cannot; environment, when
/// the machine is in the way.
pub fn read(round: &RoundFile, strict: bool) -> Result<Together> {
    let list = files_of(round)?;
    let one = |file: &(String, PathBuf)| -> Result<RegionRead> {
        let mut issues = Issues::default();
        let region = open(round, file, &mut issues)?;
        let criteria = Criteria::from_region(&region.file)?;
        let inputs = read_layers(&region.file, &criteria.reading, WhichLayers::Others, &mut issues)?;
        issues.check_refused_share(criteria.reading.max_refused_share, strict)?;
        let cells = match &region.file.population {
            Some(_) => people::cells(&region.file, &CountyIndex::new(&inputs.counties))?,
            None => None,
        };
        let max_snap_m = criteria.serving.people_max_snap_m;
        Ok(RegionRead { region, inputs, issues, raster: cells.map(|c| (c, max_snap_m)) })
    };
    let read: Vec<_> = list.par_iter().map(|f| (f.0.as_str(), one(f))).collect();
    let mut all = Together::default();
    for (path, region) in read {
        match region {
            Ok(region) => all.add(region),
            // a machine that is out of file handles says nothing about the region
            Err(e) if strict || e.class() == ErrorClass::Environment => return Err(e),
            Err(e) => all.leave_out(round, path, &e),
        }
    }
    if let Some(name) = round.rank.goalposts_file() {
        let source = SourceFile { path: round.folder.join(name), shown: name.to_owned() };
        all.files.push(crate::read::fingerprint(&source, "goalposts")?);
    }
    for path in &round.programme.files {
        all.files
            .push(crate::read::fingerprint(&SourceFile { path: round.folder.join(path), shown: path_text(path) }, "programme")?);
    }
    if let Some((table, path)) = round.traffic() {
        let source = SourceFile { path: round.folder.join(path), shown: path_text(path) };
        let (counts, origin) = read_counts(&source, table, &all.counties, &mut all.issues)?;
        all.counts = counts;
        let print = crate::read::fingerprint(&source, "traffic")?;
        all.files.push(InputFile { format: origin.format, ..print });
    }
    for (shown, path) in round.rank.goalposts_sources(&round.folder) {
        all.files.push(crate::read::fingerprint(&SourceFile { path, shown }, "goalposts_source")?);
    }
    all.faults.extend(costs_not_read(round, &all.issues));
    all.finish()
}

impl Together {
    /// Counties by code, and nothing else.
    pub fn of_counties(counties: Vec<County>) -> Self {
        Self { counties, ..Self::default() }
    }

    /// Tells that a region could not be read.
    pub fn leave_out(&mut self, round: &RoundFile, path: &str, why: &Error) {
        self.lose(Fault::region_left_out(path, why, &|text| seen_from(&round.folder, text)));
    }

    /// Takes down the fault of a region that is left out.
    fn lose(&mut self, fault: Fault) {
        let here = Location::file(fault.subject.as_str());
        self.issues.push(Layer::Counties, IssueCode::RegionLeftOut, here, fault.what.en.as_str());
        self.faults.push(fault);
    }

    fn add(&mut self, read: RegionRead) {
        let RegionRead { region, inputs, issues, raster } = read;
        let codes = inputs.counties.iter().map(|c| c.code.clone()).collect();
        self.supplied.push(Supplied { codes, has_people: raster.is_some() || !inputs.settlements.is_empty() });
        let mut people = RasterSays::default();
        if let Some((cells, max_snap_m)) = raster {
            let codes: Vec<String> = inputs.counties.iter().map(|c| c.code.clone()).collect();
            people = self.raster.add(cells, &codes, max_snap_m);
        }
        let issues = if region.under().is_empty() { issues } else { issues.under(region.under()) };
        let refused =
            issues.sorted().into_iter().filter(|i| i.layer == Layer::Counties && i.code.severity() == Severity::Refused);
        self.faults.extend(refused.map(Fault::county_refused));
        self.issues.absorb(issues);
        // By file and id, not by row: a row more above it is no change of a record.
        let place = |source: &Location, id: &str| {
            let file = region.shown(source.file.as_deref().unwrap_or_default());
            Location { ground_e7: source.ground_e7, ..Location::file(file).id(id) }
        };
        self.twice.begin([self.stations.len(), self.settlements.len(), self.candidates.len()]);
        let counties = inputs.counties.into_iter().map(|c| County { source: place(&c.source, &c.code), ..c }).collect();
        self.stations.extend(inputs.stations.into_iter().map(|s| Station { source: place(&s.source, &s.id), ..s }));
        self.settlements.extend(inputs.settlements.into_iter().map(|s| Settlement { source: place(&s.source, &s.id), ..s }));
        self.candidates.extend(inputs.candidates.into_iter().map(|c| Candidate { source: place(&c.source, &c.id), ..c }));
        let seen = |at: &Location| {
            let table = plain_path(&region.shown(at.file.as_deref().unwrap_or_default()));
            Location { file: Some(table), ..at.clone() }
        };
        self.rows_left.extend(inputs.rows_left.into_iter().map(|r| RowLeft { at: seen(&r.at), ..r }));
        self.files.extend(inputs.files.into_iter().map(|f| InputFile { path: region.shown(&f.path), ..f }));
        let notices = crate::config::region_file::notices(&region.file);
        let new: Vec<String> = notices.attribution.into_iter().filter(|a| !self.attribution.contains(a)).collect();
        self.attribution.extend(new);
        self.synthetic |= notices.synthetic;
        if let Some(number) = notices.map_review_number {
            let joined = self.map_review_number.get_or_insert_default();
            if !joined.split("; ").any(|n| n == number) {
                *joined = if joined.is_empty() { number } else { format!("{joined}; {number}") };
            }
        }
        self.regions.push(region);
        let Self { twice, regions, issues, .. } = self;
        twice.add(regions, counties, &mut self.counties, people, issues);
    }

    /// Puts counties in order and takes what two regions have only once.
    fn finish(mut self) -> Result<Self> {
        if self.regions.is_empty() {
            let why = self.issues.sorted().first().map(|i| format!("; the first: {} ({})", i.message, i.at)).unwrap_or_default();
            return Err(Error::input(format!("no region of the round can be read{why}"), "mend the regions, and run again"));
        }
        self.counties.sort_by(|a, b| a.code.cmp(&b.code));
        self.raster.number(self.counties.iter().map(|c| c.code.as_str()));
        let Self { stations, settlements, candidates, files, twice, regions, faults, issues, .. } = &mut self;
        let twice = std::mem::take(twice);
        faults.extend(twice.counties(regions));
        faults.extend(twice.records(regions, (Layer::Stations, stations), |s: &Station| (s.id.clone(), s.at)));
        faults.extend(twice.records(regions, (Layer::Settlements, settlements), |s: &Settlement| (s.id.clone(), s.at)));
        faults.extend(twice.records(regions, (Layer::Candidates, candidates), |c: &Candidate| (c.id.clone(), c.at)));
        // by id, so that neither the order of regions nor that of rows shows in anything
        stations.sort_by_cached_key(|s| (natural(&s.id), s.at));
        settlements.sort_by_cached_key(|s| (natural(&s.id), s.at));
        candidates.sort_by_cached_key(|c| (natural(&c.id), c.at));
        keep_one_of_a_place(candidates, issues); // those of two regions too
        files.sort_by(|a, b| (&a.path, &a.role).cmp(&(&b.path, &b.role)));
        files.dedup();
        faults.extend(of_tables(files, issues));
        Ok(self)
    }

    /// The criteria of the round: as it asks, and how far cells of rasters may be from a road as the regions say.
    ///
    /// # Errors
    /// Usage, naming the key whose value makes no sense.
    pub fn criteria(&self, round: &RoundFile) -> Result<Criteria> {
        let mut criteria = Criteria::from_region(&round.whole())?;
        criteria.serving.people_max_snap_m = self.raster.max_snap_m;
        Ok(criteria)
    }

    /// The same without the first region that has no file of roads or borders any more.
    ///
    /// # Errors
    /// The error that was met, where that is not the reason; in strict mode, and where the machine is in the way.
    pub fn without_lost(&self, round: &RoundFile, met: Error, strict: bool) -> Result<Self> {
        let lost = |r: &&Region| network_files(r).iter().any(|(_, f)| !f.path.is_file());
        match self.regions.iter().find(lost) {
            Some(region) if !strict && met.class() != ErrorClass::Environment => self.without(round, &region.path, &met, strict),
            _ => Err(met),
        }
    }

    /// The same without a region; what it supplied is read again by the others.
    ///
    /// # Errors
    /// As [`read`].
    pub fn without(&self, round: &RoundFile, path: &str, why: &Error, strict: bool) -> Result<Self> {
        let mut kept = round.clone();
        kept.regions.files = self.regions.iter().map(|r| glob::Pattern::escape(&r.path)).collect();
        kept.regions.files.retain(|p| *p != glob::Pattern::escape(path));
        kept.regions.expect = None; // all were there; one is left out
        if kept.regions.files.is_empty() {
            return Err(Error::input(why.what(), why.next()).at(why.location().clone()));
        }
        let mut all = read(&kept, strict)?;
        // those that were left out before are not read again
        let before = self.faults.iter().filter(|f| f.code == FaultCode::RegionLeftOut);
        before.cloned().for_each(|fault| all.lose(fault));
        all.leave_out(round, path, why);
        Ok(all)
    }
}

/// Cells of the columns that say what counties cost, which are filled and no number.
fn costs_not_read(round: &RoundFile, issues: &Issues) -> Vec<Fault> {
    let of_lines = round.rank.lines.iter().filter_map(|l| l.cost_header());
    let columns: BTreeSet<&str> = round.select.cost_column.as_deref().map(str::trim).into_iter().chain(of_lines).collect();
    let is_cost = |i: &&Issue| {
        let column = i.at.field.as_deref().unwrap_or_default();
        UNREAD_COSTS.contains(&i.code) && i.layer == Layer::Counties && columns.contains(column)
    };
    let mut told: Vec<&Issue> = issues.sorted().into_iter().filter(is_cost).collect();
    told.dedup(); // two regions may read one table
    told.into_iter().map(Fault::cost_not_read).collect()
}

/// Columns of tables that contradict each other, and sheets with such a table that were not read; one that two regions read is told once.
fn of_tables(files: &[InputFile], issues: &Issues) -> Vec<Fault> {
    let mut told = BTreeSet::new();
    let of_tables = [IssueCode::ColumnsContradict, IssueCode::SheetNotRead];
    let sorted = issues.sorted().into_iter().filter(|i| of_tables.contains(&i.code));
    let once = sorted.filter(|i| told.insert((i.at.file.clone(), i.at.field.clone(), i.message.clone())));
    let sha256 = |path: &str| files.iter().find(|f| f.path == path).map(|f| f.sha256.as_str()).unwrap_or_default();
    once.map(|i| {
        let sha256 = sha256(i.at.file.as_deref().unwrap_or_default());
        if i.code == IssueCode::SheetNotRead { Fault::sheet_not_read(i, sha256) } else { Fault::columns_contradict(i, sha256) }
    })
    .collect()
}

/// A path without `..` where that can be: `11/../table.csv` is `table.csv`.
fn plain_path(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match parts.last() {
            Some(last) if part == ".." && !["", "..", "."].contains(last) => drop(parts.pop()),
            _ if part == "." && !parts.is_empty() => {}
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

/// A text with paths as seen from a folder: what is told must not depend on where that lies.
fn seen_from(folder: &Path, text: &str) -> String {
    let folder = path_text(folder);
    if folder.is_empty() { text.to_owned() } else { text.replace(&format!("{}/", folder.trim_end_matches('/')), "") }
}

/// Roads of all regions in one table, in the order of the regions.
///
/// # Errors
/// The region that cannot be read, and why.
pub fn roads(regions: &[Region], issues: &mut Issues) -> std::result::Result<Roads, (String, Error)> {
    let one = |region: &Region| -> Result<(Roads, Issues)> {
        let mut issues = Issues::default();
        let criteria = Criteria::from_region(&region.file)?;
        let roads = read_layers(&region.file, &criteria.reading, WhichLayers::Roads, &mut issues)?.roads;
        issues.check_refused_share(criteria.reading.max_refused_share, false)?;
        if roads.list().is_empty() {
            return Err(Error::input("no road is left to analyse", "`chargegap check` of the region says why"));
        }
        Ok((roads, issues))
    };
    let mut all = Roads::default();
    // Two at a time: a country's tables need not all be there twice.
    for pair in regions.chunks(2) {
        let read: Vec<_> = pair.par_iter().map(|r| one(r).map_err(|e| (r.path.clone(), e))).collect();
        for (region, found) in pair.iter().zip(read) {
            let (roads, found) = found?;
            issues.absorb(if region.under().is_empty() { found } else { found.under(region.under()) });
            all.append(roads);
        }
    }
    Ok(all)
}

/// Input files that supply roads or borders: what the network is made of, each with the place where it lies.
pub fn network_files(region: &Region) -> Vec<(String, SourceFile)> {
    let file = &region.file;
    let layers = [
        ("roads", file.roads.as_ref().and_then(|r| r.path.as_ref())),
        ("counties", file.counties.as_ref().and_then(|r| r.path.as_ref())),
    ];
    let listed =
        layers.into_iter().flat_map(|(role, p)| p.map(|p| p.list()).unwrap_or_default().iter().map(move |p| (role, p.as_path())));
    let paths: Vec<(&str, &Path)> = listed.chain(file.osm.iter().map(|o| ("osm", o.path.as_path()))).collect();
    let source = |p: &Path| SourceFile { path: file.resolve(p), shown: region.shown(&path_text(p)) };
    // The lines of a shapefile are in one file and what they are in another.
    let with_beside = |(role, p): (&str, &Path)| {
        let whole = source(p);
        let parts = beside::parts(&whole);
        [whole].into_iter().chain(parts).map(|f| (role.to_owned(), f)).collect::<Vec<_>>()
    };
    paths.into_iter().flat_map(with_beside).collect()
}

#[cfg(test)]
mod tests {
    use super::plain_path;

    #[test]
    fn a_path_goes_up_where_it_can() {
        for (path, plain) in [
            ("11/table.csv", "11/table.csv"),
            ("11/../table.csv", "table.csv"),
            ("a/b/../../../table.csv", "../table.csv"),
            ("../../table.csv", "../../table.csv"),
            ("/data/../table.csv", "/table.csv"),
            ("11/./table.csv", "11/table.csv"),
        ] {
            assert_eq!(plain_path(path), plain, "{path}");
        }
    }
}
