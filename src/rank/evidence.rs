//! What a ranking is made from: figures of the counties as things are, and as they would be at another service distance or
//! without the stations that may not exist. It can be written to a run folder and read back, so that a ranking needs no roads.

use super::figures::CountyFigures;
use super::settings::RankSettings;
use crate::config::RankTable;
use crate::config::RoadClass;
use crate::config::rank_table::{HowTogether, IndicatorTable, UncertaintyTable};
use crate::error::{Error, Location, Result};
use std::collections::{BTreeMap, BTreeSet};

/// A county as the ranking sees it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Unit {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Chinese name, may be empty.
    pub name_zh: String,
    /// Columns of the county table that the ranking asks for, by header.
    pub columns: BTreeMap<String, f64>,
    /// Of counties that apply together: values of the indicators that say how they are put together, by key; none where a county lacks it.
    pub together: BTreeMap<String, Option<f64>>,
    /// Trust in its inputs, 0 to 100.
    pub trust: Option<f64>,
    /// What costs it the most of that; empty for nothing.
    pub doubt: String,
}

/// Which stations count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum StationSet {
    /// All that qualify.
    All,
    /// Those of them that are beyond doubt.
    Trusted,
}

impl StationSet {
    /// The word in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Trusted => "trusted",
        }
    }
}

/// Units and their figures under every combination of service distance and station set.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evidence {
    /// The counties, by code.
    pub units: Vec<Unit>,
    /// Service distances, millimetres; the nominal one first.
    pub distances_mm: Vec<u32>,
    /// Station sets; all first.
    pub stations: Vec<StationSet>,
    /// Figures of all units, one list a combination, station sets running fastest; the first is nominal.
    pub figures: Vec<Vec<CountyFigures>>,
    /// Whether a table that was joined has a column of people: a county that it says nothing of has no number of residents then. Else
    /// the people of settlements or a raster stand for them, in every county.
    pub residents_given: bool,
}

impl Evidence {
    /// Figures as things are.
    pub fn nominal(&self) -> &[CountyFigures] {
        self.figures.first().map_or(&[], Vec::as_slice)
    }

    /// The part of it that is to be varied: the nominal distance with those that are named, and the station sets. Without draws,
    /// the nominal figures alone.
    ///
    /// # Errors
    /// Usage, for a distance that is not here, naming those that are.
    pub fn varied(&self, asked: &UncertaintyTable) -> Result<Self> {
        let km = |mm: &u32| f64::from(*mm) / 1e6;
        let mut chosen: Vec<u32> = self.distances_mm.clone();
        if let Some(named) = &asked.distances_km {
            let mm: Vec<u32> = named.iter().map(|km| (km * 1e6).round() as u32).collect();
            if let Some((missing, _)) = named.iter().zip(&mm).find(|(_, mm)| !self.distances_mm.contains(mm)) {
                let here: Vec<String> = self.distances_mm.iter().map(|mm| km(mm).to_string()).collect();
                let at = Location::default().field("rank.uncertainty.distances_km");
                let next = format!("name some of those it has: {} km; or run again", here.join(", "));
                return Err(Error::usage(format!("there are no figures for {missing} km"), next).at(at));
            }
            chosen.retain(|d| mm.contains(d) || self.distances_mm.first() == Some(d));
        }
        chosen.truncate(if asked.draws == 0 { 1 } else { chosen.len() });
        let doubtful = asked.draws > 0 && asked.doubtful_stations;
        let stations: Vec<StationSet> = self.stations.iter().copied().filter(|s| doubtful || *s == StationSet::All).collect();
        let sets = self.distances_mm.iter().flat_map(|d| self.stations.iter().map(move |s| (d, s))).zip(&self.figures);
        let figures = sets.filter(|((d, s), _)| chosen.contains(d) && stations.contains(s)).map(|(_, f)| f.clone()).collect();
        let residents_given = self.residents_given;
        Ok(Self { units: self.units.clone(), distances_mm: chosen, stations, figures, residents_given })
    }

    /// Puts counties that apply together into the place of their lead, with what they have together; the others stay in the list
    /// as they are. A column of the county table that is no total is put together as its indicator says. Returns who belongs to which application, by unit.
    ///
    /// # Errors
    /// Usage, for a code that is not a county, one that is in two applications, or one alone.
    pub fn joined(&self, table: &RankTable) -> Result<(Self, BTreeMap<usize, JointMember>)> {
        let mut members: BTreeMap<usize, JointMember> = BTreeMap::new();
        let mut out = self.clone();
        for (n, application) in table.joint.iter().enumerate() {
            let bad = |what: String, next: &str| {
                Error::usage(what, next).at(Location::default().field(format!("rank.joint[{n}].members")))
            };
            let codes: BTreeSet<&str> =
                application.members.iter().map(String::as_str).chain([application.lead.as_str()]).collect();
            let number = |code: &&str| {
                let found = self.units.iter().position(|u| u.code == **code);
                found.ok_or_else(|| bad(format!("no county has the code {code}"), "give the codes of counties of this run"))
            };
            let lead = number(&application.lead.as_str()).map_err(|_| {
                let what = format!(
                    "the lead county \"{}\" of the joint application \"{}\" is no county here",
                    application.lead, application.name
                );
                let next = "give the code of one of its counties: one quota, one lead county";
                Error::usage(what, next).at(Location::default().field(format!("rank.joint[{n}].lead")))
            })?;
            let units: Vec<usize> = codes.iter().map(number).collect::<Result<_>>()?;
            if units.len() < 2 {
                return Err(bad(format!("\"{}\" is one county", application.name), "give two or more"));
            }
            if let Some(twice) = units.iter().find(|u| members.contains_key(u)) {
                let what = format!("county {} is in two joint applications", self.units[*twice].code);
                return Err(bad(what, "leave it in one of them"));
            }
            for list in &mut out.figures {
                let together = units.iter().map(|u| &list[*u]).fold(CountyFigures::default(), added);
                list[lead] = CountyFigures { code: self.units[lead].code.clone(), ..together };
            }
            out.units[lead].together = values_together(&self.units, &units, table);
            out.units[lead].columns = columns_together(&self.units, &units, &totals(table));
            out.units[lead].trust = units.iter().filter_map(|u| self.units[*u].trust).reduce(f64::min);
            for u in units {
                members.insert(u, JointMember { name: application.name.clone(), lead });
            }
        }
        Ok((out, members))
    }

