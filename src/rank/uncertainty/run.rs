//! Many draws: how far each rank goes, and how often each unit is above each line.

use super::evaluate::Scratch;
use super::lines::{Band, CheckedLine, Lines};
use super::model::{Model, Setting};
use super::place::number;
use super::random::{Purpose, fill};
use crate::error::{Error, Result};
use rayon::prelude::*;

/// What a range of ranks must be called wherever it is shown.
pub const RANGE_LABEL: &str = "sensitivity range (what the varied choices do to the rank), not a confidence interval";

/// Draws that one task makes; fixed, so that what is done does not depend on the number of threads.
const DRAWS_A_TASK: usize = 64;

/// Most bytes of ranks kept at once (two a unit and draw).
const MOST_BYTES: usize = 4 << 30;

/// How many draws, and from what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Draws.
    pub draws: u32,
    /// Seed.
    pub seed: u64,
}

/// What the draws did. Ranges are [`RANGE_LABEL`].
#[derive(Clone, Debug, PartialEq)]
pub struct Uncertainty {
    /// Draws made.
    pub draws: u32,
    /// Seed they were made from.
    pub seed: u64,
    /// One a unit that takes part, by number.
    pub units: Vec<UnitRange>,
    /// One a line, as given.
    pub lines: Vec<LineOut>,
}

/// Where one unit stood over all draws.
///
/// Quantiles are by nearest rank: of D draws in order, the 5 % rank is that of draw ⌈0.05 D⌉, the median that of ⌈0.5 D⌉ and
/// the 95 % rank that of ⌈0.95 D⌉; each is a rank the unit really had.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitRange {
    /// Number of the unit.
    pub unit: usize,
    /// Rank where nothing is moved.
    pub nominal: u16,
    /// Median rank.
    pub median: u16,
    /// 5 % rank.
    pub low: u16,
    /// 95 % rank.
    pub high: u16,
    /// Mean of the absolute difference from the nominal rank, places.
    pub mean_change: f64,
}

/// Where all units stand against a line.
#[derive(Clone, Debug, PartialEq)]
pub struct LineOut {
    /// Name of the line.
    pub key: String,
    /// One a unit that takes part, by number.
    pub units: Vec<UnitChance>,
}

/// Where one unit stands against a line.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitChance {
    /// Number of the unit.
    pub unit: usize,
    /// Whether it is above the line where nothing is moved.
    pub nominal: bool,
    /// Draws in which it is above.
    pub above: u32,
    /// The same as a share of draws.
    pub share: f64,
    /// The same in a word.
    pub band: Band,
}

impl Uncertainty {
    /// Makes the draws. The same bytes on any number of threads: each draw has its own numbers, and only integers are added.
    ///
    /// # Errors
    /// Usage, for no draws, too many to keep their ranks, or a line that does not fit the model.
    ///
    /// # Complexity
    /// Draws × units × leaves; two bytes a draw and unit.
    pub fn run(model: &Model, settings: &Settings, lines: &Lines) -> Result<Self> {
        let Settings { draws, seed } = *settings;
        let design = |draw: usize, u: &mut [f64]| fill(seed, Purpose::Draws, draw as u64, u);
        Self::over(model, draws, seed, design, lines)
    }

    /// The same over draws that are written down (all combinations of levels, say) in place of drawn ones.
    ///
    /// # Errors
    /// As [`Uncertainty::run`].
    #[cfg(test)]
    pub fn over_draws(model: &Model, draws: &[Vec<f64>], lines: &Lines) -> Result<Self> {
        if let Some(i) = draws.iter().position(|d| d.len() != model.dimensions() || d.iter().any(|u| !(0.0..1.0).contains(u))) {
            let what = format!("draw {i} is not {} numbers from 0 up to 1", model.dimensions());
            return Err(Error::usage(what, "give one a factor"));
        }
        let count = u32::try_from(draws.len()).map_err(|_| Error::usage("too many draws", "give fewer"))?;
        Self::over(model, count, 0, |draw, u| u.copy_from_slice(&draws[draw]), lines)
    }

