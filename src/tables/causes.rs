//! `causes.csv` of two rounds, and the layer of the same columns: every county, its place before and after, and what each cause did.

use super::cause_words::sentence;
use super::{dictionary, station_changes};
use crate::files::geojson::Shape;
use crate::files::lang::Both;
use crate::files::schema::{Column, Value};
use crate::files::table::{Field, ShapedTable, Table, boolean, integer, real, text};
use crate::results::causes::{Cause, Causes, CountyCauses, CountyStand};
use geo::MultiPolygon;
use std::collections::BTreeMap;
use std::ops::Sub;

/// Its file.
pub const FILE: &str = "causes.csv";

const NO_OLD: &str = "not ranked in the old round";
const NO_NEW: &str = "not ranked in the new round";
const NO_BOTH: &str = "not ranked in both";
const UNKNOWN: &str = "not ranked before or after that cause";

/// The files of a difference of rounds that have columns, in the order of writing.
pub fn files() -> Vec<(String, Vec<Column>)> {
    let named = |name: &str, columns| (name.to_owned(), columns);
    vec![
        named(FILE, table().columns()),
        named(station_changes::FILE, station_changes::table().columns()),
        named(dictionary::FILE, dictionary::table().columns()),
    ]
}

/// A row: a county.
#[derive(Clone, Debug)]
pub struct CauseRow<'a> {
    /// What each cause did to it.
    pub county: &'a CountyCauses,
    /// The change in a sentence, in English and in Chinese.
    pub why: Both,
    /// Its ground, in the new round where it takes part in that; none where neither round has it.
    pub ground: Option<&'a MultiPolygon<f64>>,
}

/// The table.
pub fn table<'a>() -> Table<'a, CauseRow<'a>> {
    Table::new(county_fields())
        .with(selected_fields())
        .with(rank_fields())
        .with(score_fields())
        .with(Cause::ALL.into_iter().enumerate().flat_map(|(i, cause)| fields_of(i, cause)))
        .with(why_fields())
}

