//! What can be read and can hardly be meant: told with its place, never repaired. Looks at single values and at whole layers as they
//! were read; nothing here knows the network.

use super::Inputs;
use super::county::County;
use super::date::{THIS_YEAR, day, has_short_year};
use super::station::Station;
use crate::error::Location;
use crate::issue::{IssueCode, Issues, Layer};
use crate::space::LonLat;
use geo::BoundingRect;
use std::collections::BTreeMap;

/// No gun gives more, kW: the megawatt plug for lorries (CharIN MCS) ends at 3,750.
const MOST_KW_A_GUN: f64 = 3750.0;
/// No gun gives less, kW: a household socket gives 1.4.
const LEAST_KW: f64 = 1.0;
/// No station has more, kW.
const MOST_KW_A_STATION: f64 = 50_000.0;
/// No swap station has more bays.
const MOST_SWAP_BAYS: u32 = 1000;
/// No station opened later.
const LATEST_YEAR: u32 = THIS_YEAR + 1;
/// Fewer stations may well stand on one spot.
const MANY: usize = 10;
/// Most records that are listed of a kind; the rest are counted.
const LISTED: u64 = 100;
/// How far beyond the counties a position may lie before it is asked whether it is exchanged, degrees.
const MARGIN: f64 = 0.5;

/// Whether a gun can have this power.
pub fn is_gun_kw(kw: f64) -> bool {
    (LEAST_KW..=MOST_KW_A_GUN).contains(&kw)
}

/// Whether a station can have this power.
pub fn is_station_kw(kw: f64) -> bool {
    (LEAST_KW..=MOST_KW_A_STATION).contains(&kw)
}

/// Whether a swap station can have so many bays.
pub fn is_swap_bays(bays: u32) -> bool {
    bays <= MOST_SWAP_BAYS
}

/// Looks at the layers of a region.
pub(super) fn look(inputs: &Inputs, issues: &mut Issues) {
    let mut list = List { issues, counted: BTreeMap::new() };
    for s in &inputs.stations {
        powers(s, &mut list);
        if let Some((year, ..)) = day(&s.opened).filter(|d| d.0 > LATEST_YEAR) {
            let what = format!("it opened in {year}, which is not yet");
            list.tell(Layer::Stations, IssueCode::DateInFuture, s.source.clone().field("opened"), what);
        }
    }
    exchanged(inputs, &mut list);
    list.close();
    days(&inputs.stations, issues);
    one_spot(&inputs.stations, issues);
    same_for_all(&inputs.counties, issues);
}

/// Lists the first of a kind and counts the rest.
struct List<'i> {
    issues: &'i mut Issues,
    counted: BTreeMap<(Layer, IssueCode), u64>,
}

impl List<'_> {
    fn tell(&mut self, layer: Layer, code: IssueCode, at: Location, what: String) {
        let n = self.counted.entry((layer, code)).or_default();
        *n += 1;
        if *n <= LISTED {
            self.issues.push(layer, code, at, what);
        }
    }

    fn close(self) {
        for ((layer, code), n) in self.counted.into_iter().filter(|(_, n)| *n > LISTED) {
            let more = n - LISTED;
            self.issues.push_many(layer, code, Location::default(), format!("and {more} more like these"), more, 0);
        }
    }
}

/// Powers that are no gun's, or no station's.
fn powers(s: &Station, list: &mut List<'_>) {
    let mut say = |field: &str, what: String| {
        list.tell(Layer::Stations, IssueCode::ImplausiblePower, s.source.clone().field(field), what);
    };
    if let Some(kw) = s.power_kw.filter(|kw| *kw > MOST_KW_A_GUN) {
        say("power_kw", format!("{kw} kW is more than any gun gives; in watts it would be {} kW", kw / 1000.0));
    }
    if let Some(kw) = s.power_kw.filter(|kw| *kw > 0.0 && *kw < LEAST_KW) {
        say("power_kw", format!("{kw} kW is less than a household socket gives; in megawatts it would be {} kW", kw * 1000.0));
    }
    if let Some(kw) = s.total_kw.filter(|kw| *kw > MOST_KW_A_STATION) {
        say("total_kw", format!("{kw} kW is more than any station has; in watts it would be {} kW", kw / 1000.0));
    }
    let guns = s.points.zip(s.power_kw.filter(|kw| is_gun_kw(*kw))).filter(|_| s.total_kw.is_none());
    if let Some((n, kw)) = guns.filter(|(n, kw)| f64::from(*n) * kw > MOST_KW_A_STATION) {
        let all = f64::from(n) * kw;
        say("points", format!("{n} guns of {kw} kW are {all} kW, more than any station has; check both, or give total_kw"));
    }
    if let Some(bays) = s.swap_bays.filter(|bays| !is_swap_bays(*bays)) {
        say("swap_bays", format!("{bays} swap bays are more than any station has"));
    }
    if let (Some(total), Some(gun)) = (s.total_kw.filter(|kw| *kw > 0.0), s.power_kw.filter(|kw| *kw <= MOST_KW_A_GUN))
        && total < gun * 0.5
    {
        say("total_kw", format!("the station is rated {total} kW, less than half of one gun of {gun} kW"));
    }
}

