//! What `[rank]` means: indicators with their pillars and weights, the method in its written order, who may be ranked, the lines.

use super::composite::{Imputation, Lacking, Method, Step};
use super::indicator::INDICATORS;
use super::weights::Weights;
use crate::config::RankTable;
use crate::config::bounds;
use crate::config::goalposts::Goalpost;
use crate::config::method_words::{Aggregation, Direction, Normalisation, Weighting};
use crate::config::overrides::is_sha256;
use crate::config::rank_table::{LineTable, Missing};
use crate::config::toml_text::nearest;
use crate::error::{Error, Location, Result};
use std::collections::{BTreeMap, BTreeSet};

/// Heavier is a slip, and sums of it may not be numbers.
pub(super) const MOST_WEIGHT: f64 = 1e9;

/// An indicator, ours or a user's.
#[derive(Clone, Debug, PartialEq)]
pub struct IndicatorDef {
    /// Name.
    pub key: String,
    /// For people, in English.
    pub en: String,
    /// For people, in Chinese.
    pub zh: String,
    /// Unit.
    pub unit: String,
    /// Which way it points.
    pub direction: Direction,
    /// Pillar.
    pub pillar: String,
    /// Weight as given or by default.
    pub weight: f64,
    /// Where it comes from.
    pub from: IndicatorOrigin,
    /// Lower and upper goalpost.
    pub goalposts: Option<(f64, f64)>,
    /// Where those come from, with the SHA-256 of the finished round or the file; without one they are a target, as stated.
    pub goalposts_from: (String, Option<String>),
    /// Whether somebody wrote them by hand.
    pub goalposts_by_hand: bool,
    /// Source, for the manifest.
    pub source: String,
}

impl IndicatorDef {
    /// Whether it is worked out from `[demand]`, and there only with it.
    pub fn is_of_demand(&self) -> bool {
        matches!(self.from, IndicatorOrigin::Ours(i) if INDICATORS[i].of_demand)
    }

    /// In few words, for the terminal: those of ours in three or four, one of the county table by its name.
    pub fn in_short(&self, zh: bool) -> &str {
        match self.from {
            IndicatorOrigin::Ours(i) => INDICATORS[i].short[usize::from(zh)],
            _ if zh => &self.zh,
            _ => &self.key,
        }
    }
}

/// Where an indicator comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IndicatorOrigin {
    /// One of [`INDICATORS`], by number.
    Ours(usize),
    /// A column of the county table.
    Column {
        /// Its header.
        column: String,
        /// What it is divided by: a column, `population` or `road_km`.
        denominator: Option<String>,
    },
}

/// The ranking as it was asked for, checked.
#[derive(Clone, Debug)]
pub struct RankSettings {
    /// As it stands in the region file.
    pub table: RankTable,
    /// Weights of our indicators and of road classes.
    pub weights: Weights,
    /// Ours first, in the order of [`INDICATORS`], then the user's.
    pub indicators: Vec<IndicatorDef>,
    /// Steps in their order.
    pub method: Method,
    /// By the rules of folders that say nothing of missing values: a county whose cost is not known is not ranked.
    pub before_bounds: bool,
}

impl RankSettings {
    /// Checks `[rank]`.
    ///
    /// # Errors
    /// Usage, naming the key: an unknown indicator or pillar, a weight that is none, a method that cannot be done, a line that is
    /// none or several of places, quota and budget, a joint application of whose values nobody can tell whether they add up.
    pub fn from_table(table: &RankTable) -> Result<Self> {
        let settings = Self::read(table)?;
        check_fixed(table, &settings.method, &settings.indicators)?;
        check_together(table, &settings.indicators)?;
        Ok(settings)
    }

