//! Who lacks what a part of the cut lacks together, by a fixed rule: every place is served the same share of what it asks for, as far as the
//! stations in its reach have room, and where some have more room the places that can use them share what is left in the same way, and so on
//! (the lexicographically fairest of all largest flows, with what places ask for as weights).
//!
//! A place `i` that asks for `d_i` is served `d_i × min(1, t_i)`. Raise one level `t` from 0 for all and stop a place when a set of places
//! that contains it fills all stations that they can use: `t_i`, the level at which it stops, hangs on the ratios of what is asked for and on
//! the stations alone. With `f` times of everything the levels are `t_i ÷ f`, so place `i` lacks `d_i × max(0, f − t_i)`: more on a day with
//! more, at every place and not only in the sum.

use super::flow::Flow;
use super::shortage::Short;
use super::{LoadProblem, Ways};

/// What each place of a part lacks, sessions an hour, in the order of `part.places`; together they lack `part.unserved_h`.
pub fn shares(problem: &LoadProblem<'_>, part: &Short) -> Vec<f64> {
    let asked: Vec<f64> = part.places.iter().map(|i| problem.demand_h()[*i as usize]).collect();
    let mut level = vec![0.0; asked.len()];
    let mut open = vec![((0..asked.len() as u32).collect::<Vec<u32>>(), part.stations.clone())];
    while let Some((places, stations)) = open.pop() {
        let demand: f64 = places.iter().map(|i| asked[*i as usize]).sum();
        let room: f64 = stations.iter().map(|s| problem.stations()[*s as usize].capacity_h()).sum();
        let mean = if demand > 0.0 { (room / demand).min(1.0) } else { 1.0 };
        let own = |i: &u32| part.places[*i as usize] as usize;
        let below = if places.len() > 1 { less_served(problem, (&places, &stations), &asked, mean, &own) } else { None };
        match below {
            None => places.iter().for_each(|i| level[*i as usize] = mean),
            Some((low, theirs)) => {
                let others = |all: &[u32], of: &[u32]| all.iter().copied().filter(|x| of.binary_search(x).is_err()).collect();
                open.push((others(&places, &low), others(&stations, &theirs)));
                open.push((low, theirs));
            }
        }
    }
    let lacks: Vec<f64> = asked.iter().zip(level).map(|(d, t)| d * (1.0 - t)).collect();
    // rounding alone keeps it from the sum
    let sum: f64 = lacks.iter().sum();
    lacks.into_iter().zip(asked).map(|(x, d)| if sum > 0.0 { (x * part.unserved_h / sum).min(d) } else { 0.0 }).collect()
}

/// The places, and all stations that they can use, that cannot all be served so large a share; none where all can.
fn less_served(
    problem: &LoadProblem<'_>,
    (places, stations): (&[u32], &[u32]),
    asked: &[f64],
    share: f64,
    own: &impl Fn(&u32) -> usize,
) -> Option<(Vec<u32>, Vec<u32>)> {
    let pairs = problem.pairs();
    let row = |i: &u32| {
        let of = pairs.of(own(i)).filter_map(|pair| Some((stations.binary_search(&pairs.station(pair)).ok()? as u32, 0.0)));
        of.collect::<Vec<_>>()
    };
    let ways = Ways::new(places.iter().map(row));
    let most: f64 = places.iter().map(|i| asked[*i as usize]).sum();
    // as many whole units as are counted without a loss
    let unit = (1e15 / most.max(f64::MIN_POSITIVE)).min(1e12);
    let whole = |x: f64| (x * unit).round() as u64;
    let supply: Vec<u64> = places.iter().map(|i| whole(asked[*i as usize] * share)).collect();
    let room = stations.iter().map(|s| whole(problem.stations()[*s as usize].capacity_h().min(most))).collect();
    let mut flow = Flow::new(&ways, supply, room);
    flow.run();
    let left: u64 = flow.left.iter().sum();
    // what rounding leaves is nothing
    if left as f64 <= 1e-9 * most * unit + (places.len() + stations.len()) as f64 {
        return None;
    }
    let low: Vec<u32> = (0..places.len()).filter(|i| flow.cut_place(*i)).map(|i| places[i]).collect();
    let theirs = (0..stations.len()).filter(|s| flow.cut_station(*s)).map(|s| stations[s]).collect();
    (!low.is_empty() && low.len() < places.len()).then_some((low, theirs))
}

