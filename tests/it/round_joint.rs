//! Counties that apply together, scenes worked out by hand: what they cost and what they have together is the same in every table.

use crate::accepting;
use crate::round_causes::{Scene, table};
use crate::small_round::SmallRound;
use crate::toy::chargegap;

const SIGNED: &str = "by = \"Li Wei\"\non = \"2026-04-02\"\nreason = \"survey of March\"\n";

/// 990102 has no station, nor has 990103, which applies with 990101; half of what those two have is within reach of the station, so that
/// 990102 is the first and the application the second of two.
fn scene(rules: &str, more: &str) -> Scene {
    let joint = "[[rank.joint]]\nname = \"two\"\nlead = \"990103\"\nmembers = [\"990101\"]\n";
    Scene { select: format!("{rules}{joint}{more}"), ..Scene::default() }
}

fn set(what: &str) -> String {
    format!("[[override]]\ncounty = \"990101\"\n{what}\n{SIGNED}")
}

/// Who is selected by `selection.csv`, with what it costs, and who is above the line of `lines.csv`.
fn told(scene: &Scene) -> (Vec<[String; 3]>, Vec<[String; 2]>) {
    let dir = tempfile::tempdir().unwrap();
    scene.write(&dir.path().join("in"));
    accepting::round(dir.path(), "in/round.toml", "out", &["-q"]);
    chargegap().current_dir(dir.path()).args(["verify", "out"]).assert().success();
    let chosen = table(&dir.path().join("out/selection.csv"), "county_code");
    let lines = table(&dir.path().join("out/lines.csv"), "county_code");
    let chosen = chosen.into_iter().map(|(code, r)| [code, r["selection"].clone(), r["cost"].clone()]).collect();
    (chosen, lines.into_iter().map(|(code, r)| [code, r["above"].clone()]).collect())
}

#[test]
fn a_member_s_cost_by_hand_counts_in_the_selection_and_at_the_line_alike() {
    // 9,000 for 4,500 a county: 990102 takes 4,500, and 4,500 are left for the two
    let rules = "budget = 9000\ncost = 4500\n";
    let with_lead = |why: &str| ["990101".to_owned(), why.to_owned(), String::new()];
    let own = |code: &str, why: &str, cost: &str| [code, why, cost].map(str::to_owned);
    let first = own("990102", "selected", "4500.0");
    let above = |two: &str| vec![["990102", "true"].map(str::to_owned), ["990103", two].map(str::to_owned)];
    // 4,500 + 4,500 = 9,000
    let want = vec![with_lead("lead_not_selected"), first.clone(), own("990103", "budget_used", "9000.0")];
    assert_eq!(told(&scene(rules, "")), (want, above("false")));
    // by hand 990101 costs nothing more: 4,500 are paid for; at 1 it is 4,501, and they are not
    let want = vec![with_lead("selected_with_lead"), first.clone(), own("990103", "selected", "4500.0")];
    assert_eq!(told(&scene(rules, &set("cost = 0"))), (want, above("true")));
    let want = vec![with_lead("lead_not_selected"), first.clone(), own("990103", "budget_used", "4501.0")];
    assert_eq!(told(&scene(rules, &set("cost = 1"))), (want, above("false")));
    // by a column, 990101's cell blank: nobody knows what the two cost; by hand it is 500, and 4,000 + 500 are paid for
    let rules = "budget = 9000\ncost_column = \"price\"\n";
    let paid = |more: &str| Scene { table: "code,price\n990101,\n990102,4500\n990103,4000\n", ..scene(rules, more) };
    let want = vec![with_lead("lead_not_selected"), first.clone(), own("990103", "cost_unknown", "")];
    assert_eq!(told(&paid("")), (want, above("false")));
    let want = vec![with_lead("selected_with_lead"), first, own("990103", "selected", "4500.0")];
    assert_eq!(told(&paid(&set("cost = 500"))), (want, above("true")));
}

const LORRIES: &str =
    "[[rank.indicators]]\nkey = \"lorries\"\ndirection = \"higher_is_worse\"\npillar = \"demand\"\nweight = 1\n";

