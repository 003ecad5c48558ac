//! Questions that ask for sites within a limit, with a multiplier for each row: these make every site's part in an answer a score of its
//! own, so that the best scores that fit, and what is left beside, bound every answer. Multipliers that make the bound small are found by
//! steps along the averaged subgradient, as long as Polyak says.

use super::limit::{Filled, Limit, fill};

/// A question of this kind; the most is sought.
pub(super) trait Relaxed {
    /// What is known of a part of it, where some sites are chosen.
    type Base;

    fn sites(&self) -> usize;

    fn limit(&self) -> &Limit;

    /// Pairs of row and site: what a look costs, about.
    fn pairs(&self) -> usize;

    /// Multipliers to begin with.
    fn first(&self) -> Vec<f64>;

    /// Where some sites are chosen: what is known, and the least and the highest multiplier of each row.
    fn base(&self, inside: &[bool]) -> (Self::Base, Vec<[f64; 2]>);

    /// Scores of the open sites; what counts beside them.
    fn look(&self, base: &Self::Base, lambda: &[f64], open: &[u32], score: &mut [f64]) -> f64;

    /// How the bound grows with each multiplier, when these open sites are taken.
    fn slopes(&self, base: &Self::Base, lambda: &[f64], taken: &[u32], slope: &mut [f64]);

    /// What sites are worth, truly.
    fn value(&self, sites: &[u32]) -> u64;
}

/// A part of a question: some sites are decided.
pub(super) struct Part<'a, R> {
    pub of: &'a R,
    /// Sites that are chosen already.
    pub inside: &'a [bool],
    /// Sites that are not to be chosen.
    pub out: &'a [bool],
}

/// What a part needs to be computed over and over.
pub(super) struct Rooms<B> {
    base: B,
    ranges: Vec<[f64; 2]>,
    /// Undecided sites that fit.
    pub open: Vec<u32>,
    /// What is left of the limit.
    pub room: u64,
}

/// Multipliers of rows, and in which share of the last steps each site was taken.
#[derive(Clone)]
pub(super) struct Dual {
    pub lambda: Vec<f64>,
    pub share: Vec<f64>,
}

impl Dual {
    pub fn first(of: &impl Relaxed) -> Self {
        Self { lambda: of.first(), share: vec![0.0; of.sites()] }
    }
}

/// Multipliers looked at.
#[derive(Clone)]
pub(super) struct Seen {
    pub bound: f64,
    pub score: Vec<f64>,
    pub filled: Filled,
}

/// How many steps, and how long.
#[derive(Clone, Copy)]
pub(super) struct Steps {
    pub most: usize,
    /// First length, as a share of Polyak's.
    pub length: f64,
    /// Steps without a better bound after which they become shorter.
    pub patience: usize,
    /// By what: slower is better, and longer.
    pub shrink: f64,
    /// The share of what is new in the averaged direction.
    pub new: f64,
}

impl<R: Relaxed> Part<'_, R> {
    pub fn rooms(&self) -> Rooms<R::Base> {
        let sites = (0..self.of.sites() as u32).filter(|s| self.inside[*s as usize]);
        let room = self.of.limit().most().saturating_sub(self.of.limit().taken(sites));
        let fits = |s: &u32| {
            let i = *s as usize;
            !self.inside[i] && !self.out[i] && self.of.limit().cost(i) <= room
        };
        let open = (0..self.of.sites() as u32).filter(fits).collect();
        let (base, ranges) = self.of.base(self.inside);
        Rooms { base, ranges, open, room }
    }

    pub fn look(&self, rooms: &Rooms<R::Base>, lambda: &[f64]) -> Seen {
        let mut score = vec![0.0; self.of.sites()];
        let rest = self.of.look(&rooms.base, lambda, &rooms.open, &mut score);
        let filled = fill(self.of.limit(), rooms.room, &rooms.open, &score);
        Seen { bound: rest + filled.score, score, filled }
    }

    /// Improves multipliers until the bound is below `target()` + 1 or the steps are done. `see` is shown what each better step would choose.
    pub fn improve(
        &self,
        rooms: &Rooms<R::Base>,
        dual: &mut Dual,
        steps: Steps,
        target: &dyn Fn() -> f64,
        see: &mut dyn FnMut(&[u32]),
    ) -> Seen {
        dual.lambda.iter_mut().zip(&rooms.ranges).for_each(|(l, [least, most])| *l = l.clamp(*least, *most));
        let (mut best, mut now) = (self.look(rooms, &dual.lambda), dual.lambda.clone());
        let mut seen = best.clone();
        let (mut way, mut slope) = (vec![0.0; now.len()], vec![0.0; now.len()]);
        let (mut length, mut idle) = (steps.length, 0);
        for _ in 0..steps.most {
            if best.bound < target() + 1.0 {
                break;
            }
            self.of.slopes(&rooms.base, &now, &seen.filled.taken, &mut slope);
            let norm = turn(&mut way, (&slope, steps.new), &now, &rooms.ranges);
            if norm < 1e-12 {
                break;
            }
            let step = length * (seen.bound - target()).max(1.0) / norm;
            for ((l, d), [least, most]) in now.iter_mut().zip(&way).zip(&rooms.ranges) {
                *l = (*l - step * d).clamp(*least, *most);
            }
            seen = self.look(rooms, &now);
            dual.share.iter_mut().for_each(|y| *y *= 0.95);
            seen.filled.taken.iter().for_each(|s| dual.share[*s as usize] += 0.05);
            if seen.bound < best.bound - 1e-9 {
                dual.lambda.copy_from_slice(&now);
                see(&seen.filled.taken);
                best = seen.clone();
                idle = 0;
                continue;
            }
            idle += 1;
            if idle < steps.patience {
                continue;
            }
            (length, idle) = (length * steps.shrink, 0);
            now.copy_from_slice(&dual.lambda);
            seen = best.clone(); // what these multipliers gave
            way.iter_mut().for_each(|d| *d = 0.0);
            if length < 1e-5 {
                break;
            }
        }
        best
    }
}

/// Turns the averaged direction towards the subgradient; its square length.
fn turn(way: &mut [f64], (slope, new): (&[f64], f64), now: &[f64], ranges: &[[f64; 2]]) -> f64 {
    let mut norm = 0.0;
    for (((w, slope), l), [least, most]) in way.iter_mut().zip(slope).zip(now).zip(ranges) {
        // beyond its bounds a multiplier does not go
        let held = (l <= least && *slope > 0.0) || (l >= most && *slope < 0.0);
        *w = (1.0 - new) * *w + if held { 0.0 } else { new * slope };
        norm += *w * *w;
    }
    norm
}
