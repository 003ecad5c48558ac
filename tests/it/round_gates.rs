//! Gates of a programme, held against who applies for a round: met, not met, not known, with the values; who does not meet one is not ranked.

use crate::accepting::accept_all;
use crate::round_scene::said;
use crate::small_round::SmallRound;
use std::collections::BTreeMap;
use std::fs;

/// 120102 has withdrawn, 120103 applies with 120101, and 990101 is nowhere.
const REGISTER: &str = "区划代码,申报县,牵头县,撤回日期\n110101,甲县,,\n110102,乙县,,\n110103,丙县,,\n120101,丁县,,\n120102,戊县,,2026-02-01\n\
                        120103,己县,120101,\n990101,未知县,,\n";

/// The second round as a programme of one's own, for which the districts that the codes name may apply.
pub(crate) fn laid(programme: &str) -> SmallRound {
    let r = SmallRound::laid();
    fs::write(r.path("applicants.csv"), REGISTER).unwrap();
    let toml = r.chargegap(&["programme", "cn-county-pilot-2025", "--toml"]).output().unwrap().stdout;
    let text = String::from_utf8(toml).unwrap().replace("name = \"cn-county-pilot-2025\"", "name = \"own\"");
    fs::write(r.path("own.toml"), text.replace("alone = [\"county\", \"county_level_city\"]", "alone = [\"district\"]")).unwrap();
    let more = format!("[applicants]\npath = \"applicants.csv\"\n{programme}[criteria]\n");
    r.edit("round.toml", |t| t.replacen("[criteria]\n", &more, 1));
    r
}

fn says(r: &SmallRound, words: &str) -> (i32, String, String) {
    said(&r.chargegap(&words.split_whitespace().collect::<Vec<_>>()).output().unwrap())
}

type Row = BTreeMap<String, String>;

fn rows(r: &SmallRound, file: &str) -> Vec<Row> {
    csv::Reader::from_path(r.path("out").join(file)).unwrap().deserialize().map(|row| row.unwrap()).collect()
}

/// The prefecture of 12 has too few cars, and 110103 has other money.
pub(crate) const PROGRAMME: &str = "[programme]\nprofiles = [\"own\"]\nfiles = [\"own.toml\"]\n[programme.figures.\"1101\"]\nprefecture_car_stock = 250000\n\
    [programme.figures.\"12\"]\nprefecture_car_stock = 180000\n[programme.facts.\"11\"]\nother_central_funding = false\n\
    [programme.facts.\"110103\"]\nother_central_funding = true\n";

#[test]
fn each_gate_has_a_verdict_with_its_value_and_who_does_not_meet_one_is_not_ranked() {
    let r = laid(PROGRAMME);
    says(&r, "round round.toml -o out");
    accept_all(&r.path("out-work"), &r.path("round.toml"));
    let (exit, _, err) = says(&r, "round round.toml -o out");
    assert_eq!(exit, 0, "{err}");
    let gates = rows(&r, "gates.csv");
    let of = |code: &str, gate: &str| gates.iter().find(|g| g["county_code"] == code && g["gate"] == gate).unwrap();
    // three gates each of six applicants; who has withdrawn has none
    assert_eq!(gates.len(), 18);
    let stock = "prefecture_car_stock";
    for (code, gate, verdict, value, asked) in [
        ("110101", "kind", "met", "a district", "a district"),
        ("110101", stock, "met", "250000 vehicles", "at least 250000 vehicles"), // exactly at it
        ("110101", "other_central_funding", "met", "no", "no"),
        ("110103", "other_central_funding", "not_met", "yes", "no"),
        ("120101", stock, "not_met", "180000 vehicles", "at least 250000 vehicles"),
        ("120103", stock, "not_met", "180000 vehicles", "at least 250000 vehicles"),
        ("120101", "other_central_funding", "cannot_be_told", "", "no"),
        ("990101", stock, "cannot_be_told", "", "at least 250000 vehicles"),
    ] {
        let g = of(code, gate);
        assert_eq!((&*g["verdict"], &*g["value"], &*g["asked"]), (verdict, value, asked), "{code} {gate}");
    }
    // what is not known says where it is to be given
    assert_eq!(of("990101", stock)["because"], "[programme.figures.\"990101\"] prefecture_car_stock is not given");
    assert_eq!(of("120101", stock)["because_zh"], "所在地级市汽车保有量（2024 年）：180000，要求不低于 250000");
    // in the register's table each applicant has all of them together
    let all = rows(&r, "applicants.csv");
    let of = |code: &str| all.iter().find(|a| a["county_code"] == code).unwrap();
    for (code, eligible, status) in [
        ("110103", "not_met", "not_ranked"),
        ("120101", "not_met", "not_ranked"),
        ("120102", "", "withdrawn"),
        ("120103", "not_met", "not_ranked"),
        ("990101", "cannot_be_told", "unknown"),
    ] {
        assert_eq!((&*of(code)["eligible"], &*of(code)["status"]), (eligible, status), "{code}");
    }
    for code in ["110101", "110102"] {
        assert!(of(code)["eligible"] == "met" && ["selected", "not_selected"].contains(&&*of(code)["status"]), "{code}");
    }
    let reason = |code: &str| [of(code)["reason"].clone(), of(code)["reason_zh"].clone()];
    let [en, zh] = reason("110103");
    assert_eq!(
        en,
        "not ranked: it is not eligible by own: projects with ultra-long special treasury bonds or central budget investment are not eligible"
    );
    assert_eq!(zh, "未参与排名：按 own 不符合申报条件：已获超长期特别国债或中央预算内投资支持的项目不得重复享受");
    let [en, zh] = reason("120101");
    assert!(en.ends_with("cars in the prefecture-level city, 2024: 180000 of at least 250000"), "{en}");
    assert!(zh.ends_with("所在地级市汽车保有量（2024 年）：180000，要求不低于 250000"), "{zh}");
    assert!(of("110101")["gates"].contains("prefecture_car_stock: met (250000 vehicles; asked: at least 250000 vehicles)"));
    assert!(
        of("110101")["gates_zh"].contains(
            "申报主体：达到（市辖区；要求：市辖区）；所在地级市汽车保有量（2024 年）：达到（250000 辆；要求：不低于 250000 辆）"
        ),
        "{}",
        of("110101")["gates_zh"]
    );
    // pages: of a county, and of an applicant that no region has
    let page = |name: &str| fs::read_to_string(r.path("out").join(name)).unwrap();
    assert!(
        page("counties/120101.html").contains("Whether it may apply")
            && page("counties/120101.html").contains("是否符合申报条件")
    );
    assert!(page("applicants/0007.html").contains("prefecture_car_stock: cannot be told (not known; asked: at least 250000"));
    let (exit, out, _) = says(&r, "verify out");
    assert_eq!(exit, 0, "{out}");
    // a verdict that its value does not give, and one of the register that a gate does not give
    crate::resealed::Forged(r.out()).cell("gates.csv", ("value", "250000 vehicles"), "value", &|_| "240000 vehicles".to_owned());
    let faults = crate::resealed::Forged(r.out()).verified().faults;
    assert!(faults.iter().any(|f| f.contains("gates.csv") && f.contains("breaks the rule")), "{faults:?}");
    crate::resealed::Forged(r.out()).cell("applicants.csv", ("county_code", "110101"), "eligible", &|_| "not_met".to_owned());
    let faults = crate::resealed::Forged(r.out()).verified().faults;
    assert!(faults.iter().any(|f| f.contains("applicants.csv") && f.contains("breaks the rule")), "{faults:?}");
}

