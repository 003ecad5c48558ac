//! The kilometres of every county at every place of the slider: of the limits that were asked they are the ledger's; between those the
//! program cuts every piece of road by the same rule. A round knows the limits that were asked and no others.

use crate::config::Service;
use crate::config::criteria::{Criterion, Metric};
use crate::coverage::gap_on_edge;
use crate::results::{Results, Run};
use rayon::prelude::*;
use std::collections::BTreeSet;

/// Places of the slider between nothing and the headline distance.
const STEPS: u32 = 20;
/// The slider ends at so many times the headline distance, or at the longest limit that was asked.
const TIMES: u32 = 2;
/// What stands for the headline distance where the headline is a time, millimetres.
const USUAL_MM: u32 = 10_000_000;

/// Kilometres beyond each place of the slider.
pub struct Kilometres {
    /// Places of the slider, millimetres, ascending.
    pub steps_mm: Vec<u32>,
    /// Limits that were asked, millimetres, ascending.
    pub asked_mm: Vec<u32>,
    /// Where the slider stands at first, millimetres.
    pub first_mm: u32,
    /// Services with, by county, the road beyond each place, millimetres.
    pub services: Vec<(Service, Vec<Vec<u64>>)>,
}

/// Those of a run or a round.
pub fn of(r: &Results) -> Kilometres {
    let all = &r.criteria.serving.all;
    let asked_mm: Vec<u32> = all.iter().filter(|c| c.metric() == Metric::Distance).map(|c| c.limit()).collect();
    let first_mm = match r.criteria.serving.headline_criterion() {
        Criterion::Distance(mm) => mm,
        Criterion::Time(_) => asked_mm.first().copied().unwrap_or(USUAL_MM),
    };
    let steps_mm = if r.as_run().is_some() { steps(first_mm, &asked_mm) } else { asked_mm.clone() };
    let services = r.criteria.serving.services.iter().map(|s| (s, of_service(r, s, &steps_mm))).collect();
    Kilometres { steps_mm, asked_mm, first_mm, services }
}

/// A twentieth of the headline apart, in round numbers, with all that were asked among them.
fn steps(first_mm: u32, asked_mm: &[u32]) -> Vec<u32> {
    let step = round_down(first_mm / STEPS);
    let last = asked_mm.iter().copied().max().unwrap_or(0).max(first_mm.saturating_mul(TIMES));
    // a long limit beside a short headline does not make a slider of thousands of places
    let step = step.max(round_down(last / (4 * STEPS)));
    let even = (0..).map(|i: u32| i.saturating_mul(step)).take_while(|mm| *mm <= last).take(8 * STEPS as usize);
    even.chain(asked_mm.iter().copied()).chain([first_mm]).collect::<BTreeSet<u32>>().into_iter().collect()
}

/// 1, 2 or 5 times a power of ten, not above the number; at least one metre.
fn round_down(mm: u32) -> u32 {
    let powers = (3..10).map(|p| 10u32.pow(p)).flat_map(|p| [1u32, 2, 5].map(|n| n.saturating_mul(p)));
    powers.take_while(|n| *n <= mm).last().unwrap_or(1000)
}

fn of_service(r: &Results, service: Service, steps_mm: &[u32]) -> Vec<Vec<u64>> {
    let of_ledger = |i: usize, mm: u32| {
        let criterion = r.criteria.serving.all.iter().position(|c| *c == Criterion::Distance(mm))?;
        Some(r.total(i, service, criterion).gap_mm)
    };
    let of_county = |i: usize| {
        let step = |mm: &u32| of_ledger(i, *mm).or_else(|| Some(cut(&r.as_run()?, i, service, *mm))).unwrap_or(0);
        steps_mm.iter().map(step).collect()
    };
    (0..r.members.len()).into_par_iter().map(of_county).collect()
}

/// Road of a county that lies farther than `limit_mm` from every station, cut piece by piece.
fn cut(run: &Run<'_>, county: usize, service: Service, limit_mm: u32) -> u64 {
    let scene = &run.whole.scene;
    let reach = scene.coverage.reach(service, Metric::Distance);
    let gap = |edge: &u32| {
        let e = &scene.network.edges()[*edge as usize];
        let gap = gap_on_edge(e, reach.cost(e.tail), reach.cost(e.head), Criterion::Distance(limit_mm));
        gap.map_or(0, |g| u64::from(g.length_mm()))
    };
    scene.by_county[county].par_iter().with_min_len(4096).map(gap).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slider_has_round_places_and_all_that_were_asked() {
        // 10 km ⇒ 0.5 km apart up to 20 km: 0, 0.5, …, 20 are 41; 7.3 is asked and stands among them
        let all = steps(10_000_000, &[5_000_000, 7_300_000, 10_000_000]);
        assert_eq!((all.len(), all[1], all.last().copied()), (42, 500_000, Some(20_000_000)));
        assert!(all.contains(&7_300_000) && all.is_sorted());
        // 1,000 km are asked beside 10 km: 10 km apart, so that there are some 100 places and not 2,000
        assert!(steps(10_000_000, &[10_000_000, 1_000_000_000]).len() < 130);
        assert_eq!([round_down(999), round_down(49_999), round_down(50_000)], [1000, 20_000, 50_000]);
    }
}
