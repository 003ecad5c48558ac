//! Numbers of roads in names: `G318`, `US Hwy 395`, `State Rte 20`, `G42;G50`, each in one spelling.

/// Words before the digits, longest first, and the one spelling.
const PREFIXES: &[(&[&str], &str)] = &[
    (&["UNITED", "STATES", "HIGHWAY"], "US"),
    (&["INTERSTATE", "HIGHWAY"], "I"),
    (&["US", "HWY"], "US"),
    (&["US", "HIGHWAY"], "US"),
    (&["US", "ROUTE"], "US"),
    (&["US", "RTE"], "US"),
    (&["STATE", "RTE"], "SR"),
    (&["STATE", "ROUTE"], "SR"),
    (&["STATE", "HWY"], "SR"),
    (&["STATE", "HIGHWAY"], "SR"),
    (&["STATE", "RD"], "SR"),
    (&["STATE", "ROAD"], "SR"),
    (&["CO", "RD"], "CR"),
    (&["COUNTY", "RD"], "CR"),
    (&["COUNTY", "ROAD"], "CR"),
    (&["CO", "HWY"], "CR"),
    (&["COUNTY", "HWY"], "CR"),
    (&["COUNTY", "HIGHWAY"], "CR"),
    (&["COUNTY", "ROUTE"], "CR"),
    (&["INTERSTATE"], "I"),
    (&["HIGHWAY"], "HWY"),
    (&["ROUTE"], "HWY"),
    (&["RTE"], "HWY"),
    (&["HWY"], "HWY"),
];

/// Letters before digits that are words of addresses, not of networks of roads.
const NO_NETWORK: [&str; 12] = ["RD", "ST", "AVE", "LN", "DR", "CT", "PL", "LOT", "WAY", "ALY", "TRL", "CIR"];

/// Words behind the digits that make another road of it.
const BRANCHES: &[(&str, &str)] = &[
    ("ALT", "ALT"),
    ("ALTERNATE", "ALT"),
    ("BUS", "BUS"),
    ("BUSINESS", "BUS"),
    ("BYP", "BYP"),
    ("BYPASS", "BYP"),
    ("SPUR", "SPUR"),
    ("SPR", "SPUR"),
    ("TRUCK", "TRUCK"),
    ("LOOP", "LOOP"),
];

/// Words behind the digits that only say which way it goes there.
const WAYS: [&str; 12] = ["N", "S", "E", "W", "NB", "SB", "EB", "WB", "NORTH", "SOUTH", "EAST", "WEST"];

/// Classes of roads in Chinese.
const CHINESE: [(&str, &str); 5] = [("国道", "G"), ("省道", "S"), ("县道", "X"), ("乡道", "Y"), ("村道", "C")];

/// The numbers in a name or reference, in one spelling, sorted, each once.
///
/// ```
/// use chargegap::internals::read::road_reference::references;
/// assert_eq!(references("US Hwy 395 N"), ["US 395"]);
/// assert_eq!(references("G50;G42"), ["G42", "G50"]);
/// assert!(references("Main Street").is_empty());
/// ```
pub fn references(text: &str) -> Vec<String> {
    if !text.contains(|c: char| c.is_ascii_digit() || ('\u{ff10}'..='\u{ff19}').contains(&c)) {
        return Vec::new(); // most names
    }
    let mut all: Vec<String> = Vec::new();
    for part in text.split([';', '；', ',', '，', '/', '、', '|']) {
        // `US Hwy 2/97` are two of one network
        let before = all.last().map(|r| r.trim_end_matches(|c: char| !c.is_alphabetic()));
        let same = before.filter(|_| is_numbered(part.trim())).map(|prefix| format!("{prefix} {}", part.trim()));
        all.extend(reference(same.as_deref().unwrap_or(part)));
    }
    all.sort_unstable();
    all.dedup();
    all
}

/// One number in its one spelling; none for what is no number of a road.
pub fn reference(text: &str) -> Option<String> {
    let plain: String = text.trim().chars().map(crate::config::station_words::half_width).flat_map(char::to_uppercase).collect();
    chinese(&plain).or_else(|| spelled(&plain))
}

