//! Changes to a live network, and what new stations would change for a county.

mod changes;
pub mod counterfactual;

pub use changes::WhatIf;
