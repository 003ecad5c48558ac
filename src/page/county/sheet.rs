//! The page of a county: where it stands and why; in a round whether it is selected, against whom, and what it would need.

use super::book::{Book, Rival};
use super::books::{facts, issues, ledger, trust};
use super::locator::Locators;
use super::tables::Sections;
use crate::balance::CountyBalance;
use crate::config::Service;
use crate::config::accept::AcceptTable;
use crate::config::demand::Day;
use crate::files::lang::Both;
use crate::files::text::{NONE, clean, fixed, grouped, km1, percent};
use crate::page::i18n::{criterion_label, shown, shown_both};
use crate::page::line_sheet::{has_room, is_by_hand, to_be_level};
use crate::page::live_link;
use crate::page::rank_words::{line_name, not_ranked, one_more, range, signed, unit};
use crate::page::report::ranges::colour;
use crate::page::report::rank::value;
use crate::rank::uncertainty::LineOut;
use crate::rank::{RankRow, Used};
use crate::results::accepted::names_county;
use crate::results::faults::Fault;
use crate::tables::counterfactuals::sentence as what_if_sentence;
use crate::tables::overrides;
use minijinja::{Value, context};
use std::collections::BTreeMap;

/// Neighbours shown on each side.
const BESIDE: usize = 2;
/// Longest sentence with names from data in it, characters.
const LONGEST_SENTENCE: usize = 1000;

/// What the pages of all counties have in common.
pub struct Common<'a> {
    /// The results, looked up.
    pub book: &'a Book<'a>,
    /// Small maps.
    pub locators: Locators,
    /// Tables that show on the page.
    pub sections: Sections,
    /// What was set by hand and asked for, by code.
    pub by_hand: BTreeMap<String, Vec<Both>>,
}

/// What was set by hand and asked for, as sentences, by the code of the county.
pub fn by_hand(b: &Book<'_>) -> BTreeMap<String, Vec<Both>> {
    let mut all: BTreeMap<String, Vec<Both>> = BTreeMap::new();
    for row in b.round.into_iter().flat_map(overrides::rows) {
        let said = overrides::sentence(&row);
        all.entry(row.unit.code.clone()).or_default().push(Both::clean(&said.en, &said.zh, LONGEST_SENTENCE));
    }
    all
}

/// What the template is filled with for one county.
pub fn county(common: &Common<'_>, i: usize) -> Value {
    let b = common.book;
    let (r, m, row) = (b.r, &b.r.members[i], b.rows[i]);
    let own = b.named(i, "");
    context! {
        round => b.round.map(|r| &r.part.file.round).map(|t| context! {
            id => shown(&t.id), year => t.year.map_or(String::new(), |y| format!("({y})")),
        }),
        own,
        head => head(b, i),
        by_hand => common.by_hand.get(&m.county.code).cloned().unwrap_or_default(),
        rival => b.rival(i).map(|rival| against(b, i, rival)),
        lines => b.view.sureness().map_or(Vec::new(), |s| s.ranges.lines.iter().filter_map(|l| line(l, i)).collect()),
        draws => b.view.sureness().map(|s| grouped(s.ranges.draws.into())),
        indicators => if row.rank.is_some() { indicators(b, i) } else { Vec::new() },
        sums => sums(b, i),
        adds_up => r.assessment.ranking.adds_up,
        neighbours => row.rank.map_or(Vec::new(), |_| neighbours(b, row)),
        what_if => what_if(b, i),
        demand_stays => b.used.iter().any(|k| r.assessment.ranking.indicators[*k].def.is_of_demand()),
        done => m.shard.as_ref().is_none_or(|s| s.done.is_some()),
        lead => lead(b, i),
        headline => criterion_label(r.criteria.serving.headline_criterion()),
        ledger => ledger(r, m),
        facts => facts(b, i),
        towns => m.result.balance.as_ref().map(towns),
        sections => common.sections.of_county(&m.county.code),
        trust => trust(&m.trust),
        issues => issues(m),
        faults => faults(b, &m.county.code),
        locator => common.locators.svg(b, i),
        live => live_link::href_of_county(r, i, "../"),
        shard => m.shard.as_ref().map(|s| shown(&s.print)),
        rows_sha => m.shard.as_ref().and_then(|s| s.done.as_ref()).map(|d| shown(&d.sha256)),
    }
}

