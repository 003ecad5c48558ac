//! `lines.csv`: who is above a funding line, and in how many draws.

use super::rank_view::RankView;
use super::ranking;
use crate::files::schema::Value;
use crate::files::table::{Table, boolean, integer, real, text};
use crate::rank::uncertainty::{Band, LineOut, RANGE_LABEL, UnitChance};
use crate::rank::{RankRow, Unit};

/// Its file.
pub const FILE: &str = "lines.csv";

/// A row: a line and a ranked county.
#[derive(Clone, Copy, Debug)]
pub struct LineRow<'v> {
    /// The line.
    pub line: &'v LineOut,
    /// The county.
    pub unit: &'v Unit,
    /// Its row in the ranking.
    pub row: &'v RankRow,
    /// Where it stands against the line.
    pub chance: &'v UnitChance,
}

/// The table.
pub fn table<'a>() -> Table<'a, LineRow<'a>> {
    Table::new(vec![
        text("line", "line", "Funding line, by name", "入围线名称").of(|r: &LineRow<'_>| Value::Text(r.line.key.clone())),
        text("county_code", "county", "County code as text", "县代码（文本）")
            .of(|r: &LineRow<'_>| Value::Text(r.unit.code.clone())),
        integer("rank", "rank", "", "Its place", "名次")
            .of(|r: &LineRow<'_>| Value::opt(r.row.rank, |n| Value::Integer(n.into()))),
        boolean("above", "above", "Above the line as things are", "按所列名次是否入围")
            .of(|r: &LineRow<'_>| Value::Boolean(r.chance.nominal)),
        real(
            "share_of_draws",
            "share",
            "share 0-1",
            format!("Share of the draws in which it is above; {RANGE_LABEL}"),
            "入围的抽样占比（敏感性结果，非置信概率）",
        )
        .of(|r: &LineRow<'_>| Value::Real(r.chance.share)),
        text(
            "band",
            "band",
            "certain, contested or out, by that share and the limits in manifest.json",
            "稳入（certain）、待定（contested）或不入（out）",
        )
        .words(Band::ALL.map(Band::as_str))
        .of(|r: &LineRow<'_>| Value::Word(r.chance.band.as_str())),
    ])
    .rule("share_of_draws is from 0 to 1", |row, _| Ok(row.number("share_of_draws")?.is_some_and(|s| (0.0..=1.0).contains(&s))))
    .rule("rank is that of ranking.csv", ranking::has_its_rank)
}

/// Its rows, by line as given and by place.
pub fn rows<'v>(view: RankView<'v>) -> impl Iterator<Item = LineRow<'v>> + 'v {
    let lines = view.sureness().map_or(&[][..], |s| s.ranges.lines.as_slice());
    lines.iter().flat_map(move |line| view.ranked().iter().filter_map(move |row| row_of(view, line, row)))
}

fn row_of<'v>(view: RankView<'v>, line: &'v LineOut, row: &'v RankRow) -> Option<LineRow<'v>> {
    let chance = &line.units[line.units.binary_search_by_key(&row.county, |u| u.unit).ok()?];
    Some(LineRow { line, unit: view.unit(row.county), row, chance })
}
