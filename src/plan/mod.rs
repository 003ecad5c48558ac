//! Where to build: candidates on the roads, what each would cover of what is in the gap, which of them to choose within a number or a budget
//! and how far from the best possible that is at most, in which order, and what then holds. The mathematics of the choice is in
//! [`crate::siting`]; what holds with the sites is computed as a run computes it, with the sites among its stations.

mod answers;
mod by_worth;
mod candidates;
mod choose;
mod choose_far;
mod choose_within;
mod corridors;
mod count;
mod far;
mod flows;
mod frame;
mod funding;
mod funding_units;
mod ground;
mod ledger;
mod locked;
mod promise;
mod rows;
mod sinking;
mod site_plan;
mod sizing;
mod weigh;
mod years;

pub use candidates::{CandidateKind, CandidateSite, given};
pub use choose::{CurvePoint, PlanStage, PlanStep, curve_limits, same_cost};
pub use choose_far::{PlanWays, WayRow, most_at};
pub use corridors::{GapAsked, GapProof, LineGroup, PlanCorridors, PlanLine, fewest_along, longest, met, stretches};
pub use count::Count;
pub use flows::{FlowLeg, FlowRow, FlowState, FlowStates, PlanFlows, flow_rule};
pub use funding::{CountyOffer, Funding, FundingRung, OfferGround, OfferSite, county_offers, fund, lost_without};
pub use funding_units::{FundingPrices, FundingRules, FundingUnit, SitesOf, UnitOffers};
pub use ledger::PlanCounty;
pub use promise::{AVAILABILITY, dc_points, new_station};
pub use sinking::least_used;
pub use site_plan::{PlanAlternative, PlanGround, PlanRow, SitePlan, counties_of, plan, refuse_not_counting, weights};
pub use weigh::weighed;
pub use years::{PlanYear, PlanYearCounty};
