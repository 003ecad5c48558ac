//! Why a county is selected or not, in a sentence, in English and Chinese; and the scores that it is held against.

use super::{Results, Round};
use crate::rank::select::Why;
use crate::issue::IssueCode;
use crate::rank::Row;
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
            Why::NotRanked | Why::NoQuota => None,
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
    pub fn by_county(&self) -> Vec<&Row> {
        let mut rows: Vec<&Row> = self.assessment.ranking.rows.iter().collect();
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

    /// The reason of a county's fate, in English and in Chinese.
    pub fn why(&self, county: usize) -> [String; 2] {
        let choice = &self.part.choices[county];
        let province = self.settings.province(&self.members[county].county.code);
        let quota = self.part.file.select.quotas.as_ref().and_then(|q| q.get(province)).copied().unwrap_or(0);
        let money = |m: Option<u64>| m.filter(|m| *m < u64::MAX).map_or("an unknown sum".to_owned(), amount);
        let money_zh = |m: Option<u64>| m.filter(|m| *m < u64::MAX).map_or("未知".to_owned(), amount);
        let row = self.assessment.ranking.of(county);
        match choice.why {
            Why::Selected => ["within places, quota and budget".to_owned(), "在名额与资金之内".to_owned()],
            Why::WithLead => ["its joint application is selected".to_owned(), "所在联合申报入选".to_owned()],
            Why::LeadNotSelected => ["its joint application is not selected".to_owned(), "所在联合申报未入选".to_owned()],
            Why::NotRanked => {
                let reason = row.and_then(|r| r.not_rankable.clone()).unwrap_or_else(|| "no reason is known".to_owned());
                [format!("not ranked: {reason}"), format!("未参与排名：{reason}")]
            }
            Why::NoPlaceLeft if !self.part.file.select.is_asked() => {
                ["the round selects nobody: it has no places, quotas or budget".to_owned(), "本轮未设名额、配额或资金".to_owned()]
            }
            Why::NoPlaceLeft => {
                let places = self.part.file.select.places.unwrap_or(0);
                [format!("all {places} places went to counties above it"), format!("{places} 个名额已由名次在前的县取得")]
            }
            Why::NoQuota => [format!("province {province} has no quota in this round"), format!("{province} 省级区域本轮无名额")],
            Why::QuotaUsed => [
                format!("the {quota} of province {province} went to counties above it"),
                format!("{province} 省级区域 {quota} 个名额已由名次在前的县取得"),
            ],
            Why::BudgetUsed => [
                format!("it costs {} and {} were left", money(choice.cost), money(choice.left)),
                format!("需资金 {}，剩余 {}", money_zh(choice.cost), money_zh(choice.left)),
            ],
            Why::EndedAbove => ["the budget ended at a county above it".to_owned(), "资金在名次在前的县处用尽".to_owned()],
        }
    }
}

/// Money in hundredths, as people write it.
fn amount(hundredths: u64) -> String {
    let (whole, rest) = (hundredths / 100, hundredths % 100);
    if rest == 0 { whole.to_string() } else { format!("{whole}.{rest:02}") }
}
