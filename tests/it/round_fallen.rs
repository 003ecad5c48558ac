//! An application that has fallen, for a county of it withdrew or who leads it is not there, is told for what it is wherever somebody funds
//! it by hand; nobody of it counts as eligible; and each county of it has the real reason.

use crate::accepting::accept_all;
use crate::messages_zh::english_left;
use crate::round_gates;
use crate::round_scene::said;
use crate::small_round::SmallRound;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;

/// 110102 and 110103 apply with 110101, and 110103 withdraws.
const REGISTER: &str = "code,joint_lead,withdrawn\n110101,,\n110102,110101,\n110103,110101,2026-01-15\n120101,,\n120102,,\n";
const FUNDED: &str =
    "\n[[override]]\nid = \"7\"\ncounty = \"110101\"\nfunded = true\nby = \"Li\"\non = \"2026-01-20\"\nreason = \"minutes 12\"\n";
const FALLEN: &str = "its joint application falls with county 110103, which withdrew on 2026-01-15";
const FALLEN_ZH: &str = "同其联合申报的县 110103 已于 2026-01-15 撤回，该联合申报随之失效";

fn says(r: &SmallRound, words: &str) -> (i32, String) {
    let (exit, out, err) = said(&r.chargegap(&words.split_whitespace().collect::<Vec<_>>()).output().unwrap());
    (exit, out + &err)
}

fn json(r: &SmallRound, words: &str) -> Value {
    serde_json::from_slice(&r.chargegap(&words.split_whitespace().collect::<Vec<_>>()).output().unwrap().stdout).unwrap()
}

/// Makes the round of a file; what is at fault with it is accepted.
fn made(r: &SmallRound, out: &str) -> String {
    let command = format!("round round.toml -o {out} --work {out}-work");
    if says(r, &command).0 != 0 {
        accept_all(&r.path(&format!("{out}-work")), &r.path("round.toml"));
    }
    let (exit, told) = says(r, &format!("{command} --overwrite"));
    assert_eq!(exit, 0, "{told}");
    let (exit, verified) = says(r, &format!("verify {out} --round round.toml"));
    assert_eq!(exit, 0, "{verified}");
    told
}

type Row = BTreeMap<String, String>;

fn rows(r: &SmallRound, file: &str) -> Vec<Row> {
    csv::Reader::from_path(r.path(file)).unwrap().deserialize().map(|row| row.unwrap()).collect()
}

fn of<'r>(rows: &'r [Row], column: &str, code: &str) -> &'r Row {
    rows.iter().find(|row| row[column] == code).unwrap()
}

fn registered(register: &str) -> SmallRound {
    let r = SmallRound::laid();
    fs::write(r.path("applicants.csv"), register).unwrap();
    r.edit("round.toml", |t| t.replacen("[criteria]\n", "[applicants]\npath = \"applicants.csv\"\n[criteria]\n", 1));
    r
}

