//! A plan by ways from its files alone: what its sites take away of them and the bound on it, from `plan_ways.csv`; the ways of counties against
//! those of their settlements.

use super::opened::Opened;
use super::plan::PlanFaults;
use super::plan_files::{Asked, PlanFiles};
use super::{Findings, close};
use crate::config::plan::Objective;
use crate::error::Result;
use crate::files::csv_table::{CsvRow, CsvTable};
use crate::plan::most_at;
use crate::siting::{DistanceBound, DistanceRows, Distances, Limit, Question};
use crate::tables::plan_parts::{CANDIDATES, COUNTIES, QUALITY};
use crate::tables::plan_ways::{WAYS, way_km};
use crate::tables::settlements;
use std::collections::BTreeMap;

/// One kilometre.
const KM_MM: u64 = 1_000_000;

/// What values and bounds are computed from.
pub(super) struct Ways {
    objective: Objective,
    /// Candidates by number, and behind them what stands.
    pub near: Distances,
    multipliers: Vec<u64>,
    /// The longest way that there must be, as it is told, millimetres.
    least_told: u64,
}

/// A row as it stands.
struct Told {
    near: Vec<(u32, u64)>,
    weight: u64,
    multiplier: u64,
}

impl Ways {
    /// Reads them; none, with faults, where they do not fit together.
    pub fn read(
        asked: &Asked,
        (rows, quality): (&CsvTable, &CsvTable),
        candidates: usize,
        faults: &mut PlanFaults,
    ) -> Result<Option<Self>> {
        let Some(question) = quality.rows().next() else { return Ok(None) };
        let beyond = question.mm("beyond_km")?;
        let (mut all, mut told) = (DistanceRows::new(beyond), Vec::new());
        for row in rows.rows() {
            let Some(one) = read(&row, candidates, beyond)? else {
                faults.differs(WAYS, &row, "ways_mm", CANDIDATES);
                return Ok(None);
            };
            all.add(&one.near, one.weight);
            told.push((one, row.place()));
        }
        let near = all.freeze(candidates + 1);
        let same = |near: &Distances| {
            let is =
                |r: usize, t: &Told| near.weights()[r] == t.weight && near.of_row(r).iter().all(|n| t.near.contains(&(n.1, n.0)));
            near.rows() == told.len() && told.iter().enumerate().all(|(r, (t, _))| is(r, t))
        };
        // the next whole kilometre above the longest way that anybody has
        let longest = told.iter().flat_map(|(t, _)| t.near.iter().map(|n| n.1)).max().unwrap_or(0);
        if beyond != (longest / KM_MM + 1) * KM_MM {
            faults.differs(QUALITY, &question, "beyond_km", WAYS);
        }
        let Some(near) = near.filter(same) else {
            faults.0.push(format!("{WAYS}: its rows are not in order, or stand twice"));
            return Ok(None);
        };
        let multipliers = told.into_iter().map(|(t, _)| t.multiplier).collect();
        let mut ways = Self { objective: asked.objective, near, multipliers, least_told: 0 };
        ways.least_told = ways.before().saturating_sub(asked.units(&question, "bound")?);
        Ok(Some(ways))
    }

    fn standing(&self) -> u32 {
        self.near.sites() as u32 - 1
    }

    fn left(&self, sites: &[u32]) -> u64 {
        let far = self.near.nearest(&[sites, &[self.standing()]].concat());
        match self.objective {
            Objective::Farthest => far.into_iter().max().unwrap_or(0),
            _ => far.iter().zip(self.near.weights()).map(|(mm, w)| mm * w).sum(),
        }
    }

    /// Ways as things are: their sum, or the longest.
    pub fn before(&self) -> u64 {
        self.left(&[])
    }

    /// What all candidates together would take away.
    pub fn total(&self) -> u64 {
        self.before() - self.left(&(0..self.standing()).collect::<Vec<u32>>())
    }

    /// What each of some sites takes away beyond those before it.
    pub fn gains(&self, order: &[u32]) -> Vec<u64> {
        let mut left = self.before();
        let gain = |k: usize| {
            let now = self.left(&order[..=k]);
            std::mem::replace(&mut left, now) - now
        };
        (0..order.len()).map(gain).collect()
    }

    /// No choice within a limit, where each candidate costs so much, takes away more.
    pub fn bound(&self, (most, mut costs): (u64, Vec<u64>), (inside, out): (&[bool], &[bool])) -> Option<u64> {
        costs.push(0); // what stands takes nothing
        let limit = Limit::Budget(most, costs);
        let flags = |list: &[bool], standing: bool| [list, &[standing]].concat();
        let (inside, out) = (flags(inside, true), flags(out, false));
        if self.objective != Objective::Farthest {
            let least = DistanceBound { multipliers: self.multipliers.clone() }.value(&self.near, &limit, (&inside, &out))?;
            return Some(self.before().saturating_sub(least).min(self.total()));
        }
        let list = |flags: &[bool]| (0u32..).zip(flags).filter(|f| *f.1).map(|f| f.0).collect();
        let question = Question { limit, inside: list(&inside), out: list(&out) };
        let proven = most_at(&self.near, (self.least_told, &self.multipliers), &question).is_some();
        Some(if proven { self.before().saturating_sub(self.least_told) } else { self.total() }.min(self.total()))
    }

