//! Writes the pages of a round: `round.html`, `map.svg`, and one page a county.

mod book;
mod county_books;
mod county_page;
#[cfg(test)]
mod fixture;
mod locator;
mod map;
mod page;
mod page_names;
mod page_rules;
#[cfg(test)]
mod pages_tests;
mod province_names;
mod score_classes;

use self::book::{Book, below};
use self::county_page::{Common, county};
use self::locator::Locators;
use self::map::map_svg;
use self::page::round_html;
use super::i18n::{Markup, Texts};
use super::report::{environment, fill, style_and_policy};
use crate::error::Result;
use crate::files::atomic::AtomicFolder;
use crate::results::Round;
use minijinja::Value;
use rayon::prelude::*;

const COUNTY: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/maps/county/page.html.j2"));
/// Pages of counties are many, so they have a small style of their own.
const COUNTY_STYLE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/maps/county/style.css"));

/// The map without links.
pub fn map_of(r: Round<'_>) -> String {
    map_svg(&Book::new(r), false)
}

/// Writes the page of the round, and one a county.
///
/// # Errors
/// Environment, when the disk refuses; internal, when templates and texts do not fit each other.
pub fn write_pages(r: Round<'_>, folder: &mut AtomicFolder) -> Result<()> {
    let book = Book::new(r);
    let html = round_html(&book, &map_svg(&book, true))?;
    folder.write("round.html", |w| w.write_all(html.as_bytes()))?;
    folder.write_all(&county_pages(&book)?)
}

/// Names and texts of the pages of counties, by county; the same on any number of threads.
///
/// # Errors
/// Internal, when template and texts do not fit each other.
pub fn county_pages(book: &Book<'_>) -> Result<Vec<(String, Vec<u8>)>> {
    let env = environment("round-county.html.j2", COUNTY, Texts::load()?, Markup::SHORT)?;
    let (css, csp) = style_and_policy(COUNTY_STYLE);
    let common = Common { book, locators: Locators::new(book), style: [css, csp].map(Value::from) };
    let page = |i: usize| {
        let html = fill(&env, "round-county.html.j2", county(&common, i))?;
        Ok((format!("{}{}", below(), book.pages[i]), html.into_bytes()))
    };
    (0..book.pages.len()).into_par_iter().map(page).collect()
}
