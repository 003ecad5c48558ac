//! What a county's inputs show, counted: stations, settlements, road, people. It counts; [`crate::rank::trust`] judges.

use super::LATEST_MONTH;
use crate::config::RoadClass;
use crate::config::station_words::{Access, Status};
use crate::coverage::Ledger;
use crate::network::RoadNetwork;
use crate::place::{SettlementOut, StationOut};
use crate::rank::trust::InputCounts;
use crate::read::date::day;
use crate::read::road::Names;
use crate::read::station::Station;

/// What the evidence is taken from.
#[derive(Clone, Copy)]
pub struct CountedFrom<'a> {
    /// Stations in reading order, used or not.
    pub stations: &'a [StationOut],
    /// Settlements inside a county.
    pub settlements: &'a [SettlementOut],
    /// The network.
    pub network: &'a RoadNetwork,
    /// Road names.
    pub names: &'a Names,
    /// The ledger.
    pub ledger: &'a Ledger,
}

/// Counts the evidence of so many counties. What concerns whole layers is not in it, and ages are against [`LATEST_MONTH`].
pub fn evidence(g: CountedFrom<'_>, counties: usize) -> Vec<InputCounts> {
    let start = |i| InputCounts { road_mm: g.ledger.road_mm(i), cut_off_mm: g.ledger.excluded_mm[i], ..InputCounts::default() };
    let mut all: Vec<InputCounts> = (0..counties).map(start).collect();
    count_stations(g.stations, Some(LATEST_MONTH), &mut all);
    for s in g.settlements {
        let Some(e) = all.get_mut(s.county as usize) else { continue };
        e.settlements += 1;
        e.settlements_with_people += u64::from(s.settlement.population.is_some_and(|p| p > 0));
    }
    for edge in g.network.edges().iter().filter(|e| e.class <= RoadClass::Tertiary) {
        let Some(e) = all.get_mut(edge.county as usize) else { continue };
        e.main_road_mm += u64::from(edge.length_mm);
        e.named_mm += if g.names.get(edge.name).is_empty() { 0 } else { u64::from(edge.length_mm) };
    }
    all
}

/// The newest month in which a station opened, in months since the year 0.
pub fn newest_month<'s>(stations: impl Iterator<Item = &'s Station>) -> Option<u32> {
    stations.filter_map(date).max()
}

/// What is planned is not open yet: its date says nothing about how new the data are.
fn date(s: &Station) -> Option<u32> {
    if s.status == Status::Planned { None } else { months(&s.opened) }
}

fn count_stations(stations: &[StationOut], newest: Option<u32>, all: &mut [InputCounts]) {
    let mut ages: Vec<Vec<u32>> = vec![Vec::new(); all.len()];
    for s in stations {
        let Some((county, e)) = s.county.and_then(|c| Some((c as usize, all.get_mut(c as usize)?))) else { continue };
        let (known, asked) = fields(&s.station);
        e.stations += 1;
        e.fields_known += known;
        e.fields_asked += asked;
        e.doubles += u64::from(s.duplicate_of.is_some());
        e.ghosts += u64::from(s.ghost);
        e.on_road += u64::from(s.snapped.is_some());
        e.dated += u64::from(months(&s.station.opened).is_some());
        ages[county].extend(date(&s.station).zip(newest).map(|(d, n)| n.saturating_sub(d)));
    }
    for (e, mut ages) in all.iter_mut().zip(ages) {
        ages.sort_unstable();
        e.median_age_months = median(&ages);
    }
}

/// Known fields, and how many are asked for: of a station that only swaps, bays take the place of power and points, of one
/// that only gives out hydrogen, kilograms a day.
fn fields(s: &Station) -> (u64, u64) {
    let words = [s.access != Access::Unknown, s.status != Status::Unknown];
    let power = s.power_kw.is_some() || s.total_kw.is_some();
    let numbers: &[bool] = match (s.charging, s.swap) {
        (true, _) => &[power, s.points.is_some()],
        (false, true) => &[s.swap_bays.is_some()],
        (false, false) => &[s.equipment.hydrogen_kg_day.is_some()],
    };
    let known = words.iter().chain(numbers).filter(|k| **k).count();
    (known as u64, (words.len() + numbers.len()) as u64)
}

