//! Charging and swap stations from GeoJSON or CSV, and what the words in them mean.

use super::date::day;
use super::equipment::{Equipment, equipment_of};
use super::fields::{Attributes, FieldMap, MOST_POINTS};
use super::power::{self, Power};
use super::power_words::Unit;
use crate::config::region_file::LayerTable;
use crate::config::station_words::{Access, Status};
use crate::error::{Error, Location, Result};
use crate::issue::{IssueCode, Issues, Layer};
use crate::space::LonLat;
use serde::{Deserialize, Serialize};

/// One station as read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Station {
    /// The source's id; unique ids are the source's business, doubles are flagged.
    pub id: String,
    /// Name, may be empty.
    pub name: String,
    /// Position.
    pub at: LonLat,
    /// Offers charging by plug.
    pub charging: bool,
    /// Offers battery swap.
    pub swap: bool,
    /// Offers hydrogen.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hydrogen: bool,
    /// Guns (charging points).
    pub points: Option<u32>,
    /// Highest power of one gun, kW.
    pub power_kw: Option<f64>,
    /// Rated power of the whole station, kW.
    pub total_kw: Option<f64>,
    /// Connector kinds as a sorted set, joined by `;`.
    pub sockets: String,
    /// Swap bays.
    pub swap_bays: Option<u32>,
    /// Batteries kept for swapping.
    pub swap_batteries: Option<u32>,
    /// Whether trucks can use it; none where the source does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trucks: Option<bool>,
    /// Operator, may be empty.
    pub operator: String,
    /// Access.
    pub access: Access,
    /// Status.
    pub status: Status,
    /// Opening date as given (ISO where the source is).
    pub opened: String,
    /// What else is known of its equipment.
    #[serde(default, skip_serializing_if = "Equipment::is_unknown")]
    pub equipment: Equipment,
    /// Where it stands in the input.
    pub source: Location,
}

/// Leaves out stations that opened after `[stations] opened_by`, so that a register shows how things stood on that day.
///
/// # Errors
/// Usage, where that is no day.
pub fn leave_out_later(stations: &mut Vec<Station>, table: &LayerTable, issues: &mut Issues) -> Result<()> {
    let Some(by) = &table.opened_by else { return Ok(()) };
    let Some(day) = self::day(by).filter(|_| by.trim().len() == 10) else {
        let at = Location::default().field("stations.opened_by");
        return Err(Error::usage(format!("\"{by}\" is no day"), "write it as 2021-12-31").at(at));
    };
    let before = stations.len();
    stations.retain(|s| super::date::day(&s.opened).is_none_or(|d| d <= day));
    let (gone, undated) = (before - stations.len(), stations.iter().filter(|s| super::date::day(&s.opened).is_none()).count());
    let what =
        format!("{gone} stations opened after {by} and were left out; {undated} of those kept have no date that is understood");
    issues.push_many(Layer::Stations, IssueCode::OpenedLater, Location::default(), what, gone as u64, 0);
    Ok(())
}

/// How the words of a register are understood.
#[derive(Clone, Copy)]
pub struct Words {
    /// Who may use a station.
    pub access: fn(&str) -> Option<Access>,
    /// Whether it works.
    pub status: fn(&str) -> Option<Status>,
    /// Connectors as a sorted set.
    pub sockets: fn(&str) -> Vec<String>,
}

impl Default for Words {
    fn default() -> Self {
        Self { access: Access::from_word, status: Status::from_word, sockets: word_set }
    }
}

/// The power in a field, in the unit of its header where the cell has none; what is not understood, and kVA, are told.
pub fn power_of(record: &impl Attributes, map: &FieldMap, ours: &str, here: &Location, issues: &mut Issues) -> Option<Power> {
    power_in(Layer::Stations, (record, map), ours, here, issues)
}

/// The same of a record of a layer; of a candidate site it is the power of the whole site.
pub fn power_in(
    layer: Layer,
    (record, map): (&impl Attributes, &FieldMap),
    ours: &str,
    here: &Location,
    issues: &mut Issues,
) -> Option<Power> {
    let raw = map.get(record, ours)?;
    let bare = match map.factor(record, ours) {
        factor if factor < 1.0 => Unit::Watt,
        factor if factor > 1.0 => Unit::Megawatt,
        _ => Unit::Kilowatt,
    };
    let power = map.number(record, (ours, false), here, &|text, digits| Some(power::read_in(text, bare, digits)))?;
    let mut say = |code, what| issues.push(layer, code, here.clone().field(ours), what);
    match power.unwrap_or_else(Err) {
        Ok(power) => {
            if let Some(what) = power.told(&raw) {
                say(IssueCode::KvaAsKw, what);
            }
            if (ours == "total_kw" || layer == Layer::Candidates) && power.total_kw.is_none() {
                say(IssueCode::BadNumber, format!("\"{raw}\" is a list, where the power of the whole station is asked for"));
            }
            Some(power)
        }
        Err(what) => {
            say(IssueCode::BadNumber, what);
            None
        }
    }
}

