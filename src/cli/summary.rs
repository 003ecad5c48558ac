//! What a run says on the terminal, in English or Chinese, and as JSON.

use super::summary_plan;
use crate::config::Service;
use crate::config::demand::Day;
use crate::config::plan::Objective;
use crate::error::{path_text, printable};
use crate::files::atomic::Written;
use crate::files::lang::{Both, Lang};
use crate::files::text::at_most_percent;
use crate::issue::Severity;
use crate::page::report::plan_counting::lacking;
use crate::programme::ProgrammeTold;
use crate::results::Results;
use crate::tables::plan_ways::way_km;
use comfy_table::{CellAlignment, Table};
use serde_json::{Value, json};
use std::path::Path;

/// Counties shown on the terminal.
const SHOWN: usize = 15;

/// The printed summary.
pub fn text(o: &Results, out: &Path, lang: Lang) -> String {
    let zh = lang == Lang::Zh;
    let pick = |en: &str, cn: &str| if zh { cn.to_owned() } else { en.to_owned() };
    let km = |mm: u64| format!("{:.1}", mm as f64 / 1e6);
    let total = |f: &dyn Fn(usize) -> u64| -> u64 { (0..o.members.len()).map(f).sum() };
    let head = o.criteria.serving.headline;
    let (road, gap) = (total(&|i| o.road_mm(i)), total(&|i| o.total(i, Service::Charging, head).gap_mm));
    let name = if zh { o.region.name_zh.as_deref().unwrap_or(&o.region.name) } else { &o.region.name };
    let synthetic = if o.region.synthetic { pick("  [SYNTHETIC DATA]", "  【合成数据】") } else { String::new() };
    let label = o.criteria.serving.headline_criterion().label();
    let mut s = format!("{}{synthetic}\n", printable(name));
    s += &pick(
        &format!(
            "{} km of road, {} km ({:.1} %) beyond {label} by road of every charging station\n",
            km(road),
            km(gap),
            percent(gap, road)
        ),
        &format!("道路 {} 公里，其中 {} 公里（{:.1} %）距最近充电站超过 {label}\n", km(road), km(gap), percent(gap, road)),
    );
    s += &no_way_line(o, zh);
    let used = o.facts.stations_used;
    s += &pick(
        &format!(
            "{} counties, {used} stations used of {} read, {} settlements\n",
            o.members.len(),
            o.facts.stations[0],
            o.facts.settlements[0]
        ),
        &format!(
            "{} 个县，采用站点 {used} 个（读入 {} 个），居民点 {} 个\n",
            o.members.len(),
            o.facts.stations[0],
            o.facts.settlements[0]
        ),
    );
    for said in o.programme.iter().flat_map(ProgrammeTold::stand_ins) {
        s += &pick(&format!("OWN PROGRAMME: {}\n", printable(&said.en)), &format!("自有项目文件：{}\n", printable(&said.zh)));
    }
    s += &demand_line(o, zh);
    s += &plan_line(o, zh);
    s += &super::funding_summary::lines(o, zh);
    s += &super::fitted(ranking_table(o, zh));
    s += "\n";
    if o.assessment.ranking.rows.len() > SHOWN {
        s += &pick(
            &format!("… {} more in ranking.csv\n", o.assessment.ranking.rows.len() - SHOWN),
            &format!("…其余 {} 个见 ranking.csv\n", o.assessment.ranking.rows.len() - SHOWN),
        );
    }
    let [refused, warnings, notes] = [Severity::Refused, Severity::Warning, Severity::Note].map(|v| o.issues.of_severity(v));
    s += &super::check::cut_short(&o.issues, lang);
    s += &pick(
        &format!("issues: {refused} records refused, {warnings} warnings, {notes} notes (issues.csv)\n"),
        &format!("问题：拒收 {refused} 条，警告 {warnings} 条，备注 {notes} 条（见 issues.csv）\n"),
    );
    let place = printable(&path_text(out));
    s += &pick(&format!("written: {place} (open report.html)\n"), &format!("已写入：{place}（请打开 report.html）\n"));
    s
}

/// Road that no limit would take out of the gap, where there is any: more stations alone would not serve it.
fn no_way_line(o: &Results, zh: bool) -> String {
    let no_way = o.members.iter().filter_map(|m| m.result.no_way_mm(Service::Charging));
    let lost: Vec<u64> = no_way.filter(|mm| *mm > 0).collect();
    let (km, counties) = (lost.iter().sum::<u64>() as f64 / 1e6, lost.len());
    if lost.is_empty() || o.facts.stations_used == 0 {
        return String::new();
    }
    let noun = if counties == 1 { "county" } else { "counties" };
    if zh {
        format!("其中 {km:.1} 公里（{counties} 个县）完全无法驶达任何充电站（单行路、孤立路段或数据边界）\n")
    } else {
        format!(
            "of it {km:.1} km in {counties} {noun} have no way to any station (one-way streets, cut-off roads, the edge of the data)\n"
        )
    }
}

