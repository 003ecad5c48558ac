//! What is funded at once: a county by itself, or a joint application, which is funded whole or not at all and costs what all its counties cost
//! together; and how many of them at most, in all and of each province.

use crate::config::rank_table::JointTable;
use crate::config::round_file::SelectTable;
use crate::siting::{County, Offers, PickBound, Quota};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Counties that are funded together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FundingUnit {
    /// Name of the joint application; empty for a county by itself.
    pub name: String,
    /// Code of the county that leads it, or that it is.
    pub lead: String,
    /// Province of the lead; may be empty.
    pub province: String,
    /// The counties, by their place among the offers.
    pub offers: Vec<u32>,
}

/// What is funded at once, and how many of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FundingRules {
    /// Counties and joint applications; every offer is in one.
    pub units: Vec<FundingUnit>,
    /// At most so many of each province; a province that is not named has none. None where nothing is said.
    pub quotas: Option<BTreeMap<String, u32>>,
    /// At most so many in all.
    pub places: Option<u32>,
}

/// A plan of what is funded at once: how many of the first sites of each of its counties.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitPlan {
    /// What it costs, in whole units of the currency.
    pub cost: u64,
    /// What it covers, in whole units of the objective.
    pub value: u64,
    /// Sites by county, in the order of the unit.
    pub sites: Vec<u32>,
}

/// What the first, the first two, … sites of a county cost and cover.
pub type SitesOf = Vec<(u64, u64)>;

/// The same as a question to [`crate::siting`].
pub struct UnitOffers {
    /// The question.
    pub offers: Offers,
    /// Plans by unit.
    pub plans: Vec<Vec<UnitPlan>>,
    /// Provinces by number.
    pub provinces: Vec<String>,
}

/// Prices of money and of places from which a bound is computed again, in 4,294,967,296ths of the whole unit of the objective.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FundingPrices {
    /// Of a unit of money.
    pub money: i128,
    /// Of a place in a province, where it has a price.
    pub province: BTreeMap<String, i128>,
    /// Of a place among all.
    pub all: i128,
}

impl FundingRules {
    /// Of counties with these codes, of which some may apply jointly; `province` gives each code its province.
    pub fn of(codes: &[&str], joint: &[JointTable], province: &dyn Fn(&str) -> String, select: Option<&SelectTable>) -> Self {
        let at = |code: &str| codes.iter().position(|c| *c == code).map(|i| i as u32);
        let mut units = Vec::new();
        let mut taken = vec![false; codes.len()];
        for j in joint {
            let mut offers: Vec<u32> = std::iter::once(&j.lead).chain(&j.members).filter_map(|c| at(c)).collect();
            offers.sort_unstable();
            offers.dedup();
            offers.retain(|i| !std::mem::replace(&mut taken[*i as usize], true));
            if !offers.is_empty() {
                units.push(FundingUnit { name: j.name.clone(), lead: j.lead.clone(), province: province(&j.lead), offers });
            }
        }
        let single = |(i, code): (usize, &&str)| FundingUnit {
            name: String::new(),
            lead: (*code).to_owned(),
            province: province(code),
            offers: vec![i as u32],
        };
        units.extend(codes.iter().enumerate().filter(|(i, _)| !taken[*i]).map(single));
        units.sort_by_key(|u| u.offers[0]);
        let whole = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let quotas = select.and_then(|s| s.quotas.as_ref());
        Self {
            units,
            quotas: quotas.map(|q| q.iter().map(|(name, n)| (name.clone(), whole(*n))).collect()),
            places: select.and_then(|s| s.places).map(whole),
        }
    }

    /// The unit that an offer is in.
    pub fn unit_of(&self, offer: u32) -> Option<&FundingUnit> {
        self.units.iter().find(|u| u.offers.contains(&offer))
    }

    /// Whether any counties apply jointly.
    pub fn any_joint(&self) -> bool {
        self.units.iter().any(|u| !u.name.is_empty())
    }

    /// As a question, from what the sites of each county cost and cover.
    pub fn offers(&self, counties: &[SitesOf]) -> UnitOffers {
        let mut provinces: Vec<String> = self.units.iter().map(|u| u.province.clone()).collect();
        provinces.sort_unstable();
        provinces.dedup();
        let number = |name: &String| provinces.binary_search(name).unwrap_or(0) as u32;
        let plans: Vec<Vec<UnitPlan>> = self.units.iter().map(|u| u.plans(counties)).collect();
        let county = |(unit, plans): (&FundingUnit, &Vec<UnitPlan>)| County {
            province: number(&unit.province),
            plans: plans.iter().map(|p| (p.cost, p.value)).collect(),
        };
        // a province that is not named has no place
        let most = |name: &String| self.quotas.as_ref().map_or(u32::MAX, |q| q.get(name).copied().unwrap_or(0));
        let quotas = provinces.iter().map(|name| Quota { least: 0, most: most(name) }).collect();
        let counties = self.units.iter().zip(&plans).map(county).collect();
        UnitOffers { offers: Offers { counties, quotas, most: self.places }, plans, provinces }
    }
}

