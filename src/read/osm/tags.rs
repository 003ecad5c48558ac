//! What the tags of a road mean: class, direction, access, speed.

use super::element::TagList;
use crate::config::RoadClass;
use crate::read::road::OneWay;

/// The tags of one element, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tags(Vec<(String, String)>);

impl Tags {
    /// Copies tags out of a block.
    pub fn new(tags: TagList<'_>) -> Self {
        Self(tags.iter().map(|(k, v)| (k.to_owned(), v.to_owned())).collect())
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(k, _)| k == key).map(|(_, v)| v.as_str())
    }

    /// All tags.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(k, v)| (k.as_str(), v.as_str()))
    }
}

/// `highway` values that are no road for motor traffic (wiki: Key:highway), or no road yet or any more.
const NOT_ROADS: &[&str] = &[
    "footway",
    "path",
    "cycleway",
    "steps",
    "bridleway",
    "pedestrian",
    "platform",
    "bus_stop",
    "corridor",
    "elevator",
    "construction",
    "proposed",
    "planned",
    "raceway",
    "rest_area",
    "services",
    "busway",
    "bus_guideway",
    "escape",
    "via_ferrata",
    "crossing",
    "traffic_island",
    "ladder",
    "abandoned",
    "razed",
    "disused",
    "no",
    "emergency_bay",
    "toll_gantry",
    "trailhead",
    "traffic_signals",
    "street_lamp",
    "turning_circle",
    "turning_loop",
    "passing_place",
    "give_way",
    "stop",
    "mini_roundabout",
    "milestone",
    "speed_camera",
];

/// Whether a `highway` value names a road, known or unknown; `None` for what is no road.
pub fn road_class(highway: &str) -> Option<Option<RoadClass>> {
    if NOT_ROADS.contains(&highway) {
        return None;
    }
    Some(RoadClass::from_name(highway).filter(|_| highway != "local"))
}

/// Direction: `oneway`, else implied by roundabouts and motorways. Reversible lanes count as open both ways.
pub fn oneway(tags: TagList<'_>) -> OneWay {
    let implied = matches!(tags.get("junction"), Some("roundabout" | "circular")) || tags.get("highway") == Some("motorway");
    match tags.get("oneway") {
        Some("reversible" | "alternating") => OneWay::No,
        Some(word) => OneWay::from_word(word).unwrap_or(if implied { OneWay::Forward } else { OneWay::No }),
        None if implied => OneWay::Forward,
        None => OneWay::No,
    }
}

/// Closed to motor cars: the most specific of the access tags decides.
pub fn no_motor(tags: TagList<'_>) -> bool {
    let decisive = tags.get("motorcar").or_else(|| tags.get("motor_vehicle"));
    let decisive = decisive.or_else(|| tags.get("vehicle")).or_else(|| tags.get("access"));
    matches!(decisive, Some("no" | "private" | "agricultural" | "forestry" | "military" | "emergency"))
}

/// A `maxspeed` in km/h; `Ok(None)` where the tag sets no number, and the text where it is not understood.
pub fn speed_kmh(text: &str) -> Result<Option<f64>, &str> {
    let text = text.trim();
    if matches!(text, "none" | "signals" | "variable" | "") {
        return Ok(None);
    }
    if text == "walk" {
        return Ok(Some(6.0));
    }
    let (number, scale) = match text.strip_suffix("mph") {
        Some(n) => (n, 1.609_344),
        None => (text.strip_suffix("km/h").unwrap_or(text), 1.0),
    };
    match number.trim().parse::<f64>() {
        Ok(v) if v > 0.0 && v < 400.0 => Ok(Some(v * scale)),
        _ => Err(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags<'a>(list: &'a [(&'a str, &'a str)]) -> TagList<'a> {
        TagList(list)
    }

    #[test]
    fn paths_are_no_roads_and_odd_values_are_unknown_roads() {
        assert_eq!(road_class("footway"), None);
        assert_eq!(road_class("primary_link"), Some(Some(RoadClass::Primary)));
        assert_eq!(road_class("stagecoach"), Some(None));
    }

    #[test]
    fn roundabouts_and_motorways_run_one_way() {
        assert_eq!(oneway(tags(&[("junction", "roundabout")])), OneWay::Forward);
        assert_eq!(oneway(tags(&[("highway", "motorway"), ("oneway", "no")])), OneWay::No);
        assert_eq!(oneway(tags(&[("oneway", "-1")])), OneWay::Backward);
        assert_eq!(oneway(tags(&[("oneway", "reversible")])), OneWay::No);
    }

    #[test]
    fn the_most_specific_access_tag_wins() {
        assert!(no_motor(tags(&[("access", "private")])));
        assert!(!no_motor(tags(&[("access", "private"), ("motor_vehicle", "permissive")])));
        assert!(no_motor(tags(&[("access", "yes"), ("motor_vehicle", "no")])));
        assert!(!no_motor(tags(&[("access", "destination")])));
    }

    #[test]
    fn speeds_have_units() {
        assert_eq!(speed_kmh("50"), Ok(Some(50.0)));
        assert_eq!(speed_kmh("30 mph"), Ok(Some(48.28032)));
        assert_eq!(speed_kmh("none"), Ok(None));
        assert_eq!(speed_kmh("CN:rural"), Err("CN:rural"));
    }
}
