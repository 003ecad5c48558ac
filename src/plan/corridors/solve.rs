//! The fewest sites along lines, from places on them alone, so that a plan and whoever checks it ask the same. Lines that share no candidate are
//! questions of their own: one line by dynamic programming along it, several by what each stretch needs, as a set cover.

use crate::siting::{Corridor, CostQuestion, Cover, CoverRows, Effort, Need, Proof, fewest_sites};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Several lines at once are not answered with more effort than this.
const EFFORT: Effort = Effort { kicks: 1000, patience: 400, pairs: 2_000_000_000 };

/// A line: a direction of a part of a road, with places on it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanLine {
    /// Number of the road.
    pub road: String,
    /// Number of the part, from 1.
    pub part: u32,
    /// 1, or 2 for the way back.
    pub direction: u32,
    /// Its length, millimetres.
    pub length_mm: u64,
    /// It begins where it ends.
    pub closed: bool,
    /// Whether the road may go on beyond the given roads before its beginning, and behind its end.
    #[serde(default)]
    pub cut: [bool; 2],
    /// Stations that count, with their ids, by place.
    pub stations: Vec<(u64, String)>,
    /// Candidates, by place.
    pub candidates: Vec<(u64, u32)>,
}

/// What is asked of all lines.
#[derive(Clone, Copy, Debug)]
pub struct GapAsked<'a> {
    /// No longer way without a station, millimetres.
    pub most_mm: u64,
    /// Also with any one station out.
    pub one_out: bool,
    /// Cost by candidate; none where each counts one.
    pub costs: Option<&'a [u64]>,
    /// Candidates that are there anyhow.
    pub inside: &'a BTreeSet<u32>,
    /// Candidates that are not to be chosen.
    pub out: &'a BTreeSet<u32>,
}

/// Where an answer comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GapProof {
    /// All choices along one line were weighed.
    Along,
    /// Multipliers of what each stretch needs.
    Multipliers,
    /// A search over parts.
    Search,
}

impl GapProof {
    /// The name in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Along => "along",
            Self::Multipliers => "multipliers",
            Self::Search => "search",
        }
    }
}

/// Lines that share candidates, with the sites that close them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineGroup {
    /// Places of its lines in the list.
    pub lines: Vec<u32>,
    /// The sites that are to be built, sorted; those that are there anyhow are not among them.
    pub sites: Vec<u32>,
    /// What they cost, or how many they are.
    pub cost: u64,
    /// No choice that closes what can be closed costs less.
    pub bound: u64,
    /// Why.
    pub proof: GapProof,
}

/// Answers for each group of lines that share candidates, by their first line.
pub fn fewest_along(lines: &[PlanLine], asked: &GapAsked<'_>) -> Vec<LineGroup> {
    groups(lines, asked).into_iter().map(|group| of_group(lines, group, asked)).collect()
}

/// Lines by what they share: candidates that may be chosen.
fn groups(lines: &[PlanLine], asked: &GapAsked<'_>) -> Vec<Vec<u32>> {
    let mut of: Vec<usize> = (0..lines.len()).collect();
    let mut first: BTreeMap<u32, usize> = BTreeMap::new();
    for (i, line) in lines.iter().enumerate() {
        for c in line.candidates.iter().map(|c| c.1).filter(|c| !asked.inside.contains(c) && !asked.out.contains(c)) {
            let with = *first.entry(c).or_insert(i);
            let (a, b) = (of[with].min(of[i]), of[with].max(of[i]));
            of.iter_mut().filter(|g| **g == b).for_each(|g| *g = a);
        }
    }
    let mut all: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
    (0u32..).zip(of).for_each(|(line, group)| all.entry(group).or_default().push(line));
    all.into_values().collect()
}

/// A line as numbers: places that are sure, and places that may be chosen.
struct Places {
    length: u64,
    closed: bool,
    sure: Vec<u64>,
    free: Vec<(u64, u32)>,
}

impl Places {
    fn of(line: &PlanLine, asked: &GapAsked<'_>) -> Self {
        let inside = line.candidates.iter().filter(|c| asked.inside.contains(&c.1)).map(|c| c.0);
        let mut sure: Vec<u64> = line.stations.iter().map(|s| s.0).chain(inside).collect();
        sure.sort_unstable();
        let open = |c: &&(u64, u32)| !asked.inside.contains(&c.1) && !asked.out.contains(&c.1);
        let mut free: Vec<(u64, u32)> = line.candidates.iter().filter(open).copied().collect();
        free.sort_unstable();
        Self { length: line.length_mm, closed: line.closed, sure, free }
    }

