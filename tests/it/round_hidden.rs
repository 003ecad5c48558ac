//! A round that a forger changed and sealed anew: what is hidden in one place still stands in another, and `verify` names it; with
//! `--round` the round file tells the rest, and with `--recompute` the inputs.

use crate::accepting;
use crate::resealed::Forged;
use crate::round_scene::said;
use crate::small_round::SmallRound;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// Six counties; 990101 applies and is nowhere, a record of the layer is refused, 110103 is excluded by hand and appeals.
fn sound() -> SmallRound {
    let r = SmallRound::laid();
    let rows: String = ["110101", "110102", "110103", "120101", "120102", "120103", "990101"]
        .iter()
        .map(|c| format!("{c},County {c},\n"))
        .collect();
    fs::write(r.path("applicants.csv"), format!("code,name,withdrawn\n{rows}")).unwrap();
    r.edit("round.toml", |t| {
        t.replace("year = 2026\n", "year = 2026\nsigned_by = \"Li Na\"\n")
            .replacen("[criteria]\n", "[applicants]\npath = \"applicants.csv\"\n[criteria]\n", 1)
            + "[[override]]\ncounty = \"110103\"\nexcluded = true\nby = \"Wu\"\non = \"2026-04-01\"\nreason = \"withdrawn by phone\"\n\
               [[appeal]]\ncounty = \"110103\"\nby = \"Bureau\"\non = \"2026-04-02\"\nreason = \"nobody phoned\"\noutcome = \"rejected\"\n\
               outcome_reason = \"he did\"\ndecided_by = \"Wu\"\ndecided_on = \"2026-04-03\"\n"
    });
    r.edit("12/counties.geojson", |t| {
        let broken = r#"{"type":"Feature","properties":{"code":"120109","name":"Broken"},"geometry":{"type":"Polygon","coordinates":[[[0.1,0.1]]]}}"#;
        t.replacen("\n]}", &format!(",\n{broken}\n]}}"), 1)
    });
    r.edit("12/region.toml", |t| t + "[read]\nmax_refused_share = 0.5\n");
    r.edit("round.toml", |t| t + "[read]\nmax_refused_share = 0.5\n");
    accepting::round(r.dir.path(), "round.toml", "out", &["-q"]);
    r
}

fn says(r: &SmallRound, words: &str) -> (i32, String) {
    let (exit, out, err) = said(&r.chargegap(&words.split_whitespace().collect::<Vec<_>>()).output().unwrap());
    (exit, out + &err)
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for name in crate::small_round::all_files(from) {
        fs::create_dir_all(to.join(&name).parent().unwrap()).unwrap();
        fs::copy(from.join(&name), to.join(&name)).unwrap();
    }
}

/// Takes the n-th fault and its acceptance out of the manifest.
fn hide(m: &mut Value, code: &str) {
    for list in ["faults", "acceptances"] {
        let all = m[list].as_array_mut().unwrap();
        let before = all.len();
        all.retain(|f| f["code"] != code);
        assert_eq!(all.len() + 1, before, "{code}");
    }
}

fn drop_output(m: &mut Value, name: &str) {
    m["outputs"].as_array_mut().unwrap().retain(|f| f["name"] != name);
}

/// Takes the note of a fault off the first page.
fn hide_note(f: &Forged, code: &str) {
    f.text("round.html", &|t| {
        let at = t.find(&format!("<small><code>{code} ")).unwrap();
        let begins = t[..at].rfind("<div class=\"synthetic\" role=\"note\">").unwrap();
        let end = at + t[at..].find("</div>").unwrap() + "</div>".len();
        t[..begins].to_owned() + &t[end..]
    });
}

/// Takes the last of what was set by hand off the first page.
fn hide_last_by_hand(f: &Forged) {
    f.text("round.html", &|t| {
        let begins = t[..t.find("<p class=\"lead\">").unwrap()].rfind("<li>").unwrap();
        let end = begins + t[begins..].find("</li>").unwrap() + "</li>".len();
        t[..begins].to_owned() + &t[end..]
    });
}

/// Takes the rows of a table away that hold a text.
fn hide_rows(f: &Forged, table: &str, word: &str) {
    f.text(table, &|t| t.lines().filter(|l| !l.contains(word)).map(|l| format!("{l}\n")).collect());
}

type Forgery = (&'static str, fn(&Forged), &'static str, &'static [&'static str]);

const VERIFY: &str = "verify forged";
const ROUND: &str = "verify forged --round round.toml";
const AGAIN: &str = "verify forged --recompute 1 --round round.toml";

