//! What a layer is for: by its geometry, the names of its columns, the words in them, and last by its own name.

use super::seen::{Content, Seen};
use super::words;
use crate::read::fields::FieldMap;
use crate::read::headers::{self, Fields};
use crate::read::registers::Dialect;
use std::collections::BTreeMap;

/// What a layer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// `[osm]`
    Osm,
    /// `[roads]`
    Roads,
    /// `[counties]`
    Counties,
    /// `[county_table]`
    CountyTable,
    /// Its crosswalk.
    Crosswalk,
    /// `[stations]`
    Stations,
    /// `[settlements]`
    Settlements,
    /// `[candidates]`
    Candidates,
    /// `[population]`
    Population,
    /// `county_list` of a round.
    CountyList,
}

impl Role {
    /// The table of the region file.
    pub fn table(self) -> &'static str {
        match self {
            Self::Osm => "osm",
            Self::Roads => "roads",
            Self::Counties => "counties",
            Self::CountyTable | Self::Crosswalk => "county_table",
            Self::Stations => "stations",
            Self::Settlements => "settlements",
            Self::Candidates => "candidates",
            Self::Population => "population",
            Self::CountyList => "regions",
        }
    }

    /// Its fields.
    pub fn fields(self) -> Fields {
        match self {
            Self::Roads => headers::ROADS,
            Self::Counties => headers::COUNTIES,
            Self::CountyTable | Self::CountyList => headers::COUNTY_TABLE,
            Self::Crosswalk => headers::CROSSWALK,
            Self::Stations => headers::STATIONS,
            Self::Settlements => headers::SETTLEMENTS,
            Self::Candidates => headers::CANDIDATES,
            Self::Osm | Self::Population => &[],
        }
    }
}

/// The role of a layer, or why it has none.
pub fn role_of(seen: &Seen) -> Result<Role, String> {
    match seen.content {
        Content::Osm => return Ok(Role::Osm),
        Content::Raster => return Ok(Role::Population),
        Content::Records(_) => {}
    }
    if let (Some(error), 0) = (&seen.error, seen.records) {
        return Err(error.clone());
    }
    if seen.records == 0 {
        return Err("it holds no records".to_owned());
    }
    let most = seen.records.div_ceil(2);
    let has = |role: Role, field: &str| mapped(role, seen).iter().any(|(ours, _)| *ours == field);
    if seen.lines >= most {
        return Ok(Role::Roads);
    }
    if seen.polygons >= most {
        // Plots of land that cost something, or that power can be had at, are no counties.
        if candidate_fields(seen) >= 2 && candidate_marks(seen) > station_marks(seen) {
            return Ok(Role::Candidates);
        }
        // Areas of stations are stations.
        let station = station_marks(seen) >= 2 && !has(Role::Counties, "code");
        return Ok(if station { Role::Stations } else { Role::Counties });
    }
    if seen.points >= most || register(seen) != Dialect::Fields {
        let (stations, settlements) = (station_marks(seen), settlement_marks(seen));
        if candidate_marks(seen) > stations.max(settlements) {
            return Ok(Role::Candidates);
        }
        return Ok(if stations >= settlements { Role::Stations } else { Role::Settlements });
    }
    if has(Role::Crosswalk, "old") && has(Role::Crosswalk, "new") {
        return Ok(Role::Crosswalk);
    }
    match (has(Role::CountyTable, "code"), has(Role::CountyTable, "population")) {
        (true, false) if seen.columns.len() <= 3 => Ok(Role::CountyList),
        (true, _) => Ok(Role::CountyTable),
        _ => Err("it has neither positions nor codes of counties".to_owned()),
    }
}

/// The register of stations that a layer is plainly of.
pub fn register(seen: &Seen) -> Dialect {
    Dialect::of_header(seen.names())
}

/// Our fields with the columns that they are taken from, in the order of our fields.
pub fn mapped(role: Role, seen: &Seen) -> Vec<(&'static str, String)> {
    let fields = role.fields();
    let Ok(map) = FieldMap::new(role.table(), fields, &BTreeMap::new()) else { return Vec::new() };
    for column in seen.columns.iter().filter(|c| c.filled > 0) {
        map.learn(&column.name);
    }
    let mut all: Vec<(&'static str, String)> =
        fields.iter().filter_map(|(ours, _)| Some((*ours, map.met(ours).into_iter().next()?))).collect();
    if role == Role::Roads && !all.iter().any(|(ours, _)| *ours == "class") {
        all.extend(words::class_column(seen).map(|column| ("class", column)));
    }
    all
}

const STATION_FIELDS: &[&str] = &[
    "points",
    "power_kw",
    "total_kw",
    "sockets",
    "swap_bays",
    "swap_batteries",
    "operator",
    "access",
    "status",
    "opened",
    "trucks",
    "dc_points",
    "swap_chargers",
];
const STATION_HINTS: &[&str] = &["station", "charg", "evse", "ocpi", "充电", "换电", "充换", "桩", "站点", "ladesäule", "borne"];
const CANDIDATE_FIELDS: &[&str] = &["cost", "land", "fixed"];
const CANDIDATE_HINTS: &[&str] = &["candidate", "potential_site", "possible_site", "候选", "备选", "拟选", "待选", "选址"];
const SETTLEMENT_HINTS: &[&str] = &["settle", "village", "town", "place", "popul", "乡镇", "村", "居民", "人口", "聚落"];

fn station_marks(seen: &Seen) -> usize {
    if register(seen) != Dialect::Fields || seen.names().any(|n| n == "AddressInfo" || n == "evses") {
        return 100;
    }
    let fields = mapped(Role::Stations, seen);
    let own = fields.iter().filter(|(ours, _)| STATION_FIELDS.contains(ours)).count();
    let kinds = fields.iter().filter(|(ours, column)| *ours == "kind" && words::are_kinds(seen, column)).count();
    2 * (own + kinds) + hints(seen, STATION_HINTS)
}

fn settlement_marks(seen: &Seen) -> usize {
    let fields = mapped(Role::Settlements, seen);
    let own = fields.iter().filter(|(ours, _)| *ours == "population").count();
    4 * own + hints(seen, SETTLEMENT_HINTS)
}

/// Fields of candidate sites that neither stations nor settlements have.
fn candidate_fields(seen: &Seen) -> usize {
    mapped(Role::Candidates, seen).iter().filter(|(ours, _)| CANDIDATE_FIELDS.contains(ours)).count()
}

/// A name that says so counts for more than that of stations: candidate stations are none yet.
fn candidate_marks(seen: &Seen) -> usize {
    let headroom = mapped(Role::Candidates, seen).iter().filter(|(ours, _)| matches!(*ours, "headroom_kw" | "max_kw")).count();
    let own = candidate_fields(seen);
    let hint = hints(seen, CANDIDATE_HINTS);
    // what a register of stations has too says nothing by itself
    if own + hint == 0 { 0 } else { 2 * (own + headroom) + 2 * hint }
}

fn hints(seen: &Seen, words: &[&str]) -> usize {
    let hint = seen.hint();
    3 * usize::from(words.iter().any(|w| hint.contains(w)))
}
