//! Classes of roads by the words of several vocabularies: ours and OpenStreetMap's, TIGER's codes, China's words, letters and
//! route numbers, and lists of these.
//!
//! What `[roads.classes]` says stands above all. What another vocabulary than ours or OpenStreetMap's decides is told.

use super::lists;
use crate::config::RoadClass;
use crate::error::Location;
use crate::issue::{IssueCode, Issues, Layer};
use std::collections::BTreeMap;

/// What a class value means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ClassOf {
    /// A class of ours.
    Class(RoadClass),
    /// No road for cars: a footpath, a railway; or left out by choice.
    Excluded,
    /// Nothing that is known.
    Unknown,
}

impl ClassOf {
    /// The class, where there is one.
    pub fn class(self) -> Option<RoadClass> {
        match self {
            Self::Class(class) => Some(class),
            Self::Excluded | Self::Unknown => None,
        }
    }
}

use RoadClass::{Local, Motorway, Primary, Secondary, Service, Tertiary, Track, Trunk};

/// MAF/TIGER Feature Class Codes of roads (U.S. Census Bureau).
pub const TIGER: &[(&str, Option<RoadClass>)] = &[
    ("S1100", Some(Motorway)),  // primary road
    ("S1200", Some(Trunk)),     // secondary road: US and state highways
    ("S1400", Some(Local)),     // local neighbourhood road, rural road, city street
    ("S1500", Some(Track)),     // vehicular trail
    ("S1630", Some(Secondary)), // ramp
    ("S1640", Some(Service)),   // service drive along a limited-access highway
    ("S1710", None),            // walkway
    ("S1720", None),            // stairway
    ("S1730", Some(Service)),   // alley
    ("S1740", Some(Service)),   // private road for service vehicles
    ("S1750", None),            // internal use
    ("S1780", Some(Service)),   // parking lot road
    ("S1810", None),            // winter trail
    ("S1820", None),            // bike path
    ("S1830", None),            // bridle path
    ("S2000", None),            // road median
];

/// China's words: administrative classes of highways, and streets of towns (GB 50220).
pub const CHINESE: &[(&str, Option<RoadClass>)] = &[
    ("高速公路", Some(Motorway)),
    ("高速", Some(Motorway)),
    ("国家高速", Some(Motorway)),
    ("省级高速", Some(Motorway)),
    ("匝道", Some(Motorway)),
    ("高速匝道", Some(Motorway)),
    ("国道", Some(Trunk)),
    ("普通国道", Some(Trunk)),
    ("快速路", Some(Trunk)),
    ("城市快速路", Some(Trunk)),
    ("省道", Some(Primary)),
    ("普通省道", Some(Primary)),
    ("主干路", Some(Primary)),
    ("主干道", Some(Primary)),
    ("城市主干路", Some(Primary)),
    ("城市主干道", Some(Primary)),
    ("县道", Some(Secondary)),
    ("次干路", Some(Secondary)),
    ("次干道", Some(Secondary)),
    ("城市次干路", Some(Secondary)),
    ("城市次干道", Some(Secondary)),
    ("乡道", Some(Tertiary)),
    ("乡镇道路", Some(Tertiary)),
    ("支路", Some(Tertiary)),
    ("城市支路", Some(Tertiary)),
    ("村道", Some(Local)),
    ("农村道路", Some(Local)),
    ("乡村道路", Some(Local)),
    ("城市道路", Some(Local)),
    ("城市普通道路", Some(Local)),
    ("街道", Some(Local)),
    ("街巷", Some(Local)),
    ("内部道路", Some(Service)),
    ("小区道路", Some(Service)),
    ("机耕路", Some(Track)),
    ("机耕道", Some(Track)),
    ("田间道路", Some(Track)),
    ("人行道", None),
    ("步行街", None),
    ("人行道路", None),
    ("自行车道", None),
];

/// What decides where the class is the number of a route.
const ROUTES: &str = "China's route numbers";

/// Letters of China's routes (GB/T 917): national, provincial, county, township and village roads.
pub const LETTERS: &[(char, RoadClass)] = &[('G', Trunk), ('S', Primary), ('X', Secondary), ('Y', Tertiary), ('C', Local)];

