//! Names in the register of applicants held against the counties that have its codes: a mistyped code may be that of another county.

use crate::config::station_words::half_width;
use crate::error::Location;
use crate::issue::{IssueCode, Issues, Layer};
use crate::read::applicants::Applicant;
use crate::read::county::County;
use crate::results::faults::{Fault, Listed};
use std::collections::BTreeMap;

/// What a county is, behind its name; longer ones first.
const KINDS: [&str; 15] = [
    "county",
    "district",
    "banner",
    "city",
    "parish",
    "borough",
    "自治县",
    "自治旗",
    "特区",
    "林区",
    "新区",
    "县",
    "市",
    "区",
    "旗",
];

/// A name to compare: as it is without signs, and without the word for what it is.
struct Plain {
    whole: String,
    stem: String,
}

impl Plain {
    fn of(name: &str) -> Self {
        let low: String = name.chars().map(half_width).flat_map(char::to_lowercase).collect();
        let low = low.trim();
        let stem = KINDS.iter().find_map(|kind| low.strip_suffix(kind)).unwrap_or(low).trim_end();
        let stem = stem.strip_suffix("autonomous").unwrap_or(stem);
        let signs = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        let (whole, stem) = (signs(low), signs(stem));
        Self { stem: if stem.is_empty() { whole.clone() } else { stem }, whole }
    }

    /// Whether it says what it is.
    fn has_kind(&self) -> bool {
        self.whole != self.stem
    }

    /// The same name, where only one of them may leave out what it is.
    fn is(&self, other: &Self) -> bool {
        self.whole == other.whole || (self.stem == other.stem && !(self.has_kind() && other.has_kind()))
    }
}

/// The name as it is written, and what of it may be the county's where its city or province stands before it, or behind a comma.
fn forms(written: &str) -> Vec<Plain> {
    let mut all = vec![Plain::of(written)];
    let tail =
        written.char_indices().filter(|(_, c)| matches!(c, '省' | '市' | '州' | '盟' | '区')).map(|(i, c)| i + c.len_utf8());
    all.extend(tail.filter_map(|i| written.get(i..)).filter(|t| t.chars().count() > 1).map(Plain::of));
    all.extend(written.split([',', '，', '(', '（']).next().filter(|head| head.len() < written.len()).map(Plain::of));
    all.retain(|p| !p.whole.is_empty());
    all
}

/// Faults of applicants whose name is that of another county; a name that is nobody's is told.
pub fn of_applicants(rows: &[Applicant], counties: &[County], shown: &str, issues: &mut Issues) -> Vec<Fault> {
    let names =
        |c: &County| [&c.name, &c.name_zh].into_iter().map(|n| Plain::of(n)).filter(|p| !p.whole.is_empty()).collect::<Vec<_>>();
    let mut by_stem: BTreeMap<String, Vec<(usize, Plain)>> = BTreeMap::new();
    for (i, county) in counties.iter().enumerate() {
        names(county).into_iter().for_each(|p| by_stem.entry(p.stem.clone()).or_default().push((i, p)));
    }
    let mut faults = Vec::new();
    for row in rows {
        let (Ok(here), false) = (counties.binary_search_by(|c| c.code.cmp(&row.code)), row.name.is_empty()) else { continue };
        let (own, forms) = (names(&counties[here]), forms(&row.name));
        let of_own = |is: fn(&Plain, &Plain) -> bool| forms.iter().any(|f| own.iter().any(|o| is(f, o)));
        if forms.is_empty() || of_own(Plain::is) {
            continue;
        }
        let of_others = |is: fn(&Plain, &Plain) -> bool| {
            let met = forms.iter().flat_map(|f| by_stem.get(&f.stem).into_iter().flatten().filter(move |(_, p)| is(f, p)));
            let mut met: Vec<usize> = met.map(|(i, _)| *i).filter(|i| *i != here).collect();
            met.sort_unstable();
            met.dedup();
            met
        };
        let alike = |a: &Plain, b: &Plain| a.stem == b.stem;
        let others = match of_others(Plain::is) {
            // a county that has become a city has another word behind its name
            list if list.is_empty() && !of_own(alike) => of_others(alike),
            list => list,
        };
        let named = |c: &County| if c.name_zh.is_empty() { c.name.clone() } else { c.name_zh.clone() };
        let called = named(&counties[here]);
        if !others.is_empty() {
            let listed = Listed { file: shown, code: &row.written, name: &row.name };
            let others: Vec<String> = others.into_iter().map(|i| counties[i].code.clone()).collect();
            faults.push(Fault::applicant_other_name((&row.code, row.line), listed, &called, &others));
        } else if !of_own(|a, b| a.stem == b.stem || starts_alike(a, b)) {
            let at = Location::file(shown).line(row.line, 0).id(row.code.as_str());
            let what = format!(
                "{shown} has the code {} with the name \"{}\", and that county is {called}; the code counts",
                row.written, row.name
            );
            issues.push(Layer::Counties, IssueCode::ApplicantName, at, what);
        }
    }
    faults
}

