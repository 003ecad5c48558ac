//! `chargegap check INPUT`: everything is read and judged, nothing is analysed or ranked.

use super::common::{CommonFlags, RegionFlags, Session};
use super::input;
use super::speech::shown;
use crate::config::RegionFile;
use crate::config::region_file::{LayerTable, Paths};
use crate::error::{Error, Result, path_text};
use crate::files::lang::Lang;
use crate::files::messages::{label, place, word};
use crate::files::text::percent;
use crate::files::whole_file::{refuse_existing, write_output};
use crate::issue::{Issue, IssueCode, Issues, Layer, Severity};
use crate::page::check::check_html;
use crate::page::check::facts::{CheckFacts, FieldFacts};
use crate::page::check::json::check_json;
use crate::programme::strict_fit;
use crate::read::layers::files_of;
use crate::read::{InputFile, fingerprint};
use crate::setup::steps::{self, Found, Step};
use crate::tables::table_of_issues;
use clap::Args;
use comfy_table::{CellAlignment, Table};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Examples shown of each kind of issue.
const EXAMPLES: usize = 2;
/// Things to do that are listed.
const STEPS: usize = 12;
/// Unused columns shown of a layer.
const MOST_UNUSED: usize = 60;
/// What is said first.
const FIRST: &[IssueCode] = &[IssueCode::CutShort, IssueCode::StationsAtLeftOutRoads];
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
    /// Replace these files if they are there.
    #[arg(long)]
    overwrite: bool,
    /// Any refused record counts as a failure, and so does what [programme] names and is not there.
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
    let steps = steps::steps(&errors, &issues, limit);
    let verdict = match (errors.into_iter().next(), limit) {
        (Some(e), _) => Err(e),
        (None, Some(_)) if args.strict => issues.check_refused_share(0.0, true).and_then(|()| strict_fit(issues.sorted())),
        (None, Some(limit)) => issues.check_refused_share(limit, false),
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
    let of_files = args.common.lang.or(notices.as_ref().and_then(|r| r.language)).unwrap_or_default();
    if let Some(path) = &args.issues {
        write_issues(path, (&issues, of_files), args.overwrite)?;
    }
    if let Some(path) = &args.html {
        let page = check_html(&facts, of_files)?;
        write_output(path, "page", args.overwrite, |out| out.write_all(page.as_bytes()))?;
    }
    let said = session.answer(|| check_json(&facts), || text(&facts, session.lang()));
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
        ("candidates", of_layer(&region.candidates)),
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

fn write_issues(path: &Path, (issues, lang): (&Issues, Lang), overwrite: bool) -> Result<()> {
    let mut bytes = Vec::new();
    table_of_issues(issues, lang).csv(&mut bytes).map_err(|e| Error::internal(format!("the issues cannot be made: {e}")))?;
    write_output(path, "issues", overwrite, |out| out.write_all(&bytes))
}

fn text(facts: &CheckFacts<'_>, lang: Lang) -> String {
    let issues = facts.issues;
    let sorted = issues.sorted();
    let pick = |en: &'static str, zh: &'static str| if lang == Lang::Zh { zh } else { en };
    let mut layers = Table::new();
    let header = [pick("layer", "图层"), pick("read", "读入"), pick("kept", "采用"), pick("refused", "拒收")];
    layers.load_style(super::TABLE).set_header(header);
    for l in issues.layers() {
        let c = issues.count(l);
        layers.add_row([word(l.as_str(), lang), c.read.to_string(), c.used.to_string(), issues.refused(l).to_string()]);
    }
    for i in 1..4 {
        if let Some(column) = layers.column_mut(i) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let read = match facts.inputs {
        Some(inputs) => shown(&format!("{} files read", inputs.files.len()), lang),
        None => shown("not everything could be read", lang),
    };
    let tables = [first(&sorted, lang), coverage(&facts.fields(), lang), unused(facts, lang)].concat();
    let mut out = format!("{read}\n{layers}\n{tables}");
    if issues.by_code().is_empty() {
        return out + &shown("no issues", lang) + "\n" + &to_do(facts.steps, lang);
    }
    for ((layer, code), (count, mm)) in issues.by_code() {
        out += &head((layer, code), (count, mm), lang);
        for (k, i) in sorted.iter().filter(|i| i.layer == layer && i.code == code).enumerate().take(EXAMPLES) {
            let at = place(&i.at, lang);
            let at = if at.is_empty() { at } else { format!("  [{at}]") };
            out += &format!("  {}{}{at}\n", lead(if k == 0 { "e.g." } else { "" }, lang), shown(&i.message, lang));
        }
        out += &format!("  {}{}\n", lead("next", lang), shown(code.next(), lang));
    }
    out.push('\n');
    let [refused, warnings, notes] = [Severity::Refused, Severity::Warning, Severity::Note].map(|v| issues.of_severity(v));
    let counts = format!("{refused} records refused, {warnings} warnings, {notes} notes");
    out + &shown(&counts, lang) + "\n" + &to_do(facts.steps, lang)
}

/// A word before a line, and what parts it from the text; as much room for none.
fn lead(english: &str, lang: Lang) -> String {
    match (english, lang) {
        ("", Lang::En) => "     ".to_owned(),
        ("", Lang::Zh) => "      ".to_owned(),
        (_, Lang::En) => format!("{english} "),
        (_, Lang::Zh) => format!("{}：", label(english, lang)),
    }
}

/// What bears on every figure, before all else.
fn first(sorted: &[&Issue], lang: Lang) -> String {
    let all = sorted.iter().filter(|i| FIRST.contains(&i.code));
    let parted = if lang == Lang::Zh { "：" } else { ": " };
    let one = |i: &Issue| {
        let (severity, what) = (word(i.code.severity().as_str(), lang), shown(&i.message, lang));
        let at = place(&i.at, lang);
        let at = if at.is_empty() { at } else { format!("  [{at}]") };
        format!("\n{severity}{parted}{what}{at}\n  {}{}\n", lead("next", lang), shown(i.code.next(), lang))
    };
    all.map(|i| one(i)).collect()
}

/// Files that say that they are not whole: whoever looks at figures is to know.
pub(super) fn cut_short(issues: &Issues, lang: Lang) -> String {
    let sorted = issues.sorted();
    let cut: Vec<&Issue> = sorted.into_iter().filter(|i| i.code == IssueCode::CutShort).collect();
    first(&cut, lang)
}

/// What is left to do, the first first.
fn to_do(steps: &[Step], lang: Lang) -> String {
    if steps.is_empty() {
        return String::new();
    }
    let mut out = format!("\n{}\n", shown("What to do next, in this order:", lang));
    for (i, s) in (1..).zip(steps.iter().take(STEPS)) {
        let must = if s.must { word("a run stops at this: ", lang) } else { String::new() };
        out += &format!("{i:>3}. {must}{}\n     {}{}\n", shown(&s.what, lang), lead("next", lang), shown(&s.next, lang));
    }
    match steps.len().saturating_sub(STEPS) {
        0 => out,
        more => out + &format!("     {}\n", shown(&format!("and {more} more, above"), lang)),
    }
}

/// The line above the examples of a kind of issue; in Chinese with what it means, since the code is English.
fn head((layer, code): (Layer, IssueCode), (count, mm): (u64, u64), lang: Lang) -> String {
    let (severity, km) = (word(code.severity().as_str(), lang), mm as f64 / 1e6);
    let length = match (mm > 0, lang) {
        (false, _) => String::new(),
        (true, Lang::En) => format!(", {km:.1} km of road"),
        (true, Lang::Zh) => format!("，道路 {km:.1} 公里"),
    };
    let layer = word(layer.as_str(), lang);
    match lang {
        Lang::En => format!("\n{severity} {layer}: {count} × {code}{length}\n"),
        Lang::Zh => format!("\n{severity} {layer}：{count} × {}（{code}）{length}\n", code.zh()),
    }
}

/// Columns that nothing used, a layer a line; a star at those that look like ours.
fn unused(facts: &CheckFacts<'_>, lang: Lang) -> String {
    let all = facts.unused_columns();
    let mut out = String::new();
    for layer in &Layer::ALL {
        let names: Vec<String> =
            all.iter().filter(|u| u.layer == *layer).map(|u| u.column.clone() + if u.like_ours { " *" } else { "" }).collect();
        let further = names.len().saturating_sub(MOST_UNUSED);
        let first = names.iter().take(MOST_UNUSED).cloned().collect::<Vec<_>>().join(", ");
        let further = if further > 0 { format!(" and {further} more (--json has all)") } else { String::new() };
        if !names.is_empty() {
            out += &(shown(&format!("columns of {} that nothing used: {first}{further}", layer.as_str()), lang) + "\n");
        }
    }
    out
}

/// How full the fields are, a layer a row.
fn coverage(fields: &[FieldFacts], lang: Lang) -> String {
    if fields.is_empty() {
        return String::new();
    }
    let mut table = Table::new();
    table.load_style(super::TABLE).set_header([word("layer", lang), word("share of records with a value", lang)]);
    for layer in &Layer::ALL {
        let cells: Vec<String> = fields
            .iter()
            .filter(|f| f.layer == *layer && f.of > 0)
            .map(|f| format!("{} {}", f.field, percent(f.filled, f.of).replace(".0 %", " %")))
            .collect();
        if !cells.is_empty() {
            let lines: Vec<String> = cells.chunks(FIELDS_A_LINE).map(|line| line.join(" · ")).collect();
            table.add_row([word(layer.as_str(), lang), lines.join("\n")]);
        }
    }
    format!("\n{table}\n")
}
