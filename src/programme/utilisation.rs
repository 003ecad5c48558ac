//! Power utilisation: energy of what could have been given. It never goes without what it was divided by.

use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A facility in a period: what it gave, and what it could have given.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
pub struct InOperation {
    /// Energy charged, or swapped, kWh.
    pub energy_kwh: f64,
    /// Rated power; of a swap station that of its chargers, kW.
    pub rated_kw: f64,
    /// Hours in operation, from the day it was commissioned: not those of the calendar.
    pub hours: f64,
}

/// Energy ÷ (rated power × hours in operation) of some facilities together.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct Utilisation {
    /// Facilities.
    pub facilities: usize,
    /// Energy, kWh.
    pub energy_kwh: f64,
    /// Rated power of all, kW.
    pub rated_kw: f64,
    /// What they would have given at rated power in all their hours in operation, kWh.
    pub possible_kwh: f64,
}

impl Utilisation {
    /// Of facilities together; none where there is none: no facility has no utilisation, not one of 0.
    ///
    /// # Errors
    /// Input, for a figure below 0 or that is no number, power or hours of 0, more hours than a leap year has, or more energy than rated
    /// power gives in that time.
    pub fn of(facilities: &[InOperation]) -> Result<Option<Self>> {
        let mut all = Self { facilities: facilities.len(), energy_kwh: 0.0, rated_kw: 0.0, possible_kwh: 0.0 };
        for f in facilities {
            let possible = f.rated_kw * f.hours;
            let numbers = [f.energy_kwh, f.rated_kw, f.hours].iter().all(|v| v.is_finite() && *v >= 0.0);
            if !numbers || possible <= 0.0 || f.hours > 8784.0 {
                let what =
                    format!("{} kWh of {} kW in {} h in operation cannot be meant for a year", f.energy_kwh, f.rated_kw, f.hours);
                return Err(Error::input(what, "give energy of 0 or more, power above 0, and hours above 0 and at most 8784"));
            }
            if f.energy_kwh > possible * (1.0 + 1e-9) {
                let what = format!("{} kWh is more than {} kW give in {} h in operation", f.energy_kwh, f.rated_kw, f.hours);
                return Err(Error::input(what, "check the units, and that the hours are those in operation"));
            }
            all.energy_kwh += f.energy_kwh;
            all.rated_kw += f.rated_kw;
            all.possible_kwh += possible;
        }
        Ok((!facilities.is_empty()).then_some(all))
    }

    /// In per cent.
    pub fn percent(&self) -> f64 {
        self.energy_kwh * 100.0 / self.possible_kwh
    }

    /// Mean hours in operation, by power.
    pub fn hours(&self) -> f64 {
        self.possible_kwh / self.rated_kw
    }

    /// Whether it is at or above so many per cent: compared without a division, so that what is exactly at a threshold reaches it.
    pub fn reaches(&self, percent: f64) -> bool {
        self.energy_kwh * 100.0 >= percent * self.possible_kwh
    }

    /// Energy that lacks to so many per cent, kWh; 0 where they are reached.
    pub fn short_kwh(&self, percent: f64) -> f64 {
        if self.reaches(percent) { 0.0 } else { percent * self.possible_kwh / 100.0 - self.energy_kwh }
    }
}

impl fmt::Display for Utilisation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { facilities, energy_kwh, rated_kw, .. } = self;
        write!(
            f,
            "{:.2} % = {energy_kwh:.0} kWh / ({rated_kw:.0} kW × {:.0} h in operation; {facilities} facilities)",
            self.percent(),
            self.hours()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_standard_pile_at_the_thresholds() {
        // PROGRAMME 1.4: one pile of 120 kW over 8,760 h: 0.5 % is 14.4 kWh a day, 6 % is 172.8
        for (percent, a_day) in [(0.5f64, 14.4), (1.0, 28.8), (2.0, 57.6), (3.0, 86.4), (4.0, 115.2), (5.0, 144.0), (6.0, 172.8)]
        {
            let energy_kwh: f64 = percent * 120.0 * 8760.0 / 100.0;
            assert!((energy_kwh / 365.0 - a_day).abs() < 1e-9);
            let u = Utilisation::of(&[InOperation { energy_kwh, rated_kw: 120.0, hours: 8760.0 }]).unwrap().unwrap();
            assert!(u.reaches(percent) && u.short_kwh(percent) == 0.0, "{percent}");
            let less = InOperation { energy_kwh: energy_kwh - 0.001, rated_kw: 120.0, hours: 8760.0 };
            let u = Utilisation::of(&[less]).unwrap().unwrap();
            assert!(!u.reaches(percent) && (u.short_kwh(percent) - 0.001).abs() < 1e-6, "{percent}");
        }
    }

    #[test]
    fn the_denominator_counts_hours_in_operation_and_is_told() {
        // 120 kW for 8,000 h and 480 kW for 500 h: 960,000 + 240,000 kWh possible; 24,000 kWh given: 2 %, 600 kW for 2,000 h on average
        let list = [
            InOperation { energy_kwh: 20_000.0, rated_kw: 120.0, hours: 8000.0 },
            InOperation { energy_kwh: 4_000.0, rated_kw: 480.0, hours: 500.0 },
        ];
        let u = Utilisation::of(&list).unwrap().unwrap();
        assert_eq!((u.percent(), u.hours(), u.possible_kwh), (2.0, 2000.0, 1_200_000.0));
        assert_eq!(u.to_string(), "2.00 % = 24000 kWh / (600 kW × 2000 h in operation; 2 facilities)");
        assert_eq!(Utilisation::of(&[]).unwrap(), None);
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let of = |energy_kwh: f64, rated_kw: f64, hours: f64| Utilisation::of(&[InOperation { energy_kwh, rated_kw, hours }]);
        for (e, p, h) in [(-1.0, 120.0, 10.0), (1.0, 0.0, 10.0), (1.0, 120.0, 0.0), (f64::NAN, 120.0, 10.0), (1.0, 120.0, 9000.0)]
        {
            assert!(of(e, p, h).unwrap_err().what().contains("cannot be meant"), "{e} {p} {h}");
        }
        // 1,200 kWh is all that 120 kW give in 10 h
        assert!(of(1200.0, 120.0, 10.0).is_ok());
        assert!(of(1200.1, 120.0, 10.0).unwrap_err().what().contains("is more than"));
    }
}
