//! What to do next: all that stands in the way of a run, and then what is doubtful, in the order in which to mend it.

use crate::config::programme_codes::tell_unfit_codes;
use crate::config::region_file::{LayerTable, Paths, RegionFile};
use crate::config::{Criteria, Reading};
use crate::coverage::corridors::unmet_roads;
use crate::error::{Error, path_text, printable};
use crate::issue::{Issue, IssueCode, Issues, Layer, Severity};
use crate::network::{CountyIndex, Draft};
use crate::place::onto_road::refuse_swapped;
use crate::place::shift::{self, Shift};
use crate::programme::tell_unmet_roads;
use crate::read::candidate::read_candidates;
use crate::read::layers::{files_of, read_counties, read_roads, read_settlements, read_stations};
use crate::read::{Inputs, read_inputs};
use std::collections::BTreeMap;

/// One thing to do.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Whether a run stops at it.
    pub must: bool,
    /// The layer, where it is of one.
    pub layer: Option<Layer>,
    /// The kind of issue, where it is one.
    pub code: Option<IssueCode>,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub next: String,
}

/// What reading a region gave.
pub struct Found {
    /// The layers; none when a layer could not be read.
    pub inputs: Option<Inputs>,
    /// Every error that a run would stop at, one after the other; the first is the one that it would stop at first.
    pub errors: Vec<Error>,
    /// The share of refused records that is accepted; none when not known.
    pub limit: Option<f64>,
    /// The shift of the stations, where there is one that the region file does not mention.
    pub shift: Option<Shift>,
}

/// Reads a region as a run does, up to the network, and goes on behind errors as far as that makes sense.
pub fn find(region: &RegionFile, issues: &mut Issues) -> Found {
    let none = |errors, limit| Found { inputs: None, errors, limit, shift: None };
    let settings = crate::rank::RankSettings::from_table(&region.rank);
    if let Err(e) = settings.and_then(|s| s.check_demand(region.demand.is_some())) {
        return none(vec![e], None);
    }
    if let Err(e) = crate::programme::of_region(region) {
        return none(vec![e], None);
    }
    let criteria = match Criteria::from_region(region) {
        Ok(criteria) => criteria,
        Err(e) => return none(vec![e], None),
    };
    let limit = Some(criteria.reading.max_refused_share);
    let inputs = match read_inputs(region, &criteria.reading, issues) {
        Ok(inputs) => inputs,
        Err(first) => {
            let mut errors = vec![first];
            for e in errors_of_layers(region, &criteria.reading) {
                if !errors.iter().any(|known| known.to_string() == e.to_string()) {
                    errors.push(e);
                }
            }
            return none(errors, limit);
        }
    };
    let mut errors = Vec::new();
    errors.extend(refuse_swapped(&inputs.stations, &CountyIndex::new(&inputs.counties)).err());
    let mut moved = None;
    match Draft::from_roads(&inputs.roads) {
        Ok(draft) => {
            let declared = region.stations.as_ref().is_some_and(|s| s.datum.is_some());
            if errors.is_empty() {
                moved = shift::find(&inputs.stations, &draft);
                errors.extend(moved.as_ref().and_then(|m| shift::refuse(m, &inputs.stations, declared, issues).err()));
                moved = moved.filter(|_| !declared);
            }
        }
        Err(e) => errors.push(e),
    }
    let codes: Vec<String> = inputs.counties.iter().map(|c| c.code.clone()).collect();
    errors.extend(crate::county::check_joint(&codes, &region.rank.joint).err());
    tell_unfit(region, &inputs, issues);
    Found { inputs: Some(inputs), errors, limit, shift: moved }
}

/// Codes and roads of `[programme]` that fit no county and no road.
fn tell_unfit(region: &RegionFile, inputs: &Inputs, issues: &mut Issues) {
    let codes = inputs.counties.iter().map(|c| c.code.as_str()).collect();
    let shown = region.source.as_deref().map(path_text).unwrap_or_default();
    tell_unfit_codes(&region.programme, &codes, &shown, issues);
    let asked = region.programme.roads.as_deref().unwrap_or_default();
    let named = inputs.roads.list().iter().map(|r| (r.name, r.reference));
    tell_unmet_roads(&unmet_roads(named, &inputs.roads.names, asked), issues);
}

/// The error of each layer that is given as files, read by itself.
fn errors_of_layers(region: &RegionFile, reading: &Reading) -> Vec<Error> {
    let mut issues = Issues::default(); // those of the whole are told
    let files = |paths: &Paths| files_of(region, paths);
    let mut all = Vec::new();
    if let Some((table, paths)) = region.roads.as_ref().and_then(|t| Some((t, t.path.as_ref()?))) {
        all.extend(read_roads(&files(paths), table, reading, &mut issues).err());
    }
    fn layer(table: &Option<LayerTable>) -> Option<(&LayerTable, &Paths)> {
        table.as_ref().and_then(|t| Some((t, t.path.as_ref()?)))
    }
    if let Some((table, paths)) = layer(&region.counties) {
        all.extend(read_counties(&files(paths), table, &mut issues).err());
    }
    if let Some((table, paths)) = layer(&region.stations) {
        all.extend(read_stations(&files(paths), table, &mut issues).err());
    }
    if let Some((table, paths)) = layer(&region.settlements) {
        all.extend(read_settlements(&files(paths), table, &mut issues).err());
    }
    if let Some((table, paths)) = layer(&region.candidates) {
        all.extend(read_candidates(&files(paths), table, &mut issues).err());
    }
    all
}

