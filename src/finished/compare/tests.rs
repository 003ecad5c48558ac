//! Two small folders whose differences are known on paper.

use super::*;
use crate::files::atomic::AtomicFolder;
use crate::files::kind::RANKING_FOLDER;
use crate::files::seal::{SELF_BLANK, sealed};
use serde_json::{Value, json};

const HEAD: &str = "rank,code,name,name_zh,score_0_100,points_gap,points_people\n";

fn folder(dir: &tempfile::TempDir, name: &str, tables: &[(&str, String)], manifest: Value) -> Finished {
    let path = dir.path().join(name);
    let mut out = AtomicFolder::create(&path, false).unwrap();
    for (file, text) in tables {
        out.write(file, |w| w.write_all(text.as_bytes())).unwrap();
    }
    let mut all = json!({ "format": RANKING_FOLDER, "format_version": 1, "manifest_sha256": SELF_BLANK });
    all["outputs"] = out.written.iter().map(|w| json!({ "name": w.name, "sha256": w.sha256 })).collect();
    for (key, value) in manifest.as_object().unwrap() {
        all[key] = value.clone();
    }
    out.write("manifest.json", |w| w.write_all(sealed(&all).as_bytes())).unwrap();
    out.finish().unwrap();
    Finished::open(&path).unwrap()
}

fn manifest(weight: f64, distances: &[u8], sha: &str) -> Value {
    json!({
        "criteria": { "distances_km": distances, "road_classes": [{ "class": "trunk", "speed_kmh": 80 }] },
        "ranking": {
            "asked": { "weights": {}, "class_weights": {}, "lines": [{ "name": "a", "places": 1 }] },
            "indicators": [{ "key": "gap", "weight_asked": weight }],
        },
        "inputs": [{ "path": "r.geojson", "role": "roads", "sha256": sha }, { "path": "s.csv", "role": "stations", "sha256": "1" }],
    })
}

#[test]
fn a_folder_does_not_differ_from_itself() {
    let dir = tempfile::tempdir().unwrap();
    let a = folder(&dir, "a", &[("ranking.csv", format!("{HEAD}1,01,A,,50.0,20.0,30.0\n"))], manifest(0.3, &[5], "x"));
    let c = compare(&a, &a).unwrap();
    assert!(c.is_nothing() && c.counties.len() == 1, "{c:?}");
}

#[test]
fn settings_inputs_and_every_county_are_told() {
    let dir = tempfile::tempdir().unwrap();
    let lines = |rows: &str| ("lines.csv", format!("line,county_code,band\n{rows}"));
    let old =
        format!("{HEAD}1,01,A,,60.0,30.0,30.0\n2,02,B,,50.0,20.0,30.0\n3,03,C,,40.0,10.0,30.0\n,04,D,,,,\n4,05,E,,1.0,1.0,0.0\n");
    let new =
        format!("{HEAD}1,03,C,,70.0,45.0,25.0\n2,02,B,,50.0,20.0,30.0\n3,01,A,,40.0,5.0,35.0\n4,04,D,,1.0,1.0,0.0\n,06,F,,,,\n");
    let (before, after) = (lines("a,01,certain\na,03,out\na,02,out\n"), lines("a,01,contested\na,03,certain\na,02,out\n"));
    let a = folder(&dir, "a", &[("ranking.csv", old), before], manifest(0.3, &[5, 10], "x"));
    let b = folder(&dir, "b", &[("ranking.csv", new), after], manifest(0.5, &[5], "y"));
    let c = compare(&a, &b).unwrap();
    let settings: Vec<_> =
        c.settings.iter().map(|s| (s.key.as_str(), s.old.as_deref().unwrap(), s.new.as_deref().unwrap())).collect();
    assert_eq!(settings, [("criteria.distances_km", "[5,10]", "[5]"), ("rank.weights.gap", "0.3", "0.5")]);
    assert_eq!(c.inputs.iter().map(|i| i.path.as_str()).collect::<Vec<_>>(), ["r.geojson"]);
    // 05 went, 06 came and 04 is newly ranked: first, by code. 01 (1 → 3) and 03 (3 → 1) moved two places. 02 stayed.
    let order: Vec<_> = c.counties.iter().map(|x| (x.code.as_str(), x.status, x.rank_change())).collect();
    use crate::results::comparison::CountyFate::{Moved, NewlyRanked, OnlyInNew, OnlyInOld, Stayed};
    let want = [
        ("04", NewlyRanked, None),
        ("05", OnlyInOld, None),
        ("06", OnlyInNew, None),
        ("01", Moved, Some(2)),
        ("03", Moved, Some(-2)),
        ("02", Stayed, Some(0)),
    ];
    assert_eq!(order, want);
    // gap: 30 → 5 is −25, people: 30 → 35 is +5
    assert_eq!(c.counties[3].most, Some(("gap".to_owned(), -25.0)));
    assert_eq!(c.counties[3].bands, [("a".to_owned(), "certain".to_owned(), "contested".to_owned())]);
    assert!(!c.counties[5].differs() && c.changed().count() == 5);
}

