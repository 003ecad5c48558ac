//! What a profile has to hold beyond its keys: that what is named is there, that marks and values go together, that no year or class is
//! missing.

use super::profile::{Mark, Profile, Value};
use super::reward::Class;
use super::rule::{Filter, Rule, Shape, Unit};
use crate::config::toml_text::place_of_key;
use crate::error::{Error, Location, Result};

/// What is wrong at a key, and what to do.
type Wrong = (String, String, String);

/// The form of profiles that is read.
const FORMAT: u32 = 1;

/// Checks a profile.
///
/// # Errors
/// Usage, with line and key.
pub(super) fn check(profile: &Profile, text: &str, shown: &str) -> Result<()> {
    let checks = [form, sources, facts, gates, counts, reward, piles, rules];
    match checks.into_iter().find_map(|check| check(profile)) {
        None => Ok(()),
        Some((key, what, next)) => {
            let (line, column) = place_of_key(text, &key);
            Err(Error::usage(what, next).at(Location::file(shown).line(line, column).field(key)))
        }
    }
}

/// Whether a number can stand for a fact of this unit; else what is wrong, and what to do.
pub(super) fn number(value: f64, unit: &str) -> std::result::Result<(), (String, String)> {
    let most = if unit == "%" { 100.0 } else { f64::MAX };
    if value.is_finite() && value >= 0.0 && value <= most {
        return Ok(());
    }
    let next = if unit == "%" { "give a number from 0 to 100" } else { "give a number that is not below 0" };
    Err((format!("{value} {unit} cannot be meant"), next.to_owned()))
}

fn wrong(key: impl Into<String>, what: impl Into<String>, next: impl Into<String>) -> Option<Wrong> {
    Some((key.into(), what.into(), next.into()))
}

fn form(p: &Profile) -> Option<Wrong> {
    if p.format != FORMAT {
        let next = "this program reads format 1; a newer program wrote it, or the number is wrong";
        return wrong("format", format!("profiles of format {} are not known", p.format), next);
    }
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    if p.name.is_empty() || !p.name.chars().all(plain) {
        let next = "write small letters, digits and hyphens, as in \"cn-county-pilot-2024\"";
        return wrong("name", format!("\"{}\" is no name of a programme", p.name), next);
    }
    None
}

fn sources(p: &Profile) -> Option<Wrong> {
    for (i, s) in p.sources.iter().enumerate() {
        if s.id.is_empty() || s.title.is_empty() {
            return wrong(format!("sources[{i}]"), "the source has no id or no title", "give it both: facts name it by its id");
        }
        if p.sources[..i].iter().any(|t| t.id == s.id) {
            return wrong(
                format!("sources[{i}].id"),
                format!("two sources are called \"{}\"", s.id),
                "give one of them another id",
            );
        }
    }
    None
}

/// Sources that are named and not there.
fn unknown_source(p: &Profile, named: &[String], key: &str) -> Option<Wrong> {
    let missing = named.iter().position(|id| !p.sources.iter().any(|s| s.id == *id))?;
    let next = "add it under [[sources]] with title, number, date and address";
    wrong(format!("{key}.sources[{missing}]"), format!("there is no source \"{}\"", named[missing]), next)
}

fn facts(p: &Profile) -> Option<Wrong> {
    for (i, f) in p.facts.iter().enumerate() {
        let key = |field: &str| format!("facts[{i}].{field}");
        if p.facts[..i].iter().any(|g| g.key == f.key) {
            return wrong(key("key"), format!("two facts are called \"{}\"", f.key), "give one of them another key");
        }
        if let Some(Value::Number(value)) = f.value
            && let Err((what, next)) = number(value, &f.unit)
        {
            return wrong(key("value"), what, next);
        }
        match (f.mark, &f.value) {
            (mark, Some(_)) if mark.has_no_value() => {
                let what = format!(
                    "\"{}\" has mark {} and a value: such facts have no source that a value could rest on",
                    f.key,
                    mark.as_str()
                );
                return wrong(key("mark"), what, "write mark = \"user\" for a value of your own");
            }
            (Mark::H | Mark::M | Mark::X, None) => {
                let what = format!("\"{}\" has mark {} and no value", f.key, f.mark.as_str());
                return wrong(key("key"), what, "give its value, or mark = \"N\" where none is published");
            }
            (Mark::H | Mark::M | Mark::X, Some(_)) if f.sources.is_empty() => {
                let what = format!("\"{}\" has mark {} and no source", f.key, f.mark.as_str());
                return wrong(key("key"), what, "name its sources, or write mark = \"user\"");
            }
            _ => {}
        }
        if let Some(found) = unknown_source(p, &f.sources, &format!("facts[{i}]")) {
            return Some(found);
        }
    }
    None
}

