//! Counties that are funded with plans of their own, from the files alone: what the sites of each county add, what is funded of them at each
//! budget, that a joint application is whole and places and quotas are kept, the bound from the prices that are kept, and what is lost without
//! each county, which is chosen again.

use super::opened::Opened;
use super::plan::PlanFaults;
use super::plan_files::Asked;
use super::selection::{asked as select_asked, same_words};
use super::{Findings, first_few, funding_page};
use crate::config::plan::Objective;
use crate::error::Result;
use crate::files::csv_table::{CsvRow, CsvTable};
use crate::files::kind::Kind;
use crate::plan::{FundingPrices, FundingRules, SitesOf, UnitOffers, lost_without};
use crate::tables::funding::{BUDGETS, FILE, SITES};
use crate::tables::plan_parts::COUNTIES as PLAN_COUNTIES;
use std::collections::BTreeMap;

const MANIFEST: &str = "the manifest";
const ITSELF: &str = "the row itself";

/// Costs, and what is covered in whole units, are below this.
const LARGE: u64 = 1 << 40;
/// More than any price: sums stay within their type.
const DEAR: i128 = 1 << 73;
/// More than any budget.
const MOST_MONEY: u64 = 1_000_000_000_000_000;

/// The folder's funding.
pub(super) struct FundingFiles<'a> {
    pub asked: &'a Asked,
    pub counties: &'a CsvTable,
    pub budgets: &'a CsvTable,
    pub sites: &'a CsvTable,
    /// Codes of the counties, in their order.
    pub codes: Vec<String>,
    /// What all candidates of the plan reach of each county at most, where none but given ones are there.
    all_reach: BTreeMap<String, u64>,
    /// What the sites of each cost and cover.
    of: Vec<SitesOf>,
    rules: FundingRules,
}

/// Checks a run or a round that funds counties.
pub(super) fn check(o: &Opened, findings: &mut Findings) -> Result<()> {
    let told = &o.folder.manifest["criteria"]["plan"];
    let budgets: Option<Vec<u64>> = told["funding"].as_array().map(|all| all.iter().filter_map(|b| b.as_u64()).collect());
    let asks = budgets.as_ref().is_some_and(|b| !b.is_empty());
    let files = [FILE, BUDGETS, SITES];
    if !matches!(o.folder.kind, Kind::Run | Kind::Round) || (!asks && !files.iter().any(|f| o.holds(f))) {
        return Ok(());
    }
    let missing: Vec<&str> = files.into_iter().filter(|f| !o.holds(f)).collect();
    findings.faults.extend(missing.iter().map(|f| format!("{f} is missing: the folder funds counties with plans of their own")));
    let asked = Asked::of(told);
    if asked.is_none() || !asks {
        findings.faults.push("manifest.json: it does not tell what was asked of the funding of counties".to_owned());
    }
    let [Some(counties), Some(budget_table), Some(sites)] = files.map(|f| o.tables.table(f)) else { return Ok(()) };
    let (Some(asked), Some(budgets), true) = (asked, budgets.filter(|_| asks), missing.is_empty()) else { return Ok(()) };
    // a folder from before prices were kept says less
    if !budget_table.has("money_price") {
        return Ok(());
    }
    let mut faults = PlanFaults::default();
    let Some(f) = FundingFiles::read(o, &asked, [counties, budget_table, sites], &mut faults)? else {
        first_few(faults.0, findings);
        return Ok(());
    };
    f.of_sites(&mut faults)?;
    let units = f.rules.offers(&f.of);
    f.of_budgets(&units, &budgets, &mut faults)?;
    f.of_counties(o, &units, &mut faults)?;
    first_few(faults.0, findings);
    funding_page::check(o, &f, findings)?;
    let (n, b) = (f.codes.len(), budgets.len());
    findings
        .checked
        .push(format!("what is funded of {n} counties at {b} budgets, and its bound, from their plans and the prices"));
    Ok(())
}

