//! The positions of the nodes that something needs: two flat lists, ids ascending. Never a map of all nodes.

use crate::space::LonLat;

/// Stands for a node that the file does not have; off the globe, so no position.
pub const MISSING: (i32, i32) = (i32::MIN, i32::MIN);

/// Node ids, ascending, each once, with a coarse table into them: ids of one road are close together, but not in order.
#[derive(Clone, Debug, Default)]
pub struct Ids {
    ids: Vec<i64>,
    /// Where each stretch of 2^`shift` ids begins in `ids`.
    starts: Vec<u32>,
    shift: u32,
}

impl Ids {
    /// From ids in any order.
    pub fn new(mut ids: Vec<i64>) -> Self {
        ids.sort_unstable();
        ids.dedup();
        ids.shrink_to_fit();
        let mut new = Self { ids, starts: Vec::new(), shift: 0 };
        let (Some(&first), Some(&last)) = (new.ids.first(), new.ids.last()) else { return new };
        // About four ids a stretch, were they even.
        while (last.wrapping_sub(first) as u64) >> new.shift > new.ids.len() as u64 / 4 + 1 {
            new.shift += 1;
        }
        for (i, &id) in new.ids.iter().enumerate() {
            let stretch = new.stretch(first, id);
            while new.starts.len() <= stretch {
                new.starts.push(i as u32);
            }
        }
        new.starts.push(new.ids.len() as u32);
        new
    }

    fn stretch(&self, first: i64, id: i64) -> usize {
        (id.wrapping_sub(first) as u64 >> self.shift) as usize
    }

    /// How many.
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// The place of an id in the list.
    pub fn find(&self, id: i64) -> Option<usize> {
        let &first = self.ids.first().filter(|first| **first <= id)?;
        let stretch = self.stretch(first, id);
        let (from, to) = (*self.starts.get(stretch)? as usize, *self.starts.get(stretch + 1)? as usize);
        self.ids[from..to].binary_search(&id).ok().map(|i| from + i)
    }

    /// The place of an id, looked for from `cursor` on; the cursor moves along. Cheap where ids are asked in order.
    pub fn find_from(&self, cursor: &mut usize, id: i64) -> Option<usize> {
        if *cursor > 0 && self.ids.get(*cursor - 1).is_none_or(|before| *before >= id) {
            *cursor = self.ids.partition_point(|at| *at < id); // out of order
        }
        if self.ids.get(*cursor).is_none_or(|at| *at > id) {
            return None; // most nodes of a file are on no road
        }
        let (mut from, mut step) = (*cursor, 1);
        while self.ids.get(from + step).is_some_and(|at| *at < id) {
            from += step;
            step *= 2;
        }
        let to = (from + step + 1).min(self.ids.len());
        *cursor = from + self.ids[from.min(to)..to].partition_point(|at| *at < id);
        (self.ids.get(*cursor) == Some(&id)).then_some(*cursor)
    }
}

/// Positions of the needed nodes.
#[derive(Clone, Debug, Default)]
pub struct Positions {
    ids: Ids,
    e7: Vec<(i32, i32)>,
}

impl Positions {
    /// Longitude and latitude of each id in 1e-7 degree, or [`MISSING`].
    pub fn new(ids: Ids, e7: Vec<(i32, i32)>) -> Self {
        Self { ids, e7 }
    }

    /// Position of a node, if the extract has it.
    pub fn get(&self, id: i64) -> Option<LonLat> {
        self.at(self.find(id)?)
    }

    /// The place of a node in the list.
    pub fn find(&self, id: i64) -> Option<usize> {
        self.ids.find(id)
    }

    /// Position of the node in a place.
    pub fn at(&self, place: usize) -> Option<LonLat> {
        let &(lon, lat) = self.e7.get(place)?;
        LonLat::from_e7(lon, lat)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(crate::test_support::cases(256))]
        #[test]
        fn both_ways_of_looking_agree_with_a_plain_search(
            ids in prop::collection::vec(prop_oneof![-50i64..50, any::<i64>(), 9_000_000_000..9_000_000_100i64], 0..80),
            asked in prop::collection::vec(prop_oneof![-60i64..60, any::<i64>(), 9_000_000_000..9_000_000_100i64], 0..80),
        ) {
            let list = Ids::new(ids.clone());
            let mut plain = ids.clone();
            plain.sort_unstable();
            plain.dedup();
            let mut cursor = 0;
            for id in asked.into_iter().chain(ids) {
                let slow = plain.binary_search(&id).ok();
                prop_assert_eq!(list.find(id), slow);
                prop_assert_eq!(list.find_from(&mut cursor, id), slow);
            }
        }
    }

    #[test]
    fn a_node_that_is_not_found_has_no_position() {
        let p = Positions::new(Ids::new(vec![7, 3, 7]), vec![(10_000_000, 20_000_000), MISSING]);
        assert_eq!(p.get(3).map(|p| p.e7()), Some((10_000_000, 20_000_000)));
        assert_eq!((p.get(7), p.get(4)), (None, None));
    }
}
