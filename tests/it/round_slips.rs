//! Slips of the round file, planted one at a time: `round --check` names each that `round` names, in the same words, and nothing is computed.

use crate::round_by_hand::{SIGNED, set};
use crate::round_causes::Scene;
use crate::toy::chargegap;
use serde_json::Value;
use std::fs;
use std::path::Path;

/// Money for two of three.
const MONEY: &str = "budget = 9000\ncost = 4500\n";

fn appeal(county: &str, what: &str) -> String {
    format!(
        "[[appeal]]\ncounty = \"{county}\"\n{what}\n{}decided_by = \"Wang\"\ndecided_on = \"2026-04-20\"\n",
        SIGNED.replace("Li Wei", "Bureau")
    )
}

fn joint(lead: &str, member: &str) -> String {
    format!("[[rank.joint]]\nname = \"{lead} and {member}\"\nlead = \"{lead}\"\nmembers = [\"{member}\"]\n")
}

/// Exit code and what is said on standard error.
fn says(dir: &Path, words: &[&str]) -> (i32, String) {
    let run = chargegap().current_dir(dir).args(words).output().unwrap();
    (run.status.code().unwrap(), String::from_utf8_lossy(&run.stderr).into_owned())
}

/// What the check and the round say of a file; nothing may have been computed.
fn both(dir: &Path) -> [(i32, String); 2] {
    let check = says(dir, &["round", "in/round.toml", "-q", "--check"]);
    let round = says(dir, &["round", "in/round.toml", "-q", "-o", "out"]);
    let shards = fs::read_dir(dir.join("out-work/shards")).map_or(0, Iterator::count);
    assert!(shards == 0 && !dir.join("out").exists(), "{round:?}");
    [check, round]
}

#[test]
fn check_names_each_slip_that_the_round_names() {
    let granted = |county: &str, on: &str| {
        set(county, "id = \"7\"\nfunded = true").replace("2026-04-02", on)
            + &appeal("990101", "outcome = \"granted\"\noverride = \"7\"")
    };
    let rejected = |county: &str| appeal(county, "outcome = \"rejected\"\noutcome_reason = \"late\"");
    let funded = |code: &str| set(code, "funded = true");
    let with_date = |date: &str, more: &str| format!("{MONEY}{more}\n# date = {date}\n");
    let plain = |more: &str| format!("{MONEY}{more}");
    for (rules, exit, want) in [
        // overrides
        (plain(&funded("990109")), 2, "the override is of county 990109, and no county with that code takes part"),
        (plain(&set("990101", "indicator = \"people\"\nvalue = 1")), 2, "names \"people\", which is not an indicator"),
        (plain(&set("990101", "indicator = \"people_in_gap_share\"\nvalue = 42")), 2, "cannot be 42: it is in share"),
        (
            plain(
                &format!("{}[rank.weights]\n", set("990101", "indicator = \"people_in_gap_share\"\nvalue = 0.5"))
                    .replace("[rank.weights]\n", ""),
            )
            .replace("budget", "# weightless\nbudget"),
            2,
            "which this round does not use: its weight is 0",
        ),
        (plain(&(funded("990101") + &funded("990101"))), 2, "990101.funding (Li Wei, 2026-04-02; and Li Wei, 2026-04-02)"),
        (plain(&(funded("990101") + &set("990101", "excluded = true"))), 2, "funded by one override and excluded by another"),
        (
            plain(&set(
                "990101",
                "funded = true\ndocument = \"table.csv\"\nsha256 = \"0000000000000000000000000000000000000000000000000000000000000000\"",
            )),
            1,
            "the document table.csv has the SHA-256",
        ),
        (plain(&(joint("990102", "990101") + &funded("990101"))), 2, "applies with 990102 and has no place of its own"),
        ("places = 2\n".to_owned() + &set("990101", "cost = 3"), 2, "and the round has no budget"),
        (funded("990101"), 2, "the round selects nobody"),
        // more by hand than there is
        (plain(&["990101", "990102", "990103"].map(funded).concat()), 2, "costs 13500, and the budget is 9000"),
        (
            "places = 1\n".to_owned() + &funded("990101") + &funded("990102"),
            2,
            "2 counties are funded by hand, and there are 1 places",
        ),
        (
            "quotas = { \"99\" = 1 }\n".to_owned() + &funded("990101") + &funded("990102"),
            2,
            "2 counties of province 99 are funded by hand",
        ),
        (
            "budget = 9000\ncost_column = \"price\"\n".to_owned() + &funded("990101"),
            1,
            "990101 is funded by hand, and what it costs is not known",
        ),
        // days
        (
            with_date("2026-04-01", &funded("990101")),
            2,
            "the override of county 990101 is of 2026-04-02, and the round of 2026-04-01",
        ),
        (
            with_date("2026-04-19", &rejected("990101")),
            2,
            "the appeal of county 990101 is of 2026-04-20, and the round of 2026-04-19",
        ),
        (
            plain(&rejected("990101").replace("04-20", "04-01")),
            2,
            "is of 2026-04-02, and was decided by Wang on 2026-04-01, before it was made",
        ),
        (
            plain(&granted("990101", "2026-04-21")),
            2,
            "decided by Wang on 2026-04-20, before Li Wei made the override \"7\" on 2026-04-21",
        ),
        (plain(&granted("990101", "2026-04-01")), 2, "is of 2026-04-02, and Li Wei had made the override \"7\" on 2026-04-01"),
        (plain(&granted("990101", "2026-02-30")), 2, "does not say on which day"),
        // appeals
        (plain(&rejected("990109")), 2, "the appeal is of county 990109, and no county with that code takes part"),
        (
            plain(&granted("990102", "2026-04-10")),
            2,
            "by Bureau of 2026-04-02 led to the override \"7\" that Li Wei made on 2026-04-10, which is of county 990102",
        ),
        (
            plain(
                &(rejected("990101").replace("outcome =", "id = \"A\"\noutcome =")
                    + &rejected("990102").replace("outcome =", "id = \"A\"\noutcome =")),
            ),
            2,
            "two appeals have the id \"A\"",
        ),
        // rules that name counties and provinces
        (plain(&joint("990101", "990109")), 2, "no county has the code 990109"),
        (plain(&joint("990101", "990101")), 2, "\"990101 and 990101\" is one county"),
        (plain(&(joint("990101", "990102") + &joint("990103", "990102"))), 2, "county 990102 is in two joint applications"),
        (plain("[rank.eligibility]\nonly = [\"990109\"]\n"), 2, "no county has the code 990109"),
        (plain("[rank.eligibility.except]\n990109 = \"why\"\n"), 2, "no county has the code 990109"),
        (plain("[rank.counterfactuals]\ncounties = [\"990109\"]\n"), 2, "no county has the code 990109"),
        ("quotas = { \"50\" = 1 }\n".to_owned(), 2, "no county of a province in the quotas takes part"),
        (
            format!("{}[rank]\nprovince_digits = 0\n", "quotas = { \"99\" = 1 }\n"),
            2,
            "the codes of these counties name no province",
        ),
        (plain("[rank.uncertainty]\ndistances_km = [7]\n"), 2, "there are no figures for 7 km"),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let table = if rules.contains("cost_column") { "code,price\n990101,\n990102,4500\n990103,4500\n" } else { "" };
        let weight = if rules.contains("# weightless") { 0.0 } else { 0.3 };
        Scene { select: rules.clone(), table, weight, ..Scene::default() }.write(&dir.path().join("in"));
        let file = dir.path().join("in/round.toml");
        let text = fs::read_to_string(&file).unwrap();
        let text = match rules.split_once("# date = ") {
            Some((_, date)) => text.replace("year = 2026\n", &format!("date = \"{}\"\n", date.trim())),
            None => text,
        };
        let text = if text.contains("\n[rank]\n") {
            // the table stands once, before its parts
            text.replace("[rank]\nprovince_digits = 0\n", "")
                .replace("[rank.weights]\n", "[rank]\nprovince_digits = 0\n[rank.weights]\n")
        } else {
            text
        };
        fs::write(&file, text).unwrap();
        let [check, round] = both(dir.path());
        assert!(round.0 == exit && round.1.contains(want), "{want}: {round:?}");
        assert_eq!(check, round, "{want}");
    }
}

