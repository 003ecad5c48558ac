//! The section of the report that says where to build: its chart is that of the tables, and its counties say what the table of counties says.

use super::opened::Opened;
use super::plan_files::PlanFiles;
use super::{Findings, first_few};
use crate::error::Result;
use crate::files::csv_table::{CsvRow, CsvTable};
use crate::files::text::{NONE, fixed, grouped, km1};
use crate::input;
use crate::page::report::MOST_ROWS;
use crate::page::report::plan::changes;
use crate::page::report::plan_chart::{PlanCurve, chart};
use crate::page::report::plan_ways::change;
use crate::plan::{CurvePoint, PlanCounty};
use crate::tables::{plan_corridors, plan_years};

const PAGE: &str = "report.html";

/// Checks the section, where the folder holds the report.
pub(super) fn check(o: &Opened, plan: &PlanFiles<'_>, tables: [&CsvTable; 3], findings: &mut Findings) -> Result<()> {
    if !o.holds(PAGE) {
        return Ok(());
    }
    let [counties, curve, quality] = tables;
    let bytes = input::whole(&o.folder.path.join(PAGE), "read the file", input::MOST_WHOLE)?;
    let page = String::from_utf8_lossy(&bytes);
    let section = page.split_once("<section id=\"plan\"").and_then(|(_, rest)| rest.split_once("</section>"));
    let Some((section, _)) = section else {
        findings.faults.push(format!("{PAGE}: it does not tell of the plan of sites"));
        return Ok(());
    };
    let (mut faults, asked) = (Vec::new(), plan.asked.objective);
    let mut lacks = |file: &str, row: &CsvRow<'_>| {
        let place = row.place();
        faults.push(format!("{PAGE}: it does not tell what {file} says in row {place}"));
    };
    for row in quality.rows() {
        let [added, merged] = ["rows_added", "rows_merged"].map(|c| row.count(c).map(grouped));
        let ways = ["way_km_before", "way_km_after"].map(|c| if asked.is_way() { row.number(c) } else { Ok(None) });
        let [before, after] = ways;
        let lead = before?.zip(after?).map(|(a, b)| format!("station {} km instead of {} km", fixed(b, 2), fixed(a, 2)));
        let leads = plan.order.is_empty() || lead.is_none_or(|lead| section.contains(&lead));
        if !(leads && section.contains(&format!(">{} ", added?)) && section.contains(&format!("→ {} rows", merged?))) {
            lacks("plan_quality.csv", &row);
        }
    }
    let any = |columns: &[&str]| counties.rows().any(|row| columns.iter().any(|c| !row.get(c).is_empty()));
    let shown = [true, true, true, any(&["short_kw_before"]), any(&["reward_yuan_before", "reward_yuan_after"])];
    for row in counties.rows().take(MOST_ROWS) {
        let way = if asked.is_way() { Some(change(&county(&row, 0.0)?, asked)) } else { None };
        if !says(section, &row, shown, way.as_deref())? {
            lacks("plan_counties.csv", &row);
        }
    }
    of_parts(o, section, &mut faults)?;
    first_few(faults, findings);
    let drawn = chart(&drawn(plan, curve)?);
    if !section.contains(&drawn) {
        findings.faults.push(format!("{PAGE}: the chart of the plan is not that of plan_curve.csv"));
    }
    Ok(())
}

/// The tables of roads and years, where the plan has them.
fn of_parts(o: &Opened, section: &str, faults: &mut Vec<String>) -> Result<()> {
    let cells = |texts: &[String]| texts.iter().map(|t| format!("<td class=\"n\">{t}</td>")).collect::<String>();
    let mut unless = |told: bool, file: &str, row: &CsvRow<'_>| {
        if !told {
            let place = row.place();
            faults.push(format!("{PAGE}: it does not tell what {file} says in row {place}"));
        }
    };
    for row in o.tables.table(plan_years::FILE).into_iter().flat_map(CsvTable::rows) {
        let cost = row.whole("cost")?.map_or(NONE.to_owned(), grouped);
        let counts = [row.get("year").to_owned(), grouped(row.count("sites")?), grouped(row.count("sites_up_to")?), cost];
        unless(section.contains(&cells(&counts)), plan_years::FILE, &row);
    }
    for row in o.tables.table(plan_corridors::FILE).into_iter().flat_map(CsvTable::rows).take(MOST_ROWS) {
        let change = |what: &str| -> Result<String> {
            Ok(format!("{} → {}", km1(row.mm(&format!("{what}_before"))?), km1(row.mm(&format!("{what}_after"))?)))
        };
        let part = format!("{}.{}", row.get("part"), row.get("direction"));
        let told = [part, km1(row.mm("length_km")?), change("longest_km")?, change("one_out_km")?, grouped(row.count("sites")?)];
        unless(section.contains(&cells(&told)), plan_corridors::FILE, &row);
    }
    Ok(())
}

