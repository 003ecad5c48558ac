//! Messages in Chinese. Errors and issues are made in English, where they arise; here a finished sentence is put into Chinese by the
//! catalogue in `maps/messages`, a file a part of the program. What no entry fits stays English, and what a user wrote stays as it is.
//!
//! A file of the catalogue is lines: an English text as it stands in the source, with `{}` for what is filled in (`{#}` where only a
//! number can be), and under it, two spaces in, the Chinese: `{1}` is the first of what was filled in as it stands, `{1:t}` put into
//! Chinese in turn, `{1:l}` a list, each part of it in turn,
//! `{1:c}` the code of an issue with its title before it. Several English lines may share one Chinese. `== parts ==` begins
//! what is a part of other sentences and never one of its own, `== around ==` what stands around another sentence and is tried first; `== apart ==` names texts that need no entry, and `tests/it/messages_zh.rs`
//! holds that there is no other.

pub mod pattern;
mod told;

pub use told::{both_places, error_text, label, place};

use super::lang::{Both, Lang};
use crate::issue::IssueCode;
use pattern::Pattern;
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::LazyLock;

/// The files of the catalogue.
pub const FILES: [&str; 14] = [
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/maps/messages/archive.txt")),
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/maps/messages/demand.txt")),
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/maps/messages/issues.txt")),
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/maps/messages/read.txt")),
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/maps/messages/settings.txt")),
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/maps/messages/folders.txt")),
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/maps/messages/ranking.txt")),
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/maps/messages/setup.txt")),
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/maps/messages/verify.txt")),
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/maps/messages/programme.txt")),
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/maps/messages/plan.txt")),
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/maps/messages/plan_corridors.txt")),
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/maps/messages/plan_years.txt")),
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/maps/messages/words.txt")),
];

/// What is longer (bytes) stays English: it is somebody's data, whatever the words around it.
const LONGEST: usize = 1 << 16;
/// Sentences within sentences are followed so deep.
const DEEPEST: u8 = 6;
/// An entry that says less itself (see `Pattern::weight`) is but a frame.
const THIN: usize = 48;
/// Entries are found by so many bytes of their beginning.
const KEY: usize = 4;

/// How a piece of the Chinese text is filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Filled {
    AsItStands,
    Translated,
    List,
    Code,
}

/// A piece of a Chinese text.
#[derive(Debug)]
enum Piece {
    Text(String),
    Hole(usize, Filled),
}

/// English and Chinese of one message.
#[derive(Debug)]
struct Entry {
    english: Pattern,
    chinese: Vec<Piece>,
    section: Section,
}

/// Where an entry of the catalogue stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Section {
    /// Whole sentences.
    Messages,
    /// What stands around another sentence: tried before all others.
    Around,
    /// Words and clauses within sentences.
    Parts,
    /// Texts of the source that no reader of Chinese meets in English.
    Apart,
}

/// Every English line of a file of the catalogue, with its section and its Chinese (empty in `apart`).
pub fn lines_of(file: &str) -> Vec<(Section, &str, &str)> {
    let (mut section, mut waiting, mut all) = (Section::Messages, Vec::new(), Vec::new());
    for line in file.lines().filter(|l| !l.is_empty() && !l.starts_with("# ")) {
        match (line, line.strip_prefix("  ")) {
            ("== messages ==", _) => section = Section::Messages,
            ("== around ==", _) => section = Section::Around,
            ("== parts ==", _) => section = Section::Parts,
            ("== apart ==", _) => section = Section::Apart,
            (_, Some(chinese)) => all.extend(waiting.drain(..).map(|english| (section, english, chinese))),
            (_, None) if section == Section::Apart => all.push((section, line, "")),
            (_, None) => waiting.push(line),
        }
    }
    all
}

#[derive(Debug, Default)]
struct Catalogue {
    entries: Vec<Entry>,
    /// Entries by the first bytes of what they begin with.
    by_head: HashMap<Vec<u8>, Vec<usize>>,
    /// Entries that begin with a hole, or with less than that.
    rest: Vec<usize>,
}

thread_local! {
    /// What was put into Chinese last: half a million records can have one message.
    static MEMORY: RefCell<HashMap<String, Option<String>>> = RefCell::default();
}
/// So many sentences are remembered, of so many bytes at most.
const REMEMBERED: usize = 1000;
const SHORT: usize = 400;

