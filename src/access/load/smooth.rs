//! The smoothed problem: drivers of a place spread over their choices by cost, the more evenly the higher a temperature (hours). Its
//! equilibrium has one unknown a station, and goes to that of the problem as the temperature goes to 0.

use super::envelope::Envelope;
use super::{LoadProblem, UNSERVED, order};
use crate::access::queue::Queue;
use rayon::prelude::*;

/// A choice so many temperatures dearer than the best has a share of 10⁻²⁰ of it: nobody takes it.
const NEVER: f64 = 45.0;
/// Places that a thread looks at in a row.
const IN_A_ROW: usize = 4096;
/// Room for the matrix of stations at most, numbers (512 MiB).
const MOST: usize = 1 << 26;
/// Wait at a station where nobody is served, hours, and its slope.
const CLOSED: (f64, f64) = (1e9, 1e12);

/// Choices of some places that are worth looking at, a row a place that has more than one.
#[derive(Debug, Default)]
struct Rows {
    place: Vec<u32>,
    /// Where the choices of each row end.
    end: Vec<usize>,
    /// Station by its place in the order, the last is to stay unserved; rising in a row.
    node: Vec<u32>,
    fixed_h: Vec<f64>,
    pair: Vec<usize>,
    /// Places with a single choice.
    alone: Vec<(u32, usize)>,
    /// Least cost of each row, and what each choice is above it and is taken by.
    least_h: Vec<f64>,
    over_h: Vec<f64>,
    flow_h: Vec<f64>,
}

impl Rows {
    /// Spreads the demand of each row, shares going as exp(−cost ÷ temperature).
    fn spread(&mut self, wait_h: &[f64], temperature_h: f64, demand_h: &[f64]) {
        let mut start = 0;
        for (row, end) in self.end.iter().enumerate() {
            let choices = start..*end;
            start = *end;
            let (over, flow) = (&mut self.over_h[choices.clone()], &mut self.flow_h[choices.clone()]);
            for ((over, node), fixed) in over.iter_mut().zip(&self.node[choices.clone()]).zip(&self.fixed_h[choices]) {
                *over = fixed + wait_h[*node as usize];
            }
            let least = over.iter().copied().fold(f64::INFINITY, f64::min);
            let mut all = 0.0;
            for (over, flow) in over.iter_mut().zip(flow.iter_mut()) {
                *over -= least;
                *flow = if *over < NEVER * temperature_h { (-*over / temperature_h).exp() } else { 0.0 };
                all += *flow;
            }
            let scale = demand_h[self.place[row] as usize] / all;
            flow.iter_mut().for_each(|f| *f *= scale);
            self.least_h[row] = least;
        }
    }

    /// The choices of each row that somebody takes, one row after the other, with its place.
    fn each(&self, mut take: impl FnMut(u32, &[Taken])) {
        let (mut start, mut near) = (0, Vec::new());
        for (end, place) in self.end.iter().zip(&self.place) {
            near.clear();
            let taken = (start..*end).filter(|at| self.flow_h[*at] > 0.0);
            near.extend(taken.map(|at| Taken { node: self.node[at], at, over_h: self.over_h[at], flow_h: self.flow_h[at] }));
            start = *end;
            take(*place, &near);
        }
    }
}

/// A choice that somebody takes.
#[derive(Clone, Copy, Debug)]
struct Taken {
    node: u32,
    at: usize,
    over_h: f64,
    flow_h: f64,
}

/// What one look at the rows gives.
#[derive(Debug, Default)]
pub(super) struct Look {
    /// Sum of flows less load, for each station.
    pub residual: Vec<f64>,
    /// Σ flow × cost and what of it is above the least cost.
    pub cost: f64,
    pub excess: f64,
}

/// How flows follow waits and the temperature.
#[derive(Debug, Default)]
pub(super) struct Trend {
    /// By the temperature, for each station.
    pub drift: Vec<f64>,
    /// Stations that share drivers stand in one group: the lowest.
    pub group: Vec<u32>,
}

/// Stations in their order, with loads, and the flows that go with the waits.
pub(super) struct Smooth<'a> {
    pub problem: LoadProblem<'a>,
    pub queues: Vec<&'a Queue>,
    rank: Vec<u32>,
    pub load_h: Vec<f64>,
    /// One more than stations: to stay unserved has no wait.
    pub wait_h: Vec<f64>,
    pub slope: Vec<f64>,
    pub temperature_h: f64,
    pub demand_h: f64,
    rows: Vec<Rows>,
    /// What places with a single choice bring to each station.
    base_h: Vec<f64>,
    base_fixed: f64,
    /// Waits when the choices were looked up, and how far they may move since.
    then_h: Vec<f64>,
    slack_h: f64,
    pub matrix: Envelope,
    pub look: Look,
}

