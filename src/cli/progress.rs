//! A line that says what is going on, on a terminal and nowhere else.

use super::speech::shown;
use crate::files::lang::Lang;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Progress of a run.
pub struct Progress {
    bar: ProgressBar,
    lang: Lang,
    /// When the running stage began.
    began: Mutex<Instant>,
}

impl Progress {
    /// Shown on standard error when that is a terminal and `quiet` is off.
    pub fn new(quiet: bool, lang: Lang) -> Self {
        let hidden = quiet || !std::io::stderr().is_terminal();
        let bar = ProgressBar::new_spinner();
        bar.set_draw_target(if hidden { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() });
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} [{elapsed}]") {
            bar.set_style(style);
        }
        if !hidden {
            bar.enable_steady_tick(Duration::from_millis(120));
        }
        Self { bar, lang, began: Mutex::new(Instant::now()) }
    }

    /// A stage begins.
    pub fn stage(&self, name: &'static str) {
        *self.began() = Instant::now();
        let said = match name {
            "read" => "reading the layers",
            "network" => "building the road network",
            "index" => "indexing the counties",
            "snap" => "placing stations and settlements on roads",
            "cover" => "searching from every station",
            "gaps" => "joining dead stretches",
            "access" => "measuring settlements",
            "people" => "counting people on the raster",
            "balance" => "measuring demand, load and the power that is short",
            "programme" => "holding roads and counties against programmes",
            "rank" => "ranking counties",
            "layers" => "reading counties, stations and settlements",
            "keep" => "keeping the network for next time",
            "plan" => "looking at what each county is made from",
            "kept" => "looking for finished counties",
            "compute" => "computing counties",
            "whole network" => "putting stations and settlements of all regions on one network",
            "write" => "writing the run folder",
            "archive" => "packing the archive",
            "signature" => "checking the signature",
            "unpack" => "unpacking the archive",
            "compare" => "comparing with what was made again",
            other => other,
        };
        self.bar.set_message(shown(said, self.lang));
    }
}

impl Progress {
    fn began(&self) -> std::sync::MutexGuard<'_, Instant> {
        self.began.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// So many counties of so many are done since the stage began; says how long the rest will take.
    pub fn counties(&self, done: usize, all: usize) {
        let passed = self.began().elapsed().as_secs_f64();
        let left = passed / done.max(1) as f64 * (all - done.min(all)) as f64;
        let text = format!("computing counties: {done} of {all}, about {} left", span(left));
        self.bar.set_message(shown(&text, self.lang));
    }

    /// Ends it and clears the line, so that something else can be printed.
    pub fn clear(&self) {
        self.bar.finish_and_clear();
    }
}

fn span(seconds: f64) -> String {
    let s = seconds.ceil() as u64;
    if s < 60 { format!("{s} s") } else { format!("{} min {} s", s / 60, s % 60) }
}

impl Drop for Progress {
    /// Clears the line, also when a run ends in an error.
    fn drop(&mut self) {
        self.clear();
    }
}