fn head(b: &Book<'_>, i: usize) -> Value {
    let (r, row, choice) = (b.r, b.rows[i], b.round.map(|r| &r.part.choices[i]));
    let province = b.province(i);
    let ranked_here = b.view.ranked().iter().filter(|o| b.province(o.county) == province).count() as u64;
    let range_of = b.view.range(i);
    let lead = row.joint.as_ref().and_then(|name| {
        let code = &r.members[i].county.code;
        let joint = r.settings.table.joint.iter().find(|j| j.lead == *code || j.has_member(code))?;
        let lead = r.members.iter().position(|m| m.county.code == joint.lead)?;
        Some(context! { name => shown(name), lead => b.named(lead, "") })
    });
    let currency = b.round.and_then(|r| r.part.file.select.currency.as_deref());
    context! {
        why => why(b, i),
        all => grouped(b.view.ranked().len() as u64),
        // of a run in one province its place there is its place in all
        province => if b.round.is_some() || b.has_provinces { shown(province) } else { String::new() },
        province_name => b.province_name(province),
        rank_in_province => row.rank_in_province.map_or(NONE.to_owned(), |n| grouped(n.into())),
        ranked_here => grouped(ranked_here),
        range => range(range_of),
        median => range_of.map_or(NONE.to_owned(), |r| grouped(r.median.into())),
        cost => Book::money(choice.and_then(|c| c.cost)), left => Book::money(choice.and_then(|c| c.left)),
        currency => currency.map_or(String::new(), |c| format!("({})", shown(c))),
        lead,
    }
}

/// Its townships against the target that every one has charging, and what is short.
fn towns(b: &CountyBalance) -> Value {
    let short = |day: Day| b.days.iter().find(|d| d.day == day).map_or(0.0, |d| d.short_kw);
    let kw = |kw: f64| if kw > 0.0 && kw < 0.5 { "< 1".to_owned() } else { grouped(kw.round().max(0.0) as u64) };
    let without = b.towns.saturating_sub(b.towns_with);
    context! {
        n => grouped(b.towns), with => grouped(b.towns_with), without => grouped(without), met => without == 0, any => b.towns > 0, known => b.is_known(), unknown => Some(b.towns_unknown).filter(|n| *n > 0).map(grouped),
        short => kw(short(Day::Ordinary)), holiday => kw(short(Day::Holiday)),
    }
}

/// Faults of the round that somebody answered for: those that name the county, and how many name none, so that they may bear on it.
fn faults(b: &Book<'_>, code: &str) -> Value {
    let accepted: Vec<_> = b.round.into_iter().flat_map(|r| r.part.faults.accepted()).collect();
    let one = |(f, a): &&(&Fault, &AcceptTable)| {
        let what = Both::clean(&f.what.en, &f.what.zh, LONGEST_SENTENCE);
        context! { what, by => shown(&a.by), on => shown(&a.on), reason => clean(&a.reason, LONGEST_SENTENCE) }
    };
    let own: Vec<Value> = accepted.iter().filter(|(f, _)| names_county(f, code) == Some(true)).map(|x| one(&x)).collect();
    let of_none = accepted.iter().filter(|(f, _)| names_county(f, code).is_none()).count() as u64;
    context! { own, of_none => Some(of_none).filter(|n| *n > 0).map(grouped) }
}

/// What it is short of, in one line.
fn lead(b: &Book<'_>, i: usize) -> Value {
    let (road, gap) = (b.r.road_mm(i), b.r.total(i, Service::Charging, b.r.criteria.serving.headline).gap_mm);
    context! { gap => km1(gap), road => km1(road), share => percent(gap, road) }
}

/// Why it is selected or not, in a round; of a run why it is not ranked.
fn why(b: &Book<'_>, i: usize) -> Option<Both> {
    let why = match b.round {
        Some(r) => Both::from(crate::tables::selection::why(&r, i)),
        None => not_ranked(b.rows[i].not_rankable.as_deref()?),
    };
    Some(Both::new(sentence(&why.en), why.zh + "。"))
}

/// What new stations would change for it, or for the joint application that it leads: a sentence for one, for two, and so on.
fn what_if(b: &Book<'_>, i: usize) -> Vec<Both> {
    let found = b.r.counterfactuals.iter().find(|c| c.county == i);
    found.map_or(Vec::new(), |c| (1..=c.steps.len()).map(|n| shown_sentence(what_if_sentence(b.r, c, &c.steps[..n]))).collect())
}

fn shown_sentence([en, zh]: [String; 2]) -> Both {
    Both::clean(&en, &zh, LONGEST_SENTENCE)
}

/// A reason as a sentence: with a capital and a full stop.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map_or(String::new(), |c| c.to_uppercase().collect());
    format!("{first}{}.", letters.as_str().trim_end_matches('.'))
}

