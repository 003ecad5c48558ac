//! What is written of the lines of gaps: the part of the criteria that writers take.

use super::key::Keys;
use super::region_file::{GapOutput, RegionFile};
use crate::error::Result;

/// Which gap lines are written, and how exactly.
#[derive(Clone, Debug)]
pub struct Writing {
    /// Which criteria get gap lines.
    pub gap_output: GapOutput,
    /// Gap lines are drawn within so many metres of the road; 0 draws every vertex.
    pub simplify_m: f64,
}

impl Writing {
    /// That of `[output]`.
    pub(super) fn of(file: &RegionFile) -> Result<Self> {
        let simplify_m = match file.output.simplify_m.unwrap_or(0.0) {
            m if (0.0..=100.0).contains(&m) => m,
            m => {
                let what = format!("{m} m is too much to move a road");
                return Err(Keys::of(file).bad("output.simplify_m", what, "give 0 to 100"));
            }
        };
        Ok(Self { gap_output: file.output.gaps, simplify_m })
    }
}
