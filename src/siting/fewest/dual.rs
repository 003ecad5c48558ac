//! Multipliers of rows for covering all of them: what is paid for a row, so that Σ λ and what sites fall short of it bound the cost from below.

use super::super::cover::Cover;
use super::reduce::Left;

/// Multipliers looked at: the bound, and what each site that is left costs beyond what is paid for its rows.
pub(super) struct Seen {
    pub bound: f64,
    pub beyond: Vec<f64>,
}

/// The part of a problem that multipliers are of.
pub(super) struct Part<'a> {
    pub cover: &'a Cover,
    pub costs: &'a [u64],
    pub left: &'a Left,
}

impl Part<'_> {
    /// Of each row the cheapest share of a site.
    pub fn first(&self) -> Vec<f64> {
        let share = |s: usize| self.costs[s] as f64 / self.left.of_site(self.cover, s).len().max(1) as f64;
        let shares: Vec<f64> = (0..self.costs.len()).map(|s| if self.left.sites[s] { share(s) } else { f64::INFINITY }).collect();
        let least = |r: usize| self.cover.of_row(r).iter().map(|s| shares[*s as usize]).fold(f64::INFINITY, f64::min);
        (0..self.left.rows.len()).map(|r| if self.left.rows[r] { least(r) } else { 0.0 }).collect()
    }

    pub fn look(&self, lambda: &[f64]) -> Seen {
        let mut beyond = vec![f64::INFINITY; self.costs.len()];
        let mut bound = self.rows().map(|r| lambda[r]).sum();
        for s in self.sites() {
            let paid: f64 =
                self.cover.of_site(s).iter().filter(|r| self.left.rows[**r as usize]).map(|r| lambda[*r as usize]).sum();
            beyond[s] = self.costs[s] as f64 - paid;
            bound += beyond[s].min(0.0);
        }
        Seen { bound, beyond }
    }

    fn rows(&self) -> impl Iterator<Item = usize> {
        (0..self.left.rows.len()).filter(|r| self.left.rows[*r])
    }

    pub fn sites(&self) -> impl Iterator<Item = usize> {
        (0..self.left.sites.len()).filter(|s| self.left.sites[*s])
    }

    /// Improves multipliers by steps along the averaged subgradient until the bound reaches `target()` − 1. `see` is shown what each better
    /// step would pay.
    pub fn improve(&self, lambda: &mut [f64], steps: usize, target: &dyn Fn() -> f64, see: &mut dyn FnMut(&Seen)) -> Seen {
        (0..lambda.len()).filter(|r| !self.left.rows[*r]).for_each(|r| lambda[r] = 0.0);
        let (mut best, mut now) = (self.look(lambda), lambda.to_vec());
        let (mut seen, mut way, mut hits) = (self.look(lambda), vec![0.0; now.len()], vec![0u32; now.len()]);
        let (mut length, mut idle) = (1.0, 0);
        for _ in 0..steps {
            if best.bound > target() - 1.0 + 1e-6 {
                break;
            }
            hits.iter_mut().for_each(|h| *h = 0);
            let taken = self.sites().filter(|s| seen.beyond[*s] < 0.0);
            taken.flat_map(|s| self.cover.of_site(s)).for_each(|r| hits[*r as usize] += 1);
            let mut norm = 0.0;
            for r in self.rows() {
                let slope = 1.0 - f64::from(hits[r]);
                let held = now[r] <= 0.0 && slope < 0.0;
                way[r] = 0.7 * way[r] + if held { 0.0 } else { 0.3 * slope };
                norm += way[r] * way[r];
            }
            if norm < 1e-12 {
                break;
            }
            let step = length * (target() - seen.bound).max(0.5) / norm;
            now.iter_mut().zip(&way).for_each(|(l, d)| *l = (*l + step * d).max(0.0));
            seen = self.look(&now);
            if seen.bound > best.bound + 1e-9 {
                lambda.copy_from_slice(&now);
                see(&seen);
                (best, idle) = (Seen { bound: seen.bound, beyond: seen.beyond.clone() }, 0);
                continue;
            }
            idle += 1;
            if idle >= 20 {
                (length, idle) = (length / 2.0, 0);
                now.copy_from_slice(lambda);
                seen = Seen { bound: best.bound, beyond: best.beyond.clone() };
                way.iter_mut().for_each(|d| *d = 0.0);
                if length < 1e-3 {
                    break;
                }
            }
        }
        best
    }
}
