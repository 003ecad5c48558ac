//! The register of who applies: every row has a row in `applicants.csv` and a page, with what became of it, also where no region has
//! it, it was withdrawn, or it may not be ranked.

use crate::accepting::accept_all;
use crate::round_scene::said;
use crate::small_round::SmallRound;
use crate::workbook::{ods, xlsx};
use std::collections::BTreeMap;
use std::fs;

/// 110101 stands twice by its old code; 120102 has withdrawn; 990101 is nowhere; 120103 applies with 120101.
const REGISTER: &str = "区划代码,申报县,申报日期,申报材料,牵头县,撤回日期,备注\n\
    110101,甲县,2026-01-05,a.pdf; b.pdf,,,\n\
    110103,\"=丙县\",2026/1/6,c.pdf,,,\n\
    120101,丁县,2026年1月7日,d.pdf,,,\n\
    120102,戊县,2026-01-08,e.pdf,,2026-02-01,资金不足\n\
    120103,己县,2026-01-09,f.pdf,120101,,\n\
    990101,未知县,someday,g.pdf,,,\n\
    990102,又一县,,h.pdf,,是,\n";

fn registered(register: &str) -> SmallRound {
    let r = SmallRound::laid();
    fs::write(r.path("applicants.csv"), register).unwrap();
    r.edit("round.toml", |t| t.replacen("[criteria]\n", "[applicants]\npath = \"applicants.csv\"\n[criteria]\n", 1));
    r
}

fn says(r: &SmallRound, words: &str) -> (i32, String, String) {
    said(&r.chargegap(&words.split_whitespace().collect::<Vec<_>>()).output().unwrap())
}

fn rows(r: &SmallRound, file: &str) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_path(r.path("out").join(file)).unwrap().deserialize().map(|row| row.unwrap()).collect()
}

#[test]
fn every_applicant_has_a_row_a_page_and_a_reason() {
    let r = registered(REGISTER);
    let (exit, _, err) = says(&r, "round round.toml -o out");
    // 990102 is in no region either, and has withdrawn
    assert!(exit == 1 && err.contains("1. applicant_unknown  990101") && !err.contains("990102"), "{err}");
    assert!(err.contains("990101 (未知县), which applicants.csv names"), "{err}");
    assert!(accept_all(&r.path("out-work"), &r.path("round.toml")) > 0); // an indicator may be the same for so few
    let (exit, _, err) = says(&r, "round round.toml -o out");
    assert_eq!(exit, 0, "{err}");
    let all = rows(&r, "applicants.csv");
    let of = |code: &str| all.iter().find(|row| row["code_written"] == code).unwrap();
    assert_eq!(all.len(), 7, "a row for each row of the register");
    // each province has one place or two: who of 110101 and 110103 has it is in selection.csv
    let selection = rows(&r, "selection.csv");
    assert_eq!(selection.len(), 5, "110102 did not apply, and takes no part");
    for code in ["110101", "110103", "120101"] {
        let chosen = selection.iter().find(|s| s["county_code"] == code).unwrap();
        let want = if chosen["selected"] == "true" { "selected" } else { "not_selected" };
        assert_eq!((of(code)["status"].as_str(), &of(code)["reason"]), (want, &chosen["why"]), "{code}");
    }
    assert_eq!(of("120102")["status"], "withdrawn");
    assert!(of("120102")["reason"].contains("it withdrew its application on 2026-02-01: 资金不足"), "{:?}", of("120102"));
    assert!(of("120102")["reason_zh"].contains("该县已于 2026-02-01 撤回申报：资金不足"), "{:?}", of("120102"));
    // 120103 goes with its lead, whatever becomes of it
    let lead = of("120101")["status"] == "selected";
    assert_eq!(of("120103")["status"], if lead { "selected" } else { "not_ranked" });
    assert_eq!((of("120103")["joint_lead"].as_str(), of("990102")["status"].as_str()), ("120101", "withdrawn"));
    assert!(of("990101")["status"] == "unknown" && of("990101")["reason"].contains("accepted by Auditor on 2026-03-31: made up"));
    // days are those of the calendar, what is none stands as it is and is told
    let applied: Vec<&str> = all.iter().map(|row| row["applied"].as_str()).collect();
    assert_eq!(applied, ["2026-01-05", "2026-01-06", "2026-01-07", "2026-01-08", "2026-01-09", "someday", ""]);
    assert!(fs::read_to_string(r.path("out/issues.csv")).unwrap().contains("someday"));
    // pages: the county's own, or one of the applicant's
    let page = |name: &str| fs::read_to_string(r.path("out").join(name)).unwrap();
    for code in ["110101", "110103", "120101", "120102", "120103"] {
        let html = page(&format!("counties/{code}.html"));
        assert!(html.contains("The application") && html.contains("申报情况"), "{code}");
    }
    assert!(page("counties/120102.html").contains("it withdrew its application on 2026-02-01"));
    let unknown = page("applicants/0006.html");
    assert!(
        unknown.contains("未知县") && unknown.contains("NO COUNTY OF THE REGIONS HAS THIS CODE.") && unknown.contains("g.pdf"),
        "{unknown}"
    );
    assert!(page("applicants/0007.html").contains("WITHDRAWN."));
    assert!(!r.path("out/applicants/0001.html").exists());
    let round = page("round.html");
    assert!(round.contains("0006.html\"><bdi>未知县") && round.contains("The register has 7 applications"));
    let (exit, out, _) = says(&r, "verify out");
    assert_eq!(exit, 0, "{out}");
    // who is said to be selected and is not
    crate::resealed::Forged(r.out()).cell("applicants.csv", ("county_code", "990101"), "status", &|_| "selected".to_owned());
    let faults = crate::resealed::Forged(r.out()).verified().faults;
    assert!(faults.iter().any(|f| f.contains("applicants.csv") && f.contains("breaks the rule")), "{faults:?}");
}

