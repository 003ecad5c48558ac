//! The map of townships: by the power that is short on the worse of the ordinary day and the holiday, and by whether charging is in them. Told
//! apart by form and size as well as by colour. It needs no network.

use super::labels::counties_beside;
use crate::balance::TownRow;
use crate::files::lang::Both;
use crate::files::text::{clean, grouped, names};
use crate::page::svg::board::{Board, HALO};
use crate::page::svg::ground::{corners, outline};
use crate::page::svg::legend::LegendColumn;
use crate::page::svg::sheet::{Sheet, Told};
use crate::page::svg::{PathData, TENTHS, px, text, text_width};
use crate::results::Results;

/// Map to a township, px², below which those that need it least are left out.
const LEAST_ROOM: f64 = 40.0;
/// Townships that get their name.
const NAMED: usize = 15;
/// Longest name drawn, characters.
const LONGEST: usize = 24;

/// A class of townships: kW short from, radius in px, colour, and its words.
struct Class(f64, f64, &'static str, [&'static str; 2]);

const SHORT: &str = "#a3120f";
/// The most first; the last is for those that are short of nothing.
const CLASSES: [Class; 5] = [
    Class(500.0, 7.5, SHORT, ["500 kW short or more", "缺口 500 千瓦及以上"]),
    Class(100.0, 5.6, SHORT, ["100 to 500 kW", "100 至 500 千瓦"]),
    Class(10.0, 4.2, SHORT, ["10 to 100 kW", "10 至 100 千瓦"]),
    Class(f64::MIN_POSITIVE, 3.0, SHORT, ["less than 10 kW", "不足 10 千瓦"]),
    Class(0.0, 2.6, "#005f73", ["nothing short", "无缺口"]),
];
/// Of those of which nobody knows what they ask for.
const UNKNOWN: (f64, &str) = (2.8, "#6b747c");

/// Draws townships, given in order of need over all counties, as the map of a number on its page.
pub(crate) fn towns_svg(r: &Results, rows: &[&TownRow<'_>], number: usize) -> String {
    let sheet = Sheet::around(r.members.iter().flat_map(|m| corners(&m.county)), [560.0, 1160.0]).numbered(number);
    let most = (sheet.room() / LEAST_ROOM) as usize;
    let map = TownsMap { r, all: rows, drawn: &rows[..rows.len().min(most)], sheet };
    let inside = [map.ground(), map.marks(), map.names()].concat();
    map.sheet.draw(&map.told(), &inside, &map.legend())
}

struct TownsMap<'a> {
    r: &'a Results,
    all: &'a [&'a TownRow<'a>],
    /// Those that there is room for.
    drawn: &'a [&'a TownRow<'a>],
    sheet: Sheet,
}

/// The class of a township; none where it is not known what it asks for.
fn class_of(t: &TownRow<'_>) -> Option<usize> {
    let kw = t.town.worst_short_kw()?;
    CLASSES.iter().position(|c| kw >= c.0)
}

/// A mark: a circle where charging is, a diamond where none is.
fn mark(path: &mut PathData, at: [f64; 2], r: f64, has: bool) {
    if has { path.circle(at, r) } else { path.diamond(at, r * 1.35) }
}

impl<'a> TownsMap<'a> {
    fn ground(&self) -> String {
        let look = "fill=\"#fff\" stroke=\"#8b959e\" stroke-width=\"8\" fill-rule=\"evenodd\" stroke-linejoin=\"round\"";
        let counties = self.r.members.iter().map(|m| outline(&m.county, &self.sheet.view).element(""));
        format!("{TENTHS} {look}>\n{}</g>\n", counties.collect::<String>())
    }

    /// Those of a class, or of which it is not known, that there is room for.
    fn of(&self, class: Option<usize>) -> impl Iterator<Item = &'a TownRow<'a>> {
        self.drawn.iter().copied().filter(move |t| class_of(t) == class)
    }

    fn marks(&self) -> String {
        let mut s = format!("{TENTHS} stroke=\"#fff\" stroke-width=\"7\">\n");
        let mut path = PathData::default();
        self.of(None).for_each(|t| mark(&mut path, self.sheet.at(t.at), UNKNOWN.0, t.town.has_charging));
        s += &path.element(&format!("fill=\"#fff\" stroke=\"{}\" stroke-width=\"12\"", UNKNOWN.1));
        // what is short of most lies on top
        for (k, class) in CLASSES.iter().enumerate().rev() {
            let mut path = PathData::default();
            self.of(Some(k)).for_each(|t| mark(&mut path, self.sheet.at(t.at), class.1, t.town.has_charging));
            s += &path.element(&format!("fill=\"{}\"", class.2));
        }
        s + "</g>\n"
    }

