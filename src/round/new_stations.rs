//! What new stations would change for counties of a round: each is tried on the piece of network that has it and every county that it
//! can touch, so that no country has to be in memory twice.
//!
//! A station serves up to the longest service distance, so it touches only counties whose surroundings hold cells of the county that it
//! stands in. The piece of those shards has all that bears on their figures; the figures of all others stay as they are.

use super::compute::{Source, computed};
use super::run::Laid;
use crate::error::Result;
use crate::network::{CountyIndex, NO_COUNTY, PieceScratch};
use crate::results::Results;
use crate::space::LonLat;
use crate::space::cells::Cells;
use crate::whatif::counterfactual::{self, Applicant, Counterfactual, Ranked, TrialGround, find, fits};

/// Tries new stations for the counties that `[rank.counterfactuals]` of the round asks for, and enters what they would change. The
/// counties of a round are its shards, in the same order.
///
/// # Errors
/// Usage, for a county that is not in the round; as the ranking; internal, when books do not close.
pub fn try_stations(laid: &mut Laid, results: &mut Results) -> Result<()> {
    laid.plan.ready_for_none(); // it was, for the shards that were computed
    let Laid { all, ground, criteria, plan, .. } = &*laid;
    let source = &Source { ground, all, criteria, plan };
    let ranked = Ranked { evidence: &results.evidence, settings: &results.settings, assessment: &results.assessment };
    let asked = counterfactual::asked(ranked, &mut results.issues)?;
    let could_be_computed: Vec<bool> =
        results.members.iter().map(|m| m.shard.as_ref().is_some_and(|s| s.done.is_some())).collect();
    let pieces: Vec<Vec<usize>> = asked.iter().map(|a| touched(source, a, &could_be_computed)).collect();
    let needed: Vec<usize> = pieces.iter().flatten().copied().collect();
    if needed.is_empty() {
        return Ok(());
    }
    plan.only_for(&ground.draft, &needed);
    let index = CountyIndex::new(&all.counties);
    let mut scratch = PieceScratch::default();
    for (one, shards) in asked.iter().zip(&pieces) {
        let piece = OnPiece { source, index: &index, shards };
        results.counterfactuals.extend(piece.find(one, ranked, &mut results.issues, &mut scratch)?);
    }
    Ok(())
}

/// The shards that a station in the counties of a unit can touch, by number; none where a county of its own could not be computed.
fn touched(source: &Source<'_>, asked: &Applicant, could_be_computed: &[bool]) -> Vec<usize> {
    let shards = &source.plan.shards;
    if !asked.members.iter().all(|m| could_be_computed[*m]) {
        return Vec::new();
    }
    let own = asked.members.iter().map(|m| shards[*m].own.clone()).reduce(|a, b: Cells| a.with(&b)).unwrap_or_default();
    (0..shards.len()).filter(|i| could_be_computed[*i] && shards[*i].cells.meets(&own)).collect()
}

/// The piece of some shards.
struct OnPiece<'a> {
    source: &'a Source<'a>,
    index: &'a CountyIndex,
    /// By number, which is also their number as units of the ranking.
    shards: &'a [usize],
}

impl OnPiece<'_> {
    fn find(
        &self,
        asked: &Applicant,
        ranked: Ranked<'_>,
        issues: &mut crate::issue::Issues,
        scratch: &mut PieceScratch,
    ) -> Result<Vec<Counterfactual>> {
        if self.shards.is_empty() {
            return Ok(Vec::new());
        }
        let scene = computed(self.source, self.shards, scratch)?.scene;
        if !fits(scene.network.node_count(), true, issues) {
            return Ok(Vec::new());
        }
        // the number behind the last stands for all other counties
        let units: Vec<Option<usize>> = self.shards.iter().map(|i| Some(*i)).chain([None]).collect();
        let locate = |at: LonLat| self.county_at(at);
        let ground = TrialGround { scene: &scene, units: &units, locate: &locate, names: &self.source.ground.names };
        find(ground, ranked, std::slice::from_ref(asked))
    }

    /// The county of the piece at a position.
    fn county_at(&self, at: LonLat) -> u32 {
        let county = self.index.locate(at);
        let here = self.shards.binary_search_by_key(&county, |i| self.source.plan.shards[*i].county);
        here.map_or(NO_COUNTY, |i| i as u32)
    }
}
