//! The order of the rooms of `src/`: arrows point down, nothing goes in circles, and what stands above is not passed on from below.
//!
//! Every `crate::`, `super::` and `self::` path of every file counts, in `use` and elsewhere, in test code too; comments and texts do not.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The rooms, from the top: each may use those after it. Some are named before they are built. `files` knows bytes and no
/// domain, so it stands under all that does.
const ORDER: [&str; 43] = [
    "main",
    "lib",
    "cli",
    "serve",
    "verify",
    "archive",
    "office",
    "finished",
    "folder",
    "page",
    "round",
    "run",
    "check",
    "setup",
    "tables",
    "results",
    "plan",
    "whatif",
    "county",
    "programme",
    "rank",
    "balance",
    "access",
    "redundancy",
    "demand",
    "supply",
    "coverage",
    "place",
    "prepared",
    "network",
    "files",
    "read",
    "config",
    "engine",
    "siting",
    "space",
    // The floor, for everybody.
    "issue",
    "input",
    "error",
    "suggest",
    "measure",
    "system",
    "test_support",
];

/// A path in a file, from the root of the crate.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Arrow {
    line: usize,
    path: Vec<String>,
    /// Whether it is passed on: `pub use`.
    passed_on: bool,
}

/// The code without comments, texts and characters: spaces stand in their place, line breaks stay.
fn code_only(text: &str) -> String {
    let c: Vec<char> = text.chars().collect();
    let at = |i: usize| c.get(i).copied().unwrap_or('\0');
    let word = |ch: char| ch.is_alphanumeric() || ch == '_';
    let (mut out, mut i) = (String::with_capacity(text.len()), 0);
    while i < c.len() {
        let end = match (c[i], at(i + 1)) {
            ('/', '/') => (i..c.len()).find(|k| c[*k] == '\n').unwrap_or(c.len()),
            ('/', '*') => block_comment(&c, i),
            ('"', _) => text_end(&c, i + 1),
            ('r', '"' | '#') if i == 0 || !word(c[i - 1]) || is_prefix(&c, i) => raw_text_end(&c, i + 1).unwrap_or(i),
            // A character is one between quotes, or an escape; what is else is a lifetime.
            ('\'', '\\') => (i + 3..c.len()).find(|k| c[*k] == '\'').map_or(c.len(), |k| k + 1),
            ('\'', _) if at(i + 2) == '\'' => i + 3,
            _ => i,
        };
        if end == i {
            out.push(c[i]);
            i += 1;
        } else {
            out.extend(c[i..end].iter().map(|ch| if *ch == '\n' { '\n' } else { ' ' }));
            i = end;
        }
    }
    out
}

/// Whether the letter before is the whole of what `br` and `cr` begin with.
pub fn is_prefix(c: &[char], i: usize) -> bool {
    matches!(c[i - 1], 'b' | 'c') && (i < 2 || !(c[i - 2].is_alphanumeric() || c[i - 2] == '_'))
}

/// The end of a comment that may hold others.
pub fn block_comment(c: &[char], start: usize) -> usize {
    let (mut depth, mut i) = (0, start);
    while i + 1 < c.len() {
        match (c[i], c[i + 1]) {
            ('/', '*') => (depth, i) = (depth + 1, i + 2),
            ('*', '/') => (depth, i) = (depth - 1, i + 2),
            _ => i += 1,
        }
        if depth == 0 {
            return i;
        }
    }
    c.len()
}

pub fn text_end(c: &[char], mut i: usize) -> usize {
    while i < c.len() && c[i] != '"' {
        i += if c[i] == '\\' { 2 } else { 1 };
    }
    (i + 1).min(c.len())
}

/// The end of a raw text whose quote or first `#` stands at `i`; none for a raw name (`r#type`).
pub fn raw_text_end(c: &[char], i: usize) -> Option<usize> {
    let hashes = c[i..].iter().take_while(|ch| **ch == '#').count();
    if c.get(i + hashes) != Some(&'"') {
        return None;
    }
    let closes = |k: &usize| c[*k] == '"' && c[k + 1..].iter().take_while(|ch| **ch == '#').count() >= hashes;
    Some((i + hashes + 1..c.len()).find(closes).map_or(c.len(), |k| k + 1 + hashes))
}

