//! `chargegap init FILES…|FOLDER [-o region.toml]`.

use super::common::{CommonFlags, Session};
use super::say;
use crate::config::schema::SchemaOf;
use crate::error::{Error, Location, Result, path_text, printable};
use crate::files::lang::Lang;
use crate::files::messages::said;
use crate::files::whole_file::write_whole;
use crate::setup::{Choice, Proposal, propose};
use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Files that have a schema.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum WhichSchema {
    /// `region.toml`
    Region,
    /// A round file
    Round,
}

/// Arguments of `init`.
#[derive(Debug, Args)]
#[command(
    after_help = "Every file is looked at by its content; nothing is asked and nothing is replaced. Beside the region file stands its schema, by which editors complete and check keys.\nExamples:\n  chargegap init data -o region.toml && chargegap check region.toml\n  chargegap init roads.shp stations.xlsx borders.geojson -o -\n  chargegap init --schema round > round.schema.json"
)]
pub struct InitArgs {
    /// Files, or folders that hold them.
    #[arg(required_unless_present = "schema", value_name = "FILES")]
    inputs: Vec<PathBuf>,
    /// Region file to write; `-` prints it.
    #[arg(short, long, value_name = "FILE", default_value = "region.toml")]
    out: PathBuf,
    /// Print the JSON Schema of a region file, or of a round file, and do nothing else.
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "region", conflicts_with_all = ["inputs", "out"])]
    schema: Option<WhichSchema>,
    #[command(flatten)]
    common: CommonFlags,
}

/// Runs it.
///
/// # Errors
/// Usage, when something stands at FILE; input, when nothing could be a layer; environment, when it cannot be written.
pub fn init(args: &InitArgs) -> Result<u8> {
    let session = Session::start(&args.common)?;
    if let Some(which) = args.schema {
        let of = match which {
            WhichSchema::Region => SchemaOf::Region,
            WhichSchema::Round => SchemaOf::Round,
        };
        say(&schema_text(of))?;
        return Ok(0);
    }
    let printed = args.out == Path::new("-");
    let to = if printed { Path::new("region.toml") } else { args.out.as_path() };
    if !printed {
        refuse_any(to)?;
    }
    let proposal = propose(&args.inputs, (to, args.common.lang.unwrap_or_default()), &|stage| session.progress.stage(stage))?;
    if printed {
        session.progress.clear();
        say(&proposal.text)?;
        return Ok(0);
    }
    write_whole(to, "region file", |out| out.write_all(proposal.text.as_bytes()))?;
    let schema = to.with_file_name(SchemaOf::Region.file_name());
    if schema.symlink_metadata().is_err() {
        write_whole(&schema, "schema", |out| out.write_all(schema_text(SchemaOf::Region).as_bytes()))?;
    }
    session.answer(|| facts(&proposal, to), || text(&proposal, to, session.lang()))?;
    Ok(0)
}

fn schema_text(of: SchemaOf) -> String {
    format!("{:#}\n", of.schema())
}

/// What stands there stays: this command has no way to replace it.
fn refuse_any(to: &Path) -> Result<()> {
    if to.symlink_metadata().is_err() {
        return Ok(());
    }
    let next = "choose another name with -o, or move it away";
    Err(Error::usage("there is such a file, and init replaces none", next).at(Location::file(path_text(to))))
}

fn facts(p: &Proposal, to: &Path) -> Value {
    let choice = |c: &Choice| {
        json!({
            "role": c.role.table(),
            "files": c.seen.iter().map(|s| s.title()).collect::<Vec<_>>(),
            "format": c.seen.first().map(|s| s.format.as_str()),
            "crs": c.seen.first().map(|s| s.crs.as_str()),
            "records": c.seen.iter().map(|s| s.records).sum::<u64>(),
            "fields": c.fields.iter().map(|(ours, column)| ((*ours).to_owned(), column.clone().into())).collect::<serde_json::Map<_, Value>>(),
            "not_taken": c.others.iter().map(|(which, why)| json!({ "what": which, "why": why })).collect::<Vec<_>>(),
        })
    };
    json!({
        "region_file": path_text(to),
        "layers": p.choices.iter().map(choice).collect::<Vec<_>>(),
        "unused": p.unused.iter().map(|(which, why)| json!({ "what": which, "why": why })).collect::<Vec<_>>(),
        "to_decide": p.open.iter().map(|(what, next)| json!({ "what": what, "next": next })).collect::<Vec<_>>(),
        "suspected_datum": p.trial.as_ref().and_then(|t| t.shift.as_ref()).map(|(table, datum, what)| json!({
            "table": table, "datum": datum.as_str(), "what": what,
        })),
        "stations_that_count": p.trial.as_ref().and_then(|t| t.stations).map(|[used, ..]| used),
    })
}

/// The summary: what was taken for what, what was not, and what is left to decide.
fn text(p: &Proposal, to: &Path, lang: Lang) -> String {
    let word = |en: &'static str, zh: &'static str| lang.pick(en, zh);
    let mut out = String::new();
    for c in &p.choices {
        let files: Vec<String> = c.seen.iter().map(|s| s.title()).collect();
        let records: u64 = c.seen.iter().map(|s| s.records).sum();
        let format = c.seen.first().map(|s| s.format.clone()).unwrap_or_default();
        let records = if records > 0 { format!(", {records} {}", word("records", "条记录")) } else { String::new() };
        out += &format!("{:<14} {} ({format}{records})\n", c.role.table(), files.join(", "));
        for (which, why) in &c.others {
            out += &format!("{:<14} {} {which}: {}\n", "", word("not taken", "未采用"), said(why, lang));
        }
    }
    for (which, why) in &p.unused {
        out += &format!("{:<14} {which}: {}\n", word("not used", "未使用"), said(why, lang));
    }
    if !p.open.is_empty() {
        out += word("\nTo decide, in this order:\n", "\n需要确认（按顺序）：\n");
        for (i, (what, next)) in (1..).zip(&p.open) {
            out += &format!("{i}. {}\n   {} {}\n", said(what, lang), word("next:", "下一步："), said(next, lang));
        }
    }
    let file = path_text(to);
    out += &match lang {
        Lang::En => format!("\nWritten: {file}. Look through it, then: chargegap check {file}\n"),
        Lang::Zh => format!("\n已写入 {file}。请逐项核对，然后运行：chargegap check {file}\n"),
    };
    printable(&out)
}
