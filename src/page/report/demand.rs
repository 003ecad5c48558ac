//! Demand, load and the power that is short, for the report: by county, with a station that was tried, the figures it all rests on, and
//! what known programmes and swap stations have beside it.

use super::MOST_ROWS;
use super::head::county;
use crate::balance::{CountyBalance, CountyDay, CountyTrial, StationBalance, TrialDay, TrialPlace};
use crate::config::Service;
use crate::config::demand::{Basis, Day, Demand, Figure};
use crate::config::vehicle_class::VehicleClass;
use crate::files::lang::Both;
use crate::files::messages::both as said;
use crate::files::text::{NONE, fixed, grouped, shown_share};
use crate::files::units::with_unit;
use crate::page::county::Pages;
use crate::page::i18n::shown;
use crate::programme::embedded;
use crate::read::station::Station;
use crate::results::Run;
use crate::supply;
use minijinja::{Value, context};
use std::collections::BTreeMap;

/// Swaps a day of a station of NIO, from the mean of a month to a record day.
const NIO: (f64, f64) = (29.0, 42.0);

/// The section; none where nothing is asked for by `[demand]`.
pub fn demand(o: &Run<'_>, pages: &Pages) -> Value {
    let Some(demand) = &o.criteria.demand else { return Value::from(()) };
    let all: Vec<(usize, &CountyBalance)> =
        o.members.iter().enumerate().filter_map(|(i, m)| Some((i, m.result.balance.as_ref()?))).collect();
    let shown_rows = || all.iter().take(MOST_ROWS);
    let tried: Vec<Value> = shown_rows().filter_map(|(i, b)| Some(trial(o, pages, *i, b.trial.as_ref()?))).collect();
    let reach = f64::from(demand.reach_mm) / 1e6;
    context! {
        ordinary => total(&all, Day::Ordinary),
        holiday => total(&all, Day::Holiday),
        target => target(demand, &all),
        totals => demand.days().into_iter().map(|(d, _)| context! { name => day_name(demand, d), of => total(&all, d) }).collect::<Vec<_>>(),
        reach => fixed(reach, if reach.fract() == 0.0 { 0 } else { 1 }),
        towns => grouped(all.iter().map(|(_, b)| b.towns).sum()),
        without => grouped(all.iter().map(|(_, b)| b.towns - b.towns_with).sum()),
        unknown => unknown(&all),
        rows => shown_rows().map(|(i, b)| row(o, pages, (demand, *i), b)).collect::<Vec<_>>(),
        capped => all.len() > MOST_ROWS,
        shown => grouped(all.len().min(MOST_ROWS) as u64),
        n => grouped(all.len() as u64),
        tried => !tried.is_empty(),
        trials => tried,
        station => all.iter().find_map(|(_, b)| b.trial.as_ref()).map(|t| station(t, demand)),
        swaps => swaps_asked(demand, &all),
        hydrogen => hydrogen(demand, &all),
        gap => gap(&all),
        notes => notes(o, demand, &all),
        figures => figures(demand),
    }
}

/// A county on a day.
pub(crate) fn on(b: &CountyBalance, day: Day) -> Option<&CountyDay> {
    b.days.iter().find(|d| d.day == day)
}

/// kW and kWh in whole numbers: what is below one is said to be.
pub(crate) fn whole(v: f64) -> String {
    if v > 0.0 && v < 0.5 { "< 1".to_owned() } else { grouped(v.round().max(0.0) as u64) }
}

/// Minutes with one decimal.
pub(crate) fn minutes(v: Option<f64>) -> String {
    v.map_or(NONE.to_owned(), |m| if m > 0.0 && m < 0.05 { "< 0.1".to_owned() } else { fixed(m, 1) })
}

/// How many settlements are in no sum, as nobody knows what they ask for; none where there are none.
pub(crate) fn unknown(all: &[(usize, &CountyBalance)]) -> Option<String> {
    Some(all.iter().map(|(_, b)| b.towns_unknown).sum()).filter(|n: &u64| *n > 0).map(grouped)
}

