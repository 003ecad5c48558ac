//! Registers of stations that are known by their columns: how a record of each is to be understood, and which are void.
//!
//! A table that is plainly of a register is read by its rules, whatever the region file says of fields beside; `format =
//! "fields"` reads it by the columns alone.

mod afdc;
mod bnetza;
mod gather;
mod irve;
mod ocm;
mod ocpi;
mod together;

pub use gather::Gathered;
pub use together::Counting;

use super::contradict::Contradictions;
use super::decimals::{Judge, Style};
use super::fields::{Attributes, FieldMap, MOST_KW, signed};
use super::headers::{self, Header};
use super::power;
use super::power_words::Unit;
use super::record::{Columns, OwnIds, Record};
use super::station::{Station, Words, station_by};
use crate::config::region_file::LayerTable;
use crate::error::{Location, Result};
use crate::issue::{IssueCode, Issues, Layer};
use crate::space::LonLat;
use serde_json::Value;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// How a record of a station is to be understood.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dialect {
    /// By the field mapping.
    Fields,
    /// The US Alternative Fuels Data Center's columns.
    Afdc,
    /// The French scheme of charge points.
    Irve,
    /// The German register of the Bundesnetzagentur.
    Bnetza,
    /// Open Charge Map's JSON.
    OpenChargeMap,
    /// A location of the Open Charge Point Interface.
    Ocpi,
}

impl Dialect {
    /// The dialect that `format = "…"` fixes for the whole layer.
    pub fn from_format(format: Option<&str>) -> Option<Self> {
        match format? {
            "afdc" => Some(Self::Afdc),
            "irve" => Some(Self::Irve),
            "bnetza" => Some(Self::Bnetza),
            "ocm" => Some(Self::OpenChargeMap),
            "ocpi" => Some(Self::Ocpi),
            "fields" => Some(Self::Fields),
            _ => None,
        }
    }

    /// What people call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Fields => "a table of fields",
            Self::Afdc => "AFDC's table (Alternative Fuels Data Center)",
            Self::Irve => "IRVE (schéma des points de recharge)",
            Self::Bnetza => "the Ladesäulenregister of the Bundesnetzagentur",
            Self::OpenChargeMap => "Open Charge Map",
            Self::Ocpi => "OCPI",
        }
    }

    /// The register whose columns these are.
    pub fn of_header<'a>(columns: impl IntoIterator<Item = &'a str>) -> Self {
        let plain: Vec<(String, bool)> = columns.into_iter().map(|c| (Header::of(c).plain, headers::may_be_cut(c))).collect();
        let has = |name: &str| plain.iter().any(|(p, cut)| p == name || (*cut && name.starts_with(p)));
        let art = has("artderladeeinrichtung") || has("artderladeeinrichung");
        if has("fueltypecode") && has("stationname") {
            Self::Afdc
        } else if has("idpdcitinerance") || (has("idstationitinerance") && (has("nbrepdc") || has("puissancenominale"))) {
            Self::Irve
        } else if has("ladeeinrichtungsid") || (art && has("anzahlladepunkte")) || has("nennleistungladeeinrichtung") {
            Self::Bnetza
        } else {
            Self::Fields
        }
    }

    /// The dialect of a record by what it holds.
    fn of(columns: &Columns) -> Self {
        if columns.get("AddressInfo").is_some_and(Value::is_object) {
            Self::OpenChargeMap
        } else if columns.get("coordinates").is_some_and(Value::is_object) || columns.get("evses").is_some_and(Value::is_array) {
            Self::Ocpi
        } else {
            Self::of_header(columns.keys().map(String::as_str))
        }
    }

    /// Our fields in the columns of the register.
    fn fields(self) -> Option<headers::Fields> {
        match self {
            Self::Afdc => Some(afdc::FIELDS),
            Self::Irve => Some(irve::FIELDS),
            Self::Bnetza => Some(bnetza::FIELDS),
            Self::Fields => Some(headers::STATIONS),
            Self::OpenChargeMap | Self::Ocpi => None,
        }
    }
}

const TABLES: [Dialect; 4] = [Dialect::Fields, Dialect::Afdc, Dialect::Irve, Dialect::Bnetza];

