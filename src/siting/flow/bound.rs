//! The bound in whole numbers: cuts with multipliers, which anybody can compute again without trusting how they were found.

use super::cuts::{Cuts, Fate, Part};
use super::seek::Seek;
use super::trips::Flows;
use crate::siting::bound::filled;
use crate::siting::limit::Limit;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Multipliers are kept in this part of the unit of flow.
const PARTS: u64 = 1024;

/// A cut with its multiplier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlowCut {
    /// Origin and destination, as nodes.
    pub pair: (u32, u32),
    /// Sites of which every way needs one, sorted.
    pub sites: Vec<u32>,
    /// In 1,024ths of the unit of flow.
    pub multiplier: u64,
}

/// A bound on the flow that can be refuelled within a limit, with what it is computed from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlowBound {
    /// Cuts; the multipliers of a pair add up to no more than its flow.
    pub cuts: Vec<FlowCut>,
}

impl FlowBound {
    pub(super) fn of(flows: &Flows, cuts: &Cuts, lambda: &[f64]) -> Self {
        let mut list = Vec::new();
        for (t, trip) in flows.trips.iter().enumerate() {
            let mut left = trip.weight.saturating_mul(PARTS);
            for c in &cuts.of_trip[t] {
                let multiplier = ((lambda[*c as usize] * PARTS as f64).round().max(0.0) as u64).min(left);
                left -= multiplier;
                if multiplier > 0 {
                    list.push(FlowCut { pair: trip.pair, sites: cuts.all[*c as usize].sites.clone(), multiplier });
                }
            }
        }
        Self { cuts: list }
    }

    /// The bound: no choice within the limit that leaves out the sites that are `out` and has all that are `inside` refuels more, flow that
    /// needs no site included. With `capacity`, what each site can serve, it bounds what can be assigned to sites. None where a cut is none,
    /// or the multipliers are not of these flows.
    pub fn value(
        &self,
        flows: &Flows,
        limit: &Limit,
        (inside, out): (&[bool], &[bool]),
        capacity: Option<&[u64]>,
    ) -> Option<u64> {
        let part = Part { flows, limit, inside, out };
        let there = || (0..flows.sites).filter(|s| inside[*s]);
        let room = limit.most().checked_sub(limit.taken(there().map(|s| s as u32)))?;
        let mut seek = Seek::new(flows.sites);
        let (mut rest, mut worth) = (0u128, vec![Vec::new(); flows.sites]);
        let mut index = BTreeMap::new();
        self.cuts.iter().for_each(|c| index.entry(c.pair).or_insert_with(Vec::new).push(c));
        for trip in &flows.trips {
            let cuts = index.remove(&trip.pair).unwrap_or_default();
            let split: u128 = cuts.iter().map(|c| u128::from(c.multiplier)).sum();
            let all = u128::from(trip.weight) * u128::from(PARTS);
            if split > all || !cuts.iter().all(|c| c.sites.is_sorted() && seek.is_cut(flows, trip, &c.sites)) {
                return None;
            }
            match part.fate(&mut seek, trip, room) {
                Fate::Lost => continue,
                // refuelled anyhow, unless what is there cannot serve so much
                Fate::Served if capacity.is_none() => rest += all,
                _ => {
                    let live = |c: &&&FlowCut| capacity.is_some() || !c.sites.iter().any(|s| inside[*s as usize]);
                    let (mut of_site, mut used) = (BTreeMap::new(), 0u128);
                    for c in cuts.iter().filter(live) {
                        used += u128::from(c.multiplier);
                        c.sites.iter().for_each(|s| *of_site.entry(*s).or_insert(0u128) += u128::from(c.multiplier));
                    }
                    rest += all - used;
                    of_site.into_iter().for_each(|(s, sum)| worth[s as usize].push((sum, trip.weight)));
                }
            }
        }
        if !index.is_empty() {
            return None;
        }
        let score = |s: usize| assigned(worth[s].clone(), capacity.map(|c| c[s]));
        let open = (0..flows.sites).filter(|s| !inside[*s] && !out[*s]).map(|s| (score(s), limit.cost(s))).collect();
        let most = rest + there().map(score).sum::<u128>() + filled(open, room);
        u64::try_from(most / u128::from(PARTS)).ok()?.checked_add(flows.unaided)
    }
}

/// The most that flows are worth to a site that can serve so much: (worth of the whole flow, flow). Parts of a flow are worth parts of it.
fn assigned(mut all: Vec<(u128, u64)>, capacity: Option<u64>) -> u128 {
    let Some(mut left) = capacity else { return all.iter().map(|(worth, _)| worth).sum() };
    all.sort_unstable_by(|(a, f), (b, g)| (b * u128::from(*f)).cmp(&(a * u128::from(*g))));
    let mut sum = 0;
    for (worth, flow) in all {
        if flow > left {
            return sum + (worth * u128::from(left)).div_ceil(u128::from(flow));
        }
        (sum, left) = (sum + worth, left - flow);
    }
    sum
}
