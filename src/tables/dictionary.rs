//! `dictionary.csv`: every column of every file, in English and Chinese.

use crate::files::schema::{Column, Value};
use crate::files::table::{Table, text};

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
pub fn rows(files: Vec<(String, Vec<Column>)>) -> impl Iterator<Item = DictionaryRow> {
    let of = |(file, columns): (String, Vec<Column>)| {
        columns.into_iter().map(move |column| DictionaryRow { file: file.clone(), column })
    };
    files.into_iter().flat_map(of)
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
