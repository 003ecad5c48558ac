//! Who is funded: down the national ranking, as long as places, quotas of the provinces and money last. Every county gets a reason.

use super::cost::CostRule;
pub use super::cost::{UNKNOWN, hundredths};
use super::spent::MostSpent;
use crate::config::round_file::SelectTable;
use crate::rank::{Evidence, RankRow, RankSettings, Ranking};
use std::collections::BTreeMap;

/// Why a county is selected or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// It is selected.
    Selected,
    /// It is funded by hand.
    ByHand,
    /// It belongs to a joint application that is selected.
    WithLead,
    /// It is not funded, by hand.
    Withheld,
    /// It is not ranked.
    NotRanked,
    /// All places were taken by counties above it.
    NoPlaceLeft,
    /// Its province has no quota.
    NoQuota,
    /// The quota of its province was taken by counties above it.
    QuotaUsed,
    /// What was left of the budget does not pay for it.
    BudgetUsed,
    /// What it costs is not known.
    CostUnknown,
    /// It lacks values, and the budget does not pay for it and all above it in whatever order those stand.
    BoundsOpen,
    /// A county above it could not be paid for, and the selection ended there.
    EndedAbove,
    /// It belongs to a joint application that is not selected.
    LeadNotSelected,
}

impl Why {
    /// The word in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Selected => "selected",
            Self::ByHand => "funded_by_hand",
            Self::WithLead => "selected_with_lead",
            Self::Withheld => "withheld_by_hand",
            Self::NotRanked => "not_ranked",
            Self::NoPlaceLeft => "no_place_left",
            Self::NoQuota => "province_without_quota",
            Self::QuotaUsed => "quota_used",
            Self::BudgetUsed => "budget_used",
            Self::CostUnknown => "cost_unknown",
            Self::BoundsOpen => "bounds_open",
            Self::EndedAbove => "ended_above",
            Self::LeadNotSelected => "lead_not_selected",
        }
    }

    /// Whether the county is funded.
    pub fn is_selected(self) -> bool {
        self.takes_a_place() || self == Self::WithLead
    }

    /// Whether it takes a place of its own, and money.
    pub fn takes_a_place(self) -> bool {
        matches!(self, Self::Selected | Self::ByHand)
    }
}

/// What became of a county.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// County index.
    pub county: usize,
    /// Why.
    pub why: Why,
    /// What it costs, hundredths of the money, or [`UNKNOWN`]; none without a budget, and for members of an application.
    pub cost: Option<u64>,
    /// What was left when its turn came, hundredths of the money.
    pub left: Option<u64>,
    /// How many of its province were selected above it.
    pub of_province: usize,
}

/// What is left of places, quotas and money on the way down.
struct Rest<'a> {
    left: Option<u64>,
    taken: usize,
    by_province: BTreeMap<&'a str, usize>,
}

impl<'a> Rest<'a> {
    /// What became of a county, which takes what it is given.
    fn choice(&mut self, county: usize, province: &'a str, (why, cost): (Why, Option<u64>)) -> Choice {
        let of_province = self.of(province);
        let choice = Choice { county, why, cost, left: self.left, of_province };
        if why.takes_a_place() {
            self.left = self.left.zip(cost).map(|(left, cost)| left.saturating_sub(cost));
            self.taken += 1;
            *self.by_province.entry(province).or_default() += 1;
        }
        choice
    }

    fn of(&self, province: &str) -> usize {
        self.by_province.get(province).copied().unwrap_or(0)
    }
}

