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
use super::base::{COUNTY, Home, Notices, Press};
use crate::error::Result;
use crate::files::atomic::AtomicFolder;
use crate::files::lang::Lang;
use crate::results::Round;
use rayon::prelude::*;

/// The map without links.
pub fn map_of(r: Round<'_>) -> String {
    map_svg(&Book::new(r), false)
}

/// Writes the page of the round and one a county, which open in a language.
///
/// # Errors
/// Environment, when the disk refuses; internal, when templates and texts do not fit each other.
pub fn write_pages(r: Round<'_>, lang: Lang, folder: &mut AtomicFolder) -> Result<()> {
    let book = Book::new(r);
    let html = round_html(&book, &map_svg(&book, true), lang)?;
    folder.write("round.html", |w| w.write_all(html.as_bytes()))?;
    folder.write_all(&county_pages(&book, lang)?)
}

/// Names and texts of the pages of counties, by county; the same on any number of threads.
///
/// # Errors
/// Internal, when template and texts do not fit each other.
pub fn county_pages(book: &Book<'_>, lang: Lang) -> Result<Vec<(String, Vec<u8>)>> {
    let press = Press::new(&COUNTY)?;
    let notices = Notices::from(&book.r.region);
    let common = Common { book, locators: Locators::new(book) };
    let page = |i: usize| {
        let html = press.print(lang, &notices, Some(Home::ROUND_ABOVE), county(&common, i))?;
        Ok((format!("{}{}", below(), book.pages[i]), html.into_bytes()))
    };
    (0..book.pages.len()).into_par_iter().map(page).collect()
}
