//! What `[programme]` gives, held against what its programmes ask for: a name that none asks for, and a value that cannot be meant, would
//! change nothing, or money, without a word.

use super::check;
use super::profile::Profile;
use crate::config::programme_table::ProgrammeTable;
use crate::config::toml_text::nearest;
use crate::error::{Error, Location, Result};
use std::collections::{BTreeMap, BTreeSet};

/// What is wrong, and what to do.
type Wrong = (String, String);

/// More power than any site of a programme has, kW: such a number is most likely in watts.
const MOST_KW: f64 = 20_000.0;

/// The figures of counties that programmes ask for, with their units.
fn figures(profiles: &[Profile]) -> BTreeMap<&str, &str> {
    let mut all = BTreeMap::new();
    for p in profiles {
        for least in p.gates.iter().flat_map(|g| &g.least) {
            all.insert(least.name.as_str(), p.fact(&least.at_least).map_or("", |f| f.unit.as_str()));
        }
        if p.reward.is_some() {
            all.insert("nev_penetration", "%");
        }
        // numbers of vehicles that rules count power or points for
        all.extend(p.rules.iter().flat_map(|r| &r.per).map(|per| (per.vehicles.as_str(), "vehicles")));
        if p.standard_pile.as_ref().is_some_and(|rule| rule.v2g.is_some()) {
            all.extend([("v2g_kw", "kW"), ("v2g_kwh", "kWh")]);
        }
    }
    all
}

/// The facts of counties that programmes ask for.
fn facts(profiles: &[Profile]) -> BTreeSet<&str> {
    profiles.iter().filter_map(|p| p.gates.as_ref()).flat_map(|g| &g.never).map(|n| n.name.as_str()).collect()
}

/// Refuses figures and facts that no programme asks for, and figures that cannot be meant.
///
/// # Errors
/// Usage, naming the key.
pub(super) fn hold(table: &ProgrammeTable, profiles: &[Profile], shown: &str) -> Result<()> {
    let (figures, facts) = (figures(profiles), facts(profiles));
    let refuse = |list: &str, code: &str, name: &str, (what, next): Wrong| {
        Err(Error::usage(what, next).at(Location::file(shown).field(format!("programme.{list}.{code}.{name}"))))
    };
    for (code, name, value) in table.figures.iter().flat_map(|(code, of)| of.iter().map(move |(name, v)| (code, name, *v))) {
        let wrong = match figures.get(name.as_str()) {
            None => Err(unknown(name, "figure", figures.keys().copied())),
            Some(unit) => figure(value, unit),
        };
        if let Err(wrong) = wrong {
            return refuse("figures", code, name, wrong);
        }
    }
    for (code, name) in table.facts.iter().flat_map(|(code, of)| of.keys().map(move |name| (code, name))) {
        if !facts.contains(name.as_str()) {
            return refuse("facts", code, name, unknown(name, "fact", facts.iter().copied()));
        }
    }
    Ok(())
}

fn unknown<'a>(name: &str, kind: &str, known: impl Iterator<Item = &'a str>) -> Wrong {
    let known: Vec<&str> = known.collect();
    let what = if kind == "figure" {
        format!("no programme of the region or round asks for a figure \"{name}\"")
    } else {
        format!("no programme of the region or round asks for a fact \"{name}\"")
    };
    let next = match nearest(name, known.iter().copied()) {
        Some(near) => format!("did you mean \"{near}\"?"),
        None if known.is_empty() => "take it out, or add the programme that asks for it to [programme] profiles".to_owned(),
        None => format!("known here: {}", known.join(", ")),
    };
    (what, next)
}

/// A figure of counties: a share from 1 to 100, a number of vehicles that is whole, nothing below 0.
fn figure(value: f64, unit: &str) -> std::result::Result<(), Wrong> {
    check::number(value, unit)?;
    share(value, unit)?;
    if unit == "%" && value < 1.0 {
        return Err((format!("{value} {unit} cannot be meant"), "give per cent from 1 to 100".to_owned()));
    }
    if unit == "vehicles" && value.fract() != 0.0 {
        let next = "give single vehicles as a whole number: 253000 for 25.3 times 10,000";
        return Err((format!("{value} {unit} cannot be meant"), next.to_owned()));
    }
    Ok(())
}

/// Per cent that were written as a share of 1.
fn share(value: f64, unit: &str) -> std::result::Result<(), Wrong> {
    if unit != "%" || value <= 0.0 || value >= 1.0 {
        return Ok(());
    }
    let per_cent = (value * 1e8).round() / 1e6;
    Err((format!("{value} {unit} cannot be meant"), format!("give it in per cent: {per_cent}, if {value} is the share of 1")))
}

