//! The words of power: a text such as `2x22 kW (AC)` cut into numbers, units and what stands between them.

use crate::config::station_words::half_width;

/// A unit of power.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// W.
    Watt,
    /// kW.
    Kilowatt,
    /// MW.
    Megawatt,
    /// VA, kVA and MVA are taken as W, kW and MW, which is told.
    VoltAmpere,
    /// kVA.
    KilovoltAmpere,
    /// MVA.
    MegavoltAmpere,
}

impl Unit {
    /// Kilowatts in one.
    pub fn kw(self) -> f64 {
        match self {
            Self::Watt | Self::VoltAmpere => 0.001,
            Self::Kilowatt | Self::KilovoltAmpere => 1.0,
            Self::Megawatt | Self::MegavoltAmpere => 1000.0,
        }
    }

    /// Whether it is one of apparent power (VA).
    pub fn is_apparent(self) -> bool {
        matches!(self, Self::VoltAmpere | Self::KilovoltAmpere | Self::MegavoltAmpere)
    }
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq)]
pub enum Token {
    /// Digits with the marks between them, as written.
    Number(String),
    /// A unit.
    Unit(Unit),
    /// `x`, `×` or `*`.
    Times,
    /// What parts a list, or the ends of a range.
    Next,
    /// `+`.
    Plus,
}

/// Units by their names in lower case; in Chinese the longer before the shorter.
const UNITS: &[(&str, Unit)] = &[
    ("kw", Unit::Kilowatt),
    ("w", Unit::Watt),
    ("mw", Unit::Megawatt),
    ("va", Unit::VoltAmpere),
    ("kva", Unit::KilovoltAmpere),
    ("mva", Unit::MegavoltAmpere),
    ("kilowatt", Unit::Kilowatt),
    ("kilowatts", Unit::Kilowatt),
    ("watt", Unit::Watt),
    ("watts", Unit::Watt),
    ("megawatt", Unit::Megawatt),
    ("megawatts", Unit::Megawatt),
    ("квт", Unit::Kilowatt),
    ("вт", Unit::Watt),
    ("мвт", Unit::Megawatt),
    ("千瓦", Unit::Kilowatt),
    ("兆瓦", Unit::Megawatt),
    ("千伏安", Unit::KilovoltAmpere),
    ("瓦", Unit::Watt),
];

/// Words beside a power that do not change it.
const ASIDE: &[&str] = &[
    "ac",
    "dc",
    "max",
    "maximum",
    "up",
    "to",
    "bis",
    "zu",
    "ca",
    "circa",
    "approx",
    "about",
    "peak",
    "rated",
    "fast",
    "je",
    "each",
    "per",
    "gun",
    "plug",
    "connector",
    "socket",
    "point",
    "直流",
    "交流",
    "最大",
    "最高",
    "额定",
    "功率",
    "单枪",
    "快充",
    "慢充",
    "每枪",
    "约",
    "枪",
    "台",
    "桩",
];

/// Words that part a list.
const AND: &[&str] = &["and", "und", "et", "至", "到", "和"];

/// The pieces of a text; `None` where some of it is not understood.
pub fn tokens(text: &str) -> Option<Vec<Token>> {
    let chars = without_asides(&folded(text))?;
    let (mut out, mut i) = (Vec::new(), 0);
    while let Some(&c) = chars.get(i) {
        let mut end = i + 1;
        match c {
            _ if starts_number(&chars, i) => {
                end = number_end(&chars, i);
                out.push(Token::Number(chars[i..end].iter().collect()));
            }
            '×' | '*' => out.push(Token::Times),
            ';' | '|' | '/' | ',' | '、' | '&' => out.push(Token::Next),
            '+' => out.push(Token::Plus),
            '-' | '~' if !out.is_empty() => out.push(Token::Next), // a range: 11-22 kW
            '~' | '<' | '≤' | '≈' | ' ' | '.' | ':' => {}
            _ if c.is_alphabetic() => {
                end = word_end(&chars, i);
                words(&chars[i..end].iter().collect::<String>(), &mut out)?;
            }
            _ => return None,
        }
        i = end;
    }
    Some(out)
}

