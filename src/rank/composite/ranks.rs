//! Places from scores: a total order with its tie rule, and the shared places of a competition beside it.

use std::cmp::Ordering;

/// Place of one unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RankPlace {
    /// From 1, no two alike: higher score, then higher tie key, then lower code.
    pub rank: u32,
    /// From 1, shared by equal scores (1, 2, 2, 4).
    pub shared: u32,
    /// Another unit has the same score to six decimals, and the tie rule decided.
    pub tied: bool,
}

/// Six decimals, so that what is compared is what is written.
pub fn six(value: f64) -> f64 {
    let rounded = (value * 1e6).round() / 1e6;
    if rounded == 0.0 { 0.0 } else { rounded } // no negative zero
}

/// Places by score, highest first; units without a score have none. `tie_keys` may be short: a missing key is 0.
pub fn ranks(scores: &[Option<f64>], tie_keys: &[f64], codes: &[String]) -> Vec<Option<RankPlace>> {
    let mut order: Vec<(usize, f64)> = scores.iter().enumerate().filter_map(|(u, s)| s.map(|s| (u, six(s)))).collect();
    let key = |u: usize| tie_keys.get(u).copied().unwrap_or(0.0);
    let code = |u: usize| codes.get(u).map_or("", String::as_str);
    let score_first = |a: &(usize, f64), b: &(usize, f64)| -> Ordering {
        b.1.total_cmp(&a.1).then_with(|| key(b.0).total_cmp(&key(a.0))).then_with(|| code(a.0).cmp(code(b.0)))
    };
    order.sort_by(score_first);
    let mut places = vec![None; scores.len()];
    let mut before = 0;
    for same in order.chunk_by(|a, b| a.1 == b.1) {
        for (i, (u, _)) in same.iter().enumerate() {
            places[*u] = Some(RankPlace { rank: (before + i + 1) as u32, shared: before as u32 + 1, tied: same.len() > 1 });
        }
        before += same.len();
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_are_shared_in_one_count_and_broken_in_the_other() {
        let codes = ["a", "b", "d", "c", "e"].map(str::to_owned);
        // a and d are equal to six decimals; d has the higher tie key, which goes before a's lower code. b and c are equal in both,
        // and b has the lower code.
        let scores = [Some(5.000_000_4), Some(7.0), Some(5.0), Some(7.0), None];
        let got = ranks(&scores, &[1.0, 0.0, 2.0, 0.0, 9.0], &codes);
        let place = |rank, shared| Some(RankPlace { rank, shared, tied: true });
        assert_eq!(got, [place(4, 3), place(1, 1), place(3, 3), place(2, 1), None]);
    }

    #[test]
    fn shared_places_are_one_more_than_the_count_of_better_ones() {
        let scores: Vec<Option<f64>> = (0..200_u64).map(|i| (i % 9 != 0).then_some((i * 37 % 41) as f64)).collect();
        let codes: Vec<String> = (0..200).map(|i| format!("{i:03}")).collect();
        let got = ranks(&scores, &[], &codes);
        for (place, score) in got.iter().zip(&scores) {
            let better = |s: f64| scores.iter().flatten().filter(|o| **o > s).count() as u32 + 1;
            assert_eq!(place.map(|p| p.shared), score.map(better));
        }
        let mut all: Vec<u32> = got.iter().flatten().map(|p| p.rank).collect();
        all.sort_unstable();
        assert_eq!(all, (1..=all.len() as u32).collect::<Vec<_>>());
    }
}
