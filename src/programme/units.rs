//! What rules of the shapes reach, each and ratio are held against: places with their ways, units with their stations, power for vehicles.

use super::profile::Profile;
use super::qualify::{Answer, Missing, Offer};
use super::rule::{Rule, Shape};
use super::verdict::{Both, Count, Verdict, each, ratio, reach};
use std::collections::{BTreeMap, BTreeSet};

/// Both ways, by whether what cannot be told counts.
fn both<T>(of: impl Fn(bool) -> T) -> Both<T> {
    Both { without: of(false), with: of(true) }
}

/// The units that have no station, by their place in the list, and the verdict. Each unit is given with the answers of the stations in it; no
/// unit at all means that they are not known.
pub fn each_unit(profile: &Profile, rule: &Rule, units: &[Vec<Answer>]) -> (Verdict, Both<Vec<usize>>) {
    let lacks = |with: bool| -> Vec<usize> {
        let without = units.iter().enumerate().filter(|(_, answers)| !answers.iter().any(|a| a.counts(with)));
        without.map(|(i, _)| i).collect()
    };
    let lacking = both(lacks);
    let counts =
        both(|with| Count { units: units.len(), without: if with { lacking.with.len() } else { lacking.without.len() } });
    // of units that have one that counts nothing is missing
    let open = lacking.without.iter().flat_map(|i| &units[*i]);
    (each(profile, rule, (!units.is_empty()).then_some(counts), Answer::missing(open)), lacking)
}

/// The nearest station that counts of every place, millimetres, and the verdict. Each place is given with the ways to stations, and their
/// answers.
pub fn each_place(profile: &Profile, rule: &Rule, places: &[Vec<(u64, Answer)>]) -> (Verdict, Vec<Both<Option<u64>>>) {
    let nearest = |ways: &Vec<(u64, Answer)>| both(|with| ways.iter().filter(|w| w.1.counts(with)).map(|w| w.0).min());
    let found: Vec<Both<Option<u64>>> = places.iter().map(nearest).collect();
    let longest = |of: &dyn Fn(&Both<Option<u64>>) -> Option<u64>| found.iter().map(|f| of(f).unwrap_or(u64::MAX)).max();
    let longest = Both { without: longest(&|f| f.without), with: longest(&|f| f.with) };
    let verdict = reach(profile, rule, longest, Answer::missing(places.iter().flatten().map(|w| &w.1)));
    (verdict, found)
}

/// Power or points for vehicles. What a station has is between what is known and what could be: one without a power may have any, and then what
/// is short cannot be told.
pub fn for_vehicles(profile: &Profile, rule: &Rule, stations: &[(Offer, Answer)], vehicles: &BTreeMap<String, f64>) -> Verdict {
    debug_assert!(rule.shape == Shape::Ratio);
    let points = rule.per.iter().any(|p| profile.fact(&p.amount).is_some_and(|f| f.unit.starts_with("points")));
    let mut lacking: BTreeSet<Missing> = Answer::missing(stations.iter().map(|s| &s.1));
    for (offer, _) in stations.iter().filter(|(_, answer)| answer.counts(true)) {
        let (field, unknown) = if points { ("points", offer.points.is_none()) } else { ("total_kw", offer.total_kw.is_none()) };
        lacking.extend(unknown.then_some(Missing::Field(field)));
    }
    let have = both(|with| {
        let counted = stations.iter().filter(|(_, answer)| answer.counts(with));
        let bounds = counted.map(|(offer, _)| if points { point_bounds(offer) } else { power_bounds(offer) });
        bounds.map(|(least, most)| if with { most } else { least }).sum::<f64>()
    });
    ratio(profile, rule, have, vehicles, lacking)
}

/// The least and most rated power of a station, kW.
fn power_bounds(offer: &Offer) -> (f64, f64) {
    if let Some(kw) = offer.total_kw {
        return (kw, kw);
    }
    let most = offer.point_kw.zip(offer.points).map(|(kw, n)| kw * f64::from(n));
    (offer.point_kw.unwrap_or(0.0), most.unwrap_or(f64::INFINITY))
}

