//! Units by their words: in brackets behind a column's name, in a title (`单位：万人`), in a cell of their own below a name (`(kW)`).

use crate::config::station_words::half_width;

/// What a unit measures.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Measure {
    /// Kilowatts are ours.
    Power,
    /// Single people are ours.
    People,
    /// Kilometres an hour are ours.
    Speed,
    /// Single units of money (yuan, euro) are ours.
    Money,
    /// Degrees, pieces: nothing to take to anything.
    Plain,
    /// Areas, energy: what no field is measured in.
    Other,
}

use Measure::{Money, Other, People, Plain, Power, Speed};

/// Units that stand in brackets behind a name, and how many of ours one of them is.
pub(super) const UNITS: &[(&str, Measure, f64)] = &[
    ("kw", Power, 1.0),
    ("千瓦", Power, 1.0),
    ("kva", Power, 1.0),
    ("千伏安", Power, 1.0),
    ("va", Power, 0.001),
    ("w", Power, 0.001),
    ("瓦", Power, 0.001),
    ("mw", Power, 1000.0),
    ("mva", Power, 1000.0),
    ("兆瓦", Power, 1000.0),
    ("人", People, 1.0),
    ("persons", People, 1.0),
    ("people", People, 1.0),
    ("inhabitants", People, 1.0),
    ("habitants", People, 1.0),
    ("einwohner", People, 1.0),
    ("百人", People, 100.0),
    ("千人", People, 1000.0),
    ("万人", People, 10_000.0),
    ("萬人", People, 10_000.0),
    ("十万人", People, 100_000.0),
    ("百万人", People, 1_000_000.0),
    ("亿人", People, 100_000_000.0),
    // A size alone counts people: nobody counts kilowatts or guns so.
    ("千", People, 1000.0),
    ("万", People, 10_000.0),
    ("thousand", People, 1000.0),
    ("thousands", People, 1000.0),
    ("thousandpersons", People, 1000.0),
    ("thousandpeople", People, 1000.0),
    ("thousandsofpersons", People, 1000.0),
    ("thousandsofpeople", People, 1000.0),
    ("inthousands", People, 1000.0),
    ("intausend", People, 1000.0),
    ("tausend", People, 1000.0),
    ("milliers", People, 1000.0),
    ("enmilliers", People, 1000.0),
    ("enmiles", People, 1000.0),
    ("000", People, 1000.0),
    ("000s", People, 1000.0),
    ("million", People, 1_000_000.0),
    ("millions", People, 1_000_000.0),
    ("inmillions", People, 1_000_000.0),
    ("km/h", Speed, 1.0),
    ("kmh", Speed, 1.0),
    ("公里/小时", Speed, 1.0),
    ("千米/小时", Speed, 1.0),
    ("公里/时", Speed, 1.0),
    ("mph", Speed, 1.609_344),
    ("元", Money, 1.0),
    ("千元", Money, 1000.0),
    ("万元", Money, 10_000.0),
    ("萬元", Money, 10_000.0),
    ("百万元", Money, 1_000_000.0),
    ("亿元", Money, 100_000_000.0),
    ("美元", Money, 1.0),
    ("yuan", Money, 1.0),
    ("rmb", Money, 1.0),
    ("cny", Money, 1.0),
    ("eur", Money, 1.0),
    ("euro", Money, 1.0),
    ("€", Money, 1.0),
    ("usd", Money, 1.0),
    ("$", Money, 1.0),
    ("us$", Money, 1.0),
    ("keur", Money, 1000.0),
    ("k€", Money, 1000.0),
    ("°", Plain, 1.0),
    ("度", Plain, 1.0),
    ("deg", Plain, 1.0),
    ("dg", Plain, 1.0),
    ("degrees", Plain, 1.0),
    ("wgs84", Plain, 1.0),
    ("cgcs2000", Plain, 1.0),
    ("个", Plain, 1.0),
    ("台", Plain, 1.0),
    ("支", Plain, 1.0),
    ("把", Plain, 1.0),
    ("根", Plain, 1.0),
    ("座", Plain, 1.0),
    ("组", Plain, 1.0),
    ("块", Plain, 1.0),
    ("必填", Plain, 1.0),
    ("选填", Plain, 1.0),
    ("required", Plain, 1.0),
    ("optional", Plain, 1.0),
];

/// Units of what no field is: they say nothing of people and power.
const OTHERS: &[&str] = &[
    "公里",
    "千米",
    "km",
    "米",
    "m",
    "平方公里",
    "平方千米",
    "km²",
    "km2",
    "公顷",
    "ha",
    "亩",
    "%",
    "户",
    "百户",
    "千户",
    "万户",
    "辆",
    "万辆",
    "kwh",
    "mwh",
    "千瓦时",
    "万千瓦时",
    "亿千瓦时",
    "年",
    "月",
    "天",
    "小时",
    "分钟",
    "h",
    "min",
];

