//! The small map of a data report: county outlines, roads in grey, stations as dots, and a red mark at each issue whose
//! position is known. It shows where to look; it is not a layer to measure on.

use super::facts::Placed;
use crate::config::RoadClass;
use crate::files::text::{clean, xml};
use crate::page::map::FONTS;
use crate::page::scale::{Extent, Rect, View, round_length};
use crate::page::svg::{PathData, TENTHS, px, text};
use crate::read::Inputs;
use crate::space::LonLat;
use std::collections::BTreeMap;

/// Width of the drawing, px.
const WIDTH: f64 = 760.0;
/// Roads are drawn class by class, the most important first, until their lines take this many bytes.
const MOST_ROAD_BYTES: usize = 1_200_000;
/// Red marks drawn.
const MOST_MARKS: usize = 2000;

/// The drawing and what it shows.
pub struct CheckMap {
    /// The SVG element, without ids, styles and references.
    pub svg: String,
    /// Issues whose position lies inside the drawing.
    pub shown: u64,
    /// Issues whose position is known and lies outside of it.
    pub beyond: u64,
    /// Whether roads of the lesser classes were left out to keep the page small.
    pub roads_cut: bool,
}

/// Draws the layers; `None` without any ground to show. The same bytes for the same layers and issues.
pub fn check_map(inputs: &Inputs, placed: &[Placed<'_>]) -> Option<CheckMap> {
    let corners = corners(inputs);
    let extent = Extent::around(corners.iter().copied())?;
    let panel = Rect { x: 0.0, y: 0.0, w: WIDTH, h: (WIDTH * extent.aspect()).clamp(340.0, 720.0) };
    let view = View::fit(extent, Rect { x: 14.0, y: 14.0, w: panel.w - 28.0, h: panel.h - 44.0 });
    let (roads, roads_cut) = roads(inputs, &view);
    let (marks, shown, beyond) = marks(placed, &view, panel);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w} {h}\" role=\"img\" aria-label=\"Counties, roads, stations, \
         and a red mark at each issue whose position is known\" font-family=\"{FONTS}\" font-size=\"14\" fill=\"#22303c\">\n\
         <rect width=\"{w}\" height=\"{h}\" fill=\"#f6f6f2\"/>\n",
        w = px(panel.w),
        h = px(panel.h)
    );
    svg += &counties(inputs, &view);
    svg += &roads;
    svg += &stations(inputs, &view, panel);
    svg += &marks;
    svg += &scale_bar(&view, panel);
    svg += "</svg>";
    Some(CheckMap { svg, shown, beyond, roads_cut })
}

/// The ground: the counties, or the roads where there is no county.
fn corners(inputs: &Inputs) -> Vec<LonLat> {
    let rings = inputs.counties.iter().flat_map(|c| c.shape.0.iter()).flat_map(|p| p.exterior().0.iter());
    let counties: Vec<LonLat> = rings.filter_map(|c| LonLat::new(c.x, c.y).ok()).collect();
    if counties.is_empty() { inputs.roads.all_points().to_vec() } else { counties }
}

fn counties(inputs: &Inputs, view: &View) -> String {
    let mut s = format!(
        "{TENTHS} fill=\"#fff\" fill-rule=\"evenodd\" stroke=\"#8b959e\" stroke-width=\"9\" stroke-linejoin=\"round\">\n"
    );
    for county in &inputs.counties {
        let mut path = PathData::default();
        for polygon in &county.shape.0 {
            for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
                let points: Vec<[f64; 2]> =
                    ring.0.iter().filter_map(|c| LonLat::new(c.x, c.y).ok()).map(|p| view.at(p)).collect();
                path.ring(&points);
            }
        }
        if !path.is_empty() {
            let name = if county.name.is_empty() { &county.name_zh } else { &county.name };
            let title = xml(&format!("{name} ({})", county.code), 160);
            s += &format!("<path d=\"{}\"><title>{title}</title></path>\n", path.data());
        }
    }
    s + "</g>\n"
}

