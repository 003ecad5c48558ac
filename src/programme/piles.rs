//! Standard piles (标准桩): what the county pilot counts in.

use super::profile::Profile;
use super::qualify::Offer;
use serde::{Deserialize, Serialize};

/// `[standard_pile]`: the facts of the conversion, by key.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PileRule {
    /// Rated power of a standard pile.
    pub standard_kw: String,
    /// Power that one of its guns has to be able to give.
    pub gun_kw: String,
    /// From here on the conversion below does not hold.
    pub below_kw: String,
    /// What the rated power of a pile is divided by.
    pub divisor_kw: String,
    /// The same of a pile at or above `below_kw`.
    pub large_divisor_kw: String,
    /// The same of the chargers of a swap station.
    pub swap_divisor_kw: String,
    /// Vehicle to grid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub v2g: Option<V2gPiles>,
}

/// `[standard_pile.v2g]`, by key.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct V2gPiles {
    /// Total discharge power, at least.
    pub least_kw: String,
    /// Energy discharged, at least.
    pub least_kwh: String,
    /// Whole parts of this power count.
    pub unit_kw: String,
    /// Standard piles for each.
    pub factor: String,
}

impl PileRule {
    /// The facts that it names, with the key that names each.
    pub fn named(&self) -> Vec<(&'static str, &str)> {
        let mut all = vec![
            ("standard_kw", self.standard_kw.as_str()),
            ("gun_kw", &self.gun_kw),
            ("below_kw", &self.below_kw),
            ("divisor_kw", &self.divisor_kw),
            ("large_divisor_kw", &self.large_divisor_kw),
            ("swap_divisor_kw", &self.swap_divisor_kw),
        ];
        if let Some(v) = &self.v2g {
            let of = [
                ("v2g.least_kw", &v.least_kw),
                ("v2g.least_kwh", &v.least_kwh),
                ("v2g.unit_kw", &v.unit_kw),
                ("v2g.factor", &v.factor),
            ];
            all.extend(of.map(|(key, fact)| (key, fact.as_str())));
        }
        all
    }
}

/// Piles of one kind, or the chargers of a swap station.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Pile {
    /// How many.
    pub count: u32,
    /// Rated power of each, kW; of a swap station that of its chargers together.
    pub rated_kw: f64,
    /// Power that its strongest gun can give, kW.
    pub gun_kw: Option<f64>,
    /// Direct current.
    pub dc: Option<bool>,
    /// It is a swap station.
    pub swap: bool,
}

/// What piles are in standard piles.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
pub enum Piles {
    /// Converted by the published rule.
    Converted,
    /// Converted as the user set it: nothing is published.
    AsSet,
    /// None: too weak, or no direct current.
    None,
    /// Nothing is published, and nothing is set.
    NotPublished,
    /// It is not known whether they have direct current, or a gun of that power.
    CannotBeTold,
}

/// Standard piles of some piles together, apart by how they were counted.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub struct PileCount {
    /// Standard piles by the published rule.
    pub converted: f64,
    /// Standard piles as the user set it.
    pub as_set: f64,
    /// Piles that are none.
    pub none: u32,
    /// Piles, and swap stations, for which nothing is published or set.
    pub not_published: u32,
    /// Their rated power, kW.
    pub not_published_kw: f64,
    /// Piles of which too little is known.
    pub cannot_be_told: u32,
    /// Standard piles that these would be at most; none where even that is not known of some.
    pub at_most_more: Option<f64>,
}

impl PileCount {
    /// Standard piles that are known.
    pub fn known(&self) -> f64 {
        self.converted + self.as_set
    }

    /// Nothing counted yet.
    fn none_yet() -> Self {
        Self { at_most_more: Some(0.0), ..Self::default() }
    }

    /// Piles of which too little is known, with what they would be at most.
    fn untold(piles: u32, at_most: Option<f64>) -> Self {
        Self { cannot_be_told: piles, at_most_more: at_most, ..Self::default() }
    }

    /// Both together.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        Self {
            converted: self.converted + other.converted,
            as_set: self.as_set + other.as_set,
            none: self.none + other.none,
            not_published: self.not_published + other.not_published,
            not_published_kw: self.not_published_kw + other.not_published_kw,
            cannot_be_told: self.cannot_be_told + other.cannot_be_told,
            at_most_more: self.at_most_more.zip(other.at_most_more).map(|(a, b)| a + b),
        }
    }
}

