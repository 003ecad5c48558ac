//! The pieces of road of `coverage.fgb` add up to the ledger: of every county, service, limit and class the road and the gap, to the
//! millimetre, each piece cut by the rule of the analysis. Its stations are those of the layer of stations, its farthest points follow from its ends.

use super::opened::Opened;
use super::{Findings, first_few};
use crate::config::criteria::{Criterion, Metric};
use crate::config::{RoadClass, Service};
use crate::coverage::{Gap, gap_on_edge, worst_cost};
use crate::engine::UNREACHABLE;
use crate::error::Result;
use crate::network::{Edge, NO_COUNTY};
use crate::read::record::Record;
use crate::space::units::{km, mm_of_km};
use crate::tables::coverage::FILE;
use crate::tables::ledger;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// County, service, criterion by its number among those of the ledger, class.
type Key = (String, Service, usize, RoadClass);

/// Checks the layer, where the folder holds it.
pub(super) fn check(o: &Opened, findings: &mut Findings) -> Result<()> {
    let (Some(table), true) = (o.tables.table(ledger::FILE), o.holds(FILE)) else { return Ok(()) };
    let due = Due::of(table)?;
    let stations = stations(o, findings)?;
    let (mut sums, mut faults, mut pieces) = (BTreeMap::<Key, [u64; 2]>::new(), Vec::new(), 0u64);
    o.features_of(FILE, findings, &mut |f| {
        pieces += 1;
        match Piece::of(f, &due.services) {
            Ok(piece) => {
                piece.add_to(&due, &mut sums);
                faults.extend(
                    piece
                        .wrong(stations.as_ref())
                        .map(|what| format!("{FILE}: {what} of {} is not what its other columns and the stations say", piece.id)),
                );
            }
            Err(what) => faults.push(format!("{FILE}: feature {pieces} has no {what}")),
        }
    })?;
    let all: BTreeSet<&Key> = sums.keys().chain(due.cells.keys()).collect();
    for key in all {
        let (got, want) = (sums.get(key).copied().unwrap_or_default(), due.cells.get(key).copied().unwrap_or_default());
        if got != want {
            let (county, service, criterion, class) = key;
            let limit = &due.criteria[*criterion].0;
            let of = format!(
                "{class} road of county {county} for {service} {limit}",
                class = class.as_str(),
                service = service.as_str()
            );
            let ([road, gap], [road_due, gap_due]) = (got.map(km), want.map(km));
            let sums = format!(
                "{FILE}: {of} adds up to {road} km with {gap} km in the gap, the ledger says {road_due} km and {gap_due} km"
            );
            faults.push(sums);
        }
    }
    first_few(faults, findings);
    findings.checked.push(format!("{pieces} pieces of road add up to the {} rows of the ledger", due.cells.len()));
    Ok(())
}

/// What the ledger says.
struct Due {
    services: BTreeSet<Service>,
    /// Word and limit.
    criteria: Vec<(String, Criterion)>,
    /// Road and gap, millimetres.
    cells: BTreeMap<Key, [u64; 2]>,
}

impl Due {
    fn of(table: &crate::files::csv_table::CsvTable) -> Result<Self> {
        let mut due = Self { services: BTreeSet::new(), criteria: Vec::new(), cells: BTreeMap::new() };
        for row in table.rows().filter(|r| r.get("road_class") != "all") {
            let (word, service, class) = (row.text("criterion")?, row.cell("service")?, row.cell("road_class")?);
            let service =
                Service::from_word(service).ok_or_else(|| row.wrong("service", format!("\"{service}\" is no service")))?;
            let class =
                RoadClass::from_name(class).ok_or_else(|| row.wrong("road_class", format!("\"{class}\" is no class of road")))?;
            let criterion = match due.criteria.iter().position(|(known, _)| *known == word) {
                Some(i) => i,
                None => {
                    let limit = match row.number("limit_km")? {
                        Some(km) => Criterion::Distance(mm_of_km(km).and_then(|mm| u32::try_from(mm).ok()).unwrap_or(0)),
                        None => Criterion::Time(ms_of_min(row.number("limit_min")?.unwrap_or(0.0))),
                    };
                    due.criteria.push((word, limit));
                    due.criteria.len() - 1
                }
            };
            due.services.insert(service);
            due.cells.insert((row.code("county_code")?, service, criterion, class), [row.mm("road_km")?, row.mm("gap_km")?]);
        }
        Ok(due)
    }
}

/// Ids of the stations that are used, where the folder holds their layer.
fn stations(o: &Opened, findings: &mut Findings) -> Result<Option<BTreeSet<String>>> {
    if !o.holds("stations.geojson") {
        return Ok(None);
    }
    let mut ids = BTreeSet::new();
    o.features("stations", findings, &mut |f| {
        ids.extend(f.columns.get("id").and_then(Value::as_str).map(str::to_owned));
    })?;
    Ok(Some(ids))
}

