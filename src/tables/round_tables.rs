//! The tables of a round: who is selected and why not, what each province has, and what each county's rows were made from.

use super::{common, figures as evidence, rank_tables, trust};
use crate::config::Service;
use crate::config::{Criteria, RoadClass};
use crate::files::schema::{Column, Kind, Value};
use crate::results::PARTS;
use crate::round::merge::{Member, Round};
use crate::round::select::Why;
use std::collections::BTreeMap;

/// Every file of a round that has columns, for the dictionary.
pub fn files(criteria: &Criteria) -> Vec<(String, Vec<Column>)> {
    let layers = ["counties", "stations", "settlements", "gaps"];
    let named = |(name, columns): (&str, Vec<Column>)| (name.to_owned(), columns);
    let mut all = vec![("counties.geojson".to_owned(), super::round_layers::columns("counties", criteria))];
    all.extend(layers.map(|l| (format!("round.gpkg/{l}"), super::round_layers::columns(l, criteria))));
    all.extend(rank_tables::files().into_iter().chain(evidence::files()).map(named));
    all.extend([
        ("ledger.csv".to_owned(), common::ledger_columns(criteria)),
        ("selection.csv".to_owned(), selection_columns()),
        ("provinces.csv".to_owned(), province_columns()),
        ("shards.csv".to_owned(), shard_columns()),
        ("trust.csv".to_owned(), trust::columns()),
        ("issues.csv".to_owned(), common::issue_columns()),
    ]);
    all
}

/// What a layer of counties says of the selection.
pub fn chosen_columns() -> [Column; 2] {
    [
        Column::new("selected", "selected", Kind::Boolean, "", "Funded in this round", "是否入选"),
        Column::new("selection", "selection", Kind::Text, "", WORDS, "入选结果"),
    ]
}

const WORDS: &str = "selected, selected_with_lead, quota_used, province_without_quota, no_place_left, budget_used, ended_above, not_ranked or lead_not_selected";

/// Columns of `selection.csv`.
pub fn selection_columns() -> Vec<Column> {
    use Kind::{Boolean, Integer, Real, Text};
    let unranked = "the county is not ranked";
    let no_money = "the round has no budget, or the county is not ranked";
    vec![
        Column::new("rank", "rank", Integer, "", "Place in the country", "全国名次").or_null(unranked),
        Column::new("code", "code", Text, "", "County code as text", "县代码（文本）"),
        Column::new("name", "name", Text, "", "Name", "名称"),
        Column::new("name_zh", "name_zh", Text, "", "Chinese name", "中文名称").or_null("not known"),
        Column::new("province", "province", Text, "", "Province, by the first digits of the code", "省级代码")
            .or_null("codes name none"),
        Column::new("rank_in_province", "rank_prov", Integer, "", "Place in the province", "省内名次").or_null(unranked),
        Column::new("score_0_100", "score", Real, "points", "Score", "得分").or_null(unranked),
        Column::new("selected", "selected", Boolean, "", "Funded in this round", "是否入选"),
        Column::new("selection", "selection", Text, "", WORDS, "入选结果"),
        Column::new("why", "why", Text, "", "The reason in a sentence", "理由（英文）"),
        Column::new("why_zh", "why_zh", Text, "", "The reason in Chinese", "理由"),
        Column::new("cost", "cost", Real, "money of the round", "What it costs", "所需资金").or_null(no_money),
        Column::new(
            "budget_left_before",
            "left",
            Real,
            "money of the round",
            "What was left when its turn came",
            "轮到时剩余资金",
        )
        .or_null(no_money),
        Column::new(
            "points_short",
            "short",
            Real,
            "points",
            "Points of score that it lacks to the last county selected of those it competes with",
            "距入选差距（分）",
        )
        .or_null("it is selected or not ranked, nobody is selected, or points are not what it lacks"),
    ]
}

