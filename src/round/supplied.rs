//! What each region of a round supplies, held against the others: a copy of another adds nothing, and one without settlements where others
//! have them makes a whole province stand by its bounds.

use super::inputs::Together;
use super::people;
use crate::network::CountyIndex;
use crate::results::faults::Fault;
use std::cell::OnceCell;
use std::collections::BTreeSet;

/// What a region supplies.
#[derive(Clone, Debug, Default)]
pub struct Supplied {
    /// Codes of its counties.
    pub codes: BTreeSet<String>,
    /// Whether it has a settlement, or people of a raster.
    pub has_people: bool,
}

/// Gives the index of the counties, which is made once, and only where somebody asks for it.
pub(super) type IndexOf<'i> = dyn Fn() -> &'i CountyIndex + 'i;

/// Faults of regions, of the counties that take part.
pub fn faults(all: &Together, asked: &[u32]) -> Vec<Fault> {
    let made = OnceCell::new();
    let index = || made.get_or_init(|| CountyIndex::new(&all.counties));
    let mut faults = copies(all);
    faults.extend(without_people(all, asked, &index));
    faults.extend(people::faults(all, asked, &index));
    faults
}

/// Regions of which another has all counties. Of two that have the same ones the later by path is it.
fn copies(all: &Together) -> Vec<Fault> {
    let regions = || all.regions.iter().zip(&all.supplied).enumerate();
    let one = |(i, (region, own)): (usize, (&super::inputs::Region, &Supplied))| {
        let within = |(j, (_, other)): &(usize, (&super::inputs::Region, &Supplied))| {
            i != *j && own.codes.is_subset(&other.codes) && (own.codes.len() < other.codes.len() || *j < i)
        };
        let (_, (other, _)) = regions().find(within).filter(|_| !own.codes.is_empty())?;
        Some(Fault::region_adds_nothing(&region.path, &other.path, own.codes.iter().cloned().collect()))
    };
    regions().filter_map(one).collect()
}

/// Regions with counties that take part, in none of which there is a settlement of any region.
fn without_people(all: &Together, asked: &[u32], index: &IndexOf<'_>) -> Vec<Fault> {
    if all.supplied.iter().all(|s| s.has_people) || !all.supplied.iter().any(|s| s.has_people) {
        return Vec::new();
    }
    let index = index();
    let here = all.settlements.iter().map(|s| index.locate(s.at));
    let settled: BTreeSet<&str> = here.filter_map(|c| all.counties.get(c as usize)).map(|c| c.code.as_str()).collect();
    let takes_part: BTreeSet<&str> =
        asked.iter().filter_map(|c| all.counties.get(*c as usize)).map(|c| c.code.as_str()).collect();
    let lacking = all.regions.iter().zip(&all.supplied).filter(|(_, s)| !s.has_people);
    let lacking = lacking.filter(|(_, s)| !s.codes.iter().any(|c| settled.contains(c.as_str())));
    let one = |(region, s): (&super::inputs::Region, &Supplied)| {
        let codes: Vec<String> = s.codes.iter().filter(|c| takes_part.contains(c.as_str())).cloned().collect();
        (!codes.is_empty()).then(|| Fault::settlements_missing(&region.path, codes))
    };
    lacking.filter_map(one).collect()
}