/// Roads in light grey, and whether some classes were too many to draw.
fn roads(inputs: &Inputs, view: &View) -> (String, bool) {
    let mut s = format!("{TENTHS} fill=\"none\" stroke=\"#c3cad0\" stroke-linejoin=\"round\" stroke-linecap=\"round\">\n");
    let (mut bytes, mut cut) = (0, false);
    for class in RoadClass::ALL {
        let mut path = PathData::default();
        for road in inputs.roads.list().iter().filter(|r| r.class == class) {
            let points: Vec<[f64; 2]> = inputs.roads.points(road).iter().map(|p| view.at(*p)).collect();
            path.line(&points);
            if bytes + path.data().len() > MOST_ROAD_BYTES {
                break;
            }
        }
        if bytes + path.data().len() > MOST_ROAD_BYTES {
            cut = true;
            break;
        }
        bytes += path.data().len();
        s += &path.element(if class <= RoadClass::Secondary { "stroke-width=\"12\"" } else { "stroke-width=\"5\"" });
    }
    (s + "</g>\n", cut)
}

fn stations(inputs: &Inputs, view: &View, panel: Rect) -> String {
    let mut spots: Vec<LonLat> = inputs.stations.iter().map(|s| s.at).collect();
    spots.sort_unstable();
    spots.dedup();
    let mut path = PathData::default();
    for p in spots.into_iter().map(|p| view.at(p)).filter(|p| panel.has(*p)) {
        path.dot(p);
    }
    let dots = path.element("fill=\"none\" stroke=\"#005f73\" stroke-width=\"50\" stroke-linecap=\"round\"");
    format!("{TENTHS}>\n{dots}</g>\n")
}

/// A mark a position, with every issue there in its title; and how many issues are inside and beyond the drawing.
fn marks(placed: &[Placed<'_>], view: &View, panel: Rect) -> (String, u64, u64) {
    let (mut spots, mut beyond): (BTreeMap<LonLat, Vec<String>>, u64) = (BTreeMap::new(), 0);
    let mut shown = 0;
    for p in placed {
        let Some(at) = p.at else { continue };
        if !panel.has(view.at(at)) || (spots.len() == MOST_MARKS && !spots.contains_key(&at)) {
            beyond += p.issue.count;
            continue;
        }
        shown += p.issue.count;
        let id = p.issue.at.id.as_deref().unwrap_or_default();
        spots.entry(at).or_default().push(format!("{} {id}: {}", p.issue.code, p.issue.message));
    }
    let mut s = String::from("<g fill=\"#a3120f\" fill-opacity=\".82\" stroke=\"#fff\" stroke-width=\"1.2\">\n");
    for (at, what) in spots {
        let [x, y] = view.at(at);
        let mut title = what.iter().take(5).map(|w| clean(w, 160)).collect::<Vec<_>>().join(" · ");
        if what.len() > 5 {
            title += &format!(" · +{}", what.len() - 5);
        }
        let title = xml(&title, 900);
        s += &format!("<circle cx=\"{}\" cy=\"{}\" r=\"6.5\"><title>{title}</title></circle>\n", px(x), px(y));
    }
    (s + "</g>\n", shown, beyond)
}

fn scale_bar(view: &View, panel: Rect) -> String {
    let km = round_length(WIDTH * 0.22 / view.px_per_km());
    let (x, y, w) = (16.0, panel.h - 12.0, km * view.px_per_km());
    let label = if km >= 1.0 { format!("{km:.0} km") } else { format!("{:.0} m", km * 1000.0) };
    format!("<path d=\"M{x} {}v5h{}v-5\" fill=\"none\" stroke=\"#22303c\"/>\n", px(y - 5.0), px(w))
        + &text(x + w + 6.0, y + 1.0, "fill=\"#5b6771\"", &label)
}