/// Sizes that stand before a unit.
const SIZES: &[char] = &['十', '百', '千', '万', '萬', '亿'];

/// What a word says of a unit.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Word {
    /// A unit: what it measures, and how many of ours one of it is.
    Known(Measure, f64),
    /// A size that is not known here, such as `万个`, and of what it is.
    Odd(Measure),
}

/// A word as it is looked for: lower case and half width, without blanks, hyphens and apostrophes.
pub(super) fn compact(text: &str) -> String {
    let kept = |c: &char| !c.is_whitespace() && !matches!(c, '-' | '\'' | '’' | '‘' | '`');
    text.chars().map(half_width).flat_map(char::to_lowercase).filter(kept).collect()
}

/// What a word says of a unit; none where it is none.
pub(super) fn word(text: &str) -> Option<Word> {
    let plain = compact(text);
    let of_table = |plain: &str| UNITS.iter().find(|u| u.0 == plain).map(|(_, measure, factor)| (*measure, *factor));
    if let Some((measure, factor)) = of_table(&plain) {
        return Some(Word::Known(measure, factor));
    }
    if OTHERS.contains(&plain.as_str()) {
        return Some(Word::Known(Other, 1.0));
    }
    let digits: String = plain.chars().filter(|c| !matches!(c, ',' | '.')).take_while(char::is_ascii_digit).collect();
    if let Some(size) = digits.parse::<f64>().ok().filter(|n| (10.0..=1e6).contains(n) && n.log10().fract() == 0.0) {
        let unit = plain.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, ',' | '.'));
        return match of_table(unit) {
            Some((measure @ (People | Money), factor)) => Some(Word::Known(measure, size * factor)),
            Some((measure, _)) => Some(Word::Odd(measure)),
            None if unit.is_empty() && size >= 1000.0 => Some(Word::Known(People, size)),
            None => None,
        };
    }
    let unit = plain.trim_start_matches(SIZES);
    let measure = if unit.is_empty() { Some(People) } else { of_table(unit).map(|(measure, _)| measure) };
    measure.filter(|_| unit.len() < plain.len()).map(Word::Odd)
}

/// Whether a word counts people without saying so: `万`, `thousands`.
pub(super) fn is_bare_size(text: &str) -> bool {
    let plain = compact(text);
    let said = ["人", "person", "people", "habitant", "einwohner"].iter().any(|w| plain.contains(w));
    !said && matches!(word(text), Some(Word::Known(People, factor)) if factor > 1.0)
}

/// What stands before the unit in a title, in lower case and half width; `单位` is also an office (`填报单位：…`), so that what it says
/// has to be a unit.
const LABELS: &[&str] = &[
    "单位",
    "單位",
    "単位",
    "units of measure",
    "unit of measure",
    "units",
    "unit",
    "einheiten",
    "einheit",
    "unités",
    "unité",
    "unidades",
    "unidad",
];

/// The words behind a label for units: `单位：万人、千瓦` says two. None where there is no label.
pub(super) fn labelled(text: &str) -> Option<Vec<String>> {
    if !text.contains([':', '：', '为', '=']) {
        return None; // most
    }
    let half: String = text.chars().map(half_width).flat_map(char::to_lowercase).collect();
    let after = LABELS.iter().find_map(|label| {
        let (before, after) = half.split_once(label)?;
        let apart = !label.is_ascii() || !before.ends_with(|c: char| c.is_alphanumeric());
        let after = after.trim_start();
        let mark = [":", "为", "=", "均为"].iter().find_map(|m| after.strip_prefix(m))?;
        apart.then(|| mark.to_owned())
    })?;
    let inside = after.split([')', ']', '。']).next().unwrap_or_default();
    let parts = |text: &str| -> Vec<String> {
        text.split([',', ';', '、', '，', '；']).map(|w| w.trim().to_owned()).filter(|w| !w.is_empty()).collect()
    };
    // `1,000 persons` is one
    Some(if word(inside).is_some() { vec![inside.trim().to_owned()] } else { parts(inside) })
}

/// The unit that a cell is, in brackets or not: `万人`, `(kW)`. Digits alone are a number and no unit.
pub(super) fn alone(text: &str) -> Option<String> {
    let half: String = text.trim().chars().map(half_width).collect();
    let bare = half.trim_matches(|c: char| matches!(c, '(' | ')' | '[' | ']' | '【' | '】' | '〔' | '〕') || c.is_whitespace());
    let number = half.chars().all(|c| c.is_numeric() || matches!(c, '.' | ',' | ' ' | '-'));
    (!number && word(bare).is_some()).then(|| bare.to_owned())
}

