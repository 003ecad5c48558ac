//! Who may apply for a round is told where it is looked at: first page, terminal, `--json`, `--check`, `diff`; who is funded by hand in spite
//! of a gate, and a programme of a file that stands in for one of the program, in plain words.

use crate::accepting::accept_all;
use crate::round_gates::{PROGRAMME, laid};
use crate::round_scene::said;
use crate::small_round::SmallRound;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::fs;

/// 110103 has other money; somebody funds it all the same.
const FUNDED: &str =
    "[[override]]\nid = \"7\"\ncounty = \"110103\"\nfunded = true\nby = \"Li\"\non = \"2026-01-20\"\nreason = \"minutes 12\"\n";

fn says(r: &SmallRound, words: &str) -> (i32, String, String) {
    said(&r.chargegap(&words.split_whitespace().collect::<Vec<_>>()).output().unwrap())
}

/// Makes the round of a file; what is at fault with it is accepted.
fn made(r: &SmallRound, out: &str) -> String {
    let command = format!("round round.toml -o {out} --work {out}-work");
    if says(r, &command).0 != 0 {
        accept_all(&r.path(&format!("{out}-work")), &r.path("round.toml"));
    }
    let (exit, told, err) = says(r, &format!("{command} --overwrite"));
    assert_eq!(exit, 0, "{err}");
    told
}

