//! `chargegap check INPUT`: everything is read and judged, nothing is analysed or ranked.

use super::common::{CommonFlags, RegionFlags, Session};
use super::input;
use crate::config::RegionFile;
use crate::config::region_file::{LayerTable, Paths};
use crate::error::{Error, Result, path_text, printable};
use crate::files::lang::Lang;
use crate::files::text::percent;
use crate::files::whole_file::{refuse_existing, write_output};
use crate::issue::{Issues, Layer, Severity};
use crate::page::check::check_html;
use crate::page::check::facts::{CheckFacts, FieldFacts};
use crate::page::check::json::check_json;
use crate::read::layers::files_of;
use crate::read::{InputFile, fingerprint};
use crate::setup::steps::{self, Found, Step};
use crate::tables::table_of_issues;
use clap::Args;
use comfy_table::{CellAlignment, Table};
use std::path::{Path, PathBuf};

/// Examples shown of each kind of issue.
const EXAMPLES: usize = 2;
/// Things to do that are listed.
const STEPS: usize = 12;
/// Unused columns shown of a layer.
const MOST_UNUSED: usize = 60;
/// Fields in a line of the table of coverage.
const FIELDS_A_LINE: usize = 4;

/// Arguments of `check`.
#[derive(Debug, Args)]
#[command(
    after_help = "Exit code 0 when the region can be run, 1 when a run would refuse it.\nExamples:\n  chargegap check datasets/isle-of-man --html check.html\n  chargegap check datasets/isle-of-man --issues issues.csv"
)]
pub struct CheckArgs {
    #[command(flatten)]
    source: RegionFlags,
    /// Write every issue to this CSV file.
    #[arg(long, value_name = "FILE")]
    issues: Option<PathBuf>,
    /// Write a report for people, in English and Chinese, to this HTML file.
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Language in which that report opens.
    #[arg(long, value_enum, default_value_t, requires = "html")]
    lang: Lang,
    /// Replace these files if they are there.
    #[arg(long)]
    overwrite: bool,
    /// Any refused record counts as a failure.
    #[arg(long)]
    strict: bool,
    #[command(flatten)]
    common: CommonFlags,
}

/// Runs it. What was asked for is written also when reading fails; the error then comes first in it and decides the exit code.
///
/// # Errors
/// Those of the readers; environment when a file cannot be written.
pub fn check(args: &CheckArgs) -> Result<u8> {
    let session = Session::start(&args.common)?;
    args.issues.iter().chain(&args.html).try_for_each(|path| refuse_existing(path, args.overwrite))?; // before the work
    session.progress.stage("read");
    let mut issues = Issues::default();
    let (region, found) = match input::region(&args.source.input, args.source.admin_level) {
        Ok((region, _)) => {
            let found = steps::find(&region, &mut issues);
            (Some(region), found)
        }
        Err(e) => (None, Found { inputs: None, errors: vec![e], limit: None, shift: None }),
    };
    let Found { inputs, errors, limit, .. } = found;
    let limit = limit.map(|limit| if args.strict { 0.0 } else { limit });
    if let Some(inputs) = &inputs {
        crate::read::county_checks::borders(&inputs.counties, &mut issues);
    }
    let steps = steps::steps(&errors.iter().collect::<Vec<_>>(), &issues, limit);
    let verdict = match (errors.into_iter().next(), limit) {
        (Some(e), _) => Err(e),
        (None, Some(limit)) => issues.check_refused_share(limit, args.strict),
        (None, None) => Ok(()),
    };
    let files = match (&inputs, &region) {
        (Some(inputs), _) => inputs.files.clone(),
        (None, Some(region)) => files_that_open(region),
        (None, None) => Vec::new(),
    };
    let notices = region.as_ref().map(crate::config::region_file::notices);
    let shown = path_text(&args.source.input);
    let facts = CheckFacts {
        input: &shown,
        region: notices.as_ref(),
        inputs: inputs.as_ref(),
        issues: &issues,
        error: verdict.as_ref().err(),
        files: &files,
        limit,
        steps: &steps,
    };
    if let Some(path) = &args.issues {
        write_issues(path, &issues, args.overwrite)?;
    }
    if let Some(path) = &args.html {
        let page = check_html(&facts, args.lang)?;
        write_output(path, "page", args.overwrite, |out| out.write_all(page.as_bytes()))?;
    }
    let said = session.answer(|| check_json(&facts), || text(&facts));
    verdict.and(said).map(|()| 0)
}

