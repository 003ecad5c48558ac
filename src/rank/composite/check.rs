//! Checks of the tree, the table and the order of steps, before anything is computed.

use super::method::Method;
use super::spec::{Step, Tree};
use super::table::UnitTable;
use crate::config::method_words::{Normalisation, Weighting};
use crate::config::toml_text::nearest;
use crate::error::{Error, Location, Result};
use std::collections::BTreeSet;

/// What is wrong at a leaf, group or column.
pub(super) fn wrong(key: &str, what: String, next: impl Into<String>) -> Error {
    Error::usage(what, next).at(Location::default().field(key))
}

/// What is wrong with a value of a unit.
pub(super) fn wrong_value(unit: &str, key: &str, what: String, next: impl Into<String>) -> Error {
    Error::input(what, next).at(Location::default().id(unit).field(key))
}

/// Checks that a tree is one, that it fits the table, and that the table's values are finite.
///
/// # Errors
/// Usage for the tree and its names, with the nearest known name; input for the table. Each names what is wrong and what to do.
pub fn check(table: &UnitTable, tree: &Tree) -> Result<()> {
    check_tree(tree)?;
    check_weights(tree)?;
    check_table(table)?;
    check_columns(table, tree)
}

fn twice<'a>(mut keys: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut seen = BTreeSet::new();
    keys.find(|k| !seen.insert(*k))
}

fn check_tree(tree: &Tree) -> Result<()> {
    let keys = || tree.leaves.iter().map(|l| l.key.as_str()).chain(tree.groups.iter().map(|g| g.key.as_str()));
    if let Some(key) = twice(keys()) {
        return Err(wrong(key, format!("\"{key}\" stands twice in the tree"), "give each indicator and group a name of its own"));
    }
    let Some(last) = tree.groups.len().checked_sub(1) else {
        return Err(Error::usage("the tree has no group", "give at least the index itself as the last group"));
    };
    for (g, group) in tree.groups.iter().enumerate() {
        match group.parent {
            None if g != last => {
                let what = format!("group \"{}\" has no parent and is not the last", group.key);
                return Err(wrong(&group.key, what, "only the index has none, and it stands last"));
            }
            Some(p) if p <= g || p > last => {
                let what = format!("group \"{}\" does not stand before its parent", group.key);
                return Err(wrong(&group.key, what, "list groups before the groups they belong to, the index last"));
            }
            _ => {}
        }
    }
    for leaf in &tree.leaves {
        if leaf.parent > last {
            let what = format!("indicator \"{}\" belongs to group {} of {}", leaf.key, leaf.parent, last + 1);
            return Err(wrong(&leaf.key, what, "name a group of the tree"));
        }
        if let Some((low, high)) = leaf.goalposts.filter(|(l, h)| !(l.is_finite() && h.is_finite() && l < h)) {
            let what = format!("the goalposts {low} and {high} of \"{}\" are not a range", leaf.key);
            return Err(wrong(&leaf.key, what, "give the lower one first, the upper one above it"));
        }
    }
    match tree.children().iter().position(Vec::is_empty) {
        Some(g) => {
            Err(wrong(&tree.groups[g].key, format!("group \"{}\" has no children", tree.groups[g].key), "drop it or fill it"))
        }
        None => Ok(()),
    }
}

fn check_weights(tree: &Tree) -> Result<()> {
    let children = tree.children();
    for child in children.iter().flatten() {
        let (key, weight) = (tree.key(*child), tree.weight(*child));
        if !(weight.is_finite() && weight >= 0.0) {
            return Err(wrong(key, format!("{weight} is not a weight"), "give 0 or more"));
        }
    }
    let last = tree.groups.len() - 1;
    for (g, children) in children.iter().enumerate() {
        if (g == last || tree.groups[g].weight > 0.0) && children.iter().all(|c| tree.weight(*c) == 0.0) {
            let key = &tree.groups[g].key;
            return Err(wrong(key, format!("all weights in \"{key}\" are 0"), "give one above 0, or weigh the group 0 too"));
        }
    }
    match tree.counted().contains(&true) {
        true => Ok(()),
        false => Err(Error::usage("no indicator has a weight above 0 all the way up to the index", "give one above 0")),
    }
}

