//! The bar chart of the report: gap share by county and service distance, as a small SVG without ids or styles.

use crate::config::Service;
use crate::config::criteria::{Criterion, Metric};
use crate::files::lang::Both;
use crate::files::text::{clean, grouped, names, percent};
use crate::page::svg::{open, px, text, text_width};
use crate::results::Run;
use minijinja::{Value, context};

/// Counties shown.
const MOST: usize = 20;
const WIDTH: f64 = 580.0;
const LEFT: f64 = 128.0;
const RIGHT: f64 = 52.0;
const BAR: f64 = 11.0;

/// The chart and how much of all it shows.
pub fn chart(o: &Run<'_>) -> Value {
    let shown = o.members.len().min(MOST);
    context! { svg => svg(o), shown, all => o.members.len(), all_text => grouped(o.members.len() as u64) }
}

fn svg(o: &Run<'_>) -> String {
    let distances: Vec<usize> =
        (0..o.criteria.serving.all.len()).filter(|i| o.criteria.serving.all[*i].metric() == Metric::Distance).collect();
    let group = distances.len() as f64 * BAR + 12.0;
    let rows = &o.assessment.ranking.rows[..o.assessment.ranking.rows.len().min(MOST)];
    let (top, plot) = (40.0, WIDTH - LEFT - RIGHT);
    let bottom = top + rows.len() as f64 * group;
    let height = bottom + 40.0;
    let name = Both::new(
        "Gap share of road length by county and service distance, percent",
        "各县在不同服务距离下的缺口里程占比，百分数",
    );
    let mut s = open([WIDTH, height], &name);
    s += &legend(o, &distances);
    for tick in 0..=5 {
        let x = LEFT + plot * f64::from(tick) / 5.0;
        s += &format!("<path d=\"M{} {}V{}\" stroke=\"#d8dde2\"/>\n", px(x), px(top - 4.0), px(bottom));
        s += &text(x, bottom + 16.0, "text-anchor=\"middle\" fill=\"#5b6771\"", &format!("{} %", tick * 20));
    }
    let axis = "text-anchor=\"middle\" fill=\"#5b6771\"";
    s += &text(LEFT + plot / 2.0, bottom + 34.0, axis, "gap share of road length 缺口里程占比");
    for (n, row) in rows.iter().enumerate() {
        let y = top + n as f64 * group;
        s += &county_label(o, row.county, y + (group - 12.0) / 2.0);
        for (k, criterion) in distances.iter().enumerate() {
            let gap = o.total(row.county, Service::Charging, *criterion).gap_mm;
            let road = o.road_mm(row.county);
            let w = if road > 0 { plot * (gap as f64 / road as f64) } else { 0.0 };
            let y = y + k as f64 * BAR;
            let edge = if *criterion == o.criteria.serving.headline { " stroke=\"#22303c\" stroke-width=\"1.2\"" } else { "" };
            let bar = px(BAR - 2.0);
            let fill = colour(k, distances.len());
            s += &format!("<rect x=\"{LEFT}\" y=\"{}\" width=\"{}\" height=\"{bar}\" fill=\"{fill}\"{edge}/>\n", px(y), px(w));
            s += &text(LEFT + w + 5.0, y + BAR - 2.5, "font-size=\"10\" fill=\"#5b6771\"", &percent(gap, road));
        }
    }
    s += &format!("<path d=\"M{LEFT} {}V{}\" stroke=\"#22303c\"/>\n</svg>", px(top - 4.0), px(bottom));
    s
}

fn legend(o: &Run<'_>, distances: &[usize]) -> String {
    let mut x = LEFT;
    let mut s = String::new();
    for (k, i) in distances.iter().enumerate() {
        let label = Criterion::label(o.criteria.serving.all[*i]);
        let head = *i == o.criteria.serving.headline;
        let edge = if head { " stroke=\"#22303c\" stroke-width=\"1.2\"" } else { "" };
        let fill = colour(k, distances.len());
        s += &format!("<rect x=\"{}\" y=\"9\" width=\"14\" height=\"11\" fill=\"{fill}\"{edge}/>\n", px(x));
        let weight = if head { "font-weight=\"700\"" } else { "" };
        s += &text(x + 20.0, 19.0, weight, &label);
        x += 20.0 + text_width(&label, 12.0) + 22.0;
    }
    s
}

fn county_label(o: &Run<'_>, county: usize, y: f64) -> String {
    let c = o.county(county);
    label([&c.name, &c.name_zh, &c.code], LEFT - 9.0, y)
}

/// Names of a county (English, Chinese, code) in one or two lines that end at `x`, around `y`.
pub(crate) fn label([name, name_zh, code]: [&str; 3], x: f64, y: f64) -> String {
    let (name, second) = names(name, name_zh, code);
    let second = clean(second, 10);
    if second.is_empty() {
        return text(x, y + 4.0, "text-anchor=\"end\" font-weight=\"600\"", &clean(name, 17));
    }
    text(x, y - 2.5, "text-anchor=\"end\" font-weight=\"600\"", &clean(name, 17))
        + &text(x, y + 12.0, "text-anchor=\"end\" font-size=\"11\" fill=\"#5b6771\" lang=\"zh-Hans\"", &second)
}

/// Light for the shortest distance, dark for the longest: one hue, in order.
fn colour(k: usize, of: usize) -> String {
    let t = if of > 1 { k as f64 / (of - 1) as f64 } else { 0.6 };
    let mix = |a: f64, b: f64| (a + (b - a) * t).round() as u8;
    format!("#{:02x}{:02x}{:02x}", mix(244.0, 110.0), mix(190.0, 18.0), mix(150.0, 14.0))
}
