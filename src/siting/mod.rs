//! Where to build: the mathematics of siting, in whole numbers. It knows no roads, no money and no programme: rows are what is to be covered,
//! sites are what may be chosen, and every answer comes with a bound that says how far from the best possible it can be at most.
//!
//! - [`Cover`]: rows of equal cover sets merged; which site covers which.
//! - [`most_covered`]: the sites that cover most within a number or a budget (maximal covering location, MCLP).
//! - [`most_served`]: the same where a row counts by how many sites cover it ([`Gains`]: backup, uptime).
//! - [`fewest_sites`]: the fewest or cheapest sites that cover all rows (set covering, LSCP), or so much of their weight.
//! - [`least_distance`]: the sites that all weight is nearest to (p-median); [`least_radius`]: that the farthest is nearest to (p-centre).
//! - [`most_flow`], [`flow_within_capacity`]: the sites that refuel most flow between origins and destinations (flow refuelling).
//! - [`Corridor`]: sites along a route, so that no gap is too long.
//! - [`best_within`], [`ladder()`]: counties and their plans within one budget, and nested over several.
//! - [`most_assigned`]: the sites that serve most when each serves no more than its capacity (the bound is of the assignment).
//! - [`alternatives()`]: plans nearly as good that differ; [`without_each`]: what is lost without each site.
//! - [`most_over_years`]: in which order to build, when money comes year by year.
//! - [`CoverBound`]: multipliers in whole numbers, from which anybody computes the bound again.
//!
//! # References
//! R. Church and C. ReVelle, "The maximal covering location problem", Papers of the Regional Science Association 32, 1974. J. E. Beasley,
//! "Lagrangean heuristics for location problems", EJOR 65(3), 1993. J.-F. Cordeau, F. Furini and I. Ljubić, "Benders decomposition for very
//! large scale partial set covering and maximal covering location problems", EJOR 275(3), 2019.

mod alternatives;
mod bound;
mod capacity;
mod choose;
mod corridor;
mod cover;
mod covered;
mod distance;
mod drive;
mod fewest;
mod flow;
mod gains;
#[cfg(test)]
mod gains_tests;
mod kicks;
mod ladder;
mod limit;
mod proof;
mod reduce;
mod relax;
mod state;
#[cfg(test)]
mod tests;
mod years;

pub use alternatives::{Alternative, Alternatives, Different, LostSite, alternatives, without_each};
pub use bound::CoverBound;
pub use capacity::{AssignmentAnswer, AssignmentBound, assigned, most_assigned};
pub use choose::{Answer, Question, most_covered, most_served};
pub use corridor::{Corridor, Spacing, Unclosed};
pub use cover::{Cover, CoverRows, Within};
pub use covered::Covered;
pub use distance::{
    DistanceAnswer, DistanceBound, DistanceRows, Distances, RadiusAnswer, cover_within, least_distance, least_radius,
};
pub use drive::{Effort, Proof};
pub use fewest::{CostAnswer, CostBound, CostQuestion, Need, fewest_sites};
pub use flow::{
    Assigned, BoundBy, CapacityAnswer, Deviation, FlowAnswer, FlowBound, FlowCut, FlowDistances, FlowEffort, FlowNet, FlowPair,
    Flows, OriginDestination, RangeRule, flow_within_capacity, most_flow,
};
pub use gains::Gains;
pub use ladder::{
    County, Keep, Ladder, LadderEffort, Lost, Offers, PickBound, Picked, Quota, Rung, best_within, ladder, without_each_county,
};
pub use limit::Limit;
pub use reduce::Reduction;
pub use years::{Year, YearsAnswer, YearsQuestion, most_over_years};