const FORGERIES: &[Forgery] = &[
    (
        "a fault and its acceptance taken out of the manifest",
        |f| f.json("manifest.json", &|m| hide(m, "applicant_unknown")),
        VERIFY,
        &[
            "the faults applicant_unknown are not what applicants.csv tells: 990101",
            "no county has the code 990101, and no fault of the round tells it",
            "round.html: it tells the fault applicant_unknown",
        ],
    ),
    (
        "a refused county taken out of the manifest",
        |f| f.json("manifest.json", &|m| hide(m, "county_refused")),
        VERIFY,
        &["a record of 12/counties.geojson was refused", "round.html: it tells the fault county_refused"],
    ),
    (
        "the same off the first page and out of the issues too: the inputs have it",
        |f| {
            f.json("manifest.json", &|m| hide(m, "county_refused"));
            hide_note(f, "county_refused");
            hide_rows(f, "issues.csv", "120109");
            f.package("DELETE FROM issues WHERE record_id = '120109'", true);
        },
        AGAIN,
        &["the round file has this acceptance, and the manifest does not: county_refused"],
    ),
    (
        "off the first page alone",
        |f| hide_note(f, "applicant_unknown"),
        VERIFY,
        &["round.html: it does not tell the fault applicant_unknown"],
    ),
    (
        "another name for who accepted",
        |f| f.json("manifest.json", &|m| m["acceptances"][0]["by"] = "Minister".into()),
        VERIFY,
        &["it does not say by as the manifest does: Minister"],
    ),
    (
        "the same on the page too",
        |f| {
            f.json("manifest.json", &|m| {
                for a in m["acceptances"].as_array_mut().unwrap() {
                    a["by"] = "Minister".into();
                }
            });
            f.text("round.html", &|t| t.replace("Auditor", "Minister"));
        },
        ROUND,
        &[
            "the manifest has this acceptance, and the round file does not",
            "(Minister, 2026-03-31: made up)",
            "(Auditor, 2026-03-31: made up)",
        ],
    ),
    (
        "an applicant taken out of the table",
        |f| hide_rows(f, "applicants.csv", "990101"),
        VERIFY,
        &[
            "who applied: 990101 is in the list and not in applicants.csv",
            "applicants/0007.html is the page of no row",
            "it does not say that 6 applied",
        ],
    ),
    (
        "an applicant taken out of table, list, pages, faults and issues",
        |f| {
            hide_rows(f, "applicants.csv", "990101");
            hide_rows(f, "issues.csv", "990101");
            f.package("DELETE FROM issues WHERE message LIKE '%990101%'", true);
            hide_note(f, "applicant_unknown");
            f.text("round.html", &|t| t.replace("The register has 7 applications", "The register has 6 applications"));
            fs::remove_file(f.0.join("applicants/0007.html")).unwrap();
            f.json("manifest.json", &|m| {
                hide(m, "applicant_unknown");
                drop_output(m, "applicants/0007.html");
                m["list"]["codes"].as_array_mut().unwrap().pop();
                m["list"]["number"] = 6.into();
            });
        },
        ROUND,
        &[
            "990101 applies by the round file, and is not in the list of the manifest",
            "the round file has this acceptance, and the manifest does not: applicant_unknown",
        ],
    ),
    (
        "an applicant of a region taken out of the table",
        |f| hide_rows(f, "applicants.csv", "120102"),
        VERIFY,
        &["applicants.csv: county 120102 is in the ranking, and did not apply"],
    ),
    (
        "who withdrew has not",
        |f| {
            f.cell("applicants.csv", ("county_code", "120102"), "withdrawn", &|_| "2026-02-01".to_owned());
            f.cell("applicants.csv", ("county_code", "120102"), "status", &|_| "withdrawn".to_owned());
        },
        VERIFY,
        &["by applicants.csv these have withdrawn, and by the list others: 120102"],
    ),
    (
        "the register is gone altogether",
        |f| {
            fs::remove_file(f.0.join("applicants.csv")).unwrap();
            f.json("manifest.json", &|m| drop_output(m, "applicants.csv"));
        },
        VERIFY,
        &["applicants.csv is missing: the round has a register of who applies"],
    ),
    (
        "an override taken out of the issues",
        |f| hide_rows(f, "issues.csv", "set_by_hand"),
        VERIFY,
        &["issues.csv: set by hand is something of none, and in the manifest of 110103"],
    ),
    (
        "an appeal taken out of manifest, table and page",
        |f| {
            hide_rows(f, "overrides.csv", "nobody phoned");
            f.json("manifest.json", &|m| m["set_by_hand"]["appeals"] = json!([]));
            hide_last_by_hand(f);
        },
        ROUND,
        &["the round file has this appeal, and the manifest does not: 110103 (Bureau, 2026-04-02: nobody phoned)"],
    ),
    (
        "an appeal off the page alone",
        |f| {
            hide_last_by_hand(f);
        },
        VERIFY,
        &["round.html: what was set by hand is not that of overrides.csv"],
    ),
    (
        "the first page is gone",
        |f| {
            fs::remove_file(f.0.join("round.html")).unwrap();
            f.json("manifest.json", &|m| drop_output(m, "round.html"));
        },
        VERIFY,
        &["round.html is missing: every round has it"],
    ),
    (
        "another signs",
        |f| f.json("manifest.json", &|m| m["signed_by"] = "Lu Wei".into()),
        ROUND,
        &["the folder is signed by Lu Wei, and by the round file it is Li Na"],
    ),
    (
        "another SHA-256 of the round file",
        |f| f.json("manifest.json", &|m| m["round_file_sha256"] = "0".repeat(64).into()),
        ROUND,
        &["not the round file of the folder"],
    ),
    (
        "an older format, and an applicant taken out of the table",
        |f| {
            hide_rows(f, "applicants.csv", "120102");
            f.json("manifest.json", &|m| m["format_version"] = 1.into());
        },
        VERIFY,
        &[
            "the folder says format 1, and holds what only a later format has: output, faults, acceptances, list",
            "applicants.csv",
            "round.html; it was made to look older than it is",
        ],
    ),
    (
        "the same with what gives it away taken out of the manifest",
        |f| {
            f.json("manifest.json", &|m| {
                for key in ["faults", "acceptances", "list", "set_by_hand"] {
                    m.as_object_mut().unwrap().remove(key);
                }
                m["format_version"] = 2.into();
            });
        },
        VERIFY,
        &["holds what only a later format has: ", "ranking.missing", "selection.lines", "overrides.csv"],
    ),
    (
        "a version that did not write this format",
        |f| f.json("manifest.json", &|m| m["chargegap_version"] = "0.0.9".into()),
        VERIFY,
        &["the folder says format 4 and chargegap 0.0.9, which did not know that format yet"],
    ),
    (
        "the list of who applies taken out of the manifest",
        |f| f.json("manifest.json", &|m| drop(m.as_object_mut().unwrap().remove("list"))),
        VERIFY,
        &["every round of format 4 tells list in its manifest, and this one does not"],
    ),
    (
        "another county is selected in the GeoPackage",
        |f| f.package("UPDATE selection SET selected = 1 - selected WHERE county_code = '120102'", false),
        VERIFY,
        &[
            "round.gpkg: what it says is not what content_sha256 of the manifest seals",
            "round.gpkg: selected of its table selection",
        ],
    ),
    (
        "the same with the seal of its content made again",
        |f| f.package("UPDATE selection SET selected = 1 - selected WHERE county_code = '120102'", true),
        VERIFY,
        &["round.gpkg: selected of its table selection is not what selection.csv says, row "],
    ),
    (
        "another name in the table of applicants, another score and a county less in the layer, no issues, a table more",
        |f| {
            let sql = "UPDATE applicants SET name_written = 'Other' WHERE county_code = '120102';
                       UPDATE counties SET score_0_100 = score_0_100 + 1 WHERE county_code = '110101';
                       DELETE FROM counties WHERE county_code = '110102';
                       DELETE FROM trust WHERE fid = 1;
                       DELETE FROM gpkg_contents WHERE table_name IN ('issues', 'gaps');
                       CREATE TABLE winners (fid INTEGER PRIMARY KEY, code TEXT);
                       INSERT INTO gpkg_contents (table_name, data_type) VALUES ('winners', 'attributes')";
            f.package(sql, true);
        },
        VERIFY,
        &[
            "round.gpkg: name_written of its table applicants is not what applicants.csv says",
            "round.gpkg: score_0_100 of county 110101 is not what counties.geojson says",
            "round.gpkg: county 110102 is not in its table counties",
            "round.gpkg: its table trust has ",
            "round.gpkg: its table issues is missing",
            "round.gpkg: its table gaps is missing",
            "round.gpkg: its table winners is in no table of the folder",
        ],
    ),
    (
        "other words for why a county is not selected",
        |f| f.cell("selection.csv", ("county_code", "120102"), "why", &|_| "it withdrew its application".to_owned()),
        VERIFY,
        &[
            "selection.csv: why of county 120102 does not follow from the ranking by selection.asked",
            "applicants.csv: reason of 120102 is not what selection.csv say",
        ],
    ),
    (
        "another reason for an applicant that no region has",
        |f| f.cell("applicants.csv", ("county_code", "990101"), "reason", &|_| "it came too late".to_owned()),
        VERIFY,
        &["applicants.csv: reason of 990101 is not what the register and the acceptances say"],
    ),
    (
        "another name than in the register",
        |f| f.cell("applicants.csv", ("county_code", "120102"), "name_written", &|_| "Other".to_owned()),
        ROUND,
        &["applicants.csv: name_written of 120102 is not what applicants.csv says, line 6: County 120102"],
    ),
    (
        "all pages of counties are gone",
        |f| {
            f.json("manifest.json", &|m| {
                m["outputs"].as_array_mut().unwrap().retain(|o| !o["name"].as_str().unwrap().starts_with("counties/"));
            });
            fs::remove_dir_all(f.0.join("counties")).unwrap();
        },
        VERIFY,
        &["counties/110101.html is missing, the page of county 110101", "counties/120103.html is missing"],
    ),
    (
        "what was set by hand is told otherwise on the first page",
        |f| f.text("round.html", &|t| t.replacen("excluded by hand", "selected", 1)),
        VERIFY,
        &["round.html: record 1 of what was set by hand is told otherwise than overrides.csv has it"],
    ),
    (
        "no GeoPackage, and [output] has one",
        |f| {
            fs::remove_file(f.0.join("round.gpkg")).unwrap();
            f.json("manifest.json", &|m| drop_output(m, "round.gpkg"));
        },
        VERIFY,
        &["round.gpkg"],
    ),
    (
        "a fault that the inputs do not have",
        |f| {
            f.json("manifest.json", &|m| {
                m["faults"] = json!([]);
                m["acceptances"] = json!([]);
            });
        },
        AGAIN,
        &["the faults applicant_unknown are not what applicants.csv tells", "no county was made again"],
    ),
];