/// The class of one word, and the vocabulary where it is neither ours nor OpenStreetMap's.
///
/// ```
/// use chargegap::internals::config::RoadClass;
/// use chargegap::internals::read::road_class::{ClassOf, of_word};
/// assert_eq!(of_word("residential"), (ClassOf::Class(RoadClass::Local), None));
/// assert_eq!(of_word("国道").0, ClassOf::Class(RoadClass::Trunk));
/// assert_eq!(of_word("G42").0, ClassOf::Class(RoadClass::Motorway));
/// assert_eq!(of_word("S103").0, ClassOf::Class(RoadClass::Primary));
/// ```
pub fn of_word(word: &str) -> (ClassOf, Option<&'static str>) {
    let word = word.trim();
    if let Some(class) = RoadClass::from_name(word) {
        return (ClassOf::Class(class), None);
    }
    let found = |table: &[(&str, Option<RoadClass>)]| table.iter().find(|(w, _)| w.eq_ignore_ascii_case(word)).map(|(_, c)| *c);
    let class = |c: Option<RoadClass>| c.map_or(ClassOf::Excluded, ClassOf::Class);
    if let Some(c) = found(TIGER) {
        return (class(c), Some("TIGER's codes"));
    }
    if let Some(c) = found(CHINESE) {
        return (class(c), Some("China's words"));
    }
    match by_letter(word) {
        Some((class, numbered)) => (ClassOf::Class(class), Some(if numbered { ROUTES } else { "China's letters" })),
        None => (ClassOf::Unknown, None),
    }
}

/// A letter alone or before the number of a route, and whether it has one. National and provincial motorways have one or two digits
/// (G42, S1), or four (G5012); three are of other national and provincial roads.
fn by_letter(word: &str) -> Option<(RoadClass, bool)> {
    let mut signs = word.chars();
    let letter = signs.next()?;
    let (_, class) = LETTERS.iter().find(|(l, _)| *l == letter)?;
    let number: String = signs.as_str().chars().filter(|c| !c.is_whitespace()).collect();
    if number.is_empty() {
        return Some((*class, false));
    }
    let digits = number.chars().take_while(char::is_ascii_digit).count();
    // G15W and the like: a letter may stand behind.
    let rest = number.chars().skip(digits).count();
    if !(1..=4).contains(&digits) || rest > 1 {
        return None;
    }
    let motorway = matches!((letter, digits), ('G' | 'S', 1 | 2) | ('G', 4));
    Some((if motorway { Motorway } else { *class }, true))
}

/// No road has so many classes that a list of them is longer, bytes.
const LONGEST_LIST: usize = 4096;

/// How classes of a layer were understood, to be told at the end.
#[derive(Debug, Default)]
pub struct ClassWords {
    /// By file and vocabulary: an example and the roads for each class.
    vocabularies: BTreeMap<(String, &'static str, String), (String, u64)>,
    /// By file: lists, an example and what it was taken as.
    lists: BTreeMap<String, (String, String, u64)>,
}

impl ClassWords {
    /// What a class value means, `own` being `[roads.classes]`. Of a list the highest class counts.
    pub fn of(&mut self, text: &str, own: &BTreeMap<String, String>, here: &Location) -> ClassOf {
        if let Some(mapped) = own.get(text) {
            return by_own(mapped);
        }
        if let Some(class) = RoadClass::from_name(text) {
            return ClassOf::Class(class);
        }
        let file = || here.file.clone().unwrap_or_default();
        if text.len() > LONGEST_LIST {
            return ClassOf::Unknown;
        }
        let bracketed = lists::bracketed(text);
        let parts = bracketed.or_else(|| text.contains([';', '|', '、']).then(|| split(text)));
        let Some(parts) = parts else { return self.of_one(text, file) };
        let each: Vec<ClassOf> = parts.iter().map(|p| own.get(p).map_or_else(|| of_word(p).0, |m| by_own(m))).collect();
        let highest = each.iter().filter_map(|c| c.class()).min();
        let all_out = !each.is_empty() && each.iter().all(|c| *c == ClassOf::Excluded);
        let Some(class) = highest else { return if all_out { ClassOf::Excluded } else { ClassOf::Unknown } };
        let list = self.lists.entry(file()).or_insert_with(|| (text.to_owned(), class.as_str().to_owned(), 0));
        list.2 += 1;
        ClassOf::Class(class)
    }

