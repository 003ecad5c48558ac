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

/// What the places that can reach each charger ask for together on a day: the mix of classes that comes to it hangs on them, and on nobody who
/// is too far away.
pub(super) fn mixes(reach: &Reach, asked: &[PlaceDemand]) -> Vec<PlaceDemand> {
    let mut all = vec![PlaceDemand::default(); reach.chargers.len()];
    for (place, asked) in asked.iter().enumerate().filter(|(_, a)| a.plug_total_kwh() > 0.0) {
        for (charger, _) in reach.by_distance.of(place) {
            all[*charger as usize] = all[*charger as usize].plus(asked);
        }
    }
    all
}

/// A charger in an hour, for the mix of classes that can come to it.
struct Busy {
    /// Guns that are busy at once: as many as the usable power has room for at what a busy gun gives on the mean.
    servers: u32,
    /// Mean time of a session at a gun, hours: kWh ÷ min(gun, vehicle).
    hours: f64,
    /// Their variance ÷ mean².
    cs2: f64,
    /// Power of a busy gun on the mean, kW; none where nobody asks for any.
    kw: Option<f64>,
}

fn busy(g: &BalanceGround<'_>, c: &Charger, kwh: &ByClass<f64>) -> Busy {
    let served = |class: &VehicleClass| !class.is_hydrogen() && (c.trucks || !class.is_truck());
    let (mut all, mut mean, mut square, mut energy) = (0.0, 0.0, 0.0, 0.0);
    for class in VehicleClass::ALL.into_iter().filter(served) {
        let f = &g.demand.classes[class as usize];
        let sessions = kwh[class as usize] / f.session_kwh;
        let hours = f.session_kwh / c.guns.given_kw(f.vehicle_kw);
        energy += kwh[class as usize];
        (all, mean, square) = (all + sessions, mean + sessions * hours, square + sessions * hours * hours);
    }
    if all <= 0.0 {
        return Busy { servers: c.guns.servers, hours: 1.0, cs2: 0.0, kw: None };
    }
    // kWh ÷ hours at a gun: the mean power of a busy one
    let kw = energy / mean;
    let cs2 = (square * all / (mean * mean) - 1.0).max(0.0);
    Busy { servers: c.guns.busy_at_once(kw), hours: mean / all, cs2, kw: Some(kw) }
}

/// The queue of each charger in an hour of a day on which so much is asked for by those who can reach it. What works only part of the time takes
/// so much longer.
///
/// # Errors
/// Internal, for a charger without power.
pub(super) fn queues(g: &BalanceGround<'_>, reach: &Reach, (mixes, hour): (&[PlaceDemand], usize)) -> Result<Vec<Queue>> {
    each(reach, mixes, |c, mix| {
        let b = busy(g, c, &mix.in_hour(g.demand, hour));
        Queue::new(b.servers, b.hours / c.guns.availability.max(0.001), b.cs2)
    })
}

/// The same for kilowatt-hours in place of sessions: what a charger takes in an hour is the energy that it gives, no more than its power. For
/// what cannot be served whatever drivers choose, since sessions of trucks and of cars are not alike.
///
/// # Errors
/// Internal, for a charger without power.
pub(super) fn powers(g: &BalanceGround<'_>, reach: &Reach, (mixes, hour): (&[PlaceDemand], usize)) -> Result<Vec<Queue>> {
    each(reach, mixes, |c, mix| {
        let b = busy(g, c, &mix.in_hour(g.demand, hour));
        let most = c.guns.delivered_kw();
        let kw = b.kw.map_or(most, |kw| (kw * f64::from(b.servers) * c.guns.availability.max(0.001)).min(most));
        Queue::new(b.servers, f64::from(b.servers) / kw, b.cs2)
    })
}

fn each(reach: &Reach, mixes: &[PlaceDemand], of: impl Fn(&Charger, &PlaceDemand) -> Option<Queue>) -> Result<Vec<Queue>> {
    let all: Option<Vec<Queue>> = reach.chargers.iter().zip(mixes).map(|(c, mix)| of(c, mix)).collect();
    all.ok_or_else(|| Error::internal("a charger has no service time".to_owned()))
}
