//! Sites along roads from their files alone: the fewest are asked for again from the places along each road, and every way is measured again.

use super::close;
use super::opened::Opened;
use super::plan::PlanFaults;
use super::plan_files::PlanFiles;
use crate::error::Result;
use crate::files::csv_table::{CsvRow, CsvTable};
use crate::plan::{GapAsked, LineGroup, PlanCorridors, PlanLine, fewest_along, longest, met, stretches};
use crate::tables::plan::FILE as SITES;
use crate::tables::plan_corridors::{FILE, PLACES};
use crate::tables::plan_parts::CANDIDATES;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What was asked about roads, as the manifest tells it.
pub(super) struct CorridorsAsked {
    gap_mm: Option<u64>,
    one_out: bool,
}

/// That of `criteria.plan` of the manifest; none where nothing was asked.
pub(super) fn asked(told: &Value) -> Option<CorridorsAsked> {
    let one_out = told["n_minus_one"].as_bool()?;
    Some(CorridorsAsked { gap_mm: told["longest_gap_km"].as_f64().map(|km| (km * 1e6).round() as u64), one_out })
}

/// Checks them, where corridors were asked for.
pub(super) fn check(
    o: &Opened,
    plan: &PlanFiles<'_>,
    [sites, candidates]: [&CsvTable; 2],
    faults: &mut PlanFaults,
) -> Result<()> {
    let files = [FILE, PLACES];
    let Some(asked) = &plan.asked.corridors else {
        faults.0.extend(files.iter().filter(|f| o.holds(f)).map(|f| format!("{f}: the manifest asks for no corridors")));
        for row in sites.rows().filter(|row| !row.get("for_roads").is_empty()) {
            faults.differs(SITES, &row, "for_roads", "the manifest");
        }
        return Ok(());
    };
    faults.0.extend(files.iter().filter(|f| !o.holds(f)).map(|f| format!("{f} is missing: the plan has corridors")));
    let (Some(table), Some(places)) = (o.tables.table(FILE), o.tables.table(PLACES)) else { return Ok(()) };
    let Some(lines) = lines(plan, table, places, faults)? else { return Ok(()) };
    let Some(first) = table.rows().next() else {
        faults.0.push(format!("{FILE}: it has no road"));
        return Ok(());
    };
    let most_mm = first.mm("limit_km")?;
    let locked = |word: &str| -> BTreeSet<u32> {
        (0u32..).zip(candidates.rows()).filter(|(_, row)| row.get("locked") == word).map(|(i, _)| i).collect()
    };
    let (inside, none) = (locked("in"), BTreeSet::new());
    let costs: Vec<u64> = plan.candidates.iter().map(|c| c.cost.unwrap_or(0)).collect();
    let costs = plan.asked.budget.map(|_| costs.as_slice());
    let groups = fewest_along(&lines, &GapAsked { most_mm, one_out: asked.one_out, costs, inside: &inside, out: &none });
    let found = PlanCorridors { lines, groups, most_mm, one_out: asked.one_out, ..PlanCorridors::default() };
    let built = locked("road");
    let want: BTreeSet<u32> = found.sites().into_iter().collect();
    if built != want {
        faults.0.push(format!("{CANDIDATES}: its sites for roads are not the fewest that {PLACES} gives"));
    }
    for (i, row) in table.rows().enumerate() {
        let limit = row.mm("limit_km")? == most_mm && asked.gap_mm.is_none_or(|mm| mm == most_mm);
        faults.unless(limit, (FILE, &row), "limit_km", "the manifest");
        faults.unless((row.get("n_minus_one") == "true") == asked.one_out, (FILE, &row), "n_minus_one", "the manifest");
        of_line(plan, &found, (i, &row), faults)?;
    }
    for (k, row) in sites.rows().enumerate() {
        let roads = found.roads_of(plan.order[k]).join("; ");
        faults.unless(row.get("for_roads") == roads, (SITES, &row), "for_roads", PLACES);
    }
    Ok(())
}

