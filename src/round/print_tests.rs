//! What a shard's fingerprint covers: every key of a round file and every field of every record, one after the other. Which keys and
//! fields there are is asked of the types, so that a new one fails here until it is decided about.

use super::print_scene::{Scene, at, county, scene};
use crate::config::criteria::{Criterion, Service};
use crate::config::region_file::{CriteriaTable, GapOutput, ReadTable};
use crate::config::round_file::{NetworkTable, RoundOutput};
use crate::config::station_words::{Access, Status};
use crate::config::{Criteria, Reading, RoadClass, RoundFile, Services, Serving, SpeedTable, Writing};
use crate::county::{LayerFacts, Wanted};
use crate::error::Location;
use crate::network::Edge;
use crate::read::county::County;
use crate::read::station::Station;
use serde_json::Value;
use std::collections::BTreeSet;

/// Whether a key or field is in the fingerprint, or why not.
#[derive(Clone, Copy)]
enum In {
    Print,
    Not(&'static str),
}
use In::{Not, Print};

/// A key of a file, and another value for it.
type Key = (&'static str, In, &'static str);

/// Which of A, B and C have another fingerprint now.
fn changed(now: &[String]) -> Vec<char> {
    static BASE: std::sync::OnceLock<Vec<String>> = std::sync::OnceLock::new();
    let base = BASE.get_or_init(|| scene().prints());
    "ABC".chars().zip(base.iter().zip(now)).filter(|(_, (a, b))| a != b).map(|(c, _)| c).collect()
}

/// The names of a type's fields in files, as its own reader asks for them.
fn fields_of<T: serde::de::DeserializeOwned>() -> &'static [&'static str] {
    struct Asked<'a>(&'a mut &'static [&'static str]);
    impl<'de> serde::Deserializer<'de> for Asked<'_> {
        type Error = serde::de::value::Error;
        fn deserialize_any<V: serde::de::Visitor<'de>>(self, _: V) -> Result<V::Value, Self::Error> {
            Err(serde::de::Error::custom("no struct"))
        }
        fn deserialize_struct<V: serde::de::Visitor<'de>>(
            self,
            _: &'static str,
            fields: &'static [&'static str],
            _: V,
        ) -> Result<V::Value, Self::Error> {
            *self.0 = fields;
            Err(serde::de::Error::custom("that is all"))
        }
        serde::forward_to_deserialize_any! {
            bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
            newtype_struct seq tuple tuple_struct map enum identifier ignored_any
        }
    }
    let mut fields: &[&str] = &[];
    let _ = T::deserialize(Asked(&mut fields));
    assert!(!fields.is_empty(), "a struct without fields");
    fields
}

/// A list of a struct's fields, each with a change of it. It does not compile where a field is missing.
macro_rules! every_field {
    ($type:ident { $($field:ident: $whether:expr, $change:expr;)+ }) => {{
        let _ = |x: &$type| { let $type { $($field: _),+ } = x; };
        let list: Vec<(&str, In, fn(&mut $type))> = vec![$((stringify!($field), $whether, $change)),+];
        list
    }};
}

const OF_ROADS: In = Not("what it makes of the roads is in the fingerprints of the roads, see the keys of the round file");

