//! Roads by county: whose ground another county covers too, who has no road at all, and what lies outside every county. An overlap takes
//! road, people and money from the county of the higher code without a word, so that it is a fault of the round from some size on.

use super::inputs::Together;
use super::merge::MergeInputs;
use super::twice::digest_of_shape;
use crate::county::CountyResult;
use crate::error::Result;
use crate::issue::{IssueCode, Issues, Layer};
use crate::network::{self, CountyIndex, Draft, NO_COUNTY, Overlap};
use crate::place::candidates::tell_outside;
use crate::place::onto_road::place_stations;
use crate::prepared::border_issues;
use crate::prepared::ground::Ground;
use crate::read::road::Roads;
use crate::results::faults::{Fault, SharedGround};
use std::collections::BTreeSet;

/// The share of a county's road that another may cover: neighbours' borders are drawn from several sources, and cross by slivers.
const SHARE: f64 = 0.01;
/// As much road as this is no sliver in any county, millimetres.
const MUCH_MM: u64 = 5_000_000;
/// Less road than this is a sliver in any county, millimetres.
const SLIVER_MM: u64 = 100_000;

/// Road by county, and road that two counties cover.
#[derive(Clone, Debug, Default)]
pub struct RoadByCounty {
    overlap: Overlap,
    /// In the network, millimetres, by the number of the county.
    network_mm: Vec<u64>,
    /// With what is cut off from it.
    all_mm: Vec<u64>,
    /// On the ground of the county, booked there or in another.
    claimed_mm: Vec<u64>,
}

impl RoadByCounty {
    /// Of the network of a round.
    pub fn of(ground: &Ground) -> Self {
        let network_mm = by_county(&ground.draft, ground.counties.len());
        let all_mm = network_mm.iter().enumerate().map(|(i, mm)| mm + ground.books.islands_mm.get(i).unwrap_or(&0)).collect();
        Self::with_claims(ground.overlap.clone(), network_mm, all_mm)
    }

    /// Of roads whose network is not built yet: what is drawn twice is counted twice, and what is cut off counts as well.
    ///
    /// # Errors
    /// Input, for a road that is too long.
    pub fn before_network(roads: &Roads, all: &Together) -> Result<Self> {
        let mut draft = Draft::from_roads(roads)?;
        let overlap = network::cut_at_borders(&mut draft, &CountyIndex::new(&all.counties));
        let network_mm = by_county(&draft, all.counties.len());
        Ok(Self::with_claims(overlap, network_mm.clone(), network_mm))
    }

    /// Adds up what lies on the ground of each county: what it has, and what was booked in a lower code.
    fn with_claims(overlap: Overlap, network_mm: Vec<u64>, all_mm: Vec<u64>) -> Self {
        let mut claimed_mm = all_mm.clone();
        for ((_, loses), mm) in &overlap {
            if let Some(sum) = claimed_mm.get_mut(*loses as usize) {
                *sum += mm;
            }
        }
        Self { overlap, network_mm, all_mm, claimed_mm }
    }

    /// Faults of the counties that take part: ground that is another's too, and counties without a road.
    pub fn faults(&self, all: &Together, asked: &[u32]) -> Vec<Fault> {
        let takes_part = |c: &u32| asked.binary_search(c).is_ok();
        let named = |c: u32| all.counties.get(c as usize);
        let shared = self.overlap.iter().filter(|((a, b), mm)| (takes_part(a) || takes_part(b)) && self.is_much((*a, *b), **mm));
        let shared = shared.filter_map(|((a, b), mm)| {
            let (first, other) = (named(*a)?, named(*b)?);
            let km = |mm: u64| mm as f64 / 1e6;
            // what was drawn over the other in full leaves it nothing, so that its own is what it lost beside what it has
            let road_km = [km(self.all_mm[*a as usize]), km(self.claimed_mm(*b))];
            let digests = [first, other].map(|c| digest_of_shape(&c.shape));
            let names = [first, other].map(|c| c.name.as_str());
            let codes = [first, other].map(|c| c.code.as_str());
            Some(Fault::county_overlap(&SharedGround { codes, names, km: km(*mm), road_km, digests }))
        });
        let roadless = asked.iter().filter(|c| self.network_mm.get(**c as usize) == Some(&0));
        let roadless =
            roadless.filter_map(|c| named(*c)).map(|c| Fault::county_without_road(&c.code, &c.name, digest_of_shape(&c.shape)));
        shared.chain(roadless).collect()
    }