/// Why the columns of a table are not enough, where they are plainly a flattened list of a register: its name, and what to do.
pub fn flattened<'a>(columns: impl IntoIterator<Item = &'a str>) -> Option<(&'static str, &'static str)> {
    let plain: Vec<String> = columns.into_iter().map(|c| Header::of(c).plain.replace(['.', '/', '[', ']'], "")).collect();
    let has = |name: &str| plain.iter().any(|p| p == name);
    let begins = |name: &str| plain.iter().any(|p| p.starts_with(name));
    if begins("addressinfo") || (has("uuid") && (has("locationtitle") || has("usagetypeid"))) {
        let next = "give its JSON (`output=json` of the API), which says what is under review, planned or removed; or map fields, with format = \"fields\"";
        return Some(("a flattened table of Open Charge Map", next));
    }
    if begins("evses") || (has("partyid") && begins("coordinates")) {
        let next = "give its JSON, which says what each charge point is and whether it is in service; or map fields, with format = \"fields\"";
        return Some(("a flattened table of OCPI", next));
    }
    None
}

/// The readings of a layer's records: one mapping for each register, the user's own fields over all.
#[derive(Debug)]
pub struct Readings {
    fixed: Option<Dialect>,
    maps: Vec<(Dialect, FieldMap)>,
    /// Column that groups rows, by the region file.
    group_by: Option<String>,
    /// Columns and dialect of the last record: tables have the same ones in every row.
    last: RefCell<Vec<String>>,
    last_is: Cell<Dialect>,
    /// Registers met so far.
    met: RefCell<Vec<Dialect>>,
    /// Ids of records beside their columns.
    ids: RefCell<OwnIds>,
    /// A flattened list that no register's rules can read: its name and what to do.
    flattened: Cell<Option<(&'static str, &'static str)>>,
    /// What columns of one field contradict each other in, of tables that are no register's.
    twofold: Contradictions,
}

/// What becomes of a record.
pub enum Outcome {
    /// A station, or a point of one.
    Row(Box<Row>),
    /// A record of another kind, in a word.
    Other(String),
    /// A record that the source marks as void, in its word.
    Void(String),
}

/// A station, or a point of one, with what ties it to other rows.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// The station as this row has it.
    pub station: Station,
    /// The station that the row is a point of.
    pub group: Option<Group>,
    /// Which record this is a version of, and how new.
    pub version: Option<(String, String)>,
    /// What the source says against the station being open, in its word.
    pub against: Vec<String>,
    /// Parts of it that are not counted in it, by the word of the source that says why.
    pub parts: Vec<(String, u64)>,
}

/// The station of a row.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Group {
    /// Its key.
    pub key: String,
    /// Why the row belongs to it.
    pub rule: Rule,
}

/// Why rows are points of one station.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Rule {
    /// `id_station_itinerance` of IRVE.
    Irve,
    /// One name and operator at one position, where IRVE has no id.
    IrvePlace,
    /// One operator at one position, in the register of the Bundesnetzagentur.
    Bnetza,
    /// `[stations] group_by`.
    Asked,
}

impl Readings {
    /// Those of `[stations]`, with numbers read by `judge`.
    ///
    /// # Errors
    /// Usage, when `fields` names a field that stations do not have.
    pub fn of(spec: &LayerTable, judge: &Rc<Judge>) -> Result<Self> {
        let fixed = Dialect::from_format(spec.format.as_deref());
        let map = |d: &Dialect| {
            let fields = d.fields().unwrap_or_default();
            // American marks are no question in an American table.
            let english = *d == Dialect::Afdc && spec.decimal.is_none() && spec.thousands.is_none();
            let judge = if english { Rc::new(Judge::new(Some(Style::POINT))) } else { judge.clone() };
            Ok((*d, FieldMap::new("stations", fields, &spec.fields)?.with_judge(judge)))
        };
        let mut maps = TABLES.iter().map(map).collect::<Result<Vec<_>>>()?;
        let others: Vec<&str> = [afdc::FIELDS, irve::FIELDS, bnetza::FIELDS]
            .iter()
            .flat_map(|fields| fields.iter().flat_map(|(_, theirs)| theirs.iter().copied()))
            .chain(spec.group_by.as_deref())
            .collect();
        let general = maps.remove(0).1.asking_also(others);
        maps.insert(0, (Dialect::Fields, general));
        Ok(Self {
            fixed,
            maps,
            group_by: spec.group_by.clone(),
            last: RefCell::default(),
            last_is: Cell::new(Dialect::Fields),
            met: RefCell::default(),
            ids: RefCell::default(),
            flattened: Cell::new(None),
            twofold: Contradictions::default(),
        })
    }

