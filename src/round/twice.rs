//! What two regions of a round have, as extracts of neighbours do: counties of one code; stations, settlements and candidates of one id and place.
//! Each counts once. Where the two say different things, which of them counts is a fault of the round, so that the name of a folder never
//! decides it; where only one says anything, it counts.

use super::inputs::Region;
use crate::issue::{IssueCode, Issues, Layer};
use crate::read::county::{County, square_metres};
use crate::read::hex;
use crate::results::faults::{Fault, Unlike};
use geo::{LineString, MultiPolygon};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

/// Where the parts of a county are from, by the number of the region.
#[derive(Clone, Copy, Debug)]
struct Home {
    /// Its place among the counties.
    at: usize,
    /// Whose boundary it is.
    boundary: usize,
    /// Whose county table its values are from.
    table: usize,
    /// Whose raster its people are from.
    raster: Option<usize>,
}

/// The counties and records of the regions so far, and in what later ones differ from them.
#[derive(Debug, Default)]
pub struct Twice {
    homes: BTreeMap<String, Home>,
    /// By code, the region that counts and the later one.
    unlike: BTreeMap<(String, usize, usize), Vec<Unlike>>,
    /// How many stations, settlements and candidates there were before each region.
    starts: Vec<[usize; 3]>,
}

/// People of a county by the raster of one region and by that of another, thousandths, the cells they are in, and a digest of where.
pub type UnlikePeople = [(u64, usize, String); 2];

/// What the raster of a region says of its counties beside the rasters before.
#[derive(Debug, Default)]
pub struct RasterSays {
    /// Codes whose people are from it.
    pub counts: Vec<String>,
    /// Codes that an earlier one has too, with other people.
    pub unlike: Vec<(String, UnlikePeople)>,
}

impl Twice {
    /// Takes down where the records of a region begin.
    pub fn begin(&mut self, records: [usize; 3]) {
        self.starts.push(records);
    }

