//! The key figures at the top of the report, and the settings that the method section names.

use crate::config::Service;
use crate::config::station_words::{Access, Status};
use crate::files::text::{fixed, grouped, km1, percent};
use crate::page::i18n::{criterion_labels, shown};
use crate::results::Run;
use minijinja::{Value, context};

/// Region, criterion and key figures at the headline distance.
pub fn head(o: &Run<'_>) -> Value {
    let [label, label_zh] = criterion_labels(o.criteria.headline_criterion());
    let (mut road, mut gap) = (0, 0);
    for i in 0..o.members.len() {
        road += o.road_mm(i);
        gap += o.total(i, Service::Charging, o.criteria.headline).gap_mm;
    }
    let region = shown(&o.region.name);
    let region_zh = shown(o.region.name_zh.as_deref().unwrap_or(""));
    let synthetic = if o.region.synthetic { "[SYNTHETIC 合成数据] " } else { "" };
    let title = format!("{synthetic}{region} {region_zh}");
    context! {
        title => format!("{} – chargegap", title.trim()),
        region, region_zh,
        synthetic => o.region.synthetic,
        km => label.trim_end_matches(" km"),
        label, label_zh,
        road => km1(road),
        gap => km1(gap),
        covered => km1(road - gap),
        gap_share => percent(gap, road),
        covered_share => percent(road - gap, road),
        counties => grouped(o.members.len() as u64),
        any_charging => o.whole.scene.stations.iter().any(|s| s.used && s.station.charging),
        worst => worst(o),
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

fn worst(o: &Run<'_>) -> Value {
    let first = o.assessment.ranking.rows.first().filter(|r| r.rank == Some(1));
    first.map_or(Value::from(()), |r| {
        let c = o.county(r.county);
        context! { name => county_name(o, r.county), name_zh => shown(&c.name_zh), score => fixed(r.score.unwrap_or(0.0), 1) }
    })
}

/// English name of a county, or its code where it has no name at all.
pub fn county_name(o: &Run<'_>, county: usize) -> String {
    let c = o.county(county);
    shown(if c.name.is_empty() && c.name_zh.is_empty() { &c.code } else { &c.name })
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
    let access = |zh: bool| {
        let words = c.access.iter().map(|a| match (a, zh) {
            (Access::Public, true) => "对外开放",
            (Access::Private, true) => "专用",
            (Access::Unknown, true) => "未知",
            (a, false) => a.as_str(),
        });
        words.collect::<Vec<_>>().join(if zh { "或" } else { " or " })
    };
    let status = |zh: bool| {
        let words = c.status.iter().map(|s| match (s, zh) {
            (Status::Open, true) => "运营",
            (Status::Planned, true) => "规划",
            (Status::Closed, true) => "停运",
            (Status::Unknown, true) => "未知",
            (s, false) => s.as_str(),
        });
        words.collect::<Vec<_>>().join(if zh { "或" } else { " or " })
    };
    let kw = plain(c.min_power_kw);
    let limited = c.min_power_kw > 0.0;
    context! {
        snap => plain(c.max_snap_m),
        island => plain(c.min_island_mm as f64 / 1e6),
        access => access(false), access_zh => access(true),
        status => status(false), status_zh => status(true),
        power => if limited { format!(", and a charging station has a gun of at least {kw} kW") } else { String::new() },
        power_zh => if limited { format!("；充电站单枪功率不低于 {kw} 千瓦") } else { String::new() },
    }
}

/// A setting as typed: no decimals that are not there.
fn plain(v: f64) -> String {
    if v.fract() == 0.0 { fixed(v, 0) } else { v.to_string() }
}
