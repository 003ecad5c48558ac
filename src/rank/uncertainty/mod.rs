//! How far ranks move when the choices behind them move: ranges of ranks, chances at a funding line, and which choice matters.
//!
//! It works on columns that are already on the 0–100 scale and knows nothing of roads, counties or how the columns came about.
//! A [`Model`] is built once and checked; after that a *draw* is a vector of numbers in [0, 1), one a factor, and everything
//! here is a way of choosing draws. A range is what the varied choices do to a rank, not a confidence interval.
//!
//! # References
//! Saisana, Saltelli and Tarantola, *Uncertainty and sensitivity analysis techniques as tools for the quality assessment of
//! composite indicators*, J. R. Stat. Soc. A 168(2), 2005; OECD/JRC, *Handbook on Constructing Composite Indicators*, 2008, §7;
//! Becker et al., *COINr*, JOSS 7(78), 4567, 2022.

mod check;
mod copeland;
mod evaluate;
mod factor;
mod leave_out;
mod lines;
mod model;
mod place;
mod random;
mod replicates;
mod reversal;
mod run;
mod sensitivity;
mod sobol;

#[cfg(test)]
mod oracle;
#[cfg(test)]
mod scenes;

pub use evaluate::{FLOOR, Scratch};
pub use factor::{Factor, FactorKind, Scope};
pub use leave_out::{CrossedLine, IndexPart, LeftOut, leave_out};
pub use lines::{Band, BudgetRule, Line, LineKind, Lines};
pub use model::{ColumnShift, MAX_COPELAND_STEPS, MAX_UNITS, Model, ModelParts, Replicates, Setting, StandIn, Variant};
pub use reversal::{Reversal, Reversed, rank_reversal};
pub use run::{LineOut, RANGE_LABEL, Settings, Uncertainty, UnitChance, UnitRange};
pub use sensitivity::{Sensitivity, SensitivitySettings, sensitivity};
pub use sobol::{Index, Indices, sobol};
