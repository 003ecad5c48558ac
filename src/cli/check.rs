//! `chargegap check INPUT`: everything is read and judged, nothing is analysed or ranked.

use super::{input, say};
use crate::error::{Error, Location, Result, path_text, printable};
use crate::issue::{Issues, Layer, Severity};
use crate::write::tables;
use clap::Args;
use comfy_table::{CellAlignment, Table};
use serde_json::json;
use std::path::PathBuf;

/// Examples shown of each kind of issue.
const EXAMPLES: usize = 2;

/// Arguments of `check`.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit code 0 when the region can be run, 1 when a run would refuse it.\nExample:\n  chargegap check datasets/isle-of-man --issues issues.csv"
)]
pub struct CheckArgs {
    /// A region.toml, a folder with one, or one .osm.pbf extract.
    pub input: PathBuf,
    /// Write every issue to this CSV file.
    #[arg(long, value_name = "FILE")]
    pub issues: Option<PathBuf>,
    /// Any refused record counts as a failure.
    #[arg(long)]
    pub strict: bool,
    /// admin_level of the county-like boundaries in an OSM extract.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(2..=11))]
    pub admin_level: Option<u8>,
    /// Print one JSON object.
    #[arg(long)]
    pub json: bool,
}

/// Runs it.
///
/// # Errors
/// Those of the readers.
pub fn check(args: &CheckArgs) -> Result<u8> {
    let (region, _) = input::open(&args.input, args.admin_level)?;
    let mut issues = Issues::default();
    let read = crate::pipeline::read(&region, &mut issues);
    if let Some(path) = &args.issues {
        write_issues(path, &issues)?;
    }
    let files = read.as_ref().map_or(0, |(inputs, _)| inputs.files.len());
    let verdict = read.and_then(|(_, criteria)| issues.check_refused_share(criteria.max_refused_share, args.strict));
    if args.json {
        let layers: Vec<_> = Layer::ALL[..4]
            .iter()
            .map(|l| json!({ "layer": l.as_str(), "read": issues.count(*l).read, "kept": issues.count(*l).used, "refused": issues.refused(*l) }))
            .collect();
        let by_code: Vec<_> = issues
            .by_code()
            .into_iter()
            .map(|((l, c), (n, mm))| json!({ "layer": l.as_str(), "code": c.as_str(), "severity": c.severity().as_str(), "count": n, "length_km": crate::space::units::km(mm) }))
            .collect();
        say(&(json!({ "can_run": verdict.is_ok(), "layers": layers, "issues": by_code }).to_string() + "\n"));
    } else {
        say(&text(&issues, files));
    }
    verdict.map(|()| 0)
}

fn write_issues(path: &std::path::Path, issues: &Issues) -> Result<()> {
    // Small and beside the inputs: written to memory first, so that a fault leaves no half a file.
    let mut bytes = Vec::new();
    tables::write_csv(&mut bytes, &tables::issue_columns(), &mut tables::issue_rows(issues))
        .and_then(|()| {
            let partial = path.with_extension("partial");
            std::fs::write(&partial, &bytes)?;
            std::fs::rename(&partial, path)
        })
        .map_err(|e| {
            Error::environment(format!("cannot write the issues: {e}"), "see the system's message")
                .at(Location::file(path_text(path)))
        })
}

fn text(issues: &Issues, files: usize) -> String {
    let mut layers = Table::new();
    layers.load_style(super::TABLE).set_header(["layer", "read", "kept", "refused"]);
    for l in &Layer::ALL[..4] {
        let c = issues.count(*l);
        layers.add_row([l.as_str().to_owned(), c.read.to_string(), c.used.to_string(), issues.refused(*l).to_string()]);
    }
    for i in 1..4 {
        if let Some(column) = layers.column_mut(i) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let read = if files > 0 { format!("{files} files read\n") } else { "not everything could be read\n".to_owned() };
    let mut out = format!("{read}{layers}\n");
    if issues.by_code().is_empty() {
        return out + "no issues\n";
    }
    for ((layer, code), (count, mm)) in issues.by_code() {
        let length = if mm > 0 { format!(", {:.1} km of road", mm as f64 / 1e6) } else { String::new() };
        out += &format!("\n{} {}: {} × {}{length}\n", code.severity().as_str(), layer.as_str(), count, code.as_str());
        for (k, i) in issues.sorted().into_iter().filter(|i| i.layer == layer && i.code == code).enumerate().take(EXAMPLES) {
            let place = i.at.to_string();
            let place = if place.is_empty() { place } else { format!("  [{place}]") };
            out += &format!("  {} {}{}\n", if k == 0 { "e.g." } else { "    " }, printable(&i.message), printable(&place));
        }
        out += &format!("  next {}\n", code.next());
    }
    out.push('\n');
    let [refused, warnings, notes] = [Severity::Refused, Severity::Warning, Severity::Note].map(|v| issues.of_severity(v));
    out + &format!("{refused} records refused, {warnings} warnings, {notes} notes\n")
}
