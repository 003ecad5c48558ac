//! Rounds whose county tables have blanks, and goalposts that one round hands on to the next.

use crate::resealed::Forged;
use crate::small_round::{ROUND, SmallRound};
use std::collections::BTreeMap;
use std::fs;

/// Lorries a county beside our own indicators, and a price each.
const MORE: &str = "[[rank.indicators]]\nkey = \"lorries\"\ndirection = \"higher_is_worse\"\npillar = \"supply\"\nweight = 0.2\n";

/// A round with a county table a province: code, people, lorries, price.
fn made() -> SmallRound {
    let round = SmallRound::made();
    for province in ["11", "12"] {
        let text = fs::read_to_string(round.path(&format!("{province}/region.toml"))).unwrap();
        let text = format!("{text}[county_table]\npath = \"table.csv\"\n");
        fs::write(round.path(&format!("{province}/region.toml")), text).unwrap();
    }
    write_table(&round, "11", &["110101,1000,5,3000", "110102,2000,1,4000", "110103,3000,9,2000"]);
    write_table(&round, "12", &["120101,1500,4,3500", "120102,2500,7,1500", "120103,3500,2,2500"]);
    let text = ROUND.replace("cost = 4500", "cost_column = \"price\"\nskip = true");
    fs::write(round.path("round.toml"), format!("{text}{MORE}")).unwrap();
    round
}

fn write_table(round: &SmallRound, province: &str, rows: &[&str]) {
    let text = format!("code,population,lorries,price\n{}\n", rows.join("\n"));
    fs::write(round.path(&format!("{province}/table.csv")), text).unwrap();
}

/// Makes the round in a folder, has it verified, and gives one of its tables by the column that names the county.
fn folder(round: &SmallRound, out: &str) {
    round.chargegap(&["round", "round.toml", "-o", out, "-q"]).assert().success();
    round.chargegap(&["verify", out]).assert().success();
}

fn table(round: &SmallRound, file: &str, by: &str, column: &str) -> BTreeMap<String, String> {
    let mut csv = csv::Reader::from_path(round.path(file)).unwrap();
    let header = csv.headers().unwrap().clone();
    let of = |c: &str| header.iter().position(|h| h == c).unwrap_or_else(|| panic!("{file} has no {c}"));
    csv.records().map(|r| r.unwrap()).map(|r| (r[of(by)].to_owned(), r[of(column)].to_owned())).collect()
}

fn scores(round: &SmallRound, out: &str) -> BTreeMap<String, f64> {
    let all = table(round, &format!("{out}/ranking.csv"), "county_code", "score_0_100");
    all.into_iter().map(|(code, score)| (code, score.parse().unwrap())).collect()
}

