//! Puts the children of each group together, group by group up to the index.
//!
//! A missing child is left out and the weights of those present are made to add up to 1; a group without any is missing.
//!
//! # References
//! OECD/JRC 2008, §6.2; Munda and Nardo, *Noncompensatory/nonlinear composite indicators*, Applied Economics 41(12), 2009;
//! Al-Sharrah, *Ranking using the Copeland score*, J. Chem. Inf. Model. 50, 2010. COINr's `a_copeland` adds up the weights of
//! the indicators won, which is a mean of ranks; here a pair is won or lost as a whole, so that nothing is made up for.

use super::check::wrong_value;
use super::pca;
use super::spec::Tree;
use super::tree::{Child, Shares};
use crate::config::method_words::{Aggregation, Weighting};
use crate::error::Result;

/// Sums of weights nearer than this are equal: a pair is a draw.
const DRAW: f64 = 1e-9;

/// What is put together and how.
pub(super) struct Sum<'a> {
    pub tree: &'a Tree,
    pub weighting: Weighting,
    /// How, for groups that do not say.
    pub how: Aggregation,
    /// Normalised values by leaf, then unit.
    pub leaves: &'a [Vec<Option<f64>>],
    /// Units that count, in the order of their codes.
    pub order: &'a [usize],
    pub codes: &'a [String],
    /// Lowest and highest Copeland score.
    pub scale: (f64, f64),
}

/// Values of groups, and the weights used.
pub(super) struct Summed {
    /// By group, then unit.
    pub groups: Vec<Vec<Option<f64>>>,
    pub shares: Shares,
}

/// A child that counts, with its weight and values.
pub(super) struct WeightedChild<'a> {
    pub child: Child,
    pub weight: f64,
    pub values: &'a [Option<f64>],
}

impl Sum<'_> {
    pub(super) fn run(&self) -> Result<Summed> {
        let mut shares = self.tree.shares(self.weighting);
        let counted = self.tree.counted_groups();
        let mut groups: Vec<Vec<Option<f64>>> = Vec::with_capacity(self.tree.groups.len());
        for (g, children) in self.tree.children().into_iter().enumerate() {
            if !counted[g] {
                groups.push(vec![None; self.codes.len()]);
                continue;
            }
            let mut parts = parts(&children, &shares, self.leaves, &groups);
            if self.weighting == Weighting::Pca {
                self.weigh_by_component(g, &mut parts)?;
            }
            let weights: Vec<(Child, f64)> = parts.iter().map(|p| (p.child, p.weight)).collect();
            let values = self.group(g, &parts)?;
            groups.push(values);
            for (child, weight) in weights {
                *shares.of_mut(child) = weight;
            }
        }
        Ok(Summed { groups, shares })
    }

    fn weigh_by_component(&self, g: usize, parts: &mut [WeightedChild]) -> Result<()> {
        let whole = self.order.iter().filter(|u| parts.iter().all(|p| p.values[**u].is_some()));
        let whole: Vec<usize> = whole.copied().collect();
        let columns: Vec<Vec<f64>> = parts.iter().map(|p| whole.iter().filter_map(|u| p.values[*u]).collect()).collect();
        let names: Vec<&str> = parts.iter().map(|p| self.tree.key(p.child)).collect();
        let weights = pca::weights(&self.tree.groups[g].key, &names, &columns)?;
        for (part, weight) in parts.iter_mut().zip(weights) {
            part.weight = weight;
        }
        Ok(())
    }

    /// Values of one group by unit.
    fn group(&self, g: usize, parts: &[WeightedChild]) -> Result<Vec<Option<f64>>> {
        let mut out = vec![None; self.codes.len()];
        let how = self.tree.groups[g].aggregate.unwrap_or(self.how);
        if how == Aggregation::Copeland {
            for (u, score) in self.order.iter().zip(copeland(parts, self.order, self.scale)) {
                out[*u] = score;
            }
            return Ok(out);
        }
        for &u in self.order {
            if matches!(how, Aggregation::Geometric | Aggregation::Harmonic)
                && let Some(p) = parts.iter().find(|p| p.values[u].is_some_and(|v| v <= 0.0))
            {
                let (value, key, word) = (p.values[u].unwrap_or(0.0), self.tree.key(p.child), word(how));
                let what = format!("\"{key}\" is {value} on the common scale, and a {word} mean needs values above 0");
                let next = "set the scale to 1 to 100, or take arithmetic means";
                return Err(wrong_value(&self.codes[u], key, what, next));
            }
            out[u] = mean(how, parts.iter().map(|p| (p.weight, p.values[u])));
        }
        Ok(out)
    }
}

