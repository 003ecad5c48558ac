//! What a plan of sites is asked for, checked: what `[plan]` means.

use super::plan_corridors::{self, PlanCorridorsAsked};
use super::plan_counting::Counting;
use super::plan_flows::{self, PlanFlowsAsked};
use super::plan_table::PlanTable;
use super::plan_years::{self, PlanYearAsked};
use super::{RegionFile, Service, Serving};
use crate::error::{Error, Location, Result};
use serde::{Deserialize, Serialize};

/// Candidates that are made where nothing else is said.
const MOST_CANDIDATES: u32 = 2000;
/// Sites where neither a number nor money nor a share is given.
const SITES: u32 = 10;
/// More money than any programme has: sums stay whole.
const MOST_MONEY: f64 = 1e15;
/// More than any site costs.
const MOST_COST: f64 = 1e11;
/// More than a kW of grid costs anywhere.
const MOST_A_KW: f64 = 1e7;
/// More guns than any station has.
const MOST_GUNS: u32 = 1000;

/// What is to be covered most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Objective {
    /// Road in the gap, millimetres.
    Road,
    /// People of settlements in the gap.
    People,
    /// Settlements in the gap.
    Settlements,
    /// Energy that settlements in the gap ask for on an ordinary day, watt hours.
    Energy,
    /// Ways of people to the nearest station, in the gap or not, millimetres for each of them: less of them is more (p-median).
    Distance,
    /// The same where each settlement counts as one.
    SettlementDistance,
    /// The way of the settlement that is farthest from a station, millimetres (p-centre).
    Farthest,
    /// Vehicles that get from where they start to where they go, thousandths of a vehicle a day.
    Flows,
}

impl Objective {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Road,
        Self::People,
        Self::Settlements,
        Self::Energy,
        Self::Distance,
        Self::SettlementDistance,
        Self::Farthest,
        Self::Flows,
    ];

    /// The name in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Road => "road",
            Self::People => "people",
            Self::Settlements => "settlements",
            Self::Energy => "energy",
            Self::Distance => "distance",
            Self::SettlementDistance => "settlement_distance",
            Self::Farthest => "farthest",
            Self::Flows => "flows",
        }
    }

    /// Whether it is about how far places are, and not about what is covered.
    pub fn is_way(self) -> bool {
        matches!(self, Self::Distance | Self::SettlementDistance | Self::Farthest)
    }

    /// The unit that is shown, and how many of the whole numbers that are counted make one of it.
    pub fn unit(self) -> (&'static str, f64) {
        match self {
            Self::Road => ("km", 1e6),
            Self::People => ("people", 1.0),
            Self::Settlements => ("settlements", 1.0),
            Self::Energy => ("kWh/day", 1e3),
            Self::Distance => ("person-km", 1e6),
            Self::SettlementDistance => ("settlement-km", 1e6),
            Self::Farthest => ("km", 1e6),
            Self::Flows => ("vehicles/day", 1e3),
        }
    }

    /// What is counted, in the unit that is shown.
    pub fn shown(self, whole: u64) -> f64 {
        whole as f64 / self.unit().1
    }
}

/// How much may be built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// So many sites at most.
    Sites(u32),
    /// So much money at most, in whole units of the currency.
    Budget(u64),
    /// The fewest sites that cover so much of what can be covered, in thousandths.
    Cover(u32),
    /// The fewest sites along roads, and no more.
    Corridors,
}

impl Extent {
    /// What it counts: `sites` or `money`.
    pub fn unit(self) -> &'static str {
        if matches!(self, Self::Budget(_)) { "money" } else { "sites" }
    }
}

/// Where candidates are made on the roads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Generate {
    /// Where settlements met the road.
    pub settlements: bool,
    /// Middles of dead stretches, and along them.
    pub gaps: bool,
    /// Junctions of the roads in the gap.
    pub junctions: bool,
}

/// More bays than any swap station has, and more packs.
const MOST_BAYS: u32 = 10;
const MOST_PACKS: u32 = 500;
/// Packs that a new swap station holds for each bay, where nobody says how many: as many as NIO's stations of the second generation.
const PACKS_A_BAY: u32 = 13;

