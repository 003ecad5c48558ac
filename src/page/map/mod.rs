//! The static map of a region: charging at the headline distance, as one SVG without scripts, styles or outside references.
//!
//! It is a picture for print and for the report. It is not a layer to measure on: lines are thinned to a quarter of a pixel.

pub(crate) mod labels;
pub(crate) mod layers;
pub(crate) mod legend;
pub(crate) mod roads;
pub(crate) mod sites;
pub(crate) mod towns;

use self::labels::labels;
use self::layers::{ROAD_STYLES, base_roads, borders, counties, gap_roads, marks, style_of};
use self::legend::legend;
use self::sites::sites;
use super::svg::PathData;
use super::svg::ground::{corners, outline};
use super::svg::sheet::{Sheet, Told};
use crate::config::{RoadClass, Service};
use crate::files::lang::Both;
use crate::files::text::{clean, grouped, percent};
use crate::network::NO_COUNTY;
use crate::results::Run;

/// What the parts of a map share.
pub struct RegionMap<'a> {
    /// The analysis.
    pub o: &'a Run<'a>,
    /// The sheet it is drawn on.
    pub(crate) sheet: Sheet,
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
pub fn map_svg(outcome: &Run<'_>) -> String {
    let map = lay_out(outcome);
    let parts = [counties, borders, base_roads, gap_roads, marks, labels, sites];
    map.sheet.draw(&told(outcome), &parts.map(|part| part(&map)).concat(), &legend(&map))
}

fn lay_out<'a>(o: &'a Run<'a>) -> RegionMap<'a> {
    let sheet = Sheet::around(o.members.iter().flat_map(|m| corners(&m.county)), [640.0, 1160.0]);
    let any_charging = o.whole.scene.stations.iter().any(|s| s.used && s.station.charging);
    let styles = styles_with_room(o, sheet.view.px_per_km(), sheet.room());
    let settlements = o.whole.scene.settlements.len() as f64 * LEAST_ROOM <= sheet.room();
    RegionMap { o, sheet, any_charging, styles, settlements }
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

fn told<'a>(o: &'a Run<'a>) -> Told<'a> {
    let (mut road, mut gap) = (0, 0);
    for i in 0..o.members.len() {
        road += o.road_mm(i);
        gap += o.total(i, Service::Charging, o.criteria.serving.headline).gap_mm;
    }
    let label = o.criteria.serving.headline_criterion().label();
    let km = label.trim_end_matches(" km");
    let name = clean(&o.region.name, 120);
    let name_zh = o.region.name_zh.as_deref().map_or_else(|| name.clone(), |zh| clean(zh, 120));
    let (n, share) = (grouped(o.members.len() as u64), percent(gap, road));
    Told {
        region: &o.region,
        subtitle: Both::new(
            format!("Charging: more than {label} by road from a station"),
            format!("充电：沿道路距最近充电站超过 {km} 公里"),
        ),
        name: Both::new(
            format!("{name}: roads more than {label} from a charging station"),
            format!("{name_zh}：距充电站超过 {km} 公里的道路"),
        ),
        description: Both::new(
            format!(
                "Map of {n} counties. {share} of the road length lies more than {label} by road from every charging station and is \
                 drawn in red; the rest in green-grey. Counties are shaded by that share."
            ),
            format!(
                "{n} 个县的地图。{share} 的道路里程距任何充电站均超过 {km} 公里，以红色表示，其余为灰绿色；各县按该比例着色。"
            ),
        ),
    }
}

impl RegionMap<'_> {
    /// The rings of a county as one path.
    pub(crate) fn outline(&self, county: usize) -> PathData {
        outline(self.o.county(county), &self.sheet.view)
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