fn check_table(table: &UnitTable) -> Result<()> {
    let units = table.codes.len();
    if units == 0 {
        return Err(Error::input("the table has no unit", "give at least one row"));
    }
    if let Some(code) = twice(table.codes.iter().map(String::as_str)) {
        let at = Location::default().id(code);
        return Err(Error::input(format!("unit \"{code}\" stands twice in the table"), "keep one of its rows").at(at));
    }
    if table.groups.len() != units {
        return Err(Error::internal(format!("{} groups for {units} units", table.groups.len())));
    }
    if let Some(key) = twice(table.columns.iter().map(|c| c.key.as_str())) {
        return Err(wrong(key, format!("column \"{key}\" stands twice in the table"), "give each column a name of its own"));
    }
    match table.columns.iter().find(|c| c.values.len() != units) {
        Some(c) => Err(Error::internal(format!("column \"{}\" has {} values for {units} units", c.key, c.values.len()))),
        None => Ok(()),
    }
}

fn check_columns(table: &UnitTable, tree: &Tree) -> Result<()> {
    let known = || table.columns.iter().map(|c| c.key.as_str());
    let mut used = BTreeSet::new();
    for leaf in &tree.leaves {
        for key in [Some(&leaf.key), leaf.denominator.as_ref()].into_iter().flatten() {
            used.insert(key.as_str());
            if table.column(key).is_none() {
                let next = nearest(key, known()).map(|n| format!("did you mean \"{n}\"?"));
                let next = next.unwrap_or_else(|| format!("known: {}", known().collect::<Vec<_>>().join(", ")));
                return Err(wrong(&leaf.key, format!("the table has no column \"{key}\""), next));
            }
        }
    }
    if let Some(c) = table.columns.iter().find(|c| !c.extra && !used.contains(c.key.as_str())) {
        let next = "drop it, name it in the tree, or mark it as extra";
        return Err(wrong(&c.key, format!("nothing uses the column \"{}\"", c.key), next));
    }
    for leaf in tree.leaves.iter().zip(tree.counted()).filter_map(|(l, counted)| counted.then_some(l)) {
        for key in [Some(&leaf.key), leaf.denominator.as_ref()].into_iter().flatten() {
            if let Some((unit, value)) = not_finite(table, key) {
                let next = "give a number, or leave it empty where it is missing";
                return Err(wrong_value(unit, key, format!("{value} is not a value"), next));
            }
        }
    }
    Ok(())
}

/// The first value of a column that is not finite, with the code of its unit.
pub(super) fn not_finite<'t>(table: &'t UnitTable, key: &str) -> Option<(&'t str, f64)> {
    let values = table.column(key)?.values.iter().enumerate();
    values.filter_map(|(u, v)| v.filter(|v| !v.is_finite()).map(|v| (table.codes[u].as_str(), v))).next()
}

/// Checks that the steps make sense in the order in which they stand, and that the tree has what they need.
pub(super) fn check_method(tree: &Tree, method: &Method) -> Result<()> {
    let steps = &method.steps;
    let bad = |what: String, next: &str| Err(Error::usage(what, next));
    for (i, step) in steps.iter().enumerate() {
        if steps[..i].iter().any(|s| s.name() == step.name()) {
            return bad(format!("the method does \"{}\" twice", step.name()), "keep one of the two");
        }
        check_figures(step)?;
    }
    let place = |name: &str| steps.iter().position(|s| s.name() == name);
    match (place("normalise"), place("aggregate")) {
        (_, None) => return bad("the method does not aggregate".to_owned(), "add the step \"aggregate\" at the end"),
        (None, _) => return bad("the method does not normalise".to_owned(), "add it; goalposts 0 and 100 keep such a scale"),
        (Some(n), Some(a)) if n > a => return bad("\"aggregate\" stands before \"normalise\"".to_owned(), "normalise first"),
        (_, Some(a)) if a + 1 < steps.len() => {
            return bad(format!("\"{}\" stands after \"aggregate\"", steps[a + 1].name()), "aggregate last");
        }
        _ => {}
    }
    for (first, later) in [("denominate", "treat"), ("denominate", "normalise"), ("treat", "normalise")] {
        if place(first).zip(place(later)).is_some_and(|(a, b)| a > b) {
            return bad(format!("\"{first}\" stands after \"{later}\""), &format!("put \"{first}\" before it"));
        }
    }
    check_needs(tree, method)
}

