//! New stations tried and taken back, on a network that is open to change. Distances, books, dead stretches and settlements of every
//! county are those with the station, since it serves across borders; then all counties are ranked anew.

use super::{Ranked, StationStep, UnitPlace, place};
use crate::config::Service;
use crate::config::criteria::Metric;
use crate::config::{Services, Serving};

use crate::county::{CountyState, Scene, of_counties};
use crate::coverage::{Ledger, Stretch, StretchPart, middle_of};
use crate::error::{Error, Result};
use crate::issue::Issues;
use crate::network::NO_COUNTY;
use crate::network::search::from_edge;
use crate::place::Site;
use crate::rank::{CountyFigures, Evidence, StationSet, stand};
use crate::read::road::Names;
use crate::space::LonLat;
use crate::whatif::changes::WhatIf;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Dead stretches of a unit that are looked at, longest first.
const MOST_STRETCHES: usize = 20;

/// A node where a station may stand.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The node.
    pub node: u32,
    /// County that a station there counts in.
    county: u32,
    /// Name of the road; may be empty.
    pub road: String,
}

/// What new stations are tried on: the whole network, or a piece that has the counties asked for and all that they can touch.
#[derive(Clone, Copy)]
pub struct TrialGround<'a> {
    /// The network with what stands on it.
    pub scene: &'a Scene,
    /// Unit of the ranking that each county of the scene is; none for what stands for the others.
    pub units: &'a [Option<usize>],
    /// County of the scene at a position, or [`NO_COUNTY`].
    pub locate: &'a (dyn Fn(LonLat) -> u32 + Sync),
    /// Names of the roads.
    pub names: &'a Names,
}

/// The network with the stations as they are, and what is needed to rank it.
pub struct Tries<'a> {
    ground: TrialGround<'a>,
    ranked: Ranked<'a>,
    /// With the headline distance alone: the others are not kept up to date.
    serving: Serving,
    now: WhatIf,
    /// Its books before anything was tried.
    original: Ledger,
    /// Number of the first new station.
    first: u32,
}

/// What holds while stations are tried for one unit.
struct Trial {
    /// Longest dead stretch of each county, millimetres.
    longest_mm: Vec<u64>,
    /// County of each new station.
    built: Vec<u32>,
}

impl<'a> Tries<'a> {
    /// Searches charging on a copy of the network.
    pub fn new(ground: TrialGround<'a>, ranked: Ranked<'a>) -> Self {
        let scene = ground.scene;
        let charging = Services::of(&[Service::Charging]);
        let stands = scene.sites.iter().filter(|s| s.offers(Service::Charging));
        let sites: Vec<Site> = stands.map(|s| Site { offers: charging, ..*s }).collect();
        let excluded_mm = scene.ledger.excluded_mm.clone();
        let asked = &scene.criteria.serving;
        let serving = Serving { all: vec![asked.headline_criterion()], headline: 0, ..asked.clone() };
        let now = WhatIf::new_for(scene.network.clone(), sites, charging, serving.all.clone(), excluded_mm);
        let original = now.ledger().clone();
        Self { ground, ranked, serving, now, original, first: scene.stations.len() as u32 }
    }

    /// Up to so many stations, each where it brings the score of a unit of these counties down most given those before it; of
    /// equals the lowest node. Fewer, or none, where no dead stretch is left.
    ///
    /// # Errors
    /// As the ranking; internal, when the books are not what they were in the end.
    pub fn best(&mut self, unit: usize, members: &[usize], stations: usize) -> Result<Vec<StationStep>> {
        let mut trial = Trial { longest_mm: self.ground.scene.longest_charging_mm(), built: Vec::new() };
        let own: Vec<usize> =
            (0..self.ground.units.len()).filter(|c| self.ground.units[*c].is_some_and(|u| members.contains(&u))).collect();
        let mut best = Vec::new();
        for number in (self.first..).take(stations) {
            let candidates = self.candidates(&own);
            let mut states = Vec::with_capacity(candidates.len());
            for c in &candidates {
                let longest_mm = trial.longest_mm.clone();
                self.build(number, c, &mut trial)?;
                states.push(self.figures(&trial));
                self.now.remove_station(number)?;
                trial.built.pop();
                trial.longest_mm = longest_mm;
            }
            let places: Vec<Option<UnitPlace>> =
                states.into_par_iter().map(|f| self.rank(unit, members, f)).collect::<Result<_>>()?;
            let ranked = candidates.into_iter().zip(places).filter_map(|(c, p)| Some((c, p?)));
            // Candidates are in the order of their nodes, and the first of equals is kept.
            let Some((chosen, after)) = ranked.reduce(|a, b| if b.1.score < a.1.score { b } else { a }) else { break };
            self.build(number, &chosen, &mut trial)?;
            best.push(self.step(chosen, after));
        }
        for number in (self.first..).take(best.len()) {
            self.now.remove_station(number)?;
        }
        if *self.now.ledger() != self.original {
            let code = &self.ranked.evidence.units[unit].code;
            return Err(Error::internal(format!("the ledger is another once the new stations of county {code} are gone")));
        }
        Ok(best)
    }

    fn build(&mut self, number: u32, candidate: &Candidate, trial: &mut Trial) -> Result<()> {
        self.now.add_station(Site { station: number, node: candidate.node, offers: Services::of(&[Service::Charging]) })?;
        trial.built.push(candidate.county);
        self.measure(trial);
        Ok(())
    }

