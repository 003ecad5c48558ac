//! The columns that our fields are looked for in: one table, from which all readers take theirs and which the docs print.
//!
//! A header is compared without regard to case, blanks, `_`, `-`, full-width forms and a unit in brackets at its end. A unit
//! that is another than ours (`(W)`, `（万人）`) is kept with the column, so that its values can be taken to ours.

use super::units::{self, Measure, UNITS};
use crate::config::station_words::half_width;

/// A layer's fields by our names, each with the columns it may come from, in order of trust.
pub type Fields = &'static [(&'static str, &'static [&'static str])];

pub use super::candidate_headers::CANDIDATES;
pub use super::station_headers::STATIONS;

/// Fields of settlements.
pub const SETTLEMENTS: Fields = &[
    ("id", &["id", "geonameid", "code", "编号", "代码", "区划代码", "行政区划代码"]),
    ("name", &["name", "asciiname", "名称", "村名", "地名", "乡镇名称", "乡镇"]),
    ("name_zh", &["name_zh", "name:zh", "名称", "村名", "地名", "乡镇名称", "乡镇"]),
    ("lon", &["lon", "lng", "long", "longitude", "x", "经度", "经度坐标", "东经", "wgs84经度"]),
    ("lat", &["lat", "latitude", "y", "纬度", "纬度坐标", "北纬", "wgs84纬度"]),
    (
        "population",
        &[
            "population",
            "pop",
            "人口",
            "常住人口",
            "常住人口数",
            "总人口",
            "总人口数",
            "人口数",
            "人口总数",
            "人口数_合计",
            "户籍人口",
        ],
    ),
    ("kind", &["kind", "place", "fcode", "type", "类型", "类别"]),
    ("wkt", &["wkt", "geometry", "geom", "the_geom"]),
    ("private_car", &["private_car"]),
    ("taxi", &["taxi"]),
    ("bus", &["bus"]),
    ("van", &["van"]),
    ("heavy_truck", &["heavy_truck"]),
    ("fuel_cell_truck", &["fuel_cell_truck"]),
];

/// Fields of counties.
pub const COUNTIES: Fields = &[
    (
        "code",
        &[
            "code",
            "adcode",
            "county_code",
            "geoid",
            "gb",
            "id",
            "区划代码",
            "行政区划代码",
            "行政区代码",
            "县代码",
            "区县代码",
            "代码",
            "xzqdm",
        ],
    ),
    ("name", &["name", "name_en"]),
    ("name_zh", &["name_zh", "name:zh", "名称", "县名", "县名称", "区县", "区县名称", "行政区名称", "行政区划名称", "xzqmc"]),
    ("wkt", &["wkt", "geometry", "geom", "the_geom"]),
];

/// Fields of roads.
pub const ROADS: Fields = &[
    ("id", &["id", "osm_id", "linearid", "编号", "路段编号"]),
    ("name", &["name", "ref", "fullname", "名称", "路名", "道路名称", "路线名称", "路线编号", "路线编码"]),
    ("number", &["ref", "road_number", "route_number", "路线编号", "路线编码", "路线代码"]),
    (
        "class",
        &[
            "class",
            "road_class",
            "highway",
            "fclass",
            "mtfcc",
            "等级",
            "道路等级",
            "公路等级",
            "路线等级",
            "行政等级",
            "技术等级",
            "道路类型",
            "道路类别",
        ],
    ),
    ("oneway", &["oneway", "单行", "单行道", "是否单行"]),
    ("speed_kmh", &["speed_kmh", "maxspeed", "限速", "设计速度", "设计时速"]),
    ("layer", &["layer"]),
    ("bridge", &["bridge", "桥梁"]),
    ("tunnel", &["tunnel", "隧道"]),
    ("wkt", &["wkt", "geometry", "geom", "the_geom"]),
];