#[test]
fn a_fallen_application_that_is_funded_by_hand_is_told_for_what_it_is() {
    let r = registered(REGISTER);
    let plain = made(&r, "plain");
    assert!(!plain.contains("FALLEN"), "{plain}");
    r.edit("round.toml", |t| t + FUNDED);
    let told = made(&r, "out");
    let though = format!("county 110101 is funded by hand (Li, 2026-01-20) though its application has fallen: {FALLEN}");
    let though_zh = format!("县 110101 由 Li 于 2026-01-20 人工决定入选，但其申报已失效：{FALLEN_ZH}");
    assert!(told.contains(&format!("FUNDED THOUGH ITS APPLICATION HAS FALLEN: {though}\n")), "{told}");
    assert!(told.contains(&format!("funded by hand though it is not ranked: {FALLEN}")), "{told}");
    // before anything is computed too, in both languages and for programs
    let check = "round round.toml --work new-work --check";
    assert!(says(&r, check).1.contains(&though));
    let zh = says(&r, &format!("{check} --lang zh")).1;
    assert!(zh.contains(&format!("申报已失效而入选：{though_zh}")), "{zh}");
    let checked = json(&r, &format!("{check} --json"));
    let round = json(&r, "round round.toml -o out --work out-work --overwrite --json");
    for one in [&checked["funded_though"], &round["round"]["funded_though"]] {
        assert_eq!(
            (&one[0]["code"], &one[0]["verdict"], &one[0]["what"]),
            (&"110101".into(), &"fallen".into(), &though.as_str().into())
        );
    }
    // the first page, the table of overrides, the selection and the applicants
    let page = fs::read_to_string(r.path("out/round.html")).unwrap();
    let lead = page.find("<p class=\"lead\">").unwrap();
    for text in [&though, &though_zh] {
        assert!(page.find(text.as_str()).is_some_and(|at| at < lead), "{text}");
    }
    let overrides = rows(&r, "out/overrides.csv");
    assert_eq!((&*overrides[0]["though"], &*overrides[0]["though_zh"]), (FALLEN, FALLEN_ZH));
    assert!(overrides[1..].iter().all(|row| row["though"].is_empty()));
    let selection = rows(&r, "out/selection.csv");
    let why = &of(&selection, "county_code", "110101")["why"];
    assert_eq!(*why, format!("funded by hand though it is not ranked: {FALLEN} (Li, 2026-01-20): minutes 12"));
    // who goes with it says by whose decision
    let with = &of(&selection, "county_code", "110102")["why"];
    assert_eq!(*with, format!("its joint application is selected: 110101, which leads it: {why}"));
    // what is taken off the page or out of the table is found
    let forged = crate::resealed::Forged(r.out());
    forged.text("round.html", &|t| t.replace("though its application has fallen", "as was decided"));
    assert!(
        forged.verified().faults.iter().any(|f| f.contains("it does not say what the gates, the overrides and the ranking give"))
    );
    forged.cell("overrides.csv", ("record", "override"), "though", &|_| String::new());
    assert!(forged.verified().faults.iter().any(|f| f.contains("though of county 110101")));
}

#[test]
fn two_rounds_name_it_wherever_a_county_is_named() {
    let r = registered(REGISTER);
    made(&r, "plain");
    fs::copy(r.path("round.toml"), r.path("plain.toml")).unwrap();
    r.edit("round.toml", |t| t + FUNDED);
    made(&r, "out");
    let though = "though its application has fallen";
    let told = says(&r, "diff plain out -o moved.csv").1;
    assert!(told.contains("BY HAND  the new round: county 110101 is funded by hand") && told.contains(though), "{told}");
    assert!(says(&r, "diff plain out --lang zh").1.contains("人工设定  新轮次：县 110101 由 Li"));
    let moved = rows(&r, "moved.csv");
    let row = of(&moved, "county_code", "110101");
    assert!(row["funded_though"].starts_with("the new round: county 110101") && row["funded_though_zh"].contains("申报已失效"));
    assert!(moved.iter().all(|row| row["county_code"] == "110101" || row["funded_though"].is_empty()));
    let told = json(&r, "diff plain out --json");
    let county = |told: &Value| told["counties"].as_array().unwrap().iter().find(|c| c["code"] == "110101").unwrap().clone();
    assert_eq!((&told["funded_though"][0]["round"], &told["funded_though"][0]["code"]), (&"new".into(), &"110101".into()));
    assert!(county(&told)["funded_though"].as_str().unwrap().contains(though));
    // causes, with their layer and page
    let told = json(&r, "diff plain out --report why --rounds plain.toml round.toml --json");
    assert!(county(&told["causes"])["funded_though"].as_str().unwrap().contains(though));
    let causes = rows(&r, "why/causes.csv");
    assert!(of(&causes, "county_code", "110101")["funded_though"].contains(though));
    assert!(fs::read_to_string(r.path("why/counties.geojson")).unwrap().contains(though));
    assert!(fs::read_to_string(r.path("why/diff.html")).unwrap().contains(though));
    assert_eq!(says(&r, "verify why").0, 0);
}

