//! Sites of a plan on the map: each with its number in the order of building, on top of all else.

use super::RegionMap;
use crate::files::palette::SITE as FILL;
use crate::page::svg::{INK, px, text};

/// Sites that have their number on the map; of more, the rest are dots.
const NUMBERED: usize = 99;

/// Where the sites stand on the map, in order; none where there is no plan.
pub(super) fn planned<'a>(m: &'a RegionMap<'_>) -> impl Iterator<Item = [f64; 2]> + 'a {
    let plan = m.o.plan.as_ref();
    let sites = plan.into_iter().flat_map(|p| p.steps.iter().filter_map(|s| p.candidates.get(s.site as usize)));
    sites.map(|c| m.sheet.at(c.at))
}

/// The markers: the first lies on top.
pub fn sites(m: &RegionMap<'_>) -> String {
    let mut all: Vec<(usize, [f64; 2])> = (1..).zip(planned(m)).filter(|(_, at)| m.sheet.panel.has(*at)).collect();
    all.reverse();
    all.into_iter().map(|(order, at)| marker(order, at)).collect()
}

fn marker(order: usize, [x, y]: [f64; 2]) -> String {
    if order > NUMBERED {
        return format!("<circle cx=\"{}\" cy=\"{}\" r=\"3.4\" fill=\"{FILL}\" stroke=\"{INK}\"/>\n", px(x), px(y));
    }
    let circle =
        format!("<circle cx=\"{}\" cy=\"{}\" r=\"8.2\" fill=\"{FILL}\" stroke=\"{INK}\" stroke-width=\"1.4\"/>\n", px(x), px(y));
    circle + &text(x, y + 3.8, "text-anchor=\"middle\" font-size=\"10.5\" font-weight=\"700\"", &order.to_string())
}

/// The mark of the legend.
pub(super) fn example() -> String {
    marker(1, [14.0, 0.0])
}
