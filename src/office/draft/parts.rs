//! The chapters of the draft, in the order of a county plan. Each reads its tables from the folder; one whose tables are not there says how to get them.

use super::data::{Data, number, shown, sum};
use super::paper::Paper;
use crate::error::Result;
use crate::files::csv_table::CsvRow;
use crate::files::lang::Lang;
use serde_json::Value;

/// Rows of a table on paper; the rest is counted, and stands in the folder.
const MOST: usize = 40;

/// Numbers of tables and figures.
#[derive(Default)]
pub(super) struct Count {
    tables: usize,
}

/// A table that is being set.
struct Rows<'k> {
    caption: &'k str,
    heads: &'k [&'k str],
    /// Columns of words.
    left: usize,
    /// The file that has all of it.
    file: &'k str,
    rows: Vec<Vec<String>>,
}

/// Sets a table with its number; what is too long for paper is said.
fn set(d: &Data<'_>, paper: Paper, count: &mut Count, t: Rows<'_>) -> Paper {
    let Rows { caption, heads, left, file, mut rows } = t;
    count.tables += 1;
    let more = rows.len().saturating_sub(MOST);
    rows.truncate(MOST);
    let caption = d.words.fill("table", &[("n", count.tables.to_string()), ("what", d.words.say(caption))]);
    let paper = paper.table(&caption, &d.heads(heads), &rows, left);
    if more == 0 {
        return paper;
    }
    paper.note(&d.words.fill("and_more", &[("n", more.to_string()), ("file", file.to_owned())]))
}

/// Title, region, and what this is.
pub(super) fn front(d: &Data<'_>, paper: Paper) -> Paper {
    let (m, w) = (&d.folder.manifest, &d.words);
    let region = &m["region"];
    let zh = region["name_zh"].as_str().filter(|name| w.lang == Lang::Zh && !name.is_empty());
    let name = zh.or(region["name"].as_str()).unwrap_or_default();
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    let print: String = text(&m["manifest_sha256"]).chars().take(16).collect();
    let put = [("version", text(&m["chargegap_version"])), ("folder", d.folder.name()), ("print", print)];
    let paper = paper.title(name).title(&w.say("kicker")).note(&w.fill("made", &put));
    if region["synthetic"] == true { paper.text(&w.say("synthetic")) } else { paper }
}

/// 1: what is there.
pub(super) fn now(d: &Data<'_>, paper: Paper, count: &mut Count) -> Result<Paper> {
    let rows = d.at_headline()?;
    let of = |column: &str| sum(&rows, column).map(|v| shown(v, 0));
    let put = [
        ("counties", shown(rows.len() as f64, 0)),
        ("road", shown(d.all_road_and_gap()[0], 1)),
        ("charging", of("charging_stations")?),
        ("swap", of("swap_stations")?),
        ("points", of("points")?),
        ("power", of("power_kw")?),
        ("settlements", of("settlements")?),
        ("people", of("people")?),
    ];
    let mut cells = Vec::new();
    for row in &rows {
        let code = row.get("county_code");
        let mut one = vec![d.county(code), shown(d.road_and_gap(code)[0], 1)];
        for column in ["charging_stations", "swap_stations", "points", "power_kw", "settlements", "people"] {
            one.push(number(row, column, 0)?);
        }
        cells.push(one);
    }
    let heads =
        ["col_county", "col_road", "col_charging", "col_swap", "col_points", "col_power", "col_settlements", "col_people"];
    let paper = paper.chapter(1, &d.words.say("now_title")).text(&d.words.fill("now_lead", &put));
    let paper = set(d, paper, count, Rows { caption: "now_table", heads: &heads, left: 1, file: "figures.csv", rows: cells });
    map(d, paper)
}

#[cfg(feature = "pictures")]
fn map(d: &Data<'_>, paper: Paper) -> Result<Paper> {
    let drawn = crate::office::picture(d.folder, 1600)?;
    let what = d.words.fill("map_caption", &[("km", d.km.to_string())]);
    Ok(paper.picture(drawn.bytes, drawn.size_px, &d.words.fill("figure", &[("n", "1".to_owned()), ("what", what)])))
}

#[cfg(not(feature = "pictures"))]
fn map(d: &Data<'_>, paper: Paper) -> Result<Paper> {
    Ok(paper.note(&d.words.say("map_none")))
}