fn word(how: Aggregation) -> &'static str {
    match how {
        Aggregation::Arithmetic => "arithmetic",
        Aggregation::Geometric => "geometric",
        Aggregation::Harmonic => "harmonic",
        Aggregation::Copeland => "Copeland",
    }
}

/// The children of a group that have a weight.
pub(super) fn parts<'a>(
    children: &[Child],
    shares: &Shares,
    leaves: &'a [Vec<Option<f64>>],
    groups: &'a [Vec<Option<f64>>],
) -> Vec<WeightedChild<'a>> {
    let part = |child: Child| WeightedChild {
        child,
        weight: shares.of(child),
        values: match child {
            Child::Leaf(i) => &leaves[i],
            Child::Group(g) => &groups[g],
        },
    };
    children.iter().map(|c| part(*c)).filter(|p| p.weight > 0.0).collect()
}

/// Weighted mean of what is present; none where nothing is, or where the mean means nothing (a value of 0 or less in a
/// geometric or harmonic one).
pub(super) fn mean(how: Aggregation, values: impl Iterator<Item = (f64, Option<f64>)>) -> Option<f64> {
    let (mut weights, mut sum) = (0.0, 0.0);
    for (weight, value) in values.filter_map(|(w, v)| v.map(|v| (w, v))) {
        weights += weight;
        sum += match how {
            Aggregation::Arithmetic => weight * value,
            _ if value <= 0.0 => return None,
            Aggregation::Geometric => weight * value.ln(),
            Aggregation::Harmonic | Aggregation::Copeland => weight / value,
        };
    }
    (weights > 0.0).then(|| match how {
        Aggregation::Arithmetic => sum / weights,
        Aggregation::Geometric => (sum / weights).exp(),
        Aggregation::Harmonic | Aggregation::Copeland => weights / sum,
    })
}

/// Copeland scores of the units of `order`: pairs won less pairs lost, from one end of the scale (all lost) to the other (all won).
fn copeland(parts: &[WeightedChild], order: &[usize], scale: (f64, f64)) -> Vec<Option<f64>> {
    let present = |u: usize| parts.iter().any(|p| p.values[u].is_some());
    let here: Vec<usize> = (0..order.len()).filter(|i| present(order[*i])).collect();
    let weights: Vec<f64> = parts.iter().map(|p| p.weight).collect();
    // one row a unit: pairs are compared a few million times
    let rows: Vec<Vec<f64>> =
        here.iter().map(|i| parts.iter().map(|p| p.values[order[*i]].unwrap_or(f64::NAN)).collect()).collect();
    let mut net = vec![0_i64; here.len()];
    for a in 0..here.len() {
        for b in a + 1..here.len() {
            let won = duel(&rows[a], &rows[b], &weights);
            net[a] += won;
            net[b] -= won;
        }
    }
    let mut scores = vec![None; order.len()];
    for (i, net) in here.iter().zip(net) {
        scores[*i] = Some(on_scale(net, here.len() - 1, scale));
    }
    scores
}

/// 1 where the first wins, −1 where it loses, 0 for a draw; NaN (missing) neither wins nor loses.
fn duel(a: &[f64], b: &[f64], weights: &[f64]) -> i64 {
    let mut lead = 0.0;
    for ((x, y), w) in a.iter().zip(b).zip(weights) {
        if x > y {
            lead += w;
        } else if x < y {
            lead -= w;
        }
    }
    i64::from(lead > DRAW) - i64::from(lead < -DRAW)
}

fn on_scale(net: i64, others: usize, (low, high): (f64, f64)) -> f64 {
    let share = if others == 0 { 0.5 } else { 0.5 + 0.5 * net as f64 / others as f64 };
    low + (high - low) * share
}

