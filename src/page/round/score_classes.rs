//! Classes of score for the map: fifths of the ranked counties, so that each shade is used; equal scores are in one class.

/// Classes.
pub const CLASSES: usize = 5;

/// The lowest score of each class but the last, and the scores that are there.
#[derive(Debug)]
pub struct ScoreClasses {
    /// Descending; the class of a score is how many of them it is below.
    cuts: Vec<f64>,
    /// Lowest and highest score in each class; none in an empty one.
    ends: [Option<[f64; 2]>; CLASSES],
}

impl ScoreClasses {
    /// Of scores from the highest to the lowest.
    pub fn of(scores: impl Iterator<Item = f64>) -> Self {
        let scores: Vec<f64> = scores.collect();
        let n = scores.len();
        // the last of the first k fifths
        let cut = |k: usize| (k * n).div_ceil(CLASSES).checked_sub(1).map(|i| scores[i]);
        let mut classes = Self { cuts: (1..CLASSES).filter_map(cut).collect(), ends: [None; CLASSES] };
        for score in scores {
            let ends = &mut classes.ends[classes.class(score)];
            *ends = Some(ends.map_or([score; 2], |[low, high]| [low.min(score), high.max(score)]));
        }
        classes
    }

    /// The class of a score, 0 for the highest.
    pub fn class(&self, score: f64) -> usize {
        self.cuts.iter().filter(|cut| score < **cut).count()
    }

    /// Lowest and highest score in each class.
    pub fn ends(&self) -> [Option<[f64; 2]>; CLASSES] {
        self.ends
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fifths_of_ten_are_two_each_and_equal_scores_stay_together() {
        let ten = ScoreClasses::of((1..=10).rev().map(f64::from));
        assert_eq!(ten.ends()[0], Some([9.0, 10.0]));
        assert_eq!(ten.ends()[4], Some([1.0, 2.0]));
        // of 5 5 5 1 1 the first fifth ends at 5, so do the second and third; the fourth ends at 1
        let ties = ScoreClasses::of([5.0, 5.0, 5.0, 1.0, 1.0].into_iter());
        assert_eq!([5.0, 1.0].map(|s| ties.class(s)), [0, 3]);
        assert_eq!(ties.ends().map(|e| e.is_some()), [true, false, false, true, false]);
        assert_eq!(ScoreClasses::of(std::iter::empty()).ends(), [None; CLASSES]);
        // of one county there is one class
        assert_eq!(ScoreClasses::of([7.0].into_iter()).ends()[0], Some([7.0, 7.0]));
    }
}
