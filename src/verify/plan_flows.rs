//! A plan for vehicles that go from place to place from its files alone: who gets there, where they stop, and the bound on it, from the distances of
//! `plan_flow_legs.csv` and the cuts of `plan_flow_cuts.csv`.

use super::plan::PlanFaults;
use super::plan_files::{Asked, PlanFiles};
use crate::config::plan_flows::PlanFlowsAsked;
use crate::error::Result;
use crate::files::csv_table::{CsvRow, CsvTable};
use crate::files::text::grouped;
use crate::plan::{FlowState, FlowStates, flow_rule};
use crate::siting::{FlowBound, FlowCut, FlowDistances, FlowPair, Flows, Limit};
use crate::tables::plan_flows::{CUTS, FILE, LEGS};
use crate::tables::plan_parts::{CANDIDATES, CURVE};
use serde_json::Value;
use std::collections::BTreeMap;

/// Farther than any way.
const MOST_MM: u64 = 9_000_000_000_000;

/// What was asked of flows, as the manifest tells it; none where nothing was.
pub(super) fn asked(told: &Value) -> Option<PlanFlowsAsked> {
    let mm = |key: &str| told[key].as_f64().filter(|km| (1.0..=2000.0).contains(km)).map(|km| (km * 1e6).round() as u64);
    let longer = told["longer_percent"].as_f64().filter(|share| (0.0..=200.0).contains(share))?;
    Some(PlanFlowsAsked { range_mm: mm("range_km")?, start_mm: mm("start_km"), longer: (longer * 10.0).round() as u64 })
}

/// What values and bounds are computed from.
pub(super) struct FlowsRead {
    flows: Flows,
    bound: FlowBound,
    /// Pairs in the order of the table.
    pairs: Vec<FlowPair>,
    /// Candidates; stations that stand come behind them.
    own: usize,
    /// What gets there past what stands.
    before: u64,
}

impl FlowsRead {
    /// Reads them; none, with faults, where they do not fit together.
    pub fn read(
        asked: &Asked,
        (pairs, legs, cuts): (&CsvTable, &CsvTable, &CsvTable),
        own: usize,
        faults: &mut PlanFaults,
    ) -> Result<Option<Self>> {
        let Some(rule) = &asked.flows else { return Ok(None) };
        let (rule, deviation) = flow_rule(rule);
        let Some(pairs) = read_pairs(asked, pairs, faults)? else { return Ok(None) };
        let Some(distances) = read_legs(legs, (&pairs, own), faults)? else { return Ok(None) };
        let Some(flows) = Flows::of(&distances, rule, deviation) else {
            faults.0.push(format!("{LEGS}: its rows and those of {FILE} do not fit together"));
            return Ok(None);
        };
        if distances.of_use(&flows) != distances {
            faults.0.push(format!("{LEGS}: it has distances that no flow has a use for"));
        }
        let bound = read_cuts(cuts, &pairs, faults)?;
        let mut read = Self { flows, bound, pairs, own, before: 0 };
        read.before = read.served(&[]);
        Ok(Some(read))
    }

    fn standing(&self) -> Vec<u32> {
        (self.own as u32..self.flows.sites() as u32).collect()
    }

    fn served(&self, candidates: &[u32]) -> u64 {
        self.flows.served(&[candidates, &self.standing()].concat())
    }

    /// Pairs that a choice of sites can decide.
    pub fn rows(&self) -> usize {
        self.flows.trips()
    }

    /// What some candidates let through that does not get there past what stands.
    pub fn value(&self, candidates: &[u32]) -> u64 {
        self.served(candidates) - self.before
    }

    /// What all candidates together do.
    pub fn total(&self) -> u64 {
        self.value(&(0..self.own as u32).collect::<Vec<u32>>())
    }

    /// What each of some sites adds to those before it.
    pub fn gains(&self, order: &[u32]) -> Vec<u64> {
        let mut before = 0;
        let gain = |k: usize| {
            let now = self.value(&order[..=k]);
            now - std::mem::replace(&mut before, now)
        };
        (0..order.len()).map(gain).collect()
    }

