//! Text from data made safe for SVG and HTML, and numbers for people. Not for CSV, JSON or the terminal.

/// What stands where there is no value.
pub const NONE: &str = "–";

/// Text without what may not stand in XML or would disturb its surroundings: control characters, bidirectional controls
/// and noncharacters are removed, line breaks and tabs become spaces, and more than `most` characters are cut with "…".
///
/// ```
/// assert_eq!(chargegap::internals::files::text::clean("a\0\u{202e}b\nc", 9), "ab c");
/// ```
pub fn clean(text: &str, most: usize) -> String {
    let mut out: String = text.chars().filter_map(kept).take(most + 1).collect();
    if out.chars().count() > most {
        out.pop();
        out.push('…');
    }
    out.trim().to_owned()
}

fn kept(c: char) -> Option<char> {
    match c {
        '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => Some(' '),
        c if c.is_control() => None,
        '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' => None,
        '\u{fdd0}'..='\u{fdef}' => None,
        c if u32::from(c) & 0xfffe == 0xfffe => None,
        c => Some(c),
    }
}

/// The same, escaped for element content and for attributes in double quotes.
///
/// ```
/// assert_eq!(chargegap::internals::files::text::xml("<b a=\"1\">&", 99), "&lt;b a=&quot;1&quot;&gt;&amp;");
/// ```
pub fn xml(text: &str, most: usize) -> String {
    let mut out = String::with_capacity(text.len());
    for c in clean(text, most).chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// A whole number with a comma at every third digit.
///
/// ```
/// assert_eq!(chargegap::internals::files::text::grouped(1234567), "1,234,567");
/// ```
pub fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// A number with so many decimals and grouped digits.
pub fn fixed(value: f64, decimals: usize) -> String {
    let plain = format!("{:.decimals$}", value.abs());
    let (whole, rest) = plain.split_once('.').unwrap_or((&plain, ""));
    let sign = if value < 0.0 && plain.bytes().any(|b| (b'1'..=b'9').contains(&b)) { "−" } else { "" };
    let whole = whole.parse().map_or_else(|_| whole.to_owned(), grouped);
    if rest.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest}") }
}

/// Kilometres with one decimal, from millimetres in integers, halves up.
///
/// ```
/// assert_eq!(chargegap::internals::files::text::km1(1_234_950_000), "1,235.0");
/// ```
pub fn km1(mm: u64) -> String {
    let tenths = (mm + 50_000) / 100_000;
    format!("{}.{}", grouped(tenths / 10), tenths % 10)
}

/// Kilometres with three decimals, from millimetres in integers, halves up.
pub fn km3(mm: u64) -> String {
    let metres = (mm + 500) / 1000;
    format!("{}.{:03}", grouped(metres / 1000), metres % 1000)
}

/// A share in percent with one decimal; what is not all and not nothing never reads as such.
///
/// ```
/// use chargegap::internals::files::text::percent;
/// assert_eq!([percent(1, 8), percent(9_999, 10_000), percent(1, 10_000), percent(0, 0)], ["12.5 %", ">99.9 %", "<0.1 %", "–"]);
/// ```
pub fn percent(part: u64, whole: u64) -> String {
    if whole == 0 {
        return NONE.to_owned();
    }
    let (part, whole) = (u128::from(part), u128::from(whole));
    let tenths = (part * 2000 + whole) / (2 * whole);
    match tenths {
        0 if part > 0 => "<0.1 %".to_owned(),
        1000 if part < whole => ">99.9 %".to_owned(),
        t => format!("{}.{} %", t / 10, t % 10),
    }
}

/// A share in percent with two decimals, never below what it is: for what is at most so much.
///
/// ```
/// use chargegap::internals::files::text::at_most_percent;
/// assert_eq!([at_most_percent(1, 8), at_most_percent(1, 3), at_most_percent(1, 1_000_000), at_most_percent(0, 0)], ["12.50 %", "33.34 %", "0.01 %", "0.00 %"]);
/// ```
pub fn at_most_percent(part: u64, whole: u64) -> String {
    let hundredths = (u128::from(part) * 10_000).div_ceil(u128::from(whole.max(1)));
    format!("{}.{:02} %", hundredths / 100, hundredths % 100)
}

/// A share from 0 to 1 in percent with one decimal.
pub fn shown_share(share: f64) -> String {
    format!("{} %", fixed(share * 100.0, 1))
}

/// Standard base64 with padding, for the hash in a content security policy.
///
/// ```
/// assert_eq!(chargegap::internals::files::text::base64(b"light w"), "bGlnaHQgdw==");
/// ```
pub fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word = (0..3).fold(0u32, |w, i| w << 8 | u32::from(chunk.get(i).copied().unwrap_or(0)));
        for i in 0..4 {
            let letter = ALPHABET[(word >> (18 - 6 * i) & 63) as usize];
            out.push(if i <= chunk.len() { char::from(letter) } else { '=' });
        }
    }
    out
}

/// Names of one county or settlement, or its code when it has none, for drawing: English first.
pub fn names<'a>(name: &'a str, name_zh: &'a str, code: &'a str) -> (&'a str, &'a str) {
    match (name.is_empty(), name_zh.is_empty()) {
        (true, true) => (code, ""),
        (true, false) => (name_zh, ""),
        (false, _) if name == name_zh => (name, ""),
        (false, _) => (name, name_zh),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_for_people() {
        assert_eq!(fixed(-1234.56, 1), "−1,234.6");
        assert_eq!(fixed(-0.04, 1), "0.0"); // no minus on nothing
        assert_eq!(fixed(12.0, 0), "12");
        assert_eq!(km3(1_000_499), "1.000");
        assert_eq!(km3(12_345_678_500), "12,345.679");
        assert_eq!(grouped(999), "999");
    }

    #[test]
    fn base64_agrees_with_rfc_4648() {
        let vectors: [(&[u8], &str); 4] = [(b"", ""), (b"f", "Zg=="), (b"fo", "Zm8="), (b"foobar", "Zm9vYmFy")];
        for (plain, coded) in vectors {
            assert_eq!(base64(plain), coded);
        }
    }

    #[test]
    fn long_names_are_cut_by_characters() {
        assert_eq!(clean("巫山县大昌镇", 4), "巫山县大…");
        assert_eq!(clean("巫山县", 3), "巫山县");
    }
}