/// A value that a user gives to a fact of a programme: beyond what the unit allows, no length of 0 between stations or of cells, no share of
/// 1 for per cent, and no watts for kW.
pub(super) fn value(profile: &Profile, key: &str, value: f64, unit: &str) -> std::result::Result<(), Wrong> {
    check::number(value, unit)?;
    share(value, unit)?;
    let spans = |key: &str| profile.rules.iter().any(|r| [&r.limit, &r.cell].into_iter().flatten().any(|k| k == key));
    if value == 0.0 && spans(key) {
        return Err((format!("{value} {unit} cannot be meant"), "give a length above 0".to_owned()));
    }
    if unit == "kW" && value > MOST_KW {
        let next = format!("give it in kW, at most {MOST_KW}: {} for as many watts", value / 1000.0);
        return Err((format!("{value} {unit} cannot be meant"), next));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::config::RegionFile;
    use crate::programme::of_region;

    const BOTH: &str = "\"cn-county-pilot-2024\", \"cn-county-pilot-2025\"";

    /// What is said of what stands under `[programme.…]`: field, what, next.
    fn said(profiles: &str, rest: &str) -> Option<[String; 3]> {
        let file = RegionFile::parse(&format!("[programme]\nprofiles = [{profiles}]\n{rest}\n"), "r").unwrap();
        let e = of_region(&file).err()?;
        assert_eq!(e.exit_code(), 2, "{e}");
        Some([e.location().field.clone().unwrap_or_default(), e.what().to_owned(), e.next().to_owned()])
    }

    #[test]
    fn names_that_no_programme_asks_for_are_refused() {
        let figure = |name: &str| said(BOTH, &format!("[programme.figures.50]\n{name} = 30"));
        for known in ["nev_penetration", "prefecture_car_stock", "v2g_kw", "v2g_kwh"] {
            assert_eq!(figure(known), None, "{known}");
        }
        for (name, next) in [
            ("prefecture_cars_stock", "did you mean \"prefecture_car_stock\"?"),
            ("nev", "known here: nev_penetration, prefecture_car_stock, v2g_kw, v2g_kwh"),
            ("other_central_funding", "known here: nev_penetration, prefecture_car_stock, v2g_kw, v2g_kwh"), // a fact
        ] {
            let [field, what, said] = figure(name).unwrap();
            assert_eq!((field, &*said), (format!("programme.figures.50.{name}"), next));
            assert!(what.contains(&format!("asks for a figure \"{name}\"")), "{what}");
        }
        let fact = |name: &str| said(BOTH, &format!("[programme.facts.51]\n{name} = true"));
        assert_eq!(fact("other_central_funding"), None);
        let [field, _, next] = fact("other_central_founding").unwrap();
        assert_eq!((&*field, &*next), ("programme.facts.51.other_central_founding", "did you mean \"other_central_funding\"?"));
        // no reward is published for the second round, and the road rules of others ask for no county's figures
        let second = said("\"cn-county-pilot-2025\"", "[programme.figures.50]\nnev_penetration = 30").unwrap();
        assert!(second[2].starts_with("known here: prefecture_car_stock"), "{second:?}");
        // vehicles that AFIR asks power for
        assert_eq!(said("\"eu-afir-cars-2025\"", "[programme.figures.50]\nbev = 1200\nphev = 300"), None);
        let none = said("\"eu-afir-cars-2025\"", "[programme.figures.50]\nphevs = 300").unwrap();
        assert_eq!(none[2], "did you mean \"phev\"?");
        for profiles in ["", "\"uk-msa\""] {
            let none = said(profiles, "[programme.figures.50]\nnev_penetration = 30").unwrap();
            assert!(none[2].starts_with("take it out"), "{none:?}");
        }
    }

    #[test]
    fn figures_that_cannot_be_meant_are_refused() {
        for (figure, next) in [
            ("nev_penetration = 0.312", Some("give it in per cent: 31.2, if 0.312 is the share of 1")),
            ("nev_penetration = 0", Some("give per cent from 1 to 100")),
            ("nev_penetration = 1", None),
            ("nev_penetration = 100", None),
            ("nev_penetration = 100.1", Some("give a number from 0 to 100")),
            ("nev_penetration = -3", Some("give a number from 0 to 100")),
            ("prefecture_car_stock = -5", Some("give a number that is not below 0")),
            ("prefecture_car_stock = 25.3", Some("give single vehicles as a whole number: 253000 for 25.3 times 10,000")),
            ("prefecture_car_stock = 250000.0", None),
            ("v2g_kw = -300", Some("give a number that is not below 0")),
            ("v2g_kwh = -1", Some("give a number that is not below 0")),
            ("v2g_kw = 0", None),
        ] {
            let said = said(BOTH, &format!("[programme.figures.50]\n{figure}"));
            assert_eq!(said.as_ref().map(|s| &*s[2]), next, "{figure}");
            assert!(said.is_none_or(|s| s[1].contains("cannot be meant")), "{figure}");
        }
    }

    #[test]
    fn values_that_cannot_be_meant_are_refused() {
        for (value, next) in [
            ("spacing = 0", Some("give a length above 0")),
            ("spacing = 50", None),
            ("off_road = 0", None), // at the road itself
            ("port_kw = 400000", Some("give it in kW, at most 20000: 400 for as many watts")),
            ("port_kw = 400", None),
            ("uptime = 0.97", Some("give it in per cent: 97, if 0.97 is the share of 1")),
            ("uptime = 97", None),
        ] {
            let said = said("\"us-nevi-2025\"", &format!("[programme.values.us-nevi-2025]\n{value}"));
            assert_eq!(said.as_ref().map(|s| &*s[2]), next, "{value}");
        }
        let radius = said("\"cn-township-coverage\"", "[programme.values.cn-township-coverage]\nradius = 0").unwrap();
        assert_eq!(radius[0], "programme.values.cn-township-coverage.radius");
    }
}
