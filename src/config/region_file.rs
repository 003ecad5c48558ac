//! `region.toml` as typed: one struct a table, unknown keys refused with a suggestion.

use super::How;
use super::class::RoadClass;
use super::demand_table::{DemandTable, SupplyTable};
use super::language::Lang;
use super::output::{Choices, Output};
use super::path_words::check_region;
use super::plan_table::PlanTable;
use super::population::PopulationTable;
use super::programme_table::ProgrammeTable;
use super::rank_table::RankTable;
use super::text_file::read_text;
use super::toml_text::parse_toml;
use crate::error::{Error, Location, Result, path_text};
use crate::input;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The whole region file. Paths are relative to the folder that holds it.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RegionFile {
    /// Name and notices.
    pub region: RegionTable,
    /// An OSM extract that supplies every layer not given below.
    pub osm: Option<OsmTable>,
    /// Roads.
    pub roads: Option<RoadsTable>,
    /// Counties.
    pub counties: Option<LayerTable>,
    /// A table with the counties' attributes.
    pub county_table: Option<CountyTable>,
    /// Stations.
    pub stations: Option<LayerTable>,
    /// Settlements.
    pub settlements: Option<LayerTable>,
    /// Places where a station could be built.
    pub candidates: Option<LayerTable>,
    /// People on a raster.
    pub population: Option<PopulationTable>,
    /// Vehicles and what they charge.
    pub demand: Option<DemandTable>,
    /// What stations give where their register is silent.
    pub supply: Option<SupplyTable>,
    /// What counts as served.
    pub criteria: CriteriaTable,
    /// How counties are ranked.
    pub rank: RankTable,
    /// Which funding programmes it is held against.
    pub programme: ProgrammeTable,
    /// Where to build.
    pub plan: Option<PlanTable>,
    /// What is written.
    pub output: OutputTable,
    /// Limits of reading.
    pub read: ReadTable,
    /// The folder that holds the file.
    #[serde(skip)]
    pub folder: PathBuf,
    /// SHA-256 and size of the file, and its name; none for a bare PBF.
    #[serde(skip)]
    pub source: Option<PathBuf>,
    /// The text of the file, as it was read.
    #[serde(skip)]
    pub text: String,
}

/// `[region]`
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RegionTable {
    /// Name in English.
    pub name: String,
    /// Name in Chinese.
    pub name_zh: Option<String>,
    /// True when roads or stations are made up; every map and report then says so.
    pub synthetic: bool,
    /// Lines of attribution, shown on the map and in the report.
    pub attribution: Vec<String>,
    /// Review number (审图号) of the boundaries, shown on every map.
    pub map_review_number: Option<String>,
    /// Language of messages in files, and in which pages open; English when not given. `--lang` goes before it.
    pub language: Option<Lang>,
}

/// `[osm]`
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OsmTable {
    /// The `.osm.pbf` file.
    pub path: PathBuf,
    /// `admin_level` of the county-like boundaries; the finest that tiles the extract when not given.
    #[serde(default)]
    pub admin_level: Option<u8>,
}

/// One path or several.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Paths {
    /// One file.
    One(PathBuf),
    /// Several files, read in this order.
    Many(Vec<PathBuf>),
}

impl Paths {
    /// The files in order.
    pub fn list(&self) -> &[PathBuf] {
        match self {
            Self::One(p) => std::slice::from_ref(p),
            Self::Many(p) => p,
        }
    }
}