/// Fields of the table that joins counties.
pub const COUNTY_TABLE: Fields = &[
    (
        "code",
        &[
            "code",
            "adcode",
            "county_code",
            "geoid",
            "区划代码",
            "行政区划代码",
            "行政区代码",
            "县代码",
            "区县代码",
            "代码",
            "xzqdm",
        ],
    ),
    ("name", &["name", "区县", "区县名称", "县名", "县名称", "名称", "行政区名称", "xzqmc"]),
    (
        "population",
        &[
            "population",
            "pop",
            "人口数_合计",
            "常住人口",
            "常住人口数",
            "总人口",
            "总人口数",
            "人口",
            "人口数",
            "人口总数",
            "户籍人口",
        ],
    ),
];

/// Fields of counts of traffic.
pub const TRAFFIC: Fields = &[
    ("road", &["road", "route", "ref", "road_number", "route_number", "路线编号", "路线编码", "路线代码", "路线"]),
    ("code", &["code", "adcode", "county_code", "geoid", "区划代码", "行政区划代码", "县代码"]),
    ("aadt", &["aadt", "adt", "年平均日交通量", "日均交通量", "日交通量", "交通量"]),
    ("trucks", &["trucks", "aadt_trucks", "truck_aadt", "heavy_trucks", "大货车", "货车", "货车交通量"]),
];

/// Fields of vehicles from place to place.
pub const FLOWS: Fields = &[
    ("origin", &["origin", "from", "origin_id", "o", "起点", "出发地", "起点名称", "出发地名称"]),
    ("destination", &["destination", "to", "destination_id", "d", "终点", "目的地", "终点名称", "目的地名称"]),
    ("vehicles", &["vehicles", "vehicles_a_day", "flow", "volume", "trips", "车辆数", "车流量", "流量", "日车辆数"]),
];

/// Headers of the name of a county that applies.
const APPLICANT_NAMES: &[&str] = &[
    "name",
    "county",
    "名称",
    "县名",
    "县名称",
    "区县",
    "区县名称",
    "申报县",
    "申报单位",
    "county_name",
    "name_zh",
    "县区名称",
    "行政区名称",
    "县（市、区）",
    "县（区）",
    "县（市区）",
    "单位名称",
];

/// Columns of the code of who applies.
const APPLICANT_CODES: &[&str] = &[
    "code",
    "adcode",
    "county_code",
    "geoid",
    "区划代码",
    "行政区划代码",
    "行政区代码",
    "县区代码",
    "区县代码",
    "县代码",
    "代码",
];

/// Fields of a list of counties that apply.
pub const COUNTY_LIST: Fields = &[("name", APPLICANT_NAMES), ("code", APPLICANT_CODES)];

/// Fields of a register of applicants.
pub const APPLICANTS: Fields = &[
    ("code", APPLICANT_CODES),
    ("name", APPLICANT_NAMES),
    ("applied", &["applied", "applied_on", "application_date", "date", "申报日期", "申报时间", "申请日期", "申请时间", "日期"]),
    ("files", &["files", "documents", "申报材料", "材料", "附件"]),
    (
        "joint_lead",
        &[
            "joint_lead",
            "lead",
            "lead_code",
            "lead_county",
            "joint_with",
            "applies_with",
            "联合申报牵头县",
            "联合牵头县",
            "牵头县",
            "牵头县代码",
            "牵头县区划代码",
            "牵头单位代码",
        ],
    ),
    (
        "withdrawn",
        &[
            "withdrawn",
            "withdrawn_on",
            "withdrawn_date",
            "date_withdrawn",
            "withdrew",
            "withdrew_on",
            "withdrawal",
            "withdrawal_date",
            "date_of_withdrawal",
            "撤回",
            "撤回日期",
            "撤回时间",
            "撤回申报日期",
            "撤回申请日期",
            "是否撤回",
            "撤销",
            "撤销日期",
            "撤销时间",
            "撤销申报日期",
            "是否撤销",
            "撤件日期",
            "退出日期",
            "退出时间",
            "是否退出",
            "放弃日期",
        ],
    ),
    ("reason", &["reason", "note", "理由", "原因", "备注"]),
];

