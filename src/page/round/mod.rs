//! The page of a round and its map.

#[cfg(test)]
mod fixture;
mod map;
mod needs;
mod page;
#[cfg(test)]
mod pages_tests;
mod rules;
mod score_classes;

pub use map::map_svg;
pub use page::round_html;

use super::county::Book;
use crate::results::Round;

/// A round, looked up.
pub struct RoundBook<'a> {
    /// The round.
    pub r: Round<'a>,
    book: &'a Book<'a>,
}

impl<'a> RoundBook<'a> {
    /// Of results that were looked up; none of a run.
    pub fn of(book: &'a Book<'a>) -> Option<Self> {
        Some(Self { r: book.round?, book })
    }
}

impl<'a> std::ops::Deref for RoundBook<'a> {
    type Target = Book<'a>;

    fn deref(&self) -> &Book<'a> {
        self.book
    }
}
