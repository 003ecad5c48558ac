//! Lines and areas over the 180th meridian, as programs write them: with longitudes beyond ±180°, or jumping from one end of the map to
//! the other. Both are cut there, so that all that follows sees longitudes from -180 to 180 and short steps.

use geo::{BooleanOps, Coord, LineString, MultiPolygon, Polygon, Rect};
use geojson::Position;

/// Whether positions leave the map, or jump across it.
pub(super) fn crosses(part: &[Position]) -> bool {
    let lon = |p: &Position| p.as_slice().first().copied().unwrap_or(0.0);
    // nearly all lines lie within half the world: one look at each position
    let (west, east) = part.iter().map(lon).fold((f64::MAX, f64::MIN), |(a, b), x| (a.min(x), b.max(x)));
    if west >= -180.0 && east <= 180.0 && east - west <= 180.0 {
        return false;
    }
    let (mut inside, mut beyond, mut jump) = (false, false, false);
    for (i, p) in part.iter().enumerate() {
        let x = lon(p);
        inside |= x.abs() <= 180.0;
        beyond |= x.abs() > 180.0 && x.abs() <= 360.0;
        jump |= i > 0 && (x - lon(&part[i - 1])).abs() > 180.0 && x.abs() <= 180.0 && lon(&part[i - 1]).abs() <= 180.0;
    }
    (inside && beyond) || jump
}

/// Longitudes without jumps: each follows the one before on the shorter way.
fn unrolled(part: &[Position]) -> Vec<Position> {
    let mut turn = 0.0;
    let mut before: Option<f64> = None;
    let one = |p: &Position| {
        let mut p = p.clone();
        let x = p[0] + turn;
        if let Some(b) = before {
            turn += if x - b > 180.0 {
                -360.0
            } else if x - b < -180.0 {
                360.0
            } else {
                0.0
            };
        }
        p[0] += turn;
        before = Some(p[0]);
        p
    };
    part.iter().filter(|p| p.as_slice().len() > 1).map(one).collect()
}

/// The parts of a line on either side of the meridian; none where it does not cross it.
pub(super) fn cut_line(part: &[Position]) -> Option<Vec<Vec<Position>>> {
    if !crosses(part) {
        return None;
    }
    let line = unrolled(part);
    let side = |x: f64| {
        if x > 180.0 {
            1.0
        } else if x < -180.0 {
            -1.0
        } else {
            0.0
        }
    };
    let mut parts: Vec<Vec<Position>> = Vec::new();
    let mut piece: Vec<Position> = Vec::new();
    for p in &line {
        if let Some(last) = piece.last().cloned() {
            let (from, to) = (side(last[0]), side(p[0]));
            if from != to {
                let seam = 180.0 * if from == 0.0 { to } else { from };
                let share = (seam - last[0]) / (p[0] - last[0]);
                let at: Position = [seam, last[1] + share * (p[1] - last[1])].into();
                piece.push(at.clone());
                parts.push(std::mem::replace(&mut piece, vec![at]));
            }
        }
        piece.push(p.clone());
    }
    parts.push(piece);
    // each part lies on one side now, and is turned back onto the map
    for part in &mut parts {
        let middle = part.iter().map(|p| p[0]).sum::<f64>() / part.len() as f64;
        let turn = 360.0 * side(middle);
        part.iter_mut().for_each(|p| p[0] -= turn);
    }
    Some(parts)
}

