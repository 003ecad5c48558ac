//! A round with a fault is not finished: exit code 1, no folder, the faults on the terminal, as JSON and in the work folder; each that
//! somebody else than the signer accepts is passed over, told on the page, in the manifest and by `verify`.

use crate::accepting::{filled, signed as signed_text};
use crate::round_scene::said;
use crate::small_round::{SmallRound, all_files};
use serde_json::Value;
use std::fs;

pub type Says = (i32, String, String);

pub fn says(r: &SmallRound, words: &str) -> Says {
    said(&r.chargegap(&words.split_whitespace().collect::<Vec<_>>()).output().unwrap())
}

/// What is open, as `code subject`, with the lines that accept it; the exit code must say whether there is any.
pub fn open(r: &SmallRound, words: &str) -> Vec<(String, String)> {
    let (exit, out, err) = says(r, &format!("{words} --json"));
    let answer: Value = serde_json::from_str(&out).unwrap_or_else(|e| panic!("{words}: {e}: {out} {err}"));
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    let faults = answer["faults"].as_array().unwrap().iter().filter(|f| f["accepted"].is_null());
    let all: Vec<_> = faults.map(|f| (format!("{} {}", text(&f["code"]), text(&f["subject"])), text(&f["accept"]))).collect();
    assert_eq!(exit, i32::from(!all.is_empty()), "{words}: {all:?} {err}");
    all
}

pub fn names(all: &[(String, String)]) -> Vec<&str> {
    all.iter().map(|(name, _)| name.as_str()).collect()
}

pub fn accept(r: &SmallRound, lines: &str) {
    r.edit("round.toml", |t| signed_text(t) + "\n" + &filled(lines));
}

pub fn manifest(r: &SmallRound, out: &str) -> Value {
    serde_json::from_slice(&fs::read(r.path(out).join("manifest.json")).unwrap()).unwrap()
}

fn signed() -> SmallRound {
    let r = SmallRound::made();
    r.edit("round.toml", |t| t.replace("year = 2026\n", "year = 2026\nsigned_by = \"Li Na\"\n"));
    r
}

#[test]
fn a_region_left_out_ends_the_round_until_somebody_else_answers_for_it() {
    let r = signed();
    fs::remove_file(r.path("12/stations.csv")).unwrap();
    // before anything is computed, and without a work folder
    let before = open(&r, "round round.toml --check");
    assert_eq!(names(&before), ["region_left_out 12/region.toml"]);
    let (exit, out, err) = says(&r, "round round.toml -o two");
    let lines = &before[0].1;
    assert!(exit == 1 && out.is_empty() && !r.path("two").exists(), "{out}");
    assert!(err.starts_with("error: the round is not finished: 1 fault(s)") && err.contains(lines.as_str()), "{err}");
    assert!(err.contains("stations.csv") && err.contains("next: mend the region"), "{err}");
    let told: Value = serde_json::from_slice(&fs::read(r.path("two-work/faults.json")).unwrap()).unwrap();
    assert_eq!((&told["open"], &told["faults"][0]["accept"]), (&1.into(), &Value::from(lines.as_str())));
    assert!(fs::read_to_string(r.path("two-work/faults.csv")).unwrap().contains("region_left_out"));
    // the three counties of the other region are done, so the next try is quick
    assert_eq!(fs::read_dir(r.path("two-work/shards")).unwrap().count(), 3);

    // by the signer himself, in another spelling; twice; half of the fingerprint: none of them holds
    let text = fs::read_to_string(r.path("round.toml")).unwrap();
    let by_signer = filled(lines).replace("Auditor", "LI  na");
    let half = filled(lines).replace(&lines[lines.find("fault = \"").unwrap() + 17..][..8], "*");
    for (more, want) in [
        (by_signer, vec!["region_left_out", "acceptance_by_signer"]),
        (filled(lines) + &filled(lines), vec!["acceptance_twice"]),
        (half, vec!["region_left_out", "acceptance_unmatched"]),
    ] {
        fs::write(r.path("round.toml"), format!("{text}\n{more}")).unwrap();
        let found = open(&r, "round round.toml -o two");
        let codes: Vec<&str> = found.iter().map(|(name, _)| name.split(' ').next().unwrap()).collect();
        assert_eq!(codes, want);
        assert!(!r.path("two").exists());
    }

    // accepted: the round is as it would be without the region, and says so everywhere
    fs::write(r.path("round.toml"), text).unwrap();
    accept(&r, lines);
    assert!(open(&r, "round round.toml --check").is_empty());
    let (exit, out, err) = says(&r, "round round.toml -o two");
    assert!(exit == 0 && out.contains("ACCEPTED by Auditor on 2026-03-31 (made up): region_left_out"), "{out} {err}");
    assert!(out.contains("3 counties: 3 kept from before, 0 computed"), "{out}");
    let m = manifest(&r, "two");
    assert_eq!((m["faults"].as_array().unwrap().len(), &m["acceptances"][0]["by"]), (1, &"Auditor".into()));
    let page = fs::read_to_string(r.path("two/round.html")).unwrap();
    assert!(page.contains("FAULT, ACCEPTED") && page.contains("缺陷（已接受）") && page.contains("Auditor"));
    let (exit, out, _) = says(&r, "verify two");
    assert!(exit == 0 && out.contains("each of 1 faults is accepted once, by somebody who does not sign the round"), "{out}");
    assert!(out.contains("accepted by Auditor on 2026-03-31 (made up): region_left_out"), "{out}");
    let (_, out, _) = says(&r, "verify two --lang zh");
    assert!(out.contains("由 Auditor 于 2026-03-31 接受（made up）"), "{out}");

    // the same region left out for another reason is another fault, and the acceptance has none
    fs::write(r.path("12/stations.csv"), "id,lon,lat\n").unwrap();
    let found = open(&r, "round round.toml -o three");
    assert_eq!(found.len(), 2);
    assert!(found[0].0 == "region_left_out 12/region.toml" && found[0].1 != *lines, "{found:?}");
    assert!(found[1].0.starts_with("acceptance_unmatched region_left_out"), "{found:?}");
}

