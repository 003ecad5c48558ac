//! A bar chart of the gap share of each county, one panel a service distance or time.

use super::svg::text_width;
use super::text::xml;
use crate::config::criteria::Service;
use crate::outcome::Outcome;

/// Counties drawn at most; a longer list is in the tables.
const MOST: usize = 40;
/// Width of the drawing, pixels.
const WIDTH: f64 = 1120.0;
const ROW: f64 = 19.0;
const TOP: f64 = 44.0;

/// The chart: counties in the order of the ranking, panels side by side, 0 to 100 % each.
pub fn gap_chart(o: &Outcome) -> String {
    let rows: Vec<usize> = o.ranking.rows.iter().take(MOST).map(|r| r.county).collect();
    let left = rows.iter().map(|i| text_width(&o.counties[*i].name, 12.0)).fold(60.0, f64::max).min(220.0) + 10.0;
    let panels = o.criteria.all.len() as f64;
    let pitch = (WIDTH - left) / panels;
    let bar = pitch - 46.0;
    let height = TOP + ROW * rows.len() as f64 + 26.0;
    let mut s = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH:.0} {height:.0}\" role=\"img\" font-family=\"inherit\" font-size=\"12\"><title>Share of road length in the gap</title>\n"
    );
    for (k, i) in rows.iter().enumerate() {
        let y = TOP + ROW * k as f64 + 13.0;
        s += &format!(
            "<text x=\"{:.1}\" y=\"{y:.1}\" text-anchor=\"end\" fill=\"#1d2529\">{}</text>",
            left - 8.0,
            xml(&o.counties[*i].name)
        );
    }
    for (c, criterion) in o.criteria.all.iter().enumerate() {
        let x = left + pitch * c as f64;
        let weight = if c == o.criteria.headline { 700 } else { 400 };
        s += &format!("<text x=\"{x:.1}\" y=\"16\" font-weight=\"{weight}\" fill=\"#1d2529\">&gt; {}</text>", criterion.label());
        for share in [0.0, 0.5, 1.0] {
            let gx = x + bar * share;
            s += &format!(
                "<path d=\"M{gx:.1} {:.1}V{:.1}\" stroke=\"#d8dee3\" stroke-width=\"1\"/><text x=\"{gx:.1}\" y=\"{:.1}\" font-size=\"10\" text-anchor=\"middle\" fill=\"#56616a\">{:.0}{}</text>",
                TOP - 6.0,
                height - 22.0,
                TOP - 11.0,
                share * 100.0,
                if share > 0.9 { " %" } else { "" }
            );
        }
        for (k, i) in rows.iter().enumerate() {
            let road = o.ledger.road_mm(*i);
            if road == 0 {
                continue;
            }
            let share = o.ledger.total(*i, Service::Charging, c).gap_mm as f64 / road as f64;
            let y = TOP + ROW * k as f64;
            s += &format!(
                "<rect x=\"{x:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"12\" fill=\"{}\"/><text x=\"{:.1}\" y=\"{:.1}\" font-size=\"10.5\" fill=\"#1d2529\">{:.0}</text>\n",
                y + 3.0,
                bar * share,
                if c == o.criteria.headline { "#d55e00" } else { "#e8a06a" },
                x + bar * share + 4.0,
                y + 13.0,
                share * 100.0
            );
        }
    }
    s + "</svg>"
}