/// 2: the gap, by county, and settlements without charging.
pub(super) fn lacks(d: &Data<'_>, paper: Paper, count: &mut Count) -> Result<Paper> {
    let rows = d.at_headline()?;
    let [road, gap] = d.all_road_and_gap();
    let share = |[road, gap]: [f64; 2]| shown(if road > 0.0 { 100.0 * gap / road } else { 0.0 }, 1);
    let of = |column: &str| sum(&rows, column).map(|v| shown(v, 0));
    let put = [
        ("road", shown(road, 1)),
        ("gap", shown(gap, 1)),
        ("share", share([road, gap])),
        ("km", d.km.to_string()),
        ("beyond", of("settlements_in_gap")?),
        ("settlements", of("settlements")?),
        ("people_beyond", of("people_in_gap")?),
        ("people", of("people")?),
    ];
    let mut cells = Vec::new();
    for place in d.ranking.rows() {
        let code = place.get("county_code");
        let both = d.road_and_gap(code);
        let mut one = vec![d.county(code), number(&place, "rank", 0)?];
        one.extend([shown(both[1], 1), share(both)]);
        if let Some(row) = rows.iter().find(|r| r.get("county_code") == code) {
            one.extend([number(row, "settlements_in_gap", 0)?, number(row, "people_in_gap", 0)?]);
            one.push(number(row, "longest_dead_stretch_km", 1)?);
        }
        cells.push(one);
    }
    let heads = ["col_county", "col_rank", "col_gap", "col_share", "col_beyond", "col_people_beyond", "col_longest"];
    let paper = paper.chapter(2, &d.words.say("lack_title")).text(&d.words.fill("lack_lead", &put));
    let paper = set(d, paper, count, Rows { caption: "lack_table", heads: &heads, left: 1, file: "ledger.csv", rows: cells });
    towns(d, paper, count)
}

/// Settlements without charging, those first that lack most power.
fn towns(d: &Data<'_>, paper: Paper, count: &mut Count) -> Result<Paper> {
    let Some(table) = d.table("townships.csv")? else { return Ok(paper) };
    let mut without: Vec<CsvRow<'_>> = table.rows().filter(|r| r.get("has_charging") == "false").collect();
    without.sort_by_key(|r| r.get("need").parse::<u64>().unwrap_or(u64::MAX));
    let mut cells = Vec::new();
    for row in &without {
        let town = d.name(row, ["settlement", "settlement_zh"], "settlement_id")?;
        let mut one = vec![town, d.county(row.get("county_code")), number(row, "people", 0)?];
        one.extend([number(row, "charging_distance_km", 1)?, number(row, "short_kw", 0)?, number(row, "short_holiday_kw", 0)?]);
        cells.push(one);
    }
    let put = [("without", shown(without.len() as f64, 0)), ("n", shown(table.rows().count() as f64, 0))];
    let heads = ["col_town", "col_county", "col_people", "col_way", "col_short", "col_short_holiday"];
    let paper = paper.text(&d.words.fill("lack_towns", &put));
    Ok(set(d, paper, count, Rows { caption: "towns_table", heads: &heads, left: 2, file: "townships.csv", rows: cells }))
}

/// 3: what is asked for and short.
pub(super) fn demand(d: &Data<'_>, paper: Paper, count: &mut Count) -> Result<Paper> {
    let paper = paper.chapter(3, &d.words.say("demand_title"));
    let Some(table) = d.table("balance.csv")? else { return Ok(paper.text(&d.words.say("demand_none"))) };
    let mut cells = Vec::new();
    for row in table.rows() {
        let day = d.words.say(&format!("day_{}", row.get("day")));
        let mut one = vec![d.county(row.get("county_code")), day];
        for (column, decimals) in [("plug_kwh", 0), ("short_kw", 0), ("unserved_kwh", 0), ("wait_min", 1)] {
            one.push(number(&row, column, decimals)?);
        }
        cells.push(one);
    }
    let heads = ["col_county", "col_day", "col_kwh", "col_short", "col_unserved", "col_wait"];
    let paper = paper.text(&d.words.say("demand_lead"));
    Ok(set(d, paper, count, Rows { caption: "demand_table", heads: &heads, left: 2, file: "balance.csv", rows: cells }))
}

/// 4: where to build.
pub(super) fn plan(d: &Data<'_>, paper: Paper, count: &mut Count) -> Result<Paper> {
    let paper = paper.chapter(4, &d.words.say("plan_title"));
    let Some(table) = d.table("plan.csv")?.filter(|t| t.rows().next().is_some()) else {
        return Ok(paper.text(&d.words.say("plan_none")));
    };
    let mut cells = Vec::new();
    for row in table.rows() {
        let mut one = vec![d.name(&row, ["name", "name_zh"], "id")?, d.county(row.get("county_code"))];
        one.extend([number(&row, "order", 0)?, number(&row, "points", 0)?, number(&row, "total_kw", 0)?]);
        one.extend([number(&row, "cost", 0)?, number(&row, "gain", 1)?]);
        one.push(format!("{}, {}", row.get("lon"), row.get("lat")));
        cells.push(one);
    }
    let unit = table.rows().next().map_or("", |r| r.get("unit"));
    let unit = crate::files::units::unit_names(unit);
    let unit = if d.words.lang == Lang::Zh { unit.zh } else { unit.en };
    let keys = ["col_site", "col_county", "col_order", "col_points", "col_power", "col_cost", "col_covered", "col_lonlat"];
    let heads: Vec<String> = keys.iter().map(|k| d.words.fill(k, &[("unit", unit.clone())])).collect();
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let paper = paper.text(&d.words.fill("plan_lead", &[("n", cells.len().to_string())]));
    Ok(set(d, paper, count, Rows { caption: "plan_table", heads: &heads, left: 2, file: "plan.csv", rows: cells }))
}