#[cfg(test)]
mod tests {
    use super::super::shortage;
    use super::*;
    use crate::access::queue::Queue;
    use proptest::prelude::*;

    /// What every place lacks, and the whole, with so many times the demand.
    fn lacks(demand: &[f64], pairs: &Ways, queues: &[Queue], times: f64) -> (Vec<f64>, f64) {
        let demand: Vec<f64> = demand.iter().map(|d| d * times).collect();
        let problem = LoadProblem::new(&demand, pairs, queues, 2.0).unwrap();
        let (mut all, found) = (vec![0.0; demand.len()], shortage(&problem));
        for part in &found.short {
            part.places.iter().zip(shares(&problem, part)).for_each(|(i, lacks)| all[*i as usize] += lacks);
        }
        (all, found.unserved_h)
    }

    /// Stations that take so many sessions an hour.
    fn taking(all: &[f64]) -> Vec<Queue> {
        all.iter().map(|h| Queue::new(1, 1.0 / h, 1.0).unwrap()).collect()
    }

    fn close(found: &[f64], want: &[f64]) {
        assert!(found.len() == want.len() && found.iter().zip(want).all(|(a, b)| (a - b).abs() < 1e-6), "{found:?} {want:?}");
    }

    #[test]
    fn who_can_go_elsewhere_does_not_share_what_the_others_lack() {
        // A asks for 4 and can use the first station, which takes 2; B asks for 4 and can use both, and the second takes 4
        let pairs = Ways::new([vec![(0, 0.0)], vec![(0, 0.0), (1, 0.0)]]);
        let of = |times: f64| lacks(&[4.0, 4.0], &pairs, &taking(&[2.0, 4.0]), times).0;
        close(&of(1.0), &[2.0, 0.0]);
        // twice that: both are full. A stops at 2 of 8 and B at 4 of 8; shared by what they ask for, A would lack 5 of the 10
        close(&of(2.0), &[6.0, 4.0]);
        // a tenth more: A lacks 4.4 − 2, B 4.4 − 4; shared by what they ask for, A would lack 1.4 and so less than on the ordinary day
        close(&of(1.1), &[2.4, 0.4]);
        // nobody in reach, and two that are alike
        let pairs = Ways::new([vec![], vec![(0, 0.0)], vec![(0, 0.0)]]);
        close(&lacks(&[3.0, 1.0, 3.0], &pairs, &taking(&[2.0]), 1.0).0, &[3.0, 0.5, 1.5]);
    }

    proptest! {
        #![proptest_config(crate::test_support::cases(256))]
        #[test]
        fn no_place_lacks_less_where_more_is_asked_for(
            asked in proptest::collection::vec(0.1f64..9.0, 1..14),
            takes in proptest::collection::vec(0.1f64..9.0, 1..7),
            uses in proptest::collection::vec(0u32..128, 14),
        ) {
            let stations = takes.len() as u32;
            let row = |(i, _): (usize, &f64)| (0..stations).filter(|s| uses[i] >> s & 1 == 1).map(|s| (s, 0.0)).collect::<Vec<_>>();
            let pairs = Ways::new(asked.iter().enumerate().map(row));
            let queues = taking(&takes);
            let mut before = vec![0.0; asked.len()];
            for times in [0.5, 1.0, 1.05, 1.7, 2.59, 8.0] {
                let (now, all) = lacks(&asked, &pairs, &queues, times);
                for ((now, before), asked) in now.iter().zip(&before).zip(&asked) {
                    prop_assert!(*now >= before - 1e-6 && *now <= asked * times + 1e-6, "{times}: {now} {before}");
                }
                // all together lack what the largest flow leaves
                prop_assert!((now.iter().sum::<f64>() - all).abs() < 1e-6);
                before = now;
            }
        }
    }
}
