//! What stands around the map: title, legend, scale bar, north arrow, sources. English with Chinese beside it.

use super::layers::{CHARGING, ROAD_STYLES, SWAP, style_of};
use super::{LEGEND, MARGIN, Sheet, WIDTH};
use crate::config::RoadClass;
use crate::config::region_file::RegionTable;
use crate::files::text::{clean, fixed, grouped};
use crate::page::scale::{NO_ROAD_FILL, SHARE_FILLS, View, round_length};
use crate::page::svg::{px, text, text_width, wrap};
use crate::place::StationOut;

const ZH: &str = "lang=\"zh-Hans\"";

/// Title and criterion, and what must not be overlooked.
pub fn header(m: &Sheet<'_>) -> String {
    let label = m.o.criteria.headline_criterion().label();
    let km = label.trim_end_matches(" km");
    let en = format!("Charging: more than {label} by road from a station");
    title(&m.o.region, [&en, &format!("充电：沿道路距最近充电站超过 {km} 公里")])
}

/// The name, a line below it in both languages, and what must not be overlooked.
pub(crate) fn title(region: &RegionTable, [en, below_zh]: [&str; 2]) -> String {
    let room = WIDTH - 2.0 * MARGIN - if region.synthetic { LEGEND + 10.0 } else { 0.0 };
    let name = clean(&region.name, 80);
    let zh = clean(region.name_zh.as_deref().unwrap_or(""), 60);
    let wanted = text_width(&name, 27.0) + text_width(&zh, 21.0) + 16.0;
    let shrink = (room / wanted).min(1.0);
    let (size, size_zh) = (26.0 * shrink, 20.0 * shrink);
    let mut s = format!(
        "<text x=\"{}\" y=\"38\" font-size=\"{}\" font-weight=\"700\">{}<tspan dx=\"12\" font-size=\"{}\" font-weight=\"400\" {ZH}>{}\
         </tspan></text>\n",
        px(MARGIN),
        px(size),
        crate::files::text::xml(&name, 80),
        px(size_zh),
        crate::files::text::xml(&zh, 60),
    );
    s += &text(MARGIN, 63.0, "font-size=\"15\" fill=\"#3d4a56\"", en);
    s += &text(MARGIN, 85.0, &format!("font-size=\"14\" fill=\"#3d4a56\" {ZH}"), below_zh);
    if region.synthetic {
        s += &synthetic();
    }
    s
}

fn synthetic() -> String {
    let (w, x) = (LEGEND, WIDTH - MARGIN - LEGEND);
    let mut s = format!(
        "<rect x=\"{}\" y=\"20\" width=\"{}\" height=\"66\" rx=\"4\" fill=\"#b45309\"/>\n<g fill=\"#fff\" text-anchor=\"middle\" \
         font-weight=\"700\">\n",
        px(x),
        px(w)
    );
    s += &text(x + w / 2.0, 46.0, "font-size=\"18\" letter-spacing=\".6\"", "SYNTHETIC DATA");
    s += &text(x + w / 2.0, 71.0, &format!("font-size=\"17\" {ZH}"), "合成数据，并非实际情况");
    s + "</g>\n"
}

/// A column of legend entries under one another.
pub(crate) struct Column {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) s: String,
}

impl Column {
    pub(crate) fn heading(&mut self, en: &str, zh: &str) {
        self.y += 16.0;
        self.s += &text(self.x, self.y, "font-size=\"12.5\" font-weight=\"700\"", en);
        self.y += 16.0;
        self.s += &text(self.x, self.y, &format!("font-size=\"12\" {ZH}"), zh);
        self.y += 8.0;
    }

    pub(crate) fn entry(&mut self, mark: &str, en: &str, zh: &str) {
        self.y += 19.0;
        self.s += &format!("<g transform=\"translate({} {})\">{mark}</g>\n", px(self.x), px(self.y - 4.0));
        let look = format!("<tspan dx=\"6\" fill=\"#5b6771\" {ZH}>{}</tspan>", crate::files::text::xml(zh, 60));
        self.s += &text(self.x + 38.0, self.y, "", en).replace("</text>", &format!("{look}</text>"));
    }

    pub(crate) fn gap(&mut self, h: f64) {
        self.y += h;
    }
}

/// The legend, beside the map.
pub fn legend(m: &Sheet<'_>) -> String {
    let mut c = Column { x: WIDTH - MARGIN - LEGEND, y: m.panel.y - 6.0, s: String::new() };
    shares(m, &mut c);
    roads(m, &mut c);
    points(m, &mut c);
    c.gap(14.0);
    scale_bar(&m.view, &mut c);
    c.s
}