/// Rows of `selection.csv`, first place first.
pub fn selection_rows(r: &Round) -> impl Iterator<Item = Vec<Value>> + '_ {
    let money = |m: Option<u64>| Value::opt(m.filter(|m| *m < u64::MAX), |m| Value::Real(m as f64 / 100.0));
    let lines = r.lines();
    r.assessment.ranking.rows.iter().map(move |row| {
        let (m, choice) = (&r.members[row.county], &r.choices[row.county]);
        let province = r.settings.province(&m.county.code);
        let [en, zh] = r.why(row.county);
        let last = lines.last_score(province, choice.why);
        let short = row.score.zip(last).map(|(own, last)| last - own).filter(|short| !choice.why.is_selected() && *short > 0.0);
        vec![
            Value::opt(row.rank, |n| Value::Integer(n.into())),
            Value::Text(m.county.code.clone()),
            Value::Text(m.county.name.clone()),
            Value::text_or_null(&m.county.name_zh),
            Value::text_or_null(province),
            Value::opt(row.rank_in_province, |n| Value::Integer(n.into())),
            Value::opt(row.score, Value::Real),
            Value::Boolean(choice.why.is_selected()),
            Value::Word(choice.why.as_str()),
            Value::Text(en),
            Value::Text(zh),
            money(choice.cost),
            money(choice.left),
            Value::opt(short, Value::Real),
        ]
    })
}

/// Columns of `provinces.csv`.
pub fn province_columns() -> Vec<Column> {
    use Kind::{Integer, Real, Text};
    vec![
        Column::new("province", "province", Text, "", "Province, by the first digits of the code", "省级代码"),
        Column::new("counties", "counties", Integer, "count", "Counties in the round", "参评县数"),
        Column::new("ranked", "ranked", Integer, "count", "Of them ranked", "有名次县数"),
        Column::new("quota", "quota", Integer, "count", "Places of the province", "名额").or_null("the round has no quotas"),
        Column::new("selected", "selected", Integer, "count", "Selected", "入选数"),
        Column::new("cost", "cost", Real, "money of the round", "What the selected cost", "入选资金合计")
            .or_null("the round has no budget"),
        Column::new("best_rank", "best_rank", Integer, "", "Place in the country of its first county", "最高名次")
            .or_null("none is ranked"),
        Column::new("last_selected_score", "last_score", Real, "points", "Score of its last county selected", "末位入选得分")
            .or_null("none is selected"),
        Column::new("road_km", "road_km", Real, "km", "Road length in the ledgers", "道路长度"),
        Column::new(
            "charging_gap_km",
            "c_gap_km",
            Real,
            "km",
            "Of it beyond the headline distance of every charging station",
            "充电缺口道路长度",
        ),
    ]
}

/// What a province has.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ProvinceSum<'a> {
    /// First digits of its codes.
    pub province: &'a str,
    /// Counties of the round.
    pub counties: u64,
    /// Of them ranked.
    pub ranked: u64,
    /// Its places, where there are quotas.
    pub quota: Option<usize>,
    /// Places that were taken.
    pub selected: u64,
    /// What the selected cost, hundredths of the money, where there is a budget.
    pub cost: Option<u64>,
    /// Best place in the country.
    pub best_rank: Option<u32>,
    /// Lowest score selected.
    pub last_score: Option<f64>,
    /// Road, millimetres.
    pub road_mm: u64,
    /// Of it in the gap for charging at the headline distance.
    pub gap_mm: u64,
}

/// What each province has, by code.
pub fn province_sums(r: &Round) -> Vec<ProvinceSum<'_>> {
    let mut by: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (i, m) in r.members.iter().enumerate() {
        by.entry(r.settings.province(&m.county.code)).or_default().push(i);
    }
    let rows = r.by_county();
    by.into_iter()
        .map(|(province, list)| {
            let chosen = || list.iter().filter(|i| r.choices[**i].why.is_selected());
            let sum = |of: &dyn Fn(&Member) -> u64| list.iter().map(|i| of(&r.members[*i])).sum::<u64>();
            ProvinceSum {
                province,
                counties: list.len() as u64,
                ranked: list.iter().filter(|i| rows[**i].rank.is_some()).count() as u64,
                quota: r.file.select.quotas.as_ref().map(|q| q.get(province).copied().unwrap_or(0)),
                selected: list.iter().filter(|i| r.choices[**i].why == Why::Selected).count() as u64,
                cost: r.file.select.budget.map(|_| chosen().filter_map(|i| r.choices[*i].cost).sum()),
                best_rank: list.iter().filter_map(|i| rows[*i].rank).min(),
                last_score: chosen().filter_map(|i| rows[*i].score).reduce(f64::min),
                road_mm: sum(&|m| m.row.road_total_mm()),
                gap_mm: sum(&|m| m.row.total(Service::Charging, r.criteria.headline).gap_mm),
            }
        })
        .collect()
}

