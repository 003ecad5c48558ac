//! The map of roads held against a rule: each direction by its verdict, told apart by the line as well as by colour, the longest ways that
//! are too long, and the stations that count or may count. It needs no network.

use super::labels::counties_beside;
use crate::county::{JudgedLine, LongestWay, RoadLine, RoadVerdict};
use crate::files::lang::Both;
use crate::files::text::{clean, fixed, grouped};
use crate::page::svg::board::Board;
use crate::page::svg::ground::{corners, outline};
use crate::page::svg::legend::LegendColumn;
use crate::page::svg::sheet::{Sheet, Told};
use crate::page::svg::{PathData, TENTHS, px, text, text_width};
use crate::programme::Met;
use crate::results::Results;
use crate::space::units::km;
use crate::space::{LonLat, line_mm};
use std::collections::BTreeMap;

/// Roads of one rule, in the order of their table.
pub(crate) struct RuledRoads<'a> {
    /// Name of programme and rule.
    pub name: String,
    /// Its roads.
    pub roads: Vec<&'a RoadVerdict>,
    /// All directions of roads.
    pub lines: &'a [RoadLine],
}

/// How a verdict is drawn: colour, width and dashes, px; dashes of no length are dots.
struct Look(&'static str, f64, &'static [f64]);

/// Those that are drawn first come first: what is not met lies on top.
const ORDER: [Met; 3] = [Met::Met, Met::CannotBeTold, Met::NotMet];

fn look(met: Met) -> Look {
    match met {
        Met::Met => Look("#005f73", 2.6, &[]),
        Met::NotMet => Look("#a3120f", 3.2, &[9.0, 4.0]),
        Met::CannotBeTold => Look("#6b5f00", 2.8, &[0.0, 5.5]),
    }
}

/// Under a longest way that is too long.
const TOO_LONG: &str = "#f3b6a6";
const COUNTS: &str = "#005f73";
/// Names of roads that are drawn at most.
const NAMED: usize = 80;
/// Longest name drawn, characters.
const LONGEST: usize = 24;

/// Draws the map as the one of a number on its page, from 1.
pub(crate) fn roads_svg(r: &Results, ruled: &RuledRoads<'_>, number: usize) -> String {
    let sheet = Sheet::around(r.members.iter().flat_map(|m| corners(&m.county)), [560.0, 1160.0]).numbered(number);
    let map = RoadsMap { r, ruled, sheet };
    let inside = [map.ground(), map.too_long(), map.roads(), map.stations(), map.names()].concat();
    sheet.draw(&map.told(), &inside, &map.legend())
}

struct RoadsMap<'a> {
    r: &'a Results,
    ruled: &'a RuledRoads<'a>,
    sheet: Sheet,
}

