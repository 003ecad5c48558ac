//! Candidate sites: places where a station could be built, as given. Which of them are worth it is for a plan to say.

use super::candidate_headers::CANDIDATES;
use super::contradict::Contradictions;
use super::decimals::{Judge, Style, judged};
use super::fields::{Attributes, FieldMap};
use super::formats::SourceFile;
use super::layers::{Read, each_point, first_file, refuse_empty, tell_columns};
use super::money::{NoMoney, amount};
use super::record::OwnIds;
use super::station::power_in;
use crate::config::region_file::LayerTable;
use crate::config::station_words::half_width;
use crate::error::{Error, Location, Result};
use crate::issue::{IssueCode, Issues, Layer};
use crate::space::{LonLat, chord_of_metres, metres_between};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::cell::Cell;
use std::rc::Rc;

/// Two candidates that lie no farther apart are one site, metres.
const ONE_SITE_M: f64 = 1.0;
/// Most records that are listed of a kind; the rest are counted.
const LISTED: usize = 100;

/// One candidate site as read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// The source's id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Chinese name, may be empty.
    pub name_zh: String,
    /// The source's word for its kind, or the kind of place that was asked for of OpenStreetMap.
    pub kind: String,
    /// Position.
    pub at: LonLat,
    /// What it costs to build there, whole units of money; `None` when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<u64>,
    /// Power that the grid can still give there, kW; `None` when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub headroom_kw: Option<f64>,
    /// The most that can be built there, kW; `None` where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_kw: Option<f64>,
    /// The source's word for the land, may be empty.
    pub land: String,
    /// Whether it is decided already.
    #[serde(default)]
    pub fixed: Fixed,
    /// Where it stands in the input.
    pub source: Location,
}

/// Whether a candidate is decided already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fixed {
    /// It may be chosen or not.
    #[default]
    Open,
    /// It is part of every plan.
    In,
    /// It is part of none.
    Out,
}

/// Words in English and Chinese, without blanks, `_` and `-`.
const WORDS: &[(Fixed, &[&str])] = &[
    (
        Fixed::In,
        &[
            "in",
            "lockedin",
            "fixedin",
            "forcedin",
            "include",
            "included",
            "must",
            "mandatory",
            "required",
            "必选",
            "必建",
            "选入",
            "入选",
            "纳入",
            "已定",
            "保留",
        ],
    ),
    (
        Fixed::Out,
        &[
            "out",
            "lockedout",
            "fixedout",
            "forcedout",
            "exclude",
            "excluded",
            "forbidden",
            "never",
            "排除",
            "不选",
            "落选",
            "禁选",
            "禁建",
            "不纳入",
            "不可建",
            "剔除",
        ],
    ),
    (
        Fixed::Open,
        &[
            "", "open", "free", "optional", "no", "n", "false", "0", "none", "-", "—", "n/a", "否", "无", "可选", "待选", "备选",
            "候选", "未定",
        ],
    ),
];

impl Fixed {
    /// The word in files; empty for what is open.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "",
            Self::In => "in",
            Self::Out => "out",
        }
    }

    /// From a word in English or Chinese; none for one that does not say which way.
    ///
    /// ```
    /// use chargegap::internals::read::candidate::Fixed;
    /// assert_eq!(Fixed::from_word("Locked_In"), Some(Fixed::In));
    /// assert_eq!(Fixed::from_word("排除"), Some(Fixed::Out));
    /// assert_eq!(Fixed::from_word("yes"), None); // in, or out?
    /// ```
    pub fn from_word(word: &str) -> Option<Self> {
        let plain: String = word.trim().chars().map(half_width).flat_map(char::to_lowercase).collect();
        let plain = if plain.len() > 1 { plain.replace(['_', '-', ' '], "") } else { plain };
        WORDS.iter().find(|(_, words)| words.contains(&plain.as_str())).map(|(fixed, _)| *fixed)
    }
}

/// Reads candidate sites from points, areas or tables.
///
/// # Errors
/// As the reader of the format; input, where `only` names an id that no candidate has.
pub fn read_candidates(files: &[SourceFile], spec: &LayerTable, issues: &mut Issues) -> Read<Vec<Candidate>> {
    let fixed = Style::of(spec.decimal.as_deref(), spec.thousands.as_deref(), "candidates")?;
    judged((fixed, "candidates"), issues, &mut |judge, issues| once(files, spec, judge, issues))
}

