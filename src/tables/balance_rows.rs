//! Rows of `townships.csv` and `station_loads.csv`, from the scene of a run.

use crate::balance::{LoadRow, TownRow};
use crate::county::Scene;
use crate::results::Member;

/// Settlements by county and, in a county, in order of need.
pub fn towns<'a>(scene: &'a Scene, members: &'a [Member]) -> Vec<TownRow<'a>> {
    let row = |town: &'a crate::balance::Town| {
        let s = &scene.settlements[town.settlement as usize].settlement;
        let id = |n: crate::place::Nearest| scene.stations[n.station as usize].station.id.as_str();
        Some(TownRow {
            code: &members.get(town.county as usize)?.county.code,
            id: &s.id,
            name: &s.name,
            name_zh: &s.name_zh,
            people: s.population,
            stations: town.nearest.map(|n| n.map(id)),
            town,
        })
    };
    let mut all: Vec<TownRow<'a>> = scene.balance.towns.iter().filter_map(row).collect();
    all.sort_by_key(|r| (r.town.county, r.town.need));
    all
}

/// Stations in reading order, each on every day.
pub fn loads<'a>(scene: &'a Scene, members: &'a [Member]) -> impl Iterator<Item = LoadRow<'a>> {
    scene.balance.loads.iter().flat_map(move |load| {
        let s = &scene.stations[load.station as usize];
        let code = s.county.and_then(|c| Some(&*members.get(c as usize)?.county.code));
        let row = move |day| LoadRow { code, id: &s.station.id, name: &s.station.name, guns: &load.guns, day };
        load.days.iter().map(row)
    })
}
