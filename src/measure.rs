//! How long each stage took, and what memory it took at the most; shown, never written.

use crate::system::{peak_mb, processor_time};
use std::time::{Duration, Instant};

/// A stage that is done.
#[derive(Clone, Copy, Debug)]
pub struct Stage {
    /// Its name.
    pub name: &'static str,
    /// How long it took.
    pub wall: Duration,
    /// The processor time of all threads in it: on a busy machine only that can be compared.
    pub processor: Duration,
    /// Most memory that the process had held when it ended, MB.
    pub peak_mb: u64,
}

/// Named timers; they never enter a run folder.
#[derive(Debug, Default)]
pub struct Timings {
    /// The stages so far.
    pub stages: Vec<Stage>,
    running: Option<(&'static str, Instant, Duration)>,
}

impl Timings {
    /// Ends the running stage and begins another.
    pub fn start(&mut self, stage: &'static str) {
        self.stop();
        self.running = Some((stage, Instant::now(), processor_time()));
    }

    /// Ends the running stage.
    pub fn stop(&mut self) {
        if let Some((stage, since, cpu)) = self.running.take() {
            let processor = processor_time().saturating_sub(cpu);
            self.stages.push(Stage { name: stage, wall: since.elapsed(), processor, peak_mb: peak_mb() });
        }
    }
}
