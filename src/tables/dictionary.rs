//! `dictionary.csv`: every column of every file, in English and Chinese.

use super::common as tables;
use super::{counterfactuals, equity, figures as evidence, layers, rank_tables, trust};
use crate::config::Criteria;
use crate::files::schema::{Column, Kind, Value};

/// Every file with columns, in the order of writing.
pub fn files(criteria: &Criteria) -> Vec<(String, Vec<Column>)> {
    let mut all: Vec<(String, Vec<Column>)> =
        layers::LAYERS.iter().map(|l| (format!("{l}.geojson"), layers::columns(l, criteria))).collect();
    all.extend(ranking());
    all.push(("ledger.csv".to_owned(), tables::ledger_columns(criteria)));
    all.push(("equity.csv".to_owned(), equity::columns(criteria)));
    all.push(("lorenz.csv".to_owned(), equity::lorenz_columns()));
    all.push(("counterfactuals.csv".to_owned(), counterfactuals::columns()));
    all.push(("trust.csv".to_owned(), trust::columns()));
    all.extend(about());
    all
}

/// Every file with columns of a ranking folder, in the order of writing.
pub fn ranking_files() -> Vec<(String, Vec<Column>)> {
    ranking().chain(about()).collect()
}

fn ranking() -> impl Iterator<Item = (String, Vec<Column>)> {
    rank_tables::files().into_iter().chain(evidence::files()).map(|(name, columns)| (name.to_owned(), columns))
}

fn about() -> [(String, Vec<Column>); 2] {
    [("issues.csv".to_owned(), tables::issue_columns()), ("dictionary.csv".to_owned(), columns())]
}

/// Columns of the dictionary itself.
pub fn columns() -> Vec<Column> {
    use Kind::Text;
    vec![
        Column::new("file", "file", Text, "", "File", "文件"),
        Column::new("column", "column", Text, "", "Column", "字段"),
        Column::new("alias", "alias", Text, "", "Name of at most ten bytes, for shapefiles", "短名（≤10字节）"),
        Column::new("type", "type", Text, "", "text, integer, real or boolean", "类型"),
        Column::new("unit", "unit", Text, "", "Unit", "单位").or_null("none"),
        Column::new("meaning", "meaning", Text, "", "Meaning", "英文说明"),
        Column::new("meaning_zh", "meaning_zh", Text, "", "Meaning in Chinese", "中文说明"),
        Column::new("null_means", "null_means", Text, "", "What an empty value means", "空值含义")
            .or_null("there is always a value"),
    ]
}

/// Rows of the dictionary of some files.
pub fn rows(files: Vec<(String, Vec<Column>)>) -> impl Iterator<Item = Vec<Value>> {
    files.into_iter().flat_map(|(file, columns)| {
        columns.into_iter().map(move |c| {
            vec![
                Value::Text(file.clone()),
                Value::Text(c.name),
                Value::Text(c.alias),
                Value::Text(c.kind.as_str().to_owned()),
                Value::text_or_null(c.unit),
                Value::Text(c.en),
                Value::Text(c.zh),
                Value::text_or_null(c.null_means),
            ]
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::RegionFile;
    use std::collections::BTreeSet;

    #[test]
    fn names_and_aliases_are_usable_and_unique() {
        let text = "[criteria]\nservices = [\"charging\", \"swap\", \"fast_charging\", \"truck_charging\"]\ndistances_km = [2.5, 10, 120, 1000]\ntimes_min = [7.5, 120]\nheadline_km = 10\n[population]\npath = \"pop.tif\"\n";
        let criteria = Criteria::from_region(&RegionFile::parse(text, "r").unwrap()).unwrap();
        for (file, columns) in files(&criteria) {
            let names: BTreeSet<&str> = columns.iter().map(|c| c.name.as_str()).collect();
            let aliases: BTreeSet<&str> = columns.iter().map(|c| c.alias.as_str()).collect();
            assert_eq!((names.len(), aliases.len()), (columns.len(), columns.len()), "{file}");
            for c in &columns {
                assert!(c.alias.len() <= 10, "{file} {}", c.alias);
                assert!(c.name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'), "{file} {}", c.name);
                assert!(!c.en.is_empty() && !c.zh.is_empty(), "{file} {}", c.name);
            }
        }
    }
}
