//! What a round says on the terminal, in English or Chinese, and as JSON.

use super::round_faults;
use crate::error::{path_text, printable_line};
use crate::files::lang::Lang;
use crate::issue::Severity;
use crate::programme::ProgrammeTold;
use crate::rank::select::Why;
use crate::results::Round;
use crate::results::by_hand::{HandRow, Record};
use crate::results::eligible::not_held;
use crate::results::hand_funded::HandFunded;
use crate::round::needs::NeedsOrigin;
use crate::round::run::Done;
use crate::tables::overrides;
use comfy_table::{CellAlignment, Table};
use serde_json::{Value, json};
use std::path::Path;

/// Counties shown on the terminal.
const SHOWN: usize = 15;
/// Codes named in a line.
const NAMED: usize = 8;

/// The printed summary.
pub fn text(done: &Done, out: Option<&Path>, lang: Lang) -> String {
    let zh = lang == Lang::Zh;
    let pick = |en: String, cn: String| if zh { cn } else { en };
    let mut s = String::new();
    if let Some(round) = done.round.as_ref().and_then(|r| r.as_round()) {
        s += &head(&round, zh);
        s += &round_faults::accepted(&done.faults, lang);
        let told = round.programme.as_ref().map(ProgrammeTold::stand_ins).unwrap_or_default();
        s += &round_faults::not_held(not_held(&round.issues).as_ref(), lang);
        s += &round_faults::eligible(round.eligible().as_ref(), (&round.funded_though(), &told), lang);
        for row in overrides::told(overrides::rows(round)) {
            let said = overrides::sentence(&row);
            let code = printable_line(&row.unit.code);
            let [en, cn] =
                if matches!(row.record, Record::Appeal(_)) { ["APPEAL", "申诉"] } else { ["SET BY HAND", "人工设定"] };
            s += &pick(
                format!("{en}: county {code}: {}\n", printable_line(&said.en)),
                format!("{cn}：县 {code}：{}\n", printable_line(&said.zh)),
            );
        }
        if let Some(moved) = overrides::only_moved(round) {
            s += &pick(format!("  {}\n", moved.en), format!("  {}\n", moved.zh));
        }
    }
    let kept = done.asked - done.computed.len();
    s += &pick(
        format!("{} counties: {kept} kept from before, {} computed{}\n", done.asked, done.computed.len(), named(&done.computed)),
        format!("{} 个县：沿用 {kept} 个，计算 {} 个{}\n", done.asked, done.computed.len(), named(&done.computed)),
    );
    for (part, n) in &done.changed {
        s += &pick(
            format!("changed since the last run: {} of {n} counties or their surroundings\n", part_en(part)),
            format!("自上次运行以来变化：{} —— {n} 个县或其周边\n", part_zh(part)),
        );
    }
    match done.needs {
        NeedsOrigin::NotAsked => {}
        NeedsOrigin::Kept => {
            s += &pick("demand and programmes: kept from before\n".to_owned(), "需求与项目规则：沿用先前结果\n".to_owned());
        }
        NeedsOrigin::Computed => {
            s += &pick(
                "demand and programmes: computed on the network of all regions\n".to_owned(),
                "需求与项目规则：已按各地区的整个路网计算\n".to_owned(),
            );
        }
    }
    if let Some(round) = &done.round {
        s += &super::summary::demand_line(round, zh);
        s += &super::funding_summary::lines(round, zh);
        let [refused, warnings, notes] =
            [Severity::Refused, Severity::Warning, Severity::Note].map(|v| round.issues.of_severity(v));
        s += &super::check::cut_short(&round.issues, lang);
        s += &pick(
            format!("issues: {refused} records refused, {warnings} warnings, {notes} notes; see issues.csv\n"),
            format!("问题：拒收 {refused} 条，警告 {warnings} 条，提示 {notes} 条，见 issues.csv\n"),
        );
    }
    match out {
        Some(out) => {
            s + &pick(
                format!("written: {}\n", printable_line(&path_text(out))),
                format!("已写入：{}\n", printable_line(&path_text(out))),
            )
        }
        None => {
            if done.faults.open().next().is_some() {
                s += &pick(
                    "FAULTS that `chargegap merge` fails on unless they are mended or accepted:\n".to_owned(),
                    "缺陷：未经修正或接受，`chargegap merge` 将失败：\n".to_owned(),
                );
                s += &round_faults::open(&done.faults, done.counties, lang);
            }
            s + &pick("`chargegap merge` puts the parts together\n".to_owned(), "用 `chargegap merge` 合并各部分\n".to_owned())
        }
    }
}

