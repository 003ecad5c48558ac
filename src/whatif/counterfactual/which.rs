//! Whose new stations are tried: the counties that were named, else those that a line might pass either way.

use super::Ranked;
use crate::config::rank_table::LineTable;
use crate::error::{Error, Location, Result};
use crate::issue::{IssueCode, Issues, Layer};
use crate::rank::uncertainty::{Band, UnitChance};
use crate::rank::{JointMember, RankRow, Unit};
use std::collections::{BTreeMap, BTreeSet};

/// So many of the ranking where there is no line.
const FIRST: usize = 5;
/// Places on either side of a cut that are near it.
const NEAR: usize = 2;

/// Units whose stations are tried: as named, or in the order of the ranking. A county of a joint application is its lead.
///
/// # Errors
/// Usage, for a code that is not a county.
pub fn units(ranked: Ranked<'_>, joint: &BTreeMap<usize, JointMember>, issues: &mut Issues) -> Result<Vec<usize>> {
    let asked = &ranked.settings.table.counterfactuals;
    let mut units = match &asked.counties {
        Some(codes) => named(ranked, joint, codes, issues)?,
        None => by_ranking(ranked),
    };
    units.truncate(asked.most);
    Ok(units)
}

fn named(ranked: Ranked<'_>, joint: &BTreeMap<usize, JointMember>, codes: &[String], issues: &mut Issues) -> Result<Vec<usize>> {
    let mut units = Vec::new();
    for code in codes {
        let unit = number(code, &ranked.evidence.units)?;
        let unit = joint.get(&unit).map_or(unit, |m| m.lead);
        if ranked.assessment.ranking.of(unit).is_none_or(|r| r.rank.is_none()) {
            let what = "no new stations were tried for the county: it is not ranked";
            issues.push(Layer::Ranking, IssueCode::CounterfactualLeftOut, Location::default().id(code.as_str()), what);
        } else if !units.contains(&unit) {
            units.push(unit);
        }
    }
    Ok(units)
}

fn number(code: &str, units: &[Unit]) -> Result<usize> {
    units.iter().position(|u| u.code == code).ok_or_else(|| {
        let at = Location::default().field("rank.counterfactuals.counties");
        Error::usage(format!("no county has the code {code}"), "give the codes of counties of this run").at(at)
    })
}

/// Checks that codes that `[rank.counterfactuals]` names are counties.
///
/// # Errors
/// Usage, for one that is not.
pub fn check_codes<'c>(mut codes: impl Iterator<Item = &'c String>, units: &[Unit]) -> Result<()> {
    codes.try_for_each(|code| number(code, units).map(drop))
}

fn by_ranking(ranked: Ranked<'_>) -> Vec<usize> {
    let rows: Vec<&RankRow> = ranked.assessment.ranking.rows.iter().filter(|r| r.rank.is_some()).collect();
    let lines = &ranked.settings.table.lines;
    if lines.is_empty() {
        return rows.iter().take(FIRST).map(|r| r.county).collect();
    }
    let mut near = BTreeSet::new();
    for (n, line) in lines.iter().enumerate() {
        let against = Against { ranked, n, line };
        near.extend(rows.iter().filter(|r| against.contested(r)).map(|r| r.county));
        near.extend(against.near_the_cut(&rows));
    }
    rows.iter().map(|r| r.county).filter(|c| near.contains(c)).collect()
}

/// A line, and where rows stand against it.
struct Against<'a> {
    ranked: Ranked<'a>,
    n: usize,
    line: &'a LineTable,
}