    /// The general mapping, by which positions are found: it knows those of every register.
    pub fn general(&self) -> &FieldMap {
        &self.maps[0].1
    }

    /// The mapping of a register.
    fn map(&self, dialect: Dialect) -> &FieldMap {
        self.maps.iter().find(|(d, _)| *d == dialect).map_or(&self.maps[0].1, |(_, map)| map)
    }

    /// What columns of one field contradict each other in, of tables that are no register's.
    pub fn twofold(&self) -> &Contradictions {
        &self.twofold
    }

    /// Registers met so far, with the mapping of each that has columns.
    pub fn met(&self) -> Vec<(Dialect, &FieldMap)> {
        self.met.borrow().iter().filter(|d| d.fields().is_some()).map(|d| (*d, self.map(*d))).collect()
    }

    /// The dialect of a record.
    fn dialect(&self, columns: &Columns) -> Dialect {
        if let Some(fixed) = self.fixed {
            return fixed;
        }
        let lists = columns.contains_key("AddressInfo") || columns.contains_key("coordinates") || columns.contains_key("evses");
        if lists {
            return Dialect::of(columns);
        }
        let mut last = self.last.borrow_mut();
        if last.len() != columns.len() || !last.iter().zip(columns.keys()).all(|(a, b)| a == b) {
            last.clear();
            last.extend(columns.keys().cloned());
            self.last_is.set(Dialect::of(columns));
            if self.last_is.get() == Dialect::Fields {
                self.flattened.set(self.flattened.get().or(flattened(columns.keys().map(String::as_str))));
            }
        }
        self.last_is.get()
    }

    /// What becomes of a record.
    pub fn read(&self, record: &Record, at: LonLat, here: Location, issues: &mut Issues) -> Outcome {
        let columns = &record.columns;
        let dialect = self.dialect(columns);
        if !self.met.borrow().contains(&dialect) {
            self.met.borrow_mut().push(dialect);
        }
        let map = self.map(dialect);
        map.observe(columns);
        let here = match map.get(columns, "id") {
            Some(id) => here.id(id.into_owned()),
            None => self.ids.borrow_mut().name(here, record.id.as_deref(), Layer::Stations, issues),
        };
        let mut outcome = match dialect {
            Dialect::Fields => {
                self.twofold.see(map, columns, &here);
                let station = station_by(columns, at, map, &Words::default(), here, issues);
                Outcome::Row(Box::new(Row { station, ..Row::default() }))
            }
            Dialect::Afdc => afdc::read(columns, at, map, here, issues),
            Dialect::Irve => irve::read(columns, at, map, here, issues),
            Dialect::Bnetza => bnetza::read(columns, at, map, here, issues),
            Dialect::OpenChargeMap => ocm::read(columns, at, here, issues),
            Dialect::Ocpi => ocpi::read(columns, at, here, issues),
        };
        if let (Outcome::Row(row), Some(column)) = (&mut outcome, &self.group_by) {
            let rule = if dialect == Dialect::Irve { Rule::Irve } else { Rule::Asked };
            // without a word there the register's own rule stays
            if let Some(key) = columns.text(column) {
                row.station.id = key.into_owned();
                row.group = Some(Group { key: row.station.id.clone(), rule });
            }
        }
        outcome
    }

    /// Whether points of IRVE were met that nothing puts together.
    pub fn points_without_station(&self) -> bool {
        let irve = self.map(Dialect::Irve);
        let known = ["_station", "_local"].into_iter().any(|ours| irve.has_column(ours));
        self.met.borrow().contains(&Dialect::Irve) && !known && self.group_by.is_none()
    }

    /// A flattened list among the records that nobody mapped: its name and what to do.
    pub fn flattened(&self) -> Option<(&'static str, &'static str)> {
        self.flattened.get()
    }

    /// The column that groups rows, where the layer has none of that name.
    pub fn group_by_missing(&self) -> Option<&str> {
        let column = self.group_by.as_deref()?;
        let seen = self.maps.iter().any(|(_, map)| map.knows(column));
        (!seen).then_some(column)
    }