    fn over(model: &Model, draws: u32, seed: u64, design: impl Fn(usize, &mut [f64]) + Sync, lines: &Lines) -> Result<Self> {
        let cuts = lines.checked(model)?;
        let (n, wanted) = (model.units.len(), draws as usize);
        if draws == 0 {
            return Err(Error::usage("no draws", "ask for some, e.g. 1000"));
        }
        if wanted.checked_mul(2 * n).is_none_or(|bytes| bytes > MOST_BYTES) {
            let next = format!("ask for at most {}", MOST_BYTES / (2 * n));
            return Err(Error::usage(format!("the ranks of {draws} draws of {n} units cannot be kept"), next));
        }
        let mut ranks = vec![0_u16; wanted * n];
        let counts = ranks
            .par_chunks_mut(DRAWS_A_TASK * n)
            .enumerate()
            .map(|(task, ranks)| task_of(model, task * DRAWS_A_TASK, ranks, &design, &cuts))
            .reduce(|| vec![0; cuts.len() * n], added);
        let nominal = model.nominal_ranks();
        let units = ranges(model, &ranks, &nominal);
        Ok(Self { draws, seed, units, lines: chances(model, draws, &counts, &cuts, lines) })
    }
}

/// The draws of one task: ranks into `ranks`; how often each unit was above each line.
fn task_of(
    model: &Model,
    first: usize,
    ranks: &mut [u16],
    design: &(impl Fn(usize, &mut [f64]) + Sync),
    cuts: &[CheckedLine],
) -> Vec<u32> {
    let n = model.units.len();
    let (mut scratch, mut order) = (Scratch::new(model), Vec::with_capacity(n));
    let mut counts = vec![0; cuts.len() * n];
    let mut u = vec![0.0; model.dimensions()];
    for (i, ranks) in ranks.chunks_mut(n).enumerate() {
        design(first + i, &mut u);
        let setting: Setting<'_> = model.setting(&u);
        model.order_into(&setting, &mut scratch, &mut order);
        number(&order, ranks);
        cuts.iter().zip(counts.chunks_mut(n)).for_each(|(cut, counts)| cut.count(&order, counts));
    }
    counts
}

fn added(mut a: Vec<u32>, b: Vec<u32>) -> Vec<u32> {
    a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
    a
}

/// Units whose ranks are gathered together, to read whole lines of the cache.
const UNITS_A_TASK: usize = 32;

fn ranges(model: &Model, ranks: &[u16], nominal: &[u16]) -> Vec<UnitRange> {
    let n = nominal.len();
    let task = |first: usize| {
        let width = UNITS_A_TASK.min(n - first);
        let mut histogram = vec![0_u32; width * (n + 1)];
        for draw in ranks.chunks_exact(n) {
            for (i, rank) in draw[first..first + width].iter().enumerate() {
                histogram[i * (n + 1) + usize::from(*rank)] += 1;
            }
        }
        let of = |(i, h): (usize, &[u32])| range(model.units[first + i], nominal[first + i], h, ranks.len() / n);
        histogram.chunks_exact(n + 1).enumerate().map(of).collect::<Vec<_>>()
    };
    (0..n).step_by(UNITS_A_TASK).collect::<Vec<_>>().into_par_iter().map(task).flatten_iter().collect()
}

/// From how often a unit had each rank.
fn range(unit: usize, nominal: u16, histogram: &[u32], draws: usize) -> UnitRange {
    let quantile = |percent: usize| {
        let position = (draws * percent).div_ceil(100) as u64;
        let mut seen = 0;
        let reached = |count: &u32| {
            seen += u64::from(*count);
            seen >= position
        };
        histogram.iter().position(reached).unwrap_or(0) as u16
    };
    let moved: u64 = histogram.iter().zip(0_u64..).map(|(c, rank)| u64::from(*c) * rank.abs_diff(u64::from(nominal))).sum();
    let [low, median, high] = [5, 50, 95].map(quantile);
    UnitRange { unit, nominal, median, low, high, mean_change: moved as f64 / draws as f64 }
}

fn chances(model: &Model, draws: u32, counts: &[u32], cuts: &[CheckedLine], lines: &Lines) -> Vec<LineOut> {
    let n = model.units.len();
    let mut order = Vec::new();
    model.order_into(&model.nominal(), &mut Scratch::new(model), &mut order);
    let of = |((line, cut), counts): ((&super::Line, &CheckedLine), &[u32])| {
        let nominal = cut.above(&order);
        let unit = |i: usize| {
            let share = f64::from(counts[i]) / f64::from(draws);
            UnitChance { unit: model.units[i], nominal: nominal[i], above: counts[i], share, band: lines.band(share) }
        };
        LineOut { key: line.key.clone(), units: (0..n).map(unit).collect() }
    };
    lines.lines.iter().zip(cuts).zip(counts.chunks(n)).map(of).collect()
}
