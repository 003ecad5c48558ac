//! `county_columns.csv`: the user's columns that `[rank]` names, numbers to the bit, so that `rank` needs no county table.
//! [`crate::finished`] reads it back.

use crate::files::schema::Value;
use crate::files::table::{Table, real, text};
use crate::rank::{Evidence, Unit};
use std::collections::BTreeSet;

/// Its file.
pub const FILE: &str = "county_columns.csv";

/// A row: a county and a column.
#[derive(Clone, Copy, Debug)]
pub struct CountyColumnRow<'e> {
    /// The county.
    pub unit: &'e Unit,
    /// Header of the column.
    pub column: &'e str,
}

/// The table.
pub fn table<'a>() -> Table<'a, CountyColumnRow<'a>> {
    Table::new(vec![
        text("county_code", "county", "County code as text", "县代码（文本）")
            .of(|r: &CountyColumnRow<'_>| Value::Text(r.unit.code.clone())),
        text("column", "column", "Header in the county table", "属性表字段")
            .of(|r: &CountyColumnRow<'_>| Value::Text(r.column.to_owned())),
        real("value", "value", "", "Its value, with all its digits", "数值（全部位数）")
            .or_null("not known")
            .of(|r: &CountyColumnRow<'_>| Value::opt(r.unit.columns.get(r.column).copied(), Value::Exact)),
    ])
}

/// Its rows; `asked` names columns that are listed even where no county has a value.
pub fn rows<'e>(e: &'e Evidence, asked: &BTreeSet<&'e str>) -> impl Iterator<Item = CountyColumnRow<'e>> + use<'e> {
    let known = e.units.iter().flat_map(|u| u.columns.keys().map(String::as_str));
    let names: BTreeSet<&str> = asked.iter().copied().chain(known).collect();
    e.units.iter().flat_map(move |unit| names.clone().into_iter().map(move |column| CountyColumnRow { unit, column }))
}
