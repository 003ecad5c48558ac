//! Programmes in the report: roads and counties held against every rule, with a map a rule about roads. What new facilities are expected to earn
//! stands in `rewards`.

use super::MOST_ROWS;
use super::head::county;
use super::rewards::rewards;
use crate::county::{CountyVerdict, Judged, LongestWay, RoadVerdict};
use crate::files::lang::Both;
use crate::files::text::{NONE, fixed, grouped};
use crate::page::county::Pages;
use crate::page::i18n::shown;
use crate::page::map::roads::{RuledRoads, roads_svg};
use crate::programme::{Met, ProgrammeTold};
use crate::results::{Results, Run};
use crate::space::units::km;
use minijinja::{Value, context};

/// Stations that are named beside a road.
const MOST_STOPS: usize = 8;
/// Rules that get a map.
const MOST_MAPS: usize = 6;

/// The section; none where nothing was held against anything.
pub fn programmes(o: &Run<'_>, judged: &Judged, pages: &Pages) -> Value {
    if judged.counties.is_empty() && judged.rewards.is_empty() && judged.roads.is_empty() {
        return Value::from(());
    }
    let rules = rules(judged);
    let counts = |met: Met| grouped(judged.roads.iter().filter(|r| r.met == met).count() as u64);
    let rows = |list: &[&CountyVerdict]| list.iter().take(MOST_ROWS).map(|v| verdict(o, pages, v)).collect::<Vec<_>>();
    let counties: Vec<&CountyVerdict> = judged.counties.iter().collect();
    context! {
        met => counts(Met::Met), not_met => counts(Met::NotMet), cannot_be_told => counts(Met::CannotBeTold),
        any_roads => !judged.roads.is_empty(),
        roads => rules.into_iter().enumerate().map(|(i, rule)| of_rule(o, judged, rule, i)).collect::<Vec<_>>(),
        counties => rows(&counties), n => grouped(counties.len() as u64), capped => counties.len() > MOST_ROWS,
        shown => grouped(counties.len().min(MOST_ROWS) as u64),
        rewards => rewards(o, judged, pages),
        stand_ins => stand_ins(o),
    }
}

/// Programmes of files that stand in for those of the program.
pub(crate) fn stand_ins(r: &Results) -> Vec<Both> {
    let all = r.programme.iter().flat_map(ProgrammeTold::stand_ins);
    all.map(|said| Both::clean(&said.en, &said.zh, 600)).collect()
}

/// Roads by programme and rule, in the order of the table.
fn rules(judged: &Judged) -> Vec<RuledRoads<'_>> {
    let mut all: Vec<RuledRoads<'_>> = Vec::new();
    for road in &judged.roads {
        let name = format!("{} / {}", road.programme, road.rule);
        match all.last_mut().filter(|r| r.name == name) {
            Some(rule) => rule.roads.push(road),
            None => all.push(RuledRoads { name, roads: vec![road], lines: &judged.lines }),
        }
    }
    all
}

fn of_rule(o: &Run<'_>, judged: &Judged, rule: RuledRoads<'_>, i: usize) -> Value {
    let first = rule.roads[0];
    let says = judged.counties.iter().find(|c| c.programme == first.programme && c.rule == first.rule);
    let says = says.map(|c| Both::new(shown(&c.text[0]), shown(&c.text[1])));
    let count = |met: Met| grouped(rule.roads.iter().filter(|r| r.met == met).count() as u64);
    let mut order = rule.roads.clone();
    let rank = |r: &RoadVerdict| [Met::NotMet, Met::CannotBeTold, Met::Met].iter().position(|m| *m == r.met);
    order.sort_by_key(|r| (rank(r), std::cmp::Reverse(r.longest_mm.with.or(r.longest_mm.without))));
    context! {
        name => shown(&rule.name), says, n => grouped(rule.roads.len() as u64),
        limit => first.limit_mm.map(|mm| fixed(km(mm), 1)),
        met => count(Met::Met), not_met => count(Met::NotMet), cannot_be_told => count(Met::CannotBeTold),
        map => (i < MOST_MAPS).then(|| roads_svg(o.results, &rule, i + 1)),
        rows => order.iter().take(MOST_ROWS).map(|r| road(r)).collect::<Vec<_>>(),
        capped => order.len() > MOST_ROWS, shown => grouped(order.len().min(MOST_ROWS) as u64),
    }
}

fn one_km(mm: Option<u64>) -> String {
    mm.map_or(NONE.to_owned(), |mm| fixed(km(mm), 1))
}

/// Where a way lies: between which stations, at which kilometres of its line.
fn place(way: &LongestWay) -> Both {
    let end = |end: &Option<String>, mm: u64| {
        let at = fixed(km(mm), 1);
        match end {
            Some(id) => Both::same(format!("{} @ {at}", shown(id))),
            None => Both::new(format!("end @ {at}"), format!("端点 @ {at}")),
        }
    };
    Both::join(&[end(&way.ends[0], way.from_mm), end(&way.ends[1], way.to_mm)], [" → ", " → "])
}

