//! Tests of the pages of a round as a whole: links, bytes, hostile names.

use super::fixture::{BAD_CODE, QUOTAS, round};
use super::{RoundBook, map_svg, round_html};
use crate::files::lang::Lang;
use crate::page::county::{Book, Rival, county_pages};
use crate::page::line_page::line_html;
use crate::rank::select::Why;
use crate::results::Round;
use std::collections::BTreeSet;

/// All pages, by name.
fn pages(r: Round<'_>) -> Vec<(String, String)> {
    let book = Book::new(r.results);
    let counties =
        county_pages(&book, Lang::En).unwrap().into_iter().map(|(name, bytes)| (name, String::from_utf8(bytes).unwrap()));
    let round = RoundBook::of(&book).unwrap();
    let round = ("round.html".to_owned(), round_html(&round, &map_svg(&round, true), Lang::En).unwrap());
    let line = line_html(&book.view, &r.region, Lang::En).unwrap().map(|html| ("line.html".to_owned(), html));
    std::iter::once(round).chain(line).chain(counties).collect()
}

fn find(r: Round<'_>, code: &str) -> usize {
    r.members.iter().position(|m| m.county.code == code).unwrap()
}

#[test]
fn a_county_is_held_against_those_it_competes_with() {
    let r = round(QUOTAS);
    let book = Book::new(r.results);
    // of two counties and one place the one has it and the other has not, so each is held against the other
    for province in [["110101", "110102"], ["120101", "120102"]] {
        let mut pair = province.map(|code| find(r, code));
        if !r.part.choices[pair[0]].why.is_selected() {
            pair.reverse();
        }
        let [chosen, other] = pair;
        assert_eq!((r.part.choices[chosen].why, r.part.choices[other].why), (Why::Selected, Why::QuotaUsed));
        assert_eq!(book.rival(other), Some(Rival::LastOfProvince(chosen)));
        assert_eq!(book.rival(chosen), Some(Rival::NextBelow(other)));
        assert!(book.short(other, Rival::LastOfProvince(chosen)).unwrap() >= 0.0);
    }
    // the first has the station in its middle, and all of its road within 10 km of it; so the second is selected
    assert!(r.part.choices[find(r, "110102")].why.is_selected());
    // its province has no quota: there is nobody to compete with
    let bad = find(r, BAD_CODE);
    assert_eq!((r.part.choices[bad].why, book.rival(bad)), (Why::NoQuota, None));
}

#[test]
fn with_places_only_everybody_is_held_against_the_last_one() {
    let r = round("[select]\nplaces = 2\n");
    let book = Book::new(r.results);
    let ranked: Vec<usize> = book.view.ranked().iter().map(|row| row.county).collect();
    assert_eq!(ranked.len(), 5);
    // the first two have the places; the third is the first that has none
    assert_eq!(ranked[..2].iter().map(|i| book.rival(*i)).collect::<Vec<_>>(), [Some(Rival::NextBelow(ranked[2])); 2]);
    assert_eq!(ranked[2..].iter().map(|i| book.rival(*i)).collect::<Vec<_>>(), [Some(Rival::Last(ranked[1])); 3]);
    // the points short are those of selection.csv, which goes by scores and not by counties
    for i in &ranked[2..] {
        let last = r.lines().last_score(book.province(*i), r.part.choices[*i].why).unwrap();
        assert_eq!(book.short(*i, book.rival(*i).unwrap()), book.rows[*i].score.map(|own| last - own));
    }
}

#[test]
fn nobody_is_a_rival_where_nobody_is_selected() {
    let r = round("");
    let book = Book::new(r.results);
    assert!((0..5).all(|i| book.rival(i).is_none()));
    assert!(pages(r)[0].1.contains("This round ranks 5 counties and selects nobody"));
}

/// Values of `href`, with the escapes of the templates undone.
fn links(html: &str) -> Vec<String> {
    let values = html.split("href=\"").skip(1).filter_map(|rest| rest.split_once('"'));
    values.map(|(v, _)| v.replace("&#x2f;", "/")).collect()
}

#[test]
fn every_link_leads_to_a_file_or_a_place_on_the_page() {
    let r = round(QUOTAS);
    let pages = pages(r);
    let written: BTreeSet<&str> = pages.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(written.len(), 7); // the round, the counties near its line, and five counties
    let mut followed = BTreeSet::new();
    for (name, html) in &pages {
        for link in links(html) {
            // the map is written by itself
            if link.trim_start_matches("../").split('#').next() == Some("map.html") {
                continue;
            }
            if let Some(id) = link.strip_prefix('#') {
                assert!(html.contains(&format!("id=\"{id}\"")), "{name}: {link}");
                continue;
            }
            let inside = name.starts_with("counties/");
            let target = match link.strip_prefix("../") {
                Some(up) if inside => up.to_owned(),
                _ if inside => format!("counties/{link}"),
                _ => link.clone(),
            };
            assert!(written.contains(target.as_str()), "{name}: {link}");
            followed.insert(target);
        }
    }
    // and every page can be come to
    assert_eq!(followed.iter().map(String::as_str).collect::<BTreeSet<_>>(), written);
}

#[test]
fn hostile_names_are_text_on_every_page() {
    let r = round(QUOTAS);
    for (name, html) in pages(r) {
        for live in ["<script", "<svg onload", "<img", "\" onload=", "style=\"", "\u{202e}", "\0", "href=\"http", "javascript:"] {
            assert!(!html.contains(live), "{name}: {live}");
        }
        assert!(html.contains("&lt;script&gt;alert(1)"), "{name}"); // the name of the round
        assert_eq!(html.matches("<style").count(), 1);
    }
}

#[test]
fn the_map_has_no_script_no_style_and_only_links_to_pages() {
    let r = round(QUOTAS);
    let book = Book::new(r.results);
    for linked in [false, true] {
        let svg = map_svg(&RoundBook::of(&book).unwrap(), linked);
        let doc = roxmltree::Document::parse(&svg).unwrap();
        let known = ["svg", "title", "desc", "clipPath", "rect", "g", "path", "text", "tspan", "a"];
        assert!(doc.descendants().filter(|n| n.is_element()).all(|n| known.contains(&n.tag_name().name())));
        let hrefs = doc.descendants().filter_map(|n| n.attribute("href")).count();
        assert_eq!(hrefs, if linked { 5 } else { 0 });
        for a in doc.descendants().flat_map(|n| n.attributes()) {
            assert!(!a.name().starts_with("on") && !["style", "class"].contains(&a.name()), "{}", a.name());
            assert!(a.name() != "id" || a.value().starts_with("cgmap-"), "{}", a.value());
        }
        assert!(svg.contains("审图号") && svg.contains("SYNTHETIC DATA"));
    }
}

#[test]
fn the_same_round_gives_the_same_bytes_on_any_number_of_threads() {
    let r = round(QUOTAS);
    let with = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(|| pages(r));
    assert_eq!(with(1), with(4));
}

#[test]
fn both_languages_are_on_every_page() {
    for (name, html) in pages(round(QUOTAS)) {
        let [en, zh] = ["<i lang=en>", "<i lang=zh-Hans>"];
        assert_eq!(html.matches(en).count(), html.matches(zh).count(), "{name}");
        assert!(html.matches(en).count() > 50, "{name}");
    }
}
