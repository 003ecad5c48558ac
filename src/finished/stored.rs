//! The evidence of a ranking from `figures.csv`, `county_columns.csv` and `ranking.csv`.

use super::Finished;
use crate::config::{RankTable, RoadClass};
use crate::error::{Error, Location, Result};
use crate::files::csv_table::{CsvRow, CsvTable};
use crate::files::schema::one_line;
use crate::rank::{CountyFigures, DemandFigures, Evidence, StationSet, Unit, is_of_demand};
use crate::tables::county_columns::FILE as COUNTY_COLUMNS;
use crate::tables::figures::{COUNTS, FILE as FIGURES, OF_DEMAND, OF_TOWNSHIPS};
use std::collections::{BTreeMap, BTreeSet};

/// What a folder knows for a ranking.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    /// The evidence, as `run` had it.
    pub evidence: Evidence,
    /// Headers of the county table that were kept, whether or not a county has a value there.
    pub columns: BTreeSet<String>,
}

impl Stored {
    /// Reads the evidence of a folder.
    ///
    /// # Errors
    /// Input, naming file, row and column: a file that is missing or was changed, a cell that is no number, a county that is not
    /// in every combination of service distance and station set.
    pub fn read(folder: &Finished) -> Result<Self> {
        let figures = folder.table(FIGURES)?;
        let (distances_mm, stations, figures_by_set) = figures_of(&figures)?;
        let mut units = units_of(&folder.table("ranking.csv")?, &figures, figures_by_set.first())?;
        let columns = fill_columns(&folder.table(COUNTY_COLUMNS)?, &mut units)?;
        let residents_given = folder.manifest["ranking"]["residents_given"] == true;
        let evidence = Evidence { units, distances_mm, stations, figures: figures_by_set, residents_given };
        Ok(Self { evidence, columns })
    }

    /// The evidence for a `[rank]`: under the service distances and station sets that it varies, and with the columns that it names.
    ///
    /// # Errors
    /// Usage, naming the key, for a distance or a column that the folder does not hold.
    pub fn evidence_for(&self, table: &RankTable) -> Result<Evidence> {
        let mut evidence = self.evidence.varied(&table.uncertainty)?;
        if let Some((key, _)) =
            table.weights.iter().find(|(key, w)| **w > 0.0 && is_of_demand(key)).filter(|_| !evidence.has_demand())
        {
            let what = format!("the folder has no figures for {key}: it was made without [demand]");
            let next = "run again with [demand], or leave its weight out";
            return Err(Error::usage(what, next).at(Location::default().field(format!("rank.weights.{key}"))));
        }
        for (key, column) in table.columns_by_key() {
            // A cell is one line of text: of a header with a line break the table has what is left without it.
            let kept = one_line(column);
            if !self.columns.contains(&kept) {
                let known: Vec<&str> = self.columns.iter().map(String::as_str).collect();
                let next =
                    if known.is_empty() { "none was kept".to_owned() } else { format!("those it has: {}", known.join(", ")) };
                let what =
                    format!("the folder has no column \"{column}\" of the county table; `run` keeps those that [rank] names");
                return Err(Error::usage(what, format!("{next}; or run again")).at(Location::default().field(key)));
            }
            for unit in &mut evidence.units {
                if let Some(value) = unit.columns.get(&kept).copied() {
                    unit.columns.insert(column.to_owned(), value);
                }
            }
        }
        Ok(evidence)
    }
}

type Sets = (Vec<u32>, Vec<StationSet>, Vec<Vec<CountyFigures>>);

/// Figures by combination, station sets running fastest, each with the same counties in the same order.
fn figures_of(table: &CsvTable) -> Result<Sets> {
    let mut keys: Vec<(u32, StationSet)> = Vec::new();
    let mut lists: Vec<Vec<CountyFigures>> = Vec::new();
    for row in table.rows() {
        let mm = u32::try_from(row.mm("service_distance_km")?)
            .map_err(|_| row.wrong("service_distance_km", "this is no service distance".to_owned()))?;
        let key = (mm, station_set(&row)?);
        if keys.last() != Some(&key) {
            keys.push(key);
            lists.push(Vec::new());
        }
        let f = county(&row)?;
        let list = lists.len() - 1;
        let (first, same) = lists.split_at_mut(1);
        if let Some(same) = same.last_mut() {
            if first[0].get(same.len()).map(|g| &g.code) != Some(&f.code) {
                return Err(row.wrong("county_code", format!("county {} is not where it is in the first combination", f.code)));
            }
            same.push(f);
        } else {
            if first[list].iter().any(|g| g.code == f.code) {
                return Err(row.wrong("county_code", format!("county {} is there twice", f.code)));
            }
            first[list].push(f);
        }
    }
    let mut distances: Vec<u32> = keys.iter().map(|k| k.0).collect();
    distances.dedup();
    let stations: Vec<StationSet> = keys.iter().take_while(|k| k.0 == distances[0]).map(|k| k.1).collect();
    let all: Vec<(u32, StationSet)> = distances.iter().flat_map(|d| stations.iter().map(move |s| (*d, *s))).collect();
    let twice = distances.iter().collect::<BTreeSet<_>>().len() < distances.len();
    if all != keys || twice || stations.first().is_some_and(|s| *s != StationSet::All) {
        return Err(table.wrong("not every service distance has the same station sets, `all` first".to_owned()));
    }
    if let Some(short) = lists.iter().find(|l| l.len() != lists[0].len()) {
        return Err(table.wrong(format!("one combination has {} counties and another {}", lists[0].len(), short.len())));
    }
    Ok((distances, stations, lists))
}