/// `[roads]`
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RoadsTable {
    /// Files of lines; may be left out when `[osm]` supplies the roads.
    pub path: Option<Paths>,
    /// Format; told from the content when not given, and checked against it when given.
    pub format: Option<String>,
    /// Layer inside a GeoPackage that has several.
    pub layer: Option<String>,
    /// Sheet of a workbook; when not given, the first, or the only one with a header that will do.
    pub sheet: Option<String>,
    /// Encoding of text (`gbk`, `utf-8`); told from the content when not given.
    pub encoding: Option<String>,
    /// Coordinate system (`EPSG:4548`, `WGS84`, `CGCS2000`); the file's own, else WGS 84 degrees, when not given.
    pub crs: Option<String>,
    /// Datum of the degrees: `wgs84`, `cgcs2000`, `gcj02` or `bd09`. The last two are converted only when said here.
    pub datum: Option<String>,
    /// Column separator of a table; guessed from the first line when not given.
    pub delimiter: Option<String>,
    /// Our field names to the file's.
    pub fields: BTreeMap<String, String>,
    /// The file's class values to ours, or to `exclude`.
    pub classes: BTreeMap<String, String>,
    /// Speed of each of our classes, km/h.
    pub speeds_kmh: BTreeMap<RoadClass, f64>,
    /// Class of the roads that have none of their own; without it they are left out.
    pub class: Option<RoadClass>,
    /// Our classes that enter the network; default motorway to local.
    #[serde(rename = "use")]
    pub use_classes: Option<Vec<RoadClass>>,
    /// Pieces of network cut off from the rest and shorter than this are excluded.
    pub min_island_km: Option<f64>,
    /// Ends not farther than this from another road are joined to it, metres; default 0, none.
    pub join_tolerance_m: Option<f64>,
    /// Lines that cross without a common vertex are joined there.
    pub join_crossings: bool,
}

/// `[counties]`, `[stations]`, `[settlements]`, `[candidates]`
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LayerTable {
    /// The file.
    pub path: Option<Paths>,
    /// Format; told from the content when not given, and checked against it when given.
    pub format: Option<String>,
    /// Layer inside a GeoPackage that has several.
    pub layer: Option<String>,
    /// Sheet of a workbook; when not given, the first, or the only one with a header that will do.
    pub sheet: Option<String>,
    /// Encoding of text (`gbk`, `utf-8`); told from the content when not given.
    pub encoding: Option<String>,
    /// Coordinate system (`EPSG:4548`, `WGS84`, `CGCS2000`); the file's own, else WGS 84 degrees, when not given.
    pub crs: Option<String>,
    /// Datum of the degrees: `wgs84`, `cgcs2000`, `gcj02` or `bd09`. The last two are converted only when said here.
    pub datum: Option<String>,
    /// Column separator of a table; guessed from the first line when not given.
    pub delimiter: Option<String>,
    /// Decimal mark of numbers written as text, `.` or `,`; told from each column when not given.
    pub decimal: Option<String>,
    /// Mark between thousands, `,`, `.` or a blank; the other one than the decimal mark when not given.
    pub thousands: Option<String>,
    /// Our field names to the file's.
    pub fields: BTreeMap<String, String>,
    /// Keep only these codes (counties) or ids.
    pub only: Option<Vec<String>>,
    /// Stations only: those that opened after this day (`2021-12-31`) are left out; those of the day itself and those without a date stay.
    pub opened_by: Option<String>,
    /// Stations, settlements and candidates: a layer without a record is what is meant, and not a wrong file.
    pub allow_empty: bool,
    /// Counties only: records of one code are parts of one county, and are joined.
    pub merge: bool,
    /// Counties only: draw shapes that are not valid anew, instead of using them as drawn.
    pub repair: bool,
    /// Stations only: the column whose value is the same in the rows of one station, where rows are its points.
    pub group_by: Option<String>,
    /// Stations only, with `group_by`: whether counts and totals of a row are its own (`row`) or the whole station's (`station`).
    pub counts_of: Option<CountsOf>,
    /// Candidates only: kinds of places that are taken from the extract of `[osm]`, such as `services` and `bus_station`.
    pub osm: Vec<String>,
}

/// What the counts and totals of grouped rows are of.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CountsOf {
    /// Of the row: they add up.
    Row,
    /// Of the whole station.
    Station,
}