/// Goes down the ranking; one choice a county, by county index. Counties that are funded by hand come first, out of the same places, quotas
/// and money.
pub fn select(asked: &SelectTable, ranking: &Ranking, evidence: &Evidence, settings: &RankSettings) -> Vec<Choice> {
    let mut rest = Rest { left: asked.budget.map(hundredths), taken: 0, by_province: BTreeMap::new() };
    let mut ended = false;
    let mut choices = Vec::with_capacity(evidence.units.len());
    let code = |county: usize| evidence.units[county].code.as_str();
    let cost = |county: usize| asked.budget.map(|_| CostRule::of_selection(asked).of((evidence, &settings.table), county));
    let by_hand = |county: usize| settings.table.funded_by_hand(code(county));
    for row in ranking.rows.iter().filter(|r| by_hand(r.county) == Some(true)) {
        choices.push(rest.choice(row.county, settings.province(code(row.county)), (Why::ByHand, cost(row.county))));
    }
    // what is left for the others, in whatever order those stand
    let any_relative = ranking.rows.iter().any(RankRow::is_relative);
    let (budget, set) = (rest.left.unwrap_or(0), rest.by_province.clone());
    let mut above = MostSpent::new(asked.places.map(|p| p.saturating_sub(rest.taken)));
    for row in ranking.rows.iter().filter(|r| r.rank.is_some() && by_hand(r.county) != Some(true)) {
        let province = settings.province(code(row.county));
        let (cost, of_province) = (cost(row.county), rest.of(province));
        let quota = asked.quotas.as_ref().map(|q| q.get(province).copied().unwrap_or(0));
        let why = match () {
            () if by_hand(row.county) == Some(false) => Why::Withheld,
            () if !asked.is_asked() => Why::NoPlaceLeft,
            () if asked.places.is_some_and(|p| rest.taken >= p) => Why::NoPlaceLeft,
            // first what more money would not change
            () if quota == Some(0) => Why::NoQuota,
            () if quota.is_some_and(|q| of_province >= q) => Why::QuotaUsed,
            () if cost == Some(UNKNOWN) => Why::CostUnknown,
            () if ended => Why::EndedAbove,
            // what others do not say may put those above it in another order, but never it above them
            () if row.is_relative() && cost.is_some_and(|c| above.with(&province, c) > budget) => Why::BoundsOpen,
            () if cost.zip(rest.left).is_some_and(|(cost, left)| cost > left) => {
                ended = !asked.skip;
                Why::BudgetUsed
            }
            () => Why::Selected,
        };
        choices.push(rest.choice(row.county, province, (why, cost)));
        if let Some(cost) = cost.filter(|c| *c < UNKNOWN && any_relative && why != Why::Withheld) {
            above.add(province, quota.map(|q| q.saturating_sub(set.get(province).copied().unwrap_or(0))), cost);
        }
    }
    let selected: BTreeMap<usize, bool> = choices.iter().map(|c| (c.county, c.why.is_selected())).collect();
    for row in ranking.rows.iter().filter(|r| r.rank.is_none() && by_hand(r.county) != Some(true)) {
        let lead = settings.table.joint.iter().find(|j| j.has_member(code(row.county))).map(|j| &j.lead);
        let lead = lead.and_then(|code| evidence.units.iter().position(|u| u.code == *code));
        let why = match lead.map(|l| selected.get(&l).copied().unwrap_or(false)) {
            Some(true) => Why::WithLead,
            Some(false) => Why::LeadNotSelected,
            None => Why::NotRanked,
        };
        choices.push(Choice { county: row.county, why, cost: None, left: None, of_province: 0 });
    }
    choices.sort_by_key(|c| c.county);
    choices
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::RankTable;
    use crate::rank::{ScoreEnds, Unit};

    /// Counties 0 … in the order of the ranking, of these codes.
    fn choices(codes: &[&str], asked: &SelectTable, costs: &[f64]) -> Vec<&'static str> {
        let (evidence, ranking, settings) = scene(codes, costs);
        select(asked, &ranking, &evidence, &settings).iter().map(|c| c.why.as_str()).collect()
    }

    /// The same before anything is selected; a cost of NaN is not known.
    fn scene(codes: &[&str], costs: &[f64]) -> (Evidence, Ranking, RankSettings) {
        let unit = |(i, code): (usize, &&str)| Unit {
            code: (*code).to_owned(),
            columns: costs.get(i).filter(|c| !c.is_nan()).map(|c| ("price".to_owned(), *c)).into_iter().collect(),
            ..Unit::default()
        };
        let evidence = Evidence { units: codes.iter().enumerate().map(unit).collect(), ..Evidence::default() };
        let row = |i: usize| RankRow { county: i, rank: Some(i as u32 + 1), ..RankRow::default() };
        let ranking = Ranking { rows: (0..codes.len()).map(row).collect(), ..Ranking::default() };
        (evidence, ranking, RankSettings::from_table(&RankTable::default()).unwrap())
    }

    #[test]
    fn quotas_places_and_money_hold_together() {
        let codes = ["110101", "110102", "120101", "110103", "130101"];
        let quotas = Some(BTreeMap::from([("11".to_owned(), 1), ("12".to_owned(), 5)]));
        let asked = SelectTable { quotas: quotas.clone(), ..SelectTable::default() };
        // 11 has one place, 12 five, 13 is not named
        let want = ["selected", "quota_used", "selected", "quota_used", "province_without_quota"];
        assert_eq!(choices(&codes, &asked, &[]), want);
        // money for one: 45 of 60; the second that could have a place costs 45 too, and ends it
        let asked = SelectTable { quotas, budget: Some(60.0), cost: Some(45.0), ..SelectTable::default() };
        assert_eq!(
            choices(&codes, &asked, &[]),
            ["selected", "quota_used", "budget_used", "quota_used", "province_without_quota"]
        );
        let asked = SelectTable { places: Some(2), ..SelectTable::default() };
        assert_eq!(choices(&codes, &asked, &[])[1..4], ["selected", "no_place_left", "no_place_left"]);
    }

    #[test]
    fn what_is_too_dear_is_passed_over_where_that_is_asked_for() {
        let codes = ["110101", "110102", "110103"];
        let price = Some("price".to_owned());
        let asked = SelectTable { budget: Some(10.0), cost_column: price, skip: true, ..SelectTable::default() };
        // 6 of 10, then 5 of the 4 that are left, then 4 of 4
        assert_eq!(choices(&codes, &asked, &[6.0, 5.0, 4.0]), ["selected", "budget_used", "selected"]);
        // ten times 0.1 are 1: counted in hundredths, no rounding leaves the last one out
        let tenths = SelectTable { budget: Some(1.0), cost: Some(0.1), ..SelectTable::default() };
        assert_eq!(choices(&["110101"; 11], &tenths, &[]).iter().filter(|w| **w == "selected").count(), 10);
        // 29 and 1 of 30 hundredths leave nothing for the third; rounded down, 0.29 would be 28 and leave one
        let price = Some("price".to_owned());
        let asked = SelectTable { budget: Some(0.3), cost_column: price, ..SelectTable::default() };
        assert_eq!(choices(&codes, &asked, &[0.29, 0.01, 0.01]), ["selected", "selected", "budget_used"]);
        // a cost that is not known is none that can be paid
        let asked = SelectTable { budget: Some(10.0), cost_column: Some("none".to_owned()), ..SelectTable::default() };
        assert_eq!(choices(&codes, &asked, &[])[0], "cost_unknown");
    }

    #[test]
    fn a_cost_that_is_not_known_is_never_paid_and_ends_nothing() {
        let codes = ["110101", "110102", "110103", "110104"];
        let asked = SelectTable { budget: Some(10.0), cost_column: Some("price".to_owned()), ..SelectTable::default() };
        // NaN: a blank cell. 6 of 10; not known; 4 of 4; then nothing is left, which ends it
        assert_eq!(choices(&codes, &asked, &[6.0, f64::NAN, 4.0, 1.0]), ["selected", "cost_unknown", "selected", "budget_used"]);
        // the budget ended above: more money would not change that its cost is not known
        assert_eq!(
            choices(&codes, &asked, &[6.0, 5.0, f64::NAN, 1.0]),
            ["selected", "budget_used", "cost_unknown", "ended_above"]
        );
        // one place, and it is not taken by who cannot be paid
        let one = SelectTable { places: Some(1), ..asked };
        assert_eq!(choices(&codes, &one, &[f64::NAN, 6.0, 1.0, 1.0])[..2], ["cost_unknown", "selected"]);
    }

    #[test]
    fn who_stands_by_bounds_on_a_relative_scale_is_paid_in_whatever_order_the_others_stand() {
        let codes = ["110101", "110102", "110103"];
        let quotas = Some(BTreeMap::from([("11".to_owned(), 2)]));
        let asked = SelectTable {
            quotas,
            budget: Some(10.0),
            cost_column: Some("price".to_owned()),
            skip: true,
            ..SelectTable::default()
        };
        let open = |costs: &[f64]| {
            let (evidence, mut ranking, settings) = scene(&codes, costs);
            let ends = ScoreEnds { low: 0.0, high: 1.0, rank_high: 1, relative: true };
            ranking.rows[2].ends = Some(ends);
            select(&asked, &ranking, &evidence, &settings).iter().map(|c| c.why.as_str()).collect::<Vec<_>>()
        };
        // 3 of 10, then 8 of 7: passed over; the third costs 4 of 7. With the two above it exchanged, 8 of 10 would be spent.
        assert_eq!(choices(&codes, &asked, &[3.0, 8.0, 4.0]), ["selected", "budget_used", "selected"]);
        assert_eq!(open(&[3.0, 8.0, 4.0]), ["selected", "budget_used", "bounds_open"]);
        // of 3 and 6 the dearer is 6, and 6 + 4 are paid for
        assert_eq!(open(&[3.0, 11.0, 4.0])[2], "bounds_open");
        assert_eq!(open(&[6.0, f64::NAN, 4.0]), ["selected", "cost_unknown", "selected"]);
    }

    #[test]
    fn what_was_decided_by_hand_comes_first_and_out_of_the_same_money() {
        let table = |list: &[(&str, Option<bool>, Option<f64>)]| {
            let one = |(county, funded, cost): &(&str, Option<bool>, Option<f64>)| crate::config::override_table::OverrideTable {
                county: (*county).to_owned(),
                funded: *funded,
                cost: *cost,
                ..Default::default()
            };
            RankTable { overrides: list.iter().map(one).collect(), ..RankTable::default() }
        };
        let codes = ["110101", "110102", "110103", "110104"];
        let unit = |code: &&str| Unit { code: (*code).to_owned(), ..Unit::default() };
        let evidence = Evidence { units: codes.iter().map(unit).collect(), ..Evidence::default() };
        // the last one is not ranked
        let row = |i: usize| RankRow { county: i, rank: (i < 3).then_some(i as u32 + 1), ..RankRow::default() };
        let ranking = Ranking { rows: (0..4).map(row).collect(), ..Ranking::default() };
        let told = |asked: &SelectTable, list: &[(&str, Option<bool>, Option<f64>)]| {
            let settings = RankSettings::from_table(&table(list)).unwrap();
            let choices = select(asked, &ranking, &evidence, &settings);
            choices.iter().map(|c| (c.why.as_str(), c.cost, c.left)).collect::<Vec<_>>()
        };
        let asked = SelectTable { budget: Some(10.0), cost: Some(5.0), ..SelectTable::default() };
        // 5 of 10 to the third by hand, 5 of 5 to the first, nothing for the second
        let want = [
            ("selected", Some(500), Some(500)),
            ("budget_used", Some(500), Some(0)),
            ("funded_by_hand", Some(500), Some(1000)),
            ("not_ranked", None, None),
        ];
        assert_eq!(told(&asked, &[("110103", Some(true), None)]), want);
        // the first gets nothing and takes nothing; the second costs 6 by hand, so that 4 are left for 5
        let want = [("withheld_by_hand", 1000), ("selected", 1000), ("budget_used", 400)];
        let found = told(&asked, &[("110101", Some(false), None), ("110102", None, Some(6.0))]);
        assert_eq!(found[..3].iter().map(|c| (c.0, c.2.unwrap())).collect::<Vec<_>>(), want);
        // one that is not ranked is funded before all that are
        let places = SelectTable { places: Some(1), ..SelectTable::default() };
        let found = told(&places, &[("110104", Some(true), None)]);
        assert_eq!(
            found.iter().map(|c| c.0).collect::<Vec<_>>(),
            ["no_place_left", "no_place_left", "no_place_left", "funded_by_hand"]
        );
    }
}
