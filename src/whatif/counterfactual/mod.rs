//! What new charging stations would change for a county: its place, its score, its gap, its people, all computed anew and equal to a
//! full run with the stations among the input. It tries nodes of the network along dead stretches, one station at a time; it is no
//! plan of sites, and knows no cost and no ground.

mod tries;
mod which;
mod words;

use crate::county::scene::Scene;
use crate::error::{Location, Result};
use crate::issue::{IssueCode, Issues, Layer};
use crate::rank::{Assessment, CountyFigures, Evidence, Member, RankSettings, Row};
use crate::read::road::Names;
use crate::space::LonLat;
use std::collections::BTreeMap;
use tries::{Candidate, Tries};
use words::Said;

/// A network of more nodes is not tried on: it would have to be in memory twice.
const MOST_NODES: usize = 3_000_000;
/// Where nobody asked for stations (no line, no county named), networks of more nodes are not tried on either: it would take longer
/// than the rest of the run.
const MOST_NODES_UNASKED: usize = 50_000;
/// Power that a new station is taken to have, kW; what the criteria ask for where that is more.
const POWER_KW: f64 = 120.0;

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

/// What `[rank.counterfactuals]` asks for; nothing, with a note, where the network is too large.
///
/// # Errors
/// Usage, for a county that is not there; internal, when the books are not what they were once all new stations are gone again.
pub fn find(scene: &Scene<'_>, ranked: Ranked<'_>, names: &Names, issues: &mut Issues) -> Result<Vec<Counterfactual>> {
    let stations = ranked.settings.table.counterfactuals.stations;
    if stations == 0 {
        return Ok(Vec::new());
    }
    let (_, joint) = ranked.evidence.joined(&ranked.settings.table)?;
    let units = which::units(ranked, &joint, issues)?;
    let nodes = scene.network.node_count();
    let asked = ranked.settings.table.counterfactuals.counties.is_some() || !ranked.settings.table.lines.is_empty();
    if !asked && nodes > MOST_NODES_UNASKED {
        return Ok(Vec::new());
    }
    if nodes > MOST_NODES {
        let what = format!("no new stations were tried: the network has {nodes} nodes, more than {MOST_NODES}");
        issues.push(Layer::Ranking, IssueCode::CounterfactualLeftOut, Location::default(), what);
        return Ok(Vec::new());
    }
    if units.is_empty() {
        return Ok(Vec::new());
    }
    let mut tries = Tries::new(scene, ranked, names);
    let mut found = Vec::new();
    for unit in units {
        let Some(row) = ranked.assessment.ranking.of(unit) else { continue };
        let members = members(unit, &joint);
        let Some(before) = place(row, &members, ranked.evidence.nominal()) else { continue };
        let best = tries.best(unit, &members, stations)?;
        if !best.is_empty() {
            found.push(Account { scene, ranked, row, before }.told(&best));
        }
    }
    Ok(found)
}

/// The counties of a unit: itself, or all that apply together under it.
fn members(unit: usize, joint: &BTreeMap<usize, Member>) -> Vec<usize> {
    let together: Vec<usize> = joint.iter().filter(|(_, m)| m.lead == unit).map(|(u, _)| *u).collect();
    if together.is_empty() { vec![unit] } else { together }
}

/// Where a unit of these counties stands; none where it is not ranked.
fn place(row: &Row, members: &[usize], figures: &[CountyFigures]) -> Option<Place> {
    Some(Place {
        rank: row.rank?,
        score: row.score?,
        gap_mm: members.iter().map(|m| figures[*m].gap_total_mm()).sum(),
        people_in_gap: members.iter().map(|m| figures[*m].people_in_gap).sum(),
    })
}

/// A unit as things are, to be told what its new stations change.
struct Account<'a> {
    scene: &'a Scene<'a>,
    ranked: Ranked<'a>,
    row: &'a Row,
    before: Place,
}

impl Account<'_> {
    fn told(&self, best: &[(Candidate, Place)]) -> Counterfactual {
        let step = |(k, (candidate, after)): (usize, &(Candidate, Place))| {
            let said = self.said(&best[..=k], *after);
            Step {
                node: candidate.node,
                at: self.scene.network.node(candidate.node),
                road: candidate.road.clone(),
                rank: after.rank,
                score: after.score,
                gap_mm: after.gap_mm,
                people_in_gap: after.people_in_gap,
                sentence_en: said.english(),
                sentence_zh: said.chinese(),
            }
        };
        let steps: Vec<Step> = best.iter().enumerate().map(step).collect();
        let [sentence_en, sentence_zh] = steps.last().map(|s| [s.sentence_en.clone(), s.sentence_zh.clone()]).unwrap_or_default();
        Counterfactual { county: self.row.county, before: self.before, steps, sentence_en, sentence_zh }
    }

    fn said<'s>(&'s self, so_far: &'s [(Candidate, Place)], after: Place) -> Said<'s> {
        let unit = &self.ranked.evidence.units[self.row.county];
        let or = |name: &'s str, other: &'s str| if name.is_empty() { other } else { name };
        let name = or(&unit.name, &unit.code);
        let rows = &self.ranked.assessment.ranking.rows;
        let criteria = self.scene.criteria;
        Said {
            names: [name, or(&unit.name_zh, name)],
            joint: self.row.joint.as_deref(),
            power_kw: POWER_KW.max(criteria.min_power_kw),
            limit: criteria.headline_criterion().label(),
            ranked: rows.iter().filter(|r| r.rank.is_some()).count(),
            raster: self.scene.people.is_some(),
            before: self.before,
            after,
            sites: so_far.iter().map(|(c, _)| (c.road.as_str(), self.scene.network.node(c.node))).collect(),
        }
    }
}

/// Where a county, or a joint application under its lead, stands, and what it is short of for charging at the headline distance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// Place in the ranking.
    pub rank: u32,
    /// Score.
    pub score: f64,
    /// Road in the gap, millimetres.
    pub gap_mm: u64,
    /// People in the gap; those of the raster are not counted anew.
    pub people_in_gap: u64,
}

/// One more new station, and where the county stands with it and those before it.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Node that it stands on.
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
    /// The change by this and the steps before, in English.
    pub sentence_en: String,
    /// The same in Chinese.
    pub sentence_zh: String,
}

/// What new charging stations would change for a county.
#[derive(Clone, Debug, PartialEq)]
pub struct Counterfactual {
    /// County index; of a joint application its lead.
    pub county: usize,
    /// As things are.
    pub before: Place,
    /// The new stations in the order in which they help; at least one.
    pub steps: Vec<Step>,
    /// What all of them change, in English.
    pub sentence_en: String,
    /// The same in Chinese.
    pub sentence_zh: String,
}