/// Stations, settlements and candidates that lie far from all counties, and among them with longitude and latitude exchanged.
fn exchanged(inputs: &Inputs, list: &mut List<'_>) {
    let boxes = inputs.counties.iter().filter_map(|c: &County| c.shape.bounding_rect());
    let Some(all) = boxes.reduce(|a, b| {
        let (low, high) =
            ((a.min().x.min(b.min().x), a.min().y.min(b.min().y)), (a.max().x.max(b.max().x), a.max().y.max(b.max().y)));
        geo::Rect::new(low, high)
    }) else {
        return;
    };
    let within = |x: f64, y: f64, margin: f64| {
        (all.min().x - margin..=all.max().x + margin).contains(&x) && (all.min().y - margin..=all.max().y + margin).contains(&y)
    };
    let odd = |at: LonLat| !within(at.lon(), at.lat(), MARGIN) && within(at.lat(), at.lon(), 0.0);
    let what =
        |at: LonLat| format!("it lies at {at}, far from every county, and among them with longitude and latitude exchanged");
    for s in inputs.stations.iter().filter(|s| odd(s.at)) {
        list.tell(Layer::Stations, IssueCode::LooksSwapped, s.source.clone(), what(s.at));
    }
    for s in inputs.settlements.iter().filter(|s| odd(s.at)) {
        list.tell(Layer::Settlements, IssueCode::LooksSwapped, s.source.clone(), what(s.at));
    }
    for c in inputs.candidates.iter().filter(|c| odd(c.at)) {
        list.tell(Layer::Candidates, IssueCode::LooksSwapped, c.source.clone(), what(c.at));
    }
}

/// Opening days that are none: counted, with the first of each kind.
fn days(stations: &[Station], issues: &mut Issues) {
    let (short, odd): (Vec<&Station>, Vec<&Station>) = stations
        .iter()
        .filter(|s| !s.opened.trim().is_empty() && day(&s.opened).is_none())
        .partition(|s| has_short_year(&s.opened));
    let mut tell = |list: &[&Station], why: &str| {
        let Some(first) = list.first() else { return };
        let what = format!("{} opening days are not understood, e.g. \"{}\": {why}", list.len(), first.opened);
        let at = first.source.clone().field("opened");
        issues.push_many(Layer::Stations, IssueCode::DateNotUnderstood, at, what, list.len() as u64, 0);
    };
    tell(&short, "a year has four digits");
    tell(&odd, "it is no day, or can be two");
}

fn one_spot(stations: &[Station], issues: &mut Issues) {
    let Some(first) = stations.first().filter(|f| stations.len() >= MANY && stations.iter().all(|s| s.at == f.at)) else {
        return;
    };
    let what = format!("all {} stations stand at {}", stations.len(), first.at);
    issues.push(Layer::Stations, IssueCode::AllAtOnePoint, first.source.clone(), what);
}

