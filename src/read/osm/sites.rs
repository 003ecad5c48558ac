//! Candidate sites of an extract: nodes and areas whose tags make them one of the kinds of places that are asked for.

use super::boundary::chinese;
use super::charging::Extract;
use super::passes::TaggedPoint;
use crate::config::candidate_kinds::CandidateKinds;
use crate::issue::{IssueCode, Issues, Layer};
use crate::read::candidate::Candidate;

/// `access` values of places that are closed to the public.
const CLOSED: &[&str] = &["no", "private"];

/// All candidate sites, nodes before areas, each by id.
pub fn candidates(extract: &Extract<'_>, kinds: CandidateKinds, issues: &mut Issues) -> Vec<Candidate> {
    if kinds.is_empty() {
        return Vec::new();
    }
    let mut all = extract.needed.sites.clone();
    issues.count_mut(Layer::Candidates).read += (all.len() + extract.ways.sites.len()) as u64;
    for area in &extract.ways.sites {
        match extract.of_way(area).0 {
            Some(at) => all.push(TaggedPoint { id: area.id, kind: "way", at, tags: area.tags.clone() }),
            None => {
                let what = format!("its {} are missing from the extract, so it has no position", "nodes");
                let here = extract.at.clone().id(format!("way/{}", area.id));
                issues.push(Layer::Candidates, IssueCode::PositionMissing, here, what);
            }
        }
    }
    let is_closed = |p: &TaggedPoint| p.tags.get("access").is_some_and(|access| CLOSED.contains(&access));
    let (closed, open): (Vec<TaggedPoint>, Vec<TaggedPoint>) = all.into_iter().partition(is_closed);
    if let Some(first) = closed.first() {
        let n = closed.len() as u64;
        let what = format!("{n} places are closed to the public (access=private or no) and are no candidates");
        let here = extract.at.clone().id(format!("{}/{}", first.kind, first.id));
        issues.push_many(Layer::Candidates, IssueCode::OtherKind, here, what, n, 0);
    }
    issues.count_mut(Layer::Candidates).used += open.len() as u64;
    let candidate = |p: &TaggedPoint| {
        let id = format!("{}/{}", p.kind, p.id);
        let text = |key: &str| p.tags.get(key).unwrap_or_default().to_owned();
        Candidate {
            name: p.tags.get("name:en").map_or_else(|| text("name"), str::to_owned),
            name_zh: chinese(&p.tags),
            kind: kinds.of_tags(|key| p.tags.get(key)).unwrap_or_default().to_owned(),
            at: p.at,
            source: extract.at.clone().id(id.as_str()).on_ground(p.at),
            id,
            ..Candidate::default()
        }
    };
    open.iter().map(candidate).collect()
}