impl<'a> Smooth<'a> {
    /// Empty stations; `None` where the matrix of stations would be too large.
    pub fn new(problem: LoadProblem<'a>, temperature_h: f64) -> Option<Self> {
        let stations = problem.stations();
        let list = order::near_each_other(problem.pairs(), stations.len());
        let mut rank = vec![0; stations.len()];
        for (r, s) in (0..).zip(&list) {
            rank[*s as usize] = r;
        }
        let matrix = order::envelope(problem.pairs(), &rank, MOST)?;
        let n = stations.len();
        let mut new = Self {
            problem,
            queues: list.iter().map(|s| &stations[*s as usize]).collect(),
            rank,
            load_h: vec![0.0; n],
            wait_h: vec![0.0; n + 1],
            slope: vec![0.0; n],
            temperature_h,
            demand_h: problem.demand_h().iter().sum(),
            rows: Vec::new(),
            base_h: vec![0.0; n + 1],
            base_fixed: 0.0,
            then_h: Vec::new(),
            slack_h: 0.0,
            matrix,
            look: Look::default(),
        };
        new.see();
        new.look_up();
        Some(new)
    }

    /// Waits and slopes at the loads.
    pub fn see(&mut self) {
        for (s, queue) in self.queues.iter().enumerate() {
            (self.wait_h[s], self.slope[s]) = queue.wait_and_slope(self.load_h[s]).unwrap_or(CLOSED);
        }
    }

    /// Finds anew which choices are worth looking at.
    fn look_up(&mut self) {
        self.slack_h = (30.0 * self.temperature_h).max(0.01);
        let reach = NEVER * self.temperature_h + 2.0 * self.slack_h;
        let wait_h: Vec<f64> = self.rank.iter().map(|r| self.wait_h[*r as usize]).collect();
        let places: Vec<u32> = (0..self.problem.pairs().places() as u32).collect();
        self.rows = places.par_chunks(IN_A_ROW).map(|part| self.choices_of(part, &wait_h, reach)).collect();
        self.add_alone();
        self.then_h.clone_from(&self.wait_h);
    }

    /// The choices of some places that are at most `reach` dearer than the best.
    fn choices_of(&self, places: &[u32], wait_h: &[f64], reach: f64) -> Rows {
        let (pairs, unserved) = (self.problem.pairs(), self.problem.unserved_cost_h());
        let (mut rows, mut row) = (Rows::default(), Vec::new());
        for place in places {
            if self.problem.demand_h()[*place as usize] <= 0.0 {
                continue;
            }
            let cost = |p: usize| pairs.travel_h(p) + wait_h[pairs.station(p) as usize];
            let least = pairs.of(*place as usize).map(cost).fold(unserved, f64::min);
            row.clear();
            let worth = pairs.of(*place as usize).filter(|p| cost(*p) - least <= reach);
            row.extend(worth.map(|p| (self.rank[pairs.station(p) as usize], p)));
            row.sort_unstable();
            if unserved - least <= reach {
                row.push((self.queues.len() as u32, UNSERVED));
            }
            if let [(_, pair)] = row[..] {
                rows.alone.push((*place, pair));
                continue;
            }
            rows.place.push(*place);
            rows.node.extend(row.iter().map(|r| r.0));
            rows.fixed_h.extend(row.iter().map(|r| self.fixed_h(r.1)));
            rows.pair.extend(row.iter().map(|r| r.1));
            rows.end.push(rows.node.len());
        }
        (rows.least_h, rows.over_h) = (vec![0.0; rows.end.len()], vec![0.0; rows.node.len()]);
        rows.flow_h = vec![0.0; rows.node.len()];
        rows
    }

    /// Cost of a choice without the wait.
    fn fixed_h(&self, pair: usize) -> f64 {
        if pair == UNSERVED { self.problem.unserved_cost_h() } else { self.problem.pairs().travel_h(pair) }
    }

    /// What places with a single choice bring.
    fn add_alone(&mut self) {
        let (mut base, mut fixed) = (vec![0.0; self.queues.len() + 1], 0.0);
        for (place, pair) in self.rows.iter().flat_map(|r| &r.alone) {
            let demand = self.problem.demand_h()[*place as usize];
            let node = if *pair == UNSERVED {
                self.queues.len()
            } else {
                self.rank[self.problem.pairs().station(*pair) as usize] as usize
            };
            base[node] += demand;
            fixed += demand * self.fixed_h(*pair);
        }
        (self.base_h, self.base_fixed) = (base, fixed);
    }

    /// Flows at the waits now, and their sums.
    pub fn look(&mut self) {
        let moved = self.wait_h.iter().zip(&self.then_h).any(|(a, b)| (a - b).abs() > self.slack_h);
        if moved {
            self.look_up();
        }
        let (wait_h, temperature_h, demand_h) = (&self.wait_h, self.temperature_h, self.problem.demand_h());
        self.rows.par_iter_mut().for_each(|rows| rows.spread(wait_h, temperature_h, demand_h));
        let mut sum = self.base_h.clone();
        let (mut least, mut excess) = (self.base_fixed, 0.0);
        least += self.base_h.iter().zip(&self.wait_h).map(|(b, w)| b * w).sum::<f64>();
        for rows in &self.rows {
            for ((node, flow), over) in rows.node.iter().zip(&rows.flow_h).zip(&rows.over_h) {
                sum[*node as usize] += flow;
                excess += flow * over;
            }
            least += rows.place.iter().zip(&rows.least_h).map(|(place, least)| demand_h[*place as usize] * least).sum::<f64>();
        }
        sum.pop();
        sum.iter_mut().zip(&self.load_h).for_each(|(sum, load)| *sum -= load);
        self.look = Look { residual: sum, cost: least + excess, excess };
    }

