//! Two rounds told by money, scenes worked out by hand: who gains and loses it is the same on the terminal, in CSV, JSON, GeoJSON and on
//! the page; rules that alone changed are the cause; settlements are credited in order of time; who moved by others alone is told so.

use crate::accepting;
use crate::round_causes::{CAUSES, Scene, add_up, causes, moving, table};
use crate::toy::chargegap;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

type Rows = BTreeMap<String, BTreeMap<String, String>>;

fn said(dir: &Path, words: &[&str]) -> String {
    let run = chargegap().current_dir(dir).args(words).assert().success();
    String::from_utf8_lossy(&run.get_output().stdout).into_owned()
}

fn json(dir: &Path, words: &[&str]) -> Value {
    serde_json::from_str(&said(dir, words)).unwrap()
}

fn funded(select: &str) -> Scene {
    Scene { select: select.to_owned(), ..Scene::default() }
}

/// Money changed by each cause, in the order of the causes; and what they add up to is the change.
fn by_cause(row: &BTreeMap<String, String>) -> Vec<f64> {
    let of = |c: &str| row[&format!("funding_change_{c}")].parse::<f64>().unwrap();
    let list: Vec<f64> = CAUSES.iter().map(|c| of(c)).collect();
    assert!((list.iter().sum::<f64>() - row["funding_change"].parse::<f64>().unwrap()).abs() < 1e-9, "{row:?}");
    list
}

/// S1 serves the middle of the first county alone: 990102 and 990103 have nothing and stand first and second (a tie, by code), 990101 third.
/// 9,000 at 4,500 each fund the first two; at 3,000 each all three.
#[test]
fn nobody_who_keeps_the_place_with_less_money_has_stayed_and_the_rules_are_the_cause() {
    let (dir, rows) = causes(
        &funded("budget = 9000\ncost = 4500\ncurrency = \"wan\"\n"),
        &funded("budget = 9000\ncost = 3000\ncurrency = \"wan\"\n"),
    );
    let told = |r: &BTreeMap<String, String>| {
        [
            "funding",
            "funding_old",
            "funding_new",
            "funding_change",
            "status",
            "rank_old",
            "rank_new",
            "selection_cause",
            "main_cause",
        ]
        .map(|c| r[c].clone())
    };
    assert_eq!(told(&rows["990101"]), ["gained", "0.0", "3000.0", "3000.0", "in", "3", "3", "selection", "selection"]);
    assert_eq!(told(&rows["990102"]), ["kept_less", "4500.0", "3000.0", "-1500.0", "other_funding", "1", "1", "", "selection"]);
    assert_eq!(by_cause(&rows["990103"]), [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, -1500.0, 0.0]);
    assert!(moving(&rows).is_empty()); // no score moved
    assert!(!rows["990102"]["why"].contains("stays"), "{}", rows["990102"]["why"]);
    assert!(rows["990102"]["why"].starts_with("funded with less, 4,500 -> 3,000 (-1,500); in place 1 as before"));
    // the same figures everywhere: CSV without causes, JSON, the terminal, the layer and the page
    let at = dir.path();
    let plain = json(at, &["diff", "out-old", "out-new", "-o", "diff.csv", "--json"]);
    let csv: Rows = table(&at.join("diff.csv"), "county_code");
    let both = json(at, &["diff", "out-old", "out-new", "--report", "again", "--json"]);
    let layer: Value = serde_json::from_slice(&fs::read(at.join("why/counties.geojson")).unwrap()).unwrap();
    for (code, row) in &rows {
        let of_list = |list: &Value| list.as_array().unwrap().iter().find(|c| c["code"] == **code).unwrap().clone();
        let features = layer["features"].as_array().unwrap();
        let feature = features.iter().find(|f| f["properties"]["county_code"] == **code).unwrap();
        let writings = [of_list(&plain["counties"]), of_list(&both["causes"]["counties"]), feature["properties"].clone()];
        for c in ["funding_old", "funding_new", "funding_change"] {
            assert_eq!(csv[code][c], row[c]);
            assert!(writings.iter().all(|w| w[c].as_f64() == row[c].parse().ok()), "{code} {c}: {writings:?}");
        }
        assert_eq!(
            (&csv[code]["funding"], Some(&csv[code]["status"])),
            (&row["funding"], writings[0]["status"].as_str().map(str::to_owned).as_ref())
        );
        assert!(writings.iter().all(|w| w["funding"] == *row["funding"]));
    }
    // 2 × 4,500 before, 3 × 3,000 now
    let want = serde_json::json!({
        "currency_old": "wan", "currency_new": "wan", "old": 9000.0, "new": 9000.0, "change": 0.0,
        "gained": { "counties": 1, "change": 3000.0 }, "lost": { "counties": 0, "change": 0.0 },
        "kept_more": { "counties": 0, "change": 0.0 }, "kept_less": { "counties": 2, "change": -3000.0 },
        "kept": { "counties": 0, "change": 0.0 }, "joined": { "counties": 0, "change": 0.0 },
    });
    assert_eq!((&plain["money"], &both["causes"]["money"]), (&want, &want));
    assert_eq!(both["causes"]["differ"], serde_json::json!(["selection"]));
    let terminal = said(at, &["diff", "out-old", "out-new"]);
    assert!(
        terminal.contains(
            "money (wan): 9,000 -> 9,000 (0)\n  gains funding: 1 county, +3,000\n  funded with less: 2 counties, -3,000\n"
        ),
        "{terminal}"
    );
    assert!(terminal.contains("select.cost: 4500.0 -> 3000.0"), "{terminal}");
    // the largest change stands first
    let first = terminal.find("990101").unwrap();
    assert!(terminal.find("990102").is_some_and(|at| first < at) && terminal.contains("4,500 -> 3,000 (-1,500)"), "{terminal}");
    let chinese = said(at, &["diff", "out-old", "out-new", "--lang", "zh"]);
    assert!(chinese.contains("资金 (wan)：9,000 -> 9,000 (0)\n  新获资金：1 个县，+3,000\n"), "{chinese}");
    let page = fs::read_to_string(at.join("why/diff.html")).unwrap();
    for text in ["gains funding", "新获资金", "funded with less", "4,500 → 3,000", "-1,500", "+3,000", "入选规则"] {
        assert!(page.contains(text), "{text}");
    }
    assert!(
        page.find("Causes, in the order").is_some_and(|causes| page.find("gains funding").is_some_and(|money| money < causes))
    );
    chargegap().current_dir(at).args(["verify", "why"]).assert().success();
}