/// The second round asks for another programme, and the third for none.
#[test]
fn another_programme_that_is_applied_for_is_named_from_which_to_which() {
    let r = round_gates::laid(round_gates::PROGRAMME);
    let ask = |out: &str| {
        let text = fs::read_to_string(r.path("round.toml")).unwrap();
        fs::write(r.path("round.toml"), text.split("[[accept]]").next().unwrap()).unwrap();
        made(&r, out);
        fs::copy(r.path("round.toml"), r.path(&format!("{out}.toml"))).unwrap();
    };
    ask("first");
    let own = fs::read_to_string(r.path("own.toml")).unwrap();
    fs::write(r.path("other.toml"), own.replace("name = \"own\"", "name = \"other\"")).unwrap();
    r.edit("round.toml", |t| t.replace("[\"own\"]", "[\"other\"]").replace("own.toml", "other.toml"));
    ask("second");
    r.edit("round.toml", |t| {
        let (head, rest) = t.split_once("[programme]\n").unwrap();
        head.to_owned() + &rest[rest.find("[criteria]").unwrap()..]
    });
    ask("third");
    for (old, new, was, is) in [("first", "second", "\"own\"", "\"other\""), ("second", "third", "\"other\"", "not set")] {
        let told = says(&r, &format!("diff {old} {new}")).1;
        assert!(told.contains(&format!("setting  applicants.programme: {was} -> {is}\n")), "{told}");
    }
    assert!(!says(&r, "diff first first").1.contains("applicants.programme"));
    // why a county may not be ranked is said in the language of the reader
    let zh = says(&r, "diff second third --lang zh").1;
    let line = zh.lines().find(|l| l.contains("rank.eligibility.except.110103")).unwrap();
    assert!(line.contains("按 other 不符合申报条件") && !line.contains("it is not eligible"), "{line}");
    let why = |old: &str, new: &str| {
        let rounds = format!("--rounds {old}.toml {new}.toml");
        let (exit, told) = says(&r, &format!("diff {old} {new} --report why --overwrite {rounds}"));
        assert_eq!(exit, 0, "{told}");
        let all = rows(&r, "why/causes.csv");
        let row = of(&all, "county_code", "110103").clone();
        [row["why"].clone(), row["why_zh"].clone()]
    };
    let [en, zh] = why("first", "second");
    assert!(en.contains("the programme that is applied for: own -> other") && zh.contains("申报项目：own -> other"), "{en} {zh}");
    let [en, zh] = why("second", "third");
    assert!(en.contains("the programme that is applied for: other -> none") && zh.contains("申报项目：other -> 无"), "{en} {zh}");
    // what was given for it is no figure that somebody changed
    assert!(!en.contains("not given") && !zh.contains("未提供"), "{en} {zh}");
}

