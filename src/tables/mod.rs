//! The tables and layers, one file each: every column with its name, alias, unit, meaning in English and Chinese, and the function that
//! gives its value. [`tables_of`] and [`layers_of`] list what a folder has: a new one is one line there.

pub mod applicants;
mod balance_rows;
pub mod cause_words;
pub mod causes;
pub mod corridors;
pub mod counterfactual_words;
pub mod counterfactuals;
pub mod counties;
pub mod county_columns;
pub mod county_roads;
pub mod coverage;
mod criterion_fields;
pub mod dictionary;
pub mod diff;
pub mod equity;
pub mod faults;
pub mod figures;
pub mod funding;
pub mod gaps;
pub mod gates;
pub mod headline;
pub mod issues;
pub mod judged;
pub mod ledger;
pub mod lines;
pub mod lorenz;
pub mod missing;
pub mod need_layers;
pub mod overrides;
mod packaged;
mod parts;
pub mod people;
pub mod plan;
pub mod plan_corridors;
pub mod plan_flows;
pub mod plan_parts;
pub mod plan_ways;
pub mod plan_years;
pub mod provinces;
pub mod rank_view;
pub mod ranking;
mod reward_years;
pub mod rewards;
pub mod selection;
pub mod sensitivity;
pub mod settlements;
pub mod shards;
pub mod station_changes;
pub mod stations;
#[cfg(test)]
mod tests;
pub mod trust;
pub mod why;

pub use packaged::{packaged, words_of};
use parts::bbox_of_points;
pub use parts::{CountyRows, Known, LARGE_LAYER, LayerPart, TablePart};
pub use rank_view::RankView;

use crate::balance::{self, TownRow};
use crate::config::demand::{Day, Demand};
use crate::config::output::Choices;
use crate::config::region_file::GapOutput;
use crate::config::{Criteria, RegionFile};
use crate::county::{CountyReward, RoadRow};
use crate::error::Result;
use crate::files::geojson::bbox_of;
use crate::files::lang::Lang;
use crate::files::schema::{Column, Value};
use crate::issue::Issues;
use crate::redundancy::{self, BackupRow};
use crate::results::{Member, Results};

/// What stands for `map.html` in `[output] without`.
pub const MAP: &str = "map";

/// What `[output]` can leave out, and the layers that a round writes by choice.
pub const CHOICES: Choices<'_> = Choices {
    can_be_left_out: &["gpkg", "county_pages", MAP, "equity", "counterfactuals", redundancy::NAME, coverage::NAME],
    layers: &[
        gaps::NAME,
        gaps::ALL,
        settlements::NAME,
        stations::NAME,
        redundancy::NAME,
        coverage::NAME,
        need_layers::TOWNS,
        need_layers::LOADS,
        corridors::LINES,
        corridors::WAYS,
        plan::NAME,
        issues::POINTS,
    ],
};

