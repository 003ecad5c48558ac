//! What became of the columns of a layer: those that nothing used, those that look like one of ours, and those in another unit.

use super::fields::FieldMap;
use super::formats::cell_geometry::is_pair;
use super::headers::{self, Fields};
use crate::error::Location;
use crate::issue::{IssueCode, Issues, Layer};

/// More unused columns than this are told together.
const MOST: usize = 500;
/// Keys and measures that programs of maps keep for themselves, in their plain form.
const OF_PROGRAMS: &[&str] = &["fid", "ogcfid", "gid", "objectid", "globalid", "shapeleng", "shapelength", "shapearea"];
/// A longer name is cut in a message.
const LONGEST: usize = 80;

/// Tells of the columns that a layer had: `table` is the layer's name in the region file, `also` those that were used otherwise.
pub fn tell(
    map: &FieldMap,
    fields: Fields,
    (layer, table): (Layer, &str),
    file: &str,
    also: &dyn Fn(&str) -> bool,
    issues: &mut Issues,
) {
    let here = if file.is_empty() { Location::default() } else { Location::file(file) };
    for (ours, column, factor) in map.converted() {
        let what = format!("the header \"{}\" says another unit: its numbers were taken × {factor} as {ours}", short(&column));
        issues.push(layer, IssueCode::UnitOfColumn, here.clone().field(ours), what);
    }
    let unused: Vec<String> =
        map.unused().into_iter().filter(|c| !c.is_empty() && !also(c) && !of_program(c) && !is_pair(c)).collect();
    let open = |ours: &str| !map.has_column(ours);
    for column in unused.iter().take(MOST) {
        let at = here.clone().field(short(column));
        match headers::looks_like(fields, column, open) {
            Some(ours) => {
                let column = short(column);
                let what = format!(
                    "the column \"{column}\" looks like {ours} and was not taken; [{table}] fields = {{ {ours} = \"{column}\" }} takes it"
                );
                issues.push(layer, IssueCode::LooksLikeField, at, what);
            }
            None => issues.push(
                layer,
                IssueCode::UnusedColumn,
                at,
                format!("nothing used the column \"{}\" of [{table}]", short(column)),
            ),
        }
    }
    if let Some(more) = unused.len().checked_sub(MOST).filter(|n| *n > 0) {
        let what = format!("nothing used {more} further columns of [{table}]");
        issues.push_many(layer, IssueCode::UnusedColumn, here, what, more as u64, 0);
    }
}

fn of_program(column: &str) -> bool {
    OF_PROGRAMS.contains(&headers::Header::of(column).plain.as_str())
}

fn short(column: &str) -> String {
    column.chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_column_is_accounted_for() {
        let map = FieldMap::new("stations", headers::STATIONS, &Default::default()).unwrap();
        let row = json!({"id": 1, "总功率(W)": "22000", "statuss": "open", "remark": "x", "site": "A"});
        map.observe(row.as_object().unwrap());
        let mut issues = Issues::default();
        tell(&map, headers::STATIONS, (Layer::Stations, "stations"), "s.csv", &|c| c == "site", &mut issues);
        let told: Vec<String> = issues.sorted().iter().map(|i| i.code.to_string() + ": " + &i.message).collect();
        assert_eq!(told.len(), 3, "{told:?}");
        assert!(told.iter().any(|t| t.starts_with("unit_of_column") && t.contains("× 0.001 as total_kw")), "{told:?}");
        assert!(told.iter().any(|t| t.starts_with("looks_like_a_field") && t.contains("status = \"statuss\"")), "{told:?}");
        assert!(told.iter().any(|t| t.contains("nothing used the column \"remark\" of [stations]")), "{told:?}");
    }
}
