//! File names of the pages of counties: their codes where these are plain, else their numbers; unique on every file system.

use crate::results::Results;
use std::collections::BTreeSet;

/// Longest code that names a file, characters.
const LONGEST: usize = 32;

/// The folder of the pages.
const FOLDER: &str = "counties";

/// Where the pages of counties are, seen from a page of the folder itself.
pub fn below() -> String {
    format!("{FOLDER}/")
}

/// The pages that are written: of every county, or none where `[output]` leaves them out.
pub struct Pages(Vec<String>);

impl Pages {
    /// Of a run or a round.
    pub fn of(r: &Results) -> Self {
        let codes: Vec<&str> = r.counties().map(|c| c.code.as_str()).collect();
        Self(if r.output.wants("county_pages") { page_names(&codes) } else { Vec::new() })
    }

    /// Their file names, by county.
    pub fn names(&self) -> &[String] {
        &self.0
    }

    /// Leads to the page of a county, `to` being the way to their folder; none where it is not written.
    pub fn href(&self, county: usize, to: &str) -> Option<String> {
        self.0.get(county).map(|name| format!("{to}{name}"))
    }
}

/// A file name for each county, by the order of the codes: `500101.html`, or `n0017.html` for the seventeenth county where its code is
/// no plain name or another one is the same but for capitals.
pub fn page_names(codes: &[&str]) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let by_code: Vec<bool> = codes.iter().map(|c| is_plain(c) && taken.insert(c.to_ascii_lowercase())).collect();
    let name = |(i, (code, own)): (usize, (&&str, bool))| {
        if own {
            return format!("{code}.html");
        }
        let mut stem = format!("n{:04}", i + 1);
        while !taken.insert(stem.clone()) {
            stem.push('-'); // a county has this code
        }
        format!("{stem}.html")
    };
    codes.iter().zip(by_code).enumerate().map(name).collect()
}

/// Whether a code can name a file: letters, digits, `_` and `-`, and none of the names that Windows keeps for devices.
fn is_plain(code: &str) -> bool {
    let device = |c: &str| {
        let c = c.to_ascii_lowercase();
        matches!(c.as_str(), "con" | "prn" | "aux" | "nul")
            || ((c.starts_with("com") || c.starts_with("lpt")) && c.len() == 4 && c.as_bytes()[3].is_ascii_digit())
    };
    (1..=LONGEST).contains(&code.len())
        && code.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
        && !device(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_codes_name_their_pages_and_others_are_numbered() {
        let long = "1".repeat(33);
        let codes = ["500101", "a b", "../x", "", "县", long.as_str(), "A-1_b", "nul", "Com1", "com"];
        // the second to the sixth are no plain names; of "nul" and "Com1" Windows makes devices, of "com" it does not
        let want = ["500101", "n0002", "n0003", "n0004", "n0005", "n0006", "A-1_b", "n0008", "n0009", "com"];
        assert_eq!(page_names(&codes), want.map(|w| format!("{w}.html")));
    }

    #[test]
    fn names_are_unique_even_without_capitals() {
        // "AB" comes after "ab"; "n0003" is the code of a county, so the third cannot have its number as it is
        assert_eq!(page_names(&["ab", "AB", "x y", "N0003"]), ["ab.html", "n0002.html", "n0003-.html", "N0003.html"]);
    }
}
