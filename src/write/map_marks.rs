//! What stands on and beside the map: stations, labels, legend, scale bar, north arrow.

use super::map::{BREAKS, COVERED, FILLS, GAP, MAP_WIDTH, TOP};
use super::svg::{Canvas, Labels, round_down, text_width};
use super::text::xml;
use crate::outcome::{Outcome, SettlementOut, StationOut};
use crate::space::LonLat;
use geo::{Area, InteriorPoint};

/// Settlements named at most.
const NAMED: usize = 14;

/// Where a county's name may stand, from its inner point, best first, pixels.
const NUDGES: [(f64, f64); 9] =
    [(0.0, 0.0), (0.0, -20.0), (0.0, 20.0), (-34.0, 0.0), (34.0, 0.0), (0.0, -38.0), (0.0, 38.0), (-60.0, -14.0), (60.0, 14.0)];
/// With more stations than this, labels may stand on some.
const MOST_RESERVED: usize = 300;

/// Keeps labels off the stations that count.
pub fn reserve_stations(o: &Outcome, canvas: &Canvas, labels: &mut Labels) {
    for s in o.stations.iter().filter(|s| s.used).take(MOST_RESERVED) {
        let at = canvas.at(s.station.at);
        let (x, y) = (f64::from(at.0) / 10.0, f64::from(at.1) / 10.0);
        labels.reserve([x - 4.0, y - 4.0, x + 4.0, y + 4.0]);
    }
}

/// Stations: used ones filled, the others hollow; charging round, swap a diamond, both one in the other.
pub fn stations(o: &Outcome, canvas: &Canvas) -> String {
    let near = |s: &&StationOut| s.county.is_some() || s.snapped.is_some();
    let mut list: Vec<&StationOut> = o.stations.iter().filter(near).collect();
    list.sort_by_key(|s| s.used); // used ones on top
    list.into_iter().map(|s| mark(canvas.at(s.station.at), s.station.charging, s.station.swap, s.used)).collect()
}

fn mark(at: (i32, i32), charging: bool, swap: bool, used: bool) -> String {
    let (x, y) = (f64::from(at.0) / 10.0, f64::from(at.1) / 10.0);
    let (charge_fill, swap_fill, line) = if used { ("#111111", "#0072b2", "#ffffff") } else { ("#ffffff", "#ffffff", "#8a949b") };
    let mut s = String::new();
    if swap {
        s += &format!(
            "<path d=\"M{x:.1} {:.1}l6.5 6.5-6.5 6.5-6.5-6.5z\" fill=\"{swap_fill}\" stroke=\"{line}\" stroke-width=\"1\"/>",
            y - 6.5
        );
    }
    if charging {
        let r = if swap { 2.4 } else { 3.6 };
        s += &format!(
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{r}\" fill=\"{charge_fill}\" stroke=\"{line}\" stroke-width=\"1\"/>"
        );
    }
    s + "\n"
}

fn halo(x: f64, y: f64, size: f64, weight: u32, colour: &str, text: &str) -> String {
    format!(
        "<text x=\"{x:.1}\" y=\"{y:.1}\" font-size=\"{size}\" font-weight=\"{weight}\" text-anchor=\"middle\" fill=\"{colour}\" stroke=\"#ffffff\" stroke-width=\"3\" stroke-linejoin=\"round\" paint-order=\"stroke\">{}</text>\n",
        xml(text)
    )
}

/// Names of counties at a point inside them, the largest first; what would overlap is left to the table.
pub fn county_labels(o: &Outcome, canvas: &Canvas, labels: &mut Labels, bounds: [f64; 4]) -> String {
    let mut order: Vec<usize> = (0..o.counties.len()).collect();
    let area = |i: usize| o.counties[i].shape.unsigned_area();
    order.sort_by(|a, b| area(*b).total_cmp(&area(*a)).then(a.cmp(b)));
    let mut s = String::new();
    for i in order {
        let county = &o.counties[i];
        let Some(p) = county.shape.interior_point().and_then(|p| LonLat::new(p.x(), p.y()).ok()) else { continue };
        let (x, y) = (f64::from(canvas.at(p).0) / 10.0, f64::from(canvas.at(p).1) / 10.0);
        let half = text_width(&county.name, 13.0).max(text_width(&county.name_zh, 12.0)) / 2.0 + 3.0;
        let lines = if county.name_zh.is_empty() || county.name_zh == county.name { 1.0 } else { 2.0 };
        let box_at = |x: f64, y: f64| [x - half, y - 13.0, x + half, y + 14.0 * (lines - 1.0) + 4.0];
        let Some((x, y)) = NUDGES.iter().map(|(dx, dy)| (x + dx, y + dy)).find(|(x, y)| labels.take(box_at(*x, *y), bounds))
        else {
            continue;
        };
        s += &halo(x, y, 13.0, 700, "#1d2529", &county.name);
        if lines > 1.0 {
            s += &halo(x, y + 14.0, 12.0, 400, "#1d2529", &county.name_zh);
        }
    }
    s
}