    /// No choice within a limit, where each candidate costs so much, lets more through.
    pub fn bound(&self, (most, mut costs): (u64, Vec<u64>), (inside, out): (&[bool], &[bool])) -> Option<u64> {
        let flags = |list: &[bool], standing: bool| {
            let mut all = list.to_vec();
            all.resize(self.flows.sites(), standing);
            all
        };
        costs.resize(self.flows.sites(), 0);
        let limit = Limit::Budget(most, costs);
        let bound = self.bound.value(&self.flows, &limit, (&flags(inside, true), &flags(out, false)), None)?;
        Some(bound.saturating_sub(self.before).min(self.total()))
    }

    fn states(&self, order: &[u32]) -> FlowStates<'_> {
        FlowStates::new(&self.flows, self.own as u32, order)
    }

    /// What the report says of them.
    pub fn told(&self, order: &[u32]) -> String {
        let mut sums: BTreeMap<&str, u64> = BTreeMap::new();
        let states = self.states(order);
        self.pairs.iter().for_each(|p| *sums.entry(states.of(p).0.as_str()).or_default() += p.weight);
        let sum = |states: &[FlowState]| grouped((states.iter().filter_map(|s| sums.get(s.as_str())).sum::<u64>() + 500) / 1000);
        format!(
            "{} of them need no charging, {} get there past stations that stand, {} with the plan; {} do not, {} of these by no candidate",
            sum(&[FlowState::NeedsNone]),
            sum(&[FlowState::Before]),
            sum(&[FlowState::WithPlan]),
            sum(&[FlowState::Not, FlowState::Never]),
            sum(&[FlowState::Never])
        )
    }
}

/// The pairs in the order of the table; none, with faults, where they are not in order.
fn read_pairs(asked: &Asked, table: &CsvTable, faults: &mut PlanFaults) -> Result<Option<Vec<FlowPair>>> {
    let mut pairs: Vec<FlowPair> = Vec::new();
    for (k, row) in table.rows().enumerate() {
        let pair = (place(&row, "origin_place")?, place(&row, "destination_place")?);
        let shortest = if row.get("way_km").is_empty() { None } else { Some(row.mm("way_km")?) };
        let fits = row.count("flow")? == k as u64 + 1
            && pairs.last().is_none_or(|last| last.pair < pair)
            && shortest.is_none_or(|mm| mm < MOST_MM);
        if !fits {
            faults.differs(FILE, &row, "flow", "the row before it");
            return Ok(None);
        }
        pairs.push(FlowPair { pair, weight: asked.units(&row, "vehicles")?, shortest });
    }
    Ok(Some(pairs))
}

fn place(row: &CsvRow<'_>, column: &str) -> Result<u32> {
    let number = u32::try_from(row.count(column)?);
    number.map_err(|_| row.wrong(column, format!("\"{}\" is the number of no place", row.get(column))))
}

/// The distances; none, with faults, where one is of no place or site.
fn read_legs(table: &CsvTable, (pairs, own): (&[FlowPair], usize), faults: &mut PlanFaults) -> Result<Option<FlowDistances>> {
    let mut all = FlowDistances { pairs: pairs.to_vec(), sites: own, ..FlowDistances::default() };
    for FlowPair { pair, .. } in pairs {
        all.from.entry(pair.0).or_default();
        all.to.entry(pair.1).or_default();
    }
    let site = |row: &CsvRow<'_>, column: &str| Ok::<_, crate::error::Error>(row.whole(column)?.filter(|n| *n < 10_000_000));
    for row in table.rows() {
        let mm = row.count("mm")?;
        let [from, to] = [site(&row, "from_site")?, site(&row, "to_site")?];
        let [begin, end] = [row.whole("from_place")?, row.whole("to_place")?].map(|p| p.and_then(|p| u32::try_from(p).ok()));
        let own_row = |all: &mut FlowDistances| match (begin, from, to, end) {
            (Some(place), None, Some(s), None) => {
                all.from.get_mut(&place)?.push((s as u32, mm));
                Some(s)
            }
            (None, Some(s), Some(t), None) => {
                all.legs.push((s as u32, t as u32, mm));
                Some(s.max(t))
            }
            (None, Some(s), None, Some(place)) => {
                all.to.get_mut(&place)?.push((s as u32, mm));
                Some(s)
            }
            _ => None,
        };
        let Some(last) = own_row(&mut all).filter(|_| mm < MOST_MM) else {
            faults.differs(LEGS, &row, "mm", FILE);
            return Ok(None);
        };
        all.sites = all.sites.max(last as usize + 1);
    }
    let sorted = |lists: &BTreeMap<u32, Vec<(u32, u64)>>| lists.values().all(|l| l.is_sorted_by(|a, b| a.0 < b.0));
    if !(sorted(&all.from) && sorted(&all.to) && all.legs.is_sorted_by(|a, b| (a.0, a.1) < (b.0, b.1))) {
        faults.0.push(format!("{LEGS}: its rows are not in order, or stand twice"));
        return Ok(None);
    }
    shorter(&all, faults);
    Ok(Some(all))
}

