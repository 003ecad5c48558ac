//! Small helpers for drawing: a flat projection to pixels, compact paths, labels that do not overlap.

use crate::space::{LocalFrame, LonLat};
use std::fmt::Write;

/// A local flat projection (equirectangular around the middle) fitted into a rectangle of pixels.
pub struct Canvas {
    frame: LocalFrame,
    px_per_m: f64,
    dx: f64,
    dy: f64,
}

impl Canvas {
    /// Fits `bbox` (west, south, east, north) into a rectangle of pixels.
    pub fn fit(bbox: [f64; 4], left: f64, top: f64, width: f64, height: f64) -> Option<Self> {
        let middle = LonLat::new((bbox[0] + bbox[2]) / 2.0, (bbox[1] + bbox[3]) / 2.0).ok()?;
        let frame = LocalFrame::at(middle);
        let corner = frame.to_metres(LonLat::new(bbox[2], bbox[3]).ok()?);
        let (w, h) = ((corner[0] * 2.0).max(100.0), (corner[1] * 2.0).max(100.0));
        let px_per_m = (width / w).min(height / h);
        Some(Self { frame, px_per_m, dx: left + width / 2.0, dy: top + height / 2.0 })
    }

    /// Height over width of `bbox` on the ground.
    pub fn aspect(bbox: [f64; 4]) -> Option<f64> {
        let middle = LonLat::new((bbox[0] + bbox[2]) / 2.0, (bbox[1] + bbox[3]) / 2.0).ok()?;
        let corner = LocalFrame::at(middle).to_metres(LonLat::new(bbox[2], bbox[3]).ok()?);
        (corner[0] > 0.0).then(|| corner[1] / corner[0])
    }

    /// Pixels of a position, in tenths.
    pub fn at(&self, p: LonLat) -> (i32, i32) {
        let [east, north] = self.frame.to_metres(p);
        let x = self.dx + east * self.px_per_m;
        let y = self.dy - north * self.px_per_m;
        ((x * 10.0).round() as i32, (y * 10.0).round() as i32)
    }

    /// Metres of one pixel at the middle of the map.
    pub fn metres_per_px(&self) -> f64 {
        1.0 / self.px_per_m
    }
}

/// A path under construction, in tenths of a pixel; points nearer than half a pixel are dropped.
#[derive(Default)]
pub struct Path {
    d: String,
}

impl Path {
    /// Adds a line; nothing where it is shorter than can be seen.
    pub fn line(&mut self, points: impl Iterator<Item = (i32, i32)>) {
        self.add(points, false);
    }

    /// Adds a closed ring.
    pub fn ring(&mut self, points: impl Iterator<Item = (i32, i32)>) {
        self.add(points, true);
    }

    fn add(&mut self, mut points: impl Iterator<Item = (i32, i32)>, close: bool) {
        let Some(first) = points.next() else { return };
        let (mut kept, mut last, mut tail) = (Vec::new(), first, None);
        for p in points {
            if (p.0 - last.0).abs() + (p.1 - last.1).abs() >= 5 {
                kept.push((p.0 - last.0, p.1 - last.1));
                last = p;
                tail = None;
            } else {
                tail = Some(p);
            }
        }
        if let Some(p) = tail.filter(|p| !close && *p != last) {
            kept.push((p.0 - last.0, p.1 - last.1));
        }
        if kept.is_empty() {
            return;
        }
        self.d.push('M');
        pair(&mut self.d, first);
        self.d.push('l');
        for (i, step) in kept.into_iter().enumerate() {
            if i > 0 {
                self.d.push(' ');
            }
            pair(&mut self.d, step);
        }
        if close {
            self.d.push('z');
        }
    }

    /// The element with presentation attributes, or nothing for an empty path.
    pub fn element(&self, attributes: &str) -> String {
        if self.d.is_empty() { String::new() } else { format!("<path {attributes} d=\"{}\"/>\n", self.d) }
    }
}

fn pair(out: &mut String, p: (i32, i32)) {
    tenths(out, p.0);
    if p.1 >= 0 {
        out.push(' ');
    }
    tenths(out, p.1);
}

fn tenths(out: &mut String, v: i32) {
    let sign = if v < 0 { "-" } else { "" };
    let (whole, part) = (v.abs() / 10, v.abs() % 10);
    let _ = if part == 0 { write!(out, "{sign}{whole}") } else { write!(out, "{sign}{whole}.{part}") };
}

/// Boxes that are taken, so that labels do not overlap.
#[derive(Default)]
pub struct Labels {
    taken: Vec<[f64; 4]>,
}

impl Labels {
    /// Reserves a box whatever stands there, for marks that labels must not hide.
    pub fn reserve(&mut self, taken: [f64; 4]) {
        self.taken.push(taken);
    }

    /// Takes a box (left, top, right, bottom) if it is free and inside `bounds`.
    pub fn take(&mut self, want: [f64; 4], bounds: [f64; 4]) -> bool {
        let inside = want[0] >= bounds[0] && want[1] >= bounds[1] && want[2] <= bounds[2] && want[3] <= bounds[3];
        let free = self.taken.iter().all(|t| want[2] < t[0] || want[0] > t[2] || want[3] < t[1] || want[1] > t[3]);
        if inside && free {
            self.taken.push(want);
        }
        inside && free
    }
}

/// Rough width of text in pixels: Han characters are square, others a little over half.
pub fn text_width(text: &str, size: f64) -> f64 {
    text.chars().map(|c| if (c as u32) > 0x2e80 { size } else { size * 0.56 }).sum()
}

/// The greatest of 1, 2, 5 × 10ⁿ that is not above a value.
pub fn round_down(value: f64) -> f64 {
    let ten = 10f64.powf(value.max(1e-9).log10().floor());
    [5.0, 2.0, 1.0].into_iter().map(|m| m * ten).find(|v| *v <= value * 1.000_001).unwrap_or(ten)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_relative_and_drop_what_cannot_be_seen() {
        let mut path = Path::default();
        path.line([(0, 0), (1, 1), (105, -20), (200, 30)].into_iter());
        assert_eq!(path.element(""), "<path  d=\"M0 0l10.5-2 9.5 5\"/>\n");
        let mut none = Path::default();
        none.line([(0, 0)].into_iter());
        assert_eq!(none.element(""), "");
    }

    #[test]
    fn scale_bars_are_round() {
        assert_eq!([0.7, 3.0, 19.9, 100.0].map(round_down), [0.5, 2.0, 10.0, 100.0]);
    }
}
