//! What a ranking says on the terminal, in English or Chinese, and as JSON.

use crate::error::{path_text, printable};
use crate::files::lang::Lang;
use crate::folder::Again;
use crate::rank::uncertainty::{Band, LineOut, RANGE_LABEL, UnitChance, UnitRange};
use crate::rank::{RankRow, StationSet};
use comfy_table::{CellAlignment, Table};
use serde_json::{Value, json};
use std::path::Path;

/// The printed ranking.
pub fn text(again: &Again<'_>, out: Option<&Path>, lang: Lang) -> String {
    let zh = lang == Lang::Zh;
    let pick = |en: String, cn: String| if zh { cn } else { en };
    let region = &again.manifest["region"];
    let name = region["name_zh"].as_str().filter(|_| zh).or(region["name"].as_str()).unwrap_or_default();
    let made_up = region["synthetic"] == true;
    let synthetic =
        if made_up { pick("  [SYNTHETIC DATA]".to_owned(), "  【合成数据】".to_owned()) } else { String::new() };
    let mut s = format!("{}{synthetic}\n", printable(name));
    let (from, e) = (printable(again.source), again.view.evidence);
    let km: Vec<String> = e.distances_mm.iter().map(|mm| (f64::from(*mm) / 1e6).to_string()).collect();
    let with = again.with.map(printable);
    s += &pick(
        format!("ranked from {from} by [rank] of {}, at {} km\n", with.as_deref().unwrap_or("its own"), km.join(", ")),
        format!("依据 {from} 重新排名，[rank] 取自 {}，服务距离 {} 公里\n", with.as_deref().unwrap_or("原结果"), km.join("、")),
    );
    if e.stations.contains(&StationSet::Trusted) {
        s += &pick("with and without stations that may not exist\n".to_owned(), "并比较剔除存疑站点的情形\n".to_owned());
    }
    s += &format!("{}\n", super::fitted(table(again, zh)));
    s += &missing(again, pick);
    for line in lines(again) {
        let of = |band: Band| line.units.iter().filter(|u| u.band == band).count();
        let (above, name) = (line.units.iter().filter(|u| u.nominal).count(), printable(&line.key));
        let (certain, contested) = (of(Band::Certain), of(Band::Contested));
        s += &pick(
            format!("line {name}: {above} above; {certain} certain, {contested} contested\n"),
            format!("入围线 {name}：入围 {above} 个，稳入 {certain} 个，待定 {contested} 个\n"),
        );
    }
    if again.view.assessment.sureness.is_some() {
        s += &pick(
            format!("range: {RANGE_LABEL}\n"),
            "区间为敏感性区间（各项选择变动时名次的 5%–95% 范围），不是置信区间\n".to_owned(),
        );
    }
    if let Some(out) = out {
        let place = printable(&path_text(out));
        s += &pick(format!("written: {place}\n"), format!("已写入：{place}\n"));
    }
    s
}

fn lines<'a>(again: &'a Again<'_>) -> &'a [LineOut] {
    again.view.assessment.sureness.as_ref().map_or(&[], |s| &s.ranges.lines)
}

fn range<'a>(again: &'a Again<'_>, county: usize) -> Option<&'a UnitRange> {
    again.view.assessment.sureness.as_ref()?.ranges.units.iter().find(|u| u.unit == county)
}

fn chance(line: &LineOut, county: usize) -> Option<&UnitChance> {
    line.units.iter().find(|u| u.unit == county)
}

