//! What a county's shard yields: its row and its features, as lines of JSON with a head that names the shard and a foot that
//! vouches for every byte. The same shard gives the same bytes on every machine. `begins` tells where each layer of features does.
//!
//! ```text
//! {"chargegap_shard":1,"county":"500151","shard":"9f86d0…"}
//! {"county":{"code":"500151","figures":[…],"ledger":[…],…}}
//! {"stations":{"id":"S1","at":"g_2hxvDw…","values":["…",true,…]}}
//! {"rows":3,"begins":[812,1023,1023],"sha256":"60303ae…"}
//! ```

use crate::config::RoadClass;
use crate::config::Service;
use crate::config::criteria::Criteria;
use crate::county::compute::{Computed, LayerFacts};
use crate::coverage::Cell;
use crate::files::geojson::{Feature, Shape};
use crate::files::schema::Value;
use crate::issue::Issue;
use crate::place::{SettlementOut, StationOut};
use crate::rank::{CountyFigures, trust};
use crate::read::hex;
use crate::read::road::Names;
use crate::space::LonLat;
use crate::space::line;
use crate::space::units::minutes;
use crate::tables::gaps;
use crate::tables::gaps::FARTHEST;
use crate::tables::gaps::Words;
use crate::tables::layers::station_feature;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// Version of what a shard yields.
pub const ROWS_VERSION: u32 = 1;

/// Layers of features, in the order in which they stand in the rows.
pub const FEATURE_LAYERS: [&str; 3] = ["stations", "settlements", "gaps"];

/// Figures at one service distance.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Set {
    /// The distance, millimetres.
    pub distance_mm: u32,
    /// With all stations.
    pub all: CountyFigures,
    /// Without those that may not exist, where that makes a difference.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub trusted: Option<CountyFigures>,
}

/// Books of one service.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Books {
    /// The service's word.
    pub service: String,
    /// Covered and gap by criterion and class, millimetres.
    pub cells: Vec<[[u64; 2]; RoadClass::ALL.len()]>,
    /// Longest dead stretch at the headline distance, millimetres.
    pub longest_mm: u64,
    /// Stations used in the county that offer it.
    pub stations: u64,
}

/// A county's row.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CountyRow {
    /// Code.
    pub code: String,
    /// Figures by service distance, the headline first.
    pub figures: Vec<Set>,
    /// Whether a station that bears on it may not exist.
    pub doubtful: bool,
    /// Road by class, millimetres.
    pub road_mm: [u64; RoadClass::ALL.len()],
    /// Road cut off from the network, millimetres.
    pub excluded_mm: u64,
    /// Books by service.
    pub books: Vec<Books>,
    /// What its inputs show; what concerns whole layers is not in it.
    pub trust: trust::Evidence,
    /// What was found about its stations and settlements.
    pub issues: Vec<Issue>,
}

impl CountyRow {
    /// Books of a service; none where it is not searched, or the county could not be computed.
    pub fn books(&self, service: Service) -> Option<&Books> {
        self.books.iter().find(|b| b.service == service.as_str())
    }

    /// Covered and gap of a service, criterion and class.
    pub fn cell(&self, service: Service, criterion: usize, class: RoadClass) -> Cell {
        let cells = self.books(service).and_then(|b| b.cells.get(criterion));
        let [covered_mm, gap_mm] = cells.map_or([0; 2], |cells| cells[class.index()]);
        Cell { covered_mm, gap_mm }
    }

    /// The same over all classes.
    pub fn total(&self, service: Service, criterion: usize) -> Cell {
        let add = |a: Cell, b: Cell| Cell { covered_mm: a.covered_mm + b.covered_mm, gap_mm: a.gap_mm + b.gap_mm };
        RoadClass::ALL.iter().map(|class| self.cell(service, criterion, *class)).fold(Cell::default(), add)
    }

    /// Road, millimetres.
    pub fn road_total_mm(&self) -> u64 {
        self.road_mm.iter().sum()
    }
}

/// A feature as it stands in the rows: positions in 1e-7 degree.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FeatureRow {
    /// Id as the source has it.
    pub id: String,
    /// Positions, by [`crate::space::line`]: one of a point, two or more of a line.
    pub at: String,
    /// Values in the order of the layer's columns.
    pub values: Vec<serde_json::Value>,
}