fn once(files: &[SourceFile], spec: &LayerTable, judge: Rc<Judge>, issues: &mut Issues) -> Read<Vec<Candidate>> {
    let map = FieldMap::new("candidates", CANDIDATES, &spec.fields)?.with_judge(judge);
    let wanted: Vec<String> = spec.fields.values().cloned().collect();
    let (mut all, mut origins, mut ids) = (Vec::new(), Vec::new(), OwnIds::default());
    let twofold = Contradictions::default();
    for file in files {
        origins.push(each_point(file, spec, &map, &wanted, Layer::Candidates, issues, &mut |record, at, here, issues| {
            map.observe(&record.columns);
            let here = match map.get(&record.columns, "id") {
                Some(id) => here.id(id.into_owned()),
                None => ids.name(here, record.id.as_deref(), Layer::Candidates, issues),
            };
            twofold.see(&map, &record.columns, &here);
            all.push(candidate_of(&record.columns, at, &map, here, issues));
        })?);
    }
    map.require_seen("candidates", issues.count(Layer::Candidates).read)?;
    refuse_empty(Layer::Candidates, files, spec, issues)?;
    tell_columns(&map, CANDIDATES, (Layer::Candidates, "candidates"), files, issues);
    twofold.tell(Layer::Candidates, issues);
    keep_only(&mut all, spec, files, issues)?;
    issues.count_mut(Layer::Candidates).used = all.len() as u64;
    Ok((all, origins))
}

/// Leaves out those that `only` does not name.
fn keep_only(all: &mut Vec<Candidate>, spec: &LayerTable, files: &[SourceFile], issues: &mut Issues) -> Result<()> {
    let Some(only) = &spec.only else { return Ok(()) };
    if let Some(missing) = only.iter().find(|id| !all.iter().any(|c| c.id == **id)) {
        let what = format!("no candidate has the id \"{missing}\"");
        let next = "check [candidates] only, and which column is the id";
        return Err(Error::input(what, next).at(first_file(files).field("candidates.only")));
    }
    let before = all.len();
    all.retain(|c| only.contains(&c.id));
    let n = before - all.len();
    if n > 0 {
        let what = format!("{n} candidates are not among [candidates] only");
        issues.push_many(Layer::Candidates, IssueCode::OtherKind, first_file(files), what, n as u64, 0);
    }
    Ok(())
}

/// A candidate from the attributes of a record; faults in single fields become issues and unknowns.
pub fn candidate_of(record: &impl Attributes, at: LonLat, map: &FieldMap, here: Location, issues: &mut Issues) -> Candidate {
    let text = |ours: &str| map.get(record, ours).map(|t| t.into_owned()).unwrap_or_default();
    let mut power = |ours: &str| power_in(Layer::Candidates, (record, map), ours, &here, issues).and_then(|p| p.total_kw);
    let (headroom_kw, max_kw) = (power("headroom_kw"), power("max_kw"));
    let max_kw = max_kw.filter(|kw| {
        if *kw == 0.0 {
            let what = "the largest power of a site is 0 kW, so that nothing could be built there".to_owned();
            issues.push(Layer::Candidates, IssueCode::BadNumber, here.clone().field("max_kw"), what);
        }
        *kw > 0.0
    });
    Candidate {
        id: here.id.clone().unwrap_or_else(|| format!("row-{}", here.feature.unwrap_or(0))),
        name: text("name"),
        name_zh: text("name_zh"),
        kind: text("kind"),
        at,
        cost: cost_of(record, map, &here, issues),
        headroom_kw,
        max_kw,
        land: text("land"),
        fixed: fixed_of(&text("fixed"), &here, issues),
        source: here,
    }
}

fn cost_of(record: &impl Attributes, map: &FieldMap, here: &Location, issues: &mut Issues) -> Option<u64> {
    let (factor, why) = (map.factor(record, "cost"), Cell::new(NoMoney::Odd));
    let read = map
        .number(record, ("cost", false), here, &|text, digits| amount(text, factor, digits).inspect_err(|e| why.set(*e)).ok())?;
    read.map_err(|raw| {
        let what = match why.get() {
            NoMoney::Odd => format!("\"{raw}\" is not an amount of money that can be meant"),
            NoMoney::Fraction => {
                format!("\"{raw}\" is no whole amount of money: write costs in a smaller unit, such as yuan in place of 万元")
            }
        };
        issues.push(Layer::Candidates, IssueCode::BadNumber, here.clone().field("cost"), what);
    })
    .ok()
}

