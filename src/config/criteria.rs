//! The criteria a region file means, in integer units and checked once.

use super::class::{RoadClass, SpeedTable};
use super::region_file::{GapOutput, RegionFile};
pub use super::service::{ByService, Service, Services};
use super::station_words::{Access, Status};
use crate::error::{Error, Location, Result};
use crate::space::units::{MM_PER_KM, MS_PER_MIN};
use std::collections::BTreeSet;

/// What a search measures.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Metric {
    /// Road distance, millimetres.
    Distance,
    /// Travel time, milliseconds.
    Time,
}

/// One service distance or service time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Criterion {
    /// Within so many millimetres by road.
    Distance(u32),
    /// Within so many milliseconds by road.
    Time(u32),
}

impl Criterion {
    /// What it measures.
    pub fn metric(self) -> Metric {
        match self {
            Self::Distance(_) => Metric::Distance,
            Self::Time(_) => Metric::Time,
        }
    }

    /// The limit in the metric's unit.
    pub fn limit(self) -> u32 {
        match self {
            Self::Distance(v) | Self::Time(v) => v,
        }
    }

    /// For property names: `10km`, `2_5km`, `15min`.
    pub fn slug(self) -> String {
        let (value, unit) = self.value_unit();
        format!("{}{unit}", value.replace('.', "_"))
    }

    /// For people: `10 km`, `15 min`.
    pub fn label(self) -> String {
        let (value, unit) = self.value_unit();
        format!("{value} {unit}")
    }

    /// The value with at most three decimals, none of them a trailing nought.
    fn value_unit(self) -> (String, &'static str) {
        let (value, unit) = match self {
            Self::Distance(mm) => (f64::from(mm) / MM_PER_KM as f64, "km"),
            Self::Time(ms) => (f64::from(ms) / MS_PER_MIN as f64, "min"),
        };
        let text = format!("{value:.3}");
        (text.trim_end_matches('0').trim_end_matches('.').to_owned(), unit)
    }
}

/// Everything that decides the figures, checked.
#[derive(Clone, Debug)]
pub struct Criteria {
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
    /// Speeds.
    pub speeds: SpeedTable,
    /// Classes in the network.
    pub classes: BTreeSet<RoadClass>,
    /// Shorter cut-off pieces are excluded, millimetres.
    pub min_island_mm: u64,
    /// Ends of road not farther than this from another road are joined to it, metres; 0 joins none.
    pub join_tolerance_m: f64,
    /// Roads that cross without a common vertex are joined there.
    pub join_crossings: bool,
    /// Which criteria get gap lines.
    pub gap_output: GapOutput,
    /// Gap lines are drawn within so many metres of the road; 0 draws every vertex.
    pub simplify_m: f64,
    /// Share of a layer that may be refused.
    pub max_refused_share: f64,
}

