//! The criteria a region file means, in integer units and checked once.

use super::demand::Demand;
use super::plan::PlanAsked;
use super::reading::Reading;
use super::region_file::RegionFile;
pub use super::service::{ByService, Service, Services};
use super::serving::Serving;
use super::writing::Writing;
use crate::error::Result;
use crate::space::units::{MM_PER_KM, MS_PER_MIN};

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

/// Everything that decides the figures, checked, by what it governs. Who needs one part takes only that part.
#[derive(Clone, Debug)]
pub struct Criteria {
    /// What becomes of the files: roads and their network.
    pub reading: Reading,
    /// What counts as served.
    pub serving: Serving,
    /// What is written of it.
    pub writing: Writing,
    /// What is asked of demand and supply; none without `[demand]`.
    pub demand: Option<Demand>,
    /// What a plan of sites is asked for; none without `[plan]`.
    pub plan: Option<PlanAsked>,
}

impl Criteria {
    /// The meaning of a region file.
    ///
    /// # Errors
    /// Usage, naming the key whose value makes no sense.
    pub fn from_region(file: &RegionFile) -> Result<Self> {
        let (serving, reading) = (Serving::of(file)?, Reading::of(file)?);
        let longest = serving.all.iter().filter(|c| c.metric() == Metric::Distance).map(|c| c.limit()).max().unwrap_or(0);
        let demand = Demand::of(file, serving.headline_criterion().limit(), longest)?;
        let pack_kw = demand.as_ref().map(|d| d.supply.pack_kw());
        let plan = PlanAsked::of(file, &serving)?.map(|plan| PlanAsked { pack_kw, ..plan });
        Ok(Self { reading, serving, writing: Writing::of(file)?, demand, plan })
    }
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
        assert_eq!(c.serving.all, [Criterion::Distance(5_000_000), Criterion::Distance(20_000_000)]);
        assert_eq!(c.serving.headline, 1);
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
