//! Which mark of a number is the decimal one: decided for a column as a whole, never cell by cell.
//!
//! `44,0` can only be a decimal comma, `1.234.567` only thousands; `5.500` can be either. A column is read by what its clear cells
//! say; one whose cells say two things, or none, is refused with examples: what it means would be a guess, and money, people and
//! power hang on it. `decimal` and `thousands` of the region file decide before any cell is looked at.
//!
//! Numbers that a file holds as numbers (JSON, databases, cells of workbooks) are not looked at: they have no marks.

use crate::config::station_words::half_width;
use crate::error::{Error, Location, Result};
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeMap;

/// How a column writes its numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Style {
    /// Between whole and fraction.
    pub decimal: char,
    /// Between groups of three digits, beside blanks and apostrophes, which can mean nothing else.
    pub thousands: Option<char>,
}

impl Style {
    /// `1,234.5`
    pub const POINT: Self = Self { decimal: '.', thousands: Some(',') };
    /// `1.234,5`
    pub const COMMA: Self = Self { decimal: ',', thousands: Some('.') };

    /// That of the keys `decimal` and `thousands` of a table; none where neither is given.
    ///
    /// # Errors
    /// Usage, for a mark that is none, or one for both.
    pub fn of(decimal: Option<&str>, thousands: Option<&str>, table: &str) -> Result<Option<Self>> {
        let bad = |key: &str, what: String| {
            let at = Location::default().field(format!("{table}.{key}"));
            Error::usage(what, "write \".\" or \",\"").at(at)
        };
        let mark = |key: &str, text: Option<&str>| match text {
            None => Ok(None),
            Some(".") => Ok(Some('.')),
            Some(",") => Ok(Some(',')),
            Some(" " | "'" | "" | "none") if key == "thousands" => Ok(None),
            Some(other) => Err(bad(key, format!("\"{other}\" is no {key} mark"))),
        };
        let other = |mark: char| if mark == '.' { ',' } else { '.' };
        Ok(match (mark("decimal", decimal)?, mark("thousands", thousands)?) {
            (Some(d), Some(t)) if d == t => {
                return Err(bad("thousands", format!("\"{t}\" cannot be both the decimal and the thousands mark")));
            }
            (Some(d), t) => Some(Self { decimal: d, thousands: if thousands.is_some() { t } else { Some(other(d)) } }),
            (None, Some(t)) => Some(Self { decimal: other(t), thousands: Some(t) }),
            (None, None) => None,
        })
    }

    /// A number of any sign; none for what is none in this style.
    ///
    /// ```
    /// use chargegap::internals::read::decimals::Style;
    /// assert_eq!(Style::POINT.parse("-1,234.5"), Some(-1234.5));
    /// assert_eq!(Style::COMMA.parse("1.234,5"), Some(1234.5));
    /// assert_eq!(Style::COMMA.parse("12 600"), Some(12600.0));
    /// assert_eq!(Style::POINT.parse("44,0"), None); // no group of three
    /// ```
    pub fn parse(self, text: &str) -> Option<f64> {
        let text = plain_digits(text);
        let (sign, digits) = match text.strip_prefix(['-', '−']) {
            Some(rest) => (-1.0, rest),
            None => (1.0, text.strip_prefix('+').unwrap_or(&text)),
        };
        if !digits.starts_with(|c: char| c.is_ascii_digit() || c == self.decimal) {
            return None; // `inf` and `NaN` are no numbers
        }
        let (mantissa, exponent) = match digits.find(['e', 'E']) {
            Some(i) => digits.split_at(i),
            None => (digits, ""),
        };
        let (whole, fraction) = mantissa.split_once(self.decimal).unwrap_or((mantissa, ""));
        let whole = joined_groups(whole, self.thousands)?;
        if !fraction.bytes().all(|b| b.is_ascii_digit()) || (whole.is_empty() && fraction.is_empty()) {
            return None;
        }
        let value: f64 = format!("{whole}.{fraction}0{exponent}").parse().ok()?;
        (value.is_finite()).then_some(sign * value)
    }
}

/// Full-width digits and marks as plain ones; trimmed.
fn plain_digits(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let plain = |c: char| match c {
        '０'..='９' | '，' | '．' | '－' | '＋' => half_width(c),
        '\u{a0}' | '\u{202f}' | '\u{2009}' | '\u{3000}' => ' ',
        '’' => '\'',
        c => c,
    };
    Cow::Owned(text.chars().map(plain).collect())
}