/// 石柱县 and 石柱土家族自治县: the short form of a name of two letters or more.
fn starts_alike(a: &Plain, b: &Plain) -> bool {
    let (short, long) = if a.stem.len() < b.stem.len() { (&a.stem, &b.stem) } else { (&b.stem, &a.stem) };
    short.chars().count() > 1 && long.starts_with(short.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::MultiPolygon;

    fn county([code, name, name_zh]: [&str; 3]) -> County {
        County::drawn([code, name, name_zh].map(str::to_owned), (MultiPolygon::new(Vec::new()), true), Location::default())
    }

    /// What a written name is beside a code: none, a fault that names others, or an issue.
    fn judged(code: &str, name: &str) -> (Vec<String>, usize) {
        let counties = [
            ["01", "Xin County", "辛县"],
            ["02", "Ren County", "壬县"],
            ["03", "Yining", "伊宁市"],
            ["04", "Yining County", "伊宁县"],
            ["05", "Shizhu", "石柱土家族自治县"],
            ["06", "Gulou District", "鼓楼区"],
            ["07", "Gulou District", "鼓楼区"],
            ["08", "Jackson", ""],
        ]
        .map(county);
        let row =
            Applicant { line: 2, code: code.to_owned(), written: code.to_owned(), name: name.to_owned(), ..Applicant::default() };
        let mut issues = Issues::default();
        let faults = of_applicants(&[row], &counties, "a.csv", &mut issues);
        (faults.iter().flat_map(|f| f.facts[4..].to_vec()).collect(), issues.sorted().len())
    }

    #[test]
    fn the_name_of_another_county_is_a_fault() {
        for (code, name, others) in [
            ("02", "辛县", &["01"][..]),
            ("02", "辛", &["01"]),
            ("02", "　辛 县", &["01"]),
            ("02", "重庆市辛县", &["01"]),
            ("02", "ＸＩＮ", &["01"]),
            ("02", "xin county", &["01"]),
            ("01", "Ren County", &["02"]),
            ("03", "伊宁县", &["04"]),
            ("04", "伊宁市", &["03"]),
            ("01", "鼓楼区", &["06", "07"]),
            ("01", "石柱土家族自治县", &["05"]),
            ("08", "Xin County, Chongqing", &["01"]),
        ] {
            assert_eq!(judged(code, name), (others.iter().map(|o| (*o).to_owned()).collect(), 0), "{code} {name}");
        }
    }

    #[test]
    fn the_county_s_own_name_in_another_form_is_none_and_a_strange_one_is_told() {
        for (code, name) in [
            ("02", "壬县"),
            ("02", "壬"),
            ("02", "Ren"),
            ("02", "REN  COUNTY"),
            ("02", "重庆市壬县"),
            ("03", "伊宁"), // both have it
            ("03", "Yining"),
            ("04", "Yining"),
            ("05", "石柱县"),
            ("06", "鼓楼区"),
            ("07", "鼓楼"),
            ("02", "壬市"), // has become a city
            ("08", "Jackson County"),
            ("02", ""),
            ("02", "-"),
            ("99", "辛县"), // no county: another fault
        ] {
            assert_eq!(judged(code, name), (Vec::new(), 0), "{code} {name}");
        }
        for (code, name) in [("02", "癸县"), ("08", "Johnson County")] {
            assert_eq!(judged(code, name), (Vec::new(), 1), "{code} {name}");
        }
    }
}