/// Power short; townships without charging, all of them, and those whose demand is in no sum as it is not known; none where no demand was
/// asked for.
fn demand(o: &Results) -> Option<([f64; 2], [u64; 3])> {
    o.criteria.demand.as_ref()?;
    let all = || o.members.iter().filter_map(|m| m.result.balance.as_ref());
    let short = |day: Day| all().flat_map(|b| &b.days).filter(|d| d.day == day).map(|d| d.short_kw).sum();
    let without = all().map(|b| b.towns - b.towns_with).sum();
    let towns = [without, all().map(|b| b.towns).sum(), all().map(|b| b.towns_unknown).sum()];
    Some(([short(Day::Ordinary), short(Day::Holiday)], towns))
}

/// The same as JSON.
pub fn demand_json(o: &Results) -> Option<Value> {
    let ([ordinary, holiday], [without, towns, unknown]) = demand(o)?;
    Some(json!({
        "short_kw": ordinary, "short_holiday_kw": holiday, "townships_without_charging": without, "townships": towns,
        "townships_unknown": unknown,
    }))
}

/// What is short, in one line; nothing where no demand was asked for.
pub fn demand_line(o: &Results, zh: bool) -> String {
    let Some(([ordinary, holiday], [without, towns, unknown])) = demand(o) else { return String::new() };
    if zh {
        let unknown = if unknown > 0 { format!("；{unknown} 个需求未知，未计入") } else { String::new() };
        format!(
            "功率缺口：平日 {ordinary:.0} 千瓦，节假日高峰 {holiday:.0} 千瓦；{towns} 个乡镇（居民点）中 {without} 个无充电站{unknown}\n"
        )
    } else {
        let unknown = if unknown > 0 { format!("; the demand of {unknown} is not known and in no sum") } else { String::new() };
        format!(
            "{ordinary:.0} kW short on an ordinary day, {holiday:.0} kW on the holiday peak; {without} of {towns} townships without charging{unknown}\n"
        )
    }
}

/// What the plan does, in one line; nothing where none was asked for.
fn plan_line(o: &Results, zh: bool) -> String {
    let (Some(plan), Some(asked)) = (&o.plan, &o.criteria.plan) else { return String::new() };
    let ((value, ..), (unit, one)) = (plan.quality(), asked.objective.unit());
    let (sites, covered, all) = (plan.steps.len(), value as f64 / one, plan.in_gap[0] as f64 / one);
    let [short, of] = plan.short_of_best();
    let (share, gap) = (percent(value, plan.in_gap[0]), at_most_percent(short, of));
    let cost = match (plan.cost(), zh) {
        (None, _) => String::new(),
        (Some(cost), false) => format!(" for {cost} {}", printable(&asked.currency)),
        (Some(cost), true) => format!("，造价 {cost} {}", printable(&asked.currency)),
    };
    let (cost, counts) = (cost.trim_end(), candidates(plan));
    if plan.ways.is_some() {
        return ways_line(o, (cost, counts, &gap), zh);
    }
    // the bound is among plans that do the same for the counties that come first
    let first = match (asked.first.is_empty(), zh) {
        (true, _) => String::new(),
        (false, false) => format!(" that puts {} first", printable(&asked.first.join(", "))),
        (false, true) => format!("（在 {} 优先的前提下）", printable(&asked.first.join("、"))),
    };
    let more = summary_plan::lines(plan, asked, zh);
    let lacking = lacking(asked).unwrap_or_else(|| Both::new("in the gap", "缺口"));
    let (en, cn) = (&lacking.en, &lacking.zh);
    if zh {
        format!(
            "规划：{sites} 座站点{cost}，覆盖{cn} {all:.1} {unit} 中的 {covered:.1}（{share:.1} %）；候选点 {counts} 个，距最优至多 {gap}{first}（plan.csv）\n{more}"
        )
    } else {
        format!(
            "plan: {sites} sites{cost} cover {covered:.1} of {all:.1} {unit} {en} ({share:.1} %), at most {gap} below the best plan{first} with these {counts} candidates (plan.csv)\n{more}"
        )
    }
}

/// The same of a plan by ways.
fn ways_line(o: &Results, (cost, counts, gap): (&str, usize, &str), zh: bool) -> String {
    let Some((plan, asked, ways)) =
        o.plan.as_ref().zip(o.criteria.plan.as_ref()).and_then(|(p, a)| Some((p, a, p.ways.as_ref()?)))
    else {
        return String::new();
    };
    let (value, bound, _) = plan.quality();
    let way = |whole: u64| format!("{:.2}", way_km(asked.objective, whole, ways.weight).unwrap_or(0.0));
    let (sites, all) = (plan.steps.len(), plan.in_gap[0]);
    let (now, after, least) = (way(all), way(all - value), way(all - bound));
    let [en, cn] = if asked.objective == Objective::Farthest { ["longest", "最远路程"] } else { ["mean", "平均路程"] };
    if zh {
        format!(
            "规划：{sites} 座站点{cost}，到最近站点的{cn}由 {now} 公里降至 {after} 公里；候选点 {counts} 个，至少需 {least} 公里，高出最小值至多 {gap}（plan.csv）\n"
        )
    } else {
        format!(
            "plan: {sites} sites{cost} make the {en} way to a station {after} km instead of {now} km, at most {gap} above the least possible with these {counts} candidates, which is not below {least} km (plan.csv)\n"
        )
    }
}