#[test]
fn every_key_of_a_round_file_changes_the_fingerprint_or_has_a_reason() {
    // what it is set to, in place of what holds when it is not given
    let keys: Vec<(&str, &[&str], Vec<Key>)> = vec![
        (
            "criteria",
            fields_of::<CriteriaTable>(),
            vec![
                ("distances_km", Print, "[5, 10, 20, 51]"),
                ("times_min", Print, "[15, 31]"),
                ("headline_km", Print, "5"),
                ("services", Print, "[\"charging\"]"),
                ("fast_min_power_kw", Print, "121"),
                ("max_snap_m", Print, "501"),
                ("settlement_max_snap_m", Print, "2001"),
                ("settlement_radius_km", Print, "3.1"),
                ("access", Print, "[\"public\"]"),
                ("status", Print, "[\"open\"]"),
                ("min_power_kw", Print, "1"),
            ],
        ),
        (
            "output",
            fields_of::<RoundOutput>(),
            vec![
                ("gaps", Print, "\"all\""),
                ("simplify_m", Print, "1"),
                ("shortest_gap_km", Print, "0.1"),
                ("csv_bom", Not("how tables begin, not what stands in them"), "true"),
                ("without", Not("which tables are written, not what stands in them"), "[\"equity\"]"),
                ("layers", Not("which layers are written, not what stands in them"), "[\"gaps\"]"),
            ],
        ),
        (
            "network",
            fields_of::<NetworkTable>(),
            vec![("min_island_km", Print, "1"), ("join_tolerance_m", Print, "5"), ("join_crossings", Print, "true")],
        ),
        (
            "read",
            fields_of::<ReadTable>(),
            vec![("max_refused_share", Not("how many records may be refused before nothing is computed at all"), "0.5")],
        ),
    ];
    let apart: Vec<(&str, In)> = vec![
        ("round", Not("which round it is stands in its files, not in its rows")),
        (
            "regions",
            Not(
                "what the regions supply is in the fingerprints of the records, and who takes part decides which shards there are",
            ),
        ),
        ("demand", Not("loads hang on drivers beyond every shard: the whole network is asked, and has a fingerprint of its own")),
        ("supply", Not("as demand")),
        ("plan", Not("plans of counties are made on the whole network, as demand is asked of it")),
        ("programme", Not("roads go on beyond every shard: the whole network is held against it")),
        ("rank", Not("counties are ranked when all rows are there")),
        ("select", Not("counties are selected when all rows are there")),
        ("accept", Not("who answers for a fault changes no row")),
        ("applicants", Not("who takes part decides which shards there are")),
        ("override", Not("figures are set by hand when all rows are there")),
        ("appeal", Not("what became of an appeal changes no row")),
    ];
    let tables: BTreeSet<&str> = keys.iter().map(|t| t.0).chain(apart.iter().map(|t| t.0)).collect();
    assert_eq!(tables, fields_of::<RoundFile>().iter().copied().collect(), "a table of the round file");
    assert!(changed(&scene().prints()).is_empty());
    for (table, fields, list) in keys {
        let told: BTreeSet<&str> = list.iter().map(|k| k.0).collect();
        assert_eq!(told, fields.iter().copied().collect(), "[{table}]");
        for (key, whether, value) in list {
            let now = changed(&Scene { file: format!("[{table}]\n{key} = {value}\n"), ..scene() }.prints());
            match (whether, table) {
                // no road of C is changed
                (Print, "network") => assert_eq!(now, ['A', 'B'], "{key}"),
                (Print, _) => assert_eq!(now, ['A', 'B', 'C'], "{key}"),
                (Not(why), _) => assert!(now.is_empty(), "{key}: {why}"),
            }
        }
    }
    for more in [
        "[demand]\nreach_km = 5\n[supply]\nefficiency = 1\n",
        "[programme]\nprofiles = [\"uk-msa\"]\n",
        "[select]\nplaces = 1\n",
        "[[rank.lines]]\nname = \"x\"\nplaces = 1\n",
    ] {
        assert!(changed(&Scene { file: more.to_owned(), ..scene() }.prints()).is_empty(), "{more}");
    }
}

