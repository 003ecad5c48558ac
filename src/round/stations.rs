//! Stations that opened, closed or changed between two rounds, by name, with what each did for the settlements around it.

use super::causes::Side;
use super::merge::Round;
use super::plan::Plan;
use super::rows::features_of;
use crate::network::NO_COUNTY;
use crate::read::county::County;
use crate::read::station::Station;
use crate::space::cells;
use std::collections::{BTreeMap, BTreeSet};

/// What became of a station.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// Only the new round has it.
    Opened,
    /// Only the old round has it.
    Closed,
    /// Both have it, and it is not the same.
    Changed,
}

impl Change {
    /// The word in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Closed => "closed",
            Self::Changed => "changed",
        }
    }
}

impl Change {
    /// For people, in Chinese.
    pub fn zh(self) -> &'static str {
        match self {
            Self::Opened => "新增",
            Self::Closed => "减少",
            Self::Changed => "变更",
        }
    }
}

/// A station of which something changed.
#[derive(Clone, Debug, PartialEq)]
pub struct StationChange {
    /// What became of it.
    pub change: Change,
    /// The station, as it is, or as it was where it closed.
    pub station: Station,
    /// Code of its county; none outside all.
    pub county: Option<String>,
    /// Codes of the counties that it bears on: it lies in them or within the longest service distance of them.
    pub bears_on: Vec<String>,
    /// Fields that differ, where it changed.
    pub fields: Vec<&'static str>,
    /// Settlements that came within the headline distance and have it as the nearest, and their people.
    pub gained: [u64; 2],
    /// The same by code of the county that they lie in.
    pub gained_in: BTreeMap<String, [u64; 2]>,
    /// Settlements that fell out of it and had it as the nearest, and their people.
    pub lost: [u64; 2],
}

/// All changes, those first that did most for people, then those that bear on a county, by county and id. Counties are those of the new state.
pub fn changes(sides: &[Side; 2], rounds: [&Round; 2], (plan, counties): (&Plan, &[County])) -> Vec<StationChange> {
    let [old, new] = sides;
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
        gained: [0; 2],
        gained_in: BTreeMap::new(),
        lost: [0; 2],
    };
    let mut all = Vec::new();
    for (id, i) in &is {
        let (station, county) = (&new.all.stations[*i], plan.county_of_station.get(*i).copied().unwrap_or(NO_COUNTY));
        match was.get(id).map(|k| &old.all.stations[*k]) {
            None => all.push(none(Change::Opened, station, code(county))),
            Some(before) => {
                let fields = differing(before, station);
                if !fields.is_empty() {
                    all.push(StationChange { fields, ..none(Change::Changed, station, code(county)) });
                }
            }
        }
    }
    for (id, i) in was.iter().filter(|(id, _)| !is.contains_key(*id)) {
        let station = &old.all.stations[*i];
        debug_assert_eq!(&station.id, id);
        all.push(none(Change::Closed, station, code(index.locate(station.at))));
    }
    credit(&mut all, rounds);
    bear(&mut all, plan, counties);
    all.sort_by(|a, b| {
        let most = |s: &StationChange| s.gained[1].max(s.lost[1]);
        // those that bear on no county of the round come last
        let order = |s: &StationChange| (s.bears_on.is_empty(), s.county.is_none(), s.county.clone(), s.station.id.clone());
        most(b).cmp(&most(a)).then_with(|| order(a).cmp(&order(b)))
    });
    all
}

/// Codes of the counties whose own figures at the headline distance, which are what is scored, differ between two states.
pub fn figures_differ([before, after]: [&Round; 2]) -> BTreeSet<String> {
    let was: BTreeMap<&str, _> = before.members.iter().map(|m| (m.county.code.as_str(), &m.row)).collect();
    let same = |m: &super::merge::Member| {
        was.get(m.county.code.as_str()).is_some_and(|row| row.figures.first() == m.row.figures.first())
    };
    after.members.iter().filter(|m| !same(m)).map(|m| m.county.code.clone()).collect()
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
        ("services", (a.charging, a.swap) == (b.charging, b.swap)),
        ("power", a.power_kw == b.power_kw && a.total_kw == b.total_kw),
        ("points", a.points == b.points && a.swap_bays == b.swap_bays),
        ("access", a.access == b.access),
        ("status", a.status == b.status),
        ("name", a.name == b.name && a.operator == b.operator),
    ];
    same.into_iter().filter(|(_, same)| !same).map(|(field, _)| field).collect()
}

/// A settlement of a round: in the gap or not, people, and its nearest charging station within the longest service distance.
type Settled = BTreeMap<String, (bool, u64, Option<String>)>;

/// Where these stand in a settlement's values.
const POPULATION: usize = 5;
const IN_GAP: usize = 7;
const NEAREST: usize = 10;

/// Settlements of the counties whose stations, or those around them, differ between the two.
fn settled(r: &Round, counties: &BTreeSet<&str>) -> Settled {
    let mut all = Settled::new();
    for m in r.members.iter().filter(|m| counties.contains(m.county.code.as_str())) {
        let Some(bytes) = m.done.as_ref().and_then(|d| std::fs::read(&d.path).ok()) else { continue };
        for f in features_of(&bytes, "settlements") {
            let value = |i: usize| f.values.get(i);
            let Some(in_gap) = value(IN_GAP).and_then(|v| v.as_bool()) else { continue };
            let people = value(POPULATION).and_then(|v| v.as_u64()).unwrap_or(0);
            let nearest = value(NEAREST).and_then(|v| v.as_str()).map(str::to_owned);
            all.insert(format!("{} {}", m.county.code, f.id), (in_gap, people, nearest));
        }
    }
    all
}

/// Credits every settlement that came within reach, or fell out of it, to the station that is, or was, its nearest.
fn credit(all: &mut [StationChange], [before, after]: [&Round; 2]) {
    let prints: BTreeMap<&str, &str> = before.members.iter().map(|m| (m.county.code.as_str(), m.shard.as_str())).collect();
    let touched = after.members.iter().filter(|m| prints.get(m.county.code.as_str()) != Some(&m.shard.as_str()));
    let touched: BTreeSet<&str> = touched.map(|m| m.county.code.as_str()).collect();
    let (was, is) = (settled(before, &touched), settled(after, &touched));
    let number: BTreeMap<String, usize> = all.iter().enumerate().rev().map(|(i, s)| (s.station.id.clone(), i)).collect();
    for (key, (in_gap, people, nearest)) in &is {
        let Some((in_gap_before, _, nearest_before)) = was.get(key) else { continue };
        let by = |id: &Option<String>| id.as_ref().and_then(|id| number.get(id)).copied();
        match (in_gap_before, in_gap) {
            (true, false) => {
                if let Some(i) = by(nearest) {
                    all[i].gained = [all[i].gained[0] + 1, all[i].gained[1] + people];
                    let county = key.split(' ').next().unwrap_or_default();
                    let here = all[i].gained_in.entry(county.to_owned()).or_default();
                    *here = [here[0] + 1, here[1] + people];
                }
            }
            (false, true) => {
                if let Some(i) = by(nearest_before) {
                    all[i].lost = [all[i].lost[0] + 1, all[i].lost[1] + people];
                }
            }
            _ => {}
        }
    }
}