/// `318国道`, `国道318`, `G318国道`, `G318线`.
fn chinese(text: &str) -> Option<String> {
    let bare = text.strip_suffix('线').unwrap_or(text);
    let (rest, letter) = CHINESE.iter().find_map(|(word, letter)| {
        let rest = bare.strip_prefix(word).or_else(|| bare.strip_suffix(word))?;
        Some((rest.trim(), *letter))
    })?;
    let digits = rest.strip_prefix(letter).unwrap_or(rest);
    is_number(digits).then(|| format!("{letter}{digits}"))
}

fn is_number(digits: &str) -> bool {
    (1..=4).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
}

/// Digits, perhaps with one letter behind.
fn is_numbered(word: &str) -> bool {
    is_number(word.strip_suffix(|c: char| c.is_ascii_uppercase()).unwrap_or(word))
}

fn spelled(text: &str) -> Option<String> {
    let text = text.strip_suffix('线').unwrap_or(text).replace('.', "");
    let mut words: Vec<&str> = text.split([' ', '-', '\u{a0}']).filter(|w| !w.is_empty()).collect();
    let first = *words.first()?;
    // letters and digits in one word: G318, A4, I90
    let cut = first.find(|c: char| c.is_ascii_digit()).unwrap_or(first.len());
    if cut > 0 && cut < first.len() {
        words.splice(..1, [&first[..cut], &first[cut..]]);
    }
    let long = PREFIXES.iter().find(|(prefix, _)| words.len() > prefix.len() && words.starts_with(prefix));
    let (prefix, rest) = match long {
        Some((prefix, short)) => (*short, &words[prefix.len()..]),
        None => (*words.first()?, words.get(1..)?),
    };
    let letters = prefix.chars().all(char::is_alphabetic) && prefix.chars().count() <= 3;
    let (number, behind) = rest.split_first()?;
    if !letters || NO_NETWORK.contains(&prefix) || !is_numbered(number) {
        return None;
    }
    let mut branch = String::new();
    for word in behind {
        match BRANCHES.iter().find(|(long, _)| long == word) {
            Some((_, short)) => branch = format!("{branch} {short}"),
            None if WAYS.contains(word) => {}
            None => return None,
        }
    }
    let blank = if prefix.chars().count() > 1 || prefix == "I" { " " } else { "" };
    Some(format!("{prefix}{blank}{number}{branch}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_one_spelling() {
        for (text, want) in [
            ("G318", "G318"),
            ("g 318", "G318"),
            ("Ｇ３１８", "G318"),
            ("G318线", "G318"),
            ("318国道", "G318"),
            ("G318国道", "G318"),
            ("省道101", "S101"),
            ("G4211", "G4211"),
            ("US Hwy 395", "US 395"),
            ("US-395", "US 395"),
            ("US395", "US 395"),
            ("U.S. Highway 395", "US 395"),
            ("US Hwy 395 N", "US 395"),
            ("US Hwy 97 Alt", "US 97 ALT"),
            ("US Highway 2 Business", "US 2 BUS"),
            ("I- 90", "I 90"),
            ("I-90", "I 90"),
            ("Interstate 90", "I 90"),
            ("State Rte 20", "SR 20"),
            ("SR 20", "SR 20"),
            ("State Route 20 E", "SR 20"),
            ("WA 20", "WA 20"),
            ("Co Rd 12", "CR 12"),
            ("County Road 12", "CR 12"),
            ("A1", "A1"),
            ("A 1", "A1"),
            ("E 40", "E40"),
            ("M25", "M25"),
            ("US 11E", "US 11E"),
            ("Highway 12", "HWY 12"),
        ] {
            assert_eq!(reference(text).as_deref(), Some(want), "{text}");
        }
        for text in [
            "Main Street",
            "Rd 12 NW",
            "Old US Hwy 395",
            "1st Ave",
            "US Hwy",
            "State Rte",
            "12",
            "G",
            "Highway to 12",
            "沪聂线",
            "Road 7",
            "",
        ] {
            assert_eq!(reference(text), None, "{text}");
        }
        assert_eq!(references("G50; G42;Main Street;G42"), ["G42", "G50"]);
        assert_eq!(references("US 2 / US 395"), ["US 2", "US 395"]);
        assert_eq!(references("US Hwy 2/97"), ["US 2", "US 97"]);
        assert_eq!(references("G50/42"), ["G42", "G50"]);
        assert_eq!(references("12/14 Main Street"), [""; 0]);
    }
}