    /// The `[rank]` of a finished folder, by the rules that it was made by: `before_bounds` where it says nothing of missing values.
    ///
    /// # Errors
    /// As [`RankSettings::from_table`].
    pub fn of_finished(table: &RankTable, before_bounds: bool) -> Result<Self> {
        if before_bounds {
            return Ok(Self { before_bounds, ..Self::read(table)? });
        }
        // a folder that does not say how values of an application are put together has none of them, and stays as it is
        let settings = Self::read(table)?;
        check_fixed(table, &settings.method, &settings.indicators)?;
        Ok(settings)
    }

    /// Whether some indicator that counts is worked out from `[demand]`.
    pub fn is_of_demand(&self) -> bool {
        self.indicators.iter().any(|d| d.is_of_demand() && d.weight > 0.0)
    }

    /// Refuses indicators of demand where there is none.
    ///
    /// # Errors
    /// Usage, naming the weight of the first.
    pub fn check_demand(&self, demand: bool) -> Result<()> {
        let asked = self.indicators.iter().find(|d| d.is_of_demand() && d.weight > 0.0);
        let Some(def) = asked.filter(|_| !demand) else { return Ok(()) };
        let what = format!("{} is worked out from [demand], and there is no [demand]", def.key);
        Err(bad(format!("rank.weights.{}", def.key), what, "give [demand], or leave the weight out"))
    }

    fn read(table: &RankTable) -> Result<Self> {
        bounds::check_rank(table)?;
        let own: Vec<&str> = table.indicators.iter().map(|i| i.key.as_str()).collect();
        let weights = Weights::from_table(table, &own)?;
        let mut indicators = ours(&weights);
        for (n, given) in table.indicators.iter().enumerate() {
            let key = format!("rank.indicators[{n}]");
            if indicators.iter().any(|d| d.key == given.key) {
                let next = "give it another key";
                return Err(bad(format!("{key}.key"), format!("there is an indicator \"{}\" already", given.key), next));
            }
            if !given.key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_') || given.key.is_empty() {
                let what = format!("\"{}\" is not a name for a column", given.key);
                return Err(bad(format!("{key}.key"), what, "use a to z, 0 to 9 and _"));
            }
            weight(&format!("{key}.weight"), given.weight)?;
            indicators.push(users(given, table.weights.get(&given.key).copied()));
        }
        set_goalposts(table, &mut indicators)?;
        let pillars: BTreeSet<&str> = indicators.iter().map(|d| d.pillar.as_str()).collect();
        for (key, value) in &table.pillars {
            let at = format!("rank.pillars.{key}");
            if !pillars.contains(key.as_str()) {
                return Err(bad(at, format!("\"{key}\" is not a pillar"), &did_you_mean(key, pillars.iter().copied())));
            }
            weight(&at, *value)?;
        }
        let weighs = |p: &&str| table.pillars.get(*p).is_none_or(|w| *w > 0.0);
        if !pillars.iter().any(weighs) {
            return Err(bad("rank.pillars".to_owned(), "all weights are 0".to_owned(), "give at least one above 0"));
        }
        check_lines(&table.lines)?;
        check_columns(table)?;
        check_eligibility(table)?;
        check_points(table, &indicators)?;
        check_uncertainty(table)?;
        let method = method_of(table)?;
        Ok(Self { table: table.clone(), weights, indicators, method, before_bounds: false })
    }

    /// Where the goalposts of an indicator come from; empty where nobody says.
    pub fn goalpost_source(&self, key: &str) -> &str {
        let own = self.table.goalposts.get(key).map_or("", Goalpost::source);
        if own.is_empty() { self.table.goalposts_source() } else { own }
    }

    /// SHA-256 of the finished round or file that the goalposts of an indicator come from; none of a target, as stated.
    pub fn goalpost_sha256(&self, key: &str) -> Option<&str> {
        self.table.goalposts.get(key).and_then(Goalpost::sha256)
    }

    /// Whether somebody wrote the goalposts of an indicator by hand, and not the program from a finished round.
    pub fn goalpost_by_hand(&self, key: &str) -> bool {
        self.table.goalposts.get(key).is_some_and(Goalpost::is_by_hand)
    }

    /// Whether scores hold whoever takes part: every scale runs between goalposts.
    pub fn is_fixed(&self) -> bool {
        is_fixed(&self.method)
    }

    /// The province of a county, by the digits of its code; empty where codes name none.
    pub fn province<'c>(&self, code: &'c str) -> &'c str {
        let gb = code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit());
        let digits = self.table.province_digits.unwrap_or(if gb { 2 } else { 0 });
        code.get(..digits).unwrap_or("")
    }
}