    /// How the flows of the last look follow waits, in the matrix with how loads do, and the temperature.
    pub fn trend(&mut self) -> Trend {
        let n = self.queues.len();
        let mut trend = Trend { drift: vec![0.0; n + 1], group: (0..n as u32).collect() };
        self.matrix.clear();
        for rows in &self.rows {
            rows.each(|place, near| {
                let demand = self.problem.demand_h()[place as usize];
                trend.take(near, demand, self.temperature_h);
                couple(&mut self.matrix, near, demand * self.temperature_h, n as u32);
            });
        }
        trend.drift.pop();
        for (s, slope) in self.slope.iter().enumerate() {
            // 1 ÷ slope: how the load follows the wait; without slope the wait does not move
            *self.matrix.diagonal_mut(s) += (1.0 / slope).min(1e20);
        }
        trend
    }

    /// Sets a lower temperature, with fewer choices worth looking at.
    pub fn cool(&mut self, temperature_h: f64) {
        self.temperature_h = temperature_h;
        self.look_up();
    }

    /// Flows of pairs and who stays unserved, without shares below 10⁻⁹. What a station gets beyond its load stays unserved, so that nobody
    /// comes to a full one.
    pub fn flows(&self, flow_h: &mut [f64], unserved_h: &mut [f64]) {
        let kept = |s: usize| (self.load_h[s] / (self.load_h[s] + self.look.residual[s])).min(1.0);
        let kept: Vec<f64> =
            (0..self.queues.len()).map(kept).map(|k| if k > 1.0 - 1e-7 { 1.0 } else { k }).chain([1.0]).collect();
        let mut give = |place: u32, pair: usize, node: usize, flow: f64| {
            if pair != UNSERVED {
                flow_h[pair] = flow * kept[node];
                unserved_h[place as usize] -= flow_h[pair];
            }
        };
        let demand_h = self.problem.demand_h();
        for rows in &self.rows {
            for (place, pair) in rows.alone.iter().filter(|a| a.1 != UNSERVED) {
                let node = self.rank[self.problem.pairs().station(*pair) as usize] as usize;
                give(*place, *pair, node, demand_h[*place as usize]);
            }
            rows.each(|place, near| {
                let demand = demand_h[place as usize];
                let all: f64 = near.iter().map(|c| c.flow_h).filter(|f| *f > 1e-9 * demand).sum();
                for c in near.iter().filter(|c| c.flow_h > 1e-9 * demand) {
                    give(place, rows.pair[c.at], c.node as usize, demand * c.flow_h / all);
                }
            });
        }
        unserved_h.iter_mut().for_each(|u| *u = u.max(0.0));
    }
}

impl Trend {
    /// Adds a row.
    fn take(&mut self, near: &[Taken], demand: f64, temperature_h: f64) {
        if near.len() < 2 {
            return;
        }
        let mean = near.iter().map(|c| c.flow_h * c.over_h).sum::<f64>() / demand;
        let (square, unserved) = (temperature_h * temperature_h, self.group.len() as u32);
        let mut one: Option<u32> = None;
        for c in near {
            self.drift[c.node as usize] += c.flow_h * (c.over_h - mean) / square;
            if c.node < unserved && c.flow_h > 1e-3 * demand {
                let root = find(&mut self.group, c.node);
                let (low, high) = one.map_or((root, root), |o| (o.min(root), o.max(root)));
                self.group[high as usize] = low;
                one = Some(low);
            }
        }
    }
}

/// Adds to the matrix how the flows of a row follow waits: (diag(f) − f·fᵀ ÷ demand) ÷ temperature.
fn couple(matrix: &mut Envelope, near: &[Taken], heat: f64, unserved: u32) {
    if near.len() < 2 {
        return;
    }
    let demand: f64 = near.iter().map(|c| c.flow_h).sum();
    for (i, c) in near.iter().enumerate() {
        if c.node == unserved || c.flow_h < 1e-13 * demand {
            continue;
        }
        let (line, from) = matrix.row_mut(c.node as usize);
        for other in &near[..=i] {
            line[other.node as usize - from] -= c.flow_h * other.flow_h / heat;
        }
        if let Some(own) = line.last_mut() {
            *own += c.flow_h * demand / heat;
        }
    }
}

/// The lowest of a group.
pub(super) fn find(group: &mut [u32], s: u32) -> u32 {
    let mut at = s;
    while group[at as usize] != at {
        group[at as usize] = group[group[at as usize] as usize];
        at = group[at as usize];
    }
    at
}
