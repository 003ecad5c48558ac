//! The section of the report that says where to build: its chart is that of the tables, and its counties say what the table of counties says.

use super::opened::Opened;
use super::plan::PlanFaults;
use super::plan_files::{Asked, PlanFiles, PlanGround};
use super::plan_others::{self, OtherPlan};
use super::{Findings, first_few};
use crate::error::Result;
use crate::files::csv_table::{CsvRow, CsvTable};
use crate::files::text::{NONE, at_most_percent, fixed, grouped, km1, percent};
use crate::input;
use crate::page::funding::range;
use crate::page::i18n::shown;
use crate::page::report::MOST_ROWS;
use crate::page::report::plan::{amount, changes};
use crate::page::report::plan_chart::{CurveOf, PlanCurve, chart};
use crate::page::report::plan_counting;
use crate::page::report::plan_ways::change;
use crate::plan::{CurvePoint, PlanCounty};
use crate::tables::{plan_corridors, plan_years};

const PAGE: &str = "report.html";

/// Checks the section, where the folder holds the report.
pub(super) fn check(
    o: &Opened,
    plan: &PlanFiles<'_>,
    (sites, others, candidates): (&CsvTable, Option<&CsvTable>, &CsvTable),
    tables: [&CsvTable; 3],
    findings: &mut Findings,
) -> Result<()> {
    if !o.holds(PAGE) {
        return Ok(());
    }
    let [counties, curve, quality] = tables;
    let Some(section) = section(o, PAGE, "plan")? else {
        findings.faults.push(format!("{PAGE}: it does not tell of the plan of sites"));
        return Ok(());
    };
    let section = section.as_str();
    let (mut faults, asked) = (Vec::new(), plan.asked.objective);
    let mut lacks = |file: &str, row: &CsvRow<'_>| faults.push(untold(PAGE, file, row));
    for row in quality.rows() {
        let [added, merged] = ["rows_added", "rows_merged"].map(|c| row.count(c).map(grouped));
        let lead = match &plan.ground {
            PlanGround::Ways(ways) => {
                let value: u64 = plan.gains.iter().sum();
                let shown = |whole: u64| ways.mean_km(whole).map_or(NONE.to_owned(), |km| fixed(km, 2));
                let [before, after] = [ways.before(), ways.before().saturating_sub(value)].map(shown);
                Some(format!("station {after} km instead of {before} km"))
            }
            PlanGround::Flows(flows) => Some(flows.told(&plan.order)),
            PlanGround::Cover(..) | PlanGround::Assigned(..) => None,
        };
        let leads = plan.order.is_empty() || lead.is_none_or(|lead| section.contains(&lead));
        if !(leads && section.contains(&format!(">{} ", added?)) && section.contains(&format!("→ {} rows", merged?))) {
            lacks("plan_quality.csv", &row);
        }
    }
    let any = |columns: &[&str]| counties.rows().any(|row| columns.iter().any(|c| !row.get(c).is_empty()));
    let shown = [true, true, true, any(&["short_kw_before"]), any(&["reward_yuan_before", "reward_yuan_after"])];
    for row in counties.rows().take(MOST_ROWS) {
        let of = county(&row, plan.asked, 0.0)?;
        let way = of.ways_mm.map(|_| change(&of, asked)).or(of.thin.map(|_| plan_counting::change(&of, asked)));
        if !says(section, &row, shown, (way.as_deref(), plan.asked))? {
            lacks("plan_counties.csv", &row);
        }
    }
    let in_gap = curve.rows().next().map(|row| plan.asked.units(&row, "in_gap")).transpose()?.unwrap_or(0);
    let lost = sites.rows().any(|row| !row.get("lost_at_least").is_empty());
    for row in sites.rows().take(MOST_ROWS) {
        if !says_site(section, plan, &row, (in_gap, lost))? {
            lacks("plan.csv", &row);
        }
    }
    if let Some(table) = others {
        let all = plan_others::read(plan, (table, candidates), &mut PlanFaults::default())?;
        let ids: Vec<&str> = candidates.rows().map(|row| row.get("id")).collect();
        for (other, row) in all.iter().zip(table.rows()) {
            if !says_other(section, plan, (other, &ids)) {
                lacks("plan_others.csv", &row);
            }
        }
    }
    of_sunk(section, (counties, sites), &mut faults)?;
    of_parts(o, section, &mut faults)?;
    first_few(faults, findings);
    for money in [false, true] {
        let drawn = drawn(plan, curve, money)?;
        // where money was the limit there is one chart
        let wanted = !money || (plan.asked.budget.is_none() && !drawn.points.is_empty());
        if wanted && !section.contains(&chart(&drawn)) {
            findings.faults.push(format!("{PAGE}: the chart of the plan is not that of plan_curve.csv"));
        }
    }
    Ok(())
}

