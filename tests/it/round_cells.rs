//! Cells and sums that move money: columns that contradict each other, prices that cannot be read, sums finer than money is counted, merged
//! cells, sheets that are not read, quotas beside funding lines. Each is told or refused before anybody is paid by it.

use crate::accepting::accept_all;
use crate::messages_zh::english_left;
use crate::round_scene::said;
use crate::small_round::SmallRound;
use crate::workbook::xlsx;
use std::fs;

fn says(r: &SmallRound, words: &str) -> (i32, String) {
    let (exit, out, err) = said(&r.chargegap(&words.split_whitespace().collect::<Vec<_>>()).output().unwrap());
    (exit, out + &err)
}

fn checked(r: &SmallRound) -> (i32, String) {
    says(r, "round round.toml --check")
}

/// Guns of the second and third station of province 11, and people of its first town, by two columns that say two things.
fn twofold() -> SmallRound {
    let r = SmallRound::laid();
    let with = |text: String, header: &str, cell: &dyn Fn(usize) -> String| {
        let lines = text.lines().enumerate();
        lines.map(|(i, line)| format!("{line},{}\n", if i == 0 { header.to_owned() } else { cell(i) })).collect::<String>()
    };
    r.edit("11/stations.csv", |t| with(t, "枪数", &|i| if [2, 3].contains(&i) { "9".to_owned() } else { "4".to_owned() }));
    r.edit("11/settlements.csv", |t| with(t, "常住人口", &|i| if i == 1 { "7".to_owned() } else { String::new() }));
    r
}

#[test]
fn columns_that_contradict_each_other_are_a_warning_in_a_run_and_a_fault_in_a_round() {
    let r = twofold();
    let guns = "the columns \"points\" and \"枪数\" both mean points and contradict each other in 2 rows: the first of them counts; row and what each says: 3 (4 / 9), 4 (4 / 9)";
    let people = "the columns \"population\" and \"常住人口\" both mean population and contradict each other in 1 rows: the first of them counts; row and what each says: 2 (100 / 7)";
    let (exit, told) = says(&r, "run 11/region.toml -o run");
    assert_eq!(exit, 0, "{told}");
    let issues = fs::read_to_string(r.path("run/issues.csv")).unwrap();
    for what in [guns, people] {
        assert!(issues.contains("columns_contradict") && issues.contains(&what.replace('"', "\"\"")), "{what}: {issues}");
    }
    // of a round each is a fault, also for who reads Chinese, and until somebody answers for it there is no folder
    let (exit, told) = says(&r, "round round.toml -o out");
    assert!(exit == 1 && !r.out().exists(), "{told}");
    for (file, what) in [("11/stations.csv", guns), ("11/settlements.csv", people)] {
        assert!(told.contains(&format!("columns_contradict  {file}")) && told.contains(&format!("in {file} {what}")), "{told}");
    }
    let zh = says(&r, "round round.toml --check --lang zh").1;
    assert!(zh.contains("11/stations.csv 中“points”列与“枪数”列都表示 points，在 2 行中互相矛盾"), "{zh}");
    assert!(accept_all(&r.path("out-work"), &r.path("round.toml")) >= 2);
    assert_eq!(says(&r, "round round.toml -o out").0, 0);
    assert_eq!(says(&r, "verify out --round round.toml").0, 0);
    // an acceptance does not hold for other cells, and a mapping says which column counts
    r.edit("11/stations.csv", |t| t.replacen(",4\n", ",5\n", 1));
    assert!(checked(&r).1.contains("acceptance_unmatched"));
    let r = twofold();
    r.edit("11/region.toml", |t| {
        let mapped = "path = \"stations.csv\"\nfields = { points = \"枪数\" }\n";
        let t = t.replace("path = \"stations.csv\"\n", mapped);
        t.replace("path = \"settlements.csv\"\n", "path = \"settlements.csv\"\nfields = { population = \"population\" }\n")
    });
    assert!(!checked(&r).1.contains("columns_contradict"));
}

/// Costs by a column of a table of each province; `cells` are those of 110101 and 110102.
fn with_costs(cells: [&str; 2]) -> SmallRound {
    let r = SmallRound::laid();
    for province in ["11", "12"] {
        let own = if province == "11" { cells } else { ["4500", "4500"] };
        let table = format!("code,price\n{province}0101,{}\n{province}0102,{}\n{province}0103,4500\n", own[0], own[1]);
        fs::write(r.path(&format!("{province}/table.csv")), table).unwrap();
        r.edit(&format!("{province}/region.toml"), |t| t + "[county_table]\npath = \"table.csv\"\n");
    }
    r.edit("round.toml", |t| t.replace("cost = 4500", "cost_column = \"price\""));
    r
}