/// Columns of a table that say the same of every county.
fn same_for_all(counties: &[County], issues: &mut Issues) {
    let Some(first) = counties.first().filter(|_| counties.len() >= MANY) else { return };
    let mut say = |column: &str, value: f64| {
        let what = format!("\"{column}\" is {value} in each of {} counties", counties.len());
        issues.push(Layer::Counties, IssueCode::SameForAll, Location::default().field(column), what);
    };
    if let Some(people) = first.population.filter(|p| counties.iter().all(|c| c.population == Some(*p))) {
        say("population", people as f64);
    }
    for (column, value) in &first.columns {
        if counties.iter().all(|c| c.columns.get(column) == Some(value)) {
            say(column, *value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(inputs: &Inputs) -> Vec<(String, String)> {
        let mut issues = Issues::default();
        look(inputs, &mut issues);
        issues.sorted().iter().map(|i| (i.code.to_string(), i.message.clone())).collect()
    }

    fn station(power_kw: Option<f64>, total_kw: Option<f64>, opened: &str) -> Station {
        Station { power_kw, total_kw, opened: opened.to_owned(), ..Station::default() }
    }

    fn county(code: &str, people: u64) -> County {
        let square = geo::Rect::new((10.0, 59.0), (10.5, 59.5)).to_polygon();
        let names = [code.to_owned(), code.to_owned(), String::new()];
        let drawn = County::drawn(names, (geo::MultiPolygon::new(vec![square]), true), Location::default());
        County { population: Some(people), columns: [("cost".to_owned(), 5.0)].into(), ..drawn }
    }

    #[test]
    fn guns_together_and_bays_that_cannot_be_meant_are_told() {
        let of = |points, power_kw, total_kw, bays| {
            let s = Station { points: Some(points), swap_bays: bays, ..station(power_kw, total_kw, "") };
            told(&Inputs { stations: vec![s], ..Inputs::default() })
        };
        // 416 × 120 = 49,920 kW; 417 × 120 = 50,040
        assert!(of(416, Some(120.0), None, Some(1000)).is_empty());
        let seen = of(417, Some(120.0), None, None);
        assert_eq!(
            seen,
            [(
                "implausible_power".to_owned(),
                "417 guns of 120 kW are 50040 kW, more than any station has; check both, or give total_kw".to_owned()
            )]
        );
        // the station says its power: guns may share it
        assert!(of(417, Some(120.0), Some(20_000.0), None).is_empty());
        assert!(of(4, None, None, Some(1001))[0].1.starts_with("1001 swap bays"));
    }

    #[test]
    fn powers_and_dates_that_cannot_be_meant_are_told() {
        let of = |s: Station| told(&Inputs { stations: vec![s], ..Inputs::default() });
        for sound in
            [(Some(3750.0), None), (Some(1.0), None), (Some(0.0), None), (Some(120.0), Some(60.0)), (None, Some(50_000.0))]
        {
            assert_eq!(of(station(sound.0, sound.1, "2027-12-31")), [], "{sound:?}");
        }
        for odd in [(Some(22_000.0), None), (Some(0.3), None), (None, Some(50_001.0)), (Some(120.0), Some(59.0))] {
            assert_eq!(of(station(odd.0, odd.1, ""))[0].0, "implausible_power", "{odd:?}");
        }
        assert!(of(station(Some(22_000.0), None, ""))[0].1.contains("in watts it would be 22 kW"));
        assert_eq!(of(station(None, None, "2028-01-01"))[0].0, "date_in_future");
    }

    #[test]
    fn records_with_exchanged_coordinates_are_told_one_by_one() {
        let at = |lon, lat| Station { at: LonLat::new(lon, lat).unwrap(), ..Station::default() };
        // in the county, across the border, exchanged, far away either way
        let stations = vec![at(10.2, 59.2), at(10.9, 59.2), at(59.2, 10.2), at(-40.0, 3.0)];
        let found = told(&Inputs { stations, counties: vec![county("1", 1)], ..Inputs::default() });
        assert_eq!(found.iter().map(|f| f.0.as_str()).collect::<Vec<_>>(), ["looks_swapped"]);
    }

    #[test]
    fn whole_layers_that_say_one_thing_are_told() {
        let spot = |n: usize| Inputs { stations: vec![Station::default(); n], ..Inputs::default() };
        assert_eq!((told(&spot(MANY)).len(), told(&spot(MANY - 1)).len()), (1, 0));
        let mut counties: Vec<County> = (0..MANY).map(|i| county(&i.to_string(), 7)).collect();
        let found = told(&Inputs { counties: counties.clone(), ..Inputs::default() });
        assert_eq!(found.len(), 2); // people and cost
        counties[3].population = Some(8);
        assert_eq!(told(&Inputs { counties, ..Inputs::default() }).len(), 1);
    }
}