/// What the fact at a key has to be measured in.
fn units_of(key: &str) -> &'static [&'static str] {
    match key.rsplit('.').next().unwrap_or_default() {
        "limit" | "off_road" | "cell" => &["km", "mi", "m"],
        "share" | "availability" => &["%"],
        "points" => &["points", "guns", "piles", "stations"],
        "factor" => &["piles"],
        "cap" => &["yuan"],
        "least_kwh" => &["kWh"],
        "amount" => &["kW/vehicle", "points/vehicle"],
        "at_least" => &[],
        _ => &["kW"],
    }
}

/// A fact that is named at a key: that it is there, and in a unit that will do.
fn named(p: &Profile, key: &str, fact: &str) -> Option<Wrong> {
    let Some(found) = p.fact(fact) else {
        return wrong(
            key,
            format!("there is no fact \"{fact}\""),
            "add it under [[facts]], with its sources or with mark = \"N\"",
        );
    };
    let units = units_of(key);
    if !units.is_empty() && !units.contains(&found.unit.as_str()) {
        let what = format!("\"{fact}\" is measured in \"{}\"", found.unit);
        return wrong(key, what, format!("name a fact in {}", units.join(", ")));
    }
    if matches!(found.value, Some(Value::Words(_))) {
        return wrong(key, format!("\"{fact}\" is a sentence, and a number is asked for"), "name a fact with a number");
    }
    None
}

fn filter(p: &Profile, f: &Filter, key: &str) -> Option<Wrong> {
    let words: [(&str, &[String], &[&str]); 2] =
        [("services", &f.services, &["charging", "swap", "hydrogen"]), ("access", &f.access, &["public", "private", "unknown"])];
    for (field, given, known) in words {
        if let Some(i) = given.iter().position(|w| !known.contains(&w.as_str())) {
            return wrong(
                format!("{key}.{field}[{i}]"),
                format!("\"{}\" is not known here", given[i]),
                format!("known here: {}", known.join(", ")),
            );
        }
    }
    f.named().find_map(|(field, fact)| named(p, &format!("{key}.{field}"), fact))
}

fn counts(p: &Profile) -> Option<Wrong> {
    filter(p, p.counts.as_ref()?, "counts")
}

fn gates(p: &Profile) -> Option<Wrong> {
    let g = p.gates.as_ref()?;
    let least = g.least.iter().enumerate().find_map(|(i, l)| named(p, &format!("gates.least[{i}].at_least"), &l.at_least));
    let never = || g.never.iter().enumerate().find_map(|(i, n)| unknown_source(p, &n.sources, &format!("gates.never[{i}]")));
    least.or_else(|| unknown_source(p, &g.sources, "gates")).or_else(never)
}

fn reward(p: &Profile) -> Option<Wrong> {
    let r = p.reward.as_ref()?;
    if r.amounts_yuan.is_empty() || !r.amounts_yuan.is_sorted_by(|a, b| a < b) {
        return wrong("reward.amounts_yuan", "the amounts do not rise", "write them from the lowest to the highest");
    }
    if r.years.is_empty() || !r.years.is_sorted_by(|a, b| a < b) {
        return wrong("reward.years", "the years do not rise", "write each year once, the first before the others");
    }
    if let Some(name) = r.classes.iter().find(|name| !r.class.contains_key(*name)) {
        let next = format!("add [reward.class.{name}] with its bounds and its thresholds by year");
        return wrong("reward.classes", format!("class \"{name}\" is missing"), next);
    }
    for (name, class) in &r.class {
        let key = format!("reward.class.{name}");
        if !r.classes.contains(name) {
            return wrong(key, format!("class \"{name}\" is not in reward.classes"), "add it there, or take it out here");
        }
        let found = class_of_reward(name, class, r, &key);
        if found.is_some() {
            return found;
        }
    }
    let pairs = r.classes.iter().enumerate().flat_map(|(i, a)| r.classes[..i].iter().map(move |b| (a, b)));
    let both = |(a, b): &(&String, &String)| r.class[*a].overlaps(&r.class[*b]);
    if let Some((a, b)) = pairs.into_iter().find(both) {
        let what = format!("classes \"{b}\" and \"{a}\" have a penetration in common");
        return wrong(
            format!("reward.class.{a}"),
            what,
            "give each penetration to one class: above and below leave the bound out",
        );
    }
    named(p, "reward.cap", &r.cap).or_else(|| unknown_source(p, &r.sources, "reward"))
}

