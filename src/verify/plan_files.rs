//! What the files of a plan say, read once: what was asked, the candidates, and the rows from which coverage and bound are computed.

use super::plan::PlanFaults;
use super::plan_corridors::{self, CorridorsAsked};
use super::plan_flows::{self, FlowsRead};
use super::plan_ways::Ways;
use super::plan_years::{self, YearAsked};
use crate::config::plan::Objective;
use crate::config::plan_counting::Counting;
use crate::config::plan_flows::PlanFlowsAsked;
use crate::error::Result;
use crate::files::csv_table::{CsvRow, CsvTable};
use crate::plan::Count;
use crate::siting::{AssignmentBound, Cover, CoverBound, CoverRows, Covered, Limit, assigned};
use crate::tables::plan::FILE;
use crate::tables::plan_flows::FILE as FLOWS;
use crate::tables::plan_parts::{CANDIDATES, ROWS};
use crate::tables::plan_ways::WAYS;
use serde_json::Value;

/// What was asked of the plan, as the manifest tells it.
pub(super) struct Asked {
    pub service: String,
    pub criterion: String,
    pub objective: Objective,
    pub counting: Counting,
    pub sites: Option<u64>,
    pub budget: Option<u64>,
    pub counties: Option<Vec<String>>,
    pub first: Vec<String>,
    pub years: Vec<YearAsked>,
    pub corridors: Option<CorridorsAsked>,
    /// Vehicles that get only so far, where they are planned for.
    pub flows: Option<PlanFlowsAsked>,
    pub site_cost: Option<u64>,
    pub currency: String,
    pub most_candidates: u64,
    pub guns: u64,
    pub gun_kw: f64,
    /// Bays and packs of a swap station at most; none of others.
    pub bays: Option<u64>,
    pub packs: Option<u64>,
}

impl Asked {
    /// Of `criteria.plan` of the manifest; none where something is missing.
    pub fn of(told: &Value) -> Option<Self> {
        let text = |key: &str| told[key].as_str().map(str::to_owned);
        let list =
            |key: &str| -> Option<Vec<String>> { told[key].as_array()?.iter().map(|c| c.as_str().map(str::to_owned)).collect() };
        let extent = &told["extent"];
        let (sites, budget) = (extent["sites"].as_u64(), extent["budget"].as_u64());
        if sites.is_none() && budget.is_none() && extent["corridors"] != true {
            extent["cover_percent"].as_f64()?;
        }
        let swaps = told["station"]["bays"].as_u64().is_some();
        let objective = Objective::ALL.into_iter().find(|o| told["objective"].as_str() == Some(o.as_str()))?;
        let flows = plan_flows::asked(&told["flows"]);
        (flows.is_some() == (objective == Objective::Flows)).then_some(())?;
        Some(Self {
            service: text("service")?,
            criterion: text("criterion")?,
            objective,
            counting: counting(told)?,
            sites,
            budget,
            counties: list("counties"),
            first: list("first")?,
            corridors: plan_corridors::asked(&told["corridors"]),
            years: plan_years::asked(&told["years"])?,
            flows,
            site_cost: told["site_cost"].as_u64(),
            currency: text("currency")?,
            most_candidates: told["most_candidates"].as_u64()?,
            guns: told["station"]["guns"].as_u64().or(swaps.then_some(0))?,
            gun_kw: told["station"]["gun_kw"].as_f64().or(swaps.then_some(0.0))?,
            bays: told["station"]["bays"].as_u64(),
            packs: told["station"]["packs"].as_u64(),
        })
    }

