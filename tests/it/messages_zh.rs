//! Every message has its Chinese, and what is asked for in Chinese is told in it.

use crate::house::{block_comment, files_of, is_prefix, raw_text_end, text_end};
use crate::toy::{Toy, root};
use chargegap::internals::files::messages::pattern::normal;
use chargegap::internals::files::messages::{FILES, Section, chinese, lines_of};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Rooms and files whose texts are not messages: columns with their meaning in both languages, pages, summaries that choose by
/// language where they stand, what manifests, GeoPackages and proposed region files hold, words that are read. Only what they give to an `Error` counts.
const OTHER_TEXTS: [&str; 43] = [
    "tables/",
    "page/",
    "folder/",
    "redundancy/",
    "balance/load_table.rs",
    "balance/swap_fields.rs",
    "balance/tables.rs",
    "balance/trial_table.rs",
    "files/geopackage/",
    "files/qgis_style.rs",
    "office/",
    "rank/indicator.rs",
    "rank/ranking.rs",
    "rank/trust/part.rs",
    "results/money.rs",
    "results/accepted.rs",
    "results/applied.rs",
    "results/eligible.rs",
    "programme/told.rs",
    "archive/readme.rs",
    "archive/readme_more.rs",
    "rank/assess.rs",
    "rank/composite/fill.rs",
    "rank/composite/work.rs",
    "cli/money.rs",
    "programme/along.rs",
    "programme/gates.rs",
    "programme/print.rs",
    "programme/profile.rs",
    "programme/qualify.rs",
    "programme/rule.rs",
    "programme/utilisation.rs",
    "programme/verdict.rs",
    "results/faults/",
    "cli/summary.rs",
    "cli/rank_summary.rs",
    "cli/report.rs",
    "cli/round_archive.rs",
    "cli/round_faults.rs",
    "cli/round_summary.rs",
    "cli/speech.rs",
    "config/station_words.rs",
    "setup/write.rs",
];

/// A text in the source: its line, the text as it is meant, and whether it is given to an `Error`.
struct Literal {
    line: usize,
    text: String,
    of_error: bool,
}

/// Texts of a file, without comments, attributes (but messages of errors) and its tests.
fn literals(source: &str) -> Vec<Literal> {
    let c: Vec<char> = source.chars().collect();
    let at = |i: usize| c.get(i).copied().unwrap_or('\0');
    let (mut out, mut i, mut line) = (Vec::new(), 0, 1);
    // How deep the brackets are, and how deep they were when a call of `Error::…(` began.
    let (mut depth, mut error): (usize, Option<usize>) = (0, None);
    while i < c.len() {
        let word = i > 0 && (c[i - 1].is_alphanumeric() || c[i - 1] == '_');
        let end = match (c[i], at(i + 1)) {
            ('/', '/') => (i..c.len()).find(|k| c[*k] == '\n').unwrap_or(c.len()),
            ('/', '*') => block_comment(&c, i),
            ('#', '[' | '!') if !c[i..].starts_with(&['#', '[', 'e', 'r', 'r', 'o', 'r', '(']) => attribute_end(&c, i),
            ('"', _) => text_end(&c, i + 1),
            ('r', '"' | '#') if !word || is_prefix(&c, i) => raw_text_end(&c, i + 1).unwrap_or(i),
            ('\'', '\\') => (i + 3..c.len()).find(|k| c[*k] == '\'').map_or(c.len(), |k| k + 1),
            ('\'', _) if at(i + 2) == '\'' => i + 3,
            _ => i,
        };
        if end == i {
            match c[i] {
                '(' => {
                    depth += 1;
                    let before: String = c[i.saturating_sub(24)..i].iter().collect();
                    let call =
                        ["input", "usage", "environment", "internal"].iter().any(|n| before.ends_with(&format!("Error::{n}")));
                    error = error.or(call.then_some(depth));
                }
                ')' => {
                    error = error.filter(|d| *d != depth);
                    depth = depth.saturating_sub(1);
                }
                _ => {}
            }
            line += usize::from(c[i] == '\n');
            i += 1;
            continue;
        }
        if matches!(c[i], '"' | 'r') {
            let raw: String = c[i..end].iter().collect();
            out.push(Literal { line, text: meant(&raw), of_error: error.is_some() });
        }
        line += c[i..end].iter().filter(|ch| **ch == '\n').count();
        i = end;
    }
    out
}

