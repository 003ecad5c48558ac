//! Every text that is used exists, and every text that exists is used: by templates, which are read here, or by words that the code
//! chooses, which are listed here from where they come.

use super::base::{APPLICANT, CHECK, COUNTY, DIFF, LINE, LIVE, PageKind, REPORT, ROUND, SHARED_TEMPLATES};
use super::i18n::{SHARED, Texts};
use crate::config::RoadClass;
use crate::config::Service;
use crate::files::lang::Both;
use std::collections::{BTreeMap, BTreeSet};

const KINDS: [&PageKind; 8] = [&REPORT, &ROUND, &COUNTY, &LINE, &CHECK, &DIFF, &APPLICANT, &LIVE];

/// What a template asks for: keys, and the beginnings of keys that the code completes.
#[derive(Default)]
struct Asked {
    keys: BTreeSet<String>,
    prefixes: BTreeSet<String>,
    /// Names of what is filled in, by key.
    slots: BTreeMap<String, Vec<BTreeSet<String>>>,
}

/// The arguments of a call from its first bracket on: parts between commas that are in no inner bracket and no string.
fn arguments(call: &str) -> Vec<String> {
    let (mut parts, mut depth, mut quoted) = (vec![String::new()], 1, false);
    for c in call.chars() {
        match c {
            '"' => quoted = !quoted,
            '(' | '[' if !quoted => depth += 1,
            ')' | ']' if !quoted => depth -= 1,
            ',' if !quoted && depth == 1 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
        if let Some(last) = parts.last_mut() {
            last.push(c);
        }
    }
    parts
}

fn strings(text: &str) -> impl Iterator<Item = &str> {
    text.split('"').skip(1).step_by(2)
}

fn calls<'t>(template: &'t str, name: &'t str) -> impl Iterator<Item = Vec<String>> + 't {
    let own = move |i: usize| !template[..i].ends_with(|c: char| c.is_alphanumeric() || c == '_');
    template.match_indices(name).filter(move |(i, _)| own(*i)).map(move |(i, _)| arguments(&template[i + name.len()..]))
}

fn asked(template: &str) -> Asked {
    let mut all = Asked::default();
    for call in calls(template, "t(") {
        let slots: BTreeSet<String> =
            call[1..].iter().filter_map(|a| a.split_once('=')).map(|(k, _)| k.trim().to_owned()).collect();
        for key in strings(&call[0]) {
            if call[0].contains('~') && key.ends_with('_') {
                all.prefixes.insert(key.to_owned());
            } else {
                all.keys.insert(key.to_owned());
                all.slots.entry(key.to_owned()).or_default().push(slots.clone());
            }
        }
    }
    for call in calls(template, "nav(").filter(|c| c[0].contains('"')) {
        let prefix = strings(&call[0]).next().unwrap();
        all.keys.extend(strings(&call[1]).map(|id| format!("{prefix}{id}")));
    }
    all
}

/// Keys that the code chooses, each from the list that it is chosen of.
fn chosen() -> BTreeSet<String> {
    let of = |prefix: &str, words: &[&str]| words.iter().map(|w| format!("{prefix}{w}")).collect::<Vec<_>>();
    let roles = ["osm", "region", "county_table", "crosswalk", "traffic", "flows", "population"];
    let layers: Vec<&str> = crate::issue::Layer::ALL.iter().map(|l| l.as_str()).chain(roles).collect();
    let parts: Vec<&str> = crate::rank::trust::PARTS.iter().map(|p| p.key).collect();
    let services = Service::ALL.map(Service::as_str);
    let results = {
        use crate::rank::select::Why::*;
        [
            Selected,
            WithLead,
            NotRanked,
            NoPlaceLeft,
            NoQuota,
            QuotaUsed,
            BudgetUsed,
            CostUnknown,
            BoundsOpen,
            EndedAbove,
            LeadNotSelected,
            ByHand,
            Withheld,
        ]
        .map(|w| w.as_str())
    };
    let classes = RoadClass::ALL.map(|c| c.as_str());
    let values =
        ["charging", "swap", "both", "public", "private", "open", "planned", "closed", "city", "town", "village", "hamlet"];
    let factors = ["service_distance", "stations", "normalisation", "outliers", "weights", "goalposts", "aggregation"];
    let lists = [
        of("layer_", &layers),
        of("trust_", &parts),
        of("service_", &services),
        services.iter().map(|s| format!("{s}_none")).collect(),
        of("result_", &results),
        of("value_", &classes),
        of("value_", &values),
        of("factor_", &factors),
        of("band_", &["certain", "contested", "out"]),
        of("ap_", &["unknown", "withdrawn"]),
        of("balance_", &["left_out", "repeated", "islands", "outside", "ledger"]),
        of("limits_", &["1", "2", "3", "4", "5"]),
        of("field_", &["id", "name", "name_zh", "valid", "class", "oneway", "kind", "points", "power_kw", "total_kw", "sockets"]),
        of("field_", &["swap_bays", "operator", "access", "status", "opened", "population"]),
        of("field_", &["cost", "headroom_kw", "max_kw", "land", "fixed"]),
        of("to_", &["round", "report"]),
        of("", &["refused", "warning", "note", "higher", "lower"]),
        of("dm_note_", &["unknown", "short", "guns", "stands", "swap_stations", "piles", "swaps"]),
        of("pg_", &["swap", "planned", "past", "in_doubt", "undated", "unloaded"]),
        of("rc_", &["over", "money", "short_country", "short_province"]),
        of("rc_", &["people_gap", "places_gap", "residents", "stations", "guns", "power", "longest", "swaps"]),
    ];
    lists.into_iter().flatten().collect()
}

/// Keys and beginnings of keys that the scripts of a page say.
fn said(kind: &PageKind) -> (BTreeSet<String>, BTreeSet<String>) {
    // labels of elements stand in the template, and a script fills them in
    let labels = kind.template.split("data-label=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let texts = kind.scripts.iter().flat_map(|parts| parts.iter()).flat_map(|part| part.split('\''));
    texts
        .chain(labels)
        .filter(|text| text.starts_with("js_") && !text.contains(char::is_whitespace))
        .map(str::to_owned)
        .partition(|k| !k.ends_with('_'))
}

/// Whether a key is said by a script, whole or completed.
fn is_said(key: &str, (keys, prefixes): &(BTreeSet<String>, BTreeSet<String>)) -> bool {
    keys.contains(key) || prefixes.iter().any(|p| key.starts_with(p.as_str()))
}

fn table(text: &str) -> BTreeMap<String, Both> {
    toml::from_str(text).unwrap()
}

#[test]
fn every_text_that_is_used_exists_and_every_text_is_used() {
    let (chosen, shared) = (chosen(), SHARED_TEMPLATES.map(asked));
    let mut of_all: BTreeSet<String> = shared.iter().flat_map(|a| a.keys.clone()).collect();
    let mut prefixes = BTreeSet::new();
    for kind in KINDS {
        let (texts, here) = (Texts::load(kind).unwrap().0, asked(kind.template));
        let said = said(kind);
        let missing: Vec<_> = here.keys.iter().chain(&said.0).filter(|k| !texts.contains_key(*k)).collect();
        assert!(missing.is_empty(), "{}: {missing:?}", kind.name);
        let idle: Vec<String> = table(kind.texts)
            .into_keys()
            .filter(|k| !here.keys.contains(k) && !chosen.contains(k) && !is_said(k, &said))
            .collect();
        assert!(idle.is_empty(), "{}: {idle:?} are not used", kind.name);
        of_all.extend(here.keys);
        prefixes.extend(here.prefixes);
    }
    let idle: Vec<String> = table(SHARED).into_keys().filter(|k| !of_all.contains(k) && !chosen.contains(k)).collect();
    assert!(idle.is_empty(), "{idle:?} are not used by any page");
    // every beginning of a key has words that complete it
    for prefix in prefixes {
        assert!(chosen.iter().any(|k| k.starts_with(&prefix)), "{prefix}");
    }
    // of the words that the code chooses, each has a text on some page
    let everywhere: BTreeSet<String> = KINDS.iter().flat_map(|k| Texts::load(k).unwrap().0.into_keys()).collect();
    let mute: Vec<&String> = chosen.iter().filter(|k| !everywhere.contains(*k)).collect();
    assert!(mute.is_empty(), "{mute:?}");
}

#[test]
fn a_text_stands_in_one_place_and_in_both_languages() {
    let mut seen: BTreeMap<String, &str> = table(SHARED).into_keys().map(|k| (k, "shared")).collect();
    for kind in KINDS {
        for key in table(kind.texts).into_keys() {
            assert_eq!(seen.insert(key.clone(), kind.name), None, "{key} of {}", kind.name);
        }
        for (key, text) in Texts::load(kind).unwrap().0 {
            assert!(!text.en.trim().is_empty() && !text.zh.trim().is_empty(), "{key}");
            let mixed = key == "synthetic_title"; // must be understood whatever the page shows
            assert!(mixed || !text.en.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "{key}");
        }
    }
    assert!(seen.len() > 400);
}

#[test]
fn templates_fill_every_slot() {
    let slots =
        |text: &str| text.split('{').skip(1).filter_map(|t| t.split_once('}')).map(|(s, _)| s.to_owned()).collect::<Vec<_>>();
    for kind in KINDS {
        let texts = Texts::load(kind).unwrap().0;
        for (key, calls) in asked(kind.template).slots {
            for slot in slots(&texts[&key].en).into_iter().chain(slots(&texts[&key].zh)) {
                assert!(calls.iter().all(|given| given.contains(&slot)), "{}: {key} lacks {{{slot}}}", kind.name);
            }
        }
    }
}
