//! What `[programme]` says of counties and roads fits those that there are, and gates are held against a register or the round is refused.

use crate::accepting::accept_all;
use crate::judged;
use crate::round_scene::said;
use crate::small_round::SmallRound;
use std::collections::BTreeMap;
use std::fs;

const GATED: &str = "[programme]\nprofiles = [\"cn-county-pilot-2024\"]\n";
const NEVI: &str = "[programme]\nprofiles = [\"us-nevi-2025\"]\n[programme.values.us-nevi-2025]\nspacing = 8\noff_road = 1\n";

fn says(r: &SmallRound, words: &str) -> (i32, String) {
    let (exit, out, err) = said(&r.chargegap(&words.split_whitespace().collect::<Vec<_>>()).output().unwrap());
    (exit, out + &err)
}

/// The small round with more under `[regions]`, and tables before `[criteria]`.
fn laid(regions: &str, tables: &str) -> SmallRound {
    let r = SmallRound::laid();
    let more = format!("{regions}{tables}[criteria]\n");
    r.edit("round.toml", |t| t.replacen("[criteria]\n", &more, 1));
    r
}

/// Made with all of its faults accepted.
fn made(r: &SmallRound) {
    if says(r, "round round.toml -o out").0 != 0 {
        accept_all(&r.path("out-work"), &r.path("round.toml"));
        let (exit, told) = says(r, "round round.toml -o out");
        assert_eq!(exit, 0, "{told}");
    }
    let (exit, told) = says(r, "verify out --round round.toml");
    assert_eq!(exit, 0, "{told}");
}

fn issues(r: &SmallRound) -> String {
    fs::read_to_string(r.path("out/issues.csv")).unwrap()
}

/// Refused alike by the check and by the round, with the key, before anything is written.
fn refused(r: &SmallRound, key: &str, what: &str) {
    for words in ["round round.toml --check", "round round.toml -o out"] {
        let (exit, told) = says(r, words);
        assert!(exit == 2 && told.contains(key) && told.contains(what), "{words}: {exit} {told}");
    }
    assert!(!r.path("out").exists());
}

#[test]
fn a_list_in_place_of_the_register_is_refused_where_a_programme_has_gates() {
    let list = "code,name\n110101,A\n120101,B\n";
    for (regions, key) in [
        ("county_list = \"list.csv\"\n", "regions.county_list"),
        ("counties = [\"110101\", \"120101\"]\n", "regions.counties"),
        ("counties = [\"11*\"]\n", "regions.counties"),
        ("counties = [\"11*\"]\ncounty_list = \"list.csv\"\n", "regions.county_list"),
    ] {
        let r = laid(regions, GATED);
        fs::write(r.path("list.csv"), list).unwrap();
        refused(&r, key, "give [applicants] path");
        let (_, zh) = says(&r, "round round.toml --check --lang zh");
        assert!(zh.contains("申报条件将无人核对") && zh.contains("申报登记表"), "{zh}");
    }
    // two with gates are both named, and one without asks nobody for a register
    let r = laid("counties = [\"11*\"]\n", "[programme]\nprofiles = [\"cn-county-pilot-2024\", \"cn-county-pilot-2025\"]\n");
    refused(&r, "regions.counties", "\"cn-county-pilot-2024\", \"cn-county-pilot-2025\" says who may apply");
    for without in ["[programme]\nprofiles = [\"cn-township-coverage\"]\n", ""] {
        let (exit, told) = says(&laid("counties = [\"11*\"]\n", without), "round round.toml --check");
        assert!(exit != 2, "{told}");
    }
}

