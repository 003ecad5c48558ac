//! Administrative boundaries: member ways joined into rings, rings into polygons.

use super::passes::{Area, Needed, Relation};
use super::tags::Tags;
use crate::error::Location;
use crate::issue::{IssueCode, Issues, Layer};
use crate::read::county::{self, County};
use crate::space::LonLat;
use geo::{Intersects, LineString, Polygon};
use std::collections::BTreeMap;

/// A boundary with its level; faults are kept with it until it is known whether the level is used.
pub struct BoundaryShape {
    /// `admin_level`.
    pub level: u8,
    /// The county it would be, if its ring closes.
    pub county: Option<County>,
    /// What was wrong with it.
    pub issues: Issues,
}

/// Builds every boundary, in the order of relation ids.
pub fn shapes(relations: &[Relation], ways: &[Area], needed: &Needed, at: &Location) -> Vec<BoundaryShape> {
    relations
        .iter()
        .map(|r| {
            let mut issues = Issues::default();
            let here = at.clone().id(format!("relation/{}", r.id));
            let county = county_of(r, ways, needed, here, &mut issues);
            BoundaryShape { level: r.level, county, issues }
        })
        .collect()
}

fn county_of(r: &Relation, ways: &[Area], needed: &Needed, here: Location, issues: &mut Issues) -> Option<County> {
    let lines = |hole: bool| -> Vec<&[i64]> {
        let mut ids: Vec<i64> = r.members.iter().filter(|m| m.1 == hole).map(|m| m.0).collect();
        ids.sort_unstable();
        ids.dedup();
        let found = ids.iter().filter_map(|id| ways.binary_search_by_key(id, |w| w.id).ok());
        found.map(|i| ways[i].refs.as_slice()).collect()
    };
    let missing = r.members.iter().filter(|m| ways.binary_search_by_key(&m.0, |w| w.id).is_err()).count();
    let (outer, open) = join(&lines(false));
    let (inner, _) = join(&lines(true));
    if outer.is_empty() || open {
        let name = name(&r.tags);
        if missing > 0 {
            let what = format!("the boundary \"{name}\" was left out: {missing} of its ways are not in the extract");
            issues.push(Layer::Counties, IssueCode::BoundaryBeyond, here, what);
            return None;
        }
        issues.push(
            Layer::Counties,
            IssueCode::OpenBoundary,
            here.clone(),
            format!("the ways of the boundary \"{name}\" do not close"),
        );
        if outer.is_empty() {
            return None;
        }
    }
    let mut rings = |list: Vec<Vec<i64>>| -> Vec<LineString<f64>> {
        list.into_iter()
            .filter_map(|ids| {
                let points: Option<Vec<LonLat>> = ids.iter().map(|id| needed.position(*id)).collect();
                county::ring(&points?, &here, issues)
            })
            .collect()
    };
    let (outer, inner) = (rings(outer), rings(inner));
    let mut polygons: Vec<Vec<LineString<f64>>> = outer.into_iter().map(|ring| vec![ring]).collect();
    for hole in inner {
        let first = hole.0[0];
        if let Some(p) = polygons.iter_mut().find(|p| Polygon::new(p[0].clone(), Vec::new()).intersects(&first)) {
            p.push(hole);
        }
    }
    let drawn = county::shape(polygons, &here, issues)?;
    Some(County::drawn([code(r), name(&r.tags), chinese(&r.tags)], drawn, here))
}

/// The code: an official one where it is tagged, else the relation's number.
fn code(r: &Relation) -> String {
    let official = ["adcode", "gb:adcode", "ref:GB2260", "ISO3166-2"].iter().find_map(|k| county::plain_code(r.tags.get(k)?));
    official.unwrap_or_else(|| r.id.to_string())
}

fn name(tags: &Tags) -> String {
    tags.get("name:en").or_else(|| tags.get("name")).unwrap_or_default().to_owned()
}

/// The Chinese name: `name:zh-Hans`, `name:zh`, or `name` where that is written in Han characters.
pub fn chinese(tags: &Tags) -> String {
    let han = |t: &&str| t.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    let tagged = tags.get("name:zh-Hans").or_else(|| tags.get("name:zh"));
    tagged.or_else(|| tags.get("name").filter(han)).unwrap_or_default().to_owned()
}

/// Joins lines end to end into closed rings; the second value says whether a line was left that closes nowhere.
///
/// Lines are taken in the given order, so the answer is unique.
pub fn join(lines: &[&[i64]]) -> (Vec<Vec<i64>>, bool) {
    let mut at_end: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for (i, l) in lines.iter().enumerate() {
        for end in [l.first(), l.last()].into_iter().flatten() {
            at_end.entry(*end).or_default().push(i);
        }
    }
    let mut used = vec![false; lines.len()];
    let (mut rings, mut open) = (Vec::new(), false);
    for start in 0..lines.len() {
        if used[start] || lines[start].len() < 2 {
            continue;
        }
        used[start] = true;
        let mut ring = lines[start].to_vec();
        while ring.first() != ring.last() {
            let Some(&tip) = ring.last() else { break };
            let next = at_end.get(&tip).and_then(|list| list.iter().copied().find(|i| !used[*i]));
            let Some(next) = next else { break };
            used[next] = true;
            if lines[next].first() == Some(&tip) {
                ring.extend_from_slice(&lines[next][1..]);
            } else {
                ring.extend(lines[next].iter().rev().skip(1));
            }
        }
        if ring.first() == ring.last() { rings.push(ring) } else { open = true }
    }
    (rings, open)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_join_whichever_way_they_run() {
        //  1 ── 2 ── 3        a: 1 2 3   b: 5 4 3 (against)   c: 5 6 1
        let (rings, open) = join(&[&[1, 2, 3], &[5, 4, 3], &[5, 6, 1]]);
        assert_eq!(rings, [vec![1, 2, 3, 4, 5, 6, 1]]);
        assert!(!open);
    }

    #[test]
    fn two_rings_and_a_loose_end() {
        let (rings, open) = join(&[&[1, 2, 3, 1], &[7, 8], &[4, 5, 6, 4]]);
        assert_eq!(rings.len(), 2);
        assert!(open);
    }
}
