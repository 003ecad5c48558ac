//! What is left of a question when nothing is lost: rows of the same sites merged, sites that another one makes needless shut out.

use super::choose::Question;
use super::cover::Cover;
use std::fmt;

/// Before and after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reduction {
    /// Rows that were given, and those that are left.
    pub rows: [u64; 2],
    /// Sites that may be chosen, and those of them that are left.
    pub sites: [u64; 2],
}

impl fmt::Display for Reduction {
    /// ```
    /// use chargegap::internals::siting::Reduction;
    /// let made = Reduction { rows: [20_000_000, 2_609], sites: [100, 97] };
    /// assert_eq!(made.to_string(), "20,000,000 → 2,609 rows, 100 → 97 sites");
    /// ```
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [[a, b], [c, d]] = [self.rows, self.sites].map(|pair| pair.map(grouped));
        write!(f, "{a} → {b} rows, {c} → {d} sites")
    }
}

/// A number with its digits in groups of three.
fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

impl Question {
    /// The same question with those sites shut out that another one makes needless: it covers all that they do and costs no more, or is there
    /// anyhow. `added` is how many rows there were before they were merged. For rows that one site is enough for ([`super::most_covered`]):
    /// as a second site a needless one may count.
    pub fn reduced(&self, cover: &Cover, added: u64) -> (Self, Reduction) {
        let mut cost: Vec<u64> = (0..cover.sites()).map(|s| self.limit.cost(s)).collect();
        self.inside.iter().for_each(|s| cost[*s as usize] = 0);
        self.out.iter().for_each(|s| cost[*s as usize] = u64::MAX); // no reason to leave out another
        let mut free = vec![true; cover.sites()];
        self.inside.iter().chain(&self.out).for_each(|s| free[*s as usize] = false);
        let needless = cover.dominated(&cost);
        let out = (0u32..).zip(&needless).filter(|(s, n)| **n && free[*s as usize]).map(|(s, _)| s);
        let mut question = self.clone();
        question.out.extend(out);
        let may = free.iter().filter(|f| **f).count() as u64;
        let left = may + self.out.len() as u64 - question.out.len() as u64;
        (question, Reduction { rows: [added, cover.rows() as u64], sites: [may, left] })
    }
}