#[test]
fn a_register_that_says_too_little_or_two_things_is_refused_or_told() {
    let head = "code,name,joint_lead,withdrawn\n";
    for (rows, exit, want) in [
        ("110101,A,,\n,B,,\n", 1, "the row has no code"),
        ("110101,A,,perhaps\n", 1, "withdrawn says \"perhaps\", which is no day, yes or no"),
        ("110101,A,,\n110102,B,110101,\n110103,C,110102,\n", 1, "applies with 110102, which applies with 110101"),
        ("110101,A,,\n110102,B,,\n110101,A again,,\n", 1, "applicant_twice  110101"),
        ("110101,A,,\n110102,B,990101,\n", 1, "joint_lead_missing  110102"),
        ("110101,A,,\n110102,B,120101,\n", 1, "joint_lead_missing  110102"), // in a region, and not in the register
        ("990101,A,,\n", 1, "no county of the register takes part in the round"),
    ] {
        let r = registered(&format!("{head}{rows}"));
        r.edit("round.toml", |t| t.replace("\"11\" = 1, \"12\" = 2", "\"11\" = 1"));
        let (code, _, err) = says(&r, "round round.toml -o out");
        assert!(code == exit && err.contains(want) && !r.path("out").exists(), "{rows}: {code} {err}");
    }
    let r = registered("name\nA\n");
    let (exit, _, err) = says(&r, "round round.toml -o out");
    assert!(exit == 1 && err.contains("has no column of codes"), "{err}");
    for (more, key) in [
        ("[regions]\ncounties = [\"11*\"]", "applicants"),
        ("[[rank.joint]]\nname = \"j\"\nlead = \"110101\"\nmembers = [\"110102\"]\n[regions]", "rank.joint"),
    ] {
        let r = registered("code\n110101\n");
        r.edit("round.toml", |t| t.replacen("[regions]", more, 1));
        let (exit, _, err) = says(&r, "round round.toml -o out");
        assert!(exit == 2 && err.contains(&format!("\"{key}\"")), "{exit} {err}");
    }
}

#[test]
fn a_lead_that_is_missing_keeps_its_county_out_of_the_ranking_when_that_is_accepted() {
    let r = registered("code,name,lead\n110101,A,\n110102,B,990101\n120101,C,\n");
    assert_eq!(says(&r, "round round.toml -o out").0, 1);
    assert!(accept_all(&r.path("out-work"), &r.path("round.toml")) > 0); // an indicator may be the same for so few
    let (exit, _, err) = says(&r, "round round.toml -o out");
    assert_eq!(exit, 0, "{err}");
    let all = rows(&r, "applicants.csv");
    assert_eq!(all[1]["status"], "not_ranked");
    assert!(all[1]["reason"].contains("it applies with 990101, which does not take part"), "{:?}", all[1]);
    // the same register with mapped columns is read alike
    fs::write(r.path("applicants.csv"), "Kreis,Wer,Fuehrt\n110101,A,\n110102,B,990101\n120101,C,\n").unwrap();
    r.edit("round.toml", |t| {
        t.replace(
            "path = \"applicants.csv\"\n",
            "path = \"applicants.csv\"\nfields = { code = \"Kreis\", name = \"Wer\", joint_lead = \"Fuehrt\" }\n",
        )
    });
    let (exit, _, err) = says(&r, "round round.toml -o again --work out-work");
    assert_eq!(exit, 0, "{err}");
    let table = |out: &str| fs::read(r.path(out).join("applicants.csv")).unwrap();
    assert_eq!(table("out"), table("again"));
}