/// What was accepted of this year's round is not accepted of the next, of another day, after its day, or where nobody signs.
#[test]
fn an_acceptance_serves_one_round_that_somebody_signs() {
    let r = signed();
    fs::remove_file(r.path("12/stations.csv")).unwrap();
    let lines = open(&r, "round round.toml --check")[0].1.clone();
    accept(&r, &lines);
    assert!(open(&r, "round round.toml --check").is_empty());
    let text = fs::read_to_string(r.path("round.toml")).unwrap();
    let (next_year, dated) =
        (text.replace("year = 2026\n", "year = 2027\n"), text.replace("year = 2026\n", "date = \"2026-03-31\"\n"));
    for other in [&next_year, &dated] {
        fs::write(r.path("round.toml"), other).unwrap();
        let found = open(&r, "round round.toml --check");
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].0.starts_with("region_left_out") && found[0].1 != lines, "{found:?}");
        assert!(found[1].0.starts_with("acceptance_unmatched"), "{found:?}");
    }
    // accepted on the round's own day it holds; a day later it is refused with both days
    let again = open(&r, "round round.toml --check")[0].1.clone();
    let dated = dated[..dated.find("[[accept]]").unwrap()].to_owned() + &filled(&again);
    fs::write(r.path("round.toml"), &dated).unwrap();
    assert!(open(&r, "round round.toml --check").is_empty());
    fs::write(r.path("round.toml"), dated.replace("on = \"2026-03-31\"", "on = \"2026-04-01\"")).unwrap();
    let (exit, _, err) = says(&r, "round round.toml --check");
    assert!(exit == 2 && err.contains("is accepted by Auditor on 2026-04-01, and the round is of 2026-03-31"), "{err}");
    // nobody signs: one fault, with what to write
    for signature in ["", "signed_by = \" \"\n"] {
        fs::write(r.path("round.toml"), text.replace("signed_by = \"Li Na\"\n", signature)).unwrap();
        assert_eq!(names(&open(&r, "round round.toml --check")), ["acceptance_without_signer signed_by"]);
        let (_, out, _) = says(&r, "round round.toml --check");
        assert!(out.contains("write signed_by = \"…\" under [round]"), "{out}");
    }
    // the signer in another order of the words
    fs::write(r.path("round.toml"), text.replace("by = \"Auditor\"", "by = \"NA, Li\"")).unwrap();
    let found = open(&r, "round round.toml --check");
    assert!(found.iter().any(|(name, _)| name.starts_with("acceptance_by_signer")), "{found:?}");
}

