//! Where a car may drive: ways by their tags of access and direction, and nodes at which a road ends for it.
//!
//! Tags after the OSM wiki (Key:access, Key:oneway, Key:barrier); the tables are those of `src/doc/formats.md`.

use super::element::TagList;
use crate::read::road::OneWay;

/// How a car may drive a way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Driving {
    /// Direction.
    pub oneway: OneWay,
    /// Why it may not be driven at all.
    pub closed: Closed,
    /// One direction is closed by an access tag (`motor_vehicle:backward=no`).
    pub by_access: bool,
    /// A tag for cars (`oneway:motor_vehicle`) says otherwise than `oneway`.
    pub by_vehicle: bool,
}

/// Whether a way is closed to cars, and how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Closed {
    /// It is not.
    #[default]
    No,
    /// By its access tags.
    Access,
    /// Its direction changes some times a day (`oneway=reversible`), and the search knows no hours.
    Reversible,
}

/// Access by means of transport, the most specific first; in pairs of one direction and both.
const FORWARD: [&str; 8] = [
    "motorcar:forward",
    "motorcar",
    "motor_vehicle:forward",
    "motor_vehicle",
    "vehicle:forward",
    "vehicle",
    "access:forward",
    "access",
];
const BACKWARD: [&str; 8] = [
    "motorcar:backward",
    "motorcar",
    "motor_vehicle:backward",
    "motor_vehicle",
    "vehicle:backward",
    "vehicle",
    "access:backward",
    "access",
];
/// Direction for cars, the most specific first.
const ONEWAY: [&str; 4] = ["oneway:motorcar", "oneway:motor_vehicle", "oneway:vehicle", "oneway"];

/// Access values that let no private car through: nobody, owners, some trades, other vehicles.
const SHUT: &[&str] = &[
    "no",
    "private",
    "agricultural",
    "forestry",
    "military",
    "emergency",
    "psv",
    "bus",
    "taxi",
    "share_taxi",
    "minibus",
    "coach",
    "tourist_bus",
    "hgv",
    "goods",
    "bicycle",
    "foot",
    "horse",
];

/// Barriers that a car passes where no access tag says otherwise.
const PASSABLE: &[&str] = &[
    "arch",
    "border_control",
    "bump_gate",
    "cattle_grid",
    "checkpoint",
    "coupure",
    "entrance",
    "gate",
    "hampshire_gate",
    "height_restrictor",
    "lift_gate",
    "no",
    "sally_port",
    "sliding_beam",
    "sliding_gate",
    "swing_gate",
    "toll_booth",
    "width_restrictor",
];

/// Barriers that no car passes, by the name under which they are counted; others are counted together.
const IMPASSABLE: &[&str] = &[
    "barrier_board",
    "block",
    "bollard",
    "bus_trap",
    "chain",
    "cycle_barrier",
    "debris",
    "ditch",
    "fence",
    "guard_rail",
    "hedge",
    "horse_stile",
    "jersey_barrier",
    "kerb",
    "kissing_gate",
    "log",
    "motorcycle_barrier",
    "planter",
    "rope",
    "spikes",
    "stile",
    "sump_buster",
    "tank_trap",
    "turnstile",
    "wall",
    "wicket_gate",
    "yes",
];

/// Height of a car in metres; a lower `height_restrictor` ends the road.
const CAR_HEIGHT_M: f64 = 2.0;

/// Kinds of way that are no road unless they say of themselves that cars may drive there.
const OPENED: &[&str] = &["bridleway", "busway", "cycleway", "footway", "path", "pedestrian"];

/// The value of a tag that decides, and the key: the first of `keys` that is there.
fn first<'a>(tags: TagList<'a>, keys: &[&str]) -> Option<&'a str> {
    keys.iter().find_map(|k| tags.get(k)).filter(|v| !v.is_empty())
}

/// Whether an access value lets no car through; of a list (`agricultural;destination`), whether none of it does.
fn shut(value: &str) -> bool {
    SHUT.contains(&value) || (value.contains(';') && value.split(';').all(|v| SHUT.contains(&v.trim())))
}

