//! The list of who applies, as it was given: the register, or the codes under `[regions]`; and what differs between the lists of two rounds.

use crate::files::lang::Both;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Codes named in a sentence.
const NAMED: usize = 30;
/// The same, of a county's sentence.
const FEW: usize = 4;

/// The list of a round.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppliedList {
    /// What says it: `applicants`, `county_list` or `counties`.
    pub from: String,
    /// The file, from the folder of the round file; none where the round file itself says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// SHA-256 of that file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// Rows, or codes.
    pub number: usize,
    /// Codes in the order of the list, brought up to date by the crosswalk; patterns where the round file has those.
    pub codes: Vec<String>,
    /// The same as they are written, where any is written otherwise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub written: Vec<String>,
    /// Codes of which no application stands any more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withdrawn: Vec<String>,
}

impl AppliedList {
    /// A list of these codes, each as it is by now and as it is written.
    pub fn of(from: &str, file: Option<(&str, &str)>, codes: Vec<(String, String)>) -> Self {
        let (codes, written): (Vec<String>, Vec<String>) = codes.into_iter().unzip();
        let written = if written == codes { Vec::new() } else { written };
        let (path, sha256) = file.map(|(path, sha256)| (path.to_owned(), sha256.to_owned())).unzip();
        Self { from: from.to_owned(), file: path, sha256, number: codes.len(), codes, written, withdrawn: Vec::new() }
    }

    /// Codes by now, each with whether an application of it stands.
    pub fn standing(&self, new: &dyn Fn(&str) -> String) -> BTreeMap<String, bool> {
        let gone: BTreeSet<&String> = self.withdrawn.iter().collect();
        let mut all = BTreeMap::new();
        for code in &self.codes {
            *all.entry(new(code)).or_default() |= !gone.contains(code);
        }
        all
    }

    fn words(&self) -> Both {
        let from = self.file.clone().unwrap_or_else(|| format!("[regions] {}", self.from));
        let n = self.number;
        let rows = if n == 1 { "row" } else { "rows" };
        Both::new(format!("{n} {rows} of {from}"), format!("{from} 中 {n} 行"))
    }
}

/// What differs between the lists of two rounds, by the codes of the new.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListChange {
    /// The old and the new list; none where all counties take part.
    pub lists: [Option<AppliedList>; 2],
    /// Codes that are in the new list only.
    pub came: Vec<String>,
    /// Codes that are in the old list only.
    pub left: Vec<String>,
    /// Codes that stood in the old list, and are withdrawn in the new.
    pub withdrew: Vec<String>,
    /// Codes that were withdrawn in the old list, and stand in the new.
    pub again: Vec<String>,
}

impl ListChange {
    /// What differs; none where nobody came or went. `new` brings a code of the old list up to date.
    pub fn of([old, now]: [Option<&AppliedList>; 2], new: &dyn Fn(&str) -> String) -> Option<Self> {
        let mut change = Self { lists: [old.cloned(), now.cloned()], ..Self::default() };
        let (Some(old), Some(now)) = (old, now) else { return (old != now).then_some(change) };
        let (old, now) = (old.standing(new), now.standing(&str::to_owned));
        for (code, stands) in &now {
            match (old.get(code), stands) {
                (None, true) => change.came.push(code.clone()),
                (Some(true), false) => change.withdrew.push(code.clone()),
                (Some(false), true) => change.again.push(code.clone()),
                _ => {}
            }
        }
        change.left =
            old.iter().filter(|(code, stood)| **stood && !now.contains_key(*code)).map(|(code, _)| code.clone()).collect();
        (!change.by_kind().is_empty()).then_some(change)
    }

