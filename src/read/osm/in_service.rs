//! Whether a charger works, by other tags than the one that makes it a charger: its state in words, hours that are none, days on which
//! it opens or has ended.
//!
//! Days are held against the day of the extract where it says one, and else by their year against the year in which this was written: no
//! clock is read.

use super::chargers::Kind;
use super::tags::Tags;
use crate::config::station_words::Status;
use crate::read::date::{Day, THIS_YEAR, day};

/// A state, and the tag that says it, as it is told.
type Said = (Status, &'static str);

/// What `amenity` says of a thing that is not what it will be, or no more; what that is stands under the word itself
/// (`amenity=construction`, `construction=charging_station`).
const STAGES: &[(&str, Said)] = &[
    ("construction", (Status::Planned, "amenity=construction")),
    ("proposed", (Status::Planned, "amenity=proposed")),
    ("planned", (Status::Planned, "amenity=planned")),
    ("disused", (Status::Closed, "amenity=disused")),
    ("abandoned", (Status::Closed, "amenity=abandoned")),
];

/// Whether a value of `amenity` says that the element is something else yet or no more.
pub fn is_stage(value: &str) -> bool {
    STAGES.iter().any(|s| s.0 == value)
}

/// What the element will be or was, where `amenity` says only that it is not: the value of the key that it names.
pub fn stage<'t>(get: impl Fn(&str) -> Option<&'t str>) -> Option<(Said, &'t str)> {
    let (word, said) = STAGES.iter().find(|s| get("amenity") == Some(s.0))?;
    Some((*said, get(word)?))
}

/// Keys whose value is a state in words.
const STATE_KEYS: &[&str] = &["operational_status", "status", "state"];

/// Words of state that say something here and not in a table.
const STATE_WORDS: &[(Status, &[&str])] =
    &[(Status::Closed, &["no"]), (Status::Open, &["yes", "ok", "good", "restored", "intact", "limited"])];

/// Tags that say in one word that a charger does not work.
const FLAGS: &[(&str, &str, Said)] = &[
    ("out_of_order", "yes", (Status::Closed, "out_of_order=yes")),
    ("broken", "yes", (Status::Closed, "broken=yes")),
    ("closed", "yes", (Status::Closed, "closed=yes")),
    ("working", "no", (Status::Closed, "working=no")),
    ("operational", "no", (Status::Closed, "operational=no")),
    ("in_service", "no", (Status::Closed, "in_service=no")),
    ("under_construction", "yes", (Status::Planned, "under_construction=yes")),
];

/// The state that a word of `operational_status` and the like means.
fn state(value: &str) -> Option<Status> {
    let own = STATE_WORDS.iter().find(|(_, words)| words.contains(&value)).map(|s| s.0);
    own.or_else(|| Status::from_word(value))
}

/// A state of one of [`STATE_KEYS`] that is not known.
pub fn unknown_state(tags: &Tags) -> Option<(&'static str, &str)> {
    STATE_KEYS.iter().find_map(|key| Some((*key, tags.get(key).filter(|v| state(v).is_none())?)))
}

/// What keeps a charger from working, if anything does.
fn against(tags: &Tags, today: Option<Day>) -> Option<Said> {
    let flag = FLAGS.iter().find(|(key, value, _)| tags.get(key) == Some(value)).map(|f| f.2);
    let by_state = |key: &&'static str| {
        let status = state(tags.get(key)?)?;
        matches!(status, Status::Closed | Status::Planned).then_some((status, *key))
    };
    flag.or_else(|| STATE_KEYS.iter().find_map(by_state))
        .or_else(|| never_open(tags.get("opening_hours")?).then_some((Status::Closed, "opening_hours=off")))
        .or_else(|| ended(tags.get("end_date")?, today).then_some((Status::Closed, "end_date in the past")))
        .or_else(|| {
            let to_come = |key: &str, word| to_come(tags.get(key)?, today).then_some((Status::Planned, word));
            to_come("opening_date", "opening_date to come").or_else(|| to_come("start_date", "start_date to come"))
        })
}

/// The kind of an element with what its other tags say of its state.
pub fn judged(kind: Kind, tags: &Tags, today: Option<Day>) -> Kind {
    match against(tags, today).filter(|_| kind.status == Status::Open) {
        Some((status, word)) => Kind { status, word: Some(word), ..kind },
        None => kind,
    }
}

/// Whether hours say that it is never open: every rule of them closes all days.
fn never_open(hours: &str) -> bool {
    let mut plain = String::new();
    for (i, part) in hours.split('"').enumerate() {
        plain.push_str(if i % 2 == 0 { part } else { "" }); // what stands in quotes is a comment
    }
    let rule = |r: &str| {
        let r = r.to_lowercase().replace(", ", ",");
        let days = r.trim().strip_suffix("off").or_else(|| r.trim().strip_suffix("closed"));
        days.is_some_and(|d| {
            matches!(d.trim(), "" | "24/7" | "mo-su" | "mo-su,ph" | "ph,mo-su" | "00:00-24:00" | "mo-su 00:00-24:00")
        })
    };
    let mut rules = plain.split([';', '|']).filter(|r| !r.trim().is_empty()).peekable();
    rules.peek().is_some() && rules.all(rule)
}

/// A day as a mapper wrote it, and as much of it as was written: `2024`, `2024-05`, `2024-05-01`.
fn written(text: &str) -> Option<(Day, usize)> {
    let text = text.trim();
    let parts = text.split('-').count();
    let digits = text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    Some((day(text)?, parts)).filter(|_| digits)
}