/// `[county_table]`: people by county, joined by code.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CountyTable {
    /// CSV, or an Excel or ODS workbook.
    pub path: PathBuf,
    /// Sheet of a workbook; when not given, the first, or the only one with a header that will do.
    #[serde(default)]
    pub sheet: Option<String>,
    /// Our field names (`code`, `name`, `population`) to the file's.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
    /// CSV or workbook with `old_code`, `new_code`: codes that changed between the table and the polygons.
    #[serde(default)]
    pub crosswalk: Option<PathBuf>,
    /// Sheet of the crosswalk, where it is a workbook.
    #[serde(default)]
    pub crosswalk_sheet: Option<String>,
    /// Encoding of a CSV; told from the content when not given.
    #[serde(default)]
    pub encoding: Option<String>,
    /// Column separator of a CSV; guessed when not given.
    #[serde(default)]
    pub delimiter: Option<String>,
    /// Decimal mark of numbers written as text, `.` or `,`; told from each column when not given.
    #[serde(default)]
    pub decimal: Option<String>,
    /// Mark between thousands, `,`, `.` or a blank; the other one than the decimal mark when not given.
    #[serde(default)]
    pub thousands: Option<String>,
}

macro_rules! how {
    ($($table:ty),+) => {$(
        impl $table {
            /// How the files of the layer are to be read.
            pub fn how(&self) -> How<'_> {
                How {
                    format: self.format.as_deref(),
                    inside: self.layer.as_deref(),
                    sheet: self.sheet.as_deref(),
                    encoding: self.encoding.as_deref(),
                    delimiter: self.delimiter.as_deref(),
                    crs: self.crs.as_deref(),
                    datum: self.datum.as_deref(),
                }
            }
        }
    )+};
}
how!(RoadsTable, LayerTable);

/// `[criteria]`
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CriteriaTable {
    /// Service distances by road, km.
    pub distances_km: Option<Vec<f64>>,
    /// Service times by road, minutes.
    pub times_min: Option<Vec<f64>>,
    /// The service distance that the ranking and the map use; must be one of `distances_km`.
    pub headline_km: Option<f64>,
    /// Services that are searched, of `charging`, `swap`, `fast_charging`, `truck_charging` and `hydrogen`; default the first two.
    pub services: Option<Vec<String>>,
    /// Least power of a gun for fast charging, kW; default 120.
    pub fast_min_power_kw: Option<f64>,
    /// Stations farther than this from any road are not used, metres.
    pub max_snap_m: Option<f64>,
    /// The same for settlements, metres.
    pub settlement_max_snap_m: Option<f64>,
    /// A settlement with a charging station within this distance by road counts as having one, km.
    pub settlement_radius_km: Option<f64>,
    /// Stations with these kinds of access qualify.
    pub access: Option<Vec<String>>,
    /// Stations with these kinds of status qualify.
    pub status: Option<Vec<String>>,
    /// Charging stations below this power a gun do not qualify, kW; those of unknown power do not either when it is above 0.
    pub min_power_kw: Option<f64>,
}

/// `[output]`
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OutputTable {
    /// Which criteria get gap lines.
    pub gaps: GapOutput,
    /// Gap lines are drawn within so many metres of the road, on fewer points; default 0, every vertex.
    pub simplify_m: Option<f64>,
    /// Whether tables begin with a byte order mark, by which Excel knows that they are UTF-8.
    pub csv_bom: bool,
    /// What is left out of the folder: `gpkg`, `county_pages`, `map`, `equity`, `counterfactuals`, `redundancy`, `coverage`.
    #[serde(default)]
    pub without: Vec<String>,
}

/// Which criteria get gap lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GapOutput {
    /// Every service distance and time, in a layer of their own, `gaps_all`, beside that of the headline distance.
    All,
    /// The headline distance only.
    #[default]
    Headline,
}

/// `[read]`
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ReadTable {
    /// The run stops when more than this share of a layer is refused (0 to 1); default 0.01.
    pub max_refused_share: Option<f64>,
}

impl RegionFile {
    /// Reads and checks a region file.
    ///
    /// # Errors
    /// Usage, with line and column and the nearest known key; input when the file cannot be read.
    pub fn read(path: &Path) -> Result<Self> {
        let text = read_text(path, "the region file")?;
        let mut file = Self::from_text(&text, path)?;
        check_region(&file, &text, &path_text(path))?;
        file.rank.read_goalposts(&file.folder, path)?;
        Ok(file)
    }

