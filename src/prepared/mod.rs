//! Prepared regions: a region that was read and whose network was built, in one file that opens in milliseconds.
//!
//! It holds what `pipeline::Ground` holds and nothing that depends on stations meeting roads. Positions, edges and borders
//! are flat tables (see [`container`]); the rest is JSON. A run of it writes the same bytes as a run of its input. A file of
//! another version, a damaged one, and one whose inputs have changed since are refused with the reason.

pub mod border_issues;
pub mod container;
pub mod ground;
mod rest;
mod stale;

use self::container::{AGAIN, Reader, Writer, damaged, refused};
use self::ground::Ground;
use self::rest::{PreparedHead, Rest, StoredCounty};
use crate::error::{Location, Result, path_text};
use crate::network::{EdgeRow, FlatDraft};
use crate::read::county::County;
use crate::read::road::Names;
use geo::{Coord, LineString, MultiPolygon, Polygon};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

const HEAD: u32 = 1;
const REST: u32 = 2;
const NODES: u32 = 3;
const POINTS: u32 = 4;
/// 5 had no numbers of roads beside their names.
const EDGES: u32 = 10;
const NAME_BYTES: u32 = 6;
const NAME_TEXT: u32 = 7;
const RING_POINTS: u32 = 8;
const BORDERS: u32 = 9;

/// How the region was asked for; a run of the prepared file says the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PreparedFrom {
    /// File name of the input.
    pub input: String,
    /// `--admin-level`.
    pub admin_level: Option<u8>,
}

/// Writes a region to `out`. `folder` is where the file will stand; inputs are looked for from there later.
///
/// # Errors
/// Those of `out`.
pub fn write(ground: &Ground, origin: &PreparedFrom, folder: &Path, out: &mut dyn Write) -> io::Result<()> {
    let head = serde_json::to_vec(&PreparedHead::of(ground, origin, folder))?;
    let flat = FlatDraft::of(&ground.draft);
    let name_bytes: Vec<u32> = ground.names.iter().map(|n| n.len() as u32).collect();
    let name_text: Vec<u8> = ground.names.iter().flat_map(str::bytes).collect();
    let rings =
        || ground.counties.iter().flat_map(|c| &c.shape.0).flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors()));
    let ring_points: Vec<u32> = rings().map(|r| r.0.len() as u32).collect();
    let borders: Vec<[f64; 2]> = rings().flat_map(|r| &r.0).map(|c| [c.x, c.y]).collect();
    let rest = serde_json::to_vec(&Rest::of(ground))?;
    let mut file = Writer::default();
    file.add(HEAD, &head);
    file.add(REST, &rest);
    file.add(NODES, &flat.nodes);
    file.add(POINTS, &flat.points);
    file.add(EDGES, &flat.edges);
    file.add(NAME_BYTES, &name_bytes);
    file.add(NAME_TEXT, &name_text);
    file.add(RING_POINTS, &ring_points);
    file.add(BORDERS, &borders);
    file.write(out)
}

/// Reads a prepared region.
///
/// # Errors
/// Input: damaged, of another version, or older than its inputs.
pub fn open(path: &Path) -> Result<(Ground, PreparedFrom)> {
    let at = Location::file(path_text(path));
    let mut file = Reader::open(path)?;
    let wrong = |why: &str| damaged(why, &at);
    let head: PreparedHead = serde_json::from_slice(&file.read::<u8>(HEAD)?).map_err(|_| wrong("its head is not understood"))?;
    if head.chargegap_version != env!("CARGO_PKG_VERSION") {
        let what =
            format!("the prepared region is of chargegap {}, and this is {}", head.chargegap_version, env!("CARGO_PKG_VERSION"));
        return Err(refused(&what, AGAIN, &at));
    }
    let rest: Rest = serde_json::from_slice(&file.read::<u8>(REST)?).map_err(|_| wrong("its tables are not understood"))?;
    let folder = parent_of(path).join(&head.folder);
    stale::check(&rest.files, &folder, path)?;
    let names = names(&file.read(NAME_BYTES)?, file.read(NAME_TEXT)?).ok_or_else(|| wrong("its names are not whole"))?;
    let rings = Rings { points: file.read(RING_POINTS)?, coords: file.read(BORDERS)?, ring: 0, coord: 0 };
    let counties = counties(&rest.counties, rings).ok_or_else(|| wrong("its borders are not whole"))?;
    let flat = FlatDraft {
        nodes: file.read::<[i32; 2]>(NODES)?,
        points: file.read::<[i32; 2]>(POINTS)?,
        edges: file.read::<EdgeRow>(EDGES)?,
    };
    let draft = flat.draft(names.iter().count(), counties.len()).map_err(wrong)?;
    let region = head.region(folder)?;
    let origin = PreparedFrom { input: head.input, admin_level: head.admin_level };
    rest.ground(region, counties, names, draft).map(|g| (g, origin)).map_err(wrong)
}

/// The folder a file stands in, `.` for a bare name.
fn parent_of(path: &Path) -> PathBuf {
    path.parent().filter(|p| !p.as_os_str().is_empty()).map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

fn names(bytes: &[u32], text: Vec<u8>) -> Option<Names> {
    let text = String::from_utf8(text).ok()?;
    let (mut at, mut names) = (0usize, Names::default());
    for (n, number) in bytes.iter().zip(0..) {
        let end = at.checked_add(*n as usize)?;
        if names.intern(text.get(at..end)?) != number {
            return None; // a name twice
        }
        at = end;
    }
    (at == text.len() && !bytes.is_empty()).then_some(names)
}

/// Rings as they stand in the file, taken one by one.
struct Rings {
    points: Vec<u32>,
    coords: Vec<[f64; 2]>,
    ring: usize,
    coord: usize,
}

impl Rings {
    fn take(&mut self) -> Option<LineString<f64>> {
        let end = self.coord.checked_add(*self.points.get(self.ring)? as usize)?;
        let coords = self.coords.get(self.coord..end)?;
        (self.ring, self.coord) = (self.ring + 1, end);
        let degrees = |c: &[f64; 2]| c[0].abs() <= 180.0 && c[1].abs() <= 90.0;
        (coords.len() >= 4 && coords.iter().all(degrees)).then(|| coords.iter().map(|c| Coord { x: c[0], y: c[1] }).collect())
    }

    fn used_up(&self) -> bool {
        self.ring == self.points.len() && self.coord == self.coords.len()
    }
}

fn counties(rows: &[StoredCounty], mut rings: Rings) -> Option<Vec<County>> {
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        let mut polygons = Vec::with_capacity(row.rings.len());
        for holes in &row.rings {
            let exterior = rings.take()?;
            let interiors: Option<Vec<_>> = (0..*holes).map(|_| rings.take()).collect();
            polygons.push(Polygon::new(exterior, interiors?));
        }
        out.push(row.county(MultiPolygon::new(polygons)));
    }
    rings.used_up().then_some(out)
}