/// Made when Chinese is first asked for.
static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::of(&FILES));

impl Catalogue {
    fn of(files: &[&str]) -> Self {
        let mut all = Self::default();
        for (section, english, chinese) in files.iter().flat_map(|f| lines_of(f)).filter(|(s, ..)| *s != Section::Apart) {
            let english = Pattern::of(english);
            let at = all.entries.len();
            match english.head().as_bytes().get(..KEY) {
                Some(key) => all.by_head.entry(key.to_vec()).or_default().push(at),
                None => all.rest.push(at),
            }
            all.entries.push(Entry { english, chinese: pieces(chinese), section });
        }
        all
    }

    /// The entry that says most of a sentence, and what stands in its holes.
    fn find<'t>(&self, text: &'t str, parts: bool) -> Option<(&Entry, Vec<&'t str>)> {
        let by_head = text.as_bytes().get(..KEY).and_then(|key| self.by_head.get(key));
        let candidates = by_head.into_iter().flatten().chain(&self.rest).map(|i| &self.entries[*i]);
        let wanted = candidates.filter(|e| parts || e.section != Section::Parts);
        let fitting = wanted.filter_map(|e| Some((e, e.english.holes_of(text)?)));
        let weight = |e: &Entry| (e.section == Section::Around, e.english.weight());
        // Of two that say as much, the first: reduce keeps it.
        fitting.reduce(|a, b| if weight(b.0) > weight(a.0) { b } else { a })
    }

    fn sentence(&self, text: &str, parts: bool, depth: u8) -> Option<String> {
        let (bare, deeper) = (text.trim(), depth.checked_sub(1)?);
        if bare.is_empty() || bare.len() > LONGEST {
            return None;
        }
        // A place behind it, as those who list messages write it.
        if let Some((what, at)) = bare.strip_suffix(']').and_then(|t| t.rsplit_once("  [")) {
            return Some(format!("{}  [{}]", self.sentence(what, parts, deeper)?, self.list(at, deeper)));
        }
        // What is filled in at the end may be nothing, and a space before it is of the sentence.
        let whole = self.find(text, parts).or_else(|| self.find(bare, parts));
        // Two sentences in one, each of which has to be known; an entry of a few signs can be an accident over both.
        let two = bare.contains("; ") && whole.as_ref().is_none_or(|(entry, _)| entry.english.weight() < THIN);
        let clauses =
            two.then(|| bare.split("; ").map(|c| self.sentence(c, parts, deeper)).collect::<Option<Vec<_>>>()).flatten();
        clauses.map(|all| all.join("；")).or_else(|| whole.map(|(entry, holes)| self.fill(entry, &holes, deeper)))
    }

    fn fill(&self, entry: &Entry, holes: &[&str], depth: u8) -> String {
        let mut out = String::new();
        for piece in &entry.chinese {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Hole(n, how) => {
                    let hole = holes.get(*n).copied().unwrap_or_default();
                    let chinese = match how {
                        Filled::AsItStands => None,
                        Filled::Translated => self.sentence(hole, true, depth),
                        Filled::List => Some(self.list(hole, depth)),
                        Filled::Code => title(hole).map(|title| format!("{title} {hole}")),
                    };
                    out.push_str(chinese.as_deref().unwrap_or(hole));
                }
            }
        }
        out
    }

    /// A list with each of its parts in turn.
    fn list(&self, text: &str, depth: u8) -> String {
        if let Some(whole) = self.sentence(text, true, depth) {
            return whole;
        }
        for (between, chinese) in [("; ", "；"), (", ", "、"), (" and ", "和"), (" or ", "或")] {
            if text.contains(between) {
                let parts: Vec<String> = text.split(between).map(|p| self.list(p, depth)).collect();
                return parts.join(chinese);
            }
        }
        text.to_owned()
    }
}

/// The title of an issue's code.
fn title(slug: &str) -> Option<&'static str> {
    IssueCode::ALL.iter().find(|c| c.as_str() == slug).map(|c| c.zh())
}

