//! The tables that a GeoPackage has beside the layers, where the folder has them: what each is called there. [`super::tables_of`] takes the
//! words from here, and `verify` the names.

use super::parts::Words;
use super::{
    applicants, counterfactuals, county_roads, equity, funding, gates, issues, judged, ledger, overrides, plan, plan_parts,
    provinces, ranking, rewards, selection, trust,
};
use crate::{balance, redundancy};

/// File, and name in a GeoPackage, title and what it is.
const PACKAGED: [(&str, Words); 23] = [
    (ranking::FILE, ["ranking", "Ranking", "Places with their ranges and reasons · 名次、区间与原因"]),
    (issues::FILE, ["issues", "Issues", "What was found in the records · 数据问题"]),
    (ledger::FILE, ["ledger", "Ledger", "Road, covered and gap by county, service, limit and class · 台账"]),
    (equity::FILE, ["equity", "Equity", "How evenly the way to a charger is shared · 距离的公平性"]),
    (counterfactuals::FILE, ["counterfactuals", "Counterfactuals", "What new stations would change · 新增站点的影响"]),
    (
        redundancy::FILE,
        [
            "redundancy_by_county",
            "Redundancy by county",
            "What is left when the busiest station fails (N-1) · 最繁忙站点停运后的影响",
        ],
    ),
    (trust::FILE, ["trust", "Trust", "Trust in the inputs · 数据可信度"]),
    (selection::FILE, ["selection", "Selection", "Who is selected and why not · 入选结果与理由"]),
    (overrides::FILE, ["overrides", "Overrides", "What was set by hand, before and after; appeals · 人工设定与申诉"]),
    (provinces::FILE, ["provinces", "Provinces", "What each province has · 各省情况"]),
    (applicants::FILE, ["applicants", "Applicants", "Who applied and what became of it · 申报县及结果"]),
    (gates::FILE, ["gates", "Gates", "Who may apply: gates of the programme with their values · 申报条件与数值"]),
    (balance::COUNTIES, ["balance", "Balance", "What is asked for and what is short, by county and day · 需求与缺口"]),
    (
        balance::SUPPLY,
        ["supply", "Supply", "What stands in each county, who can reach it, and what vehicles rest on · 供给与可达性"],
    ),
    (
        balance::TRIALS,
        ["trial", "A new station", "What one more station would give in the largest gap of each county · 试建站点"],
    ),
    (balance::FIGURES, ["assumptions", "Assumptions", "Figures that demand and supply rest on, with sources · 参数及出处"]),
    (judged::ROADS, ["corridors_by_road", "Corridors by road", "Roads held against rules of programmes · 路线与规则"]),
    (judged::COUNTIES, ["programme", "Programmes", "Counties held against rules of programmes · 各县与项目规则"]),
    (county_roads::FILE, ["county_roads", "Roads by county", "Roads as far as they touch each county · 各县路线"]),
    (funding::FILE, ["funding", "Funding", "Counties funded with plans of their own, by budget · 按规划安排资金"]),
    (plan::FILE, ["plan", "Plan", "Where to build, in order · 规划站点"]),
    (plan_parts::COUNTIES, ["plan_counties", "Plan by county", "Counties without and with the plan · 规划前后对比"]),
    (rewards::FILE, ["reward", "Reward", "What new facilities are expected to earn · 预期奖励"]),
];

/// What the table of a file is called in a GeoPackage; none where it is not in there.
pub fn words_of(file: &str) -> Option<Words> {
    PACKAGED.iter().find(|(f, _)| *f == file).map(|(_, words)| *words)
}

/// File and name in a GeoPackage of every table that one has.
pub fn packaged() -> impl Iterator<Item = (&'static str, &'static str)> {
    PACKAGED.iter().map(|(file, [name, ..])| (*file, *name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::known;
    use std::collections::BTreeSet;

    #[test]
    fn every_file_is_a_table_and_no_name_stands_twice() {
        let known: BTreeSet<String> = known().unwrap().into_iter().map(|k| k.file).collect();
        assert!(packaged().all(|(file, _)| known.contains(file)));
        let (files, names): (BTreeSet<&str>, BTreeSet<&str>) = packaged().unzip();
        assert_eq!((files.len(), names.len()), (PACKAGED.len(), PACKAGED.len()));
        // two tables have another name than their file, for layers have that
        let others: Vec<_> = packaged().filter(|(file, name)| *file != format!("{name}.csv")).collect();
        assert_eq!(others, [("redundancy.csv", "redundancy_by_county"), ("corridors.csv", "corridors_by_road")]);
    }
}
