//! Finds stations that stand beside the roads by a common shift, as positions of Chinese map services do.
//!
//! Stations stand at roads. If they come much nearer to them when a datum is undone, that datum is theirs. Nothing is
//! converted here: the region file must say so.

use crate::error::{Error, Result};
use crate::issue::{IssueCode, Issues, Layer};
use crate::network::{Draft, SnapIndex, nearest_of_all};
use crate::read::station::Station;
use crate::space::{Datum, LocalFrame, LonLat, metres_between};
use rayon::prelude::*;

/// Fewer stations than this say nothing.
const LEAST: usize = 8;
/// More are sampled: every nth.
const MOST: usize = 400;
/// Stations farther than this from any road are not looked at, metres.
const FAR_M: f64 = 1500.0;
/// No question goes farther than this from a station as read, metres: it is moved by 2.2 km at the most (any common shift: 1,575 m
/// each way; the datums: less), and roads are looked for within [`FAR_M`] of where it then stands.
const REACH_M: f64 = 4000.0;
/// The median distance to a road must fall to this share of what it was.
const FALL: f64 = 0.75;
/// So many standard deviations of a fair coin must lie between the share that comes nearer and one half.
const DEVIATIONS: f64 = 4.0;
/// Only when the median station is farther than this from a road any common shift is looked for, metres.
const POOR_M: f64 = 150.0;
/// The distance at which a station counts as half at the road in that search, metres.
const HALF_M: f64 = 50.0;

/// A shift that makes the stations fit the roads.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shift {
    /// The datum that explains it, and whether it is the roads' (else the stations').
    pub datum: Option<(Datum, bool)>,
    /// How far the stations stand from where they should, metres east and north.
    pub east_north_m: [f64; 2],
    /// Stations looked at.
    pub stations: usize,
    /// Share of them that come nearer to a road without the shift.
    pub nearer_share: f64,
}

impl Shift {
    /// What is to be told of it.
    pub fn sentence(&self) -> String {
        let [east, north] = self.east_north_m;
        let words = ["east", "north-east", "north", "north-west", "west", "south-west", "south", "south-east"];
        let eighth = (north.atan2(east) / std::f64::consts::FRAC_PI_4).round().rem_euclid(8.0) as usize;
        let how_far = east.hypot(north);
        let why = match self.datum {
            Some((d, false)) => format!(", as {} data are", d.label()),
            Some((d, true)) => format!(", as stations in WGS 84 are beside roads in {}", d.label()),
            None => String::new(),
        };
        format!(
            "the stations look shifted by {how_far:.0} m to the {}{why}: of {} looked at, {:.0} % lie nearer to a road without it",
            words[eighth % 8],
            self.stations,
            self.nearer_share * 100.0
        )
    }
}

/// Stops a run whose stations are in a shifted datum that the region file does not mention; other shifts are a warning.
/// `declared` is true when the region file says a datum for the stations: then it is only told.
///
/// # Errors
/// Input, with the shift and what to write.
pub fn refuse_shifted(stations: &[Station], roads: &Draft, declared: bool, issues: &mut Issues) -> Result<()> {
    find(stations, roads).map_or(Ok(()), |shift| refuse(&shift, stations, declared, issues))
}

/// Says that a shift was found, or refuses it, as [`refuse_shifted`] does.
///
/// # Errors
/// Input, when it is that of a datum and the region file says nothing of it.
pub fn refuse(shift: &Shift, stations: &[Station], declared: bool, issues: &mut Issues) -> Result<()> {
    let (Some((datum, of_roads)), false) = (shift.datum, declared) else {
        issues.push(Layer::Stations, IssueCode::LooksShifted, Default::default(), shift.sentence());
        return Ok(());
    };
    let table = if of_roads { "roads" } else { "stations" };
    let next = format!(
        "under [{table}] write the line `datum = \"{}\"` if that is so (`init` has put it there behind a #), else under [stations] \
         the line `datum = \"wgs84\"`, which takes them as they are",
        datum.as_str()
    );
    let at = stations.first().map(|s| crate::error::Location { file: s.source.file.clone(), ..Default::default() });
    Err(Error::input(shift.sentence(), next).at(at.unwrap_or_default()))
}

