//! How much weight chosen sites can serve, each within its capacity: the largest assignment of rows to sites that reach them (a maximum flow),
//! kept while sites come and go.

use super::super::cover::Cover;

/// Pairs of row and site both ways: the pairs of a row stand one behind the other.
pub(super) struct Pairs<'a> {
    pub cover: &'a Cover,
    row_first: Vec<u32>,
    /// By site, as its rows stand in the cover: the pair.
    of_site: Vec<Vec<u32>>,
}

impl<'a> Pairs<'a> {
    pub fn of(cover: &'a Cover) -> Self {
        let (mut row_first, mut of_site, mut next) = (Vec::new(), vec![Vec::new(); cover.sites()], 0);
        for r in 0..cover.rows() {
            row_first.push(next);
            for s in cover.of_row(r) {
                of_site[*s as usize].push(next);
                next += 1;
            }
        }
        Self { cover, row_first, of_site }
    }

    /// Rows of a site, each with its pair.
    fn rows(&self, site: usize) -> impl Iterator<Item = (usize, usize)> {
        self.cover.of_site(site).iter().zip(&self.of_site[site]).map(|(r, p)| (*r as usize, *p as usize))
    }

    /// Sites of a row, each with its pair.
    fn sites(&self, row: usize) -> impl Iterator<Item = (usize, usize)> {
        self.cover.of_row(row).iter().zip(self.row_first[row]..).map(|(s, p)| (*s as usize, p as usize))
    }
}

/// An assignment.
#[derive(Clone)]
pub(super) struct Flow<'a> {
    pairs: &'a Pairs<'a>,
    capacity: &'a [u64],
    /// By pair: what of the row the site serves.
    serves: Vec<u64>,
    /// By row: what nobody serves.
    pub left: Vec<u64>,
    /// By site: what it could serve beside.
    spare: Vec<u64>,
    pub chosen: Vec<bool>,
    /// What is served.
    pub value: u64,
}

impl<'a> Flow<'a> {
    pub fn of(pairs: &'a Pairs<'a>, capacity: &'a [u64], sites: &[u32]) -> Self {
        let mut flow = Self {
            pairs,
            capacity,
            serves: vec![0; pairs.cover.pairs()],
            left: pairs.cover.weights().to_vec(),
            spare: vec![0; capacity.len()],
            chosen: vec![false; capacity.len()],
            value: 0,
        };
        sites.iter().for_each(|s| _ = flow.add(*s as usize));
        flow
    }

    /// A site comes; what more is served.
    pub fn add(&mut self, site: usize) -> u64 {
        (self.chosen[site], self.spare[site]) = (true, self.capacity[site]);
        self.fill(site)
    }

    /// A site goes; others serve for it what they can.
    pub fn remove(&mut self, site: usize) {
        (self.chosen[site], self.spare[site]) = (false, 0);
        let pairs = self.pairs;
        for (r, p) in pairs.rows(site) {
            let gone = std::mem::take(&mut self.serves[p]);
            (self.left[r], self.value) = (self.left[r] + gone, self.value - gone);
        }
        for s in 0..self.capacity.len() {
            if self.spare[s] > 0 {
                self.fill(s);
            }
        }
    }

    /// What a site could take at once from what nobody serves.
    pub fn at_once(&self, site: usize) -> u64 {
        let all: u64 = self.pairs.cover.of_site(site).iter().map(|r| self.left[*r as usize]).sum();
        all.min(self.capacity[site])
    }

    /// Gives a site as much as it can serve: what nobody serves, then what others would pass on to it.
    fn fill(&mut self, site: usize) -> u64 {
        let before = self.value;
        let pairs = self.pairs;
        for (r, p) in pairs.rows(site) {
            let more = self.left[r].min(self.spare[site]);
            self.give((r, p), more);
            self.spare[site] -= more;
        }
        while self.spare[site] > 0 && self.pass_on(site) {}
        self.value - before
    }

    fn give(&mut self, (row, pair): (usize, usize), more: u64) {
        self.serves[pair] += more;
        self.left[row] -= more;
        self.value += more;
    }

    /// The shortest chain by which the site takes a row from another one, which takes another row for it, to a row that somebody leaves;
    /// whether there was one.
    fn pass_on(&mut self, site: usize) -> bool {
        let pairs = self.pairs;
        // by site that was met: who takes over from it, by which pair of that, and its own pair of the row
        let mut from: Vec<Option<(usize, usize, usize)>> = vec![None; self.capacity.len()];
        let (mut seen_row, mut queue, mut next) = (vec![false; self.left.len()], vec![site], 0);
        while next < queue.len() {
            let s = queue[next];
            next += 1;
            for (r, p) in pairs.rows(s) {
                if self.left[r] > 0 {
                    self.shift((site, s), (r, p), &from);
                    return true;
                }
                if std::mem::replace(&mut seen_row[r], true) {
                    continue;
                }
                for (t, q) in pairs.sites(r) {
                    if self.serves[q] > 0 && t != site && from[t].is_none() {
                        from[t] = Some((s, p, q));
                        queue.push(t);
                    }
                }
            }
        }
        false
    }

    /// Moves as much as all links of a chain allow: `end` takes what is left of a row.
    fn shift(&mut self, (site, end): (usize, usize), (row, pair): (usize, usize), from: &[Option<(usize, usize, usize)>]) {
        let chain = || std::iter::successors(from[end], |(s, ..)| if *s == site { None } else { from[*s] });
        let more = chain().map(|(_, _, q)| self.serves[q]).min().unwrap_or(u64::MAX).min(self.left[row]).min(self.spare[site]);
        let links: Vec<(usize, usize)> = chain().map(|(_, p, q)| (p, q)).collect();
        links.into_iter().for_each(|(p, q)| {
            self.serves[q] -= more;
            self.serves[p] += more;
        });
        self.give((row, pair), more);
        self.spare[site] -= more;
    }

    pub fn cover(&self) -> &'a Cover {
        self.pairs.cover
    }

    pub fn capacity(&self, site: usize) -> u64 {
        self.capacity[site]
    }

    /// The chosen sites in order.
    pub fn list(&self) -> Vec<u32> {
        (0u32..).zip(&self.chosen).filter(|(_, c)| **c).map(|(s, _)| s).collect()
    }

    /// What each site serves.
    pub fn served(&self) -> Vec<u64> {
        (0..self.capacity.len()).map(|s| if self.chosen[s] { self.capacity[s] - self.spare[s] } else { 0 }).collect()
    }
}