    /// Road that lies on the ground of a county, booked there or in another.
    fn claimed_mm(&self, county: u32) -> u64 {
        self.claimed_mm.get(county as usize).copied().unwrap_or(0)
    }

    fn is_much(&self, (a, b): (u32, u32), mm: u64) -> bool {
        let least = self.claimed_mm(a).min(self.claimed_mm(b)) as f64;
        mm >= MUCH_MM || mm >= SLIVER_MM && mm as f64 > SHARE * least
    }
}

fn by_county(draft: &Draft, counties: usize) -> Vec<u64> {
    let mut all = vec![0; counties];
    for e in &draft.edges {
        if let Some(sum) = all.get_mut(e.county as usize) {
            *sum += u64::from(e.length_mm);
        }
    }
    all
}

/// Tells what a run tells of borders: ground that two counties cover, counties without a road, and what lies outside every county. Only
/// what concerns a county of the round is told, or none at all.
pub fn tell(given: &MergeInputs<'_>, results: &[&CountyResult], outside_mm: u64, issues: &mut Issues) {
    let MergeInputs { all, plan, ground, criteria, .. } = given;
    let takes_part = |c: &u32| plan.shards.binary_search_by_key(c, |s| s.county).is_ok();
    let code = |c: u32| all.counties.get(c as usize).map_or("", |c| c.code.as_str());
    let overlap = ground.overlap.iter().filter(|((a, b), _)| takes_part(a) || takes_part(b));
    border_issues::overlaps(overlap.map(|((a, b), mm)| ([code(*a), code(*b)], *mm)), issues);
    let failed: BTreeSet<&str> = given.failed.iter().map(|f| code(plan.shards[f.shard].county)).collect();
    let roadless = results.iter().filter(|r| r.road_total_mm() == 0 && !failed.contains(r.code.as_str()));
    border_issues::without_road(roadless.map(|r| r.code.as_str()), issues);
    let inside = ground.draft.edges.iter().filter(|e| e.county != NO_COUNTY);
    let inside_mm = inside.map(|e| u64::from(e.length_mm)).sum();
    let whole = all.regions.iter().all(|r| r.file.counties.as_ref().is_none_or(|c| c.only.is_none()));
    border_issues::outside([outside_mm, inside_mm], whole, issues);
    let none = |(i, c): (usize, &u32)| (*c == NO_COUNTY).then_some(i);
    let beyond: Vec<_> = plan.county_of_station.iter().enumerate().filter_map(none).map(|i| all.stations[i].clone()).collect();
    place_stations(beyond.clone(), &vec![NO_COUNTY; beyond.len()], &ground.draft, &criteria.serving, issues);
    for i in plan.county_of_settlement.iter().enumerate().filter_map(none) {
        let s = &all.settlements[i];
        let what = format!("\"{}\" lies outside every county", s.name);
        issues.push(Layer::Settlements, IssueCode::SettlementOutside, s.source.clone(), what);
    }
}

/// Tells of candidate sites that lie outside every county; how many there are.
pub fn tell_candidates(all: &Together, issues: &mut Issues) -> usize {
    if all.candidates.is_empty() {
        return 0; // borders need not be looked at again
    }
    tell_outside(&all.candidates, &CountyIndex::new(&all.counties), issues)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 3 loses 2 km to 0, 5 to 1 and 1 to 2; 2 loses 4 to 1.
    #[test]
    fn what_lies_on_the_ground_of_a_county_is_added_up_once() {
        let overlap =
            [((0, 3), 2), ((1, 3), 5), ((2, 3), 1), ((1, 2), 4)].into_iter().map(|(pair, km)| (pair, km * 1_000_000)).collect();
        let all: Vec<u64> = [10, 20, 30, 40].map(|km: u64| km * 1_000_000).into();
        let roads = RoadByCounty::with_claims(overlap, all.clone(), all);
        let claimed: Vec<u64> = (0..5).map(|c| roads.claimed_mm(c) / 1_000_000).collect();
        assert_eq!(claimed, [10, 20, 34, 48, 0]);
    }
}