impl Generate {
    const ALL: Self = Self { settlements: true, gaps: true, junctions: true };
}

/// What a new station is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct NewStation {
    /// Its guns.
    pub guns: u32,
    /// Power of each, kW.
    pub gun_kw: f64,
    /// Bays of a swap station; 0 of others.
    #[serde(default)]
    pub bays: u32,
    /// Battery packs of a swap station, each with a charger; 0 of others.
    #[serde(default)]
    pub packs: u32,
}

impl NewStation {
    /// Rated power, kW.
    pub fn rated_kw(self) -> f64 {
        f64::from(self.guns) * self.gun_kw
    }
}

/// What a plan is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanAsked {
    /// What the sites offer.
    pub service: Service,
    /// Number of the criterion that they are planned for.
    pub criterion: usize,
    /// What is to be covered most.
    pub objective: Objective,
    /// When what is reached counts.
    pub counting: Counting,
    /// How much may be built.
    pub extent: Extent,
    /// What a candidate costs that says nothing, in whole units of the currency; none where no money is asked for.
    pub site_cost: Option<u64>,
    /// What a kW beyond the headroom of the grid costs, where a candidate says what that is, in whole units of the currency.
    pub connect_cost_per_kw: Option<u64>,
    /// What a pack of a swap station draws from the grid while it is charged, kW; none where nobody says.
    pub pack_kw: Option<f64>,
    /// The currency; may be empty.
    pub currency: String,
    /// Codes of the counties whose gaps count; all where none is named.
    pub counties: Option<Vec<String>>,
    /// Codes of the counties that come first, in order.
    pub first: Vec<String>,
    /// Where candidates are made.
    pub generate: Generate,
    /// How far apart those along dead stretches stand, millimetres.
    pub spacing_mm: u32,
    /// No more candidates than this are made.
    pub most_candidates: usize,
    /// Budgets over which counties are funded with their plans, rising.
    pub funding: Vec<u64>,
    /// Roads on which no way without a station is to be too long.
    pub corridors: Option<PlanCorridorsAsked>,
    /// Vehicles that get only so far, where they are planned for.
    pub flows: Option<PlanFlowsAsked>,
    /// Its years, in order, where it has several; the extent is then that of all together.
    pub years: Vec<PlanYearAsked>,
    /// What a new station is.
    pub station: NewStation,
}

impl PlanAsked {
    /// The meaning of `[plan]`; none where there is none.
    ///
    /// # Errors
    /// Usage, naming the key whose value makes no sense.
    pub fn of(file: &RegionFile, serving: &Serving) -> Result<Option<Self>> {
        let Some(table) = &file.plan else { return Ok(None) };
        let (service, criterion) = (service(table, serving)?, criterion(table, serving)?);
        let limit_mm = match serving.all[criterion] {
            super::criteria::Criterion::Distance(mm) => mm,
            super::criteria::Criterion::Time(_) => serving.headline_criterion().limit(),
        };
        let trial = file.demand.as_ref().map(|d| &d.trial);
        let gun_kw = table.gun_kw.or(trial.and_then(|t| t.gun_kw)).unwrap_or(120.0);
        let guns = table.guns.or(trial.and_then(|t| t.guns)).unwrap_or(4);
        if !(1..=MOST_GUNS).contains(&guns) {
            return refuse("guns", format!("{guns} guns make no station that can be planned"), "give 1 to 1000");
        }
        if !(1.0..=5000.0).contains(&gun_kw) {
            return refuse("gun_kw", format!("{gun_kw} kW is no power of a gun"), "give 1 to 5000");
        }
        let [bays, packs] = swap_station(table, service)?;
        if table.counties.as_ref().is_some_and(Vec::is_empty) {
            return refuse("counties", "the list of counties is empty".to_owned(), "name codes, or leave the key out");
        }
        if let Some((_, twice)) = table.first.iter().enumerate().find(|(i, c)| table.first[..*i].contains(c)) {
            return refuse("first", format!("county {twice} is to come first twice"), "name it once");
        }
        let objective = objective(table)?;
        if objective == Objective::Energy && file.demand.is_none() {
            return refuse(
                "objective",
                "energy is asked for and there is no [demand]".to_owned(),
                "add [demand], or plan for road or people",
            );
        }
        let years = plan_years::of(table, file.demand.as_ref().map(|d| &d.target))?;
        let extent = plan_years::extent(table, &years).map_or_else(|| extent(table), Ok)?;
        refuse_with_ways(table, objective, extent)?;
        Ok(Some(Self {
            service,
            criterion,
            objective,
            counting: Counting::of(table, objective, extent)?,
            extent,
            site_cost: table.site_cost.map(|v| money_up_to("site_cost", v, MOST_COST)).transpose()?,
            connect_cost_per_kw: table
                .connect_cost_per_kw
                .map(|v| money_up_to("connect_cost_per_kw", v, MOST_A_KW))
                .transpose()?,
            pack_kw: None,
            currency: table.currency.clone().unwrap_or_default(),
            counties: table.counties.clone(),
            first: table.first.clone(),
            generate: generate(table, file.candidates.is_some() || extent == Extent::Corridors)?,
            spacing_mm: spacing(table, limit_mm)?,
            most_candidates: table.most_candidates.unwrap_or(MOST_CANDIDATES).max(1) as usize,
            funding: funding(table)?,
            corridors: plan_corridors::of(table, file.candidates.is_some())?,
            flows: plan_flows::of(table, objective, extent)?,
            years,
            station: NewStation { guns, gun_kw, bays, packs },
        }))
    }
}