/// The sums of a day.
pub(crate) fn total(all: &[(usize, &CountyBalance)], day: Day) -> Value {
    let sum = |of: fn(&CountyDay) -> f64| all.iter().filter_map(|(_, b)| on(b, day)).map(of).sum::<f64>();
    let rated: f64 = all.iter().map(|(_, b)| b.supply.rated_kw).sum();
    let hour = all.iter().find_map(|(_, b)| on(b, day)).map_or(0, |d| d.worst_hour);
    context! {
        asked => whole(sum(|d| d.asked.plug_total_kwh())),
        short => whole(sum(|d| d.short_kw)),
        bare => whole(sum(|d| d.no_charger_kw)),
        unserved => whole(sum(|d| d.unserved_kwh)),
        hour => format!("{hour}:00"),
        rated => whole(rated), wait => String::new(),
        utilisation => if rated > 0.0 { shown_share(sum(|d| d.delivered_kwh) / (rated * 24.0)) } else { NONE.to_owned() },
    }
}

/// The target year with its sums; none where none is asked for.
pub(crate) fn target(demand: &Demand, all: &[(usize, &CountyBalance)]) -> Option<Value> {
    let (year, factor) = demand.target?;
    Some(context! { year, factor => format!("{factor}"), of => total(all, Day::Target) })
}

/// A day for people; of the target with its year.
fn day_name(demand: &Demand, day: Day) -> Both {
    let [en, zh] = day.names();
    match demand.target.filter(|_| day == Day::Target) {
        Some((year, _)) => Both::new(format!("{en} {year}"), format!("{zh}（{year} 年）")),
        None => Both::new(en, zh),
    }
}

fn row(o: &Run<'_>, pages: &Pages, (demand, i): (&Demand, usize), b: &CountyBalance) -> Value {
    let whole = |v: f64| if b.is_known() { whole(v) } else { NONE.to_owned() };
    let day = |(day, _): (Day, f64)| {
        on(b, day).map(|d| {
            context! {
                name => day_name(demand, day),
                asked => whole(d.asked.plug_total_kwh()),
                short => whole(d.short_kw),
                bare => whole(d.no_charger_kw),
                unserved => whole(d.unserved_kwh),
                wait => minutes(d.wait_min),
                utilisation => d.utilisation.map_or(NONE.to_owned(), shown_share),
            }
        })
    };
    context! {
        days => demand.days().into_iter().filter_map(day).collect::<Vec<_>>(),
        rated => self::whole(b.supply.rated_kw),
        has => grouped(b.towns_with),
        without => grouped(b.towns - b.towns_with),
        no_power => Some(b.supply.unknown).filter(|n| *n > 0).map(grouped), assumed_power => Some(b.supply.assumed).filter(|n| *n > 0).map(grouped),
        known => b.is_known(), unknown => Some(b.towns_unknown).filter(|n| *n > 0).map(grouped),
        ..county(o, pages, i)
    }
}

/// The days on which swaps are asked for, with those turned away.
fn swaps_asked(demand: &Demand, all: &[(usize, &CountyBalance)]) -> Vec<Value> {
    let one = |(day, _): (Day, f64)| {
        let sum = |of: fn(&CountyDay) -> f64| all.iter().filter_map(|(_, b)| on(b, day)).map(of).sum::<f64>();
        let asked = sum(|d| d.asked.swap_total_kwh());
        (asked > 0.0).then(|| {
            context! {
                name => day_name(demand, day), asked => whole(sum(|d| d.swaps.asked)),
                away => whole(sum(|d| d.swaps.turned_away)), bare => whole(sum(|d| d.swaps.none_kwh)),
            }
        })
    };
    demand.days().into_iter().filter_map(one).collect()
}

/// The days on which hydrogen is asked for, with what the stations of the same county leave unserved.
fn hydrogen(demand: &Demand, all: &[(usize, &CountyBalance)]) -> Vec<Value> {
    let unknown = all.iter().map(|(_, b)| b.supply.hydrogen_unknown).sum::<u64>();
    let one = |(day, _): (Day, f64)| {
        let asked = |b: &CountyBalance| on(b, day).map_or(0.0, |d| d.asked.hydrogen_kg);
        let sum: f64 = all.iter().map(|(_, b)| asked(b)).sum();
        let lacks: f64 = all.iter().map(|(_, b)| (asked(b) - b.supply.hydrogen_kg_day).max(0.0)).sum();
        (sum > 0.0).then(|| {
            context! {
                name => day_name(demand, day), asked => whole(sum), lacks => whole(lacks),
                unknown => Some(unknown).filter(|n| *n > 0).map(grouped),
            }
        })
    };
    demand.days().into_iter().filter_map(one).collect()
}

