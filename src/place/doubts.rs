//! Stations that look like another one, or like none: flagged, never merged and never dropped.

use super::{SettlementOut, StationOut};
use crate::issue::{IssueCode, Issues, Layer};
use crate::read::settlement::Settlement;
use crate::read::station::Station;
use crate::space::{LonLat, PointIndex};
use std::collections::{BTreeMap, BTreeSet};

/// Stations nearer than this with the same operator look like one, metres.
pub(crate) const SAME_PLACE_M: f64 = 50.0;
/// A station without power and guns is a ghost only where this share of the layer has them.
const MOST_HAVE: f64 = 0.5;

/// Flags stations that stand within 50 m of an earlier one with the same operator, an equal service and no other power.
pub fn flag_duplicates(stations: &mut [StationOut], issues: &mut Issues) {
    // Of stations that agree in all that is compared, the first stands for all: thousands on one spot stay fast.
    let mut seen = BTreeSet::new();
    let first: Vec<usize> = (0..stations.len()).filter(|i| seen.insert(key(&stations[*i].station))).collect();
    let index = PointIndex::new(first.iter().map(|i| stations[*i].station.at).collect());
    for i in 0..stations.len() {
        if stations[i].reason == "outside" {
            continue; // no concern of this region
        }
        let here = &stations[i].station;
        let near = index.within(here.at, SAME_PLACE_M).into_iter().map(|k| first[k as usize]).take_while(|j| *j < i);
        let twin = near.into_iter().find(|j| alike(&stations[*j].station, here));
        let Some(twin) = twin else { continue };
        let id = stations[twin].station.id.clone();
        issues.push(
            Layer::Stations,
            IssueCode::DuplicateStation,
            here.source.clone(),
            format!("it stands within {SAME_PLACE_M} m of station \"{id}\" of the same operator"),
        );
        stations[i].duplicate_of = Some(id);
    }
}

/// Tells of settlements that stand within 50 m of an earlier one of the same name in their county, where people are known of both: a list that was put
/// together from two has them under two ids, and their people count twice.
pub fn tell_double_settlements(settlements: &[SettlementOut], issues: &mut Issues) {
    let peopled = |s: &&SettlementOut| s.settlement.population.is_some_and(|p| p > 0);
    let all: Vec<&SettlementOut> = settlements.iter().filter(peopled).collect();
    let list: Vec<&Settlement> = all.iter().map(|s| &s.settlement).collect();
    for [here, twin] in double_settlements(&list, &|i| all[i].county) {
        let what = format!("it stands within {SAME_PLACE_M} m of \"{}\", which has the same name", list[twin].id);
        issues.push(Layer::Settlements, IssueCode::DuplicateSettlement, list[here].source.clone(), what);
    }
}

/// Settlements that stand within 50 m of an earlier one, by where they stand in the inputs, of the same name in the same county: the number of each and that
/// of the earliest such. Counties are asked of those alone that have a namesake so near.
pub fn double_settlements(list: &[&Settlement], county: &dyn Fn(usize) -> u32) -> Vec<[usize; 2]> {
    let names: Vec<String> = list.iter().map(|s| s.name.trim().to_lowercase()).collect();
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    names.iter().for_each(|n| *times.entry(n).or_default() += 1);
    let namesakes: Vec<usize> = (0..list.len()).filter(|i| !names[*i].is_empty() && times[names[*i].as_str()] > 1).collect();
    // of those on one spot the first stands for all, so that thousands there stay fast
    let mut first: BTreeMap<(&str, LonLat), usize> = BTreeMap::new();
    for i in &namesakes {
        let kept = first.entry((&names[*i], list[*i].at)).or_insert(*i);
        if list[*i].source < list[*kept].source {
            *kept = *i;
        }
    }
    let kept: Vec<usize> = first.into_values().collect();
    let index = PointIndex::new(kept.iter().map(|i| list[*i].at).collect());
    let mut pairs = Vec::new();
    for here in namesakes {
        let near = index.within(list[here].at, SAME_PLACE_M).into_iter().map(|k| kept[k as usize]);
        let alike =
            near.filter(|j| names[*j] == names[here] && list[*j].source < list[here].source && county(*j) == county(here));
        pairs.extend(alike.min_by_key(|j| &list[*j].source).map(|twin| [here, twin]));
    }
    pairs
}

/// What is compared of two stations.
pub(crate) type Key = (LonLat, String, [bool; 3], Option<u64>);

/// What is compared: stations with the same key are alike.
pub(crate) fn key(s: &Station) -> Key {
    (s.at, s.operator.to_ascii_lowercase(), [s.charging, s.swap, s.hydrogen], s.power_kw.map(f64::to_bits))
}

