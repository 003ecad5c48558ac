//! Where a county lies: a small outline of the counties of its province, once a province, and the county on top.

use super::book::Book;
use crate::page::svg::ground::{add_outline, corners, inner_point, outline, span};
use crate::page::svg::scale::{Extent, Rect, View};
use crate::page::svg::{PathData, open_silent, px};
use crate::read::county::County;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Sizes that are tried, tenths of a pixel: a smaller one draws fewer vertices.
const SIDES: [f64; 4] = [400.0, 280.0, 200.0, 140.0];
/// Longest path of a province, bytes: every page of its counties has it.
const MOST_BYTES: usize = 3000;

/// The outlines of the provinces.
pub struct Locators(BTreeMap<String, ProvinceView>);

struct ProvinceView {
    view: View,
    path: String,
    size: [f64; 2],
}

impl Locators {
    /// For all counties.
    pub fn new(b: &Book<'_>) -> Self {
        let mut groups: BTreeMap<String, Vec<&County>> = BTreeMap::new();
        for (i, m) in b.r.members.iter().enumerate() {
            groups.entry(b.province(i).to_owned()).or_default().push(&m.county);
        }
        let groups: Vec<_> = groups.into_iter().collect();
        let drawn: Vec<_> = groups.into_par_iter().filter_map(|(key, list)| Some((key, ProvinceView::new(&list)?))).collect();
        Self(drawn.into_iter().collect())
    }

    /// The drawing of a county, as an element; empty where there would be nothing to see. Numbers only.
    pub fn svg(&self, b: &Book<'_>, i: usize) -> String {
        let Some(province) = self.0.get(b.province(i)) else { return String::new() };
        let county = &b.r.members[i].county;
        let own = outline(county, &province.view);
        // a ring around what is too small to be seen
        let span = span(county, &province.view) * 10.0;
        let [w, h] = province.size;
        let middle = inner_point(&county.shape).filter(|_| span < w / 14.0 || own.is_empty());
        let ring = middle.map(|p| province.view.at(p)).map_or(String::new(), |[x, y]| {
            let (x, y, r) = (px(x * 10.0), px(y * 10.0), px(w / 22.0));
            format!(
                "<circle cx=\"{x}\" cy=\"{y}\" r=\"{r}\" fill=\"none\" stroke=\"#a3120f\" stroke-width=\"{}\"/>",
                px(w / 130.0)
            )
        });
        let look = "class=\"loc\" fill=\"#eef1ee\" stroke=\"#8b959e\" stroke-linejoin=\"round\"";
        format!(
            "{}<path d=\"{}\"/>{}{ring}</svg>",
            open_silent([w, h], &format!("{look} stroke-width=\"{}\"", px(w / 400.0))),
            province.path,
            own.element("fill=\"#a3120f\" stroke=\"#a3120f\"").trim_end(),
        )
    }
}

impl ProvinceView {
    /// In the largest of the sizes that is short enough; none where even the smallest is not.
    fn new(list: &[&County]) -> Option<Self> {
        let extent = Extent::around(list.iter().flat_map(|c| corners(c)))?;
        SIDES.iter().find_map(|side| {
            let [w, h] = if extent.aspect() > 1.0 { [side / extent.aspect(), *side] } else { [*side, side * extent.aspect()] };
            let [w, h] = [w.max(side / 5.0), h.max(side / 5.0)];
            let view = View::fit(extent, Rect { x: 0.0, y: 0.0, w: w / 10.0, h: h / 10.0 }.within(0.5));
            let mut path = PathData::default();
            list.iter().for_each(|c| add_outline(&mut path, c, &view));
            let path = path.data().to_owned();
            (path.len() <= MOST_BYTES).then_some(Self { view, path, size: [w, h] })
        })
    }
}