fn shares(m: &Sheet<'_>, c: &mut Column) {
    c.heading("Gap share of road length, by county", "各县道路缺口率（占道路长度）");
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
        let mark = format!(
            "<rect x=\"0\" y=\"-8\" width=\"28\" height=\"13\" fill=\"{NO_ROAD_FILL}\" stroke=\"#8b959e\" stroke-width=\".6\"/>"
        );
        c.entry(&mark, "no road read", "无道路数据");
    }
    c.gap(8.0);
}

fn roads(m: &Sheet<'_>, c: &mut Column) {
    let label = m.o.criteria.headline_criterion().label();
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

fn points(m: &Sheet<'_>, c: &mut Column) {
    c.heading("Stations and places on this map", "图内站点与居民点");
    let count = |keep: &dyn Fn(&StationOut) -> bool| {
        m.o.whole.scene.stations.iter().filter(|s| keep(s) && m.panel.has(m.at(s.station.at))).count() as u64
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

/// Scale bar, true at the centre of the map, and the north arrow beside it.
pub(crate) fn scale_bar(view: &View, c: &mut Column) {
    let km = round_length(150.0 / view.px_per_km());
    let w = km * view.px_per_km();
    let y = c.y + 18.0;
    let half = px(w / 2.0);
    c.s += &format!(
        "<g transform=\"translate({} {})\"><path d=\"M0 0h{half}v6H0z\" fill=\"#22303c\"/><path d=\"M{half} 0h{half}v6h-{half}z\" \
         fill=\"#fff\"/><path d=\"M0 0h{w}v6H0z\" fill=\"none\" stroke=\"#22303c\"/></g>\n",
        px(c.x),
        px(y),
        w = px(w)
    );
    let decimals = usize::from(km < 1.0) + usize::from(km < 0.1);
    c.s += &text(c.x, y - 5.0, "font-size=\"11\"", "0");
    let unit = format!("{} km 公里", fixed(km, decimals));
    c.s += &text(c.x + w, y - 5.0, "font-size=\"11\" text-anchor=\"middle\"", &unit);
    c.s += &format!(
        "<g transform=\"translate({} {})\"><path d=\"M0-14l7 20-7-5-7 5z\" fill=\"#22303c\"/></g>\n",
        px(c.x + LEGEND - 16.0),
        px(y - 2.0)
    );
    c.s += &text(c.x + LEGEND - 16.0, y + 18.0, "font-size=\"11\" font-weight=\"700\" text-anchor=\"middle\"", "N 北");
    c.y = y + 22.0;
    let lat = view.true_lat();
    let side = if lat < 0.0 { ("S", "南纬") } else { ("N", "北纬") };
    let lat = fixed(lat.abs(), 1);
    c.s += &text(c.x, c.y, "font-size=\"10.5\" fill=\"#5b6771\"", &format!("Equirectangular, true at {lat}° {}", side.0));
    c.y += 15.0;
    c.s += &text(
        c.x,
        c.y,
        &format!("font-size=\"10.5\" fill=\"#5b6771\" {ZH}"),
        &format!("等距圆柱投影，{} {lat}° 处比例准确", side.1),
    );
}

/// Sources and notices under the map, and their height.
pub fn footer(m: &Sheet<'_>) -> (String, f64) {
    notices(&m.o.region, m.panel.y + m.panel.h)
}

/// The same for a map that ends at `bottom`.
pub(crate) fn notices(region: &RegionTable, bottom: f64) -> (String, f64) {
    let mut lines: Vec<String> = Vec::new();
    if let Some(number) = &region.map_review_number {
        lines.push(format!("审图号 Map review number: {}", clean(number, 60)));
    }
    let sources: Vec<String> = region.attribution.iter().map(|a| clean(a, 200)).filter(|a| !a.is_empty()).collect();
    if !sources.is_empty() {
        lines.push(format!("Sources 数据来源: {}", sources.join(" · ")));
    }
    lines.push(format!(
        "chargegap {} · Lines are simplified for drawing; the exact figures are in the run's tables. 线条经制图简化，准确数值见成果表。",
        env!("CARGO_PKG_VERSION")
    ));
    let mut s = String::from("<g font-size=\"10.5\" fill=\"#5b6771\">\n");
    let mut y = bottom + 4.0;
    for line in lines.iter().flat_map(|l| wrap(l, 10.8, WIDTH - 2.0 * MARGIN)).take(24) {
        y += 15.0;
        s += &text(MARGIN, y, "", &line);
    }
    (s + "</g>\n", y + 14.0 - bottom)
}