/// Rows of `provinces.csv`, by code.
pub fn province_rows(r: &Round) -> Vec<Vec<Value>> {
    let row = |p: ProvinceSum<'_>| {
        vec![
            Value::Text(p.province.to_owned()),
            Value::Integer(p.counties as i64),
            Value::Integer(p.ranked as i64),
            Value::opt(p.quota, |q| Value::Integer(q as i64)),
            Value::Integer(p.selected as i64),
            Value::opt(p.cost, |c| Value::Real(c as f64 / 100.0)),
            Value::opt(p.best_rank, |n| Value::Integer(n.into())),
            Value::opt(p.last_score, Value::Real),
            Value::km(p.road_mm),
            Value::km(p.gap_mm),
        ]
    };
    province_sums(r).into_iter().map(row).collect()
}

/// Columns of `shards.csv`.
pub fn shard_columns() -> Vec<Column> {
    use Kind::Text;
    let mut columns = vec![
        Column::new("county_code", "county", Text, "", "County code as text", "县代码（文本）"),
        Column::new("shard_sha256", "shard", Text, "", "Fingerprint of everything that its rows are made from", "分片输入指纹"),
    ];
    let zh = ["服务标准", "道路", "站点", "居民点"];
    columns.extend(PARTS.iter().zip(zh).map(|(part, zh)| {
        let en = format!("Fingerprint of that part of it: {part}");
        Column::new(
            &format!("{part}_sha256"),
            &format!("{}_sha", &part[..part.len().min(6)]),
            Text,
            "",
            en,
            format!("其中{zh}的指纹"),
        )
    }));
    columns.push(
        Column::new(
            "rows_sha256",
            "rows",
            Text,
            "",
            "Fingerprint of its rows; `verify --recompute` makes them again",
            "分片结果指纹",
        )
        .or_null("it could not be computed"),
    );
    columns
}

/// Rows of `shards.csv`, by code.
pub fn shard_rows(r: &Round) -> impl Iterator<Item = Vec<Value>> + '_ {
    r.members.iter().map(|m| {
        let mut row = vec![Value::Text(m.county.code.clone()), Value::Text(m.shard.clone())];
        row.extend(m.parts.iter().map(|p| Value::Text(p.clone())));
        row.push(Value::opt(m.done.as_ref(), |d| Value::Text(d.sha256.clone())));
        row
    })
}

/// Rows of `trust.csv`, by code.
pub fn trust_rows(r: &Round) -> impl Iterator<Item = Vec<Value>> + '_ {
    r.members.iter().flat_map(|m| trust::rows_of(&m.trust, &m.county))
}

/// Rows of `ledger.csv`, as a run has them.
pub fn ledger_rows(r: &Round) -> impl Iterator<Item = Vec<Value>> + '_ {
    let keys = r
        .members
        .iter()
        .flat_map(move |m| r.criteria.services.iter().flat_map(move |s| (0..r.criteria.all.len()).map(move |c| (m, s, c))));
    keys.flat_map(move |(m, service, c)| {
        let classes = RoadClass::ALL.into_iter().filter(|class| m.row.road_mm[class.index()] > 0).map(Some);
        std::iter::once(None).chain(classes).map(move |class| ledger_row(r, m, service, c, class))
    })
}

fn ledger_row(r: &Round, m: &Member, service: Service, c: usize, class: Option<RoadClass>) -> Vec<Value> {
    let (cell, road_mm) = match class {
        Some(class) => (m.row.cell(service, c, class), m.row.road_mm[class.index()]),
        None => (m.row.total(service, c), m.row.road_total_mm()),
    };
    let excluded_mm = class.is_none().then_some(m.row.excluded_mm);
    common::ledger_values(&m.county, (service, r.criteria.all[c], class), (road_mm, cell, excluded_mm))
}