pub(super) fn refuse<T>(key: &str, what: String, next: &str) -> Result<T> {
    Err(Error::usage(what, next).at(Location::default().field(format!("plan.{key}"))))
}

/// Refuses what a plan by ways cannot be asked for beside it.
fn refuse_with_ways(table: &PlanTable, objective: Objective, extent: Extent) -> Result<()> {
    if !objective.is_way() {
        return Ok(());
    }
    let (key, next) = if matches!(extent, Extent::Cover(_)) {
        ("cover_percent", "give sites or budget instead")
    } else if !table.first.is_empty() {
        ("first", "take first out, or name the counties under counties")
    } else if !table.funding.is_empty() {
        ("funding", "take funding out, or plan for road, people, settlements or energy")
    } else if table.reach_min.is_some() {
        ("reach_min", "take reach_min out: ways are by road, in km")
    } else if table.corridors.is_some() {
        ("corridors", "take corridors out, or plan for road, people, settlements or energy")
    } else if !table.years.is_empty() {
        ("years", "take the years out, or plan for road, people, settlements or energy")
    } else {
        return Ok(());
    };
    refuse(key, format!("{key} does not go together with the objective {}", objective.as_str()), next)
}

/// Bays and packs of a new swap station; none of others.
fn swap_station(table: &PlanTable, service: Service) -> Result<[u32; 2]> {
    let given = [("bays", table.bays, MOST_BAYS), ("packs", table.packs, MOST_PACKS)];
    for (key, value, most) in given {
        let Some(n) = value else { continue };
        if service != Service::Swap {
            return refuse(
                key,
                format!("{key} are given and no swap station is planned"),
                "add service = \"swap\", or take it out",
            );
        }
        if !(1..=most).contains(&n) {
            return refuse(key, format!("{n} is no number of {key} of a swap station"), &format!("give 1 to {most}"));
        }
    }
    if service != Service::Swap {
        return Ok([0; 2]);
    }
    let bays = table.bays.unwrap_or(1);
    Ok([bays, table.packs.unwrap_or(bays * PACKS_A_BAY)])
}

fn service(table: &PlanTable, serving: &Serving) -> Result<Service> {
    let word = table.service.as_deref().unwrap_or("charging");
    let found = Service::from_word(word).filter(|s| serving.services.has(*s));
    let known: Vec<&str> = serving.services.iter().map(Service::as_str).collect();
    let next = format!("name one of [criteria] services: {}", known.join(", "));
    found.map_or_else(|| refuse("service", format!("\"{word}\" is not a service that is searched"), &next), Ok)
}