/// Fields of a crosswalk of codes.
pub const CROSSWALK: Fields = &[
    ("old", &["old_code", "old", "原代码", "旧代码", "原区划代码", "变更前代码"]),
    ("new", &["new_code", "new", "新代码", "现代码", "新区划代码", "变更后代码"]),
    ("note", &["note", "name", "备注", "名称"]),
];

/// Tables of this room by the words that a region file has for them.
pub const TABLES: &[(&str, Fields)] = &[
    ("roads", ROADS),
    ("counties", COUNTIES),
    ("stations", STATIONS),
    ("settlements", SETTLEMENTS),
    ("candidates", CANDIDATES),
    ("county_table", COUNTY_TABLE),
    ("county_list", COUNTY_LIST),
    ("demand.traffic", TRAFFIC),
    ("plan.flows", FLOWS),
    ("applicants", APPLICANTS),
    ("crosswalk", CROSSWALK),
];

/// Columns that mean another thing than the others of their field, and what: they fill the field only of a layer that has none of the
/// others, never a single row of it. Of two of them the first counts.
const LESSER: &[(&str, &[&str], &str)] = &[
    ("points", &["充电桩数", "充电桩数量", "桩数"], "piles, each taken as one gun"),
    ("points", &["capacity"], "a capacity, taken as a number of guns and not as kW"),
    ("power_kw", &["单桩功率"], "the power of a pile, taken as that of a gun"),
    ("population", &["户籍人口"], "people by registration, taken as residents"),
    ("speed_kmh", &["设计速度", "设计时速"], "the speed that a road is built for, taken as its limit"),
];

/// Which of the lesser meanings of a field a column has, from 1, and what it means; none for one that means the field itself.
pub fn lesser(ours: &str, column: &str) -> Option<(usize, &'static str)> {
    let i = LESSER.iter().position(|(field, columns, _)| *field == ours && columns.contains(&column))?;
    Some((i + 1, LESSER[i].2))
}

/// Units of apparent power, which are taken as W, kW and MW and told.
const APPARENT: &[&str] = &["va", "kva", "mva", "千伏安"];

/// A header as it is compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Header {
    /// Lower case, without blanks, `_`, `-` and units.
    pub plain: String,
    unit: Option<(Measure, f64)>,
    /// The unit is one of apparent power (kVA).
    pub apparent: bool,
}

impl Header {
    /// That of a column.
    ///
    /// ```
    /// use chargegap::internals::read::headers::Header;
    /// assert_eq!(Header::of("总功率（ｋＷ）").plain, "总功率");
    /// assert_eq!(Header::of(" Station_ID ").plain, "stationid");
    /// ```
    pub fn of(column: &str) -> Self {
        let half: String = column.chars().map(plain_form).flat_map(char::to_lowercase).collect();
        let (mut text, mut unit, mut apparent) = (half.trim().trim_end_matches('*').trim_end(), None, false);
        while let Some((before, inside)) = in_brackets(text) {
            let word = units::compact(inside);
            let Some((_, measure, factor)) = UNITS.iter().find(|u| u.0 == word) else { break };
            unit = unit.filter(|(m, _)| *m != Measure::Plain).or(Some((*measure, *factor)));
            apparent |= APPARENT.contains(&word.as_str());
            text = before.trim_end();
        }
        // Capacity in kW
        if unit.is_none()
            && let Some((before, word)) = text.rsplit_once(" in ")
            && let Some((name, measure, factor)) = UNITS.iter().find(|u| u.0 == word && u.1 != Measure::Plain)
        {
            (text, unit, apparent) = (before, Some((*measure, *factor)), APPARENT.contains(name));
        }
        let mut plain: String = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '_' | '-')).collect();
        // 总功率kW: in Chinese a unit needs no bracket to stand out.
        let word = |unit: &str| unit.is_ascii() && !unit.starts_with('0'); // 人口000 is nobody's word
        let bare = |u: &&(&str, Measure, f64)| plain.strip_suffix(u.0).is_some_and(|p| p.ends_with(is_han) && word(u.0));
        if unit.is_none()
            && let Some((word, measure, factor)) = UNITS.iter().filter(bare).max_by_key(|u| u.0.len())
        {
            (unit, apparent) = (Some((*measure, *factor)), APPARENT.contains(word));
            plain.truncate(plain.len() - word.len());
        }
        let unit = unit.or_else(|| inner_unit(&half));
        Self { plain, unit, apparent }
    }

    /// The unit that the header says, where it is one of what fields are measured in.
    pub(super) fn unit(&self) -> Option<(Measure, f64)> {
        self.unit.filter(|(measure, _)| *measure != Measure::Plain)
    }

    /// How many of our units one of the column's is; `None` where it measures something else than the field.
    pub fn factor(&self, ours: &str) -> Option<f64> {
        match self.unit {
            None | Some((Measure::Plain, _)) => Some(1.0),
            Some((of, factor)) => (of == units::measure(ours)).then_some(factor),
        }
    }
}

