//! Makes every station a node: splits the edge it stands on, and keeps track of other points on split edges.

use super::{Draft, Snap};
use crate::space::LonLat;

/// A point on an edge after splitting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Edge.
    pub edge: u32,
    /// From its tail, millimetres.
    pub offset_mm: u32,
}

/// Splits edges at `sites` and returns the node of each site, and where each of the `others` came to lie.
///
/// Sites on the same millimetre share a node; a site at the end of an edge takes the node there.
pub fn split_at(draft: &mut Draft, sites: &[Snap], others: &[Snap]) -> (Vec<u32>, Vec<Placed>) {
    let inside = |s: &&Snap| s.offset_mm > 0 && s.offset_mm < draft.edges[s.edge as usize].length_mm;
    let mut cuts: Vec<(u32, u32, LonLat)> = sites.iter().filter(inside).map(|s| (s.edge, s.offset_mm, s.at)).collect();
    cuts.sort_unstable();
    cuts.dedup_by_key(|c| (c.0, c.1));
    let first = draft.split(&cuts);
    // the cuts before a point tell its piece and where that begins: no walk over the pieces, of which a road may have thousands
    let place = |s: &Snap| {
        let behind = cuts.partition_point(|c| (c.0, c.1) < (s.edge, s.offset_mm));
        let before = behind - cuts[..behind].partition_point(|c| c.0 < s.edge);
        let start_mm = if before > 0 { cuts[behind - 1].1 } else { 0 };
        Placed { edge: first[s.edge as usize] + before as u32, offset_mm: s.offset_mm - start_mm }
    };
    let nodes = sites
        .iter()
        .map(|s| {
            let p = place(s);
            let e = &draft.edges[p.edge as usize];
            if p.offset_mm == 0 { e.tail } else { e.head }
        })
        .collect();
    (nodes, others.iter().map(place).collect())
}