/// Whether a key is one of those that are looked for only in ways that have one: they are rare, and each takes a look.
fn rare(key: &str) -> bool {
    key.as_bytes().contains(&b':')
        && (key.starts_with("oneway:")
            || ((key.ends_with(":forward") || key.ends_with(":backward")) && (FORWARD.contains(&key) || BACKWARD.contains(&key))))
}

/// Direction and access of a way.
pub fn driving(tags: TagList<'_>) -> Driving {
    let rare = tags.iter().any(|(k, _)| rare(k));
    let (forward, backward) = if rare {
        let open = |keys| !first(tags, keys).is_some_and(shut);
        (open(&FORWARD), open(&BACKWARD))
    } else {
        let open = !closed(tags);
        (open, open)
    };
    let (oneway, reversible, by_vehicle) = direction(tags, rare);
    let (along, against) = (forward && oneway != OneWay::Backward, backward && oneway != OneWay::Forward);
    let shut = |closed| Driving { oneway, closed, by_access: false, by_vehicle: false };
    let by_access = forward != backward;
    match (along, against) {
        _ if reversible && (forward || backward) => shut(Closed::Reversible),
        (true, true) => Driving { oneway: OneWay::No, closed: Closed::No, by_access, by_vehicle },
        (true, false) => Driving { oneway: OneWay::Forward, closed: Closed::No, by_access, by_vehicle },
        (false, true) => Driving { oneway: OneWay::Backward, closed: Closed::No, by_access, by_vehicle },
        (false, false) => shut(Closed::Access),
    }
}

/// Closed to motor cars: the most specific of the access tags decides.
pub fn closed(tags: TagList<'_>) -> bool {
    first(tags, &[FORWARD[1], FORWARD[3], FORWARD[5], FORWARD[7]]).is_some_and(shut)
}

/// Direction: that for cars, else `oneway`, else implied by roundabouts and motorways; whether it is reversible; and whether a
/// tag for cars decides that says otherwise than `oneway`. Alternating lanes, of which a light lets one go at a time, are open both ways.
fn direction(tags: TagList<'_>, rare: bool) -> (OneWay, bool, bool) {
    let implied = matches!(tags.get("junction"), Some("roundabout" | "circular")) || tags.get("highway") == Some("motorway");
    let implied = if implied { OneWay::Forward } else { OneWay::No };
    let of = |word: Option<&str>| match word {
        Some("reversible") => (OneWay::No, true),
        Some("alternating") => (OneWay::No, false),
        Some(word) => (OneWay::from_word(word).unwrap_or(implied), false),
        None => (implied, false),
    };
    let all = of(tags.get("oneway"));
    let cars = if rare { of(first(tags, &ONEWAY)) } else { all };
    (cars.0, cars.1, cars != all)
}

/// Whether a way that is no road by its kind is opened to cars by a tag of its own: `motor_vehicle=designated` on a busway.
pub fn opened(highway: &str, tags: TagList<'_>) -> bool {
    OPENED.contains(&highway)
        && tags
            .get("motorcar")
            .or_else(|| tags.get("motor_vehicle"))
            .is_some_and(|v| matches!(v, "yes" | "designated" | "permissive"))
}