/// A section of a page of the folder, by its id; none where the page has no such section.
pub(super) fn section(o: &Opened, page: &str, id: &str) -> Result<Option<String>> {
    let bytes = input::whole(&o.folder.path.join(page), "read the file", input::MOST_WHOLE)?;
    let text = String::from_utf8_lossy(&bytes);
    let found = text.split_once(&format!("<section id=\"{id}\"")).and_then(|(_, rest)| rest.split_once("</section>"));
    Ok(found.map(|(section, _)| section.to_owned()))
}

/// What is said of a row that a page does not tell.
pub(super) fn untold(page: &str, file: &str, row: &CsvRow<'_>) -> String {
    let place = row.place();
    format!("{page}: it does not tell what {file} says in row {place}")
}

/// Whether the row of a site says what it costs, adds and covers, and what is lost without it.
fn says_site(section: &str, plan: &PlanFiles<'_>, row: &CsvRow<'_>, (in_gap, lost): (u64, bool)) -> Result<bool> {
    let asked = plan.asked;
    let year = if row.get("year").is_empty() { String::new() } else { cells_of(&[row.get("year").to_owned()]) };
    let begins = format!("<tr><td class=\"n\">{}</td>{year}<th scope=\"row\" class=\"name\">", row.count("order")?);
    let Some((_, line)) = section.split_once(&begins) else { return Ok(false) };
    let line = line.split_once("</tr>").map_or(line, |(line, _)| line);
    let money = |column: &str| Ok::<_, crate::error::Error>(row.whole(column)?.map_or(NONE.to_owned(), grouped));
    let (gain, covered) = (asked.units(row, "gain")?, asked.units(row, "covered")?);
    let mut cells = vec![money("cost")?, money("cost_up_to")?, amount(asked.objective, gain), amount(asked.objective, covered)];
    if asked.objective.is_way() {
        return Ok(line.contains(&cells_of(&cells))); // behind them stands the way, which the questions tell
    }
    cells.push(percent(covered, in_gap));
    if lost {
        let told = |column: &str| if row.get(column).is_empty() { Ok(None) } else { asked.units(row, column).map(Some) };
        cells.push(range(asked.objective, [told("lost_at_least")?, told("lost_at_most")?]));
    }
    Ok(line.contains(&cells_of(&cells)))
}