    /// Measures the longest dead stretch anew of those counties that the last change touched; of what is no unit nobody asks.
    fn measure(&self, trial: &mut Trial) {
        let headline = self.serving.headline;
        let is_unit = |county: &u32| self.ground.units[*county as usize].is_some();
        let touched: Vec<u32> = self.now.touched().map(|(county, ..)| county).filter(is_unit).collect();
        let longest = |county: &u32| (*county as usize, self.now.longest_mm(*county, Service::Charging, headline));
        for (county, mm) in touched.par_iter().map(longest).collect::<Vec<_>>() {
            trial.longest_mm[county] = mm;
        }
    }

    fn step(&self, chosen: Candidate, after: UnitPlace) -> StationStep {
        let UnitPlace { rank, score, gap_mm, people_in_gap } = after;
        let at = self.now.network().node(chosen.node);
        StationStep { node: chosen.node, at, road: chosen.road, rank, score, gap_mm, people_in_gap }
    }

    /// Figures of all units: those of the counties here as things are, of the others as they were.
    fn figures(&self, trial: &Trial) -> Vec<CountyFigures> {
        let Scene { codes, stations, settlements, placed, .. } = self.ground.scene;
        let (network, reach) = (self.now.network(), self.now.reach(Service::Charging, Metric::Distance));
        let distance = |p: &crate::network::Placed| {
            let e = &network.edges()[p.edge as usize];
            from_edge(reach.cost(e.tail), reach.cost(e.head), p.offset_mm, e.length_mm, e.oneway).map(|(mm, _)| mm)
        };
        let charging_mm: Vec<Option<u32>> = placed.par_iter().map(distance).collect();
        let mut here = of_counties(&CountyState {
            codes,
            criteria: &self.serving,
            criterion: self.serving.headline,
            ledger: self.now.ledger(),
            longest_mm: &trial.longest_mm,
            stations,
            counts: &|_| true,
            settlements,
            charging_mm: &charging_mm,
        });
        for county in &trial.built {
            here[*county as usize].charging_stations += 1;
        }
        let mut all = self.ranked.evidence.nominal().to_vec();
        for (county, (figures, unit)) in here.into_iter().zip(self.ground.units).enumerate() {
            let Some(was) = unit.map(|u| &mut all[u]) else { continue };
            // people of a raster are not counted anew
            let has_raster = self.ground.scene.people.get(county).is_some_and(Option::is_some);
            let raster = has_raster.then_some((was.people, was.people_in_gap));
            // what is asked for and short is not worked out anew: `trial.csv` says what a station would change of that
            let (residents, demand) = (was.residents, was.demand);
            *was = CountyFigures { residents, demand, ..figures };
            if let Some((people, people_in_gap)) = raster {
                (was.people, was.people_in_gap) = (people, people_in_gap);
            }
        }
        all
    }

    /// Ranks all counties with these figures and tells where the unit stands.
    fn rank(&self, unit: usize, members: &[usize], figures: Vec<CountyFigures>) -> Result<Option<UnitPlace>> {
        let evidence = Evidence {
            units: self.ranked.evidence.units.clone(),
            distances_mm: vec![self.serving.headline_criterion().limit()],
            stations: vec![StationSet::All],
            figures: vec![figures],
            residents_given: self.ranked.evidence.residents_given,
        };
        // What is noted about the ranking was noted of the one that is written.
        let standing = stand(&evidence, self.ranked.settings, &mut Issues::default())?;
        Ok(standing.ranking.of(unit).and_then(|row| place(row, members, evidence.nominal())))
    }

    /// The nodes next to the middle and both ends of the longest dead stretches of some counties, by number: those that lie in one
    /// of the counties, so that a station there is theirs.
    fn candidates(&self, members: &[usize]) -> Vec<Candidate> {
        let headline = self.serving.headline;
        let of_county = |m: &usize| self.now.stretches(*m as u32, Service::Charging, headline);
        let mut stretches: Vec<Stretch> = members.iter().flat_map(of_county).collect();
        stretches.sort_by_key(|s| std::cmp::Reverse(s.length_mm)); // stable: of equals as the counties come
        let mut roads: BTreeMap<u32, u32> = BTreeMap::new();
        for (part, mm) in stretches.iter().take(MOST_STRETCHES).flat_map(|s| spots(&s.parts)) {
            let e = &self.now.network().edges()[part.edge as usize];
            let to_head = e.length_mm - mm;
            let node = if (mm, e.tail) <= (to_head, e.head) { e.tail } else { e.head };
            roads.entry(node).or_insert(e.name);
        }
        let candidate = |(node, name): (u32, u32)| {
            let county = (self.ground.locate)(self.now.network().node(node));
            let ours = county != NO_COUNTY && members.contains(&(county as usize));
            ours.then(|| Candidate { node, county, road: self.ground.names.get(name).to_owned() })
        };
        roads.into_iter().filter_map(candidate).collect()
    }
}

/// The middle and both ends of a stretch: the piece of road there, and how far from the tail of its edge, millimetres.
fn spots(parts: &[StretchPart]) -> Vec<(StretchPart, u32)> {
    let (Some(first), Some(last)) = (parts.first(), parts.last()) else { return Vec::new() };
    let ends = [Some((*first, first.from_mm)), Some((*last, last.to_mm)), middle_of(parts)];
    ends.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_is_half_way_whichever_way_the_pieces_run() {
        // 30 mm forward on edge 1, 50 mm backward on edge 2: 80 in all, so the middle is 10 mm into the second, at 100 − 10.
        let parts = [StretchPart { edge: 1, from_mm: 10, to_mm: 40 }, StretchPart { edge: 2, from_mm: 100, to_mm: 50 }];
        assert_eq!(spots(&parts), [(parts[0], 10), (parts[1], 50), (parts[1], 90)]);
        // of one piece alone: half of 30 mm
        assert_eq!(spots(&parts[..1])[2], (parts[0], 25));
        assert!(spots(&[]).is_empty());
    }
}
