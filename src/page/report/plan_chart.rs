//! What less and more would cover, as a small SVG without ids or styles: the most that was found, the bound above it, and the steps of the
//! plan in its own order.

use crate::config::plan::Objective;
use crate::files::lang::Both;
use crate::files::text::{clean, fixed, grouped};
use crate::page::svg::{INK, SOFT, open, px, text, text_width};
use crate::plan::CurvePoint;

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 340.0;
const LEFT: f64 = 78.0;
const RIGHT: f64 = 22.0;
const TOP: f64 = 40.0;
const BOTTOM: f64 = 50.0;
/// Colours of the bound, of what was found, and of the plan.
const LOOKS: [&str; 3] = ["#8a5a00", "#005f73", "#a3120f"];

/// What is drawn.
pub struct PlanCurve {
    /// What less and more would cover.
    pub points: Vec<CurvePoint>,
    /// What all sites up to each take of the limit, and what they cover.
    pub steps: Vec<[u64; 2]>,
    /// What is covered.
    pub objective: Objective,
    /// The currency where money is the limit; none where it is a number of sites.
    pub money: Option<String>,
    /// What the steps are.
    pub of: CurveOf,
}

/// What a curve is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CurveOf {
    /// A plan of sites, in its order.
    Plan,
    /// Counties that are funded with plans of their own, on a ladder.
    Funding,
}

/// The drawing; empty where there is nothing to draw.
pub fn chart(curve: &PlanCurve) -> String {
    let far = curve.points.iter().map(|p| p.limit).chain(curve.steps.iter().map(|s| s[0])).max().unwrap_or(0);
    let high = curve.points.iter().map(|p| p.bound).chain(curve.steps.iter().map(|s| s[1])).max().unwrap_or(0);
    if far == 0 || high == 0 || curve.points.is_empty() {
        return String::new();
    }
    let one = curve.objective.unit().1;
    let (x_step, y_step) = (step(far as f64).max(1.0), step(high as f64 / one));
    let top = (high as f64 / one / y_step).ceil() * y_step;
    let c = Curve { far: far as f64, top, one };
    let name = Both::new(
        "What is covered against sites or money: the most found, the bound, and the plan in its order",
        "覆盖量与站点数或资金的关系：已找到的最大值、上界及规划次序",
    );
    let mut s = open([WIDTH, HEIGHT], &name);
    s += &c.grid((x_step, y_step), curve);
    let line = |of: &dyn Fn(&CurvePoint) -> u64| {
        let points: Vec<String> = curve.points.iter().map(|p| c.at(p.limit, of(p))).collect();
        format!("M{}", points.join("L"))
    };
    s += &format!(
        "<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"1.6\" stroke-dasharray=\"6 4\"/>\n",
        line(&|p| p.bound),
        LOOKS[0]
    );
    s += &format!("<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"2\"/>\n", line(&|p| p.value), LOOKS[1]);
    for p in &curve.points {
        let [x, y] = c.place(p.limit, p.value);
        s += &format!("<circle cx=\"{}\" cy=\"{}\" r=\"2.6\" fill=\"{}\"/>\n", px(x), px(y), LOOKS[1]);
    }
    s += &format!("<path d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"2\"/>\n", c.steps(&curve.steps), LOOKS[2]);
    s + &legend(curve.of) + "</svg>"
}

/// Where what is drawn: so many units of the limit to the right, so many of what is shown to the top.
struct Curve {
    far: f64,
    top: f64,
    one: f64,
}

impl Curve {
    fn place(&self, limit: u64, units: u64) -> [f64; 2] {
        let up = units as f64 / self.one / self.top;
        [LEFT + (WIDTH - LEFT - RIGHT) * limit as f64 / self.far, HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * up]
    }

    fn at(&self, limit: u64, units: u64) -> String {
        let [x, y] = self.place(limit, units);
        format!("{} {}", px(x), px(y))
    }

    /// The plan: to the right until the next site is paid for, then up by what it adds.
    fn steps(&self, steps: &[[u64; 2]]) -> String {
        let [x, y] = self.place(0, 0);
        let mut d = format!("M{} {}", px(x), px(y));
        for [taken, covered] in steps {
            let [x, y] = self.place(*taken, *covered);
            d += &format!("H{}V{}", px(x), px(y));
        }
        d
    }

