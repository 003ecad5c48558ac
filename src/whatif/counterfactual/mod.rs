//! What new charging stations would change for a county: its place, its score, its gap, its people, all computed anew and equal to a
//! full run with the stations among the input. It tries nodes of the network along dead stretches, one station at a time; it is no
//! plan of sites, and knows no cost and no ground.

mod tries;
mod which;

use crate::error::{Location, Result};
use crate::issue::{IssueCode, Issues, Layer};
use crate::rank::{Assessment, CountyFigures, Evidence, JointMember, RankRow, RankSettings};
use crate::space::LonLat;
use std::collections::BTreeMap;
pub use tries::TrialGround;
use tries::Tries;
pub use which::check_codes;

/// A network of more nodes is not tried on: it would have to be in memory twice.
const MOST_NODES: usize = 3_000_000;
/// Where nobody asked for stations (no line, no county named), networks of more nodes are not tried on either: it would take longer
/// than the rest of the run.
const MOST_NODES_UNASKED: usize = 50_000;
/// Power that a new station is taken to have, kW; what the criteria ask for where that is more.
pub const POWER_KW: f64 = 120.0;

/// A finished ranking.
#[derive(Clone, Copy)]
pub struct Ranked<'a> {
    /// What it is made from.
    pub evidence: &'a Evidence,
    /// How it was asked for.
    pub settings: &'a RankSettings,
    /// The ranking.
    pub assessment: &'a Assessment,
}

/// A county that new stations are tried for, or a joint application: the counties under its lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applicant {
    /// Unit of the ranking.
    pub unit: usize,
    /// Its counties.
    pub members: Vec<usize>,
}

/// Whom `[rank.counterfactuals]` asks for.
///
/// # Errors
/// Usage, for a county that is not there.
pub fn asked(ranked: Ranked<'_>, issues: &mut Issues) -> Result<Vec<Applicant>> {
    if ranked.settings.table.counterfactuals.stations == 0 {
        return Ok(Vec::new());
    }
    let (_, joint) = ranked.evidence.joined(&ranked.settings.table)?;
    let units = which::units(ranked, &joint, issues)?;
    Ok(units.into_iter().map(|unit| Applicant { unit, members: members(unit, &joint) }).collect())
}

/// Whether anybody asked for new stations: by naming counties, or by a line.
pub fn is_asked(ranked: Ranked<'_>) -> bool {
    let table = &ranked.settings.table;
    table.counterfactuals.counties.is_some() || !table.lines.is_empty()
}

/// Whether new stations can be tried on a network of so many nodes; where it is too large, a note says so if anybody asked.
pub fn fits(nodes: usize, is_asked: bool, issues: &mut Issues) -> bool {
    if nodes > MOST_NODES && is_asked {
        let what = format!("no new stations were tried: the network has {nodes} nodes, more than {MOST_NODES}");
        issues.push(Layer::Ranking, IssueCode::CounterfactualLeftOut, Location::default(), what);
    }
    nodes <= if is_asked { MOST_NODES } else { MOST_NODES_UNASKED }
}

/// Tries new stations for some units on one network that has all of their counties, and all that those can touch.
///
/// # Errors
/// As the ranking; internal, when the books are not what they were once all new stations are gone again.
pub fn find(ground: TrialGround<'_>, ranked: Ranked<'_>, asked: &[Applicant]) -> Result<Vec<Counterfactual>> {
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let mut tries = Tries::new(ground, ranked);
    let mut found = Vec::new();
    for Applicant { unit, members } in asked {
        let Some(row) = ranked.assessment.ranking.of(*unit) else { continue };
        let Some(before) = place(row, members, ranked.evidence.nominal()) else { continue };
        let steps = tries.best(*unit, members, ranked.settings.table.counterfactuals.stations)?;
        if !steps.is_empty() {
            found.push(Counterfactual { county: *unit, before, steps });
        }
    }
    Ok(found)
}

/// The counties of a unit: itself, or all that apply together under it.
fn members(unit: usize, joint: &BTreeMap<usize, JointMember>) -> Vec<usize> {
    let together: Vec<usize> = joint.iter().filter(|(_, m)| m.lead == unit).map(|(u, _)| *u).collect();
    if together.is_empty() { vec![unit] } else { together }
}

/// Where a unit of these counties stands; none where it is not ranked.
fn place(row: &RankRow, members: &[usize], figures: &[CountyFigures]) -> Option<UnitPlace> {
    Some(UnitPlace {
        rank: row.rank?,
        score: row.score?,
        gap_mm: members.iter().map(|m| figures[*m].gap_total_mm()).sum(),
        people_in_gap: members.iter().map(|m| figures[*m].people_in_gap).sum(),
    })
}

/// Where a county, or a joint application under its lead, stands, and what it is short of for charging at the headline distance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UnitPlace {
    /// Place in the ranking.
    pub rank: u32,
    /// Score.
    pub score: f64,
    /// Road in the gap, millimetres.
    pub gap_mm: u64,
    /// People in the gap; those of the raster are not counted anew.
    pub people_in_gap: u64,
}

impl StationStep {
    /// Where the unit then stands.
    pub fn after(&self) -> UnitPlace {
        UnitPlace { rank: self.rank, score: self.score, gap_mm: self.gap_mm, people_in_gap: self.people_in_gap }
    }
}

/// One more new station, and where the county stands with it and those before it.
#[derive(Clone, Debug, PartialEq)]
pub struct StationStep {
    /// Node that it stands on, of the network that it was tried on.
    pub node: u32,
    /// Where that is.
    pub at: LonLat,
    /// Name of the road; empty where it has none.
    pub road: String,
    /// Place that the county then has.
    pub rank: u32,
    /// Its score.
    pub score: f64,
    /// Its road in the gap, millimetres.
    pub gap_mm: u64,
    /// Its people in the gap; those of a raster are not counted anew.
    pub people_in_gap: u64,
}

/// What new charging stations would change for a county.
#[derive(Clone, Debug, PartialEq)]
pub struct Counterfactual {
    /// County index; of a joint application its lead.
    pub county: usize,
    /// As things are.
    pub before: UnitPlace,
    /// The new stations in the order in which they help; at least one.
    pub steps: Vec<StationStep>,
}
