//! What counts as served: the part of the criteria that `place`, `coverage`, `access` and `county` take.

use super::bounds::MOST_LIMITS;
use super::criteria::{Criterion, Metric};
use super::key::Keys;
use super::region_file::{CriteriaTable, RegionFile};
use super::service::{Service, Services};
use super::station_words::{Access, Status};
use crate::error::{Error, Result};
use crate::space::units::{MM_PER_KM, MS_PER_MIN};
use std::collections::BTreeSet;

/// Service distances and times, what is searched, and which stations and settlements take part.
#[derive(Clone, Debug)]
pub struct Serving {
    /// Distances ascending, then times ascending; no duplicates.
    pub all: Vec<Criterion>,
    /// Services that are searched; charging is always one.
    pub services: Services,
    /// Least power of a gun for fast charging, kW.
    pub fast_min_power_kw: f64,
    /// Index in `all` of the headline distance.
    pub headline: usize,
    /// Stations farther than this from a road are not used, metres.
    pub max_snap_m: f64,
    /// The same for settlements, metres.
    pub settlement_max_snap_m: f64,
    /// Cells of the population raster farther than this from a road have none, metres; `None` without a raster.
    pub people_max_snap_m: Option<f64>,
    /// Within this distance a settlement has its own station, millimetres.
    pub settlement_radius_mm: u32,
    /// Access that qualifies.
    pub access: BTreeSet<Access>,
    /// Status that qualifies.
    pub status: BTreeSet<Status>,
    /// Least power a gun, kW.
    pub min_power_kw: f64,
}

impl Serving {
    /// That of `[criteria]` and `[population]`.
    pub(super) fn of(file: &RegionFile) -> Result<Self> {
        let (keys, table) = (Keys::of(file), &file.criteria);
        let all = limits(&keys, table)?;
        let headline = headline(&keys, table.headline_km, &all)?;
        let services = services(table.services.as_deref()).map_err(|(what, next)| keys.bad("criteria.services", what, next))?;
        let radius_km = keys.positive("criteria.settlement_radius_km", table.settlement_radius_km.unwrap_or(3.0))?;
        Ok(Self {
            all,
            services,
            fast_min_power_kw: keys.positive("criteria.fast_min_power_kw", table.fast_min_power_kw.unwrap_or(120.0))?,
            headline,
            max_snap_m: keys.positive("criteria.max_snap_m", table.max_snap_m.unwrap_or(500.0))?,
            settlement_max_snap_m: keys.positive(
                "criteria.settlement_max_snap_m",
                table.settlement_max_snap_m.unwrap_or(super::reading::SETTLEMENT_SNAP_M),
            )?,
            people_max_snap_m: file.population.as_ref().map(|p| p.snap_m(file)).transpose()?,
            settlement_radius_mm: (radius_km.min(2000.0) * MM_PER_KM as f64) as u32,
            access: words(table.access.as_deref(), &["public", "unknown"], Access::from_word, |w| {
                let what = format!("\"{w}\" is not a kind of access");
                keys.bad("criteria.access", what, "use public, private or unknown")
            })?,
            status: words(table.status.as_deref(), &["open", "unknown"], Status::from_word, |w| {
                let what = format!("\"{w}\" is not a status");
                keys.bad("criteria.status", what, "use open, planned, closed or unknown")
            })?,
            min_power_kw: keys.not_negative("criteria.min_power_kw", table.min_power_kw.unwrap_or(0.0))?,
        })
    }

    /// The headline criterion.
    pub fn headline_criterion(&self) -> Criterion {
        self.all[self.headline]
    }
}

