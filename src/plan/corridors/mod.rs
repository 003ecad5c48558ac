//! Sites along roads, so that no way without a station is too long: which roads, which stations count there, where candidates stand on them, and
//! the fewest that close what can be closed. They are in the plan before all else.

mod made;
mod solve;

pub(super) use made::along_roads;
pub use solve::{GapAsked, GapProof, LineGroup, PlanLine, fewest_along, longest, met, stretches};

use super::candidates::CandidateSite;
use super::ground::PlanNet;
use super::promise::new_station;
use super::site_plan::PlanGround;
use crate::config::Service;
use crate::config::plan::Extent;
use crate::config::plan_corridors::PlanCorridorsAsked;
use crate::county::Cut;
use crate::coverage::corridors::{Corridor, CorridorLine, CorridorsAsked, corridors, unmet_roads};
use crate::error::{Error, Location, Result};
use crate::issue::{IssueCode, Issues, Layer};
use crate::network::RoadNetwork;
use crate::place::{Site, StationOut};
use crate::programme::{Answer, Missing, Offer, Profile, Rule, Shape, qualifies};
use crate::read::road::Names;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Roads with the sites that close them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanCorridors {
    /// Directions of parts of roads with the places on them; candidates by number.
    pub lines: Vec<PlanLine>,
    /// Lines that share candidates, each with its answer.
    pub groups: Vec<LineGroup>,
    /// No longer way without a station was asked for, millimetres.
    pub most_mm: u64,
    /// How far off a road a station counts, millimetres.
    pub off_road_mm: u32,
    /// Any one station may be out.
    pub one_out: bool,
    /// What a rule asks of stations that a plan does not say of its own: field or value, in English and Chinese.
    pub missing: Vec<[String; 2]>,
}

impl PlanCorridors {
    /// The sites that are built for roads, sorted.
    pub fn sites(&self) -> Vec<u32> {
        let mut all: Vec<u32> = self.groups.iter().flat_map(|g| g.sites.iter().copied()).collect();
        all.sort_unstable();
        all
    }

    /// Numbers of the roads for which a site is built, each once; none where it is not built for one.
    pub fn roads_of(&self, site: u32) -> Vec<&str> {
        let groups = self.groups.iter().filter(|g| g.sites.contains(&site));
        let lines = groups.flat_map(|g| &g.lines).map(|l| &self.lines[*l as usize]);
        let roads: BTreeSet<&str> = lines.filter(|l| l.candidates.iter().any(|c| c.1 == site)).map(|l| l.road.as_str()).collect();
        roads.into_iter().collect()
    }

    /// Places of stations on a line; with some candidates too.
    pub fn places(&self, line: usize, with: &dyn Fn(u32) -> bool) -> Vec<u64> {
        let line = &self.lines[line];
        let new = line.candidates.iter().filter(|c| with(c.1)).map(|c| c.0);
        line.stations.iter().map(|s| s.0).chain(new).collect()
    }
}

/// What is asked, with what the rule says.
pub(super) struct Resolved<'a> {
    pub asked: &'a PlanCorridorsAsked,
    pub gap_mm: u64,
    off_road_mm: u32,
    rule: Option<(&'a Profile, &'a Rule)>,
    service: Service,
    roads: Option<Vec<String>>,
}