/// The tables of a ranking: they need the evidence and the assessment, and no roads, so that `rank` writes the same as `run`.
pub fn tables_of_ranking(v: RankView<'_>) -> Vec<TablePart<'_>> {
    let mut all = vec![
        TablePart::new(ranking::FILE, move || ranking::table(v.evidence.has_demand()), move || ranking::rows(v)),
        TablePart::new(why::FILE, why::table, move || why::rows(v)),
        TablePart::new(lines::FILE, lines::table, move || lines::rows(v)),
        TablePart::new(sensitivity::FILE, sensitivity::table, move || sensitivity::rows(v)),
    ];
    all.extend(tables_of_missing(v));
    all
}

/// Tables of a ranking that are there only where values are missing, or goalposts are used.
pub fn tables_of_missing(v: RankView<'_>) -> Vec<TablePart<'_>> {
    let ranking = &v.assessment.ranking;
    let mut all = Vec::new();
    if ranking.rows.iter().any(|r| !r.lacks.is_empty()) {
        let title = ["Values that are missing, and what stands in for them", "缺少的数值及其处理"];
        all.push(TablePart::new(missing::FILE, missing::table, move || missing::rows(v)).on_county(title));
    }
    if ranking.is_missing() || (v.settings.is_fixed() && !ranking.scales.is_empty()) {
        all.push(TablePart::new(missing::SCALES, missing::scales, move || missing::scale_rows(v)));
    }
    if !ranking.open.is_empty() {
        let title = ["Places that hang on values that are missing", "取决于所缺数值的名次"];
        all.push(TablePart::new(missing::OPEN, missing::open, move || missing::open_rows(v)).on_county(title));
    }
    all
}

/// The table of issues.
pub fn table_of_issues(all: &Issues, lang: Lang) -> TablePart<'_> {
    TablePart::new(issues::FILE, move || issues::table(lang), move || issues::rows(all))
}

/// The tables of a run or a round, in the order of writing.
pub fn tables_of(r: &Results) -> Vec<TablePart<'_>> {
    let v = RankView::of(r);
    let mut all = tables_of_ranking(v);
    all.push(TablePart::new(figures::FILE, move || figures::table(v.evidence.has_demand()), move || figures::rows(v.evidence)));
    let columns = move || county_columns::rows(v.evidence, &v.settings.table.columns());
    all.push(TablePart::new(county_columns::FILE, county_columns::table, columns));
    all.push(TablePart::new(ledger::FILE, || ledger::table(&r.criteria.serving), || ledger::rows(r)));
    if r.output.wants("equity") {
        let title = ["How evenly the way to a charger is shared", "到充电站距离的公平性"];
        let table = TablePart::new(equity::FILE, || equity::table(&r.criteria.serving, r.round.is_some()), || equity::rows(r));
        all.push(table.on_county(title));
        all.push(TablePart::new(lorenz::FILE, lorenz::table, || lorenz::rows(r)));
    }
    if r.output.wants("counterfactuals") {
        let table = counterfactuals::table;
        all.push(TablePart::new(counterfactuals::FILE, table, || counterfactuals::rows(r)));
    }
    if r.output.wants(redundancy::NAME) {
        let rows = || r.members.iter().map(|m| (&*m.county.code, &*m.county.name, m.result.redundancy.as_ref()));
        let table = || redundancy::table(r.criteria.serving.headline_criterion());
        let title = ["What is left when a station fails (N-1)", "站点停运（N-1）的影响"];
        all.push(TablePart::new(redundancy::FILE, table, rows).on_county(title));
    }
    if let Some(demand) = &r.criteria.demand {
        all.extend(tables_of_balance(r, demand));
    }
    all.extend(tables_of_programmes(r));
    all.extend(tables_of_plan(r));
    all.extend(tables_of_funding(r));
    all.push(TablePart::new(trust::FILE, trust::table, || trust::rows(r)));
    if let Some(round) = r.as_round() {
        all.push(TablePart::new(selection::FILE, selection::table, move || selection::rows(round)));
        if overrides::is_there(round) {
            all.push(TablePart::new(overrides::FILE, overrides::table, move || overrides::rows(round)));
        }
        let rows = move || provinces::rows(round).into_iter();
        all.push(TablePart::new(provinces::FILE, provinces::table, rows));
        if !round.part.applicants.is_empty() {
            let table = TablePart::new(applicants::FILE, applicants::table, move || applicants::rows(round));
            all.push(table.on_county(["The application", "申报情况"]));
        }
        if !round.part.gates.is_empty() {
            let table = TablePart::new(gates::FILE, gates::table, move || gates::rows(round));
            all.push(table.on_county(["Whether it may apply", "是否符合申报条件"]).under(gates::HEADS));
        }
        all.push(TablePart::new(shards::FILE, shards::table, || shards::rows(r)));
    }
    all.push(table_of_issues(&r.issues, r.language()));
    all
}