/// The unit that a title without a label is or ends in: `人口统计表（万人）`, `Population (in thousands)`. One letter is none there.
pub(super) fn ending(text: &str) -> Option<String> {
    let sound = |unit: &str| word(unit).is_some() && compact(unit).len() > 1;
    if let Some(unit) = alone(text) {
        return Some(unit).filter(|u| sound(u));
    }
    let half: String = text.chars().map(half_width).collect();
    let end = half.trim_end_matches(['.', '。', ' ']);
    if let Some((_, inside)) = end.strip_suffix([')', ']']).and_then(|t| t.rsplit_once(['(', '['])) {
        return sound(inside).then(|| inside.trim().to_owned());
    }
    let lower = end.to_lowercase();
    let phrase = [" in ", " en "].iter().find_map(|p| lower.rsplit_once(p)).map(|(_, unit)| unit.trim());
    phrase.filter(|unit| sound(unit)).map(str::to_owned)
}

/// What a field is measured in.
pub(super) fn measure(ours: &str) -> Measure {
    match ours {
        "power_kw" | "total_kw" | "headroom_kw" | "max_kw" => Power,
        "cost" => Money,
        "population" => People,
        register if register.starts_with("_kw") => Power,
        "speed_kmh" => Speed,
        _ => Plain,
    }
}

/// Whether a field is a number that a unit can change.
pub(super) fn is_number(ours: &str) -> bool {
    measure(ours) != Plain || matches!(ours, "points" | "swap_bays" | "swap_batteries")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_units() {
        for (text, want) in [
            ("万人", Some(Word::Known(People, 1e4))),
            (" ｋＷ ", Some(Word::Known(Power, 1.0))),
            ("'000", Some(Word::Known(People, 1e3))),
            ("1,000 persons", Some(Word::Known(People, 1e3))),
            ("10000人", Some(Word::Known(People, 1e4))),
            ("in 1000", None),
            ("1000", Some(Word::Known(People, 1e3))),
            ("10", None),
            ("in thousands", Some(Word::Known(People, 1e3))),
            ("万元", Some(Word::Known(Money, 1e4))),
            ("10,000 yuan", Some(Word::Known(Money, 1e4))),
            ("十万元", Some(Word::Odd(Money))),
            ("亩", Some(Word::Known(Other, 1.0))),
            ("个", Some(Word::Known(Plain, 1.0))),
            ("万个", Some(Word::Odd(Plain))),
            ("万千瓦", Some(Word::Odd(Power))),
            ("1000 kW", Some(Word::Odd(Power))),
            ("2020", None),
            ("1500", None),
            ("万州区", None),
            ("Berlin", None),
            ("", None),
        ] {
            assert_eq!(word(text), want, "{text}");
        }
        assert!(is_bare_size("万") && is_bare_size("in thousands") && !is_bare_size("万人") && !is_bare_size("people"));
    }

    #[test]
    fn units_of_titles() {
        let of = |text: &str| labelled(text).map(|w| w.join("|"));
        assert_eq!(of("单位：万人").as_deref(), Some("万人"));
        assert_eq!(of("（计量单位: 万人、千瓦）").as_deref(), Some("万人|千瓦"));
        assert_eq!(of("Unit: 1,000 persons").as_deref(), Some("1,000 persons"));
        assert_eq!(of("Einheit: MW").as_deref(), Some("mw"));
        assert_eq!(of("数据单位为万人。").as_deref(), Some("万人"));
        assert_eq!(of("填报单位：万州区交通局").as_deref(), Some("万州区交通局")); // whose word is none
        assert_eq!((of("人口"), of("community: x"), of("单位")), (None, None, None));
        assert_eq!((alone("(W)").as_deref(), alone("'000").as_deref()), (Some("W"), Some("'000")));
        assert_eq!((alone("1000"), alone("1,000"), alone("A")), (None, None, None));
        for (text, want) in [
            ("人口统计表（万人）", Some("万人")),
            ("Population, 2020 (in thousands)", Some("in thousands")),
            ("Population in thousands", Some("thousands")),
            ("Bevölkerung in 1.000", Some("1.000")),
            ("【kW】", Some("kW")),
            ("万人", Some("万人")),
            ("Population in 1000", Some("1000")),
            ("Roads in M", None),
            ("Region West (W)", None),
            ("1000", None),
            ("Population (2020)", None),
            ("Register, as of 2025", None),
        ] {
            assert_eq!(ending(text).as_deref(), want, "{text}");
        }
    }
}