fn criterion(table: &PlanTable, serving: &Serving) -> Result<usize> {
    use super::criteria::Criterion;
    let asked = match (table.reach_km, table.reach_min) {
        (None, None) => return Ok(serving.headline),
        (Some(_), Some(_)) => return refuse("reach_min", "both a distance and a time are given".to_owned(), "give one of them"),
        (Some(km), None) => Criterion::Distance((km * 1e6).round() as u32),
        (None, Some(min)) => Criterion::Time((min * 6e4).round() as u32),
    };
    let key = if table.reach_km.is_some() { "reach_km" } else { "reach_min" };
    let known: Vec<String> = serving.all.iter().map(|c| c.label()).collect();
    let next = format!("name one of [criteria] distances_km or times_min: {}", known.join(", "));
    let found = serving.all.iter().position(|c| *c == asked);
    found.map_or_else(|| refuse(key, format!("{} is not among the criteria", asked.label()), &next), Ok)
}

fn objective(table: &PlanTable) -> Result<Objective> {
    let usual = if table.flows.is_some() { Objective::Flows } else { Objective::Road };
    let word = table.objective.as_deref().unwrap_or(usual.as_str());
    let found = Objective::ALL.into_iter().find(|o| o.as_str() == word);
    let known = Objective::ALL.map(Objective::as_str).join(", ");
    found.map_or_else(|| refuse("objective", format!("\"{word}\" is no objective"), &format!("one of {known}")), Ok)
}

fn extent(table: &PlanTable) -> Result<Extent> {
    let given = [table.sites.is_some(), table.budget.is_some(), table.cover_percent.is_some()];
    if given.iter().filter(|g| **g).count() > 1 {
        return refuse("budget", "more than one of sites, budget and cover_percent is given".to_owned(), "give one of them");
    }
    if let Some(sites) = table.sites {
        return if sites > 0 {
            Ok(Extent::Sites(sites))
        } else {
            refuse("sites", "0 sites plan nothing".to_owned(), "give 1 or more")
        };
    }
    if let Some(budget) = table.budget {
        return Ok(Extent::Budget(money("budget", budget)?));
    }
    match table.cover_percent {
        None if table.corridors.is_some() => Ok(Extent::Corridors),
        None => Ok(Extent::Sites(SITES)),
        Some(p) if (0.1..=100.0).contains(&p) => Ok(Extent::Cover((p * 10.0).round() as u32)),
        Some(p) => refuse("cover_percent", format!("{p} is no share to cover"), "give 0.1 to 100"),
    }
}

fn funding(table: &PlanTable) -> Result<Vec<u64>> {
    let mut all = table.funding.iter().map(|b| money("funding", *b)).collect::<Result<Vec<u64>>>()?;
    all.sort_unstable();
    all.dedup();
    Ok(all)
}

pub(super) fn money(key: &str, value: f64) -> Result<u64> {
    money_up_to(key, value, MOST_MONEY)
}

fn money_up_to(key: &str, value: f64, most: f64) -> Result<u64> {
    if value > 0.0 && value <= most {
        return Ok(value.round().max(1.0) as u64);
    }
    refuse(key, format!("{value} is no amount of money"), "give whole units of the currency, above 0")
}

fn generate(table: &PlanTable, given: bool) -> Result<Generate> {
    let Some(words) = &table.generate else { return Ok(if given { Generate::default() } else { Generate::ALL }) };
    let mut all = Generate::default();
    for word in words {
        match word.as_str() {
            "settlements" => all.settlements = true,
            "gaps" => all.gaps = true,
            "junctions" => all.junctions = true,
            _ => {
                return refuse(
                    "generate",
                    format!("\"{word}\" is no place for candidates"),
                    "one of settlements, gaps, junctions",
                );
            }
        }
    }
    if all == Generate::default() && !given {
        return refuse(
            "generate",
            "no candidates are made and none are given".to_owned(),
            "add [candidates], or name where they are made",
        );
    }
    Ok(all)
}

