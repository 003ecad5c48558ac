//! Text from data made safe for XML and HTML: one escaper, and no control or direction characters.

/// Escapes text for XML or HTML content and attributes; control characters and bidi controls are dropped.
///
/// ```
/// assert_eq!(chargegap::write::text::xml("<b>\u{202e}&\u{0}"), "&lt;b&gt;&amp;");
/// ```
pub fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in plain(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// Drops control characters, bidi controls and what XML may not hold.
pub fn plain(text: &str) -> String {
    let bad = |c: char| {
        c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}' | '\u{feff}')
    };
    text.chars().filter(|c| !bad(*c)).collect()
}

/// A number with thousands separators.
///
/// ```
/// assert_eq!(chargegap::write::text::grouped(38095.69, 1), "38,095.7");
/// ```
pub fn grouped(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |d| ("-", d));
    let (whole, rest) = digits.split_once('.').map_or((digits, None), |(w, r)| (w, Some(r)));
    let mut out = String::new();
    for (i, c) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    match rest {
        Some(r) => format!("{sign}{out}.{r}"),
        None => format!("{sign}{out}"),
    }
}

/// Kilometres of a length in millimetres, for people.
pub fn km(mm: u64, decimals: usize) -> String {
    grouped(mm as f64 / 1e6, decimals)
}

/// A share in per cent with one decimal; a dash where there is no whole.
pub fn percent(part: u64, whole: u64) -> String {
    if whole == 0 { "–".to_owned() } else { format!("{:.1} %", part as f64 * 100.0 / whole as f64) }
}
