//! Covering on a network of numbers, from its file to a plan with its bound: catchments of the sites, rows of what the same sites cover, the
//! choice. `graph.bin` is what `bench.rs` says; of its settlements and sites every so-manieth is taken, as many as asked.

use super::graph_file::GraphFile;
use chargegap::internals::engine::{Catchments, Targets};
use chargegap::internals::error::Result;
use chargegap::internals::siting::{Cover, CoverRows};
use std::path::Path;

/// What is asked of a network.
pub struct OfNetwork<'a> {
    pub folder: &'a Path,
    pub places: usize,
    pub sites: usize,
    /// Reach of a site.
    pub km: u32,
}

/// The rows: what the same sites cover within the reach, with its people; pairs of place and site; and rows before merging.
pub fn rows(asked: &OfNetwork<'_>) -> Result<(Cover, usize, u64)> {
    let file = GraphFile::open(&asked.folder.join("graph.bin"))?;
    let rank = file.rank()?;
    let pick = |all: &[u32], n: usize| -> Vec<u32> { (0..n.min(all.len())).map(|i| all[i * all.len() / n]).collect() };
    let [places, people] = [file.nodes(1, &rank)?, file.people()?].map(|all| pick(&all, asked.places));
    let sites = pick(&file.nodes(2, &rank)?, asked.sites);
    let graph = file.graph(&rank, 2)?;
    drop(rank);
    let targets = Targets::new(graph.arcs().nodes(), &places);
    let near = |_: usize, pairs: &[(u32, u32)]| pairs.iter().map(|(place, _)| *place).collect::<Vec<u32>>();
    let found = Catchments::new(graph.arcs(), &targets, asked.km * 10_000).map(&sites, near);
    drop((graph, targets));
    // by place the sites that reach it, rising
    let mut first = vec![0u32; places.len() + 1];
    found.iter().flatten().for_each(|place| first[*place as usize + 1] += 1);
    (0..places.len()).for_each(|i| first[i + 1] += first[i]);
    let pairs = first.last().copied().unwrap_or(0) as usize;
    let (mut next, mut of) = (first.clone(), vec![0u32; pairs]);
    for (site, reached) in (0u32..).zip(found) {
        for place in reached {
            let at = &mut next[place as usize];
            of[*at as usize] = site;
            *at += 1;
        }
    }
    let mut rows = CoverRows::default();
    for (i, people) in people.iter().enumerate() {
        rows.add(&of[first[i] as usize..first[i + 1] as usize], u64::from(*people));
    }
    let added = rows.added;
    drop((of, first, next));
    Ok((rows.freeze(sites.len()), pairs, added))
}