fn station(t: &CountyTrial, demand: &Demand) -> Value {
    let kw = t.rated_kw / f64::from(t.guns.max(1));
    let new = Station { charging: true, points: Some(t.guns), power_kw: Some(kw), ..Station::default() };
    let gives = supply::of(&new, &demand.supply).guns.map_or(0.0, |guns| guns.day_kwh());
    context! {
        guns => grouped(t.guns.into()),
        kw => fixed(kw, if kw.fract() == 0.0 { 0 } else { 1 }),
        rated => whole(t.rated_kw),
        possible => whole(t.rated_kw * 24.0), gives => whole(gives),
    }
}

fn trial(o: &Run<'_>, pages: &Pages, i: usize, t: &CountyTrial) -> Value {
    let short = |d: &TrialDay, k: usize| d.short_kw.map_or(NONE.to_owned(), |kw| whole(kw[k]));
    let day = |day: Day| {
        t.on(day).map(|d| {
            let told = |figure: f64| d.told(figure).map_or(NONE.to_owned(), whole);
            context! {
                name => Both::from(day.names()),
                kwh => told(d.kwh),
                new => told(d.new_kwh),
                sessions => told(d.sessions),
                utilisation => d.told(d.utilisation).map_or(NONE.to_owned(), shown_share),
                wait => minutes(d.wait_min),
                before => short(d, 0),
                after => short(d, 1),
            }
        })
    };
    let place = match t.place {
        TrialPlace::DeadStretch => Both::new("middle of the longest dead stretch", "最长空白路段中点"),
        TrialPlace::Settlement if t.nothing_short => Both::new("first in the order of need", "需求次序最前的居民点"),
        TrialPlace::Settlement => Both::new("settlement with the most kW short", "缺口功率最大的居民点"),
    };
    context! {
        nothing_short => t.nothing_short, place, place_name => shown(&t.names[0]), place_name_zh => shown(&t.names[1]),
        named => t.names.iter().any(|n| !n.is_empty()),
        days => [Day::Ordinary, Day::Holiday].into_iter().filter_map(day).collect::<Vec<_>>(),
        ..county(o, pages, i)
    }
}

/// How far the assignments are from an equilibrium at most, over all days.
fn gap(all: &[(usize, &CountyBalance)]) -> Value {
    let days = || all.iter().flat_map(|(_, b)| &b.days);
    let [gap, excess] = days().fold([0.0_f64; 2], |most, d| [most[0].max(d.gap), most[1].max(d.excess_s)]);
    context! { relative => format!("{gap:.1e}"), excess => if excess < 0.01 { "< 0.01".to_owned() } else { fixed(excess, 2) } }
}

/// What a county has on the mean in the plans of 2025, as the profile of that round says.
struct Plan {
    piles: f64,
    kw: f64,
    standard_piles: f64,
    swap_stations: f64,
}

impl Plan {
    fn of_2025() -> Option<Self> {
        let profile = embedded("cn-county-pilot-2025").ok()?;
        let number = |key: &str| profile.number(key);
        Some(Self {
            piles: number("county_facilities")?,
            kw: number("county_kw")?,
            standard_piles: number("county_standard_piles")?,
            swap_stations: number("round_swap_stations")? / number("quota_counties")?,
        })
    }
}

