//! What `[demand]` and `[supply]` mean: every figure with where it comes from. A default has a source, or is marked as an assumption;
//! which ones a run used stands in its manifest and report.
//!
//! # References
//! 1. GB 36980.1-2025, energy consumption limits of electric cars: 15.1 kWh/100 km at about 2 t (electrive.com, 2 January 2026).
//! 2. ICCT, "Electrifying on-road freight": electric tractors of Tangshan, median 140 km a day (theicct.org, March 2024).
//! 3. Ministry of Public Security: 36.89 million new-energy vehicles at the end of June 2025; 1,408 million people at the end of 2024.
//! 4. State Grid by Argus: energy of sessions on expressways, 25 kWh (Spring Festival 2026).
//! 5. National Energy Administration, 10 October 2025: expressways charged 15.36 GWh a day from 1 to 8 October, 2.59 times the day's mean of
//!    the year; 17.49 GWh on 1 October, 2.95 times.
//! 6. ICCT, "China and battery-swap trucks": swap 3 to 6 minutes; NIO: packs are charged in about an hour.

use super::demand_defaults::{defaults, preset_hours, preset_hours_are};
use super::demand_notes::{chosen, fixed};
use super::demand_table::{ClassTable, DemandTable, SupplyTable};
use super::key::Keys;
use super::region_file::RegionFile;
use super::traffic::Traffic;
use super::vehicle_class::{ByClass, VehicleClass};
use crate::error::Result;
use crate::space::units::MM_PER_KM;
use serde::Serialize;

pub use super::basis::{Basis, Figure};

/// What a vehicle of a class drives, needs and can do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClassFigures {
    /// Kilometres a day.
    pub km_day: f64,
    /// kWh a kilometre, or kg of hydrogen a kilometre.
    pub per_km: f64,
    /// Share of the energy charged in public.
    pub public_share: f64,
    /// Share that swaps.
    pub swap_share: f64,
    /// kWh a session.
    pub session_kwh: f64,
    /// Power that it takes, kW.
    pub vehicle_kw: f64,
}

/// A day that demand is computed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Day {
    /// An ordinary day.
    Ordinary,
    /// The peak day of the holidays.
    Holiday,
    /// An ordinary day of the target year.
    Target,
}

impl Day {
    /// Every day.
    pub const ALL: [Self; 3] = [Self::Ordinary, Self::Holiday, Self::Target];

    /// The name in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ordinary => "ordinary",
            Self::Holiday => "holiday",
            Self::Target => "target",
        }
    }

    /// From the name in files.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Ordinary, Self::Holiday, Self::Target].into_iter().find(|d| d.as_str() == word)
    }

    /// The name for people, in English and Chinese.
    pub fn names(self) -> [&'static str; 2] {
        match self {
            Self::Ordinary => ["ordinary day", "平日"],
            Self::Holiday => ["holiday peak", "节假日高峰"],
            Self::Target => ["target year", "目标年"],
        }
    }
}

/// How floating catchments weigh the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AccessMethod {
    /// 1 within the limit.
    Binary,
    /// 1, 0.68 and 0.22 in the three thirds of the limit (E2SFCA).
    Enhanced,
    /// A Gaussian curve that ends at the limit.
    Gaussian,
    /// Gaussian, with shares of choice (3SFCA).
    ThreeStep,
}

impl AccessMethod {
    const ALL: [(Self, &'static str); 4] =
        [(Self::Binary, "binary"), (Self::Enhanced, "enhanced"), (Self::Gaussian, "gaussian"), (Self::ThreeStep, "three_step")];

    /// The name in files.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(m, _)| *m == self).map_or("", |(_, word)| word)
    }
}

/// What is taken where a register is silent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SupplyFigures {
    /// Power of a gun of alternating current, kW.
    pub ac_gun_kw: f64,
    /// Power of a gun of direct current, kW.
    pub dc_gun_kw: f64,
    /// Power of a gun of unknown kind, kW.
    pub gun_kw: Option<f64>,
    /// Share of the guns' power drawn at once.
    pub simultaneity: f64,
    /// Share of the time in which a station works.
    pub availability: f64,
    /// Delivered for each kWh from the grid.
    pub efficiency: f64,
    /// Minutes a swap.
    pub swap_min: f64,
    /// Energy of a pack, kWh.
    pub pack_kwh: f64,
    /// Share of a pack that a swap gives.
    pub pack_share: f64,
    /// Minutes of charging a pack.
    pub recharge_min: f64,
}

