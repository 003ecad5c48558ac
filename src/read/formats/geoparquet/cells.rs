//! The cells of a column, some rows at a time, as the values that records hold. Lists and deeper things are not read.

use super::pages::Checked;
use parquet::basic::{ConvertedType, LogicalType, Type};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl, get_column_reader};
use parquet::data_type::{ByteArray, DataType};
use parquet::errors::Result;
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::serialized_reader::SerializedPageReader;
use parquet::schema::types::{ColumnDescPtr, ColumnDescriptor};
use serde_json::{Number, Value};
use std::fs::File;
use std::sync::Arc;

/// The value of one row.
pub enum CellValue {
    /// Of a kind that records hold.
    Value(Value),
    /// Bytes, of a geometry.
    Bytes(ByteArray),
    /// Text that is not UTF-8.
    NotText,
}

/// A column while a row group is read.
pub struct ColumnCells {
    reader: ColumnReader,
    kind: ColumnMeaning,
    present: i16,
}

/// What the values of a column mean.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum ColumnMeaning {
    Plain,
    Unsigned,
    /// Whole numbers, with so many digits after the point.
    Decimal(i32),
    Text,
    Geometry,
    /// Nothing that any layer has a use for.
    Other,
}

impl ColumnCells {
    /// A column of a row group, by its number.
    ///
    /// # Errors
    /// The library's, when the group lies outside the file or its codec is not there.
    pub fn open(file: &Arc<File>, group: &RowGroupMetaData, column: usize, geometry: bool) -> Result<Self> {
        let chunk = group.column(column);
        let description: ColumnDescPtr = chunk.column_descr_ptr();
        let rows = u64::try_from(group.num_rows())?;
        let inner = SerializedPageReader::new(Arc::clone(file), chunk, usize::try_from(rows)?, None)?;
        let optional = description.max_def_level() > 0;
        let (kind, present) = (kind_of(&description, geometry), description.max_def_level());
        let reader = get_column_reader(description, Box::new(Checked { inner, rows, optional }));
        Ok(Self { reader, kind, present })
    }

    /// The next rows, fewer where the column ends.
    ///
    /// # Errors
    /// The library's, when a page is damaged.
    pub fn next(&mut self, rows: usize) -> Result<Vec<CellValue>> {
        let (kind, present) = (self.kind, self.present);
        match &mut self.reader {
            ColumnReader::BoolColumnReader(r) => spread(r, rows, present, |v| CellValue::Value(Value::Bool(*v))),
            ColumnReader::Int32ColumnReader(r) => spread(r, rows, present, |v| match kind {
                ColumnMeaning::Unsigned => CellValue::Value(Value::from(v.cast_unsigned())),
                _ => CellValue::Value(whole(i64::from(*v), kind)),
            }),
            ColumnReader::Int64ColumnReader(r) => spread(r, rows, present, |v| match kind {
                ColumnMeaning::Unsigned => CellValue::Value(Value::from(v.cast_unsigned())),
                _ => CellValue::Value(whole(*v, kind)),
            }),
            ColumnReader::FloatColumnReader(r) => spread(r, rows, present, |v| CellValue::Value(real(f64::from(*v)))),
            ColumnReader::DoubleColumnReader(r) => spread(r, rows, present, |v| CellValue::Value(real(*v))),
            ColumnReader::ByteArrayColumnReader(r) => spread(r, rows, present, |v| bytes(v, kind)),
            ColumnReader::Int96ColumnReader(r) => spread(r, rows, present, |_| CellValue::Value(Value::Null)),
            ColumnReader::FixedLenByteArrayColumnReader(r) => spread(r, rows, present, |_| CellValue::Value(Value::Null)),
        }
    }
}

/// Values of a column put where their rows are; rows without one are null.
fn spread<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    rows: usize,
    present: i16,
    to: impl Fn(&T::T) -> CellValue,
) -> Result<Vec<CellValue>> {
    let (mut levels, mut values) = (Vec::new(), Vec::new());
    let (read, _, _) = reader.read_records(rows, Some(&mut levels), None, &mut values)?;
    let mut values = values.iter();
    let mut cell = |there: bool| match there.then(|| values.next()).flatten() {
        Some(value) => to(value),
        None => CellValue::Value(Value::Null),
    };
    Ok((0..read).map(|i| cell(levels.get(i).is_none_or(|level| *level == present))).collect())
}

fn kind_of(column: &ColumnDescriptor, geometry: bool) -> ColumnMeaning {
    if geometry && column.physical_type() == Type::BYTE_ARRAY {
        return ColumnMeaning::Geometry;
    }
    match (column.logical_type_ref(), column.converted_type()) {
        (Some(LogicalType::String | LogicalType::Enum | LogicalType::Json), _)
        | (None, ConvertedType::UTF8 | ConvertedType::ENUM | ConvertedType::JSON) => ColumnMeaning::Text,
        (Some(LogicalType::Integer(int)), _) if !int.is_signed => ColumnMeaning::Unsigned,
        (None, ConvertedType::UINT_8 | ConvertedType::UINT_16 | ConvertedType::UINT_32 | ConvertedType::UINT_64) => {
            ColumnMeaning::Unsigned
        }
        (Some(LogicalType::Decimal(_)), _) | (None, ConvertedType::DECIMAL) => ColumnMeaning::Decimal(column.type_scale()),
        (None, ConvertedType::NONE) | (Some(LogicalType::Integer(_)), _) => ColumnMeaning::Plain,
        (None, ConvertedType::INT_8 | ConvertedType::INT_16 | ConvertedType::INT_32 | ConvertedType::INT_64) => {
            ColumnMeaning::Plain
        }
        _ => ColumnMeaning::Other, // days, times and intervals
    }
}

/// Whether a column holds bytes of which nothing is said.
pub fn is_binary(column: &ColumnDescriptor) -> bool {
    column.physical_type() == Type::BYTE_ARRAY && kind_of(column, false) == ColumnMeaning::Plain
}

fn whole(value: i64, kind: ColumnMeaning) -> Value {
    match kind {
        ColumnMeaning::Decimal(scale) => real(value as f64 / 10f64.powi(scale)),
        ColumnMeaning::Other => Value::Null,
        _ => Value::from(value),
    }
}

fn real(value: f64) -> Value {
    Number::from_f64(value).map_or(Value::Null, Value::Number)
}

/// Text, or bytes of a geometry. Old writers leave the mark of text out, so what is UTF-8 is taken as text.
fn bytes(value: &ByteArray, kind: ColumnMeaning) -> CellValue {
    match (kind, std::str::from_utf8(value.data())) {
        (ColumnMeaning::Geometry, _) => CellValue::Bytes(value.clone()),
        (ColumnMeaning::Text | ColumnMeaning::Plain, Ok(text)) => CellValue::Value(Value::String(text.to_owned())),
        (ColumnMeaning::Text, Err(_)) => CellValue::NotText,
        _ => CellValue::Value(Value::Null),
    }
}
