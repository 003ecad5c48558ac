//! Cells of a register that decide who takes part: money goes by them, so that no word of withdrawal is overheard and no two columns say
//! two things.

use crate::accepting::accept_all;
use crate::round_scene::said;
use crate::small_round::SmallRound;
use crate::workbook::{ods, xlsx};
use std::fs;

fn registered(register: &str) -> SmallRound {
    let r = SmallRound::laid();
    fs::write(r.path("applicants.csv"), register).unwrap();
    r.edit("round.toml", |t| t.replacen("[criteria]\n", "[applicants]\npath = \"applicants.csv\"\n[criteria]\n", 1));
    r
}

fn checked(r: &SmallRound, more: &str) -> (i32, String) {
    let words = format!("round round.toml --check{more}");
    let (exit, out, err) = said(&r.chargegap(&words.split_whitespace().collect::<Vec<_>>()).output().unwrap());
    (exit, out + &err)
}

fn made(r: &SmallRound) -> String {
    crate::accepting::round(r.dir.path(), "round.toml", "out", &["-q"]);
    fs::read_to_string(r.path("out/applicants.csv")).unwrap()
}

/// The second row is the one that is asked about.
fn second(header: &str, cell: &str, others: &str) -> SmallRound {
    registered(&format!("code,name,{header}\n110101,,{others}\n110102,,{cell}\n120101,,{others}\n"))
}

#[test]
fn a_word_of_withdrawal_with_more_beside_it_is_a_withdrawal_and_what_may_be_either_is_refused() {
    for (cell, day) in
        [("撤回：资金不足", "yes"), ("withdrawn (no reason given)", "yes"), ("2026-03-20 撤回（未说明原因）", "2026-03-20")]
    {
        let r = second("withdrawn", cell, "");
        let table = made(&r);
        let row = table.lines().find(|l| l.contains(",110102,")).unwrap();
        assert!(row.contains("withdrawn") && row.contains(day), "{cell}: {row}");
        let (exit, out, _) = said(&r.chargegap(&["verify", "out", "--round", "round.toml"]).output().unwrap());
        assert_eq!(exit, 0, "{cell}: {out}");
    }
    for cell in ["撤回未获批准", "拟撤回", "不撤回、继续申报", "withdrawal rejected", "终止"] {
        let (exit, told) = checked(&second("withdrawn", cell, ""), "");
        assert!(exit == 1 && told.contains("write the day or yes (是) where it was withdrawn"), "{cell}: {told}");
        assert!(checked(&second("withdrawn", cell, ""), " --lang zh").1.contains("仍申报的请填写“否”"));
    }
    for cell in ["未撤回", "not withdrawn", "否"] {
        assert!(!checked(&second("withdrawn", cell, ""), "").1.contains("register"), "{cell}");
    }
    for (column, cell) in [
        ("状态", "撤回：资金不足"),
        ("状态", "已撤銷"),
        ("状态", "终止"),
        ("审核状态", "不予受理"),
        ("备注", "申请已撤回"),
        ("remark", "withdrawn on 2026-03-01"),
    ] {
        // also where a column of withdrawals is there, and empty
        let (exit, told) = checked(&second(&format!("withdrawn,{column}"), &format!(",{cell}"), ","), "");
        assert!(exit == 1 && told.contains(&format!("register_column  {column}")), "{column} {cell}: {told}");
    }
}

#[test]
fn two_columns_of_one_field_that_say_two_things_are_refused_and_one_that_is_passed_over_is_told() {
    for (header, cell, others, columns) in [
        ("withdrawn,是否撤回", "no,是", ",否", ["withdrawn", "是否撤回"]),
        ("是否撤回,撤回日期", "否,2026-03-20", "否,", ["撤回日期", "是否撤回"]),
        ("adcode", "120102", "", ["code", "adcode"]),
        ("joint_lead,牵头县", "110101,120101", ",", ["joint_lead", "牵头县"]),
    ] {
        let (exit, told) = checked(&second(header, cell, others), "");
        let [a, b] = columns;
        assert!(exit == 1 && told.contains(&format!("\"{a}\" and \"{b}\" both mean")) && told.contains(":3"), "{header}: {told}");
    }
    let r = second("withdrawn,撤回日期", ",2026-03-20", ",");
    assert!(made(&r).contains("2026-03-20"));
    let told = fs::read_to_string(r.path("out/issues.csv")).unwrap();
    assert!(told.contains("unused_column") && told.contains("the second counts only where the first is empty"), "{told}");
    // and in a list of counties
    let r = SmallRound::laid();
    fs::write(r.path("list.csv"), "code,区划代码\n110101,110101\n110102,120101\n").unwrap();
    r.edit("round.toml", |t| t.replacen("[regions]\n", "[regions]\ncounty_list = \"list.csv\"\n", 1));
    let (exit, told) = checked(&r, "");
    assert!(exit == 1 && told.contains("\"code\" and \"区划代码\" both mean code"), "{told}");
}