impl<'a> RoadsMap<'a> {
    fn lines(&self) -> impl Iterator<Item = (&'a RoadVerdict, &'a JudgedLine, &'a RoadLine)> {
        let all = self.ruled.lines;
        let of = move |road: &'a RoadVerdict| {
            road.lines.iter().filter_map(move |judged| Some((road, judged, all.get(judged.line as usize)?)))
        };
        self.ruled.roads.iter().copied().flat_map(of)
    }

    fn path(&self, lines: &[Vec<LonLat>], path: &mut PathData) {
        lines.iter().for_each(|line| path.line(&self.sheet.line(line)));
    }

    fn ground(&self) -> String {
        let mut s = format!(
            "{TENTHS} fill=\"#fff\" stroke=\"#8b959e\" stroke-width=\"8\" fill-rule=\"evenodd\" stroke-linejoin=\"round\">\n"
        );
        for m in &self.r.members {
            s += &outline(&m.county, &self.sheet.view).element("");
        }
        s + "</g>\n"
    }

    /// The longest ways that break the rule even with stations that cannot be told.
    fn ways(&self) -> impl Iterator<Item = &'a LongestWay> {
        self.lines().filter_map(|(road, judged, _)| {
            let way = judged.longest.with.as_ref()?;
            (way.length_mm() > road.limit_mm?).then_some(way)
        })
    }

    fn too_long(&self) -> String {
        let mut path = PathData::default();
        self.ways().for_each(|way| self.path(&way.drawn, &mut path));
        let drawn = path.element(&format!("stroke=\"{TOO_LONG}\" stroke-width=\"110\""));
        format!("{TENTHS} fill=\"none\" stroke-linejoin=\"round\" stroke-linecap=\"butt\">\n{drawn}</g>\n")
    }

    /// Each part of a road once, by the worse of its directions, of equal ones the first: two that lie on each other would fill each other's
    /// dashes.
    fn worst(&self) -> impl Iterator<Item = (&'a JudgedLine, &'a RoadLine)> {
        let all: Vec<_> = self.lines().collect();
        let bad = |met: Met| ORDER.iter().position(|m| *m == met);
        let is_worst = move |(road, judged, line): &(&RoadVerdict, &JudgedLine, &RoadLine)| {
            let beside = road.lines.iter().filter(|l| self.ruled.lines.get(l.line as usize).is_some_and(|l| l.part == line.part));
            beside.max_by_key(|l| (bad(l.met), u32::MAX - l.line)).is_some_and(|worst| worst.line == judged.line)
        };
        all.into_iter().filter(is_worst).map(|(_, judged, line)| (judged, line))
    }

    fn roads(&self) -> String {
        let worst: Vec<_> = self.worst().collect();
        let mut s = format!("{TENTHS} fill=\"none\" stroke-linejoin=\"round\">\n");
        for met in ORDER {
            let mut path = PathData::default();
            worst.iter().filter(|(judged, _)| judged.met == met).for_each(|(_, line)| self.path(&line.drawn, &mut path));
            s += &path.element(&stroke(&look(met), 10.0));
        }
        s + "</g>\n"
    }

    /// Stations by id: whether one is sure to count somewhere.
    fn stops(&self) -> BTreeMap<&'a str, (LonLat, bool)> {
        let mut all: BTreeMap<&str, (LonLat, bool)> = BTreeMap::new();
        for stop in self.lines().flat_map(|(_, judged, _)| &judged.stops) {
            all.entry(&stop.station).or_insert((stop.at, false)).1 |= stop.is_sure;
        }
        all
    }

    fn stations(&self) -> String {
        let (mut sure, mut open) = (PathData::default(), PathData::default());
        for (at, is_sure) in self.stops().into_values() {
            let at = self.sheet.at(at);
            if self.sheet.panel.has(at) {
                if is_sure { sure.circle(at, 4.0) } else { open.circle(at, 3.6) }
            }
        }
        let sure = sure.element(&format!("fill=\"{COUNTS}\" stroke=\"#fff\" stroke-width=\"10\""));
        let open = open.element(&format!("fill=\"#fff\" stroke=\"{COUNTS}\" stroke-width=\"14\""));
        format!("{TENTHS}>\n{open}{sure}</g>\n")
    }

    /// Names of roads on white, then those of counties where there is room.
    fn names(&self) -> String {
        let mut board = Board::new(self.sheet.panel, Vec::new());
        let mut s = "<g text-anchor=\"middle\" font-size=\"10.5\" font-weight=\"700\">\n".to_owned();
        for road in self.ruled.roads.iter().take(NAMED) {
            let name = clean(&road.road, LONGEST);
            let longest = road.lines.iter().filter_map(|l| self.ruled.lines.get(l.line as usize)).max_by_key(|l| l.length_mm);
            let (w, h) = (text_width(&name, 10.5) + 8.0, 15.0);
            let places = [0.5, 0.3, 0.7, 0.4, 0.6, 0.15, 0.85].into_iter();
            let spots = places.filter_map(|share| Some(self.sheet.at(along(&longest?.drawn, share)?)));
            let tries: Vec<[f64; 2]> = spots.map(|[x, y]| [x - w / 2.0, y - h / 2.0]).collect();
            if let Some(b) = board.take(&tries, w, h) {
                let Look(colour, ..) = look(road.met);
                let (x, y) = (px(b.x), px(b.y));
                s += &format!(
                    "<rect x=\"{x}\" y=\"{y}\" width=\"{}\" height=\"{h}\" rx=\"3\" fill=\"#fff\" stroke=\"{colour}\" stroke-width=\"1.1\"/>\n",
                    px(w)
                );
                s += &text(b.x + w / 2.0, b.y + 11.2, &format!("fill=\"{colour}\""), &name);
            }
        }
        s + "</g>\n" + &counties_beside(self.r, &self.sheet, &mut board)
    }

    fn count(&self, met: Met) -> usize {
        self.ruled.roads.iter().filter(|road| road.met == met).count()
    }

    fn limit(&self) -> Option<String> {
        let mm = self.ruled.roads.iter().find_map(|road| road.limit_mm)?;
        Some(fixed(km(mm), 1))
    }

    fn told(&self) -> Told<'a> {
        let [met, open, not] = ORDER.map(|m| self.count(m));
        let name = clean(&self.ruled.name, 80);
        let limit = self.limit();
        let of = |en: &str, zh: &str| Both::new(en, zh);
        let asked = limit.map_or_else(
            || of("the limit is not set", "未设定间距"),
            |km| {
                Both::new(
                    format!("no way longer than {km} km without a station that counts"),
                    format!("无站路段不超过 {km} 公里"),
                )
            },
        );
        let n = self.ruled.roads.len();
        Told {
            region: &self.r.region,
            subtitle: Both::new(format!("Roads under {name}: {}", asked.en), format!("路线与规则 {name}：{}", asked.zh)),
            name: Both::new(format!("Roads under {name}"), format!("路线与规则 {name}")),
            description: Both::new(
                format!("Map of {n} roads: {met} meet the rule, {not} do not, of {open} it cannot be told."),
                format!("{n} 条路线：{met} 条达到，{not} 条未达到，{open} 条无法判断。"),
            ),
        }
    }

    fn legend(&self) -> LegendColumn {
        let mut c = self.sheet.legend();
        c.heading("Verdict along the road", "沿线结论");
        for met in [Met::Met, Met::NotMet, Met::CannotBeTold] {
            let [en, zh] = met.names();
            let mark = format!("<path d=\"M0 0h30\" fill=\"none\" {}/>", stroke(&look(met), 1.0));
            c.entry(&mark, en, &format!("{zh}  {}", grouped(self.count(met) as u64)));
        }
        c.entry("", "number of roads", "路线数");
        c.gap(6.0);
        if let Some(limit) = self.limit() {
            c.heading("Without a station", "无站路段");
            let mark = format!("<path d=\"M0 0h30\" stroke=\"{TOO_LONG}\" stroke-width=\"11\"/>");
            c.entry(&mark, &format!("longest, over {limit} km"), "");
            c.gap(-2.0);
            c.entry("", "", &format!("最长无站路段，超过 {limit} 公里"));
            c.gap(6.0);
        }
        let stops = self.stops();
        let sure = stops.values().filter(|s| s.1).count() as u64;
        c.heading("Stations near these roads", "沿线站点");
        let circle = |look: &str| format!("<circle cx=\"14\" r=\"4\" {look}/>");
        c.entry(&circle(&format!("fill=\"{COUNTS}\"")), "counts", &format!("计入  {}", grouped(sure)));
        let hollow = circle(&format!("fill=\"#fff\" stroke=\"{COUNTS}\" stroke-width=\"1.4\""));
        c.entry(&hollow, "cannot be told", &format!("无法判断  {}", grouped(stops.len() as u64 - sure)));
        c.gap(14.0);
        c.scale(&self.sheet.view);
        c
    }
}

/// How a verdict is drawn, at so many units a pixel.
fn stroke(Look(colour, width, dashes): &Look, units: f64) -> String {
    let cap = if dashes.first() == Some(&0.0) { "round" } else { "butt" };
    let dashed = match dashes {
        [] => String::new(),
        _ => format!(" stroke-dasharray=\"{}\"", dashes.iter().map(|d| px(d * units)).collect::<Vec<_>>().join(" ")),
    };
    format!("stroke=\"{colour}\" stroke-width=\"{}\" stroke-linecap=\"{cap}\"{dashed}", px(width * units))
}

/// The position at a share of the way along lines.
fn along(lines: &[Vec<LonLat>], share: f64) -> Option<LonLat> {
    let all: u64 = lines.iter().map(|line| line_mm(line)).sum();
    let mut left = (all as f64 * share) as u64;
    for pair in lines.iter().flat_map(|line| line.windows(2)) {
        let mm = line_mm(pair);
        if mm >= left {
            return Some(pair[1]);
        }
        left -= mm;
    }
    lines.last()?.last().copied()
}