/// One row a county, with the first line; the others are in `lines.csv`.
fn table(again: &Again<'_>, zh: bool) -> Table {
    let mut table = Table::new();
    table.load_style(super::TABLE);
    let line = lines(again).first();
    let mut head: Vec<String> =
        if zh { ["名次", "区间", "代码", "县", "得分"] } else { ["rank", "range", "code", "county", "score"] }
            .map(str::to_owned)
            .to_vec();
    head.extend(line.map(|l| printable(&l.key)));
    head.push(if zh { "主要原因（相对平均分值）" } else { "why (points against the mean)" }.to_owned());
    table.set_header(head);
    for row in &again.view.assessment.ranking.rows {
        let unit = &again.view.evidence.units[row.county];
        let name = if zh && !unit.name_zh.is_empty() { &unit.name_zh } else { &unit.name };
        let mut cells = vec![
            row.rank.map_or("–".to_owned(), |r| format!("{r}{}", if row.tied { "=" } else { "" })),
            range(again, row.county).map_or("–".to_owned(), |r| format!("{}–{}", r.low, r.high)),
            printable(&unit.code),
            printable(name),
            score(row),
        ];
        cells.extend(line.map(|l| chance(l, row.county).map_or("–".to_owned(), |c| band(c, zh))));
        cells.push(why(again, row, zh));
        table.add_row(cells);
    }
    for i in [0, 1, 4] {
        if let Some(column) = table.column_mut(i) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

/// The score, with those at both ends where the county lacks values.
fn score(row: &RankRow) -> String {
    let own = row.score.map_or("–".to_owned(), |v| format!("{v:.1}"));
    row.ends.map_or(own.clone(), |e| format!("{own} ({:.1}–{:.1})", e.low, e.high))
}

/// Who lacks values, and what is done about it.
fn missing(again: &Again<'_>, pick: impl Fn(String, String) -> String) -> String {
    let (ranking, policy) = (&again.view.assessment.ranking, again.view.settings.table.method.missing);
    let n = ranking.rows.iter().filter(|r| !r.lacks.is_empty()).count();
    if n == 0 {
        return String::new();
    }
    let (word, open) = (policy.as_str(), ranking.open.len());
    let help = if policy.can_help() { [", which can help", "（可能对其有利）"] } else { ["", ""] };
    pick(
        format!("missing: {n} counties lack values ({word}{}); places of {open} hang on them\n", help[0]),
        format!("缺值：{n} 个县缺少数值（{word}{}）；{open} 个县的名次取决于此\n", help[1]),
    )
}

fn band(c: &UnitChance, zh: bool) -> String {
    let word = match c.band {
        Band::Certain if zh => "稳入",
        Band::Contested if zh => "待定",
        Band::Out if zh => "不入",
        other => other.as_str(),
    };
    format!("{} {word}", if c.nominal { "✓" } else { "·" })
}

fn why(again: &Again<'_>, row: &RankRow, zh: bool) -> String {
    let say = |r: &crate::rank::Reason| {
        let d = &again.view.assessment.ranking.indicators[r.indicator].def;
        format!("{} {:+.1}", printable(d.in_short(zh)), r.points)
    };
    let reasons = || row.reasons.iter().take(2).map(say).collect::<Vec<_>>().join(if zh { "，" } else { ", " });
    row.not_rankable.as_deref().map_or_else(reasons, printable)
}

/// The ranking for scripts.
pub fn json(again: &Again<'_>, out: Option<&Path>) -> Value {
    let rows = again.view.assessment.ranking.rows.iter().map(|row| {
        let (unit, range) = (&again.view.evidence.units[row.county], range(again, row.county));
        let reasons =
            row.reasons.iter().take(2).map(
                |r| json!({ "indicator": again.view.assessment.ranking.indicators[r.indicator].def.key, "points": r.points }),
            );
        let lines = lines(again)
            .iter()
            .filter_map(|l| chance(l, row.county).map(|c| (l, c)))
            .map(|(l, c)| json!({ "line": l.key, "above": c.nominal, "share_of_draws": c.share, "band": c.band.as_str() }));
        json!({
            "rank": row.rank, "code": unit.code, "name": unit.name, "score_0_100": row.score, "not_rankable": row.not_rankable,
            "lacks": row.lacks.iter().map(|i| again.view.assessment.ranking.indicators[*i].def.key.as_str()).collect::<Vec<_>>(),
            "score_low_end": row.ends.map(|e| e.low), "score_high_end": row.ends.map(|e| e.high),
            "rank_low_5": range.map(|r| r.low), "rank_median": range.map(|r| r.median), "rank_high_95": range.map(|r| r.high),
            "reasons": reasons.collect::<Vec<_>>(), "lines": lines.collect::<Vec<_>>(),
        })
    });
    json!({
        "from": again.source,
        "with": again.with,
        "out": out.map(path_text),
        "distances_km": again.view.evidence.distances_mm.iter().map(|mm| f64::from(*mm) / 1e6).collect::<Vec<_>>(),
        "ranking": rows.collect::<Vec<_>>(),
    })
}
