//! A piece of a network by itself: some edges, with their nodes, as a draft of its own.

use super::draft::{Draft, Edge};

/// Room for renumbering nodes, to be used again for the next piece.
#[derive(Debug, Default)]
pub struct PieceScratch(Vec<u32>);

/// No node of the piece.
const NONE: u32 = u32::MAX;

impl Draft {
    /// The piece of the edges listed, which must rise. Nodes and edges keep their order, so that whatever goes by order goes as in
    /// the whole. `county` gives an edge's county its number in the piece.
    pub fn piece(&self, edges: &[u32], county: impl Fn(u32) -> u32, scratch: &mut PieceScratch) -> Self {
        let PieceScratch(new) = scratch;
        new.resize(self.nodes.len(), NONE);
        let whole = |i: &u32| &self.edges[*i as usize];
        let mut used: Vec<u32> = edges.iter().map(whole).flat_map(|e| [e.tail, e.head]).collect();
        used.sort_unstable();
        used.dedup();
        for (number, node) in (0..).zip(&used) {
            new[*node as usize] = number;
        }
        let mut piece = Self {
            nodes: used.iter().map(|v| self.nodes[*v as usize]).collect(),
            edges: Vec::with_capacity(edges.len()),
            points: Vec::with_capacity(edges.iter().map(|i| whole(i).vertices()).sum()),
        };
        for e in edges.iter().map(whole) {
            let first = piece.points.len() as u32;
            piece.points.extend_from_slice(self.line(e));
            let (tail, head) = (new[e.tail as usize], new[e.head as usize]);
            piece.edges.push(Edge { tail, head, county: county(e.county), first, ..*e });
        }
        for node in used {
            new[node as usize] = NONE;
        }
        piece
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::RoadClass;
    use crate::space::LonLat;

    #[test]
    fn a_piece_keeps_order_lines_and_numbers_its_own_nodes() {
        // a line of five nodes 0 ─ 1 ─ 2 ─ 3 ─ 4; the piece is the edges 1–2 and 3–4
        let at = |i: u32| LonLat::new(f64::from(i), 0.0).unwrap();
        let mut draft = Draft { nodes: (0..5).map(at).collect(), ..Draft::default() };
        for i in 0..4 {
            draft.points.extend([at(i), at(i + 1)]);
            let edge = Edge::between((i, i + 1), (100 + i, 10), RoadClass::Local, false, i);
            draft.edges.push(Edge { first: 2 * i, len: 2, ..edge });
        }
        let mut scratch = PieceScratch::default();
        let piece = draft.piece(&[1, 3], |c| c * 10, &mut scratch);
        assert_eq!(piece.nodes, [at(1), at(2), at(3), at(4)]);
        let ends: Vec<_> = piece.edges.iter().map(|e| (e.tail, e.head, e.length_mm, e.county)).collect();
        assert_eq!(ends, [(0, 1, 101, 10), (2, 3, 103, 30)]);
        assert_eq!(piece.line(&piece.edges[1]), [at(3), at(4)]);
        assert!(scratch.0.iter().all(|n| *n == NONE)); // ready for the next
    }
}
