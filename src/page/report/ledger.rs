//! The ledger for the report: by county and criterion, by class, and where every kilometre went.

use super::MOST_ROWS;
use super::head;
use crate::config::criteria::Criterion;
use crate::config::{RoadClass, Service};
use crate::coverage::LedgerCell;
use crate::files::text::{grouped, km3, percent};
use crate::page::county::Pages;
use crate::page::i18n::{class_name, criterion_label};
use crate::results::Run;
use minijinja::{Value, context};

/// Ledger of every service that was searched, by class, and the balance.
pub fn ledger(o: &Run<'_>, pages: &Pages) -> Value {
    // Whole counties only, so that no county is shown with some of its criteria.
    let shown = (MOST_ROWS / o.criteria.serving.all.len().max(1)).max(1).min(o.members.len());
    let services: Vec<Value> = o.criteria.serving.services.iter().map(|s| service((o, pages), s, shown)).collect();
    let headline = o.criteria.serving.headline;
    let mut total = (0, LedgerCell::default());
    let mut classes = Vec::new();
    for class in RoadClass::ALL {
        let (mut road, mut cell) = (0, LedgerCell::default());
        for i in 0..o.members.len() {
            road += o.class_mm(i, class);
            cell = add(cell, o.cell(i, Service::Charging, headline, class));
        }
        total = (total.0 + road, add(total.1, cell));
        if road > 0 {
            classes.push(context! { name => class_name(class), ..cells(road, cell) });
        }
    }
    let b = &o.balance;
    context! {
        services, shown, classes,
        all => o.members.len(),
        all_text => grouped(o.members.len() as u64),
        class_total => cells(total.0, total.1),
        balance => context! {
            read => km3(b.read_mm),
            left_out => km3(b.left_out_mm),
            repeated => km3(b.repeated_mm),
            islands => km3(b.islands_mm),
            outside => km3(b.outside_mm),
            ledger => km3(b.ledger_mm),
            trap => b.one_way_trap_mm.map_or(String::new(), km3),
        },
    }
}

fn service((o, pages): (&Run<'_>, &Pages), service: Service, shown: usize) -> Value {
    let any = o.whole.scene.sites.iter().any(|s| s.offers(service));
    let (title, none) = match service {
        Service::Charging => ("service_charging", "charging_none"),
        Service::Swap => ("service_swap", "swap_none"),
        Service::FastCharging => ("service_fast_charging", "fast_charging_none"),
        Service::TruckCharging => ("service_truck_charging", "truck_charging_none"),
        Service::Hydrogen => ("service_hydrogen", "hydrogen_none"),
    };
    let mut groups = Vec::new();
    if any {
        groups.push(total(o, service));
        groups.extend((0..shown).map(|i| county((o, pages), service, i)));
    }
    context! { any, title, none, groups }
}

fn total(o: &Run<'_>, service: Service) -> Value {
    let road = (0..o.members.len()).map(|i| o.road_mm(i)).sum();
    let sum = |c: usize| (0..o.members.len()).fold(LedgerCell::default(), |s, i| add(s, o.total(i, service, c)));
    context! { total => true, code => "", rows => rows(o, road, sum) }
}

fn county((o, pages): (&Run<'_>, &Pages), service: Service, i: usize) -> Value {
    context! { total => false, rows => rows(o, o.road_mm(i), |c| o.total(i, service, c)), ..head::county(o, pages, i) }
}

fn rows(o: &Run<'_>, road: u64, cell: impl Fn(usize) -> LedgerCell) -> Vec<Value> {
    let row = |(i, criterion): (usize, &Criterion)| {
        context! { label => criterion_label(*criterion), ..cells(road, cell(i)) }
    };
    o.criteria.serving.all.iter().enumerate().map(row).collect()
}

fn cells(road: u64, cell: LedgerCell) -> Value {
    context! { road => km3(road), covered => km3(cell.covered_mm), gap => km3(cell.gap_mm), share => percent(cell.gap_mm, road) }
}

fn add(a: LedgerCell, b: LedgerCell) -> LedgerCell {
    LedgerCell { covered_mm: a.covered_mm + b.covered_mm, gap_mm: a.gap_mm + b.gap_mm }
}
