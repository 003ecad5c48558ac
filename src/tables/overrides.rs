//! `overrides.csv` of a round in which something was set by hand: each override with the figures before and after, counties whose money they
//! changed, and appeals.

use super::selection::though;
use crate::config::override_table::{AppealTable, OverrideTable};
use crate::files::lang::{Both, Lang};
use crate::files::messages::said;
use crate::files::schema::{Column, Value};
use crate::files::table::{Field, Table, boolean, integer, real, text};
use crate::files::text::fixed;
use crate::files::units::with_unit;
use crate::results::Round;
use crate::results::by_hand::{HandGround, HandRow, HandStand, Record};
use crate::results::money::{number, written};

/// Its file.
pub const FILE: &str = "overrides.csv";

const OTHERS: &str = "it is no override";
const NO_FIGURE: &str = "no figure was set, or there was none";
const NOT_RANKED: &str = "not ranked";
const RANKED: &str = "it is ranked, or nothing of the kind was set";

type Row<'a> = HandRow<'a>;

/// The table.
pub fn table<'a>() -> Table<'a, HandRow<'a>> {
    Table::new(record_fields()).with(set_fields()).with(stand_fields()).with(signed_fields()).with(outcome_fields())
}

fn of_override<'a, T>(r: &Row<'a>, get: impl Fn(&'a OverrideTable) -> T) -> Option<T> {
    if let Record::Override(o) = r.record { Some(get(o)) } else { None }
}

fn of_appeal<'a, T>(r: &Row<'a>, get: impl Fn(&'a AppealTable) -> T) -> Option<T> {
    if let Record::Appeal(a) = r.record { Some(get(a)) } else { None }
}