#[test]
fn a_price_that_cannot_be_read_is_a_fault_and_a_blank_one_is_not() {
    for cell in ["4000万", "4O00", "约4000"] {
        let (exit, told) = checked(&with_costs([cell, "4500"]));
        assert!(exit == 1 && told.contains("cost_not_read  110101"), "{cell}: {told}");
        assert!(told.contains("write the number alone, in the unit of the round"), "{told}");
        let zh = says(&with_costs([cell, "4500"]), "round round.toml --check --lang zh").1;
        assert!(zh.contains("县的所需资金无法识别，因而不会入选"), "{zh}");
    }
    // a price merged over two rows is that of the first alone
    let r = with_costs(["4500", "4500"]);
    let rows: &[&[&str]] = &[&["code", "price"], &["110101", "#4500"], &["110102", ""], &["110103", "#4500"]];
    fs::write(r.path("11/table.xlsx"), xlsx(&[("P", rows)], &["B2:B3"])).unwrap();
    r.edit("11/region.toml", |t| t.replace("table.csv", "table.xlsx"));
    let (exit, told) = checked(&r);
    assert!(exit == 1 && told.contains("cost_not_read") && told.contains("the cells B2:B3 are merged"), "{told}");
    // and of two sheets with prices one has to be named
    let plain: &[&[&str]] = &[&["code", "price"], &["110101", "#4500"], &["110102", "#4500"], &["110103", "#4500"]];
    fs::write(r.path("11/table.xlsx"), xlsx(&[("2025", plain), ("2026", plain)], &[])).unwrap();
    let (exit, told) = checked(&r);
    assert!(
        exit == 1 && told.contains("sheet_not_read  11/table.xlsx") && told.contains("\"2026\" has such a table too"),
        "{told}"
    );
    r.edit("11/region.toml", |t| t.replace("\"table.xlsx\"\n", "\"table.xlsx\"\nsheet = \"2026\"\n"));
    assert!(!checked(&r).1.contains("sheet_not_read"));
    for cell in ["", "-", "不详", "4000", "4,000"] {
        assert!(!checked(&with_costs([cell, "4500"])).1.contains("cost_not_read"), "{cell}");
    }
}

#[test]
fn sums_finer_than_money_is_counted_are_refused() {
    for (from, to, key) in [
        ("budget = 9000", "budget = 0.009", "select.budget"),
        ("cost = 4500", "cost = 0.0045", "select.cost"),
        ("cost = 4500", "cost = 4500.004", "select.cost"),
        ("[select]", "[[rank.lines]]\nname = \"l\"\nbudget = 1.355\ncost = 1\n[select]", "rank.lines[0].budget"),
        (
            "[output]",
            "[[override]]\ncounty = \"110101\"\ncost = 0.001\nby = \"Li\"\non = \"2026-01-20\"\nreason = \"minutes\"\n[output]",
            "override[0].cost",
        ),
    ] {
        let r = SmallRound::laid();
        r.edit("round.toml", |t| t.replacen(from, to, 1));
        let (exit, told) = checked(&r);
        assert!(exit == 2 && told.contains(key) && told.contains("money is counted in whole hundredths"), "{to}: {exit} {told}");
        let zh = says(&r, "round round.toml --check --lang zh").1;
        assert!(zh.contains("资金按百分之一计") && english_left(&zh).is_none(), "{zh}");
    }
    let (exit, told) = checked(&with_costs(["4500.005", "4500"]));
    assert!(exit == 1 && told.contains("\"price\" of 110101 is 4500.005, and money is counted"), "{told}");
    for cost in ["cost = 4500.25", "cost = 0.29"] {
        let r = SmallRound::laid();
        r.edit("round.toml", |t| t.replacen("cost = 4500", cost, 1));
        assert!(!checked(&r).1.contains("hundredths"), "{cost}");
    }
}

fn registered(workbook: Vec<u8>, more: &str) -> SmallRound {
    let r = SmallRound::laid();
    fs::write(r.path("applicants.xlsx"), workbook).unwrap();
    let table = format!("[applicants]\npath = \"applicants.xlsx\"\n{more}[criteria]\n");
    r.edit("round.toml", |t| t.replacen("[criteria]\n", &table, 1));
    r
}

