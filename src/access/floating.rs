//! Floating catchments: how much supply a place has, given who else can reach it. Pure numbers over sparse pairs.
//!
//! With demand D of places, supply S of sites and weights w of ways within the limit (a way of exactly the limit counts):
//! 2SFCA R = S ÷ Σ D·w over the places that reach the site, A = Σ R·w over the sites that a place reaches; supply is conserved,
//! Σ A·D = Σ S of sites that somebody with demand reaches. 3SFCA has R = S ÷ Σ G·D·w and A = Σ G·R·w with G the share of the site among
//! all that the place may choose. A catchment without demand has no ratio: such a site gives nobody anything, and is counted.
//!
//! # References
//! Radke and Mu, Geographic Information Sciences 6, 2000; Luo and Wang, Environment and Planning B 30, 2003 (2SFCA); Luo and Qi, Health and
//! Place 15, 2009 (enhanced: 1, 0.68, 0.22 in thirds of the limit); Dai, Health and Place 16, 2010 (Gaussian); Wan, Zou and Sternberg,
//! International Journal of Geographical Information Science 26, 2012 (3SFCA).

use super::within::Within;
use crate::config::demand::AccessMethod;
use crate::config::demand_notes::ENHANCED;

/// What comes out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Floating {
    /// Supply for a unit of demand, by place; none for places with no site within reach, or none that anybody with demand reaches.
    pub access: Vec<Option<f64>>,
    /// Supply that somebody with demand reaches.
    pub reached: f64,
    /// Sites with supply whose catchment has no demand.
    pub without_demand: u64,
}

/// The weight of a way of `cost` within `limit`.
pub fn weight(method: AccessMethod, cost: u32, limit: u32) -> f64 {
    if cost > limit {
        return 0.0;
    }
    let part = f64::from(cost) / f64::from(limit.max(1));
    match method {
        AccessMethod::Binary => 1.0,
        AccessMethod::Enhanced if part <= 1.0 / 3.0 => 1.0,
        AccessMethod::Enhanced if part <= 2.0 / 3.0 => ENHANCED[0],
        AccessMethod::Enhanced => ENHANCED[1],
        // (e^(−½ part²) − e^(−½)) ÷ (1 − e^(−½)): 1 at the site, 0 at the limit
        AccessMethod::Gaussian | AccessMethod::ThreeStep => {
            let end = (-0.5f64).exp();
            ((-0.5 * part * part).exp() - end) / (1.0 - end)
        }
    }
}

/// Two steps (2SFCA), with the weight of each pair in the order of [`Within::all`].
pub fn two_step(pairs: &Within, weights: &[f64], demand: &[f64], supply: &[f64]) -> Floating {
    floating(pairs, weights, (demand, supply), None)
}

/// Three steps (3SFCA): `choice` is what shares of choice are made from, pair by pair.
pub fn three_step(pairs: &Within, weights: &[f64], choice: &[f64], demand: &[f64], supply: &[f64]) -> Floating {
    floating(pairs, weights, (demand, supply), Some(choice))
}

fn floating(pairs: &Within, weights: &[f64], (demand, supply): (&[f64], &[f64]), choice: Option<&[f64]>) -> Floating {
    let mut all = shared(pairs, &[Sharers { weights, choice, demand }], supply);
    Floating { access: all.access.pop().unwrap_or_default(), reached: all.reached, without_demand: all.without_demand }
}

/// Some who share sites with others, and reach some of them only.
#[derive(Clone, Copy, Debug)]
pub struct Sharers<'a> {
    /// The weight of each pair, 0 where they cannot use the site.
    pub weights: &'a [f64],
    /// What shares of choice are made from, pair by pair; none in two steps.
    pub choice: Option<&'a [f64]>,
    /// Their demand by place.
    pub demand: &'a [f64],
}

/// What comes out for sharers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SharedFloating {
    /// Supply for a unit of demand, by sharers and place; as in [`Floating`].
    pub access: Vec<Vec<Option<f64>>>,
    /// Supply that somebody with demand reaches: the sum over all sharers and places of access × demand.
    pub reached: f64,
    /// Sites with supply whose catchment has no demand.
    pub without_demand: u64,
}

