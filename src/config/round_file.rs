//! `ROUND.toml` as typed: one funding round over the counties of many regions. Unknown keys are refused with a suggestion.

use super::accept::{self, AcceptTable};
use super::applicants::{self, ApplicantsTable};
use super::bounds;
use super::demand_table::{DemandTable, SupplyTable};
use super::goalposts::FILE_KEY;
use super::language::Lang;
use super::output::{Choices, Output};
use super::override_table::{AppealTable, OverrideTable};
use super::overrides;
use super::path_words::check_round;
use super::people::says_something;
use super::plan_table::PlanTable;
use super::programme_table::ProgrammeTable;
use super::rank_table::{LineTable, RankTable};
use super::region_file::{CriteriaTable, GapOutput, OutputTable, ReadTable, RegionFile, RegionTable, RoadsTable};
use super::text_file::read_text;
use super::toml_text::parse_toml;
use super::traffic::TrafficTable;
use crate::error::{Error, Location, Result, path_text};
use crate::space::units::is_hundredths;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The whole file. Paths are relative to the folder that holds it.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RoundFile {
    /// Which round it is.
    pub round: RoundTable,
    /// Where its counties come from.
    pub regions: RegionsTable,
    /// The register of who applies.
    pub applicants: Option<ApplicantsTable>,
    /// How roads of all regions are joined to one network.
    pub network: NetworkTable,
    /// What counts as served; takes the place of `[criteria]` of every region.
    pub criteria: CriteriaTable,
    /// Vehicles and what they charge; takes the place of `[demand]` of every region.
    pub demand: Option<DemandTable>,
    /// Which counties to fund with plans of their own: `funding` names the budgets, `sites` how many a county has at most.
    pub plan: Option<PlanTable>,
    /// What stations give where their register is silent; takes the place of `[supply]` of every region.
    pub supply: Option<SupplyTable>,
    /// Which funding programmes counties are held against; takes the place of `[programme]` of every region.
    pub programme: ProgrammeTable,
    /// How counties are ranked; takes the place of `[rank]` of every region.
    pub rank: RankTable,
    /// Who is selected.
    pub select: SelectTable,
    /// What is written.
    pub output: RoundOutput,
    /// Limits of reading.
    pub read: ReadTable,
    /// What was set by hand; once the file is read it stands with the ranking, in `rank.overrides`.
    #[serde(rename = "override")]
    pub overrides: Vec<OverrideTable>,
    /// Appeals, and what became of them.
    #[serde(rename = "appeal")]
    pub appeals: Vec<AppealTable>,
    /// Faults that the round goes on with, and who answers for each.
    pub accept: Vec<AcceptTable>,
    /// The folder that holds the file.
    #[serde(skip)]
    pub folder: PathBuf,
    /// File name of it.
    #[serde(skip)]
    pub name: String,
    /// Its text.
    #[serde(skip)]
    pub text: String,
}

/// `[round]`
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RoundTable {
    /// Its id, as in the notice.
    pub id: String,
    /// Its year.
    pub year: Option<u16>,
    /// Name in English.
    pub name: String,
    /// Name in Chinese.
    pub name_zh: Option<String>,
    /// Day that its files bear (`2026-03-31`); the first of January of its year when not given. No clock is read.
    pub date: Option<String>,
    /// The rules that it goes by, by name and version; printed beside the results.
    pub profile: Option<String>,
    /// Where those rules are written.
    pub profile_source: Option<String>,
    /// Who signs for it.
    pub signed_by: Option<String>,
    /// Language of messages in files, and in which pages open; English when not given. `--lang` goes before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<Lang>,
}

impl RoundTable {
    /// What tells it from every other round: its id with its day, or else its year. One that says neither is known by its id alone.
    pub fn identity(&self) -> String {
        let day = self.date.clone().or_else(|| self.year.map(|y| y.to_string()));
        let id = self.id.trim();
        day.map_or_else(|| id.to_owned(), |day| format!("{id}, {day}"))
    }
}

