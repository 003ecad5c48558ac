//! What a plan changes in each county: road, settlements and people in the gap and power short, without it and with it.

use super::choose_far::PlanWays;
use crate::access::people::within;
use crate::config::Service;
use crate::config::criteria::Criterion;
use crate::config::demand::Day;
use crate::county::Needs;
use crate::coverage::Ledger;
use crate::place::SettlementOut;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A county without the plan and with it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PlanCounty {
    /// Number of the county.
    pub county: u32,
    /// Sites of the plan that stand in it.
    pub sites: u32,
    /// What they cost, in whole units of the currency; none where a cost is not known.
    pub cost: Option<u64>,
    /// Its road, millimetres.
    pub road_mm: u64,
    /// Road in the gap, millimetres.
    pub gap_mm: [u64; 2],
    /// Road in the gap that no candidate reaches, millimetres.
    pub beyond_mm: u64,
    /// Settlements in the gap, of those on a road.
    pub settlements_in_gap: [u64; 2],
    /// People of them, as far as they are known.
    pub people_in_gap: [u64; 2],
    /// Power short on an ordinary day, kW; none without `[demand]`, and where nobody knows what is asked for.
    pub short_kw: Option<[f64; 2]>,
    /// Reward expected of all programmes, yuan; none where none can be told.
    pub reward_yuan: [Option<u64>; 2],
    /// Reward expected with it if its sites were in operation from the first day of [`SitePlan::reward_year`], yuan; none where the plan has years.
    ///
    /// [`SitePlan::reward_year`]: super::SitePlan::reward_year
    pub reward_if_yuan: Option<u64>,
    /// Where less is expected with the plan: sites, by their place in the order, without one of which that would not be so.
    pub sunk_by: Vec<u32>,
    /// People or settlements whose ways are weighed; 0 where the plan is not about ways.
    pub weighed: u64,
    /// Their ways, in whole units of the objective; none where the plan is not about ways.
    pub ways_mm: Option<[u64; 2]>,
    /// What lacks the stations that are asked for within reach, in whole units of the objective; none where one is enough.
    pub thin: Option<[u64; 2]>,
}

impl PlanCounty {
    /// Reward expected without the plan and with it, where with it less is, yuan.
    pub fn sunk_yuan(&self) -> Option<[u64; 2]> {
        let both = [self.reward_yuan[0]?, self.reward_yuan[1].or(self.reward_if_yuan)?];
        Some(both).filter(|[before, after]| after < before)
    }

    /// Whether less reward is expected with the plan than without it.
    pub fn is_sunk(&self) -> bool {
        self.sunk_yuan().is_some()
    }
}

/// What holds in all counties at one time.
pub(super) struct State<'a> {
    pub ledger: &'a Ledger,
    pub settlements: &'a [SettlementOut],
    pub needs: &'a Needs,
}

impl State<'_> {
    pub fn gap_mm(&self, county: u32, service: Service, criterion: usize) -> u64 {
        self.ledger.total(county as usize, service, criterion).gap_mm
    }

    /// Settlements and people in the gap.
    pub fn in_gap(&self, county: u32, service: Service, limit: Criterion) -> (u64, u64) {
        let beyond = |s: &&SettlementOut| {
            s.county == county && s.snapped.is_some() && !s.nearest[service as usize].is_some_and(|n| within(n, limit))
        };
        let people = |s: &SettlementOut| s.settlement.population.unwrap_or(0);
        self.settlements.iter().filter(beyond).fold((0, 0), |(n, sum), s| (n + 1, sum + people(s)))
    }

    pub fn short_kw(&self, county: u32) -> Option<f64> {
        let balance = self.needs.balance.counties.get(county as usize).filter(|b| b.is_known())?;
        balance.days.iter().find(|d| d.day == Day::Ordinary).map(|d| d.short_kw)
    }

    pub fn reward_yuan(&self, county: u32) -> Option<u64> {
        let own = self.needs.judged.rewards.iter().filter(|r| r.county == county);
        let paid = own.filter_map(|r| Some(r.paid(r.figures.as_ref()?.told_total_yuan()?)));
        paid.reduce(|a, b| a + b)
    }
}

/// Fills in ways of the settlements of counties, each with its weight by its place in the list: their sum, or the longest.
pub(super) fn with_ways(
    counties: &mut [PlanCounty],
    ways: &PlanWays,
    (before, after): (&State<'_>, &State<'_>),
    (service, weights, farthest): (Service, &[u64], bool),
) {
    let mut by_county: BTreeMap<u32, (u64, [u64; 2])> = BTreeMap::new();
    let way = |s: &SettlementOut| s.nearest[service as usize].map_or(ways.beyond_mm, |n| n.distance_mm.into());
    for (i, (without, with)) in before.settlements.iter().zip(after.settlements).enumerate() {
        let left_out = weights[i] == 0 || without.snapped.is_none() || ways.settlements_alone.binary_search(&(i as u32)).is_ok();
        if !left_out {
            let (weighed, sums) = by_county.entry(without.county).or_default();
            *weighed += weights[i];
            for (sum, mm) in sums.iter_mut().zip([way(without), way(with)]) {
                *sum = if farthest { mm.max(*sum) } else { *sum + mm * weights[i] };
            }
        }
    }
    for county in counties {
        let (weighed, sums) = by_county.get(&county.county).copied().unwrap_or_default();
        (county.weighed, county.ways_mm) = (weighed, Some(sums));
    }
}

/// The counties that count, without and with the plan; what sites do is filled in by who knows them.
pub(super) fn counties(
    which: &[u32],
    (before, after): (&State<'_>, &State<'_>),
    (service, criterion, limit): (Service, usize, Criterion),
) -> Vec<PlanCounty> {
    let one = |county: &u32| {
        let both = |f: &dyn Fn(&State<'_>) -> u64| [f(before), f(after)];
        let short = [before.short_kw(*county), after.short_kw(*county)];
        PlanCounty {
            county: *county,
            road_mm: before.ledger.road_mm(*county as usize),
            gap_mm: both(&|s| s.gap_mm(*county, service, criterion)),
            settlements_in_gap: both(&|s| s.in_gap(*county, service, limit).0),
            people_in_gap: both(&|s| s.in_gap(*county, service, limit).1),
            short_kw: short[0].zip(short[1]).map(|(a, b)| [a, b]),
            reward_yuan: [before.reward_yuan(*county), after.reward_yuan(*county)],
            ..PlanCounty::default()
        }
    };
    which.iter().map(one).collect()
}