#[test]
fn each_rule_of_selection_alone_is_its_cause_whatever_it_says() {
    let prices =
        Scene { table: "code,population,price,price2\n990101,500,10,1\n990102,500,20,2\n990103,500,30,3\n", ..Scene::default() };
    let with = |select: &str| Scene { select: select.to_owned(), table: prices.table, ..Scene::default() };
    let quotas = "province_digits = 2\n";
    let budget = "budget = 50\ncost_column = \"price\"\n";
    for (old, new, gained, lost) in [
        // one place more: 990103 is second
        (with("places = 1\n"), with("places = 2\n"), vec!["990103"], vec![]),
        // no place more than one, and two of the province
        (
            with(&format!("places = 3\n[rank]\n{quotas}")),
            with(&format!("[select.quotas]\n99 = 1\n[rank]\n{quotas}")),
            vec![],
            vec!["990101", "990103"],
        ),
        // 20 and 30 of 50; 20 of 40, and the 30 of 990103 end it
        (with(budget), with("budget = 40\ncost_column = \"price\"\n"), vec![], vec!["990103"]),
        // the same, passed over: 990101 costs 10
        (
            with("budget = 40\ncost_column = \"price\"\n"),
            with("budget = 40\ncost_column = \"price\"\nskip = true\n"),
            vec!["990101"],
            vec![],
        ),
        // another column of the same table pays: 2 + 3 + 1 of 50
        (with(budget), with("budget = 50\ncost_column = \"price2\"\n"), vec!["990101"], vec![]),
        // another sum for all in place of a column: 20 each, 990102 and 990103 of 50
        (with("budget = 40\ncost_column = \"price\"\n"), with("budget = 50\ncost = 20\n"), vec!["990103"], vec![]),
    ] {
        let (dir, rows) = causes(&old, &new);
        let by = |word: &str| rows.iter().filter(|(_, r)| r["funding"] == word).map(|(c, _)| c.as_str()).collect::<Vec<_>>();
        assert_eq!((by("gained"), by("lost")), (gained, lost), "{}", new.select);
        let manifest: Value = serde_json::from_slice(&fs::read(dir.path().join("why/manifest.json")).unwrap()).unwrap();
        assert_eq!(manifest["causes_that_differ"], serde_json::json!(["selection"]), "{}", new.select);
        assert!(rows.values().all(|r| r["selection_cause"].is_empty() || r["selection_cause"] == "selection"));
    }
}

