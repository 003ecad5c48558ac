//! Lists for the report: longest dead stretches, settlements beyond, issues, inputs.

use super::MOST_ROWS;
use super::head::county;
use crate::config::Service;
use crate::coverage::Stretch;
use crate::files::lang::Both;
use crate::files::messages::both;
use crate::files::text::{clean, fixed, grouped, km1};
use crate::issue::{Issues, Severity};
use crate::page::county::Pages;
use crate::page::i18n::{Texts, class_name, shown};
use crate::place::SettlementOut;
use crate::results::Run;
use minijinja::{Value, context};
use std::cmp::Reverse;

/// The ten longest dead stretches for charging at the headline distance.
pub fn stretches(o: &Run<'_>, pages: &Pages) -> Value {
    let headline = |s: &&Stretch| s.service == Service::Charging && s.criterion == o.criteria.serving.headline;
    let mut all: Vec<&Stretch> = o.whole.scene.stretches.iter().filter(headline).collect();
    let line = |s: &Stretch| s.line(&o.whole.scene.network);
    all.sort_by(|a, b| b.length_mm.cmp(&a.length_mm).then(a.county.cmp(&b.county)).then_with(|| line(a).cmp(&line(b))));
    let row = |s: &&Stretch| {
        context! {
            name => shown(o.whole.names.get(s.name)),
            class => class_name(s.class),
            county => county(o, pages, s.county as usize),
            km => km1(s.length_mm),
            worst => s.worst.map_or(String::new(), |mm| km1(u64::from(mm))),
        }
    };
    context! { all => grouped(all.len() as u64), rows => all.iter().take(10).map(row).collect::<Vec<_>>() }
}

/// The settlements with most people beyond the headline distance.
pub fn settlements(o: &Run<'_>, pages: &Pages) -> Value {
    let limit = o.criteria.serving.headline_criterion().limit();
    let way = |s: &SettlementOut| s.nearest[Service::Charging as usize];
    let placed = || o.whole.scene.settlements.iter().filter(|s| s.snapped.is_some());
    let mut beyond: Vec<&SettlementOut> = placed().filter(|s| way(s).is_none_or(|n| n.distance_mm > limit)).collect();
    beyond.sort_by_key(|s| {
        (Reverse(s.settlement.population), s.settlement.name.as_str(), s.settlement.at, s.settlement.id.as_str())
    });
    let row = |s: &&SettlementOut| {
        let p = &s.settlement;
        let name = if p.name.is_empty() && p.name_zh.is_empty() { &p.id } else { &p.name };
        context! {
            name => shown(name),
            name_zh => shown(&p.name_zh),
            county => county(o, pages, s.county as usize),
            people => p.population.map_or(String::new(), grouped),
            km => way(s).map_or(String::new(), |n| km1(u64::from(n.distance_mm))),
            minutes => way(s).map_or(String::new(), |n| fixed(f64::from(n.time_ms) / 60_000.0, 0)),
        }
    };
    context! {
        beyond => grouped(beyond.len() as u64),
        all => grouped(placed().count() as u64),
        shown => beyond.len().min(15),
        rows => beyond.iter().take(15).map(row).collect::<Vec<_>>(),
    }
}

/// Issues by layer and code.
pub fn issues(issues: &Issues) -> Value {
    let row = |((layer, code), (count, mm)): ((crate::issue::Layer, crate::issue::IssueCode), (u64, u64))| {
        context! {
            layer => layer.as_str(),
            code => code.as_str(),
            what => Both::new(code.as_str().replace('_', " "), code.zh()),
            severity => code.severity().as_str(),
            count => grouped(count),
            km => if mm > 0 { km1(mm) } else { String::new() },
            next => both(code.next()),
        }
    };
    context! {
        rows => issues.by_code().into_iter().map(row).collect::<Vec<_>>(),
        refused => grouped(issues.of_severity(Severity::Refused)),
        warnings => grouped(issues.of_severity(Severity::Warning)),
        notes => grouped(issues.of_severity(Severity::Note)),
    }
}

/// Files read.
pub(crate) fn inputs(o: &Run<'_>, texts: &Texts) -> Value {
    let file = |f: &crate::read::InputFile| {
        context! {
            path => clean(&f.path, 400),
            roles => f.role.split('+').map(|word| texts.word("layer_", word)).collect::<Vec<_>>(),
            bytes => grouped(f.bytes),
            sha256 => shown(&f.sha256),
        }
    };
    context! {
        files => o.inputs.iter().take(MOST_ROWS).map(file).collect::<Vec<_>>(),
        all => o.inputs.len(),
        shown => o.inputs.len().min(MOST_ROWS),
    }
}
