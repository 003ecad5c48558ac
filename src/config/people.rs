//! Names of people in a round file: whether two are one person, who signs, and whether anybody is named at all.

use super::station_words::half_width;
use std::collections::BTreeSet;

/// Whether two names are of one person, so that nobody accepts under another spelling what he signs: the same words in any order, without
/// regard to case, blanks, signs between them, full-width forms and marks over letters ("Li Wei", "WEI  LI", "Wei, Li", "Lǐ Wěi"), or the
/// same letters in order where one of them has no blanks. Initials, titles and other scripts are not seen through.
pub fn same_person(a: &str, b: &str) -> bool {
    let (a, b) = (words(a), words(b));
    let set = |words: &[String]| words.iter().cloned().collect::<BTreeSet<_>>();
    !a.is_empty() && (set(&a) == set(&b) || a.concat() == b.concat())
}

/// Whether one of those who sign is the one, or one of those, who accept.
pub fn is_signer(signed_by: &str, by: &str) -> bool {
    let (signers, accepting) = (people(signed_by), people(by));
    signers.iter().any(|s| accepting.iter().any(|a| !(s.half && a.half) && same_person(&s.name, &a.name)))
}

/// Whether a text names or says anything: a letter is in it, and it is no word that stands for an answer to come.
pub fn says_something(text: &str) -> bool {
    let plain = words(text).concat();
    plain.chars().any(char::is_alphabetic) && !NOBODY.contains(&plain.as_str())
}

/// Words that stand where an answer is to come, in the form of [`words`] joined.
const NOBODY: [&str; 24] = [
    "tbd",
    "tba",
    "tbc",
    "todo",
    "fixme",
    "na",
    "none",
    "nobody",
    "noone",
    "null",
    "nil",
    "unknown",
    "xx",
    "xxx",
    "xxxx",
    "无",
    "暂无",
    "待定",
    "待补",
    "待补充",
    "待填",
    "未知",
    "不详",
    "略",
];

/// Letters that are seen nowhere, though they count as letters.
const FILLERS: [char; 4] = ['\u{115f}', '\u{1160}', '\u{3164}', '\u{ffa0}'];

/// A text that may be one person's name; half, where the sign before or behind it may stand within a name too ("Wei, Li", 李和平).
struct Person {
    name: String,
    half: bool,
}

/// The text as one person, and as those that it lists.
fn people(text: &str) -> Vec<Person> {
    let mut all = vec![Person { name: text.to_owned(), half: false }];
    let wide: String = text.chars().map(half_width).collect();
    let sure = [" and ", " und ", " et ", " - ", " – ", " — "].iter().fold(wide, |text, word| text.replace(word, ";"));
    for one in sure.split(['、', ';', '/', '&', '|', '+', '\n']) {
        all.push(Person { name: one.to_owned(), half: false });
        // 赵敏 李伟: whole names of Chinese characters that blanks part; 李 伟 is one name
        let names: Vec<&str> = one.split_whitespace().collect();
        if names.len() > 1 && names.iter().all(|name| name.chars().all(is_han) && !is_half(name)) {
            all.extend(names.into_iter().map(|name| Person { name: name.to_owned(), half: false }));
        }
        let parts: Vec<&str> = one.split([',', '与', '和', '及']).collect();
        if parts.len() > 1 {
            all.extend(parts.into_iter().map(|part| Person { name: part.to_owned(), half: is_half(part) }));
        }
    }
    all
}

/// Whether a part is too short for a whole name: one word, or one Chinese character.
fn is_half(part: &str) -> bool {
    let words = words(part);
    match words.as_slice() {
        [one] if one.chars().all(is_han) => one.chars().count() < 2,
        list => list.len() < 2,
    }
}

fn is_han(c: char) -> bool {
    ('\u{3400}'..='\u{9fff}').contains(&c)
}

/// Words of a name in small letters without marks.
fn words(name: &str) -> Vec<String> {
    let seen = name.chars().map(half_width).flat_map(char::to_lowercase).filter(|c| !is_mark(*c) && !FILLERS.contains(c));
    let plain: String = seen.map(base).collect();
    plain.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

/// A mark over a letter, or nothing that is seen: neither parts words.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
}