/// Why a road ends for cars at a node: its barrier, or `access`; none where they pass. An access tag trumps the barrier.
pub fn road_end(tags: TagList<'_>) -> Option<&'static str> {
    let matters = |k: &str| matches!(k, "barrier" | "motorcar" | "motor_vehicle" | "vehicle" | "access");
    if !tags.iter().any(|(k, _)| matters(k)) {
        return None; // most nodes
    }
    let barrier = tags.get("barrier");
    match first(tags, &[FORWARD[1], FORWARD[3], FORWARD[5], FORWARD[7]]).filter(|v| *v != "unknown") {
        // of a shop or a charger beside the door it says who may enter, not who may pass
        Some(word) => return (shut(word) && (barrier.is_some() || !is_a_place(tags))).then_some("access"),
        None if barrier.is_none() => return None,
        None => {}
    }
    let barrier = barrier.unwrap_or_default();
    if PASSABLE.contains(&barrier) {
        let low = barrier == "height_restrictor" && tags.get("maxheight").and_then(metres).is_some_and(|m| m < CAR_HEIGHT_M);
        return match () {
            () if low => Some("height_restrictor"),
            () if tags.get("locked") == Some("yes") => Some("locked"),
            () => None,
        };
    }
    let rising = barrier == "bollard" && matches!(tags.get("bollard"), Some("rising" | "removable"));
    let flat = barrier == "kerb"
        && (matches!(tags.get("kerb"), Some("lowered" | "flush" | "no" | "rolled")) || tags.get("highway") == Some("crossing"));
    (!rising && !flat).then(|| IMPASSABLE.iter().find(|b| **b == barrier).copied().unwrap_or("another barrier"))
}

fn is_a_place(tags: TagList<'_>) -> bool {
    ["amenity", "shop", "office", "tourism", "leisure", "building", "entrance", "man_made"].iter().any(|k| tags.get(k).is_some())
}

fn metres(text: &str) -> Option<f64> {
    text.trim().trim_end_matches('m').trim_end().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(tags: &[(&str, &str)]) -> (OneWay, Closed) {
        let d = driving(TagList(tags));
        (d.oneway, d.closed)
    }

    const BOTH: (OneWay, Closed) = (OneWay::No, Closed::No);
    const FORTH: (OneWay, Closed) = (OneWay::Forward, Closed::No);
    const BACK: (OneWay, Closed) = (OneWay::Backward, Closed::No);

    #[test]
    fn the_most_specific_access_tag_decides_in_each_direction() {
        assert_eq!(of(&[("access", "no"), ("motor_vehicle", "designated")]), BOTH);
        assert_eq!(of(&[("access", "yes"), ("motor_vehicle:forward", "no")]), BACK);
        assert_eq!(of(&[("motor_vehicle", "no"), ("motorcar:backward", "yes")]), BACK);
        assert_eq!(of(&[("motor_vehicle:backward", "no"), ("motorcar", "yes")]), BOTH);
        assert_eq!(of(&[("vehicle:backward", "no")]), FORTH);
        assert_eq!(of(&[("access:forward", "private")]), BACK);
        assert_eq!(of(&[("access:forward", "no"), ("access:backward", "no")]).1, Closed::Access);
        // one way by one tag, the other by another: none is left
        assert_eq!(of(&[("oneway", "yes"), ("motor_vehicle:forward", "no")]).1, Closed::Access);
        assert_eq!(of(&[("oneway", "-1"), ("motor_vehicle:forward", "no")]), BACK);
    }

    #[test]
    fn words_for_others_close_a_way_to_cars() {
        for word in ["psv", "bus", "taxi", "psv;taxi", "agricultural;forestry", "private", "no"] {
            assert_eq!(of(&[("access", word)]).1, Closed::Access, "{word}");
        }
        for word in ["yes", "destination", "agricultural;destination", "customers", "permissive", "designated", ""] {
            assert_eq!(of(&[("access", word)]), BOTH, "{word}");
        }
    }

    #[test]
    fn the_direction_for_cars_comes_before_that_for_all() {
        assert_eq!(of(&[("oneway", "yes"), ("oneway:motorcar", "no")]), BOTH);
        assert_eq!(of(&[("oneway", "no"), ("oneway:motor_vehicle", "yes")]), FORTH);
        assert_eq!(of(&[("oneway", "yes"), ("oneway:vehicle", "-1")]), BACK);
        assert_eq!(of(&[("oneway:vehicle", "yes"), ("oneway:motor_vehicle", "no")]), BOTH);
        assert_eq!(of(&[("oneway", "yes"), ("oneway:bicycle", "no")]), FORTH);
        assert_eq!(of(&[("oneway", "reversible")]).1, Closed::Reversible);
        assert_eq!(of(&[("oneway", "reversible"), ("oneway:motorcar", "yes")]), FORTH);
        assert_eq!(of(&[("oneway", "alternating")]), BOTH);
        assert!(driving(TagList(&[("oneway", "yes"), ("oneway:motorcar", "no")])).by_vehicle);
        assert!(!driving(TagList(&[("oneway", "yes"), ("oneway:motorcar", "yes")])).by_vehicle);
        assert!(driving(TagList(&[("vehicle:backward", "no")])).by_access);
    }

    #[test]
    fn roundabouts_and_motorways_run_one_way() {
        assert_eq!(of(&[("junction", "roundabout")]), FORTH);
        // of what says nothing, motorways alone; not even their links (wiki: Key:oneway, implied)
        let silent = ["motorway", "motorway_link", "trunk", "primary"].map(|h| of(&[("highway", h)]));
        assert_eq!(silent, [FORTH, BOTH, BOTH, BOTH]);
        assert_eq!(of(&[("highway", "motorway"), ("oneway", "perhaps")]), FORTH);
        assert_eq!(of(&[("highway", "motorway"), ("oneway", "no")]), BOTH);
        assert_eq!(of(&[("oneway", "-1")]), BACK);
        assert_eq!(of(&[("junction", "circular")]), FORTH);
    }

    #[test]
    fn a_node_ends_a_road_where_a_car_cannot_pass() {
        let end = |tags: &[(&str, &str)]| road_end(TagList(tags));
        for barrier in ["bollard", "block", "wall", "fence", "kerb", "chain"] {
            assert_eq!(end(&[("barrier", barrier)]), Some(barrier));
        }
        assert_eq!(end(&[("barrier", "dragon")]), Some("another barrier"));
        for barrier in PASSABLE {
            assert_eq!(end(&[("barrier", barrier)]), None, "{barrier}");
            assert_eq!(end(&[("barrier", barrier), ("access", "private")]), Some("access"), "{barrier}");
            assert_eq!(end(&[("barrier", barrier), ("access", "private"), ("motorcar", "yes")]), None, "{barrier}");
            assert_eq!(end(&[("barrier", barrier), ("locked", "yes")]), Some("locked"), "{barrier}");
        }
        assert_eq!(end(&[("barrier", "bollard"), ("motor_vehicle", "yes")]), None);
        assert_eq!(end(&[("barrier", "bollard"), ("access", "unknown")]), Some("bollard"));
        assert_eq!(end(&[("barrier", "bollard"), ("bollard", "rising")]), None);
        assert_eq!(end(&[("barrier", "bollard"), ("bicycle", "yes"), ("foot", "yes")]), Some("bollard"));
        assert_eq!(end(&[("barrier", "kerb"), ("kerb", "lowered")]), None);
        assert_eq!(end(&[("barrier", "height_restrictor"), ("maxheight", "1.9 m")]), Some("height_restrictor"));
        assert_eq!(end(&[("barrier", "height_restrictor"), ("maxheight", "2.5")]), None);
        assert_eq!(end(&[("motor_vehicle", "no")]), Some("access"));
        assert_eq!(end(&[("amenity", "charging_station"), ("access", "private")]), None);
        assert_eq!(end(&[("highway", "crossing")]), None);
    }

    #[test]
    fn a_path_is_a_road_only_where_it_says_so() {
        let tags = |v: &'static str| [("motor_vehicle", v)];
        assert!(opened("busway", TagList(&tags("designated"))) && opened("pedestrian", TagList(&tags("yes"))));
        assert!(!opened("busway", TagList(&tags("no"))) && !opened("steps", TagList(&tags("yes"))));
        assert!(
            !opened("path", TagList(&[("access", "yes")]))
                && !opened("path", TagList(&[("motor_vehicle", "yes"), ("motorcar", "no")]))
        );
    }
}
