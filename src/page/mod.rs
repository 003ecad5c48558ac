//! Pages and maps: plain data in, HTML or SVG out.

pub mod applicant;
pub(crate) mod base;
pub mod check;
pub mod county;
pub mod diff;
pub(crate) mod funding;
pub mod i18n;
pub mod line_page;
mod line_sheet;
pub mod live;
pub mod live_link;
pub mod map;
pub mod rank_words;
pub mod report;
pub mod round;
mod stack;
pub mod svg;
#[cfg(test)]
mod texts_tests;

use self::county::Book;
use self::round::RoundBook;
use crate::error::Result;
use crate::files::atomic::AtomicFolder;
use crate::files::lang::Lang;
use crate::results::Results;

/// The map: a region draws its roads, a round its counties.
pub fn map_of(r: &Results) -> String {
    let book = Book::new(r);
    match (r.as_run(), RoundBook::of(&book)) {
        (Some(run), _) => map::map_svg(&run),
        (_, Some(round)) => round::map_svg(&round, false),
        _ => String::new(),
    }
}

/// Writes the map, the page for people in the language that it opens in, and a page a county.
///
/// # Errors
/// Environment, when the disk refuses; internal, when templates and texts do not fit each other.
pub fn write_pages(r: &Results, (map, lang): (&str, Lang), folder: &mut AtomicFolder) -> Result<()> {
    let book = Book::new(r);
    folder.write("map.svg", |w| w.write_all(map.as_bytes()))?;
    if let Some(run) = r.as_run() {
        let html = report::report_html(&run, map, lang)?;
        folder.write("report.html", |w| w.write_all(html.as_bytes()))?;
    }
    if let Some(round) = RoundBook::of(&book) {
        let html = round::round_html(&round, &round::map_svg(&round, true), lang)?;
        folder.write("round.html", |w| w.write_all(html.as_bytes()))?;
        folder.write_all(&applicant::applicant_pages(round.r, lang)?)?;
    }
    if r.output.wants(live_link::NAME) {
        let html = live::live_html(r, lang)?;
        folder.write(live_link::FILE, |w| w.write_all(html.as_bytes()))?;
    }
    folder.write_all(&county::county_pages(&book, lang)?)
}
