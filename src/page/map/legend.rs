//! What is drawn on the map of a region, in words. English with Chinese beside it.

use super::RegionMap;
use super::layers::{CHARGING, ROAD_STYLES, SWAP, style_of};
use super::sites::{example, planned};
use crate::config::RoadClass;
use crate::files::text::grouped;
use crate::page::svg::legend::{LegendColumn, swatch};
use crate::page::svg::scale::{NO_ROAD_FILL, SHARE_FILLS};
use crate::page::svg::{px, text};
use crate::place::StationOut;

/// The legend, beside the map.
pub(crate) fn legend(m: &RegionMap<'_>) -> LegendColumn {
    let mut c = m.sheet.legend();
    shares(m, &mut c);
    roads(m, &mut c);
    points(m, &mut c);
    c.gap(14.0);
    c.scale(&m.sheet.view);
    c
}

fn shares(m: &RegionMap<'_>, c: &mut LegendColumn) {
    c.heading("Gap share of road length, by county", "各县道路缺口率（占道路里程）");
    let step = 42.0;
    for (i, fill) in SHARE_FILLS.iter().enumerate() {
        c.s += &format!(
            "<rect x=\"{}\" y=\"{}\" width=\"{step}\" height=\"15\" fill=\"{fill}\" stroke=\"#8b959e\" stroke-width=\".6\"/>\n",
            px(c.x + i as f64 * step),
            px(c.y)
        );
    }
    c.gap(27.0);
    for i in 0..=5 {
        let label = if i == 5 { "100 %".to_owned() } else { (i * 20).to_string() };
        let anchor = if i == 0 { "start" } else { "middle" };
        c.s += &text(c.x + f64::from(i) * step, c.y, &format!("font-size=\"10.5\" text-anchor=\"{anchor}\""), &label);
    }
    if (0..m.o.members.len()).any(|i| m.o.road_mm(i) == 0) {
        let mark = swatch(&format!("fill=\"{NO_ROAD_FILL}\" stroke=\"#8b959e\" stroke-width=\".6\""));
        c.entry(&mark, "no road read", "无道路数据");
    }
    c.gap(8.0);
}

fn roads(m: &RegionMap<'_>, c: &mut LegendColumn) {
    let label = m.o.criteria.serving.headline_criterion().label();
    let has = |style: usize| {
        let of = |class: &RoadClass| style_of(*class) == style;
        RoadClass::ALL.iter().filter(|c| of(c)).any(|class| (0..m.o.members.len()).any(|i| m.o.class_mm(i, *class) > 0))
    };
    let line = |(colour, width): (&str, f64)| {
        format!("<path d=\"M0 0h28\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{}\"/>", px(width.max(0.8)))
    };
    let km = label.trim_end_matches(" km");
    c.heading(&format!("Gap: road farther than {label}"), &format!("缺口：超过 {km} 公里的路段"));
    let drawn = || ROAD_STYLES.iter().enumerate().take(m.styles).filter(|(i, _)| has(*i));
    for (_, style) in drawn() {
        c.entry(&line(style.gap), style.names[0], style.names[1]);
    }
    c.gap(8.0);
    c.heading(&format!("Covered: road within {label}"), &format!("已覆盖：{km} 公里以内的路段"));
    for (_, style) in drawn() {
        c.entry(&line(style.covered), style.names[0], style.names[1]);
    }
    if (m.styles..ROAD_STYLES.len()).any(has) {
        c.entry("", "other roads: too many to draw here", "");
        c.gap(-2.0);
        c.entry("", "", "其余道路过密，图中未绘");
    }
    c.gap(8.0);
}

fn points(m: &RegionMap<'_>, c: &mut LegendColumn) {
    c.heading("Stations and places on this map", "图内站点与居民点");
    let count = |keep: &dyn Fn(&StationOut) -> bool| {
        m.o.whole.scene.stations.iter().filter(|s| keep(s) && m.sheet.panel.has(m.sheet.at(s.station.at))).count() as u64
    };
    let kinds = [
        (count(&|s| s.used && s.station.charging && !s.station.swap), circle(CHARGING), "charging", "充电站"),
        (count(&|s| s.used && s.station.swap && !s.station.charging), diamond(SWAP, 5.2), "battery swap", "换电站"),
        (
            count(&|s| s.used && s.station.swap && s.station.charging),
            circle(CHARGING) + &diamond("#fff", 2.8),
            "charging and swap",
            "充换电站",
        ),
        (
            count(&|s| !s.used),
            "<circle cx=\"14\" r=\"2.6\" fill=\"#fff\" stroke=\"#6b747c\" stroke-width=\".9\"/>".to_owned(),
            "read, not used",
            "未采用",
        ),
        (
            if m.settlements { m.o.whole.scene.settlements.len() as u64 } else { 0 },
            "<circle cx=\"14\" r=\"1.1\" fill=\"#1b242c\"/>".to_owned(),
            "settlement",
            "居民点",
        ),
    ];
    for (n, mark, en, zh) in kinds.into_iter().filter(|k| k.0 > 0) {
        c.entry(&mark, en, &format!("{zh}  {}", grouped(n)));
    }
    let planned = planned(m).count() as u64;
    if planned > 0 {
        c.entry(&example(), "site of the plan, in order", &format!("规划站点及次序  {}", grouped(planned)));
    }
    if !m.settlements {
        c.entry("", "settlements: too many to draw here", "");
        c.gap(-2.0);
        c.entry("", "", &format!("居民点过密，图中未绘  {}", grouped(m.o.whole.scene.settlements.len() as u64)));
    }
    if !m.any_charging {
        c.entry("", "no charging station is used", "");
        c.gap(-2.0);
        c.entry("", "", "没有可用的充电站");
    }
}

fn circle(fill: &str) -> String {
    format!("<circle cx=\"14\" r=\"4\" fill=\"{fill}\"/>")
}

fn diamond(fill: &str, r: f64) -> String {
    format!("<path d=\"M{} 0l{r}-{r} {r} {r}-{r} {r}z\" fill=\"{fill}\"/>", px(14.0 - r))
}
