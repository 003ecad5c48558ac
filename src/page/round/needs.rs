//! What counties ask for and lack, and how they stand against programmes, for the page of a round: sums, and the counties with the most power
//! short, each with the way to its page, where the rest stands.

use super::RoundBook;
use crate::balance::CountyBalance;
use crate::config::demand::Day;
use crate::files::lang::Both;
use crate::files::text::grouped;
use crate::page::county::below;
use crate::page::i18n::shown;
use crate::page::report::demand::{minutes, on, total, unknown, whole};
use crate::programme::Met;
use minijinja::{Value, context};
use std::collections::BTreeMap;

/// Counties shown.
const MOST: usize = 30;
/// Longest rule of a programme that is shown, characters.
const LONGEST_RULE: usize = 400;

/// Demand and the power that is short; none where nothing is asked for by `[demand]`.
pub(super) fn demand(b: &RoundBook<'_>) -> Option<Value> {
    let asked = b.r.criteria.demand.as_ref()?;
    let all: Vec<(usize, &CountyBalance)> =
        b.r.members.iter().enumerate().filter_map(|(i, m)| Some((i, m.result.balance.as_ref()?))).collect();
    let short = |b: &CountyBalance| b.worst_short_kw().unwrap_or(0.0);
    let mut most: Vec<&(usize, &CountyBalance)> = all.iter().filter(|(_, b)| short(b) > 0.0).collect();
    // stable: of equals the lower code
    most.sort_by(|x, y| short(y.1).total_cmp(&short(x.1)));
    let reach = f64::from(asked.reach_mm) / 1e6;
    let without = |b: &CountyBalance| b.towns - b.towns_with;
    let row = |(i, c): &(usize, &CountyBalance)| {
        let day = |day: Day| {
            on(c, day).map(|d| context! { asked => whole(d.asked.plug_total_kwh()), short => whole(d.short_kw), wait => minutes(d.wait_min) })
        };
        context! {
            county => b.named(*i, &below()), ordinary => day(Day::Ordinary), holiday => day(Day::Holiday), without => grouped(without(c)),
            rated => whole(c.supply.rated_kw),
        }
    };
    Some(context! {
        ordinary => total(&all, Day::Ordinary),
        holiday => total(&all, Day::Holiday),
        reach => crate::files::text::fixed(reach, if reach.fract() == 0.0 { 0 } else { 1 }),
        towns => grouped(all.iter().map(|(_, b)| b.towns).sum()),
        without => grouped(all.iter().map(|(_, b)| without(b)).sum()),
        towns_unknown => unknown(&all),
        counties => grouped(all.len() as u64),
        short => grouped(most.len() as u64),
        unknown => Some(all.iter().filter(|(_, b)| !b.is_known()).count() as u64).filter(|n| *n > 0).map(grouped),
        rows => most.iter().take(MOST).map(|c| row(c)).collect::<Vec<_>>(),
    })
}

/// Counties that meet each rule, that do not, and of which it cannot be told; none without programmes.
pub(super) fn programmes(b: &RoundBook<'_>) -> Option<Value> {
    let judged = &b.r.needs.judged;
    let mut rules: BTreeMap<(&str, &str), (Both, [u64; 3])> = BTreeMap::new();
    for v in &judged.counties {
        let text = || Both::clean(&v.text[0], &v.text[1], LONGEST_RULE);
        let (_, count) = rules.entry((v.programme.as_str(), v.rule.as_str())).or_insert_with(|| (text(), [0; 3]));
        count[v.met as usize] += 1;
    }
    let rule = |((programme, _), (text, count)): ((&str, &str), (Both, [u64; 3]))| {
        let n = |met: Met| grouped(count[met as usize]);
        context! { programme => shown(programme), text, met => n(Met::Met), not_met => n(Met::NotMet), cannot => n(Met::CannotBeTold) }
    };
    let rows: Vec<Value> = rules.into_iter().map(rule).collect();
    let any = [!judged.counties.is_empty(), !judged.roads.is_empty(), !judged.rewards.is_empty()];
    any.contains(&true).then(|| context! { rows, counties => any[0], roads => any[1], rewards => any[2] })
}
