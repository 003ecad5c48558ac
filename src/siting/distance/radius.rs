//! The sites that leave nobody far (p-centre): the least radius within which the sites that the limit allows cover all rows. A radius at which
//! that cannot be is its bound.

use super::super::choose::Question;
use super::super::cover::{Cover, CoverRows, Within};
use super::super::drive::{Effort, Proof, flags};
use super::super::fewest::{Asked, CostBound, Need};
use super::Distances;

/// Sites with the greatest distance to them.
#[derive(Clone, Debug)]
pub struct RadiusAnswer {
    /// The sites, sorted; those that are there anyhow too.
    pub sites: Vec<u32>,
    /// How far the farthest row is from the nearest of them.
    pub radius: u64,
    /// No choice within the limit has less.
    pub bound: u64,
    /// Why: [`cover_within`] the greatest radius below the bound needs more than the limit.
    pub proof: Proof,
    /// Multipliers that say so in whole numbers, of that cover; none where a row has no site nearer than the bound.
    pub below: Option<CostBound>,
}

/// Rows by the sites that are within reach, each of weight 1; rows of the same sites are merged.
pub fn cover_within(near: &Distances, within: Within) -> Cover {
    let mut rows = CoverRows::default();
    for r in 0..near.rows() {
        let mut list: Vec<(u32, u64)> = near.of_row(r).iter().map(|n| (n.1, n.0)).collect();
        list.sort_unstable();
        rows.add_within(&list, within, 1);
    }
    rows.freeze(near.sites())
}

/// The sites within the limit that the farthest row is nearest to. Rows that only sites that are out are near to are left apart. None where
/// none was found that every other row has in its list.
///
/// ```
/// use chargegap::internals::siting::{DistanceRows, Effort, Limit, Question, least_radius};
/// let mut rows = DistanceRows::new(100);
/// [&[(0, 0), (1, 5)][..], &[(0, 5), (1, 0), (2, 2)], &[(1, 3), (2, 0)]].iter().for_each(|near| rows.add(near, 1));
/// let question = Question { limit: Limit::Number(1), inside: vec![], out: vec![] };
/// let best = least_radius(&rows.freeze(3).unwrap(), &question, Effort::default()).unwrap();
/// assert_eq!((best.sites, best.radius, best.bound), (vec![1], 5, 5));
/// ```
pub fn least_radius(near: &Distances, q: &Question, effort: Effort) -> Option<RadiusAnswer> {
    let (inside, out) = (flags(near.sites(), &q.inside), flags(near.sites(), &q.out));
    let costs: Vec<u64> = (0..near.sites()).map(|s| q.limit.cost(s)).collect();
    let may = |s: u32| inside[s as usize] || !out[s as usize];
    let nearest = |r: usize| near.of_row(r).iter().find(|n| may(n.1)).map(|n| n.0);
    let rows: Vec<usize> = (0..near.rows()).filter(|r| nearest(*r).is_some()).collect();
    // nobody is nearer than its nearest site
    let least = rows.iter().filter_map(|r| nearest(*r)).max().unwrap_or(0);
    let mut radii: Vec<u64> = rows.iter().flat_map(|r| near.of_row(*r)).map(|n| n.0).filter(|d| *d >= least).collect();
    radii.push(least);
    radii.sort_unstable();
    radii.dedup();
    let farthest = |sites: &[u32]| {
        let far = near.nearest(sites);
        rows.iter().map(|r| far[*r]).max().unwrap_or(0)
    };
    let (mut best, mut proven, mut below) = (None, 0, None);
    let mut high = radii.len();
    // with little effort first: what that leaves open is asked again
    for share in [64, 4] {
        let effort = Effort { kicks: effort.kicks / share, patience: effort.patience / share, pairs: effort.pairs / share };
        let mut low = proven;
        while low < high {
            let middle = if best.is_none() { high - 1 } else { (low + high) / 2 };
            let cover = cover_within(near, Within::AtMost(radii[middle]));
            let asked = Asked { cover: &cover, costs: &costs, inside: &inside, out: &out };
            let found = asked.all(effort, Some(q.limit.most()));
            let mut sites = found.sites;
            sites.extend(&q.inside);
            sites.sort_unstable();
            sites.dedup();
            if q.limit.taken(sites.iter().copied()) <= q.limit.most() {
                let radius = farthest(&sites);
                high = radii.partition_point(|d| *d < radius).min(middle);
                best = Some((sites, radius));
                continue;
            }
            if best.is_none() {
                break;
            }
            low = middle + 1;
            if found.least > q.limit.most() {
                let bound = CostBound::of(&cover, &found.lambda);
                let by = bound.value((&cover, &costs), Need::All, (&inside, &out));
                let sure = by.is_some_and(|b| b > q.limit.most());
                let proof = if sure { Proof::Multipliers } else { Proof::Search(found.parts.max(1)) };
                (proven, below) = (low, Some((bound, proof)));
            }
        }
    }
    let (sites, radius) = best?;
    let (below, proof) = below.map_or((None, Proof::Multipliers), |(bound, proof)| (Some(bound), proof));
    Some(RadiusAnswer { sites, radius, bound: radii[proven].min(radius), proof, below })
}
