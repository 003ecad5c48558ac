//! Writes the pages of a round: `round.html`, `map.svg`, and one page a county.

use super::super::folder::AtomicFolder;
use super::super::i18n::{Markup, Texts};
use super::super::report::{environment, fill, style_and_policy};
use super::book::{Book, below};
use super::county_page::{Common, county};
use super::locator::Locators;
use super::map::map_svg;
use super::page::round_html;
use crate::error::Result;
use crate::round::merge::Round;
use minijinja::Value;
use rayon::prelude::*;

const COUNTY: &str = include_str!("../../../maps/round-county.html.j2");
/// Pages of counties are many, so they have a small style of their own.
const COUNTY_STYLE: &str = include_str!("../../../maps/round-county.css");

/// Writes all pages.
///
/// # Errors
/// Environment, when the disk refuses; internal, when templates and texts do not fit each other.
pub fn write_pages(r: &Round, folder: &mut AtomicFolder) -> Result<()> {
    let book = Book::new(r);
    let svg = map_svg(&book, false);
    folder.write("map.svg", |w| w.write_all(svg.as_bytes()))?;
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
