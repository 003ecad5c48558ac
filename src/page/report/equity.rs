//! Equity of reach for the report: a small Lorenz chart as SVG without ids or styles, and a row for each county.

use super::MOST_ROWS;
use super::head;
use crate::files::lang::Both;
use crate::files::text::{NONE, fixed, grouped, percent, shown_share};
use crate::page::county::Pages;
use crate::page::svg::{open, px, text};
use crate::rank::equity::ReachRow;
use crate::results::Run;
use minijinja::{Value, context};

const LEFT: f64 = 56.0;
const TOP: f64 = 14.0;
const SIDE: f64 = 280.0;

/// Chart, figures of the region, rows of the counties. `svg` is empty without people.
pub fn equity(o: &Run<'_>, pages: &Pages) -> Value {
    let e = &o.equity;
    let county = |i: usize| {
        let f = &o.figures()[i];
        let row = row(&e.counties[i], f.settlement_people_in_gap, f.settlement_people);
        context! { ..head::county(o, pages, i), ..row }
    };
    let sum = |of: fn(&crate::rank::CountyFigures) -> u64| o.figures().iter().map(of).sum::<u64>();
    let most = o.members.len().min(MOST_ROWS);
    context! {
        svg => if e.lorenz.is_empty() { String::new() } else { svg(&e.lorenz) },
        all => row(&e.all, sum(|f| f.settlement_people_in_gap), sum(|f| f.settlement_people)),
        between => e.theil.filter(|t| t.total > 0.0).map_or(NONE.to_owned(), |t| shown_share(t.between / t.total)),
        rows => (0..most).map(county).collect::<Vec<_>>(),
        shown => grouped(most as u64),
        capped => most < o.members.len(),
        written => o.output.wants("equity"),
        n => grouped(o.members.len() as u64),
    }
}

fn row(r: &ReachRow, beyond: u64, of: u64) -> Value {
    let number = |v: Option<f64>, decimals| v.map_or(NONE.to_owned(), |v| fixed(v, decimals));
    context! {
        people => grouped(r.people),
        no_way => grouped(r.people_no_way),
        left_out => grouped(r.people_left_out),
        unknown => grouped(r.settlements_unknown),
        anyone => of > 0,
        beyond => grouped(beyond),
        beyond_share => percent(beyond, of),
        mean => number(r.mean_mm.map(|mm| mm / 1e6), 1),
        gini => number(r.gini, 3),
        theil => number(r.theil, 3),
        gap => number(r.beyond[1].map(|v| v * 100.0), 1),
    }
}

fn svg(points: &[[f64; 2]]) -> String {
    let at = |[x, y]: [f64; 2]| [LEFT + SIDE * x, TOP + SIDE * (1.0 - y)];
    let (width, height) = (LEFT + SIDE + 24.0, TOP + SIDE + 44.0);
    let name = Both::new(
        "Lorenz curve of the distance to the nearest charging station over people",
        "按人口累计的到最近充电站路程的洛伦兹曲线",
    );
    let mut s = open([width, height], &name);
    for tick in 0..=4 {
        let share = f64::from(tick) / 4.0;
        let [x, y] = at([share, share]);
        s += &format!(
            "<path d=\"M{} {}V{}M{LEFT} {}H{}\" stroke=\"#e3e7ea\" fill=\"none\"/>\n",
            px(x),
            px(TOP),
            px(TOP + SIDE),
            px(y),
            px(LEFT + SIDE)
        );
        s += &text(x, TOP + SIDE + 16.0, "text-anchor=\"middle\" fill=\"#5b6771\"", &format!("{} %", tick * 25));
        if tick > 0 {
            s += &text(LEFT - 6.0, y + 4.0, "text-anchor=\"end\" fill=\"#5b6771\"", &format!("{} %", tick * 25));
        }
    }
    let line: Vec<String> = points.iter().map(|p| at(*p)).map(|[x, y]| format!("{} {}", px(x), px(y))).collect();
    let d = format!("M{}", line.join("L"));
    s += &format!("<path d=\"{d}Z\" fill=\"#a3120f\" fill-opacity=\".13\"/>\n");
    let ([x0, y0], [x1, y1]) = (at([0.0, 0.0]), at([1.0, 1.0]));
    s += &format!(
        "<path d=\"M{} {}L{} {}\" stroke=\"#5b6771\" stroke-dasharray=\"4 3\" fill=\"none\"/>\n",
        px(x0),
        px(y0),
        px(x1),
        px(y1)
    );
    s += &format!("<path d=\"{d}\" stroke=\"#a3120f\" stroke-width=\"2\" stroke-linejoin=\"round\" fill=\"none\"/>\n");
    s += &text(
        LEFT + SIDE / 2.0,
        TOP + SIDE + 36.0,
        "text-anchor=\"middle\" fill=\"#5b6771\"",
        "people, shortest way first 人口（由近到远）",
    );
    let (x, y) = (13.0, TOP + SIDE / 2.0);
    let turned = format!("text-anchor=\"middle\" fill=\"#5b6771\" transform=\"rotate(-90 {} {})\"", px(x), px(y));
    s += &text(x, y, &turned, "share of total distance 路程占比");
    s + "</svg>"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::report::fixture::{CHARGING_ONLY, NONE_USED, outcome};

    #[test]
    fn the_curve_starts_at_the_lower_left_and_ends_at_the_upper_right() {
        let s = svg(&[[0.0, 0.0], [0.5, 0.25], [1.0, 1.0]]);
        // 56 + 280 × 0.5 = 196; 14 + 280 × 0.75 = 224
        assert!(s.contains("d=\"M56 294L196 224L336 14\""), "{s}");
        assert!(!s.contains("style") && !s.contains("id="));
    }

    #[test]
    fn people_beyond_are_those_of_the_cards() {
        // of the three places one is beyond 10 km with 900 people, one is near with 50, one has no known population
        let made = |stations| {
            let o = outcome(stations);
            equity(&o, &Pages::of(o.results))
        };
        let page = made(CHARGING_ONLY);
        let all = page.get_attr("all").unwrap();
        assert_eq!(all.get_attr("beyond").unwrap().as_str(), Some("900"));
        assert_eq!(all.get_attr("beyond_share").unwrap().as_str(), Some("94.7 %")); // 900 / 950
        assert_eq!(all.get_attr("unknown").unwrap().as_str(), Some("1"));
        let none = made(NONE_USED);
        assert_eq!(none.get_attr("svg").unwrap().as_str(), Some(""));
        assert_eq!(none.get_attr("all").unwrap().get_attr("no_way").unwrap().as_str(), Some("950"));
    }
}
