//! The rows of the layers of a county: stations, settlements and gaps as they were found. A shard's file keeps them as they stand here;
//! a run makes them from the scene when they are written.

use super::road_rows::RoadLines;
use super::scene::Scene;
use crate::config::criteria::Criteria;
use crate::config::{ByService, RoadClass, Service};
use crate::coverage::Stretch;
use crate::network::RoadNetwork;
use crate::place::{SettlementOut, Snapped, StationOut, offers};
use crate::read::hex;
use crate::read::road::Names;
use crate::read::settlement::Settlement;
use crate::redundancy::{self, BackupRow};
use crate::space::{LonLat, PointIndex, line, simplify};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::borrow::Cow;

/// A row of a layer, as a shard's file keeps it: without its county, which the file is of.
pub trait ResultRow: Serialize + DeserializeOwned + Clone + Send + Sync + 'static {
    /// Name of its layer.
    const LAYER: &'static str;

    /// The same with the number of its county.
    #[must_use]
    fn of_county(self, county: u32) -> Self;

    /// The rows of a whole scene, in the order of a run.
    fn of_scene<'a>(scene: &'a Scene, names: &'a Names) -> SceneRows<'a, Self>;
}

/// So many rows, each made when it is asked for.
pub struct SceneRows<'a, R: ToOwned + ?Sized> {
    /// How many.
    pub count: usize,
    /// One of them.
    pub make: Box<dyn Fn(usize) -> Cow<'a, R> + Send + Sync + 'a>,
}

impl ResultRow for StationOut {
    const LAYER: &'static str = "stations";

    fn of_county(self, county: u32) -> Self {
        Self { county: Some(county), ..self }
    }

    fn of_scene<'a>(scene: &'a Scene, _: &'a Names) -> SceneRows<'a, Self> {
        let shown = |s: &&StationOut| s.reason != "outside" && (s.county.is_some() || s.snapped.is_some());
        let list: Vec<&StationOut> = scene.stations.iter().filter(shown).collect();
        SceneRows { count: list.len(), make: Box::new(move |i| Cow::Borrowed(list[i])) }
    }
}

impl ResultRow for SettlementRow {
    const LAYER: &'static str = "settlements";

    fn of_county(self, county: u32) -> Self {
        Self { county, ..self }
    }

    fn of_scene<'a>(scene: &'a Scene, _: &'a Names) -> SceneRows<'a, Self> {
        let crow = CrowFly::new(scene);
        let one = move |i: usize| Cow::Owned(settlement_row(scene, &scene.settlements[i], Some(&crow)));
        SceneRows { count: scene.settlements.len(), make: Box::new(one) }
    }
}

impl ResultRow for GapRow {
    const LAYER: &'static str = "gaps";

    fn of_county(self, county: u32) -> Self {
        Self { county, ..self }
    }

    fn of_scene<'a>(scene: &'a Scene, names: &'a Names) -> SceneRows<'a, Self> {
        let (ground, list) = (GapLines { criteria: &scene.criteria, network: &scene.network, names }, &scene.stretches);
        let one = move |i: usize| Cow::Owned(ground.gap_row(&scene.codes[list[i].county as usize], &list[i]));
        SceneRows { count: list.len(), make: Box::new(one) }
    }
}

impl ResultRow for BackupRow {
    const LAYER: &'static str = redundancy::NAME;

    fn of_county(self, county: u32) -> Self {
        Self { county, ..self }
    }

    fn of_scene<'a>(scene: &'a Scene, _: &'a Names) -> SceneRows<'a, Self> {
        let one = |i: usize| Cow::Owned(backup_row(scene, i));
        SceneRows { count: scene.backup.rows(), make: Box::new(one) }
    }
}

/// Takes the rows of a county, one layer after the other.
pub trait RowSink {
    /// All rows of a layer.
    fn layer<R: ResultRow>(&mut self, rows: impl Iterator<Item = R>);
}

