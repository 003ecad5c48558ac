//! Values of tables for people: figures with their unit, our own words and sentences in both languages, what users wrote as it stands.

use crate::config::demand::Day;
use crate::files::lang::{Both, Lang};
use crate::files::messages::{chinese, word};
use crate::files::schema::{Column, Value as Cell};
use crate::files::text::{NONE, clean, fixed, grouped, shown_share};
use crate::files::units::{unit_names, with_unit};
use crate::page::i18n::{shown, shown_both};
use crate::page::rank_words::gate_name;
use crate::page::report::rewards::{class_name, utilisation};
use crate::plan::CandidateKind;
use crate::programme::Met;
use crate::results::Results;
use std::collections::BTreeMap;

/// Utilisation as programmes pay for it.
const REWARDED: [&str; 6] =
    ["utilisation", "utilisation_if", "with_utilisation", "with_utilisation_if", "next_utilisation", "next_utilisation_if"];
/// Columns of sentences, which may be longer than names.
const LONG: [&str; 7] = ["gates", "reason", "asks", "asked", "value", "because", "missing"];
/// Longest sentence shown, characters.
const LONGEST_SENTENCE: usize = 600;
/// Columns of our own sentences, which have their Chinese in the catalogue.
const SENTENCES: [&str; 2] = ["missing", "because"];
/// Columns of names that have a Chinese one beside them.
pub(super) const IS_NAME: [&str; 2] = ["settlement", "place_name"];
/// Columns whose meaning in the dictionary says which words stand in the file: a page shows these words in its language.
const MEANINGS: [(&str, [&str; 2]); 6] = [
    ("place", ["Where it was tried", "试建位置"]),
    (
        "power_utilisation",
        [
            "Power utilisation: energy delivered ÷ rated power × 24 h; on an ordinary day",
            "功率利用率（平日）：送出电量÷额定功率×24小时",
        ],
    ),
    ("power_utilisation_holiday", ["The same on the holiday peak", "功率利用率（节假日高峰）"]),
    ("withdrawn", ["Withdrawn on", "撤回日期"]),
    ("status", ["What became of it", "结果"]),
    ("eligible", ["Whether it may apply", "申报条件总体结论"]),
];

/// Our words in files, as pages show them.
const WORDS: [(&str, [&str; 2]); 20] = [
    ("yes", ["yes", "是"]),
    ("no", ["no", "否"]),
    ("selected", ["selected", "入选"]),
    ("not_selected", ["not selected", "未入选"]),
    ("not_ranked", ["not ranked", "无名次"]),
    ("withdrawn", ["withdrawn", "已撤回"]),
    ("mean_of_province", ["mean of its province", "取本省平均值"]),
    ("dead_stretch", ["next to the middle of the longest dead stretch", "最长空白路段中点旁"]),
    ("settlement", ["next to the settlement with the most kW short", "缺口功率最大的居民点旁"]),
    ("own_bounds", ["own bounds", "按本县上下限"]),
    ("not_rankable", ["not rankable", "不参与排名"]),
    ("least_favourable_of_province", ["least favourable of its province", "取本省最不利值"]),
    ("median_of_province", ["median of its province", "取本省中位数"]),
    ("leave_out", ["indicator left out for all", "对所有县剔除该指标"]),
    ("settlements", ["its settlements", "居民点数据"]),
    ("county", ["the county's table", "县数据"]),
    ("households", ["households", "户数推算"]),
    ("public_fleet", ["the public fleet", "公共车队推算"]),
    ("people", ["people", "人口推算"]),
    ("none", ["nothing is known", "无数据"]),
];

/// Names that files have as keys: rules and gates of programmes, indicators.
#[derive(Debug, Default)]
pub struct Names {
    /// By programme and rule.
    rules: BTreeMap<(String, String), Both>,
    indicators: BTreeMap<String, Both>,
}

