//! How far settlements are from candidates: only where a candidate is nearer than every station that stands, for no other way can matter to
//! a plan. What stands is one site more, which is there anyhow.

use super::ground::PlanNet;
use super::rows::{by_node, of_ends};
use crate::config::Service;
use crate::config::criteria::Metric;
use crate::engine::NearerSearch;
use crate::error::{Error, Location, Result};
use crate::network::search::from_edge;
use crate::network::{Edge, Placed};
use crate::siting::{DistanceRows, Distances};
use rayon::prelude::*;

/// Sums of weights times millimetres are told to the millimetre in files: larger ones are not.
const MOST: u64 = 2_000_000_000_000_000;
/// One kilometre.
const KM_MM: u64 = 1_000_000;

/// Settlements by how far they are from what stands and from candidates.
pub(super) struct Far {
    /// The problem: candidates by their place among those on the road, and behind them what stands.
    pub near: Distances,
    /// Settlements that count, before merging.
    pub added: u64,
    /// Settlements, by their place in the list, from which no way leads to a station or a candidate.
    pub alone: Vec<usize>,
}

impl Far {
    /// Of settlements that count, each with its weight, by their place in the list; candidates met a road.
    ///
    /// # Errors
    /// Usage, where weights times ways are too large to be told.
    pub fn new(
        net: &PlanNet,
        candidates: &[(usize, u32)],
        service: Service,
        (counts, weights): (&dyn Fn(usize) -> bool, &[u64]),
    ) -> Result<Self> {
        let places: Vec<(usize, Placed)> =
            net.settlements.iter().filter(|(i, _)| counts(*i) && weights[*i] > 0).copied().collect();
        let ways = ways(net, candidates, service, &places);
        let farthest = ways.iter().flat_map(|(now, near)| now.iter().chain(near.iter().map(|n| &n.1))).max();
        // no way that anybody has is as long
        let beyond_mm = (farthest.copied().unwrap_or(0) / KM_MM + 1) * KM_MM;
        let (mut rows, mut alone) = (DistanceRows::new(beyond_mm), Vec::new());
        for ((now, mut near), (i, _)) in ways.into_iter().zip(&places) {
            near.extend(now.map(|mm| (candidates.len() as u32, mm)));
            if near.is_empty() {
                alone.push(*i);
            }
            rows.add(&near, weights[*i]);
        }
        let added = rows.added;
        let near = rows.freeze(candidates.len() + 1).filter(|near| near.value(&[]) <= MOST).ok_or_else(|| {
            let next = "name fewer counties, or plan for settlement_distance";
            Error::usage("people times kilometres are too large to be added up", next)
                .at(Location::default().field("plan.objective"))
        })?;
        Ok(Self { near, added, alone })
    }
}

/// What it costs to what stands, and to candidates that are nearer, of each place, millimetres.
type Way = (Option<u64>, Vec<(u32, u64)>);

fn ways(net: &PlanNet, candidates: &[(usize, u32)], service: Service, places: &[(usize, Placed)]) -> Vec<Way> {
    let standing = net.coverage.reach(service, Metric::Distance);
    let mut nodes: Vec<u32> = places.iter().flat_map(|p| ends(net, p.1.edge)).collect();
    nodes.sort_unstable();
    nodes.dedup();
    let (arcs, wanted) = (net.network.arcs_to(Metric::Distance), |v: &u32| nodes.binary_search(v).ok());
    let search = |search: &mut NearerSearch, (_, node): &(usize, u32)| -> Vec<(u32, u32)> {
        let found = search.run(arcs, *node, |v| standing.cost(v));
        found.iter().filter_map(|(v, cost)| Some((wanted(v)? as u32, *cost))).collect()
    };
    let lists: Vec<Vec<(u32, u32)>> = candidates.par_iter().map_init(NearerSearch::default, search).collect();
    let (first, of_node) = by_node(net.network.node_count(), &nodes, &lists);
    let at = |v: u32| &of_node[first[v as usize] as usize..first[v as usize + 1] as usize];
    let way = |(_, place): &(usize, Placed)| {
        let e = &net.network.edges()[place.edge as usize];
        let now = to_place(e, *place, [standing.cost(e.tail), standing.cost(e.head)]);
        let near = of_ends(at(e.tail), at(e.head)).into_iter();
        let near = near.filter_map(|(site, costs)| Some((site, to_place(e, *place, costs)?)));
        (now, near.filter(|(_, mm)| now.is_none_or(|now| *mm < now)).collect())
    };
    places.par_iter().map(way).collect()
}

fn ends(net: &PlanNet, edge: u32) -> [u32; 2] {
    let e = &net.network.edges()[edge as usize];
    [e.tail, e.head]
}

/// How far a place on an edge is when the ends of the edge are so far.
fn to_place(e: &Edge, place: Placed, [tail, head]: [u32; 2]) -> Option<u64> {
    from_edge(tail, head, place.offset_mm, e.length_mm, e.oneway).map(|(mm, _)| mm.into())
}