/// What stands in each county of a scene.
pub struct RowsByCounty<'a> {
    scene: &'a Scene,
    names: &'a Names,
    stations: Vec<Vec<&'a StationOut>>,
    settlements: Vec<Vec<usize>>,
    stretches: Vec<Vec<&'a Stretch>>,
    /// Whether every piece of road is a row as well.
    roads: bool,
}

impl<'a> RowsByCounty<'a> {
    /// Of a scene with a bound: it tells no way beyond it, so nothing as the crow flies and no farthest point. Gaps shorter than
    /// `shortest_gap_mm` are left out; with `roads`, every piece of road is a row as well.
    pub fn new(scene: &'a Scene, names: &'a Names, (shortest_gap_mm, roads): (u64, bool)) -> Self {
        let counties = scene.codes.len();
        let mut all = Self {
            scene,
            names,
            stations: vec![Vec::new(); counties],
            settlements: vec![Vec::new(); counties],
            stretches: vec![Vec::new(); counties],
            roads,
        };
        for s in &scene.stations {
            if let Some(list) = s.county.and_then(|i| all.stations.get_mut(i as usize)) {
                list.push(s);
            }
        }
        scene.settlements.iter().enumerate().for_each(|(i, s)| all.settlements[s.county as usize].push(i));
        let long = scene.stretches.iter().filter(|s| s.length_mm >= shortest_gap_mm);
        long.for_each(|s| all.stretches[s.county as usize].push(s));
        all
    }

    /// Hands on the rows of a county, layer by layer.
    pub fn of(&self, county: usize, to: &mut impl RowSink) {
        let (scene, code) = (self.scene, &self.scene.codes[county]);
        let ground = GapLines { criteria: &scene.criteria, network: &scene.network, names: self.names };
        to.layer(self.stations[county].iter().map(|s| (*s).clone()));
        to.layer(self.settlements[county].iter().map(|i| settlement_row(scene, &scene.settlements[*i], None)));
        to.layer(self.stretches[county].iter().map(|s| ground.gap_row(code, s)));
        if scene.backup.rows() > 0 {
            to.layer(self.settlements[county].iter().map(|i| backup_row(scene, *i)));
        }
        if self.roads {
            let lines = RoadLines::new(scene, self.names);
            to.layer(scene.by_county[county].iter().map(|e| lines.row(*e)));
        }
    }
}

fn backup_row(scene: &Scene, i: usize) -> BackupRow {
    scene.backup.row(i, &scene.settlements[i], &scene.stations)
}

/// A way to the nearest station of one service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StationWay {
    /// Distance by road, millimetres.
    pub distance_mm: u32,
    /// Time by road to the station that is nearest in time, milliseconds; none where it is longer than was looked for.
    pub time_ms: Option<u32>,
    /// Id of the station that is nearest by distance.
    pub station: String,
}

/// A settlement with its ways.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SettlementRow {
    /// As read.
    pub settlement: Settlement,
    /// County index; who keeps a settlement by county knows it.
    #[serde(skip)]
    pub county: u32,
    /// Where it met the network.
    pub snapped: Option<Snapped>,
    /// Way to the nearest station by service.
    pub nearest: ByService<Option<StationWay>>,
    /// Distance as the crow flies, metres; a piece with a bound does not know it.
    #[serde(skip)]
    pub crow_m: ByService<Option<f64>>,
}

/// A dead stretch with its line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GapRow {
    /// Id, stable as long as the stretch is the same.
    pub id: String,
    /// County index; who keeps a gap by county knows it.
    #[serde(skip)]
    pub county: u32,
    /// Service that is missing.
    pub service: Service,
    /// Index of the criterion.
    pub criterion: usize,
    /// Name of the road with the largest share of it; may be empty.
    pub road: String,
    /// Class with the largest share of it.
    pub class: RoadClass,
    /// Length, millimetres.
    pub length_mm: u64,
    /// Highest cost of any of its points to the nearest station, in the criterion's unit; none when there is no way. A piece with a
    /// bound does not know it.
    #[serde(skip)]
    pub worst: Option<u32>,
    /// Id of its zone, stable as long as the zone begins where it does.
    pub zone: String,
    /// Length of the zone, millimetres.
    pub zone_mm: u64,
    /// Its line as it is drawn.
    #[serde(with = "line::as_text")]
    pub line: Vec<LonLat>,
}

