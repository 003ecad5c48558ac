//! Classes of electric vehicles that differ in what they drive, draw and can do.

use serde::{Deserialize, Serialize};

/// A class of vehicles. The order is that of rows and columns in every file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VehicleClass {
    /// Private car.
    PrivateCar,
    /// Taxi or ride-hailing car.
    Taxi,
    /// Urban bus.
    Bus,
    /// Logistics van.
    Van,
    /// Heavy truck with a battery.
    HeavyTruck,
    /// Heavy truck with a fuel cell: it takes hydrogen and no power.
    FuelCellTruck,
}

/// A value for every class, at `class as usize`.
pub type ByClass<T> = [T; VehicleClass::ALL.len()];

impl VehicleClass {
    /// Every class there is.
    pub const ALL: [Self; 6] = [Self::PrivateCar, Self::Taxi, Self::Bus, Self::Van, Self::HeavyTruck, Self::FuelCellTruck];

    /// The name in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PrivateCar => "private_car",
            Self::Taxi => "taxi",
            Self::Bus => "bus",
            Self::Van => "van",
            Self::HeavyTruck => "heavy_truck",
            Self::FuelCellTruck => "fuel_cell_truck",
        }
    }

    /// The name for people, in English and Chinese.
    pub fn names(self) -> [&'static str; 2] {
        match self {
            Self::PrivateCar => ["private cars", "私家车"],
            Self::Taxi => ["taxis and ride-hailing", "出租车与网约车"],
            Self::Bus => ["urban buses", "城市公交"],
            Self::Van => ["logistics vans", "物流车"],
            Self::HeavyTruck => ["heavy trucks", "重型货车"],
            Self::FuelCellTruck => ["fuel-cell heavy trucks", "燃料电池重型货车"],
        }
    }

    /// From the name in files.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.as_str() == word)
    }

    /// Whether it takes hydrogen.
    pub fn is_hydrogen(self) -> bool {
        self == Self::FuelCellTruck
    }

    /// Those that charge by plug: the trucks, or all others.
    pub fn by_plug(trucks: bool) -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(move |c| !c.is_hydrogen() && c.is_truck() == trucks)
    }

    /// Whether it is a car or a van: what the Alternative Fuels Infrastructure Regulation of the EU calls light-duty.
    pub fn is_light_duty(self) -> bool {
        matches!(self, Self::PrivateCar | Self::Taxi | Self::Van)
    }

    /// Whether only stations that trucks can use are of use to it.
    pub fn is_truck(self) -> bool {
        matches!(self, Self::HeavyTruck | Self::FuelCellTruck)
    }
}
