//! `map.svg`: counties by their gap, covered roads and dead stretches, stations, with legend, scale bar and attribution.
//!
//! Charging, at the headline distance. It uses presentation attributes only, so that it can stand inside the report.

use super::map_marks::{county_labels, furniture, reserve_stations, settlement_labels, stations};
use super::svg::{Canvas, Labels, Path, text_width};
use super::text::xml;
use crate::config::RoadClass;
use crate::config::criteria::Service;
use crate::network::NO_COUNTY;
use crate::outcome::Outcome;
use crate::space::LonLat;
use geo::BoundingRect;

/// Width of the drawing, pixels.
pub const WIDTH: f64 = 1200.0;
/// Where the map begins below the title.
pub const TOP: f64 = 86.0;
/// Width of the map itself; the legend stands to the right of it.
pub const MAP_WIDTH: f64 = 900.0;
/// Colour of dead stretches (Okabe–Ito vermillion).
pub const GAP: &str = "#d55e00";
/// Colour of covered roads (Okabe–Ito bluish green).
pub const COVERED: &str = "#009e73";
/// County fills from the least to the largest share of road in the gap.
pub const FILLS: [&str; 5] = ["#ffffff", "#f3f3f0", "#e6e6e1", "#d9d9d2", "#cbcbc2"];
/// Upper bounds of the first four classes of share.
pub const BREAKS: [f64; 4] = [0.2, 0.4, 0.6, 0.8];

/// Draws the map. The same outcome gives the same bytes.
pub fn map_svg(o: &Outcome) -> String {
    let bbox = bounds(o);
    let height = map_height(bbox);
    let Some(canvas) = Canvas::fit(bbox, 24.0, TOP + 14.0, MAP_WIDTH - 48.0, height - 28.0) else { return String::new() };
    let total = TOP + height + 30.0 + 15.0 * notices(o).len() as f64;
    let label = o.criteria.headline_criterion().label();
    let mut s = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH:.0} {total:.0}\" role=\"img\" \
         font-family=\"'Noto Sans','Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei',Arial,sans-serif\">\n\
         <title>{}</title>\n<desc>Charging: roads farther than {label} by road from a station</desc>\n\
         <rect width=\"{WIDTH:.0}\" height=\"{total:.0}\" fill=\"#ffffff\"/>\n",
        xml(&o.region.name)
    );
    s += &title(o, &label);
    s += &format!(
        "<rect x=\"12\" y=\"{TOP}\" width=\"{:.0}\" height=\"{height:.0}\" fill=\"#eef2f5\" stroke=\"#b9c2c9\"/>\n",
        MAP_WIDTH - 24.0
    );
    s += &counties(o, &canvas);
    s += &roads(o, &canvas);
    s += &borders(o, &canvas);
    let bounds_px = [16.0, TOP + 4.0, MAP_WIDTH - 16.0, TOP + height - 4.0];
    let mut labels = Labels::default();
    s += &stations(o, &canvas);
    reserve_stations(o, &canvas, &mut labels);
    s += &county_labels(o, &canvas, &mut labels, bounds_px);
    s += &settlement_labels(o, &canvas, &mut labels, bounds_px);
    s += &furniture(o, &canvas, height);
    for (i, line) in notices(o).iter().enumerate() {
        s += &format!(
            "<text x=\"12\" y=\"{:.0}\" font-size=\"11\" fill=\"#555f66\">{}</text>\n",
            TOP + height + 22.0 + 15.0 * i as f64,
            xml(line)
        );
    }
    s + "</svg>\n"
}

fn map_height(bbox: [f64; 4]) -> f64 {
    ((MAP_WIDTH - 48.0) * Canvas::aspect(bbox).unwrap_or(0.8) + 28.0).clamp(520.0, 1040.0).round()
}

/// Counties, or the network where there is none.
fn bounds(o: &Outcome) -> [f64; 4] {
    let rects = o.counties.iter().filter_map(|c| c.shape.bounding_rect());
    rects
        .map(|r| [r.min().x, r.min().y, r.max().x, r.max().y])
        .reduce(|a, b| [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])])
        .unwrap_or([-1.0, -1.0, 1.0, 1.0])
}

/// Lines under the map: attribution, review number, what drew it.
fn notices(o: &Outcome) -> Vec<String> {
    let mut lines = o.region.attribution.clone();
    if let Some(number) = &o.region.map_review_number {
        lines.push(format!("审图号 (map review number): {number}"));
    }
    lines.push(format!("chargegap {} · WGS 84, equirectangular around the middle of the map", env!("CARGO_PKG_VERSION")));
    lines
}

