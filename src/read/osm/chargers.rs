//! Charging and swap stations from tags: sets of sockets, output, capacity. What is not understood is listed.
//!
//! Tags after the OSM wiki: `amenity=charging_station`, `capacity`, `socket:<type>`, `socket:<type>:output`; for battery
//! swap `amenity=battery_swap_station`, and `battery_swap=yes` or `service:battery_swap=yes` on a charging station.
//! `hgv` (or `truck`) says whether trucks can use it. Lifecycle prefixes make a station planned or closed.

use super::element::TagList;
use super::in_service::{self, is_stage};
use super::passes::TaggedPoint;
use super::tags::Tags;
use crate::config::station_words::{Access, Status};
use crate::error::Location;
use crate::issue::{IssueCode, Issues, Layer};
use crate::read::equipment::Equipment;
use crate::read::fields::{MOST_POINTS, whole};
use crate::read::power::{self, Power};
use crate::read::station::{Station, trucks_by_tag};
use std::collections::BTreeSet;

const AMENITIES: &[&str] = &["charging_station", "battery_swap_station", "battery_swap"];
/// Prefixes of a key, and what they make of a charger (wiki: Lifecycle prefix).
const LIFECYCLE: &[(&str, Status)] = &[
    ("planned:", Status::Planned),
    ("proposed:", Status::Planned),
    ("construction:", Status::Planned),
    ("disused:", Status::Closed),
    ("abandoned:", Status::Closed),
    ("was:", Status::Closed),
    ("removed:", Status::Closed),
    ("razed:", Status::Closed),
    ("demolished:", Status::Closed),
    ("destroyed:", Status::Closed),
    ("historic:", Status::Closed),
];

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

/// What stands behind `socket:<type>:` and gives the power of a gun.
const OUTPUTS: &[&str] = &["output", "max_output", "output:max", "power", "max_power", "maxpower", "power_output"];
/// Keys with the power of the whole station.
const STATION_OUTPUTS: &[&str] = &["charging_station:output", "charging_station:max_output", "charging_station:power"];
/// Keys with a power of which they do not say whose it is.
const BARE_OUTPUTS: &[&str] =
    &["output", "maxpower", "max_power", "max_output", "power_output", "output:max", "charge_point:output", "rated_power"];

/// Sockets that no car charges at.
const NOT_FOR_CARS: &[&str] =
    &["bosch_3pin", "bosch_5pin", "rosenberger", "shimano_steps_5pin", "panasonic_3pin", "usb-a", "usb-c"];

/// Whether a tag makes its element a station of some kind, or a point of one.
pub fn concerns(key: &str, value: &str) -> bool {
    // most tags of a file end here
    (key.ends_with("amenity") || key.ends_with("man_made"))
        && (kind_by(key, value).is_some() || key == "amenity" && is_stage(value))
        || is_hydrogen(key, value)
}

/// Whether a tag says that hydrogen is given out (wiki: Key:fuel, for `amenity=fuel`).
fn is_hydrogen(key: &str, value: &str) -> bool {
    let gas = |rest: &str| ["h35", "h70", "lh2", "h2", "hydrogen"].iter().any(|g| rest.eq_ignore_ascii_case(g));
    key.strip_prefix("fuel:").is_some_and(gas) && !matches!(value, "no" | "0" | "")
}

/// Whether what [`concerns`] us is a charger indeed: a thing that is being built may be a school.
pub fn is_charger(value: &str, tags: TagList<'_>) -> bool {
    !is_stage(value) || of_stage(|k| tags.get(k)).is_some()
}

/// A charger that is not built yet or out of use by `amenity` itself: `amenity=construction`, `construction=charging_station`.
fn of_stage<'t>(get: impl Fn(&str) -> Option<&'t str>) -> Option<Kind> {
    let ((status, word), value) = in_service::stage(get)?;
    Some(Kind { status, word: Some(word), ..kind_by("amenity", value)? })
}

/// Tags by which other things than chargers say that cars can charge there. They are counted, not read.
pub fn says_so(key: &str, value: &str) -> bool {
    matches!(key, "capacity:charging" | "fuel:electricity" | "fuel:electric" | "charging_station")
        && !matches!(value, "no" | "0" | "none" | "")
}