/// The least and most points of a station.
fn point_bounds(offer: &Offer) -> (f64, f64) {
    offer.points.map_or((1.0, f64::INFINITY), |n| (f64::from(n), f64::from(n)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::station_words::Access;
    use crate::programme::{Met, embedded, qualifies};

    const KM: u64 = 1_000_000;

    fn yes() -> Answer {
        Answer::Yes
    }

    fn unknown() -> Answer {
        Answer::CannotBeTold([Missing::Field("access")].into())
    }

    fn no() -> Answer {
        Answer::No([crate::programme::Test::Access].into())
    }

    #[test]
    fn townships_without_a_station_are_named_both_ways() {
        let p = embedded("cn-township-coverage").unwrap();
        let rule = p.rule("townships").unwrap();
        // the first has one, the second a private one, the third one of unknown access, the fourth none
        let (v, lacking) = each_unit(&p, rule, &[vec![no(), yes()], vec![no()], vec![unknown()], vec![]]);
        assert_eq!((lacking.without, lacking.with), (vec![1, 2, 3], vec![1, 3]));
        assert_eq!((v.met, v.measure.found), (Met::NotMet, Both { without: Some(3.0), with: Some(2.0) }));
        let (v, _) = each_unit(&p, rule, &[vec![yes()], vec![unknown()]]);
        assert_eq!((v.met, v.missing), (Met::CannotBeTold, [Missing::Field("access")].into()));
        // what is unknown where another one counts does not matter
        let (v, lacking) = each_unit(&p, rule, &[vec![yes(), unknown()], vec![yes()]]);
        assert_eq!((v.met, v.missing.len(), lacking.without.len()), (Met::Met, 0, 0));
        assert_eq!(each_unit(&p, rule, &[]).0.met, Met::CannotBeTold);
        // India: a cell in the city without a station is told
        let p = embedded("in-2019").unwrap();
        let (v, lacking) = each_unit(&p, p.rule("cities").unwrap(), &[vec![yes()], vec![]]);
        assert_eq!((v.met, lacking.with), (Met::NotMet, vec![1]));
    }

    #[test]
    fn places_have_their_nearest_station_that_counts() {
        let radius = BTreeMap::from([("radius".to_owned(), 10.0)]);
        let p = embedded("cn-township-coverage").unwrap().with_values(&radius, "r").unwrap();
        let rule = p.rule("places").unwrap();
        // 3 km to a private one, 9 km to one that may be public, 12 km to one that is; and a place of its own with one at 10 km exactly
        let places = [vec![(3 * KM, no()), (9 * KM, unknown()), (12 * KM, yes())], vec![(10 * KM, yes())]];
        let (v, found) = each_place(&p, rule, &places);
        assert_eq!(found[0], Both { without: Some(12 * KM), with: Some(9 * KM) });
        assert_eq!((v.met, v.measure.found), (Met::CannotBeTold, Both { without: Some(12e6), with: Some(10e6) }));
        // from the last there is no way to any
        let nowhere = [places[1].clone(), vec![(3 * KM, no())]];
        let (v, found) = each_place(&p, rule, &nowhere);
        assert_eq!((v.met, found[1], v.measure.found.with), (Met::NotMet, Both::default(), None));
        assert_eq!(each_place(&p, rule, &places[1..]).0.met, Met::Met);
        assert_eq!(each_place(&p, rule, &[]).0.met, Met::CannotBeTold);
    }

    #[test]
    fn power_for_vehicles_lies_between_what_is_known_and_what_could_be() {
        let p = embedded("eu-afir-cars-2025").unwrap();
        let rule = p.rule("fleet").unwrap();
        let public = |total_kw, points, point_kw| {
            let offer = Offer { charging: true, access: Access::Public, total_kw, points, point_kw, ..Offer::default() };
            let answer = qualifies(&p, &rule.filter, &offer);
            (offer, answer)
        };
        // 400 kW, and 4 points of at most 150: 550 to 1,000 kW
        let stations = [public(Some(400.0), None, None), public(None, Some(4), Some(150.0))];
        let of = |bev: f64| BTreeMap::from([("bev".to_owned(), bev), ("phev".to_owned(), 0.0)]);
        let v = for_vehicles(&p, rule, &stations, &of(400.0)); // 520 kW
        assert_eq!((v.met, v.measure.found), (Met::Met, Both { without: Some(550.0), with: Some(1000.0) }));
        let v = for_vehicles(&p, rule, &stations, &of(500.0)); // 650 kW
        assert_eq!((v.met, v.missing), (Met::CannotBeTold, [Missing::Field("total_kw")].into()));
        assert_eq!(for_vehicles(&p, rule, &stations, &of(800.0)).met, Met::NotMet); // 1,040 kW
        // a station of which nothing is known may have any power
        let silent = [public(None, None, None)];
        assert_eq!(for_vehicles(&p, rule, &silent, &of(1e6)).met, Met::CannotBeTold);
        // none at all: 0 kW for no vehicle do
        assert_eq!(for_vehicles(&p, rule, &[], &of(0.0)).met, Met::Met);
        assert_eq!(for_vehicles(&p, rule, &[], &of(1.0)).met, Met::NotMet);
    }
}
