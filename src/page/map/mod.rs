//! The static map of a region: charging at the headline distance, as one SVG without scripts, styles or outside references.
//!
//! It is a picture for print and for the report. It is not a layer to measure on: lines are thinned to a quarter of a pixel.

pub(crate) mod labels;
pub(crate) mod layers;
pub(crate) mod legend;

use self::labels::labels;
use self::layers::{ROAD_STYLES, base_roads, borders, counties, gap_roads, marks, style_of};
use self::legend::{footer, header, legend};
use super::scale::{Extent, Rect, View};
use super::svg::{PathData, px};
use crate::config::{RoadClass, Service};
use crate::files::text::{grouped, percent, xml};
use crate::network::NO_COUNTY;
use crate::results::Run;
use crate::space::LonLat;

/// Width of the page, px.
pub const WIDTH: f64 = 1200.0;
/// Left and right margin, px.
pub const MARGIN: f64 = 20.0;
/// Width of the legend, px.
pub const LEGEND: f64 = 236.0;
/// Height of title and subtitles, px.
pub const HEADER: f64 = 104.0;
/// Fonts, ours to name and the reader's to have; not `system-ui`, which may be wider than the boxes reckon with.
pub const FONTS: &str = "'Segoe UI', 'Helvetica Neue', Arial, 'Noto Sans CJK SC', 'Noto Sans SC', 'PingFang SC', \
    'Microsoft YaHei', sans-serif";

/// What the parts of a map share.
pub struct Sheet<'a> {
    /// The analysis.
    pub o: &'a Run<'a>,
    /// Where positions fall.
    pub view: View,
    /// The box of the map proper.
    pub panel: Rect,
    /// Whether any used station offers charging; without one every road is in the gap and no stretches are kept.
    pub any_charging: bool,
    /// Road styles that are drawn, most important first; what would cover the map as a whole shows nothing and is left out.
    pub styles: usize,
    /// Whether settlements are drawn, for the same reason.
    pub settlements: bool,
}

/// Road on the map, px of line to a px² of map, beyond which the next style is left out.
const MOST_ROAD: f64 = 0.4;
/// Map to a settlement, px², below which they are left out.
const LEAST_ROOM: f64 = 40.0;

/// Draws the map; the same bytes for the same outcome.
///
/// Ids begin with `cgmap-`, so that the map can be put into a page.
pub fn map_svg(outcome: &Run<'_>) -> String {
    let sheet = lay_out(outcome);
    let (foot, foot_height) = footer(&sheet);
    let height = sheet.panel.y + sheet.panel.h + foot_height;
    let mut s = opening(outcome, height);
    s += &header(&sheet);
    let p = sheet.panel;
    let frame = format!("x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"", px(p.x), px(p.y), px(p.w), px(p.h));
    s += &format!("<clipPath id=\"cgmap-panel\"><rect {frame}/></clipPath>\n<rect {frame} fill=\"#f6f6f2\"/>\n");
    s += "<g clip-path=\"url(#cgmap-panel)\">\n";
    for part in [counties, borders, base_roads, gap_roads, marks, labels] {
        s += &part(&sheet);
    }
    s += &format!("</g>\n<rect {frame} fill=\"none\" stroke=\"#8b959e\"/>\n");
    s += &legend(&sheet);
    s += &foot;
    s += "</svg>\n";
    s
}

fn lay_out<'a>(o: &'a Run<'a>) -> Sheet<'a> {
    let corners: Vec<LonLat> = o
        .counties()
        .flat_map(|c| c.shape.0.iter())
        .flat_map(|p| p.exterior().0.iter())
        .filter_map(|c| LonLat::new(c.x, c.y).ok())
        .collect();
    let extent = Extent::around(corners.iter().copied()).unwrap_or_else(Extent::nowhere);
    let w = WIDTH - 3.0 * MARGIN - LEGEND;
    let panel = Rect { x: MARGIN, y: HEADER, w, h: (w * extent.aspect()).clamp(640.0, 1160.0) };
    let inner = Rect { x: panel.x + 14.0, y: panel.y + 14.0, w: panel.w - 28.0, h: panel.h - 28.0 };
    let any_charging = o.whole.scene.stations.iter().any(|s| s.used && s.station.charging);
    let view = View::fit(extent, inner);
    let styles = styles_with_room(o, view.px_per_km(), inner.w * inner.h);
    let settlements = o.whole.scene.settlements.len() as f64 * LEAST_ROOM <= inner.w * inner.h;
    Sheet { o, view, panel, any_charging, styles, settlements }
}

/// How many road styles there is room for; the first always.
fn styles_with_room(o: &Run<'_>, px_per_km: f64, room_px2: f64) -> usize {
    let mut px = [0.0; ROAD_STYLES.len()];
    for class in RoadClass::ALL {
        let mm: u64 = (0..o.members.len()).map(|i| o.class_mm(i, class)).sum();
        px[style_of(class)] += mm as f64 / 1e6 * px_per_km;
    }
    let fits = |n: &usize| px[..*n].iter().sum::<f64>() <= MOST_ROAD * room_px2;
    (2..=ROAD_STYLES.len()).take_while(fits).last().unwrap_or(1)
}

fn opening(o: &Run<'_>, height: f64) -> String {
    let (mut road, mut gap) = (0, 0);
    for i in 0..o.members.len() {
        road += o.road_mm(i);
        gap += o.total(i, Service::Charging, o.criteria.headline).gap_mm;
    }
    let label = o.criteria.headline_criterion().label();
    let name = xml(&o.region.name, 120);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {w} {h}\" role=\"img\" aria-labelledby=\"cgmap-title cgmap-desc\" \
         font-family=\"{FONTS}\" font-size=\"12\" fill=\"#22303c\">\n<title id=\"cgmap-title\">{name}: roads more than {label} from a \
         charging station</title>\n<desc id=\"cgmap-desc\">Map of {n} counties. {share} of the road length lies more than {label} by \
         road from every charging station and is drawn in red; the rest in green-grey. Counties are shaded by that \
         share.</desc>\n<rect width=\"{w}\" height=\"{h}\" fill=\"#fff\"/>\n",
        w = px(WIDTH),
        h = px(height),
        n = grouped(o.members.len() as u64),
        share = xml(&percent(gap, road), 20),
    )
}

