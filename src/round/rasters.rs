//! The population rasters of a round's regions: their cells by county. A raster counts in the counties of its own region only, and a
//! county that two regions have is the first one's, so that nobody is counted twice.

use super::twice::{RasterSays, digest};
use crate::access::people::CountyCell;
use crate::county::people::RasterCells;
use crate::read::county::County;
use crate::space::LonLat;
use std::collections::BTreeMap;

/// See the head of the module. Counties go by their number among all of the round.
#[derive(Clone, Debug, Default)]
pub struct Rasters {
    /// What was read, without the cells.
    read: Option<RasterCells>,
    /// By code of county until they are numbered: those that have a raster, with their cells.
    by_code: BTreeMap<String, Vec<CountyCell>>,
    /// By number.
    by_county: Vec<Option<Vec<CountyCell>>>,
    /// Cells farther than this from any road have none, metres: the most that a region says.
    pub max_snap_m: Option<f64>,
}

impl Rasters {
    /// Adds the cells of a region, whose counties have these codes; those of counties that an earlier raster has too count as outside.
    pub fn add(&mut self, mut cells: RasterCells, codes: &[String], max_snap_m: Option<f64>) -> RasterSays {
        let mut says = RasterSays::default();
        let mut lists: Vec<Vec<CountyCell>> = vec![Vec::new(); codes.len()];
        cells.take().into_iter().for_each(|c| lists[c.county as usize].push(c));
        for (code, list) in codes.iter().zip(lists) {
            match self.by_code.get(code) {
                Some(before) if !before.is_empty() => {
                    if !list.is_empty() && placed(before) != placed(&list) {
                        says.unlike.push((code.clone(), [before, &list].map(|l| people_of(l))));
                    }
                    cells.outside_milli += list.iter().map(|c| c.milli).sum::<u64>();
                    cells.outside_cells += list.len() as u64;
                }
                // a raster that has nobody there may end at the border of its own region
                Some(_) if list.is_empty() => {}
                _ => {
                    says.counts.push(code.clone());
                    self.by_code.insert(code.clone(), list);
                }
            }
        }
        self.read.get_or_insert_default().add(cells);
        self.max_snap_m = self.max_snap_m.into_iter().chain(max_snap_m).reduce(f64::max);
        says
    }

    /// Numbers the counties; `codes` are all of the round, in order.
    pub fn number<'c>(&mut self, codes: impl Iterator<Item = &'c str>) {
        let mut by_code = std::mem::take(&mut self.by_code);
        self.by_county = codes.map(|code| by_code.remove(code)).collect();
    }

    /// Whether a county has a raster.
    pub fn has(&self, county: u32) -> bool {
        self.by_county.get(county as usize).is_some_and(Option::is_some)
    }

    /// The cells of a county.
    pub fn of(&self, county: u32) -> &[CountyCell] {
        self.by_county.get(county as usize).and_then(Option::as_deref).unwrap_or_default()
    }

    /// Numbers of the counties that have a raster.
    pub fn counties(&self) -> impl Iterator<Item = u32> + '_ {
        (0u32..).zip(&self.by_county).filter(|(_, list)| list.is_some()).map(|(i, _)| i)
    }

    /// The people of each county that has a raster, by its code as `new` has it.
    pub fn by_code(&self, counties: &[County], new: &dyn Fn(&str) -> String) -> BTreeMap<String, Vec<(LonLat, u64)>> {
        let people = |c: u32| self.of(c).iter().map(|cell| (cell.at, cell.milli)).collect();
        self.counties().map(|c| (new(&counties[c as usize].code), people(c))).collect()
    }

    /// The same for other counties: each has the cells of the county of its code, which may be an old code that `new` brings up to date.
    #[must_use]
    pub fn moved(&self, from: &[County], to: &[County], new: &dyn Fn(&str) -> String) -> Self {
        let mut by_code: BTreeMap<String, Vec<CountyCell>> = BTreeMap::new();
        for c in self.counties() {
            let code = &from[c as usize].code;
            by_code.insert(new(code), self.of(c).to_vec());
            by_code.insert(code.clone(), self.of(c).to_vec());
        }
        let mut all = Self { by_code, ..self.clone() };
        all.number(to.iter().map(|c| c.code.as_str()));
        all
    }

    /// What was read, without the cells; none where no region has a raster.
    pub fn read(&self) -> Option<RasterCells> {
        self.read.clone()
    }
}

/// Cells by place, whichever county number they have.
fn placed(cells: &[CountyCell]) -> Vec<(LonLat, u64)> {
    let mut list: Vec<_> = cells.iter().map(|c| (c.at, c.milli)).collect();
    list.sort_unstable();
    list
}

/// How many people, in how many cells, and a digest of where.
fn people_of(cells: &[CountyCell]) -> (u64, usize, String) {
    (cells.iter().map(|c| c.milli).sum(), cells.len(), digest(&placed(cells)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::raster::Tally;

    #[test]
    fn a_county_of_two_regions_counts_the_people_of_the_first() {
        let cell = |county, milli| CountyCell { at: LonLat::default(), milli, county };
        let read = |cells: Vec<CountyCell>| {
            let milli = cells.iter().map(|c| c.milli).sum();
            RasterCells {
                read: Tally { cells: 9, with_people: cells.len() as u64, milli },
                inside: cells,
                ..RasterCells::default()
            }
        };
        let codes = |list: &[&str]| -> Vec<String> { list.iter().map(|c| (*c).to_owned()).collect() };
        let mut all = Rasters::default();
        let says = all.add(read(vec![cell(0, 5), cell(1, 7)]), &codes(&["b", "c"]), Some(500.0));
        assert_eq!((says.counts, says.unlike.len()), (codes(&["b", "c"]), 0));
        let says = all.add(read(vec![cell(0, 11), cell(1, 13)]), &codes(&["a", "b"]), Some(900.0));
        // b has 5 thousandths here and 13 there; the same again would be no word
        let (code, [first, later]) = &says.unlike[0];
        assert_eq!((says.counts, code.as_str(), (first.0, later.0)), (codes(&["a"]), "b", (5, 13)));
        assert!(all.clone().add(read(vec![cell(0, 5)]), &codes(&["b"]), None).unlike.is_empty());
        // nor is a raster that has nobody there, before or after one that has
        assert!(all.clone().add(read(vec![]), &codes(&["b"]), None).unlike.is_empty());
        let mut late = Rasters::default();
        late.add(read(vec![]), &codes(&["b"]), None);
        let says = late.add(read(vec![cell(0, 5)]), &codes(&["b"]), None);
        assert_eq!((says.counts, says.unlike.len()), (codes(&["b"]), 0));
        all.number(["a", "b", "c", "d"].into_iter());
        let people = |c: u32| all.of(c).iter().map(|c| c.milli).sum::<u64>();
        assert_eq!([people(0), people(1), people(2), people(3)], [11, 5, 7, 0]);
        assert_eq!(all.counties().collect::<Vec<_>>(), [0, 1, 2]); // d has no raster, which is not a raster of nobody
        let read = all.read().unwrap();
        // of 36 thousandths the 13 of the second b are outside
        assert_eq!((read.read.milli, read.outside_milli, read.inside_milli(), all.max_snap_m), (36, 13, 23, Some(900.0)));
    }
}