    /// What is built, as tables call it.
    pub fn kind(&self) -> &'static str {
        match self.service.as_str() {
            "swap" => "swap",
            "hydrogen" => "hydrogen",
            _ => "charging",
        }
    }

    /// How much may be built, where it was given as a number or as money.
    pub fn limit(&self) -> Option<u64> {
        self.sites.or(self.budget)
    }

    /// The file of the rows that values and bounds are computed from.
    pub fn file(&self) -> &'static str {
        match self.objective {
            Objective::Flows => FLOWS,
            objective if objective.is_way() => WAYS,
            _ => ROWS,
        }
    }

    /// Whether it was, and not as a share to cover.
    pub fn extent_is_number(&self) -> bool {
        self.limit().is_some()
    }

    /// What a cell counts, in whole units of the objective.
    pub fn units(&self, row: &CsvRow<'_>, column: &str) -> Result<u64> {
        let one = self.objective.unit().1;
        let whole = row.number(column)?.map(|v| (v * one).round()).filter(|v| (0.0..9e15).contains(v));
        whole.map(|v| v as u64).ok_or_else(|| row.wrong(column, format!("\"{}\" is not an amount", row.get(column))))
    }
}

/// When what is reached counts; none where that is told wrongly.
fn counting(told: &Value) -> Option<Counting> {
    if let Some(kwh) = told["capacity_kwh"].as_f64() {
        return Some(Counting::Capacity((kwh * 1000.0).round() as u64)).filter(|_| (1.0..=1e6).contains(&kwh));
    }
    if let Some(hours) = told["capacity_hours"].as_f64() {
        return Some(Counting::Hours((hours * 10.0).round() as u32)).filter(|_| (0.5..=24.0).contains(&hours));
    }
    match (&told["backup"], &told["uptime"]) {
        (Value::Null, Value::Null) => Some(Counting::Once),
        (n, Value::Null) => n.as_u64().filter(|n| (2..=3).contains(n)).map(|n| Counting::Backup(n as u32)),
        (Value::Null, share) => {
            share.as_f64().filter(|s| (0.5..=0.999).contains(s)).map(|s| Counting::Uptime((s * 1000.0).round() as u32))
        }
        _ => None,
    }
}

/// A candidate.
pub(super) struct Candidate {
    pub cost: Option<u64>,
    pub locked: Option<bool>,
    /// Energy of a day that a site there serves at most, Wh.
    pub capacity_wh: Option<u64>,
}

/// The capacity of a candidate, which the manifest gives: of the power that is planned there, or that may be built where it was given.
fn capacity(asked: &Asked, row: &CsvRow<'_>, faults: &mut PlanFaults) -> Result<Option<u64>> {
    let told = if row.cell("capacity_kwh").is_ok() { row.number("capacity_kwh")? } else { None };
    let told = told.map(|kwh| (kwh * 1000.0).round()).filter(|wh| (0.0..9e15).contains(wh)).map(|wh| wh as u64);
    let most = asked.counting.capacity_wh(asked.guns as f64 * asked.gun_kw);
    let less = row.get("origin") == "given" && matches!(asked.counting, Counting::Hours(_));
    let fits = told == most || less && told.zip(most).is_some_and(|(told, most)| told <= most);
    faults.unless(fits, (CANDIDATES, row), "capacity_kwh", "the manifest");
    Ok(told)
}

/// What values and bounds are computed from.
pub(super) enum PlanGround {
    /// What candidates cover.
    Cover(Cover, CoverBound, Count),
    /// The same, each candidate within its capacity.
    Assigned(Cover, AssignmentBound, Vec<u64>),
    /// How far places are.
    Ways(Ways),
    /// Who gets where they go.
    Flows(FlowsRead),
}

/// A plan as its files have it.
pub(super) struct PlanFiles<'a> {
    pub asked: &'a Asked,
    pub candidates: Vec<Candidate>,
    /// Candidates that were chosen, in the order of building.
    pub order: Vec<u32>,
    pub ground: PlanGround,
    /// The same of the counties that come first, in order, as far as the folder has it.
    pub first: Vec<(Cover, CoverBound)>,
    /// What each site adds to those before it, from the rows.
    pub gains: Vec<u64>,
}

