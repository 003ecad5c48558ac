//! The kit of which every drawing is made: the opening element, compact paths in tenths of a pixel, text; and for maps the
//! `sheet` with its frame, outlines of counties, legend, scale bar, north arrow and notices. Presentation attributes only,
//! no styles, because the content security policy of the pages blocks `style` attributes.

pub(crate) mod board;
pub(crate) mod ground;
pub(crate) mod legend;
pub mod scale;
pub(crate) mod sheet;

use crate::files::lang::Both;
use crate::files::text::xml;

/// Fonts, ours to name and the reader's to have; not `system-ui`, which may be wider than the boxes reckon with.
const FONTS: &str =
    "'Segoe UI', 'Helvetica Neue', Arial, 'Noto Sans CJK SC', 'Noto Sans SC', 'PingFang SC', 'Microsoft YaHei', sans-serif";
/// Text and lines.
pub(crate) const INK: &str = "#22303c";
/// Text and lines that stand back.
pub(crate) const SOFT: &str = "#5b6771";

/// Opens a drawing of a width and height, px, that says its name to those who cannot see it.
pub(crate) fn open(size: [f64; 2], name: &Both) -> String {
    let told = format!("role=\"img\" aria-label=\"{} · {}\"", xml(&name.en, 400), xml(&name.zh, 400));
    opening(size, &format!("xmlns=\"http://www.w3.org/2000/svg\" {told} font-family=\"{FONTS}\" font-size=\"12\" fill=\"{INK}\""))
        + "\n"
}

/// The same of a drawing with links in it: those of a picture would be hidden from who cannot see it.
pub(crate) fn open_with_links(size: [f64; 2], name: &Both) -> String {
    open(size, name).replacen("role=\"img\"", "role=\"group\"", 1)
}

/// Opens a drawing that only repeats what the text beside it says.
pub(crate) fn open_silent(size: [f64; 2], attributes: &str) -> String {
    opening(size, &format!("aria-hidden=\"true\" {attributes}"))
}

fn opening([w, h]: [f64; 2], attributes: &str) -> String {
    format!("<svg viewBox=\"0 0 {} {}\" {attributes}>", px(w), px(h))
}

/// Points nearer than this to the one before are dropped, tenths of a pixel.
const NEAR: i64 = 5;
/// Points farther than this from the simplified line are kept, tenths of a pixel.
const FLAT: f64 = 2.5;

/// The `d` of a path in tenths of a pixel (draw it inside [`TENTHS`]), all commands relative.
#[derive(Debug, Default)]
pub struct PathData {
    d: String,
    at: [i64; 2],
}

/// Opens the group in which path data are drawn.
pub const TENTHS: &str = "<g transform=\"scale(.1)\"";

impl PathData {
    /// Adds a line; one that is shorter than a tenth of a pixel adds nothing.
    pub fn line(&mut self, points: &[[f64; 2]]) {
        let kept = simplify(points);
        if kept.len() > 1 {
            self.polyline(&kept);
        }
    }

    /// Adds a closed ring.
    pub fn ring(&mut self, points: &[[f64; 2]]) {
        let mut kept = simplify(points);
        if kept.len() > 1 && kept.first() == kept.last() {
            kept.pop();
        }
        if kept.len() > 2 {
            self.polyline(&kept);
            self.d.push('z');
            self.at = kept[0];
        }
    }

    /// Adds a point that a round line cap makes visible.
    pub fn dot(&mut self, p: [f64; 2]) {
        self.move_to(tenths(p));
        self.d.push_str("h0");
    }

    /// Adds a diamond with half-diagonal `r` px.
    pub fn diamond(&mut self, p: [f64; 2], r: f64) {
        self.ring(&[[p[0] - r, p[1]], [p[0], p[1] - r], [p[0] + r, p[1]], [p[0], p[1] + r]]);
    }

