//! The four shapes that the rules of all programmes have, and what makes a station count. Numbers are the programme's facts, by key.

use crate::config::station_words::Access;
use serde::{Deserialize, Serialize};

/// What a rule asks for.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// No longer way without a station along a road.
    Gap,
    /// No place farther from a station by road.
    Reach,
    /// At least one station in every unit or cell.
    Each,
    /// So much power, or so many points, for each vehicle.
    Ratio,
}

impl Shape {
    /// The word in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Gap => "gap",
            Self::Reach => "reach",
            Self::Each => "each",
            Self::Ratio => "ratio",
        }
    }

    /// What it asks for, in English and Chinese.
    pub fn meaning(self) -> [&'static str; 2] {
        match self {
            Self::Gap => ["no longer way without a station along a road", "沿道路无站里程不超过"],
            Self::Reach => ["no place farther from a station by road", "居民点至充电站的路程不超过"],
            Self::Each => ["at least one station in each", "每个单元至少一座"],
            Self::Ratio => ["so much for each vehicle", "按车辆配置"],
        }
    }
}

/// Of what every one has to have a station.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Counties.
    County,
    /// Townships, or places where those are not given.
    Township,
    /// Cells of a square grid.
    Cell,
    /// Service areas of motorways.
    ServiceArea,
    /// Safe and secure parking areas for trucks.
    TruckParking,
}

/// For whom a station is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VehicleKind {
    /// Cars and vans.
    Car,
    /// Heavy vehicles: a station has to say that trucks can use it.
    Truck,
}

/// What makes a station count. A key that is not given asks for nothing; one whose fact has no value cannot be told.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Filter {
    /// Any of these services: `charging`, `swap`, `hydrogen`.
    pub services: Vec<String>,
    /// Rated power of the whole station, at least.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_kw: Option<String>,
    /// So many points, at or above `point_kw` where that is given; one when only `point_kw` is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub points: Option<String>,
    /// The power of a point that counts, at least.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub point_kw: Option<String>,
    /// Only points of direct current are counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dc: Option<bool>,
    /// Who may use it: `public`, `private`.
    pub access: Vec<String>,
    /// For whom it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vehicle: Option<VehicleKind>,
    /// It has to be certified (CCC), or has not to be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certified: Option<bool>,
    /// Share of time in which it can be used, at least.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub availability: Option<String>,
    /// It has to be reachable with a trailer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trailer: Option<bool>,
}

impl Filter {
    /// The facts that it names, with the key that names each.
    pub fn named(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let all = [
            ("total_kw", &self.total_kw),
            ("points", &self.points),
            ("point_kw", &self.point_kw),
            ("availability", &self.availability),
        ];
        all.into_iter().filter_map(|(key, fact)| Some((key, fact.as_deref()?)))
    }

    /// Whether a kind of access is asked for.
    pub fn asks(&self, access: Access) -> bool {
        self.access.iter().any(|a| a == access.as_str())
    }
}

/// An amount for each vehicle of a kind.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Per {
    /// The kind of vehicle, as the counts name it: `bev`, `phev`, …
    pub vehicles: String,
    /// The fact: kW or points for each.
    pub amount: String,
}

/// One thing that has to be reached.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Its name in the profile.
    pub name: String,
    /// Its shape.
    pub shape: Shape,
    /// Gap and reach: the longest way, by fact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<String>,
    /// Gap: the longest way from the road to a station that counts, by fact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub off_road: Option<String>,
    /// Gap: the share of the length on which it has to hold, by fact; all of it when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<String>,
    /// Gap: which roads it is about, in words; data do not say which those are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roads: Option<String>,
    /// Each: of what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Unit>,
    /// Each, of cells: their side, by fact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cell: Option<String>,
    /// Ratio: how much for which vehicles.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub per: Vec<Per>,
    /// What it says, in English.
    pub text: String,
    /// What it says, in Chinese.
    #[serde(default)]
    pub text_zh: String,
    /// What makes a station count.
    #[serde(default)]
    pub filter: Filter,
}

impl Rule {
    /// The facts that it names, with the key that names each.
    pub fn named(&self) -> Vec<(String, &str)> {
        let own = [("limit", &self.limit), ("off_road", &self.off_road), ("share", &self.share), ("cell", &self.cell)];
        let own = own.into_iter().filter_map(|(key, fact)| Some((key.to_owned(), fact.as_deref()?)));
        let filter = self.filter.named().map(|(key, fact)| (format!("filter.{key}"), fact));
        let per = self.per.iter().enumerate().map(|(i, p)| (format!("per[{i}].amount"), p.amount.as_str()));
        own.chain(filter).chain(per).collect()
    }
}
