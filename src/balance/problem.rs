//! The load of one hour as a problem of queues: who asks for how many sessions, which chargers they can use, how long a session takes there.

use super::{BalanceGround, Charger, Reach};
use crate::access::load::Ways;
use crate::access::queue::Queue;
use crate::config::vehicle_class::{ByClass, VehicleClass};
use crate::demand::PlaceDemand;
use crate::error::{Error, Result};

/// The rows of the problem: places with cars and the like, then places with trucks.
pub(super) struct Rows {
    /// Place (among those on the network) and whether it is of trucks.
    pub(super) rows: Vec<(u32, bool)>,
    /// The chargers that each can use.
    pub(super) pairs: Ways,
}

impl Rows {
    /// Rows of the places that ask for something on the day.
    pub(super) fn of(reach: &Reach, asked: &[PlaceDemand]) -> Self {
        let rows = [false, true].into_iter().flat_map(|trucks| {
            let asks = move |d: &PlaceDemand| VehicleClass::by_plug(trucks).any(|c| d.plug_kwh[c as usize] > 0.0);
            (0u32..).zip(asked).filter(move |(_, d)| asks(d)).map(move |(p, _)| (p, trucks))
        });
        let rows: Vec<(u32, bool)> = rows.collect();
        let of = |(place, trucks): &(u32, bool)| -> Vec<(u32, f64)> {
            let usable = |c: &u32| reach.chargers[*c as usize].trucks || !*trucks;
            reach
                .by_distance
                .range(*place as usize)
                .map(|k| (reach.by_distance.all()[k].0, reach.hours[k]))
                .filter(|(c, _)| usable(c))
                .collect()
        };
        let pairs = Ways::new(rows.iter().map(of));
        Self { rows, pairs }
    }

    /// Sessions an hour and kWh a session of each row, in an hour.
    pub(super) fn sessions(&self, g: &BalanceGround<'_>, asked: &[PlaceDemand], hour: usize) -> (Vec<f64>, Vec<f64>) {
        let of = |(place, trucks): &(u32, bool)| {
            let kwh = asked[*place as usize].in_hour(g.demand, hour);
            let sessions: f64 =
                VehicleClass::by_plug(*trucks).map(|c| kwh[c as usize] / g.demand.classes[c as usize].session_kwh).sum();
            let energy: f64 = VehicleClass::by_plug(*trucks).map(|c| kwh[c as usize]).sum();
            (sessions, if sessions > 0.0 { energy / sessions } else { 0.0 })
        };
        self.rows.iter().map(of).unzip()
    }
}

/// The queue of each charger in an hour in which so much energy of each class begins in the region, kWh: a session takes
/// kWh ÷ min(gun, vehicle); its mean and spread are those of the mix of classes that can use the charger. As many guns are busy at once as
/// the usable power has room for at what a busy gun gives on the mean. What works only part of the time takes so much longer.
///
/// # Errors
/// Internal, for a charger without power.
pub(super) fn queues(g: &BalanceGround<'_>, reach: &Reach, kwh: &ByClass<f64>) -> Result<Vec<Queue>> {
    let of = |c: &Charger| {
        let served = |class: &VehicleClass| !class.is_hydrogen() && (c.trucks || !class.is_truck());
        let (mut all, mut mean, mut square, mut energy) = (0.0, 0.0, 0.0, 0.0);
        for class in VehicleClass::ALL.into_iter().filter(served) {
            let f = &g.demand.classes[class as usize];
            let sessions = kwh[class as usize] / f.session_kwh;
            let hours = f.session_kwh / c.guns.given_kw(f.vehicle_kw);
            energy += kwh[class as usize];
            (all, mean, square) = (all + sessions, mean + sessions * hours, square + sessions * hours * hours);
        }
        // kWh ÷ hours at a gun: the mean power of a busy one
        let servers = if all > 0.0 { c.guns.busy_at_once(energy / mean) } else { c.guns.servers };
        let (mean, cs2) = if all > 0.0 { (mean / all, (square * all / (mean * mean) - 1.0).max(0.0)) } else { (1.0, 0.0) };
        Queue::new(servers, mean / c.guns.availability.max(0.001), cs2)
    };
    let all: Option<Vec<Queue>> = reach.chargers.iter().map(of).collect();
    all.ok_or_else(|| Error::internal("a charger has no service time".to_owned()))
}
