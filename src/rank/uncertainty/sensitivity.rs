//! Which factor moves the ranks: indices of the mean absolute rank change, and of single units' ranks.
//!
//! # References
//! Saisana, Saltelli and Tarantola 2005, §4 (the average shift in rank); Becker et al., *COINr*, 2022 (`get_sensitivity`).

use super::evaluate::Scratch;
use super::model::Model;
use super::sobol::{Indices, sobol};
use crate::error::Result;

/// How many samples, from what, and which units by themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SensitivitySettings {
    /// N: the model is evaluated N (factors + 2) times.
    pub samples: u32,
    /// Seed.
    pub seed: u64,
    /// Units (by number) whose own rank is looked at too; those contested at a line, say.
    pub units: Vec<usize>,
}

/// Indices of a ranking; the factors are in the model's order.
#[derive(Clone, Debug, PartialEq)]
pub struct Sensitivity {
    /// Keys of the factors.
    pub factors: Vec<String>,
    /// Times the model was evaluated.
    pub evaluations: u64,
    /// Of the mean over units of the absolute difference from the nominal rank, places.
    pub mean_change: Indices,
    /// Of the rank of single units.
    pub units: Vec<(usize, Indices)>,
}

/// Splits the variance of rank changes among the factors.
///
/// # Errors
/// Usage, for no samples, a model without factors, or a unit that does not take part.
pub fn sensitivity(model: &Model, settings: &SensitivitySettings) -> Result<Sensitivity> {
    let SensitivitySettings { samples, seed, units } = settings;
    let places = units.iter().map(|u| model.place_of(*u)).collect::<Result<Vec<usize>>>()?;
    let nominal = model.nominal_ranks();
    let outputs = |(scratch, order): &mut (Scratch, Vec<u16>), draw: &[f64], y: &mut [f64]| {
        model.order_into(&model.setting(draw), scratch, order);
        let mut moved = 0_u64;
        for (unit, rank) in order.iter().zip(1_u32..) {
            moved += u64::from(rank.abs_diff(u32::from(nominal[usize::from(*unit)])));
        }
        y[0] = moved as f64 / nominal.len() as f64;
        if !places.is_empty() {
            let mut ranks = vec![0; order.len()];
            super::place::number(order, &mut ranks);
            y[1..].iter_mut().zip(&places).for_each(|(y, place)| *y = f64::from(ranks[*place]));
        }
    };
    let d = model.dimensions();
    let mut all = sobol(d, *samples, 1 + units.len(), *seed, || (Scratch::new(model), Vec::new()), outputs)?.into_iter();
    let none = || Indices { mean: 0.0, variance: 0.0, factors: Vec::new() };
    Ok(Sensitivity {
        factors: model.factors().iter().map(|f| f.key.clone()).collect(),
        evaluations: u64::from(*samples) * (d as u64 + 2),
        mean_change: all.next().unwrap_or_else(none),
        units: units.iter().copied().zip(all).collect(),
    })
}