impl<'a> PlanFiles<'a> {
    /// Reads them; none, with faults, where they do not fit together.
    pub fn read(
        asked: &'a Asked,
        (candidates, rows, sites, quality): (&CsvTable, &CsvTable, &CsvTable, &CsvTable),
        beside: Beside<'_>,
        faults: &mut PlanFaults,
    ) -> Result<Option<Self>> {
        let mut ordered: Vec<(u64, u32)> = Vec::new();
        let (mut all, mut made, mut along) = (Vec::new(), 0, 0);
        for row in candidates.rows() {
            let number = all.len() as u32;
            if row.count("candidate")? != u64::from(number) {
                faults.differs(CANDIDATES, &row, "candidate", "the row itself");
            }
            let locked = match row.get("locked") {
                "" => None,
                word => Some(word != "out"),
            };
            let (cost, order) = (row.whole("cost")?, row.whole("order")?);
            if row.get("origin") != "given" {
                *(if row.get("origin") == "along_corridor" { &mut along } else { &mut made }) += 1;
                if cost != asked.site_cost {
                    faults.differs(CANDIDATES, &row, "cost", "the manifest");
                }
            }
            if locked.is_some_and(|inside| inside != order.is_some()) {
                faults.differs(CANDIDATES, &row, "locked", "the row itself");
            }
            ordered.extend(order.map(|n| (n, number)));
            let capacity_wh = capacity(asked, &row, faults)?;
            all.push(Candidate { cost, locked, capacity_wh });
        }
        if made.max(along) > asked.most_candidates {
            faults.0.push(format!("{CANDIDATES}: more candidates were made than the manifest asks for"));
        }
        ordered.sort_unstable();
        let in_order = ordered.iter().zip(1..).all(|((n, _), want)| *n == want);
        if !in_order || ordered.len() != sites.rows().count() {
            faults.0.push(format!("{CANDIDATES}: its sites in order are not those of {FILE}"));
            return Ok(None);
        }
        let order: Vec<u32> = ordered.into_iter().map(|(_, site)| site).collect();
        let Some((ground, first, gains)) = ground(asked, (rows, quality, beside), (&all, &order), faults)? else {
            return Ok(None);
        };
        Ok(Some(Self { asked, candidates: all, order, ground, first, gains }))
    }

    /// Whether a site, by its place in the order, is in the plan anyhow.
    pub fn is_locked_in(&self, k: usize) -> bool {
        self.candidates[self.order[k] as usize].locked == Some(true)
    }

    /// Rows that values and bounds are computed from.
    pub fn rows(&self) -> usize {
        match &self.ground {
            PlanGround::Cover(cover, ..) | PlanGround::Assigned(cover, ..) => cover.rows(),
            PlanGround::Ways(ways) => ways.near.rows(),
            PlanGround::Flows(flows) => flows.rows(),
        }
    }

    /// What all candidates together can do.
    pub fn total(&self) -> u64 {
        match &self.ground {
            PlanGround::Cover(cover, _, count) => count.whole(cover, count.gains.total(cover)),
            PlanGround::Assigned(cover, _, capacity) => {
                let all: Vec<u32> = (0..cover.sites() as u32).collect();
                assigned((cover, capacity), &all).0
            }
            PlanGround::Ways(ways) => ways.total(),
            PlanGround::Flows(flows) => flows.total(),
        }
    }

    /// The same exactly, in the parts of a unit that are counted; none where whole units are.
    pub fn parts(&self) -> Option<u64> {
        match &self.ground {
            PlanGround::Cover(cover, _, count) => count.parts(cover),
            PlanGround::Assigned(..) | PlanGround::Ways(_) | PlanGround::Flows(_) => None,
        }
    }