#[test]
fn an_acceptance_that_says_not_all_is_refused_by_its_key() {
    let r = SmallRound::made();
    let whole = [("code", "county_failed"), ("fault", "0123456789abcdef"), ("by", "A"), ("on", "2026-03-31"), ("reason", "r")];
    let text = fs::read_to_string(r.path("round.toml")).unwrap();
    for (key, _) in whole {
        let rest = whole.iter().filter(|(k, _)| *k != key).map(|(k, v)| format!("{k} = \"{v}\"\n")).collect::<String>();
        fs::write(r.path("round.toml"), format!("{text}[[accept]]\n{rest}")).unwrap();
        let (exit, _, err) = says(&r, "round round.toml -o two");
        assert!(exit == 2 && err.contains(&format!("accept[0].{key}")), "{key}: {exit} {err}");
    }
    let (exit, _, err) = {
        let bad =
            whole.iter().map(|(k, v)| format!("{k} = \"{}\"\n", if *k == "on" { "31 March" } else { v })).collect::<String>();
        fs::write(r.path("round.toml"), format!("{text}[[accept]]\n{bad}")).unwrap();
        says(&r, "round round.toml -o two")
    };
    assert!(exit == 2 && err.contains("this is no day"), "{err}");
}

#[test]
fn applicants_that_no_region_has_or_that_are_listed_twice_are_named() {
    let r = SmallRound::made();
    let with = |counties: &str| r.edit("round.toml", |t| t.replacen("[regions]\n", &format!("[regions]\n{counties}\n"), 1));
    let plain = fs::read_to_string(r.path("round.toml")).unwrap();
    with("counties = [\"1101*\", \"990101\", \"12010?\", \"88*\"]");
    assert_eq!(names(&open(&r, "round round.toml -o two")), ["applicant_unknown 88*", "applicant_unknown 990101"]);
    fs::write(r.path("round.toml"), &plain).unwrap();
    // 110109 was 110101 before: with the crosswalk the first and the last row are one county
    fs::write(r.path("codes.csv"), "old_code,new_code\n110109,110101\n").unwrap();
    fs::write(r.path("list.csv"), "code\n110101\n110102\n120101\n120109\n120101\n110109\n").unwrap();
    with("county_list = \"list.csv\"\ncrosswalk = \"codes.csv\"");
    let found = open(&r, "round round.toml -o two");
    assert_eq!(names(&found), ["applicant_unknown 120109", "applicant_twice 110101", "applicant_twice 120101"]);
    for (_, lines) in &found {
        accept(&r, lines);
    }
    assert!(open(&r, "round round.toml -o two").is_empty());
    assert_eq!(manifest(&r, "two")["shards"]["counties"], 3, "each takes part once");
}

#[test]
fn a_quota_of_a_province_that_has_no_county_is_a_fault_where_no_region_is_left_out() {
    let r = SmallRound::made();
    r.edit("round.toml", |t| t.replace("\"12\" = 2", "\"21\" = 2"));
    assert_eq!(names(&open(&r, "round round.toml --check")), ["quota_unused 21"]);
    assert_eq!(names(&open(&r, "round round.toml -o two")), ["quota_unused 21"]);
}