/// A unit that stands within a name, `人口（万人）/ 城镇`, or as its last word, `power_mw`: the name is looked for as it stands.
fn inner_unit(half: &str) -> Option<(Measure, f64)> {
    let known = |word: &str| {
        let word = units::compact(word);
        UNITS.iter().find(|u| u.0 == word && u.1 != Measure::Plain).map(|(_, measure, factor)| (*measure, *factor))
    };
    let brackets = half.match_indices(['(', '[']).find_map(|(i, _)| {
        let (inside, _) = half[i + 1..].split_once([')', ']'])?;
        known(inside)
    });
    let last = || half.rsplit_once(['_', ' ', '-']).and_then(|(_, word)| known(word));
    brackets.or_else(last)
}

/// Whether a header may be one that a shapefile has cut: its names end after ten bytes.
pub fn may_be_cut(column: &str) -> bool {
    column.len() == 10 && column.is_ascii() && column.contains(|c: char| c.is_ascii_alphabetic())
}

fn plain_form(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '【' | '〔' => '[',
        '】' | '〕' => ']',
        _ => half_width(c),
    }
}

fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// A text that ends in brackets: what stands before and within them.
fn in_brackets(text: &str) -> Option<(&str, &str)> {
    let open = match text.chars().last()? {
        ')' => '(',
        ']' => '[',
        _ => return None,
    };
    let (before, inside) = text.get(..text.len() - 1)?.rsplit_once(open)?;
    Some((before, inside))
}

/// Fields that change what is counted, so that a column that looks like one is worth a warning.
const TELLING: &[&str] = &[
    "kind",
    "points",
    "power_kw",
    "total_kw",
    "access",
    "status",
    "opened",
    "population",
    "class",
    "oneway",
    "speed_kmh",
    "cost",
    "max_kw",
    "fixed",
];

/// The field that a column which nothing took looks like: one letter is other, or the name is a part of it.
pub fn looks_like(fields: Fields, column: &str, open: impl Fn(&str) -> bool) -> Option<&'static str> {
    let header = Header::of(column);
    let telling = fields.iter().filter(|(ours, _)| TELLING.contains(ours) && open(ours) && header.factor(ours).is_some());
    let named = telling.filter(|(_, theirs)| theirs.iter().any(|t| is_near(&header, t))).map(|(ours, _)| *ours).next();
    named.or_else(|| a_power(fields, &header, open))
}

/// Whether a column has nearly the name of a field's column: one letter is other, or the name is a part of it.
fn is_near(header: &Header, theirs: &str) -> bool {
    let theirs = Header::of(theirs).plain;
    let (long, han) = (theirs.chars().count(), theirs.contains(is_han));
    let part = if han { long >= 2 && header.plain.contains(&theirs) } else { long >= 6 && header.plain.contains(&theirs) };
    let typo = long >= 5 && !han && strsim::damerau_levenshtein(&theirs, &header.plain) == 1;
    (part || typo) && !is_count_of_other(&header.plain)
}

