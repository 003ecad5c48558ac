//! What runs and rounds tell alike of roads and borders.

use crate::error::Location;
use crate::issue::{IssueCode, Issues, Layer};

/// Road that two counties cover, each pair with its codes and millimetres.
pub fn overlaps<'a>(all: impl Iterator<Item = ([&'a str; 2], u64)>, issues: &mut Issues) {
    for ([a, b], mm) in all {
        let what = format!("counties {a} and {b} both cover {:.3} km of road; it was booked in {a}", mm as f64 / 1e6);
        issues.push_many(Layer::Counties, IssueCode::CountyOverlap, Location::default().id(a), what, 1, mm);
    }
}

/// Counties in which no road was read.
pub fn without_road<'a>(codes: impl Iterator<Item = &'a str>, issues: &mut Issues) {
    for code in codes {
        let at = Location::default().id(code);
        issues.push(Layer::Counties, IssueCode::CountyWithoutRoad, at, "no road was read in this county");
    }
}

/// A larger share of the road than this outside every county is more than a margin of the extract.
const MUCH_OUTSIDE: f64 = 0.1;

/// Road outside every county beside the road in one, millimetres; `whole` when nobody asked for some of the counties only.
pub fn outside([outside_mm, inside_mm]: [u64; 2], whole: bool, issues: &mut Issues) {
    if outside_mm == 0 {
        return;
    }
    let km = outside_mm as f64 / 1e6;
    let what = format!("{km:.3} km of road lie outside every county; they serve the network and are in no ledger");
    let much = whole && outside_mm as f64 > MUCH_OUTSIDE * (outside_mm + inside_mm) as f64;
    let code = if much { IssueCode::MuchOutside } else { IssueCode::OutsideCounties };
    issues.push_many(Layer::Roads, code, Default::default(), what, 1, outside_mm);
}