#[test]
fn nobody_of_a_fallen_application_counts_as_eligible() {
    // 120101 leads 120103, which has withdrawn; 110102 leads 110103 and has withdrawn itself; 110101 applies with nobody that is there
    let programme = "[programme]\nprofiles = [\"own\"]\nfiles = [\"own.toml\"]\n[programme.figures.\"1\"]\nprefecture_car_stock = 300000\n\
                     [programme.facts.\"1\"]\nother_central_funding = false\n";
    let r = round_gates::laid(programme);
    let register = |fallen: bool| {
        let (day, lead) = if fallen { ("2026-02-01", "990101") } else { ("", "") };
        format!(
            "code,joint_lead,withdrawn\n110101,{lead},\n110102,,{day}\n110103,110102,\n120101,,\n120102,,\n120103,120101,{day}\n"
        )
    };
    fs::write(r.path("applicants.csv"), register(false)).unwrap();
    let told = made(&r, "whole");
    assert!(told.contains("own: of 6 applicants 6 are eligible, 0 are not, and of 0 it cannot be told"), "{told}");
    fs::write(r.path("applicants.csv"), register(true)).unwrap();
    let text = fs::read_to_string(r.path("round.toml")).unwrap();
    fs::write(r.path("round.toml"), text.split("[[accept]]").next().unwrap()).unwrap();
    let told = made(&r, "out");
    assert!(told.contains("own: of 1 applicants 1 are eligible, 0 are not, and of 0 it cannot be told"), "{told}");
    let gates = rows(&r, "out/gates.csv");
    assert!(gates.iter().all(|g| g["county_code"] == "120102"), "{gates:?}");
    let all = rows(&r, "out/applicants.csv");
    for code in ["110101", "110102", "110103", "120101", "120103"] {
        assert_eq!(of(&all, "county_code", code)["eligible"], "", "{code}");
    }
    let reason = |code: &str| of(&all, "county_code", code)["reason"].as_str();
    assert_eq!(reason("110101"), "not ranked: it applies with 990101, which does not take part");
    assert_eq!(
        reason("110103"),
        "its joint application is not selected: 110102, which leads it: not ranked: it withdrew its application on 2026-02-01"
    );
    assert_eq!(reason("120101"), "not ranked: its joint application falls with county 120103, which withdrew on 2026-02-01");
}

/// 110101 is listed twice, and of nobody the gates are known: two acceptances of one county, and gates that cannot be told.
#[test]
fn who_is_listed_twice_has_its_gates_once_where_nothing_is_known_of_them() {
    let r = round_gates::laid("[programme]\nprofiles = [\"own\"]\nfiles = [\"own.toml\"]\n");
    fs::write(r.path("applicants.csv"), "code,name\n110101,A\n110102,B\n110101,A again\n120101,C\n").unwrap();
    let (exit, told) = says(&r, "round round.toml --check");
    assert!(exit == 1 && told.contains("applicant_twice  110101"), "{told}");
    assert!(told.contains("own: of 3 applicants 0 are eligible, 0 are not, and of 3 it cannot be told"), "{told}");
    made(&r, "out");
    let gates = rows(&r, "out/gates.csv");
    let of_first: Vec<&str> = gates.iter().filter(|g| g["county_code"] == "110101").map(|g| g["gate"].as_str()).collect();
    assert_eq!(of_first, ["kind", "prefecture_car_stock", "other_central_funding"]);
    let all = rows(&r, "out/applicants.csv");
    let twice: Vec<&Row> = all.iter().filter(|a| a["county_code"] == "110101").collect();
    assert!(twice.len() == 2 && twice.iter().all(|a| a["eligible"] == "cannot_be_told" && a["gates"] == twice[0]["gates"]));
    let forged = crate::resealed::Forged(r.path("out"));
    forged.cell("applicants.csv", ("name_written", "A again"), "eligible", &|_| "met".to_owned());
    forged.seal();
    let (exit, told) = says(&r, "verify out --round round.toml");
    assert!(exit == 1 && told.contains("eligible of 110101 is \"met\", and \"cannot_be_told\" follows"), "{told}");
}

