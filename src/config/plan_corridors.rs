//! Sites along roads, so that no way without a station is too long: `[plan.corridors]` as typed and as meant.

use super::plan::refuse;
use super::plan_table::PlanTable;
use crate::error::Result;
use schemars::JsonSchema;
use serde::Deserialize;

/// Stations count that are no farther off a road, where neither a rule nor the table says it.
const OFF_ROAD_MM: u32 = 1_000_000;
/// Longer than any road.
const LONGEST_KM: f64 = 4000.0;

/// `[plan.corridors]`: the fewest (within a budget the cheapest) sites that leave no longer way without a station along roads. They come before
/// all else in the plan.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CorridorsTable {
    /// Numbers of the roads (`G318`, `US 395`, with `*` and `?`), or names of those without one; those of `[programme]` when not given.
    pub roads: Option<Vec<String>>,
    /// No way along them without a station is to be longer, km; that of the rule when not given.
    pub longest_gap_km: Option<f64>,
    /// A rule of a programme in `[programme]` about ways along roads (`us-nevi-2023`, or `us-nevi-2023/corridors`): stations count that it counts
    /// for sure. Without it those count that offer the service of the plan.
    pub rule: Option<String>,
    /// Stations count that are no farther off the road, km; that of the rule, or 1, when not given.
    pub off_road_km: Option<f64>,
    /// Also with any one station out of service.
    pub n_minus_one: bool,
    /// Candidates are made along the roads so far apart, km; a tenth of the longest way when neither this nor `[candidates]` is given.
    pub spacing_km: Option<f64>,
}

/// What is asked about roads.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanCorridorsAsked {
    /// Numbers or names of the roads; those of the programmes where none.
    pub roads: Option<Vec<String>>,
    /// The longest way without a station, millimetres; that of the rule where none.
    pub gap_mm: Option<u64>,
    /// Programme, and its rule where it is named.
    pub rule: Option<(String, Option<String>)>,
    /// How far off the road a station counts, millimetres, where it is given.
    pub off_road_mm: Option<u32>,
    /// Any one station may be out of service.
    pub one_out: bool,
    /// How far apart candidates are made, millimetres, where it is given.
    pub spacing_mm: Option<u32>,
    /// Whether candidates are made along the roads.
    pub made: bool,
}

impl PlanCorridorsAsked {
    /// How far off the road stations count, where a rule says this of it.
    pub fn off_road_mm(&self, of_rule: Option<u64>) -> u32 {
        let of_rule = of_rule.map(|mm| u32::try_from(mm).unwrap_or(u32::MAX - 1));
        self.off_road_mm.or(of_rule).unwrap_or(OFF_ROAD_MM)
    }

    /// How far apart candidates are made, for ways of so much.
    pub fn spacing_mm(&self, gap_mm: u64) -> u64 {
        self.spacing_mm.map_or((gap_mm / 10).max(100_000), u64::from)
    }
}

/// What is asked; none without `[plan.corridors]`. `given` says that there are `[candidates]`.
///
/// # Errors
/// Usage, naming the key whose value makes no sense, or what does not go with corridors.
pub(super) fn of(table: &PlanTable, given: bool) -> Result<Option<PlanCorridorsAsked>> {
    let Some(c) = &table.corridors else { return Ok(None) };
    if !table.years.is_empty() {
        let next = "plan corridors by themselves and give their sites as stations to the plan of years, or take one out";
        return refuse("corridors", "corridors do not go with years".to_owned(), next);
    }
    if !table.funding.is_empty() {
        let next = "fund counties in a plan without corridors, or take funding out";
        return refuse("corridors", "corridors do not go with funding".to_owned(), next);
    }
    if c.roads.as_ref().is_some_and(Vec::is_empty) {
        return refuse("corridors.roads", "the list of roads is empty".to_owned(), "name roads, or leave the key out");
    }
    if c.rule.is_none() && c.longest_gap_km.is_none() {
        let next = "give longest_gap_km, or the rule of a programme that has it";
        return refuse("corridors.longest_gap_km", "nothing says how long a way without a station may be".to_owned(), next);
    }
    let rule = c.rule.as_ref().map(|text| match text.split_once('/') {
        Some((programme, rule)) => (programme.trim().to_owned(), Some(rule.trim().to_owned())),
        None => (text.trim().to_owned(), None),
    });
    Ok(Some(PlanCorridorsAsked {
        roads: c.roads.clone(),
        gap_mm: km("longest_gap_km", c.longest_gap_km, 0.1)?.map(u64::from),
        rule,
        off_road_mm: km("off_road_km", c.off_road_km, 0.0)?,
        one_out: c.n_minus_one,
        spacing_mm: km("spacing_km", c.spacing_km, 0.05)?,
        made: c.spacing_km.is_some() || !given,
    }))
}

fn km(key: &str, value: Option<f64>, least: f64) -> Result<Option<u32>> {
    match value {
        Some(km) if !(least..=LONGEST_KM).contains(&km) => {
            let next = format!("give {least} to {LONGEST_KM}");
            refuse(&format!("corridors.{key}"), format!("{km} km makes no sense along a road"), &next)
        }
        other => Ok(other.map(|km| (km * 1e6).round() as u32)),
    }
}

#[cfg(test)]
mod tests {
    use crate::config::plan::Extent;
    use crate::config::{Criteria, RegionFile};

    #[test]
    fn corridors_alone_have_their_own_extent_and_what_is_not_said_comes_from_the_rule() {
        let asked = |text: &str| {
            let file = RegionFile::parse(&format!("[plan.corridors]\n{text}\n"), "r").unwrap();
            Criteria::from_region(&file).unwrap().plan.unwrap()
        };
        let p = asked("rule = \"us-nevi-2023/corridors\"\nn_minus_one = true");
        let c = p.corridors.unwrap();
        assert_eq!((p.extent, c.gap_mm, c.one_out, c.made), (Extent::Corridors, None, true, true));
        assert_eq!(c.rule, Some(("us-nevi-2023".to_owned(), Some("corridors".to_owned()))));
        assert_eq!((c.off_road_mm(None), c.off_road_mm(Some(7)), c.spacing_mm(50_000_000)), (1_000_000, 7, 5_000_000));
    }

    #[test]
    fn what_cannot_be_meant_or_does_not_go_together_is_refused_by_its_key() {
        for (text, key) in [
            ("[plan.corridors]", "plan.corridors.longest_gap_km"),
            ("[plan.corridors]\nlongest_gap_km = 0", "plan.corridors.longest_gap_km"),
            ("[plan.corridors]\nlongest_gap_km = 10\nspacing_km = 0", "plan.corridors.spacing_km"),
            ("[plan.corridors]\nlongest_gap_km = 10\nroads = []", "plan.corridors.roads"),
            ("[plan]\nfunding = [1]\n[plan.corridors]\nlongest_gap_km = 10", "plan.corridors"),
            ("[[plan.years]]\nyear = 2026\nsites = 1\n[plan.corridors]\nlongest_gap_km = 10", "plan.corridors"),
        ] {
            let file = RegionFile::parse(&format!("{text}\n"), "r").unwrap();
            let error = Criteria::from_region(&file).unwrap_err();
            assert!(error.to_string().contains(key), "{text}: {error}");
        }
    }
}
