//! Walks of the tree: children of each group, what weighs nothing, weights made to add up to 1.

use super::spec::Tree;
use crate::config::method_words::Weighting;

/// A child of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Child {
    /// A leaf, by number.
    Leaf(usize),
    /// A group, by number.
    Group(usize),
}

impl Tree {
    /// Children of each group: its leaves, then its groups, each in the order of the tree.
    pub(super) fn children(&self) -> Vec<Vec<Child>> {
        let mut children = vec![Vec::new(); self.groups.len()];
        for (i, leaf) in self.leaves.iter().enumerate() {
            children[leaf.parent].push(Child::Leaf(i));
        }
        for (i, group) in self.groups.iter().enumerate() {
            if let Some(parent) = group.parent {
                children[parent].push(Child::Group(i));
            }
        }
        children
    }

    /// Name of a child.
    pub(super) fn key(&self, child: Child) -> &str {
        match child {
            Child::Leaf(i) => &self.leaves[i].key,
            Child::Group(g) => &self.groups[g].key,
        }
    }

    /// Weight of a child as given.
    pub(super) fn weight(&self, child: Child) -> f64 {
        match child {
            Child::Leaf(i) => self.leaves[i].weight,
            Child::Group(g) => self.groups[g].weight,
        }
    }

    /// Whether each leaf counts: no weight is 0 from it up to the index (whose own weight says nothing).
    pub fn counted(&self) -> Vec<bool> {
        let groups = self.counted_groups();
        self.leaves.iter().map(|l| groups[l.parent] && l.weight > 0.0).collect()
    }

    /// Whether each group counts.
    pub(super) fn counted_groups(&self) -> Vec<bool> {
        let mut counted = vec![true; self.groups.len()];
        for (g, group) in self.groups.iter().enumerate().rev() {
            counted[g] = group.parent.is_none_or(|p| counted[p] && group.weight > 0.0);
        }
        counted
    }

    /// Weights to start from, by child: as given, 1 for each that counts, or points; 0 stays 0. Those of the first principal
    /// component need values and are made where the groups are put together; here they are as equal ones.
    pub(super) fn shares(&self, weighting: Weighting) -> Shares {
        let one = |w: f64| if w > 0.0 { 1.0 } else { 0.0 };
        let (leaves, groups): (Vec<f64>, Vec<f64>) = match weighting {
            Weighting::Given => (self.leaves.iter().map(|l| l.weight).collect(), self.groups.iter().map(|g| g.weight).collect()),
            Weighting::Equal | Weighting::Pca => {
                (self.leaves.iter().map(|l| one(l.weight)).collect(), self.groups.iter().map(|g| one(g.weight)).collect())
            }
            Weighting::Points(_) => self.points(),
        };
        let mut shares = Shares { leaves, groups };
        for children in self.children() {
            let sum: f64 = children.iter().map(|c| shares.of(*c)).sum();
            for child in children.into_iter().filter(|_| sum > 0.0) {
                *shares.of_mut(child) /= sum;
            }
        }
        shares
    }

    /// Points of leaves, and of groups as the sum of those below; a group of weight 0 has none.
    fn points(&self) -> (Vec<f64>, Vec<f64>) {
        let leaves: Vec<f64> = self.leaves.iter().map(|l| l.weight).collect();
        let mut groups = vec![0.0; self.groups.len()];
        for (i, leaf) in self.leaves.iter().enumerate() {
            groups[leaf.parent] += leaves[i];
        }
        for (g, group) in self.groups.iter().enumerate() {
            if let Some(parent) = group.parent {
                groups[g] = if group.weight > 0.0 { groups[g] } else { 0.0 };
                groups[parent] += groups[g];
            }
        }
        (leaves, groups)
    }

    /// Product of the weights from each leaf up to the index.
    pub(super) fn effective(&self, shares: &Shares) -> Vec<f64> {
        let mut groups = vec![1.0; self.groups.len()];
        for (g, group) in self.groups.iter().enumerate().rev() {
            if let Some(parent) = group.parent {
                groups[g] = groups[parent] * shares.groups[g];
            }
        }
        self.leaves.iter().enumerate().map(|(i, l)| groups[l.parent] * shares.leaves[i]).collect()
    }
}

/// Weights among siblings, which add up to 1 in each group that counts.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Shares {
    /// By leaf.
    pub leaves: Vec<f64>,
    /// By group; that of the index says nothing.
    pub groups: Vec<f64>,
}

impl Shares {
    pub(super) fn of(&self, child: Child) -> f64 {
        match child {
            Child::Leaf(i) => self.leaves[i],
            Child::Group(g) => self.groups[g],
        }
    }

    pub(super) fn of_mut(&mut self, child: Child) -> &mut f64 {
        match child {
            Child::Leaf(i) => &mut self.leaves[i],
            Child::Group(g) => &mut self.groups[g],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rank::composite::scene::tree;

    #[test]
    fn effective_weights_are_products_up_the_tree() {
        // a: 1 of 4 in g, g 3 of 5 ⇒ 0.15; b: 3 of 4 ⇒ 0.45; c alone in h, h 2 of 5 ⇒ 0.4
        let t = tree(&[("a", "g", 1.0), ("b", "g", 3.0), ("c", "h", 7.0)], &[("g", 3.0), ("h", 2.0)]);
        let effective = t.effective(&t.shares(Weighting::Given));
        assert!(effective.iter().zip([0.15, 0.45, 0.4]).all(|(a, b)| (a - b).abs() < 1e-15), "{effective:?}");
        // equal: g and h 1/2 each
        let effective = t.effective(&t.shares(Weighting::Equal));
        assert!(effective.iter().zip([0.25, 0.25, 0.5]).all(|(a, b)| (a - b).abs() < 1e-15), "{effective:?}");
        // points: 1 + 3 + 7 = 11, whatever the groups say
        let effective = t.effective(&t.shares(Weighting::Points(11)));
        assert!(effective.iter().zip([1.0, 3.0, 7.0]).all(|(a, b)| (a - b / 11.0).abs() < 1e-15), "{effective:?}");
    }
}
