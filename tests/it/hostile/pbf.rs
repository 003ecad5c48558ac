//! OSM extracts written byte by byte, so that every length and index in them can lie.
//!
//! # References
//! OSM PBF format, `fileformat.proto` and `osmformat.proto`; protocol buffers encoding.

use std::io::Write;

/// A protocol buffer message under construction.
#[derive(Default, Clone)]
struct Message(Vec<u8>);

impl Message {
    fn varint(&mut self, mut v: u64) {
        while v >= 0x80 {
            self.0.push(v as u8 | 0x80);
            v >>= 7;
        }
        self.0.push(v as u8);
    }

    /// A whole number.
    fn int(mut self, field: u64, v: i64) -> Self {
        self.varint(field << 3);
        self.varint(v as u64);
        self
    }

    /// Bytes, a text or a message.
    fn bytes(mut self, field: u64, v: impl AsRef<[u8]>) -> Self {
        self.varint(field << 3 | 2);
        self.varint(v.as_ref().len() as u64);
        self.0.extend(v.as_ref());
        self
    }

    /// A packed list of whole numbers.
    fn list(self, field: u64, values: &[i64]) -> Self {
        let mut packed = Self::default();
        values.iter().for_each(|v| packed.varint(*v as u64));
        self.bytes(field, packed.0)
    }

    /// A packed list of zigzag numbers, each as the difference to the one before.
    fn deltas(self, field: u64, values: &[i64]) -> Self {
        let mut last = 0i64;
        let step = |v: &i64| {
            let d = v.wrapping_sub(last);
            last = *v;
            d.wrapping_shl(1) ^ (d >> 63)
        };
        let zigzag: Vec<i64> = values.iter().map(step).collect();
        self.list(field, &zigzag)
    }
}