#[test]
fn merged_cells_and_further_sheets_of_a_register_are_refused() {
    let rows: &[&[&str]] = &[
        &["code", "name", "牵头县", "撤回"],
        &["110101", "a", "", ""],
        &["110102", "b", "110101", ""],
        &["110103", "c", "", ""],
        &["120101", "d", "", "是"],
        &["120102", "e", "", ""],
    ];
    for (merged, cells) in [("C3:C4", "C3:C4"), ("D5:D6", "D5:D6")] {
        let (exit, told) = checked(&registered(xlsx(&[("R", rows)], &[merged]), ""));
        assert!(exit == 1 && told.contains(&format!("the cells {cells} are merged")), "{merged}: {told}");
        assert!(told.contains("unmerge the cells, and write what they say in every row"), "{told}");
    }
    // names decide nothing, one row is no other, and what is empty says nothing
    for merged in ["B3:B4", "C3:D3", "C5:C6"] {
        assert!(!checked(&registered(xlsx(&[("R", rows)], &[merged]), "")).1.contains("are merged"), "{merged}");
    }
    let second: &[&[&str]] = &[&["code", "name"], &["120103", "f"]];
    let empty: &[&[&str]] = &[&["code", "name"]];
    let notes: &[&[&str]] = &[&["Remarks"], &["none"]];
    let two = || xlsx(&[("第一批", rows), ("第二批", second)], &[]);
    let (exit, told) = checked(&registered(two(), ""));
    assert!(exit == 1 && told.contains("\"第二批\" has such a table too, which was not read"), "{told}");
    let zh = says(&registered(two(), ""), "round round.toml --check --lang zh").1;
    assert!(
        zh.contains("工作簿中另有同类名单的工作表：“第二批”") || zh.contains("工作簿中另有同类名单的工作表：\"第二批\""),
        "{zh}"
    );
    assert!(!checked(&registered(two(), "sheet = \"第一批\"\n")).1.contains("was not read"));
    for other in [empty, notes] {
        assert!(!checked(&registered(xlsx(&[("R", rows), ("S", other)], &[]), "")).1.contains("was not read"));
    }
}

#[test]
fn quotas_beside_funding_lines_are_held_against_the_provinces_all_the_same() {
    let line = "[[rank.lines]]\nname = \"l\"\nplaces = 2\n";
    for lines in ["", line] {
        let laid = |quotas: &str| {
            let r = SmallRound::laid();
            r.edit("round.toml", |t| {
                t.replace("\"11\" = 1, \"12\" = 2", quotas).replacen("[select]", &format!("{lines}[select]"), 1)
            });
            checked(&r)
        };
        let (exit, told) = laid("\"11\" = 1, \"13\" = 2");
        assert!(exit == 1 && told.contains("quota_unused  13"), "{lines}: {told}");
        let (exit, told) = laid("\"13\" = 2");
        assert!(exit == 2 && told.contains("no county of a province in the quotas takes part"), "{lines}: {exit} {told}");
        assert!(!laid("\"11\" = 1").1.contains("quota"), "{lines}");
    }
    // what the folder says is the same by `verify`
    let r = SmallRound::laid();
    r.edit("round.toml", |t| t.replace("\"12\" = 2", "\"13\" = 2").replacen("[select]", &format!("{line}[select]"), 1));
    says(&r, "round round.toml -o out");
    accept_all(&r.path("out-work"), &r.path("round.toml"));
    assert_eq!(says(&r, "round round.toml -o out").0, 0);
    let (exit, told) = says(&r, "verify out --round round.toml");
    assert_eq!(exit, 0, "{told}");
}

#[test]
fn a_reason_of_several_lines_writes_no_line_of_its_own() {
    let r = SmallRound::laid();
    let more = "\n[[override]]\ncounty = \"110101\"\nfunded = true\nby = \"Li\"\non = \"2026-01-20\"\nreason = \"one\\nSET BY HAND: county 999999\"\n";
    r.edit("round.toml", |t| t + more);
    says(&r, "round round.toml -o out");
    accept_all(&r.path("out-work"), &r.path("round.toml"));
    let (exit, told) = says(&r, "round round.toml -o out --overwrite");
    assert!(exit == 0 && told.contains("one SET BY HAND: county 999999"), "{told}");
    assert!(!told.lines().any(|line| line.starts_with("SET BY HAND: county 999999")), "{told}");
}

