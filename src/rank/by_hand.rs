//! What was set by hand, told among the issues of a ranking.

use super::settings::RankSettings;
use crate::config::override_table::SetByHand;
use crate::error::Location;
use crate::issue::{IssueCode, Issues, Layer};

/// What was set by hand is never silent: it is told wherever a ranking is.
pub(super) fn tell(settings: &RankSettings, issues: &mut Issues) {
    for o in &settings.table.overrides {
        let what = match o.sets() {
            Some(SetByHand::Indicator(key, value)) => {
                format!("{key} was set to {value} by hand ({}, {}): {}", o.by, o.on, o.reason)
            }
            Some(SetByHand::Cost(cost)) => format!("its cost was set to {cost} by hand ({}, {}): {}", o.by, o.on, o.reason),
            Some(SetByHand::Funded(true)) => format!("it is funded by hand ({}, {}): {}", o.by, o.on, o.reason),
            Some(SetByHand::Funded(false)) => format!("it is not funded, by hand ({}, {}): {}", o.by, o.on, o.reason),
            Some(SetByHand::Excluded) | None => format!("it is excluded by hand ({}, {}): {}", o.by, o.on, o.reason),
        };
        issues.push(Layer::Ranking, IssueCode::SetByHand, Location::default().id(o.county.as_str()), what);
    }
}