/// 5: what it costs, and what the programme pays.
pub(super) fn money(d: &Data<'_>, paper: Paper, count: &mut Count) -> Result<Paper> {
    let mut paper = paper.chapter(5, &d.words.say("money_title"));
    if let Some(table) = d.table("plan.csv")? {
        let last = table.rows().last();
        let cost = last.map(|row| row.number("cost_up_to")).transpose()?.flatten();
        paper = match cost {
            Some(cost) => paper.text(&d.words.fill("money_cost", &[("cost", shown(cost, 0))])),
            None if last.is_some() => paper.text(&d.words.say("money_cost_unknown")),
            None => paper,
        };
    }
    let Some(table) = d.table("reward.csv")?.filter(|t| t.rows().next().is_some()) else {
        return Ok(paper.text(&d.words.say("money_none")));
    };
    let mut cells = Vec::new();
    for row in table.rows() {
        let percent = row.number("utilisation")?.map_or_else(|| "–".to_owned(), |u| shown(100.0 * u, 2));
        let mut one = vec![d.county(row.get("county_code")), row.text("programme")?];
        one.extend([row.get("year").to_owned(), percent, number(&row, "reward_yuan", 0)?, number(&row, "with_reward_yuan", 0)?]);
        cells.push(one);
    }
    let heads = ["col_county", "col_programme", "col_year", "col_utilisation", "col_reward", "col_with"];
    let paper = paper.text(&d.words.say("money_lead"));
    Ok(set(d, paper, count, Rows { caption: "money_table", heads: &heads, left: 2, file: "reward.csv", rows: cells }))
}

/// 6: where it all comes from, what is assumed, and what was wrong.
pub(super) fn sources(d: &Data<'_>, paper: Paper, count: &mut Count) -> Result<Paper> {
    let (w, m) = (&d.words, &d.folder.manifest);
    let list = |v: &Value| -> Vec<Value> { v.as_array().cloned().unwrap_or_default() };
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    let mut paper = paper.chapter(6, &w.say("data_title")).text(&w.say("data_method")).text(&w.say("data_limits"));
    paper = paper.heading(&w.say("data_sources"));
    for source in list(&m["region"]["attribution"]) {
        paper = paper.text(&text(&source));
    }
    if let Some(number) = m["region"]["map_review_number"].as_str() {
        paper = paper.text(&w.fill("data_review", &[("number", number.to_owned())]));
    }
    let rows = list(&m["inputs"]).iter().map(|f| vec![text(&f["path"]), text(&f["role"]), text(&f["sha256"])]).collect();
    let (file, left) = ("manifest.json", 3);
    let heads = ["col_file", "col_role", "SHA-256"];
    let paper = set(d, paper, count, Rows { caption: "data_inputs", heads: &heads, left, file, rows });
    let paper = assumed(d, paper, count)?;
    issues(d, paper, count)
}

fn assumed(d: &Data<'_>, paper: Paper, count: &mut Count) -> Result<Paper> {
    let Some(table) = d.table("assumptions.csv")? else { return Ok(paper) };
    let mut rows = Vec::new();
    for row in table.rows().filter(|r| r.get("basis") == "assumption") {
        let unit = crate::files::units::with_unit(row.get("value"), row.get("unit"));
        let value = if d.words.lang == Lang::Zh { unit.zh } else { unit.en };
        rows.push(vec![row.text("key")?, value, d.name(&row, ["source", "source_zh"], "source")?]);
    }
    let heads = ["col_key", "col_value", "col_source"];
    Ok(set(d, paper, count, Rows { caption: "data_assumed", heads: &heads, left: 3, file: "assumptions.csv", rows }))
}

/// Issues by what they are: how many records.
fn issues(d: &Data<'_>, paper: Paper, count: &mut Count) -> Result<Paper> {
    let Some(table) = d.table("issues.csv")? else { return Ok(paper) };
    let mut kinds: Vec<(String, String, u64)> = Vec::new();
    for row in table.rows() {
        let what = d.name(&row, ["issue", "title_zh"], "issue")?.replace('_', " ");
        let n = row.whole("count")?.unwrap_or(1);
        match kinds.iter_mut().find(|k| k.0 == what) {
            Some(kind) => kind.2 += n,
            None => kinds.push((what, d.words.say(&format!("severity_{}", row.get("severity"))), n)),
        }
    }
    if kinds.is_empty() {
        return Ok(paper.text(&d.words.say("data_issues_none")));
    }
    let rows = kinds.into_iter().map(|(what, severity, n)| vec![what, severity, shown(n as f64, 0)]).collect();
    let heads = ["col_what", "col_severity", "col_count"];
    Ok(set(d, paper, count, Rows { caption: "data_issues", heads: &heads, left: 2, file: "issues.csv", rows }))
}