    /// The region of a text that stands, or stood, in the file `path`. Goalposts that are in a file of their own are not brought in.
    ///
    /// # Errors
    /// Usage, as [`RegionFile::read`].
    pub fn from_text(text: &str, path: &Path) -> Result<Self> {
        let mut file = Self::parse(text, &path_text(path))?;
        file.text = text.to_owned();
        file.folder = path.parent().map(Path::to_path_buf).unwrap_or_default();
        file.source = Some(path.to_path_buf());
        if file.region.name.is_empty() {
            file.region.name = file.folder.file_name().map_or_else(|| "region".to_owned(), |n| n.to_string_lossy().into_owned());
        }
        Ok(file)
    }

    /// Parses the text of a region file; `shown` names it in errors.
    ///
    /// # Errors
    /// Usage, as [`RegionFile::read`].
    pub fn parse(text: &str, shown: &str) -> Result<Self> {
        let file: Self = parse_toml(text, shown)?;
        let repaired = |table: &Option<LayerTable>| table.as_ref().is_some_and(|t| t.repair);
        let points = [("stations", repaired(&file.stations)), ("settlements", repaired(&file.settlements))];
        if let Some((table, _)) = points.into_iter().find(|(_, repair)| *repair) {
            return Err(Error::usage(format!("[{table}] has nothing to repair"), "repair is a key of [counties]")
                .at(Location::file(shown).field(format!("{table}.repair"))));
        }
        let grouped = |t: &Option<LayerTable>| t.as_ref().is_some_and(|t| t.group_by.is_some() || t.counts_of.is_some());
        let others = [("counties", grouped(&file.counties)), ("settlements", grouped(&file.settlements))];
        if let Some((table, _)) = others.into_iter().find(|(_, grouped)| *grouped) {
            let next = "group_by and counts_of are keys of [stations]";
            return Err(Error::usage(format!("rows of [{table}] are not grouped"), next)
                .at(Location::file(shown).field(format!("{table}.group_by"))));
        }
        if !file.rank.overrides.is_empty() {
            let next = "write each as [[override]] of a round file";
            return Err(Error::usage("overrides are no part of [rank]", next).at(Location::file(shown).field("rank.overrides")));
        }
        file.only_of_files(shown)?;
        file.check_candidates(shown)?;
        file.programme.check(shown)?;
        Ok(file)
    }

    /// Refuses keys that concern the columns of files where the layer comes from OpenStreetMap.
    fn only_of_files(&self, shown: &str) -> Result<()> {
        let roads = self.roads.as_ref().is_some_and(|r| r.class.is_some() && r.path.is_none());
        let stations = self.stations.as_ref().is_some_and(|s| s.group_by.is_some() && s.path.is_none());
        let key = match (roads, stations) {
            (true, _) => "roads.class",
            (_, true) => "stations.group_by",
            _ => return Ok(()),
        };
        let next = "give the layer a path, or leave the key out: OpenStreetMap's own tags say it";
        Err(Error::usage(format!("{key} is of files, and the layer has none"), next).at(Location::file(shown).field(key)))
    }

    /// A region of one OSM extract and nothing else.
    pub fn from_osm(path: &Path) -> Self {
        let stem = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let name = stem.trim_end_matches(".pbf").trim_end_matches(".osm").to_owned();
        Self {
            region: RegionTable {
                name,
                attribution: vec!["© OpenStreetMap contributors, ODbL 1.0".to_owned()],
                ..RegionTable::default()
            },
            osm: Some(OsmTable { path: path.file_name().map(PathBuf::from).unwrap_or_default(), admin_level: None }),
            folder: path.parent().map(Path::to_path_buf).unwrap_or_default(),
            ..Self::default()
        }
    }

    /// A path of the file, from where the program stands.
    pub fn resolve(&self, path: &Path) -> PathBuf {
        if input::is_stdin(path) { path.to_path_buf() } else { self.folder.join(path) }
    }
}

impl RegionFile {
    /// Which files are written, of those that there are to choose.
    ///
    /// # Errors
    /// Usage, for a word that means nothing.
    pub fn output(&self, choices: Choices<'_>) -> Result<Output> {
        let shown = self.source.as_deref().map(path_text).unwrap_or_default();
        Ok(Output::of(&self.output.without, None, (choices, &shown))?.with_bom(self.output.csv_bom))
    }
}