#[test]
fn what_a_forger_hides_in_one_place_is_named_by_another() {
    let r = sound();
    copy(&r.out(), &r.path("forged"));
    for command in [VERIFY, ROUND, AGAIN] {
        let (exit, text) = says(&r, command);
        assert_eq!(exit, 0, "{command}: {text}");
        if command == ROUND {
            assert!(text.contains("1 overrides, 1 appeals, the rules of selection and who applies"), "{text}");
        }
    }
    let mut wrong = Vec::new();
    for (name, plant, command, want) in FORGERIES {
        fs::remove_dir_all(r.path("forged")).unwrap();
        copy(&r.out(), &r.path("forged"));
        let forged = Forged(r.path("forged"));
        plant(&forged);
        forged.seal();
        let (exit, text) = says(&r, command);
        if exit != 1 || want.iter().any(|w| !text.contains(w)) {
            wrong.push(format!("{name}: {command}: exit {exit}, wanted {want:?}:\n{text}"));
        }
        let (exit, zh) = says(&r, &format!("{command} --lang zh"));
        if let Some(left) = crate::messages_zh::english_left(&zh) {
            wrong.push(format!("{name}: exit {exit}: English in Chinese: {left}\n{zh}"));
        }
    }
    assert!(wrong.is_empty(), "{} not found:\n{}", wrong.len(), wrong.join("\n"));
}

