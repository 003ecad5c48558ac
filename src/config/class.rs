//! Road classes: our eight, their default speeds and weights, and how sources map to them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The class of a road, from the most to the least important.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RoadClass {
    /// Motorway, expressway.
    Motorway,
    /// Trunk road, national road.
    Trunk,
    /// Primary, provincial road.
    Primary,
    /// Secondary, county road.
    Secondary,
    /// Tertiary, township road.
    Tertiary,
    /// Village and residential road.
    Local,
    /// Access road, car park, drive.
    Service,
    /// Farm and forest track.
    Track,
}

impl RoadClass {
    /// All classes in order.
    pub const ALL: [Self; 8] =
        [Self::Motorway, Self::Trunk, Self::Primary, Self::Secondary, Self::Tertiary, Self::Local, Self::Service, Self::Track];

    /// The name in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Motorway => "motorway",
            Self::Trunk => "trunk",
            Self::Primary => "primary",
            Self::Secondary => "secondary",
            Self::Tertiary => "tertiary",
            Self::Local => "local",
            Self::Service => "service",
            Self::Track => "track",
        }
    }

    /// The class of a name in a source: ours, or OpenStreetMap's `highway` value (links count as their road).
    pub fn from_name(name: &str) -> Option<Self> {
        let name = name.trim().to_ascii_lowercase();
        let name = name.strip_suffix("_link").unwrap_or(&name);
        Some(match name {
            "motorway" => Self::Motorway,
            "trunk" => Self::Trunk,
            "primary" => Self::Primary,
            "secondary" => Self::Secondary,
            "tertiary" => Self::Tertiary,
            "local" | "unclassified" | "residential" | "living_street" | "road" => Self::Local,
            "service" => Self::Service,
            "track" => Self::Track,
            _ => return None,
        })
    }

    /// Position in [`RoadClass::ALL`].
    pub fn index(self) -> usize {
        self as usize
    }

    /// Default free-flow speed in km/h. A planning assumption, not a legal limit; set your own in `[roads.speeds_kmh]`.
    pub fn default_speed_kmh(self) -> f64 {
        [100.0, 80.0, 65.0, 55.0, 45.0, 35.0, 15.0, 15.0][self.index()]
    }

    /// Default weight of a kilometre in the class-weighted gap share; set your own in `[rank.class_weights]`.
    pub fn default_weight(self) -> f64 {
        [4.0, 4.0, 3.0, 2.0, 1.5, 1.0, 0.5, 0.25][self.index()]
    }
}

/// Speed in km/h of each class.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SpeedTable([f64; 8]);

impl SpeedTable {
    /// The defaults with the user's own speeds over them.
    pub fn new(own: &BTreeMap<RoadClass, f64>) -> Self {
        Self(RoadClass::ALL.map(|c| own.get(&c).copied().unwrap_or_else(|| c.default_speed_kmh())))
    }

    /// Speed of a class in km/h.
    pub fn of(&self, class: RoadClass) -> f64 {
        self.0[class.index()]
    }
}