/// The end of `#[…]`, in which texts may hold brackets.
fn attribute_end(c: &[char], start: usize) -> usize {
    let (mut depth, mut i) = (0, start);
    while i < c.len() {
        match c[i] {
            '"' => i = text_end(c, i + 1) - 1,
            '[' => depth += 1,
            ']' => {
                depth -= 1;
                if depth == 0 {
                    return i + 1;
                }
            }
            _ => {}
        }
        i += 1;
    }
    c.len()
}

/// A text as it is meant, without quotes and escapes.
fn meant(raw: &str) -> String {
    let bare = raw.trim_start_matches('r').trim_matches('#');
    let inner = bare.strip_prefix('"').and_then(|t| t.strip_suffix('"')).unwrap_or(bare);
    if raw.starts_with('r') {
        return inner.to_owned();
    }
    let mut out = String::new();
    let mut chars = inner.chars().peekable();
    while let Some(ch) = chars.next() {
        match (ch, chars.peek().copied()) {
            ('\\', Some('\n')) => while chars.next_if(|c| c.is_whitespace()).is_some() {},
            ('\\', Some(escaped)) => {
                chars.next();
                out.push(match escaped {
                    'n' => '\n',
                    't' => '\t',
                    other => other,
                });
            }
            _ => out.push(ch),
        }
    }
    out
}

/// Two words and more in small letters, which are no name, no code and no statement of a database.
fn is_prose(text: &str) -> bool {
    let words =
        text.split_whitespace().map(|w| w.trim_end_matches([',', ':', ';', '.', '?', ')'])).map(|w| w.trim_start_matches('('));
    let small = words.filter(|w| !w.is_empty() && w.chars().all(|c| c.is_ascii_lowercase() || matches!(c, '\'' | '-')));
    let statement =
        ["SELECT ", "INSERT ", "UPDATE ", "CREATE ", "PRAGMA ", "DELETE "].iter().any(|s| text.trim_start().starts_with(s));
    !statement && small.filter(|w| w.len() > 1 || *w == "a").count() > 1
}

/// Modules that are compiled for tests only, by the path of their file.
fn test_modules(file: &Path, text: &str) -> Vec<String> {
    let folder = if file.ends_with("mod.rs") || file.ends_with("lib.rs") {
        file.parent().unwrap().to_path_buf()
    } else {
        file.with_extension("")
    };
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let named = |pair: &[&str]| {
        let name = pair[1].strip_suffix(';')?.rsplit_once("mod ").filter(|_| pair[0] == "#[cfg(test)]")?.1;
        Some(folder.join(format!("{name}.rs")).to_string_lossy().into_owned())
    };
    lines.windows(2).filter_map(named).collect()
}

fn without_tests(text: &str) -> &str {
    text.find("#[cfg(test)]\nmod tests {").map_or(text, |at| &text[..at])
}