#[test]
fn an_indicator_that_is_used_for_nobody_is_a_fault() {
    let r = SmallRound::made();
    // without a settlement in any county, nobody's share of people in the gap can be computed
    for p in ["11", "12"] {
        r.edit(&format!("{p}/region.toml"), |t| t.replace("[settlements]\npath = \"settlements.csv\"\n", ""));
    }
    let found = open(&r, "round round.toml -o two");
    assert!(found.len() >= 2 && found.iter().all(|(name, _)| name.starts_with("indicator_dropped ")), "{found:?}");
    assert!(names(&found).contains(&"indicator_dropped people_in_gap_share"), "{found:?}");
    // before counties are computed nobody knows; after, the work folder tells
    assert!(open(&r, "round round.toml --check").is_empty());
    assert_eq!(names(&open(&r, "round round.toml --check --work two-work")), names(&found));
    for (_, lines) in &found {
        accept(&r, lines);
    }
    assert!(open(&r, "round round.toml --check").is_empty(), "what is not known yet leaves its acceptance alone");
    assert!(open(&r, "round round.toml -o two").is_empty());
    let (exit, out, _) = says(&r, "verify two");
    assert!(exit == 0 && out.contains("indicator_dropped"), "{out}");
}

#[test]
fn an_input_that_changed_since_its_check_is_a_fault() {
    let r = SmallRound::made();
    for p in ["11", "12"] {
        let (exit, out, err) = says(&r, &format!("check {p} --json"));
        assert_eq!(exit, 0, "{err}");
        fs::write(r.path(&format!("{p}/check.json")), out).unwrap();
    }
    r.edit("round.toml", |t| t.replacen("[regions]\n", "[regions]\nchecks = [\"*/check.json\"]\n", 1));
    assert!(open(&r, "round round.toml --check").is_empty());
    let checked = fs::read_to_string(r.path("12/roads.geojson")).unwrap();
    r.edit("11/settlements.csv", |t| t.replace("V1,", "V one,"));
    r.edit("12/roads.geojson", |t| t + "\n");
    let want = ["changed_since_check 11/settlements.csv", "changed_since_check 12/roads.geojson"];
    assert_eq!(names(&open(&r, "round round.toml --check")), want);
    assert_eq!(names(&open(&r, "round round.toml -o two")), want);
    fs::write(r.path("12/roads.geojson"), checked).unwrap();
    // a file that was not checked, and one that was and is not read
    r.edit("11/region.toml", |t| t.replace("settlements.csv", "others.csv"));
    fs::rename(r.path("11/settlements.csv"), r.path("11/others.csv")).unwrap();
    let found = open(&r, "round round.toml --check");
    let want =
        ["changed_since_check 11/others.csv", "changed_since_check 11/region.toml", "changed_since_check 11/settlements.csv"];
    assert_eq!(names(&found), want);
    // checks of another place, named by region; a region without one
    fs::create_dir(r.path("checks")).unwrap();
    fs::rename(r.path("12/check.json"), r.path("checks/twelve.json")).unwrap();
    r.edit("round.toml", |t| t.replace("checks = [\"*/check.json\"]", "checks = { \"12\" = \"checks/twelve.json\" }"));
    assert_eq!(names(&open(&r, "round round.toml --check")), ["not_checked 11/region.toml"]);
    // what is no check, and a pattern that meets none
    fs::write(r.path("checks/twelve.json"), "{}").unwrap();
    let (exit, _, err) = says(&r, "round round.toml --check");
    assert!(exit == 1 && err.contains("this is no answer of `check --json`"), "{err}");
    r.edit("round.toml", |t| t.replace("checks = { \"12\" = \"checks/twelve.json\" }", "checks = [\"no/*.json\"]"));
    let (exit, _, err) = says(&r, "round round.toml --check");
    assert!(exit == 2 && err.contains("meets no answer"), "{err}");
}

