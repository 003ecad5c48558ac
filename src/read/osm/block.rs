//! One block of a PBF file (wiki: PBF Format, `PrimitiveBlock`), inflated, to its elements. Knows nothing of files.

use super::element::{Element, Kinds, MemberKind, RelationMember, TagList};
use super::wire::{Wire, WireValue, deltas, field, numbers};

/// Off the globe, so no position: what a coordinate beyond all numbers is read as.
const NOWHERE: i32 = i32::MIN;

/// Calls `each` with every element of the kinds `want`, in the order of the block; the kinds that the block holds at all.
pub fn elements(data: &[u8], want: Kinds, each: &mut impl FnMut(Element<'_>)) -> Wire<Kinds> {
    let (mut reader, groups) = BlockReader::new(data)?;
    let mut held = Kinds::default();
    for mut group in groups {
        while let Some((number, value)) = field(&mut group)? {
            let kind = match number {
                1 | 2 => Kinds::NODES,
                3 => Kinds::WAYS,
                4 => Kinds::RELATIONS,
                _ => continue,
            };
            held = held.with(kind);
            let WireValue::Bytes(message) = value else { continue };
            // a way may hold the positions of its nodes
            if !(want.meets(kind) || number == 3 && want.meets(Kinds::NODES)) {
                continue;
            }
            match number {
                1 => reader.node(message, each)?,
                2 => reader.dense(message, each)?,
                3 if reader.way(message, want, each)? => held = held.with(Kinds::NODES),
                3 => {}
                _ => reader.relation(message, each)?,
            }
        }
    }
    Ok(held)
}

/// What the elements of a block share, and buffers that are used again from element to element.
struct BlockReader<'a> {
    strings: Vec<&'a str>,
    granularity: i64,
    lon_offset: i64,
    lat_offset: i64,
    tags: Vec<(&'a str, &'a str)>,
    members: Vec<RelationMember<'a>>,
    keys: Vec<u64>,
    values: Vec<u64>,
    refs: Vec<i64>,
    lons: Vec<i64>,
    lats: Vec<i64>,
}

impl<'a> BlockReader<'a> {
    /// The reader and the groups of elements.
    fn new(mut data: &'a [u8]) -> Wire<(Self, Vec<&'a [u8]>)> {
        let mut groups = Vec::new();
        let mut new = Self {
            strings: Vec::new(),
            granularity: 100,
            lon_offset: 0,
            lat_offset: 0,
            tags: Vec::new(),
            members: Vec::new(),
            keys: Vec::new(),
            values: Vec::new(),
            refs: Vec::new(),
            lons: Vec::new(),
            lats: Vec::new(),
        };
        while let Some((number, value)) = field(&mut data)? {
            match (number, value) {
                (1, WireValue::Bytes(table)) => new.strings(table)?,
                (2, WireValue::Bytes(group)) => groups.push(group),
                (17, WireValue::Number(v)) => new.granularity = v as i64,
                (19, WireValue::Number(v)) => new.lat_offset = v as i64,
                (20, WireValue::Number(v)) => new.lon_offset = v as i64,
                _ => {}
            }
        }
        Ok((new, groups))
    }

    fn strings(&mut self, mut table: &'a [u8]) -> Wire<()> {
        while let Some((number, value)) = field(&mut table)? {
            if let (1, WireValue::Bytes(text)) = (number, value) {
                self.strings.push(std::str::from_utf8(text).map_err(|_| "a text is not UTF-8")?);
            }
        }
        Ok(())
    }

