//! The rows of the layer of coverage: every piece of road once, from one junction, station or border to the next, with the way to the
//! nearest station from both of its ends. From these anybody cuts a gap at any limit; the ledger is their sum.

use super::rows::{ResultRow, SceneRows, print_of_line};
use super::scene::Scene;
use crate::config::criteria::Metric;
use crate::config::{ByService, RoadClass, Service};
use crate::coverage::{Coverage, Gap, worst_cost};
use crate::network::Edge;
use crate::read::road::Names;
use crate::space::{LonLat, line, simplify};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// A piece of road.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoadRow {
    /// Id, stable as long as the piece is the same.
    pub id: String,
    /// County index; who keeps a piece by county knows it.
    #[serde(skip)]
    pub county: u32,
    /// Name of the road; may be empty.
    pub road: String,
    /// Its numbers (`G42;G50`); may be empty.
    pub reference: String,
    /// Class.
    pub class: RoadClass,
    /// May only be driven from its first position to its last.
    pub oneway: bool,
    /// Length, millimetres.
    pub length_mm: u32,
    /// Travel time, milliseconds.
    pub time_ms: u32,
    /// Ways to the nearest station by service; nothing of services that are not asked for.
    pub ways: ByService<Option<RoadWays>>,
    /// Its line as it is drawn.
    #[serde(with = "line::as_text")]
    pub line: Vec<LonLat>,
}

/// Ways from a piece of road to the nearest stations of a service.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RoadWays {
    /// From where its line begins.
    pub tail: RoadEnd,
    /// From where it ends.
    pub head: RoadEnd,
    /// By road from its farthest point, millimetres; none when there is no way from some point. A piece with a bound does not know it.
    #[serde(skip)]
    pub farthest_mm: Option<u32>,
}

/// The ways from an end of a piece of road.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RoadEnd {
    /// To the nearest station by road, millimetres; none where there is no way, or none so short.
    pub distance_mm: Option<u32>,
    /// To the one that is nearest in time, milliseconds.
    pub time_ms: Option<u32>,
    /// Id of the one that is nearest by distance.
    pub station: Option<String>,
}

impl ResultRow for RoadRow {
    const LAYER: &'static str = "coverage";

    fn of_county(self, county: u32) -> Self {
        Self { county, ..self }
    }

    fn of_scene<'a>(scene: &'a Scene, names: &'a Names) -> SceneRows<'a, Self> {
        let edges: Vec<u32> = scene.by_county.iter().flatten().copied().collect();
        let ground = RoadLines::new(scene, names);
        let one = move |i: usize| Cow::Owned(ground.row(edges[i]));
        SceneRows { count: scene.by_county.iter().map(Vec::len).sum(), make: Box::new(one) }
    }
}

/// What the rows are made from.
#[derive(Clone, Copy)]
pub struct RoadLines<'a> {
    scene: &'a Scene,
    names: &'a Names,
    /// The longest way that is told, millimetres and milliseconds.
    most: [u32; 2],
}

impl<'a> RoadLines<'a> {
    /// Those of a scene; ways are told as far as it looked for them.
    pub fn new(scene: &'a Scene, names: &'a Names) -> Self {
        // a bound is one more than the longest way that is asked for
        Self { scene, names, most: scene.coverage.most().map(|m| m - 1) }
    }

    /// The row of an edge, which lies in a county.
    pub fn row(self, edge: u32) -> RoadRow {
        let (network, writing) = (&self.scene.network, &self.scene.criteria.writing);
        let e = &network.edges()[edge as usize];
        let whole = network.line(e);
        let id = [self.scene.codes[e.county as usize].as_str(), "-r-", &print_of_line(whole, u64::from(e.length_mm))].concat();
        let line = if writing.simplify_m > 0.0 { simplify(whole, writing.simplify_m) } else { whole.to_vec() };
        RoadRow {
            id,
            county: e.county,
            road: self.names.get(e.name).to_owned(),
            reference: self.names.get(e.reference).to_owned(),
            class: e.class,
            oneway: e.oneway,
            length_mm: e.length_mm,
            time_ms: e.time_ms,
            ways: self.scene.coverage.services().table(|service| Some(self.ways(e, service))),
            line,
        }
    }

    fn ways(self, e: &Edge, service: Service) -> RoadWays {
        let coverage = &self.scene.coverage;
        let cost = |node| coverage.reach(service, Metric::Distance).cost(node);
        let whole = Gap { from_mm: 0, to_mm: e.length_mm };
        let farthest_mm = worst_cost(e, whole, cost(e.tail), cost(e.head), Metric::Distance);
        RoadWays { tail: self.end(coverage, service, e.tail), head: self.end(coverage, service, e.head), farthest_mm }
    }

    fn end(self, coverage: &Coverage, service: Service, node: u32) -> RoadEnd {
        let near = |metric: Metric| {
            let cost = coverage.reach(service, metric).cost(node);
            (cost <= self.most[metric as usize]).then_some(cost)
        };
        let distance_mm = near(Metric::Distance);
        let station = || self.scene.stations[coverage.reach(service, Metric::Distance).label(node) as usize].station.id.clone();
        RoadEnd { distance_mm, time_ms: near(Metric::Time), station: distance_mm.map(|_| station()) }
    }
}