/// Makes the rows of every county of a batch, in the order of the counties: the bytes of its file, shard by shard.
pub fn of_batch(c: &Computed, (criteria, layer): (&Criteria, LayerFacts), names: &Names, shards: &[String]) -> Vec<Vec<u8>> {
    let cores = c.counties.len() - 1;
    let mut stations: Vec<Vec<&StationOut>> = vec![Vec::new(); cores];
    for s in &c.stations {
        if let Some(list) = s.county.and_then(|i| stations.get_mut(i as usize)) {
            list.push(s);
        }
    }
    let mut settlements: Vec<Vec<&SettlementOut>> = vec![Vec::new(); cores];
    c.settlements.iter().for_each(|s| settlements[s.county as usize].push(s));
    let mut stretches = vec![Vec::new(); cores];
    let long = c.stretches.iter().filter(|s| s.length_mm >= layer.shortest_gap_mm);
    long.for_each(|s| stretches[s.county as usize].push(s));
    let words = Words::new(&c.counties, criteria);
    let ground = gaps::Ground { criteria, network: &c.network, names };
    let issues = issues_by_county(c, cores);
    let one = |i: usize| {
        let code = c.counties[i].code.as_str();
        let mut rows = Rows::new(code, &shards[i]);
        rows.county(&county_row(c, criteria, i, &stations[i], issues[i].clone()));
        rows.begin(0);
        stations[i].iter().for_each(|s| rows.feature(0, &station_feature(criteria, Some(code), s)));
        rows.begin(1);
        settlements[i].iter().for_each(|s| rows.feature(1, &settlement_feature(c, criteria, code, s)));
        rows.begin(2);
        for s in &stretches[i] {
            let mut feature = gaps::feature(ground, code, &words, s);
            feature.values.drain(FARTHEST); // a larger piece of network might know a nearer station
            rows.feature(2, &feature);
        }
        rows.finish()
    };
    (0..cores).map(one).collect()
}

/// Issues of records that belong to a county of the batch; the others are told by the batch of theirs.
fn issues_by_county(c: &Computed, cores: usize) -> Vec<Vec<Issue>> {
    let mut of_record = std::collections::BTreeMap::new();
    let stations = c.stations.iter().filter_map(|s| Some((&s.station.source, s.county?)));
    let settlements = c.settlements.iter().map(|s| (&s.settlement.source, s.county));
    of_record.extend(stations.chain(settlements));
    let mut by_county = vec![Vec::new(); cores];
    for issue in c.issues.sorted() {
        if let Some(list) = of_record.get(&issue.at).and_then(|i| by_county.get_mut(*i as usize)) {
            list.push(issue.clone());
        }
    }
    by_county
}

fn county_row(c: &Computed, criteria: &Criteria, i: usize, stations: &[&StationOut], issues: Vec<Issue>) -> CountyRow {
    let set = |f: &crate::county::compute::FiguresAt| Set {
        distance_mm: f.distance_mm,
        all: f.all[i].clone(),
        trusted: f.trusted.as_ref().map(|t| t[i].clone()).filter(|t| *t != f.all[i]),
    };
    let books = |service: Service| Books {
        service: service.as_str().to_owned(),
        cells: (0..criteria.all.len())
            .map(|k| {
                RoadClass::ALL.map(|class| {
                    let cell = c.ledger.cell(i, service, k, class);
                    [cell.covered_mm, cell.gap_mm]
                })
            })
            .collect(),
        longest_mm: c.longest_mm[i][service as usize],
        stations: stations.iter().filter(|s| s.used && crate::place::offers(&criteria, &s.station).has(service)).count() as u64,
    };
    CountyRow {
        code: c.counties[i].code.clone(),
        figures: c.figures.iter().map(set).collect(),
        doubtful: c.doubtful.iter().any(|s| c.stations[*s].county == Some(i as u32)),
        road_mm: RoadClass::ALL.map(|class| c.ledger.class_mm(i, class)),
        excluded_mm: c.ledger.excluded_mm[i],
        books: criteria.services.iter().map(books).collect(),
        trust: c.evidence[i].clone(),
        issues,
    }
}

fn settlement_feature<'a>(c: &Computed, criteria: &Criteria, code: &str, s: &SettlementOut) -> Feature<'a> {
    let limit = criteria.headline_criterion().limit();
    let in_gap = s.snapped.map(|_| s.nearest[Service::Charging as usize].is_none_or(|n| n.distance_mm > limit));
    let mut values = vec![
        Value::Null, // the id, once it is unique
        Value::text_or_null(&s.settlement.name),
        Value::text_or_null(&s.settlement.name_zh),
        Value::text_or_null(&s.settlement.kind),
        Value::Text(code.to_owned()),
        Value::opt(s.settlement.population, |p| Value::Integer(p as i64)),
        Value::opt(s.snapped, |p| Value::Real(f64::from(p.distance_mm) / 1000.0)),
        Value::opt(in_gap, Value::Boolean),
    ];
    for service in criteria.services.iter() {
        let nearest = s.nearest[service as usize];
        values.extend([
            Value::opt(nearest, |n| Value::km(n.distance_mm.into())),
            Value::opt(nearest.filter(|n| n.time_ms < u32::MAX), |n| Value::Real(minutes(n.time_ms.into()))),
            Value::opt(nearest, |n| Value::Text(c.stations[n.station as usize].station.id.clone())),
        ]);
    }
    Feature { id: s.settlement.id.clone(), shape: Shape::Point(s.settlement.at), values }
}

/// Lines being written.
struct Rows {
    text: String,
    count: usize,
    /// Where each layer begins.
    begins: [usize; FEATURE_LAYERS.len()],
}

impl Rows {
    fn new(code: &str, shard: &str) -> Self {
        let code = serde_json::to_string(code).unwrap_or_default();
        let text = format!("{{\"chargegap_shard\":{ROWS_VERSION},\"county\":{code},\"shard\":\"{shard}\"}}\n");
        Self { text, count: 0, begins: [0; FEATURE_LAYERS.len()] }
    }

