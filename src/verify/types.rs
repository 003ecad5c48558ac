//! Every file with columns is what the folder's dictionary says: the same columns in the same order, every cell of its column's type, and
//! empty only where the column says what that means. Layers are read by their properties, which have no order.
//!
//! The dictionary itself is held against the tables of this version, where their columns do not depend on the criteria.

use super::opened::Opened;
use super::{Findings, first_few};
use crate::error::Result;
use crate::files::csv_table::CsvTable;
use crate::files::kind::FORMAT_VERSION;
use crate::files::kind::Kind as FolderKind;
use crate::files::schema::{Column, ColumnType};
use crate::read::record::Columns;
use crate::tables::dictionary::{self, Described};
use crate::tables::{self, Known};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Columns by file.
type Dictionary = BTreeMap<String, Vec<Described>>;

/// Checks a folder with a dictionary.
pub(super) fn check(o: &Opened, findings: &mut Findings) -> Result<()> {
    let Some(table) = o.tables.table(dictionary::FILE) else { return Ok(()) };
    let described = dictionary::read(table)?;
    // until format 2 a text could be empty without a meaning of it, and not every file of a folder was described
    let lax = o.folder.manifest["format_version"] == 1;
    let no_file = described.keys().filter(|file| !lax && !o.holds(file.split('/').next().unwrap_or_default()));
    findings.faults.extend(no_file.map(|file| format!("{}: it describes {file}, which is not there", dictionary::FILE)));
    let mut columns = 0;
    for (file, table) in o.tables.all() {
        let of_file = described.get(file);
        if of_file.is_none() && lax {
            continue;
        }
        let of_file = of_file.map(Vec::as_slice).unwrap_or_default();
        columns += of_file.len();
        check_table((file, table), of_file, lax, findings);
    }
    for layer in layers(&o.folder.manifest) {
        let of_file = described.get(layer);
        // the layers of a difference are described since format 4
        let old = o.folder.manifest["format_version"].as_u64() < Some(super::format::FOURTH);
        if of_file.is_none() && (lax || (old && o.folder.kind == FolderKind::Difference)) {
            continue;
        }
        let of_file = of_file.map(Vec::as_slice).unwrap_or_default();
        columns += of_file.len();
        check_layer(o, layer, of_file, findings)?;
    }
    if !lax {
        // columns may come and go with the format
        let m = &o.folder.manifest;
        let same = m["chargegap_version"] == env!("CARGO_PKG_VERSION") && m["format_version"] == FORMAT_VERSION;
        let known = tables::known()?;
        check_dictionary(&described, &known, same, findings);
        if same {
            check_words(o, &known, findings);
        }
    }
    findings.checked.push(format!("every value of {columns} columns against its type in the dictionary"));
    Ok(())
}

/// Files of the layers that were written as GeoJSON or FlatGeobuf.
fn layers(manifest: &Value) -> impl Iterator<Item = &str> {
    let outputs = manifest["outputs"].as_array().map(Vec::as_slice).unwrap_or_default();
    outputs.iter().filter_map(|f| f["name"].as_str()).filter(|n| n.ends_with(".geojson") || n.ends_with(".fgb"))
}

fn check_table((file, table): (&str, &CsvTable), described: &[Described], lax: bool, findings: &mut Findings) {
    if !table.columns().iter().eq(described.iter().map(|d| &d.name)) {
        findings.faults.push(format!("{file}: its columns are not those of the dictionary, in order"));
        return;
    }
    let mut faults = Vec::new();
    for row in table.rows() {
        for (cell, d) in row.cells().zip(described) {
            let empty_fits = d.may_be_empty || (lax && d.kind == ColumnType::Text);
            let fits = if cell.is_empty() { empty_fits } else { d.kind.fits_cell(cell) };
            if !fits {
                faults.push(format!("{file}: row {}: {}", row.place(), told(&d.name, cell, d.kind)));
            }
        }
    }
    first_few(faults, findings);
}

fn check_layer(o: &Opened, layer: &str, described: &[Described], findings: &mut Findings) -> Result<()> {
    let names: BTreeSet<&str> = described.iter().map(|d| d.name.as_str()).collect();
    let (mut faults, mut number) = (Vec::new(), 0u64);
    o.features_of(layer, findings, &mut |f| {
        number += 1;
        if !f.columns.keys().map(String::as_str).eq(names.iter().copied()) {
            let here = format!("{layer}: feature {number}");
            return faults.push(format!("{here}: its properties are not the columns of the dictionary"));
        }
        let told = |what| format!("{layer}: feature {number}: {what}");
        faults.extend(described.iter().filter_map(|d| misfit(&f.columns, d)).map(told));
    })?;
    first_few(faults, findings);
    Ok(())
}

/// What is wrong with a property.
fn misfit(properties: &Columns, d: &Described) -> Option<String> {
    let value = properties.get(&d.name)?;
    let fits = if value.is_null() { d.may_be_empty } else { d.kind.fits_json(value) };
    (!fits).then(|| told(&d.name, value.as_str().unwrap_or(&value.to_string()), d.kind))
}

fn told(column: &str, value: &str, kind: ColumnType) -> String {
    match value {
        "" | "null" => format!("{column} is empty, and the dictionary does not say what that means"),
        _ => format!("{column} is {value:?}, which is not of the type {}", kind.as_str()),
    }
}