/// Results that leave what is known of plans and of swap stations, above or below, each as a sentence.
fn notes(o: &Run<'_>, demand: &Demand, all: &[(usize, &CountyBalance)]) -> Vec<Value> {
    let names = |of: &dyn Fn(usize, &CountyBalance) -> bool| {
        Both::list(&all.iter().filter(|(i, b)| of(*i, b)).map(|(i, _)| name(o, *i)).collect::<Vec<_>>())
    };
    let unknown = names(&|_, b| !b.is_known());
    let swaps = Both::join(&swaps(o, demand), ["; ", "；"]);
    let mut lists = vec![("dm_note_unknown", unknown)];
    let plan = Plan::of_2025();
    if let Some(plan) = &plan {
        // a figure of each county beside that of the plans; none where there is nothing to be held against it
        let sides = |of: &dyn Fn(usize, &CountyBalance) -> Option<f64>, plan: f64| {
            let more = names(&|i, b| of(i, b).is_some_and(|v| v > plan));
            let less = names(&|i, b| of(i, b).is_some_and(|v| v < plan));
            let words = [(more, ["more in", "高于此："]), (less, ["less in", "低于此："])];
            let said = words.into_iter().filter(|(list, _)| !list.en.is_empty());
            let said = said.map(|(list, [en, zh])| Both::new(format!("{en} {}", list.en), format!("{zh}{}", list.zh)));
            Both::join(&said.collect::<Vec<_>>(), ["; ", "；"])
        };
        // half a kilowatt is nothing short
        lists.push(("dm_note_short", sides(&|_, b| b.worst_short_kw().filter(|kw| *kw >= 0.5), plan.kw)));
        lists.push(("dm_note_guns", sides(&|_, b| Some(b.supply.guns as f64), plan.piles)));
        lists.push(("dm_note_stands", sides(&|_, b| Some(b.supply.rated_kw), plan.kw)));
        let swapping = |i: usize| o.members[i].result.books(Service::Swap).map(|books| books.stations as f64);
        lists.push(("dm_note_swap_stations", sides(&|i, _| swapping(i), plan.swap_stations)));
        let piles = new_piles(o);
        lists.push(("dm_note_piles", sides(&|i, _| piles.get(&(i as u32)).copied(), plan.standard_piles)));
    }
    lists.push(("dm_note_swaps", swaps));
    let plan = plan.map(|p| {
        context! {
            piles => fixed(p.piles, 0), mw => fixed(p.kw / 1000.0, 0), standard => fixed(p.standard_piles, 0),
            swaps => fixed(p.swap_stations, 1),
        }
    });
    let note = |(key, list): (&str, Both)| context! { key, list, plan => plan.clone() };
    lists.into_iter().filter(|(_, list)| !list.en.is_empty()).map(note).collect()
}

/// Standard piles of the facilities that a programme counts, of counties that have any, as the first programme that knows them counts.
fn new_piles(o: &Run<'_>) -> BTreeMap<u32, f64> {
    let mut all = BTreeMap::new();
    for reward in &o.needs.judged.rewards {
        let figures = reward.figures.as_ref().filter(|f| f.facilities > 0);
        if let Some(new) = figures.and_then(|f| f.piles.as_ref()) {
            all.entry(reward.county).or_insert(new.with.known());
        }
    }
    all
}

fn name(o: &Run<'_>, i: usize) -> Both {
    let c = o.county(i);
    let en = if c.name.is_empty() { &c.code } else { &c.name };
    Both::new(shown(en), shown(if c.name_zh.is_empty() { en } else { &c.name_zh }))
}

/// Swap stations that make, or can make, less or more swaps a day than those of NIO; what they make only where anybody asks for swaps.
fn swaps(o: &Run<'_>, demand: &Demand) -> Vec<Both> {
    let scene = &o.whole.scene;
    let asked = o.needs.balance.counties.iter().filter_map(|b| on(b, Day::Ordinary)).any(|d| d.asked.swap_total_kwh() > 0.0);
    let made = |l: &StationBalance| {
        let day = l.days.iter().find(|d| d.day == Day::Ordinary)?.swaps?;
        Some(day.asked - day.turned_away)
    };
    let made: Vec<f64> = if asked { o.needs.balance.loads.iter().filter_map(made).collect() } else { Vec::new() };
    let swapping = scene.stations.iter().filter(|s| s.used && s.station.swap);
    let can: Vec<f64> = swapping.filter_map(|s| Some(supply::of(&s.station, &demand.supply).swap?.swaps_day)).collect();
    let words = [
        (&made, [["makes", "make"], ["makes", "make"]], ["座换电站实际次数低于此", "座换电站实际次数高于此"]),
        (&can, [["can give", "can give"], ["could give", "could give"]], ["座换电站能力低于此", "座换电站能力高于此"]),
    ];
    let mut said = Vec::new();
    for (list, en, zh) in words {
        let [below, above]: [&dyn Fn(f64) -> bool; 2] = [&|d| d < NIO.0, &|d| d > NIO.1];
        for (k, of) in [below, above].into_iter().enumerate() {
            let beyond: Vec<f64> = list.iter().copied().filter(|d| of(*d)).collect();
            if beyond.is_empty() {
                continue;
            }
            let [least, most] =
                [beyond.iter().copied().fold(f64::INFINITY, f64::min), beyond.iter().copied().fold(0.0, f64::max)]
                    .map(|d| fixed(d, 1));
            let (n, range) = (beyond.len(), if least == most { least } else { format!("{least} – {most}") });
            let station = if n == 1 { format!("1 swap station {}", en[k][0]) } else { format!("{n} swap stations {}", en[k][1]) };
            let amount = ["fewer", "more"][k];
            said.push(Both::new(format!("{station} {amount} ({range})"), format!("{n} {}（{range}）", zh[k])));
        }
    }
    said
}

