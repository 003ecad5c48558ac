//! How big a station is built: no more than is asked for, and no bigger than its load takes. Guns and bays are busy no more than [`BUSY`] of
//! the time in the worst hour, and of those who get to a bay no more than [`BLOCKED`] find no full pack. It chooses no place.

use crate::access::queue::swap_blocked;
use crate::balance::StationDay;
use crate::config::demand::SupplyFigures;
use crate::config::plan::NewStation;

/// In the worst hour guns and bays are not to be busier than this share of the time, where a smaller station would do.
pub const BUSY: f64 = 0.7;
/// In the worst hour of swaps no more than this share of those who get to a bay is to find no full pack.
pub const BLOCKED: f64 = 0.05;

/// The smallest station, of those that may be built, that its load allows on the busiest day.
pub(super) fn sized(station: NewStation, loads: &[StationDay], figures: Option<&SupplyFigures>) -> NewStation {
    if station.bays > 0 {
        let worst = loads.iter().filter_map(|l| l.swaps).map(|s| s.worst_h).reduce(f64::max);
        return worst.zip(figures).map_or(station, |(worst, f)| swap_sized(station, worst, [f.swap_min, f.recharge_min]));
    }
    let worst = loads.iter().map(|l| l.occupancy).fold(0.0, f64::max);
    let guns = (worst * f64::from(station.guns) / BUSY).ceil().max(1.0) as u32;
    NewStation { guns: guns.min(station.guns), ..station }
}

/// The fewest bays and then the fewest packs, each with a charger, that so many swaps an hour allow; all where not even all do.
fn swap_sized(station: NewStation, per_h: f64, [swap_min, recharge_min]: [f64; 2]) -> NewStation {
    let bays = ((per_h * swap_min / 60.0 / BUSY - 1e-9).ceil().max(1.0) as u32).min(station.bays);
    let to_bay = per_h.min(f64::from(bays) * 60.0 / swap_min);
    let enough = |packs: &u32| to_bay <= 0.0 || swap_blocked(to_bay, recharge_min / 60.0, *packs, *packs) <= BLOCKED;
    let packs = (1..=station.packs).find(enough).unwrap_or(station.packs);
    NewStation { bays, packs, ..station }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOST: NewStation = NewStation { guns: 0, gun_kw: 120.0, bays: 3, packs: 30 };

    fn of(per_h: f64) -> (u32, u32) {
        let s = swap_sized(MOST, per_h, [5.0, 60.0]);
        (s.bays, s.packs)
    }

    #[test]
    fn bays_and_packs_are_the_fewest_that_the_load_allows() {
        // a bay takes 12 swaps an hour, 8.4 at 70 %. Erlang loss at 1 erlang: 1/2, 1/5, 1/16 = 0.0625, 1/65 = 0.0154: four packs
        assert_eq!(of(1.0), (1, 4));
        // 8.4 an hour is one bay, a little more two, and 16.8 still two
        assert_eq!([8.4, 8.5, 16.8, 16.9].map(|h| of(h).0), [1, 2, 2, 3]);
        // at 8 erlangs B(12) = 0.0514 and B(13) = 0.0307
        assert_eq!(of(8.0), (1, 13));
        // nobody comes: one bay and one pack; more than all can take: all of them
        assert_eq!((of(0.0), of(1000.0)), ((1, 1), (3, 30)));
    }

    #[test]
    fn guns_are_the_fewest_that_are_not_too_busy() {
        let day = |occupancy| StationDay {
            day: crate::config::demand::Day::Ordinary,
            kwh: 0.0,
            power_utilisation: 0.0,
            sessions_h: 0.0,
            occupancy,
            wait_min: None,
            swaps: None,
        };
        let guns = |occupancy| sized(NewStation { guns: 4, gun_kw: 120.0, bays: 0, packs: 0 }, &[day(occupancy)], None).guns;
        // of four guns 35 % are 1.4 guns, which two are busy with 70 % of the time
        assert_eq!([0.0, 0.35, 0.36, 0.9, 2.0].map(guns), [1, 2, 3, 4, 4]);
    }
}