    /// People of a county, for what is counted a head; none where the table says nothing of it.
    pub fn heads(&self, f: &CountyFigures) -> Option<u64> {
        if self.residents_given { f.residents } else { Some(f.all_people()) }
    }

    /// Whether the indicators of demand can be asked for: some county has their figures.
    pub fn has_demand(&self) -> bool {
        self.figures.iter().flatten().any(|f| f.demand.is_some())
    }

    /// Province of each unit.
    pub fn provinces(&self, settings: &RankSettings) -> Vec<String> {
        self.units.iter().map(|u| settings.province(&u.code).to_owned()).collect()
    }
}

/// A county in a joint application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JointMember {
    /// Name of the application.
    pub name: String,
    /// Unit that leads it.
    pub lead: usize,
}

/// What two counties have together; people are known together only where both are.
fn added(a: CountyFigures, b: &CountyFigures) -> CountyFigures {
    let each = |x: [u64; RoadClass::ALL.len()], y: &[u64; RoadClass::ALL.len()]| std::array::from_fn(|i| x[i] + y[i]);
    let first = a.code.is_empty();
    let known = |a: u64, b: u64| first || a > 0 && b > 0;
    // where nobody is known of one of them the share of the others would be a guess
    let (people, in_settlements) = (known(a.people, b.people), known(a.settlement_people, b.settlement_people));
    let both = |known: bool, a: u64, b: u64| if known { a + b } else { 0 };
    CountyFigures {
        code: b.code.clone(),
        road_mm: each(a.road_mm, &b.road_mm),
        gap_mm: each(a.gap_mm, &b.gap_mm),
        longest_stretch_mm: a.longest_stretch_mm.max(b.longest_stretch_mm),
        charging_stations: a.charging_stations + b.charging_stations,
        swap_stations: a.swap_stations + b.swap_stations,
        points: a.points + b.points,
        power_kw: a.power_kw + b.power_kw,
        settlements: a.settlements + b.settlements,
        settlements_in_gap: a.settlements_in_gap + b.settlements_in_gap,
        settlements_without_station: a.settlements_without_station + b.settlements_without_station,
        people: both(people, a.people, b.people),
        people_in_gap: both(people, a.people_in_gap, b.people_in_gap),
        residents: if first { b.residents } else { a.residents.zip(b.residents).map(|(x, y)| x + y) },
        settlement_people: both(in_settlements, a.settlement_people, b.settlement_people),
        settlement_people_in_gap: both(in_settlements, a.settlement_people_in_gap, b.settlement_people_in_gap),
        demand: if first { b.demand } else { a.demand.zip(b.demand).map(|(x, y)| x.plus(&y)) },
    }
}

/// Columns that are totals: what is divided by something, and what something is divided by. Of others nobody can tell whether they have
/// a sum: a price or a share has none. What counties cost is added up in [`super::cost`].
fn totals(table: &RankTable) -> BTreeSet<&str> {
    let divided = table.indicators.iter().filter(|i| i.denominator.is_some());
    let parts = divided.flat_map(|i| [Some(i.header()), i.denominator_header()]).flatten();
    parts.collect()
}

/// Values of the indicators that say how counties are put together; nothing where one of them lacks it.
fn values_together(units: &[Unit], members: &[usize], table: &RankTable) -> BTreeMap<String, Option<f64>> {
    let said = table.indicators.iter().filter_map(|i| Some((i, i.together?)));
    let value = |(i, how): (&IndicatorTable, HowTogether)| {
        let all: Option<Vec<f64>> = members.iter().map(|u| units[*u].columns.get(i.header()).copied()).collect();
        (i.key.clone(), all.and_then(|values| how.of(&values)))
    };
    said.map(value).collect()
}

/// Totals of counties together: sums, where all have one.
fn columns_together(units: &[Unit], members: &[usize], totals: &BTreeSet<&str>) -> BTreeMap<String, f64> {
    let columns = members.iter().flat_map(|u| units[*u].columns.keys());
    let keys: BTreeSet<&String> = columns.filter(|k| totals.contains(k.as_str())).collect();
    let sum = |key: &&String| members.iter().map(|u| units[*u].columns.get(*key).copied()).sum::<Option<f64>>();
    keys.iter().filter_map(|k| sum(k).map(|v| ((*k).clone(), v))).collect()
}