/// `[regions]`
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RegionsTable {
    /// Region files, with `*`, `?`, `[…]` and `**`.
    pub files: Vec<String>,
    /// How many region files there are: patterns meet what is there, and do not know what is missing.
    pub expect: Option<usize>,
    /// Only counties with these codes are ranked, with `*` and `?`; roads and stations of the others still serve.
    pub counties: Option<Vec<String>>,
    /// A table with a column of such codes.
    pub county_list: Option<PathBuf>,
    /// Sheet of the list, where it is a workbook.
    pub county_list_sheet: Option<String>,
    /// CSV or workbook with `old_code`, `new_code`: codes of the list, of `[select]` and of `[rank]` that have changed since.
    pub crosswalk: Option<PathBuf>,
    /// Sheet of the crosswalk, where it is a workbook.
    pub crosswalk_sheet: Option<String>,
    /// What `chargegap check --json` said of the regions: an input that has changed since is a fault.
    pub checks: Option<Checks>,
}

/// Where the answers of `check --json` are.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Checks {
    /// In the folders of their regions: patterns with `*`, `?`, `[…]` and `**`.
    Beside(Vec<String>),
    /// By region file, as the round names it.
    ByRegion(BTreeMap<String, PathBuf>),
}

/// `[network]`
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct NetworkTable {
    /// As in `[roads]` of a region.
    pub min_island_km: Option<f64>,
    /// As in `[roads]` of a region.
    pub join_tolerance_m: Option<f64>,
    /// As in `[roads]` of a region.
    pub join_crossings: bool,
}

/// `[output]`
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RoundOutput {
    /// Which criteria get gap lines.
    pub gaps: GapOutput,
    /// As in a region file.
    pub simplify_m: Option<f64>,
    /// Gap lines shorter than this are left out of the layer; the ledger and every figure count them all the same.
    pub shortest_gap_km: Option<f64>,
    /// As in a region file.
    pub csv_bom: bool,
    /// What is left out of the folder: `gpkg`, `county_pages`, `map`, `equity`, `counterfactuals`, `redundancy`, `coverage`.
    pub without: Vec<String>,
    /// Layers that are also written as GeoJSON: `gaps`, `settlements`, `stations`.
    pub layers: Vec<String>,
}

/// `[select]`: down the national ranking, as long as each limit that is given holds.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SelectTable {
    /// At most so many counties or joint applications.
    pub places: Option<usize>,
    /// At most so many of each province, by the digits of its code; a province that is not named has none.
    pub quotas: Option<BTreeMap<String, usize>>,
    /// Money there is.
    pub budget: Option<f64>,
    /// What each county costs, in the same money.
    pub cost: Option<f64>,
    /// Column of the county table with what each county costs, in place of `cost`.
    pub cost_column: Option<String>,
    /// Pass over a county that the rest does not pay for, and go on; else the first such county ends the selection.
    pub skip: bool,
    /// The money, for people (`10,000 yuan`).
    pub currency: Option<String>,
}

impl SelectTable {
    /// Whether anything is to be selected.
    pub fn is_asked(&self) -> bool {
        self.places.is_some() || self.quotas.is_some() || self.budget.is_some()
    }

    /// The selection as a funding line, so that it can be seen how sure it is; none where nothing is to be selected.
    pub fn line(&self) -> Option<LineTable> {
        self.is_asked().then(|| LineTable {
            name: "selection".to_owned(),
            places: self.places,
            quota: self.quotas.clone(),
            budget: self.budget,
            cost: self.cost,
            cost_column: self.cost_column.clone(),
            skip: self.skip && self.budget.is_some(),
        })
    }
}