#[test]
fn every_field_of_the_criteria_is_asked_for_or_has_a_reason() {
    let _ = |Criteria { reading: _, serving: _, writing: _, demand: _, plan: _ }: &Criteria| ();
    let reading = every_field!(Reading {
        speeds: OF_ROADS, |c| c.speeds = SpeedTable::new(&[(RoadClass::Primary, 66.0)].into());
        classes: OF_ROADS, |c| { c.classes.remove(&RoadClass::Primary); };
        min_island_mm: OF_ROADS, |c| c.min_island_mm = 0;
        lived_on_within_m: OF_ROADS, |c| c.lived_on_within_m += 1.0;
        join_tolerance_m: OF_ROADS, |c| c.join_tolerance_m = 5.0;
        join_crossings: OF_ROADS, |c| c.join_crossings = true;
        max_refused_share: Not("how many records may be refused before nothing is computed at all"), |c| c.max_refused_share = 1.0;
    });
    let serving = every_field!(Serving {
        all: Print, |c| c.all[1] = Criterion::Distance(9_000_000);
        services: Print, |c| c.services = Services::of(&[Service::Charging, Service::FastCharging]);
        fast_min_power_kw: Print, |c| c.fast_min_power_kw += 1e-9;
        headline: Print, |c| c.headline = 0;
        max_snap_m: Print, |c| c.max_snap_m += 1e-9;
        settlement_max_snap_m: Print, |c| c.settlement_max_snap_m += 1e-9;
        people_max_snap_m: Print, |c| c.people_max_snap_m = Some(1.0);
        settlement_radius_mm: Print, |c| c.settlement_radius_mm += 1;
        access: Print, |c| { c.access.insert(Access::Private); };
        status: Print, |c| { c.status.remove(&Status::Unknown); };
        min_power_kw: Print, |c| c.min_power_kw = 1e-9;
    });
    let writing = every_field!(Writing {
        gap_output: Print, |c| c.gap_output = GapOutput::All;
        simplify_m: Print, |c| c.simplify_m = 1e-9;
    });
    each_changes_the_prints(reading, |c| &mut c.reading);
    each_changes_the_prints(serving, |c| &mut c.serving);
    each_changes_the_prints(writing, |c| &mut c.writing);
}

/// Changes every field of a part of the criteria in turn.
/// A field, whether it is in the print, and a change of it.
type Change<T> = (&'static str, In, fn(&mut T));

fn each_changes_the_prints<T>(list: Vec<Change<T>>, part: fn(&mut Criteria) -> &mut T) {
    let mut laid = scene().laid();
    let base = laid.criteria.clone();
    for (field, whether, change) in list {
        laid.criteria = base.clone();
        change(part(&mut laid.criteria));
        let now = changed(&laid.prints());
        match whether {
            Print => assert_eq!(now, ['A', 'B', 'C'], "{field}"),
            Not(why) => assert!(now.is_empty(), "{field}: {why}"),
        }
    }
}

#[test]
fn every_fact_of_the_layer_is_asked_for() {
    let list = every_field!(LayerFacts {
        offered: Print, |l| l.offered = Services::NONE;
        most_have_figures: Print, |l| l.most_have_figures = false;
        shortest_gap_mm: Print, |l| l.shortest_gap_mm = 1;
        most_speak: Print, |l| l.most_speak = false;
    });
    let criteria = scene().laid().criteria;
    let base = LayerFacts { offered: Services::default(), most_have_figures: true, shortest_gap_mm: 0, most_speak: true };
    let none = Wanted { distances: Vec::new(), trusted: true, stages: Vec::new(), roads: false };
    for (field, _, change) in list {
        let mut now = base;
        change(&mut now);
        assert_ne!(super::plan::question(&criteria, now, &none), super::plan::question(&criteria, base, &none), "{field}");
    }
    // and they are those of the layer: where the only stations with figures, or with a word on who may use them, lose them, all shards
    // are asked anew
    let silent = |s: Station| Station { access: Access::Unknown, status: Status::Unknown, ..s };
    let blank = |s: Station| Station { points: None, power_kw: None, total_kw: None, swap_bays: None, ..s };
    for change in [silent, blank] {
        let mut s = scene();
        s.stations = s.stations.into_iter().enumerate().map(|(i, s)| if i < 2 { change(s) } else { s }).collect();
        assert_eq!(changed(&s.prints()), ['A', 'B', 'C']);
    }
}

/// Every value in a record, by where it stands.
fn leaves(value: &Value, path: String, all: &mut Vec<String>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(k, v)| leaves(v, format!("{path}/{k}"), all)),
        Value::Array(list) => list.iter().enumerate().for_each(|(i, v)| leaves(v, format!("{path}/{i}"), all)),
        _ => all.push(path),
    }
}