fn station_set(row: &CsvRow<'_>) -> Result<StationSet> {
    let word = row.cell("stations")?;
    let known = [StationSet::All, StationSet::Trusted].into_iter().find(|s| s.as_str() == word);
    known.ok_or_else(|| row.wrong("stations", format!("\"{word}\" is neither all nor trusted")))
}

fn county(row: &CsvRow<'_>) -> Result<CountyFigures> {
    let mut f = CountyFigures { code: row.code("county_code")?, ..CountyFigures::default() };
    for class in RoadClass::ALL {
        f.road_mm[class.index()] = row.mm(&format!("road_km_{}", class.as_str()))?;
        f.gap_mm[class.index()] = row.mm(&format!("gap_km_{}", class.as_str()))?;
        if f.gap_mm[class.index()] > f.road_mm[class.index()] {
            let column = format!("gap_km_{}", class.as_str());
            return Err(row.wrong(&column, "the gap is longer than the road".to_owned()));
        }
    }
    f.longest_stretch_mm = row.mm("longest_dead_stretch_km")?;
    for (count, (column, ..)) in f.counts_mut().into_iter().zip(COUNTS) {
        *count = row.count(column)?;
    }
    f.power_kw = row.number("power_kw")?.ok_or_else(|| row.wrong("power_kw", "the cell is empty".to_owned()))?;
    f.residents = row.whole("residents")?;
    f.demand = demand(row)?;
    Ok(f)
}

/// Figures of demand; none where there are no columns of them, or the county has none; of townships only where its vehicles are not known.
fn demand(row: &CsvRow<'_>) -> Result<Option<DemandFigures>> {
    if row.get(OF_DEMAND[0]).is_empty() {
        let townships = !row.get(OF_TOWNSHIPS[0]).is_empty();
        let [all, without] = OF_TOWNSHIPS;
        return townships.then(|| Ok(DemandFigures::of_townships(row.count(all)?, row.count(without)?))).transpose();
    }
    let number = |column: &str| {
        let value = row.number(column)?.filter(|v| v.is_finite() && *v >= 0.0);
        value.ok_or_else(|| row.wrong(column, "this is no number of 0 or more".to_owned()))
    };
    let [vehicles, ordinary, holiday, access_kw, peak_sessions_h, peak_wait_min] = OF_DEMAND;
    let [townships, without] = OF_TOWNSHIPS;
    Ok(Some(DemandFigures {
        vehicles: number(vehicles)?,
        short_kw: [number(ordinary)?, number(holiday)?],
        access_kw: number(access_kw)?,
        townships: row.count(townships)?,
        townships_without: row.count(without)?,
        peak_sessions_h: number(peak_sessions_h)?,
        peak_wait_min: number(peak_wait_min)?,
        filled: false,
    }))
}

/// Names and trust from the ranking, in the order of the figures.
fn units_of(ranking: &CsvTable, figures: &CsvTable, nominal: Option<&Vec<CountyFigures>>) -> Result<Vec<Unit>> {
    let mut by_code: BTreeMap<String, Unit> = BTreeMap::new();
    for row in ranking.rows() {
        let unit = Unit {
            code: row.code("county_code")?,
            name: row.text("name")?,
            name_zh: row.text("name_zh")?,
            columns: BTreeMap::new(),
            together: BTreeMap::new(),
            trust: row.number("trust_score")?,
            doubt: row.text("trust_reason")?,
        };
        if let Some(twice) = by_code.insert(unit.code.clone(), unit) {
            return Err(row.wrong("county_code", format!("county {} is there twice", twice.code)));
        }
    }
    let codes = nominal.map_or(&[][..], Vec::as_slice).iter().map(|f| f.code.as_str());
    let missing = |code: &str| figures.wrong(format!("county {code} is not in ranking.csv"));
    let units: Vec<Unit> = codes.map(|c| by_code.remove(c).ok_or_else(|| missing(c))).collect::<Result<_>>()?;
    match by_code.keys().next() {
        Some(code) => Err(figures.wrong(format!("county {code} of ranking.csv has no figures"))),
        None => Ok(units),
    }
}

/// The user's columns; returns their headers.
fn fill_columns(table: &CsvTable, units: &mut [Unit]) -> Result<BTreeSet<String>> {
    let index: BTreeMap<String, usize> = units.iter().enumerate().map(|(i, u)| (u.code.clone(), i)).collect();
    let mut headers = BTreeSet::new();
    for row in table.rows() {
        let (code, column) = (row.code("county_code")?, row.code("column")?);
        let unit = index.get(&code).ok_or_else(|| row.wrong("county_code", format!("county {code} has no figures")))?;
        if let Some(value) = row.number("value")? {
            units[*unit].columns.insert(column.clone(), value);
        }
        headers.insert(column);
    }
    Ok(headers)
}
