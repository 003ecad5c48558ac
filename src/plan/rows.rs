//! What each candidate would cover: pieces of road, cut exactly where the reach of a candidate ends, and settlements. Pieces and places that
//! the same candidates cover are one row. Sites that cover a road jointly count it once.

use super::count::Count;
use super::ground::PlanNet;
use crate::config::Service;
use crate::config::criteria::{Criterion, Metric};
use crate::config::plan::Objective;
use crate::coverage::{Gap, gap_on_edge};
use crate::engine::{Catchments, Targets, UNREACHABLE};
use crate::network::search::from_edge;
use crate::network::{Edge, Placed, share};
use crate::siting::CoverRows;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Edges whose rows are held at once.
const HELD: usize = 8192;

/// A row before it is merged: candidates by their place among those on the road, and its weight.
type Row = (Vec<u32>, u64);

/// Which candidates can be reached from where, within the reach.
pub(super) struct Ways<'a> {
    net: &'a PlanNet,
    criterion: Criterion,
    /// Edges in the gap, with what is uncovered, and settlements in the gap, both of the counties that count.
    edges: Vec<(u32, Gap)>,
    places: Vec<(usize, Placed)>,
    /// By node: candidates with what it costs to them, by candidate; behind them stations that stand, where these are asked for.
    of_node: Vec<(u32, u32)>,
    first: Vec<u32>,
    /// How many candidates there are.
    open: usize,
}

/// Whose rows are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reached {
    /// What is in the gap, by candidates.
    InGap,
    /// All road and all settlements, by candidates and by stations that stand.
    All,
}

impl<'a> Ways<'a> {
    /// Searches from candidates that met a road, as far as the reach: rows are of these by their place in the list. `counts` says by number
    /// whose gaps count.
    pub fn new(
        net: &'a PlanNet,
        candidates: &[(usize, u32)],
        (service, criterion): (Service, Criterion),
        county: &[u32],
        (counts, reached): (&dyn Fn(u32) -> bool, Reached),
    ) -> Self {
        let reach = net.coverage.reach(service, criterion.metric());
        let all = reached == Reached::All;
        let edges: Vec<(u32, Gap)> = (0u32..)
            .zip(net.network.edges())
            .filter(|(_, e)| counts(e.county))
            .filter_map(|(i, e)| {
                let whole = || (e.length_mm > 0).then_some(Gap { from_mm: 0, to_mm: e.length_mm });
                let gap = if all { whole() } else { gap_on_edge(e, reach.cost(e.tail), reach.cost(e.head), criterion) };
                Some((i, gap?))
            })
            .collect();
        let in_gap = |place: &Placed| {
            let e = &net.network.edges()[place.edge as usize];
            !within(e, *place, [reach.cost(e.tail), reach.cost(e.head)], criterion)
        };
        let places: Vec<(usize, Placed)> =
            net.settlements.iter().filter(|(i, p)| counts(county[*i]) && (all || in_gap(p))).copied().collect();
        let ends = |edge: u32| {
            let e = &net.network.edges()[edge as usize];
            [e.tail, e.head]
        };
        let mut nodes: Vec<u32> = edges.iter().map(|e| e.0).chain(places.iter().map(|p| p.1.edge)).flat_map(ends).collect();
        nodes.sort_unstable();
        nodes.dedup();
        let targets = Targets::new(net.network.node_count(), &nodes);
        let standing = net.standing.iter().filter(|_| all);
        let sites: Vec<u32> = candidates.iter().map(|c| &c.1).chain(standing).copied().collect();
        let catchments = Catchments::new(net.network.arcs_to(criterion.metric()), &targets, criterion.limit());
        let lists = catchments.map(&sites, |_, pairs| pairs.to_vec());
        let (first, of_node) = by_node(net.network.node_count(), &nodes, &lists);
        Self { net, criterion, edges, places, of_node, first, open: candidates.len() }
    }

    fn at(&self, node: u32) -> &[(u32, u32)] {
        &self.of_node[self.first[node as usize] as usize..self.first[node as usize + 1] as usize]
    }

    /// Candidates at either end of an edge with what it costs from tail and head.
    fn at_ends(&self, e: &Edge) -> Vec<(u32, [u32; 2])> {
        of_ends(self.at(e.tail), self.at(e.head))
    }

    /// Rows of what is to be covered of the counties that count, by number: of road by the millimetre, or of settlements, each with its weight and
    /// its county by its place in the list.
    pub fn rows(
        &self,
        objective: Objective,
        (counts, county): (&(dyn Fn(u32) -> bool + Sync), &[u32]),
        weights: &[u64],
    ) -> CoverRows {
        match objective {
            Objective::Road => self.of_road(counts),
            _ => self.of_places(&|i| counts(county[i]), weights),
        }
    }