/// Service distances and times, ascending and once.
fn limits(keys: &Keys, table: &CriteriaTable) -> Result<Vec<Criterion>> {
    let distances = table.distances_km.clone().unwrap_or_else(|| vec![5.0, 10.0, 20.0, 50.0]);
    let times = table.times_min.clone().unwrap_or_else(|| vec![15.0, 30.0]);
    for (key, list) in [("criteria.distances_km", &distances), ("criteria.times_min", &times)] {
        if list.len() > MOST_LIMITS {
            let what = format!("these are {} limits, and at most {MOST_LIMITS} are searched", list.len());
            return Err(keys.bad(key, what, "leave out those that no figure needs"));
        }
    }
    let mut set = BTreeSet::new();
    for &km in &distances {
        if !(0.01..=2000.0).contains(&km) || !is_multiple(km, 0.001) {
            let what = format!("{km} km is not a service distance that can be searched");
            return Err(keys.bad("criteria.distances_km", what, "give 0.01 to 2000 km, in whole metres"));
        }
        set.insert(Criterion::Distance((km * MM_PER_KM as f64).round() as u32));
    }
    for &min in &times {
        if !(0.1..=6000.0).contains(&min) || !is_multiple(min, 0.1) {
            let what = format!("{min} min is not a service time that can be searched");
            return Err(keys.bad("criteria.times_min", what, "give 0.1 to 6000 minutes, in tenths"));
        }
        set.insert(Criterion::Time((min * MS_PER_MIN as f64).round() as u32));
    }
    Ok(set.into_iter().collect())
}

/// The number of the headline distance among all limits.
fn headline(keys: &Keys, asked_km: Option<f64>, all: &[Criterion]) -> Result<usize> {
    let Some(km) = asked_km else {
        let none = || keys.bad("criteria.distances_km", "there is no service distance".to_owned(), "give at least one distance");
        return default_headline(all).ok_or_else(none);
    };
    let want = Criterion::Distance((km * MM_PER_KM as f64).round() as u32);
    let unknown = || keys.bad("criteria.headline_km", format!("{km} km is not among distances_km"), "name one of distances_km");
    all.iter().position(|c| *c == want).ok_or_else(unknown)
}

/// The services to search, or what is wrong and what to do.
fn services(given: Option<&[String]>) -> std::result::Result<Services, (String, &'static str)> {
    let Some(words) = given else { return Ok(Services::default()) };
    let known = |w: &String| Service::from_word(w).ok_or_else(|| format!("\"{w}\" is not a service"));
    let set: Services = words.iter().map(known).collect::<std::result::Result<_, _>>().map_err(|what| (what, SERVICE_WORDS))?;
    if !set.has(Service::Charging) {
        return Err(("charging is not among the services, and the ranking and the map go by it".to_owned(), SERVICE_WORDS));
    }
    Ok(set)
}

const SERVICE_WORDS: &str = "name charging, and what else is wanted of swap, fast_charging, truck_charging and hydrogen";

/// Whether a value is a whole number of steps, as far as a double can tell.
fn is_multiple(value: f64, step: f64) -> bool {
    let steps = value / step;
    (steps - steps.round()).abs() < 1e-6 * steps.max(1.0)
}

/// 10 km where it is among the distances, else the middle one.
fn default_headline(all: &[Criterion]) -> Option<usize> {
    let distances: Vec<usize> = (0..all.len()).filter(|i| all[*i].metric() == Metric::Distance).collect();
    let ten = distances.iter().copied().find(|i| all[*i] == Criterion::Distance(10 * MM_PER_KM as u32));
    ten.or_else(|| distances.get((distances.len().max(1) - 1) / 2).copied())
}

fn words<T: Ord>(
    given: Option<&[String]>,
    default: &[&str],
    read: impl Fn(&str) -> Option<T>,
    bad: impl Fn(&str) -> Error,
) -> Result<BTreeSet<T>> {
    let list: Vec<&str> = given.map_or_else(|| default.to_vec(), |g| g.iter().map(String::as_str).collect());
    if list.is_empty() {
        return Err(bad("")); // nothing would qualify
    }
    list.into_iter().map(|w| read(w).ok_or_else(|| bad(w))).collect()
}