/// What a value may be in its place: another one of its kind, and none.
fn others(value: &Value) -> Vec<Value> {
    let another = match value {
        Value::Bool(b) => vec![Value::Bool(!b)],
        Value::Number(n) if n.is_f64() => vec![Value::from(n.as_f64().unwrap() + 1e-9)],
        Value::Number(n) => vec![Value::from(n.as_i64().unwrap() + 1)],
        // a word of a list, where any text would not do
        Value::String(s) => vec![Value::from(format!("{s}.")), Value::from("Private"), Value::from("Planned")],
        _ => panic!("the base has no {value}: give the field a value"),
    };
    another.into_iter().chain([Value::Null]).collect()
}

/// Changes every value of a record in turn; `now` are the fingerprints with such a record in place of A's.
fn every_value<T>(base: &T, expected: &[char], now: impl Fn(T) -> Vec<String>)
where
    T: serde::Serialize + serde::de::DeserializeOwned + PartialEq,
{
    let whole = serde_json::to_value(base).unwrap();
    let told: BTreeSet<&str> = whole.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(told, fields_of::<T>().iter().copied().collect(), "a field that is not written, or not read");
    let mut paths = Vec::new();
    leaves(&whole, String::new(), &mut paths);
    for path in paths {
        let mut tried = 0;
        for other in others(whole.pointer(&path).unwrap()) {
            let mut record = whole.clone();
            *record.pointer_mut(&path).unwrap() = other.clone();
            let Ok(record) = serde_json::from_value::<T>(record) else { continue };
            assert!(record != *base, "{path} = {other}");
            tried += 1;
            assert_eq!(changed(&now(record)), expected, "{path} = {other}");
        }
        assert!(tried > 0, "{path} was not changed");
    }
}

#[test]
fn every_field_of_a_station_is_in_the_fingerprint_of_all_that_it_can_reach() {
    every_value(&scene().stations[0], &['A', 'B'], |s| {
        let mut now = scene();
        now.stations[0] = s;
        now.prints()
    });
    let mut gone = scene();
    gone.stations.remove(0);
    assert_eq!(changed(&gone.prints()), ['A', 'B']);
}

#[test]
fn every_field_of_a_settlement_is_in_the_fingerprint_of_its_county() {
    every_value(&scene().settlements[0], &['A'], |s| {
        let mut now = scene();
        now.settlements[0] = s;
        now.prints()
    });
    let mut gone = scene();
    gone.settlements.remove(0);
    assert_eq!(changed(&gone.prints()), ['A']);
}

#[test]
fn every_field_of_a_road_is_in_the_fingerprint_or_has_a_reason() {
    let list = every_field!(Edge {
        tail: Print, |e| e.tail += 1;
        head: Print, |e| e.head -= 1;
        length_mm: Print, |e| e.length_mm += 1;
        time_ms: Print, |e| e.time_ms += 1;
        road: Not("a number; what it decided shows in where roads meet and what was drawn twice"), |e| e.road += 1;
        name: Print, |e| e.name = 0;
        reference: Print, |e| e.reference = e.name;
        county: Print, |e| e.county = 1 - e.county;
        class: Print, |e| e.class = RoadClass::Trunk;
        oneway: Print, |e| e.oneway = true;
        // where its line begins, and how long it is: another line
        first: Print, |e| e.first -= 1;
        len: Print, |e| e.len -= 1;
    });
    let mut laid = scene().laid();
    let base = laid.ground.clone();
    // a piece of the main road in A, whose line is not the first and has three positions
    let main = base.draft.edges.iter().position(|e| base.names.get(e.name) == "Main" && e.county == 0 && e.first > 0).unwrap();
    for (field, whether, change) in list {
        laid.ground = base.clone();
        change(&mut laid.ground.draft.edges[main]);
        let now = changed(&laid.prints());
        match whether {
            Print => assert_eq!(now, ['A', 'B'], "{field}"),
            Not(why) => assert!(now.is_empty(), "{field}: {why}"),
        }
    }
}

