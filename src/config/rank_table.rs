//! `[rank]` of a region file as it stands there; what it means is worked out, and checked, in [`crate::rank::RankSettings`].

use super::class::RoadClass;
use super::goalposts::Goalpost;
use super::method_words::{Aggregation, Direction, Normalisation, Weighting};
use super::override_table::OverrideTable;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// `[rank]`
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RankTable {
    /// Weight of each indicator by name; those not named keep the default, 0 leaves one out.
    pub weights: BTreeMap<String, f64>,
    /// Weight of each pillar; those not named weigh what their indicators weigh together.
    pub pillars: BTreeMap<String, f64>,
    /// Weight of a road-km of each class.
    pub class_weights: BTreeMap<RoadClass, f64>,
    /// Lower and upper goalpost of each indicator, in its unit after any denominator; scores are then the same whoever takes part.
    pub goalposts: BTreeMap<String, Goalpost>,
    /// Indicators from columns of `[county_table]`.
    pub indicators: Vec<IndicatorTable>,
    /// How the index is made.
    pub method: MethodTable,
    /// Who may be ranked.
    pub eligibility: EligibilityTable,
    /// Counties that apply together.
    pub joint: Vec<JointTable>,
    /// Funding lines.
    pub lines: Vec<LineTable>,
    /// What is varied to see how sure each place is.
    pub uncertainty: UncertaintyTable,
    /// New stations that are tried.
    pub counterfactuals: CounterfactualTable,
    /// Digits of the code that name the province; 2 for codes of six digits (GB/T 2260), else none.
    pub province_digits: Option<usize>,
    /// What was set by hand; written in a round file as `[[override]]`, and kept with the ranking that it changes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(skip)]
    pub overrides: Vec<OverrideTable>,
    /// Columns of the county table that are read beside those named here, where they are there: what another round names, so that the
    /// two can be told apart.
    #[serde(skip)]
    pub also_read: BTreeSet<String>,
}

/// Denominators that we work out ourselves; a column of the county table cannot be meant by these words.
pub const OWN_DENOMINATORS: [&str; 2] = ["population", "road_km"];

impl RankTable {
    /// Headers of the county table that are named here, trimmed: what [`crate::read::county::County::columns`] may hold.
    pub fn columns(&self) -> BTreeSet<&str> {
        self.columns_by_key().into_iter().map(|(_, column)| column).collect()
    }

    /// The same with those that are read as well.
    pub fn columns_read(&self) -> BTreeSet<&str> {
        let also = self.also_read.iter().map(|c| c.trim());
        self.columns().into_iter().chain(also).collect()
    }

    /// The same in the order of the file, each with the key that names it (`rank.lines[0].cost_column`).
    pub fn columns_by_key(&self) -> Vec<(String, &str)> {
        let mut all = Vec::new();
        for (i, indicator) in self.indicators.iter().enumerate() {
            let key = if indicator.column.is_some() { "column" } else { "key" };
            all.push((format!("rank.indicators[{i}].{key}"), indicator.header()));
            all.extend(indicator.denominator_header().map(|column| (format!("rank.indicators[{i}].denominator"), column)));
        }
        for (i, line) in self.lines.iter().enumerate() {
            all.extend(line.cost_header().map(|column| (format!("rank.lines[{i}].cost_column"), column)));
        }
        all
    }
}

/// `[[rank.indicators]]`
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IndicatorTable {
    /// Its name here: lower snake case, the unit or denominator in it.
    pub key: String,
    /// Header of the column in the county table; the name where not given.
    #[serde(default)]
    pub column: Option<String>,
    /// Which way it points.
    pub direction: Direction,
    /// Unit, for people.
    #[serde(default)]
    pub unit: String,
    /// Divided by this column of the county table, or by `population` or `road_km`.
    #[serde(default)]
    pub denominator: Option<String>,
    /// How the values of counties that apply together are one value: `sum`, `mean`, `highest` or `lowest`. Needed where counties do and the
    /// indicator has no denominator: nobody can tell a total from a share or a price. With a denominator both parts are added up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub together: Option<HowTogether>,
    /// The pillar it belongs to: one of ours (`roads`, `people`, `supply`) or a name of your own.
    pub pillar: String,
    /// Weight.
    pub weight: f64,
    /// For people, in English; the name where not given.
    #[serde(default)]
    pub en: String,
    /// For people, in Chinese.
    #[serde(default)]
    pub zh: String,
    /// Where the figures come from, for the manifest.
    #[serde(default)]
    pub source: String,
}

