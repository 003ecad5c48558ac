//! A round between two: each cause taken from one of the sides, and whether the sides differ in it.

use super::causes::Side;
use super::inputs::Together;
use super::merge::recode;
use crate::config::override_table::OverrideTable;
use crate::config::rank_table::{EligibilityTable, HowTogether, JointTable, LineTable};
use crate::config::round_file::{RegionsTable, RoundOutput, SelectTable};
use crate::config::{RankTable, RoundFile};
use crate::error::Location;
use crate::read::county::County;
use crate::read::settlement::Settlement;
use crate::read::traffic::Count;
use crate::results::causes::Cause;
use std::collections::{BTreeMap, BTreeSet};

/// Which side each cause is taken from: those before the number from the new, the others from the old.
pub fn of(sides: &[Side; 2], state: usize, cause: Cause) -> &Side {
    &sides[usize::from((cause as usize) < state)]
}

/// A round between the two: its file and its layers.
pub fn mixed(sides: &[Side; 2], state: usize, recoded: &BTreeMap<String, String>) -> (RoundFile, Together) {
    let from = |cause| of(sides, state, cause);
    let (borders, demand, method, rules) =
        (from(Cause::Boundaries), from(Cause::Demand), from(Cause::Method), from(Cause::Selection));
    let is_new = |cause: Cause| (cause as usize) < state;
    // codes of rules that are older than the borders
    let older = is_new(Cause::Boundaries) && !is_new(Cause::Selection);
    let now = |code: &str| if older { new_code(recoded, code) } else { code.to_owned() };
    let mut rank = rules_of_selection(&rules.file.rank, method.file.rank.clone());
    recode(&mut rank, &now);
    rank.overrides.clone_from(&from(Cause::Overrides).file.rank.overrides);
    if is_new(Cause::Boundaries) && !is_new(Cause::Overrides) {
        rank.overrides.iter_mut().for_each(|o| o.county = new_code(recoded, &o.county));
    }
    let listed = rules.listed.as_ref().map(|list| list.iter().map(|p| now(p)).collect());
    let file = RoundFile {
        // the list is here by its codes, and the crosswalk has done its work
        regions: RegionsTable { counties: listed, county_list: None, crosswalk: None, ..borders.file.regions.clone() },
        folder: borders.file.folder.clone(),
        applicants: None,
        network: from(Cause::Roads).file.network.clone(),
        criteria: from(Cause::Criteria).file.criteria.clone(),
        demand: demand.file.demand.clone(),
        supply: demand.file.supply.clone(),
        programme: from(Cause::Criteria).file.programme.clone(),
        output: from(Cause::Criteria).file.output.clone(),
        rank,
        select: rules.file.select.clone(),
        ..method.file.clone()
    };
    let file = only_those_here(file, &borders.all.counties);
    // people of a county that has another code by now are still its people
    let codes = |c: &'_ County| [Some(c.code.clone()), recoded.get(&c.code).cloned()].into_iter().flatten();
    let people: BTreeMap<String, &County> =
        demand.all.counties.iter().flat_map(|c| codes(c).map(move |code| (code, c))).collect();
    let costs: BTreeMap<String, &County> =
        from(Cause::Costs).all.counties.iter().flat_map(|c| codes(c).map(move |code| (code, c))).collect();
    let cost_columns = cost_columns(sides);
    let renamed = renamed_costs(sides, &cost_columns);
    // by the name that the rules of this state have for it
    let back: BTreeMap<&String, &String> = renamed.iter().map(|(new, old)| (old, new)).collect();
    let as_named = |name: &String| -> String {
        let old = renamed.get(name).unwrap_or(name);
        if is_new(Cause::Selection) { (*back.get(old).unwrap_or(&old)).clone() } else { old.clone() }
    };
    let county = |c: &County| {
        let with = people.get(&c.code);
        let columns = |of: &BTreeMap<String, &County>, is_cost: bool| -> Vec<(String, f64)> {
            let all = of.get(&c.code).into_iter().flat_map(|c| &c.columns);
            let all = all.filter(|(name, _)| cost_columns.contains(*name) == is_cost);
            all.map(|(name, v)| (if is_cost { as_named(name) } else { name.clone() }, *v)).collect()
        };
        County {
            population: with.and_then(|p| p.population),
            population_asked: with.map_or(c.population_asked, |p| p.population_asked),
            columns: columns(&people, false).into_iter().chain(columns(&costs, true)).collect(),
            ..c.clone()
        }
    };
    let all = Together {
        regions: from(Cause::Roads).all.regions.clone(),
        counties: borders.all.counties.iter().map(county).collect(),
        stations: from(Cause::Stations).all.stations.clone(),
        settlements: demand.all.settlements.clone(),
        candidates: sides[1].all.candidates.clone(),
        counts: demand.all.counts.clone(),
        raster: demand.all.raster.moved(&demand.all.counties, &borders.all.counties, &|code| new_code(recoded, code)),
        attribution: sides[1].all.attribution.clone(),
        synthetic: sides.iter().any(|s| s.all.synthetic),
        ..Together::default()
    };
    (file, all)
}