#[test]
fn what_a_road_layer_says_is_in_the_fingerprint() {
    let with = |change: &dyn Fn(&mut Scene)| {
        let mut s = scene();
        change(&mut s);
        changed(&s.prints())
    };
    assert_eq!(with(&|s| s.roads[0].name = "Maine"), ['A', 'B']);
    assert_eq!(with(&|s| s.roads[1].oneway = true), ['A', 'B']);
    assert_eq!(with(&|s| s.roads[1].kmh = Some(64.0)), ['A', 'B']);
    assert_eq!(with(&|s| s.roads[1].line[1].0 += 1e-7), ['A', 'B']);
    // a vertex more on the line is another line of the same length
    assert_eq!(with(&|s| s.roads[1].line.insert(1, (100.1, 30.12))), ['A', 'B']);
    assert_eq!(with(&|s| s.roads[5].line[1].0 += 1e-7), ['C']);
    // the order of roads is nobody's business
    assert!(with(&|s| s.roads.reverse()).is_empty());
}

#[test]
fn where_roads_meet_is_in_the_fingerprint_though_no_line_shows_it() {
    // Far ends 3 m from Side: as one node with it (`join_tolerance_m`), its line is what it was
    let joined = Scene { file: "[network]\njoin_tolerance_m = 5\n".to_owned(), ..scene() }.laid();
    let (base, now) = (scene().laid().ground.draft, &joined.ground.draft);
    let lines = |d: &crate::network::Draft| d.edges.iter().map(|e| d.line(e).to_vec()).collect::<BTreeSet<_>>();
    assert!(lines(&base) == lines(now) && base.nodes.len() == now.nodes.len() + 1);
    assert_eq!(changed(&joined.prints()), ['A', 'B']);
    // a road that ends where others meet, and does not meet them
    let mut laid = scene().laid();
    let draft = &mut laid.ground.draft;
    let side = draft.edges.iter().position(|e| laid.ground.names.get(e.name) == "Side").unwrap();
    let tail = draft.edges[side].tail;
    draft.nodes.push(draft.nodes[tail as usize]);
    draft.edges[side].tail = draft.nodes.len() as u32 - 1;
    assert_eq!(changed(&laid.prints()), ['A', 'B']);
    // roads that meet in the same number, and not where they did: a node has one place, which need not be that of each line's end
    let mut laid = scene().laid();
    laid.ground.draft.nodes[tail as usize] = at(100.1, 30.10001);
    assert_eq!(changed(&laid.prints()), ['A', 'B']);
}

#[test]
fn code_name_and_what_was_cut_off_are_in_the_fingerprint_and_other_words_on_a_county_are_not() {
    const LATER: In = Not("it comes in when all rows are there");
    let list = every_field!(County {
        code: Print, |c| c.code = "0100".to_owned();
        name: Print, |c| c.name.push('.');
        name_zh: LATER, |c| c.name_zh.push('.');
        shape: Not("what lies in it is in the fingerprints of the records"), |c| c.shape = county("", [99.99, 30.0, 100.2, 30.2]).shape;
        valid: LATER, |c| c.valid = false;
        population: LATER, |c| c.population = None;
        population_asked: LATER, |c| c.population_asked = false;
        columns: LATER, |c| c.columns.clear();
        source: LATER, |c| c.source = Location::default();
    });
    for (field, whether, change) in list {
        let mut laid = scene().laid();
        change(&mut laid.all.counties[0]);
        let now = changed(&laid.prints());
        match whether {
            // a neighbour's words are no change
            Print => assert_eq!(now, ['A'], "{field}"),
            Not(why) => assert!(now.is_empty(), "{field}: {why}"),
        }
    }
    let mut laid = scene().laid();
    laid.ground.books.islands_mm[0] += 1;
    assert_eq!(changed(&laid.prints()), ['A']);
    // where one word ends and the next begins is told
    let of = |code: &str, name: &str| {
        let mut laid = scene().laid();
        (laid.all.counties[0].code, laid.all.counties[0].name) = (code.to_owned(), name.to_owned());
        laid.prints().remove(0)
    };
    assert_ne!(of("0101\nX", "Y"), of("0101", "X\nY"));
}