/// Parts of names of columns that stand beside what a register says, and say it not.
const BESIDE: [&str; 13] =
    ["reason", "note", "remark", "comment", "原因", "理由", "说明", "备注", "材料", "文件", "文号", "人", "电话"];
/// Parts of names of columns of withdrawals.
const WITHDRAWALS: [&str; 8] = ["withdr", "撤", "退出", "放弃", "取消", "作废", "cancel", "retract"];
/// Parts of names of columns of joint applications.
const JOINTS: [&str; 12] =
    ["joint", "牵头", "联合", "lead", "共同", "协同", "参与县", "合作县", "合作单位", "consortium", "partner", "coappl"];
/// Parts of names of columns that say that something ended, beside those of withdrawals.
const ENDINGS: [&str; 15] = [
    "是否终止",
    "终止申报",
    "终止申请",
    "是否中止",
    "是否失效",
    "是否无效",
    "注销",
    "inactive",
    "invalid",
    "deactivat",
    "terminated",
    "discontinued",
    "rescind",
    "deleted",
    "droppedout",
];

/// Whether a header, in its plain form, is that of a column that says whether or when an application ended.
pub(super) fn is_of_endings(plain: &str) -> bool {
    let has = |words: &[&str]| words.iter().any(|w| plain.contains(w));
    // who has a reason or a clerk of a withdrawal has withdrawn
    has(&WITHDRAWALS) || (!has(&BESIDE) && has(&ENDINGS))
}

/// The same of a register of applicants: the fields that decide who takes part, and parts of names that nothing else has. A column of
/// reasons or notes is none of them.
pub fn looks_like_of_register(column: &str, open: impl Fn(&str) -> bool) -> Option<&'static str> {
    let header = Header::of(column);
    let has = |words: &[&str]| words.iter().any(|w| header.plain.contains(w));
    if has(&BESIDE) {
        return None;
    }
    let parts: [(&str, &[&str]); 2] = [("withdrawn", &WITHDRAWALS), ("joint_lead", &JOINTS)];
    let (ours, _) = parts.into_iter().filter(|(ours, _)| open(ours)).find(|(ours, parts)| {
        let near =
            || APPLICANTS.iter().filter(|(field, _)| field == ours).any(|(_, all)| all.iter().any(|t| is_near(&header, t)));
        has(parts) || near()
    })?;
    Some(ours)
}

/// The field of a column in kilowatts by whatever name: that of the station where the name says so.
fn a_power(fields: Fields, header: &Header, open: impl Fn(&str) -> bool) -> Option<&'static str> {
    header.unit.filter(|(of, _)| *of == units::Measure::Power)?;
    let whole =
        ["capacity", "total", "rated", "installed", "station", "容量", "总", "站"].iter().any(|w| header.plain.contains(w));
    let ours = if whole { "total_kw" } else { "power_kw" };
    let known = fields.iter().map(|(field, _)| *field).find(|field| *field == ours)?;
    (open("power_kw") && open("total_kw")).then_some(known)
}

