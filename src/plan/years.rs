//! A plan of several years: what is built in each, what it covers then, and what holds at its end. Nothing that is built is taken away. What is
//! covered is added up over the years, so that what is built early counts more; the bound is that of each year by itself.

use super::choose::{Choice, Frame, NO_STAGE, PlanStage, curve, order};
use super::ledger::State;
use super::promise::{PromiseGround, promise};
use super::site_plan::{PlanGround, PlanRow, SitePlan};
use crate::config::plan::{Objective, PlanAsked};
use crate::config::plan_years::PlanYearAsked;
use crate::county::Needs;
use crate::error::Result;
use crate::programme::Tier;
use crate::siting::{Cover, CoverRows, Effort, Proof, Year, YearsQuestion, most_over_years};
use serde::{Deserialize, Serialize};

/// Several questions are asked for each year.
const EFFORT: Effort = Effort { kicks: 1000, patience: 400, pairs: 1_000_000_000 };

/// A year of a plan.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PlanYear {
    /// The year.
    pub year: u32,
    /// Numbers of the candidates that are built in it, in the order of building.
    pub built: Vec<u32>,
    /// Sites, or money, that were used by its end.
    pub taken: u64,
    /// Sites, or money, that could be.
    pub limit: u64,
    /// What was in the gap, with the weights of the year, in whole units of the objective.
    pub in_gap: u64,
    /// What all that stands in it covers, with the weights of the year.
    pub value: u64,
    /// Nothing within its limit covers more in it.
    pub bound: u64,
    /// Parts of the search that proved it; none where the multipliers did.
    pub searched: Option<u64>,
    /// Its rows, from which its bound is computed again.
    pub rows: Vec<PlanRow>,
    /// What holds at its end, by county.
    pub counties: Vec<PlanYearCounty>,
}

/// A county at the end of a year.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PlanYearCounty {
    /// Number of the county.
    pub county: u32,
    /// Sites of the plan that stand in it by then.
    pub sites: u32,
    /// What they cost; none where a cost is not known.
    pub cost: Option<u64>,
    /// Road in the gap, millimetres.
    pub gap_mm: u64,
    /// Settlements in the gap.
    pub settlements_in_gap: u64,
    /// People of them, as far as they are known.
    pub people_in_gap: u64,
    /// Power short on an ordinary day with the vehicles of the year, kW; none without `[demand]`.
    pub short_kw: Option<f64>,
    /// What the programmes pay for the year, by their names; sites of the plan are in operation from the first day of theirs.
    pub tiers: Vec<(String, Tier)>,
}

/// Chooses over some years from what candidates cover today; the rows of the last year are the plan's. None where what is in anyhow does not fit.
pub(super) fn choose(today: &Cover, asked: &PlanAsked, frame: &Frame) -> Option<(Choice, Vec<PlanYear>, Cover)> {
    let asked = &weighed(asked);
    let covers: Vec<Cover> = asked.iter().map(|y| of_year(today, *y)).collect();
    let years = asked.iter().zip(&covers).map(|(y, cover)| Year { cover, most: y.most }).collect();
    let costs = match &frame.limit {
        crate::siting::Limit::Number(_) => None,
        crate::siting::Limit::Budget(_, costs) => Some(costs.clone()),
    };
    let question = YearsQuestion { years, costs, inside: frame.inside.clone(), out: frame.out.clone() };
    let answer = most_over_years(&question, EFFORT)?;
    let built = trimmed(&covers, answer.built, &frame.inside);
    let (last, all) = (covers.len() - 1, covers.last()?);
    let mut choice = Choice { limit: frame.limit.most(), ..Choice::default() };
    order(all, all, &frame.inside, frame, (NO_STAGE, &mut choice.steps));
    let (mut found, mut there) = (Vec::new(), frame.inside.clone());
    for (y, cover) in covers.iter().enumerate() {
        let before = if y == 0 { 0 } else { choice.steps.len() };
        order(all, all, &built[y], frame, (0, &mut choice.steps));
        there.extend(&built[y]);
        let (bound, multipliers) = &answer.bounds[y];
        found.push(PlanYear {
            year: asked[y].year,
            built: choice.steps[before..].iter().map(|s| s.site).collect(),
            taken: frame.limit.taken(there.iter().copied()),
            limit: asked[y].most,
            in_gap: cover.total(),
            value: cover.value(&there),
            bound: *bound,
            searched: parts(answer.proofs[y]),
            rows: rows(cover, &multipliers.multipliers),
            ..PlanYear::default()
        });
    }
    choice.stages.push(PlanStage {
        county: None,
        reachable: all.total(),
        parts: None,
        value: found[last].value,
        bound: found[last].bound,
        searched: found[last].searched,
        taken: found[last].taken,
        multipliers: answer.bounds[last].1.multipliers.clone(),
    });
    choice.curve = curve(all, frame, &choice.steps);
    Some((choice, found, covers.into_iter().next_back()?))
}

