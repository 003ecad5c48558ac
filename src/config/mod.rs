//! What the user asked for: `region.toml` as typed, and the criteria it means.
//!
//! [`region_file`] is the text, checked key by key; [`criteria`] is its meaning in integer units.

pub mod accept;
pub mod applicants;
pub mod bounds;
pub mod candidate_kinds;
pub mod class;
pub mod criteria;
pub mod demand;
mod demand_defaults;
pub mod demand_notes;
pub mod demand_table;
pub mod goalposts;
pub mod goalposts_seal;
mod how;
mod key;
pub mod language;
pub mod method_words;
pub mod named_columns;
pub mod output;
pub mod override_table;
pub(crate) mod overrides;
mod path_words;
pub mod people;
pub mod plan;
pub mod plan_corridors;
pub mod plan_counting;
pub mod plan_table;
pub mod plan_years;
pub mod population;
pub mod programme_codes;
pub mod programme_table;
pub mod rank_table;
mod reading;
pub mod region_file;
pub mod round_file;
pub mod schema;
mod service;
mod serving;
pub mod station_words;
mod text_file;
pub mod toml_text;
pub mod traffic;
pub mod vehicle_class;
mod writing;

pub use class::{RoadClass, SpeedTable};
pub use criteria::{Criteria, Criterion};
pub use how::How;
pub use output::Output;
pub use rank_table::RankTable;
pub use reading::Reading;
pub use region_file::RegionFile;
pub use round_file::RoundFile;
pub use service::{ByService, Service, Services};
pub use serving::Serving;
pub use writing::Writing;