/// No way past a site is shorter than the shortest.
fn shorter(all: &FlowDistances, faults: &mut PlanFaults) {
    for FlowPair { pair, shortest, .. } in &all.pairs {
        let (Some(least), Some(from), Some(to)) = (shortest, all.from.get(&pair.0), all.to.get(&pair.1)) else { continue };
        let far: BTreeMap<u32, u64> = to.iter().copied().collect();
        if from.iter().any(|(s, mm)| far.get(s).is_some_and(|on| mm + on < *least)) {
            let [a, b] = [pair.0, pair.1];
            faults.0.push(format!("{LEGS}: a way past a site is shorter than the shortest from place {a} to {b} of {FILE}"));
        }
    }
}

/// The cuts with their multipliers.
fn read_cuts(table: &CsvTable, pairs: &[FlowPair], faults: &mut PlanFaults) -> Result<FlowBound> {
    let mut bound = FlowBound::default();
    for row in table.rows() {
        let pair = (row.count("flow")? as usize).checked_sub(1).and_then(|k| pairs.get(k));
        let cell = row.get("sites");
        let sites: Option<Vec<u32>> = cell.split(' ').filter(|_| !cell.is_empty()).map(|n| n.parse().ok()).collect();
        let (Some(pair), Some(sites), Ok(multiplier)) = (pair, sites, row.get("multiplier").parse()) else {
            faults.differs(CUTS, &row, "flow", FILE);
            continue;
        };
        bound.cuts.push(FlowCut { pair: pair.pair, sites, multiplier });
    }
    Ok(bound)
}

/// Every pair against what becomes of it, and where it stops.
pub(super) fn check(
    plan: &PlanFiles<'_>,
    read: &FlowsRead,
    (table, candidates, curve): (&CsvTable, &CsvTable, &CsvTable),
    faults: &mut PlanFaults,
) -> Result<()> {
    let ids: Vec<&str> = candidates.rows().map(|row| row.get("id")).collect();
    let (mut called, mut sum): (BTreeMap<u32, String>, u64) = (BTreeMap::new(), 0);
    let states = read.states(&plan.order);
    for (row, pair) in table.rows().zip(&read.pairs) {
        let (state, stops) = states.of(pair);
        sum += pair.weight;
        faults.unless(row.get("state") == state.as_str(), (FILE, &row), "state", LEGS);
        let numbers: Vec<String> = stops.iter().map(u32::to_string).collect();
        faults.unless(row.get("stop_sites") == numbers.join(" "), (FILE, &row), "stop_sites", LEGS);
        let named: Vec<&str> = row.get("stops").split("; ").filter(|id| !id.is_empty()).collect();
        // a station is called the same wherever it is stopped at
        let mut right = named.len() == stops.len();
        for (s, id) in stops.iter().zip(named) {
            right &= match ids.get(*s as usize) {
                Some(own) => *own == id,
                None => called.entry(*s).or_insert_with(|| id.to_owned()).as_str() == id,
            };
        }
        faults.unless(right, (FILE, &row), "stops", CANDIDATES);
    }
    for row in curve.rows() {
        faults.unless(plan.asked.units(&row, "in_gap")? == sum.saturating_sub(read.before), (CURVE, &row), "in_gap", FILE);
    }
    Ok(())
}
