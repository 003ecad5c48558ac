//! The figures of one county that indicators are made of.

use crate::config::RoadClass;
use serde::{Deserialize, Serialize};

/// Figures of a county at the headline service distance, for charging.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CountyFigures {
    /// Code, for ties and messages.
    pub code: String,
    /// Road length by class, millimetres.
    pub road_mm: [u64; RoadClass::ALL.len()],
    /// Gap length by class, millimetres.
    pub gap_mm: [u64; RoadClass::ALL.len()],
    /// Longest dead stretch, millimetres.
    pub longest_stretch_mm: u64,
    /// Charging stations used.
    pub charging_stations: u64,
    /// Swap stations used.
    pub swap_stations: u64,
    /// Guns at charging stations used, where known.
    pub points: u64,
    /// Rated power of stations used, kW, where known.
    pub power_kw: f64,
    /// Settlements that could be placed on the network.
    pub settlements: u64,
    /// Those beyond the service distance.
    pub settlements_in_gap: u64,
    /// Those without a charging station within `settlement_radius_km`.
    pub settlements_without_station: u64,
    /// People of the raster where one is given; else those in placed settlements, where known.
    pub people: u64,
    /// Those beyond the service distance.
    pub people_in_gap: u64,
    /// People in the whole county by a joined table.
    pub residents: Option<u64>,
    /// People in placed settlements, where known.
    pub settlement_people: u64,
    /// Those beyond the service distance.
    pub settlement_people_in_gap: u64,
    /// What it asks for, has and lacks, where demand is asked for; the same under every service distance and set of stations.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub demand: Option<DemandFigures>,
}

/// What demand and supply say of a county, in sums: those of counties that apply together add up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DemandFigures {
    /// Vehicles that charge by plug.
    pub vehicles: f64,
    /// Power short in the worst hour of the ordinary day and of the holiday, kW.
    pub short_kw: [f64; 2],
    /// Delivered power that they have by floating catchments, all together, kW.
    pub access_kw: f64,
    /// Townships: settlements as given.
    pub townships: u64,
    /// Of them, those without a charging station in them.
    pub townships_without: u64,
    /// Sessions an hour that are served in the worst hour of the holiday.
    pub peak_sessions_h: f64,
    /// Their waits together, minutes an hour.
    pub peak_wait_min: f64,
    /// A cell that was to give its vehicles is blank: they were filled, and no figure that rests on them is one for the ranking. All but
    /// townships is 0 then, which leaves the indicators without a value.
    #[serde(default)]
    pub filled: bool,
}

impl DemandFigures {
    /// Those that do not rest on vehicles, where the vehicles were filled.
    pub fn of_townships(townships: u64, townships_without: u64) -> Self {
        Self { townships, townships_without, filled: true, ..Self::default() }
    }

    /// What two counties have together; not known where the vehicles of one of them are not.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        if self.filled || other.filled {
            return Self::of_townships(self.townships + other.townships, self.townships_without + other.townships_without);
        }
        Self {
            filled: false,
            vehicles: self.vehicles + other.vehicles,
            short_kw: std::array::from_fn(|k| self.short_kw[k] + other.short_kw[k]),
            access_kw: self.access_kw + other.access_kw,
            townships: self.townships + other.townships,
            townships_without: self.townships_without + other.townships_without,
            peak_sessions_h: self.peak_sessions_h + other.peak_sessions_h,
            peak_wait_min: self.peak_wait_min + other.peak_wait_min,
        }
    }
}

impl CountyFigures {
    /// The whole numbers of it, always in this order: who writes them and who reads them back go by one list.
    pub fn counts_mut(&mut self) -> [&mut u64; 10] {
        [
            &mut self.charging_stations,
            &mut self.swap_stations,
            &mut self.points,
            &mut self.settlements,
            &mut self.settlements_in_gap,
            &mut self.settlements_without_station,
            &mut self.people,
            &mut self.people_in_gap,
            &mut self.settlement_people,
            &mut self.settlement_people_in_gap,
        ]
    }

    /// People in the county: by the joined table, else those of its settlements.
    pub fn all_people(&self) -> u64 {
        self.residents.unwrap_or(self.people)
    }

    /// Road length, millimetres.
    pub fn road_total_mm(&self) -> u64 {
        self.road_mm.iter().sum()
    }

    /// Gap length, millimetres.
    pub fn gap_total_mm(&self) -> u64 {
        self.gap_mm.iter().sum()
    }
}