/// Three applicants, then two: the third stands no more, and the scale of the others is made anew.
#[test]
fn who_may_apply_is_a_rule_of_selection_and_moves_the_scale() {
    let list = |more| Scene { more, ..funded("places = 1\n") };
    let two = list("counties = [\"990101\", \"990102\"]");
    let (dir, rows) = causes(&list(""), &two);
    assert_eq!(rows["990103"]["status"], "went");
    let manifest: Value = serde_json::from_slice(&fs::read(dir.path().join("why/manifest.json")).unwrap()).unwrap();
    assert_eq!(manifest["causes_that_differ"], serde_json::json!(["selection"]));
    // the same by eligibility
    let (_dir, rows) = causes(
        &list(""),
        &Scene { select: "places = 1\n[rank.eligibility]\nonly = [\"990101\", \"990103\"]\n".to_owned(), ..Scene::default() },
    );
    assert_eq!((&*rows["990102"]["funding"], &*rows["990102"]["selection_cause"]), ("lost", "selection"));
    assert_eq!((&*rows["990103"]["funding"], &*rows["990103"]["selection_cause"]), ("gained", "selection"));
    assert_eq!(rows["990103"]["why"].matches("by selection").count(), 1, "{}", rows["990103"]["why"]);
}

/// B at 0.29 (2024) serves 0.2451 … 0.3349 of the road: the villages at 0.26 and 0.30. A at 0.30 (May 2025) serves that at 0.34 too, and
/// D in the same place (June) none more. C at 0.31, nearest to 0.34, bears no date. Z at 3.0 is 267 km from any of it: nothing that is
/// asked for (30 minutes at the most) reaches so far.
#[test]
fn settlements_are_credited_to_the_first_by_date_and_those_without_a_date_come_last() {
    let new = Scene {
        stations: vec![("S1", 0.1), ("A", 0.3), ("B", 0.29), ("C", 0.31), ("D", 0.3), ("Z", 3.0)],
        opened: vec![("A", "2025-05-01"), ("B", "2024-01-15"), ("D", "2025-06"), ("Z", "2020-01-01")],
        ..Scene::default()
    };
    let (dir, rows) = causes(&Scene::default(), &new);
    let stations = table(&dir.path().join("why/stations.csv"), "id");
    assert_eq!(stations.keys().map(String::as_str).collect::<Vec<_>>(), ["A", "B", "C", "D"]);
    let of = |id: &str| ["settlements_gained", "people_gained", "dated", "same_place_as"].map(|c| stations[id][c].clone());
    assert_eq!(of("B"), ["2", "200", "true", ""]);
    assert_eq!(of("A"), ["1", "100", "true", ""]);
    assert_eq!(of("C"), ["0", "0", "false", ""]);
    assert_eq!(of("D"), ["0", "0", "true", "A"]);
    let manifest: Value = serde_json::from_slice(&fs::read(dir.path().join("why/manifest.json")).unwrap()).unwrap();
    assert_eq!(manifest["stations_that_bear_on_no_county"], 1);
    assert!(rows["990102"]["why"].contains("(300 of its people gained)"), "{}", rows["990102"]["why"]);
    let page = fs::read_to_string(dir.path().join("why/diff.html")).unwrap();
    assert!(page.contains("First is by opening date") && page.contains("先后以投运日期为准"));

    // no dates at all: by id, so A has the three villages, and the page says so
    let (dir, _) = causes(&Scene::default(), &Scene { opened: Vec::new(), ..new });
    let stations = table(&dir.path().join("why/stations.csv"), "id");
    assert_eq!((&*stations["A"]["settlements_gained"], &*stations["B"]["settlements_gained"]), ("3", "0"));
    let page = fs::read_to_string(dir.path().join("why/diff.html")).unwrap();
    assert!(page.contains("(1 of them have credit)") && page.contains("(no date that counts: last, by id)"));
}