    /// Adds a circle of radius `r` px.
    pub fn circle(&mut self, p: [f64; 2], r: f64) {
        let r = (r * 10.0).round() as i64;
        let [x, y] = tenths(p);
        self.move_to([x - r, y]);
        self.d.push_str(&format!("a{r} {r} 0 1 0 {} 0a{r} {r} 0 1 0-{} 0", 2 * r, 2 * r));
    }

    fn polyline(&mut self, points: &[[i64; 2]]) {
        self.move_to(points[0]);
        for (i, p) in points[1..].iter().enumerate() {
            self.d.push_str(if i == 0 { "l" } else { "" });
            self.pair([p[0] - self.at[0], p[1] - self.at[1]], i > 0);
            self.at = *p;
        }
    }

    fn move_to(&mut self, p: [i64; 2]) {
        self.d.push('m'); // the first one of a path is taken as absolute
        self.pair([p[0] - self.at[0], p[1] - self.at[1]], false);
        self.at = p;
    }

    fn pair(&mut self, [x, y]: [i64; 2], after_number: bool) {
        let number = |d: &mut String, v: i64, after: bool| {
            if after && v >= 0 {
                d.push(' ');
            }
            d.push_str(&v.to_string());
        };
        number(&mut self.d, x, after_number);
        number(&mut self.d, y, true);
    }

    /// Whether nothing was added.
    pub fn is_empty(&self) -> bool {
        self.d.is_empty()
    }

    /// The finished data.
    pub fn data(&self) -> &str {
        &self.d
    }

    /// A path element with a title that shows when it is pointed at, or nothing when it is empty.
    pub fn titled(&self, attributes: &str, title: &str) -> String {
        let title = xml(title, 160);
        if self.d.is_empty() {
            String::new()
        } else {
            let space = if attributes.is_empty() { "" } else { " " };
            format!("<path {attributes}{space}d=\"{}\"><title>{title}</title></path>\n", self.d)
        }
    }

    /// A path element with these attributes, or nothing when it is empty.
    pub fn element(&self, attributes: &str) -> String {
        if self.d.is_empty() { String::new() } else { format!("<path {attributes} d=\"{}\"/>\n", self.d) }
    }
}

fn tenths(p: [f64; 2]) -> [i64; 2] {
    [(p[0] * 10.0).round() as i64, (p[1] * 10.0).round() as i64]
}

/// Lines are flattened in blocks of so many points, so that none takes longer than the square of it.
const BLOCK: usize = 1024;

/// Rounds to tenths, drops points that are too near the one before, and flattens the rest (Douglas and Peucker 1973).
fn simplify(points: &[[f64; 2]]) -> Vec<[i64; 2]> {
    let mut thin: Vec<[i64; 2]> = Vec::with_capacity(points.len());
    for p in points.iter().map(|p| tenths(*p)) {
        let near = |q: &[i64; 2]| (p[0] - q[0]).pow(2) + (p[1] - q[1]).pow(2) < NEAR * NEAR;
        if !thin.last().is_some_and(near) {
            thin.push(p);
        }
    }
    if let (Some(end), true) = (points.last().map(|p| tenths(*p)), thin.len() < points.len()) {
        if thin.len() > 1 {
            thin.pop();
        }
        if thin.last() != Some(&end) {
            thin.push(end);
        }
    }
    if thin.len() < 3 {
        return thin;
    }
    let mut keep = vec![false; thin.len()];
    (keep[0], keep[thin.len() - 1]) = (true, true);
    let last = thin.len() - 1;
    let mut open: Vec<(usize, usize)> = (0..last).step_by(BLOCK).map(|a| (a, (a + BLOCK).min(last))).collect();
    open.iter().for_each(|(a, _)| keep[*a] = true);
    while let Some((a, b)) = open.pop() {
        let far = (a + 1..b).map(|i| (off_line(thin[a], thin[b], thin[i]), i)).max_by(|x, y| x.0.total_cmp(&y.0));
        if let Some((_, i)) = far.filter(|(d, _)| *d > FLAT) {
            keep[i] = true;
            open.push((a, i));
            open.push((i, b));
        }
    }
    thin.into_iter().zip(keep).filter(|(_, k)| *k).map(|(p, _)| p).collect()
}

