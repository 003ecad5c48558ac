//! The ground: counties from a file or drawn, and the provinces that they make up.

use super::random::{Dice, Purpose};
use chargegap::internals::config::region_file::LayerTable;
use chargegap::internals::error::{Error, Location, Result, path_text};
use chargegap::internals::issue::Issues;
use chargegap::internals::read::county::{self, County};
use chargegap::internals::read::formats::SourceFile;
use chargegap::internals::read::layers;
use chargegap::internals::space::{EARTH_RADIUS_M, LonLat};
use std::ops::Range;
use std::path::Path;

/// Counties side by side and one above the other in a drawn province.
const ACROSS: usize = 5;
const UP: usize = 4;
/// Where drawn provinces lie: the middle, and how far they reach at most, degrees.
const MIDDLE: [f64; 2] = [108.0, 31.0];
const REACH: [f64; 2] = [8.0, 6.0];
/// Codes of drawn provinces run down from here; no province of China is that high.
const FIRST_CODE: usize = 99;
/// As many provinces can be drawn; below 83 real ones begin.
pub const MOST_PROVINCES: usize = 17;

/// A province: a range of the counties, which are in order of code.
pub struct Province {
    /// The first two digits of its counties' codes.
    pub code: String,
    /// Which counties are its.
    pub counties: Range<usize>,
}

/// Reads counties; codes must have six digits.
///
/// # Errors
/// As the reader of the layer; input for a code that is none.
pub fn read(path: &Path, code_field: Option<&str>, name_field: Option<&str>) -> Result<Vec<County>> {
    let mut spec = LayerTable::default();
    for (ours, theirs) in [("code", code_field), ("name", name_field)] {
        spec.fields.extend(theirs.map(|t| (ours.to_owned(), t.to_owned())));
    }
    let file = SourceFile { path: path.to_path_buf(), shown: path_text(path) };
    let (counties, _) = layers::read_counties(&[file], &spec, &mut Issues::default())?;
    let six = |c: &County| c.code.len() == 6 && c.code.bytes().all(|b| b.is_ascii_digit());
    match counties.iter().find(|c| !six(c)) {
        None => Ok(counties),
        Some(c) => Err(Error::input(
            format!("\"{}\" is no county code of six digits", c.code),
            "name the field of the codes with --code-field",
        )
        .at(Location::file(path_text(path)))),
    }
}

/// Draws provinces of twenty counties in a grid with crooked corners. They cover so much that `nodes` lie about 1 km
/// apart, and at most 8° by 6°.
///
/// # Errors
/// Usage, for more provinces than can be drawn.
pub fn draw(provinces: usize, nodes: u64, seed: u64) -> Result<Vec<County>> {
    if !(1..=MOST_PROVINCES).contains(&provinces) {
        let next = format!("draw 1 to {MOST_PROVINCES}");
        return Err(Error::usage(format!("{provinces} provinces cannot be drawn"), next));
    }
    let beside = (provinces as f64).sqrt().ceil() as usize;
    let above = provinces.div_ceil(beside);
    let km2 = (EARTH_RADIUS_M / 1e3).powi(2) * REACH[0].to_radians() * REACH[1].to_radians() * MIDDLE[1].to_radians().cos();
    let land = km2 * provinces as f64 / (beside * above) as f64;
    let scale = (nodes as f64 / land).sqrt().min(1.0);
    let step = [REACH[0] * scale / (beside * ACROSS) as f64, REACH[1] * scale / (above * UP) as f64];
    let dice = Dice::new(seed, Purpose::Corner);
    let corner = |i: usize, j: usize| {
        let mut draws = dice.of((i * 10_000 + j) as u64);
        let at = |k: usize, n: usize, cells: usize, draws: &mut super::random::Draws| {
            MIDDLE[k] + (n as f64 - cells as f64 / 2.0 + draws.between(-0.2, 0.2)) * step[k]
        };
        let lon = at(0, i, beside * ACROSS, &mut draws);
        let lat = at(1, j, above * UP, &mut draws);
        LonLat::new(lon, lat).unwrap_or_default()
    };
    let mut counties = Vec::with_capacity(provinces * ACROSS * UP);
    for p in 0..provinces {
        let (west, south) = (p % beside * ACROSS, p / beside * UP);
        for (i, j) in (0..UP).flat_map(|j| (0..ACROSS).map(move |i| (i, j))) {
            let (x, y) = (west + i, south + j);
            let ring = [corner(x, y), corner(x + 1, y), corner(x + 1, y + 1), corner(x, y + 1), corner(x, y)];
            let code = format!("{}{:02}{:02}", FIRST_CODE - p, j + 1, i + 1);
            counties.extend(drawn(code, &ring));
        }
    }
    county::sort_and_check(counties, false, &mut Issues::default())
}

fn drawn(code: String, ring: &[LonLat]) -> Option<County> {
    let (here, mut issues) = (Location::default(), Issues::default());
    let rings = vec![county::ring(ring, &here, &mut issues)?];
    let drawn = county::shape(vec![rings], &here, &mut issues)?;
    let name = format!("Synthetic county {code}");
    Some(County::drawn([code, name, String::new()], drawn, here))
}

/// The provinces of counties that are in order of code.
pub fn provinces(counties: &[County]) -> Vec<Province> {
    let mut from = 0;
    counties
        .chunk_by(|a, b| a.code[..2] == b.code[..2])
        .map(|own| {
            let range = from..from + own.len();
            from = range.end;
            Province { code: own[0].code[..2].to_owned(), counties: range }
        })
        .collect()
}
