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