/// A name, `::`, or one other sign, with its line.
fn tokens(code: &str) -> Vec<(usize, String)> {
    let mut out: Vec<(usize, String)> = Vec::new();
    for (n, line) in (1..).zip(code.lines()) {
        let mut rest = line;
        while let Some(first) = rest.chars().next() {
            let name = rest.find(|ch: char| !(ch.is_alphanumeric() || ch == '_')).unwrap_or(rest.len());
            let len = if name > 0 {
                name
            } else if rest.starts_with("::") {
                2
            } else {
                first.len_utf8()
            };
            if !first.is_whitespace() {
                out.push((n, rest[..len].to_owned()));
            }
            rest = &rest[len..];
        }
    }
    out
}

/// The paths of a file whose module has this path.
fn arrows(module: &[String], text: &str) -> Vec<Arrow> {
    let tokens = tokens(&code_only(text));
    let word = |i: usize| tokens.get(i).map_or("", |t| t.1.as_str());
    let (mut found, mut inside, mut depth) = (Vec::new(), Vec::<(usize, String)>::new(), 0);
    let (mut i, mut passed_on) = (0, false);
    while i < tokens.len() {
        match word(i) {
            "mod" if word(i + 2) == "{" => inside.push((depth, word(i + 1).to_owned())),
            "{" => depth += 1,
            "}" => {
                depth -= 1;
                inside.pop_if(|(outside, _)| *outside == depth);
            }
            // `pub use`, or `pub(crate) use`
            "use" => passed_on = i > 0 && matches!(word(i - 1), "pub" | ")"),
            ";" => passed_on = false,
            "crate" | "super" | "self" if word(i + 1) == "::" && (i == 0 || word(i - 1) != "::") => {
                let here: Vec<String> = module.iter().cloned().chain(inside.iter().map(|(_, name)| name.clone())).collect();
                let mut paths = Vec::new();
                let next = tree(&tokens, i, &[], &mut paths);
                let line = tokens[i].0;
                found.extend(paths.iter().map(|p| Arrow { line, path: from_root(&here, p), passed_on }));
                i = next;
                continue;
            }
            _ => {}
        }
        i += 1;
    }
    found
}

/// Reads a path, or the tree of paths of a `use`, from token `i`; returns where it ends.
fn tree(tokens: &[(usize, String)], mut i: usize, before: &[String], paths: &mut Vec<Vec<String>>) -> usize {
    let word = |i: usize| tokens.get(i).map_or("", |t| t.1.as_str());
    let is_name = |w: &str| w.starts_with(|c: char| c.is_alphabetic() || c == '_');
    let mut path = before.to_vec();
    if is_name(word(i)) {
        path.push(word(i).to_owned());
        i += 1;
    }
    while word(i) == "::" && is_name(word(i + 1)) {
        // `r#name` comes as r, #, name
        let raw = word(i + 1) == "r" && word(i + 2) == "#";
        path.push(word(if raw { i + 3 } else { i + 1 }).to_owned());
        i += if raw { 4 } else { 2 };
    }
    match (word(i), word(i + 1)) {
        ("::", "{") => {
            i += 2;
            while !matches!(word(i), "}" | "") {
                i = tree(tokens, i, &path, paths);
                // a leading `::` or whatever else does not belong here ends the search, not the test
                i += usize::from(!matches!(word(i), "}" | ""));
            }
            return i + 1;
        }
        ("::", "*") => i += 2,
        ("as", _) => i += 2,
        ("*", _) if !before.is_empty() => i += 1,
        _ => {}
    }
    paths.push(path);
    i
}

/// A path that begins with `crate`, `self` or `super`, from the root of the crate.
fn from_root(here: &[String], path: &[String]) -> Vec<String> {
    let mut base = if path.first().is_some_and(|p| p == "crate") { Vec::new() } else { here.to_vec() };
    for p in path {
        match p.as_str() {
            "crate" | "self" => {}
            "super" => drop(base.pop()),
            _ => base.push(p.clone()),
        }
    }
    base
}

