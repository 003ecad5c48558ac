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

/// `surface` values on which the speed of a class is not driven. The OSRM project's car profile has 40 km/h or less for them.
const UNPAVED: &[&str] =
    &["unpaved", "gravel", "dirt", "ground", "earth", "grass", "sand", "mud", "clay", "rock", "pebblestone", "stone"];

/// The speed on an unpaved road whose limit is not tagged is at most this, km/h.
pub const UNPAVED_KMH: f64 = 40.0;

/// Speed limits in km/h that a `maxspeed` names by country and kind of road, as the countries' own rules have them
/// for a car on a dry day (wiki: Key:maxspeed and Default speed limits).
///
/// China: Regulation for the Implementation of the Road Traffic Safety Law, articles 45 (one lane a direction: 50 in
/// towns, 70 elsewhere; the 30 and 40 of roads without a centre line are not told apart) and 78 (motorways 120). It sets
/// nothing for `CN:trunk`, so that is not understood. Great Britain: national limits of 60 and 70 mph, 30 mph where lit.
const BY_RULE: &[(&str, f64)] = &[
    ("AT:motorway", 130.0),
    ("AT:rural", 100.0),
    ("AT:trunk", 100.0),
    ("AT:urban", 50.0),
    ("CH:motorway", 120.0),
    ("CH:rural", 80.0),
    ("CH:trunk", 100.0),
    ("CH:urban", 50.0),
    ("CN:motorway", 120.0),
    ("CN:rural", 70.0),
    ("CN:urban", 50.0),
    ("CZ:motorway", 130.0),
    ("CZ:rural", 90.0),
    ("CZ:urban", 50.0),
    ("DE:living_street", 7.0),
    ("DE:rural", 100.0),
    ("DE:urban", 50.0),
    ("DK:motorway", 130.0),
    ("DK:rural", 80.0),
    ("DK:urban", 50.0),
    ("FR:motorway", 130.0),
    ("FR:rural", 80.0),
    ("FR:urban", 50.0),
    ("GB:motorway", 70.0 * KMH_A_MPH),
    ("GB:nsl_dual", 70.0 * KMH_A_MPH),
    ("GB:nsl_restricted", 30.0 * KMH_A_MPH),
    ("GB:nsl_single", 60.0 * KMH_A_MPH),
    ("HU:motorway", 130.0),
    ("HU:rural", 90.0),
    ("HU:trunk", 110.0),
    ("HU:urban", 50.0),
    ("IT:motorway", 130.0),
    ("IT:rural", 90.0),
    ("IT:trunk", 110.0),
    ("IT:urban", 50.0),
    ("NO:rural", 80.0),
    ("NO:urban", 50.0),
    ("PL:motorway", 140.0),
    ("PL:rural", 90.0),
    ("PL:urban", 50.0),
    ("RO:motorway", 130.0),
    ("RO:rural", 90.0),
    ("RO:trunk", 100.0),
    ("RO:urban", 50.0),
    ("RU:living_street", 20.0),
    ("RU:motorway", 110.0),
    ("RU:rural", 90.0),
    ("RU:urban", 60.0),
];

/// Kilometres an hour in a mile an hour.
const KMH_A_MPH: f64 = 1.609_344;

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

/// Level: `layer`, else 1 on a bridge and -1 in a tunnel.
pub fn level(tags: TagList<'_>) -> i8 {
    crate::read::road::level(tags.get("layer"), tags.get("bridge"), tags.get("tunnel"))
}

/// Closed to motor cars: the most specific of the access tags decides.
pub fn no_motor(tags: TagList<'_>) -> bool {
    let decisive = tags.get("motorcar").or_else(|| tags.get("motor_vehicle"));
    let decisive = decisive.or_else(|| tags.get("vehicle")).or_else(|| tags.get("access"));
    matches!(decisive, Some("no" | "private" | "agricultural" | "forestry" | "military" | "emergency"))
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
    tags.get("route") == Some("ferry") && !no_motor(tags)
}

/// A `maxspeed` in km/h: the lowest of a list such as `50;70`. `Ok(None)` where it sets no number, and the text where it,
/// or a part of it, is not understood.
pub fn speed_kmh(text: &str) -> Result<Option<f64>, &str> {
    let mut lowest: Option<f64> = None;
    for part in text.split(';') {
        if let Some(v) = one_speed_kmh(part).map_err(|_| text)? {
            lowest = Some(lowest.map_or(v, |l| l.min(v)));
        }
    }
    Ok(lowest)
}