/// A station that was there and changed did not bring anybody within reach on the day it opened: it comes after those with a date.
#[test]
fn a_changed_station_comes_after_those_that_opened() {
    // S2 stood at 0.5 in the third county since 2015, and stands at 0.3 now; S3 opened beside it in 2025
    let old = Scene { stations: vec![("S1", 0.1), ("S2", 0.5)], opened: vec![("S2", "2015-01-01")], ..Scene::default() };
    let new = Scene {
        stations: vec![("S1", 0.1), ("S2", 0.3), ("S3", 0.301)],
        opened: vec![("S2", "2015-01-01"), ("S3", "2025-01-01")],
        ..Scene::default()
    };
    let (dir, _) = causes(&old, &new);
    let stations = table(&dir.path().join("why/stations.csv"), "id");
    // S3 at 0.301 serves 0.2561 … 0.3459: 0.26, 0.30 and 0.34
    assert_eq!((&*stations["S3"]["settlements_gained"], &*stations["S2"]["settlements_gained"]), ("3", "0"));
    assert_eq!((&*stations["S2"]["change"], &*stations["S2"]["dated"]), ("changed", "false"));
    assert_eq!(stations["S2"]["settlements_lost"], "3"); // 0.46, 0.50 and 0.54
}

/// S2 and S3 serve 0.2051 … 0.3749 of the second county: of its villages one is in the gap, where two of the first are. The first has
/// what it had; it was the least of all and is so no more: the end of every scale moved below it, and the second fell past it.
#[test]
fn a_county_that_rose_because_another_fell_is_told_so() {
    let new = Scene { stations: vec![("S1", 0.1), ("S2", 0.25), ("S3", 0.33)], ..Scene::default() };
    let (dir, rows) = causes(&Scene::default(), &new);
    add_up(&rows);
    let parts = |code: &str| {
        ["score_change_own", "rank_change_own", "rank_change_scale", "rank_change_others", "rank_change"]
            .map(|c| rows[code][c].parse::<f64>().unwrap())
    };
    // 3rd to 2nd: no figure of its own, and on the new scale it would still be 3rd of the figures that were
    assert_eq!(parts("990101"), [0.0, 0.0, 0.0, -1.0, -1.0]);
    assert!(
        rows["990101"]["score_change_scale"].parse::<f64>().unwrap() > 10.0
            && rows["990101"]["score_change_scale"] == rows["990101"]["score_change"]
    );
    // 2nd to 1st with the same score: only the other one fell
    assert_eq!(parts("990103"), [0.0, 0.0, 0.0, -1.0, -1.0]);
    // 1st to 3rd, all by itself
    let own = parts("990102");
    assert!(own[0] < -50.0 && own[1..] == [2.0, 0.0, 0.0, 2.0], "{own:?}");
    assert!(rows["990101"]["why"].contains("of the points own figures 0, the scale +"), "{}", rows["990101"]["why"]);
    assert!(rows["990101"]["why"].contains("of the places own figures 0, the scale 0, others -1"), "{}", rows["990101"]["why"]);
    assert!(rows["990101"]["why_zh"].contains("其中得分：本县数据 0、标尺变动 +"));
    let told = json(dir.path(), &["diff", "out-old", "out-new", "--report", "again", "--json"]);
    let county = told["causes"]["counties"].as_array().unwrap().iter().find(|c| c["code"] == "990101").unwrap();
    assert_eq!((&county["score_change_own"], &county["rank_change_others"]), (&serde_json::json!(0.0), &serde_json::json!(-1)));
}

