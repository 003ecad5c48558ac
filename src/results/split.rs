//! What of a county's change came from its own figures, and what from those of others: points follow from own figures and from the scale
//! that they are held against, places from both and from others that moved past.
//!
//! From one state of a round to the next, for each county: its own figures change alone, on the scale as it was; then the scale changes
//! (its ends, the indicators used and their weights), under everybody; then the figures of the others. Each part is the difference to the
//! state before it, so the parts add up to the change. A county whose own figures stay has moved by the scale and by others alone.

use super::Results;
use crate::rank::RankRow;
use crate::rank::composite::{Change, Direction, Scale, six};
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::Add;

/// Parts of a change.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Parts {
    /// Points by its own figures.
    pub own_points: f64,
    /// Points by the scale.
    pub scale_points: f64,
    /// Places by its own figures, below 0 for up.
    pub own_places: i64,
    /// Places by the scale.
    pub scale_places: i64,
    /// Places by others that moved past, came or went.
    pub others_places: i64,
}

impl Add for Parts {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            own_points: six(self.own_points + other.own_points),
            scale_points: six(self.scale_points + other.scale_points),
            own_places: self.own_places + other.own_places,
            scale_places: self.scale_places + other.scale_places,
            others_places: self.others_places + other.others_places,
        }
    }
}

/// How near a score that is worked out anew must come to the one that was given.
const NEAR: f64 = 2e-5;

/// What a county has of an indicator: a value that stands on any scale, or, where it is missing, where it was put on its own.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Held {
    Value(f64),
    Put(f64),
}

/// Figures of a county by indicator.
type HeldByKey<'a> = BTreeMap<&'a str, Held>;

/// What scores are held against in a state: by indicator its scale, direction and weight.
struct Yardstick<'a> {
    by_key: BTreeMap<&'a str, (Option<Scale>, Direction, f64)>,
    ends: (f64, f64),
}

/// The counties of a state.
struct State<'a> {
    yardstick: Yardstick<'a>,
    counties: BTreeMap<String, Stood<'a>>,
}

struct Stood<'a> {
    row: &'a RankRow,
    held: HeldByKey<'a>,
    score: f64,
    gap_mm: u64,
}

/// Parts of every county that is ranked in both states, by its code in the later one. A county of which they cannot be told, because
/// the method does not work by values, scales and weights, is not there.
pub fn parts([before, after]: [&Results; 2], new_code: &dyn Fn(&str) -> String) -> BTreeMap<String, Parts> {
    let (old, new) = (State::of(before, new_code), State::of(after, &str::to_owned));
    let (base, held_anew) = (old.order(|c| Some(c.score)), old.order(|c| new.yardstick.score(&c.held)));
    let one = |(code, now): (&String, &Stood<'_>)| {
        let was = old.counties.get(code)?;
        let (Some(old_rank), Some(new_rank)) = (was.row.rank, now.row.rank) else { return None };
        let told = old.yardstick.score(&was.held).is_some_and(|s| (s - was.score).abs() < NEAR)
            && new.yardstick.score(&now.held).is_some_and(|s| (s - now.score).abs() < NEAR);
        // an indicator that only the later state has says nothing on the scale of the earlier one
        let mut moved = was.held.clone();
        moved.extend(now.held.iter().filter(|(k, _)| old.yardstick.by_key.contains_key(*k)).map(|(k, v)| (*k, *v)));
        let alone = old.yardstick.score(&moved).filter(|_| told)?;
        let own_points = if moved == was.held { 0.0 } else { six(alone - old.yardstick.score(&was.held)?) };
        let change = six(now.score - was.score);
        let own_score = six(was.score + own_points);
        let rank_own = base.as_ref()?.place(code, own_score, now.gap_mm);
        let rank_scale = held_anew.as_ref()?.place(code, now.score, now.gap_mm);
        let parts = Parts {
            own_points,
            scale_points: six(change - own_points),
            own_places: rank_own - i64::from(old_rank),
            scale_places: rank_scale - rank_own,
            others_places: i64::from(new_rank) - rank_scale,
        };
        Some((code.clone(), parts))
    };
    new.counties.iter().filter_map(one).collect()
}

