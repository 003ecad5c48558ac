//! The sheet of one county for [`line_page`](super::line_page): what it has of each indicator, what that is worth against others,
//! and how much of one figure alone would bring it level with its neighbours.

use super::i18n::{shown, shown_both};
use super::rank_words::{line_name, one_more, range, signed, unit};
use super::report::rank::value;
use super::svg::{SOFT, open_silent, px};
use crate::files::text::{NONE, fixed, grouped};
use crate::rank::uncertainty::LineOut;
use crate::rank::{RankRow, RankSettings, Sureness, Used};
use crate::tables::RankView;
use crate::tables::why::against_mean;
use minijinja::{Value, context};
use std::collections::BTreeSet;

/// Width of a bar that can go both ways, px.
const BAR: f64 = 110.0;
/// Neighbours shown on each side.
const BESIDE: usize = 2;

/// What the sheets share.
pub(crate) struct Sheets<'a> {
    v: &'a RankView<'a>,
    s: &'a Sureness,
    used: Vec<usize>,
    /// Points at the end of a bar, the same on all sheets.
    most: f64,
}

impl<'a> Sheets<'a> {
    /// For the counties at these places.
    pub(crate) fn new(v: &'a RankView<'a>, s: &'a Sureness, places: &BTreeSet<usize>) -> Self {
        let (rows, used) = (v.ranked(), v.used());
        let mut most = 0.0_f64;
        for n in places {
            let above = n.checked_sub(1).map(|a| &rows[a]);
            for i in &used {
                let over = above.map_or(0.0, |a| rows[*n].points[*i] - a.points[*i]);
                most = most.max(against_mean(&rows[*n], *i).abs()).max(over.abs());
            }
        }
        Self { v, s, used, most }
    }

    /// A bar to the right for more shortfall, to the left for less. Numbers only, so that the template may take it as it is.
    fn bar(&self, points: f64) -> String {
        let half = BAR / 2.0;
        let w = if self.most > 0.0 { (points.abs() / self.most * half).min(half) } else { 0.0 };
        let (x, colour) = if points < 0.0 { (half - w, "#3f6d5e") } else { (half, "#a3120f") };
        format!(
            "{}<rect x=\"{}\" y=\"1\" width=\"{}\" height=\"8\" fill=\"{colour}\"/><path d=\"M{half} 0V10\" stroke=\"{SOFT}\"/></svg>",
            open_silent([BAR, 10.0], &format!("width=\"{BAR}\" height=\"10\"")),
            px(x),
            px(w)
        )
    }
}

/// The sheet of the county at a place (from 0).
pub(crate) fn sheet(sheets: &Sheets<'_>, n: usize) -> Value {
    let (v, rows) = (sheets.v, sheets.v.ranked());
    let row = &rows[n];
    let county = v.unit(row.county);
    let range_of = v.range(row.county);
    let side = |other: Option<&RankRow>| other.map(|o| signed(score(row) - score(o), 2));
    context! {
        code => shown(&county.code),
        joint => row.joint.as_deref().map(shown),
        rank => place(row), range => range(range_of),
        median => range_of.map_or(NONE.to_owned(), |r| grouped(r.median.into())),
        score => fixed(score(row), 2),
        lines => sheets.s.ranges.lines.iter().filter_map(|l| line(l, row)).collect::<Vec<_>>(),
        indicators => sheets.used.iter().map(|i| indicator(sheets, n, *i)).collect::<Vec<_>>(),
        against_mean => signed(sheets.used.iter().map(|i| against_mean(row, *i)).sum(), 2),
        against_above => side(n.checked_sub(1).map(|a| &rows[a])),
        against_below => side(rows.get(n + 1)),
        neighbours => (n.saturating_sub(BESIDE)..(n + BESIDE + 1).min(rows.len())).map(|m| neighbour(v, row, m)).collect::<Vec<_>>(),
        trust => county.trust.map_or(NONE.to_owned(), |t| fixed(t, 0)),
        doubt => county.doubt.as_str(),
        ..name(v, row)
    }
}

fn score(row: &RankRow) -> f64 {
    row.score.unwrap_or(0.0)
}

/// A rank, with a mark where it is shared.
pub(crate) fn place(row: &RankRow) -> String {
    row.rank.map_or(NONE.to_owned(), |r| format!("{}{}", grouped(r.into()), if row.tied { "=" } else { "" }))
}

fn name(v: &RankView<'_>, row: &RankRow) -> Value {
    let c = v.unit(row.county);
    let nameless = c.name.is_empty() && c.name_zh.is_empty();
    context! { name => shown(if nameless { &c.code } else { &c.name }), name_zh => shown(&c.name_zh) }
}

fn line(line: &LineOut, row: &RankRow) -> Option<Value> {
    let unit = &line.units[line.units.binary_search_by_key(&row.county, |u| u.unit).ok()?];
    let share = format!("{} %", fixed(unit.share * 100.0, 1));
    Some(
        context! { name => line_name(&line.key), band => unit.band.as_str(), share, above => unit.nominal, room => has_room(line) },
    )
}

/// Whether a line has room for all that are ranked: then its shares say nothing of how sure the ranking is.
pub(crate) fn has_room(line: &LineOut) -> bool {
    line.units.iter().all(|u| u.nominal && u.share >= 1.0)
}