impl RoundFile {
    /// Reads and checks a round file.
    ///
    /// # Errors
    /// Usage, with line and column and the nearest known key; input when the file cannot be read.
    pub fn read(path: &Path) -> Result<Self> {
        let text = read_text(path, "the round file")?;
        let mut file = Self::parse(&text, &path_text(path))?;
        // files are found below it without a leading `./`, and told as they lie in it
        let plain = path.strip_prefix(".").unwrap_or(path);
        file.folder = plain.parent().map(Path::to_path_buf).unwrap_or_default();
        check_round(&file, &text, &path_text(path))?;
        file.rank.read_goalposts(&file.folder, path)?;
        file.name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        Ok(file)
    }

    /// Parses the text of a round file; `shown` names it in errors.
    ///
    /// # Errors
    /// Usage, as [`RoundFile::read`].
    pub fn parse(text: &str, shown: &str) -> Result<Self> {
        let mut file: Self = parse_toml(text, shown)?;
        let bad = |key: &str, what: &str, next: &str| Err(Error::usage(what, next).at(Location::file(shown).field(key)));
        if file.round.id.trim().is_empty() {
            return bad("round.id", "the round has no id", "give [round] id, as in the notice");
        }
        if file.regions.files.is_empty() {
            return bad(
                "regions.files",
                "the round has no regions",
                "give [regions] files, such as [\"provinces/*/region.toml\"]",
            );
        }
        if file.plan.as_ref().is_some_and(|p| p.funding.is_empty()) {
            let next = "name [plan] funding, as in funding = [20000000], or run the region by itself";
            return bad("plan.funding", "a round plans county by county, and no budget is named", next);
        }
        if file.plan.as_ref().is_some_and(|p| p.flows.is_some()) {
            let next = "run the region with its flows by itself";
            return bad("plan.flows", "a round plans county by county, and flows go from county to county", next);
        }
        if file.plan.as_ref().is_some_and(|p| !p.first.is_empty()) {
            return bad("plan.first", "counties of a round are funded, and none comes first", "take first out of [plan]");
        }
        bounds::check("regions.files", file.regions.files.len() as u64, bounds::MOST_REGIONS as u64, Some(shown))?;
        if let Some(date) = &file.round.date
            && !accept::is_real_day(date)
        {
            return bad("round.date", "this is no day", "write it as 2026-03-31");
        }
        if file.output.shortest_gap_km.is_some_and(|km| !(0.0..4000.0).contains(&km)) {
            return bad("output.shortest_gap_km", "this is no length of road", "give a number from 0, in km");
        }
        if let Some(who) = file.round.signed_by.as_deref().filter(|who| !who.trim().is_empty() && !says_something(who)) {
            let what = format!("the round is signed by \"{who}\", which names nobody");
            return Err(
                Error::usage(what, "write who signs the round, by name").at(Location::file(shown).field("round.signed_by"))
            );
        }
        accept::check(&file.accept, shown, file.round.date.as_deref())?;
        let rules = &file.rank.eligibility;
        if file.applicants.is_some() && (rules.only.is_some() || !rules.except.is_empty()) {
            let key = if rules.only.is_some() { "rank.eligibility.only" } else { "rank.eligibility.except" };
            let what = "the register says who applies, and this takes an applicant out of the round without who and when";
            let next = "write [[override]] county, excluded = true, with by, on and reason; who withdrew is said in the register";
            return bad(key, what, next);
        }
        if let Some(register) = &file.applicants {
            let listed = file.regions.counties.is_some() || file.regions.county_list.is_some();
            applicants::check(register, (listed, !file.rank.joint.is_empty()), shown)?;
        }
        file.programme.check(shown)?;
        let s = &file.select;
        if s.budget.is_some_and(|b| !b.is_finite() || b < 0.0) || s.cost.is_some_and(|c| !c.is_finite() || c < 0.0) {
            return bad("select.budget", "budget and cost are numbers from 0", "give e.g. budget = 90000, cost = 4500");
        }
        if s.budget.is_some() != (s.cost.is_some() || s.cost_column.is_some()) || (s.cost.is_some() && s.cost_column.is_some()) {
            let next = "give [select] budget with cost, or with cost_column, or none of them";
            return bad("select.budget", "a budget needs what a county costs, said one way", next);
        }
        let of_lines = file
            .rank
            .lines
            .iter()
            .enumerate()
            .flat_map(|(i, l)| [(format!("rank.lines[{i}].budget"), l.budget), (format!("rank.lines[{i}].cost"), l.cost)]);
        let sums = [("select.budget".to_owned(), s.budget), ("select.cost".to_owned(), s.cost)].into_iter().chain(of_lines);
        if let Some((key, sum)) = sums.filter_map(|(key, sum)| Some((key, sum?))).find(|(_, sum)| !is_hundredths(*sum)) {
            return bad(&key, &overrides::too_fine(&key, sum), overrides::SMALLER_UNIT);
        }
        let paid_by = file.select.cost_column.clone();
        let named = |l: &LineTable| l.cost_header() == paid_by.as_deref().map(str::trim);
        if file.rank.lines.is_empty() {
            file.rank.lines = file.select.line().into_iter().collect();
        } else if paid_by.is_some() && !file.rank.lines.iter().any(named) {
            // the county table keeps the columns that [rank] names, and a line names this one
            file.rank.lines.extend(file.select.line());
        }
        if !file.rank.overrides.is_empty() {
            return bad("rank.overrides", "overrides are no part of [rank]", "write each as [[override]] of the round file");
        }
        overrides::check(&file.overrides, &file.appeals, (shown, file.round.date.as_deref()))?;
        file.rank.overrides = std::mem::take(&mut file.overrides);
        if !asks_for_stations(text) {
            file.rank.counterfactuals.stations = 0;
        }
        file.text = text.to_owned();
        Ok(file)
    }

