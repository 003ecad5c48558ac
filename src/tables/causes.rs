//! `causes.csv`: every county, its place before and after, and what each cause did. `stations.csv`: stations by name.

use super::dictionary;
use crate::files::schema::{Column, Kind, Value};
use crate::page::diff::words;
use crate::round::causes::{Cause, Causes, CountyCauses};

/// The files with columns.
pub fn files() -> Vec<(String, Vec<Column>)> {
    let name = |n: &str| n.to_owned();
    vec![
        (name("causes.csv"), cause_columns()),
        (name("stations.csv"), station_columns()),
        (name("dictionary.csv"), dictionary::columns()),
    ]
}

/// Columns of `causes.csv` and of its layer.
pub fn cause_columns() -> Vec<Column> {
    use Kind::{Boolean, Integer, Real, Text};
    let (no_old, no_new, no_both) = ("not ranked in the old round", "not ranked in the new round", "not ranked in both");
    let mut columns = vec![
        Column::new("code", "code", Text, "", "County code as text; the new one where it changed", "县代码（变更者为新代码）"),
        Column::new("old_code", "old_code", Text, "", "Its code in the old round, where that is another", "原代码")
            .or_null("it is the same"),
        Column::new("name", "name", Text, "", "Name", "名称"),
        Column::new("name_zh", "name_zh", Text, "", "Chinese name", "中文名称").or_null("not known"),
        Column::new(
            "status",
            "status",
            Text,
            "",
            "in (newly selected), out (no longer), moved, stayed, came, went",
            "变化：in 新入选，out 落选，moved 名次变动，stayed 未变，came 新参评，went 不再参评",
        ),
        Column::new("selected_old", "sel_old", Boolean, "", "Selected in the old round", "上一轮入选"),
        Column::new("selected_new", "sel_new", Boolean, "", "Selected in the new round", "本轮入选"),
        Column::new("rank_old", "rank_old", Integer, "", "Place in the old round", "原名次").or_null(no_old),
        Column::new("rank_new", "rank_new", Integer, "", "Place in the new round", "新名次").or_null(no_new),
        Column::new(
            "rank_change",
            "rank_chg",
            Integer,
            "places",
            "New less old place: below 0 is up; the sum of the causes",
            "名次变化（负为上升，等于各原因之和）",
        )
        .or_null(no_both),
        Column::new("score_old", "score_old", Real, "points", "Score in the old round", "原得分").or_null(no_old),
        Column::new("score_new", "score_new", Real, "points", "Score in the new round", "新得分").or_null(no_new),
        Column::new(
            "score_change",
            "score_chg",
            Real,
            "points",
            "New less old score; the sum of the causes",
            "得分变化（等于各原因之和）",
        )
        .or_null(no_both),
    ];
    let unknown = "not ranked before or after that cause";
    for (i, cause) in Cause::ALL.into_iter().enumerate() {
        let (word, zh) = (cause.as_str(), cause.zh());
        columns.push(
            Column::new(
                &format!("rank_change_{word}"),
                &format!("rank_c{i}"),
                Integer,
                "places",
                format!("Places that it moved by a change of {word}"),
                format!("{zh}引起的名次变化"),
            )
            .or_null(unknown),
        );
        columns.push(
            Column::new(
                &format!("score_change_{word}"),
                &format!("score_c{i}"),
                Real,
                "points",
                format!("Points that a change of {word} brought"),
                format!("{zh}引起的得分变化"),
            )
            .or_null(unknown),
        );
    }
    columns.extend([
        Column::new("main_cause", "cause", Text, "", "Cause that moved it most", "主要原因").or_null("nothing moved it"),
        Column::new(
            "selection_cause",
            "sel_cause",
            Text,
            "",
            "Cause by which it was selected, or lost its place",
            "入选或落选的原因",
        )
        .or_null("its selection did not change"),
        Column::new("why", "why", Text, "", "The change in a sentence, with stations by name", "变化说明（英文）"),
        Column::new("why_zh", "why_zh", Text, "", "The same in Chinese", "变化说明"),
    ]);
    columns
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

/// Rows of `causes.csv`, by code.
pub fn cause_rows(all: &Causes) -> impl Iterator<Item = Vec<Value>> + '_ {
    all.counties.iter().map(|c| {
        let [old, new] = c.ends();
        let rank = |s: Option<crate::round::causes::Stand>| s.and_then(|s| s.rank).map(i64::from);
        let score = |s: Option<crate::round::causes::Stand>| s.and_then(|s| s.score);
        let said = words::sentence(all, c);
        let mut row = vec![
            Value::Text(c.code.clone()),
            Value::opt(c.old_code.clone(), Value::Text),
            Value::Text(c.name.clone()),
            Value::text_or_null(&c.name_zh),
            Value::Word(status(c)),
            Value::Boolean(old.is_some_and(|s| s.selected)),
            Value::Boolean(new.is_some_and(|s| s.selected)),
            Value::opt(rank(old), Value::Integer),
            Value::opt(rank(new), Value::Integer),
            Value::opt(rank(old).zip(rank(new)), |(a, b)| Value::Integer(b - a)),
            Value::opt(score(old), Value::Real),
            Value::opt(score(new), Value::Real),
            Value::opt(score(old).zip(score(new)), |(a, b)| Value::Real(b - a)),
        ];
        for cause in Cause::ALL {
            row.extend([Value::opt(c.moved_by(cause), Value::Integer), Value::opt(c.points_by(cause), Value::Real)]);
        }
        let word = |cause: Option<Cause>| Value::opt(cause, |c| Value::Word(c.as_str()));
        row.extend([word(c.main_cause()), word(c.selected_by()), Value::Text(said.en), Value::Text(said.zh)]);
        row
    })
}