/// Used stations of each service, for straight-line distances.
pub struct CrowFly(ByService<Option<PointIndex>>);

impl CrowFly {
    /// Those of a scene.
    pub fn new(scene: &Scene) -> Self {
        let of = |service: Service| {
            let offering = |s: &&StationOut| s.used && offers(&scene.criteria.serving, &s.station).has(service);
            PointIndex::new(scene.stations.iter().filter(offering).map(|s| s.station.at).collect())
        };
        Self(scene.criteria.serving.services.table(|service| Some(of(service))))
    }

    fn from(&self, at: LonLat) -> ByService<Option<f64>> {
        Service::ALL.map(|s| self.0[s as usize].as_ref()?.nearest(at).map(|(_, m)| m))
    }
}

/// The row of a settlement; without `crow` nothing is told as the crow flies.
pub fn settlement_row(scene: &Scene, s: &SettlementOut, crow: Option<&CrowFly>) -> SettlementRow {
    let way = |n: crate::place::Nearest| StationWay {
        distance_mm: n.distance_mm,
        time_ms: Some(n.time_ms).filter(|ms| *ms < u32::MAX),
        station: scene.stations[n.station as usize].station.id.clone(),
    };
    SettlementRow {
        settlement: s.settlement.clone(),
        county: s.county,
        snapped: s.snapped,
        nearest: s.nearest.map(|n| n.map(way)),
        crow_m: crow.map(|c| c.from(s.settlement.at)).unwrap_or_default(),
    }
}

/// What the lines of gaps are drawn from.
#[derive(Clone, Copy)]
pub struct GapLines<'a> {
    /// Criteria.
    pub criteria: &'a Criteria,
    /// The network.
    pub network: &'a RoadNetwork,
    /// Names of its roads.
    pub names: &'a Names,
}

impl GapLines<'_> {
    /// The row of a dead stretch of the county with this code.
    pub fn gap_row(self, code: &str, s: &Stretch) -> GapRow {
        let mut line = s.line(self.network);
        let slug = self.criteria.serving.all[s.criterion].slug();
        let id = gap_id(code, &slug, s, &line);
        if self.criteria.writing.simplify_m > 0.0 {
            line = simplify(&line, self.criteria.writing.simplify_m);
        }
        GapRow {
            id,
            county: s.county,
            service: s.service,
            criterion: s.criterion,
            road: self.names.get(s.name).to_owned(),
            class: s.class,
            length_mm: s.length_mm,
            worst: s.worst,
            zone: zone_id(code, &slug, s),
            zone_mm: s.zone_mm,
            line,
        }
    }
}

/// County, service, criterion and a fingerprint of the line, with every bend.
fn gap_id(code: &str, criterion: &str, s: &Stretch, line: &[LonLat]) -> String {
    [code, "-", s.service.letter(), criterion, "-", print_of_line(line, s.length_mm).as_str()].concat()
}

/// County, service, criterion and a fingerprint of where the zone begins.
fn zone_id(code: &str, criterion: &str, s: &Stretch) -> String {
    let (at, before) = s.zone_at;
    let (x, y) = at.e7();
    let place: Vec<u8> = [x.to_le_bytes(), y.to_le_bytes(), before.to_le_bytes()].concat();
    [code, "-", s.service.letter(), criterion, "-z", &hex(&Sha256::digest(place)[..6])].concat()
}

/// A fingerprint of a line: its ends, its middle and its length.
pub(super) fn print_of_line(line: &[LonLat], length_mm: u64) -> String {
    let mut hash = Sha256::new();
    for p in [line.first(), line.get(line.len() / 2), line.last()].into_iter().flatten() {
        let (x, y) = p.e7();
        hash.update(x.to_le_bytes());
        hash.update(y.to_le_bytes());
    }
    hash.update(length_mm.to_le_bytes());
    hex(&hash.finalize()[..6])
}