#[test]
fn columns_of_the_register_that_are_asked_for_are_there_and_others_are_told() {
    let r = registered("code,name,撤件时刻,files sent to\n110101,a,2026-01-01,\n110102,b,,\n");
    for field in ["withdrawn", "joint_lead", "name"] {
        let fields = format!("path = \"applicants.csv\"\nfields = {{ {field} = \"撤件时 刻\" }}\n[criteria]\n");
        r.edit("round.toml", |t| t.replacen("path = \"applicants.csv\"\n[criteria]\n", &fields, 1));
        let (exit, _, err) = says(&r, "round round.toml -o out");
        assert!(exit == 1 && err.contains("[applicants] fields names \"撤件时 刻\"") && err.contains("applicants.csv"), "{err}");
        r.edit("round.toml", |t| t.replacen(&fields, "path = \"applicants.csv\"\n[criteria]\n", 1));
    }
    // what looks as if it took somebody out is a fault, and what says nothing of that a note
    let (exit, _, err) = says(&r, "round round.toml -o out");
    assert!(exit == 1 && err.contains("register_column  撤件时刻") && err.contains("looks like withdrawn"), "{err}");
    assert!(err.contains("fields = { withdrawn = \"撤件时刻\" }") && !err.contains("files sent to"), "{err}");
    assert!(accept_all(&r.path("out-work"), &r.path("round.toml")) > 0);
    assert_eq!(says(&r, "round round.toml -o out").0, 0);
    assert_eq!(rows(&r, "applicants.csv")[0]["withdrawn"], "");
    let told = fs::read_to_string(r.path("out/issues.csv")).unwrap();
    assert!(told.contains("files sent to"), "{told}");
}

#[test]
fn a_register_in_a_workbook_is_read_as_one_of_text() {
    // codes as numbers under a title; 120102 has withdrawn
    let rows: &[&[&str]] = &[&["Register"], &["code", "name", "withdrawn"], &["#110101", "a", ""], &["#120102", "b", "yes"]];
    let text = "code,name,withdrawn\n110101,a,\n120102,b,yes\n".as_bytes().to_vec();
    let books = [text, xlsx(&[("Notes", &[&["x"]]), ("R", rows)], &[]), ods(&[("R", rows)])];
    let of = books.map(|book| {
        let r = registered("");
        fs::write(r.path("applicants.csv"), book).unwrap();
        crate::accepting::round(r.dir.path(), "round.toml", "out", &["-q"]);
        let told = rows_of(&r, ["code_written", "name_written", "status"]);
        assert_eq!(told.len(), 2);
        told
    });
    assert_eq!(of[0][1][2], "withdrawn");
    assert!(of[1] == of[0] && of[2] == of[0], "{of:?}");
}

fn rows_of<const N: usize>(r: &SmallRound, columns: [&str; N]) -> Vec<[String; N]> {
    rows(r, "applicants.csv").iter().map(|row| columns.map(|c| row[c].clone())).collect()
}

/// What `--check` says, on both streams.
fn checked(r: &SmallRound) -> (i32, String) {
    let (exit, out, err) = says(r, "round round.toml --check");
    (exit, out + &err)
}

/// A day of withdrawal under other headers; and columns that are only nearly one.
#[test]
fn a_withdrawal_is_read_under_many_headers_and_one_that_is_not_read_is_a_fault() {
    for header in ["withdrew_on", "Withdrawal date", "withdrawal", "撤回时间", "撤销日期", "退出日期"] {
        let r = registered(&format!("code,name,{header}\n110101,,2026-01-01\n110102,,\n120101,,\n"));
        crate::accepting::round(r.dir.path(), "round.toml", "out", &["-q"]);
        let status: Vec<String> = rows(&r, "applicants.csv").iter().map(|row| row["withdrawn"].clone()).collect();
        assert_eq!(status, ["2026-01-01", "", ""], "{header}");
    }
    for (header, ours) in [
        ("withdrew_or_not", "withdrawn"),
        ("withdrwan", "withdrawn"),
        ("撤回情况", "withdrawn"),
        ("joint application", "joint_lead"),
        ("牵头", "joint_lead"),
        ("withdrawal reason", ""),
        ("撤回原因", ""),
    ] {
        let r = registered(&format!("code,name,{header}\n110101,,\n110102,,\n120101,,\n"));
        let (_, err) = checked(&r);
        let told = err.contains(&format!("register_column  {header}")) && err.contains(&format!("looks like {ours}"));
        assert!(if ours.is_empty() { !err.contains("register_column") } else { told }, "{header}: {err}");
    }
}