/// Columns of `stations.csv` and of its layer.
pub fn station_columns() -> Vec<Column> {
    use Kind::{Integer, Real, Text};
    let unknown = "not known";
    vec![
        Column::new("id", "id", Text, "", "Id of the source", "编号"),
        Column::new("name", "name", Text, "", "Name", "名称").or_null(unknown),
        Column::new(
            "change",
            "change",
            Text,
            "",
            "opened, closed or changed, from the old round to the new",
            "变化：opened 新增，closed 减少，changed 变更",
        ),
        Column::new("fields", "fields", Text, "", "What differs, where it changed", "变更内容").or_null("it opened or closed"),
        Column::new("county_code", "county", Text, "", "County it lies in", "所在县代码").or_null("outside every county"),
        Column::new("opened", "opened", Text, "", "Opening date as given", "投运日期").or_null(unknown),
        Column::new("operator", "operator", Text, "", "Operator", "运营商").or_null(unknown),
        Column::new(
            "settlements_gained",
            "set_gain",
            Integer,
            "count",
            "Settlements that came within the headline distance and have it as the nearest",
            "新增覆盖居民点数（以该站为最近站）",
        ),
        Column::new("people_gained", "ppl_gain", Integer, "people", "Their people, where known", "新增覆盖人口"),
        Column::new(
            "settlements_lost",
            "set_lost",
            Integer,
            "count",
            "Settlements that fell out of it and had it as the nearest",
            "失去覆盖居民点数",
        ),
        Column::new("people_lost", "ppl_lost", Integer, "people", "Their people, where known", "失去覆盖人口"),
        Column::new("lon", "lon", Real, "degree", "Longitude, WGS 84", "经度"),
        Column::new("lat", "lat", Real, "degree", "Latitude, WGS 84", "纬度"),
    ]
}

/// Rows of `stations.csv`, those first that did most for people.
pub fn station_rows(all: &Causes) -> impl Iterator<Item = Vec<Value>> + '_ {
    all.stations.iter().map(|s| {
        let whole = |n: u64| Value::Integer(n as i64);
        vec![
            Value::Text(s.station.id.clone()),
            Value::text_or_null(&s.station.name),
            Value::Word(s.change.as_str()),
            Value::text_or_null(&s.fields.join(";")),
            Value::opt(s.county.clone(), Value::Text),
            Value::text_or_null(&s.station.opened),
            Value::text_or_null(&s.station.operator),
            whole(s.gained[0]),
            whole(s.gained[1]),
            whole(s.lost[0]),
            whole(s.lost[1]),
            Value::Real(s.station.at.lon()),
            Value::Real(s.station.at.lat()),
        ]
    })
}
