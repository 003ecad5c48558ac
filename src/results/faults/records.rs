//! The fault of records that were refused: a round made without them answers for it.

use super::people::first_few;
use super::{Fault, FaultCode};
use crate::error::Location;
use crate::files::lang::{Both, Lang};
use crate::files::messages;
use crate::issue::{Issue, IssueCode, Layer};

/// Layers of which a record decides what lies within reach.
pub const LOST_LAYERS: [Layer; 3] = [Layer::Stations, Layer::Settlements, Layer::Roads];
/// Refusals that take nothing from the figures, or that another fault tells.
pub const NOT_LOST: [IssueCode; 2] = [IssueCode::ZeroLength, IssueCode::NegativePeople];

impl Fault {
    /// Records of a file that were refused, with a digest of which they are and why, and the SHA-256 of the file.
    pub fn records_refused(file: &str, refused: &[&Issue], [digest, sha256]: [String; 2]) -> Self {
        let one = |i: &&Issue| {
            let at = Location { file: None, ..i.at.clone() };
            let why = messages::both(&i.message);
            Both::new(
                format!("{} ({})", at.to_string().trim_start_matches(", "), why.en),
                format!("{}（{}）", messages::place(&at, Lang::Zh), why.zh),
            )
        };
        let (n, list) = (refused.len(), first_few(&refused.iter().map(one).collect::<Vec<_>>()));
        let what = Both::new(
            format!("{n} records of {file} were refused, so that stations, settlements or roads are missing: {}", list.en),
            format!("{file} 中有 {n} 条记录被拒收，因而缺少充换电站、居民点或道路：{}", list.zh),
        );
        let next = Both::new(
            "mend the records, or delete those that are none; without a station the gap of its county is longer, without a road or a village beyond reach it is shorter",
            "请修正这些记录，不成其为记录的请删去；缺少充换电站会使本县缺口变长，缺少服务距离外的道路或村庄会使其变短",
        );
        Self::new(FaultCode::RecordsRefused, file, vec![n.to_string(), digest, sha256], what, next)
    }
}