fn used(round: &SmallRound, out: &str) -> Vec<String> {
    let text = fs::read_to_string(round.path(&format!("{out}/manifest.json"))).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&text).unwrap();
    let all = manifest["ranking"]["indicators"].as_array().unwrap();
    all.iter().filter(|i| i["weight_used"].as_f64() > Some(0.0)).map(|i| i["key"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_blank_takes_no_indicator_and_pays_nobody_for_it() {
    let round = made();
    folder(&round, "whole");
    assert!(!round.path("whole/missing.csv").exists() && !round.path("whole/open_places.csv").exists());
    // the last county's lorries, the people of another, the price of a third
    write_table(&round, "12", &["120101,,4,3500", "120102,2500,7,", "120103,3500,,2500"]);
    folder(&round, "blank");
    assert_eq!(used(&round, "whole"), used(&round, "blank"));
    let lacks = table(&round, "blank/missing.csv", "county_code", "indicator");
    let want = [("120101", "charging_stations_per_10000_people"), ("120103", "lorries")];
    assert_eq!(lacks.iter().map(|(c, i)| (c.as_str(), i.as_str())).collect::<Vec<_>>(), want);
    let of = |column: &str| -> f64 { table(&round, "blank/missing.csv", "county_code", column)["120103"].parse().unwrap() };
    let (own, low, high) = (of("score"), of("score_low_end"), of("score_high_end"));
    // lorries weigh 0.2 of 1.2: a scale of 100 points is 16.67 of score, and below the lowest is as far again
    assert!((high - low - 100.0 / 6.0).abs() < 1e-5 && (low - own - 100.0 / 6.0).abs() < 1e-5, "{own} {low} {high}");
    assert_eq!(own, scores(&round, "blank")["120103"]);
    assert_eq!(table(&round, "blank/selection.csv", "county_code", "selection")["120102"], "cost_unknown");
    assert_eq!(table(&round, "blank/selection.csv", "county_code", "cost")["120102"], "");
    // the pages say it, in both languages
    let page = fs::read_to_string(round.path("blank/round.html")).unwrap();
    for said in ["2 counties lack values", "2 个县缺少数值", "relative scale", "相对标准化", "所需资金未知"] {
        assert!(page.contains(said), "{said}");
    }
    let county = fs::read_to_string(round.path("blank/counties/120103.html")).unwrap();
    for said in ["Values that are missing, and what stands in for them", "缺少的数值及其处理", &format!("{low:.2}–{high:.2}")]
    {
        assert!(county.contains(said), "{said}");
    }
    // a place of its own wish is found out, sealed or not
    let forged = Forged(round.path("blank"));
    forged.cell("missing.csv", ("county_code", "120103"), "score_low_end", &|_| "99.0".to_owned());
    let faults = forged.verified().faults;
    assert!(faults.iter().any(|f| f == "missing.csv does not follow from the figures and [rank]"), "{faults:?}");
}

#[test]
fn goalposts_hand_scores_on_from_round_to_round() {
    let round = made();
    folder(&round, "first");
    round.chargegap(&["rank", "first", "-q", "--goalposts-out", "posts.toml"]).assert().success();
    // not over a file without being told to
    round.chargegap(&["rank", "first", "-q", "--goalposts-out", "posts.toml"]).assert().code(2);
    let posts = fs::read_to_string(round.path("posts.toml")).unwrap();
    assert!(posts.contains("lorries = { low = 1.0, high = 9.0, source = \"round small of 2026 (manifest "), "{posts}");
    let first: serde_json::Value = serde_json::from_slice(&fs::read(round.path("first/manifest.json")).unwrap()).unwrap();
    let sha = first["manifest_sha256"].as_str().unwrap();
    assert!(posts.contains(&format!("counties 110102 and 110103\", sha256 = \"{sha}\" }}")), "{posts}");
    let text = fs::read_to_string(round.path("round.toml")).unwrap();
    fs::write(round.path("round.toml"), format!("{text}[rank.goalposts]\nfile = \"posts.toml\"\n")).unwrap();
    folder(&round, "second");
    // the ends are those that min–max had, so the scores are the same
    let (first, second) = (scores(&round, "first"), scores(&round, "second"));
    assert!(first.iter().all(|(code, score)| (second[code] - score).abs() < 1e-5), "{first:?} {second:?}");
    let manifest = fs::read_to_string(round.path("second/manifest.json")).unwrap();
    assert!(manifest.contains("\"role\": \"goalposts\"") || manifest.contains("\"role\":\"goalposts\""), "{manifest}");
    assert_eq!(table(&round, "second/scales.csv", "indicator", "fixed")["lorries"], "true");
    // the finished round is held by its fingerprint in the table, in the manifest and on the page
    assert_eq!(table(&round, "second/scales.csv", "indicator", "source_sha256")["lorries"], sha);
    let told: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    let scales = told["ranking"]["scales"].as_array().unwrap();
    let of = |key: &str| scales.iter().find(|s| s["indicator"] == key).unwrap();
    assert_eq!((of("lorries")["source_sha256"].as_str(), &of("lorries")["target_as_stated"]), (Some(sha), &false.into()));
    let page = fs::read_to_string(round.path("second/round.html")).unwrap();
    assert!(page.contains("Goalposts as chargegap wrote them from a finished round or a file: "), "{page}");
    assert!(page.contains(&sha[..12]) && !page.contains("written by hand"), "{page}");
    assert_eq!(
        (&of("lorries")["by_hand"], &told["ranking"]["asked"]["goalposts"]["lorries"]["by_hand"]),
        (&false.into(), &false.into())
    );
    // another word without a fingerprint is a target, as stated, and `diff` tells what it was before
    let held = fs::read_to_string(round.path("posts.toml")).unwrap();
    let line = held.lines().find(|l| l.starts_with("lorries = ")).unwrap();
    let edited = held.replace(line, "lorries = { low = 1.0, high = 9.0, source = \"plan of 2030\" }");
    fs::write(round.path("posts.toml"), &edited).unwrap();
    // the file is still sealed as the program wrote it: refused, and by hand without the seal, though it names the finished round
    let refused = round.chargegap(&["round", "round.toml", "-o", "stated", "-q"]).assert().code(1);
    let said = String::from_utf8_lossy(&refused.get_output().stderr).into_owned();
    assert!(said.contains("posts.toml") && said.contains("the goalposts are not as chargegap wrote them"), "{said}");
    let seal = held.lines().find(|l| l.starts_with("values_sha256 = ")).unwrap();
    fs::write(round.path("posts.toml"), edited.replace(seal, "")).unwrap();
    folder(&round, "stated");
    assert_eq!(table(&round, "stated/scales.csv", "indicator", "source_sha256")["lorries"], "");
    let page = fs::read_to_string(round.path("stated/round.html")).unwrap();
    assert!(page.contains("Goalposts written by hand that are a target, as stated: ") && page.contains("plan of 2030"), "{page}");
    assert!(page.contains("Goalposts written by hand, with the finished round or the file that they name: "), "{page}");
    assert!(page.contains("人工填写的目标值，及其所称的轮次或文件："), "{page}");
    let told: serde_json::Value = serde_json::from_slice(&fs::read(round.path("stated/manifest.json")).unwrap()).unwrap();
    assert!(told["ranking"]["scales"].as_array().unwrap().iter().all(|s| s["by_hand"] == true), "{}", told["ranking"]["scales"]);
    // who says otherwise in the folder does not say what the round file says
    let forged = Forged(round.path("stated"));
    forged.json("manifest.json", &|m| m["ranking"]["asked"]["goalposts"]["lorries"]["by_hand"] = false.into());
    forged.seal();
    let held_against = round.chargegap(&["verify", "stated", "--round", "round.toml"]).assert().code(1);
    let said = String::from_utf8_lossy(&held_against.get_output().stdout).into_owned();
    assert!(said.contains("the goalposts of lorries in the manifest are not those of the round file"), "{said}");
    forged.json("manifest.json", &|m| m["ranking"]["asked"]["goalposts"]["lorries"]["by_hand"] = true.into());
    forged.seal();
    // nor who leaves it out, as a folder of before would, or says it of the scale alone
    forged.json("manifest.json", &|m| {
        drop(m["ranking"]["asked"]["goalposts"]["lorries"].as_object_mut().unwrap().remove("by_hand"));
    });
    forged.seal();
    let held_against = round.chargegap(&["verify", "stated", "--round", "round.toml"]).assert().code(1);
    let said = String::from_utf8_lossy(&held_against.get_output().stdout).into_owned();
    assert!(said.contains("the goalposts of lorries in the manifest are not those of the round file"), "{said}");
    forged.json("manifest.json", &|m| m["ranking"]["asked"]["goalposts"]["lorries"]["by_hand"] = true.into());
    let at = |m: &mut serde_json::Value, to: bool| {
        let scales = m["ranking"]["scales"].as_array_mut().unwrap();
        scales.iter_mut().find(|s| s["indicator"] == "lorries").unwrap()["by_hand"] = to.into();
    };
    forged.json("manifest.json", &|m| at(m, false));
    let faults = forged.verified().faults;
    assert_eq!(faults, ["manifest.json: by_hand of the scale of lorries is false, and true follows from the figures and [rank]"],);
    forged.json("manifest.json", &|m| at(m, true));
    assert_eq!(forged.verified().faults, [""; 0]);
    let diff = round.chargegap(&["diff", "second", "stated"]).assert().success();
    let said = String::from_utf8_lossy(&diff.get_output().stdout).into_owned();
    assert!(said.contains("goalposts.lorries.sha256") && said.contains(sha), "{said}");
    // the chain goes on: a target stays a target, a finished round that round
    round.chargegap(&["rank", "stated", "-q", "--goalposts-out", "next.toml"]).assert().success();
    let next = fs::read_to_string(round.path("next.toml")).unwrap();
    assert!(
        next.contains("lorries = { low = 1.0, high = 9.0, source = \"plan of 2030\", by_hand = true }") && next.contains(sha),
        "{next}"
    );
    // and what was by hand stays so, under a seal of the program too
    assert_eq!(next.matches("by_hand = true").count(), next.matches("low = ").count(), "{next}");
    fs::write(round.path("posts.toml"), held).unwrap();
    // one county less is asked for, and says nothing: the others have their very scores
    write_table(&round, "12", &["120101,1500,4,3500", "120102,2500,70,1500", "120103,3500,,2500"]);
    folder(&round, "third");
    let [second, third] = ["second", "third"].map(|f| table(&round, &format!("{f}/ranking.csv"), "county_code", "score_0_100"));
    for code in ["110101", "110102", "110103", "120101"] {
        assert_eq!(second[code], third[code], "{code}");
    }
    assert_eq!(table(&round, "third/scales.csv", "indicator", "above")["lorries"], "1");
    let text = fs::read_to_string(round.path("round.toml")).unwrap();
    fs::write(round.path("round.toml"), text.replace("files = [", "counties = [\"11*\"]\nfiles = [")).unwrap();
    folder(&round, "fourth");
    let fourth = table(&round, "fourth/ranking.csv", "county_code", "score_0_100");
    assert_eq!(fourth.len(), 3);
    assert!(fourth.iter().all(|(code, score)| third[code] == *score), "{third:?} {fourth:?}");
    // from a round with goalposts they come out as they went in
    round.chargegap(&["rank", "fourth", "-q", "--goalposts-out", "posts.toml", "--overwrite"]).assert().success();
    assert_eq!(
        fs::read_to_string(round.path("posts.toml")).unwrap().lines().skip(1).collect::<Vec<_>>(),
        posts.lines().skip(1).collect::<Vec<_>>()
    );
}
