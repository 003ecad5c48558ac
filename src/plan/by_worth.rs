//! Sites that were chosen: without those that nobody misses, and in the order of what each adds, asked of a value that any list of sites has.
//! Where a cover counts up what each site adds (`choose`), or ways are kept (`choose_far`), that is quicker.

use super::choose::{Frame, NO_STAGE, PlanStep};
use rayon::prelude::*;

/// The same without sites that the value is the same without, the last first; who is there anyhow stays.
pub(super) fn trimmed<V: PartialEq>(sites: Vec<u32>, inside: &[u32], value: impl Fn(&[u32]) -> V) -> Vec<u32> {
    let (mut kept, want) = (sites.clone(), value(&sites));
    for site in sites.into_iter().rev().filter(|s| !inside.contains(s)) {
        let without: Vec<u32> = kept.iter().copied().filter(|s| *s != site).collect();
        if value(&without) == want {
            kept = without;
        }
    }
    kept
}

/// What is in anyhow first, then by what each adds to the value for each unit of the limit, most first; of equals by what `missed` says, and of these
/// the one that stands first.
pub(super) fn in_order(
    sites: &[u32],
    frame: &Frame,
    value: &(impl Fn(&[u32]) -> u64 + Sync),
    missed: impl Fn(u32) -> u64,
) -> Vec<PlanStep> {
    let (mut steps, mut there): (Vec<PlanStep>, Vec<u32>) = (Vec::new(), Vec::new());
    let (inside, others): (Vec<u32>, Vec<u32>) = sites.iter().copied().partition(|s| frame.inside.contains(s));
    for (stage, mut left) in [(NO_STAGE, inside), (0, others)] {
        while !left.is_empty() {
            let (covered, taken) = steps.last().map_or((0, 0), |s| (s.covered, s.taken));
            let gains: Vec<u64> = left.par_iter().map(|s| value(&[&there[..], &[*s]].concat()) - covered).collect();
            let worth = |k: usize| {
                let cost = u128::from(frame.limit.cost(left[k] as usize).max(1));
                [gains[k], missed(left[k])].map(|n| (u128::from(n) << 40) / cost)
            };
            let best = (0..left.len()).reduce(|a, b| if worth(b) > worth(a) { b } else { a }).unwrap_or(0);
            let (gain, site) = (gains[best], left.remove(best));
            there.push(site);
            let taken = taken + frame.limit.cost(site as usize);
            steps.push(PlanStep { site, gain, covered: covered + gain, taken, stage });
        }
    }
    steps
}