impl<'a> Resolved<'a> {
    /// None where no corridors are asked for.
    ///
    /// # Errors
    /// Usage, for a rule that is not there or says no length, and for roads that are not there.
    pub fn of(g: &PlanGround<'a>) -> Result<Option<Self>> {
        let Some(asked) = &g.asked.corridors else { return Ok(None) };
        let rule = rule(asked, g.needs.0.profiles)?;
        let of_rule = rule.and_then(|(p, r)| p.length_mm(r.limit.as_ref()?));
        let Some(gap_mm) = asked.gap_mm.or(of_rule) else {
            let next = "give [plan.corridors] longest_gap_km, or the value of the programme";
            return refuse("longest_gap_km", "the rule leaves the longest way to the user".to_owned(), next);
        };
        // without a limit of its own a rule takes stations as far as they are looked for; one whose value nobody set takes those on the road
        let off = rule.map(|(p, r)| match &r.off_road {
            Some(key) => p.length_mm(key).unwrap_or(0),
            None => CorridorsAsked::default().off_road_mm.into(),
        });
        let roads = asked.roads.clone().or_else(|| g.needs.0.table.roads.clone());
        let network = &g.scene.network;
        let named = network.edges().iter().map(|e| (e.name, e.reference));
        if let Some(road) = asked.roads.as_ref().and_then(|roads| unmet_roads(named, g.names, roads).into_iter().next()) {
            let next = "give numbers or names as the road layer has them";
            return refuse("roads", format!("no road is \"{road}\""), next);
        }
        Ok(Some(Self { asked, gap_mm, off_road_mm: asked.off_road_mm(off), rule, service: g.asked.service, roads }))
    }

    /// Whether a station counts for sure.
    fn counts(&self, s: &StationOut, offers: bool) -> bool {
        match self.rule {
            Some((profile, rule)) => qualifies(profile, &rule.filter, &Offer::of(&s.station)).counts(false),
            None => offers,
        }
    }

    fn found(
        &self,
        network: &RoadNetwork,
        names: &Names,
        sites: &[Site],
        goes_on: &(dyn Fn(u32) -> bool + Sync),
    ) -> Vec<Corridor> {
        let asked =
            CorridorsAsked { roads: self.roads.clone(), off_road_mm: self.off_road_mm.max(1), ..CorridorsAsked::default() };
        corridors(network, names, sites, &asked, goes_on)
    }

    /// Those of some sites that count.
    fn counting(&self, sites: &[Site], stations: &[StationOut]) -> Vec<Site> {
        let counts = |s: &&Site| self.counts(&stations[s.station as usize], s.offers(self.service));
        sites.iter().filter(counts).copied().collect()
    }

    /// Places of stations on a line by number, those that are near enough.
    fn near<'l>(&self, line: &'l CorridorLine) -> impl Iterator<Item = (u64, u32)> + use<'l> {
        let most = self.off_road_mm;
        line.stops.iter().filter(move |s| s.to_mm <= most).map(|s| (s.at_mm, s.station))
    }
}

fn refuse<T>(key: &str, what: String, next: &str) -> Result<T> {
    Err(Error::usage(what, next).at(Location::default().field(format!("plan.corridors.{key}"))))
}

/// The rule that is named; the first about ways along roads where only the programme is.
fn rule<'a>(asked: &PlanCorridorsAsked, profiles: &'a [Profile]) -> Result<Option<(&'a Profile, &'a Rule)>> {
    let Some((programme, name)) = &asked.rule else { return Ok(None) };
    let Some(profile) = profiles.iter().find(|p| p.name == *programme) else {
        let next = "add it to [programme] profiles, or name one of those";
        return refuse("rule", format!("programme \"{programme}\" is not among those of [programme]"), next);
    };
    let fits = |r: &&Rule| r.shape == Shape::Gap && name.as_ref().is_none_or(|n| r.name == *n);
    match profile.rules.iter().find(fits) {
        Some(rule) => Ok(Some((profile, rule))),
        None => {
            let what = format!("programme \"{programme}\" has no such rule about ways along roads");
            refuse("rule", what, "name a rule of shape gap: chargegap programme NAME shows them")
        }
    }
}