    /// Ways of so much in all as they are shown, km.
    pub fn mean_km(&self, whole: u64) -> Option<f64> {
        way_km(self.objective, whole, self.weight())
    }

    fn weight(&self) -> u64 {
        self.near.weights().iter().sum()
    }
}

/// A row; none where its lists do not fit.
fn read(row: &CsvRow<'_>, candidates: usize, beyond: u64) -> Result<Option<Told>> {
    let list = |column: &str| -> Option<Vec<u64>> {
        let cell = row.get(column);
        cell.split(' ').filter(|_| !cell.is_empty()).map(|n| n.parse().ok()).collect()
    };
    let (weight, now) = (row.count("weight")?, row.whole("now_mm")?);
    let (Some(sites), Some(ways), Ok(multiplier)) = (list("candidates"), list("ways_mm"), row.get("multiplier").parse()) else {
        return Ok(None);
    };
    let fits = sites.len() == ways.len()
        && sites.is_sorted_by(|a, b| a < b)
        && sites.last().is_none_or(|last| (*last as usize) < candidates)
        && ways.iter().all(|mm| *mm < now.unwrap_or(beyond))
        && now.is_none_or(|now| now < beyond)
        && weight > 0;
    let near = sites.into_iter().map(|s| s as u32).zip(ways).chain(now.map(|now| (candidates as u32, now)));
    Ok(fits.then(|| Told { near: near.collect(), weight, multiplier }))
}

/// Means of the question, and ways by county.
pub(super) fn check(
    o: &Opened,
    plan: &PlanFiles<'_>,
    ways: &Ways,
    (counties, quality): (&CsvTable, &CsvTable),
    faults: &mut PlanFaults,
    findings: &mut Findings,
) -> Result<()> {
    let (before, value) = (ways.before(), plan.gains.iter().sum::<u64>());
    let (mut weighed, mut sums) = (0, [0, 0]);
    for row in quality.rows() {
        let bound = plan.asked.units(&row, "bound")?;
        let want = [("way_km_before", before), ("way_km_after", before - value), ("way_km_least", before.saturating_sub(bound))];
        for (column, whole) in want {
            if !close(row.number(column)?, way_km(ways.objective, whole, ways.weight())) {
                faults.differs(QUALITY, &row, column, WAYS);
            }
        }
        if row.count("weighed")? != ways.weight() {
            faults.differs(QUALITY, &row, "weighed", WAYS);
        }
    }
    let layer = format!("{}.geojson", settlements::NAME);
    let settled = if o.holds(&layer) { settled(o, plan.asked, findings)? } else { BTreeMap::new() };
    for row in counties.rows() {
        let own = row.count("weighed")?;
        let both = [plan.asked.units(&row, "ways_before")?, plan.asked.units(&row, "ways_after")?];
        let (known, sum) = settled.get(&row.code("county_code")?).copied().unwrap_or_default();
        // who has no way counts as beyond all of them, or is left out where candidates have none either
        let without = own.checked_sub(known);
        let want = without.map(|n| match ways.objective {
            Objective::Farthest => {
                if n > 0 {
                    ways.near.beyond()
                } else {
                    sum
                }
            }
            _ => sum + n * ways.near.beyond(),
        });
        if o.holds(&layer) && want != Some(both[0]) {
            faults.differs(COUNTIES, &row, "ways_before", &layer);
        }
        weighed += own;
        for (all, one) in sums.iter_mut().zip(both) {
            *all = if ways.objective == Objective::Farthest { one.max(*all) } else { *all + one };
        }
    }
    if weighed != ways.weight() || sums != [before, before - value] {
        faults.0.push(format!("{COUNTIES}: its ways are not those of {WAYS} with the sites of the plan"));
    }
    Ok(())
}

/// By county: weight of settlements that have a way to a station, and their ways, added up or the longest.
fn settled(o: &Opened, asked: &Asked, findings: &mut Findings) -> Result<BTreeMap<String, (u64, u64)>> {
    let (mut all, way) = (BTreeMap::<String, (u64, u64)>::new(), format!("{}_distance_km", asked.service));
    o.features(settlements::NAME, findings, &mut |f| {
        let number = |column: &str| f.columns.get(column).and_then(|v| v.as_f64());
        let weight = if asked.objective == Objective::Distance { number("population").unwrap_or(0.0) as u64 } else { 1 };
        let code = f.columns.get("county_code").and_then(|v| v.as_str()).unwrap_or_default();
        if let Some(km) = number(&way).filter(|_| weight > 0) {
            let mm = (km * 1e6).round() as u64;
            let (known, sum) = all.entry(code.to_owned()).or_default();
            *known += weight;
            *sum = if asked.objective == Objective::Farthest { mm.max(*sum) } else { *sum + mm * weight };
        }
    })?;
    Ok(all)
}
