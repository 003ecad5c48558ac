//! Stations that opened, closed or changed between two rounds, by name, with what each did for the settlements around it.

use super::causes::Side;
use super::compute::Source;
use super::credit;
use super::plan::Plan;
use crate::config::{Service, Serving};
use crate::county::SettlementRow;
use crate::error::Result;
use crate::input;
use crate::network::{NO_COUNTY, PieceScratch};
use crate::read::county::County;
use crate::read::date::{Day, day};
use crate::read::station::Station;
use crate::results::causes::{StationChange, StationFate};
use crate::results::{Member, Results, shard_file};
use crate::space::{LonLat, PointIndex, cells};
use std::collections::{BTreeMap, BTreeSet};

/// All changes that bear on a county of the round, those first that did most for people, then by county and id, and how many others there
/// are. `source` is the new state.
///
/// # Errors
/// Internal, when books do not close.
pub fn changes(sides: &[Side; 2], rounds: [&Results; 2], source: &Source<'_>) -> Result<(Vec<StationChange>, usize)> {
    let [old, new] = sides;
    let (plan, counties) = (source.plan, source.all.counties.as_slice());
    let by_id = |s: &'_ Side| -> BTreeMap<String, usize> {
        s.all.stations.iter().enumerate().rev().map(|(i, x)| (x.id.clone(), i)).collect()
    };
    let (was, is) = (by_id(old), by_id(new));
    let code = |county: u32| (county != NO_COUNTY).then(|| counties[county as usize].code.clone());
    let index = crate::network::CountyIndex::new(counties);
    let none = |change, station: &Station, county| StationChange {
        change,
        station: station.clone(),
        county,
        bears_on: Vec::new(),
        fields: Vec::new(),
        dated: change == StationFate::Opened && day(&station.opened).is_some(),
        same_place_as: None,
        gained: [0; 2],
        gained_in: BTreeMap::new(),
        lost: [0; 2],
    };
    let mut all = Vec::new();
    for (id, i) in &is {
        let (station, county) = (&new.all.stations[*i], plan.county_of_station.get(*i).copied().unwrap_or(NO_COUNTY));
        match was.get(id).map(|k| &old.all.stations[*k]) {
            None => all.push(none(StationFate::Opened, station, code(county))),
            Some(before) => {
                let fields = differing(before, station);
                if !fields.is_empty() {
                    all.push(StationChange { fields, ..none(StationFate::Changed, station, code(county)) });
                }
            }
        }
    }
    for (id, i) in was.iter().filter(|(id, _)| !is.contains_key(*id)) {
        let station = &old.all.stations[*i];
        debug_assert_eq!(&station.id, id);
        all.push(none(StationFate::Closed, station, code(index.locate(station.at))));
    }
    bear(&mut all, plan, counties);
    let before = all.len();
    all.retain(|s| !s.bears_on.is_empty());
    let elsewhere = before - all.len();
    all.sort_by(|a, b| in_time(a).cmp(&in_time(b)));
    let mut first_here: BTreeMap<LonLat, String> = BTreeMap::new();
    for s in all.iter_mut().filter(|s| s.change != StationFate::Closed) {
        match first_here.get(&s.station.at) {
            Some(id) => s.same_place_as = Some(id.clone()),
            None => drop(first_here.insert(s.station.at, s.station.id.clone())),
        }
    }
    credit(&mut all, rounds, source)?;
    all.sort_by(|a, b| {
        let most = |s: &StationChange| s.gained[1].max(s.lost[1]);
        let order = |s: &StationChange| (s.county.is_none(), s.county.clone(), s.station.id.clone());
        most(b).cmp(&most(a)).then_with(|| order(a).cmp(&order(b)))
    });
    Ok((all, elsewhere))
}

/// Order of time: by opening date, then those of which it is not known when they came, or that changed, by id.
fn in_time(s: &StationChange) -> (bool, Option<Day>, &str) {
    (!s.dated, day(&s.station.opened).filter(|_| s.dated), s.station.id.as_str())
}

