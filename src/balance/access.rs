//! Delivered power by floating catchments: for a vehicle of each class, and for people.
//!
//! Every vehicle that can use a charger counts as one among those that share it: trucks draw on the chargers of cars where they can use
//! them. Vehicles that only swap are no drivers here: they need no charger and share none. So supply is conserved over all classes together: Σ vehicles × access = supply that anybody reaches.

use super::{BalanceGround, Reach, vehicles};
use crate::access::floating::{Sharers, shared, weight};
use crate::config::demand::AccessMethod;
use crate::place::SettlementOut;

/// Delivered power by settlement; none without a charger of some power within reach.
pub(super) struct Access {
    /// For a car, taxi, bus or van, kW.
    pub car_kw: Vec<Option<f64>>,
    /// For a heavy truck, at stations not closed to it, kW.
    pub truck_kw: Vec<Option<f64>>,
    /// For 1,000 people, kW.
    pub people_kw: Vec<Option<f64>>,
}

pub(super) fn of(g: &BalanceGround<'_>, reach: &Reach) -> Access {
    let supply: Vec<f64> = reach.chargers.iter().map(|c| c.guns.delivered_kw()).collect();
    let all = reach.by_distance.all();
    // a charger that gives nothing, or that trucks cannot use, is no charger within reach
    let weights = |trucks: bool| -> Vec<f64> {
        let usable = |c: u32| supply[c as usize] > 0.0 && (!trucks || reach.chargers[c as usize].trucks);
        let of = |(c, mm): &(u32, u32)| if usable(*c) { weight(g.demand.access, *mm, g.demand.reach_mm) } else { 0.0 };
        all.iter().map(of).collect()
    };
    let [cars, trucks] = [weights(false), weights(true)];
    let by_place = |of: &dyn Fn(&SettlementOut) -> f64| -> Vec<f64> {
        reach.settlement.iter().map(|i| g.settlements.get(*i as usize).map_or(0.0, of)).collect()
    };
    let by_settlement = |found: Vec<Option<f64>>, scale: f64| {
        let mut all = vec![None; g.settlements.len()];
        for (i, a) in reach.settlement.iter().zip(found) {
            all.get_mut(*i as usize).into_iter().for_each(|slot| *slot = a.map(|a| a * scale));
        }
        all
    };
    let choice = g.demand.access == AccessMethod::ThreeStep;
    let find = |who: &[(&Vec<f64>, Vec<f64>)]| {
        let sharers: Vec<Sharers<'_>> =
            who.iter().map(|(weights, demand)| Sharers { weights, choice: choice.then_some(weights), demand }).collect();
        shared(&reach.by_distance, &sharers, &supply).access
    };
    let drivers = [(&cars, by_place(&|s| vehicles(g.demand, s, false))), (&trucks, by_place(&|s| vehicles(g.demand, s, true)))];
    let [car_kw, truck_kw] = <[_; 2]>::try_from(find(&drivers)).unwrap_or_default();
    let people = find(&[(&cars, by_place(&|s| people(g, s)))]).pop().unwrap_or_default();
    Access {
        car_kw: by_settlement(car_kw, 1.0),
        truck_kw: by_settlement(truck_kw, 1.0),
        people_kw: by_settlement(people, 1000.0),
    }
}

/// People of a settlement, scaled to those of its county where its vehicles are.
pub(super) fn people(g: &BalanceGround<'_>, s: &SettlementOut) -> f64 {
    let scale = g.basis.get(s.county as usize).and_then(|b| b.scaled_by).unwrap_or(1.0);
    s.settlement.population.unwrap_or(0) as f64 * scale
}
