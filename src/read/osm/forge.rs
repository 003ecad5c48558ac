//! PBF files made by hand for tests, right and wrong ones. Writes only what the tests of this folder need.

use std::io::Write;

/// A number as protobuf writes it.
pub fn varint(mut v: u64) -> Vec<u8> {
    let mut out = Vec::new();
    while v >= 0x80 {
        out.push(v as u8 | 0x80);
        v >>= 7;
    }
    out.push(v as u8);
    out
}

/// A field that holds a number.
pub fn number(field: u64, v: u64) -> Vec<u8> {
    [varint(field << 3), varint(v)].concat()
}

/// A field that holds bytes.
pub fn bytes(field: u64, content: &[u8]) -> Vec<u8> {
    [varint(field << 3 | 2), varint(content.len() as u64), content.to_vec()].concat()
}

/// A signed number in zigzag form.
pub fn zigzag(v: i64) -> u64 {
    (v << 1 ^ v >> 63) as u64
}

/// Differences of numbers, packed.
pub fn deltas(field: u64, list: &[i64]) -> Vec<u8> {
    let mut last = 0;
    let packed: Vec<u8> = list.iter().flat_map(|v| varint(zigzag(v - std::mem::replace(&mut last, *v)))).collect();
    bytes(field, &packed)
}

/// Numbers, packed.
pub fn packed(field: u64, list: &[u64]) -> Vec<u8> {
    bytes(field, &list.iter().flat_map(|v| varint(*v)).collect::<Vec<u8>>())
}

/// A block: its texts (number 0 is empty) and its groups.
pub fn block(texts: &[&str], groups: &[Vec<u8>]) -> Vec<u8> {
    let table: Vec<u8> = std::iter::once(&"").chain(texts).flat_map(|t| bytes(1, t.as_bytes())).collect();
    [bytes(1, &table), groups.iter().flat_map(|g| bytes(2, g)).collect()].concat()
}

/// Packs with zlib.
pub fn zlib(content: &[u8]) -> Vec<u8> {
    let mut z = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    z.write_all(content).unwrap();
    z.finish().unwrap()
}

/// A blob of content packed with zlib that says it inflates to `says`.
pub fn zlib_blob(content: &[u8], says: u64) -> Vec<u8> {
    [number(2, says), bytes(3, &zlib(content))].concat()
}

/// A blob as it stands in a file, with its header.
pub fn framed(kind: &str, blob: &[u8]) -> Vec<u8> {
    let header = [bytes(1, kind.as_bytes()), number(3, blob.len() as u64)].concat();
    [&(header.len() as u32).to_be_bytes()[..], &header, blob].concat()
}

/// A file: the header block with its required features, then blobs of data.
pub fn file(features: &[&str], blobs: &[Vec<u8>]) -> Vec<u8> {
    let header: Vec<u8> = features.iter().flat_map(|f| bytes(4, f.as_bytes())).collect();
    let data = blobs.iter().flat_map(|b| framed("OSMData", b));
    framed("OSMHeader", &zlib_blob(&header, header.len() as u64)).into_iter().chain(data).collect()
}

/// A file with the usual features and one block.
pub fn one_block(content: &[u8]) -> Vec<u8> {
    file(&["OsmSchema-V0.6", "DenseNodes"], &[zlib_blob(content, content.len() as u64)])
}

/// A document of OSM XML as PBF: what stands in one must be read from the other.
pub fn of_xml(text: &str) -> Vec<u8> {
    let document = roxmltree::Document::parse(text).unwrap();
    let mut texts: Vec<String> = Vec::new();
    let mut number_of = |text: &str| -> u64 {
        let known = texts.iter().position(|t| t == text);
        known.unwrap_or_else(|| {
            texts.push(text.to_owned());
            texts.len() - 1
        }) as u64
            + 1 // number 0 is empty
    };
    let id = |e: roxmltree::Node<'_, '_>, key: &str| e.attribute(key).unwrap().parse::<i64>().unwrap();
    let e7 = |e: roxmltree::Node<'_, '_>, key: &str| (e.attribute(key).unwrap().parse::<f64>().unwrap() * 1e7).round() as i64;
    let mut groups = Vec::new();
    for e in document.root_element().children().filter(|e| e.is_element()) {
        let below = |name: &'static str| e.children().filter(move |c| c.has_tag_name(name));
        let mut of = |key: &str| -> Vec<u64> { below("tag").map(|t| number_of(t.attribute(key).unwrap())).collect() };
        let (keys, values) = (of("k"), of("v"));
        let tags = [packed(2, &keys), packed(3, &values)].concat();
        let refs = |name: &'static str| -> Vec<i64> { below(name).map(|m| id(m, "ref")).collect() };
        let (field, message) = match e.tag_name().name() {
            "node" => {
                let at = [number(8, zigzag(e7(e, "lat"))), number(9, zigzag(e7(e, "lon")))].concat();
                (1, [number(1, zigzag(id(e, "id"))), tags, at].concat())
            }
            "way" => (3, [number(1, id(e, "id") as u64), tags, deltas(8, &refs("nd"))].concat()),
            "relation" => {
                let kind = |m: roxmltree::Node<'_, '_>| match m.attribute("type") {
                    Some("node") => 0,
                    Some("way") => 1,
                    _ => 2,
                };
                let roles: Vec<u64> = below("member").map(|m| number_of(m.attribute("role").unwrap_or_default())).collect();
                let kinds: Vec<u64> = below("member").map(kind).collect();
                let members = [packed(8, &roles), deltas(9, &refs("member")), packed(10, &kinds)].concat();
                (4, [number(1, id(e, "id") as u64), tags, members].concat())
            }
            _ => continue,
        };
        groups.push(bytes(field, &message));
    }
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    one_block(&block(&texts, &groups))
}