impl Names {
    /// Of what a run or a round names.
    pub fn of(r: &Results) -> Self {
        let judged = &r.needs.judged;
        let rule = |(programme, rule, [_, zh]): (&str, &str, &[String; 2])| {
            let zh = if zh.is_empty() { rule } else { zh };
            ((programme.to_owned(), rule.to_owned()), shown_both(rule, zh))
        };
        let rules = judged.counties.iter().map(|v| (v.programme.as_str(), v.rule.as_str(), &v.text));
        let indicators = r.assessment.ranking.indicators.iter().map(|u| (u.def.key.clone(), shown_both(&u.def.en, &u.def.zh)));
        Self { rules: rules.map(rule).collect(), indicators: indicators.collect() }
    }
}

/// What a page says of a column in place of the dictionary; none of most.
pub(super) fn own_meaning(column: &str) -> Option<[&'static str; 2]> {
    MEANINGS.iter().find(|(name, _)| *name == column).map(|(_, both)| *both)
}

/// What a column means, with its unit; `merged` where it shows its Chinese column too.
pub(super) fn meaning(column: &Column, merged: bool) -> Both {
    let mut said = Both::new(column.en.as_str(), column.zh.as_str());
    if merged {
        said.zh = said.zh.replace("（英文）", "");
    }
    match unit(column.unit) {
        None => said,
        Some(u) => Both::new(format!("{}, {}", said.en, u.en), format!("{}，{}", said.zh, u.zh)),
    }
}

/// A unit for people; a share is shown in percent, and of a number the meaning says what is counted.
fn unit(unit: &str) -> Option<Both> {
    match unit {
        "" | "count" | "people" | "share 0-1" | "factor" | "currency" | "unit of the objective" => None,
        other => Some(unit_names(&shown(other))),
    }
}

/// Our own sentences, each perhaps behind the code of the county that it is of.
fn sentences(text: &str, programme: &str) -> Both {
    let zh = |one: &str| {
        let (code, what) = one.split_once(": ").filter(|(code, _)| code.bytes().all(|b| b.is_ascii_digit())).unwrap_or(("", one));
        let gate = || gate_name(programme, what).map(|g| g.zh);
        let said = chinese(what).or_else(gate).unwrap_or_else(|| word(what, Lang::Zh));
        if code.is_empty() { said } else { format!("{code}：{said}") }
    };
    Both::clean(text, &text.split("; ").map(zh).collect::<Vec<_>>().join("；"), LONGEST_SENTENCE)
}

/// One of our words, or several of them with `+` between.
fn own_word(text: &str) -> Option<Both> {
    let one = |part: &str| {
        let day = Day::from_word(part).map(Day::names);
        let verdict = || [Met::Met, Met::NotMet, Met::CannotBeTold].into_iter().find(|m| m.as_str() == part).map(Met::names);
        let plain = || WORDS.iter().find(|(own, _)| *own == part).map(|(_, both)| *both);
        day.or_else(verdict).or_else(plain).map(Both::from)
    };
    let parts = text.split('+').map(one).collect::<Option<Vec<_>>>()?;
    Some(Both::join(&parts, [" and ", "及"]))
}

/// A text as it stands.
pub(super) fn plain(text: &str, column: &str) -> String {
    if LONG.contains(&column) { clean(text, LONGEST_SENTENCE) } else { shown(text) }
}

/// The text of a column; what is a key or a word of ours is shown in words.
fn text_of(text: &str, column: &str, (programme, names): (&str, &Names)) -> Both {
    let known = match column {
        "rule" => names.rules.get(&(programme.to_owned(), text.to_owned())).cloned(),
        "indicator" => names.indicators.get(text).cloned(),
        "unit" => Some(unit_names(&shown(text))),
        // a service distance or time, as `10km`
        "criterion" => text.find(|c: char| c.is_ascii_alphabetic()).map(|at| with_unit(&text[..at], &text[at..])),
        "withdrawn" => own_word(text),
        "class" => Some(class_name(text)),
        _ if column.starts_with("basis_") => own_word(text),
        _ if SENTENCES.contains(&column) => Some(sentences(text, programme)),
        _ => None,
    };
    known.unwrap_or_else(|| Both::same(plain(text, column)))
}

