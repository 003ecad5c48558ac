//! Charging and swap stations from tags: sets of sockets, output, capacity. What is not understood is listed.
//!
//! Tags after the OSM wiki: `amenity=charging_station`, `capacity`, `socket:<type>`, `socket:<type>:output`; for battery
//! swap `amenity=battery_swap_station`, and `battery_swap=yes` or `service:battery_swap=yes` on a charging station.
//! `hgv` (or `truck`) says whether trucks can use it. Lifecycle prefixes make a station planned or closed.

use super::passes::TaggedPoint;
use super::tags::Tags;
use crate::config::station_words::{Access, Status};
use crate::error::Location;
use crate::issue::{IssueCode, Issues, Layer};
use crate::read::fields::{MOST_POINTS, whole};
use crate::read::power::{self, Power};
use crate::read::station::{Station, trucks_by_tag};
use std::collections::BTreeSet;

const AMENITIES: &[&str] = &["charging_station", "battery_swap_station", "battery_swap"];
const PLANNED: &[&str] = &["planned:", "proposed:", "construction:"];
const CLOSED: &[&str] = &["disused:", "abandoned:", "was:", "removed:", "demolished:"];

/// Socket types of the wiki page Key:socket.
const SOCKETS: &[&str] = &[
    "type1",
    "type1_cable",
    "type1_combo",
    "type2",
    "type2_cable",
    "type2_combo",
    "type2cable",
    "type3",
    "type3a",
    "type3c",
    "chademo",
    "chaoji",
    "gb_dc",
    "gb_ac",
    "gbt_dc",
    "gbt_ac",
    "nacs",
    "tesla_supercharger",
    "tesla_supercharger_ccs",
    "tesla_destination",
    "tesla_standard",
    "tesla_roadster",
    "schuko",
    "typee",
    "bs1363",
    "cee_blue",
    "cee_red_16a",
    "cee_red_32a",
    "cee_red_63a",
    "cee_red_125a",
    "nema_5_15",
    "nema_5_20",
    "nema_14_30",
    "nema_14_50",
    "as3112",
    "sev1011_t13",
    "sev1011_t15",
    "sev1011_t23",
    "sev1011_t25",
    "unknown",
];

/// Sockets that no car charges at.
const NOT_FOR_CARS: &[&str] =
    &["bosch_3pin", "bosch_5pin", "rosenberger", "shimano_steps_5pin", "panasonic_3pin", "usb-a", "usb-c"];

/// Whether a tag makes its element a station of some kind.
pub fn concerns(key: &str, value: &str) -> bool {
    if !key.ends_with("amenity") {
        return false; // most tags of a file
    }
    let bare = PLANNED.iter().chain(CLOSED).find_map(|p| key.strip_prefix(p)).unwrap_or(key);
    bare == "amenity" && AMENITIES.contains(&value)
}

/// A station, or `None` (and a note) when it is not for cars.
pub fn station(place: &TaggedPoint, at: &Location, issues: &mut Issues) -> Option<Station> {
    let tags = &place.tags;
    let here = at.clone().id(format!("{}/{}", place.kind, place.id));
    if for_bicycles(tags) {
        issues.push(Layer::Stations, IssueCode::OtherKind, here, "a charging station for bicycles");
        return None;
    }
    let (amenity, status) = kind(tags)?;
    let yes = |key: &str| tags.get(key) == Some("yes");
    let swap = amenity != "charging_station" || yes("battery_swap") || yes("service:battery_swap");
    let mut reader = TagReader { tags, here: here.clone(), issues };
    let sockets = reader.sockets();
    let capacity = reader.count("capacity");
    let all = reader.power("charging_station:output");
    let access = reader.access();
    let text = |keys: &[&str]| keys.iter().find_map(|k| tags.get(k)).unwrap_or_default().to_owned();
    Some(Station {
        id: format!("{}/{}", place.kind, place.id),
        name: text(&["name:en", "name"]),
        at: place.at,
        charging: amenity == "charging_station",
        swap,
        points: capacity.or((sockets.count > 0).then_some(sockets.count)).or(sockets.guns),
        power_kw: sockets.power_kw,
        total_kw: all.and_then(|p| p.total_kw),
        sockets: sockets.kinds.into_iter().collect::<Vec<_>>().join(";"),
        swap_bays: None,
        swap_batteries: None,
        trucks: trucks_by_tag(|k| tags.get(k)),
        operator: text(&["operator", "network", "brand"]),
        access,
        status,
        opened: text(&["opening_date", "start_date"]),
        source: here,
    })
}

