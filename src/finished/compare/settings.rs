//! Settings and inputs of two manifests, side by side.

use crate::config::override_table::OverrideTable;
use crate::results::applied::{AppliedList, ListChange};
use crate::results::comparison::{InputChange, SettingChange};
use crate::tables::{gates, judged, rewards};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Keys of one side that differ from the other's.
fn differing(old: &BTreeMap<String, String>, new: &BTreeMap<String, String>) -> Vec<SettingChange> {
    let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let of = |key: &String| SettingChange { key: key.clone(), old: old.get(key).cloned(), new: new.get(key).cloned() };
    keys.into_iter().map(of).filter(|c| c.old != c.new).collect()
}

/// Settings that differ. Weights are compared as they are used, so that one that is not given equals its default.
pub fn settings(old: &Value, new: &Value) -> Vec<SettingChange> {
    let rounds = !old["selection"].is_null() && !new["selection"].is_null();
    let lines = lines_as_written(rounds, [old, new]);
    let mut both = [of_manifest(old, lines[0].as_ref()), of_manifest(new, lines[1].as_ref())];
    if rounds {
        for (flat, manifest) in both.iter_mut().zip([old, new]) {
            flatten("select", &manifest["selection"]["asked"], flat);
            for (key, value) in [("signed_by", &manifest["signed_by"]), ("profile", &manifest["profile"])] {
                flatten(&format!("round.{key}"), value, flat);
            }
            appeals(manifest, flat);
        }
    }
    // a folder that was held against programmes before manifests told it says nothing of what it was asked
    if ![old, new].into_iter().any(is_programme_untold) {
        for (flat, manifest) in both.iter_mut().zip([old, new]) {
            flatten("programme", &manifest["programme"], flat);
        }
    }
    demand_of_one(&mut both);
    differing(&both[0], &both[1])
}

/// Whether a folder has tables of programmes, and its manifest does not say which.
fn is_programme_untold(manifest: &Value) -> bool {
    let tables = [judged::COUNTIES, judged::ROADS, rewards::FILE, gates::FILE];
    let outputs = manifest["outputs"].as_array().map(Vec::as_slice).unwrap_or_default();
    manifest["programme"].is_null() && outputs.iter().any(|f| tables.iter().any(|t| f["name"] == *t))
}

/// Where one side asks for demand and the other does not, that is one setting: its figures stand in `assumptions.csv`.
fn demand_of_one(both: &mut [BTreeMap<String, String>; 2]) {
    const DEMAND: &str = "criteria.demand";
    let of_demand = |key: &String| key.strip_prefix(DEMAND).is_some_and(|rest| rest.starts_with('.'));
    let [old, new] = both;
    let one = match (old.keys().any(of_demand), new.keys().any(of_demand)) {
        (true, false) => old,
        (false, true) => new,
        _ => return,
    };
    one.retain(|key, _| !of_demand(key));
    one.insert(DEMAND.to_owned(), "\"see assumptions.csv\"".to_owned());
}

/// The funding lines of two rounds as they were written: the ranking's have lost the places that nobody of the list could have. Rounds
/// of before do not tell them; then the line of the selection is left to `select`, which they do tell as written.
fn lines_as_written(rounds: bool, both: [&Value; 2]) -> [Option<Value>; 2] {
    if !rounds {
        return [None, None];
    }
    let written = both.map(|m| m["selection"]["lines"].clone());
    if written.iter().all(Value::is_array) {
        return written.map(Some);
    }
    both.map(|m| {
        let mut fitted = m["ranking"]["asked"]["lines"].clone();
        if let Some(list) = fitted.as_array_mut() {
            list.retain(|line| line["name"] != "selection");
        }
        Some(fitted)
    })
}

/// Who came to the list of applicants and who left it, of two rounds that tell their lists.
pub fn list(old: &Value, new: &Value) -> Option<ListChange> {
    let of = |m: &Value| serde_json::from_value::<Option<AppliedList>>(m.get("list")?.clone()).ok();
    let lists = [of(old)?, of(new)?];
    let now = |code: &str| new["recoded"][code].as_str().unwrap_or(code).to_owned();
    ListChange::of([lists[0].as_ref(), lists[1].as_ref()], &now)
}

/// `lines` take the place of those of the ranking.
fn of_manifest(manifest: &Value, lines: Option<&Value>) -> BTreeMap<String, String> {
    let mut flat = BTreeMap::new();
    flatten("criteria", &manifest["criteria"], &mut flat);
    let ranking = &manifest["ranking"];
    let mut asked = ranking["asked"].clone();
    if let (Some(lines), Some(asked)) = (lines, asked.as_object_mut()) {
        asked.insert("lines".to_owned(), lines.clone());
    }
    for (list, table, name, value) in
        [("indicators", "weights", "key", "weight_asked"), ("class_weights", "class_weights", "class", "weight")]
    {
        for item in ranking[list].as_array().into_iter().flatten() {
            if let (Some(table), Some(name)) = (asked[table].as_object_mut(), item[name].as_str()) {
                table.insert(name.to_owned(), item[value].clone());
            }
        }
    }
    let by_hand = asked.as_object_mut().and_then(|table| table.remove("overrides"));
    for o in by_hand.as_ref().and_then(Value::as_array).into_iter().flatten() {
        let record: OverrideTable = serde_json::from_value(o.clone()).unwrap_or_default();
        flat.insert(format!("override.{}", record.key()), o.to_string());
    }
    flatten("rank", &asked, &mut flat);
    flat
}

/// Appeals of a round, each as one setting.
fn appeals(manifest: &Value, flat: &mut BTreeMap<String, String>) {
    for (i, a) in manifest["set_by_hand"]["appeals"].as_array().into_iter().flatten().enumerate() {
        let number = a["id"].as_str().map_or_else(|| (i + 1).to_string(), str::to_owned);
        flat.insert(format!("appeal[{number}].{}", a["county"].as_str().unwrap_or_default()), a.to_string());
    }
}

/// Keys joined by dots; elements of a list of tables go by their name, lists of plain values are one value. Null and an empty list are not set.
fn flatten(key: &str, value: &Value, flat: &mut BTreeMap<String, String>) {
    match value {
        Value::Null => {}
        Value::Object(table) => table.iter().for_each(|(k, v)| flatten(&format!("{key}.{k}"), v, flat)),
        Value::Array(list) if list.is_empty() => {}
        Value::Array(list) if list.iter().any(Value::is_object) => {
            for (i, item) in list.iter().enumerate() {
                let name = ["key", "lead", "name", "class"].iter().find_map(|k| item[*k].as_str());
                flatten(&format!("{key}[{}]", name.map_or_else(|| i.to_string(), str::to_owned)), item, flat);
            }
        }
        other => {
            flat.insert(key.to_owned(), other.to_string());
        }
    }
}

/// Inputs that differ, by role and path.
pub fn inputs(old: &Value, new: &Value) -> Vec<InputChange> {
    let of = |m: &Value| -> BTreeMap<(String, String), String> {
        let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
        let list = m["inputs"].as_array().map(Vec::as_slice).unwrap_or_default();
        list.iter().map(|i| ((text(&i["role"]), text(&i["path"])), text(&i["sha256"]))).collect()
    };
    let (old, new) = (of(old), of(new));
    let keys: BTreeSet<&(String, String)> = old.keys().chain(new.keys()).collect();
    let change = |key: &(String, String)| {
        let (role, path) = key.clone();
        InputChange { role, path, old: old.get(key).cloned(), new: new.get(key).cloned() }
    };
    keys.into_iter().map(change).filter(|c| c.old != c.new).collect()
}
