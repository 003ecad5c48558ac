//! A plan of sites from its files alone: what its sites cover and the bound on it are computed again, in whole numbers, from the candidates
//! and from the rows with their multipliers; every other figure is held against where it comes from.

use super::need_layers::Beside;
use super::opened::Opened;
use super::plan_files::{Asked, PlanFiles, PlanGround};
use super::{
    Findings, ROUNDED, close, first_few, plan_corridors, plan_flows, plan_others, plan_page, plan_places, plan_ways, plan_years,
};
use crate::config::plan::Objective;
use crate::config::plan_counting::Counting;
use crate::error::Result;
use crate::files::csv_table::{CsvRow, CsvTable};
use crate::files::kind::Kind;
use crate::plan::{AVAILABILITY, curve_limits, same_cost};
use crate::programme::MOST_AC_KW;
use crate::tables::plan::{FILE, NAME};
use crate::tables::plan_flows::{CUTS, FILE as FLOWS, LEGS};
use crate::tables::plan_parts::{CANDIDATES, COUNTIES, CURVE, OTHERS, QUALITY, ROWS};
use ::geojson::GeometryValue;
use std::collections::{BTreeMap, BTreeSet};

/// Where a figure comes from that stands in the manifest.
const MANIFEST: &str = "the manifest";
/// Where a figure comes from that stands beside it.
const ITSELF: &str = "the row itself";

/// Faults of a plan.
#[derive(Default)]
pub(super) struct PlanFaults(pub Vec<String>);

impl PlanFaults {
    /// A cell that is not what something else says.
    pub fn differs(&mut self, file: &str, row: &CsvRow<'_>, column: &str, of: &str) {
        let place = row.place();
        self.0.push(format!("{file}: {column} in row {place} is not what {of} says"));
    }

