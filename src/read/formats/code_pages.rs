//! Code pages that have a name and no decoder here: text in one of them is refused by name, and never read as another.

use crate::error::{Error, Location};

/// Numbers under which people and files name them, and what they are.
const PAGES: &[(u16, &str)] = &[
    (37, "EBCDIC"),
    (437, "the DOS page of the United States"),
    (500, "EBCDIC"),
    (620, "Mazovia, a Polish DOS page"),
    (708, "an Arabic DOS page"),
    (720, "an Arabic DOS page"),
    (737, "the Greek DOS page"),
    (775, "the Baltic DOS page"),
    (850, "the DOS page of Western Europe"),
    (852, "the DOS page of Central Europe"),
    (855, "the Cyrillic DOS page"),
    (857, "the Turkish DOS page"),
    (858, "the DOS page of Western Europe with the euro"),
    (860, "the Portuguese DOS page"),
    (861, "the Icelandic DOS page"),
    (862, "the Hebrew DOS page"),
    (863, "the French Canadian DOS page"),
    (864, "the Arabic DOS page"),
    (865, "the Nordic DOS page"),
    (869, "the Greek DOS page"),
    (895, "Kamenický, a Czech DOS page"),
    (1361, "Johab"),
];

/// A page without a decoder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    number: u16,
    what: &'static str,
}

impl Page {
    fn of_number(number: u16) -> Option<Self> {
        PAGES.iter().find(|(n, _)| *n == number).map(|(number, what)| Self { number: *number, what })
    }

    /// That of a name as people and `.cpg` files write it: `cp850`, `IBM 437`, `OEM 850`, `DOS-852`, `850`.
    pub fn named(label: &str) -> Option<Self> {
        let plain: String = label.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
        if plain.len() != label.chars().filter(|c| c.is_alphanumeric()).count() {
            return None;
        }
        let digits = plain.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        let word = &plain[..plain.len() - digits.len()];
        let sound =
            ["", "cp", "csibm", "ibm", "oem", "dos", "msdos", "codepage", "cspc", "cpoem", "ansi", "ldid", "windows", "ms"];
        sound.contains(&word).then(|| Self::of_number(digits.parse().ok()?)).flatten()
    }

    /// That of the language byte of a `.dbf`.
    pub fn of_language(byte: u8) -> Option<Self> {
        Self::of_number(match byte {
            0x01 | 0x09 | 0x0b | 0x0d | 0x0f | 0x11 | 0x15 | 0x18 | 0x19 | 0x1b => 437,
            0x02 | 0x0a | 0x0e | 0x10 | 0x12 | 0x14 | 0x16 | 0x1a | 0x1d | 0x25 | 0x37 => 850,
            0x08 | 0x17 | 0x66 => 865,
            0x1c | 0x6c => 863,
            0x1f | 0x22 | 0x23 | 0x40 | 0x64 | 0x87 => 852,
            0x24 => 860,
            0x67 => 861,
            0x68 => 895,
            0x69 => 620,
            0x6a | 0x86 => 737,
            0x6b | 0x88 => 857,
            _ => return None,
        })
    }

    /// The refusal of a text in it; `who` says so.
    pub fn refusal(self, who: &str, shown: &str) -> Error {
        let what = format!("{who} names code page {} ({}), which is not read", self.number, self.what);
        let next =
            "open it as that in a spreadsheet, an editor or a GIS and save it as UTF-8; or say encoding = if it is another";
        Error::input(what, next).at(Location::file(shown))
    }
}

#[cfg(test)]
mod tests {
    use super::Page;

    #[test]
    fn pages_go_by_name_and_by_language_byte() {
        let number = |label: &str| Page::named(label).map(|p| p.number);
        for (label, want) in [
            ("cp850", Some(850)),
            ("CP-437", Some(437)),
            ("IBM 850", Some(850)),
            ("OEM 850", Some(850)),
            ("ibm437", Some(437)),
            ("DOS-852", Some(852)),
            ("850", Some(850)),
            ("windows-1252", None),
            ("1252", None),
            ("UTF-8", None),
            ("gbk", None),
            ("klingon 850", None),
            ("代码页850", None),
        ] {
            assert_eq!(number(label), want, "{label}");
        }
        let byte = |b: u8| Page::of_language(b).map(|p| p.number);
        assert_eq!((byte(0x01), byte(0x02), byte(0x1b), byte(0x64)), (Some(437), Some(850), Some(437), Some(852)));
        assert_eq!((byte(0), byte(0x03), byte(0x4d), byte(0x57)), (None, None, None, None));
    }
}