/// 990103 applies with 990101 in the new round, and costs 9,000 with it: the sum stands with the lead, and the totals are exact.
#[test]
fn money_of_a_joint_application_stands_with_its_lead() {
    let joint = "budget = 13500\ncost = 4500\n[[rank.joint]]\nname = \"two\"\nlead = \"990103\"\nmembers = [\"990101\"]\n";
    let (dir, rows) = causes(&funded("budget = 9000\ncost = 4500\n"), &funded(joint));
    let of = |code: &str| ["funding", "funding_old", "funding_new", "funding_change"].map(|c| rows[code][c].clone());
    assert_eq!(of("990101"), ["gained", "0.0", "0.0", "0.0"]);
    assert_eq!(of("990102"), ["kept", "4500.0", "4500.0", "0.0"]);
    assert_eq!(of("990103"), ["kept_more", "4500.0", "9000.0", "4500.0"]);
    let manifest: Value = serde_json::from_slice(&fs::read(dir.path().join("why/manifest.json")).unwrap()).unwrap();
    assert_eq!(
        (&manifest["money"]["change"], &manifest["causes_that_differ"]),
        (&serde_json::json!(4500.0), &serde_json::json!(["selection"]))
    );
}

/// Between fixed goalposts nothing that others do moves a score: the first county rises because another fell past it, and by nothing else.
/// Under a geometric mean points are no sums, and the parts are empty.
#[test]
fn between_goalposts_the_scale_moves_nobody_and_without_sums_no_parts_are_told() {
    let method = |more: &str| format!("places = 1\n{more}");
    let posts = "[rank.method]\nnormalise = \"goalposts\"\n[rank.goalposts]\ngap_share_class_weighted = [0, 1]\npeople_in_gap_share = [0, 1]\n\
                 longest_dead_stretch_km = [0, 50]\nsettlements_without_station = [0, 10]\ncharging_stations_per_1000_road_km = [0, 100]\n\
                 charging_stations_per_10000_people = [0, 50]\n";
    let both = |more: &str| {
        let old = Scene { select: method(more), ..Scene::default() };
        let new = Scene { stations: vec![("S1", 0.1), ("S2", 0.25), ("S3", 0.33)], select: method(more), ..Scene::default() };
        causes(&old, &new)
    };
    let (_dir, rows) = both(posts);
    add_up(&rows);
    let columns =
        ["score_change", "score_change_own", "score_change_scale", "rank_change_own", "rank_change_scale", "rank_change_others"];
    assert_eq!(columns.map(|c| rows["990101"][c].clone()), ["0.0", "0.0", "0.0", "0", "0", "-1"]);
    assert_eq!(rows["990102"]["score_change_own"], rows["990102"]["score_change"]);
    let (_dir, rows) = both("[rank.method]\naggregate = \"geometric\"\n");
    assert!(columns[1..].iter().all(|c| rows["990101"][*c].is_empty()), "{:?}", rows["990101"]);
    assert!(!rows["990101"]["score_change"].is_empty());
}

/// A round without a budget tells who is funded, and no sum; a budget in other money is told beside the old one, and not subtracted.
#[test]
fn sums_that_are_not_known_or_in_other_money_are_told_so() {
    let (dir, rows) = causes(&funded("places = 1\n"), &funded("places = 2\n"));
    assert_eq!(
        ["funding", "funding_old", "funding_new", "funding_change"].map(|c| rows["990103"][c].clone()),
        ["gained", "0.0", "", ""]
    );
    let terminal = said(dir.path(), &["diff", "out-old", "out-new"]);
    assert!(
        terminal.contains(
            "funding (neither round has a budget, so sums are not known):\n  gains funding: 1 county\n  stays funded: 1 county\n"
        ),
        "{terminal}"
    );
    assert!(rows["990103"]["why"].starts_with("gains funding; "), "{}", rows["990103"]["why"]);
    let money =
        |sum: u32, cost: &str, currency: &str| funded(&format!("budget = {sum}\ncost = {cost}\ncurrency = \"{currency}\"\n"));
    let (dir, rows) = causes(&money(9000, "4500", "yuan"), &money(9, "4.5", "thousand yuan"));
    assert_eq!(
        ["funding", "funding_old", "funding_new", "funding_change", "status"].map(|c| rows["990103"][c].clone()),
        ["kept", "4500.0", "4.5", "", "other_funding"]
    );
    let terminal = said(dir.path(), &["diff", "out-old", "out-new"]);
    assert!(terminal.contains("money (yuan -> thousand yuan): 9,000 -> 9 (unknown)\n"), "{terminal}");
    let page = fs::read_to_string(dir.path().join("why/diff.html")).unwrap();
    assert!(page.contains("The rounds count in different money"));
}