#[test]
fn where_nobody_says_who_applies_it_is_told_that_gates_are_not_held() {
    let r = laid("", GATED);
    made(&r);
    assert!(issues(&r).contains("gates_not_held") && issues(&r).contains("whether or not they may"), "{}", issues(&r));
    // on the terminal, at --check, at the top of the first page and in --json
    for words in ["round round.toml --check", "round round.toml -o out --overwrite"] {
        let told = says(&r, words).1;
        assert!(told.contains("GATES NOT HELD: \"cn-county-pilot-2024\"") && told.contains("whether or not they may"), "{told}");
        let json = says(&r, &format!("{words} --json")).1;
        assert!(json.contains("\"gates_not_held\":"), "{json}");
    }
    assert!(says(&r, "round round.toml --check --lang zh").1.contains("申报条件未予核对："));
    let page = fs::read_to_string(r.path("out/round.html")).unwrap();
    let lead = page.find("<p class=\"lead\">").unwrap();
    assert!(page.find("whether or not they may").is_some_and(|at| at < lead));
    // without a selection no money is given
    let r = laid("", GATED);
    r.edit("round.toml", |t| {
        let (head, tail) = t.split_once("[select]").unwrap();
        head.to_owned() + &tail[tail.find("[output]").unwrap()..]
    });
    made(&r);
    assert!(!issues(&r).contains("gates_not_held"));
    // a funding line gives it too
    r.edit("round.toml", |t| t.replacen("[output]\n", "[[rank.lines]]\nname = \"first\"\nplaces = 2\n[output]\n", 1));
    for words in ["round round.toml --check", "round round.toml -o out --overwrite"] {
        let told = says(&r, words).1;
        assert!(told.contains("GATES NOT HELD: \"cn-county-pilot-2024\""), "{words}: {told}");
    }
    assert!(issues(&r).contains("gates_not_held"));
}

const REGISTER: &str = "code,name\n110101,\n110102,\n120101,\n990101,Nowhere\n";
const OWN: &str = "[applicants]\npath = \"applicants.csv\"\n[programme]\nprofiles = [\"own\"]\nfiles = [\"own.toml\"]\n";

/// A round with a register of some districts, which a programme of one's own lets apply.
fn with_register(regions: &str, given: &str) -> SmallRound {
    let r = laid(regions, &format!("{OWN}{given}"));
    fs::write(r.path("applicants.csv"), REGISTER).unwrap();
    let toml = r.chargegap(&["programme", "cn-county-pilot-2025", "--toml"]).output().unwrap().stdout;
    let text = String::from_utf8(toml).unwrap().replace("name = \"cn-county-pilot-2025\"", "name = \"own\"");
    fs::write(r.path("own.toml"), text.replace("alone = [\"county\", \"county_level_city\"]", "alone = [\"district\"]")).unwrap();
    fs::write(r.path("crosswalk.csv"), "old_code,new_code\n110191,110101\n110192,110101\n").unwrap();
    r
}

fn figure(code: &str, number: u32) -> String {
    format!("[programme.figures.\"{code}\"]\nprefecture_car_stock = {number}\n")
}

fn fact(code: &str, so: bool) -> String {
    format!("[programme.facts.\"{code}\"]\nother_central_funding = {so}\n")
}

/// Values of the gates, by code and gate.
fn values(r: &SmallRound) -> BTreeMap<(String, String), String> {
    let mut all = csv::Reader::from_path(r.path("out/gates.csv")).unwrap();
    let rows = all.deserialize::<BTreeMap<String, String>>().map(Result::unwrap);
    rows.map(|g| ((g["county_code"].clone(), g["gate"].clone()), g["value"].clone())).collect()
}

#[test]
fn a_code_of_no_county_is_refused_with_its_key() {
    for (code, known) in [
        ("110101", true),
        ("1101", true),
        ("1", true),
        ("120103", true), // a county of the regions that does not apply
        ("990101", true), // of the register, and in no region
        ("99", true),
        ("110109", false),
        ("1102", false),
        ("1101011", false), // longer than any code
        ("11O101", false),  // a letter
        ("500101", false),
    ] {
        for given in [figure(code, 300_000), fact(code, true)] {
            let r = with_register("", &given);
            if known {
                assert_ne!(says(&r, "round round.toml --check").0, 2, "{code}");
            } else {
                let (exit, told) = says(&r, "round round.toml --check --json");
                let list = if given.contains("figures") { "figures" } else { "facts" };
                let key = format!("programme.{list}.");
                assert!(told.contains(&key) && told.contains(&format!("begins with {code}")), "{exit} {told}");
            }
        }
    }
    // without a fault beside it the key is that of the error
    let r = with_register("", &figure("110109", 1));
    fs::write(r.path("applicants.csv"), "code\n110101\n110102\n").unwrap();
    refused(&r, "programme.figures.\"110109\"", "no county has a code that begins with 110109");
}