/// Copeland score of unit `u` if its own values were `mine` (one a part) and those of all others as they are.
pub(super) fn copeland_of(
    parts: &[WeightedChild],
    mine: &[Option<f64>],
    order: &[usize],
    scale: (f64, f64),
    u: usize,
) -> Option<f64> {
    let row = |values: &mut dyn Iterator<Item = Option<f64>>| values.map(|v| v.unwrap_or(f64::NAN)).collect::<Vec<f64>>();
    mine.iter().any(Option::is_some).then(|| {
        let weights: Vec<f64> = parts.iter().map(|p| p.weight).collect();
        let own = row(&mut mine.iter().copied());
        let others = order.iter().filter(|o| **o != u && parts.iter().any(|p| p.values[**o].is_some()));
        let (mut net, mut count) = (0, 0);
        for o in others {
            net += duel(&own, &row(&mut parts.iter().map(|p| p.values[*o])), &weights);
            count += 1;
        }
        on_scale(net, count, scale)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rank::composite::scene::{ALL, tree};

    fn index(how: Aggregation, weights: &[f64], columns: &[Vec<Option<f64>>]) -> Result<Vec<Option<f64>>> {
        let keys: Vec<String> = (0..columns.len()).map(|i| format!("k{i}")).collect();
        let leaves: Vec<(&str, &str, f64)> = keys.iter().zip(weights).map(|(k, w)| (k.as_str(), "g", *w)).collect();
        let tree = tree(&leaves, &[("g", 1.0)]);
        let units = columns[0].len();
        let codes: Vec<String> = (0..units).map(|u| format!("u{u}")).collect();
        let order: Vec<usize> = (0..units).collect();
        let sum = Sum {
            tree: &tree,
            weighting: Weighting::Given,
            how,
            leaves: columns,
            order: &order,
            codes: &codes,
            scale: (0.0, 100.0),
        };
        sum.run().map(|s| s.groups[0].clone())
    }

    #[test]
    fn three_means_of_one_and_four() {
        // weights 1 and 1: (1 + 4)/2 = 2.5; √(1·4) = 2; 2/(1/1 + 1/4) = 1.6
        let columns = [vec![Some(1.0)], vec![Some(4.0)]];
        for (how, want) in [(Aggregation::Arithmetic, 2.5), (Aggregation::Geometric, 2.0), (Aggregation::Harmonic, 1.6)] {
            let got = index(how, &[1.0, 1.0], &columns).unwrap()[0].unwrap();
            assert!((got - want).abs() < 1e-15, "{how:?} {got}");
        }
    }

    #[test]
    fn a_missing_child_leaves_its_weight_to_the_others() {
        // 1/2·10 + 1/4·30 of 3/4 ⇒ (5 + 7.5)/0.75
        let columns = [vec![Some(10.0), None], vec![Some(30.0), None], vec![None, None]];
        let got = index(Aggregation::Arithmetic, &[2.0, 1.0, 1.0], &columns).unwrap();
        assert!((got[0].unwrap() - 12.5 / 0.75).abs() < 1e-12);
        assert_eq!(got[1], None);
        for how in ALL {
            assert_eq!(index(how, &[2.0, 1.0, 1.0], &columns).unwrap()[1], None);
        }
    }

    #[test]
    fn nought_has_no_geometric_mean_and_the_error_says_where() {
        let columns = [vec![Some(5.0), Some(5.0)], vec![Some(3.0), Some(0.0)]];
        for how in [Aggregation::Geometric, Aggregation::Harmonic] {
            let told = index(how, &[1.0, 1.0], &columns).unwrap_err().to_string();
            assert!(told.contains("id \"u1\", field \"k1\"") && told.contains("1 to 100"), "{told}");
            // of weight 0 it does not matter
            assert!(index(how, &[1.0, 0.0], &columns).is_ok());
        }
    }

    #[test]
    fn copeland_by_hand() {
        // weights 0.5 0.3 0.2. u0 beats u1 on k0 (0.5) and loses k1, k2 (0.5): a draw. u0 beats u2 on k0, k1. u1 beats u2 on
        // k1, k2 by 0.5 and loses k0 by 0.5: a draw. Nets +1 0 −1 of 2 ⇒ 75, 50, 25.
        let columns =
            [vec![Some(9.0), Some(1.0), Some(2.0)], vec![Some(5.0), Some(6.0), Some(4.0)], vec![Some(1.0), Some(9.0), Some(3.0)]];
        let got = index(Aggregation::Copeland, &[0.5, 0.3, 0.2], &columns).unwrap();
        assert_eq!(got, [Some(75.0), Some(50.0), Some(25.0)]);
    }

    #[test]
    fn copeland_of_one_unit_is_what_it_is_among_all() {
        let values = |seed: u64| (0..23).map(|i| Some((i * seed * 7919 % 31) as f64)).collect::<Vec<_>>();
        let columns: Vec<Vec<Option<f64>>> = (1..6).map(values).collect();
        let weights = [0.1, 0.3, 0.2, 0.15, 0.25];
        let parts: Vec<WeightedChild> = columns
            .iter()
            .enumerate()
            .map(|(i, c)| WeightedChild { child: Child::Leaf(i), weight: weights[i], values: c })
            .collect();
        let order: Vec<usize> = (0..23).collect();
        for (u, score) in copeland(&parts, &order, (0.0, 100.0)).into_iter().enumerate() {
            let mine: Vec<Option<f64>> = columns.iter().map(|c| c[u]).collect();
            assert_eq!(copeland_of(&parts, &mine, &order, (0.0, 100.0), u), score);
        }
    }
}