/// The module of a file, from the root of the crate.
fn module_of(file: &Path) -> Vec<String> {
    let mut parts: Vec<String> = file.with_extension("").iter().map(|p| p.to_string_lossy().into_owned()).collect();
    if parts.last().is_some_and(|p| p == "mod") || ["lib", "main"].iter().any(|top| parts == [*top]) {
        parts.pop();
    }
    parts
}

/// All files of Rust under a folder, sorted.
pub fn files_of(folder: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            out.extend(files_of(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
    out.sort();
    out
}

/// What is wrong with a house of these files (name from `src/`, content).
fn faults(files: &[(String, String)], order: &[&str]) -> Vec<String> {
    let level = |room: &str| order.iter().position(|r| *r == room);
    let (mut wrong, mut uses) = (Vec::new(), BTreeMap::<String, BTreeSet<String>>::new());
    for (name, text) in files {
        let module = module_of(Path::new(name));
        let own = module.first().cloned().unwrap_or_else(|| name.trim_end_matches(".rs").to_owned());
        let Some(mine) = level(&own) else {
            wrong.push(format!("{name}: the room {own} is not in the order"));
            continue;
        };
        for Arrow { line, path, passed_on } in arrows(&module, text) {
            let room = path.first().cloned().unwrap_or_else(|| "lib".to_owned());
            let there = format!("{name}:{line} -> {}", path.join("::"));
            if room == own || own == "lib" {
                continue;
            }
            match level(&room) {
                None => wrong.push(format!("{there}: {room} is no room of the order")),
                Some(theirs) if theirs < mine => {
                    let what = if passed_on {
                        format!("{own} passes on what stands above it")
                    } else {
                        format!("{room} stands above {own}")
                    };
                    wrong.push(format!("{there}: {what}"));
                    uses.entry(own.clone()).or_default().insert(room);
                }
                Some(_) => drop(uses.entry(own.clone()).or_default().insert(room)),
            }
        }
    }
    wrong.extend(circle(&uses).map(|c| format!("a circle: {}", c.join(" -> "))));
    wrong
}

/// Rooms that use each other in a circle, if there are some.
fn circle(uses: &BTreeMap<String, BTreeSet<String>>) -> Option<Vec<String>> {
    let mut left = uses.clone();
    // Who uses nobody that is left is in no circle.
    while let Some(free) = left.iter().find(|(_, to)| !to.iter().any(|t| left.contains_key(t))).map(|(r, _)| r.clone()) {
        left.remove(&free);
    }
    let mut way = vec![left.keys().next()?.clone()];
    loop {
        let next = left[&way[way.len() - 1]].iter().find(|t| left.contains_key(*t))?.clone();
        if let Some(first) = way.iter().position(|r| *r == next) {
            return Some(way[first..].iter().cloned().chain([next]).collect());
        }
        way.push(next);
    }
}

#[test]
fn arrows_point_down() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let read = |path: &PathBuf| {
        let name = path.strip_prefix(&src).unwrap().to_string_lossy().replace('\\', "/");
        (name, fs::read_to_string(path).unwrap())
    };
    let files: Vec<(String, String)> = files_of(&src).iter().map(read).collect();
    assert!(files.len() > 100, "{} files", files.len());
    // The reader must see what is there: a file of every level uses errors.
    let errors =
        files.iter().filter(|(name, text)| arrows(&module_of(Path::new(name)), text).iter().any(|a| a.path[0] == "error"));
    assert!(errors.count() > 80);
    let wrong = faults(&files, &ORDER);
    assert!(wrong.is_empty(), "{} faults:\n{}", wrong.len(), wrong.join("\n"));
}

/// What opens a file, as code says it.
const OPENERS: [&str; 10] = [
    "File::open(",
    "fs::read(",
    "fs::read_to_string(",
    "File::options(",
    "OpenOptions",
    "Connection::open",
    "::from_path(",
    "open_workbook(",
    "open_workbook_auto(",
    "ShapeReader::from_path(",
];

/// The places that may: the door itself, the system's, what is written and read back, and databases that the door has looked at.
const MAY_OPEN: [&str; 6] = [
    "input.rs",
    "system/",
    "files/atomic.rs",
    "files/geopackage/mod.rs",
    "files/geopackage/content.rs",
    "read/formats/geopackage.rs",
];

/// The code of a file without its tests, which stand at its end.
fn without_tests(text: &str) -> &str {
    text.find("#[cfg(test)]\nmod tests {").map_or(text, |end| &text[..end])
}

#[test]
fn inputs_are_opened_at_one_door() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut wrong, mut met) = (Vec::new(), BTreeSet::new());
    for path in files_of(&src) {
        let name = path.strip_prefix(&src).unwrap().to_string_lossy().replace('\\', "/");
        if ["tests.rs", "_tests.rs", "fixture.rs", "test_support.rs"].iter().any(|end| name.ends_with(end)) {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let code = code_only(without_tests(&text));
        for (n, line) in (1..).zip(code.lines()) {
            let opens = |o: &&str| line.match_indices(*o).any(|(at, _)| !line[..at].ends_with(char::is_alphanumeric));
            match (OPENERS.iter().any(opens), MAY_OPEN.iter().find(|m| name.starts_with(**m))) {
                (false, _) => {}
                (true, Some(place)) => drop(met.insert(*place)),
                (true, None) => wrong.push(format!("{name}:{n} {}", line.trim())),
            }
        }
    }
    assert!(wrong.is_empty(), "use crate::input:\n{}", wrong.join("\n"));
    // Whoever does not open any more is struck off; the door opens by the system's room.
    assert_eq!(met.len(), MAY_OPEN.len() - 1, "{met:?}");
}

