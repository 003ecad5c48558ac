//! `provinces.csv`: what each province has in a round.

use crate::config::Service;
use crate::files::schema::Value;
use crate::files::table::{Field, Table, integer, real, text};
use crate::rank::RankRow;
use crate::results::{Member, Round};
use std::collections::BTreeMap;

/// Its file.
pub const FILE: &str = "provinces.csv";

/// A row: what a province has.
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
    /// Counties that are funded, members of joint applications among them, wherever their leads lie.
    pub funded: u64,
    /// Places that were taken: a joint application takes one, in the province of its lead.
    pub places_used: u64,
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

/// The table.
pub fn table<'a>() -> Table<'a, ProvinceSum<'a>> {
    Table::new(count_fields()).with(selected_fields()).with(road_fields())
}

fn count_fields<'a>() -> Vec<Field<'a, ProvinceSum<'a>>> {
    vec![
        text("province", "province", "Province, by the first digits of the code", "省级代码")
            .or_null("codes name none")
            .of(|p: &ProvinceSum<'_>| Value::Text(p.province.to_owned())),
        integer("counties", "counties", "count", "Counties in the round", "参评县数")
            .of(|p: &ProvinceSum<'_>| Value::Integer(p.counties as i64)),
        integer("ranked", "ranked", "count", "Of them ranked", "有名次县数")
            .of(|p: &ProvinceSum<'_>| Value::Integer(p.ranked as i64)),
        integer("quota", "quota", "count", "Places of the province", "名额")
            .or_null("the round has no quotas")
            .of(|p: &ProvinceSum<'_>| Value::opt(p.quota, |q| Value::Integer(q as i64))),
        integer(
            "funded",
            "funded",
            "count",
            "Counties that are funded, members of joint applications among them",
            "获资助县数（含联合申报成员县）",
        )
        .of(|p: &ProvinceSum<'_>| Value::Integer(p.funded as i64)),
        integer(
            "places_used",
            "plc_used",
            "count",
            "Places that they take: a joint application takes one, of the province of its lead, wherever its other counties lie",
            "占用名额（联合申报只占牵头县所在省一个名额）",
        )
        .of(|p: &ProvinceSum<'_>| Value::Integer(p.places_used as i64)),
    ]
}

fn selected_fields<'a>() -> Vec<Field<'a, ProvinceSum<'a>>> {
    vec![
        real(
            "cost",
            "cost",
            "money of the round",
            "What the selected cost; of a joint application the sum stands with the province of its lead",
            "入选资金合计（联合申报列于牵头县所在省）",
        )
        .or_null("the round has no budget")
        .of(|p: &ProvinceSum<'_>| Value::opt(p.cost, |c| Value::Real(c as f64 / 100.0))),
        integer("best_rank", "best_rank", "", "Place in the country of its first county", "最高名次")
            .or_null("none is ranked")
            .of(|p: &ProvinceSum<'_>| Value::opt(p.best_rank, |n| Value::Integer(n.into()))),
        real("last_selected_score", "last_score", "points", "Score of its last county selected", "末位入选得分")
            .or_null("none is selected")
            .of(|p: &ProvinceSum<'_>| Value::opt(p.last_score, Value::Real)),
    ]
}

fn road_fields<'a>() -> Vec<Field<'a, ProvinceSum<'a>>> {
    let gap = "Of it beyond the headline distance of every charging station";
    vec![
        real("road_km", "road_km", "km", "Road length in the ledgers", "道路里程").of(|p: &ProvinceSum<'_>| Value::km(p.road_mm)),
        real("charging_gap_km", "c_gap_km", "km", gap, "充电缺口道路里程").of(|p: &ProvinceSum<'_>| Value::km(p.gap_mm)),
    ]
}

/// Its rows, by code.
pub fn rows(r: Round<'_>) -> Vec<ProvinceSum<'_>> {
    let Round { results, .. } = r;
    let mut by: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (i, m) in results.members.iter().enumerate() {
        by.entry(results.settings.province(&m.county.code)).or_default().push(i);
    }
    let ranking = results.by_county();
    by.into_iter().map(|(province, list)| sum_of(r, &ranking, province, &list)).collect()
}

/// What a province has, by its counties and the rows of the ranking by county.
fn sum_of<'a>(r: Round<'_>, ranking: &[&RankRow], province: &'a str, list: &[usize]) -> ProvinceSum<'a> {
    let (choices, select) = (&r.part.choices, &r.part.file.select);
    let chosen = || list.iter().filter(|i| choices[**i].why.is_selected());
    let sum = |of: &dyn Fn(&Member) -> u64| list.iter().map(|i| of(&r.members[*i])).sum::<u64>();
    ProvinceSum {
        province,
        counties: list.len() as u64,
        ranked: list.iter().filter(|i| ranking[**i].rank.is_some()).count() as u64,
        quota: select.quotas.as_ref().map(|q| q.get(province).copied().unwrap_or(0)),
        funded: chosen().count() as u64,
        places_used: list.iter().filter(|i| choices[**i].why.takes_a_place()).count() as u64,
        cost: select.budget.map(|_| chosen().filter_map(|i| choices[*i].cost).sum()),
        best_rank: list.iter().filter_map(|i| ranking[*i].rank).min(),
        last_score: chosen().filter_map(|i| ranking[*i].score).reduce(f64::min),
        road_mm: sum(&|m| m.result.road_total_mm()),
        gap_mm: sum(&|m| m.result.total(Service::Charging, r.criteria.serving.headline).gap_mm),
    }
}