fn part_en(part: &str) -> &str {
    if part == "criteria" { "criteria, code or name" } else { part }
}

fn part_zh(part: &str) -> &str {
    match part {
        "criteria" => "服务标准、代码或名称",
        "roads" => "道路",
        "stations" => "站点",
        _ => "居民点",
    }
}

fn named(codes: &[String]) -> String {
    let first: Vec<String> = codes.iter().take(NAMED).map(|c| printable_line(c)).collect();
    match codes.len() {
        0 => String::new(),
        n if n > NAMED => format!(" ({}, …)", first.join(", ")),
        _ => format!(" ({})", first.join(", ")),
    }
}

fn head(r: &Round<'_>, zh: bool) -> String {
    let pick = |en: String, cn: String| if zh { cn } else { en };
    let name = if zh { r.region.name_zh.as_deref().unwrap_or(&r.region.name) } else { &r.region.name };
    let synthetic =
        if r.region.synthetic { pick("  [SYNTHETIC DATA]".to_owned(), "  【合成数据】".to_owned()) } else { String::new() };
    let ranked = r.assessment.ranking.rows.iter().filter(|x| x.rank.is_some()).count();
    let selected = r.part.choices.iter().filter(|c| c.why.is_selected()).count();
    let spent: u64 = r.part.choices.iter().filter(|c| c.why.is_selected()).filter_map(|c| c.cost).sum();
    let unit = r.part.file.select.currency.as_deref().map(|c| format!(" ({})", printable_line(c))).unwrap_or_default();
    let money = r.part.file.select.budget.map_or(String::new(), |b| {
        let spent = spent as f64 / 100.0;
        pick(format!(", {spent} of {b} spent{unit}"), format!("，资金 {spent} / {b}{unit}"))
    });
    let title = format!("{} · {}{synthetic}\n", printable_line(&r.part.file.round.id), printable_line(name));
    let counts = pick(
        format!("{} counties ranked of {}, {selected} selected{money}\n", ranked, r.members.len()),
        format!("{} 个县参评，{ranked} 个有名次，入选 {selected} 个{money}\n", r.members.len()),
    );
    let mut s = title + &counts + &super::fitted(table(r, zh)) + "\n";
    if ranked > SHOWN {
        s += &pick(
            format!("… {} more in selection.csv\n", ranked - SHOWN),
            format!("…其余 {} 个见 selection.csv\n", ranked - SHOWN),
        );
    }
    s
}