fn fixed_of(word: &str, here: &Location, issues: &mut Issues) -> Fixed {
    Fixed::from_word(word).unwrap_or_else(|| {
        let what = format!("\"{word}\" does not say whether the site is in or out; it was taken as open");
        issues.push(Layer::Candidates, IssueCode::UnknownValue, here.clone().field("fixed"), what);
        Fixed::Open
    })
}

/// Leaves out candidates that stand at the place of one before them, and tells each.
///
/// # Complexity
/// Linear: those that stay lie apart, so that few share a cell of space.
pub fn keep_one_of_a_place(all: &mut Vec<Candidate>, issues: &mut Issues) {
    // of unit vectors, so that poles and the date line are places as others are; the sphere may be half a percent short
    let side = chord_of_metres(ONE_SITE_M * 1.01);
    let cell = |at: LonLat| at.unit_point().map(|x| (x / side).floor() as i64);
    let mut stay: FxHashMap<[i64; 3], Vec<usize>> = FxHashMap::default();
    let mut gone = Vec::new();
    for (i, c) in all.iter().enumerate() {
        let [x, y, z] = cell(c.at);
        let around = (0..27).map(|k| [x + k % 3 - 1, y + k / 3 % 3 - 1, z + k / 9 - 1]);
        let near = around.filter_map(|key| stay.get(&key)).flatten().copied();
        match near.filter(|j| metres_between(all[*j].at, c.at) <= ONE_SITE_M).min() {
            Some(first) => gone.push((i, first)),
            None => stay.entry([x, y, z]).or_default().push(i),
        }
    }
    for (i, first) in gone.iter().take(LISTED) {
        let (first, c) = (&all[*first], &all[*i]);
        let mut what = format!("it stands within {ONE_SITE_M} m of the candidate {}, which stays", first.id);
        if c.fixed != first.fixed && c.fixed != Fixed::Open {
            what = format!("{what}; that it is fixed \"{}\" is lost with it", c.fixed.as_str());
        }
        issues.push(Layer::Candidates, IssueCode::CandidateTwice, c.source.clone(), what);
    }
    if let Some(more) = gone.len().checked_sub(LISTED).filter(|n| *n > 0) {
        let what = format!("and {more} more like these");
        issues.push_many(Layer::Candidates, IssueCode::CandidateTwice, Location::default(), what, more as u64, 0);
    }
    if !gone.is_empty() {
        let mut out = gone.iter().map(|(i, _)| *i).peekable();
        let mut i = 0;
        all.retain(|_| {
            i += 1;
            out.next_if_eq(&(i - 1)).is_none()
        });
        let used = &mut issues.count_mut(Layer::Candidates).used;
        *used = used.saturating_sub(gone.len() as u64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// The candidate of a row, and what was told: code and field.
    fn read(row: serde_json::Value) -> (Candidate, Vec<String>) {
        let map = FieldMap::new("candidates", CANDIDATES, &Default::default()).unwrap();
        let row = row.as_object().unwrap();
        map.observe(row);
        let mut issues = Issues::default();
        let candidate = candidate_of(row, LonLat::default(), &map, Location::file("c").feature(3), &mut issues);
        let told = issues.sorted().iter().map(|i| format!("{} {}", i.code, i.at.field.clone().unwrap_or_default())).collect();
        (candidate, told)
    }

    #[test]
    fn every_field_has_its_english_and_chinese_header() {
        let (en, told) = read(
            json!({"name": "Bus station", "kind": "bus_station", "cost": 350000, "headroom_kw": "630", "max_kw": 480, "land": "public", "fixed": "in"}),
        );
        let want = Candidate {
            id: "row-3".to_owned(),
            name: "Bus station".to_owned(),
            kind: "bus_station".to_owned(),
            cost: Some(350_000),
            headroom_kw: Some(630.0),
            max_kw: Some(480.0),
            land: "public".to_owned(),
            fixed: Fixed::In,
            source: Location::file("c").feature(3),
            ..Candidate::default()
        };
        assert_eq!((en, told), (want, vec![]));
        let (zh, told) = read(
            json!({"名称": "客运站", "场景": "客运站", "投资（万元）": 35, "可开放容量(kVA)": 630, "最大功率(MW)": "0.48", "用地性质": "国有", "是否锁定": "排除"}),
        );
        assert_eq!(
            (
                zh.name.as_str(),
                zh.name_zh.as_str(),
                zh.kind.as_str(),
                zh.cost,
                zh.headroom_kw,
                zh.max_kw,
                zh.land.as_str(),
                zh.fixed
            ),
            ("客运站", "客运站", "客运站", Some(350_000), Some(630.0), Some(480.0), "国有", Fixed::Out)
        );
        assert!(told.is_empty(), "{told:?}");
    }

    #[test]
    fn what_cannot_be_meant_is_told_and_left_empty() {
        for (field, value) in [
            ("cost", "-5"),
            ("cost", "12.5"),
            ("cost", "1e13"),
            ("cost", "much"),
            ("headroom_kw", "-1"),
            ("headroom_kw", "1e9"),
            ("headroom_kw", "many"),
            ("headroom_kw", "200 kWh"),
            ("max_kw", "0"),
            ("max_kw", "-60"),
        ] {
            let (c, told) = read(json!({field: value}));
            assert_eq!((c.cost, c.headroom_kw, c.max_kw), (None, None, None), "{field} {value}");
            assert_eq!(told, [format!("bad_number {field}")], "{field} {value}");
        }
        // no headroom and no cost are figures
        let (c, told) = read(json!({"cost": 0, "headroom_kw": 0}));
        assert_eq!((c.cost, c.headroom_kw, told.len()), (Some(0), Some(0.0), 0));
        let (c, told) = read(json!({"cost": "", "headroom_kw": null, "fixed": " "}));
        assert_eq!((c.cost, c.headroom_kw, c.fixed, told.len()), (None, None, Fixed::Open, 0));
    }

    #[test]
    fn a_word_that_does_not_say_which_way_is_told() {
        for (word, want) in [
            ("IN", Some(Fixed::In)),
            ("locked-out", Some(Fixed::Out)),
            ("必建", Some(Fixed::In)),
            ("ＯＵＴ", Some(Fixed::Out)),
            ("否", Some(Fixed::Open)),
            ("-", Some(Fixed::Open)),
            ("yes", None),
            ("true", None),
            ("1", None),
            ("locked", None),
            ("锁定", None),
            ("是", None),
        ] {
            assert_eq!(Fixed::from_word(word), want, "{word}");
            let (c, told) = read(json!({"locked": word}));
            assert_eq!((c.fixed, told.len()), (want.unwrap_or_default(), usize::from(want.is_none())), "{word}");
        }
    }

    fn at(id: &str, lon: f64, lat: f64) -> Candidate {
        Candidate { id: id.to_owned(), at: LonLat::new(lon, lat).unwrap(), ..Candidate::default() }
    }

    fn kept(mut all: Vec<Candidate>) -> (String, Vec<String>, u64) {
        let mut issues = Issues::default();
        issues.count_mut(Layer::Candidates).used = all.len() as u64;
        keep_one_of_a_place(&mut all, &mut issues);
        let ids: Vec<&str> = all.iter().map(|c| c.id.as_str()).collect();
        let told = issues.sorted().iter().map(|i| i.message.clone()).collect();
        (ids.join(" "), told, issues.count(Layer::Candidates).used)
    }

    #[test]
    fn of_two_at_one_place_the_first_stays() {
        // 0.000008° of latitude are 0.89 m, 0.00001° are 1.11 m
        let (ids, told, used) = kept(vec![at("a", 10.0, 50.0), at("b", 10.0, 50.000008), at("c", 10.0, 50.00001)]);
        assert_eq!((ids.as_str(), used), ("a c", 2)); // c is near b, which is gone
        assert_eq!(told, ["it stands within 1 m of the candidate a, which stays"]);
        // across the date line, and at the pole
        assert_eq!(kept(vec![at("a", 180.0, 0.0), at("b", -179.999995, 0.0)]).0, "a"); // 0.56 m
        assert_eq!(kept(vec![at("a", 0.0, 90.0), at("b", 90.0, 90.0), at("c", 0.0, 89.9999)]).0, "a c");
        let locked = Candidate { fixed: Fixed::In, ..at("b", 10.0, 50.0) };
        let (_, told, _) = kept(vec![at("a", 10.0, 50.0), locked]);
        assert_eq!(told, ["it stands within 1 m of the candidate a, which stays; that it is fixed \"in\" is lost with it"]);
    }

    #[test]
    fn many_at_one_place_are_counted_and_take_no_time() {
        let all: Vec<Candidate> = (0..200_000).map(|i| at(&i.to_string(), 10.0, 50.0)).collect();
        let (ids, told, used) = kept(all);
        // 199,999 go: 100 are listed, 199,899 counted
        assert_eq!((ids.as_str(), told.len(), used), ("0", LISTED + 1, 1));
        assert_eq!(told.iter().filter(|t| *t == "and 199899 more like these").count(), 1);
    }
}
