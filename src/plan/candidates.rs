//! Where a station may stand: points that were given, and points made on the roads. What is made is rounded to the six decimals that are
//! written and then meets the road as a station does that is read, so that a plan holds when it is read back.

use crate::access::people::within;
use crate::config::criteria::Criterion;
use crate::config::plan::{Generate, NewStation};
use crate::config::{RoadClass, Service};
use crate::coverage::{Coverage, Stretch, dead_stretches, middle_of};
use crate::error::Location;
use crate::network::{NO_COUNTY, RoadNetwork, slice_into};
use crate::place::SettlementOut;
use crate::read::candidate::{Candidate, Fixed};
use crate::read::road::Names;
use crate::space::{LonLat, UnitPoint, chord_of_metres};
use rayon::prelude::*;
use rstar::RTree;
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

/// Where a candidate comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CandidateKind {
    /// From `[candidates]`.
    #[default]
    Given,
    /// Where a settlement met the road.
    Settlement,
    /// The middle of a dead stretch.
    Gap,
    /// Along a dead stretch.
    Along,
    /// A junction of roads in the gap.
    Junction,
    /// Along a road that is to have no long way without a station.
    Corridor,
}

impl CandidateKind {
    /// All of them.
    pub const ALL: [Self; 6] = [Self::Given, Self::Settlement, Self::Gap, Self::Along, Self::Junction, Self::Corridor];

    /// The name in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::Settlement => "settlement",
            Self::Gap => "gap_middle",
            Self::Along => "along_gap",
            Self::Junction => "junction",
            Self::Corridor => "along_corridor",
        }
    }

    /// The name for people, in English and Chinese.
    pub fn names(self) -> [&'static str; 2] {
        match self {
            Self::Given => ["given", "给定"],
            Self::Settlement => ["at a settlement", "居民点旁"],
            Self::Gap => ["middle of a gap", "空白路段中点"],
            Self::Along => ["along a gap", "空白路段沿线"],
            Self::Junction => ["junction", "道路交叉口"],
            Self::Corridor => ["along a road", "路线沿线"],
        }
    }
}

/// A point where a station may stand.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CandidateSite {
    /// Id: that of the source, or the kind with a number.
    pub id: String,
    /// Name and Chinese name: its own, of the settlement, or of the road; may be empty.
    pub names: [String; 2],
    /// Where it comes from.
    pub kind: CandidateKind,
    /// What it is, in the words of the source; empty where it was made.
    pub what: String,
    /// Where it stands.
    pub at: LonLat,
    /// County; none outside every county.
    pub county: Option<u32>,
    /// What it costs, in whole units of the currency; none where neither it nor `[plan] site_cost` says.
    pub cost: Option<u64>,
    /// Power that the grid has left there, kW.
    pub headroom_kw: Option<f64>,
    /// Most power that may be built there, kW.
    pub max_kw: Option<f64>,
    /// Energy of a day that a site there serves at most, Wh; none where that is not asked.
    #[serde(default)]
    pub capacity_wh: Option<u64>,
    /// Whether it is in the plan anyhow, or out of it.
    pub locked: Option<bool>,
    /// Where it stands in the input; nowhere where it was made.
    #[serde(default)]
    pub source: Location,
}

/// Candidates as they were given, each with its county.
pub fn given(list: &[Candidate], locate: &dyn Fn(LonLat) -> u32) -> Vec<CandidateSite> {
    let one = |c: &Candidate| {
        let county = locate(c.at);
        CandidateSite {
            id: c.id.clone(),
            names: [c.name.clone(), c.name_zh.clone()],
            kind: CandidateKind::Given,
            what: c.kind.clone(),
            at: c.at,
            county: (county != NO_COUNTY).then_some(county),
            cost: c.cost,
            headroom_kw: c.headroom_kw,
            max_kw: c.max_kw,
            capacity_wh: None,
            locked: match c.fixed {
                Fixed::Open => None,
                Fixed::In => Some(true),
                Fixed::Out => Some(false),
            },
            source: c.source.clone(),
        }
    };
    list.iter().map(one).collect()
}

impl CandidateSite {
    /// The station that fits there: no more guns than the power that may be built; none where not one does.
    pub fn fitting(&self, station: NewStation) -> Option<NewStation> {
        if station.bays > 0 {
            return Some(station); // the power of its chargers is not known
        }
        let most = self.max_kw.map_or(station.guns, |kw| (kw / station.gun_kw).floor().clamp(0.0, 1e6) as u32);
        Some(NewStation { guns: station.guns.min(most), ..station }).filter(|s| s.guns > 0)
    }
}

