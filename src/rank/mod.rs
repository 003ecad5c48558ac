//! Ranks counties by the shortfall: indicators, min–max, weights, a total order, and why each county stands where it does.
//!
//! It knows figures and names, not roads. Adding an indicator means adding one line to [`INDICATORS`].

pub mod composite;
pub mod equity;
mod figures;
mod indicator;
mod score;
pub mod trust;
pub mod uncertainty;

pub use composite::Direction;
pub use figures::CountyFigures;
pub use indicator::{INDICATORS, Indicator};
pub use score::{Ranking, Reason, Row, TIE_RULE, Used, Weights, rank};