    /// The number of the region that is being added.
    fn here(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// Puts the counties of the next region to those of the regions before it; a code that is there already stays once.
    pub fn add(&mut self, regions: &[Region], new: Vec<County>, all: &mut Vec<County>, raster: RasterSays, issues: &mut Issues) {
        let here = self.here();
        for county in new {
            match self.homes.entry(county.code.clone()) {
                Entry::Vacant(free) => {
                    free.insert(Home { at: all.len(), boundary: here, table: here, raster: None });
                    all.push(county);
                }
                Entry::Occupied(mut entry) => {
                    let home = entry.get_mut();
                    let found = met(&mut all[home.at], county, (home, here), regions, issues);
                    for (first, unlike) in found {
                        self.unlike.entry((entry.key().clone(), first, here)).or_default().push(unlike);
                    }
                }
            }
        }
        for code in raster.counts {
            if let Some(home) = self.homes.get_mut(&code) {
                home.raster = Some(here);
                if home.boundary != here {
                    let (region, other) = (&regions[home.boundary].path, &regions[here].path);
                    let what = format!("the code {code} stands in {region} too; only {other} has a raster with its people");
                    issues.push(Layer::Counties, IssueCode::DuplicateId, all[home.at].source.clone(), what);
                }
            }
        }
        for (code, people) in raster.unlike {
            let home = self.homes.get(&code).and_then(|h| h.raster).unwrap_or_default();
            self.unlike.entry((code, home, here)).or_default().push(Unlike::people_of_raster(people));
        }
    }

    /// The faults of counties that differ.
    pub fn counties(&self, regions: &[Region]) -> Vec<Fault> {
        let one = |((code, first, later), unlike): (&(String, usize, usize), &Vec<Unlike>)| {
            Fault::county_in_two_regions(code, [*first, *later].map(|i| name(regions, i)), unlike)
        };
        self.unlike.iter().map(one).collect()
    }

    /// Takes what two regions have of a layer once, and gives the faults of what differs.
    pub fn records<T: Serialize>(
        &self,
        regions: &[Region],
        (layer, list): (Layer, &mut Vec<T>),
        key: impl Fn(&T) -> (String, crate::space::LonLat),
    ) -> Vec<Fault> {
        let k = match layer {
            Layer::Stations => 0,
            Layer::Settlements => 1,
            _ => 2,
        };
        let starts: Vec<usize> = self.starts.iter().map(|s| s[k]).collect();
        let one =
            |((first, later), unlike)| Fault::records_in_two_regions(layer, [first, later].map(|i| name(regions, i)), unlike);
        once(list, &starts, key).into_iter().map(one).collect()
    }
}

fn name(regions: &[Region], i: usize) -> &str {
    regions.get(i).map(|r| r.path.as_str()).unwrap_or_default()
}

/// Holds a county against the one of its code that is there, and takes from it what that does not have; in what they differ, with the
/// region that counts.
fn met(
    kept: &mut County,
    later: County,
    (home, here): (&mut Home, usize),
    regions: &[Region],
    issues: &mut Issues,
) -> Vec<(usize, Unlike)> {
    let code = later.code.as_str();
    let region = regions[home.boundary].path.as_str();
    let mut found = Vec::new();
    let mut said = None;
    let silent = |c: &County| c.population.is_none() && c.columns.is_empty();
    kept.population_asked |= later.population_asked;
    if silent(kept) && !silent(&later) {
        (kept.population, kept.columns) = (later.population, later.columns.clone());
        home.table = here;
        said = Some(regions[here].path.as_str());
    } else if silent(&later) && !silent(kept) {
        said = Some(regions[home.table].path.as_str());
    } else {
        found.extend(other_values(kept, &later).into_iter().map(|u| (home.table, u)));
    }
    found.extend(other_boundary(kept, &later).map(|u| (home.boundary, u)));
    let what = match said {
        _ if !found.is_empty() => format!("the code {code} stands in {region} too, with other values; the first was taken"),
        Some(one) => format!("the code {code} stands in {region} too; only the county table of {one} has values for it"),
        None => format!("the code {code} stands in {region} too, with the same values; it counts once"),
    };
    issues.push(Layer::Counties, IssueCode::DuplicateId, later.source.clone(), what);
    if later.name != kept.name {
        let what = format!("the county {} is called \"{}\" in {region}, and \"{}\" here", kept.code, kept.name, later.name);
        issues.push(Layer::Counties, IssueCode::DuplicateId, later.source, what);
    }
    found
}

/// Values of the county table that differ.
fn other_values(kept: &County, later: &County) -> Vec<Unlike> {
    // taken apart in full, so that a new field is either compared or beside the reason why not
    let County {
        code: _,
        // what a county is called moves nothing
        name: _,
        name_zh: _,
        // see `other_boundary`
        shape: _,
        valid: _,
        population: _,
        // asked for where either table has the column
        population_asked: _,
        columns: _,
        source: _,
    } = later;
    let mut found = Vec::new();
    if kept.population != later.population {
        let people = |c: &County| c.population.map(|p| p.to_string());
        found.push(Unlike::people([people(kept), people(later)]));
    }
    let columns: BTreeSet<&String> = kept.columns.keys().chain(later.columns.keys()).collect();
    for column in columns {
        let value = |c: &County| c.columns.get(column).copied();
        if value(kept).map(f64::to_bits) != value(later).map(f64::to_bits) {
            found.push(Unlike::column(column, [kept, later].map(|c| value(c).map(|v| v.to_string()))));
        }
    }
    found
}

fn other_boundary(kept: &County, later: &County) -> Option<Unlike> {
    let rings = [kept, later].map(|c| rings(&c.shape));
    if rings[0] == rings[1] {
        return None;
    }
    let km2 = [kept, later].map(|c| format!("{:.3}", square_metres(&c.shape) / 1e6));
    Some(Unlike::boundary(km2, rings.map(|r| digest(&r))))
}

/// A hexadecimal digest of what is too long to be told.
pub fn digest(what: &impl Serialize) -> String {
    let mut print = hex(&Sha256::digest(serde_json::to_vec(what).unwrap_or_default()));
    print.truncate(16);
    print
}

/// A digest of the ground of a county, the same wherever a ring begins and whichever way it goes.
pub fn digest_of_shape(shape: &MultiPolygon<f64>) -> String {
    digest(&rings(shape))
}

/// A polygon by its exterior and its holes, bit by bit.
type Rings = (Vec<[u64; 2]>, Vec<Vec<[u64; 2]>>);

/// The ground of a county so that it is the same wherever a ring begins, which way it goes, and in which order rings stand.
fn rings(shape: &MultiPolygon<f64>) -> Vec<Rings> {
    let ring = |r: &LineString<f64>| -> Vec<[u64; 2]> {
        let mut points: Vec<[u64; 2]> = r.0.iter().map(|c| [(c.x + 0.0).to_bits(), (c.y + 0.0).to_bits()]).collect();
        points.pop(); // the first again
        let first = points.iter().enumerate().min_by_key(|(_, p)| **p).map_or(0, |(i, _)| i);
        points.rotate_left(first);
        if points.len() > 2 && points[1] > points[points.len() - 1] {
            points[1..].reverse();
        }
        points
    };
    let polygon = |p: &geo::Polygon<f64>| {
        let mut holes: Vec<_> = p.interiors().iter().map(ring).collect();
        holes.sort();
        (ring(p.exterior()), holes)
    };
    let mut all: Vec<Rings> = shape.0.iter().map(polygon).collect();
    all.sort();
    all
}

/// Records that two regions have with other values, by the two regions: the id, and in what they differ.
type Others = BTreeMap<(usize, usize), Vec<(String, String)>>;

/// Keeps the first of the records that agree in id and place; `starts` are where each region's begin.
fn once<T: Serialize, K: Ord + Clone>(list: &mut Vec<T>, starts: &[usize], key: impl Fn(&T) -> (String, K)) -> Others {
    let region = |i: usize| starts.partition_point(|s| *s <= i).saturating_sub(1);
    let mut first_of: BTreeMap<(String, K), usize> = BTreeMap::new();
    let mut keep = vec![true; list.len()];
    let mut others = Others::new();
    for (i, record) in list.iter().enumerate() {
        match first_of.entry(key(record)) {
            Entry::Vacant(free) => drop(free.insert(i)),
            Entry::Occupied(first) => {
                keep[i] = false;
                let pair = (region(*first.get()), region(i));
                // within a region the order of its own file tells, which is no name of a folder
                let unlike = (pair.0 != pair.1).then(|| unlike(&list[*first.get()], record)).flatten();
                if let Some(what) = unlike {
                    others.entry(pair).or_default().push((first.key().0.clone(), what));
                }
            }
        }
    }
    let mut at = keep.iter();
    list.retain(|_| at.next().is_some_and(|k| *k));
    others.values_mut().for_each(|list| list.sort());
    others
}

/// Fields in which two records differ, with what each says. Names and the place in the file are none that count.
fn unlike(first: &impl Serialize, later: &impl Serialize) -> Option<String> {
    let [a, b] = [serde_json::to_value(first).ok()?, serde_json::to_value(later).ok()?];
    let fields: BTreeSet<&String> = a.as_object()?.keys().chain(b.as_object()?.keys()).collect();
    let differ = fields.into_iter().filter(|f| !["name", "name_zh", "source"].contains(&f.as_str()) && a[*f] != b[*f]);
    let all: Vec<String> = differ.map(|f| format!("{f} {} | {}", a[f], b[f])).collect();
    (!all.is_empty()).then(|| all.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::polygon;

    #[test]
    fn a_boundary_is_the_same_wherever_its_rings_begin_and_not_when_a_corner_moves() {
        let a = polygon!(exterior: [(x: 0., y: 0.), (x: 4., y: 0.), (x: 4., y: 4.), (x: 0., y: 4.)],
                         interiors: [[(x: 1., y: 1.), (x: 1., y: 2.), (x: 2., y: 2.)], [(x: 3., y: 3.), (x: 3., y: 3.5), (x: 3.5, y: 3.5)]]);
        // begun elsewhere, the other way round, holes exchanged
        let b = polygon!(exterior: [(x: 4., y: 4.), (x: 4., y: 0.), (x: 0., y: 0.), (x: 0., y: 4.)],
                         interiors: [[(x: 3., y: 3.5), (x: 3.5, y: 3.5), (x: 3., y: 3.)], [(x: 2., y: 2.), (x: 1., y: 2.), (x: 1., y: 1.)]]);
        let far = polygon![(x: 9., y: 9.), (x: 10., y: 9.), (x: 10., y: 10.)];
        let of = |list: &[&geo::Polygon<f64>]| rings(&MultiPolygon::new(list.iter().map(|p| (*p).clone()).collect()));
        assert_eq!(of(&[&a, &far]), of(&[&far, &b]));
        let moved = polygon![(x: 9., y: 9.), (x: 10., y: 9.), (x: 10., y: 10.0000001)];
        assert_ne!(of(&[&a, &far]), of(&[&a, &moved]));
        assert_ne!(of(&[&a]), of(&[&polygon![(x: 0., y: 0.), (x: 4., y: 0.), (x: 4., y: 4.), (x: 0., y: 4.)]]));
    }

    #[derive(Clone, Serialize)]
    struct Record {
        id: &'static str,
        name: &'static str,
        kw: Option<u32>,
    }

    #[test]
    fn records_of_two_regions_count_once_and_what_differs_is_told() {
        let one = |id, name, kw| Record { id, name, kw };
        // regions of two, three and two records; the second b is of the first b's own region
        let mut list = vec![
            one("a", "A", Some(60)),
            one("b", "B", None),
            one("a", "called otherwise", Some(60)),
            one("b", "B", Some(7)),
            one("c", "C", None),
            one("c", "C", Some(3)),
            one("a", "A", Some(120)),
        ];
        let found = once(&mut list, &[0, 2, 5], |r| (r.id.to_owned(), ()));
        assert_eq!(list.iter().map(|r| (r.id, r.kw)).collect::<Vec<_>>(), [("a", Some(60)), ("b", None), ("c", None)]);
        let told: Vec<_> =
            found.iter().flat_map(|(pair, l)| l.iter().map(move |(id, w)| (*pair, id.as_str(), w.as_str()))).collect();
        assert_eq!(told, [((0, 1), "b", "kw null | 7"), ((0, 2), "a", "kw 60 | 120"), ((1, 2), "c", "kw null | 3")]);
        // within one region nothing is told
        let mut list = vec![one("a", "A", Some(1)), one("a", "A", Some(2))];
        assert!(once(&mut list, &[0], |r| (r.id.to_owned(), ())).is_empty() && list.len() == 1);
    }
}
