//! A finished folder in memory, as far as its files say the same things twice: what every rule looks at.

use super::Findings;
use crate::config::RankTable;
use crate::error::Result;
use crate::files::csv_table::CsvTable;
use crate::files::once::called;
use crate::files::rules::Others;
use crate::finished::{Finished, Stored};
use crate::input;
use crate::issue::Issues;
use crate::rank::{Evidence, RankSettings, Ranking, open_places, stand};
use crate::read::formats::{SourceFile, flatgeobuf, geojson};
use crate::read::record::{Columns, Fault, FileCrs, Place, Record, Sink};
use crate::tables::{figures, ledger};
use std::collections::BTreeMap;

/// The column of the code of a county.
pub(super) const COUNTY_CODE: &str = "county_code";

/// County, service, criterion.
pub(super) type Key = (String, String, String);

/// The folder with its tables, and what rules share.
pub(super) struct Opened {
    /// The folder.
    pub folder: Finished,
    /// Its tables.
    pub tables: Others,
    /// Its ledger, where it holds one.
    pub ledger: Option<LedgerSums>,
    /// Its ranking, made again where it holds what that is made from.
    pub standing: Option<RemadeRanking>,
}

/// Road by county, and gap by county, service and criterion, millimetres.
#[derive(Default)]
pub(super) struct LedgerSums {
    /// Road.
    pub roads: BTreeMap<String, u64>,
    /// Gap.
    pub gaps: BTreeMap<Key, u64>,
}

/// A ranking that was made again from the figures, by `[rank]` of the manifest.
pub(super) struct RemadeRanking {
    /// All that the folder knows for a ranking.
    pub stored: Stored,
    /// Of it what `[rank]` asks for.
    pub evidence: Evidence,
    /// `[rank]`.
    pub settings: RankSettings,
    /// The ranking.
    pub ranking: Ranking,
}

impl Opened {
    /// Reads the tables of a folder; one that is no table is a fault, and rules that need it have nothing to look at.
    pub fn read(folder: Finished, findings: &mut Findings) -> Self {
        let outputs = folder.manifest["outputs"].as_array().map(Vec::as_slice).unwrap_or_default();
        let names = outputs.iter().filter_map(|f| f["name"].as_str()).filter(|n| n.ends_with(".csv"));
        let mut tables = Vec::new();
        for name in names {
            let path = folder.path.join(name);
            let bytes = input::whole(&path, "read the file", input::MOST_WHOLE);
            let table = findings.fault(bytes.and_then(|bytes| CsvTable::parse(&bytes, name)));
            tables.extend(table.map(|t| (name.to_owned(), t)));
        }
        let tables = Others::new(tables);
        let ledger = tables.table(ledger::FILE).and_then(|t| findings.fault(LedgerSums::of(t)));
        let standing = if folder.holds(figures::FILE) { findings.fault(RemadeRanking::of(&folder)) } else { None };
        Self { folder, tables, ledger, standing }
    }

    /// Whether the folder holds a file.
    pub fn holds(&self, file: &str) -> bool {
        self.folder.holds(file)
    }

    /// Hands every feature of a layer on; what is broken is a fault.
    pub fn features(&self, layer: &str, findings: &mut Findings, each: &mut dyn FnMut(&Record)) -> Result<()> {
        self.features_of(&format!("{layer}.geojson"), findings, each)
    }

    /// The same of a file, GeoJSON or FlatGeobuf by its name.
    pub fn features_of(&self, shown: &str, findings: &mut Findings, each: &mut dyn FnMut(&Record)) -> Result<()> {
        let path = self.folder.path.join(shown);
        let mut features = FeatureTally { each, broken: 0 };
        if shown.ends_with(".fgb") {
            flatgeobuf::read(&SourceFile { path, shown: shown.to_owned() }, &mut features)?;
        } else {
            let file = input::open(&path, "open the file")?;
            geojson::read(std::io::BufReader::new(file), shown, &mut features)?;
        }
        if features.broken > 0 {
            findings.faults.push(format!("{shown}: {} features are broken", features.broken));
        }
        Ok(())
    }
}

