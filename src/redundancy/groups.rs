//! Stations that look like one, in groups: one that is alike with any of a group and stands close to it is of it, so the order in which
//! stations were read makes no difference.

use crate::config::Service;
use crate::engine::NO_LABEL;
use crate::place::doubts::{SAME_PLACE_M, alike, key};
use crate::place::{Site, StationOut};
use crate::space::PointIndex;
use std::collections::BTreeMap;

/// The groups of the charging stations that are used. A label rises with the id of the group, which is the lowest of its stations; of
/// equal ids the place decides.
#[derive(Debug)]
pub(super) struct Groups {
    /// Label of each station; [`NO_LABEL`] for one that is not used for charging.
    of: Vec<u32>,
    /// The station that each label is named after.
    named: Vec<u32>,
}

impl Groups {
    /// Those of the stations that stand on sites.
    pub(super) fn new(stations: &[StationOut], sites: &[Site]) -> Self {
        let mut named: Vec<u32> = sites.iter().filter(|s| s.offers(Service::Charging)).map(|s| s.station).collect();
        let station = |i: u32| &stations[i as usize].station;
        named.sort_by_key(|i| (&station(*i).id, station(*i).at, *i));
        let mut parent: Vec<usize> = (0..named.len()).collect();
        // Of stations that agree in all that is compared the first stands for all: thousands on one spot stay fast.
        let mut seen = BTreeMap::new();
        for (k, i) in named.iter().enumerate() {
            parent[k] = *seen.entry(key(station(*i))).or_insert(k);
        }
        let first: Vec<usize> = seen.into_values().collect();
        let index = PointIndex::new(first.iter().map(|k| station(named[*k]).at).collect());
        for k in &first {
            let here = station(named[*k]);
            for other in index.within(here.at, SAME_PLACE_M).into_iter().map(|n| first[n as usize]) {
                if other < *k && alike(station(named[other]), here) {
                    join(&mut parent, other, *k);
                }
            }
        }
        let mut of = vec![NO_LABEL; stations.len()];
        for (k, i) in named.iter().enumerate() {
            of[*i as usize] = root(&parent, k) as u32;
        }
        Self { of, named }
    }

    /// The label of a station.
    pub(super) fn label(&self, station: u32) -> u32 {
        self.of[station as usize]
    }

    /// The station that a label is named after.
    pub(super) fn named(&self, label: u32) -> u32 {
        self.named[label as usize]
    }
}

fn root(parent: &[usize], mut k: usize) -> usize {
    while parent[k] != k {
        k = parent[k];
    }
    k
}

/// Makes one group of two; the lower root stays.
fn join(parent: &mut [usize], a: usize, b: usize) {
    let (a, b) = (root(parent, a), root(parent, b));
    parent[a.max(b)] = a.min(b);
}
