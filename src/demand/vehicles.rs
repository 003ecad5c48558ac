//! How many vehicles stand at each settlement, and on what that rests.

use crate::config::demand::Demand;
use crate::config::vehicle_class::{ByClass, VehicleClass};
use crate::error::Location;
use crate::issue::{IssueCode, Issues, Layer};
use crate::read::county::County;
use crate::read::settlement::Settlement;
use serde::{Deserialize, Serialize};

/// What the vehicles of a county rest on, and how its settlements' people compare with its own.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CountyBasis {
    /// Vehicles by class; of classes that nothing is said of, 0.
    pub vehicles: ByClass<f64>,
    /// What each class rests on: `settlements`, `county`, `households`, `public_fleet`, `people`, `none`.
    pub basis: ByClass<String>,
    /// People of its settlements, as listed.
    pub settlement_people: u64,
    /// People of the county table; none without one.
    pub county_people: Option<u64>,
    /// Its settlements were scaled to the county's people, by this factor.
    pub scaled_by: Option<f64>,
    /// Settlements without people: no vehicles stand there.
    pub without_people: u64,
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
    let mut all = Vec::new();
    for (county, list) in counties.iter().zip(&of_county) {
        let places: Vec<&Settlement> = list.iter().map(|i| &settlements[*i].0).collect();
        let (basis, vehicles) = of(county, &places, demand);
        tell(county, &basis, demand, issues);
        if basis.vehicles.iter().sum::<f64>() <= 0.0 {
            let why = if list.is_empty() { "no settlement lies in it" } else { "no settlement of it has people or vehicles" };
            let at = Location { id: Some(county.code.clone()), ..county.source.clone() };
            issues.push(Layer::Counties, IssueCode::DemandNowhere, at, format!("nothing is asked for in {}: {why}", county.code));
        }
        list.iter().zip(vehicles).for_each(|(i, v)| settlements[*i].0.vehicles = v.map(Some));
        all.push(basis);
    }
    all
}

fn of(county: &County, places: &[&Settlement], demand: &Demand) -> (CountyBasis, Vec<ByClass<f64>>) {
    let people: Vec<u64> = places.iter().map(|s| s.population.unwrap_or(0)).collect();
    let listed: u64 = people.iter().sum();
    let scaled_by = county.population.filter(|_| demand.scaled && listed > 0).map(|p| p as f64 / listed as f64);
    let mut basis = CountyBasis {
        settlement_people: listed,
        county_people: county.population,
        scaled_by: scaled_by.filter(|f| (f - 1.0).abs() > f64::EPSILON),
        without_people: people.iter().filter(|p| **p == 0).count() as u64,
        ..CountyBasis::default()
    };
    let mut vehicles = vec![[0.0; VehicleClass::ALL.len()]; places.len()];
    for class in VehicleClass::ALL {
        let (word, of_places) = of_class(county, places, (&people, listed), (class, demand, scaled_by.unwrap_or(1.0)));
        basis.basis[class as usize] = word.to_owned();
        basis.vehicles[class as usize] = of_places.iter().sum();
        vehicles.iter_mut().zip(of_places).for_each(|(all, v)| all[class as usize] = v);
    }
    (basis, vehicles)
}

/// Vehicles of one class at the settlements of a county, and what they rest on. A number for the whole county is spread by people; where no
/// settlement has people, evenly.
fn of_class(
    county: &County,
    places: &[&Settlement],
    (people, listed): (&[u64], u64),
    (class, demand, scale): (VehicleClass, &Demand, f64),
) -> (&'static str, Vec<f64>) {
    let i = class as usize;
    if places.iter().any(|s| s.vehicles[i].is_some()) {
        return ("settlements", places.iter().map(|s| s.vehicles[i].unwrap_or(0.0)).collect());
    }
    let column = |name: &String| county.columns.get(name).copied().filter(|v| *v >= 0.0);
    let spread = |total: f64| -> Vec<f64> {
        let even = total / people.len().max(1) as f64;
        people.iter().map(|p| if listed > 0 { total * *p as f64 / listed as f64 } else { even }).collect()
    };
    if let Some(total) = demand.vehicles[i].as_ref().and_then(column) {
        return ("county", spread(total));
    }
    let households = demand.households.as_ref().filter(|_| class == VehicleClass::PrivateCar);
    if let Some(total) = households.and_then(|(name, share)| Some(column(name)? * share)) {
        return ("households", spread(total));
    }
    let fleet = demand.public_fleet.as_ref().filter(|(_, shares)| shares[i] > 0.0);
    if let Some(total) = fleet.and_then(|(name, shares)| Some(column(name)? * shares[i])) {
        return ("public_fleet", spread(total));
    }
    let rate = demand.per_1000_people[i];
    let word = if rate > 0.0 { "people" } else { "none" };
    (word, people.iter().map(|p| *p as f64 * scale * rate / 1000.0).collect())
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
        (places.iter().map(|p| p.0.vehicles[0].unwrap()).collect(), basis)
    }

    #[test]
    fn settlements_with_more_people_than_their_county_are_scaled_and_told() {
        let mut issues = Issues::default();
        let places = [place(300_000), place(100_000), place(0)];
        let d = demand("[demand]\nper_1000_people = { private_car = 10 }\n");
        // 100,000 people in the county: 1,000 cars, three quarters of them in the first place
        let (cars, basis) = assigned(county(Some(100_000), &[]), &places, &d, &mut issues);
        assert_eq!(cars, [750.0, 250.0, 0.0]);
        assert_eq!((basis.scaled_by, basis.without_people), (Some(0.25), 1));
        assert_eq!(issues.sorted().len(), 1);
        let as_listed = demand("[demand]\npeople = \"settlements\"\nper_1000_people = { private_car = 10 }\n");
        assert_eq!(assigned(county(Some(100_000), &[]), &places, &as_listed, &mut issues).0, [3000.0, 1000.0, 0.0]);
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
        assert_eq!(told(&[place(0)], &[]), (0.0, vec!["demand_nowhere"]));
        assert_eq!(told(&[place(0)], &[("ev", 80.0)]), (80.0, vec![]));
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
        assert_eq!(run(&[("ev", 80.0)], &own, &mut issues), ("settlements".to_owned(), vec![0.0, 7.0]));
        // 40 public vehicles, half of them taxis
        let (_, basis) = assigned(county(None, &[("fleet", 40.0)]), &places, &d, &mut issues);
        assert_eq!((basis.vehicles[1], basis.vehicles[2], basis.vehicles[3]), (20.0, 20.0, 0.0));
        // no people anywhere: what is known of the county is spread evenly
        assert_eq!(run(&[("ev", 80.0)], &[place(0), place(0)], &mut issues).1, [40.0, 40.0]);
    }
}