/// The tables of what counties ask for, have and lack, where `[demand]` asks for them.
fn tables_of_balance<'a>(r: &'a Results, demand: &'a Demand) -> Vec<TablePart<'a>> {
    let named = |m: &'a Member| Some(((&*m.county.code, &*m.county.name), m.result.balance.as_ref()?));
    let days = move || r.members.iter().filter_map(named).flat_map(|(of, b)| b.days.iter().map(move |d| (of, b, d)));
    let title = ["What is asked for, and what is short", "充电需求与功率缺口"];
    let mut all =
        vec![TablePart::new(balance::COUNTIES, balance::counties, days).on_county(title).under(balance_rows::DAY_HEADS)];
    let rows = move || r.members.iter().filter_map(named);
    let title = ["What stands in it, and who can reach it", "供给与可达性"];
    all.push(TablePart::new(balance::SUPPLY, balance::supply, rows).on_county(title));
    if demand.trial.is_some() {
        let title = ["What a new station in the largest gap would give", "在最大缺口试建一座站的效果"];
        let named = |m: &'a Member| Some(((&*m.county.code, &*m.county.name), m.result.balance.as_ref()?.trial.as_ref()?));
        let rows = move || r.members.iter().filter_map(named);
        all.push(TablePart::new(balance::TRIALS, balance::trials, rows).on_county(title));
    }
    let title = ["Townships in order of need", "乡镇（居民点）需求次序"];
    let rows = move || balance_rows::towns(&r.needs, &r.members).into_iter();
    // its layer has all that it says, and so has the next one's
    all.push(TablePart::new(balance::TOWNS, balance::towns, rows).on_county(title).under(balance_rows::TOWN_HEADS));
    let rows = move || balance_rows::loads(&r.needs, &r.members);
    all.push(TablePart::new(balance::LOADS, balance::loads, rows));
    all.push(TablePart::new(balance::FIGURES, balance::figures, move || demand.figures.iter()));
    all
}

/// The tables of programmes, those that have rows.
fn tables_of_programmes<'a>(r: &'a Results) -> Vec<TablePart<'a>> {
    let (all, members) = (&r.needs.judged, &r.members);
    let mut parts = Vec::new();
    if !all.roads.is_empty() {
        let rows = move || all.roads.iter();
        parts.push(TablePart::new(judged::ROADS, judged::roads, rows));
    }
    if !all.counties.is_empty() {
        let rows = move || all.counties.iter().filter_map(move |v| Some((members.get(v.county as usize)?, v)));
        let title = ["Held against programmes", "项目规则对照"];
        parts.push(TablePart::new(judged::COUNTIES, judged::counties, rows).on_county(title).under(judged::HEADS));
    }
    if all.counties.iter().any(|v| !v.roads.is_empty()) {
        let title = ["Its roads against programmes", "县内路线与项目规则"];
        let part = TablePart::new(county_roads::FILE, county_roads::table, move || county_roads::rows(&all.counties, members));
        parts.push(part.on_county(title).under(county_roads::HEADS));
    }
    if !all.rewards.is_empty() {
        let rows = move || {
            let row = move |v: &'a CountyReward| Some(rewards::rows(members.get(v.county as usize)?, v));
            all.rewards.iter().filter_map(row).flatten()
        };
        let title = ["What new facilities are expected to earn", "新建设施预期奖励"];
        parts.push(TablePart::new(rewards::FILE, rewards::table, rows).on_county(title).under(rewards::HEADS));
    }
    parts
}