/// A fault of the inputs that stands nowhere in the folder, nor in the round file: only reading the inputs again tells it.
#[test]
fn a_fault_that_is_nowhere_but_in_the_inputs_is_found_when_they_are_read_again() {
    let r = sound();
    let f = Forged(r.out());
    r.edit("round.toml", |t| {
        let at = t.find("[[accept]]\ncode = \"county_refused\"").unwrap();
        let end = t[at + 1..].find("[[").map_or(t.len(), |n| at + 1 + n);
        t[..at].to_owned() + &t[end..]
    });
    let print = crate::archive::sha256(&fs::read(r.path("round.toml")).unwrap());
    f.json("manifest.json", &|m| {
        hide(m, "county_refused");
        m["round_file_sha256"] = print.clone().into();
    });
    hide_note(&f, "county_refused");
    hide_rows(&f, "issues.csv", "120109");
    f.package("DELETE FROM issues WHERE record_id = '120109'", true);
    f.seal();
    assert_eq!(says(&r, "verify out --round round.toml").0, 0);
    let (exit, text) = says(&r, "verify out --recompute 1 --round round.toml");
    assert!(exit == 1 && text.contains("the inputs have the fault county_refused"), "{text}");
}

/// A page beside those of an office is a trap; what systems and programs leave beside files is not.
#[test]
fn a_page_or_table_that_the_round_did_not_write_is_a_fault_and_what_systems_leave_is_not() {
    let r = SmallRound::made();
    for name in [
        ".DS_Store",
        "Thumbs.db",
        "desktop.ini",
        "._round.html",
        "~$selection.csv",
        ".~lock.ranking.csv#",
        "notes.txt",
        "counties/.DS_Store",
    ] {
        fs::write(r.path("out").join(name), "x").unwrap();
    }
    fs::create_dir(r.path("out/minutes")).unwrap();
    fs::write(r.path("out/minutes/1.pdf"), "x").unwrap();
    let (exit, text) = says(&r, "verify out");
    assert!(exit == 0 && text.contains("foreign  Thumbs.db was not written") && text.contains("foreign  minutes was"), "{text}");
    for name in [
        "extra.html",
        "counties/110109.html",
        "Ranking.CSV",
        "new.geojson",
        "round2.gpkg",
        "more.json",
        "map2.svg",
        "minutes/index.htm",
    ] {
        fs::write(r.path("out").join(name), "x").unwrap();
        let (exit, text) = says(&r, "verify out");
        let told = if name.starts_with("minutes") { "minutes" } else { name };
        let want = format!("FAULT    {told} was not written by the run, and looks as if it were: move it out of the folder\n");
        // all that the folder itself holds is checked all the same
        assert!(exit == 1 && text.contains(&want) && text.contains("selected counties against places"), "{name}: {text}");
        let (_, zh) = says(&r, "verify out --lang zh");
        assert!(zh.contains(&format!("错误    {told} 并非本次运行生成，却易被当作其中的文件")), "{zh}");
        fs::remove_file(r.path("out").join(name)).unwrap();
    }
    assert_eq!(says(&r, "verify out").0, 0);
}