impl FundingUnit {
    /// What can be funded of it: of a county its first sites; of a joint application so many of each of its counties that have a plan, where nothing
    /// that costs no more covers more.
    fn plans(&self, counties: &[SitesOf]) -> Vec<UnitPlan> {
        let mut all = vec![UnitPlan { cost: 0, value: 0, sites: Vec::new() }];
        let joint = self.offers.len() > 1;
        for sites in self.offers.iter().map(|i| &counties[*i as usize]) {
            let with = |p: &UnitPlan, n: u32, (cost, value): (u64, u64)| UnitPlan {
                cost: p.cost.saturating_add(cost),
                value: p.value.saturating_add(value),
                sites: p.sites.iter().copied().chain([n]).collect(),
            };
            // who has nothing to build takes part without
            let own = || (1u32..).zip(sites.iter().copied()).chain(sites.is_empty().then_some((0, (0, 0))));
            all = all.iter().flat_map(|p| own().map(|(n, of)| with(p, n, of))).collect();
            if joint {
                undominated(&mut all);
            }
        }
        all.retain(|p| p.sites.iter().any(|n| *n > 0));
        all
    }
}

/// Plans that cost no less and cover no more go; the rest stands by cost.
fn undominated(all: &mut Vec<UnitPlan>) {
    all.sort_by(|a, b| a.cost.cmp(&b.cost).then(b.value.cmp(&a.value)).then(a.sites.cmp(&b.sites)));
    let mut most = None;
    all.retain(|p| {
        let better = most.is_none_or(|m| p.value > m);
        if better {
            most = Some(p.value);
        }
        better
    });
}

impl UnitOffers {
    /// Sites by offer of plans of units, in the order of the offers.
    pub fn sites(&self, rules: &FundingRules, chosen: &[(u32, u32)]) -> Vec<(u32, u32)> {
        let of = |(unit, plan): &(u32, u32)| {
            let sites = self.plans[*unit as usize][*plan as usize].sites.iter().copied();
            rules.units[*unit as usize].offers.iter().copied().zip(sites).collect::<Vec<_>>()
        };
        let mut all: Vec<(u32, u32)> = chosen.iter().flat_map(of).filter(|(_, n)| *n > 0).collect();
        all.sort_unstable();
        all
    }

    /// Prices as they are kept.
    pub fn kept(&self, prices: &PickBound) -> FundingPrices {
        let named = self.provinces.iter().zip(&prices.place).filter(|(_, price)| **price != 0);
        let province = named.map(|(name, price)| (name.clone(), *price)).collect();
        FundingPrices { money: prices.money, province, all: prices.all }
    }

    /// Kept prices as they were found.
    pub fn as_found(&self, prices: &FundingPrices) -> PickBound {
        let place = self.provinces.iter().map(|name| prices.province.get(name).copied().unwrap_or(0)).collect();
        PickBound { money: prices.money, place, all: prices.all }
    }

    /// The bound that kept prices give at a budget; none where they give none.
    pub fn bound(&self, prices: &FundingPrices, budget: u64) -> Option<u64> {
        self.as_found(prices).value(&self.offers, budget)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_joint_application_is_one_place_and_costs_what_all_its_counties_cost() {
        let joint = JointTable { name: "both".to_owned(), lead: "12".to_owned(), members: vec!["11".to_owned()] };
        let select = SelectTable { places: Some(1), quotas: Some([("1".to_owned(), 4)].into()), ..SelectTable::default() };
        let province = |code: &str| code[..1].to_owned();
        let rules = FundingRules::of(&["11", "12", "21"], &[joint], &province, Some(&select));
        let units: Vec<_> = rules.units.iter().map(|u| (u.lead.as_str(), u.province.as_str(), u.offers.clone())).collect();
        assert_eq!(units, [("12", "1", vec![0, 1]), ("21", "2", vec![2])]);
        // of 11 the first site costs 3 and covers 5, two cost 9 and cover 8; of 12 it is 4 and 4, 5 and 6
        let counties = [vec![(3, 5), (9, 8)], vec![(4, 4), (5, 6)], vec![(1, 1)]];
        let all = rules.offers(&counties);
        let told: Vec<_> = all.plans[0].iter().map(|p| (p.cost, p.value, p.sites.clone())).collect();
        assert_eq!(told, [(7, 9, vec![1, 1]), (8, 11, vec![1, 2]), (13, 12, vec![2, 1]), (14, 14, vec![2, 2])]);
        assert_eq!(all.sites(&rules, &[(0, 1), (1, 0)]), [(0, 1), (1, 2), (2, 1)]);
        // province 2 has no place, and one is all there is
        assert_eq!(all.offers.quotas.iter().map(|q| q.most).collect::<Vec<_>>(), [4, 0]);
        assert_eq!(all.offers.most, Some(1));
        // who has no plan takes part without
        let none = rules.offers(&[vec![], vec![(4, 4)], vec![]]);
        assert_eq!(none.plans[0], [UnitPlan { cost: 4, value: 4, sites: vec![0, 1] }]);
        assert!(none.plans[1].is_empty());
    }
}