/// Floating catchments of several who share sites: a site's supply is divided by the demand of all of them that reaches it.
pub fn shared(pairs: &Within, sharers: &[Sharers<'_>], supply: &[f64]) -> SharedFloating {
    let mut asked = vec![0.0; supply.len()];
    // weight × share of choice, by sharers and pair
    let mut shares: Vec<Vec<f64>> = sharers.iter().map(|s| s.weights.to_vec()).collect();
    for (who, shares) in sharers.iter().zip(&mut shares) {
        for place in 0..pairs.places() {
            if let Some(choice) = who.choice {
                let all: f64 = choice[pairs.range(place)].iter().sum();
                pairs.range(place).for_each(|k| shares[k] *= if all > 0.0 { choice[k] / all } else { 0.0 });
            }
            pairs.range(place).for_each(|k| asked[pairs.all()[k].0 as usize] += shares[k] * who.demand[place]);
        }
    }
    let mut out = SharedFloating::default();
    let ratios: Vec<f64> = supply
        .iter()
        .zip(&asked)
        .map(|(supply, asked)| {
            if *asked > 0.0 {
                out.reached += supply;
                return supply / asked;
            }
            out.without_demand += u64::from(*supply > 0.0);
            0.0
        })
        .collect();
    let of = |who: &Sharers<'_>, shares: &[f64], place: usize| {
        let any = pairs.range(place).any(|k| who.weights[k] > 0.0 && asked[pairs.all()[k].0 as usize] > 0.0);
        any.then(|| pairs.range(place).map(|k| shares[k] * ratios[pairs.all()[k].0 as usize]).sum())
    };
    let each = |(who, shares): (&Sharers<'_>, &Vec<f64>)| (0..pairs.places()).map(|place| of(who, shares, place)).collect();
    out.access = sharers.iter().zip(&shares).map(each).collect();
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The hospital example of pysal/access: supply 15, 20, 100 and demand 100, 50, 10 at three places, place 3 the hub. `inward` is the cost
    /// from 1 or 2 to 3, `outward` from 3 to 1 or 2, `cross` between 1 and 2; own cost 1; limit 61.
    fn hospital(inward: u32, outward: u32, cross: u32) -> Within {
        let cost = |place: u32, site: u32| match (place, site) {
            (a, b) if a == b => 1,
            (_, 2) => inward,
            (2, _) => outward,
            _ => cross,
        };
        Within::new(3, (0..3).flat_map(|p| (0..3).map(move |s| (p, s, cost(p, s)))).collect())
    }

    const DEMAND: [f64; 3] = [100.0, 50.0, 10.0];
    const SUPPLY: [f64; 3] = [15.0, 20.0, 100.0];

    fn by(pairs: &Within, weight: impl Fn(u32) -> f64) -> Vec<f64> {
        pairs.all().iter().map(|(_, cost)| if *cost <= 61 { weight(*cost) } else { 0.0 }).collect()
    }

    fn close(found: &Floating, want: [f64; 3]) {
        for (f, w) in found.access.iter().zip(want) {
            assert!((f.unwrap() - w).abs() < 1e-9, "{found:?}");
        }
    }

    #[test]
    fn published_rows_of_two_steps() {
        let inverse = |c: u32| 1.0 / f64::from(c);
        for ((inward, outward, cross), want) in [
            ((40, 40, 80), [0.331_444_117, 0.579_828_132, 7.286_418_170]),
            ((20, 40, 80), [0.435_340_221, 0.683_724_236, 5.727_976_611]),
            ((40, 20, 80), [0.331_071_913, 0.577_857_786, 7.299_991_939]),
            ((20, 20, 40), [0.442_568_395, 0.666_758_280, 5.740_524_646]),
        ] {
            let pairs = hospital(inward, outward, cross);
            close(&two_step(&pairs, &by(&pairs, inverse), &DEMAND, &SUPPLY), want);
        }
        let pairs = hospital(40, 40, 80);
        let binary = two_step(&pairs, &by(&pairs, |_| 1.0), &DEMAND, &SUPPLY);
        close(&binary, [0.761_363_636, 0.958_333_333, 1.094_696_970]);
        // supply is conserved: 76.136 + 47.917 + 10.947 = 135
        assert!((binary.reached - 135.0).abs() < 1e-9);
        let pairs = hospital(20, 20, 40);
        close(&two_step(&pairs, &by(&pairs, |_| 1.0), &DEMAND, &SUPPLY), [0.84375; 3]);
    }

    #[test]
    fn published_row_of_three_steps() {
        let pairs = hospital(40, 40, 80);
        // shares of choice run over all pairs, the limit is on weights only
        let choice: Vec<f64> = pairs.all().iter().map(|(_, c)| 1.0 / f64::from(*c)).collect();
        let found = three_step(&pairs, &by(&pairs, |c| 1.0 / f64::from(c)), &choice, &DEMAND, &SUPPLY);
        close(&found, [0.156_256_588, 0.406_216_452, 9.906_351_855]);
    }

    #[test]
    fn a_way_of_exactly_the_limit_counts_and_curves_end_there() {
        use AccessMethod::{Binary, Enhanced, Gaussian};
        assert_eq!([0, 10, 11].map(|c| weight(Binary, c, 10)), [1.0, 1.0, 0.0]);
        assert_eq!([0, 10, 11, 20, 21, 30, 31].map(|c| weight(Enhanced, c, 30)), [1.0, 1.0, 0.68, 0.68, 0.22, 0.22, 0.0]);
        assert_eq!([weight(Gaussian, 0, 10), weight(Gaussian, 10, 10)], [1.0, 0.0]);
        // half way: (e^-0.125 − e^-0.5) ÷ (1 − e^-0.5) = (0.882497 − 0.606531) ÷ 0.393469 = 0.701367
        assert!((weight(Gaussian, 5, 10) - 0.701_367).abs() < 1e-6);
    }

    #[test]
    fn no_charger_is_no_score_and_no_demand_no_ratio() {
        // place 0 reaches site 0; place 1 reaches nothing; place 2, without demand, alone reaches site 1
        let pairs = Within::new(3, vec![(0, 0, 1), (2, 1, 1)]);
        let found = two_step(&pairs, &[1.0, 1.0], &[4.0, 5.0, 0.0], &[8.0, 9.0]);
        assert_eq!((found.access, found.reached, found.without_demand), (vec![Some(2.0), None, None], 8.0, 1));
    }

    proptest! {
        #![proptest_config(crate::test_support::cases(500))]
        #[test]
        fn supply_is_conserved(
            all in proptest::collection::btree_map((0u32..6, 0u32..5), 1u32..100, 0..30),
            demand in proptest::collection::vec(0.0f64..100.0, 6),
            supply in proptest::collection::vec(0.0f64..500.0, 5),
            three in any::<bool>(),
        ) {
            let pairs = Within::new(6, all.into_iter().map(|((p, s), c)| (p, s, c)).collect());
            let weights: Vec<f64> = pairs.all().iter().map(|(_, c)| weight(AccessMethod::Gaussian, *c, 90)).collect();
            let found = if three {
                three_step(&pairs, &weights, &weights, &demand, &supply)
            } else {
                two_step(&pairs, &weights, &demand, &supply)
            };
            let given: f64 = found.access.iter().zip(&demand).map(|(a, d)| a.unwrap_or(0.0) * d).sum();
            prop_assert!((given - found.reached).abs() <= 1e-9 * (1.0 + found.reached), "{given} of {}", found.reached);
            prop_assert!(found.access.iter().flatten().all(|a| a.is_finite() && *a >= 0.0));
        }

        #[test]
        fn supply_is_conserved_over_all_who_share_it(
            all in proptest::collection::btree_map((0u32..6, 0u32..5), 1u32..100, 0..30),
            demand in proptest::collection::vec(0.0f64..100.0, 12),
            supply in proptest::collection::vec(0.0f64..500.0, 5),
            closed in 0usize..5,
            three in any::<bool>(),
        ) {
            let pairs = Within::new(6, all.into_iter().map(|((p, s), c)| (p, s, c)).collect());
            let weights = |closed: usize| -> Vec<f64> {
                let of = |(s, c): &(u32, u32)| if *s as usize == closed { 0.0 } else { weight(AccessMethod::Gaussian, *c, 90) };
                pairs.all().iter().map(of).collect()
            };
            let (cars, trucks) = (weights(usize::MAX), weights(closed));
            let of = |weights, demand| Sharers { weights, choice: three.then_some(weights), demand };
            let found = shared(&pairs, &[of(&cars, &demand[..6]), of(&trucks, &demand[6..])], &supply);
            let given: f64 = found.access.iter().flatten().zip(&demand).map(|(a, d)| a.unwrap_or(0.0) * d).sum();
            prop_assert!((given - found.reached).abs() <= 1e-9 * (1.0 + found.reached), "{given} of {}", found.reached);
            // who can use fewer sites has no more for one of them
            let less = found.access[1].iter().zip(&found.access[0]).all(|(t, c)| three || t.unwrap_or(0.0) <= c.unwrap_or(0.0) + 1e-9);
            prop_assert!(less);
        }
    }

    #[test]
    fn who_can_use_fewer_sites_shares_those_by_hand() {
        // 80 cars and 16 trucks at one place; 480 kW for all, 240 kW closed to trucks: 480 ÷ 96 = 5, and 240 ÷ 80 = 3 more for a car
        let pairs = Within::new(1, vec![(0, 0, 1), (0, 1, 1)]);
        let sharers = |weights, demand| Sharers { weights, choice: None, demand };
        let found = shared(&pairs, &[sharers(&[1.0, 1.0], &[80.0]), sharers(&[1.0, 0.0], &[16.0])], &[480.0, 240.0]);
        assert_eq!((found.access, found.reached), (vec![vec![Some(8.0)], vec![Some(5.0)]], 720.0));
    }
}
