//! The road network: nodes where lines share a vertex, edges cut at county borders and at stations, frozen for search.
//!
//! Build, freeze, ask: a [`Draft`] is changed step by step and consumed by [`Draft::freeze`]; a [`RoadNetwork`] never changes.
//! An *edge* is a stretch of road between two nodes, counted once; an *arc* is one direction of it.

mod barriers;
mod borders;
mod counties;
mod crossings;
mod csr;
mod draft;
mod flat;
mod islands;
mod joints;
mod nearby;
mod order;
mod piece;
mod repeats;
pub mod search;
mod sites;
mod snap;
mod view;

pub use barriers::end_at;
pub use borders::{Overlap, cut_at_borders};
pub use counties::{CountyIndex, counties_of};
pub use csr::RoadNetwork;
pub use draft::{Draft, Edge, NO_COUNTY};
pub(crate) use draft::{share, slice_into};
pub use flat::{EdgeRow, FlatDraft};
pub use islands::{Inhabited, Island, remove_islands, remove_uninhabited};
pub use joints::{Crossing, Joining, Joints, NEAR_END_M, NearEnd, join};
pub use order::hilbert_rank;
pub use piece::PieceScratch;
pub use repeats::{Repeats, merge_repeats};
pub use sites::{Placed, split_at};
pub use snap::{Snap, SnapIndex, nearest_of_all};
pub use view::{ArcView, one_way_traps};
