//! What programs that know nothing of chargegap need to read its CSV with the right types: `datapackage.json` (Frictionless Data Package, v1)
//! for pandas, DuckDB, R and validators, and a `.csvt` beside each table for GDAL and QGIS, so that codes keep their noughts.

use super::schema::{Column, ColumnType};
use serde_json::{Map, Value, json};

/// Name of the descriptor.
pub const FILE: &str = "datapackage.json";

/// A table of the folder as it was written.
#[derive(Clone, Debug)]
pub struct Resource<'a> {
    /// File name in the folder.
    pub file: &'a str,
    /// Its columns, in order.
    pub columns: &'a [Column],
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256, lower-case hexadecimal.
    pub sha256: &'a str,
}

/// What a descriptor says of the folder as a whole.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// Lower-case name of the kind of folder.
    pub name: &'a str,
    /// What it is about.
    pub title: &'a str,
    /// Whose data it is made from.
    pub attribution: &'a [String],
    /// Whether tables begin with a byte order mark.
    pub has_bom: bool,
}

/// Name of the file of types beside a table: `ranking.csvt` beside `ranking.csv`.
pub fn csvt_name(file: &str) -> String {
    format!("{file}t")
}

/// Types of columns as GDAL's CSV driver reads them from a `.csvt` file: one line.
///
/// ```
/// # use chargegap::internals::files::{data_package::csvt, table::{integer, text}};
/// let columns = [text("code", "code", "County code", "县代码"), integer("rank", "rank", "", "Place", "名次")];
/// assert_eq!(csvt(&columns), "\"String\",\"Integer64\"\r\n");
/// ```
pub fn csvt(columns: &[Column]) -> String {
    csvt_of(columns.iter().map(|c| c.kind))
}

/// The same of types.
pub fn csvt_of(kinds: impl Iterator<Item = ColumnType>) -> String {
    kinds.map(|kind| format!("\"{}\"", words(kind)[0])).collect::<Vec<_>>().join(",") + "\r\n"
}

/// What a type is called in a `.csvt` and in Table Schema.
pub fn words(kind: ColumnType) -> [&'static str; 2] {
    match kind {
        ColumnType::Text => ["String", "string"],
        ColumnType::Integer => ["Integer64", "integer"],
        ColumnType::Real => ["Real", "number"],
        ColumnType::Boolean => ["Integer(Boolean)", "boolean"],
    }
}

/// Whether a cell of a column must be filled: empty text is a text.
pub fn is_required(kind: ColumnType, may_be_empty: bool) -> bool {
    !may_be_empty && kind != ColumnType::Text
}

/// The descriptor of these tables.
pub fn descriptor(about: About<'_>, tables: &[Resource<'_>]) -> String {
    let mut all = json!({
        "profile": "tabular-data-package",
        "name": about.name,
        "title": about.title,
        "resources": tables.iter().map(|t| resource(t, about.has_bom)).collect::<Vec<_>>(),
    });
    if !about.attribution.is_empty() {
        all["sources"] = about.attribution.iter().map(|title| json!({ "title": title })).collect();
    }
    serde_json::to_string_pretty(&all).unwrap_or_default() + "\n"
}

fn resource(table: &Resource<'_>, has_bom: bool) -> Value {
    json!({
        "profile": "tabular-data-resource",
        "name": table.file.trim_end_matches(".csv"),
        "path": table.file,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": if has_bom { "utf-8-sig" } else { "utf-8" },
        "dialect": { "delimiter": ",", "lineTerminator": "\r\n", "quoteChar": "\"", "doubleQuote": true, "header": true },
        "bytes": table.bytes,
        "hash": format!("sha256:{}", table.sha256),
        "schema": { "fields": table.columns.iter().map(field).collect::<Vec<_>>(), "missingValues": [""] },
    })
}

/// A column as a field of Table Schema; unit, alias, Chinese and the meaning of an empty cell are keys of our own beside it.
fn field(column: &Column) -> Value {
    let mut all = Map::new();
    let mut say = |key: &str, value: Value| drop(all.insert(key.to_owned(), value));
    say("name", column.name.as_str().into());
    say("type", words(column.kind)[1].into());
    say("description", column.en.as_str().into());
    say("description_zh", column.zh.as_str().into());
    if !column.unit.is_empty() {
        say("unit", column.unit.into());
    }
    let mut limits = Map::new();
    if is_required(column.kind, !column.null_means.is_empty()) {
        limits.insert("required".to_owned(), true.into());
    }
    if !column.null_means.is_empty() {
        say("null_means", column.null_means.into());
    }
    if !column.words.is_empty() {
        limits.insert("enum".to_owned(), column.words.as_slice().into());
    }
    if !limits.is_empty() {
        say("constraints", limits.into());
    }
    Value::Object(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::table::{boolean, integer, real, text};

    #[test]
    fn a_descriptor_has_the_types_words_and_meanings_of_the_dictionary() {
        let columns = [
            text("code", "code", "County code", "县代码"),
            text("met", "met", "Verdict", "结论").words(["met", "not_met"]),
            integer("rank", "rank", "", "Place", "名次").or_null("not ranked"),
            real("gap_km", "gap_km", "km", "Gap", "缺口"),
            boolean("funded", "funded", "Whether it is funded", "是否资助"),
        ];
        let table = Resource { file: "ranking.csv", columns: &columns, bytes: 12, sha256: "ab" };
        let about = About { name: "chargegap-run", title: "T", attribution: &["© X".to_owned()], has_bom: false };
        let all: Value = serde_json::from_str(&descriptor(about, &[table])).unwrap();
        let one = &all["resources"][0];
        assert_eq!((&one["name"], &one["path"], &one["hash"]), (&"ranking".into(), &"ranking.csv".into(), &"sha256:ab".into()));
        let fields = one["schema"]["fields"].as_array().unwrap();
        let of = |key: &str| fields.iter().map(|f| f[key].clone()).collect::<Vec<_>>();
        assert_eq!(of("type"), ["string", "string", "integer", "number", "boolean"]);
        assert_eq!(fields[1]["constraints"], json!({ "enum": ["met", "not_met"] }));
        assert_eq!((&fields[2]["constraints"], &fields[2]["null_means"]), (&Value::Null, &"not ranked".into()));
        assert_eq!((&fields[3]["constraints"]["required"], &fields[3]["unit"]), (&true.into(), &"km".into()));
        assert_eq!(all["sources"], json!([{ "title": "© X" }]));
        assert_eq!(csvt(&columns), "\"String\",\"String\",\"Integer64\",\"Real\",\"Integer(Boolean)\"\r\n");
        assert_eq!(csvt_name("ranking.csv"), "ranking.csvt");
    }
}
