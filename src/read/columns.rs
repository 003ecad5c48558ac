//! What became of the columns of a layer: those that nothing used, those that look like one of ours, and those in another unit.

use super::fields::FieldMap;
use super::formats::cell_geometry::is_pair;
use super::headers::{self, Fields};
use super::units;
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
    for (ours, column) in map.apparent() {
        let what = format!("the header \"{}\" says kVA: taken as {ours} in kW, as of a power factor of 1", short(&column));
        issues.push(layer, IssueCode::KvaAsKw, here.clone().field(ours), what);
    }
    for (ours, column, what) in map.of_lesser_meaning() {
        let what = format!("{ours} comes from the column \"{}\": {what}", short(&column));
        issues.push(layer, IssueCode::OtherMeaning, here.clone().field(ours), what);
    }
    for (ours, column, from) in map.of_other_meaning() {
        let what = format!(
            "the column \"{}\" says another thing than \"{}\", which {ours} comes from: it fills none of its cells",
            short(&column),
            short(&from)
        );
        issues.push(layer, IssueCode::OtherMeaning, here.clone().field(ours), what);
    }
    let unused: Vec<String> =
        map.unused().into_iter().filter(|c| !c.is_empty() && !also(c) && !of_program(c) && !is_pair(c)).collect();
    let open = |ours: &str| !map.has_column(ours);
    for column in unused.iter().take(MOST) {
        let at = here.clone().field(short(column));
        if let Some(ours) = is_of_units(column).then(|| without_unit(map, fields)).flatten() {
            let what = format!("the column \"{}\" may say the unit of {ours} row by row; it was not followed", short(column));
            issues.push(layer, IssueCode::LooksLikeField, at, what);
            continue;
        }
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

/// Tells of columns of a field that others of it go before.
pub fn tell_second(map: &FieldMap, fields: Fields, layer: Layer, file: &str, issues: &mut Issues) {
    for (ours, _) in fields {
        let met = map.met(ours);
        let Some((first, rest)) = met.split_first() else { continue };
        for column in rest {
            let what = format!(
                "the columns \"{}\" and \"{}\" both mean {ours}: the second counts only where the first is empty",
                short(first),
                short(column)
            );
            issues.push(layer, IssueCode::UnusedColumn, Location::file(file).field(short(column)), what);
        }
    }
}

/// Names of columns that say units.
const OF_UNITS: &[&str] = &["unit", "units", "uom", "单位", "计量单位", "einheit", "unité"];

fn is_of_units(column: &str) -> bool {
    OF_UNITS.contains(&headers::Header::of(column).plain.as_str())
}

/// A field with a measure whose column says no unit.
fn without_unit(map: &FieldMap, fields: Fields) -> Option<&'static str> {
    let bare = |ours: &str| map.met(ours).iter().any(|column| headers::Header::of(column).unit().is_none());
    fields.iter().map(|(ours, _)| *ours).find(|ours| units::measure(ours) != units::Measure::Plain && bare(ours))
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

    /// Points of the rows, and messages.
    fn points(rows: &[serde_json::Value]) -> (Vec<Option<String>>, Vec<String>) {
        let map = FieldMap::new("stations", headers::STATIONS, &Default::default()).unwrap();
        let rows: Vec<_> = rows.iter().map(|r| r.as_object().unwrap()).collect();
        let read = |r: &&serde_json::Map<String, serde_json::Value>| {
            map.observe(*r);
            map.get(*r, "points").map(|t| t.into_owned())
        };
        let all = rows.iter().map(read).collect();
        let mut issues = Issues::default();
        tell(&map, headers::STATIONS, (Layer::Stations, "stations"), "s.csv", &|_| false, &mut issues);
        (all, issues.sorted().iter().filter(|i| i.code == IssueCode::OtherMeaning).map(|i| i.message.clone()).collect())
    }

    #[test]
    fn a_column_has_one_meaning_for_the_whole_layer() {
        // the second row has no number of guns, and its three piles are none
        let (all, told) = points(&[json!({"枪数": "4", "充电桩数": "2"}), json!({"枪数": "", "充电桩数": "3"})]);
        assert_eq!(all, [Some("4".to_owned()), None]);
        assert_eq!(
            told,
            ["the column \"充电桩数\" says another thing than \"枪数\", which points comes from: it fills none of its cells"]
        );
        // in a layer of piles alone each is a gun, which is told
        let (all, told) = points(&[json!({"充电桩数": "2"})]);
        assert_eq!(
            (all, told),
            (
                vec![Some("2".to_owned())],
                vec!["points comes from the column \"充电桩数\": piles, each taken as one gun".to_owned()]
            )
        );
        // columns of one meaning fill each other
        let (all, told) = points(&[json!({"guns": "", "枪数": "3"})]);
        assert_eq!((all, told.len()), (vec![Some("3".to_owned())], 0));
        let (all, told) = points(&[json!({"capacity": 120})]);
        assert!(all[0].is_some() && told[0].contains("a capacity, taken as a number of guns and not as kW"), "{told:?}");
    }

    #[test]
    fn apparent_power_is_told_once_a_column() {
        let map = FieldMap::new("stations", headers::STATIONS, &Default::default()).unwrap();
        let row = json!({"总功率(kVA)": "22", "单枪功率（千伏安）": 7});
        (0..3).for_each(|_| map.observe(row.as_object().unwrap()));
        let mut issues = Issues::default();
        tell(&map, headers::STATIONS, (Layer::Stations, "stations"), "s.csv", &|_| false, &mut issues);
        let told: Vec<String> = issues.sorted().iter().map(|i| i.code.to_string() + ": " + &i.message).collect();
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(told[1].contains("kva_as_kw: the header \"总功率(kVA)\" says kVA: taken as total_kw in kW"), "{told:?}");
    }

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