impl SupplyFigures {
    /// What a pack of a swap station draws from the grid while it is charged, kW.
    pub fn pack_kw(&self) -> f64 {
        self.pack_kwh * self.pack_share / self.efficiency / (self.recharge_min / 60.0)
    }
}

/// A station that is tried out in every county.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrialStation {
    /// Guns.
    pub guns: u32,
    /// Power of each, kW.
    pub gun_kw: f64,
}

/// What is asked of demand and supply.
#[derive(Clone, Debug, PartialEq)]
pub struct Demand {
    /// By class.
    pub classes: ByClass<ClassFigures>,
    /// Share of charging that begins in each hour, by class.
    pub hourly: ByClass<[f64; 24]>,
    /// Columns of the county table with vehicles, by class.
    pub vehicles: ByClass<Option<String>>,
    /// Column of car-owning households, and the share of them with an electric car.
    pub households: Option<(String, f64)>,
    /// Column of all public vehicles, and the shares of the classes.
    pub public_fleet: Option<(String, ByClass<f64>)>,
    /// Vehicles for 1,000 people.
    pub per_1000_people: ByClass<f64>,
    /// People of settlements are scaled to those of the county.
    pub scaled: bool,
    /// Energy of the peak day over an ordinary one.
    pub holiday_factor: f64,
    /// The target year, and its vehicles over today's.
    pub target: Option<(u32, f64)>,
    /// How far drivers go, millimetres.
    pub reach_mm: u32,
    /// Cost of not being served, hours.
    pub unserved_cost_h: f64,
    /// How ways are weighed.
    pub access: AccessMethod,
    /// The station that is tried out in every county; none where none is.
    pub trial: Option<TrialStation>,
    /// Vehicles counted on roads; none where there are no counts.
    pub traffic: Option<Traffic>,
    /// What is taken of silent registers.
    pub supply: SupplyFigures,
    /// All figures that were used, in the order of their keys.
    pub figures: Vec<Figure>,
}

impl Demand {
    /// That of a region file; none without `[demand]`.
    ///
    /// # Errors
    /// Usage, naming the key whose value makes no sense.
    pub fn of(file: &RegionFile, headline_mm: u32, longest_mm: u32) -> Result<Option<Self>> {
        let Some(table) = &file.demand else { return Ok(None) };
        let supply = file.supply.clone().unwrap_or_default();
        let mut book = Book { keys: Keys::of(file), figures: Vec::new() };
        Ok(Some(Self::from_tables(table, &supply, &mut book, headline_mm, longest_mm)?))
    }

    fn from_tables(t: &DemandTable, supply: &SupplyTable, book: &mut Book, headline_mm: u32, longest_mm: u32) -> Result<Self> {
        book.known_classes("demand.vehicles", t.vehicles.keys())?;
        let classes = book.classes(t)?;
        let hourly = book.hourly(t)?;
        let vehicles = VehicleClass::ALL.map(|c| t.vehicles.get(c.as_str()).cloned());
        let (households, public_fleet) = (book.households(t)?, book.public_fleet(t)?);
        let per_1000_people = book.per_1000(t)?;
        let (holiday_factor, target) = (book.holiday(t)?, book.target(t)?);
        let unserved = (Basis::Assumption, "a driver waits or drives on for two hours before giving up");
        let unserved = book.amount("demand.unserved_cost_min", t.unserved_cost_min, (120.0, "min"), unserved, 6000.0)?;
        let access = book.access(t)?;
        let (reach_mm, trial) = (book.reach(t, headline_mm, longest_mm)?, book.trial(t)?);
        let traffic = book.traffic(t.traffic.as_ref())?;
        let supply = book.supply(supply)?;
        let scaled = book.people(t)?;
        book.figures.extend(chosen(access, scaled, [t.access.is_some(), t.people.is_some()]));
        book.figures.extend(fixed(access));
        Ok(Self {
            classes,
            hourly,
            vehicles,
            households,
            public_fleet,
            per_1000_people,
            scaled,
            holiday_factor,
            target,
            reach_mm,
            unserved_cost_h: unserved / 60.0,
            access,
            trial,
            traffic,
            supply,
            figures: std::mem::take(&mut book.figures),
        })
    }

