//! The searches: nearest station, k nearest, catchments. They know arcs and costs, and nothing of roads or stations.
//!
//! Every answer is the one fixed point of its rule, ties included, so it does not depend on the order of work or on the
//! number of threads. `guide::engine` tells how it works, what it cannot do, and what was tried and not kept.

pub(crate) mod arcs;
mod buckets;
mod catchment;
mod k_nearest;
mod live;
mod nearer;
mod nearest;
mod pool;
mod reach;
#[cfg(test)]
mod tests;

pub use arcs::{Arcs, Graph};
pub use catchment::{Catchments, Targets};
pub use k_nearest::KNearest;
pub use live::Live;
pub use nearer::NearerSearch;
pub use nearest::{NearestSearch, Seed};
pub use reach::Reach;

/// The cost of a node from which nothing can be reached.
pub const UNREACHABLE: u32 = u32::MAX;
/// The label of such a node.
pub const NO_LABEL: u32 = u32::MAX;

/// Cost and label as one number that sorts by cost, then by label.
pub(crate) fn pack(cost: u32, label: u32) -> u64 {
    u64::from(cost) << 32 | u64::from(label)
}

/// The cost of a packed state.
pub(crate) fn cost_of(state: u64) -> u32 {
    (state >> 32) as u32
}

/// The label of a packed state.
pub(crate) fn label_of(state: u64) -> u32 {
    state as u32
}

/// The packed states that a cost limit lets pass are below this. Costs end one below [`UNREACHABLE`].
pub(crate) fn states_below(limit: u32) -> u64 {
    pack(limit.min(UNREACHABLE - 1), u32::MAX)
}