/// Standard piles of a station, as far as its register tells its piles. Guns that all have the power of the strongest, so that together they
/// make up the rated power, count as a pile each; two on one pile would give the same sum. What shares a power in other ways cannot be told:
/// at most its rated power counts.
fn of_station(profile: &Profile, rule: &PileRule, s: &Offer) -> PileCount {
    let swapping = s.swap.then(|| {
        // the power of a station that charges too is that of its guns
        let rated_kw = s.total_kw.filter(|_| !s.charging);
        match (rated_kw, profile.number(&rule.swap_divisor_kw)) {
            (None, Some(_)) => PileCount::untold(1, None),
            (kw, _) => {
                counted(profile, rule, &Pile { count: 1, rated_kw: kw.unwrap_or(0.0), gun_kw: None, dc: None, swap: true })
            }
        }
    });
    let guns = s.charging.then(|| of_guns(profile, rule, s));
    swapping.into_iter().chain(guns).fold(PileCount::none_yet(), |all, one| all.plus(&one))
}

fn of_guns(profile: &Profile, rule: &PileRule, s: &Offer) -> PileCount {
    let number = |key: &str| profile.number(key).filter(|n| *n > 0.0);
    let (standard, gun) = (number(&rule.standard_kw), number(&rule.gun_kw));
    let below = |kw: Option<f64>, least: Option<f64>| kw.zip(least).is_some_and(|(kw, least)| kw < least);
    let all_alternating = s.dc_points == Some(0);
    let n = s.dc_points.filter(|n| *n > 0).or(s.points.filter(|n| *n > 0));
    if all_alternating || below(s.point_kw, gun) || below(s.total_kw, standard) {
        return PileCount { none: s.points.unwrap_or(1).max(1), ..PileCount::none_yet() };
    }
    let piles = |count: u32, kw: f64| {
        counted(profile, rule, &Pile { count, rated_kw: kw, gun_kw: Some(kw), dc: Some(true), swap: false })
    };
    let at_most = |kw: f64| number(&rule.divisor_kw).map(|by| kw / by);
    let only_direct = s.points.zip(s.dc_points).is_none_or(|(all, dc)| all == dc);
    match (s.point_kw, s.total_kw, n) {
        (Some(kw), Some(all), Some(n)) if only_direct && (kw * f64::from(n) - all).abs() <= 1e-6 * all => piles(n, kw),
        (Some(kw), None, Some(1)) => piles(1, kw),
        // one gun has the power of the strongest; the others have no more
        (Some(kw), None, Some(n)) => piles(1, kw).plus(&PileCount::untold(n - 1, at_most(kw * f64::from(n - 1)))),
        (_, Some(all), n) => PileCount::untold(n.unwrap_or(1), at_most(all)),
        (_, None, n) => PileCount::untold(n.unwrap_or(1), None),
    }
}

/// Standard piles of some stations together; none where the programme does not know them.
pub fn station_piles<'a>(profile: &Profile, stations: impl Iterator<Item = &'a Offer>) -> Option<PileCount> {
    let rule = profile.standard_pile.as_ref()?;
    Some(stations.fold(PileCount::none_yet(), |all, s| all.plus(&of_station(profile, rule, s))))
}

/// How one pile counts, and what it is in standard piles, or would be.
fn of_one(profile: &Profile, rule: &PileRule, pile: &Pile) -> (Piles, f64) {
    let number = |key: &str| profile.number(key).filter(|n| *n > 0.0);
    let set = |key: &str| number(key).map_or((Piles::NotPublished, 0.0), |by| (Piles::AsSet, pile.rated_kw / by));
    if pile.swap {
        return set(&rule.swap_divisor_kw);
    }
    let (Some(standard), Some(gun)) = (number(&rule.standard_kw), number(&rule.gun_kw)) else {
        return (Piles::NotPublished, 0.0);
    };
    if pile.rated_kw < standard || pile.dc == Some(false) || pile.gun_kw.is_some_and(|kw| kw < gun) {
        return (Piles::None, 0.0);
    }
    let (how, piles) = match (number(&rule.below_kw), number(&rule.divisor_kw)) {
        (Some(below), _) if pile.rated_kw >= below => set(&rule.large_divisor_kw),
        (_, Some(divisor)) => (Piles::Converted, pile.rated_kw / divisor),
        _ => (Piles::NotPublished, 0.0),
    };
    if pile.dc.is_none() || pile.gun_kw.is_none() { (Piles::CannotBeTold, piles) } else { (how, piles) }
}

