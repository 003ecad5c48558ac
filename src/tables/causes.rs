//! `causes.csv` of two rounds, and the layer of the same columns: every county, its place before and after, and what each cause did.

use super::cause_words::sentence;
use super::{dictionary, station_changes};
use crate::files::geojson::Shape;
use crate::files::lang::Both;
use crate::files::schema::{Column, Value};
use crate::files::table::{Field, ShapedTable, Table, boolean, integer, real, text};
use crate::results::causes::{Cause, Causes, CountyCauses, CountyStand};
use crate::results::hand_funded::said_of;
use crate::results::money::number;
use crate::results::split::Parts;
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
        named("counties.geojson", layer().table.columns()),
        named("stations.geojson", station_changes::layer().table.columns()),
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
    /// What stands against it where a round funds it by hand; empty where nothing does.
    pub funded_though: Both,
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
        .with(part_fields())
        .with(why_fields())
        .with(super::diff::though_fields(|r: &CauseRow<'_>| &r.funded_though))
}

fn county_fields<'a>() -> Vec<Field<'a, CauseRow<'a>>> {
    let states = "in (newly selected), out (no longer), moved, other_funding (in the same place), stayed (place and money), joined (several counties of the old round), came, went";
    let states_zh = "变化：in 新入选，out 落选，moved 名次变动，other_funding 名次未变而资金不同，stayed 均未变，joined 由多县合并，came 新参评，went 不再参评";
    vec![
        text("county_code", "county", "County code as text; the new one where it changed", "县代码（变更者为新代码）")
            .of(|r: &CauseRow<'_>| Value::Text(r.county.code.clone())),
        text("old_code", "old_code", "Its code in the old round, where that is another", "原代码")
            .or_null("it is the same")
            .of(|r: &CauseRow<'_>| Value::opt(r.county.old_code.clone(), Value::Text)),
        text("name", "name", "Name", "名称").or_null("not known").of(|r: &CauseRow<'_>| Value::Text(r.county.name.clone())),
        text("name_zh", "name_zh", "Chinese name", "中文名称")
            .or_null("not known")
            .of(|r: &CauseRow<'_>| Value::text_or_null(&r.county.name_zh)),
    ]
    .into_iter()
    .chain(super::diff::money_fields(|r: &CauseRow<'_>| Some(r.county.money())))
    .chain([text("status", "status", states, states_zh).of(|r: &CauseRow<'_>| Value::Word(status(r.county)))])
    .collect()
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
fn fields_of<'a>(i: usize, cause: Cause) -> [Field<'a, CauseRow<'a>>; 3] {
    let (word, zh) = (cause.as_str(), cause.zh());
    let money = format!("Money that a change of {word} brought");
    let places = format!("Places that it moved by a change of {word}");
    let points = format!("Points that a change of {word} brought");
    [
        real(
            &format!("funding_change_{word}"),
            &format!("fund_c{i}"),
            "money of the round",
            money,
            format!("{zh}引起的资金变化"),
        )
        .or_null("a sum is not known, or the rounds count in different money")
        .of(move |r: &CauseRow<'_>| Value::opt(r.county.money_by(cause), |m| Value::Real(number(m)))),
        integer(&format!("rank_change_{word}"), &format!("rank_c{i}"), "places", places, format!("{zh}引起的名次变化"))
            .or_null(UNKNOWN)
            .of(move |r: &CauseRow<'_>| Value::opt(r.county.moved_by(cause), Value::Integer)),
        real(&format!("score_change_{word}"), &format!("score_c{i}"), "points", points, format!("{zh}引起的得分变化"))
            .or_null(UNKNOWN)
            .of(move |r: &CauseRow<'_>| Value::opt(r.county.points_by(cause), Value::Real)),
    ]
}

/// What of the change came from where.
fn part_fields<'a>() -> [Field<'a, CauseRow<'a>>; 5] {
    let unknown = "it is not ranked in both, or the method does not work by values, scales and weights";
    let points = |get: fn(&Parts) -> f64| move |r: &CauseRow<'_>| Value::opt(r.county.parts(), |p| Value::Real(get(&p)));
    let places = |get: fn(&Parts) -> i64| move |r: &CauseRow<'_>| Value::opt(r.county.parts(), |p| Value::Integer(get(&p)));
    let scale = "Points that the scale brought: its ends, the indicators used and their weights, which other counties and the method move; with the other part the whole change";
    let others = "Places that others moved past it, came or went; with the other two parts the whole change";
    [
        real(
            "score_change_own",
            "score_own",
            "points",
            "Points that its own figures brought, on the scale as it was",
            "本县数据引起的得分变化",
        )
        .or_null(unknown)
        .of(points(|p| p.own_points)),
        real("score_change_scale", "score_scal", "points", scale, "标尺变动（极值、指标与权重）引起的得分变化")
            .or_null(unknown)
            .of(points(|p| p.scale_points)),
        integer("rank_change_own", "rank_own", "places", "Places that it moved by its own figures", "本县数据引起的名次变化")
            .or_null(unknown)
            .of(places(|p| p.own_places)),
        integer("rank_change_scale", "rank_scal", "places", "Places that it moved by the scale", "标尺变动引起的名次变化")
            .or_null(unknown)
            .of(places(|p| p.scale_places)),
        integer("rank_change_others", "rank_oth", "places", others, "他县变动引起的名次变化")
            .or_null(unknown)
            .of(places(|p| p.others_places)),
    ]
}

fn why_fields<'a>() -> [Field<'a, CauseRow<'a>>; 4] {
    let word = |cause: Option<Cause>| Value::opt(cause, |c| Value::Word(c.as_str()));
    [
        text("main_cause", "cause", "Cause that moved it most: by money, then by places, then by points", "主要原因")
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
        _ if c.joined => "joined",
        [Some(a), Some(b)] if !a.selected && b.selected => "in",
        [Some(a), Some(b)] if a.selected && !b.selected => "out",
        [Some(a), Some(b)] if a.rank != b.rank => "moved",
        _ if c.money().differs() => "other_funding",
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

/// Its rows: those with other funding first, by the size of the change.
pub fn rows(all: &Causes) -> impl Iterator<Item = CauseRow<'_>> {
    let members = all.ends.iter().flat_map(|r| &r.members);
    // the new round comes last and stays
    let grounds: BTreeMap<&str, _> = members.map(|m| (m.county.code.as_str(), &m.county.shape)).collect();
    all.counties.iter().map(move |county| CauseRow {
        county,
        why: sentence(all, county),
        funded_though: said_of(&all.funded_though, &county.code),
        ground: grounds.get(county.code.as_str()).copied(),
    })
}
