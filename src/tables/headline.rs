//! Columns of the headline distance under names that do not carry it, so that what is made of them outlives another distance. The distance
//! stands beside them.

use super::counties::CountyRow;
use super::figures;
use super::ranking::RankingRow;
use crate::config::criteria::Criterion;
use crate::config::{RoadClass, Service, Serving};
use crate::error::Result;
use crate::files::csv_table::CsvRow;
use crate::files::rules::Others;
use crate::files::schema::{Column, Value};
use crate::files::table::{Field, real};
use crate::space::units::km;

/// The column of the distance.
pub const DISTANCE: &str = "headline_km";

/// The column of the gap of a service.
pub fn gap_column(service: Service) -> String {
    format!("headline_{}_gap_km", service.as_str())
}

fn distance() -> Column {
    let en = "The headline distance, which the columns that begin with headline_ are about";
    real(DISTANCE, "head_km", "km", en, "主要服务距离（headline_ 各列均按此距离）")
}

/// What lies beyond the distance, and its share; `label` says the distance where it is known.
fn beyond(service: Service, label: &str) -> [Column; 2] {
    let ([s, zh], word, letter) = (service.names(), service.as_str(), service.letter());
    let (at, at_zh) =
        if label.is_empty() { (String::new(), String::new()) } else { (format!(", {label}"), format!("（{label}）")) };
    let gap = format!("Road beyond the headline distance{at} of every {s} station");
    let share = format!("The same as a share of all road of the county, {s}");
    [
        real(&gap_column(service), &format!("h{letter}_gap_km"), "km", gap, format!("{zh}：主要服务距离{at_zh}外缺口道路")),
        real(
            &format!("headline_{word}_gap_share"),
            &format!("h{letter}_gap_p"),
            "share 0-1",
            share,
            format!("{zh}：主要服务距离外缺口占道路里程比例"),
        )
        .or_null("the county has no road"),
    ]
}

fn share_of(gap_mm: u64, road_mm: u64) -> Value {
    Value::opt((road_mm > 0).then(|| gap_mm as f64 / road_mm as f64), Value::Real)
}

/// Of counties: the distance, and covered, gap and its share for each service.
pub(super) fn of_counties<'a>(serving: &Serving) -> Vec<Field<'a, CountyRow<'a>>> {
    let (headline, criterion) = (serving.headline, serving.headline_criterion());
    let limit = match criterion {
        Criterion::Distance(mm) => Value::Real(km(mm.into())),
        Criterion::Time(_) => Value::Null, // the headline is always one of the distances
    };
    let label = criterion.label();
    let distance = distance().of(move |_: &CountyRow<'_>| limit.clone());
    let of_service = |service| books_of(service, headline, &label);
    std::iter::once(distance).chain(serving.services.iter().flat_map(of_service)).collect()
}

fn books_of<'a>(service: Service, headline: usize, label: &str) -> [Field<'a, CountyRow<'a>>; 3] {
    let [s, zh] = service.names();
    let name = format!("headline_{}_covered_km", service.as_str());
    let en = format!("Road within the headline distance, {label}, of a {s} station");
    let covered =
        real(&name, &format!("h{}_cov_km", service.letter()), "km", en, format!("{zh}：主要服务距离（{label}）内覆盖道路"));
    let [gap, share] = beyond(service, label);
    let cell = move |r: &CountyRow<'_>| r.member.result.total(service, headline);
    [
        covered.of(move |r: &CountyRow<'_>| Value::km(cell(r).covered_mm)),
        gap.of(move |r: &CountyRow<'_>| Value::km(cell(r).gap_mm)),
        share.of(move |r: &CountyRow<'_>| share_of(cell(r).gap_mm, r.member.result.road_total_mm())),
    ]
}

/// Of a ranking, which is made from the books of charging.
pub(super) fn of_ranking<'a>() -> [Field<'a, RankingRow<'a>>; 3] {
    let figures = |r: &RankingRow<'a>| &r.view.evidence.nominal()[r.row.county];
    let [gap, share] = beyond(Service::Charging, "");
    [
        distance()
            .of(|r: &RankingRow<'_>| Value::opt(r.view.evidence.distances_mm.first(), |mm| Value::Real(km(u64::from(*mm))))),
        gap.of(move |r: &RankingRow<'a>| Value::km(figures(r).gap_total_mm())),
        share.of(move |r: &RankingRow<'a>| share_of(figures(r).gap_total_mm(), figures(r).road_total_mm())),
    ]
}

/// A rule of the ranking: its gap is that of all classes in the figures at its distance.
pub(super) fn is_of_the_figures(row: &CsvRow<'_>, others: &Others) -> Result<bool> {
    // folders of format 3 do not have it
    let Some(figures) = others.table(figures::FILE).filter(|_| !row.get(DISTANCE).is_empty()) else { return Ok(true) };
    let (code, distance) = (row.text("county_code")?, row.text(DISTANCE)?);
    let key = [("county_code", &*code), ("service_distance_km", &*distance), ("stations", "all")];
    let Some(told) = figures.find(&key)? else { return Ok(false) };
    let sum = RoadClass::ALL.iter().map(|c| told.mm(&format!("gap_km_{}", c.as_str()))).sum::<Result<u64>>()?;
    Ok(row.mm(&gap_column(Service::Charging))? == sum)
}