    /// The day that its files bear.
    pub fn day(&self) -> String {
        self.round.date.clone().unwrap_or_else(|| format!("{:04}-01-01", self.round.year.unwrap_or(1970)))
    }

    /// Shortest gap line of the layer, millimetres.
    pub fn shortest_gap_mm(&self) -> u64 {
        self.output.shortest_gap_km.map_or(0, |km| (km * 1e6).round().max(0.0) as u64)
    }

    /// Which files are written, of those that there are to choose.
    ///
    /// # Errors
    /// Usage, for a word that means nothing.
    pub fn output(&self, choices: Choices<'_>) -> Result<Output> {
        let output = Output::of(&self.output.without, Some(&self.output.layers), (choices, &self.name))?;
        Ok(output.with_bom(self.output.csv_bom))
    }

    /// A region of the round, asked for as the round asks.
    #[must_use]
    pub fn region(&self, mut region: RegionFile) -> RegionFile {
        region.criteria = self.criteria.clone();
        // counts of traffic are seen from the folder of the round, and are read once
        region.demand = self.demand.clone().map(|demand| DemandTable { traffic: None, ..demand });
        region.supply = self.supply.clone();
        region.plan = None; // the round plans, county by county
        // the round is held against them, no region by itself
        region.programme = ProgrammeTable::default();
        region.rank = self.rank.clone();
        // seen from the folder of the round, and brought in already
        region.rank.goalposts.remove(FILE_KEY);
        region.output = OutputTable {
            gaps: self.output.gaps,
            simplify_m: self.output.simplify_m,
            csv_bom: self.output.csv_bom,
            without: self.output.without.clone(),
        };
        region.read = self.read.clone();
        region
    }

    /// The round as one region, without layers: what criteria and settings are worked out from.
    pub fn whole(&self) -> RegionFile {
        let name = if self.round.name.is_empty() { self.round.id.clone() } else { self.round.name.clone() };
        let roads = RoadsTable {
            min_island_km: self.network.min_island_km,
            join_tolerance_m: self.network.join_tolerance_m,
            join_crossings: self.network.join_crossings,
            ..RoadsTable::default()
        };
        let whole = RegionFile {
            region: RegionTable {
                name,
                name_zh: self.round.name_zh.clone(),
                language: self.round.language,
                ..RegionTable::default()
            },
            roads: Some(roads),
            folder: self.folder.clone(),
            source: Some(PathBuf::from(&self.name)).filter(|_| !self.name.is_empty()),
            ..RegionFile::default()
        };
        let (programme, demand, plan) = (self.programme.clone(), self.demand.clone(), self.plan.clone());
        RegionFile { programme, demand, plan, ..self.region(whole) }
    }