fn class_of_reward(name: &str, class: &Class, r: &super::Reward, key: &str) -> Option<Wrong> {
    if !class.has_bounds() {
        let what = format!("class \"{name}\" has no lower or no upper bound, has one twice, or its bounds are crossed");
        return wrong(key, what, "give at_least or above, and at_most or below, in per cent");
    }
    for year in &r.years {
        let key = format!("{key}.percent");
        let Some(row) = class.percent.get(&year.to_string()) else {
            let next = format!("add {year} = [ … ] with a threshold for each of the {} amounts", r.amounts_yuan.len());
            return wrong(key, format!("class \"{name}\" has no thresholds for {year}"), next);
        };
        let sound = row.iter().all(|v| number(*v, "%").is_ok()) && row.is_sorted_by(|a, b| a < b);
        if row.len() != r.amounts_yuan.len() || !sound {
            let what = format!(
                "the thresholds of class \"{name}\" for {year} do not rise, or are not {} as the amounts are",
                r.amounts_yuan.len()
            );
            return wrong(format!("{key}.{year}"), what, "write a per cent for each amount, from the lowest to the highest");
        }
    }
    let other = class.percent.keys().find(|year| !r.years.iter().any(|y| y.to_string() == **year))?;
    let what = format!("class \"{name}\" has thresholds for {other}, which is not in reward.years");
    wrong(format!("{key}.percent.{other}"), what, "add the year there, or take it out here")
}

fn piles(p: &Profile) -> Option<Wrong> {
    let s = p.standard_pile.as_ref()?;
    s.named().into_iter().find_map(|(field, fact)| named(p, &format!("standard_pile.{field}"), fact))
}

fn rules(p: &Profile) -> Option<Wrong> {
    for (i, r) in p.rules.iter().enumerate() {
        let key = format!("rules[{i}]");
        if p.rules[..i].iter().any(|q| q.name == r.name) {
            return wrong(format!("{key}.name"), format!("two rules are called \"{}\"", r.name), "give one of them another name");
        }
        let found = shape(r, &key)
            .or_else(|| filter(p, &r.filter, &format!("{key}.filter")))
            .or_else(|| r.named().into_iter().find_map(|(field, fact)| named(p, &format!("{key}.{field}"), fact)));
        if found.is_some() {
            return found;
        }
    }
    None
}

/// Whether a rule has what its shape needs and nothing that it does not know.
fn shape(r: &Rule, key: &str) -> Option<Wrong> {
    let cells = r.unit == Some(Unit::Cell);
    let has = [
        ("limit", r.limit.is_some()),
        ("off_road", r.off_road.is_some()),
        ("share", r.share.is_some()),
        ("roads", r.roads.is_some()),
        ("unit", r.unit.is_some()),
        ("cell", r.cell.is_some()),
        ("per", !r.per.is_empty()),
    ];
    let (needs, may): (&[&str], &[&str]) = match r.shape {
        Shape::Gap => (&["limit", "off_road"], &["share", "roads"]),
        Shape::Reach => (&["limit"], &[]),
        Shape::Each if cells => (&["unit", "cell"], &[]),
        Shape::Each => (&["unit"], &[]),
        Shape::Ratio => (&["per"], &[]),
    };
    let shape = r.shape.as_str();
    if let Some((field, _)) = has.iter().find(|(field, has)| !has && needs.contains(field)) {
        return wrong(
            format!("{key}.shape"),
            format!("rule \"{}\" of shape {shape} has no {field}", r.name),
            format!("give its {field}"),
        );
    }
    let (field, _) = has.iter().find(|(field, has)| *has && !needs.contains(field) && !may.contains(field))?;
    let what = format!("rule \"{}\" of shape {shape} does not know {field}", r.name);
    wrong(format!("{key}.{field}"), what, "take it out, or give the rule another shape")
}