impl Against<'_> {
    fn chance(&self, row: &RankRow) -> Option<&UnitChance> {
        let sureness = self.ranked.assessment.sureness.as_ref()?;
        sureness.ranges.lines.get(self.n)?.units.iter().find(|c| c.unit == row.county)
    }

    fn contested(&self, row: &RankRow) -> bool {
        self.chance(row).is_some_and(|c| c.band == Band::Contested)
    }

    fn province(&self, row: &RankRow) -> &str {
        self.ranked.settings.province(&self.ranked.evidence.units[row.county].code)
    }

    /// Whether a row is above the line as things are. Without draws that is known of places and quotas, not of money.
    fn above(&self, row: &RankRow) -> bool {
        if self.ranked.assessment.sureness.is_some() {
            return self.chance(row).is_some_and(|c| c.nominal);
        }
        let within = |place: Option<u32>, places: usize| place.is_some_and(|p| p as usize <= places);
        let of_quota = |q: &BTreeMap<String, usize>| q.get(self.province(row)).is_some_and(|k| within(row.rank_in_province, *k));
        self.line.places.is_some_and(|k| within(row.rank, k)) || self.line.quota.as_ref().is_some_and(of_quota)
    }

    /// The last that are above the line and the first that are not; of a quota in each province that has places.
    fn near_the_cut(&self, rows: &[&RankRow]) -> Vec<usize> {
        let mut groups: BTreeMap<&str, Vec<&RankRow>> = BTreeMap::new();
        for row in rows {
            groups.entry(if self.line.quota.is_some() { self.province(row) } else { "" }).or_default().push(row);
        }
        let of_group = |group: &Vec<&RankRow>| -> Vec<usize> {
            let Some(last) = group.iter().rposition(|r| self.above(r)) else { return Vec::new() };
            let cut = last + 1;
            group[cut.saturating_sub(NEAR)..group.len().min(cut + NEAR)].iter().map(|r| r.county).collect()
        };
        groups.values().flat_map(of_group).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::RankTable;
    use crate::config::rank_table::{CounterfactualTable, UncertaintyTable};
    use crate::rank::{CountyFigures, Evidence, RankSettings, StationSet, Unit, assess};

    /// Twelve counties of two provinces, the first of each list short of most road.
    fn chosen(table: RankTable) -> Result<Vec<usize>> {
        let code = |i: usize| format!("{}{i:04}", 50 + i % 2);
        let county = |i: usize| {
            let mut f = CountyFigures { code: code(i), ..CountyFigures::default() };
            (f.road_mm[5], f.gap_mm[5]) = (100, 90 - i as u64);
            f
        };
        let unit = |i: usize| Unit { code: code(i), ..Unit::default() };
        let evidence = Evidence {
            units: (0..12).map(unit).collect(),
            distances_mm: vec![10_000_000],
            stations: vec![StationSet::All],
            figures: vec![(0..12).map(county).collect()],
            residents_given: false,
        };
        let still = UncertaintyTable { draws: 0, ..UncertaintyTable::default() };
        let settings = RankSettings::from_table(&RankTable { uncertainty: still, ..table }).unwrap();
        let mut issues = Issues::default();
        let assessment = assess(&evidence, &settings, &mut issues).unwrap();
        let ranked = Ranked { evidence: &evidence, settings: &settings, assessment: &assessment };
        units(ranked, &BTreeMap::new(), &mut issues)
    }

    fn line(line: LineTable) -> RankTable {
        RankTable { lines: vec![LineTable { name: "l".to_owned(), ..line }], ..RankTable::default() }
    }

    #[test]
    fn those_near_a_cut_are_tried() {
        // Places are those of the list: 0 is first. Four places end after 3: two on either side are 2, 3 | 4, 5.
        assert_eq!(chosen(line(LineTable { places: Some(4), ..LineTable::default() })).unwrap(), [2, 3, 4, 5]);
        // Province 50 has 0, 2, 4, …: one place ends after 0, so 0 | 2, 4; province 51 has none and no cut.
        let quota = LineTable { quota: Some([("50".to_owned(), 1)].into()), ..LineTable::default() };
        assert_eq!(chosen(line(quota)).unwrap(), [0, 2, 4]);
        // No line: the first five; at most two of them where that is asked.
        assert_eq!(chosen(RankTable::default()).unwrap(), [0, 1, 2, 3, 4]);
        let few = |most, counties| CounterfactualTable { most, counties, ..CounterfactualTable::default() };
        assert_eq!(chosen(RankTable { counterfactuals: few(2, None), ..RankTable::default() }).unwrap(), [0, 1]);
        let by_name = |code: &str| RankTable { counterfactuals: few(9, Some(vec![code.to_owned()])), ..RankTable::default() };
        assert_eq!(chosen(by_name("510007")).unwrap(), [7]);
        assert!(chosen(by_name("510008")).unwrap_err().to_string().contains("510008"));
    }
}