#[test]
fn who_may_apply_and_who_is_funded_all_the_same_is_told_everywhere() {
    let r = laid(PROGRAMME);
    made(&r, "plain");
    r.edit("round.toml", |t| t + "\n" + FUNDED);
    let told = made(&r, "out");
    // 110101 and 110102 meet all; 110103 has other money, the prefecture of 12 too few cars; nothing is known of 990101; 120102 has withdrawn
    let count = "own: of 6 applicants 2 are eligible, 3 are not, and of 1 it cannot be told";
    let reasons = [
        "not eligible by other_central_funding (asked: no): 1 (110103)",
        "not eligible by prefecture_car_stock (asked: at least 250000 vehicles): 2 (120101, 120103)",
        "cannot be told, prefecture_car_stock is not known (asked: at least 250000 vehicles): 1 (990101)",
        "cannot be told, other_central_funding is not known (asked: no): 1 (990101)",
    ];
    let though = "county 110103 is funded by hand (Li, 2026-01-20) though it is not eligible by own: projects with ultra-long special \
                  treasury bonds or central budget investment are not eligible";
    let though_zh = "县 110103 由 Li 于 2026-01-20 人工决定入选，但按 own 不符合申报条件：已获超长期特别国债或中央预算内投资支持的项目不得重复享受";
    assert!(told.contains(&format!("applied for {count}\n")), "{told}");
    assert!(reasons.iter().all(|line| told.contains(line)), "{told}");
    assert!(told.contains(&format!("FUNDED THOUGH NOT ELIGIBLE: {though}\n")), "{told}");
    let (_, zh, _) = says(&r, "round round.toml -o out --work out-work --overwrite --lang zh");
    for line in [
        "申报项目 own：6 个申报县中，符合申报条件的 2 个，不符合的 3 个，无法判断的 1 个",
        &format!("不符合条件而入选：{though_zh}"),
    ] {
        assert!(zh.contains(line), "{line}: {zh}");
    }
    assert!(zh.contains("因“所在地级市汽车保有量（2024 年）”不符合（要求：不低于 250000 辆）：2 个（120101, 120103）"), "{zh}");
    // for programs, and before anything is computed
    let json = |words: &str| -> Value { serde_json::from_str(&says(&r, words).1).unwrap() };
    let made_json = json("round round.toml -o out --work out-work --overwrite --json");
    let check_json = json("round round.toml -o out --work new-work --check --json");
    for gates in [&made_json["round"]["gates"], &check_json["gates"]] {
        assert_eq!((&gates["programme"], &gates["applicants"]), (&"own".into(), &6.into()));
        let codes =
            |key: &str| gates[key].as_array().unwrap().iter().map(|c| c["code"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
        assert_eq!(gates["eligible"], serde_json::json!(["110101", "110102"]));
        assert_eq!(
            (codes("not_eligible"), codes("cannot_be_told")),
            (vec!["110103".into(), "120101".into(), "120103".into()], vec!["990101".into()])
        );
        assert_eq!(
            (&gates["funded_by_hand"][0]["verdict"], &gates["funded_by_hand"][0]["what"]),
            (&"not_met".into(), &though.into())
        );
    }
    assert!(says(&r, "round round.toml -o out --work new-work --check").1.contains(though));
    // the first page says it in both languages, and `verify` holds it against the tables
    let page = fs::read_to_string(r.path("out/round.html")).unwrap();
    for text in [count, reasons[1], though, though_zh, "FUNDED THOUGH NOT ELIGIBLE"] {
        assert!(page.contains(text), "{text}");
    }
    assert!(!fs::read_to_string(r.path("plain/round.html")).unwrap().contains("FUNDED THOUGH"));
    let (exit, told, _) = says(&r, "verify out");
    assert_eq!(exit, 0, "{told}");
    // two rounds: it is new, it is gone, it is in both
    for (old, new, whose) in [("plain", "out", "the new round"), ("out", "plain", "the old round"), ("out", "out", "both rounds")]
    {
        let (_, told, err) = says(&r, &format!("diff {old} {new}"));
        assert!(told.contains(&format!("GATES    {whose}: {though}\n")), "{told}{err}");
    }
    assert!(!says(&r, "diff plain plain").1.contains("GATES"));
}

#[test]
fn a_programme_that_carries_the_name_of_a_shipped_one_is_told() {
    let shipped_name = "cn-county-pilot-2025";
    let r = laid(&PROGRAMME.replace("[\"own\"]", &format!("[\"{shipped_name}\"]")));
    let shipped = r.chargegap(&["programme", shipped_name, "--toml"]).output().unwrap().stdout;
    r.edit("own.toml", |t| t.replace("name = \"own\"", &format!("name = \"{shipped_name}\"")));
    let sum = |bytes: &[u8]| Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect::<String>();
    let own = fs::read(r.path("own.toml")).unwrap();
    let told = made(&r, "out");
    let words = format!(
        "{shipped_name} is not the one that comes with the program (SHA-256 {}): own.toml stands in for it (SHA-256 {})",
        sum(&shipped),
        sum(&own)
    );
    assert!(told.contains(&format!("OWN PROGRAMME: {words}\n")), "{told}");
    assert!(says(&r, "round round.toml -o out --work out-work --check").1.contains(&words));
    let page = fs::read_to_string(r.path("out/round.html")).unwrap();
    assert!(page.contains(&words) && page.contains("自有项目文件"));
    let manifest: Value = serde_json::from_slice(&fs::read(r.path("out/manifest.json")).unwrap()).unwrap();
    let stand_in = &manifest["programme"]["stands_in_for"][shipped_name];
    assert_eq!((&stand_in["file"], &stand_in["sha256"]), (&"own.toml".into(), &sum(&own).into()));
    assert_eq!(stand_in["shipped_sha256"], sum(&shipped));
    // the text of an archive names what answers for it, and follows from what is in it
    let (exit, _, err) = says(&r, "round round.toml -o out --work out-work --overwrite --archive a.zip");
    assert_eq!(exit, 0, "{err}");
    let mut zip = zip::ZipArchive::new(fs::File::open(r.path("a.zip")).unwrap()).unwrap();
    let readme = std::io::read_to_string(zip.by_name("README.txt").unwrap()).unwrap();
    for line in [
        "  Who may apply, or may not    results/gates.csv (",
        "  Rules of which programme     inputs/own.toml; ",
        "  谁可以申报、谁不可以        results/gates.csv（",
        "  按哪个项目的规则            inputs/own.toml；",
    ] {
        assert!(readme.contains(line), "{line}: {readme}");
    }
    let (exit, told, err) = says(&r, "verify a.zip");
    assert_eq!(exit, 0, "{told}{err}");
    // the same text under the same name stands in for nothing
    fs::write(r.path("own.toml"), &shipped).unwrap();
    let (_, told, _) = says(&r, "round round.toml -o out --work out-work --check");
    assert!(told.contains("applied for cn-county-pilot-2025") && !told.contains("OWN PROGRAMME"), "{told}");
}