/// What an element is by its tags.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Kind {
    /// Charges by plug.
    pub charging: bool,
    /// Swaps batteries.
    pub swap: bool,
    /// Gives out hydrogen.
    pub hydrogen: bool,
    /// A single point (`man_made=charge_point`) and no station.
    pub point: bool,
    /// In service or not.
    pub status: Status,
    /// The word that says so, where it is not in service.
    pub word: Option<&'static str>,
}

/// What one tag says; of a list of values (`parking;charging_station`) each counts.
fn kind_by(key: &str, value: &str) -> Option<Kind> {
    let prefix = LIFECYCLE.iter().find_map(|(p, status)| Some((*p, *status, key.strip_prefix(p)?)));
    let (word, status, bare) = prefix.map_or((None, Status::Open, key), |(p, status, bare)| (Some(p), status, bare));
    let has = |word: &str| value.split(';').any(|v| v.trim() == word);
    let kind = Kind { status, word, ..Kind::default() };
    match bare {
        "amenity" if AMENITIES.iter().any(|a| has(a)) => {
            Some(Kind { charging: has(AMENITIES[0]), swap: has(AMENITIES[1]) || has(AMENITIES[2]), ..kind })
        }
        "man_made" if has("charge_point") => Some(Kind { charging: true, point: true, ..kind }),
        _ => None,
    }
}

/// Hydrogen at a filling station that is in service, to come or gone by the prefix of its `amenity`.
fn hydrogen(tags: &Tags) -> Option<Kind> {
    tags.iter().find(|(k, v)| is_hydrogen(k, v))?;
    let fuel = |key: &str| tags.get(key).is_some_and(|v| v.split(';').any(|v| matches!(v.trim(), "fuel" | "charging_station")));
    let gone = LIFECYCLE.iter().find(|(prefix, _)| fuel(&format!("{prefix}amenity")));
    let here = Kind { hydrogen: true, status: Status::Open, ..Kind::default() };
    if fuel("amenity") { Some(here) } else { gone.map(|(word, status)| Kind { status: *status, word: Some(word), ..here }) }
}

/// What an element is: what is in service before what is planned and what is closed, a station before a point of one.
pub fn kind(tags: &Tags) -> Option<Kind> {
    let hydrogen = hydrogen(tags);
    let order = |k: &Kind| (matches!(k.status, Status::Closed), matches!(k.status, Status::Planned), k.point);
    let of_tags = tags.iter().filter_map(|(k, v)| kind_by(k, v)).min_by_key(order);
    let mut found = of_tags.or_else(|| of_stage(|k| tags.get(k))).or(hydrogen)?;
    found.hydrogen |= hydrogen.is_some_and(|h| h.status == found.status);
    // `disused=yes` beside the tag itself says the same as its prefix
    let yes = |prefix: &str| tags.get(prefix.trim_end_matches(':')) == Some("yes");
    if let Some((word, status)) = LIFECYCLE.iter().find(|(p, _)| found.word.is_none() && yes(p)) {
        (found.word, found.status) = (Some(*word), *status);
    }
    Some(found)
}