/// The layers of which more is refused than a run accepts: read, refused.
fn over(issues: &Issues, limit: f64) -> Vec<(Layer, u64, u64)> {
    let of = |l: Layer| (l, issues.count(l).read, issues.refused(l));
    issues.layers().map(of).filter(|(_, read, refused)| *read > 0 && *refused as f64 > limit * *read as f64).collect()
}

/// The share in whole hundredths that a run would have to accept; none where it accepts what there is.
pub fn share_to_accept(issues: &Issues, limit: f64) -> Option<f64> {
    let shares = over(issues, limit).into_iter().map(|(_, read, refused)| refused as f64 / read as f64);
    shares.reduce(f64::max).map(hundredths_above)
}

fn hundredths_above(share: f64) -> f64 {
    (share * 100.0).ceil() / 100.0
}

/// The list of what to do, the first first: errors, layers with too many refusals, refused records, doubts by weight.
pub fn steps(errors: &[Error], issues: &Issues, limit: Option<f64>) -> Vec<Step> {
    let too_many = limit.map(|limit| over(issues, limit)).unwrap_or_default();
    let mut first = First::new();
    for issue in issues.sorted() {
        first.entry((issue.layer, issue.code)).or_insert(issue);
    }
    let mut all: Vec<Step> = errors.iter().map(of_error).collect();
    for (layer, read, refused) in &too_many {
        let limit = limit.unwrap_or_default();
        let share = *refused as f64 / *read as f64;
        let accept = hundredths_above(share);
        all.push(Step {
            must: true,
            layer: Some(*layer),
            code: None,
            what: format!(
                "{refused} of {read} records of {} are refused ({:.1} %), and a run accepts {:.1} %: {}",
                layer.as_str(),
                share * 100.0,
                limit * 100.0,
                reasons(issues, *layer, &first)
            ),
            next: format!("mend these records, or write max_refused_share = {accept} under [read] to go on without them"),
        });
    }
    let mut codes: Vec<((Layer, IssueCode), (u64, u64))> =
        issues.by_code().into_iter().filter(|((_, code), _)| code.severity() != Severity::Note).collect();
    // Refusals first; then what weighs most: kilometres before records.
    codes.sort_by_key(|((layer, code), (count, mm))| {
        (code.severity(), std::cmp::Reverse(*mm), std::cmp::Reverse(*count), *layer, *code)
    });
    for ((layer, code), (count, mm)) in codes {
        if too_many.iter().any(|(l, ..)| *l == layer) && code.severity() == Severity::Refused {
            continue; // named above
        }
        let length = if mm > 0 { format!(", {:.1} km of road", mm as f64 / 1e6) } else { String::new() };
        let example = example(&first, layer, code);
        all.push(Step {
            must: false,
            layer: Some(layer),
            code: Some(code),
            what: format!("{} {}: {count} × {}{length}, e.g. {example}", code.severity().as_str(), layer.as_str(), code.as_str()),
            next: code.next().to_owned(),
        });
    }
    all
}

/// The first issue of each layer and code.
type First<'i> = BTreeMap<(Layer, IssueCode), &'i Issue>;

fn of_error(e: &Error) -> Step {
    let place = e.location().to_string();
    let place = if place.is_empty() { place } else { format!("  [{place}]") };
    Step { must: true, layer: None, code: None, what: format!("{}{place}", e.what()), next: e.next().to_owned() }
}

/// Why records of a layer are refused, each reason with its first place.
fn reasons(issues: &Issues, layer: Layer, first: &First<'_>) -> String {
    let codes = issues.by_code().into_iter().filter(|((l, c), _)| *l == layer && c.severity() == Severity::Refused);
    let all: Vec<String> =
        codes.map(|((_, code), (n, _))| format!("{n} × {} ({})", code.as_str(), example(first, layer, code))).collect();
    all.join("; ")
}

fn example(first: &First<'_>, layer: Layer, code: IssueCode) -> String {
    let Some(issue) = first.get(&(layer, code)) else { return String::new() };
    let place = match (&issue.at.file, issue.at.line, issue.at.feature) {
        (Some(file), Some(line), _) => format!(" [{}:{line}]", path_text(std::path::Path::new(file))),
        (Some(file), None, Some(n)) => format!(" [{}, feature {n}]", path_text(std::path::Path::new(file))),
        _ => String::new(),
    };
    printable(&format!("{}{place}", issue.message))
}