/// Whether the row of a county says what the table says.
fn says(section: &str, row: &CsvRow<'_>, shown: [bool; 5], way: Option<&str>) -> Result<bool> {
    let code = format!("<bdi>{}</bdi></td>", escaped(row.get("code")));
    // the questions name counties too, and the table of counties is the last that does
    let Some((_, line)) = section.rsplit_once(&code) else { return Ok(false) };
    let line = line.split_once("</tr>").map_or(line, |(line, _)| line);
    let cells =
        [grouped(row.count("sites")?), row.whole("cost")?.map_or(NONE.to_owned(), grouped), km1(row.mm("beyond_candidates_km")?)];
    let has = |text: &str| line.contains(&format!("<td class=\"n\">{}</td>", escaped(text)));
    // whole numbers of kW are of more decimals than the table has
    let as_told = |shift: f64| -> Result<bool> {
        let changes = changes(&county(row, shift)?);
        Ok(changes.iter().zip(shown).all(|(text, shown)| !shown || has(text)))
    };
    Ok(cells.iter().all(|text| has(text)) && way.is_none_or(has) && (as_told(0.0)? || as_told(1e-6)? || as_told(-1e-6)?))
}

fn county(row: &CsvRow<'_>, shift: f64) -> Result<PlanCounty> {
    let both = |name: &str| [format!("{name}_before"), format!("{name}_after")];
    let count = |name: &str| -> Result<[u64; 2]> {
        let [a, b] = both(name);
        Ok([row.count(&a)?, row.count(&b)?])
    };
    // other plans, and those of older versions, have no ways
    let ways = row.cell("ways_before").is_ok_and(|cell| !cell.is_empty());
    let (weighed, ways_mm) =
        if ways { (row.count("weighed")?, Some([row.mm("ways_before")?, row.mm("ways_after")?])) } else { (0, None) };
    let [short, short_with] = both("short_kw").map(|c| row.number(&c));
    Ok(PlanCounty {
        gap_mm: [row.mm("gap_km_before")?, row.mm("gap_km_after")?],
        settlements_in_gap: count("settlements_in_gap")?,
        people_in_gap: count("people_in_gap")?,
        short_kw: short?.zip(short_with?).map(|(a, b)| [a + shift, b + shift]),
        reward_yuan: [row.whole("reward_yuan_before")?, row.whole("reward_yuan_after")?],
        weighed,
        ways_mm,
        ..PlanCounty::default()
    })
}

/// What the chart draws, from the tables.
fn drawn(plan: &PlanFiles<'_>, curve: &CsvTable) -> Result<PlanCurve> {
    let asked = plan.asked;
    let point = |row: CsvRow<'_>| -> Result<CurvePoint> {
        let units = |column: &str| asked.units(&row, column);
        Ok(CurvePoint { limit: row.count("limit")?, value: units("covered")?, bound: units("bound")?, plan: units("plan")? })
    };
    let mut covered = 0;
    let step = |(k, gain): (usize, &u64)| {
        covered += gain;
        [plan.taken(&|site| site <= k), covered]
    };
    Ok(PlanCurve {
        points: curve.rows().map(point).collect::<Result<_>>()?,
        steps: plan.gains.iter().enumerate().map(step).collect(),
        objective: asked.objective,
        money: asked.budget.map(|_| asked.currency.clone()),
    })
}

/// As the page escapes what is filled in.
fn escaped(text: &str) -> String {
    let one = |c: char| match c {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '"' => "&quot;".to_owned(),
        '\'' => "&#x27;".to_owned(),
        '/' => "&#x2f;".to_owned(),
        c => c.to_string(),
    };
    text.chars().map(one).collect()
}