    fn begin(&mut self, layer: usize) {
        self.begins[layer] = self.text.len();
    }

    fn county(&mut self, row: &CountyRow) {
        // Serialising to text cannot fail: no map of it has other keys than text.
        let _ = writeln!(self.text, "{{\"county\":{}}}", serde_json::to_string(row).unwrap_or_default());
        self.count += 1;
    }

    fn feature(&mut self, layer: usize, f: &Feature<'_>) {
        let id = serde_json::to_string(&f.id).unwrap_or_default();
        let _ = write!(self.text, "{{\"{}\":{{\"id\":{id},\"at\":\"", FEATURE_LAYERS[layer]);
        let points: &[LonLat] = match &f.shape {
            Shape::Point(p) => std::slice::from_ref(p),
            Shape::Line(line) => line,
            _ => &[],
        };
        line::push(points, &mut self.text);
        self.text.push_str("\",\"values\":[");
        for (i, v) in f.values.iter().enumerate() {
            self.text.push_str(if i > 0 { "," } else { "" });
            v.json(&mut self.text);
        }
        self.text.push_str("]}}\n");
        self.count += 1;
    }

    fn finish(mut self) -> Vec<u8> {
        let print = hex(&Sha256::digest(self.text.as_bytes()));
        let [a, b, c] = self.begins;
        let _ = writeln!(self.text, "{{\"rows\":{},\"begins\":[{a},{b},{c}],\"sha256\":\"{print}\"}}", self.count);
        self.text.into_bytes()
    }
}

#[derive(Deserialize)]
struct Head {
    chargegap_shard: u32,
    county: String,
    shard: String,
}

#[derive(Deserialize)]
struct Foot {
    rows: usize,
    begins: [usize; FEATURE_LAYERS.len()],
    sha256: String,
}

/// Checks a file of rows from its first byte to its last, and that it is of this shard; its fingerprint, and what its foot vouches for.
///
/// # Errors
/// What is wrong with it, in a few words.
pub fn check(bytes: &[u8], code: &str, shard: &str) -> Result<(String, String), &'static str> {
    let (foot_at, foot) = foot(bytes)?;
    let mut body = Sha256::new();
    body.update(&bytes[..foot_at]);
    if hex(&body.clone().finalize()) != foot.sha256 {
        return Err("its fingerprint does not match");
    }
    let mut lines = bytes[..foot_at].split(|b| *b == b'\n');
    let head: Head = lines.next().and_then(|l| serde_json::from_slice(l).ok()).ok_or("its first line is not the head")?;
    let rows = lines.filter(|l| !l.is_empty()).count();
    if (head.chargegap_shard, head.county.as_str(), head.shard.as_str(), rows) != (ROWS_VERSION, code, shard, foot.rows) {
        return Err("it is of another shard");
    }
    // The print of the whole goes on from that of the body, so that each byte is looked at once.
    body.update(&bytes[foot_at..]);
    Ok((hex(&body.finalize()), foot.sha256))
}

/// Where the foot of a file begins, and what it says.
fn foot(bytes: &[u8]) -> Result<(usize, Foot), &'static str> {
    let body = bytes.strip_suffix(b"\n").ok_or("it does not end with a line")?;
    let at = body.iter().rposition(|b| *b == b'\n').ok_or("it has one line only")? + 1;
    let foot: Foot = serde_json::from_slice(&body[at..]).map_err(|_| "its last line is not the foot")?;
    let rising = foot.begins.is_sorted() && foot.begins.iter().all(|b| *b <= at);
    if rising { Ok((at, foot)) } else { Err("its layers are not in order") }
}

/// What the foot of a file vouches for, without a look at the rest.
pub fn vouched(bytes: &[u8]) -> Option<&str> {
    let (_, rest) = std::str::from_utf8(bytes.get(bytes.len().checked_sub(68)?..)?).ok()?.split_at_checked(1)?;
    rest.strip_suffix("\"}\n")
}

/// The county's row of a checked file.
pub fn county_of(bytes: &[u8]) -> Option<CountyRow> {
    #[derive(Deserialize)]
    struct Line {
        county: CountyRow,
    }
    let line = bytes.split(|b| *b == b'\n').nth(1)?;
    serde_json::from_slice::<Line>(line).ok().map(|l| l.county)
}

/// The features of one layer of a checked file, in order.
pub fn features_of<'b>(bytes: &'b [u8], layer: &str) -> impl Iterator<Item = FeatureRow> + use<'b> {
    let begins = format!("{{\"{layer}\":").into_bytes();
    let number = FEATURE_LAYERS.iter().position(|l| *l == layer);
    let part = number.zip(foot(bytes).ok()).and_then(|(k, (at, foot))| {
        let end = foot.begins.get(k + 1).copied().unwrap_or(at);
        bytes.get(foot.begins[k]..end)
    });
    part.unwrap_or_default().split(|b| *b == b'\n').filter_map(move |line| {
        let inner = line.strip_prefix(begins.as_slice())?.strip_suffix(b"}")?;
        serde_json::from_slice(inner).ok()
    })
}