fn new() -> Message {
    Message::default()
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

/// A blob with its header and length; `blob` is the message `Blob`.
fn framed(kind: &str, blob: &Message) -> Vec<u8> {
    let header = new().bytes(1, kind).int(3, blob.0.len() as i64);
    [&(header.0.len() as u32).to_be_bytes()[..], &header.0, &blob.0].concat()
}

fn raw(kind: &str, payload: &Message) -> Vec<u8> {
    framed(kind, &new().bytes(1, &payload.0))
}

fn packed(kind: &str, payload: &[u8], says: i64) -> Vec<u8> {
    framed(kind, &new().int(2, says).bytes(3, zlib(payload)))
}

fn header(features: &[&str]) -> Vec<u8> {
    raw("OSMHeader", &features.iter().fold(new(), |m, f| m.bytes(4, f)))
}

/// What a primitive block is made of.
struct Block {
    strings: Vec<&'static str>,
    ids: Vec<i64>,
    lon_e7: Vec<i64>,
    lat_e7: Vec<i64>,
    /// Keys and values of the dense nodes.
    tags: Option<Vec<i64>>,
    /// Keys, values and references of the way.
    way: (Vec<i64>, Vec<i64>, Vec<i64>),
    granularity: Option<i64>,
    lat_offset: Option<i64>,
    more: Message,
}

/// The toy's trunk road: five nodes on the equator and a way.
fn toy() -> Block {
    Block {
        strings: vec!["", "highway", "trunk", "name", "T1"],
        ids: vec![1, 2, 3, 4, 5],
        lon_e7: [0, 500_000, 1_000_000, 1_500_000, 2_000_000].to_vec(),
        lat_e7: vec![0; 5],
        tags: None,
        way: (vec![1, 3], vec![2, 4], vec![1, 2, 3, 4, 5]),
        granularity: None,
        lat_offset: None,
        more: new(),
    }
}

impl Block {
    fn message(&self) -> Message {
        let table = self.strings.iter().fold(new(), |m, s| m.bytes(1, s));
        let mut dense = new().deltas(1, &self.ids).deltas(8, &self.lat_e7).deltas(9, &self.lon_e7);
        if let Some(tags) = &self.tags {
            dense = dense.list(10, tags);
        }
        let way = new().int(1, 7).list(2, &self.way.0).list(3, &self.way.1).deltas(8, &self.way.2);
        let group = new().bytes(2, dense.0).bytes(3, way.0);
        let mut block = new().bytes(1, table.0).bytes(2, [group.0, self.more.0.clone()].concat());
        block = self.granularity.map_or(block.clone(), |g| block.int(17, g));
        self.lat_offset.map_or(block.clone(), |o| block.int(19, o))
    }
}

fn extract(block: &Block) -> Vec<u8> {
    [header(&["OsmSchema-V0.6", "DenseNodes"]), raw("OSMData", &block.message())].concat()
}

fn changed(change: impl Fn(&mut Block)) -> Vec<u8> {
    let mut block = toy();
    change(&mut block);
    extract(&block)
}

/// A relation in a group of its own kind.
fn relation(roles: &[i64], members: &[i64], kinds: &[i64]) -> Message {
    let relation = new().int(1, 9).list(2, &[5, 7]).list(3, &[6, 8]).list(8, roles).deltas(9, members).list(10, kinds);
    new().bytes(4, relation.0)
}

fn with_relation(roles: &[i64], members: &[i64], kinds: &[i64]) -> Vec<u8> {
    changed(|b| {
        b.strings.extend(["boundary", "administrative", "admin_level", "6", "outer"]);
        b.more = relation(roles, members, kinds);
    })
}

fn first(data: &[u8]) -> Vec<u8> {
    [&header(&["OsmSchema-V0.6", "DenseNodes"])[..], data].concat()
}

/// An extract of a kind that a case names.
pub fn of_kind(kind: &str) -> Vec<u8> {
    let good = toy().message();
    let len = good.0.len() as i64;
    match kind {
        "good" => extract(&toy()),
        "compressed" => first(&packed("OSMData", &good.0, len)),
        "unknown-feature" => [header(&["OsmSchema-V0.6", "TimeTravel"]), raw("OSMData", &good)].concat(),
        "history" => [header(&["OsmSchema-V0.6", "HistoricalInformation"]), raw("OSMData", &good)].concat(),
        "header-only" => header(&["OsmSchema-V0.6"]),
        "no-header" => raw("OSMData", &good),
        "twice" => [extract(&toy()), raw("OSMData", &good)].concat(),
        "unknown-blob" => [first(&raw("OSMMystery", &good)), raw("OSMData", &good)].concat(),
        "lying-raw-size-small" => first(&packed("OSMData", &good.0, 10)),
        "lying-raw-size-large" => first(&packed("OSMData", &good.0, len + 1000)),
        "raw-size-negative" => first(&packed("OSMData", &good.0, -5)),
        "bomb" => first(&packed("OSMData", &vec![0; 300 << 20], 1000)),
        "bomb-honest" => first(&packed("OSMData", &vec![0; 300 << 20], 300 << 20)),
        "raw-oversized" => first(&framed("OSMData", &new().bytes(1, vec![0; 33 << 20]))),
        "lzma" => first(&framed("OSMData", &new().int(2, len).bytes(4, &good.0))),
        "empty-blob" => first(&framed("OSMData", &new())),
        "not-zlib" => first(&framed("OSMData", &new().int(2, len).bytes(3, b"this is not zlib"))),
        "string-index" => changed(|b| b.way.0 = vec![1, 99]),
        "string-index-huge" => changed(|b| b.way.0 = vec![1, u32::MAX.into()]),
        "no-strings" => changed(|b| b.strings.clear()),
        "values-missing" => changed(|b| b.way.1 = vec![2]),
        "missing-nodes" => changed(|b| b.way.2 = vec![1, 2, 77, 4, 5]),
        "no-nodes" => changed(|b| b.way.2 = vec![71, 72]),
        "one-node" => changed(|b| b.way.2 = vec![1]),
        "one-spot" => changed(|b| b.way.2 = vec![1, 1]),
        "no-refs" => changed(|b| b.way.2.clear()),
        "refs-overflow" => changed(|b| b.way.2 = vec![1, 2, i64::MAX, i64::MIN, 3]),
        "granularity-zero" => changed(|b| b.granularity = Some(0)),
        "granularity-huge" => changed(|b| b.granularity = Some(i32::MAX.into())),
        "granularity-negative" => changed(|b| b.granularity = Some(-100)),
        "offset-huge" => changed(|b| b.lat_offset = Some(i64::MAX)),
        "dense-short" => changed(|b| b.lat_e7.truncate(2)),
        "dense-overflow" => changed(|b| b.lon_e7 = vec![0, i64::MAX, i64::MIN, i64::MAX, 0]),
        "ids-overflow" => changed(|b| b.ids = vec![1, i64::MAX, i64::MIN, 4, 5]),
        "out-of-range" => changed(|b| b.lon_e7[4] = 1_900_000_000),
        "same-ids" => changed(|b| b.ids = vec![1; 5]),
        "dense-tags-cut" => changed(|b| b.tags = Some(vec![1])),
        "dense-tags-index" => changed(|b| b.tags = Some(vec![9_999, 2, 0])),
        "relation-role-index" => with_relation(&[99_999], &[7], &[1]),
        "relation-kind" => with_relation(&[9], &[7], &[42]),
        "relation-lengths" => with_relation(&[9, 9, 9], &[7], &[]),
        "utf8-name" => changed(|b| b.strings[4] = "a\u{1b}]0;x\u{7}\u{202e}"),
        "class-unknown" => changed(|b| b.strings[2] = "goat_path"),
        "blob-header-huge" => [&header(&[])[..], &[0x7f, 0xff, 0xff, 0xff, 1, 2, 3]].concat(),
        "blob-header-cut" => [&header(&[])[..], &[0, 0, 0, 60, 1, 2, 3]].concat(),
        "datasize-huge" => {
            let lie = new().bytes(1, "OSMData").int(3, 0x7fff_ffff);
            first(&[&(lie.0.len() as u32).to_be_bytes()[..], &lie.0, b"few"].concat())
        }
        "datasize-negative" => {
            let lie = new().bytes(1, "OSMData").int(3, -1);
            first(&[&(lie.0.len() as u32).to_be_bytes()[..], &lie.0, b"few"].concat())
        }
        "deep-groups" => {
            // Unknown groups (wire type 3) nested: a decoder that recurses runs out of stack.
            first(&framed("OSMData", &new().bytes(1, [0x9b, 0x06].repeat(200_000))))
        }
        "bad-utf8" => {
            let mut bytes = extract(&toy());
            let at = bytes.windows(2).position(|w| w == b"T1").unwrap();
            bytes[at] = 0xff;
            bytes
        }
        other => panic!("no extract of the kind {other}"),
    }
}

/// The fuzz seed is what [`of_kind`] calls good; `WRITE_SEED=1` writes it.
#[test]
fn the_fuzz_seed_is_the_good_extract() {
    let path = crate::toy::root().join("tests/fuzz/seeds/osm_pbf/good.osm.pbf");
    if std::env::var_os("WRITE_SEED").is_some() {
        std::fs::write(&path, of_kind("good")).unwrap();
    }
    assert_eq!(std::fs::read(path).unwrap(), of_kind("good"));
}