/// Whom it is held against, and by how much.
fn against(b: &Book<'_>, i: usize, rival: Rival) -> Value {
    let short = b.short(i, rival).unwrap_or(0.0);
    let text = match rival {
        Rival::NextBelow(_) => "rc_over",
        _ if short < 0.0 => "rc_money",
        Rival::Last(_) => "rc_short_country",
        Rival::LastOfProvince(_) => "rc_short_province",
    };
    context! { text, points => fixed(short.abs(), 2), county => b.named(rival.county(), "") }
}

/// Where it stands at a line.
fn line(line: &LineOut, i: usize) -> Option<Value> {
    let unit = &line.units[line.units.binary_search_by_key(&i, |u| u.unit).ok()?];
    let share = format!("{} %", fixed(unit.share * 100.0, 1));
    let colour = colour(Some(unit.band));
    let room = has_room(line);
    Some(context! { name => line_name(&line.key), band => unit.band.as_str(), share, above => unit.nominal, colour, room })
}

/// Indicators, those first that part it most from its rival: what it lacks, or what a selected one has more. Without a rival, those
/// that it lacks most against the mean; in a run, where nobody is selected, those that take it most above it. Ties in the order of the
/// indicators.
fn indicators(b: &Book<'_>, i: usize) -> Vec<Value> {
    let row = b.rows[i];
    let rival = b.rival(i).map(|rival| (b.rows[rival.county()], matches!(rival, Rival::NextBelow(_))));
    let over = rival.map_or(b.round.is_none(), |(_, over)| over);
    let difference = |k: usize| rival.map_or(b.mean[k], |(o, _)| o.points[k]) - row.points[k];
    let first = |k: usize| if over { -difference(k) } else { difference(k) };
    let mut order = b.used.clone();
    order.sort_by(|x, y| first(*y).total_cmp(&first(*x)));
    order.into_iter().map(|k| indicator(b, row, rival.map(|(o, _)| o), k)).collect()
}

fn indicator(b: &Book<'_>, row: &RankRow, rival: Option<&RankRow>, k: usize) -> Value {
    let used: &Used = &b.r.assessment.ranking.indicators[k];
    let over = row.points[k] - rival.map_or(b.mean[k], |o| o.points[k]);
    // in a round more points are what a county needs, in a run they are shortfall
    let sides = if b.round.is_some() { ["less", "more"] } else { ["down", "up"] };
    let (step, _) = one_more(&used.def.unit);
    let level = rival.and_then(|o| to_be_level(row, used, k, (o, b.view.ranked()))).map(|x| signed(x / step, 2));
    context! {
        name => shown_both(&used.def.en, &used.def.zh), unit => unit(&used.def.unit),
        value => value(&used.def.unit, row.values[k]),
        by_hand => is_by_hand(&b.r.settings, &b.r.members[row.county].county.code, &used.def.key),
        points => fixed(row.points[k], 2), mean => fixed(b.mean[k], 2),
        theirs => rival.map(|o| fixed(o.points[k], 2)),
        over => signed(over, 2), side => sides[usize::from(over >= 0.0)],
        level,
    }
}

/// The scores of it, of all on the mean, of its rival, and the difference; none where points do not add up to them.
fn sums(b: &Book<'_>, i: usize) -> Option<Value> {
    let (row, rows) = (b.rows[i], b.view.ranked());
    let own = row.score.filter(|_| b.r.assessment.ranking.adds_up)?;
    let mean = rows.iter().filter_map(|r| r.score).sum::<f64>() / rows.len().max(1) as f64;
    let theirs = b.rival(i).and_then(|rival| b.rows[rival.county()].score);
    Some(context! {
        own => fixed(own, 2), mean => fixed(mean, 2), theirs => theirs.map(|s| fixed(s, 2)),
        over => signed(own - theirs.unwrap_or(mean), 2),
    })
}

/// The counties around it in the ranking.
fn neighbours(b: &Book<'_>, row: &RankRow) -> Vec<Value> {
    let rows = b.view.ranked();
    // a row's place is its number in the list and one
    let n = row.rank.map_or(0, |rank| rank as usize - 1);
    let one = |m: usize| {
        let other = &rows[m];
        let difference = other.score.zip(row.score).map_or(String::new(), |(o, own)| signed(o - own, 2));
        context! { here => m == n, difference, county => b.named(other.county, "") }
    };
    (n.saturating_sub(BESIDE)..(n + BESIDE + 1).min(rows.len())).map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_become_sentences() {
        assert_eq!(sentence("not ranked: it has no road"), "Not ranked: it has no road.");
        assert_eq!([sentence("done."), sentence("")], ["Done.", "."]);
    }
}
