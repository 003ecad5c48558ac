//! Flags that several commands take, and how every command begins and answers.

use super::progress::Progress;
use super::{say, say_json, speech};
use crate::error::{Error, Result};
use crate::files::lang::Lang;
use crate::measure::Timings;
use clap::Args;
use serde_json::Value;
use std::io::Write;
use std::path::PathBuf;

/// What every command takes.
#[derive(Debug, Args)]
pub struct CommonFlags {
    /// Threads to use; the result is the same for any number [default: all cores].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,
    /// Print nothing but errors.
    #[arg(short, long)]
    pub quiet: bool,
    /// Print one JSON object.
    #[arg(long, conflicts_with = "quiet")]
    pub json: bool,
    /// Language of what is printed, of messages in files, and in which pages open [default: printed as LANG says, files as [region]
    /// language says].
    #[arg(long, value_enum)]
    pub lang: Option<Lang>,
}

/// What commands take that make something from inputs.
#[derive(Debug, Args)]
pub struct Making {
    /// Replace the output, if it is one that this command writes.
    #[arg(long)]
    pub overwrite: bool,
    /// Any refused record, what [programme] names and is not there, and of a round any region or county that fails, stops the command.
    #[arg(long)]
    pub strict: bool,
    /// Print how long each stage took, on standard error.
    #[arg(long)]
    pub timings: bool,
}

/// What commands take that read one region.
#[derive(Debug, Args)]
pub struct RegionFlags {
    /// A region.toml, a folder with one, or one OSM extract; `run` also opens a prepared region.
    pub input: PathBuf,
    /// admin_level of the county-like boundaries in an OSM extract [default: the finest that tiles it].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(2..=11))]
    pub admin_level: Option<u8>,
}

/// A command at work.
pub struct Session<'a> {
    common: &'a CommonFlags,
    /// What is going on, on a terminal.
    pub progress: Progress,
}

impl<'a> Session<'a> {
    /// Begins: starts the threads, and a line that says what is going on.
    ///
    /// # Errors
    /// Environment, when the threads cannot be started.
    pub fn start(common: &'a CommonFlags) -> Result<Self> {
        // 0 is rayon's word for all cores. Started here, since a pool that starts by itself panics where it cannot.
        let pool = rayon::ThreadPoolBuilder::new().num_threads(common.threads.unwrap_or(0).into()).build_global();
        pool.map_err(|e| Error::environment(format!("cannot start threads: {e}"), "give fewer --threads, or more memory"))?;
        Ok(Self { common, progress: Progress::new(common.quiet, speech::terminal(common.lang)) })
    }

    /// Whether the answer is one JSON object.
    pub fn as_json(&self) -> bool {
        self.common.json
    }

    /// The language of what is printed.
    pub fn lang(&self) -> Lang {
        speech::terminal(self.common.lang)
    }

    /// Prints how long each stage took, on standard error.
    pub fn say_timings(&self, timings: &Timings) {
        self.progress.clear();
        for s in &timings.stages {
            let (wall, processor) = (s.wall.as_secs_f64(), s.processor.as_secs_f64());
            let _ = writeln!(
                std::io::stderr(),
                "{:>8}  {wall:.3} s, processor {processor:.3} s, peak so far {} MB",
                s.name,
                s.peak_mb
            );
        }
    }

    /// Answers in the form that was asked for: one JSON object, text, or nothing.
    ///
    /// # Errors
    /// Environment, when it cannot be printed.
    pub fn answer(&self, json: impl FnOnce() -> Value, text: impl FnOnce() -> String) -> Result<()> {
        self.progress.clear();
        match (self.common.json, self.common.quiet) {
            (true, _) => say_json(&json()),
            (_, true) => Ok(()),
            _ => say(&text()),
        }
    }
}