impl Criteria {
    /// The meaning of a region file.
    ///
    /// # Errors
    /// Usage, naming the key whose value makes no sense.
    pub fn from_region(file: &RegionFile) -> Result<Self> {
        let table = &file.criteria;
        let shown = file.source.as_deref().map(crate::error::path_text);
        let bad = |key: &str, what: String, next: &str| {
            let mut at = shown.clone().map(Location::file).unwrap_or_default();
            at = at.field(key);
            Error::usage(what, next).at(at)
        };
        let positive = |key: &str, value: f64| {
            if value.is_finite() && value > 0.0 && value < 4000.0 * 1000.0 {
                Ok(value)
            } else {
                Err(bad(key, format!("{value} is not a usable number here"), "give a number above 0 and below 4,000,000"))
            }
        };

        let distances = table.distances_km.clone().unwrap_or_else(|| vec![5.0, 10.0, 20.0, 50.0]);
        let times = table.times_min.clone().unwrap_or_else(|| vec![15.0, 30.0]);
        let mut set = BTreeSet::new();
        for &km in &distances {
            if !(0.01..=2000.0).contains(&km) || !is_multiple(km, 0.001) {
                let what = format!("{km} km is not a service distance that can be searched");
                return Err(bad("criteria.distances_km", what, "give 0.01 to 2000 km, in whole metres"));
            }
            set.insert(Criterion::Distance((km * MM_PER_KM as f64).round() as u32));
        }
        for &min in &times {
            if !(0.1..=6000.0).contains(&min) || !is_multiple(min, 0.1) {
                let what = format!("{min} min is not a service time that can be searched");
                return Err(bad("criteria.times_min", what, "give 0.1 to 6000 minutes, in tenths"));
            }
            set.insert(Criterion::Time((min * MS_PER_MIN as f64).round() as u32));
        }
        let all: Vec<Criterion> = set.into_iter().collect();
        let headline = match table.headline_km {
            Some(km) => {
                let want = Criterion::Distance((km * MM_PER_KM as f64).round() as u32);
                all.iter().position(|c| *c == want).ok_or_else(|| {
                    bad("criteria.headline_km", format!("{km} km is not among distances_km"), "name one of distances_km")
                })?
            }
            None => default_headline(&all).ok_or_else(|| {
                bad("criteria.distances_km", "there is no service distance".to_owned(), "give at least one distance")
            })?,
        };

        let roads = file.roads.clone().unwrap_or_default();
        for (class, kmh) in &roads.speeds_kmh {
            if !(*kmh >= 1.0 && *kmh <= 200.0) {
                return Err(bad(
                    &format!("roads.speeds_kmh.{}", class.as_str()),
                    format!("{kmh} km/h is not a speed"),
                    "give 1 to 200",
                ));
            }
        }
        let share = file.read.max_refused_share.unwrap_or(0.01);
        if !(0.0..=1.0).contains(&share) {
            return Err(bad("read.max_refused_share", format!("{share} is not a share"), "give a number from 0 to 1"));
        }
        let not_negative = |key: &str, value: f64| {
            if value.is_finite() && (0.0..1e6).contains(&value) {
                Ok(value)
            } else {
                Err(bad(key, format!("{value} is not a usable number here"), "give a number of 0 or more"))
            }
        };
        let services = services(table.services.as_deref()).map_err(|(what, next)| bad("criteria.services", what, next))?;
        Ok(Self {
            all,
            services,
            fast_min_power_kw: positive("criteria.fast_min_power_kw", table.fast_min_power_kw.unwrap_or(120.0))?,
            headline,
            max_snap_m: positive("criteria.max_snap_m", table.max_snap_m.unwrap_or(500.0))?,
            settlement_max_snap_m: positive("criteria.settlement_max_snap_m", table.settlement_max_snap_m.unwrap_or(2000.0))?,
            people_max_snap_m: file.population.as_ref().map(|p| p.snap_m(file)).transpose()?,
            settlement_radius_mm: (positive("criteria.settlement_radius_km", table.settlement_radius_km.unwrap_or(3.0))?
                .min(2000.0)
                * MM_PER_KM as f64) as u32,
            access: words(table.access.as_deref(), &["public", "unknown"], Access::from_word, |w| {
                bad("criteria.access", format!("\"{w}\" is not a kind of access"), "use public, private or unknown")
            })?,
            status: words(table.status.as_deref(), &["open", "unknown"], Status::from_word, |w| {
                bad("criteria.status", format!("\"{w}\" is not a status"), "use open, planned, closed or unknown")
            })?,
            min_power_kw: not_negative("criteria.min_power_kw", table.min_power_kw.unwrap_or(0.0))?,
            speeds: SpeedTable::new(&roads.speeds_kmh),
            classes: roads.use_classes.map_or_else(
                || RoadClass::ALL.into_iter().filter(|c| *c <= RoadClass::Local).collect(),
                |list| list.into_iter().collect(),
            ),
            join_tolerance_m: match roads.join_tolerance_m.unwrap_or(0.0) {
                m if (0.0..=50.0).contains(&m) => m,
                m => {
                    return Err(bad(
                        "roads.join_tolerance_m",
                        format!("{m} m is too much to join without looking"),
                        "give 0 to 50",
                    ));
                }
            },
            join_crossings: roads.join_crossings,
            min_island_mm: (not_negative("roads.min_island_km", roads.min_island_km.unwrap_or(5.0))? * MM_PER_KM as f64) as u64,
            gap_output: file.output.gaps,
            simplify_m: match file.output.simplify_m.unwrap_or(0.0) {
                m if (0.0..=100.0).contains(&m) => m,
                m => return Err(bad("output.simplify_m", format!("{m} m is too much to move a road"), "give 0 to 100")),
            },
            max_refused_share: share,
        })
    }

    /// The headline criterion.
    pub fn headline_criterion(&self) -> Criterion {
        self.all[self.headline]
    }
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

const SERVICE_WORDS: &str = "name charging, and what else is wanted of swap, fast_charging and truck_charging";

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

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Criteria> {
        Criteria::from_region(&RegionFile::parse(text, "region.toml")?)
    }

    #[test]
    fn slugs_carry_unit_and_decimals() {
        assert_eq!(Criterion::Distance(2_500_000).slug(), "2_5km");
        assert_eq!(Criterion::Time(900_000).slug(), "15min");
    }

    #[test]
    fn distances_come_sorted_and_once() {
        let c = parse("[criteria]\ndistances_km = [20, 5, 5]\ntimes_min = []\nheadline_km = 20\n").unwrap();
        assert_eq!(c.all, [Criterion::Distance(5_000_000), Criterion::Distance(20_000_000)]);
        assert_eq!(c.headline, 1);
    }

    #[test]
    fn senseless_values_are_usage_errors() {
        for text in [
            "[criteria]\nheadline_km = 7\n",
            "[criteria]\ndistances_km = [-1]\n",
            "[criteria]\ndistances_km = []\n",
            "[criteria]\naccess = [\"anyone\"]\n",
            "[criteria]\nservices = [\"charging\", \"petrol\"]\n",
            "[criteria]\nservices = [\"fast_charging\"]\n",
            "[criteria]\nfast_min_power_kw = 0\n",
            "[roads.speeds_kmh]\nlocal = 0\n",
            "[read]\nmax_refused_share = 2\n",
            "[output]\nsimplify_m = 101\n",
            "[output]\nsimplify_m = nan\n",
        ] {
            assert_eq!(parse(text).unwrap_err().exit_code(), 2, "{text}");
        }
    }
}