/// The tables of a plan of sites, where there is one.
fn tables_of_plan(r: &Results) -> Vec<TablePart<'_>> {
    let Some(plan) = &r.plan else { return Vec::new() };
    let title = ["Where to build", "规划站点"];
    let sites = TablePart::new(plan::FILE, plan::table, || plan::rows(r).into_iter()).on_county(title).under(plan::HEADS);
    let title = ["What the plan changes", "规划前后对比"];
    let counties = TablePart::new(plan_parts::COUNTIES, plan_parts::counties, || plan_parts::county_rows(r).into_iter());
    let mut all = vec![
        sites,
        counties.on_county(title).under(plan_parts::HEADS),
        TablePart::new(plan_parts::CURVE, plan_parts::curve, || plan_parts::curve_rows(r).into_iter()),
        TablePart::new(plan_parts::QUALITY, plan_parts::quality, || plan_parts::quality_rows(r).into_iter()),
        TablePart::new(plan_parts::CANDIDATES, plan_parts::candidates, || plan_parts::candidate_rows(r).into_iter()),
    ];
    all.push(match (&plan.ways, &plan.flows) {
        (Some(_), _) => TablePart::new(plan_ways::WAYS, plan_ways::table, move || plan_ways::rows(plan)),
        (_, Some(_)) => TablePart::new(plan_flows::FILE, plan_flows::table, || plan_flows::rows(r).into_iter()),
        _ => TablePart::new(plan_parts::ROWS, move || plan_parts::proof(!plan.thin.is_empty()), move || plan.rows.iter()),
    });
    if plan.flows.is_some() {
        all.push(TablePart::new(plan_flows::LEGS, plan_flows::legs, || plan_flows::leg_rows(r)));
        all.push(TablePart::new(plan_flows::CUTS, plan_flows::cuts, || plan_flows::cut_rows(r)));
    }
    if plan.corridors.is_some() {
        all.push(TablePart::new(plan_corridors::FILE, plan_corridors::table, || plan_corridors::rows(r).into_iter()));
        all.push(TablePart::new(plan_corridors::PLACES, plan_corridors::places, || plan_corridors::place_rows(r).into_iter()));
    }
    if !plan.years.is_empty() {
        all.extend(tables_of_years(r));
    }
    if !plan.alternatives.is_empty() {
        all.push(TablePart::new(plan_parts::OTHERS, plan_parts::others, || plan_parts::other_rows(r).into_iter()));
    }
    all
}

/// The tables of the years of a plan.
fn tables_of_years(r: &Results) -> [TablePart<'_>; 3] {
    let title = ["The plan year by year", "分年规划"];
    let counties = TablePart::new(plan_years::COUNTIES, plan_years::counties, || plan_years::county_rows(r).into_iter());
    [
        TablePart::new(plan_years::FILE, plan_years::table, || plan_years::rows(r).into_iter()),
        counties.on_county(title).under(plan_years::HEADS),
        TablePart::new(plan_years::ROWS, plan_years::proof, || plan_years::proof_rows(r).into_iter()),
    ]
}

/// The tables of counties that are funded with plans of their own, where budgets are named.
fn tables_of_funding(r: &Results) -> Vec<TablePart<'_>> {
    if r.funding.is_none() {
        return Vec::new();
    }
    let title = ["Funding with a plan of its own", "按本县规划安排资金"];
    let counties = TablePart::new(funding::FILE, funding::table, || funding::rows(r).into_iter());
    let sites = TablePart::new(funding::SITES, funding::sites, || funding::site_rows(r).into_iter());
    let budgets = TablePart::new(funding::BUDGETS, funding::budgets, || funding::budget_rows(r).into_iter());
    let words = ["Sites of its own plan, in order", "本县规划站点（按次序）"];
    vec![counties.on_county(title).under(funding::HEADS), budgets, sites.on_county(words).under(funding::SITE_HEADS)]
}