/// The paths of a file `src/a/b.rs`, written out.
fn paths(text: &str) -> Vec<String> {
    arrows(&["a".to_owned(), "b".to_owned()], text).iter().map(|a| a.path.join("::")).collect()
}

#[test]
fn trees_of_paths_are_read() {
    assert_eq!(paths("use crate::x::Y;"), ["x::Y"]);
    assert_eq!(
        paths("use crate::{x, y::{Z, deep::{self, W as V}, q::*}, *};"),
        ["x", "y::Z", "y::deep", "y::deep::W", "y::q", ""]
    );
    assert_eq!(paths("use {crate::x, super::c::D, self::e};"), ["x", "a::c::D", "a::b::e"]);
    assert_eq!(paths("use crate::x as y; use super::*; use super::super::z;"), ["x", "a", "z"]);
    assert_eq!(paths("use\n  crate\n  ::x\n  ::{\n  Y,\n  Z,\n};"), ["x::Y", "x::Z"]);
    assert_eq!(paths("use crate::r#type::r#fn; let a = crate::x::{}; use crate::x::r;"), ["type::fn", "x::r"]);
    // other crates and what stands in the file itself are no arrows
    assert_eq!(
        paths("use std::io::{self, Read}; use serde::de::{self}; own::f(); pub(crate) fn g(self) {} pub(super) mod m;"),
        [""; 0]
    );
}

#[test]
fn paths_in_expressions_count_and_end_where_they_end() {
    assert_eq!(paths("let a = crate::x::Y { b: super::z::c(1), d };"), ["x::Y", "a::z::c"]);
    assert_eq!(
        paths("crate::x::f::<crate::y::T>(); Vec::<crate::z::Z>::new(); $crate::m::n!()"),
        ["x::f", "y::T", "z::Z", "m::n"]
    );
    assert_eq!(paths("if a < crate::x::B { self.c() } else { Self::d(super::E) }"), ["x::B", "a::E"]);
    assert_eq!(paths("pub(in crate::x) fn f() {} #[derive(crate::y::D)] struct S;"), ["x", "y::D"]);
}

#[test]
fn modules_inside_a_file_count_as_one_step() {
    // `super` in `tests` is the file, `super::super` its folder; behind the closing brace it is the folder again
    let text = "fn f() { super::one(); } mod tests { use super::two; mod deep { use super::super::three; } fn g() { super::four() } } use super::five;";
    assert_eq!(paths(text), ["a::one", "a::b::two", "a::b::three", "a::b::four", "a::five"]);
    let of = |file: &str| module_of(Path::new(file)).join("::");
    assert_eq!([of("lib.rs"), of("main.rs"), of("run.rs"), of("a/mod.rs"), of("a/main.rs")], ["", "", "run", "a", "a::main"]);
}