/// Whether a cause differs between the sides.
pub fn differs(sides: &[Side; 2], cause: Cause, network: &[String; 2], recoded: &BTreeMap<String, String>) -> bool {
    let [old, new_side] = sides;
    let cost_columns = cost_columns(sides);
    let renamed = renamed_costs(sides, &cost_columns);
    let columns_of = |c: &County, is_cost: bool| -> BTreeMap<String, f64> {
        let all = c.columns.iter().filter(|(name, _)| cost_columns.contains(*name) == is_cost);
        all.map(|(name, v)| (renamed.get(name).unwrap_or(name).clone(), *v)).collect()
    };
    let same = match cause {
        Cause::Boundaries => {
            let borders =
                |s: &Side| s.all.counties.iter().map(|c| (c.code.clone(), c.name.clone(), c.shape.clone())).collect::<Vec<_>>();
            borders(old) == borders(new_side)
        }
        Cause::Roads => network[0] == network[1],
        Cause::Stations => old.all.stations == new_side.all.stations || bare(&old.all) == bare(&new_side.all),
        Cause::Demand => {
            // by the new code, so that a county that was recoded and nothing else is the same
            let new = |code: &str| new_code(recoded, code);
            let people = |s: &Side| {
                let of = s.all.counties.iter().map(|c| (new(&c.code), (c.population, columns_of(c, false))));
                of.collect::<BTreeMap<_, _>>()
            };
            let asks = [old, new_side].iter().any(|s| s.file.demand.is_some());
            let settled = |s: &Side| {
                let vehicles = |x: &Settlement| asks.then_some(x.vehicles);
                let of = |x: &Settlement| (x.id.clone(), x.at, x.population, x.name.clone(), vehicles(x));
                s.all.settlements.iter().map(of).collect::<Vec<_>>()
            };
            let asked = |s: &Side| (s.file.demand.clone(), s.file.supply.clone());
            let cells = |s: &Side| s.all.raster.by_code(&s.all.counties, &new);
            let counts = |s: &Side| {
                let of = |c: &Count| (c.road.clone(), c.county.clone(), c.cars, c.trucks);
                s.all.counts.iter().map(of).collect::<Vec<_>>()
            };
            settled(old) == settled(new_side)
                && counts(old) == counts(new_side)
                && people(old) == people(new_side)
                && cells(old) == cells(new_side)
                && asked(old) == asked(new_side)
        }
        Cause::Costs => {
            let costs = |s: &Side| {
                let of = s.all.counties.iter().map(|c| (new_code(recoded, &c.code), columns_of(c, true)));
                of.collect::<BTreeMap<_, _>>()
            };
            costs(old) == costs(new_side)
        }
        Cause::Criteria => {
            let asked = |s: &Side| {
                // which files are written is no criterion
                let RoundOutput { gaps, simplify_m, shortest_gap_km, without: _, layers: _, csv_bom: _ } = &s.file.output;
                format!("{:?} {gaps:?} {simplify_m:?} {shortest_gap_km:?}", s.file.criteria)
            };
            asked(old) == asked(new_side)
        }
        Cause::Method => method_alone(&old.file.rank) == method_alone(&new_side.file.rank),
        Cause::Overrides => {
            let by_hand = |s: &Side, code: &dyn Fn(&str) -> String| -> Vec<OverrideTable> {
                // who signed and why is no cause; what was set is
                let all = s.file.rank.overrides.iter();
                let mut all: Vec<OverrideTable> =
                    all.map(|o| OverrideTable { county: code(&o.county), ..o.unsigned() }).collect();
                all.sort_by_key(OverrideTable::key);
                all
            };
            by_hand(old, &|c| new_code(recoded, c)) == by_hand(new_side, &str::to_owned)
        }
        Cause::Selection => {
            rules_alone(old, &renamed, &|c| new_code(recoded, c)) == rules_alone(new_side, &renamed, &str::to_owned)
        }
    };
    !same
}

/// Columns of the county table that say what counties cost, in either round, and that no indicator of either is made of.
fn cost_columns(sides: &[Side; 2]) -> BTreeSet<String> {
    let rank = || sides.iter().map(|s| &s.file.rank);
    let select = sides.iter().filter_map(|s| s.file.select.cost_column.as_deref()).map(str::trim);
    let lines = rank().flat_map(|r| &r.lines).filter_map(LineTable::cost_header);
    let scored: BTreeSet<&str> =
        rank().flat_map(|r| &r.indicators).flat_map(|i| [Some(i.header()), i.denominator_header()]).flatten().collect();
    select.chain(lines).filter(|column| !scored.contains(column)).map(str::to_owned).collect()
}

