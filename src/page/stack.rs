//! Tables on narrow screens: a row becomes a block, and each cell says what its column is called. The names stand once in the style of the page, made
//! from the heads of its tables, in both languages; nothing of the table itself is written twice, and no box has to be scrolled.
//!
//! It reads only what our own templates write: one row of heads, cells that lack only at the beginning of a row (where one spans several).

use std::collections::BTreeMap;
use std::fmt::Write;

/// Width of the screen up to which rows are blocks, px.
const NARROW_PX: u32 = 700;

/// The page with a class on each table that has heads, and the style that names their columns.
pub(super) fn stacked(page: &str) -> (String, String) {
    let mut out = String::with_capacity(page.len() + 1024);
    let mut kinds: BTreeMap<Vec<[String; 2]>, usize> = BTreeMap::new();
    let mut css = String::new();
    let mut rest = page;
    while let Some(at) = rest.find("<table") {
        let (before, table) = rest.split_at(at);
        out += before;
        let end = table.find("</table>").map_or(table.len(), |e| e + "</table>".len());
        let (table, after) = table.split_at(end);
        rest = after;
        let Some(heads) = heads(table) else {
            out += table;
            continue;
        };
        let next = kinds.len();
        let kind = *kinds.entry(heads.clone()).or_insert_with(|| {
            css += &rules(next, &heads);
            next
        });
        out += &with_class(table, &format!("st k{kind}"));
    }
    out += rest;
    let css = if css.is_empty() { css } else { format!("@media screen and (max-width:{NARROW_PX}px){{{css}}}") };
    (out, css)
}

/// The names of the columns of a table, in both languages; none where it has no heads.
fn heads(table: &str) -> Option<Vec<[String; 2]>> {
    let head = table.split_once("<thead>")?.1.split_once("</thead>")?.0;
    let cells: Vec<&str> = head.split("<th").skip(1).filter_map(|cell| cell.split_once('>').map(|(_, inner)| inner)).collect();
    let cells = cells.iter().map(|cell| cell.split("</th>").next().unwrap_or(cell));
    Some(cells.map(|cell| [said(cell, "<i lang=zh-Hans>"), said(cell, "<i lang=en>")]).collect())
}

/// The text of a cell without one of its languages.
fn said(cell: &str, but: &str) -> String {
    let mut kept = String::new();
    let mut rest = cell;
    while let Some((before, other)) = rest.split_once(but) {
        kept += before;
        rest = other.split_once("</i>").map_or("", |(_, after)| after);
    }
    kept += rest;
    let mut text = String::new();
    for (i, piece) in kept.split('<').enumerate() {
        text += if i == 0 { piece } else { piece.split_once('>').map_or("", |(_, after)| after) };
    }
    // as minijinja escapes; what an entity stands for is written into the style by its number
    let plain = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&#x2f;", "/"), ("&amp;", "&")];
    plain.iter().fold(text, |t, (entity, of)| t.replace(entity, of)).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What each cell of such a table says before itself. Counted from the end of a row: the first cells may span several.
fn rules(kind: usize, heads: &[[String; 2]]) -> String {
    let mut css = String::new();
    for (i, [en, zh]) in heads.iter().rev().enumerate() {
        if en.is_empty() && zh.is_empty() {
            continue;
        }
        let cell = format!(".k{kind} tbody tr>:nth-last-child({})::before", i + 1);
        let _ = write!(css, "{cell}{{content:\"{}\"}}", quoted(en));
        if zh != en {
            let _ = write!(css, "#lang-zh:checked~* {cell}{{content:\"{}\"}}", quoted(zh));
        }
    }
    css
}

/// A text as it may stand between quotes in a style: letters, digits and spaces as they are, all else of ASCII by its number.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().filter(|c| !c.is_control()) {
        if c.is_ascii_alphanumeric() || c == ' ' || !c.is_ascii() {
            out.push(c);
        } else {
            let _ = write!(out, "\\{:x} ", u32::from(c));
        }
    }
    out
}

/// A table with more classes.
fn with_class(table: &str, more: &str) -> String {
    let (tag, inner) = table.split_once('>').unwrap_or((table, ""));
    match tag.split_once("class=\"") {
        Some((before, after)) => format!("{before}class=\"{more} {after}>{inner}"),
        None => format!("{tag} class=\"{more}\">{inner}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "<table class=\"fit\"><thead><tr><th scope=\"col\"><i lang=en>Code</i><i lang=zh-Hans>代码</i></th>\
        <th><i lang=en>Gap</i><i lang=zh-Hans>缺口</i> <span class=\"soft\">(km)</span></th></tr></thead><tbody><tr><td>1<td>2</table>";

    #[test]
    fn each_cell_says_its_column_in_both_languages() {
        let (page, css) = stacked(&format!("<p>x</p>{TABLE}<p>y</p>{TABLE}"));
        assert_eq!(page.matches("<table class=\"st k0 fit\">").count(), 2, "{page}");
        assert!(page.starts_with("<p>x</p><table") && page.contains("</table><p>y</p><table"), "{page}");
        assert!(
            css.starts_with(
                "@media screen and (max-width:700px){.k0 tbody tr>:nth-last-child(1)::before{content:\"Gap \\28 km\\29 \"}"
            ),
            "{css}"
        );
        assert!(css.contains("#lang-zh:checked~* .k0 tbody tr>:nth-last-child(2)::before{content:\"代码\"}"), "{css}");
        // once for both tables
        assert_eq!(css.matches("content:\"Code\"").count(), 1);
        let none = "<table class=\"half\"><tr><th>a<td>b</table>";
        assert_eq!(stacked(none), (none.to_owned(), String::new()));
    }

    #[test]
    fn what_users_call_a_column_cannot_leave_the_quotes() {
        let head = "<thead><tr><th>&quot;}body{&lt;/style&gt;&lt;script&gt;\\</th></tr></thead>";
        let (_, css) = stacked(&format!("<table>{head}<tr><td>1</table>"));
        let content = css.split("content:\"").nth(1).unwrap().split("\"}").next().unwrap();
        assert_eq!(content, "\\22 \\7d body\\7b \\3c \\2f style\\3e \\3c script\\3e \\5c ");
        assert_eq!(css.matches('"').count(), 2, "{css}");
    }
}
