//! The chart of ranks with what the draws did to them: a dot, a whisker and the funding lines, as a small SVG without ids or styles.

use super::chart::label;
use crate::files::lang::Both;
use crate::files::text::{clean, grouped};
use crate::page::svg::{open, px, text, wrap};
use crate::rank::uncertainty::{Band, LineOut, UnitRange};
use crate::rank::{RankRow, Sureness};
use crate::tables::RankView;
use std::collections::BTreeMap;
use std::ops::Range;

/// Counties shown.
const MOST: usize = 60;
const WIDTH: f64 = 640.0;
const LEFT: f64 = 128.0;
/// Room for the names of lines.
const RIGHT: f64 = 124.0;
const TOP: f64 = 26.0;
const ROW: f64 = 33.0;

/// How many counties the chart shows.
pub(crate) fn most_shown(v: &RankView<'_>) -> usize {
    v.ranked().len().min(MOST)
}

/// The colour of a band; ink where there is no line.
pub(crate) fn colour(band: Option<Band>) -> &'static str {
    match band {
        None => "#22303c",
        Some(Band::Certain) => "#005f73",
        Some(Band::Contested) => "#b45309",
        Some(Band::Out) => "#8b959e",
    }
}

/// The chart; of more counties than it can hold, those around the first line, or the first.
pub(crate) fn svg(v: &RankView<'_>, s: &Sureness) -> String {
    let rows = v.ranked();
    let cut = s.ranges.lines.first().and_then(|l| cut_of(l, rows)).unwrap_or(0);
    let first = cut.saturating_sub(MOST / 2).min(rows.len() - most_shown(v));
    let chart = Chart::new(v, first..first + most_shown(v));
    let height = chart.bottom() + 40.0;
    let name = Both::new("Rank of each county with the 5 to 95 percent range of the draws", "各县名次及抽样的 5% 至 95% 区间");
    let mut out = open([WIDTH, height], &name);
    out += &chart.grid();
    for (cut, cuts) in cuts_of(v, s) {
        out += &chart.line(cut, &cuts);
    }
    for (n, row) in rows[chart.shown.clone()].iter().enumerate() {
        out += &chart.county(v, s, row, n);
    }
    out + "</svg>"
}

/// How many are above a line, where those are the first of the ranking.
fn cut_of(line: &LineOut, rows: &[RankRow]) -> Option<usize> {
    let above = |row: &RankRow| line.units.binary_search_by_key(&row.county, |u| u.unit).is_ok_and(|i| line.units[i].nominal);
    let cut = rows.iter().take_while(|r| above(r)).count();
    (!rows[cut..].iter().any(above)).then_some(cut)
}

/// The cuts that can be drawn: names of their lines, and whether one of them is a number of places.
fn cuts_of(v: &RankView<'_>, s: &Sureness) -> BTreeMap<usize, Cuts> {
    let mut all: BTreeMap<usize, Cuts> = BTreeMap::new();
    for (line, table) in s.ranges.lines.iter().zip(&v.settings.table.lines) {
        let Some(cut) = cut_of(line, v.ranked()) else { continue };
        let cuts = all.entry(cut).or_default();
        cuts.names.push(clean(&line.key, 40));
        cuts.of_places |= table.places.is_some();
    }
    all
}

/// Lines with one cut.
#[derive(Default)]
struct Cuts {
    names: Vec<String>,
    of_places: bool,
}

struct Chart {
    shown: Range<usize>,
    low: f64,
    high: f64,
}

impl Chart {
    fn new(v: &RankView<'_>, shown: Range<usize>) -> Self {
        let ranges = || v.ranked()[shown.clone()].iter().filter_map(|r| v.range(r.county));
        let low = ranges().map(|r| r.low.min(r.nominal)).min().unwrap_or(1);
        let high = ranges().map(|r| r.high.max(r.nominal)).max().unwrap_or(1).max(low + 1);
        Self { shown, low: f64::from(low), high: f64::from(high) }
    }

    fn bottom(&self) -> f64 {
        TOP + self.shown.len() as f64 * ROW
    }

    fn x(&self, rank: f64) -> f64 {
        LEFT + 8.0 + (WIDTH - LEFT - RIGHT - 16.0) * (rank - self.low) / (self.high - self.low)
    }