/// Columns of tables that do not depend on criteria have the types of this version; with the same version they are the same.
fn check_dictionary(described: &Dictionary, known: &[Known], same_version: bool, findings: &mut Findings) {
    for known in known {
        let Some(told) = described.get(&known.file) else { continue };
        let fits = |columns: &Vec<Column>| {
            let is =
                |d: &Described, c: &Column| d.name == c.name && d.kind == c.kind && d.may_be_empty != c.null_means.is_empty();
            let as_known = |d: &Described| columns.iter().find(|c| c.name == d.name).is_none_or(|c| c.kind == d.kind);
            if same_version {
                told.len() == columns.len() && told.iter().zip(columns).all(|(d, c)| is(d, c))
            } else {
                told.iter().all(as_known)
            }
        };
        if !known.columns.is_empty() && !known.columns.iter().any(fits) {
            findings.faults.push(format!("{}: its columns of {} are not those of the table", dictionary::FILE, known.file));
        }
    }
}

/// Columns of a list of words hold those of this version.
fn check_words(o: &Opened, known: &[Known], findings: &mut Findings) {
    for known in known {
        let Some(table) = o.tables.table(&known.file) else { continue };
        let listed: BTreeMap<&str, &[&str]> =
            known.columns.iter().flatten().filter(|c| !c.words.is_empty()).map(|c| (&*c.name, &*c.words)).collect();
        let of_table: Vec<Option<&[&str]>> = table.columns().iter().map(|name| listed.get(&**name).copied()).collect();
        let mut faults = Vec::new();
        for row in table.rows() {
            for ((cell, words), column) in row.cells().zip(&of_table).zip(table.columns()) {
                if words.is_some_and(|words| !cell.is_empty() && !words.contains(&cell)) {
                    faults.push(format!("{}: row {}: {column} is {cell:?}, which is none of its words", known.file, row.place()));
                }
            }
        }
        first_few(faults, findings);
    }
}

#[cfg(test)]
mod tests {
    use crate::verify::opened::tests::{changed, faults_of};
    use serde_json::json;

    const DICTIONARY: &str = "file,column,type,null_means\nt.csv,code,text,\nt.csv,n,integer,none\nt.csv,x,real,\nt.csv,b,boolean,\n\
        l.geojson,id,text,\nl.geojson,x,real,unknown\ndictionary.csv,file,text,\ndictionary.csv,column,text,\n\
        dictionary.csv,type,text,\ndictionary.csv,null_means,text,always\n";
    const TABLE: &str = "code,n,x,b\n01,7,1.5,true\n02,,1e-6,false\n";
    const LAYER: &str = r#"{"type":"FeatureCollection","features":[
{"type":"Feature","geometry":null,"properties":{"id":"a","x":1.5}},{"type":"Feature","geometry":null,"properties":{"id":"b","x":null}}]}"#;

    #[test]
    fn values_of_another_type_and_columns_of_another_name_are_found() {
        let files = [("dictionary.csv", DICTIONARY), ("t.csv", TABLE), ("l.geojson", LAYER)];
        let of = |change, more| faults_of(&changed(&files, change), more, super::check);
        let faults = |change| of(change, json!({ "chargegap_version": "0.0.1" }));
        assert_eq!(faults(("", "", "")), [""; 0]);
        for (file, from, to, want) in [
            ("t.csv", "01,7", "01,7.0", "t.csv: row 1: n is \""),
            ("t.csv", "1e-6", "inf", "t.csv: row 2: x is \""),
            ("t.csv", "1e-6", "", "t.csv: row 2: x is empty"),
            ("t.csv", "01,7", ",7", "t.csv: row 1: code is empty"),
            ("t.csv", "false", "no", "t.csv: row 2: b is \""),
            ("t.csv", "code,n", "n,code", "t.csv: its columns are not those of the dictionary"),
            ("t.csv", "code,n", "code,m", "t.csv: its columns are not those of the dictionary"),
            ("l.geojson", "\"x\":1.5", "\"x\":\"1.5\"", "l.geojson: feature 1: x is \""),
            ("l.geojson", "\"b\"", "null", "l.geojson: feature 2: id is empty"),
            ("l.geojson", ",\"x\":1.5", "", "l.geojson: feature 1: its properties are not the columns"),
            ("l.geojson", "\"x\":1.5", "\"x\":1.5,\"y\":1", "l.geojson: feature 1: its properties are not the columns"),
            ("dictionary.csv", "l.geojson,id", "m.geojson,id", "it describes m.geojson, which is not there"),
        ] {
            let found = faults((file, from, to));
            assert!(found.first().is_some_and(|f| f.contains(want)), "{file} {to}: {found:?}");
        }
        let found = faults(("dictionary.csv", "t.csv,n,integer", "t.csv,n,whole"));
        assert!(found.len() == 1 && found[0].contains("\"whole\" is no type"), "{found:?}");
        // A text that is empty was no fault until format 2.
        let first = json!({ "format_version": 1 });
        assert_eq!(of(("t.csv", "01,7", ",7"), first), [""; 0]);
        // With this very version the columns of the dictionary's own table are known, and here some are missing.
        let own = of(("", "", ""), json!({ "chargegap_version": env!("CARGO_PKG_VERSION") }));
        assert_eq!(own, ["dictionary.csv: its columns of dictionary.csv are not those of the table"]);
    }
}