/// A status under a name of its own: whoever has withdrawn by it would be paid. Mapped it is followed.
#[test]
fn a_status_that_says_withdrawn_is_a_fault_with_what_to_write() {
    for (column, cell) in [
        ("状态", "已撤回"),
        ("status", "Withdrawn"),
        ("申报状态", "放弃（3月）"),
        ("步骤", "已撤销"),
        ("备注", "撤回"),
        ("状态", "审核中"),
    ] {
        let r = registered(&format!("code,name,{column}\n110101,,已提交\n110102,,{cell}\n120101,,有效\n"));
        let (exit, err) = checked(&r);
        assert!(exit == 1 && err.contains(&format!("register_column  {column}")), "{column} {cell}: {err}");
        assert!(err.contains(&format!("says \"{cell}\" (line 3)")) && err.contains("fields = { withdrawn = "), "{err}");
        let (_, out, zh) = says(&r, "round round.toml --check --lang zh");
        assert!((out.clone() + &zh).contains(&format!("第 3 行写有“{cell}”")), "{out}{zh}");
    }
    let r = registered("code,name,状态\n110101,,已提交\n110102,,已撤回\n120101,,2026-02-03\n");
    r.edit("round.toml", |t| t.replacen("[applicants]\n", "[applicants]\nfields = { withdrawn = \"状态\" }\n", 1));
    crate::accepting::round(r.dir.path(), "round.toml", "out", &["-q"]);
    let all: Vec<String> = rows(&r, "applicants.csv").iter().map(|row| row["withdrawn"].clone()).collect();
    assert_eq!(all, ["", "yes", "2026-02-03"]);
    // who says both ways: the one that stands by the column of withdrawals, and not the one that has withdrawn by both
    let both = |second: &str| registered(&format!("code,撤回日期,状态\n110101,2026-01-02,已撤回\n110102,,{second}\n120101,,\n"));
    let (exit, err) = checked(&both("已撤回"));
    assert!(exit == 1 && err.contains("register_column  状态") && err.contains("(line 3)"), "{err}");
    assert!(err.contains("say it in the column of withdrawals"), "{err}");
    for fine in ["已提交", "审核中", ""] {
        let (_, err) = checked(&both(fine));
        assert!(!err.contains("register_column"), "{fine}: {err}");
    }
    // statuses that all stand are no fault; a list of counties has none that say otherwise
    let (_, err) = checked(&registered("code,状态\n110101,已提交\n110102,有效\n120101,\n"));
    assert!(!err.contains("register_column"), "{err}");
    for (column, cell, refused) in
        [("状态", "已撤回", true), ("步骤", "withdrawn", true), ("status", "审核中", true), ("status", "submitted", false)]
    {
        let r = SmallRound::laid();
        fs::write(r.path("list.csv"), format!("code,{column}\n110101,\n110102,{cell}\n")).unwrap();
        r.edit("round.toml", |t| t.replacen("[regions]\n", "[regions]\ncounty_list = \"list.csv\"\n", 1));
        let (exit, err) = checked(&r);
        assert_eq!(err.contains("a list of counties says only who applies"), refused, "{column} {cell}: {exit} {err}");
    }
}

/// The register says 110103, and County 110102 is the name of another: by the code the wrong county would be paid.
#[test]
fn a_code_with_the_name_of_another_county_is_a_fault_that_can_be_accepted() {
    let r = registered("code,name\n110101,ＣＯＵＮＴＹ  110101\n110103,County 110102\n120101,Elsewhere\n");
    let (exit, err) = checked(&r);
    assert!(exit == 1 && err.contains("applicant_other_name  110103") && !err.contains("  110101"), "{err}");
    let want = "applicants.csv, line 3, has the code 110103 with the name County 110102: 110103 is County 110103, and County 110102 is the name of 110102";
    assert!(err.contains(want), "{err}");
    let (_, out, err) = says(&r, "round round.toml --check --lang zh");
    assert!((out.clone() + &err).contains("第 3 行的代码 110103 写作“County 110102”"), "{out} {err}");
    assert_eq!(says(&r, "round round.toml -o out").0, 1);
    assert!(!r.path("out").exists() && accept_all(&r.path("out-work"), &r.path("round.toml")) > 0);
    assert_eq!(says(&r, "round round.toml -o out").0, 0);
    // a name that is nobody's is told
    let told = fs::read_to_string(r.path("out/issues.csv")).unwrap();
    assert!(told.contains("applicant_name") && told.contains("Elsewhere") && !told.contains("ＣＯＵＮＴＹ"), "{told}");
    assert_eq!(says(&r, "verify out --round round.toml").0, 0);
}

