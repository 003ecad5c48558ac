//! The answer of a search for nearest seeds.

use super::{cost_of, label_of};

/// Cost and label of every node.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Reach {
    /// Packed, cost above label.
    pub(super) state: Vec<u64>,
}

impl Reach {
    /// The cost from a node to its nearest seed, or [`super::UNREACHABLE`].
    #[inline]
    pub fn cost(&self, node: u32) -> u32 {
        cost_of(self.state[node as usize])
    }

    /// The label of that seed, or [`super::NO_LABEL`].
    pub fn label(&self, node: u32) -> u32 {
        label_of(self.state[node as usize])
    }

    /// Costs of all nodes.
    pub fn costs(&self) -> impl Iterator<Item = u32> {
        self.state.iter().map(|s| cost_of(*s))
    }

    /// Labels of all nodes.
    pub fn labels(&self) -> impl Iterator<Item = u32> {
        self.state.iter().map(|s| label_of(*s))
    }
}
