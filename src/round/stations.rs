//! Stations that opened, closed or changed between two rounds, by name, with what each did for the settlements around it.

use super::causes::Side;
use super::plan::Plan;
use crate::config::Service;
use crate::county::SettlementRow;
use crate::input;
use crate::network::NO_COUNTY;
use crate::read::county::County;
use crate::read::station::Station;
use crate::results::causes::{StationChange, StationFate};
use crate::results::{Member, Results, shard_file};
use crate::space::cells;
use std::collections::{BTreeMap, BTreeSet};

/// All changes, those first that did most for people, then those that bear on a county, by county and id. Counties are those of the new state.
pub fn changes(sides: &[Side; 2], rounds: [&Results; 2], (plan, counties): (&Plan, &[County])) -> Vec<StationChange> {
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

/// Settlements of the counties whose stations, or those around them, differ between the two.
fn settled(r: &Results, counties: &BTreeSet<&str>) -> Settled {
    let mut all = Settled::new();
    for m in r.members.iter().filter(|m| counties.contains(m.county.code.as_str())) {
        let done = m.shard.as_ref().and_then(|s| s.done.as_ref());
        let Some(bytes) = done.and_then(|d| input::whole(&d.path, "read the finished shard", input::MOST_WHOLE).ok()) else {
            continue;
        };
        for s in shard_file::rows_of::<SettlementRow>(&bytes, 0).flatten().filter(|s| s.snapped.is_some()) {
            let nearest = &s.nearest[Service::Charging as usize];
            let in_gap = nearest.as_ref().is_none_or(|n| n.distance_mm > r.criteria.serving.headline_criterion().limit());
            let way = nearest.as_ref().map(|n| n.station.clone());
            all.insert(format!("{} {}", m.county.code, s.settlement.id), (in_gap, s.settlement.population.unwrap_or(0), way));
        }
    }
    all
}

/// Credits every settlement that came within reach, or fell out of it, to the station that is, or was, its nearest.
fn credit(all: &mut [StationChange], [before, after]: [&Results; 2]) {
    let prints: BTreeMap<&str, &str> = before.members.iter().map(|m| (m.county.code.as_str(), print(m))).collect();
    let touched = after.members.iter().filter(|m| prints.get(m.county.code.as_str()) != Some(&print(m)));
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
