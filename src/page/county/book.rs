//! What the pages of a run or a round share: rows by county, names of pages, provinces, and in a round whom each county is held against.

use super::names::Pages;
use super::province_names::province_name;
use crate::files::lang::Both;
use crate::files::text::grouped;
use crate::page::i18n::shown;
use crate::page::line_sheet::place;
use crate::page::rank_words::{range, score};
use crate::rank::RankRow;
use crate::rank::select::{UNKNOWN, Why};
use crate::results::{Results, Round};
use crate::tables::RankView;
use minijinja::{Value, context};
use std::collections::BTreeMap;

/// Whom a county is held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rival {
    /// The last county selected, in the country.
    Last(usize),
    /// The last county selected of its province, where the quota decided.
    LastOfProvince(usize),
    /// Of a county that is selected: the first below it that is not, for want of what this one took.
    NextBelow(usize),
}

impl Rival {
    /// The county.
    pub fn county(self) -> usize {
        let (Self::Last(i) | Self::LastOfProvince(i) | Self::NextBelow(i)) = self;
        i
    }
}

/// Results, looked up.
pub struct Book<'a> {
    /// The results.
    pub r: &'a Results,
    /// The same with what a round adds; none of a run.
    pub round: Option<Round<'a>>,
    /// Their ranking.
    pub view: RankView<'a>,
    /// Pages of the counties.
    pub pages: Pages,
    /// Rows of the ranking, by county.
    pub rows: Vec<&'a RankRow>,
    /// Indicators that are used.
    pub used: Vec<usize>,
    /// Mean points of all ranked counties, by indicator.
    pub mean: Vec<f64>,
    /// Whether its counties are of several provinces.
    pub has_provinces: bool,
    rivals: Vec<Option<Rival>>,
    names_known: bool,
}

impl<'a> Book<'a> {
    /// Of a run or a round.
    pub fn new(r: &'a Results) -> Self {
        let view = RankView::of(r);
        let round = r.as_round();
        let ranked = view.ranked();
        let mean = |i: usize| ranked.iter().map(|row| row.points[i]).sum::<f64>() / ranked.len().max(1) as f64;
        let mean = (0..r.assessment.ranking.indicators.len()).map(mean).collect();
        let chinese = |c: &&crate::results::Member| {
            let han = |s: &str| s.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
            han(&c.county.name) || han(&c.county.name_zh)
        };
        // province codes of GB/T 2260, unless the file says how codes are read, or the counties are of another country
        let names_known =
            r.settings.table.province_digits.is_none() && 2 * r.members.iter().filter(chinese).count() > r.members.len();
        Self {
            r,
            round,
            view,
            pages: Pages::of(r),
            rows: r.by_county(),
            used: view.used(),
            mean,
            has_provinces: r.counties().any(|c| r.settings.province(&c.code) != r.settings.province(&r.county(0).code)),
            rivals: round.map_or_else(|| vec![None; r.members.len()], rivals),
            names_known,
        }
    }

    /// The province of a county.
    pub fn province(&self, county: usize) -> &'a str {
        self.r.settings.province(&self.r.county(county).code)
    }

    /// The name of a province, where it is known: `11` is Beijing.
    pub fn province_name(&self, province: &str) -> Option<Both> {
        province_name(province).filter(|_| self.names_known)
    }

    /// Whom a county is held against.
    pub fn rival(&self, county: usize) -> Option<Rival> {
        self.rivals[county]
    }

    /// Points of score that a county lacks to a rival; below 0 what it has more.
    pub fn short(&self, county: usize, rival: Rival) -> Option<f64> {
        Some(self.rows[rival.county()].score? - self.rows[county].score?)
    }

    /// A county as pages name it; `to` leads from the page to the folder of the pages.
    pub fn named(&self, county: usize, to: &str) -> Value {
        let (c, row) = (self.r.county(county), self.rows[county]);
        let nameless = c.name.is_empty() && c.name_zh.is_empty();
        let choice = self.round.map(|r| r.part.choices[county].why);
        context! {
            code => shown(&c.code), name => shown(if nameless { &c.code } else { &c.name }), name_zh => shown(&c.name_zh),
            href => self.pages.href(county, to),
            rank => place(row), range => range(self.view.range(county)),
            score => score(row, 2),
            selected => choice.is_some_and(Why::is_selected), result => choice.map(|why| format!("result_{}", why.as_str())),
            province => shown(self.province(county)),
        }
    }

    /// Money, from hundredths.
    pub fn money(hundredths: Option<u64>) -> Option<String> {
        let m = hundredths.filter(|m| *m < UNKNOWN)?;
        Some(if m.is_multiple_of(100) { grouped(m / 100) } else { format!("{}.{:02}", grouped(m / 100), m % 100) })
    }
}

/// Whom each county is held against; the last selected are those of `points_short` in `selection.csv`.
fn rivals(r: Round<'_>) -> Vec<Option<Rival>> {
    let rows: Vec<&RankRow> = r.assessment.ranking.rows.iter().filter(|row| row.rank.is_some()).collect();
    let why = |row: &RankRow| r.part.choices[row.county].why;
    let province = |county: usize| r.settings.province(&r.members[county].county.code);
    let (mut last, mut last_of) = (None, BTreeMap::<&str, usize>::new());
    for row in rows.iter().filter(|row| why(row) == Why::Selected) {
        last = Some(row.county);
        last_of.insert(province(row.county), row.county);
    }
    let mut rivals = vec![None; r.members.len()];
    // from below, so that the next one below is known
    let (mut next, mut next_of) = (None, BTreeMap::<&str, usize>::new());
    for (n, row) in rows.iter().enumerate().rev() {
        let here = province(row.county);
        rivals[row.county] = match why(row) {
            Why::Selected => next.into_iter().chain(next_of.get(here).copied()).min().map(|n| Rival::NextBelow(rows[n].county)),
            Why::QuotaUsed => last_of.get(here).copied().map(Rival::LastOfProvince),
            Why::NoPlaceLeft | Why::BudgetUsed | Why::EndedAbove => last.map(Rival::Last),
            Why::NotRanked | Why::NoQuota | Why::CostUnknown | Why::BoundsOpen => None,
            Why::WithLead | Why::LeadNotSelected | Why::ByHand | Why::Withheld => None,
        };
        match why(row) {
            Why::QuotaUsed => drop(next_of.insert(here, n)),
            Why::NoPlaceLeft | Why::BudgetUsed | Why::EndedAbove => next = Some(n),
            _ => {}
        }
    }
    rivals
}