    fn of_one(&mut self, text: &str, file: impl Fn() -> String) -> ClassOf {
        let (class, vocabulary) = of_word(text);
        let Some(vocabulary) = vocabulary else { return class };
        let word = class.class().map_or("no road for cars", RoadClass::as_str);
        // Route numbers are as many as roads: one example stands for those of a class.
        let value = if vocabulary == ROUTES { word.to_owned() } else { text.to_owned() };
        let entry = self.vocabularies.entry((file(), vocabulary, value)).or_insert_with(|| (text.to_owned(), 0));
        entry.1 += 1;
        class
    }

    /// Tells what was understood by other vocabularies than ours, and lists.
    pub fn tell(&self, issues: &mut Issues) {
        for ((file, vocabulary, _), (example, n)) in &self.vocabularies {
            let class = of_word(example).0.class().map_or("no road for cars", RoadClass::as_str);
            let such = if *vocabulary == ROUTES { "classes such as" } else { "class" };
            let roads = if *n == 1 { "1 road".to_owned() } else { format!("{n} roads") };
            let what = format!("{such} \"{example}\" ({roads}) were taken as {class}, by {vocabulary}");
            issues.push(Layer::Roads, IssueCode::ClassByVocabulary, Location::file(file.as_str()).field("class"), what);
        }
        for (file, (example, class, n)) in &self.lists {
            let what = format!("{n} classes are lists, of which the highest was taken: {example} as {class}");
            issues.push(Layer::Roads, IssueCode::ClassOfList, Location::file(file.as_str()).field("class"), what);
        }
    }
}

fn by_own(mapped: &str) -> ClassOf {
    if mapped == "exclude" { ClassOf::Excluded } else { RoadClass::from_name(mapped).map_or(ClassOf::Unknown, ClassOf::Class) }
}

fn split(text: &str) -> Vec<String> {
    text.split([';', '|', '、']).map(|p| p.trim().to_owned()).filter(|p| !p.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(word: &str) -> Option<RoadClass> {
        of_word(word).0.class()
    }

    #[test]
    fn routes_go_by_letter_and_digits() {
        // motorways: G42, G5012, S1, G15W; ordinary roads: G318, S103; the rest by the letter
        for (word, want) in [
            ("G42", Motorway),
            ("G5012", Motorway),
            ("G15W", Motorway),
            ("S1", Motorway),
            ("G318", Trunk),
            ("S103", Primary),
            ("X012", Secondary),
            ("Y003", Tertiary),
            ("C123", Local),
            ("G", Trunk),
            ("C", Local),
            ("S 204", Primary),
        ] {
            assert_eq!(class(word), Some(want), "{word}");
        }
        for word in ["g42", "G42012", "Gravel", "C1-12", "County", "Z12"] {
            assert_eq!(class(word), None, "{word}");
        }
    }

    #[test]
    fn words_and_codes_are_known_and_told() {
        assert_eq!(
            ["高速公路", "国道", "省道", "县道", "乡道", "村道"].map(class),
            [Some(Motorway), Some(Trunk), Some(Primary), Some(Secondary), Some(Tertiary), Some(Local)]
        );
        assert_eq!(
            (of_word("S1820").0, of_word("S1100").0, class("s1400")),
            (ClassOf::Excluded, ClassOf::Class(Motorway), Some(Local))
        );
        assert_eq!((of_word("primary").1, of_word("stagecoach").0), (None, ClassOf::Unknown));
    }

    #[test]
    fn of_a_list_the_highest_counts() {
        let (mut words, own, here) =
            (ClassWords::default(), BTreeMap::from([("lane".to_owned(), "exclude".to_owned())]), Location::default());
        let mut of = |text: &str| words.of(text, &own, &here);
        assert_eq!(of("['residential', 'primary']"), ClassOf::Class(Primary));
        assert_eq!(of("[\"tertiary\",\"stagecoach\"]"), ClassOf::Class(Tertiary));
        assert_eq!(of("residential;trunk_link"), ClassOf::Class(Trunk));
        assert_eq!(
            (of("['lane', 'lane']"), of("['stagecoach']"), of("lane")),
            (ClassOf::Excluded, ClassOf::Unknown, ClassOf::Excluded)
        );
        let mut issues = Issues::default();
        words.tell(&mut issues);
        let told: Vec<_> = issues.sorted().iter().map(|i| i.message.clone()).collect();
        assert_eq!(told, ["3 classes are lists, of which the highest was taken: ['residential', 'primary'] as primary"]);
    }
}
