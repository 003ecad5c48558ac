//! What a county costs, or counties that apply together. One rule for funding lines, eligibility and the selection, so that no two tables
//! can tell of one county's cost in two ways.

use super::evidence::Evidence;
use crate::config::RankTable;
use crate::config::rank_table::LineTable;
use crate::config::round_file::SelectTable;
use crate::space::units;
use std::collections::BTreeSet;

/// A cost that is not known.
pub const UNKNOWN: u64 = u64::MAX;

/// Money in hundredths; less than nothing counts as nothing.
pub fn hundredths(money: f64) -> u64 {
    u64::try_from(units::hundredths(money)).unwrap_or(0)
}

/// Where costs come from: a column of the county table, or one sum for each.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CostRule<'a> {
    /// The column with this header.
    Column(&'a str),
    /// Each the same.
    Each(f64),
}

impl<'a> CostRule<'a> {
    /// That of a funding line.
    pub fn of_line(line: &'a LineTable) -> Self {
        line.cost_header().map_or(Self::Each(line.cost.unwrap_or(0.0)), Self::Column)
    }

    /// That of a selection.
    pub fn of_selection(asked: &'a SelectTable) -> Self {
        asked.cost_column.as_deref().map_or(Self::Each(asked.cost.unwrap_or(0.0)), |column| Self::Column(column.trim()))
    }

    /// What one county costs by the rule, whatever was set by hand; none where that is not known.
    pub fn by_rule(self, evidence: &Evidence, county: usize) -> Option<f64> {
        match self {
            Self::Each(cost) => Some(cost),
            Self::Column(column) => evidence.units.get(county)?.columns.get(column).copied(),
        }
    }

    /// What one county costs by itself: by hand, else by the rule; none where that is not known.
    pub fn own(self, (evidence, table): (&Evidence, &RankTable), county: usize) -> Option<f64> {
        table.cost_by_hand(&evidence.units.get(county)?.code).or_else(|| self.by_rule(evidence, county))
    }

    /// What a county costs in hundredths, or all counties of the application that it leads, each by itself; [`UNKNOWN`] where one of them is
    /// not known: it cannot be paid for. The evidence is that of the counties, not yet put together.
    pub fn of(self, from: (&Evidence, &RankTable), county: usize) -> u64 {
        let own = |u: &usize| self.own(from, *u).map(hundredths);
        together(from, county).iter().map(own).try_fold(0u64, |sum, c| c.and_then(|c| sum.checked_add(c))).unwrap_or(UNKNOWN)
    }

    /// The first county of an application whose cost is not known.
    pub fn unknown(self, from: (&Evidence, &RankTable), county: usize) -> Option<usize> {
        together(from, county).into_iter().find(|u| self.own(from, *u).is_none())
    }
}

/// A county, or all of the application that it leads, in order.
fn together((evidence, table): (&Evidence, &RankTable), county: usize) -> BTreeSet<usize> {
    let lead = evidence.units.get(county).map_or("", |u| u.code.as_str());
    let members = table.joint.iter().filter(|j| j.lead == lead).flat_map(|j| &j.members);
    let number = |code: &String| evidence.units.iter().position(|u| u.code == *code);
    members.filter_map(number).chain([county]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::override_table::OverrideTable;
    use crate::config::rank_table::JointTable;
    use crate::rank::Unit;

    #[test]
    fn an_application_costs_what_its_counties_cost_by_hand_or_by_rule() {
        // 3 + 4.5 together; c is alone, d's is not known
        let unit = |(code, price): (&str, Option<f64>)| Unit {
            code: code.to_owned(),
            columns: price.map(|p| ("price".to_owned(), p)).into_iter().collect(),
            ..Unit::default()
        };
        let counties = [("a", Some(3.0)), ("b", Some(4.5)), ("c", Some(6.0)), ("d", None)];
        let evidence = Evidence { units: counties.map(unit).to_vec(), ..Evidence::default() };
        let joint = |lead: &str, member: &str| JointTable {
            name: lead.to_owned(),
            lead: lead.to_owned(),
            members: vec![member.to_owned(), lead.to_owned()],
        };
        let by_hand =
            |code: &str, cost: f64| OverrideTable { county: code.to_owned(), cost: Some(cost), ..OverrideTable::default() };
        let mut table = RankTable { joint: vec![joint("a", "b"), joint("c", "d")], ..RankTable::default() };
        let (column, each) = (CostRule::Column("price"), CostRule::Each(5.0));
        let costs = |rule: CostRule<'_>, table: &RankTable| [0, 1, 2, 3].map(|u| rule.of((&evidence, table), u));
        assert_eq!(costs(column, &table), [750, 450, UNKNOWN, UNKNOWN]);
        assert_eq!(costs(each, &table), [1000, 500, 1000, 500]);
        assert_eq!((column.unknown((&evidence, &table), 0), column.unknown((&evidence, &table), 2)), (None, Some(3)));
        // a member's by hand, whichever the rule is: 3 + 1, and 6 + 2 where nothing was known
        table.overrides = vec![by_hand("b", 1.0), by_hand("d", 2.0)];
        assert_eq!(costs(column, &table), [400, 100, 800, 200]);
        assert_eq!(costs(each, &table), [600, 100, 700, 200]);
        assert_eq!(column.unknown((&evidence, &table), 2), None);
    }
}