    fn string(&self, i: u64) -> Wire<&'a str> {
        usize::try_from(i).ok().and_then(|i| self.strings.get(i)).copied().ok_or("a tag names a text that is not in its block")
    }

    /// Units of 1e-7 degree from the block's own; what does not fit is off the globe.
    fn e7(&self, lon: i64, lat: i64) -> (i32, i32) {
        let to_e7 = |v: i64, offset: i64| {
            let nano = v.checked_mul(self.granularity)?.checked_add(offset)?;
            i32::try_from(nano / 100).ok()
        };
        (to_e7(lon, self.lon_offset).unwrap_or(NOWHERE), to_e7(lat, self.lat_offset).unwrap_or(NOWHERE))
    }

    /// Tags from the keys and values that were gathered.
    fn pair(&mut self) -> Wire<()> {
        if self.keys.len() != self.values.len() {
            return Err("an element has more keys than values, or fewer");
        }
        self.tags.clear();
        for i in 0..self.keys.len() {
            self.tags.push((self.string(self.keys[i])?, self.string(self.values[i])?));
        }
        Ok(())
    }

    fn clear(&mut self) {
        self.keys.clear();
        self.values.clear();
        self.refs.clear();
    }

    fn node(&mut self, mut message: &'a [u8], each: &mut impl FnMut(Element<'_>)) -> Wire<()> {
        self.clear();
        let (mut id, mut lon, mut lat) = (None, None, None);
        while let Some((number, value)) = field(&mut message)? {
            match (number, value) {
                (1, WireValue::Number(v)) => id = Some(super::wire::zigzag(v)),
                (2, v) => numbers(v, &mut self.keys)?,
                (3, v) => numbers(v, &mut self.values)?,
                (8, WireValue::Number(v)) => lat = Some(super::wire::zigzag(v)),
                (9, WireValue::Number(v)) => lon = Some(super::wire::zigzag(v)),
                _ => {}
            }
        }
        let (Some(id), Some(lon), Some(lat)) = (id, lon, lat) else { return Err("a node has no id or no position") };
        self.pair()?;
        each(Element::Node { id, e7: self.e7(lon, lat), tags: TagList(&self.tags) });
        Ok(())
    }

    fn dense(&mut self, mut message: &'a [u8], each: &mut impl FnMut(Element<'_>)) -> Wire<()> {
        self.clear();
        self.lons.clear();
        self.lats.clear();
        while let Some((number, value)) = field(&mut message)? {
            match number {
                1 => deltas(value, &mut self.refs)?,
                8 => deltas(value, &mut self.lats)?,
                9 => deltas(value, &mut self.lons)?,
                10 => numbers(value, &mut self.keys)?,
                _ => {}
            }
        }
        if self.refs.len() != self.lons.len() || self.refs.len() != self.lats.len() {
            return Err("a block of nodes has more ids than positions, or fewer");
        }
        // Keys and values of all nodes in one row, each node's ended by a 0; no row at all where no node has tags.
        let mut next = 0;
        for i in 0..self.refs.len() {
            self.tags.clear();
            while let Some(&key) = self.keys.get(next) {
                next += 1;
                if key == 0 {
                    break;
                }
                let &value = self.keys.get(next).ok_or("a tag has no value")?;
                next += 1;
                self.tags.push((self.string(key)?, self.string(value)?));
            }
            let e7 = self.e7(self.lons[i], self.lats[i]);
            each(Element::Node { id: self.refs[i], e7, tags: TagList(&self.tags) });
        }
        Ok(())
    }

    /// A way, and its nodes where it has their positions (feature `LocationsOnWays`); whether it has.
    fn way(&mut self, mut message: &'a [u8], want: Kinds, each: &mut impl FnMut(Element<'_>)) -> Wire<bool> {
        self.clear();
        self.lons.clear();
        self.lats.clear();
        let mut id = None;
        while let Some((number, value)) = field(&mut message)? {
            match (number, value) {
                (1, WireValue::Number(v)) => id = Some(v as i64),
                (2, v) => numbers(v, &mut self.keys)?,
                (3, v) => numbers(v, &mut self.values)?,
                (8, v) => deltas(v, &mut self.refs)?,
                (9, v) => deltas(v, &mut self.lats)?,
                (10, v) => deltas(v, &mut self.lons)?,
                _ => {}
            }
        }
        let located = !self.lats.is_empty();
        if located && (self.lats.len() != self.refs.len() || self.lons.len() != self.refs.len()) {
            return Err("a way has more positions than nodes, or fewer");
        }
        if located && want.meets(Kinds::NODES) {
            for i in 0..self.refs.len() {
                each(Element::Node { id: self.refs[i], e7: self.e7(self.lons[i], self.lats[i]), tags: TagList(&[]) });
            }
        }
        if want.meets(Kinds::WAYS) {
            self.pair()?;
            each(Element::Way { id: id.ok_or("a way has no id")?, refs: &self.refs, tags: TagList(&self.tags) });
        }
        Ok(located)
    }

    fn relation(&mut self, mut message: &'a [u8], each: &mut impl FnMut(Element<'_>)) -> Wire<()> {
        self.clear();
        let (mut id, mut roles, mut types) = (None, Vec::new(), Vec::new());
        while let Some((number, value)) = field(&mut message)? {
            match (number, value) {
                (1, WireValue::Number(v)) => id = Some(v as i64),
                (2, v) => numbers(v, &mut self.keys)?,
                (3, v) => numbers(v, &mut self.values)?,
                (8, v) => numbers(v, &mut roles)?,
                (9, v) => deltas(v, &mut self.refs)?,
                (10, v) => numbers(v, &mut types)?,
                _ => {}
            }
        }
        if roles.len() != self.refs.len() || types.len() != self.refs.len() {
            return Err("a relation has more roles than members, or fewer");
        }
        self.pair()?;
        self.members.clear();
        for i in 0..types.len() {
            let kind = match types[i] {
                0 => MemberKind::Node,
                1 => MemberKind::Way,
                2 => MemberKind::Relation,
                _ => return Err("a relation has a member that is no node, way or relation"),
            };
            self.members.push(RelationMember { id: self.refs[i], kind, role: self.string(roles[i])? });
        }
        let id = id.ok_or("a relation has no id")?;
        each(Element::Relation { id, members: &self.members, tags: TagList(&self.tags) });
        Ok(())
    }
}
