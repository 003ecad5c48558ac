//! Before outliers and scales: divides by denominators, fills what is missing, and leaves out units with too little.
//!
//! # References
//! OECD/JRC 2008, §3 (missing data); Becker et al. 2022 (COINr `Denominate`, `Impute`, `Screen`).

use super::check::wrong_value;
use super::log::Change;
use super::spec::Imputation;
use super::stats::{mean, median, range};
use super::work::MethodWork;
use crate::config::method_words::Direction;
use crate::error::Result;
use std::collections::BTreeMap;

/// Divides each leaf that has a denominator by it; a denominator that is 0 or missing leaves the value missing.
pub(super) fn denominate(work: &mut MethodWork) -> Result<()> {
    let (table, tree, order) = (work.table, work.tree, work.order.clone());
    for i in work.counted() {
        let leaf = &tree.leaves[i];
        let Some((by, column)) = leaf.denominator.as_ref().and_then(|key| table.column(key).map(|c| (key, c))) else { continue };
        work.log(Change::Divided { indicator: leaf.key.clone(), by: by.clone() }, "indicators divided");
        for &u in &order {
            let (before, unit) = (work.leaves[i][u], &table.codes[u]);
            let (after, why) = match column.values[u] {
                Some(d) if d < 0.0 => {
                    let what = format!("the denominator \"{by}\" is {d}, and nothing is divided by less than 0");
                    return Err(wrong_value(unit, &leaf.key, what, "give a denominator above 0, or leave it empty"));
                }
                Some(0.0) => (None, "denominator is 0"),
                Some(d) => (before.map(|v| v / d).filter(|v| v.is_finite()), "denominator is too near to 0"),
                None => (None, "denominator is missing"),
            };
            work.leaves[i][u] = after;
            if before.is_some() && after.is_none() {
                let (unit, indicator) = (unit.clone(), leaf.key.clone());
                work.log(Change::Value { unit, indicator, before, after, why }, "values lost");
            }
        }
    }
    Ok(())
}

type Middle = fn(&[f64]) -> Option<f64>;

fn least(values: &[f64]) -> Option<f64> {
    range(values).map(|(low, _)| low)
}

fn most(values: &[f64]) -> Option<f64> {
    range(values).map(|(_, high)| high)
}

/// Fills what is missing from the unit's group, or from all units where the group has no value or the unit no group.
pub(super) fn impute(work: &mut MethodWork, how: Imputation) {
    let mut members: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let (table, order) = (work.table, work.order.clone());
    for &u in &order {
        if let Some(group) = &table.groups[u] {
            members.entry(group).or_default().push(u);
        }
    }
    let (middle, in_group, in_all): (Middle, _, _) = match how {
        Imputation::None => (|_| None, "", ""),
        Imputation::GroupMean => (mean, "mean of its group", "mean of all units"),
        Imputation::GroupMedian => (median, "median of its group", "median of all units"),
        Imputation::GroupLeast => (least, "least favourable value of its group", "least favourable value of all units"),
    };
    for i in work.counted() {
        let turned = how == Imputation::GroupLeast && work.tree.leaves[i].direction == Direction::LowerIsWorse;
        let middle = if turned { most } else { middle };
        let column = work.leaves[i].clone();
        let of = |units: &[usize]| middle(&units.iter().filter_map(|u| column[*u]).collect::<Vec<_>>());
        if order.iter().all(|u| column[*u].is_some()) {
            continue;
        }
        let groups: BTreeMap<&str, Option<f64>> = members.iter().map(|(g, units)| (*g, of(units))).collect();
        let all = of(&order);
        for u in order.iter().copied().filter(|u| column[*u].is_none()) {
            let group = table.groups[u].as_deref().and_then(|g| groups.get(g).copied().flatten());
            let (after, why) = if group.is_some() { (group, in_group) } else { (all, in_all) };
            if after.is_none() {
                work.count("values still missing");
                continue;
            }
            work.leaves[i][u] = after;
            let (unit, indicator) = (table.codes[u].clone(), work.tree.leaves[i].key.clone());
            work.log(Change::Value { unit, indicator, before: None, after, why }, "values filled");
        }
    }
}