    /// The days that are computed, in order, with the factor on an ordinary day.
    pub fn days(&self) -> Vec<(Day, f64)> {
        let mut all = vec![(Day::Ordinary, 1.0), (Day::Holiday, self.holiday_factor)];
        all.extend(self.target.map(|(_, factor)| (Day::Target, factor)));
        all
    }

    /// Columns of the county table that are read.
    pub fn columns(table: &DemandTable) -> Vec<(String, &str)> {
        let of = |key: &str, column: &'_ Option<String>| column.as_ref().map(|_| key.to_owned());
        let vehicles = table.vehicles.iter().map(|(class, column)| (format!("demand.vehicles.{class}"), column.as_str()));
        let rest = [("demand.households", &table.households), ("demand.public_fleet", &table.public_fleet)];
        let rest = rest.into_iter().filter_map(|(key, column)| Some((of(key, column)?, column.as_deref()?)));
        vehicles.chain(rest).collect()
    }
}

/// Takes figures down while they are read.
pub(super) struct Book {
    pub(super) keys: Keys,
    figures: Vec<Figure>,
}

/// What stands for sessions and power of vehicles that charge by no plug: it enters no figure, so that nothing of it is told.
const NO_PLUG: f64 = 1.0;

/// Why a figure is an assumption.
pub(super) const NOT_KNOWN: &str = "no figure for rural counties of China was found";

