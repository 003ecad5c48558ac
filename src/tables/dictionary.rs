//! `dictionary.csv`: every column of every file, in English and Chinese.

use crate::error::Result;
use crate::files::csv_table::CsvTable;
use crate::files::schema::{Column, ColumnType, Value, unguard};
use crate::files::table::{Table, text};
use std::collections::BTreeMap;

/// Its file.
pub const FILE: &str = "dictionary.csv";

/// A row: a column of a file.
#[derive(Clone, Debug)]
pub struct DictionaryRow {
    /// Name of the file.
    pub file: String,
    /// The column.
    pub column: Column,
}

/// The table.
pub fn table() -> Table<'static, DictionaryRow> {
    Table::new(vec![
        text("file", "file", "File", "文件").of(|r: &DictionaryRow| Value::Text(r.file.clone())),
        text("column", "column", "Column", "字段").of(|r: &DictionaryRow| Value::Text(r.column.name.clone())),
        text("alias", "alias", "Name of at most ten bytes, for shapefiles", "短名（≤10字节）")
            .of(|r: &DictionaryRow| Value::Text(r.column.alias.clone())),
        text("type", "type", "text, integer, real or boolean", "类型")
            .words(["text", "integer", "real", "boolean"])
            .of(|r: &DictionaryRow| Value::Word(r.column.kind.as_str())),
        text("unit", "unit", "Unit", "单位").or_null("none").of(|r: &DictionaryRow| Value::text_or_null(r.column.unit)),
        text("meaning", "meaning", "Meaning", "英文说明").of(|r: &DictionaryRow| Value::Text(r.column.en.clone())),
        text("meaning_zh", "meaning_zh", "Meaning in Chinese", "中文说明")
            .of(|r: &DictionaryRow| Value::Text(r.column.zh.clone())),
        text("null_means", "null_means", "What an empty value means", "空值含义")
            .or_null("there is always a value")
            .of(|r: &DictionaryRow| Value::text_or_null(r.column.null_means)),
    ])
}

/// Its rows, of files with their columns.
pub fn rows(files: &[(String, Vec<Column>)]) -> impl Iterator<Item = DictionaryRow> {
    let of = |(file, columns): &'_ (String, Vec<Column>)| {
        let row = |column: &Column| DictionaryRow { file: file.clone(), column: column.clone() };
        columns.iter().map(row).collect::<Vec<_>>()
    };
    files.iter().flat_map(of)
}

/// A column as a folder's dictionary describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Described {
    /// Its name.
    pub name: String,
    /// Its type.
    pub kind: ColumnType,
    /// Unit, empty for none.
    pub unit: String,
    /// Meaning in English and in Chinese.
    pub meaning: [String; 2],
    /// Whether it says what an empty value means.
    pub may_be_empty: bool,
}

/// Columns by file, as the dictionary of a folder has them.
///
/// # Errors
/// Input, for a row without file, column or type, and for a word that is no type.
pub fn read(table: &CsvTable) -> Result<BTreeMap<String, Vec<Described>>> {
    let mut all = BTreeMap::<String, Vec<Described>>::new();
    for row in table.rows() {
        let word = row.cell("type")?;
        let kind = ColumnType::of(word).ok_or_else(|| row.wrong("type", format!("\"{word}\" is no type")))?;
        let text = |column: &str| unguard(row.get(column)).to_owned();
        let column = Described {
            name: row.code("column")?,
            kind,
            unit: text("unit"),
            meaning: [text("meaning"), text("meaning_zh")],
            may_be_empty: !row.cell("null_means")?.is_empty(),
        };
        all.entry(row.code("file")?).or_default().push(column);
    }
    Ok(all)
}

/// Fails where names or aliases of a file are not usable, not unique, or a meaning is missing.
#[cfg(test)]
pub(crate) fn check_names(files: &[(String, Vec<Column>)]) {
    use std::collections::BTreeSet;
    for (file, columns) in files {
        let names: BTreeSet<&str> = columns.iter().map(|c| c.name.as_str()).collect();
        let aliases: BTreeSet<&str> = columns.iter().map(|c| c.alias.as_str()).collect();
        assert_eq!((names.len(), aliases.len()), (columns.len(), columns.len()), "{file}");
        for c in columns {
            assert!(c.alias.len() <= 10, "{file} {}", c.alias);
            assert!(c.name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'), "{file} {}", c.name);
            assert!(!c.en.is_empty() && !c.zh.is_empty(), "{file} {}", c.name);
        }
    }
}
