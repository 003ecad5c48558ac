//! Errors and places, as they are told in a language.

use super::{Both, Lang, said};
use crate::error::{Error, Location, printable};

/// A word that stands before a line, such as `error:`.
pub fn label(english: &str, lang: Lang) -> &str {
    match (lang, english) {
        (Lang::En, _) => english,
        (Lang::Zh, "error") => "错误",
        (Lang::Zh, "where") => "位置",
        (Lang::Zh, "next") => "处理",
        (Lang::Zh, "e.g.") => "例如",
        (Lang::Zh, _) => english,
    }
}

/// An error with its place and what to do, without a label before it; safe for a terminal.
pub fn error_text(e: &Error, lang: Lang) -> String {
    if lang == Lang::En {
        return e.to_string();
    }
    let mut out = printable(&said(e.what(), lang));
    let at = place(e.location(), lang);
    if !at.is_empty() {
        out += &format!("\n  {}：{at}", label("where", lang));
    }
    if !e.next().is_empty() {
        out += &format!("\n  {}：{}", label("next", lang), printable(&said(e.next(), lang)));
    }
    out
}

/// A place in the input, as `Location` writes it in English; safe for a terminal.
pub fn place(at: &Location, lang: Lang) -> String {
    if lang == Lang::En {
        return at.to_string();
    }
    let mut parts = Vec::new();
    match (&at.file, at.line, at.column) {
        (Some(file), Some(l), Some(c)) => parts.push(format!("{file}:{l}:{c}")),
        (Some(file), Some(l), None) => parts.push(format!("{file}:{l}")),
        (Some(file), None, _) => parts.push(file.clone()),
        (None, Some(l), _) => parts.push(format!("第 {l} 行")),
        (None, None, _) => {}
    }
    parts.extend(at.feature.map(|n| format!("第 {n} 个要素")));
    parts.extend(at.id.as_ref().map(|id| format!("编号“{id}”")));
    parts.extend(at.field.as_ref().map(|field| format!("字段“{field}”")));
    printable(&parts.join("，"))
}

/// A place in both languages, safe for a page, and each cut at so many characters.
pub fn both_places(at: &Location, most: usize) -> Both {
    Both::clean(&at.to_string(), &place(at, Lang::Zh), most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_told_in_the_language_that_is_asked_for() {
        let e = Error::input("the output exists", "check the path").at(Location::file("a\u{7}").line(3, 0).feature(2).id("x"));
        assert_eq!(error_text(&e, Lang::En), e.to_string());
        assert_eq!(error_text(&e, Lang::Zh), "输出已存在\n  位置：a\\u{7}:3，第 2 个要素，编号“x”\n  处理：请检查路径");
    }

    #[test]
    fn what_the_catalogue_lacks_stays_english() {
        let e = Error::input("nobody wrote this", "");
        assert_eq!(error_text(&e, Lang::Zh), "nobody wrote this");
    }
}