fn candidates(plan: &crate::plan::SitePlan) -> usize {
    plan.candidates.len() - plan.off_road.len()
}

/// The same as JSON.
fn plan_json(o: &Results) -> Option<Value> {
    let (plan, asked) = (o.plan.as_ref()?, o.criteria.plan.as_ref()?);
    let ((value, bound, gap), (unit, one)) = (plan.quality(), asked.objective.unit());
    let way = |whole: u64| way_km(asked.objective, whole, plan.ways.as_ref()?.weight);
    let all = plan.in_gap[0];
    let mut told = json!({
        "sites": plan.steps.len(), "cost": plan.cost(), "currency": asked.currency, "unit": unit, "candidates": candidates(plan),
        "in_gap": plan.in_gap[0] as f64 / one, "covered": value as f64 / one, "bound": bound as f64 / one, "gap_percent": gap * 100.0,
    });
    // said where the plan is about ways
    if plan.ways.is_some() {
        told["way_km"] = json!({ "before": way(all), "after": way(all - value), "least": way(all - bound) });
    }
    summary_plan::add_json(plan, asked, &mut told);
    Some(told)
}

fn percent(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 * 100.0 / whole as f64 }
}

fn ranking_table(o: &Results, zh: bool) -> Table {
    let mut table = Table::new();
    table.load_style(super::TABLE);
    let head = if zh {
        ["名次", "代码", "县", "得分", "缺口 公里", "缺口 %", "主要原因（相对平均分值）"]
    } else {
        ["rank", "code", "county", "score", "gap km", "gap %", "why (points against the mean)"]
    };
    table.set_header(head);
    for row in o.assessment.ranking.rows.iter().take(SHOWN) {
        let county = o.county(row.county);
        let name = if zh && !county.name_zh.is_empty() { &county.name_zh } else { &county.name };
        let cell = o.total(row.county, Service::Charging, o.criteria.serving.headline);
        let why = row.not_rankable.clone().unwrap_or_else(|| {
            let say = |r: &crate::rank::Reason| {
                let d = &o.assessment.ranking.indicators[r.indicator].def;
                format!("{} {:+.1}", printable(d.in_short(zh)), r.points)
            };
            row.reasons.iter().take(2).map(say).collect::<Vec<_>>().join(if zh { "，" } else { ", " })
        });
        let tie = if row.tied { "=" } else { "" };
        let cells = [
            row.rank.map_or("–".to_owned(), |r| format!("{r}{tie}")),
            printable(&county.code),
            printable(name),
            row.score.map_or("–".to_owned(), |v| format!("{v:.1}")),
            format!("{:.1}", cell.gap_mm as f64 / 1e6),
            format!("{:.1}", percent(cell.gap_mm, o.road_mm(row.county))),
            why,
        ];
        table.add_row(cells);
    }
    for i in [0, 3, 4, 5] {
        if let Some(column) = table.column_mut(i) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

/// The summary for scripts.
pub fn json(o: &Results, out: &Path, written: &[Written]) -> Value {
    let rows: Vec<Value> = o
        .assessment
        .ranking
        .rows
        .iter()
        .map(|r| {
            let cell = o.total(r.county, Service::Charging, o.criteria.serving.headline);
            json!({
                "rank": r.rank, "code": o.county(r.county).code, "name": o.county(r.county).name, "score_0_100": r.score,
                "road_km": crate::space::units::km(o.road_mm(r.county)), "charging_gap_km": crate::space::units::km(cell.gap_mm),
            })
        })
        .collect();
    let mut all = json!({
        "out": path_text(out),
        "headline": o.criteria.serving.headline_criterion().label(),
        "ranking": rows,
        "issues": {
            "refused": o.issues.of_severity(Severity::Refused),
            "warnings": o.issues.of_severity(Severity::Warning),
            "notes": o.issues.of_severity(Severity::Note),
        },
        "files": written.iter().map(|w| w.name.as_str()).collect::<Vec<_>>(),
    });
    if let Some(demand) = demand_json(o) {
        all["demand"] = demand;
    }
    if let Some(plan) = plan_json(o) {
        all["plan"] = plan;
    }
    if let Some(funding) = super::funding_summary::json(o) {
        all["funding"] = funding;
    }
    all
}