/// A station from the attributes of a record; faults in single fields become issues and unknowns.
pub fn station_by(
    record: &impl Attributes,
    at: LonLat,
    map: &FieldMap,
    words: &Words,
    here: Location,
    issues: &mut Issues,
) -> Station {
    let text = |ours: &str| map.get(record, ours).map(|t| t.into_owned()).unwrap_or_default();
    let mut told = |ours: &str, raw: String| {
        let what = format!("\"{raw}\" is not a number that can be meant here");
        issues.push(Layer::Stations, IssueCode::BadNumber, here.clone().field(ours), what);
    };
    let mut count = |ours: &str| map.whole(record, ours, MOST_POINTS, &here)?.map_err(|raw| told(ours, raw)).ok();
    let (points, bays, batteries) = (count("points"), count("swap_bays"), count("swap_batteries"));
    let gun = power_of(record, map, "power_kw", &here, issues);
    let all = power_of(record, map, "total_kw", &here, issues);
    let [charging, swap, hydrogen] = kinds(&text("kind"), &here, issues);
    let word = |ours: &str| text(ours);
    let access = word("access");
    let status = word("status");
    let trucks = word("trucks");
    let id = map.get(record, "id").map(|t| t.into_owned());
    Station {
        id: id.or_else(|| here.id.clone()).unwrap_or_else(|| format!("row-{}", here.feature.unwrap_or(0))),
        name: text("name"),
        at,
        charging,
        swap,
        hydrogen,
        points: points.or(gun.and_then(|p| p.guns)),
        power_kw: gun.map(|p| p.kw),
        total_kw: all.and_then(|p| p.total_kw),
        sockets: (words.sockets)(&text("sockets")).join(";"),
        swap_bays: bays,
        swap_batteries: batteries,
        trucks: yes_or_no(&trucks).unwrap_or_else(|| unknown("trucks", &trucks, &here, issues)),
        operator: text("operator"),
        access: (words.access)(&access).unwrap_or_else(|| unknown("access", &access, &here, issues)),
        status: (words.status)(&status).unwrap_or_else(|| unknown("status", &status, &here, issues)),
        opened: text("opened"),
        equipment: equipment_of(record, map, &here, issues),
        source: here,
    }
}

fn unknown<T: Default>(field: &str, value: &str, here: &Location, issues: &mut Issues) -> T {
    issues.push(
        Layer::Stations,
        IssueCode::UnknownValue,
        here.clone().field(field),
        format!("\"{value}\" is not a known {field}"),
    );
    T::default()
}

/// Yes, no or not said, as OpenStreetMap and tables write it; none for another word.
pub(super) fn yes_or_no(word: &str) -> Option<Option<bool>> {
    Some(match word.trim().to_lowercase().as_str() {
        "yes" | "designated" | "true" | "1" | "y" | "是" | "可" | "支持" => Some(true),
        "no" | "false" | "0" | "n" | "否" | "不可" | "不支持" => Some(false),
        "unknown" | "" => None,
        _ => return None,
    })
}

/// Whether trucks can use a station by OpenStreetMap's `hgv` or, where it has none, `truck`; other values say nothing.
pub fn trucks_by_tag<'a>(tag: impl Fn(&str) -> Option<&'a str>) -> Option<bool> {
    yes_or_no(tag("hgv").or_else(|| tag("truck"))?).flatten()
}

/// Charging, swap and hydrogen from a set of words; nothing said means charging.
fn kinds(text: &str, here: &Location, issues: &mut Issues) -> [bool; 3] {
    let mut all = [false; 3];
    for word in word_set(text) {
        match kind(&word) {
            Some(has) => all.iter_mut().zip(has).for_each(|(all, has)| *all |= has),
            None => {
                let what = format!("\"{word}\" is not a known kind; alone it counts as charging");
                issues.push(Layer::Stations, IssueCode::UnknownValue, here.clone().field("kind"), what);
            }
        }
    }
    if all.contains(&true) { all } else { CHARGES }
}

/// Charging, swap and hydrogen by the words of a cell; `None` where one of them is not known, or there is none.
pub fn kind_of_words(text: &str) -> Option<[bool; 3]> {
    let kinds: Option<Vec<[bool; 3]>> = word_set(text).iter().map(|word| kind(word)).collect();
    kinds?.into_iter().reduce(|a, b| [0, 1, 2].map(|i| a[i] || b[i]))
}

const CHARGES: [bool; 3] = [true, false, false];
const SWAPS: [bool; 3] = [false, true, false];
const BOTH: [bool; 3] = [true, true, false];
const FUELS: [bool; 3] = [false, false, true];

