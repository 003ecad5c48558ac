//! A line that says what is going on, on a terminal and nowhere else.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::time::Duration;

/// Progress of a run.
pub struct Progress(ProgressBar);

impl Progress {
    /// Shown on standard error when that is a terminal and `quiet` is off.
    pub fn new(quiet: bool) -> Self {
        let hidden = quiet || !std::io::stderr().is_terminal();
        let bar = ProgressBar::new_spinner();
        bar.set_draw_target(if hidden { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() });
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} [{elapsed}]") {
            bar.set_style(style);
        }
        if !hidden {
            bar.enable_steady_tick(Duration::from_millis(120));
        }
        Self(bar)
    }

    /// A stage begins.
    pub fn stage(&self, name: &'static str) {
        self.0.set_message(match name {
            "read" => "reading the layers",
            "network" => "building the road network",
            "index" => "indexing the counties",
            "snap" => "placing stations and settlements on roads",
            "cover" => "searching from every station",
            "gaps" => "joining dead stretches",
            "access" => "measuring settlements",
            "people" => "counting people on the raster",
            "rank" => "ranking counties",
            "write" => "writing the run folder",
            other => other,
        });
    }
}

impl Drop for Progress {
    /// Clears the line, also when a run ends in an error.
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
