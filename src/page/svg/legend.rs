//! What explains a map: entries under one another, scale bar, north arrow. English with Chinese beside it.

use super::scale::{View, round_length};
use super::{INK, SOFT, px, text};
use crate::files::text::{fixed, xml};

/// Marks a text as Chinese.
pub(crate) const ZH: &str = "lang=\"zh-Hans\"";

/// A column of legend entries.
pub(crate) struct LegendColumn {
    /// Left.
    pub(crate) x: f64,
    /// Where the next entry begins.
    pub(crate) y: f64,
    /// Right.
    pub(crate) right: f64,
    /// What was drawn.
    pub(crate) s: String,
}

impl LegendColumn {
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
        let look = format!("<tspan dx=\"6\" fill=\"{SOFT}\" {ZH}>{}</tspan>", xml(zh, 60));
        self.s += &text(self.x + 38.0, self.y, "", en).replace("</text>", &format!("{look}</text>"));
    }

    /// A remark in small letters, English above Chinese.
    pub(crate) fn remark(&mut self, en: &str, zh: &str) {
        let small = format!("font-size=\"10.5\" fill=\"{SOFT}\"");
        self.s += &text(self.x, self.y, &small, en);
        self.y += 15.0;
        self.s += &text(self.x, self.y, &format!("{small} {ZH}"), zh);
    }

    pub(crate) fn gap(&mut self, h: f64) {
        self.y += h;
    }

    /// Scale bar with the north arrow beside it, and where the scale is true.
    pub(crate) fn scale(&mut self, view: &View) {
        self.s += &scale_bar(view, [self.x, self.y + 18.0], 150.0);
        self.s += &north([self.right - 16.0, self.y + 16.0]);
        self.y += 40.0;
        let lat = view.true_lat();
        let [side, side_zh] = if lat < 0.0 { ["S", "南纬"] } else { ["N", "北纬"] };
        let lat = fixed(lat.abs(), 1);
        self.remark(&format!("Equirectangular, true at {lat}° {side}"), &format!("等距圆柱投影，{side_zh} {lat}° 处比例准确"));
    }
}

/// A coloured box before an entry.
pub(crate) fn swatch(look: &str) -> String {
    format!("<rect x=\"0\" y=\"-8\" width=\"28\" height=\"13\" {look}/>")
}

/// A scale bar of a round length of at most `most` px, its left upper corner at a place; true at the centre of the map.
pub(crate) fn scale_bar(view: &View, [x, y]: [f64; 2], most: f64) -> String {
    let km = round_length(most / view.px_per_km());
    let w = km * view.px_per_km();
    let half = px(w / 2.0);
    let bar = format!(
        "<g transform=\"translate({} {})\"><path d=\"M0 0h{half}v6H0z\" fill=\"{INK}\"/><path d=\"M{half} 0h{half}v6h-{half}z\" \
         fill=\"#fff\"/><path d=\"M0 0h{w}v6H0z\" fill=\"none\" stroke=\"{INK}\"/></g>\n",
        px(x),
        px(y),
        w = px(w)
    );
    let label = if km < 1.0 { format!("{} m 米", fixed(km * 1000.0, 0)) } else { format!("{} km 公里", fixed(km, 0)) };
    bar + &text(x, y - 5.0, "font-size=\"11\"", "0") + &text(x + w, y - 5.0, "font-size=\"11\" text-anchor=\"middle\"", &label)
}

/// The north arrow.
pub(crate) fn north([x, y]: [f64; 2]) -> String {
    format!("<g transform=\"translate({} {})\"><path d=\"M0-14l7 20-7-5-7 5z\" fill=\"{INK}\"/></g>\n", px(x), px(y))
        + &text(x, y + 20.0, "font-size=\"11\" font-weight=\"700\" text-anchor=\"middle\"", "N 北")
}
