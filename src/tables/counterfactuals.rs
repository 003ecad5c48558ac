//! `counterfactuals.csv`: what new charging stations would change for a county.

use super::counterfactual_words::Said;
use super::ranking;
use crate::error::Result;
use crate::files::csv_table::CsvRow;
use crate::files::rules::Others;
use crate::files::schema::{Column, ColumnType, Value};
use crate::files::table::{Field, Table, integer, text};
use crate::read::county::County;
use crate::results::Results;
use crate::whatif::counterfactual::{Counterfactual, POWER_KW, StationStep, UnitPlace};

/// Its file.
pub const FILE: &str = "counterfactuals.csv";

/// A row: a county and a number of new stations.
#[derive(Clone, Debug)]
pub struct CounterfactualRow<'a> {
    /// The county; of a joint application its lead.
    pub county: &'a County,
    /// As things are.
    pub before: UnitPlace,
    /// With the new stations.
    pub after: UnitPlace,
    /// The new stations: those of the row before and one more.
    pub steps: &'a [StationStep],
    /// The change in one sentence, in English and in Chinese.
    pub sentence: [String; 2],
}

/// The table.
pub fn table<'a>() -> Table<'a, CounterfactualRow<'a>> {
    Table::new(head_fields())
        .with(change_fields())
        .with(site_fields())
        .rule("it begins where ranking.csv has the county", begins_where_it_stands)
        .rule("the stations of a county are counted from 1, one row each", |row, others| {
            let n = row.count("stations")?;
            Ok(with_stations(row, n, others)?.is_some() && (n == 1 || row_before(row, others)?.is_some()))
        })
        .rule("no station adds to gap_km or people_in_gap", no_gap_grows)
}

/// The row of the same county with so many stations.
fn with_stations<'o>(row: &CsvRow<'_>, n: u64, others: &'o Others) -> Result<Option<CsvRow<'o>>> {
    others.row(FILE, &[("county_code", &row.text("county_code")?), ("stations", &n.to_string())])
}

/// That with one station less; none of the first.
fn row_before<'o>(row: &CsvRow<'_>, others: &'o Others) -> Result<Option<CsvRow<'o>>> {
    row.count("stations")?.checked_sub(1).map_or(Ok(None), |n| with_stations(row, n, others))
}

fn begins_where_it_stands(row: &CsvRow<'_>, others: &Others) -> Result<bool> {
    let ranked = others.row(ranking::FILE, &[("county_code", &row.text("county_code")?)])?;
    let same = |r: CsvRow<'_>| r.get("rank") == row.get("rank_before") && r.get("score_0_100") == row.get("score_before");
    Ok(ranked.is_some_and(same))
}