/// How the values of counties that apply together are one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum HowTogether {
    /// Added up: a count, a total.
    Sum,
    /// The plain mean: an index, a share, a price. Where counties weigh differently, give their parts as column and denominator.
    Mean,
    /// The highest of them.
    Highest,
    /// The lowest of them.
    Lowest,
}

impl HowTogether {
    /// One value of several; none of nothing.
    pub fn of(self, values: &[f64]) -> Option<f64> {
        let sum = || values.iter().copied().reduce(|a, b| a + b);
        match self {
            Self::Sum => sum(),
            Self::Mean => sum().map(|sum| sum / values.len() as f64),
            Self::Highest => values.iter().copied().reduce(f64::max),
            Self::Lowest => values.iter().copied().reduce(f64::min),
        }
    }
}

impl IndicatorTable {
    /// Header of its column in the county table, trimmed.
    pub fn header(&self) -> &str {
        self.column.as_deref().unwrap_or(&self.key).trim()
    }

    /// Header of the column that divides it, trimmed; `None` without a denominator, and for [`OWN_DENOMINATORS`].
    pub fn denominator_header(&self) -> Option<&str> {
        self.denominator.as_deref().map(str::trim).filter(|d| !OWN_DENOMINATORS.contains(d))
    }
}

/// What is done about an indicator that some county lacks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Missing {
    /// The others keep the indicator; the county is scored at both ends of the scale and stands by the end with the fewest points.
    #[default]
    OwnBounds,
    /// The others keep the indicator; the county is not ranked.
    NotRankable,
    /// The value of the county's province that gives the fewest points. It can help a county whose own value gives fewer.
    LeastFavourableOfProvince,
    /// Median of the county's province. It can help.
    #[serde(alias = "group_median")]
    MedianOfProvince,
    /// Mean of the county's province. It can help.
    #[serde(alias = "group_mean")]
    MeanOfProvince,
    /// The county's other indicators of the pillar carry its weight. It can help.
    Carry,
    /// The indicator is left out for all, and that is said: one blank cell takes it from every county.
    LeaveOut,
}

impl Missing {
    /// The word in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OwnBounds => "own_bounds",
            Self::NotRankable => "not_rankable",
            Self::LeastFavourableOfProvince => "least_favourable_of_province",
            Self::MedianOfProvince => "median_of_province",
            Self::MeanOfProvince => "mean_of_province",
            Self::Carry => "carry",
            Self::LeaveOut => "leave_out",
        }
    }

    /// Whether a county may stand higher for want of a value.
    pub fn can_help(self) -> bool {
        !matches!(self, Self::OwnBounds | Self::NotRankable)
    }

    /// Whether what one county lacks takes nothing from the others.
    pub fn is_steady(self) -> bool {
        !matches!(self, Self::Carry | Self::LeaveOut)
    }
}

/// `[rank.method]`
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MethodTable {
    /// What is done about missing values.
    pub missing: Missing,
    /// Counties with a smaller share of values than this are not ranked.
    pub screen_min_share: Option<f64>,
    /// Whether the screen comes before values are filled in (after, when not given).
    pub screen_first: bool,
    /// Outliers: none are treated when not given.
    pub outliers: Option<OutlierTable>,
    /// One scale for all; min–max when not given.
    pub normalise: Option<Normalisation>,
    /// Where weights come from; as given when not given.
    pub weighting: Option<Weighting>,
    /// How indicators and pillars are put together; arithmetic means when not given.
    pub aggregate: Option<Aggregation>,
    /// Lowest and highest score; 0 and 100, or 1 and 100 where means need scores above 0.
    pub scale: Option<[f64; 2]>,
}

/// `[rank.method.outliers]`
#[derive(Clone, Copy, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OutlierTable {
    /// Least absolute skew.
    pub skew: f64,
    /// Least kurtosis.
    pub kurtosis: f64,
    /// Most values to Winsorise before the log is taken.
    pub winsorise: usize,
}

impl Default for OutlierTable {
    /// Those of COINr.
    fn default() -> Self {
        Self { skew: 2.0, kurtosis: 3.5, winsorise: 5 }
    }
}

/// `[rank.eligibility]`
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct EligibilityTable {
    /// Only these codes may be ranked.
    pub only: Option<Vec<String>>,
    /// These codes may not, with the reason.
    pub except: BTreeMap<String, String>,
    /// Counties whose inputs are trusted less than this (0 to 100) are not ranked.
    pub min_trust: Option<f64>,
    /// Counties with less road than this are not ranked, km.
    pub min_road_km: Option<f64>,
}

/// `[[rank.joint]]`
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JointTable {
    /// Name of the application.
    pub name: String,
    /// Code of the county that leads it.
    pub lead: String,
    /// Codes of all its counties, the lead's too or not.
    pub members: Vec<String>,
}

