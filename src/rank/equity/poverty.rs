//! How many fall short of a line, and by how much: the measures of Foster, Greer and Thorbecke for what is good, and their mirror
//! image for distances and times, of which more is worse.

use super::Distribution;
use crate::config::method_words::Direction;

impl Distribution {
    /// Foster–Greer–Thorbecke measure of order 0 (share of people who fall short), 1 (their mean shortfall, over all people) or
    /// 2 (its square, which gives the worst off more weight). `None` without people.
    ///
    /// | direction | falls short | shortfall |
    /// |---|---|---|
    /// | [`LowerIsWorse`](Direction::LowerIsWorse): stations, jobs, income | below the line | (line − x) ÷ line |
    /// | [`HigherIsWorse`](Direction::HigherIsWorse): distance, time | beyond the line | (x − line) ÷ x |
    ///
    /// The second row is the first one for nearness 1/x with the line 1/line. Both run from 0 to 1, without a cap; one for whom
    /// there is no way at all has the shortfall 1. It reads: which part of the way to the nearest station lies beyond the service
    /// distance. A person exactly at the line does not fall short.
    ///
    /// # Units
    /// `line` in the unit of the values, above 0.
    ///
    /// # References
    /// Foster, Greer, Thorbecke 1984; Peichl, Schaefer, Scheicher, IZA DP 3790, 2008 (the mirror image: their concave index
    /// of affluence with β = 1 is order 1).
    pub fn poverty(&self, direction: Direction, line: f64, order: i32) -> Option<f64> {
        let shortfall = |x: f64| match direction {
            Direction::LowerIsWorse if x < line => (line - x) / line,
            Direction::HigherIsWorse if x > line => (x - line) / x,
            _ => 0.0,
        };
        let short = self.holdings().iter().map(|h| (shortfall(h.value), h.people as f64)).filter(|(s, _)| *s > 0.0);
        let sum: f64 = short.map(|(s, people)| people * s.powi(order)).sum();
        (self.people() > 0).then(|| sum / self.people() as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rank::equity::tests::{dist, ipea};
    use Direction::{HigherIsWorse, LowerIsWorse};

    #[test]
    fn the_published_values() {
        let six = |order| format!("{:.6}", ipea().poverty(LowerIsWorse, 100_000.0, order).unwrap());
        assert_eq!([six(0), six(1), six(2)], ["1.000000", "0.558789", "0.325632"]);
        for order in 0..3 {
            assert_eq!(ipea().poverty(LowerIsWorse, 10_000.0, order), Some(0.0));
            assert_eq!(dist(&[]).poverty(LowerIsWorse, 1.0, order), None);
        }
    }

    #[test]
    fn who_stands_at_the_line_does_not_fall_short() {
        let d = dist(&[(0.0, 1), (10.0, 2), (20.0, 1)]);
        // of four: the one with nothing falls short of 10 by all of it
        assert_eq!([0, 1, 2].map(|o| d.poverty(LowerIsWorse, 10.0, o)), [Some(0.25); 3]);
        // the one at 20 km is beyond 10 km, by half of the way
        assert_eq!([0, 1, 2].map(|o| d.poverty(HigherIsWorse, 10.0, o)), [Some(0.25), Some(0.125), Some(0.0625)]);
    }

    #[test]
    fn distances_are_nearness_turned_round() {
        let far = [(4.0, 3), (8.0, 2), (10.0, 5), (16.0, 1), (40.0, 4), (1000.0, 2)];
        let near: Vec<(f64, u64)> = far.iter().map(|&(d, n)| (1.0 / d, n)).collect();
        for order in 0..3 {
            let (a, b) = (dist(&far).poverty(HigherIsWorse, 8.0, order), dist(&near).poverty(LowerIsWorse, 1.0 / 8.0, order));
            assert!((a.unwrap() - b.unwrap()).abs() < 1e-15, "{order}");
        }
    }
}