impl<'a> FundingFiles<'a> {
    fn read(
        o: &Opened,
        asked: &'a Asked,
        [counties, budgets, sites]: [&'a CsvTable; 3],
        faults: &mut PlanFaults,
    ) -> Result<Option<Self>> {
        let mut codes: Vec<String> = Vec::new();
        for row in counties.rows() {
            let code = row.code("county_code")?;
            if codes.first() == Some(&code) {
                break;
            }
            codes.push(code);
        }
        let number: BTreeMap<&str, usize> = codes.iter().enumerate().map(|(i, c)| (c.as_str(), i)).collect();
        let mut of: Vec<SitesOf> = vec![Vec::new(); codes.len()];
        for row in sites.rows() {
            let Some(i) = number.get(row.code("county_code")?.as_str()).copied() else {
                faults.differs(SITES, &row, "county_code", FILE);
                return Ok(None);
            };
            let (cost, covered) = (row.count("cost_up_to")?, asked.units(&row, "covered")?);
            if cost.max(covered) >= LARGE {
                faults.differs(SITES, &row, "cost_up_to", MANIFEST);
                return Ok(None);
            }
            of[i].push((cost, covered));
        }
        let Some(rules) = rules(o, &codes)? else { return Ok(None) };
        let all_reach = all_reach(o, asked)?;
        Ok(Some(Self { asked, counties, budgets, sites, codes, all_reach, of, rules }))
    }

    /// The sites of each county: numbered, costs never fall, and all cover what those before cover and what each adds.
    fn of_sites(&self, faults: &mut PlanFaults) -> Result<()> {
        let mut before: Option<(String, u64, u64, u64)> = None;
        for row in self.sites.rows() {
            let (here, code) = ((SITES, &row), row.code("county_code")?);
            let (order, cost, covered) = before.filter(|b| b.0 == code).map_or((0, 0, 0), |b| (b.1, b.2, b.3));
            let (own, gain) = (row.count("cost_up_to")?, self.asked.units(&row, "gain")?);
            faults.unless(row.count("order")? == order + 1, here, "order", ITSELF);
            let given = row.get("origin") == "given";
            let most = self.asked.site_cost.filter(|_| !given);
            let fits = own >= cost && most.is_none_or(|one| own == cost.saturating_add(one));
            faults.unless(fits, here, "cost_up_to", if given { "the row before it" } else { MANIFEST });
            faults.unless(self.asked.units(&row, "covered")? == covered + gain, here, "covered", "the row before it");
            faults.unless(row.get("unit") == self.asked.objective.unit().0, here, "unit", MANIFEST);
            before = Some((code, order + 1, own, covered + gain));
        }
        Ok(())
    }

    /// The budgets: those that were asked for, each with the bound that its prices give.
    fn of_budgets(&self, units: &UnitOffers, asked: &[u64], faults: &mut PlanFaults) -> Result<()> {
        let mut want = asked.iter();
        for row in self.budgets.rows() {
            let (here, budget) = ((BUDGETS, &row), row.count("budget")?);
            faults.unless(want.next() == Some(&budget), here, "budget", MANIFEST);
            faults.unless(row.get("unit") == self.asked.objective.unit().0, here, "unit", MANIFEST);
            let (best, bound) = (self.asked.units(&row, "best_covered")?, self.asked.units(&row, "bound")?);
            let by_prices = prices(&row).and_then(|p| units.bound(&p, budget));
            let fits = match (row.get("proof"), by_prices) {
                ("prices", Some(most)) => bound == most,
                // what a search proved is not repeated: it is what is best, and below what the prices give
                ("search", Some(most)) => bound == best && bound < most,
                _ => false,
            };
            faults.unless(fits, here, "bound", "the plans of the counties with the prices");
            let proven = row.get("proven") == "true" || !self.whole_ladder()?;
            faults.unless(proven, here, "proven", FILE);
        }
        if want.next().is_some() {
            faults.0.push(format!("{BUDGETS}: it has fewer budgets than the manifest asks for"));
        }
        Ok(())
    }

    /// Whether the ladder is at its bound at every budget: no sequence is better.
    fn whole_ladder(&self) -> Result<bool> {
        for row in self.budgets.rows() {
            if self.asked.units(&row, "covered")? != self.asked.units(&row, "bound")? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The counties at each budget: what their sites cost and cover, joint applications, places, and what is lost without each.
    fn of_counties(&self, o: &Opened, units: &UnitOffers, faults: &mut PlanFaults) -> Result<()> {
        let n = self.codes.len().max(1);
        let rows: Vec<CsvRow<'_>> = self.counties.rows().collect();
        let budgets: Vec<CsvRow<'_>> = self.budgets.rows().collect();
        if rows.len() != n * budgets.len() {
            faults.0.push(format!("{FILE}: it has not a row for each county and budget of {BUDGETS}"));
            return Ok(());
        }
        let gaps = gaps(o, self.asked)?;
        for (chunk, budget) in rows.chunks(n).zip(&budgets) {
            let mut told = [Vec::new(), Vec::new()];
            for (i, row) in chunk.iter().enumerate() {
                let here = (FILE, row);
                let same = row.code("county_code")? == self.codes[i] && row.count("budget")? == budget.count("budget")?;
                faults.unless(same, here, "county_code", BUDGETS);
                let joint = self.rules.unit_of(i as u32).map_or("", |u| u.name.as_str());
                faults.unless(row.text("joint")? == joint, here, "joint", MANIFEST);
                for (k, [sites, cost, covered]) in
                    [["sites", "cost", "covered"], ["best_sites", "best_cost", "best_covered"]].into_iter().enumerate()
                {
                    let n = row.count(sites)?;
                    let of = if n == 0 { Some((0, 0)) } else { self.of[i].get(n as usize - 1).copied() };
                    faults.unless(of.is_some(), here, sites, SITES);
                    let of = of.unwrap_or_default();
                    faults.unless(row.count(cost)? == of.0, here, cost, SITES);
                    faults.unless(self.asked.units(row, covered)? == of.1, here, covered, SITES);
                    told[k].push(n);
                }
                self.of_gap(i, (row, &rows[i]), gaps.get(&self.codes[i]).copied(), faults)?;
            }
            self.of_units(&told, budget, faults)?;
            if same_words(&o.folder) {
                self.of_losses(units, &told[1], (budget, chunk), faults)?;
            }
        }
        Ok(())
    }

    /// What is in the gap of a county, what its candidates and its plan cover of it.
    fn of_gap(
        &self,
        i: usize,
        (row, first): (&CsvRow<'_>, &CsvRow<'_>),
        gap: Option<u64>,
        faults: &mut PlanFaults,
    ) -> Result<()> {
        let [in_gap, reachable, whole, bound] =
            ["in_gap", "reachable", "plan_covered", "plan_bound"].map(|c| self.asked.units(row, c));
        let (in_gap, reachable, whole, bound) = (in_gap?, reachable?, whole?, bound?);
        let here = (FILE, row);
        if let Some(gap) = gap {
            faults.unless(in_gap == gap, here, "in_gap", "ledger.csv");
        }
        faults.unless(reachable <= in_gap, here, "reachable", ITSELF);
        // where nothing but given candidates may be built on, those of the county are some of all
        let all = self.all_reach.get(&self.codes[i]);
        faults.unless(all.is_none_or(|most| reachable <= *most), here, "reachable", PLAN_COUNTIES);
        faults.unless(whole == self.of[i].last().map_or(0, |s| s.1), here, "plan_covered", SITES);
        faults.unless(whole <= bound && bound <= reachable, here, "plan_bound", ITSELF);
        for column in ["in_gap", "reachable", "plan_bound"] {
            faults.unless(first.get(column) == row.get(column), here, column, "the row of the smallest budget");
        }
        Ok(())
    }

    /// Joint applications are whole, and no more are funded than there are places.
    fn of_units(&self, told: &[Vec<u64>; 2], budget: &CsvRow<'_>, faults: &mut PlanFaults) -> Result<()> {
        let (most, place) = (self.rules.places, budget.place());
        for list in told {
            let has = |i: &u32| list[*i as usize] > 0;
            let (mut all, mut by_province) = (0u32, BTreeMap::<&str, u32>::new());
            for unit in &self.rules.units {
                let plans: Vec<&u32> = unit.offers.iter().filter(|i| !self.of[**i as usize].is_empty()).collect();
                let funded = plans.iter().filter(|i| has(i)).count();
                if funded != 0 && funded != plans.len() {
                    let name = &unit.name;
                    faults.0.push(format!(
                        "{FILE}: joint application {name} is funded in part at the budget of {BUDGETS} row {place}"
                    ));
                }
                if funded > 0 {
                    all += 1;
                    *by_province.entry(unit.province.as_str()).or_default() += 1;
                }
            }
            let quota = |name: &str| self.rules.quotas.as_ref().map_or(u32::MAX, |q| q.get(name).copied().unwrap_or(0));
            if most.is_some_and(|most| all > most) || by_province.iter().any(|(name, n)| *n > quota(name)) {
                faults.0.push(format!("{FILE}: more are funded than there are places at the budget of {BUDGETS} row {place}"));
            }
        }
        Ok(())
    }

    /// What is lost without each county of the best: all is chosen again.
    fn of_losses(
        &self,
        units: &UnitOffers,
        best: &[u64],
        (budget, rows): (&CsvRow<'_>, &[CsvRow<'_>]),
        faults: &mut PlanFaults,
    ) -> Result<()> {
        let (Some(prices), bound) = (prices(budget), self.asked.units(budget, "bound")?) else { return Ok(()) };
        let best: Vec<u32> = best.iter().map(|n| *n as u32).collect();
        let Some(again) = lost_without(units, &self.rules, &best, (budget.count("budget")?, bound, &prices)) else {
            return Ok(()); // what was chosen is no plan of the counties: a fault already
        };
        for (i, row) in rows.iter().enumerate() {
            let want = again.iter().find(|(o, _)| *o == i as u32).map_or([None; 2], |(_, l)| *l);
            for (column, want) in ["lost_at_least", "lost_at_most"].into_iter().zip(want) {
                let told = if row.get(column).is_empty() { None } else { Some(self.asked.units(row, column)?) };
                faults.unless(told == want, (FILE, row), column, "choosing again without it");
            }
        }
        Ok(())
    }
}

/// The rules, from the manifest; none where the folder does not hold what says who applies jointly.
fn rules(o: &Opened, codes: &[String]) -> Result<Option<FundingRules>> {
    let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
    let Some(standing) = &o.standing else { return Ok(None) };
    let joint = &standing.settings.table.joint;
    if o.folder.kind == Kind::Run {
        return Ok(Some(FundingRules::of(&codes, joint, &|_| String::new(), None)));
    }
    let select = select_asked(&o.folder)?;
    let province = |code: &str| standing.settings.province(code).to_owned();
    Ok(Some(FundingRules::of(&codes, joint, &province, Some(&select))))
}

/// The prices of a budget; none where they are no numbers, or more than any price is.
fn prices(row: &CsvRow<'_>) -> Option<FundingPrices> {
    let price = |text: &str| text.parse::<i128>().ok().filter(|p| (-DEAR..=DEAR).contains(p));
    let mut province = BTreeMap::new();
    for part in row.get("province_prices").split("; ").filter(|p| !p.is_empty()) {
        let (name, of) = part.rsplit_once(':')?;
        province.insert(name.to_owned(), price(of)?);
    }
    let (money, all) = (price(row.get("money_price"))?, price(row.get("place_price"))?);
    let fits = row.count("budget").is_ok_and(|b| b <= MOST_MONEY);
    fits.then_some(FundingPrices { money, province, all })
}

/// The column of the counties of a plan that says what is in the gap of settlements or people.
fn people_or_settlements(objective: Objective) -> Option<&'static str> {
    match objective {
        Objective::People => Some("people_in_gap_before"),
        Objective::Settlements => Some("settlements_in_gap_before"),
        _ => None,
    }
}

/// What all candidates of the plan reach of each county at most, as its counties tell it; nothing where candidates were made, as those of a county
/// by itself are others.
fn all_reach(o: &Opened, asked: &Asked) -> Result<BTreeMap<String, u64>> {
    let made = o.folder.manifest["criteria"]["plan"]["generate"].as_array().is_none_or(|made| !made.is_empty());
    let Some(plan) = o.tables.table(PLAN_COUNTIES).filter(|_| !made) else { return Ok(BTreeMap::new()) };
    let road = asked.objective == Objective::Road && !asked.criterion.ends_with("min");
    let reach = |row: &CsvRow<'_>| match people_or_settlements(asked.objective) {
        Some(column) => row.count(column).map(Some),
        None if road => Ok(Some(row.mm("gap_km_before")?.saturating_sub(row.mm("beyond_candidates_km")?))),
        None => Ok(None),
    };
    let mut all = BTreeMap::new();
    for row in plan.rows() {
        let code = row.code("county_code")?;
        all.extend(reach(&row)?.map(|most| (code, most)));
    }
    Ok(all)
}

/// What is in the gap of each county, where the ledger says it.
fn gaps(o: &Opened, asked: &Asked) -> Result<BTreeMap<String, u64>> {
    if let (Some(plan), Some(column)) = (o.tables.table(PLAN_COUNTIES), people_or_settlements(asked.objective)) {
        return plan.rows().map(|row| Ok((row.code("county_code")?, row.count(column)?))).collect();
    }
    // by time a network that is cut at the candidates differs by millimetres
    let exact = asked.objective == Objective::Road && !asked.criterion.ends_with("min");
    let Some(ledger) = o.ledger.as_ref().filter(|_| exact) else { return Ok(BTreeMap::new()) };
    let own = |(code, service, criterion): &(String, String, String)| {
        (*service == asked.service && *criterion == asked.criterion).then(|| code.clone())
    };
    Ok(ledger.gaps.iter().filter_map(|(key, mm)| Some((own(key)?, *mm))).collect())
}
