//! The people of each county's settlements and their ways to the nearest station, counted; [`crate::rank::equity`] measures how evenly
//! they are shared.

use crate::config::Service;
use crate::place::SettlementOut;
use crate::rank::equity::{CountyWays, Holding};

/// Counts them for so many counties; settlements of higher counties are left out.
pub fn ways_of_counties(settlements: &[SettlementOut], counties: usize, service: Service) -> Vec<CountyWays> {
    let mut all = vec![CountyWays::default(); counties];
    for s in settlements {
        let Some(here) = all.get_mut(s.county as usize) else { continue };
        match (s.settlement.population, s.snapped, s.nearest[service as usize]) {
            (None | Some(0), ..) => here.settlements_unknown += 1,
            (Some(people), None, _) => here.people_left_out += people,
            (Some(people), Some(_), None) => here.people_no_way += people,
            (Some(people), Some(_), Some(n)) => here.ways.push(Holding { value: f64::from(n.distance_mm), people }),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::{Nearest, Snapped};
    use crate::rank::equity::reach;
    use crate::read::settlement::Settlement;
    use crate::space::LonLat;

    fn place(county: u32, population: Option<u64>, km: Option<u32>, on_road: bool) -> SettlementOut {
        let nearest = km.map(|km| Nearest { distance_mm: km * 1_000_000, station: 0, time_ms: 0 });
        let snapped = on_road.then(|| Snapped { at: LonLat::new(109.0, 31.0).unwrap(), distance_mm: 0 });
        SettlementOut {
            settlement: Settlement { population, ..Settlement::default() },
            county,
            snapped,
            nearest: [nearest, None, None, None, None],
        }
    }

    #[test]
    fn who_is_counted_and_who_is_not() {
        let places = [
            place(0, Some(100), Some(5), true),
            place(0, Some(300), Some(20), true),
            place(0, Some(100), None, true), // no way
            place(0, Some(70), None, false), // no road
            place(1, None, Some(40), true),  // nobody knows how many
        ];
        let r = reach(ways_of_counties(&places, 2, Service::Charging).iter(), 10_000_000).unwrap();
        let west = &r.counties[0];
        assert_eq!((west.settlements, west.people, west.people_no_way, west.people_left_out), (2, 400, 100, 70));
        assert_eq!((r.counties[1].settlements_unknown, r.counties[1].people), (1, 0));
        // (100 × 5 + 300 × 20) / 400 = 16.25 km
        assert_eq!(west.mean_mm, Some(16_250_000.0));
        // of 500: 300 at 20 km are beyond by half of their way, 100 have no way and are beyond by all ⇒ 400/500, 250/500, 175/500
        assert_eq!(west.beyond, [Some(0.8), Some(0.5), Some(0.35)]);
        // Lorenz corners (1/4, 500/6500), (1, 1) ⇒ 1 − (1/4 × 1/13 + 3/4 × 14/13) = 9/52
        assert!((west.gini.unwrap() - 9.0 / 52.0).abs() < 1e-12);
        assert_eq!(r.counties[1].beyond, [None; 3]);
        // the east counts nobody: the region is the west, and nothing lies between counties
        assert_eq!((r.all.gini, r.all.beyond, r.all.settlements_unknown), (west.gini, west.beyond, 1));
        let theil = r.theil.unwrap();
        assert!(theil.between < 1e-15 && (theil.within - west.theil.unwrap()).abs() < 1e-12);
        assert_eq!(r.lorenz.len(), 3);
    }

    #[test]
    fn without_people_there_is_nothing_to_share() {
        let r = reach(ways_of_counties(&[place(0, None, Some(1), true)], 1, Service::Charging).iter(), 1).unwrap();
        assert_eq!((r.all.gini, r.all.theil, r.all.beyond, r.theil), (None, None, [None; 3], None));
        assert!(r.lorenz.is_empty());
        // no station at all: everyone is beyond, and no distance is known
        let r = reach(ways_of_counties(&[place(0, Some(9), None, true)], 1, Service::Charging).iter(), 1).unwrap();
        assert_eq!((r.all.gini, r.all.beyond), (None, [Some(1.0); 3]));
    }
}