fn median(sorted: &[u32]) -> Option<f64> {
    let (low, high) = (sorted.get(sorted.len().checked_sub(1)? / 2)?, sorted.get(sorted.len() / 2)?);
    Some((f64::from(*low) + f64::from(*high)) / 2.0)
}

/// Months since the year 0 of a date as sources write it: `2021`, `2021-03`, `2021/3/5`, `2021年3月`, `20210305`; a year alone is its
/// January. `None` for what is no date, or not of 1990 to 2100.
fn months(text: &str) -> Option<u32> {
    day(text).map(|(year, month, _)| year * 12 + month - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::Snapped;
    use crate::space::LonLat;

    fn station(county: u32, opened: &str, change: impl Fn(&mut StationOut)) -> StationOut {
        let station = Station {
            charging: true,
            points: Some(2),
            power_kw: Some(60.0),
            access: Access::Public,
            status: Status::Open,
            opened: opened.to_owned(),
            ..Station::default()
        };
        let snapped = Some(Snapped { at: LonLat::default(), distance_mm: 0 });
        let mut s = StationOut {
            station,
            county: Some(county),
            snapped,
            used: true,
            reason: "".into(),
            duplicate_of: None,
            ghost: false,
        };
        change(&mut s);
        s
    }

    #[test]
    fn stations_are_counted_where_they_stand() {
        let stations = [
            station(0, "2020-03-01", |_| {}),
            station(0, "2022", |s| s.station.power_kw = None),
            station(0, "", |s| s.duplicate_of = Some("x".to_owned())),
            station(0, "2024-03", |s| (s.snapped, s.used, s.reason) = (None, false, "too_far_from_road".into())),
            station(1, "2025-03-31", |s| {
                s.station = Station { swap: true, opened: s.station.opened.clone(), ..Station::default() };
                s.ghost = true;
            }),
            station(1, "2030-01", |s| s.station.status = Status::Planned),
            station(7, "2026-01", |s| s.county = None), // outside; the newest date of the data
        ];
        let mut all = vec![InputCounts::default(), InputCounts::default()];
        count_stations(&stations, newest_month(stations.iter().map(|s| &s.station)), &mut all);
        let west = &all[0];
        assert_eq!((west.stations, west.fields_asked, west.fields_known, west.doubles, west.ghosts), (4, 16, 15, 1, 0));
        assert_eq!((west.dated, west.on_road), (3, 3));
        // against January 2026: March 2020 is 70 months, January 2022 is 48, March 2024 is 22 ⇒ the middle one
        assert_eq!(west.median_age_months, Some(48.0));
        let east = &all[1];
        // a swap station is asked for bays, access, status, and knows none; the planned charger knows its four
        assert_eq!((east.stations, east.fields_asked, east.fields_known, east.ghosts, east.dated), (2, 7, 4, 1, 2));
        assert_eq!(east.median_age_months, Some(10.0)); // the planned one has no age
    }

    #[test]
    fn dates_as_sources_write_them() {
        let march = Some(2021 * 12 + 2);
        for text in ["2021-03", "2021-03-05", "2021/3/5", " 2021年3月", "20210305", "2021-03-05T10:00:00Z", "2021.3"] {
            assert_eq!(months(text), march, "{text}");
        }
        assert_eq!(months("2021"), Some(2021 * 12));
        for text in ["", "soon", "03/05/2021", "1066-10", "2021-13", "二〇二一年", "99", "20a1"] {
            assert_eq!(months(text), None, "{text}");
        }
        assert_eq!([median(&[]), median(&[3]), median(&[3, 8])], [None, Some(3.0), Some(5.5)]);
    }
}
