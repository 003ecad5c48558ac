//! Candidates that are in the plan anyhow, and that nothing could be built at: they are refused by name before anything is planned, where other
//! candidates would only be left out.

use super::candidates::CandidateSite;
use super::ground::PlanNet;
use crate::config::plan::PlanAsked;
use crate::error::{Error, Result};

fn inside(candidates: &[CandidateSite]) -> impl Iterator<Item = (usize, &CandidateSite)> {
    candidates.iter().enumerate().filter(|(_, c)| c.locked == Some(true))
}

fn refuse(c: &CandidateSite, field: &str, why: &str, next: &str) -> Error {
    let what = format!("candidate {} is in the plan anyhow, and {why}", c.id);
    Error::input(what, next).at(c.source.clone().id(c.id.as_str()).field(field))
}

/// Refuses those that hold not one gun.
///
/// # Errors
/// Input, naming the first with its place in the input.
pub(super) fn refuse_too_small(candidates: &[CandidateSite], asked: &PlanAsked) -> Result<()> {
    let Some((_, c)) = inside(candidates).find(|(_, c)| c.fitting(asked.station).is_none()) else { return Ok(()) };
    let (most, gun) = (c.max_kw.unwrap_or(0.0), asked.station.gun_kw);
    let why = format!("only {most} kW may be built there, less than one gun of {gun} kW");
    Err(refuse(c, "max_kw", &why, "raise max_kw, lower [plan] gun_kw, or take it out"))
}

/// Refuses those that no road is near.
///
/// # Errors
/// Input, naming the first with its place in the input.
pub(super) fn refuse_off_road(candidates: &[CandidateSite], net: &PlanNet) -> Result<()> {
    let off = |i: usize| net.candidates.binary_search_by_key(&i, |c| c.0).is_err();
    let Some((_, c)) = inside(candidates).find(|(i, _)| off(*i)) else { return Ok(()) };
    Err(refuse(c, "fixed", "no road is near", "move it to a road, raise [criteria] max_snap_m, or take it out"))
}

/// Refuses those whose cost is not known, where money is limited by a key of `[plan]`.
///
/// # Errors
/// Input, naming the first with its place in the input.
pub(super) fn refuse_without_cost(candidates: &[CandidateSite], key: &str) -> Result<()> {
    let Some((_, c)) = inside(candidates).find(|(_, c)| c.cost.is_none()) else { return Ok(()) };
    let why = format!("it has no cost, and money is limited by [plan] {key}");
    Err(refuse(c, "cost", &why, "give its cost, or [plan] site_cost"))
}