#[test]
fn which_programme_is_applied_for_is_said_where_there_are_several() {
    let both = "[programme]\nprofiles = [\"cn-county-pilot-2024\", \"cn-county-pilot-2025\"]\n";
    let r = laid(both);
    let (exit, _, err) = says(&r, "round round.toml -o out --check");
    assert!(exit == 2 && err.contains("applicants.programme") && err.contains("2 programmes that say who may apply"), "{err}");
    r.edit("round.toml", |t| {
        t.replace("path = \"applicants.csv\"\n", "path = \"applicants.csv\"\nprogramme = \"us-nevi-2023\"\n")
    });
    let (exit, _, err) = says(&r, "round round.toml -o out --check");
    assert!(exit == 2 && err.contains("\"us-nevi-2023\" is none of the programmes with gates"), "{err}");
    // districts by themselves cannot apply for the pilot: nobody is left, and each has the reason
    r.edit("round.toml", |t| t.replace("us-nevi-2023", "cn-county-pilot-2025"));
    let (exit, _, err) = says(&r, "round round.toml -o out");
    assert!(exit == 1 && !r.path("out").exists(), "{err}");
    // without gates nothing is asked
    let r = laid("[programme]\nprofiles = [\"cn-township-coverage\"]\n");
    says(&r, "round round.toml -o out");
    accept_all(&r.path("out-work"), &r.path("round.toml"));
    let (exit, _, err) = says(&r, "round round.toml -o out");
    assert!(exit == 0 && !r.path("out/gates.csv").exists(), "{err}");
    assert!(rows(&r, "applicants.csv").iter().all(|a| a["eligible"].is_empty() && a["gates"].is_empty()));
}

#[test]
fn what_is_asked_of_programmes_is_a_setting_of_two_rounds() {
    let r = laid(PROGRAMME);
    let ask = |out: &str| {
        let command = format!("round round.toml -o {out} --work work");
        // each has faults of its own
        let text = fs::read_to_string(r.path("round.toml")).unwrap();
        fs::write(r.path("round.toml"), text.split("[[accept]]").next().unwrap_or_default()).unwrap();
        if says(&r, &command).0 == 0 {
            return;
        }
        accept_all(&r.path("work"), &r.path("round.toml"));
        let (exit, _, err) = says(&r, &command);
        assert_eq!(exit, 0, "{err}");
        let (exit, told, _) = says(&r, &format!("verify {out}"));
        assert_eq!(exit, 0, "{told}");
    };
    let settings = |old: &str, new: &str| -> Vec<String> {
        let (_, told, err) = says(&r, &format!("diff {old} {new}"));
        let of = told.lines().filter(|l| l.starts_with("setting") && l.contains(" programme.")).map(str::to_owned).collect();
        assert!(err.is_empty() || !told.is_empty(), "{err}");
        of
    };
    ask("first");
    // a fact that is no longer given
    r.edit("round.toml", |t| t.replacen("[programme.facts.\"110103\"]\nother_central_funding = true\n", "", 1));
    ask("second");
    assert_eq!(settings("first", "second"), ["setting  programme.facts.110103.other_central_funding: true -> not set"]);
    // rules of the same name in the same file that say something else
    let text = fs::read_to_string(r.path("own.toml")).unwrap();
    fs::write(r.path("own.toml"), text.replacen("250_000", "240_000", 1)).unwrap();
    ask("third");
    let told = settings("second", "third");
    assert!(told.len() == 1 && told[0].starts_with("setting  programme.sha256.own: "), "{told:?}");
    assert!(settings("third", "third").is_empty());
    // a figure of a prefecture
    r.edit("round.toml", |t| t.replacen("prefecture_car_stock = 180000", "prefecture_car_stock = 190000", 1));
    ask("fourth");
    let told = settings("third", "fourth");
    assert_eq!(told, ["setting  programme.figures.12.prefecture_car_stock: 180000.0 -> 190000.0"]);
}