#[test]
fn a_member_that_is_not_eligible_has_the_real_reason() {
    // 120103 applies with 120101 and has other money; 110102 applies with 110101, which the quota does not reach
    let programme = "[programme]\nprofiles = [\"own\"]\nfiles = [\"own.toml\"]\n[programme.figures.\"1\"]\nprefecture_car_stock = 300000\n\
                     [programme.facts.\"1\"]\nother_central_funding = false\n[programme.facts.\"120103\"]\nother_central_funding = true\n";
    let r = round_gates::laid(programme);
    fs::write(
        r.path("applicants.csv"),
        "code,joint_lead\n110101,\n110102,110101\n110103,\n120101,\n120102,120101\n120103,120101\n",
    )
    .unwrap();
    r.edit("round.toml", |t| t.replace("\"11\" = 1, \"12\" = 2", "\"12\" = 2"));
    made(&r, "out");
    let all = rows(&r, "out/applicants.csv");
    let reason =
        |code: &str| [&of(&all, "county_code", code)["reason"], &of(&all, "county_code", code)["reason_zh"]].map(String::as_str);
    let why = "it is not eligible by own: projects with ultra-long special treasury bonds or central budget investment are not eligible";
    assert_eq!(reason("120103")[0], format!("its joint application is not selected: {why}"));
    assert_eq!(
        reason("120103")[1],
        "所在联合申报未入选：按 own 不符合申报条件：已获超长期特别国债或中央预算内投资支持的项目不得重复享受"
    );
    let lead = format!("not ranked: 120103 of its application: {why}");
    assert_eq!(reason("120101")[0], lead);
    assert_eq!(reason("120102")[0], format!("its joint application is not selected: 120101, which leads it: {lead}"));
    let no_quota = "province 11 has no quota in this round";
    assert_eq!(reason("110102")[0], format!("its joint application is not selected: 110101, which leads it: {no_quota}"));
    assert!(
        reason("110102")[1].starts_with("所在联合申报未入选：牵头县 110101：11 省级区域本轮无名额"),
        "{:?}",
        reason("110102")
    );
    for code in ["120101", "120102", "110102"] {
        assert_eq!(english_left(&reason(code)[1].replace("own", "")), None, "{code}");
    }
    let forged = crate::resealed::Forged(r.out());
    forged.cell("selection.csv", ("county_code", "120103"), "why", &|_| "its joint application is not selected".to_owned());
    assert!(forged.verified().faults.iter().any(|f| f.contains("why of county 120103")));
}

#[test]
fn a_county_that_is_not_ranked_for_any_reason_is_told_when_it_is_funded_by_hand() {
    for (rule, why) in [
        ("[rank.eligibility.except]\n110101 = \"it was funded last year\"\n", "it was funded last year"),
        ("[rank.eligibility]\nonly = [\"120101\", \"120102\", \"120103\"]\n", "it is not among the counties of this round"),
    ] {
        let r = SmallRound::laid();
        r.edit("round.toml", |t| t.replacen("[rank.uncertainty]\n", &format!("{rule}[rank.uncertainty]\n"), 1) + FUNDED);
        let told = made(&r, "out");
        assert!(
            told.contains("FUNDED THOUGH NOT RANKED: county 110101 is funded by hand") && told.contains(why),
            "{rule}: {told}"
        );
        assert!(rows(&r, "out/overrides.csv")[0]["though"].contains(why));
    }
}

#[test]
fn a_withdrawal_before_its_application_is_refused() {
    for (row, refused) in [
        ("2026-03-10,2026-03-09", true),
        ("2026-03-10,2026-03-10", false),
        ("2026-03-10,2026-03-11", false),
        ("2026-03-10,yes", false),
        ("2026年3月10日,2026/3/9 撤回", true),
        ("2026-03-10,2026年3月", false), // of a month it is not known
        ("2026年3月,2026-03-01", false),
        ("someday,2026-03-01", false),
    ] {
        let r = registered(&format!("code,applied,withdrawn\n110101,2026-01-01,\n120101,{row}\n"));
        let (exit, told) = says(&r, "round round.toml --check");
        let want = "county 120101 withdrew its application on 2026-03-09, before it applied on 2026-03-10";
        assert_eq!(told.contains(want), refused, "{row}: {told}");
        assert!(!refused || (exit == 1 && told.contains("applicants.csv:3")), "{told}");
        let zh = says(&r, "round round.toml --check --lang zh").1;
        assert_eq!(zh.contains("县 120101 于 2026-03-09 撤回申报，早于其申报日期 2026-03-10"), refused, "{zh}");
    }
}