    /// Of a county that comes first, by its place among them: what all candidates can do, what some do, and the first exactly; none where the
    /// folder has no rows of it.
    pub fn of_first(&self, k: usize, chosen: &[u32]) -> Option<(u64, u64, Option<u64>)> {
        let (cover, _) = self.first.get(k)?;
        let PlanGround::Cover(.., count) = &self.ground else { return None };
        let [total, value] = [count.gains.total(cover), count.made(cover, chosen)].map(|made| count.whole(cover, made));
        Some((total, value, count.parts(cover)))
    }

    /// What some candidates cover; nothing is told so of ways.
    pub fn value(&self, candidates: &[u32]) -> u64 {
        match &self.ground {
            PlanGround::Cover(cover, _, count) => count.whole(cover, count.made(cover, candidates)),
            PlanGround::Assigned(cover, _, capacity) => assigned((cover, capacity), candidates).0,
            PlanGround::Flows(flows) => flows.value(candidates),
            PlanGround::Ways(_) => 0,
        }
    }

    /// The file of the rows.
    pub fn file(&self) -> &'static str {
        self.asked.file()
    }

    /// What a limit is, by candidate.
    fn within(&self, most: u64) -> Limit {
        match self.asked.budget {
            None => Limit::Number(most),
            // what has no cost is out
            Some(_) => Limit::Budget(most, self.candidates.iter().map(|c| c.cost.unwrap_or(u64::MAX >> 16)).collect()),
        }
    }

    /// What some sites take of the limit, by their place in the order.
    pub fn taken(&self, which: &dyn Fn(usize) -> bool) -> u64 {
        let limit = self.within(0);
        (0..self.order.len()).filter(|k| which(*k)).map(|k| limit.cost(self.order[k] as usize)).sum()
    }

    /// What some candidates take of the limit.
    pub fn taken_by(&self, candidates: &[u32]) -> u64 {
        let limit = self.within(0);
        candidates.iter().map(|site| limit.cost(*site as usize)).sum()
    }

    /// What some sites cost as candidates, by their place in the order.
    pub fn money_of(&self, which: &dyn Fn(usize) -> bool) -> u64 {
        let own = (0..self.order.len()).filter(|k| which(*k)).map(|k| self.candidates[self.order[k] as usize].cost);
        own.flatten().sum()
    }

    /// What the plan covers within a limit, in its order.
    pub fn covered_within(&self, most: u64) -> u64 {
        let limit = self.within(most);
        self.covered_up_to(most, &|site| limit.cost(site))
    }

    /// What the plan covers for so much money, in its order.
    pub fn covered_for(&self, most: u64) -> u64 {
        self.covered_up_to(most, &|site| self.candidates[site].cost.unwrap_or(u64::MAX >> 16))
    }

    fn covered_up_to(&self, most: u64, cost: &dyn Fn(usize) -> u64) -> u64 {
        let mut taken = 0;
        let fits = self.order.iter().zip(&self.gains).take_while(|(site, _)| {
            taken += cost(**site as usize);
            taken <= most
        });
        fits.map(|(_, gain)| gain).sum()
    }

    /// No choice within a limit covers more that has these sites, by their place in the order, and those that are locked in.
    pub fn bound(&self, most: u64, there: &[bool]) -> Option<u64> {
        match &self.ground {
            PlanGround::Cover(cover, multipliers, count) => self.bound_of((cover, multipliers, count), most, there),
            PlanGround::Assigned(cover, bound, capacity) => {
                let (inside, out) = self.decided(there);
                Some(bound.value((cover, capacity), &self.within(most), (&inside, &out))?.min(self.total()))
            }
            PlanGround::Ways(ways) => {
                let (inside, out) = self.decided(there);
                let costs = (0..out.len()).map(|s| self.within(0).cost(s)).collect();
                ways.bound((most, costs), (&inside, &out))
            }
            PlanGround::Flows(flows) => {
                let (inside, out) = self.decided(there);
                let costs = (0..out.len()).map(|s| self.within(0).cost(s)).collect();
                flows.bound((most, costs), (&inside, &out))
            }
        }
    }

    /// The same of a county that comes first, by its place among them, within the limit of the plan; none where the folder has no rows of it.
    pub fn bound_of_first(&self, k: usize, most: u64, there: &[bool]) -> Option<u64> {
        let (cover, multipliers) = self.first.get(k)?;
        let PlanGround::Cover(.., count) = &self.ground else { return None };
        // where a share was to be covered, no number was a limit to the counties that come first
        let most = if self.asked.extent_is_number() { most } else { self.candidates.len() as u64 };
        self.bound_of((cover, multipliers, count), most, there)
    }

    /// What each site serves in the assignment that is told, in the order of building, Wh; nothing where capacities are not asked.
    pub fn served_wh(&self) -> Vec<u64> {
        let PlanGround::Assigned(cover, _, capacity) = &self.ground else { return Vec::new() };
        let mut sites = self.order.clone();
        sites.sort_unstable();
        let serves = assigned((cover, capacity), &sites).1;
        self.order.iter().map(|s| serves[*s as usize]).collect()
    }

    /// No choice within so much money covers more.
    pub fn money_bound(&self, most: u64) -> Option<u64> {
        let PlanGround::Cover(cover, multipliers, count) = &self.ground else { return None };
        let costs = self.candidates.iter().map(|c| c.cost.unwrap_or(u64::MAX >> 16)).collect();
        self.within_limit((cover, multipliers, count), Limit::Budget(most, costs), &[])
    }

    /// The same of other rows.
    pub fn bound_of(&self, of: (&Cover, &CoverBound, &Count), most: u64, there: &[bool]) -> Option<u64> {
        self.within_limit(of, self.within(most), there)
    }

    fn within_limit(
        &self,
        (cover, multipliers, count): (&Cover, &CoverBound, &Count),
        limit: Limit,
        there: &[bool],
    ) -> Option<u64> {
        let (mut inside, mut out) = self.decided(there);
        inside.resize(inside.len() + count.standing.len(), true);
        out.resize(inside.len(), false);
        let made = multipliers.value_of((cover, &count.gains), &count.with_standing(limit), (&inside, &out))?;
        Some(count.whole(cover, made.min(count.gains.total(cover))))
    }

    /// Candidates that are there: those that are locked in and some in the order; and those that are out.
    fn decided(&self, there: &[bool]) -> (Vec<bool>, Vec<bool>) {
        let mut inside: Vec<bool> = self.candidates.iter().map(|c| c.locked == Some(true)).collect();
        self.order.iter().zip(there).filter(|(_, there)| **there).for_each(|(site, _)| inside[*site as usize] = true);
        let out = |c: &Candidate| c.locked == Some(false) || (self.asked.budget.is_some() && c.cost.is_none());
        (inside, self.candidates.iter().map(out).collect())
    }
}