/// Digits without what stands between groups of three; none where a group has another length or two kinds of mark stand.
fn joined_groups(whole: &str, thousands: Option<char>) -> Option<String> {
    let mark = whole.chars().find(|c| !c.is_ascii_digit());
    let Some(mark) = mark else { return Some(whole.to_owned()) };
    if !(mark == ' ' || mark == '\'' || Some(mark) == thousands) {
        return None;
    }
    let mut groups = whole.split(mark);
    let first = groups.next()?;
    let digits = |g: &str| g.bytes().all(|b| b.is_ascii_digit());
    let sound = (1..=3).contains(&first.len()) && digits(first) && groups.all(|g| g.len() == 3 && digits(g));
    sound.then(|| whole.split(mark).collect())
}

/// What a cell says of the marks of its column.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Says {
    /// Nothing: no mark.
    Nothing,
    /// The decimal mark is this.
    Decimal(char),
    /// This mark stands once, before three digits: either.
    Either(char),
}

/// What a cell of a column of whole numbers (people, guns) or of any numbers says.
fn says(text: &str, whole: bool) -> Says {
    let text = plain_digits(text);
    let digits = text.trim_start_matches(['-', '−', '+']);
    if digits.contains(['e', 'E']) || !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.' || c == ',') {
        return Says::Nothing;
    }
    let count = |mark: char| digits.chars().filter(|c| *c == mark).count();
    let other = |mark: char| if mark == '.' { ',' } else { '.' };
    match (count('.'), count(',')) {
        (0, 0) => Says::Nothing,
        (1.., 1..) => digits
            .rfind(['.', ','])
            .map_or(Says::Nothing, |i| Says::Decimal(if digits[i..].starts_with('.') { '.' } else { ',' })),
        (points, commas) => {
            let mark = if points > 0 { '.' } else { ',' };
            let (before, after) = digits.split_once(mark).unwrap_or((digits, ""));
            if points + commas > 1 {
                return Says::Decimal(other(mark)); // groups of thousands
            }
            let groups = after.len() == 3 && after.bytes().all(|b| b.is_ascii_digit());
            let lead = before.trim_start_matches(['0']);
            match () {
                () if !groups || lead.is_empty() || before.len() > 3 || before.starts_with('0') => Says::Decimal(mark),
                // nobody counts in parts: `1,234` people are no 1.234
                () if whole && after != "000" => Says::Decimal(other(mark)),
                () => Says::Either(mark),
            }
        }
    }
}

/// A coordinate as text: degrees or metres, whose thousands are seldom set apart, so that one comma is a decimal mark. What could be
/// metres with their thousands (`500,000`) is none.
///
/// ```
/// use chargegap::internals::read::decimals::coordinate;
/// assert_eq!(coordinate("109,468"), Some(109.468));
/// assert_eq!(coordinate("3,456,789.5"), Some(3_456_789.5));
/// assert_eq!(coordinate("500,000"), None);
/// ```
pub fn coordinate(text: &str) -> Option<f64> {
    match says(text, false) {
        Says::Decimal(',') => Style::COMMA.parse(text),
        Says::Either(',') => Style { thousands: None, ..Style::COMMA }.parse(text).filter(|v| v.abs() <= 180.0),
        _ => Style::POINT.parse(text),
    }
}

/// A cell kept as an example.
#[derive(Clone, Debug)]
struct Example {
    text: String,
    at: Location,
}

#[derive(Clone, Debug, Default)]
struct Evidence {
    point: Option<Example>,
    comma: Option<Example>,
    either: Option<Example>,
}

/// A file and a field or column of it.
type Column = (String, String);

/// Reads the numbers of a layer and takes down what its columns say.
#[derive(Debug, Default)]
pub struct Judge {
    /// The keys of the region file.
    fixed: Option<Style>,
    /// What an earlier reading found.
    decided: BTreeMap<Column, Style>,
    seen: RefCell<BTreeMap<Column, Evidence>>,
    /// The meaning that the columns of a field have at least, by an earlier reading.
    least: BTreeMap<&'static str, usize>,
    /// The same, where records before had been read by another meaning.
    again: RefCell<BTreeMap<&'static str, usize>>,
}