/// The figures that it rests on, by where they come from.
fn figures(demand: &Demand) -> Value {
    let count = |basis: Basis| grouped(demand.figures.iter().filter(|f| f.basis == basis).count() as u64);
    let figure = |f: &Figure| {
        let basis = match f.basis {
            Basis::Given => Both::new("given", "给定"),
            Basis::Source => Both::new("source", "有出处"),
            Basis::Assumption => Both::new("assumption", "假定"),
        };
        context! { key => said(&f.key), value => with_unit(f.value, f.unit), basis, assumed => f.basis == Basis::Assumption, source => said(f.source) }
    };
    context! {
        given => count(Basis::Given),
        source => count(Basis::Source),
        assumption => count(Basis::Assumption),
        hours => (0..24).collect::<Vec<u32>>(),
        profiles => profiles(demand),
        rows => demand.figures.iter().map(figure).collect::<Vec<_>>(),
    }
}

/// Shares of the hours of a day by class, in per cent; the largest of each are marked.
fn profiles(demand: &Demand) -> Vec<Value> {
    let one = |class: VehicleClass| {
        let hours = &demand.hourly[class as usize];
        let most = hours.iter().copied().fold(0.0, f64::max);
        let hour =
            |share: &f64| context! { share => fixed(share * 100.0, 1), most => *share >= most && most > 1.0 / 24.0 + 1e-9 };
        context! { class => Both::from(class.names()), hours => hours.iter().map(hour).collect::<Vec<_>>() }
    };
    VehicleClass::ALL.into_iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::lang::Lang;
    use crate::page::report::fixture::{CHARGING_ONLY, outcome, outcome_with};
    use crate::page::report::report_html;

    fn text(v: &Value, path: &[&str]) -> String {
        path.iter().fold(v.clone(), |v, key| v.get_attr(key).unwrap()).to_string()
    }

    #[test]
    fn what_is_asked_and_short_is_that_of_the_places() {
        let o = outcome_with(CHARGING_ONLY, "[demand]\n");
        let d = demand(&o, &Pages::of(o.results));
        // 950 people × 26.2 cars a thousand × 35 km × 0.151 kWh/km × 0.3 in public = 39.5 kWh; of three places one has a station in it, of
        // which neither guns nor power are known: all is short, and without a charger
        assert_eq!(
            (text(&d, &["ordinary", "asked"]), text(&d, &["without"]), text(&d, &["towns"])),
            ("39".into(), "2".into(), "3".into())
        );
        assert_eq!(text(&d, &["ordinary", "short"]), text(&d, &["ordinary", "bare"]));
        // 39.5 kWh × 8.0 / 98 of a day's curve = 3 kW in the worst hour; 2.59 times that on the holiday
        assert_eq!((text(&d, &["ordinary", "short"]), text(&d, &["holiday", "short"])), ("3".into(), "8".into()));
        assert_eq!((text(&d, &["station", "kw"]), text(&d, &["station", "possible"])), ("120".into(), grouped(11_520)));
        // 8 kW are less than 40 MW; neither guns nor power are known of what stands, and no swap station stands: told beside the plans
        let notes: Vec<String> = d.get_attr("notes").unwrap().try_iter().unwrap().map(|n| text(&n, &["key"])).collect();
        assert_eq!(notes, ["dm_note_short", "dm_note_guns", "dm_note_stands", "dm_note_swap_stations"]);
    }

    #[test]
    fn the_section_is_there_where_demand_is_asked_for_and_its_names_are_text() {
        let html = report_html(&outcome_with(CHARGING_ONLY, "[demand]\n"), "", Lang::En).unwrap();
        let section = html.split_once("<section id=\"demand\"").unwrap().1.split_once("</section>").unwrap().0;
        assert!(section.contains("Demand, load and power short") && section.contains("需求、负荷与功率缺口"));
        assert!(section.contains("demand.trial.gun_kw") && section.contains("未找到中国县域的数据"));
        for live in ["<script", "<svg onload", "<img"] {
            assert!(!section.contains(live), "{live}");
        }
        assert!(!report_html(&outcome(CHARGING_ONLY), "", Lang::En).unwrap().contains("id=\"demand\""));
    }
}