/// The years as rows are weighed: only energy grows with the vehicles.
fn weighed(asked: &PlanAsked) -> Vec<PlanYearAsked> {
    let energy = asked.objective == Objective::Energy;
    asked.years.iter().map(|y| if energy { *y } else { y.of_today() }).collect()
}

/// The same rows with the weights of a year.
fn of_year(today: &Cover, year: PlanYearAsked) -> Cover {
    let mut rows = CoverRows::default();
    (0..today.rows()).for_each(|r| rows.add(today.of_row(r), year.weight(today.weights()[r])));
    rows.freeze(today.sites())
}

fn parts(proof: Proof) -> Option<u64> {
    match proof {
        Proof::Multipliers => None,
        Proof::Search(parts) => Some(parts),
    }
}

/// Rows by the places of candidates in the cover.
fn rows(cover: &Cover, multipliers: &[u64]) -> Vec<PlanRow> {
    let row = |(i, multiplier): (usize, &u64)| PlanRow {
        question: 1,
        candidates: cover.of_row(i).to_vec(),
        weight: cover.weights()[i],
        multiplier: *multiplier,
        standing: 0,
    };
    multipliers.iter().enumerate().map(row).collect()
}

/// The same without sites that add nothing in any year, the last first.
fn trimmed(covers: &[Cover], mut built: Vec<Vec<u32>>, inside: &[u32]) -> Vec<Vec<u32>> {
    let values = |built: &[Vec<u32>]| -> Vec<u64> {
        let mut there = inside.to_vec();
        let year = |(cover, new): (&Cover, &Vec<u32>)| {
            there.extend(new);
            cover.value(&there)
        };
        covers.iter().zip(built).map(year).collect()
    };
    let want = values(&built);
    for y in (0..built.len()).rev() {
        for site in built[y].clone().into_iter().rev() {
            let mut without = built.clone();
            without[y].retain(|s| *s != site);
            if values(&without) == want {
                built = without;
            }
        }
    }
    built
}

/// Candidates of years go by their numbers, and what no candidate reaches is in the gap of each.
pub(super) fn numbered(years: &mut [PlanYear], asked: &PlanAsked, unreached: u64, number: &dyn Fn(u32) -> u32) {
    for (year, asked) in years.iter_mut().zip(weighed(asked)) {
        year.in_gap += asked.weight(unreached);
        year.built.iter_mut().for_each(|s| *s = number(*s));
        year.rows.iter_mut().for_each(|r| r.candidates.iter_mut().for_each(|s| *s = number(*s)));
    }
}