/// Files that the region names and that can be opened, with their fingerprints: what is known of them when reading stopped.
fn files_that_open(region: &RegionFile) -> Vec<InputFile> {
    let one = |path: &Path| Paths::One(path.to_path_buf());
    let of_layer = |t: &Option<LayerTable>| t.as_ref().and_then(|l| l.path.clone());
    let named = [
        ("counties", of_layer(&region.counties)),
        ("roads", region.roads.as_ref().and_then(|r| r.path.clone())),
        ("stations", of_layer(&region.stations)),
        ("settlements", of_layer(&region.settlements)),
        ("osm", region.osm.as_ref().map(|o| one(&o.path))),
        ("region", region.source.as_deref().and_then(Path::file_name).map(|n| one(Path::new(n)))),
    ];
    let all = named.into_iter().filter_map(|(role, paths)| Some((role, files_of(region, &paths?))));
    let mut files: Vec<InputFile> = all
        .flat_map(|(role, list)| {
            list.into_iter().flat_map(move |f| {
                let parts = crate::read::beside::parts(&f);
                [f].into_iter().chain(parts).filter_map(move |f| fingerprint(&f, role).ok())
            })
        })
        .collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

fn write_issues(path: &Path, issues: &Issues, overwrite: bool) -> Result<()> {
    let mut bytes = Vec::new();
    table_of_issues(issues).csv(&mut bytes).map_err(|e| Error::internal(format!("the issues cannot be made: {e}")))?;
    write_output(path, "issues", overwrite, |out| out.write_all(&bytes))
}

fn text(facts: &CheckFacts<'_>) -> String {
    let issues = facts.issues;
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
    let read = match facts.inputs {
        Some(inputs) => format!("{} files read\n", inputs.files.len()),
        None => "not everything could be read\n".to_owned(),
    };
    let mut out = format!("{read}{layers}\n{}{}", coverage(&facts.fields()), unused(facts));
    if issues.by_code().is_empty() {
        return out + "no issues\n" + &to_do(facts.steps);
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
    out + &format!("{refused} records refused, {warnings} warnings, {notes} notes\n") + &to_do(facts.steps)
}

/// What is left to do, the first first.
fn to_do(steps: &[Step]) -> String {
    if steps.is_empty() {
        return String::new();
    }
    let mut out = "\nWhat to do next, in this order:\n".to_owned();
    for (i, s) in (1..).zip(steps.iter().take(STEPS)) {
        let must = if s.must { "a run stops at this: " } else { "" };
        out += &format!("{i:>3}. {must}{}\n     next {}\n", printable(&s.what), printable(&s.next));
    }
    match steps.len().saturating_sub(STEPS) {
        0 => out,
        more => out + &format!("     and {more} more, above\n"),
    }
}

/// Columns that nothing used, a layer a line; a star at those that look like ours.
fn unused(facts: &CheckFacts<'_>) -> String {
    let all = facts.unused_columns();
    let mut out = String::new();
    for layer in &Layer::ALL[..4] {
        let names: Vec<String> = all
            .iter()
            .filter(|u| u.layer == *layer)
            .map(|u| printable(&u.column).to_string() + if u.like_ours { " *" } else { "" })
            .collect();
        let further = names.len().saturating_sub(MOST_UNUSED);
        let shown = names.iter().take(MOST_UNUSED).cloned().collect::<Vec<_>>().join(", ");
        let further = if further > 0 { format!(" and {further} more (--json has all)") } else { String::new() };
        if !names.is_empty() {
            out += &format!("columns of {} that nothing used: {shown}{further}\n", layer.as_str());
        }
    }
    out
}

/// How full the fields are, a layer a row.
fn coverage(fields: &[FieldFacts]) -> String {
    if fields.is_empty() {
        return String::new();
    }
    let mut table = Table::new();
    table.load_style(super::TABLE).set_header(["layer", "share of records with a value"]);
    for layer in &Layer::ALL[..4] {
        let cells: Vec<String> = fields
            .iter()
            .filter(|f| f.layer == *layer && f.of > 0)
            .map(|f| format!("{} {}", f.field, percent(f.filled, f.of).replace(".0 %", " %")))
            .collect();
        if !cells.is_empty() {
            let lines: Vec<String> = cells.chunks(FIELDS_A_LINE).map(|line| line.join(" · ")).collect();
            table.add_row([layer.as_str().to_owned(), lines.join("\n")]);
        }
    }
    format!("\n{table}\n")
}