/// What the round itself names lies in a region's folder, and no check of that region knows it: the register, the goalposts with what they come
/// from, and the document of an override.
#[test]
fn files_that_the_round_names_are_in_no_check() {
    let r = SmallRound::made();
    let (exit, _, err) = says(&r, "rank out -q --goalposts-out 11/posts.toml");
    assert_eq!(exit, 0, "{err}");
    for p in ["11", "12"] {
        let (_, out, _) = says(&r, &format!("check {p} --json"));
        fs::write(r.path(&format!("{p}/check.json")), out).unwrap();
    }
    let codes: String = ["11", "12"].iter().flat_map(|p| (1..=3).map(move |i| format!("{p}010{i},\n"))).collect();
    fs::write(r.path("11/who.csv"), format!("code,name\n{codes}")).unwrap();
    fs::write(r.path("11/codes.csv"), "old_code,new_code\n990000,110101\n").unwrap();
    fs::write(r.path("11/minutes.pdf"), "minutes").unwrap();
    fs::write(r.path("12/plan.pdf"), "plan").unwrap();
    let posts = fs::read_to_string(r.path("11/posts.toml")).unwrap();
    let seal = posts.lines().find(|l| l.starts_with("values_sha256")).unwrap();
    let first = posts.lines().find(|l| l.contains("= { low")).unwrap();
    let ends = first.split(", source").next().unwrap();
    let by_hand = posts.replace(seal, "").replace(first, &format!("{ends}, source = \"12/plan.pdf\" }}"));
    fs::write(r.path("11/posts.toml"), by_hand).unwrap();
    r.edit("round.toml", |t| {
        let regions = "[regions]\nchecks = [\"*/check.json\"]\ncrosswalk = \"11/codes.csv\"\n";
        let more = "[rank.goalposts]\nfile = \"11/posts.toml\"\n[applicants]\npath = \"11/who.csv\"\n[[override]]\ncounty = \"110101\"\ncost = 4000\n";
        let by = "by = \"Wu\"\non = \"2026-03-01\"\nreason = \"offer\"\ndocument = \"11/minutes.pdf\"\nsha256 = \"90e63d85fa1ab2c8ed65222f3ebd794b1e524b4b7cf84bec451542d0451b2985\"\n";
        t.replacen("[regions]\n", regions, 1) + more + by
    });
    assert_eq!(names(&open(&r, "round round.toml --check")), [""; 0]);
    let (exit, _, err) = says(&r, "round round.toml -o two -q");
    assert_eq!(exit, 0, "{err}");
    let roles = ["applicants", "crosswalk", "document", "goalposts", "goalposts_source", "check"];
    let m = manifest(&r, "two");
    let told: Vec<&str> = m["inputs"].as_array().unwrap().iter().filter_map(|i| i["role"].as_str()).collect();
    assert!(roles.iter().all(|role| told.contains(role)), "{told:?}");
    // a list of codes in place of the register is no other
    r.edit("round.toml", |t| {
        t.replace("[applicants]\npath = \"11/who.csv\"\n", "").replacen(
            "[regions]\n",
            "[regions]\ncounty_list = \"11/who.csv\"\n",
            1,
        )
    });
    assert_eq!(names(&open(&r, "round round.toml --check")), [""; 0]);
}