/// A station, or `None` (and a note) when it is not for cars.
pub fn station(place: &TaggedPoint, kind: Kind, at: &Location, issues: &mut Issues) -> Option<Station> {
    let tags = &place.tags;
    let here = at.clone().id(format!("{}/{}", place.kind, place.id)).on_ground(place.at);
    if for_bicycles(tags) {
        issues.push(Layer::Stations, IssueCode::OtherKind, here, "a charging station for bicycles");
        return None;
    }
    let yes = |key: &str| tags.get(key) == Some("yes");
    let mut reader = TagReader { tags, here: here.clone(), issues };
    let sockets = reader.sockets();
    let capacity = reader.count("capacity");
    let all = STATION_OUTPUTS.iter().find_map(|key| reader.power(key));
    reader.state();
    let access = reader.access();
    let points = capacity.or((sockets.count > 0).then_some(sockets.count)).or(sockets.guns);
    let one_gun = kind.point || points == Some(1);
    let power_kw = sockets.power_kw.or_else(|| reader.bare_output(one_gun, all.is_some()));
    let text = |keys: &[&str]| keys.iter().find_map(|k| tags.get(k)).unwrap_or_default().to_owned();
    Some(Station {
        id: format!("{}/{}", place.kind, place.id),
        name: text(&["name:en", "name"]),
        at: place.at,
        charging: kind.charging,
        swap: kind.swap || yes("battery_swap") || yes("service:battery_swap"),
        hydrogen: kind.hydrogen,
        points,
        power_kw,
        total_kw: all.and_then(|p| p.total_kw),
        sockets: sockets.kinds.into_iter().collect::<Vec<_>>().join(";"),
        swap_bays: None,
        swap_batteries: None,
        trucks: trucks_by_tag(|k| tags.get(k)),
        operator: text(&["operator", "network", "brand"]),
        access,
        status: kind.status,
        opened: text(&["opening_date", "start_date"]),
        equipment: Equipment::default(),
        source: here,
    })
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
            // `socket:output` is of any socket
            let (kind, what) = if OUTPUTS.contains(&rest) { ("", rest) } else { rest.split_once(':').unwrap_or((rest, "")) };
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
                _ if OUTPUTS.contains(&what) => {
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

    /// A number of things; a set of numbers adds up: `2;1`, `2+2`, `2x2`.
    fn count(&mut self, key: &str) -> Option<u32> {
        let text = self.tags.get(key)?;
        let one =
            |t: &str| t.split(['x', 'X', '×', '*']).map(|n| whole(n, MOST_POINTS)).try_fold(1u32, |all, n| all.checked_mul(n?));
        let sum = text.split([';', '+']).map(one).try_fold(0u32, |all, n| all.checked_add(n?)).filter(|n| *n <= MOST_POINTS);
        if sum.is_none() {
            self.say(IssueCode::BadNumber, key, format!("\"{text}\" is not a number"));
        }
        sum
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

    /// A power of which the tag does not say whether it is a gun's or the whole station's: where there is one gun, it is both.
    fn bare_output(&mut self, one_gun: bool, known: bool) -> Option<f64> {
        let key = BARE_OUTPUTS.iter().find(|key| self.tags.get(key).is_some())?;
        if one_gun {
            return self.power(key).map(|p| p.kw);
        }
        if !known {
            let what = format!(
                "\"{}\" does not say whether it is of a gun or of the whole station; it was not used",
                self.tags.get(key)?
            );
            self.say(IssueCode::PowerOfWhat, key, what);
        }
        None
    }

    /// Tells a state that is not known.
    fn state(&mut self) {
        if let Some((key, word)) = in_service::unknown_state(self.tags) {
            self.say(IssueCode::UnknownValue, key, format!("\"{word}\" is not a known {key}"));
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
    use crate::space::LonLat;

    fn read(tags: &[(&str, &str)]) -> (Option<Station>, Vec<String>) {
        let place = TaggedPoint { id: 1, kind: "node", at: LonLat::default(), tags: Tags::new(TagList(tags)) };
        let mut issues = Issues::default();
        let s = station(&place, kind(&place.tags).unwrap(), &Location::default(), &mut issues);
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
    fn power_is_read_from_every_key_that_says_whose_it_is() {
        let with = |tags: &[(&str, &str)]| {
            let (s, issues) = read(&[&[("amenity", "charging_station")], tags].concat());
            let s = s.unwrap();
            (s.power_kw, s.total_kw, issues)
        };
        let gun = |kw: f64| (Some(kw), None, Vec::<String>::new());
        for key in
            ["socket:type2:output", "socket:type2:max_output", "socket:type2:power", "socket:type2:maxpower", "socket:output"]
        {
            assert_eq!(with(&[(key, "22 kW")]), gun(22.0), "{key}");
        }
        for key in ["charging_station:output", "charging_station:max_output", "charging_station:power"] {
            assert_eq!(with(&[(key, "300 kW")]), (None, Some(300.0), vec![]), "{key}");
        }
        // one gun: its power is the station's; of several nobody knows whose it is
        for key in ["output", "maxpower", "max_power"] {
            assert_eq!(with(&[(key, "50 kW"), ("capacity", "1")]), gun(50.0), "{key}");
            assert_eq!(with(&[(key, "50 kW"), ("capacity", "4")]), (None, None, vec!["power_of_what".to_owned()]), "{key}");
        }
        // told where nothing else says it
        assert_eq!(with(&[("output", "50 kW"), ("socket:ccs:output", "50 kW"), ("capacity", "4")]).0, Some(50.0));
        assert_eq!(with(&[("output", "many"), ("capacity", "1")]), (None, None, vec!["bad_number".to_owned()]));
        // a state that is not known is told
        assert_eq!(with(&[("operational_status", "who knows")]).2, ["unknown_value"]);
    }

    #[test]
    fn what_is_being_built_is_known_by_two_tags() {
        let of = |tags: &[(&str, &str)]| kind(&Tags::new(TagList(tags))).map(|k| (k.status, k.word));
        let built = [("amenity", "construction"), ("construction", "charging_station")];
        assert_eq!(of(&built), Some((Status::Planned, Some("amenity=construction"))));
        assert_eq!(
            of(&[("amenity", "proposed"), ("proposed", "charging_station")]),
            Some((Status::Planned, Some("amenity=proposed")))
        );
        assert_eq!(
            of(&[("amenity", "disused"), ("disused", "charging_station")]),
            Some((Status::Closed, Some("amenity=disused")))
        );
        assert_eq!(of(&[("amenity", "construction"), ("construction", "school")]), None);
        assert_eq!(of(&[("amenity", "construction")]), None);
        assert!(concerns("amenity", "construction") && !concerns("highway", "construction"));
        assert!(is_charger("construction", TagList(&built)) && !is_charger("construction", TagList(&built[..1])));
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
    fn a_charger_is_known_in_lists_and_before_its_time_and_after() {
        let of = |k: &str, v: &str| kind(&Tags::new(TagList(&[(k, v)])));
        let open = Kind { charging: true, status: Status::Open, ..Kind::default() };
        assert_eq!(
            ["charging_station", "parking;charging_station", "charging_station; parking", "charging_station "]
                .map(|v| of("amenity", v)),
            [Some(open); 4]
        );
        assert_eq!(of("amenity", "charging_station;battery_swap"), Some(Kind { swap: true, ..open }));
        assert_eq!(of("man_made", "charge_point"), Some(Kind { point: true, ..open }));
        assert_eq!(
            (of("amenity", "charging_stations"), of("xamenity", "charging_station"), of("man_made", "tower")),
            (None, None, None)
        );
        for (prefix, status) in LIFECYCLE {
            let gone = Kind { status: *status, word: Some(prefix), ..open };
            assert_eq!(of(&format!("{prefix}amenity"), "charging_station"), Some(gone));
            assert_eq!(of(&format!("{prefix}man_made"), "charge_point"), Some(Kind { point: true, ..gone }));
            let beside = [("amenity", "charging_station"), (prefix.trim_end_matches(':'), "yes")];
            assert_eq!(kind(&Tags::new(TagList(&beside))), Some(gone));
        }
        // moved: gone here and open again under another tag
        let both = [("disused:amenity", "charging_station"), ("amenity", "charging_station")];
        assert_eq!(kind(&Tags::new(TagList(&both))), Some(open));
    }

    #[test]
    fn capacities_add_up_and_multiply_and_are_told_else() {
        let of = |text: &str| read(&[("amenity", "charging_station"), ("capacity", text)]);
        assert_eq!(["4", "2;2", "2+2", "2x2", "2×2", "2 x 2", "1;3"].map(|t| of(t).0.unwrap().points), [Some(4); 7]);
        for text in ["2-4", "~4", "3 (2 DC)", "yes", "two", "2x", "99999x99999"] {
            let (s, issues) = of(text);
            assert_eq!((s.unwrap().points, issues), (None, vec!["bad_number".to_owned()]), "{text}");
        }
    }

    #[test]
    fn bicycle_chargers_are_another_kind() {
        assert!(read(&[("amenity", "charging_station"), ("bicycle", "yes")]).0.is_none());
        assert!(read(&[("amenity", "charging_station"), ("bicycle", "yes"), ("motorcar", "yes")]).0.is_some());
        assert!(read(&[("amenity", "charging_station"), ("bicycle", "yes"), ("socket:type2", "1")]).0.is_some());
        assert_eq!(read(&[("amenity", "charging_station"), ("motorcar", "no")]).1, ["other_kind"]);
    }
}
