//! Pages and maps: plain data in, HTML or SVG out.

pub(crate) mod base;
pub mod check;
pub mod diff;
pub mod i18n;
pub mod line_page;
mod line_sheet;
pub mod map;
pub mod rank_words;
pub mod report;
pub mod round;
pub mod svg;
#[cfg(test)]
mod texts_tests;
