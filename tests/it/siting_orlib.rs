//! Published results of siting by distance: pmed1 to 15 of the OR-Library (Beasley 1985), and San Francisco of spopt.

#[path = "../../benches/siting/orlib.rs"]
mod orlib;

use crate::test_support::shared;
use chargegap::internals::siting::*;
use orlib::Pmed;
use std::collections::BTreeMap;

fn all() -> Option<Vec<Pmed>> {
    let all = orlib::read(&shared("facility-location/orlib-pmed")?);
    assert_eq!(all.len(), 15);
    Some(all)
}

fn within(far: &[Vec<u64>], within: Within) -> Cover {
    let mut rows = CoverRows::default();
    for row in far {
        rows.add_within(&(0u32..).zip(row.iter().copied()).collect::<Vec<_>>(), within, 1);
    }
    rows.freeze(far.len())
}

#[test]
fn the_fewest_sites_within_a_published_radius_are_those_that_were_published() {
    let Some(all) = all() else { return };
    for p in all {
        let [radius, at, below] = p.centre;
        for (reach, sites) in [(Within::AtMost(radius), at), (Within::Below(radius), below)] {
            let question = CostQuestion { need: Need::All, costs: None, inside: vec![], out: vec![] };
            let found = fewest_sites(&within(&p.far, reach), &question, Effort::default()).unwrap();
            assert_eq!((found.cost, found.bound, found.covered), (sites, sites, p.far.len() as u64), "{} {reach:?}", p.name);
        }
    }
}

fn number(number: u64) -> Question {
    Question { limit: Limit::Number(number), inside: Vec::new(), out: Vec::new() }
}

#[test]
fn medians_of_the_published_networks_are_those_that_were_published() {
    let Some(all) = all() else { return };
    for p in all {
        let near = p.near().unwrap();
        let found = least_distance(&near, &number(p.number), Effort::default()).unwrap();
        assert_eq!((found.value, found.bound), (p.median, p.median), "{}", p.name);
        assert_eq!((near.value(&found.sites), found.sites.len() as u64, found.beyond), (p.median, p.number, (0, 0)));
        // multipliers are computed again
        let no = vec![false; p.far.len()];
        let by = found.multipliers.value(&near, &number(p.number).limit, (&no, &no)).unwrap();
        assert!(by <= p.median && (found.proof != Proof::Multipliers || by == p.median));
    }
}

#[test]
fn centres_of_the_published_networks_are_those_that_were_published() {
    let Some(all) = all() else { return };
    for p in all {
        let near = p.near().unwrap();
        let found = least_radius(&near, &number(p.number), Effort::default()).unwrap();
        assert_eq!((found.radius, found.bound), (p.centre[0], p.centre[0]), "{}", p.name);
        assert_eq!((near.nearest(&found.sites).iter().max(), found.sites.len() as u64 <= p.number), (Some(&p.centre[0]), true));
    }
}

#[test]
fn san_francisco_by_distance_is_as_published() {
    let Some(path) = shared("facility-location/spopt-sf/SF_network_distance_candidateStore_16_censusTract_205_new.csv") else {
        return;
    };
    // metres are kept to eight decimals, tracts with their people
    const METRE: u64 = 100_000_000;
    let mut tracts: BTreeMap<String, (u64, Vec<(u32, u64)>)> = BTreeMap::new();
    for row in csv::Reader::from_path(path).unwrap().deserialize::<(f64, String, String, u64)>().map(Result::unwrap) {
        let store = row.1.trim_start_matches("Store_").parse::<u32>().unwrap();
        tracts.entry(row.2).or_insert((row.3, Vec::new())).1.push((store, (row.0 * 1e8).round() as u64));
    }
    let mut rows = DistanceRows::new(30_000 * METRE);
    let mut within = CoverRows::default();
    for (people, stores) in tracts.values_mut() {
        stores.sort_unstable();
        rows.add(stores, *people);
        within.add_within(stores, Within::AtMost(5_000 * METRE), *people);
    }
    let (near, cover) = (rows.freeze(20).unwrap(), within.freeze(20));
    // p-median of four: 2,848,268,129.71 metres of people, 2,982.126858 m each of 955,113
    let found = least_distance(&near, &number(4), Effort::default()).unwrap();
    assert_eq!((&found.sites[..], found.value, found.bound), (&[2, 11, 12, 15][..], found.value, found.value));
    assert_eq!(format!("{:.2} {:.6}", found.value as f64 / 1e8, found.value as f64 / 955_113e8), "2848268129.71 2982.126858");
    // p-centre of four: 7,403.06381085 m
    let found = least_radius(&near, &number(4), Effort::default()).unwrap();
    assert_eq!((&found.sites[..], found.radius, found.bound), (&[7, 11, 13, 15][..], 740_306_381_085, 740_306_381_085));
    // eight stores reach all within 5,000 m; seven reach 950,428 people, six 941,462
    let ask = |need| {
        let found =
            fewest_sites(&cover, &CostQuestion { need, costs: None, inside: vec![], out: vec![] }, Effort::default()).unwrap();
        (found.cost, found.bound, found.covered >= 950_428)
    };
    assert_eq!(ask(Need::All), (8, 8, true));
    assert_eq!([950_429, 950_428, 941_463].map(|w| ask(Need::Weight(w))), [(8, 8, true), (7, 7, true), (7, 7, true)]);
    assert_eq!(ask(Need::Weight(941_462)), (6, 6, false));
}