/// Finds the sites; `open` are candidates on a road, as places in the list of all with their nodes.
pub(super) fn close(
    g: &PlanGround<'_>,
    asked: &Resolved<'_>,
    (net, open): (&PlanNet, &[(usize, u32)]),
    candidates: &[CandidateSite],
    issues: &mut Issues,
) -> Result<PlanCorridors> {
    let missing = missing(g, asked)?;
    let stations = &g.scene.stations;
    let base = stations.len() as u32;
    let mut sites = asked.counting(&net.sites, stations);
    let new = |(i, node): &(usize, u32)| Site { station: base + *i as u32, node: *node, offers: Default::default() };
    sites.extend(open.iter().map(new));
    let (mut lines, cut) = (Vec::new(), Cut::new(&net.network, g.locate));
    for corridor in asked.found(&net.network, g.names, &sites, &|v| cut.goes_on(v)) {
        for (part, p) in (1u32..).zip(&corridor.parts) {
            for (direction, line) in (1u32..).zip(&p.lines) {
                let id = |s: u32| stations[s as usize].station.id.clone();
                let near: Vec<(u64, u32)> = asked.near(line).collect();
                lines.push(PlanLine {
                    road: corridor.reference.clone(),
                    part,
                    direction,
                    length_mm: line.length_mm,
                    closed: line.closed,
                    cut: line.open,
                    stations: near.iter().filter(|s| s.1 < base).map(|(at, s)| (*at, id(*s))).collect(),
                    candidates: near.iter().filter(|s| s.1 >= base).map(|(at, s)| (*at, s - base)).collect(),
                });
            }
        }
    }
    if lines.is_empty() {
        return refuse("roads", "there is no road to plan along".to_owned(), "name roads by their numbers or names");
    }
    let inside: BTreeSet<u32> = open.iter().filter(|c| candidates[c.0].locked == Some(true)).map(|c| c.0 as u32).collect();
    let money = matches!(g.asked.extent, Extent::Budget(_));
    let costs: Option<Vec<u64>> = money.then(|| candidates.iter().map(|c| c.cost.unwrap_or(0)).collect());
    let none = BTreeSet::new();
    let (most_mm, one_out) = (asked.gap_mm, asked.asked.one_out);
    let groups = fewest_along(&lines, &GapAsked { most_mm, one_out, costs: costs.as_deref(), inside: &inside, out: &none });
    let found = PlanCorridors { lines, groups, most_mm, off_road_mm: asked.off_road_mm, one_out, missing };
    tell_open(&found, issues);
    Ok(found)
}

/// What the rule asks for that is not known of a station of the plan.
fn missing(g: &PlanGround<'_>, asked: &Resolved<'_>) -> Result<Vec<[String; 2]>> {
    let Some((profile, rule)) = asked.rule else { return Ok(Vec::new()) };
    let station = new_station(&CandidateSite::default(), g.asked.service, g.asked.station);
    match qualifies(profile, &rule.filter, &Offer::of(&station)) {
        Answer::Yes => Ok(Vec::new()),
        Answer::CannotBeTold(fields) => Ok(fields.iter().map(Missing::names).collect()),
        Answer::No(_) => {
            let what = format!("a station of the plan would not count for \"{}\" of {}", rule.name, profile.name);
            refuse("rule", what, "give [plan] guns, gun_kw and service that the rule counts")
        }
    }
}

/// Names stretches that stay too long with every candidate.
fn tell_open(found: &PlanCorridors, issues: &mut Issues) {
    for (i, line) in found.lines.iter().enumerate() {
        let km = |mm: u64| format!("{:.1}", mm as f64 / 1e6);
        let all = found.places(i, &|_| true);
        let open: Vec<(u64, u64)> =
            stretches(line, all, found.one_out).into_iter().filter(|(a, b)| b - a > found.most_mm).collect();
        if let Some((from, to)) = open.iter().max_by_key(|(a, b)| (b - a, std::cmp::Reverse(*a))) {
            let what = format!(
                "{} {}.{}: no candidate closes {} of its ways, the longest from km {} to km {}",
                line.road,
                line.part,
                line.direction,
                open.len(),
                km(*from),
                km(*to)
            );
            issues.push(Layer::Plan, IssueCode::CorridorOpen, Location::default().id(line.road.as_str()), what);
        }
    }
}