    /// The same where a row counts by how many reach it: beside what candidates reach, what all rows lack as things are, in gains. A row that has
    /// enough, or that all candidates together do not bring to count, is none.
    pub fn counted(
        &self,
        objective: Objective,
        of: (&(dyn Fn(u32) -> bool + Sync), &[u32]),
        weights: &[u64],
        count: &Count,
    ) -> (CoverRows, u64) {
        let (mut rows, mut lacking) = (CoverRows::default(), 0);
        let mut add = |sites: &[u32], weight: u64| {
            let own = sites.partition_point(|s| (*s as usize) < self.open);
            let standing = sites.len() - own;
            lacking += weight * count.lacks(standing);
            // what cannot count even with all candidates is no row
            if count.gains.sum(sites.len()) > count.gains.sum(standing) {
                rows.add(&[&sites[..own], &count.standing[..standing]].concat(), weight);
            }
        };
        match objective {
            Objective::Road => self.each_piece(of.0, &mut add),
            _ => {
                let places = self.places.iter().filter(|(i, _)| of.0(of.1[*i]));
                places.for_each(|(i, place)| add(&self.near(*place), weights[*i]));
            }
        }
        (rows, lacking)
    }

    fn of_road(&self, counts: &(dyn Fn(u32) -> bool + Sync)) -> CoverRows {
        let mut rows = CoverRows::default();
        self.each_piece(counts, &mut |sites, mm| rows.add(sites, mm));
        rows
    }

    /// Hands on every piece of road with who covers all of it.
    fn each_piece(&self, counts: &(dyn Fn(u32) -> bool + Sync), each: &mut dyn FnMut(&[u32], u64)) {
        for held in self.edges.chunks(HELD) {
            let of = |(edge, gap): &(u32, Gap)| {
                let e = &self.net.network.edges()[*edge as usize];
                if counts(e.county) { pieces(e, *gap, &self.at_ends(e), self.criterion) } else { Vec::new() }
            };
            let made: Vec<Vec<Row>> = held.par_iter().map(of).collect();
            made.iter().flatten().for_each(|(sites, mm)| each(sites, *mm));
        }
    }

    fn of_places(&self, counts: &dyn Fn(usize) -> bool, weights: &[u64]) -> CoverRows {
        let mut rows = CoverRows::default();
        self.places.iter().filter(|(i, _)| counts(*i)).for_each(|(i, place)| rows.add(&self.near(*place), weights[*i]));
        rows
    }

    /// Candidates that a place is within reach of.
    fn near(&self, place: Placed) -> Vec<u32> {
        let e = &self.net.network.edges()[place.edge as usize];
        let near = self.at_ends(e).into_iter().filter(|(_, costs)| within(e, place, *costs, self.criterion));
        near.map(|(site, _)| site).collect()
    }

    /// Settlements in the gap, by their place in the list, that no candidate reaches.
    pub fn alone(&self) -> Vec<usize> {
        self.places.iter().filter(|(_, place)| self.near(*place).is_empty()).map(|(i, _)| *i).collect()
    }

    /// Road in the gap that no candidate reaches, millimetres, by county.
    pub fn beyond_mm(&self) -> BTreeMap<u32, u64> {
        let of = |(edge, gap): &(u32, Gap)| {
            let e = &self.net.network.edges()[*edge as usize];
            let all = pieces(e, *gap, &self.at_ends(e), self.criterion);
            (e.county, all.iter().filter(|(sites, _)| sites.is_empty()).map(|(_, mm)| mm).sum::<u64>())
        };
        let mut all = BTreeMap::new();
        for (county, mm) in self.edges.par_iter().map(of).collect::<Vec<_>>() {
            *all.entry(county).or_insert(0) += mm;
        }
        all
    }
}

/// Sites at either end of an edge, each end a list of (site, cost) by site, with what it costs from tail and head.
pub(super) fn of_ends(tail: &[(u32, u32)], head: &[(u32, u32)]) -> Vec<(u32, [u32; 2])> {
    let (mut i, mut k, mut all) = (0, 0, Vec::with_capacity(tail.len().max(head.len())));
    while i < tail.len() || k < head.len() {
        let next = |list: &[(u32, u32)], at: usize| list.get(at).map_or(u32::MAX, |x| x.0);
        let (a, b) = (next(tail, i), next(head, k));
        let site = a.min(b);
        let cost = |list: &[(u32, u32)], at: usize, here: bool| if here { list[at].1 } else { UNREACHABLE };
        all.push((site, [cost(tail, i, a == site), cost(head, k, b == site)]));
        (i, k) = (i + usize::from(a == site), k + usize::from(b == site));
    }
    all
}

/// Lists of (node by its place in `nodes`, cost) by site, turned into lists of (site, cost) by node.
pub(super) fn by_node(count: usize, nodes: &[u32], lists: &[Vec<(u32, u32)>]) -> (Vec<u32>, Vec<(u32, u32)>) {
    let mut first = vec![0u32; count + 1];
    lists.iter().flatten().for_each(|(target, _)| first[nodes[*target as usize] as usize + 1] += 1);
    (0..count).for_each(|v| first[v + 1] += first[v]);
    let mut next = first.clone();
    let mut all = vec![(0, 0); first[count] as usize];
    for (site, list) in (0u32..).zip(lists) {
        for (target, cost) in list {
            let at = &mut next[nodes[*target as usize] as usize];
            all[*at as usize] = (site, *cost);
            *at += 1;
        }
    }
    (first, all)
}