/// Where a fault is open too, both name the fault and the slip, which as like as not follows from it.
#[test]
fn a_slip_beside_a_fault_is_told_with_it() {
    let dir = tempfile::tempdir().unwrap();
    let list = "counties = [\"990101\", \"990102\", \"990109\"]\n";
    Scene { select: format!("{MONEY}{}", set("990109", "funded = true")), more: list, ..Scene::default() }
        .write(&dir.path().join("in"));
    for words in [&["round", "in/round.toml", "--check"][..], &["round", "in/round.toml", "-o", "out"]] {
        let run = chargegap().current_dir(dir.path()).args(words).output().unwrap();
        let said = format!("{}{}", String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
        assert_eq!(run.status.code(), Some(1), "{words:?}: {said}");
        for want in ["applicant_unknown  990109", "the override is of county 990109"] {
            assert!(said.contains(want), "{words:?}: {want}: {said}");
        }
    }
    assert!(!dir.path().join("out").exists());
    let json = chargegap().current_dir(dir.path()).args(["round", "in/round.toml", "--check", "--json"]).output().unwrap();
    let told: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert!(told["stopped"]["what"].as_str().is_some_and(|w| w.contains("990109")), "{told:#}");
}

/// An old and a new code of one county are one county: two records set the same; an appeal follows its county.
#[test]
fn codes_that_changed_meet_in_records() {
    let dir = tempfile::tempdir().unwrap();
    let place = dir.path().join("in");
    let with = |records: &str| Scene {
        codes: ["990101", "990102", "990109"],
        more: "crosswalk = \"crosswalk.csv\"",
        select: format!("{MONEY}{records}"),
        ..Scene::default()
    };
    with(&(set("990103", "funded = true") + &set("990109", "funded = false"))).write(&place);
    fs::write(place.join("crosswalk.csv"), "old_code,new_code\n990103,990109\n").unwrap();
    let [check, round] = both(dir.path());
    assert!(round.0 == 2 && round.1.contains("county 990109 has two overrides of the same"), "{round:?}");
    assert_eq!(check, round);
    with(&(set("990109", "id = \"7\"\nfunded = true") + &appeal("990103", "outcome = \"granted\"\noverride = \"7\"")))
        .write(&place);
    let (exit, said) = says(dir.path(), &["round", "in/round.toml", "-q", "--check"]);
    assert_eq!((exit, said.as_str()), (0, ""));
    // of counties that apply together the override is of the lead, whoever of them appealed
    Scene {
        select: format!(
            "{MONEY}{}{}{}",
            joint("990102", "990101"),
            set("990102", "id = \"7\"\nfunded = true"),
            appeal("990101", "outcome = \"granted\"\noverride = \"7\"")
        ),
        ..Scene::default()
    }
    .write(&place);
    let (exit, said) = says(dir.path(), &["round", "in/round.toml", "-q", "--check"]);
    assert_eq!((exit, said.as_str()), (0, ""));
}