#[test]
fn days_of_the_register_are_not_later_than_the_round() {
    let head = "code,applied,withdrawn\n110101,2026-01-01,\n";
    for (row, want) in [
        ("120101,2026-05-01,\n", "county 120101 applied on 2026-05-01, and the round is of 2026-04-30"),
        ("120101,2026年5月1日,\n", "county 120101 applied on 2026-05-01"),
        (
            "120101,2026-01-01,2026-05-01\n",
            "county 120101 withdrew its application on 2026-05-01, and the round is of 2026-04-30",
        ),
        ("120101,2026-04-30,2026-04-30\n", ""),
        ("120101,someday,yes\n", ""),
    ] {
        let r = registered(&format!("{head}{row}"));
        r.edit("round.toml", |t| t.replacen("year = 2026\n", "date = \"2026-04-30\"\n", 1));
        let (exit, err) = checked(&r);
        if want.is_empty() {
            assert!(!err.contains("and the round is of"), "{row}: {err}");
        } else {
            assert!(exit == 1 && err.contains(want) && err.contains("applicants.csv:3"), "{row}: {exit} {err}");
        }
    }
}

#[test]
fn who_has_withdrawn_is_not_funded_by_hand() {
    for (withdrawn, want) in [
        (
            "2026-03-01",
            "county 120101 withdrew its application on 2026-03-01 (applicants.csv, line 3), and the override of Wu of 2026-04-01 funds it",
        ),
        (
            "yes",
            "county 120101 withdrew its application, on no day that is given (applicants.csv, line 3), and the override of Wu of 2026-04-01 funds it",
        ),
        ("", ""),
    ] {
        let r = registered(&format!("code,withdrawn\n110101,\n120101,{withdrawn}\n"));
        let by_hand =
            "[[override]]\ncounty = \"120101\"\nfunded = true\nby = \"Wu\"\non = \"2026-04-01\"\nreason = \"a promise\"\n";
        r.edit("round.toml", |t| t + by_hand);
        let (exit, err) = checked(&r);
        match want {
            "" => assert!(!err.contains("withdrew"), "{err}"),
            _ => assert!(exit == 2 && err.contains(want) && err.contains("override[0].funded"), "{exit} {err}"),
        }
    }
}

/// 110102 and 110103 apply with 110101, and 110103 withdraws: nobody has applied for the two that are left.
#[test]
fn a_joint_application_falls_with_a_member_that_withdraws() {
    let r = registered("code,joint_lead,withdrawn\n110101,,\n110102,110101,\n110103,110101,2026-03-01\n120101,,\n120102,,\n");
    crate::accepting::round(r.dir.path(), "round.toml", "out", &["-q"]);
    let all = rows(&r, "applicants.csv");
    let status: Vec<&str> = all.iter().map(|row| row["status"].as_str()).collect();
    assert_eq!(status[..3], ["not_ranked", "not_ranked", "withdrawn"]);
    assert!(
        all[0]["reason"].contains("its joint application falls with county 110103, which withdrew on 2026-03-01"),
        "{:?}",
        all[0]
    );
    assert!(all[0]["reason_zh"].contains("县 110103 已于 2026-03-01 撤回，该联合申报随之失效"), "{:?}", all[0]);
    assert!(rows(&r, "selection.csv").iter().all(|row| !row["county_code"].starts_with("11") || row["selected"] == "false"));
    let (exit, out, _) = says(&r, "verify out --round round.toml");
    assert_eq!(exit, 0, "{out}");
}

