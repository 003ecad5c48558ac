//! The key figures at the top of the report, and the settings that the method section names.

use super::rank::score_bar;
use crate::config::Service;
use crate::config::station_words::{Access, Status};
use crate::files::lang::Both;
use crate::files::text::{fixed, grouped, km1, percent};
use crate::page::county::{Pages, below};
use crate::page::i18n::{criterion_label, shown};
use crate::page::line_sheet::place;
use crate::page::rank_words::range;
use crate::rank::RankRow;
use crate::results::Run;
use crate::tables::RankView;
use minijinja::{Value, context};

/// Region, criterion and key figures at the headline distance.
pub fn head(o: &Run<'_>, pages: &Pages) -> Value {
    let label = criterion_label(o.criteria.serving.headline_criterion());
    let (mut road, mut gap) = (0, 0);
    for i in 0..o.members.len() {
        road += o.road_mm(i);
        gap += o.total(i, Service::Charging, o.criteria.serving.headline).gap_mm;
    }
    context! {
        km => label.en.trim_end_matches(" km"),
        label,
        road => km1(road),
        gap => km1(gap),
        covered => km1(road - gap),
        gap_share => percent(gap, road),
        covered_share => percent(road - gap, road),
        counties => grouped(o.members.len() as u64),
        no_way => no_way(o),
        top => top(o, pages),
        first_two => first_two(o, pages),
        unsure => unsure(o),
        any_charging => o.whole.scene.stations.iter().any(|s| s.used && s.station.charging),
        worst => worst(o, pages),
        ranked => grouped(o.assessment.ranking.rows.iter().filter(|r| r.rank.is_some()).count() as u64),
        stations => stations(o),
        places => context! {
            beyond => grouped(o.figures().iter().map(|f| f.settlements_in_gap).sum()),
            all => grouped(o.figures().iter().map(|f| f.settlements).sum()),
        },
        people => context! {
            beyond => grouped(o.figures().iter().map(|f| f.people_in_gap).sum()),
            all => grouped(o.figures().iter().map(|f| f.people).sum()),
            raster => o.raster.is_some(),
        },
    }
}

/// Road in the gap from which no charging station can be reached, km; none where every road has a way.
fn no_way(o: &Run<'_>) -> Option<String> {
    let mm: u64 = o.members.iter().filter_map(|m| m.result.no_way_mm(Service::Charging)).sum();
    Some(km1(mm)).filter(|km| km != "0.0")
}

/// Places that the first screen shows.
const TOP: usize = 5;

fn first<'r>(o: &'r Run<'_>) -> &'r [RankRow] {
    let ranked = RankView::of(o).ranked();
    &ranked[..ranked.len().min(TOP)]
}

/// The first counties, where there is more than one.
fn top(o: &Run<'_>, pages: &Pages) -> Vec<Value> {
    let view = RankView::of(o);
    let one = |r: &RankRow| {
        let range = range(view.range(r.county));
        context! { rank => place(r), range, score => fixed(r.score.unwrap_or(0.0), 1), bar => score_bar(r), ..county(o, pages, r.county) }
    };
    if o.members.len() < 2 { Vec::new() } else { first(o).iter().map(one).collect() }
}

fn first_two(o: &Run<'_>, pages: &Pages) -> Option<Vec<Value>> {
    let [a, b, ..] = first(o) else { return None };
    Some([a, b].map(|r| county(o, pages, r.county)).into())
}

/// How many of the first places move with the choices behind the ranking; none where they do not, or nothing was drawn.
fn unsure(o: &Run<'_>) -> Option<usize> {
    let view = RankView::of(o);
    let moves = |r: &&RankRow| view.range(r.county).is_some_and(|r| r.low != r.high);
    Some(first(o).iter().filter(moves).count()).filter(|n| *n > 0)
}

fn worst(o: &Run<'_>, pages: &Pages) -> Value {
    let first = o.assessment.ranking.rows.first().filter(|r| r.rank == Some(1));
    first.map_or(Value::from(()), |r| {
        context! { score => fixed(r.score.unwrap_or(0.0), 1), ..county(o, pages, r.county) }
    })
}

/// A county by its names, or its code where it has none, with its page if it has one.
pub fn county(o: &Run<'_>, pages: &Pages, i: usize) -> Value {
    let c = o.county(i);
    let name = shown(if c.name.is_empty() && c.name_zh.is_empty() { &c.code } else { &c.name });
    context! { code => shown(&c.code), name, name_zh => shown(&c.name_zh), href => pages.href(i, &below()) }
}

fn stations(o: &Run<'_>) -> Value {
    let count = |keep: &dyn Fn(&crate::place::StationOut) -> bool| {
        grouped(o.whole.scene.stations.iter().filter(|s| s.used && keep(s)).count() as u64)
    };
    context! {
        used => count(&|_| true),
        read => grouped(o.whole.scene.stations.len() as u64),
        charging => count(&|s| s.station.charging),
        swap => count(&|s| s.station.swap),
        inside => count(&|s| s.county.is_some()),
    }
}

/// Settings that the method section names.
pub fn method(o: &Run<'_>) -> Value {
    let c = &o.criteria;
    let access = |a: &Access| {
        let zh = match a {
            Access::Public => "对外开放",
            Access::Private => "专用",
            Access::Unknown => "未知",
        };
        Both::new(a.as_str(), zh)
    };
    let status = |s: &Status| {
        let zh = match s {
            Status::Open => "运营",
            Status::Planned => "规划",
            Status::Closed => "停运",
            Status::Unknown => "未知",
        };
        Both::new(s.as_str(), zh)
    };
    let either = |words: Vec<Both>| Both::join(&words, [" or ", "或"]);
    let kw = plain(c.serving.min_power_kw);
    let limited = c.serving.min_power_kw > 0.0;
    context! {
        snap => plain(c.serving.max_snap_m),
        island => plain(c.reading.min_island_mm as f64 / 1e6),
        access => either(c.serving.access.iter().map(access).collect()),
        status => either(c.serving.status.iter().map(status).collect()),
        power => if limited {
            Both::new(
                format!(", and a charging station has a gun of at least {kw} kW"),
                format!("；充电站单枪功率不低于 {kw} 千瓦"),
            )
        } else {
            Both::default()
        },
    }
}

/// A setting as typed: no decimals that are not there.
fn plain(v: f64) -> String {
    if v.fract() == 0.0 { fixed(v, 0) } else { v.to_string() }
}