/// Piles of one kind in standard piles. The divisor of the published rule is our reading, as its fact says.
fn counted(profile: &Profile, rule: &PileRule, pile: &Pile) -> PileCount {
    let (how, each) = of_one(profile, rule, pile);
    let piles = each * f64::from(pile.count);
    let none = PileCount::none_yet();
    match how {
        Piles::Converted => PileCount { converted: piles, ..none },
        Piles::AsSet => PileCount { as_set: piles, ..none },
        Piles::None => PileCount { none: pile.count, ..none },
        Piles::NotPublished => {
            PileCount { not_published: pile.count, not_published_kw: pile.rated_kw * f64::from(pile.count), ..none }
        }
        Piles::CannotBeTold => PileCount::untold(pile.count, Some(piles)),
    }
}

/// Standard piles of vehicle-to-grid facilities that together discharge at this power and gave this energy; none where the programme has
/// no such rule or a fact of it is not set, 0 where the test is not met.
pub fn v2g_piles(profile: &Profile, discharge_kw: f64, discharged_kwh: f64) -> Option<u64> {
    let rule = profile.standard_pile.as_ref()?.v2g.as_ref()?;
    let number = |key: &str| profile.number(key);
    let (least_kw, least_kwh, unit, factor) =
        (number(&rule.least_kw)?, number(&rule.least_kwh)?, number(&rule.unit_kw).filter(|u| *u > 0.0)?, number(&rule.factor)?);
    let met = discharge_kw >= least_kw && discharged_kwh >= least_kwh;
    Some(if met { ((discharge_kw / unit).floor() * factor) as u64 } else { 0 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::programme::embedded;
    use std::collections::BTreeMap;

    fn standard_piles(profile: &Profile, piles: &[Pile]) -> Option<PileCount> {
        let rule = profile.standard_pile.as_ref()?;
        Some(piles.iter().fold(PileCount::none_yet(), |all, pile| all.plus(&counted(profile, rule, pile))))
    }

    fn dc(count: u32, rated_kw: f64) -> Pile {
        Pile { count, rated_kw, gun_kw: Some(rated_kw), dc: Some(true), swap: false }
    }

    #[test]
    fn piles_convert_by_power_as_far_as_it_is_published() {
        let p = embedded("cn-county-pilot-2024").unwrap();
        // 2 × 120 kW: 2; 1 × 180 kW: 1.5; 3 × 359.9 kW is still by the rule: 8.9975; 60 kW none; two guns of 90 kW on 180 kW: no gun of 120
        let piles = [dc(2, 120.0), dc(1, 180.0), dc(3, 359.9), dc(4, 60.0), Pile { gun_kw: Some(90.0), ..dc(1, 180.0) }];
        let all = standard_piles(&p, &piles).unwrap();
        assert!((all.converted - (2.0 + 1.5 + 3.0 * 359.9 / 120.0)).abs() < 1e-12);
        assert_eq!((all.none, all.not_published, all.cannot_be_told), (5, 0, 0));
        // 360 kW and a swap station of 600 kW: nothing is published
        let swap = Pile { count: 1, rated_kw: 600.0, gun_kw: None, dc: None, swap: true };
        let large = [dc(2, 360.0), swap];
        let all = standard_piles(&p, &large).unwrap();
        assert_eq!((all.known(), all.not_published, all.not_published_kw), (0.0, 3, 1320.0));
        // as the user sets it: 720 / 120 + 600 / 100 = 6 + 6
        let set = BTreeMap::from([("large_pile_divisor_kw".to_owned(), 120.0), ("swap_divisor_kw".to_owned(), 100.0)]);
        let own = p.clone().with_values(&set, "r").unwrap();
        let all = standard_piles(&own, &large).unwrap();
        assert_eq!((all.converted, all.as_set, all.not_published), (0.0, 12.0, 0));
    }

    #[test]
    fn what_is_not_known_of_a_pile_is_said_with_what_it_could_be() {
        let p = embedded("cn-county-pilot-2024").unwrap();
        let piles = [
            Pile { gun_kw: None, ..dc(2, 240.0) },
            Pile { dc: None, ..dc(1, 120.0) },
            Pile { dc: None, gun_kw: Some(30.0), ..dc(1, 120.0) },
        ];
        let all = standard_piles(&p, &piles).unwrap();
        assert_eq!((all.known(), all.cannot_be_told, all.at_most_more, all.none), (0.0, 3, Some(5.0), 1));
        assert!(standard_piles(&embedded("uk-msa").unwrap(), &piles).is_none());
    }

    #[test]
    fn stations_as_registers_say_them() {
        let p = embedded("cn-county-pilot-2024").unwrap();
        let charging = |points, point_kw, total_kw| Offer { charging: true, points, point_kw, total_kw, ..Offer::default() };
        let of = |s: Offer| station_piles(&p, [&s].into_iter()).unwrap();
        let told = |c: PileCount| (c.known(), c.none, c.not_published, c.cannot_be_told, c.at_most_more);
        // 4 × 120 = 480 kW: 4; 2 × 180 = 360: 3; 1 gun of 120 kW: 1
        assert_eq!(told(of(charging(Some(4), Some(120.0), Some(480.0)))), (4.0, 0, 0, 0, Some(0.0)));
        assert_eq!(told(of(charging(Some(2), Some(180.0), Some(360.0)))), (3.0, 0, 0, 0, Some(0.0)));
        assert_eq!(told(of(charging(Some(1), Some(120.0), None))), (1.0, 0, 0, 0, Some(0.0)));
        // 2 of 360 kW: nothing is published
        assert_eq!(told(of(charging(Some(2), Some(360.0), Some(720.0)))), (0.0, 0, 2, 0, Some(0.0)));
        // 6 guns of at most 120 kW share 432 kW: at most 432 / 120 = 3.6
        assert_eq!(told(of(charging(Some(6), Some(120.0), Some(432.0)))), (0.0, 0, 0, 6, Some(3.6)));
        // the strongest of 3 has 120 kW: one, and two more at most
        assert_eq!(told(of(charging(Some(3), Some(120.0), None))), (1.0, 0, 0, 2, Some(2.0)));
        // of how much 3 guns have nothing is known; 90 kW at the strongest, or 100 kW in all, are none
        assert_eq!(told(of(charging(Some(3), None, None))), (0.0, 0, 0, 3, None));
        assert_eq!(told(of(charging(Some(3), Some(90.0), Some(270.0)))), (0.0, 3, 0, 0, Some(0.0)));
        assert_eq!(told(of(charging(Some(3), None, Some(100.0)))), (0.0, 3, 0, 0, Some(0.0)));
        // 2 of 120 kW direct current beside 2 of alternating current in 254 kW: which power they have cannot be told
        let mixed = Offer { dc_points: Some(2), ..charging(Some(4), Some(120.0), Some(254.0)) };
        assert_eq!(told(of(mixed)), (0.0, 0, 0, 2, Some(254.0 / 120.0)));
        assert_eq!(told(of(Offer { dc_points: Some(0), ..charging(Some(4), None, None) })), (0.0, 4, 0, 0, Some(0.0)));
        // a swap station of 1,200 kW: nothing is published, and 12 once 100 kW are set; of one that charges too the power is that of its guns
        let swap = |total_kw| Offer { swap: true, total_kw, ..Offer::default() };
        let c = of(swap(Some(1200.0)));
        assert_eq!((c.not_published, c.not_published_kw), (1, 1200.0));
        let set = BTreeMap::from([("swap_divisor_kw".to_owned(), 100.0)]);
        let own = p.clone().with_values(&set, "r").unwrap();
        let both = Offer { swap: true, ..charging(Some(4), Some(120.0), Some(480.0)) };
        let all = station_piles(&own, [swap(Some(1200.0)), both].iter()).unwrap();
        assert_eq!((all.converted, all.as_set, all.cannot_be_told, all.at_most_more), (4.0, 12.0, 1, None));
        assert!(station_piles(&embedded("uk-msa").unwrap(), [].into_iter()).is_none());
    }

    #[test]
    fn vehicles_to_grid_count_threefold_once_the_test_is_met() {
        // floor(300 / 120) × 3 = 6; at least 140 kW and 14,000 kWh, both bounds included
        let p = embedded("cn-county-pilot-2025").unwrap();
        for (kw, kwh, piles) in
            [(300.0, 20_000.0, 6), (140.0, 14_000.0, 3), (139.9, 20_000.0, 0), (300.0, 13_999.0, 0), (360.0, 14_000.0, 9)]
        {
            assert_eq!(v2g_piles(&p, kw, kwh), Some(piles), "{kw} {kwh}");
        }
    }
}