/// In lower case, with wide forms, dashes and blanks as the plain ones. A wide comma parts a list: it is no decimal mark anywhere.
fn folded(text: &str) -> Vec<char> {
    let plain = |c: char| match c {
        '，' | '\n' | '\r' | '\t' => ';',
        '–' | '—' | '−' => '-',
        '’' => '\'',
        '✕' | '✖' => '×',
        _ if c.is_whitespace() => ' ',
        _ => half_width(c),
    };
    text.trim().chars().map(plain).flat_map(char::to_lowercase).collect()
}

/// Leaves out what stands in brackets, `22 kW (AC)`; `None` where that speaks of power itself.
fn without_asides(chars: &[char]) -> Option<Vec<char>> {
    let (mut out, mut inside): (Vec<char>, Option<String>) = (Vec::new(), None);
    for &c in chars {
        match (c, &mut inside) {
            ('(', None) => inside = Some(String::new()),
            (')', Some(text)) => {
                if ["kw", "mw", "瓦", "x", "×", "*"].iter().any(|w| text.contains(w)) {
                    return None;
                }
                inside = None;
                out.push(' ');
            }
            ('(' | ')', _) => return None,
            (c, Some(text)) => text.push(c),
            (c, None) => out.push(c),
        }
    }
    inside.is_none().then_some(out)
}

fn digit(chars: &[char], i: usize) -> bool {
    chars.get(i).is_some_and(char::is_ascii_digit)
}

fn starts_number(chars: &[char], i: usize) -> bool {
    digit(chars, i) || (chars.get(i) == Some(&'.') && digit(chars, i + 1))
}

/// Where a row of digits ends: marks and blanks belong to it where digits follow, a blank only before three of them.
fn number_end(chars: &[char], start: usize) -> usize {
    let mut end = start + 1;
    loop {
        match chars.get(end) {
            Some(c) if c.is_ascii_digit() => end += 1,
            Some('.' | ',' | '\'') if digit(chars, end + 1) => end += 1,
            Some(' ') if (end + 1..end + 4).all(|i| digit(chars, i)) && !digit(chars, end + 4) => end += 1,
            _ => return end,
        }
    }
}

/// Where a word ends: Latin and other letters do not run together (`kW直流`).
fn word_end(chars: &[char], start: usize) -> usize {
    let latin = |c: char| c.is_ascii();
    let more = chars[start..].iter().take_while(|c| c.is_alphabetic() && latin(**c) == latin(chars[start])).count();
    start + more.max(1)
}

/// The tokens of letters that stand together; `None` where they are not known.
fn words(run: &str, out: &mut Vec<Token>) -> Option<()> {
    let unit = |word: &str| UNITS.iter().find(|u| u.0 == word).map(|u| u.1);
    if run == "x" || run == "х" {
        out.push(Token::Times); // the Latin and the Cyrillic letter
    } else if let Some(unit) = unit(run) {
        out.push(Token::Unit(unit));
    } else if AND.contains(&run) {
        out.push(Token::Next);
    } else if ASIDE.contains(&run) {
    } else if let Some((before, rest)) = UNITS.iter().find_map(|u| Some((u.1, run.strip_prefix(u.0)?))).filter(|_| run.is_ascii())
    {
        // `kwx2`, `kwdc`
        out.push(Token::Unit(before));
        match rest {
            "x" => out.push(Token::Times),
            "ac" | "dc" => {}
            _ => return None,
        }
    } else {
        han(run, out)?;
    }
    Some(())
}

/// Chinese words run together (`千瓦直流`): the longest known one first.
fn han(mut run: &str, out: &mut Vec<Token>) -> Option<()> {
    if run.is_ascii() || run.starts_with("千瓦时") || run.starts_with("兆瓦时") {
        return None;
    }
    while !run.is_empty() {
        if let Some((name, unit)) = UNITS.iter().filter(|u| !u.0.is_ascii()).find(|u| run.starts_with(u.0)) {
            out.push(Token::Unit(*unit));
            run = &run[name.len()..];
            if run.starts_with('时') {
                return None;
            }
        } else if let Some(and) = AND.iter().find(|w| !w.is_ascii() && run.starts_with(**w)) {
            out.push(Token::Next);
            run = &run[and.len()..];
        } else {
            let aside = ASIDE.iter().filter(|w| !w.is_ascii() && run.starts_with(**w)).max_by_key(|w| w.len())?;
            run = &run[aside.len()..];
        }
    }
    Some(())
}