fn county_fields<'a>() -> Vec<Field<'a, CauseRow<'a>>> {
    let states = "in (newly selected), out (no longer), moved, stayed, came, went";
    let states_zh = "变化：in 新入选，out 落选，moved 名次变动，stayed 未变，came 新参评，went 不再参评";
    vec![
        text("code", "code", "County code as text; the new one where it changed", "县代码（变更者为新代码）")
            .of(|r: &CauseRow<'_>| Value::Text(r.county.code.clone())),
        text("old_code", "old_code", "Its code in the old round, where that is another", "原代码")
            .or_null("it is the same")
            .of(|r: &CauseRow<'_>| Value::opt(r.county.old_code.clone(), Value::Text)),
        text("name", "name", "Name", "名称").or_null("not known").of(|r: &CauseRow<'_>| Value::Text(r.county.name.clone())),
        text("name_zh", "name_zh", "Chinese name", "中文名称")
            .or_null("not known")
            .of(|r: &CauseRow<'_>| Value::text_or_null(&r.county.name_zh)),
        text("status", "status", states, states_zh).of(|r: &CauseRow<'_>| Value::Word(status(r.county))),
    ]
}

fn selected_fields<'a>() -> [Field<'a, CauseRow<'a>>; 2] {
    let selected = |s: Option<CountyStand>| Value::Boolean(s.is_some_and(|s| s.selected));
    [
        boolean("selected_old", "sel_old", "Selected in the old round", "上一轮入选")
            .of(move |r: &CauseRow<'_>| selected(r.county.ends()[0])),
        boolean("selected_new", "sel_new", "Selected in the new round", "本轮入选")
            .of(move |r: &CauseRow<'_>| selected(r.county.ends()[1])),
    ]
}

fn rank_fields<'a>() -> [Field<'a, CauseRow<'a>>; 3] {
    let change = "New less old place: below 0 is up; the sum of the causes";
    let columns = [
        integer("rank_old", "rank_old", "", "Place in the old round", "原名次"),
        integer("rank_new", "rank_new", "", "Place in the new round", "新名次"),
        integer("rank_change", "rank_chg", "places", change, "名次变化（负为上升，等于各原因之和）"),
    ];
    end_fields(columns, |s| s.rank.map(i64::from), Value::Integer)
}

fn score_fields<'a>() -> [Field<'a, CauseRow<'a>>; 3] {
    let change = "New less old score; the sum of the causes";
    let columns = [
        real("score_old", "score_old", "points", "Score in the old round", "原得分"),
        real("score_new", "score_new", "points", "Score in the new round", "新得分"),
        real("score_change", "score_chg", "points", change, "得分变化（等于各原因之和）"),
    ];
    end_fields(columns, |s| s.score, Value::Real)
}

/// A figure at both ends, and the new one less the old one.
fn end_fields<'a, T: Sub<Output = T> + 'static>(
    [old, new, change]: [Column; 3],
    of: fn(CountyStand) -> Option<T>,
    value: fn(T) -> Value,
) -> [Field<'a, CauseRow<'a>>; 3] {
    let end = move |r: &CauseRow<'_>, k: usize| r.county.ends()[k].and_then(of);
    let changed = move |r: &CauseRow<'_>| end(r, 0).zip(end(r, 1)).map(|(old, new)| new - old);
    [
        old.or_null(NO_OLD).of(move |r: &CauseRow<'_>| Value::opt(end(r, 0), value)),
        new.or_null(NO_NEW).of(move |r: &CauseRow<'_>| Value::opt(end(r, 1), value)),
        change.or_null(NO_BOTH).of(move |r: &CauseRow<'_>| Value::opt(changed(r), value)),
    ]
}

/// What a cause did, the `i`th of all.
fn fields_of<'a>(i: usize, cause: Cause) -> [Field<'a, CauseRow<'a>>; 2] {
    let (word, zh) = (cause.as_str(), cause.zh());
    let places = format!("Places that it moved by a change of {word}");
    let points = format!("Points that a change of {word} brought");
    [
        integer(&format!("rank_change_{word}"), &format!("rank_c{i}"), "places", places, format!("{zh}引起的名次变化"))
            .or_null(UNKNOWN)
            .of(move |r: &CauseRow<'_>| Value::opt(r.county.moved_by(cause), Value::Integer)),
        real(&format!("score_change_{word}"), &format!("score_c{i}"), "points", points, format!("{zh}引起的得分变化"))
            .or_null(UNKNOWN)
            .of(move |r: &CauseRow<'_>| Value::opt(r.county.points_by(cause), Value::Real)),
    ]
}

fn why_fields<'a>() -> [Field<'a, CauseRow<'a>>; 4] {
    let word = |cause: Option<Cause>| Value::opt(cause, |c| Value::Word(c.as_str()));
    [
        text("main_cause", "cause", "Cause that moved it most", "主要原因")
            .or_null("nothing moved it")
            .of(move |r: &CauseRow<'_>| word(r.county.main_cause())),
        text("selection_cause", "sel_cause", "Cause by which it was selected, or lost its place", "入选或落选的原因")
            .or_null("its selection did not change")
            .of(move |r: &CauseRow<'_>| word(r.county.selected_by())),
        text("why", "why", "The change in a sentence, with stations by name", "变化说明（英文）")
            .of(|r: &CauseRow<'_>| Value::Text(r.why.en.clone())),
        text("why_zh", "why_zh", "The same in Chinese", "变化说明").of(|r: &CauseRow<'_>| Value::Text(r.why.zh.clone())),
    ]
}

/// What became of a county.
pub fn status(c: &CountyCauses) -> &'static str {
    match c.ends() {
        [None, _] => "came",
        [_, None] => "went",
        [Some(a), Some(b)] if !a.selected && b.selected => "in",
        [Some(a), Some(b)] if a.selected && !b.selected => "out",
        [Some(a), Some(b)] if a.rank != b.rank => "moved",
        _ => "stayed",
    }
}

/// The layer; for rows that have a ground.
pub fn layer<'a>() -> ShapedTable<'a, CauseRow<'a>> {
    ShapedTable {
        table: table(),
        id: Box::new(|r: &CauseRow<'_>| r.county.code.clone()),
        shape: Box::new(move |r: &CauseRow<'a>| r.ground.map_or(Shape::Line(Vec::new()), Shape::Area)),
    }
}

/// Its rows, by code.
pub fn rows(all: &Causes) -> impl Iterator<Item = CauseRow<'_>> {
    let members = all.ends.iter().flat_map(|r| &r.members);
    // the new round comes last and stays
    let grounds: BTreeMap<&str, _> = members.map(|m| (m.county.code.as_str(), &m.county.shape)).collect();
    all.counties.iter().map(move |county| CauseRow {
        county,
        why: sentence(all, county),
        ground: grounds.get(county.code.as_str()).copied(),
    })
}