#[test]
fn points_of_why_csv_hold_the_users_indicators_too() {
    let dir = tempfile::tempdir().unwrap();
    let tables = |lorries: f64| {
        let why = format!("county_code,indicator,points\n01,gap,20.0\n01,lorries,{lorries:?}\n");
        [("ranking.csv", format!("{HEAD}1,01,A,,50.0,20.0,0.0\n")), ("why.csv", why)]
    };
    let a = folder(&dir, "a", &tables(30.0), manifest(0.3, &[5], "x"));
    let b = folder(&dir, "b", &tables(28.5), manifest(0.3, &[5], "x"));
    let c = compare(&a, &b).unwrap();
    assert_eq!(c.counties[0].most, Some(("lorries".to_owned(), -1.5)));
    assert!(!c.is_nothing());
}

/// The tables of a round: `code,cost` of those that are funded, in the order of the ranking given.
fn round(ranked: &[&str], funded: &[(&str, &str)]) -> [(&'static str, String); 2] {
    let place = |(i, code): (usize, &&str)| format!("{},{code},N{code},,{}.0,1.0,1.0\n", i + 1, 90 - i);
    let ranking: String = ranked.iter().enumerate().map(place).collect();
    let row = |code: &&str| match funded.iter().find(|(c, _)| c == code) {
        Some((_, cost)) => format!("{code},true,selected,{cost}\n"),
        None => format!("{code},false,budget_used,4500\n"),
    };
    let selection: String = ranked.iter().map(row).collect();
    [("ranking.csv", format!("{HEAD}{ranking}")), ("selection.csv", format!("code,selected,selection,cost\n{selection}"))]
}

fn asked(currency: &str) -> Value {
    let mut all = manifest(0.3, &[5], "x");
    all["selection"] = json!({ "asked": { "budget": 9000, "cost": 4500, "currency": currency } });
    all
}

#[test]
fn money_comes_first_and_nobody_who_lost_it_has_stayed() {
    let dir = tempfile::tempdir().unwrap();
    // 02 keeps its place and loses 4,500; 03 gains 4,000 from the third place; 01 gets 1,000 less in the first; 04 moves a place
    let old = round(&["01", "02", "03", "05", "04"], &[("01", "5000"), ("02", "4500")]);
    let new = round(&["01", "02", "03", "04", "05"], &[("01", "4000"), ("03", "4000.5")]);
    let (a, b) = (folder(&dir, "a", &old, asked("wan")), folder(&dir, "b", &new, asked("wan")));
    let c = compare(&a, &b).unwrap();
    let told: Vec<_> = c
        .counties
        .iter()
        .map(|x| (x.code.as_str(), x.money.unwrap().funding().as_str(), x.money.unwrap().change(), x.status.as_str()))
        .collect();
    let want = [
        ("02", "lost", Some(-450_000), "other_funding"),
        ("03", "gained", Some(400_050), "other_funding"),
        ("01", "kept_less", Some(-100_000), "other_funding"),
        ("04", "none", Some(0), "moved"),
        ("05", "none", Some(0), "moved"),
    ];
    assert_eq!(told, want);
    let money = c.money.as_ref().unwrap();
    // 5,000 + 4,500 = 9,500 before; 4,000 + 4,000.5 = 8,000.5 now
    assert_eq!((money.given, money.change()), ([Some(950_000), Some(800_050)], Some(-149_950)));
    // a rule that differs is a setting that differs
    let other = folder(&dir, "c", &new, asked("yuan"));
    let c = compare(&a, &other).unwrap();
    assert!(c.settings.iter().any(|s| s.key == "select.currency"), "{:?}", c.settings);
    // sums in different money are told, and not subtracted
    assert!(c.counties.iter().all(|x| x.money.unwrap().change().unwrap_or(0) == 0) && c.money.unwrap().change().is_none());
    // a run has no money
    let run = folder(&dir, "d", &new[..1], manifest(0.3, &[5], "x"));
    let c = compare(&a, &run).unwrap();
    assert!(c.money.is_none() && c.counties.iter().all(|x| x.money.is_none()));
}

#[test]
fn a_county_with_a_new_code_keeps_its_money_and_two_that_became_one_have_it_together() {
    let dir = tempfile::tempdir().unwrap();
    let old = round(&["01", "02", "03"], &[("01", "5000"), ("02", "4500")]);
    let new = round(&["09", "03"], &[("09", "9500")]);
    let mut told = asked("wan");
    told["recoded"] = json!({ "01": "09", "02": "09" });
    let (a, b) = (folder(&dir, "a", &old, asked("wan")), folder(&dir, "b", &new, told));
    let c = compare(&a, &b).unwrap();
    // 5,000 + 4,500 = 9,500: as much as the one has now, which neither of the two has kept. Money comes first.
    let rows: Vec<_> =
        c.counties.iter().map(|x| (x.code.as_str(), x.old_code.as_deref(), x.money.unwrap().funding().as_str())).collect();
    assert_eq!(rows, [("09", Some("01"), "joined"), ("03", None, "none")]);
    assert_eq!(c.counties[0].money.unwrap().change(), Some(0));
}