/// What the system answers, and where and what to do, are told in Chinese too.
#[test]
fn an_error_inside_a_fault_is_told_in_chinese() {
    let r = SmallRound::made();
    let f = Forged(r.out());
    f.text("ranking.csv", &|t| t.replacen("score_0_100", "score", 1));
    f.seal();
    let (exit, text) = says(&r, "verify out");
    assert!(exit == 1 && text.contains("(where: ") && text.contains("; next: "), "{text}");
    let (_, zh) = says(&r, "verify out --lang zh");
    assert!(zh.contains("（位置：") && zh.contains("；处理：") && !zh.contains("next:") && !zh.contains("where:"), "{zh}");
    fs::remove_file(r.path("out/why.csv")).unwrap();
    let (_, zh) = says(&r, "verify out --lang zh");
    assert!(zh.contains("why.csv 无法读取：无法打开文件：没有该文件或文件夹（系统错误 2）"), "{zh}");
    let (_, zh) = says(&r, "diff out out --lang zh");
    assert!(zh.contains("错误：") && !zh.contains("os error"), "{zh}");
    assert_eq!(crate::messages_zh::english_left(&zh), None);
}

/// A folder is the same however its path is spelled.
#[test]
fn diff_finds_the_round_file_however_the_folders_are_spelled() {
    let r = SmallRound::made();
    r.edit("round.toml", |t| t.replace("budget = 9000", "budget = 13500"));
    fs::copy(r.path("round.toml"), r.path("second.toml")).unwrap();
    r.edit("round.toml", |t| t.replace("budget = 13500", "budget = 9000"));
    // made by one spelling, named by another
    assert_eq!(says(&r, "round 11/../second.toml -o 12/../two -q").0, 0);
    for (i, (old, new)) in
        [("out", "two"), ("11/../out", "12/../two/"), ("./out/", "11/./../two"), ("out/counties/..", "two/.")].iter().enumerate()
    {
        let (exit, text) = says(&r, &format!("diff {old} {new} --report why{i}"));
        assert!(exit == 0 && text.contains("that differ: selection"), "{old} {new}: {text}");
    }
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(r.out(), r.path("linked")).unwrap();
        let (exit, text) = says(&r, "diff linked two --report whyl");
        assert!(exit == 0 && text.contains("that differ: selection"), "{text}");
    }
}
