//! Rules of funding programmes as data: what has to be built, how it is judged, what is paid, and where each figure stands.
//!
//! A [`Profile`] is one TOML file: facts with their sources and how sure they are, rules of four [shapes](Shape) that name facts, gates,
//! the table of the reward. Nothing of a programme is a constant of the program. What a source does not say is a fact without a value:
//! who uses the profile sets it, and a rule that needs it says so.
//!
//! What is not known of a station makes a test [neither yes nor no](Answer), and every [`Verdict`] is given both ways.

mod along;
mod check;
mod doubt;
mod fit;
mod gates;
mod given;
mod list;
mod period;
mod piles;
mod print;
mod profile;
mod qualify;
mod reward;
mod rule;
#[cfg(test)]
mod table_tests;
mod told;
mod units;
mod utilisation;
mod verdict;

pub use along::{CorridorInCounty, CorridorVerdict, LineVerdict, along, along_counties};
pub use doubt::{YearRange, reward_range};
pub use fit::{recode, strict_fit, tell_unmet_roads};
pub use gates::{Applicant, Eligibility, GateAnswer, Gates, Kind, Least, Member, Never, Refusal, eligibility, gate_answers};
pub use list::{EMBEDDED, Programmes, corridors_asked, embedded, of_region};
pub use period::{Commissioned, Forecast, NewFacility, YearForecast, days_in_operation, forecast};
pub use piles::{Pile, PileCount, PileRule, Piles, V2gPiles, station_piles, v2g_piles};
pub use print::{list_text, text};
pub use profile::{Fact, Mark, Profile, Source, Unpublished, Value};
pub use qualify::{Answer, MOST_AC_KW, Missing, Offer, Offered, Test, near_enough, qualifies};
pub use reward::{Class, ClassOf, NextTier, Reward, Tier, class_of, tier, total_yuan};
pub use rule::{Filter, Per, Rule, Shape, Unit, VehicleKind};
pub use told::{ProgrammeTold, StandIn};
pub use units::{each_place, each_unit, for_vehicles};
pub use utilisation::{InOperation, Utilisation};
pub use verdict::{Both, Count, Intervals, Measure, Met, Verdict, each, gap, ratio, reach};
