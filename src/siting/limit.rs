//! What may be chosen at most: a number of sites or a budget; and the most that scores can add up to within it.

/// How much may be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Limit {
    /// So many sites.
    Number(u64),
    /// Sites whose costs add up to no more, in the unit of the costs.
    Budget(u64, Vec<u64>),
}

impl Limit {
    /// What a site takes of it.
    pub fn cost(&self, site: usize) -> u64 {
        match self {
            Self::Number(_) => 1,
            Self::Budget(_, costs) => costs[site],
        }
    }

    /// All of it.
    pub fn most(&self) -> u64 {
        match self {
            Self::Number(n) | Self::Budget(n, _) => *n,
        }
    }

    /// What some sites take of it.
    pub fn taken(&self, sites: impl IntoIterator<Item = u32>) -> u64 {
        sites.into_iter().map(|s| self.cost(s as usize)).sum()
    }
}

/// The best part of a list within a limit when the last one may be taken in part: no whole choice scores more.
#[derive(Clone)]
pub(super) struct Filled {
    /// What it scores.
    pub score: f64,
    /// Those that are taken whole.
    pub taken: Vec<u32>,
    /// Score for each unit of the limit at the margin: of the last that is in, and of the first that is out.
    pub margin: [f64; 2],
}

/// Fills `room` from the sites that `open` lists, by score a unit, of equals the lower number first.
pub(super) fn fill(limit: &Limit, room: u64, open: &[u32], score: &[f64]) -> Filled {
    let ratio = |s: u32| {
        let cost = limit.cost(s as usize);
        if cost == 0 { f64::INFINITY } else { score[s as usize] / cost as f64 }
    };
    let mut order: Vec<(f64, u32)> = open.iter().map(|s| (ratio(*s), *s)).collect();
    let by = |a: &(f64, u32), b: &(f64, u32)| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1));
    if let (Limit::Number(_), true) = (limit, (room as usize) < order.len() && room > 0) {
        order.select_nth_unstable_by(room as usize, by); // those before it are the best
        let next = order[room as usize].0;
        let taken: Vec<u32> = order[..room as usize].iter().map(|o| o.1).collect();
        let last = order[..room as usize].iter().map(|o| o.0).fold(f64::INFINITY, f64::min);
        return Filled { score: taken.iter().map(|s| score[*s as usize]).sum(), taken, margin: [last, next] };
    }
    order.sort_unstable_by(by);
    let mut all = Filled { score: 0.0, taken: Vec::new(), margin: [f64::INFINITY, 0.0] };
    let mut left = room;
    for (ratio, s) in order {
        let cost = limit.cost(s as usize);
        if cost <= left {
            left -= cost;
            all.score += score[s as usize];
            all.taken.push(s);
            all.margin[0] = ratio;
        } else {
            all.margin[1] = ratio;
            if left > 0 {
                all.score += ratio * left as f64;
                all.margin[0] = ratio;
            }
            break;
        }
    }
    all
}