fn spacing(table: &PlanTable, limit_mm: u32) -> Result<u32> {
    match table.spacing_km {
        None => Ok((limit_mm / 2).max(1000)),
        Some(km) if (0.05..=1000.0).contains(&km) => Ok((km * 1e6).round() as u32),
        Some(km) => refuse("spacing_km", format!("candidates cannot stand {km} km apart"), "give 0.05 to 1000"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Criteria;

    fn asked(text: &str) -> Result<PlanAsked> {
        let file = RegionFile::parse(text, "r")?;
        Ok(Criteria::from_region(&file)?.plan.unwrap())
    }

    #[test]
    fn what_is_not_said_is_ten_charging_sites_for_the_road_at_the_headline() {
        let p = asked("[criteria]\ndistances_km = [5, 10]\nheadline_km = 10\n[plan]\n").unwrap();
        assert_eq!((p.service, p.objective, p.extent), (Service::Charging, Objective::Road, Extent::Sites(10)));
        assert_eq!((p.spacing_mm, p.most_candidates), (5_000_000, 2000)); // half of 10 km
        assert_eq!((p.station.guns, p.station.gun_kw, p.generate), (4, 120.0, Generate::ALL));
        let p = asked(
            "[criteria]\ndistances_km = [5, 10]\nheadline_km = 10\n[plan]\nreach_km = 5\nbudget = 2e7\nsite_cost = 1.5e6\n",
        )
        .unwrap();
        assert_eq!((p.criterion, p.extent, p.site_cost), (0, Extent::Budget(20_000_000), Some(1_500_000)));
    }

    #[test]
    fn what_cannot_be_meant_is_refused_by_its_key() {
        for (text, key) in [
            ("sites = 0", "plan.sites"),
            ("sites = 2\nbudget = 5", "plan.budget"),
            ("budget = -5", "plan.budget"),
            ("cover_percent = 101", "plan.cover_percent"),
            ("service = \"hydrogen\"", "plan.service"),
            ("reach_km = 3", "plan.reach_km"),
            ("objective = \"roads\"", "plan.objective"),
            ("objective = \"energy\"", "plan.objective"),
            ("generate = [\"towns\"]", "plan.generate"),
            ("generate = []", "plan.generate"),
            ("spacing_km = 0", "plan.spacing_km"),
            ("gun_kw = 0", "plan.gun_kw"),
            ("guns = 0", "plan.guns"),
            ("counties = []", "plan.counties"),
            ("first = [\"1\", \"1\"]", "plan.first"),
            ("site_cost = 1e12", "plan.site_cost"),
            ("connect_cost_per_kw = 1e15", "plan.connect_cost_per_kw"),
            ("cover_percent = 0.04", "plan.cover_percent"),
            ("objective = \"distance\"\ncover_percent = 50", "plan.cover_percent"),
            ("objective = \"farthest\"\nfirst = [\"1\"]", "plan.first"),
            ("objective = \"settlement_distance\"\nfunding = [5]", "plan.funding"),
            ("objective = \"distance\"\nreach_min = 15", "plan.reach_min"),
            ("bays = 2", "plan.bays"),
            ("capacity_kwh = 500", "plan.capacity_kwh"), // of road
            ("objective = \"energy\"\ncapacity_kwh = 0", "plan.capacity_kwh"),
            ("objective = \"energy\"\ncapacity_hours = 25", "plan.capacity_hours"),
            ("objective = \"energy\"\ncapacity_kwh = 500\ncapacity_hours = 5", "plan.capacity_hours"),
            ("objective = \"energy\"\ncapacity_kwh = 500\nfirst = [\"1\"]", "plan.capacity_kwh"),
            ("packs = 20", "plan.packs"),
            ("backup = 1", "plan.backup"),
            ("backup = 4", "plan.backup"),
            ("backup = 2\nuptime = 0.9", "plan.uptime"),
            ("uptime = 1.0", "plan.uptime"),
            ("uptime = 0.4", "plan.uptime"),
            ("backup = 2\ncover_percent = 50", "plan.backup"),
            ("uptime = 0.9\nfunding = [5]", "plan.uptime"),
            ("uptime = 0.9\n[[plan.years]]\nyear = 2027\nsites = 1", "plan.uptime"),
            ("backup = 2\nobjective = \"distance\"", "plan.backup"),
        ] {
            let demand = if key.contains("capacity") { "[demand]\n" } else { "" };
            let error = asked(&format!("[plan]\n{text}\n{demand}")).unwrap_err();
            assert!(error.to_string().contains(key), "{text}: {error}");
        }
    }
}