impl<'a> State<'a> {
    fn of(r: &'a Results, code_of: &dyn Fn(&str) -> String) -> Self {
        let ranking = &r.assessment.ranking;
        let mut scales: BTreeMap<&str, Scale> = BTreeMap::new();
        for change in r.assessment.steps.iter().flat_map(|s| &s.changed) {
            if let Change::Scaled { indicator, scale } = change {
                scales.insert(indicator.as_str(), *scale);
            }
        }
        let used = || ranking.indicators.iter().enumerate().filter(|(_, u)| u.weight > 0.0);
        let by_key = used().map(|(_, u)| {
            let key = u.def.key.as_str();
            (key, (scales.get(key).copied(), u.def.direction, u.weight))
        });
        let yardstick = Yardstick { by_key: by_key.collect(), ends: r.settings.method.scale };
        let held = |row: &'a RankRow| -> HeldByKey<'a> {
            let of = |i: usize| row.values[i].map(Held::Value).or(row.scaled[i].map(Held::Put));
            ranking.indicators.iter().enumerate().filter_map(|(i, u)| Some((u.def.key.as_str(), of(i)?))).collect()
        };
        let joined = r.evidence.joined(&r.settings.table).ok();
        let figures = joined.as_ref().map_or(r.evidence.nominal(), |(e, _)| e.nominal());
        let county = |row: &'a RankRow| {
            let gap_mm = figures.get(row.county).map_or(0, crate::rank::CountyFigures::gap_total_mm);
            let code = code_of(&r.members[row.county].county.code);
            Some((code, Stood { row, held: held(row), score: row.score?, gap_mm }))
        };
        Self { yardstick, counties: ranking.rows.iter().filter(|r| r.rank.is_some()).filter_map(county).collect() }
    }

    /// The order of its counties under some scores; none where one has none.
    fn order(&self, score: impl Fn(&Stood<'a>) -> Option<f64>) -> Option<Order> {
        let place = |(code, c): (&'_ String, &Stood<'a>)| Some((six(score(c)?), c.gap_mm, code.clone()));
        let mut all: Vec<(f64, u64, String)> = self.counties.iter().map(place).collect::<Option<_>>()?;
        all.sort_by(stands_before);
        let at = all.iter().enumerate().map(|(i, o)| (o.2.clone(), i)).collect();
        Some(Order { all, at })
    }
}

impl Yardstick<'_> {
    /// The score of some figures; none where a scale is not one that a value can be put on by itself.
    fn score(&self, held: &HeldByKey<'_>) -> Option<f64> {
        let mut sum = 0.0;
        for (key, (scale, direction, weight)) in &self.by_key {
            let on_scale = match held.get(key) {
                None => continue, // nothing was given for it, and the check against the score tells
                Some(Held::Put(at)) => *at,
                Some(Held::Value(value)) => self.put(*value, (*scale)?, *direction)?,
            };
            // as points are told, so that equal scores stay equal
            sum += six(weight * on_scale);
        }
        Some(six(sum))
    }

    fn put(&self, value: f64, scale: Scale, direction: Direction) -> Option<f64> {
        let (low, high) = self.ends;
        let turned = |share: f64| low + (high - low) * if direction == Direction::LowerIsWorse { 1.0 - share } else { share };
        match scale {
            Scale::MinMax { min, max } => (max > min).then(|| turned((value - min) / (max - min))),
            Scale::Goalposts { lower, upper, .. } => Some(turned(((value - lower) / (upper - lower)).clamp(0.0, 1.0))),
            Scale::Reference { best } => Some(turned(value / best)),
            Scale::ZScore { mean, deviation } => Some(50.0 + 10.0 * direction.sign() * (value - mean) / deviation),
            Scale::Rank { .. } => None,
        }
    }
}

/// Counties in an order: score, longer gap, lower code.
struct Order {
    all: Vec<(f64, u64, String)>,
    /// Where each stands.
    at: BTreeMap<String, usize>,
}

fn stands_before(a: &(f64, u64, String), b: &(f64, u64, String)) -> Ordering {
    b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)).then_with(|| a.2.cmp(&b.2))
}

impl Order {
    /// The place that a county would have with a score among the others.
    fn place(&self, code: &str, score: f64, gap_mm: u64) -> i64 {
        let own = (six(score), gap_mm, code.to_owned());
        let above = self.all.partition_point(|o| stands_before(o, &own) == Ordering::Less);
        // where it stands itself is not above it
        let itself = self.at.get(code).is_some_and(|i| *i < above);
        1 + above as i64 - i64::from(itself)
    }
}