impl JointTable {
    /// Whether a county takes part in it and does not lead it. Names are no keys: two applications may have the same.
    pub fn has_member(&self, code: &str) -> bool {
        self.lead != code && self.members.iter().any(|m| m == code)
    }
}

/// `[[rank.lines]]`: one of `places`, `quota` and `budget`, or several that hold together.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LineTable {
    /// Its name.
    pub name: String,
    /// The first so many.
    pub places: Option<usize>,
    /// The first so many of each province, by the digits of its code.
    pub quota: Option<BTreeMap<String, usize>>,
    /// Money there is; down the ranking as far as it goes.
    pub budget: Option<f64>,
    /// What each county costs, in the same money.
    pub cost: Option<f64>,
    /// Column of the county table with what each county costs, in place of `cost`.
    pub cost_column: Option<String>,
    /// Pass over a county that the rest does not pay for, and go on.
    pub skip: bool,
}

impl LineTable {
    /// Header of the column with the costs in the county table, trimmed.
    pub fn cost_header(&self) -> Option<&str> {
        self.cost_column.as_deref().map(str::trim)
    }
}

/// `[rank.uncertainty]`
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct UncertaintyTable {
    /// Draws; 0 leaves all of it out.
    pub draws: u32,
    /// Seed.
    pub seed: u64,
    /// Every weight moves by up to this share.
    pub weights_spread: f64,
    /// Both ends of each scale move by up to this share of the range.
    pub goalposts_spread: f64,
    /// Service distances, km; all of `criteria.distances_km` when not given.
    pub distances_km: Option<Vec<f64>>,
    /// Whether stations that may not exist are left out in half of the draws.
    pub doubtful_stations: bool,
    /// Normalisations beside the method's own.
    pub normalise: Vec<Normalisation>,
    /// Aggregations of the pillars beside the method's own.
    pub aggregate: Vec<Aggregation>,
    /// Outliers treated in half of the draws, where the method leaves them.
    pub outliers: bool,
    /// Samples of the sensitivity indices; 0 leaves them out.
    pub samples: u32,
    /// A county is above a line for certain from this share of draws.
    pub certain: f64,
    /// A county is out up to this share of draws.
    pub out: f64,
}

impl Default for UncertaintyTable {
    fn default() -> Self {
        Self {
            draws: 1000,
            seed: 1,
            weights_spread: 0.25,
            goalposts_spread: 0.1,
            distances_km: None,
            doubtful_stations: true,
            normalise: vec![Normalisation::Rank],
            aggregate: vec![Aggregation::Geometric],
            outliers: false,
            samples: 128,
            certain: 0.95,
            out: 0.05,
        }
    }
}

/// `[rank.counterfactuals]`: where new stations would bring a county.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CounterfactualTable {
    /// New stations a county, one after the other; 0 tries none.
    pub stations: usize,
    /// Codes of the counties; when not given, those near a line, or the first of the ranking where there is none.
    pub counties: Option<Vec<String>>,
    /// At most so many counties.
    pub most: usize,
}

impl Default for CounterfactualTable {
    fn default() -> Self {
        Self { stations: 2, counties: None, most: 20 }
    }
}

#[cfg(test)]
mod tests {
    use crate::config::RegionFile;

    #[test]
    fn columns_are_those_of_indicators_denominators_and_costs() {
        let text = r#"
            [[rank.indicators]]
            key = "lorries"
            column = " 货车数 "
            denominator = "area_km2"
            direction = "higher_is_worse"
            pillar = "supply"
            weight = 1
            [[rank.indicators]]
            key = "visitors"
            denominator = "population"
            direction = "higher_is_worse"
            pillar = "people"
            weight = 1
            [[rank.lines]]
            name = "a"
            budget = 1
            cost_column = "lorries"
        "#;
        let rank = RegionFile::parse(text, "r").unwrap().rank;
        // In the order of the file: `population` is ours; the second indicator has no column, so its key stands for one.
        let keys = [
            "rank.indicators[0].column",
            "rank.indicators[0].denominator",
            "rank.indicators[1].key",
            "rank.lines[0].cost_column",
        ];
        let columns = ["货车数", "area_km2", "visitors", "lorries"];
        let expected: Vec<(String, &str)> = keys.iter().map(|k| (*k).to_owned()).zip(columns).collect();
        assert_eq!(rank.columns_by_key(), expected);
        // By code point: Latin before Han.
        assert_eq!(rank.columns().into_iter().collect::<Vec<_>>(), ["area_km2", "lorries", "visitors", "货车数"]);
    }
}