/// The headline criterion as tables name it: `10km`.
pub(super) fn headline_slug(manifest: &serde_json::Value) -> Option<String> {
    Some(manifest["criteria"]["headline"].as_str()?.replace(' ', "").replace('.', "_"))
}

/// The code of the county that a feature is, or is of, in a layer of any format.
pub(super) fn county_code(of: &Columns) -> &str {
    of.get(called(COUNTY_CODE, |c| of.contains_key(c))).and_then(serde_json::Value::as_str).unwrap_or_default()
}

impl LedgerSums {
    fn of(table: &CsvTable) -> Result<Self> {
        let mut all = Self::default();
        for row in table.rows().filter(|r| r.get("road_class") == "all") {
            let code = row.code("county_code")?;
            all.roads.insert(code.clone(), row.mm("road_km")?);
            all.gaps.insert((code, row.text("service")?, row.text("criterion")?), row.mm("gap_km")?);
        }
        Ok(all)
    }
}

impl RemadeRanking {
    pub fn of(folder: &Finished) -> Result<Self> {
        let table: RankTable = folder.rank_table()?;
        let settings = RankSettings::of_finished(&table, folder.before_bounds())?;
        let stored = Stored::read(folder)?;
        let evidence = stored.evidence_for(&table)?;
        let standing = stand(&evidence, &settings, &mut Issues::default())?;
        let open = open_places(&standing, &settings);
        Ok(Self { stored, evidence, settings, ranking: Ranking { open, ..standing.ranking } })
    }
}

/// Hands features on, and counts those that are broken.
struct FeatureTally<'a> {
    each: &'a mut dyn FnMut(&Record),
    broken: u64,
}

impl Sink for FeatureTally<'_> {
    fn crs(&mut self, _: &FileCrs) -> Result<()> {
        Ok(())
    }

    fn record(&mut self, _: Place, record: std::result::Result<Record, Fault>) {
        match record {
            Ok(r) => (self.each)(&r),
            Err(_) => self.broken += 1,
        }
    }
}

/// A folder made of the texts of its files, for the tests of rules.
#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::files::kind::Kind;
    use serde_json::{Value, json};

    /// Faults that a rule finds in a folder of these files, read as far as it goes.
    pub fn faults_of(files: &[(&str, String)], more: Value, rule: crate::verify::Check) -> Vec<String> {
        let files: Vec<(&str, Vec<u8>)> = files.iter().map(|(name, text)| (*name, text.clone().into_bytes())).collect();
        faults_of_bytes(&files, more, rule)
    }

    /// The same of files that are no texts.
    pub fn faults_of_bytes(files: &[(&str, Vec<u8>)], more: Value, rule: crate::verify::Check) -> Vec<String> {
        let dir = tempfile::tempdir().unwrap();
        files.iter().for_each(|(name, bytes)| std::fs::write(dir.path().join(name), bytes).unwrap());
        let outputs: Vec<Value> = files.iter().map(|(name, _)| json!({ "name": name, "sha256": "" })).collect();
        let mut manifest = json!({ "format_version": crate::files::kind::FORMAT_VERSION, "outputs": outputs });
        manifest.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let mut findings = Findings::default();
        let kind = if manifest["signed_by"].is_string() { Kind::Round } else { Kind::Run };
        let folder = Finished { path: dir.path().to_path_buf(), manifest, kind };
        let opened = Opened::read(folder, &mut findings);
        let checked = rule(&opened, &mut findings);
        findings.fault(checked);
        findings.faults
    }

    /// The files, one of them with one change in its text.
    pub fn changed<'f>(files: &[(&'f str, &str)], (file, from, to): (&str, &str, &str)) -> Vec<(&'f str, String)> {
        assert!(file.is_empty() || files.iter().any(|(name, text)| *name == file && text.contains(from)), "{file}: {from}");
        let text = |name: &str, text: &str| if name == file { text.replacen(from, to, 1) } else { text.to_owned() };
        files.iter().map(|(name, old)| (*name, text(name, old))).collect()
    }
}
