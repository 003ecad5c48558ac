//! Ranks counties by the shortfall, says why each stands where it does, and how sure that is.
//!
//! It knows figures and names, not roads. [`Evidence`] goes in; `stand` makes the ranking, `assess` what surrounds it.
//! Adding an indicator means adding one line to [`INDICATORS`].

mod assess;
#[cfg(test)]
mod assess_tests;
mod by_hand;
mod choose;
pub mod composite;
pub mod cost;
pub mod equity;
mod evidence;
mod figures;
mod indicator;
pub mod limits;
mod missing;
#[cfg(test)]
mod missing_tests;
mod ranking;
pub mod select;
mod settings;
mod spent;
mod stand;
#[cfg(test)]
mod stand_tests;
pub mod trust;
pub mod uncertainty;
mod weights;

pub use crate::config::method_words::Direction;
pub use assess::{Assessment, Sureness, assess};
pub use evidence::{Evidence, JointMember, StationSet, Unit};
pub use figures::{CountyFigures, DemandFigures};
pub use indicator::{INDICATORS, Indicator, PILLARS, is_of_demand};
pub use missing::open_places;
pub use ranking::{OpenPlace, RankRow, Ranking, Reason, ScaleEnds, ScoreEnds, TIE_RULE, Used};
pub use settings::{IndicatorDef, IndicatorOrigin, RankSettings};
pub use stand::{Standing, check_codes, stand};
pub use weights::Weights;
