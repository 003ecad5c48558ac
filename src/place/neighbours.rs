//! Counties that apply together are to be neighbours; those that do not touch are told.

use crate::config::rank_table::JointTable;
use crate::error::Location;
use crate::issue::{IssueCode, Issues, Layer};
use crate::read::county::County;
use geo::{BoundingRect, Intersects};
use petgraph::unionfind::UnionFind;

/// Looks at each joint application whether its counties hang together by common borders.
pub fn tell_apart(joint: &[JointTable], counties: &[County], issues: &mut Issues) {
    for application in joint {
        let codes = || application.members.iter().chain([&application.lead]);
        let members: Vec<&County> = counties.iter().filter(|c| codes().any(|code| *code == c.code)).collect();
        let mut sets = UnionFind::<usize>::new(members.len());
        for (i, a) in members.iter().enumerate() {
            for (k, b) in members.iter().enumerate().skip(i + 1).filter(|(_, b)| touch(a, b)) {
                debug_assert_ne!(a.code, b.code);
                sets.union(i, k);
            }
        }
        if let Some(apart) = (1..members.len()).find(|i| !sets.equiv(0, *i)) {
            let (a, b) = (&members[0], &members[apart]);
            let what = format!(
                "{} ({}) and {} ({}) apply together as \"{}\" and no common border joins them",
                a.name, a.code, b.name, b.code, application.name
            );
            issues.push(Layer::Ranking, IssueCode::JointApart, Location::default().id(application.lead.as_str()), what);
        }
    }
}

fn touch(a: &County, b: &County) -> bool {
    let boxes = a.shape.bounding_rect().zip(b.shape.bounding_rect());
    boxes.is_some_and(|(p, q)| p.intersects(&q)) && a.shape.intersects(&b.shape)
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{MultiPolygon, Rect};

    fn county(code: &str, west: f64) -> County {
        let square = Rect::new((west, 0.0), (west + 1.0, 1.0)).to_polygon();
        County::drawn(
            [code.to_owned(), code.to_owned(), String::new()],
            (MultiPolygon::new(vec![square]), true),
            Location::default(),
        )
    }

    #[test]
    fn neighbours_of_neighbours_hang_together_and_others_are_told() {
        // a | b | c    d: a and c only by b, and d by nothing
        let counties = [county("a", 0.0), county("b", 1.0), county("c", 2.0), county("d", 4.0)];
        let apply = |members: &[&str]| {
            let members = members.iter().map(|m| (*m).to_owned()).collect();
            let mut issues = Issues::default();
            tell_apart(&[JointTable { name: "x".to_owned(), lead: "a".to_owned(), members }], &counties, &mut issues);
            issues.sorted().len()
        };
        assert_eq!([apply(&["b", "c"]), apply(&["c"]), apply(&["b", "d"])], [0, 1, 1]);
    }
}
