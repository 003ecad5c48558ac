//! What the ranking and the selection of a round rest on: what was left out, and the scores that a county is held against.

use super::{Results, Round};
use crate::issue::IssueCode;
use crate::rank::RankRow;
use crate::rank::select::Why;
use std::collections::BTreeMap;

/// Lowest scores that were selected, in all and by province.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LastScores {
    all: Option<f64>,
    by_province: BTreeMap<String, f64>,
}

impl LastScores {
    /// The lowest score selected of those that a county competes with: its province where a quota decided, else all.
    pub fn last_score(&self, province: &str, why: Why) -> Option<f64> {
        match why {
            Why::QuotaUsed => self.by_province.get(province).copied(),
            Why::NotRanked | Why::NoQuota | Why::CostUnknown | Why::BoundsOpen | Why::Withheld => None,
            _ => self.all,
        }
    }
}

impl Results {
    /// Regions that are left out, each with the reason.
    pub fn left_out(&self) -> Vec<String> {
        let all = self.issues.sorted().into_iter().filter(|i| i.code == IssueCode::RegionLeftOut);
        all.map(|i| i.message.clone()).collect()
    }

    /// Indicators that were to be used and are not, each with the reason.
    pub fn indicators_left_out(&self) -> Vec<(String, String)> {
        let all = self.assessment.ranking.indicators.iter();
        all.filter_map(|u| Some((u.def.key.clone(), u.left_out.clone()?))).collect()
    }

    /// Row of the ranking of each county, by county.
    pub fn by_county(&self) -> Vec<&RankRow> {
        let mut rows: Vec<&RankRow> = self.assessment.ranking.rows.iter().collect();
        rows.sort_by_key(|r| r.county);
        rows
    }
}

impl Round<'_> {
    /// The lowest scores that were selected.
    pub fn lines(&self) -> LastScores {
        let mut last = LastScores::default();
        for row in self.assessment.ranking.rows.iter().filter(|r| self.part.choices[r.county].why == Why::Selected) {
            let Some(score) = row.score else { continue };
            last.all = Some(last.all.map_or(score, |s| s.min(score)));
            let province = self.settings.province(&self.members[row.county].county.code).to_owned();
            last.by_province.entry(province).and_modify(|s| *s = s.min(score)).or_insert(score);
        }
        last
    }
}
