//! Counties against every rule: roads in them, places, units, and power for vehicles.

use super::{Answers, JudgeGround};
use crate::access::within::{Within, within};
use crate::config::criteria::Metric;
use crate::config::vehicle_class::VehicleClass;
use crate::coverage::corridors::{Corridor, StopInterval};
use crate::network::search::{from_edge, nearest_site_within};
use crate::programme::{
    Answer, Both, CorridorInCounty, Met, Offer, Profile, Rule, Shape, Unit, Verdict, along_counties, each_place, each_unit,
    for_vehicles,
};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::BTreeMap;

/// A county held against a rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CountyVerdict {
    /// Number of the county.
    pub county: u32,
    /// Name of the programme.
    pub programme: String,
    /// Name of the rule.
    pub rule: String,
    /// What the rule says, in English and Chinese.
    pub text: [String; 2],
    /// The verdict.
    pub met: Met,
    /// If what cannot be told does not count, and if it does.
    pub both: Both<Met>,
    /// What was found, both ways.
    pub found: Both<Option<f64>>,
    /// What is asked for; none where the user has to set it.
    pub asked: Option<f64>,
    /// Of both: `mm`, `%`, `units`, `kW`, `points`.
    pub unit: Cow<'static, str>,
    /// What is missing, where it cannot be told.
    pub missing: Vec<[String; 2]>,
    /// The roads that it is of, each as it is in the county.
    pub roads: Vec<CountyRoad>,
}

/// A road as far as it touches a county.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CountyRoad {
    /// Its number.
    pub road: String,
    /// The verdict of the ways between stations that touch the county.
    pub met: Met,
    /// The longest of them without a station that counts, millimetres: it may begin and end beyond the county.
    pub longest_mm: Both<Option<u64>>,
    /// The limit, millimetres; none where the user has to set it.
    pub limit_mm: Option<u64>,
    /// What is missing, where it cannot be told.
    pub missing: Vec<[String; 2]>,
    /// No station that counts or may count stands on these ways: what is met is met as the road is shorter than the limit.
    #[serde(default)]
    pub bare: bool,
}

impl CountyVerdict {
    /// Whether it is met though nothing that counts, or may count, stands along any of its roads.
    pub fn is_met_without_station(&self) -> bool {
        self.met == Met::Met && !self.roads.is_empty() && self.roads.iter().all(|r| r.bare)
    }
}

/// Sites within the radius of each settlement, looked for once for all rules.
pub(super) type Near = OnceCell<Within>;

pub(super) fn of(
    g: &JudgeGround<'_>,
    rule: (&Profile, &Rule),
    (found, near): (&[Corridor], &Near),
    answers: &Answers,
) -> Vec<CountyVerdict> {
    let counties = 0..g.scene.codes.len() as u32;
    match rule.1.shape {
        Shape::Gap => roads(g, rule, found, answers),
        Shape::Reach => {
            let ways = ways(g, answers);
            counties.map(|c| row(rule, c, each_place(rule.0, rule.1, &ways[c as usize]).0)).collect()
        }
        Shape::Each => {
            let units = units(g, rule.1, near, answers);
            counties.map(|c| row(rule, c, each_unit(rule.0, rule.1, &units[c as usize]).0)).collect()
        }
        Shape::Ratio => {
            let mut here: Vec<Vec<(Offer, Answer)>> = vec![Vec::new(); g.scene.codes.len()];
            for (station, answer) in answers {
                let s = &g.scene.stations[*station as usize];
                let list = s.county.and_then(|c| here.get_mut(c as usize));
                list.into_iter().for_each(|list| list.push((Offer::of(&s.station), answer.clone())));
            }
            counties.map(|c| row(rule, c, vehicles(g, rule, &here[c as usize], c))).collect()
        }
    }
}

fn row((profile, rule): (&Profile, &Rule), county: u32, v: Verdict) -> CountyVerdict {
    CountyVerdict {
        county,
        programme: profile.name.clone(),
        rule: rule.name.clone(),
        text: [rule.text.clone(), rule.text_zh.clone()],
        met: v.met,
        both: v.both,
        found: v.measure.found,
        asked: v.measure.asked,
        unit: v.measure.unit.into(),
        missing: v.missing.iter().map(|m| m.names()).collect(),
        roads: Vec::new(),
    }
}

fn county_road((profile, rule): (&Profile, &Rule), v: &CorridorInCounty) -> CountyRoad {
    let longest = v.lines.iter().map(|(_, longest)| longest);
    let most = |of: fn(&Both<Option<StopInterval>>) -> Option<StopInterval>| {
        longest.clone().filter_map(|l| Some(of(l)?.length_mm())).max()
    };
    CountyRoad {
        road: v.reference.clone(),
        met: v.met,
        longest_mm: Both { without: most(|l| l.without), with: most(|l| l.with) },
        limit_mm: rule.limit.as_ref().and_then(|key| profile.length_mm(key)),
        missing: v.missing.iter().map(|m| m.names()).collect(),
        bare: v.bare,
    }
}

/// The roads that run in each county, together: as its worst line is. No row where no road of the rule runs in it.
fn roads(g: &JudgeGround<'_>, rule: (&Profile, &Rule), found: &[Corridor], answers: &Answers) -> Vec<CountyVerdict> {
    let mut by_county: BTreeMap<u32, Vec<CorridorInCounty>> = BTreeMap::new();
    for corridor in found {
        for (county, verdict) in along_counties(rule.0, rule.1, corridor, answers, g.scene.network) {
            by_county.entry(county).or_default().push(verdict);
        }
    }
    let own = by_county.into_iter().filter(|(county, _)| (*county as usize) < g.scene.codes.len());
    own.filter_map(|(county, judged)| worst_of(rule, county, &judged)).collect()
}

