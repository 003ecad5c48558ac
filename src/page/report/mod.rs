//! The report: one HTML file for people, in English and Chinese, that opens offline. No script, no outside reference.
//!
//! Figures come from the modules beside this one as text; this puts them into `maps/report/page.html.j2`, which escapes them.

pub(crate) mod chart;
pub(crate) mod demand;
pub(crate) mod equity;
#[cfg(test)]
pub(crate) mod fixture;
pub(crate) mod head;
pub(crate) mod ledger;
pub(crate) mod places;
pub(crate) mod plan;
pub(crate) mod plan_chart;
mod plan_corridors;
pub(crate) mod plan_counting;
mod plan_flows;
pub(crate) mod plan_ways;
mod plan_years;
pub(crate) mod ranges;
pub(crate) mod rank;
pub(crate) mod rewards;
pub(crate) mod roads;
pub(crate) mod sure;
pub(crate) mod towns;

use self::{
    chart as report_chart, demand as report_demand, equity as report_equity, head as report_head, ledger as report_ledger,
    places as report_places, plan as report_plan, rank as report_rank, roads as report_roads, sure as report_sure,
    towns as report_towns,
};
use super::base::{Notices, Press, REPORT};
use super::county::Pages;
use super::funding::funding;
use super::live_link;
use crate::error::Result;
use crate::files::lang::Lang;
use crate::results::Run;
use crate::tables::{RankView, townships};
use minijinja::context;

/// Rows of a long table that are shown; the rest is in the CSV files.
pub const MOST_ROWS: usize = 200;

/// Makes the report with the map that [`map_svg`](super::map::map_svg) drew; it opens in a language, and is the same bytes for the
/// same outcome.
///
/// # Errors
/// Internal, when the template and its texts do not fit each other.
pub fn report_html(outcome: &Run<'_>, map_svg: &str, lang: Lang) -> Result<String> {
    let press = Press::new(&REPORT)?;
    let pages = Pages::of(outcome.results);
    let towns = report_towns::towns(outcome, &townships(outcome.results), &pages);
    let figures = context! {
        // where there is nobody to be ranked against, what is needed inside the county is looked at
        townships_first => outcome.members.len() == 1 && towns.is_true(),
        map => map_svg,
        live => live_link::href(outcome, ""),
        head => report_head::head(outcome, &pages),
        method => report_head::method(outcome),
        plan => report_plan::plan(outcome, &pages),
        funding => funding(outcome.results, &|i| report_head::county(outcome, &pages, i)),
        rank => report_rank::ranking(outcome, &pages),
        sure => report_sure::sureness(&RankView::of(outcome)),
        demand => report_demand::demand(outcome, &pages),
        towns,
        programmes => report_roads::programmes(outcome, &outcome.needs.judged, &pages),
        chart => report_chart::chart(outcome),
        equity => report_equity::equity(outcome, &pages),
        ledger => report_ledger::ledger(outcome, &pages),
        stretches => report_places::stretches(outcome, &pages),
        places => report_places::settlements(outcome, &pages),
        issues => report_places::issues(&outcome.issues),
        inputs => report_places::inputs(outcome, press.texts()),
    };
    press.print(lang, &Notices::from(&outcome.region), None, figures)
}

#[cfg(test)]
mod tests {
    use super::fixture::{CHARGING_ONLY, NONE_USED, WITH_SWAP, outcome};
    use super::*;
    use crate::files::text::base64;
    use crate::page::map::map_svg;
    use sha2::{Digest, Sha256};

    fn report(stations: &str) -> String {
        let o = outcome(stations);
        report_html(&o, &map_svg(&o), Lang::En).unwrap()
    }

    #[test]
    fn hostile_names_are_text() {
        let html = report(CHARGING_ONLY);
        for live in ["<script", "<svg onload", "<img", "onerror=alert(3)>", "\u{202e}", "\0"] {
            assert!(!html.contains(live), "{live}");
        }
        assert!(html.contains("<bdi>&lt;script&gt;alert(1)&lt;/script&gt;</bdi>"));
        assert!(html.contains("&quot;&gt;&lt;svg onload=alert(2)&gt;"));
        assert!(html.contains("{{ 7 * 7 }}{% if %}{km}")); // data is never a template, nor a text with slots
    }

    #[test]
    fn the_policy_allows_the_style_that_is_there_and_nothing_else() {
        let html = report(CHARGING_ONLY);
        let style = html.split_once("<style>").unwrap().1.split_once("</style>").unwrap().0;
        let hash = base64(&Sha256::digest(style.as_bytes())).replace('/', "&#x2f;").replace('=', "&#x3d;");
        let policy = html.split_once("Content-Security-Policy\" content=\"").unwrap().1.split_once('"').unwrap().0;
        let plain = |s: &str| s.replace("&#x27;", "'").replace("&#39;", "'").replace("&#x2f;", "/").replace("&#x3d;", "=");
        assert_eq!(
            plain(policy),
            format!(
                "default-src 'none'; style-src 'sha256-{}'; img-src data:; base-uri 'none'; form-action 'none'",
                plain(&hash)
            )
        );
        assert_eq!(html.matches("<style").count(), 1);
        for blocked in [" style=", "href=\"http", "src=\"", "@import", "url(http"] {
            assert!(!html.contains(blocked), "{blocked}");
        }
    }

    #[test]
    fn the_same_outcome_gives_the_same_bytes_in_both_languages() {
        let html = report(CHARGING_ONLY);
        assert_eq!(html, report(CHARGING_ONLY));
        assert_eq!(html.matches("<i lang=en>").count(), html.matches("<i lang=zh-Hans>").count());
        assert!(html.contains("合成数据 · SYNTHETIC DATA"));
    }

    #[test]
    fn a_region_without_a_service_says_so_in_one_line() {
        assert!(report(CHARGING_ONLY).contains("No swap station is used in this run"));
        assert!(!report(WITH_SWAP).contains("No swap station is used in this run"));
        assert!(report(NONE_USED).contains("No charging station is used in this run"));
    }

    #[test]
    fn the_total_is_that_of_the_ledger() {
        let o = outcome(CHARGING_ONLY);
        let html = report_html(&o, "", Lang::En).unwrap();
        let road: u64 = (0..2).map(|i| o.road_mm(i)).sum();
        assert!(road > 38_000_000); // 0.4° of longitude at 31°N, and the side roads
        assert!(html.contains(&format!("<td class=\"n\">{}</td>", crate::files::text::km3(road))));
    }
}