/// What holds at the end of each year, computed as a run computes it that reads what stands then among its stations.
pub(super) fn with_promises(g: &PlanGround<'_>, plan: &mut SitePlan, which: &[u32]) -> Result<()> {
    let mut years = std::mem::take(&mut plan.years);
    let mut there: Vec<(usize, u32)> = Vec::new();
    for (year, asked) in years.iter_mut().zip(&g.asked.years) {
        let place = |site: &u32| plan.steps.iter().position(|s| s.site == *site).map(|k| (k, year.year));
        there.extend(year.built.iter().filter_map(place));
        let new = there.iter().map(|(k, opened)| plan.built(*k, g.asked.service, Some(*opened)));
        let wants = g.needs.0.is_any().then_some(g.needs.0);
        let ground = PromiseGround { scene: g.scene, names: g.names, asked: wants, vehicles: asked.vehicles() };
        let with = promise(&ground, g.draft.clone(), new.collect())?;
        let state = State { ledger: &with.ledger, settlements: &with.settlements, needs: &with.needs };
        let limit = g.scene.criteria.serving.all[g.asked.criterion];
        let one = |county: &u32| {
            let own = || there.iter().filter(|(k, _)| plan.candidates[plan.steps[*k].site as usize].county == Some(*county));
            let (settlements_in_gap, people_in_gap) = state.in_gap(*county, g.asked.service, limit);
            PlanYearCounty {
                county: *county,
                sites: own().count() as u32,
                cost: own().map(|(k, _)| plan.costs[*k]).sum(),
                gap_mm: state.gap_mm(*county, g.asked.service, g.asked.criterion),
                settlements_in_gap,
                people_in_gap,
                short_kw: state.short_kw(*county),
                tiers: tiers(&with.needs, *county, year.year),
            }
        };
        year.counties = which.iter().map(one).collect();
    }
    plan.years = years;
    Ok(())
}

/// What each programme pays a county for a year.
fn tiers(needs: &Needs, county: u32, year: u32) -> Vec<(String, Tier)> {
    let of = |r: &crate::county::CountyReward| {
        // where facilities in doubt would change it, it cannot be told
        let expected = &r.figures.as_ref()?.expected;
        let [tier, with] = [&expected.without, &expected.with].map(|e| {
            let years = &e.forecast.as_ref()?.years;
            years.iter().find(|y| u32::from(y.year) == year)?.tier.clone()
        });
        let tier = tier.filter(|t| with.as_ref() == Some(t))?;
        Some((r.programme.clone(), Tier { amount_yuan: r.paid(tier.amount_yuan), ..tier }))
    };
    needs.judged.rewards.iter().filter(|r| r.county == county).filter_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::super::count::Count;
    use super::*;
    use crate::siting::Limit;

    #[test]
    fn what_adds_nothing_in_any_year_goes_and_the_order_is_by_year() {
        // site 0 has 5, site 1 has 4, site 2 has both: with one in the first year and two in the second, 2 is enough for all
        let mut rows = CoverRows::default();
        rows.add(&[0, 2], 5);
        rows.add(&[1, 2], 4);
        let cover = rows.freeze(3);
        let year = |year, most| PlanYearAsked { year, most, own: 1, vehicles_ppm: 1_000_000 };
        let file = crate::config::RegionFile::parse("[plan]\n", "r").unwrap();
        let mut asked = crate::config::Criteria::from_region(&file).unwrap().plan.unwrap();
        asked.years = vec![year(2026, 1), year(2027, 2)];
        let frame = Frame {
            limit: Limit::Number(2),
            inside: Vec::new(),
            out: Vec::new(),
            share: None,
            costs: None,
            count: Count::default(),
        };
        let (choice, years, last) = choose(&cover, &asked, &frame).unwrap();
        assert_eq!(
            years.iter().map(|y| (y.built.clone(), y.value, y.bound)).collect::<Vec<_>>(),
            [(vec![2], 9, 9), (vec![], 9, 9)]
        );
        assert_eq!((choice.steps.len(), choice.steps[0].site, last.total()), (1, 2, 9));
        // a site that later ones make needless stays where it covered something before
        assert_eq!(trimmed(&[cover.clone(), cover], vec![vec![0], vec![2]], &[]), [vec![0], vec![2]]);
    }
}
