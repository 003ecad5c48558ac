//! Which of several layers is taken for each role, and why the others are not.

use super::copies::is_copy;
use super::role::{Role, mapped, register, role_of};
use super::seen::{Content, Inside, Seen};
use crate::read::formats::sniff::FileKind;
use crate::read::registers::Dialect;
use std::collections::{BTreeMap, BTreeSet};

/// What was chosen for a role.
#[derive(Clone, Debug)]
pub struct Choice {
    /// The role.
    pub role: Role,
    /// The layer; further ones are files of the same layer, with the same columns.
    pub seen: Vec<Seen>,
    /// Our fields with the columns that they are taken from.
    pub fields: Vec<(&'static str, String)>,
    /// The register whose rules it is read by.
    pub register: Option<Dialect>,
    /// Others that could have been it: which, and why they are not.
    pub others: Vec<(String, String)>,
}

/// Chooses, by role; what has none comes with the reason.
pub fn choose(all: Vec<Seen>) -> (Vec<Choice>, Vec<(String, String)>) {
    let (mut by_role, mut unused): (BTreeMap<Role, Vec<Seen>>, _) = (BTreeMap::new(), Vec::new());
    for seen in all {
        match role_of(&seen) {
            Ok(role) => by_role.entry(role).or_default().push(seen),
            Err(why) => unused.push((seen.title(), why)),
        }
    }
    let choices = by_role.into_iter().filter_map(|(role, list)| one(role, list)).collect();
    (choices, unused)
}

fn one(role: Role, mut list: Vec<Seen>) -> Option<Choice> {
    // Stable: of equals the first in the order of the files.
    list.sort_by_cached_key(|s| {
        (is_copy(&s.path), std::cmp::Reverse(fitness(role, s)), std::cmp::Reverse(s.records), preference(s))
    });
    let mut kept: Vec<Seen> = Vec::new();
    let mut others = Vec::new();
    for seen in list {
        if let Some(whole) = kept.iter().find(|k| seen.is_in(k)) {
            let (own, all) = (seen.places.len(), whole.places.len());
            let why = if own * 10 >= all * 9 {
                format!("the same {own} places as in {}", whole.title())
            } else {
                format!("its {own} places are among the {all} of {}", whole.title())
            };
            others.push((seen.title(), why));
            continue;
        }
        if let Some(codes) = same_codes(role, &kept, &seen) {
            others.push((seen.title(), codes));
            continue;
        }
        let Some(first) = kept.first() else {
            kept.push(seen);
            continue;
        };
        if is_copy(&seen.path) && !is_copy(&first.path) {
            others.push((seen.title(), BY_NAME.to_owned())); // with what it has beside the others it would count twice
            continue;
        }
        let alike = first.inside == Inside::Whole && seen.inside == Inside::Whole && first.names().eq(seen.names());
        if alike && !matches!(role, Role::Osm | Role::Population | Role::CountyTable | Role::Crosswalk | Role::CountyList) {
            kept.push(seen);
        } else {
            others.push((seen.title(), why_not(role, &seen)));
        }
    }
    let first = kept.first()?;
    let dialect = register(first);
    let own = if first.names().any(|n| n == "AddressInfo") { Dialect::OpenChargeMap } else { dialect };
    let own = if first.names().any(|n| n == "evses") { Dialect::Ocpi } else { own };
    let register = (role == Role::Stations && own != Dialect::Fields).then_some(own);
    let fields = if register.is_some() { Vec::new() } else { mapped(role, first) };
    Some(Choice { role, fields, register, others, seen: kept })
}

const BY_NAME: &str = "a copy of another file by its name; name it under path if it is not";

/// Why a second layer of a role is not taken beside the first.
fn why_not(role: Role, seen: &Seen) -> String {
    match role {
        Role::Osm => "one extract is a region; put several together with `osmium merge`".to_owned(),
        Role::Population => "one raster is read".to_owned(),
        Role::CountyTable | Role::Crosswalk => format!("{} rows; one such table is joined", seen.records),
        Role::CountyList => format!("{} rows", seen.records),
        _ => format!("{} records with other columns; one layer has one mapping", seen.records),
    }
}

/// Whether the codes of a county layer are those of one that is kept.
fn same_codes(role: Role, kept: &[Seen], seen: &Seen) -> Option<String> {
    let codes = |s: &Seen| -> Option<BTreeSet<String>> {
        let (_, column) = mapped(role, s).into_iter().find(|(ours, _)| *ours == "code")?;
        Some(s.column(&column)?.values.keys().cloned().collect())
    };
    let own = codes(seen).filter(|own| role == Role::Counties && !own.is_empty())?;
    let whole = kept.iter().find(|k| codes(k).is_some_and(|of| own.is_subset(&of)))?;
    Some(format!("its {} codes stand in {} too", own.len(), whole.title()))
}

/// How well a layer serves its role, beside its size.
fn fitness(role: Role, seen: &Seen) -> u64 {
    let fields = mapped(role, seen);
    let column = |ours: &str| fields.iter().find(|(field, _)| *field == ours).and_then(|(_, c)| seen.column(c));
    match role {
        // Codes of counties have five digits (FIPS) or six (GB/T 2260); townships and provinces have others.
        Role::Counties => match column("code") {
            Some(c) if matches!(c.example.chars().count(), 5 | 6) || c.example.starts_with("156") => 2,
            Some(_) => 1,
            None => 0,
        },
        Role::Roads => u64::from(column("class").is_some()),
        Role::CountyTable => u64::from(column("population").is_some()),
        Role::Stations | Role::Settlements | Role::Candidates => fields.len() as u64,
        _ => 0,
    }
}

/// Of the same points in several formats the one that changes least of what was typed.
fn preference(seen: &Seen) -> usize {
    let order =
        [FileKind::GeoPackage, FileKind::FlatGeobuf, FileKind::Parquet, FileKind::Json, FileKind::Shapefile, FileKind::Workbook];
    match seen.content {
        Content::Records(kind) => {
            let place = order.iter().position(|k| *k == kind).unwrap_or(order.len());
            2 * place + usize::from(seen.format.starts_with("XLS ")) // the older of two workbooks
        }
        Content::Osm | Content::Raster => 0,
    }
}
