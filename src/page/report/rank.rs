//! The ranking for the report: rows, reasons in words, and the table of weights.

use super::MOST_ROWS;
use super::head::county;
use super::sure::range_and_bands;
use crate::config::RoadClass;
use crate::config::method_words::Direction;
use crate::config::method_words::{Aggregation, Normalisation};
use crate::files::lang::Both;
use crate::files::text::{NONE, fixed, grouped};
use crate::page::county::Pages;
use crate::page::i18n::{class_name, shown_both};
use crate::page::line_sheet::place;
use crate::page::rank_words::{not_ranked, score, signed, steps, unit};
use crate::rank::composite::Step;
use crate::rank::{INDICATORS, RankRow, TIE_RULE};
use crate::results::Run;
use crate::tables::RankView;
use minijinja::{Value, context};

/// Ranking, weights and what to say about them.
pub fn ranking(o: &Run<'_>, pages: &Pages) -> Value {
    let all = &o.assessment.ranking.indicators;
    let used: Vec<usize> = (0..all.len()).filter(|i| all[*i].weight > 0.0).collect();
    let columns: Vec<Value> =
        used.iter().map(|i| &all[*i].def).map(|d| context! { name => shown_both(&d.en, &d.zh), unit => unit(&d.unit) }).collect();
    let rows: Vec<Value> = o.assessment.ranking.rows.iter().take(MOST_ROWS).map(|r| row((o, pages), r, &used)).collect();
    let defaults = INDICATORS.iter().zip(&o.settings.weights.indicators).all(|(d, w)| d.weight == *w)
        && RoadClass::ALL.iter().zip(&o.settings.weights.classes).all(|(c, w)| c.default_weight() == *w);
    let present = |c: &RoadClass| (0..o.members.len()).any(|i| o.class_mm(i, *c) > 0);
    let word = |c: RoadClass| {
        let (name, weight) = (class_name(c), o.settings.weights.classes[c.index()]);
        Both::new(format!("{} {weight}", name.en), format!("{} {weight}", name.zh))
    };
    let classes: Vec<Both> = RoadClass::ALL.into_iter().filter(present).map(word).collect();
    context! {
        columns, rows,
        below => o.assessment.ranking.rows.iter().any(|r| r.score.is_some_and(|s| s < 0.0)),
        all => o.assessment.ranking.rows.len(),
        shown => o.assessment.ranking.rows.len().min(MOST_ROWS),
        all_text => grouped(o.assessment.ranking.rows.len() as u64),
        shown_text => grouped(o.assessment.ranking.rows.len().min(MOST_ROWS) as u64),
        tie_rule => TIE_RULE,
        own_weights => !defaults,
        class_weights => Both::join(&classes, [", ", "，"]),
        indicators => indicators(o),
        ranges => o.assessment.sureness.is_some(),
        lines => o.assessment.sureness.as_ref().is_some_and(|s| !s.ranges.lines.is_empty()),
        usual => usual(&o.settings.method.steps),
        steps => steps(&o.assessment.steps, &o.assessment.ranking),
    }
}

/// Whether the method is the one that the first sentence tells: min–max, arithmetic means, nothing bent.
fn usual(steps: &[Step]) -> bool {
    steps.contains(&Step::Normalise(Normalisation::MinMax))
        && steps.contains(&Step::Aggregate(Aggregation::Arithmetic))
        && !steps.iter().any(|s| matches!(s, Step::Treat { .. }))
}

/// The width of the bar of a score, of 64 px in all; empty where there is no score.
pub(super) fn score_bar(r: &RankRow) -> String {
    r.score.map_or(String::new(), |s| crate::page::svg::px(s.max(0.0) * 0.64))
}

fn row((o, pages): (&Run<'_>, &Pages), r: &RankRow, used: &[usize]) -> Value {
    let reasons: Vec<Value> = r
        .reasons
        .iter()
        .take(2)
        .map(|p| {
            let def = &o.assessment.ranking.indicators[p.indicator].def;
            let side = if p.points > 0.0 { "up" } else { "down" };
            context! { points => signed(p.points, 1), side, name => shown_both(&def.en, &def.zh) }
        })
        .collect();
    let (range, bands) = range_and_bands(&RankView::of(o), r.county);
    context! {
        range, bands,
        rank => place(r),
        score => score(r, 1),
        bar => score_bar(r),
        trust => o.members[r.county].trust.score.map_or(NONE.to_owned(), |s| fixed(s, 0)),
        doubt => o.members[r.county].trust.doubts.first().copied().unwrap_or(""),
        why => r.not_rankable.as_deref().map(not_ranked),
        reasons,
        values => used.iter().map(|i| value(&o.assessment.ranking.indicators[*i].def.unit, r.values[*i])).collect::<Vec<_>>(),
        ..county(o, pages, r.county)
    }
}

/// The table of weights: every indicator, used or not.
fn indicators(o: &Run<'_>) -> Vec<Value> {
    let of = |u: &crate::rank::Used| {
        let d = &u.def;
        let default = INDICATORS.iter().find(|i| i.key == d.key).map_or(0.0, |i| i.weight);
        context! {
            name => shown_both(&d.en, &d.zh),
            unit => unit(&d.unit),
            used => u.weight > 0.0,
            weight => fixed(u.weight, 3),
            default => fixed(default, 2),
            direction => match d.direction { Direction::HigherIsWorse => "higher", Direction::LowerIsWorse => "lower" },
            min => value(&d.unit, u.min),
            max => value(&d.unit, u.max),
        }
    };
    let view = RankView::of(o);
    o.assessment.ranking.indicators.iter().filter(|u| view.is_offered(&u.def)).map(of).collect()
}

/// A value as read by people; a share in percent, a count whole, all else with one or two decimals.
pub(crate) fn value(unit: &str, v: Option<f64>) -> String {
    let Some(v) = v else { return NONE.to_owned() };
    match unit {
        "share" => fixed(v * 100.0, 1),
        "count" => fixed(v, 0),
        "km" => fixed(v, 1),
        _ => fixed(v, 2),
    }
}