/// Codes of the counties whose own figures at the headline distance, which are what is scored, differ between two states.
pub fn figures_differ([before, after]: [&Results; 2]) -> BTreeSet<String> {
    let was: BTreeMap<&str, _> = before.members.iter().map(|m| (m.county.code.as_str(), &m.result)).collect();
    let same = |m: &Member| was.get(m.county.code.as_str()).is_some_and(|was| was.figures.first() == m.result.figures.first());
    after.members.iter().filter(|m| !same(m)).map(|m| m.county.code.clone()).collect()
}

/// Fingerprint of a member's shard.
fn print(m: &Member) -> &str {
    m.shard.as_ref().map_or("", |s| s.print.as_str())
}

/// Finds the counties whose surroundings hold each station.
fn bear(all: &mut [StationChange], plan: &Plan, counties: &[County]) {
    let mut by_cell: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (i, s) in all.iter().enumerate() {
        by_cell.entry(cells::number(cells::cell(s.station.at))).or_default().push(i);
    }
    for shard in &plan.shards {
        for (first, last) in shard.cells.ranges() {
            for i in by_cell.range(first..=last).flat_map(|(_, list)| list) {
                all[*i].bears_on.push(counties[shard.county as usize].code.clone());
            }
        }
    }
}

fn differing(a: &Station, b: &Station) -> Vec<&'static str> {
    let same = [
        ("position", a.at == b.at),
        ("services", (a.charging, a.swap, a.hydrogen) == (b.charging, b.swap, b.hydrogen)),
        ("power", a.power_kw == b.power_kw && a.total_kw == b.total_kw),
        ("points", a.points == b.points && a.swap_bays == b.swap_bays && a.equipment == b.equipment),
        ("access", a.access == b.access),
        ("status", a.status == b.status),
        ("name", a.name == b.name && a.operator == b.operator),
    ];
    same.into_iter().filter(|(_, same)| !same).map(|(field, _)| field).collect()
}

/// A settlement of a round.
struct Settled {
    in_gap: bool,
    people: u64,
    /// Its nearest charging station within the longest service distance.
    nearest: Option<String>,
    at: LonLat,
}

/// Settlements of the counties whose stations, or those around them, differ between the two.
fn settled(r: &Results, counties: &BTreeSet<&str>) -> BTreeMap<String, Settled> {
    let mut all = BTreeMap::new();
    for m in r.members.iter().filter(|m| counties.contains(m.county.code.as_str())) {
        let done = m.shard.as_ref().and_then(|s| s.done.as_ref());
        let Some(bytes) = done.and_then(|d| input::whole(&d.path, "read the finished shard", input::MOST_WHOLE).ok()) else {
            continue;
        };
        for s in shard_file::rows_of::<SettlementRow>(&bytes, 0).flatten().filter(|s| s.snapped.is_some()) {
            let nearest = &s.nearest[Service::Charging as usize];
            let in_gap = nearest.as_ref().is_none_or(|n| n.distance_mm > r.criteria.serving.headline_criterion().limit());
            let nearest = nearest.as_ref().map(|n| n.station.clone());
            let (people, at) = (s.settlement.population.unwrap_or(0), s.settlement.at);
            all.insert(format!("{} {}", m.county.code, s.settlement.id), Settled { in_gap, people, nearest, at });
        }
    }
    all
}

