//! Candidate sites outside every county are told; a plan uses them where a road leads to them.

use crate::issue::{IssueCode, Issues, Layer};
use crate::network::{CountyIndex, NO_COUNTY};
use crate::read::candidate::Candidate;
use rayon::prelude::*;

/// Most that are listed; the rest are counted.
const LISTED: usize = 100;

/// Tells of candidates that lie outside every county; how many there are.
pub fn tell_outside(candidates: &[Candidate], counties: &CountyIndex, issues: &mut Issues) -> usize {
    let outside: Vec<&Candidate> = candidates.par_iter().filter(|c| counties.locate(c.at) == NO_COUNTY).collect();
    for c in outside.iter().take(LISTED) {
        let name = if c.name.is_empty() { &c.id } else { &c.name };
        let what = format!("\"{name}\" lies outside every county; it is used where a road leads to it");
        issues.push(Layer::Candidates, IssueCode::CandidateOutside, c.source.clone(), what);
    }
    if let Some(more) = outside.len().checked_sub(LISTED).filter(|n| *n > 0) {
        let what = format!("and {more} more like these");
        issues.push_many(Layer::Candidates, IssueCode::CandidateOutside, Default::default(), what, more as u64, 0);
    }
    outside.len()
}