/// The layers of a run or a round, in the order of writing.
pub fn layers_of(r: &Results) -> Vec<LayerPart<'_>> {
    let (c, members, round) = (&r.criteria, &r.members, r.round.is_some());
    let bbox = counties::bbox(members.iter());
    let words = ["Counties", "Counties with score, rank and result", "县：得分、名次与入选结果"];
    let mut all = vec![
        LayerPart::of_list(
            counties::NAME,
            words,
            counties::layer(&c.serving, round, r.evidence.has_demand()),
            counties::rows(r),
            bbox,
        ),
        LayerPart::new(
            gaps::NAME,
            ["Gaps", "Dead stretches at the headline distance", "主要服务距离的空白路段"],
            gaps::layer(c, members, round),
            gaps::rows(r, gaps::NAME),
            || gaps::bbox(r, gaps::NAME),
        ),
        LayerPart::new(
            stations::NAME,
            ["Stations", "Stations as used", "采用的站点"],
            stations::layer(&c.serving, members),
            r.rows(),
            || stations::bbox(r),
        ),
        LayerPart::new(
            settlements::NAME,
            ["Settlements", "Settlements with the way to the nearest stations", "居民点及到最近站点的距离"],
            settlements::layer(&c.serving, members, round),
            r.rows(),
            || settlements::bbox(r),
        ),
    ];
    if r.output.wants(redundancy::NAME) {
        let codes = members.iter().map(|m| Value::shared(&m.county.code)).collect();
        let words = ["Redundancy", "Settlements with their two nearest charging stations", "居民点及最近的两座充电站"];
        let layer = redundancy::layer(c.serving.headline_criterion(), codes, round);
        all.push(LayerPart::new(redundancy::NAME, words, layer, r.rows(), || bbox_of_points(&r.rows::<BackupRow>(), |b| b.at)));
    }
    if c.writing.gap_output == GapOutput::All {
        let words = ["Gaps, all limits", "Dead stretches at every distance and time", "各服务标准的空白路段"];
        let (layer, rows) = (gaps::layer(c, members, round), gaps::rows(r, gaps::ALL));
        all.push(LayerPart::new(gaps::ALL, words, layer, rows, || gaps::bbox(r, gaps::ALL)));
    }
    if has_coverage(r) {
        let words = ["Coverage", "Every piece of road with the way to the nearest stations", "全部路段及到最近站点的距离"];
        let layer = coverage::layer(&c.serving, members, round);
        all.push(LayerPart::new(coverage::NAME, words, layer, r.rows::<RoadRow>(), || Ok(None)).into_flatgeobuf());
    }
    all.extend(layers_of_needs(r));
    if r.plan.is_some() {
        let rows = plan::rows(r);
        let bbox = bbox_of(rows.iter().map(|s| s.site.at));
        let words = ["Sites", "Where to build, in order", "规划站点（按建设次序）"];
        all.push(LayerPart::of_list(plan::NAME, words, plan::layer(), rows, bbox));
    }
    let rows = issues::points(&r.issues);
    if !rows.is_empty() {
        let words = ["Issues on the map", "What was found in the records, where that is known", "数据问题（位置已知者）"];
        let bbox = issues::bbox(&rows);
        all.push(LayerPart::of_list(issues::POINTS, words, issues::layer(r.language()), rows, bbox));
    }
    all
}

/// Whether there is a layer of coverage: in a run unless it is left out, in a round where it is asked for.
fn has_coverage(r: &Results) -> bool {
    r.output.wants(coverage::NAME) && r.output.wants_layer(coverage::NAME)
}

/// Settlements by county in order of need; none without `[demand]`.
pub fn townships(r: &Results) -> Vec<TownRow<'_>> {
    balance_rows::towns(&r.needs, &r.members)
}

/// The layers of what places ask for and roads lack, where `[demand]` and `[programme]` ask for them.
fn layers_of_needs(r: &Results) -> Vec<LayerPart<'_>> {
    let mut all = Vec::new();
    if let Some(demand) = &r.criteria.demand {
        let rows = balance_rows::towns(&r.needs, &r.members);
        let bbox = bbox_of(rows.iter().map(|t| t.at));
        let words = ["Townships", "Settlements in order of need", "居民点（乡镇）需求次序"];
        all.push(LayerPart::of_list(need_layers::TOWNS, words, need_layers::towns(), rows, bbox));
        let days: Vec<Day> = demand.days().iter().map(|d| d.0).collect();
        let rows = need_layers::stations(balance_rows::loads(&r.needs, &r.members));
        let bbox = bbox_of(rows.iter().map(need_layers::StationLoads::at));
        let words = ["Station loads", "What every charging station gives, by day", "站点负荷"];
        all.push(LayerPart::of_list(need_layers::LOADS, words, need_layers::loads(&days), rows, bbox));
    }
    let (roads, lines) = (&r.needs.judged.roads, &r.needs.judged.lines);
    if !roads.is_empty() {
        let simplify_m = r.criteria.writing.simplify_m;
        let rows: Vec<_> = corridors::lines(roads, lines).collect();
        let bbox = corridors::bbox(rows.iter().map(|row| &row.line.drawn));
        let words = ["Corridors", "Directions of roads with their verdicts", "路线各方向及其结论"];
        all.push(LayerPart::of_list(corridors::LINES, words, corridors::lines_layer(simplify_m), rows, bbox));
        let rows: Vec<_> = corridors::ways(roads, lines).collect();
        let bbox = corridors::bbox(rows.iter().map(|row| &row.way.drawn));
        let words = ["Longest ways without a station", "The longest way without a station that counts", "最长无站路段"];
        all.push(LayerPart::of_list(corridors::WAYS, words, corridors::ways_layer(simplify_m), rows, bbox));
    }
    all
}