    fn grid(&self) -> String {
        let steps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000];
        let step = steps.into_iter().find(|s| (self.high - self.low) / f64::from(*s) <= 14.0).unwrap_or(10000);
        let mut out = String::new();
        for rank in (self.low as u32..=self.high as u32).filter(|r| r % step == 0 || *r == 1) {
            let x = px(self.x(rank.into()));
            out += &format!("<path d=\"M{x} {}V{}\" stroke=\"#e3e7ea\"/>\n", px(TOP - 4.0), px(self.bottom()));
            let attributes = "text-anchor=\"middle\" fill=\"#5b6771\"";
            out += &text(self.x(rank.into()), self.bottom() + 16.0, attributes, &grouped(rank.into()));
        }
        let middle = LEFT + (WIDTH - LEFT - RIGHT) / 2.0;
        out + &text(middle, self.bottom() + 34.0, "text-anchor=\"middle\" fill=\"#5b6771\"", "rank 名次")
    }

    /// The line between the counties above and below, and where ranks are places, at its place.
    fn line(&self, cut: usize, cuts: &Cuts) -> String {
        if cut < self.shown.start || cut > self.shown.end {
            return String::new();
        }
        let (at, y) = (cut as f64 + 0.5, TOP + (cut - self.shown.start) as f64 * ROW);
        let right = WIDTH - RIGHT;
        let dashes = "stroke=\"#a3120f\" stroke-dasharray=\"5 3\"";
        let mut out = format!("<path d=\"M4 {}H{}\" {dashes}/>\n", px(y), px(right));
        if cuts.of_places && self.low < at && at < self.high {
            out += &format!("<path d=\"M{} {}V{}\" {dashes}/>\n", px(self.x(at)), px(TOP - 4.0), px(self.bottom()));
        }
        for (n, part) in wrap(&cuts.names.join(" · "), 11.0, RIGHT - 14.0).iter().take(3).enumerate() {
            out += &text(right + 6.0, y + 4.0 + n as f64 * 13.0, "fill=\"#a3120f\" font-size=\"11\"", part);
        }
        out
    }

    fn county(&self, v: &RankView<'_>, s: &Sureness, row: &RankRow, n: usize) -> String {
        let (unit, y) = (v.unit(row.county), TOP + (n as f64 + 0.5) * ROW);
        let name = label([&unit.name, &unit.name_zh, &unit.code], LEFT - 9.0, y);
        let Some(r) = v.range(row.county) else { return name };
        let band = s.ranges.lines.first().and_then(|l| {
            let at = l.units.binary_search_by_key(&row.county, |u| u.unit).ok()?;
            Some(l.units[at].band)
        });
        name + &self.whisker(r, y, colour(band))
    }

    fn whisker(&self, r: &UnitRange, y: f64, colour: &str) -> String {
        let [low, median, high, at] = [r.low, r.median, r.high, r.nominal].map(|rank| self.x(rank.into()));
        let cap = |x: f64, half: f64| format!("M{} {}V{}", px(x), px(y - half), px(y + half));
        format!(
            "<path d=\"M{} {}H{}{}{}{}\" stroke=\"{colour}\" stroke-width=\"1.6\" fill=\"none\"/>\n<circle cx=\"{}\" cy=\"{}\" r=\"4\" \
             fill=\"{colour}\"/>\n",
            px(low),
            px(y),
            px(high),
            cap(low, 4.0),
            cap(high, 4.0),
            cap(median, 7.0),
            px(at),
            px(y)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rank_has_its_place_on_the_axis() {
        // 640 − 128 − 124 − 16 = 372 px for ranks 1 to 5: 93 px a rank, the first at 136
        let chart = Chart { shown: 0..3, low: 1.0, high: 5.0 };
        assert_eq!([chart.x(1.0), chart.x(2.0), chart.x(5.0)], [136.0, 229.0, 508.0]);
        let r = UnitRange { unit: 0, nominal: 2, median: 2, low: 1, high: 5, mean_change: 0.5 };
        assert!(chart.whisker(&r, 50.0, "#000").contains("d=\"M136 50H508M136 46V54M508 46V54M229 43V57\""));
    }
}