fn is_fixed(method: &Method) -> bool {
    method.steps.contains(&Step::Normalise(Normalisation::Goalposts))
}

fn set_goalposts(table: &RankTable, indicators: &mut [IndicatorDef]) -> Result<()> {
    for (key, given) in table.goalposts_of() {
        let at = format!("rank.goalposts.{key}");
        let known = || indicators.iter().map(|d| d.key.as_str());
        let Some(i) = indicators.iter().position(|d| d.key == *key) else {
            return Err(bad(at, format!("\"{key}\" is not an indicator"), &did_you_mean(key, known())));
        };
        let Some([low, high]) = given.ends() else {
            let next = "goalposts are [low, high], or low and high with a source; file and source are texts";
            return Err(bad(at, format!("\"{key}\" is given a text in place of goalposts"), next));
        };
        if !(low.is_finite() && high.is_finite() && low < high && (high - low).is_finite()) {
            return Err(bad(at, format!("{low} and {high} are not a lower and an upper end"), "give [low, high]"));
        }
        let own = given.source();
        let source = if own.is_empty() { table.goalposts_source() } else { own };
        if let Some(sha) = given.sha256().filter(|sha| source.trim().is_empty() || !is_sha256(sha)) {
            let what = format!("\"{sha}\" is no SHA-256 of a source that is named");
            let next =
                "give source with sha256 (64 hexadecimal digits: of a file, or manifest_sha256 of a finished round), or neither";
            return Err(bad(format!("{at}.sha256"), what, next));
        }
        indicators[i].goalposts = Some((low, high));
        indicators[i].goalposts_from = (source.to_owned(), given.sha256().map(str::to_owned));
        indicators[i].goalposts_by_hand = given.is_by_hand();
    }
    Ok(())
}

/// Goalposts are used, every indicator has them, and nothing beside them makes a score depend on who else takes part.
fn check_fixed(table: &RankTable, method: &Method, indicators: &[IndicatorDef]) -> Result<()> {
    if !is_fixed(method) {
        if table.goalposts.is_empty() {
            return Ok(());
        }
        let next = "write normalise = \"goalposts\" under [rank.method], or leave them out";
        return Err(bad("rank.goalposts".to_owned(), "the method does not use goalposts".to_owned(), next));
    }
    if let Some(d) = indicators.iter().find(|d| d.weight > 0.0 && d.goalposts.is_none()) {
        let next = format!("give rank.goalposts.{} = [low, high]", d.key);
        return Err(bad("rank.method.normalise".to_owned(), format!("\"{}\" has no goalposts", d.key), &next));
    }
    let m = &table.method;
    let missing = m.missing.as_str();
    let refused = [
        (m.weighting == Some(Weighting::Pca), "rank.method.weighting", "weights made from the data of all counties"),
        (m.outliers.is_some(), "rank.method.outliers", "outliers found among all counties"),
        (table.uncertainty.outliers, "rank.uncertainty.outliers", "outliers found among all counties"),
        (m.aggregate == Some(Aggregation::Copeland), "rank.method.aggregate", "Copeland's comparison with every other county"),
        (
            !matches!(m.missing, Missing::OwnBounds | Missing::NotRankable | Missing::Carry),
            "rank.method.missing",
            "what is taken from, or for, other counties where a value is missing",
        ),
    ];
    let Some((_, key, what)) = refused.into_iter().find(|(is, ..)| *is) else { return Ok(()) };
    let what = format!("under goalposts a score is the same whoever takes part, and {what} would move it");
    let next = if key == "rank.method.missing" {
        format!("write missing = \"own_bounds\" or \"not_rankable\" in place of \"{missing}\", or leave the goalposts out")
    } else {
        "leave it out, or leave the goalposts out and rank by the counties of this round alone".to_owned()
    };
    Err(bad(key.to_owned(), what, &next))
}

