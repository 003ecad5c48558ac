//! Names and aliases of every table and layer.

use super::*;

#[test]
fn names_and_aliases_are_usable_and_unique() {
    let text = "[criteria]\nservices = [\"charging\", \"swap\", \"fast_charging\", \"truck_charging\"]\ndistances_km = [2.5, 10, 120, 1000]\ntimes_min = [7.5, 120]\nheadline_km = 10\n[population]\npath = \"pop.tif\"\n";
    let criteria = Criteria::from_region(&RegionFile::parse(text, "r").unwrap()).unwrap();
    let mut all: Vec<(String, Vec<Column>)> = Vec::new();
    let mut add = |file: &str, columns: Vec<Column>| all.push((file.to_owned(), columns));
    add(ranking::FILE, ranking::table(true).columns());
    add(why::FILE, why::table().columns());
    add(lines::FILE, lines::table().columns());
    add(sensitivity::FILE, sensitivity::table().columns());
    add(missing::FILE, missing::table().columns());
    add(missing::SCALES, missing::scales().columns());
    add(missing::OPEN, missing::open().columns());
    add(figures::FILE, figures::table(true).columns());
    add(county_columns::FILE, county_columns::table().columns());
    add(issues::FILE, issues::table(Lang::En).columns());
    add(issues::POINTS, issues::layer(Lang::En).table.columns());
    add(dictionary::FILE, dictionary::table().columns());
    for round in [false, true] {
        add("counties", counties::layer(&criteria.serving, round, true).table.columns());
        add("gaps", gaps::layer(&criteria, &[], round).table.columns());
        add("settlements", settlements::layer(&criteria.serving, &[], round).table.columns());
        add("coverage", coverage::layer(&criteria.serving, &[], round).table.columns());
    }
    add("stations", stations::layer(&criteria.serving, &[]).table.columns());
    add(ledger::FILE, ledger::table(&criteria.serving).columns());
    add(equity::FILE, equity::table(&criteria.serving, false).columns());
    add(lorenz::FILE, lorenz::table().columns());
    add(counterfactuals::FILE, counterfactuals::table().columns());
    add(redundancy::FILE, redundancy::table(criteria.serving.headline_criterion()).columns());
    add(redundancy::NAME, redundancy::layer(criteria.serving.headline_criterion(), Vec::new(), true).table.columns());
    add(judged::ROADS, judged::roads().columns());
    add(judged::COUNTIES, judged::counties().columns());
    add(county_roads::FILE, county_roads::table().columns());
    add(rewards::FILE, rewards::table().columns());
    add(balance::COUNTIES, balance::counties().columns());
    add(balance::SUPPLY, balance::supply().columns());
    add(balance::TOWNS, balance::towns().columns());
    add(balance::LOADS, balance::loads().columns());
    add(balance::TRIALS, balance::trials().columns());
    add(balance::FIGURES, balance::figures().columns());
    add(need_layers::TOWNS, need_layers::towns().table.columns());
    add(need_layers::LOADS, need_layers::loads(&[Day::Ordinary, Day::Holiday, Day::Target]).table.columns());
    add(corridors::LINES, corridors::lines_layer(0.0).table.columns());
    add(corridors::WAYS, corridors::ways_layer(0.0).table.columns());
    add(funding::FILE, funding::table().columns());
    add(funding::BUDGETS, funding::budgets().columns());
    add(funding::SITES, funding::sites().columns());
    add(plan::FILE, plan::table().columns());
    add(plan::NAME, plan::layer().table.columns());
    add(plan_parts::COUNTIES, plan_parts::counties().columns());
    add(plan_parts::CURVE, plan_parts::curve().columns());
    add(plan_parts::QUALITY, plan_parts::quality().columns());
    add(plan_parts::CANDIDATES, plan_parts::candidates().columns());
    add(plan_parts::OTHERS, plan_parts::others().columns());
    add(plan_parts::ROWS, plan_parts::proof(false).columns());
    add(plan_corridors::FILE, plan_corridors::table().columns());
    add(plan_corridors::PLACES, plan_corridors::places().columns());
    add(plan_years::FILE, plan_years::table().columns());
    add(plan_years::COUNTIES, plan_years::counties().columns());
    add(plan_years::ROWS, plan_years::proof().columns());
    add(plan_ways::WAYS, plan_ways::table().columns());
    add(plan_flows::FILE, plan_flows::table().columns());
    add(plan_flows::LEGS, plan_flows::legs().columns());
    add(plan_flows::CUTS, plan_flows::cuts().columns());
    add(trust::FILE, trust::table().columns());
    add(selection::FILE, selection::table().columns());
    add(overrides::FILE, overrides::table().columns());
    add(provinces::FILE, provinces::table().columns());
    add(applicants::FILE, applicants::table().columns());
    add(gates::FILE, gates::table().columns());
    add(shards::FILE, shards::table().columns());
    add(diff::FILE, diff::table().columns());
    add(causes::FILE, causes::table().columns());
    add(station_changes::FILE, station_changes::table().columns());
    dictionary::check_names(&all);
}
