//! FlatGeobuf: header, index skipped, features one by one.
//!
//! The library's iterator is not used: it reserves whatever size a feature claims, and takes a file that was cut short
//! for one that ends. Its flatbuffer verification and geometry reader are.

use super::SourceFile;
use crate::error::{Error, Location, Result};
use crate::input;
use crate::read::geometry::Collector;
use crate::read::guard::guarded;
use crate::read::record::{Columns, Fault, FileCrs, Place, Record, Sink};
use flatgeobuf::packed_r_tree::PackedRTree;
use flatgeobuf::{ColumnType, FgbReader, GeometryType, Header};
use serde_json::{Number, Value};
use std::io::{BufReader, Read};

/// What the header says, kept apart from its buffer.
struct HeaderFacts {
    columns: Vec<(String, ColumnType)>,
    geometry: GeometryType,
    features: u64,
    index_bytes: u64,
    crs: Option<FileCrs>,
}

/// Reads a FlatGeobuf file; returns its format for the manifest.
///
/// # Errors
/// Input, when the header is damaged or the file ends before its last feature.
pub fn read(file: &SourceFile, out: &mut dyn Sink) -> Result<String> {
    let at = || Location::file(file.shown.as_str());
    let damaged = |what: String| Error::input(format!("the FlatGeobuf file is damaged: {what}"), "write it again").at(at());
    let io = |e: std::io::Error| Error::io("read the file", &file.path, &e);
    let open = input::open(&file.path, "open the file")?;
    let mut left = open.metadata().map_err(io)?.len();
    let mut reader = BufReader::with_capacity(1 << 18, open);
    let layout = {
        let fgb = FgbReader::open(&mut reader).map_err(|e| damaged(e.to_string()))?;
        guarded(|| layout_of(&fgb.header())).ok_or_else(|| damaged("its header makes no sense".to_owned()))?
    };
    if layout.index_bytes > left {
        return Err(damaged("its index is longer than the file".to_owned()));
    }
    std::io::copy(&mut (&mut reader).take(layout.index_bytes), &mut std::io::sink()).map_err(io)?;
    if let Some(crs) = &layout.crs {
        out.crs(crs)?;
    }
    let (mut number, mut buffer) = (0u64, Vec::new());
    loop {
        let mut size = [0u8; 4];
        match reader.read(&mut size[..1]).map_err(io)? {
            0 => break,
            _ => reader.read_exact(&mut size[1..]).map_err(|_| damaged(format!("it ends inside feature {}", number + 1)))?,
        }
        let bytes = u64::from(u32::from_le_bytes(size));
        left = left.saturating_sub(4);
        number += 1;
        if bytes > left {
            return Err(damaged(format!("feature {number} is longer than the file")));
        }
        left -= bytes;
        buffer.clear();
        buffer.extend_from_slice(&size);
        if (&mut reader).take(bytes).read_to_end(&mut buffer).map_err(io)? as u64 != bytes {
            return Err(damaged(format!("it ends inside feature {number}")));
        }
        let record = guarded(|| feature(&buffer, &layout)).unwrap_or_else(|| Err(Fault::bad("the feature makes no sense")));
        out.record(Place { number, line: 0 }, record);
    }
    if layout.features > 0 && number != layout.features {
        return Err(damaged(format!("it has {number} features, and its header says {}", layout.features)));
    }
    Ok("FlatGeobuf".to_owned())
}

fn layout_of(header: &Header<'_>) -> HeaderFacts {
    let columns = header.columns().map(|c| c.iter().map(|c| (c.name().to_owned(), c.type_())).collect()).unwrap_or_default();
    let features = header.features_count();
    let index_bytes = match header.index_node_size() {
        0 => 0,
        _ if features == 0 => 0,
        node => PackedRTree::index_size(features as usize, node) as u64,
    };
    let crs = header.crs().and_then(|c| {
        let epsg = c.org().is_none_or(|o| o.eq_ignore_ascii_case("EPSG"));
        match u32::try_from(c.code()) {
            Ok(code) if code > 0 && epsg => Some(FileCrs::Epsg(code)),
            _ => c.wkt().filter(|w| !w.is_empty()).map(|w| FileCrs::Wkt(w.to_owned())),
        }
    });
    HeaderFacts { columns, geometry: header.geometry_type(), features, index_bytes, crs }
}

