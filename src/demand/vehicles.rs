//! How many vehicles stand at each settlement, and on what that rests.

use crate::config::demand::Demand;
use crate::config::vehicle_class::{ByClass, VehicleClass};
use crate::error::Location;
use crate::issue::{IssueCode, Issues, Layer};
use crate::read::county::County;
use crate::read::ids::natural;
use crate::read::settlement::{Settlement, cannot_be_meant};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What the vehicles of a county rest on, and how its settlements' people compare with its own.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CountyBasis {
    /// Vehicles by class; of classes that nothing is said of, 0.
    pub vehicles: ByClass<f64>,
    /// What each class rests on: `settlements`, `county`, `households`, `public_fleet`, `people`, `none`; `settlements+county` and the like
    /// where some settlements say it and the others were filled.
    pub basis: ByClass<String>,
    /// People of its settlements, as listed.
    pub settlement_people: u64,
    /// People of the county table; none without one.
    pub county_people: Option<u64>,
    /// Its settlements were scaled to the county's people, by this factor.
    pub scaled_by: Option<f64>,
    /// Settlements of which neither people nor vehicles are known: what they ask for is not known, and no vehicles are put there.
    pub unknown: u64,
}

/// Gives every settlement its vehicles, each settlement with the number of its county, and says what those of each county rest on. Settlements
/// outside every county keep what they say themselves.
pub fn assign(
    counties: &[County],
    settlements: &mut [(Settlement, u32)],
    demand: &Demand,
    issues: &mut Issues,
) -> Vec<CountyBasis> {
    let mut of_county: Vec<Vec<usize>> = vec![Vec::new(); counties.len()];
    for (i, (_, county)) in settlements.iter().enumerate() {
        of_county.get_mut(*county as usize).into_iter().for_each(|list| list.push(i));
    }
    // by id: sums do not depend on the order of rows
    let key = |i: &usize| (natural(&settlements[*i].0.id), settlements[*i].0.at);
    of_county.iter_mut().for_each(|list| list.sort_by_cached_key(key));
    let mut all = Vec::new();
    for (county, list) in counties.iter().zip(&of_county) {
        let places: Vec<&Settlement> = list.iter().map(|i| &settlements[*i].0).collect();
        let (basis, vehicles, gaps) = of(county, &places, demand);
        tell(county, &basis, demand, issues);
        tell_counts(county, demand, issues);
        tell_gaps(county, &places, &gaps, demand, issues);
        tell_unknown(county, &places, (&basis, &vehicles), issues);
        // where something is not known that is told, and nothing is no answer
        if basis.unknown == 0 && basis.vehicles.iter().sum::<f64>() <= 0.0 {
            let why = if list.is_empty() { "no settlement lies in it" } else { "no settlement of it has people or vehicles" };
            let at = Location { id: Some(county.code.clone()), ..county.source.clone() };
            issues.push(Layer::Counties, IssueCode::DemandNowhere, at, format!("nothing is asked for in {}: {why}", county.code));
        }
        list.iter().zip(vehicles).for_each(|(i, v)| settlements[*i].0.vehicles = v);
        all.push(basis);
    }
    all
}

/// Vehicles of a settlement; none of a class that its people would have to give and nobody says how many they are.
type Vehicles = ByClass<Option<f64>>;

/// What was done about the vehicles of a county where nothing, or not all, is said.
#[derive(Debug, Default)]
struct Gaps<'a> {
    /// Columns of the county table that are named and blank, each with the classes that it was to give and what they rest on instead.
    columns: BTreeMap<&'a str, Vec<(VehicleClass, String)>>,
    /// Classes that some settlements say and others do not.
    partly: Vec<(VehicleClass, Filled)>,
}

/// How places that say nothing of a class were filled.
#[derive(Debug)]
struct Filled {
    /// Numbers of those places.
    without: Vec<usize>,
    /// What they rest on.
    word: &'static str,
    /// What the county's figure left for them, of figures of the county.
    rest: Option<f64>,
}