/// Leaves out units that have a smaller share of the indicators that count than `least`.
pub(super) fn screen(work: &mut MethodWork, least: f64) {
    let counted = work.counted();
    let order = std::mem::take(&mut work.order);
    for u in order {
        let present = counted.iter().filter(|i| work.leaves[**i][u].is_some()).count();
        // as a quotient: 9 of 10 is then the 0.9 that was written
        if present as f64 / counted.len() as f64 >= least {
            work.order.push(u);
            work.count("units kept");
            continue;
        }
        let why = format!("it has {present} of {} indicators, fewer than the share {least} asked for", counted.len());
        if work.method.steady {
            work.order.push(u); // it is taken out when scales are made
        } else {
            work.leaves.iter_mut().for_each(|leaf| leaf[u] = None);
        }
        work.not_ranked.insert(u, why.clone());
        work.log(Change::Unit { unit: work.table.codes[u].clone(), why }, "units left out");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rank::composite::method::Method;
    use crate::rank::composite::scene::{table, tree};

    const NAN: f64 = f64::NAN;

    #[test]
    fn gaps_are_filled_from_the_group_or_from_all() {
        // group x: 1, 2, 9 ⇒ mean 4, median 2. Group y has no value and u5 no group: all of 1, 2, 9, 20 ⇒ mean 8, median 5.5.
        let mut values = table(&[("a", &[1.0, 2.0, 9.0, NAN, NAN, NAN, 20.0])]);
        values.groups = ["x", "x", "x", "x", "y", "", ""].iter().map(|g| (!g.is_empty()).then(|| (*g).to_owned())).collect();
        let tree = tree(&[("a", "g", 1.0)], &[("g", 1.0)]);
        for (how, in_group, in_all) in [(Imputation::GroupMean, 4.0, 8.0), (Imputation::GroupMedian, 2.0, 5.5)] {
            let method = Method::default();
            let mut work = MethodWork::start(&values, &tree, &method);
            impute(&mut work, how);
            assert_eq!(work.leaves[0][3..6], [Some(in_group), Some(in_all), Some(in_all)]);
            assert_eq!(work.counts["values filled"], 3);
        }
    }

    #[test]
    fn denominators_divide_or_leave_a_gap_and_must_not_be_negative() {
        let mut values = table(&[("a", &[6.0, 6.0, 6.0, NAN]), ("d", &[3.0, 0.0, NAN, 0.0])]);
        let mut tree = tree(&[("a", "g", 1.0)], &[("g", 1.0)]);
        tree.leaves[0].denominator = Some("d".to_owned());
        let method = Method::default();
        let mut work = MethodWork::start(&values, &tree, &method);
        denominate(&mut work).unwrap();
        assert_eq!(work.leaves[0], [Some(2.0), None, None, None]);
        // the value that was missing anyway is not lost by the division
        assert_eq!((work.counts["values lost"], work.changed.len()), (2, 3));
        values.columns[1].values[2] = Some(-1.0);
        let told = denominate(&mut MethodWork::start(&values, &tree, &method)).unwrap_err().to_string();
        assert!(told.contains("id \"u2\", field \"a\"") && told.contains("\"d\" is -1"), "{told}");
    }

    #[test]
    fn nine_of_ten_pass_a_screen_of_nine_tenths() {
        let keys: Vec<String> = (0..10).map(|i| format!("k{i}")).collect();
        // u0 lacks nothing, u1 lacks k0, u2 lacks k0 and k1; k9 has the weight 0 in the second tree: u1 then has 8 of 9
        let column = |i: usize| [1.0, if i < 1 { NAN } else { 1.0 }, if i < 2 { NAN } else { 1.0 }];
        let columns: Vec<[f64; 3]> = (0..10).map(column).collect();
        let values = table(&keys.iter().zip(&columns).map(|(k, c)| (k.as_str(), c.as_slice())).collect::<Vec<_>>());
        let leaves: Vec<(&str, &str, f64)> = keys.iter().map(|k| (k.as_str(), "g", 1.0)).collect();
        let mut tree = tree(&leaves, &[("g", 1.0)]);
        let method = Method::default();
        let mut work = MethodWork::start(&values, &tree, &method);
        screen(&mut work, 0.9);
        assert_eq!(work.order, [0, 1]);
        assert!(work.not_ranked[&2].contains("8 of 10"));
        tree.leaves[9].weight = 0.0;
        let mut work = MethodWork::start(&values, &tree, &method);
        screen(&mut work, 0.9);
        assert_eq!(work.order, [0]);
    }
}
