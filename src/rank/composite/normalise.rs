//! Brings a column to one scale, so that higher is always worse (raises the index).
//!
//! # References
//! OECD/JRC 2008, §5.2 (ranking), §5.3 (z-scores), §5.4 (min–max), §5.5 (distance to a reference); UNDP, *Human Development
//! Report*, Technical note 1 (goalposts).

use super::check::{wrong, wrong_value};
use super::log::Scale;
use super::spec::Leaf;
use super::stats::{mean, mean_ranks, range, sample_deviation};
use crate::config::method_words::{Direction, Normalisation};
use crate::error::{Error, Result};

/// A column to be normalised: values of the units that count, in the order of their codes.
pub(super) struct Raw<'a> {
    pub leaf: &'a Leaf,
    pub values: &'a [f64],
    /// Codes of those units, for messages.
    pub codes: &'a [&'a str],
    /// Lowest and highest score where the way of normalising has such.
    pub scale: (f64, f64),
}

impl Raw<'_> {
    /// The normalised values and the figures of the formula.
    pub(super) fn normalise(&self, how: Normalisation) -> Result<(Vec<f64>, Scale)> {
        match how {
            Normalisation::MinMax => self.min_max(),
            Normalisation::ZScore => self.z_score(),
            Normalisation::Rank => Ok(self.rank()),
            Normalisation::Goalposts => self.goalposts(),
            Normalisation::DistanceToReference => self.reference(),
        }
    }

    /// Shares 0 to 1 on the scale, turned where a lower value is worse.
    fn on_scale(&self, shares: impl Iterator<Item = f64>) -> Vec<f64> {
        let (low, high) = self.scale;
        let turned = self.leaf.direction == Direction::LowerIsWorse;
        shares.map(|s| low + (high - low) * if turned { 1.0 - s } else { s }).collect()
    }

    fn no_value(&self) -> Error {
        let key = &self.leaf.key;
        wrong(
            key,
            format!("no unit that counts has a value of \"{key}\""),
            "give it the weight 0, or let fewer units be screened out",
        )
    }

    fn constant(&self, value: f64) -> Error {
        let key = &self.leaf.key;
        let what = format!("\"{key}\" is {value} in every unit and cannot tell them apart");
        wrong(key, what, "give it the weight 0, or normalise by goalposts or rank")
    }

    fn min_max(&self) -> Result<(Vec<f64>, Scale)> {
        let (min, max) = range(self.values).ok_or_else(|| self.no_value())?;
        if min == max {
            return Err(self.constant(min));
        }
        Ok((self.on_scale(self.values.iter().map(|v| (v - min) / (max - min))), Scale::MinMax { min, max }))
    }

    fn z_score(&self) -> Result<(Vec<f64>, Scale)> {
        let (min, max) = range(self.values).ok_or_else(|| self.no_value())?;
        let (Some(mean), Some(deviation)) = (mean(self.values), sample_deviation(self.values).filter(|_| min < max)) else {
            return Err(self.constant(min));
        };
        let sign = self.leaf.direction.sign();
        let scores = self.values.iter().map(|v| 50.0 + 10.0 * sign * (v - mean) / deviation).collect();
        Ok((scores, Scale::ZScore { mean, deviation }))
    }

    fn rank(&self) -> (Vec<f64>, Scale) {
        let count = self.values.len();
        // a single value stands in the middle, as equal ones do
        let share = |rank: f64| if count > 1 { (rank - 1.0) / (count - 1) as f64 } else { 0.5 };
        (self.on_scale(mean_ranks(self.values).into_iter().map(share)), Scale::Rank { count })
    }

    fn goalposts(&self) -> Result<(Vec<f64>, Scale)> {
        let key = &self.leaf.key;
        let Some((lower, upper)) = self.leaf.goalposts else {
            return Err(wrong(key, format!("\"{key}\" has no goalposts"), "give them, or normalise in another way"));
        };
        let beyond = |test: &dyn Fn(f64) -> bool| self.values.iter().filter(|v| test(**v)).count();
        let scale = Scale::Goalposts { lower, upper, cut_low: beyond(&|v| v < lower), cut_high: beyond(&|v| v > upper) };
        Ok((self.on_scale(self.values.iter().map(|v| ((v - lower) / (upper - lower)).clamp(0.0, 1.0))), scale))
    }

    fn reference(&self) -> Result<(Vec<f64>, Scale)> {
        let key = &self.leaf.key;
        let (_, best) = range(self.values).ok_or_else(|| self.no_value())?;
        if let Some(i) = self.values.iter().position(|v| *v < 0.0) {
            let what = format!("\"{key}\" is {} after treatment, and has no distance to a reference below 0", self.values[i]);
            return Err(wrong_value(self.codes[i], key, what, "normalise by min_max, or leave \"treat\" out if it took the log"));
        }
        if best == 0.0 {
            return Err(self.constant(best));
        }
        Ok((self.on_scale(self.values.iter().map(|v| v / best)), Scale::Reference { best }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rank::composite::scene::tree;

    fn scores(values: &[f64], direction: Direction, how: Normalisation, goalposts: Option<(f64, f64)>) -> Result<Vec<f64>> {
        let mut leaf = tree(&[("a", "g", 1.0)], &[("g", 1.0)]).leaves.remove(0);
        (leaf.direction, leaf.goalposts) = (direction, goalposts);
        let codes = vec!["u"; values.len()];
        Raw { leaf: &leaf, values, codes: &codes, scale: (0.0, 100.0) }.normalise(how).map(|(v, _)| v)
    }

    const UP: Direction = Direction::HigherIsWorse;
    const DOWN: Direction = Direction::LowerIsWorse;

    #[test]
    fn five_ways_both_directions() {
        let values = [2.0, 4.0, 4.0, 10.0];
        let got = |how, direction| scores(&values, direction, how, Some((3.0, 8.0))).unwrap();
        assert_eq!(got(Normalisation::MinMax, UP), [0.0, 25.0, 25.0, 100.0]);
        assert_eq!(got(Normalisation::MinMax, DOWN), [100.0, 75.0, 75.0, 0.0]);
        // places 1, 2.5, 2.5, 4 of 4 ⇒ 0, 1.5/3, 1.5/3, 1
        assert_eq!(got(Normalisation::Rank, UP), [0.0, 50.0, 50.0, 100.0]);
        // 2 is below the lower post 3, 10 above the upper one 8; (4 − 3)/5 = 0.2
        assert_eq!(got(Normalisation::Goalposts, UP), [0.0, 20.0, 20.0, 100.0]);
        assert_eq!(got(Normalisation::Goalposts, DOWN), [100.0, 80.0, 80.0, 0.0]);
        assert_eq!(got(Normalisation::DistanceToReference, UP), [20.0, 40.0, 40.0, 100.0]);
        assert_eq!(got(Normalisation::DistanceToReference, DOWN), [80.0, 60.0, 60.0, 0.0]);
        // 2, 4, 6: mean 4, deviation 2
        assert_eq!(scores(&[2.0, 4.0, 6.0], UP, Normalisation::ZScore, None).unwrap(), [40.0, 50.0, 60.0]);
        assert_eq!(scores(&[2.0, 4.0, 6.0], DOWN, Normalisation::ZScore, None).unwrap(), [60.0, 50.0, 40.0]);
    }

    #[test]
    fn what_cannot_be_normalised_is_an_error() {
        for how in [Normalisation::MinMax, Normalisation::ZScore] {
            assert!(scores(&[3.0, 3.0], UP, how, None).unwrap_err().to_string().contains("\"a\" is 3 in every unit"));
            assert!(scores(&[], UP, how, None).unwrap_err().to_string().contains("no unit that counts"));
        }
        let told = scores(&[3.0, -1.0], UP, Normalisation::DistanceToReference, None).unwrap_err().to_string();
        assert!(told.contains("where: id \"u\", field \"a\""), "{told}");
        assert_eq!(scores(&[3.0, 3.0], UP, Normalisation::Rank, None).unwrap(), [50.0, 50.0]);
        assert_eq!(scores(&[3.0], UP, Normalisation::Rank, None).unwrap(), [50.0]);
    }
}