    /// Columns that a register must have and the records of a layer with its `format` have not.
    pub fn missing(&self) -> Option<(Dialect, &'static str)> {
        let dialect = self.fixed?;
        let must: &[(&str, &'static str)] = match dialect {
            Dialect::Afdc => afdc::MUST,
            Dialect::Irve => irve::MUST,
            Dialect::Bnetza => bnetza::MUST,
            _ => &[],
        };
        let map = self.map(dialect);
        must.iter().find(|(ours, _)| !map.has_column(ours)).map(|(_, column)| (dialect, *column))
    }
}

/// A number of a JSON value, written as a number or as text.
fn number_of(value: Option<&Value>) -> Option<f64> {
    match value? {
        Value::Number(n) => n.as_f64(),
        Value::String(s) => s.trim().parse().ok(),
        _ => None,
    }
    .filter(|v: &f64| v.is_finite())
}

/// A JSON value as text; empty for what is none.
fn text_of(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(s)) => s.trim().to_owned(),
        Some(Value::Number(n)) => n.to_string(),
        _ => String::new(),
    }
}

/// A power as a number in `bare`, or as text with or without its unit, kW; none for what is none and for 0.
fn power_of(value: Option<&Value>, bare: Unit) -> Option<f64> {
    let kw = match value? {
        Value::String(text) => power::read_in(text, bare, signed).ok()?.kw,
        number => number.as_f64()? * bare.kw(),
    };
    kilowatts(kw)
}

/// A power that a station can have, kW; none for what is none and for 0.
fn kilowatts(kw: f64) -> Option<f64> {
    (kw.is_finite() && kw > 0.0 && kw <= MOST_KW).then_some(kw)
}

/// A value that is not among those of the register.
fn unknown(field: &str, value: impl std::fmt::Display, here: &Location, issues: &mut Issues) {
    let what = format!("\"{value}\" is not a known {field}");
    issues.push(Layer::Stations, IssueCode::UnknownValue, here.clone().field(field), what);
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// What becomes of the records of a layer without a word in the region file.
    pub fn outcomes(records: &[Value]) -> (Vec<Station>, Issues) {
        outcomes_by(&LayerTable::default(), records).unwrap()
    }

    /// The same with `[stations]`.
    pub fn outcomes_by(spec: &LayerTable, records: &[Value]) -> Result<(Vec<Station>, Issues)> {
        let (readings, mut issues, mut all) =
            (Readings::of(spec, &Rc::default()).unwrap(), Issues::default(), Gathered::of(spec, &Counting::default()));
        for (n, value) in (1..).zip(records) {
            let record = Record { columns: value.as_object().unwrap().clone(), ..Record::default() };
            let at = LonLat::new(109.5, 31.0).unwrap();
            let outcome = readings.read(&record, at, Location::file("t").feature(n), &mut issues);
            all.take(outcome, "t");
        }
        let stations = all.finish(&mut issues)?;
        Ok((stations, issues))
    }

    /// Issues as `count × code`.
    pub fn told(issues: &Issues) -> Vec<String> {
        issues.by_code().into_iter().map(|((_, code), (n, _))| format!("{n} × {code}")).collect()
    }

    #[test]
    fn registers_are_known_by_their_columns() {
        let of = |line: &str| Dialect::of_header(line.split(','));
        assert_eq!(of("Fuel Type Code,Station Name,Status Code"), Dialect::Afdc);
        assert_eq!(of("fuel_type_code,station_name"), Dialect::Afdc);
        assert_eq!(of("nom_station,id_pdc_itinerance"), Dialect::Irve);
        assert_eq!(of("id_station_itinerance,nbre_pdc"), Dialect::Irve);
        assert_eq!(of("Betreiber,Art der Ladeeinrichtung,Anzahl Ladepunkte"), Dialect::Bnetza);
        assert_eq!(of("Betreiber,Nennleistung Ladeeinrichtung [kW]"), Dialect::Bnetza);
        assert_eq!(of("id,name,lon,lat,kind"), Dialect::Fields);
        // as a shapefile cuts them
        assert_eq!((of("fuel_type_,station_na"), of("id_pdc_iti,nbre_pdc")), (Dialect::Afdc, Dialect::Irve));
    }

    #[test]
    fn flattened_lists_are_named() {
        let of = |line: &str| flattened(line.split(',')).map(|f| f.0);
        assert_eq!(of("ID,UUID,LocationTitle,Latitude"), Some("a flattened table of Open Charge Map"));
        assert_eq!(of("ID,AddressInfo.Latitude,AddressInfo.Longitude"), Some("a flattened table of Open Charge Map"));
        assert_eq!(of("id,party_id,coordinates/latitude"), Some("a flattened table of OCPI"));
        assert_eq!(of("id,name,lon,lat"), None);
    }
}