/// Every message of the source that needs Chinese: file, line, text.
fn messages() -> Vec<(String, usize, String)> {
    let src = root().join("src");
    let files = files_of(&src);
    let texts: Vec<String> = files.iter().map(|f| fs::read_to_string(f).unwrap()).collect();
    let of_tests: BTreeSet<String> = files.iter().zip(&texts).flat_map(|(f, t)| test_modules(f, t)).collect();
    let mut all = Vec::new();
    for (file, text) in files.iter().zip(&texts).filter(|(f, _)| !of_tests.contains(&*f.to_string_lossy())) {
        let name = file.strip_prefix(&src).unwrap().to_string_lossy().replace('\\', "/");
        let other = OTHER_TEXTS.iter().any(|o| name.starts_with(o));
        let issues = name == "issue.rs";
        for l in literals(without_tests(text)).into_iter().filter(|l| !issues || !has_chinese_beside(&l.text)) {
            if (l.of_error || !other) && is_prose(&l.text) {
                all.push((name.clone(), l.line, normal(&l.text)));
            }
        }
    }
    all
}

fn has_chinese_beside(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

/// What the catalogue has an entry for, or says that none is needed.
fn entries() -> BTreeSet<String> {
    FILES.iter().flat_map(|f| lines_of(f)).map(|(_, english, _)| english.replace("{#}", "{}")).collect()
}

#[test]
fn every_message_of_the_source_has_its_chinese() {
    let (messages, entries) = (messages(), entries());
    assert!(messages.len() > 900, "{}", messages.len()); // the scanner finds them
    let missing: Vec<String> =
        messages.iter().filter(|(_, _, text)| !entries.contains(text)).map(|(f, l, t)| format!("src/{f}:{l}  {t}")).collect();
    assert!(
        missing.is_empty(),
        "{} messages have no entry in maps/messages (a text that is no message: under `== apart ==` in words.txt):\n{}",
        missing.len(),
        missing.join("\n")
    );
}

#[test]
fn the_catalogue_names_nothing_that_is_gone() {
    let texts: BTreeSet<String> = messages().into_iter().map(|(_, _, text)| text).collect();
    let apart = FILES.iter().flat_map(|f| lines_of(f)).filter(|(s, ..)| *s == Section::Apart).map(|(_, english, _)| english);
    let gone: Vec<&str> = apart.filter(|english| !texts.contains(*english)).collect();
    assert_eq!(gone, [""; 0], "under == apart == and in no source");
}

/// Three English words in a row outside quotes and brackets, before the last colon (a library's sentence may stand behind it).
pub fn english_left(chinese: &str) -> Option<String> {
    let (mut bare, mut until) = (String::new(), None);
    for c in chinese.chars() {
        match (until, c) {
            (Some(end), _) if c == end => until = None,
            (Some(_), _) => {}
            (None, '“') => until = Some('”'),
            (None, '`' | '"') => until = Some(c),
            (None, '（') => until = Some('）'),
            (None, '[') => until = Some(']'), // a place
            (None, _) => bare.push(c),
        }
    }
    let own = bare.rsplit_once('：').map_or(bare.as_str(), |(own, _)| own);
    let words: Vec<&str> = own.split(|c: char| !(c.is_ascii_lowercase() || c == ' ')).collect();
    let left = words.into_iter().find(|run| run.split(' ').filter(|w| w.len() > 1).count() > 2);
    left.map(|run| format!("\"{run}\" in {chinese}"))
}

/// What is not told in Chinese in the answer of `check --json`.
pub fn not_told(json: &str) -> Vec<String> {
    let answer: serde_json::Value = serde_json::from_str(json).unwrap_or_default();
    let list = |key: &str| answer[key].as_array().cloned().unwrap_or_default();
    let mut pairs = Vec::new();
    let mut pair = |of: &serde_json::Value, key: &str| {
        if of[key].as_str().is_some_and(|t| !t.is_empty() && t.len() <= 1 << 16) {
            pairs.push((of[key].clone(), of[format!("{key}_zh")].clone()));
        }
    };
    pair(&answer["error"], "message");
    pair(&answer["error"], "next");
    list("issues").iter().for_each(|i| pair(i, "next"));
    list("records").iter().for_each(|i| pair(i, "message"));
    list("next_steps").iter().for_each(|s| ["what", "next"].iter().for_each(|key| pair(s, key)));
    let fault = |(en, zh): (serde_json::Value, serde_json::Value)| match zh.as_str() {
        None => Some(format!("no Chinese: {en}")),
        Some(zh) => english_left(zh),
    };
    pairs.into_iter().filter_map(fault).collect()
}

#[test]
fn english_is_found_in_chinese() {
    assert_eq!(english_left("文件不是有效的 JSON：expected value at line 1"), None);
    assert_eq!(english_left("表中没有列“no such column here”"), None);
    assert!(english_left("图层 has no such record：x").is_some());
}

/// Runs a command in a language of the machine, and gives its standard output and standard error.
fn told(toy: &Toy, lang: &str, args: &[&str]) -> [String; 2] {
    let done = toy.chargegap(args).env("LC_ALL", "").env("LC_MESSAGES", "").env("LANG", lang).output().unwrap();
    [done.stdout, done.stderr].map(|bytes| String::from_utf8(bytes).unwrap())
}

#[test]
fn errors_are_told_in_the_language_of_the_machine_or_the_one_asked_for() {
    let toy = Toy::new();
    let english =
        "error: cannot open the input: No such file or directory (os error 2)\n  where: nowhere\n  next:  check the path\n";
    let in_chinese = "错误：无法打开输入：没有该文件或文件夹（系统错误 2）\n  位置：nowhere\n  处理：请检查路径\n";
    for (lang, more, want) in [
        ("C", None, english),
        ("zh_CN.UTF-8", None, in_chinese),
        ("zh_CN.UTF-8", Some("--lang=en"), english),
        ("en_GB.UTF-8", Some("--lang=zh"), in_chinese),
    ] {
        for command in ["run", "check"] {
            let args = [command, "nowhere"].into_iter().chain((command == "run").then_some("-oout")).chain(more);
            assert_eq!(told(&toy, lang, &args.collect::<Vec<_>>())[1], want, "{command} {lang} {more:?}");
        }
    }
    let [_, err] = told(&toy, "zh_CN.UTF-8", &["run", "--nonsense"]);
    assert!(err.starts_with("错误：unexpected argument '--nonsense' found\n") && err.contains("用法："), "{err}");
}

/// Stations with a county's position exchanged, an unknown power and an id that stands twice: one refusal and warnings.
const DOUBTFUL: &str = "id,name,lon,lat,kind,points,power_kw,access,status\ns1,One,0.05,0.0001,charging,4,120,public,open\n\
                        s1,Two,0.15,0.0001,swap,,,public,open\ns3,Three,0,0,charging,1,x,public,open\n";

#[test]
fn check_is_told_in_chinese_with_codes_and_names_as_they_are() {
    let toy = Toy::new();
    toy.put("stations.csv", DOUBTFUL);
    let [out, _] = told(&toy, "C", &["check", ".", "--lang", "zh"]);
    assert!(out.contains("（null_island）") && out.contains("（duplicate_id）") && out.contains("处理"), "{out}");
    let left: Vec<String> = out.lines().filter_map(english_left).collect();
    assert_eq!(left, [""; 0], "{out}");
    // for programs nothing moves: English, with the Chinese beside it
    let [json, _] = told(&toy, "zh_CN.UTF-8", &["check", ".", "--json"]);
    assert_eq!(not_told(&json), [""; 0]);
    let answer: serde_json::Value = serde_json::from_str(&json).unwrap();
    let record = answer["records"].as_array().unwrap().iter().find(|r| r["code"] == "null_island").unwrap();
    assert_eq!((record["message"].as_str(), record["message_zh"].as_str()), (Some("the position is 0, 0"), Some("坐标为 0, 0")));
}

#[test]
fn files_are_in_the_language_of_the_region_and_never_of_the_machine() {
    let toy = Toy::new();
    toy.put("stations.csv", DOUBTFUL);
    let region = fs::read_to_string(toy.path("region.toml")).unwrap() + "[read]\nmax_refused_share = 1.0\n";
    toy.put("region.toml", &region);
    told(&toy, "C", &["run", ".", "-o", "en", "-q"]);
    told(&toy, "zh_CN.UTF-8", &["run", ".", "-o", "machine", "-q"]);
    told(&toy, "C", &["run", ".", "-o", "asked", "-q", "--lang", "zh"]);
    toy.put("region.toml", &region.replace("[region]\n", "[region]\nlanguage = \"zh\"\n"));
    told(&toy, "C", &["run", ".", "-o", "region", "-q"]);
    told(&toy, "C", &["run", ".", "-o", "over", "-q", "--lang", "en"]);
    told(&toy, "C", &["prepare", ".", "-o", "p.cgap", "-q"]);
    told(&toy, "C", &["run", "p.cgap", "-o", "prepared", "-q"]);
    told(&toy, "C", &["rank", "region", "-o", "ranked", "-q"]);
    told(&toy, "C", &["check", ".", "--issues", "checked.csv", "-q"]);
    let issues = |folder: &str| fs::read_to_string(toy.path(folder).join("issues.csv")).unwrap();
    assert!(issues("en").contains("the position is 0, 0") && issues("en").contains("give the true position"));
    assert!(issues("asked").contains("坐标为 0, 0") && issues("asked").contains("请给出真实位置"));
    assert!(!issues("asked").contains("the position is"));
    for (same, as_it) in [("machine", "en"), ("over", "en"), ("region", "asked"), ("prepared", "asked")] {
        assert_eq!(issues(same), issues(as_it), "{same}");
    }
    // columns, codes and slugs stay
    let head = |text: &str| text.lines().next().unwrap().to_owned();
    assert_eq!(head(&issues("asked")), head(&issues("en")));
    assert!(fs::read_to_string(toy.path("checked.csv")).unwrap().contains("坐标为 0, 0"));
    let page = fs::read_to_string(toy.path("ranked/manifest.json")).unwrap();
    assert!(page.contains("\"lang\": \"zh\""), "{page}");
    for folder in ["en", "asked", "region", "prepared", "ranked"] {
        toy.chargegap(&["verify", folder]).assert().success();
    }
    toy.chargegap(&["diff", "en", "asked"]).assert().success();
}

#[test]
fn sentences_within_sentences_are_told_in_chinese() {
    for (english, want) in [
        ("cannot open the file: Permission denied (os error 13)", "无法打开文件：没有权限（系统错误 13）"),
        ("the county is not ranked: it has 0.5 km of road, less than 1 km", "该县无名次：道路 0.5 公里，不足 1 公里"),
        ("the manifest does not say its format", "清单未载明格式"),
        (
            "2 of 113 records of stations are refused (1.8 %), and a run accepts 1.0 %: 1 × null_island (the position is 0, 0 [s.csv:12]); 1 × null_geometry (the row has no position [s.csv:8])",
            "图层“站点”共 113 条记录，拒收 2 条（1.8 %），而运行只接受 1.0 %：1 × 坐标为(0,0) null_island（坐标为 0, 0 [s.csv:12]）；1 × 无几何 null_geometry（该行没有坐标 [s.csv:8]）",
        ),
        (
            "the OSM extract cannot be read: its tags nest too deeply (near byte 12)",
            "无法读取 OSM 数据：标签嵌套过深（第 12 字节附近）",
        ),
        (
            "3 of 9 records in roads were refused and the limit is 1 %; the first: the geometry is empty (null_geometry)",
            "图层“道路”共 9 条记录，拒收 3 条，上限为 1 %；首条：几何为空（无几何 null_geometry）",
        ),
        ("the table has no column \"the geometry is empty\"", "表中没有列“the geometry is empty”"), // of a user
    ] {
        assert_eq!(chinese(english).as_deref(), Some(want));
    }
    assert_eq!(chinese("nobody wrote this"), None);
}
