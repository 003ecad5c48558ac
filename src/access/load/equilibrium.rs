//! User equilibrium: nobody gains by going elsewhere, or by staying unserved.

use super::newton;
use super::shift::{Choice, Seen, shift};
use super::{Assignment, Gap, LoadProblem, StationLoad, UNSERVED};

/// When to stop.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effort {
    /// Relative gap to reach. Below 10⁻⁷ large problems may not come, and say so.
    pub gap: f64,
    /// How often to go through all places at most, after the smoothed problem has been solved.
    pub sweeps: u32,
}

impl Default for Effort {
    fn default() -> Self {
        Self { gap: 1e-6, sweeps: 50 }
    }
}

/// The assignment in which every driver has the least cost that there is for him: travel and wait, or staying unserved.
///
/// It minimises Beckmann's objective, Σ flow × travel + Σ ∫ wait + Σ unserved × cost, which is convex, as waits rise with arrivals and end
/// at capacity. Loads and waits of stations are unique; flows of single places need not be. First the smoothed problem is solved at ever
/// lower temperatures, then each place in turn sends its drivers to what is cheapest for them, until the gap is reached.
/// What was reached is said: a gap that is too wide is no error.
pub fn equilibrium(problem: &LoadProblem<'_>, effort: Effort) -> Assignment {
    let mut state = State::new(*problem);
    if let Some(smooth) = newton::cooled(problem, effort.gap) {
        smooth.flows(&mut state.flow_h, &mut state.unserved_h);
        state.count();
    }
    let (mut gap, mut sweeps) = (state.gap(), 0);
    while gap.relative > effort.gap && sweeps < effort.sweeps {
        for place in 0..problem.pairs.places() {
            state.settle(place);
        }
        sweeps += 1;
        state.count(); // without what roundings have left
        gap = state.gap();
    }
    let loads = state.seen.iter().map(|s| s.load_h);
    let stations = loads.zip(problem.stations).map(|(a, q)| StationLoad::of(a, q)).collect();
    Assignment { flow_h: state.flow_h, unserved_h: state.unserved_h, stations, gap: Some(gap), sweeps }
}

/// Moves that a place makes in a row at most.
const MOVES: usize = 100;

/// Flows on the way to an equilibrium.
struct State<'a> {
    problem: LoadProblem<'a>,
    flow_h: Vec<f64>,
    unserved_h: Vec<f64>,
    seen: Vec<Seen>,
    /// Wait at each station, hours, beside each other for the scan.
    wait_h: Vec<f64>,
}

/// What a place would change: from its dearest choice that somebody takes to the cheapest one there is.
struct Ends {
    from: usize,
    most_h: f64,
    to: usize,
    least_h: f64,
}

impl<'a> State<'a> {
    /// Nobody is served yet.
    fn new(problem: LoadProblem<'a>) -> Self {
        let seen: Vec<Seen> = problem.stations.iter().map(|q| Seen::at(q, 0.0)).collect();
        let wait_h = seen.iter().map(|s| s.wait_h).collect();
        Self { problem, flow_h: vec![0.0; problem.pairs.len()], unserved_h: problem.demand_h.to_vec(), seen, wait_h }
    }

    /// Loads anew from the flows.
    fn count(&mut self) {
        for (s, load) in self.problem.arrivals(&self.flow_h).into_iter().enumerate() {
            self.seen[s] = Seen::at(&self.problem.stations[s], load);
            self.wait_h[s] = self.seen[s].wait_h;
        }
    }

    fn gap(&self) -> Gap {
        self.problem.gap(&self.flow_h, &self.unserved_h, &self.wait_h)
    }

    /// Lets the drivers of a place change until all that is used costs the same and nothing is cheaper.
    fn settle(&mut self, place: usize) {
        for _ in 0..MOVES {
            let Some(ends) = self.ends(place) else { return };
            if ends.from == ends.to || ends.most_h <= ends.least_h || !self.change(place, &ends) {
                return;
            }
        }
    }

    /// `None` where nobody lives. Of equally cheap choices the one of the lower station, and a station before none.
    fn ends(&self, place: usize) -> Option<Ends> {
        let (pairs, unserved_h) = (self.problem.pairs, self.problem.unserved_cost_h);
        let mut ends = Ends { from: UNSERVED, most_h: f64::NEG_INFINITY, to: UNSERVED, least_h: f64::INFINITY };
        for p in pairs.of(place) {
            let cost = pairs.travel_h[p] + self.wait_h[pairs.station[p] as usize];
            if cost < ends.least_h {
                (ends.to, ends.least_h) = (p, cost);
            }
            if self.flow_h[p] > 0.0 && cost > ends.most_h {
                (ends.from, ends.most_h) = (p, cost);
            }
        }
        if unserved_h < ends.least_h {
            (ends.to, ends.least_h) = (UNSERVED, unserved_h);
        }
        if self.unserved_h[place] > 0.0 && unserved_h > ends.most_h {
            (ends.from, ends.most_h) = (UNSERVED, unserved_h);
        }
        (ends.most_h > f64::NEG_INFINITY).then_some(ends)
    }

    fn choice(&self, pair: usize) -> Choice<'a> {
        if pair == UNSERVED {
            return Choice { fixed_h: self.problem.unserved_cost_h, station: None };
        }
        let station = self.problem.pairs.station[pair] as usize;
        Choice {
            fixed_h: self.problem.pairs.travel_h[pair],
            station: Some((&self.problem.stations[station], self.seen[station])),
        }
    }

    fn flow_mut(&mut self, place: usize, pair: usize) -> &mut f64 {
        if pair == UNSERVED { &mut self.unserved_h[place] } else { &mut self.flow_h[pair] }
    }

    /// Moves drivers; says whether any did.
    fn change(&mut self, place: usize, ends: &Ends) -> bool {
        let all = *self.flow_mut(place, ends.from);
        let moved = shift(self.choice(ends.from), self.choice(ends.to), all);
        *self.flow_mut(place, ends.from) = if moved.by_h >= all { 0.0 } else { all - moved.by_h };
        *self.flow_mut(place, ends.to) += moved.by_h;
        for (pair, seen) in [(ends.from, moved.from), (ends.to, moved.to)] {
            if let (true, Some(seen)) = (pair != UNSERVED, seen) {
                let station = self.problem.pairs.station[pair] as usize;
                self.seen[station] = seen;
                self.wait_h[station] = seen.wait_h;
            }
        }
        moved.by_h > 0.0
    }
}