#[test]
fn a_mapping_does_not_switch_off_the_other_columns() {
    let map = |r: SmallRound| {
        r.edit("round.toml", |t| t.replacen("[applicants]\n", "[applicants]\nfields = { withdrawn = \"状态\" }\n", 1));
        checked(&r, "")
    };
    let (exit, told) = map(second("状态,撤回日期", "已提交,2026-03-20", "已提交,"));
    assert!(exit == 1 && told.contains("register_column  撤回日期"), "{told}");
    assert!(!map(second("状态,撤回日期", "已提交,", "已提交,")).1.contains("register_column"));
}

#[test]
fn an_acceptance_does_not_hold_for_what_is_filled_in_later() {
    let accepted = |register: &str| {
        let r = registered(register);
        let round = || said(&r.chargegap(&["round", "round.toml", "-o", "out", "--overwrite"]).output().unwrap());
        round();
        assert!(accept_all(&r.path("out-work"), &r.path("round.toml")) > 0);
        assert_eq!(round().0, 0);
        r
    };
    for (then, now) in [
        ("code,撤件时刻\n110101,\n110102,\n", "code,撤件时刻\n110101,\n110102,2026-03-20\n"),
        ("code,撤件时刻\n110101,x\n110102,\n", "code,撤件时刻\n110101,\n110102,x\n"),
        (
            "code,joint_lead,withdrawn\n110101,,\n110102,,\n110102,,\n",
            "code,joint_lead,withdrawn\n110101,,\n110102,,\n110102,,2026-03-20\n",
        ),
        (
            "code,joint_lead,withdrawn\n110101,,\n110102,,\n110102,,\n",
            "code,joint_lead,withdrawn\n110101,,\n110102,,\n110102,110101,\n",
        ),
    ] {
        let r = accepted(then);
        fs::write(r.path("applicants.csv"), now).unwrap();
        let (exit, told) = checked(&r, "");
        assert!(exit == 1 && told.contains("acceptance_unmatched"), "{now}: {told}");
    }
}

#[test]
fn a_cell_of_a_workbook_that_failed_is_not_an_empty_one() {
    for column in ["withdrawn", "joint_lead"] {
        let rows: &[&[&str]] = &[&["code", "name", column], &["#110101", "a", ""], &["#120102", "b", "!#N/A"]];
        let r = registered("");
        fs::write(r.path("applicants.csv"), xlsx(&[("R", rows)], &[])).unwrap();
        let (exit, told) = checked(&r, "");
        assert!(exit == 1 && told.contains("failed in a column that decides who takes part"), "{column}: {told}");
        // nor is one whose formula nobody computed, nor one of merged rows, whatever the workbook
        let rows: &[&[&str]] = &[&["code", "name", column], &["#110101", "a", ""], &["#120102", "b", "=A1"]];
        for book in [xlsx(&[("R", rows)], &[]), ods(&[("R", rows)])] {
            fs::write(r.path("applicants.csv"), book).unwrap();
            let (exit, told) = checked(&r, "");
            assert!(exit == 1 && told.contains("no value stored"), "{column}: {told}");
        }
        let rows: &[&[&str]] = &[
            &["code", "name", column],
            &["#110101", "a", if column == "withdrawn" { "^是" } else { "^120102" }],
            &["#120101", "b", ""],
            &["#120102", "c", ""],
        ];
        fs::write(r.path("applicants.csv"), ods(&[("R", rows)])).unwrap();
        let (exit, told) = checked(&r, "");
        assert!(exit == 1 && told.contains("cells of several rows are merged"), "{column}: {told}");
    }
}