/// Names and notices with what the sources require.
pub fn notices(region: &RegionFile) -> crate::config::region_file::RegionTable {
    let mut table = region.region.clone();
    let osm = "© OpenStreetMap contributors, ODbL 1.0";
    if region.osm.is_some() && !table.attribution.iter().any(|a| a.contains("OpenStreetMap")) {
        table.attribution.push(osm.to_owned());
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_key_is_refused_with_place_and_suggestion() {
        let err = RegionFile::parse("[criteria]\ndistance_km = [5]\n", "region.toml").unwrap_err();
        assert_eq!(err.exit_code(), 2);
        assert_eq!(err.location().line, Some(2));
        assert!(err.to_string().contains("did you mean \"distances_km\"?"), "{err}");
    }

    #[test]
    fn errors_stand_where_the_key_or_the_value_stands() {
        let line_of = |text: &str| {
            let err = RegionFile::parse(text, "r").unwrap_err();
            (err.location().line, err.location().column, err.location().field.clone().unwrap())
        };
        let lines = "[[rank.lines]]\nname = \"a\"\n[[rank.lines]]\n  place = 3\n";
        assert_eq!(line_of(lines), (Some(4), Some(3), "rank.lines[1].place".to_owned()));
        assert_eq!(
            line_of("[criteria]\ndistances_km = [5, \"x\"]\n"),
            (Some(2), Some(20), "criteria.distances_km[1]".to_owned())
        );
        assert_eq!(line_of("[criteria]\nheadline_km = nan\n"), (Some(2), Some(15), "criteria.headline_km".to_owned()));
        assert_eq!(line_of("[rank.uncertainty]\ndraws = 99999999999999999999\n").0, Some(2));
    }

    #[test]
    fn numbers_and_days_may_be_written_as_toml_allows() {
        let file =
            RegionFile::parse("[criteria]\nheadline_km = 1_0.5\nmax_snap_m = 0x10\n[stations]\nopened_by = 2021-12-31\n", "r")
                .unwrap();
        assert_eq!((file.criteria.headline_km, file.criteria.max_snap_m), (Some(10.5), Some(16.0)));
        assert_eq!(file.stations.unwrap().opened_by.as_deref(), Some("2021-12-31"));
    }

    #[test]
    fn wrong_type_names_the_key() {
        let err = RegionFile::parse("[criteria]\nheadline_km = \"ten\"\n", "region.toml").unwrap_err();
        assert!(err.to_string().contains("criteria.headline_km"), "{err}");
    }

    #[test]
    fn only_counties_are_repaired() {
        assert!(RegionFile::parse("[counties]\nrepair = true\n", "r").unwrap().counties.unwrap().repair);
        let err = RegionFile::parse("[stations]\nrepair = true\n", "r").unwrap_err();
        assert_eq!((err.exit_code(), err.location().field.as_deref()), (2, Some("stations.repair")));
    }

    #[test]
    fn keys_of_columns_need_files_and_the_right_layer() {
        let field = |text: &str| {
            RegionFile::parse(text, "r").map(|_| String::new()).unwrap_or_else(|e| e.location().field.clone().unwrap())
        };
        assert_eq!(field("[roads]\nclass = \"local\"\n"), "roads.class");
        assert_eq!(field("[stations]\ngroup_by = \"site\"\n"), "stations.group_by");
        assert_eq!(field("[settlements]\npath = \"s\"\ngroup_by = \"site\"\n"), "settlements.group_by");
        assert_eq!(field("[roads]\npath = \"r\"\nclass = \"local\"\n[stations]\npath = \"s\"\ngroup_by = \"site\"\n"), "");
    }

    #[test]
    fn one_path_or_several() {
        let file = RegionFile::parse("[roads]\npath = [\"a\", \"b\"]\n[counties]\npath = \"c\"\n", "r").unwrap();
        assert_eq!(file.roads.unwrap().path.unwrap().list().len(), 2);
        assert_eq!(file.counties.unwrap().path.unwrap().list().len(), 1);
    }
}