impl Sheet<'_> {
    /// A position on the page.
    pub fn at(&self, p: LonLat) -> [f64; 2] {
        self.view.at(p)
    }

    /// A line on the page.
    pub fn line(&self, points: &[LonLat]) -> Vec<[f64; 2]> {
        points.iter().map(|p| self.at(*p)).collect()
    }

    /// The rings of a county as one path.
    pub fn outline(&self, county: usize) -> PathData {
        let mut path = PathData::default();
        for polygon in &self.o.county(county).shape.0 {
            for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
                let points: Vec<LonLat> = ring.0.iter().filter_map(|c| LonLat::new(c.x, c.y).ok()).collect();
                path.ring(&self.line(&points));
            }
        }
        path
    }

    /// Edges inside a county.
    pub fn edges(&self) -> impl Iterator<Item = u32> + '_ {
        let all = self.o.whole.scene.network.edges();
        (0..all.len() as u32).filter(|i| all[*i as usize].county != NO_COUNTY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::report::fixture::{CHARGING_ONLY, NONE_USED, WITH_SWAP, outcome};

    #[test]
    fn it_is_well_formed_and_hostile_names_are_text() {
        for stations in [CHARGING_ONLY, WITH_SWAP, NONE_USED] {
            let svg = map_svg(&outcome(stations));
            let doc = roxmltree::Document::parse(&svg).unwrap();
            let names: Vec<&str> = doc.descendants().filter(|n| n.is_element()).map(|n| n.tag_name().name()).collect();
            let known = ["svg", "title", "desc", "rect", "clipPath", "g", "path", "text", "tspan", "circle"];
            assert!(names.iter().all(|n| known.contains(n)), "{names:?}");
            let texts: Vec<&str> = doc.descendants().filter_map(|n| n.text()).collect();
            assert!(texts.contains(&"<script>alert(1)</script>"), "{texts:?}");
            assert!(texts.contains(&"\"><svg onload=alert(2)>"));
            assert!(texts.contains(&"agnp.exeb")); // without the override and the NUL
            assert!(!svg.contains(['\u{202e}', '\0']));
        }
    }

    #[test]
    fn it_carries_no_style_no_reference_and_no_foreign_id() {
        let svg = map_svg(&outcome(CHARGING_ONLY));
        let doc = roxmltree::Document::parse(&svg).unwrap();
        for a in doc.descendants().flat_map(|n| n.attributes()) {
            assert!(!a.name().starts_with("on") && !["style", "href", "class"].contains(&a.name()), "{}", a.name());
            assert!(a.name() != "id" || a.value().starts_with("cgmap-"), "{}", a.value());
            assert!(!a.value().contains("url(") || a.value().starts_with("url(#cgmap-"));
        }
        assert!(svg.contains("审图号") && svg.contains("SYNTHETIC DATA"));
    }

    #[test]
    fn the_same_outcome_gives_the_same_bytes() {
        assert_eq!(map_svg(&outcome(WITH_SWAP)), map_svg(&outcome(WITH_SWAP)));
    }

    #[test]
    fn without_a_station_every_road_is_drawn_as_gap() {
        let svg = map_svg(&outcome(NONE_USED));
        assert!(svg.contains("no charging station is used"));
        // the map of roads in the gap holds the trunk road; the covered one is empty (its colour is in the legend only)
        let covered = svg.matches(super::layers::ROAD_STYLES[0].covered.0).count();
        let gap = svg.matches(super::layers::ROAD_STYLES[0].gap.0).count();
        assert_eq!((covered, gap), (1, 2));
    }
}