    /// The same driven the other way.
    fn mirrored(&self) -> (Vec<u64>, Vec<(u64, u32)>) {
        let mut sure: Vec<u64> = self.sure.iter().map(|at| self.length - at).collect();
        let mut free: Vec<(u64, u32)> = self.free.iter().map(|(at, c)| (self.length - at, *c)).collect();
        sure.sort_unstable();
        free.sort_unstable();
        (sure, free)
    }

    /// Whether it asks the same as another one, there or back.
    fn is_as(&self, other: &Self) -> bool {
        let (sure, free) = other.mirrored();
        let there = self.sure == other.sure && self.free == other.free;
        let back = self.sure == sure && self.free == free;
        self.length == other.length && self.closed == other.closed && (there || (back && !self.closed))
    }
}

fn of_group(lines: &[PlanLine], group: Vec<u32>, asked: &GapAsked<'_>) -> LineGroup {
    let mut own: Vec<Places> = Vec::new();
    for line in &group {
        let places = Places::of(&lines[*line as usize], asked);
        if !own.iter().any(|known| known.is_as(&places)) {
            own.push(places);
        }
    }
    let alone = if let [line] = own.as_slice() { along(line, asked) } else { None };
    let (sites, cost, bound, proof) = alone.unwrap_or_else(|| by_cover(&own, asked));
    LineGroup { lines: group, sites, cost, bound, proof }
}

type Found = (Vec<u32>, u64, u64, GapProof);

/// One line with two ends, where it can be closed.
fn along(line: &Places, asked: &GapAsked<'_>) -> Option<Found> {
    if line.closed {
        return None;
    }
    let at: Vec<u64> = line.free.iter().map(|c| c.0).collect();
    let costs: Option<Vec<u64>> = asked.costs.map(|all| line.free.iter().map(|c| all[c.1 as usize]).collect());
    let found =
        Corridor::new(line.length, &line.sure, &at, (true, asked.one_out))?.fewest(asked.most_mm, costs.as_deref()).ok()?;
    let mut sites: Vec<u32> = found.sites.iter().map(|s| line.free[*s as usize].1).collect();
    sites.sort_unstable();
    Some((sites, found.cost, found.cost, GapProof::Along))
}

/// What each stretch of the lines needs, as rows: a gap is too long where a place has too few stations within reach behind it.
fn by_cover(lines: &[Places], asked: &GapAsked<'_>) -> Found {
    let numbers: BTreeSet<u32> = lines.iter().flat_map(|l| &l.free).map(|c| c.1).collect();
    let numbers: Vec<u32> = numbers.into_iter().collect();
    let own = |c: u32| numbers.binary_search(&c).map_or(0, |i| i as u32);
    let mut rows = CoverRows::default();
    for needed in lines.iter().flat_map(|l| needs(l, asked)) {
        let sites: Vec<u32> = needed.iter().map(|c| own(*c)).collect();
        rows.add(&sites, 1);
    }
    let cover: Cover = rows.freeze(numbers.len());
    let costs = asked.costs.map(|all| numbers.iter().map(|c| all[*c as usize]).collect());
    let question = CostQuestion { need: Need::All, costs, inside: Vec::new(), out: Vec::new() };
    match fewest_sites(&cover, &question, EFFORT) {
        Ok(a) => {
            let proof = if a.proof == Proof::Multipliers { GapProof::Multipliers } else { GapProof::Search };
            (a.sites.iter().map(|s| numbers[*s as usize]).collect(), a.cost, a.bound, proof)
        }
        Err(_) => (Vec::new(), 0, 0, GapProof::Multipliers), // all rows have a site, so this is not met
    }
}

/// Lists of candidates, sorted, of each of which one has to be chosen; what no candidate can close is not among them.
fn needs(line: &Places, asked: &GapAsked<'_>) -> Vec<Vec<u32>> {
    if line.closed && line.length <= asked.most_mm {
        return Vec::new();
    }
    let need = if asked.one_out { 2 } else { 1 };
    // by place: a candidate, or a station that is sure; the beginning of a line with ends is a place too
    let mut places: Vec<(u64, Option<u32>)> = line.sure.iter().map(|at| (*at, None)).collect();
    places.extend(line.free.iter().map(|(at, c)| (*at, Some(*c))));
    places.sort_unstable();
    let turn = line.closed.then(|| places.iter().map(|(at, c)| (at + line.length, *c)).collect::<Vec<_>>());
    let all: Vec<(u64, Option<u32>)> = places.iter().copied().chain(turn.into_iter().flatten()).collect();
    let mut from: Vec<(u64, usize)> = places.iter().enumerate().map(|(i, p)| (p.0, i + 1)).collect();
    if !line.closed {
        from.push((0, 0));
    }
    let mut lists = Vec::new();
    for (at, next) in from {
        if !line.closed && line.length - at <= asked.most_mm {
            continue; // the end is near enough
        }
        let within = all[next..].iter().take_while(|p| p.0 <= at + asked.most_mm && p.0 < at + line.length.max(1));
        let (sure, mut free) = (within.clone().filter(|p| p.1.is_none()).count(), within.filter_map(|p| p.1).collect::<Vec<_>>());
        free.sort_unstable();
        free.dedup();
        if sure >= need || free.is_empty() {
            continue;
        }
        if need - sure == 1 || free.len() == 1 {
            lists.push(free);
        } else {
            // two of them: whichever one is taken, another one too
            lists.extend(free.iter().map(|but| free.iter().copied().filter(|c| c != but).collect()));
        }
    }
    lists
}