/// An indicator of the user that nothing divides: of counties that apply together nobody can tell whether its values add up.
fn check_together(table: &RankTable, indicators: &[IndicatorDef]) -> Result<()> {
    for (n, given) in table.indicators.iter().enumerate() {
        let at = format!("rank.indicators[{n}].together");
        let key = &given.key;
        if given.together.is_some() && given.denominator.is_some() {
            let what = format!(
                "{key} has a denominator, so what it divides and what divides it are added up for counties that apply together"
            );
            return Err(bad(at, what, "leave `together` out"));
        }
        let counts = indicators.iter().any(|d| d.key == *key && d.weight > 0.0);
        let Some(joint) = table.joint.first().filter(|_| counts && given.together.is_none() && given.denominator.is_none())
        else {
            continue;
        };
        let what = format!(
            "\"{}\" is a joint application, and the round does not say what its counties have together of {key}: a number of things adds up, a share or a price does not",
            joint.name
        );
        let next = format!(
            "write under [[rank.indicators]] key = \"{key}\" a line together = \"sum\" (12 and 30 lorries are 42), \"mean\" (21), \"highest\" (30) or \"lowest\" (12); or a denominator, so that both parts are added up"
        );
        return Err(bad(at, what, &next));
    }
    Ok(())
}

fn ours(weights: &Weights) -> Vec<IndicatorDef> {
    let def = |(i, weight): (usize, &f64)| {
        let d = &INDICATORS[i];
        IndicatorDef {
            key: d.key.to_owned(),
            en: d.en.to_owned(),
            zh: d.zh.to_owned(),
            unit: d.unit.to_owned(),
            direction: d.direction,
            pillar: d.pillar.to_owned(),
            weight: *weight,
            from: IndicatorOrigin::Ours(i),
            goalposts: None,
            goalposts_from: Default::default(),
            goalposts_by_hand: false,
            source: "chargegap".to_owned(),
        }
    };
    weights.indicators.iter().enumerate().map(def).collect()
}

fn users(given: &crate::config::rank_table::IndicatorTable, weight: Option<f64>) -> IndicatorDef {
    let or_key = |text: &str| if text.is_empty() { given.key.clone() } else { text.to_owned() };
    IndicatorDef {
        key: given.key.clone(),
        en: or_key(&given.en),
        zh: or_key(&given.zh),
        unit: given.unit.clone(),
        direction: given.direction,
        pillar: given.pillar.clone(),
        weight: weight.unwrap_or(given.weight),
        from: IndicatorOrigin::Column {
            column: given.header().to_owned(),
            denominator: given.denominator.as_deref().map(|d| d.trim().to_owned()),
        },
        goalposts: None,
        goalposts_from: Default::default(),
        goalposts_by_hand: false,
        source: if given.source.is_empty() { "county table".to_owned() } else { given.source.clone() },
    }
}