impl Book {
    fn known_classes<'k>(&self, key: &str, mut classes: impl Iterator<Item = &'k String>) -> Result<()> {
        let Some(class) = classes.find(|c| VehicleClass::from_word(c).is_none()) else { return Ok(()) };
        let all = VehicleClass::ALL.map(VehicleClass::as_str).join(", ");
        let what = format!("\"{class}\" is not a class of vehicles");
        Err(self.keys.bad(&format!("{key}.{class}"), what, &format!("use one of {all}")))
    }

    /// A figure above 0 and at most `most`.
    fn amount(
        &mut self,
        key: &str,
        given: Option<f64>,
        (default, unit): (f64, &'static str),
        (basis, source): (Basis, &'static str),
        most: f64,
    ) -> Result<f64> {
        let value = given.unwrap_or(default);
        if !(value > 0.0 && value <= most) {
            let next = format!("give a number above 0 and at most {most}");
            return Err(self.keys.bad(key, format!("{value} {unit} cannot be meant").replace("  ", " "), &next));
        }
        self.note(key, value, unit, if given.is_some() { (Basis::Given, "") } else { (basis, source) });
        Ok(value)
    }

    /// Less is a share or a figure in MW.
    fn at_least_1_kw(&self, key: &str, kw: f64) -> Result<f64> {
        if kw < 1.0 {
            let next = "give the power that a vehicle takes in kW, from 1 on: 7 or 120, say";
            return Err(self.keys.bad(key, format!("{kw} kW cannot be meant"), next));
        }
        Ok(kw)
    }

    pub(super) fn share(&mut self, key: &str, given: Option<f64>, default: f64, why: &'static str) -> Result<f64> {
        let value = given.unwrap_or(default);
        if !(0.0..=1.0).contains(&value) {
            return Err(self.keys.bad(key, format!("{value} is no share"), "give a number from 0 to 1"));
        }
        self.note(key, value, "", if given.is_some() { (Basis::Given, "") } else { (Basis::Assumption, why) });
        Ok(value)
    }

    /// A share of which nothing would be left at 0.
    fn share_above_0(&mut self, key: &str, given: Option<f64>, default: f64, why: &'static str) -> Result<f64> {
        if given == Some(0.0) {
            return Err(self.keys.bad(key, "0 leaves nothing of any station".to_owned(), "give a number above 0 and at most 1"));
        }
        self.share(key, given, default, why)
    }

    fn note(&mut self, key: &str, value: f64, unit: &'static str, (basis, source): (Basis, &'static str)) {
        self.figures.push(Figure { key: key.to_owned(), value, unit, basis, source });
    }

    fn classes(&mut self, t: &DemandTable) -> Result<ByClass<ClassFigures>> {
        self.known_classes("demand.classes", t.classes.keys())?;
        let none = ClassTable::default();
        let mut all = Vec::new();
        for class in VehicleClass::ALL {
            all.push(self.class(class, t.classes.get(class.as_str()).unwrap_or(&none))?);
        }
        Ok(std::array::from_fn(|i| all[i]))
    }

    fn class(&mut self, class: VehicleClass, t: &ClassTable) -> Result<ClassFigures> {
        let d = defaults(class);
        let key = |name: &str| format!("demand.classes.{}.{name}", class.as_str());
        let (unit, scale) = if class.is_hydrogen() { ("kg/100 km", 100.0) } else { ("kWh/km", 1.0) };
        Ok(ClassFigures {
            km_day: self.amount(&key("km_day"), t.km_day, (d.km_day.0, "km"), d.km_day.1, 2000.0)?,
            per_km: self.amount(&key("per_km"), t.per_km, (d.per_km.0, unit), d.per_km.1, 20.0)? / scale,
            public_share: self.share(&key("public_share"), t.public_share, d.public_share, NOT_KNOWN)?,
            swap_share: self.share(&key("swap_share"), t.swap_share, d.swap_share, "vehicles do not swap unless it is said")?,
            session_kwh: match t.session_kwh {
                None if class.is_hydrogen() => NO_PLUG,
                given => self.amount(&key("session_kwh"), given, (d.session_kwh.0, "kWh"), d.session_kwh.1, 1000.0)?,
            },
            vehicle_kw: match t.vehicle_kw {
                None if class.is_hydrogen() => NO_PLUG,
                given => self
                    .amount(&key("vehicle_kw"), given, (d.vehicle_kw, "kW"), (Basis::Assumption, NOT_KNOWN), 4000.0)
                    .and_then(|kw| self.at_least_1_kw(&key("vehicle_kw"), kw))?,
            },
        })
    }

    fn hourly(&mut self, t: &DemandTable) -> Result<ByClass<[f64; 24]>> {
        self.known_classes("demand.hourly", t.hourly.keys())?;
        let mut all = [[0.0; 24]; VehicleClass::ALL.len()];
        for class in VehicleClass::ALL {
            let key = format!("demand.hourly.{}", class.as_str());
            all[class as usize] = match t.hourly.get(class.as_str()) {
                None => preset_hours(class),
                Some(list) => {
                    let sound =
                        list.len() == 24 && list.iter().all(|v| *v >= 0.0) && (list.iter().sum::<f64>() - 1.0).abs() < 0.005;
                    if !sound {
                        let what = format!("these {} numbers are not the shares of 24 hours", list.len());
                        return Err(self.keys.bad(&key, what, "give 24 numbers of 0 or more that add up to 1"));
                    }
                    let sum: f64 = list.iter().sum();
                    std::array::from_fn(|h| list[h] / sum)
                }
            };
            let most = all[class as usize].into_iter().fold(0.0, f64::max);
            let given = t.hourly.contains_key(class.as_str());
            let basis = if given { (Basis::Given, "") } else { (Basis::Assumption, preset_hours_are(class)) };
            // it names a curve, which the report shows in full; four decimals tell curves apart
            self.note(&format!("{key} (largest share)"), (most * 1e4).round() / 1e4, "", basis);
        }
        Ok(all)
    }

    fn households(&mut self, t: &DemandTable) -> Result<Option<(String, f64)>> {
        let Some(column) = &t.households else { return Ok(None) };
        let Some(share) = t.electric_share else {
            let what = "demand.households needs the share of them that have an electric car".to_owned();
            return Err(self.keys.bad("demand.electric_share", what, "give demand.electric_share, 0 to 1"));
        };
        Ok(Some((column.clone(), self.share("demand.electric_share", Some(share), 0.0, "")?)))
    }

    fn public_fleet(&mut self, t: &DemandTable) -> Result<Option<(String, ByClass<f64>)>> {
        self.known_classes("demand.public_fleet_shares", t.public_fleet_shares.keys())?;
        let Some(column) = &t.public_fleet else { return Ok(None) };
        let mut shares = [0.0; VehicleClass::ALL.len()];
        let preset = [("taxi", 0.4), ("bus", 0.25), ("van", 0.3), ("heavy_truck", 0.05)].map(|(c, v)| (c.to_owned(), v));
        let given = !t.public_fleet_shares.is_empty();
        let list: Vec<(String, f64)> = if given { t.public_fleet_shares.clone().into_iter().collect() } else { preset.to_vec() };
        for (class, share) in &list {
            let key = format!("demand.public_fleet_shares.{class}");
            let why = "the 25 cities of public electrification publish totals and no classes";
            let share = if given { self.share(&key, Some(*share), 0.0, "")? } else { self.share(&key, None, *share, why)? };
            VehicleClass::from_word(class).into_iter().for_each(|c| shares[c as usize] = share);
        }
        if (shares.iter().sum::<f64>() - 1.0).abs() > 0.005 {
            let what = format!("these shares add up to {:.3}", shares.iter().sum::<f64>());
            return Err(self.keys.bad("demand.public_fleet_shares", what, "give shares that add up to 1"));
        }
        Ok(Some((column.clone(), shares)))
    }

    fn per_1000(&mut self, t: &DemandTable) -> Result<ByClass<f64>> {
        self.known_classes("demand.per_1000_people", t.per_1000_people.keys())?;
        let mut all = [0.0; VehicleClass::ALL.len()];
        for class in VehicleClass::ALL {
            let key = format!("demand.per_1000_people.{}", class.as_str());
            let given = t.per_1000_people.get(class.as_str()).copied();
            let national = (class == VehicleClass::PrivateCar && given.is_none()).then_some(26.2);
            let value = given.or(national).unwrap_or(0.0);
            if !(0.0..=2000.0).contains(&value) {
                return Err(self.keys.bad(&key, format!("{value} vehicles for 1,000 people cannot be meant"), "give 0 to 2000"));
            }
            let source =
                "36.89 million new-energy vehicles (June 2025) to 1,408 million people: all China; a rural county has fewer";
            let basis = match (given, national) {
                (Some(_), _) => (Basis::Given, ""),
                (None, Some(_)) => (Basis::Assumption, source),
                (None, None) => (Basis::Assumption, "none are counted where nothing says how many"),
            };
            self.note(&key, value, "vehicles", basis);
            all[class as usize] = value;
        }
        Ok(all)
    }

    fn holiday(&mut self, t: &DemandTable) -> Result<f64> {
        let key = "demand.holiday.factor";
        // the ratio has a source, that it holds for a county has none
        let expressway = "expressway_mean: expressways, 1 to 8 October 2025 over the mean day of the year (National Energy Administration); that a county is like expressways is an assumption";
        let one_day = "expressway_peak: expressways, 1 October 2025 over the mean day of the year (National Energy Administration); that a county is like expressways is an assumption";
        let (value, basis, source) = match (t.holiday.factor, t.holiday.preset.as_deref()) {
            (Some(_), Some(_)) => {
                return Err(self.keys.bad("demand.holiday", "factor and preset are both given".to_owned(), "give one of them"));
            }
            (Some(factor), None) => (factor, Basis::Given, ""),
            (None, Some("expressway_mean")) => (2.59, Basis::Assumption, expressway),
            (None, Some("expressway_peak")) => (2.95, Basis::Assumption, one_day),
            (None, Some(other)) => {
                let what = format!("\"{other}\" is not a preset");
                return Err(self.keys.bad(
                    "demand.holiday.preset",
                    what,
                    "use expressway_mean or expressway_peak, or give factor",
                ));
            }
            (None, None) => (2.59, Basis::Assumption, expressway),
        };
        if !(1.0..=20.0).contains(&value) {
            return Err(self.keys.bad(key, format!("{value} is no factor of a peak day"), "give 1 to 20"));
        }
        self.note(key, value, "", (basis, source));
        Ok(value)
    }

    fn target(&mut self, t: &DemandTable) -> Result<Option<(u32, f64)>> {
        match (t.target.year, t.target.factor) {
            (None, None) => Ok(None),
            (Some(year), Some(factor)) if (2020..=2100).contains(&year) && factor > 0.0 && factor <= 100.0 => {
                self.note("demand.target.year", year.into(), "", (Basis::Given, ""));
                self.note("demand.target.factor", factor, "", (Basis::Given, ""));
                Ok(Some((year, factor)))
            }
            _ => {
                let what = "a target year needs a year and the factor of its vehicles".to_owned();
                Err(self.keys.bad("demand.target", what, "give year = 2030 and factor = 2.5, or another, or leave it out"))
            }
        }
    }

    fn people(&self, t: &DemandTable) -> Result<bool> {
        match t.people.as_deref() {
            None | Some("county") => Ok(true),
            Some("settlements") => Ok(false),
            Some(other) => Err(self.keys.bad("demand.people", format!("\"{other}\" is not a rule"), "use county or settlements")),
        }
    }

    fn reach(&mut self, t: &DemandTable, headline_mm: u32, longest_mm: u32) -> Result<u32> {
        let Some(km) = t.reach_km else {
            let why = (Basis::Assumption, "drivers go as far as the headline service distance");
            self.note("demand.reach_km", f64::from(headline_mm) / MM_PER_KM as f64, "km", why);
            return Ok(headline_mm);
        };
        let mm = (km * MM_PER_KM as f64).round();
        if mm.is_nan() || mm <= 0.0 {
            let what = format!("{km} km is no way: nobody would have a charger in reach");
            return Err(self.keys.bad(
                "demand.reach_km",
                what,
                "give a length above 0, or leave the key out for the headline distance",
            ));
        }
        if mm > f64::from(longest_mm) {
            let longest = f64::from(longest_mm) / MM_PER_KM as f64;
            let what = format!("{km} km is farther than ways are searched ({longest} km)");
            return Err(self.keys.bad("demand.reach_km", what, "give at most the longest of criteria.distances_km"));
        }
        self.note("demand.reach_km", km, "km", (Basis::Given, ""));
        Ok(mm as u32)
    }

    fn access(&self, t: &DemandTable) -> Result<AccessMethod> {
        let Some(word) = t.access.as_deref() else { return Ok(AccessMethod::Gaussian) };
        let known = AccessMethod::ALL.iter().find(|(_, w)| *w == word).map(|(m, _)| *m);
        known.ok_or_else(|| {
            let what = format!("\"{word}\" is not a way to weigh");
            self.keys.bad("demand.access", what, "use binary, enhanced, gaussian or three_step")
        })
    }

    fn trial(&mut self, t: &DemandTable) -> Result<Option<TrialStation>> {
        let guns = t.trial.guns.unwrap_or(4);
        if guns > 1000 {
            return Err(self.keys.bad(
                "demand.trial.guns",
                format!("{guns} guns cannot be meant"),
                "give 0 to 1000; 0 tries none",
            ));
        }
        if guns == 0 {
            return Ok(None);
        }
        let why = (Basis::Assumption, "a station to try: four standard piles of 120 kW");
        self.note("demand.trial.guns", guns.into(), "", if t.trial.guns.is_some() { (Basis::Given, "") } else { why });
        let gun_kw = self.amount("demand.trial.gun_kw", t.trial.gun_kw, (120.0, "kW"), why, 4000.0)?;
        Ok(Some(TrialStation { guns, gun_kw }))
    }

    fn supply(&mut self, t: &SupplyTable) -> Result<SupplyFigures> {
        let assumed = |why: &'static str| (Basis::Assumption, why);
        let usual = "usual power of such a gun";
        let gun_kw = t.gun_kw.map(|kw| self.amount("supply.gun_kw", Some(kw), (0.0, "kW"), assumed(""), 4000.0)).transpose()?;
        Ok(SupplyFigures {
            ac_gun_kw: self.amount("supply.ac_gun_kw", t.ac_gun_kw, (7.0, "kW"), assumed(usual), 100.0)?,
            dc_gun_kw: self.amount("supply.dc_gun_kw", t.dc_gun_kw, (60.0, "kW"), assumed(usual), 4000.0)?,
            gun_kw,
            simultaneity: self.share_above_0("supply.simultaneity", t.simultaneity, 1.0, "all guns at full power at once")?,
            availability: self.share_above_0("supply.availability", t.availability, 1.0, "stations work all the time")?,
            efficiency: self.share_above_0("supply.efficiency", t.efficiency, 0.93, "usual loss of a charger")?,
            swap_min: self.amount(
                "supply.swap_min",
                t.swap_min,
                (5.0, "min"),
                (Basis::Source, "3 to 6 minutes a swap (ICCT)"),
                240.0,
            )?,
            pack_kwh: self.amount("supply.pack_kwh", t.pack_kwh, (60.0, "kWh"), assumed("a usual pack of a car"), 2000.0)?,
            pack_share: self.share_above_0("supply.pack_share", t.pack_share, 0.8, "packs come back with a fifth left")?,
            recharge_min: self.amount(
                "supply.recharge_min",
                t.recharge_min,
                (60.0, "min"),
                (Basis::Source, "NIO's stations of 5 and 13 packs give 120 and 312 swaps a day: an hour a pack"),
                2880.0,
            )?,
        })
    }
}