fn of<'a>(county: &County, places: &[&Settlement], demand: &'a Demand) -> (CountyBasis, Vec<Vehicles>, Gaps<'a>) {
    let people: Vec<u64> = places.iter().map(|s| s.population.unwrap_or(0)).collect();
    let listed: u64 = people.iter().sum();
    let scaled_by = county.population.filter(|_| demand.scaled && listed > 0).map(|p| p as f64 / listed as f64);
    let mut basis = CountyBasis {
        settlement_people: listed,
        county_people: county.population,
        scaled_by: scaled_by.filter(|f| (f - 1.0).abs() > f64::EPSILON),
        ..CountyBasis::default()
    };
    let mut vehicles: Vec<Vehicles> = vec![[None; VehicleClass::ALL.len()]; places.len()];
    let mut gaps = Gaps::default();
    for class in VehicleClass::ALL {
        let (word, of_places) = of_class(county, places, &people, (class, demand, scaled_by.unwrap_or(1.0)), &mut gaps);
        basis.vehicles[class as usize] = of_places.iter().flatten().sum();
        basis.basis[class as usize] = word;
        vehicles.iter_mut().zip(of_places).for_each(|(all, v)| all[class as usize] = v);
    }
    basis.unknown = vehicles.iter().filter(|v| v.iter().all(Option::is_none)).count() as u64;
    (basis, vehicles, gaps)
}