/// Whether two stations that stand close together look like one.
pub(crate) fn alike(a: &Station, b: &Station) -> bool {
    let power = match (a.power_kw, b.power_kw) {
        (Some(a), Some(b)) => (a - b).abs() < 0.5,
        _ => true, // what one source does not know is no difference
    };
    power
        && a.operator.eq_ignore_ascii_case(&b.operator)
        && (a.charging && b.charging || a.swap && b.swap || a.hydrogen && b.hydrogen)
}

fn blank(s: &Station) -> bool {
    (s.charging || s.swap || !s.hydrogen)
        && s.points.is_none()
        && s.power_kw.is_none()
        && s.total_kw.is_none()
        && s.swap_bays.is_none()
}

/// Whether most stations of a layer have guns or power.
pub fn most_have_figures<'s>(stations: impl Iterator<Item = &'s Station>) -> bool {
    let (known, all) = stations.fold((0u64, 0u64), |(known, all), s| (known + u64::from(!blank(s)), all + 1));
    known as f64 >= MOST_HAVE * all as f64
}

/// Flags ghosts: used stations that say they have no guns, or that alone in a layer which knows better (`judged`) have neither
/// guns nor power.
pub fn flag_ghosts(stations: &mut [StationOut], judged: bool, issues: &mut Issues) {
    for s in stations.iter_mut().filter(|s| s.used) {
        let station = &s.station;
        let why = if station.points == Some(0) && station.swap_bays.unwrap_or(0) == 0 {
            "it has no guns"
        } else if station.power_kw == Some(0.0) || station.total_kw == Some(0.0) {
            "its power is 0 kW"
        } else if judged && blank(station) {
            "it has neither guns nor power, and most stations of the layer do"
        } else {
            continue;
        };
        issues.push(Layer::Stations, IssueCode::GhostStation, station.source.clone(), why);
        s.ghost = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn station(id: &str, lon: f64, operator: &str, power_kw: Option<f64>, points: Option<u32>) -> StationOut {
        let at = LonLat::new(lon, 31.0).unwrap();
        let station = Station {
            id: id.to_owned(),
            at,
            operator: operator.to_owned(),
            power_kw,
            points,
            charging: true,
            ..Station::default()
        };
        StationOut { station, county: Some(0), snapped: None, used: true, reason: "".into(), duplicate_of: None, ghost: false }
    }

    #[test]
    fn place_operator_and_power_make_a_double() {
        let mut all = vec![
            station("a", 109.0, "Grid", Some(60.0), None),
            station("other power", 109.0, "Grid", Some(120.0), None),
            station("other operator", 109.0, "TELD", Some(60.0), None),
            station("40 m east", 109.00042, "grid", None, None),
            station("far", 109.01, "Grid", Some(60.0), None),
            station("same", 109.0, "Grid", Some(60.0), None),
        ];
        flag_duplicates(&mut all, &mut Issues::default());
        let flags: Vec<Option<&str>> = all.iter().map(|s| s.duplicate_of.as_deref()).collect();
        assert_eq!(flags, [None, None, None, Some("a"), None, Some("a")]);
    }

    #[test]
    fn many_on_one_spot_are_not_compared_with_each_other() {
        let mut all: Vec<StationOut> = (0..20_000).map(|i| station(&i.to_string(), 109.0, "x", Some(60.0), None)).collect();
        flag_duplicates(&mut all, &mut Issues::default());
        assert_eq!(all.iter().filter(|s| s.duplicate_of.as_deref() == Some("0")).count(), 19_999);
    }

    #[test]
    fn ghosts_are_those_that_a_layer_with_figures_has_none_of() {
        let mut all = vec![
            station("a", 109.0, "x", Some(60.0), Some(2)),
            station("b", 109.1, "x", None, Some(0)),
            station("c", 109.2, "x", None, None),
        ];
        let judged = most_have_figures(all.iter().map(|s| &s.station));
        flag_ghosts(&mut all, judged, &mut Issues::default());
        assert_eq!(all.iter().map(|s| s.ghost).collect::<Vec<_>>(), [false, true, true]);
        let mut bare = vec![station("a", 109.0, "x", None, None), station("b", 109.1, "x", None, None)];
        let judged = most_have_figures(bare.iter().map(|s| &s.station));
        flag_ghosts(&mut bare, judged, &mut Issues::default());
        assert!(bare.iter().all(|s| !s.ghost)); // AFDC's table knows no power: not all of its stations are ghosts
    }
}