/// Distances and cuts of flows, where the folder has them.
pub(super) type Beside<'a> = (Option<&'a CsvTable>, Option<&'a CsvTable>);

/// What values and bounds are computed from, the same of counties that come first, and what each site adds to those before it.
type Grounds = (PlanGround, Vec<(Cover, CoverBound)>, Vec<u64>);

fn ground(
    asked: &Asked,
    (rows, quality, beside): (&CsvTable, &CsvTable, Beside<'_>),
    (all, order): (&[Candidate], &[u32]),
    faults: &mut PlanFaults,
) -> Result<Option<Grounds>> {
    if asked.objective.is_way() {
        let Some(ways) = Ways::read(asked, (rows, quality), all.len(), faults)? else { return Ok(None) };
        let gains = ways.gains(order);
        return Ok(Some((PlanGround::Ways(ways), Vec::new(), gains)));
    }
    if asked.flows.is_some() {
        let (Some(legs), Some(cuts)) = beside else { return Ok(None) };
        let Some(flows) = FlowsRead::read(asked, (rows, legs, cuts), all.len(), faults)? else { return Ok(None) };
        let gains = flows.gains(order);
        return Ok(Some((PlanGround::Flows(flows), Vec::new(), gains)));
    }
    let count = Count::of(asked.counting, all.len());
    let Some(mut first) = covers(rows, (all.len(), asked.first.len()), &count, faults)? else { return Ok(None) };
    let Some((cover, multipliers)) = first.pop() else { return Ok(None) };
    if asked.counting.is_assigned() {
        let bound = AssignmentBound { multipliers: multipliers.multipliers };
        let capacity: Vec<u64> = all.iter().map(|c| c.capacity_wh.unwrap_or_default()).collect();
        let values: Vec<u64> = (0..order.len()).map(|k| assigned((&cover, &capacity), &order[..=k]).0).collect();
        let gains = values.iter().enumerate().map(|(k, value)| value - k.checked_sub(1).map_or(0, |k| values[k])).collect();
        return Ok(Some((PlanGround::Assigned(cover, bound, capacity), first, gains)));
    }
    let mut covered = Covered::counted((&cover, &count.gains), &count.standing);
    let (mut made, mut whole) = (0, 0);
    let gain = |site: &u32| {
        made += covered.add(*site);
        made / count.scale - std::mem::replace(&mut whole, made / count.scale)
    };
    let gains = order.iter().map(gain).collect();
    Ok(Some((PlanGround::Cover(cover, multipliers, count), first, gains)))
}

/// The rows with their multipliers: of each county that comes first, as far as they are there, and last of all.
fn covers(
    table: &CsvTable,
    (sites, first): (usize, usize),
    count: &Count,
    faults: &mut PlanFaults,
) -> Result<Option<Vec<(Cover, CoverBound)>>> {
    let told = table.has("question");
    let questions = if told { first + 1 } else { 1 };
    let mut by_question: Vec<Vec<CsvRow<'_>>> = (0..questions).map(|_| Vec::new()).collect();
    let mut last = 0;
    for row in table.rows() {
        let question = if told { row.count("question")? as usize } else { 1 };
        if question < last || question == 0 || question > questions {
            faults.differs(ROWS, &row, "question", "the manifest");
            return Ok(None);
        }
        last = question;
        by_question[question - 1].push(row);
    }
    let mut all = Vec::new();
    for rows in by_question {
        let Some(one) = cover(rows.into_iter(), ROWS, (sites, count), faults)? else { return Ok(None) };
        all.push(one);
    }
    Ok(Some(all))
}

/// The rows of one question with their multipliers.
pub(super) fn cover<'r>(
    table: impl Iterator<Item = CsvRow<'r>>,
    file: &str,
    (sites, count): (usize, &Count),
    faults: &mut PlanFaults,
) -> Result<Option<(Cover, CoverBound)>> {
    let (mut rows, mut multipliers, mut before) = (CoverRows::default(), Vec::new(), Vec::new());
    for row in table {
        let numbers = row.get("candidates").split(' ').map(|n| n.parse::<u32>().ok()).collect::<Option<Vec<u32>>>();
        let fits = |n: &Vec<u32>| n.is_sorted_by(|a, b| a < b) && n.last().is_some_and(|last| (*last as usize) < sites);
        let there = if count.standing.is_empty() { 0 } else { row.count("standing")? as usize };
        let standing = count.standing.get(..there);
        let (weight, Some(numbers), Some(standing)) = (row.count("weight")?, numbers.filter(fits), standing) else {
            faults.differs(file, &row, "candidates", CANDIDATES);
            return Ok(None);
        };
        let numbers = [&numbers[..], standing].concat();
        // rows stand in the order of their candidates, each list of them once
        if weight == 0 || numbers <= before {
            faults.differs(file, &row, "candidates", "the row before it");
            return Ok(None);
        }
        rows.add(&numbers, weight);
        multipliers.push(row.count("multiplier")?);
        before = numbers;
    }
    Ok(Some((rows.freeze(sites + count.standing.len()), CoverBound { multipliers })))
}