/// Distance of `p` from the segment `a`–`b`.
fn off_line(a: [i64; 2], b: [i64; 2], p: [i64; 2]) -> f64 {
    let [dx, dy] = [(b[0] - a[0]) as f64, (b[1] - a[1]) as f64];
    let [px, py] = [(p[0] - a[0]) as f64, (p[1] - a[1]) as f64];
    let len2 = dx * dx + dy * dy;
    let t = if len2 > 0.0 { ((px * dx + py * dy) / len2).clamp(0.0, 1.0) } else { 0.0 };
    (px - t * dx).hypot(py - t * dy)
}

/// Width of a text in px: a rough sum, full width for CJK, so that boxes can be kept apart without a font.
pub fn text_width(text: &str, size: f64) -> f64 {
    let em = |c: char| match u32::from(c) {
        0x2e80..=0xffff => 1.0,
        0x20000.. => 1.0,
        _ if matches!(c, 'i' | 'j' | 'l' | '.' | ',' | ' ' | '\'' | 'I' | 't' | 'f' | 'r') => 0.32,
        _ if c.is_uppercase() || matches!(c, 'm' | 'w' | '%') => 0.72,
        _ => 0.55,
    };
    text.chars().map(em).sum::<f64>() * size
}

/// A line of text; `attributes` as written, the text escaped.
pub fn text(x: f64, y: f64, attributes: &str, content: &str) -> String {
    format!("<text x=\"{}\" y=\"{}\" {attributes}>{}</text>\n", px(x), px(y), xml(content, 400))
}

/// A number of pixels with at most one decimal.
pub fn px(v: f64) -> String {
    let text = format!("{v:.1}");
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// Breaks a text into lines of at most `width` px, at spaces, or anywhere in CJK and in words that are too long.
pub fn wrap(text: &str, size: f64, width: f64) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_inclusive([' ', '，', '。', '；', '、']) {
        if text_width(&line, size) + text_width(word.trim_end(), size) > width && !line.is_empty() {
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
        }
        for c in word.chars() {
            if text_width(&line, size) > width {
                lines.push(std::mem::take(&mut line));
            }
            line.push(c);
        }
    }
    if !line.trim().is_empty() {
        lines.push(line.trim_end().to_owned());
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_relative_and_do_not_drift() {
        let mut p = PathData::default();
        p.line(&[[1.0, 1.0], [2.0, 1.0], [3.04, 5.0]]);
        p.line(&[[0.0, 0.0], [10.0, -1.0]]);
        // 10,10 → 20,10 → 30,50; then from 30,50 to 0,0
        assert_eq!(p.data(), "m10 10l10 0 10 40m-30-50l100-10");
    }

    #[test]
    fn flat_and_crowded_points_go_and_ends_stay() {
        let line: Vec<[f64; 2]> = (0..=100).map(|i| [f64::from(i) * 0.1, 0.0]).collect();
        assert_eq!(simplify(&line), [[0, 0], [100, 0]]);
        assert_eq!(simplify(&[[0.0, 0.0], [0.2, 0.0]]), [[0, 0], [2, 0]]);
        assert_eq!(simplify(&[[0.0, 0.0], [5.0, 5.0], [10.0, 0.0]]).len(), 3);
    }

    #[test]
    fn text_is_escaped() {
        assert_eq!(text(1.0, 2.55, "", "<script>\0"), "<text x=\"1\" y=\"2.5\" >&lt;script&gt;</text>\n");
    }

    #[test]
    fn long_lines_are_wrapped() {
        assert_eq!(wrap("one two three", 10.0, 40.0), ["one two", "three"]);
        assert_eq!(wrap("重庆东北部合成路网", 10.0, 40.0).len(), 2);
    }
}