fn kind(tags: &Tags) -> Option<(&str, Status)> {
    if let Some(a) = tags.get("amenity").filter(|a| AMENITIES.contains(a)) {
        return Some((a, Status::Open));
    }
    let under = |prefixes: &[&str]| {
        tags.iter()
            .find(|(k, v)| AMENITIES.contains(v) && prefixes.iter().any(|p| k.strip_prefix(p) == Some("amenity")))
            .map(|(_, v)| v)
    };
    under(PLANNED).map(|a| (a, Status::Planned)).or_else(|| under(CLOSED).map(|a| (a, Status::Closed)))
}

fn for_bicycles(tags: &Tags) -> bool {
    let cars = ["motorcar", "motor_vehicle", "car", "hgv", "truck", "bus"].iter().filter_map(|k| tags.get(k));
    let (mut any, mut allowed) = (false, false);
    for value in cars {
        any = true;
        allowed |= value != "no";
    }
    if any {
        return !allowed;
    }
    let mut car_socket = false;
    let mut bike_socket = false;
    for kind in tags.iter().filter_map(|(k, _)| k.strip_prefix("socket:")).filter(|k| !k.contains(':')) {
        bike_socket |= NOT_FOR_CARS.contains(&kind);
        car_socket |= !NOT_FOR_CARS.contains(&kind) && kind != "schuko";
    }
    !car_socket && (bike_socket || tags.get("bicycle") == Some("yes") || tags.get("bicycle") == Some("designated"))
}

#[derive(Default)]
struct Sockets {
    kinds: BTreeSet<String>,
    count: u32,
    /// Guns by what the outputs say (`2x22 kW`), where each says it.
    guns: Option<u32>,
    power_kw: Option<f64>,
}

/// Reads single tags and lists what it does not understand.
struct TagReader<'a> {
    tags: &'a Tags,
    here: Location,
    issues: &'a mut Issues,
}