fn method_of(table: &RankTable) -> Result<Method> {
    let m = &table.method;
    let aggregate = m.aggregate.unwrap_or(Aggregation::Arithmetic);
    let impute = Step::Impute(match m.missing {
        Missing::OwnBounds | Missing::NotRankable | Missing::LeaveOut | Missing::Carry => Imputation::None,
        Missing::MeanOfProvince => Imputation::GroupMean,
        Missing::MedianOfProvince => Imputation::GroupMedian,
        Missing::LeastFavourableOfProvince => Imputation::GroupLeast,
    });
    let mut steps = vec![Step::Denominate];
    match m.screen_min_share {
        None => steps.push(impute),
        Some(share) if !(0.0..=1.0).contains(&share) => {
            let at = "rank.method.screen_min_share".to_owned();
            return Err(bad(at, format!("{share} is not a share"), "give a number from 0 to 1"));
        }
        Some(share) if m.screen_first => steps.extend([Step::Screen(share), impute]),
        Some(share) => steps.extend([impute, Step::Screen(share)]),
    }
    if let Some(o) = m.outliers {
        steps.push(Step::Treat { skew: o.skew, kurtosis: o.kurtosis, winsorise: o.winsorise });
    }
    let usual = if table.goalposts_of().next().is_some() { Normalisation::Goalposts } else { Normalisation::MinMax };
    let normalise = m.normalise.unwrap_or(usual);
    steps.push(Step::Normalise(normalise));
    steps.push(Step::Aggregate(aggregate));
    let above_nought = matches!(aggregate, Aggregation::Geometric | Aggregation::Harmonic);
    let scale = m.scale.map_or(if above_nought { (1.0, 100.0) } else { (0.0, 100.0) }, |s| (s[0], s[1]));
    if !(scale.0.is_finite() && scale.1.is_finite() && scale.0 >= 0.0 && scale.0 < scale.1 && scale.1 <= 100.0) {
        let what = format!("{} to {} is not a scale of scores", scale.0, scale.1);
        return Err(bad("rank.method.scale".to_owned(), what, "give two numbers from 0 to 100, the lower first"));
    }
    // Points are weights that add up to what was to be given; that is checked, and no more is to them.
    let weighting = match m.weighting {
        None | Some(Weighting::Points(_)) => Weighting::Given,
        Some(other) => other,
    };
    let lacking = match m.missing {
        Missing::NotRankable => Lacking::NotRanked,
        Missing::OwnBounds if has_no_ends(normalise, weighting, aggregate) => Lacking::NotRanked,
        Missing::OwnBounds if normalise.is_relative() => Lacking::BelowLowest,
        Missing::OwnBounds => Lacking::Lowest,
        _ => Lacking::Carry,
    };
    let steady = m.missing.is_steady() || (m.missing == Missing::Carry && !normalise.is_relative());
    Ok(Method { steps, weighting, scale, lacking, steady })
}

/// Whether a missing value has no ends to try: a z-score has none, and where weights or points are made from all counties, nobody can
/// say which value would give the fewest points.
pub(super) fn has_no_ends(normalise: Normalisation, weighting: Weighting, aggregate: Aggregation) -> bool {
    normalise == Normalisation::ZScore || weighting == Weighting::Pca || aggregate == Aggregation::Copeland
}

/// Points must add up to what was to be given.
fn check_points(table: &RankTable, indicators: &[IndicatorDef]) -> Result<()> {
    let Some(Weighting::Points(total)) = table.method.weighting else { return Ok(()) };
    let given: f64 = indicators.iter().map(|d| d.weight).sum();
    if (given - f64::from(total)).abs() > 1e-9 * f64::from(total) {
        let what = format!("the points of the indicators add up to {given}, not to {total}");
        return Err(bad(
            "rank.weights".to_owned(),
            what,
            &format!("give {total} points in all, 0 to those that are not to count"),
        ));
    }
    Ok(())
}

fn check_eligibility(table: &RankTable) -> Result<()> {
    let rules = &table.eligibility;
    let least = [("min_trust", rules.min_trust, 100.0), ("min_road_km", rules.min_road_km, 1e7)];
    for (key, value, most) in least {
        if value.is_some_and(|v| !(0.0..=most).contains(&v)) {
            let at = format!("rank.eligibility.{key}");
            return Err(bad(at, format!("{} is no least value", value.unwrap_or(0.0)), &format!("give 0 to {most}")));
        }
    }
    if rules.only.as_ref().is_some_and(Vec::is_empty) {
        return Err(bad("rank.eligibility.only".to_owned(), "no county is left".to_owned(), "name some, or leave the key out"));
    }
    Ok(())
}