/// Names of the largest settlements.
pub fn settlement_labels(o: &Outcome, canvas: &Canvas, labels: &mut Labels, bounds: [f64; 4]) -> String {
    let mut list: Vec<_> = o.settlements.iter().filter(|s| !s.settlement.name.is_empty()).collect();
    let size = |s: &SettlementOut| {
        let kinds = ["city", "town", "village"];
        let kind = kinds.iter().position(|k| *k == s.settlement.kind).unwrap_or(kinds.len());
        (std::cmp::Reverse(s.settlement.population), kind, s.settlement.id.clone())
    };
    list.sort_by_cached_key(|s| size(s));
    let (mut s, mut named) = (String::new(), 0);
    for place in list {
        let at = canvas.at(place.settlement.at);
        let (x, y) = (f64::from(at.0) / 10.0, f64::from(at.1) / 10.0);
        let half = text_width(&place.settlement.name, 10.5) / 2.0 + 2.0;
        if named == NAMED || !labels.take([x - half, y - 17.0, x + half, y - 4.0], bounds) {
            continue;
        }
        named += 1;
        s += &format!(
            "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"4\" height=\"4\" fill=\"#ffffff\" stroke=\"#1d2529\" stroke-width=\"0.9\"/>",
            x - 2.0,
            y - 2.0
        );
        s += &halo(x, y - 6.5, 10.5, 400, "#333c42", &place.settlement.name);
    }
    s
}

/// Legend, scale bar and north arrow.
pub fn furniture(o: &Outcome, canvas: &Canvas, height: f64) -> String {
    let label = o.criteria.headline_criterion().label();
    let x = MAP_WIDTH + 4.0;
    let mut y = TOP + 14.0;
    let mut s = String::new();
    let head = |s: &mut String, y: &mut f64, en: &str, zh: &str| {
        *s += &format!(
            "<text x=\"{x}\" y=\"{y}\" font-size=\"13\" font-weight=\"700\" fill=\"#1d2529\">{en} <tspan font-weight=\"400\" fill=\"#555f66\">{zh}</tspan></text>\n"
        );
        *y += 22.0;
    };
    let row = |s: &mut String, y: &mut f64, symbol: &str, en: &str, zh: &str| {
        *s += &format!(
            "<g transform=\"translate({x} {y})\">{symbol}</g><text x=\"{}\" y=\"{:.0}\" font-size=\"12.5\" fill=\"#1d2529\">{en} <tspan fill=\"#555f66\">{zh}</tspan></text>\n",
            x + 44.0,
            *y + 4.0
        );
        *y += 21.0;
    };
    let line =
        |colour: &str, width: f64| format!("<path d=\"M0 0h34\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\"/>");
    head(&mut s, &mut y, "Roads", "道路");
    row(&mut s, &mut y, &line(GAP, 3.0), &format!("beyond {label}"), "缺口");
    row(&mut s, &mut y, &line(COVERED, 3.0), &format!("within {label}"), "已覆盖");
    row(&mut s, &mut y, &line("#555f66", 2.0), "motorway, trunk", "高速、国道");
    row(&mut s, &mut y, &line("#555f66", 1.4), "primary, secondary", "省道、县道");
    row(&mut s, &mut y, &line("#555f66", 0.6), "tertiary, local", "乡道、村道");
    y += 10.0;
    head(&mut s, &mut y, "Stations", "站点");
    let symbol = |charging: bool, swap: bool, used: bool| {
        format!("<g transform=\"translate(17 0)\">{}</g>", mark((0, 0), charging, swap, used).trim_end())
    };
    let any = |f: &dyn Fn(&StationOut) -> bool| o.stations.iter().any(|s| (s.county.is_some() || s.snapped.is_some()) && f(s));
    row(&mut s, &mut y, &symbol(true, false, true), "charging", "充电站");
    if any(&|s| s.used && s.station.swap && !s.station.charging) {
        row(&mut s, &mut y, &symbol(false, true, true), "battery swap", "换电站");
    }
    if any(&|s| s.used && s.station.swap && s.station.charging) {
        row(&mut s, &mut y, &symbol(true, true, true), "both", "充换电站");
    }
    if any(&|s| !s.used) {
        row(&mut s, &mut y, &symbol(true, false, false), "not counted", "未计入");
    }
    y += 10.0;
    head(&mut s, &mut y, "County: road in the gap", "县：缺口比例");
    for (i, fill) in FILLS.iter().enumerate() {
        let lo = if i == 0 { 0.0 } else { BREAKS[i - 1] * 100.0 };
        let hi = BREAKS.get(i).map_or(100.0, |b| b * 100.0);
        let symbol = format!(
            "<rect x=\"0\" y=\"-7\" width=\"34\" height=\"14\" fill=\"{fill}\" stroke=\"#57616a\" stroke-width=\"0.6\"/>"
        );
        row(&mut s, &mut y, &symbol, &format!("{lo:.0}–{hi:.0} %"), "");
    }
    s + &scale_bar(canvas, x, TOP + height - 22.0) + &north_arrow(x + 232.0, TOP + height - 44.0)
}

fn scale_bar(canvas: &Canvas, x: f64, y: f64) -> String {
    let km = round_down(170.0 * canvas.metres_per_px() / 1000.0);
    let px = km * 1000.0 / canvas.metres_per_px();
    let half = px / 2.0;
    format!(
        "<g fill=\"#1d2529\" font-size=\"11.5\"><rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{half:.1}\" height=\"5\"/>\
         <rect x=\"{:.1}\" y=\"{y:.1}\" width=\"{half:.1}\" height=\"5\" fill=\"#ffffff\" stroke=\"#1d2529\" stroke-width=\"0.8\"/>\
         <text x=\"{x:.1}\" y=\"{:.1}\">0</text><text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{km} km</text></g>\n",
        x + half,
        y - 5.0,
        x + px + 14.0,
        y - 5.0
    )
}

fn north_arrow(x: f64, y: f64) -> String {
    format!(
        "<path d=\"M{x} {y}l7 24-7-5-7 5z\" fill=\"#1d2529\"/><text x=\"{x}\" y=\"{:.0}\" font-size=\"13\" font-weight=\"700\" text-anchor=\"middle\" fill=\"#1d2529\">N</text>\n",
        y - 4.0
    )
}