/// The polygons of an area on either side of the meridian; none where it does not cross it, or cannot be cut.
pub(super) fn cut_area(rings: &[Vec<Position>]) -> Option<Vec<Vec<Vec<Position>>>> {
    if !rings.iter().any(|r| crosses(r)) {
        return None;
    }
    let line = |ring: &Vec<Position>, near: Option<f64>| {
        let mut ring = unrolled(ring);
        // a hole is unrolled by itself and may lie one turn beside its outer ring
        if let (Some(near), Some(first)) = (near, ring.first().map(|p| p[0])) {
            let turn = ((near - first) / 360.0).round() * 360.0;
            ring.iter_mut().for_each(|p| p[0] += turn);
        }
        LineString::new(ring.iter().map(|p| Coord { x: p[0], y: p[1] }).collect())
    };
    let outer = line(rings.first()?, None);
    let near = outer.0.iter().map(|c| c.x).sum::<f64>() / outer.0.len().max(1) as f64;
    let holes = rings.iter().skip(1).map(|r| line(r, Some(near))).collect();
    let shape = Polygon::new(outer, holes);
    let finite = |l: &LineString<f64>| l.0.iter().all(|c| c.x.is_finite() && c.y.is_finite());
    if !finite(shape.exterior()) || !shape.interiors().iter().all(finite) {
        return None;
    }
    let mut out = Vec::new();
    for turn in [-360.0, 0.0, 360.0] {
        let map = Rect::new(Coord { x: turn - 180.0, y: -90.0 }, Coord { x: turn + 180.0, y: 90.0 }).to_polygon();
        let piece: MultiPolygon<f64> = super::guard::guarded(|| shape.intersection(&map))?;
        for polygon in piece {
            // the overlay rounds: what lies on the meridian must not lie beyond it
            let on_map = |c: &Coord<f64>| [(c.x - turn).clamp(-180.0, 180.0), c.y.clamp(-90.0, 90.0)].into();
            let back = |l: &LineString<f64>| l.0.iter().map(on_map).collect::<Vec<Position>>();
            out.push(std::iter::once(back(polygon.exterior())).chain(polygon.interiors().iter().map(back)).collect());
        }
    }
    Some(out).filter(|o| !o.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(lons: &[f64]) -> Vec<Position> {
        lons.iter().zip(0..).map(|(x, i)| [*x, f64::from(i)].into()).collect()
    }

    fn lons(parts: Option<Vec<Vec<Position>>>) -> Vec<Vec<f64>> {
        parts.unwrap_or_default().iter().map(|p| p.iter().map(|p| (p[0] * 1e9).round() / 1e9).collect()).collect()
    }

    #[test]
    fn a_line_is_cut_on_the_meridian_however_it_is_written() {
        let want = [vec![179.9, 180.0], vec![-180.0, -179.9]];
        assert_eq!(lons(cut_line(&line(&[179.9, 180.1]))), want); // beyond the map
        assert_eq!(lons(cut_line(&line(&[179.9, -179.9]))), want); // jumping
        assert_eq!(lons(cut_line(&line(&[-179.9, 179.9]))), [vec![-179.9, -180.0], vec![180.0, 179.9]]);
        assert_eq!(lons(cut_line(&line(&[-179.9, -180.1]))), [vec![-179.9, -180.0], vec![180.0, 179.9]]);
        // there and back
        assert_eq!(lons(cut_line(&line(&[179.9, -179.9, 179.8]))).len(), 3);
        // halfway in longitude is halfway in latitude
        assert_eq!(cut_line(&line(&[179.9, 180.1])).unwrap()[0][1][1], 0.5);
        for whole in [&[0.0, 179.0][..], &[-180.0, -179.0], &[190.0, 200.0], &[5.0, f64::NAN], &[]] {
            assert_eq!(cut_line(&line(whole)), None, "{whole:?}"); // what is all beyond the map is refused later
        }
    }

    #[test]
    fn an_area_over_the_meridian_becomes_two() {
        let square = |west: f64, east: f64| -> Vec<Position> {
            [(west, 0.0), (east, 0.0), (east, 1.0), (west, 1.0), (west, 0.0)].map(|(x, y)| [x, y].into()).to_vec()
        };
        for rings in [vec![square(179.8, 180.2)], vec![square(179.8, -179.8)]] {
            let parts = cut_area(&rings).unwrap();
            let mut spans: Vec<(f64, f64)> = parts
                .iter()
                .map(|p| p[0].iter().fold((f64::MAX, f64::MIN), |(a, b), p| (a.min(p[0]), b.max(p[0]))))
                .map(|(a, b)| ((a * 1e6).round() / 1e6, (b * 1e6).round() / 1e6))
                .collect();
            spans.sort_by(|a, b| a.0.total_cmp(&b.0));
            assert_eq!(spans, [(-180.0, -179.8), (179.8, 180.0)]);
        }
        assert_eq!(cut_area(&[square(10.0, 20.0)]), None);
    }
}