#[test]
fn what_names_nobody_signs_and_accepts_nothing_and_no_signer_accepts() {
    let r = registered("code\n110101\n120101\n990101\n");
    says(&r, "round round.toml -o out");
    assert!(accept_all(&r.path("out-work"), &r.path("round.toml")) > 0);
    let text = fs::read_to_string(r.path("round.toml")).unwrap();
    let with = |what: &str, other: &str| {
        fs::write(r.path("round.toml"), text.replace(what, other)).unwrap();
        checked(&r)
    };
    for nobody in ["\u{200b}", "…", "-", "...", "?", "TBD", "待定", "7"] {
        let (exit, err) = with("by = \"Auditor\"", &format!("by = \"{nobody}\""));
        assert!(exit == 2 && err.contains("accept[0].by"), "{nobody}: {exit} {err}");
        let (exit, err) = with("reason = \"made up\"", &format!("reason = \"{nobody}\""));
        assert!(exit == 2 && err.contains("accept[0].reason"), "{nobody}: {exit} {err}");
        let (exit, err) = with("signed_by = \"Director\"", &format!("signed_by = \"{nobody}\""));
        assert!(exit == 2 && err.contains("round.signed_by"), "{nobody}: {exit} {err}");
    }
    for signers in [
        "Director、Auditor",
        "Director, Auditor",
        "Wang Wei; Auditor",
        "Director & Áuditor",
        "AUDITOR / Director",
        "李伟与Auditor",
    ] {
        let (exit, err) = with("signed_by = \"Director\"", &format!("signed_by = \"{signers}\""));
        assert!(exit == 1 && err.contains("acceptance_by_signer"), "{signers}: {exit} {err}");
    }
    let (_, err) = with("signed_by = \"Director\"", "signed_by = \"李伟、王强\"");
    assert!(!err.contains("acceptance_by_signer"), "{err}");
}

/// The same of a plain list of codes that has a column of names: by the code another county would take part.
#[test]
fn a_list_of_codes_with_names_is_held_against_the_counties_like_a_register() {
    let r = SmallRound::laid();
    r.edit("round.toml", |t| t.replacen("[regions]\n", "[regions]\ncounty_list = \"list.csv\"\n", 1));
    let put = |text: &str| fs::write(r.path("list.csv"), text).unwrap();
    put("code,name\n110101,County 110101\n110103,County 110102\n120101,Elsewhere\n");
    let (exit, err) = checked(&r);
    let want = "list.csv, line 3, has the code 110103 with the name County 110102: 110103 is County 110103, and County 110102 is the name of 110102";
    assert!(exit == 1 && err.contains("applicant_other_name  110103") && err.contains(want), "{err}");
    assert_eq!(says(&r, "round round.toml -o out").0, 1);
    assert!(!r.path("out").exists() && accept_all(&r.path("out-work"), &r.path("round.toml")) > 0);
    assert_eq!(says(&r, "round round.toml -o out").0, 0);
    let told = fs::read_to_string(r.path("out/issues.csv")).unwrap();
    assert!(told.contains("list.csv has the code 120101 with the name \"\"Elsewhere\"\""), "{told}");
    assert_eq!(says(&r, "verify out --round round.toml").0, 0);
    assert_eq!(says(&r, "verify out --round round.toml --recompute 2").0, 0);
    // names by other headers, an old code, a pattern, and no name at all
    r.edit("round.toml", |t| t.split("\n[[accept]]").next().unwrap().to_owned());
    for (list, is_fault) in [
        ("区划代码,县名\n110101,County 110103\n", true),
        ("code;county\n110101;County 110103\n", true),
        ("code,County name\n110101,County 110103\n", true),
        ("区划代码,县（市、区）\n110101,County 110103\n", true),
        ("code,remark\n110101,County 110103\n", false),
        ("code,name\n11*,County 110103\n", false),
        ("code,name\n110101,\n", false),
        ("code\n110101\n", false),
    ] {
        put(list);
        let (exit, err) = checked(&r);
        assert_eq!((exit, err.contains("applicant_other_name  110101")), (i32::from(is_fault), is_fault), "{list}: {err}");
    }
    // nobody who applies is lost: a row without a code, or columns that only a register has, end it
    for (list, said) in [
        ("code,name\n110101,A\n,County 110102\n", "the row has no code"),
        ("code,name,withdrawn\n110101,A,\n", "looks like withdrawn"),
        ("区划代码,申报县,撤回日期\n110101,A,\n", "looks like withdrawn"),
        ("code,joint_lead\n110101,\n", "looks like joint_lead"),
    ] {
        put(list);
        let (exit, _, err) = says(&r, "round round.toml -o out2");
        assert!(exit == 1 && err.contains(said) && !r.path("out2").exists(), "{list}: {exit} {err}");
    }
}
