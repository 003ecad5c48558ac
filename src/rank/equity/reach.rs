//! How evenly the way to the nearest station is shared among the people of settlements, in the whole region and in each county.

use super::{Distribution, Holding, Theil, theil_of_groups};
use crate::config::Service;
use crate::config::method_words::Direction;
use crate::error::Result;
use crate::place::SettlementOut;

/// Most points of the Lorenz curve that are kept.
const LORENZ_POINTS: usize = 101;

/// The people of one county, or of all, and how the way to the nearest station is shared among them.
///
/// People are those of settlements whose population is known. One with a way to a station has a distance and is *counted*; one on
/// a road that leads to no station has none, and is beyond every line; one without a road near is *left out*.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReachRow {
    /// Settlements whose people are counted.
    pub settlements: u64,
    /// Settlements of unknown population, which are left out.
    pub settlements_unknown: u64,
    /// People with a way to a station.
    pub people: u64,
    /// People on a road that leads to no station; only in `beyond`, where they fall short by all.
    pub people_no_way: u64,
    /// People without a road near; left out.
    pub people_left_out: u64,
    /// Mean distance, millimetres; people counted.
    pub mean_mm: Option<f64>,
    /// Gini coefficient of the distance; people counted.
    pub gini: Option<f64>,
    /// Theil's T of the distance; people counted.
    pub theil: Option<f64>,
    /// Poverty of order 0, 1 and 2 of being beyond the line; people counted and those without a way.
    pub beyond: [Option<f64>; 3],
}

/// Equity of reach of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reach {
    /// Everyone.
    pub all: ReachRow,
    /// County by county.
    pub counties: Vec<ReachRow>,
    /// Theil's T split by counties.
    pub theil: Option<Theil>,
    /// Lorenz curve of everyone: share of people, share of distance; those with the shortest way first. At most 101 points.
    pub lorenz: Vec<[f64; 2]>,
}

/// Computes it for a service and a line in millimetres, above 0.
///
/// # Errors
/// As [`Distribution::new`].
pub fn reach(settlements: &[SettlementOut], counties: usize, service: Service, line_mm: u32) -> Result<Reach> {
    let mut rows = vec![ReachRow::default(); counties];
    let mut ways: Vec<Vec<Holding>> = vec![Vec::new(); counties];
    for s in settlements {
        let row = &mut rows[s.county as usize];
        match (s.settlement.population, s.snapped, s.nearest[service as usize]) {
            (None | Some(0), ..) => row.settlements_unknown += 1,
            (Some(people), None, _) => row.people_left_out += people,
            (Some(people), Some(_), None) => row.people_no_way += people,
            (Some(people), Some(_), Some(n)) => {
                row.settlements += 1;
                ways[s.county as usize].push(Holding { value: f64::from(n.distance_mm), people });
            }
        }
    }
    let line = f64::from(line_mm);
    let everyone = Distribution::new(ways.iter().flatten().copied())?;
    let own: Vec<Distribution> = ways.into_iter().map(Distribution::new).collect::<Result<_>>()?;
    let mut all = sum(&rows);
    measure(&mut all, &everyone, line);
    rows.iter_mut().zip(&own).for_each(|(row, d)| measure(row, d, line));
    Ok(Reach { all, counties: rows, theil: theil_of_groups(&own)?, lorenz: everyone.lorenz(LORENZ_POINTS) })
}

fn sum(rows: &[ReachRow]) -> ReachRow {
    let add = |of: fn(&ReachRow) -> u64| rows.iter().map(of).sum();
    ReachRow {
        settlements: add(|r| r.settlements),
        settlements_unknown: add(|r| r.settlements_unknown),
        people_no_way: add(|r| r.people_no_way),
        people_left_out: add(|r| r.people_left_out),
        ..ReachRow::default()
    }
}

fn measure(row: &mut ReachRow, d: &Distribution, line: f64) {
    row.people = d.people();
    row.mean_mm = d.mean();
    row.gini = d.gini();
    row.theil = d.theil();
    let everyone = (d.people() + row.people_no_way) as f64;
    row.beyond = [0, 1, 2].map(|order| {
        let counted = d.poverty(Direction::HigherIsWorse, line, order).unwrap_or(0.0) * d.people() as f64;
        (everyone > 0.0).then(|| (counted + row.people_no_way as f64) / everyone)
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::Nearest;
    use crate::place::Snapped;
    use crate::read::settlement::Settlement;
    use crate::space::LonLat;

    fn place(county: u32, population: Option<u64>, km: Option<u32>, on_road: bool) -> SettlementOut {
        let nearest = km.map(|km| Nearest { distance_mm: km * 1_000_000, station: 0, time_ms: 0 });
        let snapped = on_road.then(|| Snapped { at: LonLat::new(109.0, 31.0).unwrap(), distance_mm: 0 });
        SettlementOut {
            settlement: Settlement { population, ..Settlement::default() },
            county,
            snapped,
            nearest: [nearest, None, None, None],
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
        let r = reach(&places, 2, Service::Charging, 10_000_000).unwrap();
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
        let r = reach(&[place(0, None, Some(1), true)], 1, Service::Charging, 1).unwrap();
        assert_eq!((r.all.gini, r.all.theil, r.all.beyond, r.theil), (None, None, [None; 3], None));
        assert!(r.lorenz.is_empty());
        // no station at all: everyone is beyond, and no distance is known
        let r = reach(&[place(0, Some(9), None, true)], 1, Service::Charging, 1).unwrap();
        assert_eq!((r.all.gini, r.all.beyond), (None, [Some(1.0); 3]));
    }
}
