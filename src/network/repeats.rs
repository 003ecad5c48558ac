//! Roads drawn twice: edges with the same ends and the same geometry, of which one is kept.
//!
//! Real layers hold them: TIGER repeats a highway under each of its names. Counted twice, they would double a county's
//! road and its gap. Only identical geometry is merged; carriageways side by side stay two.

use super::draft::{Draft, Edge};
use crate::read::road::{Names, Roads};
use crate::read::road_reference::references;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Repeated edges and their length in millimetres, by the name kept and the name that gave way.
pub type Repeats = BTreeMap<(String, String), (u64, u64)>;

/// Takes out every edge that another one repeats.
///
/// Kept is the one of the higher class, then open both ways, then the faster, then the one with a name, the names in
/// order. A one-way edge gives way to another of its own direction or to one open both ways; never to the opposite way.
/// Numbers of the road that gives way go to the one that is kept: a highway is there under each of its numbers.
pub fn merge_repeats(draft: &mut Draft, roads: &mut Roads) -> Repeats {
    // sorted, not hashed: a list for each of all edges would cost more than all the rest
    let ends = |e: &Edge| (u64::from(e.tail.min(e.head)) << 32 | u64::from(e.tail.max(e.head)), e.length_mm);
    let mut order: Vec<_> = (0u32..).zip(&draft.edges).map(|(i, e)| (ends(e), i)).collect();
    order.par_sort_unstable();
    let name = |e: &Edge| roads.names.get(e.name);
    let mut gone = vec![false; draft.edges.len()];
    let mut repeats = Repeats::new();
    let mut numbers: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for group in order.chunk_by(|a, b| a.0 == b.0).filter(|g| g.len() > 1) {
        let mut group: Vec<usize> = group.iter().map(|(_, i)| *i as usize).collect();
        group.sort_by_key(|i| {
            let e = &draft.edges[*i];
            (e.class, e.oneway, e.time_ms, name(e).is_empty(), name(e), *i)
        });
        for k in 1..group.len() {
            let e = &draft.edges[group[k]];
            let keeper = group[..k].iter().copied().filter(|j| !gone[*j]).find(|j| covers(draft, &draft.edges[*j], e));
            if let Some(j) = keeper {
                gone[group[k]] = true;
                let cell = repeats.entry((name(&draft.edges[j]).to_owned(), name(e).to_owned())).or_default();
                cell.0 += 1;
                cell.1 += u64::from(e.length_mm);
                numbers.entry(j).or_default().push(group[k]);
            }
        }
    }
    for (kept, gone) in numbers {
        take_numbers(draft, &mut roads.names, kept, &gone);
    }
    let mut at = 0;
    draft.edges.retain(|_| {
        at += 1;
        !gone[at - 1]
    });
    repeats
}

/// Gives an edge the numbers of others, beside its own.
fn take_numbers(draft: &mut Draft, names: &mut Names, kept: usize, gone: &[usize]) {
    let numbers = |i: usize| {
        let e = &draft.edges[i];
        [e.name, e.reference].into_iter().flat_map(|n| references(names.get(n)))
    };
    let own: Vec<String> = numbers(kept).collect();
    let mut more: Vec<String> = gone.iter().flat_map(|i| numbers(*i)).filter(|n| !own.contains(n)).collect();
    if more.is_empty() {
        return;
    }
    more.extend(references(names.get(draft.edges[kept].reference)));
    more.sort_unstable();
    more.dedup();
    draft.edges[kept].reference = names.intern(&more.join(";"));
}

/// Whether `kept` has the geometry of `other` and may be driven every way that `other` may.
fn covers(draft: &Draft, kept: &Edge, other: &Edge) -> bool {
    let (a, b) = (draft.line(kept), draft.line(other));
    let along = a == b;
    let against = a.len() == b.len() && a.iter().eq(b.iter().rev());
    match (kept.oneway, other.oneway) {
        (false, _) => along || against,
        (true, true) => along,
        (true, false) => false,
    }
}