    /// The table of vehicles counted on roads, and its path.
    pub fn traffic(&self) -> Option<(&TrafficTable, &Path)> {
        let table = self.demand.as_ref()?.traffic.as_ref()?;
        Some((table, table.path.as_deref()?))
    }
}

/// Whether a round file has `[rank.counterfactuals]`. A run tries new stations unless it is told not to; a round takes hours as it is, and
/// does so when it is told to.
fn asks_for_stations(text: &str) -> bool {
    let file: Option<toml::Table> = toml::from_str(text).ok();
    file.as_ref().and_then(|f| f.get("rank")?.get("counterfactuals")).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LEAST: &str = "[round]\nid = \"r\"\n[regions]\nfiles = [\"*\"]\n";

    #[test]
    fn what_makes_no_sense_is_refused_with_its_key() {
        for (more, key) in [
            ("[round]\nid = \"\"\n[regions]\nfiles = [\"*\"]\n", "round.id"),
            ("[round]\nid = \"r\"\n", "regions.files"),
            (&format!("{LEAST}[select]\nbudget = 5\n"), "select.budget"),
            (&format!("{LEAST}[select]\nbudget = 5\ncost = 1\ncost_column = \"c\"\n"), "select.budget"),
            ("[round]\nid = \"r\"\ndate = \"31 March\"\n[regions]\nfiles = [\"*\"]\n", "round.date"),
        ] {
            let err = RoundFile::parse(more, "r.toml").unwrap_err();
            assert_eq!((err.exit_code(), err.location().field.as_deref()), (2, Some(key)), "{err}");
        }
        let err = RoundFile::parse(&format!("{LEAST}[select]\nquota = 1\n"), "r.toml").unwrap_err();
        assert!(err.to_string().contains("did you mean \"quotas\"?"), "{err}");
    }

    #[test]
    fn new_stations_are_tried_when_the_file_says_so() {
        let stations = |more: &str| RoundFile::parse(&format!("{LEAST}{more}"), "r").unwrap().rank.counterfactuals.stations;
        assert_eq!(stations(""), 0);
        assert_eq!(stations("[rank]\nprovince_digits = 2\n"), 0);
        // the table without keys asks for what a run does
        assert_eq!(stations("[rank.counterfactuals]\n"), 2);
        assert_eq!(stations("[rank.counterfactuals]\nstations = 1\n"), 1);
    }

    #[test]
    fn limits_become_a_funding_line_unless_lines_are_given() {
        let select = "[select]\nplaces = 9\nbudget = 5\ncost = 1\n[select.quotas]\n50 = 2\n";
        let file = RoundFile::parse(&format!("{LEAST}{select}"), "r").unwrap();
        let line = &file.rank.lines[0];
        assert_eq!((file.rank.lines.len(), line.places, line.budget, line.cost), (1, Some(9), Some(5.0), Some(1.0)));
        assert!(line.quota.as_ref().is_some_and(|q| q["50"] == 2));
        let own = format!("{LEAST}{select}[[rank.lines]]\nname = \"mine\"\nplaces = 3\n");
        assert_eq!(RoundFile::parse(&own, "r").unwrap().rank.lines.len(), 1);
        // costs by a column: a line of its own reads it, else no county could be paid for
        let paid = "[select]\nbudget = 5\ncost_column = \"price\"\n[[rank.lines]]\nname = \"mine\"\nplaces = 3\n";
        assert!(RoundFile::parse(&format!("{LEAST}{paid}"), "r").unwrap().rank.columns().contains("price"));
        assert_eq!(file.day(), "1970-01-01"); // no clock is read
    }
}