/// The lines with the places on them; none, with faults, where a place is on no line.
fn lines(plan: &PlanFiles<'_>, table: &CsvTable, places: &CsvTable, faults: &mut PlanFaults) -> Result<Option<Vec<PlanLine>>> {
    let key = |row: &CsvRow<'_>| -> Result<(String, u64, u64)> {
        Ok((row.get("road").to_owned(), row.count("part")?, row.count("direction")?))
    };
    let (mut lines, mut by_key) = (Vec::new(), BTreeMap::new());
    for row in table.rows() {
        let key = key(&row)?;
        let (part, direction) = (key.1 as u32, key.2 as u32);
        let length_mm = row.mm("length_km")?;
        lines.push(PlanLine {
            road: key.0.clone(),
            part,
            direction,
            length_mm,
            closed: row.get("ring") == "true",
            cut: cut(&row),
            ..PlanLine::default()
        });
        by_key.insert(key, lines.len() - 1);
    }
    for row in places.rows() {
        let (at_mm, candidate) = (row.mm("at_km")?, row.whole("candidate")?);
        let line = by_key.get(&key(&row)?).map(|i| &mut lines[*i]).filter(|l| at_mm <= l.length_mm);
        let fits = candidate.is_none_or(|c| (c as usize) < plan.candidates.len());
        let Some(line) = line.filter(|_| fits) else {
            faults.differs(PLACES, &row, "at_km", FILE);
            return Ok(None);
        };
        let before = line.stations.iter().map(|s| s.0).chain(line.candidates.iter().map(|c| c.0)).max().unwrap_or(0);
        let twice = candidate.is_some_and(|c| line.candidates.iter().any(|known| u64::from(known.1) == c));
        if at_mm < before || twice {
            faults.differs(PLACES, &row, "at_km", "the row before it");
            return Ok(None);
        }
        match candidate {
            Some(c) => line.candidates.push((at_mm, c as u32)),
            None => line.stations.push((at_mm, row.get("station_id").to_owned())),
        }
    }
    Ok(Some(lines))
}

/// At which ends the road may go on; older folders say nothing of it.
fn cut(row: &CsvRow<'_>) -> [bool; 2] {
    let word = if row.cell("goes_on").is_ok() { row.get("goes_on") } else { "" };
    [word == "begin" || word == "both", word == "end" || word == "both"]
}

/// A line against what the places along it say.
fn of_line(plan: &PlanFiles<'_>, found: &PlanCorridors, (i, row): (usize, &CsvRow<'_>), faults: &mut PlanFaults) -> Result<()> {
    let (line, here) = (&found.lines[i], (FILE, row));
    let built = |c: u32| plan.order.contains(&c);
    let (before, after) = (found.places(i, &|_| false), found.places(i, &built));
    for (column, places, one_out) in [
        ("longest_km_before", &before, false),
        ("longest_km_after", &after, false),
        ("one_out_km_before", &before, true),
        ("one_out_km_after", &after, true),
    ] {
        faults.unless(row.mm(column)? == longest(line, places.clone(), one_out), here, column, PLACES);
    }
    faults.unless(row.count("stations")? == line.stations.len() as u64, here, "stations", PLACES);
    let own = line.candidates.iter().filter(|c| built(c.1)).count() as u64;
    faults.unless(row.count("sites")? == own, here, "sites", PLACES);
    let told = met(line, after.clone(), (found.most_mm, found.one_out)).map_or(String::new(), |met| met.to_string());
    faults.unless(row.get("met") == told, here, "met", PLACES);
    let open: Vec<String> = stretches(line, after, found.one_out)
        .into_iter()
        .filter(|(a, b)| b - a > found.most_mm)
        .map(|(a, b)| format!("{:.6}-{:.6}", a as f64 / 1e6, b as f64 / 1e6))
        .collect();
    faults.unless(row.get("open") == open.join("; "), here, "open", PLACES);
    let group = found.groups.iter().enumerate().find(|(_, g)| g.lines.contains(&(i as u32)));
    let Some((number, LineGroup { cost, bound, proof, .. })) = group else { return Ok(()) };
    faults.unless(row.count("group")? == number as u64 + 1, here, "group", PLACES);
    faults.unless(row.count("group_taken")? == *cost, here, "group_taken", PLACES);
    faults.unless(row.count("group_bound")? == *bound, here, "group_bound", PLACES);
    let gap = if *cost == 0 { 0.0 } else { (cost - bound.min(cost)) as f64 / *cost as f64 * 100.0 };
    faults.unless(close(row.number("gap_percent")?, Some(gap)), here, "gap_percent", PLACES);
    faults.unless(row.get("proof") == proof.as_str(), here, "proof", PLACES);
    Ok(())
}