/// One `maxspeed` in km/h; `Ok(None)` where the tag sets no number, and the text where it is not understood.
fn one_speed_kmh(text: &str) -> Result<Option<f64>, &str> {
    let text = text.trim();
    if matches!(text, "none" | "signals" | "variable" | "") {
        return Ok(None);
    }
    if text == "walk" {
        return Ok(Some(6.0));
    }
    if let Ok(i) = BY_RULE.binary_search_by_key(&text, |r| r.0) {
        return Ok(Some(BY_RULE[i].1));
    }
    let (number, scale) = match text.strip_suffix("mph") {
        Some(n) => (n, KMH_A_MPH),
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
        // of what says nothing, motorways alone; not even their links (wiki: Key:oneway, implied)
        let silent = ["motorway", "motorway_link", "trunk", "primary"].map(|h| oneway(tags(&[("highway", h)])));
        assert_eq!(silent, [OneWay::Forward, OneWay::No, OneWay::No, OneWay::No]);
        assert_eq!(oneway(tags(&[("highway", "motorway"), ("oneway", "perhaps")])), OneWay::Forward);
        assert_eq!(oneway(tags(&[("highway", "motorway"), ("oneway", "no")])), OneWay::No);
        assert_eq!(oneway(tags(&[("oneway", "-1")])), OneWay::Backward);
        assert_eq!(oneway(tags(&[("oneway", "reversible")])), OneWay::No);
        assert_eq!(oneway(tags(&[("oneway", "alternating")])), OneWay::No);
        assert_eq!(oneway(tags(&[("junction", "circular")])), OneWay::Forward);
    }

    #[test]
    fn the_most_specific_access_tag_wins() {
        assert!(no_motor(tags(&[("access", "private")])));
        assert!(!no_motor(tags(&[("access", "private"), ("motor_vehicle", "permissive")])));
        assert!(no_motor(tags(&[("access", "yes"), ("motor_vehicle", "no")])));
        assert!(!no_motor(tags(&[("access", "destination")])));
    }

    #[test]
    fn roads_for_some_only_are_closed() {
        for key in ["motorcar", "motor_vehicle", "vehicle", "access"] {
            let closed = |word: &str| no_motor(tags(&[(key, word)]));
            assert!(["no", "private", "agricultural", "forestry", "military", "emergency"].into_iter().all(closed), "{key}");
            assert!(
                !["yes", "permissive", "destination", "customers", "delivery", "unknown", ""].into_iter().any(closed),
                "{key}"
            );
        }
        assert!(!no_motor(tags(&[])));
    }

    #[test]
    fn speeds_have_units() {
        assert_eq!(speed_kmh("50"), Ok(Some(50.0)));
        assert_eq!(speed_kmh("30 mph"), Ok(Some(48.28032)));
        assert_eq!(speed_kmh("none"), Ok(None));
        assert_eq!(speed_kmh("fast"), Err("fast"));
    }

    #[test]
    fn of_a_list_of_speeds_the_lowest_counts() {
        // in any place of the list, and in its own unit: 30 mph are 48.28 km/h
        assert_eq!(["70;50", "50;70", "70;50;60"].map(speed_kmh), [Ok(Some(50.0)); 3]);
        assert_eq!(["30 mph;50", "50;30 mph"].map(speed_kmh), [Ok(Some(48.28032)); 2]);
        assert_eq!(speed_kmh("signals; 90"), Ok(Some(90.0)));
        assert_eq!(speed_kmh("50;fast"), Err("50;fast"));
    }

    #[test]
    fn speeds_by_rule_are_those_of_the_country() {
        assert_eq!(
            [speed_kmh("CN:urban"), speed_kmh("CN:rural"), speed_kmh("CN:motorway")].map(Result::unwrap),
            [Some(50.0), Some(70.0), Some(120.0)]
        );
        assert_eq!(speed_kmh("CN:trunk"), Err("CN:trunk")); // the law sets none
        assert_eq!(speed_kmh("GB:nsl_single"), Ok(Some(96.56064))); // 60 mph
        assert!(BY_RULE.is_sorted_by(|a, b| a.0 < b.0)); // it is searched by halves
    }

    #[test]
    fn what_is_noted_and_not_applied() {
        assert!(no_lorries(tags(&[("hgv", "no")])) && !no_lorries(tags(&[("hgv", "destination")])));
        assert!(weight_limit(tags(&[("maxweight", "3.5")])) && !weight_limit(tags(&[("maxweight", "none")])));
        assert!(ferry(tags(&[("route", "ferry")])) && !ferry(tags(&[("route", "ferry"), ("motor_vehicle", "no")])));
        assert!(unpaved(tags(&[("surface", "gravel")])) && !unpaved(tags(&[("surface", "asphalt")])));
    }
}