fn title(o: &Outcome, label: &str) -> String {
    let zh = o.region.name_zh.as_deref().unwrap_or_default();
    let width = text_width(&o.region.name, 25.0) + text_width(zh, 24.0);
    let size = (24.0 * (900.0 / width).min(1.0)).max(12.0);
    let mut s = format!(
        "<text x=\"12\" y=\"34\" font-size=\"{size:.1}\" font-weight=\"700\" fill=\"#1d2529\">{} <tspan font-weight=\"400\" fill=\"#555f66\">{}</tspan></text>\n",
        xml(&o.region.name),
        xml(zh)
    );
    s += &format!(
        "<text x=\"12\" y=\"62\" font-size=\"15\" fill=\"#1d2529\">Charging: roads farther than {label} by road from a station <tspan fill=\"#555f66\">充电：路网距离超过 {label} 的道路</tspan></text>\n"
    );
    if o.region.synthetic {
        s += "<rect x=\"944\" y=\"14\" width=\"244\" height=\"30\" fill=\"#fff3cd\" stroke=\"#b8860b\"/><text x=\"1066\" y=\"34\" font-size=\"15\" font-weight=\"700\" text-anchor=\"middle\" fill=\"#7a5a00\">SYNTHETIC DATA 合成数据</text>\n";
    }
    s
}

/// The fill class of a county: its share of road in the gap.
pub fn fill_class(o: &Outcome, county: usize) -> Option<usize> {
    let road = o.ledger.road_mm(county);
    let gap = o.ledger.total(county, Service::Charging, o.criteria.headline).gap_mm;
    (road > 0).then(|| BREAKS.iter().filter(|b| gap as f64 / road as f64 >= **b).count())
}

fn rings(o: &Outcome, county: usize, canvas: &Canvas, path: &mut Path) {
    for polygon in &o.counties[county].shape {
        for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
            path.ring(ring.coords().filter_map(|c| LonLat::new(c.x, c.y).ok()).map(|p| canvas.at(p)));
        }
    }
}

fn counties(o: &Outcome, canvas: &Canvas) -> String {
    let mut by_class: Vec<Path> = (0..=FILLS.len()).map(|_| Path::default()).collect();
    for i in 0..o.counties.len() {
        rings(o, i, canvas, &mut by_class[fill_class(o, i).unwrap_or(FILLS.len())]);
    }
    let fills = FILLS.iter().chain(["#ffffff"].iter());
    by_class.iter().zip(fills).map(|(p, fill)| p.element(&format!("fill=\"{fill}\" fill-rule=\"evenodd\""))).collect()
}

fn borders(o: &Outcome, canvas: &Canvas) -> String {
    let mut path = Path::default();
    for i in 0..o.counties.len() {
        rings(o, i, canvas, &mut path);
    }
    path.element("fill=\"none\" stroke=\"#ffffff\" stroke-width=\"2.6\" stroke-opacity=\"0.75\"")
        + &path.element("fill=\"none\" stroke=\"#57616a\" stroke-width=\"0.9\"")
}

/// Line width of a class, pixels.
pub fn width_of(class: RoadClass) -> f64 {
    match class {
        RoadClass::Motorway | RoadClass::Trunk => 2.0,
        RoadClass::Primary | RoadClass::Secondary => 1.4,
        RoadClass::Tertiary => 1.0,
        _ => 0.6,
    }
}

fn roads(o: &Outcome, canvas: &Canvas) -> String {
    let mut covered: Vec<Path> = RoadClass::ALL.iter().map(|_| Path::default()).collect();
    let mut gaps: Vec<Path> = RoadClass::ALL.iter().map(|_| Path::default()).collect();
    // Without any charging station no dead stretches are kept: then every road is one.
    let any = o.sites.iter().any(|s| s.charging);
    let base = if any { &mut covered } else { &mut gaps };
    let head = o.criteria.headline_criterion();
    for (i, e) in (0u32..).zip(o.network.edges()).filter(|(_, e)| e.county != NO_COUNTY) {
        let gap = o.coverage.gap(&o.network, i, Service::Charging, head);
        if any && gap.is_some_and(|g| g.length_mm() == e.length_mm) {
            continue; // a dead stretch will cover all of it
        }
        base[e.class.index()].line(o.network.line(e).iter().map(|p| canvas.at(*p)));
    }
    for s in o.stretches.iter().filter(|s| s.service == Service::Charging && s.criterion == o.criteria.headline) {
        gaps[s.class.index()].line(s.line.iter().map(|p| canvas.at(*p)));
    }
    let draw = |paths: &[Path], colour: &str| -> String {
        // The least important first, so that main roads lie on top.
        RoadClass::ALL
            .iter()
            .rev()
            .map(|c| {
                paths[c.index()].element(&format!(
                    "fill=\"none\" stroke=\"{colour}\" stroke-width=\"{}\" stroke-linejoin=\"round\"",
                    width_of(*c)
                ))
            })
            .collect()
    };
    draw(&covered, COVERED) + &draw(&gaps, GAP)
}