/// 人口密度 is no number of people, and a rate no number of anything.
fn is_count_of_other(plain: &str) -> bool {
    ["密度", "率", "占比", "比例", "density", "share", "percent", "source", "updated"].iter().any(|w| plain.contains(w))
        && !plain.contains("功率")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The field that a column is taken for when a table has no other; `None` for a column that says nothing.
    fn field_of(fields: Fields, column: &str) -> Option<&'static str> {
        let map = crate::read::fields::FieldMap::new("stations", fields, &Default::default()).unwrap();
        fields.iter().map(|(ours, _)| *ours).find(|ours| map.is_of(column, ours))
    }

    #[test]
    fn case_blanks_width_and_units_do_not_matter() {
        for (column, want) in [
            ("Station Name", Some("name")),
            ("LONGITUDE", Some("lon")),
            ("总功率(kW)", Some("total_kw")),
            ("总功率（千瓦）", Some("total_kw")),
            ("总功率kW", Some("total_kw")),
            (" 单枪 功率 【ＫＷ】", Some("power_kw")),
            ("站点名称*", Some("name")),
            ("站点名称（必填）", Some("name")),
            ("经度(°)", Some("lon")),
            ("充电枪数（个）", Some("points")),
            ("总功率(kWh)", None),
            ("经度(GCJ-02)", None), // another datum is not passed over
            ("枪数(kW)", None),
            ("remark", None),
        ] {
            assert_eq!(field_of(STATIONS, column), want, "{column}");
        }
    }

    #[test]
    fn a_unit_is_kept_with_its_column() {
        let factor = |column: &str, ours: &str| Header::of(column).factor(ours);
        assert_eq!(factor("总功率(W)", "total_kw"), Some(0.001));
        assert_eq!(factor("total_kw", "total_kw"), Some(1.0));
        assert_eq!((factor("常住人口（万人）", "population"), factor("人口(千人)", "population")), (Some(1e4), Some(1e3)));
        assert_eq!((factor("Population in thousands", "population"), factor("Capacity in kW", "points")), (Some(1e3), None));
        let apparent = |column: &str| Header::of(column).apparent;
        assert!(apparent("总功率(kVA)") && apparent("总功率kVA") && apparent("Total power in kVA") && !apparent("总功率(kW)"));
        assert_eq!((factor("人口(kW)", "population"), factor("限速(km/h)", "speed_kmh")), (None, Some(1.0)));
    }

    #[test]
    fn what_looks_like_a_field_is_named() {
        let of = |column: &str| looks_like(STATIONS, column, |_| true);
        assert_eq!(
            (of("statuss"), of("Operating status"), of("场站总功率合计")),
            (Some("status"), Some("status"), Some("total_kw"))
        );
        assert_eq!((of("remark"), of("利用率"), looks_like(SETTLEMENTS, "人口密度", |_| true)), (None, None, None));
        assert_eq!(looks_like(STATIONS, "statuss", |ours| ours != "status"), None);
        // a capacity in kilowatts is no number of guns
        assert_eq!(
            (of("Capacity in kW"), of("capacity (kW)"), of("Leistung [kW]")),
            (Some("total_kw"), Some("total_kw"), Some("power_kw"))
        );
        assert_eq!(looks_like(STATIONS, "capacity (kW)", |ours| ours != "total_kw"), None);
    }

    /// The table of the docs.
    fn markdown() -> String {
        let named = |table: &str| match table {
            "county_table" | "demand.traffic" | "plan.flows" => format!("`[{table}]`"),
            "crosswalk" => "crosswalks".to_owned(),
            "county_list" => "lists of counties".to_owned(),
            layer => layer.to_owned(),
        };
        let row =
            |table: &str, (ours, theirs): &(&str, &[&str])| format!("| {} | `{ours}` | {} |\n", named(table), theirs.join(", "));
        TABLES.iter().flat_map(|(table, fields)| fields.iter().map(|f| row(table, f))).collect()
    }

    #[test]
    fn the_docs_have_this_table() {
        let want = markdown();
        let line = want.lines().find(|line| !include_str!("../doc/formats.md").contains(line));
        assert_eq!(line, None, "put this into src/doc/formats.md:\n{want}");
        assert!(
            include_str!("../doc/formats.md").contains(&want),
            "the rows stand in another order, or there are others between them"
        );
    }

    #[test]
    fn no_header_stands_twice_in_a_field() {
        for (table, fields) in TABLES {
            for (ours, theirs) in *fields {
                let mut plain: Vec<String> = theirs.iter().map(|t| Header::of(t).plain).collect();
                plain.sort();
                let before = plain.len();
                plain.dedup();
                assert_eq!(plain.len(), before, "{table} {ours}");
            }
        }
    }
}