    /// The same where it is.
    pub fn unless(&mut self, right: bool, (file, row): (&str, &CsvRow<'_>), column: &str, of: &str) {
        if !right {
            self.differs(file, row, column, of);
        }
    }
}

/// Checks a run that has a plan.
pub(super) fn check(o: &Opened, findings: &mut Findings) -> Result<()> {
    let told = &o.folder.manifest["criteria"]["plan"];
    let sites = format!("{NAME}.geojson");
    let asked = Asked::of(told);
    let rows = asked.as_ref().map_or(ROWS, Asked::file);
    let files = [FILE, COUNTIES, CURVE, QUALITY, CANDIDATES, rows];
    let flows = [LEGS, CUTS].into_iter().filter(|_| asked.as_ref().is_some_and(|a| a.flows.is_some()));
    let others = o.tables.table(OTHERS);
    if o.folder.kind != Kind::Run || (told.is_null() && !files.iter().any(|f| o.holds(f))) {
        return Ok(());
    }
    let missing: Vec<&str> = files.into_iter().chain([sites.as_str()]).chain(flows).filter(|f| !o.holds(f)).collect();
    findings.faults.extend(missing.iter().map(|f| format!("{f} is missing: the folder has a plan of sites")));
    if asked.is_none() {
        findings.faults.push("manifest.json: it does not tell what was asked of the plan of sites".to_owned());
    }
    let (Some(asked), true) = (asked, missing.is_empty()) else { return Ok(()) };
    let tables = files.map(|f| o.tables.table(f));
    let [Some(sites), Some(counties), Some(curve), Some(quality), Some(candidates), Some(rows)] = tables else {
        return Ok(()); // one that is no table is a fault already
    };
    let (mut faults, beside) = (PlanFaults::default(), (o.tables.table(LEGS), o.tables.table(CUTS)));
    let Some(plan) = PlanFiles::read(&asked, (candidates, rows, sites, quality), beside, &mut faults)? else {
        first_few(faults.0, findings);
        return Ok(());
    };
    of_sites(&plan, (sites, candidates, curve), &mut faults)?;
    of_questions(&plan, (quality, counties, sites), &mut faults)?;
    of_curve(&plan, (curve, quality), &mut faults)?;
    if let Some(others) = others {
        plan_others::check(&plan, (others, candidates, &stages(&plan, sites)), quality, &mut faults)?;
    }
    of_counties(o, &plan, (counties, sites), &mut faults)?;
    plan_corridors::check(o, &plan, [sites, candidates], &mut faults)?;
    plan_years::check(o, &plan, [sites, counties, curve, rows], &mut faults)?;
    if let PlanGround::Ways(ways) = &plan.ground {
        plan_ways::check(o, &plan, ways, (counties, quality), &mut faults, findings)?;
    }
    match &plan.ground {
        PlanGround::Flows(flows) => plan_flows::check(&plan, flows, (rows, candidates, curve), &mut faults)?,
        _ => {
            let unasked = [FLOWS, LEGS, CUTS].into_iter().filter(|f| o.holds(f));
            faults.0.extend(unasked.map(|f| format!("{f}: the manifest asks for no flows")));
        }
    }
    first_few(faults.0, findings);
    tell_parts(plan.asked, findings);
    layer(o, sites, findings)?;
    plan_places::check(o, sites, findings)?;
    plan_page::check(o, &plan, (sites, others, candidates), [counties, curve, quality], findings)?;
    let (n, steps) = (plan.rows(), plan.order.len());
    findings
        .checked
        .push(format!("what {steps} sites of a plan cover and the bound on it, from {n} rows with their multipliers"));
    Ok(())
}

/// What was held of roads and years, where the plan has them.
fn tell_parts(asked: &Asked, findings: &mut Findings) {
    if asked.corridors.is_some() {
        findings
            .checked
            .push("the fewest sites along roads and every way without a station, from the places along them".to_owned());
    }
    if !asked.years.is_empty() {
        let n = asked.years.len();
        findings
            .checked
            .push(format!("what {n} years of a plan cover and the bound of each, from their rows with their multipliers"));
    }
}

/// What a cell counts, in whole units of the objective.
fn units(plan: &PlanFiles, row: &CsvRow<'_>, column: &str) -> Result<u64> {
    plan.asked.units(row, column)
}

/// The table of sites against candidates, rows, and what was asked.
fn of_sites(
    plan: &PlanFiles,
    (table, candidates, curve): (&CsvTable, &CsvTable, &CsvTable),
    faults: &mut PlanFaults,
) -> Result<()> {
    let asked = &plan.asked;
    let candidates: Vec<CsvRow<'_>> = candidates.rows().collect();
    let in_gap = curve.rows().next().map(|row| units(plan, &row, "in_gap")).transpose()?;
    let served = plan.served_wh();
    let (mut cost, mut covered, mut first) = (Some(0), 0, 0);
    for (k, row) in table.rows().enumerate() {
        let (here, number) = ((FILE, &row), plan.order[k] as usize);
        for column in ["id", "name", "origin", "county_code", "lon", "lat"] {
            faults.unless(row.get(column) == candidates[number].get(column), here, column, CANDIDATES);
        }
        // a smaller station asks less of a grid whose headroom is known
        let (own, most) = (row.whole("cost")?, plan.candidates[number].cost);
        let less = !row.get("headroom_kw").is_empty() && own.is_some() && own < most;
        faults.unless(own == most || less, here, "cost", CANDIDATES);
        cost = cost.and_then(|c: u64| Some(c.saturating_add(own?)));
        faults.unless(row.whole("cost_up_to")? == cost, here, "cost_up_to", "the row before it");
        if row.cell("assigned_kwh").is_ok() {
            let kwh = |wh: Option<u64>| wh.map(|wh| wh as f64 / 1e3);
            let most = plan.candidates[number].capacity_wh;
            faults.unless(close(row.number("assigned_kwh")?, kwh(served.get(k).copied())), here, "assigned_kwh", plan.file());
            faults.unless(close(row.number("capacity_kwh")?, kwh(most)), here, "capacity_kwh", CANDIDATES);
        }
        covered += plan.gains[k];
        faults.unless(units(plan, &row, "gain")? == plan.gains[k], here, "gain", plan.file());
        faults.unless(units(plan, &row, "covered")? == covered, here, "covered", plan.file());
        let share = in_gap.filter(|n| *n > 0).map(|n| covered as f64 / n as f64 * 100.0);
        faults.unless(close(row.number("covered_percent")?, share), here, "covered_percent", CURVE);
        faults.unless(row.get("unit") == asked.objective.unit().0, here, "unit", MANIFEST);
        // sites for counties that come first stand before the others, in the order of these
        let of = match row.get("for_county") {
            "" => Some(asked.first.len()),
            code => asked.first.iter().position(|c| c == code),
        };
        if plan.is_locked_in(k) {
            faults.unless(row.get("for_county").is_empty(), here, "for_county", CANDIDATES);
        } else {
            faults.unless(of.is_some_and(|of| of >= first), here, "for_county", MANIFEST);
            first = of.unwrap_or(first);
        }
        of_station(plan, &row, faults)?;
    }
    Ok(())
}

/// What a site is, and what it is asked for.
fn of_station(plan: &PlanFiles, row: &CsvRow<'_>, faults: &mut PlanFaults) -> Result<()> {
    let (asked, here) = (&plan.asked, (FILE, row));
    faults.unless(row.get("kind") == asked.kind(), here, "kind", MANIFEST);
    faults.unless((row.get("trucks") == "yes") == (asked.service == "truck_charging"), here, "trucks", MANIFEST);
    if row.cell("access").is_ok() {
        faults.unless(row.get("access") == "public", here, "access", ITSELF);
        faults.unless(close(row.number("availability")?, Some(AVAILABILITY)), here, "availability", ITSELF);
    }
    let (points, power, total) = (row.whole("points")?, row.number("power_kw")?, row.number("total_kw")?);
    let plug = asked.kind() == "charging";
    let fits = points.map_or(!plug, |n| plug && n > 0 && n <= asked.guns);
    faults.unless(fits, here, "points", MANIFEST);
    faults.unless(close(power, plug.then_some(asked.gun_kw)), here, "power_kw", MANIFEST);
    if row.cell("certified").is_ok() {
        let dc = points.filter(|_| power.is_some_and(|kw| kw > MOST_AC_KW));
        faults.unless(row.whole("dc_points")? == dc, here, "dc_points", ITSELF);
        faults.unless(row.get("certified") == "yes", here, "certified", ITSELF);
    }
    if row.cell("swap_bays").is_ok() {
        for (column, most) in [("swap_bays", asked.bays), ("swap_batteries", asked.packs)] {
            let fits = row.whole(column)?.map_or(most.is_none(), |n| n > 0 && most.is_some_and(|most| n <= most));
            faults.unless(fits, here, column, MANIFEST);
        }
    }
    let rated = points.zip(power).map(|(n, kw)| n as f64 * kw);
    faults.unless(close(total, rated), here, "total_kw", ITSELF);
    for suffix in ["", "_holiday"] {
        let number = |column: &str| row.number(&format!("{column}{suffix}"));
        let (delivered, used) = (number("delivered_kwh")?, number("utilisation")?);
        let share = delivered.zip(total.filter(|kw| *kw > 0.0)).map(|(kwh, kw)| kwh / (kw * 24.0));
        let fits = used.zip(share).map_or(used.is_none() && share.is_none(), |(a, b)| (a - b).abs() <= ROUNDED);
        faults.unless(fits, here, &format!("utilisation{suffix}"), ITSELF);
    }
    Ok(())
}

/// The questions: their bounds, and what they tell of the plan.
fn of_questions(
    plan: &PlanFiles,
    (table, counties, sites): (&CsvTable, &CsvTable, &CsvTable),
    faults: &mut PlanFaults,
) -> Result<()> {
    let (all, last) = (table.rows().count(), plan.asked.first.len());
    if all != last + 1 {
        faults.0.push(format!("{QUALITY}: it has {all} questions, and the manifest asks {}", last + 1));
        return Ok(());
    }
    let reachable = reachable(plan, counties)?;
    let added = table.rows().next().map(|row| row.count("rows_added")).transpose()?.unwrap_or(0);
    let asking = Questions { plan, last, added, stages: stages(plan, sites) };
    let mut before = plan.taken(&|k| plan.is_locked_in(k));
    for (k, row) in table.rows().enumerate() {
        let code = plan.asked.first.get(k).map_or("", String::as_str);
        faults.unless(row.get("county_code") == code, (QUALITY, &row), "county_code", MANIFEST);
        let most = units(plan, &row, "reachable")?;
        if let Some(want) = reachable.get(code) {
            // what candidates reach of road is told exactly, of the rest only what is in the gap
            let exact = plan.asked.objective == Objective::Road;
            let fits = if exact { most == *want } else { most <= *want };
            faults.unless(fits, (QUALITY, &row), "reachable", COUNTIES);
        }
        before = asking.of_limit((k, &row), before, faults)?;
        asking.of_bound((k, &row), table.has("reachable_thousandths"), faults)?;
    }
    Ok(())
}

/// Questions with what is known of them.
struct Questions<'a> {
    plan: &'a PlanFiles<'a>,
    /// Number of the last one, from 0.
    last: usize,
    /// Rows before merging, as the first one tells them.
    added: u64,
    /// Number of the question that chose each site, in order.
    stages: Vec<usize>,
}