#[test]
fn an_indicator_that_nothing_divides_says_what_an_application_has_of_it() {
    let with = |more: &str| Scene {
        table: "code,lorries\n990101,12\n990102,20\n990103,30\n",
        ..scene("places = 1\n", &format!("{LORRIES}{more}"))
    };
    // nobody said it: the round stops with the lines that are to be written, before anything is computed, and so does its check
    let dir = tempfile::tempdir().unwrap();
    with("").write(&dir.path().join("in"));
    for args in [vec!["round", "in/round.toml", "-o", "out"], vec!["round", "--check", "in/round.toml"]] {
        let run = chargegap().current_dir(dir.path()).args(&args).assert().code(2);
        let said = String::from_utf8_lossy(&run.get_output().stderr).into_owned();
        for want in [
            "\"two\" is a joint application, and the round does not say what its counties have together of lorries",
            "key = \"lorries\" a line together = \"sum\" (12 and 30 lorries are 42)",
        ] {
            assert!(said.contains(want), "{args:?}: {said}");
        }
        assert!(!dir.path().join("out").exists());
    }
    // 12 and 30 are 42, 21, 30 or 12
    for (how, want) in [("sum", "42.0"), ("mean", "21.0"), ("highest", "30.0"), ("lowest", "12.0")] {
        let dir = tempfile::tempdir().unwrap();
        with(&format!("together = \"{how}\"\n")).write(&dir.path().join("in"));
        accepting::round(dir.path(), "in/round.toml", "out", &["-q"]);
        chargegap().current_dir(dir.path()).args(["verify", "out"]).assert().success();
        let mut csv = csv::Reader::from_path(dir.path().join("out/why.csv")).unwrap();
        let rows = csv.records().map(|r| r.unwrap()).filter(|r| &r[0] == "990103" && r.iter().any(|c| c == "lorries"));
        let rows: Vec<_> = rows.collect();
        assert!(rows.len() == 1 && rows[0].iter().any(|c| c == want), "{how}: {rows:?}");
    }
    // another word is refused with those that there are
    let dir = tempfile::tempdir().unwrap();
    with("together = \"average\"\n").write(&dir.path().join("in"));
    let run = chargegap().current_dir(dir.path()).args(["round", "in/round.toml", "-o", "out"]).assert().code(2);
    let said = String::from_utf8_lossy(&run.get_output().stderr).into_owned();
    assert!(said.contains("average") && said.contains("mean"), "{said}");
}

#[test]
fn the_register_s_joint_applications_are_asked_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let scene = Scene {
        table: "code,lorries\n990101,12\n990102,20\n990103,30\n",
        more: "[applicants]\npath = \"who.csv\"\n",
        select: format!("places = 1\n{LORRIES}"),
        ..Scene::default()
    };
    scene.write(&dir.path().join("in"));
    std::fs::write(
        dir.path().join("in/who.csv"),
        "code,name,joint_lead\n990101,County 0,990103\n990102,County 1,\n990103,County 2,\n",
    )
    .unwrap();
    for args in [vec!["round", "in/round.toml", "-o", "out"], vec!["round", "--check", "in/round.toml"]] {
        let run = chargegap().current_dir(dir.path()).args(&args).assert().code(2);
        let said = String::from_utf8_lossy(&run.get_output().stderr).into_owned();
        assert!(said.contains("rank.indicators[0].together"), "{args:?}: {said}");
    }
}

/// 120103 of province 12 leads, 110101 of province 11 applies with it, and the money is theirs by hand: 2 × 4,500 of 9,000. One place is used,
/// in the province of the lead, which pays for both; in each province one county is funded.
#[test]
fn a_joint_application_takes_one_place_of_its_lead_s_province_and_funds_counties_of_two() {
    let round = SmallRound::laid();
    round.edit("round.toml", |text| {
        let joint = "[[rank.joint]]\nname = \"both\"\nlead = \"120103\"\nmembers = [\"110101\"]\n";
        let by_hand = "[[override]]\ncounty = \"120103\"\nfunded = true\n";
        format!("{text}{joint}{by_hand}{SIGNED}")
    });
    round.chargegap(&["round", "round.toml", "-o", "out", "-q"]).assert().success();
    round.chargegap(&["verify", "out", "--round", "round.toml"]).assert().success();
    let rows = table(&round.path("out/provinces.csv"), "province");
    let told: Vec<[&str; 5]> =
        rows.iter().map(|(p, r)| [p.as_str(), &r["quota"], &r["places_used"], &r["funded"], &r["cost"]]).collect();
    assert_eq!(told, [["11", "1", "0", "1", "0.0"], ["12", "2", "1", "1", "9000.0"]]);
    // the page has both, side by side
    let page = std::fs::read_to_string(round.path("out/round.html")).unwrap();
    for head in ["Places used", "占用名额", "Counties funded", "获资助县"] {
        assert!(page.contains(head), "{head}");
    }
    // who says that the member took a place of its own is found out
    let forged = crate::resealed::Forged(round.out());
    forged.cell("provinces.csv", ("province", "11"), "places_used", &|_| "1".to_owned());
    let faults = forged.verified().faults;
    assert!(
        faults.iter().any(|f| f == "provinces.csv: places_used of province 11 is not what the other tables say"),
        "{faults:?}"
    );
}
