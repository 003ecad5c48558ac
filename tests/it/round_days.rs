//! Days beside that of the round, settings that only one region has, a crosswalk of two sheets, and where a round lies: none of it passes untold.

use crate::round_closed::{names, open, says};
use crate::small_round::SmallRound;
use crate::workbook::xlsx;
use std::fs;

fn dated() -> SmallRound {
    let r = SmallRound::laid();
    r.edit("round.toml", |t| t.replacen("year = 2026\n", "year = 2026\ndate = \"2026-04-30\"\n", 1));
    r
}

#[test]
fn a_day_of_the_register_that_is_none_does_not_escape_the_day_of_the_round() {
    for day in ["31.13.2026", "2026-13-31", "soon", "2026-02-30"] {
        let r = dated();
        fs::write(r.path("applicants.csv"), format!("code,applied\n110101,2026-01-01\n110102,{day}\n120101,\n")).unwrap();
        r.edit("round.toml", |t| t.replacen("[criteria]\n", "[applicants]\npath = \"applicants.csv\"\n[criteria]\n", 1));
        assert_eq!(names(&open(&r, "round round.toml --check")), ["day_not_read applicants.csv"], "{day}");
        assert!(says(&r, "round round.toml --check").1.contains(&format!("110102 \"{day}\"")));
        // without a day of the round there is nothing to hold it against
        r.edit("round.toml", |t| t.replace("date = \"2026-04-30\"\n", ""));
        assert_eq!(names(&open(&r, "round round.toml --check")), [""; 0], "{day}");
    }
}

#[test]
fn a_station_that_opens_after_the_round_is_a_fault_while_it_serves() {
    let opened = |days: &[&str]| {
        let r = dated();
        r.edit("11/stations.csv", |t| {
            let mut lines: Vec<String> = t.lines().map(str::to_owned).collect();
            lines[0] += ",opened";
            (1..lines.len()).for_each(|i| lines[i] += &format!(",{}", days.get(i - 1).unwrap_or(&"")));
            lines.join("\n") + "\n"
        });
        r
    };
    // the day itself is not after it
    assert_eq!(names(&open(&opened(&["2026-04-30", "2019", "2026-04"]), "round round.toml --check")), [""; 0]);
    let r = opened(&["2026-05-01", "31.13.2025"]);
    let found = open(&r, "round round.toml --check");
    assert_eq!(names(&found), ["day_not_read 11/stations.csv", "station_opens_later 11/stations.csv"]);
    let (_, out, err) = says(&r, "round round.toml --check");
    assert!((out + &err).contains("s110 \"2026-05-01\""));
    // one that does not serve may open when it likes
    r.edit("11/stations.csv", |t| t.replacen(",open,", ",planned,", 2));
    assert_eq!(names(&open(&r, "round round.toml --check")), [""; 0]);
}

#[test]
fn a_setting_of_one_region_alone_is_a_fault() {
    for (edit, key) in [
        ("[stations]\nopened_by = \"2025-12-31\"\n", "[stations] opened_by"),
        ("[roads]\nuse = [\"trunk\", \"secondary\"]\n", "[roads] use"),
        ("[roads]\nspeeds_kmh = { trunk = 100 }\n", "[roads] speeds_kmh"),
    ] {
        let r = SmallRound::laid();
        let (head, _) = edit.split_once('\n').unwrap();
        r.edit("11/region.toml", |t| t.replacen(&format!("{head}\n"), edit, 1));
        let want = format!("regions_differ {key}");
        assert!(names(&open(&r, "round round.toml --check")).contains(&want.as_str()), "{key}");
        // in both regions it is a rule of the round
        r.edit("12/region.toml", |t| t.replacen(&format!("{head}\n"), edit, 1));
        assert!(!names(&open(&r, "round round.toml --check")).contains(&want.as_str()), "{key}");
    }
}

#[test]
fn a_crosswalk_of_which_a_part_would_be_left_out_is_refused() {
    let one: &[&[&str]] = &[&["old", "new"], &["#110109", "#110101"]];
    let two: &[&[&str]] = &[&["old", "new"], &["#110108", "#110102"]];
    let merged: &[&[&str]] = &[&["old", "new"], &["#110109", "#110101"], &["#110108", ""]];
    let formula: &[&[&str]] = &[&["old", "new"], &["#110109", "#110101"], &["#110108", "=A1"]];
    for (book, part) in [
        (xlsx(&[("A", one), ("B", two)], &[]), "\"B\" has such a table too"),
        (xlsx(&[("A", merged)], &["B2:B3"]), "the cells B2:B3 are merged"),
        (xlsx(&[("A", formula)], &[]), "no value stored"),
    ] {
        let r = SmallRound::laid();
        r.edit("round.toml", |t| t.replacen("[regions]\n", "[regions]\ncrosswalk = \"c.xlsx\"\n", 1));
        fs::write(r.path("c.xlsx"), book).unwrap();
        let (exit, out, err) = says(&r, "round round.toml --check");
        assert!(exit == 1 && err.contains("the crosswalk of the round cannot be read whole") && err.contains(part), "{out}{err}");
        assert!(says(&r, "round round.toml --check --lang zh").2.contains("代码对照表不能完整读取"));
    }
    // a sheet that is named is meant
    let r = SmallRound::laid();
    r.edit("round.toml", |t| t.replacen("[regions]\n", "[regions]\ncrosswalk = \"c.xlsx\"\ncrosswalk_sheet = \"A\"\n", 1));
    fs::write(r.path("c.xlsx"), xlsx(&[("A", one), ("B", two)], &[])).unwrap();
    assert_eq!(says(&r, "round round.toml --check").0, 0);
}

#[test]
fn a_round_is_the_same_by_whatever_path_it_is_named() {
    let r = SmallRound::laid();
    for (path, out) in [("round.toml", "a"), ("./11/../round.toml", "b"), ("./round.toml", "c")] {
        assert_eq!(says(&r, &format!("round {path} -o {out} -q --archive {out}.zip")).0, 0, "{path}");
        for name in ["issues.csv", "shards.csv", "selection.csv", "counties/110101.html"] {
            let [one, other] = ["a", out].map(|o| fs::read(r.path(&format!("{o}/{name}"))).unwrap());
            assert!(one == other, "{path} {name}");
        }
    }
    let (exit, out, err) = says(&r, "verify b.zip");
    assert_eq!(exit, 0, "{out}{err}");
}

#[test]
fn the_work_folder_lies_in_no_folder_of_results() {
    let r = SmallRound::laid();
    for work in ["out/work", "out", "./out/../out/w"] {
        let (exit, _, err) = says(&r, &format!("round round.toml -o out --work {work}"));
        assert!(exit == 2 && err.contains("the work folder lies in the folder of the results"), "{work}: {err}");
        assert!(!r.path("out").exists());
    }
    assert_eq!(says(&r, "round round.toml -o out --work out2 -q").0, 0);
}
