//! `chargegap plan INPUT -o OUT`: a run with a plan of sites, asked for by flags instead of, or beside, `[plan]` of the region file.

use super::common::{CommonFlags, Making, RegionFlags, Session};
use super::run::{Job, run_region};
use crate::config::RegionFile;
use crate::config::plan_table::PlanTable;
use crate::error::{Error, Location, Result, path_text};
use crate::finished::Finished;
use crate::results::Results;
use clap::{ArgGroup, Args};
use std::path::{Path, PathBuf};

/// Arguments of `plan`.
#[derive(Debug, Args)]
#[command(
    group = ArgGroup::new("extent").args(["sites", "budget", "cover"]),
    after_help = "What flags do not say is taken from [plan] of the region file; sites.geojson can be given to a run as stations.\n\nExamples:\n  chargegap plan datasets/isle-of-man -o out/plan --sites 5\n  chargegap plan region.toml -o out/plan --budget 20000000 --site-cost 1500000 --first 500229\n  chargegap plan region.toml --of out/region -o out/plan --cover 95"
)]
pub struct PlanArgs {
    #[command(flatten)]
    source: RegionFlags,
    /// Run folder to write, with the plan; it appears whole or not at all.
    #[arg(short, long, value_name = "OUT")]
    out: PathBuf,
    /// A finished run: its inputs must be these, byte for byte.
    #[arg(long, value_name = "RUN")]
    of: Option<PathBuf>,
    /// No more than so many sites.
    #[arg(long, value_name = "N")]
    sites: Option<u32>,
    /// No more than so much money, in the currency of the costs.
    #[arg(long, value_name = "MONEY")]
    budget: Option<f64>,
    /// The fewest sites that cover so much of what candidates can cover, percent.
    #[arg(long, value_name = "PERCENT")]
    cover: Option<f64>,
    /// What is to be covered most: road, people, settlements or energy; or which ways are to be least: distance, settlement_distance or farthest.
    #[arg(long, value_name = "WHAT")]
    objective: Option<String>,
    /// What the sites offer: one of [criteria] services.
    #[arg(long, value_name = "SERVICE")]
    service: Option<String>,
    /// The service distance that they are planned for, km.
    #[arg(long, value_name = "KM")]
    reach_km: Option<f64>,
    /// Code of a county whose gap counts; may be given again. All counties when it is not given.
    #[arg(long, value_name = "CODE")]
    county: Vec<String>,
    /// Code of a county whose gap is closed before all others; may be given again, in order.
    #[arg(long, value_name = "CODE")]
    first: Vec<String>,
    /// What a site costs whose candidate does not say.
    #[arg(long, value_name = "MONEY")]
    site_cost: Option<f64>,
    #[command(flatten)]
    making: Making,
    #[command(flatten)]
    common: CommonFlags,
}

/// Runs it.
///
/// # Errors
/// Those of a run; inputs that are not those of the finished run.
pub fn plan(args: &PlanArgs) -> Result<u8> {
    let session = Session::start(&args.common)?;
    let change = |region: &mut RegionFile| {
        let table = region.plan.take().unwrap_or_default();
        region.plan = Some(args.over(table));
    };
    let check = |results: &Results| args.of.as_deref().map_or(Ok(()), |run| same_inputs(run, results));
    let job = Job {
        command: "plan",
        source: &args.source,
        out: &args.out,
        making: &args.making,
        lang: args.common.lang,
        change: &change,
        check: &check,
    };
    run_region(&session, &job)
}

impl PlanArgs {
    /// The table with what flags say.
    fn over(&self, table: PlanTable) -> PlanTable {
        let extent = self.sites.is_some() || self.budget.is_some() || self.cover.is_some();
        let or = |flag: &Option<f64>, said: Option<f64>| if extent { *flag } else { said };
        let list = |flag: &[String]| (!flag.is_empty()).then(|| flag.to_vec());
        PlanTable {
            sites: if extent { self.sites } else { table.sites },
            budget: or(&self.budget, table.budget),
            cover_percent: or(&self.cover, table.cover_percent),
            objective: self.objective.clone().or(table.objective),
            service: self.service.clone().or(table.service),
            reach_km: self.reach_km.or(table.reach_km),
            reach_min: table.reach_min.filter(|_| self.reach_km.is_none()),
            counties: list(&self.county).or(table.counties),
            first: list(&self.first).unwrap_or(table.first),
            site_cost: self.site_cost.or(table.site_cost),
            years: if extent { Vec::new() } else { table.years },
            ..table
        }
    }
}

/// Refuses inputs that are not those of a finished run.
fn same_inputs(run: &Path, results: &Results) -> Result<()> {
    let of = Finished::open(run)?;
    let inputs = of.manifest["inputs"].as_array().cloned().unwrap_or_default();
    let text = |i: &serde_json::Value, key: &str| i[key].as_str().unwrap_or_default().to_owned();
    for input in inputs.iter().filter(|i| i["role"] != "candidates") {
        let (path, sha256) = (text(input, "path"), text(input, "sha256"));
        if !results.inputs.iter().any(|f| f.sha256 == sha256) {
            let what = format!("{path} is not the file that the finished run was made from, or is not read any more");
            return Err(
                Error::input(what, "plan from the inputs of the run, or leave --of out").at(Location::file(path_text(run)))
            );
        }
    }
    Ok(())
}