fn table(r: &Round<'_>, zh: bool) -> Table {
    let mut table = Table::new();
    table.load_style(super::TABLE);
    table.set_header(if zh {
        ["名次", "范围 90%", "县", "省", "省内", "得分", "结果"]
    } else {
        ["rank", "range 90 %", "county", "province", "in it", "score", "result"]
    });
    let ranges = r.assessment.sureness.as_ref().map(|s| &s.ranges.units);
    for row in r.assessment.ranking.rows.iter().filter(|x| x.rank.is_some()).take(SHOWN) {
        let county = &r.members[row.county].county;
        let (name, code) = (if zh && !county.name_zh.is_empty() { &county.name_zh } else { &county.name }, &county.code);
        let unit = ranges.and_then(|u| u.binary_search_by_key(&row.county, |x| x.unit).ok().map(|i| &u[i]));
        let [en, cn] = crate::tables::selection::why(r, row.county);
        table.add_row([
            row.rank.map_or(String::new(), |n| n.to_string()),
            unit.map_or(String::new(), |u| format!("{}–{}", u.low, u.high)),
            format!("{} {}", printable_line(code), printable_line(name)),
            printable_line(r.settings.province(code)),
            row.rank_in_province.map_or(String::new(), |n| n.to_string()),
            row.score.map_or(String::new(), |s| format!("{s:.1}")),
            if matches!(r.part.choices[row.county].why, Why::Selected | Why::WithLead) {
                if zh { "入选".to_owned() } else { "selected".to_owned() }
            } else {
                printable_line(if zh { &cn } else { &en })
            },
        ]);
    }
    for i in [0, 4, 5] {
        if let Some(column) = table.column_mut(i) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

/// A record of what was set by hand, or asked for.
fn by_hand(row: &HandRow<'_>) -> Value {
    let table = overrides::table();
    let (columns, values) = (table.columns(), table.values(row));
    let json = |value: crate::files::schema::Value| -> Value {
        let mut text = String::new();
        value.json(&mut text);
        serde_json::from_str(&text).unwrap_or_default()
    };
    columns.into_iter().zip(values).map(|(column, value)| (column.name, json(value))).collect::<serde_json::Map<_, _>>().into()
}

/// The summary as JSON.
pub fn json(done: &Done, out: Option<&Path>) -> Value {
    let mut all = json!({
        "counties": done.counties,
        "asked": done.asked,
        "kept": done.asked - done.computed.len(),
        "computed": done.computed,
        "changed": done.changed.iter().map(|(part, n)| json!({ "part": part, "counties": n })).collect::<Vec<_>>(),
        "failed": done.failed.iter().map(|(code, why)| json!({ "code": code, "why": why })).collect::<Vec<_>>(),
        "faults": done.faults.json(),
        "stopped": done.stopped.as_ref().map(super::round_faults::stopped_json),
        "out": done.round.as_ref().and(out).map(path_text),
        "round": done.round.as_ref().and_then(|r| r.as_round()).map(|r| json!({
            "id": r.part.file.round.id,
            "left_out": r.left_out(),
            "indicators_left_out": r.indicators_left_out().iter().map(|(key, why)| json!({ "key": key, "why": why })).collect::<Vec<_>>(),
            "gates_not_held": not_held(&r.issues).map(|said| json!({ "en": said.en, "zh": said.zh })),
            "gates": r.eligible().map(|all| all.json(&r.funded_though())),
            "funded_though": r.funded_though().iter().map(HandFunded::json).collect::<Vec<_>>(),
            "stands_in_for": r.programme.as_ref().map(|p| &p.stands_in_for).filter(|all| !all.is_empty()),
            "set_by_hand": overrides::rows(r).map(|row| by_hand(&row)).collect::<Vec<_>>(),
            "ranked": r.assessment.ranking.rows.iter().filter(|x| x.rank.is_some()).count(),
            "selected": r.assessment.ranking.rows.iter().filter(|x| r.part.choices[x.county].why.is_selected()).map(|x| json!({
                "rank": x.rank, "code": r.members[x.county].county.code, "name": r.members[x.county].county.name, "score": x.score,
            })).collect::<Vec<_>>(),
            "refused": r.issues.of_severity(Severity::Refused),
            "warnings": r.issues.of_severity(Severity::Warning),
        })),
    });
    let origin = match done.needs {
        NeedsOrigin::NotAsked => return all,
        NeedsOrigin::Computed => "computed",
        NeedsOrigin::Kept => "kept",
    };
    all["whole_network"] = origin.into();
    if let Some(demand) = done.round.as_ref().and_then(|r| super::summary::demand_json(r)) {
        all["round"]["demand"] = demand;
    }
    if let Some(funding) = done.round.as_ref().and_then(|r| super::funding_summary::json(r)) {
        all["round"]["funding"] = funding;
    }
    all
}
