//! What explains a map: entries under one another, scale bar, north arrow. English with Chinese beside it.

use super::scale::{View, round_length};
use super::{INK, SOFT, px, text, text_width};
use crate::files::text::{fixed, xml};

/// Marks a text as Chinese.
pub(crate) const ZH: &str = "lang=\"zh-Hans\"";

/// Where the words of an entry begin, behind its mark.
const ENTRY: f64 = 38.0;

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

    /// An entry: Chinese behind English, or below it where the column has no room for both.
    pub(crate) fn entry(&mut self, mark: &str, en: &str, zh: &str) {
        self.y += 19.0;
        self.s += &format!("<g transform=\"translate({} {})\">{mark}</g>\n", px(self.x), px(self.y - 4.0));
        let left = self.x + ENTRY;
        if !en.is_empty() && !zh.is_empty() && left + text_width(en, 12.0) + 6.0 + text_width(zh, 12.0) > self.right {
            // both do not fit on one line
            self.s += &text(left, self.y, "", en);
            self.y += 16.0;
            self.s += &text(left, self.y, &format!("fill=\"{SOFT}\" {ZH}"), zh);
            return;
        }
        let look = format!("<tspan dx=\"6\" fill=\"{SOFT}\" {ZH}>{}</tspan>", xml(zh, 60));
        self.s += &text(left, self.y, "", en).replace("</text>", &format!("{look}</text>"));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_do_not_fit_behind_each_other_stand_below_each_other() {
        let lines = |en: &str, zh: &str| {
            let mut c = LegendColumn { x: 0.0, y: 0.0, right: 236.0, s: String::new() };
            c.entry("", en, zh);
            // 198 px are left behind the mark
            let wide = |line: &str| {
                let plain: String = line.split('<').filter_map(|t| t.split_once('>')).map(|t| t.1).collect();
                text_width(&plain, 12.0)
            };
            assert!(c.s.lines().all(|l| wide(l) <= 198.0), "{}", c.s);
            (c.s.matches("<text").count(), c.y)
        };
        assert_eq!(lines("charging", "充电站  12"), (1, 19.0));
        assert_eq!(lines("site of the plan, in order", "规划站点及次序  7"), (2, 35.0));
    }
}
