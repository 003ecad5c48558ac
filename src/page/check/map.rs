//! The small map of a data report: county outlines, roads in grey, stations as dots, and a red mark at each issue whose
//! position is known. It shows where to look; it is not a layer to measure on.

use super::facts::PlacedIssue;
use crate::config::RoadClass;
use crate::files::lang::Both;
use crate::files::text::{clean, xml};
use crate::page::svg::ground::{corners, outline};
use crate::page::svg::legend::{north, scale_bar};
use crate::page::svg::scale::{Extent, Rect, View};
use crate::page::svg::{PathData, TENTHS, open, px};
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
pub fn check_map(inputs: &Inputs, placed: &[PlacedIssue<'_>]) -> Option<CheckMap> {
    let extent = ground(inputs)?;
    let panel = Rect { x: 0.0, y: 0.0, w: WIDTH, h: (WIDTH * extent.aspect()).clamp(340.0, 720.0) };
    let view = View::fit(extent, Rect { x: 14.0, y: 14.0, w: panel.w - 28.0, h: panel.h - 44.0 });
    let (roads, roads_cut) = roads(inputs, &view);
    let (marks, shown, beyond) = marks(placed, &view, panel);
    let name = Both::new(
        "Counties, roads, stations, and a red mark at each issue whose position is known",
        "县界、道路、站点，红点为已知位置的问题",
    );
    let mut svg = open([panel.w, panel.h], &name);
    svg += &format!("<rect width=\"{}\" height=\"{}\" fill=\"#f6f6f2\"/>\n", px(panel.w), px(panel.h));
    svg += &counties(inputs, &view);
    svg += &roads;
    svg += &stations(inputs, &view, panel);
    svg += &marks;
    svg += &scale_bar(&view, [16.0, panel.h - 14.0], WIDTH * 0.22);
    svg += &north([panel.w - 20.0, panel.h - 26.0]);
    svg += "</svg>";
    Some(CheckMap { svg, shown, beyond, roads_cut })
}

/// The ground: the counties, or the roads where there is no county.
fn ground(inputs: &Inputs) -> Option<Extent> {
    let counties = Extent::around(inputs.counties.iter().flat_map(corners));
    counties.or_else(|| Extent::around(inputs.roads.all_points().iter().copied()))
}

fn counties(inputs: &Inputs, view: &View) -> String {
    let mut s = format!(
        "{TENTHS} fill=\"#fff\" fill-rule=\"evenodd\" stroke=\"#8b959e\" stroke-width=\"9\" stroke-linejoin=\"round\">\n"
    );
    for county in &inputs.counties {
        let name = if county.name.is_empty() { &county.name_zh } else { &county.name };
        s += &outline(county, view).titled("", &format!("{name} ({})", county.code));
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
fn marks(placed: &[PlacedIssue<'_>], view: &View, panel: Rect) -> (String, u64, u64) {
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