/// A piece of road as the layer has it.
struct Piece {
    id: String,
    county: String,
    edge: Edge,
    ways: Vec<Ways>,
}

/// Its ways of a service: costs of tail and head by distance and time, stations, farthest point where it is told.
struct Ways {
    service: Service,
    costs: [[u32; 2]; 2],
    stations: [Option<String>; 2],
    farthest_mm: Option<Option<u32>>,
}

impl Piece {
    /// Reads a feature; the name of the column that it lacks otherwise.
    fn of(f: &Record, services: &BTreeSet<Service>) -> std::result::Result<Self, String> {
        let text = |name: &str| f.columns.get(name).and_then(Value::as_str).map(str::to_owned);
        let number = |name: &str| f.columns.get(name).and_then(Value::as_f64);
        let lacks = |name: &str| name.to_owned();
        let length = number("length_km").and_then(mm_of_km).and_then(|mm| u32::try_from(mm).ok());
        let class = text("road_class").and_then(|c| RoadClass::from_name(&c)).ok_or_else(|| lacks("road_class"))?;
        let oneway = f.columns.get("oneway").and_then(Value::as_bool).ok_or_else(|| lacks("oneway"))?;
        let size =
            (length.ok_or_else(|| lacks("length_km"))?, number("time_min").map(ms_of_min).ok_or_else(|| lacks("time_min"))?);
        let ways = |service: &Service| {
            let s = service.as_str();
            let mm = |end: &str| number(&format!("{s}_{end}_km")).and_then(mm_of_km).and_then(|mm| u32::try_from(mm).ok());
            let ms = |end: &str| number(&format!("{s}_{end}_min")).map(ms_of_min);
            let ends = ["tail", "head"];
            let far = f.columns.get(&format!("{s}_farthest_km"));
            Ways {
                service: *service,
                costs: [ends.map(|end| mm(end).unwrap_or(UNREACHABLE)), ends.map(|end| ms(end).unwrap_or(UNREACHABLE))],
                stations: ends.map(|end| text(&format!("{s}_{end}_station_id"))),
                farthest_mm: far.map(|v| v.as_f64().and_then(mm_of_km).and_then(|mm| u32::try_from(mm).ok())),
            }
        };
        Ok(Self {
            id: text("id").ok_or_else(|| lacks("id"))?,
            county: text("county_code").ok_or_else(|| lacks("county_code"))?,
            edge: Edge::between((0, 1), size, class, oneway, NO_COUNTY),
            ways: services.iter().map(ways).collect(),
        })
    }

    /// Adds its road and its gaps.
    fn add_to(&self, due: &Due, sums: &mut BTreeMap<Key, [u64; 2]>) {
        for ways in &self.ways {
            for (i, (_, criterion)) in due.criteria.iter().enumerate() {
                let [tail, head] = ways.costs[criterion.metric() as usize];
                let gap = gap_on_edge(&self.edge, tail, head, *criterion).map_or(0, Gap::length_mm);
                let sum = sums.entry((self.county.clone(), ways.service, i, self.edge.class)).or_default();
                sum[0] += u64::from(self.edge.length_mm);
                sum[1] += u64::from(gap);
            }
        }
    }

    /// What is not as it must be.
    fn wrong<'p>(&'p self, stations: Option<&'p BTreeSet<String>>) -> impl Iterator<Item = String> + 'p {
        let whole = Gap { from_mm: 0, to_mm: self.edge.length_mm };
        self.ways.iter().flat_map(move |ways| {
            let s = ways.service.as_str();
            let ends = ["tail", "head"].into_iter().zip(ways.costs[Metric::Distance as usize]).zip(&ways.stations);
            let strangers = ends.filter_map(move |((end, cost), station)| {
                let known = station.as_ref().is_none_or(|id| stations.is_none_or(|all| all.contains(id)));
                (!known || station.is_some() != (cost != UNREACHABLE)).then(|| format!("{s}_{end}_station_id"))
            });
            let [tail, head] = ways.costs[Metric::Distance as usize];
            let farthest = worst_cost(&self.edge, whole, tail, head, Metric::Distance);
            let off = ways.farthest_mm.is_some_and(|told| told != farthest).then(|| format!("{s}_farthest_km"));
            // who can drive along it is no farther than its length from what the other end is from
            let (length, [t, h]) = (u64::from(self.edge.length_mm), [u64::from(tail), u64::from(head)]);
            let apart = (head != UNREACHABLE && t > h + length) || (!self.edge.oneway && tail != UNREACHABLE && h > t + length);
            strangers.chain(off).chain((apart && ways.farthest_mm.is_some()).then(|| format!("{s}_tail_km")))
        })
    }
}

fn ms_of_min(min: f64) -> u32 {
    (min * 60_000.0).round().clamp(0.0, f64::from(UNREACHABLE - 1)) as u32
}