/// What is known of every table and layer with no results at hand: of runs, rounds, rankings and differences of rounds.
///
/// # Errors
/// Never: the usual criteria are sound.
pub fn known() -> Result<Vec<Known>> {
    let usual = Criteria::from_region(&RegionFile::default())?;
    Ok(vec![
        Known::either(ranking::FILE, [&ranking::table(false), &ranking::table(true)]),
        Known::table(funding::FILE, &funding::table()),
        Known::table(funding::BUDGETS, &funding::budgets()),
        Known::table(funding::SITES, &funding::sites()),
        Known::table(plan::FILE, &plan::table()),
        Known::layer(plan::NAME, &plan::layer()),
        Known::table(plan_parts::COUNTIES, &plan_parts::counties()),
        Known::table(plan_parts::CURVE, &plan_parts::curve()),
        Known::table(plan_parts::QUALITY, &plan_parts::quality()),
        Known::table(plan_parts::CANDIDATES, &plan_parts::candidates()),
        Known::table(plan_parts::OTHERS, &plan_parts::others()),
        Known::table(plan_parts::ROWS, &plan_parts::proof(false)),
        Known::table(plan_corridors::FILE, &plan_corridors::table()),
        Known::table(plan_corridors::PLACES, &plan_corridors::places()),
        Known::table(plan_years::FILE, &plan_years::table()),
        Known::table(plan_years::COUNTIES, &plan_years::counties()),
        Known::table(plan_years::ROWS, &plan_years::proof()),
        Known::table(plan_ways::WAYS, &plan_ways::table()),
        Known::table(plan_flows::FILE, &plan_flows::table()),
        Known::table(plan_flows::LEGS, &plan_flows::legs()),
        Known::table(plan_flows::CUTS, &plan_flows::cuts()),
        Known::table(why::FILE, &why::table()),
        Known::table(lines::FILE, &lines::table()),
        Known::table(sensitivity::FILE, &sensitivity::table()),
        Known::table(missing::FILE, &missing::table()),
        Known::table(missing::SCALES, &missing::scales()),
        Known::table(missing::OPEN, &missing::open()),
        Known::either(figures::FILE, [&figures::table(false), &figures::table(true)]),
        Known::table(county_columns::FILE, &county_columns::table()),
        Known::by_criteria(ledger::FILE, &ledger::table(&usual.serving)),
        Known::by_criteria(equity::FILE, &equity::table(&usual.serving, false)),
        Known::table(lorenz::FILE, &lorenz::table()),
        Known::table(counterfactuals::FILE, &counterfactuals::table()),
        Known::by_criteria(redundancy::FILE, &redundancy::table(usual.serving.headline_criterion())),
        Known::layer(redundancy::NAME, &redundancy::layer(usual.serving.headline_criterion(), Vec::new(), false)),
        Known::table(judged::ROADS, &judged::roads()),
        Known::table(judged::COUNTIES, &judged::counties()),
        Known::table(county_roads::FILE, &county_roads::table()),
        Known::table(rewards::FILE, &rewards::table()),
        Known::table(balance::COUNTIES, &balance::counties()),
        Known::table(balance::SUPPLY, &balance::supply()),
        Known::table(balance::TOWNS, &balance::towns()),
        Known::table(balance::LOADS, &balance::loads()),
        Known::table(balance::TRIALS, &balance::trials()),
        Known::table(balance::FIGURES, &balance::figures()),
        Known::table(trust::FILE, &trust::table()),
        Known::table(selection::FILE, &selection::table()),
        Known::table(overrides::FILE, &overrides::table()),
        Known::table(provinces::FILE, &provinces::table()),
        Known::table(applicants::FILE, &applicants::table()),
        Known::table(gates::FILE, &gates::table()),
        Known::table(shards::FILE, &shards::table()),
        Known::table(issues::FILE, &issues::table(Lang::En)),
        Known::table(dictionary::FILE, &dictionary::table()),
        Known::table(diff::FILE, &diff::table()),
        Known::table(causes::FILE, &causes::table()),
        Known::table(station_changes::FILE, &station_changes::table()),
        Known::layer(counties::NAME, &counties::layer(&usual.serving, false, true)),
        Known::layer(gaps::NAME, &gaps::layer(&usual, &[], false)),
        Known::layer(gaps::ALL, &gaps::layer(&usual, &[], false)),
        Known::layer(stations::NAME, &stations::layer(&usual.serving, &[])),
        Known::layer(settlements::NAME, &settlements::layer(&usual.serving, &[], false)),
        Known::by_criteria(coverage::FILE, &coverage::layer(&usual.serving, &[], false).table),
        Known::layer(issues::POINTS, &issues::layer(Lang::En)),
        Known::layer(need_layers::TOWNS, &need_layers::towns()),
        Known::layer(need_layers::LOADS, &need_layers::loads(&[])),
        Known::layer(corridors::LINES, &corridors::lines_layer(0.0)),
        Known::layer(corridors::WAYS, &corridors::ways_layer(0.0)),
    ])
}

