//! Records of stations, settlements and roads that the readers refused: few of them stop nothing in a run, and in a round a place may hang on one.
//! Those of counties are faults one by one (`county_refused`), and people below nought are told with those that are not known.

use super::twice::digest;
use crate::issue::{Issue, Issues, Severity};
use crate::read::InputFile;
use crate::results::faults::{Fault, LOST_LAYERS, NOT_LOST};
use std::collections::BTreeMap;

/// One fault for each file that a refused record is from. Of a record that could not be read nothing but its row may be known, so that the file as it is
/// belongs to the fault: another one is another fault.
pub fn faults(issues: &Issues, files: &[InputFile]) -> Vec<Fault> {
    let sha256 = |path: &str| files.iter().find(|f| f.path == path).map_or("", |f| f.sha256.as_str());
    let is_lost =
        |i: &&Issue| i.code.severity() == Severity::Refused && LOST_LAYERS.contains(&i.layer) && !NOT_LOST.contains(&i.code);
    let mut by_file: BTreeMap<&str, Vec<&Issue>> = BTreeMap::new();
    for i in issues.sorted().into_iter().filter(is_lost) {
        by_file.entry(i.at.file.as_deref().unwrap_or_default()).or_default().push(i);
    }
    let which = |i: &&Issue| [i.code.as_str().to_owned(), i.at.id.clone().unwrap_or_else(|| i.at.to_string()), i.message.clone()];
    let one = |(file, mut list): (&str, Vec<&Issue>)| {
        list.dedup(); // two regions may read one file
        let digest = digest(&list.iter().map(which).collect::<Vec<_>>());
        Fault::records_refused(file, &list, [digest, sha256(file).to_owned()])
    };
    by_file.into_iter().map(one).collect()
}
