//! People of settlements that a round must not rest on untold: those that are not known where others of the county are, and settlements that a county
//! has twice. Who is ranked by the share of people beyond reach gains by each served village whose people are left blank, and by each village beyond
//! reach that stands there twice.
//!
//! What a raster says of a county takes the place of its settlements' people; a county of which nobody's number is known has no share at all and stands
//! by the policy for missing values, and so does an application with such a county.

use super::inputs::Together;
use super::supplied::IndexOf;
use super::twice::digest;
use crate::issue::{IssueCode, Layer};
use crate::place::doubts::double_settlements;
use crate::read::settlement::Settlement;
use crate::results::faults::{Fault, UnknownPeople};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Faults of the settlements of counties that take part.
pub fn faults(all: &Together, asked: &[u32], index: &IndexOf<'_>) -> Vec<Fault> {
    let takes_part: BTreeSet<u32> = asked.iter().copied().collect();
    let mut faults = unknown(all, &takes_part, index);
    faults.extend(double(all, &takes_part, index));
    faults
}

fn file(s: &Settlement) -> &str {
    s.source.file.as_deref().unwrap_or_default()
}

/// Settlements without people, by the file that they are from.
fn unknown(all: &Together, takes_part: &BTreeSet<u32>, index: &IndexOf<'_>) -> Vec<Fault> {
    let knows = |s: &Settlement| s.population.is_some();
    let refused = refused(all);
    let mut by_file: BTreeMap<&str, Vec<UnknownPeople>> = refused.keys().map(|f| (f.as_str(), Vec::new())).collect();
    // where all or none are known there is nothing to look for
    if all.settlements.iter().any(knows) && !all.settlements.iter().all(knows) {
        let index = index();
        let place: Vec<u32> = all.settlements.par_iter().map(|s| index.locate(s.at)).collect();
        let mut of_county: BTreeMap<u32, Vec<&Settlement>> = BTreeMap::new();
        for (s, county) in all.settlements.iter().zip(place).filter(|(_, c)| takes_part.contains(c) && !all.raster.has(*c)) {
            of_county.entry(county).or_default().push(s);
        }
        for (county, list) in of_county.iter().filter(|(_, list)| list.iter().any(|s| knows(s))) {
            let mut here: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
            list.iter().filter(|s| !knows(s)).for_each(|s| here.entry(file(s)).or_default().push(&s.id));
            for (file, ids) in here {
                let code = all.counties[*county as usize].code.clone();
                let told = UnknownPeople { code, settlements: [ids.len(), list.len()], digest: digest(&ids) };
                by_file.entry(file).or_default().push(told);
            }
        }
    }
    let none = Vec::new();
    by_file.iter().map(|(file, of)| Fault::people_not_known(file, of, refused.get(*file).unwrap_or(&none))).collect()
}

/// Settlements that were refused for having fewer people than none, by file: where they lie is not known any more.
fn refused(all: &Together) -> BTreeMap<String, Vec<String>> {
    let mut by_file: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let negative = |i: &&crate::issue::Issue| i.layer == Layer::Settlements && i.code == IssueCode::NegativePeople;
    for i in all.issues.sorted().into_iter().filter(negative) {
        let id = i.at.id.clone().unwrap_or_else(|| i.at.to_string());
        by_file.entry(i.at.file.clone().unwrap_or_default()).or_default().push(id);
    }
    by_file
}

/// Settlements that stand in their county twice, by the file of the later one.
fn double(all: &Together, takes_part: &BTreeSet<u32>, index: &IndexOf<'_>) -> Vec<Fault> {
    let list: Vec<&Settlement> = all.settlements.iter().collect();
    let county = |i: usize| index().locate(list[i].at);
    let mut by_file: BTreeMap<&str, Vec<[String; 3]>> = BTreeMap::new();
    for [here, twin] in double_settlements(&list, &county) {
        let code = all.counties.get(county(here) as usize).filter(|_| takes_part.contains(&county(here)));
        let Some(code) = code.map(|c| c.code.clone()) else { continue };
        by_file.entry(file(list[here])).or_default().push([code, list[here].id.clone(), list[twin].id.clone()]);
    }
    by_file.into_iter().map(|(file, pairs)| Fault::settlement_twice(file, &pairs)).collect()
}