/// What candidates are made from. Counties go by their number.
pub(super) struct Making<'a> {
    /// The network with what stands on it now.
    pub network: &'a RoadNetwork,
    /// Names of its roads.
    pub names: &'a Names,
    /// Coverage as things are.
    pub coverage: &'a Coverage,
    /// Edges of the counties whose gaps count, by county.
    pub edges: &'a [(u32, &'a [u32])],
    /// All settlements.
    pub settlements: &'a [SettlementOut],
    /// What is planned for.
    pub service: Service,
    /// Number of the criterion, and the criterion.
    pub criterion: (usize, Criterion),
    /// How far apart those along a stretch stand, millimetres.
    pub spacing_mm: u32,
    /// No more than this.
    pub most: usize,
    /// How many roads end at each node, as [`roads_at`] counts them.
    pub roads_at: &'a [u8],
    /// County at a position, or [`NO_COUNTY`].
    pub locate: &'a (dyn Fn(LonLat) -> u32 + Sync),
}

/// How many roads end at each node.
pub(super) fn roads_at(network: &RoadNetwork) -> Vec<u8> {
    let mut all = vec![0u8; network.node_count()];
    for v in network.edges().iter().flat_map(|e| [e.tail, e.head]) {
        all[v as usize] = all[v as usize].saturating_add(1);
    }
    all
}

/// Whether a station may stand on a road of the class: not in a car park, on a drive or on a forest track, which are in the gap all the same.
pub(super) fn is_built_on(class: RoadClass) -> bool {
    class <= RoadClass::Local
}

/// A point before it is thinned out.
struct Made {
    kind: CandidateKind,
    at: LonLat,
    names: [String; 2],
}

/// Makes candidates beside those that are there, from settlements to junctions; of those that stand close together the earlier stays.
/// Returns them, and how far apart they were kept, metres.
pub(super) fn make(m: &Making<'_>, which: Generate, there: &[CandidateSite]) -> (Vec<CandidateSite>, f64) {
    let mut made = Vec::new();
    if which.settlements {
        made.extend(m.at_settlements());
    }
    if which.gaps {
        made.extend(m.in_gaps());
    }
    if which.junctions {
        made.extend(m.at_junctions());
    }
    let mut apart_m = f64::from(m.spacing_mm) / 4000.0;
    let mut kept = thinned(&made, there, apart_m);
    while kept.len() > m.most {
        apart_m *= 1.25;
        kept = thinned(&made, there, apart_m);
    }
    let mut numbers = [0u32; CandidateKind::ALL.len()];
    let site = |made: &Made| {
        let number = &mut numbers[made.kind as usize];
        *number += 1;
        let county = (m.locate)(made.at);
        CandidateSite {
            id: format!("{}-{number}", made.kind.as_str()),
            names: made.names.clone(),
            kind: made.kind,
            what: String::new(),
            at: made.at,
            county: (county != NO_COUNTY).then_some(county),
            ..CandidateSite::default()
        }
    };
    (kept.into_iter().map(|i| &made[i]).map(site).collect(), apart_m)
}

/// Those of `made`, in order, that stand so far from all before them and from those that are there.
fn thinned(made: &[Made], there: &[CandidateSite], apart_m: f64) -> Vec<usize> {
    let mut tree: RTree<UnitPoint> = RTree::bulk_load(there.iter().map(|c| c.at.unit_point()).collect());
    let chord = chord_of_metres(apart_m);
    let mut kept = Vec::new();
    for (i, made) in made.iter().enumerate() {
        let point = made.at.unit_point();
        if tree.locate_within_distance(point, chord * chord).next().is_none() {
            tree.insert(point);
            kept.push(i);
        }
    }
    kept
}

/// A position as it is written: six decimals.
pub(super) fn as_written(at: LonLat) -> LonLat {
    let round = |e7: i32| (i64::from(e7) + if e7 < 0 { -5 } else { 5 }) / 10 * 10;
    let (lon, lat) = at.e7();
    let whole = |e7: i32| i32::try_from(round(e7)).unwrap_or(e7);
    LonLat::from_e7(whole(lon), whole(lat)).unwrap_or(at)
}