    fn grid(&self, (x_step, y_step): (f64, f64), curve: &PlanCurve) -> String {
        let ([x0, y0], right) = (self.place(0, 0), WIDTH - RIGHT);
        let mut s = String::new();
        for k in 0..=(self.top / y_step).round() as u32 {
            let value = f64::from(k) * y_step;
            let y = y0 - (HEIGHT - TOP - BOTTOM) * value / self.top;
            s += &format!("<path d=\"M{} {}H{}\" stroke=\"#e3e7ea\"/>\n", px(x0), px(y), px(right));
            s += &text(x0 - 7.0, y + 4.0, &format!("text-anchor=\"end\" fill=\"{SOFT}\""), &plain(value));
        }
        for k in 0..=(self.far / x_step).floor() as u32 {
            let value = f64::from(k) * x_step;
            let x = x0 + (right - x0) * value / self.far;
            s += &format!("<path d=\"M{} {}v5\" stroke=\"{SOFT}\"/>\n", px(x), px(y0));
            s += &text(x, y0 + 19.0, &format!("text-anchor=\"middle\" fill=\"{SOFT}\""), &plain(value));
        }
        s += &format!("<path d=\"M{} {}V{}H{}\" fill=\"none\" stroke=\"{INK}\"/>\n", px(x0), px(TOP - 4.0), px(y0), px(right));
        let middle = (x0 + right) / 2.0;
        let below = match curve.money.as_deref() {
            None => "sites 站点数".to_owned(),
            Some("") => "money 资金".to_owned(),
            Some(currency) => {
                let unit = clean(currency, 20);
                format!("money, {unit} 资金（{unit}）")
            }
        };
        s += &text(middle, HEIGHT - 10.0, &format!("text-anchor=\"middle\" fill=\"{SOFT}\""), &below);
        let (x, y) = (14.0, (TOP + y0) / 2.0);
        let turned = format!("text-anchor=\"middle\" fill=\"{SOFT}\" transform=\"rotate(-90 {} {})\"", px(x), px(y));
        s + &text(x, y, &turned, beside(curve.objective))
    }
}

/// What the axis at the left counts.
fn beside(objective: Objective) -> &'static str {
    match objective {
        Objective::Road => "road taken out of the gap, km 减少的缺口（公里）",
        Objective::People => "people taken out of the gap 脱离缺口的人口",
        Objective::Settlements => "settlements taken out of the gap 脱离缺口的居民点",
        Objective::Energy => "demand taken out of the gap, kWh/day 脱离缺口的需求（千瓦时/日）",
        Objective::Distance => "less of the ways of people, person-km 居民路程减少（人·公里）",
        Objective::SettlementDistance => "less of the ways of settlements, km 居民点路程减少（公里）",
        Objective::Flows => "vehicles/day that get where they go 可到达目的地的车流（辆/日）",
        Objective::Farthest => "less of the longest way, km 最远路程减少（公里）",
    }
}

fn legend(of: CurveOf) -> String {
    let [found, steps] = match of {
        CurveOf::Plan => ["most found 已找到的最大值", "plan, in its order 按规划次序"],
        CurveOf::Funding => ["best for a budget alone 该资金最优", "ladder 递进方案"],
    };
    let entries = [
        ("<path d=\"M0 0h26\" stroke-width=\"1.6\" stroke-dasharray=\"6 4\"", LOOKS[0], "bound 上界"),
        ("<path d=\"M0 0h26\" stroke-width=\"2\"", LOOKS[1], found),
        ("<path d=\"M0 4h10V-4h16\" fill=\"none\" stroke-width=\"2\"", LOOKS[2], steps),
    ];
    let (mut x, mut s) = (LEFT, String::new());
    for (mark, colour, words) in entries {
        s += &format!("<g transform=\"translate({} 14)\">{mark} stroke=\"{colour}\"/></g>\n", px(x));
        s += &text(x + 32.0, 18.0, "font-size=\"11\"", words);
        x += 32.0 + text_width(words, 11.0) + 16.0;
    }
    s
}

/// A tick: no decimals where there are none.
fn plain(value: f64) -> String {
    if value.fract() == 0.0 { grouped(value as u64) } else { fixed(value, if value < 0.1 { 2 } else { 1 }) }
}

/// A round number of which four to eight or so make up this.
fn step(most: f64) -> f64 {
    let rough = most / 5.0;
    let power = 10f64.powf(rough.log10().floor());
    [1.0, 2.0, 5.0, 10.0].map(|k| k * power).into_iter().find(|s| *s >= rough).unwrap_or(10.0 * power)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_not_many() {
        // a fifth of 12 is 2.4: 5 is the next round number; of 18 million it is 3.6 million: 5 million
        assert_eq!([12.0, 18e6, 8.0, 1.0].map(step), [5.0, 5e6, 2.0, 0.2]);
        assert_eq!([5e6, 0.5, 2.0].map(plain), ["5,000,000", "0.5", "2"]);
    }
}