/// A figure of the county for a class, with the word for what it is; the columns that were to give it and are blank. In this order: its own
/// column, households, the public fleet.
fn of_county<'a>(county: &County, class: VehicleClass, demand: &'a Demand) -> (Option<(&'static str, f64)>, Vec<&'a str>) {
    let i = class as usize;
    let own = demand.vehicles[i].as_ref().map(|column| ("county", column, 1.0));
    let households = demand.households.as_ref().filter(|_| class == VehicleClass::PrivateCar);
    let households = households.map(|(column, share)| ("households", column, *share));
    let fleet = demand.public_fleet.as_ref().filter(|(_, shares)| shares[i] > 0.0);
    let fleet = fleet.map(|(column, shares)| ("public_fleet", column, shares[i]));
    let mut blank = Vec::new();
    let people = county.population;
    for (word, column, share) in [own, households, fleet].into_iter().flatten() {
        match county.columns.get(column.trim()).or_else(|| county.columns.get(column)).filter(|v| {
            // what cannot be meant is told by `tell_counts`
            **v >= 0.0 && cannot_be_meant(**v, people, column).is_none()
        }) {
            Some(v) => return (Some((word, v * share)), blank),
            None => blank.push(column.as_str()),
        }
    }
    (None, blank)
}

/// Vehicles of one class at the settlements of a county, and what they rest on. A number for the whole county is spread by people; where no
/// settlement has people, evenly. What some settlements say stays, and the others share what a figure of the county has beyond that; where
/// there is none, they have what their people give. How many stand where people are not known is not known, but where a figure of the county
/// leaves none, or is spread evenly.
fn of_class<'a>(
    county: &County,
    places: &[&Settlement],
    people: &[u64],
    (class, demand, scale): (VehicleClass, &'a Demand, f64),
    gaps: &mut Gaps<'a>,
) -> (String, Vec<Option<f64>>) {
    let i = class as usize;
    let said: Vec<Option<f64>> = places.iter().map(|s| s.vehicles[i]).collect();
    let without: Vec<usize> = (0..places.len()).filter(|k| said[*k].is_none()).collect();
    if without.is_empty() && !places.is_empty() {
        return ("settlements".to_owned(), said);
    }
    let (total, blank) = of_county(county, class, demand);
    let rate = demand.per_1000_people[i];
    let word = total.map_or(if rate > 0.0 { "people" } else { "none" }, |(word, _)| word);
    blank.into_iter().for_each(|column| gaps.columns.entry(column).or_default().push((class, word.to_owned())));
    let rest = total.map(|(_, total)| (total - said.iter().flatten().sum::<f64>()).max(0.0));
    let heads: u64 = without.iter().map(|k| people[*k]).sum();
    let share = |k: usize| if heads > 0 { people[k] as f64 / heads as f64 } else { 1.0 / without.len().max(1) as f64 };
    let fill = |k: usize| match rest {
        Some(rest) => (people[k] > 0 || heads == 0 || rest <= 0.0).then(|| rest * share(k)),
        None => (people[k] > 0).then(|| people[k] as f64 * scale * rate / 1000.0),
    };
    let all = said.iter().enumerate().map(|(k, v)| v.or_else(|| fill(k))).collect();
    if without.len() == places.len() {
        return (word.to_owned(), all);
    }
    gaps.partly.push((class, Filled { without, word, rest }));
    (format!("settlements+{word}"), all)
}

/// Whether a class of a county that charges by plug rests on something else than the column that was to give it first: its cell is blank,
/// which `county_vehicles_missing` tells.
pub fn is_filled(basis: &CountyBasis, demand: &Demand) -> bool {
    let first = |class: VehicleClass| {
        let fleet = demand.public_fleet.as_ref().filter(|(_, shares)| shares[class as usize] > 0.0);
        let households = demand.households.as_ref().filter(|_| class == VehicleClass::PrivateCar);
        let own = demand.vehicles[class as usize].as_ref().map(|_| "county");
        own.or(households.map(|_| "households")).or(fleet.map(|_| "public_fleet"))
    };
    let rests_on = |class: VehicleClass| {
        let word = basis.basis[class as usize].as_str();
        word.strip_prefix("settlements+").unwrap_or(word)
    };
    let mut classes = [false, true].into_iter().flat_map(VehicleClass::by_plug);
    classes.any(|class| first(class).is_some_and(|word| rests_on(class) != word && rests_on(class) != "settlements"))
}

/// Examples that are named.
const NAMED: usize = 3;

fn tell_gaps(county: &County, places: &[&Settlement], gaps: &Gaps<'_>, demand: &Demand, issues: &mut Issues) {
    let at = || Location { id: Some(county.code.clone()), ..county.source.clone() };
    for (column, classes) in gaps.columns.iter().filter(|_| !places.is_empty()) {
        let rests: Vec<String> = classes.iter().map(|(class, word)| format!("{} = {word}", class.as_str())).collect();
        let what = format!(
            "{} has no number of 0 or more in the column \"{column}\"; what was taken instead: {}",
            county.code,
            rests.join(", ")
        );
        issues.push(Layer::Counties, IssueCode::CountyVehiclesMissing, at(), what);
    }
    for (class, filled) in &gaps.partly {
        let mut who: Vec<&str> = filled.without.iter().take(NAMED).map(|k| places[*k].id.as_str()).collect();
        who.extend((filled.without.len() > NAMED).then_some("…"));
        let (n, all, class_word) = (filled.without.len(), places.len(), class.as_str());
        let how = match filled.rest {
            Some(rest) => {
                format!("they share by people what the county's figure has beyond the others, {rest:.1} ({})", filled.word)
            }
            None if filled.word == "people" => {
                format!("they have their people × {} for 1,000", demand.per_1000_people[*class as usize])
            }
            None => "nothing is said for them anywhere, and 0 was taken".to_owned(),
        };
        let what = format!("{n} of {all} settlements of {} say nothing of {class_word} ({}): {how}", county.code, who.join(", "));
        issues.push(Layer::Settlements, IssueCode::VehiclesFilled, at(), what);
    }
}

/// Tells of figures of the county that cannot be meant beside its people.
fn tell_counts(county: &County, demand: &Demand, issues: &mut Issues) {
    let named = demand.vehicles.iter().flatten();
    let others = demand.households.iter().map(|h| &h.0).chain(demand.public_fleet.iter().map(|f| &f.0));
    let columns: BTreeSet<&String> = named.chain(others).collect();
    for column in columns {
        let value = county.columns.get(column.trim()).or_else(|| county.columns.get(column));
        let Some(what) = value.and_then(|v| cannot_be_meant(*v, county.population, column)) else { continue };
        let at = Location { id: Some(county.code.clone()), ..county.source.clone() }.field(column.as_str());
        issues.push(Layer::Counties, IssueCode::ImplausibleVehicles, at, what);
    }
}

/// Tells of settlements of which neither people nor vehicles are known.
fn tell_unknown(county: &County, places: &[&Settlement], (basis, all): (&CountyBasis, &[Vehicles]), issues: &mut Issues) {
    let unknown: Vec<&str> =
        places.iter().zip(all).filter(|(_, v)| v.iter().all(Option::is_none)).map(|(s, _)| s.id.as_str()).collect();
    let Some(first) = unknown.first() else { return };
    let mut who: Vec<&str> = unknown.iter().take(NAMED).copied().collect();
    who.extend((unknown.len() > NAMED).then_some("…"));
    let what = format!(
        "{} of {} settlements of {} have neither people nor vehicles ({}): what they ask for is not known, and is in no sum",
        basis.unknown,
        places.len(),
        county.code,
        who.join(", ")
    );
    let source = places.iter().find(|s| s.id == *first).map(|s| s.source.clone());
    let at = source.unwrap_or_else(|| Location { id: Some(county.code.clone()), ..county.source.clone() });
    issues.push(Layer::Settlements, IssueCode::DemandUnknown, at, what);
}

fn tell(county: &County, basis: &CountyBasis, demand: &Demand, issues: &mut Issues) {
    let Some(people) = basis.county_people.filter(|p| basis.settlement_people > *p) else { return };
    let done = if demand.scaled { "they were scaled to the county's" } else { "they were taken as they are, by [demand] people" };
    let what = format!("its settlements have {} people, and the county has {people}: {done}", basis.settlement_people);
    let at = Location { id: Some(county.code.clone()), ..county.source.clone() };
    issues.push(Layer::Counties, IssueCode::MoreInSettlements, at, what);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::RegionFile;
    use geo::MultiPolygon;

    fn demand(text: &str) -> Demand {
        Demand::of(&RegionFile::parse(text, "r").unwrap(), 10_000_000, 50_000_000).unwrap().unwrap()
    }

    fn county(population: Option<u64>, columns: &[(&str, f64)]) -> County {
        let words = ["530210", "Franklin", ""].map(str::to_owned);
        let mut c = County::drawn(words, (MultiPolygon::new(Vec::new()), true), Location::default());
        c.population = population;
        c.columns = columns.iter().map(|(k, v)| ((*k).to_owned(), *v)).collect();
        c
    }

    fn place(population: u64) -> (Settlement, u32) {
        (Settlement { population: Some(population).filter(|p| *p > 0), ..Settlement::default() }, 0)
    }

    /// Cars of the settlements, and what is said of the county.
    fn assigned(county: County, places: &[(Settlement, u32)], demand: &Demand, issues: &mut Issues) -> (Vec<f64>, CountyBasis) {
        let mut places = places.to_vec();
        let basis = assign(&[county], &mut places, demand, issues).remove(0);
        (places.iter().map(|p| p.0.vehicles[0].unwrap_or(-1.0)).collect(), basis)
    }

    #[test]
    fn settlements_with_more_people_than_their_county_are_scaled_and_told() {
        let mut issues = Issues::default();
        let places = [place(300_000), place(100_000), place(0)];
        let d = demand("[demand]\nper_1000_people = { private_car = 10 }\n");
        // 100,000 people in the county: 1,000 cars, three quarters of them in the first place
        let (cars, basis) = assigned(county(Some(100_000), &[]), &places, &d, &mut issues);
        // how many stand at the third, of which nobody knows the people, is not known
        assert_eq!(cars, [750.0, 250.0, -1.0]);
        assert_eq!((basis.scaled_by, basis.unknown), (Some(0.25), 1));
        let told: Vec<&str> = issues.sorted().iter().map(|i| i.code.as_str()).collect();
        assert_eq!(told, ["more_in_settlements", "demand_unknown"]);
        let as_listed = demand("[demand]\npeople = \"settlements\"\nper_1000_people = { private_car = 10 }\n");
        assert_eq!(assigned(county(Some(100_000), &[]), &places, &as_listed, &mut issues).0, [3000.0, 1000.0, -1.0]);
    }

    #[test]
    fn a_county_without_places_or_people_is_told() {
        let d = demand("[demand]\nvehicles = { private_car = \"ev\" }\n");
        let told = |places: &[(Settlement, u32)], columns: &[(&str, f64)]| {
            let mut issues = Issues::default();
            let basis = assign(&[county(None, columns)], &mut places.to_vec(), &d, &mut issues);
            (basis[0].vehicles[0], issues.sorted().iter().map(|i| i.code.as_str()).collect::<Vec<_>>())
        };
        // 80 cars and nowhere to put them; a place without people; a place with people
        assert_eq!(told(&[], &[("ev", 80.0)]), (0.0, vec!["demand_nowhere"]));
        // the column is named and blank, which is told as well
        assert_eq!(told(&[place(0)], &[]), (0.0, vec!["county_vehicles_missing", "demand_unknown"]));
        assert_eq!(told(&[place(0)], &[("ev", 80.0)]), (80.0, vec![]));
        // none in the county is none at every place of it, and known; so is what a place says itself
        assert_eq!(told(&[place(0)], &[("ev", 0.0)]), (0.0, vec!["demand_nowhere"]));
    }

    #[test]
    fn what_is_given_nearest_to_the_place_goes_before() {
        let mut issues = Issues::default();
        let text = "[demand]\nhouseholds = \"with_car\"\nelectric_share = 0.1\nvehicles = { private_car = \"ev\" }\npublic_fleet = \"fleet\"\npublic_fleet_shares = { taxi = 0.5, bus = 0.5 }\n";
        let d = demand(text);
        let places = [place(300), place(100)];
        let run = |columns: &[(&str, f64)], places: &[(Settlement, u32)], issues: &mut Issues| {
            let (cars, basis) = assigned(county(None, columns), places, &d, issues);
            (basis.basis[0].clone(), cars)
        };
        // 80 electric cars of the county by people 3 : 1; else 1,000 households × 0.1; else 26.2 for 1,000 people
        assert_eq!(run(&[("ev", 80.0), ("with_car", 1000.0)], &places, &mut issues), ("county".to_owned(), vec![60.0, 20.0]));
        assert_eq!(run(&[("with_car", 1000.0)], &places, &mut issues), ("households".to_owned(), vec![75.0, 25.0]));
        let (word, by_people) = run(&[], &places, &mut issues);
        assert!(word == "people" && (by_people[0] - 300.0 * 26.2 / 1000.0).abs() < 1e-9);
        let mut own = places.clone();
        own[1].0.vehicles[0] = Some(7.0);
        // one place says 7 of the county's 80: the other has the 73 left
        assert_eq!(run(&[("ev", 80.0)], &own, &mut issues), ("settlements+county".to_owned(), vec![73.0, 7.0]));
        own[0].0.vehicles[0] = Some(0.0);
        assert_eq!(run(&[("ev", 80.0)], &own, &mut issues), ("settlements".to_owned(), vec![0.0, 7.0]));
        // 40 public vehicles, half of them taxis
        let (_, basis) = assigned(county(None, &[("fleet", 40.0)]), &places, &d, &mut issues);
        assert_eq!((basis.vehicles[1], basis.vehicles[2], basis.vehicles[3]), (20.0, 20.0, 0.0));
        // no people anywhere: what is known of the county is spread evenly
        assert_eq!(run(&[("ev", 80.0)], &[place(0), place(0)], &mut issues).1, [40.0, 40.0]);
    }

    #[test]
    fn places_without_a_number_are_filled_by_a_rule_and_told() {
        let mut places = [place(300), place(100), place(200), place(100), place(0)];
        for (k, p) in places.iter_mut().enumerate() {
            p.0.id = format!("v{k}");
        }
        let of = |class: VehicleClass, text: &str, columns: &[(&str, f64)], said: &[(usize, f64)]| {
            let mut places = places.to_vec();
            said.iter().for_each(|(k, v)| places[*k].0.vehicles[class as usize] = Some(*v));
            let mut issues = Issues::default();
            let basis = assign(&[county(None, columns)], &mut places, &demand(text), &mut issues).remove(0);
            let told: Vec<String> =
                issues.sorted().iter().filter(|i| i.code == IssueCode::VehiclesFilled).map(|i| i.message.clone()).collect();
            let all: Vec<f64> = places.iter().map(|p| p.0.vehicles[class as usize].unwrap_or(-1.0)).collect();
            (basis.basis[class as usize].clone(), all, told)
        };
        use VehicleClass::{Bus, HeavyTruck, PrivateCar, Taxi};
        // 80 in the county, 20 said: 60 for 100 + 200 + 100 + 0 people
        let (word, all, told) = of(PrivateCar, "[demand]\nvehicles = { private_car = \"ev\" }\n", &[("ev", 80.0)], &[(0, 20.0)]);
        assert_eq!((&*word, all), ("settlements+county", vec![20.0, 15.0, 30.0, 15.0, -1.0]));
        assert_eq!(
            told,
            [
                "4 of 5 settlements of 530210 say nothing of private_car (v1, v2, v3, …): they share by people what the county's figure has beyond the others, 60.0 (county)"
            ]
        );
        // they say more than the county has: nothing is left
        let (_, all, _) = of(PrivateCar, "[demand]\nvehicles = { private_car = \"ev\" }\n", &[("ev", 10.0)], &[(0, 20.0)]);
        assert_eq!(all, [20.0, 0.0, 0.0, 0.0, 0.0]);
        // 1,000 households × 0.05 = 50, 10 said: 40 for 400 people
        let text = "[demand]\nhouseholds = \"h\"\nelectric_share = 0.05\n";
        assert_eq!(of(PrivateCar, text, &[("h", 1000.0)], &[(0, 10.0)]).1, [10.0, 10.0, 20.0, 10.0, -1.0]);
        // a fleet of 100, half of it taxis; v4, which has nobody, is the only one that does not say: the 30 that are left
        let text = "[demand]\npublic_fleet = \"f\"\npublic_fleet_shares = { taxi = 0.5, bus = 0.5 }\n";
        let said = [(0, 5.0), (1, 5.0), (2, 5.0), (3, 5.0)];
        let (word, all, _) = of(Taxi, text, &[("f", 100.0)], &said);
        assert_eq!((&*word, all[4]), ("settlements+public_fleet", 30.0));
        // no figure of the county: 10 for 1,000 people; nothing at all: 0, told
        let (word, all, told) = of(Bus, "[demand]\nper_1000_people = { bus = 10 }\n", &[], &[(0, 1.0)]);
        assert_eq!((&*word, all), ("settlements+people", vec![1.0, 1.0, 2.0, 1.0, -1.0]));
        assert!(told[0].ends_with("they have their people × 10 for 1,000"), "{told:?}");
        let (word, all, told) = of(HeavyTruck, "[demand]\n", &[], &[(0, 1.0)]);
        assert_eq!((&*word, all), ("settlements+none", vec![1.0, 0.0, 0.0, 0.0, -1.0]));
        assert!(told[0].ends_with("nothing is said for them anywhere, and 0 was taken"), "{told:?}");
    }
}