fn neighbour(v: &RankView<'_>, row: &RankRow, m: usize) -> Value {
    let other = &v.ranked()[m];
    let here = other.county == row.county;
    context! {
        here, rank => place(other), range => range(v.range(other.county)), score => fixed(score(other), 2),
        difference => if here { String::new() } else { signed(score(other) - score(row), 2) },
        code => shown(&v.unit(other.county).code),
        ..name(v, other)
    }
}

/// One indicator: value, worth, bars, and what it takes.
fn indicator(sheets: &Sheets<'_>, n: usize, i: usize) -> Value {
    let (v, rows) = (sheets.v, sheets.v.ranked());
    let (row, used) = (&rows[n], &v.assessment.ranking.indicators[i]);
    let above = n.checked_sub(1).map(|a| &rows[a]);
    let (mean, over) = (against_mean(row, i), above.map(|a| row.points[i] - a.points[i]));
    let (step, more) = one_more(&used.def.unit);
    let level = |other: Option<&RankRow>| other.and_then(|o| to_be_level(row, used, i, (o, rows))).map(|x| signed(x / step, 2));
    context! {
        name => shown_both(&used.def.en, &used.def.zh),
        unit => unit(&used.def.unit),
        value => value(&used.def.unit, row.values[i]),
        by_hand => is_by_hand(v.settings, &v.unit(row.county).code, &used.def.key),
        weight => format!("{} %", fixed(used.weight * 100.0, 1)),
        points => fixed(row.points[i], 2),
        mean => signed(mean, 2), mean_side => side(mean), mean_bar => sheets.bar(mean),
        above => over.map(|p| signed(p, 2)), above_side => side(over.unwrap_or(0.0)), above_bar => over.map(|p| sheets.bar(p)),
        per => row.per_unit[i].map(|p| signed(p * step, 3)),
        more,
        level_above => level(above),
        level_below => level(rows.get(n + 1)),
    }
}

fn side(points: f64) -> &'static str {
    if points > 0.0 { "up" } else { "down" }
}

/// Whether the value of an indicator of a county was set by hand.
pub(crate) fn is_by_hand(settings: &RankSettings, code: &str, key: &str) -> bool {
    settings.table.overrides.iter().any(|o| o.county == code && o.indicator.as_deref() == Some(key))
}

/// By how much this figure alone would have to change for the scores to be equal, in its unit; none where that leads beyond
/// the ends of the scale, which would then move themselves, or where the county alone is an end of it, which moves with it.
pub(crate) fn to_be_level(row: &RankRow, used: &Used, i: usize, (other, rows): (&RankRow, &[RankRow])) -> Option<f64> {
    let per_unit = row.per_unit[i].filter(|p| *p != 0.0)?;
    let change = (score(other) - score(row)) / per_unit;
    let (value, ends) = (row.values[i]?, [used.min?, used.max?]);
    let is_an_end = used.def.goalposts.is_none() && ends.contains(&value);
    let alone = is_an_end && rows.iter().filter(|r| r.values.get(i).copied().flatten() == Some(value)).count() < 2;
    let reached = value + change;
    (!alone && ends[0] <= reached && reached <= ends[1]).then_some(change)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::method_words::Direction;
    use crate::rank::{IndicatorDef, IndicatorOrigin};

    #[test]
    fn what_it_takes_to_be_level_stays_on_the_scale() {
        let def = IndicatorDef {
            key: "a".into(),
            en: "a".into(),
            zh: "a".into(),
            unit: "km".into(),
            direction: Direction::HigherIsWorse,
            pillar: "roads".into(),
            weight: 1.0,
            from: IndicatorOrigin::Ours(0),
            goalposts: None,
            goalposts_from: Default::default(),
            goalposts_by_hand: false,
            source: String::new(),
        };
        let used = Used { def, weight: 1.0, min: Some(0.0), max: Some(20.0), left_out: None };
        let row = |score: f64| RankRow {
            score: Some(score),
            values: vec![Some(10.0)],
            per_unit: vec![Some(0.5)],
            ..RankRow::default()
        };
        // 3 points at half a point a km: 6 km, from 10 to 16
        let level = |own: &RankRow, to: f64, used: &Used, rows: &[RankRow]| to_be_level(own, used, 0, (&row(to), rows));
        assert_eq!(level(&row(50.0), 53.0, &used, &[]), Some(6.0));
        assert_eq!(level(&row(50.0), 45.0, &used, &[]), Some(-10.0)); // just to the end
        assert_eq!(level(&row(50.0), 60.0, &used, &[]), None); // 30 km, where the scale ends at 20
        // who alone is an end of the scale takes it along; with another there, or between goalposts, it stays
        let end = RankRow { values: vec![Some(20.0)], ..row(50.0) };
        assert_eq!(level(&end, 45.0, &used, std::slice::from_ref(&end)), None);
        assert_eq!(level(&end, 45.0, &used, &[end.clone(), end.clone()]), Some(-10.0));
        let fixed = Used { def: IndicatorDef { goalposts: Some((0.0, 20.0)), ..used.def.clone() }, ..used.clone() };
        assert_eq!(level(&end, 45.0, &fixed, std::slice::from_ref(&end)), Some(-10.0));
    }
}
