//! Flow refuelling: which sites let most of the flow between origins and destinations go on, when a vehicle gets only so far.
//!
//! A trip is refuelled when a way leads from its origin past chosen sites to its destination on which no leg is longer than the range. Paths
//! are never listed. What is not refuelled has a cut: sites that are not chosen, of which every way needs one.
//!
//! # References
//! M. Kuby and S. Lim, "The flow-refueling location problem for alternative-fuel vehicles", Socio-Economic Planning Sciences 39(2), 2005.
//! O. Arslan, O. E. Karaşan, A. R. Mahjoub and H. Yaman, "A branch-and-cut algorithm for the alternative fuel refueling station location
//! problem with routing", Transportation Science 53(4), 2019.

mod bound;
mod capacity;
mod choose;
mod cuts;
mod distances;
mod net;
mod proof;
mod seek;
mod state;
mod trips;

#[cfg(test)]
mod tests;

pub use bound::{FlowBound, FlowCut};
pub use capacity::{Assigned, BoundBy, CapacityAnswer, flow_within_capacity};
pub use choose::{FlowAnswer, FlowEffort, most_flow};
pub use distances::{FlowDistances, FlowPair};
pub use net::FlowNet;
pub use trips::{Deviation, Flows, OriginDestination, RangeRule};