/// The GeoPackage of a folder.
pub fn package_of(r: &Results) -> &'static str {
    if r.round.is_some() { "round.gpkg" } else { "region.gpkg" }
}

/// The QGIS project beside it.
pub fn project_of(r: &Results) -> &'static str {
    if r.round.is_some() { "round.qgz" } else { "region.qgz" }
}

/// Whether a layer is written as a file of its own: that of counties always, the others where `[output]` asks for them.
pub fn is_written(r: &Results, layer: &str) -> bool {
    layer == counties::NAME || r.output.wants_layer(layer)
}

/// Every file of a folder that has columns, for the dictionary.
pub fn files(r: &Results) -> Vec<(String, Vec<Column>)> {
    let layers = layers_of(r);
    let written = layers.iter().filter(|l| is_written(r, l.name)).map(|l| (l.file(), l.columns.clone()));
    let mut all: Vec<(String, Vec<Column>)> = written.collect();
    if r.output.wants("gpkg") && cfg!(feature = "gpkg") {
        all.extend(layers.iter().map(|l| (format!("{}/{}", package_of(r), l.name), l.columns.clone())));
    }
    all.extend(tables_of(r).into_iter().map(|t| (t.file.to_owned(), t.columns)));
    all.push((dictionary::FILE.to_owned(), dictionary::table().columns()));
    all
}

/// The same of a ranking folder.
pub fn files_of_ranking(v: RankView<'_>) -> Vec<(String, Vec<Column>)> {
    let rest = [
        (figures::FILE, figures::table(v.evidence.has_demand()).columns()),
        (county_columns::FILE, county_columns::table().columns()),
        (issues::FILE, issues::table(Lang::En).columns()),
        (dictionary::FILE, dictionary::table().columns()),
    ];
    let of_ranking = tables_of_ranking(v).into_iter().map(|t| (t.file, t.columns));
    of_ranking.chain(rest).map(|(file, columns)| (file.to_owned(), columns)).collect()
}