/// What both kinds of records have.
fn of_either<'a>(
    r: &Row<'a>,
    of_override: impl Fn(&'a OverrideTable) -> Option<&'a str>,
    of_appeal: impl Fn(&'a AppealTable) -> Option<&'a str>,
) -> Value {
    let text = match r.record {
        Record::Override(o) => of_override(o),
        Record::Appeal(a) => of_appeal(a),
        Record::Consequence => None,
    };
    Value::opt(text.filter(|t| !t.is_empty()), |t| Value::Text(t.to_owned()))
}

fn record_fields<'a>() -> Vec<Field<'a, Row<'a>>> {
    let records = "override: set by hand; consequence: a county of which nothing was set and that has other money, another place or another score through them; appeal: asked for";
    let records_zh = "记录类别：override 人工设定，consequence 因他县人工设定而资金、名次或得分变化的县，appeal 申诉";
    let word = |r: &Row<'_>| match r.record {
        Record::Override(_) => "override",
        Record::Consequence => "consequence",
        Record::Appeal(_) => "appeal",
    };
    vec![
        text("record", "record", records, records_zh).of(move |r: &Row<'_>| Value::Word(word(r))),
        integer("number", "number", "", "Number among those of its kind, as in the round file", "序号（同类之内，依轮次文件）")
            .of(|r: &Row<'_>| Value::Integer(r.number as i64)),
        text("id", "id", "Its number in the books", "编号")
            .or_null("none was given")
            .of(|r: &Row<'a>| of_either(r, |o| o.id.as_deref(), |a| a.id.as_deref())),
        text("county_code", "county", "County code as text", "县代码（文本）").of(|r: &Row<'_>| Value::Text(r.unit.code.clone())),
        text("name", "name", "Name", "名称").or_null("not known").of(|r: &Row<'_>| Value::text_or_null(&r.unit.name)),
        text("name_zh", "name_zh", "Chinese name", "中文名称")
            .or_null("not known")
            .of(|r: &Row<'_>| Value::text_or_null(&r.unit.name_zh)),
    ]
}

fn set_fields<'a>() -> Vec<Field<'a, Row<'a>>> {
    let sets = "What was set: indicator, cost, funding or exclusion";
    let decision = "What was decided, where a decision was set: whether it is funded; of an exclusion false";
    vec![
        text("sets", "sets", sets, "设定内容：indicator 指标值，cost 资金，funding 是否入选，exclusion 排除")
            .or_null(OTHERS)
            .of(|r: &Row<'a>| Value::opt(of_override(r, OverrideTable::sets).flatten(), |s| Value::Word(s.as_str()))),
        text("indicator", "indicator", "Indicator whose value was set", "被更正的指标")
            .or_null("no value of an indicator was set")
            .of(|r: &Row<'a>| Value::opt(of_override(r, |o| o.indicator.clone()).flatten(), Value::Text)),
        text("unit", "unit", "Unit of the figure", "单位")
            .or_null("it has none, or no figure was set")
            .of(|r: &Row<'_>| Value::text_or_null(r.unit_of_figure)),
        real("figure_before", "fig_before", "as the column unit says", "The figure as it was", "原值")
            .or_null(NO_FIGURE)
            .of(|r: &Row<'_>| Value::opt(r.figure[0], Value::Real)),
        real("figure_after", "fig_after", "as the column unit says", "The figure as it was set", "设定值")
            .or_null(NO_FIGURE)
            .of(|r: &Row<'_>| Value::opt(r.figure[1], Value::Real)),
        boolean("decision", "decision", decision, "人工决定：是否入选").or_null("a figure was set, or it is no override").of(
            |r: &Row<'a>| {
                let decided = of_override(r, |o| o.funded.or(o.excluded.map(|_| false))).flatten();
                Value::opt(decided, Value::Boolean)
            },
        ),
        text(
            "though",
            "though",
            "Why the county is not ranked, where it is funded by hand all the same",
            "人工决定入选但未参与排名的原因（英文）",
        )
        .or_null(RANKED)
        .of(|r: &Row<'a>| Value::opt(r.though, |why| Value::Text(why.to_owned()))),
        text("though_zh", "though_zh", "The same in Chinese", "人工决定入选但未参与排名的原因")
            .or_null(RANKED)
            .of(|r: &Row<'a>| Value::opt(r.though, |why| Value::Text(said(why, Lang::Zh).into_owned()))),
    ]
}

/// The county before all that was set by hand, and after.
fn stand_fields<'a>() -> Vec<Field<'a, Row<'a>>> {
    fn pair<'a>(
        columns: [Column; 2],
        null: &'static str,
        get: impl Fn(HandStand) -> Value + Copy + Send + Sync + 'a,
    ) -> [Field<'a, Row<'a>>; 2] {
        let [before, after] = columns;
        let (before, after) = if null.is_empty() { (before, after) } else { (before.or_null(null), after.or_null(null)) };
        [before.of(move |r: &Row<'_>| get(r.stands[0])), after.of(move |r: &Row<'_>| get(r.stands[1]))]
    }
    let (was, is) = ("as if nothing had been set by hand", "as things are");
    let rank = |s: HandStand| Value::opt(s.rank, |n| Value::Integer(n.into()));
    let money = |s: HandStand| Value::opt(s.grant.amount(), |m| Value::Real(number(m as i64)));
    let alone = "as if this record alone had not been set";
    let without = |r: &Row<'_>, get: &dyn Fn(HandStand) -> Value| r.without.map_or(Value::Null, get);
    let of_one = vec![
        integer("rank_without", "rank_wo", "", format!("Place {alone}"), "若仅无此项时的名次")
            .or_null("not ranked, or it is no override")
            .of(move |r: &Row<'_>| without(r, &rank)),
        real("score_without", "score_wo", "points", format!("Score {alone}"), "若仅无此项时的得分")
            .or_null("not ranked, or it is no override")
            .of(move |r: &Row<'_>| without(r, &|s| Value::opt(s.score, Value::Real))),
        boolean("funded_without", "funded_wo", format!("Funded {alone}"), "若仅无此项时是否入选")
            .or_null("it is no override")
            .of(move |r: &Row<'_>| without(r, &|s| Value::Boolean(s.grant.funded))),
        real("funding_without", "money_wo", "money of the round", format!("What it gets {alone}"), "若仅无此项时的资金")
            .or_null("the round has no budget, or it is no override")
            .of(move |r: &Row<'_>| without(r, &money)),
    ];
    let fields = [
        pair(
            [
                integer("rank_before", "rank_bef", "", format!("Place {was}"), "人工设定前名次"),
                integer("rank_after", "rank_aft", "", format!("Place {is}"), "人工设定后名次"),
            ],
            NOT_RANKED,
            rank,
        ),
        pair(
            [
                real("score_before", "score_bef", "points", format!("Score {was}"), "人工设定前得分"),
                real("score_after", "score_aft", "points", format!("Score {is}"), "人工设定后得分"),
            ],
            NOT_RANKED,
            |s| Value::opt(s.score, Value::Real),
        ),
        pair(
            [
                boolean("funded_before", "funded_bef", format!("Funded {was}"), "人工设定前是否入选"),
                boolean("funded_after", "funded_aft", format!("Funded {is}"), "人工设定后是否入选"),
            ],
            "",
            |s| Value::Boolean(s.grant.funded),
        ),
        pair(
            [
                real("funding_before", "money_bef", "money of the round", format!("What it gets {was}"), "人工设定前资金"),
                real("funding_after", "money_aft", "money of the round", format!("What it gets {is}"), "人工设定后资金"),
            ],
            "the round has no budget",
            money,
        ),
    ];
    fields.into_iter().flatten().chain(of_one).collect()
}

fn signed_fields<'a>() -> Vec<Field<'a, Row<'a>>> {
    let nobody = "it is a consequence";
    let none = "none was given";
    vec![
        text("by", "by", "Who decided, or appealed", "决定人或申诉人")
            .or_null(nobody)
            .of(|r: &Row<'a>| of_either(r, |o| Some(&o.by), |a| Some(&a.by))),
        text("on", "on", "On which day", "日期").or_null(nobody).of(|r: &Row<'a>| of_either(r, |o| Some(&o.on), |a| Some(&a.on))),
        text("reason", "reason", "Why", "理由")
            .or_null(nobody)
            .of(|r: &Row<'a>| of_either(r, |o| Some(&o.reason), |a| Some(&a.reason))),
        text("document", "document", "Document that it stands in", "依据文件")
            .or_null(none)
            .of(|r: &Row<'a>| of_either(r, |o| o.document.as_deref(), |a| a.document.as_deref())),
        text("document_sha256", "doc_sha256", "SHA-256 of that document", "依据文件 SHA-256")
            .or_null(none)
            .of(|r: &Row<'a>| of_either(r, |o| o.sha256.as_deref(), |a| a.sha256.as_deref())),
    ]
}

fn outcome_fields<'a>() -> Vec<Field<'a, Row<'a>>> {
    let none = "it is no appeal";
    vec![
        text("outcome", "outcome", "What became of an appeal: granted or rejected", "申诉结果：granted 采纳，rejected 驳回")
            .or_null(none)
            .of(|r: &Row<'a>| Value::opt(of_appeal(r, |a| a.outcome), |o| Value::Word(o.as_str()))),
        text("led_to", "led_to", "Id of the override that it led to", "采纳后形成的人工设定编号")
            .or_null("it led to none, or is no appeal")
            .of(|r: &Row<'a>| Value::opt(of_appeal(r, |a| a.led_to.clone()).flatten(), Value::Text)),
        text("outcome_reason", "out_reason", "Why it was decided so", "处理理由")
            .or_null("none was given, or it is no appeal")
            .of(|r: &Row<'a>| Value::opt(of_appeal(r, |a| a.outcome_reason.clone()).flatten(), Value::Text)),
        text("decided_by", "decided_by", "Who decided on the appeal", "申诉决定人")
            .or_null(none)
            .of(|r: &Row<'a>| Value::opt(of_appeal(r, |a| a.decided_by.clone()), Value::Text)),
        text("decided_on", "decided_on", "On which day", "申诉决定日期")
            .or_null(none)
            .of(|r: &Row<'a>| Value::opt(of_appeal(r, |a| a.decided_on.clone()), Value::Text)),
    ]
}

/// What a round's rows are made from.
pub fn ground<'a>(r: Round<'a>) -> HandGround<'a> {
    let Round { results, part } = r;
    HandGround {
        evidence: &results.evidence,
        settings: &results.settings,
        asked: &part.file.select,
        after: (&results.assessment.ranking, &part.choices),
        before: part.before.as_ref(),
        appeals: &part.file.appeals,
    }
}

/// Its rows.
pub fn rows(r: Round<'_>) -> impl Iterator<Item = HandRow<'_>> {
    ground(r).rows().into_iter()
}

/// Rows that the first page and the terminal name one by one: all but counties that only stand elsewhere, or with another score, through others.
pub fn told<'a>(rows: impl IntoIterator<Item = HandRow<'a>>) -> Vec<HandRow<'a>> {
    rows.into_iter().filter(|row| !row.only_moved()).collect()
}

/// How many counties those are, in a sentence; none where there are none.
pub fn only_moved(r: Round<'_>) -> Option<Both> {
    let n = rows(r).filter(HandRow::only_moved).count();
    let en = match n {
        0 => return None,
        1 => "1 other county has another place or score through them, and the same money".to_owned(),
        _ => format!("{n} other counties have another place or score through them, and the same money"),
    };
    Some(Both::new(format!("{en} ({FILE})"), format!("另有 {n} 个县因此名次或得分变化，资金不变（{FILE}）")))
}

/// Whether a round has the table.
pub fn is_there(r: Round<'_>) -> bool {
    !(r.results.settings.table.overrides.is_empty() && r.part.file.appeals.is_empty())
}

/// A row as a sentence: what was set, what that did, who, when and why.
pub fn sentence(r: &HandRow<'_>) -> Both {
    let what = match r.record {
        Record::Override(o) => set_words(r, o),
        Record::Consequence => Both::new("is moved by what was set for others", "因他县人工设定而变化"),
        Record::Appeal(a) => appealed(a),
    };
    let signed = match r.record {
        Record::Override(o) => {
            Both::new(format!(" ({}, {}): {}", o.by, o.on, o.reason), format!("（{}，{}）：{}", o.by, o.on, o.reason))
        }
        Record::Appeal(_) => Both::default(),
        Record::Consequence => Both::default(),
    };
    let did = if matches!(r.record, Record::Appeal(_)) { Both::default() } else { did(r) };
    Both::new(format!("{}{}{}", what.en, did.en, signed.en), format!("{}{}{}", what.zh, did.zh, signed.zh))
}

fn set_words(r: &HandRow<'_>, o: &OverrideTable) -> Both {
    // a share is read as a percentage, as everywhere on the pages
    let (factor, unit) = if r.unit_of_figure == "share" { (100.0, "%") } else { (1.0, r.unit_of_figure) };
    let figure = |v: Option<f64>, unknown: &str| {
        v.map_or_else(|| unknown.to_owned(), |v| if factor == 1.0 { v.to_string() } else { fixed(factor * v, 1) })
    };
    let pair = |unknown: &str| {
        let after = with_unit(figure(r.figure[1], unknown), unit);
        let before = figure(r.figure[0], unknown);
        Both::new(format!("{before} → {}", after.en), format!("{before} → {}", after.zh))
    };
    match (&o.indicator, o.cost, o.funded) {
        (Some(key), ..) => {
            let name = if r.name_of_figure.is_empty() { key } else { r.name_of_figure };
            Both::new(format!("{key} {}", pair("missing").en), format!("{name} {}", pair("缺失").zh))
        }
        (_, Some(_), _) => Both::new(format!("cost {}", pair("unknown").en), format!("所需资金 {}", pair("未知").zh)),
        (.., Some(true)) => {
            let [though, though_zh] = r.though.map_or_else(Default::default, though);
            Both::new(format!("funded by hand{though}"), format!("人工决定入选{though_zh}"))
        }
        (.., Some(false)) => Both::new("not funded, by hand", "人工决定不入选"),
        _ => Both::new("excluded by hand", "人工排除"),
    }
}

/// An appeal: who, when and why, and who decided what.
fn appealed(a: &AppealTable) -> Both {
    let asked = Both::new(
        format!("appeal of {} on {}: {}", a.by, a.on, a.reason),
        format!("{} 于 {} 提出申诉：{}", a.by, a.on, a.reason),
    );
    let outcome = match (a.outcome.as_str(), a.led_to.as_deref()) {
        ("granted", Some(id)) => Both::new(format!("granted (override {id})"), format!("申诉获采纳（人工设定 {id}）")),
        ("granted", None) => Both::new("granted", "申诉获采纳"),
        _ => Both::new("rejected", "申诉被驳回"),
    };
    let decided = Both::new(
        format!("{} by {} on {}", outcome.en, a.decided_by, a.decided_on),
        format!("{} 于 {} 决定：{}", a.decided_by, a.decided_on, outcome.zh),
    );
    let why = match a.outcome_reason.as_deref() {
        Some(why) => Both::new(format!(": {why}"), format!("，理由：{why}")),
        None => Both::new("; no reason of the decision was given", "；未说明决定理由"),
    };
    Both::new(format!("{}; {}{}", asked.en, decided.en, why.en), format!("{}；{}{}", asked.zh, decided.zh, why.zh))
}

/// Place, score and money as they would be and as they are.
fn did(r: &HandRow<'_>) -> Both {
    let [was, is] = r.stands;
    let now = stand_words(is);
    let none = stand_words(was);
    match r.without.filter(|_| r.of > 1).map(stand_words) {
        Some(one) => Both::new(
            format!("; without this one {}; with nothing set by hand {}; as it is {}", one.en, none.en, now.en),
            format!("；若仅无此项：{}；若均无人工设定：{}；现为：{}", one.zh, none.zh, now.zh),
        ),
        None => Both::new(
            format!("; with nothing set by hand {}; as it is {}", none.en, now.en),
            format!("；若无人工设定：{}；现为：{}", none.zh, now.zh),
        ),
    }
}

fn stand_words(s: HandStand) -> Both {
    let (place, place_zh) = match (s.rank, s.score) {
        (Some(n), Some(score)) => (format!("place {n} with {score:.1} points"), format!("第 {n} 名、{score:.1} 分")),
        (Some(n), None) => (format!("place {n}"), format!("第 {n} 名")),
        (None, _) => ("no place".to_owned(), "无名次".to_owned()),
    };
    let (money, money_zh) = match s.grant.amount() {
        Some(m) if s.grant.funded => (written(m as i64), format!("资金 {}", written(m as i64))),
        _ if s.grant.funded => ("funded".to_owned(), "入选".to_owned()),
        _ => ("no money".to_owned(), "无资金".to_owned()),
    };
    Both::new(format!("{place} and {money}"), format!("{place_zh}，{money_zh}"))
}
