//! Which candidates are built where each serves no more than its capacity: those to which most energy can be assigned at all, settlement by
//! settlement, a settlement to several if need be. Where drivers who choose for themselves go is another question, and has no bound.

use super::by_worth::{in_order, trimmed};
use super::choose::{CURVE_EFFORT, CurvePoint, Frame, PlanStage, PlanStep, curve_limits};
use crate::siting::{Cover, Effort, Proof, assigned, most_assigned};
use rayon::prelude::*;

/// What was chosen.
pub(super) struct WithinChoice {
    pub stage: PlanStage,
    pub steps: Vec<PlanStep>,
    pub curve: Vec<CurvePoint>,
    /// What each site serves in one assignment that reaches the value, in the order of the steps.
    pub served: Vec<u64>,
    /// What candidates can serve in all, whatever the limit.
    pub reachable: u64,
}

/// Chooses within the limit; `capacity` by the place of candidates in the cover. None where what is in anyhow does not fit.
pub(super) fn choose_within(cover: &Cover, capacity: &[u64], frame: &Frame) -> Option<WithinChoice> {
    let of = (cover, capacity);
    let answer = most_assigned(of, &frame.question(frame.limit.clone(), &frame.inside), Effort::default())?;
    let value = |sites: &[u32]| assigned(of, sites).0;
    let mut sites = trimmed(answer.sites, &frame.inside, value);
    sites.sort_unstable();
    let steps = in_order(&sites, frame, &value, |_| 0);
    let all: Vec<u32> = (0..cover.sites() as u32).collect();
    let (reachable, serves) = (assigned(of, &all).0, assigned(of, &sites).1);
    let stage = PlanStage {
        county: None,
        reachable,
        parts: None,
        value: answer.value,
        bound: answer.bound,
        searched: match answer.proof {
            Proof::Multipliers => None,
            Proof::Search(parts) => Some(parts),
        },
        taken: frame.limit.taken(sites.iter().copied()),
        multipliers: answer.multipliers.multipliers,
    };
    let served = steps.iter().map(|s| serves[s.site as usize]).collect();
    Some(WithinChoice { stage, curve: curve(of, frame, &steps), served, reachable, steps })
}

/// What fewer and more sites, or less and more money, would serve.
fn curve(of: (&Cover, &[u64]), frame: &Frame, steps: &[PlanStep]) -> Vec<CurvePoint> {
    let limits = curve_limits(frame.limit.most(), frame.limit.taken(frame.inside.iter().copied()));
    let plan = |limit: u64| steps.iter().take_while(|s| s.taken <= limit).last().map_or(0, |s| s.covered);
    let point = |limit: &u64| {
        let answer = most_assigned(of, &frame.question(frame.up_to(*limit), &frame.inside), CURVE_EFFORT)?;
        let plan = plan(*limit);
        Some(CurvePoint { limit: *limit, value: answer.value.max(plan), bound: answer.bound.max(plan), plan })
    };
    limits.par_iter().filter_map(point).collect()
}

#[cfg(test)]
mod tests {
    use super::super::choose::NO_STAGE;
    use super::super::count::Count;
    use super::*;
    use crate::siting::{CoverRows, Limit};

    #[test]
    fn sites_come_by_what_can_be_assigned_to_them_and_what_others_serve_as_well_goes() {
        // 0 reaches 6 and 4, 1 the same 4 and 5, 2 the same 5 and 2: capacities 7, 9 and 3
        let mut rows = CoverRows::default();
        [(&[0][..], 6), (&[0, 1], 4), (&[1, 2], 5), (&[2], 2)].iter().for_each(|(sites, w)| rows.add(sites, *w));
        let (cover, capacity) = (rows.freeze(3), [7, 9, 3]);
        let frame = |limit, inside| Frame { limit, inside, out: Vec::new(), share: None, costs: None, count: Count::default() };
        let two = choose_within(&cover, &capacity, &frame(Limit::Number(2), vec![])).unwrap();
        // 1 serves 9; 0 adds 6 and serves 6 or 7, as 1 can leave it one of the 4
        assert_eq!(two.steps.iter().map(|s| (s.site, s.gain, s.covered)).collect::<Vec<_>>(), [(1, 9, 9), (0, 6, 15)]);
        assert_eq!((two.stage.value, two.stage.bound, two.reachable, two.served.iter().sum::<u64>()), (15, 15, 17, 15));
        assert!(two.served.iter().zip([9, 7]).all(|(served, most)| *served <= most));
        // of all 17 the third serves the last two
        let all = choose_within(&cover, &capacity, &frame(Limit::Number(3), vec![])).unwrap();
        assert_eq!((all.stage.value, all.steps.len(), all.curve.len()), (17, 3, 5));
        // what is in anyhow comes first, and the rest of the limit beside it: 2 serves 3, 1 nine more but for the one that 2 had of theirs
        let with = choose_within(&cover, &capacity, &frame(Limit::Number(2), vec![2])).unwrap();
        assert_eq!(with.steps.iter().map(|s| (s.site, s.covered, s.stage)).collect::<Vec<_>>(), [(2, 3, NO_STAGE), (1, 11, 0)]);
    }
}
