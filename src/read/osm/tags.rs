//! What the tags of a road mean: class, level, surface, limits for lorries. Access and direction: `driving`; speed: `speed`.

use super::element::TagList;
use crate::config::RoadClass;

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

/// `surface` values on which the speed of a class is not driven. The OSRM project's car profile has 40 km/h or less for them.
const UNPAVED: &[&str] =
    &["unpaved", "gravel", "dirt", "ground", "earth", "grass", "sand", "mud", "clay", "rock", "pebblestone", "stone"];

/// The speed on an unpaved road whose limit is not tagged is at most this, km/h.
pub const UNPAVED_KMH: f64 = 40.0;

/// Whether a `highway` value names a road, known or unknown; `None` for what is no road.
pub fn road_class(highway: &str) -> Option<Option<RoadClass>> {
    if NOT_ROADS.contains(&highway) {
        return None;
    }
    Some(RoadClass::from_name(highway).filter(|_| highway != "local"))
}

/// Level: `layer`, else 1 on a bridge and -1 in a tunnel.
pub fn level(tags: TagList<'_>) -> i8 {
    crate::read::road::level(tags.get("layer"), tags.get("bridge"), tags.get("tunnel"))
}

/// Closed to lorries, which is noted and not applied.
pub fn no_lorries(tags: TagList<'_>) -> bool {
    matches!(tags.get("hgv"), Some("no" | "private"))
}

/// A limit of weight, which is noted and not applied.
pub fn weight_limit(tags: TagList<'_>) -> bool {
    tags.get("maxweight").is_some_and(|v| !matches!(v, "" | "none" | "default" | "unsigned" | "no"))
}

/// Whether a road's surface is loose.
pub fn unpaved(tags: TagList<'_>) -> bool {
    tags.get("surface").is_some_and(|v| v.split(';').any(|v| UNPAVED.contains(&v.trim())))
}

/// Whether a way is a ferry that may take cars.
pub fn ferry(tags: TagList<'_>) -> bool {
    tags.get("route") == Some("ferry") && !super::driving::closed(tags)
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
    fn what_is_noted_and_not_applied() {
        assert!(no_lorries(tags(&[("hgv", "no")])) && !no_lorries(tags(&[("hgv", "destination")])));
        assert!(weight_limit(tags(&[("maxweight", "3.5")])) && !weight_limit(tags(&[("maxweight", "none")])));
        assert!(ferry(tags(&[("route", "ferry")])) && !ferry(tags(&[("route", "ferry"), ("motor_vehicle", "no")])));
        assert!(unpaved(tags(&[("surface", "gravel")])) && !unpaved(tags(&[("surface", "asphalt")])));
    }
}
