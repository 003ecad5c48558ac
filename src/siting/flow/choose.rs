//! Which sites refuel most flow within a number or a budget, and how far from the best possible that can be at most.

use super::bound::FlowBound;
use super::cuts::{Cuts, Dual, Part, Steps};
use super::proof::Search;
use super::seek::Seek;
use super::state::{Moves, State};
use super::trips::Flows;
use crate::siting::choose::Question;
use crate::siting::drive::{Proof, flags};
use crate::siting::kicks::Draws;

/// How hard it is tried, in steps, never in seconds.
#[derive(Clone, Copy, Debug)]
pub struct FlowEffort {
    /// Tries to find something better.
    pub kicks: u64,
    /// Parts that a proof by search may look at; 0 for no such proof.
    pub parts: u64,
}

impl Default for FlowEffort {
    fn default() -> Self {
        Self { kicks: 20, parts: 2000 }
    }
}

/// A choice with its bound.
#[derive(Clone, Debug)]
pub struct FlowAnswer {
    /// The sites, sorted; those that are there anyhow too.
    pub sites: Vec<u32>,
    /// Flow that they refuel, with that which needs no site.
    pub value: u64,
    /// No choice refuels more.
    pub bound: u64,
    /// Why.
    pub proof: Proof,
    /// Cuts and multipliers that give a bound in whole numbers; by themselves perhaps above `bound`, where that was proven by search.
    pub cuts: FlowBound,
}

impl FlowAnswer {
    /// (bound − value) ÷ bound: it is at most this share below the best possible.
    pub fn gap(&self) -> f64 {
        if self.bound == 0 { 0.0 } else { (self.bound - self.value) as f64 / self.bound as f64 }
    }
}

/// Multipliers are improved in so many steps.
pub(super) const ROOT: Steps = Steps { most: 1200, length: 1.0, patience: 20, cuts: 3 };

/// The sites that refuel most flow within the limit. None where the sites that are there anyhow do not fit into it.
///
/// ```
/// use chargegap::internals::siting::{Deviation, FlowEffort, FlowNet, Flows, Limit, Question, RangeRule, most_flow};
/// // 0 —60— 1 —60— 2 —60— 3, in km; a vehicle gets 80 km, there and back again
/// let roads = [(0, 1, 60), (1, 2, 60), (2, 3, 60)].map(|(a, b, km)| [(a, b, km * 1_000_000), (b, a, km * 1_000_000)]).concat();
/// let net = FlowNet::new(4, &roads).unwrap();
/// let flows = [(0, 1, 5), (0, 3, 40), (0, 3, 2), (2, 3, 9)];
/// let flows = Flows::new(&net, &[0, 1, 2, 3], &flows, RangeRule::round_trip(80_000_000), Deviation::Shortest).unwrap();
/// let ask = |n| Question { limit: Limit::Number(n), inside: vec![], out: vec![] };
/// // with half of 80 km no trip of 60 km is done past one site; three sites leave out an end, four do not
/// let best = most_flow(&flows, &ask(2), FlowEffort::default()).unwrap();
/// assert_eq!((best.sites, best.value, best.bound), (vec![2, 3], 9, 9));
/// let best = most_flow(&flows, &ask(4), FlowEffort::default()).unwrap();
/// assert_eq!((best.value, flows.total), (56, 56));
/// ```
pub fn most_flow(flows: &Flows, q: &Question, effort: FlowEffort) -> Option<FlowAnswer> {
    let (inside, out) = (flags(flows.sites, &q.inside), flags(flows.sites, &q.out));
    q.limit.most().checked_sub(q.limit.taken((0..flows.sites as u32).filter(|s| inside[*s as usize])))?;
    let free: Vec<bool> = inside.iter().zip(&out).map(|(i, o)| !i && !o).collect();
    let moves = Moves { limit: &q.limit, free: &free };
    let mut state = State::of(flows, &q.inside);
    moves.fill(&mut state, None);
    moves.descend(&mut state);
    let best = std::cell::RefCell::new((state.value, state.list()));
    let mut seek = Seek::new(flows.sites);
    let part = Part { flows, limit: &q.limit, inside: &inside, out: &out };
    let rooms = part.rooms(&mut seek, None);
    let mut cuts = Cuts::first(flows, &mut seek);
    let mut dual = Dual::first(flows, &cuts);
    let mut see = |taken: &[u32]| {
        let sites: Vec<u32> = taken.iter().chain(&q.inside).copied().collect();
        state.set(&sites);
        if state.value > best.borrow().0 {
            *best.borrow_mut() = (state.value, state.list());
        }
    };
    let target = || best.borrow().0 as f64;
    let seen = part.improve((&rooms, &mut seek), (&mut cuts, &mut dual), ROOT, &target, &mut see);
    let mut best = best.into_inner();
    state.set(&best.1);
    moves.fill(&mut state, None);
    moves.descend(&mut state);
    let (mut draws, mut known) = (Draws::new(), (state.value, state.list()));
    for _ in 0..effort.kicks {
        if known.0 > best.0 {
            best = known.clone();
        }
        if seen.bound < best.0 as f64 + 1.0 {
            break;
        }
        state.set(&best.1);
        moves.kick(&mut state, &mut draws);
        known = (state.value, state.list());
    }
    if known.0 > best.0 {
        best = known;
    }
    let by_cuts = FlowBound::of(flows, &cuts, &dual.lambda);
    let by_multipliers = by_cuts.value(flows, &q.limit, (&inside, &out), None)?;
    let mut search = Search { flows, limit: &q.limit, best, parts: 0, most: effort.parts, cuts, seek };
    let known = search.best.0 + flows.unaided;
    let done = by_multipliers <= known || (effort.parts > 0 && search.all(&inside, &out, &dual));
    let (value, mut sites) = (search.best.0 + flows.unaided, search.best.1);
    sites.sort_unstable();
    let (bound, proof) = match done && by_multipliers > value {
        true => (value, Proof::Search(search.parts)),
        false => (by_multipliers, Proof::Multipliers),
    };
    Some(FlowAnswer { sites, value, bound, proof, cuts: by_cuts })
}