impl Judge {
    /// With the style that the region file fixes.
    pub fn new(fixed: Option<Style>) -> Self {
        Self { fixed, ..Self::default() }
    }

    /// The meaning that a field's columns have by an earlier reading (see `headers::lesser`).
    pub fn least_meaning(&self, ours: &str) -> Option<usize> {
        self.least.get(ours).copied()
    }

    /// Asks for another reading: columns of this meaning came after records that were read by columns of a lesser one.
    pub fn read_again(&self, ours: &'static str, meaning: usize) {
        self.again.borrow_mut().insert(ours, meaning);
    }

    /// The number that a cell of a column holds; none for what is no number. `whole` columns hold no fractions.
    pub fn read(&self, at: &Location, column: &str, text: &str, whole: bool) -> Option<f64> {
        if let Some(style) = self.fixed {
            return style.parse(text);
        }
        if !text.contains(['.', ',', '．', '，']) {
            return Style::POINT.parse(text); // most cells
        }
        let key = (at.file.clone().unwrap_or_default(), column.to_owned());
        if let Some(style) = self.decided.get(&key) {
            return style.parse(text);
        }
        match says(text, whole) {
            Says::Nothing => {}
            said => {
                let mut seen = self.seen.borrow_mut();
                let evidence = seen.entry(key).or_default();
                let place = match said {
                    Says::Decimal('.') => &mut evidence.point,
                    Says::Decimal(_) => &mut evidence.comma,
                    _ => &mut evidence.either,
                };
                if place.is_none() {
                    *place = Some(Example { text: text.trim().to_owned(), at: at.clone().field(column) });
                }
            }
        }
        Style::POINT.parse(text)
    }

    /// What the columns say: none where they were read rightly, else the judge for another reading.
    ///
    /// # Errors
    /// Input, for a column that says two things or none.
    pub fn verdict(&self, table: &str) -> Result<Option<Self>> {
        let mut decided = BTreeMap::new();
        for (column, evidence) in self.seen.borrow().iter() {
            match (&evidence.point, &evidence.comma, &evidence.either) {
                (Some(a), Some(b), _) => return Err(two_ways(&column.1, table, (a, b))),
                (None, Some(_), _) => {
                    decided.insert(column.clone(), Style::COMMA);
                }
                (None, None, Some(one)) => return Err(either_way(&column.1, table, one)),
                _ => {}
            }
        }
        let least = self.again.borrow().clone();
        Ok((!decided.is_empty() || !least.is_empty()).then(|| Self { fixed: self.fixed, decided, least, ..Self::default() }))
    }
}

fn two_ways(column: &str, table: &str, (a, b): (&Example, &Example)) -> Error {
    let what = format!("the numbers of \"{column}\" are written in two ways: \"{}\" ({}) and \"{}\"", a.text, a.at, b.text);
    let next =
        format!("write them one way, or say decimal = \".\" or \",\" under [{table}]: the others are then listed as unknown");
    Error::input(what, next).at(b.at.clone())
}

fn either_way(column: &str, table: &str, one: &Example) -> Error {
    let values: Vec<String> =
        [Style::POINT, Style::COMMA].iter().filter_map(|s| s.parse(&one.text)).map(|v| v.to_string()).collect();
    let what = format!("\"{}\" can be {}, and nothing else in \"{column}\" says which", one.text, values.join(" or "));
    Error::input(what, format!("say decimal = \".\" or decimal = \",\" under [{table}]")).at(one.at.clone())
}

