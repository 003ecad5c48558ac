//! What is left of covering all rows when nothing is lost: a row's only site is taken, a site that another one makes needless goes, and so does
//! a row that is covered whenever another one is.

use super::super::cover::Cover;

/// Rows that are still to be covered, and sites that still may be taken.
#[derive(Clone)]
pub(super) struct Left {
    pub rows: Vec<bool>,
    pub sites: Vec<bool>,
}

/// Passes over all rows and sites at most: what is left then is as right, only larger.
const PASSES: usize = 30;

impl Left {
    /// Takes a site: its rows are done with.
    pub fn take(&mut self, cover: &Cover, site: usize) {
        self.sites[site] = false;
        cover.of_site(site).iter().for_each(|r| self.rows[*r as usize] = false);
    }

    pub fn of_row(&self, cover: &Cover, row: usize) -> Vec<u32> {
        cover.of_row(row).iter().copied().filter(|s| self.sites[*s as usize]).collect()
    }

    pub fn of_site(&self, cover: &Cover, site: usize) -> Vec<u32> {
        cover.of_site(site).iter().copied().filter(|r| self.rows[*r as usize]).collect()
    }

    /// Whether there is nothing more to cover.
    pub fn is_done(&self) -> bool {
        !self.rows.contains(&true)
    }

    /// Reduces it; rows with the only site that was left for them, which is taken. None where a row has no site.
    pub fn reduce(&mut self, cover: &Cover, costs: &[u64]) -> Option<Vec<(usize, usize)>> {
        let mut taken = Vec::new();
        for _ in 0..PASSES {
            let only = self.only(cover, &mut taken)?;
            let sites = self.needless_sites(cover, costs);
            let rows = self.needless_rows(cover);
            if !(only || sites || rows) {
                break;
            }
        }
        Some(taken)
    }

    fn only(&mut self, cover: &Cover, taken: &mut Vec<(usize, usize)>) -> Option<bool> {
        let before = taken.len();
        for r in 0..self.rows.len() {
            if !self.rows[r] {
                continue;
            }
            let mut sites = cover.of_row(r).iter().map(|s| *s as usize).filter(|s| self.sites[*s]);
            let (first, more) = (sites.next()?, sites.next().is_some());
            if !more {
                self.take(cover, first);
                taken.push((r, first));
            }
        }
        Some(taken.len() > before)
    }

    fn needless_sites(&mut self, cover: &Cover, costs: &[u64]) -> bool {
        let mut some = false;
        let mut lists: Vec<Vec<u32>> = vec![Vec::new(); self.sites.len()];
        (0..lists.len()).filter(|s| self.sites[*s]).for_each(|s| lists[s] = self.of_site(cover, s));
        let mut width = vec![0; self.rows.len()];
        lists.iter().flatten().for_each(|r| width[*r as usize] += 1);
        for s in (0..lists.len()).filter(|s| self.sites[*s]).collect::<Vec<_>>() {
            // who covers all rows of s covers the one that fewest sites cover
            let rarest = lists[s].iter().min_by_key(|r| (width[**r as usize], **r));
            let makes_needless = |t: usize| {
                let larger = (lists[t].len(), std::cmp::Reverse(t)) > (lists[s].len(), std::cmp::Reverse(s));
                let cheaper = costs[t] < costs[s] || (costs[t] == costs[s] && larger);
                t != s && self.sites[t] && cheaper && is_part(&lists[s], &lists[t])
            };
            if rarest.is_none_or(|r| cover.of_row(*r as usize).iter().any(|t| makes_needless(*t as usize))) {
                (self.sites[s], some) = (false, true);
            }
        }
        some
    }

    fn needless_rows(&mut self, cover: &Cover) -> bool {
        let mut some = false;
        let mut lists: Vec<Vec<u32>> = vec![Vec::new(); self.rows.len()];
        (0..lists.len()).filter(|r| self.rows[*r]).for_each(|r| lists[r] = self.of_row(cover, r));
        let mut height = vec![0; self.sites.len()];
        lists.iter().flatten().for_each(|s| height[*s as usize] += 1);
        for q in 0..lists.len() {
            if !self.rows[q] {
                continue;
            }
            let Some(rarest) = lists[q].iter().min_by_key(|s| (height[**s as usize], **s)) else { continue };
            for r in cover.of_site(*rarest as usize).iter().map(|r| *r as usize) {
                if r != q && self.rows[r] && is_part(&lists[q], &lists[r]) {
                    (self.rows[r], some) = (false, true);
                }
            }
        }
        some
    }
}

/// Whether all of one sorted list stand in another.
fn is_part(small: &[u32], large: &[u32]) -> bool {
    let mut rest = large.iter();
    small.len() <= large.len() && small.iter().all(|r| rest.by_ref().any(|l| l == r))
}
