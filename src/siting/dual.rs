//! Multipliers that make the bound small: steps along the averaged subgradient, as long as Polyak says.

use super::cover::Cover;
use super::limit::{Filled, Limit, fill};

/// A part of a problem: some sites are decided.
pub(super) struct Part<'a> {
    pub cover: &'a Cover,
    pub limit: &'a Limit,
    /// Sites that are chosen already.
    pub inside: &'a [bool],
    /// Sites that are not to be chosen.
    pub out: &'a [bool],
}

/// What a part needs to be computed over and over.
pub(super) struct Rooms {
    /// Rows that a chosen site covers.
    covered: Vec<bool>,
    /// Weight of these.
    fixed: f64,
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
    /// A row's weight shared by its sites.
    pub fn first(cover: &Cover) -> Self {
        let share = |r: usize| cover.weights()[r] as f64 / cover.of_row(r).len().max(1) as f64;
        Self { lambda: (0..cover.rows()).map(share).collect(), share: vec![0.0; cover.sites()] }
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
    /// Steps without a better bound after which they are halved.
    pub patience: usize,
}

impl Part<'_> {
    pub fn rooms(&self) -> Rooms {
        let mut covered = vec![false; self.cover.rows()];
        let sites = || (0..self.cover.sites()).filter(|s| self.inside[*s]);
        sites().flat_map(|s| self.cover.of_site(s)).for_each(|r| covered[*r as usize] = true);
        let fixed = covered.iter().zip(self.cover.weights()).filter(|(c, _)| **c).map(|(_, w)| *w as f64).sum();
        let room = self.limit.most().saturating_sub(self.limit.taken(sites().map(|s| s as u32)));
        let open = (0..self.cover.sites()).filter(|s| !self.inside[*s] && !self.out[*s] && self.limit.cost(*s) <= room);
        Rooms { covered, fixed, open: open.map(|s| s as u32).collect(), room }
    }

    pub fn look(&self, rooms: &Rooms, lambda: &[f64]) -> Seen {
        let mut score = vec![0.0; self.cover.sites()];
        for s in &rooms.open {
            score[*s as usize] = self.cover.of_site(*s as usize).iter().map(|r| lambda[*r as usize]).sum();
        }
        let filled = fill(self.limit, rooms.room, &rooms.open, &score);
        let free = self.cover.weights().iter().zip(lambda).zip(&rooms.covered).filter(|(_, covered)| !**covered);
        let bound = rooms.fixed + filled.score + free.map(|((w, l), _)| *w as f64 - l).sum::<f64>();
        Seen { bound, score, filled }
    }

    /// Improves multipliers until the bound is below `target()` + 1 or the steps are done. `see` is shown what each better step would choose.
    pub fn improve(
        &self,
        rooms: &Rooms,
        dual: &mut Dual,
        steps: Steps,
        target: &dyn Fn() -> f64,
        see: &mut dyn FnMut(&[u32]),
    ) -> Seen {
        dual.lambda.iter_mut().zip(&rooms.covered).filter(|(_, c)| **c).for_each(|(l, _)| *l = 0.0);
        let (mut best, mut now) = (self.look(rooms, &dual.lambda), dual.lambda.clone());
        let mut seen = best.clone();
        let (mut way, mut hits) = (vec![0.0; now.len()], vec![0u32; now.len()]);
        let (mut length, mut idle) = (steps.length, 0);
        for _ in 0..steps.most {
            if best.bound < target() + 1.0 {
                break;
            }
            let norm = self.direction(rooms, (&seen.filled.taken, &now), &mut hits, &mut way);
            if norm < 1e-12 {
                break;
            }
            let step = length * (seen.bound - target()).max(1.0) / norm;
            for ((l, d), w) in now.iter_mut().zip(&way).zip(self.cover.weights()) {
                *l = (*l - step * d).clamp(0.0, *w as f64);
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
            (length, idle) = (length / 2.0, 0);
            now.copy_from_slice(&dual.lambda);
            seen = best.clone(); // what these multipliers gave
            way.iter_mut().for_each(|d| *d = 0.0);
            if length < 1e-4 {
                break;
            }
        }
        best
    }

    /// Turns the averaged direction towards the subgradient; its square length.
    fn direction(&self, rooms: &Rooms, (taken, now): (&[u32], &[f64]), hits: &mut [u32], way: &mut [f64]) -> f64 {
        const NEW: f64 = 0.15;
        hits.iter_mut().for_each(|h| *h = 0);
        taken.iter().flat_map(|s| self.cover.of_site(*s as usize)).for_each(|r| hits[*r as usize] += 1);
        let mut norm = 0.0;
        for r in (0..way.len()).filter(|r| !rooms.covered[*r]) {
            let slope = f64::from(hits[r]) - 1.0;
            // beyond its bounds a multiplier does not go
            let held = (now[r] <= 0.0 && slope > 0.0) || (now[r] >= self.cover.weights()[r] as f64 && slope < 0.0);
            way[r] = (1.0 - NEW) * way[r] + if held { 0.0 } else { NEW * slope };
            norm += way[r] * way[r];
        }
        norm
    }
}