/// Cost columns that have another name in the new round, new to old: the same limits name one in each, and neither table has that of the
/// other. Another name is no other cost.
fn renamed_costs(sides: &[Side; 2], cost_columns: &BTreeSet<String>) -> BTreeMap<String, String> {
    let named = |s: &Side| {
        let select = s.file.select.cost_column.as_deref().map(|c| (String::new(), c.trim().to_owned()));
        let lines = s.file.rank.lines.iter().filter_map(|l| Some((format!("line {}", l.name), l.cost_header()?.to_owned())));
        select.into_iter().chain(lines).collect::<BTreeMap<String, String>>()
    };
    let has = |s: &Side, column: &String| s.all.counties.iter().any(|c| c.columns.contains_key(column));
    let [old, new] = [named(&sides[0]), named(&sides[1])];
    let pairs: BTreeSet<(&String, &String)> =
        new.iter().filter_map(|(of, column)| Some((column, old.get(of)?))).filter(|(now, was)| now != was).collect();
    let alone = |(now, was): &(&String, &String)| {
        let several = pairs.iter().filter(|(n, w)| n == now || w == was).count() > 1;
        let kept = old.values().any(|c| c == *now) || new.values().any(|c| c == *was);
        !several && !kept && !has(&sides[0], now) && !has(&sides[1], was)
    };
    let costs = |(now, was): &(&String, &String)| cost_columns.contains(*now) && cost_columns.contains(*was);
    pairs.iter().filter(|p| alone(p) && costs(p)).map(|(now, was)| ((*now).clone(), (*was).clone())).collect()
}

/// A code as it is by now.
pub fn new_code(recoded: &BTreeMap<String, String>, code: &str) -> String {
    recoded.get(code).map_or(code, String::as_str).to_owned()
}

/// Stations without the place in the file that they come from.
fn bare(all: &Together) -> Vec<crate::read::station::Station> {
    all.stations.iter().map(|s| crate::read::station::Station { source: Location::default(), ..s.clone() }).collect()
}

/// `[rank]` of the method with what of it belongs to the rules of selection: lines, eligibility, joint applications and what they have
/// together of an indicator. Where neither side says that of an indicator, a state between the two takes the mean.
fn rules_of_selection(rules: &RankTable, mut method: RankTable) -> RankTable {
    let RankTable { lines, eligibility, joint, indicators, .. } = rules.clone();
    for own in method.indicators.iter_mut().filter(|i| i.denominator.is_none()) {
        let said = indicators.iter().find(|i| i.key == own.key && i.denominator.is_none()).and_then(|i| i.together);
        own.together = said.or(own.together).or((!joint.is_empty()).then_some(HowTogether::Mean));
    }
    RankTable { lines, eligibility, joint, ..method }
}

/// `[rank]` without that.
fn method_alone(rank: &RankTable) -> RankTable {
    let (also_read, overrides) = (BTreeSet::new(), Vec::new());
    let mut table = RankTable { also_read, overrides, ..rules_of_selection(&RankTable::default(), rank.clone()) };
    table.indicators.iter_mut().for_each(|i| i.together = None);
    table
}

/// Codes of the list of who applies, each with whether an application of it stands.
type Applied = Option<BTreeMap<String, bool>>;

/// Joint applications, with what they have together of each indicator that says it.
type Joint = (Vec<JointTable>, BTreeMap<String, HowTogether>);

type Rules = (SelectTable, Vec<LineTable>, EligibilityTable, Joint, Option<BTreeSet<String>>, Applied);

/// The rules of selection: who may take part, in which company, and how many are funded. The name of the money is none of them.
fn rules_alone(s: &Side, renamed: &BTreeMap<String, String>, code: &dyn Fn(&str) -> String) -> Rules {
    let mut rank = s.file.rank.clone();
    recode(&mut rank, code);
    let mut select = SelectTable { currency: None, ..s.file.select.clone() };
    let named = |column: &mut String| {
        if let Some(old) = renamed.get(column.trim()) {
            column.clone_from(old);
        }
    };
    select.cost_column.iter_mut().chain(rank.lines.iter_mut().filter_map(|l| l.cost_column.as_mut())).for_each(named);
    let listed = s.listed.as_ref().map(|list| list.iter().map(|p| code(p)).collect());
    let applied = s.all.list.as_ref().map(|list| list.standing(code));
    let said = rank.indicators.iter().filter(|_| !rank.joint.is_empty());
    let together = said.filter_map(|i| Some((i.key.clone(), i.together?))).collect();
    (select, rank.lines, rank.eligibility, (rank.joint, together), listed, applied)
}

/// Rules of one side hold on the borders of the other as far as their counties are there.
fn only_those_here(mut file: RoundFile, counties: &[County]) -> RoundFile {
    let patterns: Option<Vec<glob::Pattern>> =
        file.regions.counties.as_ref().map(|list| list.iter().filter_map(|p| glob::Pattern::new(p).ok()).collect());
    let here = |code: &String| {
        let there = counties.binary_search_by(|c| c.code.cmp(code)).is_ok();
        there && patterns.as_ref().is_none_or(|list| list.iter().any(|p| p.matches(code)))
    };
    let rank = &mut file.rank;
    if let Some(only) = rank.eligibility.only.as_mut().filter(|only| only.iter().any(here)) {
        only.retain(here);
    }
    rank.eligibility.except.retain(|code, _| here(code));
    rank.joint.iter_mut().for_each(|j| j.members.retain(here));
    rank.joint.retain(|j| here(&j.lead) && j.members.iter().any(|m| *m != j.lead));
    file
}
