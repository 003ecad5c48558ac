//! Questions that only some archives answer, for its text: who may apply, rules of programmes, goalposts, what is needed and short.

use super::listing::Listing;
use super::readme::place_of;
use crate::files::lang::Both;
use std::collections::BTreeSet;

/// Where the answers begin: letters of English, and as wide in Chinese, where a letter takes two.
const WIDE: [usize; 2] = [29, 28];

/// A line for each of them; none of what is not in it.
pub(super) fn questions(listing: &Listing, results: &BTreeSet<&str>) -> Both {
    let has = |file: &str| results.contains(file);
    let of_role = |role: &str| -> String {
        let mut places: Vec<String> = listing
            .inputs
            .iter()
            .filter(|i| i.role.split('+').any(|own| own == role))
            .map(|i| place_of(listing, &i.path))
            .collect();
        places.dedup();
        places.join(", ")
    };
    let mut said = Both::default();
    let mut ask = |[en, zh]: [&str; 2], answer: Both| {
        said.en += &format!("  {}{}\n", padded(en, WIDE[0]), answer.en);
        said.zh += &format!("  {}{}\n", padded(zh, WIDE[1]), answer.zh);
    };
    if has("gates.csv") {
        let answer = Both::new(
            "results/gates.csv (asked, value, verdict and why, by applicant), and the top of results/round.html",
            "results/gates.csv（逐县逐项的要求、数值、结论和原因）和 results/round.html 首屏",
        );
        ask(["Who may apply, or may not", "谁可以申报、谁不可以"], answer);
    }
    let files = of_role("programme");
    let any_programme = !files.is_empty() || ["gates.csv", "programme.csv", "corridors.csv", "reward.csv"].into_iter().any(has);
    if any_programme {
        let own = if files.is_empty() { Both::default() } else { Both::new(format!("{files}; "), format!("{files}；")) };
        let answer = Both::new(
            format!("{}programme in results/manifest.json (SHA-256), chargegap programme NAME --toml", own.en),
            format!("{}results/manifest.json 的 programme（SHA-256）；chargegap programme 名称 --toml", own.zh),
        );
        ask(["Rules of which programme", "按哪个项目的规则"], answer);
    }
    let tables = |names: &[&str]| {
        let there: Vec<String> = names.iter().filter(|n| has(n)).map(|n| format!("results/{n}")).collect();
        Both::new(there.join(", "), there.join("、"))
    };
    for (names, question) in [
        (["programme.csv", "corridors.csv", "county_roads.csv"].as_slice(), ["Who meets these rules", "哪些县达到规则"]),
        (["reward.csv"].as_slice(), ["What they would be paid", "预期奖励多少"]),
        (
            ["balance.csv", "supply.csv", "townships.csv", "station_loads.csv"].as_slice(),
            ["What is needed, and short", "需求与缺口多少"],
        ),
    ] {
        let answer = tables(names);
        if !answer.en.is_empty() {
            ask(question, answer);
        }
    }
    if has("assumptions.csv") {
        let answer = Both::new(
            "results/assumptions.csv: each figure with its source, and whether it was given or assumed",
            "results/assumptions.csv：每个参数及其出处，系给定还是假定",
        );
        ask(["On which figures that rests", "需求依据哪些参数"], answer);
    }
    let (posts, sources) = (of_role("goalposts"), of_role("goalposts_source"));
    if !posts.is_empty() {
        let from = if sources.is_empty() {
            Both::default()
        } else {
            Both::new(format!(", from {sources}"), format!("，依据 {sources}"))
        };
        ask(
            ["Between which goalposts", "得分的两端如何确定"],
            Both::new(format!("{posts}{}", from.en), format!("{posts}{}", from.zh)),
        );
    }
    if has("scales.csv") {
        let answer = Both::new("results/scales.csv: both ends of every indicator", "results/scales.csv：各指标的两端");
        ask(["What scores are measured by", "得分按什么尺度"], answer);
    }
    said
}

/// A text with spaces behind it up to a width; a Chinese letter is two wide.
fn padded(text: &str, width: usize) -> String {
    let own: usize = text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
    format!("{text}{}", " ".repeat(width.saturating_sub(own).max(1)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::listing::{ArchivedCommand, ArchivedInput};
    use crate::config::RoundFile;

    #[test]
    fn what_is_there_is_named_with_its_question_and_what_is_not_is_not() {
        let file = RoundFile::parse("[round]\nid = \"1\"\n[regions]\nfiles = [\"a\"]\n", "r").unwrap();
        let mut listing = Listing::new("inputs/round.toml".to_owned(), &file.round, ArchivedCommand::default());
        let results = |names: &[&'static str]| names.iter().copied().collect::<BTreeSet<_>>();
        assert_eq!(questions(&listing, &results(&["ranking.csv"])), Both::default());
        let input = |path: &str, role: &str, packed: Option<&str>| ArchivedInput {
            path: path.to_owned(),
            role: role.to_owned(),
            bytes: 1,
            sha256: String::new(),
            packed: packed.map(str::to_owned),
        };
        listing.inputs = vec![
            input("own.toml", "programme", Some("inputs/own.toml")),
            input("posts.toml", "goalposts", Some("inputs/posts.toml")),
            input("last.csv", "goalposts_source", None),
        ];
        let said = questions(&listing, &results(&["gates.csv", "reward.csv", "balance.csv", "assumptions.csv", "scales.csv"]));
        let begins = |text: &str, lines: &[&str]| lines.iter().all(|line| text.lines().any(|l| l.starts_with(line)));
        let en = [
            "  Who may apply, or may not    results/gates.csv",
            "  Rules of which programme     inputs/own.toml; programme in results/manifest.json",
            "  What they would be paid      results/reward.csv",
            "  What is needed, and short    results/balance.csv",
            "  On which figures that rests  results/assumptions.csv",
            "  Between which goalposts      inputs/posts.toml, from last.csv (inputs.csv)",
            "  What scores are measured by  results/scales.csv",
        ];
        assert!(begins(&said.en, &en) && said.en.lines().count() == en.len(), "{}", said.en);
        let zh = [
            "  谁可以申报、谁不可以        results/gates.csv",
            "  得分的两端如何确定          inputs/posts.toml，依据 last.csv (inputs.csv)",
        ];
        assert!(begins(&said.zh, &zh) && said.zh.lines().count() == en.len(), "{}", said.zh);
    }
}