/// The counties of a region that somebody accepted to leave out are beside that fault in the comparison, and the causes can be told: the files of
/// the region are missing, cut, or mended by now.
#[test]
fn a_comparison_names_the_fault_for_which_a_county_is_in_one_round_only() {
    let r = signed();
    let roads = fs::read_to_string(r.path("12/roads.geojson")).unwrap();
    fs::copy(r.path("round.toml"), r.path("first.toml")).unwrap();
    for (name, cut) in [("missing", None), ("cut", Some(&roads[..roads.len() / 2]))] {
        fs::copy(r.path("first.toml"), r.path("round.toml")).unwrap();
        match cut {
            None => fs::remove_file(r.path("12/roads.geojson")).unwrap(),
            Some(text) => fs::write(r.path("12/roads.geojson"), text).unwrap(),
        }
        let open = open(&r, "round round.toml --check");
        assert_eq!(names(&open), ["region_left_out 12/region.toml"]);
        accept(&r, &open[0].1);
        fs::copy(r.path("round.toml"), r.path(&format!("{name}.toml"))).unwrap();
        let (exit, _, err) = says(&r, &format!("round {name}.toml -o {name} -q"));
        assert_eq!(exit, 0, "{err}");
        fs::write(r.path("12/roads.geojson"), &roads).unwrap();
        // as it was, and mended: the region stays out of the round that it was left out of
        let report = format!("--report {name}-why --overwrite --rounds first.toml {name}.toml");
        let (exit, out, err) = says(&r, &format!("diff out {name} {report}"));
        assert_eq!(exit, 0, "{err}");
        for want in ["[1] accepted in the new round by Auditor on 2026-03-31 (made up): region_left_out", "only in old [1]"] {
            assert!(out.contains(want), "{want}: {out}");
        }
        let table = fs::read_to_string(r.path(&format!("{name}-why/causes.csv"))).unwrap();
        assert!(table.contains("accepted in the new round by Auditor"), "{table}");
        let page = fs::read_to_string(r.path(&format!("{name}-why/diff.html"))).unwrap();
        assert!(
            page.contains("Faults of one of the rounds that somebody accepted") && page.contains("由 Auditor 于 2026-03-31 接受"),
            "{page}"
        );
        let (exit, _, err) = says(&r, &format!("verify {name}-why"));
        assert_eq!(exit, 0, "{err}");
    }
    let (_, out, _) = says(&r, "diff out cut --json -o moved.csv");
    let told: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(told["accepted"].as_array().unwrap().len(), 1);
    let one = &told["accepted"][0];
    assert_eq!((&one["round"], &one["code"], &one["by"]), (&"new".into(), &"region_left_out".into(), &"Auditor".into()));
    for c in told["counties"].as_array().unwrap() {
        let gone = c["code"].as_str().unwrap().starts_with("12");
        assert_eq!(c["accepted"].as_array().unwrap().len(), usize::from(gone), "{c}");
        assert!(!gone || c["accepted"][0] == *one, "{c}");
    }
    let moved = fs::read_to_string(r.path("moved.csv")).unwrap();
    let of_12 =
        moved.lines().filter(|l| l.starts_with("12") && l.contains("new: region_left_out") && l.contains("accepted by Auditor"));
    assert_eq!(of_12.count(), 3, "{moved}");
    // the other way round it is the old one
    let (_, out, _) = says(&r, "diff cut out");
    assert!(out.contains("[1] accepted in the old round by Auditor") && out.contains("only in new [1]"), "{out}");
    // what is the same in both is no difference
    let (_, out, _) = says(&r, "diff cut cut");
    assert!(out.contains("nothing differs"), "{out}");
}

#[test]
fn parts_tell_their_faults_and_the_merge_fails_on_them() {
    let r = SmallRound::made();
    fs::write(r.path("12/counties.geojson"), "no json").unwrap();
    for k in 1..=2 {
        let (exit, out, err) = says(&r, &format!("round round.toml --work w --shard {k}/2"));
        assert!(
            exit == 0 && out.contains("FAULTS that `chargegap merge` fails on") && out.contains("region_left_out"),
            "{out} {err}"
        );
        assert!(r.path(&format!("w/faults-{k}-of-2.json")).is_file());
    }
    let found = open(&r, "merge round.toml --work w -o merged");
    assert_eq!(names(&found), ["region_left_out 12/region.toml"]);
    assert!(!r.path("merged").exists());
    accept(&r, &found[0].1);
    assert!(open(&r, "merge round.toml --work w -o merged").is_empty());
    assert!(open(&r, "round round.toml -o whole").is_empty());
    let files = all_files(&r.path("whole"));
    assert_eq!(files, all_files(&r.path("merged")));
    assert!(files.iter().all(|f| fs::read(r.path("whole").join(f)).unwrap() == fs::read(r.path("merged").join(f)).unwrap()));
}