/// Whether a place on an edge is within the reach when the ends of the edge cost so much.
fn within(e: &Edge, place: Placed, [tail, head]: [u32; 2], criterion: Criterion) -> bool {
    let (offset, length) = match criterion.metric() {
        Metric::Distance => (place.offset_mm, e.length_mm),
        Metric::Time => (share(e.time_ms, place.offset_mm, e.length_mm), e.time_ms),
    };
    from_edge(tail, head, offset, length, e.oneway).is_some_and(|(cost, _)| cost <= criterion.limit())
}

/// The pieces of what is uncovered of an edge, cut where the reach of a candidate ends, each with the candidates that cover all of it.
fn pieces(e: &Edge, gap: Gap, near: &[(u32, [u32; 2])], criterion: Criterion) -> Vec<Row> {
    let left = |[tail, head]: [u32; 2]| gap_on_edge(e, tail, head, criterion);
    let lefts: Vec<(u32, Option<Gap>)> = near.iter().map(|(site, costs)| (*site, left(*costs))).collect();
    let ends = lefts.iter().filter_map(|(_, left)| *left).flat_map(|g| [g.from_mm, g.to_mm]);
    let mut cuts: Vec<u32> = ends.filter(|mm| gap.from_mm < *mm && *mm < gap.to_mm).chain([gap.from_mm, gap.to_mm]).collect();
    cuts.sort_unstable();
    cuts.dedup();
    let piece = |w: &[u32]| {
        let covers = |left: &Option<Gap>| left.is_none_or(|g| w[1] <= g.from_mm || g.to_mm <= w[0]);
        let sites = lefts.iter().filter(|(_, left)| covers(left)).map(|(site, _)| *site).collect();
        (sites, u64::from(w[1] - w[0]))
    };
    cuts.windows(2).map(piece).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::RoadClass;
    use crate::network::NO_COUNTY;
    use proptest::prelude::*;

    fn edge(length_mm: u32, oneway: bool) -> Edge {
        Edge::between((0, 1), (length_mm, 0), RoadClass::Local, oneway, NO_COUNTY)
    }

    #[test]
    fn a_road_is_cut_where_reaches_end_and_what_two_cover_counts_once() {
        // 0 ──── 10 km, all of it uncovered, reach 5 km. Site 0 is 1 km from the tail: it covers 0–4. Site 1 is 2 km from the tail: 0–3.
        // Site 2 is at the head: 5–10. So 0–3 by 0 and 1, 3–4 by 0 alone, 4–5 by none, 5–10 by 2.
        let (e, gap) = (edge(10_000_000, false), Gap { from_mm: 0, to_mm: 10_000_000 });
        let near = [(0, [1_000_000, UNREACHABLE]), (1, [2_000_000, UNREACHABLE]), (2, [UNREACHABLE, 0])];
        let rows = pieces(&e, gap, &near, Criterion::Distance(5_000_000));
        assert_eq!(rows, [(vec![0, 1], 3_000_000), (vec![0], 1_000_000), (vec![], 1_000_000), (vec![2], 5_000_000)]);
        // of a one-way road only the way by the head counts
        let rows = pieces(&edge(10_000_000, true), gap, &near, Criterion::Distance(5_000_000));
        assert_eq!(rows, [(vec![], 5_000_000), (vec![2], 5_000_000)]);
    }

    proptest! {
        #![proptest_config(crate::test_support::cases(512))]
        /// The slow way: every millimetre by itself.
        #[test]
        fn agrees_with_walking_the_edge(len in 1u32..50, own in (0u32..70, 0u32..70), sites in proptest::collection::vec((0u32..70, 0u32..70), 1..5), limit in 0u32..60, oneway: bool) {
            let (e, criterion) = (edge(len, oneway), Criterion::Distance(limit));
            let Some(gap) = gap_on_edge(&e, own.0, own.1, criterion) else { return Ok(()) };
            let near: Vec<(u32, [u32; 2])> = (0u32..).zip(&sites).map(|(i, s)| (i, [s.0, s.1])).collect();
            let rows = pieces(&e, gap, &near, criterion);
            let mut at = gap.from_mm;
            for (covering, mm) in rows {
                for x in at..at + mm as u32 {
                    let served = |[tail, head]: [u32; 2]| {
                        let ahead = 2 * head + 2 * (len - x) - 1;
                        let back = if oneway { u32::MAX } else { 2 * tail + 2 * x + 1 };
                        ahead.min(back) <= 2 * limit
                    };
                    let slow: Vec<u32> = near.iter().filter(|(_, costs)| served(*costs)).map(|(i, _)| *i).collect();
                    prop_assert_eq!(&covering, &slow, "x = {}", x);
                }
                at += mm as u32;
            }
            prop_assert_eq!(at, gap.to_mm);
        }
    }
}