/// Reads a layer, and once more where its columns turn out to be written in another style than the usual one.
///
/// # Errors
/// Those of `read`, and those of [`Judge::verdict`].
pub fn judged<T, I: Clone>(
    (fixed, table): (Option<Style>, &str),
    issues: &mut I,
    read: &mut dyn FnMut(std::rc::Rc<Judge>, &mut I) -> Result<T>,
) -> Result<T> {
    let before = issues.clone();
    let judge = std::rc::Rc::new(Judge::new(fixed));
    let first = read(judge.clone(), issues);
    match judge.verdict(table) {
        Ok(None) => first,
        Ok(Some(again)) => {
            *issues = before;
            read(std::rc::Rc::new(again), issues)
        }
        Err(e) => first.and(Err(e)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(cells: &[&str], whole: bool) -> std::result::Result<Vec<Option<f64>>, String> {
        let read = |judge: &Judge| {
            let cell = |(i, c): (usize, &&str)| judge.read(&Location::file("t.csv").line(i as u64 + 2, 0), "kw", c, whole);
            cells.iter().enumerate().map(cell).collect::<Vec<_>>()
        };
        let judge = Judge::default();
        let first = read(&judge);
        match judge.verdict("stations").map_err(|e| e.to_string())? {
            None => Ok(first),
            Some(again) => Ok(read(&again)),
        }
    }

    #[test]
    fn a_column_is_read_as_its_clear_cells_say() {
        let of = |cells: &[&str]| column(cells, false).unwrap();
        assert_eq!(of(&["44,0", "300,0", "22,080"]), [Some(44.0), Some(300.0), Some(22.08)]);
        assert_eq!(of(&["5.5", "5.500", "1,234"]), [Some(5.5), Some(5.5), Some(1234.0)]);
        assert_eq!(of(&["1.234.567", "5.500"]), [Some(1_234_567.0), Some(5500.0)]);
        assert_eq!(of(&["4.500,00"]), [Some(4500.0)]);
        assert_eq!(of(&["0.004", "5.500"]), [Some(0.004), Some(5.5)]);
        assert_eq!(of(&["12345.678", "5.500"]), [Some(12345.678), Some(5.5)]);
        assert_eq!(of(&["-0,5", "1.000"]), [Some(-0.5), Some(1000.0)]);
        assert_eq!(of(&["12 600", "1’234", "7"]), [Some(12600.0), Some(1234.0), Some(7.0)]);
        assert_eq!(of(&["２２．５", "much", ""]), [Some(22.5), None, None]);
    }

    #[test]
    fn what_can_be_read_in_two_ways_is_refused_with_its_place() {
        let err = column(&["7", "5.500", "4.250"], false).unwrap_err();
        assert!(
            err.contains("\"5.500\" can be 5.5 or 5500") && err.contains("t.csv:3") && err.contains("decimal = \",\""),
            "{err}"
        );
        let err = column(&["44,0", "22.5"], false).unwrap_err();
        assert!(err.contains("in two ways") && err.contains("\"22.5\"") && err.contains("\"44,0\""), "{err}");
        // two thousand people or two, both whole
        assert!(column(&["2.000"], true).is_err());
    }

    #[test]
    fn nobody_counts_in_parts() {
        // 1.234 people are none, so the mark sets thousands apart, for the whole column
        assert_eq!(column(&["1,234", "2,000"], true).unwrap(), [Some(1234.0), Some(2000.0)]);
        assert_eq!(column(&["1.234", "2.000"], true).unwrap(), [Some(1234.0), Some(2000.0)]);
        assert!(column(&["1,234", "2,000"], false).is_err());
    }

    #[test]
    fn the_keys_decide_first() {
        let of = |d, t| Style::of(d, t, "stations").unwrap();
        assert_eq!(of(Some(","), None), Some(Style::COMMA));
        assert_eq!(of(None, Some(",")), Some(Style::POINT));
        assert_eq!(of(Some("."), Some(" ")), Some(Style { decimal: '.', thousands: None }));
        assert_eq!(of(None, None), None);
        assert!(Style::of(Some("."), Some("."), "x").is_err() && Style::of(Some(";"), None, "x").is_err());
        let judge = Judge::new(Some(Style::COMMA));
        assert_eq!(judge.read(&Location::default(), "kw", "5.500", false), Some(5500.0));
        assert_eq!(judge.read(&Location::default(), "kw", "22.5", false), None);
        assert!(judge.verdict("x").unwrap().is_none());
    }

    #[test]
    fn odd_texts_are_no_numbers() {
        for text in ["", "-", "inf", "NaN", "1,23,456", "1'2", "1..2", "1,2,3", "0x10", "5 kW", ",", ".", "e5", "1e999", "１２あ"]
        {
            assert_eq!(Style::POINT.parse(text), None, "{text}");
        }
        assert_eq!(Style::POINT.parse("5.0e+01"), Some(50.0));
        assert_eq!(Style::POINT.parse(".5"), Some(0.5));
        assert_eq!(Style::POINT.parse("7."), Some(7.0));
    }
}
