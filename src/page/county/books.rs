//! Tables on the page of a county: its ledger, people and stations, trust in its inputs, issues.

use super::book::Book;
use crate::config::Service;
use crate::config::{RoadClass, Serving};
use crate::coverage::LedgerCell;
use crate::files::lang::Both;
use crate::files::messages::{both_cleaned, both_places};
use crate::files::text::{NONE, fixed, grouped, km1, percent};
use crate::page::i18n::{class_name, criterion_label};
use crate::rank::trust::Trust;
use crate::results::{Member, Results};
use minijinja::{Value, context};

/// Issues told on the page; the rest is counted.
const MOST_ISSUES: usize = 12;

/// Road, covered and gap: by service and distance, and by class for charging at the headline.
pub fn ledger(r: &Results, m: &Member) -> Value {
    let road = m.result.road_total_mm();
    let services: Vec<Value> = r.criteria.serving.services.iter().map(|s| service(&r.criteria.serving, m, s, road)).collect();
    let books = m.result.books(Service::Charging);
    let cells = books.and_then(|b| b.cells.get(r.criteria.serving.headline));
    let class = |class: &RoadClass| {
        let [covered_mm, gap_mm] = cells.map_or([0; 2], |c| c[class.index()]);
        context! { name => class_name(*class), ..cell(m.result.road_mm[class.index()], LedgerCell { covered_mm, gap_mm }) }
    };
    let present = RoadClass::ALL.iter().filter(|c| m.result.road_mm[c.index()] > 0);
    context! { services, classes => present.map(class).collect::<Vec<_>>(), excluded => km1(m.result.excluded_mm) }
}

fn service(criteria: &Serving, m: &Member, service: Service, road: u64) -> Value {
    let row = |k: usize| context! { label => criterion_label(criteria.all[k]), ..cell(road, m.result.total(service, k)) };
    let served = (0..criteria.all.len()).any(|k| m.result.total(service, k).covered_mm > 0);
    let rows: Vec<Value> = if served { (0..criteria.all.len()).map(row).collect() } else { Vec::new() };
    context! { title => format!("service_{}", service.as_str()), rows, km => km1(road) }
}

fn cell(road: u64, c: LedgerCell) -> Value {
    context! { road => km1(road), covered => km1(c.covered_mm), gap => km1(c.gap_mm), share => percent(c.gap_mm, road) }
}

/// People, settlements, stations and the longest dead stretch: key of the text, and the figure.
pub fn facts(b: &Book<'_>, i: usize) -> Vec<Value> {
    let (f, m) = (&b.r.evidence.nominal()[i], &b.r.members[i]);
    let books = m.result.books(Service::Charging);
    let of = |part: u64, all: u64| format!("{} / {}", grouped(part), grouped(all));
    let mut all = vec![
        ("rc_people_gap", of(f.people_in_gap, f.people)),
        ("rc_places_gap", of(f.settlements_in_gap, f.settlements)),
        ("rc_residents", f.residents.map_or(NONE.to_owned(), grouped)),
        ("rc_stations", grouped(f.charging_stations)),
        ("rc_guns", if f.points > 0 { grouped(f.points) } else { NONE.to_owned() }),
        ("rc_power", if f.power_kw > 0.0 { format!("{} kW", fixed(f.power_kw, 0)) } else { NONE.to_owned() }),
        ("rc_longest", format!("{} km", km1(books.map_or(0, |b| b.longest_mm)))),
    ];
    if b.r.criteria.serving.services.has(Service::Swap) {
        all.insert(4, ("rc_swaps", grouped(f.swap_stations)));
    }
    all.into_iter().map(|(key, figure)| context! { key, figure }).collect()
}

/// Trust in its inputs, and what costs points of it.
pub fn trust(t: &Trust) -> Value {
    let lost = |key: &&'static str| {
        let points = fixed(t.parts.iter().find(|p| p.key == *key).map_or(0.0, |p| p.lost()), 1);
        // what rounds to nothing costs nothing that one could read
        (points != "0.0").then(|| context! { key => format!("trust_{key}"), points })
    };
    context! { score => t.score.map_or(NONE.to_owned(), |s| fixed(s, 1)), lost => t.doubts.iter().filter_map(lost).collect::<Vec<_>>() }
}

/// What was found about its records.
pub fn issues(m: &Member) -> Value {
    let one = |i: &crate::issue::Issue| {
        context! {
            layer => i.layer.as_str(), severity => i.code.severity().as_str(),
            what => Both::new(i.code.as_str().replace('_', " "), i.code.zh()),
            at => both_places(&i.at, 160), message => both_cleaned(&i.message, 300),
        }
    };
    let more = m.result.issues.len().saturating_sub(MOST_ISSUES);
    context! { rows => m.result.issues.iter().take(MOST_ISSUES).map(one).collect::<Vec<_>>(), more => grouped(more as u64), any_more => more > 0 }
}