/// The shift of the stations against the roads, if there is one.
pub fn find(stations: &[Station], roads: &Draft) -> Option<Shift> {
    let mut spots: Vec<LonLat> = stations.iter().map(|s| s.at).collect();
    spots.sort();
    spots.dedup();
    let found = nearest_of_all(roads, &spots, FAR_M);
    let near: Vec<LonLat> = spots.into_iter().zip(found).filter(|(_, snap)| snap.is_some()).map(|(p, _)| p).collect();
    let step = near.len().div_ceil(MOST).max(1);
    let sample: Vec<LonLat> = near.into_iter().step_by(step).collect();
    if sample.len() < LEAST {
        return None;
    }
    let roads = &SnapIndex::near(roads, &sample, REACH_M);
    let as_read = distances(&sample, roads);
    let known = [(Datum::Gcj02, false), (Datum::Bd09, false), (Datum::Gcj02, true), (Datum::Bd09, true)];
    let tries = known.into_iter().filter_map(|(datum, of_roads)| {
        let moved: Option<Vec<LonLat>> = sample.iter().map(|p| undone(*p, datum, of_roads)).collect();
        judge(&sample, &moved?, &as_read, roads, Some((datum, of_roads)))
    });
    let best = tries.reduce(|a, b| if b.0 < a.0 { b } else { a });
    if let Some((_, shift)) = best {
        return Some(shift);
    }
    if median(&as_read) < POOR_M {
        return None;
    }
    common(&sample, &as_read, roads)
}

/// Where a station stands once the datum of the stations, or that of the roads, is accounted for.
fn undone(at: LonLat, datum: Datum, of_roads: bool) -> Option<LonLat> {
    let (lon, lat) = match of_roads {
        false => datum.to_wgs84(at.lon(), at.lat())?,
        true => datum.from_wgs84(at.lon(), at.lat())?,
    };
    LonLat::new(lon, lat).ok()
}

fn distances(points: &[LonLat], roads: &SnapIndex<'_>) -> Vec<f64> {
    let one = |p: &LonLat| roads.nearest(*p, FAR_M).map_or(FAR_M, |s| f64::from(s.distance_mm) / 1000.0);
    points.par_iter().map(one).collect()
}

/// From 0 (all far from any road) to 1 (all on one).
fn fit(distances_m: &[f64]) -> f64 {
    let sum: f64 = distances_m.iter().map(|d| 1.0 / (1.0 + (d / HALF_M).powi(2))).sum();
    sum / distances_m.len().max(1) as f64
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(0.0)
}

/// The median distance of moved stations and the shift that it means, if that is no accident: a sign test on how many
/// come nearer, and a median that falls.
fn judge(
    sample: &[LonLat],
    moved: &[LonLat],
    as_read: &[f64],
    roads: &SnapIndex<'_>,
    datum: Option<(Datum, bool)>,
) -> Option<(f64, Shift)> {
    let after = distances(moved, roads);
    let (before_m, after_m) = (median(as_read), median(&after));
    let nearer = as_read.iter().zip(&after).filter(|(a, b)| b < a).count() as f64 / sample.len() as f64;
    let n = sample.len() as f64;
    let enough = (0.5 + DEVIATIONS / 2.0 / n.sqrt()).min(1.0);
    if after_m > before_m * FALL || nearer < enough {
        return None;
    }
    let east_north_m = sample.iter().zip(moved).fold([0.0, 0.0], |sum, (read, true_at)| {
        let east = metres_between(*true_at, LonLat::new(read.lon(), true_at.lat()).unwrap_or(*true_at));
        let north = metres_between(*true_at, LonLat::new(true_at.lon(), read.lat()).unwrap_or(*true_at));
        [sum[0] + east.copysign(read.lon() - true_at.lon()) / n, sum[1] + north.copysign(read.lat() - true_at.lat()) / n]
    });
    Some((after_m, Shift { datum, east_north_m, stations: sample.len(), nearer_share: nearer }))
}

/// Any common shift up to 1.5 km: a coarse grid, then a finer one around its best.
fn common(sample: &[LonLat], as_read: &[f64], roads: &SnapIndex<'_>) -> Option<Shift> {
    let few: Vec<LonLat> = sample.iter().copied().step_by(sample.len().div_ceil(60)).collect();
    let fit_at = |east: f64, north: f64| fit(&distances(&by(&few, east, north), roads));
    let best_of = |centre: [f64; 2], step_m: f64, steps: i32| {
        let grid: Vec<[f64; 2]> = (-steps..=steps)
            .flat_map(|i| (-steps..=steps).map(move |j| [centre[0] + f64::from(i) * step_m, centre[1] + f64::from(j) * step_m]))
            .collect();
        // The first of equals, so that the answer does not depend on threads.
        grid.par_iter()
            .map(|s| (fit_at(s[0], s[1]), *s))
            .collect::<Vec<_>>()
            .into_iter()
            .reduce(|a, b| if b.0 > a.0 { b } else { a })
    };
    let coarse = best_of([0.0, 0.0], 75.0, 20)?;
    let (_, [east, north]) = best_of(coarse.1, 15.0, 5)?;
    judge(sample, &by(sample, east, north), as_read, roads, None).map(|(_, shift)| shift)
}

/// Points moved by metres.
fn by(points: &[LonLat], east_m: f64, north_m: f64) -> Vec<LonLat> {
    let one = |p: &LonLat| {
        let [per_east, per_north] = LocalFrame::at(*p).degrees_of(1.0);
        LonLat::new(p.lon() + east_m * per_east, p.lat() + north_m * per_north).unwrap_or(*p)
    };
    points.iter().map(one).collect()
}