/// Credits every settlement that came within reach to the station that brought it there first, and every one that fell out of it to the
/// station that was its nearest.
fn credit(all: &mut [StationChange], [before, after]: [&Results; 2], source: &Source<'_>) -> Result<()> {
    let prints: BTreeMap<&str, &str> = before.members.iter().map(|m| (m.county.code.as_str(), print(m))).collect();
    let touched = after.members.iter().filter(|m| prints.get(m.county.code.as_str()) != Some(&print(m)));
    let touched: BTreeSet<&str> = touched.map(|m| m.county.code.as_str()).collect();
    let (was, is) = (settled(before, &touched), settled(after, &touched));
    let number: BTreeMap<String, usize> = all.iter().enumerate().rev().map(|(i, s)| (s.station.id.clone(), i)).collect();
    let by = |id: &Option<String>| id.as_ref().and_then(|id| number.get(id)).copied();
    let around = Around::new(all, &after.criteria.serving);
    let mut gained: Vec<(&String, usize)> = Vec::new();
    // settlements that came within reach and could have been reached by several, by county
    let mut doubtful: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (key, now) in &is {
        let Some(then) = was.get(key) else { continue };
        match (then.in_gap, now.in_gap) {
            (true, false) => match around.of(now.at)[..] {
                [one] => gained.push((key, one)),
                _ => {
                    let (county, id) = key.split_once(' ').unwrap_or_default();
                    doubtful.entry(county).or_default().insert(id.to_owned());
                }
            },
            (false, true) => {
                if let Some(i) = by(&then.nearest) {
                    all[i].lost = [all[i].lost[0] + 1, all[i].lost[1] + then.people];
                }
            }
            _ => {}
        }
    }
    let mut scratch = PieceScratch::default();
    for (county, ids) in doubtful {
        let first = first_in(all, (county, &ids), (after, source), &mut scratch)?;
        for id in ids {
            let Some((key, now)) = is.get_key_value(&format!("{county} {id}")) else { continue };
            gained.extend(by(&first.get(&id).cloned().or_else(|| now.nearest.clone())).map(|i| (key, i)));
        }
    }
    for (key, i) in gained {
        let (people, county) = (is[key].people, key.split(' ').next().unwrap_or_default());
        all[i].gained = [all[i].gained[0] + 1, all[i].gained[1] + people];
        let here = all[i].gained_in.entry(county.to_owned()).or_default();
        *here = [here[0] + 1, here[1] + people];
    }
    Ok(())
}

/// Stations that could reach a place: no farther in a straight line than the headline distance and the ways to the road at both ends.
struct Around {
    index: PointIndex,
    /// Number of each point of the index.
    numbers: Vec<usize>,
    far_m: f64,
}

impl Around {
    fn new(all: &[StationChange], serving: &Serving) -> Self {
        let numbers: Vec<usize> = (0..all.len()).filter(|i| all[*i].change != StationFate::Closed).collect();
        let index = PointIndex::new(numbers.iter().map(|i| all[*i].station.at).collect());
        let limit_m = f64::from(serving.headline_criterion().limit()) / 1000.0;
        // lengths of roads are measured on another figure of the earth, a little shorter at the most
        let far_m = 1.01 * limit_m + serving.max_snap_m + serving.settlement_max_snap_m;
        Self { index, numbers, far_m }
    }

    fn of(&self, at: LonLat) -> Vec<usize> {
        self.index.within(at, self.far_m).into_iter().map(|n| self.numbers[n as usize]).collect()
    }
}

/// The station that brought each of some settlements of a county within reach first.
fn first_in(
    all: &[StationChange],
    (county, ids): (&str, &BTreeSet<String>),
    (after, source): (&Results, &Source<'_>),
    scratch: &mut PieceScratch,
) -> Result<BTreeMap<String, String>> {
    let here = all.iter().filter(|s| s.change != StationFate::Closed && s.bears_on.iter().any(|c| c == county));
    let mut order = credit::Order::new();
    for (turn, s) in here.enumerate() {
        order.entry(s.station.id.as_str()).or_insert(turn); // they stand in the order of time
    }
    let code = |s: &super::plan::Shard| source.all.counties[s.county as usize].code.as_str();
    let Ok(shard) = source.plan.shards.binary_search_by(|s| code(s).cmp(county)) else { return Ok(BTreeMap::new()) };
    let limit_mm = after.criteria.serving.headline_criterion().limit();
    let first = credit::first_of(source, shard, ids, (&order, limit_mm), scratch)?;
    Ok(first.into_iter().map(|(id, station)| (id, station.to_owned())).collect())
}