/// The stretches between stations at some places, in order, each from and to; with `one_out` from the one before each to the one after it.
pub fn stretches(line: &PlanLine, mut places: Vec<u64>, one_out: bool) -> Vec<(u64, u64)> {
    places.sort_unstable();
    let past = if one_out { 2 } else { 1 };
    if !line.closed {
        places.insert(0, 0);
        places.push(line.length_mm);
        let past = past.min(places.len() - 1);
        return places.windows(past + 1).map(|w| (w[0], w[past])).collect();
    }
    places.dedup_by(|a, b| a == b && !one_out);
    let n = places.len();
    if n <= past {
        return vec![(0, line.length_mm)];
    }
    let to = |i: usize| places[i % n] + if i >= n { line.length_mm } else { 0 };
    (0..n).map(|i| (places[i], to(i + past))).collect()
}

/// Whether no way is longer than was asked for; none where that cannot be told, as the road may go on beyond the given roads.
pub fn met(line: &PlanLine, places: Vec<u64>, (most_mm, one_out): (u64, bool)) -> Option<bool> {
    let short = stretches(line, places, one_out).iter().all(|(a, b)| b - a <= most_mm);
    (!short || line.cut == [false; 2]).then_some(short)
}

/// The longest of them, millimetres.
pub fn longest(line: &PlanLine, places: Vec<u64>, one_out: bool) -> u64 {
    let plain = stretches(line, places.clone(), false);
    let out = if one_out { stretches(line, places, true) } else { Vec::new() };
    plain.iter().chain(&out).map(|(a, b)| b - a).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn line(length_mm: u64, closed: bool, stations: &[u64], candidates: &[(u64, u32)]) -> PlanLine {
        let stations = stations.iter().map(|at| (*at, format!("s{at}"))).collect();
        PlanLine {
            length_mm,
            closed,
            stations,
            candidates: candidates.to_vec(),
            part: 1,
            direction: 1,
            road: "G1".to_owned(),
            ..PlanLine::default()
        }
    }

    fn chosen(l: &PlanLine, sites: &[u32]) -> Vec<u64> {
        let new = l.candidates.iter().filter(|c| sites.contains(&c.1)).map(|c| c.0);
        l.stations.iter().map(|s| s.0).chain(new).collect()
    }

    #[test]
    fn both_directions_of_a_road_are_one_question_and_a_crossing_makes_them_several() {
        let none = BTreeSet::new();
        let ask = |most_mm, one_out| GapAsked { most_mm, one_out, costs: None, inside: &none, out: &none };
        let there = line(100, false, &[50], &[(20, 0), (30, 1), (70, 2), (80, 3)]);
        let back = line(100, false, &[50], &[(80, 0), (70, 1), (30, 2), (20, 3)]);
        let found = fewest_along(&[there.clone(), back], &ask(30, false));
        assert_eq!((found.len(), found[0].sites.len(), found[0].bound, found[0].proof), (1, 2, 2, GapProof::Along));
        // a road that crosses at candidate 1 alone: 40 km with its ends near enough only by it
        let other = line(40, false, &[], &[(20, 1)]);
        let found = fewest_along(&[there.clone(), other], &ask(30, false));
        assert_eq!((found[0].sites.as_slice(), found[0].bound), ([1, 2].as_slice(), 2));
        // one that shares none is by itself
        let found = fewest_along(&[there, line(40, false, &[], &[(20, 9)])], &ask(30, false));
        assert_eq!(found.iter().map(|g| g.lines.clone()).collect::<Vec<_>>(), [vec![0], vec![1]]);
    }

    #[test]
    fn a_road_that_may_go_on_beyond_the_given_ones_is_not_known_to_be_short_enough() {
        let line = |cut| PlanLine { cut, ..line(100, false, &[50], &[]) };
        let told = |cut, most_mm| met(&line(cut), vec![50], (most_mm, false));
        assert_eq!((told([false; 2], 50), told([false; 2], 49)), (Some(true), Some(false)));
        // 50 km to the border of the data are too many of 49, and may be more than 50
        assert_eq!((told([false, true], 50), told([true, false], 50), told([true; 2], 49)), (None, None, Some(false)));
    }

    #[test]
    fn what_cannot_be_closed_is_closed_as_far_as_it_can_be() {
        let none = BTreeSet::new();
        // nothing can stand between 40 and 100: that stays, and no more; it takes 40 and one of the others
        let l = line(100, false, &[], &[(20, 0), (30, 1), (40, 2)]);
        let asked = GapAsked { most_mm: 30, one_out: false, costs: None, inside: &none, out: &none };
        let found = fewest_along(std::slice::from_ref(&l), &asked);
        assert_eq!((found[0].sites.len(), found[0].bound), (2, 2));
        let left =
            |sites: &[u32]| stretches(&l, chosen(&l, sites), false).into_iter().filter(|(a, b)| b - a > 30).collect::<Vec<_>>();
        assert_eq!((left(&found[0].sites), left(&[0, 1, 2])), (vec![(40, 100)], vec![(40, 100)]));
    }

    /// The longest way by the words of the question.
    fn slow(l: &PlanLine, places: &[u64], one_out: bool) -> u64 {
        let gap = |places: &[u64]| {
            let mut all = places.to_vec();
            all.sort_unstable();
            match (l.closed, all.is_empty()) {
                (true, true) => l.length_mm,
                (true, false) => {
                    all.push(all[0] + l.length_mm);
                    all.windows(2).map(|w| w[1] - w[0]).max().unwrap()
                }
                (false, _) => {
                    all.extend([0, l.length_mm]);
                    all.sort_unstable();
                    all.windows(2).map(|w| w[1] - w[0]).max().unwrap()
                }
            }
        };
        let without = (0..places.len()).filter(|_| one_out).map(|i| [&places[..i], &places[i + 1..]].concat());
        without.map(|p| gap(&p)).chain([gap(places)]).max().unwrap()
    }

    proptest! {
        #![proptest_config(crate::test_support::cases(300))]

        #[test]
        fn it_is_the_best_of_all_choices_on_lines_and_rings(
            lines in prop::collection::vec((prop::collection::vec(0u64..30, 0..3), prop::collection::vec((0u64..30, 0u32..7), 0..6), any::<bool>()), 1..4),
            (costs, number, one_out, most_mm) in (prop::collection::vec(1u64..5, 7), any::<bool>(), any::<bool>(), 4u64..30),
        ) {
            let lines: Vec<PlanLine> = lines.iter().map(|(stations, candidates, closed)| {
                let by: BTreeMap<u32, u64> = candidates.iter().map(|(at, c)| (*c, *at)).collect();
                let candidates: Vec<(u64, u32)> = by.into_iter().map(|(c, at)| (at, c)).collect();
                line(30, *closed, stations, &candidates)
            }).collect();
            let none = BTreeSet::new();
            let costs = (!number).then_some(costs);
            let asked = GapAsked { most_mm, one_out, costs: costs.as_deref(), inside: &none, out: &none };
            let all: Vec<u32> = (0..7).collect();
            for l in &lines {
                for m in 0u32..128 {
                    let list: Vec<u32> = all.iter().copied().filter(|c| m >> c & 1 == 1).collect();
                    let places = chosen(l, &list);
                    prop_assert_eq!(longest(l, places.clone(), one_out), slow(l, &places, one_out), "{:?} {:?}", l, places);
                }
            }
            let fits = |sites: &[u32]| lines.iter().all(|l| slow(l, &chosen(l, sites), one_out) <= most_mm);
            prop_assume!(fits(&all));
            let cost = |list: &[u32]| list.iter().map(|c| costs.as_ref().map_or(1, |all| all[*c as usize])).sum::<u64>();
            let lists = (0u32..128).map(|m| all.iter().copied().filter(|c| m >> c & 1 == 1).collect::<Vec<u32>>());
            let want = lists.filter(|l| fits(l)).map(|l| cost(&l)).min().unwrap();
            let found = fewest_along(&lines, &asked);
            let sites: Vec<u32> = found.iter().flat_map(|g| g.sites.iter().copied()).collect();
            prop_assert!(fits(&sites), "{:?} {:?}", lines, found);
            prop_assert_eq!(found.iter().map(|g| g.cost).sum::<u64>(), cost(&sites));
            prop_assert!(found.iter().map(|g| g.bound).sum::<u64>() <= want && want <= cost(&sites));
            prop_assert!(cost(&sites) <= want + 1, "{} {}", cost(&sites), want);
        }
    }
}