    /// Codes by what became of them, without kinds that nobody is of.
    fn by_kind(&self) -> Vec<(&Vec<String>, [&'static str; 2])> {
        let all = [
            (&self.came, ["came to the list", "新列入名单"]),
            (&self.left, ["left the list", "不再列入名单"]),
            (&self.withdrew, ["withdrew", "已撤回"]),
            (&self.again, ["applies again", "恢复申报"]),
        ];
        all.into_iter().filter(|(codes, _)| !codes.is_empty()).collect()
    }

    /// For people, a line each: how long the lists are, then who came and who went.
    pub fn lines(&self) -> Vec<Both> {
        let side =
            |list: &Option<AppliedList>| list.as_ref().map_or_else(|| Both::new("all counties", "全部县"), AppliedList::words);
        let [old, new] = [side(&self.lists[0]), side(&self.lists[1])];
        let head = Both::new(format!("who applies: {} -> {}", old.en, new.en), format!("申报名单：{} -> {}", old.zh, new.zh));
        [head].into_iter().chain(self.parts(NAMED)).collect()
    }

    /// Who came and who went, with the first so many codes of each.
    fn parts(&self, most: usize) -> Vec<Both> {
        let one = |(codes, [en, zh]): (&Vec<String>, [&str; 2])| {
            let some: Vec<Both> = codes.iter().take(most).map(Both::same).collect();
            let (named, n) = (Both::list(&some), codes.len());
            let more = n - some.len();
            let rest =
                if more > 0 { Both::new(format!(" and {more} more"), format!(" 等共 {n} 个")) } else { Both::default() };
            Both::new(format!("{en}: {}{}", named.en, rest.en), format!("{zh}：{}{}", named.zh, rest.zh))
        };
        self.by_kind().into_iter().map(one).collect()
    }

    /// What the list has to do with a county that is not in both rankings; none where nothing.
    pub fn of_county(&self, code: &str) -> Option<Both> {
        let own = self.by_kind().into_iter().find(|(codes, _)| codes.iter().any(|c| c == code));
        own.map(|(_, words)| Both::from(words))
    }

    /// For the sentence of a county that the change of the list bears on.
    pub fn short(&self) -> Both {
        let parts = self.parts(FEW);
        if parts.is_empty() {
            return Both::new("who applies is said by another list", "申报名单来源不同");
        }
        Both::join(&parts, ["; ", "；"])
    }

    /// For programs.
    pub fn json(&self) -> Value {
        let side = |list: &Option<AppliedList>| {
            list.as_ref().map(|l| json!({ "from": l.from, "file": l.file, "sha256": l.sha256, "number": l.number }))
        };
        json!({
            "old": side(&self.lists[0]), "new": side(&self.lists[1]),
            "came": self.came, "left": self.left, "withdrew": self.withdrew, "applies_again": self.again,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(codes: &[&str], withdrawn: &[&str]) -> AppliedList {
        let pairs = codes.iter().map(|c| ((*c).to_owned(), (*c).to_owned())).collect();
        let of = AppliedList::of("applicants", Some(("a.csv", "x")), pairs);
        AppliedList { withdrawn: withdrawn.iter().map(|c| (*c).to_owned()).collect(), ..of }
    }

    #[test]
    fn who_came_went_withdrew_and_applies_again_is_told_by_new_codes() {
        let old = list(&["01", "02", "03", "04", "05", "06"], &["04", "06"]);
        let now = list(&["09", "02", "04", "07", "08"], &["02", "08"]);
        let new = |code: &str| if code == "01" { "09" } else { code }.to_owned();
        let change = ListChange::of([Some(&old), Some(&now)], &new).unwrap();
        // 01 is 09 now and stays; 02 withdrew; 03 and 05 left; 04 applies again; 06 had withdrawn and is gone, 08 came withdrawn:
        // neither ever stood in the one or the other
        assert_eq!((change.came.join(" "), change.left.join(" ")), ("07".to_owned(), "03 05".to_owned()));
        assert_eq!((change.withdrew.join(" "), change.again.join(" ")), ("02".to_owned(), "04".to_owned()));
        let lines: Vec<String> = change.lines().into_iter().map(|b| b.en).collect();
        assert_eq!(lines[0], "who applies: 6 rows of a.csv -> 5 rows of a.csv");
        assert_eq!(lines[2], "left the list: 03, 05");
        assert!(change.short().zh.ends_with("已撤回：02；恢复申报：04"));
        assert_eq!(ListChange::of([Some(&old), Some(&old)], &str::to_owned), None);
    }

    #[test]
    fn an_order_or_a_doubled_row_is_no_change_and_no_list_is_one() {
        let (a, b) = (list(&["01", "02"], &[]), list(&["02", "01", "01"], &[]));
        assert_eq!(ListChange::of([Some(&a), Some(&b)], &str::to_owned), None);
        assert_eq!(ListChange::of([None, None], &str::to_owned), None);
        let change = ListChange::of([None, Some(&a)], &str::to_owned).unwrap();
        assert!(change.came.is_empty() && change.lines()[0].en == "who applies: all counties -> 2 rows of a.csv");
    }

    #[test]
    fn a_list_is_read_back_and_says_how_codes_are_written_only_where_it_matters() {
        let a = list(&["01"], &[]);
        let text = serde_json::to_string(&a).unwrap();
        assert!(!text.contains("written") && !text.contains("withdrawn"), "{text}");
        assert_eq!(serde_json::from_str::<AppliedList>(&text).unwrap(), a);
        let b = AppliedList::of("counties", None, vec![("0101".to_owned(), "101".to_owned())]);
        assert_eq!(b.written, ["101"]);
    }
}