impl Making<'_> {
    /// Where settlements met the road, of those that lie in the counties or in reach of them by the crow; those in the gap first.
    fn at_settlements(&self) -> Vec<Made> {
        let limit = self.criterion.1;
        let served = |s: &SettlementOut| s.nearest[self.service as usize].is_some_and(|n| within(n, limit));
        let mut all: Vec<(bool, &SettlementOut)> = self.settlements.iter().map(|s| (served(s), s)).collect();
        all.retain(|(_, s)| self.edges.iter().any(|(county, _)| *county == s.county));
        all.sort_by_key(|(served, s)| (*served, std::cmp::Reverse(s.settlement.population.unwrap_or(0)), s.settlement.at.e7()));
        let made = |(_, s): (bool, &SettlementOut)| {
            let names = [s.settlement.name.clone(), s.settlement.name_zh.clone()];
            Some(Made { kind: CandidateKind::Settlement, at: as_written(s.snapped?.at), names })
        };
        all.into_iter().filter_map(made).collect()
    }

    /// Middles of dead stretches, longest first, then points along them.
    fn in_gaps(&self) -> Vec<Made> {
        let (index, limit) = self.criterion;
        let reach = self.coverage.reach(self.service, limit.metric());
        let of =
            |(county, edges): &(u32, &[u32])| dead_stretches(self.network, reach, self.service, (index, limit), *county, edges);
        let mut stretches: Vec<Stretch> = self.edges.par_iter().map(of).flatten().collect();
        stretches.sort_by_key(|s| std::cmp::Reverse(s.length_mm)); // stable: of equals as the counties come
        let middles = stretches.iter().filter_map(|s| {
            let (part, mm) = middle_of(&s.parts)?;
            self.on_edge(part.edge, mm, CandidateKind::Gap)
        });
        let along = stretches.iter().flat_map(|s| self.along(s));
        middles.chain(along).collect()
    }

    /// Points along a stretch, from its beginning.
    fn along(&self, stretch: &Stretch) -> Vec<Made> {
        let (mut done_mm, mut next_mm, mut made) = (0u64, 0u64, Vec::new());
        for part in &stretch.parts {
            let length = u64::from(part.from_mm.abs_diff(part.to_mm));
            while next_mm <= done_mm + length {
                let into = (next_mm - done_mm) as u32; // within the part
                let mm = if part.from_mm <= part.to_mm { part.from_mm + into } else { part.from_mm - into };
                made.extend(self.on_edge(part.edge, mm, CandidateKind::Along));
                next_mm += u64::from(self.spacing_mm);
            }
            done_mm += length;
        }
        made
    }

    /// Nodes where three roads or more meet, one of them in the gap.
    fn at_junctions(&self) -> Vec<Made> {
        let (mut made, mut seen) = (Vec::new(), FxHashSet::default());
        for edge in self.edges.iter().flat_map(|(_, edges)| edges.iter()) {
            let e = &self.network.edges()[*edge as usize];
            if !is_built_on(e.class) || self.coverage.gap(self.network, *edge, self.service, self.criterion.1).is_none() {
                continue;
            }
            for v in [e.tail, e.head] {
                if self.roads_at[v as usize] >= 3 && seen.insert(v) {
                    let names = [self.names.get(e.name).to_owned(), String::new()];
                    made.push(Made { kind: CandidateKind::Junction, at: as_written(self.network.node(v)), names });
                }
            }
        }
        made
    }

    /// A point on an edge, where something may be built there.
    fn on_edge(&self, edge: u32, mm: u32, kind: CandidateKind) -> Option<Made> {
        let e = &self.network.edges()[edge as usize];
        if !is_built_on(e.class) {
            return None;
        }
        let (line, mut part) = (self.network.line(e), Vec::new());
        slice_into(line, e.length_mm, 0, mm.min(e.length_mm), None, None, &mut part);
        let at = part.last().copied().unwrap_or(line[0]);
        Some(Made { kind, at: as_written(at), names: [self.names.get(e.name).to_owned(), String::new()] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_rounded_as_they_are_written() {
        let at = |lon, lat| LonLat::from_e7(lon, lat).unwrap();
        assert_eq!(as_written(at(1_061_234_565, -301_234_564)), at(1_061_234_570, -301_234_560));
        assert_eq!(as_written(at(-1_181_234_565, 489_999_999)), at(-1_181_234_570, 490_000_000));
        let once = as_written(at(1_061_234_567, 301_234_561));
        assert_eq!(as_written(once), once);
        assert_eq!(format!("{:.6}", once.lon()).parse::<f64>().unwrap(), once.lon()); // what is read back is the same
    }

    #[test]
    fn given_candidates_have_ids_of_their_own_and_hold_what_fits() {
        let one = |fixed| Candidate { id: "a".to_owned(), fixed, max_kw: Some(300.0), ..Candidate::default() };
        let mut all = given(&[one(Fixed::In), one(Fixed::Out), one(Fixed::Open)], &|_| NO_COUNTY);
        super::super::site_plan::own_ids(&mut all);
        assert_eq!(
            all.iter().map(|c| (c.id.as_str(), c.locked)).collect::<Vec<_>>(),
            [("a", Some(true)), ("a#2", Some(false)), ("a#3", None)]
        );
        // 300 kW hold two guns of 120 kW, and none of 400 kW
        let guns = |gun_kw| all[0].fitting(NewStation { guns: 4, gun_kw, bays: 0, packs: 0 }).map(|s| s.guns);
        assert_eq!((guns(120.0), guns(400.0)), (Some(2), None));
    }

    #[test]
    fn of_points_close_together_the_earlier_stays() {
        // on the equator 0.01° is 1,113 m: the second is 11 m from the first, the third 1,113 m from it
        let made = |e7| Made { kind: CandidateKind::Along, at: LonLat::from_e7(e7, 0).unwrap(), names: Default::default() };
        let all = [made(0), made(1_000), made(100_000)];
        assert_eq!(thinned(&all, &[], 500.0), [0, 2]);
        assert_eq!(thinned(&all, &[], 5.0), [0, 1, 2]);
        assert_eq!(thinned(&all, &[], 2000.0), [0]);
    }
}
