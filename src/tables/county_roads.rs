//! `county_roads.csv`: a row a programme, rule about roads, county and road that runs in it: what `corridors.csv` says of the whole road, for
//! the ways between stations that touch the county.

use super::judged::{self, KNOWN, NOT_ASKED, km, limit, longest_if, missing};
use crate::county::{CountyRoad, CountyVerdict};
use crate::error::Result;
use crate::files::csv_table::CsvRow;
use crate::files::rules::Others;
use crate::files::schema::Value;
use crate::files::table::{Table, boolean, real, text};
use crate::programme::Met;
use crate::results::Member;

/// Its file.
pub const FILE: &str = "county_roads.csv";

/// What the page of a county shows of it.
pub const HEADS: super::parts::Heads = &[
    ("programme", ["Programme", "项目"]),
    ("rule", ["Rule", "规则"]),
    ("road", ["Road", "路线"]),
    ("verdict", ["Verdict", "结论"]),
    ("longest_km", ["Longest way without", "最长无站里程"]),
    ("longest_if_km", ["If unknown ones count", "不详者计入"]),
    ("limit_km", ["Limit", "规定"]),
    ("missing", ["Missing", "缺少"]),
    ("no_station", ["No station on it", "沿线无站"]),
];

/// A road in a county.
pub type CountyRoadRow<'a> = (&'a Member, &'a CountyVerdict, &'a CountyRoad);

/// Its rows, in the order of `programme.csv`.
pub fn rows<'a>(counties: &'a [CountyVerdict], members: &'a [Member]) -> impl Iterator<Item = CountyRoadRow<'a>> {
    counties.iter().flat_map(move |v| {
        let member = members.get(v.county as usize);
        v.roads.iter().filter_map(move |road| Some((member?, v, road)))
    })
}

/// The table.
pub fn table<'a>() -> Table<'a, CountyRoadRow<'a>> {
    Table::new(vec![
        text("county_code", "county", "County code as text", "县代码（文本）")
            .of(|r: &CountyRoadRow<'_>| Value::Text(r.0.county.code.clone())),
        text("name", "name", "Name", "名称")
            .or_null("not known")
            .of(|r: &CountyRoadRow<'_>| Value::text_or_null(&r.0.county.name)),
        text("programme", "programme", "Name of the programme", "项目")
            .of(|r: &CountyRoadRow<'_>| Value::Text(r.1.programme.clone())),
        text("rule", "rule", "Name of the rule in it", "规则").of(|r: &CountyRoadRow<'_>| Value::Text(r.1.rule.clone())),
        text("road", "road", "Number of the road", "路线编号").of(|r: &CountyRoadRow<'_>| Value::Text(r.2.road.clone())),
        text(
            "verdict",
            "verdict",
            "met, not_met or cannot_be_told, of the ways that touch the county",
            "结论：达到、未达到、无法判断（涉及本县的路段）",
        )
        .words(Met::ALL.map(Met::as_str))
        .of(|r: &CountyRoadRow<'_>| Value::Word(r.2.met.as_str())),
        real(
            "longest_km",
            "longest_km",
            "km",
            "Longest way without a station that counts which touches the county; it may begin and end beyond",
            "涉及本县的最长无站里程（起止点可在县外）",
        )
        .or_null(NOT_ASKED)
        .of(|r: &CountyRoadRow<'_>| km(r.2.longest_mm.without)),
        longest_if().of(|r: &CountyRoadRow<'_>| km(r.2.longest_mm.with)),
        limit().of(|r: &CountyRoadRow<'_>| km(r.2.limit_mm)),
        text("missing", "missing", "What would have to be known", "缺少的数据")
            .or_null(KNOWN)
            .of(|r: &CountyRoadRow<'_>| missing(&r.2.missing)),
        boolean(
            "no_station",
            "no_station",
            "No station that counts or may count stands on the ways that touch the county: what is met is met as the road is shorter than the limit",
            "涉及本县的路段上无计入或可能计入的站点（达到仅因路线短于规定间距）",
        )
        .of(|r: &CountyRoadRow<'_>| Value::Boolean(r.2.bare)),
    ])
    .rule("no way is longer once more stations count", |row, _| {
        let (without, with) = (row.number("longest_km")?, row.number("longest_if_km")?);
        Ok(without.zip(with).is_none_or(|(without, with)| with <= without))
    })
    .rule("no way in a county is longer than the longest of its road", |row, others| {
        let Some(road) = found(row, others, judged::ROADS, ["programme", "rule", "road"])? else { return Ok(false) };
        let no_more = |column| Ok(row.number(column)?.zip(road.number(column)?).is_none_or(|(here, whole)| here <= whole));
        Ok(no_more("longest_km")? && no_more("longest_if_km")?)
    })
    .rule("where no station stands along a road none stands on its ways here", |row, others| {
        let Some(road) = found(row, others, judged::ROADS, ["programme", "rule", "road"])? else { return Ok(false) };
        Ok(road.get("no_station") != "true" || row.get("no_station") == "true")
    })
    .rule("the county is no better than its roads", |row, others| {
        let Some(county) = found(row, others, judged::COUNTIES, ["county_code", "programme", "rule"])? else { return Ok(false) };
        Ok(match row.get("verdict") {
            "not_met" => county.get("verdict") == "not_met",
            "cannot_be_told" => county.get("verdict") != "met",
            _ => true,
        })
    })
}

/// The row of another table that has the same in these columns.
fn found<'o>(row: &CsvRow<'_>, others: &'o Others, file: &str, columns: [&str; 3]) -> Result<Option<CsvRow<'o>>> {
    let texts = [row.text(columns[0])?, row.text(columns[1])?, row.text(columns[2])?];
    let key: Vec<(&str, &str)> = columns.into_iter().zip(texts.iter().map(String::as_str)).collect();
    others.row(file, &key)
}