/// From row to row of a county; the first is held against things as they are.
fn no_gap_grows(row: &CsvRow<'_>, others: &Others) -> Result<bool> {
    let before = row_before(row, others)?;
    for what in ["gap_km", "people_in_gap"] {
        let (was, is) = (format!("{what}_before"), format!("{what}_after"));
        let was = before.map_or_else(|| row.number(&was), |b| b.number(&is))?;
        if !was.zip(row.number(&is)?).is_some_and(|(was, is)| is <= was) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn head_fields<'a>() -> Vec<Field<'a, CounterfactualRow<'a>>> {
    let code = "County code as text; of a joint application its lead";
    let stations = "New charging stations; each row has those of the row before and one more";
    vec![
        text("county_code", "county", code, "县代码（文本，联合申报为牵头县）")
            .of(|r: &CounterfactualRow<'_>| Value::Text(r.county.code.clone())),
        text("county_name", "cty_name", "County name", "县名")
            .or_null("not known")
            .of(|r: &CounterfactualRow<'_>| Value::text_or_null(&r.county.name)),
        integer("stations", "stations", "count", stations, "新增充电站数（逐行累加）")
            .of(|r: &CounterfactualRow<'_>| Value::Integer(r.steps.len() as i64)),
    ]
}

/// A value of a county's place.
type OfPlace = fn(&UnitPlace) -> Value;

/// Place, score, gap and people, each as things are and with the stations.
fn change_fields<'a>() -> impl Iterator<Item = Field<'a, CounterfactualRow<'a>>> {
    let gap = "Road beyond the headline distance of every charging station";
    let people = "People beyond it; those of a raster are not counted anew and stay the same";
    let rank =
        Column::new("rank", "rank", ColumnType::Integer, "", "Place, all counties being ranked anew", "名次（全部重新排名）");
    let score = Column::new("score", "score", ColumnType::Real, "points", "Score", "得分");
    let gap_km = Column::new("gap_km", "gap_km", ColumnType::Real, "km", gap, "缺口道路里程");
    let people = Column::new("people_in_gap", "ppl_gap", ColumnType::Integer, "people", people, "缺口人口（栅格人口不重新统计）");
    let all: [(Column, OfPlace); 4] = [
        (rank, |p| Value::Integer(p.rank.into())),
        (score, |p| Value::Real(p.score)),
        (gap_km, |p| Value::km(p.gap_mm)),
        (people, |p| Value::Integer(p.people_in_gap as i64)),
    ];
    all.into_iter().flat_map(|(column, get)| {
        [
            when(&column, ["before", "b", "as things are", "现状"]).of(move |r: &CounterfactualRow<'_>| get(&r.before)),
            when(&column, ["after", "a", "with the new stations", "新增后"]).of(move |r: &CounterfactualRow<'_>| get(&r.after)),
        ]
    })
}

/// A column as things are, or with the new stations: behind its name, its alias and its meanings.
fn when(of: &Column, [name, alias, en, zh]: [&str; 4]) -> Column {
    Column {
        name: format!("{}_{name}", of.name),
        alias: format!("{}_{alias}", of.alias),
        en: format!("{}, {en}", of.en),
        zh: format!("{}（{zh}）", of.zh),
        ..of.clone()
    }
}

fn site_fields<'a>() -> Vec<Field<'a, CounterfactualRow<'a>>> {
    let at = "Where the new stations stand: nodes of the network, as a WKT MULTIPOINT of longitude and latitude";
    let roads = "Road of each new station, separated by semicolons; `unnamed` where it has no name";
    vec![
        text("stations_at", "at_wkt", at, "新增站点位置（路网节点，WKT MULTIPOINT）")
            .of(|r: &CounterfactualRow<'_>| Value::Text(points(r.steps))),
        text("roads", "roads", roads, "新增站点所在道路（分号分隔，unnamed 为无名道路）")
            .of(|r: &CounterfactualRow<'_>| Value::Text(names_of_roads(r.steps))),
        text("sentence", "sentence", "The change in one sentence", "英文说明")
            .of(|r: &CounterfactualRow<'_>| Value::Text(r.sentence[0].clone())),
        text("sentence_zh", "sentence_z", "The change in one sentence, in Chinese", "中文说明")
            .of(|r: &CounterfactualRow<'_>| Value::Text(r.sentence[1].clone())),
    ]
}

/// Seven decimals: a station read from there stands on the very node.
fn points(steps: &[StationStep]) -> String {
    let points: Vec<String> = steps.iter().map(|s| format!("{:.7} {:.7}", s.at.lon(), s.at.lat())).collect();
    format!("MULTIPOINT ({})", points.join(", "))
}

fn names_of_roads(steps: &[StationStep]) -> String {
    let road = |s: &StationStep| if s.road.is_empty() { "unnamed".to_owned() } else { s.road.clone() };
    steps.iter().map(road).collect::<Vec<_>>().join("; ")
}

/// Its rows: each county's, in the order of the results, from one new station to all.
pub fn rows(r: &Results) -> impl Iterator<Item = CounterfactualRow<'_>> {
    r.counterfactuals.iter().flat_map(move |c| (1..=c.steps.len()).filter_map(move |n| row(r, c, &c.steps[..n])))
}

fn row<'a>(r: &'a Results, c: &'a Counterfactual, steps: &'a [StationStep]) -> Option<CounterfactualRow<'a>> {
    let after = steps.last()?.after();
    let county = &r.members[c.county].county;
    Some(CounterfactualRow { county, before: c.before, after, steps, sentence: sentence(r, c, steps) })
}

/// What the first of a county's new stations, or all of them, change, in a sentence of English and one of Chinese.
pub fn sentence(r: &Results, c: &Counterfactual, steps: &[StationStep]) -> [String; 2] {
    let unit = &r.evidence.units[c.county];
    let or = |name, other| if str::is_empty(name) { other } else { name };
    let name = or(&unit.name, &unit.code);
    let ranking = &r.assessment.ranking;
    let said = Said {
        names: [name, or(&unit.name_zh, name)],
        joint: ranking.of(c.county).and_then(|row| row.joint.as_deref()),
        power_kw: POWER_KW.max(r.criteria.serving.min_power_kw),
        limit: r.criteria.serving.headline_criterion().label(),
        ranked: ranking.rows.iter().filter(|row| row.rank.is_some()).count(),
        raster: r.members[c.county].result.people.is_some(),
        before: c.before,
        after: steps.last().map_or(c.before, StationStep::after),
        sites: steps.iter().map(|s| (s.road.as_str(), s.at)).collect(),
    };
    [said.english(), said.chinese()]
}
