//! Reads the proposal as any region is read, and says what a run would stop at.

use super::steps::{self, Found};
use crate::config::RegionFile;
use crate::config::station_words::{Access, Status};
use crate::issue::{Issues, Layer};
use crate::place::shift;
use crate::space::Datum;
use std::path::Path;

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Trial {
    /// Records read, kept and refused of each layer.
    pub counts: Vec<(Layer, [u64; 3])>,
    /// The shift that the stations seem to have: the table that is to say so, the datum, and the sentence.
    pub shift: Option<(&'static str, Datum, String)>,
    /// The share of refused records that a run would have to accept.
    pub refused_share: Option<f64>,
    /// Stations that the default criteria take, and those left out as planned or closed, and as private.
    pub stations: Option<[usize; 3]>,
    /// Length of road that is kept and that was read, millimetres.
    pub roads_mm: Option<[u64; 2]>,
    /// What is left to decide.
    pub open: Vec<(String, String)>,
}

/// Tries the text of a region file that is to stand at `to`.
pub fn of(text: &str, to: &Path) -> Trial {
    let mut trial = Trial::default();
    let region = match RegionFile::from_text(text, to) {
        Ok(region) => RegionFile { source: None, ..region }, // it is not written yet
        Err(e) => {
            trial.open.push((e.what().to_owned(), e.next().to_owned()));
            return trial;
        }
    };
    let mut issues = Issues::default();
    let Found { inputs, errors, limit, shift } = steps::find(&region, &mut issues);
    trial.counts = issues.layers().map(|l| (l, [issues.count(l).read, issues.count(l).used, issues.refused(l)])).collect();
    trial.shift = shift.and_then(|s: shift::Shift| {
        let (datum, of_roads) = s.datum?;
        Some((if of_roads { "roads" } else { "stations" }, datum, s.sentence()))
    });
    trial.refused_share = limit.and_then(|limit| steps::share_to_accept(&issues, limit));
    if let Some(inputs) = &inputs {
        trial.roads_mm = Some([inputs.roads.list().iter().map(|r| u64::from(r.length_mm)).sum(), inputs.roads.read_mm]);
        let closed = |s: &&crate::read::station::Station| matches!(s.status, Status::Planned | Status::Closed);
        let private = |s: &&crate::read::station::Station| s.access == Access::Private;
        let all = &inputs.stations;
        let (closed_n, private_n) = (all.iter().filter(closed).count(), all.iter().filter(private).count());
        let used = all.iter().filter(|s| !closed(s) && !private(s)).count();
        trial.stations = Some([used, closed_n, private_n]);
    }
    let must = steps::steps(&errors, &issues, limit);
    trial.open = must.into_iter().filter(|s| s.must).map(|s| (s.what, s.next)).collect();
    trial
}