/// Charging, swap and hydrogen by one word: Chinese ones go by the characters that they hold (`公共充电站`, `重卡换电站`, `加氢站`).
fn kind(word: &str) -> Option<[bool; 3]> {
    let has = |part: &str| word.contains(part);
    // no station, no more or not yet: that is another thing than its kind, and is told as not known
    if ["非", "停用", "停运", "拆除", "废弃", "报废", "关停", "关闭", "取消", "规划", "拟建", "待建", "在建"].into_iter().any(has)
    {
        return None;
    }
    let chinese = || {
        let both = has("充换电");
        // Direct or alternating current is what a charging station gives.
        let plug = has("充电") || !has("换电") && ["快充", "慢充", "超充", "直流", "交流"].into_iter().any(has);
        let all = [both || plug, both || has("换电"), has("加氢")];
        all.contains(&true).then_some(all)
    };
    match word {
        "charging" | "charge" | "charger" | "charging station" | "charging_station" | "ev charging" | "ev charging station" => {
            Some(CHARGES)
        }
        "swap" | "battery_swap" | "battery swap" | "swapping" | "swap station" | "battery swap station" => Some(SWAPS),
        "both" | "charging and swap" | "charging+swap" => Some(BOTH),
        "hydrogen" | "h2" | "hydrogen station" | "hydrogen_station" | "hydrogen fuelling station" => Some(FUELS),
        _ => chinese(),
    }
}

/// A list in one cell as a sorted set of lower-case words, whatever separates them (`;` `,` `|` `/` `、`) or brackets it.
pub fn word_set(text: &str) -> Vec<String> {
    let text = super::lists::bracketed(text).map_or_else(|| text.to_owned(), |parts| parts.join(";"));
    let mut words: Vec<String> =
        text.split([';', ',', '|', '/', '、', '；', '，']).map(|w| w.trim().to_lowercase()).filter(|w| !w.is_empty()).collect();
    words.sort();
    words.dedup();
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_of_a_set_does_not_matter() {
        assert_eq!(word_set("J1772; CHADEMO"), word_set("chademo,J1772,j1772"));
    }

    #[test]
    fn stations_of_the_day_itself_have_opened_by_it() {
        let kept = |by: &str| {
            let opened = ["2021-12-30", "2021-12-31", "2022-01-01", "20211231", "2021/12", "2022", "soon", ""];
            let station = |o: &&str| Station { opened: (*o).to_owned(), ..Station::default() };
            let mut all: Vec<Station> = opened.iter().map(station).collect();
            let table = LayerTable { opened_by: Some(by.to_owned()), ..LayerTable::default() };
            leave_out_later(&mut all, &table, &mut Issues::default())?;
            Ok::<_, Error>(all.into_iter().map(|s| s.opened).collect::<Vec<_>>())
        };
        // the day before and the day itself; a month or year counts as its first day; those without a date stay
        let want = ["2021-12-30", "2021-12-31", "20211231", "2021/12", "soon", ""];
        assert_eq!(kept("2021-12-31").unwrap(), want);
        assert_eq!(kept("2021-12-30").unwrap(), ["2021-12-30", "2021/12", "soon", ""]);
        assert_eq!(kept("2022-01-01").unwrap().len(), 8);
        assert_eq!(kept("2021").unwrap_err().location().field.as_deref(), Some("stations.opened_by"));
    }

    #[test]
    fn trucks_are_yes_no_or_not_said() {
        let of = |tags: &[(&str, &'static str)]| trucks_by_tag(|k| tags.iter().find(|t| t.0 == k).map(|t| t.1));
        assert_eq!(of(&[("hgv", "designated")]), Some(true));
        assert_eq!(of(&[("hgv", "no"), ("truck", "yes")]), Some(false));
        assert_eq!(of(&[("truck", "yes")]), Some(true));
        assert_eq!((of(&[("hgv", "delivery")]), of(&[])), (None, None));
        assert_eq!(yes_or_no("perhaps"), None);
        assert_eq!((yes_or_no(" Yes"), yes_or_no("否")), (Some(Some(true)), Some(Some(false))));
    }

    #[test]
    fn kinds_are_sets_and_unknown_words_are_listed() {
        let mut issues = Issues::default();
        assert_eq!(kinds("swap;charging", &Location::default(), &mut issues), BOTH);
        assert_eq!(kinds("", &Location::default(), &mut issues), CHARGES);
        let of = |word: &str, issues: &mut Issues| kinds(word, &Location::default(), issues);
        assert_eq!(of("加氢站", &mut issues), FUELS);
        assert_eq!(of("充电、加氢综合能源站", &mut issues), [true, false, true]);
        assert_eq!(of("直流换电站", &mut issues), SWAPS);
        assert_eq!(kinds("petrol", &Location::default(), &mut issues), CHARGES);
        assert_eq!(issues.sorted().len(), 1);
    }
}
