//! Lists for the report: longest dead stretches, settlements beyond, issues, inputs.

use super::MOST_ROWS;
use super::head::county;
use crate::config::Service;
use crate::coverage::Stretch;
use crate::files::lang::Both;
use crate::files::messages::both;
use crate::files::text::{clean, fixed, grouped, km1, percent};
use crate::issue::{Issues, Severity};
use crate::page::county::Pages;
use crate::page::i18n::{Texts, class_name, shown};
use crate::place::SettlementOut;
use crate::results::Run;
use minijinja::{Value, context};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// The ten longest dead stretches for charging at the headline distance.
pub fn stretches(o: &Run<'_>, pages: &Pages) -> Value {
    let headline = |s: &&Stretch| s.service == Service::Charging && s.criterion == o.criteria.serving.headline;
    let mut all: Vec<&Stretch> = o.whole.scene.stretches.iter().filter(headline).collect();
    let line = |s: &Stretch| s.line(&o.whole.scene.network);
    all.sort_by(|a, b| b.length_mm.cmp(&a.length_mm).then(a.county.cmp(&b.county)).then_with(|| line(a).cmp(&line(b))));
    let row = |s: &&Stretch| {
        context! {
            name => shown(o.whole.names.get(s.name)),
            made_of => made_of(o, s),
            class => class_name(s.class),
            county => county(o, pages, s.county as usize),
            km => km1(s.length_mm),
            worst => s.worst.map_or(String::new(), |mm| km1(u64::from(mm))),
        }
    };
    context! { all => grouped(all.len() as u64), rows => all.iter().take(10).map(row).collect::<Vec<_>>() }
}

/// Other roads in a stretch that are named beside the one it is called by.
const OTHERS: usize = 3;
/// The least share of a stretch that is worth a name, percent.
const WORTH_A_NAME: u64 = 5;

/// What a stretch is made of where its name is not all of it: the share of that road, and which others there are.
fn made_of(o: &Run<'_>, s: &Stretch) -> Option<Both> {
    let mut by_name: BTreeMap<u32, u64> = BTreeMap::new();
    for part in &s.parts {
        let name = o.whole.scene.network.edges()[part.edge as usize].name;
        *by_name.entry(name).or_default() += u64::from(part.from_mm.abs_diff(part.to_mm));
    }
    let own = by_name.remove(&s.name).unwrap_or(0);
    let mut others: Vec<(u64, Both)> = by_name
        .into_iter()
        .filter(|(_, mm)| mm * 100 >= WORTH_A_NAME * s.length_mm)
        .map(|(name, mm)| match shown(o.whole.names.get(name)) {
            name if name.is_empty() => (mm, Both::new("road without a name", "无名道路")),
            name => (mm, Both::same(name)),
        })
        .collect();
    others.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.en.cmp(&b.1.en)));
    others.truncate(OTHERS);
    let list = Both::join(&others.into_iter().map(|(_, name)| name).collect::<Vec<_>>(), [", ", "、"]);
    let share = percent(own, s.length_mm);
    (!list.en.is_empty()).then(|| Both::new(format!("{share} of it; also {}", list.en), format!("占 {share}；另有 {}", list.zh)))
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
