//! Names on a map, each where it meets no other.

use super::scale::Rect;

/// Around names: a halo that keeps them legible over what they cover.
pub(crate) const HALO: &str = "paint-order=\"stroke\" stroke=\"#fff\" stroke-opacity=\".85\" stroke-linejoin=\"round\"";

/// What is taken already.
pub(crate) struct Board {
    panel: Rect,
    taken: Vec<Rect>,
    /// Stations or small counties: names had better not hide them.
    dots: Vec<[f64; 2]>,
}

impl Board {
    /// An empty one.
    pub(crate) fn new(panel: Rect, dots: Vec<[f64; 2]>) -> Self {
        Self { panel, taken: Vec::new(), dots }
    }

    /// Of some places (left, top) where a box fits into the panel and meets no other, the first that hides the fewest dots.
    pub(crate) fn take(&mut self, tries: &[[f64; 2]], w: f64, h: f64) -> Option<Rect> {
        let boxes = tries.iter().map(|t| Rect { x: t[0], y: t[1], w, h });
        let fits = boxes.filter(|b| self.panel.holds(b) && !self.taken.iter().any(|o| o.meets(b)));
        let hidden = |b: &Rect| self.dots.iter().filter(|d| b.has(**d)).count();
        let found = fits.min_by_key(hidden)?;
        self.taken.push(found);
        Some(found)
    }
}
