//! What becomes of flows with some candidates built. Sites go by number: candidates, and behind them the stations that stand.

use crate::siting::{FlowPair, Flows};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What becomes of a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FlowState {
    /// It gets there without charging.
    NeedsNone,
    /// It gets there past stations that stand.
    Before,
    /// It gets there with the sites of the plan.
    WithPlan,
    /// It does not, and would with all candidates.
    Not,
    /// Not even with all candidates.
    Never,
}

impl FlowState {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::NeedsNone, Self::Before, Self::WithPlan, Self::Not, Self::Never];

    /// The name in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NeedsNone => "needs_none",
            Self::Before => "before",
            Self::WithPlan => "with_plan",
            Self::Not => "not",
            Self::Never => "never",
        }
    }
}

/// The stations that stand, behind so many candidates.
pub(super) fn standing(flows: &Flows, own: u32) -> Vec<u32> {
    (own..flows.sites() as u32).collect()
}

/// What becomes of each flow, asked of many.
pub struct FlowStates<'f> {
    flows: &'f Flows,
    /// Sites that stand, and these with the plan.
    there: [Vec<bool>; 2],
    hopeless: BTreeSet<(u32, u32)>,
}

impl<'f> FlowStates<'f> {
    /// With these of `own` candidates.
    pub fn new(flows: &'f Flows, own: u32, chosen: &[u32]) -> Self {
        let stands: Vec<bool> = (0..flows.sites() as u32).map(|s| s >= own).collect();
        let mut built = stands.clone();
        chosen.iter().for_each(|s| built[*s as usize] = true);
        Self { flows, there: [stands, built], hopeless: flows.hopeless.iter().map(|h| (h.0, h.1)).collect() }
    }

    /// What becomes of a pair, and where it stops.
    pub fn of(&self, pair: &FlowPair) -> (FlowState, Vec<u32>) {
        if self.flows.needs_none(pair) {
            return (FlowState::NeedsNone, Vec::new());
        }
        for (there, state) in self.there.iter().zip([FlowState::Before, FlowState::WithPlan]) {
            if let Some(stops) = self.flows.stops(pair.pair, there) {
                return (state, stops);
            }
        }
        let state = if self.hopeless.contains(&pair.pair) { FlowState::Never } else { FlowState::Not };
        (state, Vec::new())
    }
}