impl Questions<'_> {
    /// What is taken of the limit, and from how many rows; what was taken up to here.
    fn of_limit(&self, (k, row): (usize, &CsvRow<'_>), before: u64, faults: &mut PlanFaults) -> Result<u64> {
        let (plan, asked, here) = (self.plan, self.plan.asked, (QUALITY, row));
        faults.unless(row.count("question")? == k as u64 + 1, here, "question", ITSELF);
        faults.unless(row.get("unit") == asked.objective.unit().0, here, "unit", MANIFEST);
        let taken = plan.taken(&|site| plan.is_locked_in(site) || self.stages[site] <= k);
        faults.unless(row.count("taken")? == taken && taken >= before, here, "taken", FILE);
        let limit = row.count("limit")?;
        faults.unless(asked.limit().is_none_or(|l| l == limit) && taken <= limit, here, "limit", MANIFEST);
        faults.unless(row.count("rows_merged")? == plan.rows() as u64, here, "rows_merged", plan.file());
        let fits = row.count("rows_added")? == self.added && self.added >= plan.rows() as u64;
        faults.unless(fits, here, "rows_added", plan.file());
        let least = row.whole("least_sites")?;
        let fits = least.map_or(asked.extent_is_number(), |n| !asked.extent_is_number() && n <= plan.order.len() as u64);
        faults.unless(fits, here, "least_sites", MANIFEST);
        Ok(taken)
    }

    /// What is covered, and the bound on it, from the rows; `parts` where the table tells thousandths.
    fn of_bound(&self, (k, row): (usize, &CsvRow<'_>), parts: bool, faults: &mut PlanFaults) -> Result<()> {
        let (plan, here) = (self.plan, (QUALITY, row));
        let [most, covered, bound] = ["reachable", "covered", "bound"].map(|c| units(plan, row, c));
        let (most, covered, bound) = (most?, covered?, bound?);
        // of ways it is told against what is left of them
        let of = if let PlanGround::Ways(ways) = &plan.ground { ways.before().saturating_sub(covered) } else { bound };
        let gap = if of == 0 { 0.0 } else { bound.saturating_sub(covered) as f64 / of as f64 * 100.0 };
        faults.unless(close(row.number("gap_percent")?, Some(gap)), here, "gap_percent", ITSELF);
        let chosen = |site: &usize| plan.is_locked_in(*site) || self.stages[*site] <= k;
        let chosen: Vec<u32> = (0..plan.order.len()).filter(chosen).map(|site| plan.order[site]).collect();
        let (total, value, exact) = match plan.of_first(k, &chosen) {
            Some(found) => found,
            None if k < self.last => return Ok(()), // of an older version, which kept no rows of it
            None => (plan.total(), plan.gains.iter().sum(), plan.parts()),
        };
        let told = if parts { row.whole("reachable_thousandths")? } else { None };
        faults.unless(told == exact, here, "reachable_thousandths", plan.file());
        faults.unless(most == total, here, "reachable", plan.file());
        faults.unless(covered == value, here, "covered", plan.file());
        let inside: Vec<bool> = self.stages.iter().map(|stage| *stage < k).collect();
        let limit = row.count("limit")?;
        let first = k < self.last;
        let by_multipliers = if first { plan.bound_of_first(k, limit, &inside) } else { plan.bound(limit, &inside) };
        let Some(by_multipliers) = by_multipliers else {
            let rows = plan.file();
            faults.0.push(format!("{rows}: its multipliers give no bound within the limit of {QUALITY}"));
            return Ok(());
        };
        let fits = match row.get("proof") {
            "multipliers" => bound == by_multipliers.max(value),
            // what a search proved is not repeated; it is between what is covered and what multipliers give
            "search" => value <= bound && bound <= by_multipliers.max(value),
            _ => false,
        };
        faults.unless(fits, here, "bound", plan.file());
        Ok(())
    }
}

/// Number of the question that chose each site, in order.
fn stages(plan: &PlanFiles, sites: &CsvTable) -> Vec<usize> {
    let first = &plan.asked.first;
    sites.rows().map(|row| first.iter().position(|c| c == row.get("for_county")).unwrap_or(first.len())).collect()
}

/// What candidates can cover at most in each county, and in all as ``, as far as the table of counties tells it.
fn reachable(plan: &PlanFiles, counties: &CsvTable) -> Result<BTreeMap<String, u64>> {
    let mut all = BTreeMap::new();
    for row in counties.rows().filter(|_| plan.asked.counting == Counting::Once) {
        let most = match plan.asked.objective {
            Objective::Road => row.mm("gap_km_before")?.saturating_sub(row.mm("beyond_candidates_km")?),
            Objective::People => row.count("people_in_gap_before")?,
            Objective::Settlements => row.count("settlements_in_gap_before")?,
            _ => return Ok(BTreeMap::new()),
        };
        *all.entry(String::new()).or_insert(0) += most;
        all.insert(row.code("county_code")?, most);
    }
    Ok(all)
}

/// The curve: the plan in its order, and no value above what the multipliers allow.
fn of_curve(plan: &PlanFiles, (table, quality): (&CsvTable, &CsvTable), faults: &mut PlanFaults) -> Result<()> {
    let (asked, mut in_gap) = (&plan.asked, None);
    let most = quality.rows().next().map(|row| row.count("limit")).transpose()?.unwrap_or(0);
    let least = plan.taken(&|k| plan.is_locked_in(k));
    let kind = if asked.budget.is_some() { "money" } else { "sites" };
    let mut limits: Vec<(u64, &str)> = curve_limits(most, least).into_iter().map(|l| (l, kind)).collect();
    limits.extend(money_limits(plan, &limits).into_iter().map(|l| (l, "money")));
    let mut limits = limits.into_iter();
    let none = vec![false; plan.order.len()];
    for row in table.rows() {
        let (here, limit) = ((CURVE, &row), row.count("limit")?);
        let of = row.get("limit_of");
        faults.unless(limits.next() == Some((limit, of)), here, "limit", QUALITY);
        faults.unless(row.get("unit") == asked.objective.unit().0, here, "unit", MANIFEST);
        let here_in_gap = units(plan, &row, "in_gap")?;
        let fits = *in_gap.get_or_insert(here_in_gap) == here_in_gap && here_in_gap >= plan.total();
        faults.unless(fits, here, "in_gap", plan.file());
        let by_money = of != kind;
        let told = if by_money { plan.covered_for(limit) } else { plan.covered_within(limit) };
        faults.unless(units(plan, &row, "plan")? == told, here, "plan", FILE);
        let most = if by_money { plan.money_bound(limit) } else { plan.bound(limit, &none) }.unwrap_or(0);
        faults.unless(units(plan, &row, "covered")? <= most, here, "covered", plan.file());
        faults.unless(units(plan, &row, "bound")? <= plan.total(), here, "bound", plan.file());
    }
    if limits.next().is_some() {
        faults.0.push(format!("{CURVE}: it has fewer points than the limit of {QUALITY} asks for"));
    }
    Ok(())
}

/// Sums of money that the curve tells of beside the numbers of sites: none where money is the limit or a cost is not known.
fn money_limits(plan: &PlanFiles, numbers: &[(u64, &str)]) -> Vec<u64> {
    let open = plan.candidates.iter().filter(|c| c.locked != Some(false));
    let costs: Option<Vec<u64>> = open.map(|c| c.cost).collect();
    let asked = &plan.asked;
    let by_number = asked.objective.is_way() || asked.flows.is_some() || asked.counting.is_assigned();
    if by_number || !plan.asked.years.is_empty() {
        return Vec::new(); // money comes year by year; ways, flows, and what is assigned, are told by number alone
    }
    let (Some(costs), None) = (costs, plan.asked.budget) else { return Vec::new() };
    if let Some(one) = same_cost(costs.into_iter()) {
        return numbers.iter().map(|(n, _)| n.saturating_mul(one)).collect();
    }
    curve_limits(plan.money_of(&|_| true), plan.money_of(&|k| plan.is_locked_in(k)))
}

/// The counties against the ledger, the sites in them, and what all cover.
fn of_counties(o: &Opened, plan: &PlanFiles, (table, sites): (&CsvTable, &CsvTable), faults: &mut PlanFaults) -> Result<()> {
    let (asked, mut there) = (&plan.asked, BTreeSet::new());
    let mut gone = 0i64;
    let balance = o.tables.table("balance.csv");
    for row in table.rows() {
        let (here, code) = ((COUNTIES, &row), row.code("county_code")?);
        let own = || sites.rows().filter(|s| s.get("county_code") == row.get("county_code"));
        faults.unless(row.count("sites")? == own().count() as u64, here, "sites", FILE);
        let cost = own().map(|s| s.whole("cost")).collect::<Result<Vec<_>>>()?.into_iter().sum::<Option<u64>>();
        faults.unless(row.whole("cost")? == cost, here, "cost", FILE);
        if let Some(ledger) = &o.ledger {
            let key = (code.clone(), asked.service.clone(), asked.criterion.clone());
            faults.unless(ledger.roads.get(&code) == Some(&row.mm("road_km")?), here, "road_km", "ledger.csv");
            faults.unless(ledger.gaps.get(&key) == Some(&row.mm("gap_km_before")?), here, "gap_km_before", "ledger.csv");
        }
        let short =
            balance.map(|b| b.find(&[("county_code", row.get("county_code")), ("day", "ordinary")])).transpose()?.flatten();
        if let (Some(short), false) = (short, plan.order.is_empty()) {
            let same = close(row.number("short_kw_before")?, short.number("short_kw")?);
            faults.unless(same, here, "short_kw_before", "balance.csv");
        }
        let (before, after) = match asked.objective {
            Objective::Road => (row.mm("gap_km_before")?, row.mm("gap_km_after")?),
            Objective::People => (row.count("people_in_gap_before")?, row.count("people_in_gap_after")?),
            Objective::Settlements => (row.count("settlements_in_gap_before")?, row.count("settlements_in_gap_after")?),
            _ => (0, 0),
        };
        gone += before as i64 - after as i64;
        there.insert(code);
    }
    let all: Option<BTreeSet<String>> = asked
        .counties
        .as_ref()
        .map(|c| c.iter().cloned().collect())
        .or(o.ledger.as_ref().map(|l| l.roads.keys().cloned().collect()));
    if all.is_some_and(|all| all != there) {
        faults.0.push(format!("{COUNTIES}: its counties are not those of the plan"));
    }
    let value: u64 = plan.gains.iter().sum();
    if asked.counting.is_thin() {
        thin(plan, table, faults)?;
    }
    let told = matches!(asked.objective, Objective::Road | Objective::People | Objective::Settlements);
    if told && asked.counting == Counting::Once && gone != value as i64 {
        faults.0.push(format!("{COUNTIES}: what leaves the gap is not what the sites of {FILE} cover"));
    }
    Ok(())
}

/// What lacks stations within reach in the counties: what the sites add leaves it, to a unit a county where it is counted in parts.
fn thin(plan: &PlanFiles, table: &CsvTable, faults: &mut PlanFaults) -> Result<()> {
    let (mut sums, mut most) = ([0, 0], 0);
    for row in table.rows() {
        let both = [units(plan, &row, "thin_before")?, units(plan, &row, "thin_after")?];
        faults.unless(both[1] <= both[0], (COUNTIES, &row), "thin_after", ITSELF);
        sums.iter_mut().zip(both).for_each(|(sum, one)| *sum += one);
        most += u64::from(matches!(plan.asked.counting, Counting::Uptime(_)));
    }
    let value: u64 = plan.gains.iter().sum();
    let fits = sums[0].abs_diff(sums[1] + value) <= most && sums[0] + most >= plan.total();
    if !fits {
        faults.0.push(format!("{COUNTIES}: what leaves the gap is not what the sites of {FILE} cover"));
    }
    Ok(())
}

/// The layer says what the table says, and each site lies where its row has it.
fn layer(o: &Opened, table: &CsvTable, findings: &mut Findings) -> Result<()> {
    let mut beside = Beside::new(NAME, FILE, table);
    let (mut rows, mut number, mut off) = (table.rows(), 0, Vec::new());
    o.features(NAME, findings, &mut |f| {
        number += 1;
        let Some(row) = rows.next() else {
            off.push(format!("{NAME}.geojson: feature {number} is in no row of {FILE}"));
            return;
        };
        beside.row(number, &f.columns, &row);
        let at = ["lon", "lat"].map(|c| row.number(c).ok().flatten());
        let Some(GeometryValue::Point { coordinates }) = &f.geometry else {
            off.push(format!("{NAME}.geojson: feature {number} does not lie where {FILE} has it"));
            return;
        };
        if !coordinates.as_slice().iter().zip(at).all(|(a, b)| close(Some(*a), b)) {
            off.push(format!("{NAME}.geojson: feature {number} does not lie where {FILE} has it"));
        }
    })?;
    first_few(off, findings);
    let more = rows.next().is_some();
    beside.end(more, findings);
    Ok(())
}