fn worst_of(rule: (&Profile, &Rule), county: u32, judged: &[CorridorInCounty]) -> Option<CountyVerdict> {
    let lines = || judged.iter().flat_map(|v| &v.lines).map(|l| &l.0);
    let most = |of: fn(&Verdict) -> Option<f64>| lines().filter_map(of).reduce(f64::max);
    let mut missing: Vec<[String; 2]> = judged.iter().flat_map(|v| &v.missing).map(|m| m.names()).collect();
    missing.sort();
    missing.dedup();
    let met = Met::worst(lines().map(|v| v.met))?;
    Some(CountyVerdict {
        met,
        both: Both { without: Met::worst(lines().map(|v| v.both.without))?, with: Met::worst(lines().map(|v| v.both.with))? },
        found: Both { without: most(|v| v.measure.found.without), with: most(|v| v.measure.found.with) },
        missing: if met == Met::CannotBeTold { missing } else { Vec::new() },
        roads: judged.iter().map(|v| county_road(rule, v)).collect(),
        ..row(rule, county, lines().next()?.clone())
    })
}

/// By county and place: the way to the nearest station that counts, and to the nearest that may count.
fn ways(g: &JudgeGround<'_>, answers: &Answers) -> Vec<Vec<Vec<(u64, Answer)>>> {
    let scene = g.scene;
    let sites = |with: bool| -> Vec<(u32, u32)> {
        let counts = |s: &&crate::place::Site| answers.get(&s.station).is_some_and(|a| a.counts(with));
        scene.sites.iter().filter(counts).map(|s| (s.station, s.node)).collect()
    };
    let reach = [false, true].map(|with| nearest_site_within(scene.network, &sites(with), Metric::Distance, u32::MAX));
    let mut all = vec![Vec::new(); scene.codes.len()];
    let mut placed = scene.placed.iter();
    for s in scene.settlements {
        let mut ways = Vec::new();
        if let Some(place) = s.snapped.and_then(|_| placed.next()) {
            let e = &scene.network.edges()[place.edge as usize];
            for reach in &reach {
                let way = from_edge(reach.cost(e.tail), reach.cost(e.head), place.offset_mm, e.length_mm, e.oneway);
                if let Some((mm, ahead)) = way {
                    let station = reach.label(if ahead { e.head } else { e.tail });
                    ways.extend(answers.get(&station).map(|a| (u64::from(mm), a.clone())));
                }
            }
        }
        all.get_mut(s.county as usize).into_iter().for_each(|list: &mut Vec<_>| list.push(ways.clone()));
    }
    all
}

/// By county: its units with the answers of the stations in them; nothing where the units are not given.
fn units(g: &JudgeGround<'_>, rule: &Rule, near: &Near, answers: &Answers) -> Vec<Vec<Vec<Answer>>> {
    let scene = g.scene;
    let mut all: Vec<Vec<Vec<Answer>>> = vec![Vec::new(); scene.codes.len()];
    let of_county = |all: &mut Vec<Vec<Vec<Answer>>>| {
        all.iter_mut().for_each(|c| c.push(Vec::new()));
        for (station, answer) in answers {
            let county = scene.stations[*station as usize].county.and_then(|c| all.get_mut(c as usize));
            county.into_iter().for_each(|c| c[0].push(answer.clone()));
        }
    };
    match rule.unit {
        Some(Unit::County) => of_county(&mut all),
        Some(Unit::Township) => {
            let near = near.get_or_init(|| {
                let nodes: Vec<u32> = scene.sites.iter().map(|s| s.node).collect();
                let limit = scene.criteria.serving.settlement_radius_mm;
                within(scene.network, (&nodes, Metric::Distance), scene.placed, limit)
            });
            let mut place = 0;
            for s in scene.settlements {
                let mut here = Vec::new();
                if s.snapped.is_some() {
                    let stations = near.of(place).iter().map(|(site, _)| scene.sites[*site as usize].station);
                    here.extend(stations.filter_map(|station| answers.get(&station).cloned()));
                    place += 1;
                }
                all.get_mut(s.county as usize).into_iter().for_each(|list| list.push(here.clone()));
            }
        }
        _ => {}
    }
    all
}

/// Power or points of a county for its vehicles. By kind they are what `[programme.figures]` gives of the county itself; `bev`, light-duty
/// vehicles with a battery, are else those of `[demand]`, cars, taxis and vans, where it knows them all: where they are counted by people and
/// those of some settlement are not known, nor are the vehicles, as fewer of them would be a better figure. Buses and trucks are none of them.
fn vehicles(g: &JudgeGround<'_>, (profile, rule): (&Profile, &Rule), stations: &[(Offer, Answer)], county: u32) -> Verdict {
    let known = g.balance.counties.get(county as usize);
    let bev = |b: &crate::balance::CountyBalance| -> f64 {
        VehicleClass::ALL.iter().filter(|c| c.is_light_duty()).map(|c| b.basis.vehicles[*c as usize]).sum()
    };
    let counted = known.filter(|b| b.are_vehicles_complete()).map(|b| ("bev".to_owned(), bev(b)));
    let code = &g.scene.codes[county as usize];
    let given = rule.per.iter().filter_map(|p| Some((p.vehicles.clone(), g.table.own_figure(code, &p.vehicles)?)));
    let vehicles: BTreeMap<String, f64> = counted.into_iter().chain(given).collect(); // what is given goes before
    for_vehicles(profile, rule, stations, &vehicles)
}