/// Whether all of a written day is over.
fn ended(text: &str, today: Option<Day>) -> bool {
    let Some(((y, m, d), parts)) = written(text) else { return false };
    match today {
        Some(t) => {
            [(y, 0, 0), (y, m, 0), (y, m, d)][parts.clamp(1, 3) - 1] < [(t.0, 0, 0), (t.0, t.1, 0), t][parts.clamp(1, 3) - 1]
        }
        None => y < THIS_YEAR,
    }
}

/// Whether a written day has not begun.
fn to_come(text: &str, today: Option<Day>) -> bool {
    written(text).is_some_and(|(first, _)| today.map_or(first.0 > THIS_YEAR, |t| first > t))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::osm::chargers::kind;
    use crate::read::osm::element::TagList;

    const NOW: Option<Day> = Some((2025, 6, 15));

    /// What becomes of a charging station with one more tag.
    fn of(key: &str, value: &str, today: Option<Day>) -> (Status, Option<&'static str>) {
        let tags = Tags::new(TagList(&[("amenity", "charging_station"), (key, value)]));
        let kind = judged(kind(&tags).unwrap(), &tags, today);
        (kind.status, kind.word)
    }

    #[test]
    fn words_of_state_are_known() {
        let status = |value| of("operational_status", value, None).0;
        for closed in [
            "closed",
            "broken",
            "out_of_order",
            "out of order",
            "Broken",
            "defective",
            "non-operational",
            "not_operational",
            "temporarily_closed",
            "abandoned",
            "decommissioned",
            "no",
            "offline",
        ] {
            assert_eq!(status(closed), Status::Closed, "{closed}");
        }
        for planned in ["construction", "under_construction", "planned", "proposed"] {
            assert_eq!(status(planned), Status::Planned, "{planned}");
        }
        for open in ["operational", "open", "yes", "needs_maintenance", "in_use", "ok", "unknown", "who knows"] {
            assert_eq!(status(open), Status::Open, "{open}");
        }
        assert_eq!(of("operational_status", "broken", None).1, Some("operational_status"));
        assert_eq!(of("status", "closed", None), (Status::Closed, Some("status")));
        assert_eq!(of("out_of_order", "yes", None), (Status::Closed, Some("out_of_order=yes")));
        assert_eq!((of("broken", "no", None).0, of("working", "no", None).0), (Status::Open, Status::Closed));
        let unknown = Tags::new(TagList(&[("operational_status", "who knows"), ("status", "open")]));
        assert_eq!(unknown_state(&unknown), Some(("operational_status", "who knows")));
        assert_eq!(unknown_state(&Tags::new(TagList(&[("operational_status", "broken")]))), None);
    }

    #[test]
    fn hours_that_are_none_close_it() {
        for closed in [
            "closed",
            "off",
            "Off",
            "24/7 off",
            "24/7 closed",
            "Mo-Su off",
            "Mo-Su,PH off",
            "Mo-Su, PH closed",
            "off \"under repair\"",
            "closed; PH off".trim_end_matches("; PH off"),
            "off;",
            "Mo-Su 00:00-24:00 off",
        ] {
            assert_eq!(of("opening_hours", closed, NOW), (Status::Closed, Some("opening_hours=off")), "{closed}");
        }
        for open in [
            "24/7",
            "Mo-Fr 08:00-18:00; PH off",
            "Mo-Fr 08:00-18:00; Sa,Su off",
            "PH off",
            "Su closed",
            "\"off\"",
            "",
            "sunrise-sunset",
        ] {
            assert_eq!(of("opening_hours", open, NOW).0, Status::Open, "{open}");
        }
    }

    #[test]
    fn days_are_held_against_that_of_the_extract() {
        let status = |key, value| of(key, value, NOW).0;
        // 2025-06-15: a month or a year has ended when all of it has
        for over in ["2024", "2025-05", "2025-06-14", "2019-12-31"] {
            assert_eq!(status("end_date", over), Status::Closed, "{over}");
        }
        for running in ["2025", "2025-06", "2025-06-15", "2030", "soon", "~2020", "2020..2030", ""] {
            assert_eq!(status("end_date", running), Status::Open, "{running}");
        }
        for to_come in ["2026", "2025-07", "2025-06-16"] {
            assert_eq!(status("opening_date", to_come), Status::Planned, "{to_come}");
            assert_eq!(status("start_date", to_come), Status::Planned, "{to_come}");
        }
        for begun in ["2025", "2025-06", "2025-06-15", "2010", "before 2030", "C21"] {
            assert_eq!(status("start_date", begun), Status::Open, "{begun}");
        }
        assert_eq!(of("end_date", "2024", NOW).1, Some("end_date in the past"));
        assert_eq!(of("start_date", "2026", NOW).1, Some("start_date to come"));
    }

    #[test]
    fn an_extract_without_a_day_goes_by_years() {
        // written in 2026: the year before has ended, the year after has not begun, and nothing is said of the year itself
        assert_eq!(
            ["2025-12-31", "2026-01-01", "2026"].map(|t| of("end_date", t, None).0),
            [Status::Closed, Status::Open, Status::Open]
        );
        assert_eq!(["2027", "2026-12-31"].map(|t| of("start_date", t, None).0), [Status::Planned, Status::Open]);
    }

    #[test]
    fn what_the_tag_itself_says_stays() {
        let tags = Tags::new(TagList(&[("disused:amenity", "charging_station"), ("operational_status", "under construction")]));
        let kind = judged(kind(&tags).unwrap(), &tags, NOW);
        assert_eq!((kind.status, kind.word), (Status::Closed, Some("disused:")));
        let both = [("amenity", "charging_station"), ("operational_status", "operational"), ("end_date", "2020")];
        let tags = Tags::new(TagList(&both));
        assert_eq!(judged(super::super::chargers::kind(&tags).unwrap(), &tags, NOW).status, Status::Closed);
    }
}