/// Counties that expect less reward with the plan, in their order: the section says of each what it expects, which sites are its own, and without
/// which of them it would not.
fn of_sunk(section: &str, (counties, sites): (&CsvTable, &CsvTable), faults: &mut Vec<String>) -> Result<()> {
    let items = section.split("<li>").skip(1).filter_map(|item| item.split_once("</li>")).map(|(item, _)| item);
    let mut items = items.filter(|item| item.contains("the plan sinks its reward from"));
    for row in counties.rows() {
        let told = |column: &str| if row.cell(column).is_ok() { row.whole(column) } else { Ok(None) };
        let with = told("reward_yuan_after")?.or(told("reward_yuan_if_open")?);
        let sunk = told("reward_yuan_before")?.zip(with).filter(|(before, after)| after < before);
        let Some((before, after)) = sunk else { continue };
        let own = sites.rows().filter(|s| s.get("county_code") == row.get("county_code"));
        let own: Vec<u64> = own.map(|s| s.count("order")).collect::<Result<_>>()?;
        let by = row.get("sunk_by").replace(' ', ", ");
        let says = |item: &str| {
            let figures = format!("the plan sinks its reward from {} to {} yuan", grouped(before), grouped(after));
            let without = item.split_once("Without one of these it would not fall (the others built): ");
            let named = without.map_or("", |(_, list)| list.split_once('.').map_or("", |(list, _)| list));
            item.contains(&figures) && own.iter().all(|n| item.contains(&format!("{n} ("))) && named == by
        };
        if !items.next().is_some_and(says) {
            faults.push(untold(PAGE, "plan_counties.csv", &row));
        }
    }
    if items.next().is_some() {
        faults.push(format!("{PAGE}: it names counties that the plan sinks, and plan_counties.csv does not"));
    }
    Ok(())
}

/// Whether the row of another plan says what it covers, and where it is another one.
fn says_other(section: &str, plan: &PlanFiles<'_>, (other, ids): (&OtherPlan, &[&str])) -> bool {
    let value: u64 = plan.gains.iter().sum();
    let instead: Vec<u32> = other.candidates.iter().filter(|s| !plan.order.contains(s)).copied().collect();
    let gone = plan.order.iter().filter(|s| !other.candidates.contains(s)).copied();
    let cells = [
        amount(plan.asked.objective, other.covered),
        at_most_percent(value.saturating_sub(other.covered), value),
        grouped(other.candidates.len() as u64),
        grouped(instead.len() as u64),
    ];
    let named: Vec<String> = gone.chain(instead).map(|s| format!("<bdi>{}</bdi>", escaped(&shown(ids[s as usize])))).collect();
    section.match_indices(&cells_of(&cells)).any(|(at, _)| {
        let line = section[at..].split_once("</tr>").map_or("", |(line, _)| line);
        named.iter().all(|id| line.contains(id.as_str()))
    })
}

/// Cells beside each other, as the page has them.
pub(super) fn cells_of(cells: &[String]) -> String {
    cells.iter().map(|c| format!("<td class=\"n\">{}</td>", escaped(c))).collect()
}

/// The tables of roads and years, where the plan has them.
fn of_parts(o: &Opened, section: &str, faults: &mut Vec<String>) -> Result<()> {
    let mut unless = |told: bool, file: &str, row: &CsvRow<'_>| faults.extend((!told).then(|| untold(PAGE, file, row)));
    for row in o.tables.table(plan_years::FILE).into_iter().flat_map(CsvTable::rows) {
        let cost = row.whole("cost")?.map_or(NONE.to_owned(), grouped);
        let counts = [row.get("year").to_owned(), grouped(row.count("sites")?), grouped(row.count("sites_up_to")?), cost];
        unless(section.contains(&cells_of(&counts)), plan_years::FILE, &row);
    }
    for row in o.tables.table(plan_corridors::FILE).into_iter().flat_map(CsvTable::rows).take(MOST_ROWS) {
        let change = |what: &str| -> Result<String> {
            Ok(format!("{} → {}", km1(row.mm(&format!("{what}_before"))?), km1(row.mm(&format!("{what}_after"))?)))
        };
        let part = format!("{}.{}", row.get("part"), row.get("direction"));
        let told = [part, km1(row.mm("length_km")?), change("longest_km")?, change("one_out_km")?, grouped(row.count("sites")?)];
        unless(section.contains(&cells_of(&told)), plan_corridors::FILE, &row);
    }
    Ok(())
}