fn road(r: &RoadVerdict) -> Value {
    let longest = r.longest();
    let other = longest.with.filter(|with| Some(*with) != longest.without);
    let over = r.limit_mm.and_then(|limit| r.longest_mm.with?.checked_sub(limit)).filter(|mm| *mm > 0);
    let stops: Vec<String> = r
        .stops()
        .iter()
        .take(MOST_STOPS)
        .map(|s| format!("{}@{}{}", shown(&s.station), fixed(km(s.at_mm), 1), if s.is_sure { "" } else { "?" }))
        .collect();
    let missing: Vec<Both> = r.missing.iter().map(|m| Both::new(shown(&m[0]), shown(&m[1]))).collect();
    context! {
        road => shown(&r.road), verdict => Both::from(r.met.names()), bare => r.is_met_without_station(), word => r.met.as_str(),
        longest => one_km(r.longest_mm.without), longest_if => one_km(r.longest_mm.with),
        limit => one_km(r.limit_mm), over => over.map(|mm| fixed(km(mm), 1)),
        one_out => one_km(r.one_out_mm.without), driven => one_km(r.driven_mm.with),
        place => longest.without.map(place), place_if => other.map(place),
        stops => stops.join("; "), more => r.stops().len().saturating_sub(MOST_STOPS),
        missing => Both::list(&missing), lacks => !missing.is_empty(),
    }
}

/// A figure in the unit of a verdict.
fn figure(v: &CountyVerdict, value: Option<f64>) -> String {
    // a station whose power is not known may have any
    value.filter(|x| x.is_finite()).map_or(NONE.to_owned(), |x| match &*v.unit.to_string() {
        "mm" => fixed(x / 1e6, 1),
        "units" | "points" => grouped(x.round() as u64),
        _ => fixed(x, 1),
    })
}

fn verdict(o: &Run<'_>, pages: &Pages, v: &CountyVerdict) -> Value {
    let unit = match &*v.unit.to_string() {
        "mm" => Both::new("km", "公里"),
        "units" => Both::new("without a station", "个无站"),
        "points" => Both::new("points", "个枪"),
        other => Both::same(shown(other)),
    };
    let missing: Vec<Both> = v.missing.iter().map(|m| Both::new(shown(&m[0]), shown(&m[1]))).collect();
    let says = if v.text[1].is_empty() { &v.text[0] } else { &v.text[1] };
    context! {
        rule => shown(&format!("{} / {}", v.programme, v.rule)), says => Both::new(shown(&v.text[0]), shown(says)),
        verdict => Both::from(v.met.names()), bare => v.is_met_without_station(), word => v.met.as_str(),
        found => figure(v, v.found.without), found_if => figure(v, v.found.with), differ => v.found.without != v.found.with,
        asked => figure(v, v.asked), unit, missing => Both::list(&missing), lacks => !missing.is_empty(),
        ..county(o, pages, v.county as usize)
    }
}

#[cfg(test)]
mod tests {
    use crate::files::lang::Lang;
    use crate::page::report::fixture::{CHARGING_ONLY, outcome, outcome_with};
    use crate::page::report::report_html;

    /// Every road by its name; the limit is 10 miles, which the road of 38 km breaks with its one station 0.1 km from its western end.
    const RULES: &str = "[demand]\n[programme]\nprofiles = [\"us-nevi-2025\", \"cn-county-pilot-2024\"]\nroads = [\"*\"]\n\
        [programme.values.us-nevi-2025]\nspacing = 10\noff_road = 1\n";

    fn section<'h>(html: &'h str, id: &str) -> &'h str {
        html.split_once(&format!("<section id=\"{id}\"")).unwrap().1.split_once("</section>").unwrap().0
    }

    #[test]
    fn roads_have_a_map_and_a_row_each_and_their_names_are_text() {
        let html = report_html(&outcome_with(CHARGING_ONLY, RULES), "", Lang::En).unwrap();
        let roads = section(&html, "programmes");
        // one rule is about roads: a map with its own clip, the limit of 16.1 km, and the long road that is not met
        assert_eq!((roads.matches("<svg").count(), roads.matches("id=\"cgmap-panel-1\"").count()), (1, 1));
        assert!(roads.contains("16.1 km") && roads.contains("verdict not_met"), "{roads}");
        for live in ["<script", "<svg onload", "<img", "onerror=alert(3)>", "\u{202e}", "\0"] {
            assert!(!roads.contains(live), "{live}");
        }
        let svg = &roads[roads.find("<svg").unwrap()..roads.find("</svg>").unwrap() + 6];
        let doc = roxmltree::Document::parse(svg).unwrap();
        let broken = doc.descendants().filter(|n| n.has_attribute("stroke-dasharray")).count();
        assert!(broken >= 3, "verdicts are told apart by the line on the map and in the legend: {broken}");
        // rewards say that nothing new is there, and never a figure without what it was divided by
        assert!(roads.contains("cn-county-pilot-2024") && !roads.contains("NaN"));
        assert!(!report_html(&outcome(CHARGING_ONLY), "", Lang::En).unwrap().contains("id=\"programmes\""));
    }

    #[test]
    fn townships_stand_in_order_of_need_against_the_target() {
        let html = report_html(&outcome_with(CHARGING_ONLY, RULES), "", Lang::En).unwrap();
        let towns = section(&html, "towns");
        // of three places one has the station within 3 km by road
        assert!(towns.contains("2 are without") && towns.contains("乡乡全覆盖"), "{towns}");
        // the one with 900 people is short of most, before that of 50 with a station in it and that of unknown people
        let first = towns.find("agnp.exeb").unwrap();
        assert!(first < towns.find("Near").unwrap());
        // two counties: the ranking stays
        assert!(html.contains("<section id=\"rank\""));
        assert!(!report_html(&outcome(CHARGING_ONLY), "", Lang::En).unwrap().contains("id=\"towns\""));
    }
}
