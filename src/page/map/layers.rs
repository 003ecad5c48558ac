//! What is drawn inside the map: counties, roads, gaps, stations, settlements; each kind of mark in one path.
//!
//! Nothing here depends on the order of records in a file: edges come in the network's own order, points are sorted.

use super::RegionMap;
use crate::config::{RoadClass, Service};
use crate::files::text::percent;
use crate::page::svg::scale::{NO_ROAD_FILL, SHARE_FILLS, share_class};
use crate::page::svg::{PathData, TENTHS};
use crate::place::StationOut;

/// Line styles of road: classes in it, colour and width in px where covered, colour and width in the gap.
pub struct RoadStyle {
    /// Classes, English and Chinese.
    pub names: [&'static str; 2],
    /// The least important class in it.
    pub last: RoadClass,
    /// Covered: colour and width.
    pub covered: (&'static str, f64),
    /// In the gap: colour and width.
    pub gap: (&'static str, f64),
}

/// The three styles, most important first.
pub const ROAD_STYLES: [RoadStyle; 3] = [
    RoadStyle {
        names: ["motorway, trunk", "高速、国道"],
        last: RoadClass::Trunk,
        covered: ("#4d7c6c", 1.5),
        gap: ("#a3120f", 2.4),
    },
    RoadStyle {
        names: ["primary, secondary", "省道、县道"],
        last: RoadClass::Secondary,
        covered: ("#5f8a7b", 0.9),
        gap: ("#c62a16", 1.5),
    },
    RoadStyle { names: ["minor", "其他道路"], last: RoadClass::Track, covered: ("#7d9d91", 0.45), gap: ("#e2571e", 0.65) },
];

/// The style of a class.
pub fn style_of(class: RoadClass) -> usize {
    ROAD_STYLES.iter().position(|s| class <= s.last).unwrap_or(ROAD_STYLES.len() - 1)
}

pub use crate::files::palette::{CHARGING, SWAP};

/// County polygons, filled by the class of their gap share.
pub fn counties(m: &RegionMap<'_>) -> String {
    let mut s = format!("{TENTHS} fill-rule=\"evenodd\">\n");
    for (i, county) in m.o.counties().enumerate() {
        let cell = m.o.total(i, Service::Charging, m.o.criteria.serving.headline);
        let fill = share_class(cell.gap_mm, m.o.road_mm(i)).map_or(NO_ROAD_FILL, |c| SHARE_FILLS[c]);
        let name = if county.name.is_empty() { &county.name_zh } else { &county.name };
        let share = percent(cell.gap_mm, m.o.road_mm(i));
        s += &m.outline(i).titled(&format!("fill=\"{fill}\""), &format!("{name} ({}): {share}", county.code));
    }
    s + "</g>\n"
}

/// County borders, under the roads: where a road follows the border, the road is what the map is about.
pub fn borders(m: &RegionMap<'_>) -> String {
    let mut s = format!("{TENTHS} fill=\"none\" stroke=\"#33414d\" stroke-width=\"11\" stroke-linejoin=\"round\">\n");
    for i in 0..m.o.members.len() {
        s += &m.outline(i).element("");
    }
    s + "</g>\n"
}

/// All roads that are not wholly in the gap, as covered; the gaps come on top.
pub fn base_roads(m: &RegionMap<'_>) -> String {
    let limit = m.o.criteria.serving.headline_criterion();
    let network = &m.o.whole.scene.network;
    let in_gap = |edge: u32| {
        let gap = m.o.whole.scene.coverage.gap(network, edge, Service::Charging, limit);
        gap.is_some_and(|g| g.from_mm == 0 && g.to_mm == network.edges()[edge as usize].length_mm)
    };
    let mut paths: [PathData; 3] = Default::default();
    trails(m, |edge| !in_gap(edge), &mut paths);
    draw_roads(&paths, |style| style.covered)
}

/// The dead stretches; without any charging station, every road.
pub fn gap_roads(m: &RegionMap<'_>) -> String {
    let mut paths: [PathData; 3] = Default::default();
    if m.any_charging {
        let headline =
            |s: &&crate::coverage::Stretch| s.service == Service::Charging && s.criterion == m.o.criteria.serving.headline;
        for s in m.o.whole.scene.stretches.iter().filter(headline).filter(|s| style_of(s.class) < m.styles) {
            paths[style_of(s.class)].line(&m.sheet.line(&s.line(&m.o.whole.scene.network)));
        }
    } else {
        trails(m, |_| true, &mut paths);
    }
    draw_roads(&paths, |style| style.gap)
}

fn draw_roads(paths: &[PathData; 3], look: impl Fn(&RoadStyle) -> (&'static str, f64)) -> String {
    let mut s = format!("{TENTHS} fill=\"none\" stroke-linejoin=\"round\" stroke-linecap=\"round\">\n");
    for (path, style) in paths.iter().zip(&ROAD_STYLES).rev() {
        let (colour, width) = look(style);
        s += &path.element(&format!("stroke=\"{colour}\" stroke-width=\"{}\"", crate::page::svg::px(width * 10.0)));
    }
    s + "</g>\n"
}

/// Joins edges of one style into long lines, each edge once, so that the file stays small. Where more than two meet it
/// does not matter which carries on.
fn trails(m: &RegionMap<'_>, wanted: impl Fn(u32) -> bool, paths: &mut [PathData; 3]) {
    let edges = m.o.whole.scene.network.edges();
    let mut ends: Vec<(usize, u32, u32)> = Vec::new(); // style, node, edge
    let mut open = vec![false; edges.len()];
    for i in m.edges().filter(|i| style_of(edges[*i as usize].class) < m.styles && wanted(*i)) {
        let e = &edges[i as usize];
        open[i as usize] = true;
        ends.extend([e.tail, e.head].map(|node| (style_of(e.class), node, i)));
    }
    ends.sort_unstable();
    for first in 0..edges.len() as u32 {
        if !open[first as usize] {
            continue;
        }
        let e = &edges[first as usize];
        open[first as usize] = false;
        let style = style_of(e.class);
        let mut next = |node: u32| {
            let end = ends.partition_point(|e| (e.0, e.1) <= (style, node));
            let here = ends[..end].iter().rev().take_while(|e| (e.0, e.1) == (style, node));
            here.map(|e| e.2).find(|i| std::mem::take(&mut open[*i as usize]))
        };
        let mut line: Vec<[f64; 2]> = m.sheet.line(m.o.whole.scene.network.line(e));
        for end in [e.head, e.tail] {
            let mut node = end;
            while let Some(i) = next(node) {
                let on = &edges[i as usize];
                let mut more = m.sheet.line(m.o.whole.scene.network.line(on));
                if on.tail != node {
                    more.reverse();
                }
                line.extend_from_slice(&more[1..]);
                node = if on.tail == node { on.head } else { on.tail };
            }
            line.reverse();
        }
        paths[style].line(&line);
    }
}

/// Settlements and stations.
pub fn marks(m: &RegionMap<'_>) -> String {
    let mut ticks = PathData::default();
    if m.settlements {
        for p in sorted(m.o.whole.scene.settlements.iter().map(|s| m.sheet.at(s.settlement.at))) {
            ticks.dot(p);
        }
    }
    let shown = |keep: &dyn Fn(&StationOut) -> bool| {
        let all = m.o.whole.scene.stations.iter().filter(|s| keep(s)).map(|s| m.sheet.at(s.station.at));
        sorted(all.filter(|p| m.sheet.panel.has(*p)))
    };
    let (mut unused, mut circles, mut diamonds) = (PathData::default(), PathData::default(), PathData::default());
    shown(&|s| !s.used).into_iter().for_each(|p| unused.circle(p, 2.6));
    shown(&|s| s.used && s.station.charging).into_iter().for_each(|p| circles.circle(p, 4.0));
    shown(&|s| s.used && s.station.swap && !s.station.charging).into_iter().for_each(|p| diamonds.diamond(p, 5.2));
    let both = shown(&|s| s.used && s.station.swap && s.station.charging);
    let mut inner = PathData::default();
    both.into_iter().for_each(|p| inner.diamond(p, 2.8));
    let mut s = format!("{TENTHS} stroke-linejoin=\"round\">\n");
    s += &ticks.element("fill=\"none\" stroke=\"#1b242c\" stroke-width=\"22\" stroke-linecap=\"round\"");
    s += &unused.element("fill=\"#fff\" fill-opacity=\".6\" stroke=\"#6b747c\" stroke-width=\"9\"");
    s += &circles.element(&format!("fill=\"{CHARGING}\" stroke=\"#fff\" stroke-width=\"10\""));
    s += &diamonds.element(&format!("fill=\"{SWAP}\" stroke=\"#fff\" stroke-width=\"10\""));
    s += &inner.element("fill=\"#fff\"");
    s + "</g>\n"
}

fn sorted(points: impl Iterator<Item = [f64; 2]>) -> Vec<[f64; 2]> {
    let mut all: Vec<[f64; 2]> = points.collect();
    all.sort_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
    all
}