/// A Chinese text by its pieces; what is no hole is text.
fn pieces(text: &str) -> Vec<Piece> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((hole, end)) = after.split_once('}') else { break };
        let (number, how) = match hole.split_once(':') {
            Some((n, "t")) => (n, Filled::Translated),
            Some((n, "l")) => (n, Filled::List),
            Some((n, "c")) => (n, Filled::Code),
            _ => (hole, Filled::AsItStands),
        };
        out.push(Piece::Text(before.to_owned()));
        match number.parse::<usize>().ok().and_then(|n| n.checked_sub(1)) {
            Some(n) => out.push(Piece::Hole(n, how)),
            None => out.push(Piece::Text(format!("{{{hole}}}"))),
        }
        rest = end;
    }
    out.push(Piece::Text(rest.to_owned()));
    out
}

/// A finished sentence in Chinese; `None` where the catalogue has none that fits.
pub fn chinese(english: &str) -> Option<String> {
    if english.len() > SHORT {
        return CATALOGUE.sentence(english, false, DEEPEST);
    }
    MEMORY.with_borrow_mut(|memory| {
        if let Some(known) = memory.get(english) {
            return known.clone();
        }
        if memory.len() >= REMEMBERED {
            memory.clear();
        }
        let said = CATALOGUE.sentence(english, false, DEEPEST);
        memory.insert(english.to_owned(), said.clone());
        said
    })
}

/// A finished sentence in a language: as it is in English, and where the catalogue has no Chinese.
pub fn said(english: &str, lang: Lang) -> Cow<'_, str> {
    match lang {
        Lang::En => None,
        Lang::Zh => chinese(english),
    }
    .map_or(Cow::Borrowed(english), Cow::Owned)
}

/// A finished sentence in both languages, safe for a page, and each cut at so many characters.
pub fn both_cleaned(english: &str, most: usize) -> Both {
    Both::clean(english, &said(english, Lang::Zh), most)
}

/// A word that we give, such as the name of a layer, in a language.
pub fn word(english: &str, lang: Lang) -> String {
    match lang {
        Lang::En => None,
        Lang::Zh => CATALOGUE.sentence(english, true, DEEPEST),
    }
    .unwrap_or_else(|| english.to_owned())
}

/// A finished sentence in both languages.
pub fn both(english: &str) -> Both {
    Both::new(english, said(english, Lang::Zh))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: &str = "the layer {} has no {}\n  图层{1:t}没有{2:t}\nfields: {}\n  字段：{1:l}\n{} pieces\n{#} pieces\n  {1} 块\n\
                         == parts ==\nroads\n  道路\na name\n  名称\n== apart ==\nSELECT 1";

    #[test]
    fn what_is_filled_in_is_put_into_chinese_where_the_entry_says_so() {
        let c = Catalogue::of(&[SMALL]);
        let zh = |text: &str| c.sentence(text, false, DEEPEST);
        assert_eq!(zh("the layer roads has no a name").as_deref(), Some("图层道路没有名称"));
        assert_eq!(zh("the layer mine has no \"x\"").as_deref(), Some("图层mine没有\"x\""));
        assert_eq!(zh("fields: roads, a name and mine").as_deref(), Some("字段：道路、名称和mine"));
        assert_eq!(zh("3 pieces; fields: roads").as_deref(), Some("3 块；字段：道路"));
        assert_eq!(zh("roads"), None); // a part is no sentence
        assert_eq!(zh("3 pieces; and more"), None);
    }

    #[test]
    fn every_hole_of_the_chinese_is_one_of_the_english() {
        for (section, english, text) in FILES.iter().flat_map(|f| lines_of(f)) {
            let holes = Pattern::of(english).holes();
            assert!(section == Section::Apart || !text.is_empty(), "{english}");
            for piece in pieces(text) {
                match piece {
                    Piece::Hole(n, _) => assert!(n < holes, "{english}: {text}"),
                    Piece::Text(t) => assert!(!t.contains("{:") && !t.contains(":t}"), "{english}: {text}"),
                }
            }
        }
    }

    #[test]
    fn no_english_text_has_two_entries() {
        let mut seen = HashMap::new();
        for (section, english, chinese) in FILES.iter().flat_map(|f| lines_of(f)) {
            assert_eq!(seen.insert((english, section == Section::Messages), chinese), None, "{english}");
        }
    }
}
