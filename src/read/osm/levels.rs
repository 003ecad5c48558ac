//! Which admin level plays the counties: the one asked for, else the finest that tiles the extract.

use super::boundary::BoundaryShape;
use crate::error::{Error, Location, Result};
use crate::issue::{IssueCode, Issues, Layer};
use crate::read::county::{self, County};
use crate::space::LonLat;
use geo::{BoundingRect, Intersects, MultiPolygon, Rect};
use std::collections::BTreeMap;

/// A level tiles the extract when its boundaries hold this share of the road vertices.
const TILES: f64 = 0.99;
/// The finest level that is looked at.
const FINEST: u8 = 10;
/// Road vertices looked at.
const SAMPLE: usize = 4_000;

/// The counties, sorted by code.
///
/// # Errors
/// Input, when no boundary of the level asked for closes.
pub fn choose(
    shapes: Vec<BoundaryShape>,
    asked: Option<u8>,
    roads: &[LonLat],
    at: &Location,
    issues: &mut Issues,
) -> Result<Vec<County>> {
    let mut levels: BTreeMap<u8, Vec<BoundaryShape>> = BTreeMap::new();
    for s in shapes {
        levels.entry(s.level).or_default().push(s);
    }
    let closed = |list: &[BoundaryShape]| list.iter().any(|s| s.county.is_some());
    if let Some(level) = asked {
        let found: Vec<String> = levels.iter().filter(|(_, l)| closed(l)).map(|(l, s)| format!("{l} ({})", s.len())).collect();
        return match levels.remove(&level).filter(|l| closed(l)) {
            Some(list) => take(list, issues),
            None => Err(Error::input(
                format!("no boundary of admin_level {level} closes in the extract"),
                if found.is_empty() {
                    "give [counties] path".to_owned()
                } else {
                    format!("levels with closed boundaries: {}", found.join(", "))
                },
            )
            .at(at.clone())),
        };
    }
    let step = roads.len().div_ceil(SAMPLE).max(1);
    let sample: Vec<LonLat> = roads.iter().step_by(step).copied().collect();
    let shares: Vec<(u8, f64, usize)> = levels
        .iter()
        .filter(|(l, list)| **l <= FINEST && closed(list))
        .map(|(l, list)| (*l, held(list, &sample), list.iter().filter(|s| s.county.is_some()).count()))
        .collect();
    if let Some((level, ..)) = shares.iter().rev().find(|(_, share, n)| *share >= TILES && *n > 1) {
        return levels.remove(level).map_or_else(|| Ok(Vec::new()), |list| take(list, issues));
    }
    let best = shares.iter().filter(|s| s.1 >= 0.5).max_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    if let Some((level, share, _)) = best {
        let what =
            format!("admin_level {level} holds {:.1} % of the roads and none tiles the extract; it was taken", share * 100.0);
        issues.push(Layer::Counties, IssueCode::NoTiling, at.clone(), what);
        return levels.remove(level).map_or_else(|| Ok(Vec::new()), |list| take(list, issues));
    }
    let what = "the extract has no usable administrative boundary; the whole of it is one county, \"extract\"";
    issues.push(Layer::Counties, IssueCode::NoTiling, at.clone(), what);
    Ok(whole(roads, at).into_iter().collect())
}

/// Share of positions that lie in some boundary.
fn held(list: &[BoundaryShape], sample: &[LonLat]) -> f64 {
    let shapes: Vec<(Rect<f64>, &MultiPolygon<f64>)> =
        list.iter().filter_map(|s| s.county.as_ref()).filter_map(|c| Some((c.shape.bounding_rect()?, &c.shape))).collect();
    let inside = sample.iter().filter(|p| {
        let c = p.coord();
        shapes.iter().any(|(rect, shape)| rect.intersects(&c) && shape.intersects(&c))
    });
    inside.count() as f64 / sample.len().max(1) as f64
}

fn take(list: Vec<BoundaryShape>, issues: &mut Issues) -> Result<Vec<County>> {
    issues.count_mut(Layer::Counties).read = list.len() as u64;
    let mut counties = Vec::new();
    for s in list {
        issues.absorb(s.issues);
        counties.extend(s.county);
    }
    issues.count_mut(Layer::Counties).used = counties.len() as u64;
    let mut codes: Vec<&str> = counties.iter().map(|c| c.code.as_str()).collect();
    codes.sort_unstable();
    if codes.windows(2).any(|w| w[0] == w[1]) {
        // Tagged codes that repeat tell nothing apart; the relations' own numbers do.
        for c in &mut counties {
            c.code = c.source.id.as_deref().and_then(|i| i.strip_prefix("relation/")).unwrap_or_default().to_owned();
        }
    }
    county::sort_and_check(counties, false, issues)
}

/// One county around all roads.
fn whole(roads: &[LonLat], at: &Location) -> Option<County> {
    let margin = 0.01;
    let first = roads.first()?;
    let (mut lo, mut hi) = (first.coord(), first.coord());
    for p in roads {
        let c = p.coord();
        lo = geo::Coord { x: lo.x.min(c.x), y: lo.y.min(c.y) };
        hi = geo::Coord { x: hi.x.max(c.x), y: hi.y.max(c.y) };
    }
    let rect = Rect::new(geo::Coord { x: lo.x - margin, y: lo.y - margin }, geo::Coord { x: hi.x + margin, y: hi.y + margin });
    let names = ["extract", "Whole extract", "全部范围"].map(str::to_owned);
    Some(County::drawn(names, (MultiPolygon::new(vec![rect.to_polygon()]), true), at.clone()))
}