fn check_lines(lines: &[LineTable]) -> Result<()> {
    let mut names = BTreeSet::new();
    for (n, line) in lines.iter().enumerate() {
        let key = format!("rank.lines[{n}]");
        let name = visible(&line.name);
        if name.trim().is_empty() || !names.insert(name) {
            return Err(bad(format!("{key}.name"), format!("\"{}\" is no name of its own", line.name), "give each line a name"));
        }
        let kinds = [line.places.is_some(), line.quota.is_some(), line.budget.is_some()];
        if !kinds.contains(&true) {
            return Err(bad(key, format!("\"{}\" has no limit", line.name), "give one or more of places, quota and budget"));
        }
        if line.budget.is_none() && (line.cost.is_some() || line.cost_column.is_some() || line.skip) {
            let what = format!("\"{}\" has a cost or skip, and no budget", line.name);
            return Err(bad(key, what, "give a budget, or leave them out"));
        }
        if line.quota.as_ref().is_some_and(BTreeMap::is_empty) {
            return Err(bad(format!("{key}.quota"), "there is no province in it".to_owned(), "give places by province"));
        }
        if line.budget.is_some() && line.cost.is_some() == line.cost_column.is_some() {
            let what = format!("\"{}\" does not say what a county costs", line.name);
            return Err(bad(key, what, "give cost, the same for all, or cost_column"));
        }
    }
    Ok(())
}

/// A name as tables show it: control characters are left out, a cell being one line of text.
fn visible(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).collect()
}

/// Columns that only control characters tell apart are one in `county_columns.csv`.
fn check_columns(table: &RankTable) -> Result<()> {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for (key, column) in table.columns_by_key() {
        let name = visible(column);
        if name.is_empty() || *seen.entry(name).or_insert(column) != column {
            let what = format!("the column {column:?} is empty, or another one but for control characters");
            return Err(bad(key, what, "rename it in the county table"));
        }
    }
    Ok(())
}

fn check_uncertainty(table: &RankTable) -> Result<()> {
    let u = &table.uncertainty;
    let spreads = [("weights_spread", u.weights_spread, 1.0), ("goalposts_spread", u.goalposts_spread, 0.5)];
    for (key, value, below) in spreads {
        if !(0.0..below).contains(&value) {
            let at = format!("rank.uncertainty.{key}");
            return Err(bad(at, format!("{value} is not a spread"), &format!("give a share from 0 to below {below}")));
        }
    }
    if u.normalise.contains(&Normalisation::Goalposts) || u.aggregate.contains(&Aggregation::Copeland) {
        let next = "goalposts and Copeland can be the method, not one of the choices that are varied";
        return Err(bad("rank.uncertainty".to_owned(), "a choice that cannot be varied".to_owned(), next));
    }
    if !(0.0 <= u.out && u.out < u.certain && u.certain <= 1.0) {
        let what = format!("out up to {} and certain from {} are not two shares, the first lower", u.out, u.certain);
        return Err(bad("rank.uncertainty".to_owned(), what, "give e.g. out = 0.05, certain = 0.95"));
    }
    Ok(())
}

fn weight(key: &str, value: f64) -> Result<()> {
    if (0.0..=MOST_WEIGHT).contains(&value) {
        return Ok(());
    }
    Err(bad(key.to_owned(), format!("{value} is not a weight"), "give 0 or more"))
}

fn did_you_mean<'k>(typed: &str, known: impl Iterator<Item = &'k str> + Clone) -> String {
    nearest(typed, known.clone())
        .map_or_else(|| format!("known: {}", known.collect::<Vec<_>>().join(", ")), |n| format!("did you mean \"{n}\"?"))
}

fn bad(key: String, what: String, next: &str) -> Error {
    Error::usage(what, next).at(Location::default().field(key))
}