impl TagReader<'_> {
    fn say(&mut self, code: IssueCode, field: &str, what: String) {
        self.issues.push(Layer::Stations, code, self.here.clone().field(field), what);
    }

    fn sockets(&mut self) -> Sockets {
        let (mut out, mut said) = (Sockets::default(), Vec::new());
        let tags = self.tags;
        for (key, value) in tags.iter() {
            let Some(rest) = key.strip_prefix("socket:") else { continue };
            let (kind, what) = rest.split_once(':').unwrap_or((rest, ""));
            match what {
                "" if value == "no" || value == "0" => {}
                "" => {
                    out.kinds.insert(kind.to_lowercase());
                    if !SOCKETS.contains(&kind) {
                        self.say(IssueCode::UnknownValue, key, format!("\"{kind}\" is not a known socket; it was kept"));
                    }
                    match value {
                        "yes" => out.count += 1,
                        _ => out.count += self.count(key).unwrap_or(0),
                    }
                }
                "output" => {
                    if let Some(power) = self.power(key) {
                        out.power_kw = Some(out.power_kw.map_or(power.kw, |p| p.max(power.kw)));
                        said.push(power.guns);
                    }
                }
                _ => {} // current, voltage and the like
            }
        }
        out.guns = said.into_iter().sum::<Option<u32>>().filter(|n| *n > 0);
        out
    }

    /// A number of things; a set of numbers adds up.
    fn count(&mut self, key: &str) -> Option<u32> {
        let text = self.tags.get(key)?;
        let parts: Vec<Option<u32>> = text.split(';').map(|t| whole(t, MOST_POINTS)).collect();
        if parts.iter().any(Option::is_none) {
            self.say(IssueCode::BadNumber, key, format!("\"{text}\" is not a number"));
            return None;
        }
        Some(parts.into_iter().flatten().sum())
    }

    /// The power in a tag, read as a value that stands alone; what is in doubt is told and not guessed.
    fn power(&mut self, key: &str) -> Option<Power> {
        let text = self.tags.get(key)?;
        match power::read_alone(text) {
            Ok(power) => {
                if let Some(what) = power.told(text) {
                    self.say(IssueCode::KvaAsKw, key, what);
                }
                Some(power)
            }
            Err(what) => {
                self.say(IssueCode::BadNumber, key, what);
                None
            }
        }
    }

    fn access(&mut self) -> Access {
        let Some(word) = self.tags.get("access") else { return Access::Unknown };
        Access::from_word(word).unwrap_or_else(|| {
            self.say(IssueCode::UnknownValue, "access", format!("\"{word}\" is not a known access"));
            Access::Unknown
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::osm::element::TagList;
    use crate::space::LonLat;

    fn read(tags: &[(&str, &str)]) -> (Option<Station>, Vec<String>) {
        let place = TaggedPoint { id: 1, kind: "node", at: LonLat::default(), tags: Tags::new(TagList(tags)) };
        let mut issues = Issues::default();
        let s = station(&place, &Location::default(), &mut issues);
        (s, issues.sorted().iter().map(|i| i.code.to_string()).collect())
    }

    #[test]
    fn sockets_are_a_set_with_the_highest_output() {
        let tags = [
            ("amenity", "charging_station"),
            ("socket:type2", "2"),
            ("socket:type2:output", "22 kW;11 kW"),
            ("socket:chademo", "1"),
            ("socket:chademo:output", "50000 W"),
        ];
        let (s, issues) = read(&tags);
        let s = s.unwrap();
        assert_eq!((s.sockets.as_str(), s.points, s.power_kw), ("chademo;type2", Some(3), Some(50.0)));
        assert!(issues.is_empty());
    }

    #[test]
    fn what_is_not_understood_is_listed_and_kept() {
        let (s, issues) =
            read(&[("amenity", "charging_station"), ("socket:flux", "1"), ("capacity", "many"), ("socket:type2:output", "lots")]);
        assert_eq!(s.unwrap().sockets, "flux");
        // in the order of the fields: capacity, socket:flux, socket:type2:output
        assert_eq!(issues, ["bad_number", "unknown_value", "bad_number"]);
    }

    #[test]
    fn lifecycle_and_swap() {
        assert_eq!(read(&[("disused:amenity", "charging_station")]).0.unwrap().status, Status::Closed);
        assert_eq!(read(&[("construction:amenity", "charging_station")]).0.unwrap().status, Status::Planned);
        let s = read(&[("amenity", "battery_swap_station")]).0.unwrap();
        assert!(s.swap && !s.charging);
        let s = read(&[("amenity", "charging_station"), ("battery_swap", "yes")]).0.unwrap();
        assert!(s.swap && s.charging && s.trucks.is_none());
        let s = read(&[("amenity", "charging_station"), ("hgv", "yes"), ("motorcar", "no")]).0.unwrap();
        assert_eq!(s.trucks, Some(true));
    }

    #[test]
    fn bicycle_chargers_are_another_kind() {
        assert!(read(&[("amenity", "charging_station"), ("bicycle", "yes")]).0.is_none());
        assert!(read(&[("amenity", "charging_station"), ("bicycle", "yes"), ("motorcar", "yes")]).0.is_some());
        assert!(read(&[("amenity", "charging_station"), ("bicycle", "yes"), ("socket:type2", "1")]).0.is_some());
        assert_eq!(read(&[("amenity", "charging_station"), ("motorcar", "no")]).1, ["other_kind"]);
    }
}