/// Where a candidate comes from.
fn origin(word: &str) -> Both {
    CandidateKind::ALL.into_iter().find(|k| k.as_str() == word).map_or_else(|| Both::same(shown(word)), |k| Both::from(k.names()))
}

/// A value for people; `of` is the programme of the row and what keys are called.
pub(super) fn figure(value: &Cell, column: &Column, of: (&str, &Names)) -> Both {
    Both::same(match value {
        Cell::Null => NONE.to_owned(),
        Cell::Boolean(b) => return if *b { Both::new("yes", "是") } else { Both::new("no", "否") },
        Cell::Integer(i) if column.name == "year" => i.to_string(),
        Cell::Integer(i) if *i >= 0 => grouped(i.unsigned_abs()),
        Cell::Real(v) | Cell::Exact(v) => match column.unit {
            // steps of a reward lie half a per cent apart, and what lacks to one is not rounded down
            "share 0-1" if REWARDED.contains(&column.name.as_str()) => utilisation(*v * 100.0),
            "kWh" if column.name.starts_with("next_short_kwh") => grouped(v.ceil().max(0.0) as u64),
            "share 0-1" => shown_share(*v),
            "km" | "min" | "s" => fixed(*v, 1),
            "kW" | "kWh" | "kWh/day" | "kg/day" | "swaps/day" | "vehicles" | "piles" => {
                fixed(*v, if v.abs() < 10.0 { 1 } else { 0 })
            }
            "unit of the objective" => fixed(*v, if v.fract() == 0.0 { 0 } else { 1 }),
            _ => fixed(*v, 3),
        },
        Cell::Text(text) => return text_of(text, &column.name, of),
        Cell::Word(word) if column.name == "class" => return class_name(word),
        Cell::Word(word) if column.name == "unit" => return unit_names(word),
        Cell::Word(word) if column.name == "origin" => return origin(word),
        Cell::Word(word) => return own_word(word).unwrap_or_else(|| Both::same(shown(word))),
        other => shown(&other.cell()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::schema::ColumnType;

    #[test]
    fn values_are_for_people_and_meanings_have_their_unit() {
        let none = Names::default();
        let column = |unit| Column::new("x", "x", ColumnType::Real, unit, "Way", "路程");
        assert_eq!(meaning(&column("km"), false), Both::new("Way, km", "路程，公里"));
        assert_eq!(meaning(&column("share 0-1"), false), Both::new("Way", "路程"));
        let said = |value: Cell, unit| figure(&value, &column(unit), ("", &none)).en;
        assert_eq!([said(Cell::Real(12.34), "km"), said(Cell::Real(0.125), "share 0-1")], ["12.3", "12.5 %"]);
        assert_eq!([said(Cell::Integer(1234), "count"), said(Cell::Null, "km")], ["1,234", "–"]);
        assert_eq!(said(Cell::Text("=a".into()), ""), "=a"); // no spreadsheet reads it
        assert_eq!(sentences("500154: a district cannot apply; of nobody", "").zh, "500154：市辖区不能申报；of nobody");
        // the stock of cars is that of another year in each round of the programme
        let gates =
            ["cn-county-pilot-2024", "cn-county-pilot-2025", "own"].map(|p| sentences("500154: prefecture_car_stock", p).zh);
        assert_eq!(gates[0], "500154：所在地级市汽车保有量（2023 年底）");
        assert_eq!(gates[1..], ["500154：所在地级市汽车保有量（2024 年）", "500154：prefecture_car_stock"]);
        assert_eq!(sentences("field total_kw of stations", "").zh, "站点字段 total_kw");
        let year = Column { name: "year".to_owned(), ..column("") };
        assert_eq!(
            (figure(&Cell::Integer(2025), &year, ("", &none)).en, said(Cell::Real(1234.6), "kWh")),
            ("2025".into(), "1,235".into())
        );
        assert_eq!(figure(&Cell::Word("no"), &column(""), ("", &none)), Both::new("no", "否"));
    }
}