/// Small letters with marks, by the letter that they are made of: European languages, Pinyin and Vietnamese.
const MARKED: [(char, &str); 22] = [
    ('a', "àáâãäåāăąǎǟǡǻȁȃȧạảấầẩẫậắằẳẵặ"),
    ('c', "çćĉċč"),
    ('d', "ďđ"),
    ('e', "èéêëēĕėęěȅȇȩẹẻẽếềểễệ"),
    ('g', "ĝğġģǧǵ"),
    ('h', "ĥħȟ"),
    ('i', "ìíîïĩīĭįıǐȉȋịỉ"),
    ('j', "ĵǰ"),
    ('k', "ķǩ"),
    ('l', "ĺļľŀł"),
    ('m', "ḿ"),
    ('n', "ñńņňǹ"),
    ('o', "òóôõöøōŏőǒǫǭȍȏȫȭȯȱơọỏốồổỗộớờởỡợ"),
    ('p', "ṕ"),
    ('r', "ŕŗřȑȓ"),
    ('s', "śŝşšșṣ"),
    ('t', "ţťŧțṭ"),
    ('u', "ùúûüũūŭůűųǔǖǘǚǜȕȗưụủứừửữự"),
    ('v', "ṽ"),
    ('w', "ŵẁẃẅ"),
    ('y', "ýÿŷȳỳỵỷỹ"),
    ('z', "źżž"),
];

fn base(c: char) -> char {
    MARKED.iter().find(|(_, marked)| marked.contains(c)).map_or(c, |(base, _)| *base)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_the_same_in_another_spelling() {
        assert!(same_person("Wang Wei", " wang  WEI"));
        assert!(same_person("王 伟", "王伟"));
        assert!(same_person("ＷＡＮＧ", "wang"));
        assert!(!same_person("", " ") && !same_person("Wang Wei", "Wang Wen"));
        let others = [
            "WEI  LI",
            "Wei, Li",
            "ＬＩ　ＷＥＩ",
            "wei.li",
            "Li\u{a0}Wei",
            "LiWei",
            "Wei · Li",
            "li-wei",
            "Lí Wéi",
            "LǏ WĚI",
            "Li\u{301} Wei",
            "L\u{200b}i Wei",
        ];
        for other in others {
            assert!(same_person("Li Wei", other) && same_person(other, "Li Wei"), "{other}");
        }
        for other in ["Li", "Li Wei Min", "Li Weimin", "Lei Wi", "Wang Wei", "", "·", "L. Wei"] {
            assert!(!same_person("Li Wei", other) && !same_person(other, "Li Wei"), "{other}");
        }
        for (a, b) in [("Jürgen Müller", "jurgen muller"), ("Nguyễn Văn Đức", "Nguyen Van Duc"), ("Łukasz Żak", "ZAK Lukasz")]
        {
            assert!(same_person(a, b), "{a}");
        }
    }

    #[test]
    fn each_of_several_signers_is_one() {
        for list in [
            "李伟、王强",
            "李伟,王强",
            "李伟，王强",
            "李伟；王强",
            "李伟 / 王强",
            "李伟与王强",
            "李伟和王强",
            "李伟 & 王强",
            "李伟及王强",
            "李伟 王强",
            "李伟\u{3000}王强",
            "李伟 | 王强",
            "李伟+王强",
            "李伟 - 王强",
        ] {
            assert!(is_signer(list, "李伟") && is_signer(list, "王 强") && is_signer(list, "王强、赵敏"), "{list}");
            assert!(!is_signer(list, "李强") && !is_signer(list, "赵敏"), "{list}");
        }
        for list in ["Li Wei, Wang Min", "Li Wei and Wang Min", "Li Wei; Wang Min"] {
            assert!(is_signer(list, "Wei, Li") && is_signer(list, "wang min") && !is_signer(list, "Li Min"), "{list}");
        }
        // one name with its sign: a family name, or half a name, that two have in common is not one person
        for (signed, by) in [("Wang, Min", "Wang, Wei"), ("李和平", "张和平"), ("Li Wei", "Li Na")] {
            assert!(!is_signer(signed, by), "{signed} {by}");
        }
        assert!(is_signer("Wei, Li", "Li Wei") && is_signer("李和平", "李 和平") && !is_signer("", ""));
    }

    #[test]
    fn a_name_or_a_reason_has_a_letter_and_is_no_placeholder() {
        for no in [
            "",
            " ",
            "\u{200b}",
            "…",
            "-",
            "...",
            "?",
            "？",
            "TBD",
            "t.b.d.",
            "N/A",
            "待定",
            "无",
            "12",
            "\u{3164}",
            "None",
            "XXX",
            "———",
        ] {
            assert!(!says_something(no), "{no}");
        }
        for yes in ["Wang", "王", "flood", "b", "Na Li", "无人机复核", "made up", "No. 12"] {
            assert!(says_something(yes), "{yes}");
        }
    }
}