/// Checks the figures of a step.
fn check_figures(step: &Step) -> Result<()> {
    let sound = match *step {
        Step::Screen(share) => (0.0..=1.0).contains(&share),
        Step::Treat { skew, kurtosis, .. } => skew.is_finite() && skew >= 0.0 && kurtosis.is_finite(),
        _ => true,
    };
    match sound {
        true => Ok(()),
        false => Err(Error::usage(
            format!("the step \"{}\" has figures that mean nothing: {step:?}", step.name()),
            "a share is 0 to 1, a skew 0 or more, and all are numbers",
        )),
    }
}

/// Checks that what the leaves have and what the method does go together.
fn check_needs(tree: &Tree, method: &Method) -> Result<()> {
    let (low, high) = method.scale;
    if !(low.is_finite() && high.is_finite() && low < high) {
        return Err(Error::usage(format!("the scale {low} to {high} is not a range"), "give the lower end first, say 0 and 100"));
    }
    let counted = || tree.leaves.iter().zip(tree.counted()).filter_map(|(l, c)| c.then_some(l));
    if !method.steps.contains(&Step::Denominate)
        && let Some(leaf) = counted().find(|l| l.denominator.is_some())
    {
        let what = format!("\"{}\" has a denominator, but the method does not divide by it", leaf.key);
        return Err(wrong(&leaf.key, what, "add the step \"denominate\", or drop the denominator"));
    }
    if method.steps.contains(&Step::Normalise(Normalisation::Goalposts))
        && let Some(leaf) = counted().find(|l| l.goalposts.is_none())
    {
        return Err(wrong(&leaf.key, format!("\"{}\" has no goalposts", leaf.key), "give them, or normalise in another way"));
    }
    if let Weighting::Points(total) = method.weighting {
        let sum: f64 = counted().map(|l| l.weight).sum();
        if (sum - f64::from(total)).abs() > 1e-9 {
            let what = format!("the points of the indicators add up to {sum}, not to {total}");
            return Err(Error::usage(what, format!("give {total} points in all, or say that {sum} are given")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::method_words::Aggregation;
    use crate::rank::composite::scene::{table, tree};
    use crate::rank::composite::spec::Imputation;

    /// What the error says, and what brings it about.
    type Fault<T> = (&'static str, fn(&mut T));

    fn told(result: Result<()>) -> String {
        result.unwrap_err().to_string()
    }

    fn two() -> (UnitTable, Tree) {
        (table(&[("a", &[1.0, 2.0]), ("b", &[3.0, 4.0])]), tree(&[("a", "g", 1.0), ("b", "g", 1.0)], &[("g", 1.0)]))
    }

    #[test]
    fn each_fault_of_a_tree_is_named() {
        let (values, good) = two();
        assert!(check(&values, &good).is_ok());
        let faults: [Fault<Tree>; 9] = [
            ("\"a\" stands twice", |t| t.leaves[1].key = "a".to_owned()),
            ("no group", |t| t.groups.clear()),
            ("has no parent and is not the last", |t| t.groups[0].parent = None),
            ("does not stand before its parent", |t| t.groups[1].parent = Some(0)),
            ("belongs to group 7 of 2", |t| t.leaves[0].parent = 7),
            ("group \"g\" has no children", |t| t.leaves.iter_mut().for_each(|l| l.parent = 1)),
            ("-1 is not a weight", |t| t.leaves[0].weight = -1.0),
            ("NaN is not a weight", |t| t.groups[0].weight = f64::NAN),
            ("all weights in \"g\" are 0", |t| t.leaves.iter_mut().for_each(|l| l.weight = 0.0)),
        ];
        for (text, fault) in faults {
            let mut tree = good.clone();
            fault(&mut tree);
            let told = told(check(&values, &tree));
            assert!(told.contains(text) && told.contains("next:"), "{told}");
        }
    }

    #[test]
    fn each_fault_of_a_table_is_named() {
        let (good, tree) = two();
        let faults: [Fault<UnitTable>; 5] = [
            ("no unit", |t| t.codes.clear()),
            ("unit \"u1\" stands twice", |t| t.codes[0] = "u1".to_owned()),
            ("column \"a\" stands twice", |t| t.columns[1].key = "a".to_owned()),
            ("inf is not a value\n  where: id \"u1\", field \"b\"", |t| t.columns[1].values[1] = Some(f64::INFINITY)),
            // as far from "aa" as from "b", and "aa" is the lower word
            ("no column \"a\"\n  where: field \"a\"\n  next:  did you mean \"aa\"", |t| t.columns[0].key = "aa".to_owned()),
        ];
        for (text, fault) in faults {
            let mut table = good.clone();
            fault(&mut table);
            let told = told(check(&table, &tree));
            assert!(told.contains(text), "{told}");
        }
    }

    #[test]
    fn a_column_that_nothing_uses_must_be_marked() {
        let (mut values, mut tree) = two();
        tree.leaves.pop();
        assert!(told(check(&values, &tree)).contains("nothing uses the column \"b\""));
        values.columns[1].extra = true;
        assert!(check(&values, &tree).is_ok());
        values.columns[1].extra = false;
        tree.leaves[0].denominator = Some("b".to_owned());
        assert!(check(&values, &tree).is_ok());
    }

    #[test]
    fn an_order_that_makes_no_sense_is_refused() {
        let (_, mut tree) = two();
        let (n, a) = (Step::Normalise(Normalisation::MinMax), Step::Aggregate(Aggregation::Arithmetic));
        let t = Step::Treat { skew: 2.0, kurtosis: 3.5, winsorise: 5 };
        let orders: [(&[Step], &str); 9] = [
            (&[n, n, a], "does \"normalise\" twice"),
            (&[a, n], "\"aggregate\" stands before \"normalise\""),
            (&[n, t, a], "\"treat\" stands after \"normalise\""),
            (&[t, Step::Denominate, n, a], "\"denominate\" stands after \"treat\""),
            (&[n, a, Step::Impute(Imputation::None)], "\"impute\" stands after \"aggregate\""),
            (&[n], "does not aggregate"),
            (&[a], "does not normalise"),
            (&[Step::Screen(1.5), n, a], "mean nothing"),
            (&[Step::Normalise(Normalisation::Goalposts), a], "\"a\" has no goalposts"),
        ];
        for (steps, text) in orders {
            let method = Method { steps: steps.to_vec(), ..Method::default() };
            let told = told(check_method(&tree, &method));
            assert!(told.contains(text), "{told}");
        }
        let plain = Method { steps: vec![n, a], ..Method::default() };
        assert!(check_method(&tree, &plain).is_ok());
        // two leaves of weight 1 make 2 points, not 100
        let points = |total| Method { weighting: Weighting::Points(total), ..plain.clone() };
        assert!(told(check_method(&tree, &points(100))).contains("add up to 2, not to 100"));
        assert!(check_method(&tree, &points(2)).is_ok());
        tree.leaves[0].denominator = Some("b".to_owned());
        assert!(told(check_method(&tree, &plain)).contains("does not divide by it"));
    }
}