/// Whether the row of a county says what the table says.
fn says(section: &str, row: &CsvRow<'_>, shown: [bool; 5], (way, asked): (Option<&str>, &Asked)) -> Result<bool> {
    let code = format!("<bdi>{}</bdi></td>", escaped(row.get("county_code")));
    // the questions name counties too, and the table of counties is the last that does
    let Some((_, line)) = section.rsplit_once(&code) else { return Ok(false) };
    let line = line.split_once("</tr>").map_or(line, |(line, _)| line);
    let cells =
        [grouped(row.count("sites")?), row.whole("cost")?.map_or(NONE.to_owned(), grouped), km1(row.mm("beyond_candidates_km")?)];
    let has = |text: &str| line.contains(&format!("<td class=\"n\">{}</td>", escaped(text)));
    // whole numbers of kW are of more decimals than the table has
    let as_told = |shift: f64| -> Result<bool> {
        let changes = changes(&county(row, asked, shift)?);
        Ok(changes.iter().zip(shown).all(|(text, shown)| !shown || has(text)))
    };
    Ok(cells.iter().all(|text| has(text)) && way.is_none_or(has) && (as_told(0.0)? || as_told(1e-6)? || as_told(-1e-6)?))
}

fn county(row: &CsvRow<'_>, asked: &Asked, shift: f64) -> Result<PlanCounty> {
    let both = |name: &str| [format!("{name}_before"), format!("{name}_after")];
    let count = |name: &str| -> Result<[u64; 2]> {
        let [a, b] = both(name);
        Ok([row.count(&a)?, row.count(&b)?])
    };
    // other plans, and those of older versions, have no ways
    let ways = row.cell("ways_before").is_ok_and(|cell| !cell.is_empty());
    let (weighed, ways_mm) = if ways {
        (row.count("weighed")?, Some([asked.units(row, "ways_before")?, asked.units(row, "ways_after")?]))
    } else {
        (0, None)
    };
    let thin = row.cell("thin_before").is_ok_and(|cell| !cell.is_empty());
    let thin = if thin { Some([asked.units(row, "thin_before")?, asked.units(row, "thin_after")?]) } else { None };
    let [short, short_with] = both("short_kw").map(|c| row.number(&c));
    Ok(PlanCounty {
        gap_mm: [row.mm("gap_km_before")?, row.mm("gap_km_after")?],
        settlements_in_gap: count("settlements_in_gap")?,
        people_in_gap: count("people_in_gap")?,
        short_kw: short?.zip(short_with?).map(|(a, b)| [a + shift, b + shift]),
        reward_yuan: [row.whole("reward_yuan_before")?, row.whole("reward_yuan_after")?],
        weighed,
        ways_mm,
        thin,
        ..PlanCounty::default()
    })
}

/// What the chart draws, from the tables: against what was the limit, or against money beside it.
fn drawn(plan: &PlanFiles<'_>, curve: &CsvTable, money: bool) -> Result<PlanCurve> {
    let asked = plan.asked;
    let point = |row: CsvRow<'_>| -> Result<CurvePoint> {
        let units = |column: &str| asked.units(&row, column);
        Ok(CurvePoint { limit: row.count("limit")?, value: units("covered")?, bound: units("bound")?, plan: units("plan")? })
    };
    let by_money = money || asked.budget.is_some();
    let mut covered = 0;
    let step = |(k, gain): (usize, &u64)| {
        covered += gain;
        [if money { plan.money_of(&|site| site <= k) } else { plan.taken(&|site| site <= k) }, covered]
    };
    Ok(PlanCurve {
        points: curve.rows().filter(|row| (row.get("limit_of") == "money") == by_money).map(point).collect::<Result<_>>()?,
        steps: plan.gains.iter().enumerate().map(step).collect(),
        objective: asked.objective,
        money: by_money.then(|| asked.currency.clone()),
        of: CurveOf::Plan,
    })
}

/// As the page escapes what is filled in.
pub(super) fn escaped(text: &str) -> String {
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
