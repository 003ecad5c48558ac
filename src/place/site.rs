//! A station or a settlement on the road: where it met the network, its county, and whether it counts.

use crate::config::{ByService, Service, Services, Serving};
use crate::read::settlement::Settlement;
use crate::read::station::Station;
use crate::space::LonLat;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// A station in the network: its number among the stations, its node, what it offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Site {
    /// Number.
    pub station: u32,
    /// Node.
    pub node: u32,
    /// What it offers.
    pub offers: Services,
}

impl Site {
    /// Whether it offers a service.
    pub fn offers(&self, service: Service) -> bool {
        self.offers.has(service)
    }
}

/// Where a point met the network.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Snapped {
    /// The foot on the road.
    pub at: LonLat,
    /// From the point to the foot, millimetres.
    pub distance_mm: u32,
}

/// A station as used, or why it was not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StationOut {
    /// As read.
    pub station: Station,
    /// County index; who keeps a station by county knows it.
    #[serde(skip)]
    pub county: Option<u32>,
    /// Where it met the network.
    pub snapped: Option<Snapped>,
    /// Counts in coverage and figures.
    pub used: bool,
    /// Why it does not: `access`, `status`, `power`, `too_far_from_road`, `outside`.
    pub reason: Cow<'static, str>,
    /// Id of an earlier station that looks like the same.
    pub duplicate_of: Option<String>,
    /// Has no guns or no power, so may not exist.
    pub ghost: bool,
}

/// A settlement with its way to the nearest stations.
#[derive(Clone, Debug)]
pub struct SettlementOut {
    /// As read.
    pub settlement: Settlement,
    /// County index.
    pub county: u32,
    /// Where it met the network.
    pub snapped: Option<Snapped>,
    /// Nearest station by service; none for services that are not searched.
    pub nearest: ByService<Option<Nearest>>,
}

/// Way to the nearest station of one service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nearest {
    /// Distance by road, millimetres.
    pub distance_mm: u32,
    /// Its station number.
    pub station: u32,
    /// Time by road to the station that is nearest in time, milliseconds; `u32::MAX` where it is longer than was looked for.
    pub time_ms: u32,
}

/// What a station offers, whether it is searched or not. Unknown power is not fast, and trucks must be named.
pub fn offers(serving: &Serving, s: &Station) -> Services {
    let fast = s.charging && s.power_kw.is_some_and(|kw| kw >= serving.fast_min_power_kw);
    let all = [
        (Service::Charging, s.charging),
        (Service::Swap, s.swap),
        (Service::FastCharging, fast),
        (Service::TruckCharging, s.charging && s.trucks == Some(true)),
        (Service::Hydrogen, s.hydrogen),
    ];
    all.into_iter().filter(|(_, has)| *has).map(|(service, _)| service).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Criteria, RegionFile};

    #[test]
    fn fast_and_truck_charging_need_to_be_known() {
        let c = Criteria::from_region(
            &RegionFile::parse("[criteria]\nservices = [\"truck_charging\", \"charging\"]\nfast_min_power_kw = 60\n", "r")
                .unwrap(),
        )
        .unwrap();
        assert_eq!(c.serving.services, Services::of(&[Service::Charging, Service::TruckCharging]));
        let offers = |charging, power_kw, trucks| {
            let s = Station { charging, swap: !charging, power_kw, trucks, ..Station::default() };
            super::offers(&c.serving, &s).iter().map(Service::letter).collect::<String>()
        };
        // the threshold itself counts; unknown power and unknown trucks do not; a swap station charges nobody
        assert_eq!(offers(true, Some(60.0), Some(true)), "cft");
        assert_eq!(offers(true, Some(59.9), Some(false)), "c");
        assert_eq!(offers(true, None, None), "c");
        assert_eq!(offers(false, Some(600.0), Some(true)), "s");
    }
}