#[test]
fn old_codes_of_the_crosswalk_carry_their_figures_over() {
    let crosswalk = "crosswalk = \"crosswalk.csv\"\n";
    let r = with_register(crosswalk, &(figure("110191", 260_000) + &figure("11", 100_000) + &fact("110192", true)));
    made(&r);
    let values = values(&r);
    let of = |code: &str, gate: &str| values[&(code.to_owned(), gate.to_owned())].as_str();
    // of the county itself, not of its province
    assert_eq!(of("110101", "prefecture_car_stock"), "260000 vehicles");
    assert_eq!(of("110102", "prefecture_car_stock"), "100000 vehicles");
    assert_eq!((of("110101", "other_central_funding"), of("110102", "other_central_funding")), ("yes", ""));
    // the same under both is one figure; two are one too many
    let r = with_register(crosswalk, &(figure("110191", 260_000) + &figure("110192", 260_000)));
    assert_ne!(says(&r, "round round.toml --check").0, 2);
    for given in [
        figure("110191", 260_000) + &figure("110101", 250_000),
        figure("110191", 260_000) + &figure("110192", 250_000),
        fact("110192", true) + &fact("110101", false),
    ] {
        refused(&with_register(crosswalk, &given), "programme.f", "are county 110101 by the crosswalk");
    }
    // without the crosswalk they are nobody's
    let r = with_register("", &figure("110191", 260_000));
    let (_, told) = says(&r, "round round.toml --check");
    assert!(told.contains("begins with 110191") && told.contains("crosswalk"), "{told}");
}

#[test]
fn codes_that_may_be_of_a_region_that_is_left_out_are_told() {
    let r = laid("", &format!("{GATED}{}", figure("120101", 300_000)));
    fs::write(r.path("12/region.toml"), "[region]\nname = 7\n").unwrap();
    made(&r);
    assert!(issues(&r).contains("programme_code_unknown") && issues(&r).contains("120101"), "{}", issues(&r));
}

#[test]
fn a_run_tells_codes_and_roads_that_are_not_there_and_strict_refuses_them() {
    let pilot = format!("{GATED}{}{}", figure("53", 300_000), figure("512202", 300_000));
    let toy = judged::run(&pilot);
    let told = fs::read_to_string(toy.path("out/issues.csv")).unwrap();
    let lines: Vec<&str> = told.lines().filter(|l| l.contains("programme_code_unknown")).collect();
    assert!(lines.len() == 1 && lines[0].contains("512202") && lines[0].contains("programme.figures."), "{told}");
    let strict =
        |toy: &crate::toy::Toy| said(&toy.chargegap(&["run", "region.toml", "-o", "strict", "--strict"]).output().unwrap());
    let (exit, _, err) = strict(&toy);
    assert!(exit == 1 && err.contains("begins with 512202") && err.contains("--strict allows none"), "{err}");
    let check = toy.chargegap(&["check", "region.toml"]).output().unwrap();
    assert!(String::from_utf8_lossy(&check.stdout).contains("programme_code_unknown"));
    // the road of the toy is US 2: it is met as a number, in another spelling and by a pattern
    for (roads, unmet) in [
        ("[\"US 2\"]", &[][..]),
        ("[\"us2\", \"US *\"]", &[]),
        ("[\"US 3\", \"US 2\", \"G*\"]", &["US 3", "G*"]),
        ("[\"Main Street\"]", &["Main Street"]), // a road that has a number goes by that
    ] {
        let toy = judged::run(&NEVI.replace("\n[programme.values", &format!("\nroads = {roads}\n[programme.values")));
        let told = fs::read_to_string(toy.path("out/issues.csv")).unwrap();
        let lines: Vec<&str> = told.lines().filter(|l| l.contains("programme_road_unknown")).collect();
        assert_eq!(lines.len(), unmet.len(), "{roads}: {told}");
        assert!(unmet.iter().all(|road| told.contains(&format!("\"\"{road}\"\""))), "{told}");
        let (exit, _, err) = strict(&toy);
        assert_eq!(exit, i32::from(!unmet.is_empty()), "{err}");
    }
}

#[test]
fn a_round_tells_roads_that_are_not_there_and_strict_refuses_them() {
    let r = laid("", &NEVI.replace("\n[programme.values", "\nroads = [\"G999\"]\n[programme.values"));
    made(&r);
    assert!(issues(&r).contains("programme_road_unknown") && issues(&r).contains("G999"), "{}", issues(&r));
    // what is kept of the network tells it again
    let (exit, told) = says(&r, "round round.toml -o again --work out-work --strict");
    assert!(exit == 1 && told.contains("G999") && told.contains("--strict allows none"), "{told}");
    assert!(!r.path("again").exists());
}