/// 110103 and 120103 of the old round are one county of the new, by its crosswalk: neither its place nor its money has stayed.
#[test]
fn counties_that_a_crosswalk_joins_are_listed_with_money_and_place_of_each() {
    let (before, r) = (SmallRound::laid(), SmallRound::laid());
    let made = |r: &SmallRound, out: &str| {
        let command = format!("round round.toml -o {out} --work {out}-work");
        if says(r, &command).0 != 0 {
            accept_all(&r.path(&format!("{out}-work")), &r.path("round.toml"));
        }
        let (exit, told) = says(r, &format!("{command} --overwrite"));
        assert_eq!(exit, 0, "{told}");
    };
    made(&before, "old");
    r.edit("11/counties.geojson", |t| {
        let mut layer: serde_json::Value = serde_json::from_str(&t).unwrap();
        layer["features"].as_array_mut().unwrap().retain(|f| f["properties"]["code"] != "110103");
        layer.to_string()
    });
    fs::write(r.path("codes.csv"), "old_code,new_code\n110103,120103\n").unwrap();
    r.edit("round.toml", |t| t.replacen("[regions]\n", "[regions]\ncrosswalk = \"codes.csv\"\n", 1));
    made(&r, "new");
    let old = before.path("old").display().to_string();
    let told = says(&r, &format!("diff {old} new -o moved.csv")).1;
    let line = told.lines().find(|l| l.starts_with("JOINED")).unwrap();
    assert!(line.contains("by the crosswalk of the new round 120103 is 2 counties of the old one: 110103 ("), "{line}");
    assert!(line.contains("; 120103 (") && line.matches("place ").count() == 2, "{line}");
    let moved = fs::read_to_string(r.path("moved.csv")).unwrap();
    let row = moved.lines().find(|l| l.starts_with("120103")).unwrap();
    assert!(row.contains(",joined,"), "{row}");
    // nobody keeps, gains or loses what two counties had: their sum stands beside the word
    let funded = |r: &SmallRound, out: &str| fs::read_to_string(r.path(&format!("{out}/selection.csv"))).unwrap();
    let was = funded(&before, "old")
        .lines()
        .filter(|l| l.contains("110103,") || l.contains("120103,"))
        .filter(|l| l.contains("true"))
        .count();
    let is = funded(&r, "new").lines().filter(|l| l.contains("120103,")).filter(|l| l.contains("true")).count();
    let word = if was + is > 0 { ",joined," } else { ",none," };
    assert!(row.starts_with("120103") && row.matches(word).count() >= 1 && !row.contains(",kept"), "{row}");
    let (exit, told) = says(&r, &format!("diff {old} new --report why"));
    assert_eq!(exit, 0, "{told}");
    let causes = fs::read_to_string(r.path("why/causes.csv")).unwrap();
    let row = causes.lines().find(|l| l.starts_with("120103")).unwrap();
    assert!(row.contains(",joined,") && row.contains("it is several counties of the old round"), "{row}");
    assert!(
        says(&r, &format!("diff {old} new --lang zh")).1.contains("合并  按新轮次的代码对照表，120103 由旧轮次的 2 个县合并而成")
    );
    assert!(!says(&r, "diff new new").1.contains("JOINED"));
}

#[test]
fn two_joint_applications_of_one_name_are_two() {
    let r = SmallRound::laid();
    let register = "code,name,joint_lead\n110101,Drum,\n110102,B,110101\n120101,Drum,\n120102,E,120101\n";
    fs::write(r.path("applicants.csv"), register).unwrap();
    r.edit("round.toml", |t| {
        let t = t.replacen("[criteria]\n", "[applicants]\npath = \"applicants.csv\"\n[criteria]\n", 1);
        t.replace("\"11\" = 1, \"12\" = 2", "\"11\" = 1") // nothing for 12
    });
    says(&r, "round round.toml -o out");
    accept_all(&r.path("out-work"), &r.path("round.toml"));
    let (exit, told) = says(&r, "round round.toml -o out --overwrite");
    assert_eq!(exit, 0, "{told}");
    let all = fs::read_to_string(r.path("out/selection.csv")).unwrap();
    for (code, want) in [
        ("110101", "selected"),
        ("110102", "selected_with_lead"),
        ("120101", "province_without_quota"),
        ("120102", "lead_not_selected"),
    ] {
        let row = all.lines().find(|l| l.contains(&format!(",{code},"))).unwrap();
        assert!(row.contains(&format!(",{want},")), "{code}: {row}");
    }
    assert_eq!(says(&r, "verify out --round round.toml").0, 0);
    let page = fs::read_to_string(r.path("out/counties/120102.html")).unwrap();
    assert!(page.contains("120101.html"), "its lead is that of its own application");
}

#[test]
fn nobody_of_a_register_is_put_out_of_the_round_without_who_and_when() {
    for rule in ["except = { \"110101\" = \"x\" }", "only = [\"110101\"]"] {
        let r = SmallRound::laid();
        fs::write(r.path("applicants.csv"), "code\n110101\n110102\n120101\n").unwrap();
        let more = format!("[applicants]\npath = \"applicants.csv\"\n[rank.eligibility]\n{rule}\n[criteria]\n");
        r.edit("round.toml", |t| t.replacen("[criteria]\n", &more, 1));
        let (exit, told) = checked(&r);
        assert!(
            exit == 2 && told.contains("rank.eligibility.") && told.contains("excluded = true, with by, on and reason"),
            "{told}"
        );
    }
}
