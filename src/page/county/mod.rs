//! A page a county, of a run as of a round: where it stands and why, what it has, what it would take. Small, since a country has
//! thousands.

mod book;
mod books;
mod locator;
mod names;
mod province_names;
mod sheet;
mod tables;
mod words;

pub use book::{Book, Rival};
pub use names::{Pages, below, page_names};

use self::locator::Locators;
use self::sheet::{Common, by_hand, county};
use self::tables::Sections;
use super::base::{COUNTY, Home, Notices, Press};
use crate::error::Result;
use crate::files::lang::Lang;
use rayon::prelude::*;

/// Names and texts of the pages, by county, which open in a language; the same on any number of threads.
///
/// # Errors
/// Internal, when template and texts do not fit each other.
pub fn county_pages(book: &Book<'_>, lang: Lang) -> Result<Vec<(String, Vec<u8>)>> {
    let press = Press::new(&COUNTY)?;
    let notices = Notices::from(&book.r.region);
    let home = if book.round.is_some() { Home::ROUND_ABOVE } else { Home::REPORT_ABOVE };
    let common = Common { book, locators: Locators::new(book), sections: Sections::of(book.r), by_hand: by_hand(book) };
    let page = |(i, name): (usize, &String)| {
        let html = press.print(lang, &notices, Some(home), county(&common, i))?;
        Ok((format!("{}{name}", below()), html.into_bytes()))
    };
    book.pages.names().par_iter().enumerate().map(page).collect()
}