    /// Names of the townships in greatest need, then those of counties where there is room.
    fn names(&self) -> String {
        let mut board = Board::new(self.sheet.panel, self.drawn.iter().map(|t| self.sheet.at(t.at)).collect());
        let mut s = format!("<g font-size=\"11\" stroke-width=\"2.8\" {HALO}>\n");
        let short = self.drawn.iter().filter(|t| t.town.worst_short_kw().is_some_and(|kw| kw > 0.0));
        for t in short.take(NAMED) {
            let (name, second) = names(t.name, t.name_zh, t.id);
            let joined = [clean(name, LONGEST), clean(second, LONGEST)].join(" ");
            let name = joined.trim();
            let (w, h, [x, y]) = (text_width(name, 11.0) + 4.0, 14.0, self.sheet.at(t.at));
            let tries = [[9.0, -7.0], [-w - 9.0, -7.0], [-w / 2.0, -22.0], [-w / 2.0, 8.0]].map(|[dx, dy]| [x + dx, y + dy]);
            if let Some(b) = board.take(&tries, w, h) {
                s += &text(b.x + 2.0, b.y + 11.0, "", name);
            }
        }
        s + "</g>\n" + &counties_beside(self.r, &self.sheet, &mut board)
    }

    fn count(&self, keep: impl Fn(&TownRow<'_>) -> bool) -> u64 {
        self.all.iter().filter(|t| keep(t)).count() as u64
    }

    fn told(&self) -> Told<'a> {
        let n = grouped(self.all.len() as u64);
        let without = grouped(self.count(|t| !t.town.has_charging));
        let short = grouped(self.count(|t| t.town.worst_short_kw().is_some_and(|kw| kw > 0.0)));
        let unknown = grouped(self.count(|t| !t.town.known));
        Told {
            region: &self.r.region,
            subtitle: Both::new("Townships: charging in them, and power short", "乡镇：有无充电站与功率缺口"),
            name: Both::new("Townships without charging and with power short", "无充电站与有功率缺口的乡镇"),
            description: Both::new(
                format!(
                    "Map of {n} townships: {without} have no charging station, {short} are short of power on an ordinary day or the holiday, of {unknown} it is not known."
                ),
                format!("{n} 个乡镇：{without} 个无充电站，{short} 个平日或节假日有功率缺口，{unknown} 个需求未知。"),
            ),
        }
    }

    fn legend(&self) -> LegendColumn {
        let mut c = self.sheet.legend();
        let shape = |r: f64, has: bool, look: &str| {
            if has {
                format!("<circle cx=\"14\" r=\"{}\" {look}/>", px(r))
            } else {
                let r = r * 1.35;
                format!("<path d=\"M{} 0l{r}-{r} {r} {r}-{r} {r}z\" {look}/>", px(14.0 - r), r = px(r))
            }
        };
        c.heading("Charging in the township", "乡镇内有无充电站");
        let dark = "fill=\"#22303c\"";
        c.entry(&shape(4.2, true, dark), "yes", &format!("有  {}", grouped(self.count(|t| t.town.has_charging))));
        c.entry(&shape(4.2, false, dark), "no", &format!("无  {}", grouped(self.count(|t| !t.town.has_charging))));
        c.gap(8.0);
        c.heading("Power short, worse of both days", "功率缺口（平日与节假日取大）");
        for (k, Class(_, r, colour, [en, zh])) in CLASSES.iter().enumerate() {
            let n = self.count(|t| class_of(t) == Some(k));
            if n > 0 {
                c.entry(&shape(*r, true, &format!("fill=\"{colour}\"")), en, &format!("{zh}  {}", grouped(n)));
            }
        }
        let unknown = self.count(|t| !t.town.known);
        if unknown > 0 {
            let look = format!("fill=\"#fff\" stroke=\"{}\" stroke-width=\"1.2\"", UNKNOWN.1);
            c.entry(&shape(UNKNOWN.0, true, &look), "not known", &format!("未知  {}", grouped(unknown)));
        }
        if self.drawn.len() < self.all.len() {
            c.entry("", "too many to draw: those in greatest need", "");
            c.gap(-2.0);
            c.entry("", "", &format!("过密，仅绘最需要的 {} 个", grouped(self.drawn.len() as u64)));
        }
        c.gap(14.0);
        c.scale(&self.sheet.view);
        c
    }
}