#[test]
fn comments_texts_and_characters_are_no_code() {
    assert_eq!(
        paths("// crate::a\n/// [`crate::b`]\n//! crate::c\n/* crate::d /* crate::e */ crate::f */ crate::g::h();"),
        ["g::h"]
    );
    assert_eq!(paths(r##"f("crate::a \" crate::b", b"crate::c", c"crate::d"); crate::e::f();"##), ["e::f"]);
    assert_eq!(
        paths("f(r\"crate::a\\\", r#\"crate::b \" crate::c\"#, br##\"crate::d\"# crate::e\"##); crate::f::g();"),
        ["f::g"]
    );
    // a quote as a character opens no text; a lifetime is no character
    assert_eq!(paths(r"f('\'', '\\', '\u{1F600}', b'x', '语'); crate::a::b();"), ["a::b"]);
    assert_eq!(paths("f('\"'); crate::a::b(); g('\"');"), ["a::b"]);
    assert_eq!(paths("fn f<'a>(x: &'a crate::x::Y<'a>, c: char) -> &'a str { if c == '{' { crate::z::z() } }"), ["x::Y", "z::z"]);
    // letters before a quote that is no prefix, and line numbers behind what was blanked
    assert_eq!(paths("xr\"crate::a\"; crate::b::c()"), ["b::c"]);
    let found = arrows(&["a".to_owned()], "/* \n\n */ \"\n\" crate::x::y()");
    assert_eq!((found[0].line, found[0].passed_on), (4, false));
}

#[test]
fn what_is_passed_on_is_told() {
    let told = |text: &str| arrows(&["a".to_owned()], text).iter().map(|a| a.passed_on).collect::<Vec<_>>();
    assert_eq!(
        told("pub use crate::x::Y; use crate::z; pub(crate) use super::{p, q}; pub fn f() -> crate::r::S {}"),
        [true, false, true, true, false]
    );
}

#[test]
fn every_kind_of_fault_is_found() {
    let files = |list: &[(&str, &str)]| list.iter().map(|(n, t)| ((*n).to_owned(), (*t).to_owned())).collect::<Vec<_>>();
    let of = |list: &[(&str, &str)]| faults(&files(list), &["main", "lib", "top", "mid", "low"]);
    let good = [
        ("lib.rs", "pub mod top; pub use crate::low::A;"),
        ("top/mod.rs", "use crate::low::A; use crate::mid;"),
        ("mid.rs", "use super::low::B;"),
    ];
    assert_eq!(of(&good), [""; 0]);
    // up, by `crate` and by `super`, in test code
    assert_eq!(
        of(&[("low/x.rs", "mod tests {\n use super::super::super::mid::A; }")]),
        ["low/x.rs:2 -> mid::A: mid stands above low"]
    );
    assert_eq!(of(&[("low.rs", "pub use crate::mid::A;")]), ["low.rs:1 -> mid::A: low passes on what stands above it"]);
    // a circle is told beside the arrow that closes it
    let round = [("mid.rs", "use crate::low::A;"), ("low.rs", "fn f() { crate::mid::g() }")];
    assert_eq!(of(&round), ["low.rs:1 -> mid::g: mid stands above low", "a circle: low -> mid -> low"]);
    // rooms that nobody declared, and names that the face passes on
    assert_eq!(of(&[("shed.rs", "")]), ["shed.rs: the room shed is not in the order"]);
    assert_eq!(of(&[("top.rs", "use crate::Face;")]), ["top.rs:1 -> Face: Face is no room of the order"]);
    // the crate as a whole is its face
    assert_eq!(of(&[("low.rs", "use super::*;")]), ["low.rs:1 -> : lib stands above low"]);
}

#[test]
fn circles_are_found_without_the_order() {
    let uses = |list: &[(&str, &[&str])]| -> BTreeMap<String, BTreeSet<String>> {
        list.iter().map(|(a, to)| ((*a).to_owned(), to.iter().map(|t| (*t).to_owned()).collect())).collect()
    };
    assert_eq!(circle(&uses(&[("a", &["b", "c"]), ("b", &["c"])])), None);
    // d leads into the circle b -> c -> b and is not of it
    let found = circle(&uses(&[("a", &["x"]), ("b", &["c"]), ("c", &["a", "b"]), ("d", &["b"])])).unwrap();
    assert_eq!(found, ["b", "c", "b"]);
}
