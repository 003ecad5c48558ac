//! `line.html`: a page for each county that a funding line might pass on either side, to be printed and argued over.
//!
//! It needs the evidence and the assessment, and no roads, so that it can be made of a finished run.

use super::base::{LINE, Notices, Press};
use super::i18n::shown;
use super::line_sheet::{Sheets, sheet};
use super::rank_words::steps;
use crate::config::region_file::RegionTable;
use crate::error::Result;
use crate::files::lang::Lang;
use crate::files::text::grouped;
use crate::rank::RankRow;
use crate::rank::uncertainty::{Band, LineOut};
use crate::tables::RankView;
use minijinja::context;
use std::collections::{BTreeMap, BTreeSet};

/// Counties shown on each side of a cut, contested or not.
const BESIDE: usize = 2;

/// Makes the pages, which open in a language; none where there is no line, or nothing is known of it. The same bytes for the same
/// ranking, wherever it was made: they lead to no other page, since a ranking made again has none.
///
/// # Errors
/// Internal, when the template and its texts do not fit each other.
pub fn line_html(v: &RankView<'_>, region: &RegionTable, lang: Lang) -> Result<Option<String>> {
    let Some(s) = v.sureness().filter(|s| !s.ranges.lines.is_empty()) else { return Ok(None) };
    let places = near_a_line(v, &s.ranges.lines);
    let sheets = Sheets::new(v, s, &places);
    let figures = context! {
        draws => grouped(s.ranges.draws.into()),
        lines => s.ranges.lines.iter().map(|l| shown(&l.key)).collect::<Vec<_>>(),
        adds_up => v.assessment.ranking.adds_up,
        method => steps(&v.assessment.steps, &v.assessment.ranking),
        sheets => places.iter().map(|n| sheet(&sheets, *n)).collect::<Vec<_>>(),
        all => grouped(v.ranked().len() as u64),
    };
    Press::new(&LINE)?.print(lang, &Notices::from(region), None, figures).map(Some)
}

/// Places (from 0) of the counties that are contested at a line, or stand next to its cut.
fn near_a_line(v: &RankView<'_>, lines: &[LineOut]) -> BTreeSet<usize> {
    let mut places = BTreeSet::new();
    for (line, table) in lines.iter().zip(&v.settings.table.lines) {
        let rows = v.ranked();
        let chance = |row: &RankRow| line.units.binary_search_by_key(&row.county, |u| u.unit).ok().map(|i| &line.units[i]);
        let contested = |n: &usize| chance(&rows[*n]).is_some_and(|c| c.band == Band::Contested);
        places.extend((0..rows.len()).filter(contested));
        // a quota has a cut in each province
        let mut groups: BTreeMap<&str, [Vec<usize>; 2]> = BTreeMap::new();
        for (n, row) in rows.iter().enumerate() {
            let province = if table.quota.is_some() { v.settings.province(&v.unit(row.county).code) } else { "" };
            let [above, below] = groups.entry(province).or_default();
            if chance(row).is_some_and(|c| c.nominal) { above.push(n) } else { below.push(n) }
        }
        for [above, below] in groups.values().filter(|[above, _]| !above.is_empty()) {
            places.extend(above.iter().rev().take(BESIDE).chain(below.iter().take(BESIDE)));
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::report::fixture::{CHARGING_ONLY, HOSTILE, outcome_with};

    const LINE: &str = "[[rank.lines]]\nname = \"\\\"><svg onload=alert(2)>\"\nplaces = 1\n";

    fn page(rank: &str) -> Option<String> {
        let o = outcome_with(CHARGING_ONLY, rank);
        line_html(&RankView::of(&o), &o.region, Lang::En).unwrap()
    }

    #[test]
    fn there_is_a_page_for_both_sides_of_the_cut_and_none_without_a_line() {
        assert_eq!(page(""), None);
        assert_eq!(page(&format!("{LINE}[rank.uncertainty]\ndraws = 0\n")), None);
        // two counties, one place: the first is the last above, the second the first below
        let html = page(LINE).unwrap();
        assert_eq!(html.matches("<article").count(), 2);
        assert_eq!(html, page(LINE).unwrap());
    }

    #[test]
    fn hostile_names_are_text() {
        let html = page(LINE).unwrap();
        for live in ["<script", "<svg onload", "<img", " style=", "\u{202e}", "\0"] {
            assert!(!html.contains(live), "{live}");
        }
        assert!(html.contains("<bdi>&lt;script&gt;alert(1)&lt;/script&gt;</bdi>"), "{}", HOSTILE[0]);
        assert_eq!(html.matches("<i lang=en>").count(), html.matches("<i lang=zh-Hans>").count());
    }
}