fn feature(buffer: &[u8], layout: &HeaderFacts) -> std::result::Result<Record, Fault> {
    let feature = flatgeobuf::size_prefixed_root_as_feature(buffer).map_err(|e| Fault::bad(e.to_string()))?;
    let geometry = match feature.geometry() {
        None => None,
        Some(g) => {
            let mut out = Collector::default();
            g.process(&mut out, layout.geometry).map_err(|e| Fault::bad(e.to_string()))?;
            out.finish()
        }
    };
    // Every column is there, as null where the feature leaves it out.
    let mut columns: Columns = layout.columns.iter().map(|(name, _)| (name.clone(), Value::Null)).collect();
    if let Some(bytes) = feature.properties() {
        properties(bytes.bytes(), &layout.columns, &mut columns)
            .ok_or_else(|| Fault::bad("the attributes do not fit the columns of the header"))?;
    }
    Ok(Record { id: None, geometry, columns })
}

/// Attributes: a column number in two bytes and the value after it, until the end. `None` when that does not work out.
fn properties(mut bytes: &[u8], known: &[(String, ColumnType)], out: &mut Columns) -> Option<()> {
    fn take<'a>(bytes: &mut &'a [u8], n: usize) -> Option<&'a [u8]> {
        let (head, rest) = bytes.split_at_checked(n)?;
        *bytes = rest;
        Some(head)
    }
    macro_rules! number {
        ($kind:ty, $to:expr) => {
            $to(<$kind>::from_le_bytes(take(&mut bytes, size_of::<$kind>())?.try_into().ok()?))
        };
    }
    let real = |v: f64| Number::from_f64(v).map_or(Value::Null, Value::Number);
    while !bytes.is_empty() {
        let column = number!(u16, usize::from);
        let (name, kind) = known.get(column)?;
        let value = match *kind {
            ColumnType::Byte => number!(i8, Value::from),
            ColumnType::UByte => number!(u8, Value::from),
            ColumnType::Bool => number!(u8, |v| Value::Bool(v != 0)),
            ColumnType::Short => number!(i16, Value::from),
            ColumnType::UShort => number!(u16, Value::from),
            ColumnType::Int => number!(i32, Value::from),
            ColumnType::UInt => number!(u32, Value::from),
            ColumnType::Long => number!(i64, Value::from),
            ColumnType::ULong => number!(u64, Value::from),
            ColumnType::Float => number!(f32, |v| real(f64::from(v))),
            ColumnType::Double => number!(f64, real),
            ColumnType::String | ColumnType::Json | ColumnType::DateTime => {
                let n = number!(u32, |v| v as usize);
                Value::String(std::str::from_utf8(take(&mut bytes, n)?).ok()?.to_owned())
            }
            ColumnType::Binary => {
                let n = number!(u32, |v| v as usize);
                take(&mut bytes, n)?;
                Value::Null
            }
            _ => return None,
        };
        out.insert(name.clone(), value);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_that_do_not_fit_are_a_fault_and_no_panic() {
        let known = [("a".to_owned(), ColumnType::Int), ("b".to_owned(), ColumnType::String)];
        let good = [0, 0, 7, 0, 0, 0, 1, 0, 2, 0, 0, 0, b'h', b'i'];
        let mut out = Columns::new();
        properties(&good, &known, &mut out).unwrap();
        assert_eq!(out["a"], 7);
        assert_eq!(out["b"], "hi");
        for n in 1..good.len() {
            if n != 6 {
                assert!(properties(&good[..n], &known, &mut Columns::new()).is_none(), "{n}");
            }
        }
        assert!(properties(&[9, 0, 1], &known, &mut Columns::new()).is_none());
    }
}
