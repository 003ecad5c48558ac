//! How sure the ranking is, for the report: ranges, bands at the lines, factors, what is owed to one indicator, rank reversal.

use super::ranges::{most_shown, svg};
use crate::files::lang::Both;
use crate::files::text::{NONE, fixed, grouped};
use crate::page::i18n::{shown, shown_both};
use crate::page::rank_words::{level, line_name, pillar, range};
use crate::page::svg::px;
use crate::rank::Sureness;
use crate::rank::uncertainty::{Band, IndexPart, LeftOut, LineOut, Reversal};
use crate::tables::RankView;
use minijinja::{Value, context};

/// Width of a full bar, px.
const BAR: f64 = 160.0;

/// The section; none where nothing was varied.
pub(crate) fn sureness(v: &RankView<'_>) -> Value {
    let Some(s) = v.sureness() else { return Value::from(()) };
    let table = &v.settings.table.uncertainty;
    context! {
        draws => grouped(s.ranges.draws.into()),
        svg => svg(v, s),
        shown => grouped(most_shown(v) as u64),
        all => grouped(v.ranked().len() as u64),
        capped => most_shown(v) < v.ranked().len(),
        lines => s.ranges.lines.iter().map(line).collect::<Vec<_>>(),
        certain => fixed(table.certain * 100.0, 0),
        out => fixed(table.out * 100.0, 0),
        factors => by_weight(s).into_iter().map(|i| factor(s, i)).collect::<Vec<_>>(),
        measured => s.sensitivity.is_some(),
        left => s.left_out.iter().map(|l| left_out(v, l)).collect::<Vec<_>>(),
        first_line => s.ranges.lines.first().map(|l| shown(&l.key)),
        reversal => s.reversal.as_ref().map(reversal),
    }
}

/// The range of a county, and its bands at the lines.
pub(crate) fn range_and_bands(v: &RankView<'_>, county: usize) -> (String, Vec<Value>) {
    let several = lines_of(v).len() > 1;
    let name = |line: &LineOut| Value::from(if several { shown(&line.key) } else { String::new() });
    (range(v.range(county)), bands(v, county, name))
}

/// The lines of a ranking; none where nothing was varied.
pub(crate) fn lines_of<'a>(v: &RankView<'a>) -> &'a [LineOut] {
    v.sureness().map_or(&[], |s| s.ranges.lines.as_slice())
}

/// The band of a county at each line that it has one at, with a name for the line.
pub(crate) fn bands(v: &RankView<'_>, county: usize, name: impl Fn(&LineOut) -> Value) -> Vec<Value> {
    let of = |line: &LineOut| {
        let unit = &line.units[line.units.binary_search_by_key(&county, |u| u.unit).ok()?];
        Some(context! { band => unit.band.as_str(), name => name(line) })
    };
    lines_of(v).iter().filter_map(of).collect()
}

fn line(l: &LineOut) -> Value {
    let of = |band: Band| grouped(l.units.iter().filter(|u| u.band == band).count() as u64);
    context! {
        name => line_name(&l.key),
        above => grouped(l.units.iter().filter(|u| u.nominal).count() as u64),
        certain => of(Band::Certain), contested => of(Band::Contested), out => of(Band::Out),
    }
}

/// Factors, those first that matter most; equal ones as they stand.
fn by_weight(s: &Sureness) -> Vec<usize> {
    let total = |i: usize| s.sensitivity.as_ref().and_then(|x| x.mean_change.factors.get(i)?.total).unwrap_or(0.0);
    let mut all: Vec<usize> = (0..s.factors.len()).collect();
    all.sort_by(|a, b| total(*b).total_cmp(&total(*a)));
    all
}

fn factor(s: &Sureness, i: usize) -> Value {
    let (key, levels) = &s.factors[i];
    let index = s.sensitivity.as_ref().and_then(|x| x.mean_change.factors.get(i));
    let number = |v: Option<f64>| v.map_or(NONE.to_owned(), |v| fixed(v, 2));
    let total = index.and_then(|x| x.total);
    context! {
        key, levels => Both::list(&levels.iter().map(|l| level(l)).collect::<Vec<_>>()),
        first => number(index.and_then(|x| x.first)),
        total => number(total),
        // an estimate may lie a little outside of 0 to 1, a bar may not
        width => px(total.unwrap_or(0.0).clamp(0.0, 1.0) * BAR),
    }
}

fn left_out(v: &RankView<'_>, l: &LeftOut) -> Value {
    let (group, name) = match l.element {
        IndexPart::Group(_) => (true, pillar(&l.key)),
        IndexPart::Leaf(_) => {
            let def = v.assessment.ranking.indicators.iter().map(|u| &u.def).find(|d| d.key == l.key);
            (false, def.map_or_else(|| Both::same(shown(&l.key)), |d| shown_both(&d.en, &d.zh)))
        }
    };
    let names = |units: &[usize]| -> Vec<Value> {
        let of = |u: &usize| {
            let c = v.unit(*u);
            context! { name => shown(if c.name.is_empty() && c.name_zh.is_empty() { &c.code } else { &c.name }), name_zh => shown(&c.name_zh) }
        };
        units.iter().map(of).collect()
    };
    let crossing = l.crossings.first();
    context! {
        group, name,
        mean => fixed(l.mean_change, 1),
        max => grouped(l.max_change.into()),
        enter => crossing.map_or(Vec::new(), |c| names(&c.enter)),
        leave => crossing.map_or(Vec::new(), |c| names(&c.leave)),
    }
}

fn reversal(r: &Reversal) -> Value {
    context! { removed => grouped(r.removed as u64), changing => grouped(r.changing as u64), pairs => grouped(r.pairs), any => r.changing > 0 }
}