/// 990102 costs 20 and 990103 30 of 50; 990103 then says 25, and the blank of 990101 becomes 5, which the rest pays for. Where an indicator is
/// made of the same column, its cells are demand.
#[test]
fn cells_of_the_cost_column_are_a_cause_of_their_own() {
    let budget = "budget = 50\ncost_column = \"price\"\n";
    let with = |table: &'static str, more: &str| Scene { table, ..funded(&format!("{budget}{more}")) };
    let (old, new) = ("code,price\n990101,\n990102,20\n990103,30\n", "code,price\n990101,5\n990102,20\n990103,25\n");
    let (dir, rows) = causes(&with(old, ""), &with(new, ""));
    // boundaries, roads, stations, demand, criteria, method, costs, selection, overrides
    assert_eq!(by_cause(&rows["990103"]), [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, -5.0, 0.0, 0.0]);
    assert_eq!(by_cause(&rows["990101"]), [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 5.0, 0.0, 0.0]);
    assert_eq!((&*rows["990101"]["selection_cause"], &*rows["990101"]["main_cause"]), ("costs", "costs"));
    let manifest: Value = serde_json::from_slice(&fs::read(dir.path().join("why/manifest.json")).unwrap()).unwrap();
    assert_eq!(manifest["causes_that_differ"], serde_json::json!(["costs"]));
    let page = fs::read_to_string(dir.path().join("why/diff.html")).unwrap();
    assert!(page.contains("costs") && page.contains("所需资金"), "{page}");
    let indicator = "[[rank.indicators]]\nkey = \"price\"\ndirection = \"higher_is_worse\"\npillar = \"demand\"\nweight = 1\n";
    let (dir, _) = causes(&with(old, indicator), &with(new, indicator));
    let manifest: Value = serde_json::from_slice(&fs::read(dir.path().join("why/manifest.json")).unwrap()).unwrap();
    assert_eq!(manifest["causes_that_differ"], serde_json::json!(["demand"]));
}

/// Nothing but the word for the money, who signs and who set a figure by hand: no cause, and told.
#[test]
fn another_currency_another_signer_and_another_hand_are_told() {
    let by_hand = |who: &str| {
        format!("[[override]]\ncounty = \"990101\"\nexcluded = true\nby = \"{who}\"\non = \"2026-04-02\"\nreason = \"survey\"\n")
    };
    let with = |currency: &str, signer: &'static str, who: &str| Scene {
        more: signer,
        ..funded(&format!("budget = 9000\ncost = 4500\ncurrency = \"{currency}\"\n{}", by_hand(who)))
    };
    let dir = tempfile::tempdir().unwrap();
    let at = dir.path();
    for (name, scene) in [("old", with("wan", "", "Li Wei")), ("new", with("yuan", "", "Wu Min"))] {
        scene.write(&at.join(name));
        let file = at.join(name).join("round.toml");
        let signer = if name == "old" { "Zhao" } else { "Qian" };
        let text = fs::read_to_string(&file).unwrap();
        fs::write(&file, text.replacen("[round]\n", &format!("[round]\nsigned_by = \"{signer}\"\n"), 1)).unwrap();
        accepting::round(at, &format!("{name}/round.toml"), &format!("out-{name}"), &["-q"]);
    }
    let text = said(at, &["diff", "out-old", "out-new", "--report", "why"]);
    for want in [
        "round.signed_by: \"Zhao\" -> \"Qian\"",
        "select.currency: \"wan\" -> \"yuan\"",
        "that differ: none",
        "the money is called otherwise: \"wan\" -> \"yuan\"; sums are not subtracted",
        "Li Wei",
        "Wu Min",
    ] {
        assert!(text.contains(want), "{want}: {text}");
    }
    let chinese = said(at, &["diff", "out-old", "out-new", "--report", "why", "--overwrite", "--lang", "zh"]);
    assert!(chinese.contains("资金名称不同"), "{chinese}");
}
