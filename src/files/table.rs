//! A table is one thing: columns, each with its name, meaning and the function that gives its value, over one type of row. CSV, GeoJSON,
//! GeoPackage, the dictionary and who reads a table back all go by it; nobody counts columns.

use super::geojson::{Feature, Shape};
use super::rules::{Holds, Rule};
use super::schema::{Column, ColumnType, Value};
use std::io::{self, Write};

/// The function that gives a value.
type Get<'a, R> = dyn Fn(&R) -> Value + Send + Sync + 'a;

/// A column over rows of one type.
pub struct Field<'a, R: ?Sized> {
    /// Its name and meaning.
    pub column: Column,
    get: Box<Get<'a, R>>,
}

impl<'a, R> Field<'a, R> {
    /// The same over rows that hold one of these; no value where they hold none.
    pub fn over<S>(self, of: impl Fn(&S) -> Option<&R> + Send + Sync + 'a) -> Field<'a, S>
    where
        R: 'a,
    {
        let get = self.get;
        Field { column: self.column, get: Box::new(move |row: &S| of(row).map_or(Value::Null, &get)) }
    }
}

impl<R: ?Sized> Field<'_, R> {
    /// The same value under another name.
    #[must_use]
    pub fn named(self, name: impl FnOnce(Column) -> Column) -> Self {
        Self { column: name(self.column), get: self.get }
    }
}

impl Column {
    /// The column with the function that gives its value.
    pub fn of<'a, R: ?Sized>(self, get: impl Fn(&R) -> Value + Send + Sync + 'a) -> Field<'a, R> {
        Field { column: self, get: Box::new(get) }
    }
}

/// Text.
pub fn text(name: &str, alias: &str, en: impl Into<String>, zh: impl Into<String>) -> Column {
    Column::new(name, alias, ColumnType::Text, "", en, zh)
}

/// A whole number.
pub fn integer(name: &str, alias: &str, unit: &'static str, en: impl Into<String>, zh: impl Into<String>) -> Column {
    Column::new(name, alias, ColumnType::Integer, unit, en, zh)
}

/// A number.
pub fn real(name: &str, alias: &str, unit: &'static str, en: impl Into<String>, zh: impl Into<String>) -> Column {
    Column::new(name, alias, ColumnType::Real, unit, en, zh)
}

/// True or false.
pub fn boolean(name: &str, alias: &str, en: impl Into<String>, zh: impl Into<String>) -> Column {
    Column::new(name, alias, ColumnType::Boolean, "", en, zh)
}

/// A table: a list of columns over rows of one type.
pub struct Table<'a, R: ?Sized> {
    fields: Vec<Field<'a, R>>,
    rules: Vec<Rule>,
}

impl<'a, R: ?Sized> Table<'a, R> {
    /// A table of these columns.
    pub fn new(fields: Vec<Field<'a, R>>) -> Self {
        Self { fields, rules: Vec::new() }
    }

    /// The same with more columns behind.
    #[must_use]
    pub fn with(mut self, fields: impl IntoIterator<Item = Field<'a, R>>) -> Self {
        self.fields.extend(fields);
        self
    }

    /// The same with a rule: what must hold in every row once it is finished, so that `verify` can tell where it does not.
    #[must_use]
    pub fn rule(mut self, says: &'static str, holds: Holds) -> Self {
        self.rules.push(Rule { says, holds });
        self
    }

    /// Its rules.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Its columns without their functions: for the dictionary, and for who reads it back.
    pub fn columns(&self) -> Vec<Column> {
        self.fields.iter().map(|f| f.column.clone()).collect()
    }

    /// The values of a row, in the order of the columns.
    pub fn values(&self, row: &R) -> Vec<Value> {
        self.fields.iter().map(|f| (f.get)(row)).collect()
    }
}

impl<R> Table<'_, R> {
    /// Writes rows as CSV: RFC 4180, UTF-8, one type a column.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn csv(&self, out: &mut dyn Write, rows: impl IntoIterator<Item = R>) -> io::Result<()> {
        write_csv(out, &self.columns(), rows.into_iter().map(|row| self.values(&row)))
    }
}

/// Bytes that a CSV is written by.
const BUFFER: usize = 1 << 17;

/// Writes rows of values as CSV: RFC 4180, UTF-8, one type a column.
///
/// # Errors
/// Those of the writer.
pub fn write_csv(out: &mut dyn Write, columns: &[Column], rows: impl Iterator<Item = Vec<Value>>) -> io::Result<()> {
    // the library looks through all that is left of a cell each time that its buffer is full: a name of megabytes took seconds
    let mut csv = csv::WriterBuilder::new().buffer_capacity(BUFFER).terminator(csv::Terminator::CRLF).from_writer(out);
    csv.write_record(columns.iter().map(|c| c.name.as_str()))?;
    for row in rows {
        csv.write_record(row.iter().map(Value::cell))?;
    }
    csv.flush()
}

/// A layer: a table whose rows have an id and a shape.
pub struct ShapedTable<'a, R: ?Sized> {
    /// Its columns. The one that is named `id`, where there is one, gets the id once it is unique.
    pub table: Table<'a, R>,
    /// Id as the source has it.
    pub id: Box<dyn Fn(&R) -> String + Send + Sync + 'a>,
    /// Geometry; an area is borrowed from what outlives the layer.
    pub shape: Box<dyn Fn(&R) -> Shape<'a> + Send + Sync + 'a>,
}

impl<'a, R: ?Sized> ShapedTable<'a, R> {
    /// A row as a feature.
    pub fn feature(&self, row: &R) -> Feature<'a> {
        Feature { id: (self.id)(row), shape: (self.shape)(row), values: self.table.values(row) }
    }
}
