//! The Lorenz curve and the Gini coefficient.

use super::Distribution;

impl Distribution {
    /// Corners of the Lorenz curve: share of people with the least, share of the whole that they have; from (0, 0) to (1, 1).
    ///
    /// Where the curve has more than `most` corners, it is read off at `most` even steps of people instead. Empty without people. Where
    /// nobody has anything all have the same, and the curve is the diagonal.
    pub fn lorenz(&self, most: usize) -> Vec<[f64; 2]> {
        let corners = self.corners();
        if corners.len() <= most.max(2) {
            return corners;
        }
        let steps = most.max(2) - 1;
        let mut right = 1;
        let mut points: Vec<[f64; 2]> = Vec::with_capacity(steps + 1);
        for k in 0..steps {
            let x = k as f64 / steps as f64;
            while corners[right][0] < x {
                right += 1;
            }
            let ([x0, y0], [x1, y1]) = (corners[right - 1], corners[right]);
            points.push([x, y0 + (y1 - y0) * (x - x0) / (x1 - x0)]);
        }
        points.push([1.0, 1.0]);
        points
    }

    /// The Gini coefficient: twice the area between the diagonal and the Lorenz curve, by trapezoids. 0 where all have the same (nothing,
    /// too), 1 − 1/n where one of n has all. `None` without people.
    ///
    /// # References
    /// Gini 1912; Brown, *Soc. Sci. Med.* 38(9), 1994 (the trapezoid form).
    pub fn gini(&self) -> Option<f64> {
        let corners = self.corners();
        if corners.is_empty() {
            return None;
        }
        let twice_area: f64 = corners.windows(2).map(|w| (w[1][0] - w[0][0]) * (w[0][1] + w[1][1])).sum();
        Some((1.0 - twice_area).clamp(0.0, 1.0))
    }

    fn corners(&self) -> Vec<[f64; 2]> {
        if self.people() == 0 {
            return Vec::new();
        }
        let (mut people, mut sum) = (0u64, 0.0);
        let mut corners = vec![[0.0, 0.0]];
        for h in self.holdings() {
            people += h.people;
            sum += h.value * h.people as f64;
            let x = people as f64 / self.people() as f64;
            corners.push([x, if self.total() > 0.0 { sum / self.total() } else { x }]);
        }
        corners
    }
}

#[cfg(test)]
mod tests {
    use crate::rank::equity::tests::{dist, ipea};
    use proptest::prelude::*;

    #[test]
    fn the_published_gini() {
        assert_eq!(format!("{:.6}", ipea().gini().unwrap()), "0.138561");
        // the same cells in another order, one of them in two parts
        let again = dist(&[(55_571.0, 2000), (42_372.0, 1969), (55_571.0, 189), (22_239.0, 852), (36_567.0, 394)]);
        assert_eq!(again.gini(), ipea().gini());
    }

    #[test]
    fn ends_of_the_scale() {
        assert_eq!(dist(&[]).gini(), None);
        assert_eq!(dist(&[(7.0, 0)]).gini(), None);
        assert_eq!(dist(&[(7.3, 1000), (7.3, 1)]).gini(), Some(0.0));
        assert_eq!(dist(&[(0.0, 12)]).gini(), Some(0.0));
        // one of n has all ⇒ 1 − 1/n
        for n in [2u64, 3, 10, 1_000_000] {
            let gini = dist(&[(0.0, n - 1), (5.0, 1)]).gini().unwrap();
            assert!((gini - (1.0 - 1.0 / n as f64)).abs() < 1e-12, "{n}: {gini}");
        }
    }

    #[test]
    fn the_curve_by_hand() {
        // four people with 0, 1, 2, 2: shares of people 1/4, 1/2, 1; sums 0, 1, 5 of 5
        let d = dist(&[(0.0, 1), (1.0, 1), (2.0, 2)]);
        assert_eq!(d.lorenz(101), [[0.0, 0.0], [0.25, 0.0], [0.5, 0.2], [1.0, 1.0]]);
        // three even steps of people: half-way stands a corner
        assert_eq!(d.lorenz(3), [[0.0, 0.0], [0.5, 0.2], [1.0, 1.0]]);
        // trapezoids: 0.25 × 0 + 0.25 × 0.2 + 0.5 × 1.2 = 0.65 ⇒ 0.35
        assert!((d.gini().unwrap() - 0.35).abs() < 1e-15);
        assert!(dist(&[]).lorenz(101).is_empty());
        assert_eq!(dist(&[(0.0, 5)]).lorenz(101), [[0.0, 0.0], [1.0, 1.0]]);
    }

    #[test]
    fn a_long_curve_is_read_off_at_a_hundred_steps() {
        // values 1 … 1000, one person each: after n people n(n+1)/2 of 500,500
        let all: Vec<(f64, u64)> = (1..=1000).map(|v| (f64::from(v), 1)).collect();
        let points = dist(&all).lorenz(101);
        assert_eq!((points.len(), points[0], points[100]), (101, [0.0, 0.0], [1.0, 1.0]));
        assert!((points[50][1] - 500.0 * 501.0 / 2.0 / 500_500.0).abs() < 1e-12);
    }

    proptest! {
        #![proptest_config(crate::test_support::cases(256))]
        /// The mean difference of every pair of people over twice the mean is the same number (Gini's own definition).
        #[test]
        fn gini_equals_all_pairs(all in prop::collection::vec((0u32..50, 0u64..9), 1..20)) {
            let all: Vec<(f64, u64)> = all.into_iter().map(|(v, n)| (f64::from(v) / 3.0, n)).collect();
            let (mut pairs, mut people, mut sum) = (0.0, 0.0, 0.0);
            for (a, n) in &all {
                people += *n as f64;
                sum += a * *n as f64;
                pairs += all.iter().map(|(b, m)| (n * m) as f64 * (a - b).abs()).sum::<f64>();
            }
            let want = if sum > 0.0 { pairs / (2.0 * people * sum) } else { 0.0 };
            match dist(&all).gini() {
                Some(gini) => prop_assert!((gini - want).abs() < 1e-12, "{} {}", gini, want),
                None => prop_assert_eq!(people, 0.0),
            }
        }

        /// Below the diagonal, rising, ever steeper, from (0, 0) to (1, 1), however few points are asked for.
        #[test]
        fn the_curve_is_a_lorenz_curve(all in prop::collection::vec((0u32..500, 1u64..9), 1..60), most in 0usize..30) {
            let points = dist(&all.into_iter().map(|(v, n)| (f64::from(v), n)).collect::<Vec<_>>()).lorenz(most);
            prop_assert!(points.len() <= most.max(2));
            prop_assert_eq!((points[0], points[points.len() - 1]), ([0.0, 0.0], [1.0, 1.0]));
            let mut before = 0.0;
            for w in points.windows(2) {
                let slope = (w[1][1] - w[0][1]) / (w[1][0] - w[0][0]);
                prop_assert!(slope >= before - 1e-9 && w[1][1] <= w[1][0] + 1e-12);
                before = slope;
            }
        }
    }
}