#[test]
fn a_county_that_failed_elsewhere_is_told_by_the_merge_and_one_that_was_never_tried_is_missing() {
    let r = SmallRound::made();
    let (exit, ..) = says(&r, "round round.toml --work w --shard 1/1");
    assert_eq!(exit, 0);
    let table = fs::read_to_string(r.path("out/shards.csv")).unwrap();
    let print = |code: &str| table.lines().find_map(|l| l.strip_prefix(&format!("{code},"))).unwrap()[..64].to_owned();
    let (failed, gone) = (print("110102"), print("120103"));
    for p in [&failed, &gone] {
        fs::remove_file(r.path(&format!("w/shards/{p}.ndjson"))).unwrap();
    }
    fs::create_dir_all(r.path("w/failed")).unwrap();
    let why = serde_json::json!({ "shard": failed, "why": "the books do not close" });
    fs::write(r.path(&format!("w/failed/{failed}.json")), why.to_string()).unwrap();
    let found = open(&r, "merge round.toml --work w -o merged");
    assert_eq!(names(&found), ["county_failed 110102", "rows_missing 120103"]);
    assert!(found[1].1.is_empty(), "missing rows are computed, not accepted");
    let (_, _, err) = says(&r, "merge round.toml --work w -o merged");
    assert!(
        err.contains("the books do not close") && err.contains("the rows of 1 of 6 counties are missing or damaged: 120103"),
        "{err}"
    );
    // accepted, the county takes part without figures and is not ranked
    accept(&r, &found[0].1);
    fs::copy(r.path(&format!("out-work/shards/{gone}.ndjson")), r.path(&format!("w/shards/{gone}.ndjson"))).unwrap();
    assert!(open(&r, "merge round.toml --work w -o merged").is_empty());
    assert_eq!(manifest(&r, "merged")["shards"]["failed"], 1);
    let (exit, out, _) = says(&r, "verify merged");
    assert!(exit == 0 && out.contains("county_failed"), "{out}");
    // another round tries it again, and then the acceptance has nothing to stand for
    let found = open(&r, "round round.toml -o again --work w");
    assert!(found.len() == 1 && found[0].0.starts_with("acceptance_unmatched county_failed"), "{found:?}");
}

#[test]
fn faults_are_told_in_chinese() {
    let r = SmallRound::made();
    fs::remove_file(r.path("12/stations.csv")).unwrap();
    let (exit, _, err) = says(&r, "round round.toml -o two --lang zh");
    assert!(exit == 1 && err.starts_with("错误：本轮未完成：有 1 项缺陷无人接受"), "{err}");
    assert!(
        err.contains("地区 12/region.toml 及其全部县未纳入") && err.contains("[[accept]]\ncode = \"region_left_out\""),
        "{err}"
    );
    let (_, out, _) = says(&r, "round round.toml --check --lang zh");
    assert!(out.contains("有 1 项未接受的缺陷"), "{out}");
}

#[test]
fn what_is_told_of_a_fault_does_not_depend_on_where_the_folder_lies() {
    let (a, b) = (SmallRound::made(), SmallRound::made());
    let told = |r: &SmallRound, words: &str| {
        fs::write(r.path("12/region.toml"), "[region\n").unwrap();
        open(r, words)
    };
    let whole = b.path("round.toml");
    assert_eq!(told(&a, "round round.toml --check"), told(&b, &format!("round {} --check", whole.display())));
}

/// A pattern meets what is there: that a province is not there only the number can tell.
#[test]
fn a_region_that_is_not_there_is_missed_by_number() {
    let r = SmallRound::laid();
    r.edit("round.toml", |t| t.replacen("files = [\"*/region.toml\"]\n", "files = [\"*/region.toml\"]\nexpect = 2\n", 1));
    let told = |args: &[&str]| r.chargegap(args).output().unwrap();
    assert_eq!(told(&["round", "round.toml", "--check"]).status.code(), Some(0));
    fs::rename(r.path("12"), r.dir.path().with_extension("away")).unwrap();
    for args in [&["round", "round.toml", "-o", "out"][..], &["round", "round.toml", "--check"]] {
        let done = told(args);
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(done.status.code() == Some(1) && said.contains("expects 2 region files, and its patterns meet 1"), "{said}");
    }
    assert!(!r.path("out").exists());
    fs::remove_dir_all(r.dir.path().with_extension("away")).unwrap();
}

/// A region that is there and cannot be read is its own fault, and does not change how many there are.
#[test]
fn a_region_that_is_left_out_was_there_all_the_same() {
    let r = SmallRound::laid();
    r.edit("round.toml", |t| t.replacen("files = [\"*/region.toml\"]\n", "files = [\"*/region.toml\"]\nexpect = 2\n", 1));
    fs::write(r.path("12/roads.geojson"), "{").unwrap();
    let (exit, _, err) = says(&r, "round round.toml -o out");
    assert!(exit == 1 && err.contains("region_left_out  12/region.toml") && !err.contains("expects 2"), "{err}");
}
