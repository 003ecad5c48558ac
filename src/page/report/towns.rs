//! Townships in order of need, against the target that every one has a charging station: what a bureau with one county looks at in place of a
//! ranking.

use super::MOST_ROWS;
use super::head::county;
use crate::balance::{CountyBalance, Town, TownRow};
use crate::files::text::{NONE, fixed, grouped, percent};
use crate::page::county::Pages;
use crate::page::i18n::shown;
use crate::page::map::towns::towns_svg;
use crate::results::Run;
use crate::space::units::km;
use minijinja::{Value, context};
use std::collections::BTreeMap;

/// Its number among the maps of the page: behind those of roads.
const MAP: usize = 20;

/// The section, from the rows of `townships.csv`; none where there is none.
pub fn towns(o: &Run<'_>, rows: &[TownRow<'_>], pages: &Pages) -> Value {
    if rows.is_empty() {
        return Value::from(());
    }
    let mut order: Vec<&TownRow<'_>> = rows.iter().collect();
    // over all counties as within one: see the column `need`
    order.sort_by(|a, b| {
        let need = Town::by_need((a.town, a.people.unwrap_or(0)), (b.town, b.people.unwrap_or(0)));
        need.then(a.town.county.cmp(&b.town.county)).then(a.town.need.cmp(&b.town.need))
    });
    let without = rows.iter().filter(|t| !t.town.has_charging).count() as u64;
    let n = rows.len() as u64;
    let most = |k: usize| order.iter().map(|t| t.town.short_kw[k]).fold(1.0, f64::max);
    let widest = most(0).max(most(1));
    context! {
        n => grouped(n), without => grouped(without), with => grouped(n - without), share => percent(n - without, n), met => without == 0,
        radius => fixed(km(o.criteria.serving.settlement_radius_mm.into()), 1),
        unknown => Some(rows.iter().filter(|t| !t.town.known).count() as u64).filter(|n| *n > 0).map(grouped),
        map => towns_svg(o.results, &order, MAP),
        counties => by_county(o, rows, pages),
        many => o.members.len() > 1,
        rows => order.iter().take(MOST_ROWS).enumerate().map(|(i, t)| row(o, pages, (i + 1, t), widest)).collect::<Vec<_>>(),
        capped => order.len() > MOST_ROWS, shown => grouped(order.len().min(MOST_ROWS) as u64),
    }
}

/// Each county against the target, with the names of its townships without.
fn by_county(o: &Run<'_>, rows: &[TownRow<'_>], pages: &Pages) -> Vec<Value> {
    let mut all: BTreeMap<u32, (u64, u64, [f64; 2])> = BTreeMap::new();
    for t in rows {
        let sum = all.entry(t.town.county).or_default();
        sum.0 += 1;
        sum.1 += u64::from(t.town.has_charging);
        sum.2.iter_mut().zip(t.town.short_kw).for_each(|(sum, kw)| *sum += kw);
    }
    let one = |(i, (n, has, short)): (u32, (u64, u64, [f64; 2]))| {
        let balance = o.members.get(i as usize).and_then(|m| m.result.balance.as_ref());
        let unknown = balance.map(|b| b.towns_unknown).filter(|n| *n > 0).map(grouped);
        let known = balance.is_some_and(CountyBalance::is_known);
        let whole = |kw: f64| if known { whole(kw) } else { NONE.to_owned() };
        context! {
            unknown, known, n => grouped(n), has => grouped(has), without => grouped(n - has), share => percent(has, n), met => has == n,
            short => whole(short[0]), short_holiday => whole(short[1]),
            ..county(o, pages, i as usize)
        }
    };
    all.into_iter().map(one).collect()
}

fn whole(kw: f64) -> String {
    if kw > 0.0 && kw < 0.5 { "< 1".to_owned() } else { grouped(kw.round().max(0.0) as u64) }
}

fn row(o: &Run<'_>, pages: &Pages, (place, t): (usize, &TownRow<'_>), widest: f64) -> Value {
    let whole = |kw: f64| if t.town.known { whole(kw) } else { NONE.to_owned() };
    let way = |k: usize| t.town.nearest[k].map_or(NONE.to_owned(), |n| fixed(km(n.distance_mm.into()), 1));
    context! {
        place => grouped(place as u64), need => grouped(t.town.need.into()),
        town => shown(t.name), town_zh => shown(t.name_zh), named => !(t.name.is_empty() && t.name_zh.is_empty()), id => shown(t.id),
        people => t.people.map_or(NONE.to_owned(), grouped), has => t.town.has_charging, known => t.town.known,
        charging => way(0), swap => way(1),
        short => whole(t.town.short_kw[0]), short_holiday => whole(t.town.short_kw[1]),
        bar => (64.0 * t.town.short_kw[1] / widest).round(),
        county => county(o, pages, t.town.county as usize),
    }
}
